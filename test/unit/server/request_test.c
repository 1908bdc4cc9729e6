/* SPDX-License-Identifier: MIT */
#include "server/rsp/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct request request;
static struct reason why;

static enum cause
parse(const char *schema, const char *bytes)
{
	request = (struct request){ .name = "X" };
	return request_parse(schema, bytes, strlen(bytes), &request, &why);
}

static void
the_arguments_of_X_are_an_address_a_number_and_bytes(void **state)
{
	(void)state;
	assert_int_equal(parse("a,n:b", "20000000,3:a#\x01"), CAUSE_NONE);
	assert_int_equal(request.at[0].number, 0x20000000);
	assert_int_equal(request.at[1].number, 3);
	assert_true(argument_is(&request.at[2], "a#\x01"));
	assert_int_equal(request.len, 3);
}

static void
an_address_has_at_most_8_digits(void **state)
{
	(void)state;
	assert_int_equal(parse("a,n", "ffffffff,4"), CAUSE_NONE);
	assert_int_equal(parse("a,n", "100000000,4"), CAUSE_REQUEST);
	assert_string_equal(reason_outermost(&why),
			    "the packet X has '0' as character 9 of its arguments, where "
			    "an address should be");
}

static void
a_missing_argument_is_named(void **state)
{
	(void)state;
	assert_int_equal(parse("a,n", "1000,"), CAUSE_REQUEST);
	assert_string_equal(reason_outermost(&why),
			    "the packet X ends where a number should be");
	assert_int_equal(parse("a,n", ""), CAUSE_REQUEST);
}

static void
what_follows_the_last_argument_is_refused(void **state)
{
	(void)state;
	assert_int_equal(parse("a,n", "0,4;"), CAUSE_REQUEST);
	assert_string_equal(reason_outermost(&why),
			    "the packet X has ';' as character 4 of its arguments, where "
			    "it should end");
	assert_int_equal(parse("", "x"), CAUSE_REQUEST);
	assert_int_equal(parse("a,n", "0"), CAUSE_REQUEST);
	assert_string_equal(reason_outermost(&why),
			    "the packet X ends where ',' should be");
}

static void
after_a_question_mark_the_packet_may_end(void **state)
{
	(void)state;
	assert_int_equal(parse("n?;a", "5"), CAUSE_NONE);
	assert_int_equal(request.len, 1);
	assert_int_equal(parse("n?;a", "5;8000000"), CAUSE_NONE);
	assert_int_equal(request.len, 2);
	assert_int_equal(parse("n?;a", "5;"), CAUSE_NONE);
	assert_int_equal(parse("n?;a", "5:"), CAUSE_REQUEST);
}

static void
a_word_ends_at_what_follows_it_in_the_schema(void **state)
{
	(void)state;
	assert_int_equal(parse("w:n,n", "target.xml:0,ffb"), CAUSE_NONE);
	assert_true(argument_is(&request.at[0], "target.xml"));
	assert_int_equal(request.at[2].number, 0xffb);
}

static void
threads_come_in_every_form_gdb_writes(void **state)
{
	(void)state;
	assert_int_equal(parse("t", "-1"), CAUSE_NONE);
	assert_int_equal(request.at[0].process, REQUEST_ANY);
	assert_int_equal(request.at[0].thread, REQUEST_ALL);
	assert_int_equal(parse("t", "p1.2"), CAUSE_NONE);
	assert_int_equal(request.at[0].process, 1);
	assert_int_equal(request.at[0].thread, 2);
	assert_int_equal(parse("t", "p2.-1"), CAUSE_NONE);
	assert_int_equal(request.at[0].process, 2);
	assert_int_equal(request.at[0].thread, REQUEST_ALL);
	assert_int_equal(parse("t", "p-1"), CAUSE_NONE);
	assert_int_equal(request.at[0].process, REQUEST_ALL);
	assert_int_equal(parse("t", "ffffffffff"), CAUSE_NONE);
	assert_int_equal(request.at[0].thread, INT32_MAX);
	assert_int_equal(parse("t", "p"), CAUSE_REQUEST);
	assert_int_equal(parse("t", "-2"), CAUSE_REQUEST);
}

static void
digits_are_decoded_only_in_pairs_and_only_as_many_as_fit(void **state)
{
	uint8_t bytes[2];
	size_t len;

	(void)state;
	parse("x", "0aFf");
	assert_true(argument_decode(&request.at[0], bytes, sizeof(bytes), &len));
	assert_int_equal(len, 2);
	assert_int_equal(bytes[0], 0x0a);
	assert_int_equal(bytes[1], 0xff);
	parse("x", "0aF");
	assert_false(argument_decode(&request.at[0], bytes, sizeof(bytes), &len));
	parse("x", "0a0b0c");
	assert_false(argument_decode(&request.at[0], bytes, sizeof(bytes), &len));
	parse("x", "0g");
	assert_false(argument_decode(&request.at[0], bytes, sizeof(bytes), &len));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_arguments_of_X_are_an_address_a_number_and_bytes),
		cmocka_unit_test(an_address_has_at_most_8_digits),
		cmocka_unit_test(a_missing_argument_is_named),
		cmocka_unit_test(what_follows_the_last_argument_is_refused),
		cmocka_unit_test(after_a_question_mark_the_packet_may_end),
		cmocka_unit_test(a_word_ends_at_what_follows_it_in_the_schema),
		cmocka_unit_test(threads_come_in_every_form_gdb_writes),
		cmocka_unit_test(digits_are_decoded_only_in_pairs_and_only_as_many_as_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
