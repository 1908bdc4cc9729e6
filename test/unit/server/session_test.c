/* SPDX-License-Identifier: MIT */
#include "test/unit/server/server_bench.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
the_first_client_halts_the_core(void **state)
{
	struct bench *bench = *state;

	assert_has(bench_greet(bench, 0), "T05thread:1;");
	assert_has(bench->clients[0].reply, "0f:00020008;");
	assert_true(bench->fake.core->is_halted);
}

static void
a_core_found_locked_up_is_reported_with_the_first_words(void **state)
{
	struct bench *bench = *state;

	bench->fake.core->is_locked_up = true;
	assert_has(bench_greet(bench, 0), "T0b");
	bench_monitor(bench, 0, "version");
	assert_has(bench->clients[0].console, "cm4 is locked up\n");
	assert_has(bench->clients[0].console, "try: load a program and monitor reset halt");
}

static void
a_connection_without_a_packet_changes_nothing(void **state)
{
	struct bench *bench = *state;

	bench_connect(bench, 0);
	assert_false(bench->fake.core->is_halted);
	bench_close(bench, 0);
	assert_true(bench_logs(bench, "ended before a packet came: it sent nothing"));
}

static void
qSupported_names_what_this_server_can(void **state)
{
	struct bench *bench = *state;
	const char *reply;

	bench_connect(bench, 0);
	reply = bench_ask(bench, 0, "qSupported:hwbreak+");
	assert_has(reply, "PacketSize=8000;");
	assert_has(reply, "qXfer:memory-map:read+;");
	assert_has(reply, ";hwbreak+");
	assert_null(strstr(reply, "swbreak"));
	assert_null(strstr(reply, "multiprocess"));
}

static void
an_unknown_packet_gets_an_empty_reply(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "vUnheardOf"), "");
}

static void
registers_come_as_described(void **state)
{
	struct bench *bench = *state;

	bench->fake.core->r[0] = 0x12345678;
	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "p0"), "78563412");
	assert_string_equal(bench_ask(bench, 0, "P0=efbeadde"), "OK");
	assert_string_equal(bench_ask(bench, 0, "p0"), "efbeadde");
	assert_int_equal(strncmp(bench_ask(bench, 0, "g"), "efbeadde", 8), 0);
	assert_has(bench_ask(bench, 0, "pfff"), "E.register 4095 was asked for");
}

static void
memory_is_read_and_written(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "M20000010,4:01020304"), "OK");
	assert_string_equal(bench_ask(bench, 0, "m20000010,4"), "01020304");
	assert_string_equal(bench_ask(bench, 0, "X20000012,2:ab"), "OK");
	assert_string_equal(bench_ask(bench, 0, "m20000010,4"), "01026162");
	assert_string_equal(bench_ask(bench, 0, "x20000012,2"), "bab");
}

static void
unmapped_memory_is_an_error_whose_reason_comes_with_the_next_command(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "m60000000,4"), "E0e");
	assert_string_equal(bench_monitor(bench, 0, "version"), "OK");
	assert_has(bench->clients[0].console, "note: cannot read 4 bytes at 0x60000000");
}

static void
why_prints_a_reason_once_and_in_full(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "m60000000,4"), "E0e");
	assert_string_equal(bench_monitor(bench, 0, "why"), "OK");
	assert_has(bench->clients[0].console, "cannot read 4 bytes at 0x60000000");
	assert_has(bench->clients[0].console, "\n  because ");
	assert_null(strstr(bench->clients[0].console, "note:"));
}

/* Its own words stood where it was typed. */
static void
a_refused_command_does_not_take_the_place_of_what_has_failed(void **state)
{
	static const char *const refused[] = { "frobnicate", "mdw zz", "help nothing" };
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "m60000000,4"), "E0e");
	for (size_t i = 0; i < array_len(refused); i++) {
		bench_monitor(bench, 0, refused[i]);
		bench_monitor(bench, 0, "why");
		assert_has(bench->clients[0].console, "cannot read 4 bytes at 0x60000000");
	}
	bench_monitor(bench, 0, "mdw 0x70000000");
	bench_monitor(bench, 0, "why");
	assert_has(bench->clients[0].console, "cannot read 4 bytes at 0x70000000");
}

