/* SPDX-License-Identifier: MIT */
/*
 * redaction.h - what a recording that is shown to others is to lack: what the target's memory and the
 * registers of its program hold, the probe's serial, names of computers and files.
 *
 * A byte of memory is replaced by another one that hangs on its address, its value and a key that no
 * file has. So what was the same twice is the same twice, and what a comparison comes to stays. 0x00
 * and 0xff stay as they are: whether flash is erased is a finding.
 */
#ifndef TRANSPORT_PROBE_REDACTION_H
#define TRANSPORT_PROBE_REDACTION_H

#include "transport/base/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REDACTION_RANGES = 128, REDACTION_NAMES = 8, REDACTION_NAME_MAX = 96 };

/* What overlaps or touches is one of them. */
struct redaction_ranges {
	size_t len;
	struct {
		uint32_t from, to; /* inclusive */
	} each[REDACTION_RANGES];
	bool is_full; /* there were more */
};

struct redaction {
	uint64_t key[2];
	struct redaction_ranges makers, users;
	/* May that word stay in what was said? NULL: all may. */
	bool (*knows)(const char *word, size_t len);
	char kinds[REDACTION_NAME_MAX]; /* words of probes' names, which may as well */
	size_t names_len;
	char names[REDACTION_NAMES][REDACTION_NAME_MAX];
};

/* With a key of its own. CAUSE_HOST: this computer has no random numbers. */
enum cause redaction_begin(struct redaction *redaction, struct reason *why);
/* What the manufacturer programmed, and option bytes. */
void redaction_keep(struct redaction *redaction, uint32_t base, uint32_t size);
/* What is the user's all the same, among these or among peripherals. */
void redaction_cover(struct redaction *redaction, uint32_t base, uint32_t size);
/* A serial, or a place with a computer's name: what is short, or says nothing, stays. */
void redaction_add_name(struct redaction *redaction, const char *name);

/* Is what is there the user's? Registers are not, nor what redaction_keep() names. */
bool redaction_covers(const struct redaction *redaction, uint32_t at);
/* What is at `at` and on, in the order of addresses. */
void redaction_replace(const struct redaction *redaction, uint32_t at, uint8_t *bytes,
		       size_t len);
/* The same of a word, and of one whose place is not known. */
uint32_t redaction_word(const struct redaction *redaction, uint32_t at, uint32_t word);
/* What a kind of probe is called, as it says itself. */
void redaction_add_kind(struct redaction *redaction, const char *kind);
/* Serials, paths of files, other computers, bytes of memory and words that are not known, in words for
 * people; none gets longer. */
void redaction_words(const struct redaction *redaction, char *words);

#endif /* TRANSPORT_PROBE_REDACTION_H */
