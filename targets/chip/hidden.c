/* SPDX-License-Identifier: MIT */
#include "targets/chip/hidden.h"

#include "targets/chip/chip.h"

#define EXECUTES "only executes, and is neither read nor changed"

/* Two registers, with the first unit and the last one. */
#define PCROP(name_, bank_, first_, last_, mask_, unit_)                    \
	.name = (name_), .what = "PCROP", .how = EXECUTES, .bank = (bank_), \
	.first_at = (first_), .last_at = (last_), .mask = (mask_), .unit = (unit_)

/* Once the program has set SEC_PROT in FLASH_CR, until a reset: a read sets RDERR, and a change
 * WRPERR (RM0440 Rev 8, 3.5.4). That zeros are read: as of PCROP. */
#define SECURABLE(name_, bank_, at_, lsb_, mask_, cr_bit_)                              \
	{                                                                               \
		.name = (name_), .what = "SEC_PROT",                                    \
		.how = "is locked by the program until a reset (SEC_PROT in FLASH_CR)", \
		.kind = HIDDEN_BEGIN, .bank = (bank_), .first_at = (at_),               \
		.first_lsb = (lsb_), .mask = (mask_), .when = {                         \
			0x14,                                                           \
			1u << (cr_bit_),                                                \
			1u << (cr_bit_)                                                 \
		}                                                                       \
	}

/* Units of 8 bytes, of 16 where the double words of two banks lie in turn. RM0440 Rev 8, 3.5.3: in one
 * bank both areas lie in the whole. */
#define OF_TWO_BANKS(mask_, wide_)                                                   \
	{ PCROP("PCROP1", 1, 0x24, 0x28, mask_, 8), .wide = (wide_) },               \
	{                                                                            \
		PCROP("PCROP2", 2, 0x44, 0x48, mask_, 8), .wide = (wide_),           \
							  .is_of_one_bank_too = true \
	}
const struct hidden_areas hidden_areas_g4 = {
	.source =
		"RM0440 Rev 8, 3.5.2, 3.5.4, 3.7.6, 3.7.9, 3.7.10, 3.7.13, 3.7.14, 3.7.17",
	.spans = { { 0x14, 25 } },
	.areas = { OF_TWO_BANKS(0x7fff, 4096), SECURABLE("SEC_SIZE1", 1, 0x70, 0, 0xff, 28),
		   SECURABLE("SEC_SIZE2", 2, 0x74, 0, 0xff, 29) },
};
const struct hidden_areas hidden_areas_l4 = {
	.source = "RM0351 Rev 9, 3.5.2, 3.7.9, 3.7.10; ST's stm32l4r5xx.h (17 bits)",
	.spans = { { 0x24, 10 } },
	.areas = { OF_TWO_BANKS(0x1ffff, 8192) },
};

/* Users who left PCROP behind on an STM32G0B1 read nothing but zeros there (ST's community, 832003). */
#define PCROP_OF_G0(name_, bank_, first_, last_)                                          \
	{                                                                                 \
		PCROP(name_, bank_, first_, last_, 0x1ff, 512), .is_all_when_equal = true \
	}
const struct hidden_areas hidden_areas_g0 = {
	.source = "RM0444 Rev 5, 3.5.3, 3.7.8 to 3.7.13; RM0490 Rev 5, table 22 (C0)",
	.spans = { { 0x14, 28 } },
	.areas = { PCROP_OF_G0("PCROP1A", 1, 0x24, 0x28),
		   PCROP_OF_G0("PCROP1B", 1, 0x34, 0x38),
		   SECURABLE("SEC_SIZE", 1, 0x80, 0, 0xff, 28) },
};
const struct hidden_areas hidden_areas_g0b = {
	.source = "RM0444 Rev 5, 3.7.8 to 3.7.19",
	.spans = { { 0x14, 28 } },
	.areas = { PCROP_OF_G0("PCROP1A", 1, 0x24, 0x28),
		   PCROP_OF_G0("PCROP1B", 1, 0x34, 0x38),
		   PCROP_OF_G0("PCROP2A", 2, 0x44, 0x48),
		   PCROP_OF_G0("PCROP2B", 2, 0x54, 0x58),
		   SECURABLE("SEC_SIZE", 1, 0x80, 0, 0xff, 28),
		   SECURABLE("SEC_SIZE2", 2, 0x80, 20, 0xff, 29) },
};

/* Half a page. */
#define PCROP_OF_WB(name_, first_, last_)                                 \
	{                                                                 \
		PCROP(name_, 1, first_, last_, 0x1ff, 1024), .wide = 4096 \
	}
