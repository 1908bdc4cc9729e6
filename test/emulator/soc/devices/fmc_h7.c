/* SPDX-License-Identifier: MIT */
/*
 * The SDRAM side of the FMC of an STM32H7 (RM0433 Rev 8, 22.9): its registers, and an SDRAM of
 * 8 MiB at bank 1, which a NUCLEO-H743ZI2 does not have: as if one hung on its connectors. It
 * answers once FMC is enabled (BCR1.FMCEN), its clock, row and column strobes are out, and it has
 * had the commands by which an SDRAM begins, in their order (22.9.3): clock, precharge all,
 * auto-refresh, mode register. Before that the data lines bring 0; with FMC disabled, or without a clock, the
 * bus answers with an error: assumption.
 *
 * Left out: timings and refresh, bank 2, self-refresh, BMAP, write protection, fetches; NOR,
 * PSRAM and NAND.
 */
#include "test/emulator/soc/devices/external_ram.h"
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/soc_internal.h"

enum { BCR1 = 0x000, SDCMR = 0x150, SDSR = 0x158 };

/* 22.7.6, 22.9.5: SDCMR. */
#define BCR1_FMCEN (UINT32_C(1) << 31)
#define SDCMR_MODE UINT32_C(0x7)
#define SDCMR_CTB1 (UINT32_C(1) << 4)
enum { CLOCK = 1, PRECHARGE_ALL = 2, AUTO_REFRESH = 3, LOAD_MODE = 4 };

/* DS12110, alternate functions: SDCLK, SDNCAS, SDNRAS. */
static const struct external_pin pins[] = {
	{ 0x58021800, 8, 12 },
	{ 0x58021800, 15, 12 },
	{ 0x58021400, 11, 12 },
};

struct fmc {
	struct register_file file;
	/* Of the beginning that the SDRAM has seen; LOAD_MODE: it is ready. */
	unsigned steps;
};

struct sdram {
	struct peripheral base;
	struct external_ram ram;
};

static struct fmc *
fmc_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(CONTAINER_OF(peripheral, struct register_file, base),
			    struct fmc, file);
}

/* --- registers ------------------------------------------------------------------------------ */

/* A command out of turn leaves the memory as far as it was; the clock starts it anew. */
static void
command_send(struct fmc *fmc, uint32_t command)
{
	unsigned mode = command & SDCMR_MODE;

	if (!(command & SDCMR_CTB1) ||
	    !external_pins_are_set(fmc->file.base.soc, pins,
				   sizeof(pins) / sizeof(pins[0])))
		return;
	if (mode == CLOCK)
		fmc->steps = CLOCK;
	else if (mode <= LOAD_MODE && mode == fmc->steps + 1)
		fmc->steps = mode;
}

static enum bus_result
fmc_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	if (at == SDSR)
		return BUS_OK;
	register_file_merge(peripheral, NULL, at, value, lanes);
	if (at == SDCMR)
		command_send(fmc_of(peripheral), register_file_value(peripheral, SDCMR));
	return BUS_OK;
}

static void
fmc_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)depth;
	reg_rules_reset(peripheral->place->parameters, register_file_values(peripheral),
			REGISTER_FILE_WORDS);
	fmc_of(peripheral)->steps = 0;
}

const struct peripheral_type fmc_h7_type = {
	.name = "FMC",
	.size = sizeof(struct fmc),
	.read = register_file_read,
	.write = fmc_write,
	.reset = fmc_reset,
};

/* --- memory --------------------------------------------------------------------------------- */

static struct sdram *
sdram_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct sdram, base);
}

static struct peripheral *
registers_of(const struct peripheral *sdram)
{
	const struct fmc_bank *parameters = sdram->place->parameters;

	return bus_find(sdram->soc, NO_CORE, parameters->registers_at);
}

static bool
is_enabled(const struct peripheral *sdram)
{
	const struct peripheral *registers = registers_of(sdram);

	return bus_is_clocked(sdram->soc, registers) &&
	       register_file_value(registers, BCR1) & BCR1_FMCEN;
}

static bool
is_ready(const struct peripheral *sdram)
{
	return fmc_of(registers_of(sdram))->steps == LOAD_MODE;
}

static enum bus_result
sdram_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = 0;
	if (!is_enabled(peripheral))
		return BUS_FAULT;
	if (is_ready(peripheral))
		*value = external_ram_read(&sdram_of(peripheral)->ram, peripheral->soc, at);
	return BUS_OK;
}

static enum bus_result
sdram_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	if (!is_enabled(peripheral))
		return BUS_FAULT;
	if (is_ready(peripheral))
		external_ram_write(&sdram_of(peripheral)->ram, peripheral->soc, at, value,
				   lanes);
	return BUS_OK;
}

/* Nobody refreshes it during a reset; that is too short to lose anything: assumption. */
static void
sdram_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	const struct fmc_bank *parameters = peripheral->place->parameters;

	sdram_of(peripheral)->ram.size = parameters->ram_size;
	if (depth == RESET_ALL)
		external_ram_lose(&sdram_of(peripheral)->ram);
}

static void
sdram_free(struct peripheral *peripheral)
{
	external_ram_lose(&sdram_of(peripheral)->ram);
}

const struct peripheral_type sdram_h7_type = {
	.name = "SDRAM",
	.size = sizeof(struct sdram),
	.read = sdram_read,
	.write = sdram_write,
	.reset = sdram_reset,
	.free = sdram_free,
};
