/* SPDX-License-Identifier: MIT */
#include "transport/adi/mem_ap.h"

#include "test/unit/fake_probe.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { RAM = 0x20000000, RAM_SIZE = 8192 };

static struct fake_probe *fake;
static struct dap dap;
static struct mem_ap mem;
static struct reason why;
static uint8_t *ram;

static int
set_up(enum fake_flavour flavour)
{
	fake = fake_probe_new(flavour);
	ram = fake_probe_memory(fake, RAM, RAM_SIZE);
	why = (struct reason)REASON_INIT;
	dap_init(&dap, &fake->probe);
	return dap_connect(&dap, &why) != CAUSE_NONE ||
	       mem_ap_open(&mem, &dap, 0, &why) != CAUSE_NONE;
}

static int
set_up_with_memory(void **state)
{
	(void)state;
	return set_up(FAKE_WITH_MEMORY);
}

static int
set_up_transfers_only(void **state)
{
	(void)state;
	return set_up(FAKE_TRANSFERS_ONLY);
}

static int
tear_down(void **state)
{
	(void)state;
	fake_probe_free(fake);
	return 0;
}

static uint8_t
pattern(size_t i)
{
	return (uint8_t)(i * 7 + i / 256);
}

static void
assert_canary(size_t from, size_t until)
{
	for (size_t i = from; i < until; i++)
		assert_int_equal(ram[i], FAKE_CANARY);
}

static void
a_port_that_is_opened_is_known(void **state)
{
	(void)state;
	assert_int_equal(mem.idr, 0x24770011);
	assert_int_equal(mem.base, 0xe00ff003);
}

/* Each way of access, until it is opened anew. */
static void
a_port_that_is_shut_fails_with_its_reason(void **state)
{
	struct reason shut = REASON_INIT;
	struct mem_word word = { .at = RAM };
	uint32_t registers[PROBE_CORE_REGISTERS], value = 0;
	uint8_t bytes[8] = { 0 };

	(void)state;
	reason_begin(&shut, CAUSE_REQUEST, "cm4 has not been started");
	mem.shut = &shut;
	assert_int_equal(mem_read(&mem, RAM, bytes, sizeof(bytes), &why), CAUSE_REQUEST);
	assert_string_equal(reason_root(&why), "cm4 has not been started");
	assert_int_equal(mem_write(&mem, RAM, bytes, sizeof(bytes), &why), CAUSE_REQUEST);
	assert_int_equal(mem_write32(&mem, RAM, 0, &why), CAUSE_REQUEST);
	assert_int_equal(mem_read_width(&mem, 2, RAM, &value, &why), CAUSE_REQUEST);
	assert_int_equal(mem_batch(&mem, &word, 1, &why), CAUSE_REQUEST);
	assert_int_equal(mem_read_core(&mem, registers, &why), CAUSE_REQUEST);
	assert_canary(0, RAM_SIZE);
	assert_int_equal(mem_ap_open(&mem, &dap, 0, &why), CAUSE_NONE);
	assert_int_equal(mem_write32(&mem, RAM, 0, &why), CAUSE_NONE);
}

static void
a_port_that_is_not_there_is_unsupported(void **state)
{
	struct mem_ap other;

	(void)state;
	assert_int_equal(mem_ap_open(&other, &dap, 4, &why), CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "access port 4 is no way to memory: its IDR "
			    "reads 0x00000000, so there is no such port");
}

static void
a_port_that_is_no_mem_ap_is_unsupported(void **state)
{
	struct mem_ap other;

	(void)state;
	fake->ports[1] = (struct fake_port){ .is_there = true, .idr = 0x14760010 };
	assert_int_equal(mem_ap_open(&other, &dap, 1, &why), CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why), "access port 1 is no way to memory: its IDR "
					       "reads 0x14760010");
}

