/* SPDX-License-Identifier: MIT */
/*
 * memory.c - m, x, qCRC. A read of memory that cannot be read returns an error, never zeros; the
 * readable bytes before it are returned.
 */
#include "flash/load/crc.h"
#include "server/rsp/clients.h"
#include "server/rsp/commands.h"
#include "server/rsp/reply.h"
#include "server/rsp/slice.h"
#include "targets/core/frame.h"
#include "transport/base/bytes.h"

#include <string.h>

/* Hexadecimal doubles every byte, escapes may: either must fit into a packet, that of x with
 * a letter before it. Whole words, since gdb goes on where a reply ended: from an odd address
 * on nothing can be read by words. */
enum { READ_MAX = PACKET_SIZE / 2, READ_BINARY_MAX = READ_MAX - 4 };
/* How many bytes from `at` on can be read, of `size` that together cannot: found by binary
 * search, in which no byte is read twice. */
static uint32_t
read_up_to_fault(struct view *view, uint32_t at, uint8_t *bytes, uint32_t size)
{
	uint32_t good = 0, bad = size;

	while (bad - good > 1) {
		uint32_t middle = good + (bad - good) / 2;
		/* The reason of the whole read is kept; this only finds its edge. */
		struct reason edge = REASON_INIT;

		if (view_memory_read(view, at + good, bytes + good, middle - good, &edge) ==
		    CAUSE_NONE)
			good = middle;
		else
			bad = middle;
	}
	return good;
}

/* Reads as far as it goes, and no longer than a turn of the loop should take: gdb asks for the
 * rest. *done: how far. A cause only when that is nowhere. */
static enum cause
read_some(struct client *client, uint32_t at, uint8_t *bytes, uint32_t size, uint32_t *done,
	  struct reason *why)
{
	struct view *view = &client->view;
	struct slice slice = slice_of(client);
	struct deadline turn = deadline_in_ms(client->clients->turns.clock, slice.turn_ms);

	*done = 0;
	while (*done < size && (*done == 0 || !deadline_is_over(&turn))) {
		uint32_t left = size - *done;
		uint32_t step = left < slice.bytes ? left : slice.bytes;
		enum cause cause =
			view_memory_read(view, at + *done, bytes + *done, step, why);

		if (cause == CAUSE_FAULT)
			*done += read_up_to_fault(view, at + *done, bytes + *done, step);
		if (cause != CAUSE_NONE)
			return *done > 0 && cause == CAUSE_FAULT ? CAUSE_NONE : cause;
		*done += step;
	}
	return CAUSE_NONE;
}

/* Clips the requested size to `max` and to the end of memory. */
static uint32_t
clip(const struct request *request, uint32_t max)
{
	uint64_t at = request->at[0].number, size = request->at[1].number;
	uint64_t space = (UINT64_C(1) << 32) - at;

	if (size > space)
		size = space;
	return size > max ? max : (uint32_t)size;
}

/* gdb reads there while it unwinds through EXC_RETURN, or from where a core is locked up: nothing
 * is there and nobody asked, so the error is neither a note nor what monitor why prints. */
static enum cause
keep_quiet_about_unwinding(const struct request *request, enum cause cause,
			   struct text *reply)
{
	if (cause != CAUSE_FAULT || !core_is_no_code((uint32_t)request->at[0].number))
		return cause;
	text_add(reply, "E01");
	return CAUSE_NONE;
}

static enum cause
read_request(struct client *client, const struct request *request, uint8_t *bytes,
	     uint32_t max, uint32_t *done, struct reason *why)
{
	const struct memory_range range = { client->view.general,
					    (uint32_t)request->at[0].number,
					    clip(request, max) };
	struct equal_reads *reads = &client->clients->reads;
	/* What a loader has there is nothing of the program's. */
	enum cause cause = board_check_ram(client_board(client), range.at, range.size, why);
	uint64_t began_us = clock_now_us(client->clients->turns.clock);
	const uint8_t *equal =
		equal_reads_find(reads, &range, connection_asked_us(&client->connection));

	if (cause != CAUSE_NONE)
		return cause;
	if (equal != NULL) {
		memcpy(bytes, equal, range.size);
		*done = range.size;
		return CAUSE_NONE;
	}
	cause = read_some(client, range.at, bytes, range.size, done, why);
	if (cause == CAUSE_NONE && *done == range.size)
		equal_reads_keep(reads, &range, began_us, bytes);
	return cause;
}

static enum cause
command_m(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	uint8_t bytes[READ_MAX];
	uint32_t done;
	enum cause cause;

	if (request->at[1].number == 0)
		return reason_begin(why, CAUSE_REQUEST, "the length is 0");
	cause = read_request(client, request, bytes, sizeof(bytes), &done, why);
	if (cause == CAUSE_NONE)
		reply_add_hex(reply, bytes, done);
	return keep_quiet_about_unwinding(request, cause, reply);
}

static enum cause
command_x(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	uint8_t bytes[READ_BINARY_MAX];
	uint32_t done;
	enum cause cause = read_request(client, request, bytes, sizeof(bytes), &done, why);

	if (cause != CAUSE_NONE)
		return keep_quiet_about_unwinding(request, cause, reply);
	text_add(reply, "b");
	memcpy(reply->chars + reply->used, bytes, done);
	reply->used += done;
	return CAUSE_NONE;
}

static void
end_crc(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);
	char buffer[sizeof("Cffffffff")];
	struct text reply;

	if (cause != CAUSE_NONE) {
		client_fail(client, DELIVER_CODE, why);
		return;
	}
	text_init(&reply, buffer, sizeof(buffer));
	text_add(&reply, "C%x", (unsigned)client->crc);
	client_reply(client, reply.chars, reply.used);
}

/* compare-sections: the chip computes what it can, so that the bytes need not cross the wire. */
static enum cause
command_crc(struct client *client, const struct request *request, struct text *reply,
	    struct reason *why)
{
	struct board *board = client_board(client);
	struct view *view = &client->view;
	struct core *core = board_core(board, view->general);
	uint64_t at = request->at[0].number, size = request->at[1].number;
	bool computes = view_is_halted(view, view->general);
	struct job *job;
	enum cause cause;

	(void)reply;
	if (size == 0 || at + size > UINT64_C(1) << 32)
		return reason_begin(why, CAUSE_REQUEST,
				    "%llu bytes at 0x%08llx are not in the address space",
				    (unsigned long long)size, (unsigned long long)at);
	/* One that waits to be started neither computes nor reads. */
	if (core_is_held(core)) {
		core = board_main_core(board);
		computes = false;
	}
	job = crc_begin(core, board, (uint32_t)at, (uint32_t)size, computes, &client->crc);
	if (job == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	cause = view_begin(view, job, CLAIM_FLASH | CORE, end_crc, why);
	if (cause == CAUSE_NONE)
		client_wait(client, WAIT_WORK);
	return cause;
}

const struct command memory_commands[] = {
	{ "m", "a,n", 0, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_m },
	{ "x", "a,n", 0, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_x },
	{ "qCRC:", "a,n", CLAIM_FLASH | CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE,
	  command_crc },
	{ 0 },
};
