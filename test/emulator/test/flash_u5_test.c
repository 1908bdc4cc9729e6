/* SPDX-License-Identifier: MIT */
/* The flash controller of the STM32U5: each rule of RM0456 Rev 4, chapter 7. */
#include "test/emulator/test/flash_lab.h"

#include "test/emulator/soc/chip.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/flash/u5.h"

static const uint32_t flash = FLASH_U5_MAIN_AT;
static const uint32_t bank_2 = FLASH_U5_MAIN_AT + 0x100000;
static const uint32_t page = 0x2000;

enum {
	ACR = 0x00,
	NSKEYR = 0x08,
	SECKEYR = 0x0C,
	OPTKEYR = 0x10,
	PDKEY1R = 0x18,
	PDKEY2R = 0x1C,
	NSSR = 0x20,
	SECSR = 0x24,
	NSCR = 0x28,
	SECCR = 0x2C,
	ECCR = 0x30,
	OPSR = 0x34,
	OPTR = 0x40,
	NSBOOTADD0R = 0x44,
	SECWM1R1 = 0x50,
	WRP1AR = 0x58,
	WRP2BR = 0x6C
};
/* NSSR */
enum {
	EOP = 1 << 0,
	OPERR = 1 << 1,
	PROGERR = 1 << 3,
	WRPERR = 1 << 4,
	PGAERR = 1 << 5,
	SIZERR = 1 << 6,
	PGSERR = 1 << 7,
	OPTWERR = 1 << 13,
	BSY = 1 << 16,
	WDW = 1 << 17,
	PD1 = 1 << 20,
	PD2 = 1 << 21
};
/* NSCR */
enum {
	PG = 1 << 0,
	PER = 1 << 1,
	MER1 = 1 << 2,
	PNB = 1 << 3,
	BKER = 1 << 11,
	BWR = 1 << 14,
	MER2 = 1 << 15,
	STRT = 1 << 16,
	OPTSTRT = 1 << 17,
	EOPIE = 1 << 24,
	ERRIE = 1 << 25,
	OBL_LAUNCH = 1 << 27
};
enum { PDREQ1 = 1 << 12, PDREQ2 = 1 << 13, ECCR_BK = 1 << 21 };
#define LOCK      UINT32_C(0x80000000)
#define OPTLOCK   UINT32_C(0x40000000)
#define ECCD      UINT32_C(0x80000000)
#define FACTORY   UINT32_C(0x1FEFF8AA)
#define SWAP_BANK UINT32_C(0x00100000)

/* --- the chip on the table: flash, some RAM and a core ----------------------------------- */

enum { RAM, FLASH, INFORMATION };

static const struct chip_memory memories[] = {
	[RAM] = { "RAM", KIB(64), false },
	[FLASH] = { "flash", KIB(2048), true },
	[INFORMATION] = { "information block", FLASH_U5_INFORMATION_SIZE, true },
};

static const struct chip_window windows[] = {
	{ 0x20000000, KIB(64), RAM, 0 },
	{ FLASH_U5_INFORMATION_AT, FLASH_U5_INFORMATION_SHOWN, INFORMATION, 0 },
};

static const struct chip_place places[] = {
	{ &flash_u5_type, "FLASH", FLASH_REGISTERS, 0x400, { 0, 0 }, 6, NULL },
};

static const struct chip chip = {
	.name = "U5 flash",
	.source = "this test",
	.cores = { { .kind = CPU_CORTEX_M33,
		     .cpuid = 0x410FD214,
		     .priority_bits = 4,
		     .irqs = 125,
		     .fpb_revision = 2,
		     .fpb_code = 8,
		     .dwt_comparators = 4 } },
	.cores_len = 1,
	.ports = { { .idr = 0x84770001 } },
	.dpidr = 0x6BA02477,
	.flash_kib = 2048,
	.memories = memories,
	.memories_len = 3,
	.windows = windows,
	.windows_len = 2,
	.places = places,
	.places_len = 1,
	.flash_memory = FLASH,
	.information_memory = INFORMATION,
	.power_on_reset_ns = 100000,
	.lowest_volts = 1.6,
};

static int
set_up_without_power(void **state)
{
	*state = lab_of_chip(&chip);
	return 0;
}

