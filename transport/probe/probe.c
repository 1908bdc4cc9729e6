/* SPDX-License-Identifier: MIT */
#include "transport/probe/probe.h"

#include "transport/base/bytes.h"
#include "transport/base/text.h"
#include "transport/probe/probe_kind.h"

#include <assert.h>
#include <string.h>

static enum cause
lacks(const struct probe *probe, const char *what, struct reason *why)
{
	return reason_begin(why, CAUSE_UNSUPPORTED, "the probe %s %s cannot %s",
			    probe->identity.kind, probe->identity.serial, what);
}

/* Every answer of a driver passes here. A loss is kept with the reason of the first call that
 * met it: those after it only repeat that nothing answers. */
static enum cause
keep_loss(struct probe *probe, enum cause cause, const struct reason *why)
{
	if (cause == CAUSE_GONE && !probe->is_lost) {
		probe->is_lost = true;
		probe->lost = *why;
	}
	return cause;
}

void
probe_suspect_link(const struct probe *probe, struct reason *why)
{
	bool is_slowest = probe->clock_hz != 0 && probe->clock_hz <= PROBE_SLOWEST_HZ;

	reason_suspect(why, is_slowest ? FINDING_LINK_NO_CLOCK_HELPS : FINDING_B10);
}

bool
probe_is_link_suspect(const struct reason *why)
{
	return reason_finding(why) == FINDING_B10 ||
	       reason_finding(why) == FINDING_LINK_NO_CLOCK_HELPS;
}

/* A driver that sees bits lost does not know that no slower clock is left. */
static void
forget_clocks(const struct probe *probe, enum cause cause, struct reason *why)
{
	if (cause != CAUSE_NONE && reason_finding(why) == FINDING_B10)
		probe_suspect_link(probe, why);
}

/* The wire's acknowledge says that the probe is well and the target is not: that loss is
 * the debug port's (dap.h). */
static enum cause
keep_loss_but_of_target(struct probe *probe, enum cause cause,
			const struct outcome *outcome, struct reason *why)
{
	forget_clocks(probe, cause, why);
	return outcome->ack == ACK_UNKNOWN ? keep_loss(probe, cause, why) : cause;
}

bool
probe_is_lost(const struct probe *probe)
{
	return probe->is_lost;
}

const struct reason *
probe_lost_why(const struct probe *probe)
{
	return &probe->lost;
}

void
probe_forget_loss(struct probe *probe)
{
	probe->is_lost = false;
	probe->lost = (struct reason)REASON_INIT;
}

struct probe_port_name
probe_name_port(uint32_t ap)
{
	struct probe_port_name name = { "" };
	struct text words;

	text_init(&words, name.words, sizeof(name.words));
	text_add(&words, ap <= UINT8_MAX ? "%u" : "0x%08x", (unsigned)ap);
	return name;
}

/* Fewer that are slow do not count, and one that is fast is enough. */
enum { ANSWERS = 4 };

static bool
is_known_fast(const struct probe *probe)
{
	return probe->answers.counted > 0 && probe->answers.least_us < PROBE_SLOW_US;
}

uint32_t
probe_answer_us(const struct probe *probe)
{
	return probe->answers.counted < ANSWERS || is_known_fast(probe)
		       ? 0
		       : probe->answers.least_us;
}

/* 0: what begins now is not timed. */
static uint64_t
begin_answer(const struct probe *probe)
{
	bool is_over = probe->clock == NULL || probe->answers.is_off ||
		       probe->answers.counted == ANSWERS || is_known_fast(probe);

	return is_over ? 0 : clock_now_us(probe->clock);
}

/* Of what goes over SWD: by a slow clock that takes long with any probe. */
static uint64_t
begin_swd_answer(const struct probe *probe)
{
	enum { FAST_HZ = 1000000 };

	return probe->clock_hz >= FAST_HZ ? begin_answer(probe) : 0;
}

/* It was one round trip at least. */
static void
count_answer(struct probe *probe, uint64_t begun_us)
{
	struct probe_answers *answers = &probe->answers;
	uint32_t took_us;

	if (begun_us == 0)
		return;
	took_us = (uint32_t)(clock_now_us(probe->clock) - begun_us);
	if (answers->counted == 0 || took_us < answers->least_us)
		answers->least_us = took_us;
	answers->counted++;
}

void
probe_limit(struct probe *probe, uint32_t ms)
{
	probe->limit = deadline_in_ms(probe->clock, ms);
}

void
probe_lift_limit(struct probe *probe)
{
	probe->limit.clock = NULL;
}

