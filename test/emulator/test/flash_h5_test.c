/* SPDX-License-Identifier: MIT */
/* The flash controller of the STM32H5: each rule of RM0481, chapter 7, that flash/h5.h has. */
#include "test/emulator/test/flash_lab.h"

#include "test/emulator/soc/flash/h5.h"

static const uint32_t flash = FLASH_H5_MAIN_AT;
static const uint32_t bank_2 = FLASH_H5_MAIN_AT + 0x100000;
static const uint32_t otp = FLASH_H5_OTP_AT;
static const uint32_t sector = 0x2000;

enum {
	ACR = 0x00,
	NSKEYR = 0x04,
	SECKEYR = 0x08,
	OPTKEYR = 0x0C,
	OPSR = 0x18,
	OPTCR = 0x1C,
	NSSR = 0x20,
	NSCR = 0x28,
	SECCR = 0x2C,
	NSCCR = 0x30,
	OPTSR_CUR = 0x50,
	OPTSR_PRG = 0x54,
	OPTBLR_PRG = 0x94,
	WRP1R_CUR = 0xE8,
	WRP1R_PRG = 0xEC,
	ECCDETR = 0x104,
	WRP2R_PRG = 0x1EC
};
/* NSSR */
enum {
	BSY = 1 << 0,
	WBNE = 1 << 1,
	EOP = 1 << 16,
	WRPERR = 1 << 17,
	PGSERR = 1 << 18,
	STRBERR = 1 << 19,
	INCERR = 1 << 20,
	OPTCHANGEERR = 1 << 23,
	ERRORS = WRPERR | PGSERR | STRBERR | INCERR | OPTCHANGEERR
};
/* NSCR */
enum {
	PG = 1 << 1,
	SER = 1 << 2,
	BER = 1 << 3,
	FW = 1 << 4,
	STRT = 1 << 5,
	SNB = 1 << 6,
	MER = 1 << 15
};
enum { LOCK = 1, OPTLOCK = 1, OPTSTRT = 2, ECC_BK = 1 << 22, ECC_OTP = 1 << 24 };
#define BKSEL     UINT32_C(0x80000000)
#define ECCD      UINT32_C(0x80000000)
#define FACTORY   UINT32_C(0x2D30EDD8)
#define SWAP_BANK UINT32_C(0x80000000)

static int
set_up_without_power(void **state)
{
	struct wiring wiring = lab_wiring("nucleo-h563zi");

	*state = lab_open_wired("nucleo-h563zi", &wiring);
	return 0;
}

static int
set_up(void **state)
{
	set_up_without_power(state);
	lab_power_up(*state);
	lab_halt(*state);
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

/* --- what the tests do over and over -------------------------------------------------------- */

static void
unlock(struct lab *lab)
{
	keys_write(lab, NSKEYR, FLASH_KEY1, FLASH_KEY2);
}

static void
options_unlock(struct lab *lab)
{
	keys_write(lab, OPTKEYR, 0x08192A3B, 0x4C5D6E7F);
}

static void
quad_word_store(struct lab *lab, uint32_t at, uint32_t first)
{
	for (uint32_t i = 0; i < 4; i++)
		lab_poke(lab, at + 4 * i, first + i);
}

/* The time that it took. */
static uint64_t
program(struct lab *lab, uint32_t at, uint32_t first)
{
	reg_set(lab, NSCR, PG);
	quad_word_store(lab, at, first);
	return wait_while(lab, NSSR, BSY);
}

static uint64_t
erase(struct lab *lab, uint32_t what)
{
	reg_set(lab, NSCR, what | STRT);
	return wait_while(lab, NSSR, BSY);
}

static void
options_start(struct lab *lab)
{
	reg_set(lab, OPTCR, OPTSTRT);
	wait_while(lab, NSSR, BSY);
}

/* Is a read of that word a double ECC error? It brings what is there all the same. */
static bool
is_ecc_error(struct lab *lab, uint32_t at)
{
	bool is_error;

	reg_set(lab, ECCDETR, ECCD);
	lab_peek(lab, at);
	is_error = reg_get(lab, ECCDETR) & ECCD;
	return is_error;
}

/* --- locks ---------------------------------------------------------------------------------- */

static void
it_is_locked_after_reset_and_two_keys_open_it(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, NSCR), LOCK);
	reg_set(lab, NSCR, PG);
	assert_int_equal(reg_get(lab, NSCR), LOCK);
	unlock(lab);
	assert_int_equal(reg_get(lab, NSCR), 0);
	reg_set(lab, NSCR, LOCK);
	assert_int_equal(reg_get(lab, NSCR), LOCK);
}

