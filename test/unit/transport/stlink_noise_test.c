/* SPDX-License-Identifier: MIT */
/*
 * A probe that answers anything: the driver may fail, but it must say why, and
 * must neither overrun nor loop for ever. Every seed gives one conversation.
 */
#include "test/unit/fake_probe.h"
#include "transport/adi/rom_table.h"
#include "transport/base/bytes.h"
#include "transport/probe/stlink/stlink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { SEEDS = 20000, COMMANDS_MAX = 200000 };

struct noise {
	struct stlink_carrier carrier;
	struct fake_probe *timer; /* for its clock */
	uint32_t random;
	unsigned commands, closes;
	unsigned honest_percent; /* of the answers that begin with a status of OK */
};

static uint32_t
next_random(struct noise *noise)
{
	/* xorshift32, Marsaglia 2003 */
	noise->random ^= noise->random << 13;
	noise->random ^= noise->random >> 17;
	noise->random ^= noise->random << 5;
	return noise->random;
}

static bool
chance(struct noise *noise, unsigned percent)
{
	return next_random(noise) % 100 < percent;
}

/* What opens the door: without it, every conversation would end with its first word. */
static bool
answer_version(const struct stlink_command *command)
{
	if (command->bytes[0] == STLINK_GET_VERSION)
		memcpy(command->in, "\x29\x5a\x83\x04\x4b\x37", 6);
	if (command->bytes[0] == STLINK_GET_CURRENT_MODE)
		command->in[0] = 1;
	return command->bytes[0] == STLINK_GET_VERSION ||
	       command->bytes[0] == STLINK_GET_CURRENT_MODE;
}

static enum cause
noise_exchange(struct stlink_carrier *carrier, const struct stlink_command *command,
	       uint32_t *received, struct reason *why)
{
	struct noise *noise = container_of(carrier, struct noise, carrier);

	assert_true(++noise->commands < COMMANDS_MAX);
	noise->timer->now_us += 1000;
	*received = command->in == NULL ? 0 : command->size;
	if (chance(noise, 1))
		return reason_begin(why, chance(noise, 50) ? CAUSE_GONE : CAUSE_TIMEOUT,
				    "noise");
	if (command->in == NULL)
		return CAUSE_NONE;
	for (uint32_t i = 0; i < command->size; i++)
		command->in[i] = (uint8_t)next_random(noise);
	if (answer_version(command))
		return CAUSE_NONE;
	if (chance(noise, noise->honest_percent))
		command->in[0] = 0x80;
	if (chance(noise, 1))
		*received = next_random(noise) % (command->size + 64);
	return CAUSE_NONE;
}

static void
noise_close(struct stlink_carrier *carrier)
{
	container_of(carrier, struct noise, carrier)->closes++;
}

static const struct stlink_carrier_ops noise_ops = { .close = noise_close,
						     .exchange = noise_exchange };

static void
assert_explained(enum cause cause, const struct reason *why)
{
	if (cause == CAUSE_NONE)
		return;
	assert_int_equal(why->cause, cause);
	assert_string_not_equal(reason_root(why), "");
}

static void
use_memory(struct dap *dap, struct reason *why)
{
	static uint8_t bytes[5000];
	struct mem_word words[100] = { { 0 } };
	struct rom_table table = { 0 };
	struct mem_ap mem;

	assert_explained(mem_ap_open(&mem, dap, 0, why), why);
	assert_explained(mem_read(&mem, 0x20000001, bytes, sizeof(bytes), why), why);
	assert_explained(mem_write(&mem, 0x20000001, bytes, sizeof(bytes), why), why);
	assert_explained(mem_batch(&mem, words, array_len(words), why), why);
	assert_explained(rom_table_read(&mem, &table, why), why);
	assert_true(table.len <= ROM_MAX_COMPONENTS);
}

static void
use_probe(struct probe *probe, struct reason *why)
{
	unsigned millivolts;
	uint32_t hz = 1000000;
	struct dap dap;

	assert_explained(probe_measure_vtarget(probe, &millivolts, why), why);
	assert_explained(probe_set_clock(probe, &hz, why), why);
	assert_explained(probe_drive_nrst(probe, true, why), why);
	dap_init(&dap, probe);
	assert_explained(dap_connect(&dap, why), why);
	use_memory(&dap, why);
	assert_explained(probe_leave(probe, why), why);
}

static void
converse(unsigned seed)
{
	struct noise noise = { .carrier = { .ops = &noise_ops,
					    .data_max = STLINK_DATA_MAX },
			       .timer = fake_probe_new(FAKE_WITH_MEMORY),
			       .random = seed * 2654435761u + 1,
			       .honest_percent = seed % 101 };
	struct reason why = REASON_INIT;
	struct probe *probe;
	enum cause cause =
		stlink_open(&noise.carrier, stlink_model_find(STLINK_VENDOR, 0x374b), "",
			    "noise", &noise.timer->clock, &probe, &why);

	assert_explained(cause, &why);
	if (cause == CAUSE_NONE) {
		use_probe(probe, &why);
		probe_close(probe);
	}
	assert_int_equal(noise.closes, 1);
	fake_probe_free(noise.timer);
}

static void
whatever_a_probe_answers_the_driver_ends_and_says_why(void **state)
{
	(void)state;
	for (unsigned seed = 0; seed < SEEDS; seed++)
		converse(seed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_a_probe_answers_the_driver_ends_and_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