static void
without_a_failure_why_has_the_last_refusal(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_monitor(bench, 0, "frobnicate");
	bench_monitor(bench, 0, "mdw zz");
	bench_monitor(bench, 0, "why");
	assert_has(bench->clients[0].console, "\"zz\" is not an address");
	assert_string_equal(bench_ask(bench, 0, "m60000000,4"), "E0e");
	bench_monitor(bench, 0, "why");
	assert_has(bench->clients[0].console, "cannot read 4 bytes at 0x60000000");
}

static void
what_lies_ahead_of_a_hole_is_given(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "M20013ffc,4:01020304"), "OK");
	assert_string_equal(bench_ask(bench, 0, "m20013ffc,40"), "01020304");
}

static void
a_write_to_flash_is_a_load(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "M08000000,4:01020304"), "E0e");
	bench_monitor(bench, 0, "why");
	assert_has(bench->clients[0].console, "loading STM32G4 into the RAM of cm4");
}

static void
a_load_outside_flash_is_refused_at_once(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "vFlashErase:20000000,800"), "E16");
	bench_monitor(bench, 0, "version");
	assert_has(bench->clients[0].console,
		   "note: the last load failed: erasing 2048 bytes at 0x20000000: "
		   "0x20000000 is not in flash: it is ");
}

/* Each ends with a vFlashDone that must not be answered OK. */
static void
a_load_of_which_a_part_failed_stays_failed(void **state)
{
	static const char *const loads[][5] = {
		{ "vFlashErase:8000000,800", "vFlashWrite:8000000:abcd",
		  "vFlashWrite:0:efgh" },
		{ "vFlashErase:8000000,800", "vFlashWrite:0:abcd",
		  "vFlashWrite:8000000:efgh" },
		{ "vFlashErase:20000000,800", "vFlashErase:8000000,800",
		  "vFlashWrite:8000000:abcd" },
		{ "vFlashErase:8000000", "vFlashWrite:8000000:abcd" },
	};
	struct bench *bench = *state;

	bench_greet(bench, 0);
	for (size_t i = 0; i < array_len(loads); i++) {
		for (size_t k = 0; loads[i][k] != NULL; k++)
			bench_ask(bench, 0, loads[i][k]);
		assert_string_equal(bench_ask(bench, 0, "vFlashDone"), "E16");
		/* It has been said; nothing is left of it. */
		assert_string_equal(bench_ask(bench, 0, "vFlashDone"), "OK");
	}
	bench_monitor(bench, 0, "why");
	assert_has(bench->clients[0].console, "an earlier part of this load was refused");
}

/* "}" has always a byte behind it. */
static void
a_load_of_which_a_packet_was_cut_stays_failed(void **state)
{
	static const char cut[] = "$vFlashWrite:8000000:ab}#7b";
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_ask(bench, 0, "vFlashErase:8000000,800");
	bench_send_raw(bench, 0, cut, sizeof(cut) - 1);
	assert_string_equal(bench_await(bench, 0), "E16");
	assert_string_equal(bench_ask(bench, 0, "vFlashDone"), "E16");
}

static void
what_another_client_let_run_is_not_halted(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_monitor(bench, 0, "reset run");
	bench_greet(bench, 1);
	assert_false(bench->fake.core->is_halted);
	assert_string_equal(bench_ask(bench, 1, "g"),
			    "E.cm4 runs, and its registers were not read before (try: halt "
			    "it first)");
}

static void
live_watch_disturbs_nothing(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_ask(bench, 0, "Z1,08000400,2");
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	assert_has(bench_greet(bench, 1), "T00thread:1;");
	assert_false(bench->fake.core->is_halted);
	assert_string_equal(bench_ask(bench, 1, "m20000000,2"), "cdcd");
	assert_int_equal(strlen(bench_ask(bench, 1, "pf")), 8);
	assert_string_equal(bench->clients[1].reply, "00020008");
	bench_ask(bench, 1, "D");
	bench_close(bench, 1);
	assert_true(bench_logs(bench, "other clients stay: the core was left as it was"));
	assert_false(bench->fake.core->is_halted);
	fake_core_arrives(bench->fake.core, 0x08000400);
	assert_has(bench_await(bench, 0), "T05hwbreak:;thread:1;");
}

