/* SPDX-License-Identifier: MIT */
/*
 * Memory through CMSIS-DAP packets: what transport/adi makes of them.
 */
#include "test/unit/fake_dap.h"
#include "transport/adi/mem_ap.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define DHCSR 0xe000edf0u

enum { RAM = 0x20000000, RAM_SIZE = 8192 };

static struct fake_dap firmware;
static struct fake_probe *target;
static struct probe *probe;
static struct dap dap;
static struct mem_ap mem;
static struct reason why;
static uint8_t *ram;

static void
open_probe(unsigned packet_size, unsigned packet_count)
{
	why = (struct reason)REASON_INIT;
	target = fake_probe_new(FAKE_TRANSFERS_ONLY);
	ram = fake_probe_memory(target, RAM, RAM_SIZE);
	probe = fake_dap_open(&firmware, target, packet_size, packet_count);
	dap_init(&dap, probe);
	assert_int_equal(dap_connect(&dap, &why), CAUSE_NONE);
	assert_int_equal(mem_ap_open(&mem, &dap, 0, &why), CAUSE_NONE);
	firmware.packets = 0;
	firmware.most_waiting = 0;
}

static int
open_v1(void **state)
{
	(void)state;
	open_probe(64, 4);
	return 0;
}

static int
open_v2(void **state)
{
	(void)state;
	open_probe(512, 4);
	return 0;
}

static int
close_probe(void **state)
{
	(void)state;
	probe_close(probe);
	fake_probe_free(target);
	return 0;
}

static void
make_pattern(uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
}

static void
memory_is_written_and_read_back(void **state)
{
	static uint8_t sent[3001], got[3001];

	(void)state;
	make_pattern(sent, sizeof(sent));
	assert_int_equal(mem_write(&mem, RAM + 3, sent, sizeof(sent), &why), CAUSE_NONE);
	assert_memory_equal(ram + 3, sent, sizeof(sent));
	assert_int_equal(ram[2], FAKE_CANARY);
	assert_int_equal(ram[3 + sizeof(sent)], FAKE_CANARY);
	assert_int_equal(mem_read(&mem, RAM + 3, got, sizeof(got), &why), CAUSE_NONE);
	assert_memory_equal(got, sent, sizeof(sent));
	assert_true(firmware.most_waiting > 1);
}

static void
a_kibibyte_takes_three_packets_each_way(void **state)
{
	uint8_t bytes[1024];

	(void)state;
	make_pattern(bytes, sizeof(bytes));
	assert_int_equal(mem_write(&mem, RAM, bytes, sizeof(bytes), &why), CAUSE_NONE);
	assert_int_equal(firmware.packets, 3);
	assert_int_equal(mem_read(&mem, RAM, bytes, sizeof(bytes), &why), CAUSE_NONE);
	assert_int_equal(firmware.packets, 6);
	assert_int_equal(firmware.most_waiting, 3);
}

/* With others under way behind it, and with none. */
static void
a_refused_word_in_a_block_is_named_whatever_is_under_way(void **state)
{
	uint8_t *last = fake_probe_memory(target, 0x30000000, 1000);
	uint8_t bytes[1024];
	uint32_t value;

	(void)state;
	(void)last;
	assert_int_equal(mem_read(&mem, 0x30000000, bytes, sizeof(bytes), &why),
			 CAUSE_FAULT);
	assert_string_equal(reason_outermost(&why), "the access at 0x300003e8 was refused");
	/* The way is clear again. */
	assert_int_equal(mem_read32(&mem, RAM, &value, &why), CAUSE_NONE);
	assert_int_equal(value, 0xcdcdcdcd);
	assert_int_equal(mem_write(&mem, 0x30000000, bytes, sizeof(bytes), &why),
			 CAUSE_FAULT);
	assert_string_equal(reason_outermost(&why), "the access at 0x300003e8 was refused");
}

/* The packets behind the one that met a WAIT are done, with TAR where it stood. */
static void
a_wait_amid_a_block_does_not_shift_it(void **state)
{
	uint8_t bytes[1024];

	(void)state;
	make_pattern(bytes, sizeof(bytes));
	fake_probe_answer(target, 40, 1, ACK_WAIT);
	assert_int_equal(mem_write(&mem, RAM, bytes, sizeof(bytes), &why), CAUSE_NONE);
	assert_memory_equal(ram, bytes, sizeof(bytes));
	assert_int_equal(ram[1024], FAKE_CANARY);
	memset(bytes, 0, sizeof(bytes));
	fake_probe_answer(target, 40, 1, ACK_WAIT);
	assert_int_equal(mem_read(&mem, RAM, bytes, sizeof(bytes), &why), CAUSE_NONE);
	assert_memory_equal(ram, bytes, sizeof(bytes));
}

