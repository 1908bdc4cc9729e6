/* SPDX-License-Identifier: MIT */
/*
 * registers.h - the registers of a Cortex-M core: one table for gdb's target
 * description, for g/G/p/P packets and for the DCRSR transfers behind them.
 *
 * PRIMASK, BASEPRI, FAULTMASK and CONTROL share one DCRSR register; doubles are
 * two singles. That is this room's business: callers see each by itself.
 */
#ifndef TARGETS_CORE_REGISTERS_H
#define TARGETS_CORE_REGISTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum core_register_id {
	REGISTER_R0 = 0, /* r0 to r12 are 0 to 12, as gdb and DCRSR number them */
	REGISTER_R7 = 7,
	REGISTER_SP = 13,
	REGISTER_LR = 14,
	REGISTER_PC = 15,
	REGISTER_XPSR = 16,
	REGISTER_MSP = 17,
	REGISTER_PSP = 18
	/* the rest is found by name or by walking the table */
};

/* Which cores have it; a core's features are the bits of those it has. */
enum core_feature {
	FEATURE_ALWAYS = 0,
	FEATURE_MAINLINE = 1, /* BASEPRI, FAULTMASK: ARMv7-M, v8-M mainline */
	FEATURE_FPU = 2,
	FEATURE_FPU_DOUBLE = 4,
	FEATURE_STACK_LIMITS = 8, /* v8-M whose stacks have no banks that a debugger sees */
	FEATURE_SECURITY = 16, /* the Security Extension, and secure debugging is allowed */
	FEATURE_MVE = 32       /* v8.1-M: Helium */
};

struct core_register {
	const char *name;    /* gdb's: "r0", "xpsr", "d0" */
	const char *feature; /* gdb's: "org.gnu.gdb.arm.m-profile" */
	const char *type;    /* gdb's: "int", "code_ptr"; or the name of a register_type */
	const char *group;   /* NULL: gdb's choice */
	uint8_t bits;        /* 8, 32, 64: its size for gdb */
	uint8_t selector;    /* DCRSR.REGSEL of the (first) register behind it */
	uint8_t lsb;         /* where it lies in that register */
	uint8_t width;       /* how many bits it has there, all of `bits` but for CONTROL */
	uint8_t needs;       /* enum core_feature bits */
};

/* A value of a field that has a name. */
struct field_value {
	const char *name;
	uint8_t value;
};

/* Bits of a register; those of several have a number for value, or names for some. */
struct register_field {
	const char *name;
	uint8_t first, last;
	uint8_t needs;           /* enum core_feature bits */
	const char *values_name; /* of `values`; NULL: there are none */
	const struct field_value *values;
	size_t values_len;
};

/* What the bits of a register mean: a type with named fields. */
struct register_type {
	const char *name;
	uint8_t bits;
	const struct register_field *fields;
	size_t fields_len;
};

/* NULL: `name` is a type that gdb knows. */
const struct register_type *register_type_find(const char *name);

/* In gdb's order: a register's number for gdb is its place among those the core has. */
extern const struct core_register core_register_table[];
extern const size_t core_register_table_len;

/* The register with gdb number `number` on a core with those features, or NULL. */
const struct core_register *core_register_at(uint8_t features, unsigned number);
unsigned core_register_count(uint8_t features);
/* The first ones of these, which g gives; gdb asks for those of the FPU, which stand behind
 * them, one by one by p when it needs them (GDB manual, "Packets", g: a shorter reply). */
unsigned core_register_count_at_once(uint8_t features);

#endif /* TARGETS_CORE_REGISTERS_H */
