/* SPDX-License-Identifier: MIT */
/*
 * Option bytes of STM32L4 and STM32G4 in the lab, and what they protect: RM0440 Rev 8 and RM0351 Rev 9,
 * 3.4 and 3.5. Where the rules are the same each test runs on both.
 */
#include "test/emulator/test/l4g4_bench.h"

static void
options_are_as_the_factory_left_them(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, OPTR), 0xFFEFF8AA);
	assert_int_equal(lab_peek(lab, 0x1FFF7800), 0xFFEFF8AA);
	assert_int_equal(lab_peek(lab, 0x1FFF7804), ~0xFFEFF8AAu);
}

static void
a_write_protected_page_is_wrperr(void **state)
{
	struct lab *lab = *state;

	option_set(lab, WRP1AR, 0x00020001); /* pages 1 and 2 */
	assert_int_equal(lab->stats.resets[RESET_BY_OPTION_BYTES], 1);
	unlock(lab);
	program(lab, flash + 2048, 1, 1);
	assert_int_equal(reg_get(lab, SR) & WRPERR, WRPERR);
	reg_set(lab, SR, 0xFFFF);
	reg_set(lab, CR, PER | 2 << 3 | STRT);
	assert_int_equal(reg_get(lab, SR), WRPERR);
	reg_set(lab, SR, 0xFFFF);
	reg_set(lab, CR, MER1 | STRT);
	assert_int_equal(reg_get(lab, SR), WRPERR);
	reg_set(lab, SR, 0xFFFF);
	reg_set(lab, CR, PER | 3 << 3 | STRT);
	assert_int_equal(reg_get(lab, SR), BSY);
}

static void
options_take_effect_when_they_are_loaded(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	unlock_options(lab);
	reg_set(lab, WRP1AR, 0x00000000); /* page 0 */
	reg_set(lab, CR, OPTSTRT);
	wait_ready(lab);
	reg_set(lab, CR, PER | STRT);
	assert_int_equal(reg_get(lab, SR), BSY);
	wait_ready(lab);
	wire_power(lab->wire, false);
	wire_advance(lab->wire, 100 * MS);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	lab_halt(lab);
	unlock(lab);
	reg_set(lab, CR, PER | STRT);
	assert_int_equal(reg_get(lab, SR), WRPERR);
}

static void
one_bank_has_larger_pages_and_the_banks_interleave(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 0x11111111, 0x11111111);
	wait_ready(lab);
	program(lab, part->bank_2, 0x22222222, 0x22222222);
	wait_ready(lab);
	reg_set(lab, CR, LOCK);
	option_set(lab, OPTR, 0xFFEFF8AA & ~DBANK);
	assert_int_equal(lab_peek(lab, flash + 4), 0x11111111);
	assert_int_equal(lab_peek(lab, flash + 8), 0x22222222);
	unlock(lab);
	erase_page(lab, 0, 0);
	assert_int_equal(lab->stats.erased[0].size, 4096);
	assert_int_equal(lab_peek(lab, flash + 8), 0xFFFFFFFF);
}

static void
level_1_hides_flash_and_going_back_erases_it(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	unlock(lab);
	program(lab, flash, 1, 1);
	wait_ready(lab);
	reg_set(lab, CR, LOCK);
	option_set(lab, OPTR, 0xFFEFF8BB);
	assert_int_equal(lab_access(lab, flash, 4, false, &value), BUS_FAULT);
	assert_int_equal(lab_peek(lab, 0x1FFF75E0) & 0xFFFF, 4 * part->bank_pages);
	assert_int_equal(lab_access(lab, part->erased_ram, 4, false, &value), BUS_FAULT);
	value = 0x12345678;
	assert_int_equal(lab_access(lab, flash + 8, 4, true, &value), BUS_FAULT);
	option_set(lab, OPTR, 0xFFEFF8AA);
	assert_int_equal(lab_peek(lab, part->erased_ram), 0);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
}

