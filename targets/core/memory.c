/* SPDX-License-Identifier: MIT */
#include "targets/chip/read_protection.h"
#include "targets/core/core_internal.h"

#include <string.h>

enum {
	CHUNK = 1024,
	FPB_SIZE = 0x100,
	DWT_SIZE = 0x1000, /* it ends where the FPB begins */
	WIDENED_MAX = 64   /* bytes: of a longer read the ends hardly count */
};

/* DDI 0403E.e B3.1: the Code region, where what is not RAM does not take plain writes. */
#define CODE_REGION_END  0x20000000u
#define DEVICE_REGION_AT 0x40000000u

/* Beside another debugger, whose comparators stay. */
static enum cause
clear_own(struct core *core, struct reason *why)
{
	struct batch batch = { 0 };

	for (unsigned i = 0; i < core->identity.breakpoints; i++)
		if (core->comparators[i].halves != 0)
			batch_write(&batch, FP_COMP_AT(i), 0);
	for (unsigned i = 0; i < core->identity.watchpoints; i++)
		if (core->watches[i].is_used)
			batch_write(&batch, DWT_FUNCTION_AT(i), 0);
	return batch.len == 0 ? CAUSE_NONE : batch_run(&batch, &core->mem, why);
}

enum cause
core_breakpoints_clear(struct core *core, struct reason *why)
{
	bool is_clear = !core_has_armed(core) && !core->is_unit_in_doubt;
	enum cause cause = planted_clear(core, why);
	enum cause rearmed;
	struct reason second = REASON_INIT;

	if (is_clear)
		return cause;
	if (cause == CAUSE_NONE && core_has_other_debugger(core) && !core_is_held(core))
		cause = clear_own(core, why);
	memset(core->comparators, 0, sizeof(core->comparators));
	memset(core->watches, 0, sizeof(core->watches));
	/* Both are tried whatever happens to one; the first reason is reported. */
	rearmed = core_rearm(core, cause == CAUSE_NONE ? why : &second);
	if (cause == CAUSE_NONE)
		cause = rearmed;
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "removing all breakpoints of %s", core->name);
}

/* S_RESET_ST and the like go by being read, also when a client
 * reads all of the core's registers. */
static void
notice_dhcsr(struct core *core, uint32_t at, const uint8_t *bytes, uint32_t size)
{
	if (range_contains(at, size, DHCSR_AT, sizeof(uint32_t)))
		core_dhcsr_seen(core, le32_get(bytes + (DHCSR_AT - at)));
}

/* The other core of the chip reaches it, and this one does not. */
static void
suspect_owner(const struct core *core, const char *verb, uint32_t at, struct reason *why)
{
	const char *owner = why->cause == CAUSE_FAULT ? core_owner(core, at) : NULL;
	bool is_read = strcmp(verb, "read") == 0;

	if (owner == NULL)
		return;
	reason_while(why, "the %s at 0x%08x belongs to %s alone, and %s does not reach it",
		     core_region_name(core, at), (unsigned)at, owner, core->name);
	reason_suspect_with(why, FINDING_REQUEST_OTHER_CORE, "monitor %s %s 0x%08x%s",
			    owner, is_read ? "mdw" : "mww", (unsigned)align_down(at, 4),
			    is_read ? "" : " VALUE");
}

static enum cause
add_region(const struct core *core, const char *verb, uint32_t at, uint32_t size,
	   struct reason *why)
{
	suspect_owner(core, verb, at, why);
	return reason_while(why, "cannot %s %u byte%s at 0x%08x: this is %s", verb,
			    (unsigned)size, text_s(size), (unsigned)at,
			    core_region_name(core, at));
}

/* A read that protection refuses fails as any other that is refused. */
static void
suspect_protection(struct core *core, uint32_t at, struct reason *why)
{
	const struct read_flag *flag =
		core_is_flash(core, at) ? core->map->read_flag(core->map) : NULL;
	struct reason unread = REASON_INIT;
	uint32_t value = 0;

	if (flag == NULL ||
	    mem_read32(&core->mem, flag->at, &value, &unread) != CAUSE_NONE ||
	    !read_flag_is_set(flag, value))
		return;
	reason_while(why, "the flash is read-protected: %s is 0x%08x", flag->name,
		     (unsigned)value);
	reason_suspect(why, FINDING_D1);
}

/* What is memory and no device takes one access of words that go beyond what was asked for, in
 * place of several of bytes and halfwords. */
static bool
is_worth_widening(const struct core *core, uint32_t at, uint32_t size)
{
	uint32_t last = at + size - 1;

	if (size == 0 || size > WIDENED_MAX || (at % 4 == 0 && size % 4 == 0) ||
	    (size <= 2 && at % size == 0))
		return false;
	return (core_is_ram(core, at) && core_is_ram(core, last)) ||
	       (core_is_flash(core, at) && core_is_flash(core, last));
}

