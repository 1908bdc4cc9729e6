/* SPDX-License-Identifier: MIT */
#include "server/cli/record.h"

#include "server/cli/output_file.h"
#include "server/monitor/version.h"
#include "targets/chip/device.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/recording.h"
#include "transport/probe/replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct record {
	const char *path;
	FILE *file;
};

enum cause
record_begin(struct record **record, const char *path, const char *probe,
	     struct reason *why)
{
	*record = NULL;
	if (path == NULL)
		return CAUSE_NONE;
	*record = calloc(1, sizeof(**record));
	if (*record == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a record");
	(*record)->path = path;
	(*record)->file = output_file_open(path);
	if ((*record)->file == NULL) {
		free(*record);
		*record = NULL;
		return output_file_failed(path, errno, why);
	}
	/* Line by line, so that nothing is missing after a crash. */
	setvbuf((*record)->file, NULL, _IOLBF, 0);
	fprintf((*record)->file, "# tether %s --probe %s\n", tether_version,
		probe != NULL ? probe : "\"\"");
	log_record("probe", (*record)->file);
	log_note("rsp");
	return CAUSE_NONE;
}

FILE *
record_file(struct record *record)
{
	return record == NULL ? NULL : record->file;
}

void
record_question(struct record *record, const struct options *options)
{
	const struct board_options *board = &options->board;

	if (record == NULL)
		return;
	fprintf(record->file, "%%tether %d %s\n", RECORDING_FORMAT, tether_version);
	fprintf(record->file,
		"%%doctor %d %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %d\n",
		(int)board->connect, board->speed_hz, board->nrst_hold_ms,
		board->nrst_settle_ms, board->halt_timeout_ms, options->tests_nrst);
	fprintf(record->file, "%%target %s\n", board->target != NULL ? board->target : "-");
}

void
record_verdicts(struct record *record, const struct diagnosis *diagnosis)
{
	if (record == NULL)
		return;
	for (size_t i = 0; i < diagnosis->len; i++)
		fprintf(record->file, "%%verdict %s %s\n",
			finding_row(diagnosis->verdicts[i].finding)->id,
			diagnosis_certainty(&diagnosis->verdicts[i]));
	if (diagnosis->len == 0)
		fputs("%verdict none\n", record->file);
}

static bool
take_question(const char *line, struct options *options)
{
	struct board_options *board = &options->board;
	unsigned numbers[4];
	int connect, nrst, used = 0;

	if (sscanf(line, "%%doctor %d %u %u %u %u %d%n", &connect, &numbers[0], &numbers[1],
		   &numbers[2], &numbers[3], &nrst, &used) != 6 ||
	    line[used] != '\0' || connect < 0 || connect > (int)CONNECT_UNDER_RESET ||
	    numbers[0] > OPTION_MAX_SPEED_KHZ * HZ_PER_KHZ ||
	    numbers[1] > OPTION_MAX_WAIT_MS || numbers[2] > OPTION_MAX_WAIT_MS ||
	    numbers[3] > OPTION_MAX_WAIT_MS)
		return false;
	board->connect = (enum connect_mode)connect;
	board->speed_hz = numbers[0];
	board->nrst_hold_ms = numbers[1];
	board->nrst_settle_ms = numbers[2];
	board->halt_timeout_ms = numbers[3];
	options->tests_nrst = nrst != 0;
	return true;
}

static bool
take_target(const char *line, struct recorded_question *question)
{
	static const char word[] = "%target ";

	if (strncmp(line, word, strlen(word)) != 0)
		return false;
	text_copy(question->target, sizeof(question->target), line + strlen(word));
	if (strcmp(question->target, "-") == 0)
		return true;
	question->options.board.target = question->target;
	return device_by_name(&device_table, question->target) != NULL;
}

/* A format that is newer has a number that is not known. */
static bool
take_version(const char *line, struct recorded_question *question, int *format)
{
	int used = 0;

	if (sscanf(line, "%%tether %d %n", format, &used) != 1 || used == 0)
		return false;
	text_copy(question->version, sizeof(question->version), line + used);
	return true;
}

enum cause
record_read_question(FILE *file, struct recorded_question *question, struct reason *why)
{
	char line[RECORDING_LINE_MAX];
	int format = 0;

	memset(question, 0, sizeof(*question));
	options_init(&question->options);
	if (!replay_line(file, line, sizeof(line)) ||
	    !take_version(line, question, &format))
		return reason_begin(
			why, CAUSE_REQUEST,
			"it is no recording of an examination, as tether doctor "
			"--record makes them");
	if (format != RECORDING_FORMAT)
		return reason_begin(why, CAUSE_REQUEST,
				    "it is a recording of tether %s, in a form that this "
				    "tether, %s, does not know",
				    question->version, tether_version);
	if (!replay_line(file, line, sizeof(line)) ||
	    !take_question(line, &question->options) ||
	    !replay_line(file, line, sizeof(line)) || !take_target(line, question))
		return reason_begin(why, CAUSE_REQUEST,
				    "the recording does not say what was asked of tether "
				    "doctor");
	return CAUSE_NONE;
}

bool
record_read_verdict(FILE *file, struct recorded_verdict *verdict)
{
	char line[RECORDING_LINE_MAX], id[64], certainty[16];
	bool is_verdict = false;

	while (!is_verdict && replay_line(file, line, sizeof(line)))
		is_verdict = sscanf(line, "%%verdict %63s %15s", id, certainty) == 2;
	if (!is_verdict)
		return false;
	verdict->finding = finding_by_id(id);
	verdict->certainty = strcmp(certainty, "certain") == 0 ? CERTAIN : LIKELY;
	return verdict->finding != FINDING_NONE;
}

enum cause
record_end(struct record *record, struct reason *why)
{
	enum cause cause = CAUSE_NONE;
	int error;

	if (record == NULL)
		return CAUSE_NONE;
	error = log_record_error();
	if (error == 0 && ferror(record->file))
		error = EIO;
	log_record("probe", NULL);
	if (fclose(record->file) != 0 && error == 0)
		error = errno;
	if (error != 0) {
		output_file_failed(record->path, error, why);
		cause = reason_while(why, "the record of the probe is not complete");
	}
	free(record);
	return cause;
}
