/* SPDX-License-Identifier: MIT */
#include "server/cli/recorded_log.h"

#include "targets/diagnosis/wording.h"
#include "transport/base/bytes.h"
#include "transport/base/finding.h"
#include "transport/base/log.h"
#include "transport/base/reason.h"
#include "transport/base/text.h"

#include <ctype.h>
#include <string.h>

/* A reason is no longer; of a packet this is enough to know it by. */
enum { LINE_MAX = 4096, PACKETS = 4, PACKET_MAX = 120, PEER_MAX = 64 };

struct digest {
	FILE *file;
	unsigned long lines, packets;
	char last[PACKETS][PACKET_MAX]; /* packets, in a ring */
	char from[32], until[32];       /* times of day */
	char asks[PEER_MAX];            /* whose last packet is a monitor command; "" */
	const char *sentence;           /* that of the finding, as that line had it */
	enum finding found;             /* by the last line that names one */
	char remedy[REASON_LINE_MAX];   /* as that line had it */
	char end[REASON_LINE_MAX];      /* how it said that the session ended; "" */
};

/* What is longer is cut; control characters are shown as "?". */
static bool
read_line(FILE *recording, char *line, size_t size)
{
	size_t len = 0;
	int c = fgetc(recording);

	if (c == EOF)
		return false;
	for (; c != '\n' && c != EOF; c = fgetc(recording))
		if (len + 1 < size)
			line[len++] = isprint(c) ? (char)c : '?';
	line[len] = '\0';
	return true;
}

bool
recorded_note_cut(char *line, struct recorded_note *note)
{
	static const char form[] = "#dd:dd:dd.ddd ";

	for (size_t i = 0; i < strlen(form); i++)
		if (form[i] == 'd' ? !isdigit((unsigned char)line[i]) : line[i] != form[i])
			return false;
	note->time = line + 1;
	note->level = line + strlen(form);
	line[strlen(form) - 1] = '\0';
	note->words = strstr(note->level, ": ");
	if (note->words == NULL)
		return false;
	*note->words = '\0';
	note->words += strlen(": ");
	return true;
}

/* Behind "try: ", with whatever value is in it. */
static bool
is_remedy(const char *words, const char *remedy)
{
	const char *hole = strstr(remedy, "{}");
	size_t head = hole == NULL ? strlen(remedy) : (size_t)(hole - remedy);

	return strncmp(words, remedy, head) == 0 &&
	       (hole == NULL || strstr(words + head, hole + strlen("{}")) != NULL);
}

/* How much of the finding the line has. Its remedy says most: what else the line has may be the
 * sentence of another one ("the core runs" is what became of a core). One that adds nothing has only
 * its remedy (reason.c), and several may have the same. The longest sentence is meant: one may be the
 * beginning of another. */
static size_t
likeness(const char *words, const char *remedy, enum finding finding)
{
	const struct finding_row *row = finding_row(finding);
	const char *sentence = wording_said(finding, words);
	size_t len = 0;

	if (is_remedy(remedy, row->remedy) || wording_is_remedy(finding, remedy))
		len = LINE_MAX + strlen(row->remedy);
	if (strstr(words, sentence) != NULL)
		len += 1 + strlen(sentence);
	return len;
}

static enum finding
find(const char *words, const char *remedy)
{
	enum finding found = FINDING_NONE;
	size_t most = 0;

	for (enum finding f = FINDING_NONE + 1; f < FINDINGS_END; f++)
		if (likeness(words, remedy, f) > most) {
			most = likeness(words, remedy, f);
			found = f;
		}
	return found;
}

/* "session: PEER: WORDS" to who has just asked for what cannot be: that is answered, and says nothing
 * of the board. */
static bool
is_refusal(const struct digest *digest, const char *words, enum finding finding)
{
	static const char session[] = "session: ", request[] = "REQUEST_";
	size_t len = strlen(digest->asks);

	return len > 0 && text_begins(words, session) &&
	       strncmp(words + strlen(session), digest->asks, len) == 0 &&
	       words[strlen(session) + len] == ':' &&
	       text_begins(finding_row(finding)->id, request);
}

/* "session: session of PEER on CORE ended after 1.2 s, 3 packets: WORDS; FATE": the words, when the
 * finding says no more than they do (obituary.c). */
