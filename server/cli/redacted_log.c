/* SPDX-License-Identifier: MIT */
#include "server/cli/redacted_log.h"

#include "server/cli/recorded_log.h"
#include "server/cli/redacted_packet.h"
#include "transport/base/bytes.h"
#include "transport/base/host.h"
#include "transport/base/log.h"
#include "transport/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* --- what was said ---------------------------------------------------------------------------- */

/* "PEER > PACKET" */
static void
write_packet(FILE *file, const struct redaction *redaction, char *words)
{
	char *packet = words + strcspn(words, " ");
	bool is_request = text_begins(packet, " > ");

	if (!is_request && !text_begins(packet, " < ")) {
		redacted_head_write(file, words, 0);
		return;
	}
	*packet = '\0';
	redaction_words(redaction, words);
	packet += strlen(" > ");
	fprintf(file, "%s %c ", words, is_request ? '>' : '<');
	if (is_request)
		redacted_request_write(file, packet);
	else
		redacted_reply_write(file, redaction, packet);
}

/* What programs print, by what stands before it. */
static const struct {
	const char *head;
	const char *harmless; /* what tether itself says in this way */
} prints[] = {
	{ "live: RTT: ", "control block at 0x" },
	{ "live: SWO: ", "the target sends at " },
	{ " prints: ", NULL },
};

/* Where the text of a program begins; NULL: there is none. */
static const char *
find_print(const char *words)
{
	for (size_t i = 0; i < array_len(prints); i++) {
		const char *head =
			text_begins(words, "live: ") ? strstr(words, prints[i].head) : NULL;
		const char *text = head == NULL ? NULL : head + strlen(prints[i].head);

		if (text != NULL &&
		    (prints[i].harmless == NULL || !text_begins(text, prints[i].harmless)))
			return text;
	}
	return NULL;
}

/* The lines of an obituary (server/session/obituary.c) have "?" between. */
static const char between[] = "?  ";

/* "  > PACKET" or "  < PACKET", or a remedy behind them. */
static void
write_tail_line(FILE *file, const struct redaction *redaction, char *line)
{
	static const char *const kept[] = { "probably ", "perhaps ", "try: " };
	bool is_kept = false;

	for (size_t i = 0; i < array_len(kept); i++)
		is_kept = is_kept || text_begins(line, kept[i]);
	if (is_kept)
		fputs(line, file);
	else if (text_begins(line, "  < console: "))
		redacted_head_write(file, line, strlen("  < console: "));
	else if (text_begins(line, "  > ") || text_begins(line, "  < ")) {
		fprintf(file, "%.4s", line);
		if (line[2] == '>')
			redacted_request_write(file, line + 4);
		else
			redacted_reply_write(file, redaction, line + 4);
	} else
		redacted_head_write(file, line, 0);
}

static void
write_tail(FILE *file, const struct redaction *redaction, char *tail)
{
	while (tail != NULL) {
		char *next = strstr(tail, between);

		if (next != NULL)
			*next = '\0';
		write_tail_line(file, redaction, tail);
		if (next != NULL)
			fputs(between, file);
		tail = next == NULL ? NULL : next + strlen(between);
	}
}

/* A packet that is quoted, as one whose reply took too long. */
static char *
cut_quoted(char *words, char **after)
{
	static const char before[] = "the reply to \"", behind[] = "\" took longer";
	char *quoted = strstr(words, before);

	*after = quoted == NULL ? NULL : strstr(quoted, behind);
	if (*after == NULL)
		return NULL;
	**after = '\0';
	++*after;
	quoted += strlen(before);
	return quoted;
}

static void
write_said(FILE *file, const struct redaction *redaction, char *words)
{
	static const char tail[] = "last packets (> from the client, < to it):?  ";
	char *packets = strstr(words, tail), *after, *quoted = cut_quoted(words, &after);

	if (packets != NULL)
		packets[strlen(tail) - 1] = '\0';
	if (quoted != NULL) {
		quoted[-1] = '\0';
		redaction_words(redaction, words);
		redaction_words(redaction, after);
		fprintf(file, "%s\"", words);
		redacted_request_write(file, quoted);
		fprintf(file, "\"%s", after);
		return;
	}
	redaction_words(redaction, words);
	fputs(words, file);
	if (packets != NULL) {
		fputc(' ', file);
		write_tail(file, redaction, packets + strlen(tail));
	}
}

/* What has another one was not written by tether. */
static bool
has_level(const struct recorded_note *note)
{
	for (int level = LOG_ERROR; level <= LOG_WIRE; level++)
		if (strcmp(note->level, log_level_name((enum log_level)level)) == 0)
			return true;
	return false;
}

static void
write_note(FILE *file, const struct redaction *redaction, struct recorded_note *note)
{
	static const char rsp[] = "rsp: ";
	const char *print = find_print(note->words);

	fprintf(file, "#%s %s: ", note->time, note->level);
	if (strcmp(note->level, log_level_name(LOG_WIRE)) == 0 &&
	    text_begins(note->words, rsp)) {
		fputs(rsp, file);
		write_packet(file, redaction, note->words + strlen(rsp));
	} else if (print != NULL) {
		redacted_head_write(file, note->words, (size_t)(print - note->words));
	} else {
		write_said(file, redaction, note->words);
	}
	fputc('\n', file);
}

enum cause
redacted_log_write(FILE *file, FILE *recording, const struct redaction *redaction,
		   struct reason *why)
{
	char *line = NULL;
	size_t size = 0;
	long len;
	struct recorded_note note;

	rewind(recording);
	while ((len = host_line_read(recording, &line, &size)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (recorded_note_cut(line, &note) && has_level(&note))
			write_note(file, redaction, &note);
	}
	free(line);
	if (feof(recording))
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_HOST, "the recording cannot be read to its end");
}
