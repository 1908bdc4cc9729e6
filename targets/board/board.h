/* SPDX-License-Identifier: MIT */
/*
 * board.h - a probe, the chip it is wired to, and the chip's cores: the one place that knows
 * what each core does, who works on what, and when all of it is lost.
 *
 * The board is the arbiter. A job that resets, programs or powers claims what it works on
 * (board_begin); jobs with other claims run beside it, and cores that nobody claims are
 * polled meanwhile. board_turn() does all of that, a little at a time, and reports events.
 * `by` is any pointer that stands for who asked; NULL is nobody.
 *
 * Connecting is declared in targets/connect/connect.h, resetting in targets/reset/reset.h.
 */
#ifndef TARGETS_BOARD_BOARD_H
#define TARGETS_BOARD_BOARD_H

#include "targets/chip/chip.h"
#include "targets/chip/hidden.h"
#include "targets/core/core.h"
#include "transport/adi/link_clock.h"
#include "transport/adi/rom_table.h"
#include "transport/base/job.h"

enum connect_mode {
	CONNECT_AUTO,   /* attach; under reset when that fails */
	CONNECT_ATTACH, /* neither halt nor reset */
	CONNECT_HALT,
	CONNECT_UNDER_RESET
};

enum { BOARD_MAX_EXTERNAL = 2 };

struct board;

struct board_finder {
	/* Looks for memory beside a chip that was just connected, a little at each call until *done,
	 * and adds it by board_add_external(). When it fails the board goes on without. */
	enum cause (*look)(struct board_finder *finder, struct board *board, bool *done,
			   struct reason *why);
	/* Puts back what a look that is broken off has changed; without one it does nothing. */
	enum cause (*give_up)(struct board_finder *finder, struct board *board,
			      struct reason *why);
	bool is_looking; /* set by look(), cleared when a chip was connected anew */
};

struct board_options {
	enum connect_mode connect;
	const char *target; /* name that overrides identification; NULL */
	uint32_t speed_hz;  /* SWD clock wanted; 0: the probe's usual one, mostly 4 MHz */
	uint32_t nrst_hold_ms;    /* 0: 20 */
	uint32_t nrst_settle_ms;  /* limit for a slow NRST to rise; 0: 5000 */
	uint32_t halt_timeout_ms; /* 0: 100 */
	/* The one core that this board has, by its name or its access port: others of the chip are left
	 * to another program, which shares the probe. NULL and false: all. */
	const char *only_core;
	bool has_only_port;
	uint32_t only_port;
	/* What loaders from files program; NULL ends the list. They outlive the board. */
	const struct memory_entry *external[BOARD_MAX_EXTERNAL + 1];
	struct board_finder *finder; /* outlives the board; NULL: nothing is looked for */
};

enum board_event_kind {
	EVENT_HALTED,  /* board_stop() has the reason */
	EVENT_RUNNING, /* it was resumed; CHIP: it began to run by itself */
	EVENT_RESET,   /* the chip was reset; what is kept of the cores is fresh already */
	EVENT_FLASHED, /* a job that claimed the flash has ended */
	EVENT_HELD,    /* the core is held in reset */
	EVENT_FAILED,  /* a range step cannot go on, for the reason `why` */
	EVENT_BLIND, /* the core's state cannot be read, for the reason `why`; polling goes on */
	EVENT_SEEN,  /* after BLIND: it can be read again */
	EVENT_LOST,  /* probe or target is gone, for the reason `why` */
	EVENT_BACK,  /* connected: for the first time, or again */
	EVENT_REMARK /* `words` of the probe's driver */
};

enum board_source {
	SOURCE_CHIP,   /* source unknown: chip, button, supply */
	SOURCE_CLIENT, /* `by` */
	SOURCE_SERVER, /* the board itself: a core that began to run was halted again */
	SOURCE_SHARER  /* another program that uses the probe */
};

