/* SPDX-License-Identifier: MIT */
/* flash.c - what flash there is, and erasing it without a load. */
#include "server/monitor/option_bytes.h"
#include "server/monitor/recover.h"
#include "server/monitor/rows.h"
#include "server/monitor/where.h"

#include "flash/load/load.h"
#include "transport/base/bytes.h"

#include <string.h>

enum { KIB = 1024 };

static void
erased(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);

	if (cause == CAUSE_NONE)
		client_print(client, "erased");
	monitor_finish(client, cause, why);
}

static enum cause
begin_erase(struct client *client, struct load_request *request, struct reason *why)
{
	struct board *board = client_board(client);
	struct view *view = &client->view;
	struct job *job = NULL;
	enum cause cause =
		load_begin(board_core(board, view->general), board, request, &job, why);

	return cause == CAUSE_NONE ? view_begin(view, job, CLAIM_FLASH | CORES, erased, why)
				   : cause;
}

enum cause
monitor_erase(struct client *client, uint32_t at, uint32_t size, struct reason *why)
{
	struct load_request request;
	enum cause cause;

	load_request_init(&request);
	cause = load_request_erase(&request, client_board(client), at, size, why);
	if (cause == CAUSE_NONE)
		cause = begin_erase(client, &request, why);
	load_request_clear(&request);
	return cause;
}

enum cause
monitor_erase_all(struct client *client, struct reason *why)
{
	struct load_request request;
	struct geometry geometry;
	enum cause cause = geometry_read(client_board(client), &geometry, why);

	if (cause != CAUSE_NONE)
		return cause;
	load_request_init(&request);
	/* Of the chip: what is outside may be much, and is erased by its addresses. */
	for (unsigned i = 0; i < geometry.banks_len && cause == CAUSE_NONE; i++)
		if (geometry.banks[i].entry->interface->driver != FLASH_DRIVER_EXTERNAL)
			cause = load_request_erase(&request, client_board(client),
						   geometry.banks[i].base,
						   geometry.banks[i].size, why);
	if (cause == CAUSE_NONE)
		cause = begin_erase(client, &request, why);
	load_request_clear(&request);
	return cause;
}

enum cause
monitor_flash_erase(struct client *client, const struct monitor_row *row, const char *rest,
		    struct reason *why)
{
	struct monitor_words words;
	struct load_request request;
	struct where where;
	enum cause cause;

	monitor_split(rest, &words);
	if (words.len == 0 || words.len > MONITOR_WORDS)
		return monitor_usage(row, why);
	cause = where_read(words.at, words.len, &where, why);
	if (cause != CAUSE_NONE)
		return cause;
	load_request_init(&request);
	cause = where_erase(&where, client_board(client), &request, why);
	if (cause == CAUSE_NONE)
		cause = begin_erase(client, &request, why);
	load_request_clear(&request);
	return cause;
}

/* "64 sectors of 2 KiB", for each size. */
static void
add_sectors(const struct geometry *geometry, const struct flash_bank *bank,
	    struct text *words)
{
	uint32_t at = bank->base, size = 0;
	unsigned count = 0;
	struct sector sector;

	while (at - bank->base < bank->size && geometry_sector_at(geometry, at, &sector)) {
		if (sector.size != size && count > 0) {
			text_add(words, "%u of %u KiB, ", count, (unsigned)(size / KIB));
			count = 0;
		}
		size = sector.size;
		count++;
		at += size;
	}
	text_add(words, "%u of %u KiB", count, (unsigned)(size / KIB));
}

static enum cause
monitor_flash_info(struct client *client, const struct monitor_row *row, const char *rest,
		   struct reason *why)
{
	struct geometry geometry;
	enum cause cause = geometry_read(client_board(client), &geometry, why);

	(void)row;
	(void)rest;
	for (unsigned i = 0; cause == CAUSE_NONE && i < geometry.banks_len; i++) {
		const struct flash_bank *bank = &geometry.banks[i];
		char buffer[128];
		struct text sectors;

		text_init(&sectors, buffer, sizeof(buffer));
		add_sectors(&geometry, bank, &sectors);
		client_print(client, "%s: %u KiB at 0x%08x, sectors: %s", bank->entry->name,
			     (unsigned)(bank->size / KIB), (unsigned)bank->base, buffer);
	}
	return cause;
}

const struct monitor_row monitor_flash_rows[] = {
	{ "flash info", "", TOPIC_FLASH, "list the banks and their sectors",
	  "Flash is programmed by gdb's \"load\".", 0, 0, monitor_flash_info },
	{ "flash erase", WHERE_ARGUMENTS, TOPIC_FLASH,
	  "erase all flash, a bank, sectors, or what a range touches",
	  "Every sector that the range touches is erased whole. Banks count from 1, "
	  "sectors from 0 in their bank.",
	  CLAIM_FLASH | CORES, NEEDS_TARGET, monitor_flash_erase },
	{ "erase", WHERE_ARGUMENTS, TOPIC_FLASH, "the same as flash erase", NULL,
	  CLAIM_FLASH | CORES, NEEDS_TARGET, monitor_flash_erase },
	{ "recover", "[--yes]", TOPIC_FLASH,
	  "get the board back whose program keeps debuggers out, and erase that program",
	  "A target that is lost is connected to again first. Where nothing answers even "
	  "under reset, as of an STM32H7 whose program chose the wrong core supply, NRST "
	  "is held low for two minutes while you switch the board's power off and on. "
	  "Ctrl-C ends that and leaves all as it was; gdb, which passes none on during a "
	  "monitor command, hangs up at the second. Then the chip is reset and halted "
	  "before its "
	  "program runs, and the first sector of each flash bank is erased. Where the "
	  "flash is read-protected (RDP level 1), RDP is set back to level 0, which erases "
	  "all of it. Without --yes it says what it would erase, and erases nothing.",
	  0, 0, monitor_recover },
	{ "options", "", TOPIC_FLASH, "list the option bytes, by name and in words", NULL,
	  CORE, NEEDS_TARGET, monitor_options },
	{ "options set", "NAME=VALUE... [--yes]", TOPIC_FLASH,
	  "write option bytes, have the chip load them, and read them back",
	  "What locks you out is refused with the reason; what costs something to take "
	  "back needs --yes, and RDP=2 --lock-this-chip-for-ever as well. The chip is "
	  "reset, and its cores are halted.",
	  ALL, NEEDS_TARGET, monitor_options_set },
	{ 0 },
};
