/* SPDX-License-Identifier: MIT */
#include "server/live/rtt.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"

#include <string.h>

enum {
	POLL_MS = 10,
	TURN_US = 4000,
	CALL_US = 5000,
	REST_US = 300000, /* after RAM was looked through in vain */
	PIECE = 1024,
	/* An id that a piece cuts is whole in the next. */
	OVERLAP = RTT_ID_SIZE - 4
};

#define PORT_OPTION "--rtt-port"
#define NO_CHANNEL  UINT32_MAX

static struct core *
core_of(const struct rtt *rtt)
{
	return board_core(debugger_board(rtt->debugger), rtt->core);
}

static const struct chip *
chip_of(const struct rtt *rtt)
{
	return board_chip(debugger_board(rtt->debugger));
}

static uint64_t
now_us(const struct rtt *rtt)
{
	return clock_now_us(debugger_clock(rtt->debugger));
}

static struct tape *
tape_of(const struct rtt *rtt)
{
	return debugger_tape(rtt->debugger);
}

/* Once for each reason in a row. */
static void
report_once(struct rtt *rtt, const struct reason *why)
{
	char line[REASON_LINE_MAX];

	reason_line(why, line, sizeof(line));
	if (strcmp(line, rtt->said) == 0)
		return;
	text_copy(rtt->said, sizeof(rtt->said), line);
	log_warning("live", "RTT: %s", line);
}

static void
look_anew(struct rtt *rtt)
{
	rtt->is_found = false;
	rtt->memory = 0;
	rtt->offset = 0;
	rtt->rest_us = 0;
}

/* --- looking for the control block --------------------------------------------------------- */

/* The range it looks in now. False: all have been looked at. */
static bool
find_range(struct rtt *rtt, uint32_t *from, uint32_t *size)
{
	const struct chip *chip = chip_of(rtt);

	if (rtt->size > 0) {
		*from = rtt->from;
		*size = rtt->size;
		return rtt->memory == 0;
	}
	for (; rtt->memory < chip->memories_len; rtt->memory++, rtt->offset = 0) {
		const struct memory *memory = &chip->memories[rtt->memory];

		*from = memory->base;
		*size = memory->size;
		if (memory->entry->kind == MEMORY_RAM && memory->entry->alias_of == NULL)
			return true;
	}
	return false;
}

static void
go_on(struct rtt *rtt, uint32_t looked, uint32_t size)
{
	rtt->offset += looked;
	if (rtt->offset + RTT_HEAD_SIZE <= size)
		return;
	rtt->memory++;
	rtt->offset = 0;
}

/* What cannot be used is not the one that is sought; the next may be. */
static void
take_block(struct rtt *rtt, uint32_t at)
{
	uint8_t head[RTT_HEAD_SIZE];
	struct reason why = REASON_INIT;
	enum cause cause = core_memory_read(core_of(rtt), at, head, sizeof(head), &why);

	if (cause == CAUSE_NONE)
		cause = rtt_block_take(&rtt->block, chip_of(rtt), at, head, &why);
	if (cause != CAUSE_NONE) {
		report_once(rtt, &why);
		return;
	}
	rtt->is_found = true;
	rtt->said[0] = '\0';
	log_info("live", "RTT: control block at 0x%08x, %u up and %u down channels",
		 (unsigned)at, rtt->block.ups, rtt->block.downs);
}

/* Of `left` bytes, what one call reads: a slow clock carries few in its time. An id is in one piece. */
static uint32_t
piece_of(const struct rtt *rtt, uint32_t left)
{
	uint32_t most = board_bytes_in_us(debugger_board(rtt->debugger), CALL_US);

	most = most < PIECE ? most : PIECE;
	most = most > 2 * RTT_ID_SIZE ? most : 2 * RTT_ID_SIZE;
	return left < most ? left : most;
}

/* One piece. False: nothing is left. RAM that has no clock refuses: it is passed by. */
static bool
look_at_piece(struct rtt *rtt)
{
	uint8_t bytes[PIECE];
	uint32_t from, size, len;
	struct reason why = REASON_INIT;
	size_t found;

	if (!find_range(rtt, &from, &size))
		return false;
	len = piece_of(rtt, size - rtt->offset);
	if (core_memory_read(core_of(rtt), from + rtt->offset, bytes, len, &why) !=
	    CAUSE_NONE) {
		go_on(rtt, size - rtt->offset, size);
		return true;
	}
	if (!rtt_find(bytes, len, &found)) {
		go_on(rtt, len > OVERLAP ? len - OVERLAP : len, size);
		return true;
	}
	take_block(rtt, from + rtt->offset + (uint32_t)found);
	if (!rtt->is_found)
		go_on(rtt, (uint32_t)found + RTT_ID_SIZE, size);
	return true;
}

