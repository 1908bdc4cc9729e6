/* SPDX-License-Identifier: MIT */
/*
 * core_internal.h - what the files behind core.h share, and what the board does
 * with its cores.
 */
#ifndef TARGETS_CORE_CORE_INTERNAL_H
#define TARGETS_CORE_CORE_INTERNAL_H

#include "targets/chip/device.h"
#include "targets/chip/hidden.h"
#include "targets/core/batch.h"
#include "targets/core/core.h"
#include "targets/core/cortex_m.h"
#include "targets/core/cross.h"
#include "transport/base/bytes.h"

enum {
	CORE_MAX_BREAKPOINTS = 16, /* FPB comparators of the largest core (M85) is 8 */
	CORE_MAX_WATCHPOINTS = 15, /* DWT_CTRL.NUMCOMP has four bits */
	CORE_MAX_PLANTED = 64,     /* BKPT instructions in RAM */
	CORE_MAX_GLANCES = 4,
	GLANCE_SIZE = 8 /* bytes, anywhere: in three words at most */
};

struct glance {
	uint32_t at, size;
	bool is_used;                   /* since the last stop */
	uint8_t bytes[GLANCE_SIZE + 4]; /* from the word on that `at` is in */
};

/* An FPB comparator; version 1 watches a word and takes its halves one by one. */
struct comparator {
	uint32_t at;    /* of the word (version 1) or halfword (version 2) */
	uint8_t halves; /* bit 0: lower, bit 1: upper; 0: not in use */
};

struct planted {
	uint32_t at;
	uint16_t original; /* what the BKPT stands in for */
};

struct watch {
	bool is_used;
	enum watch_kind kind;
	uint32_t at, size;             /* of this comparator */
	uint32_t asked_at, asked_size; /* of the watchpoint that it is a piece of */
};

/* Why a core halted, read along with the request that halted it. */
struct halt_evidence {
	bool is_read; /* while it was halted */
	uint32_t dfsr;
	uint32_t matched; /* DWT comparators since it last ran, bitwise */
};

struct read_flag;

/* What a core asks about the memory it sees; the struct that embeds this knows the chip. */
struct core_map {
	bool (*is_flash)(const struct core_map *map, uint32_t at);
	bool (*is_ram)(const struct core_map *map, uint32_t at);
	bool (*needs_clock)(const struct core_map *map, uint32_t at);
	/* Why flash that may lie at `at` cannot be programmed; NULL when there is no such
	 * reason. */
	const struct reason *(*flash_why)(const struct core_map *map, uint32_t at);
	/* "SRAM2", "beyond this chip's flash": for reasons, after "this is". */
	const char *(*region_name)(const struct core_map *map, uint32_t at);
	/* The register that says whether the flash is read-protected; NULL: it is not known. */
	const struct read_flag *(*read_flag)(const struct core_map *map);
	bool (*is_option)(const struct core_map *map, uint32_t at);
	/* The one core that reaches what lies at `at`; NULL: more do, or it is that of this name. */
	const char *(*owner)(const struct core_map *map, const char *core, uint32_t at);
	/* May some of it be flash that reads as zeros? And what of the flash does now, by its controller;
	 * where that cannot be read, what is known without it. */
	bool (*may_hide)(const struct core_map *map, uint32_t at, uint32_t size);
	enum cause (*hidden)(const struct core_map *map, struct core *core,
			     struct hidden_ranges *ranges, struct reason *why);
};

struct core {
	const char *name;
	const struct core_map *map; /* NULL: nothing is known */
	struct mem_ap mem;
	uint32_t halt_timeout_ms;
	struct core_identity identity;
	char identity_name[32];
	bool is_fpb_v1, is_v8m, has_icache;