static int
set_up(void **state)
{
	set_up_without_power(state);
	lab_power_up(*state);
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

/* --- what the tests do over and over --------------------------------------------------------- */

static void
unlock(struct lab *lab)
{
	keys_write(lab, NSKEYR, FLASH_KEY1, FLASH_KEY2);
}

static void
unlock_options(struct lab *lab)
{
	keys_write(lab, OPTKEYR, 0x08192A3B, 0x4C5D6E7F);
}

static uint64_t
wait_ready(struct lab *lab)
{
	return wait_while(lab, NSSR, BSY);
}

static void
words_send(struct lab *lab, uint32_t at, uint32_t value, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		lab_poke(lab, at + 4 * i, value + i);
}

static void
program(struct lab *lab, uint32_t at, uint32_t value)
{
	reg_set(lab, NSCR, PG);
	words_send(lab, at, value, 4);
	wait_ready(lab);
}

static uint64_t
erase_page(struct lab *lab, uint32_t number, uint32_t bank_bit)
{
	uint64_t ns;

	reg_set(lab, NSCR, PER | number * PNB | bank_bit | STRT);
	ns = wait_ready(lab);
	reg_set(lab, NSCR, 0);
	return ns;
}

static void
flags_clear(struct lab *lab)
{
	reg_set(lab, NSSR, UINT32_MAX);
}

static void
options_program(struct lab *lab, uint32_t offset, uint32_t value)
{
	unlock(lab);
	unlock_options(lab);
	reg_set(lab, offset, value);
	reg_set(lab, NSCR, OPTSTRT);
	wait_ready(lab);
}

static void
option_set(struct lab *lab, uint32_t offset, uint32_t value)
{
	uint32_t launch = OBL_LAUNCH;

	options_program(lab, offset, value);
	lab_access(lab, FLASH_REGISTERS + NSCR, 4, true, &launch);
	wire_advance(lab->wire, 20 * MS);
}

/* --- locks ---------------------------------------------------------------------------------------- */

static void
it_is_locked_after_reset_and_two_keys_open_it(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, NSCR), LOCK | OPTLOCK);
	reg_set(lab, NSCR, PG);
	assert_int_equal(reg_get(lab, NSCR), LOCK | OPTLOCK);
	unlock(lab);
	reg_set(lab, NSCR, PG);
	assert_int_equal(reg_get(lab, NSCR), OPTLOCK | PG);
	reg_set(lab, NSCR, LOCK);
	assert_int_equal(reg_get(lab, NSCR) & LOCK, LOCK);
}

static void
a_wrong_key_is_a_bus_error_and_locks_until_reset(void **state)
{
	struct lab *lab = *state;
	uint32_t wrong = 0x12345678, first = FLASH_KEY1;

	assert_int_equal(lab_access(lab, FLASH_REGISTERS + NSKEYR, 4, true, &wrong),
			 BUS_FAULT);
	assert_int_equal(lab_access(lab, FLASH_REGISTERS + NSKEYR, 4, true, &first),
			 BUS_FAULT);
	lab_system_reset(lab);
	unlock(lab);
	assert_int_equal(reg_get(lab, NSCR) & LOCK, 0);
}

static void
options_open_only_behind_the_control_register(void **state)
{
	struct lab *lab = *state;
	uint32_t key = 0x08192A3B;

	assert_int_equal(lab_access(lab, FLASH_REGISTERS + OPTKEYR, 4, true, &key),
			 BUS_FAULT);
	unlock(lab);
	reg_set(lab, OPTR, 0);
	assert_int_equal(reg_get(lab, OPTR), FACTORY);
	unlock_options(lab);
	assert_int_equal(reg_get(lab, NSCR), 0);
	reg_set(lab, OPTR, FACTORY & ~UINT32_C(0x700));
	assert_int_equal(reg_get(lab, OPTR), FACTORY & ~UINT32_C(0x700));
}

static void
secure_registers_read_zero_without_trustzone(void **state)
{
	struct lab *lab = *state;

	reg_set(lab, SECKEYR, FLASH_KEY1);
	reg_set(lab, SECKEYR, FLASH_KEY2);
	reg_set(lab, SECCR, PG);
	assert_int_equal(reg_get(lab, SECCR), 0);
	assert_int_equal(reg_get(lab, SECSR), 0);
}

