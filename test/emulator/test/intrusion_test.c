/* SPDX-License-Identifier: MIT */
/*
 * Read protection of level 1 as each flash controller's chip meets it: what its manual closes
 * is closed to cores too once a debugger came, until the power goes; what going back costs.
 */
#include "test/emulator/test/flash_lab.h"

static const uint32_t main_at = 0x08000000;

/* The manuals' facts; of RAM the first word that is closed (0: none), and one that is not. */
static struct board_facts {
	const char *board;
	uint32_t stack, closed_ram, open_ram;
	uint32_t backup_register, rcc_register, rcc_bits; /* 0: none; the clock it needs */
} facts[] = {
	{ "bluepill-f103", 0x20002000, 0, 0x20000000, 0, 0, 0 },
	{ "steval-esc001v1", 0x20002000, 0, 0x20000000, 0x40002850, 0, 0 },
	{ "f410-custom", 0x20002000, 0, 0x20000000, 0, 0, 0 },
	{ "l476rg-custom", 0x20002000, 0x10000000, 0x20000000, 0x40002850, 0, 0 },
	{ "g473-custom", 0x20002000, 0x10000000, 0x20000000, 0x40002500, 0x40021058,
	  1 << 10 },
	{ "nucleo-u575zi-q", 0x20002000, 0x20030000, 0x20000000, 0x46007D00, 0x46020CA8,
	  1 << 21 },
	{ "nucleo-h743zi2", 0x24002000, 0x38800000, 0x24000000, 0x58004050, 0x580244F4,
	  1 << 16 },
};

/* Stack and entry; adds r0, #1; b to it. All faults end at the entry as well. */
static struct lab *
lab_protected(const struct board_facts *board)
{
	struct wiring wiring = lab_wiring(board->board);
	struct lab *lab = lab_open_wired(board->board, &wiring);
	uint32_t program[17] = { [0] = board->stack, [16] = 0xE7FD3001 };

	for (unsigned i = 1; i < 16; i++)
		program[i] = main_at + 64 + 1;
	assert_true(
		soc_preload(lab->soc, main_at, (const uint8_t *)program, sizeof(program)));
	assert_null(soc_preset_option(lab->soc, "RDP=1"));
	lab_power_up(lab);
	return lab;
}

/* Without a debugger: the emulator's own look at the core. */
static bool
code_runs(struct lab *lab)
{
	uint64_t before = cpu_instructions(soc_core(lab->soc, 0));

	wire_advance(lab->wire, MS);
	return cpu_state(soc_core(lab->soc, 0)) == CPU_RUNNING &&
	       cpu_instructions(soc_core(lab->soc, 0)) > before + 100;
}

static enum bus_result
try(struct lab *lab, uint32_t at)
{
	uint32_t value;

	return lab_access(lab, at, 4, false, &value);
}

static void
without_a_debugger_the_program_runs(void **state)
{
	struct lab *lab = lab_protected(*state);

	assert_true(code_runs(lab));
	assert_true(code_runs(lab));
	lab_close(lab);
}

static void
attaching_crashes_the_program_until_the_power_goes(void **state)
{
	struct lab *lab = lab_protected(*state);

	assert_true(code_runs(lab));
	lab_peek(lab, 0xE000ED00); /* CPUID: nothing but that */
	assert_false(code_runs(lab));
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_LOCKED_UP);
	lab_system_reset(lab);
	assert_false(code_runs(lab));
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_LOCKED_UP);
	lab_power_cycle(lab);
	assert_true(code_runs(lab));
	lab_close(lab);
}

static void
what_the_manual_closes_is_closed(void **state)
{
	const struct board_facts *board = *state;
	struct lab *lab = lab_protected(board);

	assert_int_equal(try(lab, main_at), BUS_FAULT);
	assert_int_equal(try(lab, board->open_ram), BUS_OK);
	if (board->closed_ram)
		assert_int_equal(try(lab, board->closed_ram), BUS_FAULT);
	if (board->rcc_register)
		lab_poke(lab, board->rcc_register, board->rcc_bits);
	if (board->backup_register) {
		lab_poke(lab, board->backup_register, 0x12345678);
		assert_int_equal(lab_peek(lab, board->backup_register), 0);
	}
	lab_close(lab);
}

static void
at_level_0_all_is_open(void **state)
{
	const struct board_facts *board = *state;
	struct lab *lab = lab_open(board->board);

	assert_int_equal(try(lab, main_at), BUS_OK);
	if (board->closed_ram)
		assert_int_equal(try(lab, board->closed_ram), BUS_OK);
	if (board->rcc_register)
		lab_poke(lab, board->rcc_register, board->rcc_bits);
	if (board->backup_register) {
		lab_poke(lab, board->backup_register, 0x12345678);
		assert_int_equal(lab_peek(lab, board->backup_register), 0x12345678);
	}
	lab_close(lab);
}

/* RM0090 Rev 21, table 18; RM0440 Rev 8, table 13: with a debugger or from RAM, OTP is closed.
 * An unhandled load, for the vectors are closed too. What is beside OTP stays open. */
static enum cpu_state
after_a_load(struct lab *lab, uint32_t at)
{
	const uint16_t code[] = { 0x4801, 0x6801,       0xE7FE,
				  0xBF00, (uint16_t)at, (uint16_t)(at >> 16) };

	lab_run(lab, code, sizeof(code) / sizeof(code[0]));
	wire_advance(lab->wire, MS);
	return cpu_state(soc_core(lab->soc, 0));
}

static void
otp_is_closed_to_cores_too(void **state)
{
	static const struct {
		const struct board_facts *board;
		uint32_t otp, unique_id;
	} chips[] = { { &facts[2], 0x1FFF7800, 0x1FFF7A10 },
		      { &facts[3], 0x1FFF7000, 0x1FFF7590 },
		      { &facts[4], 0x1FFF7000, 0x1FFF7590 } };

	(void)state;
	for (unsigned i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		struct lab *lab = lab_open(chips[i].board->board);

		assert_int_equal(after_a_load(lab, chips[i].otp), CPU_RUNNING);
		lab_close(lab);
		lab = lab_protected(chips[i].board);
		assert_int_equal(after_a_load(lab, chips[i].unique_id), CPU_RUNNING);
		assert_int_equal(try(lab, chips[i].otp), BUS_FAULT);
		assert_int_equal(after_a_load(lab, chips[i].otp), CPU_LOCKED_UP);
		lab_close(lab);
	}
}

#define ON_EACH(test)                                           \
	{ #test " (F1)", test, NULL, NULL, &facts[0] },         \
		{ #test " (F3)", test, NULL, NULL, &facts[1] }, \
		{ #test " (F4)", test, NULL, NULL, &facts[2] }, \
		{ #test " (L4)", test, NULL, NULL, &facts[3] }, \
		{ #test " (G4)", test, NULL, NULL, &facts[4] }, \
		{ #test " (U5)", test, NULL, NULL, &facts[5] }, \
	{                                                       \
#test " (H7)", test, NULL, NULL, &facts[6]      \
	}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_EACH(without_a_debugger_the_program_runs),
		ON_EACH(attaching_crashes_the_program_until_the_power_goes),
		ON_EACH(what_the_manual_closes_is_closed),
		ON_EACH(at_level_0_all_is_open),
		cmocka_unit_test(otp_is_closed_to_cores_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
