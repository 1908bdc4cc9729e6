/* SPDX-License-Identifier: MIT */
/*
 * The flash controller of STM32L4 and STM32G4: each rule of RM0440 Rev 8, chapter 3, and
 * RM0351 Rev 9, chapter 3. Where the rules are the same each test runs on both.
 */
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/test/flash_lab.h"

static const uint32_t flash = 0x08000000;

/* What the tests have to know of the part on the table. */
struct part {
	const char *board;
	uint32_t bank_2, bank_pages;
	uint32_t program_ns;
	uint32_t core_hz; /* after reset */
	uint32_t eccr_bank_2;
	uint32_t erased_ram; /* CCM SRAM, SRAM2 */
};
static const struct part g473 = { "g473-custom-512k", 0x08040000, 128,       81700,
				  16000000,           1u << 21,   0x10000000 };
static const struct part g473_small = { "g473-custom", 0x08040000, 128,       81700,
					16000000,      1u << 21,   0x10000000 };
static const struct part l476 = { "l476rg-custom", 0x08080000, 256,       81690,
				  4000000,         1u << 19,   0x10000000 };
static const struct part *part; /* of the test that runs */

/* FLASH registers */
enum {
	ACR = 0x00,
	KEYR = 0x08,
	OPTKEYR = 0x0C,
	SR = 0x10,
	CR = 0x14,
	ECCR = 0x18,
	OPTR = 0x20,
	PCROP1SR = 0x24,
	PCROP1ER = 0x28,
	WRP1AR = 0x2C
};
enum {
	PROGERR = 1 << 3,
	WRPERR = 1 << 4,
	PGAERR = 1 << 5,
	SIZERR = 1 << 6,
	PGSERR = 1 << 7,
	FASTERR = 1 << 9,
	RDERR = 1 << 14,
	BSY = 1 << 16
};
enum {
	PG = 1 << 0,
	PER = 1 << 1,
	MER1 = 1 << 2,
	BKER = 1 << 11,
	MER2 = 1 << 15,
	STRT = 1 << 16,
	OPTSTRT = 1 << 17,
	FSTPG = 1 << 18,
	EOPIE = 1 << 24,
	ERRIE = 1 << 25,
	OBL_LAUNCH = 1 << 27
};
#define LOCK    UINT32_C(0x80000000)
#define OPTLOCK UINT32_C(0x40000000)
#define DBANK   UINT32_C(0x00400000)

static void
unlock(struct lab *lab)
{
	keys_write(lab, KEYR, FLASH_KEY1, FLASH_KEY2);
}

static void
unlock_options(struct lab *lab)
{
	keys_write(lab, OPTKEYR, 0x08192A3B, 0x4C5D6E7F);
}

static uint64_t
wait_ready(struct lab *lab)
{
	return wait_while(lab, SR, BSY);
}

static void
program(struct lab *lab, uint32_t at, uint32_t low, uint32_t high)
{
	reg_set(lab, CR, PG);
	lab_poke(lab, at, low);
	lab_poke(lab, at + 4, high);
}

static uint64_t
erase_page(struct lab *lab, uint32_t page, uint32_t bank_bit)
{
	uint64_t ns;

	reg_set(lab, CR, PER | page << 3 | bank_bit);
	reg_set(lab, CR, PER | page << 3 | bank_bit | STRT);
	ns = wait_ready(lab);
	reg_set(lab, CR, 0);
	return ns;
}

static int
set_up_on(void **state, const struct part *on)
{
	struct lab *lab = lab_open(on->board);

	part = on;

	lab_halt(lab);
	*state = lab;
	return 0;
}

static int
set_up_g4(void **state)
{
	return set_up_on(state, &g473);
}

static int
set_up_l4(void **state)
{
	return set_up_on(state, &l476);
}

