/* SPDX-License-Identifier: MIT */
#include "server/session/packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct packet_reader reader;

static int
fresh_reader(void **state)
{
	(void)state;
	packet_reader_init(&reader);
	return 0;
}

/* Feeds one string and returns its first event; *rest tells what was not taken. */
static enum packet_event
feed(const char *bytes, const char **rest)
{
	size_t taken;
	enum packet_event event =
		packet_read(&reader, (const uint8_t *)bytes, strlen(bytes), &taken);

	if (rest != NULL)
		*rest = bytes + taken;
	return event;
}

static void
a_packet_arrives_in_any_pieces(void **state)
{
	const char *packet = "$m20000000,4#4f";

	(void)state;
	for (size_t cut = 1; cut < strlen(packet); cut++) {
		size_t taken;

		assert_int_equal(packet_read(&reader, (const uint8_t *)packet, cut, &taken),
				 PACKET_NOTHING);
		assert_int_equal(taken, cut);
		assert_int_equal(feed(packet + cut, NULL), PACKET_COMPLETE);
		assert_string_equal(reader.data, "m20000000,4");
	}
}

static void
two_packets_in_one_read_are_two_events(void **state)
{
	const char *rest;

	(void)state;
	assert_int_equal(feed("$g#67$?#3f", &rest), PACKET_COMPLETE);
	assert_string_equal(reader.data, "g");
	assert_int_equal(feed(rest, &rest), PACKET_COMPLETE);
	assert_string_equal(reader.data, "?");
	assert_string_equal(rest, "");
}

static void
a_wrong_checksum_is_reported_with_both_sums(void **state)
{
	(void)state;
	assert_int_equal(feed("$g#00", NULL), PACKET_BAD_CHECKSUM);
	assert_int_equal(reader.computed, 0x67);
	assert_int_equal(reader.received, 0x00);
	assert_int_equal(feed("$g#zz", NULL), PACKET_BAD_CHECKSUM);
	assert_int_equal(feed("$g#67", NULL), PACKET_COMPLETE);
}

static void
escapes_are_undone_and_count_in_the_checksum(void **state)
{
	uint8_t framed[64];
	size_t taken, len = packet_write(framed, sizeof(framed), "X$#}*\0\x03", 7);

	(void)state;
	assert_int_equal(packet_read(&reader, framed, len, &taken), PACKET_COMPLETE);
	assert_int_equal(taken, len);
	assert_int_equal(reader.len, 7);
	assert_memory_equal(reader.data, "X$#}*\0\x03", 7);
}

static void
every_byte_survives_the_way_there_and_back(void **state)
{
	char data[257] = "X";
	uint8_t framed[2 * sizeof(data) + 4];
	size_t taken, len;

	(void)state;
	for (size_t i = 0; i < 256; i++)
		data[1 + i] = (char)i;
	len = packet_write(framed, sizeof(framed), data, sizeof(data));
	assert_int_not_equal(len, 0);
	assert_int_equal(packet_read(&reader, framed, len, &taken), PACKET_COMPLETE);
	assert_int_equal(reader.len, sizeof(data));
	assert_memory_equal(reader.data, data, sizeof(data));
}

static void
break_and_acknowledges_are_events_of_their_own(void **state)
{
	const char *rest = "+-\x03";

	(void)state;
	assert_int_equal(feed(rest, &rest), PACKET_ACK);
	assert_int_equal(feed(rest, &rest), PACKET_NAK);
	assert_int_equal(feed(rest, &rest), PACKET_BREAK);
}

static void
a_break_byte_inside_a_packet_of_text_cuts_it_short(void **state)
{
	const char *rest = "$m2000\x03$?#3f$\x03+";

	(void)state;
	assert_int_equal(feed(rest, &rest), PACKET_BREAK);
	assert_int_equal(feed(rest, &rest), PACKET_COMPLETE);
	assert_string_equal(reader.data, "?");
	assert_int_equal(feed(rest, &rest), PACKET_BREAK);
	assert_int_equal(feed(rest, &rest), PACKET_ACK);
}

static void
a_break_byte_inside_a_packet_is_data(void **state)
{
	(void)state;
	assert_int_equal(feed("$X\x03#5b", NULL), PACKET_COMPLETE);
	assert_int_equal(reader.len, 2);
}

