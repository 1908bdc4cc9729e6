/* SPDX-License-Identifier: MIT */
/*
 * DMA1, DMAMUX1 and TIM6 of the STM32G473: the rules of RM0440 Rev 8, chapters 12, 13 and
 * 31, on a chip whose core is halted from the start.
 */
#include "test/emulator/test/lab.h"

static const uint32_t source = 0x20001000, target = 0x20002000;

enum { DMA1 = 0x40020000, DMAMUX1 = 0x40020800, TIM6 = 0x40001000, RCC = 0x40021000 };
enum { DMA_ISR = 0x00, DMA_IFCR = 0x04, CCR1 = 0x08, CNDTR1 = 0x0C, CPAR1 = 0x10 };
enum { CMAR1 = 0x14, CHANNEL_8 = 7 * 0x14 };
enum { EN = 1, DIR = 0x10, CIRC = 0x20, PINC = 0x40, MINC = 0x80 };
enum { P8 = 0, P16 = 0x100, P32 = 0x200, M8 = 0, M16 = 0x400, M32 = 0x800 };
enum { GIF = 1, TCIF = 2, HTIF = 4, TEIF = 8 };
enum { TIM6_UP = 8, TIM7_UP = 9 };
enum { TIM_CR1 = 0x00, DIER = 0x0C, SR = 0x10, EGR = 0x14, CNT = 0x24, PSC = 0x28 };
enum { ARR = 0x2C, CEN = 1, OPM = 8, UDE = 0x100, UIF = 1, UG = 1 };
enum { AHB1RSTR = 0x28, APB1RSTR1 = 0x38, AHB1ENR = 0x48, APB1ENR1 = 0x58, CFGR = 0x08 };
enum { DMA1EN = 1, DMAMUX1EN = 4, TIM6EN = 0x10, CFGR_PPRE1_BY_8 = 0x600 };
static const uint32_t apb1fzr1 = 0xE0042008;
static const uint32_t dbg_tim6_stop = 0x10;
static const uint32_t nowhere = 0x30000000;

static int
set_up(void **state)
{
	struct lab *lab = lab_open("g473-custom");

	lab_halt(lab);
	lab_poke(lab, RCC + AHB1ENR, lab_peek(lab, RCC + AHB1ENR) | DMA1EN | DMAMUX1EN);
	lab_poke(lab, RCC + APB1ENR1, TIM6EN);
	for (uint32_t i = 0; i < 64; i += 4) {
		lab_poke(lab, source + i, 0x03020100 + i * 0x01010101);
		lab_poke(lab, target + i, 0);
	}
	*state = lab;
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

/* Channel 1 on TIM6's update: from `source` to `target`, or with DIR the other way. */
static void
channel_begin(struct lab *lab, uint32_t count, uint32_t ccr)
{
	lab_poke(lab, DMAMUX1, TIM6_UP);
	lab_poke(lab, DMA1 + CNDTR1, count);
	lab_poke(lab, DMA1 + CPAR1, source);
	lab_poke(lab, DMA1 + CMAR1, target);
	lab_poke(lab, DMA1 + CCR1, ccr | EN);
	lab_poke(lab, TIM6 + DIER, UDE);
}

/* 16 MHz / 16 / 100: an update in 100 us. UG takes PSC over, which is a request of its own. */
static void
timer_begin(struct lab *lab)
{
	lab_poke(lab, TIM6 + DIER, 0);
	lab_poke(lab, TIM6 + PSC, 15);
	lab_poke(lab, TIM6 + ARR, 99);
	lab_poke(lab, TIM6 + EGR, UG);
	lab_poke(lab, TIM6 + SR, 0);
	lab_poke(lab, TIM6 + DIER, UDE);
	lab_poke(lab, TIM6 + TIM_CR1, CEN);
}

static void
ask(struct lab *lab, unsigned times)
{
	while (times--)
		lab_poke(lab, TIM6 + EGR, UG);
}

static uint32_t
moved(struct lab *lab, uint32_t count)
{
	return count - lab_peek(lab, DMA1 + CNDTR1);
}

static void
an_update_in_a_period_of_the_timer(void **state)
{
	struct lab *lab = *state;

	channel_begin(lab, 1000, P32 | M32);
	timer_begin(lab);
	wire_advance(lab->wire, 10 * MS + 10 * US);
	assert_int_equal(moved(lab, 1000), 100);
	lab_poke(lab, RCC + CFGR, lab_peek(lab, RCC + CFGR) | CFGR_PPRE1_BY_8);
	wire_advance(lab->wire, 10 * MS); /* the timer's clock is a fourth of it now */
	assert_in_range(moved(lab, 1000), 124, 126);
	lab_poke(lab, TIM6 + TIM_CR1, 0);
	wire_advance(lab->wire, 10 * MS);
	assert_in_range(moved(lab, 1000), 124, 126);
}

static void
cnt_counts_and_one_pulse_mode_stops(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, TIM6 + ARR), 0xFFFF);
	timer_begin(lab);
	wire_advance(lab->wire, 50 * US);
	assert_in_range(lab_peek(lab, TIM6 + CNT), 49, 51);
	assert_int_equal(lab_peek(lab, TIM6 + SR), 0);
	lab_poke(lab, TIM6 + TIM_CR1, CEN | OPM);
	wire_advance(lab->wire, 60 * US);
	assert_int_equal(lab_peek(lab, TIM6 + SR), UIF);
	assert_int_equal(lab_peek(lab, TIM6 + TIM_CR1), OPM);
	assert_int_equal(lab_peek(lab, TIM6 + CNT), 0);
}

