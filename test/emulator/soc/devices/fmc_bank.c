/* SPDX-License-Identifier: MIT */
/*
 * The first bank of the external memory controller (RM0440 Rev 8, 19.5) on a board that has
 * no external memory. Its registers are another place of the chip.
 */
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/soc_internal.h"

enum { BCR1 = 0x00 };

/* 19.7.6 */
#define BCR_MBKEN     (UINT32_C(1) << 0)
#define BCR_WAITEN    (UINT32_C(1) << 13)
#define BCR_ASYNCWAIT (UINT32_C(1) << 15)
#define BCR_WAITS     (BCR_WAITEN | BCR_ASYNCWAIT)

static struct peripheral *
registers_of(const struct peripheral *bank)
{
	const struct fmc_bank *parameters = bank->place->parameters;

	return bus_find(bank->soc, NO_CORE, parameters->registers_at);
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
	struct peripheral *registers = registers_of(bank);
	uint32_t bcr = 0;

	if (!has_clock(registers))
		return BUS_FAULT;
	registers->type->read(registers, BCR1, &bcr);
	if (!(bcr & BCR_MBKEN))
		return BUS_FAULT;
	return (bcr & BCR_WAITS) == BCR_WAITS ? BUS_WAIT : BUS_OK;
}

/* The data pins are analog as well. */
static enum bus_result
bank_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	(void)at;
	*value = 0;
	return bank_answer(peripheral);
}

static enum bus_result
bank_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	(void)at, (void)value, (void)lanes;
	return bank_answer(peripheral);
}

static void
bank_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)peripheral, (void)depth;
}

const struct peripheral_type fmc_bank_type = {
	.name = "FMC bank 1",
	.size = sizeof(struct peripheral),
	.read = bank_read,
	.write = bank_write,
	.reset = bank_reset,
};