const struct hidden_areas hidden_areas_wb = {
	.source = "RM0434 Rev 10, 3.5.3, 3.10; RM0453 Rev 5, 4.10",
	.spans = { { 0x24, 6 } },
	.areas = { PCROP_OF_WB("PCROP1A", 0x24, 0x28), PCROP_OF_WB("PCROP1B", 0x34, 0x38) },
};

/* With SPRMOD (OPTCR 31) a bit of nWRP that is 1 protects a sector from being read: RM0401 Rev 3,
 * 3.6.5. OPTCR1 has those of bank 2. */
#define SECTORS_OF_F4(name_, bank_, at_)                                                   \
	{                                                                                  \
		.name = (name_), .what = "PCROP", .how = EXECUTES, .kind = HIDDEN_SECTORS, \
		.bank = (bank_), .first_at = (at_), .first_lsb = 16, .mask = 0xfff,        \
		.when = {                                                                  \
			0x14,                                                              \
			1u << 31,                                                          \
			1u << 31                                                           \
		}                                                                          \
	}
const struct hidden_areas hidden_areas_f4 = {
	.source = "RM0090 Rev 19, 3.7.5, 3.9.10, 3.9.11",
	.spans = { { 0x14, 2 } },
	.areas = { SECTORS_OF_F4("nWRP with SPRMOD", 1, 0x14),
		   SECTORS_OF_F4("nWRP of FLASH_OPTCR1 with SPRMOD", 2, 0x18) },
};

/* FLASH_OPTCR2. That zeros are read: as of F4. */
const struct hidden_areas hidden_areas_f72 = {
	.source = "ST's stm32f722xx.h",
	.spans = { { 0x1c, 1 } },
	.areas = { { .name = "PCROP of FLASH_OPTCR2",
		     .what = "PCROP",
		     .how = EXECUTES,
		     .kind = HIDDEN_SECTORS,
		     .bank = 1,
		     .first_at = 0x1c,
		     .mask = 0xff } },
};

/* With SPRMOD (OBR 8) a bit of WRPR1 and 2 that is 0 protects 4 KiB: ST's HAL (FLASH_OB_PCROPConfig). Which
 * value it is on STM32L0 its HAL and other code see differently. */
#define PIECES_OF_L1(name_, at_, from_)                                                   \
	{                                                                                 \
		.name = (name_), .what = "PCROP", .how = EXECUTES, .kind = HIDDEN_PIECES, \
		.bank = 1, .first_at = (at_), .mask = UINT32_MAX, .piece = 4096,          \
		.pieces_from = (from_), .is_low = true, .when = {                         \
			0x1c,                                                             \
			1u << 8,                                                          \
			1u << 8                                                           \
		}                                                                         \
	}
const struct hidden_areas hidden_areas_l1 = {
	.source = "ST's stm32l152xc.h and HAL",
	.spans = { { 0x1c, 2 }, { 0x80, 1 } },
	.areas = { PIECES_OF_L1("FLASH_WRPR1 with SPRMOD", 0x20, 0),
		   PIECES_OF_L1("FLASH_WRPR2 with SPRMOD", 0x80, 0x20000) },
};

/* 4.5.4, 4.5.5: reads "return a zero" and no bus error. A secure area counts with SECURITY
 * (OPTSR_CUR 21). */
#define AREA_OF_H7(name_, what_, how_, bank_, at_)                                       \
	.name = (name_), .what = (what_), .how = (how_), .bank = (bank_),                \
	.first_at = (at_), .last_at = (at_), .last_lsb = 16, .mask = 0xfff, .unit = 256, \
	.is_all_when_equal = true
#define SECURE_OF_H7(name_, bank_, at_)                                            \
	{                                                                          \
		AREA_OF_H7(name_, "a secure area",                                 \
			   "is read and changed by code in it alone", bank_, at_), \
			.when = {                                                  \
				0x1c,                                              \
				1u << 21,                                          \
				1u << 21                                           \
			}                                                          \
	}
const struct hidden_areas hidden_areas_h7 = {
	.source = "RM0399 Rev 4, 4.5.4, 4.5.5, 4.9.10, 4.9.12; RM0433 Rev 8; RM0455 Rev 9",
	.spans = { { 0x1c, 6 }, { 0x128, 3 } },
	.areas = { { AREA_OF_H7("PROT_AREA1", "PCROP", EXECUTES, 1, 0x28) },
		   { AREA_OF_H7("PROT_AREA2", "PCROP", EXECUTES, 2, 0x128) },
		   SECURE_OF_H7("SEC_AREA1", 1, 0x30),
		   SECURE_OF_H7("SEC_AREA2", 2, 0x130) },
};

