/* SPDX-License-Identifier: MIT */
/*
 * demo.c - a small weather station, made to be debugged: SysTick counts milliseconds,
 * each round takes a reading (from a table, there is no sensor), keeps the last eight in a
 * linked list and works out their mean and deviation on the FPU.
 *
 * Every value depends on the number of the round alone, so a test may say what a debugger
 * has to show: see test/gdb.
 */
#include <stdint.h>

#include "test/firmware/m4.h"

enum {
	CORE_HZ = 16000000, /* HSI16, the clock after reset: RM0440 Rev 8, 7.2 */
	TICKS_PER_SECOND = 1000,
	MS_PER_ROUND = 2,
	HISTORY_LEN = 8,
	WAVE_LEN = 12,
};

struct reading {
	uint32_t round;
	float celsius;
	struct reading *older;
};

struct station {
	const char *name;
	struct reading *newest;
	unsigned len;
	float mean;
	float deviation;
	struct {
		float low, high;
	} limits;
};

volatile uint32_t uptime_ms;
volatile uint32_t rounds;
volatile uint32_t alarms;

struct station station = {
	.name = "roof",
	.limits = { .low = 12.5f, .high = 24.0f },
};

static struct reading history[HISTORY_LEN];

/* A day in twelve readings. */
static const float wave[WAVE_LEN] = { 11.0f, 12.0f, 14.5f, 17.0f, 20.5f, 23.0f,
				      25.0f, 24.5f, 22.0f, 18.5f, 15.0f, 12.5f };

void systick_handler(void);

void
systick_handler(void)
{
	uptime_ms++;
}

static void
systick_start(void)
{
	SYST_RVR = CORE_HZ / TICKS_PER_SECOND - 1;
	SYST_CVR = 0;
	SYST_CSR = SYST_CSR_CLKSOURCE | SYST_CSR_TICKINT | SYST_CSR_ENABLE;
}

static void
wait_ms(uint32_t ms)
{
	uint32_t start = uptime_ms;
	while (uptime_ms - start < ms) {
	}
}

static float
sensor_read(uint32_t round)
{
	return wave[round % WAVE_LEN];
}

/* By recursion, so that a backtrace has something to show. */
static float
sum_of(const struct reading *reading)
{
	if (!reading) {
		return 0.0f;
	}
	return reading->celsius + sum_of(reading->older);
}

static float
square_root(float value)
{
	float root;
	__asm__("vsqrt.f32 %0, %1" : "=t"(root) : "t"(value));
	return root;
}

static float
deviation_of(const struct station *of)
{
	float squares = 0.0f;
	for (const struct reading *r = of->newest; r; r = r->older) {
		float off = r->celsius - of->mean;
		squares += off * off;
	}
	return square_root(squares / (float)of->len);
}

/* The oldest reading's place is taken by the new one. */
static struct reading *
station_add(struct station *to, uint32_t round, float celsius)
{
	struct reading *reading = &history[round % HISTORY_LEN];
	struct reading *oldest_kept = &history[(round + 1) % HISTORY_LEN];

	*reading =
		(struct reading){ .round = round, .celsius = celsius, .older = to->newest };
	to->newest = reading;
	if (to->len < HISTORY_LEN) {
		to->len++;
	} else {
		oldest_kept->older = 0;
	}
	return reading;
}

static int
is_alarming(const struct station *at, float celsius)
{
	return celsius < at->limits.low || celsius > at->limits.high;
}

static float
station_update(struct station *at, uint32_t round)
{
	struct reading *reading = station_add(at, round, sensor_read(round));

	at->mean = sum_of(at->newest) / (float)at->len;
	at->deviation = deviation_of(at);
	if (is_alarming(at, reading->celsius)) {
		alarms++;
	}
	return at->mean;
}

int
main(void)
{
	systick_start();
	for (;;) {
		station_update(&station, rounds);
		rounds++;
		wait_ms(MS_PER_ROUND);
	}
}