static void
a_step_against_another_ones_run_is_refused_in_words(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	bench_greet(bench, 1);
	assert_has(bench_ask(bench, 1, "vCont;s:1"),
		   "E.another client continues and steps cm4, so this one cannot (try: "
		   "continue from that client or end it, or start tether with "
		   "--any-client)");
}

static void
the_last_client_leaves_the_core_running(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_ask(bench, 0, "Z1,08000400,2");
	bench_close(bench, 0);
	assert_true(bench_logs(bench, "the client closed the connection"));
	assert_has(bench->log, "breakpoints removed, the core runs");
	assert_has(bench->log, "    > Z1,08000400,2\n    < OK");
	assert_false(bench->fake.core->is_halted);
	assert_int_equal(bench->fake.core->fp_comp[0] & 1, 0);
}

static void
detaching_is_distinguished_from_closing(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "D"), "OK");
	assert_false(bench->fake.core->is_halted);
	bench_close(bench, 0);
	assert_true(bench_logs(bench, "the client detached (D)"));
}

static void
k_ends_with_a_fin(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "k"), "(closed)");
	assert_has(bench->log, "the client ended it (k)");
	assert_false(bench->fake.core->is_halted);
}

static void
a_client_that_comes_back_before_its_end_was_seen_is_the_first_again(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	bench_close(bench, 0);
	assert_has(bench_greet(bench, 1), "T05");
	assert_true(bench->fake.core->is_halted);
}

static void
monitor_reset_leaves_it_halted_at_the_vector(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench->fake.core->vector = 0x08000300;
	assert_string_equal(bench_monitor(bench, 0, "reset"), "OK");
	assert_has(bench->clients[0].console,
		   "the target was reset; cm4 is halted at 0x08000300");
	assert_int_equal(bench->fake.core->resets, 1);
	assert_string_equal(bench_monitor(bench, 0, "reset sideways"), "OK");
	assert_has(bench->clients[0].console, "\"sideways\" is no way to reset");
	assert_string_equal(bench_monitor(bench, 0, "reset run"), "OK");
	assert_has(bench->clients[0].console, "cm4 runs");
	assert_string_equal(bench_monitor(bench, 0, "halt"), "OK");
	assert_true(bench->fake.core->is_halted);
}

static void
what_ides_send_to_other_servers_is_ok(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_monitor(bench, 0, "gdb_sync"), "OK");
	assert_string_equal(bench_monitor(bench, 0, "rtt setup 0x20000000 16 {SEGGER RTT}"),
			    "OK");
	assert_string_equal(bench_monitor(bench, 0, "WriteDP 0x2 0xF0"), "OK");
	assert_string_equal(bench->clients[0].console, "O.K.\n");
	assert_string_equal(bench_monitor(bench, 0, "ReadAP 0x2"), "OK");
	assert_string_equal(bench->clients[0].console, "O.K.:0xE00FF003\n");
}

static void
the_thirty_third_client_is_refused_in_words(void **state)
{
	struct bench *bench = *state;

	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++) {
		bench_connect(bench, i);
		assert_string_equal(bench_ask(bench, i, "qC"), "QC1");
		assert_has(bench_ask(bench, i, "?"), "T05");
	}
	bench_connect(bench, DEBUGGER_MAX_VIEWS);
	assert_has(bench_ask(bench, DEBUGGER_MAX_VIEWS, "qSupported"), "PacketSize");
	assert_has(bench_ask(bench, DEBUGGER_MAX_VIEWS, "vMustReplyEmpty"),
		   "E.refused: this server has 32 clients");
	bench_close(bench, DEBUGGER_MAX_VIEWS);
	assert_true(bench_logs(bench, "refused: there are too many clients"));
	assert_has(bench_ask(bench, 3, "?"), "T05");
	bench_close(bench, 4);
	bench_turn(bench);
	assert_has(bench_greet(bench, DEBUGGER_MAX_VIEWS + 1), "T05");
}