static void
look(struct rtt *rtt)
{
	uint64_t began_us = now_us(rtt);

	if (began_us < rtt->rest_us)
		return;
	while (!rtt->is_found && now_us(rtt) - began_us < TURN_US)
		if (!look_at_piece(rtt)) {
			look_anew(rtt);
			rtt->rest_us = now_us(rtt) + REST_US;
			return;
		}
}

/* --- channels ------------------------------------------------------------------------------- */

static struct rtt_outlet *
outlet_for(struct rtt *rtt, unsigned channel)
{
	for (size_t i = 0; i < RTT_OUTLETS; i++)
		if (rtt->outlets[i].is_open && rtt->outlets[i].channel == channel)
			return &rtt->outlets[i];
	return NULL;
}

static void
print(struct rtt *rtt, const uint8_t *bytes, size_t len)
{
	char line[LIVE_LINE_MAX + 2];

	for (size_t i = 0; i < len; i++) {
		struct text text;

		if (!live_line_add(&rtt->line, (char)bytes[i]))
			continue;
		log_info("live", "RTT: %s", rtt->line.chars);
		text_init(&text, line, sizeof(line));
		text_add(&text, "%s\n", rtt->line.chars);
		debugger_print(rtt->debugger, rtt->core, line);
	}
}

static void
hand_out(struct rtt *rtt, unsigned channel, const uint8_t *bytes, size_t len)
{
	struct rtt_outlet *outlet = outlet_for(rtt, channel);

	if (outlet != NULL)
		outlet_send(&outlet->outlet, bytes, len);
	if (channel == 0)
		print(rtt, bytes, len);
}

static enum cause
put_offset(struct rtt *rtt, uint32_t at, uint32_t offset, struct reason *why)
{
	uint8_t word[4];

	le32_put(word, offset);
	return core_memory_write(core_of(rtt), at, word, sizeof(word), why);
}

/* What is in the ring now; what the program writes meanwhile comes with the next turn. */
static enum cause
fetch(struct rtt *rtt, unsigned channel, struct rtt_ring *ring, struct reason *why)
{
	uint64_t began_us = now_us(rtt);
	enum cause cause = CAUSE_NONE;

	while (cause == CAUSE_NONE && ring->read != ring->write &&
	       now_us(rtt) - began_us < TURN_US) {
		uint32_t end = ring->write > ring->read ? ring->write : ring->size;
		uint32_t len = piece_of(rtt, end - ring->read);
		uint8_t bytes[PIECE];

		cause = core_memory_read(core_of(rtt), ring->bytes + ring->read, bytes, len,
					 why);
		if (cause != CAUSE_NONE)
			break;
		ring->read = (ring->read + len) % ring->size;
		cause = put_offset(rtt, ring->read_at, ring->read, why);
		hand_out(rtt, channel, bytes, len);
	}
	return cause;
}

/* For one more piece of what a reader sends. */
static bool
has_room(const struct rtt_outlet *outlet)
{
	return outlet->down_len + OUTLET_PIECE <= sizeof(outlet->down);
}

/* As much as has room, up to the ring's end; one byte stays free. */
static enum cause
feed(struct rtt *rtt, struct rtt_outlet *outlet, struct rtt_ring *ring, struct reason *why)
{
	uint32_t room = (ring->read + ring->size - ring->write - 1) % ring->size;
	uint32_t len = (uint32_t)outlet->down_len;
	enum cause cause;

	len = len < room ? len : room;
	len = len < ring->size - ring->write ? len : ring->size - ring->write;
	if (len == 0)
		return CAUSE_NONE;
	cause = core_memory_write(core_of(rtt), ring->bytes + ring->write, outlet->down,
				  len, why);
	if (cause == CAUSE_NONE)
		cause = put_offset(rtt, ring->write_at, (ring->write + len) % ring->size,
				   why);
	if (cause != CAUSE_NONE)
		return cause;
	outlet->down_len -= len;
	memmove(outlet->down, outlet->down + len, outlet->down_len);
	if (has_room(outlet))
		outlet_go_on(&outlet->outlet);
	return CAUSE_NONE;
}

static void
serve_up(struct rtt *rtt, const uint8_t *bytes, unsigned channel)
{
	struct reason why = REASON_INIT;
	struct rtt_ring ring;
	enum cause cause;

	if (channel != 0 && outlet_for(rtt, channel) == NULL)
		return;
	cause = rtt_ring_take(&ring, &rtt->block, chip_of(rtt), channel, bytes, &why);
	if (cause == CAUSE_NONE)
		cause = fetch(rtt, channel, &ring, &why);
	if (cause != CAUSE_NONE)
		report_once(rtt, &why);
}