static void
a_wrong_key_or_one_too_many_locks_until_reset(void **state)
{
	struct lab *lab = *state;
	uint32_t key = FLASH_KEY1;

	unlock(lab);
	assert_int_equal(lab_access(lab, FLASH_REGISTERS + NSKEYR, 4, true, &key),
			 BUS_FAULT);
	assert_int_equal(reg_get(lab, NSCR), LOCK);
	assert_int_equal(lab_access(lab, FLASH_REGISTERS + NSKEYR, 4, true, &key),
			 BUS_FAULT);
	lab_system_reset(lab);
	unlock(lab);
	assert_int_equal(reg_get(lab, NSCR), 0);
}

static void
options_have_a_lock_of_their_own(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, OPTCR), OPTLOCK);
	reg_set(lab, WRP1R_PRG, 0);
	assert_int_equal(reg_get(lab, WRP1R_PRG), UINT32_MAX);
	options_unlock(lab);
	assert_int_equal(reg_get(lab, OPTCR), 0);
	assert_int_equal(reg_get(lab, NSCR), LOCK);
	reg_set(lab, OPTCR, OPTLOCK);
	assert_int_equal(reg_get(lab, OPTCR), OPTLOCK);
}

static void
secure_registers_take_nothing_without_trustzone(void **state)
{
	struct lab *lab = *state;

	keys_write(lab, SECKEYR, FLASH_KEY1, FLASH_KEY2);
	reg_set(lab, SECCR, PG);
	assert_int_equal(reg_get(lab, SECCR), 0);
	assert_int_equal(reg_get(lab, NSCR), LOCK);
}

/* --- programming ---------------------------------------------------------------------------- */

static void
a_quad_word_is_programmed_when_all_of_it_has_come(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, NSCR, PG);
	lab_poke(lab, flash + 0, 1);
	assert_int_equal(reg_get(lab, NSSR), WBNE);
	lab_poke(lab, flash + 4, 2);
	lab_poke(lab, flash + 8, 3);
	assert_int_equal(lab_peek(lab, flash), UINT32_MAX);
	lab_poke(lab, flash + 12, 4);
	assert_int_equal(reg_get(lab, NSSR), BSY);
	assert_in_range(wait_while(lab, NSSR, BSY), 90 * US, 120 * US);
	assert_int_equal(reg_get(lab, NSSR), EOP);
	assert_int_equal(lab_peek(lab, flash + 12), 4);
	reg_set(lab, NSCCR, EOP);
	assert_int_equal(reg_get(lab, NSSR), 0);
}

static void
bytes_and_any_order_fill_the_buffer_too(void **state)
{
	struct lab *lab = *state;
	uint32_t byte = 0x5A000000;

	unlock(lab);
	reg_set(lab, NSCR, PG);
	for (uint32_t i = 0; i < 3; i++)
		lab_poke(lab, flash + 4 * i, i);
	for (uint32_t i = 16; i-- > 12;) {
		uint32_t lane = byte >> (8 * (15 - i));

		assert_int_equal(lab_access(lab, flash + i, 1, true, &lane), BUS_OK);
	}
	wait_while(lab, NSSR, BSY);
	assert_int_equal(lab_peek(lab, flash + 12), 0x5A5A5A5A);
}

