/* SPDX-License-Identifier: MIT */
#include "server/debug/recover.h"

#include "server/debug/run.h"
#include "server/session/server.h"
#include "targets/connect/connect.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/absent.h"
#include "transport/probe/vtarget.h"

#include <stdio.h>
#include <string.h>

enum { SEEK_MS = 500 };

/* One that cannot measure may look at its pins instead; one that can do neither shows by
 * what it is asked next whether it is there. */
static bool
is_probe_there(struct server *server)
{
	struct probe *probe = board_probe(server->board);
	/* That it fails is the answer. */
	struct reason why = REASON_INIT;
	struct probe_pins pins;
	unsigned millivolts;
	enum cause cause = probe_measure_vtarget(probe, &millivolts, &why);

	if (cause == CAUSE_UNSUPPORTED)
		cause = probe_read_pins(probe, &pins, &why);
	return cause == CAUSE_NONE || cause == CAUSE_UNSUPPORTED;
}

/* What the probe measures tells a board that lost its supply from one that has it. */
static void
add_voltage(struct server *server, struct reason *story)
{
	struct reason unmeasured = REASON_INIT;
	struct vtarget vtarget;

	reason_while(story, "the target is lost; the probe is there");
	if (vtarget_measure(board_probe(server->board), &vtarget, &unmeasured) ==
	    CAUSE_NONE)
		vtarget_add_to(&vtarget, story);
}

static void
add_loss(struct server *server, struct reason *story)
{
	server->has_lost_probe = !is_probe_there(server);
	if (server->has_lost_probe)
		reason_while(story, "the probe is lost");
	else
		add_voltage(server, story);
}

void
server_judge(struct server *server, enum cause cause, const struct reason *why)
{
	struct reason story = *why;

	if (cause != CAUSE_GONE || board_is_lost(server->board))
		return;
	add_loss(server, &story);
	board_give_up(server->board, &story);
}

enum ender
server_lost_ender(const struct server *server)
{
	return server->has_lost_probe ? ENDED_BY_PROBE : ENDED_BY_TARGET;
}

static void
replace_probe(struct server *server, struct probe *probe)
{
	board_replace_probe(server->board, probe);
	share_probe_changed(&server->share);
}

/* Closes the probe, whose place an absent one takes: what is not let go cannot be opened. */
static enum cause
let_probe_go(struct server *server, struct reason *why)
{
	struct probe *absent;

	if (probe_is_absent(board_probe(server->board)))
		return CAUSE_NONE;
	absent = absent_new(board_probe(server->board));
	if (absent == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a probe");
	replace_probe(server, absent);
	return CAUSE_NONE;
}

/* Failure mode A9: nobody pulls a plug and puts it back within two seconds, but a dip of
 * USB's supply does. */
static void
tell_probe_back(struct server *server)
{
	enum { BY_ITSELF_MS = 2000, US_PER_MS = 1000 };

	const struct probe_identity *identity = &board_probe(server->board)->identity;
	unsigned away_ms =
		(unsigned)((clock_now_us(server->clock) - server->lost_us) / US_PER_MS);
	const char *guess =
		away_ms > BY_ITSELF_MS
			? ""
			: "; if nobody pulled it, it restarted by itself (USB power dip): "
			  "use a powered hub or feed the target separately";

	log_info("server", "the probe is back: %s %s at %s, after %u ms%s", identity->kind,
		 identity->serial, identity->where, away_ms, guess);
	server_say(server, NULL, NULL, "note: the probe is back after %u ms%s", away_ms,
		   guess);
}

/* The same one, not just one that fits the command line; one that is there is kept. */
static enum cause
open_probe_again(struct server *server, struct reason *why)
{
	const struct probe_identity *identity;
	struct probe *probe = NULL;
	enum cause cause;

	if (is_probe_there(server))
		return CAUSE_NONE;
	cause = let_probe_go(server, why);
	if (cause != CAUSE_NONE)
		return cause;
	identity = &board_probe(server->board)->identity;
	cause = probe_open(identity->spec[0] != '\0' ? identity->spec
						     : server->options->probe,
			   server->clock, &probe, why);
	if (cause != CAUSE_NONE)
		return cause;
	replace_probe(server, probe);
	tell_probe_back(server);
	return CAUSE_NONE;
}

static bool
somebody_asks(const struct server *server)
{
	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++)
		if (server->sessions[i] != NULL &&
		    server->sessions[i]->waits_for == WAIT_TARGET)
			return true;
	return false;
}

static void
answer_recovered(struct session *session, enum cause cause, const struct reason *why)
{
	struct reason attaching = REASON_INIT;

	if (cause == CAUSE_NONE) {
		cause = run_attach(session, &attaching);
		why = &attaching;
	}
	if (cause == CAUSE_NONE)
		session_reply(session, "", 0);
	else
		session_fail(session, DELIVER_WORDS, why);
}

static void
answer_all(struct server *server, enum cause cause, const struct reason *why)
{
	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++) {
		struct session *session = server->sessions[i];

		if (session != NULL && session->waits_for == WAIT_TARGET)
			answer_recovered(session, cause, why);
	}
}

static enum cause begin(struct server *server, bool is_gentle, struct reason *why);

