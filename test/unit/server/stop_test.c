/* SPDX-License-Identifier: MIT */
#include "server/debug/stop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct stop_dialect gdb = { .swbreak = true, .hwbreak = true };
static const struct stop_dialect plain = { .swbreak = false, .hwbreak = false };
static char buffer[256];

static const char *
reply(struct halt halt, enum stop_signal on_request, const struct stop_dialect *dialect)
{
	struct stop stop = { .halt = halt };
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	stop_reply(&stop, on_request, dialect, "1", &text);
	return buffer;
}

static void
breakpoints_are_named_to_who_understands_it(void **state)
{
	struct halt hardware = { .reason = HALT_BREAKPOINT };
	struct halt software = { .reason = HALT_BREAKPOINT, .is_software = true };

	(void)state;
	assert_string_equal(reply(hardware, STOP_TRAP, &gdb), "T05hwbreak:;thread:1;");
	assert_string_equal(reply(software, STOP_TRAP, &gdb), "T05swbreak:;thread:1;");
	assert_string_equal(reply(software, STOP_TRAP, &plain), "T05thread:1;");
}

static void
watchpoints_are_named_by_kind_and_address(void **state)
{
	struct halt halt = { .reason = HALT_WATCHPOINT, .watch_at = 0x20000010 };

	(void)state;
	halt.watch_kind = WATCH_WRITE;
	assert_string_equal(reply(halt, STOP_TRAP, &gdb), "T05watch:20000010;thread:1;");
	halt.watch_kind = WATCH_READ;
	assert_string_equal(reply(halt, STOP_TRAP, &gdb), "T05rwatch:20000010;thread:1;");
	halt.watch_kind = WATCH_ACCESS;
	assert_string_equal(reply(halt, STOP_TRAP, &gdb), "T05awatch:20000010;thread:1;");
}

static void
a_halt_on_request_is_sigint_for_who_sent_ctrl_c(void **state)
{
	struct halt halt = { .reason = HALT_REQUESTED };

	(void)state;
	assert_string_equal(reply(halt, STOP_INT, &gdb), "T02thread:1;");
	assert_string_equal(reply(halt, STOP_TRAP, &gdb), "T05thread:1;");
}

static void
a_breakpoint_that_was_faster_than_ctrl_c_is_the_breakpoint(void **state)
{
	struct halt halt = { .reason = HALT_BREAKPOINT };

	(void)state;
	assert_string_equal(reply(halt, STOP_INT, &gdb), "T05hwbreak:;thread:1;");
}

static void
a_caught_fault_is_the_signal_a_program_would_get(void **state)
{
	static const struct {
		uint8_t exception;
		const char *reply;
	} faults[] = {
		{ 3, "T0bthread:1;" }, { 4, "T0bthread:1;" }, { 5, "T0athread:1;" },
		{ 6, "T04thread:1;" }, { 0, "T05thread:1;" }, /* the reset vector */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct halt halt = { .reason = HALT_VECTOR_CATCH,
				     .exception = faults[i].exception };

		assert_string_equal(reply(halt, STOP_TRAP, &gdb), faults[i].reply);
	}
}

static void
a_lock_up_is_sigsegv_and_says_so(void **state)
{
	struct stop stop = { .halt.reason = HALT_REQUESTED, .is_locked_up = true };
	struct text text;

	(void)state;
	assert_int_equal(stop_signal(&stop), STOP_SEGV);
	text_init(&text, buffer, sizeof(buffer));
	stop_describe(&stop, &text);
	assert_string_equal(buffer, "locked up");
}

static void
registers_are_in_the_targets_byte_order(void **state)
{
	struct text text;

	(void)state;
	text_init(&text, buffer, sizeof(buffer));
	stop_add_register(15, 0x08000123, &text);
	assert_string_equal(buffer, "0f:23010008;");
}

static void
people_read_words(void **state)
{
	struct stop stop = { .halt = { .reason = HALT_VECTOR_CATCH, .exception = 6 } };
	struct text text;

	(void)state;
	text_init(&text, buffer, sizeof(buffer));
	stop_describe(&stop, &text);
	assert_string_equal(buffer, "halted by vector catch: UsageFault");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(breakpoints_are_named_to_who_understands_it),
		cmocka_unit_test(watchpoints_are_named_by_kind_and_address),
		cmocka_unit_test(a_halt_on_request_is_sigint_for_who_sent_ctrl_c),
		cmocka_unit_test(
			a_breakpoint_that_was_faster_than_ctrl_c_is_the_breakpoint),
		cmocka_unit_test(a_caught_fault_is_the_signal_a_program_would_get),
		cmocka_unit_test(a_lock_up_is_sigsegv_and_says_so),
		cmocka_unit_test(registers_are_in_the_targets_byte_order),
		cmocka_unit_test(people_read_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
