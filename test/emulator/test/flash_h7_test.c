/* SPDX-License-Identifier: MIT */
/* The flash controller of the STM32H7: each rule of RM0433 Rev 8, chapter 4. */
#define FLASH_REGISTERS UINT32_C(0x52002000)
#include "test/emulator/test/flash_lab.h"

#include "test/emulator/soc/chip.h"
#include "test/emulator/soc/flash/h7.h"
#include "test/emulator/soc/flash/types.h"

static const uint32_t flash = FLASH_H7_BANK_1_AT;
static const uint32_t bank_2 = FLASH_H7_BANK_2_AT;
static const uint32_t sector = 0x20000;

/* Registers of bank 1; those of bank 2 are SECOND behind. */
enum {
	KEYR = 0x04,
	OPTKEYR = 0x08,
	CR = 0x0C,
	SR = 0x10,
	CCR = 0x14,
	OPTCR = 0x18,
	OPTSR_CUR = 0x1C,
	OPTSR_PRG = 0x20,
	OPTCCR = 0x24,
	PRAR_CUR = 0x28,
	PRAR_PRG = 0x2C,
	SCAR_CUR = 0x30,
	WPSN_CUR = 0x38,
	WPSN_PRG = 0x3C,
	BOOT7_CUR = 0x40,
	BOOT7_PRG = 0x44,
	BOOT4_CUR = 0x48,
	ECC_FA = 0x60,
	OPTSR2_CUR = 0x70,
	SECOND = 0x100
};
/* CR */
enum {
	LOCK = 1 << 0,
	PG = 1 << 1,
	SER = 1 << 2,
	BER = 1 << 3,
	X64 = 3 << 4,
	FW = 1 << 6,
	START = 1 << 7,
	SNB = 1 << 8
};
/* SR */
enum {
	BSY = 1 << 0,
	WBNE = 1 << 1,
	QW = 1 << 2,
	EOP = 1 << 16,
	WRPERR = 1 << 17,
	PGSERR = 1 << 18,
	STRBERR = 1 << 19,
	INCERR = 1 << 21,
	RDPERR = 1 << 23,
	RDSERR = 1 << 24,
	DBECCERR = 1 << 26
};
/* OPTCR and OPTSR */
enum { OPTLOCK = 1 << 0, OPTSTART = 1 << 1, MER = 1 << 4 };
enum { OPT_BUSY = 1 << 0, SECURITY = 1 << 21, OPTCHANGEERR = 1 << 30 };
#define SWAP     UINT32_C(0x80000000)
#define RDP_BITS UINT32_C(0x0000FF00)
#define FACTORY  UINT32_C(0x1BC6AAF0)
#define LEVEL_1  ((FACTORY & ~RDP_BITS) | UINT32_C(0x5500))
#define LEVEL_2  ((FACTORY & ~RDP_BITS) | UINT32_C(0xCC00))

/* --- the chip on the table: flash, some RAM and a core --------------------------------- */

enum { RAM, FLASH, INFORMATION };

static const struct chip_memory memories[] = {
	[RAM] = { "RAM", KIB(64), false },
	[FLASH] = { "flash", KIB(2048), true },
	[INFORMATION] = { "information block", FLASH_H7_INFORMATION_SIZE, true },
};

static const struct chip_window windows[] = {
	{ 0x20000000, KIB(64), RAM, 0 },
	{ 0x1FF00000, KIB(128), INFORMATION, 0 },
};

static const struct flash_h7_layout two_banks = {
	.banks = 2, .bank_size = KIB(1024), .has_core_2 = true, .times = &flash_h7_times
};
static const struct flash_h7_layout one_bank = {
	.banks = 1, .bank_size = KIB(1024), .has_optsr2 = true, .times = &flash_h7_times
};

static const struct chip_place places_two[] = {
	{ &flash_h7_type, "FLASH", FLASH_REGISTERS, 0x200, { 0, 0 }, 4, &two_banks },
};
static const struct chip_place places_one[] = {
	{ &flash_h7_type, "FLASH", FLASH_REGISTERS, 0x200, { 0, 0 }, 4, &one_bank },
};

#define TEST_CHIP(chip_places)                                                           \
	{                                                                                \
		.name = "H7 flash", .source = "this test",                               \
		.cores = { { .kind = CPU_CORTEX_M7,                                      \
			     .cpuid = 0x411FC271,                                        \
			     .priority_bits = 4,                                         \
			     .irqs = 150,                                                \
			     .fpb_revision = 2,                                          \
			     .fpb_code = 8,                                              \
			     .dwt_comparators = 4 } },                                   \
		.cores_len = 1, .ports = { { .idr = 0x84770001 } }, .dpidr = 0x6BA02477, \
		.flash_kib = 2048, .uid = { 1, 2, 3 }, .memories = memories,             \
		.memories_len = 3, .windows = windows, .windows_len = 2,                 \
		.places = (chip_places), .places_len = 1, .flash_memory = FLASH,         \
		.information_memory = INFORMATION, .power_on_reset_ns = 100000,          \
		.lowest_volts = 1.6                                                      \
	}

static const struct chip chip_two = TEST_CHIP(places_two);
static const struct chip chip_one = TEST_CHIP(places_one);

