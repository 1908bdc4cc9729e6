/* SPDX-License-Identifier: MIT */
/*
 * nearest.h - how far one word is from another, for "did you mean".
 */
#ifndef TRANSPORT_BASE_NEAREST_H
#define TRANSPORT_BASE_NEAREST_H

/* A misspelt word has at most one wrong letter in three. */
enum { NEAREST_WORD_MAX = 24, NEAREST_LETTERS_A_SLIP = 3 };

/* How many letters were changed, added, dropped or swapped with their neighbour (the
 * distance of Damerau and Levenshtein, optimal string alignment). UINT_MAX when a word has
 * more than NEAREST_WORD_MAX letters. */
unsigned edit_distance(const char *a, const char *b);

#endif /* TRANSPORT_BASE_NEAREST_H */
