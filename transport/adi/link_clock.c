/* SPDX-License-Identifier: MIT */
#include "transport/adi/link_clock.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <stdlib.h>
#include <string.h>

/* The fastest of an ST-LINK/V2, of a V3 and of the usual CMSIS-DAP, and steps on the way: each is
 * at least a quarter faster than the one before. */
static const uint32_t steps_hz[] = { 4000000, 8000000, 10000000, 24000000 };

bool
link_clock_is_raised(const struct dap *dap)
{
	return dap->raised.from_hz != 0;
}

void
link_clock_distrust(struct dap *dap)
{
	dap->raised.limit_hz =
		dap->raised.from_hz != 0 ? dap->raised.from_hz : dap->probe->clock_hz;
}

void
link_clock_forget(struct dap *dap)
{
	dap->raised = (struct dap_raised){ 0 };
}

void
link_clock_allow_slower(struct dap *dap)
{
	dap->raised.may_slow = true;
}

bool
link_clock_has_given_way(const struct dap *dap)
{
	return dap->raised.has_given_way;
}

bool
link_clock_may_fall_back(const struct dap *dap, enum cause cause, const struct reason *why)
{
	const struct dap_raised *raised = &dap->raised;
	bool is_damaged = probe_is_link_suspect(why);

	if (probe_is_lost(dap->probe))
		return false;
	if (link_clock_is_raised(dap))
		return is_damaged || cause == CAUSE_GONE;
	return raised->may_slow && probe_slower_clock(dap->probe->clock_hz) != 0 &&
	       (is_damaged || (cause == CAUSE_GONE && raised->limit_hz != 0));
}

static enum cause
set_clock(struct dap *dap, uint32_t hz, struct reason *why)
{
	return probe_set_clock(dap->probe, &hz, why);
}

enum cause
link_clock_lower(struct dap *dap, struct reason *why)
{
	uint32_t hz = dap->raised.from_hz;

	if (!link_clock_is_raised(dap))
		return CAUSE_NONE;
	dap->raised.from_hz = dap->raised.before_hz = 0;
	return set_clock(dap, hz, why);
}

/* The clock in use was too fast: no faster one is tried again in this connection. */
static void
step_down(struct dap *dap, uint32_t *hz)
{
	struct dap_raised *raised = &dap->raised;

	if (!link_clock_is_raised(dap)) {
		raised->has_given_way = true;
		raised->limit_hz = *hz = probe_slower_clock(dap->probe->clock_hz);
		return;
	}
	raised->limit_hz = *hz = raised->before_hz;
	raised->before_hz = raised->from_hz;
	if (*hz == raised->from_hz)
		raised->from_hz = raised->before_hz = 0;
}

/* An ordinary outcome of a try; later it says that the link is worse than the check had found. */
static void
log_too_fast(const struct dap *dap, uint32_t fast_hz, const struct reason *why)
{
	static const char words[] =
		"SWD clock: %u kHz from now on, since %u kHz is too fast: %s";
	unsigned khz = dap->probe->clock_hz / HZ_PER_KHZ, fast_khz = fast_hz / HZ_PER_KHZ;

	if (dap->raised.is_trying)
		log_debug("adi", words, khz, fast_khz, reason_root(why));
	else
		log_warning("adi", words, khz, fast_khz, reason_root(why));
}

enum cause
link_clock_fall_back(struct dap *dap, enum cause cause, struct reason *why)
{
	uint32_t fast_hz = dap->probe->clock_hz, hz;
	struct reason second = REASON_INIT;

	do {
		second = (struct reason)REASON_INIT;
		step_down(dap, &hz);
		if (set_clock(dap, hz, &second) != CAUSE_NONE)
			return cause;
	} while (dap_connect(dap, &second) != CAUSE_NONE &&
		 link_clock_may_fall_back(dap, second.cause, &second));
	if (second.cause != CAUSE_NONE)
		return cause;
	log_too_fast(dap, fast_hz, why);
	*why = (struct reason)REASON_INIT;
	return CAUSE_NONE;
}

static enum cause
check(struct mem_ap *mem, const struct link_sample *sample, uint8_t *found,
      struct reason *why)
{
	struct reason differs = REASON_INIT;
	enum cause cause = mem_read(mem, sample->at, found, sample->size, why);

	if (cause != CAUSE_NONE || memcmp(found, sample->bytes, sample->size) == 0)
		return cause;
	reason_begin(&differs, CAUSE_GONE, "memory was read wrong");
	return link_clock_fall_back(mem->dap, CAUSE_GONE, &differs);
}

/* *is_carried: it is in use now, and the sample was read right. */
static enum cause
try_step(struct mem_ap *mem, uint32_t hz, const struct link_sample *sample, uint8_t *found,
	 bool *is_carried, struct reason *why)
{
	struct dap *dap = mem->dap;
	struct dap_raised before = dap->raised;
	uint32_t before_hz = dap->probe->clock_hz;
	enum cause cause = set_clock(dap, hz, why);

	if (cause != CAUSE_NONE)
		return cause;
	*is_carried = dap->probe->clock_hz > before_hz;
	if (!*is_carried)
		return CAUSE_NONE;
	dap->raised.before_hz = before_hz;
	if (before.from_hz == 0)
		dap->raised.from_hz = before_hz;
	cause = check(mem, sample, found, why);
	*is_carried = dap->probe->clock_hz > before_hz;
	return cause;
}

static enum cause
try_steps(struct mem_ap *mem, const struct link_sample *sample, uint8_t *found,
	  struct reason *why)
{
	struct dap *dap = mem->dap;
	bool is_carried = true;
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; cause == CAUSE_NONE && i < array_len(steps_hz); i++) {
		if (steps_hz[i] <= dap->probe->clock_hz)
			continue;
		if (dap->raised.limit_hz != 0)
			break;
		cause = try_step(mem, steps_hz[i], sample, found, &is_carried, why);
	}
	return cause;
}

enum cause
link_clock_raise(struct mem_ap *mem, const struct link_sample *sample, struct reason *why)
{
	struct dap *dap = mem->dap;
	uint32_t before_hz = dap->probe->clock_hz;
	uint8_t *found;
	enum cause cause;

	if (before_hz == 0 || dap->raised.limit_hz != 0)
		return CAUSE_NONE;
	found = malloc(sample->size);
	if (found == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	dap->raised.is_trying = true;
	cause = try_steps(mem, sample, found, why);
	dap->raised.is_trying = false;
	free(found);
	if (cause != CAUSE_NONE)
		return reason_while(why, "trying a faster SWD clock");
	if (dap->probe->clock_hz > before_hz)
		log_debug("adi", "SWD clock: %u kHz, raised from %u kHz",
			  (unsigned)dap->probe->clock_hz / HZ_PER_KHZ,
			  (unsigned)before_hz / HZ_PER_KHZ);
	return CAUSE_NONE;
}
