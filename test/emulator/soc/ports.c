/* SPDX-License-Identifier: MIT */
/*
 * What the debug port sees of the chip, and the back door of the lab.
 */
#include <string.h>

#include "test/emulator/soc/soc_internal.h"

uint32_t
soc_dpidr(const struct soc *soc)
{
	return soc->chip->dpidr;
}

uint32_t
soc_targetid(const struct soc *soc)
{
	return soc->chip->targetid;
}

const struct access_port *
soc_access_port(const struct soc *soc, unsigned port)
{
	static const struct access_port absent = { 0 };

	return port < CHIP_MAX_PORTS ? &soc->chip->ports[port] : &absent;
}

/* Deep sleep took this core's supply. */
static bool
core_is_in_standby(const struct soc *soc, unsigned core)
{
	const struct cpu *cpu = soc->cores[core].cpu;

	if (!soc->power || cpu_state(cpu) != CPU_SLEEPING || !cpu_is_deep_asleep(cpu))
		return false;
	if (soc->debug && soc->debug->type->debug->is_powered_in_standby(soc->debug, core))
		return false;
	return soc->power->type->power->loses_core(soc->power, core);
}

/* The chip is as awake as the most awake of its cores that ever were let go. */
bool
port_is_in_standby(const struct soc *soc)
{
	bool any = false;

	for (unsigned i = 0; i < soc->chip->cores_len; i++) {
		if (core_is_gated(soc, i))
			continue;
		if (!core_is_in_standby(soc, i))
			return false;
		any = true;
	}
	return any;
}

unsigned
soc_debug_epoch(const struct soc *soc)
{
	return soc->debug_epoch;
}

/* SLEEPDEEP stops HCLK and FCLK and with them the AHB-AP, unless DBGMCU keeps them
 * (RM0440 Rev 8, 47.16.1). So does a system clock that was chosen and does not run. */
bool
port_is_clocked(const struct soc *soc, unsigned core)
{
	const struct cpu *cpu = soc->cores[core].cpu;

	if (soc_core_hz(soc, core) == CLOCK_STANDS_STILL_HZ)
		return false;
	if (cpu_state(cpu) != CPU_SLEEPING || !cpu_is_deep_asleep(cpu))
		return true;
	return soc->debug && soc->debug->type->debug->is_clocked_in_stop(soc->debug, core);
}

/*
 * Plain sleep stops HCLK (RM0440 Rev 8, 47.16.3, DBG_SLEEP = 0: "FCLK=On, HCLK=Off"; the
 * same words in RM0008 31.16.3, RM0316, RM0383, RM0351; RM0433 Rev 8, 60.5.8, DBGSLEEP_D1).
 * The debug port and its power-up requests answer, what goes out to the AHB waits until an
 * interrupt wakes the core: an ST-LINK tells SwdDpWait of an STM32F103 (probe-rs issue
 * 1340) and, until the core's 2 ms tick, of an STM32G431 (embassy issue 3780).
 */
bool
port_waits_for_core(const struct soc *soc, unsigned core)
{
	const struct cpu *cpu = soc->cores[core].cpu;
	const struct debug_role *debug = soc->debug ? soc->debug->type->debug : NULL;

	if (cpu_state(cpu) != CPU_SLEEPING || cpu_is_deep_asleep(cpu))
		return false;
	return debug && debug->is_clocked_in_sleep &&
	       !debug->is_clocked_in_sleep(soc->debug, core);
}

static bool
debug_is_closed(const struct soc *soc)
{
	return soc->flash && soc->flash->type->flash->debug_is_closed(soc->flash);
}

bool
soc_port_is_locked(const struct soc *soc, unsigned port)
{
	const struct flash_role *flash = soc->flash ? soc->flash->type->flash : NULL;

	return flash && flash->core_port_is_closed && port < CHIP_MAX_PORTS &&
	       soc->chip->port_reach[port] == REACH_CORE &&
	       flash->core_port_is_closed(soc->flash);
}

bool
soc_port_is_open(const struct soc *soc, unsigned port)
{
	unsigned core;

	if (!soc->powered || port >= CHIP_MAX_PORTS || !soc->chip->ports[port].idr)
		return false;
	if (soc->core_supply_is_lost || debug_is_closed(soc) || port_is_in_standby(soc))
		return false;
	if (soc_port_is_locked(soc, port))
		return false;
	if (soc->chip->port_reach[port] != REACH_CORE)
		return true;
	core = soc->chip->port_core[port];
	return !core_is_in_standby(soc, core) && port_is_clocked(soc, core);
}

uint32_t
soc_port_hz(const struct soc *soc, unsigned port)
{
	bool is_cores = soc->chip->port_reach[port] == REACH_CORE;
	uint32_t hz = soc_core_hz(soc, is_cores ? soc->chip->port_core[port] : 0);

	return hz == CLOCK_STANDS_STILL_HZ ? 0 : hz;
}

/* Nor until it is known that read protection allows it: OpenOCD's stm32l4x.c tells that
 * an ST-LINK reports SWD_DP_ERROR for the write that sets OBL_LAUNCH. */
bool
soc_swd_pins_are_debug(const struct soc *soc)
{
	if (!soc->powered || soc->core_supply_is_lost)
		return false;
	if (soc->is_loading_options || debug_is_closed(soc))
		return false;
	if (port_is_in_standby(soc))
		return false;
	return !soc->pins || soc->pins->type->pins->are_debug(soc->pins);
}

bool
soc_preload(struct soc *soc, uint32_t at, const uint8_t *bytes, uint32_t size)
{
	while (size) {
		const struct window *window = windows_find(soc, at);
		uint32_t room;

		if (!window || window->kind != CPU_FLASH)
			return false;
		room = window->size - (at - window->at);
		room = size < room ? size : room;
		memcpy(window->host + (at - window->at), bytes, room);
		windows_changed(soc, window->host + (at - window->at), room);
		at += room;
		bytes += room;
		size -= room;
	}
	return true;
}
