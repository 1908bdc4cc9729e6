/* SPDX-License-Identifier: MIT */
/*
 * DBGMCU (RM0440 Rev 8, 47.16; RM0008 Rev 21, 31.16): who the chip is, and what goes on while the core
 * is halted or asleep. Only the power resets it.
 */
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/trace/types.h"

enum { IDCODE = 0x00, CR = 0x04, SR = 0xFC, WORDS = 64, FIRST_ID = 0xFD0 };

/* The same in all families. */
#define CR_DBG_SLEEP   (UINT32_C(1) << 0) /* where it exists */
#define CR_DBG_STOP    (UINT32_C(1) << 1)
#define CR_DBG_STANDBY (UINT32_C(1) << 2)

struct dbgmcu {
	struct peripheral base;
	uint32_t values[WORDS];
};

static struct dbgmcu *
dbgmcu_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct dbgmcu, base);
}

static const struct dbgmcu_layout *
layout_of(const struct peripheral *peripheral)
{
	return peripheral->place->parameters;
}

/* DBGMCU_SR (ST's SVD file of the STM32H563): AP_PRESENT below, AP_ENABLED above, a bit per access
 * port. */
static uint32_t
ports_status(const struct soc *soc)
{
	enum { ENABLED_SHIFT = 16 };
	uint32_t status = 0;

	for (unsigned i = 0; i < CHIP_MAX_PORTS; i++) {
		if (!soc->chip->ports[i].idr)
			continue;
		status |= UINT32_C(1) << i;
		if (!soc_port_is_locked(soc, i))
			status |= UINT32_C(1) << (ENABLED_SHIFT + i);
	}
	return status;
}

/* Its registers but IDCODE, where they have a clock gate. */
static bool
is_without_clock(const struct peripheral *peripheral)
{
	struct clock_gate gate = layout_of(peripheral)->gate;
	const struct peripheral *clock = peripheral->soc->clock;

	return gate.enr && clock && !clock->type->clock->is_enabled(clock, gate);
}

static enum bus_result
dbgmcu_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	const struct dbgmcu_layout *layout = layout_of(peripheral);

	if (layout->ids && at >= FIRST_ID)
		*value = coresight_ids_read(layout->ids, at);
	else if (at == SR && at < layout->size)
		*value = ports_status(peripheral->soc);
	else
		*value = at < layout->size ? dbgmcu_of(peripheral)->values[at / 4] : 0;
	if (at != IDCODE && is_without_clock(peripheral))
		*value = 0;
	return BUS_OK;
}

static enum bus_result
dbgmcu_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	uint32_t *values = dbgmcu_of(peripheral)->values;

	if (at != IDCODE && at < layout_of(peripheral)->size &&
	    !is_without_clock(peripheral))
		values[at / 4] = reg_merge(values[at / 4], value, lanes);
	return BUS_OK;
}

static void
dbgmcu_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	const struct chip *chip = peripheral->soc->chip;
	uint32_t *values = dbgmcu_of(peripheral)->values;

	if (depth != RESET_ALL)
		return;
	reg_rules_reset(NULL, values, WORDS);
	values[IDCODE / 4] = (uint32_t)chip->rev_id << 16 | chip->dev_id;
}

static const struct dbgmcu *
const_dbgmcu_of(const struct peripheral *peripheral)
{
	return CONST_CONTAINER_OF(peripheral, struct dbgmcu, base);
}

static bool
is_clocked_in_sleep(const struct peripheral *peripheral, unsigned core)
{
	(void)core;
	return !layout_of(peripheral)->has_dbg_sleep ||
	       const_dbgmcu_of(peripheral)->values[CR / 4] & CR_DBG_SLEEP;
}

static bool
is_clocked_in_stop(const struct peripheral *peripheral, unsigned core)
{
	(void)core;
	return const_dbgmcu_of(peripheral)->values[CR / 4] & (CR_DBG_STOP | CR_DBG_STANDBY);
}

static bool
is_powered_in_standby(const struct peripheral *peripheral, unsigned core)
{
	(void)core;
	return const_dbgmcu_of(peripheral)->values[CR / 4] & CR_DBG_STANDBY;
}

static bool
stops_watchdog(const struct peripheral *peripheral)
{
	const struct dbgmcu_layout *layout = layout_of(peripheral);

	return const_dbgmcu_of(peripheral)->values[layout->iwdg_stop_at / 4] >>
		       layout->iwdg_stop_bit &
	       1;
}

/* TRACE_MODE, bits 7:6, stays 0 for the one pin. */
#define CR_TRACE_MODE (UINT32_C(3) << 6)

static bool
puts_out_trace(const struct peripheral *peripheral)
{
	uint32_t enables = layout_of(peripheral)->trace_enables;

	return (const_dbgmcu_of(peripheral)->values[CR / 4] & (enables | CR_TRACE_MODE)) ==
	       enables;
}

static const struct debug_role dbgmcu_role = {
	.puts_out_trace = puts_out_trace,
	.is_clocked_in_sleep = is_clocked_in_sleep,
	.is_clocked_in_stop = is_clocked_in_stop,
	.is_powered_in_standby = is_powered_in_standby,
	.stops_watchdog = stops_watchdog,
};

const struct peripheral_type dbgmcu_type = {
	.name = "DBGMCU",
	.size = sizeof(struct dbgmcu),
	.read = dbgmcu_read,
	.write = dbgmcu_write,
	.reset = dbgmcu_reset,
	.debug = &dbgmcu_role,
};
