/* SPDX-License-Identifier: MIT */
/*
 * park.c - the chip's other cores stand still during a load: they may run from the flash that is
 * being erased, use RAM that the loader has, or the flash controller.
 *
 * A core that runs is halted, that of the loader first, and goes on from there at the end. One
 * that is halted, in reset or not started stays as it is.
 */
#include "flash/load/load_internal.h"

#include "targets/core/cortex_m.h"
#include "transport/base/log.h"
#include "transport/base/text.h"

static unsigned
bit(unsigned core)
{
	return 1u << core;
}

/* The reason of a core that does not answer is not the load's: it is not started, and cannot
 * disturb. */
static bool
runs(struct core *core, bool *is_debugged)
{
	struct reason unseen = REASON_INIT;
	enum core_state state = CORE_IN_RESET;
	uint32_t dhcsr = 0;

	if (mem_read32(core_memory(core), DHCSR_AT, &dhcsr, &unseen) != CAUSE_NONE ||
	    core_poll(core, &state, NULL, &unseen) != CAUSE_NONE)
		return false;
	*is_debugged = REG_GET(dhcsr, DHCSR_C_DEBUGEN) != 0;
	return state == CORE_RUNNING || state == CORE_SLEEPING;
}

static enum cause
park(struct load *load, unsigned i, struct reason *why)
{
	struct core *core = board_core(load->board, i);
	bool is_debugged = false;
	enum cause cause;

	if (!runs(core, &is_debugged))
		return CAUSE_NONE;
	cause = core_halt(core, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "halting %s for the load", core_name(core));
	load->parked |= bit(i);
	if (!is_debugged)
		load->parked_free |= bit(i);
	log_info("flash", "%s is halted until the load ends", core_name(core));
	return CAUSE_NONE;
}

enum cause
load_park(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	enum cause cause = CAUSE_NONE;

	*done = true;
	load->idle_deadline =
		deadline_in_ms(load->clock, algorithm_of(load)->erase_bank_ms);
	cause = core_halt(load->core, why);
	for (unsigned i = 0; cause == CAUSE_NONE && i < board_cores(load->board); i++)
		if (board_core(load->board, i) != load->core &&
		    (load->parked & bit(i)) == 0)
			cause = park(load, i, why);
	return cause;
}

static bool
is_busy(struct load *load, const struct flash_bank *bank)
{
	const struct flash_registers *registers = &bank->entry->interface->registers;
	struct reason unread = REASON_INIT;
	uint32_t status = 0;

	/* What cannot be read is found out by who needs it. */
	return mem_read32(core_memory(load->core), bank->entry->registers + registers->sr,
			  &status, &unread) == CAUSE_NONE &&
	       (status & registers->busy) != 0;
}

/* What the program left half written is programmed as it is: nothing else ends it but a reset
 * (RM0481 Rev 3, 7.11.9, WBNE), and until then whatever is written or erased runs into it. */
static enum cause
force_half(struct load *load, const struct flash_bank *bank, struct reason *why)
{
	const struct flash_registers *registers = &bank->entry->interface->registers;
	const struct flash_key *key = &registers->keys[0];
	struct mem_ap *mem = core_memory(load->core);
	uint32_t base = bank->entry->registers, cr = 0;
	enum cause cause = mem_read32(mem, base + registers->cr, &cr, why);

	if (cause == CAUSE_NONE && (cr & registers->lock) != 0)
		cause = mem_write32(mem, base + key->at, key->first, why);
	if (cause == CAUSE_NONE && (cr & registers->lock) != 0)
		cause = mem_write32(mem, base + key->at, key->second, why);
	if (cause == CAUSE_NONE)
		cause = mem_write32(mem, base + registers->cr,
				    registers->program | registers->force, why);
	load->is_half_forced = true;
	log_info("flash",
		 "the program left a unit of %u bytes half written: it is programmed "
		 "as it is",
		 bank->entry->interface->granule);
	return cause;
}