static int
set_up(void **state)
{
	*state = lab_of_chip(&chip_two);
	lab_power_up(*state);
	return 0;
}

static int
set_up_one_bank(void **state)
{
	*state = lab_of_chip(&chip_one);
	lab_power_up(*state);
	return 0;
}

static int
set_up_without_power(void **state)
{
	*state = lab_of_chip(&chip_two);
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

/* --- what the tests do over and over ------------------------------------------------------ */

static void
unlock(struct lab *lab, uint32_t set)
{
	keys_write(lab, set + KEYR, FLASH_KEY1, FLASH_KEY2);
}

static void
unlock_options(struct lab *lab)
{
	keys_write(lab, OPTKEYR, 0x08192A3B, 0x4C5D6E7F);
}

static uint64_t
wait_ready(struct lab *lab, uint32_t set)
{
	return wait_while(lab, set + SR, QW);
}

/* Eight words that begin with `value` and count up. */
static void
word_send(struct lab *lab, uint32_t at, uint32_t value)
{
	for (uint32_t i = 0; i < 8; i++)
		lab_poke(lab, at + 4 * i, value + i);
}

static void
program(struct lab *lab, uint32_t at, uint32_t value)
{
	uint32_t set = at >= bank_2 ? SECOND : 0;

	reg_set(lab, set + CR, PG | X64);
	word_send(lab, at, value);
	wait_ready(lab, set);
}

static void
flags_clear(struct lab *lab, uint32_t set)
{
	reg_set(lab, set + CCR, UINT32_MAX);
}

/* Through the registers, as a programmer does. */
static uint64_t
option_set(struct lab *lab, uint32_t offset, uint32_t value)
{
	if (reg_get(lab, OPTCR) & OPTLOCK)
		unlock_options(lab);
	reg_set(lab, offset, value);
	reg_set(lab, OPTCR, OPTSTART);
	return wait_while(lab, OPTSR_CUR, OPT_BUSY);
}

/* --- locks ---------------------------------------------------------------------------------- */

static void
each_bank_is_locked_after_reset_and_its_own_keys_open_it(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, CR), LOCK | X64);
	assert_int_equal(reg_get(lab, SECOND + CR), LOCK | X64);
	reg_set(lab, CR, PG);
	assert_int_equal(reg_get(lab, CR), LOCK | X64);
	unlock(lab, 0);
	assert_int_equal(reg_get(lab, CR), X64);
	assert_int_equal(reg_get(lab, SECOND + CR), LOCK | X64);
	reg_set(lab, CR, PG | LOCK);
	assert_int_equal(reg_get(lab, CR), PG | LOCK);
}

static void
a_wrong_key_locks_until_reset(void **state)
{
	struct lab *lab = *state;
	uint32_t wrong = 0x12345678, first = FLASH_KEY1;

	assert_int_equal(lab_access(lab, FLASH_REGISTERS + KEYR, 4, true, &wrong),
			 BUS_FAULT);
	assert_int_equal(lab_access(lab, FLASH_REGISTERS + KEYR, 4, true, &first),
			 BUS_FAULT);
	assert_int_equal(reg_get(lab, CR) & LOCK, LOCK);
	unlock(lab, SECOND);
	assert_int_equal(reg_get(lab, SECOND + CR) & LOCK, 0);
	lab_system_reset(lab);
	unlock(lab, 0);
	assert_int_equal(reg_get(lab, CR) & LOCK, 0);
}

static void
keys_for_an_open_lock_lock_it_until_reset(void **state)
{
	struct lab *lab = *state;
	uint32_t key = FLASH_KEY1;

	unlock(lab, 0);
	lab_access(lab, FLASH_REGISTERS + KEYR, 4, true, &key);
	assert_int_equal(reg_get(lab, CR) & LOCK, LOCK);
}

static void
options_have_their_own_lock(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, OPTCR), OPTLOCK);
	reg_set(lab, OPTSR_PRG, 0);
	assert_int_equal(reg_get(lab, OPTSR_PRG), FACTORY);
	unlock_options(lab);
	assert_int_equal(reg_get(lab, OPTCR), 0);
	reg_set(lab, WPSN_PRG, 0xF0);
	assert_int_equal(reg_get(lab, WPSN_PRG), 0xF0);
	reg_set(lab, OPTCR, OPTLOCK);
	assert_int_equal(reg_get(lab, OPTCR), OPTLOCK);
}

/* --- programming ------------------------------------------------------------------------------- */

static void
a_flash_word_is_programmed_when_its_last_byte_is_there(void **state)
{
	struct lab *lab = *state;
	uint64_t ns;

	unlock(lab, 0);
	reg_set(lab, CR, PG | X64);
	for (uint32_t i = 0; i < 7; i++)
		lab_poke(lab, flash + 4 * i, i);
	assert_int_equal(reg_get(lab, SR), WBNE);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
	lab_poke(lab, flash + 28, 7);
	assert_int_equal(reg_get(lab, SR), BSY | QW);
	ns = wait_ready(lab, 0);
	assert_in_range(ns, 100 * US, 120 * US);
	assert_int_equal(reg_get(lab, SR), EOP);
	for (uint32_t i = 0; i < 8; i++)
		assert_int_equal(lab_peek(lab, flash + 4 * i), i);
	assert_int_equal(lab->stats.flash_words_programmed, 8);
}