static void
a_forced_write_fills_up_with_ones(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, NSCR, PG);
	lab_poke(lab, flash, 0x12345678);
	reg_set(lab, NSCR, PG | FW);
	assert_int_equal(reg_get(lab, NSSR) & (BSY | WBNE), BSY);
	wait_while(lab, NSSR, BSY);
	assert_int_equal(lab_peek(lab, flash), 0x12345678);
	assert_int_equal(lab_peek(lab, flash + 4), UINT32_MAX);
	assert_int_equal(reg_get(lab, NSCR), PG);
}

static void
a_store_without_pg_is_pgserr_and_changes_nothing(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	lab_poke(lab, flash, 0);
	assert_int_equal(reg_get(lab, NSSR), PGSERR);
	assert_int_equal(lab_peek(lab, flash), UINT32_MAX);
	program(lab, flash, 1);
	assert_int_equal(lab_peek(lab, flash), UINT32_MAX);
	reg_set(lab, NSCCR, PGSERR);
	program(lab, flash, 1);
	assert_int_equal(lab_peek(lab, flash), 1);
}

static void
the_same_byte_twice_is_strberr(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, NSCR, PG);
	lab_poke(lab, flash, 0);
	lab_poke(lab, flash, 0);
	assert_int_equal(reg_get(lab, NSSR), STRBERR);
}

static void
another_quad_word_before_the_first_is_whole_is_incerr(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, NSCR, PG);
	lab_poke(lab, flash, 0);
	lab_poke(lab, flash + 16, 0);
	assert_int_equal(reg_get(lab, NSSR), INCERR);
	assert_int_equal(lab_peek(lab, flash), UINT32_MAX);
}

static void
a_quad_word_written_twice_has_no_ecc_that_fits(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 0x10);
	program(lab, flash, 0x10);
	assert_int_equal(lab_peek(lab, flash), 0x10);
	program(lab, flash, 0x20);
	assert_true(is_ecc_error(lab, flash));
	assert_int_equal(reg_get(lab, ECCDETR), ECCD);
	reg_set(lab, ECCDETR, ECCD);
	assert_int_equal(reg_get(lab, ECCDETR), 0);
	erase(lab, SER);
	assert_int_equal(lab_peek(lab, flash), UINT32_MAX);
}

static void
system_memory_and_what_st_wrote_cannot_be_written(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0;

	unlock(lab);
	reg_set(lab, NSCR, PG);
	assert_int_equal(lab_access(lab, 0x0BF80000, 4, true, &value), BUS_FAULT);
	assert_int_equal(lab_access(lab, 0x08FFF80C, 4, true, &value), BUS_FAULT);
}

/* --- OTP ------------------------------------------------------------------------------------ */

static void
virgin_otp_is_a_double_ecc_error_to_read(void **state)
{
	struct lab *lab = *state;

	assert_true(is_ecc_error(lab, otp + 8));
	assert_int_equal(reg_get(lab, ECCDETR), ECCD | ECC_OTP | 2);
	assert_int_equal(reg_get(lab, 0x108), 0xFFFF); /* ECCDR */
	assert_int_equal(lab_peek(lab, otp + 8), UINT32_MAX);
	assert_false(is_ecc_error(lab, otp + 0x800));
	assert_int_equal(lab_peek(lab, otp + 0x800), 0x0030002C);
}

static void
otp_takes_each_half_word_once(void **state)
{
	struct lab *lab = *state;
	uint32_t half = 0x1234;

	unlock(lab);
	reg_set(lab, NSCR, PG);
	assert_int_equal(lab_access(lab, otp, 1, true, &half), BUS_FAULT);
	assert_int_equal(lab_access(lab, otp, 2, true, &half), BUS_OK);
	wait_while(lab, NSSR, BSY);
	assert_true(is_ecc_error(lab, otp)); /* the other half is virgin */
	half = 0x56780000;
	assert_int_equal(lab_access(lab, otp + 2, 2, true, &half), BUS_OK);
	wait_while(lab, NSSR, BSY);
	assert_int_equal(lab_peek(lab, otp), 0x56781234);
	lab_poke(lab, otp, 0);
	assert_int_equal(reg_get(lab, NSSR) & ERRORS, PGSERR);
	assert_int_equal(lab_peek(lab, otp), 0x56781234);
}

