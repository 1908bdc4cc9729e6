/* SPDX-License-Identifier: MIT */
#include "transport/probe/redaction.h"

#include "transport/base/bytes.h"
#include "transport/base/host.h"
#include "transport/base/text.h"
#include "transport/probe/vtarget.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	ERASED = 0xff,
	VALUES = 254,      /* of a byte, but for 0x00 and 0xff */
	SERIAL_LEAST = 12, /* characters; an ST-LINK's has 24, of CMSIS-DAP 16 to 48 */
	SERIAL_DIGITS = 4,
	SHOWN = 4 /* of a serial, as --short-serials shows it */
};

enum cause
redaction_begin(struct redaction *redaction, struct reason *why)
{
	*redaction = (struct redaction){ .names_len = 0 };
	if (host_random(redaction->key, sizeof(redaction->key)))
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_HOST, "this computer gives no random bytes: %s",
			    strerror(errno));
}

/* --- memory ----------------------------------------------------------------------------- */

/* Each becomes one with those that it reaches. */
static void
add_range(struct redaction_ranges *ranges, uint32_t base, uint32_t size)
{
	uint32_t from = base, to = base + size - 1;
	size_t kept = 0;

	for (size_t i = 0; i < ranges->len; i++) {
		uint32_t low = ranges->each[i].from, high = ranges->each[i].to;

		if ((uint64_t)low > (uint64_t)to + 1 ||
		    (uint64_t)from > (uint64_t)high + 1) {
			ranges->each[kept++] = ranges->each[i];
			continue;
		}
		from = low < from ? low : from;
		to = high > to ? high : to;
	}
	ranges->len = kept;
	ranges->is_full = ranges->is_full || kept == REDACTION_RANGES;
	if (kept == REDACTION_RANGES)
		return;
	ranges->each[kept].from = from;
	ranges->each[kept].to = to;
	ranges->len++;
}

static bool
has(const struct redaction_ranges *ranges, uint32_t at)
{
	for (size_t i = 0; i < ranges->len; i++)
		if (at >= ranges->each[i].from && at <= ranges->each[i].to)
			return true;
	return false;
}

void
redaction_keep(struct redaction *redaction, uint32_t base, uint32_t size)
{
	add_range(&redaction->makers, base, size);
}

void
redaction_cover(struct redaction *redaction, uint32_t base, uint32_t size)
{
	add_range(&redaction->users, base, size);
}

/* DDI 0403E.e B3.1: peripherals; devices from 0xa0000000 on, of which those that STM32 have are the
 * registers of controllers of external memory, and memory comes behind them; and the system's own. */
static bool
is_peripheral(uint32_t at)
{
	return (at >= UINT32_C(0x40000000) && at <= UINT32_C(0x5fffffff)) ||
	       (at >= UINT32_C(0xa0000000) && at <= UINT32_C(0xbfffffff)) ||
	       at >= UINT32_C(0xe0000000);
}

bool
redaction_covers(const struct redaction *redaction, uint32_t at)
{
	if (redaction->users.is_full || has(&redaction->users, at))
		return true;
	return !is_peripheral(at) && !has(&redaction->makers, at);
}

static uint64_t
turn_left(uint64_t word, unsigned by)
{
	return word << by | word >> (64 - by);
}

