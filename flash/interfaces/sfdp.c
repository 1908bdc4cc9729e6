/* SPDX-License-Identifier: MIT */
/* Sections: JESD216B. */
#include "flash/interfaces/sfdp.h"

#include "transport/base/bytes.h"

#include <stddef.h>
#include <string.h>

enum {
	HEADER_SIZE = 8,      /* 6.2: the SFDP header, and each parameter header */
	HEADERS_MAX = 8,      /* more than any flash has */
	ID_BASIC = 0xff00,    /* 6.4: JEDEC basic flash parameters */
	ID_4_BYTE = 0xff84,   /* 6.6: 4-byte address instructions */
	BASIC_WORDS_MIN = 9,  /* JESD216, the first */
	BASIC_WORDS_MAX = 16, /* as far as this looks */
	LONG_WORDS = 2,
	WORD = 4
};
#define SIGNATURE  0x50444653u /* "SFDP" */
#define SHORT_SIZE 0x01000000u /* what three bytes of address reach */
#define LONG_SIZE  0x10000000u /* what a controller shows: 256 MiB */

/* Codes on one line; JESD216B 6.6.3 for addresses of four bytes. */
enum {
	READ_3 = 0x03,
	PROGRAM_3 = 0x02,
	READ_4 = 0x13,
	PROGRAM_4 = 0x12,
	LONG_HAS_READ = 1 << 0,
	LONG_HAS_PROGRAM = 1 << 6,
	LONG_HAS_ERASE = 1 << 9 /* of type 1; those of the others follow */
};

static void
want(struct sfdp *sfdp, unsigned stage, uint32_t at, uint32_t size)
{
	sfdp->stage = stage;
	sfdp->at = at;
	sfdp->size = size;
}

void
sfdp_begin(struct sfdp *sfdp)
{
	*sfdp = (struct sfdp){ 0 };
	want(sfdp, SFDP_HEADER, 0, HEADER_SIZE);
}

/* --- header and parameter headers (6.2, 6.3) --------------------------------------------- */

static enum cause
take_header(struct sfdp *sfdp, const uint8_t *bytes, struct reason *why)
{
	uint32_t signature = le32_get(bytes), headers = (uint32_t)bytes[6] + 1;

	if (signature != SIGNATURE)
		return reason_begin(why, CAUSE_MISMATCH,
				    "its SFDP begins with 0x%08x, and not with 0x%08x",
				    (unsigned)signature, SIGNATURE);
	if (bytes[5] != 1)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "its SFDP is of revision %u.%u, not 1", bytes[5],
				    bytes[4]);
	if (headers > HEADERS_MAX)
		headers = HEADERS_MAX;
	want(sfdp, SFDP_TABLES, HEADER_SIZE, headers * HEADER_SIZE);
	return CAUSE_NONE;
}

static uint32_t
pointer_of(const uint8_t *header)
{
	return le32_get(header + WORD) & 0xffffffu;
}

/* Of several basic tables the last is the newest (6.3). */
static enum cause
take_tables(struct sfdp *sfdp, const uint8_t *bytes, struct reason *why)
{
	const uint8_t *basic = NULL;

	for (uint32_t i = 0; i < sfdp->size; i += HEADER_SIZE) {
		const uint8_t *header = bytes + i;
		unsigned id = header[0] | (unsigned)header[7] << 8, words = header[3];

		if (id == ID_BASIC && words >= BASIC_WORDS_MIN)
			basic = header;
		if (id == ID_4_BYTE && words >= LONG_WORDS)
			sfdp->long_at = pointer_of(header);
	}
	if (basic == NULL)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "its SFDP has no table of basic flash parameters");
	want(sfdp, SFDP_BASIC, pointer_of(basic),
	     WORD * (uint32_t)(basic[3] < BASIC_WORDS_MAX ? basic[3] : BASIC_WORDS_MAX));
	return CAUSE_NONE;
}

