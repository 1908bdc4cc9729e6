/* SPDX-License-Identifier: MIT */
/* The flash controller of the STM32F103: each rule of PM0075 Rev 2. */
#include "test/emulator/test/flash_lab.h"

static const uint32_t flash = 0x08000000;
static const uint32_t options = 0x1FFFF800;
static const uint32_t rcc_cr = 0x40021000;

enum {
	KEYR = 0x04,
	OPTKEYR = 0x08,
	SR = 0x0C,
	CR = 0x10,
	AR = 0x14,
	OBR = 0x1C,
	WRPR = 0x20
};
enum { BSY = 1 << 0, PGERR = 1 << 2, WRPRTERR = 1 << 4, EOP = 1 << 5 };
enum {
	PG = 1 << 0,
	PER = 1 << 1,
	MER = 1 << 2,
	OPTPG = 1 << 4,
	OPTER = 1 << 5,
	STRT = 1 << 6,
	LOCK = 1 << 7,
	OPTWRE = 1 << 9,
	EOPIE = 1 << 12
};
enum { OPTERR = 1 << 0, RDPRT = 1 << 1 };
enum { RDP_OFF = 0xA5, PAGE = 1024 };

static void
unlock(struct lab *lab)
{
	keys_write(lab, KEYR, FLASH_KEY1, FLASH_KEY2);
}

static void
unlock_options(struct lab *lab)
{
	unlock(lab);
	keys_write(lab, OPTKEYR, FLASH_KEY1, FLASH_KEY2);
}

static uint64_t
wait_ready(struct lab *lab)
{
	return wait_while(lab, SR, BSY);
}

static enum bus_result
store(struct lab *lab, uint32_t at, unsigned size, uint32_t value)
{
	uint32_t lanes = value << (8 * (at & 3));

	return lab_access(lab, at, size, true, &lanes);
}

static uint16_t
halfword(struct lab *lab, uint32_t at)
{
	return (uint16_t)(lab_peek(lab, at & ~UINT32_C(3)) >> (8 * (at & 2)));
}

/* Programs a halfword of the main flash and returns FLASH_SR after it. */
static uint32_t
program(struct lab *lab, uint32_t at, uint16_t value)
{
	uint32_t sr;

	reg_set(lab, CR, PG);
	assert_int_equal(store(lab, at, 2, value), BUS_OK);
	wait_ready(lab);
	reg_set(lab, CR, 0);
	sr = reg_get(lab, SR);
	reg_set(lab, SR, EOP | PGERR | WRPRTERR);
	return sr;
}

static uint32_t
erase(struct lab *lab, uint32_t kind, uint32_t at)
{
	uint32_t sr;

	reg_set(lab, CR, kind);
	reg_set(lab, AR, at);
	reg_set(lab, CR, kind | STRT);
	wait_ready(lab);
	reg_set(lab, CR, 0);
	sr = reg_get(lab, SR);
	reg_set(lab, SR, EOP | PGERR | WRPRTERR);
	return sr;
}

/* Erases the option bytes and programs all eight anew. */
static void
options_write(struct lab *lab, const uint8_t bytes[8])
{
	unlock_options(lab);
	reg_set(lab, CR, OPTER | OPTWRE);
	reg_set(lab, CR, OPTER | OPTWRE | STRT);
	wait_ready(lab);
	reg_set(lab, CR, OPTPG | OPTWRE);
	for (uint32_t i = 0; i < 8; i++) {
		assert_int_equal(store(lab, options + 2 * i, 2, bytes[i]), BUS_OK);
		wait_ready(lab);
	}
	reg_set(lab, CR, LOCK);
}

static void
system_reset(struct lab *lab)
{
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 20 * MS);
	lab_halt(lab);
}

static int
set_up(void **state)
{
	struct lab *lab = lab_open("bluepill-f103");

	lab_halt(lab);
	*state = lab;
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

/* --- locks ------------------------------------------------------------------------- */

static void
it_is_locked_after_reset_and_two_keys_open_it(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, CR), LOCK);
	reg_set(lab, CR, PG);
	assert_int_equal(reg_get(lab, CR), LOCK);
	unlock(lab);
	assert_int_equal(reg_get(lab, CR), 0);
}

static void
a_wrong_key_is_a_bus_error_and_locks_until_reset(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(store(lab, 0x40022000 + KEYR, 4, FLASH_KEY2), BUS_FAULT);
	assert_int_equal(store(lab, 0x40022000 + KEYR, 4, FLASH_KEY1), BUS_FAULT);
	assert_int_equal(reg_get(lab, CR), LOCK);
	system_reset(lab);
	unlock(lab);
	assert_int_equal(reg_get(lab, CR), 0);
}

