/* SPDX-License-Identifier: MIT */
#include "server/session/obituary.h"

#include "transport/base/bytes.h"

#include <string.h>

static const char *const enders[] = {
	[ENDED_BY_NOBODY] = "it has not ended",
	[ENDED_BY_DETACH] = "the client detached (D)",
	[ENDED_BY_KILL] = "the client ended it (k)",
	[ENDED_BY_SERVER] = "tether is shutting down",
	[ENDED_BY_CLOSE] = "the client closed the connection",
	[ENDED_BY_RESET] =
		"the client's side reset the connection: it crashed or was killed",
	[ENDED_BY_TIMEOUT] = "the client's computer no longer answers",
	[ENDED_BY_PROBE] = "the probe is gone",
	[ENDED_BY_TARGET] = "the target is gone",
	[ENDED_BY_GARBAGE] = "too many bytes outside packets, or wrong checksums",
	[ENDED_BY_STRANGER] = "its first bytes are not gdb's protocol",
	[ENDED_BY_SILENCE] = "no packet came",
	[ENDED_BY_WRITE_AHEAD] = "the client sent too much ahead of the reply it waits for",
	[ENDED_BY_SLOW_READING] = "the client does not read what it is sent",
	[ENDED_BY_CROWD] = "refused: there are too many clients",
	[ENDED_BY_SUCCESSOR] =
		"there are too many clients: the one that was silent for longest had to go",
};

/* How clients of other protocols begin. HTTP's methods are found by what follows them. */
static const struct {
	const char *part;
	bool is_prefix;
	const char *name;
} strangers[] = {
	{ "SSH-", true, "it is an SSH client" },
	{ "\x16\x03", true, "it sent a TLS handshake" },
	{ " HTTP/", false, "it sent an HTTP request" },
	{ "HTTP/", true, "it sent an HTTP request" },
	{ "GET ", true, "it sent an HTTP request" },
	{ "POST ", true, "it sent an HTTP request" },
	{ "PUT ", true, "it sent an HTTP request" },
	{ "PRI ", true, "it sent an HTTP request" },
	{ "HEAD ", true, "it sent an HTTP request" },
	{ "PATCH ", true, "it sent an HTTP request" },
	{ "DELETE ", true, "it sent an HTTP request" },
	{ "OPTIONS ", true, "it sent an HTTP request" },
	{ "CONNECT ", true, "it sent an HTTP request" },
};

static void
add_printable(struct text *line, const char *bytes, uint64_t len)
{
	for (uint64_t i = 0; i < len && !line->is_cut; i++)
		text_add(line, "%c", bytes[i] >= ' ' && bytes[i] < 0x7f ? bytes[i] : '.');
}

/* "O" and hexadecimal digits, but not "OK" */
static bool
is_console(char direction, const char *bytes, uint64_t len)
{
	return direction == '<' && len > 1 && len % 2 == 1 && bytes[0] == 'O' &&
	       hex_digit(bytes[1]) >= 0;
}

static void
add_console(struct text *line, const char *bytes, uint64_t len)
{
	text_add(line, "console: ");
	for (uint64_t i = 1; i + 1 < len && !line->is_cut; i += 2) {
		char c = (char)(hex_digit(bytes[i]) << 4 | hex_digit(bytes[i + 1]));

		add_printable(line, &c, 1);
	}
}

void
chronicle_packet(struct chronicle *chronicle, char direction, const char *bytes,
		 uint64_t len)
{
	struct text line;

	chronicle->packets_in += direction == '>';
	chronicle->packets_out += direction != '>';
	text_init(&line, chronicle->lines[chronicle->next], CHRONICLE_WIDTH - 3);
	text_add(&line, "%c ", direction);
	if (is_console(direction, bytes, len))
		add_console(&line, bytes, len);
	else
		add_printable(&line, bytes, len);
	if (line.is_cut)
		strcat(line.chars, "...");
	chronicle->next = (chronicle->next + 1) % CHRONICLE_LEN;
	chronicle->len += chronicle->len < CHRONICLE_LEN;
}

void
chronicle_junk(struct chronicle *chronicle, const uint8_t *bytes, uint64_t len)
{
	size_t used = strlen(chronicle->first_junk);

	chronicle->junk += len;
	for (uint64_t i = 0; i < len && used + 1 < CHRONICLE_WIDTH; i++)
		if (bytes[i] != '\0')
			chronicle->first_junk[used++] = (char)bytes[i];
}

