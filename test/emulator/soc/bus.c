/* SPDX-License-Identifier: MIT */
/*
 * The buses: from an address to a memory or a peripheral, for cores and for
 * MEM-APs.
 */
#include <string.h>

#include "test/emulator/soc/soc_internal.h"

/* DDI 0439 (Cortex-M4 TRM), 3.7: one word of the alias is one bit of the region. */
#define BIT_BAND_REGION_SIZE UINT32_C(0x00100000)
#define BIT_BAND_ALIAS_SIZE  (BIT_BAND_REGION_SIZE * 32)
static const struct {
	uint32_t alias, region;
} bit_bands[] = {
	{ 0x22000000, 0x20000000 },
	{ 0x42000000, 0x40000000 },
};

#define PPB_AT   UINT32_C(0xE0000000) /* DDI 0403E.e, B3.1.1 */
#define PPB_SIZE UINT32_C(0x00100000)

static bool
is_there(const struct peripheral *peripheral, unsigned view, uint32_t at)
{
	return at - peripheral->place->at < peripheral->place->size &&
	       peripheral->views >> view & 1;
}

struct peripheral *
bus_find(struct soc *soc, unsigned view, uint32_t at)
{
	if (soc->last_hit && is_there(soc->last_hit, view, at))
		return soc->last_hit;
	for (unsigned i = 0; i < soc->peripherals_len; i++)
		if (is_there(soc->peripherals[i], view, at))
			return soc->last_hit = soc->peripherals[i];
	return NULL;
}

static bool
has_debug_clock(const struct soc *soc, const struct peripheral *peripheral)
{
	const struct debug_role *role = soc->debug ? soc->debug->type->debug : NULL;

	if (peripheral->place->gate.enr != GATE_DEBUG || !role || !role->has_clock)
		return true;
	return role->has_clock(soc->debug, peripheral->place->gate.bit);
}

bool
bus_is_clocked(const struct soc *soc, const struct peripheral *peripheral)
{
	uint16_t enr = peripheral->place->gate.enr;

	if (!enr || enr == GATE_DEBUG || !soc->clock)
		return true;
	return soc->clock->type->clock->is_enabled(soc->clock, peripheral->place->gate);
}

/* A peripheral without its clock reads 0 and forgets what is written (RM0440 Rev 8,
 * 7.2.18). So do backup registers that read protection closes: assumption, "totally
 * inaccessible" is all that 3.5.1 says. */
static enum bus_result
peripheral_access(struct soc *soc, struct peripheral *peripheral, uint32_t at, bool write,
		  uint32_t lanes, uint32_t *word)
{
	uint32_t offset = (at & ~UINT32_C(3)) - peripheral->place->at;

	if (!has_debug_clock(soc, peripheral) || !bus_is_clocked(soc, peripheral) ||
	    intrusion_closes_register(soc, at)) {
		if (!write)
			*word = 0;
		return BUS_OK;
	}
	if (write)
		return peripheral->type->write(peripheral, offset, *word, lanes);
	soc->read_lanes = lanes;
	return peripheral->type->read(peripheral, offset, word);
}

static uint32_t
host_read(const struct window *window, uint32_t at)
{
	uint32_t word;

	memcpy(&word, window->host + ((at & ~UINT32_C(3)) - window->at), sizeof(word));
	return word;
}

static void
ram_write(struct soc *soc, const struct window *window, uint32_t at, uint32_t word,
	  uint32_t lanes)
{
	uint8_t *host = window->host + ((at & ~UINT32_C(3)) - window->at);
	uint32_t merged = reg_merge(host_read(window, at), word, lanes);

	memcpy(host, &merged, sizeof(merged));
	windows_changed(soc, host, sizeof(merged));
}

static enum bus_result
flash_read(struct soc *soc, const struct window *window, uint32_t at, uint32_t *word)
{
	uint32_t home = windows_home(soc, window, at);
	const struct flash_role *flash = soc->flash ? soc->flash->type->flash : NULL;

	if (flash && flash->load && flash->load(soc->flash, home) != BUS_OK)
		return BUS_FAULT;
	if (intrusion_closes(soc, window->host))
		return BUS_FAULT;
	if (flash && flash->is_readable && !flash->is_readable(soc->flash, home))
		return BUS_FAULT;
	if (flash && flash->held_until(soc->flash, home) > soc_time(soc))
		return BUS_WAIT;
	weak_look(soc, window->host + ((at & ~UINT32_C(3)) - window->at));
	*word = outrun_read(soc, window->host + ((at & ~UINT32_C(3)) - window->at),
			    host_read(window, at));
	if (flash && flash->was_read)
		flash->was_read(soc->flash, home, word);
	return BUS_OK;
}

