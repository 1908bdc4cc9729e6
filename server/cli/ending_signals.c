/* SPDX-License-Identifier: MIT */
#include "server/cli/ending_signals.h"

#include "transport/base/clock.h"
#include "transport/base/host.h"
#include "transport/base/patience.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

/* A signal to a process and to its group, as timeout(1) sends it, comes twice. */
enum { REPEAT_US = 50000 };

/* What the signal handler has of the server, as one for the process; NULL: nobody to wake. */
static _Atomic(uv_async_t *) to_wake;
static volatile sig_atomic_t signals_caught, last_signal;
static uint64_t caught_us; /* the last that counts; the handler's own */

static bool
is_repeat(void)
{
	uint64_t now_us = clock_now_us(clock_host());

	if (signals_caught > 0 && now_us - caught_us < REPEAT_US)
		return true;
	caught_us = now_us;
	return false;
}

static void
catch_signal(int number)
{
	uv_async_t *async = to_wake;
	int error = errno;

	if (!is_repeat()) {
		last_signal = number;
		signals_caught++;
	}
	patience_end();
	/* May be called by a signal handler (libuv's documentation of uv_async_send()). */
	if (async != NULL)
		uv_async_send(async);
	errno = error;
}

bool
ending_signals_caught(void)
{
	return signals_caught > 0;
}

void
ending_signals_serve(struct ending_signals *signals)
{
	while (signals->served < signals_caught) {
		signals->served++;
		signals->asked(signals->context, (int)last_signal);
	}
}

static void
on_woken(uv_async_t *async)
{
	ending_signals_serve(async->data);
}

void
ending_signals_watch(struct ending_signals *signals, uv_loop_t *loop)
{
	uv_async_init(loop, &signals->wakes, on_woken);
	signals->wakes.data = signals;
	uv_unref((uv_handle_t *)&signals->wakes);
	signals->is_watching = true;
	to_wake = &signals->wakes;
	host_catch_ending(catch_signal, true);
}

void
ending_signals_end(struct ending_signals *signals)
{
	to_wake = NULL;
	if (signals->is_watching)
		uv_close((uv_handle_t *)&signals->wakes, NULL);
}