static void
a_wrong_second_key_is_a_bus_error_too(void **state)
{
	struct lab *lab = *state;

	reg_set(lab, KEYR, FLASH_KEY1);
	assert_int_equal(store(lab, 0x40022000 + KEYR, 4, FLASH_KEY1), BUS_FAULT);
	assert_int_equal(store(lab, 0x40022000 + KEYR, 4, FLASH_KEY2), BUS_FAULT);
	assert_int_equal(reg_get(lab, CR), LOCK);
}

static void
keys_sent_to_an_open_lock_do_no_harm(void **state)
{
	struct lab *lab = *state;

	unlock_options(lab);
	unlock_options(lab);
	assert_int_equal(reg_get(lab, CR), OPTWRE);
	reg_set(lab, CR, LOCK);
	unlock(lab);
	assert_int_equal(reg_get(lab, CR) & LOCK, 0);
}

static void
the_option_bytes_open_only_behind_the_first_lock(void **state)
{
	struct lab *lab = *state;

	reg_set(lab, OPTKEYR, FLASH_KEY1);
	reg_set(lab, OPTKEYR, FLASH_KEY2);
	assert_int_equal(reg_get(lab, CR), LOCK);
}

/* --- programming -------------------------------------------------------------------- */

static void
a_halfword_is_programmed_in_its_time(void **state)
{
	struct lab *lab = *state;
	uint64_t ns;

	unlock(lab);
	reg_set(lab, CR, PG);
	assert_int_equal(store(lab, flash + 2, 2, 0x1234), BUS_OK);
	assert_int_equal(reg_get(lab, SR), BSY);
	ns = wait_ready(lab);
	assert_true(ns >= 50 * US && ns <= 70 * US);
	assert_int_equal(reg_get(lab, SR), EOP);
	assert_int_equal(lab_peek(lab, flash), 0x1234FFFF);
}

static void
bytes_and_words_are_bus_errors(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, PG);
	assert_int_equal(store(lab, flash, 4, 0x12345678), BUS_FAULT);
	assert_int_equal(store(lab, flash, 1, 0x12), BUS_FAULT);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
}

static void
what_is_not_erased_is_not_programmed_but_with_zero(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	assert_int_equal(program(lab, flash, 0xFF00), EOP);
	assert_int_equal(program(lab, flash, 0xF000), PGERR);
	assert_int_equal(halfword(lab, flash), 0xFF00);
	assert_int_equal(program(lab, flash, 0), EOP);
	assert_int_equal(halfword(lab, flash), 0);
}

static void
without_pg_a_store_is_lost(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	assert_int_equal(store(lab, flash, 2, 0x1234), BUS_OK);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(halfword(lab, flash), 0xFFFF);
}

static void
a_read_waits_while_it_is_busy_and_registers_cannot_be_written(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	unlock(lab);
	reg_set(lab, CR, PG);
	assert_int_equal(store(lab, flash, 2, 0x1234), BUS_OK);
	assert_int_equal(lab_access(lab, flash + 0x1000, 4, false, &value), BUS_WAIT);
	assert_int_equal(store(lab, flash + 2, 2, 0x5678), BUS_WAIT);
	reg_set(lab, CR, LOCK);
	wait_ready(lab);
	assert_int_equal(reg_get(lab, CR), PG);
}

static void
nothing_goes_on_while_the_hsi_is_off(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, rcc_cr, lab_peek(lab, rcc_cr) | 1 << 16); /* HSEON */
	wire_advance(lab->wire, 3 * MS);
	lab_poke(lab, rcc_cr + 4, 1); /* CFGR.SW: HSE */
	lab_poke(lab, rcc_cr, 1 << 16);
	unlock(lab);
	reg_set(lab, CR, PG);
	assert_int_equal(store(lab, flash, 2, 0x1234), BUS_OK);
	wire_advance(lab->wire, 10 * MS);
	assert_int_equal(reg_get(lab, SR), BSY);
	lab_poke(lab, rcc_cr, 1 << 16 | 1); /* HSION */
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(reg_get(lab, SR), EOP);
	assert_int_equal(halfword(lab, flash), 0x1234);
}

static void
the_end_of_an_operation_can_interrupt(void **state)
{
	static const uint32_t ispr = 0xE000E200; /* NVIC */
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, PG | EOPIE);
	assert_int_equal(store(lab, flash, 2, 0x1234), BUS_OK);
	assert_int_equal(lab_peek(lab, ispr) & 1 << 4, 0);
	wait_ready(lab);
	assert_int_equal(lab_peek(lab, ispr) & 1 << 4, 1 << 4);
}

/* --- erasing ------------------------------------------------------------------------- */

