/* SPDX-License-Identifier: MIT */
/*
 * Resets (RM0440 Rev 8, 7.1; RM0008 Rev 21, 7.1): who resets what, for how long, and what remains.
 */
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

/* Per source: how long the chip holds itself (after power came: as its entry says),
 * whether it pulls NRST, whether option bytes are loaded anew. */
static const struct {
	uint64_t hold_ns;
	bool pulls_nrst, loads_options;
} reset_kinds[RESET_SOURCES] = {
	[RESET_BY_POWER] = { 0, true, true },
	[RESET_BY_NRST] = { 0, false, false },
	[RESET_BY_SYSTEM] = { INTERNAL_RESET_NS, true, false },
	[RESET_BY_WATCHDOG] = { INTERNAL_RESET_NS, true, false },
	[RESET_BY_LOW_POWER] = { INTERNAL_RESET_NS, true, false },
	[RESET_BY_OPTION_BYTES] = { INTERNAL_RESET_NS + OPTION_LOAD_NS, true, true },
};

/* Most STM32 read the first vectors at 0, where the boot mode shows a memory. */
enum { RESET_VTOR = 0 };

static uint32_t
vectors_of(const struct soc *soc, unsigned core)
{
	const struct boot_role *role = soc->boot ? soc->boot->type->boot : NULL;

	return role && role->vectors ? role->vectors(soc->boot, core) : RESET_VTOR;
}

void
cores_release(struct soc *soc)
{
	if (soc->in_reset || !soc->powered || soc->core_supply_is_lost)
		return;
	for (unsigned i = 0; i < soc->chip->cores_len; i++) {
		struct cpu *cpu = soc->cores[i].cpu;

		if (cpu_state(cpu) != CPU_IN_RESET || core_waits(soc, i))
			continue;
		cpu_reset(cpu, false, vectors_of(soc, i));
		cpu_hold(cpu, false);
	}
}

static void
cores_reset(struct soc *soc, bool power_on)
{
	for (unsigned i = 0; i < soc->chip->cores_len; i++) {
		struct soc_core *core = &soc->cores[i];

		cpu_hold(core->cpu, true);
		cpu_reset(core->cpu, power_on, RESET_VTOR);
		core->held_until_ns = 0;
		core->cycle_rest = 0;
	}
}

static void
peripherals_reset(struct soc *soc, enum reset_depth depth)
{
	for (unsigned i = 0; i < soc->peripherals_len; i++)
		soc->peripherals[i]->type->reset(soc->peripherals[i], depth);
}

/* RAM and debug port were off. */
static void
core_supply_was_off(struct soc *soc)
{
	soc->debug_epoch++;
	soc->debugger_came = false;
	windows_scramble(soc);
}

/*
 * RM0440 Rev 8, 7.1.2: with IRHEN an internal reset drives the pin "until it is seen as low
 * level". Who pushes the pin high so hard that it never is low keeps the chip in reset
 * (probe-rs issue 3516: resets by software hang with a push-pull buffer on NRST). When power
 * comes the pin is low in any case.
 */
static bool
awaits_low_nrst(const struct soc *soc, enum reset_source source)
{
	const struct flash_role *flash = soc->flash ? soc->flash->type->flash : NULL;

	return source != RESET_BY_POWER && reset_kinds[source].pulls_nrst &&
	       soc->nrst_is_high && flash && flash->holds_resets &&
	       flash->holds_resets(soc->flash);
}

