/* SPDX-License-Identifier: MIT */
#include "flash/load/crc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The check value of CRC-32/MPEG-2, which has gdb's parameters (reveng's catalogue). */
static void
the_checksum_is_gdb_s(void **state)
{
	static const uint8_t bytes[] = "123456789";

	(void)state;
	assert_int_equal(crc_add(0xffffffff, bytes, 9), 0x0376e6e7);
	assert_int_equal(crc_add(crc_add(0xffffffff, bytes, 4), bytes + 4, 5), 0x0376e6e7);
	assert_int_equal(crc_add(0xffffffff, bytes, 0), 0xffffffff);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_checksum_is_gdb_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
