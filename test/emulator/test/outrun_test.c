/* SPDX-License-Identifier: MIT */
/* A clock too fast for the wait states that the flash is read with, on the chips whose clock the
 * product raises. */
#include "test/emulator/test/lab.h"

static const uint32_t main_at = 0x08000000;
static const uint32_t flash_acr = 0x40022000;

/* The register with MSI's range: its value for 4 MHz, as after a reset, and that for 24 MHz. Where
 * VCORE is chosen, the clock of that register, and the value for the range that 24 MHz can be read
 * in with `wait_states`, and for one in which they are too few. */
static struct board_facts {
	const char *board;
	uint32_t range_at, slow, fast;
	uint32_t clock_at, clock_bit, vcore_at, high, low;
	uint32_t wait_states;
} facts[] = {
	{ "l476rg-custom", 0x40021000, 0x6B, 0x9B, 0x40021058, 1 << 28, 0x40007000, 0x200,
	  0x400, 1 },
	{ "nucleo-u575zi-q", 0x46020C08, 0x44800000, 0x14800000, 0x46020C94, 1 << 2,
	  0x4602080C, 0x10000, 0, 0 },
};
enum { ENOUGH_IN_ALL_RANGES = 3 };

/* Stack and entry; adds r0, #1; b to it. All faults end at the entry as well. */
static struct lab *
lab_with_program(const struct board_facts *board)
{
	struct wiring wiring = lab_wiring(board->board);
	struct lab *lab = lab_open_wired(board->board, &wiring);
	uint32_t program[17] = { [0] = 0x20002000, [16] = 0xE7FD3001 };

	for (unsigned i = 1; i < 16; i++)
		program[i] = main_at + 64 + 1;
	assert_true(
		soc_preload(lab->soc, main_at, (const uint8_t *)program, sizeof(program)));
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	return lab;
}

static bool
code_runs(struct lab *lab)
{
	uint64_t before = cpu_instructions(soc_core(lab->soc, 0));

	wire_advance(lab->wire, MS);
	return cpu_state(soc_core(lab->soc, 0)) == CPU_RUNNING &&
	       cpu_instructions(soc_core(lab->soc, 0)) > before + 100;
}

static void
with_its_wait_states_a_faster_clock_reads_right_and_runs(void **state)
{
	const struct board_facts *board = *state;
	struct lab *lab = lab_with_program(board);

	lab_poke(lab, flash_acr, ENOUGH_IN_ALL_RANGES);
	lab_poke(lab, board->range_at, board->fast);
	assert_true(code_runs(lab));
	assert_int_equal(lab_peek(lab, main_at), 0x20002000);
	lab_poke(lab, board->range_at, board->slow);
	lab_poke(lab, flash_acr, 0);
	assert_int_equal(lab_peek(lab, main_at), 0x20002000);
	assert_true(code_runs(lab));
	lab_close(lab);
}

static void
without_them_flash_is_misread_until_the_clock_is_slow_again(void **state)
{
	const struct board_facts *board = *state;
	struct lab *lab = lab_with_program(board);
	uint32_t first;

	lab_poke(lab, board->range_at, board->fast);
	first = lab_peek(lab, main_at);
	assert_int_not_equal(first, 0x20002000);
	assert_int_not_equal(lab_peek(lab, main_at), first);
	lab_poke(lab, 0x20000000, 0x12345678);
	assert_int_equal(lab_peek(lab, 0x20000000), 0x12345678);
	lab_poke(lab, board->range_at, board->slow);
	assert_int_equal(lab_peek(lab, main_at), 0x20002000);
	lab_close(lab);
}

static void
without_them_a_program_in_flash_ends_until_the_next_reset(void **state)
{
	const struct board_facts *board = *state;
	struct lab *lab = lab_with_program(board);

	assert_true(code_runs(lab));
	lab_poke(lab, board->range_at, board->fast);
	assert_false(code_runs(lab));
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_LOCKED_UP);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004); /* SYSRESETREQ */
	wire_advance(lab->wire, 20 * MS);
	assert_true(code_runs(lab));
	lab_close(lab);
}

/* str r1, [r0]; ldr r3, [r2]; str r3, [r4]; b . */
static void
a_core_that_outruns_its_flash_misreads_it_from_ram(void **state)
{
	static const uint16_t code[] = { 0x6001, 0x6813, 0x6023, 0xE7FE };
	const struct board_facts *board = *state;
	struct lab *lab = lab_with_program(board);

	lab_halt(lab);
	lab_register_set(lab, 0, board->range_at);
	lab_register_set(lab, 1, board->fast);
	lab_register_set(lab, 2, main_at);
	lab_register_set(lab, 4, 0x20001000);
	lab_run(lab, code, sizeof(code) / sizeof(code[0]));
	wire_advance(lab->wire, MS);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_RUNNING);
	assert_int_not_equal(lab_peek(lab, 0x20001000), 0x20002000);
	lab_close(lab);
}

static void
a_lower_vcore_needs_more_wait_states(void **state)
{
	const struct board_facts *board = *state;
	struct lab *lab = lab_with_program(board);

	lab_poke(lab, board->clock_at, lab_peek(lab, board->clock_at) | board->clock_bit);
	lab_poke(lab, board->vcore_at, board->high);
	lab_poke(lab, flash_acr, board->wait_states);
	lab_poke(lab, board->range_at, board->fast);
	assert_int_equal(lab_peek(lab, main_at), 0x20002000);
	lab_poke(lab, board->vcore_at, board->low);
	assert_int_not_equal(lab_peek(lab, main_at), 0x20002000);
	lab_close(lab);
}

#define ON_EACH(test)                                      \
	{ #test " (L4)", test, NULL, NULL, &facts[0] },    \
	{                                                  \
#test " (U5)", test, NULL, NULL, &facts[1] \
	}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_EACH(with_its_wait_states_a_faster_clock_reads_right_and_runs),
		ON_EACH(without_them_flash_is_misread_until_the_clock_is_slow_again),
		ON_EACH(without_them_a_program_in_flash_ends_until_the_next_reset),
		ON_EACH(a_core_that_outruns_its_flash_misreads_it_from_ram),
		ON_EACH(a_lower_vcore_needs_more_wait_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
