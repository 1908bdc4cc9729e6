/* SPDX-License-Identifier: MIT */
#include "server/cli/replay.h"

#include "server/cli/doctor.h"
#include "server/cli/doctor_report.h"
#include "server/cli/playing.h"
#include "server/cli/recorded_log.h"
#include "server/cli/serve.h"
#include "server/cli/server.h"
#include "transport/base/log.h"

static enum cause
begin(struct playing *playing, const struct options *options, struct reason *why)
{
	enum cause cause = playing_begin(playing, options->file, why);

	playing->diagnosis.is_private = options->is_private;
	return cause;
}

static enum cause
print_played(FILE *file, struct playing *playing, const struct options *options,
	     struct reason *why)
{
	enum cause cause = playing_examine(playing, why);

	if (cause != CAUSE_NONE)
		return cause;
	doctor_write(file, options, &playing->diagnosis);
	return doctor_report_write(&playing->diagnosis, options->report, why);
}

/* --- a session ------------------------------------------------------------------------ */

static enum cause
check_session(const struct playing *playing, const struct options *options,
	      struct reason *why)
{
	if (playing->question.unplayed[0] != '\0')
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "this session cannot be replayed, for %s; tether "
				    "explain says what happened",
				    playing->question.unplayed);
	if (options->json || options->report != NULL)
		return reason_begin(why, CAUSE_REQUEST,
				    "of a session of the server there is no %s: it is "
				    "replayed, and its log comes again",
				    options->json ? "JSON" : "page");
	return CAUSE_NONE;
}

/* The log is compared, so all of it that was recorded has to be shown. */
static enum cause
replay_session(FILE *file, const struct playing *playing, const struct options *options,
	       struct reason *why)
{
	struct served served;
	enum cause cause = check_session(playing, options, why);

	if (cause != CAUSE_NONE)
		return cause;
	(void)log_set("info");
	if (serve_played(&playing->question.options, playing->file, &served, why) !=
	    CAUSE_NONE)
		return playing_refuse_end(playing, why);
	fprintf(file,
		"%-9s %u connection%s, %lu events: the same answers and the same log\n",
		"replayed", served.clients, text_s(served.clients), served.events);
	if (!served.is_whole)
		fprintf(file, "%-9s in the middle of the session: it was cut off\n",
			"ends");
	return CAUSE_NONE;
}

/* --- an examination --------------------------------------------------------------------- */

/* What is said is from then, and the file has no time of day for it. */
static void
show_line(enum log_level level, const char *room, const char *words, void *context)
{
	(void)context;
	fprintf(stderr, "%s: %s: %s\n", log_level_name(level), room, words);
}

static void
print_side(FILE *file, const char *head, const struct recorded_verdict *verdict)
{
	const struct finding_row *row;

	if (verdict->finding == FINDING_NONE) {
		fprintf(file, "  %-7s no verdict\n", head);
		return;
	}
	row = finding_row(verdict->finding);
	fprintf(file, "  %-7s %s (%s %s, %s)\n", head, row->sentence, row->id, row->name,
		verdict->certainty == CERTAIN ? "certain" : "likely");
}

/* Those of the recording, one by one; the first that differs is shown. */
static bool
is_same_verdict(FILE *file, struct playing *playing)
{
	const struct diagnosis *diagnosis = &playing->diagnosis;

	rewind(playing->file);
	for (size_t i = 0; i <= diagnosis->len; i++) {
		struct recorded_verdict then = { .finding = FINDING_NONE };
		struct recorded_verdict now = { .finding = FINDING_NONE };

		if (!record_read_verdict(playing->file, &then))
			then = (struct recorded_verdict){ .finding = FINDING_NONE };
		if (i < diagnosis->len)
			now = (struct recorded_verdict){ diagnosis->verdicts[i].finding,
							 diagnosis->verdicts[i].certainty };
		if (then.finding == now.finding &&
		    (now.finding == FINDING_NONE || then.certainty == now.certainty))
			continue;
		fprintf(file, "%-9s another verdict\n", "replayed");
		print_side(file, "then", &then);
		print_side(file, "now", &now);
		return false;
	}
	fprintf(file, "%-9s the same verdict\n", "replayed");
	return true;
}

