/* SPDX-License-Identifier: MIT */
#include "server/cli/redact.h"

#include "server/cli/doctor.h"
#include "server/cli/output_file.h"
#include "server/cli/playing.h"
#include "server/cli/redacted_log.h"
#include "server/cli/vocabulary.h"
#include "server/monitor/version.h"
#include "targets/chip/device.h"
#include "transport/base/host.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/tape_lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct redacting {
	struct redaction redaction;
	struct playing playing;
	FILE *to;
	bool is_forced;
};

/* --- what is left out ----------------------------------------------------------------------- */

static bool
is_makers(enum memory_kind kind)
{
	return kind == MEMORY_SYSTEM_ROM || kind == MEMORY_OPTION_BYTES;
}

static void
add_memories(struct redaction *redaction, const struct memory_entry *memory)
{
	for (; memory != NULL && memory->name != NULL; memory++)
		(is_makers(memory->kind) ? redaction_keep : redaction_cover)(
			redaction, memory->base, memory_entry_size(memory));
}

/* The words that say what chip it is; which one of them it is, is nobody's business. */
static void
add_words(struct redaction *redaction, const struct device *device)
{
	enum { WORD = 4, UNIQUE_ID = 12 };

	if (device->size_word.at != 0)
		redaction_keep(redaction, device->size_word.at, WORD);
	if (device->package_at != 0)
		redaction_keep(redaction, device->package_at, WORD);
	if (device->unique_id_at != 0)
		redaction_cover(redaction, device->unique_id_at, UNIQUE_ID);
}

/* Of all chips: which it was is known when it has been read. */
void
redact_all_chips(struct redaction *redaction)
{
	const struct device *device;

	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++) {
		add_words(redaction, device);
		add_memories(redaction, device->memories);
		for (const struct variant *v = device->variants;
		     v != NULL && v->name != NULL; v++)
			add_memories(redaction, v->memories);
		for (const struct layout *l = device->layouts; l != NULL && l->name != NULL;
		     l++)
			add_memories(redaction, l->memories);
	}
}

/* "# tether 0.1 --probe stlink-tcp:HOST:PORT": of a probe that was never opened nothing else says
 * where it is. */
static void
add_asked_for(struct redaction *redaction, FILE *recording)
{
	char line[RECORDING_LINE_MAX];
	const char *where;

	rewind(recording);
	if (fgets(line, sizeof(line), recording) == NULL || line[0] != '#')
		return;
	line[strcspn(line, "\n")] = '\0';
	where = strstr(line, "-tcp:");
	if (where != NULL)
		redaction_add_name(redaction, where + strlen("-tcp:"));
}

/* A session may have met several probes, each with a line for its serial and its place. */
static void
add_names(struct redaction *redaction, FILE *recording)
{
	static const char *const heads[] = { "%serial ", "%where " };
	static const char loader[] = "%loader ", kind[] = "%kind ";
	char line[RECORDING_LINE_MAX];
	const char *path;

	rewind(recording);
	while (tape_read_line(recording, line, sizeof(line))) {
		for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
			if (text_begins(line, heads[i]))
				redaction_add_name(redaction, line + strlen(heads[i]));
		if (text_begins(line, kind))
			redaction_add_kind(redaction, line + strlen(kind));
		path = strncmp(line, loader, strlen(loader)) == 0
			       ? strchr(line + strlen(loader), ' ')
			       : NULL;
		if (path != NULL)
			redaction_add_name(redaction, path + 1);
	}
}

/* An examination is played from where the file is. */
static void
add_all_names(struct redaction *redaction, FILE *recording)
{
	long at = ftell(recording);

	add_asked_for(redaction, recording);
	add_names(redaction, recording);
	(void)fseek(recording, at, SEEK_SET);
}

/* --- an examination ------------------------------------------------------------------------- */

/* The bench is closed when it returns: all is in `body`. */
static enum cause
record_again(struct redacting *redacting, FILE *body, struct reason *why)
{
	struct playing *playing = &redacting->playing;
	struct diagnosis *diagnosis = &playing->diagnosis;
	enum cause cause;

	fprintf(body, "# tether %s\n", tether_version);
	record_question(body, &playing->question.options);
	diagnosis->tape.record = body;
	diagnosis->tape.redaction = &redacting->redaction;
	cause = playing_examine(playing, why);
	record_verdicts(body, diagnosis);
	workbench_end(&diagnosis->bench);
	diagnosis->bench.played = NULL;
	return cause;
}

