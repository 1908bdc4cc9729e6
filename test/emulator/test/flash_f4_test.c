/* SPDX-License-Identifier: MIT */
/* The flash controller of the STM32F410: each rule of RM0401 Rev 3, chapter 3. */
#define FLASH_REGISTERS UINT32_C(0x40023C00)
#include "test/emulator/test/flash_lab.h"

static const uint32_t flash = 0x08000000;
static const uint32_t otp = 0x1FFF7800;

enum { KEYR = 0x04, OPTKEYR = 0x08, SR = 0x0C, CR = 0x10, OPTCR = 0x14 };
enum {
	EOP = 1 << 0,
	OPERR = 1 << 1,
	WRPERR = 1 << 4,
	PGAERR = 1 << 5,
	PGPERR = 1 << 6,
	PGSERR = 1 << 7,
	RDERR = 1 << 8,
	BSY = 1 << 16
};
enum { PG = 1 << 0, SER = 1 << 1, MER = 1 << 2, STRT = 1 << 16, EOPIE = 1 << 24 };
enum { ERRIE = 1 << 25, X8 = 0 << 8, X16 = 1 << 8, X32 = 2 << 8, X64 = 3 << 8 };
#define CR_LOCK     UINT32_C(0x80000000)
#define OPTLOCK_BIT UINT32_C(1)
enum { OPTSTRT = 1 << 1, SECTORS = 5, ERRORS = 0x1F2 };
#define FACTORY UINT32_C(0x7FFFAAED)
#define SPRMOD  UINT32_C(0x80000000)

static uint32_t
sector(unsigned number)
{
	return number << 3;
}

static void
unlock(struct lab *lab)
{
	keys_write(lab, KEYR, FLASH_KEY1, FLASH_KEY2);
}

static enum bus_result
store(struct lab *lab, uint32_t at, unsigned size, uint32_t value)
{
	uint32_t lanes = value << (8 * (at & 3));

	return lab_access(lab, at, size, true, &lanes);
}

/* Stores with PG and that parallelism set; FLASH_SR after it, flags cleared again. */
static uint32_t
program(struct lab *lab, uint32_t parallelism, uint32_t at, unsigned size, uint32_t value)
{
	uint32_t sr;

	reg_set(lab, CR, PG | parallelism);
	assert_int_equal(store(lab, at, size, value), BUS_OK);
	wait_while(lab, SR, BSY);
	reg_set(lab, CR, 0);
	sr = reg_get(lab, SR);
	reg_set(lab, SR, ERRORS | EOP);
	return sr;
}

static uint64_t
erase(struct lab *lab, uint32_t how)
{
	reg_set(lab, CR, how);
	reg_set(lab, CR, how | STRT);
	return wait_while(lab, SR, BSY);
}

static void
options_write(struct lab *lab, uint32_t optcr)
{
	keys_write(lab, OPTKEYR, 0x08192A3B, 0x4C5D6E7F);
	reg_set(lab, OPTCR, optcr & ~OPTLOCK_BIT);
	reg_set(lab, OPTCR, (optcr & ~OPTLOCK_BIT) | OPTSTRT);
	wait_while(lab, SR, BSY);
}

static void
system_reset(struct lab *lab)
{
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 20 * MS);
}

/* RDP level 1 as a chip has it that comes with it, before any debugger. */
static void
level_1_board(struct lab *lab)
{
	options_write(lab, 0x7FFF55ED);
	wire_power(lab->wire, false);
	wire_advance(lab->wire, 100 * MS);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
}

static int
set_up(void **state)
{
	struct lab *lab = lab_open("f410-custom");

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

/* --- locks ---------------------------------------------------------------------------- */

static void
it_is_locked_after_reset_and_two_keys_open_it(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, CR), CR_LOCK);
	reg_set(lab, CR, PG);
	assert_int_equal(reg_get(lab, CR), CR_LOCK);
	unlock(lab);
	assert_int_equal(reg_get(lab, CR), 0);
}

static void
a_wrong_key_is_a_bus_error_and_locks_until_reset(void **state)
{
	struct lab *lab = *state;
	uint32_t wrong = 0x12345678, key = FLASH_KEY1;

	assert_int_equal(lab_access(lab, FLASH_REGISTERS + KEYR, 4, true, &wrong),
			 BUS_FAULT);
	assert_int_equal(lab_access(lab, FLASH_REGISTERS + KEYR, 4, true, &key), BUS_FAULT);
	assert_int_equal(reg_get(lab, CR), CR_LOCK);
	system_reset(lab);
	unlock(lab);
	assert_int_equal(reg_get(lab, CR), 0);
}

