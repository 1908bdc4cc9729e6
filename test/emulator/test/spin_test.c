/* SPDX-License-Identifier: MIT */
/*
 * A core that waits in a loop costs next to nothing, and nobody can tell: time,
 * instructions and registers are those of a core that went round each time. A data
 * watchpoint somewhere else has it go round each time.
 */
#include <time.h>

#include "test/emulator/test/lab.h"

enum { FLASH_KEYR = 0x52002004, FLASH_CR = 0x5200200C, FLASH_SR = 0x52002010 };
enum { G4_RCC_AHB1ENR = 0x40021048, G4_RCC_APB1ENR1 = 0x40021058 };
#define DEMCR         UINT32_C(0xE000EDFC)
#define DWT_COMP0     UINT32_C(0xE0001020)
#define DWT_FUNCTION0 UINT32_C(0xE0001028)

struct outcome {
	uint64_t ns, instructions;
	uint32_t registers[17];
};

static void
watch_elsewhere(struct lab *lab)
{
	lab_poke(lab, DEMCR, 0x01000000);
	lab_poke(lab, DWT_COMP0, 0x30000000);
	lab_poke(lab, DWT_FUNCTION0, 6);
}

static void
go_on_for(struct lab *lab, uint64_t ns)
{
	while (ns) {
		uint64_t step = ns < 777777 ? ns : 777777;

		wire_advance(lab->wire, step);
		ns -= step;
	}
}

static void
outcome_take(struct lab *lab, struct outcome *outcome)
{
	outcome->ns = soc_now_ns(lab->soc);
	outcome->instructions = cpu_instructions(soc_core(lab->soc, 0));
	lab_halt(lab);
	for (uint32_t i = 0; i < 17; i++)
		outcome->registers[i] = lab_register(lab, i);
}

/* Runs the code with and without a watchpoint for so long; both come to the same. */
static void
assert_same_either_way(const char *board, const uint16_t *code, unsigned len, uint64_t ns,
		       void (*prepare)(struct lab *lab))
{
	struct outcome outcomes[2] = { 0 };

	for (unsigned i = 0; i < 2; i++) {
		struct lab *lab = lab_open(board);

		lab_halt(lab);
		if (i)
			watch_elsewhere(lab);
		if (prepare)
			prepare(lab);
		lab_run(lab, code, len);
		go_on_for(lab, ns);
		outcome_take(lab, &outcomes[i]);
		lab_close(lab);
	}
	assert_memory_equal(&outcomes[0], &outcomes[1], sizeof(outcomes[0]));
	assert_true(outcomes[0].instructions > 1000);
}

static void
erase_begin(struct lab *lab)
{
	lab_poke(lab, FLASH_KEYR, 0x45670123);
	lab_poke(lab, FLASH_KEYR, 0xCDEF89AB);
	lab_poke(lab, FLASH_CR, 0x134); /* sector 1, PSIZE 3, SER */
	lab_poke(lab, FLASH_CR, 0x1B4); /* START */
}

/* ldr r0, =FLASH_SR; again: ldr r1, [r0]; tst r1, #5; bne again; movs r2, #1; b . */
static const uint16_t waits_for_flash[] = {
	0x4803, 0x6801, 0x2305, 0x4219, 0xD1FB, 0x2201, 0xE7FE, 0xBF00, 0x2010, 0x5200,
};

static void
an_erase_that_is_polled_takes_its_time_and_little_of_ours(void **state)
{
	struct lab *lab = lab_open("nucleo-h743zi2");
	clock_t began;
	uint32_t waited;

	(void)state;
	lab_halt(lab);
	erase_begin(lab);
	lab_run(lab, waits_for_flash, sizeof(waits_for_flash) / 2);
	began = clock();
	for (waited = 0; lab_peek(lab, FLASH_SR) & 5; waited++)
		wire_advance(lab->wire, 10 * MS);
	assert_true(waited >= 50);
	wire_advance(lab->wire, MS);
	lab_halt(lab);
	assert_int_equal(lab_register(lab, 2), 1);
	assert_true((double)(clock() - began) / CLOCKS_PER_SEC < 1.0);
	lab_close(lab);
}

static void
the_poll_counts_the_same_either_way(void **state)
{
	(void)state;
	assert_same_either_way("nucleo-h743zi2", waits_for_flash,
			       sizeof(waits_for_flash) / 2, 60 * MS, erase_begin);
}

