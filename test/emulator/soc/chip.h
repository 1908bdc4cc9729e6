/* SPDX-License-Identifier: MIT */
/*
 * chip.h - the format of the chip table: what one part number is made of.
 *
 * Pure data. Memories are blocks of cells; windows are the addresses at which
 * the buses show them; places are peripherals with their base address and the
 * bit in RCC that clocks them.
 */
#ifndef TEST_EMULATOR_SOC_CHIP_H
#define TEST_EMULATOR_SOC_CHIP_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/cpu/cpu.h"
#include "test/emulator/soc/soc.h"

/* The cores of an STM32H7: the second one of dual parts only. */
enum { H7_CM7 = 0, H7_CM4 = 1 };
enum {
	CHIP_MAX_CORES = 2,
	CHIP_MAX_MEMORIES = 16,
	CHIP_MAX_PORTS = 4,
	CHIP_MAX_DEBUG_BUS = 3,
	CHIP_WAIT_STATES = 6
};

#define MHZ(n) ((uint32_t)(n)*UINT32_C(1000000))
#define KIB(n) ((uint32_t)(n)*UINT32_C(1024))

struct peripheral_type;

struct chip_memory {
	const char *name;
	uint32_t size;
	bool keeps_contents; /* without power: flash, OTP, system memory */
};

struct chip_window {
	uint32_t at, size;
	uint8_t memory; /* index of .memories */
	uint32_t offset;
};

/* The bit of an RCC enable register without which a peripheral is dead. GATE_DEBUG in
 * place of the register: the bit is one of DBGMCU_CR. */
#define GATE_DEBUG UINT16_C(0xFFFF)
struct clock_gate {
	uint16_t enr; /* offset of the register; 0: always clocked */
	uint8_t bit;
};

struct chip_place {
	const struct peripheral_type *type;
	const char *name; /* as in the manual */
	uint32_t at, size;
	struct clock_gate gate;
	int16_t irq;            /* -1: none */
	const void *parameters; /* what the type wants to know, see its header */
};

/* What one core sees and nobody else: its tightly coupled memories, its PPB. */
struct chip_own {
	const struct chip_window *windows;
	unsigned windows_len;
	const struct chip_place *places;
	unsigned places_len;
};

/* What an access port reaches. */
enum port_reach {
	REACH_CORE,     /* a core's PPB, and all that this core sees */
	REACH_BUS,      /* the bus matrix, no core's PPB */
	REACH_DEBUG_BUS /* the bus with the chip's debug components */
};

/* That bus shows ports at `at` what is at `home` for all others. */
struct chip_debug_bus {
	uint32_t at, size, home;
};

/* What read protection of level 1 keeps besides the main flash. */
struct chip_secured {
	uint16_t closed; /* a bit per memory: nobody gets in once a debugger was there */
	uint16_t erased; /* ... of what goes when the level goes back to 0 */
	uint32_t registers_at, registers_size; /* the backup registers, for both */
};

struct chip {
	const char *name;
	const char *source;
	struct cpu_model cores[CHIP_MAX_CORES];
	unsigned cores_len;
	struct access_port ports[CHIP_MAX_PORTS];
	uint8_t port_core[CHIP_MAX_PORTS]; /* the core whose PPB the port reaches */
	enum port_reach port_reach[CHIP_MAX_PORTS];
	struct chip_debug_bus debug_bus[CHIP_MAX_DEBUG_BUS];
	/* Behind those of the cores: what that bus alone shows. */
	struct chip_own own[CHIP_MAX_CORES + 1];
	uint32_t dpidr;
	uint32_t targetid; /* of a debug port of version 2 */
	uint32_t line_id;  /* of an H72x and H73x, as text; 0: none */
	uint16_t dev_id, rev_id;
	uint16_t flash_kib; /* what the flash size register tells */
	uint16_t ram_kib;   /* ... of the RAM, where it does */
	uint32_t uid[3];
	const struct chip_memory *memories;
	unsigned memories_len;
	const struct chip_window *windows;
	unsigned windows_len;
	const struct chip_place *places;
	unsigned places_len;
	struct chip_secured secured;
	/* The 4 KiB (so much the cores' engine maps at least) with the OTP area that level 1
	 * closes with the main flash; 0: there is none. */
	uint32_t otp_page_at;
	uint8_t flash_memory;        /* index of the main flash's cells */
	uint8_t information_memory;  /* ... and of OTP, ids and option bytes */
	uint32_t bank_reach_size[2]; /* how much of each bank the bus shows, two banks */
	uint64_t power_on_reset_ns;  /* how long the chip then holds itself in reset */
	/* The fastest HCLK, in Hz, that the main flash follows with 0, 1, ... wait states: a row
	 * for each range of VCORE, from range 1; 0: the flash has no more wait states. NULL: it
	 * follows any. */
	const uint32_t (*flash_follows)[CHIP_WAIT_STATES];
	bool boot0_is_swclk; /* one pin, PA14 */
	double lowest_volts; /* below it the power-on reset holds the chip */
};

#endif /* TEST_EMULATOR_SOC_CHIP_H */
