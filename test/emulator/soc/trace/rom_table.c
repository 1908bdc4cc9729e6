/* SPDX-License-Identifier: MIT */
/*
 * CoreSight identification: ROM tables, and the ID registers of components
 * whose other registers are plain or belong to the cpu (IHI 0029E, B2).
 */
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/trace/types.h"

enum {
	CORESIGHT_SIZE = 0x1000,
	DEVARCH = 0xFBC,
	DEVID = 0xFC8,
	DEVTYPE = 0xFCC, /* MEMTYPE in a ROM table */
	PIDR4 = 0xFD0,
	PIDR0 = 0xFE0,
	CIDR0 = 0xFF0,
	FIRST_ID = DEVID
};
#define MEMTYPE_SYSMEM UINT32_C(1) /* other things than debug registers are on this bus */

enum { CLASS_ROM_TABLE = 1 };

/* CIDR3..0; the class is bits 7:4 of CIDR1. */
static const uint8_t cidr[4] = { 0x0D, 0x00, 0x05, 0xB1 };

struct component {
	struct peripheral base;
	uint32_t values[CORESIGHT_SIZE / 4];
};

static struct component *
component_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct component, base);
}

uint32_t
coresight_ids_read(const struct coresight_ids *ids, uint32_t at)
{
	unsigned index = (at & 0xF) / 4;

	if (at >= CIDR0)
		return cidr[index] | (index == 1 ? (uint32_t)ids->component_class << 4 : 0);
	if (at >= PIDR0)
		return (uint32_t)(ids->pid >> (8 * index) & 0xFF);
	if (at >= PIDR4)
		return index == 0 ? (uint32_t)(ids->pid >> 32 & 0xFF) : 0;
	if (at == DEVTYPE)
		return ids->component_class == CLASS_ROM_TABLE ? MEMTYPE_SYSMEM
							       : ids->devtype;
	return ids->devid;
}

/* Addresses within a component's 4 KiB, also where the place is only their end. */
static uint32_t
component_offset(const struct peripheral *peripheral, uint32_t at)
{
	return (peripheral->place->at + at) % CORESIGHT_SIZE;
}

static enum bus_result
component_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	uint32_t offset = component_offset(peripheral, at);

	if (offset >= FIRST_ID)
		*value = coresight_ids_read(peripheral->place->parameters, offset);
	else
		*value = component_of(peripheral)->values[offset / 4];
	if (offset == DEVARCH)
		*value = ((const struct coresight_ids *)peripheral->place->parameters)
				 ->devarch;
	return BUS_OK;
}

static enum bus_result
component_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	uint32_t *word =
		&component_of(peripheral)->values[component_offset(peripheral, at) / 4];

	*word = reg_merge(*word, value, lanes);
	return BUS_OK;
}

static enum bus_result
table_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	const struct coresight_ids *ids = peripheral->place->parameters;

	if (at >= FIRST_ID)
		*value = coresight_ids_read(ids, at);
	else
		*value = at / 4 < ids->entries_len ? ids->entries[at / 4] : 0;
	return BUS_OK;
}

static enum bus_result
table_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	(void)peripheral, (void)at, (void)value, (void)lanes;
	return BUS_OK;
}

/* Debug logic: only the power takes it back. */
static void
component_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	if (depth == RESET_ALL)
		reg_rules_reset(NULL, component_of(peripheral)->values, CORESIGHT_SIZE / 4);
}

const struct peripheral_type coresight_type = {
	.name = "CoreSight component",
	.size = sizeof(struct component),
	.read = component_read,
	.write = component_write,
	.reset = component_reset,
};

uint32_t
funnel_inputs(struct peripheral *peripheral)
{
	enum { CTRL_ENABLES = 0xFF };

	return component_of(peripheral)->values[0] & CTRL_ENABLES;
}

const struct peripheral_type funnel_type = {
	.name = "trace funnel",
	.size = sizeof(struct component),
	.read = component_read,
	.write = component_write,
	.reset = component_reset,
};

const struct peripheral_type rom_table_type = {
	.name = "ROM table",
	.size = sizeof(struct component),
	.read = table_read,
	.write = table_write,
	.reset = component_reset,
};