static void
sip_rounds(uint64_t v[4], unsigned rounds)
{
	while (rounds-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = turn_left(v[1], 13) ^ v[0];
		v[3] = turn_left(v[3], 16) ^ v[2];
		v[0] = turn_left(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = turn_left(v[1], 17) ^ v[2];
		v[3] = turn_left(v[3], 21) ^ v[0];
		v[2] = turn_left(v[2], 32);
	}
}

/* SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012, 2.1 to 2.4) of eight
 * bytes: without the key nobody finds the value that belongs to an outcome, whatever else is known
 * of the memory. */
static uint64_t
sip(const uint64_t key[2], uint64_t message)
{
	static const uint64_t length = UINT64_C(8) << 56;
	uint64_t v[4] = { key[0] ^ UINT64_C(0x736f6d6570736575),
			  key[1] ^ UINT64_C(0x646f72616e646f6d),
			  key[0] ^ UINT64_C(0x6c7967656e657261),
			  key[1] ^ UINT64_C(0x7465646279746573) };

	v[3] ^= message;
	sip_rounds(v, 2);
	v[0] ^= message;
	v[3] ^= length;
	sip_rounds(v, 2);
	v[0] ^= length;
	v[2] ^= 0xff;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* Never the byte itself. */
static uint8_t
replace(const struct redaction *redaction, uint32_t at, uint8_t byte)
{
	uint64_t chance;
	unsigned other;

	if (byte == 0 || byte == ERASED)
		return byte;
	chance = sip(redaction->key, (uint64_t)at << 8 | byte);
	other = 1 + (unsigned)(chance % VALUES);
	if (other == byte)
		other = other % VALUES + 1;
	return (uint8_t)other;
}

void
redaction_replace(const struct redaction *redaction, uint32_t at, uint8_t *bytes,
		  size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = replace(redaction, at + (uint32_t)i, bytes[i]);
}

uint32_t
redaction_word(const struct redaction *redaction, uint32_t at, uint32_t word)
{
	uint8_t bytes[sizeof(word)];

	le32_put(bytes, word);
	redaction_replace(redaction, align_down(at, sizeof(word)), bytes, sizeof(bytes));
	return le32_get(bytes);
}

/* --- words ------------------------------------------------------------------------------ */

/* `len` characters at `words` become `with`, which is no longer. */
static void
put_instead(char *words, size_t len, const char *with)
{
	size_t new_len = 0;

	for (; new_len < len && with[new_len] != '\0'; new_len++)
		words[new_len] = with[new_len];
	memmove(words + new_len, words + len, strlen(words + len) + 1);
}

/* Of this computer, a place on USB, or the serial of all clones, which is evidence. */
static bool
is_anybodys(const char *name)
{
	static const char *const heads[] = { "127.", "[::1]", "localhost", "USB ",
					     VTARGET_CLONES_SERIAL };

	for (size_t i = 0; i < array_len(heads); i++)
		if (text_begins(name, heads[i]))
			return true;
	return strlen(name) <= SHOWN + strlen("...");
}

void
redaction_add_name(struct redaction *redaction, const char *name)
{
	if (is_anybodys(name) || redaction->names_len == REDACTION_NAMES)
		return;
	for (size_t i = 0; i < redaction->names_len; i++)
		if (text_begins(name, redaction->names[i]))
			return;
	text_copy(redaction->names[redaction->names_len++], REDACTION_NAME_MAX, name);
}

void
redaction_add_kind(struct redaction *redaction, const char *kind)
{
	size_t len = strlen(redaction->kinds);

	text_copy(redaction->kinds + len, sizeof(redaction->kinds) - len, " ");
	len += len + 1 < sizeof(redaction->kinds);
	text_copy(redaction->kinds + len, sizeof(redaction->kinds) - len, kind);
}

static size_t
find_name(const struct redaction *redaction, const char *words)
{
	for (size_t i = 0; i < redaction->names_len; i++)
		if (text_begins(words, redaction->names[i]))
			return strlen(redaction->names[i]);
	return 0;
}

/* A word of letters and digits as long as serials are, whosever it is. */
static size_t
find_serial(const char *words)
{
	size_t len = 0, digits = 0;

	if (is_anybodys(words))
		return 0;
	for (; isalnum((unsigned char)words[len]); len++)
		digits += isdigit((unsigned char)words[len]) != 0;
	return len >= SERIAL_LEAST && digits >= SERIAL_DIGITS ? len : 0;
}

static bool
is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* Where a path goes on with a slash behind a space, the space was in a name: "/home/ann lee/x". */
static size_t
path_len(const char *words)
{
	static const char ends[] = " \t\"'?,;()";
	size_t len = strcspn(words, ends), more;

	while (words[len] == ' ' && words[len - 1] != ':' && !is_slash(words[len + 1])) {
		more = strcspn(words + len + 1, ends);
		if (strcspn(words + len + 1, "/\\") >= more)
			break;
		len += 1 + more;
	}
	while (len > 0 && (words[len - 1] == ':' || words[len - 1] == '.'))
		len--;
	return len;
}

/* "/home/...", "../x", "~/x", "~ann/x", "C:\x", "\\server\share". */
static bool
begins_path(const char *words)
{
	const char *rest = words + strspn(words, ".~");

	if (isalpha((unsigned char)words[0]) && words[1] == ':')
		return is_slash(words[2]);
	if (words[0] == '~' && isalpha((unsigned char)words[1]))
		return is_slash(words[strcspn(words, " /\\")]);
	return is_slash(rest[0]) && rest[1] != ' ' && rest - words <= 2;
}

/* But for those that every computer has. */
static size_t
find_path(const char *words)
{
	static const char *const everywhere[] = { "/dev/", "/etc/",  "/lib/",
						  "/sys/", "/proc/", "/usr/" };
	size_t len = begins_path(words) ? path_len(words) : 0;

	if (len < sizeof("/a"))
		return 0;
	for (size_t i = 0; i < array_len(everywhere); i++)
		if (text_begins(words, everywhere[i]))
			return 0;
	return len;
}

/* "192.168.1.7", "[2001:db8::7]" */
static size_t
find_host(const char *words)
{
	static const char shown[] = "HOST";
	unsigned parts[4];
	int len = 0;

	if (words[0] == '[' && memchr(words, ':', strcspn(words, "]")) != NULL) {
		size_t inside = strspn(words + 1, "0123456789abcdefABCDEF:.");

		inside += words[1 + inside] == '%' ? strcspn(words + 1 + inside, "] ") : 0;
		return words[1 + inside] == ']' && 2 + inside > strlen(shown) &&
				       !is_anybodys(words)
			       ? 2 + inside
			       : 0;
	}
	if (!isdigit((unsigned char)words[0]) ||
	    sscanf(words, "%3u.%3u.%3u.%3u%n", &parts[0], &parts[1], &parts[2], &parts[3],
		   &len) != 4 ||
	    text_begins(words, "127.") || text_begins(words, "0.0.0.0"))
		return 0;
	return (size_t)len;
}

/* "holds 0x12 where 0x34 was programmed", "it holds 0x12, not 0x34" */
static size_t
find_byte(const char *words)
{
	static const char *const heads[] = { "holds 0x", "where 0x", "not 0x" };
	size_t len;

	for (size_t i = 0; i < array_len(heads); i++) {
		len = strlen(heads[i]);
		if (text_begins(words, heads[i]) && isxdigit((unsigned char)words[len]) &&
		    isxdigit((unsigned char)words[len + 1]) &&
		    !isxdigit((unsigned char)words[len + 2]))
			return len + 2;
	}
	return 0;
}

/* What begins a word here: how far it goes on the left, which stays. */
static void
replace_word(const struct redaction *redaction, char *words)
{
	size_t len;
	char shown[SHOWN + sizeof("...")];

	if ((len = find_name(redaction, words)) > 0 || (len = find_serial(words)) > 0) {
		snprintf(shown, sizeof(shown), "%.*s...", SHOWN, words);
		put_instead(words, len, isalnum((unsigned char)words[0]) ? shown : "...");
	} else if ((len = find_path(words)) > 0) {
		put_instead(words, len, "/...");
	} else if ((len = find_host(words)) > 0) {
		put_instead(words, len, "HOST");
	} else if ((len = find_byte(words)) > 0) {
		memcpy(words + len - 2, "..", 2);
	}
}

#define HIDDEN "..."

/* --- words that are not known ------------------------------------------------------------- */

/* Letters of other alphabets are none of ours. */
static bool
is_letter(char c)
{
	return isalpha((unsigned char)c) || ((unsigned char)c & 0x80) != 0;
}

/* "c87f0120", "0xbadc0de": of letters and digits, and none is beyond f. */
static size_t
number_len(const char *words)
{
	size_t start = words[0] == '0' && (words[1] == 'x' || words[1] == 'X') ? 2 : 0;
	size_t len = start + strspn(words + start, "0123456789abcdefABCDEF");
	bool has_digit = start > 0 || strcspn(words, "0123456789") < len;

	return has_digit && !is_letter(words[len]) && words[len] != '_' ? len : 0;
}

static bool
may_stay(const struct redaction *redaction, const char *word, size_t len)
{
	enum { SHORT = 2 }; /* units, and letters of registers */

	if (len <= SHORT || redaction->knows(word, len))
		return true;
	for (const char *kind = redaction->kinds; *kind != '\0'; kind++)
		if (strncmp(kind, word, len) == 0)
			return true;
	return false;
}

static size_t
letters_len(const char *words)
{
	size_t len = 0;

	while (is_letter(words[len]))
		len++;
	return len;
}

/* How much of it is a word that is not known. */
static size_t
find_unknown(const struct redaction *redaction, const char *words)
{
	size_t letters = letters_len(words);

	return letters > 0 && !may_stay(redaction, words, letters) ? letters : 0;
}

/* What stands in quotes is what a client gave, or a command of ours: without numbers, and all of its
 * words known. */
static bool
is_ours(const struct redaction *redaction, const char *quoted, size_t len)
{
	enum { SHORT = 2 };

	for (size_t i = 0; i < len;) {
		size_t letters = letters_len(quoted + i);

		if (find_unknown(redaction, quoted + i) > 0 ||
		    strspn(quoted + i, "0123456789") > SHORT)
			return false;
		i += letters > 0 ? letters : 1;
	}
	return true;
}

/* Behind the opening quote; where to go on. */
static char *
hide_quoted(const struct redaction *redaction, char *quoted)
{
	size_t len = strcspn(quoted, "\"");

	if (!is_ours(redaction, quoted, len)) {
		put_instead(quoted, len, HIDDEN);
		len = strcspn(quoted, "\"");
	}
	return quoted + len + (quoted[len] == '"');
}

static void
hide_unknown(const struct redaction *redaction, char *words)
{
	while (*words != '\0') {
		size_t number = number_len(words), len = find_unknown(redaction, words);

		if (*words == '"') {
			words = hide_quoted(redaction, words + 1);
			continue;
		}
		if (number == 0 && len > 0)
			put_instead(words, len, HIDDEN);
		len = number > 0 ? number : letters_len(words);
		words += len > 0 ? len : 1;
	}
}

void
redaction_words(const struct redaction *redaction, char *words)
{
	bool is_inside = false;

	for (char *at = words; *at != '\0'; at++) {
		if (!is_inside)
			replace_word(redaction, at);
		is_inside = isalnum((unsigned char)*at) || *at == '_' || *at == '.' ||
			    *at == '/';
	}
	if (redaction->knows != NULL)
		hide_unknown(redaction, words);
}