static int
set_up_small(void **state)
{
	return set_up_on(state, &g473_small);
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

/* --- locks -------------------------------------------------------------------- */

static void
it_is_locked_after_reset_and_two_keys_open_it(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, CR), LOCK | OPTLOCK);
	reg_set(lab, CR, PG);
	assert_int_equal(reg_get(lab, CR), LOCK | OPTLOCK);
	unlock(lab);
	assert_int_equal(reg_get(lab, CR), OPTLOCK);
	reg_set(lab, CR, PG);
	assert_int_equal(reg_get(lab, CR), OPTLOCK | PG);
	reg_set(lab, CR, LOCK);
	assert_int_equal(reg_get(lab, CR) & LOCK, LOCK);
	unlock(lab);
	assert_int_equal(reg_get(lab, CR) & LOCK, 0);
}

static void
a_wrong_key_is_a_bus_error_and_locks_until_reset(void **state)
{
	struct lab *lab = *state;
	uint32_t wrong = 0x12345678, first = 0x45670123;

	assert_int_equal(lab_access(lab, 0x40022008, 4, true, &wrong), BUS_FAULT);
	assert_int_equal(lab_access(lab, 0x40022008, 4, true, &first), BUS_FAULT);
	assert_int_equal(reg_get(lab, CR) & LOCK, LOCK);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004); /* SYSRESETREQ */
	wire_advance(lab->wire, 10 * MS);
	unlock(lab);
	assert_int_equal(reg_get(lab, CR) & LOCK, 0);
}

static void
options_open_only_behind_the_control_register(void **state)
{
	struct lab *lab = *state;
	uint32_t key = 0x08192A3B, before = reg_get(lab, OPTR);

	assert_int_equal(lab_access(lab, 0x4002200C, 4, true, &key), BUS_FAULT);
	unlock(lab);
	reg_set(lab, OPTR, 0);
	assert_int_equal(reg_get(lab, OPTR), before);
	unlock_options(lab);
	assert_int_equal(reg_get(lab, CR), 0);
}

/* --- programming ---------------------------------------------------------------- */

static void
a_double_word_is_programmed_in_its_time(void **state)
{
	struct lab *lab = *state;
	uint64_t ns;

	unlock(lab);
	program(lab, flash, 0x11223344, 0x55667788);
	assert_int_equal(reg_get(lab, SR), BSY);
	ns = wait_ready(lab);
	assert_in_range(ns, part->program_ns, part->program_ns + 14000);
	assert_int_equal(reg_get(lab, SR), 0); /* no EOP without EOPIE */
	assert_int_equal(lab_peek(lab, flash), 0x11223344);
	assert_int_equal(lab_peek(lab, flash + 4), 0x55667788);
	assert_int_equal(lab_peek(lab, 0), 0x11223344); /* the alias at 0 */
	assert_int_equal(lab->stats.flash_words_programmed, 2);
}

static void
eop_comes_with_its_interrupt_enabled_and_goes_by_writing_one(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, PG | EOPIE);
	lab_poke(lab, flash, 1);
	lab_poke(lab, flash + 4, 2);
	wait_ready(lab);
	assert_int_equal(reg_get(lab, SR), 1);
	reg_set(lab, SR, 1);
	assert_int_equal(reg_get(lab, SR), 0);
}

static void
a_store_without_pg_is_pgserr_and_changes_nothing(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, flash, 0);
	lab_poke(lab, flash + 4, 0);
	assert_int_equal(reg_get(lab, SR), PGSERR);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
}

static void
bytes_and_halfwords_are_sizerr(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0x1234;

	unlock(lab);
	reg_set(lab, CR, PG);
	assert_int_equal(lab_access(lab, flash, 2, true, &value), BUS_OK);
	assert_int_equal(reg_get(lab, SR), SIZERR);
	reg_set(lab, SR, SIZERR);
	assert_int_equal(lab_access(lab, flash, 1, true, &value), BUS_OK);
	assert_int_equal(reg_get(lab, SR), SIZERR);
}