/* Beside JSON there is nothing. */
static enum cause
replay_examination(FILE *file, struct playing *playing, const struct options *options,
		   bool *is_same, struct reason *why)
{
	enum cause cause = doctor_report_begin(&playing->diagnosis, options->report, why);

	if (cause != CAUSE_NONE)
		return cause;
	log_set_sink(show_line, NULL);
	cause = print_played(file, playing, options, why);
	log_set_sink(NULL, NULL);
	if (cause == CAUSE_NONE)
		*is_same = is_same_verdict(options->json ? stderr : file, playing);
	doctor_report_end(&playing->diagnosis, options->report);
	return cause;
}

enum cause
replay_print(FILE *file, const struct options *options, bool *is_same, struct reason *why)
{
	struct playing playing;
	enum cause cause = begin(&playing, options, why);

	*is_same = cause == CAUSE_NONE;
	if (cause == CAUSE_NONE && playing.question.is_session)
		cause = replay_session(file, &playing, options, why);
	else if (cause == CAUSE_NONE)
		cause = replay_examination(file, &playing, options, is_same, why);
	playing_end(&playing);
	return cause;
}

/* --- explain ------------------------------------------------------------------------ */

/* What tether itself found, when it was there. */
static enum cause
print_recorded_verdicts(FILE *file, struct playing *playing, struct reason *why)
{
	struct recorded_verdict verdict;
	bool has_one = false;

	rewind(playing->file);
	while (record_read_verdict(playing->file, &verdict)) {
		const struct finding_row *row = finding_row(verdict.finding);

		fprintf(file, "%-9s %s (%s %s, %s)\n", has_one ? "also" : "verdict",
			row->sentence, row->id, row->name,
			verdict.certainty == CERTAIN ? "certain" : "likely");
		has_one = true;
	}
	if (!has_one)
		return why->cause;
	fprintf(file, "%-9s by tether %s, when the recording was made; %s\n", "found",
		playing->question.version, reason_root(why));
	return CAUSE_NONE;
}

static void
print_probe(FILE *file, const struct playing *playing)
{
	struct board *board = playing->diagnosis.bench.board;
	const struct probe_identity *probe;

	fprintf(file, "%-9s an examination by tether %s\n", "recorded",
		playing->question.version);
	if (board == NULL)
		return;
	probe = &board_probe(board)->identity;
	fprintf(file, "%-9s %s at %s, firmware %s\n", "probe", probe->kind, probe->where,
		probe->firmware);
	if (board_describe(board)[0] != '\0')
		fprintf(file, "%-9s %s\n", "target", board_describe(board));
}

static enum cause
explain_examination(FILE *file, struct playing *playing, struct reason *why)
{
	enum cause cause = playing_examine(playing, why);

	if (cause == CAUSE_MISMATCH)
		return print_recorded_verdicts(file, playing, why);
	if (cause != CAUSE_NONE)
		return cause;
	print_probe(file, playing);
	doctor_write_verdicts(file, &playing->diagnosis);
	return CAUSE_NONE;
}

enum cause
explain_print(FILE *file, const struct options *options, struct reason *why)
{
	struct playing playing;
	enum cause cause = begin(&playing, options, why);

	/* What tether says while it plays was said then. */
	(void)log_set("error");
	if (cause == CAUSE_NONE && !playing.question.is_session)
		cause = explain_examination(file, &playing, why);
	else if (playing.file != NULL && recorded_log_print(file, playing.file))
		cause = CAUSE_NONE;
	else if (cause == CAUSE_NONE)
		fprintf(file, "%-9s a session of tether %s, without a word of its log\n",
			"recorded", playing.question.version);
	playing_end(&playing);
	return cause;
}