static enum bus_result
flash_write(struct soc *soc, const struct window *window, uint32_t at, unsigned size,
	    uint32_t word)
{
	if (!soc->flash)
		return BUS_FAULT;
	return soc->flash->type->flash->store(soc->flash, windows_home(soc, window, at),
					      size, word >> (8 * (at & 3)));
}

static enum bus_result
memory_access(struct soc *soc, const struct window *window, uint32_t at, unsigned size,
	      bool write, uint32_t *word)
{
	if (window->kind == CPU_FLASH && write)
		return flash_write(soc, window, at, size, *word);
	if (window->kind == CPU_FLASH)
		return flash_read(soc, window, at, word);
	if (intrusion_closes(soc, window->host))
		return BUS_FAULT;
	if (write)
		ram_write(soc, window, at, *word, bus_lanes(at, size));
	else
		*word = host_read(window, at);
	return BUS_OK;
}

/* Memories and peripherals, the value in its byte lanes. */
static enum bus_result
system_access(struct soc *soc, uint32_t at, unsigned size, bool write, uint32_t *word)
{
	const struct window *window = windows_find_in(soc, soc->master, at);
	struct peripheral *peripheral;

	if (window)
		return memory_access(soc, window, at, size, write, word);
	peripheral = bus_find(soc, soc->master, at);
	if (!peripheral)
		return BUS_FAULT;
	return peripheral_access(soc, peripheral, at, write, bus_lanes(at, size), word);
}

/* Cortex-M7 (DDI 0489) and Cortex-M33 have none. */
static bool
has_bit_bands(const struct soc *soc, unsigned view)
{
	enum cpu_kind kind;

	if (view == NO_CORE)
		return false;
	kind = soc->chip->cores[view].kind;
	return kind == CPU_CORTEX_M3 || kind == CPU_CORTEX_M4;
}

/* Where a bit-band alias leads, or false when `at` is none. */
static bool
bit_band(uint32_t at, uint32_t *target, unsigned *bit)
{
	for (unsigned i = 0; i < sizeof(bit_bands) / sizeof(bit_bands[0]); i++) {
		uint32_t offset = at - bit_bands[i].alias;

		if (offset >= BIT_BAND_ALIAS_SIZE)
			continue;
		*target = (bit_bands[i].region + offset / 32) & ~UINT32_C(3);
		*bit = (offset / 4) % 32;
		return true;
	}
	return false;
}

static enum bus_result
bit_band_access(struct soc *soc, uint32_t target, unsigned bit, bool write, uint32_t *word)
{
	uint32_t whole;
	enum bus_result result = system_access(soc, target, 4, false, &whole);

	if (result != BUS_OK)
		return result;
	if (!write) {
		*word = whole >> bit & 1;
		return BUS_OK;
	}
	whole = reg_merge(whole, (*word & 1) << bit, UINT32_C(1) << bit);
	return system_access(soc, target, 4, true, &whole);
}

/* An access by `master`, a core or NO_CORE. */
static enum bus_result
bus_access(struct soc *soc, unsigned master, uint32_t at, unsigned size, bool write,
	   uint32_t *word)
{
	uint32_t target;
	unsigned bit;

	soc->master = master;
	if (has_bit_bands(soc, master) && bit_band(at, &target, &bit))
		return bit_band_access(soc, target, bit, write, word);
	return system_access(soc, at, size, write, word);
}

enum bus_result
bus_master_access(struct soc *soc, uint32_t at, unsigned size, bool write, uint32_t *word)
{
	unsigned outer = soc->master;
	enum bus_result result = bus_access(soc, NO_CORE, at, size, write, word);

	soc->master = outer;
	return result;
}

/* --- cores ------------------------------------------------------------------- */

static unsigned
index_of(const struct soc_core *core)
{
	return (unsigned)(core - core->soc->cores);
}

static enum bus_result
core_access(struct soc_core *core, uint32_t at, unsigned size, bool write, uint32_t *word)
{
	return bus_access(core->soc, index_of(core), at, size, write, word);
}