static void
a_locked_block_of_otp_is_wrperr_and_stays_locked(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	options_unlock(lab);
	reg_set(lab, OPTBLR_PRG, 2);
	options_start(lab);
	reg_set(lab, NSCR, PG);
	lab_poke(lab, otp + 64, 0);
	assert_int_equal(reg_get(lab, NSSR) & ERRORS, WRPERR);
	reg_set(lab, NSCCR, WRPERR);
	lab_poke(lab, otp + 128, 0);
	wait_while(lab, NSSR, BSY);
	assert_int_equal(reg_get(lab, NSSR) & ERRORS, 0);
	reg_set(lab, OPTBLR_PRG, 0);
	options_start(lab);
	assert_int_equal(reg_get(lab, NSSR) & ERRORS, OPTCHANGEERR);
}

/* --- erasing -------------------------------------------------------------------------------- */

static void
a_sector_is_erased_in_its_time_and_no_other(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	for (uint32_t i = 0; i < 3; i++)
		program(lab, flash + i * sector, i);
	assert_in_range(erase(lab, SER | 1 * SNB), MS, 5 * MS);
	assert_int_equal(lab_peek(lab, flash), 0);
	assert_int_equal(lab_peek(lab, flash + sector), UINT32_MAX);
	assert_int_equal(lab_peek(lab, flash + 2 * sector), 2);
	assert_int_equal(reg_get(lab, NSCR), SER | 1 * SNB);
}

static void
bksel_chooses_the_second_bank(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1);
	program(lab, bank_2, 2);
	erase(lab, SER | BKSEL);
	assert_int_equal(lab_peek(lab, flash), 1);
	assert_int_equal(lab_peek(lab, bank_2), UINT32_MAX);
}

static void
a_bank_erase_takes_one_and_a_mass_erase_both(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash + 3 * sector, 1);
	program(lab, bank_2 + 3 * sector, 2);
	erase(lab, BER | BKSEL);
	assert_int_equal(lab_peek(lab, flash + 3 * sector), 1);
	assert_int_equal(lab_peek(lab, bank_2 + 3 * sector), UINT32_MAX);
	erase(lab, MER);
	assert_int_equal(lab_peek(lab, flash + 3 * sector), UINT32_MAX);
}

static void
a_start_with_nothing_or_too_much_chosen_is_pgserr(void **state)
{
	static const uint32_t wrong[] = { 0, SER | BER, SER | MER, BER | MER };
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1);
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		erase(lab, wrong[i]);
		assert_int_equal(reg_get(lab, NSSR) & ERRORS, PGSERR);
		reg_set(lab, NSCCR, PGSERR);
	}
	assert_int_equal(lab_peek(lab, flash), 1);
}

static void
the_busy_bank_makes_wait_and_the_other_reads_on(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0;

	unlock(lab);
	reg_set(lab, NSCR, SER | STRT);
	assert_int_equal(lab_access(lab, flash, 4, false, &value), BUS_WAIT);
	assert_int_equal(lab_access(lab, bank_2, 4, false, &value), BUS_OK);
	wait_while(lab, NSSR, BSY);
	assert_int_equal(lab_access(lab, flash, 4, false, &value), BUS_OK);
}

static void
a_reset_in_an_erase_leaves_ecc_errors_and_opsr_tells_it(void **state)
{
	struct lab *lab = *state;
	unsigned broken = 0;

	unlock(lab);
	for (uint32_t at = 0; at < sector; at += 16)
		program(lab, bank_2 + at, at);
	reg_set(lab, NSCR, SER | BKSEL | STRT);
	wire_advance(lab->wire, MS);
	lab_system_reset(lab);
	for (uint32_t at = 0; at < sector; at += 16) {
		if (!is_ecc_error(lab, bank_2 + at))
			continue;
		broken++;
		assert_int_equal(reg_get(lab, ECCDETR), ECCD | ECC_BK | at / 16);
	}
	assert_true(broken > 0);
	assert_int_equal(reg_get(lab, OPSR), 3u << 29 | ECC_BK);
	unlock(lab);
	erase(lab, SER | BKSEL);
	assert_int_equal(lab_peek(lab, bank_2 + 0x100), UINT32_MAX);
}

