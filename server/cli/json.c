/* SPDX-License-Identifier: MIT */
#include "server/cli/json.h"

/* RFC 3629: how many bytes the character that begins here has; 0: it is none. Forms that are too
 * long are not looked for: no reader takes them for something else. */
static unsigned
utf8_len(const char *words)
{
	const unsigned char *bytes = (const unsigned char *)words;
	unsigned len = bytes[0] < 0x80   ? 1
		       : bytes[0] < 0xc2 ? 0
		       : bytes[0] < 0xe0 ? 2
		       : bytes[0] < 0xf0 ? 3
		       : bytes[0] < 0xf5 ? 4
					 : 0;

	for (unsigned i = 1; i < len; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

static void
print_letter(FILE *file, const char *words, unsigned len)
{
	unsigned char letter = (unsigned char)words[0];

	if (len == 0)
		fputs("\\ufffd", file);
	else if (letter == '"' || letter == '\\')
		fprintf(file, "\\%c", letter);
	else if (letter < ' ')
		fprintf(file, "\\u%04x", letter);
	else
		fprintf(file, "%.*s", (int)len, words);
}

void
json_print_string(FILE *file, const char *words)
{
	fputc('"', file);
	while (*words != '\0') {
		unsigned len = utf8_len(words);

		print_letter(file, words, len);
		words += len > 0 ? len : 1;
	}
	fputc('"', file);
}