static void
stack_give(struct lab *lab)
{
	lab_register_set(lab, 13, 0x20004000);
}

/* A loop that pushes, calls and pops stores what was there already. */
static void
a_loop_that_calls_counts_the_same_either_way(void **state)
{
	/* again: push {r4, lr}; bl f; pop {r4, r5}; b again; f: it eq; moveq r0, r0; bx lr */
	static const uint16_t code[] = {
		0xB510, 0xF000, 0xF803, 0xBC30, 0xE7FA, 0xBF00, 0xBF08, 0x4600, 0x4770,
	};

	(void)state;
	assert_same_either_way("g473-custom", code, sizeof(code) / 2, 20 * MS, stack_give);
}

/* A loop that counts in a register, in memory, or reads a counter is gone through. */
static void
a_loop_that_counts_is_gone_through(void **state)
{
	/* again: adds r0, #1; b again */
	static const uint16_t in_register[] = { 0x3001, 0xE7FD };
	/* ldr r1, =0x20001000; again: ldr r0, [r1]; adds r0, #1; str r0, [r1]; movs r0, #0;
	 * b again */
	static const uint16_t in_memory[] = {
		0x4903, 0x6808, 0x3001, 0x6008, 0x2000,
		0xE7FA, 0xBF00, 0xBF00, 0x1000, 0x2000,
	};

	(void)state;
	assert_same_either_way("g473-custom", in_register, 2, 5 * MS, NULL);
	assert_same_either_way("g473-custom", in_memory, 10, 5 * MS, NULL);
}

static void
clock_the_timer(struct lab *lab)
{
	lab_poke(lab, G4_RCC_APB1ENR1, 0x10); /* TIM6 */
	lab_poke(lab, 0x40001000, 1);
}

/* ldr r1, =TIM6_CNT; again: ldr r0, [r1]; lsrs r0, r0, #10; beq again; movs r2, #1; b . */
static void
a_loop_that_waits_for_a_counter_ends_in_time(void **state)
{
	static const uint16_t code[] = {
		0x4902, 0x6808, 0x0A80, 0xD0FC, 0x2201, 0xE7FE, 0x1024, 0x4000,
	};

	(void)state;
	assert_same_either_way("g473-custom", code, sizeof(code) / 2, 5 * MS,
			       clock_the_timer);
}

/* SysTick comes in between, and its handler counts. */
static void
an_interrupt_comes_when_it_is_due(void **state)
{
	struct outcome outcomes[2] = { 0 };
	/* handler: ldr r1, =0x20001000; ldr r0, [r1]; adds r0, #1; str r0, [r1]; bx lr */
	static const uint32_t handler[] = { 0x68084902, 0x60083001, 0xBF004770,
					    0x20001000 };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct lab *lab = lab_open("g473-custom");
		static const uint16_t endless[] = { 0xE7FE, 0xE7FE };

		lab_halt(lab);
		if (i)
			watch_elsewhere(lab);
		for (uint32_t word = 0; word < 4; word++)
			lab_poke(lab, 0x20000800 + 4 * word, handler[word]);
		lab_poke(lab, 0x20001000, 0);
		lab_poke(lab, 0x20000400 + 4 * 15, 0x20000801);
		lab_poke(lab, 0xE000ED08, 0x20000400);
		lab_poke(lab, 0xE000E014, 15999);
		lab_poke(lab, 0xE000E018, 0);
		lab_poke(lab, 0xE000E010, 7);
		lab_register_set(lab, 13, 0x20004000);
		lab_run(lab, endless, 2);
		go_on_for(lab, 50 * MS);
		outcome_take(lab, &outcomes[i]);
		assert_in_range(lab_peek(lab, 0x20001000), 49, 51);
		lab_close(lab);
	}
	assert_memory_equal(&outcomes[0], &outcomes[1], sizeof(outcomes[0]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_erase_that_is_polled_takes_its_time_and_little_of_ours),
		cmocka_unit_test(the_poll_counts_the_same_either_way),
		cmocka_unit_test(a_loop_that_calls_counts_the_same_either_way),
		cmocka_unit_test(a_loop_that_counts_is_gone_through),
		cmocka_unit_test(a_loop_that_waits_for_a_counter_ends_in_time),
		cmocka_unit_test(an_interrupt_comes_when_it_is_due),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