/* --- programming ----------------------------------------------------------------------- */

static void
bytes_halfwords_and_words_are_programmed_as_psize_says(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	assert_int_equal(program(lab, X8, flash, 1, 0x11), 0);
	assert_int_equal(program(lab, X16, flash + 2, 2, 0x3322), 0);
	assert_int_equal(program(lab, X32, flash + 4, 4, 0x77665544), 0);
	assert_int_equal(lab_peek(lab, flash), 0x3322FF11);
	assert_int_equal(lab_peek(lab, flash + 4), 0x77665544);
}

static void
another_size_than_psize_sets_pgperr_and_changes_nothing(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	assert_int_equal(program(lab, X32, flash, 2, 0), PGPERR);
	assert_int_equal(program(lab, X8, flash, 4, 0), PGPERR);
	assert_int_equal(program(lab, X64, flash, 4, 0), PGPERR);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
}

static void
a_store_without_pg_sets_pgserr(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, X32);
	assert_int_equal(store(lab, flash, 4, 0), BUS_OK);
	assert_int_equal(reg_get(lab, SR), PGSERR);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
}

/* The core alone can do it: a MEM-AP's accesses are aligned. The engine may split the
 * store, so that a part of it has the wrong size as well. */
static void
a_store_across_a_row_of_16_bytes_sets_pgaerr(void **state)
{
	static const uint16_t code[] = {
		0x4902, 0x2000, 0x6008, 0xE7FE, 0xBF00, 0xBF00, 0x000E, 0x0800
	}; /* str r0, [0x0800000e] */
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, PG | X32);
	lab_run(lab, code, sizeof(code) / sizeof(code[0]));
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(reg_get(lab, SR) & PGAERR, PGAERR);
	assert_int_equal(lab_peek(lab, flash + 12), 0xFFFFFFFF);
}

static void
nobody_checks_that_a_word_was_erased_and_bits_only_fall(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	assert_int_equal(program(lab, X32, flash, 4, 0xFFFF00FF), 0);
	assert_int_equal(program(lab, X32, flash, 4, 0x12345678), 0);
	assert_int_equal(lab_peek(lab, flash), 0x12340078);
}

static void
error_flags_stay_until_one_is_written_to_them(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, X32);
	assert_int_equal(store(lab, flash, 4, 0), BUS_OK);
	reg_set(lab, SR, 0);
	assert_int_equal(reg_get(lab, SR), PGSERR);
	reg_set(lab, CR, PG | X32);
	assert_int_equal(store(lab, flash, 4, 0x01020304), BUS_OK);
	wait_while(lab, SR, BSY);
	assert_int_equal(reg_get(lab, SR), PGSERR);
	reg_set(lab, SR, PGSERR);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(lab_peek(lab, flash), 0x01020304);
}

static void
eop_and_operr_are_there_only_with_their_interrupts(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	assert_int_equal(program(lab, X32 | EOPIE, flash, 4, 0), EOP);
	assert_int_equal(program(lab, X32, flash + 4, 4, 0), 0);
	assert_int_equal(program(lab, X32 | ERRIE, flash, 1, 0), PGPERR | OPERR);
}

static void
while_busy_reads_and_control_writes_are_held_up(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0;

	unlock(lab);
	reg_set(lab, CR, PG | X32);
	assert_int_equal(store(lab, flash, 4, 0), BUS_OK);
	assert_int_equal(reg_get(lab, SR), BSY);
	assert_int_equal(lab_access(lab, flash + 0x100, 4, false, &value), BUS_WAIT);
	assert_int_equal(lab_access(lab, FLASH_REGISTERS + CR, 4, true, &value), BUS_WAIT);
	assert_int_equal(store(lab, flash + 4, 4, 0), BUS_WAIT);
	assert_in_range(wait_while(lab, SR, BSY), 1, 30 * US);
}

static void
one_time_cells_can_be_programmed_and_never_erased(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	assert_int_equal(program(lab, X32, otp, 4, 0xCAFEF00D), 0);
	erase(lab, MER | X32);
	assert_int_equal(lab_peek(lab, otp), 0xCAFEF00D);
	assert_int_equal(store(lab, 0x1FFF0000, 4, 0), BUS_FAULT);
}

