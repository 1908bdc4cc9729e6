/* SPDX-License-Identifier: MIT */
/*
 * board_internal.h - the inside of a board, for the files that connect, identify
 * and reset it.
 */
#ifndef TARGETS_BOARD_BOARD_INTERNAL_H
#define TARGETS_BOARD_BOARD_INTERNAL_H

#include "targets/board/board.h"
#include "targets/board/readings.h"
#include "targets/chip/clone.h"
#include "targets/core/core_internal.h"
#include "transport/base/job.h"
#include "transport/probe/claims.h"

/* Values of struct board_options that stand for 0. */
enum {
	BOARD_SPEED_HZ = 4000000,
	BOARD_NRST_HOLD_MS = 20,
	BOARD_NRST_SETTLE_MS = 5000,
	BOARD_HALT_TIMEOUT_MS = 100
};

struct board_listening {
	board_listener *listener; /* NULL: free */
	void *context;
};

enum { BOARD_MAX_REGISTERS = 96 };

/* What is known of a core, and what is done with it over time. */
struct board_run {
	enum core_state state;
	bool is_halted; /* when last seen */
	struct stop stop;
	bool has_registers;
	bool had_registers; /* of the halt before the last */
	/* Of the last halt, by gdb number: those that had been read. */
	bool is_kept[BOARD_MAX_REGISTERS];
	uint64_t registers[BOARD_MAX_REGISTERS];

	bool stays_halted, is_waited_for; /* board_expect() */
	bool is_held;                     /* held.c */
	bool goes_along;                  /* along.c */
	bool is_kept_halted; /* a client has halted it, attached to it or not */
	bool is_stale; /* not looked at since it was claimed, connected, or cannot be seen */
	uint64_t due_us;    /* of the next look */
	unsigned looks;     /* since it was let run */
	uint64_t mended_us; /* when BKPTs in RAM were looked at last */

	bool is_stepping; /* until PC has left [range_from, range_to) */
	uint32_t range_from, range_to;
	const void *stepped_by;
	bool has_detour; /* it runs to a breakpoint of ours at detour_at, see range.c */
	uint32_t detour_at;

	uint64_t reset_seen_us; /* when one was seen last, reported or not; 0: never */
	unsigned resets;        /* of a row that nobody has asked for, since row_us */
	uint64_t row_us;
	bool is_reset_unseen; /* another program did one, and its sign in DHCSR is gone */
	bool expects_reset;   /* the next reset seen is one that was reported already */
	bool is_blind;        /* looks fail, and that was reported */

	/* Events that board_turn() still has to report. */
	bool is_halt_due, is_run_due, is_reset_due, is_held_due;
	enum board_source halt_source, run_source;
	const void *run_by;
};

/* reset_row.c: resets that nobody has asked for, one soon after the other. */
struct reset_row {
	bool is_on;  /* it is long enough to be one */
	bool is_due; /* and still has to be reported */
	unsigned len;
	unsigned tries; /* to read what resets it, which reads as zeros in reset */
	uint64_t took_us, last_us;
	struct reason why;
};

/* group.c */
struct board_group {
	bool is_on;
	bool is_timed;       /* they were let go together, and have not halted since */
	uint64_t started_us; /* then */
	uint32_t cycles[DEVICE_MAX_CORES];
	uint32_t divider; /* then */
	struct group_skew skew;
};

struct board_work {
	struct job *job; /* NULL: free */
	unsigned claims;
	const void *by;
	board_done *done; /* NULL: nobody waits for it any more */
	void *context;
	uint64_t due_us;
	bool is_interrupted; /* board_interrupt(): `done` is to say so */
	bool is_ending;      /* its steps only clean up */
	bool is_busy;        /* in a step, or its end is being reported */
	bool is_cancelled;   /* while it was busy */
};

struct board {
	struct probe *probe;
	struct board_options options; /* without zeros */
	bool is_speed_chosen;         /* by who asked; else it is the probe's usual one */
	bool is_slowed;               /* the connection needed a slower clock than that */
	struct dap dap;
	struct core_map map; /* what the cores see, by `chip` */

