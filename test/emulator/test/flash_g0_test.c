/* SPDX-License-Identifier: MIT */
/*
 * The flash controller of the STM32G0 with one bank, where it is not that of STM32L4 and STM32G4:
 * RM0444 Rev 5, chapter 3. What all three share has its tests in flash_l4g4_test.c.
 */
#include "test/emulator/test/flash_lab.h"

static const uint32_t flash = 0x08000000;

enum { ACR = 0x00, KEYR = 0x08, OPTKEYR = 0x0C, SR = 0x10, CR = 0x14, ECCR = 0x18 };
enum { OPTR = 0x20, PCROP1ASR = 0x24, PCROP1AER = 0x28, WRP1AR = 0x2C, WRP1BR = 0x30 };
enum { PCROP1BSR = 0x34, PCROP1BER = 0x38, SECR = 0x80 };
enum {
	PROGERR = 1 << 3,
	WRPERR = 1 << 4,
	PGAERR = 1 << 5,
	SIZERR = 1 << 6,
	PGSERR = 1 << 7,
	RDERR = 1 << 14,
	BSY = 1 << 16,
	CFGBSY = 1 << 18
};
enum { PG = 1 << 0, PER = 1 << 1, MER1 = 1 << 2, STRT = 1 << 16, OPTSTRT = 1 << 17 };
enum { OBL_LAUNCH = 1 << 27, DBG_SWEN = 1 << 18, SEC_PROT = 1 << 28 };

static void
unlock(struct lab *lab)
{
	keys_write(lab, KEYR, FLASH_KEY1, FLASH_KEY2);
}

static uint64_t
wait_ready(struct lab *lab)
{
	return wait_while(lab, SR, BSY | CFGBSY);
}

static void
program(struct lab *lab, uint32_t at, uint32_t low, uint32_t high)
{
	reg_set(lab, CR, PG);
	lab_poke(lab, at, low);
	lab_poke(lab, at + 4, high);
	wait_ready(lab);
	reg_set(lab, CR, 0);
}

static uint64_t
erase(struct lab *lab, uint32_t bits)
{
	uint64_t ns;

	reg_set(lab, CR, bits);
	reg_set(lab, CR, bits | STRT);
	assert_int_equal(reg_get(lab, SR) & CFGBSY, reg_get(lab, SR) & BSY ? CFGBSY : 0);
	ns = wait_ready(lab);
	reg_set(lab, CR, 0);
	return ns;
}

static void
options_write(struct lab *lab, uint32_t offset, uint32_t value)
{
	keys_write(lab, OPTKEYR, 0x08192A3B, 0x4C5D6E7F);
	reg_set(lab, offset, value);
	reg_set(lab, CR, OPTSTRT);
	wait_ready(lab);
	reg_set(lab, CR, OBL_LAUNCH);
	wire_advance(lab->wire, 20 * MS);
}

static int
set_up(void **state)
{
	struct lab *lab = lab_open("nucleo-g071rb");

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

/* --- reset values, one bank ---------------------------------------------------------------- */

static void
it_comes_from_the_factory_unprotected(void **state)
{
	static const struct {
		uint32_t at, value;
	} registers[] = {
		{ CR, 0xC0000000 },        { SR, 0 },
		{ OPTR, 0xFFFFFEAA },      { PCROP1ASR, 0xFFFFFFFF },
		{ PCROP1AER, 0x00000000 }, { WRP1AR, 0x000000FF },
		{ WRP1BR, 0x000000FF },    { PCROP1BSR, 0xFFFFFFFF },
		{ PCROP1BER, 0x00000000 }, { SECR, 0x00000000 },
	};
	struct lab *lab = *state;

	for (unsigned i = 0; i < sizeof(registers) / sizeof(registers[0]); i++)
		assert_int_equal(reg_get(lab, registers[i].at), registers[i].value);
	assert_int_equal(lab_peek(lab, 0x1FFF7800), 0xFFFFFEAA);
	assert_int_equal(lab_peek(lab, 0x1FFF7804), 0x00000155);
}

static void
a_double_word_takes_85_us_and_a_page_22_ms(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, PG);
	lab_poke(lab, flash + 0x1F800, 0x11111111);
	lab_poke(lab, flash + 0x1F804, 0x22222222);
	assert_in_range(wait_ready(lab), 75 * US, 100 * US);
	reg_set(lab, CR, 0);
	assert_int_equal(lab_peek(lab, flash + 0x1F804), 0x22222222);
	assert_in_range(erase(lab, PER | 63 << 3), 21 * MS, 23 * MS);
	assert_int_equal(lab_peek(lab, flash + 0x1F800), UINT32_MAX);
}