/* As a script that looks whether a port answers, and keeps it. */
static void
of_clients_that_debug_nothing_the_one_that_was_silent_longest_gives_way(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	for (unsigned i = 1; i < DEBUGGER_MAX_VIEWS; i++) {
		bench_connect(bench, i);
		assert_has(bench_ask(bench, i, i == 3 ? "?" : "qSupported"),
			   i == 3 ? "T05" : "PacketSize");
	}
	assert_string_equal(bench_ask(bench, 1, "qC"), "QC1");
	assert_has(bench_greet(bench, DEBUGGER_MAX_VIEWS), "T05");
	assert_string_equal(bench_await(bench, 2), "(closed)");
	assert_has(bench->log, "the one that was silent for longest had to go");
	assert_has(bench_greet(bench, DEBUGGER_MAX_VIEWS + 1), "T05");
	assert_string_equal(bench_await(bench, 3), "(closed)");
	assert_string_equal(bench_ask(bench, 1, "qC"), "QC1");
	assert_string_equal(bench_ask(bench, 0, "m20000000,1"), "cd");
}

static void
silent_connections_take_no_clients_place(void **state)
{
	struct bench *bench = *state;

	for (unsigned i = 0; i < BENCH_CLIENTS - 1; i++)
		bench_connect(bench, i);
	assert_has(bench_greet(bench, BENCH_CLIENTS - 1), "T05");
}

/* Its gdb ends before `?`: it never counted as attached. */
static void
breakpoints_of_a_client_that_never_attached_are_removed(void **state)
{
	struct bench *bench = *state;

	bench_connect(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "Z0,20000900,2"), "OK");
	assert_string_equal(bench_ask(bench, 0, "Z1,8000100,2"), "OK");
	bench_close(bench, 0);
	assert_true(bench_logs(bench, "the client closed the connection"));
	assert_int_equal(bench->fake.core->fp_comp[0] & 1, 0);
	assert_string_equal((bench_greet(bench, 1), bench_ask(bench, 1, "m20000900,2")),
			    "cdcd");
}

static void
a_client_that_connects_and_detaches_is_two_lines_in_the_log(void **state)
{
	struct bench *bench = *state;
	unsigned lines = 0;

	bench_greet(bench, 0);
	bench_ask(bench, 0, "D");
	bench_close(bench, 0);
	assert_true(bench_logs(bench, "the client detached (D); breakpoints removed"));
	assert_has(bench->log, " connects to cm4\n");
	for (const char *c = bench->log; *c != '\0'; c++)
		lines += *c == '\n';
	assert_int_equal(lines, 2);
}

static void
a_failure_and_a_reset_are_in_the_log(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_ask(bench, 0, "vFlashErase:20000000,800");
	assert_has(bench->log, "0x20000000 is not in flash");
	bench->log[0] = '\0';
	bench_monitor(bench, 0, "reset");
	assert_has(bench->log, "127.0.0.1:");
	assert_has(bench->log, " has reset the target\n");
}

static void
what_a_gdb_for_another_machine_may_have_met_is_said(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_ask(bench, 0, "qXfer:features:read:target.xml:0,3fb");
	bench_close(bench, 0); /* at the stop reply */
	assert_true(bench_logs(bench, "program is for another architecture\n  try: "));
	bench_greet(bench, 1);
	bench_ask(bench, 1, "g");
	bench_close(bench, 1);
	assert_true(bench_logs(bench, "did not take the description of the registers\n"));
}

static void
a_gdb_that_worked_and_closed_after_g_is_not_suspected(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_ask(bench, 0, "qXfer:features:read:target.xml:0,3fb");
	bench_ask(bench, 0, "m20000000,4");
	bench_ask(bench, 0, "g");
	bench_close(bench, 0);
	assert_true(bench_logs(bench, "the client closed the connection"));
	assert_null(strstr(bench->log, "try: "));
}

/* For as long as the log takes to report it. */
static void
let_looks_fail(struct bench *bench)
{
	fake_probe_answer(bench->fake.probe, 1, FAKE_FOREVER, ACK_FAULT);
	assert_true(bench_logs(bench, "cm4: reading"));
	bench->fake.probe->scripts_len = 0;
	assert_true(bench_logs(bench, "its state can be read again"));
}

