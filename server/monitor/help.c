/* SPDX-License-Identifier: MIT */
/* help.c - the commands by topic, and one by itself. */
#include "server/monitor/rows.h"

#include "server/monitor/manual.h"
#include "transport/base/text.h"

#include <string.h>

static void
print_row(struct client *client, const struct monitor_row *row)
{
	enum { COLUMN = 34 };

	int width = COLUMN - (int)strlen(row->name) - 1;

	client_print(client, "  %s %-*s %s", row->name, width, row->arguments, row->help);
}

static void
print_topic(struct client *client, enum monitor_topic topic)
{
	client_print(client, "%s (monitor help %s)", manual_topics[topic].title,
		     manual_topics[topic].name);
	for (size_t i = 0; monitor_tables[i] != NULL; i++)
		for (const struct monitor_row *row = monitor_tables[i]; row->name != NULL;
		     row++)
			if (row->topic == topic && row->help != NULL)
				print_row(client, row);
}

static bool
print_topic_called(struct client *client, const char *name)
{
	for (unsigned i = 0; i < MONITOR_TOPICS; i++)
		if (text_is_like(manual_topics[i].name, name)) {
			print_topic(client, (enum monitor_topic)i);
			return true;
		}
	return false;
}

static void
print_command(struct client *client, const struct monitor_row *row)
{
	client_print(client, "usage: monitor %s %s", row->name, row->arguments);
	client_print(client, "%s", row->help != NULL ? row->help : "for IDEs");
	if (row->text != NULL)
		client_print(client, "%s", row->text);
}

/* Of those of other servers, which are many, the topic alone. */
static void
print_all(struct client *client)
{
	for (unsigned i = 0; i < TOPIC_OTHERS; i++)
		print_topic(client, (enum monitor_topic)i);
	client_print(client,
		     "monitor help COMMAND says more of one; monitor help %s lists what is "
		     "taken from other servers",
		     manual_topics[TOPIC_OTHERS].name);
}

static enum cause
monitor_help(struct client *client, const struct monitor_row *row, const char *rest,
	     struct reason *why)
{
	const struct monitor_row *asked;
	const char *behind;

	(void)row;
	if (rest[0] == '\0') {
		print_all(client);
		return CAUSE_NONE;
	}
	asked = monitor_find(rest, &behind);
	/* "flash" is both a topic and a command that IDEs send, which has no help line. */
	if ((asked == NULL || asked->help == NULL) && print_topic_called(client, rest))
		return CAUSE_NONE;
	if (asked == NULL)
		return reason_begin(why, CAUSE_REQUEST,
				    "\"%s\" is neither a monitor command nor a topic: "
				    "monitor help lists both",
				    rest);
	print_command(client, asked);
	return CAUSE_NONE;
}

const struct monitor_row monitor_help_rows[] = {
	{ "help", "[TOPIC|COMMAND]", TOPIC_SESSION, "list the commands, or explain one",
	  "The name of a core before a command chooses that core: \"monitor cm4 halt\". "
	  "Without one it is the core of the port, whichever inferior gdb shows.",
	  0, 0, monitor_help },
	{ 0 },
};
