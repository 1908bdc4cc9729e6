/* SPDX-License-Identifier: MIT */
#include "transport/probe/faulty.h"

#include "test/unit/fake_probe.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { RAM_AT = 0x20000000, RAM_SIZE = 256, CALLS = 4000 };

struct bench {
	struct fake_probe *fake;
	struct probe *probe;
	uint8_t *ram;
};

static void
begin(struct bench *bench, enum fake_flavour flavour, uint64_t seed, uint32_t rate)
{
	struct reason why = REASON_INIT;

	bench->fake = fake_probe_new(flavour);
	bench->ram = fake_probe_memory(bench->fake, RAM_AT, RAM_SIZE);
	assert_int_equal(faulty_wrap(&bench->fake->probe, seed, rate, &bench->probe, &why),
			 CAUSE_NONE);
}

/* How one read of four words ended: cause, acknowledge and count in one number. */
static unsigned
read_words(struct bench *bench)
{
	struct transfer batch[4];
	struct reason why = REASON_INIT;
	struct outcome outcome;
	enum cause cause;

	for (uint32_t i = 0; i < 4; i++)
		batch[i] = (struct transfer){ TRANSFER_MEM_READ, 0, RAM_AT + 4 * i, 0 };
	cause = probe_transfer(bench->probe, batch, 4, &outcome, &why);
	for (size_t i = 0; i < outcome.finished; i++)
		assert_int_equal(batch[i].value, 0xcdcdcdcd);
	if (cause == CAUSE_NONE)
		assert_int_equal(outcome.finished, 4);
	else
		assert_non_null(strstr(reason_root(&why), "(injected by --probe faulty)"));
	return (unsigned)cause << 16 | (unsigned)outcome.ack << 8 |
	       (unsigned)outcome.finished;
}

static void
forget_probe(struct probe *probe)
{
	(void)probe;
}

static void
a_rate_of_zero_never_fails(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench, FAKE_WITH_MEMORY, 1, 0);
	for (unsigned i = 0; i < CALLS; i++)
		assert_int_equal(read_words(&bench) >> 16, CAUSE_NONE);
	probe_close(bench.probe);
}

static void
the_same_seed_gives_the_same_faults(void **state)
{
	struct bench first, second, other;
	unsigned differences = 0;

	(void)state;
	begin(&first, FAKE_WITH_MEMORY, 7, 10);
	begin(&second, FAKE_WITH_MEMORY, 7, 10);
	begin(&other, FAKE_WITH_MEMORY, 8, 10);
	for (unsigned i = 0; i < CALLS; i++) {
		unsigned ended = read_words(&first);

		assert_int_equal(ended, read_words(&second));
		differences += ended != read_words(&other);
	}
	assert_true(differences > 0);
	probe_close(first.probe);
	probe_close(second.probe);
	probe_close(other.probe);
}

/* Over many seeds each kind of fault comes, and a probe that was pulled stays away. */
static void
every_fault_comes_and_is_reported_as_what_it_is(void **state)
{
	bool has_wait = false, has_fault = false, has_none = false, has_parity = false;
	bool has_gone = false, has_silence = false;

	(void)state;
	for (uint64_t seed = 0; seed < 40; seed++) {
		struct bench bench;
		unsigned ended = 0;

		begin(&bench, FAKE_WITH_MEMORY, seed, 3);
		for (unsigned i = 0; i < 60; i++) {
			ended = read_words(&bench);
			has_wait |= ended >> 8 == (CAUSE_TIMEOUT << 8 | ACK_WAIT);
			has_fault |= ended >> 8 == (CAUSE_FAULT << 8 | ACK_FAULT);
			has_none |= ended >> 8 == (CAUSE_GONE << 8 | ACK_NONE);
			has_parity |= ended >> 8 == (CAUSE_GONE << 8 | ACK_PARITY);
			has_silence |= ended >> 8 == (CAUSE_TIMEOUT << 8 | ACK_UNKNOWN);
			if (ended >> 8 != (CAUSE_GONE << 8 | ACK_UNKNOWN))
				continue;
			has_gone = true;
			assert_int_equal(read_words(&bench),
					 (unsigned)CAUSE_GONE << 16 | ACK_UNKNOWN << 8);
		}
		probe_close(bench.probe);
	}
	assert_true(has_wait && has_fault && has_none && has_parity && has_gone &&
		    has_silence);
}