static void
that_the_core_cannot_be_read_is_no_longer_said_when_it_can(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	let_looks_fail(bench);
	bench_monitor(bench, 0, "why");
	assert_null(strstr(bench->clients[0].console, "cannot be read"));
	bench->clients[0].console[0] = bench->log[0] = '\0';
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	let_looks_fail(bench);
	bench_send_raw(bench, 0, "\x03", 1);
	assert_has(bench_await(bench, 0), "T02");
	assert_has(bench->clients[0].console, "note: the core's state cannot be read: ");
	assert_has(bench->clients[0].console, "note: the core's state can be read again\n");
}

static void
a_lock_up_is_not_reported_after_a_reset(void **state)
{
	struct bench *bench = *state;

	bench->fake.core->is_locked_up = true;
	bench_greet(bench, 0);
	bench->fake.core->is_locked_up = false;
	bench_send(bench, 0, "R00");
	bench_ask(bench, 0, "?");
	bench_monitor(bench, 0, "version");
	assert_null(strstr(bench->clients[0].console, "locked up"));
}

/* gdb writes it like RAM, since its map of memory ends there. */
static void
a_program_that_does_not_fit_is_refused_with_the_sizes(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "X8020000,4:abcd"), "E0e");
	bench_monitor(bench, 0, "why");
	assert_has(
		bench->clients[0].console,
		"the last load failed\n  because it does not fit: this chip has 128 KiB of "
		"flash, which ends at 0x0801ffff, and at least 4 bytes more are needed\n");
	assert_string_equal(bench_ask(bench, 0, "X60000000,4:abcd"), "E0e");
	bench_monitor(bench, 0, "why");
	assert_has(bench->clients[0].console, "cannot write 4 bytes at 0x60000000");
}

static unsigned
count(const char *text, const char *words)
{
	unsigned n = 0;

	while ((text = strstr(text, words)) != NULL) {
		text += strlen(words);
		n++;
	}
	return n;
}

static void
a_core_that_stays_locked_up_is_reported_once(void **state)
{
	struct bench *bench = *state;

	bench->fake.core->is_locked_up = true;
	bench_greet(bench, 0);
	for (unsigned i = 0; i < 3; i++) {
		assert_has(bench_ask(bench, 0, "vCont;c"), "T0b");
		assert_int_equal(count(bench->clients[0].console, "locked up"),
				 i == 0 ? 1 : 0);
	}
}

/* What gdb reads by itself afterwards fails, too. */
static void
why_keeps_the_failure_of_a_load_until_one_succeeds(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_ask(bench, 0, "vFlashErase:20000000,800");
	assert_string_equal(bench_ask(bench, 0, "m60000000,4"), "E0e");
	bench_monitor(bench, 0, "why");
	assert_ptr_equal(strstr(bench->clients[0].console, "the last load failed\n"),
			 bench->clients[0].console);
	assert_has(bench->clients[0].console, "cannot read 4 bytes at 0x60000000");
	bench_monitor(bench, 0, "why");
	assert_has(bench->clients[0].console, "the last load failed\n");
}

static void
threads_say_why_the_last_load_failed(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_ask(bench, 0, "vFlashErase:20000000,800");
	assert_has(bench_ask(bench, 0, "qXfer:threads:read::0,1000"),
		   "; the last load failed: 0x20000000 is not in flash");
}

static enum cause
stay_at_work(struct job *job, bool *done, struct reason *why)
{
	(void)job;
	(void)done;
	(void)why;
	return CAUSE_NONE;
}

static enum cause
end_at_once(struct job *job, struct reason *why)
{
	(void)job;
	(void)why;
	return CAUSE_NONE;
}

static void
leave_it(struct job *job)
{
	(void)job;
}

