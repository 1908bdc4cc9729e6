/* SPDX-License-Identifier: MIT */
/*
 * SYSCFG of the STM32H7 (RM0433 Rev 8, chapter 12; RM0399 Rev 4, chapter 13), and
 * with it from where and whether the cores boot. Nothing is remapped: each core has a
 * boot address of its own per level of BOOT0 (RM0433 2.6, RM0399 2.6).
 */
#include <string.h>

#include "test/emulator/soc/h7.h"
#include "test/emulator/soc/soc_internal.h"

enum { PKGR = 0x124, WORDS = 256 };

/* RM0433 Rev 8, 61.1 and 61.2: in the system memory. */
#define UID_AT        UINT32_C(0x1FF1E800)
#define FLASH_SIZE_AT UINT32_C(0x1FF1E880)

struct syscfg {
	struct peripheral base;
	uint32_t values[WORDS];
};

static struct syscfg *
syscfg_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct syscfg, base);
}

static enum bus_result
syscfg_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = syscfg_of(peripheral)->values[at / 4 % WORDS];
	return BUS_OK;
}

static enum bus_result
syscfg_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	uint32_t *word = &syscfg_of(peripheral)->values[at / 4 % WORDS];

	if (at != PKGR)
		*word = reg_merge(*word, value, lanes);
	return BUS_OK;
}

/* What the factory wrote. */
static void
information_write(const struct soc *soc, uint32_t at, const void *bytes, size_t len)
{
	const struct window *window = windows_find(soc, at);

	memcpy(window->host + (at - window->at), bytes, len);
}

static void
syscfg_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	const struct syscfg_h7_kind *kind = peripheral->place->parameters;
	const struct chip *chip = peripheral->soc->chip;

	reg_rules_reset(NULL, syscfg_of(peripheral)->values, WORDS);
	syscfg_of(peripheral)->values[PKGR / 4] = kind->package;
	if (depth != RESET_ALL)
		return;
	information_write(peripheral->soc, UID_AT, chip->uid, sizeof(chip->uid));
	information_write(peripheral->soc, FLASH_SIZE_AT, &chip->flash_kib,
			  sizeof(chip->flash_kib));
}

/* --- role -------------------------------------------------------------------- */

static void
syscfg_boot(struct peripheral *peripheral)
{
	(void)peripheral;
}

/* BOOT_CM7_ADD0/1 and BOOT_CM4_ADD0/1 as ST delivers them, per core and level of BOOT0
 * (RM0399 Rev 4, 2.6): upper halves of addresses. */
static const uint16_t factory_boot[2][2] = {
	[H7_CM7] = { 0x0800, 0x1FF0 },
	[H7_CM4] = { 0x0810, 0x1000 },
};

static uint32_t
syscfg_vectors(const struct peripheral *peripheral, unsigned core)
{
	return (uint32_t)factory_boot[core][peripheral->soc->boot0_is_high] << 16;
}

static const struct boot_role syscfg_role = {
	.boot = syscfg_boot,
	.vectors = syscfg_vectors,
};

const struct peripheral_type syscfg_h7_type = {
	.name = "SYSCFG (H7)",
	.size = sizeof(struct syscfg),
	.read = syscfg_read,
	.write = syscfg_write,
	.reset = syscfg_reset,
	.boot = &syscfg_role,
};
