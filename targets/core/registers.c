/* SPDX-License-Identifier: MIT */
#include "targets/core/registers.h"

#include "targets/core/cortex_m.h"
#include "transport/base/bytes.h"

/* Features and types as GDB manual, "Standard Target Features", ARM Features, has them. */
#define M_PROFILE "org.gnu.gdb.arm.m-profile"
#define M_SYSTEM  "org.gnu.gdb.arm.m-system"
#define SECEXT    "org.gnu.gdb.arm.secext"
#define VFP       "org.gnu.gdb.arm.vfp"
#define MVE       "org.gnu.gdb.arm.m-profile-mve"

#define GENERAL(n)                                                                  \
	{                                                                           \
		"r" #n, M_PROFILE, "int", "general", 32, (n), 0, 32, FEATURE_ALWAYS \
	}
#define MASK(name, selector, lsb, needs)                                              \
	{                                                                             \
		(name), M_SYSTEM, "uint8", "system", 8, (selector), (lsb), 8, (needs) \
	}
/* Of 32 bits for gdb 13.1 and 16.3, which refuse to assign a number to flags of another size. */
#define CONTROL(name, selector, needs)                                                     \
	{                                                                                  \
		(name), M_SYSTEM, "control_bits", "system", 32, (selector), 24, 8, (needs) \
	}
/* One of the banks of PRIMASK to CONTROL. */
#define SPECIAL_BANK(suffix, selector)                           \
	MASK("primask" suffix, (selector), 0, FEATURE_SECURITY), \
		MASK("basepri" suffix, (selector), 8,            \
		     FEATURE_SECURITY | FEATURE_MAINLINE),       \
		MASK("faultmask" suffix, (selector), 16,         \
		     FEATURE_SECURITY | FEATURE_MAINLINE),       \
		CONTROL("control" suffix, (selector), FEATURE_SECURITY)
#define STACK(name, selector, needs)                                                   \
	{                                                                              \
		(name), M_SYSTEM, "data_ptr", "system", 32, (selector), 0, 32, (needs) \
	}
/* gdb 13.1 and 16.3 want the four of them, or none. */
#define STACK_BANK(name, selector)                                           \
	{                                                                    \
		(name), SECEXT, "data_ptr", "system", 32, (selector), 0, 32, \
			FEATURE_SECURITY                                     \
	}
#define DOUBLE(n)                                                                      \
	{                                                                              \
		"d" #n, VFP, "ieee_double", "float", 64, SELECTOR_S0 + 2 * (n), 0, 64, \
			FEATURE_FPU                                                    \
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
	{ "sp", M_PROFILE, "data_ptr", "general", 32, SELECTOR_SP, 0, 32, FEATURE_ALWAYS },
	{ "lr", M_PROFILE, "int", "general", 32, SELECTOR_LR, 0, 32, FEATURE_ALWAYS },
	{ "pc", M_PROFILE, "code_ptr", "general", 32, SELECTOR_PC, 0, 32, FEATURE_ALWAYS },
	{ "xpsr", M_PROFILE, "xpsr_bits", "general", 32, SELECTOR_XPSR, 0, 32,
	  FEATURE_ALWAYS },
	STACK("msp", SELECTOR_MSP, FEATURE_ALWAYS),
	STACK("psp", SELECTOR_PSP, FEATURE_ALWAYS),
	MASK("primask", SELECTOR_SPECIAL, 0, FEATURE_ALWAYS),
	MASK("basepri", SELECTOR_SPECIAL, 8, FEATURE_MAINLINE),
	MASK("faultmask", SELECTOR_SPECIAL, 16, FEATURE_MAINLINE),
	CONTROL("control", SELECTOR_SPECIAL, FEATURE_ALWAYS),
	STACK("msplim", SELECTOR_MSPLIM, FEATURE_STACK_LIMITS),
	STACK("psplim", SELECTOR_PSPLIM, FEATURE_STACK_LIMITS),
	/* A v8-M core without the Main Extension has no limits for the Non-secure stacks. */
	STACK("msplim_s", SELECTOR_MSPLIM_S, FEATURE_SECURITY),
	STACK("psplim_s", SELECTOR_PSPLIM_S, FEATURE_SECURITY),
	STACK("msplim_ns", SELECTOR_MSPLIM, FEATURE_SECURITY | FEATURE_MAINLINE),
	STACK("psplim_ns", SELECTOR_PSPLIM, FEATURE_SECURITY | FEATURE_MAINLINE),
	SPECIAL_BANK("_s", SELECTOR_SPECIAL_S),
	SPECIAL_BANK("_ns", SELECTOR_SPECIAL_NS),
	STACK_BANK("msp_s", SELECTOR_MSP_S),
	STACK_BANK("psp_s", SELECTOR_PSP_S),
	STACK_BANK("msp_ns", SELECTOR_MSP_NS),
	STACK_BANK("psp_ns", SELECTOR_PSP_NS),
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
	{ "fpscr", VFP, "fpscr_bits", "float", 32, SELECTOR_FPSCR, 0, 32, FEATURE_FPU },
	{ "vpr", MVE, "vpr_bits", "vector", 32, SELECTOR_VPR, 0, 32, FEATURE_MVE },
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
	return core_register_count(features & (uint8_t) ~(FEATURE_FPU | FEATURE_MVE));
}
