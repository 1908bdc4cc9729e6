/* SPDX-License-Identifier: MIT */
#include "server/cli/record.h"

#include "server/cli/output_file.h"
#include "server/monitor/version.h"
#include "targets/chip/device.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/probe_shared.h"
#include "transport/probe/tape_lines.h"

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

static void
write_version(FILE *file)
{
	fprintf(file, "%%tether %d %s\n", RECORDING_FORMAT, tether_version);
}

void
record_unplayed(FILE *file, const char *version, const char *words)
{
	fprintf(file, "%%tether %d %s\n%%unplayed %s\n", RECORDING_FORMAT, version, words);
}

void
record_question(FILE *file, const struct options *options)
{
	const struct board_options *board = &options->board;

	if (file == NULL)
		return;
	write_version(file);
	fprintf(file, "%%doctor %d %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %d\n",
		(int)board->connect, board->speed_hz, board->nrst_hold_ms,
		board->nrst_settle_ms, board->halt_timeout_ms, options->tests_nrst);
	fprintf(file, "%%target %s\n", board->target != NULL ? board->target : "-");
}

void
record_verdicts(FILE *file, const struct diagnosis *diagnosis)
{
	if (file == NULL)
		return;
	for (size_t i = 0; i < diagnosis->len; i++)
		fprintf(file, "%%verdict %s %s\n",
			finding_row(diagnosis->verdicts[i].finding)->id,
			diagnosis_certainty(&diagnosis->verdicts[i]));
	if (diagnosis->len == 0)
		fputs("%verdict none\n", file);
}

/* --- a session ------------------------------------------------------------------------ */

enum session_flag {
	SESSION_ONCE = 1 << 0,
	SESSION_WAITS = 1 << 1,
	SESSION_ANY_CLIENT = 1 << 2,
	SESSION_HAS_PORT = 1 << 3,
	SESSION_RECORDS = 1 << 4 /* all, by its option */
};

static bool
is_joint(const struct options *options)
{
	return options->is_joint || probe_is_shared_spec(options->probe);
}

/* What comes from outside by other ways than gdb's and the probe's commands. */
static const char *
unplayed(const struct options *options)
{
	if (options->persona != NULL)
		return "tether stood in for another program";
	if (options->is_shared || is_joint(options))
		return "other programs used the probe (--share, --probe shared)";
	if (options->swo.has_port || options->swo.text)
		return "trace was captured (--swo-port, --swo-text)";
	if (options->rtt.has_port || options->rtt.text)
		return "RTT was read (--rtt-port, --rtt-text)";
	if (options->folder != NULL)
		return "the program could open files (--semihosting-dir)";
	if (options->algorithms_len > 0)
		return "loaders were read from files (--algorithm)";
	return NULL;
}

static unsigned
flags_of(const struct options *options)
{
	return (options->once ? SESSION_ONCE : 0u) | (options->wait ? SESSION_WAITS : 0u) |
	       (options->any_client ? SESSION_ANY_CLIENT : 0u) |
	       (options->has_core_port ? SESSION_HAS_PORT : 0u) |
	       (options->record != NULL ? SESSION_RECORDS : 0u);
}

bool
record_is_played(const struct options *options)
{
	return unplayed(options) == NULL;
}

static void
write_session(FILE *file, const struct options *options)
{
	const struct board_options *board = &options->board;
	const char *words = unplayed(options);

	if (words != NULL) {
		record_unplayed(file, tether_version, words);
		return;
	}
	write_version(file);
	fprintf(file,
		"%%serve %d %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %u %" PRIu32
		"\n",
		(int)board->connect, board->speed_hz, board->nrst_hold_ms,
		board->nrst_settle_ms, board->halt_timeout_ms, flags_of(options),
		options->core_port);
	fprintf(file, "%%target %s\n%%core %s\n",
		board->target != NULL ? board->target : "-",
		options->core != NULL ? options->core : "-");
}

static void
write_cut(FILE *file, const struct options *options)
{
	(void)options;
	record_unplayed(file, tether_version,
			"its beginning is not kept: more was said since");
}

static char *
make_head(void (*write)(FILE *file, const struct options *options),
	  const struct options *options)
{
	char *head = NULL;
	size_t size;
	FILE *file = open_memstream(&head, &size);

	if (file == NULL)
		return NULL;
	write(file, options);
	if (fclose(file) == 0)
		return head;
	free(head);
	return NULL;
}

bool
record_heads(const struct options *options, struct recording_heads *heads)
{
	heads->whole = make_head(write_session, options);
	heads->cut = make_head(write_cut, options);
	return heads->whole != NULL && heads->cut != NULL;
}

/* --- read ------------------------------------------------------------------------------- */

/* What a line says behind that word. */
static const char *
behind(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncmp(line, word, len) == 0 && line[len] == ' ' ? line + len + 1 : NULL;
}

/* The five numbers of both kinds, and `more` of its own. */
enum { COMMON = 5, MORE_MAX = 2 };

