/* SPDX-License-Identifier: MIT */
#include "transport/probe/faulty.h"

#include "transport/base/bytes.h"
#include "transport/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORD "faulty:"

enum {
	DELAY_US = 5000,
	ASKING_US = 100, /* what an access that is answered so costs, by any clock */
	LASTING_MS = 300 /* longer than transport/adi retries a WAIT */
};

/* What can go wrong in one call. */
struct fault {
	const char *words;
	enum cause cause;
	enum swd_ack ack;
	uint8_t weight;
	bool is_lasting;   /* the same for LASTING_MS */
	bool is_for_good;  /* the probe does not come back */
	bool is_forgetful; /* the last transfer that was done does not count */
	bool is_only_slow; /* nothing fails */
};

static const struct fault faults[] = {
	{ .words = "the target answered WAIT",
	  .cause = CAUSE_TIMEOUT,
	  .ack = ACK_WAIT,
	  .weight = 6 },
	{ .words =
		  "the target answered WAIT, and is not sure to have done what came before",
	  .cause = CAUSE_TIMEOUT,
	  .ack = ACK_WAIT,
	  .weight = 2,
	  .is_forgetful = true },
	{ .words = "the target goes on answering WAIT",
	  .cause = CAUSE_TIMEOUT,
	  .ack = ACK_WAIT,
	  .weight = 1,
	  .is_lasting = true },
	{ .words = "the target answered FAULT",
	  .cause = CAUSE_FAULT,
	  .ack = ACK_FAULT,
	  .weight = 2 },
	{ .words = "the target did not answer",
	  .cause = CAUSE_GONE,
	  .ack = ACK_NONE,
	  .weight = 1 },
	{ .words = "the target's answer has a wrong parity",
	  .cause = CAUSE_GONE,
	  .ack = ACK_PARITY,
	  .weight = 1 },
	{ .words = "the probe did not answer in time",
	  .cause = CAUSE_TIMEOUT,
	  .ack = ACK_UNKNOWN,
	  .weight = 1 },
	{ .words = "the probe was pulled",
	  .cause = CAUSE_GONE,
	  .ack = ACK_UNKNOWN,
	  .weight = 1,
	  .is_for_good = true },
	{ .weight = 4, .is_only_slow = true },
};

struct faulty {
	struct probe probe;
	struct probe_ops ops; /* without what the inner one cannot */
	struct probe_memory_ops memory_ops;
	struct probe *inner;
	uint64_t random;
	uint32_t rate;
	const struct fault *lasting;
	struct deadline lasts_until;
	bool is_gone;
};

static struct faulty *
faulty_of(struct probe *probe)
{
	return container_of(probe, struct faulty, probe);
}

/* xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators"). */
static uint32_t
draw(struct faulty *faulty, uint32_t below)
{
	uint64_t x = faulty->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	faulty->random = x;
	return (uint32_t)((x * UINT64_C(0x2545f4914f6cdd1d)) >> 32) % below;
}

static const struct fault *
draw_fault(struct faulty *faulty)
{
	uint32_t weights = 0, ticket;
	size_t i = 0;

	for (size_t each = 0; each < array_len(faults); each++)
		weights += faults[each].weight;
	for (ticket = draw(faulty, weights); ticket >= faults[i].weight; i++)
		ticket -= faults[i].weight;
	return &faults[i];
}

static void
begin(struct faulty *faulty, const struct fault *fault)
{
	if (fault->is_only_slow)
		clock_sleep_us(faulty->probe.clock, DELAY_US);
	if (fault->is_lasting) {
		faulty->lasting = fault;
		faulty->lasts_until = deadline_in_ms(faulty->probe.clock, LASTING_MS);
	}
}

/* The fault of this call; NULL: none. */
static const struct fault *
next_fault(struct faulty *faulty)
{
	const struct fault *fault;

	if (faulty->lasting != NULL && !deadline_is_over(&faulty->lasts_until)) {
		clock_sleep_us(faulty->probe.clock, ASKING_US);
		return faulty->lasting;
	}
	faulty->lasting = NULL;
	if (faulty->rate == 0 || draw(faulty, faulty->rate) != 0)
		return NULL;
	fault = draw_fault(faulty);
	begin(faulty, fault);
	return fault->is_only_slow ? NULL : fault;
}

static enum cause
tell(struct faulty *faulty, const struct fault *fault, struct reason *why)
{
	faulty->is_gone = fault->is_for_good;
	return reason_begin(why, fault->cause, "%s (injected by --probe faulty)",
			    fault->words);
}

static enum cause
check_there(const struct faulty *faulty, struct reason *why)
{
	if (!faulty->is_gone)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_GONE,
			    "the probe is no longer there (injected by --probe faulty)");
}

/* For calls that have no outcome: they fail before anything is done. */
static enum cause
may_begin(struct faulty *faulty, struct reason *why)
{
	enum cause cause = check_there(faulty, why);
	const struct fault *fault = cause == CAUSE_NONE ? next_fault(faulty) : NULL;

	return fault == NULL ? cause : tell(faulty, fault, why);
}