/* --- erasing ------------------------------------------------------------------------------- */

static void
four_sectors_have_16_kib_and_the_last_one_64(void **state)
{
	static const uint32_t ends[SECTORS] = { 0x4000, 0x8000, 0xC000, 0x10000, 0x20000 };
	struct lab *lab = *state;

	unlock(lab);
	for (unsigned i = 0; i < SECTORS; i++) {
		program(lab, X32, flash + ends[i] - 4, 4, 0);
		program(lab, X32, flash + (i ? ends[i - 1] : 0), 4, 0);
	}
	for (unsigned i = 0; i < SECTORS; i++) {
		erase(lab, SER | X32 | sector(i));
		assert_int_equal(lab_peek(lab, flash + ends[i] - 4), 0xFFFFFFFF);
		if (i + 1 < SECTORS)
			assert_int_equal(lab_peek(lab, flash + ends[i]), 0);
	}
	assert_int_equal(lab->stats.erased_len, SECTORS);
}

static void
erasing_takes_as_long_as_psize_and_the_sector_say(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	assert_in_range(erase(lab, SER | X8), 400 * MS, 401 * MS);
	assert_in_range(erase(lab, SER | X16), 300 * MS, 301 * MS);
	assert_in_range(erase(lab, SER | X32), 250 * MS, 251 * MS);
	assert_in_range(erase(lab, SER | X32 | sector(4)), 550 * MS, 551 * MS);
	assert_in_range(erase(lab, MER | X32), 1000 * MS, 1001 * MS);
}

static void
sector_and_mass_erase_together_erase_all_and_set_wrperr(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, X32, flash, 4, 0);
	program(lab, X32, flash + 0x10000, 4, 0);
	assert_in_range(erase(lab, SER | MER | X32), 900 * MS, 1100 * MS);
	assert_int_equal(reg_get(lab, SR) & ERRORS, 1 << 4);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, flash + 0x10000), 0xFFFFFFFF);
}

static void
a_sector_that_is_not_there_is_wrperr(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	assert_int_equal(erase(lab, SER | X32 | sector(SECTORS)), 0);
	assert_int_equal(reg_get(lab, SR) & ERRORS, 1 << 4);
}

static void
keys_for_an_open_lock_do_no_harm(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	unlock(lab);
	assert_int_equal(program(lab, X32, flash, 4, 0x12345678), 0);
	keys_write(lab, OPTKEYR, 0x08192A3B, 0x4C5D6E7F);
	options_write(lab, FACTORY);
	assert_int_equal(reg_get(lab, SR) & ERRORS, 0);
}

static void
a_block_of_otp_is_closed_by_its_lock_byte(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	assert_int_equal(program(lab, X32, otp + 32, 4, 0x11111111), 0);
	assert_int_equal(program(lab, X8, otp + 512 + 1, 1, 0), 0); /* LOCKB1 */
	assert_int_equal(program(lab, X32, otp + 36, 4, 0x22222222), 1 << 4);
	assert_int_equal(lab_peek(lab, otp + 36), 0xFFFFFFFF);
	assert_int_equal(program(lab, X32, otp, 4, 0x33333333), 0);
	assert_int_equal(lab_peek(lab, otp), 0x33333333);
}

static void
a_cut_of_an_option_change_leaves_level_1_and_all_in_pcrop(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	keys_write(lab, OPTKEYR, 0x08192A3B, 0x4C5D6E7F);
	reg_set(lab, OPTCR, (FACTORY & ~OPTLOCK_BIT) | OPTSTRT);
	lab_power_cycle(lab);
	lab_halt(lab);
	assert_int_equal(reg_get(lab, OPTCR) & 0x801FFF00, 0x801FFF00);
	assert_int_equal(lab_access(lab, flash, 4, false, &value), BUS_FAULT);
	options_write(lab, FACTORY);
	system_reset(lab);
	assert_int_equal(reg_get(lab, OPTCR) & ~UINT32_C(0x10),
			 FACTORY); /* bit 4: reserved */
}

