/* SPDX-License-Identifier: MIT */
/*
 * group.c - cores that halt together and are let go together, by their cross triggers.
 *
 * RM0399 Rev 4, 63.5.4: the matrix has four channels. The first and the second carry the halts of
 * the first and of the second core, the third the pulse that restarts both.
 */
#include "targets/board/board_internal.h"

#include "transport/base/log.h"

#include <stdlib.h>

enum { ALL_CHANNELS = 7, CHANNEL_RESTART = 1 << 2 };

/* A counter of 32 bits comes round after 8.9 s at 480 MHz. Cores that start and halt within
 * microseconds of each other differ by no more cycles: those of a core that slept stand still. */
enum { TIMED_MOST_US = 5000000, SKEW_MOST = 100000 };

static unsigned
bit(unsigned core)
{
	return 1u << core;
}

bool
board_is_group(const struct board *board)
{
	return board->group.is_on;
}

const struct group_skew *
board_group_skew(const struct board *board)
{
	return &board->group.skew;
}

static bool
is_usable(const struct board *board)
{
	return board->is_connected && !board->is_lost;
}

/* --- joining and parting --- */

static enum cause
refuse_one_core(struct board *board, struct reason *why)
{
	const struct core_entry *held = board_held_core(board);

	if (held == NULL)
		return reason_begin(why, CAUSE_REQUEST,
				    "%s has no second core that can be debugged: there is "
				    "none for %s to halt with",
				    board_describe(board), core_name(&board->cores[0]));
	reason_begin(why, CAUSE_REQUEST,
		     "%s has not been started (%s holds it): there is "
		     "no core for %s to halt with",
		     held->name, held->gate.name, core_name(board_main_core(board)));
	reason_suspect(why, FINDING_D9);
	return CAUSE_REQUEST;
}

static struct cross
cross_of(const struct board *board, unsigned core)
{
	const struct core_entry *entry = board_entry(board, core);

	_Static_assert(DEVICE_MAX_CORES == 2,
		       "a channel for each, and one for the restart");
	return (struct cross){ .at = entry == NULL ? 0 : entry->cti_at,
			       .channels = ALL_CHANNELS,
			       .tells = bit(core),
			       .hears = (bit(board->cores_len) - 1) & ~bit(core),
			       .restarts = CHANNEL_RESTART };
}

static enum cause
join(struct board *board, unsigned core, struct reason *why)
{
	struct cross cross = cross_of(board, core);
	enum cause cause;

	if (cross.at == 0)
		return reason_begin(
			why, CAUSE_UNSUPPORTED,
			"no cross trigger interface of %s is known on this chip",
			core_name(&board->cores[core]));
	cause = core_reclaim(&board->cores[core], why);
	return cause == CAUSE_NONE ? core_cross_begin(&board->cores[core], &cross, why)
				   : cause;
}

/* What cannot be seen here keeps no connection from being made. */
void
group_clear(struct board *board)
{
	for (unsigned i = 0; i < board->cores_len && !board->group.is_on; i++) {
		struct cross cross = cross_of(board, i);
		struct reason unseen = REASON_INIT;
		bool was_left = false;

		if (cross.at == 0 || core_has_other_debugger(&board->cores[i]) ||
		    core_cross_clear(&board->cores[i], &cross, &was_left, &unseen) !=
			    CAUSE_NONE)
			continue;
		if (was_left)
			log_warning("board",
				    "the cross triggers of %s were left on by a session "
				    "that was killed: they are off now",
				    core_name(&board->cores[i]));
	}
}

enum cause
board_group_begin(struct board *board, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (board->group.is_on)
		return CAUSE_NONE;
	if (board->cores_len < DEVICE_MAX_CORES || board_held_core(board) != NULL)
		return refuse_one_core(board, why);
	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++)
		cause = join(board, i, why);
	board->group = (struct board_group){ .is_on = true };
	if (cause != CAUSE_NONE) {
		struct reason echo = REASON_INIT;

		board_group_end(board, &echo);
	}
	return cause;
}

enum cause
board_group_end(struct board *board, struct reason *why)
{
	enum cause first = CAUSE_NONE;

	if (!board->group.is_on)
		return CAUSE_NONE;
	board->group.is_on = false;
	for (unsigned i = 0; i < board->cores_len; i++) {
		struct reason echo = REASON_INIT;
		enum cause cause =
			core_cross_end(&board->cores[i], first == CAUSE_NONE ? why : &echo);

		if (first == CAUSE_NONE)
			first = cause;
	}
	return first;
}

/* What cannot be reached is written when it is connected again. */
enum cause
group_settle(struct board *board, struct reason *why)
{
	bool is_muted = false;
	enum cause cause = CAUSE_NONE;

	if (!board->group.is_on)
		return CAUSE_NONE;
	for (unsigned i = 0; i < board->cores_len; i++)
		is_muted = is_muted || board_claimant(board, board_core_claim(i)) != NULL;
	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++) {
		if (is_usable(board))
			cause = core_cross_mute(&board->cores[i], is_muted, why);
		else
			board->cores[i].cross.is_muted = is_muted;
	}
	return cause;
}

bool
group_keeps(const struct board *board, unsigned core)
{
	if (!board->group.is_on)
		return false;
	for (unsigned i = 0; i < board->cores_len; i++)
		if (i != core && board->runs[i].stays_halted)
			return true;
	return false;
}

/* --- going --- */

unsigned
group_idle(const struct board *board, unsigned cores)
{
	unsigned idle = 0;

	for (unsigned i = 0; board->group.is_on && i < board->cores_len; i++)
		if ((cores & bit(i)) == 0 && board->runs[i].is_halted &&
		    !board->runs[i].stays_halted &&
		    board_claimant(board, board_core_claim(i)) == NULL)
			idle |= bit(i);
	return idle;
}

