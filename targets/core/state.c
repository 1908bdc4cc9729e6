/* SPDX-License-Identifier: MIT */
#include "targets/core/core_internal.h"

#include <string.h>

void
core_cache_drop(struct core *core)
{
	memset(core->is_cached, 0, sizeof(core->is_cached));
}

struct clock *
core_clock(const struct core *core)
{
	return core->mem.dap->probe->clock;
}

uint32_t
core_control(uint32_t bits)
{
	return DHCSR_KEY | REG_MASK(DHCSR_C_DEBUGEN) | bits;
}

void
core_init(struct core *core, const char *name, const struct core_map *map,
	  uint32_t halt_timeout_ms)
{
	memset(core, 0, sizeof(*core));
	core->name = name;
	core->map = map;
	core->halt_timeout_ms = halt_timeout_ms;
}

bool
core_is_flash(const struct core *core, uint32_t at)
{
	return core->map != NULL && core->map->is_flash(core->map, at);
}

bool
core_is_ram(const struct core *core, uint32_t at)
{
	return core->map != NULL && core->map->is_ram(core->map, at);
}

const struct reason *
core_flash_why(const struct core *core, uint32_t at)
{
	return core->map == NULL ? NULL : core->map->flash_why(core->map, at);
}

const char *
core_region_name(const struct core *core, uint32_t at)
{
	return core->map == NULL ? "memory that is not known"
				 : core->map->region_name(core->map, at);
}

bool
core_is_option(const struct core *core, uint32_t at)
{
	return core->map != NULL && core->map->is_option != NULL &&
	       core->map->is_option(core->map, at);
}

const char *
core_owner(const struct core *core, uint32_t at)
{
	return core->map == NULL || core->map->owner == NULL
		       ? NULL
		       : core->map->owner(core->map, core->name, at);
}

const char *
core_name(const struct core *core)
{
	return core->name;
}

const struct core_identity *
core_identity(const struct core *core)
{
	return &core->identity;
}

struct mem_ap *
core_memory(struct core *core)
{
	return &core->mem;
}

bool
core_is_held(const struct core *core)
{
	return core->mem.shut != NULL;
}

void
core_left_halt(struct core *core)
{
	core->is_halted = false;
	core->may_be_at_bkpt = core->is_at_hit = false;
	core->evidence.is_read = core->is_dfsr_clean = false;
	core->has_glances = false;
	core->is_hidden_known = false;
	core_cache_drop(core);
}

void
core_look_for_bkpt(struct core *core)
{
	core->may_be_at_bkpt = true;
}

void
core_passed_bkpt(struct core *core)
{
	core->may_be_at_bkpt = false;
}

void
core_dhcsr_seen(struct core *core, uint32_t dhcsr)
{
	bool is_reset = REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0;

	core->has_look = false;
	core->is_silent = dhcsr == 0;
	if (is_reset || REG_GET(dhcsr, DHCSR_S_HALT) == 0)
		core_left_halt(core);
	if (is_reset)
		core->was_reset = true;
	core->is_halted = REG_GET(dhcsr, DHCSR_S_HALT) != 0;
	core->halt_seen_us = clock_now_us(core_clock(core));
}

void
core_note_reset(struct core *core)
{
	core_left_halt(core);
	core->has_look = false;
	core->was_reset = true;
}

void
core_batch_unmask(struct core *core, struct batch *batch)
{
	if (core->is_masked)
		batch_write(batch, DHCSR_AT, core_control(REG_MASK(DHCSR_C_HALT)));
	core->is_masked = false;
}

enum cause
core_dhcsr_read(struct core *core, uint32_t *dhcsr, struct reason *why)
{
	enum cause cause = mem_read32(&core->mem, DHCSR_AT, dhcsr, why);

	if (cause != CAUSE_NONE)
		return reason_while(why, "reading the state of %s (DHCSR)", core->name);
	/* Bits 31 to 27 and 15 to 7 are reserved in every version of the architecture. */
	if (*dhcsr == UINT32_MAX) {
		reason_begin(
			why, CAUSE_MISMATCH,
			"DHCSR of %s at 0x%08x reads 0xffffffff, which no core answers",
			core->name, DHCSR_AT);
		reason_suspect(why, FINDING_TARGET_NONSENSE);
		return CAUSE_MISMATCH;
	}
	core_dhcsr_seen(core, *dhcsr);
	return CAUSE_NONE;
}

/* A chip that resets itself pulls NRST low, which takes 5 ms to rise with 100 nF (DS12712 Rev 5, 5.3.14):
 * a reset that passes is waited for. On a computer that is busy the time alone may be over with one
 * reading. */
enum cause
core_check_reset(struct core *core, bool *was_reset, struct reason *why)
{
	enum { PASS_MS = 15, PASS_POLL_US = 500, PASS_READINGS = 16 };

	struct deadline deadline = deadline_in_ms(core_clock(core), PASS_MS);
	unsigned readings = 1;
	uint32_t dhcsr = 0;
	enum cause cause = core_dhcsr_read(core, &dhcsr, why);

	*was_reset = cause == CAUSE_NONE && REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0;
	while (cause == CAUSE_NONE && REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0 &&
	       (readings++ < PASS_READINGS || !deadline_is_over(&deadline))) {
		cause = core_dhcsr_read(core, &dhcsr, why);
		if (cause == CAUSE_NONE && REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0)
			clock_sleep_us(core_clock(core), PASS_POLL_US);
	}
	if (cause != CAUSE_NONE || REG_GET(dhcsr, DHCSR_S_RESET_ST) == 0)
		return cause;
	reason_begin(why, CAUSE_TIMEOUT,
		     "the chip is in reset (DHCSR.S_RESET_ST), and answers with zeros");
	reason_suspect(why, FINDING_B12);
	return CAUSE_TIMEOUT;
}

bool
core_is_lost_to_reset(const struct core *core, enum cause cause)
{
	return cause == CAUSE_REQUEST && core->was_reset && !core->is_halted;
}

static enum cause
change_demcr(struct core *core, uint32_t cleared, uint32_t set, struct reason *why)
{
	uint32_t demcr = 0, wanted;
	enum cause cause = mem_read32(&core->mem, DEMCR_AT, &demcr, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (!core->before.is_known)
		core->before.had_trcena = REG_GET(demcr, DEMCR_TRCENA) != 0;
	wanted = (demcr & ~cleared) | REG_MASK(DEMCR_TRCENA) | set | core->start_catch;
	if (wanted == demcr)
		return CAUSE_NONE;
	return mem_write32(&core->mem, DEMCR_AT, wanted, why);
}

enum cause
core_demcr_write(struct core *core, uint32_t vectors, struct reason *why)
{
	return change_demcr(core, DEMCR_VC_ALL, vectors, why);
}

enum cause
core_demcr_power_units(struct core *core, struct reason *why)
{
	return change_demcr(core, 0, 0, why);
}

enum cause
core_code_written(struct core *core, struct reason *why)
{
	if (!core->has_icache)
		return CAUSE_NONE;
	return mem_write32(&core->mem, ICIALLU_AT, 0, why);
}
