/* SPDX-License-Identifier: MIT */
/*
 * Option bytes in cells that are erased before they are programmed: erased, RDP protects the flash,
 * so that a write that ends early must not leave them like that. Those in registers are programmed
 * with all that the registers hold, so that nothing may be left in these.
 */
#include "flash/options/change.h"
#include "flash/options/sets.h"

#include "test/unit/flash/fake_chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* PM0075 Rev 2, 2.4.2 and 3.5. */
enum {
	CELLS_AT = 0x1ffff800,
	CELLS_SIZE = 16,
	CR_AT = CHIP_CONTROLLER_AT + 0x10,
	SR_AT = CHIP_CONTROLLER_AT + 0x0c,
	CR_STRT = 1 << 6,
	CR_OPTER = 1 << 5,
	CR_OPTWRE = 1 << 9,
	RDP_OPEN = 0x5aa5,
	RCC_AT = 0x40021000
};

struct bench {
	struct fake_chip chip;
	uint8_t *cells;
	const struct option_set *set;
	struct option_values before, after;
	struct job *job;
	struct reason why;
};

struct dap *
board_dap(struct board *board)
{
	(void)board;
	return &chip_now->dap;
}

void
board_expect_reset(struct board *board)
{
	(void)board;
}

static enum swd_ack
control_hook(void *context, struct fake_access *access)
{
	struct bench *bench = context;

	if (access->is_write && (access->value & CR_OPTER) != 0 &&
	    (access->value & CR_STRT) != 0)
		memset(bench->cells, 0xff, CELLS_SIZE);
	if (!access->is_write)
		access->value = CR_OPTWRE;
	return ACK_OK;
}

/* At rest, without an error. */
static enum swd_ack
status_hook(void *context, struct fake_access *access)
{
	(void)context;
	if (!access->is_write)
		access->value = 0;
	return ACK_OK;
}

static int
set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	const struct device *device = device_by_name(&device_table, "STM32F103C8");

	chip_open(&bench->chip, device, 64);
	bench->cells = fake_probe_memory(bench->chip.fake, CELLS_AT, CELLS_SIZE);
	memset(bench->cells, 0, CELLS_SIZE);
	le32_put(bench->cells, RDP_OPEN | 0x00ffu << 16);
	fake_probe_memory(bench->chip.fake, RCC_AT, 4);
	fake_probe_hook(bench->chip.fake, CR_AT, 4, control_hook, bench);
	fake_probe_hook(bench->chip.fake, SR_AT, 4, status_hook, NULL);
	bench->set = options_of(&bench->chip.board.chip);
	*state = bench;
	assert(options_read(bench->set, &bench->chip.core, device->dev_id, &bench->before,
			    &bench->why) == CAUSE_NONE);
	bench->after = bench->before;
	assert(options_assign(bench->set, device->dev_id, "Data0=0x12", &bench->after,
			      &bench->why) == CAUSE_NONE);
	bench->job = options_write(bench->set, &bench->chip.board, &bench->before,
				   &bench->after);
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *bench = *state;

	job_free(bench->job);
	chip_close(&bench->chip);
	free(bench);
	return 0;
}

static void
step_until_erased(struct bench *bench)
{
	bool done = false;

	while (le32_get(bench->cells) != UINT32_MAX) {
		assert_int_equal(job_step(bench->job, &done, &bench->why), CAUSE_NONE);
		assert_false(done);
	}
}

/* The controller adds the complements, which this memory does not. */
static void
assert_programmed(const struct bench *bench)
{
	for (unsigned i = 0; i < CELLS_SIZE / 2; i++)
		assert_int_equal(bench->cells[2 * i], bench->after.words[i] & 0xff);
}

static void
cells_are_erased_and_programmed(void **state)
{
	struct bench *bench = *state;

	step_until_erased(bench);
	assert_int_equal(job_run(bench->job, bench->chip.fake->probe.clock, &bench->why),
			 CAUSE_NONE);
	assert_programmed(bench);
}

static void
a_write_that_is_interrupted_programs_what_it_has_erased(void **state)
{
	struct bench *bench = *state;

	step_until_erased(bench);
	assert_true(job_end(bench->job));
	assert_int_equal(job_run(bench->job, bench->chip.fake->probe.clock, &bench->why),
			 CAUSE_NONE);
	assert_programmed(bench);
}

