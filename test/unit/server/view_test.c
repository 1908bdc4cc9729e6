/* SPDX-License-Identifier: MIT */
/* Views and the keeper on a made-up board; the loop's timer is turned by hand, on the fake
 * probe's clock. */
#include "server/debug/debugger_internal.h"
#include "server/debug/run_control.h"
#include "targets/reset/reset.h"
#include "test/unit/fake_board.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MS = 1000, S = 1000000, VIEWS = 3 };

#define assert_has(text, words)                                               \
	do {                                                                  \
		if (strstr((text), (words)) == NULL)                          \
			fail_msg("\"%s\" does not hold \"%s\"", text, words); \
	} while (0)

/* A client: what it heard. */
struct client {
	struct view view;
	char said[4096];
	unsigned stops, failures, losses, recoveries, outdated;
	bool did_wait, is_hung_up;
	enum cause recovered;
	unsigned settlements;
	char reason[REASON_SPACE];
};

static struct fake_board fake;
static uv_loop_t loop;
static struct debugger *debugger;
static struct debugger_options options;
static struct client clients[VIEWS];
static struct reason why;
static char logged[8192];

static void
keep_log(enum log_level level, const char *room, const char *text, void *context)
{
	size_t used = strlen(logged);

	(void)level, (void)room, (void)context;
	snprintf(logged + used, sizeof(logged) - used, "%s\n", text);
}

static struct client *
client_of(struct view *view)
{
	return container_of(view, struct client, view);
}

static void
say(struct view *view, const char *lines)
{
	struct client *client = client_of(view);
	size_t used = strlen(client->said);

	snprintf(client->said + used, sizeof(client->said) - used, "%s\n", lines);
}

static void
say_blindness(struct view *view, unsigned core, const char *line)
{
	assert_int_equal(core, 0);
	assert_true(line[0] != '\0');
	say(view, "blind");
}

static void
say_sight(struct view *view, unsigned core)
{
	assert_int_equal(core, 0);
	say(view, "seen again");
}

static void
stopped(struct view *view, unsigned core)
{
	assert_int_equal(core, 0);
	assert_int_equal(view->waits, 0);
	client_of(view)->stops++;
}

static void
failed(struct view *view, unsigned core, const struct reason *reason)
{
	assert_int_equal(core, 0);
	client_of(view)->failures++;
	reason_line(reason, client_of(view)->reason, sizeof(client_of(view)->reason));
}

static void
lost(struct view *view, bool did_wait)
{
	client_of(view)->losses++;
	client_of(view)->did_wait = did_wait;
	assert_true(debugger_is_lost(view->debugger));
}

static void
recovered(struct view *view, enum cause cause, const struct reason *reason)
{
	struct client *client = client_of(view);

	client->recoveries++;
	client->recovered = cause;
	if (cause != CAUSE_NONE)
		reason_line(reason, client->reason, sizeof(client->reason));
}

static void
settled(struct view *view)
{
	client_of(view)->settlements++;
}

static void
outdated(struct view *view)
{
	client_of(view)->outdated++;
}

static void
check_hung_up(struct view *view)
{
	if (client_of(view)->is_hung_up)
		view_close(view);
}

static const struct view_ops ops = {
	.say = say,
	.say_state = say,
	.print = say,
	.blind = say_blindness,
	.seen = say_sight,
	.stopped = stopped,
	.failed = failed,
	.lost = lost,
	.recovered = recovered,
	.settled = settled,
	.outdated = outdated,
	.check_hung_up = check_hung_up,
};

static int
set_up(void **state)
{
	(void)state;
	logged[0] = '\0';
	options.any_client = true;
	memset(clients, 0, sizeof(clients));
	memset(&why, 0, sizeof(why));
	fake_board_new(&fake);
	fake_board_connect(&fake, CONNECT_ATTACH);
	log_set_sink(keep_log, NULL);
	log_set("info");
	uv_loop_init(&loop);
	assert_int_equal(debugger_new(&loop, &options, &fake.probe->clock, &debugger, &why),
			 CAUSE_NONE);
	debugger_adopt(debugger, fake.board);
	for (size_t i = 0; i < VIEWS; i++)
		assert_int_equal(view_open(&clients[i].view, &ops, debugger, 0, &why),
				 CAUSE_NONE);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < VIEWS; i++)
		view_close(&clients[i].view);
	debugger_free(debugger);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	fake_core_free(fake.core);
	log_set_sink(NULL, NULL);
	return 0;
}

