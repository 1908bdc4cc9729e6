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

const struct access_port *
soc_access_port(const struct soc *soc, unsigned port)
{
	static const struct access_port absent = { 0 };

	return port < CHIP_MAX_PORTS ? &soc->chip->ports[port] : &absent;
}

bool
port_is_in_standby(const struct soc *soc)
{
	enum { MAIN_CORE = 0 };
	const struct cpu *cpu = soc->cores[MAIN_CORE].cpu;

	if (!soc->power || cpu_state(cpu) != CPU_SLEEPING || !cpu_is_deep_asleep(cpu))
		return false;
	if (soc->debug &&
	    soc->debug->type->debug->is_powered_in_standby(soc->debug, MAIN_CORE))
		return false;
	return soc->power->type->power->loses_core(soc->power, MAIN_CORE);
}

unsigned
soc_debug_epoch(const struct soc *soc)
{
	return soc->debug_epoch;
}

/* SLEEPDEEP stops HCLK and FCLK and with them the AHB-AP, unless DBGMCU keeps them
 * (RM0440 Rev 8, 47.16.1). */
static bool
is_clocked(const struct soc *soc, unsigned core)
{
	const struct cpu *cpu = soc->cores[core].cpu;

	if (cpu_state(cpu) != CPU_SLEEPING || !cpu_is_deep_asleep(cpu))
		return true;
	return soc->debug && soc->debug->type->debug->is_clocked_in_stop(soc->debug, core);
}

static bool
debug_is_closed(const struct soc *soc)
{
	return soc->flash && soc->flash->type->flash->debug_is_closed(soc->flash);
}

bool
soc_port_is_open(const struct soc *soc, unsigned port)
{
	if (!soc->powered || port >= CHIP_MAX_PORTS || !soc->chip->ports[port].idr)
		return false;
	return !debug_is_closed(soc) && !port_is_in_standby(soc) &&
	       is_clocked(soc, soc->chip->port_core[port]);
}

/* Nor until it is known that read protection allows it: OpenOCD's stm32l4x.c tells that
 * an ST-LINK reports SWD_DP_ERROR for the write that sets OBL_LAUNCH. */
bool
soc_swd_pins_are_debug(const struct soc *soc)
{
	if (!soc->powered || soc->is_loading_options || debug_is_closed(soc))
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