static void
any_address_and_size_reads_what_is_there(void **state)
{
	static const uint32_t sizes[] = { 1, 2, 3, 4, 5, 7, 8, 64, 1023, 1024, 1025, 5000 };
	uint8_t bytes[5001];

	(void)state;
	for (size_t i = 0; i < RAM_SIZE; i++)
		ram[i] = pattern(i);
	for (uint32_t offset = 1020; offset < 1028; offset++)
		for (size_t s = 0; s < array_len(sizes); s++) {
			memset(bytes, 0xee, sizeof(bytes));
			assert_int_equal(
				mem_read(&mem, RAM + offset, bytes, sizes[s], &why),
				CAUSE_NONE);
			assert_memory_equal(bytes, ram + offset, sizes[s]);
			assert_int_equal(bytes[sizes[s]], 0xee);
		}
}

static void
any_address_and_size_writes_that_and_no_more(void **state)
{
	static const uint32_t sizes[] = { 1, 2, 3, 4, 5, 7, 8, 64, 1023, 1024, 1025, 5000 };
	uint8_t bytes[5000];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = pattern(i);
	for (uint32_t offset = 1020; offset < 1028; offset++)
		for (size_t s = 0; s < array_len(sizes); s++) {
			memset(ram, FAKE_CANARY, RAM_SIZE);
			assert_int_equal(
				mem_write(&mem, RAM + offset, bytes, sizes[s], &why),
				CAUSE_NONE);
			assert_memory_equal(ram + offset, bytes, sizes[s]);
			assert_canary(0, offset);
			assert_canary(offset + sizes[s], RAM_SIZE);
		}
}

static void
nothing_to_read_or_write_is_done_at_once(void **state)
{
	unsigned before = fake->accesses;
	uint8_t byte = 0;

	(void)state;
	assert_int_equal(mem_read(&mem, RAM, &byte, 0, &why), CAUSE_NONE);
	assert_int_equal(mem_write(&mem, RAM, &byte, 0, &why), CAUSE_NONE);
	assert_int_equal(fake->accesses, before);
}

static void
memory_ends_with_the_last_address(void **state)
{
	uint8_t *top = fake_probe_memory(fake, 0xfffffc00, 0x400);
	uint8_t bytes[8];

	(void)state;
	le32_put(top + 0x3f8, 0x04030201);
	le32_put(top + 0x3fc, 0x08070605);
	assert_int_equal(mem_read(&mem, 0xfffffff8, bytes, 8, &why), CAUSE_NONE);
	assert_memory_equal(bytes, "\1\2\3\4\5\6\7\10", 8);
	assert_int_equal(mem_read(&mem, 0xfffffffc, bytes, 8, &why), CAUSE_REQUEST);
	assert_string_equal(reason_outermost(&why),
			    "8 bytes at 0xfffffffc reach past the last address");
}

/* Records what a hook saw. */
struct seen_accesses {
	unsigned len;
	struct fake_access accesses[16];
};

static enum swd_ack
see(void *context, struct fake_access *access)
{
	struct seen_accesses *seen = context;

	assert_true(seen->len < array_len(seen->accesses));
	seen->accesses[seen->len++] = *access;
	if (!access->is_write)
		access->value = 0xa1b2c3d4u >> 8 * (4 - access->width);
	return ACK_OK;
}

static void
registers_are_accessed_in_exactly_the_width_asked_for(void **state)
{
	static const unsigned widths[] = { 1, 2, 4 };
	struct seen_accesses seen = { 0 };

	(void)state;
	fake_probe_hook(fake, 0x40000000, 0x100, see, &seen);
	for (size_t i = 0; i < array_len(widths); i++) {
		uint32_t at = 0x40000000 + (widths[i] == 4 ? 4 : 4 - widths[i]), value;

		seen.len = 0;
		assert_int_equal(mem_read_width(&mem, widths[i], at, &value, &why),
				 CAUSE_NONE);
		assert_int_equal(value, 0xa1b2c3d4u >> 8 * (4 - widths[i]));
		assert_int_equal(mem_write_width(&mem, widths[i], at, 0x87654321, &why),
				 CAUSE_NONE);
		assert_int_equal(seen.len, 2);
		assert_int_equal(seen.accesses[0].width, widths[i]);
		assert_int_equal(seen.accesses[0].at, at);
		assert_true(seen.accesses[1].is_write);
		assert_int_equal(seen.accesses[1].width, widths[i]);
		assert_int_equal(seen.accesses[1].at, at);
		assert_int_equal(seen.accesses[1].value,
				 0x87654321u & (UINT32_MAX >> (32 - 8 * widths[i])));
	}
}

