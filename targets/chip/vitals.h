/* SPDX-License-Identifier: MIT */
/*
 * vitals.h - where the chips of a family say how they came to be as they are: the reset flags
 * of RCC, the standby flag of PWR, the read protection in the option bytes. Data only.
 */
#ifndef TARGETS_CHIP_VITALS_H
#define TARGETS_CHIP_VITALS_H

#include "targets/chip/device.h"

struct vitals {
	const char *family; /* "STM32G4"; NULL ends the list */
	const char *source;
	/* Flags stay until the program clears them (RMVF) or the power goes. */
	uint32_t flags_at;
	uint32_t watchdog, software, power, low_power; /* bits of that register */
	/* The chip was in Standby before it was last reset; mask 0: no register tells. Reads as
	 * zero while PWR has no clock. */
	struct register_test standby;
	struct register_bits power_clock; /* clocks PWR; bits 0: it always is */
	/* The byte of RDP; mask 0: none that can be read. */
	uint32_t rdp_at, rdp_mask;
	unsigned rdp_lsb;
	uint8_t rdp_open;  /* the value of level 0 */
	uint8_t rdp_final; /* of level 2; the same as rdp_open: there is no such level */
	bool is_supply_chosen_once; /* PWR_CR3 is written once per power-up (RM0399, 6.4.1) */
};

/* NULL when nothing is known of the device's family. */
const struct vitals *
vitals_of(const struct device_table *table, const struct device *device);

#endif /* TARGETS_CHIP_VITALS_H */