void
reset_begin(struct soc *soc, enum reset_source source)
{
	bool power_on = source == RESET_BY_POWER;
	uint64_t until = soc->now_ns + (power_on ? soc->chip->power_on_reset_ns
						 : reset_kinds[source].hold_ns);

	soc->stats->resets[source]++;
	if (port_is_in_standby(soc))
		core_supply_was_off(soc);
	if (soc->flash)
		soc->flash->type->flash->interrupt(soc->flash);
	if (soc->flash && reset_kinds[source].loads_options)
		soc->flash->type->flash->load_options(soc->flash);
	peripherals_reset(soc, power_on ? RESET_ALL : RESET_SYSTEM);
	intrusion_settle(soc);
	cores_reset(soc, power_on);
	if (soc->clock)
		soc->clock->type->clock->reset_by(soc->clock, source);
	if (!soc->in_reset || until > soc->reset_until_ns)
		soc->reset_until_ns = until;
	soc->in_reset = true;
	soc->drives_nrst = reset_kinds[source].pulls_nrst;
	soc->awaits_low_nrst = awaits_low_nrst(soc, source);
	soc->is_loading_options = reset_kinds[source].loads_options;
	soc->reset_is_asked = false;
}

/* AIRCR.VECTRESET: the core but nothing around it (DDI 0403E.e, B1.5.16). */
void
reset_core_alone(struct soc *soc, unsigned core)
{
	soc->stats->resets[RESET_BY_CORE]++;
	cpu_reset(soc->cores[core].cpu, false, vectors_of(soc, core));
	cpu_hold(soc->cores[core].cpu, false);
}

void
reset_end_if_over(struct soc *soc)
{
	if (!soc->in_reset || soc->now_ns < soc->reset_until_ns || soc->awaits_low_nrst)
		return;
	soc->drives_nrst = false;
	soc->is_loading_options = false;
	if (!soc->nrst_is_high)
		return;
	soc->in_reset = false;
	if (soc->boot)
		soc->boot->type->boot->boot(soc->boot);
	cores_release(soc);
}

void
soc_nrst(struct soc *soc, bool high)
{
	bool falls = soc->nrst_is_high && !high;

	soc->nrst_is_high = high;
	soc->awaits_low_nrst = soc->awaits_low_nrst && high;
	if (!soc->powered || soc->core_supply_is_lost)
		return;
	/* While the chip itself is in reset the pin is low by its own doing. */
	if (falls && !soc->in_reset)
		reset_begin(soc, RESET_BY_NRST);
	reset_end_if_over(soc);
}

void
soc_boot0(struct soc *soc, bool high)
{
	soc->boot0_is_high = high;
}

bool
soc_boot0_is_swclk(const struct soc *soc)
{
	return soc->chip->boot0_is_swclk;
}

void
soc_power(struct soc *soc, bool on)
{
	if (soc->powered == on)
		return;
	if (!on && soc->flash)
		soc->flash->type->flash->interrupt(soc->flash);
	soc->powered = on;
	soc->in_reset = false;
	soc->drives_nrst = false;
	soc->core_supply_is_lost = false;
	if (!on) {
		cores_reset(soc, true);
		return;
	}
	core_supply_was_off(soc);
	weak_look_at_all(soc);
	reset_begin(soc, RESET_BY_POWER);
}

/* Cores, memories and the debug port are dead, and so is whatever could reset them. */
void
soc_lose_core_supply(struct soc *soc)
{
	if (soc->core_supply_is_lost)
		return;
	if (soc->flash)
		soc->flash->type->flash->interrupt(soc->flash);
	soc->core_supply_is_lost = true;
	soc->in_reset = false;
	soc->drives_nrst = false;
	soc->reset_is_asked = false;
	cores_reset(soc, true);
	peripherals_reset(soc, RESET_ALL);
	core_supply_was_off(soc);
}

void
soc_wire_core_supply(struct soc *soc, enum core_supply supply)
{
	soc->supply_wired = supply;
}

void
soc_ask_reset(struct soc *soc, enum reset_source source)
{
	soc->reset_is_asked = true;
	soc->reset_asked = source;
	soc_wake(soc);
}

void
soc_reset_gated(struct soc *soc, uint16_t enr, uint32_t bits)
{
	for (unsigned i = 0; i < soc->peripherals_len; i++) {
		struct peripheral *peripheral = soc->peripherals[i];
		struct clock_gate gate = peripheral->place->gate;

		if (gate.enr == enr && bits >> gate.bit & 1)
			peripheral->type->reset(peripheral, RESET_SYSTEM);
	}
}