	bool is_halted;  /* as DHCSR was last seen */
	bool is_silent;  /* it read as zero, as that of a core without a clock (STM32H7) */
	bool was_reset;  /* S_RESET_ST was seen and not yet reported by core_poll() */
	bool is_stepped; /* the last thing that was asked for was a step */
	bool is_masked;  /* DHCSR.C_MASKINTS is set since a step */
	/* Nothing but DFSR.HALTED is set in it, which tells no more than S_HALT. */
	bool is_dfsr_clean;
	bool shows_registers; /* since the last stop more of them were read than stops read */
	/* The batch that let it run last has seen it halt again already. */
	bool has_look;
	uint32_t look; /* DHCSR */
	uint64_t halt_seen_us;
	struct halt_evidence evidence;
	bool may_be_at_bkpt; /* of the program's own: what is at PC is read before it goes on */
	bool is_at_hit;      /* a breakpoint of ours at hit_at has just halted it */
	uint32_t hit_at;
	uint32_t vectors; /* DEMCR.VC_* bits wanted */

	struct cross cross;
	bool is_ours_alone;   /* others who share the probe have other cores */
	bool is_asleep;       /* it is held, and was started: core_hold_asleep() */
	bool is_released;     /* C_DEBUGEN is off: nobody debugs it */
	uint32_t start_catch; /* DEMCR.VC_CORERESET while its start is to be caught, or 0 */
	struct {
		bool is_known, had_trcena, had_fpb;
		/* Halting debug was on. A program cannot set it and a reset leaves it (DDI 0403E.e,
		 * C1.6.2): so it is an earlier debugger's, or that of another one. */
		bool is_claimed, had_debug;
	} before; /* we came for the first time */

	bool is_cached[SELECTORS];
	uint32_t cache[SELECTORS];

	bool is_hidden_known; /* while it stays halted, and nobody writes to devices by it */
	struct hidden_ranges hidden;

	bool has_glances; /* they were read with the stop, and are true still */
	size_t glances_len;
	struct glance glances[CORE_MAX_GLANCES];

	struct comparator comparators[CORE_MAX_BREAKPOINTS];
	uint32_t comparators_due; /* bitwise: to be written before it runs */
	/* FPB and DWT may have more than the tables here: a client wrote there, or a write failed. */
	bool is_unit_in_doubt;
	struct watch watches[CORE_MAX_WATCHPOINTS];
	size_t planted_len;
	struct planted planted[CORE_MAX_PLANTED];
};

/* identify.c: the name of a core by its CPUID, and what it can do. */
struct core_part {
	uint16_t partno; /* CPUID.PARTNO */
	const char *name, *short_name;
	uint8_t features; /* those that come with the architecture */
	bool is_v8m, has_icache;
};
/* NULL when CPUID is none of a Cortex-M. */
const struct core_part *core_part_of(uint32_t cpuid);
/* Reads CPUID, FPB, DWT and FPU; turns DEMCR.TRCENA on. CAUSE_UNSUPPORTED: no Cortex-M. */
enum cause core_identify(struct core *core, struct reason *why);

/* state.c: what the other files of this room stand on. */
struct clock *core_clock(const struct core *core);
/* DHCSR with halting debug enabled and those control bits. */
uint32_t core_control(uint32_t bits);
/* A core that nothing is known of yet; breakpoints and identity of before are forgotten. */
void core_init(struct core *core, const char *name, const struct core_map *map,
	       uint32_t halt_timeout_ms);
/* What lies at `at`; without a map it is neither flash nor RAM. */
bool core_is_flash(const struct core *core, uint32_t at);
bool core_is_ram(const struct core *core, uint32_t at);
const struct reason *core_flash_why(const struct core *core, uint32_t at);
const char *core_region_name(const struct core *core, uint32_t at);
bool core_is_option(const struct core *core, uint32_t at);
/* hidden.c: what was read there may be zeros of flash that a debugger cannot read; then CAUSE_FAULT. */
enum cause core_check_hidden(struct core *core, uint32_t at, const uint8_t *bytes,
			     uint32_t size, struct reason *why);
