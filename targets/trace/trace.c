/* SPDX-License-Identifier: MIT */
#include "targets/trace/trace.h"

#include "targets/chip/trace_unit.h"
#include "targets/core/cortex_m.h"

/* The TPIU's and, at the same offsets, the SWO unit's (DDI 0403E.e C1.10.3 to 5, RM0399 63.5.6). */
enum {
	CSPSR = 0x004,
	ACPR = 0x010,
	SPPR = 0x0f0,
	FFCR = 0x304,
	LAR = 0xfb0,
	FUNNEL_CTRL = 0
};
enum {
	DIVIDER_MAX = 0x1fff,
	ONE_PIN = 1,
	NRZ = 2,
	FFCR_ENFCONT = 1 << 1,
	FFCR_TRIGIN = 1 << 8
};
/* The ITM's (C1.7.6). Bus identifier 1; SYNCENA, so that a reader that has lost bytes finds the
 * next packet; TXENA for the DWT's packets. */
#define ITM_TER_AT 0xe0000e00u
#define ITM_TPR_AT 0xe0000e40u
#define ITM_LAR_AT 0xe0000fb0u
enum {
	TCR_FIELDS = 0x007f000f,
	TCR_ITMENA = 1 << 0,
	TCR_SYNCENA = 1 << 2,
	TCR_TXENA = 1 << 3,
	TCR_BUS_1 = 1 << 16
};
#define UNLOCK 0xc5acce55u
/* DWT_CTRL (C1.8.7): synchronization packets come by bit 24 of a cycle counter that runs. */
enum { CTRL_CYCCNTENA = 1, CTRL_SYNCTAP = 3 << 10, CTRL_SYNCTAP_24 = 1 << 10 };

static void
plan(struct trace *trace, uint32_t at, uint32_t mask, uint32_t value)
{
	trace->words[trace->len++] =
		(struct trace_word){ .at = at, .mask = mask, .value = value };
}

static void
plan_blind(struct trace *trace, uint32_t at, uint32_t value)
{
	plan(trace, at, UINT32_MAX, value);
	trace->words[trace->len - 1].is_blind = true;
}

static enum cause
divide(uint32_t trace_hz, uint32_t *baud, uint32_t *divider, struct reason *why)
{
	uint64_t wanted = *baud, given;

	*divider = (uint32_t)((trace_hz + wanted / 2) / wanted);
	*divider = *divider == 0 ? 1 : *divider;
	given = trace_hz / *divider;
	if (*divider - 1 > DIVIDER_MAX ||
	    (given > wanted ? given - wanted : wanted - given) * 100 >
		    wanted * TRACE_ERROR_PERCENT) {
		reason_begin(why, CAUSE_REQUEST,
			     "no divider of %u Hz comes within %d %% of %u baud",
			     (unsigned)trace_hz, TRACE_ERROR_PERCENT, (unsigned)wanted);
		reason_suspect_with(why, FINDING_REQUEST_SWO_BAUD, "%u", (unsigned)given);
		return CAUSE_REQUEST;
	}
	*baud = (uint32_t)given;
	return CAUSE_NONE;
}

/* NULL: there is none, for the reason in `why`. */
static const struct trace_unit *
find_unit(struct board *board, unsigned core, struct reason *why)
{
	const struct device_family *family =
		device_family_of(&device_table, board_chip(board)->device);

	if ((core_identity(board_core(board, core))->features & FEATURE_MAINLINE) == 0) {
		reason_begin(why, CAUSE_UNSUPPORTED, "%s has no ITM, and sends no trace",
			     core_name(board_core(board, core)));
		return NULL;
	}
	if (family == NULL || family->trace == NULL) {
		reason_begin(why, CAUSE_UNSUPPORTED,
			     "what sends trace is not known of this chip: %s",
			     board_describe(board));
		return NULL;
	}
	return family->trace;
}

/* DDI 0403E.e C1.6.5: without TRCENA neither DWT nor ITM work; it is off while no client is
 * attached. */
static void
plan_power(struct trace *trace, const struct trace_unit *unit)
{
	plan(trace, unit->pin_at, unit->pin_mask, unit->pin_value);
	plan(trace, DEMCR_AT, REG_MASK(DEMCR_TRCENA), REG_MASK(DEMCR_TRCENA));
	for (size_t i = 0; i < trace->len; i++)
		trace->words[i].is_given_back = true;
}

/* The board may have but one of the chip's cores. */
static unsigned
funnel_port(struct board *board, struct core *core)
{
	const struct device *device = board_chip(board)->device;

	for (unsigned i = 0; i < DEVICE_MAX_CORES; i++)
		if (device->cores[i].name != NULL &&
		    device->cores[i].ap == core_memory(core)->ap)
			return i;
	return 0;
}