static void
a_first_word_off_the_double_word_is_pgaerr(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, PG);
	lab_poke(lab, flash + 4, 1);
	assert_int_equal(reg_get(lab, SR), PGAERR);
}

static void
a_second_word_elsewhere_is_pgaerr(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1, 2);
	wait_ready(lab);
	lab_poke(lab, flash + 8, 1);
	lab_poke(lab, flash + 16, 2);
	assert_int_equal(reg_get(lab, SR), PGAERR);
	assert_int_equal(lab_peek(lab, flash + 8), 0xFFFFFFFF);
}

static void
a_place_that_is_not_erased_is_progerr(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1, 2);
	wait_ready(lab);
	program(lab, flash, 1, 2);
	assert_int_equal(reg_get(lab, SR), PROGERR);
	assert_int_equal(lab_peek(lab, flash), 1);
}

static void
zeros_may_be_programmed_over_anything(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1, 2);
	wait_ready(lab);
	program(lab, flash, 0, 0);
	wait_ready(lab);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(lab_peek(lab, flash), 0);
}

static void
an_error_left_behind_makes_the_next_operation_pgserr(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, PG);
	lab_poke(lab, flash + 4, 1);
	lab_poke(lab, flash, 1);
	assert_int_equal(reg_get(lab, SR), PGAERR | PGSERR);
	reg_set(lab, CR, PER);
	reg_set(lab, CR, PER | STRT);
	assert_int_equal(reg_get(lab, SR), PGAERR | PGSERR);
	reg_set(lab, SR, PGAERR | PGSERR);
	program(lab, flash, 1, 2);
	assert_int_equal(reg_get(lab, SR), BSY);
}

static void
pg_and_per_together_are_pgserr(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, PG | PER | STRT);
	assert_int_equal(reg_get(lab, SR), PGSERR);
	reg_set(lab, SR, PGSERR);
	lab_poke(lab, flash, 1);
	assert_int_equal(reg_get(lab, SR), PGSERR);
}

static void
operr_joins_when_error_interrupts_are_on(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, PG | ERRIE);
	lab_poke(lab, flash + 4, 1);
	assert_int_equal(reg_get(lab, SR), PGAERR | 2);
}

static void
otp_takes_a_double_word_once(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, 0x1FFF7000, 0xA5A5A5A5, 0);
	wait_ready(lab);
	assert_int_equal(lab_peek(lab, 0x1FFF7000), 0xA5A5A5A5);
	program(lab, 0x1FFF7000, 0, 0);
	assert_int_equal(reg_get(lab, SR), PROGERR);
}

static void
system_memory_cannot_be_written(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0;

	unlock(lab);
	reg_set(lab, CR, PG);
	assert_int_equal(lab_access(lab, 0x1FFF0000, 4, true, &value), BUS_FAULT);
}

static void
a_row_is_programmed_fast_after_a_mass_erase_only(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	reg_set(lab, CR, FSTPG);
	lab_poke(lab, flash, 0);
	assert_int_equal(reg_get(lab, SR), PGSERR);
	reg_set(lab, SR, PGSERR);
	reg_set(lab, CR, MER1 | STRT);
	wait_ready(lab);
	reg_set(lab, CR, FSTPG);
	for (uint32_t i = 0; i < 64; i++)
		lab_poke(lab, flash + 4 * i, i);
	assert_int_equal(reg_get(lab, SR), BSY);
	wait_ready(lab);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(lab_peek(lab, flash + 252), 63);
	lab_poke(lab, flash + 256, 0);
	lab_poke(lab, flash + 264, 0);
	assert_int_equal(reg_get(lab, SR), PGAERR | FASTERR);
}

/* --- erasing ---------------------------------------------------------------------- */

