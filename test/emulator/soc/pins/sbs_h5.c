/* SPDX-License-Identifier: MIT */
/*
 * SBS of the STM32H5 (RM0481, chapter 14) as a register file, and the choice of the place to boot
 * from (4.2, boot modes with TrustZone disabled). There is no memory at address 0: the core gets
 * its first vector table's address.
 */
#include "test/emulator/soc/flash/h5.h"
#include "test/emulator/soc/pins/types.h"
#include "test/emulator/soc/soc_internal.h"

struct sbs {
	struct register_file file;
	uint32_t vectors_at;
};

static struct sbs *
sbs_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct sbs, file.base);
}

static void
sbs_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)depth;
	reg_rules_reset(NULL, register_file_values(peripheral), REGISTER_FILE_WORDS);
}

/* BOOT0 high leads into the boot loader in Open alone; in Provisioning ST's code in system memory
 * runs and the user's does not (ST's community, 846375). Both stand-ins are the same here. */
static void
sbs_boot(struct peripheral *peripheral)
{
	const struct soc *soc = peripheral->soc;
	enum flash_h5_state state = flash_h5_state(soc->flash);
	bool system = state == H5_PROVISIONING || (state == H5_OPEN && soc->boot0_is_high);

	sbs_of(peripheral)->vectors_at =
		system ? FLASH_H5_SYSTEM_AT : flash_h5_nsbootadd(soc->flash);
}

static uint32_t
sbs_vectors(const struct peripheral *peripheral, unsigned core)
{
	(void)core;
	return CONST_CONTAINER_OF(peripheral, struct sbs, file.base)->vectors_at;
}

static const struct boot_role sbs_role = { .boot = sbs_boot, .vectors = sbs_vectors };

const struct peripheral_type sbs_h5_type = {
	.name = "SBS (H5)",
	.size = sizeof(struct sbs),
	.read = register_file_read,
	.write = register_file_write,
	.is_steady = true,
	.reset = sbs_reset,
	.boot = &sbs_role,
};
