/* SPDX-License-Identifier: MIT */
/* events.c - what the board reports, as notes and answers for views. */
#include "server/debug/debugger_internal.h"

#include "server/debug/fault.h"
#include "transport/base/log.h"
#include "transport/base/patience.h"

static const char *
name_of(const struct debugger *debugger, unsigned core)
{
	return core_name(board_core(debugger->board, core));
}

/* Views that wait for it do no more; the calls may close views. */
static void
end_waiting(struct debugger *debugger, unsigned core, const struct reason *failure)
{
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++) {
		struct view *view = debugger->views[i];

		if (view == NULL || (view->waits & 1u << core) == 0)
			continue;
		view->waits &= ~(1u << core);
		if (failure == NULL)
			view->ops->stopped(view, core);
		else
			view->ops->failed(view, core, failure);
	}
	debugger_update(debugger, core);
}

static bool
is_attached(const struct view *view, unsigned core)
{
	return view != NULL && (view->attached & 1u << core) != 0;
}

/* Who halted it by a command has read so already. */
static void
say_stays_halted(struct debugger *debugger, const struct board_event *event,
		 const char *stop)
{
	const char *name = name_of(debugger, event->core);

	log_warning("server",
		    "%s is %s and no client is attached: it stays halted until one is",
		    name, stop);
	debugger_say(debugger, ANY_CORE, event->source == SOURCE_CLIENT ? event->by : NULL,
		     "note: %s is %s and no client is attached to it: it stays halted "
		     "until one is\ntry: monitor %s resume",
		     name, stop, name);
}

static void
say_goes_along(struct debugger *debugger, unsigned core)
{
	const char *name = name_of(debugger, core);

	log_info("server",
		 "%s is halted at its reset vector and no client is attached: it runs when "
		 "the other core does",
		 name);
	debugger_say(debugger, ANY_CORE, NULL,
		     "note: %s was reset, too, and no client is attached to it: it stands "
		     "at its reset vector until the other core runs or is left\n"
		     "try: monitor %s resume, if it is to run before that",
		     name, name);
}

static void
say_halt_of_nobody(struct debugger *debugger, const struct board_event *event)
{
	char buffer[128];
	struct text words;

	text_init(&words, buffer, sizeof(buffer));
	stop_describe(board_stop(debugger->board, event->core), &words);
	if (board_goes_along(debugger->board, event->core))
		say_goes_along(debugger, event->core);
	else if (board_is_group(debugger->board))
		log_info("server",
			 "%s is %s and no client is attached: it goes on with the other "
			 "core",
			 name_of(debugger, event->core), buffer);
	else
		say_stays_halted(debugger, event, buffer);
}

/* For those that wait for this core. Who waits for the leader as well has had its stop. */
static void
say_led(struct debugger *debugger, unsigned core, unsigned leader)
{
	char buffer[128], note[256];
	struct text words, text;

	text_init(&words, buffer, sizeof(buffer));
	stop_describe(board_stop(debugger->board, leader), &words);
	text_init(&text, note, sizeof(note));
	text_add(&text, "note: %s was halted with %s, which was %s",
		 name_of(debugger, core), name_of(debugger, leader), buffer);
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (debugger->views[i] != NULL &&
		    (debugger->views[i]->waits & 1u << core) != 0)
			debugger->views[i]->ops->say(debugger->views[i], note);
}

/* DDI 0403E.e, A7.7.17; Arm's semihosting: BKPT 0xAB, the operation in R0. */
enum { SEMIHOSTING_OPCODE = 0xbeab };

/* R0 and R1 of a core that stands on such a BKPT. */
static bool
is_host_call(struct debugger *debugger, unsigned core, struct host_call *call)
{
	const struct halt *halt = &board_stop(debugger->board, core)->halt;
	struct reason unread = REASON_INIT;
	uint64_t r0 = 0, r1 = 0;

	*call = (struct host_call){ .core = core };
	if (halt->reason != HALT_BKPT || halt->opcode != SEMIHOSTING_OPCODE ||
	    board_register_read(debugger->board, core, REGISTER_R0, &r0, &unread) !=
		    CAUSE_NONE ||
	    board_register_read(debugger->board, core, REGISTER_R0 + 1, &r1, &unread) !=
		    CAUSE_NONE)
		return false;
	call->operation = (uint32_t)r0;
	call->parameter = (uint32_t)r1;
	return true;
}

static void
say_not_served(struct debugger *debugger, const struct host_call *call)
{
	debugger_say(
		debugger, (int)call->core, NULL,
		"note: the program asks its debugger for semihosting (BKPT 0xAB, "
		"operation 0x%02x in R0), which was switched off; continue goes past it\n"
		"try: monitor semihosting enable",
		(unsigned)call->operation);
}

/* Lets the core run on from a halt that counts as none. When that fails it is a stop like others,
 * and nothing else would say why. */
