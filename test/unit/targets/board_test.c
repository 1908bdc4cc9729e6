/* SPDX-License-Identifier: MIT */
#include "targets/board/board_internal.h"
#include "targets/connect/power_cycle.h"
#include "targets/reset/nrst.h"
#include "targets/reset/reset.h"
#include "test/unit/targets/board_fixture.h"
#include "test/unit/targets/device_fixtures.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { APB1FZR1 = 8 };

static void
the_chip_is_identified(void **state)
{
	(void)state;
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_string_equal(board_device(fake.board)->name, "STM32G471/473/474/483/484");
	assert_int_equal(board_idcode(fake.board), 0x20036469);
	assert_int_equal(board_flash_kib(fake.board), 128);
	assert_string_equal(board_chip(fake.board)->layout->name, "DBANK=1");
	assert_null(board_flash_why(fake.board));
	assert_string_equal(board_describe(fake.board),
			    "STM32G471/473/474/483/484, revision 0x2003, 128 KiB of flash, "
			    "Cortex-M4 r0p1");
	assert_int_equal(board_cores(fake.board), 1);
	assert_ptr_equal(board_core_by_name(fake.board, "cm4"), fake.cm4);
	assert_null(board_core_by_name(fake.board, "cm7"));
}

static void
the_option_bit_selects_the_layout(void **state)
{
	(void)state;
	le32_put(fake.options, 0xffaff8aa);
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_string_equal(board_chip(fake.board)->layout->name, "DBANK=0");
}

static void
a_layout_that_cannot_be_read_is_not_guessed(void **state)
{
	(void)state;
	fake.probe->regions[4].size = 0;
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_null(board_chip(fake.board)->layout);
	assert_int_equal(board_flash_why(fake.board)->cause, CAUSE_FAULT);
	assert_string_equal(
		reason_outermost(board_flash_why(fake.board)),
		"the layout of the flash of STM32G471/473/474/483/484 cannot be "
		"read, so it cannot be programmed");
	assert_non_null(strstr(logged, "the layout of the flash of STM32G471"));
}

static void
a_size_word_that_cannot_be_is_replaced_by_the_maximum(void **state)
{
	(void)state;
	le32_put(fake.size_word, 0xffff1234);
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_int_equal(board_flash_kib(fake.board), 512);
	assert_non_null(strstr(logged, "the flash size word at 0x1fff75e0 reads 4660 KiB; "
				       "512 KiB are assumed"));
}

static void
an_unknown_chip_is_named_and_can_be_debugged(void **state)
{
	(void)state;
	le32_put(fake.dbgmcu, 0x10010777);
	fake_board_connect(&fake, CONNECT_HALT);
	assert_null(board_device(fake.board));
	assert_string_equal(reason_root(board_flash_why(fake.board)),
			    "STM32 with DEV_ID 0x777 is not in the device table, so its "
			    "flash cannot be programmed");
	assert_string_equal(
		board_describe(fake.board),
		"unknown chip (DEV_ID 0x777, IDCODE 0x10010777), Cortex-M4 r0p1");
	assert_string_equal(core_name(fake.cm4), "cm4");
	assert_non_null(strstr(logged, "DEV_ID 0x777"));
	assert_int_equal(core_step(fake.cm4, &why), CAUSE_NONE);
}

/* CoreSight identification registers, IHI 0029: class 1, JEP106 0x23b, part 0x4c4. */
static enum swd_ack
rom_table_by_arm(void *context, struct fake_access *access)
{
	static const uint8_t pidr_4[] = { 4, 0, 0, 0, 0xc4, 0xb4, 0xb, 0 };
	static const uint8_t cidr[] = { 0x0d, 0x10, 0x05, 0xb1 };
	uint32_t offset = access->at & 0xfff;

	(void)context;
	access->value = 0;
	if (offset >= 0xff0)
		access->value = cidr[(offset - 0xff0) / 4];
	else if (offset >= 0xfd0)
		access->value = pidr_4[(offset - 0xfd0) / 4];
	return ACK_OK;
}

static void
a_chip_that_is_not_by_st_is_reported_as_that(void **state)
{
	(void)state;
	le32_put(fake.dbgmcu, 0x10010777);
	fake_probe_hook(fake.probe, 0xe00ff000, 0x1000, rom_table_by_arm, NULL);
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_string_equal(board_describe(fake.board),
			    "unknown chip (DEV_ID 0x777, IDCODE 0x10010777), Cortex-M4 "
			    "r0p1, not by ST (JEP106 0x23b, part 0x4c4)");
}