struct board_event {
	enum board_event_kind kind;
	enum board_source source;
	/* HALTED, RUNNING, HELD, FAILED, BLIND, SEEN; of a RESET that one core saw. */
	unsigned core;
	const void *by;
	const struct reason *why; /* FAILED, BLIND, LOST */
	const char *words;        /* REMARK; who it was, of SOURCE_SHARER */
};

/* Called by board_turn() and by steps of jobs. */
typedef void board_listener(const struct board_event *event, void *context);

/* A board without connection; takes the probe over and closes it with itself. */
enum cause board_new(struct probe *probe, const struct board_options *options,
		     struct board **board, struct reason *why);
void board_free(struct board *board); /* takes NULL; lets the target run (board_detach) */

/* Removes our breakpoints, restores DBGMCU, clears C_DEBUGEN: the target runs as without
 * us. */
enum cause board_detach(struct board *board, struct reason *why);
/* The same as a job; does nothing when there is no connection, or it is lost. Never NULL. */
struct job *board_detach_job(struct board *board);

/* NULL until identified; an unknown DEV_ID leaves NULL and the board usable without flash.
 */
const struct device *board_device(const struct board *board);
uint32_t board_idcode(const struct board *board);
uint32_t board_flash_kib(const struct board *board); /* by the size word, or the maximum */
/* The chip as it was identified: its memories, as the size word and option bytes have them.
 * Always there; of an unknown one nothing but the ids is known. */
const struct chip *board_chip(const struct board *board);
/* Why its flash cannot be programmed: the chip is unknown, or the layout could not be read;
 * NULL when there is no such reason. */
const struct reason *board_flash_why(const struct board *board);
/* "STM32G471/473/474/483/484, revision 0x2001, 128 KiB of flash, Cortex-M4 r0p1". */
const char *board_describe(const struct board *board);
struct probe *board_probe(struct board *board);
/* How much memory a call carries in that time, by the SWD clock in use: whole words, at least one,
 * and no more than an ST-LINK moves at once (6144 bytes). */
uint32_t board_bytes_in_us(const struct board *board, uint64_t us);
/* Before and after much is moved: the fastest SWD clock that the link carries, and the connection's
 * again, where nobody chose one (transport/adi/link_clock.h). `core` is halted. */
enum cause board_raise_clock(struct board *board, struct core *core,
			     const struct link_sample *sample, struct reason *why);
enum cause board_lower_clock(struct board *board, struct reason *why);
bool board_has_raised_clock(const struct board *board);
/* Whatever was checked, the raised clock is not to be trusted: it is not raised again. */
void board_distrust_clock(struct board *board);
/* The clock that the user chooses is not raised. */
enum cause board_choose_clock(struct board *board, uint32_t hz, struct reason *why);
struct dap *board_dap(struct board *board);

unsigned board_cores(const struct board *board);
struct core *board_core(struct board *board, unsigned index);
struct core *board_core_by_name(struct board *board, const char *name); /* NULL: none */
/* The one by which the chip is reached, which sees what all cores see: the first, unless that waits to
 * be started. */
struct core *board_main_core(struct board *board);
unsigned board_main_index(const struct board *board);

/* Is it the access port of the second core of its line, which this part has not? */
bool board_lacks_port(const struct board *board, uint32_t port);
/* A core that this chip has, and that waits for another to start it. It is one of the cores, which
 * core_is_held(), where it is known at what address it begins; else the chip was connected without
 * it. NULL: none. */
const struct core_entry *board_held_core(const struct board *board);
/* Sets the bit that starts it, in place of the other core's program. It halts at its first
 * instruction, or goes on from there when it was let run. CAUSE_REQUEST: it does not wait. */
enum cause board_start_core(struct board *board, unsigned core, struct reason *why);

/* What is known of the bench, since the last connection began: what connecting and resetting saw
 * by the way, and what was looked for (targets/diagnosis/examine.h). */
struct facts *board_facts(struct board *board);
/* What came in the way of the last connection and was got round - a slower clock, a core caught
 * asleep, a reset - with what to change; NULL: nothing did. */
