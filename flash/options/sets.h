/* SPDX-License-Identifier: MIT */
/*
 * sets.h - the sets of option bytes, a file of tables for each controller.
 */
#ifndef FLASH_OPTIONS_SETS_H
#define FLASH_OPTIONS_SETS_H

#include "flash/options/options.h"

/* Of f1.c, f4.c, f7.c, g0.c, g4.c, h5.c, h7.c, l0.c, u5.c and wb.c. */
extern const struct option_set option_set_c0, option_set_f0, option_set_f1, option_set_f2,
	option_set_f3, option_set_f4, option_set_f7, option_set_g0, option_set_g4,
	option_set_h5, option_set_h7, option_set_l0, option_set_l1, option_set_l4,
	option_set_l5, option_set_u0, option_set_u3, option_set_u5, option_set_wb,
	option_set_wba, option_set_wl;
/* Only that of OPTION_LAYOUT_UNKNOWN is NULL. */
extern const struct option_set *const option_sets[OPTION_LAYOUTS];

#endif /* FLASH_OPTIONS_SETS_H */