static bool
take_numbers(const char *words, struct board_options *board, uint64_t *own, size_t more)
{
	uint64_t terms[COMMON + MORE_MAX];
	size_t len = 0;

	if (words == NULL || !tape_read_terms(words, 10, terms, COMMON + more, &len) ||
	    len != COMMON + more || terms[0] > CONNECT_UNDER_RESET ||
	    terms[1] > OPTION_MAX_SPEED_KHZ * HZ_PER_KHZ || terms[2] > OPTION_MAX_WAIT_MS ||
	    terms[3] > OPTION_MAX_WAIT_MS || terms[4] > OPTION_MAX_WAIT_MS)
		return false;
	board->connect = (enum connect_mode)terms[0];
	board->speed_hz = (uint32_t)terms[1];
	board->nrst_hold_ms = (uint32_t)terms[2];
	board->nrst_settle_ms = (uint32_t)terms[3];
	board->halt_timeout_ms = (uint32_t)terms[4];
	memcpy(own, terms + COMMON, more * sizeof(*own));
	return true;
}

static bool
take_session(const char *line, struct recorded_question *question)
{
	struct options *options = &question->options;
	const char *words = behind(line, "%unplayed");
	uint64_t own[MORE_MAX];

	question->is_session = true;
	if (words != NULL)
		text_copy(question->unplayed, sizeof(question->unplayed), words);
	if (words != NULL)
		return true;
	if (!take_numbers(behind(line, "%serve"), &options->board, own, MORE_MAX) ||
	    own[1] > UINT32_MAX)
		return false;
	options->once = (own[0] & SESSION_ONCE) != 0;
	options->wait = (own[0] & SESSION_WAITS) != 0;
	options->any_client = (own[0] & SESSION_ANY_CLIENT) != 0;
	options->has_core_port = (own[0] & SESSION_HAS_PORT) != 0;
	options->record = (own[0] & SESSION_RECORDS) != 0 ? "-" : NULL;
	options->core_port = (uint32_t)own[1];
	return true;
}

static bool
take_question(const char *line, struct recorded_question *question)
{
	uint64_t nrst;

	if (behind(line, "%doctor") == NULL)
		return take_session(line, question);
	if (!take_numbers(behind(line, "%doctor"), &question->options.board, &nrst, 1))
		return false;
	question->options.tests_nrst = nrst != 0;
	return true;
}

static bool
take_core(FILE *file, char *line, size_t size, struct recorded_question *question)
{
	const char *name = tape_read_line(file, line, size) ? behind(line, "%core") : NULL;

	if (name == NULL)
		return false;
	text_copy(question->core, sizeof(question->core), name);
	if (strcmp(name, "-") != 0)
		question->options.core = question->core;
	return true;
}

static bool
take_target(const char *line, struct recorded_question *question)
{
	const char *name = behind(line, "%target");

	if (name == NULL)
		return false;
	text_copy(question->target, sizeof(question->target), name);
	if (strcmp(name, "-") == 0)
		return true;
	question->options.board.target = question->target;
	return device_by_name(&device_table, question->target) != NULL;
}

/* A format that is newer has a number that is not known. */
static bool
take_version(const char *line, struct recorded_question *question, uint64_t *format)
{
	const char *words = behind(line, "%tether");
	char number[8];
	size_t len = words == NULL ? 0 : strcspn(words, " "), terms;

	if (len == 0 || len >= sizeof(number) || words[len] == '\0')
		return false;
	text_copy(number, len + 1, words);
	text_copy(question->version, sizeof(question->version), words + len + 1);
	return tape_read_terms(number, 10, format, 1, &terms);
}

static bool
take_lines(FILE *file, struct recorded_question *question)
{
	char line[RECORDING_LINE_MAX];

	return tape_read_line(file, line, sizeof(line)) && take_question(line, question) &&
	       (question->unplayed[0] != '\0' ||
		(tape_read_line(file, line, sizeof(line)) && take_target(line, question) &&
		 (!question->is_session || take_core(file, line, sizeof(line), question))));
}

enum cause
record_read_question(FILE *file, struct recorded_question *question, struct reason *why)
{
	char line[RECORDING_LINE_MAX];
	uint64_t format = 0;

	memset(question, 0, sizeof(*question));
	options_init(&question->options);
	if (!tape_read_line(file, line, sizeof(line)) ||
	    !take_version(line, question, &format))
		return reason_begin(why, CAUSE_REQUEST,
				    "it is no recording that can be replayed, as tether "
				    "doctor --record "
				    "and tether serve --record make them");
	if (format != RECORDING_FORMAT)
		return reason_begin(why, CAUSE_REQUEST,
				    "it is a recording of tether %s, in a form that this "
				    "tether, %s, does not know",
				    question->version, tether_version);
	if (!take_lines(file, question))
		return reason_begin(why, CAUSE_REQUEST,
				    "the recording does not say what was asked of tether");
	return CAUSE_NONE;
}

bool
record_read_verdict(FILE *file, struct recorded_verdict *verdict)
{
	char line[RECORDING_LINE_MAX], id[64], certainty[16];
	bool is_verdict = false;

	while (!is_verdict && tape_read_line(file, line, sizeof(line)))
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