static enum swd_ack
idcode_of_an_h745(void *context, struct fake_access *access)
{
	unsigned *port = context;

	*port = access->ap;
	access->value = 0x20036450;
	return ACK_OK;
}

/* Its DBGMCU is behind a port of its own; its second core, at port 3, is held. */
static void
a_chip_is_identified_through_another_port_and_a_core_may_be_absent(void **state)
{
	struct board_options options = { .connect = CONNECT_ATTACH };
	unsigned port = 0;

	(void)state;
	le32_put(fake.dbgmcu, 0);
	fake.probe->ports[2] = fake.probe->ports[0];
	fake_probe_hook(fake.probe, 0xe00e1000, 4, idcode_of_an_h745, &port);
	fake_probe_memory(fake.probe, 0xe00e1004, 0x60);
	fake_board_open(&fake, &options);
	fake.board->table = &fixture_table;
	assert_int_equal(fake_board_run(&fake, board_connect(fake.board), &why),
			 CAUSE_NONE);
	assert_ptr_equal(board_device(fake.board), &fixture_h745);
	assert_int_equal(port, 2);
	assert_int_equal(board_cores(fake.board), 1);
	assert_string_equal(core_name(board_core(fake.board, 0)), "cm7");
	assert_non_null(strstr(logged, "cm4 is not there"));
	assert_non_null(strstr(logged, "access port 3"));
}

/* What lies at the address of another family's IDCODE does not hide the chip's own. */
static void
a_place_with_an_unknown_id_does_not_hide_one_with_a_known_id(void **state)
{
	struct board_options options = { .connect = CONNECT_ATTACH };
	unsigned port = 0;

	(void)state;
	le32_put(fake.dbgmcu, 0x10010777);
	fake.probe->ports[2] = fake.probe->ports[0];
	fake_probe_hook(fake.probe, 0xe00e1000, 4, idcode_of_an_h745, &port);
	fake_probe_memory(fake.probe, 0xe00e1004, 0x60);
	fake_board_open(&fake, &options);
	fake.board->table = &fixture_table;
	assert_int_equal(fake_board_run(&fake, board_connect(fake.board), &why),
			 CAUSE_NONE);
	assert_ptr_equal(board_device(fake.board), &fixture_h745);
}

/* Another register may lie where a family that is not known has its IDCODE. */
static void
an_id_that_does_not_tell_a_revision_is_not_taken_for_one(void **state)
{
	(void)state;
	le32_put(fake.dbgmcu, 0x00000001);
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_null(board_device(fake.board));
	assert_int_equal(board_idcode(fake.board), 0);
	assert_non_null(strstr(reason_root(board_flash_why(fake.board)),
			       "does not say which STM32 it is"));
}

static void
a_write_to_flash_that_is_not_known_is_refused_with_the_reason(void **state)
{
	uint32_t word = 1;

	(void)state;
	le32_put(fake.dbgmcu, 0x10006777);
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_int_equal(core_memory_write(fake.cm4, 0x08000000, &word, 4, &why),
			 CAUSE_UNSUPPORTED);
	assert_string_equal(reason_outermost(&why),
			    "STM32 with DEV_ID 0x777 is not in the device table, so its "
			    "flash cannot be programmed");
	assert_non_null(strstr(reason_remedy(&why), "tether targets"));
	assert_int_equal(core_memory_write(fake.cm4, 0x20000000, &word, 4, &why),
			 CAUSE_NONE);
}

static void
a_target_name_overrides_what_was_identified(void **state)
{
	struct board_options options = { .connect = CONNECT_ATTACH, .target = "STM32G473" };

	(void)state;
	le32_put(fake.dbgmcu, 0x10010777);
	fake_board_open(&fake, &options);
	assert_int_equal(fake_board_run(&fake, board_connect(fake.board), &why),
			 CAUSE_NONE);
	assert_int_equal(board_device(fake.board)->dev_id, 0x469);
}

static void
a_target_name_that_is_none_is_refused(void **state)
{
	struct board_options options = { .connect = CONNECT_ATTACH, .target = "STM32X9" };

	(void)state;
	fake_board_open(&fake, &options);
	assert_int_equal(fake_board_run(&fake, board_connect(fake.board), &why),
			 CAUSE_REQUEST);
	assert_string_equal(reason_root(&why),
			    "no single device in the table is called \"STM32X9\"");
}