static void
a_circle_begins_anew_and_a_line_ends(void **state)
{
	struct lab *lab = *state;

	channel_begin(lab, 4, P32 | M32 | PINC | MINC);
	ask(lab, 2);
	assert_int_equal(lab_peek(lab, DMA1 + DMA_ISR), GIF | HTIF);
	ask(lab, 3);
	assert_int_equal(lab_peek(lab, DMA1 + DMA_ISR), GIF | HTIF | TCIF);
	assert_int_equal(lab_peek(lab, DMA1 + CNDTR1), 0);
	assert_int_equal(lab_peek(lab, target + 12), lab_peek(lab, source + 12));
	assert_int_equal(lab_peek(lab, target + 16), 0);
	lab_poke(lab, DMA1 + DMA_IFCR, HTIF);
	assert_int_equal(lab_peek(lab, DMA1 + DMA_ISR), GIF | TCIF);
	lab_poke(lab, DMA1 + DMA_IFCR, GIF);
	assert_int_equal(lab_peek(lab, DMA1 + DMA_ISR), 0);

	lab_poke(lab, DMA1 + CCR1, 0);
	channel_begin(lab, 4, P32 | M32 | PINC | MINC | CIRC);
	ask(lab, 4);
	lab_poke(lab, target, 0);
	assert_int_equal(lab_peek(lab, DMA1 + CNDTR1), 4);
	ask(lab, 1);
	assert_int_equal(lab_peek(lab, target), lab_peek(lab, source));
}

static void
sizes_extend_with_zeros_or_cut_off(void **state)
{
	struct lab *lab = *state;

	channel_begin(lab, 8, P8 | M16 | PINC | MINC);
	ask(lab, 2);
	assert_int_equal(lab_peek(lab, target), 0x00010000);
	lab_poke(lab, DMA1 + CCR1, 0);
	channel_begin(lab, 8, P32 | M8 | PINC | MINC);
	ask(lab, 4);
	assert_int_equal(lab_peek(lab, target), 0x0C080400);
	assert_int_equal(lab_peek(lab, target + 4), 0);
	lab_poke(lab, DMA1 + CCR1, 0);
	lab_poke(lab, target, 0x87654321);
	channel_begin(lab, 8, P32 | M16 | DIR);
	ask(lab, 1);
	assert_int_equal(lab_peek(lab, source), 0x4321);
}

static void
an_enabled_channel_keeps_its_addresses_and_a_bus_error_ends_it(void **state)
{
	struct lab *lab = *state;

	channel_begin(lab, 8, P32 | M32);
	lab_poke(lab, DMA1 + CPAR1, nowhere);
	lab_poke(lab, DMA1 + CNDTR1, 99);
	assert_int_equal(lab_peek(lab, DMA1 + CPAR1), source);
	assert_int_equal(lab_peek(lab, DMA1 + CNDTR1), 8);
	lab_poke(lab, DMA1 + CCR1, 0);
	lab_poke(lab, DMA1 + CPAR1, nowhere);
	lab_poke(lab, DMA1 + CCR1, P32 | M32 | EN);
	ask(lab, 1);
	assert_int_equal(lab_peek(lab, DMA1 + DMA_ISR), GIF | TEIF);
	assert_int_equal(lab_peek(lab, DMA1 + CCR1) & EN, 0);
}