static void
a_page_is_erased_in_its_time_and_no_other(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash + 2040, 1, 1);
	wait_ready(lab);
	program(lab, flash + 2048, 2, 2);
	wait_ready(lab);
	assert_in_range(erase_page(lab, 1, 0), 22020000, 22040000);
	assert_int_equal(lab_peek(lab, flash + 2040), 1);
	assert_int_equal(lab_peek(lab, flash + 2048), 0xFFFFFFFF);
	assert_int_equal(lab->stats.erased_len, 1);
	assert_int_equal(lab->stats.erased[0].at, flash + 2048);
	assert_int_equal(lab->stats.erased[0].size, 2048);
	assert_int_equal(lab->stats.erased[0].count, 1);
}

static void
bker_chooses_the_second_bank(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1, 1);
	wait_ready(lab);
	program(lab, part->bank_2, 2, 2);
	wait_ready(lab);
	erase_page(lab, 0, BKER);
	assert_int_equal(lab_peek(lab, flash), 1);
	assert_int_equal(lab_peek(lab, part->bank_2), 0xFFFFFFFF);
}

static void
a_mass_erase_takes_the_banks_it_names(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1, 1);
	wait_ready(lab);
	program(lab, part->bank_2, 2, 2);
	wait_ready(lab);
	reg_set(lab, CR, MER2 | STRT);
	assert_in_range(wait_ready(lab), 22130000, 22150000);
	assert_int_equal(lab_peek(lab, flash), 1);
	assert_int_equal(lab_peek(lab, part->bank_2), 0xFFFFFFFF);
	reg_set(lab, CR, MER1 | MER2 | STRT);
	wait_ready(lab);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
	assert_int_equal(lab->stats.erased_len, 2 * part->bank_pages);
}

static void
the_busy_bank_makes_wait_and_the_other_reads_on(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	unlock(lab);
	reg_set(lab, CR, PER | STRT);
	assert_int_equal(lab_access(lab, flash + 0x8000, 4, false, &value), BUS_WAIT);
	assert_int_equal(lab_access(lab, part->bank_2, 4, false, &value), BUS_OK);
	assert_int_equal(lab_access(lab, 0x20000000, 4, false, &value), BUS_OK);
	wire_advance(lab->wire, 23 * MS);
	assert_int_equal(lab_access(lab, flash + 0x8000, 4, false, &value), BUS_OK);
}

static void
writes_to_cr_and_flash_wait_for_bsy(void **state)
{
	struct lab *lab = *state;
	uint32_t value = PG;

	unlock(lab);
	reg_set(lab, CR, PER | STRT);
	assert_int_equal(lab_access(lab, 0x40022014, 4, true, &value), BUS_WAIT);
	assert_int_equal(lab_access(lab, part->bank_2, 4, true, &value), BUS_WAIT);
}

static void
a_reset_early_in_an_erase_leaves_the_page(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash, 1, 1);
	wait_ready(lab);
	program(lab, flash + 2040, 2, 2);
	wait_ready(lab);
	reg_set(lab, CR, PER | STRT);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 10 * MS);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(lab_peek(lab, flash), 1);
	assert_int_equal(lab_peek(lab, flash + 2040), 2);
}

/* --- protection and options --------------------------------------------------------- */

static void
options_launch(struct lab *lab)
{
	uint32_t launch = OBL_LAUNCH;

	reg_set(lab, CR, OPTSTRT);
	wait_ready(lab);
	lab_access(lab, 0x40022014, 4, true, &launch);
	wire_advance(lab->wire, 20 * MS);
}

static void
option_set(struct lab *lab, uint32_t offset, uint32_t value)
{
	unlock(lab);
	unlock_options(lab);
	reg_set(lab, offset, value);
	options_launch(lab);
	lab_halt(lab);
}

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

/* --- ECC ------------------------------------------------------------------------------ */

/* The power goes while a double word is being programmed. */
static void
program_and_lose_power(struct lab *lab, uint32_t at)
{
	unlock(lab);
	program(lab, at, 0x12345678, 0x9ABCDEF0);
	wire_advance(lab->wire, 45 * US);
	wire_power(lab->wire, false);
	wire_advance(lab->wire, 100 * MS);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	lab_halt(lab);
}

