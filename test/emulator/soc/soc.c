/* SPDX-License-Identifier: MIT */
/*
 * The chip as a whole: building it from its table entry, and device time.
 */
#include <stdlib.h>

#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

static const double nominal_volts = 3.3;

static void
role_note(struct soc *soc, struct peripheral *peripheral)
{
	const struct peripheral_type *type = peripheral->type;

	if (type->clock)
		soc->clock = peripheral;
	if (type->flash)
		soc->flash = peripheral;
	if (type->boot)
		soc->boot = peripheral;
	if (type->pins && type->pins->has_swd(peripheral))
		soc->pins = peripheral;
	if (type->power)
		soc->power = peripheral;
	if (type->debug)
		soc->debug = peripheral;
}

static void
places_fill(struct soc *soc, const struct chip_place *places, unsigned len, uint8_t views)
{
	for (unsigned i = 0; i < len; i++) {
		const struct chip_place *place = &places[i];
		struct peripheral *peripheral = calloc(1, place->type->size);

		if (!peripheral || soc->peripherals_len == SOC_MAX_PERIPHERALS)
			abort();
		peripheral->type = place->type;
		peripheral->place = place;
		peripheral->soc = soc;
		peripheral->views = views;
		peripheral->due_ns = NEVER;
		soc->peripherals[soc->peripherals_len++] = peripheral;
		if (place->type->due)
			soc->timed[soc->timed_len++] = peripheral;
		role_note(soc, peripheral);
	}
}

static void
peripherals_create(struct soc *soc)
{
	const struct chip *chip = soc->chip;

	places_fill(soc, chip->places, chip->places_len, ALL_VIEWS);
	for (unsigned i = 0; i < chip->cores_len; i++)
		places_fill(soc, chip->own[i].places, chip->own[i].places_len,
			    (uint8_t)(1u << i));
	places_fill(soc, chip->own[NO_CORE].places, chip->own[NO_CORE].places_len,
		    1u << NO_CORE);
	for (unsigned i = 0; i < soc->peripherals_len; i++)
		soc->peripherals[i]->type->reset(soc->peripherals[i], RESET_ALL);
}

struct soc *
soc_new(const struct chip *chip, struct stats *stats)
{
	struct soc *soc = calloc(1, sizeof(*soc));

	if (!soc)
		abort();
	soc->chip = chip;
	soc->stats = stats;
	soc->nrst_is_high = true;
	soc->volts = nominal_volts;
	soc->master = NO_CORE;
	for (unsigned i = 0; i < chip->cores_len; i++) {
		struct cpu_bus bus = bus_of_core(&soc->cores[i]);

		soc->cores[i].soc = soc;
		soc->cores[i].cpu = cpu_new(&chip->cores[i], &bus);
	}
	windows_create(soc);
	peripherals_create(soc);
	rom_create(soc);
	if (soc->flash)
		soc->flash->type->flash->load_options(soc->flash);
	return soc;
}

void
soc_free(struct soc *soc)
{
	if (!soc)
		return;
	for (unsigned i = 0; i < soc->chip->cores_len; i++)
		cpu_free(soc->cores[i].cpu);
	for (unsigned i = 0; i < soc->peripherals_len; i++) {
		if (soc->peripherals[i]->type->free)
			soc->peripherals[i]->type->free(soc->peripherals[i]);
		free(soc->peripherals[i]);
	}
	windows_free(soc);
	free(soc->weak_cells);
	free(soc->programmed_cells);
	free(soc);
}

/* --- time -------------------------------------------------------------------- */

/* Whole cycles that fit the time; the rest of one is kept for the next call. */
static uint64_t
ns_to_cycles(struct soc_core *core, uint64_t ns)
{
	uint64_t hz = soc_core_hz(core->soc, (unsigned)(core - core->soc->cores));
	uint64_t product = ns * hz + core->cycle_rest;

	core->cycle_rest = product % NS_PER_S;
	return product / NS_PER_S;
}

static bool
core_is_live(const struct soc_core *core)
{
	enum cpu_state state = cpu_state(core->cpu);

	return state == CPU_RUNNING || state == CPU_SLEEPING;
}