/* The other core that alone reaches what lies there; NULL: none. */
const char *core_owner(const struct core *core, uint32_t at);
/* claim.c: does another program that shares the probe debug the target? */
bool core_has_other_debugger(const struct core *core);
/* Is there a breakpoint, watchpoint, vector catch or cross trigger of ours? */
bool core_has_armed(const struct core *core);
/* DHCSR, as `dhcsr` reads, with C_DEBUGEN. */
enum cause core_enable_debug(struct core *core, uint32_t dhcsr, struct reason *why);
/* Enables halting debug without changing whether it is halted, and puts the debug unit in
 * order by core_rearm(). */
enum cause core_claim(struct core *core, struct reason *why);
/* Writes vector catch, FPB and DWT as our tables have them: after a reset, or over what a
 * dead session left. */
enum cause core_rearm(struct core *core, struct reason *why);
enum cause core_reclaim(struct core *core, struct reason *why);
/* Before a breakpoint or watchpoint: reclaims, and beside another debugger, which may have
 * ended, turns the units on, which core_rearm() leaves alone there. */
enum cause core_prepare_units(struct core *core, struct reason *why);
/* The only reader of DHCSR: keeps account of resets and halts. */
enum cause core_dhcsr_read(struct core *core, uint32_t *dhcsr, struct reason *why);
/* It was reset, by a program that has read S_RESET_ST away. */
void core_note_reset(struct core *core);
void core_dhcsr_seen(struct core *core, uint32_t dhcsr);
/* C1.6.2: C_MASKINTS may be changed only while S_HALT is set, and not by the write that lets
 * the core go. Adds that write if one is due. */
void core_batch_unmask(struct core *core, struct batch *batch);
/* The program's own BKPT would halt again for ever: going on means going past it. It is read, since
 * breakpoints of ours come and go at its place, and PC may have been away and back. Where nothing
 * can be read there is none. *pc: where it is, and then where it goes on. */
enum cause
core_pass_own_bkpt(struct core *core, uint32_t *pc, bool *passed, struct reason *why);
/* Lets it run from where it is, without a look at breakpoints there. */
enum cause core_let_run(struct core *core, struct reason *why);
/* For a start together with the other core: as core_resume() up to its last write, which the
 * restart by cross triggers stands for. *cycles: DWT_CYCCNT, which stands still until then.
 * *ran_into: it is not to go; it has halted in the step over a breakpoint, of which the other core has
 * not heard. */
enum cause
core_make_ready(struct core *core, uint32_t *cycles, bool *ran_into, struct reason *why);
/* After that restart: one that it has not let go is let run as without it; *is_late says so. */
enum cause core_see_start(struct core *core, bool *is_late, struct reason *why);
/* What came to `cause` wanted a halted core, and a reset has come between: it is no longer halted. */
bool core_is_lost_to_reset(const struct core *core, enum cause cause);
/* Forgets what is only true while halted. */
void core_left_halt(struct core *core);
/* DEMCR with `vectors` caught, the monitor's bits as the program has them. */
enum cause core_demcr_write(struct core *core, uint32_t vectors, struct reason *why);
/* Only TRCENA: what is caught stays as it is. */
enum cause core_demcr_power_units(struct core *core, struct reason *why);

/* halt_reason.c: what core_halt_why() wants to know, as part of a batch whose readings show
 * whether the core was halted by then. */
size_t halt_evidence_batch(const struct core *core, struct batch *batch);
void halt_evidence_take(struct core *core, const struct batch *batch, size_t first);

/* glance.c: forgets those that nobody asked for since the last stop. */
void glances_age(struct core *core);
/* Adds the words of them, and takes these from the one at `first` on. */
void glances_batch(const struct core *core, struct batch *batch);
void glances_take(struct core *core, const struct batch *batch, size_t first);

/* held.c: from here on it waits for another core to start it, for the reason *shut, which outlives
 * that: it stands where `vectors`, initial stack pointer and reset vector, begin, halted. Opening its
 * port anew ends it. */
void core_hold(struct core *core, const struct core_gate *gate, const struct reason *shut,
	       const uint32_t vectors[2]);