#define ECCD       UINT32_C(0x80000000)
#define NMIPENDSET UINT32_C(0x80000000)
#define SCB_ICSR   UINT32_C(0xE000ED04)

static void
a_double_word_cut_short_is_an_ecc_error_and_an_nmi(void **state)
{
	struct lab *lab = *state;

	program_and_lose_power(lab, flash + 0x1000);
	assert_int_equal(reg_get(lab, ECCR), 0);
	assert_int_equal(lab_peek(lab, SCB_ICSR) & NMIPENDSET, 0);
	assert_int_not_equal(lab_peek(lab, flash + 0x1000), 0xFFFFFFFF);
	assert_int_equal(reg_get(lab, ECCR), ECCD | 0x1000);
	assert_int_equal(lab_peek(lab, SCB_ICSR) & NMIPENDSET, NMIPENDSET);
	reg_set(lab, ECCR, ECCD);
	assert_int_equal(reg_get(lab, ECCR) & ECCD, 0);
	assert_int_equal(lab_peek(lab, flash + 0x1008), 0xFFFFFFFF);
	assert_int_equal(reg_get(lab, ECCR) & ECCD, 0);
}

static void
eccr_names_the_bank_and_keeps_the_first_address(void **state)
{
	struct lab *lab = *state;

	program_and_lose_power(lab, part->bank_2 + 0x10);
	program_and_lose_power(lab, flash + 0x20);
	lab_peek(lab, part->bank_2 + 0x14);
	lab_peek(lab, flash + 0x20);
	assert_int_equal(reg_get(lab, ECCR), ECCD | part->eccr_bank_2 | 0x10);
}

static void
only_zeros_or_an_erase_mend_a_broken_double_word(void **state)
{
	struct lab *lab = *state;

	program_and_lose_power(lab, flash + 0x1000);
	unlock(lab);
	program(lab, flash + 0x1000, 1, 1);
	assert_int_equal(reg_get(lab, SR), PROGERR);
	reg_set(lab, SR, PROGERR);
	program(lab, flash + 0x1000, 0, 0);
	wait_ready(lab);
	lab_peek(lab, flash + 0x1000);
	assert_int_equal(reg_get(lab, ECCR), 0);
	reg_set(lab, CR, LOCK);
	program_and_lose_power(lab, flash + 0x1010);
	unlock(lab);
	erase_page(lab, 2, 0);
	assert_int_equal(lab_peek(lab, flash + 0x1010), 0xFFFFFFFF);
	assert_int_equal(reg_get(lab, ECCR), 0);
}

/* --- what boots ----------------------------------------------------------------------- */

#define SYSCFG_MEMRMP UINT32_C(0x40010000)
#define RCC_APB2ENR   UINT32_C(0x40021060)

static uint32_t
memrmp(struct lab *lab)
{
	lab_poke(lab, RCC_APB2ENR, 1);
	return lab_peek(lab, SYSCFG_MEMRMP);
}

static void
system_reset(struct lab *lab)
{
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 20 * MS);
	lab_halt(lab);
}

static void
boot0_high_boots_from_system_memory_or_with_nboot1_0_from_sram(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(memrmp(lab), 0);
	soc_boot0(lab->soc, true);
	system_reset(lab);
	assert_int_equal(memrmp(lab), 1);
	assert_int_equal(lab_peek(lab, 0), lab_peek(lab, 0x1FFF0000));
	option_set(lab, OPTR, 0xFFEFF8AA & ~(UINT32_C(1) << 23));
	assert_int_equal(memrmp(lab), 3);
	lab_poke(lab, 0x20000000, 0x600DCAFE);
	assert_int_equal(lab_peek(lab, 0), 0x600DCAFE);
}

