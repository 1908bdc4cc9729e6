/* SPDX-License-Identifier: MIT */
/*
 * live.h - what programs get from this computer and tell it while they run: semihosting
 * (semihosting.h) of each core, trace (swo.h), and rings in RAM (rtt.h).
 */
#ifndef SERVER_LIVE_LIVE_H
#define SERVER_LIVE_LIVE_H

#include "server/debug/debugger.h"
#include "server/live/line.h"
#include "server/live/rtt.h"
#include "server/live/semihosting.h"
#include "server/live/swo.h"

struct live {
	struct debugger *debugger;
	struct clock *clock;
	struct swo swo;
	struct rtt rtt;
	struct host_folder folder; /* where programs may open files */
	bool is_open;
	struct live_core {
		struct live *live;
		unsigned core;
		struct live_line line; /* of its text, for the log */
		bool is_folder_missed; /* and said so, once a run */
		struct semihosting program;
	} cores[DEVICE_MAX_CORES];
};

/* `folder`: where programs may open files; NULL: nowhere. `tape` may be NULL. CAUSE_HOST: it cannot be
 * opened. */
enum cause live_begin(struct live *live, struct clock *clock, struct tape *tape,
		      const char *folder, struct reason *why);
/* Serves the programs of this debugger's cores. */
void live_serve(struct live *live, struct debugger *debugger);
/* Closes what they had opened; of one that could not be begun, nothing. */
void live_end(struct live *live);

#endif /* SERVER_LIVE_LIVE_H */