/* --- option bytes --------------------------------------------------------------------------- */

static void
options_are_as_the_factory_left_them(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, OPTSR_CUR), FACTORY);
	assert_int_equal(reg_get(lab, OPTSR_PRG), FACTORY);
	assert_int_equal(reg_get(lab, 0x70), 0xC300007C);
	assert_int_equal(reg_get(lab, 0x80), 0x080000C3);
	assert_int_equal(reg_get(lab, WRP1R_CUR), UINT32_MAX);
}

static void
a_write_protected_group_is_wrperr_at_once(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash + 4 * sector, 1);
	program(lab, bank_2 + 4 * sector, 1);
	options_unlock(lab);
	reg_set(lab, WRP1R_PRG, ~UINT32_C(2));
	assert_int_equal(reg_get(lab, WRP1R_CUR), UINT32_MAX);
	options_start(lab);
	assert_int_equal(reg_get(lab, WRP1R_CUR), ~UINT32_C(2));
	erase(lab, SER | 7 * SNB);
	assert_int_equal(reg_get(lab, NSSR) & ERRORS, WRPERR);
	reg_set(lab, NSCCR, WRPERR);
	erase(lab, MER);
	assert_int_equal(reg_get(lab, NSSR) & ERRORS, WRPERR);
	reg_set(lab, NSCCR, WRPERR);
	program(lab, flash + 5 * sector, 1);
	assert_int_equal(reg_get(lab, NSSR) & ERRORS, WRPERR);
	reg_set(lab, NSCCR, WRPERR);
	erase(lab, SER | 4 * SNB | BKSEL);
	erase(lab, SER | 8 * SNB);
	assert_int_equal(reg_get(lab, NSSR) & ERRORS, 0);
	assert_int_equal(lab_peek(lab, flash + 4 * sector), 1);
	assert_int_equal(lab_peek(lab, bank_2 + 4 * sector), UINT32_MAX);
}

static void
swapped_banks_show_after_a_reset_and_bksel_keeps_the_cells(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1);
	program(lab, bank_2, 2);
	options_unlock(lab);
	reg_set(lab, OPTSR_PRG, FACTORY | SWAP_BANK);
	options_start(lab);
	assert_int_equal(reg_get(lab, OPTSR_CUR), FACTORY | SWAP_BANK);
	assert_int_equal(reg_get(lab, OPTCR) & SWAP_BANK, 0);
	assert_int_equal(lab_peek(lab, flash), 1);
	lab_system_reset(lab);
	lab_halt(lab);
	assert_int_equal(reg_get(lab, OPTCR), SWAP_BANK | OPTLOCK);
	assert_int_equal(lab_peek(lab, flash), 2);
	unlock(lab);
	erase(lab, SER | BKSEL);
	assert_int_equal(lab_peek(lab, flash), UINT32_MAX);
	assert_int_equal(lab_peek(lab, bank_2), 1);
}

static void
state_set(struct lab *lab, uint32_t state)
{
	options_unlock(lab);
	reg_set(lab, OPTSR_PRG, (FACTORY & ~UINT32_C(0xFF00)) | state << 8);
	options_start(lab);
}

static void
a_product_state_is_in_force_from_the_next_reset_on(void **state)
{
	struct lab *lab = *state;

	state_set(lab, H5_PROVISIONING);
	lab_system_reset(lab);
	state_set(lab, H5_CLOSED);
	assert_true(soc_port_is_open(lab->soc, lab->port));
	lab_power_cycle(lab);
	assert_false(soc_port_is_open(lab->soc, lab->port));
}