/* A core whose code is in a bank of flash that is busy gets no instructions. */
static void
core_hold_by_flash(struct soc_core *core)
{
	const struct soc *soc = core->soc;
	uint32_t pc = cpu_pc(core->cpu);
	const struct window *window;
	uint64_t until;

	if (!soc->flash || soc->flash->due_ns == NEVER)
		return;
	window = windows_find_in(soc, (unsigned)(core - soc->cores), pc);
	if (!window || window->kind != CPU_FLASH)
		return;
	until = soc->flash->type->flash->held_until(soc->flash,
						    windows_home(soc, window, pc));
	if (until > core->held_until_ns)
		core->held_until_ns = until;
}

static bool
others_are_live(const struct soc_core *core)
{
	const struct soc *soc = core->soc;

	for (unsigned i = 0; i < soc->chip->cores_len; i++)
		if (&soc->cores[i] != core && core_is_live(&soc->cores[i]))
			return true;
	return false;
}

/* How far this core may run before something has to be looked at again. */
static uint64_t
core_horizon(struct soc_core *core, uint64_t until)
{
	struct soc *soc = core->soc;
	uint64_t slice;

	if (!core_is_live(core))
		return until;
	outrun_settle(soc);
	core_hold_by_flash(core);
	if (core->held_until_ns > soc->now_ns)
		return core->held_until_ns < until ? core->held_until_ns : until;
	slice = !others_are_live(core)  ? LONGEST_SLICE_NS
		: soc->triggers_len > 0 ? CROSS_TURN_NS
					: CORES_TURN_NS;
	if (soc->flash && soc->flash->due_ns != NEVER && !core->spins) {
		uint64_t busy = soc_cycles_to_ns(core, BUSY_FLASH_SLICE_CYCLES);

		slice = busy < slice ? busy : slice;
	}
	return until - soc->now_ns < slice ? until : soc->now_ns + slice;
}

static void
instructions_count(struct soc_core *core)
{
	uint64_t now = cpu_instructions(core->cpu);

	core->soc->stats->instructions += now - core->counted;
	core->soc->stats->core_instructions[core - core->soc->cores] += now - core->counted;
	core->counted = now;
}

/* Has it halted, and the cross triggers have not heard of it? */
static bool
has_new_halt(const struct soc_core *core)
{
	return cpu_halts(core->cpu) != core->halts_passed_on;
}

/* Runs to `until` or less far; returns the time it came to. */
static uint64_t
core_run(struct soc_core *core, uint64_t until)
{
	struct soc *soc = core->soc;
	uint64_t cycles, used;

	if (!core_is_live(core) || core->held_until_ns > soc->now_ns)
		return until;
	cycles = ns_to_cycles(core, until - soc->now_ns);
	if (!cycles)
		return until;
	soc->running = core;
	soc->running_since = cpu_instructions(core->cpu);
	used = cpu_run(core->cpu, cycles);
	soc->running = NULL;
	core->spins =
		cpu_is_spinning(core->cpu) && used >= cycles && !others_are_live(core);
	instructions_count(core);
	if (used >= cycles)
		return until;
	core->cycle_rest = 0;
	until = soc->now_ns + soc_cycles_to_ns(core, used);
	return until;
}

static uint64_t
next_due(const struct soc *soc)
{
	bool ends = soc->in_reset && soc->drives_nrst && !soc->awaits_low_nrst;
	uint64_t due = ends ? soc->reset_until_ns : NEVER;

	for (unsigned i = 0; i < soc->timed_len; i++)
		if (soc->timed[i]->due_ns < due)
			due = soc->timed[i]->due_ns;
	return due;
}

/* What the cores wait for may have come. */
static void
spins_end(struct soc *soc)
{
	for (unsigned i = 0; i < soc->chip->cores_len; i++)
		soc->cores[i].spins = false;
}

static void
events_fire(struct soc *soc)
{
	for (unsigned i = 0; i < soc->timed_len; i++) {
		struct peripheral *peripheral = soc->timed[i];

		if (peripheral->due_ns > soc->now_ns)
			continue;
		spins_end(soc);
		peripheral->type->due(peripheral);
	}
}

/* AIRCR as the cores wrote it (DDI 0403E.e, B3.2.6). */
enum { AIRCR_VECTRESET = 1, AIRCR_SYSRESETREQ = 4 };

static void
resets_take(struct soc *soc)
{
	for (unsigned i = 0; i < soc->chip->cores_len; i++) {
		uint32_t request = cpu_reset_request(soc->cores[i].cpu);

		if (request & AIRCR_SYSRESETREQ) {
			soc->reset_core = i;
			soc_ask_reset(soc, RESET_BY_SYSTEM);
		} else if (request & AIRCR_VECTRESET)
			reset_core_alone(soc, i);
	}
	if (soc->core_supply_is_lost)
		return;
	if (soc->reset_is_asked)
		reset_begin(soc, soc->reset_asked);
	reset_end_if_over(soc);
}