static void
pages_of_2_kib_are_erased_one_by_one(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash + 0x7F8, 1, 2);
	program(lab, flash + 0x800, 3, 4);
	program(lab, flash + 0xFF8, 5, 6);
	program(lab, flash + 0x1000, 7, 8);
	erase(lab, PER | 1 << 3);
	assert_int_equal(lab_peek(lab, flash + 0x7F8), 1);
	assert_int_equal(lab_peek(lab, flash + 0x800), UINT32_MAX);
	assert_int_equal(lab_peek(lab, flash + 0xFF8), UINT32_MAX);
	assert_int_equal(lab_peek(lab, flash + 0x1000), 7);
}

/* BKER and MER2 are reserved: they stay 0 and choose nothing. */
static void
one_mass_erase_takes_the_whole_flash(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1, 2);
	program(lab, flash + 0x10000, 3, 4);
	program(lab, flash + 0x1FFF8, 5, 6);
	reg_set(lab, CR, 1 << 15 | 1 << 11);
	assert_int_equal(reg_get(lab, CR), 0x40000000);
	erase(lab, MER1);
	for (uint32_t at = flash; at < flash + 0x20000; at += 4)
		assert_int_equal(lab_peek(lab, at), UINT32_MAX);
}

/* --- CFGBSY --------------------------------------------------------------------------------- */

static void
cfgbsy_stands_from_the_first_word_of_a_double_word(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, PG);
	lab_poke(lab, flash, 1);
	assert_int_equal(reg_get(lab, SR), CFGBSY);
	wire_advance(lab->wire, 100 * MS);
	assert_int_equal(reg_get(lab, SR), CFGBSY);
	lab_poke(lab, flash + 4, 2);
	assert_int_equal(reg_get(lab, SR), CFGBSY | BSY);
	wait_ready(lab);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(lab_peek(lab, flash + 4), 2);
}

/* RM0444 3.7.4: "writing into FLASH_CR register causes HardFault". */
static void
cr_cannot_be_written_while_cfgbsy_stands(void **state)
{
	struct lab *lab = *state;
	uint32_t none = 0;

	unlock(lab);
	reg_set(lab, CR, PG);
	lab_poke(lab, flash, 1);
	assert_int_equal(lab_access(lab, FLASH_REGISTERS + CR, 4, true, &none), BUS_FAULT);
	assert_int_equal(reg_get(lab, CR) & PG, PG);
	lab_poke(lab, flash + 4, 2);
	assert_int_equal(lab_access(lab, FLASH_REGISTERS + CR, 4, true, &none), BUS_FAULT);
	wait_ready(lab);
	reg_set(lab, CR, 0);
	assert_int_equal(reg_get(lab, CR) & PG, 0);
}

/* "also set when attempting to write locked Flash memory": a double word clears it. */
static void
a_store_to_locked_flash_sets_it_until_the_double_word_is_whole(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, flash, 1);
	assert_int_equal(reg_get(lab, SR), CFGBSY | PGSERR);
	lab_poke(lab, flash + 4, 2);
	assert_int_equal(reg_get(lab, SR), PGSERR);
	assert_int_equal(lab_peek(lab, flash), UINT32_MAX);
	lab_poke(lab, flash, 1);
	lab_system_reset(lab);
	assert_int_equal(reg_get(lab, SR), 0);
}