/* --- of one chip ------------------------------------------------------------------------------ */

static const struct hidden_areas *
areas_of(const struct chip *chip)
{
	const struct memory *flash = chip_flash(chip);

	return flash != NULL ? flash->entry->interface->hidden : NULL;
}

bool
hidden_is_known(const struct chip *chip)
{
	return areas_of(chip) != NULL;
}

static enum cause
read_span(struct mem_ap *mem, uint32_t at, uint32_t *words, unsigned len,
	  struct reason *why)
{
	uint8_t bytes[HIDDEN_MAX_WORDS * sizeof(uint32_t)];
	enum cause cause = mem_read(mem, at, bytes, len * sizeof(uint32_t), why);

	for (unsigned i = 0; cause == CAUSE_NONE && i < len; i++)
		words[i] = le32_get(bytes + i * sizeof(uint32_t));
	return cause;
}

enum cause
hidden_read(const struct chip *chip, struct mem_ap *mem, uint32_t words[HIDDEN_MAX_WORDS],
	    struct reason *why)
{
	const struct hidden_areas *areas = areas_of(chip);
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; areas != NULL && cause == CAUSE_NONE && i < HIDDEN_MAX_SPANS &&
			     areas->spans[i].words > 0;
	     i++) {
		const struct hidden_span *span = &areas->spans[i];

		cause = read_span(mem, chip_flash(chip)->entry->registers + span->at, words,
				  span->words, why);
		words += span->words;
	}
	return cause;
}

static uint32_t
word_at(const struct hidden_areas *areas, const uint32_t *words, uint32_t at)
{
	for (unsigned i = 0; i < HIDDEN_MAX_SPANS && areas->spans[i].words > 0; i++) {
		const struct hidden_span *span = &areas->spans[i];

		if (at >= span->at && at < span->at + span->words * sizeof(uint32_t))
			return words[(at - span->at) / sizeof(uint32_t)];
		words += span->words;
	}
	return 0;
}

static void
add(struct hidden_ranges *ranges, struct hidden_range range)
{
	if (range.size > 0 && ranges->len < HIDDEN_MAX)
		ranges->list[ranges->len++] = range;
}

/* Where it is seen; NULL: the chip has no such bank. */
static const struct memory *
bank_of(const struct chip *chip, const struct hidden_area *area, bool are_swapped)
{
	const struct memory *first = chip_flash(chip);
	unsigned number = are_swapped ? 3u - area->bank : area->bank;

	for (size_t i = 0; i < chip->memories_len; i++)
		if (memory_is_own_flash(&chip->memories[i]) &&
		    chip->memories[i].entry->number == number)
			return &chip->memories[i];
	return area->is_of_one_bank_too && first->entry->runs[0].size >= area->wide ? first
										    : NULL;
}

/* Bits above the number of the last unit are reserved, and read as they like. */
static uint32_t
narrowed(uint32_t mask, uint32_t units)
{
	while (mask >> 1 >= units - 1)
		mask >>= 1;
	return mask;
}

static void
add_units(const struct hidden_area *area, const struct memory *bank, uint32_t first_word,
	  uint32_t last_word, struct hidden_ranges *ranges)
{
	bool is_wide = area->wide != 0 && bank->entry->runs[0].size >= area->wide;
	uint32_t unit = is_wide ? 2u * area->unit : area->unit;
	uint32_t mask = narrowed(area->mask, bank->size_max / unit);
	uint32_t first = first_word >> area->first_lsb & mask;
	uint32_t last = last_word >> area->last_lsb & mask;
	struct hidden_range range = { .at = bank->base,
				      .size = bank->size,
				      .name = area->name,
				      .what = area->what,
				      .how = area->how };

	if (first > last || (first == 0 && last == 0 && area->first_at != area->last_at))
		return;
	if (first == last && area->is_all_when_equal) {
		add(ranges, range);
		return;
	}
	if ((uint64_t)first * unit >= bank->size)
		return;
	range.at += first * unit;
	range.size = (last + 1 - first) * unit;
	if (range.size > bank->base + bank->size - range.at)
		range.size = bank->base + bank->size - range.at;
	add(ranges, range);
}

/* Neighbours are one range. */
static void
add_sector(struct hidden_ranges *ranges, struct hidden_range sector)
{
	struct hidden_range *last = ranges->len > 0 ? &ranges->list[ranges->len - 1] : NULL;

	if (last != NULL && last->name == sector.name && last->at + last->size == sector.at)
		last->size += sector.size;
	else
		add(ranges, sector);
}

