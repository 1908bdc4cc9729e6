/* SPDX-License-Identifier: MIT */
#include "transport/probe/tape_lines.h"

#include "transport/base/bytes.h"
#include "transport/base/fnv.h"
#include "transport/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

uint64_t
tape_sum(const char *bytes, size_t len)
{
	uint64_t sum = FNV_BASIS;

	for (size_t i = 0; i < len; i++)
		sum = fnv_add(sum, (uint8_t)bytes[i]);
	return sum;
}

void
tape_show(char shown[TAPE_SHOWN], const char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len && i + 1 < TAPE_SHOWN; i++)
		shown[i] = bytes[i];
	shown[i] = '\0';
	for (i = 0; shown[i] != '\0'; i++)
		if (!isprint((unsigned char)shown[i]))
			shown[i] = '?';
}

/* Below the recorder the log is another one: there is no probe, and nobody reads trace. */
bool
tape_is_compared(const char *room, size_t len)
{
	static const char *const others[] = { "probe", "log", "share", "record", "reader" };

	for (size_t i = 0; i < array_len(others); i++)
		if (strlen(others[i]) == len && memcmp(room, others[i], len) == 0)
			return false;
	return true;
}

void
tape_make_note(struct tape_note *note, const char *words)
{
	uint64_t sum = FNV_BASIS;

	for (const char *c = words; *c != '\0'; c++)
		sum = fnv_add(sum, (uint8_t)(isprint((unsigned char)*c) ? *c : '?'));
	note->sum = sum;
	tape_show(note->shown, words, strlen(words));
}

/* "19:52:03.123 info: server: WORDS", of what was said to people. */
static void
take_note(struct tape *tape, const char *line)
{
	static const char *const levels[] = { "error: ", "warning: ", "info: " };
	const char *level = strchr(line, ' '), *room = NULL, *words;

	for (size_t i = 0; level != NULL && i < array_len(levels); i++)
		if (text_begins(level + 1, levels[i]))
			room = level + 1 + strlen(levels[i]);
	words = room == NULL ? NULL : strstr(room, ": ");
	if (words == NULL || !tape_is_compared(room, (size_t)(words - room)) ||
	    tape->notes_len == TAPE_NOTES)
		return;
	tape_make_note(&tape->notes[tape->notes_len], words + strlen(": "));
	text_copy(tape->notes[tape->notes_len].time, TAPE_TIME_MAX, line);
	tape->notes[tape->notes_len].time[strcspn(line, " ") % TAPE_TIME_MAX] = '\0';
	tape->notes_len++;
}

/* --- lines ---------------------------------------------------------------------------- */

/* The rest of a line. */
static bool
pass_line(FILE *file)
{
	int c = fgetc(file);

	while (c != '\n' && c != EOF)
		c = fgetc(file);
	return c != EOF;
}

/* What is longer is cut. */
static bool
read_note(struct tape *tape)
{
	size_t len = 0;
	int c = fgetc(tape->file);

	for (; c != '\n' && c != EOF; c = fgetc(tape->file))
		if (c != '\0' && len + 1 < sizeof(tape->note))
			tape->note[len++] = (char)c;
	tape->note[len] = '\0';
	if (c == '\n')
		take_note(tape, tape->note);
	return c != EOF;
}

/* What is shown on a terminal must not steer it. */
static void
take_printable(char *line)
{
	for (; *line != '\0'; line++)
		if (!isprint((unsigned char)*line))
			*line = '?';
}

/* The rest of a line whose first character was `c`. */
static bool
read_rest(FILE *file, int c, char *line, size_t size)
{
	size_t len = 0;

	for (; c != '\n' && c != EOF; c = fgetc(file)) {
		if (len + 1 == size)
			return false;
		line[len++] = c == '\0' ? '?' : (char)c;
	}
	line[len] = '\0';
	take_printable(line);
	return c == '\n';
}

bool
tape_read_line(FILE *file, char *line, size_t size)
{
	int c;

	while ((c = fgetc(file)) != '%' && c != '@')
		if (c == EOF || (c != '\n' && !pass_line(file)))
			return false;
	return read_rest(file, c, line, size);
}

static bool
read_line(struct tape *tape)
{
	int c;

	while ((c = fgetc(tape->file)) != '%' && c != '@')
		if (c == EOF ||
		    (c != '\n' && !(c == '#' ? read_note(tape) : pass_line(tape->file))))
			return false;
	return read_rest(tape->file, c, tape->line, sizeof(tape->line));
}

/* What was found in the end is nothing that is played. */
static bool
is_for_others(const char *line)
{
	static const char word[] = "%verdict ";

	return text_begins(line, word);
}

const char *
tape_look(struct tape *tape)
{
	while (!tape->has_line) {
		if (!read_line(tape))
			tape->line[0] = '\0';
		tape->has_line = !is_for_others(tape->line);
	}
	return tape->line;
}

void
tape_take_line(struct tape *tape)
{
	tape->has_line = tape->line[0] == '\0';
}

const char *
tape_take(struct tape *tape, const char *word)
{
	const char *line = tape_look(tape);
	size_t len = strlen(word);

	if (strncmp(line, word, len) != 0 || (line[len] != ' ' && line[len] != '\0'))
		return NULL;
	tape_take_line(tape);
	return line[len] == ' ' ? line + len + 1 : "";
}

enum cause
tape_go_off(struct tape *tape, const char *asked)
{
	const char *line = tape_look(tape);

	if (tape->is_off)
		return CAUSE_MISMATCH;
	tape->is_off = true;
	tape->is_cut = line[0] == '\0' && feof(tape->file) != 0;
	if (!tape->is_cut)
		return reason_begin(&tape->off, CAUSE_MISMATCH,
				    "the recording goes on with \"%.80s\", not with: %s",
				    line, asked);
	reason_begin(&tape->off, CAUSE_MISMATCH,
		     "the recording is cut off: it ends where it should go on with: %s",
		     asked);
	reason_suspect(&tape->off, FINDING_REQUEST_RECORDING_CUT);
	return CAUSE_MISMATCH;
}

bool
tape_read_terms(const char *words, int base, uint64_t *terms, size_t max, size_t *len)
{
	for (*len = 0; *words != '\0'; words += strspn(words, " ")) {
		char *end;

		if (*len == max || !isxdigit((unsigned char)*words))
			return false;
		errno = 0;
		terms[(*len)++] = strtoull(words, &end, base);
		if (errno != 0 || end == words || (*end != ' ' && *end != '\0'))
			return false;
		words = end;
	}
	return *len > 0;
}

bool
tape_read_bytes(struct tape *tape, uint8_t *bytes, size_t len)
{
	for (size_t at = 0; at < len;) {
		const char *digits = tape_take(tape, "%b");
		size_t some = digits == NULL ? 0 : strlen(digits) / 2;

		if (some == 0 || some > len - at || !hex_decode(bytes + at, digits, some))
			return false;
		at += some;
	}
	return true;
}

/* --- written --------------------------------------------------------------------------- */

void
tape_write_bytes(FILE *file, const uint8_t *bytes, size_t len)
{
	for (size_t at = 0; at < len; at += RECORDING_BYTES) {
		size_t some = len - at < RECORDING_BYTES ? len - at : RECORDING_BYTES;
		char digits[2 * RECORDING_BYTES + 1];

		hex_encode(digits, bytes + at, some);
		fprintf(file, "%%b %s\n", digits);
	}
}
