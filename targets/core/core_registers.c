/* SPDX-License-Identifier: MIT */
#include "targets/core/core_internal.h"

#include <assert.h>
#include <string.h>

enum {
	REGISTER_WAIT_MS = 20, /* for S_REGRDY; a halted core needs a few cycles */
	WORDS_EACH = 3,        /* of a batch: select, status, value */
	FRESH_US = 20000       /* a halt seen so lately is taken for one that lasts */
};

/* Registers that are fetched together: what is shown at every halt, those of the FPU, and the
 * banks of the Security states. */
struct selector_range {
	uint8_t first, last;
	uint8_t needs; /* enum core_feature */
	uint8_t group;
};

static const struct selector_range ranges[] = {
	{ 0, SELECTOR_PSP, FEATURE_ALWAYS, 0 },
	{ SELECTOR_SPECIAL, SELECTOR_SPECIAL, FEATURE_ALWAYS, 0 },
	{ SELECTOR_MSPLIM, SELECTOR_PSPLIM, FEATURE_STACK_LIMITS, 0 },
	{ SELECTOR_MSP_NS, SELECTOR_PSPLIM_S, FEATURE_SECURITY, 2 },
	{ SELECTOR_SPECIAL_S, SELECTOR_SPECIAL_NS, FEATURE_SECURITY, 2 },
	{ SELECTOR_VPR, SELECTOR_VPR, FEATURE_MVE, 1 },
	{ SELECTOR_FPSCR, SELECTOR_FPSCR, FEATURE_FPU, 1 },
	{ SELECTOR_S0, SELECTORS - 1, FEATURE_FPU, 1 },
};

enum cause
core_require_halted(const struct core *core, struct reason *why)
{
	if (core->is_halted)
		return CAUSE_NONE;
	if (dap_is_lost(core->mem.dap)) {
		*why = *dap_lost_why(core->mem.dap);
		return CAUSE_GONE;
	}
	reason_begin(why, CAUSE_REQUEST, "%s is running%s: for this it must be halted",
		     core->name, core->was_reset ? ", since the chip was reset" : "");
	reason_suspect(why, FINDING_REQUEST_CORE_RUNS);
	return CAUSE_REQUEST;
}

static enum cause
no_transfer(const struct core *core, uint32_t selector, uint32_t dhcsr, struct reason *why)
{
	return reason_begin(why, CAUSE_TIMEOUT,
			    "the transfer of core register %u of %s was not finished in "
			    "%u ms (DCRSR.REGSEL; DHCSR is 0x%08x)",
			    (unsigned)selector, core->name, (unsigned)REGISTER_WAIT_MS,
			    (unsigned)dhcsr);
}

static enum cause
wait_for_transfer(struct core *core, uint32_t selector, struct reason *why)
{
	struct deadline deadline =
		deadline_in_ms(core->mem.dap->probe->clock, REGISTER_WAIT_MS);
	uint32_t dhcsr = 0;
	enum cause cause;

	do {
		cause = core_dhcsr_read(core, &dhcsr, why);
		if (cause != CAUSE_NONE)
			return cause;
		if (!core->is_halted)
			return core_require_halted(core, why);
		if (REG_GET(dhcsr, DHCSR_S_REGRDY) != 0)
			return CAUSE_NONE;
	} while (!deadline_is_over(&deadline));
	return no_transfer(core, selector, dhcsr, why);
}

/* One register with all the patience that C1.6.3 allows it. */
static enum cause
load_patiently(struct core *core, uint32_t selector, struct reason *why)
{
	enum cause cause = mem_write32(&core->mem, DCRSR_AT, selector, why);

	if (cause == CAUSE_NONE)
		cause = wait_for_transfer(core, selector, why);
	if (cause == CAUSE_NONE)
		cause = mem_read32(&core->mem, DCRDR_AT, &core->cache[selector], why);
	core->is_cached[selector] = cause == CAUSE_NONE;
	return cause;
}

static void
batch_selector(struct batch *batch, uint32_t selector)
{
	batch_write(batch, DCRSR_AT, selector);
	batch_read(batch, DHCSR_AT);
	batch_read(batch, DCRDR_AT);
}

static const struct selector_range *
range_of(uint32_t selector)
{
	for (size_t i = 0; i < array_len(ranges); i++)
		if (selector >= ranges[i].first && selector <= ranges[i].last)
			return &ranges[i];
	return NULL;
}

/* Everything of the group that is not known yet. */
static void
batch_group(const struct core *core, uint8_t group, struct batch *batch)
{
	for (size_t i = 0; i < array_len(ranges); i++) {
		if (ranges[i].group != group ||
		    (ranges[i].needs & ~core->identity.features) != 0)
			continue;
		for (uint32_t s = ranges[i].first; s <= ranges[i].last; s++)
			if (!core->is_cached[s])
				batch_selector(batch, s);
	}
}

