/* SPDX-License-Identifier: MIT */
#include "server/session/obituary.h"

#include "transport/base/bytes.h"

#include <string.h>

static const char *const enders[] = {
	[ENDED_BY_DETACH] = "the client detached (D)",
	[ENDED_BY_KILL] = "the client ended it (k)",
	[ENDED_BY_CLOSE] = "the client closed the connection",
	[ENDED_BY_RESET] =
		"the client's side reset the connection: it crashed or was killed",
	[ENDED_BY_SILENCE] = "silence: the client's computer no longer answers",
	[ENDED_BY_SERVER] = "this server was told to end",
	[ENDED_BY_PROBE] = "the probe is gone",
	[ENDED_BY_TARGET] = "the target is gone",
	[ENDED_BY_GARBAGE] = "the client sent garbage",
	[ENDED_BY_DEAFNESS] = "the client does not read what it is sent",
	[ENDED_BY_CROWD] = "refused: there are too many clients",
};

/* How those begin who take this port for something else. */
static const struct {
	const char *prefix, *name;
} strangers[] = {
	{ "GET ", "an HTTP request" },  { "POST ", "an HTTP request" },
	{ "HEAD ", "an HTTP request" }, { "OPTIONS ", "an HTTP request" },
	{ "SSH-", "an SSH client" },    { "\x16\x03", "a TLS handshake" },
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

static const char *
stranger_name(const char *said)
{
	for (size_t i = 0; i < array_len(strangers); i++)
		if (strncmp(said, strangers[i].prefix, strlen(strangers[i].prefix)) == 0)
			return strangers[i].name;
	return NULL;
}

bool
chronicle_is_stranger(const struct chronicle *chronicle)
{
	return stranger_name(chronicle->first_junk) != NULL;
}

static void
write_visit(const struct chronicle *chronicle, enum ender ender, const char *client,
	    struct text *text)
{
	const char *stranger = stranger_name(chronicle->first_junk);

	text_add(text, "connection of %s came to no session: ", client);
	if (ender == ENDED_BY_CROWD)
		text_add(text, "%s", enders[ender]);
	else if (stranger != NULL)
		text_add(text, "it sent %s, this port speaks gdb's protocol", stranger);
	else if (chronicle->junk > 0)
		text_add(text, "%llu bytes but no packet of gdb's protocol",
			 (unsigned long long)chronicle->junk);
	else
		text_add(text, "not a byte was sent (a port scan, or a look whether "
			       "the server is up)");
	if (chronicle->junk > 0) {
		text_add(text, "\n  it began: ");
		add_printable(text, chronicle->first_junk, strlen(chronicle->first_junk));
	}
}

static void
write_last_words(const struct chronicle *chronicle, struct text *text)
{
	unsigned first = chronicle->len < CHRONICLE_LEN ? 0 : chronicle->next;

	text_add(text, "\n  last packets (> from the client, < to it):");
	for (unsigned i = 0; i < chronicle->len; i++)
		text_add(text, "\n    %s", chronicle->lines[(first + i) % CHRONICLE_LEN]);
}

void
obituary_write(const struct chronicle *chronicle, enum ender ender, const char *client,
	       const char *core, const char *fate, uint64_t now_us, struct text *text)
{
	uint64_t tenths = (now_us - chronicle->begun_us) / 100000;

	if (chronicle->packets_in == 0) {
		write_visit(chronicle, ender, client, text);
		return;
	}
	text_add(text, "session of %s on %s ended after %llu.%llu s: %s", client, core,
		 (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10),
		 enders[ender]);
	text_add(text, "\n  %llu packets in, %llu out",
		 (unsigned long long)chronicle->packets_in,
		 (unsigned long long)chronicle->packets_out);
	if (chronicle->junk > 0 || chronicle->bad_checksums > 0)
		text_add(text, ", %llu stray bytes, %u wrong checksums",
			 (unsigned long long)chronicle->junk, chronicle->bad_checksums);
	if (fate != NULL)
		text_add(text, "; %s", fate);
	write_last_words(chronicle, text);
}
