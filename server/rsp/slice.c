/* SPDX-License-Identifier: MIT */
#include "server/rsp/slice.h"
#include "server/rsp/clients.h"

/* A call to the core carries as much as an ST-LINK does at once, or as SWD does in 20 ms; where
 * other clients are served as well, what it does in 5 ms. */
enum { BYTES_AT_ONCE = 6144, CALL_US = 20000, SHARED_CALL_US = 5000 };
/* And no further call begins when so much of the turn is over. */
enum { TURN_MS = 15, SHARED_TURN_MS = 3 };
/* IHI 0031G B4.2: request 8, turnaround and acknowledge 4, data and parity 33, and idle. */
enum { SWD_CLOCKS_PER_WORD = 46, WORD = 4 };

struct slice
slice_of(const struct client *client)
{
	bool is_shared = turns_are_shared(&client->clients->turns);
	struct slice slice = { .bytes = BYTES_AT_ONCE,
			       .turn_ms = is_shared ? SHARED_TURN_MS : TURN_MS };
	uint64_t call_us = is_shared ? SHARED_CALL_US : CALL_US;
	uint64_t clock_hz = board_probe(client_board(client))->clock_hz;
	uint64_t words = clock_hz * call_us / 1000000 / SWD_CLOCKS_PER_WORD;

	if (clock_hz > 0 && words * WORD < slice.bytes)
		slice.bytes = words > 0 ? (uint32_t)words * WORD : WORD;
	return slice;
}