/* Takes what the batch read; stops at a transfer that was not finished when its value was
 * fetched: nothing after it can be trusted. */
static bool
take_batch(struct core *core, const struct batch *batch, size_t first, size_t end)
{
	for (size_t i = first; i < end; i += WORDS_EACH) {
		uint32_t selector = batch_value(batch, i);
		uint32_t dhcsr = batch_value(batch, i + 1);

		core_dhcsr_seen(core, dhcsr);
		if (!core->is_halted || REG_GET(dhcsr, DHCSR_S_REGRDY) == 0)
			return false;
		core->cache[selector] = batch_value(batch, i + 2);
		core->is_cached[selector] = true;
	}
	return true;
}

/* What gdb 13.1 and 16.3 look at to find the frame, which the reply to a stop brings along: r7 is
 * the frame pointer in Thumb code, and of MSP and PSP one is the caller's. */
static const uint8_t frame_selectors[] = { SELECTOR_R7, SELECTOR_SP,   SELECTOR_LR,
					   SELECTOR_PC, SELECTOR_XPSR, SELECTOR_MSP,
					   SELECTOR_PSP };

static bool
is_of_frame(uint32_t selector)
{
	for (size_t i = 0; i < array_len(frame_selectors); i++)
		if (frame_selectors[i] == selector)
			return true;
	return false;
}

void
core_registers_batch(const struct core *core, enum stop_reads reads, struct batch *batch)
{
	if (reads == STOP_READS_REGISTERS)
		batch_group(core, 0, batch);
	for (size_t i = 0; reads == STOP_READS_FRAME && i < array_len(frame_selectors); i++)
		batch_selector(batch, frame_selectors[i]);
}

void
core_registers_take(struct core *core, const struct batch *batch, size_t first, size_t end)
{
	take_batch(core, batch, first, end);
}

/* Those of the first group that the probe can fetch by itself. It does not look whether the
 * core is halted, so it must have been looked at just now. */
static enum cause
load_by_probe(struct core *core, struct reason *why)
{
	uint32_t registers[PROBE_CORE_REGISTERS];
	uint64_t age_us = clock_now_us(core->mem.dap->probe->clock) - core->halt_seen_us;
	enum cause cause = CAUSE_UNSUPPORTED;

	if (age_us <= FRESH_US)
		cause = mem_read_core(&core->mem, registers, why);
	if (cause != CAUSE_NONE)
		return cause;
	for (uint32_t s = 0; s <= SELECTOR_SPECIAL; s++) {
		const struct selector_range *range = range_of(s);

		if (range == NULL || core->is_cached[s])
			continue;
		core->cache[s] = registers[s];
		core->is_cached[s] = true;
	}
	return CAUSE_NONE;
}

