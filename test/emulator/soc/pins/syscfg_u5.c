/* SPDX-License-Identifier: MIT */
/*
 * SYSCFG of the STM32U5 (RM0456 Rev 4, 15.3) as a register file, and the choice of the
 * place to boot from (4.2, table "Boot modes when TrustZone is disabled"). There is no
 * memory at address 0: the core gets its first vector table's address.
 */
#include "test/emulator/soc/flash/u5.h"
#include "test/emulator/soc/pins/types.h"
#include "test/emulator/soc/soc_internal.h"

/* 7.9.14 and 7.9.15: bits 31:7 are an address. */
#define NSBOOTADD_MASK UINT32_C(0xFFFFFF80)

struct syscfg {
	struct register_file file;
	uint32_t vectors_at;
};

static struct syscfg *
syscfg_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct syscfg, file.base);
}

static void
syscfg_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)depth;
	reg_rules_reset(NULL, register_file_values(peripheral), REGISTER_FILE_WORDS);
}

/* The pin counts, or with nSWBOOT0 = 0 the option in its place. */
static void
syscfg_boot(struct peripheral *peripheral)
{
	const struct soc *soc = peripheral->soc;
	uint32_t optr = flash_u5_optr(soc->flash);
	bool boot0 = soc->boot0_is_high;

	if (!(optr & FLASH_U5_OPTR_nSWBOOT0))
		boot0 = !(optr & FLASH_U5_OPTR_nBOOT0);
	syscfg_of(peripheral)->vectors_at =
		NSBOOTADD_MASK &
		(boot0 ? flash_u5_nsbootadd1(soc->flash) : flash_u5_nsbootadd0(soc->flash));
}

static uint32_t
syscfg_vectors(const struct peripheral *peripheral, unsigned core)
{
	(void)core;
	return CONST_CONTAINER_OF(peripheral, struct syscfg, file.base)->vectors_at;
}

static const struct boot_role syscfg_role = { .boot = syscfg_boot,
					      .vectors = syscfg_vectors };

const struct peripheral_type syscfg_u5_type = {
	.name = "SYSCFG (U5)",
	.size = sizeof(struct syscfg),
	.read = register_file_read,
	.write = register_file_write,
	.is_steady = true,
	.reset = syscfg_reset,
	.boot = &syscfg_role,
};