static void
serve_down(struct rtt *rtt, const uint8_t *bytes, unsigned channel)
{
	struct rtt_outlet *outlet = outlet_for(rtt, channel);
	struct reason why = REASON_INIT;
	struct rtt_ring ring;
	enum cause cause;

	if (outlet == NULL || outlet->down_len == 0)
		return;
	cause = rtt_ring_take(&ring, &rtt->block, chip_of(rtt), rtt->block.ups + channel,
			      bytes, &why);
	if (cause == CAUSE_NONE)
		cause = feed(rtt, outlet, &ring, &why);
	if (cause != CAUSE_NONE)
		report_once(rtt, &why);
}

/* The block is read anew each time: a reset, or the program, may have taken it away. */
static void
serve_channels(struct rtt *rtt)
{
	uint8_t bytes[RTT_BLOCK_MAX];
	const struct rtt_block before = rtt->block;
	struct reason why = REASON_INIT;
	size_t found;

	if (core_memory_read(core_of(rtt), before.at, bytes, rtt_block_size(&before),
			     &why) != CAUSE_NONE ||
	    !rtt_find(bytes, RTT_ID_SIZE, &found) ||
	    rtt_block_take(&rtt->block, chip_of(rtt), before.at, bytes, &why) !=
		    CAUSE_NONE ||
	    rtt->block.ups != before.ups || rtt->block.downs != before.downs) {
		log_debug("live", "RTT: the control block at 0x%08x is gone",
			  (unsigned)before.at);
		look_anew(rtt);
		return;
	}
	for (unsigned i = 0; i < rtt->block.ups; i++)
		serve_up(rtt, bytes, i);
	for (unsigned i = 0; i < rtt->block.downs; i++)
		serve_down(rtt, bytes, i);
}

static void
turn(uv_timer_t *timer)
{
	struct rtt *rtt = timer->data;
	struct board *board = debugger_board(rtt->debugger);

	tape_do(tape_of(rtt), "rtt", 0, "");
	if (debugger_is_lost(rtt->debugger)) {
		look_anew(rtt);
		return;
	}
	/* While a job has the core, its memory is not ours. */
	if (rtt->core >= board_cores(board) ||
	    board_claimant(board, board_core_claim(rtt->core)) != NULL)
		return;
	if (!rtt->is_found)
		look(rtt);
	if (rtt->is_found)
		serve_channels(rtt);
}

/* --- for the server ------------------------------------------------------------------------- */

static bool
take_down(void *context, const uint8_t *bytes, size_t len)
{
	struct rtt_outlet *outlet = context;

	tape_do_bytes(tape_of(outlet->rtt), "rtt_down", outlet->channel, bytes, len);
	memcpy(outlet->down + outlet->down_len, bytes, len);
	outlet->down_len += len;
	return has_room(outlet);
}

/* One that cannot listen has its handles in the loop all the same: its place is not used again. */
static enum cause
open_outlet(struct rtt *rtt, struct rtt_outlet *outlet, unsigned channel, unsigned port,
	    struct reason *why)
{
	enum cause cause;

	*outlet = (struct rtt_outlet){ .rtt = rtt, .is_open = true, .channel = channel };
	outlet->outlet.what = "RTT";
	outlet->outlet.heard = take_down;
	outlet->outlet.context = outlet;
	outlet->outlet.tape = tape_of(rtt);
	cause = outlet_begin(&outlet->outlet, rtt->loop, PORT_OPTION, rtt->address, port,
			     why);
	if (cause != CAUSE_NONE)
		outlet->channel = NO_CHANNEL;
	return cause;
}

/* Before a place is taken for it. */
static enum cause
check_port(const struct rtt *rtt, unsigned port, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (!tape_is_played(tape_of(rtt)))
		cause = listener_check(PORT_OPTION, rtt->address, port, why);
	if (tape_number(tape_of(rtt), "rtt_port", cause == CAUSE_NONE) != 0 ||
	    cause != CAUSE_NONE)
		return cause;
	return reason_begin(why, CAUSE_HOST, "port %u could not be had", port);
}

enum cause
rtt_serve(struct rtt *rtt, unsigned channel, unsigned port, struct reason *why)
{
	enum cause cause;
	size_t i = 0;

	if (outlet_for(rtt, channel) != NULL)
		return CAUSE_NONE;
	while (i < RTT_OUTLETS && rtt->outlets[i].is_open)
		i++;
	if (i == RTT_OUTLETS)
		return reason_begin(why, CAUSE_REQUEST,
				    "%d channels of RTT have a port, "
				    "and no more can",
				    RTT_OUTLETS);
	cause = check_port(rtt, port, why);
	if (cause == CAUSE_NONE)
		cause = open_outlet(rtt, &rtt->outlets[i], channel, port, why);
	if (cause == CAUSE_NONE)
		log_print("RTT channel %u on port %u", channel,
			  rtt->outlets[i].outlet.listener.port);
	return cause;
}