static void
less_parallelism_takes_longer(void **state)
{
	static const uint64_t us[] = { 290, 180, 130, 100 };
	struct lab *lab = *state;

	unlock(lab, 0);
	for (uint32_t psize = 0; psize < 4; psize++) {
		reg_set(lab, CR, PG | psize << 4);
		word_send(lab, flash + 32 * psize, 1);
		assert_in_range(wait_ready(lab, 0), us[psize] * US, (us[psize] + 20) * US);
	}
}

static void
a_word_may_come_in_bytes_and_in_any_order(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	reg_set(lab, CR, PG | X64);
	for (uint32_t i = 32; i-- > 0;) {
		uint32_t lanes = (0xA0 + i) << 8 * (i & 3);

		assert_int_equal(lab_access(lab, flash + i, 1, true, &lanes), BUS_OK);
	}
	wait_ready(lab, 0);
	assert_int_equal(lab_peek(lab, flash), 0xA3A2A1A0);
	assert_int_equal(lab_peek(lab, flash + 28), 0xBFBEBDBC);
}

static void
a_forced_write_fills_the_word_with_ones(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	reg_set(lab, CR, PG | X64);
	lab_poke(lab, flash + 4, 0x12345678);
	reg_set(lab, CR, PG | X64 | FW);
	wait_ready(lab, 0);
	assert_int_equal(reg_get(lab, CR), PG | X64);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, flash + 4), 0x12345678);
}

static void
a_forced_write_of_ones_empties_the_buffer(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	reg_set(lab, CR, PG | X64);
	lab_poke(lab, flash, 0xFFFFFFFF);
	reg_set(lab, CR, PG | X64 | FW);
	wait_ready(lab, 0);
	assert_int_equal(reg_get(lab, SR), EOP);
	lab_poke(lab, flash + 32, 1); /* no INCERR: the word before is over */
	assert_int_equal(reg_get(lab, SR), EOP | WBNE);
}

static void
clearing_pg_loses_what_the_buffer_held(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	reg_set(lab, CR, PG | X64);
	lab_poke(lab, flash, 1);
	reg_set(lab, CR, X64);
	assert_int_equal(reg_get(lab, SR), 0);
	program(lab, flash + 32, 5);
	assert_int_equal(reg_get(lab, SR), EOP);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
}

static void
a_store_without_pg_is_pgserr_and_changes_nothing(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	word_send(lab, flash, 0);
	assert_int_equal(reg_get(lab, SR), PGSERR);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
	flags_clear(lab, 0);
	assert_int_equal(reg_get(lab, SR), 0);
}

static void
a_byte_that_is_written_twice_is_strberr_and_the_word_goes_on(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	reg_set(lab, CR, PG | X64);
	lab_poke(lab, flash, 1);
	lab_poke(lab, flash, 2);
	assert_int_equal(reg_get(lab, SR), STRBERR | WBNE);
	for (uint32_t i = 1; i < 8; i++)
		lab_poke(lab, flash + 4 * i, i);
	wait_ready(lab, 0);
	assert_int_equal(reg_get(lab, SR), STRBERR | EOP);
	assert_int_equal(lab_peek(lab, flash), 2);
}

static void
another_word_before_the_first_is_whole_is_incerr(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	reg_set(lab, CR, PG | X64);
	lab_poke(lab, flash, 1);
	lab_poke(lab, flash + 32, 1);
	assert_int_equal(reg_get(lab, SR), INCERR);
	word_send(lab, flash + 64, 1);
	assert_int_equal(reg_get(lab, SR), INCERR | PGSERR);
	assert_int_equal(lab_peek(lab, flash + 64), 0xFFFFFFFF);
	flags_clear(lab, 0);
	program(lab, flash + 64, 1);
	assert_int_equal(reg_get(lab, SR), EOP);
	assert_int_equal(lab_peek(lab, flash + 64), 1);
}

static void
the_next_word_fills_while_one_is_programmed_and_its_last_store_waits(void **state)
{
	struct lab *lab = *state;
	uint32_t last = 0x77;

	unlock(lab, 0);
	reg_set(lab, CR, PG | X64);
	word_send(lab, flash, 1);
	for (uint32_t i = 0; i < 7; i++)
		lab_poke(lab, flash + 32 + 4 * i, i);
	assert_int_equal(reg_get(lab, SR), BSY | WBNE | QW);
	assert_int_equal(lab_access(lab, flash + 60, 4, true, &last), BUS_WAIT);
	wire_advance(lab->wire, 110 * US);
	assert_int_equal(lab_access(lab, flash + 60, 4, true, &last), BUS_OK);
	wait_ready(lab, 0);
	assert_int_equal(lab_peek(lab, flash), 1);
	assert_int_equal(lab_peek(lab, flash + 60), 0x77);
}

static void
system_memory_cannot_be_written(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0;

	assert_int_equal(lab_access(lab, 0x1FF00000, 4, true, &value), BUS_FAULT);
}

/* --- ECC ----------------------------------------------------------------------------------------- */

