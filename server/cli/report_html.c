/* SPDX-License-Identifier: MIT */
#include "server/cli/report_html.h"

#include <string.h>

static const char *
entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

void
html_text(FILE *file, const char *words)
{
	for (; *words != '\0'; words++) {
		const char *entity = entity_of(*words);
		bool is_shown = (*words >= ' ' && *words <= '~') || *words == '\n' ||
				*words == '\t';

		if (entity != NULL)
			fputs(entity, file);
		else if (is_shown)
			fputc(*words, file);
	}
}

void
html_element(FILE *file, const char *tag, const char *words)
{
	int name = (int)strcspn(tag, " ");

	fprintf(file, "<%s>", tag);
	html_text(file, words);
	fprintf(file, "</%.*s>", name, tag);
}
