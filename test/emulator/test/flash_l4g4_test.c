/* SPDX-License-Identifier: MIT */
/*
 * The flash controller of STM32L4 and STM32G4: each rule of RM0440 Rev 8, chapter 3, and
 * RM0351 Rev 9, chapter 3. Where the rules are the same each test runs on both.
 */
#include "test/emulator/test/l4g4_bench.h"

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
		FLASH_TEST(a_double_word_cut_short_is_an_ecc_error_and_an_nmi),
		FLASH_TEST(eccr_names_the_bank_and_keeps_the_first_address),
		FLASH_TEST(only_zeros_or_an_erase_mend_a_broken_double_word),
		FLASH_TEST(boot0_high_boots_from_system_memory_or_with_nboot1_0_from_sram),
		FLASH_TEST(with_bfb2_the_second_bank_boots_and_comes_first),
		FLASH_TEST(with_bfb2_and_nothing_in_bank_2_bank_1_boots),
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