	/* By identification; kept over the loss of a connection. */
	const struct device_table *table;
	struct chip chip;
	/* What DBGMCU_IDCODE reads where it is no id of an STM32; 0: none. */
	uint32_t odd_id;
	char description[160];
	/* What it is instead of an STM32; NULL: nothing says so. */
	const struct clone *clone;
	struct reason copy_why;          /* unless `clone` is NULL */
	uint16_t rom_designer, rom_part; /* 0: not read */
	bool holds_other_core;           /* it has not been started: its gate is closed */
	struct reason held_why;          /* the same, of one that is shown */
	uint64_t held_seen_us;           /* when its gate was seen closed last */
	bool is_start_moved;             /* it will begin where there is nothing */
	bool has_catch_left; /* halting debug is on in it, and may catch its start: from before a reset */
	uint16_t start_at; /* upper half of the address of its vector table, without that */
	bool lacks_second_core; /* that others of its line have: not even its port is there */
	bool is_second_first; /* the second is the only one, and stands at [0]: identify.c */
	unsigned main_core;   /* board_main_core() */
	unsigned cores_len;
	struct core cores[DEVICE_MAX_CORES];
	struct board_run runs[DEVICE_MAX_CORES];
	struct board_work works[BOARD_MAX_JOBS];
	unsigned next_unit; /* of a turn: works, then cores */
	/* Among the programs that share the probe (claims.c). */
	bool has_claim;
	uint64_t claim_due_us;             /* when its owner is to hear that it goes on */
	char resetting[PROBE_CLAIM_WORDS]; /* the job that may reset, for them */
	bool has_reset;                    /* they have not heard of it yet */
	uint64_t news_due_us;              /* when it is asked again whether they have */
	bool wants_news;                   /* a core saw a reset */
	bool has_seen_reset; /* a core saw that of `reset_by`, who has not said so yet */
	uint32_t reset_by;
	struct board_group group;
	bool is_port_open;
	struct mem_ap port; /* beside those of the cores: DBGMCU may be behind another */

	/* Of the last connection, or attempt at one. */
	/* How long NRST took to rise when it was slow; 0: it is not. */
	uint32_t nrst_rise_us;
	uint32_t nrst_rise_most_us; /* and how long at most, seen by a slow host */
	struct facts facts;
	uint32_t experiments;       /* bit n: experiment_at(n) was run */
	uint32_t experiments_short; /* bit n: there was too little time for it */
	struct deadline verdict;    /* when it is due: VERDICT_MS */
	struct bench_readings readings;
	bool is_rescued;
	struct reason rescue;
	size_t tries_len;
	struct board_try tries[BOARD_MAX_TRIES];

	/* reset_source.c */
	bool has_reset_flags;
	uint32_t reset_flags; /* as last read; what is new after a reset is its source */
	uint64_t source_us;   /* of the last reset that was asked for its source; 0: none */
	char reset_source[192];
	struct reset_row row;

	/* What board_external_why() says; CAUSE_NONE: nothing. */
	struct reason external_why;

	bool is_connected;
	bool has_met;        /* its cores were claimed before: leftovers.c */
	bool has_saved_bits; /* of the chip's debug_bits, as they were before we set them */
	uint32_t saved_bits[DEVICE_MAX_DEBUG_BITS];

	bool is_lost, has_lost_probe;
	bool is_lost_by_silence; /* and nothing was tried since */
	uint32_t lost_hz;        /* the SWD clock then */
	struct reason lost_why;
	struct board_listening listening[BOARD_MAX_LISTENERS];
	struct job no_job;
};

struct clock *board_clock(const struct board *board);
/* Forgets what an earlier connection saw and tried. */
void board_begin_tries(struct board *board);
void board_tried(struct board *board, const char *name, const char *outcome);
void board_report(struct board *board, const struct board_event *event);
/* Opens a core behind its port and identifies it. */
enum cause
board_open_core(struct board *board, struct core *core, uint32_t ap, struct reason *why);
/* The device's entry of a core; NULL: the chip is in no table. */
const struct core_entry *board_entry(const struct board *board, unsigned core);
/* Stands in for a job there was no memory for: its step says so. */
struct job *board_no_job(struct board *board, const char *name);