static void
pcrop_goes_only_with_level_1(void **state)
{
	const uint32_t mode = (FACTORY & ~UINT32_C(0x1F0000)) | SPRMOD | 1 << 16;
	struct lab *lab = *state;

	options_write(lab, mode);
	system_reset(lab);
	lab_halt(lab);
	options_write(lab, FACTORY); /* neither SPRMOD nor the sector */
	assert_int_equal(reg_get(lab, SR) & ERRORS, 1 << 4);
	system_reset(lab);
	lab_halt(lab);
	assert_int_equal(reg_get(lab, OPTCR) & ~UINT32_C(3), mode & ~UINT32_C(3));
	options_write(lab, (mode & ~UINT32_C(0xFF00)) | 0x5500);
	system_reset(lab);
	options_write(lab, FACTORY);
	assert_int_equal(reg_get(lab, SR) & ERRORS, 0);
	system_reset(lab);
	assert_int_equal(reg_get(lab, OPTCR), FACTORY);
}

/* --- supply ---------------------------------------------------------------------------------- */

static void
words_at_too_low_a_supply_are_not_what_was_sent_and_no_flag_tells(void **state)
{
	struct lab *lab = *state;

	wire_set_volts(lab->wire, 2.4);
	unlock(lab);
	assert_int_equal(program(lab, X32, flash, 4, 0), 0);
	assert_int_not_equal(lab_peek(lab, flash), 0);
	assert_int_equal(program(lab, X16, flash + 4, 2, 0x1234), 0);
	assert_int_equal(lab_peek(lab, flash + 4), 0xFFFF1234);
	wire_set_volts(lab->wire, 1.9);
	program(lab, X16, flash + 8, 2, 0);
	assert_int_not_equal(lab_peek(lab, flash + 8), 0xFFFF0000);
	program(lab, X8, flash + 12, 1, 0x12);
	assert_int_equal(lab_peek(lab, flash + 12), 0xFFFFFF12);
}

static void
an_erase_at_too_low_a_supply_leaves_bits_behind(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, X32, flash, 4, 0);
	wire_set_volts(lab->wire, 2.4);
	erase(lab, SER | X32);
	assert_int_not_equal(lab_peek(lab, flash), 0xFFFFFFFF);
	erase(lab, SER | X16);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
}

/* --- protection --------------------------------------------------------------------------------- */

static void
options_are_as_from_the_factory_and_locked(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, OPTCR), FACTORY);
	reg_set(lab, OPTCR, 0);
	assert_int_equal(reg_get(lab, OPTCR), FACTORY);
	assert_int_equal(lab_peek(lab, 0x1FFFC000) & 0xFFFE, 0xAAEC);
}

static void
a_write_protected_sector_sets_wrperr_after_the_next_reset(void **state)
{
	struct lab *lab = *state;

	options_write(lab, FACTORY & ~UINT32_C(0x20000));
	system_reset(lab);
	lab_halt(lab);
	unlock(lab);
	assert_int_equal(program(lab, X32, flash + 0x4000, 4, 0), WRPERR);
	assert_int_equal(program(lab, X32, flash + 0x8000, 4, 0), 0);
	erase(lab, SER | X32 | sector(1));
	assert_int_equal(reg_get(lab, SR), WRPERR);
	reg_set(lab, SR, WRPERR);
	erase(lab, MER | X32);
	assert_int_equal(reg_get(lab, SR), WRPERR);
	assert_int_equal(lab_peek(lab, flash + 0x8000), 0);
}

static void
under_sprmod_a_set_bit_protects_against_reading_too(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, X32, flash, 4, 0x12345678);
	options_write(lab, (FACTORY & ~UINT32_C(0x1F0000)) | SPRMOD | 1 << 16);
	system_reset(lab);
	lab_halt(lab);
	assert_int_equal(lab_peek(lab, flash), 0);
	assert_int_equal(reg_get(lab, SR), RDERR);
	reg_set(lab, SR, RDERR);
	assert_int_equal(lab_peek(lab, flash + 0x4000), 0xFFFFFFFF);
	assert_int_equal(reg_get(lab, SR), 0);
}

