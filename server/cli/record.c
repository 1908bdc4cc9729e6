/* SPDX-License-Identifier: MIT */
#include "server/cli/record.h"

#include "server/cli/output_file.h"
#include "server/cli/persona.h"
#include "server/monitor/version.h"
#include "transport/base/host.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/probe_shared.h"
#include "transport/probe/tape_lines.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct record {
	char path[RECORD_FILE_MAX]; /* of what is written now */
	FILE *file;
};

bool
record_path(const struct options *options, char path[RECORD_FILE_MAX])
{
	struct text text;

	text_init(&text, path, RECORD_FILE_MAX);
	text_add(&text, "%s%s", options->record, options->redacts ? ".unredacted" : "");
	return !text.is_cut;
}

/* A recording may be the only one of what is rare: neither it nor, with --redact, the one that a
 * tether which was killed has left beside it is written over unasked. */
static enum cause
name_record(struct record *record, const struct options *options, struct reason *why)
{
	if (!record_path(options, record->path))
		return reason_begin(why, CAUSE_REQUEST, "the name of the file is too long");
	if (options->is_forced)
		return CAUSE_NONE;
	if (options->redacts && host_name_is_taken(options->record))
		return output_file_is_there(options->record, why);
	return host_file_is_filled(record->path) ? output_file_is_there(record->path, why)
						 : CAUSE_NONE;
}

static enum cause
open_record(struct record *record, const struct options *options, struct reason *why)
{
	enum cause cause = name_record(record, options, why);

	if (cause != CAUSE_NONE)
		return cause;
	record->file = host_file_replace(record->path);
	if (record->file == NULL)
		return output_file_failed(record->path, errno, why);
	/* Line by line, so that nothing is missing after a crash; a full disk is met by the first. */
	setvbuf(record->file, NULL, _IOLBF, 0);
	if (fprintf(record->file, "# tether %s --probe %s\n", tether_version,
		    options->probe != NULL ? options->probe : "\"\"") >= 0)
		return CAUSE_NONE;
	cause = output_file_failed(record->path, errno, why);
	fclose(record->file);
	return cause;
}

enum cause
record_begin(struct record **record, const struct options *options, struct reason *why)
{
	enum cause cause;

	*record = NULL;
	if (options->record == NULL)
		return CAUSE_NONE;
	*record = calloc(1, sizeof(**record));
	if (*record == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a record");
	cause = open_record(*record, options, why);
	if (cause != CAUSE_NONE) {
		free(*record);
		*record = NULL;
		return cause;
	}
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

static bool
is_joint(const struct options *options)
{
	return options->is_joint || probe_is_shared_spec(options->probe);
}

static bool
has_swo(const struct options *options)
{
	return options->swo.has_port || options->swo.text;
}

/* What comes from outside by other ways than gdb's and the probe's commands. Trace and RTT are looked
 * at so often that memory has room for a minute of it, and none for what was said before. */
static const char *
unplayed(const struct options *options)
{
	if (options->is_shared || is_joint(options))
		return "other programs used the probe (--share, --probe shared)";
	if (options->record == NULL && has_swo(options))
		return "trace was captured without --record (--swo-port, --swo-text)";
	if (options->record == NULL && (options->rtt.has_port || options->rtt.text))
		return "RTT was read without --record (--rtt-port, --rtt-text)";
	return NULL;
}

static unsigned
flags_of(const struct options *options)
{
	return (options->once ? SESSION_ONCE : 0u) | (options->wait ? SESSION_WAITS : 0u) |
	       (options->any_client ? SESSION_ANY_CLIENT : 0u) |
	       (options->has_core_port ? SESSION_HAS_PORT : 0u) |
	       (options->record != NULL ? SESSION_RECORDS : 0u) |
	       (options->resets ? SESSION_RESETS : 0u) |
	       (options->extended_stays ? SESSION_EXTENDED_STAYS : 0u) |
	       (options->rtt.has_port ? SESSION_RTT_PORT : 0u) |
	       (options->rtt.text ? SESSION_RTT_TEXT : 0u) |
	       (options->swo.has_port ? SESSION_SWO_PORT : 0u) |
	       (options->swo.text ? SESSION_SWO_TEXT : 0u) |
	       (options->persona != NULL ? SESSION_HAS_PERSONA : 0u) |
	       (has_swo(options) ? SESSION_HAS_SWO : 0u) |
	       (options->pins != NULL ? SESSION_HAS_PINS : 0u) |
	       (options->folder != NULL ? SESSION_HAS_FOLDER : 0u);
}

bool
record_is_played(const struct options *options)
{
	return unplayed(options) == NULL;
}

/* One that cannot be read ends the server before it has begun. */
static void
write_loader(FILE *file, const char *path)
{
	struct reason unread = REASON_INIT;
	uint8_t *bytes;
	size_t size;

	(void)loader_load(path, &bytes, &size, &unread);
	fprintf(file, "%%loader %zu %.*s\n", size, RECORD_PATH_MAX - 1, path);
	tape_write_bytes(file, bytes, size);
	free(bytes);
}

static void
write_more(FILE *file, const struct options *options)
{
	if (options->persona != NULL)
		fprintf(file, "%%as %s\n", options->persona->name);
	if (has_swo(options))
		fprintf(file, "%%swo %" PRIu32 " %" PRIu32 " %" PRIu32 "\n",
			options->swo.core_hz, options->swo.baud, options->swo.divider);
	if (options->pins != NULL)
		fprintf(file, "%%pins %s\n", options->pins);
	for (unsigned i = 0; i < options->algorithms_len; i++)
		write_loader(file, options->algorithms[i]);
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
		" %u\n",
		(int)board->connect, board->speed_hz, board->nrst_hold_ms,
		board->nrst_settle_ms, board->halt_timeout_ms, flags_of(options),
		options->core_port, options->algorithms_len);
	fprintf(file, "%%target %s\n%%core %s\n",
		board->target != NULL ? board->target : "-",
		options->core != NULL ? options->core : "-");
	write_more(file, options);
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
	FILE *file = host_memory_file(&head, &size);

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
