/* SPDX-License-Identifier: MIT */
/* words.c - the arguments of monitor commands. */
#include "server/monitor/rows.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
monitor_split(const char *rest, struct monitor_words *words)
{
	char *at;

	*words = (struct monitor_words){ 0 };
	text_copy(words->chars, sizeof(words->chars), rest);
	at = words->chars;
	while (*(at += strspn(at, " \t")) != '\0') {
		size_t len = strcspn(at, " \t");
		bool is_last = at[len] == '\0';

		if (words->len == MONITOR_WORDS) {
			words->len++;
			return;
		}
		words->at[words->len++] = at;
		at[len] = '\0';
		at += len + (is_last ? 0 : 1);
	}
}

bool
monitor_lacks_prefix(const char *word)
{
	bool is_octal = word[0] == '0' && word[strspn(word, "0")] != '\0';
	bool has_letters = word[strspn(word, "0123456789")] != '\0';

	return isdigit((unsigned char)word[0]) &&
	       word[strspn(word, "0123456789abcdefABCDEF")] == '\0' &&
	       (is_octal || has_letters);
}

static enum cause
refuse_number(const char *word, const char *what, struct reason *why)
{
	reason_begin(why, CAUSE_REQUEST, "\"%s\" is not %s", word, what);
	if (monitor_lacks_prefix(word))
		reason_suspect_with(why, FINDING_REQUEST_NUMBER, "0x%s", word);
	return why->cause;
}

enum cause
monitor_number(const char *word, const char *what, uint32_t max, uint32_t *value,
	       struct reason *why)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(word, &end, 0);
	if (!isdigit((unsigned char)word[0]) || *end != '\0' || errno != 0 || n > max ||
	    monitor_lacks_prefix(word))
		return refuse_number(word, what, why);
	*value = (uint32_t)n;
	return CAUSE_NONE;
}

enum cause
monitor_usage(const struct monitor_row *row, struct reason *why)
{
	return reason_begin(why, CAUSE_REQUEST, "usage: monitor %s %s", row->name,
			    row->arguments);
}
