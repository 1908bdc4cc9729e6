/* SPDX-License-Identifier: MIT */
#include "server/cli/serve.h"

#include "server/cli/log_json.h"
#include "server/cli/persona.h"
#include "server/cli/record.h"
#include "server/cli/server.h"
#include "server/live/swo.h"
#include "server/session/listener.h"
#include "transport/base/log.h"

#include <stdlib.h>

static void
compare_line(enum log_level level, const char *room, const char *words, void *context)
{
	if (level <= LOG_INFO)
		tape_log(context, room, words);
}

/* With the time of day at which it was said. What is said without a tape is no session's. */
static void
show_line(enum log_level level, const char *room, const char *words, void *context)
{
	const struct tape *tape = context;

	if (tape_is_playing(tape))
		fprintf(stderr, "%s %s: %s: %s\n", tape_time(tape), log_level_name(level),
			room, words);
}

enum cause
serve_played(const struct options *options, FILE *file, struct served *served,
	     struct reason *why)
{
	struct tape *tape = tape_play(file);
	struct reason end = REASON_INIT;
	const struct serving serving = { .tape = tape, .served = served };

	*served = (struct served){ .clients = 0 };
	if (tape == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a replay");
	log_also(compare_line, tape);
	log_set_sink(show_line, tape);
	(void)server_run(options, &serving, &end);
	log_also(NULL, NULL);
	log_set_sink(NULL, NULL);
	if (tape_off(tape) != NULL && !tape_is_cut(tape))
		*why = *tape_off(tape);
	served->is_whole = tape_has_ended(tape);
	tape_free(tape);
	return why->cause;
}

static void
begin_reel(struct reel *reel, struct record *record, const struct recording_heads *heads)
{
	if (record == NULL)
		return;
	fputs(heads->whole, record_file(record));
	reel_set_file(reel, record_file(record));
}

static enum cause
serve_recorded(const struct options *options, struct record *record, struct reason *why)
{
	struct recording_heads heads = { .whole = NULL };
	struct reel reel = { .file = NULL };
	struct serving serving = { .reel = &reel };
	enum cause cause = CAUSE_NONE;

	if (!record_heads(options, &heads))
		cause = reason_begin(why, CAUSE_HOST, "no memory for a recording");
	serving.heads = heads;
	if (cause == CAUSE_NONE) {
		begin_reel(&reel, record, &heads);
		if (record_is_played(options))
			serving.tape = tape_record(&reel, clock_host());
		cause = server_run(options, &serving, why);
	}
	tape_free(serving.tape);
	if (record == NULL)
		log_record_on(NULL, NULL);
	reel_end(&reel);
	free(heads.whole);
	free(heads.cut);
	return cause;
}

static void
warn_of_exposure(const struct options *options)
{
	if (listener_is_exposed(options->bind))
		log_warning("server",
			    "--bind %s: other computers can reach this server and read, "
			    "write and erase the target; no password is asked for",
			    options->bind);
}

enum cause
serve(const struct options *options, struct reason *why)
{
	struct reason unwritten = REASON_INIT;
	struct record *record;
	enum cause cause = listener_check("--port", options->bind, options->port, why);

	if (cause == CAUSE_NONE && options->is_shared)
		cause = listener_check("--share", options->bind, options->share_port, why);
	if (cause == CAUSE_NONE && options->persona == NULL)
		cause = swo_check(&options->swo, options->bind, why);
	if (cause == CAUSE_NONE)
		cause = log_json_begin(options->log_json, why);
	if (cause == CAUSE_NONE)
		cause = record_begin(&record, options, why);
	if (cause != CAUSE_NONE)
		return cause;
	warn_of_exposure(options);
	persona_begin(options);
	cause = serve_recorded(options, record, why);
	/* What failed before is more important than that a file is not whole. */
	if (record_end(record, &unwritten) != CAUSE_NONE && cause == CAUSE_NONE) {
		*why = unwritten;
		cause = unwritten.cause;
	}
	if (log_json_end(&unwritten) != CAUSE_NONE && cause == CAUSE_NONE) {
		*why = unwritten;
		cause = unwritten.cause;
	}
	return cause;
}