static void
a_page_has_one_kibibyte_and_its_neighbours_stay(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash + PAGE - 2, 1);
	program(lab, flash + PAGE, 2);
	program(lab, flash + 2 * PAGE - 2, 3);
	program(lab, flash + 2 * PAGE, 4);
	assert_int_equal(erase(lab, PER, flash + PAGE + 0x124), EOP);
	assert_int_equal(halfword(lab, flash + PAGE - 2), 1);
	assert_int_equal(halfword(lab, flash + PAGE), 0xFFFF);
	assert_int_equal(halfword(lab, flash + 2 * PAGE - 2), 0xFFFF);
	assert_int_equal(halfword(lab, flash + 2 * PAGE), 4);
}

static void
erasing_takes_twenty_to_forty_milliseconds(void **state)
{
	static const uint32_t kinds[] = { PER, MER };
	struct lab *lab = *state;

	unlock(lab);
	for (unsigned i = 0; i < 2; i++) {
		uint64_t start = soc_now_ns(lab->soc), ns;

		erase(lab, kinds[i], flash);
		ns = soc_now_ns(lab->soc) - start;
		assert_true(ns >= 20 * MS && ns <= 40 * MS);
	}
}

static void
a_mass_erase_takes_all_but_the_option_bytes(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1);
	program(lab, flash + 128 * PAGE - 2, 2);
	assert_int_equal(erase(lab, MER, flash), EOP);
	assert_int_equal(halfword(lab, flash), 0xFFFF);
	assert_int_equal(halfword(lab, flash + 128 * PAGE - 2), 0xFFFF);
	assert_int_equal(lab_peek(lab, options), 0x00FF5AA5);
	assert_int_equal(lab->stats.erased_len, 128);
}

static void
code_in_flash_stands_still_while_it_is_busy(void **state)
{
	struct lab *lab = *state;
	uint64_t before;

	unlock(lab);
	program(lab, flash + 0x100, 0xE7FE); /* b . */
	lab_go(lab, flash + 0x100);
	wire_advance(lab->wire, 1 * MS);
	reg_set(lab, CR, PER);
	reg_set(lab, AR, flash + PAGE);
	reg_set(lab, CR, PER | STRT);
	wire_advance(lab->wire, 1 * MS);
	before = cpu_instructions(soc_core(lab->soc, 0));
	wire_advance(lab->wire, 10 * MS);
	assert_int_equal(cpu_instructions(soc_core(lab->soc, 0)), before);
	wire_advance(lab->wire, 30 * MS);
	assert_true(cpu_instructions(soc_core(lab->soc, 0)) > before);
}

/* --- option bytes --------------------------------------------------------------------- */

static void
from_the_factory_nothing_is_protected(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, OBR), 0x03FFFFFC);
	assert_int_equal(reg_get(lab, WRPR), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, options), 0x00FF5AA5);
	assert_int_equal(lab_peek(lab, options + 12), 0x00FF00FF);
}

static void
the_complement_is_computed_and_a_reset_puts_it_in_force(void **state)
{
	static const uint8_t bytes[8] = {
		RDP_OFF, 0xFF, 0x12, 0x34, 0xFE, 0xFF, 0xFF, 0x7F
	};
	struct lab *lab = *state;

	options_write(lab, bytes);
	assert_int_equal(halfword(lab, options + 4), 0xED12);
	assert_int_equal(reg_get(lab, WRPR), 0xFFFFFFFF);
	system_reset(lab);
	assert_int_equal(reg_get(lab, WRPR), 0x7FFFFFFE);
	assert_int_equal(reg_get(lab, OBR) >> 10, 0x3412);
}

static void
a_protected_page_is_neither_programmed_nor_erased(void **state)
{
	static const uint8_t bytes[8] = {
		RDP_OFF, 0xFF, 0xFF, 0xFF, 0xFD, 0xFF, 0xFF, 0xFF
	};
	struct lab *lab = *state;

	options_write(lab, bytes); /* bit 1: pages 4 to 7 */
	system_reset(lab);
	unlock(lab);
	assert_int_equal(program(lab, flash + 4 * PAGE - 2, 1), EOP);
	assert_int_equal(program(lab, flash + 4 * PAGE, 1), WRPRTERR);
	assert_int_equal(program(lab, flash + 8 * PAGE - 2, 1), WRPRTERR);
	assert_int_equal(program(lab, flash + 8 * PAGE, 1), EOP);
	assert_int_equal(erase(lab, PER, flash + 5 * PAGE), WRPRTERR);
	assert_int_equal(erase(lab, MER, flash), WRPRTERR);
	assert_int_equal(halfword(lab, flash + 4 * PAGE), 0xFFFF);
	assert_int_equal(halfword(lab, flash + 8 * PAGE), 1);
}

