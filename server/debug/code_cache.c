/* SPDX-License-Identifier: MIT */
#include "server/debug/code_cache.h"

#include "server/debug/debugger_internal.h"
#include "targets/chip/chip.h"

#include <string.h>

enum { FRESH_US = 100000, LONGEST_READ = 16, PACKET_LINE = 32 };

void
code_cache_forget(struct debugger *debugger)
{
	memset(&debugger->code, 0, sizeof(debugger->code));
}

/* Another core, another program on the probe or a job may change the flash behind our back. */
static bool
is_ours_alone(const struct debugger *debugger, unsigned core)
{
	return debugger->cores_len == 1 && debugger->sharers == 0 &&
	       !board_is_lost(debugger->board) && board_is_halted(debugger->board, core) &&
	       board_claimant(debugger->board, CLAIM_EVERYTHING) == NULL;
}

static bool
is_line_of_flash(const struct debugger *debugger, uint32_t at, uint32_t size)
{
	return chip_is_flash(board_chip(debugger->board), at) &&
	       chip_is_flash(board_chip(debugger->board), at + size - 1);
}

/* A small one fits a packet of a probe that has no commands for blocks. */
static bool
has_packets(const struct debugger *debugger, unsigned core)
{
	struct mem_ap *mem = core_memory(board_core(debugger->board, core));

	return mem_bytes_at_once(mem) >= PACKET_LINE;
}

/* The line, or else the one that was not used for longest, as its place. */
static struct code_line *
place_of(struct code_cache *cache, uint32_t at)
{
	struct code_line *place = &cache->lines[0];

	for (unsigned i = 0; i < CODE_LINES; i++) {
		struct code_line *line = &cache->lines[i];

		if (line->used_us != 0 && line->at == at)
			return line;
		if (line->used_us < place->used_us)
			place = line;
	}
	*place = (struct code_line){ .at = at };
	return place;
}

/* False: this is the first read in the line, or it cannot be read as a whole. */
static bool
is_fetched(struct debugger *debugger, unsigned core, struct code_line *line, uint32_t size)
{
	uint64_t now_us = clock_now_us(debugger->clock);
	bool was_asked = line->used_us != 0 && now_us - line->used_us < FRESH_US;
	/* What cannot be read as a line is read as it was asked for, and fails there. */
	struct reason unread = REASON_INIT;

	line->used_us = now_us;
	if (line->read_us != 0 && now_us - line->read_us < FRESH_US)
		return true;
	line->read_us = 0;
	if (!was_asked && !has_packets(debugger, core))
		return false;
	if (core_memory_read(board_core(debugger->board, core), line->at, line->bytes, size,
			     &unread) != CAUSE_NONE)
		return false;
	line->read_us = now_us;
	return true;
}

bool
code_cache_read(struct debugger *debugger, unsigned core, uint32_t at, void *bytes,
		uint32_t size)
{
	uint32_t line_size = has_packets(debugger, core) ? PACKET_LINE : CODE_LINE_MAX;
	uint32_t line_at = at & ~(line_size - 1);
	struct code_line *line;

	if (size > LONGEST_READ || at - line_at + size > line_size ||
	    !is_ours_alone(debugger, core) ||
	    !is_line_of_flash(debugger, line_at, line_size))
		return false;
	line = place_of(&debugger->code, line_at);
	if (!is_fetched(debugger, core, line, line_size))
		return false;
	memcpy(bytes, line->bytes + (at - line_at), size);
	return true;
}
