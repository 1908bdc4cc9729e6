/* SPDX-License-Identifier: MIT */
#include "server/session/turns.h"

enum { HALF_LIFE_US = 100000, MAX_HALVINGS = 63 };

static void
age(struct turn *turn, uint64_t now_us)
{
	uint64_t halvings = (now_us - turn->aged_us) / HALF_LIFE_US;

	if (halvings == 0)
		return;
	turn->used_us = halvings > MAX_HALVINGS ? 0 : turn->used_us >> halvings;
	turn->aged_us += halvings * HALF_LIFE_US;
}

static bool
is_anybody_there(const struct turns *turns)
{
	return turns->asked.next != &turns->asked;
}

static struct turn *
find_next(struct turns *turns, uint64_t now_us)
{
	struct turn *best = turns->asked.next;

	for (struct turn *turn = best; turn != &turns->asked; turn = turn->next) {
		age(turn, now_us);
		if (turn->used_us < best->used_us)
			best = turn;
	}
	return best;
}

/* The first that is served takes the place of nobody. */
static void
note_change(struct turns *turns, const struct turn *turn, uint64_t now_us)
{
	if (turns->last != NULL && turns->last != turn)
		turns->changed_us = now_us;
	turns->last = turn;
}

void
turns_hand_out(struct turns *turns)
{
	uint64_t began_us, now_us;

	tape_do(turns->tape, "turns", 0, "");
	began_us = now_us = clock_now_us(turns->clock);
	while (is_anybody_there(turns) && now_us - began_us < TURNS_BUDGET_US) {
		struct turn *turn = find_next(turns, now_us);
		uint64_t before_us = now_us;

		turn_withdraw(turn);
		note_change(turns, turn, now_us);
		turn->take(turn);
		/* A connection is freed by the loop only (closing its handles). */
		now_us = clock_now_us(turns->clock);
		turn->used_us += now_us - before_us + 1;
	}
	if (!is_anybody_there(turns))
		uv_idle_stop(&turns->idle);
}

static void
hand_out(uv_idle_t *idle)
{
	turns_hand_out(idle->data);
}

bool
turns_are_shared(const struct turns *turns)
{
	return is_anybody_there(turns) ||
	       (turns->changed_us > 0 &&
		clock_now_us(turns->clock) - turns->changed_us < TURNS_SHARED_US);
}

void
turns_init(struct turns *turns, uv_loop_t *loop, struct clock *clock)
{
	*turns = (struct turns){ .clock = clock };
	turns->asked.next = turns->asked.previous = &turns->asked;
	uv_idle_init(loop, &turns->idle);
	turns->idle.data = turns;
}

void
turns_close(struct turns *turns)
{
	uv_close((uv_handle_t *)&turns->idle, NULL);
}

void
turn_ask(struct turns *turns, struct turn *turn)
{
	if (turn->is_asked || uv_is_closing((uv_handle_t *)&turns->idle))
		return;
	if (turn->aged_us == 0)
		*turn = (struct turn){ .take = turn->take,
				       .used_us = TURNS_NEWCOMER_US,
				       .aged_us = clock_now_us(turns->clock) };
	turn->is_asked = true;
	turn->next = &turns->asked;
	turn->previous = turns->asked.previous;
	turn->previous->next = turn->next->previous = turn;
	uv_idle_start(&turns->idle, hand_out);
}

void
turn_withdraw(struct turn *turn)
{
	if (!turn->is_asked)
		return;
	turn->is_asked = false;
	turn->previous->next = turn->next;
	turn->next->previous = turn->previous;
}
