/* SPDX-License-Identifier: MIT */
/*
 * hidden.c - zeros that are not what the flash holds: a debugger's read of PCROP and secure areas brings
 * them without an error. Only a read with a whole block of them asks the flash controller, at most once
 * while the core stays halted.
 */
#include "targets/core/core_internal.h"

enum { BLOCK = 8 /* no area begins or ends within one */, TRIES = 3 };

/* All of a block, or all that was read of it. */
static bool
has_zero_block(uint32_t at, const uint8_t *bytes, uint32_t size)
{
	uint32_t len;

	for (uint32_t i = 0; i < size; i += len) {
		len = BLOCK - (at + i) % BLOCK;
		if (len > size - i)
			len = size - i;
		if (is_all_zero(bytes + i, len))
			return true;
	}
	return false;
}

static bool
may_hide(const struct core *core, uint32_t at, uint32_t size)
{
	return core->map != NULL && core->map->hidden != NULL && size > 0 &&
	       core->map->may_hide(core->map, at, size);
}

/* A controller that refuses says nothing, and that it is in reset is found out when it names an
 * area: its registers read as zeros then. */
static enum cause
read_ranges(struct core *core, struct reason *why)
{
	bool was_reset = true;
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; cause == CAUSE_NONE && was_reset && i < TRIES; i++) {
		struct reason refused = REASON_INIT;

		was_reset = false;
		cause = core->map->hidden(core->map, core, &core->hidden, &refused);
		if (cause != CAUSE_NONE && cause != CAUSE_FAULT)
			*why = refused;
		if (cause == CAUSE_FAULT)
			cause = CAUSE_NONE;
		else if (cause == CAUSE_NONE && core->hidden.len > 0)
			cause = core_check_reset(core, &was_reset, why);
	}
	return cause;
}

static enum cause
know_ranges(struct core *core, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (core->is_hidden_known)
		return CAUSE_NONE;
	cause = read_ranges(core, why);
	core->is_hidden_known = cause == CAUSE_NONE && core->is_halted;
	return cause == CAUSE_NONE
		       ? CAUSE_NONE
		       : reason_while(why,
				      "looking for parts of the flash that read as zeros");
}

static bool
is_zero_where(const struct hidden_range *range, uint32_t at, const uint8_t *bytes,
	      uint32_t size)
{
	uint32_t from = range->at > at ? range->at - at : 0;
	uint64_t to = (uint64_t)range->at + range->size - at;

	return is_all_zero(bytes + from, (to < size ? (uint32_t)to : size) - from);
}

static enum cause
refuse(const struct hidden_range *range, struct reason *why)
{
	uint32_t last = range->at + range->size - 1;

	if (range->how != NULL) {
		reason_begin(why, CAUSE_FAULT,
			     "0x%08x to 0x%08x is read-protected by %s (%s): the chip "
			     "answers a debugger with zeros",
			     (unsigned)range->at, (unsigned)last, range->what, range->name);
		reason_suspect(why, FINDING_D5);
		return CAUSE_FAULT;
	}
	return reason_begin(
		why, CAUSE_FAULT,
		"0x%08x to 0x%08x is %s: the chip answers a debugger with zeros",
		(unsigned)range->at, (unsigned)last, range->what);
}

enum cause
core_check_hidden(struct core *core, uint32_t at, const uint8_t *bytes, uint32_t size,
		  struct reason *why)
{
	enum cause cause;

	if (!may_hide(core, at, size) || !has_zero_block(at, bytes, size))
		return CAUSE_NONE;
	cause = know_ranges(core, why);
	if (cause != CAUSE_NONE)
		return cause;
	for (size_t i = 0; i < core->hidden.len; i++) {
		const struct hidden_range *range = &core->hidden.list[i];

		if (hidden_touches(range, at, size) &&
		    is_zero_where(range, at, bytes, size))
			return refuse(range, why);
	}
	return CAUSE_NONE;
}

enum cause
core_is_hidden(struct core *core, uint32_t at, uint32_t size, bool *is_hidden,
	       struct reason *why)
{
	enum cause cause;

	*is_hidden = false;
	if (!may_hide(core, at, size))
		return CAUSE_NONE;
	cause = know_ranges(core, why);
	if (cause == CAUSE_NONE)
		*is_hidden = hidden_find(&core->hidden, at, size) != NULL;
	return cause;
}