static enum cause
read_plain(struct core *core, uint32_t at, void *bytes, uint32_t size, struct reason *why)
{
	uint8_t words[WIDENED_MAX + 8];
	uint32_t first = align_down(at, 4);
	enum cause cause;

	if (!is_worth_widening(core, at, size))
		return mem_read(&core->mem, at, bytes, size, why);
	cause = mem_read(&core->mem, first, words, align_down(at + size + 3, 4) - first,
			 why);
	if (cause == CAUSE_NONE)
		memcpy(bytes, words + (at - first), size);
	return cause;
}

/* Zeros may be those of a chip in reset, which answers with nothing else; when the reset ends, or
 * begins, during the read they are its first words, or its last. Registers of devices are zero too
 * often, and read for their effect. */
static bool
may_be_of_reset(const struct core *core, uint32_t at, const uint8_t *bytes, uint32_t size)
{
	uint32_t end = at + size;
	uint32_t first = align_down(at + 4, 4) - at, last = end - align_down(end - 1, 4);

	if (!core_is_ram(core, at) && !core_is_flash(core, at))
		return false;
	if (first >= size || last >= size)
		return is_all_zero(bytes, size);
	return is_all_zero(bytes, first) || is_all_zero(bytes + size - last, last);
}

/* Reads again what a reset fell into. */
static enum cause
read_out_of_reset(struct core *core, uint32_t at, void *bytes, uint32_t size,
		  struct reason *why)
{
	enum { TRIES = 3 };

	bool was_reset = true;
	enum cause cause = read_plain(core, at, bytes, size, why);

	for (unsigned i = 0; cause == CAUSE_NONE && was_reset && i < TRIES &&
			     may_be_of_reset(core, at, bytes, size);
	     i++) {
		cause = core_check_reset(core, &was_reset, why);
		if (cause == CAUSE_NONE && was_reset)
			cause = read_plain(core, at, bytes, size, why);
	}
	return cause;
}

static void
notice_units(struct core *core, uint32_t at, uint32_t size)
{
	if (at < FP_CTRL_AT + FPB_SIZE && (uint64_t)at + size > FP_CTRL_AT - DWT_SIZE)
		core->is_unit_in_doubt = true;
}

/* Who looks at the breakpoint unit sees what was asked for, and what is put there stays. */
static enum cause
settle_fpb(struct core *core, uint32_t at, uint32_t size, struct reason *why)
{
	if (at >= FP_CTRL_AT + FPB_SIZE || (uint64_t)at + size <= FP_CTRL_AT)
		return CAUSE_NONE;
	return breakpoints_write_due(core, why);
}

enum cause
core_memory_read(struct core *core, uint32_t at, void *bytes, uint32_t size,
		 struct reason *why)
{
	enum cause cause = settle_fpb(core, at, size, why);

	if (cause == CAUSE_NONE)
		cause = read_out_of_reset(core, at, bytes, size, why);
	if (cause == CAUSE_FAULT)
		suspect_protection(core, at, why);
	if (cause == CAUSE_NONE)
		cause = core_check_hidden(core, at, bytes, size, why);
	if (cause != CAUSE_NONE)
		return add_region(core, "read", at, size, why);
	planted_hide(core, at, bytes, size);
	notice_dhcsr(core, at, bytes, size);
	return CAUSE_NONE;
}

static enum cause
refuse_flash(const struct core *core, uint32_t at, struct reason *why)
{
	reason_begin(why, CAUSE_REQUEST,
		     "0x%08x is %s: a plain write does not change what it holds",
		     (unsigned)at, core_region_name(core, at));
	reason_suspect(why, FINDING_REQUEST_FLASH_WRITE);
	return CAUSE_REQUEST;
}

static enum cause
refuse_touching_flash(const struct core *core, uint32_t at, uint32_t size,
		      struct reason *why)
{
	const struct reason *unknown = core_flash_why(core, at);

	if (size == 0)
		return CAUSE_NONE;
	if (unknown != NULL) {
		*why = *unknown;
		return why->cause;
	}
	if (core_is_flash(core, at))
		return refuse_flash(core, at, why);
	if (core_is_flash(core, at + size - 1))
		return refuse_flash(core, at + size - 1, why);
	return CAUSE_NONE;
}

/* Flash and ROM of the Code region (option bytes, the alias at 0) take a write without an
 * error and keep what they have: it must not be reported as done. */
static enum cause
verify_chunk(struct core *core, uint32_t at, const uint8_t *bytes, uint32_t size,
	     struct reason *why)
{
	uint8_t found[CHUNK];
	enum cause cause = mem_read(&core->mem, at, found, size, why);

