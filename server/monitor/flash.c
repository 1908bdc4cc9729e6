/* SPDX-License-Identifier: MIT */
/* flash.c - what flash there is, and erasing it without a load. */
#include "server/monitor/rows.h"

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

	return cause == CAUSE_NONE ? view_begin(view, job, CLAIM_FLASH | CORE, erased, why)
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
	for (unsigned i = 0; i < geometry.banks_len && cause == CAUSE_NONE; i++)
		cause = load_request_erase(&request, client_board(client),
					   geometry.banks[i].base, geometry.banks[i].size,
					   why);
	if (cause == CAUSE_NONE)
		cause = begin_erase(client, &request, why);
	load_request_clear(&request);
	return cause;
}

static enum cause
monitor_flash_erase(struct client *client, const struct monitor_row *row, const char *rest,
		    struct reason *why)
{
	struct monitor_words words;
	uint32_t at, size;
	enum cause cause;

	monitor_split(rest, &words);
	if (words.len == 1 && strcmp(words.at[0], "all") == 0)
		return monitor_erase_all(client, why);
	if (words.len != 2)
		return monitor_usage(row, why);
	cause = monitor_number(words.at[0], "an address", UINT32_MAX, &at, why);
	if (cause == CAUSE_NONE)
		cause = monitor_number(words.at[1], "a size in bytes", UINT32_MAX, &size,
				       why);
	return cause == CAUSE_NONE ? monitor_erase(client, at, size, why) : cause;
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
	{ "flash erase", "all|ADDRESS SIZE", TOPIC_FLASH,
	  "erase all flash, or what a range touches",
	  "Every sector that the range touches is erased whole.", CLAIM_FLASH | CORE,
	  NEEDS_TARGET, monitor_flash_erase },
	{ 0 },
};
