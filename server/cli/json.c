/* SPDX-License-Identifier: MIT */
#include "server/cli/json.h"

void
json_print_string(FILE *file, const char *words)
{
	fputc('"', file);
	for (; *words != '\0'; words++) {
		unsigned char letter = (unsigned char)*words;

		if (letter == '"' || letter == '\\')
			fprintf(file, "\\%c", letter);
		else if (letter < ' ')
			fprintf(file, "\\u%04x", letter);
		else
			fputc(letter, file);
	}
	fputc('"', file);
}
