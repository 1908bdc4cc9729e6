/* SPDX-License-Identifier: MIT */
#include "targets/chip/vitals.h"

#include <string.h>

#define BIT(n) (UINT32_C(1) << (n))

/* RCC_CSR of the L4 and what has its layout: IWDG 29, WWDG 30, SFT 28, BOR 27, LPWR 31. */
#define FLAGS_AS_L4(at)                                                       \
	.flags_at = (at), .watchdog = BIT(29) | BIT(30), .software = BIT(28), \
	.power = BIT(27), .low_power = BIT(31)
/* RCC_CSR of the F4: IWDG 29, WWDG 30, SFT 28, POR 27, BOR 25, LPWR 31. */
#define FLAGS_AS_F4(at)                                                       \
	.flags_at = (at), .watchdog = BIT(29) | BIT(30), .software = BIT(28), \
	.power = BIT(27) | BIT(25), .low_power = BIT(31)
/* RCC_CSR of the F1: as the F4 without BOR. */
#define FLAGS_AS_F1(at)                                                       \
	.flags_at = (at), .watchdog = BIT(29) | BIT(30), .software = BIT(28), \
	.power = BIT(27), .low_power = BIT(31)

/* The registers are those of ST's CMSIS device headers (modm-io/cmsis-header-stm32 2a7fde8). */
static const struct vitals rows[] = {
	{ .family = "STM32F0",
	  .source = "RM0091 Rev 10; stm32f072xb.h",
	  FLAGS_AS_F1(0x40021024),
	  .standby = { 0x40007004, BIT(1), BIT(1) },
	  .power_clock = { 0, 0x4002101c, BIT(28), "RCC_APB1ENR.PWREN" },
	  .rdp_at = 0x1ffff800,
	  .rdp_mask = 0xff,
	  .rdp_open = 0xaa,
	  .rdp_final = 0xcc },
	/* RM0008: RDP is one bit of OBR; the cell of the option byte has the byte itself. */
	{ .family = "STM32F1",
	  .source = "RM0008 Rev 21, PM0075; stm32f103xb.h",
	  FLAGS_AS_F1(0x40021024),
	  .standby = { 0x40007004, BIT(1), BIT(1) },
	  .power_clock = { 0, 0x4002101c, BIT(28), "RCC_APB1ENR.PWREN" },
	  .rdp_at = 0x1ffff800,
	  .rdp_mask = 0xff,
	  .rdp_open = 0xa5,
	  .rdp_final = 0xa5 },
	{ .family = "STM32F3",
	  .source = "RM0316 Rev 8; stm32f303xc.h",
	  FLAGS_AS_F1(0x40021024),
	  .standby = { 0x40007004, BIT(1), BIT(1) },
	  .power_clock = { 0, 0x4002101c, BIT(28), "RCC_APB1ENR.PWREN" },
	  .rdp_at = 0x1ffff800,
	  .rdp_mask = 0xff,
	  .rdp_open = 0xaa,
	  .rdp_final = 0xcc },
	{ .family = "STM32F2",
	  .source = "RM0033 Rev 9; stm32f207xx.h",
	  FLAGS_AS_F4(0x40023874),
	  .standby = { 0x40007004, BIT(1), BIT(1) },
	  .power_clock = { 0, 0x40023840, BIT(28), "RCC_APB1ENR.PWREN" },
	  .rdp_at = 0x40023c14,
	  .rdp_mask = 0xff,
	  .rdp_lsb = 8,
	  .rdp_open = 0xaa,
	  .rdp_final = 0xcc },
	{ .family = "STM32F4",
	  .source = "RM0401 Rev 3; stm32f410rx.h",
	  FLAGS_AS_F4(0x40023874),
	  .standby = { 0x40007004, BIT(1), BIT(1) },
	  .power_clock = { 0, 0x40023840, BIT(28), "RCC_APB1ENR.PWREN" },
	  .rdp_at = 0x40023c14,
	  .rdp_mask = 0xff,
	  .rdp_lsb = 8,
	  .rdp_open = 0xaa,
	  .rdp_final = 0xcc },
	{ .family = "STM32F7",
	  .source = "RM0385 Rev 8; stm32f746xx.h",
	  FLAGS_AS_F4(0x40023874),
	  .standby = { 0x40007004, BIT(1), BIT(1) },
	  .power_clock = { 0, 0x40023840, BIT(28), "RCC_APB1ENR.PWREN" },
	  .rdp_at = 0x40023c14,
	  .rdp_mask = 0xff,
	  .rdp_lsb = 8,
	  .rdp_open = 0xaa,
	  .rdp_final = 0xcc },
	{ .family = "STM32G4",
	  .source = "RM0440 Rev 8; stm32g473xx.h",
	  FLAGS_AS_L4(0x40021094),
	  .standby = { 0x40007010, BIT(8), BIT(8) },
	  .power_clock = { 0, 0x40021058, BIT(28), "RCC_APB1ENR1.PWREN" },
	  .rdp_at = 0x40022020,
	  .rdp_mask = 0xff,
	  .rdp_open = 0xaa,
	  .rdp_final = 0xcc },
	{ .family = "STM32L4",
	  .source = "RM0351 Rev 9; stm32l476xx.h",
	  FLAGS_AS_L4(0x40021094),
	  .standby = { 0x40007010, BIT(8), BIT(8) },
	  .power_clock = { 0, 0x40021058, BIT(28), "RCC_APB1ENR1.PWREN" },
	  .rdp_at = 0x40022020,
	  .rdp_mask = 0xff,
	  .rdp_open = 0xaa,
	  .rdp_final = 0xcc },
	{ .family = "STM32U5",
	  .source = "RM0456 Rev 6; stm32u575xx.h",
	  FLAGS_AS_L4(0x46020cf4),
	  .standby = { 0x46020838, BIT(2), BIT(2) },
	  .power_clock = { 0, 0x46020c94, BIT(2), "RCC_AHB3ENR.PWREN" },
	  .rdp_at = 0x40022040,
	  .rdp_mask = 0xff,
	  .rdp_open = 0xaa,
	  .rdp_final = 0xcc },
	/* RCC_RSR; of a chip with two cores the flags of both. */
	{ .family = "STM32H7",
	  .source = "RM0433 Rev 8, RM0399 Rev 4; stm32h743xx.h, stm32h745xx.h",
	  .flags_at = 0x580244d0,
	  .watchdog = BIT(26) | BIT(27) | BIT(28) | BIT(29),
	  .software = BIT(24) | BIT(25),
	  .power = BIT(21) | BIT(23),
	  .low_power = BIT(30) | BIT(31),
	  .standby = { 0x58024810, BIT(6), BIT(6) },
	  .rdp_at = 0x5200201c,
	  .rdp_mask = 0xff,
	  .rdp_lsb = 8,
	  .rdp_open = 0xaa,
	  .rdp_final = 0xcc,
	  .is_supply_chosen_once = true },
	{ .family = NULL },
};

static const char *
family_of(const struct device_table *table, const struct device *device)
{
	for (size_t i = 0; i < table->len; i++) {
		const struct device_family *family = table->families[i];

		for (size_t k = 0; k < family->len; k++)
			if (&family->devices[k] == device)
				return family->name;
	}
	return NULL;
}

const struct vitals *
vitals_of(const struct device_table *table, const struct device *device)
{
	const char *name = device == NULL ? NULL : family_of(table, device);

	for (const struct vitals *row = rows; name != NULL && row->family != NULL; row++)
		if (strcmp(row->family, name) == 0)
			return row;
	return NULL;
}
