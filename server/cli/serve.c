/* SPDX-License-Identifier: MIT */
#include "server/cli/serve.h"

#include "server/cli/record.h"
#include "server/debug/start.h"
#include "server/session/server.h"

#include <stdlib.h>

static enum cause
serve_board(struct start *start, struct reason *why)
{
	struct server *server = malloc(sizeof(*server));
	enum cause cause;

	if (server == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for the server");
	cause = server_init(server, start->options, start->clock, start->board, why);
	if (cause == CAUSE_NONE) {
		cause = server_listen(server, why);
		/* A signal that came before the server listened for any. */
		if (cause == CAUSE_NONE && !start_is_told_to_end(start))
			server_run(server);
		server_free(server);
	}
	free(server);
	return cause;
}

static enum cause
serve_recorded(const struct options *options, struct reason *why)
{
	struct start start;
	enum cause cause = start_init(&start, options, clock_host(), why);

	if (cause != CAUSE_NONE)
		return cause;
	cause = start_run(&start, why);
	if (cause == CAUSE_NONE && start.board != NULL)
		cause = serve_board(&start, why);
	start_free(&start);
	return cause;
}

enum cause
serve(const struct options *options, struct reason *why)
{
	struct reason unwritten = REASON_INIT;
	struct record *record;
	enum cause cause = listener_check("--port", options->bind, options->port, why);

	if (cause == CAUSE_NONE && options->is_shared)
		cause = listener_check("--share", options->bind, options->share_port, why);
	if (cause == CAUSE_NONE)
		cause = record_begin(&record, options->record, options->probe, why);
	if (cause != CAUSE_NONE)
		return cause;
	cause = serve_recorded(options, why);
	/* What went wrong before is more important than that the record is not whole. */
	if (record_end(record, &unwritten) != CAUSE_NONE && cause == CAUSE_NONE) {
		*why = unwritten;
		cause = unwritten.cause;
	}
	return cause;
}