static enum cause
end_half(struct load *load, const struct flash_bank *bank, bool *done, struct reason *why)
{
	const struct flash_registers *registers = &bank->entry->interface->registers;
	struct reason unread = REASON_INIT;
	uint32_t status = 0;
	enum cause cause;

	if (registers->half == 0 ||
	    mem_read32(core_memory(load->core), bank->entry->registers + registers->sr,
		       &status, &unread) != CAUSE_NONE ||
	    (status & registers->half) == 0)
		return CAUSE_NONE;
	*done = false;
	if (load->is_half_forced)
		return CAUSE_NONE;
	cause = force_half(load, bank, why);
	return cause == CAUSE_NONE ? cause
				   : reason_while(why, "programming what the program left "
						       "half written");
}

/* As the bank before it. */
static bool
has_same_controller(const struct load *load, unsigned i)
{
	const struct flash_bank *banks = load->part->geometry.banks;

	return i > 0 && banks[i].entry->registers == banks[i - 1].entry->registers;
}

/* The loader of a session that was cut off, or the program, may have begun an operation that is
 * still under way. Until it ends, to read its bank is to wait (RM0433 Rev 8, 4.3.7), and a sector
 * reads as it was or as it will be. */
enum cause
load_await_idle(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	const struct flash_bank *banks = load->part->geometry.banks;
	enum cause cause = CAUSE_NONE;

	*done = true;
	if (deadline_is_over(&load->idle_deadline))
		return CAUSE_NONE;
	for (unsigned i = 0; cause == CAUSE_NONE && i < load->part->geometry.banks_len;
	     i++) {
		if (has_same_controller(load, i))
			continue;
		if (is_busy(load, &banks[i]))
			*done = false;
		else
			cause = end_half(load, &banks[i], done, why);
	}
	if (cause != CAUSE_NONE)
		return cause;
	if (!*done)
		staged->job.wait_us = LOAD_POLL_US;
	return CAUSE_NONE;
}

/* A place that was being programmed or erased when a reset came reads with errors until it is erased. */
static void
log_what_was_cut_short(struct load *load)
{
	char buffer[128];
	struct text words;

	text_init(&words, buffer, sizeof(buffer));
	flash_driver_add_cut(load->part->driver, load->core,
			     load->part->geometry.banks[0].entry, &words);
	if (words.used > 0)
		log_info("flash", "%s", buffer);
}

/* Bank 2 at the place of bank 1 is erased as bank 2. Not asked of a chip in reset, where zeros would
 * mean that nothing is swapped: the core is halted. */
enum cause
load_look_at_banks(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	enum cause cause =
		board_read_swap(load->board, load->core, &load->are_banks_swapped, why);

	*done = true;
	log_what_was_cut_short(load);
	if (cause != CAUSE_NONE)
		return reason_while(why, "nothing was erased: seeing whether the banks are "
					 "swapped");
	if (load->are_banks_swapped)
		log_info("flash", "the banks are swapped: bank 2 is at 0x%08x",
			 (unsigned)load->part->geometry.banks[0].base);
	return CAUSE_NONE;
}

/* One whose halting debug was off runs as before, with it off. */
static enum cause
let_run(struct load *load, unsigned i, struct reason *why)
{
	struct core *core = board_core(load->board, i);
	enum cause cause = (load->parked_free & bit(i)) != 0 ? core_release(core, why)
							     : core_resume(core, why);

	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "letting %s run after the load", core_name(core));
}

/* Goes on after a failure and reports the first. */
enum cause
load_unpark(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	enum cause first = CAUSE_NONE;

	*done = true;
	for (unsigned i = 0; i < board_cores(load->board); i++) {
		struct reason further = REASON_INIT;
		enum cause cause = CAUSE_NONE;

		if ((load->parked & bit(i)) != 0)
			cause = let_run(load, i, first == CAUSE_NONE ? why : &further);
		if (first == CAUSE_NONE)
			first = cause;
	}
	load->parked = load->parked_free = 0;
	return first;
}