static void
attaching_neither_halts_nor_resets(void **state)
{
	(void)state;
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_false(fake.core->is_halted);
	assert_int_equal(fake.core->resets, 0);
	assert_int_equal(fake.core->control, 1);
	assert_int_equal(fake.probe->hz, 4000000);
}

static void
attaching_waits_for_a_slow_nrst_to_rise(void **state)
{
	(void)state;
	fake.core->nrst_high_at_us = 900000;
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_true(fake.probe->now_us >= 900000);
}

/* Where one access outlasts the deadline, what it shows is a reset of before. */
static void
a_slow_link_does_not_make_a_reset_that_is_over_one_that_lasts(void **state)
{
	(void)state;
	fake.core->was_reset = true;
	fake.probe->access_us = 1200000;
	fake_board_connect(&fake, CONNECT_ATTACH);
}

/* The first reading falls into a reset. */
static enum swd_ack
idcode_behind_a_reset(void *context, struct fake_access *access)
{
	static const uint32_t idcode = 0x20036469;
	unsigned *readings = context;

	fake.core->was_reset = *readings == 0;
	access->value = (*readings)++ == 0 ? 0 : idcode;
	return ACK_OK;
}

static void
a_chip_that_is_met_in_a_reset_of_its_own_is_identified_behind_it(void **state)
{
	unsigned readings = 0;

	(void)state;
	fake_probe_hook(fake.probe, 0xe0042000, 4, idcode_behind_a_reset, &readings);
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_int_equal(readings, 2);
	assert_non_null(strstr(board_describe(fake.board), "STM32G471/473"));
}

/* So busy a computer that each reading takes four milliseconds: it is over at the sixth. */
static void
a_reset_that_passes_is_waited_for_by_readings_too(void **state)
{
	bool was_reset = false;

	(void)state;
	fake_board_connect(&fake, CONNECT_ATTACH);
	fake.probe->access_us = 4000;
	fake.core->nrst_high_at_us = fake.probe->now_us + 22000;
	assert_int_equal(core_check_reset(fake.cm4, &was_reset, &why), CAUSE_NONE);
	assert_true(was_reset);
}

static void
attaching_to_a_chip_that_is_held_in_reset_says_so(void **state)
{
	(void)state;
	fake.core->nrst_high_at_us = 60000000;
	assert_int_equal(try_to_connect(CONNECT_AUTO), CAUSE_TIMEOUT);
	assert_non_null(strstr(reason_root(&why), "the chip is held in reset"));
	assert_int_equal(reason_finding(&why), FINDING_B12);
	/* Waited for once: a reset of ours does not end another's. */
	assert_true(fake.probe->now_us < 5000000);
	assert_int_equal(fake.core->resets, 0);
}

/* An STM32H563 in the product state Closed: DBGMCU answers by port 0, its core by none. */
static void
a_chip_that_closes_the_port_of_its_core_is_named_with_what_opens_it(void **state)
{
	uint8_t *dbgmcu = fake_probe_memory(fake.probe, 0xe0044000, 16);

	(void)state;
	fake.core->cpuid = 0;
	le32_put(dbgmcu, 0x10016484);
	assert_int_not_equal(try_to_connect(CONNECT_AUTO), CAUSE_NONE);
	assert_int_equal(reason_finding(&why), FINDING_D7);
	assert_true(facts_is(board_facts(fake.board), FACT_CORE_PORT_CLOSED, 1));
}

/* RM0481 Rev 3, 7.11.19: what of it is closed is met later, so it is named when it connects. */
static void
the_product_state_of_a_chip_whose_core_answers_is_named(void **state)
{
	struct board_options options = { .connect = CONNECT_ATTACH };

	(void)state;
	fake.core->cpuid = 0x410fd214;
	le32_put(fake_probe_memory(fake.probe, 0xe0044000, 16), 0x10016484);
	le32_put(fake_probe_memory(fake.probe, 0x44024000, 16), 0x10016484);
	le32_put(fake_probe_memory(fake.probe, 0x08fff80c, 4), 2048);
	le32_put(fake_probe_memory(fake.probe, 0x40022050, 4), 0x2d30c6f8);
	fake_board_open(&fake, &options);
	assert_int_equal(fake_board_run(&fake, board_connect(fake.board), &why),
			 CAUSE_NONE);
	assert_non_null(strstr(
		logged, "FLASH_OPTSR_CUR is 0x2d30c6f8: the product state is TZ-Closed "
			"(0xc6): secure code and memory are closed; the way back is debug "
			"authentication"));
}

