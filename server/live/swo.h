/* SPDX-License-Identifier: MIT */
/*
 * swo.h - trace that the probe takes from the SWO pin: raw on a TCP port, as IDEs want it, and the
 * text of the ITM's ports for gdb's console and the log.
 *
 * The target is set up for it (targets/trace) and looked at again after each reset, and twice a
 * second, since programs and resets take the set-up away. An IDE that sets its target up by itself,
 * as Cortex-Debug does with ST's server, gives the divider instead, and only the probe listens.
 * What the pin could not carry and what the probe could not keep is counted and reported.
 */
#ifndef SERVER_LIVE_SWO_H
#define SERVER_LIVE_SWO_H

#include "server/debug/debugger.h"
#include "server/live/itm.h"
#include "server/live/line.h"
#include "server/live/outlet.h"
#include "targets/trace/trace.h"

enum { ITM_PORTS = 32 };

struct swo_options {
	bool has_port;
	uint32_t port;    /* 0: a free one */
	bool text;        /* of the ITM's ports */
	uint32_t core_hz; /* of the unit that sends; 0: not known */
	uint32_t baud;    /* 0: as fast as most probes can, 2,000,000 */
	uint32_t divider; /* the IDE has set the target up with it; 0: tether does */
};

struct swo {
	const struct swo_options *options;
	struct debugger *debugger;
	uv_loop_t *loop;
	uv_timer_t timer;
	struct outlet outlet;
	bool is_open; /* the timer is */

	unsigned core; /* whose trace it is */
	struct trace trace;
	bool is_capturing; /* the probe is, for `probe` */
	const struct probe *probe;
	bool is_check_due;
	/* Since when a core that runs sent nothing; UINT64_MAX: it sent something. */
	uint64_t silent_us;
	uint64_t looked_us;           /* at the target's set-up */
	char failed[REASON_LINE_MAX]; /* why it could not be set up, as reported last */

	struct itm itm;
	uint64_t losses, losses_reported, overflows_reported, strange_reported;
	struct live_line lines[ITM_PORTS]; /* of each port's text */
};

/* Can it be begun, as far as that is known without a board? CAUSE_REQUEST: the core's clock is not
 * known, which the divider needs; CAUSE_HOST: as listener_check(). */
enum cause
swo_check(const struct swo_options *options, const char *address, struct reason *why);
/* Opens the port; the target and the probe follow as soon as they are there. Fails as swo_check(). */
enum cause swo_begin(struct swo *swo, const struct swo_options *options, uv_loop_t *loop,
		     struct debugger *debugger, const char *address, struct reason *why);
/* Whose trace it is, of a chip with several cores; else the first one's. */
void swo_choose_core(struct swo *swo, unsigned core);
/* The core's program begins anew: the set-up is looked at. */
void swo_restarted(struct swo *swo);
/* What the loop would do now, of a tape that is played. False: there is no trace. */
bool swo_play(struct swo *swo);
/* Stops the probe, gives the pin back, closes the port; the loop closes the handles. */
void swo_end(struct swo *swo);

#endif /* SERVER_LIVE_SWO_H */
