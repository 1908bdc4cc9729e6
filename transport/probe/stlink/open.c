/* SPDX-License-Identifier: MIT */
/*
 * An ST-LINK is opened, and set right if it was left in the middle of something: failure
 * modes A4 to A7. In steps: one that does not answer keeps nobody waiting.
 *
 * The version is read; if that makes no sense, what is done about it goes on with reading the
 * version again. Then its mode is ended, whichever it was left in.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/stlink/stlink.h"

#include <stdlib.h>
#include <string.h>

enum {
	EXIT_POLL_US = 100000,
	EXIT_POLLS = 20, /* 2 s: failure mode A4 */
	REOPEN_POLL_US = 50000,
	REOPEN_POLLS = STLINK_REOPEN_MS * 1000 / REOPEN_POLL_US
};

struct opening {
	struct staged_job staged;
	struct stlink *link; /* NULL when it was handed over */
	struct probe **probe;
	const struct stlink_model *model;
	char serial[64], where[128];
	struct stlink_asking asking;
	uint8_t reply[STLINK_VERSION_SIZE_MAX];
	bool is_longer;      /* it is GET_VERSION_EX that is asked */
	bool is_identified;  /* its version was read */
	bool is_off_the_bus; /* and comes back by itself */
	size_t next_remedy;
	unsigned polls;
	enum stlink_mode was, mode;
};

static struct opening *
opening_of(struct staged_job *staged)
{
	return container_of(staged, struct opening, staged);
}

/* The answer is in opening->reply when it is done. */
static enum cause
ask(struct opening *opening, struct stlink_command command, bool *done, struct reason *why)
{
	command.in = opening->reply;
	return stlink_exchange_part(opening->link->carrier, &command, &opening->asking,
				    done, why);
}

static enum cause
run_version(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	enum cause cause =
		ask(opening, stlink_version_command(opening->is_longer), done, why);

	if (cause != CAUSE_NONE || !*done)
		return cause;
	cause = stlink_version_take(opening->model, opening->reply, &opening->is_longer,
				    &opening->link->version, why);
	*done = !opening->is_longer;
	opening->is_identified = cause == CAUSE_NONE && *done;
	return cause;
}

static enum cause
run_check(struct staged_job *staged, bool *done, struct reason *why)
{
	*done = true;
	return stlink_version_check(&opening_of(staged)->link->version, why);
}

static enum cause
ask_mode(struct opening *opening, enum stlink_mode *mode, bool *done, struct reason *why)
{
	struct stlink_command command = STLINK_COMMAND(GET_CURRENT_MODE);
	enum cause cause;

	command.size = STLINK_MODE_SIZE;
	cause = ask(opening, command, done, why);
	if (cause == CAUSE_NONE && *done)
		cause = stlink_mode_take(opening->reply, mode, why);
	return cause;
}

/* Debug mode is one for all who share the probe: it may be another program's. */
static bool
is_of_others(const struct opening *opening)
{
	return opening->link->carrier->has_others && opening->was == STLINK_MODE_DEBUG;
}

static enum cause
run_read_mode(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	enum cause cause = ask_mode(opening, &opening->was, done, why);

	/* The loader's is how a V2 begins when it is plugged in. */
	if (cause == CAUSE_NONE && *done && opening->was != STLINK_MODE_MASS &&
	    opening->was != STLINK_MODE_DFU && !is_of_others(opening))
		log_info("probe", "the ST-LINK was left in %s mode%s",
			 stlink_mode_name(opening->was),
			 stlink_mode_has_exit(opening->was) ? "; ending that" : "");
	opening->link->is_of_others = is_of_others(opening);
	return cause;
}

static bool
when_own_mode(struct staged_job *staged)
{
	return !is_of_others(opening_of(staged));
}

static enum cause
run_end_mode(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);

	*done = true;
	return stlink_end_mode(opening->link, opening->was, why);
}

/* Leaving its loader takes a probe a moment, and it may go from the bus and come back. */
static enum cause
run_read_new_mode(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	enum cause cause = ask_mode(opening, &opening->mode, done, why);

	if (cause == CAUSE_GONE && opening->was == STLINK_MODE_DFU &&
	    opening->link->carrier->ops->reopen != NULL && !opening->is_off_the_bus) {
		log_info("probe",
			 "the ST-LINK left its loader and the bus; waiting for it");
		opening->is_off_the_bus = true;
		opening->polls = 0;
		*why = (struct reason)REASON_INIT;
		*done = true;
		return CAUSE_NONE;
	}
	if (cause != CAUSE_NONE || !*done || opening->was != STLINK_MODE_DFU ||
	    opening->mode != STLINK_MODE_DFU || opening->polls++ >= EXIT_POLLS)
		return cause;
	staged->job.wait_us = EXIT_POLL_US;
	*done = false;
	return CAUSE_NONE;
}