/* As the loop would, a millisecond at a time. */
static void
turn_for(uint64_t us)
{
	uint64_t end = fake.probe->now_us + us;

	while (fake.probe->now_us < end && !debugger->is_ended) {
		debugger->turn(&debugger->soon);
		fake.probe->now_us += MS;
	}
}

static void
attach(unsigned client)
{
	assert_int_equal(view_attach(&clients[client].view, 0, &why), CAUSE_NONE);
	turn_for(2 * MS);
}

static enum cause
go(unsigned client, enum view_motion_kind kind, uint32_t from, uint32_t to)
{
	const struct view_motion motion = { kind, from, to };

	return view_go(&clients[client].view, 0, &motion, &why);
}

static const char *
release(unsigned client)
{
	static char words[256];
	struct text fate;

	text_init(&fate, words, sizeof(words));
	view_release(&clients[client].view, ~0u, &fate);
	return words;
}

static void
insert(unsigned client, uint32_t at)
{
	const struct breakpoint wanted = { .kind = BREAKPOINT_HARDWARE, .at = at };

	assert_int_equal(view_breakpoint_insert(&clients[client].view, &wanted, &why),
			 CAUSE_NONE);
}

static void
the_first_to_attach_halts_and_the_last_to_leave_lets_run(void **state)
{
	(void)state;
	attach(0);
	assert_true(fake.core->is_halted);
	attach(1);
	insert(0, 0x08000400);
	assert_string_equal(release(0), "other clients stay: the core was left as it was");
	assert_true(fake.core->is_halted);
	assert_int_equal(fake.core->fp_comp[0], 0);
	assert_string_equal(release(1), "breakpoints removed, the core runs");
	assert_false(fake.core->is_halted);
	assert_string_equal(release(1), "");
}

/* Two bytes, of which the first is returned; `byte` is written into the chip before. */
static uint8_t
read_after(uint8_t *place, uint8_t byte, uint32_t at)
{
	uint8_t bytes[2] = { 0 };

	*place = byte;
	assert_int_equal(view_memory_read(&clients[0].view, at, bytes, sizeof(bytes), &why),
			 CAUSE_NONE);
	return bytes[0];
}

static void
code_that_is_read_again_is_fetched_as_a_line_and_kept_for_a_tenth_of_a_second(void **state)
{
	uint8_t *place = fake.flash + 0x400, word[4] = { 0 };

	(void)state;
	attach(0);
	assert_int_equal(read_after(place, 1, 0x08000400), 1);
	assert_int_equal(read_after(place, 2, 0x08000400), 2); /* the line */
	assert_int_equal(read_after(place, 3, 0x08000400), 2); /* from it */
	fake.probe->now_us += 101 * MS;
	assert_int_equal(read_after(place, 4, 0x08000400), 4);
	assert_int_equal(read_after(place, 5, 0x08000400), 5);
	assert_int_equal(read_after(place, 6, 0x08000400), 5);
	assert_int_equal(
		view_memory_write(&clients[0].view, 0x20000000, word, sizeof(word), &why),
		CAUSE_NONE);
	assert_int_equal(read_after(place, 7, 0x08000400), 7);
	assert_int_equal(read_after(place, 8, 0x08000400), 8);
	assert_int_equal(read_after(place, 9, 0x0800043f),
			 fake.flash[0x43f]); /* two lines */
}

