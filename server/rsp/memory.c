/* SPDX-License-Identifier: MIT */
/*
 * memory.c - m, x, M, X, qCRC. A read of memory that cannot be read returns an error, never zeros;
 * the readable bytes before it are returned.
 */
#include "flash/load/crc.h"
#include "server/rsp/clients.h"
#include "server/rsp/commands.h"
#include "server/rsp/reply.h"
#include "targets/core/frame.h"
#include "transport/base/bytes.h"

#include <string.h>

/* Hexadecimal doubles every byte, escapes may: either must fit into a packet, that of x with
 * a letter before it. Whole words, since gdb goes on where a reply ended: from an odd address
 * on nothing can be read by words. */
enum { READ_MAX = PACKET_SIZE / 2, READ_BINARY_MAX = READ_MAX - 4 };
/* A call to the core reads as much as an ST-LINK gives at once, or as SWD carries in 20 ms; where
 * other clients are served as well, what it carries in 5 ms. */
enum { READ_AT_ONCE = 6144, CALL_US = 20000, SHARED_CALL_US = 5000 };
/* And no further call begins when so much of the turn is over. */
enum { TURN_MS = 15, SHARED_TURN_MS = 3 };
/* IHI 0031G B4.2: request 8, turnaround and acknowledge 4, data and parity 33, and idle. */
enum { SWD_CLOCKS_PER_WORD = 46, WORD = 4 };

/* How much a call may read, and for how long a turn goes on. */
struct slice {
	uint32_t bytes;
	unsigned turn_ms;
};

static struct slice
slice_of(const struct client *client)
{
	bool is_shared = turns_are_shared(&client->clients->turns);
	struct slice slice = { .bytes = READ_AT_ONCE,
			       .turn_ms = is_shared ? SHARED_TURN_MS : TURN_MS };
	uint64_t call_us = is_shared ? SHARED_CALL_US : CALL_US;
	uint64_t clock_hz = board_probe(client_board(client))->clock_hz;
	uint64_t words = clock_hz * call_us / 1000000 / SWD_CLOCKS_PER_WORD;

	if (clock_hz > 0 && words * WORD < slice.bytes)
		slice.bytes = words > 0 ? (uint32_t)words * WORD : WORD;
	return slice;
}

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
	struct deadline turn = deadline_in_ms(clock_host(), slice.turn_ms);

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
	uint32_t at = (uint32_t)request->at[0].number, size = clip(request, max);
	enum cause cause = board_check_ram(client_board(client), at, size, why);

	/* What a loader has there is nothing of the program's. */
	return cause == CAUSE_NONE ? read_some(client, at, bytes, size, done, why) : cause;
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

/* gdb writes what is beyond the flash that it knows as if it were RAM: the end of a load that
 * does not fit. */
static enum cause
explain_end_of_flash(struct client *client, uint32_t at, size_t len, struct reason *why)
{
	enum { KIB = 1024, CODE_END = 0x10000000 };

	/* Where the layout is not known the reason is as it was. */
	struct reason unknown = REASON_INIT;
	struct geometry geometry;
	uint64_t end;

	if (geometry_read(client_board(client), &geometry, &unknown) != CAUSE_NONE)
		return why->cause;
	end = geometry_first_outside(&geometry, geometry.banks[0].base);
	if (at < end || at >= CODE_END)
		return why->cause;
	reason_while(
		why,
		"it does not fit: this chip has %u KiB of flash, which ends at 0x%08x, "
		"and at least %u byte%s more are needed",
		(unsigned)board_flash_kib(client_board(client)), (unsigned)(end - 1),
		(unsigned)(at + len - end), text_s(at + len - end));
	reason_while(why, "the last load failed");
	client->load_why = *why;
	return why->cause;
}

/* --- flash -------------------------------------------------------------------------------- */

static void
end_flash_write(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);

	if (cause == CAUSE_NONE)
		client_reply(client, "OK", 2);
	else
		client_fail(client, DELIVER_CODE, why);
}

