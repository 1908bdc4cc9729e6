/* SPDX-License-Identifier: MIT */
#include "targets/core/core_internal.h"

/* What DWT_FUNCTION wants to hear: for v7-M (and v6-M) DDI 0403E.e table C1-14, for v8-M
 * DDI 0553B, DWT_FUNCTIONn.MATCH. */
static const struct {
	const char *name;
	uint8_t function, match;
} kinds[] = {
	[WATCH_WRITE] = { "write", 6, 5 },
	[WATCH_READ] = { "read", 5, 6 },
	[WATCH_ACCESS] = { "access", 7, 4 },
};

/* DDI 0403E.e C1.8.16: what DWT_MASK can hold at most. */
enum { V8M_LARGEST = 4, V8M_DEBUG_EVENT = 1, MASK_LARGEST = 1 << 30 };

static uint32_t
log2_of(uint32_t size)
{
	uint32_t bits = 0;

	while (size > 1) {
		size >>= 1;
		bits++;
	}
	return bits;
}

static uint32_t
function_value(const struct core *core, const struct watch *watch)
{
	if (!watch->is_used)
		return 0;
	if (!core->is_v8m)
		return REG_PUT(kinds[watch->kind].function, DWT_FUNCTION_FUNCTION);
	return REG_PUT(kinds[watch->kind].match, DWT_V8_FUNCTION_MATCH) |
	       REG_PUT(V8M_DEBUG_EVENT, DWT_V8_FUNCTION_ACTION) |
	       REG_PUT(log2_of(watch->size), DWT_V8_FUNCTION_DATAVSIZE);
}

/* The function is written last, so that it never watches with another's address. ARMv8-M
 * has the size in the function and no mask register. */
static void
batch_watch(const struct core *core, unsigned index, struct batch *batch)
{
	const struct watch *watch = &core->watches[index];

	if (watch->is_used) {
		batch_write(batch, DWT_FUNCTION_AT(index), 0);
		batch_write(batch, DWT_COMP_AT(index), watch->at);
		if (!core->is_v8m)
			batch_write(batch, DWT_MASK_AT(index), log2_of(watch->size));
	}
	batch_write(batch, DWT_FUNCTION_AT(index), function_value(core, watch));
	/* MATCHED of before goes by being read. */
	if (watch->is_used)
		batch_read(batch, DWT_FUNCTION_AT(index));
}

/* A core that runs out of a reset may have come to one by the time that they are set anew, which
 * takes its MATCHED away. */
void
watchpoints_matched(const struct core *core, struct batch *batch, size_t *matches)
{
	for (unsigned i = 0; i < core->identity.watchpoints; i++)
		if (core->watches[i].is_used)
			matches[i] = batch_read(batch, DWT_FUNCTION_AT(i));
}

void
watchpoints_take_matched(struct core *core, const struct batch *batch,
			 const size_t *matches)
{
	for (unsigned i = 0; i < core->identity.watchpoints; i++)
		if (core->watches[i].is_used &&
		    REG_GET(batch_value(batch, matches[i]), DWT_FUNCTION_MATCHED) != 0)
			core->evidence.matched |= 1u << i;
}

void
watchpoints_rearm(const struct core *core, struct batch *batch)
{
	for (unsigned i = 0; i < core->identity.watchpoints; i++)
		batch_watch(core, i, batch);
}

static int
find_unused(const struct core *core)
{
	for (unsigned i = 0; i < core->identity.watchpoints; i++)
		if (!core->watches[i].is_used)
			return (int)i;
	return -1;
}

static bool
is_piece_of(const struct watch *watch, const struct watch *wanted)
{
	return watch->is_used && watch->kind == wanted->kind &&
	       watch->asked_at == wanted->asked_at &&
	       watch->asked_size == wanted->asked_size;
}

static bool
is_inserted(const struct core *core, const struct watch *wanted)
{
	for (unsigned i = 0; i < core->identity.watchpoints; i++)
		if (is_piece_of(&core->watches[i], wanted))
			return true;
	return false;
}

/* The first piece of [at, at + size) that one comparator can cover. */
static uint32_t
piece_size(const struct core *core, uint32_t at, uint32_t size)
{
	uint32_t most = core->is_v8m ? V8M_LARGEST : MASK_LARGEST;
	uint32_t piece = 1;

	while (2 * piece <= size && 2 * piece <= most && at == align_down(at, 2 * piece))
		piece *= 2;
	return piece;
}