/* A stack in RAM, a mark, and a place to go on. */
static void
bank_fill(struct lab *lab, uint32_t at, uint32_t mark)
{
	uint32_t words[] = { 0x20001000, 0x08000009, 0xE7FEE7FE, mark };

	assert_true(soc_preload(lab->soc, at, (const uint8_t *)words, sizeof(words)));
}

static void
with_bfb2_the_second_bank_boots_and_comes_first(void **state)
{
	struct lab *lab = *state;

	bank_fill(lab, flash, 1);
	bank_fill(lab, part->bank_2, 2);
	option_set(lab, OPTR, 0xFFFFF8AA);
	assert_int_equal(memrmp(lab), 0x100);
	assert_int_equal(lab_peek(lab, flash + 12), 2);
	assert_int_equal(lab_peek(lab, part->bank_2 + 12), 1);
	assert_int_equal(lab_peek(lab, 12), 2);
	unlock(lab);
	erase_page(lab, 0, 0); /* bank 1, wherever it is */
	assert_int_equal(lab_peek(lab, flash + 12), 2);
	assert_int_equal(lab_peek(lab, part->bank_2 + 12), 0xFFFFFFFF);
	assert_int_equal(lab->stats.erased[0].at, part->bank_2);
}

static void
with_bfb2_and_nothing_in_bank_2_bank_1_boots(void **state)
{
	struct lab *lab = *state;

	bank_fill(lab, flash, 1);
	option_set(lab, OPTR, 0xFFFFF8AA);
	assert_int_equal(memrmp(lab), 0);
	assert_int_equal(lab_peek(lab, flash + 12), 1);
}

/* --- DBG_SWEN -------------------------------------------------------------------------- */

static void
software_shuts_the_debugger_out_until_a_reset(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, FLASH_REGISTERS + ACR, 0x00000600);
	assert_false(soc_port_is_open(lab->soc, 0));
	assert_false(soc_swd_pins_are_debug(lab->soc));
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	assert_true(soc_port_is_open(lab->soc, 0));
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(reg_get(lab, ACR), 0x00040600);
}

/* --- options from outside --------------------------------------------------------------- */

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

/* --- the 128 KiB part ------------------------------------------------------------------
 */

static void
the_small_part_tells_its_size_and_has_a_gap(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	assert_int_equal(lab_peek(lab, 0x1FFF75E0) & 0xFFFF, 128);
	assert_int_equal(lab_access(lab, flash + 0x1FFFC, 4, false, &value), BUS_OK);
	assert_int_equal(lab_access(lab, flash + 0x20000, 4, false, &value), BUS_FAULT);
	assert_int_equal(lab_access(lab, part->bank_2, 4, false, &value), BUS_OK);
	assert_int_equal(lab_access(lab, part->bank_2 + 0x10000, 4, false, &value),
			 BUS_FAULT);
}

/* As the owners of such parts found: see flash/l4g4_array.c. */
static void
on_the_small_part_bank_1_goes_on_behind_its_half(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	program(lab, flash + 0x1E000, 1, 1);
	wait_ready(lab);
	erase_page(lab, 28, BKER);
	assert_int_equal(lab_peek(lab, flash + 0x1E000), 1);
	erase_page(lab, 60, 0);
	assert_int_equal(lab_peek(lab, flash + 0x1E000), 0xFFFFFFFF);
}

/* --- code that programs ------------------------------------------------------------------
 */

/* How often a loop of four cycles goes round. */
static uint32_t
turns(uint64_t ns)
{
	return (uint32_t)(ns * part->core_hz / 4 / 1000000000);
}

