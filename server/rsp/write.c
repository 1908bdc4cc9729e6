/* SPDX-License-Identifier: MIT */
/*
 * write.c - M and X. "OK" is for what is there: flash is programmed and verified before it, and
 * RAM is written in pieces between which other clients are served.
 */
#include "server/rsp/commands.h"
#include "server/rsp/slice.h"
#include "transport/base/bytes.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 4 };

/* gdb writes what is not in its memory map as if it were RAM: contents for OTP memory, */
static bool
is_for_otp(struct client *client, uint32_t at, struct reason *why)
{
	if (geometry_otp_at(client_board(client), at, 1) == NULL)
		return false;
	reason_suspect(why, FINDING_REQUEST_OTP);
	return true;
}

/* and the end of a load that does not fit. */
static enum cause
explain_place(struct client *client, uint32_t at, uint32_t len, struct reason *why)
{
	enum { KIB = 1024, CODE_END = 0x10000000 };

	/* Where the layout is not known the reason is as it was. */
	struct reason unknown = REASON_INIT;
	struct geometry geometry;
	uint64_t end;

	if (is_for_otp(client, at, why) ||
	    geometry_read(client_board(client), &geometry, &unknown) != CAUSE_NONE)
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

static void
end_write(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);

	if (cause == CAUSE_NONE)
		client_reply(client, "OK", 2);
	else
		client_fail(client, DELIVER_CODE, why);
}

/* --- flash -------------------------------------------------------------------------------- */

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
		cause = view_begin(view, job, CLAIM_FLASH | CORES, end_write, why);
	if (cause == CAUSE_NONE)
		client_wait(client, WAIT_WORK);
	return cause;
}

/* --- RAM and registers -------------------------------------------------------------------- */

struct writing {
	struct job job;
	struct client *client;
	uint32_t at, len; /* as the packet asked */
	uint32_t done;
	uint8_t bytes[]; /* len of them: the packet's place is used anew */
};

/* The first piece ends at a whole word, so that the next ones cross as words. */
static uint32_t
piece_of(const struct writing *writing)
{
	uint32_t at = writing->at + writing->done, left = writing->len - writing->done;
	uint32_t most = slice_of(writing->client).bytes;

	if (most > WORD_SIZE)
		most -= at % WORD_SIZE;
	return left < most ? left : most;
}

static enum cause
step_writing(struct job *job, bool *done, struct reason *why)
{
	struct writing *writing = container_of(job, struct writing, job);
	uint32_t piece = piece_of(writing);
	enum cause cause =
		view_memory_write(&writing->client->view, writing->at + writing->done,
				  writing->bytes + writing->done, piece, why);

	writing->done += piece;
	*done = writing->done == writing->len;
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return explain_place(writing->client, writing->at, writing->len, why);
}

/* What is written is written: the client that asked has left, or has interrupted. */
static enum cause
cancel_writing(struct job *job, struct reason *why)
{
	(void)job;
	(void)why;
	return CAUSE_NONE;
}

static void
free_writing(struct job *job)
{
	free(container_of(job, struct writing, job));
}

/* A whole packet takes 47 ms at 4 MHz, and others are served meanwhile. */
static enum cause
write_in_pieces(struct client *client, uint32_t at, const uint8_t *bytes, uint32_t len,
		struct reason *why)
{
	static const struct job_ops ops = { .step = step_writing,
					    .cancel = cancel_writing,
					    .free = free_writing };
	struct writing *writing = malloc(sizeof(*writing) + len);
	enum cause cause;

	if (writing == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	*writing = (struct writing){ .job = { .ops = &ops, .name = "writing memory" },
				     .client = client,
				     .at = at,
				     .len = len };
	memcpy(writing->bytes, bytes, len);
	cause = view_begin(&client->view, &writing->job, 0, end_write, why);
	if (cause == CAUSE_NONE)
		client_wait(client, WAIT_WORK);
	return cause;
}

/* A register may act on each write: DDI 0403E.e B3.1, table B3-1, Device and Strongly-ordered
 * memory. */
static bool
is_device(uint32_t at)
{
	return (at >= 0x40000000 && at < 0x60000000) || at >= 0xa0000000;
}

static enum cause
write_at_once(struct client *client, uint32_t at, const uint8_t *bytes, uint32_t len,
	      struct text *reply, struct reason *why)
{
	client->acts_once = is_device(at) || is_device(at + len - 1);
	if (view_memory_write(&client->view, at, bytes, len, why) != CAUSE_NONE)
		return explain_place(client, at, len, why);
	text_add(reply, "OK");
	return CAUSE_NONE;
}

/* ------------------------------------------------------------------------------------------ */

static enum cause
write_bytes(struct client *client, const struct request *request, const uint8_t *bytes,
	    size_t size, struct text *reply, struct reason *why)
{
	uint32_t at = (uint32_t)request->at[0].number, len = (uint32_t)size;

	if (request->at[1].number != size)
		return reason_begin(why, CAUSE_REQUEST,
				    "the packet announces %llu bytes and holds %zu",
				    (unsigned long long)request->at[1].number, size);
	if (size > (UINT64_C(1) << 32) - at)
		return reason_begin(why, CAUSE_REQUEST,
				    "the write goes beyond the end of memory");
	if (len == 0) {
		text_add(reply, "OK");
		return CAUSE_NONE;
	}
	if (is_flash(client, at))
		return write_flash(client, at, bytes, len, why);
	return len > slice_of(client).bytes
		       ? write_in_pieces(client, at, bytes, len, why)
		       : write_at_once(client, at, bytes, len, reply, why);
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

const struct command write_commands[] = {
	{ "M", "a,n:x", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_M },
	{ "X", "a,n:b", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_X },
	{ 0 },
};
