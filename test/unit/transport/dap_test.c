/* SPDX-License-Identifier: MIT */
#include "transport/adi/dap.h"

#include "test/unit/fake_probe.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { CTRL_STAT = 0x4, CSW = 0x00, TAR = 0x04, DRW = 0x0c };

static struct fake_probe *fake;
static struct dap dap;
static struct reason why;

static int
set_up(void **state)
{
	(void)state;
	fake = fake_probe_new(FAKE_TRANSFERS_ONLY);
	why = (struct reason)REASON_INIT;
	dap_init(&dap, &fake->probe);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	fake_probe_free(fake);
	return 0;
}

static void
connecting_powers_up_and_clears_old_flags(void **state)
{
	(void)state;
	fake->ctrl_stat = 1 << 5;
	assert_int_equal(dap_connect(&dap, &why), CAUSE_NONE);
	assert_int_equal(dap.dpidr, 0x2ba01477);
	assert_int_equal(fake->ctrl_stat, 0xf0000000);
	assert_int_equal(fake->last_abort, 0x1e);
	assert_int_equal(fake->enters, 1);
}

static void
no_answer_at_all_is_gone(void **state)
{
	(void)state;
	fake->has_no_target = true;
	assert_int_equal(dap_connect(&dap, &why), CAUSE_GONE);
}

static void
a_dpidr_of_all_ones_or_zeros_is_no_debug_port(void **state)
{
	(void)state;
	fake->dpidr = 0xffffffff;
	assert_int_equal(dap_connect(&dap, &why), CAUSE_GONE);
	assert_string_equal(reason_root(&why),
			    "DPIDR reads 0xffffffff, which no debug port answers");
	fake->dpidr = 0;
	assert_int_equal(dap_connect(&dap, &why), CAUSE_GONE);
}

static void
a_port_that_does_not_power_up_times_out_after_200_ms(void **state)
{
	(void)state;
	fake->powers_up = false;
	assert_int_equal(dap_connect(&dap, &why), CAUSE_TIMEOUT);
	assert_string_equal(reason_root(&why),
			    "the debug port answers but does not power up: neither "
			    "CDBGPWRUPACK nor CSYSPWRUPACK came within 200 ms "
			    "(CTRL/STAT is 0x50000000)");
	assert_non_null(strstr(reason_remedy(&why), "under reset"));
	assert_true(fake->now_us >= 200000 && fake->now_us < 210000);
}

static void
a_wait_is_retried_and_a_run_of_drw_goes_on_from_its_tar(void **state)
{
	struct transfer batch[] = { { TRANSFER_AP_WRITE, 0, TAR, 0x20000000 },
				    { TRANSFER_AP_READ, 0, DRW, 0 },
				    { TRANSFER_AP_READ, 0, TAR, 0 } };
	uint8_t *ram = fake_probe_memory(fake, 0x20000000, 16);
	size_t finished;

	(void)state;
	le32_put(ram, 0x04030201);
	fake->ports[0].csw = 0x12; /* words, counting up */
	fake_probe_answer(fake, 2, 50, ACK_WAIT);
	assert_int_equal(dap_transfer(&dap, batch, 3, &finished, &why), CAUSE_NONE);
	assert_int_equal(finished, 3);
	assert_int_equal(batch[1].value, 0x04030201);
	assert_int_equal(batch[2].value, 0x20000004);
	/* TAR is written before the first try, and before the next one that is done. */
	assert_int_equal(fake->accesses, 4 + 50);
}

static void
a_wait_without_end_times_out_is_aborted_and_reported(void **state)
{
	uint32_t value = 0x55;

	(void)state;
	fake_probe_answer(fake, 1, 30000, ACK_WAIT);
	assert_int_equal(dap_ap_read(&dap, 0, DRW, &value, &why), CAUSE_TIMEOUT);
	assert_int_equal(value, 0x55);
	assert_true(fake->now_us >= 200000 && fake->now_us < 210000);
	assert_string_equal(reason_outermost(&why), "reading AP 0 DRW");
	assert_string_equal(reason_root(&why), "the target answered WAIT");
	assert_int_equal(reason_finding(&why), FINDING_TARGET_BUSY);
}

static void
after_a_wait_without_end_the_access_is_aborted(void **state)
{
	uint32_t value;

	(void)state;
	dap.wait_ms = 1;
	fake_probe_answer(fake, 1, 101, ACK_WAIT);
	assert_int_equal(dap_ap_read(&dap, 0, DRW, &value, &why), CAUSE_TIMEOUT);
	assert_int_equal(fake->last_abort, 0x1f);
}