static void
unaligned_ends_are_done_in_the_widest_pieces(void **state)
{
	struct seen_accesses seen = { 0 };
	uint8_t bytes[10];

	(void)state;
	fake_probe_hook(fake, 0x40000000, 0x100, see, &seen);
	assert_int_equal(mem_read(&mem, 0x40000001, bytes, 10, &why), CAUSE_NONE);
	static const unsigned widths[] = { 1, 2, 4, 2, 1 };

	assert_int_equal(seen.len, array_len(widths));
	for (size_t i = 0; i < array_len(widths); i++)
		assert_int_equal(seen.accesses[i].width, widths[i]);
}

static void
a_refused_access_names_its_address_and_the_port_is_usable_after(void **state)
{
	uint32_t end = RAM + RAM_SIZE, value;
	uint8_t bytes[2048];
	char text[2048];

	(void)state;
	assert_int_equal(mem_read(&mem, end - 1024, bytes, 1028, &why), CAUSE_FAULT);
	reason_text(&why, text, sizeof(text));
	assert_non_null(strstr(text, "the access at 0x20002000 was refused\n"));
	assert_non_null(strstr(text, "STICKYERR"));
	assert_int_equal(mem_write(&mem, end - 8, bytes, 16, &why), CAUSE_FAULT);
	reason_text(&why, text, sizeof(text));
	assert_non_null(strstr(text, "the access at 0x20002000 was refused\n"));
	assert_int_equal(mem_read32(&mem, RAM, &value, &why), CAUSE_NONE);
}

static void
a_refused_word_leaves_the_output_alone(void **state)
{
	uint32_t value = 0x55;

	(void)state;
	assert_int_equal(mem_read32(&mem, 0x30000000, &value, &why), CAUSE_FAULT);
	assert_int_equal(value, 0x55);
	assert_string_equal(reason_outermost(&why), "the access at 0x30000000 was refused");
	assert_int_equal(mem_write32(&mem, 0x30000000, 7, &why), CAUSE_FAULT);
	assert_string_equal(reason_outermost(&why), "the access at 0x30000000 was refused");
}

static void
a_port_that_is_switched_off_gets_the_blame(void **state)
{
	uint32_t value;
	char text[512];

	(void)state;
	fake->ports[0].csw &= ~(1u << 6);
	assert_int_equal(mem_ap_open(&mem, &dap, 0, &why), CAUSE_NONE);
	assert_int_equal(mem_read32(&mem, 0x30000000, &value, &why), CAUSE_FAULT);
	reason_text(&why, text, sizeof(text));
	assert_non_null(strstr(text, "access port 0 was switched off when it was opened "
				     "(CSW.DeviceEn was 0)"));
	assert_non_null(strstr(text,
			       "probably the chip is protected, or that part of it is "
			       "not powered"));
}

static void
waits_are_gone_through(void **state)
{
	uint8_t bytes[3000];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = pattern(i);
	fake_probe_answer(fake, 1, 3, ACK_WAIT);
	fake_probe_answer(fake, 300, 20, ACK_WAIT);
	fake_probe_answer(fake, 700, 1, ACK_WAIT);
	assert_int_equal(mem_write(&mem, RAM + 4, bytes, sizeof(bytes), &why), CAUSE_NONE);
	assert_memory_equal(ram + 4, bytes, sizeof(bytes));
	assert_canary(0, 4);
	assert_canary(4 + sizeof(bytes), RAM_SIZE);
}

static void
a_wait_without_end_names_the_address(void **state)
{
	uint8_t bytes[64];
	char text[2048];

	(void)state;
	fake_probe_answer(fake, 8, FAKE_FOREVER / 2, ACK_WAIT);
	assert_int_equal(mem_read(&mem, RAM, bytes, sizeof(bytes), &why), CAUSE_TIMEOUT);
	reason_text(&why, text, sizeof(text));
	assert_non_null(strstr(text, "did not end"));
}