static void
plan_unit(struct trace *trace, const struct trace_unit *unit, unsigned port,
	  uint32_t divider)
{
	if (unit->funnel_at != 0) {
		plan_blind(trace, unit->funnel_at + LAR, UNLOCK);
		plan_blind(trace, unit->funnel_at + FUNNEL_CTRL, 1u << port);
	}
	if (unit->is_swo_unit)
		plan_blind(trace, unit->at + LAR, UNLOCK);
	else
		plan_blind(trace, unit->at + CSPSR, ONE_PIN);
	plan(trace, unit->at + ACPR, DIVIDER_MAX, divider - 1);
	plan(trace, unit->at + SPPR, NRZ | 1, NRZ);
	if (!unit->is_swo_unit)
		plan(trace, unit->at + FFCR, FFCR_ENFCONT, 0);
}

static void
keep_before(struct trace *trace, const struct trace *earlier)
{
	for (size_t i = 0; i < trace->len; i++)
		for (size_t j = 0; j < earlier->len; j++)
			if (earlier->words[j].at == trace->words[i].at) {
				trace->words[i].before = earlier->words[j].before;
				trace->words[i].is_before_known =
					earlier->words[j].is_before_known;
			}
}

enum cause
trace_plan(struct trace *trace, struct board *board, unsigned core, uint32_t trace_hz,
	   uint32_t *baud, uint32_t ports, struct reason *why)
{
	const struct trace earlier = *trace;
	const struct trace_unit *unit = find_unit(board, core, why);
	uint32_t divider = 0;
	enum cause cause;

	*trace = (struct trace){ .core = board_core(board, core) };
	if (unit == NULL)
		return why->cause;
	cause = divide(trace_hz, baud, &divider, why);
	if (cause != CAUSE_NONE)
		return cause;
	plan_power(trace, unit);
	keep_before(trace, &earlier);
	plan_unit(trace, unit, funnel_port(board, trace->core), divider);
	plan_blind(trace, ITM_LAR_AT, UNLOCK);
	plan(trace, ITM_TPR_AT, UINT32_MAX, 0);
	plan(trace, ITM_TER_AT, UINT32_MAX, ports);
	plan(trace, DWT_CTRL_AT, CTRL_CYCCNTENA | CTRL_SYNCTAP,
	     CTRL_CYCCNTENA | CTRL_SYNCTAP_24);
	plan(trace, ITM_TCR_AT, TCR_FIELDS,
	     TCR_ITMENA | TCR_SYNCENA | TCR_TXENA | TCR_BUS_1);
	return CAUSE_NONE;
}

static struct mem_ap *
mem_of(const struct trace *trace)
{
	return core_memory(trace->core);
}

/* Bits beyond the mask stay what they are. */
static enum cause
put_word(struct trace *trace, const struct trace_word *word, struct reason *why)
{
	uint32_t value = 0;
	enum cause cause = word->mask == UINT32_MAX
				   ? CAUSE_NONE
				   : mem_read32(mem_of(trace), word->at, &value, why);

	if (cause == CAUSE_NONE)
		cause = mem_write32(mem_of(trace), word->at,
				    (value & ~word->mask) | word->value, why);
	return cause == CAUSE_NONE ? cause
				   : reason_while(why, "setting trace up at 0x%08x",
						  (unsigned)word->at);
}

/* A chip that kept its supply still has what was written there before its probe was lost. */
static void
note_before(struct trace_word *word, uint32_t value)
{
	if (word->is_before_known && value == word->value)
		return;
	word->before = value;
	word->is_before_known = true;
}

static enum cause
compare(struct trace *trace, bool *differs, struct reason *why)
{
	*differs = false;
	for (size_t i = 0; i < trace->len && (!*differs || !trace->was_applied); i++) {
		struct trace_word *word = &trace->words[i];
		uint32_t value = word->value;
		enum cause cause;

		if (word->is_blind || (*differs && !word->is_given_back))
			continue;
		cause = mem_read32(mem_of(trace), word->at, &value, why);
		if (cause != CAUSE_NONE)
			return cause;
		if (!trace->was_applied)
			note_before(word, value & word->mask);
		*differs = *differs || ((value ^ word->value) & word->mask) != 0;
	}
	return CAUSE_NONE;
}

enum cause
trace_apply(struct trace *trace, bool *wrote, struct reason *why)
{
	enum cause cause = compare(trace, wrote, why);

	trace->was_applied = true;
	for (size_t i = 0; *wrote && cause == CAUSE_NONE && i < trace->len; i++)
		cause = put_word(trace, &trace->words[i], why);
	return cause;
}

/* What gives the others their clock comes last. */
enum cause
trace_end(struct trace *trace, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (!trace->was_applied)
		return CAUSE_NONE;
	trace->was_applied = false;
	cause = mem_write32(mem_of(trace), ITM_TER_AT, 0, why);
	if (cause == CAUSE_NONE)
		cause = mem_write32(mem_of(trace), ITM_TCR_AT, 0, why);
	for (size_t i = trace->len; cause == CAUSE_NONE && i-- > 0;) {
		struct trace_word word = trace->words[i];

		word.value = word.before;
		if (word.is_given_back)
			cause = put_word(trace, &word, why);
	}
	return cause;
}
