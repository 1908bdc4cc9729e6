/* SPDX-License-Identifier: MIT */
/*
 * hidden.h - flash that executes and of which a debugger reads zeros: PCROP and secure areas. By the
 * registers of the option bytes, whose reading has no effect: the flag of such a read (RDERR of
 * FLASH_SR; RDPERR and RDSERR on STM32H7) stays from before until it is cleared, which --connect attach
 * must not do, and on STM32H7 the core sets it by what it fetches ahead (zephyr issue 60449).
 */
#ifndef TARGETS_CHIP_HIDDEN_H
#define TARGETS_CHIP_HIDDEN_H

#include "targets/chip/device.h"
#include "transport/adi/mem_ap.h"

enum {
	HIDDEN_MAX_AREAS = 6,
	HIDDEN_MAX_SPANS = 2,
	HIDDEN_MAX_WORDS = 28, /* of all spans */
	HIDDEN_MAX = 8         /* of one chip */
};

/* Registers next to each other that say which areas there are; words 0 ends a list. `at`, here and below:
 * from the base of the first bank's controller. */
struct hidden_span {
	uint16_t at, words;
};

enum hidden_kind {
	HIDDEN_UNITS,   /* from a first to a last unit */
	HIDDEN_SECTORS, /* a bit for each sector of the bank, from bit `first_lsb` on */
	HIDDEN_PIECES,  /* a bit for each `piece` of it */
	HIDDEN_BEGIN    /* so many sectors, from the begin of the bank on */
};

struct hidden_area {
	const char *name; /* "PCROP1A"; NULL ends the list */
	const char *what; /* "PCROP" */
	const char *how;  /* "only executes" */
	enum hidden_kind kind;
	uint8_t bank; /* 1 or 2 */
	uint16_t first_at, last_at;
	uint8_t first_lsb, last_lsb;
	uint32_t mask;
	uint16_t unit; /* bytes; in a bank with sectors of `wide` bytes twice as many */
	uint16_t wide; /* 0: none has */
	/* First and last unit are the same: all of the bank. Else, with both of them 0, the part does not
	 * have these registers. */
	bool is_all_when_equal;
	/* Also in one bank of wide sectors, of which it lies in the whole. */
	bool is_of_one_bank_too;
	uint16_t piece;            /* bytes */
	uint32_t pieces_from;      /* bytes before the first of them in the bank */
	bool is_low;               /* a bit that is 0 hides its piece */
	struct register_test when; /* it counts only then; mask 0: always */
};

struct hidden_areas {
	const char *source;
	struct hidden_span spans[HIDDEN_MAX_SPANS];
	struct hidden_area areas[HIDDEN_MAX_AREAS + 1];
};

/* NULL in an interface: it has none, or they are not known. */
extern const struct hidden_areas hidden_areas_f4, hidden_areas_f72, hidden_areas_l1,
	hidden_areas_g0, hidden_areas_g0b, hidden_areas_g4, hidden_areas_h7,
	hidden_areas_l4, hidden_areas_wb;

struct hidden_range {
	uint32_t at, size;
	const char *name; /* "PCROP1A"; NULL: what `what` says */
	const char *what;
	const char *how; /* NULL: it is another core's */
};

struct hidden_ranges {
	size_t len;
	struct hidden_range list[HIDDEN_MAX];
};

struct chip;

/* Is it known where its flash has such parts, if it has any? */
bool hidden_is_known(const struct chip *chip);

/* Reads the words of all spans, one behind the other. */
enum cause hidden_read(const struct chip *chip, struct mem_ap *mem,
		       uint32_t words[HIDDEN_MAX_WORDS], struct reason *why);

/* What they say. are_swapped: bank 2 is seen at the place of
 * bank 1. Words NULL: what is known without them. */
void hidden_ranges_of(const struct chip *chip, const uint32_t *words, bool are_swapped,
		      struct hidden_ranges *ranges);

/* May some of [at, at + size) be hidden? */
bool hidden_may_be(const struct chip *chip, uint32_t at, uint32_t size);

bool hidden_touches(const struct hidden_range *range, uint32_t at, uint32_t size);
/* The first of them that [at, at + size) touches; NULL: none. */
const struct hidden_range *
hidden_find(const struct hidden_ranges *ranges, uint32_t at, uint32_t size);

#endif /* TARGETS_CHIP_HIDDEN_H */
