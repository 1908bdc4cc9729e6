/* SPDX-License-Identifier: MIT */
/*
 * types.h - all other peripherals: what a chip's table names, and the parameters of its places.
 */
#ifndef TEST_EMULATOR_SOC_DEVICES_TYPES_H
#define TEST_EMULATOR_SOC_DEVICES_TYPES_H

#include "test/emulator/soc/devices/spi_pins.h"
#include "test/emulator/soc/peripheral.h"

extern const struct peripheral_type fmc_bank_type; /* struct fmc_bank */
extern const struct peripheral_type iwdg_type;     /* struct iwdg_kind */
extern const struct peripheral_type dma_g4_type;   /* struct dma_g4_kind */
extern const struct peripheral_type dmamux_g4_type;
extern const struct peripheral_type tim_basic_g4_type; /* struct tim_basic_g4_kind */
extern const struct peripheral_type hsem_h7_type;
extern const struct peripheral_type
	octospi_type; /* struct spi_controller; QUADSPI as well */
extern const struct peripheral_type octospi_memory_type; /* struct octospi_memory */
extern const struct peripheral_type hyperram_type;       /* struct octospi_memory */
extern const struct peripheral_type fmc_h7_type;         /* struct reg_rules */
extern const struct peripheral_type sdram_h7_type;       /* struct fmc_bank */

/* Of a register file: WWDG_CR and WWDG_CFR after reset. */
extern const struct reg_rules wwdg_rules;
#define WWDG_AT(name, at, enr, bit)                                                 \
	{                                                                           \
		&register_file_type, name, at, 0x400, { enr, bit }, -1, &wwdg_rules \
	}

/* A bank of the external memory controller: where its registers are, and the RAM's size. */
struct fmc_bank {
	uint32_t registers_at, ram_size;
};

/* Where OCTOSPI shows its memory, and where its registers are. */
struct octospi_memory {
	uint32_t registers_at;
};

/* Which of the two it is, and its pins. */
extern const struct spi_registers octospi_registers, quadspi_registers;
struct spi_controller {
	const struct spi_registers *registers;
	struct spi_functions functions;
	/* What is wired to it as a rule, as spi_wiring_parse(); NULL: nothing. */
	const char *usual;
};

struct iwdg_kind {
	uint32_t lsi_hz;
	bool has_window; /* IWDG_WINR */
};

#endif /* TEST_EMULATOR_SOC_DEVICES_TYPES_H */
