/* SPDX-License-Identifier: MIT */
#include "server/cli/vocabulary.h"

#include "transport/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 32 };

static int
compare(const void *word, const void *row)
{
	return strcmp(word, *(const char *const *)row);
}

static bool
is_ours(const char *word)
{
	return bsearch(word, vocabulary_words, vocabulary_words_len,
		       sizeof(vocabulary_words[0]), compare) != NULL;
}

/* Does the sentence have it? */
static bool
has_word(const char *said, const char *word)
{
	size_t len = strlen(word), run;

	for (; *said != '\0'; said += run > 0 ? run : 1) {
		for (run = 0; isalpha((unsigned char)said[run]); run++)
			;
		if (run == len && text_begins_like(said, word))
			return true;
	}
	return false;
}

/* Numbers that systems have no error for give words without meaning. */
static bool
is_of_system(const char *word)
{
	enum { ERRORS_END = 134 };

	for (int error = 1; error < ERRORS_END; error++)
		if (has_word(strerror(error), word))
			return true;
	return false;
}

bool
vocabulary_has(const char *word, size_t len)
{
	char lower[WORD_MAX + 1];

	if (len > WORD_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		lower[i] = (char)tolower((unsigned char)word[i]);
	lower[len] = '\0';
	if (is_ours(lower) || is_of_system(lower))
		return true;
	if (len == 0 || lower[len - 1] != 's')
		return false;
	lower[len - 1] = '\0';
	return is_ours(lower);
}
