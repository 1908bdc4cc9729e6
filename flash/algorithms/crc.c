/* SPDX-License-Identifier: MIT */
/*
 * crc.c - runs on the chip: the checksum of gdb's packet qCRC of a range of its memory: CRC-32 with
 * the polynomial 0x04c11db7, most significant bit first, that begins with all ones (GDB manual,
 * "General Query Packets"). Four bytes are taken at once, by four tables of 256 words, which are
 * made where the server has room for them; the result takes the place of the first word.
 */
#include "flash/algorithms/words.h"

enum { ROWS = 256, TABLES = 4 };

uint32_t Crc(uint32_t at, uint32_t size, uint32_t *table, const struct parameters *chip);

static uint32_t
first_row(uint32_t i)
{
	uint32_t row = i << 24;

	for (unsigned bit = 0; bit < 8; bit++)
		row = row << 1 ^ ((row & 0x80000000u) != 0 ? 0x04c11db7u : 0);
	return row;
}

static void
make_tables(uint32_t *table)
{
	for (uint32_t i = 0; i < ROWS; i++)
		table[i] = first_row(i);
	for (uint32_t i = ROWS; i < TABLES * ROWS; i++)
		table[i] = table[i - ROWS] << 8 ^ table[table[i - ROWS] >> 24];
}

/* At least one word. A Cortex-M0 has just the registers for it, which the compiler does not find: 22
 * instructions for four bytes, and not 42. */
static __attribute__((noinline)) uint32_t
crc_words(const uint32_t *first, uint32_t crc, const uint32_t *at, const uint32_t *end)
{
	const uint32_t *second = first + ROWS, *third = second + ROWS,
		       *fourth = third + ROWS;
	uint32_t word, row;

	__asm__ volatile(
		"1:	ldmia %[at]!, {%[word]}\n"
		"	rev %[word], %[word]\n"
		"	eor %[word], %[crc]\n"
		"	uxtb %[row], %[word]\n"
		"	lsl %[row], #2\n"
		"	ldr %[crc], [%[first], %[row]]\n"
		"	lsr %[row], %[word], #8\n"
		"	uxtb %[row], %[row]\n"
		"	lsl %[row], #2\n"
		"	ldr %[row], [%[second], %[row]]\n"
		"	eor %[crc], %[row]\n"
		"	lsr %[row], %[word], #16\n"
		"	uxtb %[row], %[row]\n"
		"	lsl %[row], #2\n"
		"	ldr %[row], [%[third], %[row]]\n"
		"	eor %[crc], %[row]\n"
		"	lsr %[row], %[word], #24\n"
		"	lsl %[row], #2\n"
		"	ldr %[row], [%[fourth], %[row]]\n"
		"	eor %[crc], %[row]\n"
		"	cmp %[at], %[end]\n"
		"	bne 1b\n"
		: [at] "+l"(at), [crc] "+l"(crc), [word] "=&l"(word), [row] "=&l"(row)
		: [first] "l"(first), [second] "l"(second), [third] "l"(third),
		  [fourth] "l"(fourth), [end] "h"(end)
		: "cc", "memory");
	return crc;
}

/* Whole words only. */
uint32_t
Crc(uint32_t at, uint32_t size, uint32_t *table, const struct parameters *chip)
{
	uint32_t crc = 0xffffffffu, piece;

	make_tables(table);
	for (; size > 0; at += piece, size -= piece) {
		piece = size < BYTES_PER_FEED ? size : BYTES_PER_FEED;
		crc = crc_words(table, crc, (const uint32_t *)at,
				(const uint32_t *)(at + piece));
		watchdog_feed(chip);
	}
	table[0] = crc;
	return 0;
}
