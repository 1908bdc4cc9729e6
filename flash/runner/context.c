/* SPDX-License-Identifier: MIT */
#include "flash/runner/context.h"

#include "targets/core/cortex_m.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <assert.h>
#include <string.h>

/* DDI 0403E.e B3.5.5; a core without MPU reads 0 there and ignores the write. */
#define MPU_CTRL_AT 0xe000ed94u
/* B3.2.5; a Cortex-M0 has none, reads 0 there and ignores the write (DDI 0419E B3.2.2). */
#define VTOR_AT 0xe000ed08u

/* B3.2.6. Beside the key what is written back: PRIS, BFHFNMINS, PRIGROUP, SYSRESETREQS (DDI 0553B.x
 * D1.2.3; a core without them has zeros there). */
#define AIRCR_AT            0xe000ed0cu
#define AIRCR_KEY           0x05fa0000u
#define AIRCR_KEPT          0x00006708u
#define AIRCR_VECTCLRACTIVE (1u << 1)

/* DDI 0403E.e B1.4.2, B1.4.3, B1.4.4 */
#define XPSR_T              (1u << 24)
#define PRIMASK_MASKED      1u
#define CONTROL_NPRIV_SPSEL 3u

static const struct core_register *
register_named(struct core *core, const char *name)
{
	uint8_t features = core_identity(core)->features;
	const struct core_register *reg = NULL;

	for (unsigned i = 0; i < core_register_count(features); i++) {
		reg = core_register_at(features, i);
		if (strcmp(reg->name, name) == 0)
			break;
		reg = NULL;
	}
	assert(reg != NULL && "every core has it");
	return reg;
}

enum cause
context_register(struct core *core, const char *name, uint32_t *value, struct reason *why)
{
	uint64_t wide = 0;
	enum cause cause = core_register_read(core, register_named(core, name), &wide, why);

	*value = (uint32_t)wide;
	return cause;
}

/* Our code is compiled without floating point; SP is one of MSP and PSP. */
static bool
is_disturbed(const struct core_register *reg)
{
	return (reg->needs & (FEATURE_FPU | FEATURE_FPU_DOUBLE)) == 0 &&
	       strcmp(reg->name, "sp") != 0;
}

static enum cause
save_registers(struct context *context, struct core *core, struct reason *why)
{
	uint8_t features = core_identity(core)->features;

	context->len = 0;
	for (unsigned i = 0; i < core_register_count(features); i++) {
		const struct core_register *reg = core_register_at(features, i);
		uint64_t value = 0;
		enum cause cause;

		if (!is_disturbed(reg))
			continue;
		assert(context->len < CORE_MAX_VALUES);
		cause = core_register_read(core, reg, &value, why);
		if (cause != CAUSE_NONE)
			return cause;
		context->registers[context->len].reg = reg;
		context->registers[context->len].value = value;
		context->len++;
	}
	return CAUSE_NONE;
}

enum cause
context_save(struct context *context, struct core *core, struct reason *why)
{
	struct mem_word words[] = { { .at = MPU_CTRL_AT },
				    { .at = DEMCR_AT },
				    { .at = VTOR_AT } };
	enum cause cause = save_registers(context, core, why);

	if (cause == CAUSE_NONE)
		cause = mem_batch(core_memory(core), words, array_len(words), why);
	context->system.mpu_ctrl = words[0].value;
	context->system.demcr = words[1].value;
	context->system.vtor = words[2].value;
	return cause;
}

/* NULL: the core has no such register. */
static uint64_t *
find_saved(struct context *context, const char *name)
{
	for (unsigned i = 0; i < context->len; i++)
		if (strcmp(context->registers[i].reg->name, name) == 0)
			return &context->registers[i].value;
	return NULL;
}

static uint64_t *
saved_at(struct context *context, const char *name)
{
	uint64_t *value = find_saved(context, name);

	assert(value != NULL && "every core has it");
	return value;
}

/* Code of ours that ran as the handler of an NMI or a HardFault would lock the core up with its
 * first fault. The exception that the program was in is over then, as with the reset that follows
 * a load: its flash has changed. */
