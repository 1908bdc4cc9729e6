/* SPDX-License-Identifier: MIT */
/*
 * A chip that lies to debuggers: what a counterfeit, a chip that is failing or one that was
 * made for the purpose may answer, and no manual has.
 */
#include "test/emulator/soc/soc_internal.h"

/* IHI 0031G D3.1: entries up to 0xEFC, then what identifies the table. Bit 0: present, bit 1:
 * 32 bits wide; offset 0 is the table's own address. */
enum { ENTRIES_END = 0xf00, PAGE = 0x1000, ENTRY_ITSELF = 3, BASE_PRESENT = 1 };

void
soc_lie(struct soc *soc, const struct soc_lies *lies)
{
	soc->lies = *lies;
}

static bool
is_rom_entry(const struct soc *soc, unsigned port, uint32_t at)
{
	uint32_t base = soc->chip->ports[port].base;

	return base & BASE_PRESENT && at / PAGE == base / PAGE && at % PAGE < ENTRIES_END;
}

uint32_t
lies_about(const struct soc *soc, unsigned port, uint32_t at, unsigned size, uint32_t value)
{
	enum { WORD = 4, BITS = 8 };
	unsigned lsb = at % WORD * BITS;

	if (size == WORD && soc->lies.rom_loops && is_rom_entry(soc, port, at))
		return ENTRY_ITSELF;
	if (!soc->lies.has_word || at - at % WORD != soc->lies.at)
		return value;
	return size == WORD ? soc->lies.word
			    : soc->lies.word >> lsb & ((UINT32_C(1) << size * BITS) - 1);
}