/* CAUSE_NONE: the probe may be asked. */
static enum cause
check_limit(const struct probe *probe, struct reason *why)
{
	if (probe->limit.clock == NULL || is_known_fast(probe) ||
	    !deadline_is_over(&probe->limit))
		return CAUSE_NONE;
	reason_begin(why, CAUSE_HOST, "the probe answers too slowly for a verdict in time");
	reason_suspect(why, FINDING_PROBE_SLOW);
	return CAUSE_HOST;
}

static bool
has_port(const struct transfer *t)
{
	return t->kind != TRANSFER_DP_READ && t->kind != TRANSFER_DP_WRITE;
}

/* ADIv6 names an access port by a 32-bit address, commands of ADIv5 have 8 bits for it. */
static enum cause
check_port(const struct probe *probe, uint32_t ap, struct reason *why)
{
	if (ap <= probe->ops->port_max)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_UNSUPPORTED,
			    "the probe %s %s cannot address access port %s, only those up "
			    "to %s",
			    probe->identity.kind, probe->identity.serial,
			    probe_name_port(ap).words,
			    probe_name_port(probe->ops->port_max).words);
}

static enum cause
check_ports(const struct probe *probe, const struct transfer *batch, size_t len,
	    struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; i < len && cause == CAUSE_NONE; i++)
		if (has_port(&batch[i]))
			cause = check_port(probe, batch[i].ap, why);
	return cause;
}

enum cause
probe_transfer(struct probe *probe, struct transfer *batch, size_t len,
	       struct outcome *outcome, struct reason *why)
{
	enum cause cause;
	uint64_t begun_us;

	*outcome = (struct outcome){ .ack = ACK_UNKNOWN };
	if (probe->ops->transfer == NULL)
		return lacks(probe, "access the debug port", why);
	cause = check_ports(probe, batch, len, why);
	if (cause == CAUSE_NONE)
		cause = check_limit(probe, why);
	if (cause != CAUSE_NONE)
		return cause;
	begun_us = begin_swd_answer(probe);
	cause = probe->ops->transfer(probe, batch, len, outcome, why);
	/* Callers look at the transfer that failed: there is one, whatever a probe says. */
	assert(cause == CAUSE_NONE ? outcome->finished == len : outcome->finished < len);
	if (cause == CAUSE_NONE)
		count_answer(probe, begun_us);
	return keep_loss_but_of_target(probe, cause, outcome, why);
}

bool
probe_can_match(const struct probe *probe)
{
	return probe->ops->can_match;
}

enum cause
probe_enter_swd(struct probe *probe, struct reason *why)
{
	enum cause cause;

	if (probe->ops->enter_swd == NULL)
		return lacks(probe, "enter SWD", why);
	cause = check_limit(probe, why);
	if (cause != CAUSE_NONE)
		return cause;
	cause = probe->ops->enter_swd(probe, why);
	forget_clocks(probe, cause, why);
	/* All it reads is DPIDR, which is never refused (IHI 0031G B4): what seemed to be FAULT
	 * was another acknowledge. */
	if (cause == CAUSE_FAULT)
		probe_suspect_link(probe, why);
	/* An answer of the probe's that is cut off tells nothing about the target. */
	return reason_finding(why) == FINDING_A6 ? keep_loss(probe, cause, why) : cause;
}

enum cause
probe_leave(struct probe *probe, struct reason *why)
{
	if (probe->ops->leave == NULL)
		return lacks(probe, "leave debug mode", why);
	return keep_loss(probe, probe->ops->leave(probe, why), why);
}

enum cause
probe_wish_claim(struct probe *probe, uint8_t *bytes, struct reason *why)
{
	if (probe->ops->claim == NULL)
		return lacks(probe, "ask for a claim", why);
	return keep_loss(probe, probe->ops->claim(probe, bytes, why), why);
}

uint32_t
probe_slower_clock(uint32_t hz)
{
	/* An ST-LINK/V2 has 950 kHz in place of the first, a V3 200 in place of the second. */
	static const uint32_t ladder[] = { 1000 * HZ_PER_KHZ, 240 * HZ_PER_KHZ,
					   PROBE_SLOWEST_HZ };

	for (size_t i = 0; i < array_len(ladder); i++)
		if (ladder[i] < hz)
			return ladder[i];
	return 0;
}

enum cause
probe_set_clock(struct probe *probe, uint32_t *hz, struct reason *why)
{
	enum cause cause;

	if (probe->ops->set_clock == NULL)
		return lacks(probe, "set the clock", why);
	cause = check_limit(probe, why);
	if (cause != CAUSE_NONE)
		return cause;
	cause = keep_loss(probe, probe->ops->set_clock(probe, hz, why), why);
	if (cause == CAUSE_NONE)
		probe->clock_hz = *hz;
	return cause;
}

enum cause
probe_drive_nrst(struct probe *probe, bool low, struct reason *why)
{
	if (probe->ops->drive_nrst == NULL)
		return lacks(probe, "drive NRST", why);
	return keep_loss(probe, probe->ops->drive_nrst(probe, low, why), why);
}

