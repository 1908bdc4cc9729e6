/* SPDX-License-Identifier: MIT */
/*
 * SYSCFG of the STM32H7 (RM0433 Rev 8, chapter 12; RM0399 Rev 4, chapter 13), and
 * with it from where and whether the cores boot. Nothing is remapped: each core has a
 * boot address of its own per level of BOOT0 (RM0433 2.6, RM0399 2.6). The user registers show
 * option bytes; of them software may write the boot addresses, from which a core begins that is
 * let go later (ST's HAL_SYSCFG_CM4BootAddConfig() before HAL_RCCEx_EnableBootCore(); programs
 * of others boot the CM4 from RAM so), until a reset loads the options anew; and the resets of domain 2,
 * which here is lost.
 */
#include <string.h>

#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/flash/h7.h"
#include "test/emulator/soc/pins/types.h"
#include "test/emulator/soc/soc_internal.h"

enum { PKGR = 0x124, UR0 = 0x300, UR2 = 0x308, UR3 = 0x30C, UR4 = 0x310, UR18 = 0x348 };

/* RM0433 Rev 8, 61.1 and 61.2: in the system memory. */
#define UID_AT        UINT32_C(0x1FF1E800)
#define FLASH_SIZE_AT UINT32_C(0x1FF1E880)

#define UPPER_HALF UINT32_C(0xFFFF0000)
#define LOWER_HALF UINT32_C(0x0000FFFF)

/* BOOT_ADD0 or BCM7_ADD0; BOOT_ADD1 or BCM7_ADD1, and BCM4_ADD0; BCM4_ADD1. What was written is kept
 * as its difference from the option bytes, which a reset makes none. */
static uint32_t
writable_of(const struct peripheral *peripheral, uint32_t at)
{
	bool has_cm4 = peripheral->soc->chip->cores_len > 1;

	switch (at) {
	case UR2:
		return UPPER_HALF;
	case UR3:
		return has_cm4 ? UINT32_MAX : LOWER_HALF;
	case UR4:
		return has_cm4 ? LOWER_HALF : 0;
	default:
		return 0;
	}
}

static uint32_t
user_register(const struct peripheral *peripheral, uint32_t at)
{
	return flash_h7_user_register(peripheral->soc->flash, (at - UR0) / 4) ^
	       register_file_value(peripheral, at);
}

static enum bus_result
syscfg_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	if (at < UR0 || at > UR18)
		return register_file_read(peripheral, at, value);
	*value = user_register(peripheral, at);
	return BUS_OK;
}

static void
user_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	uint32_t loaded = flash_h7_user_register(peripheral->soc->flash, (at - UR0) / 4);
	uint32_t wanted = reg_merge(user_register(peripheral, at), value,
				    lanes & writable_of(peripheral, at));

	register_file_values(peripheral)[at / 4] = wanted ^ loaded;
}

static enum bus_result
syscfg_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	if (at >= UR0 && at <= UR18)
		user_write(peripheral, at, value, lanes);
	else if (at != PKGR)
		register_file_merge(peripheral, NULL, at, value, lanes);
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

	reg_rules_reset(NULL, register_file_values(peripheral), REGISTER_FILE_WORDS);
	register_file_values(peripheral)[PKGR / 4] = kind->package;
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

/* BOOT_CM7_ADD0/1 and BOOT_CM4_ADD0/1 per level of BOOT0: upper halves of addresses. */
static uint32_t
syscfg_vectors(const struct peripheral *peripheral, unsigned core)
{
	bool is_high = peripheral->soc->boot0_is_high;

	if (core == H7_CM4)
		return is_high ? user_register(peripheral, UR4) << 16
			       : user_register(peripheral, UR3) & UPPER_HALF;
	return is_high ? user_register(peripheral, UR3) << 16
		       : user_register(peripheral, UR2) & UPPER_HALF;
}

/* BCM7 and BCM4: does the core boot by itself? With neither set CM7 does; software of the
 * other core may let it go later (RM0399 Rev 4, table "Boot order"). */
static bool
syscfg_is_held(const struct peripheral *peripheral, unsigned core)
{
	const struct soc *soc = peripheral->soc;
	uint32_t boots = flash_h7_optsr(soc->flash);

	if (soc->chip->cores_len == 1)
		return false;
	if (!(boots & (FLASH_OPTSR_BCM4 | FLASH_OPTSR_BCM7)))
		boots |= FLASH_OPTSR_BCM7;
	if (boots & (core == H7_CM4 ? FLASH_OPTSR_BCM4 : FLASH_OPTSR_BCM7))
		return false;
	return !rcc_h7_lets_go(soc->clock, core);
}

static const struct boot_role syscfg_role = {
	.boot = syscfg_boot,
	.vectors = syscfg_vectors,
	.is_held = syscfg_is_held,
};

const struct peripheral_type syscfg_h7_type = {
	.name = "SYSCFG (H7)",
	.size = sizeof(struct register_file),
	.read = syscfg_read,
	.write = syscfg_write,
	.is_steady = true,
	.reset = syscfg_reset,
	.boot = &syscfg_role,
};