/* The same of one that has been started and sleeps without a clock: where it stands is not known. One
 * that is halted meanwhile halts when it wakes. */
void core_hold_asleep(struct core *core, const struct core_gate *gate,
		      const struct reason *shut);
/* Of one that is held: was it let run, so that it goes on when it starts? */
void core_held_runs(struct core *core, bool runs);

/* core_registers.c */
enum cause core_require_halted(const struct core *core, struct reason *why);
enum cause core_pc_read(struct core *core, uint32_t *pc, struct reason *why);
enum cause core_selector_write(struct core *core, uint32_t selector, uint32_t value,
			       struct reason *why);
enum cause core_pc_write(struct core *core, uint32_t pc, struct reason *why);
/* What a stop reads at once: nothing of a core that goes on from there; what a debugger has to
 * know to find out where it is; all that is shown at a halt. */
enum stop_reads { STOP_READS_NOTHING, STOP_READS_FRAME, STOP_READS_REGISTERS };
/* Adds the fetching of those registers, and takes them from the words from `first` to `end`.
 * Only of a core that is halted by then. */
void
core_registers_batch(const struct core *core, enum stop_reads reads, struct batch *batch);
void
core_registers_take(struct core *core, const struct batch *batch, size_t first, size_t end);
void core_cache_drop(struct core *core);

/* breakpoints.c */
/* What would stop the core at `at`: nothing, an FPB comparator, a BKPT of ours. */
enum breakpoint_means { BREAKPOINT_NOT_HERE, BREAKPOINT_COMPARATOR, BREAKPOINT_PLANTED };
enum breakpoint_means breakpoint_at(const struct core *core, uint32_t at);
bool breakpoints_any(const struct core *core);
/* The halt at `at` is reported as that of a breakpoint: going on steps over it. */
void breakpoint_note_hit(struct core *core, uint32_t at);
/* Adds the comparators that are due, that at *lifted without its breakpoint: it is due again. */
void breakpoints_batch_due(struct core *core, const uint32_t *lifted, struct batch *batch);
/* The batch was run. */
void breakpoints_written(struct core *core, const uint32_t *lifted);
/* Writes them now. */
enum cause breakpoints_write_due(struct core *core, struct reason *why);
/* Takes the BKPT of ours at `at` away for a step over it. */
enum cause planted_lift(struct core *core, uint32_t at, struct reason *why);
/* Puts the breakpoint at `at` back after that. */
enum cause breakpoint_restore(struct core *core, uint32_t at, struct reason *why);
void breakpoints_rearm(const struct core *core, struct batch *batch);
/* Takes every BKPT of ours out of memory; all are forgotten even when that fails. */
enum cause planted_clear(struct core *core, struct reason *why);
/* Looks whether the program has overwritten a BKPT of ours, as start-up code does that copies a
 * function to RAM, and plants the first such one again, in what is there now. *found: there was
 * one, at *at. */
enum cause planted_mend(struct core *core, bool *found, uint32_t *at, struct reason *why);
/* Puts originals over BKPTs of ours in what was read from [at, at + size). */
void planted_hide(const struct core *core, uint32_t at, uint8_t *bytes, uint32_t size);
/* Takes the originals from what is to be written, and puts BKPTs there. */
void planted_keep(struct core *core, uint32_t at, uint8_t *bytes, uint32_t size);
bool planted_touches(const struct core *core, uint32_t at, uint32_t size);

/* state.c: makes a core with an instruction cache fetch anew. */
enum cause core_code_written(struct core *core, struct reason *why);

/* watchpoints.c */
/* Reads which have matched, before that; *matches is CORE_MAX_WATCHPOINTS long. */
void watchpoints_matched(const struct core *core, struct batch *batch, size_t *matches);
void watchpoints_take_matched(struct core *core, const struct batch *batch,
			      const size_t *matches);
void watchpoints_rearm(const struct core *core, struct batch *batch);

#endif /* TARGETS_CORE_CORE_INTERNAL_H */