static void
take_end(struct digest *digest, const char *words)
{
	static const char session[] = "session: session of ", before[] = " packet";
	const char *end = text_begins(words, session) ? strstr(words, before) : NULL;

	digest->end[0] = '\0';
	end = end == NULL ? NULL : strstr(end, ": ");
	if (end == NULL || finding_row(digest->found)->weight != WEIGHT_CERTAIN)
		return;
	text_copy(digest->end, sizeof(digest->end), end + strlen(": "));
	digest->end[strcspn(digest->end, ";?")] = '\0';
}

static void
take_finding(struct digest *digest, const char *words)
{
	static const char head[] = "try: ";
	const char *remedy = strstr(words, head);
	enum finding found = FINDING_NONE;

	if (remedy != NULL)
		found = find(words, remedy + strlen(head));
	if (found == FINDING_NONE || is_refusal(digest, words, found))
		return;
	digest->found = found;
	digest->sentence = wording_said(found, words);
	text_copy(digest->remedy, sizeof(digest->remedy), remedy + strlen(head));
	if (strrchr(digest->remedy, ')') != NULL)
		*strrchr(digest->remedy, ')') = '\0';
	take_end(digest, words);
}

static void
print_finding(const struct digest *digest)
{
	const struct finding_row *row;

	if (digest->found == FINDING_NONE)
		return;
	row = finding_row(digest->found);
	fprintf(digest->file, "%-9s %s (%s %s)\n%-9s %s\n", "verdict",
		digest->end[0] != '\0' ? digest->end : digest->sentence, row->id, row->name,
		"try", digest->remedy);
}

/* "rsp: PEER > PACKET" */
static void
take_packet(struct digest *digest, const char *words)
{
	static const char room[] = "rsp: ", monitor[] = "qRcmd,";
	const char *peer = words + strlen(room), *end = strchr(peer, ' ');
	size_t len = end == NULL ? 0 : (size_t)(end - peer);

	text_copy(digest->last[digest->packets++ % PACKETS], PACKET_MAX, words);
	if (len == 0 || len >= PEER_MAX || !text_begins(end, " > "))
		return;
	digest->asks[0] = '\0';
	if (text_begins(end + strlen(" > "), monitor))
		text_copy(digest->asks, len + 1, peer);
}

/* Its lines have "?" between (log.c), and are an obituary's, or a reason's. */
static void
print_words(FILE *file, const char *words)
{
	static const char *const heads[] = { "  ", "try: " };

	for (; *words != '\0'; words++) {
		bool is_break = false;

		for (size_t i = 0; i < array_len(heads); i++)
			is_break = is_break ||
				   (*words == '?' && text_begins(words + 1, heads[i]));
		if (is_break)
			fprintf(file, "\n    ");
		else
			fputc(*words, file);
	}
	fputc('\n', file);
}

static void
take_note(struct digest *digest, const struct recorded_note *note)
{
	if (digest->from[0] == '\0')
		text_copy(digest->from, sizeof(digest->from), note->time);
	text_copy(digest->until, sizeof(digest->until), note->time);
	if (strcmp(note->level, log_level_name(LOG_WIRE)) == 0) {
		take_packet(digest, note->words);
		return;
	}
	take_finding(digest, note->words);
	if (digest->lines++ == 0)
		fprintf(digest->file, "recorded  what the server said\n");
	fprintf(digest->file, "  %s %s%s", note->time,
		strcmp(note->level, log_level_name(LOG_INFO)) == 0 ? "" : note->level,
		strcmp(note->level, log_level_name(LOG_INFO)) == 0 ? "" : ": ");
	print_words(digest->file, note->words);
}

static void
print_packets(const struct digest *digest)
{
	unsigned long first = digest->packets > PACKETS ? digest->packets - PACKETS : 0;

	for (unsigned long i = first; i < digest->packets; i++)
		fprintf(digest->file, "%s%s\n", i == first ? "last      " : "          ",
			digest->last[i % PACKETS]);
}

bool
recorded_log_print(FILE *file, FILE *recording)
{
	char line[LINE_MAX] = "";
	struct digest digest = { .file = file };
	struct recorded_note note;

	rewind(recording);
	while (read_line(recording, line, sizeof(line)))
		if (recorded_note_cut(line, &note))
			take_note(&digest, &note);
	if (digest.lines == 0)
		return false;
	print_finding(&digest);
	fprintf(file, "time      from %s to %s, %lu packets with gdb\n", digest.from,
		digest.until, digest.packets);
	print_packets(&digest);
	return true;
}