static void
at_level_1_a_debugger_reads_no_flash_and_the_core_locks_up(void **state)
{
	static const uint8_t program_bytes[] = { 0x00, 0x80, 0x00, 0x20, 0x09, 0x00,
						 0x00, 0x08, 0xFE, 0xE7, 0xFE, 0xE7 };
	struct lab *lab = *state;
	uint32_t value;

	assert_true(soc_preload(lab->soc, flash, program_bytes, sizeof(program_bytes)));
	level_1_board(lab);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_RUNNING);
	assert_int_equal(lab_peek(lab, 0xE0042000) & 0xFFF, 0x458);
	assert_int_equal(lab_access(lab, flash, 4, false, &value), BUS_FAULT);
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(lab_peek(lab, 0xE000EDF0) >> 19 & 1, 1); /* S_LOCKUP */
	lab_poke(lab, 0x20000000, 0x13572468);
	assert_int_equal(lab_peek(lab, 0x20000000), 0x13572468);
	assert_int_equal(reg_get(lab, OPTCR) >> 8 & 0xFF, 0x55);
}

static void
level_1_forbids_a_debugger_to_erase(void **state)
{
	struct lab *lab = *state;

	level_1_board(lab);
	unlock(lab);
	erase(lab, MER | X32);
	assert_int_equal(reg_get(lab, SR), WRPERR);
}

static void
going_back_to_level_0_erases_everything(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, X32, flash + 0x1F000, 4, 0x12345678);
	level_1_board(lab);
	options_write(lab, FACTORY);
	system_reset(lab);
	lab_halt(lab);
	assert_int_equal(lab_peek(lab, flash + 0x1F000), 0xFFFFFFFF);
	assert_int_equal(reg_get(lab, OPTCR), FACTORY);
}

static void
level_2_closes_the_debug_port(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	options_write(lab, 0x7FFFCCED);
	system_reset(lab);
	lab_line_reset(lab);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
}

static void
options_can_be_set_before_power_comes(void **state)
{
	struct lab *lab = *state;

	wire_power(lab->wire, false);
	assert_null(soc_preset_option(lab->soc, "nWRP=1-2"));
	assert_null(soc_preset_option(lab->soc, "WDG_SW=0"));
	assert_non_null(soc_preset_option(lab->soc, "nWRP=0-5"));
	assert_non_null(soc_preset_option(lab->soc, "RDP=3"));
	assert_non_null(soc_preset_option(lab->soc, "nBOOT1=0"));
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(reg_get(lab, OPTCR), 0x7FF9AACD);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_not_equal(lab->stats.resets[RESET_BY_WATCHDOG], 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_locked_after_reset_and_two_keys_open_it),
		TEST(a_wrong_key_is_a_bus_error_and_locks_until_reset),
		TEST(bytes_halfwords_and_words_are_programmed_as_psize_says),
		TEST(another_size_than_psize_sets_pgperr_and_changes_nothing),
		TEST(a_store_without_pg_sets_pgserr),
		TEST(a_store_across_a_row_of_16_bytes_sets_pgaerr),
		TEST(nobody_checks_that_a_word_was_erased_and_bits_only_fall),
		TEST(error_flags_stay_until_one_is_written_to_them),
		TEST(eop_and_operr_are_there_only_with_their_interrupts),
		TEST(while_busy_reads_and_control_writes_are_held_up),
		TEST(one_time_cells_can_be_programmed_and_never_erased),
		TEST(four_sectors_have_16_kib_and_the_last_one_64),
		TEST(erasing_takes_as_long_as_psize_and_the_sector_say),
		TEST(sector_and_mass_erase_together_erase_all_and_set_wrperr),
		TEST(a_sector_that_is_not_there_is_wrperr),
		TEST(keys_for_an_open_lock_do_no_harm),
		TEST(a_block_of_otp_is_closed_by_its_lock_byte),
		TEST(a_cut_of_an_option_change_leaves_level_1_and_all_in_pcrop),
		TEST(pcrop_goes_only_with_level_1),
		TEST(words_at_too_low_a_supply_are_not_what_was_sent_and_no_flag_tells),
		TEST(an_erase_at_too_low_a_supply_leaves_bits_behind),
		TEST(options_are_as_from_the_factory_and_locked),
		TEST(a_write_protected_sector_sets_wrperr_after_the_next_reset),
		TEST(under_sprmod_a_set_bit_protects_against_reading_too),
		TEST(at_level_1_a_debugger_reads_no_flash_and_the_core_locks_up),
		TEST(level_1_forbids_a_debugger_to_erase),
		TEST(going_back_to_level_0_erases_everything),
		TEST(level_2_closes_the_debug_port),
		TEST(options_can_be_set_before_power_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