static void
memory_that_a_loader_uses_is_left_alone(void **state)
{
	static const struct job_ops ops = { .step = stay_at_work,
					    .cancel = end_at_once,
					    .free = leave_it };
	static struct job job = {
		.ops = &ops, .name = "programming", .ram_at = 0x20000000, .ram_size = 0x100
	};
	struct bench *bench = *state;
	struct reason why = REASON_INIT;

	bench_greet(bench, 0);
	assert_int_equal(
		board_begin(bench->fake.board, &job, CLAIM_FLASH, bench, NULL, NULL, &why),
		CAUSE_NONE);
	assert_string_equal(bench_ask(bench, 0, "m200000fc,8"), "E16");
	assert_string_equal(bench_ask(bench, 0, "M200000fc,4:01020304"), "E16");
	assert_string_equal(bench_ask(bench, 0, "Z0,200000f0,2"), "E16");
	assert_int_equal(strlen(bench_ask(bench, 0, "m20000100,8")), 16);
	bench_monitor(bench, 0, "version");
	assert_has(bench->clients[0].console,
		   "note: programming uses the RAM at 0x200000fc: ");
	board_cancel(bench->fake.board, bench);
	assert_int_equal(strlen(bench_ask(bench, 0, "m200000fc,8")), 16);
}

static void
garbage_ends_the_session_and_not_the_server(void **state)
{
	struct bench *bench = *state;
	static char junk[70000];

	memset(junk, 'A', sizeof(junk));
	bench_greet(bench, 0);
	bench_send_raw(bench, 0, junk, sizeof(junk));
	assert_string_equal(bench_await(bench, 0), "(closed)");
	assert_has(bench->log, "too many bytes outside packets, or wrong checksums");
	assert_has(bench_greet(bench, 1), "T05");
}

static void
a_nak_resends_only_what_is_not_acknowledged(void **state)
{
	struct bench *bench = *state;

	bench_connect(bench, 0);
	bench->clients[0].is_no_ack = true; /* this client acknowledges nothing by itself */
	assert_string_equal(bench_ask(bench, 0, "qC"), "QC1");
	bench_send_raw(bench, 0, "-", 1);
	assert_string_equal(bench_await(bench, 0), "QC1");
	bench_send_raw(bench, 0, "+-", 2);
	assert_string_equal(bench_ask(bench, 0, "qAttached"), "1");
}

static void
a_wrong_checksum_is_asked_for_again(void **state)
{
	struct bench *bench = *state;

	bench_connect(bench, 0);
	bench_send_raw(bench, 0, "$qC#00", 6);
	bench_turn(bench);
	assert_string_equal(bench_ask(bench, 0, "qC"), "QC1");
	assert_int_equal(bench->clients[0].naks, 1);
}

/* What --once goes by. */
static void
the_end_of_a_client_is_reported_unless_it_sent_nothing(void **state)
{
	struct bench *bench = *state;

	bench_connect(bench, 0);
	bench_close(bench, 0);
	bench_turn(bench);
	assert_int_equal(bench->ended, 0);
	bench_greet(bench, 1);
	assert_int_equal(clients_served(&bench->server), 1);
	bench_close(bench, 1);
	assert_true(bench_logs(bench, "the core runs"));
	assert_int_equal(bench->ended, 1);
	assert_int_equal(clients_served(&bench->server), 0);
}

static void
an_ending_server_tells_who_waits(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	rsp_end(&bench->server);
	assert_string_equal(bench_await(bench, 0), "X09");
	assert_has(bench->clients[0].console, "note: tether is shutting down");
	assert_string_equal(bench_await(bench, 0), "(closed)");
}

static void
killed_in_extended_mode_it_can_be_run_again(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "!"), "OK");
	assert_string_equal(bench_ask(bench, 0, "vKill;1"), "OK");
	assert_string_equal(bench_ask(bench, 0, "?"), "W00");
	assert_has(bench_ask(bench, 0, "vRun;"), "T05");
	assert_int_equal(bench->fake.core->resets, 1);
	assert_true(bench->fake.core->is_halted);
}

static void
a_thread_that_is_not_there_is_refused_and_not_selected(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "Hgp1.1"), "OK");
	assert_string_equal(bench_ask(bench, 0, "Hgp7.1"), "E16");
	assert_string_equal(bench_ask(bench, 0, "Hc9"), "E16");
	assert_string_equal(bench_ask(bench, 0, "Tp7.1"), "E16");
	assert_string_equal(bench_ask(bench, 0, "m20000000,2"), "cdcd");
	assert_has(bench_ask(bench, 0, "vCont;s:1;c"), "T05");
}