static void
a_word_programmed_twice_reads_as_a_double_ecc_error(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	program(lab, flash + 64, 0x0F0F0F00);
	program(lab, flash + 64, 0x00FF00F0);
	flags_clear(lab, 0);
	assert_int_equal(lab_try(lab, flash + 32), BUS_OK);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(lab_try(lab, flash + 92), BUS_FAULT);
	assert_int_equal(reg_get(lab, SR), DBECCERR);
	assert_int_equal(reg_get(lab, ECC_FA), 2);
	assert_int_equal(lab_try(lab, flash + 96), BUS_OK);
}

static void
the_failing_address_stays_until_its_flag_is_cleared(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	for (uint32_t at = flash + 32; at <= flash + 64; at += 32) {
		program(lab, at, 0x0F0F0F00);
		program(lab, at, 0x00FF00F0);
	}
	assert_int_equal(lab_try(lab, flash + 32), BUS_FAULT);
	assert_int_equal(lab_try(lab, flash + 64), BUS_FAULT);
	assert_int_equal(reg_get(lab, ECC_FA), 1);
	flags_clear(lab, 0);
	assert_int_equal(reg_get(lab, ECC_FA), 0);
	assert_int_equal(lab_try(lab, flash + 64), BUS_FAULT);
	assert_int_equal(reg_get(lab, ECC_FA), 2);
}

static void
the_same_again_or_all_zeros_do_no_harm(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	program(lab, flash, 0x11);
	program(lab, flash, 0x11);
	assert_int_equal(lab_peek(lab, flash), 0x11);
	reg_set(lab, CR, PG | X64);
	for (uint32_t i = 0; i < 8; i++)
		lab_poke(lab, flash + 4 * i, 0);
	wait_ready(lab, 0);
	assert_int_equal(lab_peek(lab, flash), 0);
}

static void
an_ecc_error_outlives_power_and_goes_with_an_erase(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	program(lab, flash, 0x0F0F0F00);
	program(lab, flash, 0x00FF00F0);
	lab_power_cycle(lab);
	assert_int_equal(lab_try(lab, flash), BUS_FAULT);
	unlock(lab, 0);
	reg_set(lab, CR, SER | X64 | START);
	wait_ready(lab, 0);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
}

static void
a_reset_while_a_word_is_programmed_breaks_its_ecc(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	reg_set(lab, CR, PG | X64);
	word_send(lab, flash + 32, 1);
	wire_advance(lab->wire, 55 * US);
	lab_system_reset(lab);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(lab_try(lab, flash), BUS_OK);
	assert_int_equal(lab_try(lab, flash + 32), BUS_FAULT);
	assert_int_equal(reg_get(lab, SR), DBECCERR);
}

/* --- erasing ---------------------------------------------------------------------------------------- */

static void
a_sector_is_erased_in_its_time_and_no_other(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	program(lab, flash + sector, 1);
	program(lab, flash + 2 * sector, 2);
	reg_set(lab, CR, SER | 1 * SNB | X64 | START);
	assert_int_equal(reg_get(lab, SR) & (BSY | QW), BSY | QW);
	assert_int_equal(reg_get(lab, CR) & START, 0);
	assert_in_range(wait_ready(lab, 0), 1000 * MS, 1001 * MS);
	assert_int_equal(lab_peek(lab, flash + sector), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, flash + 2 * sector), 2);
	assert_int_equal(lab->stats.erased[0].at, flash + sector);
	assert_int_equal(lab->stats.erased[0].size, sector);
}

static void
a_bank_erase_wins_over_a_sector_erase_and_spares_the_other_bank(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	unlock(lab, SECOND);
	program(lab, flash + 7 * sector, 1);
	program(lab, bank_2 + 7 * sector, 2);
	reg_set(lab, CR, SER | BER | X64 | START);
	assert_in_range(wait_ready(lab, 0), 5000 * MS, 5001 * MS);
	assert_int_equal(lab_peek(lab, flash + 7 * sector), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, bank_2 + 7 * sector), 2);
	assert_int_equal(lab->stats.erased_len, 8);
}

static void
a_mass_erase_takes_both_banks_at_once(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	unlock(lab, SECOND);
	program(lab, flash, 1);
	program(lab, bank_2, 2);
	unlock_options(lab);
	reg_set(lab, OPTCR, MER);
	assert_int_equal(reg_get(lab, SR) & BSY, BSY);
	assert_int_equal(reg_get(lab, SECOND + SR) & BSY, BSY);
	assert_in_range(wait_ready(lab, 0), 5000 * MS, 5001 * MS);
	assert_int_equal(wait_ready(lab, SECOND), 0);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, bank_2), 0xFFFFFFFF);
}

static void
the_busy_bank_makes_wait_and_the_other_reads_and_programs(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	unlock(lab, SECOND);
	reg_set(lab, CR, SER | X64 | START);
	assert_int_equal(lab_try(lab, flash + 5 * sector), BUS_WAIT);
	assert_int_equal(lab_try(lab, bank_2), BUS_OK);
	program(lab, bank_2, 0x1234);
	assert_int_equal(lab_peek(lab, bank_2), 0x1234);
	assert_int_equal(lab_try(lab, flash), BUS_WAIT);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(lab_try(lab, flash), BUS_OK);
}

