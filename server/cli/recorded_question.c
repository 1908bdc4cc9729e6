/* SPDX-License-Identifier: MIT */
/* recorded_question.c - what was asked of the tether that made a recording, and what it found. */
#include "server/cli/persona.h"
#include "server/cli/record.h"
#include "server/monitor/version.h"
#include "targets/chip/device.h"
#include "transport/base/bytes.h"
#include "transport/base/text.h"
#include "transport/probe/tape_lines.h"

#include <stdlib.h>
#include <string.h>

/* What a line says behind that word. */
static const char *
behind(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncmp(line, word, len) == 0 && line[len] == ' ' ? line + len + 1 : NULL;
}

/* The five numbers of both kinds, and `more` of its own. */
enum { COMMON = 5, MORE_MAX = 3 };

/* The last of `more` came later: without it it is 0. */
static bool
take_numbers(const char *words, struct board_options *board, uint64_t *own, size_t more)
{
	uint64_t terms[COMMON + MORE_MAX] = { 0 };
	size_t len = 0, least = more == MORE_MAX ? more - 1 : more;

	if (words == NULL || !tape_read_terms(words, 10, terms, COMMON + more, &len) ||
	    len < COMMON + least || terms[0] > CONNECT_UNDER_RESET ||
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

static void
take_flags(struct options *options, uint64_t flags)
{
	options->once = (flags & SESSION_ONCE) != 0;
	options->wait = (flags & SESSION_WAITS) != 0;
	options->any_client = (flags & SESSION_ANY_CLIENT) != 0;
	options->has_core_port = (flags & SESSION_HAS_PORT) != 0;
	options->record = (flags & SESSION_RECORDS) != 0 ? "-" : NULL;
	options->folder = (flags & SESSION_HAS_FOLDER) != 0 ? "-" : NULL;
	options->resets = (flags & SESSION_RESETS) != 0;
	options->extended_stays = (flags & SESSION_EXTENDED_STAYS) != 0;
	options->rtt.has_port = (flags & SESSION_RTT_PORT) != 0;
	options->rtt.text = (flags & SESSION_RTT_TEXT) != 0;
	options->swo.has_port = (flags & SESSION_SWO_PORT) != 0;
	options->swo.text = (flags & SESSION_SWO_TEXT) != 0;
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
	    own[1] > UINT32_MAX || own[2] > BOARD_MAX_EXTERNAL)
		return false;
	take_flags(options, own[0]);
	options->core_port = (uint32_t)own[1];
	options->algorithms_len = (unsigned)own[2];
	question->flags = (unsigned)own[0];
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
take_swo(const char *words, struct swo_options *swo)
{
	uint64_t terms[3];
	size_t len = 0;

	if (words == NULL || !tape_read_terms(words, 10, terms, array_len(terms), &len) ||
	    len != array_len(terms) || terms[0] > OPTION_MAX_CPU_HZ ||
	    terms[1] > UINT32_MAX || terms[2] > UINT16_MAX)
		return false;
	swo->core_hz = (uint32_t)terms[0];
	swo->baud = (uint32_t)terms[1];
	swo->divider = (uint32_t)terms[2];
	return true;
}

static bool
take_loader_bytes(FILE *file, uint8_t *bytes, size_t size)
{
	char line[RECORDING_LINE_MAX];

	for (size_t at = 0; at < size;) {
		const char *digits = tape_read_line(file, line, sizeof(line))
					     ? behind(line, "%b")
					     : NULL;
		size_t some = digits == NULL ? 0 : strlen(digits) / 2;

		if (some == 0 || some > size - at || !hex_decode(bytes + at, digits, some))
			return false;
		at += some;
	}
	return true;
}

/* "SIZE PATH", and its bytes. */
static bool
take_loader(FILE *file, const char *words, struct recorded_question *question,
	    unsigned index)
{
	enum { SIZE_MAX_BYTES = 8 * 1024 * 1024 };

	char *path;
	unsigned long size = words == NULL ? 0 : strtoul(words, &path, 10);

	if (size == 0 || size > SIZE_MAX_BYTES || *path != ' ')
		return false;
	text_copy(question->paths[index], RECORD_PATH_MAX, path + 1);
	question->loaders[index] = malloc(size);
	if (question->loaders[index] == NULL ||
	    !take_loader_bytes(file, question->loaders[index], size))
		return false;
	question->options.algorithms[index] = question->paths[index];
	question->options.contents[index].bytes = question->loaders[index];
	question->options.contents[index].size = size;
	return true;
}

/* What follows the line with that word, if it is there at all; else "". NULL: it should be. */
static const char *
take_more(FILE *file, char line[RECORDING_LINE_MAX], const char *word, bool is_there)
{
	if (!is_there)
		return "";
	return tape_read_line(file, line, RECORDING_LINE_MAX) ? behind(line, word) : NULL;
}

static bool
take_rest(FILE *file, struct recorded_question *question)
{
	char line[RECORDING_LINE_MAX];
	struct options *options = &question->options;
	unsigned flags = question->flags;
	const char *words = take_more(file, line, "%as", flags & SESSION_HAS_PERSONA);

	if (words != NULL && words[0] != '\0')
		options->persona = persona_by_name(words);
	if (words == NULL || (words[0] != '\0' && options->persona == NULL))
		return false;
	words = take_more(file, line, "%swo", flags & SESSION_HAS_SWO);
	if (words == NULL || (words[0] != '\0' && !take_swo(words, &options->swo)))
		return false;
	words = take_more(file, line, "%pins", flags & SESSION_HAS_PINS);
	if (words == NULL)
		return false;
	text_copy(question->pins, sizeof(question->pins), words);
	if (question->pins[0] != '\0')
		options->pins = question->pins;
	for (unsigned i = 0; i < options->algorithms_len; i++)
		if (!take_loader(file, take_more(file, line, "%loader", true), question, i))
			return false;
	return true;
}

void
record_free_question(struct recorded_question *question)
{
	for (unsigned i = 0; i < BOARD_MAX_EXTERNAL; i++) {
		free(question->loaders[i]);
		question->loaders[i] = NULL;
	}
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
		 (!question->is_session || (take_core(file, line, sizeof(line), question) &&
					    take_rest(file, question)))));
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
				    "it is no recording, as tether doctor --record and "
				    "tether serve --record make them");
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
