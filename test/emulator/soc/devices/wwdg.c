/* SPDX-License-Identifier: MIT */
/*
 * The window watchdog only remembers what is written: it does not count, nor reset anything. What
 * its registers are after reset: the chapters "Window watchdog" of RM0008, RM0090, RM0440, RM0433.
 */
#include "test/emulator/soc/devices/types.h"

static const struct reg_rule rules[] = {
	{ 0x00, 0x0000007F, 0x000000FF }, /* CR */
	{ 0x04, 0x0000007F, 0x0000FFFF }, /* CFR */
};

const struct reg_rules wwdg_rules = { rules, sizeof(rules) / sizeof(rules[0]) };