/* --- programming ------------------------------------------------------------------------------------ */

static void
a_quad_word_is_programmed_in_its_time(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, NSCR, PG);
	words_send(lab, flash, 10, 3);
	assert_int_equal(reg_get(lab, NSSR), WDW);
	lab_poke(lab, flash + 12, 13);
	assert_int_equal(reg_get(lab, NSSR), BSY | WDW);
	assert_in_range(wait_ready(lab), 118 * US, 135 * US);
	assert_int_equal(reg_get(lab, NSSR), 0); /* no EOP without EOPIE */
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(lab_peek(lab, flash + 4 * i), 10 + i);
	assert_int_equal(lab->stats.flash_words_programmed, 4);
}

static void
eop_comes_with_its_interrupt_enabled_and_goes_by_writing_one(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, NSCR, PG | EOPIE);
	words_send(lab, flash, 1, 4);
	wait_ready(lab);
	assert_int_equal(reg_get(lab, NSSR), EOP);
	reg_set(lab, NSSR, EOP);
	assert_int_equal(reg_get(lab, NSSR), 0);
}

static void
a_burst_of_eight_quad_words_is_faster(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, NSCR, PG | BWR);
	words_send(lab, flash + 128, 1, 31);
	assert_int_equal(reg_get(lab, NSSR), WDW);
	lab_poke(lab, flash + 252, 32);
	assert_in_range(wait_ready(lab), 384 * US, 400 * US);
	assert_int_equal(lab_peek(lab, flash + 128), 1);
	assert_int_equal(lab_peek(lab, flash + 252), 32);
	lab_poke(lab, flash + 272, 1); /* off the burst's start */
	assert_int_equal(reg_get(lab, NSSR), PGAERR);
}

static void
a_store_without_pg_is_pgserr_and_changes_nothing(void **state)
{
	struct lab *lab = *state;

	words_send(lab, flash, 0, 4);
	assert_int_equal(reg_get(lab, NSSR), PGSERR);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
}

static void
bytes_and_halfwords_are_sizerr(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0x1234;

	unlock(lab);
	reg_set(lab, NSCR, PG);
	assert_int_equal(lab_access(lab, flash, 2, true, &value), BUS_OK);
	assert_int_equal(reg_get(lab, NSSR), SIZERR);
	reg_set(lab, NSSR, SIZERR);
	assert_int_equal(lab_access(lab, flash, 1, true, &value), BUS_OK);
	assert_int_equal(reg_get(lab, NSSR), SIZERR);
}

static void
a_word_off_the_quad_word_is_pgaerr(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, NSCR, PG);
	lab_poke(lab, flash + 8, 1);
	assert_int_equal(reg_get(lab, NSSR), PGAERR);
	flags_clear(lab);
	lab_poke(lab, flash, 1);
	lab_poke(lab, flash + 16, 1);
	assert_int_equal(reg_get(lab, NSSR), PGAERR);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
}

static void
a_place_that_is_not_erased_is_progerr_but_for_zeros(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1);
	program(lab, flash, 1);
	assert_int_equal(reg_get(lab, NSSR), PROGERR);
	flags_clear(lab);
	for (uint32_t i = 0; i < 4; i++)
		lab_poke(lab, flash + 4 * i, 0);
	wait_ready(lab);
	assert_int_equal(reg_get(lab, NSSR), 0);
	assert_int_equal(lab_peek(lab, flash + 12), 0);
}

static void
an_error_left_behind_makes_the_next_operation_pgserr(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, NSCR, PG);
	lab_poke(lab, flash + 4, 1);
	lab_poke(lab, flash, 1);
	assert_int_equal(reg_get(lab, NSSR), PGAERR | PGSERR);
	reg_set(lab, NSCR, PER | STRT);
	assert_int_equal(reg_get(lab, NSSR), PGAERR | PGSERR);
	flags_clear(lab);
	program(lab, flash, 1);
	assert_int_equal(lab_peek(lab, flash), 1);
}

static void
operr_joins_when_error_interrupts_are_on(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, NSCR, PG | ERRIE);
	lab_poke(lab, flash + 4, 1);
	assert_int_equal(reg_get(lab, NSSR), PGAERR | OPERR);
}