/* Core code in RAM: r0 = FLASH, r1 = place; stores two words, waits for BSY, BKPT. */
static void
code_in_ram_programs_and_sees_bsy(void **state)
{
	static const uint16_t code[] = {
		0x4807, /* ldr r0, =0x40022000 */
		0x4908, /* ldr r1, =0x08000000 */
		0x2201, /* movs r2, #1 */
		0x6142, /* str r2, [r0, #CR] */
		0x600A, /* str r2, [r1] */
		0x604A, /* str r2, [r1, #4] */
		0x2300, /* movs r3, #0 */
		0x3301, /* adds r3, #1 */
		0x6904, /* ldr r4, [r0, #SR] */
		0x0C24, /* lsrs r4, r4, #16 */
		0xD1FB, /* bne to adds */
		0xBE00, /* bkpt */
		0xBF00, 0xBF00, 0xBF00, 0xBF00, 0x2000, 0x4002, 0x0000, 0x0800,
	};
	struct lab *lab = *state;
	uint64_t start;

	unlock(lab);
	start = soc_now_ns(lab->soc);
	lab_run(lab, code, sizeof(code) / sizeof(code[0]));
	wire_advance(lab->wire, MS);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_HALTED);
	assert_int_equal(lab_peek(lab, flash), 1);
	assert_int_equal(lab_peek(lab, flash + 4), 1);
	assert_in_range(lab_register(lab, 3), turns(part->program_ns) - 6,
			turns(part->program_ns) + 9);
	assert_true(soc_now_ns(lab->soc) - start >= MS);
}

/* Code in bank 1 starts an erase of page 1 of a bank and counts until BSY ends. */
static uint32_t
turns_while_flash_erases(struct lab *lab, uint32_t bank_bit)
{
	static const uint16_t code[] = {
		0x4805, /* ldr r0, =0x40022000 */
		0x6142, /* str r2, [r0, #CR] */
		0x2300, /* movs r3, #0 */
		0x3301, /* adds r3, #1 */
		0x6904, /* ldr r4, [r0, #SR] */
		0x0C24, /* lsrs r4, r4, #16 */
		0xD1FB, /* bne to adds */
		0xBE00, /* bkpt */
		0xBF00, 0xBF00, 0xBF00, 0xBF00, 0x2000, 0x4002,
	};

	assert_true(soc_preload(lab->soc, flash, (const uint8_t *)code, sizeof(code)));
	unlock(lab);
	lab_register_set(lab, 2, PER | 1 << 3 | STRT | bank_bit);
	lab_go(lab, flash);
	wire_advance(lab->wire, 23 * MS);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_HALTED);
	return lab_register(lab, 3);
}

static void
code_stands_still_while_its_own_bank_is_busy(void **state)
{
	struct lab *lab = *state;

	assert_in_range(turns_while_flash_erases(lab, 0), 1, 2);
	assert_int_equal(lab->stats.erased[0].count, 1);
}

static void
code_runs_on_while_the_other_bank_is_busy(void **state)
{
	struct lab *lab = *state;

	assert_in_range(turns_while_flash_erases(lab, BKER), turns(22020000) - 80,
			turns(22020000) + 80);
}

/* Code in RAM starts an erase in bank 2 and writes CR while BSY is set. */
static void
a_core_that_writes_cr_during_bsy_is_stalled(void **state)
{
	static const uint16_t code[] = {
		0x4803, /* ldr r0, =0x40022000 */
		0x6142, /* str r2, [r0, #CR] */
		0x6143, /* str r3, [r0, #CR] */
		0x3401, /* adds r4, #1 */
		0xE7FD, /* b to adds */
		0xBF00, 0xBF00, 0xBF00, 0x2000, 0x4002,
	};
	struct lab *lab = *state;

	unlock(lab);
	lab_register_set(lab, 2, PER | BKER | STRT);
	lab_register_set(lab, 3, PG);
	lab_register_set(lab, 4, 0);
	lab_run(lab, code, sizeof(code) / sizeof(code[0]));
	wire_advance(lab->wire, 22 * MS);
	lab_halt(lab);
	assert_int_equal(lab_register(lab, 4), 0);
	lab_poke(lab, 0xE000EDF0, 0xA05F0001);
	wire_advance(lab->wire, MS);
	lab_halt(lab);
	assert_in_range(lab_register(lab, 4), turns(MS) * 4 / 2 * 7 / 8, turns(MS) * 4 / 2);
	assert_int_equal(reg_get(lab, CR) & (PER | PG), PG);
	assert_int_equal(lab->stats.erased[0].at, part->bank_2);
}