static void
a_client_that_leaves_during_the_write_does_not_protect_the_chip(void **state)
{
	struct bench *bench = *state;

	step_until_erased(bench);
	assert_int_equal(job_cancel(bench->job, &bench->why), CAUSE_NONE);
	assert_programmed(bench);
}

static void
a_write_that_has_not_erased_anything_ends_at_once(void **state)
{
	struct bench *bench = *state;
	bool done = false;

	assert_int_equal(job_step(bench->job, &done, &bench->why), CAUSE_NONE);
	assert_int_equal(job_cancel(bench->job, &bench->why), CAUSE_NONE);
	assert_int_equal(le32_get(bench->cells), RDP_OPEN | 0x00ffu << 16);
}

/* --- registers: RM0444 Rev 5, 3.7.5 and 3.7.7 ------------------------------------------------ */

enum {
	G0_CR_AT = CHIP_CONTROLLER_AT + 0x14,
	G0_OPTR_AT = CHIP_CONTROLLER_AT + 0x20,
	G0_OPTSTRT = 1 << 17,
	G0_OPTLOCK = 1 << 30
};

struct g0 {
	struct fake_chip chip;
	uint32_t cr;
	bool was_started;
	struct option_values before, after;
	struct job *job;
	struct reason why;
};

static enum swd_ack
g0_control_hook(void *context, struct fake_access *access)
{
	struct g0 *g0 = context;

	if (access->is_write)
		g0->was_started |= (access->value & G0_OPTSTRT) != 0;
	else
		access->value = g0->cr;
	return ACK_OK;
}

/* Takes the keys. */
static enum swd_ack
g0_key_hook(void *context, struct fake_access *access)
{
	struct g0 *g0 = context;

	if (access->is_write)
		g0->cr = 0;
	return ACK_OK;
}

/* IWDG_STOP=0 is asked of a chip with this CR, whose OPTR reads so. */
static void
ask_g0(struct g0 *g0, uint32_t cr, uint32_t optr)
{
	static const struct option_set *set = &option_set_g0;
	const struct device *device = device_by_name(&device_table, "STM32G071RB");

	chip_open(&g0->chip, device, 128);
	g0->cr = cr;
	g0->was_started = false;
	g0->why = (struct reason)REASON_INIT;
	le32_put(g0->chip.controller + (G0_OPTR_AT - CHIP_CONTROLLER_AT), optr);
	fake_probe_hook(g0->chip.fake, G0_CR_AT, 4, g0_control_hook, g0);
	fake_probe_hook(g0->chip.fake, CHIP_CONTROLLER_AT + 0x0c, 4, g0_key_hook, g0);
	fake_probe_hook(g0->chip.fake, CHIP_CONTROLLER_AT + 0x10, 4, status_hook, NULL);
	assert_int_equal(
		options_read(set, &g0->chip.core, device->dev_id, &g0->before, &g0->why),
		CAUSE_NONE);
	g0->after = g0->before;
	assert_int_equal(
		options_assign(set, device->dev_id, "IWDG_STOP=0", &g0->after, &g0->why),
		CAUSE_NONE);
	g0->job = options_write(set, &g0->chip.board, &g0->before, &g0->after);
}

static void
close_g0(struct g0 *g0)
{
	job_free(g0->job);
	chip_close(&g0->chip);
}

static void
assert_refused(uint32_t cr, uint32_t optr, const char *words)
{
	struct g0 g0;

	ask_g0(&g0, cr, optr);
	assert_int_equal(job_run(g0.job, g0.chip.fake->probe.clock, &g0.why),
			 CAUSE_REQUEST);
	assert_false(g0.was_started);
	assert_non_null(strstr(reason_root(&g0.why), words));
	close_g0(&g0);
}

static void
registers_that_are_unlocked_already_are_not_programmed(void **state)
{
	(void)state;
	assert_refused(0, 0xdffffeaa, "unlocked already");
	assert_refused(0, 0xdffffecc, "never loaded");
}

static void
a_level_2_that_was_never_loaded_is_not_programmed(void **state)
{
	(void)state;
	assert_refused(G0_OPTLOCK, 0xdffffecc, "never loaded");
}

static void
registers_that_are_locked_are_programmed(void **state)
{
	struct g0 g0;

	(void)state;
	ask_g0(&g0, G0_OPTLOCK, 0xdffffeaa);
	assert_int_equal(job_run(g0.job, g0.chip.fake->probe.clock, &g0.why), CAUSE_NONE);
	assert_true(g0.was_started);
	close_g0(&g0);
}

/* --- a chip that is silent after it was closed ------------------------------------------------ */