static bool
when_off_the_bus(struct staged_job *staged)
{
	return opening_of(staged)->is_off_the_bus;
}

static enum cause
run_reopen(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	struct stlink_carrier *carrier = opening->link->carrier;
	enum cause cause;

	*why = (struct reason)REASON_INIT;
	cause = carrier->ops->reopen(carrier, why);
	*done = cause == CAUSE_NONE;
	if (cause == CAUSE_NONE || opening->polls++ >= REOPEN_POLLS)
		return cause;
	staged->job.wait_us = REOPEN_POLL_US;
	return CAUSE_NONE;
}

static enum cause
refuse_mode(enum stlink_mode mode, struct reason *why)
{
	bool is_loader = mode == STLINK_MODE_DFU || mode == STLINK_MODE_BOOTLOADER;

	if (is_loader) {
		reason_begin(why, CAUSE_GONE,
			     "the ST-LINK is in its firmware-update loader (%s mode) and "
			     "does not leave it",
			     stlink_mode_name(mode));
		reason_suspect(why, FINDING_A4);
		return CAUSE_GONE;
	}
	reason_begin(why, CAUSE_GONE, "the ST-LINK stays in %s mode",
		     stlink_mode_name(mode));
	reason_suspect(why, FINDING_PROBE_STAYS_IN_MODE);
	return CAUSE_GONE;
}

/* The probe is the caller's from now on. */
static enum cause
run_hand_over(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);

	if (!is_of_others(opening) && opening->mode != STLINK_MODE_MASS &&
	    opening->mode != STLINK_MODE_DEBUG)
		return refuse_mode(opening->mode, why);
	stlink_dress(opening->link, opening->model, opening->serial, opening->where);
	*opening->probe = &opening->link->probe;
	opening->link = NULL;
	*done = true;
	return CAUSE_NONE;
}

static enum cause
run_drain(struct staged_job *staged, bool *done, struct reason *why)
{
	struct stlink_carrier *carrier = opening_of(staged)->link->carrier;

	(void)why;
	carrier->ops->drain(carrier);
	*done = true;
	return CAUSE_NONE;
}

static enum cause
run_end_debug(struct staged_job *staged, bool *done, struct reason *why)
{
	*done = true;
	return stlink_leave_debug(opening_of(staged)->link, why);
}

/* Most come back where they were; one that enumerated anew is opened anew. */
static enum cause
run_reset(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	struct stlink_carrier *carrier = opening->link->carrier;
	enum cause cause = carrier->ops->reset(carrier, why);

	*done = true;
	if (cause != CAUSE_GONE)
		return cause;
	log_info("probe", "%s; opening it again", reason_root(why));
	*why = (struct reason)REASON_INIT;
	opening->is_off_the_bus = true;
	opening->polls = 0;
	return CAUSE_NONE;
}

static enum cause
run_reopen_after_reset(struct staged_job *staged, bool *done, struct reason *why)
{
	enum cause cause = run_reopen(staged, done, why);

	if (*done)
		opening_of(staged)->is_off_the_bus = false;
	return cause;
}

#define IDENTIFY_AND_SETTLE                                                   \
	{ "read its version", run_version, NULL },                            \
		{ "check its version", run_check, NULL },                     \
		{ "read its mode", run_read_mode, NULL },                     \
		{ "end its mode", run_end_mode, when_own_mode },              \
		{ "read its new mode", run_read_new_mode, when_own_mode },    \
		{ "wait for it to come back", run_reopen, when_off_the_bus }, \
		{ "read its new mode", run_read_new_mode, when_off_the_bus }, \
		{ "hand it over", run_hand_over, NULL },                      \
	{                                                                     \
		NULL, NULL, NULL                                              \
	}

static const struct job_stage healthy[] = { IDENTIFY_AND_SETTLE };
static const struct job_stage stale[] = { { "drop stale answers", run_drain, NULL },
					  IDENTIFY_AND_SETTLE };
static const struct job_stage in_session[] = { { "end the debug session", run_end_debug,
						 NULL },
					       { "drop stale answers", run_drain, NULL },
					       IDENTIFY_AND_SETTLE };
