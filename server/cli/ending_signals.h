/* SPDX-License-Identifier: MIT */
/*
 * ending_signals.h - the signals that ask the server to end, as requests that its loop serves.
 *
 * Not libuv's signals: those are seen when the loop turns, which it does not while a probe that
 * has fallen silent is waited for. Each signal also ends what patience.h measures, at once.
 * A process has one of these at a time; one that was never watched may be ended.
 */
#ifndef SERVER_CLI_ENDING_SIGNALS_H
#define SERVER_CLI_ENDING_SIGNALS_H

#include <stdbool.h>
#include <uv.h>

struct ending_signals {
	/* Set by the owner before ending_signals_watch(). Each request counts: the second ends what
	 * the first has left time for. */
	void (*asked)(void *context, int number);
	void *context;

	uv_async_t wakes;
	bool is_watching;
	int served;
};

/* From here on a signal does not end the process. The handle does not keep the loop alive. */
void ending_signals_watch(struct ending_signals *signals, uv_loop_t *loop);
/* Calls `asked` for each request that has not been served, before the loop turns. */
void ending_signals_serve(struct ending_signals *signals);
/* Has this process been asked to end? */
bool ending_signals_caught(void);
/* The loop must turn once more, to close the handle. */
void ending_signals_end(struct ending_signals *signals);

#endif /* SERVER_CLI_ENDING_SIGNALS_H */
