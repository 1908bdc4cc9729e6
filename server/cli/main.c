/* SPDX-License-Identifier: MIT */
/*
 * main.c - connect, then serve; the only place that turns causes into an exit status.
 */
#include "server/cli/cli.h"
#include "server/cli/probes.h"
#include "server/debug/start.h"
#include "server/session/server.h"
#include "transport/base/clock.h"
#include "transport/base/log.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
tell(const struct reason *why, int status)
{
	char story[REASON_SPACE + REASON_LINE_MAX];

	reason_text(why, story, sizeof(story));
	fprintf(stderr, "%s", story);
	return status;
}

/* Line by line, so that nothing is missing when it ends badly. */
static enum cause
begin_record(const struct options *options, FILE **file, struct reason *why)
{
	*file = NULL;
	if (options->record == NULL)
		return CAUSE_NONE;
	*file = fopen(options->record, "w");
	if (*file == NULL)
		return reason_begin(why, CAUSE_HOST, "%s cannot be written: %s",
				    options->record, strerror(errno));
	setvbuf(*file, NULL, _IOLBF, 0);
	fprintf(*file, "# tether %s --probe %s\n", tether_version,
		options->probe != NULL ? options->probe : "\"\"");
	log_record("probe", *file);
	return CAUSE_NONE;
}

static void
end_record(FILE *file)
{
	log_record("probe", NULL);
	if (file != NULL)
		fclose(file);
}

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

static int
serve(const struct options *options)
{
	struct reason why = REASON_INIT;
	struct start start;
	FILE *record = NULL;
	enum cause cause = listener_check("--port", options->bind, options->port, &why);

	if (cause == CAUSE_NONE && options->is_shared)
		cause = listener_check("--share", options->bind, options->share_port, &why);

	if (cause == CAUSE_NONE)
		cause = begin_record(options, &record, &why);
	if (cause == CAUSE_NONE)
		cause = start_init(&start, options, clock_host(), &why);
	if (cause != CAUSE_NONE) {
		end_record(record);
		return tell(&why, EXIT_WORLD);
	}
	cause = start_run(&start, &why);
	if (cause == CAUSE_NONE && start.board != NULL)
		cause = serve_board(&start, &why);
	start_free(&start);
	end_record(record);
	return cause == CAUSE_NONE ? EXIT_DONE : tell(&why, EXIT_WORLD);
}

static int
probes(const struct options *options)
{
	struct reason why = REASON_INIT;
	enum cause cause = probes_print(stdout, clock_host(), options->json, &why);

	return cause == CAUSE_NONE ? EXIT_DONE : tell(&why, EXIT_WORLD);
}

int
main(int argc, char **argv)
{
	struct options options;
	struct reason why = REASON_INIT;

	/* A client that closes early is a failed write, not our end. */
	signal(SIGPIPE, SIG_IGN);
	if (cli_parse(argc, argv, &options, &why) != CAUSE_NONE)
		return tell(&why, EXIT_USAGE);
	switch (options.command) {
	case CLI_HELP:
		cli_print_help(stdout);
		return EXIT_DONE;
	case CLI_VERSION:
		printf("tether %s\n", tether_version);
		return EXIT_DONE;
	case CLI_PROBES:
		return probes(&options);
	case CLI_SERVE:
		break;
	}
	return serve(&options);
}