static void
the_secure_area_and_boot_lock_stay_above_level_0(void **state)
{
	const uint32_t sec1r = 0x70;
	struct lab *lab = *state;

	option_set(lab, sec1r, 0xFF01FF02); /* BOOT_LOCK, two pages */
	assert_int_equal(reg_get(lab, sec1r) & 0x100FF, 0x10002);
	option_set(lab, OPTR, 0xFFEFF8BB);
	option_set(lab, sec1r, 0xFF00FF00);
	assert_int_equal(reg_get(lab, sec1r) & 0x100FF, 0x10002);
	unlock(lab);
	unlock_options(lab);
	reg_set(lab, sec1r, 0xFF00FF00);
	reg_set(lab, OPTR, 0xFFEFF8AA); /* without PCROP_RDP no full mass erase */
	options_launch(lab);
	lab_halt(lab);
	assert_int_equal(reg_get(lab, sec1r) & 0x100FF, 0x10002);
	option_set(lab, sec1r, 0xFF00FF00);
	assert_int_equal(reg_get(lab, sec1r) & 0x100FF, 0);
}

/* The pages were erased and not yet programmed. */
static void
a_cut_of_an_option_change_leaves_level_1_and_all_in_pcrop(void **state)
{
	const uint32_t optverr = 1 << 15;
	struct lab *lab = *state;
	uint32_t value;

	unlock(lab);
	unlock_options(lab);
	reg_set(lab, CR, OPTSTRT);
	lab_power_cycle(lab);
	lab_halt(lab);
	assert_int_equal(reg_get(lab, SR) & optverr, optverr);
	assert_int_equal(reg_get(lab, OPTR), 0xFFFFF8FF);
	assert_int_equal(reg_get(lab, PCROP1SR), 0);
	assert_int_equal(lab_access(lab, flash, 4, false, &value), BUS_FAULT);
	option_set(lab, OPTR, 0xFFEFF8AA);
	assert_int_equal(reg_get(lab, OPTR) & 0xFF, 0xAA);
	assert_int_equal(reg_get(lab, SR) & optverr, 0);
}

/* --- PCROP ---------------------------------------------------------------------------- */

/* Double words 256 and 257 of bank 1: the first of page 1. */
static void
pcrop_set(struct lab *lab, uint32_t end_flags)
{
	unlock(lab);
	unlock_options(lab);
	reg_set(lab, PCROP1SR, 0x100);
	reg_set(lab, PCROP1ER, 0x101 | end_flags);
	options_launch(lab);
	lab_halt(lab);
}

static void
a_pcrop_area_reads_as_zeros_and_rderr(void **state)
{
	struct lab *lab = *state;

	pcrop_set(lab, 0);
	assert_int_equal(lab_peek(lab, flash + 2048), 0);
	assert_int_equal(reg_get(lab, SR), RDERR);
	reg_set(lab, SR, RDERR);
	assert_int_equal(lab_peek(lab, flash + 2064), 0xFFFFFFFF);
	assert_int_equal(reg_get(lab, SR), 0);
}

static void
a_pcrop_area_is_neither_programmed_nor_erased(void **state)
{
	struct lab *lab = *state;

	pcrop_set(lab, 0);
	unlock(lab);
	program(lab, flash + 2056, 1, 1);
	assert_int_equal(reg_get(lab, SR) & WRPERR, WRPERR);
	reg_set(lab, SR, 0xFFFF);
	reg_set(lab, CR, PER | 1 << 3 | STRT);
	assert_int_equal(reg_get(lab, SR), WRPERR);
	reg_set(lab, SR, 0xFFFF);
	reg_set(lab, CR, MER1 | STRT);
	assert_int_equal(reg_get(lab, SR), WRPERR);
	reg_set(lab, SR, 0xFFFF);
	reg_set(lab, CR, PER | 2 << 3 | STRT);
	assert_int_equal(reg_get(lab, SR), BSY);
}

static void
a_pcrop_area_only_grows(void **state)
{
	struct lab *lab = *state;

	pcrop_set(lab, 0);
	option_set(lab, PCROP1ER, 0x180);
	assert_int_equal(reg_get(lab, PCROP1ER) & 0x7FFF, 0x180);
	option_set(lab, PCROP1ER, 0);
	assert_int_equal(reg_get(lab, PCROP1ER) & 0x7FFF, 0x180);
	option_set(lab, PCROP1SR, 0x120);
	assert_int_equal(reg_get(lab, PCROP1SR) & 0x7FFF, 0x100);
}