static void
an_nrst_that_an_earlier_program_left_low_is_released(void **state)
{
	(void)state;
	fake.core->is_nrst_low = true;
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_false(fake.core->is_nrst_low);
}

static void
a_slow_nrst_is_measured_and_later_resets_wait_as_long(void **state)
{
	uint32_t rise_us = 0, nanofarads = 0;

	(void)state;
	fake.core->nrst_rise_us = 2300000;
	fake_board_connect(&fake, CONNECT_UNDER_RESET);
	assert_true(facts_get(board_facts(fake.board), FACT_NRST_RISE, &rise_us));
	assert_in_range(rise_us, 2250000, 2300000);
	assert_true(facts_get(board_facts(fake.board), FACT_NRST_CAPACITANCE, &nanofarads));
	assert_in_range(nanofarads, 46000, 48000);
	assert_non_null(strstr(logged, "NRST takes 2.2 s to rise, as with about 47 uF"));
	assert_in_range(nrst_settle_ms(fake.board), 4600, 4800);
}

/* What a host sees that is busy elsewhere between its readings: less than half of it. */
static void
a_rise_that_a_slow_host_measured_is_said_by_its_limits(void **state)
{
	uint32_t rise_us = 0, most_us = 0, nanofarads;

	(void)state;
	fake.core->nrst_rise_us = 1500000;
	fake.probe->access_us = 400000;
	fake_board_connect(&fake, CONNECT_UNDER_RESET);
	assert_true(facts_get(board_facts(fake.board), FACT_NRST_RISE, &rise_us));
	assert_in_range(rise_us, 50000, 500000);
	assert_true(facts_get(board_facts(fake.board), FACT_NRST_RISE_MOST, &most_us));
	assert_in_range(most_us, 1500000, 3000000);
	assert_false(
		facts_get(board_facts(fake.board), FACT_NRST_CAPACITANCE, &nanofarads));
	assert_non_null(strstr(logged, " s to rise, as with about"));
	assert_non_null(strstr(logged, "as closely as this busy computer saw it"));
	assert_true(nrst_settle_ms(fake.board) > 1500);
}

static void
hear_line(void *context, const char *line)
{
	text_copy(context, REASON_LINE_MAX, line);
}

static void
a_power_cycle_that_does_not_come_leaves_nrst_as_it_was(void **state)
{
	const struct board_options options = { .connect = CONNECT_AUTO };
	char said[REASON_LINE_MAX] = "";

	(void)state;
	fake_board_open(&fake, &options);
	assert_int_equal(fake_board_run(&fake,
					board_connect_through_power_cycle(fake.board, 2000,
									  hear_line, said),
					&why),
			 CAUSE_TIMEOUT);
	assert_non_null(strstr(said, "NRST is held low. Now switch the board's power off"));
	assert_string_equal(reason_root(&why), "the board's power was not switched off and "
					       "on within 2 s");
	assert_in_range(fake.probe->now_us, 2000000, 2100000);
	assert_false(fake.probe->is_nrst_low);
}

static void
attaching_to_a_halted_core_leaves_it_halted(void **state)
{
	(void)state;
	fake.core->is_halted = true;
	fake.core->control = 3;
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_true(fake.core->is_halted);
	assert_int_equal(fake.core->control, 3);
}

static void
what_a_dead_session_left_in_the_breakpoint_unit_is_cleared(void **state)
{
	(void)state;
	fake.core->fp_comp[2] = 0x48000401;
	fake.core->dwt_function[1] = 7;
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_int_equal(fake.core->fp_comp[2], 0);
	assert_int_equal(fake.core->dwt_function[1], 0);
}

static void
the_freeze_bits_are_set_and_put_back(void **state)
{
	(void)state;
	le32_put(fake.dbgmcu + DBGMCU_CR, 2);
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_int_equal(le32_get(fake.dbgmcu + DBGMCU_CR), 7);
	assert_int_equal(le32_get(fake.dbgmcu + APB1FZR1), 0x1800);
	le32_put(fake.dbgmcu + APB1FZR1, 0x1801);
	assert_int_equal(board_detach(fake.board, &why), CAUSE_NONE);
	assert_int_equal(le32_get(fake.dbgmcu + DBGMCU_CR), 2);
	assert_int_equal(le32_get(fake.dbgmcu + APB1FZR1), 1);
}

enum { CLOCK_AT = 0x4002103c, LINE_AT = 0x40021040 };