static void
a_product_state_does_not_go_back_by_option_bytes(void **state)
{
	struct lab *lab = *state;

	state_set(lab, H5_PROVISIONING);
	lab_system_reset(lab);
	state_set(lab, H5_OPEN);
	assert_int_equal(reg_get(lab, NSSR) & ERRORS, OPTCHANGEERR);
	assert_int_equal(reg_get(lab, OPTSR_CUR) >> 8 & 0xFF, H5_PROVISIONING);
	reg_set(lab, OPTSR_PRG, reg_get(lab, OPTSR_CUR));
	options_start(lab);
	assert_int_equal(reg_get(lab, NSSR) & (ERRORS | EOP), OPTCHANGEERR);
	reg_set(lab, NSCCR, OPTCHANGEERR);
	options_start(lab);
	assert_int_equal(reg_get(lab, NSSR) & (ERRORS | EOP), EOP);
}

static void
options_can_be_preset_by_their_names(void **state)
{
	struct lab *lab = *state;

	assert_null(soc_preset_option(lab->soc, "WRPSG1=0xFFFFFFFE"));
	assert_null(soc_preset_option(lab->soc, "SWAP_BANK=1"));
	assert_non_null(soc_preset_option(lab->soc, "SWAP_BANK=2"));
	assert_non_null(soc_preset_option(lab->soc, "RDP=1"));
	lab_power_up(lab);
	assert_int_equal(reg_get(lab, WRP1R_CUR), 0xFFFFFFFE);
	assert_int_equal(reg_get(lab, OPTCR), SWAP_BANK | OPTLOCK);
}

#define FLASH_TEST(f)  cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define PRESET_TEST(f) cmocka_unit_test_setup_teardown(f, set_up_without_power, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLASH_TEST(it_is_locked_after_reset_and_two_keys_open_it),
		FLASH_TEST(a_wrong_key_or_one_too_many_locks_until_reset),
		FLASH_TEST(options_have_a_lock_of_their_own),
		FLASH_TEST(secure_registers_take_nothing_without_trustzone),
		FLASH_TEST(a_quad_word_is_programmed_when_all_of_it_has_come),
		FLASH_TEST(bytes_and_any_order_fill_the_buffer_too),
		FLASH_TEST(a_forced_write_fills_up_with_ones),
		FLASH_TEST(a_store_without_pg_is_pgserr_and_changes_nothing),
		FLASH_TEST(the_same_byte_twice_is_strberr),
		FLASH_TEST(another_quad_word_before_the_first_is_whole_is_incerr),
		FLASH_TEST(a_quad_word_written_twice_has_no_ecc_that_fits),
		FLASH_TEST(system_memory_and_what_st_wrote_cannot_be_written),
		FLASH_TEST(virgin_otp_is_a_double_ecc_error_to_read),
		FLASH_TEST(otp_takes_each_half_word_once),
		FLASH_TEST(a_locked_block_of_otp_is_wrperr_and_stays_locked),
		FLASH_TEST(a_sector_is_erased_in_its_time_and_no_other),
		FLASH_TEST(bksel_chooses_the_second_bank),
		FLASH_TEST(a_bank_erase_takes_one_and_a_mass_erase_both),
		FLASH_TEST(a_start_with_nothing_or_too_much_chosen_is_pgserr),
		FLASH_TEST(the_busy_bank_makes_wait_and_the_other_reads_on),
		FLASH_TEST(a_reset_in_an_erase_leaves_ecc_errors_and_opsr_tells_it),
		FLASH_TEST(options_are_as_the_factory_left_them),
		FLASH_TEST(a_write_protected_group_is_wrperr_at_once),
		FLASH_TEST(swapped_banks_show_after_a_reset_and_bksel_keeps_the_cells),
		FLASH_TEST(a_product_state_is_in_force_from_the_next_reset_on),
		FLASH_TEST(a_product_state_does_not_go_back_by_option_bytes),
		PRESET_TEST(options_can_be_preset_by_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
