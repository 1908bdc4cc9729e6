/* SPDX-License-Identifier: MIT */
#include "server/cli/redacted_log.h"

#include "server/cli/recorded_log.h"
#include "server/monitor/rows.h"
#include "transport/base/bytes.h"
#include "transport/base/host.h"
#include "transport/base/log.h"
#include "transport/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MONITOR_MAX = 512, NAME_MAX_LEN = 32 };

/* `words` up to `len`, and how much more there was. */
static void
write_head(FILE *file, const char *words, size_t len)
{
	size_t left = strlen(words) - len;

	fprintf(file, "%.*s", (int)len, words);
	if (left > 0)
		fprintf(file, "(%zu characters left out)", left);
}

/* --- requests (GDB manual, Packets, and General Query Packets) ------------------------------ */

/* What is kept of a packet that begins so: up to the next of these characters and with it; "": no
 * more; NULL: all of it. The first row that fits counts. */
static const struct {
	const char *head, *until;
} requests[] = {
	{ "vFlashWrite:", ":" },
	{ "M", ":" },
	{ "X", ":" },
	{ "P", "=" },
	{ "Z", ";" },
	{ "G", "" },
	{ "qCRC:", "" },
	{ "qSearch:", "" },
	{ "qSymbol:", "" },
	{ "vRun", ";" },
	{ "m", NULL },
	{ "x", NULL },
	{ "p", NULL },
	{ "z", NULL },
	{ "g", NULL },
	{ "?", NULL },
	{ "!", NULL },
	{ "(interrupt)", NULL },
	{ "H", NULL },
	{ "T", NULL },
	{ "D", NULL },
	{ "k", NULL },
	{ "R", NULL },
	{ "c", NULL },
	{ "s", NULL },
	{ "vCont", NULL },
	{ "vCtrlC", NULL },
	{ "vStopped", NULL },
	{ "vAttach", NULL },
	{ "vKill", NULL },
	{ "vMustReplyEmpty", NULL },
	{ "vFlashErase:", NULL },
	{ "vFlashDone", NULL },
	{ "qSupported", NULL },
	{ "qXfer:", NULL },
	{ "qAttached", NULL },
	{ "qOffsets", NULL },
	{ "qTStatus", NULL },
	{ "qfThreadInfo", NULL },
	{ "qsThreadInfo", NULL },
	{ "qThreadExtraInfo", NULL },
	{ "qMemoryRegionInfo", NULL },
	{ "QStartNoAckMode", NULL },
	{ "QNonStop", NULL },
	{ "QThreadEvents", NULL },
};

/* The name of a command is harmless, its arguments may be a file or the contents of memory. */
static void
write_monitor(FILE *file, const char *packet)
{
	static const char head[] = "qRcmd,";
	char line[MONITOR_MAX + 1];
	const char *digits = packet + strlen(head), *rest;
	size_t len = strlen(digits) / 2 < MONITOR_MAX ? strlen(digits) / 2 : MONITOR_MAX;
	const struct monitor_row *row;

	if (!hex_decode((uint8_t *)line, digits, len))
		len = 0;
	line[len] = '\0';
	row = monitor_find(line, &rest);
	write_head(file, packet, strlen(head) + (row == NULL ? 0 : 2 * strlen(row->name)));
}

/* How much is kept of one that fits the row. */
static size_t
kept_of(const char *packet, const char *head, const char *until)
{
	const char *rest = packet + strlen(head);
	size_t more = until == NULL ? strlen(rest) : strcspn(rest, until);

	if (until != NULL && until[0] == '\0')
		return strlen(head);
	return strlen(head) + more + (until != NULL && rest[more] != '\0' ? 1 : 0);
}

void
redacted_request_write(FILE *file, const char *packet)
{
	size_t name = 0;

	if (text_begins(packet, "qRcmd,")) {
		write_monitor(file, packet);
		return;
	}
	for (size_t i = 0; i < array_len(requests); i++)
		if (text_begins(packet, requests[i].head)) {
			write_head(file, packet,
				   kept_of(packet, requests[i].head, requests[i].until));
			return;
		}
	while (name < NAME_MAX_LEN && isalpha((unsigned char)packet[name]))
		name++;
	write_head(file, packet, name);
}

/* --- replies ------------------------------------------------------------------------------ */

/* What is none of these may be what was read. Digits of memory and registers are of lower case, and
 * what "x" reads begins with "b" (GDB manual, Packets). */
static const char *const harmless[] = {
	"OK", "T", "S", "W", "X", "l", "m", "PacketSize=", "QC", "vCont", "Text=", "%Stop:",
};

/* "T05thread:1;07:c87f0120;0f:30010008;": of R0 to R12 the value is left out. */
static void
hide_registers(char *packet)
{
	enum { FIRST_KEPT = 13 };

	for (char *pair = strchr(packet, ';'); pair != NULL; pair = strchr(pair, ';')) {
		int high = hex_digit(*++pair), low = high < 0 ? -1 : hex_digit(pair[1]);

		if (low < 0 || pair[2] != ':' || high * 16 + low >= FIRST_KEPT)
			continue;
		for (pair += 3; isxdigit((unsigned char)*pair); pair++)
			*pair = 'x';
	}
}

void
redacted_reply_write(FILE *file, const struct redaction *redaction, char *packet)
{
	bool is_harmless = strlen(packet) <= 1;

	if (packet[0] == 'E') {
		redaction_words(redaction, packet);
		fputs(packet, file);
		return;
	}
	for (size_t i = 0; i < array_len(harmless); i++)
		is_harmless = is_harmless || text_begins(packet, harmless[i]);
	if (packet[0] == 'T' || packet[0] == '%')
		hide_registers(packet);
	write_head(file, packet, is_harmless ? strlen(packet) : 0);
}

/* --- what was said ---------------------------------------------------------------------------- */

/* "PEER > PACKET" */
static void
write_packet(FILE *file, const struct redaction *redaction, char *words)
{
	char *packet = words + strcspn(words, " ");
	bool is_request = text_begins(packet, " > ");

	if (!is_request && !text_begins(packet, " < ")) {
		write_head(file, words, 0);
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
		write_head(file, line, strlen("  < console: "));
	else if (text_begins(line, "  > ") || text_begins(line, "  < ")) {
		fprintf(file, "%.4s", line);
		if (line[2] == '>')
			redacted_request_write(file, line + 4);
		else
			redacted_reply_write(file, redaction, line + 4);
	} else
		write_head(file, line, 0);
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
		write_head(file, note->words, (size_t)(print - note->words));
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
		if (recorded_note_cut(line, &note))
			write_note(file, redaction, &note);
	}
	free(line);
	if (feof(recording))
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_HOST, "the recording cannot be read to its end");
}