const struct reason *board_rescue(const struct board *board);
/* Why the chip counts as made by another than ST, and what that means; NULL: it does not. */
const struct reason *board_copy(const struct board *board);
/* Is the flash read-protected now? Then *why has the register that says so, and what to do. */
bool board_is_read_protected(struct board *board, struct reason *why);
/* Is bank 2 seen at the place of bank 1, by the option bytes of the family? False where nothing says
 * so. Fails as `core`'s memory does. */
enum cause board_read_swap(const struct board *board, struct core *core, bool *are_swapped,
			   struct reason *why);
/* Of which parts of the flash a debugger reads zeros; what is known without the registers of the flash
 * controller when these cannot be read. Fails as `core`'s memory does. */
enum cause board_read_hidden(const struct board *board, struct core *core,
			     struct hidden_ranges *ranges, struct reason *why);
/* Was its flash empty when the option bytes were loaded (FLASH_ACR.EMPTY; RM0444 Rev 5, 2.5)? Then the
 * ROM loader runs whatever BOOT0 is. False: nothing tells. One read. */
bool board_read_empty_flag(struct board *board, bool *was_empty);
/* What connecting tried, in order, and how each ended. */
struct board_try {
	const char *name;  /* "attach at 4000 kHz" */
	char outcome[160]; /* "connected"; why it did not */
};
enum { BOARD_MAX_TRIES = 8 };
size_t board_tries(const struct board *board, const struct board_try **tries);

/* Loss is a latch of the debug port (dap_is_lost()): board_turn() looks at it while the
 * board is connected, finds out whether it is the probe or the target, and reports
 * EVENT_LOST once. Refused, impossible and late accesses are no loss. */
bool board_is_lost(const struct board *board);
/* The reason of the loss; only while board_is_lost(). */
const struct reason *board_lost_why(const struct board *board);
/* Is the probe gone, and not the target alone? Only while board_is_lost(). */
bool board_has_lost_probe(const struct board *board);
/* Gives up a board that is connected to what it cannot be used with: as a loss. */
void board_give_up(struct board *board, const struct reason *why);
/* A board that has never been connected counts as lost, for this reason, which takes the place of
 * an older one; nothing is reported. */
void board_is_missing(struct board *board, const struct reason *why, bool lacks_probe);
/* Asks the probe for something that needs no target. */
bool board_is_probe_there(struct board *board);
/* A new probe for a lost board; then board_connect(). */
void board_replace_probe(struct board *board, struct probe *probe);

enum { BOARD_MAX_LISTENERS = 16 };
bool board_listen(struct board *board, board_listener *listener, void *context);
void board_unlisten(struct board *board, board_listener *listener, void *context);

/* What a job works on: a set. */
enum board_claim {
	CLAIM_RESET = 1,
	CLAIM_FLASH = 2,
	CLAIM_POWER = 4,
	CLAIM_CORE = 8, /* << index of the core */
	CLAIM_EVERYTHING = 0xffff,
	/* With others: the job resets and programs nothing, so that programs that share the probe
	 * (transport/probe/claims.h) may do so meanwhile. Without it flash, reset and power are claimed
	 * among those programs, too. */
	CLAIM_HERE = 0x10000
};

/* The claim on one core. */
static inline unsigned
board_core_claim(unsigned core)
{
	return (unsigned)CLAIM_CORE << core;
}

enum { BOARD_MAX_JOBS = 4 };

/* Called once, by board_turn(), when a job has ended by itself; `why` only with a cause. What
 * is kept of the cores that it had claimed is fresh by then. */
typedef void board_done(void *context, enum cause cause, const struct reason *why);

/* Takes the job over: it is stepped by board_turn() and freed in any case. CAUSE_REQUEST: as
 * board_check_free(), or BOARD_MAX_JOBS are under way. Registers of claimed cores are kept
 * for readers. */
enum cause board_begin(struct board *board, struct job *job, unsigned claims,
		       const void *by, board_done *done, void *context, struct reason *why);
/* Ends the jobs of `by` unfinished, without calling `done`; what fails is logged. A job that
 * takes time to clean up keeps its claims until then. */