enum cause
rtt_begin(struct rtt *rtt, const struct rtt_options *options, uv_loop_t *loop,
	  struct debugger *debugger, const char *address, struct reason *why)
{
	*rtt = (struct rtt){ .debugger = debugger, .loop = loop, .address = address };
	uv_timer_init(loop, &rtt->timer);
	rtt->timer.data = rtt;
	rtt->is_open = true;
	if (options->has_port && rtt_serve(rtt, 0, options->port, why) != CAUSE_NONE)
		return why->cause;
	return options->has_port || options->text ? rtt_start(rtt, 0, 0, why) : CAUSE_NONE;
}

void
rtt_choose_core(struct rtt *rtt, unsigned core)
{
	rtt->core = core;
}

enum cause
rtt_start(struct rtt *rtt, uint32_t from, uint32_t size, struct reason *why)
{
	if (size > 0 && !rtt_is_ram(chip_of(rtt), from, size))
		return reason_begin(why, CAUSE_REQUEST,
				    "%u bytes at 0x%08x are not all in one RAM: this is %s",
				    (unsigned)size, (unsigned)from,
				    board_region_name(debugger_board(rtt->debugger), from));
	rtt->from = from;
	rtt->size = size;
	rtt->is_started = true;
	look_anew(rtt);
	uv_timer_start(&rtt->timer, turn, 0, POLL_MS);
	return CAUSE_NONE;
}

void
rtt_stop(struct rtt *rtt)
{
	rtt->is_started = false;
	uv_timer_stop(&rtt->timer);
}

static void
describe_channel(struct rtt *rtt, unsigned number, const uint8_t *bytes, struct text *lines)
{
	bool is_up = number < rtt->block.ups;
	unsigned channel = is_up ? number : number - rtt->block.ups;
	const struct rtt_outlet *outlet = outlet_for(rtt, channel);
	struct reason why = REASON_INIT;
	struct rtt_ring ring;

	if (rtt_ring_take(&ring, &rtt->block, chip_of(rtt), number, bytes, &why) !=
	    CAUSE_NONE) {
		/* SEGGER's default has channels that the program never set up. */
		if (ring.size > 0)
			text_add(lines, "\n%s", reason_root(&why));
		return;
	}
	text_add(lines, "\n%s channel %u: %u bytes at 0x%08x", is_up ? "up" : "down",
		 channel, (unsigned)ring.size, (unsigned)ring.bytes);
	if (outlet != NULL)
		text_add(lines, ", port %u", outlet->outlet.listener.port);
}

void
rtt_describe(struct rtt *rtt, struct text *lines)
{
	uint8_t bytes[RTT_BLOCK_MAX];
	struct reason why = REASON_INIT;

	if (!rtt->is_started || !rtt->is_found) {
		text_add(lines, rtt->is_started ? "RTT: no control block was found yet"
						: "RTT is off");
		return;
	}
	text_add(lines, "RTT: Control block found at 0x%08x", (unsigned)rtt->block.at);
	if (core_memory_read(core_of(rtt), rtt->block.at, bytes,
			     rtt_block_size(&rtt->block), &why) != CAUSE_NONE) {
		text_add(lines, "\n%s", reason_root(&why));
		return;
	}
	for (unsigned i = 0; i < rtt->block.ups + rtt->block.downs; i++)
		describe_channel(rtt, i, bytes, lines);
}

bool
rtt_play(struct rtt *rtt, const struct tape_event *event)
{
	struct rtt_outlet *outlet;

	if (!rtt->is_open)
		return false;
	if (strcmp(event->name, "rtt") == 0) {
		turn(&rtt->timer);
		return rtt->is_started;
	}
	outlet = strcmp(event->name, "rtt_down") == 0 ? outlet_for(rtt, event->who) : NULL;
	if (outlet == NULL || event->len > OUTLET_PIECE || !has_room(outlet))
		return false;
	take_down(outlet, event->bytes, event->len);
	return true;
}

void
rtt_end(struct rtt *rtt)
{
	if (!rtt->is_open)
		return;
	rtt->is_open = false;
	for (size_t i = 0; i < RTT_OUTLETS; i++)
		if (rtt->outlets[i].is_open)
			outlet_end(&rtt->outlets[i].outlet);
	uv_close((uv_handle_t *)&rtt->timer, NULL);
}
