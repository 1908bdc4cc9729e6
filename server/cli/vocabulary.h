/* SPDX-License-Identifier: MIT */
/*
 * vocabulary.h - the words that tether itself has: in its messages, its tables, and in what the system's
 * calls say of errors.
 *
 * Of a line that is shown to others these may stay. What is none of them came from a client, a program or
 * a file. The list is made of the sources when tether is built (scripts/make-vocabulary).
 */
#ifndef SERVER_CLI_VOCABULARY_H
#define SERVER_CLI_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>

/* Runs of three letters or more, of lower case, in order. */
extern const char *const vocabulary_words[];
extern const size_t vocabulary_words_len;

/* Letters of either case, or a plural of such a word. */
bool vocabulary_has(const char *word, size_t len);

#endif /* SERVER_CLI_VOCABULARY_H */