static void
a_spoilt_complement_is_an_option_error(void **state)
{
	static const uint8_t bytes[8] = {
		RDP_OFF, 0xFF, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF
	};
	struct lab *lab = *state;

	options_write(lab, bytes);
	assert_true(soc_preload(lab->soc, options + 4, (const uint8_t[]){ 0x55 }, 1));
	system_reset(lab);
	assert_int_equal(reg_get(lab, OBR) & OPTERR, OPTERR);
	assert_int_equal(reg_get(lab, OBR) >> 10 & 0xFF, 0xFF);
}

static void
read_protection_shuts_the_debugger_out_of_the_flash_alone(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	unlock_options(lab);
	reg_set(lab, CR, OPTER | OPTWRE);
	reg_set(lab, CR, OPTER | OPTWRE | STRT);
	wait_ready(lab);
	system_reset(lab);
	assert_int_equal(reg_get(lab, OBR) & RDPRT, RDPRT);
	assert_int_equal(lab_access(lab, flash, 4, false, &value), BUS_FAULT);
	assert_int_equal(lab_peek(lab, 0x1FFFF7E0), 0x00140080);
	lab_poke(lab, 0x20000000, 0x600D600D);
	assert_int_equal(lab_peek(lab, 0x20000000), 0x600D600D);
	unlock(lab);
	assert_int_equal(erase(lab, PER, flash), WRPRTERR);
}

static void
taking_read_protection_back_erases_the_flash(void **state)
{
	static const uint8_t on[8] = { 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
	static const uint8_t off[8] = { RDP_OFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 0x1234);
	reg_set(lab, CR, LOCK);
	options_write(lab, on);
	system_reset(lab);
	assert_int_equal(lab->stats.erased_len, 0);
	options_write(lab, off);
	system_reset(lab);
	assert_int_equal(reg_get(lab, OBR) & RDPRT, 0);
	assert_int_equal(halfword(lab, flash), 0xFFFF);
	assert_int_equal(lab->stats.erased_len, 128);
}

static void
an_option_byte_can_have_the_watchdog_run(void **state)
{
	static const uint8_t bytes[8] = {
		RDP_OFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF
	};
	struct lab *lab = *state;

	options_write(lab, bytes);
	system_reset(lab);
	wire_advance(lab->wire, 500 * MS); /* 4096 / (40 kHz / 4) */
	assert_true(lab->stats.resets[RESET_BY_WATCHDOG] > 0);
}

/* --- resets ---------------------------------------------------------------------------- */

static void
a_reset_early_in_an_erase_leaves_the_page_and_closes_the_lock(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 0x1111);
	program(lab, flash + PAGE - 2, 0x2222);
	reg_set(lab, CR, PER);
	reg_set(lab, AR, flash);
	reg_set(lab, CR, PER | STRT);
	wire_advance(lab->wire, 5 * MS);
	system_reset(lab);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(reg_get(lab, CR), LOCK);
	assert_int_equal(halfword(lab, flash), 0x1111);
	assert_int_equal(halfword(lab, flash + PAGE - 2), 0x2222);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_locked_after_reset_and_two_keys_open_it),
		TEST(a_wrong_key_is_a_bus_error_and_locks_until_reset),
		TEST(a_wrong_second_key_is_a_bus_error_too),
		TEST(keys_sent_to_an_open_lock_do_no_harm),
		TEST(the_option_bytes_open_only_behind_the_first_lock),
		TEST(a_halfword_is_programmed_in_its_time),
		TEST(bytes_and_words_are_bus_errors),
		TEST(what_is_not_erased_is_not_programmed_but_with_zero),
		TEST(without_pg_a_store_is_lost),
		TEST(a_read_waits_while_it_is_busy_and_registers_cannot_be_written),
		TEST(nothing_goes_on_while_the_hsi_is_off),
		TEST(the_end_of_an_operation_can_interrupt),
		TEST(a_page_has_one_kibibyte_and_its_neighbours_stay),
		TEST(erasing_takes_twenty_to_forty_milliseconds),
		TEST(a_mass_erase_takes_all_but_the_option_bytes),
		TEST(code_in_flash_stands_still_while_it_is_busy),
		TEST(from_the_factory_nothing_is_protected),
		TEST(the_complement_is_computed_and_a_reset_puts_it_in_force),
		TEST(a_protected_page_is_neither_programmed_nor_erased),
		TEST(a_spoilt_complement_is_an_option_error),
		TEST(read_protection_shuts_the_debugger_out_of_the_flash_alone),
		TEST(taking_read_protection_back_erases_the_flash),
		TEST(an_option_byte_can_have_the_watchdog_run),
		TEST(a_reset_early_in_an_erase_leaves_the_page_and_closes_the_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