static void
a_reset_early_in_an_erase_leaves_the_sector(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	program(lab, flash, 1);
	program(lab, flash + sector - 32, 2);
	reg_set(lab, CR, SER | X64 | START);
	lab_system_reset(lab);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(lab_peek(lab, flash), 1);
	assert_int_equal(lab_peek(lab, flash + sector - 32), 2);
}

/* --- options ------------------------------------------------------------------------------------------ */

static void
options_are_as_the_factory_left_them(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, OPTSR_CUR), FACTORY);
	assert_int_equal(reg_get(lab, SECOND + OPTSR_CUR), FACTORY);
	assert_int_equal(reg_get(lab, BOOT7_CUR), 0x1FF00800);
	assert_int_equal(reg_get(lab, BOOT4_CUR), 0x10000810);
	assert_int_equal(reg_get(lab, WPSN_CUR), 0xFF);
	assert_int_equal(reg_get(lab, SECOND + PRAR_CUR), 0xFF);
	assert_int_equal(reg_get(lab, SCAR_CUR), 0xFF);
	assert_int_equal(reg_get(lab, OPTSR2_CUR), 0);
	assert_int_equal(lab_peek(lab, 0x1FF1E800), 1);
	assert_int_equal(lab_peek(lab, 0x1FF1E880) & 0xFFFF, 2048);
}

static void
a_change_is_in_force_when_it_is_done_and_outlives_power(void **state)
{
	struct lab *lab = *state;

	assert_in_range(option_set(lab, BOOT7_PRG, 0x1FF00810), 300 * MS, 301 * MS);
	assert_int_equal(reg_get(lab, BOOT7_CUR), 0x1FF00810);
	lab_power_cycle(lab);
	assert_int_equal(reg_get(lab, BOOT7_CUR), 0x1FF00810);
	assert_int_equal(reg_get(lab, BOOT7_PRG), 0x1FF00810);
}

static void
a_reset_during_a_change_keeps_the_old_options(void **state)
{
	struct lab *lab = *state;

	unlock_options(lab);
	reg_set(lab, WPSN_PRG, 0x0F);
	reg_set(lab, OPTCR, OPTSTART);
	assert_int_equal(reg_get(lab, OPTSR_CUR), FACTORY | OPT_BUSY);
	lab_system_reset(lab);
	assert_int_equal(reg_get(lab, OPTSR_CUR), FACTORY);
	assert_int_equal(reg_get(lab, WPSN_CUR), 0xFF);
}

static void
registers_cannot_be_written_during_a_change(void **state)
{
	struct lab *lab = *state;
	uint32_t key = FLASH_KEY1;

	unlock_options(lab);
	reg_set(lab, WPSN_PRG, 0x0F);
	reg_set(lab, OPTCR, OPTSTART);
	assert_int_equal(reg_get(lab, SR), BSY | QW);
	assert_int_equal(reg_get(lab, SECOND + SR), 0);
	assert_int_equal(lab_access(lab, FLASH_REGISTERS + KEYR, 4, true, &key), BUS_WAIT);
	assert_int_equal(reg_get(lab, CR) & LOCK, LOCK);
	wire_advance(lab->wire, 301 * MS);
	assert_int_equal(lab_access(lab, FLASH_REGISTERS + KEYR, 4, true, &key), BUS_OK);
}

static void
a_write_protected_sector_is_wrperr(void **state)
{
	struct lab *lab = *state;

	option_set(lab, SECOND + WPSN_PRG, 0xFD); /* sector 1 of bank 2 */
	unlock(lab, 0);
	unlock(lab, SECOND);
	program(lab, bank_2 + sector, 1);
	assert_int_equal(reg_get(lab, SECOND + SR) & ~(uint32_t)EOP, WRPERR);
	assert_int_equal(lab_peek(lab, bank_2 + sector), 0xFFFFFFFF);
	flags_clear(lab, SECOND);
	reg_set(lab, SECOND + CR, SER | SNB | START);
	assert_int_equal(reg_get(lab, SECOND + SR), WRPERR);
	flags_clear(lab, SECOND);
	reg_set(lab, SECOND + CR, BER | START);
	assert_int_equal(reg_get(lab, SECOND + SR), WRPERR);
	program(lab, bank_2, 1);
	program(lab, flash + sector, 1);
	assert_int_equal(lab_peek(lab, bank_2), 1);
	assert_int_equal(lab_peek(lab, flash + sector), 1);
}

static void
swapping_waits_for_a_reset_and_takes_the_registers_along(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	unlock(lab, SECOND);
	program(lab, flash, 1);
	program(lab, bank_2, 2);
	option_set(lab, WPSN_PRG, 0xFE);
	option_set(lab, OPTSR_PRG, FACTORY | SWAP);
	assert_int_equal(lab_peek(lab, flash), 1);
	assert_int_equal(reg_get(lab, OPTCR) & SWAP, 0);
	lab_system_reset(lab);
	assert_int_equal(lab_peek(lab, flash), 2);
	assert_int_equal(lab_peek(lab, bank_2), 1);
	assert_int_equal(reg_get(lab, OPTCR) & SWAP, SWAP);
	assert_int_equal(reg_get(lab, SECOND + WPSN_CUR), 0xFE);
	unlock(lab, 0);
	program(lab, flash + 32, 3);
	assert_int_equal(lab_peek(lab, flash + 32), 3);
	reg_set(lab, CR, SER | X64 | START);
	wait_ready(lab, 0);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, bank_2), 1);
	assert_int_equal(lab->stats.erased[0].at, flash);
}

