/* SPDX-License-Identifier: MIT */
/*
 * The first bank of the external memory controller of an STM32G4 (RM0440 Rev 8, 19.5 to 19.7), with
 * an asynchronous PSRAM that only our custom boards have. The controller's registers are another
 * place of the chip. As long as its pins are not set up, or it takes the data lines to be
 * address lines as well (MUXEN, as after reset), the chip reads what analog pins bring: 0.
 *
 * Left out: timings, the other three banks, fetches.
 */
#include "test/emulator/soc/devices/external_ram.h"
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/soc_internal.h"

enum { BCR1 = 0x00 };

/* 19.7.6 */
#define BCR_MBKEN     (UINT32_C(1) << 0)
#define BCR_MUXEN     (UINT32_C(1) << 1)
#define BCR_WREN      (UINT32_C(1) << 12)
#define BCR_WAITEN    (UINT32_C(1) << 13)
#define BCR_ASYNCWAIT (UINT32_C(1) << 15)
#define BCR_WAITS     (BCR_WAITEN | BCR_ASYNCWAIT)

/* DS12712, alternate functions: NOE, NWE and NE1, and the lines D2 and D0 in place of all. */
static const struct external_pin pins[] = {
	{ 0x48000C00, 4, 12 },  { 0x48000C00, 5, 12 }, { 0x48000C00, 7, 12 },
	{ 0x48000C00, 14, 12 }, { 0x48000C00, 0, 12 },
};

struct bank {
	struct peripheral base;
	struct external_ram ram;
};

static struct bank *
bank_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct bank, base);
}

static struct peripheral *
registers_of(const struct peripheral *bank)
{
	const struct fmc_bank *parameters = bank->place->parameters;

	return bus_find(bank->soc, NO_CORE, parameters->registers_at);
}

static uint32_t
bcr_of(const struct peripheral *bank)
{
	struct peripheral *registers = registers_of(bank);
	uint32_t bcr = 0;

	registers->type->read(registers, BCR1, &bcr);
	return bcr;
}

static bool
has_clock(const struct peripheral *registers)
{
	const struct peripheral *clock = registers->soc->clock;

	return clock->type->clock->is_enabled(clock, registers->place->gate);
}

/* 19.5.4: a disabled bank is an AHB error; that one without a clock is as well: assumption.
 * ASYNCWAIT lasts as long as NWAIT is active, which is low; a pin nobody has set up is analog
 * and reads low (9.3.12). */
static enum bus_result
bank_answer(const struct peripheral *bank)
{
	uint32_t bcr;

	if (!has_clock(registers_of(bank)))
		return BUS_FAULT;
	bcr = bcr_of(bank);
	if (!(bcr & BCR_MBKEN))
		return BUS_FAULT;
	return (bcr & BCR_WAITS) == BCR_WAITS ? BUS_WAIT : BUS_OK;
}

static bool
reaches_memory(const struct peripheral *bank)
{
	return !(bcr_of(bank) & BCR_MUXEN) &&
	       external_pins_are_set(bank->soc, pins, sizeof(pins) / sizeof(pins[0]));
}

static enum bus_result
bank_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	struct bank *bank = bank_of(peripheral);
	enum bus_result result = bank_answer(peripheral);

	*value = 0;
	if (result == BUS_OK && reaches_memory(peripheral))
		*value = external_ram_read(&bank->ram, peripheral->soc, at);
	return result;
}

/* 19.7.6, WREN: without it a write is an AHB error. */
static enum bus_result
bank_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct bank *bank = bank_of(peripheral);
	enum bus_result result = bank_answer(peripheral);

	if (result != BUS_OK)
		return result;
	if (!(bcr_of(peripheral) & BCR_WREN))
		return BUS_FAULT;
	if (reaches_memory(peripheral))
		external_ram_write(&bank->ram, peripheral->soc, at, value, lanes);
	return BUS_OK;
}

static void
bank_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	const struct fmc_bank *parameters = peripheral->place->parameters;
	struct bank *bank = bank_of(peripheral);

	bank->ram.size = parameters->ram_size;
	if (depth == RESET_ALL)
		external_ram_lose(&bank->ram);
}

static void
bank_free(struct peripheral *peripheral)
{
	external_ram_lose(&bank_of(peripheral)->ram);
}

const struct peripheral_type fmc_bank_type = {
	.name = "FMC bank 1",
	.size = sizeof(struct bank),
	.read = bank_read,
	.write = bank_write,
	.reset = bank_reset,
	.free = bank_free,
};