/* Once for each story, and not at all for those that go on as they began. */
static void
tell_vain_search(struct server *server, const struct reason *why)
{
	if (strcmp(server->sought, reason_root(why)) == 0)
		return;
	snprintf(server->sought, sizeof(server->sought), "%s", reason_root(why));
	log_info("server", "not yet: %s", server->sought);
}

static void
recovered(struct server *server, struct session *owner, enum cause cause,
	  const struct reason *why)
{
	bool was_gentle = server->is_gentle;
	struct reason story = *why, second = REASON_INIT;

	(void)owner;
	server->is_recovering = false;
	/* Who asked meanwhile is to have all that can be done. */
	if (cause != CAUSE_NONE && was_gentle && somebody_asks(server) &&
	    begin(server, false, &second) == CAUSE_NONE)
		return;
	if (cause != CAUSE_NONE) {
		tell_vain_search(server, why);
		reason_while(&story, "connecting again to the target, which had been lost");
	}
	answer_all(server, cause, &story);
}

static enum cause
begin(struct server *server, bool is_gentle, struct reason *why)
{
	struct job *job;
	enum cause cause = work_check_free(&server->work, why);

	if (cause == CAUSE_NONE)
		cause = open_probe_again(server, why);
	if (cause != CAUSE_NONE)
		return cause;
	job = is_gentle ? board_reconnect(server->board) : board_connect(server->board);
	server->is_recovering = true;
	server->is_gentle = is_gentle;
	work_begin(&server->work, job, NULL, recovered);
	return CAUSE_NONE;
}

enum cause
server_recover(struct server *server, struct reason *why)
{
	enum cause cause;

	if (server->is_recovering)
		return CAUSE_NONE;
	cause = begin(server, false, why);
	return cause == CAUSE_NONE
		       ? CAUSE_NONE
		       : reason_while(why, "opening the probe again, which had been lost");
}

static void
seek(uv_timer_t *timer)
{
	struct server *server = timer->data;
	struct reason why = REASON_INIT;

	if (!board_is_lost(server->board)) {
		uv_timer_stop(timer);
		return;
	}
	if (!work_is_busy(&server->work) && begin(server, true, &why) != CAUSE_NONE)
		tell_vain_search(server, &why);
}

void
recover_init(struct server *server)
{
	uv_timer_init(&server->loop, &server->seek);
	server->seek.data = server;
}

void
recover_close(struct server *server)
{
	uv_close((uv_handle_t *)&server->seek, NULL);
}

void
recover_lost(struct server *server, const struct reason *why)
{
	char story[REASON_SPACE + REASON_LINE_MAX];

	reason_line(why, story, sizeof(story));
	log_error("server", "%s", story);
	log_info("server", "waiting for the %s to come back",
		 server->has_lost_probe ? "probe" : "target");
	server->sought[0] = '\0';
	server->lost_us = clock_now_us(server->clock);
	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++) {
		struct session *session = server->sessions[i];

		if (session == NULL || session->waits_for != WAIT_STOP)
			continue;
		breakpoints_disown(&session->debuggee->breakpoints, session->place);
		run_tell_lost(session);
	}
	if (!server->is_ending)
		uv_timer_start(&server->seek, seek, SEEK_MS, SEEK_MS);
}

/* Does a client take the core for halted? */
static bool
is_thought_halted(const struct server *server, const struct debuggee *debuggee)
{
	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++) {
		const struct session *session = server->sessions[i];

		if (session != NULL && session->debuggee == debuggee &&
		    session->phase == SESSION_ATTACHED)
			return true;
	}
	return false;
}

static enum cause
take_up(struct debuggee *debuggee, struct reason *why)
{
	struct server *server = debuggee->server;
	enum cause cause;

	debuggee_forget(debuggee);
	debuggee_poll_seldom(debuggee);
	cause = breakpoints_restore(&debuggee->breakpoints, debuggee_core(debuggee), why);
	if (cause != CAUSE_NONE || !is_thought_halted(server, debuggee))
		return cause;
	cause = debuggee_halt(debuggee, why);
	if (cause == CAUSE_NONE)
		server_say(server, debuggee, NULL,
			   "note: %s was halted; registers and memory seen before may no "
			   "longer be true",
			   debuggee->name);
	return cause;
}

/* Nothing here can serve cores that were not there at the start. */
static bool
is_same_chip(struct server *server)
{
	struct reason why = REASON_INIT;

	if (board_cores(server->board) == server->debuggees_len)
		return true;
	reason_begin(&why, CAUSE_MISMATCH,
		     "another chip is there than before: it has %u cores, not %u",
		     board_cores(server->board), server->debuggees_len);
	reason_suspect(&why, FINDING_HOST_RESTART);
	board_give_up(server->board, &why);
	uv_timer_stop(&server->seek);
	return false;
}

void
recover_back(struct server *server)
{
	uv_timer_stop(&server->seek);
	if (!is_same_chip(server))
		return;
	log_info("server", "the target is back: %s", board_describe(server->board));
	server_say(server, NULL, NULL, "note: the target is back, after it had been lost");
	for (unsigned i = 0; i < server->debuggees_len; i++) {
		struct reason why = REASON_INIT;
		char line[REASON_SPACE];

		if (take_up(&server->debuggees[i], &why) == CAUSE_NONE)
			continue;
		reason_line(&why, line, sizeof(line));
		log_warning("server", "%s: %s", server->debuggees[i].name, line);
		server_say(server, &server->debuggees[i], NULL, "note: %s", line);
	}
}
