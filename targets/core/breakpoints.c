/* SPDX-License-Identifier: MIT */
#include "targets/core/core_internal.h"

#include <string.h>

/* The place of `at` in terms of a comparator: version 1 compares words (C1.11.5). */
static struct comparator
place_of(const struct core *core, uint32_t at)
{
	if (core->is_fpb_v1)
		return (struct comparator){ align_down(at, 4), (at & 2) != 0 ? 2 : 1 };
	return (struct comparator){ align_down(at, 2), 1 };
}

static uint32_t
comparator_value(const struct core *core, struct comparator comparator)
{
	if (comparator.halves == 0)
		return 0;
	if (!core->is_fpb_v1)
		return comparator.at | FP_V2_ENABLE;
	return REG_MASK(FP_COMP_ENABLE) | (comparator.at & REG_MASK(FP_COMP_COMP)) |
	       REG_PUT(comparator.halves, FP_COMP_REPLACE);
}

/* gdb removes all breakpoints at each stop and inserts them again before it goes on: of a core
 * that is halted, and whose start is a batch, they are written along with that. */
static enum cause
comparator_set(struct core *core, size_t index, uint8_t halves, struct reason *why)
{
	struct comparator wanted = { core->comparators[index].at, halves };
	bool is_put_off =
		core_is_held(core) || (core->is_halted && mem_has_gates(&core->mem) &&
				       !core_has_other_debugger(core));
	enum cause cause = CAUSE_NONE;

	if (!is_put_off)
		cause = mem_write32(&core->mem, FP_COMP_AT(index),
				    comparator_value(core, wanted), why);
	if (cause != CAUSE_NONE)
		return cause;
	core->comparators[index].halves = halves;
	core->comparators_due &= ~(1u << index);
	if (is_put_off)
		core->comparators_due |= 1u << index;
	return CAUSE_NONE;
}

/* The comparator that has `place`, or -1. */
static int
comparator_find(const struct core *core, struct comparator place)
{
	for (unsigned i = 0; i < core->identity.breakpoints; i++)
		if (core->comparators[i].at == place.at &&
		    (core->comparators[i].halves & place.halves) != 0)
			return (int)i;
	return -1;
}

/* One that can take `place`: its word has a comparator already, or one is free; or -1. */
static int
comparator_choose(const struct core *core, struct comparator place)
{
	int unused = -1;

	for (unsigned i = 0; i < core->identity.breakpoints; i++) {
		if (core->comparators[i].halves == 0)
			unused = unused < 0 ? (int)i : unused;
		else if (core->comparators[i].at == place.at)
			return (int)i;
	}
	return unused;
}

static void
list_comparators(const struct core *core, struct text *words)
{
	for (unsigned i = 0; i < core->identity.breakpoints; i++) {
		const struct comparator *c = &core->comparators[i];

		if ((c->halves & 1) != 0)
			text_add(words, "%s0x%08x", words->used ? ", " : "",
				 (unsigned)c->at);
		if ((c->halves & 2) != 0)
			text_add(words, "%s0x%08x", words->used ? ", " : "",
				 (unsigned)c->at + 2);
	}
}

static enum cause
none_left(const struct core *core, struct reason *why)
{
	char words[256];
	struct text text;

	if (core->identity.breakpoints == 0)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "%s (%s) has no hardware breakpoints", core->name,
				    core->identity.name);
	text_init(&text, words, sizeof(words));
	list_comparators(core, &text);
	reason_begin(why, CAUSE_UNSUPPORTED,
		     "all %u hardware breakpoints of %s are in use: %s",
		     core->identity.breakpoints, core->name, words);
	reason_suspect(why, FINDING_REQUEST_NO_BREAKPOINT_LEFT);
	return CAUSE_UNSUPPORTED;
}

static enum cause
check_reach(const struct core *core, uint32_t at, struct reason *why)
{
	if (!core->is_fpb_v1 || at < FP_V1_END)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_UNSUPPORTED,
		     "hardware breakpoints of this %s reach no further than 0x%08x",
		     core->identity.name, (unsigned)FP_V1_END - 1);
	reason_suspect(why, FINDING_REQUEST_SOFT_BREAKPOINT);
	return CAUSE_UNSUPPORTED;
}