/* A write that is reported as done was done, and nothing else was. */
static void
what_counts_as_written_was_written(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct bench bench;
		struct reason why = REASON_INIT;
		struct outcome outcome;
		uint8_t bytes[64];
		enum cause cause;

		begin(&bench, FAKE_WITH_MEMORY, seed, 2);
		memset(bytes, 0x5a, sizeof(bytes));
		cause = probe_move_block(bench.probe,
					 &(struct probe_block){ .width = 4,
								.at = RAM_AT,
								.size = sizeof(bytes),
								.out = bytes },
					 &outcome, &why);
		assert_true(outcome.finished <= sizeof(bytes));
		assert_int_equal(cause == CAUSE_NONE, outcome.finished == sizeof(bytes));
		assert_memory_equal(bench.ram, bytes, outcome.finished);
		assert_int_equal(bench.ram[sizeof(bytes)], FAKE_CANARY);
		probe_close(bench.probe);
	}
}

static void
a_probe_without_memory_commands_stays_one(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench, FAKE_TRANSFERS_ONLY, 1, FAULTY_RATE);
	assert_false(probe_has_memory(bench.probe));
	probe_close(bench.probe);
}

/* Callers choose their ways by what a probe can; the wrapper must not change them. */
static void
the_wrapper_can_what_the_inner_probe_can(void **state)
{
	struct bench bench;
	struct reason why = REASON_INIT;
	struct probe *outer = NULL;
	struct probe_ops matching;
	struct probe narrow;

	(void)state;
	begin(&bench, FAKE_WITH_MEMORY, 1, 0);
	assert_int_equal(probe_has_read_core(bench.probe, 0),
			 probe_has_read_core(&bench.fake->probe, 0));
	assert_int_equal(probe_has_swo(bench.probe), probe_has_swo(&bench.fake->probe));
	narrow = bench.fake->probe;
	matching = *narrow.ops;
	matching.can_match = true;
	matching.measure_vtarget = NULL;
	narrow.ops = &matching;
	matching.close = forget_probe;
	assert_int_equal(faulty_wrap(&narrow, 1, 0, &outer, &why), CAUSE_NONE);
	assert_true(probe_can_match(outer));
	assert_int_equal(probe_measure_vtarget(outer, &(unsigned){ 0 }, &why),
			 CAUSE_UNSUPPORTED);
	probe_close(outer);
	probe_close(bench.probe);
}

/* Of the probe's own commands only the probe can fail, not the wire. */
static void
a_clock_is_refused_by_the_probe_only(void **state)
{
	unsigned failures = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct bench bench;
		struct reason why = REASON_INIT;
		uint32_t hz = 1000000;
		enum cause cause;

		begin(&bench, FAKE_WITH_MEMORY, seed, 2);
		cause = probe_set_clock(bench.probe, &hz, &why);
		assert_true(cause == CAUSE_NONE || cause == CAUSE_TIMEOUT ||
			    cause == CAUSE_GONE);
		if (cause != CAUSE_NONE) {
			failures++;
			assert_non_null(strstr(reason_root(&why), "the probe "));
			assert_int_equal(bench.fake->hz, 0);
		}
		probe_close(bench.probe);
	}
	assert_true(failures > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rate_of_zero_never_fails),
		cmocka_unit_test(the_same_seed_gives_the_same_faults),
		cmocka_unit_test(every_fault_comes_and_is_reported_as_what_it_is),
		cmocka_unit_test(what_counts_as_written_was_written),
		cmocka_unit_test(a_probe_without_memory_commands_stays_one),
		cmocka_unit_test(the_wrapper_can_what_the_inner_probe_can),
		cmocka_unit_test(a_clock_is_refused_by_the_probe_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