static const struct job_stage wedged[] = { { "reset it over USB", run_reset, NULL },
					   { "wait for it to come back",
					     run_reopen_after_reset, when_off_the_bus },
					   IDENTIFY_AND_SETTLE };

static bool
can_drain(const struct stlink *link, enum cause cause)
{
	(void)cause;
	return link->carrier->ops->drain != NULL;
}

/* One that says nothing at all would not hear it either. */
static bool
can_end_debug(const struct stlink *link, enum cause cause)
{
	return can_drain(link, cause) && cause != CAUSE_TIMEOUT;
}

static bool
can_reset(const struct stlink *link, enum cause cause)
{
	(void)cause;
	return link->carrier->ops->reset != NULL;
}

/* What is done to a probe whose version makes no sense, one after the other until it does:
 * first what costs least. */
static const struct remedy {
	bool (*is_possible)(const struct stlink *link, enum cause cause);
	const struct job_stage *stages;
	const char *words;
} remedies[] = {
	{ can_drain, stale, "throwing away what an earlier session left unread" },
	{ can_end_debug, in_session, "ending the debug session it may be in" },
	{ can_reset, wedged, "resetting the ST-LINK over USB" },
};

/* Failure mode A7. One that is out of step has said so, or is no longer there. */
static enum cause
explain_silence(const struct opening *opening, enum cause cause, struct reason *why)
{
	const struct stlink_carrier *carrier = opening->link->carrier;

	if (cause != CAUSE_TIMEOUT || opening->is_identified)
		return cause;
	if (carrier->server == NULL)
		reason_while(why, "the ST-LINK itself stopped answering (not the target)%s",
			     can_reset(opening->link, cause)
				     ? ", and resetting it over USB did not help"
				     : "");
	stlink_suspect_silence(carrier, why);
	return cause;
}

static enum cause
opening_failed(struct staged_job *staged, enum cause cause, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	bool is_given_up = opening->is_identified;

	opening->is_longer = false;
	opening->asking = (struct stlink_asking){ .is_begun = false };
	opening->link->carrier->is_silent = false; /* which is dealt with here */
	while (!is_given_up && opening->next_remedy < array_len(remedies)) {
		const struct remedy *remedy = &remedies[opening->next_remedy++];

		if (!remedy->is_possible(opening->link, cause))
			continue;
		log_info("probe", "%s; %s", reason_root(why), remedy->words);
		*why = (struct reason)REASON_INIT;
		staged_job_go(staged, remedy->stages);
		return CAUSE_NONE;
	}
	explain_silence(opening, cause, why);
	return reason_while(why, "opening the %s %s at %s", opening->model->kind,
			    opening->serial, opening->where);
}

static void
free_opening(struct staged_job *staged)
{
	struct opening *opening = opening_of(staged);

	if (opening->link != NULL) {
		opening->link->carrier->ops->close(opening->link->carrier);
		free(opening->link);
	}
	free(opening);
}

struct job *
stlink_open_job(struct stlink_carrier *carrier, const struct stlink_model *model,
		const char *serial, const char *where, struct clock *clock,
		struct probe **probe)
{
	static const struct staged_ops ops = { .failed = opening_failed,
					       .free = free_opening };
	struct opening *opening = calloc(1, sizeof(*opening));
	struct stlink *link = calloc(1, sizeof(*link));

	if (opening == NULL || link == NULL) {
		carrier->ops->close(carrier);
		free(link);
		free(opening);
		return NULL;
	}
	link->carrier = carrier;
	link->hz = link->hz_wanted = STLINK_CLOCK_HZ;
	link->probe.clock = clock;
	staged_job_init(&opening->staged, "opening the ST-LINK", healthy, &ops);
	opening->link = link;
	opening->model = model;
	opening->probe = probe;
	text_copy(opening->serial, sizeof(opening->serial), serial);
	text_copy(opening->where, sizeof(opening->where), where);
	return &opening->staged.job;
}

enum cause
stlink_open(struct stlink_carrier *carrier, const struct stlink_model *model,
	    const char *serial, const char *where, struct clock *clock,
	    struct probe **probe, struct reason *why)
{
	struct job *job = stlink_open_job(carrier, model, serial, where, clock, probe);
	enum cause cause = job == NULL
				   ? reason_begin(why, CAUSE_HOST, "no memory for a probe")
				   : job_run(job, clock, why);

	job_free(job);
	return cause;
}
