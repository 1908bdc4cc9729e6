/* SPDX-License-Identifier: MIT */
/*
 * register_types.c - what the bits of a core's registers are called: DDI 0403E.e B1.4.2 (xPSR),
 * B1.4.4 (CONTROL), A2.5.3 (FPSCR); DDI 0553B for what ARMv8-M adds, and for VPR.
 */
#include "targets/core/registers.h"

#include "transport/base/bytes.h"

#include <string.h>

#define FIELD(name, first, last, needs)                         \
	{                                                       \
		(name), (first), (last), (needs), NULL, NULL, 0 \
	}
#define BIT(name, at, needs) FIELD((name), (at), (at), (needs))
#define NAMED(name, first, last, values)                                  \
	{                                                                 \
		(name), (first), (last), FEATURE_ALWAYS, #values, values, \
			array_len(values)                                 \
	}

/* DDI 0403E.e B1.5.2; 7 is ARMv8-M's (DDI 0553B). From 16 on it is an interrupt. */
static const struct field_value exception[] = {
	{ "Thread", 0 },      { "NMI", 2 },      { "HardFault", 3 },
	{ "MemManage", 4 },   { "BusFault", 5 }, { "UsageFault", 6 },
	{ "SecureFault", 7 }, { "SVCall", 11 },  { "DebugMonitor", 12 },
	{ "PendSV", 14 },     { "SysTick", 15 },
};

/* DDI 0403E.e A2.5.3, RMode. */
static const struct field_value rounding[] = {
	{ "nearest", 0 },
	{ "plus_infinity", 1 },
	{ "minus_infinity", 2 },
	{ "zero", 3 },
};

/* ICI and IT share the same bits, in two pieces. GE is the DSP extension's, which reads 0 on a core
 * without it. */
static const struct register_field xpsr[] = {
	NAMED("ISR", 0, 8, exception),
	FIELD("ICI_IT_1", 10, 15, FEATURE_MAINLINE),
	FIELD("GE", 16, 19, FEATURE_MAINLINE),
	BIT("T", 24, FEATURE_ALWAYS),
	FIELD("ICI_IT_2", 25, 26, FEATURE_MAINLINE),
	BIT("Q", 27, FEATURE_MAINLINE),
	BIT("V", 28, FEATURE_ALWAYS),
	BIT("C", 29, FEATURE_ALWAYS),
	BIT("Z", 30, FEATURE_ALWAYS),
	BIT("N", 31, FEATURE_ALWAYS),
};

static const struct register_field control[] = {
	BIT("nPRIV", 0, FEATURE_ALWAYS),
	BIT("SPSEL", 1, FEATURE_ALWAYS),
	BIT("FPCA", 2, FEATURE_FPU),
	BIT("SFPA", 3, FEATURE_FPU | FEATURE_SECURITY),
};

static const struct register_field fpscr[] = {
	BIT("IOC", 0, FEATURE_ALWAYS),
	BIT("DZC", 1, FEATURE_ALWAYS),
	BIT("OFC", 2, FEATURE_ALWAYS),
	BIT("UFC", 3, FEATURE_ALWAYS),
	BIT("IXC", 4, FEATURE_ALWAYS),
	BIT("IDC", 7, FEATURE_ALWAYS),
	FIELD("LTPSIZE", 16, 18, FEATURE_MVE),
	BIT("FZ16", 19, FEATURE_MVE),
	NAMED("RMode", 22, 23, rounding),
	BIT("FZ", 24, FEATURE_ALWAYS),
	BIT("DN", 25, FEATURE_ALWAYS),
	BIT("AHP", 26, FEATURE_ALWAYS),
	BIT("QC", 27, FEATURE_MVE),
	BIT("V", 28, FEATURE_ALWAYS),
	BIT("C", 29, FEATURE_ALWAYS),
	BIT("Z", 30, FEATURE_ALWAYS),
	BIT("N", 31, FEATURE_ALWAYS),
};

static const struct register_field vpr[] = {
	FIELD("P0", 0, 15, FEATURE_ALWAYS),
	FIELD("MASK01", 16, 19, FEATURE_ALWAYS),
	FIELD("MASK23", 20, 23, FEATURE_ALWAYS),
};

static const struct register_type types[] = {
	{ "xpsr_bits", 32, xpsr, array_len(xpsr) },
	{ "control_bits", 32, control, array_len(control) },
	{ "fpscr_bits", 32, fpscr, array_len(fpscr) },
	{ "vpr_bits", 32, vpr, array_len(vpr) },
};

const struct register_type *
register_type_find(const char *name)
{
	for (size_t i = 0; i < array_len(types); i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}
