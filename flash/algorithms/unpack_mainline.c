/* SPDX-License-Identifier: MIT */
/*
 * unpack_mainline.c - runs on the chip: unpacks a page of what is to be programmed and has it
 * programmed, part by part.
 */
#include "flash/algorithms/mailbox.h"
#include "flash/algorithms/unpack_code.h"
#include "flash/algorithms/words.h"

uint32_t Unpack(uint32_t at, uint32_t size, const uint8_t *from,
		const struct parameters *chip,
		const volatile struct mailbox_second *second);

typedef uint32_t
program_page(uint32_t at, uint32_t size, uint32_t from, const struct parameters *chip);

static uint32_t
program_part(const struct unpacked_page *page)
{
	program_page *program = (program_page *)page->model->program;

	return program(page->at, page->size, page->model->part, page->chip);
}

static void
feed(const struct unpacked_page *page)
{
	watchdog_feed(page->chip);
}

/* The registers of the range decoder are those of who calls this. */
uint32_t
Unpack(uint32_t at, uint32_t size, const uint8_t *from, const struct parameters *chip,
       const volatile struct mailbox_second *second)
{
	uint32_t kept[] = { rc_range, rc_code, (uint32_t)rc_in, (uint32_t)rc_end };
	struct unpacking *model = (struct unpacking *)second->r1;
	uint32_t packed = second->r0;
	struct unpacked_page page;

	/* One by one: an initializer would call memset(). */
	page.model = model;
	page.at = at;
	page.flash = (const uint8_t *)at;
	page.window = at - second->r2;
	page.bytes = (uint8_t *)model->part;
	page.left = size;
	page.chip = chip;
	if (packed & UNPACK_RESET)
		unpack_reset(model);
	unpack_page(&page, from, packed & (UNPACK_RESET - 1));
	rc_range = kept[0];
	rc_code = kept[1];
	rc_in = (const uint8_t *)kept[2];
	rc_end = (const uint8_t *)kept[3];
	return page.status;
}