static void
junk_is_one_event_and_is_counted(void **state)
{
	const char *rest;

	(void)state;
	assert_int_equal(feed("GET / HTTP/1.1\r\n$g#67", &rest), PACKET_JUNK);
	assert_int_equal(reader.junk, 16);
	assert_int_equal(feed(rest, &rest), PACKET_COMPLETE);
}

static void
an_oversized_packet_is_skipped_and_the_next_one_read(void **state)
{
	static uint8_t big[PACKET_SIZE + 1000];
	static uint8_t framed[2 * sizeof(big) + 4];
	size_t taken, len;

	(void)state;
	memset(big, 'a', sizeof(big));
	len = packet_write(framed, sizeof(framed), (const char *)big, sizeof(big));
	assert_int_equal(packet_read(&reader, framed, len, &taken), PACKET_TOO_LONG);
	assert_int_equal(taken, len);
	assert_int_equal(feed("$g#67", NULL), PACKET_COMPLETE);
	assert_string_equal(reader.data, "g");
}

static void
an_escape_without_its_byte_is_no_packet(void **state)
{
	(void)state;
	assert_int_equal(feed("$X}#d5", NULL), PACKET_CUT_ESCAPE);
	assert_int_equal(feed("$X}#00", NULL), PACKET_BAD_CHECKSUM);
	assert_int_equal(feed("$g#67", NULL), PACKET_COMPLETE);
	assert_string_equal(reader.data, "g");
}

static void
a_packet_of_exactly_the_announced_size_is_taken(void **state)
{
	static char data[PACKET_SIZE];
	static uint8_t framed[2 * sizeof(data) + 4];
	size_t taken, len;

	(void)state;
	memset(data, 'b', sizeof(data));
	len = packet_write(framed, sizeof(framed), data, sizeof(data));
	assert_int_equal(packet_read(&reader, framed, len, &taken), PACKET_COMPLETE);
	assert_int_equal(reader.len, sizeof(data));
}

static void
a_lost_end_costs_one_packet_only(void **state)
{
	(void)state;
	assert_int_equal(feed("$m2000$g#67", NULL), PACKET_COMPLETE);
	assert_string_equal(reader.data, "g");
}

static void
random_bytes_never_overrun(void **state)
{
	uint8_t bytes[97];

	(void)state;
	srand(1);
	for (int round = 0; round < 20000; round++) {
		size_t taken = 0;

		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (uint8_t)rand();
		for (size_t at = 0; at < sizeof(bytes); at += taken) {
			packet_read(&reader, bytes + at, sizeof(bytes) - at, &taken);
			assert_in_range(taken, 1, sizeof(bytes));
			assert_in_range(reader.len, 0, PACKET_SIZE);
		}
	}
}

static void
a_buffer_too_small_writes_nothing(void **state)
{
	uint8_t framed[8];

	(void)state;
	assert_int_equal(packet_write(framed, sizeof(framed), "OK", 2), 6);
	assert_memory_equal(framed, "$OK#9a", 6);
	assert_int_equal(packet_write(framed, sizeof(framed), "OKOK", 4), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_packet_arrives_in_any_pieces, fresh_reader),
		cmocka_unit_test_setup(two_packets_in_one_read_are_two_events,
				       fresh_reader),
		cmocka_unit_test_setup(a_wrong_checksum_is_reported_with_both_sums,
				       fresh_reader),
		cmocka_unit_test_setup(escapes_are_undone_and_count_in_the_checksum,
				       fresh_reader),
		cmocka_unit_test_setup(every_byte_survives_the_way_there_and_back,
				       fresh_reader),
		cmocka_unit_test_setup(break_and_acknowledges_are_events_of_their_own,
				       fresh_reader),
		cmocka_unit_test_setup(a_break_byte_inside_a_packet_is_data, fresh_reader),
		cmocka_unit_test_setup(a_break_byte_inside_a_packet_of_text_cuts_it_short,
				       fresh_reader),
		cmocka_unit_test_setup(junk_is_one_event_and_is_counted, fresh_reader),
		cmocka_unit_test_setup(an_oversized_packet_is_skipped_and_the_next_one_read,
				       fresh_reader),
		cmocka_unit_test_setup(an_escape_without_its_byte_is_no_packet,
				       fresh_reader),
		cmocka_unit_test_setup(a_packet_of_exactly_the_announced_size_is_taken,
				       fresh_reader),
		cmocka_unit_test_setup(a_lost_end_costs_one_packet_only, fresh_reader),
		cmocka_unit_test_setup(random_bytes_never_overrun, fresh_reader),
		cmocka_unit_test(a_buffer_too_small_writes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