/* An access that never ends: an engine cannot be stopped in the middle of it, so it ends
 * with nothing, and the core then stands still until it is reset. */
static void
core_hang(struct soc_core *core)
{
	core->held_until_ns = NEVER;
	cpu_stall(core->cpu);
}

/* Memory that answers to the bus alone (code-only flash, a busy bank) sets flags. */
static bool
is_steady(struct soc_core *core, uint32_t at)
{
	const struct peripheral *peripheral = bus_find(core->soc, index_of(core), at);

	return peripheral && peripheral->type->is_steady;
}

static bool
core_read(void *context, uint32_t at, unsigned size, uint32_t *value)
{
	struct soc_core *core = context;
	uint32_t word = 0;

	enum bus_result result;

	if (at % size)
		return false;
	result = core_access(core, at, size, false, &word);
	if (!is_steady(core, at))
		cpu_note_unsteady(core->cpu);
	if (result == BUS_WAIT && bus_find(core->soc, index_of(core), at))
		core_hang(core);
	else if (result != BUS_OK)
		return false;
	*value = (word & bus_lanes(at, size)) >> (8 * (at & 3));
	return true;
}

/*
 * An engine cannot be stopped in the middle of a store. So when the bus stalls,
 * the operation it waits for ends at once, the store is done, and the core then
 * stands still for the time it would have waited.
 */
static enum bus_result
core_stalled_write(struct soc_core *core, struct peripheral *cause, uint32_t at,
		   unsigned size, uint32_t word)
{
	if (!cause)
		return BUS_FAULT;
	if (cause->due_ns == NEVER) {
		core_hang(core);
		return BUS_OK;
	}
	core->held_until_ns = cause->due_ns;
	cause->type->due(cause);
	cpu_break(core->cpu);
	return core_access(core, at, size, true, &word);
}

static bool
core_write(void *context, uint32_t at, unsigned size, uint32_t value)
{
	struct soc_core *core = context;
	uint32_t word = value << (8 * (at & 3));
	enum bus_result result;

	if (at % size)
		return false;
	result = core_access(core, at, size, true, &word);
	if (result == BUS_WAIT)
		result = core_stalled_write(core, bus_find(core->soc, index_of(core), at),
					    at, size, word);
	return result == BUS_OK;
}

static bool
core_flash_write(void *context, uint32_t at, unsigned size, uint32_t value)
{
	struct soc_core *core = context;
	uint32_t word = value << (8 * (at & 3));
	enum bus_result result = core_access(core, at, size, true, &word);

	if (result == BUS_WAIT)
		result = core_stalled_write(core, core->soc->flash, at, size, word);
	return result == BUS_OK;
}

struct cpu_bus
bus_of_core(struct soc_core *core)
{
	return (struct cpu_bus){ core, core_read, core_write, core_flash_write };
}

/* --- MEM-APs ----------------------------------------------------------------- */

static bool
is_ppb(uint32_t at)
{
	return at - PPB_AT < PPB_SIZE;
}

/* The SCS takes words; a narrow access is a word with the other lanes as they were. */
static enum bus_result
core_debug_access(struct cpu *cpu, uint32_t at, unsigned size, bool write, uint32_t *word)
{
	uint32_t lanes = bus_lanes(at, size), old = 0;
	uint32_t aligned = at & ~UINT32_C(3);

	if (!write)
		return cpu_debug_read(cpu, aligned, word) ? BUS_OK : BUS_FAULT;
	if (lanes != UINT32_MAX && !cpu_debug_read(cpu, aligned, &old))
		return BUS_FAULT;
	return cpu_debug_write(cpu, aligned, reg_merge(old, *word, lanes)) ? BUS_OK
									   : BUS_FAULT;
}

/* A core whose clock is off answers with zeros: OpenOCD then says "Cortex-M PARTNO 0x0 is
 * unrecognized" (STMicroelectronics/OpenOCD issue 18, an STM32H747). */
static enum bus_result
ppb_access(struct soc *soc, unsigned core, uint32_t at, unsigned size, bool write,
	   uint32_t *word)
{
	struct cpu *cpu = soc->cores[core].cpu;
	struct peripheral *peripheral = bus_find(soc, core, at);

	soc->master = core;
	if (core_is_gated(soc, core)) {
		*word = write ? *word : 0;
		return BUS_OK;
	}
	if (peripheral)
		return peripheral_access(soc, peripheral, at, write, bus_lanes(at, size),
					 word);
	if (cpu_owns(at))
		return core_debug_access(cpu, at, size, write, word);
	return BUS_FAULT;
}

