/* SPDX-License-Identifier: MIT */
#include "targets/core/core_internal.h"

/* CPUID.PARTNO by the cores' technical reference manuals, "CPUID Base Register". */
static const struct core_part parts[] = {
	{ 0xc20, "Cortex-M0", "cm0", 0, false, false },
	{ 0xc60, "Cortex-M0+", "cm0p", 0, false, false },
	{ 0xc23, "Cortex-M3", "cm3", FEATURE_MAINLINE, false, false },
	{ 0xc24, "Cortex-M4", "cm4", FEATURE_MAINLINE, false, false },
	{ 0xc27, "Cortex-M7", "cm7", FEATURE_MAINLINE, false, true },
	{ 0xd20, "Cortex-M23", "cm23", 0, true, false },
	{ 0xd21, "Cortex-M33", "cm33", FEATURE_MAINLINE | FEATURE_STACK_LIMITS, true,
	  false },
	{ 0xd22, "Cortex-M55", "cm55", FEATURE_MAINLINE | FEATURE_STACK_LIMITS, true,
	  true },
	{ 0xd23, "Cortex-M85", "cm85", FEATURE_MAINLINE | FEATURE_STACK_LIMITS, true,
	  true },
};

enum { IMPLEMENTER_ARM = 'A' };

/* DDI 0403E.e B4.7.2 Media and FP Feature Register 0; all zero without an FPU. */
#define MVFR0(F)                                   \
	F(MVFR0, SINGLE, 4, 4, "single precision") \
	F(MVFR0, DOUBLE, 8, 4, "double precision")
REG_CONSTANTS(MVFR0);

/* DDI 0553B, Media and VFP Feature Register 1. */
#define MVFR1(F) F(MVFR1, MVE, 8, 4, "the M-profile Vector Extension")
REG_CONSTANTS(MVFR1);

/* DDI 0553B D1.2.40, Debug Authentication Status Register: 0 without the Security Extension. */
#define DAUTHSTATUS(F) F(DAUTHSTATUS, SID, 4, 2, "secure debugging")
REG_CONSTANTS(DAUTHSTATUS);
enum { DAUTHSTATUS_ALLOWED = 3 };

const struct core_part *
core_part_of(uint32_t cpuid)
{
	if (REG_GET(cpuid, CPUID_IMPLEMENTER) != IMPLEMENTER_ARM)
		return NULL;
	for (size_t i = 0; i < array_len(parts); i++)
		if (parts[i].partno == REG_GET(cpuid, CPUID_PARTNO))
			return &parts[i];
	return NULL;
}

static enum cause
no_cortex_m(const struct core *core, uint32_t cpuid, struct reason *why)
{
	return reason_begin(why, CAUSE_UNSUPPORTED,
			    "access port %u has no Cortex-M: CPUID at 0x%08x reads 0x%08x",
			    core->mem.ap, CPUID_AT, (unsigned)cpuid);
}

static void
take_part(struct core *core, const struct core_part *part)
{
	struct text name;
	uint32_t cpuid = core->identity.cpuid;

	text_init(&name, core->identity_name, sizeof(core->identity_name));
	text_add(&name, "%s r%up%u", part->name, (unsigned)REG_GET(cpuid, CPUID_VARIANT),
		 (unsigned)REG_GET(cpuid, CPUID_REVISION));
	core->identity.name = core->identity_name;
	core->identity.features = part->features;
	core->is_v8m = part->is_v8m;
	core->has_icache = part->has_icache;
}

static uint8_t
fpu_features(uint32_t mvfr0)
{
	if (REG_GET(mvfr0, MVFR0_SINGLE) == 0)
		return 0;
	if (REG_GET(mvfr0, MVFR0_DOUBLE) == 0)
		return FEATURE_FPU;
	return FEATURE_FPU | FEATURE_FPU_DOUBLE;
}

/* A debugger that is kept out of the Secure state sees one bank, and the others read as
 * anything. */
static uint8_t
security_features(uint8_t features, uint32_t dauthstatus)
{
	if (REG_GET(dauthstatus, DAUTHSTATUS_SID) != DAUTHSTATUS_ALLOWED)
		return features;
	return (uint8_t)((features | FEATURE_SECURITY) & ~FEATURE_STACK_LIMITS);
}

