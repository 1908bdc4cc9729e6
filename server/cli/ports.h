/* SPDX-License-Identifier: MIT */
/*
 * ports.h - the TCP ports at which gdb finds the cores: which cores are served, and where.
 *
 * --core and --core-port choose among the cores of the chip that is connected; without them each
 * has a port, in the chip's order. Of a session that is played no port is opened, and the numbers
 * are those of the tape.
 */
#ifndef SERVER_CLI_PORTS_H
#define SERVER_CLI_PORTS_H

#include "server/cli/options.h"
#include "server/rsp/clients.h"
#include "server/session/listener.h"

struct ports {
	/* Set by the owner before anything else; the rest is zero. */
	const struct options *options;
	uv_loop_t *loop;
	struct board *board;
	struct clients *clients; /* who arrives joins them */
	struct tape *tape;       /* NULL: nothing is recorded, or played */

	struct listener listeners[DEVICE_MAX_CORES];
	unsigned core_of[DEVICE_MAX_CORES]; /* that a listener is there for */
	bool is_early; /* the first listens, before any core was known */
};

/* Opens the first before there is a chip, and announces it. CAUSE_HOST as listener_begin(). */
enum cause ports_open_early(struct ports *ports, struct reason *why);
/* Opens one for each core that is wanted, and announces chip and ports; one that was opened early
 * serves the first. CAUSE_REQUEST: the chip has no core that is wanted (D9); CAUSE_HOST as
 * listener_begin(). Measures the target's voltage, a transfer of the probe. */
enum cause ports_open(struct ports *ports, struct reason *why);
/* The port of the first; 0: none is open. */
unsigned ports_first(const struct ports *ports);
/* The core that the first serves. */
unsigned ports_first_core(const struct ports *ports);
void ports_end(struct ports *ports);

#endif /* SERVER_CLI_PORTS_H */
