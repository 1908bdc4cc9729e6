/* SPDX-License-Identifier: MIT */
#include "flash/runner/core_clock.h"

#include "targets/chip/device.h"
#include "transport/base/log.h"

/* The voltage is ready within some tens of microseconds (DS13737), a look takes as long. */
enum { MAX_LOOKS = 100 };

/* NULL: its clock is left as it is. */
static const struct clock_write *
writes_for(const struct device *device)
{
	const struct vitals *vitals = vitals_of(&device_table, device);

	return vitals == NULL || vitals->fast_clock[0].at == 0 ? NULL : vitals->fast_clock;
}

static bool
is_in_list(const struct clock_write *writes, unsigned i)
{
	return i < CLOCK_MAX_WRITES && writes[i].at != 0;
}

/* One that is as it is to be already is written all the same. */
static bool
may_be_written(const struct clock_write *write, uint32_t value)
{
	return (value & write->mask) == write->reset ||
	       (value & write->mask) == write->fast;
}

/* *is_as_reset: all of them. */
static enum cause
read_all(const struct clock_write *writes, struct core *core, struct core_clock *clock,
	 bool *is_as_reset, struct reason *why)
{
	struct mem_word words[CLOCK_MAX_WRITES] = { { 0 } };
	unsigned len = 0;
	enum cause cause;

	for (; is_in_list(writes, len); len++)
		words[len].at = writes[len].at;
	cause = mem_batch(core_memory(core), words, len, why);
	*is_as_reset = cause == CAUSE_NONE;
	for (unsigned i = 0; i < len; i++) {
		clock->found[i] = words[i].value;
		if (!may_be_written(&writes[i], words[i].value))
			*is_as_reset = false;
	}
	return cause;
}

static enum cause
await_ready(const struct clock_write *write, struct core *core, uint32_t value,
	    bool *is_ready, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (unsigned looks = 0; cause == CAUSE_NONE && looks < MAX_LOOKS &&
				 (value & write->ready) != write->ready;
	     looks++)
		cause = mem_read32(core_memory(core), write->at, &value, why);
	*is_ready = (value & write->ready) == write->ready;
	return cause;
}

/* The registers may be closed to us: then the clock stays, and nothing is faster. */
static enum cause
write_one(const struct clock_write *write, uint32_t found, struct core *core,
	  bool *is_taken, struct reason *why)
{
	uint32_t changed = write->reset ^ write->fast;
	struct mem_word words[] = {
		{ write->at, (found & ~write->mask) | write->fast, true },
		{ write->at, 0, false },
	};
	enum cause cause = mem_batch(core_memory(core), words, array_len(words), why);

	*is_taken = (words[1].value & changed) == (write->fast & changed);
	if (cause != CAUSE_NONE || !*is_taken)
		return cause;
	return await_ready(write, core, words[1].value, is_taken, why);
}

static enum cause
raise_one(const struct clock_write *write, uint32_t *found, struct core *core,
	  bool *is_taken, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (write->is_gated)
		cause = mem_read32(core_memory(core), write->at, found, why);
	*is_taken = may_be_written(write, *found);
	if (cause != CAUSE_NONE || !*is_taken)
		return cause;
	return write_one(write, *found, core, is_taken, why);
}

enum cause
core_clock_raise(struct core_clock *clock, struct core *core, const struct device *device,
		 struct reason *why)
{
	const struct clock_write *writes = writes_for(device);
	bool goes_on = false;
	enum cause cause = CAUSE_NONE;

	if (writes != NULL)
		cause = read_all(writes, core, clock, &goes_on, why);
	while (cause == CAUSE_NONE && goes_on && is_in_list(writes, clock->len)) {
		unsigned i = clock->len++;

		if (writes[i].reset != writes[i].fast)
			cause = raise_one(&writes[i], &clock->found[i], core, &goes_on,
					  why);
	}
	if (cause != CAUSE_NONE)
		return reason_while(why, "giving %s a faster clock", core_name(core));
	if (clock->len > 0)
		log_debug("flash", "%s %s a faster clock than after a reset",
			  core_name(core), goes_on ? "has" : "does not take");
	return CAUSE_NONE;
}

enum cause
core_clock_lower(struct core_clock *clock, struct core *core, const struct device *device,
		 struct reason *why)
{
	const struct clock_write *writes = writes_for(device);
	enum cause cause = CAUSE_NONE;

	while (cause == CAUSE_NONE && clock->len > 0) {
		unsigned i = --clock->len;

		if (writes[i].reset != writes[i].fast)
			cause = mem_write32(core_memory(core), writes[i].at,
					    clock->found[i], why);
	}
	return cause == CAUSE_NONE
		       ? cause
		       : reason_while(why, "putting back the clock of %s", core_name(core));
}