static void
otp_takes_a_quad_word_once(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, 0x0BFA0000, 0xA5A5A5A5);
	assert_int_equal(lab_peek(lab, 0x0BFA0000), 0xA5A5A5A5);
	for (uint32_t i = 0; i < 4; i++)
		lab_poke(lab, 0x0BFA0000 + 4 * i, 0);
	assert_int_equal(reg_get(lab, NSSR), PROGERR);
}

static void
system_memory_and_what_lies_behind_otp_cannot_be_written(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0;

	unlock(lab);
	reg_set(lab, NSCR, PG);
	assert_int_equal(lab_access(lab, 0x0BF90000, 4, true, &value), BUS_FAULT);
	assert_int_equal(lab_access(lab, 0x0BFA0200, 4, true, &value), BUS_FAULT);
}

/* --- erasing ------------------------------------------------------------------------------------------ */

static void
a_page_is_erased_in_its_time_and_no_other(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash + page, 1);
	program(lab, flash + 2 * page, 2);
	assert_in_range(erase_page(lab, 1, 0), 1500 * US, 1520 * US);
	assert_int_equal(lab_peek(lab, flash + page), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, flash + 2 * page), 2);
	assert_int_equal(lab->stats.erased[0].at, flash + page);
	assert_int_equal(lab->stats.erased[0].size, page);
}

static void
bker_chooses_the_second_bank(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1);
	program(lab, bank_2, 2);
	erase_page(lab, 0, BKER);
	assert_int_equal(lab_peek(lab, flash), 1);
	assert_int_equal(lab_peek(lab, bank_2), 0xFFFFFFFF);
}

static void
a_mass_erase_takes_the_banks_it_names(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash + 0xFFFF0, 1);
	program(lab, bank_2 + 0xFFFF0, 2);
	reg_set(lab, NSCR, MER2 | STRT);
	assert_in_range(wait_ready(lab), 195 * MS, 196 * MS);
	assert_int_equal(lab_peek(lab, flash + 0xFFFF0), 1);
	assert_int_equal(lab_peek(lab, bank_2 + 0xFFFF0), 0xFFFFFFFF);
	reg_set(lab, NSCR, MER1 | MER2 | STRT);
	assert_in_range(wait_ready(lab), 390 * MS, 391 * MS);
	assert_int_equal(lab_peek(lab, flash + 0xFFFF0), 0xFFFFFFFF);
}

static void
a_start_with_nothing_or_too_much_chosen_is_pgserr(void **state)
{
	static const uint32_t choices[] = { 0, PER | MER1, PER | PG, MER1 | PG };
	struct lab *lab = *state;

	unlock(lab);
	for (unsigned i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		reg_set(lab, NSCR, choices[i] | STRT);
		assert_int_equal(reg_get(lab, NSSR), PGSERR);
		flags_clear(lab);
	}
}

static void
the_busy_bank_makes_wait_and_the_other_reads_on(void **state)
{
	struct lab *lab = *state;
	uint32_t value = PG;

	unlock(lab);
	reg_set(lab, NSCR, PER | STRT);
	assert_int_equal(lab_try(lab, flash + 5 * page), BUS_WAIT);
	assert_int_equal(lab_try(lab, bank_2), BUS_OK);
	assert_int_equal(lab_access(lab, FLASH_REGISTERS + NSCR, 4, true, &value),
			 BUS_WAIT);
	assert_int_equal(lab_access(lab, bank_2, 4, true, &value), BUS_WAIT);
	wire_advance(lab->wire, 2 * MS);
	assert_int_equal(lab_try(lab, flash + 5 * page), BUS_OK);
}

/* --- interruptions and ECC -------------------------------------------------------------------------------- */

static void
a_reset_early_in_an_erase_leaves_the_page_and_opsr_tells_it(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, bank_2 + 3 * page, 1);
	program(lab, bank_2 + 4 * page - 16, 2);
	reg_set(lab, NSCR, PER | BKER | 3 * PNB | STRT);
	lab_system_reset(lab);
	assert_int_equal(reg_get(lab, NSSR), 0);
	assert_int_equal(lab_peek(lab, bank_2 + 3 * page), 1);
	assert_int_equal(lab_peek(lab, bank_2 + 4 * page - 16), 2);
	assert_int_equal(reg_get(lab, OPSR), UINT32_C(3) << 29 | ECCR_BK | 3 * page);
	lab_system_reset(lab);
	assert_int_equal(reg_get(lab, OPSR), 0);
}