void board_cancel(struct board *board, const void *by);
/* Ends them early, as Ctrl-C does: `done` is called when that is over, with CAUSE_REQUEST and
 * the name of what was interrupted. False: there is none. */
bool board_interrupt(struct board *board, const void *by);
/* All of them, at once: it may block for as long as cleaning up takes. */
void board_cancel_all(struct board *board);
/* The first job that has one of these claims; NULL: none. */
const struct job *board_claimant(const struct board *board, unsigned claims);
/* The job of `by`; NULL: none. */
const struct job *board_job_of(const struct board *board, const void *by);
/* CAUSE_REQUEST with the job's name when one has one of these claims, here or in another program
 * that shares the probe; that one is asked by an exchange with the probe's owner. */
enum cause board_check_free(const struct board *board, unsigned claims, struct reason *why);
/* The same, and what others must respect is claimed for this program until the next turn, for the job
 * that is to be begun: `what` names it. */
enum cause
board_reserve(struct board *board, unsigned claims, const char *what, struct reason *why);

/* For a program that steps its jobs itself and takes no turns, between two steps of one: the others hear
 * that what was reserved goes on. CAUSE_REQUEST: it was given up meanwhile, and another program has
 * broken it. */
enum cause
board_keep_reserved(struct board *board, const struct job *job, struct reason *why);
/* One has failed: a program that is no tether, and has changed the target meanwhile, is named. */
void board_explain_reserved(struct board *board, struct reason *why);
/* At its end: the others may go on, and hear of the resets. */
void board_end_reserved(struct board *board);

/* CAUSE_REQUEST, with the job's name, when a job under way uses RAM in [at, at + size): writing
 * there, or a breakpoint, would break it, by whichever core. */
enum cause
board_check_ram(const struct board *board, uint32_t at, uint32_t size, struct reason *why);

/* One step of each job that is due, one look at each core that is due and not claimed, range
 * steps, the latch, events. Works for about 20 ms at most. *wait_us: when the next turn is
 * due; UINT64_MAX: nothing is waited for. */
void board_turn(struct board *board, uint64_t *wait_us);

/* Of a core: should it stay halted when it is (a client is attached), does a client wait for
 * its stop? The first decides whether a core that begins to run by itself is halted again,
 * the second how often it is looked at: at once, then after 1, 2 and each further 5 ms, or every
 * 500 ms. */
void
board_expect(struct board *board, unsigned core, bool stays_halted, bool is_waited_for);
/* Of a reset that SOURCE_CHIP reported: "by a watchdog (RCC's ...)"; "" when the chip has no
 * flags, or they cannot be read. Reads them once for each reset; good until the next. */
const char *board_reset_source(struct board *board);
/* That the chip is reset again and again, by whom, and what ends it; NULL: it is not. */
const struct reason *board_reset_row(const struct board *board);
/* The job under way resets the chip: when that is seen it is not to be reported. */
void board_expect_reset(struct board *board);

struct stop {
	struct halt halt;
	bool is_locked_up; /* the core was locked up before the halt */
	bool is_led; /* the halt of the core `leader` has halted it (board_group_begin()) */
	unsigned leader;
	bool is_by_reset; /* the step that was asked for has ended by one */
	const void *by;   /* who asked for the halt or the reset; NULL: nobody */
};

/* Was that core started, and sleeps so that it cannot be reached? Then *board_asleep_why() says so. */
bool board_is_asleep(const struct board *board, unsigned core);
const struct reason *board_asleep_why(const struct board *board);
/* As last seen. */
bool board_is_halted(const struct board *board, unsigned core);
enum core_state board_core_state(const struct board *board, unsigned core);
const struct stop *board_stop(const struct board *board, unsigned core); /* the last one */
bool board_is_stepping(const struct board *board, unsigned core);
/* It stands where a reset for a client of the other core has halted it, and nobody debugs it: it goes
 * on when the other one does. */
bool board_goes_along(const struct board *board, unsigned core);

/* core_depart() of one that is halted; else nothing. */
enum cause board_depart(struct board *board, unsigned core, struct core_place *place,
			struct reason *why);
