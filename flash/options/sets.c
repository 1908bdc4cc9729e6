/* SPDX-License-Identifier: MIT */
/*
 * sets.c - the sets of all families.
 */
#include "flash/options/sets.h"

const struct option_set *const option_sets[] = {
	&option_set_f0, &option_set_f1, &option_set_f2, &option_set_f3, &option_set_f4,
	&option_set_g4, &option_set_h7, &option_set_l4, &option_set_u5, NULL,
};