static void
a_quad_word_cut_short_is_an_ecc_detection_until_erased(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, NSCR, PG);
	words_send(lab, bank_2 + 32, 1, 4);
	wire_advance(lab->wire, 60 * US);
	lab_power_cycle(lab);
	assert_int_equal(lab_try(lab, bank_2 + 16), BUS_OK);
	assert_int_equal(reg_get(lab, ECCR), 0);
	assert_int_equal(lab_try(lab, bank_2 + 44), BUS_OK);
	assert_int_equal(reg_get(lab, ECCR), ECCD | ECCR_BK | 32);
	reg_set(lab, ECCR, ECCD);
	assert_int_equal(reg_get(lab, ECCR) & ECCD, 0);
	unlock(lab);
	erase_page(lab, 0, BKER);
	assert_int_equal(lab_peek(lab, bank_2 + 32), 0xFFFFFFFF);
	assert_int_equal(reg_get(lab, ECCR) & ECCD, 0);
}

/* --- power-down --------------------------------------------------------------------------------------------- */

static void
a_bank_sleeps_when_its_keys_and_the_request_came_and_wakes_by_use(void **state)
{
	struct lab *lab = *state;

	reg_set(lab, ACR, PDREQ1 | PDREQ2);
	assert_int_equal(reg_get(lab, NSSR), 0);
	keys_write(lab, PDKEY2R, 0x40516273, 0xAFBFCFDF);
	reg_set(lab, ACR, PDREQ2);
	assert_int_equal(reg_get(lab, NSSR), PD2);
	assert_int_equal(reg_get(lab, ACR) & PDREQ2, 0);
	assert_int_equal(lab_try(lab, bank_2), BUS_OK);
	assert_int_equal(reg_get(lab, NSSR), 0);
	keys_write(lab, PDKEY1R, 0x04152637, 0xFAFBFCFD);
	reg_set(lab, ACR, PDREQ1);
	assert_int_equal(reg_get(lab, NSSR), PD1);
}

/* --- options -------------------------------------------------------------------------------------------------- */

static void
options_are_as_the_factory_left_them(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, OPTR), FACTORY);
	assert_int_equal(reg_get(lab, NSBOOTADD0R), 0x0800007F);
	assert_int_equal(flash_u5_optr(lab->soc->flash), FACTORY);
	assert_int_equal(flash_u5_nsbootadd1(lab->soc->flash), 0x0BF9007F);
	assert_int_equal(reg_get(lab, WRP1AR), 0xFF80FFFF);
	assert_int_equal(reg_get(lab, WRP2BR), 0xFF80FFFF);
}

static void
options_take_effect_when_they_are_loaded(void **state)
{
	struct lab *lab = *state;

	options_program(lab, WRP1AR, 0x80010000); /* pages 0 and 1 */
	reg_set(lab, NSCR, PER | STRT);
	assert_int_equal(reg_get(lab, NSSR), BSY);
	wait_ready(lab);
	lab_power_cycle(lab);
	unlock(lab);
	reg_set(lab, NSCR, PER | PNB | STRT);
	assert_int_equal(reg_get(lab, NSSR), WRPERR);
}

static void
a_write_protected_page_is_wrperr(void **state)
{
	struct lab *lab = *state;

	option_set(lab, WRP2BR, 0x80030002); /* pages 2 and 3 of bank 2 */
	assert_int_equal(lab->stats.resets[RESET_BY_OPTION_BYTES], 1);
	unlock(lab);
	program(lab, bank_2 + 2 * page, 1);
	assert_int_equal(reg_get(lab, NSSR) & WRPERR, WRPERR);
	flags_clear(lab);
	reg_set(lab, NSCR, PER | BKER | 3 * PNB | STRT);
	assert_int_equal(reg_get(lab, NSSR), WRPERR);
	flags_clear(lab);
	reg_set(lab, NSCR, MER2 | STRT);
	assert_int_equal(reg_get(lab, NSSR), WRPERR);
	flags_clear(lab);
	reg_set(lab, NSCR, MER1 | STRT);
	assert_int_equal(reg_get(lab, NSSR), BSY);
}