static bool
passes(struct debugger *debugger, unsigned core, const char *after)
{
	struct reason why = REASON_INIT;
	enum cause cause = board_pass(debugger->board, core, &why);

	/* A loss is reported by itself. */
	if (cause != CAUSE_NONE && cause != CAUSE_GONE)
		debugger_say(debugger, (int)core, NULL,
			     "note: %s, and %s was to run on: %s", after,
			     name_of(debugger, core), reason_root(&why));
	return cause == CAUSE_NONE;
}

/* A loss is reported by itself. */
static void
say_not_answered(struct debugger *debugger, unsigned core, const struct reason *why)
{
	if (why->cause != CAUSE_GONE)
		debugger_say(debugger, (int)core, NULL,
			     "note: the program's call was served, and %s cannot be given "
			     "the result: %s",
			     name_of(debugger, core), reason_root(why));
}

/* The program asked for something and got it: nobody hears of the halt, but at the end of a
 * step. */
static bool
serves_call(struct debugger *debugger, unsigned core)
{
	struct reason why = REASON_INIT;
	struct host_call call;

	debugger->cores[core].is_call_served = false;
	if (!is_host_call(debugger, core, &call))
		return false;
	if (!debugger_allows_host_calls(debugger)) {
		say_not_served(debugger, &call);
		return false;
	}
	if (!debugger->calls->serve(debugger->call_context, &call)) {
		debugger_say(debugger, (int)core, NULL, "note: %s", call.words);
		return false;
	}
	if (board_answer_bkpt(debugger->board, core, call.result, &why) != CAUSE_NONE) {
		say_not_answered(debugger, core, &why);
		return false;
	}
	debugger->cores[core].is_call_served = true;
	return debugger->cores[core].is_continuing &&
	       passes(debugger, core, "the program's call was served");
}

struct condition_place {
	struct debugger *debugger;
	unsigned core;
};

static enum cause
condition_memory(void *context, uint32_t at, void *bytes, uint32_t size, struct reason *why)
{
	const struct condition_place *place = context;

	return core_memory_glance(board_core(place->debugger->board, place->core), at,
				  bytes, size, why);
}

static enum cause
condition_register(void *context, unsigned number, uint64_t *value, struct reason *why)
{
	const struct condition_place *place = context;

	return board_register_read(place->debugger->board, place->core, number, value, why);
}

/* At a breakpoint whose condition is false: nobody hears of it. When the core cannot be let
 * run on, that is a stop like others. */
static bool
goes_on(struct debugger *debugger, unsigned core)
{
	struct debugger_core *of = &debugger->cores[core];
	const struct halt *halt = &board_stop(debugger->board, core)->halt;
	struct condition_place place = { debugger, core };
	struct condition_source source = { &place, condition_memory, condition_register };

	return of->is_continuing && halt->reason == HALT_BREAKPOINT &&
	       !breakpoints_stop_at(&of->breakpoints, halt->pc, &source) &&
	       passes(debugger, core, "the breakpoint's condition is false");
}

static void
take_halted(struct debugger *debugger, const struct board_event *event)
{
	const struct stop *stop = board_stop(debugger->board, event->core);
	char words[FAULT_WORDS_MAX];

	if (serves_call(debugger, event->core) || goes_on(debugger, event->core))
		return;
	debugger->cores[event->core].is_continuing = false;
	if (debugger_attached(debugger, event->core, NULL) == 0)
		say_halt_of_nobody(debugger, event);
	if (stop->is_led)
		say_led(debugger, event->core, stop->leader);
	breakpoints_settle(&debugger->cores[event->core].breakpoints);
	if (event->source == SOURCE_SERVER && board_reset_row(debugger->board) == NULL)
		debugger_say(
			debugger, (int)event->core, NULL,
			"note: %s had been halted and began to run by itself%s; it was "
			"halted again",
			name_of(debugger, event->core),
			debugger->sharers > 0 ? " or by another program that uses the probe"
					      : "");
	if (fault_is_worth_words(stop)) {
		fault_describe(debugger->board, event->core, stop, words, sizeof(words));
		for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
			if (is_attached(debugger->views[i], event->core))
				debugger->views[i]->ops->say_state(debugger->views[i],
								   words);
	}
	end_waiting(debugger, event->core, NULL);
}

static void
take_foreign_reset(struct debugger *debugger, const struct board_event *event)
{
	const char *source = board_reset_source(debugger->board);

	if (source[0] == '\0')
		source = "by its reset pin, a watchdog, its supply, or its own program";
	log_info("server", "%s: the target was reset, and not by this server: %s",
		 name_of(debugger, event->core), source);
	debugger_say(debugger, (int)event->core, NULL,
		     "note: the target was reset, and not by this server: %s%s%s", source,
		     debugger->sharers > 0
			     ? "; another program uses the probe, and may have done it"
			     : "",
		     board_is_halted(debugger->board, event->core)
			     ? "; registers seen before are no longer true"
			     : "");
}

