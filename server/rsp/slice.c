/* SPDX-License-Identifier: MIT */
#include "server/rsp/slice.h"
#include "server/rsp/clients.h"

/* A call to the core carries as much as an ST-LINK does at once, or as SWD does in 20 ms; where
 * other clients are served as well, what it does in 5 ms. */
enum { CALL_US = 20000, SHARED_CALL_US = 5000 };
/* And no further call begins when so much of the turn is over. */
enum { TURN_MS = 15, SHARED_TURN_MS = 3 };

struct slice
slice_of(const struct client *client)
{
	bool is_shared = turns_are_shared(&client->clients->turns);

	return (struct slice){ .bytes = board_bytes_in_us(client_board(client),
							  is_shared ? SHARED_CALL_US
								    : CALL_US),
			       .turn_ms = is_shared ? SHARED_TURN_MS : TURN_MS };
}