static enum cause
insert_hardware(struct core *core, uint32_t at, struct reason *why)
{
	struct comparator place = place_of(core, at);
	enum cause cause;
	int index;

	if (comparator_find(core, place) >= 0)
		return CAUSE_NONE;
	cause = check_reach(core, at, why);
	if (cause != CAUSE_NONE)
		return cause;
	index = comparator_choose(core, place);
	if (index < 0)
		return none_left(core, why);
	place.halves |= core->comparators[index].halves;
	core->comparators[index].at = place.at;
	return comparator_set(core, (size_t)index, place.halves, why);
}

static enum cause
remove_hardware(struct core *core, uint32_t at, struct reason *why)
{
	struct comparator place = place_of(core, at);
	int index = comparator_find(core, place);

	if (index < 0)
		return CAUSE_NONE;
	place.halves = core->comparators[index].halves & (uint8_t)~place.halves;
	return comparator_set(core, (size_t)index, place.halves, why);
}

/* The index of the BKPT of ours at `at`, or -1. */
static int
planted_find(const struct core *core, uint32_t at)
{
	for (size_t i = 0; i < core->planted_len; i++)
		if (core->planted[i].at == at)
			return (int)i;
	return -1;
}

static enum cause
read_opcode(struct core *core, uint32_t at, uint16_t *opcode, struct reason *why)
{
	uint8_t bytes[BKPT_SIZE] = { 0 };
	enum cause cause = mem_read(&core->mem, at, bytes, sizeof(bytes), why);

	*opcode = le16_get(bytes);
	return cause;
}

static enum cause
write_opcode(struct core *core, uint32_t at, uint16_t opcode, struct reason *why)
{
	uint8_t bytes[BKPT_SIZE];
	enum cause cause;

	le16_put(bytes, opcode);
	cause = mem_write(&core->mem, at, bytes, sizeof(bytes), why);
	return cause == CAUSE_NONE ? core_code_written(core, why) : cause;
}

static enum cause
not_writable(const struct core *core, uint32_t at, struct reason *why)
{
	reason_begin(
		why, CAUSE_FAULT,
		"0x%08x (%s) cannot be written like RAM: no BKPT instruction fits there",
		(unsigned)at, core_region_name(core, at));
	reason_suspect(why, FINDING_REQUEST_HARD_BREAKPOINT);
	return CAUSE_FAULT;
}

/* Written and read back: flash and ROM take a write without a word and keep what they
 * have. */
static enum cause
plant(struct core *core, uint32_t at, struct reason *why)
{
	uint16_t found = 0;
	enum cause cause;

	if (core_is_flash(core, at))
		return not_writable(core, at, why);
	cause = write_opcode(core, at, BKPT_OPCODE, why);
	if (cause == CAUSE_NONE)
		cause = read_opcode(core, at, &found, why);
	if (cause == CAUSE_NONE && found != BKPT_OPCODE)
		return not_writable(core, at, why);
	return cause;
}

static enum cause
insert_software(struct core *core, uint32_t at, struct reason *why)
{
	struct planted planted = { .at = at };
	enum cause cause;

	if (planted_find(core, at) >= 0)
		return CAUSE_NONE;
	if (core->planted_len == CORE_MAX_PLANTED)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "%s has %u software breakpoints already, all there is "
				    "room for",
				    core->name, (unsigned)core->planted_len);
	cause = read_opcode(core, at, &planted.original, why);
	if (cause == CAUSE_NONE)
		cause = plant(core, at, why);
	if (cause == CAUSE_NONE)
		core->planted[core->planted_len++] = planted;
	return cause;
}