enum cause
probe_measure_vtarget(struct probe *probe, unsigned *millivolts, struct reason *why)
{
	uint64_t begun_us;
	enum cause cause;

	if (probe->ops->measure_vtarget == NULL)
		return lacks(probe, "measure the target's voltage", why);
	begun_us = begin_answer(probe);
	cause = keep_loss(probe, probe->ops->measure_vtarget(probe, millivolts, why), why);
	if (cause == CAUSE_NONE)
		count_answer(probe, begun_us);
	return cause;
}

enum cause
probe_read_pins(struct probe *probe, struct probe_pins *pins, struct reason *why)
{
	uint64_t begun_us;
	enum cause cause;

	if (probe->ops->read_pins == NULL)
		return lacks(probe, "read the levels of its pins", why);
	begun_us = begin_answer(probe);
	cause = keep_loss(probe, probe->ops->read_pins(probe, pins, why), why);
	if (cause == CAUSE_NONE)
		count_answer(probe, begun_us);
	return cause;
}

bool
probe_has_swo(const struct probe *probe)
{
	return probe->ops->swo != NULL;
}

enum cause
probe_swo_start(struct probe *probe, uint32_t *baud, struct reason *why)
{
	if (probe->ops->swo == NULL)
		return lacks(probe, "capture SWO", why);
	return keep_loss(probe, probe->ops->swo->start(probe, baud, why), why);
}

enum cause
probe_swo_read(struct probe *probe, uint8_t *bytes, size_t max, size_t *got,
	       struct reason *why)
{
	*got = 0;
	if (probe->ops->swo == NULL)
		return lacks(probe, "capture SWO", why);
	return keep_loss(probe, probe->ops->swo->read(probe, bytes, max, got, why), why);
}

enum cause
probe_swo_stop(struct probe *probe, struct reason *why)
{
	if (probe->ops->swo == NULL)
		return lacks(probe, "capture SWO", why);
	return keep_loss(probe, probe->ops->swo->stop(probe, why), why);
}

bool
probe_has_memory(const struct probe *probe)
{
	return probe->ops->memory != NULL;
}

bool
probe_has_read_core(const struct probe *probe, uint32_t ap)
{
	return probe_has_memory(probe) && probe->ops->memory->read_core != NULL &&
	       ap < probe->ops->memory->read_core_ports;
}

enum cause
probe_read_core(struct probe *probe, uint32_t ap, uint32_t registers[PROBE_CORE_REGISTERS],
		struct outcome *outcome, struct reason *why)
{
	assert(probe_has_read_core(probe, ap));
	*outcome = (struct outcome){ .ack = ACK_UNKNOWN };
	return keep_loss_but_of_target(
		probe, probe->ops->memory->read_core(probe, ap, registers, outcome, why),
		outcome, why);
}

static bool
is_block(const struct probe_block *block)
{
	return (block->width == 1 || block->width == 2 || block->width == 4) &&
	       block->at % block->width == 0 && block->size % block->width == 0 &&
	       (block->in == NULL) != (block->out == NULL);
}

enum cause
probe_move_block(struct probe *probe, const struct probe_block *block,
		 struct outcome *outcome, struct reason *why)
{
	enum cause cause;

	assert(is_block(block));
	*outcome = (struct outcome){ .ack = ACK_UNKNOWN };
	if (probe->ops->memory == NULL)
		return lacks(probe, "access blocks of memory", why);
	cause = check_port(probe, block->ap, why);
	if (cause == CAUSE_NONE)
		cause = check_limit(probe, why);
	if (cause == CAUSE_NONE)
		cause = probe->ops->memory->move(probe, block, outcome, why);
	return keep_loss_but_of_target(probe, cause, outcome, why);
}

bool
probe_take_remark(struct probe *probe, char *remark, size_t size)
{
	if (probe->remark[0] == '\0')
		return false;
	text_copy(remark, size, probe->remark);
	probe->remark[0] = '\0';
	return true;
}

void
probe_close(struct probe *probe)
{
	if (probe != NULL)
		probe->ops->close(probe);
}

void
probe_name_spec(struct probe *probe, const char *kind)
{
	struct probe_identity *identity = &probe->identity;
	struct text spec;

	text_init(&spec, identity->spec, sizeof(identity->spec));
	if (identity->serial[0] != '\0' && strchr(identity->serial, ':') == NULL)
		text_add(&spec, "%s:%s", kind, identity->serial);
}

enum cause
probe_step_inner(struct staged_job *outer, struct job *inner, bool *done,
		 struct reason *why)
{
	enum cause cause = job_step(inner, done, why);

	outer->job.wait_us = inner->wait_us;
	return cause;
}
