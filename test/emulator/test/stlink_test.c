/* SPDX-License-Identifier: MIT */
/*
 * An ST-LINK's commands for memory, lists and SWO, and what they cost.
 */
#include "test/emulator/test/stlink_bench.h"

static void
words_are_written_and_read_across_the_tar_wrap(void **state)
{
	struct bench *bench = *state;
	uint8_t data[6144];
	for (unsigned i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + i / 256);
	enter(bench);
	bench->wire.tar_writes = 0;
	send(bench, PACKET(0xf2, 0x08, 0xfc, 0x03, 0, 0x20, 0x00, 0x18));
	bench->probe->ops->out(bench->probe, 1, data, sizeof(data));
	assert_int_equal(last_status(bench), 0x80);
	assert_memory_equal(bench->wire.memory + 0x3fc, data, sizeof(data));
	assert_int_equal(bench->wire.tar_writes, 7);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x07, 0xfc, 0x03, 0, 0x20, 0x00, 0x18)),
			 6144);
	assert_memory_equal(reply, data, sizeof(data));
	assert_int_equal(last_status(bench), 0x80);
}

static void
data_may_come_in_several_transfers(void **state)
{
	struct bench *bench = *state;
	static const uint8_t data[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	enter(bench);
	send(bench, PACKET(0xf2, 0x08, 0, 0, 0, 0x20, 8, 0));
	bench->probe->ops->out(bench->probe, 1, data, 3);
	assert_int_equal(bench->wire.memory[0], 0);
	bench->probe->ops->out(bench->probe, 1, data + 3, 5);
	assert_memory_equal(bench->wire.memory, data, 8);
}

static void
bytes_and_halfwords_keep_their_lanes(void **state)
{
	struct bench *bench = *state;
	static const uint8_t data[6] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66 };
	enter(bench);
	send(bench, PACKET(0xf2, 0x0d, 3, 0, 0, 0x20, 5, 0));
	bench->probe->ops->out(bench->probe, 1, data, 5);
	assert_memory_equal(bench->wire.memory + 3, data, 5);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x0c, 3, 0, 0, 0x20, 5, 0)), 5);
	assert_memory_equal(reply, data, 5);
	send(bench, PACKET(0xf2, 0x48, 0x12, 0, 0, 0x20, 6, 0));
	bench->probe->ops->out(bench->probe, 1, data, 6);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x47, 0x12, 0, 0, 0x20, 6, 0)), 6);
	assert_memory_equal(reply, data, 6);
}

static void
a_single_byte_arrives_with_a_second_one(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	bench->wire.memory[1] = 0xa5;
	assert_int_equal(ask(bench, PACKET(0xf2, 0x0c, 1, 0, 0, 0x20, 1, 0)), 2);
	assert_int_equal(reply[0], 0xa5);
}

static void
a_fault_names_its_address_and_is_cleared(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x07, 0xf8, 0xff, 0, 0x20, 16, 0)), 16);
	assert_int_equal(last_status(bench), 0x11);
	assert_int_equal(le32_get(reply + 4), 0x20010000);
	ask(bench, PACKET(0xf2, 0x07, 0, 0, 0, 0x20, 4, 0));
	assert_int_equal(last_status(bench), 0x80);
}

static void
a_fault_of_the_last_write_is_seen(void **state)
{
	struct bench *bench = *state;
	static const uint8_t data[4] = { 0 };
	enter(bench);
	send(bench, PACKET(0xf2, 0x08, 0, 0, 0, 0x30, 4, 0));
	bench->probe->ops->out(bench->probe, 1, data, 4);
	assert_int_equal(last_status(bench), 0x11);
	assert_int_equal(le32_get(reply + 4), 0x30000000);
}

static void
misaligned_or_too_long_requests_say_alignment_error(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x07, 2, 0, 0, 0x20, 4, 0)), 4);
	assert_int_equal(last_status(bench), 0x0a);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x0c, 0, 0, 0, 0x20, 65, 0)), 65);
	assert_int_equal(last_status(bench), 0x0a);
	ask(bench, PACKET(0xf2, 0x36, 0xfe, 0x03, 0, 0x20));
	assert_int_equal(reply[0], 0x0a);
}