/* A chip of which the test names what it needs, in place of the table's own. */
static void
connect_to(const struct device *device)
{
	const struct device_family family = { "test", device, 1, NULL, NULL };
	const struct device_family *const families[] = { &family };
	const struct device_table table = { families, 1 };
	struct board_options options = { .connect = CONNECT_ATTACH };

	fake_board_open(&fake, &options);
	fake.board->table = &table;
	assert_int_equal(fake_board_run(&fake, board_connect(fake.board), &why),
			 CAUSE_NONE);
	fake.board->table = &device_table;
}

static const struct device clocked = {
	.name = "STM32 with a clock for DBGMCU",
	.dev_id = 0x469,
	.ids = { ID_AP0_E0042000 },
	.cores = { { .name = "cm4", .kind = CORTEX_M4 } },
	.memories = MEMORIES(
		{ .name = "RAM", .kind = MEMORY_RAM, .base = 0x20000000, .size = KIB(1) }),
	.debug_bits = { { 0, CLOCK_AT, 1, "the clock of DBGMCU" },
			{ 0, 0xe0042004, 7, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" } },
	.has_debug_clock = true,
};

struct clock_register {
	uint32_t value;
	uint32_t cr_then; /* DBGMCU_CR as it was when the register was written */
};

static enum swd_ack
clock_register(void *context, struct fake_access *access)
{
	struct clock_register *clock = context;

	if (access->is_write) {
		clock->cr_then = le32_get(fake.dbgmcu + DBGMCU_CR);
		clock->value = access->value;
	} else {
		access->value = clock->value;
	}
	return ACK_OK;
}

static void
the_clock_of_dbgmcu_is_given_back_last(void **state)
{
	struct clock_register clock = { .cr_then = 77 };

	(void)state;
	le32_put(fake.dbgmcu + DBGMCU_CR, 2);
	fake_probe_hook(fake.probe, CLOCK_AT, 4, clock_register, &clock);
	connect_to(&clocked);
	assert_int_equal(clock.cr_then, 2);
	assert_int_equal(le32_get(fake.dbgmcu + DBGMCU_CR), 7);
	clock.cr_then = 77;
	assert_int_equal(board_detach(fake.board, &why), CAUSE_NONE);
	assert_int_equal(clock.cr_then, 2);
	assert_int_equal(clock.value, 0);
}

/* Without DBG_STOP the clocks of a program that sleeps stand still, that of RCC among them. */
static enum swd_ack
clock_that_sleeps(void *context, struct fake_access *access)
{
	struct clock_register *clock = context;

	return clock->cr_then == 7 && le32_get(fake.dbgmcu + DBGMCU_CR) == 2
		       ? ACK_WAIT
		       : clock_register(context, access);
}

static void
a_program_that_sleeps_again_while_the_bits_are_given_back_is_no_failure(void **state)
{
	struct clock_register clock = { .value = 0 };

	(void)state;
	le32_put(fake.dbgmcu + DBGMCU_CR, 2);
	fake_probe_hook(fake.probe, CLOCK_AT, 4, clock_that_sleeps, &clock);
	connect_to(&clocked);
	clock.cr_then = 7;
	assert_int_equal(board_detach(fake.board, &why), CAUSE_NONE);
	assert_int_equal(le32_get(fake.dbgmcu + DBGMCU_CR), 2);
	assert_int_equal(clock.value, 1);
}

/* As after a reset, which leaves DBGMCU as it is. */
static void
bits_that_are_set_already_are_not_written_again(void **state)
{
	struct clock_register clock = { .cr_then = 77, .value = 1 };

	(void)state;
	fake_probe_hook(fake.probe, CLOCK_AT, 4, clock_register, &clock);
	connect_to(&clocked);
	assert_int_equal(board_detach(fake.board, &why), CAUSE_NONE);
	assert_int_equal(clock.cr_then, 77);
	assert_int_equal(clock.value, 1);
}

struct finder {
	struct board_finder finder;
	unsigned looks, given_up;
};

static enum cause
look_on(struct board_finder *finder, struct board *board, bool *done, struct reason *reason)
{
	(void)board;
	(void)reason;
	container_of(finder, struct finder, finder)->looks++;
	*done = false;
	return CAUSE_NONE;
}

static enum cause
give_up(struct board_finder *finder, struct board *board, struct reason *reason)
{
	(void)board;
	(void)reason;
	container_of(finder, struct finder, finder)->given_up++;
	return CAUSE_NONE;
}

static void
a_connection_that_is_cut_short_lets_the_target_run_as_without_us(void **state)
{
	struct finder finder = { .finder = { .look = look_on, .give_up = give_up } };
	struct board_options options = { .connect = CONNECT_HALT,
					 .finder = &finder.finder };
	struct job *job;
	bool done = false;

	(void)state;
	fake_board_open(&fake, &options);
	le32_put(fake.dbgmcu + DBGMCU_CR, 2);
	job = board_connect(fake.board);
	while (finder.looks == 0)
		assert_int_equal(job_step(job, &done, &why), CAUSE_NONE);
	assert_true(fake.core->is_halted);
	assert_int_equal(job_cancel(job, &why), CAUSE_NONE);
	assert_int_equal(finder.given_up, 1);
	assert_false(fake.core->is_halted);
	assert_int_equal(fake.core->control, 0);
	assert_int_equal(fake.core->demcr, 0);
	assert_int_equal(le32_get(fake.dbgmcu + DBGMCU_CR), 2);
	job_free(job);
	assert_int_equal(finder.given_up, 1);
}

static const struct device one_or_two_cores = {
	.name = "STM32 with one core or two",
	.dev_id = 0x469,
	.ids = { ID_AP0_E0042000 },
	.cores = { { .name = "cm4", .kind = CORTEX_M4 },
		   { .name = "cm0p",
		     .kind = CORTEX_M0P,
		     .ap = 3,
		     .absent_if = { LINE_AT, 0xff, 1 } } },
	.debug_bits = { { 0, 0xe0042004, 7, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" } },
};

static void
a_part_that_says_it_lacks_a_core_is_not_asked_for_it(void **state)
{
	uint8_t *line = fake_probe_memory(fake.probe, LINE_AT, 4);

	(void)state;
	le32_put(line, 1);
	connect_to(&one_or_two_cores);
	assert_null(strstr(logged, "cm0p is not there"));
}

static void
a_part_that_may_have_a_core_is_asked_for_it(void **state)
{
	uint8_t *line = fake_probe_memory(fake.probe, LINE_AT, 4);

	(void)state;
	le32_put(line, 2);
	assert_true(log_set("board=debug"));
	connect_to(&one_or_two_cores);
	assert_true(log_set("board=info"));
	assert_non_null(strstr(logged, "cm0p is not there: this part has none"));
}

static void
a_second_connection_does_not_take_our_bits_for_the_programs(void **state)
{
	(void)state;
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_int_equal(fake_board_run(&fake, board_connect(fake.board), &why),
			 CAUSE_NONE);
	assert_int_equal(board_detach(fake.board, &why), CAUSE_NONE);
	assert_int_equal(le32_get(fake.dbgmcu + DBGMCU_CR), 0);
}

/* What was saved of the first chip says nothing of the second one's program. */
static void
assert_next_chip_keeps_its_own_bits(uint32_t next_idcode)
{
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_int_equal(le32_get(fake.dbgmcu + DBGMCU_CR), 7);
	le32_put(fake.dbgmcu, next_idcode);
	le32_put(fake.dbgmcu + DBGMCU_CR, 2);
	assert_int_equal(fake_board_run(&fake, board_connect(fake.board), &why),
			 CAUSE_NONE);
	assert_int_equal(board_idcode(fake.board), next_idcode);
	assert_int_equal(le32_get(fake.dbgmcu + DBGMCU_CR) & 7, 7);
	assert_int_equal(board_detach(fake.board, &why), CAUSE_NONE);
	assert_int_equal(le32_get(fake.dbgmcu + DBGMCU_CR), 2);
}

static void
bits_saved_of_one_chip_are_not_put_back_into_another(void **state)
{
	(void)state;
	assert_next_chip_keeps_its_own_bits(0x20036410);
}

static void
a_chip_of_another_revision_is_another_chip(void **state)
{
	(void)state;
	assert_next_chip_keeps_its_own_bits(0x10016469);
}

static void
detaching_lets_the_target_run_as_without_us(void **state)
{
	(void)state;
	fake_board_connect(&fake, CONNECT_HALT);
	assert_int_equal(core_breakpoint_insert(fake.cm4, 0x08000300, true, &why),
			 CAUSE_NONE);
	assert_int_equal(core_breakpoint_insert(fake.cm4, 0x20000100, false, &why),
			 CAUSE_NONE);
	assert_int_equal(core_vector_catch_set(fake.cm4, 1 << 10, &why), CAUSE_NONE);
	assert_int_equal(board_detach(fake.board, &why), CAUSE_NONE);
	assert_int_equal(fake.core->control, 0);
	assert_false(fake.core->is_halted);
	assert_int_equal(fake.core->fp_comp[0], 0);
	assert_int_equal(le16_get(fake.ram + 0x100), 0xcdcd);
	assert_int_equal(fake.core->demcr, 0);
	assert_int_equal(fake.core->fp_ctrl & 1, 0);
}

/* A comparator that a client set by itself, and one whose writing failed, are cleared as well. */
static void
what_a_client_wrote_into_the_units_is_cleared_by_detaching(void **state)
{
	uint8_t word[4];

	(void)state;
	fake_board_connect(&fake, CONNECT_HALT);
	le32_put(word, 0x08000301);
	assert_int_equal(core_memory_write(fake.cm4, 0xe0002008, word, 4, &why),
			 CAUSE_NONE);
	le32_put(word, 7);
	assert_int_equal(core_memory_write(fake.cm4, 0xe0001028, word, 4, &why),
			 CAUSE_NONE);
	assert_int_not_equal(fake.core->dwt_function[0], 0);
	assert_int_equal(board_detach(fake.board, &why), CAUSE_NONE);
	assert_int_equal(fake.core->fp_comp[0], 0);
	assert_int_equal(fake.core->dwt_function[0], 0);
}

/* DWT_CTRL.CYCCNTENA */
static void
trcena_stays_for_a_program_that_counts_cycles(void **state)
{
	(void)state;
	fake_board_connect(&fake, CONNECT_HALT);
	fake.core->dwt_ctrl |= 1;
	assert_int_equal(board_detach(fake.board, &why), CAUSE_NONE);
	assert_int_equal(fake.core->demcr, 1 << 24);
}

/* What the program uses is not known then. */
static void
a_core_whose_itm_refuses_is_let_go_all_the_same(void **state)
{
	(void)state;
	fake_board_connect(&fake, CONNECT_HALT);
	fake.core->refuses_itm = true;
	assert_int_equal(board_detach(fake.board, &why), CAUSE_NONE);
	assert_false(fake.core->is_halted);
	assert_int_equal(fake.core->control, 0);
	assert_int_equal(fake.core->demcr, 1 << 24);
}

static void
a_core_that_was_let_go_has_no_halting_debug_until_it_is_needed(void **state)
{
	(void)state;
	fake_board_connect(&fake, CONNECT_HALT);
	assert_int_equal(board_let_go(fake.board, 0, NULL, &why), CAUSE_NONE);
	assert_int_equal(fake.core->control, 0);
	assert_int_equal(board_look(fake.board, 0, &why), CAUSE_NONE);
	assert_int_equal(fake.core->control, 0);
	fake_core_reset(fake.core);
	assert_int_equal(board_look(fake.board, 0, &why), CAUSE_NONE);
	assert_int_equal(fake.core->control, 0);
	assert_int_equal(board_halt(fake.board, 0, NULL, &why), CAUSE_NONE);
	assert_true(fake.core->is_halted);
	assert_int_equal(fake.core->fp_ctrl & 1, 1);
}

static void
a_probe_without_memory_commands_serves_as_well(void **state)
{
	struct halt halt = { 0 };

	(void)state;
	fake_board_free(&fake);
	fake_board_new_on(&fake, FAKE_TRANSFERS_ONLY);
	fake_board_connect(&fake, CONNECT_UNDER_RESET);
	assert_int_equal(board_flash_kib(fake.board), 128);
	assert_int_equal(core_breakpoint_insert(fake.cm4, 0x20000100, false, &why),
			 CAUSE_NONE);
	assert_int_equal(core_step(fake.cm4, &why), CAUSE_NONE);
	assert_int_equal(core_halt_why(fake.cm4, &halt, &why), CAUSE_NONE);
	assert_int_equal(halt.reason, HALT_STEPPED);
	assert_int_equal(halt.pc, fake.core->vector + 2);
}

static void
regions_are_named_for_people(void **state)
{
	static const struct {
		uint32_t at;
		const char *name;
	} regions[] = {
		{ 0x08000000, "flash bank 1" },
		{ 0x0800ffff, "flash bank 1" },
		{ 0x08020000, "beyond this chip's flash" },
		{ 0x08040000, "flash bank 2" },
		{ 0x20000000, "SRAM1" },
		{ 0x20014000, "SRAM2" },
		{ 0x10000000, "CCM SRAM" },
		{ 0x20100000, "beyond this chip's RAM" },
		{ 0x00000000, "the alias of the memory that the chip boots from" },
		{ 0x40022000, "a peripheral's register" },
		{ 0xe000ed00, "in the core's private peripheral bus (PPB)" },
		{ 0xffffffff, "in the vendor system region" },
		{ 0x60000000, "the window of the FMC, which answers only after the program "
			      "has set up the FMC" },
	};

	(void)state;
	fake_board_connect(&fake, CONNECT_ATTACH);
	for (size_t i = 0; i < array_len(regions); i++)
		assert_string_equal(board_region_name(fake.board, regions[i].at),
				    regions[i].name);
	assert_non_null(
		strstr(board_region_name(fake.board, 0xc0000000), "external memory"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOARD_TEST(the_chip_is_identified),
		BOARD_TEST(the_option_bit_selects_the_layout),
		BOARD_TEST(a_layout_that_cannot_be_read_is_not_guessed),
		BOARD_TEST(a_size_word_that_cannot_be_is_replaced_by_the_maximum),
		BOARD_TEST(an_unknown_chip_is_named_and_can_be_debugged),
		BOARD_TEST(a_chip_that_is_not_by_st_is_reported_as_that),
		BOARD_TEST(
			a_chip_is_identified_through_another_port_and_a_core_may_be_absent),
		BOARD_TEST(a_place_with_an_unknown_id_does_not_hide_one_with_a_known_id),
		BOARD_TEST(an_id_that_does_not_tell_a_revision_is_not_taken_for_one),
		BOARD_TEST(a_write_to_flash_that_is_not_known_is_refused_with_the_reason),
		BOARD_TEST(a_target_name_overrides_what_was_identified),
		BOARD_TEST(a_target_name_that_is_none_is_refused),
		BOARD_TEST(attaching_neither_halts_nor_resets),
		BOARD_TEST(attaching_waits_for_a_slow_nrst_to_rise),
		BOARD_TEST(a_slow_link_does_not_make_a_reset_that_is_over_one_that_lasts),
		BOARD_TEST(
			a_chip_that_is_met_in_a_reset_of_its_own_is_identified_behind_it),
		BOARD_TEST(a_reset_that_passes_is_waited_for_by_readings_too),
		BOARD_TEST(attaching_to_a_chip_that_is_held_in_reset_says_so),
		BOARD_TEST(
			a_chip_that_closes_the_port_of_its_core_is_named_with_what_opens_it),
		BOARD_TEST(the_product_state_of_a_chip_whose_core_answers_is_named),
		BOARD_TEST(an_nrst_that_an_earlier_program_left_low_is_released),
		BOARD_TEST(a_slow_nrst_is_measured_and_later_resets_wait_as_long),
		BOARD_TEST(a_rise_that_a_slow_host_measured_is_said_by_its_limits),
		BOARD_TEST(a_power_cycle_that_does_not_come_leaves_nrst_as_it_was),
		BOARD_TEST(attaching_to_a_halted_core_leaves_it_halted),
		BOARD_TEST(what_a_dead_session_left_in_the_breakpoint_unit_is_cleared),
		BOARD_TEST(the_freeze_bits_are_set_and_put_back),
		BOARD_TEST(the_clock_of_dbgmcu_is_given_back_last),
		BOARD_TEST(
			a_program_that_sleeps_again_while_the_bits_are_given_back_is_no_failure),
		BOARD_TEST(bits_that_are_set_already_are_not_written_again),
		BOARD_TEST(
			a_connection_that_is_cut_short_lets_the_target_run_as_without_us),
		BOARD_TEST(a_part_that_says_it_lacks_a_core_is_not_asked_for_it),
		BOARD_TEST(a_part_that_may_have_a_core_is_asked_for_it),
		BOARD_TEST(a_second_connection_does_not_take_our_bits_for_the_programs),
		BOARD_TEST(bits_saved_of_one_chip_are_not_put_back_into_another),
		BOARD_TEST(a_chip_of_another_revision_is_another_chip),
		BOARD_TEST(detaching_lets_the_target_run_as_without_us),
		BOARD_TEST(what_a_client_wrote_into_the_units_is_cleared_by_detaching),
		BOARD_TEST(a_core_whose_itm_refuses_is_let_go_all_the_same),
		BOARD_TEST(trcena_stays_for_a_program_that_counts_cycles),
		BOARD_TEST(a_core_that_was_let_go_has_no_halting_debug_until_it_is_needed),
		BOARD_TEST(a_probe_without_memory_commands_serves_as_well),
		BOARD_TEST(regions_are_named_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