static void
a_locked_area_is_optwerr_to_change(void **state)
{
	struct lab *lab = *state;

	option_set(lab, WRP1AR, 0x00010000);
	options_program(lab, WRP1AR, 0x8000007F);
	assert_int_equal(reg_get(lab, NSSR), OPTWERR);
	lab_power_cycle(lab);
	assert_int_equal(reg_get(lab, WRP1AR) & 0x807F007F, 0x00010000);
}

/* RM0456 7.6.1, "Write protection lock". */
static void
a_locked_area_is_open_again_after_a_regression(void **state)
{
	struct lab *lab = *state;

	option_set(lab, WRP1AR, 0x00010000);
	option_set(lab, OPTR, (FACTORY & ~UINT32_C(0xFF)) | 0xBB);
	unlock(lab);
	unlock_options(lab);
	reg_set(lab, OPTR, FACTORY);
	reg_set(lab, WRP1AR, 0x8000007F);
	reg_set(lab, NSCR, OPTSTRT);
	wait_ready(lab);
	lab_power_cycle(lab);
	assert_int_equal(reg_get(lab, OPTR), FACTORY);
	assert_int_equal(reg_get(lab, WRP1AR) & 0x807F007F, 0x8000007F);
}

static void
secure_watermarks_are_inert_without_trustzone(void **state)
{
	struct lab *lab = *state;
	uint32_t before = reg_get(lab, SECWM1R1);

	options_program(lab, SECWM1R1, 0x007F0000);
	assert_int_equal(reg_get(lab, SECWM1R1), before);
}

static void
swapping_exchanges_the_banks_addresses(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1);
	program(lab, bank_2, 2);
	reg_set(lab, NSCR, LOCK);
	option_set(lab, OPTR, FACTORY | SWAP_BANK);
	assert_int_equal(lab_peek(lab, flash), 2);
	assert_int_equal(lab_peek(lab, bank_2), 1);
	unlock(lab);
	program(lab, flash + 16, 3);
	assert_int_equal(lab_peek(lab, flash + 16), 3);
	erase_page(lab, 0, BKER);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
	assert_int_equal(lab->stats.erased[0].at, flash);
}

static void
level_1_hides_flash_and_going_back_erases_it(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1);
	program(lab, bank_2, 2);
	reg_set(lab, NSCR, LOCK);
	option_set(lab, OPTR, (FACTORY & ~UINT32_C(0xFF)) | 0xBB);
	assert_int_equal(lab_try(lab, flash), BUS_FAULT);
	assert_int_equal(lab_try(lab, bank_2), BUS_FAULT);
	assert_int_equal(lab_try(lab, 0x0BF90000), BUS_OK);
	option_set(lab, OPTR, FACTORY);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, bank_2), 0xFFFFFFFF);
}

static void
level_2_closes_the_debug_port(void **state)
{
	struct lab *lab = *state;

	assert_true(lab_preset(lab, "RDP", 2, 2));
	lab_power_up(lab);
	assert_false(soc_port_is_open(lab->soc, 0));
}

static void
level_0_5_needs_trustzone(void **state)
{
	struct lab *lab = *state;

	options_program(lab, OPTR, (FACTORY & ~UINT32_C(0xFF)) | 0x55);
	assert_int_equal(reg_get(lab, NSSR), OPTWERR);
}

static void
options_can_be_preset_by_their_names(void **state)
{
	struct lab *lab = *state;

	assert_true(lab_preset(lab, "RDP", 1, 1));
	assert_true(lab_preset(lab, "nSWBOOT0", 0, 0));
	assert_true(lab_preset(lab, "WRP1A", 4, 9));
	assert_false(lab_preset(lab, "WRP1A", 4, 128));
	assert_false(lab_preset(lab, "nSWBOOT0", 2, 2));
	assert_false(lab_preset(lab, "nBOOT0", 0, 1));
	assert_false(lab_preset(lab, "BCM4", 1, 1));
	lab_power_up(lab);
	assert_int_equal(reg_get(lab, OPTR), 0x1BEFF8BB);
	assert_int_equal(reg_get(lab, WRP1AR) & 0x7F007F, 0x00090004);
}

/* --- code that programs ------------------------------------------------------------------------------------------ */