/* A host with much to do: all of the time has passed when the first answer is looked at. */
static void
a_wait_that_took_the_whole_time_is_no_wait_without_end(void **state)
{
	uint32_t value;

	(void)state;
	fake->access_us = 2 * DAP_WAIT_MS * 1000;
	fake_probe_answer(fake, 1, 1, ACK_WAIT);
	assert_int_equal(dap_ap_read(&dap, 0, TAR, &value, &why), CAUSE_NONE);
	fake_probe_answer(fake, 1, 2, ACK_WAIT);
	assert_int_equal(dap_ap_read(&dap, 0, TAR, &value, &why), CAUSE_TIMEOUT);
}

static void
each_access_has_the_whole_time_to_wait(void **state)
{
	struct transfer batch[2] = { { TRANSFER_AP_READ, 0, TAR, 0 },
				     { TRANSFER_AP_READ, 0, TAR, 0 } };

	(void)state;
	dap.wait_ms = 10; /* 1000 accesses */
	fake_probe_answer(fake, 1, 900, ACK_WAIT);
	fake_probe_answer(fake, 902, 900, ACK_WAIT);
	assert_int_equal(dap_transfer(&dap, batch, 2, NULL, &why), CAUSE_NONE);
}

static void
a_fault_is_explained_by_its_flag_and_cleared(void **state)
{
	struct transfer batch[] = { { TRANSFER_AP_WRITE, 0, TAR, 0x30000000 },
				    { TRANSFER_AP_READ, 0, DRW, 0x55 },
				    { TRANSFER_AP_READ, 0, TAR, 0x66 } };
	size_t finished;
	char text[1024];

	(void)state;
	fake->ctrl_stat = 0xf0000000;
	assert_int_equal(dap_transfer(&dap, batch, 3, &finished, &why), CAUSE_FAULT);
	assert_int_equal(finished, 1);
	assert_int_equal(batch[1].value, 0x55);
	assert_int_equal(batch[2].value, 0x66);
	reason_text(&why, text, sizeof(text));
	assert_string_equal(text, "reading AP 0 DRW\n"
				  "  because CTRL/STAT is 0xf0000020: STICKYERR: an access "
				  "through an access port was refused\n"
				  "  because the target answered FAULT\n");
	assert_int_equal(fake->ctrl_stat, 0xf0000000);
	assert_int_equal(fake->last_abort, 0x1e);
}

static void
several_flags_are_all_named(void **state)
{
	uint32_t value;

	(void)state;
	fake->ctrl_stat = 0xf0000000;
	fake->sticky_extra = 1 << 7;
	assert_int_equal(dap_ap_read(&dap, 0, DRW, &value, &why), CAUSE_FAULT);
	assert_int_equal(fake->ctrl_stat, 0xf0000000);
	char text[1024];

	reason_text(&why, text, sizeof(text));
	assert_non_null(strstr(text, "STICKYERR: "));
	assert_non_null(strstr(text, "WDATAERR: "));
}

static void
a_fault_after_power_was_lost_says_so(void **state)
{
	uint32_t value;

	(void)state;
	fake->ctrl_stat = 0;
	assert_int_equal(dap_ap_read(&dap, 0, DRW, &value, &why), CAUSE_FAULT);
	char text[1024];

	reason_text(&why, text, sizeof(text));
	assert_non_null(
		strstr(text, "the debug port has lost its power: CDBGPWRUPACK is 0"));
	assert_non_null(strstr(reason_remedy(&why), "connect again"));
}

static void
a_target_lost_while_asking_about_a_fault_is_gone(void **state)
{
	uint32_t value;

	(void)state;
	fake_probe_answer(fake, 1, 1, ACK_FAULT);
	fake_probe_answer(fake, 2, 1, ACK_NONE);
	assert_int_equal(dap_ap_read(&dap, 0, DRW, &value, &why), CAUSE_GONE);
	char text[1024];

	reason_text(&why, text, sizeof(text));
	assert_non_null(strstr(text, "reading CTRL/STAT after that: the target did not "
				     "answer"));
}

static void
no_answer_is_not_retried(void **state)
{
	uint32_t value;

	(void)state;
	fake_probe_answer(fake, 1, 1, ACK_NONE);
	assert_int_equal(dap_dp_read(&dap, CTRL_STAT, &value, &why), CAUSE_GONE);
	assert_int_equal(fake->accesses, 1);
	assert_string_equal(reason_outermost(&why), "reading DP CTRL/STAT");
}

static void
reasons_name_register_port_and_value(void **state)
{
	(void)state;
	fake->has_no_target = true;
	dap_dp_write(&dap, 0x0, 0x1e, &why);
	assert_string_equal(reason_outermost(&why), "writing 0x0000001e to DP ABORT");
	dap_ap_write(&dap, 3, 0x00, 0x23000002, &why);
	assert_string_equal(reason_outermost(&why), "writing 0x23000002 to AP 3 CSW");
	dap_ap_write(&dap, 3, 0x10, 1, &why);
	assert_string_equal(reason_outermost(&why),
			    "writing 0x00000001 to AP 3 register 0x10");
	dap_ap_write(&dap, 0x2000, 0x0c, 1, &why);
	assert_string_equal(reason_outermost(&why),
			    "writing 0x00000001 to AP 0x00002000 DRW");
}

