/* SPDX-License-Identifier: MIT */
#include "flash/runner/context.h"
#include "test/unit/fake_board.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* DDI 0553B, DCRSR.REGSEL. */
enum { XPSR = 0x10, MSPLIM_S = 0x1c, MSPLIM_NS = 0x1e };

static enum swd_ack
read_zero(void *context, struct fake_access *access)
{
	(void)context;
	access->value = 0;
	return ACK_OK;
}

/* The loader's stack lies below what the program has set as its limit. */
static void
no_stack_limit_of_either_state_is_left_to_a_loader(void **state)
{
	const struct context_start start = { .pc = 0x20000400, .msp = 0x20000200 };
	static const uint32_t system_at[] = { 0xe000ed08, 0xe000ed94 }; /* VTOR, MPU_CTRL */
	struct fake_board fake;
	struct context context = { 0 };
	struct reason why = REASON_INIT;

	(void)state;
	fake_board_new(&fake);
	for (unsigned i = 0; i < array_len(system_at); i++)
		fake_probe_hook(fake.probe, system_at[i], 4, read_zero, NULL);
	fake.core->cpuid = 0x410fd214;
	fake.core->fp_ctrl = 0x10000060;
	fake.core->dauthstatus = 0xff;
	fake.core->r[XPSR] = 0x01000000;
	fake_board_connect(&fake, CONNECT_HALT);
	fake.core->r[MSPLIM_S] = 0x20001000;
	fake.core->r[MSPLIM_NS] = 0x20008000;
	assert_int_equal(context_save(&context, fake.cm4, &why), CAUSE_NONE);
	assert_int_equal(context_enter(&context, fake.cm4, &start, &why), CAUSE_NONE);
	assert_int_equal(fake.core->r[MSPLIM_S], 0);
	assert_int_equal(fake.core->r[MSPLIM_NS], 0);
	assert_int_equal(context_restore(&context, fake.cm4, &why), CAUSE_NONE);
	assert_int_equal(fake.core->r[MSPLIM_S], 0x20001000);
	assert_int_equal(fake.core->r[MSPLIM_NS], 0x20008000);
	fake_board_free(&fake);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_stack_limit_of_either_state_is_left_to_a_loader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