static void
a_lost_target_is_gone(void **state)
{
	uint8_t bytes[64];

	(void)state;
	fake->has_no_target = true;
	assert_int_equal(mem_read(&mem, RAM, bytes, sizeof(bytes), &why), CAUSE_GONE);
}

static void
a_batch_is_done_in_order(void **state)
{
	struct mem_word words[200];

	(void)state;
	for (size_t i = 0; i < array_len(words); i++)
		words[i] = (struct mem_word){ RAM + (uint32_t)(i / 2) * 4,
					      (uint32_t)i * 0x01000193u, i % 2 == 0 };
	assert_int_equal(mem_batch(&mem, words, array_len(words), &why), CAUSE_NONE);
	for (size_t i = 1; i < array_len(words); i += 2)
		assert_int_equal(words[i].value, (uint32_t)(i - 1) * 0x01000193u);
	assert_canary(400, RAM_SIZE);
}

static void
a_batch_that_fails_names_the_word_and_gives_those_before(void **state)
{
	struct mem_word words[] = { { RAM, 7, true },
				    { RAM, 0, false },
				    { 0x30000000, 0x55, false },
				    { RAM + 4, 9, true } };

	(void)state;
	assert_int_equal(mem_batch(&mem, words, 4, &why), CAUSE_FAULT);
	assert_string_equal(reason_outermost(&why), "the access at 0x30000000 was refused");
	assert_int_equal(words[1].value, 7);
	assert_int_equal(words[2].value, 0x55);
	assert_canary(4, 8);
}

static void
a_batch_takes_few_calls(void **state)
{
	struct mem_word words[64];
	unsigned before = fake->calls;

	(void)state;
	for (size_t i = 0; i < array_len(words); i++)
		words[i] = (struct mem_word){ RAM, 0, false };
	assert_int_equal(mem_batch(&mem, words, array_len(words), &why), CAUSE_NONE);
	assert_int_equal(fake->calls, before + 1);
}

static void
protection_bits_found_are_kept(void **state)
{
	uint32_t value;

	(void)state;
	fake->ports[0].csw = 0xab000042;
	assert_int_equal(mem_ap_open(&mem, &dap, 0, &why), CAUSE_NONE);
	assert_int_equal(mem_read_width(&mem, 2, RAM, &value, &why), CAUSE_NONE);
	assert_int_equal(fake->ports[0].csw, 0xab000051);
}

#define WITH_MEMORY(test) \
	cmocka_unit_test_setup_teardown(test, set_up_with_memory, tear_down)
#define TRANSFERS_ONLY(test)                                                            \
	{                                                                               \
#test " (transfers only)", test, set_up_transfers_only, tear_down, NULL \
	}
#define BOTH_WAYS(test) WITH_MEMORY(test), TRANSFERS_ONLY(test)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH_WAYS(a_port_that_is_opened_is_known),
		BOTH_WAYS(a_port_that_is_shut_fails_with_its_reason),
		BOTH_WAYS(a_port_that_is_not_there_is_unsupported),
		BOTH_WAYS(a_port_that_is_no_mem_ap_is_unsupported),
		BOTH_WAYS(any_address_and_size_reads_what_is_there),
		BOTH_WAYS(any_address_and_size_writes_that_and_no_more),
		BOTH_WAYS(nothing_to_read_or_write_is_done_at_once),
		BOTH_WAYS(memory_ends_with_the_last_address),
		BOTH_WAYS(registers_are_accessed_in_exactly_the_width_asked_for),
		BOTH_WAYS(unaligned_ends_are_done_in_the_widest_pieces),
		BOTH_WAYS(a_refused_access_names_its_address_and_the_port_is_usable_after),
		BOTH_WAYS(a_refused_word_leaves_the_output_alone),
		BOTH_WAYS(a_port_that_is_switched_off_gets_the_blame),
		BOTH_WAYS(waits_are_gone_through),
		BOTH_WAYS(a_wait_without_end_names_the_address),
		BOTH_WAYS(a_lost_target_is_gone),
		BOTH_WAYS(a_batch_is_done_in_order),
		BOTH_WAYS(a_batch_that_fails_names_the_word_and_gives_those_before),
		BOTH_WAYS(a_batch_takes_few_calls),
		TRANSFERS_ONLY(protection_bits_found_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