/* identify.c: finds an access port with a core and makes it the main one. Needs the debug
 * port only. CAUSE_UNSUPPORTED: no Cortex-M behind any port looked at. */
enum cause board_find_core(struct board *board, struct reason *why);
/* Finds out which chip it is and fills in chip and description; an unknown chip is logged and
 * no failure. CAUSE_REQUEST: --target names none. */
enum cause board_identify(struct board *board, struct reason *why);
/* protection.c: the register that says whether the flash is read-protected; NULL: none is known. */
const struct read_flag *board_read_flag(const struct board *board);
/* Logs it when it is. */
void board_log_protection(struct board *board);
/* maker.c: fills in `clone`, by what the chip was identified as. */
enum cause board_find_maker(struct board *board, struct reason *why);
/* ... and adapts the chip, which was resolved as the STM32 that it passes for. */
enum cause board_take_copy(struct board *board, struct reason *why);
/* How much RAM a chip has that is in no table. */
enum cause board_look_for_ram(struct board *board, struct reason *why);
/* Opens and identifies the cores of the device. One beside the first may be absent. */
enum cause board_open_cores(struct board *board, struct reason *why);
/* Memory behind an access port, which is opened unless it is that of a core; *mem is good
 * until the next call. */
enum cause
board_port(struct board *board, uint32_t ap, struct mem_ap **mem, struct reason *why);

/* held.c: whether that core has been started, or needs nobody to, as far as registers show that the
 * other one reads. */
bool held_is_gate_open(struct board *board, unsigned core, const struct core_gate *gate);
/* That core waits to be started, shown halted or as one that was let run. */
void held_begin(struct board *board, unsigned core, bool runs);
/* It was started, and cannot be reached while it sleeps. */
void held_begin_asleep(struct board *board, unsigned core);
/* After a reset: does it wait again? */
enum cause held_check(struct board *board, bool runs, struct reason *why);
/* After a look at the core that came to `cause`: true when it waits again, by a reset. */
bool held_notice(struct board *board, unsigned core, enum cause cause);
/* A look at one that waits. Once it was started it is halted before its first instruction, or put
 * there, and goes on from there if it was let run. */
enum cause held_look(struct board *board, unsigned core, struct reason *why);
/* After a look that has seen a reset: was one that ran caught at its start, before it was seen waiting
 * for that? It goes on by held_pass(). */
bool held_is_passed(const struct board *board, unsigned core);
enum cause held_pass(struct board *board, unsigned core, struct reason *why);
/* As board_start_core(), of one that waits. */
enum cause held_start(struct board *board, unsigned core, struct reason *why);
/* Nobody debugs it any more: it will begin where it is to. */
enum cause held_end(struct board *board, struct reason *why);

/* leftovers.c: the cores were claimed. For the first time, and not by a way that turns halting debug on
 * (`is_gentle`): what a debugger that was killed has left is not to be there when we leave. */
void leftovers_note(struct board *board, bool is_gentle);

/* debug_bits.c: sets the device's DBGMCU bits, and puts back what was there. */
enum cause debug_bits_set(struct board *board, struct reason *why);
enum cause debug_bits_restore(struct board *board, struct reason *why);
enum cause debug_bits_after_reset(struct board *board, struct reason *why);

/* regions.c. A NULL board has none. */
bool board_is_flash(const struct board *board, uint32_t at);

/* loss.c */
/* Adds what the probe measures at the target as evidence, and names what is wrong with it. A
 * probe that cannot measure, or does not answer, has nothing to add. */
