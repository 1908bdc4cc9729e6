/* SPDX-License-Identifier: MIT */
/*
 * l4g4_bench.h - the flash controller of an STM32L4 or STM32G4 in the lab: its registers, and the steps
 * that its tests share. One file of a program includes this.
 */
#ifndef TEST_EMULATOR_TEST_L4G4_BENCH_H
#define TEST_EMULATOR_TEST_L4G4_BENCH_H

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

static inline void
unlock(struct lab *lab)
{
	keys_write(lab, KEYR, FLASH_KEY1, FLASH_KEY2);
}

static inline void
unlock_options(struct lab *lab)
{
	keys_write(lab, OPTKEYR, 0x08192A3B, 0x4C5D6E7F);
}

static inline uint64_t
wait_ready(struct lab *lab)
{
	return wait_while(lab, SR, BSY);
}

static inline void
program(struct lab *lab, uint32_t at, uint32_t low, uint32_t high)
{
	reg_set(lab, CR, PG);
	lab_poke(lab, at, low);
	lab_poke(lab, at + 4, high);
}

static inline uint64_t
erase_page(struct lab *lab, uint32_t page, uint32_t bank_bit)
{
	uint64_t ns;

	reg_set(lab, CR, PER | page << 3 | bank_bit);
	reg_set(lab, CR, PER | page << 3 | bank_bit | STRT);
	ns = wait_ready(lab);
	reg_set(lab, CR, 0);
	return ns;
}

static inline int
set_up_on(void **state, const struct part *on)
{
	struct lab *lab = lab_open(on->board);

	part = on;

	lab_halt(lab);
	*state = lab;
	return 0;
}

static inline int
set_up_g4(void **state)
{
	return set_up_on(state, &g473);
}

static inline int
set_up_l4(void **state)
{
	return set_up_on(state, &l476);
}

static inline int
set_up_small(void **state)
{
	return set_up_on(state, &g473_small);
}

static inline int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

static inline void
options_launch(struct lab *lab)
{
	uint32_t launch = OBL_LAUNCH;

	reg_set(lab, CR, OPTSTRT);
	wait_ready(lab);
	lab_access(lab, 0x40022014, 4, true, &launch);
	wire_advance(lab->wire, 20 * MS);
}

static inline void
option_set(struct lab *lab, uint32_t offset, uint32_t value)
{
	unlock(lab);
	unlock_options(lab);
	reg_set(lab, offset, value);
	options_launch(lab);
	lab_halt(lab);
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

#endif /* TEST_EMULATOR_TEST_L4G4_BENCH_H */