/* For calls that move nothing on the wire: only the probe itself can fail. */
static enum cause
may_ask_probe(struct faulty *faulty, struct reason *why)
{
	enum cause cause = check_there(faulty, why);
	const struct fault *fault = cause == CAUSE_NONE ? next_fault(faulty) : NULL;

	return fault == NULL || fault->ack != ACK_UNKNOWN ? cause
							  : tell(faulty, fault, why);
}

/* How many of `units` are done before the fault. */
static uint32_t
draw_done(struct faulty *faulty, const struct fault *fault, size_t units)
{
	return (uint32_t)(fault == NULL || units == 0 ? units
						      : draw(faulty, (uint32_t)units));
}

/* Those not sure to be done do not count, `unit` at most. */
static enum cause
end_early(struct faulty *faulty, const struct fault *fault, size_t unit,
	  struct outcome *outcome, struct reason *why)
{
	outcome->ack = fault->ack;
	if (fault->is_forgetful && outcome->finished >= unit)
		outcome->finished -= unit;
	return tell(faulty, fault, why);
}

/* A register write that was acknowledged is known to be done, and WAIT says that it still is
 * under way (IHI 0031G B4.2); a read's value may be lost. */
static size_t
forgettable(const struct transfer *batch, size_t done)
{
	enum transfer_kind kind = done > 0 ? batch[done - 1].kind : TRANSFER_AP_WRITE;

	return kind == TRANSFER_DP_READ || kind == TRANSFER_AP_READ ||
			       kind == TRANSFER_MEM_READ
		       ? 1
		       : 0;
}

static enum cause
faulty_transfer(struct probe *probe, struct transfer *batch, size_t len,
		struct outcome *outcome, struct reason *why)
{
	struct faulty *faulty = faulty_of(probe);
	enum cause cause = check_there(faulty, why);
	const struct fault *fault = cause == CAUSE_NONE ? next_fault(faulty) : NULL;
	size_t done = draw_done(faulty, fault, len);

	if (cause == CAUSE_NONE && done > 0)
		cause = probe_transfer(faulty->inner, batch, done, outcome, why);
	return cause != CAUSE_NONE || fault == NULL
		       ? cause
		       : end_early(faulty, fault, forgettable(batch, done), outcome, why);
}

static enum cause
faulty_move_block(struct probe *probe, const struct probe_block *block,
		  struct outcome *outcome, struct reason *why)
{
	struct faulty *faulty = faulty_of(probe);
	enum cause cause = check_there(faulty, why);
	const struct fault *fault = cause == CAUSE_NONE ? next_fault(faulty) : NULL;
	struct probe_block done = *block;

	done.size = draw_done(faulty, fault, block->size / block->width) * block->width;
	if (cause == CAUSE_NONE && done.size > 0)
		cause = probe_move_block(faulty->inner, &done, outcome, why);
	return cause != CAUSE_NONE || fault == NULL
		       ? cause
		       : end_early(faulty, fault, block->width, outcome, why);
}

/* All of the registers come, or none. */
static enum cause
faulty_read_core(struct probe *probe, uint32_t ap, uint32_t registers[PROBE_CORE_REGISTERS],
		 struct outcome *outcome, struct reason *why)
{
	struct faulty *faulty = faulty_of(probe);
	enum cause cause = check_there(faulty, why);
	const struct fault *fault = cause == CAUSE_NONE ? next_fault(faulty) : NULL;

	if (cause == CAUSE_NONE && fault == NULL)
		return probe_read_core(faulty->inner, ap, registers, outcome, why);
	return cause != CAUSE_NONE ? cause : end_early(faulty, fault, 1, outcome, why);
}

static enum cause
faulty_enter_swd(struct probe *probe, struct reason *why)
{
	enum cause cause = may_begin(faulty_of(probe), why);

	/* This call has no acknowledge: its cause says what the wire answered. */
	if (cause == CAUSE_FAULT)
		cause = reason_becomes(why, CAUSE_GONE);
	return cause == CAUSE_NONE ? probe_enter_swd(faulty_of(probe)->inner, why) : cause;
}

/* FORWARD(name, parameters, arguments): the inner probe's, if the probe is there. */
#define FORWARD(name, parameters, call)                                  \
	static enum cause faulty_##name parameters                       \
	{                                                                \
		enum cause cause = may_ask_probe(faulty_of(probe), why); \
                                                                         \
		return cause == CAUSE_NONE ? probe_##name call : cause;  \
	}
#define INNER (faulty_of(probe)->inner)

FORWARD(leave, (struct probe * probe, struct reason *why), (INNER, why))
FORWARD(set_clock, (struct probe * probe, uint32_t *hz, struct reason *why),
	(INNER, hz, why))