static void
R_gets_no_reply(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_send(bench, 0, "R00");
	assert_has(bench_ask(bench, 0, "?"), "T05");
	assert_int_equal(bench->fake.core->resets, 1);
	assert_string_equal(bench_ask(bench, 0, "qC"), "QC1");
}

static const struct CMUnitTest tests[] = {
	BENCH_TEST(the_first_client_halts_the_core),
	BENCH_TEST(a_core_found_locked_up_is_reported_with_the_first_words),
	BENCH_TEST(a_connection_without_a_packet_changes_nothing),
	BENCH_TEST(qSupported_names_what_this_server_can),
	BENCH_TEST(an_unknown_packet_gets_an_empty_reply),
	BENCH_TEST(registers_come_as_described),
	BENCH_TEST(memory_is_read_and_written),
	BENCH_TEST(unmapped_memory_is_an_error_whose_reason_comes_with_the_next_command),
	BENCH_TEST(why_prints_a_reason_once_and_in_full),
	BENCH_TEST(a_refused_command_does_not_take_the_place_of_what_has_failed),
	BENCH_TEST(without_a_failure_why_has_the_last_refusal),
	BENCH_TEST(what_lies_ahead_of_a_hole_is_given),
	BENCH_TEST(a_write_to_flash_is_a_load),
	BENCH_TEST(a_load_outside_flash_is_refused_at_once),
	BENCH_TEST(a_load_of_which_a_part_failed_stays_failed),
	BENCH_TEST(a_load_of_which_a_packet_was_cut_stays_failed),
	BENCH_TEST(what_another_client_let_run_is_not_halted),
	BENCH_TEST(live_watch_disturbs_nothing),
	BENCH_TEST(a_step_against_another_ones_run_is_refused_in_words),
	BENCH_TEST(the_last_client_leaves_the_core_running),
	BENCH_TEST(detaching_is_distinguished_from_closing),
	BENCH_TEST(k_ends_with_a_fin),
	BENCH_TEST(a_client_that_comes_back_before_its_end_was_seen_is_the_first_again),
	BENCH_TEST(monitor_reset_leaves_it_halted_at_the_vector),
	BENCH_TEST(what_ides_send_to_other_servers_is_ok),
	BENCH_TEST(the_thirty_third_client_is_refused_in_words),
	BENCH_TEST(of_clients_that_debug_nothing_the_one_that_was_silent_longest_gives_way),
	BENCH_TEST(silent_connections_take_no_clients_place),
	BENCH_TEST(breakpoints_of_a_client_that_never_attached_are_removed),
	BENCH_TEST(a_client_that_connects_and_detaches_is_two_lines_in_the_log),
	BENCH_TEST(a_failure_and_a_reset_are_in_the_log),
	BENCH_TEST(what_a_gdb_for_another_machine_may_have_met_is_said),
	BENCH_TEST(a_gdb_that_worked_and_closed_after_g_is_not_suspected),
	BENCH_TEST(that_the_core_cannot_be_read_is_no_longer_said_when_it_can),
	BENCH_TEST(a_lock_up_is_not_reported_after_a_reset),
	BENCH_TEST(a_program_that_does_not_fit_is_refused_with_the_sizes),
	BENCH_TEST(a_core_that_stays_locked_up_is_reported_once),
	BENCH_TEST(why_keeps_the_failure_of_a_load_until_one_succeeds),
	BENCH_TEST(threads_say_why_the_last_load_failed),
	BENCH_TEST(memory_that_a_loader_uses_is_left_alone),
	BENCH_TEST(garbage_ends_the_session_and_not_the_server),
	BENCH_TEST(a_nak_resends_only_what_is_not_acknowledged),
	BENCH_TEST(a_wrong_checksum_is_asked_for_again),
	BENCH_TEST(the_end_of_a_client_is_reported_unless_it_sent_nothing),
	BENCH_TEST(an_ending_server_tells_who_waits),
	BENCH_TEST(killed_in_extended_mode_it_can_be_run_again),
	BENCH_TEST(a_thread_that_is_not_there_is_refused_and_not_selected),
	BENCH_TEST(R_gets_no_reply),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
