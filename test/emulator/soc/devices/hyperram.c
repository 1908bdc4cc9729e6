/* SPDX-License-Identifier: MIT */
/*
 * The HyperRAM S70KL1281 (16 MiB) of the STM32H735G-DK behind OCTOSPI2 (RM0468 Rev 3, chapter 25;
 * UM2679; ST's example OSPI_HyperRAM_MemoryMapped): it shows at 0x70000000 once OCTOSPI2 is
 * enabled, memory-mapped and speaks HyperBus to memory (DCR1.MTYP = 4). Without the board's pins
 * the data lines bring ones, and a write is lost: assumption. The registers are a plain place of the chip.
 *
 * Left out: the memory's own registers, latency, indirect access, fetches.
 */
#include "test/emulator/soc/devices/external_ram.h"
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/soc_internal.h"

enum { CR = 0x000, DCR1 = 0x008 };

#define CR_EN (UINT32_C(1) << 0)
enum { CR_FMODE_SHIFT = 28, FMODE_MASK = 3, MAPPED = 3 };
enum { DCR1_MTYP_SHIFT = 24, MTYP_MASK = 7, HYPERBUS_MEMORY = 4 };

/* Chip select, clock and the line IO0 in place of all. */
static const struct external_pin pins[] = {
	{ 0x58021800, 12, 3 },
	{ 0x58021400, 4, 9 },
	{ 0x58021400, 0, 9 },
};

struct hyperram {
	struct peripheral base;
	struct external_ram ram;
};

static struct hyperram *
hyperram_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct hyperram, base);
}

static bool
is_mapped(const struct peripheral *memory)
{
	const struct octospi_memory *parameters = memory->place->parameters;
	const struct peripheral *registers =
		bus_find(memory->soc, NO_CORE, parameters->registers_at);
	uint32_t cr = register_file_value(registers, CR);
	uint32_t type = register_file_value(registers, DCR1) >> DCR1_MTYP_SHIFT & MTYP_MASK;

	return bus_is_clocked(memory->soc, registers) && cr & CR_EN &&
	       (cr >> CR_FMODE_SHIFT & FMODE_MASK) == MAPPED && type == HYPERBUS_MEMORY;
}

static bool
has_pins(const struct peripheral *memory)
{
	return external_pins_are_set(memory->soc, pins, sizeof(pins) / sizeof(pins[0]));
}

static enum bus_result
hyperram_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = UINT32_MAX;
	if (!is_mapped(peripheral))
		return BUS_FAULT;
	if (has_pins(peripheral))
		*value = external_ram_read(&hyperram_of(peripheral)->ram, peripheral->soc,
					   at);
	return BUS_OK;
}

static enum bus_result
hyperram_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	if (!is_mapped(peripheral))
		return BUS_FAULT;
	if (has_pins(peripheral))
		external_ram_write(&hyperram_of(peripheral)->ram, peripheral->soc, at,
				   value, lanes);
	return BUS_OK;
}

static void
hyperram_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	hyperram_of(peripheral)->ram.size = peripheral->place->size;
	if (depth == RESET_ALL)
		external_ram_lose(&hyperram_of(peripheral)->ram);
}

static void
hyperram_free(struct peripheral *peripheral)
{
	external_ram_lose(&hyperram_of(peripheral)->ram);
}

const struct peripheral_type hyperram_type = {
	.name = "HyperRAM",
	.size = sizeof(struct hyperram),
	.read = hyperram_read,
	.write = hyperram_write,
	.reset = hyperram_reset,
	.free = hyperram_free,
};