static void
rw_misc_writes_and_reads_a_list(void **state)
{
	struct bench *bench = *state;
	uint8_t list[4 + 16] = { 5, 1, 2, 3 };
	enter(bench);
	le32_put(list + 8, 0x20000010);
	le32_put(list + 12, 0xcafe1234);
	le32_put(list + 16, 0x20000010);
	send(bench, PACKET(0xf2, 0x51, 4));
	bench->probe->ops->out(bench->probe, 1, list, sizeof(list));
	assert_int_equal(ask(bench, PACKET(0xf2, 0x52)), 32);
	assert_int_equal(le32_get(reply + 12), 0xcafe1234);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(le32_get(reply + 16 + 4 * i), 0x80);
}

static void
a_list_longer_than_any_firmware_takes_is_survived(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	send(bench, PACKET(0xf2, 0x51, 0xff, 0xff, 0xff, 0xff));
	ask(bench, PACKET(0xf2, 0x52));
	ask(bench, PACKET(0xf5));
	assert_int_equal(reply[0], 2);
}

static void
words_at_one_address_do_not_move_on(void **state)
{
	struct bench *bench = *state;
	static const uint8_t data[8] = { 1, 1, 1, 1, 2, 2, 2, 2 };
	enter(bench);
	send(bench, PACKET(0xf2, 0x50, 0, 0, 0, 0x20, 8, 0));
	bench->probe->ops->out(bench->probe, 1, data, 8);
	assert_memory_equal(bench->wire.memory, data + 4, 4);
	assert_int_equal(bench->wire.memory[4], 0);
}

static void
swo_is_kept_only_while_it_is_recorded(void **state)
{
	struct bench *bench = *state;
	static const uint8_t bytes[3] = { 1, 2, 3 };
	probe_swo(bench->probe, 2000000, bytes, 3);
	ask(bench, PACKET(0xf2, 0x40, 0, 16, 0x80, 0x84, 0x1e, 0));
	probe_swo(bench->probe, 2000000, bytes, 3);
	probe_swo(bench->probe, 1900000, bytes, 3); /* of which it can read nothing */
	assert_int_equal(ask(bench, PACKET(0xf2, 0x42)), 2);
	assert_int_equal(le16_get(reply), 3);
	assert_int_equal(bench->probe->ops->in(bench->probe, 2, reply, 64), 3);
	assert_memory_equal(reply, bytes, 3);
	assert_int_equal(bench->probe->ops->in(bench->probe, 2, reply, 64), USB_NAK);
}

static void
transfers_and_commands_are_counted_and_cost_time(void **state)
{
	struct bench *bench = *state;
	uint64_t before = bench->wire.now_ns;
	ask(bench, PACKET(0xf1));
	assert_int_equal(bench->stats.usb_transfers_out, 1);
	assert_int_equal(bench->stats.usb_transfers_in, 1);
	assert_int_equal(bench->stats.usb_bytes_out, 16);
	assert_int_equal(bench->stats.usb_bytes_in, 6);
	assert_int_equal(bench->stats.probe_commands, 1);
	assert_true(bench->wire.now_ns > before);
}

static void
random_bytes_do_no_harm(void **state)
{
	struct bench *bench = *state;
	uint8_t bytes[64];
	srand(1);
	enter(bench);
	for (unsigned i = 0; i < 20000; i++) {
		for (unsigned j = 0; j < sizeof(bytes); j++)
			bytes[j] = (uint8_t)rand();
		if (i % 4)
			bytes[0] = 0xf2;
		bench->probe->ops->out(bench->probe, bench->ep_out, bytes, rand() % 65);
		bench->probe->ops->in(bench->probe, 1, reply, rand() % 600);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(words_are_written_and_read_across_the_tar_wrap, plug_v2_1),
		WITH(data_may_come_in_several_transfers, plug_v2_1),
		WITH(bytes_and_halfwords_keep_their_lanes, plug_v2_1),
		WITH(a_single_byte_arrives_with_a_second_one, plug_v2_1),
		WITH(a_fault_names_its_address_and_is_cleared, plug_v2_1),
		WITH(a_fault_of_the_last_write_is_seen, plug_v2_1),
		WITH(misaligned_or_too_long_requests_say_alignment_error, plug_v2_1),
		WITH(rw_misc_writes_and_reads_a_list, plug_v2_1),
		WITH(a_list_longer_than_any_firmware_takes_is_survived, plug_v2_1),
		WITH(words_at_one_address_do_not_move_on, plug_v2_1),
		WITH(swo_is_kept_only_while_it_is_recorded, plug_v2_1),
		WITH(transfers_and_commands_are_counted_and_cost_time, plug_v2_1),
		WITH(random_bytes_do_no_harm, plug_v2_1),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