static enum cause
leave_exceptions(struct context *context, struct core *core, struct reason *why)
{
	uint64_t *xpsr = saved_at(context, "xpsr");
	uint32_t aircr = 0;
	enum cause cause;

	if ((*xpsr & XPSR_EXCEPTION) == 0)
		return CAUSE_NONE;
	log_info("flash",
		 "%s was handling exception %u, which the load ends: reset the chip before "
		 "the program runs on",
		 core_name(core), (unsigned)(*xpsr & XPSR_EXCEPTION));
	cause = mem_read32(core_memory(core), AIRCR_AT, &aircr, why);
	if (cause == CAUSE_NONE)
		cause = mem_write32(core_memory(core), AIRCR_AT,
				    AIRCR_KEY | (aircr & AIRCR_KEPT) | AIRCR_VECTCLRACTIVE,
				    why);
	if (cause == CAUSE_NONE)
		cause = core_register_write(core, register_named(core, "xpsr"),
					    (*xpsr & ~(uint64_t)XPSR_EXCEPTION) | XPSR_T,
					    why);
	*xpsr &= ~(uint64_t)XPSR_EXCEPTION;
	return cause;
}

static enum cause
set_system(const struct context *context, struct core *core, const struct system *system,
	   struct reason *why)
{
	struct mem_word words[] = {
		{ .at = DEMCR_AT, .value = system->demcr, .is_write = true },
		{ .at = VTOR_AT, .value = system->vtor, .is_write = true },
		{ .at = MPU_CTRL_AT, .value = system->mpu_ctrl, .is_write = true },
	};
	/* A chip whose MPU is off may have none. */
	size_t len = array_len(words) - (context->system.mpu_ctrl == 0);

	return mem_batch(core_memory(core), words, len, why);
}

struct wanted {
	const char *name;
	uint64_t value;
};

/* Those of `wanted` that the core has, and that hold something else. */
static size_t
choose_different(struct context *context, struct core *core, const struct wanted *wanted,
		 size_t wanted_len, struct core_value *values)
{
	size_t len = 0;

	for (size_t i = 0; i < wanted_len; i++) {
		const uint64_t *value = find_saved(context, wanted[i].name);

		if (value != NULL && *value != wanted[i].value)
			values[len++] =
				(struct core_value){ register_named(core, wanted[i].name),
						     wanted[i].value };
	}
	return len;
}

enum cause
context_enter(struct context *context, struct core *core, const struct context_start *start,
	      struct reason *why)
{
	const struct wanted wanted[] = {
		{ "r0", start->r0 },
		{ "r9", start->r9 },
		{ "msp", start->msp },
		{ "pc", start->pc },
		/* Of IT and the like nothing may be left. */
		{ "xpsr", XPSR_T },
		{ "primask", PRIMASK_MASKED },
		/* Otherwise a HardFault could not be taken, and would lock the core up. */
		{ "faultmask", 0 },
		/* One of a core's only bank, or of both Security states. */
		{ "msplim", 0 },
		{ "msplim_s", 0 },
		{ "msplim_ns", 0 },
		{ "control",
		  *saved_at(context, "control") & ~(uint64_t)CONTROL_NPRIV_SPSEL },
	};
	struct system system = {
		.demcr = context->system.demcr | REG_MASK(DEMCR_VC_HARDERR),
		.vtor = start->vectors,
	};
	struct core_value values[array_len(wanted)];
	size_t len;
	enum cause cause = leave_exceptions(context, core, why);

	if (cause == CAUSE_NONE)
		cause = set_system(context, core, &system, why);
	if (cause != CAUSE_NONE)
		return cause;
	len = choose_different(context, core, wanted, array_len(wanted), values);
	return core_registers_write(core, values, len, why);
}

/* All are written, whatever they hold now: to read them takes as long. */
enum cause
context_restore(const struct context *context, struct core *core, struct reason *why)
{
	struct reason further = REASON_INIT;
	enum cause first = set_system(context, core, &context->system, why), cause;

	cause = core_registers_write(core, context->registers, context->len,
				     first == CAUSE_NONE ? why : &further);
	return first == CAUSE_NONE ? cause : first;
}