/* What ARMv8-M has beyond that. MVE has the FPU's registers, with integers alone, too. */
static enum cause
read_v8m_features(struct core *core, struct reason *why)
{
	uint8_t *features = &core->identity.features;
	bool is_mainline = (*features & FEATURE_MAINLINE) != 0;
	struct batch batch = { 0 };
	size_t mvfr1 = batch_read(&batch, is_mainline ? MVFR1_AT : CPUID_AT);
	size_t dauthstatus = batch_read(&batch, DAUTHSTATUS_AT);
	enum cause cause = batch_run(&batch, &core->mem, why);

	if (cause != CAUSE_NONE)
		return cause;
	*features = security_features(*features, batch_value(&batch, dauthstatus));
	if (is_mainline && REG_GET(batch_value(&batch, mvfr1), MVFR1_MVE) != 0)
		*features |= FEATURE_MVE | FEATURE_FPU;
	return CAUSE_NONE;
}

static unsigned
at_most(unsigned value, unsigned limit)
{
	return value < limit ? value : limit;
}

static void
take_units(struct core *core, uint32_t fp_ctrl, uint32_t dwt_ctrl)
{
	unsigned code = REG_GET(fp_ctrl, FP_CTRL_NUM_CODE) |
			REG_GET(fp_ctrl, FP_CTRL_NUM_CODE_HIGH) << FP_CTRL_NUM_CODE_WIDTH;

	core->identity.breakpoints = at_most(code, CORE_MAX_BREAKPOINTS);
	core->identity.watchpoints =
		at_most(REG_GET(dwt_ctrl, DWT_CTRL_NUMCOMP), CORE_MAX_WATCHPOINTS);
	if (!core->before.is_known)
		core->before.had_fpb = REG_GET(fp_ctrl, FP_CTRL_ENABLE) != 0;
	core->before.is_known = true;
	core->is_fpb_v1 = REG_GET(fp_ctrl, FP_CTRL_REV) == 0;
}

/* DWT answers only with DEMCR.TRCENA set (C1.6.5). MVFR0 is there on mainline cores. */
static enum cause
read_units(struct core *core, struct reason *why)
{
	bool is_mainline = (core->identity.features & FEATURE_MAINLINE) != 0;
	struct batch batch = { 0 };
	size_t fp_ctrl, dwt_ctrl, mvfr0;
	/* What another debugger catches stays caught. */
	enum cause cause = core_has_other_debugger(core)
				   ? core_demcr_power_units(core, why)
				   : core_demcr_write(core, core->vectors, why);

	if (cause != CAUSE_NONE)
		return cause;
	fp_ctrl = batch_read(&batch, FP_CTRL_AT);
	dwt_ctrl = batch_read(&batch, DWT_CTRL_AT);
	mvfr0 = batch_read(&batch, is_mainline ? MVFR0_AT : CPUID_AT);
	cause = batch_run(&batch, &core->mem, why);
	if (cause != CAUSE_NONE)
		return cause;
	take_units(core, batch_value(&batch, fp_ctrl), batch_value(&batch, dwt_ctrl));
	if (is_mainline)
		core->identity.features |= fpu_features(batch_value(&batch, mvfr0));
	return core->is_v8m ? read_v8m_features(core, why) : CAUSE_NONE;
}

enum cause
core_identify(struct core *core, struct reason *why)
{
	const struct core_part *part;
	uint32_t cpuid = 0;
	enum cause cause = mem_read32(&core->mem, CPUID_AT, &cpuid, why);

	if (cause != CAUSE_NONE)
		return reason_while(why, "reading CPUID by access port %u", core->mem.ap);
	part = core_part_of(cpuid);
	if (part == NULL)
		return no_cortex_m(core, cpuid, why);
	core->identity.cpuid = cpuid;
	take_part(core, part);
	if (core->name == NULL)
		core->name = part->short_name;
	cause = read_units(core, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "examining %s (%s)", core->name,
				    core->identity.name);
	return CAUSE_NONE;
}