static struct facts facts_now;

struct facts *
board_facts(struct board *board)
{
	(void)board;
	return &facts_now;
}

struct closing {
	struct fake_chip chip;
	struct option_change change;
	char buffer[1024];
	struct text words;
	struct reason why;
};

/* Of a chip whose option bytes were 0, and that nothing answers from after this assignment. */
static enum cause
explain(struct closing *closing, const struct option_set *set, const char *name,
	const char *assignment, unsigned millivolts)
{
	const struct device *device = device_by_name(&device_table, name);
	enum cause cause;

	*closing = (struct closing){ .change = { .set = set, .dev_id = device->dev_id } };
	chip_open(&closing->chip, device, 128);
	closing->chip.fake->millivolts = millivolts;
	options_put(options_field(set, device->dev_id,
				  set->rdp != NULL ? "RDP" : "PRODUCT_STATE"),
		    set->rdp != NULL ? 0xaa : 0xed, &closing->change.before);
	closing->change.after = closing->change.before;
	assert_int_equal(options_assign(set, device->dev_id, assignment,
					&closing->change.after, &closing->why),
			 CAUSE_NONE);
	reason_begin(&closing->why, CAUSE_GONE, "no valid DPIDR came back");
	text_init(&closing->words, closing->buffer, sizeof(closing->buffer));
	cause = option_change_explain_closed(&closing->change, &closing->chip.board,
					     &closing->words, &closing->why);
	chip_close(&closing->chip);
	return cause;
}

static void
a_chip_that_falls_silent_with_its_supply_there_is_closed(void **state)
{
	struct closing closing;

	(void)state;
	assert_int_equal(explain(&closing, &option_set_g0, "STM32G071RB", "RDP=2", 3300),
			 CAUSE_NONE);
	assert_true(option_change_closes(&closing.change));
	assert_non_null(strstr(closing.buffer, "while the target has 3.30 V: that is the "
					       "proof"));
}

static void
a_chip_that_falls_silent_without_supply_may_be_open(void **state)
{
	struct closing closing;
	char words[1024];

	(void)state;
	assert_int_equal(explain(&closing, &option_set_g0, "STM32G071RB", "RDP=2", 0),
			 CAUSE_GONE);
	reason_text(&closing.why, words, sizeof(words));
	assert_non_null(strstr(words, "whether the chip is closed cannot be said\n"
				      "  because the target's supply is not as it was: "
				      "0.00 V\n"));
}

static void
a_product_state_is_proven_by_the_access_port_that_is_left(void **state)
{
	struct closing closing;

	(void)state;
	facts_now = (struct facts){ 0 };
	assert_int_equal(explain(&closing, &option_set_h5, "STM32H563ZI",
				 "PRODUCT_STATE=Closed", 3300),
			 CAUSE_GONE);
	facts_know(&facts_now, FACT_CORE_PORT_CLOSED, 1);
	assert_int_equal(explain(&closing, &option_set_h5, "STM32H563ZI",
				 "PRODUCT_STATE=Closed", 3300),
			 CAUSE_NONE);
	assert_non_null(strstr(closing.buffer, "a regression by debug authentication"));
	facts_now = (struct facts){ 0 };
}

static void
a_level_that_can_be_taken_back_closes_nothing(void **state)
{
	struct closing closing;

	(void)state;
	(void)explain(&closing, &option_set_g0, "STM32G071RB", "RDP=1", 3300);
	assert_false(option_change_closes(&closing.change));
}

int
main(void)
{
#define TEST(name_) cmocka_unit_test_setup_teardown(name_, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(cells_are_erased_and_programmed),
		TEST(a_write_that_is_interrupted_programs_what_it_has_erased),
		TEST(a_client_that_leaves_during_the_write_does_not_protect_the_chip),
		TEST(a_write_that_has_not_erased_anything_ends_at_once),
		cmocka_unit_test(registers_that_are_unlocked_already_are_not_programmed),
		cmocka_unit_test(a_level_2_that_was_never_loaded_is_not_programmed),
		cmocka_unit_test(registers_that_are_locked_are_programmed),
		cmocka_unit_test(a_chip_that_falls_silent_with_its_supply_there_is_closed),
		cmocka_unit_test(a_chip_that_falls_silent_without_supply_may_be_open),
		cmocka_unit_test(a_product_state_is_proven_by_the_access_port_that_is_left),
		cmocka_unit_test(a_level_that_can_be_taken_back_closes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