/* --- the basic table (6.4) ------------------------------------------------------------------ */

/* 6.4.5: bits less one, or a power of two of them. */
static enum cause
take_density(struct sfdp *sfdp, uint32_t word, struct reason *why)
{
	enum { BITS_MAX_LOG2 = 40, BITS_A_BYTE = 8, SIZE_MIN = 4096 };
	uint32_t exponent = word & 0x7fffffffu;
	uint64_t bits = (uint64_t)word + 1;

	if (exponent != word)
		bits = exponent <= BITS_MAX_LOG2 ? (uint64_t)1 << exponent : 0;
	if (bits / BITS_A_BYTE < SIZE_MIN || bits % (SIZE_MIN * BITS_A_BYTE) != 0)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "its SFDP gives no usable size: 0x%08x",
				    (unsigned)word);
	sfdp->bytes_inside = bits / BITS_A_BYTE;
	sfdp->bytes =
		sfdp->bytes_inside < LONG_SIZE ? (uint32_t)sfdp->bytes_inside : LONG_SIZE;
	return CAUSE_NONE;
}

/* 6.4.11, 6.4.12: a power of two, and a code. */
static void
take_erases(struct sfdp *sfdp, const uint8_t *pairs)
{
	enum { SIZE_MIN_LOG2 = 12, SIZE_MAX_LOG2 = 20 };

	for (unsigned i = 0; i < SFDP_ERASES; i++) {
		unsigned exponent = pairs[2 * i];

		if (exponent >= SIZE_MIN_LOG2 && exponent <= SIZE_MAX_LOG2)
			sfdp->erases[i] =
				(struct sfdp_erase){ .size = (uint32_t)1 << exponent,
						     .code = pairs[2 * i + 1] };
	}
}

/* 6.4.13: seven bits each, and what the longest is of the typical. All ones say nothing. */
static void
take_erase_times(struct sfdp *sfdp, uint32_t word)
{
	static const uint32_t units_ms[] = { 1, 16, 128, 1000 };

	if (word == UINT32_MAX)
		return;
	for (unsigned i = 0; i < SFDP_ERASES; i++) {
		uint32_t field = word >> (4 + 7 * i) & 0x7f;
		struct sfdp_erase *erase = &sfdp->erases[i];

		erase->typical_ms = ((field & 0x1f) + 1) * units_ms[field >> 5];
		erase->max_ms = 2 * ((word & 0xf) + 1) * erase->typical_ms;
	}
}

/* 6.4.14: the page, and what it takes. */
static void
take_page(struct sfdp *sfdp, uint32_t word)
{
	enum { LOG2_MIN = 4, LOG2_MAX = 12 };
	uint32_t exponent = word >> 4 & 0xf;

	if (exponent >= LOG2_MIN && exponent <= LOG2_MAX)
		sfdp->page_size = (uint32_t)1 << exponent;
	if (word >> 8 == 0xffffffu)
		return;
	sfdp->program_typical_us =
		((word >> 8 & 0x1f) + 1) * ((word >> 13 & 1) != 0 ? 64 : 8);
	sfdp->program_max_us = 2 * ((word & 0xf) + 1) * sfdp->program_typical_us;
}

/* Does the basic table itself have a code with four bytes of address, as Macronix's octal flashes do
 * (MX25LM51245G: DCh)? 6.6.3. */
static bool
is_long_code(uint8_t code)
{
	return code == 0x21 || code == 0x5c || code == 0xdc;
}

/* Is `a` the better way to erase? Up to 64 KiB the faster one for its size, else the larger. */
static bool
is_better(const struct sfdp_erase *a, const struct sfdp_erase *b)
{
	enum { LARGE = 64 * 1024 };

	if (b->size == 0)
		return true;
	if (a->size > LARGE || b->size > LARGE)
		return a->size < b->size;
	if (a->typical_ms == 0 || b->typical_ms == 0)
		return a->size > b->size;
	return (uint64_t)a->typical_ms * b->size < (uint64_t)b->typical_ms * a->size;
}