/* 3.5.1: a partial mass erase, unless PCROP_RDP is set. */
static void
without_pcrop_rdp_a_regression_spares_the_area(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1, 1);
	wait_ready(lab);
	program(lab, flash + 2072, 5, 5);
	wait_ready(lab);
	reg_set(lab, CR, LOCK);
	pcrop_set(lab, 0);
	option_set(lab, OPTR, 0xFFEFF8BB);
	option_set(lab, OPTR, 0xFFEFF8AA);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, flash + 2072), 5); /* of the same page */
	assert_int_equal(reg_get(lab, PCROP1ER) & 0x7FFF, 0x101);
}

static void
with_pcrop_rdp_a_regression_takes_the_area_too(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash + 2072, 5, 5);
	wait_ready(lab);
	reg_set(lab, CR, LOCK);
	pcrop_set(lab, 0x80000000);
	option_set(lab, OPTR, 0xFFEFF8BB);
	unlock(lab);
	unlock_options(lab);
	reg_set(lab, OPTR, 0xFFEFF8AA);
	reg_set(lab, PCROP1SR, 0xFFFF);
	reg_set(lab, PCROP1ER, 0);
	options_launch(lab);
	lab_halt(lab);
	assert_int_equal(lab_peek(lab, flash + 2072), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, flash + 2048), 0xFFFFFFFF);
	assert_int_equal(reg_get(lab, SR), 0);
}

static bool
preset(struct lab *lab, const char *name, uint32_t first, uint32_t last)
{
	struct peripheral *controller = lab->soc->flash;

	return controller->type->flash->preset(controller, name, first, last);
}

static void
power_cycle(struct lab *lab)
{
	wire_power(lab->wire, false);
	wire_advance(lab->wire, 100 * MS);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
}

static void
options_can_be_set_by_their_names_before_power(void **state)
{
	struct lab *lab = *state;

	assert_true(preset(lab, "IWDG_SW", 0, 0));
	assert_true(preset(lab, "WRP1A", 2, 5));
	assert_true(preset(lab, "PCROP2", 0x10, 0x1F));
	power_cycle(lab);
	lab_halt(lab);
	assert_int_equal(reg_get(lab, OPTR), 0xFFEEF8AA);
	assert_int_equal(reg_get(lab, WRP1AR) & 0x007F007F, 0x00050002);
	assert_int_equal(lab_peek(lab, part->bank_2 + 0x80), 0);
	assert_int_equal(lab_peek(lab, part->bank_2 + 0x100), 0xFFFFFFFF);
}

static void
rdp_is_preset_by_its_level(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	assert_true(preset(lab, "RDP", 1, 1));
	power_cycle(lab);
	assert_int_equal(lab_access(lab, flash, 4, false, &value), BUS_FAULT);
	assert_true(preset(lab, "RDP", 2, 2));
	power_cycle(lab);
	assert_false(soc_port_is_open(lab->soc, 0));
}

static void
an_option_or_a_value_that_is_not_there_is_refused(void **state)
{
	struct lab *lab = *state;

	assert_false(preset(lab, "BCM4", 0, 0));
	assert_false(preset(lab, "IWDG_SW", 2, 2));
	assert_false(preset(lab, "IWDG_SW", 0, 1));
	assert_false(preset(lab, "RDP", 3, 3));
	assert_false(preset(lab, "WRP1A", 0, 256));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLASH_TEST(options_are_as_the_factory_left_them),
		FLASH_TEST(a_write_protected_page_is_wrperr),
		FLASH_TEST(options_take_effect_when_they_are_loaded),
		G4_TEST(one_bank_has_larger_pages_and_the_banks_interleave),
		FLASH_TEST(level_1_hides_flash_and_going_back_erases_it),
		FLASH_TEST(a_cut_of_an_option_change_leaves_level_1_and_all_in_pcrop),
		FLASH_TEST(a_pcrop_area_reads_as_zeros_and_rderr),
		FLASH_TEST(a_pcrop_area_is_neither_programmed_nor_erased),
		FLASH_TEST(a_pcrop_area_only_grows),
		FLASH_TEST(without_pcrop_rdp_a_regression_spares_the_area),
		FLASH_TEST(with_pcrop_rdp_a_regression_takes_the_area_too),
		FLASH_TEST(options_can_be_set_by_their_names_before_power),
		FLASH_TEST(rdp_is_preset_by_its_level),
		FLASH_TEST(an_option_or_a_value_that_is_not_there_is_refused),
		G4_TEST(the_secure_area_and_boot_lock_stay_above_level_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