static void
a_target_that_is_gone_is_a_loss_that_no_caller_can_drop(void **state)
{
	uint32_t value;

	(void)state;
	assert_int_equal(dap_connect(&dap, &why), CAUSE_NONE);
	assert_false(dap_is_lost(&dap));
	fake_probe_answer(fake, 1, 1, ACK_NONE);
	dap_dp_read(&dap, CTRL_STAT, &value, &why);
	why = (struct reason)REASON_INIT;
	/* It answers again, and the next failure is another: the first one stays. */
	assert_int_equal(dap_dp_read(&dap, CTRL_STAT, &value, &why), CAUSE_NONE);
	fake_probe_answer(fake, 1, 1, ACK_NONE);
	dap_ap_read(&dap, 0, CSW, &value, &why);
	assert_true(dap_is_lost(&dap));
	assert_false(probe_is_lost(dap.probe));
	assert_string_equal(reason_outermost(dap_lost_why(&dap)), "reading DP CTRL/STAT");
	assert_string_equal(reason_root(dap_lost_why(&dap)), "the target did not answer");
	dap_forget_loss(&dap);
	assert_false(dap_is_lost(&dap));
}

static void
nothing_but_gone_is_a_loss(void **state)
{
	uint32_t value;

	(void)state;
	fake_probe_answer(fake, 1, 1, ACK_FAULT);
	assert_int_equal(dap_ap_read(&dap, 0, CSW, &value, &why), CAUSE_FAULT);
	fake_probe_answer(fake, 1, 30000, ACK_WAIT);
	assert_int_equal(dap_ap_read(&dap, 0, CSW, &value, &why), CAUSE_TIMEOUT);
	assert_false(dap_is_lost(&dap));
}

static void
a_loss_of_the_probe_is_named_before_that_of_the_target(void **state)
{
	uint32_t value;

	(void)state;
	fake_probe_answer(fake, 1, 1, ACK_NONE);
	dap_dp_read(&dap, CTRL_STAT, &value, &why);
	fake_probe_answer(fake, 1, 1, ACK_UNKNOWN);
	dap_dp_read(&dap, CTRL_STAT, &value, &why);
	assert_true(probe_is_lost(dap.probe));
	assert_ptr_equal(dap_lost_why(&dap), probe_lost_why(dap.probe));
}

static void
connecting_forgets_a_loss_and_its_own_failure_is_none(void **state)
{
	uint32_t value;

	(void)state;
	fake->has_no_target = true;
	assert_int_equal(dap_connect(&dap, &why), CAUSE_GONE);
	assert_false(dap_is_lost(&dap));
	fake->has_no_target = false;
	fake_probe_answer(fake, 1, 1, ACK_NONE);
	assert_int_equal(dap_connect(&dap, &why), CAUSE_GONE);
	assert_false(dap_is_lost(&dap));
	fake_probe_answer(fake, 1, 1, ACK_NONE);
	dap_dp_read(&dap, CTRL_STAT, &value, &why);
	fake_probe_answer(fake, 1, 1, ACK_UNKNOWN);
	dap_dp_read(&dap, CTRL_STAT, &value, &why);
	assert_true(dap_is_lost(&dap));
	assert_int_equal(dap_connect(&dap, &why), CAUSE_NONE);
	assert_false(dap_is_lost(&dap));
}

#define DAP_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DAP_TEST(connecting_powers_up_and_clears_old_flags),
		DAP_TEST(no_answer_at_all_is_gone),
		DAP_TEST(a_dpidr_of_all_ones_or_zeros_is_no_debug_port),
		DAP_TEST(a_port_that_does_not_power_up_times_out_after_200_ms),
		DAP_TEST(a_wait_is_retried_and_a_run_of_drw_goes_on_from_its_tar),
		DAP_TEST(a_wait_without_end_times_out_is_aborted_and_reported),
		DAP_TEST(after_a_wait_without_end_the_access_is_aborted),
		DAP_TEST(a_wait_that_took_the_whole_time_is_no_wait_without_end),
		DAP_TEST(each_access_has_the_whole_time_to_wait),
		DAP_TEST(a_fault_is_explained_by_its_flag_and_cleared),
		DAP_TEST(several_flags_are_all_named),
		DAP_TEST(a_fault_after_power_was_lost_says_so),
		DAP_TEST(a_target_lost_while_asking_about_a_fault_is_gone),
		DAP_TEST(no_answer_is_not_retried),
		DAP_TEST(reasons_name_register_port_and_value),
		DAP_TEST(a_target_that_is_gone_is_a_loss_that_no_caller_can_drop),
		DAP_TEST(nothing_but_gone_is_a_loss),
		DAP_TEST(a_loss_of_the_probe_is_named_before_that_of_the_target),
		DAP_TEST(connecting_forgets_a_loss_and_its_own_failure_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