/* Of those with a code that goes with the addresses that are used. */
static enum cause
choose(struct sfdp *sfdp, bool is_long, struct reason *why)
{
	sfdp->address_bytes = is_long || sfdp->has_only_long ? 4 : 3;
	sfdp->read_code = is_long ? READ_4 : READ_3;
	sfdp->program_code = is_long ? PROGRAM_4 : PROGRAM_3;
	for (unsigned i = 0; i < SFDP_ERASES; i++) {
		const struct sfdp_erase *erase = &sfdp->erases[i];

		if (erase->size == 0 || erase->code == 0 || erase->code == 0xff ||
		    sfdp->bytes % erase->size != 0 ||
		    (sfdp->address_bytes == 3 && is_long_code(erase->code)))
			continue;
		if (is_better(erase, &sfdp->erase))
			sfdp->erase = *erase;
	}
	if (sfdp->erase.size != 0)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_UNSUPPORTED,
			    "its SFDP has no way to erase sectors of 4 KiB to 1 MiB");
}

static enum cause
choose_short(struct sfdp *sfdp, struct reason *why)
{
	if (!sfdp->has_only_long && sfdp->bytes > SHORT_SIZE)
		sfdp->bytes = SHORT_SIZE;
	return choose(sfdp, false, why);
}

static enum cause
take_basic(struct sfdp *sfdp, const uint8_t *bytes, bool *done, struct reason *why)
{
	enum { ERASES_AT = 28, TIMES_AT = 36, PAGE_AT = 40, PAGE_USUAL = 256 };
	uint32_t address_bytes = le32_get(bytes) >> 17 & 3; /* 6.4.4 */
	enum cause cause = take_density(sfdp, le32_get(bytes + WORD), why);

	if (cause != CAUSE_NONE)
		return cause;
	sfdp->has_only_long = address_bytes == 2;
	sfdp->page_size = PAGE_USUAL;
	take_erases(sfdp, bytes + ERASES_AT);
	if (sfdp->size >= TIMES_AT + WORD)
		take_erase_times(sfdp, le32_get(bytes + TIMES_AT));
	if (sfdp->size >= PAGE_AT + WORD)
		take_page(sfdp, le32_get(bytes + PAGE_AT));
	if (sfdp->bytes > SHORT_SIZE && sfdp->long_at != 0) {
		want(sfdp, SFDP_4_BYTE, sfdp->long_at, LONG_WORDS * WORD);
		return CAUSE_NONE;
	}
	*done = true;
	return choose_short(sfdp, why);
}

/* --- commands with addresses of four bytes (6.6) ----------------------------------------------- */

static enum cause
take_long(struct sfdp *sfdp, const uint8_t *bytes, bool *done, struct reason *why)
{
	uint32_t has = le32_get(bytes);

	*done = true;
	if ((has & LONG_HAS_READ) == 0 || (has & LONG_HAS_PROGRAM) == 0)
		return choose_short(sfdp, why);
	for (unsigned i = 0; i < SFDP_ERASES; i++) {
		struct sfdp_erase *erase = &sfdp->erases[i];

		if (is_long_code(erase->code))
			continue;
		if ((has & (uint32_t)LONG_HAS_ERASE << i) != 0)
			erase->code = bytes[WORD + i];
		else
			erase->size = 0;
	}
	return choose(sfdp, true, why);
}

enum cause
sfdp_take(struct sfdp *sfdp, const uint8_t *bytes, bool *done, struct reason *why)
{
	*done = false;
	switch (sfdp->stage) {
	case SFDP_HEADER:
		return take_header(sfdp, bytes, why);
	case SFDP_TABLES:
		return take_tables(sfdp, bytes, why);
	case SFDP_BASIC:
		return take_basic(sfdp, bytes, done, why);
	default:
		return take_long(sfdp, bytes, done, why);
	}
}