static enum cause
write_examination(struct redacting *redacting, struct reason *why)
{
	char *body = NULL;
	size_t size = 0;
	FILE *stream = host_memory_file(&body, &size);
	enum cause cause;

	if (stream == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a recording");
	cause = record_again(redacting, stream, why);
	if (fclose(stream) != 0 && cause == CAUSE_NONE)
		cause = reason_begin(why, CAUSE_HOST, "no memory for a recording");
	if (cause == CAUSE_NONE)
		(void)fwrite(body, 1, size, redacting->to);
	free(body);
	return cause;
}

static bool
is_same(const struct diagnosis *one, const struct diagnosis *other)
{
	bool same = one->len == other->len &&
		    (one->why.cause == CAUSE_NONE) == (other->why.cause == CAUSE_NONE);

	for (size_t i = 0; same && i < one->len; i++)
		same = one->verdicts[i].finding == other->verdicts[i].finding &&
		       one->verdicts[i].certainty == other->verdicts[i].certainty;
	return same;
}

/* By the new file alone. */
static enum cause
check_verdict(const struct redacting *redacting, const char *to, struct reason *why)
{
	struct playing again;
	enum cause cause = playing_begin(&again, to, why);

	if (cause == CAUSE_NONE)
		cause = playing_examine(&again, why);
	if (cause != CAUSE_NONE)
		reason_while(why, "examining by %s alone", to);
	if (cause == CAUSE_NONE &&
	    !is_same(&redacting->playing.diagnosis, &again.diagnosis))
		cause = reason_begin(why, CAUSE_MISMATCH,
				     "without what is left out the verdict is another one");
	playing_end(&again);
	return cause;
}

/* --- both --------------------------------------------------------------------------------- */

/* Of an examination the log follows what it is replayed by. */
static enum cause
write_all(struct redacting *redacting, struct reason *why)
{
	const struct playing *playing = &redacting->playing;
	enum cause cause = CAUSE_NONE;

	add_all_names(&redacting->redaction, playing->file);
	if (playing->question.is_session)
		record_unplayed(redacting->to, playing->question.version,
				"what memory held was left out (tether redact)");
	else
		cause = write_examination(redacting, why);
	if (cause != CAUSE_NONE)
		return cause;
	return redacted_log_write(redacting->to, playing->file, &redacting->redaction, why);
}

static enum cause
open_new(struct redacting *redacting, const char *path, struct reason *why)
{
	/* It is for others: its mode is as usual. */
	redacting->to = fopen(path, redacting->is_forced ? "w" : "wx");
	if (redacting->to != NULL)
		return CAUSE_NONE;
	if (errno == EEXIST)
		return output_file_is_there(path, why);
	return reason_begin(why, CAUSE_HOST, "%s cannot be made: %s", path,
			    strerror(errno));
}

static enum cause
make_new(struct redacting *redacting, const char *path, struct reason *why)
{
	enum cause cause = open_new(redacting, path, why);
	bool is_whole;

	if (cause != CAUSE_NONE)
		return cause;
	cause = write_all(redacting, why);
	is_whole = ferror(redacting->to) == 0;
	if ((fclose(redacting->to) != 0 || !is_whole) && cause == CAUSE_NONE)
		cause = reason_begin(why, CAUSE_HOST, "%s cannot be written: %s", path,
				     strerror(errno));
	if (cause == CAUSE_NONE && !redacting->playing.question.is_session)
		cause = check_verdict(redacting, path, why);
	if (cause != CAUSE_NONE)
		remove(path);
	return cause;
}

static void
print_done(FILE *file, const struct redacting *redacting, const char *path)
{
	fprintf(file,
		"%-9s what memory and the program's registers held, the probe's serial, "
		"other computers' names, paths of files, words that are not tether's\n",
		"left out");
	fprintf(file, "%-9s %s\n", "kept",
		redacting->playing.question.is_session
			? "what was said; it is explained as before, and no longer replayed"
			: "what else the probe was asked and answered; it comes to the "
			  "same verdict, and is replayed");
	fprintf(file, "%-9s %s is text: look through it before you show it to others\n",
		"new", path);
}

static enum cause
run(struct redacting *redacting, const char *from, const char *to, struct reason *why)
{
	enum cause cause = playing_begin(&redacting->playing, from, why);

	/* What tether says while it plays was said then. */
	(void)log_set("error");
	if (cause == CAUSE_NONE)
		cause = redaction_begin(&redacting->redaction, why);
	if (cause == CAUSE_NONE) {
		redacting->redaction.knows = vocabulary_has;
		redact_all_chips(&redacting->redaction);
		cause = make_new(redacting, to, why);
	}
	return cause;
}

enum cause
redact_recorded(const struct options *options, struct reason *why)
{
	struct redacting redacting = { .is_forced = options->is_forced };
	char path[RECORD_FILE_MAX];
	enum cause cause;

	if (!options->redacts || !record_path(options, path) || !host_file_exists(path))
		return CAUSE_NONE;
	cause = run(&redacting, path, options->record, why);
	playing_end(&redacting.playing);
	if (cause != CAUSE_NONE)
		return reason_while(why,
				    "%s could not be made: all that was recorded is in %s",
				    options->record, path);
	(void)remove(path);
	return CAUSE_NONE;
}

/* By whatever path. */
static bool
is_one_file(const char *one, const char *other)
{
	struct host_file_id ids[2];

	return host_file_identify(one, &ids[0]) && host_file_identify(other, &ids[1]) &&
	       ids[0].device == ids[1].device && ids[0].number == ids[1].number;
}

enum cause
redact_print(FILE *file, const struct options *options, struct reason *why)
{
	struct redacting redacting = { .is_forced = options->is_forced };
	const char *from = options->file, *to = options->words[0];
	enum cause cause;

	if (is_one_file(from, to))
		return reason_begin(why, CAUSE_REQUEST,
				    "%s is the recording itself: name another file for "
				    "what is made of it",
				    to);
	cause = run(&redacting, from, to, why);
	if (cause == CAUSE_NONE)
		print_done(file, &redacting, to);
	playing_end(&redacting.playing);
	return cause;
}
