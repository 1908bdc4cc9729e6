/* SPDX-License-Identifier: MIT */
/*
 * vitals.h - where the chips of a family say how they came to be as they are: the reset flags
 * of RCC, the standby flag of PWR, the read protection in the option bytes. Each family's file has
 * its own; the registers are those of ST's CMSIS device headers (modm-io/cmsis-header-stm32 2a7fde8).
 */
#ifndef TARGETS_CHIP_VITALS_H
#define TARGETS_CHIP_VITALS_H

#include "targets/chip/device.h"
#include "targets/chip/read_protection.h"
#include "transport/base/evidence.h"

/* A register of the clocks: how it reads after a reset, and as a core is faster by it. */
struct clock_write {
	uint32_t at, mask, reset, fast; /* `at` 0 ends a list */
	uint32_t ready;                 /* bits that are set before the next is written */
	bool is_gated;                  /* reads as 0 until those before it are written */
};
enum { CLOCK_MAX_WRITES = 6 };
#define CLOCK_WRITE(at_, mask_, reset_, fast_) \
	.at = (at_), .mask = (mask_), .reset = (reset_), .fast = (fast_)

struct vitals {
	const char *source;
	/* Flags stay until the program clears them (RMVF) or the power goes. */
	uint32_t flags_at;
	uint32_t watchdog, software, power, low_power; /* bits of that register */
	uint32_t pin; /* ... of NRST, which the chip's own resets pull as well */
	/* The chip was in Standby before it was last reset; mask 0: no register tells. Reads as
	 * zero while PWR has no clock. */
	struct register_test standby;
	struct register_bits power_clock;  /* clocks PWR; bits 0: it always is */
	const struct read_protection *rdp; /* NULL: it cannot be read */
	/* What else the option bytes may have on; mask 0: nothing tells. */
	struct register_test trustzone; /* TZEN */
	/* With RDP level 1 nothing opens the debug port again. */
	struct register_test boot_lock;
	struct register_test banks_swap; /* bank 2 is seen at the place of bank 1 */
	/* Some of the flash cannot be read, wherever (hidden.h says where). */
	struct register_test execute_only;
	/* In place of RDP it has a product state, which closes its core until debug authentication
	 * opens it. */
	const struct product_state *product_state; /* NULL: it has none */
	/* BOOT0 is taken from its pin, which is that of SWCLK. */
	struct register_test boot0_is_swclk;
	/* A reset starts the independent watchdog, by an option whose name the fact has. */
	struct register_test hardware_watchdog;
	enum fact watchdog_option;
	/* The internal oscillator is off, without which flash cannot be programmed. */
	struct register_test hsi_off;
	/* Written in this order while each of them reads as after a reset, or as it is to be: the
	 * voltage and the flash's wait states before the clock. Those that are the same in both are
	 * asked alone. */
	struct clock_write fast_clock[CLOCK_MAX_WRITES];
	bool is_supply_chosen_once; /* PWR_CR3 is written once per power-up (RM0399, 6.4.1) */
};

/* RCC_CSR as most families have it, with SFT 28, IWDG 29, WWDG 30, LPWR 31 and, of the
 * supply, bit 27 (POR or BOR); F2, F4 and F7 have BOR apart from POR, in 25. */
#define BIT(n) (UINT32_C(1) << (n))
#define FLAGS_OF_CSR(at_)                                                      \
	.flags_at = (at_), .watchdog = BIT(29) | BIT(30), .software = BIT(28), \
	.power = BIT(27), .low_power = BIT(31), .pin = BIT(26)
#define FLAGS_OF_CSR_WITH_BOR(at_)                                             \
	.flags_at = (at_), .watchdog = BIT(29) | BIT(30), .software = BIT(28), \
	.power = BIT(27) | BIT(25), .low_power = BIT(31), .pin = BIT(26)

#define HARDWARE_WATCHDOG(name, at, bit) \
	.hardware_watchdog = { (at), BIT(bit), 0 }, .watchdog_option = FACT_##name##_IS_0

/* NULL when nothing is known of the device's family. */
const struct vitals *
vitals_of(const struct device_table *table, const struct device *device);

#endif /* TARGETS_CHIP_VITALS_H */
