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

#define ST    "0673FF505353667267080635"
#define CLONE "303030303030303030303031"

/* Readings that people have published: failure modes 0.3. */
static const struct {
	const char *serial;
	int readings[READINGS];
	enum vtarget_class class;
	enum finding finding;
	const char *volts;
} rows[] = {
	{ ST,
	  { 3290, 3293, 3290, 3288, 3290 },
	  VTARGET_STABLE,
	  FINDING_NONE,
	  "target voltage 3.29 V" },
	{ ST,
	  { 1800, 1801, 1800, 1799, 1800 },
	  VTARGET_STABLE,
	  FINDING_NONE,
	  "target voltage 1.80 V" },
	{ ST, { 0, 0, 3, 0, 0 }, VTARGET_ZERO, FINDING_B1, "target voltage 0.00 V" },
	{ ST,
	  { 3, 1556, 2, 1550, 1540 },
	  VTARGET_FLOATING,
	  FINDING_B3,
	  "target voltage 1.54 V, lowest reading 0.00 V, highest reading 1.55 V" },
	{ ST,
	  { 1530, 1531, 1530, 1530, 1532 },
	  VTARGET_FLOATING,
	  FINDING_B3,
	  "target voltage 1.53 V" },
	{ ST,
	  { 900, 901, 900, 899, 900 },
	  VTARGET_LOW,
	  FINDING_B2,
	  "target voltage 0.90 V" },
	{ ST,
	  { 5980, 5981, 5980, 5979, 5980 },
	  VTARGET_TOO_HIGH,
	  FINDING_LINK_VOLTAGE_DIVIDED,
	  "target voltage 5.98 V" },
	{ CLONE,
	  { 3300, 3301, 3300, 3299, 3300 },
	  VTARGET_OWN,
	  FINDING_B4,
	  "target voltage 3.30 V" },
	{ CLONE, { 0, 0, 0, 0, 0 }, VTARGET_ZERO, FINDING_B1, "target voltage 0.00 V" },
};

/* "VOLTS" alone when the voltage is well, else "VOLTS: SENTENCE". */
static void
assert_words(const struct vtarget *vtarget, const char *volts, enum finding finding)
{
	char buffer[256], expected[256];
	struct text text;

	snprintf(expected, sizeof(expected), "%s%s%s", volts,
		 finding == FINDING_NONE ? "" : ": ",
		 finding == FINDING_NONE ? "" : finding_row(finding)->sentence);
	text_init(&text, buffer, sizeof(buffer));
	vtarget_add_words(vtarget, &text);
	assert_string_equal(buffer, expected);
}

static void
readings_are_classified_by_level_spread_and_probe(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_len(rows); i++) {
		struct vtarget vtarget;

		assert_int_equal(measure_with(rows[i].serial, rows[i].readings, &vtarget),
				 CAUSE_NONE);
		assert_int_equal(vtarget.class, rows[i].class);
		assert_int_equal(vtarget_finding(&vtarget), rows[i].finding);
		assert_words(&vtarget, rows[i].volts, rows[i].finding);
	}
}

static void
a_voltage_goes_into_a_reason_as_evidence_and_suspicion(void **state)
{
	static const int off[READINGS] = { 0 };
	struct vtarget vtarget;
	char line[256];

	(void)state;
	assert_int_equal(measure_with(ST, off, &vtarget), CAUSE_NONE);
	reason_begin(&why, CAUSE_GONE, "no answer");
	vtarget_add_to(&vtarget, &why);
	assert_int_equal(reason_finding(&why), FINDING_B1);
	assert_int_equal(evidence_find(reason_evidence(&why), FACT_TARGET_VOLTAGE)->value,
			 0);
	reason_line(&why, line, sizeof(line));
	assert_memory_equal(line, "no answer [target voltage 0.00 V] (probably the target",
			    54);
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
		cmocka_unit_test(readings_are_classified_by_level_spread_and_probe),
		cmocka_unit_test(a_probe_that_cannot_measure_says_so),
		cmocka_unit_test(a_voltage_goes_into_a_reason_as_evidence_and_suspicion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
