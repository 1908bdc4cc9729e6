/* SPDX-License-Identifier: MIT */
#include "flash/load/uf2.h"

#include "transport/base/bytes.h"

#include <string.h>

/* microsoft/uf2, README.md, "File format". */
enum {
	MAGIC_AT = 0,
	SECOND_MAGIC_AT = 4,
	FLAGS_AT = 8,
	ADDRESS_AT = 12,
	SIZE_AT = 16,
	NUMBER_AT = 20,
	COUNT_AT = 24,
	FAMILY_AT = 28,
	DATA_AT = 32,
	END_MAGIC_AT = 508,
	DATA_MAX = END_MAGIC_AT - DATA_AT
};
#define MAGIC        0x0a324655u
#define SECOND_MAGIC 0x9e5d5157u
#define END_MAGIC    0x0ab16f30u
enum { PAYLOAD = 256 }; /* of a block that is made: every boot loader takes it */
/* Blocks that are not for flash: comments, and files of a container. */
#define NOT_FOR_FLASH (0x00000001u | 0x00001000u)
#define HAS_FAMILY    0x00002000u

/* utils/uf2families.json there, 01a2d565d21d. */
static const struct {
	uint32_t id;
	const char *family;
} families[] = {
	{ 0x647824b6, "STM32F0" }, { 0x5ee21072, "STM32F1" }, { 0x5d1a0a2e, "STM32F2" },
	{ 0x6b846188, "STM32F3" }, { 0x57755a57, "STM32F4" }, { 0x6d0922fa, "STM32F4" },
	{ 0x8fb060fe, "STM32F4" }, { 0x53b80f00, "STM32F7" }, { 0x300f5633, "STM32G0" },
	{ 0x4c71240a, "STM32G4" }, { 0x6db66082, "STM32H7" }, { 0x202e3a91, "STM32L0" },
	{ 0x1e1f432d, "STM32L1" }, { 0x00ff6919, "STM32L4" }, { 0x04240bdf, "STM32L5" },
	{ 0x70d16653, "STM32WB" }, { 0x21460ff0, "STM32WL" },
};

bool
uf2_is_it(const uint8_t *bytes, size_t size)
{
	return size >= SECOND_MAGIC_AT + sizeof(uint32_t) &&
	       le32_get(bytes + MAGIC_AT) == MAGIC &&
	       le32_get(bytes + SECOND_MAGIC_AT) == SECOND_MAGIC;
}

uint32_t
uf2_blocks(uint32_t size)
{
	return size / PAYLOAD + (size % PAYLOAD != 0);
}

void
uf2_make_block(uint8_t block[UF2_BLOCK], uint32_t number, uint32_t at, const uint8_t *bytes,
	       uint32_t size)
{
	uint32_t done = number * PAYLOAD;
	uint32_t len = size - done < PAYLOAD ? size - done : PAYLOAD;

	memset(block, 0, UF2_BLOCK);
	le32_put(block + MAGIC_AT, MAGIC);
	le32_put(block + SECOND_MAGIC_AT, SECOND_MAGIC);
	le32_put(block + ADDRESS_AT, at + done);
	le32_put(block + SIZE_AT, len);
	le32_put(block + NUMBER_AT, number);
	le32_put(block + COUNT_AT, uf2_blocks(size));
	memcpy(block + DATA_AT, bytes + done, len);
	le32_put(block + END_MAGIC_AT, END_MAGIC);
}

static enum cause
take_family(const uint8_t *block, struct image *image, struct reason *why)
{
	uint32_t family = le32_get(block + FAMILY_AT);

	if ((le32_get(block + FLAGS_AT) & HAS_FAMILY) == 0)
		return CAUSE_NONE;
	if (image->uf2_family != 0 && image->uf2_family != family)
		return reason_begin(why, CAUSE_REQUEST,
				    "it is for two families of chips, 0x%08x and 0x%08x",
				    (unsigned)image->uf2_family, (unsigned)family);
	image->uf2_family = family;
	return CAUSE_NONE;
}

static enum cause
take_block(const uint8_t *block, size_t count, struct image *image, struct reason *why)
{
	uint32_t size = le32_get(block + SIZE_AT), flags = le32_get(block + FLAGS_AT);
	enum cause cause;

	if (!uf2_is_it(block, UF2_BLOCK) || le32_get(block + END_MAGIC_AT) != END_MAGIC)
		return reason_begin(why, CAUSE_REQUEST, "its magic numbers are wrong");
	if (size > DATA_MAX)
		return reason_begin(why, CAUSE_REQUEST, "it has %u bytes, and room for %d",
				    (unsigned)size, DATA_MAX);
	if (le32_get(block + COUNT_AT) != count ||
	    le32_get(block + NUMBER_AT) >= le32_get(block + COUNT_AT))
		return reason_begin(why, CAUSE_REQUEST,
				    "it is number %u of %u, in a file of %zu",
				    (unsigned)le32_get(block + NUMBER_AT),
				    (unsigned)le32_get(block + COUNT_AT), count);
	if ((flags & NOT_FOR_FLASH) != 0)
		return CAUSE_NONE;
	cause = take_family(block, image, why);
	return cause == CAUSE_NONE ? image_add_new(image, le32_get(block + ADDRESS_AT),
						   block + DATA_AT, size, why)
				   : cause;
}

enum cause
uf2_parse(const uint8_t *bytes, size_t size, struct image *image, struct reason *why)
{
	size_t count = size / UF2_BLOCK;

	if (size % UF2_BLOCK != 0)
		return reason_begin(why, CAUSE_REQUEST,
				    "it is cut short: %zu bytes are no blocks of %d", size,
				    UF2_BLOCK);
	for (size_t i = 0; i < count; i++)
		if (take_block(bytes + i * UF2_BLOCK, count, image, why) != CAUSE_NONE)
			return reason_while(why, "block %zu of UF2", i);
	return CAUSE_NONE;
}

static const char *
family_of(uint32_t id)
{
	for (size_t i = 0; i < array_len(families); i++)
		if (families[i].id == id)
			return families[i].family;
	return NULL;
}

enum cause
uf2_check_device(const struct image *image, const struct device_table *table,
		 const struct device *device, struct reason *why)
{
	const char *wanted = family_of(image->uf2_family);
	const char *there = device_family_name(table, device);

	if (image->uf2_family == 0 || there == NULL)
		return CAUSE_NONE;
	if (wanted == NULL)
		return reason_begin(
			why, CAUSE_REQUEST,
			"the file is for chips of the UF2 family 0x%08x, none of ST's; "
			"this is an %s",
			(unsigned)image->uf2_family, there);
	if (strcmp(wanted, there) == 0)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_REQUEST,
			    "the file is for an %s (UF2 family 0x%08x), and this is an %s",
			    wanted, (unsigned)image->uf2_family, there);
}
