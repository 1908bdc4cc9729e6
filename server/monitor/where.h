/* SPDX-License-Identifier: MIT */
/*
 * where.h - which part of the flash a command means, for "tether erase" and "monitor erase": all of
 * it ("chip" or "all"), "bank 2", "sector 3", "sector 3-5", "bank 2 sector 3-5", or an address and
 * a size. Banks count from 1, as in "monitor flash info"; sectors from 0, in their bank.
 */
#ifndef SERVER_MONITOR_WHERE_H
#define SERVER_MONITOR_WHERE_H

#include "flash/load/geometry.h"
#include "flash/load/request.h"

#define WHERE_ARGUMENTS "chip|[bank N] [sector N[-M]]|ADDRESS SIZE"

struct where {
	bool is_chip;
	bool has_bank, has_sectors;
	uint32_t bank, first, last; /* of sectors */
	uint32_t at, size;          /* otherwise */
};

/* CAUSE_REQUEST: the words are none of these. */
enum cause
where_read(const char *const *words, unsigned len, struct where *where, struct reason *why);
/* Adds to what the request erases. CAUSE_REQUEST: this chip has no such bank or sector; or as
 * load_request_erase(). */
enum cause where_erase(const struct where *where, struct board *board,
		       struct load_request *request, struct reason *why);

#endif /* SERVER_MONITOR_WHERE_H */