/* A BKPT that the program has overwritten in the meantime is no longer ours to undo. */
static enum cause
unplant(struct core *core, const struct planted *planted, struct reason *why)
{
	uint16_t found = 0;
	enum cause cause = read_opcode(core, planted->at, &found, why);

	if (cause != CAUSE_NONE || found != BKPT_OPCODE)
		return cause;
	return write_opcode(core, planted->at, planted->original, why);
}

static enum cause
remove_software(struct core *core, uint32_t at, struct reason *why)
{
	int index = planted_find(core, at);
	enum cause cause;

	if (index < 0)
		return CAUSE_NONE;
	cause = unplant(core, &core->planted[index], why);
	if (cause == CAUSE_NONE)
		core->planted[index] = core->planted[--core->planted_len];
	return cause;
}

enum cause
core_breakpoint_insert(struct core *core, uint32_t at, bool hardware, struct reason *why)
{
	enum cause cause;

	at = align_down(at, BKPT_SIZE);
	cause = core_prepare_units(core, why);
	if (cause != CAUSE_NONE)
		return cause;
	cause = hardware ? insert_hardware(core, at, why) : insert_software(core, at, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	core->is_unit_in_doubt = true;
	return reason_while(why, "inserting a %s breakpoint at 0x%08x",
			    hardware ? "hardware" : "software", (unsigned)at);
}

enum cause
core_breakpoint_remove(struct core *core, uint32_t at, bool hardware, struct reason *why)
{
	enum cause cause;

	at = align_down(at, BKPT_SIZE);
	cause = hardware ? remove_hardware(core, at, why) : remove_software(core, at, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	core->is_unit_in_doubt = true;
	return reason_while(why, "removing the %s breakpoint at 0x%08x",
			    hardware ? "hardware" : "software", (unsigned)at);
}

enum breakpoint_means
breakpoint_at(const struct core *core, uint32_t at)
{
	if (planted_find(core, at) >= 0)
		return BREAKPOINT_PLANTED;
	if (comparator_find(core, place_of(core, at)) >= 0)
		return BREAKPOINT_COMPARATOR;
	return BREAKPOINT_NOT_HERE;
}

void
breakpoint_note_hit(struct core *core, uint32_t at)
{
	core->is_at_hit = true;
	core->hit_at = at;
}

void
core_forget_hit(struct core *core)
{
	core->is_at_hit = false;
}

bool
breakpoints_any(const struct core *core)
{
	for (unsigned i = 0; i < core->identity.breakpoints; i++)
		if (core->comparators[i].halves != 0)
			return true;
	return core->planted_len > 0;
}

enum cause
planted_lift(struct core *core, uint32_t at, struct reason *why)
{
	int planted = planted_find(core, at);

	return planted < 0 ? CAUSE_NONE : unplant(core, &core->planted[planted], why);
}

/* The bit of the comparator that has *at; 0 when none has. */
static uint32_t
due_bit(const struct core *core, const uint32_t *at)
{
	int index = at == NULL ? -1 : comparator_find(core, place_of(core, *at));

	return index < 0 ? 0 : 1u << index;
}

void
breakpoints_batch_due(struct core *core, const uint32_t *lifted, struct batch *batch)
{
	uint32_t lifted_bit = due_bit(core, lifted);

	core->comparators_due |= lifted_bit;
	for (unsigned i = 0; i < core->identity.breakpoints; i++) {
		struct comparator comparator = core->comparators[i];

		if ((lifted_bit >> i & 1) != 0)
			comparator.halves &= (uint8_t)~place_of(core, *lifted).halves;
		if ((core->comparators_due >> i & 1) != 0)
			batch_write(batch, FP_COMP_AT(i),
				    comparator_value(core, comparator));
	}
}

void
breakpoints_written(struct core *core, const uint32_t *lifted)
{
	core->comparators_due = due_bit(core, lifted);
}

enum cause
breakpoints_write_due(struct core *core, struct reason *why)
{
	struct batch batch = { 0 };
	enum cause cause;

	breakpoints_batch_due(core, NULL, &batch);
	if (batch.len == 0)
		return CAUSE_NONE;
	cause = batch_run(&batch, &core->mem, why);
	if (cause == CAUSE_NONE)
		breakpoints_written(core, NULL);
	return cause;
}

/* With a probe whose batch starts the core the comparator is in that batch, at the next start. */
enum cause
breakpoint_restore(struct core *core, uint32_t at, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (!mem_has_gates(&core->mem))
		cause = breakpoints_write_due(core, why);
	if (cause == CAUSE_NONE && planted_find(core, at) >= 0)
		cause = write_opcode(core, at, BKPT_OPCODE, why);
	return cause;
}

void
breakpoints_rearm(const struct core *core, struct batch *batch)
{
	batch_write(batch, FP_CTRL_AT, REG_MASK(FP_CTRL_KEY) | REG_MASK(FP_CTRL_ENABLE));
	for (unsigned i = 0; i < core->identity.breakpoints; i++)
		batch_write(batch, FP_COMP_AT(i),
			    comparator_value(core, core->comparators[i]));
}

/* All are tried, whatever happens to one; the first reason is reported. */
enum cause
planted_clear(struct core *core, struct reason *why)
{
	enum cause first = CAUSE_NONE;

	while (core->planted_len > 0) {
		struct reason another = REASON_INIT;
		const struct planted *last = &core->planted[--core->planted_len];
		enum cause cause =
			unplant(core, last, first == CAUSE_NONE ? why : &another);

		if (first == CAUSE_NONE)
			first = cause;
	}
	return first;
}

enum cause
planted_mend(struct core *core, bool *found, uint32_t *at, struct reason *why)
{
	*found = false;
	for (size_t i = 0; i < core->planted_len; i++) {
		struct planted *planted = &core->planted[i];
		uint16_t opcode = 0;
		enum cause cause = read_opcode(core, planted->at, &opcode, why);

		if (cause != CAUSE_NONE)
			return cause;
		if (opcode == BKPT_OPCODE)
			continue;
		*found = true;
		*at = planted->at;
		planted->original = opcode;
		return write_opcode(core, planted->at, BKPT_OPCODE, why);
	}
	return CAUSE_NONE;
}

bool
planted_touches(const struct core *core, uint32_t at, uint32_t size)
{
	for (size_t i = 0; i < core->planted_len; i++)
		if (core->planted[i].at + BKPT_SIZE > at &&
		    core->planted[i].at < (uint64_t)at + size)
			return true;
	return false;
}

/* Does memory hold our BKPT there, as far as the range shows it? */
static bool
shows_bkpt(const struct planted *planted, uint32_t at, const uint8_t *bytes, uint32_t size)
{
	for (uint32_t i = 0; i < BKPT_SIZE; i++)
		if (range_contains(at, size, planted->at + i, 1) &&
		    bytes[planted->at + i - at] != (uint8_t)(BKPT_OPCODE >> 8 * i))
			return false;
	return true;
}

void
planted_hide(const struct core *core, uint32_t at, uint8_t *bytes, uint32_t size)
{
	for (size_t n = 0; n < core->planted_len; n++) {
		const struct planted *planted = &core->planted[n];

		if (!shows_bkpt(planted, at, bytes, size))
			continue;
		for (uint32_t i = 0; i < BKPT_SIZE; i++)
			if (range_contains(at, size, planted->at + i, 1))
				bytes[planted->at + i - at] =
					(uint8_t)(planted->original >> 8 * i);
	}
}

void
planted_keep(struct core *core, uint32_t at, uint8_t *bytes, uint32_t size)
{
	for (size_t n = 0; n < core->planted_len; n++) {
		struct planted *planted = &core->planted[n];
		uint8_t original[BKPT_SIZE], bkpt[BKPT_SIZE];

		le16_put(original, planted->original);
		le16_put(bkpt, BKPT_OPCODE);
		for (uint32_t i = 0; i < BKPT_SIZE; i++) {
			if (!range_contains(at, size, planted->at + i, 1))
				continue;
			original[i] = bytes[planted->at + i - at];
			bytes[planted->at + i - at] = bkpt[i];
		}
		planted->original = le16_get(original);
	}
}