/* What a loader can erase, as far as the first byte says: it checks the rest. */
static bool
is_flash(struct client *client, uint32_t at)
{
	struct reason unknown = REASON_INIT; /* then view_memory_write() says so */
	struct geometry geometry;
	struct sector sector;

	return geometry_read(client_board(client), &geometry, &unknown) == CAUSE_NONE &&
	       geometry_sector_at(&geometry, at, &sector);
}

/* gdb writes so when it has no memory map, and lldb in any case. What shares a sector is kept, and
 * the reply waits until the flash was verified: "OK" is for what is there. */
static enum cause
write_flash(struct client *client, uint32_t at, const uint8_t *bytes, uint32_t len,
	    struct reason *why)
{
	struct board *board = client_board(client);
	struct view *view = &client->view;
	struct load_request request;
	struct job *job = NULL;
	enum cause cause;

	if (!view_is_halted(view, view->general))
		return reason_begin(why, CAUSE_REQUEST,
				    "0x%08x is %s, which is programmed by code on the "
				    "chip: halt %s first",
				    (unsigned)at, board_region_name(board, at),
				    view_core_name(view, view->general));
	load_request_init(&request);
	request.preserves = true;
	cause = load_request_write(&request, board, at, bytes, len, why);
	if (cause == CAUSE_NONE)
		cause = load_begin(board_core(board, view->general), board, &request, &job,
				   why);
	load_request_clear(&request);
	if (cause == CAUSE_NONE)
		cause = view_begin(view, job, CLAIM_FLASH | CORES, end_flash_write, why);
	if (cause == CAUSE_NONE)
		client_wait(client, WAIT_WORK);
	return cause;
}

/* ------------------------------------------------------------------------------------------ */

static enum cause
write_bytes(struct client *client, const struct request *request, const uint8_t *bytes,
	    size_t len, struct text *reply, struct reason *why)
{
	uint32_t at = (uint32_t)request->at[0].number;
	enum cause cause = CAUSE_NONE;

	if (request->at[1].number != len)
		return reason_begin(why, CAUSE_REQUEST,
				    "the packet announces %llu bytes and holds %zu",
				    (unsigned long long)request->at[1].number, len);
	if (len > 0 && is_flash(client, at))
		return write_flash(client, at, bytes, (uint32_t)len, why);
	if (len > 0)
		cause = view_memory_write(&client->view, at, bytes, (uint32_t)len, why);
	if (cause != CAUSE_NONE)
		return explain_end_of_flash(client, at, len, why);
	text_add(reply, "OK");
	return CAUSE_NONE;
}

static enum cause
command_M(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	uint8_t bytes[PACKET_SIZE / 2];
	size_t len;

	if (!argument_decode(&request->at[2], bytes, sizeof(bytes), &len))
		return reason_begin(why, CAUSE_REQUEST,
				    "an M packet must hold pairs of hexadecimal digits");
	return write_bytes(client, request, bytes, len, reply, why);
}

/* gdb asks with no bytes at all whether X is known. */
static enum cause
command_X(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	const struct argument *rest = &request->at[2];

	return write_bytes(client, request, (const uint8_t *)rest->bytes, rest->len, reply,
			   why);
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
	uint64_t at = request->at[0].number, size = request->at[1].number;
	struct job *job;
	enum cause cause;

	(void)reply;
	if (size == 0 || at + size > UINT64_C(1) << 32)
		return reason_begin(why, CAUSE_REQUEST,
				    "%llu bytes at 0x%08llx are not in the address space",
				    (unsigned long long)size, (unsigned long long)at);
	job = crc_begin(board_core(board, view->general), board, (uint32_t)at,
			(uint32_t)size, view_is_halted(view, view->general), &client->crc);
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
	{ "M", "a,n:x", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_M },
	{ "X", "a,n:b", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_X },
	{ "qCRC:", "a,n", CLAIM_FLASH | CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE,
	  command_crc },
	{ 0 },
};
