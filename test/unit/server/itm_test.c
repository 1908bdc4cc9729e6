/* SPDX-License-Identifier: MIT */
/* itm_test.c - packets of the ITM (DDI 0403E.e, appendix D4), whole, cut and strange. */
#include "server/live/itm.h"
#include "transport/base/bytes.h"
#include "transport/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static char taken[512];
static struct text words;

static void
take(void *context, unsigned port, const uint8_t *bytes, unsigned len)
{
	(void)context;
	text_add(&words, "%u:", port);
	for (unsigned i = 0; i < len; i++)
		text_add(&words, "%02x", bytes[i]);
	text_add(&words, " ");
}

static void
feed(struct itm *itm, const char *digits)
{
	uint8_t bytes[256];
	size_t len = strlen(digits) / 2;

	assert_true(hex_decode(bytes, digits, len));
	itm_feed(itm, bytes, len);
}

static void
assert_taken(const char *digits, const char *expected)
{
	struct itm itm;

	itm_init(&itm, take, NULL);
	text_init(&words, taken, sizeof(taken));
	taken[0] = '\0';
	feed(&itm, digits);
	assert_string_equal(taken, expected);
}

static void
writes_of_each_size_are_taken_with_their_port(void **state)
{
	(void)state;
	assert_taken("0141", "0:41 ");
	assert_taken("0a4142", "1:4142 ");
	assert_taken("fb01020304", "31:01020304 ");
	assert_taken("01410142", "0:41 0:42 ");
}

/* Local timestamps, short and long, extensions, global timestamps; packets of the DWT. */
static void
other_packets_are_passed(void **state)
{
	(void)state;
	assert_taken("100141", "0:41 ");
	assert_taken("c08180010141", "0:41 ");
	assert_taken("080141", "0:41 ");
	assert_taken("88810101"
		     "41",
		     "0:41 ");
	assert_taken("94818181010141", "0:41 ");
	assert_taken("17000102030141", "0:41 ");
	assert_taken("05010e0203"
		     "0141",
		     "0:41 ");
}

static void
overflows_and_strange_bytes_are_counted(void **state)
{
	struct itm itm;

	(void)state;
	itm_init(&itm, take, NULL);
	text_init(&words, taken, sizeof(taken));
	feed(&itm, "70700141");
	assert_int_equal(itm.overflows, 2);
	feed(&itm, "240c");
	assert_int_equal(itm.strange, 1);
}

static void
after_a_loss_it_goes_on_at_the_next_synchronization(void **state)
{
	struct itm itm;

	(void)state;
	itm_init(&itm, take, NULL);
	text_init(&words, taken, sizeof(taken));
	taken[0] = '\0';
	feed(&itm, "0341");
	itm_lose(&itm);
	feed(&itm, "4243440142");
	assert_string_equal(taken, "");
	feed(&itm, "000000000080014a");
	assert_string_equal(taken, "0:4a ");
}

static void
synchronization_ends_what_was_begun(void **state)
{
	(void)state;
	assert_taken("0341000000000000800142", "0:41000000 0:42 ");
	assert_taken("80000000000000800142", "0:42 ");
}

static void
a_packet_may_come_in_pieces(void **state)
{
	struct itm itm;

	(void)state;
	itm_init(&itm, take, NULL);
	text_init(&words, taken, sizeof(taken));
	taken[0] = '\0';
	feed(&itm, "0301");
	feed(&itm, "0203");
	feed(&itm, "04");
	assert_string_equal(taken, "0:01020304 ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_of_each_size_are_taken_with_their_port),
		cmocka_unit_test(other_packets_are_passed),
		cmocka_unit_test(overflows_and_strange_bytes_are_counted),
		cmocka_unit_test(after_a_loss_it_goes_on_at_the_next_synchronization),
		cmocka_unit_test(synchronization_ends_what_was_begun),
		cmocka_unit_test(a_packet_may_come_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