static enum cause
load(struct core *core, uint32_t selector, struct reason *why)
{
	const struct selector_range *range = range_of(selector);
	struct batch batch = { 0 };
	enum cause cause = core_require_halted(core, why);

	if (range != NULL && range->group == 0 && !is_of_frame(selector))
		core->shows_registers = true;
	if (cause != CAUSE_NONE || core->is_cached[selector])
		return cause;
	if (selector <= SELECTOR_SPECIAL) {
		cause = load_by_probe(core, why);
		if (cause != CAUSE_UNSUPPORTED)
			return cause;
	}
	if (range != NULL)
		batch_group(core, range->group, &batch);
	cause = batch_run(&batch, &core->mem, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (take_batch(core, &batch, 0, batch.len) && core->is_cached[selector])
		return CAUSE_NONE;
	cause = core_require_halted(core, why);
	return cause == CAUSE_NONE ? load_patiently(core, selector, why) : cause;
}

/* SP is MSP or PSP, by CONTROL, and these are banks, by the Security state: what one write changes
 * of the others is fetched anew. */
static void
forget_aliases(struct core *core, uint32_t selector)
{
	static const uint8_t stacks[] = { SELECTOR_SP,        SELECTOR_MSP,
					  SELECTOR_PSP,       SELECTOR_SPECIAL,
					  SELECTOR_MSP_NS,    SELECTOR_PSP_NS,
					  SELECTOR_MSP_S,     SELECTOR_PSP_S,
					  SELECTOR_SPECIAL_S, SELECTOR_SPECIAL_NS };
	bool is_stack = false;

	for (size_t i = 0; i < array_len(stacks); i++)
		is_stack |= selector == stacks[i];
	for (size_t i = 0; is_stack && i < array_len(stacks); i++)
		core->is_cached[stacks[i]] = false;
}

/* Does it read back as it was written? Not the stack pointers, nor what has bits of its
 * own. */
static bool
is_plain(uint32_t selector)
{
	return selector < SELECTOR_SP || selector == SELECTOR_LR ||
	       selector == SELECTOR_PC || selector >= SELECTOR_S0;
}

static void
batch_selector_write(struct core *core, uint32_t selector, uint32_t value,
		     struct batch *batch)
{
	batch_write(batch, DCRDR_AT, value);
	batch_write(batch, DCRSR_AT, selector | REG_MASK(DCRSR_REGWNR));
	batch_read(batch, DHCSR_AT);
	core->is_cached[selector] = false;
	forget_aliases(core, selector);
}

static void
selector_written(struct core *core, uint32_t selector, uint32_t value)
{
	core->cache[selector] = value;
	core->is_cached[selector] = is_plain(selector);
}

/* A core that waits to be started has what a reset will leave there, and keeps it: gdb sets PC to
 * where a program begins that it has loaded. */
static enum cause
keep_of_held(const struct core *core, uint32_t selector, uint32_t value, struct reason *why)
{
	if (core->cache[selector] == value)
		return CAUSE_NONE;
	*why = *core->mem.shut;
	return why->cause;
}

enum cause
core_selector_write(struct core *core, uint32_t selector, uint32_t value,
		    struct reason *why)
{
	struct batch batch = { 0 };
	enum cause cause = core_require_halted(core, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (core_is_held(core))
		return keep_of_held(core, selector, value, why);
	batch_selector_write(core, selector, value, &batch);
	cause = batch_run(&batch, &core->mem, why);
	if (cause != CAUSE_NONE)
		return cause;
	core_dhcsr_seen(core, batch_value(&batch, WORDS_EACH - 1));
	if (REG_GET(batch_value(&batch, WORDS_EACH - 1), DHCSR_S_REGRDY) == 0)
		cause = wait_for_transfer(core, selector, why);
	if (cause == CAUSE_NONE)
		selector_written(core, selector, value);
	return cause;
}

/* Writes that are put together; of `mask` are the bits that `value` has. */
struct selector_write {
	uint32_t selector, value, mask;
};

struct selector_writes {
	size_t len;
	struct selector_write list[CORE_MAX_VALUES];
};

static uint32_t
field_mask(const struct core_register *reg)
{
	return (UINT32_MAX >> (32 - reg->width)) << reg->lsb;
}

static struct selector_write *
find_write(struct selector_writes *writes, uint32_t selector)
{
	for (size_t i = 0; i < writes->len; i++)
		if (writes->list[i].selector == selector)
			return &writes->list[i];
	assert(writes->len < CORE_MAX_VALUES);
	writes->list[writes->len] = (struct selector_write){ .selector = selector };
	return &writes->list[writes->len++];
}

static void
add_value(struct selector_writes *writes, const struct core_value *value)
{
	const struct core_register *reg = value->reg;
	struct selector_write *write = find_write(writes, reg->selector);
	uint32_t mask = field_mask(reg);

	assert(reg->bits <= 32);
	write->value |= (uint32_t)(value->value << reg->lsb) & mask;
	write->mask |= mask;
	/* C1.6.3: DebugReturnAddress takes an address without the Thumb bit. */
	if (reg->selector == SELECTOR_PC)
		write->value &= ~1u;
}

/* Of the parts of a register that this core has. */
static uint32_t
mask_of_parts(const struct core *core, uint32_t selector)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < core_register_table_len; i++) {
		const struct core_register *reg = &core_register_table[i];

		if (reg->selector == selector &&
		    (reg->needs & ~core->identity.features) == 0)
			mask |= field_mask(reg);
	}
	return mask;
}

/* A register whose parts are not all written keeps the others. */
static enum cause
fill_up(struct core *core, struct selector_writes *writes, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; cause == CAUSE_NONE && i < writes->len; i++) {
		struct selector_write *write = &writes->list[i];

		if ((mask_of_parts(core, write->selector) & ~write->mask) == 0)
			continue;
		cause = load(core, write->selector, why);
		write->value |= core->cache[write->selector] & ~write->mask;
	}
	return cause;
}

/* From the first on whose transfer was not finished in time they are written one by one: each
 * takes the value that DCRDR has at its turn. */