const char *
chronicle_last_request(const struct chronicle *chronicle)
{
	for (unsigned back = 1; back <= chronicle->len; back++) {
		unsigned at = (chronicle->next + CHRONICLE_LEN - back) % CHRONICLE_LEN;

		if (chronicle->lines[at][0] == '>')
			return chronicle->lines[at] + strlen("> ");
	}
	return "";
}

static const char *
stranger_name(const char *said)
{
	for (size_t i = 0; i < array_len(strangers); i++) {
		const char *found = strstr(said, strangers[i].part);

		if (found != NULL && (found == said || !strangers[i].is_prefix))
			return strangers[i].name;
	}
	return "it sent bytes that are not gdb's protocol";
}

static uint64_t
age_tenths(const struct chronicle *chronicle, const struct obituary *obituary)
{
	enum { US_PER_TENTH = 100000 };

	return (obituary->now_us - chronicle->begun_us + US_PER_TENTH / 2) / US_PER_TENTH;
}

/* One that is certain is left out: the lines above say it. */
static void
write_suspicion(enum finding suspected, struct text *text)
{
	if (suspected == FINDING_NONE)
		return;
	if (finding_row(suspected)->weight != WEIGHT_CERTAIN)
		text_add(text, "\n  probably %s", finding_row(suspected)->sentence);
	text_add(text, "\n  try: ");
	finding_add_remedy(suspected, "", text);
}

static void
write_visit(const struct chronicle *chronicle, const struct obituary *obituary,
	    struct text *text)
{
	uint64_t tenths = age_tenths(chronicle, obituary);

	text_add(text,
		 "connection of %s to %s ended before a packet came: ", obituary->client,
		 obituary->core);
	if (obituary->ender == ENDED_BY_CROWD)
		text_add(text, "%s", enders[obituary->ender]);
	else if (chronicle->junk > 0)
		text_add(text, "%s", stranger_name(chronicle->first_junk));
	else if (obituary->ender == ENDED_BY_SILENCE)
		text_add(text, "no packet within %llu.%llu s",
			 (unsigned long long)(tenths / 10),
			 (unsigned long long)(tenths % 10));
	else
		text_add(text, "it sent nothing (a port scan, or a check whether the "
			       "server runs)");
	if (chronicle->junk > 0) {
		text_add(text, "\n  first bytes: ");
		add_printable(text, chronicle->first_junk, strlen(chronicle->first_junk));
	}
	write_suspicion(obituary->suspected, text);
}

static void
write_tail(const struct chronicle *chronicle, struct text *text)
{
	unsigned first = chronicle->len < CHRONICLE_LEN ? 0 : chronicle->next;

	text_add(text, "\n  last packets (> from the client, < to it):");
	for (unsigned i = 0; i < chronicle->len; i++)
		text_add(text, "\n    %s", chronicle->lines[(first + i) % CHRONICLE_LEN]);
}

bool
ender_is_orderly(enum ender ender)
{
	return ender == ENDED_BY_DETACH || ender == ENDED_BY_KILL ||
	       ender == ENDED_BY_SERVER;
}

void
obituary_write(const struct chronicle *chronicle, const struct obituary *obituary,
	       struct text *text)
{
	uint64_t tenths = age_tenths(chronicle, obituary);

	if (chronicle->packets_in == 0) {
		write_visit(chronicle, obituary, text);
		return;
	}
	text_add(text, "session of %s on %s ended after %llu.%llu s, %llu packet%s: %s",
		 obituary->client, obituary->core, (unsigned long long)(tenths / 10),
		 (unsigned long long)(tenths % 10),
		 (unsigned long long)chronicle->packets_in, text_s(chronicle->packets_in),
		 enders[obituary->ender]);
	if (obituary->fate[0] != '\0')
		text_add(text, "; %s", obituary->fate);
	if (chronicle->junk > 0 || chronicle->bad_checksums > 0)
		text_add(text, "\n  %llu stray byte%s, %u wrong checksum%s",
			 (unsigned long long)chronicle->junk, text_s(chronicle->junk),
			 chronicle->bad_checksums, text_s(chronicle->bad_checksums));
	if (!ender_is_orderly(obituary->ender))
		write_tail(chronicle, text);
	write_suspicion(obituary->suspected, text);
}
