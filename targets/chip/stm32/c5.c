/* SPDX-License-Identifier: MIT */
/*
 * STM32C5. Compared with stm32-data, which is made from ST's CubeMX and headers, with stlink's
 * C5 chip files, and with the openocd scripts of ST's fork, from which the ports are: the core
 * behind port 1, DBGMCU at 0xe00e4000 behind port 0. The core has DBGMCU at 0x44024000.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000 };

#define C5_COMMON                                                                         \
	.ids = { ID_AP0_E00E4000, ID_AP1_44024000, ID_TARGETID },                         \
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x08fff80c },                           \
	.unique_id_at = 0x08fff800, .cores = ONE_CORE("cm33", CORTEX_M33, 1, 0x40003000), \
	.debug_bits = {                                                                   \
		{ 0, 0xe00e4004, 0x00000007, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" },        \
		{ 0, 0xe00e4008, 0x00001800, "DBG_WWDG_STOP, DBG_IWDG_STOP" },            \
	}

/* Bank 2 stays where the largest part has it: stm32-data. */
#define C5_BANK(number_, base_, count_)                                                  \
	BANK("flash bank " #number_, &flash_interface_c5, number_, base_, CONTROLLER, 2, \
	     { (count_), KIB(8) })
#define C5_TWO_BANKS(half_)                  \
	C5_BANK(1, 0x08000000, (half_) / 8), \
		C5_BANK(2, 0x08000000 + KIB(half_), (half_) / 8)
#define C5_OTP OTP(0x08ffe000, 4096, &flash_interface_c5, CONTROLLER)

static const struct device devices[] = {
	{
		.name = "STM32C531/532/542",
		.source = "stm32-data",
		.dev_id = 0x44f,
		.max_flash_kib = 256,
		.memories = MEMORIES(RAM("SRAM1", 0x20000000, 32, MEMORY_FOR_LOADERS),
				     RAM("SRAM2", 0x20008000, 32, MEMORY_WRITE_FIRST),
				     C5_TWO_BANKS(128), C5_OTP),
		C5_COMMON,
	},
	{
		.name = "STM32C551/552/562",
		.source = "stm32-data",
		.dev_id = 0x44e,
		.max_flash_kib = 512,
		.memories = MEMORIES(RAM("SRAM1", 0x20000000, 64, MEMORY_FOR_LOADERS),
				     RAM("SRAM2", 0x20010000, 64, MEMORY_WRITE_FIRST),
				     C5_TWO_BANKS(256), C5_OTP),
		C5_COMMON,
	},
	{
		.name = "STM32C591/593/5A3",
		.source = "stm32-data",
		.dev_id = 0x45a,
		.max_flash_kib = 1024,
		.memories = MEMORIES(RAM("SRAM1", 0x20000000, 128, MEMORY_FOR_LOADERS),
				     RAM("SRAM2", 0x20020000, 128, MEMORY_WRITE_FIRST),
				     C5_TWO_BANKS(512), C5_OTP),
		C5_COMMON,
	},
};

const struct device_family stm32c5_family = { "STM32C5", devices, array_len(devices), NULL,
					      NULL };
