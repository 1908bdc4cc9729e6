/* SPDX-License-Identifier: MIT */
#include "transport/base/bytes.h"
#include "transport/probe/vtarget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { READINGS = 5 };

/* A probe that measures what is written here, one after the other. */
struct meter {
	struct probe probe;
	struct clock clock;
	uint64_t now_us;
	unsigned next;
	int readings[READINGS]; /* mV; -1: it cannot */
};

static enum cause
measure(struct probe *probe, unsigned *millivolts, struct reason *why)
{
	struct meter *meter = container_of(probe, struct meter, probe);
	int reading;

	assert_true(meter->next < READINGS);
	reading = meter->readings[meter->next++];
	if (reading < 0)
		return reason_begin(why, CAUSE_UNSUPPORTED, "a reference of 0");
	*millivolts = (unsigned)reading;
	return CAUSE_NONE;
}

static const struct probe_ops ops = { .measure_vtarget = measure };

static uint64_t
now_us(struct clock *clock)
{
	return container_of(clock, struct meter, clock)->now_us;
}

static void
sleep_us(struct clock *clock, uint64_t us)
{
	container_of(clock, struct meter, clock)->now_us += us;
}

static struct reason why;

static enum cause
measure_with(const char *serial, const int *readings, struct vtarget *vtarget)
{
	struct meter meter = { .probe = { .ops = &ops }, .clock = { now_us, sleep_us } };

	why = (struct reason)REASON_INIT;
	meter.probe.clock = &meter.clock;
	snprintf(meter.probe.identity.serial, sizeof(meter.probe.identity.serial), "%s",
		 serial);
	memcpy(meter.readings, readings, sizeof(meter.readings));
	return vtarget_measure(&meter.probe, vtarget, &why);
}

static void
assert_volts(const struct vtarget *vtarget, const char *expected)
{
	char buffer[64];
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	vtarget_add_volts(vtarget, &text);
	assert_string_equal(buffer, expected);
}

#define ST    "0673FF505353667267080635"
#define CLONE "303030303030303030303031"

/* Readings that people have published: failure modes 0.3. */
static const struct {
	const char *serial;
	int readings[READINGS];
	enum vtarget_judgement judgement;
	const char *volts, *meaning; /* a part of it; NULL: none */
} rows[] = {
	{ ST, { 3290, 3293, 3290, 3288, 3290 }, VTARGET_STABLE, "3.29 V", NULL },
	{ ST, { 1800, 1801, 1800, 1799, 1800 }, VTARGET_STABLE, "1.80 V", NULL },
	{ ST, { 0, 0, 3, 0, 0 }, VTARGET_ZERO, "0.00 V", "has no power, or" },
	{ ST,
	  { 3, 1556, 2, 1550, 1540 },
	  VTARGET_FLOATING,
	  "1.54 V (0.00 to 1.55 V in 5 readings)",
	  "wired to nothing" },
	{ ST, { 1530, 1531, 1530, 1530, 1532 }, VTARGET_FLOATING, "1.53 V", "wired to" },
	{ ST, { 900, 901, 900, 899, 900 }, VTARGET_LOW, "0.90 V", "less than any STM32" },
	{ ST, { 5980, 5981, 5980, 5979, 5980 }, VTARGET_TOO_HIGH, "5.98 V", "is half of" },
	{ CLONE, { 3300, 3301, 3300, 3299, 3300 }, VTARGET_OWN, "3.30 V", "a clone" },
	{ CLONE, { 0, 0, 0, 0, 0 }, VTARGET_ZERO, "0.00 V", "no power" },
};

static void
readings_are_judged_by_level_spread_and_probe(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_len(rows); i++) {
		struct vtarget vtarget;

		assert_int_equal(measure_with(rows[i].serial, rows[i].readings, &vtarget),
				 CAUSE_NONE);
		assert_int_equal(vtarget.judgement, rows[i].judgement);
		assert_volts(&vtarget, rows[i].volts);
		if (rows[i].meaning == NULL) {
			assert_null(vtarget_meaning(&vtarget));
			assert_null(vtarget_remedy(&vtarget));
		} else {
			assert_non_null(strstr(vtarget_meaning(&vtarget), rows[i].meaning));
			assert_non_null(vtarget_remedy(&vtarget));
		}
	}
}

static void
a_probe_that_cannot_measure_says_so(void **state)
{
	static const int none[READINGS] = { -1 };
	struct vtarget vtarget;

	(void)state;
	assert_int_equal(measure_with(ST, none, &vtarget), CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why), "a reference of 0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(readings_are_judged_by_level_spread_and_probe),
		cmocka_unit_test(a_probe_that_cannot_measure_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