static void
add_sectors(const struct hidden_area *area, const struct memory *bank, uint32_t word,
	    struct hidden_ranges *ranges)
{
	uint32_t bits = word >> area->first_lsb & area->mask, at = bank->base;

	for (unsigned i = 0; i < MEMORY_MAX_RUNS; i++) {
		const struct sector_run *run = &bank->entry->runs[i];

		for (uint32_t n = 0; n < run->count && at < bank->base + bank->size; n++) {
			struct hidden_range sector = { at, run->size, area->name,
						       area->what, area->how };

			if ((bits & 1) != 0)
				add_sector(ranges, sector);
			bits >>= 1;
			at += run->size;
		}
	}
}

static void
add_pieces(const struct hidden_area *area, const struct memory *bank, uint32_t word,
	   struct hidden_ranges *ranges)
{
	uint32_t bits = area->is_low ? ~word : word;

	for (unsigned i = 0; i < 32; i++) {
		uint32_t offset = area->pieces_from + i * area->piece;
		struct hidden_range piece = { bank->base + offset, area->piece, area->name,
					      area->what, area->how };

		if ((bits >> i & 1) != 0 && offset < bank->size)
			add_sector(ranges, piece);
	}
}

static void
add_begin(const struct hidden_area *area, const struct memory *bank, uint32_t word,
	  struct hidden_ranges *ranges)
{
	uint32_t sectors = word >> area->first_lsb & area->mask;
	uint32_t most = bank->size / bank->entry->runs[0].size;

	add(ranges, (struct hidden_range){ bank->base,
					   (sectors < most ? sectors : most) *
						   bank->entry->runs[0].size,
					   area->name, area->what, area->how });
}

static void
add_area(const struct chip *chip, const struct hidden_areas *areas,
	 const struct hidden_area *area, const uint32_t *words, bool are_swapped,
	 struct hidden_ranges *ranges)
{
	const struct memory *bank = bank_of(chip, area, are_swapped);
	uint32_t first = word_at(areas, words, area->first_at);

	if (bank == NULL || bank->size == 0 ||
	    (area->when.mask != 0 &&
	     (word_at(areas, words, area->when.at) & area->when.mask) != area->when.value))
		return;
	switch (area->kind) {
	case HIDDEN_SECTORS:
		add_sectors(area, bank, first, ranges);
		break;
	case HIDDEN_PIECES:
		add_pieces(area, bank, first, ranges);
		break;
	case HIDDEN_BEGIN:
		add_begin(area, bank, first, ranges);
		break;
	default:
		add_units(area, bank, first, word_at(areas, words, area->last_at), ranges);
		break;
	}
}

/* A debugger's read of the secure part of an STM32WB returns zeros (ST's community, 269206). */
static void
add_rests(const struct chip *chip, struct hidden_ranges *ranges)
{
	for (size_t i = 0; i < chip->memories_len; i++) {
		const struct memory *memory = &chip->memories[i];

		if (memory_is_own_flash(memory) && memory->entry->rest.mask != 0)
			add(ranges,
			    (struct hidden_range){ .at = memory->base + memory->size,
						   .size = memory->size_max - memory->size,
						   .what = memory->entry->rest.region });
	}
}

void
hidden_ranges_of(const struct chip *chip, const uint32_t *words, bool are_swapped,
		 struct hidden_ranges *ranges)
{
	const struct hidden_areas *areas = areas_of(chip);

	ranges->len = 0;
	add_rests(chip, ranges);
	for (const struct hidden_area *area = areas != NULL ? areas->areas : NULL;
	     words != NULL && area != NULL && area->name != NULL; area++)
		add_area(chip, areas, area, words, are_swapped, ranges);
}

bool
hidden_touches(const struct hidden_range *range, uint32_t at, uint32_t size)
{
	return at < (uint64_t)range->at + range->size && range->at < (uint64_t)at + size;
}

bool
hidden_may_be(const struct chip *chip, uint32_t at, uint32_t size)
{
	for (size_t i = 0; i < chip->memories_len; i++) {
		const struct memory *memory = &chip->memories[i];
		const struct hidden_range all = { .at = memory->base,
						  .size = memory->size_max };

		if (memory_is_own_flash(memory) &&
		    (memory->entry->interface->hidden != NULL ||
		     memory->entry->rest.mask != 0) &&
		    hidden_touches(&all, at, size))
			return true;
	}
	return false;
}

const struct hidden_range *
hidden_find(const struct hidden_ranges *ranges, uint32_t at, uint32_t size)
{
	for (size_t i = 0; i < ranges->len; i++)
		if (hidden_touches(&ranges->list[i], at, size))
			return &ranges->list[i];
	return NULL;
}
