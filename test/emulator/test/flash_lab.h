/* SPDX-License-Identifier: MIT */
/*
 * flash_lab.h - the flash controller of the chip on the table, as all families have it:
 * registers behind the same keys, busy by a bit of SR. A test whose chip has them elsewhere
 * says so by FLASH_REGISTERS.
 */
#ifndef TEST_EMULATOR_TEST_FLASH_LAB_H
#define TEST_EMULATOR_TEST_FLASH_LAB_H

#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/test/lab.h"

#ifndef FLASH_REGISTERS
#define FLASH_REGISTERS UINT32_C(0x40022000)
#endif
#define FLASH_KEY1 UINT32_C(0x45670123)
#define FLASH_KEY2 UINT32_C(0xCDEF89AB)

static inline uint32_t
reg_get(struct lab *lab, uint32_t offset)
{
	return lab_peek(lab, FLASH_REGISTERS + offset);
}

static inline void
reg_set(struct lab *lab, uint32_t offset, uint32_t value)
{
	lab_poke(lab, FLASH_REGISTERS + offset, value);
}

static inline void
keys_write(struct lab *lab, uint32_t offset, uint32_t key1, uint32_t key2)
{
	reg_set(lab, offset, key1);
	reg_set(lab, offset, key2);
}

/* Until `busy` is gone from the register; the device time that it took. */
static inline uint64_t
wait_while(struct lab *lab, uint32_t offset, uint32_t busy)
{
	uint64_t start = soc_now_ns(lab->soc);

	while (reg_get(lab, offset) & busy)
		wire_advance(lab->wire, 10 * US);
	return soc_now_ns(lab->soc) - start;
}

/* --- a chip that only a test has -------------------------------------------------------- */

/* On the table, wired like any other, and without power. */
static inline struct lab *
lab_of_chip(const struct chip *chip)
{
	struct lab *lab = calloc(1, sizeof(*lab));
	struct wiring wiring = lab_wiring("g473-custom");

	assert_non_null(lab);
	lab->soc = soc_new(chip, &lab->stats);
	lab->wire = wire_new(lab->soc, &wiring, &lab->stats);
	return lab;
}

static inline void
lab_power_up(struct lab *lab)
{
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
}

static inline void
lab_power_cycle(struct lab *lab)
{
	wire_power(lab->wire, false);
	wire_advance(lab->wire, 100 * MS);
	lab_power_up(lab);
}

static inline void
lab_system_reset(struct lab *lab)
{
	lab_poke(lab, 0xE000ED0C, 0x05FA0004); /* SYSRESETREQ */
	wire_advance(lab->wire, 10 * MS);
}

static inline bool
lab_preset(struct lab *lab, const char *name, uint32_t first, uint32_t last)
{
	struct peripheral *flash = lab->soc->flash;

	return flash->type->flash->preset(flash, name, first, last);
}

static inline enum bus_result
lab_try(struct lab *lab, uint32_t at)
{
	uint32_t value;

	return lab_access(lab, at, 4, false, &value);
}

#endif /* TEST_EMULATOR_TEST_FLASH_LAB_H */
