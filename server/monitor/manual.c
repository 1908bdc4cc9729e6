/* SPDX-License-Identifier: MIT */
#include "server/monitor/manual.h"

#include "server/monitor/rows.h"

#include <ctype.h>
#include <string.h>

const struct manual_topic manual_topics[] = {
	[TOPIC_SESSION] = { "session", "Session and server" },
	[TOPIC_RUNNING] = { "running", "Reset, halt and run" },
	[TOPIC_LOOKING] = { "memory", "Memory and registers" },
	[TOPIC_FLASH] = { "flash", "Flash" },
	[TOPIC_PROBE] = { "probe", "Probe and cores" },
	[TOPIC_OTHERS] = { "others", "Commands of other servers" },
};

/* A paragraph after six blanks. */
static void
print_paragraph(FILE *file, const char *words)
{
	enum { INDENT = 6, COLUMNS = 80 };

	unsigned column = INDENT;

	fprintf(file, "%*s", INDENT, "");
	while (*words != '\0') {
		unsigned len = (unsigned)strcspn(words, " ");

		if (column > INDENT && column + 1 + len > COLUMNS) {
			fprintf(file, "\n%*s", INDENT, "");
			column = INDENT;
		}
		fprintf(file, "%s%.*s", column > INDENT ? " " : "", (int)len, words);
		column += len + (column > INDENT ? 1 : 0);
		words += len;
		words += strspn(words, " ");
	}
	fputc('\n', file);
}

static void
print_row(FILE *file, const struct monitor_row *row)
{
	char words[1024];
	struct text sentences;

	fprintf(file, "\n  %s%s%s\n", row->name, row->arguments[0] != '\0' ? " " : "",
		row->arguments);
	text_init(&sentences, words, sizeof(words));
	text_add(&sentences, "%c%s.%s%s", toupper((unsigned char)row->help[0]),
		 row->help + 1, row->text != NULL ? " " : "",
		 row->text != NULL ? row->text : "");
	print_paragraph(file, words);
}

void
manual_print(FILE *file)
{
	fprintf(file,
		"What gdb's \"monitor COMMAND\" takes; \"monitor help\" lists it there.\n");
	for (unsigned topic = 0; topic < MONITOR_TOPICS; topic++) {
		fprintf(file, "\n%s\n", manual_topics[topic].title);
		for (size_t i = 0; monitor_tables[i] != NULL; i++)
			for (const struct monitor_row *row = monitor_tables[i];
			     row->name != NULL; row++)
				if (row->topic == topic && row->help != NULL)
					print_row(file, row);
	}
}