static void
ram_and_code_of_a_core_that_runs_are_read_each_time(void **state)
{
	uint8_t byte = 0;

	(void)state;
	attach(0);
	while (++byte < 4)
		assert_int_equal(read_after(fake.ram, byte, 0x20000000), byte);
	assert_int_equal(go(0, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	while (++byte < 8)
		assert_int_equal(read_after(fake.flash, byte, 0x08000000), byte);
}

static void
take_out(unsigned client, uint32_t at)
{
	const struct breakpoint wanted = { .kind = BREAKPOINT_HARDWARE, .at = at };

	assert_int_equal(view_breakpoint_remove(&clients[client].view, &wanted, &why),
			 CAUSE_NONE);
}

/* Client 1 has halted the core by its breakpoint at PC; both clients wait. */
static void
hit_breakpoint_of_client_1(void)
{
	attach(0);
	attach(1);
	insert(1, 0x08000400);
	assert_int_equal(go(0, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	assert_int_equal(go(1, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	fake_core_arrives(fake.core, 0x08000400);
	turn_for(10 * MS);
	assert_int_equal(clients[0].stops, 1);
}

static void
a_breakpoint_inserted_anew_at_pc_is_hit_by_who_inserted_it(void **state)
{
	(void)state;
	hit_breakpoint_of_client_1();
	take_out(1, 0x08000400);
	insert(1, 0x08000400);
	assert_int_equal(go(1, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	assert_int_equal(fake.core->r[15], 0x08000400);
}

static void
a_breakpoint_that_another_client_inserted_anew_at_pc_is_stepped_over(void **state)
{
	(void)state;
	hit_breakpoint_of_client_1();
	take_out(1, 0x08000400);
	insert(1, 0x08000400);
	assert_int_equal(go(0, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	assert_int_equal(fake.core->r[15], 0x08000402);
}

static void
who_attaches_to_a_core_that_another_runs_does_not_halt_it(void **state)
{
	uint64_t value = 0;

	(void)state;
	attach(0);
	assert_int_equal(go(0, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	attach(1);
	assert_false(fake.core->is_halted);
	assert_int_equal(view_register_read(&clients[1].view, REGISTER_PC, &value, &why),
			 CAUSE_NONE);
	assert_int_equal(value, 0x08000200);
	assert_int_equal(go(1, VIEW_STEP, 0, 0), CAUSE_REQUEST);
	assert_string_equal(reason_root(&why),
			    "cm4 is run by another client and cannot be stepped");
	assert_int_equal(clients[1].view.waits, 0);
}

static void
run_control_is_the_first_clients_until_it_leaves(void **state)
{
	struct text fate;
	char words[128];

	(void)state;
	options.any_client = false;
	attach(0);
	attach(1);
	assert_int_equal(go(1, VIEW_STEP, 0, 0), CAUSE_NONE);
	turn_for(100 * MS);
	assert_int_equal(clients[1].stops, 1);
	assert_int_equal(go(0, VIEW_CONTINUE, 0, 0), CAUSE_REQUEST);
	assert_string_equal(reason_root(&why),
			    "another client continues and steps cm4, so this one cannot");
	assert_int_equal(clients[0].view.waits, 0);
	assert_true(fake.core->is_halted);
	assert_int_equal(go(1, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	text_init(&fate, words, sizeof(words));
	view_release(&clients[1].view, ~0u, &fate);
	assert_int_equal(go(0, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
}

static void
run_control_passes_on_when_its_client_has_hung_up(void **state)
{
	(void)state;
	options.any_client = false;
	attach(0);
	attach(1);
	assert_int_equal(go(0, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	clients[0].is_hung_up = true;
	assert_int_equal(go(1, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
}

static void
a_stop_goes_to_all_who_wait_and_is_as_quick_with_a_second_client(void **state)
{
	uint64_t begun_us;

	(void)state;
	attach(0);
	insert(0, 0x08000400);
	assert_int_equal(go(0, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	attach(1);
	assert_int_equal(go(1, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	attach(2);
	turn_for(S);
	fake_core_arrives(fake.core, 0x08000400);
	begun_us = fake.probe->now_us;
	while (clients[0].stops == 0 && fake.probe->now_us - begun_us < S)
		turn_for(1);
	assert_true(fake.probe->now_us - begun_us < 10 * MS);
	assert_int_equal(clients[0].stops, 1);
	assert_int_equal(clients[1].stops, 1);
	assert_int_equal(clients[2].stops, 0);
}

static void
ctrl_c_says_by_whom(void **state)
{
	(void)state;
	attach(0);
	attach(1);
	assert_int_equal(go(0, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	assert_int_equal(go(1, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	turn_for(10 * MS);
	assert_int_equal(view_halt(&clients[1].view, 0, &why), CAUSE_NONE);
	assert_int_equal(clients[1].stops, 0); /* never from inside a call */
	turn_for(MS);
	assert_int_equal(clients[0].stops + clients[1].stops, 2);
	assert_ptr_equal(view_stop(&clients[0].view, 0)->by, &clients[1].view);
}

static void
a_step_and_a_range_are_answered_once(void **state)
{
	(void)state;
	attach(0);
	assert_int_equal(go(0, VIEW_STEP, 0, 0), CAUSE_NONE);
	turn_for(2 * MS);
	assert_int_equal(clients[0].stops, 1);
	assert_int_equal(go(0, VIEW_STEP_RANGE, 0x08000200, 0x08000210), CAUSE_NONE);
	turn_for(100 * MS);
	assert_int_equal(clients[0].stops, 2);
	assert_int_equal(view_stop(&clients[0].view, 0)->halt.pc, 0x08000210);
}

static void
a_range_that_cannot_be_stepped_fails_in_words(void **state)
{
	(void)state;
	attach(0);
	assert_int_equal(go(0, VIEW_STEP_RANGE, 0, UINT32_MAX), CAUSE_NONE);
	fake_probe_answer(fake.probe, 1, 1, ACK_FAULT);
	turn_for(5 * S);
	assert_int_equal(clients[0].failures, 1);
	assert_int_equal(clients[0].losses, 0);
	assert_has(clients[0].reason, "stepping cm4");
}

static void
a_view_that_never_attached_leaves_nothing_in_the_chip(void **state)
{
	const struct breakpoint planted = { .kind = BREAKPOINT_SOFTWARE, .at = 0x20000900 };

	(void)state;
	insert(0, 0x08000100);
	assert_int_equal(view_breakpoint_insert(&clients[0].view, &planted, &why),
			 CAUSE_NONE);
	assert_int_equal(le16_get(fake.ram + 0x900), 0xbe00);
	view_close(&clients[0].view);
	assert_int_equal(fake.core->fp_comp[0], 0);
	assert_int_equal(le16_get(fake.ram + 0x900), 0xcdcd);
	assert_false(fake.core->is_halted);
}

static void
a_client_that_has_hung_up_makes_place_for_its_successor(void **state)
{
	(void)state;
	attach(0);
	assert_int_equal(go(0, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	clients[0].is_hung_up = true;
	attach(1);
	assert_true(fake.core->is_halted);
}

static void
take_done(struct view *view, enum cause cause, const struct reason *reason)
{
	(void)reason;
	client_of(view)->recovered = cause;
	client_of(view)->recoveries++;
}

static void
begin_reset(unsigned client, bool halted)
{
	struct view *view = &clients[client].view;

	assert_int_equal(view_begin(view,
				    board_reset(debugger_board(debugger), halted, view),
				    CLAIM_EVERYTHING, take_done, &why),
			 CAUSE_NONE);
}

static void
a_reset_is_reported_to_the_others_and_its_state_is_fresh(void **state)
{
	(void)state;
	attach(0);
	attach(1);
	turn_for(2 * S);
	fake.core->vector = 0x08000300;
	begin_reset(0, true);
	assert_int_equal(go(1, VIEW_CONTINUE, 0, 0), CAUSE_REQUEST);
	assert_has(reason_root(&why), "resetting is under way");
	turn_for(S);
	assert_int_equal(clients[0].recoveries, 1);
	assert_int_equal(clients[0].recovered, CAUSE_NONE);
	assert_int_equal(clients[0].outdated, 1);
	assert_has(clients[1].said, "note: the target was reset by another client");
	assert_null(strstr(clients[0].said, "reset"));
	assert_int_equal(view_stop(&clients[1].view, 0)->halt.pc, 0x08000300);
	assert_ptr_equal(view_stop(&clients[1].view, 0)->by, &clients[0].view);
}

static void
memory_is_not_read_while_the_chip_is_in_a_reset(void **state)
{
	uint8_t bytes[4];

	(void)state;
	attach(0);
	assert_int_equal(
		view_memory_read(&clients[1].view, 0x20000000, bytes, sizeof(bytes), &why),
		CAUSE_NONE);
	begin_reset(0, true);
	assert_int_equal(
		view_memory_read(&clients[1].view, 0x20000000, bytes, sizeof(bytes), &why),
		CAUSE_REQUEST);
	assert_has(reason_root(&why), "resetting is under way");
	turn_for(S);
	assert_int_equal(
		view_memory_read(&clients[1].view, 0x20000000, bytes, sizeof(bytes), &why),
		CAUSE_NONE);
}

static void
a_client_that_asks_for_a_reset_and_dies_leaves_nothing_stale(void **state)
{
	(void)state;
	attach(0);
	attach(1);
	turn_for(2 * S);
	begin_reset(1, false);
	for (unsigned i = 0; i < 10 && fake.core->resets == 0; i++)
		debugger->turn(&debugger->soon);
	assert_int_equal(fake.core->resets, 1);
	view_close(&clients[1].view);
	assert_int_equal(go(0, VIEW_STEP_RANGE, 0x08000000, 0x08010000), CAUSE_NONE);
	turn_for(5 * S);
	assert_int_equal(clients[0].stops, 1);
	assert_int_equal(clients[0].losses, 0);
}

static void
a_lock_up_is_reported_with_sp_and_where_it_is(void **state)
{
	(void)state;
	fake.core->is_locked_up = true;
	fake.core->r[13] = 0xffffffd8;
	attach(0);
	assert_has(clients[0].said, "cm4 is locked up\n  SP is 0xffffffd8, which is not in "
				    "this chip's RAM\n");
	fake.core->r[13] = 0x20014000; /* the end of SRAM1: the next word is in it */
	attach(1);
	release(0);
	release(1);
	fake.core->r[13] = 0x20014000;
	fake.core->is_halted = false;
	turn_for(S);
	attach(1);
	assert_has(clients[1].said, "SP is 0x20014000, in this chip's RAM (SRAM1)");
}

static void
lose_target(void)
{
	uint8_t byte;

	fake.probe->has_no_target = true;
	assert_int_equal(view_memory_read(&clients[0].view, 0x20000000, &byte, 1, &why),
			 CAUSE_GONE);
	turn_for(MS);
}

static void
a_loss_is_reported_once_and_ends_the_programs_of_those_who_wait(void **state)
{
	(void)state;
	attach(0);
	attach(1);
	insert(0, 0x08000400);
	insert(1, 0x08000500);
	assert_int_equal(go(0, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	fake.probe->has_no_target = true;
	turn_for(S);
	assert_int_equal(clients[0].losses, 1);
	assert_true(clients[0].did_wait);
	assert_int_equal(clients[0].view.attached, 0);
	assert_int_equal(clients[1].losses, 1);
	assert_false(clients[1].did_wait);
	assert_has(logged, "waiting for the target to come back");
	fake.core->is_halted = false;
	memset(fake.core->fp_comp, 0, sizeof(fake.core->fp_comp));
	fake.probe->has_no_target = false;
	turn_for(2 * S);
	assert_has(logged, "the target is back");
	assert_has(clients[1].said, "cm4 was halted");
	assert_true(fake.core->is_halted);
	assert_int_equal(fake.core->fp_comp[0], 0x48000501);
	assert_int_equal(fake.core->fp_comp[1], 0);
	assert_int_equal(fake.core->resets, 0);
}

static void
a_step_into_a_loss_is_answered_by_the_loss(void **state)
{
	(void)state;
	attach(0);
	fake.probe->has_no_target = true;
	assert_int_equal(go(0, VIEW_STEP, 0, 0), CAUSE_NONE);
	turn_for(MS);
	assert_int_equal(clients[0].losses, 1);
	assert_true(clients[0].did_wait);
}

static void
who_asks_for_a_lost_target_gets_an_answer_in_any_case(void **state)
{
	(void)state;
	attach(0);
	lose_target();
	assert_int_equal(view_recover(&clients[1].view, &why), CAUSE_NONE);
	turn_for(10 * S);
	assert_int_equal(clients[1].recoveries, 1);
	assert_int_equal(clients[1].recovered, CAUSE_GONE);
	assert_has(clients[1].reason, "reconnecting to the target, which was lost: ");
	fake.probe->has_no_target = false;
	assert_int_equal(view_recover(&clients[1].view, &why), CAUSE_NONE);
	turn_for(S);
	assert_int_equal(clients[1].recoveries, 2);
	assert_int_equal(clients[1].recovered, CAUSE_NONE);
	/* It may be back before the client asks. */
	assert_int_equal(view_recover(&clients[1].view, &why), CAUSE_NONE);
	turn_for(MS);
	assert_int_equal(clients[1].recoveries, 3);
	assert_int_equal(clients[1].recovered, CAUSE_NONE);
}

/* The one that ends has the probe for a moment more. */
static void
who_asks_while_the_probe_changes_hands_waits_for_the_end_of_that(void **state)
{
	(void)state;
	attach(0);
	lose_target();
	debugger->is_handing_over = true;
	debugger->handover = deadline_in_ms(debugger_clock(debugger), 3000);
	assert_int_equal(view_recover(&clients[1].view, &why), CAUSE_NONE);
	turn_for(2 * S);
	assert_int_equal(clients[1].recoveries, 0);
	turn_for(10 * S);
	assert_int_equal(clients[1].recoveries, 1);
	assert_int_equal(clients[1].recovered, CAUSE_GONE);
}

static void
a_loss_that_an_attaching_client_meets_first_is_one_it_may_ask_about(void **state)
{
	(void)state;
	fake.probe->has_no_target = true;
	assert_int_equal(view_attach(&clients[0].view, 0, &why), CAUSE_GONE);
	assert_false(debugger_is_lost(debugger));
	assert_int_equal(view_recover(&clients[0].view, &why), CAUSE_NONE);
	turn_for(10 * S);
	assert_int_equal(clients[0].recoveries, 1);
	assert_int_equal(clients[0].recovered, CAUSE_GONE);
	assert_true(debugger_is_lost(debugger));
}

static void
what_cannot_be_seen_is_reported_once(void **state)
{
	(void)state;
	attach(0);
	assert_int_equal(go(0, VIEW_CONTINUE, 0, 0), CAUSE_NONE);
	fake_probe_answer(fake.probe, 1, FAKE_FOREVER, ACK_FAULT);
	turn_for(5 * S);
	assert_int_equal(clients[0].losses, 0);
	assert_has(clients[0].said, "blind\n");
	assert_null(strstr(strstr(clients[0].said, "blind") + 1, "blind"));
	fake.probe->scripts_len = 0;
	turn_for(5 * S);
	assert_has(clients[0].said, "seen again");
	insert(0, 0x08000400);
	fake_core_arrives(fake.core, 0x08000400);
	turn_for(10 * MS);
	assert_int_equal(clients[0].stops, 1);
}

static void
take_ended(void *context)
{
	*(bool *)context = true;
}

static void
an_end_lets_the_target_run_as_without_us(void **state)
{
	bool has_ended = false;

	(void)state;
	attach(0);
	insert(0, 0x08000400);
	view_close(&clients[0].view);
	debugger_end(debugger, take_ended, &has_ended);
	assert_false(has_ended);
	turn_for(S);
	assert_true(has_ended);
	assert_int_equal(fake.core->control, 0);
	assert_int_equal(le32_get(fake.dbgmcu + 4), 0);
}

static void
an_end_with_a_job_that_does_not_end_has_a_limit(void **state)
{
	uint64_t begun_us;
	bool has_ended = false;

	(void)state;
	attach(0);
	fake.core->is_nrst_low = true;
	begin_reset(0, true);
	turn_for(100 * MS);
	begun_us = fake.probe->now_us;
	debugger_end(debugger, take_ended, &has_ended);
	turn_for(2 * S);
	assert_true(has_ended);
	assert_true(fake.probe->now_us - begun_us < 500 * MS);
	fake.core->is_nrst_low = false;
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(code_that_is_read_again_is_fetched_as_a_line_and_kept_for_a_tenth_of_a_second),
		TEST(ram_and_code_of_a_core_that_runs_are_read_each_time),
		TEST(the_first_to_attach_halts_and_the_last_to_leave_lets_run),
		TEST(a_breakpoint_inserted_anew_at_pc_is_hit_by_who_inserted_it),
		TEST(a_breakpoint_that_another_client_inserted_anew_at_pc_is_stepped_over),
		TEST(who_attaches_to_a_core_that_another_runs_does_not_halt_it),
		TEST(run_control_is_the_first_clients_until_it_leaves),
		TEST(run_control_passes_on_when_its_client_has_hung_up),
		TEST(a_stop_goes_to_all_who_wait_and_is_as_quick_with_a_second_client),
		TEST(ctrl_c_says_by_whom),
		TEST(a_step_and_a_range_are_answered_once),
		TEST(a_range_that_cannot_be_stepped_fails_in_words),
		TEST(a_view_that_never_attached_leaves_nothing_in_the_chip),
		TEST(a_client_that_has_hung_up_makes_place_for_its_successor),
		TEST(a_reset_is_reported_to_the_others_and_its_state_is_fresh),
		TEST(memory_is_not_read_while_the_chip_is_in_a_reset),
		TEST(a_client_that_asks_for_a_reset_and_dies_leaves_nothing_stale),
		TEST(a_lock_up_is_reported_with_sp_and_where_it_is),
		TEST(a_loss_is_reported_once_and_ends_the_programs_of_those_who_wait),
		TEST(a_step_into_a_loss_is_answered_by_the_loss),
		TEST(who_asks_for_a_lost_target_gets_an_answer_in_any_case),
		TEST(who_asks_while_the_probe_changes_hands_waits_for_the_end_of_that),
		TEST(a_loss_that_an_attaching_client_meets_first_is_one_it_may_ask_about),
		TEST(what_cannot_be_seen_is_reported_once),
		TEST(an_end_lets_the_target_run_as_without_us),
		TEST(an_end_with_a_job_that_does_not_end_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