void board_add_voltage(struct board *board, struct reason *why);
/* Checks dap_is_lost(), reports a loss. */
void board_notice_loss(struct board *board);
/* reset_source.c: reads the reset flags, to which the next ones are compared. */
void board_keep_flags(struct board *board);
/* Reads the flags; false: none is set, or they are not known. */
bool reset_source_is_known(struct board *board);
/* What the flags that were kept say of a reset by the chip itself: ": by a watchdog of cm7 (RCC's ...)". */
void reset_source_add_latest(struct board *board, const char *core, struct text *text);
/* reset_row.c: that core has seen a reset that nobody has asked for, and come out of it. */
void reset_row_add(struct board *board, unsigned core);
/* Was there one in the last seconds? */
bool reset_row_is_near(const struct board *board);
/* In a turn: reports that a row has begun, or that it is over. */
void reset_row_turn(struct board *board);
/* For targets/connect: connected, for the first time or again. */
void board_is_back(struct board *board);

/* claims.c: must others who share the probe respect what it claims? Before the jobs' steps the owner of
 * the probe hears that they go on; CAUSE_REQUEST: another program has broken what they claimed. Behind
 * the steps what no job needs is let go. */
bool claims_are_shared(const struct board_work *work);
enum cause claims_keep(struct board *board, struct reason *why);
void claims_settle(struct board *board);
/* Does another program work with the only core, or reset it? Then who looks at it disturbs that. */
bool claims_are_elsewhere(const struct board *board);

/* sharers.c: do others who share the probe have this core, too? Of two each program may have its own. */
bool sharers_have_core(const struct board *board);
/* Asks for their resets when that is due, and reports them. */
void sharers_turn(struct board *board);
uint64_t sharers_due_us(const struct board *board);
/* Of a reset that the core saw, and that is none of ours. */
void sharers_report_reset(struct board *board, unsigned core);
/* The others hear of ours, once the job that did it is over. */
void sharers_tell(struct board *board);
/* Names the job that may reset from here on. */
void sharers_name(struct board *board, const char *what, const char *asker);

/* claims.c: the job has ended: frees it and its place, looks at the cores that nobody has
 * looked at since they were claimed. */
void board_work_finish(struct board *board, struct board_work *work);
/* Ends it early: in steps if it can, else at once. */
void board_work_cancel(struct board *board, struct board_work *work);

/* runs.c: one core at a time. Reads the core's state even if a job has claimed the core. */
enum cause run_look(struct board *board, unsigned core, struct reason *why);
enum cause run_step(struct board *board, unsigned core, struct reason *why);
/* Keeps all its registers, for as long as they cannot be read; once for each halt. */
void run_remember(struct board *board, unsigned core);
/* Discards the cached state and reads it again. */
enum cause run_freshen(struct board *board, unsigned core, struct reason *why);
void run_forget(struct board *board, unsigned core);
/* After this time the core is read again; it depends on whether a client waits for a stop. */
uint64_t run_interval_us(const struct board *board, unsigned core);
void run_schedule(struct board *board, unsigned core);
/* For targets/reset: the chip was reset, or may have been. Freshens all cores, reports. */
enum cause board_was_reset(struct board *board, const void *by, struct reason *why);

/* group.c: the core has halted: looks what that has done to the others. */
void group_halted(struct board *board, unsigned core);
/* The set of those that go with these: halted, and nobody is attached to them. */
unsigned group_idle(const struct board *board, unsigned cores);
/* The set of those whose halts were this core's doing, and were not reported. */
unsigned group_led_by(const struct board *board, unsigned core);
/* Lets these go, that are halted and ready, at once. */
enum cause group_go(struct board *board, unsigned cores, struct reason *why);
/* Does it stay with a core that is debugged, when nobody debugs it any more? */
bool group_keeps(const struct board *board, unsigned core);
/* As who has claimed what: while a job has cores nobody's halt is passed on. */
enum cause group_settle(struct board *board, struct reason *why);
/* Cores that a dead session left joined would halt each other with nobody to let them go. */
void group_clear(struct board *board);

/* along.c: the set of those that a reset which halts is to halt only until the other one goes. */
unsigned along_find(const struct board *board);
/* That reset is over. */
void along_halted(struct board *board, unsigned cores);
void along_turn(struct board *board);

/* range.c: steps for a while. */
enum cause run_step_slice(struct board *board, unsigned core, struct reason *why);

#endif /* TARGETS_BOARD_BOARD_INTERNAL_H */