static void
halt_tell(struct soc *soc, unsigned core)
{
	for (unsigned i = 0; i < soc->peripherals_len; i++) {
		struct peripheral *peripheral = soc->peripherals[i];

		if (peripheral->type->trigger)
			peripheral->type->trigger->core_halted(peripheral, core);
	}
}

/* The cross triggers hear of each core that has halted since they last looked; that may
 * halt others, of which they hear too. */
static void
halts_tell(struct soc *soc)
{
	for (unsigned core = 0; core < soc->chip->cores_len;) {
		if (!has_new_halt(&soc->cores[core])) {
			core++;
			continue;
		}
		soc->cores[core].halts_passed_on = cpu_halts(soc->cores[core].cpu);
		halt_tell(soc, core);
		core = 0;
	}
}

/* SEV of one core is an event to the other (RM0399 Rev 4, 2.1). */
static void
events_cross(struct soc *soc)
{
	for (unsigned from = 0; from < soc->chip->cores_len; from++) {
		if (!cpu_sent_event(soc->cores[from].cpu))
			continue;
		for (unsigned to = 0; to < soc->chip->cores_len; to++)
			if (to != from)
				cpu_event(soc->cores[to].cpu);
	}
}

/* One slice: to the next event, or as far as the cores came. */
static void
step(struct soc *soc, uint64_t end)
{
	uint64_t until = next_due(soc), reached = 0;

	until = until < end ? until : end;
	until = until > soc->now_ns ? until : soc->now_ns;
	for (unsigned i = 0; i < soc->chip->cores_len; i++)
		until = core_horizon(&soc->cores[i], until);
	for (unsigned i = 0; i < soc->chip->cores_len; i++) {
		uint64_t came_to = core_run(&soc->cores[i], until);

		reached = came_to > reached ? came_to : reached;
		/* Those after it go no further than where it halted. */
		if (soc->triggers_len > 0 && came_to < until &&
		    has_new_halt(&soc->cores[i]))
			until = came_to;
	}
	soc->now_ns = reached;
	events_cross(soc);
	halts_tell(soc);
	events_fire(soc);
	resets_take(soc);
}

uint64_t
soc_advance_to_nrst_change(struct soc *soc, uint64_t ns)
{
	uint64_t start = soc->now_ns, end = start + ns;
	bool drove = soc->drives_nrst;

	spins_end(soc); /* a debugger or the board may have done something */
	if (soc->powered && !soc->core_supply_is_lost) {
		resets_take(soc); /* what the debugger's writes asked for */
		halts_tell(soc);
	} else {
		soc->now_ns = end;
	}
	while (soc->now_ns < end && soc->drives_nrst == drove)
		step(soc, end);
	soc->stats->device_ns = soc->now_ns;
	return soc->now_ns - start;
}

void
soc_advance(struct soc *soc, uint64_t ns)
{
	uint64_t end = soc->now_ns + ns;

	while (soc->now_ns < end)
		soc_advance_to_nrst_change(soc, end - soc->now_ns);
}

/* --- what others ask --------------------------------------------------------- */

double
soc_amps(const struct soc *soc)
{
	double amps = SOC_RESET_AMPS;

	if (!soc->powered || soc->core_supply_is_lost)
		return 0;
	for (unsigned i = 0; !soc->in_reset && i < soc->chip->cores_len; i++)
		if (cpu_state(soc->cores[i].cpu) == CPU_RUNNING)
			amps += SOC_AMPS_PER_HZ * soc_core_hz(soc, i);
	if (soc->flash && soc->flash->due_ns != NEVER)
		amps += SOC_FLASH_AMPS;
	return amps;
}

static bool
core_is_idle(const struct soc_core *core)
{
	enum cpu_state state = cpu_state(core->cpu);

	if (state == CPU_SLEEPING)
		return cpu_next_event(core->cpu) == NEVER;
	return state != CPU_RUNNING;
}

bool
soc_is_idle(const struct soc *soc)
{
	if (!soc->powered || soc->core_supply_is_lost)
		return true;
	if (soc->in_reset || next_due(soc) != NEVER)
		return false; /* NRST may be on its way up */
	for (unsigned i = 0; i < soc->chip->cores_len; i++)
		if (!core_is_idle(&soc->cores[i]))
			return false;
	return true;
}