static enum cause
check_writes(struct core *core, const struct selector_writes *writes,
	     const struct batch *batch, struct reason *why)
{
	enum cause cause = CAUSE_NONE;
	bool is_late = false;

	for (size_t i = 0; cause == CAUSE_NONE && i < writes->len; i++) {
		const struct selector_write *write = &writes->list[i];
		uint32_t dhcsr = batch_value(batch, i * WORDS_EACH + WORDS_EACH - 1);

		core_dhcsr_seen(core, dhcsr);
		is_late = is_late || REG_GET(dhcsr, DHCSR_S_REGRDY) == 0;
		if (is_late)
			cause = core_selector_write(core, write->selector, write->value,
						    why);
		else
			selector_written(core, write->selector, write->value);
	}
	return cause == CAUSE_NONE ? core_require_halted(core, why) : cause;
}

static enum cause
keep_all_of_held(const struct core *core, const struct selector_writes *writes,
		 struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; cause == CAUSE_NONE && i < writes->len; i++)
		cause = keep_of_held(core, writes->list[i].selector, writes->list[i].value,
				     why);
	return cause;
}

enum cause
core_registers_write(struct core *core, const struct core_value *values, size_t len,
		     struct reason *why)
{
	struct selector_writes writes = { 0 };
	struct batch batch = { 0 };
	enum cause cause = core_require_halted(core, why);

	_Static_assert(CORE_MAX_VALUES * WORDS_EACH <= BATCH_MAX, "they fit into a batch");
	for (size_t i = 0; i < len; i++)
		add_value(&writes, &values[i]);
	if (cause == CAUSE_NONE)
		cause = fill_up(core, &writes, why);
	if (cause == CAUSE_NONE && core_is_held(core))
		return keep_all_of_held(core, &writes, why);
	for (size_t i = 0; cause == CAUSE_NONE && i < writes.len; i++) {
		if (writes.list[i].selector == SELECTOR_PC)
			core->may_be_at_bkpt = core->is_at_hit = false;
		batch_selector_write(core, writes.list[i].selector, writes.list[i].value,
				     &batch);
	}
	if (cause == CAUSE_NONE)
		cause = batch_run(&batch, &core->mem, why);
	if (cause == CAUSE_NONE)
		cause = check_writes(core, &writes, &batch, why);
	return cause == CAUSE_NONE
		       ? cause
		       : reason_while(why, "writing registers of %s", core->name);
}

enum cause
core_pc_read(struct core *core, uint32_t *pc, struct reason *why)
{
	enum cause cause = load(core, SELECTOR_PC, why);

	*pc = core->cache[SELECTOR_PC];
	return cause;
}

/* C1.6.3: DebugReturnAddress takes an address without the Thumb bit. */
enum cause
core_pc_write(struct core *core, uint32_t pc, struct reason *why)
{
	core->may_be_at_bkpt = core->is_at_hit = false;
	return core_selector_write(core, SELECTOR_PC, pc & ~1u, why);
}

static enum cause
read_parts(struct core *core, const struct core_register *reg, uint64_t *value,
	   struct reason *why)
{
	enum cause cause = load(core, reg->selector, why);

	if (cause != CAUSE_NONE)
		return cause;
	*value = core->cache[reg->selector];
	if (reg->width < 32)
		*value = (*value & field_mask(reg)) >> reg->lsb;
	if (reg->bits <= 32)
		return CAUSE_NONE;
	cause = load(core, reg->selector + 1u, why);
	*value |= (uint64_t)core->cache[reg->selector + 1u] << 32;
	return cause;
}

static enum cause
write_parts(struct core *core, const struct core_register *reg, uint64_t value,
	    struct reason *why)
{
	enum cause cause;

	if (reg->selector == SELECTOR_PC)
		return core_pc_write(core, (uint32_t)value, why);
	if (reg->width < 32) {
		cause = load(core, reg->selector, why);
		if (cause != CAUSE_NONE)
			return cause;
		value = (core->cache[reg->selector] & ~field_mask(reg)) |
			((uint32_t)(value << reg->lsb) & field_mask(reg));
	}
	cause = core_selector_write(core, reg->selector, (uint32_t)value, why);
	if (cause != CAUSE_NONE || reg->bits <= 32)
		return cause;
	return core_selector_write(core, reg->selector + 1u, (uint32_t)(value >> 32), why);
}

enum cause
core_register_read(struct core *core, const struct core_register *reg, uint64_t *value,
		   struct reason *why)
{
	enum cause cause = read_parts(core, reg, value, why);

	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "reading %s of %s", reg->name, core->name);
}

enum cause
core_register_write(struct core *core, const struct core_register *reg, uint64_t value,
		    struct reason *why)
{
	enum cause cause = write_parts(core, reg, value, why);

	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "writing %s of %s", reg->name, core->name);
}

bool
core_register_is_known(const struct core *core, const struct core_register *reg)
{
	return core->is_halted && core->is_cached[reg->selector] &&
	       (reg->bits <= 32 || core->is_cached[reg->selector + 1u]);
}