FORWARD(drive_nrst, (struct probe * probe, bool low, struct reason *why), (INNER, low, why))
FORWARD(measure_vtarget, (struct probe * probe, unsigned *millivolts, struct reason *why),
	(INNER, millivolts, why))
FORWARD(read_pins, (struct probe * probe, struct probe_pins *pins, struct reason *why),
	(INNER, pins, why))
FORWARD(swo_start, (struct probe * probe, uint32_t *baud, struct reason *why),
	(INNER, baud, why))
FORWARD(swo_read,
	(struct probe * probe, uint8_t *bytes, size_t max, size_t *got, struct reason *why),
	(INNER, bytes, max, got, why))
FORWARD(swo_stop, (struct probe * probe, struct reason *why), (INNER, why))

static void
faulty_close(struct probe *probe)
{
	probe_close(faulty_of(probe)->inner);
	free(faulty_of(probe));
}

static const struct probe_swo_ops swo_ops = {
	.start = faulty_swo_start,
	.read = faulty_swo_read,
	.stop = faulty_swo_stop,
};

static const struct probe_ops all_ops = {
	.close = faulty_close,
	.enter_swd = faulty_enter_swd,
	.leave = faulty_leave,
	.set_clock = faulty_set_clock,
	.transfer = faulty_transfer,
	.drive_nrst = faulty_drive_nrst,
	.measure_vtarget = faulty_measure_vtarget,
	.read_pins = faulty_read_pins,
};

/* What the inner probe can, and nothing else, so that callers take the same ways. */
static void
take_abilities(struct faulty *faulty, const struct probe_ops *inner)
{
	faulty->ops = all_ops;
	faulty->ops.can_match = inner->can_match;
	faulty->ops.port_max = inner->port_max;
	if (inner->measure_vtarget == NULL)
		faulty->ops.measure_vtarget = NULL;
	if (inner->read_pins == NULL)
		faulty->ops.read_pins = NULL;
	if (inner->swo != NULL)
		faulty->ops.swo = &swo_ops;
	if (inner->memory == NULL)
		return;
	faulty->memory_ops = (struct probe_memory_ops){ .move = faulty_move_block };
	if (inner->memory->read_core != NULL) {
		faulty->memory_ops.read_core = faulty_read_core;
		faulty->memory_ops.read_core_ports = inner->memory->read_core_ports;
	}
	faulty->ops.memory = &faulty->memory_ops;
}

enum cause
faulty_wrap(struct probe *inner, uint64_t seed, uint32_t rate, struct probe **probe,
	    struct reason *why)
{
	/* An odd constant keeps the generator from its one bad state, 0. */
	const uint64_t no_zero = UINT64_C(0x9e3779b97f4a7c15);
	struct faulty *faulty = calloc(1, sizeof(*faulty));

	if (faulty == NULL) {
		probe_close(inner);
		return reason_begin(why, CAUSE_HOST, "no memory for a probe");
	}
	take_abilities(faulty, inner->ops);
	faulty->probe.ops = &faulty->ops;
	faulty->probe.clock = inner->clock;
	faulty->probe.identity = inner->identity;
	faulty->probe.usual_hz = inner->usual_hz;
	faulty->probe.reads_at_once = inner->reads_at_once;
	faulty->probe.identity.spec[0] = '\0'; /* which would be without faults */
	faulty->inner = inner;
	faulty->random = (seed + 1) * no_zero;
	faulty->rate = rate;
	*probe = &faulty->probe;
	return CAUSE_NONE;
}

/* A decimal number with a colon behind it; goes on behind that. */
static bool
take_number(const char **words, unsigned long *number)
{
	char *end;

	if (**words < '0' || **words > '9')
		return false;
	errno = 0;
	*number = strtoul(*words, &end, 10);
	if (errno != 0 || *end != ':')
		return false;
	*words = end + 1;
	return true;
}

/* What is behind "faulty:SEED[:RATE]:"; NULL when that is wrong. */
static const char *
take_words(const char *words, unsigned long *seed, unsigned long *rate)
{
	const char *rest = words + strlen(WORD);

	*rate = FAULTY_RATE;
	if (!text_begins(words, WORD) || !take_number(&rest, seed))
		return NULL;
	(void)take_number(&rest, rate);
	return *rate > UINT32_MAX ? NULL : rest;
}

static const char *
faulty_inside(const char *words)
{
	unsigned long seed, rate;

	return take_words(words, &seed, &rate);
}

static enum cause
faulty_open(struct probe *inner, const char *words, struct probe **probe,
	    struct reason *why)
{
	unsigned long seed = 0, rate = 0;

	(void)take_words(words, &seed, &rate);
	return faulty_wrap(inner, seed, (uint32_t)rate, probe, why);
}

const struct probe_kind faulty_kind = {
	.name = "faulty",
	.form = WORD "SEED[:RATE]:PROBE",
	.inside = faulty_inside,
	.wrap = faulty_open,
};