	for (uint32_t i = 0; cause == CAUSE_NONE && i < size; i++)
		if (found[i] != bytes[i])
			return reason_begin(
				why, CAUSE_MISMATCH,
				"0x%08x did not take the write: it holds 0x%02x, "
				"not 0x%02x",
				(unsigned)(at + i), found[i], bytes[i]);
	return cause;
}

static enum cause
write_chunk(struct core *core, uint32_t at, uint8_t *bytes, uint32_t size,
	    struct reason *why)
{
	enum cause cause;

	planted_keep(core, at, bytes, size);
	cause = mem_write(&core->mem, at, bytes, size, why);
	if (cause == CAUSE_NONE && at < CODE_REGION_END && !core_is_ram(core, at))
		cause = verify_chunk(core, at, bytes, size, why);
	return cause;
}

static enum cause
write_in_chunks(struct core *core, uint32_t at, const uint8_t *bytes, uint32_t size,
		struct reason *why)
{
	enum cause cause = CAUSE_NONE;
	uint8_t chunk[CHUNK];

	while (size > 0 && cause == CAUSE_NONE) {
		uint32_t part = size < CHUNK ? size : CHUNK;

		memcpy(chunk, bytes, part);
		cause = write_chunk(core, at, chunk, part, why);
		at += part;
		bytes += part;
		size -= part;
	}
	return cause;
}

static enum cause
write_any(struct core *core, uint32_t at, const void *bytes, uint32_t size,
	  struct reason *why)
{
	enum cause cause;

	if (at >= CODE_REGION_END && !planted_touches(core, at, size))
		cause = mem_write(&core->mem, at, bytes, size, why);
	else
		cause = write_in_chunks(core, at, bytes, size, why);
	return cause == CAUSE_NONE ? core_code_written(core, why) : cause;
}

/* DDI 0403E.e B3.1: external RAM and devices. */
static bool
is_external(uint32_t at)
{
	return at >= 0x60000000u && at < 0xe0000000u;
}

/* A peripheral or a RAM without its clock takes a write without an error, and reads as zero (RM0440
 * Rev 8, 7.2.18). A register may do so by its nature: more than one of them is a load, or a
 * memory. */
static enum cause
check_clock(struct core *core, uint32_t at, const uint8_t *bytes, uint32_t size,
	    struct reason *why)
{
	enum { REGISTER = 4 };
	uint32_t zeros, looked_at;
	uint8_t found[CHUNK];
	enum cause cause;

	if (size <= REGISTER || core->map == NULL || !core->map->needs_clock(core->map, at))
		return CAUSE_NONE;
	zeros = zeros_before(bytes, size);
	if (zeros == size)
		return CAUSE_NONE;
	zeros = align_down(zeros, REGISTER);
	looked_at = size - zeros < CHUNK ? size - zeros : CHUNK;
	cause = mem_read(&core->mem, at + zeros, found, looked_at, why);
	if (cause != CAUSE_NONE || !is_all_zero(found, looked_at))
		return cause;
	reason_begin(why, CAUSE_MISMATCH,
		     "0x%08x did not take the write: it holds nothing but zeros",
		     (unsigned)(at + zeros));
	reason_suspect(why, FINDING_REQUEST_NO_CLOCK);
	return CAUSE_MISMATCH;
}

static void
suspect_place(const struct core *core, uint32_t at, uint32_t size, struct reason *why)
{
	bool is_ram = core_is_ram(core, at) && core_is_ram(core, at + size - 1);

	if (why->cause == CAUSE_FAULT && is_external(at))
		reason_suspect(why, FINDING_REQUEST_EXTERNAL_MEMORY);
	else if ((why->cause == CAUSE_FAULT || why->cause == CAUSE_MISMATCH) && !is_ram &&
		 at < DEVICE_REGION_AT)
		reason_suspect(why, core_is_option(core, at) ? FINDING_REQUEST_OPTION_BYTES
							     : FINDING_REQUEST_NO_MEMORY);
}

enum cause
core_memory_write(struct core *core, uint32_t at, const void *bytes, uint32_t size,
		  struct reason *why)
{
	enum cause cause = refuse_touching_flash(core, at, size, why);

	core->has_glances = false;
	if (at >= DEVICE_REGION_AT)
		core->is_hidden_known = false;
	if (cause == CAUSE_NONE)
		cause = settle_fpb(core, at, size, why);
	if (cause != CAUSE_NONE)
		return cause;
	notice_units(core, at, size);
	cause = write_any(core, at, bytes, size, why);
	if (cause == CAUSE_NONE)
		cause = check_clock(core, at, bytes, size, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	suspect_place(core, at, size, why);
	return add_region(core, "write", at, size, why);
}