static void
errors_leave_it_only_when_the_double_word_is_whole(void **state)
{
	struct lab *lab = *state;
	uint32_t half = 0x1234;

	unlock(lab);
	reg_set(lab, CR, PG);
	assert_int_equal(lab_access(lab, flash, 2, true, &half), BUS_OK);
	assert_int_equal(reg_get(lab, SR), CFGBSY | SIZERR);
	for (unsigned i = 0; i < 3; i++)
		lab_access(lab, flash + 2, 2, true, &half);
	assert_int_equal(reg_get(lab, SR) & CFGBSY, 0);
	reg_set(lab, SR, UINT32_MAX);
	program(lab, flash, 0, 1);
	program(lab, flash, 0, 3); /* it is not blank */
	assert_int_equal(reg_get(lab, SR), PROGERR);
}

/* --- protection ------------------------------------------------------------------------------ */

static void
two_areas_of_pages_are_write_protected(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	options_write(lab, WRP1BR, 5 << 16 | 4);
	unlock(lab);
	program(lab, flash + 4 * 2048, 1, 2);
	assert_int_equal(reg_get(lab, SR), WRPERR | PGSERR); /* one for each word */
	reg_set(lab, SR, WRPERR | PGSERR);
	program(lab, flash + 6 * 2048, 1, 2);
	assert_int_equal(reg_get(lab, SR), 0);
	erase(lab, MER1);
	assert_int_equal(reg_get(lab, SR), WRPERR);
	assert_int_equal(lab_peek(lab, flash + 6 * 2048), 1);
}

/* Units of 512 bytes, two areas; reading one sets RDERR. */
static void
pcrop_hides_its_areas_from_readers(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash + 0x3F8, 1, 2);
	program(lab, flash + 0x400, 3, 4);
	program(lab, flash + 0x600, 5, 6);
	keys_write(lab, OPTKEYR, 0x08192A3B, 0x4C5D6E7F);
	reg_set(lab, PCROP1BSR, 2);
	reg_set(lab, PCROP1BER, 2);
	reg_set(lab, CR, OPTSTRT);
	wait_ready(lab);
	reg_set(lab, CR, OBL_LAUNCH);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab_peek(lab, flash + 0x3F8), 1);
	assert_int_equal(lab_peek(lab, flash + 0x600), 5);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(lab_peek(lab, flash + 0x400), 0);
	assert_int_equal(reg_get(lab, SR), RDERR);
}

/* RM0440 Rev 8, 3.5.4: RDERR and WRPERR, until a reset. */
static void
what_the_program_secures_is_dead_until_a_reset(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1, 2);
	program(lab, flash + 2048, 3, 4);
	options_write(lab, SECR, 1);
	assert_int_equal(lab_peek(lab, flash), 1);
	unlock(lab);
	reg_set(lab, CR, SEC_PROT);
	reg_set(lab, CR, 0);
	assert_int_equal(lab_peek(lab, flash + 2048), 3);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(lab_peek(lab, flash), 0);
	assert_int_equal(reg_get(lab, SR), RDERR);
	reg_set(lab, SR, RDERR);
	erase(lab, PER);
	assert_int_equal(reg_get(lab, SR), WRPERR);
	soc_ask_reset(lab->soc, RESET_BY_SYSTEM);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab_peek(lab, flash), 1);
}

static void
level_1_refuses_the_flash_and_otp_and_going_back_erases(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1, 2);
	lab_poke(lab, 0x4002103C, 1 << 10); /* RTCAPBEN */
	lab_poke(lab, 0x4000B100, 0x12345678);
	assert_int_equal(lab_peek(lab, 0x4000B100), 0x12345678);
	options_write(lab, OPTR, 0xFFFFFEBB);
	assert_int_equal(lab_try(lab, flash), BUS_FAULT);
	assert_int_equal(lab_try(lab, 0x1FFF7000), BUS_FAULT);
	assert_int_equal(lab_try(lab, 0x1FFF7590), BUS_OK);
	assert_int_equal(lab_try(lab, 0x20000000), BUS_OK);
	unlock(lab);
	options_write(lab, OPTR, 0xFFFFFEAA);
	assert_int_equal(lab_peek(lab, flash), UINT32_MAX);
	lab_poke(lab, 0x4002103C, 1 << 10);
	assert_int_equal(lab_peek(lab, 0x4000B100), 0);
}

