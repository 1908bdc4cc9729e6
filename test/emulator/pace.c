/* SPDX-License-Identifier: MIT */
#include "test/emulator/pace.h"

#include <errno.h>
#include <time.h>

#define NS_PER_S UINT64_C(1000000000)

uint64_t
pace_host_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static void
sleep_until(uint64_t host_ns)
{
	const struct timespec until = { .tv_sec = (time_t)(host_ns / NS_PER_S),
					.tv_nsec = (long)(host_ns % NS_PER_S) };
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

void
pace_start(struct pace *pace, uint64_t device_ns, bool holds)
{
	*pace = (struct pace){ pace_host_ns(), device_ns, holds };
}

/* The host's time that is the board's `device_ns`. */
static uint64_t
host_at(const struct pace *pace, uint64_t device_ns)
{
	return pace->host_ns + (device_ns - pace->device_ns);
}

uint64_t
pace_owed_ns(const struct pace *pace, uint64_t device_ns)
{
	uint64_t now = pace_host_ns(), board = host_at(pace, device_ns);
	return now > board ? now - board : 0;
}

void
pace_forgive(struct pace *pace, uint64_t device_ns, uint64_t most_ns)
{
	uint64_t owed = pace_owed_ns(pace, device_ns);
	if (owed > most_ns)
		pace->host_ns += owed - most_ns;
}

void
pace_hold(const struct pace *pace, uint64_t device_ns)
{
	uint64_t board = host_at(pace, device_ns);
	if (pace->holds && board > pace_host_ns())
		sleep_until(board);
}

void
pace_waste(uint64_t ns)
{
	if (ns)
		sleep_until(pace_host_ns() + ns);
}
