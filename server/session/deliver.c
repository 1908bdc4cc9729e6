/* SPDX-License-Identifier: MIT */
#include "server/session/deliver.h"

#include <string.h>

enum { DELIVER_MAX = 4096 };

/* By cause, the number that Linux gives the nearest errno: gdb shows it at times, and gdb's
 * manual leaves its meaning open ("Standard Replies"). */
static const unsigned char codes[] = {
	[CAUSE_REQUEST] = 22,     /* EINVAL */
	[CAUSE_UNSUPPORTED] = 95, /* EOPNOTSUPP */
	[CAUSE_TIMEOUT] = 110,    /* ETIMEDOUT */
	[CAUSE_GONE] = 19,        /* ENODEV */
	[CAUSE_FAULT] = 14,       /* EFAULT */
	[CAUSE_PROTECTED] = 13,   /* EACCES */
	[CAUSE_MISMATCH] = 5,     /* EIO */
	[CAUSE_HOST] = 12,        /* ENOMEM */
	[CAUSE_BUG] = 1,
};

static bool
is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

/* `#` and `$` cannot be in a packet, gdb takes `*` for a run length even here and does not
 * undo the escapes that `}` begins; control bytes would reach the terminal raw. */
static void
add_clean(struct text *reply, const char *words)
{
	for (; *words != '\0'; words++)
		text_add(reply, "%c",
			 is_control(*words) || strchr("#$*}", *words) != NULL ? ' '
									      : *words);
}

static bool
takes_words(enum delivery how, const struct error_dialect *client)
{
	return !client->is_lldb && (how == DELIVER_WORDS || how == DELIVER_BREAKPOINT ||
				    (how == DELIVER_IF_ASKED && client->takes_words));
}

/* LLDB's packets, "QEnableErrorStrings". lldb prints the answer to qRcmd as it is. */
static void
add_code(enum delivery how, const struct error_dialect *client, const struct reason *why,
	 struct text *reply)
{
	char line[DELIVER_MAX];

	text_add(reply, "E%02x", codes[why->cause]);
	if (!client->takes_strings || how == DELIVER_CONSOLE)
		return;
	reason_line(why, line, sizeof(line));
	text_add(reply, ";");
	for (const char *word = line; *word != '\0'; word++)
		text_add(reply, "%02x", (unsigned char)*word);
}

bool
deliver_failure(enum delivery how, const struct error_dialect *client,
		const struct reason *why, struct text *reply)
{
	char line[DELIVER_MAX];

	if (!takes_words(how, client)) {
		add_code(how, client, why, reply);
		return false;
	}
	reason_line(why, line, sizeof(line));
	text_add(reply, how == DELIVER_BREAKPOINT ? "E.." : "E.");
	add_clean(reply, line);
	return true;
}

void
deliver_console(const char *words, struct text *packet)
{
	text_add(packet, "O");
	for (; *words != '\0'; words++)
		if (!is_control(*words) || *words == '\n' || *words == '\t')
			text_add(packet, "%02x", (unsigned char)*words);
}