unsigned
group_led_by(const struct board *board, unsigned core)
{
	unsigned led = 0;

	for (unsigned i = 0; board->group.is_on && i < board->cores_len; i++)
		if (i != core && board->runs[i].is_halted && board->runs[i].is_halt_due &&
		    board->runs[i].stop.is_led && board->runs[i].stop.leader == core)
			led |= bit(i);
	return led;
}

/* HPRE, RM0399 Rev 4, 8.7.9: 0xxx: 1; 1000 to 1011: 2 to 16; 1100 to 1111: 64 to
 * 512. 0: not known. */
static uint32_t
divider_now(struct board *board)
{
	const struct core_entry *entry = board_entry(board, 1);
	struct reason unread = REASON_INIT;
	uint32_t value = 0;

	if (entry == NULL || entry->divider_at == 0 ||
	    mem_read32(&board_main_core(board)->mem, entry->divider_at, &value, &unread) !=
		    CAUSE_NONE)
		return 0;
	value &= 0xf;
	return value < 8 ? 1 : value < 12 ? 1u << (value - 7) : 1u << (value - 6);
}

/* The restart, and who has not heard it. */
static enum cause
pulse(struct board *board, unsigned cores, struct reason *why)
{
	struct board_group *group = &board->group;
	bool is_timed = true;
	enum cause cause = core_cross_restart(board_main_core(board), why);

	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++) {
		bool is_late = false;

		if ((cores & bit(i)) != 0)
			cause = core_see_start(&board->cores[i], &is_late, why);
		if (is_late)
			log_warning("board",
				    "%s did not hear the restart of the cross triggers; "
				    "it was resumed by itself",
				    core_name(&board->cores[i]));
		is_timed = is_timed && !is_late;
	}
	group->is_timed = is_timed && cause == CAUSE_NONE && group->divider != 0;
	group->started_us = clock_now_us(board_clock(board));
	return cause;
}

/* One has halted in the step over its breakpoint: the others go, and are halted by that. */
static enum cause
go_into(struct board *board, unsigned cores, unsigned into, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++)
		if ((cores & ~into & bit(i)) != 0)
			cause = core_let_run(&board->cores[i], why);
	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++)
		if ((into & bit(i)) != 0)
			cause = core_cross_tell(&board->cores[i], why);
	return cause;
}

enum cause
group_go(struct board *board, unsigned cores, struct reason *why)
{
	struct board_group *group = &board->group;
	unsigned into = 0;
	enum cause cause = CAUSE_NONE;

	group->is_timed = false;
	group->divider = divider_now(board);
	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++) {
		bool ran_into = false;

		if ((cores & bit(i)) == 0)
			continue;
		cause = core_make_ready(&board->cores[i], &group->cycles[i], &ran_into,
					why);
		if (ran_into)
			into |= bit(i);
	}
	if (cause != CAUSE_NONE)
		return cause;
	return into == 0 ? pulse(board, cores, why) : go_into(board, cores, into, why);
}

/* --- halting --- */

/* One that was halted from outside was halted by the other, if that has a reason of its own. */
static void
find_leaders(struct board *board)
{
	for (unsigned i = 0; i < board->cores_len; i++) {
		struct stop *stop = &board->runs[i].stop;
		unsigned other = (i + 1) % board->cores_len;

		if (stop->halt.reason == HALT_EXTERNAL && !stop->is_led &&
		    board->runs[i].is_halted && board->runs[other].is_halted &&
		    board->runs[other].stop.halt.reason != HALT_EXTERNAL) {
			stop->is_led = true;
			stop->leader = other;
		}
	}
}

static enum cause
read_cycles(struct board *board, uint32_t *ran, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++) {
		uint32_t now = 0;

		cause = mem_read32(&board->cores[i].mem, DWT_CYCCNT_AT, &now, why);
		ran[i] = now - board->group.cycles[i];
	}
	return cause;
}

static void
measure(struct board *board)
{
	struct board_group *group = &board->group;
	uint64_t ran_us = clock_now_us(board_clock(board)) - group->started_us;
	struct reason unread = REASON_INIT;
	uint32_t ran[DEVICE_MAX_CORES] = { 0 };
	int32_t cycles;

	if (!group->is_timed)
		return;
	group->is_timed = false;
	group->skew.is_known = false;
	if (ran_us > TIMED_MOST_US || divider_now(board) != group->divider ||
	    read_cycles(board, ran, &unread) != CAUSE_NONE)
		return;
	cycles = (int32_t)(ran[1] * group->divider - ran[0]);
	if (abs(cycles) > SKEW_MOST)
		return;
	group->skew = (struct group_skew){ true, cycles, group->divider };
	log_info("board", "%s and %s have halted together: %s ran %d cycles of %s longer",
		 core_name(&board->cores[0]), core_name(&board->cores[1]),
		 core_name(&board->cores[1]), (int)cycles, core_name(&board->cores[0]));
}

void
group_halted(struct board *board, unsigned core)
{
	bool are_halted = true;

	if (!board->group.is_on || board->cores[core].cross.is_muted)
		return;
	for (unsigned i = 0; i < board->cores_len; i++) {
		/* What cannot be seen now is seen by its own next look. */
		struct reason unseen = REASON_INIT;

		if (i != core && !board->runs[i].is_halted &&
		    run_look(board, i, &unseen) != CAUSE_NONE)
			return;
		are_halted = are_halted && board->runs[i].is_halted;
	}
	find_leaders(board);
	if (are_halted)
		measure(board);
}