#define G4_TEST(f)                                              \
	{                                                       \
		"STM32G473: " #f, f, set_up_g4, tear_down, NULL \
	}
#define L4_TEST(f)                                              \
	{                                                       \
		"STM32L476: " #f, f, set_up_l4, tear_down, NULL \
	}
#define FLASH_TEST(f) G4_TEST(f), L4_TEST(f)
#define SMALL_TEST(f) cmocka_unit_test_setup_teardown(f, set_up_small, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLASH_TEST(it_is_locked_after_reset_and_two_keys_open_it),
		FLASH_TEST(a_wrong_key_is_a_bus_error_and_locks_until_reset),
		FLASH_TEST(options_open_only_behind_the_control_register),
		FLASH_TEST(a_double_word_is_programmed_in_its_time),
		FLASH_TEST(eop_comes_with_its_interrupt_enabled_and_goes_by_writing_one),
		FLASH_TEST(a_store_without_pg_is_pgserr_and_changes_nothing),
		FLASH_TEST(bytes_and_halfwords_are_sizerr),
		FLASH_TEST(a_first_word_off_the_double_word_is_pgaerr),
		FLASH_TEST(a_second_word_elsewhere_is_pgaerr),
		FLASH_TEST(a_place_that_is_not_erased_is_progerr),
		FLASH_TEST(zeros_may_be_programmed_over_anything),
		FLASH_TEST(an_error_left_behind_makes_the_next_operation_pgserr),
		FLASH_TEST(pg_and_per_together_are_pgserr),
		FLASH_TEST(operr_joins_when_error_interrupts_are_on),
		FLASH_TEST(otp_takes_a_double_word_once),
		FLASH_TEST(system_memory_cannot_be_written),
		FLASH_TEST(a_row_is_programmed_fast_after_a_mass_erase_only),
		FLASH_TEST(a_page_is_erased_in_its_time_and_no_other),
		FLASH_TEST(bker_chooses_the_second_bank),
		FLASH_TEST(a_mass_erase_takes_the_banks_it_names),
		FLASH_TEST(the_busy_bank_makes_wait_and_the_other_reads_on),
		FLASH_TEST(writes_to_cr_and_flash_wait_for_bsy),
		FLASH_TEST(a_reset_early_in_an_erase_leaves_the_page),
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
		FLASH_TEST(a_double_word_cut_short_is_an_ecc_error_and_an_nmi),
		FLASH_TEST(eccr_names_the_bank_and_keeps_the_first_address),
		FLASH_TEST(only_zeros_or_an_erase_mend_a_broken_double_word),
		FLASH_TEST(boot0_high_boots_from_system_memory_or_with_nboot1_0_from_sram),
		FLASH_TEST(with_bfb2_the_second_bank_boots_and_comes_first),
		FLASH_TEST(with_bfb2_and_nothing_in_bank_2_bank_1_boots),
		FLASH_TEST(options_can_be_set_by_their_names_before_power),
		FLASH_TEST(rdp_is_preset_by_its_level),
		FLASH_TEST(an_option_or_a_value_that_is_not_there_is_refused),
		G4_TEST(the_secure_area_and_boot_lock_stay_above_level_0),
		G4_TEST(software_shuts_the_debugger_out_until_a_reset),
		SMALL_TEST(the_small_part_tells_its_size_and_has_a_gap),
		SMALL_TEST(on_the_small_part_bank_1_goes_on_behind_its_half),
		FLASH_TEST(code_in_ram_programs_and_sees_bsy),
		FLASH_TEST(a_core_that_writes_cr_during_bsy_is_stalled),
		FLASH_TEST(code_stands_still_while_its_own_bank_is_busy),
		FLASH_TEST(code_runs_on_while_the_other_bank_is_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