static void
level_1_refuses_reads_and_going_back_erases_everything(void **state)
{
	struct lab *lab = *state;

	unlock(lab, 0);
	unlock(lab, SECOND);
	program(lab, flash, 1);
	program(lab, bank_2, 2);
	flags_clear(lab, 0);
	option_set(lab, OPTSR_PRG, LEVEL_1);
	assert_int_equal(lab_try(lab, flash), BUS_FAULT);
	assert_int_equal(reg_get(lab, SR), RDPERR);
	assert_int_equal(lab_try(lab, bank_2), BUS_FAULT);
	assert_int_equal(lab_try(lab, 0x1FF1E800), BUS_OK);
	assert_in_range(option_set(lab, OPTSR_PRG, FACTORY), 5300 * MS, 5301 * MS);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, bank_2), 0xFFFFFFFF);
}

/* A loop in flash that counts in r0; says whether it does. */
static bool
code_in_flash_runs(struct lab *lab)
{
	uint32_t before;

	lab_halt(lab);
	lab_register_set(lab, 0, 0);
	lab_go(lab, flash);
	wire_advance(lab->wire, MS);
	lab_halt(lab);
	before = lab_register(lab, 0);
	return before > 1000;
}

static void
setting_level_1_under_a_debugger_stops_the_code_at_once(void **state)
{
	static const uint16_t loop[] = { 0x3001 /* adds r0, #1 */, 0xE7FD /* b to adds */ };
	struct lab *lab = *state;

	assert_true(soc_preload(lab->soc, flash, (const uint8_t *)loop, sizeof(loop)));
	assert_int_equal(lab_peek(lab, flash), 0xE7FD3001);
	assert_true(code_in_flash_runs(lab));
	option_set(lab, OPTSR_PRG, LEVEL_1);
	assert_false(code_in_flash_runs(lab));
	option_set(lab, OPTSR_PRG, FACTORY);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
}

static void
level_2_closes_the_debug_port(void **state)
{
	struct lab *lab = *state;

	assert_true(soc_port_is_open(lab->soc, 0));
	option_set(lab, OPTSR_PRG, LEVEL_2);
	assert_false(soc_port_is_open(lab->soc, 0));
	lab_power_cycle(lab);
	assert_false(soc_port_is_open(lab->soc, 0));
}

static void
a_change_against_the_rules_fails_as_a_whole(void **state)
{
	struct lab *lab = *state;

	unlock_options(lab);
	reg_set(lab, PRAR_PRG, 0x00020001);
	option_set(lab, OPTSR_PRG, FACTORY | SECURITY);
	assert_int_equal(reg_get(lab, OPTSR_CUR), FACTORY | SECURITY);
	reg_set(lab, WPSN_PRG, 0);
	option_set(lab, OPTSR_PRG, FACTORY);
	assert_int_equal(reg_get(lab, OPTSR_CUR), FACTORY | SECURITY | OPTCHANGEERR);
	assert_int_equal(reg_get(lab, WPSN_CUR), 0xFF);
	reg_set(lab, OPTCCR, OPTCHANGEERR);
	assert_int_equal(reg_get(lab, OPTSR_CUR), FACTORY | SECURITY);
}

static void
without_an_area_security_is_taken_back_freely(void **state)
{
	struct lab *lab = *state;

	option_set(lab, OPTSR_PRG, FACTORY | SECURITY);
	option_set(lab, OPTSR_PRG, FACTORY);
	assert_int_equal(reg_get(lab, OPTSR_CUR), FACTORY);
}

static void
a_bank_erase_removes_the_protection_that_is_given_up_with_it(void **state)
{
	const uint32_t all = 0x800001FF; /* DMEP, the end before the start */
	struct lab *lab = *state;

	unlock(lab, 0);
	program(lab, flash, 1);
	option_set(lab, PRAR_PRG, 0x00020001);
	flags_clear(lab, 0);
	reg_set(lab, CR, BER | START);
	assert_int_equal(reg_get(lab, SR), WRPERR);
	flags_clear(lab, 0);
	reg_set(lab, PRAR_PRG, all);
	reg_set(lab, OPTSR_PRG, FACTORY & ~UINT32_C(0x10)); /* one change too many */
	reg_set(lab, CR, BER | START);
	assert_int_equal(reg_get(lab, SR), WRPERR);
	flags_clear(lab, 0);
	reg_set(lab, OPTSR_PRG, FACTORY);
	reg_set(lab, CR, BER | START);
	wait_ready(lab, 0);
	assert_int_equal(reg_get(lab, SR), EOP);
	assert_int_equal(reg_get(lab, PRAR_CUR), all);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, flash + 0x100), 0xFFFFFFFF);
}