/* After a loss in which it was let go from there: looks whether it has gone. *has_stopped: it has
 * done what was asked for, a step or to run, and has halted. Neither: it still stands there, and
 * is to be let go again. */
enum cause board_look_after(struct board *board, unsigned core,
			    const struct core_place *place, bool is_step, bool *has_gone,
			    bool *has_stopped, struct reason *why);
/* Looks now, unless a job has the core. */
enum cause board_look(struct board *board, unsigned core, struct reason *why);
/* These fail with CAUSE_REQUEST while a job has the core. EVENT_HALTED comes with the next
 * turn. Halting a halted core is harmless, and ends a range step. */
enum cause
board_halt(struct board *board, unsigned core, const void *by, struct reason *why);
enum cause
board_resume(struct board *board, unsigned core, const void *by, struct reason *why);
/* The same of several, a set: a group's start together. */
enum cause
board_resume_cores(struct board *board, unsigned cores, const void *by, struct reason *why);
/* The same out of EVENT_HALTED for a halt that counts as none: nothing is reported, and the
 * registers kept for readers stay those of the halt before. */
enum cause board_pass(struct board *board, unsigned core, struct reason *why);
/* Nobody debugs the core any more: it runs, halting debug is off (core_release()), and a BKPT of
 * the program's own is the program's business. What follows turns it on again. */
enum cause
board_let_go(struct board *board, unsigned core, const void *by, struct reason *why);
/* One instruction. When it takes longer (WFI) the core is seen as running until it halts. */
enum cause
board_step(struct board *board, unsigned core, const void *by, struct reason *why);
/* Steps until PC has left [from, to), in slices of board_turn(); interrupts come through
 * between them. */
enum cause board_step_range(struct board *board, unsigned core, uint32_t from, uint32_t to,
			    const void *by, struct reason *why);

/* Out of EVENT_HALTED at a BKPT by which the program asked for something: `result` in R0, and PC
 * behind the BKPT. Fails as board_register_write(). */
enum cause
board_answer_bkpt(struct board *board, unsigned core, uint32_t result, struct reason *why);

/* The register with gdb's number; of the last halt while the core runs or a job has it.
 * CAUSE_REQUEST when none is known, or the core has no such register. */
enum cause board_register_read(struct board *board, unsigned core, unsigned number,
			       uint64_t *value, struct reason *why);
enum cause board_register_write(struct board *board, unsigned core, unsigned number,
				uint64_t value, struct reason *why);

/* Memory beside the chip, until the chip is identified anew; the entry lives as long. CAUSE_REQUEST: the
 * chip has something there. */
enum cause board_add_external(struct board *board, const struct memory_entry *entry,
			      struct reason *why);
/* Why the finder found none; NULL: it did, or there is no finder. */
const struct reason *board_external_why(const struct board *board);

/* Cores that halt together, by their cross triggers: a halt of one, for whatever reason, halts the
 * others without a debugger in between, and board_resume() of one lets those go with it that it or
 * nobody has halted and nobody is attached to. Jobs that have claimed a core halt it alone. Stays
 * over resets and losses. CAUSE_UNSUPPORTED, CAUSE_REQUEST: this chip's cores cannot. */
enum cause board_group_begin(struct board *board, struct reason *why);
/* Leaves their cross triggers as they were; the first failure is reported. Without a group it does
 * nothing. */
enum cause board_group_end(struct board *board, struct reason *why);
bool board_is_group(const struct board *board);
/* How far the last start together and the halts after it were apart, by the cores' counters of
 * cycles. */
struct group_skew {
	bool is_known;
	int32_t cycles; /* of the first core, by which the second has run longer */
	uint32_t ratio; /* so many of them to one of the second's */
};
const struct group_skew *board_group_skew(const struct board *board);

/* What lies at `at`: "flash bank 1", "SRAM2", "beyond this chip's RAM"; for reasons. */
const char *board_region_name(const struct board *board, uint32_t at);
bool board_is_ram(const struct board *board, uint32_t at);

#endif /* TARGETS_BOARD_BOARD_H */