/* Code in RAM: r0 = FLASH, r1 = place; programs two quad-words without looking at NSSR. */
static void
a_core_that_does_not_wait_is_stalled_until_the_word_is_done(void **state)
{
	static const uint16_t code[] = {
		0x4806, /* ldr r0, =0x40022000 */
		0x4907, /* ldr r1, =0x08000000 */
		0x2201, /* movs r2, #PG */
		0x6282, /* str r2, [r0, #NSCR] */
		0x2300, /* movs r3, #0 */
		0x600B, /* str r3, [r1] */
		0x3104, /* adds r1, #4 */
		0x3301, /* adds r3, #1 */
		0x2B0C, /* cmp r3, #12 */
		0xD1FA, /* bne to str */
		0xBE00, /* bkpt */
		0xBF00, /* nop */
		0xBF00, /* nop */
		0xBF00, /* nop */
		0x2000, 0x4002, 0x0000, 0x0800,
	};
	struct lab *lab = *state;

	unlock(lab);
	lab_run(lab, code, sizeof(code) / sizeof(code[0]));
	wire_advance(lab->wire, 200 * US);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_RUNNING);
	wire_advance(lab->wire, MS);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_HALTED);
	for (uint32_t i = 0; i < 12; i++)
		assert_int_equal(lab_peek(lab, flash + 4 * i), i);
}

#define FLASH_TEST(f)  cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define PRESET_TEST(f) cmocka_unit_test_setup_teardown(f, set_up_without_power, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLASH_TEST(it_is_locked_after_reset_and_two_keys_open_it),
		FLASH_TEST(a_wrong_key_is_a_bus_error_and_locks_until_reset),
		FLASH_TEST(options_open_only_behind_the_control_register),
		FLASH_TEST(secure_registers_read_zero_without_trustzone),
		FLASH_TEST(a_quad_word_is_programmed_in_its_time),
		FLASH_TEST(eop_comes_with_its_interrupt_enabled_and_goes_by_writing_one),
		FLASH_TEST(a_burst_of_eight_quad_words_is_faster),
		FLASH_TEST(a_store_without_pg_is_pgserr_and_changes_nothing),
		FLASH_TEST(bytes_and_halfwords_are_sizerr),
		FLASH_TEST(a_word_off_the_quad_word_is_pgaerr),
		FLASH_TEST(a_place_that_is_not_erased_is_progerr_but_for_zeros),
		FLASH_TEST(an_error_left_behind_makes_the_next_operation_pgserr),
		FLASH_TEST(operr_joins_when_error_interrupts_are_on),
		FLASH_TEST(otp_takes_a_quad_word_once),
		FLASH_TEST(system_memory_and_what_lies_behind_otp_cannot_be_written),
		FLASH_TEST(a_page_is_erased_in_its_time_and_no_other),
		FLASH_TEST(bker_chooses_the_second_bank),
		FLASH_TEST(a_mass_erase_takes_the_banks_it_names),
		FLASH_TEST(a_start_with_nothing_or_too_much_chosen_is_pgserr),
		FLASH_TEST(the_busy_bank_makes_wait_and_the_other_reads_on),
		FLASH_TEST(a_reset_early_in_an_erase_leaves_the_page_and_opsr_tells_it),
		FLASH_TEST(a_quad_word_cut_short_is_an_ecc_detection_until_erased),
		FLASH_TEST(
			a_bank_sleeps_when_its_keys_and_the_request_came_and_wakes_by_use),
		FLASH_TEST(options_are_as_the_factory_left_them),
		FLASH_TEST(options_take_effect_when_they_are_loaded),
		FLASH_TEST(a_write_protected_page_is_wrperr),
		FLASH_TEST(a_locked_area_is_optwerr_to_change),
		FLASH_TEST(a_locked_area_is_open_again_after_a_regression),
		FLASH_TEST(secure_watermarks_are_inert_without_trustzone),
		FLASH_TEST(swapping_exchanges_the_banks_addresses),
		FLASH_TEST(level_1_hides_flash_and_going_back_erases_it),
		PRESET_TEST(level_2_closes_the_debug_port),
		FLASH_TEST(level_0_5_needs_trustzone),
		PRESET_TEST(options_can_be_preset_by_their_names),
		FLASH_TEST(a_core_that_does_not_wait_is_stalled_until_the_word_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