static void
a_pcrop_area_is_not_read_nor_written_and_goes_by_regression_only(void **state)
{
	const uint32_t units_1_to_2 = 0x80020001;
	struct lab *lab = *state;

	option_set(lab, PRAR_PRG, units_1_to_2);
	assert_int_equal(lab_peek(lab, flash + 0xFC), 0xFFFFFFFF);
	assert_int_equal(reg_get(lab, SR), 0);
	assert_int_equal(lab_peek(lab, flash + 0x100), 0);
	assert_int_equal(reg_get(lab, SR), RDPERR);
	assert_int_equal(lab_peek(lab, flash + 0x2FC), 0);
	assert_int_equal(lab_peek(lab, flash + 0x300), 0xFFFFFFFF);
	unlock(lab, 0);
	flags_clear(lab, 0);
	reg_set(lab, CR, SER | START);
	assert_int_equal(reg_get(lab, SR), WRPERR);
	option_set(lab, PRAR_PRG, 0xFF);
	assert_int_equal(reg_get(lab, OPTSR_CUR) & OPTCHANGEERR, OPTCHANGEERR);
	assert_int_equal(reg_get(lab, PRAR_CUR), units_1_to_2);
	reg_set(lab, OPTCCR, OPTCHANGEERR);
	option_set(lab, PRAR_PRG, 0x80030000);
	assert_int_equal(reg_get(lab, PRAR_CUR), 0x80030000);
	option_set(lab, OPTSR_PRG, LEVEL_1);
	reg_set(lab, PRAR_PRG, 0xFF);
	option_set(lab, OPTSR_PRG, FACTORY);
	assert_int_equal(reg_get(lab, PRAR_CUR), 0xFF);
	assert_int_equal(lab_peek(lab, flash + 0x100), 0xFFFFFFFF);
}

static void
a_pcrop_area_of_one_unit_is_the_whole_bank(void **state)
{
	struct lab *lab = *state;

	option_set(lab, SECOND + PRAR_PRG, 0x00050005);
	assert_int_equal(lab_peek(lab, bank_2 + 7 * sector), 0);
	assert_int_equal(lab_peek(lab, flash), 0xFFFFFFFF);
}

/* --- presets -------------------------------------------------------------------------------------------- */

static void
options_can_be_preset_by_their_names(void **state)
{
	struct lab *lab = *state;

	assert_true(lab_preset(lab, "RDP", 0, 0));
	assert_true(lab_preset(lab, "BCM4", 0, 0));
	assert_true(lab_preset(lab, "WRP2", 1, 3));
	assert_true(lab_preset(lab, "BOOT_CM4_ADD0", 0x0820, 0x0820));
	assert_true(lab_preset(lab, "PROT_AREA1", 0, 7));
	lab_power_up(lab);
	assert_int_equal(reg_get(lab, OPTSR_CUR), FACTORY & ~UINT32_C(0x00400000));
	assert_int_equal(reg_get(lab, SECOND + WPSN_CUR), 0xF1);
	assert_int_equal(reg_get(lab, BOOT4_CUR), 0x10000820);
	assert_int_equal(reg_get(lab, PRAR_CUR), 0x00070000);
}

static void
a_preset_that_the_part_does_not_have_is_refused(void **state)
{
	struct lab *lab = *state;

	assert_false(lab_preset(lab, "RDP", 256, 256));
	assert_false(lab_preset(lab, "BCM9", 1, 1));
	assert_false(lab_preset(lab, "BCM4", 2, 2));
	assert_false(lab_preset(lab, "BCM4", 0, 1));
	assert_false(lab_preset(lab, "WRP1", 3, 8));
	assert_false(lab_preset(lab, "TCM_AXI_SHARED", 1, 1));
}

static void
a_secure_area_is_rdserr(void **state)
{
	struct lab *lab = *state;

	assert_true(lab_preset(lab, "SEC_AREA1", 0, 7));
	lab_power_up(lab);
	assert_int_equal(lab_peek(lab, flash), 0);
	assert_int_equal(reg_get(lab, SR), RDSERR);
	assert_int_equal(lab_try(lab, flash + 0x800), BUS_OK);
}

/* --- one bank --------------------------------------------------------------------------------------------- */

static void
a_part_with_one_bank_has_no_second_set_and_no_swap(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, SECOND + CR), 0);
	assert_int_equal(lab_try(lab, bank_2), BUS_FAULT);
	assert_int_equal(reg_get(lab, OPTSR_CUR), 0x0306AAD0);
	option_set(lab, OPTSR_PRG, 0x0306AAD0 | SWAP);
	assert_int_equal(reg_get(lab, OPTSR_CUR), 0x0306AAD0);
	option_set(lab, OPTSR2_CUR + 4, 1);
	assert_int_equal(reg_get(lab, OPTSR2_CUR), 1);
	assert_int_equal(reg_get(lab, BOOT4_CUR), 0);
	assert_int_equal(reg_get(lab, OPTCR), 0);
	unlock(lab, 0);
	reg_set(lab, OPTCR, MER);
	assert_int_equal(reg_get(lab, SR), 0);
}

/* --- code that programs --------------------------------------------------------------------------------------- */

/* Code in RAM: r0 = FLASH, r1 = place; programs two flash words without looking at SR, and
 * counts them in r3. */