static void
take_sharers_reset(struct debugger *debugger, const struct board_event *event)
{
	log_info("server", "the target was reset by %s", event->words);
	debugger_say(debugger, ANY_CORE, NULL, "note: the target was reset by %s; try: %s",
		     event->words, finding_row(FINDING_D10)->remedy);
}

/* One that asked for a reset and left is not there any more. */
static const char *
client_name(const struct debugger *debugger, const void *by)
{
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (debugger->views[i] != NULL && debugger->views[i] == by &&
		    debugger->views[i]->name != NULL)
			return debugger->views[i]->name;
	return "a client that has left";
}

static void
restart_program(struct debugger *debugger, unsigned core)
{
	if (debugger->calls != NULL)
		debugger->calls->restarted(debugger->call_context, core);
}

static void
take_reset(struct debugger *debugger, const struct board_event *event)
{
	debugger_outdate(debugger);
	restart_program(debugger, event->core);
	if (event->source == SOURCE_CHIP)
		take_foreign_reset(debugger, event);
	else if (event->source == SOURCE_SHARER)
		take_sharers_reset(debugger, event);
	else if (event->by != NULL)
		debugger_say(debugger, ANY_CORE, event->by,
			     "note: the target was reset by another client; try: %s",
			     finding_row(FINDING_D10)->remedy);
	if (event->source == SOURCE_CLIENT)
		log_info("server", "%s has reset the target",
			 client_name(debugger, event->by));
}

static void
take_blindness(struct debugger *debugger, const struct board_event *event)
{
	char line[REASON_SPACE];

	reason_line(event->why, line, sizeof(line));
	log_warning("server", "%s: %s", name_of(debugger, event->core), line);
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (is_attached(debugger->views[i], event->core))
			debugger->views[i]->ops->blind(debugger->views[i], event->core,
						       line);
}

static void
take_sight(struct debugger *debugger, const struct board_event *event)
{
	log_info("server", "%s: its state can be read again",
		 name_of(debugger, event->core));
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (is_attached(debugger->views[i], event->core))
			debugger->views[i]->ops->seen(debugger->views[i], event->core);
}

/* The program of a view that waited is over, and so is what it had inserted. */
static void
lose_view(struct debugger *debugger, struct view *view)
{
	unsigned waited = view->waits;

	for (unsigned i = 0; i < debugger->cores_len; i++)
		if ((waited & 1u << i) != 0)
			breakpoints_disown(&debugger->cores[i].breakpoints, view->place);
	view->attached &= ~waited;
	view->waits = 0;
	view->ops->lost(view, waited != 0);
}

void
debugger_lose(struct debugger *debugger)
{
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (debugger->views[i] != NULL)
			lose_view(debugger, debugger->views[i]);
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (debugger->views[i] != NULL)
			debugger->views[i]->ops->settled(debugger->views[i]);
	for (unsigned i = 0; i < debugger->cores_len; i++)
		debugger_update(debugger, i);
}

static void
take_loss(struct debugger *debugger, const struct board_event *event)
{
	char line[REASON_SPACE + REASON_LINE_MAX];
	bool is_handed_over = handover_begin(debugger);

	reason_line(event->why, line, sizeof(line));
	if (is_handed_over)
		log_info("server", "%s; taking the probe over", line);
	else if (patience_is_ending())
		/* Ctrl-C on a terminal ends an emulator beside it as well. */
		log_info("server", "%s", line);
	else
		log_error("server", "%s", line);
	keeper_lost(debugger);
	if (!is_handed_over)
		debugger_lose(debugger);
}

void
debugger_hear(const struct board_event *event, void *context)
{
	struct debugger *debugger = context;

	switch (event->kind) {
	case EVENT_HALTED:
		take_halted(debugger, event);
		break;
	case EVENT_RESET:
		take_reset(debugger, event);
		break;
	case EVENT_FLASHED:
		debugger_outdate(debugger);
		break;
	case EVENT_FAILED:
		end_waiting(debugger, event->core, event->why);
		break;
	case EVENT_BLIND:
		take_blindness(debugger, event);
		break;
	case EVENT_SEEN:
		take_sight(debugger, event);
		break;
	case EVENT_LOST:
		take_loss(debugger, event);
		break;
	case EVENT_REMARK:
		debugger_say(debugger, ANY_CORE, NULL, "note: %s", event->words);
		break;
	case EVENT_HELD:
		log_info("server", "%s is held in reset", name_of(debugger, event->core));
		break;
	case EVENT_RUNNING: /* nobody was promised that it stays halted */
	case EVENT_BACK:    /* the keeper, whose job it ends, takes the cores up */
		break;
	}
}
