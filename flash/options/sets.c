/* SPDX-License-Identifier: MIT */
/*
 * sets.c - the sets by the layout that the device table names.
 */
#include "flash/options/sets.h"

const struct option_set *const option_sets[OPTION_LAYOUTS] = {
	[OPTION_LAYOUT_C0] = &option_set_c0, [OPTION_LAYOUT_F0] = &option_set_f0,
	[OPTION_LAYOUT_F1] = &option_set_f1, [OPTION_LAYOUT_F2] = &option_set_f2,
	[OPTION_LAYOUT_F3] = &option_set_f3, [OPTION_LAYOUT_F4] = &option_set_f4,
	[OPTION_LAYOUT_G0] = &option_set_g0, [OPTION_LAYOUT_G4] = &option_set_g4,
	[OPTION_LAYOUT_H5] = &option_set_h5, [OPTION_LAYOUT_H7] = &option_set_h7,
	[OPTION_LAYOUT_L4] = &option_set_l4, [OPTION_LAYOUT_U0] = &option_set_u0,
	[OPTION_LAYOUT_U5] = &option_set_u5, [OPTION_LAYOUT_WB] = &option_set_wb,
	[OPTION_LAYOUT_WL] = &option_set_wl, [OPTION_LAYOUT_L5] = &option_set_l5,
	[OPTION_LAYOUT_U3] = &option_set_u3, [OPTION_LAYOUT_WBA] = &option_set_wba,
	[OPTION_LAYOUT_F7] = &option_set_f7, [OPTION_LAYOUT_L0] = &option_set_l0,
	[OPTION_LAYOUT_L1] = &option_set_l1,
};