static enum swd_ack
note_debug(void *context, struct fake_access *access)
{
	unsigned *count = context;

	(*count)++;
	if (!access->is_write)
		access->value = access->at == DHCSR ? 0x00030003 : 0x1000 + *count;
	return ACK_OK;
}

static void
eighteen_core_registers_are_one_packet(void **state)
{
	struct mem_word words[54];
	unsigned count = 0;

	(void)state;
	fake_probe_hook(target, DHCSR, 16, note_debug, &count);
	for (uint32_t i = 0; i < 18; i++) {
		words[3 * i] = (struct mem_word){ DHCSR + 4, i, true };
		words[3 * i + 1] = (struct mem_word){ DHCSR, 0, false };
		words[3 * i + 2] = (struct mem_word){ DHCSR + 8, 0, false };
	}
	assert_int_equal(mem_batch(&mem, words, array_len(words), &why), CAUSE_NONE);
	assert_int_equal(firmware.packets, 1);
	assert_int_equal(count, 54);
	for (uint32_t i = 0; i < 18; i++) {
		assert_int_equal(words[3 * i + 1].value, 0x00030003);
		assert_int_equal(words[3 * i + 2].value, 0x1000 + 3 * i + 3);
	}
}

static void
words_here_and_there_go_through_drw(void **state)
{
	struct mem_word words[] = { { RAM, 1, true },
				    { RAM + 4, 2, true },
				    { RAM + 64, 3, true },
				    { RAM, 0, false },
				    { RAM + 64, 0, false } };

	(void)state;
	assert_int_equal(mem_batch(&mem, words, array_len(words), &why), CAUSE_NONE);
	assert_int_equal(le32_get(ram + 4), 2);
	assert_int_equal(words[3].value, 1);
	assert_int_equal(words[4].value, 3);
	assert_int_equal(firmware.packets, 1);
}

/* A write, a gate, a write, a gate, a run of reads. */
static void
words_behind_a_gate_that_stays_shut_are_not_touched(void **state)
{
	struct mem_word words[] = { { RAM, 1, true },
				    { RAM + 64, 2, true },
				    { RAM + 0x80, 9, false },
				    { RAM + 0x84, 9, false },
				    { RAM + 0x88, 9, false } };
	struct mem_gates gates = { 2, { { 1, RAM, 0xff, 1 }, { 2, RAM + 0x44, 0xff, 7 } } };
	size_t reached = 0;

	(void)state;
	le32_put(ram + 0x44, 8);
	assert_int_equal(
		mem_batch_gated(&mem, words, array_len(words), &gates, &reached, &why),
		CAUSE_NONE);
	assert_int_equal(reached, 2);
	assert_int_equal(le32_get(ram + 64), 2);
	assert_int_equal(words[2].value, 9);
	le32_put(ram + 0x44, 0x107);
	assert_int_equal(
		mem_batch_gated(&mem, words, array_len(words), &gates, &reached, &why),
		CAUSE_NONE);
	assert_int_equal(reached, array_len(words));
	assert_int_equal(words[4].value, le32_get(ram + 0x88));
}

static void
a_gate_that_cannot_be_read_is_named(void **state)
{
	struct mem_word words[] = { { RAM, 1, true }, { RAM + 64, 2, true } };
	struct mem_gates gates = { 2, { { 1, RAM, 0xff, 1 }, { 1, 0x50000010, 0xff, 7 } } };
	size_t reached = 0;

	(void)state;
	assert_int_equal(
		mem_batch_gated(&mem, words, array_len(words), &gates, &reached, &why),
		CAUSE_FAULT);
	assert_int_equal(reached, 1);
	assert_non_null(strstr(reason_outermost(&why), "0x50000010"));
}

int
main(void)
{
#define V1(test)                                                \
	{                                                       \
#test " (v1)", test, open_v1, close_probe, NULL \
	}
#define V2(test)                                                \
	{                                                       \
#test " (v2)", test, open_v2, close_probe, NULL \
	}
	const struct CMUnitTest tests[] = {
		V1(memory_is_written_and_read_back),
		V2(memory_is_written_and_read_back),
		V2(a_kibibyte_takes_three_packets_each_way),
		V1(a_refused_word_in_a_block_is_named_whatever_is_under_way),
		V2(a_refused_word_in_a_block_is_named_whatever_is_under_way),
		V1(a_wait_amid_a_block_does_not_shift_it),
		V2(a_wait_amid_a_block_does_not_shift_it),
		V2(eighteen_core_registers_are_one_packet),
		V2(words_here_and_there_go_through_drw),
		V1(words_behind_a_gate_that_stays_shut_are_not_touched),
		V2(words_behind_a_gate_that_stays_shut_are_not_touched),
		V2(a_gate_that_cannot_be_read_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