static const struct chip_debug_bus *
debug_bus_at(const struct soc *soc, uint32_t at)
{
	for (unsigned i = 0; i < CHIP_MAX_DEBUG_BUS; i++) {
		const struct chip_debug_bus *bus = &soc->chip->debug_bus[i];

		if (at - bus->at < bus->size)
			return bus;
	}
	return NULL;
}

/* Debug components keep working under system reset. */
static enum bus_result
debug_bus_access(struct soc *soc, uint32_t at, unsigned size, bool write, uint32_t *word)
{
	const struct chip_debug_bus *bus = debug_bus_at(soc, at);
	struct peripheral *peripheral;

	if (!bus)
		return BUS_FAULT;
	at += bus->home - bus->at;
	peripheral = bus_find(soc, NO_CORE, at);
	if (!peripheral)
		return BUS_FAULT;
	soc->master = NO_CORE;
	return peripheral_access(soc, peripheral, at, write, bus_lanes(at, size), word);
}

/* The core's access is on the same bus that the AHB-AP uses (DDI 0439, 2.1); only the PPB
 * is reached past it. */
static bool
core_blocks_bus(const struct soc *soc, unsigned core)
{
	return soc->cores[core].held_until_ns == NEVER;
}

/* In the stop of one of two cores the other may keep the bus of its domain running (RM0399 Rev 4,
 * 7.5). One that has not been started is answered with zeros. */
static bool
domain_stands_still(const struct soc *soc, unsigned core)
{
	const struct clock_role *clock = soc->clock ? soc->clock->type->clock : NULL;

	return cpu_is_deep_asleep(soc->cores[core].cpu) && !port_is_clocked(soc, core) &&
	       !(clock && clock->has_domain_clock &&
		 clock->has_domain_clock(soc->clock, core));
}

/* HCLK is off, in sleep or in stop. */
static bool
core_bus_stands_still(const struct soc *soc, unsigned core)
{
	return port_waits_for_core(soc, core) ||
	       (soc->chip->cores_len == 1 ? !port_is_clocked(soc, core)
					  : domain_stands_still(soc, core));
}

/*
 * Under system reset the PPB with DBGMCU answers (RM0440 Rev 8, 47.16: "can be
 * written by the debugger under system reset"). The rest of the bus matrix is in
 * reset with its slaves: reads bring 0, writes are lost, nobody drives an error.
 * OpenOCD's stm32l4x.c relocks FLASH_CR right after OBL_LAUNCH, with NRST still
 * rising, and counts on that write to be answered.
 */
static enum bus_result
answer_debugger(struct soc *soc, unsigned port, uint32_t at, unsigned size, bool write,
		uint32_t *value)
{
	enum port_reach reach = soc->chip->port_reach[port];
	unsigned core = soc->chip->port_core[port];

	if (!soc->powered || soc->core_supply_is_lost || soc_port_is_locked(soc, port))
		return BUS_FAULT;
	if (reach == REACH_CORE && core_bus_stands_still(soc, core))
		return BUS_WAIT;
	intrusion_note(soc);
	if (reach == REACH_DEBUG_BUS)
		return debug_bus_access(soc, at, size, write, value);
	if (reach == REACH_CORE && is_ppb(at))
		return ppb_access(soc, core, at, size, write, value);
	if (soc->in_reset) {
		*value = write ? *value : 0;
		return BUS_OK;
	}
	if (reach == REACH_CORE && core_blocks_bus(soc, core))
		return BUS_WAIT;
	return bus_access(soc, reach == REACH_CORE ? core : NO_CORE, at, size, write,
			  value);
}

enum bus_result
soc_access(struct soc *soc, unsigned port, uint32_t at, unsigned size, bool write,
	   uint32_t *value)
{
	enum bus_result result = answer_debugger(soc, port, at, size, write, value);

	/* A refused one may have left a flag, as PGERR of an F1. */
	if (write && result != BUS_WAIT)
		stats_debugger_wrote(soc->stats, at);
	if (!write && result == BUS_OK)
		*value = lies_about(soc, port, at, size, *value);
	return result;
}