static void
the_dmamux_says_which_channel_hears_a_request(void **state)
{
	struct lab *lab = *state;

	channel_begin(lab, 8, P32 | M32);
	lab_poke(lab, DMA1 + CHANNEL_8 + CNDTR1, 8);
	lab_poke(lab, DMA1 + CHANNEL_8 + CPAR1, source + 4);
	lab_poke(lab, DMA1 + CHANNEL_8 + CMAR1, target + 4);
	lab_poke(lab, DMA1 + CHANNEL_8 + CCR1, P32 | M32 | EN);
	lab_poke(lab, DMAMUX1, TIM7_UP);
	lab_poke(lab, DMAMUX1 + 4 * 7, TIM6_UP);
	ask(lab, 1);
	assert_int_equal(lab_peek(lab, target), 0);
	assert_int_equal(lab_peek(lab, target + 4), lab_peek(lab, source + 4));
	assert_int_equal(lab_peek(lab, DMA1 + CHANNEL_8 + CNDTR1), 7);
}

static void
dbg_tim6_stop_stops_it_while_the_core_is_halted(void **state)
{
	struct lab *lab = *state;
	uint32_t before;

	channel_begin(lab, 1000, P32 | M32);
	timer_begin(lab);
	wire_advance(lab->wire, 5 * MS);
	assert_in_range(moved(lab, 1000), 49, 51);
	lab_poke(lab, apb1fzr1, dbg_tim6_stop);
	before = moved(lab, 1000);
	wire_advance(lab->wire, 10 * MS);
	assert_in_range(moved(lab, 1000), before, before + 1);
	lab_poke(lab, apb1fzr1, 0);
	wire_advance(lab->wire, 10 * MS);
	assert_in_range(moved(lab, 1000), before + 85, before + 101);
}

/* Stops with the bit in `at` changed and, when the registers were reset, stays so. */
static void
gate_stops(struct lab *lab, uint32_t at, uint32_t bit)
{
	uint32_t before, enr = lab_peek(lab, at);

	before = moved(lab, 1000);
	lab_poke(lab, at, enr & ~bit);
	wire_advance(lab->wire, 5 * MS);
	lab_poke(lab, at, enr);
	assert_in_range(moved(lab, 1000), before, before + 1);
	wire_advance(lab->wire, 10 * MS);
	assert_in_range(moved(lab, 1000), before + 85, before + 102);
}

static void
each_of_the_three_stops_without_its_clock(void **state)
{
	struct lab *lab = *state;

	channel_begin(lab, 1000, P32 | M32);
	timer_begin(lab);
	gate_stops(lab, RCC + AHB1ENR, DMA1EN);
	gate_stops(lab, RCC + AHB1ENR, DMAMUX1EN);
	gate_stops(lab, RCC + APB1ENR1, TIM6EN);
}

static void
reset_by(struct lab *lab, uint32_t at, uint32_t bit)
{
	lab_poke(lab, DMA1 + CCR1, 0);
	channel_begin(lab, 1000, P32 | M32);
	timer_begin(lab);
	wire_advance(lab->wire, 1 * MS);
	assert_int_not_equal(lab_peek(lab, target), 0);
	lab_poke(lab, at, bit);
	lab_poke(lab, at, 0);
	lab_poke(lab, target, 0);
	wire_advance(lab->wire, 5 * MS);
	assert_int_equal(lab_peek(lab, target), 0);
}

static void
each_of_the_three_stops_with_its_reset_bit_in_rcc(void **state)
{
	struct lab *lab = *state;

	reset_by(lab, RCC + AHB1RSTR, DMA1EN);
	assert_int_equal(lab_peek(lab, DMA1 + CCR1), 0);
	reset_by(lab, RCC + AHB1RSTR, DMAMUX1EN);
	assert_int_equal(lab_peek(lab, DMAMUX1), 0);
	reset_by(lab, RCC + APB1RSTR1, TIM6EN);
	assert_int_equal(lab_peek(lab, TIM6 + TIM_CR1), 0);
}

int
main(void)
{
#define ON_A_BOARD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		ON_A_BOARD(an_update_in_a_period_of_the_timer),
		ON_A_BOARD(cnt_counts_and_one_pulse_mode_stops),
		ON_A_BOARD(a_circle_begins_anew_and_a_line_ends),
		ON_A_BOARD(sizes_extend_with_zeros_or_cut_off),
		ON_A_BOARD(an_enabled_channel_keeps_its_addresses_and_a_bus_error_ends_it),
		ON_A_BOARD(the_dmamux_says_which_channel_hears_a_request),
		ON_A_BOARD(dbg_tim6_stop_stops_it_while_the_core_is_halted),
		ON_A_BOARD(each_of_the_three_stops_without_its_clock),
		ON_A_BOARD(each_of_the_three_stops_with_its_reset_bit_in_rcc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