static void
level_2_closes_the_debug_port_for_good(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	options_write(lab, OPTR, 0xFFFFFECC);
	assert_false(soc_port_is_open(lab->soc, 0));
	lab_power_cycle(lab);
	assert_false(soc_port_is_open(lab->soc, 0));
}

/* RM0444 3.5.5: BOOT_LOCK with level 1 leaves DBG_SWEN 0 after reset. */
static void
boot_lock_with_level_1_closes_it_until_the_program_opens_it(void **state)
{
	static const struct {
		uint32_t lock, level;
		bool is_open;
	} cases[] = { { 0, 0, true }, { 1, 0, true }, { 0, 1, true }, { 1, 1, false } };

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lab *lab = lab_of_chip(chip_find("STM32G071RB"));

		assert_true(lab_preset(lab, "BOOT_LOCK", cases[i].lock, cases[i].lock));
		assert_true(lab_preset(lab, "RDP", cases[i].level, cases[i].level));
		lab_power_up(lab);
		assert_int_equal(soc_port_is_open(lab->soc, 0), cases[i].is_open);
		lab_close(lab);
	}
}

static void
software_may_close_the_debug_port_until_a_reset(void **state)
{
	struct lab *lab = *state;

	reg_set(lab, ACR, reg_get(lab, ACR) & ~(uint32_t)DBG_SWEN);
	assert_false(soc_port_is_open(lab->soc, 0));
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 20 * MS);
	assert_true(soc_port_is_open(lab->soc, 0));
}

/* --- OTP, ECC -------------------------------------------------------------------------------- */

static void
otp_is_written_once(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, 0x1FFF7000, 1, 2);
	assert_int_equal(lab_peek(lab, 0x1FFF7004), 2);
	program(lab, 0x1FFF7000, 0, 0);
	assert_int_equal(reg_get(lab, SR), PROGERR);
	assert_int_equal(lab_peek(lab, 0x1FFF7000), 1);
}

/* ADDR_ECC counts double words. */
static void
a_double_word_that_was_cut_short_fails_its_ecc(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, PG);
	lab_poke(lab, flash + 0x1008, 0x12345678);
	lab_poke(lab, flash + 0x100C, 0x9ABCDEF0);
	wire_advance(lab->wire, 40 * US);
	lab_system_reset(lab);
	lab_peek(lab, flash + 0x1008);
	assert_int_equal(reg_get(lab, ECCR), 0x80000000 | 0x1008 / 8);
}

#define G0_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		G0_TEST(it_comes_from_the_factory_unprotected),
		G0_TEST(a_double_word_takes_85_us_and_a_page_22_ms),
		G0_TEST(pages_of_2_kib_are_erased_one_by_one),
		G0_TEST(one_mass_erase_takes_the_whole_flash),
		G0_TEST(cfgbsy_stands_from_the_first_word_of_a_double_word),
		G0_TEST(cr_cannot_be_written_while_cfgbsy_stands),
		G0_TEST(a_store_to_locked_flash_sets_it_until_the_double_word_is_whole),
		G0_TEST(errors_leave_it_only_when_the_double_word_is_whole),
		G0_TEST(two_areas_of_pages_are_write_protected),
		G0_TEST(pcrop_hides_its_areas_from_readers),
		G0_TEST(what_the_program_secures_is_dead_until_a_reset),
		G0_TEST(level_1_refuses_the_flash_and_otp_and_going_back_erases),
		G0_TEST(level_2_closes_the_debug_port_for_good),
		cmocka_unit_test(
			boot_lock_with_level_1_closes_it_until_the_program_opens_it),
		G0_TEST(software_may_close_the_debug_port_until_a_reset),
		G0_TEST(otp_is_written_once),
		G0_TEST(a_double_word_that_was_cut_short_fails_its_ecc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
