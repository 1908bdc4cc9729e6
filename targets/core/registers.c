/* SPDX-License-Identifier: MIT */
#include "targets/core/registers.h"

#include "targets/core/cortex_m.h"
#include "transport/base/bytes.h"

/* Features and types as GDB manual, "Standard Target Features", ARM Features, has them. */
#define M_PROFILE "org.gnu.gdb.arm.m-profile"
#define M_SYSTEM  "org.gnu.gdb.arm.m-system"
#define VFP       "org.gnu.gdb.arm.vfp"

#define GENERAL(n)                                                              \
	{                                                                       \
		"r" #n, M_PROFILE, "int", "general", 32, (n), 0, FEATURE_ALWAYS \
	}
#define SYSTEM(name, bits, selector, lsb, needs)                                      \
	{                                                                             \
		(name), M_SYSTEM, "int", "system", (bits), (selector), (lsb), (needs) \
	}
#define STACK(name, selector, needs)                                               \
	{                                                                          \
		(name), M_SYSTEM, "data_ptr", "system", 32, (selector), 0, (needs) \
	}
#define DOUBLE(n)                                                                  \
	{                                                                          \
		"d" #n, VFP, "ieee_double", "float", 64, SELECTOR_S0 + 2 * (n), 0, \
			FEATURE_FPU                                                \
	}

const struct core_register core_register_table[] = {
	GENERAL(0),
	GENERAL(1),
	GENERAL(2),
	GENERAL(3),
	GENERAL(4),
	GENERAL(5),
	GENERAL(6),
	GENERAL(7),
	GENERAL(8),
	GENERAL(9),
	GENERAL(10),
	GENERAL(11),
	GENERAL(12),
	{ "sp", M_PROFILE, "data_ptr", "general", 32, SELECTOR_SP, 0, FEATURE_ALWAYS },
	{ "lr", M_PROFILE, "int", "general", 32, SELECTOR_LR, 0, FEATURE_ALWAYS },
	{ "pc", M_PROFILE, "code_ptr", "general", 32, SELECTOR_PC, 0, FEATURE_ALWAYS },
	{ "xpsr", M_PROFILE, "int", "general", 32, SELECTOR_XPSR, 0, FEATURE_ALWAYS },
	STACK("msp", SELECTOR_MSP, FEATURE_ALWAYS),
	STACK("psp", SELECTOR_PSP, FEATURE_ALWAYS),
	SYSTEM("primask", 8, SELECTOR_SPECIAL, 0, FEATURE_ALWAYS),
	SYSTEM("basepri", 8, SELECTOR_SPECIAL, 8, FEATURE_MAINLINE),
	SYSTEM("faultmask", 8, SELECTOR_SPECIAL, 16, FEATURE_MAINLINE),
	SYSTEM("control", 8, SELECTOR_SPECIAL, 24, FEATURE_ALWAYS),
	STACK("msplim", SELECTOR_MSPLIM, FEATURE_STACK_LIMITS),
	STACK("psplim", SELECTOR_PSPLIM, FEATURE_STACK_LIMITS),
	DOUBLE(0),
	DOUBLE(1),
	DOUBLE(2),
	DOUBLE(3),
	DOUBLE(4),
	DOUBLE(5),
	DOUBLE(6),
	DOUBLE(7),
	DOUBLE(8),
	DOUBLE(9),
	DOUBLE(10),
	DOUBLE(11),
	DOUBLE(12),
	DOUBLE(13),
	DOUBLE(14),
	DOUBLE(15),
	{ "fpscr", VFP, "int", "float", 32, SELECTOR_FPSCR, 0, FEATURE_FPU },
};
const size_t core_register_table_len = array_len(core_register_table);

static bool
has_register(uint8_t features, const struct core_register *reg)
{
	return (reg->needs & ~features) == 0;
}

const struct core_register *
core_register_at(uint8_t features, unsigned number)
{
	for (size_t i = 0; i < core_register_table_len; i++)
		if (has_register(features, &core_register_table[i]) && number-- == 0)
			return &core_register_table[i];
	return NULL;
}

unsigned
core_register_count(uint8_t features)
{
	unsigned count = 0;

	for (size_t i = 0; i < core_register_table_len; i++)
		count += has_register(features, &core_register_table[i]);
	return count;
}

unsigned
core_register_count_at_once(uint8_t features)
{
	return core_register_count(features & (uint8_t)~FEATURE_FPU);
}