static enum cause
none_left(const struct core *core, struct reason *why)
{
	char words[256];
	struct text text;

	if (core->identity.watchpoints == 0)
		return reason_begin(why, CAUSE_UNSUPPORTED, "%s (%s) has no watchpoints",
				    core->name, core->identity.name);
	text_init(&text, words, sizeof(words));
	for (unsigned i = 0; i < core->identity.watchpoints; i++)
		text_add(&text, "%s%s of %u byte%s at 0x%08x", i > 0 ? ", " : "",
			 kinds[core->watches[i].kind].name, (unsigned)core->watches[i].size,
			 text_s(core->watches[i].size), (unsigned)core->watches[i].at);
	reason_begin(why, CAUSE_UNSUPPORTED, "all %u watchpoints of %s are in use: %s",
		     core->identity.watchpoints, core->name, words);
	reason_suspect(why, FINDING_REQUEST_NO_WATCHPOINT_LEFT);
	return CAUSE_UNSUPPORTED;
}

/* How many bits a mask may have is up to the implementation: DWT_MASK keeps what it can
 * (C1.8.16). */
static enum cause
check_mask(struct core *core, unsigned index, uint32_t mask, struct reason *why)
{
	if (core->is_v8m || mask == log2_of(core->watches[index].size))
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_UNSUPPORTED,
			    "a watchpoint of this %s covers less than %u bytes (DWT_MASK "
			    "keeps %u)",
			    core->identity.name, (unsigned)core->watches[index].size,
			    (unsigned)mask);
}

static enum cause
watch_write(struct core *core, unsigned index, struct reason *why)
{
	struct batch batch = { 0 };
	size_t mask = 0;
	enum cause cause;

	if (core_is_held(core))
		return CAUSE_NONE;
	batch_watch(core, index, &batch);
	if (!core->is_v8m)
		mask = batch_read(&batch, DWT_MASK_AT(index));
	cause = batch_run(&batch, &core->mem, why);
	if (cause != CAUSE_NONE || !core->watches[index].is_used)
		return cause;
	return check_mask(core, index, batch_value(&batch, mask), why);
}

static enum cause
insert_piece(struct core *core, const struct watch *piece, struct reason *why)
{
	static const struct watch unused = { 0 };
	struct reason second = REASON_INIT;
	int index = find_unused(core);
	enum cause cause;

	if (index < 0)
		return none_left(core, why);
	core->watches[index] = *piece;
	cause = watch_write(core, (unsigned)index, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	core->watches[index] = unused;
	/* The first reason is the one to report; the next rearming switches it off, too. */
	watch_write(core, (unsigned)index, &second);
	return cause;
}

static enum cause
remove_pieces(struct core *core, const struct watch *wanted, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; i < core->identity.watchpoints && cause == CAUSE_NONE; i++) {
		if (!is_piece_of(&core->watches[i], wanted))
			continue;
		core->watches[i].is_used = false;
		cause = watch_write(core, i, why);
		core->watches[i].is_used = cause != CAUSE_NONE;
	}
	return cause;
}

static enum cause
insert_pieces(struct core *core, const struct watch *wanted, struct reason *why)
{
	uint32_t at = wanted->asked_at, left = wanted->asked_size;
	struct reason echo = REASON_INIT;
	enum cause cause = CAUSE_NONE;

	while (left > 0 && cause == CAUSE_NONE) {
		struct watch piece = *wanted;

		piece.at = at;
		piece.size = piece_size(core, at, left);
		cause = insert_piece(core, &piece, why);
		at += piece.size;
		left -= piece.size;
	}
	/* A part of a range would miss what happens in the rest. */
	if (cause != CAUSE_NONE)
		remove_pieces(core, wanted, &echo);
	return cause;
}

static enum cause
insert(struct core *core, const struct watch *wanted, struct reason *why)
{
	if (wanted->asked_size == 0)
		return reason_begin(why, CAUSE_REQUEST,
				    "a watchpoint covers one byte or more");
	return is_inserted(core, wanted) ? CAUSE_NONE : insert_pieces(core, wanted, why);
}

enum cause
core_watchpoint_insert(struct core *core, enum watch_kind kind, uint32_t at, uint32_t size,
		       struct reason *why)
{
	struct watch wanted = {
		.is_used = true, .kind = kind, .asked_at = at, .asked_size = size
	};
	enum cause cause = core_prepare_units(core, why);

	if (cause == CAUSE_NONE)
		cause = insert(core, &wanted, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	core->is_unit_in_doubt = true;
	return reason_while(why, "inserting a %s watchpoint of %u byte%s at 0x%08x",
			    kinds[kind].name, (unsigned)size, text_s(size), (unsigned)at);
}

enum cause
core_watchpoint_remove(struct core *core, enum watch_kind kind, uint32_t at, uint32_t size,
		       struct reason *why)
{
	struct watch wanted = {
		.is_used = true, .kind = kind, .asked_at = at, .asked_size = size
	};
	enum cause cause = remove_pieces(core, &wanted, why);

	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	core->is_unit_in_doubt = true;
	return reason_while(why, "removing the %s watchpoint of %u byte%s at 0x%08x",
			    kinds[kind].name, (unsigned)size, text_s(size), (unsigned)at);
}