static void
a_core_that_does_not_wait_is_stalled_until_the_word_is_done(void **state)
{
	static const uint16_t code[] = {
		0x4806, /* ldr r0, =0x52002000 */
		0x4907, /* ldr r1, =0x08000000 */
		0x2232, /* movs r2, #PG | X64 */
		0x60C2, /* str r2, [r0, #CR] */
		0x2300, /* movs r3, #0 */
		0x600B, /* str r3, [r1] */
		0x3104, /* adds r1, #4 */
		0x3301, /* adds r3, #1 */
		0x2B18, /* cmp r3, #24 */
		0xD1FA, /* bne to str */
		0xBE00, /* bkpt */
		0xBF00, /* nop */
		0xBF00, /* nop */
		0xBF00, /* nop */
		0x2000, 0x5200, 0x0000, 0x0800,
	};
	struct lab *lab = *state;

	unlock(lab, 0);
	lab_run(lab, code, sizeof(code) / sizeof(code[0]));
	wire_advance(lab->wire, 150 * US);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_RUNNING);
	wire_advance(lab->wire, MS);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_HALTED);
	assert_int_equal(reg_get(lab, SR), EOP);
	for (uint32_t i = 0; i < 24; i++)
		assert_int_equal(lab_peek(lab, flash + 4 * i), i);
}

#define FLASH_TEST(f)    cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define PRESET_TEST(f)   cmocka_unit_test_setup_teardown(f, set_up_without_power, tear_down)
#define ONE_BANK_TEST(f) cmocka_unit_test_setup_teardown(f, set_up_one_bank, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLASH_TEST(each_bank_is_locked_after_reset_and_its_own_keys_open_it),
		FLASH_TEST(a_wrong_key_locks_until_reset),
		FLASH_TEST(keys_for_an_open_lock_lock_it_until_reset),
		FLASH_TEST(options_have_their_own_lock),
		FLASH_TEST(a_flash_word_is_programmed_when_its_last_byte_is_there),
		FLASH_TEST(less_parallelism_takes_longer),
		FLASH_TEST(a_word_may_come_in_bytes_and_in_any_order),
		FLASH_TEST(a_forced_write_fills_the_word_with_ones),
		FLASH_TEST(a_forced_write_of_ones_empties_the_buffer),
		FLASH_TEST(clearing_pg_loses_what_the_buffer_held),
		FLASH_TEST(a_store_without_pg_is_pgserr_and_changes_nothing),
		FLASH_TEST(a_byte_that_is_written_twice_is_strberr_and_the_word_goes_on),
		FLASH_TEST(another_word_before_the_first_is_whole_is_incerr),
		FLASH_TEST(
			the_next_word_fills_while_one_is_programmed_and_its_last_store_waits),
		FLASH_TEST(system_memory_cannot_be_written),
		FLASH_TEST(a_word_programmed_twice_reads_as_a_double_ecc_error),
		FLASH_TEST(the_failing_address_stays_until_its_flag_is_cleared),
		FLASH_TEST(the_same_again_or_all_zeros_do_no_harm),
		FLASH_TEST(an_ecc_error_outlives_power_and_goes_with_an_erase),
		FLASH_TEST(a_reset_while_a_word_is_programmed_breaks_its_ecc),
		FLASH_TEST(a_sector_is_erased_in_its_time_and_no_other),
		FLASH_TEST(a_bank_erase_wins_over_a_sector_erase_and_spares_the_other_bank),
		FLASH_TEST(a_mass_erase_takes_both_banks_at_once),
		FLASH_TEST(the_busy_bank_makes_wait_and_the_other_reads_and_programs),
		FLASH_TEST(a_reset_early_in_an_erase_leaves_the_sector),
		FLASH_TEST(options_are_as_the_factory_left_them),
		FLASH_TEST(a_change_is_in_force_when_it_is_done_and_outlives_power),
		FLASH_TEST(a_reset_during_a_change_keeps_the_old_options),
		FLASH_TEST(registers_cannot_be_written_during_a_change),
		FLASH_TEST(a_write_protected_sector_is_wrperr),
		FLASH_TEST(a_pcrop_area_of_one_unit_is_the_whole_bank),
		FLASH_TEST(swapping_waits_for_a_reset_and_takes_the_registers_along),
		FLASH_TEST(level_1_refuses_reads_and_going_back_erases_everything),
		FLASH_TEST(setting_level_1_under_a_debugger_stops_the_code_at_once),
		FLASH_TEST(level_2_closes_the_debug_port),
		FLASH_TEST(a_change_against_the_rules_fails_as_a_whole),
		FLASH_TEST(without_an_area_security_is_taken_back_freely),
		FLASH_TEST(a_bank_erase_removes_the_protection_that_is_given_up_with_it),
		FLASH_TEST(
			a_pcrop_area_is_not_read_nor_written_and_goes_by_regression_only),
		PRESET_TEST(options_can_be_preset_by_their_names),
		PRESET_TEST(a_preset_that_the_part_does_not_have_is_refused),
		PRESET_TEST(a_secure_area_is_rdserr),
		ONE_BANK_TEST(a_part_with_one_bank_has_no_second_set_and_no_swap),
		FLASH_TEST(a_core_that_does_not_wait_is_stalled_until_the_word_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
