/* SPDX-License-Identifier: MIT */
/*
 * Two clients of a made-up board are recorded, and play again by the recording alone: whole, cut off,
 * and spoiled.
 */
#include "server/monitor/monitor.h"
#include "test/unit/server/server_bench.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/recorder.h"
#include "transport/probe/replay.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SPOILS_MAX = 5 };

struct taped {
	char *bytes;
	size_t size;
};

/* --- the same server, on a probe that is recorded or played ------------------------------- */

static void
keep_log(enum log_level level, const char *room, const char *text, void *context)
{
	struct bench *bench = context;
	size_t used = strlen(bench->log);

	(void)level;
	snprintf(bench->log + used, sizeof(bench->log) - used, "%s: %s\n", room, text);
}

static void
take_client(struct listener *listener, uv_stream_t *stream)
{
	struct bench *bench = listener->context;

	rsp_accept(&bench->server, 0, stream);
}

static void
begin(struct bench *bench, struct probe *probe, struct tape *tape)
{
	struct board_options options = { .connect = CONNECT_ATTACH };
	struct board *board = NULL;
	struct reason why = REASON_INIT;
	struct job *job;

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < BENCH_CLIENTS; i++)
		bench->clients[i].fd = -1;
	assert_int_equal(board_new(probe, &options, &board, &why), CAUSE_NONE);
	job = board_connect(board);
	(void)job_run(job, tape_clock(tape), &why);
	job_free(job);
	bench->options.tape = tape;
	bench->seen_us = clock_now_us(clock_host());
	uv_loop_init(&bench->loop);
	assert_int_equal(debugger_new(&bench->loop, &bench->options, tape_clock(tape),
				      &bench->debugger, &why),
			 CAUSE_NONE);
	debugger_adopt(bench->debugger, board);
	rsp_init(&bench->server, &bench->loop, tape_clock(tape), bench->debugger);
	bench->server.turns.tape = tape;
	bench->server.monitor = monitor_commands;
}

static void
end(struct bench *bench)
{
	rsp_abandon(&bench->server);
	debugger_free(bench->debugger);
	rsp_close(&bench->server);
	uv_run(&bench->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&bench->loop), 0);
}

/* --- recorded ---------------------------------------------------------------------------- */

static void
talk(struct bench *bench)
{
	static const char *const packets[] = {
		"g",
		"m20000000,10",
		"m60000000,4",
		"M20000000,4:01020304",
		"Z0,20000100,2",
		"P0=78563412",
		"vCont?",
		"m20000100,4",
		"z0,20000100,2",
		"qfThreadInfo",
		"s",
	};

	assert_non_null(strstr(bench_greet(bench, 0), "T05"));
	for (size_t i = 0; i < array_len(packets); i++)
		bench_ask(bench, 0, packets[i]);
	bench_monitor(bench, 0, "why");
	bench_greet(bench, 1);
	bench_send(bench, 0, "c");
	bench_turn(bench);
	bench_send_raw(bench, 0, "\x03", 1);
	bench_await(bench, 0);
	bench_ask(bench, 1, "m20000000,8");
	bench_close(bench, 1);
	bench_turn(bench);
	bench_ask(bench, 0, "D");
	bench_close(bench, 0);
	bench_turn(bench);
}

static void
record(struct taped *recording)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct reason why = REASON_INIT;
	struct probe *probe = NULL;
	FILE *file = open_memstream(&recording->bytes, &recording->size);
	struct tape *tape;

	assert_non_null(bench);
	fake_board_new(&bench->fake);
	tape = tape_record_file(file, bench->fake.probe->probe.clock);
	assert_int_equal(recorder_wrap_on(&bench->fake.probe->probe, tape, &probe, &why),
			 CAUSE_NONE);
	log_set("info");
	log_set_sink(keep_log, bench);
	log_record("probe", file);
	log_note("rsp");
	begin(bench, probe, tape);
	bench->listener = (struct listener){ .option = "--port",
					     .take = take_client,
					     .context = bench };
	assert_int_equal(
		listener_begin(&bench->listener, &bench->loop, "127.0.0.1", 0, &why),
		CAUSE_NONE);
	talk(bench);
	tape_end(tape);
	log_record("probe", NULL);
	listener_end(&bench->listener);
	end(bench);
	tape_free(tape);
	fclose(file);
	fake_core_free(bench->fake.core);
	log_set_sink(NULL, NULL);
	free(bench);
}

/* --- played ------------------------------------------------------------------------------ */

static void
compare_line(enum log_level level, const char *room, const char *words, void *context)
{
	if (level <= LOG_INFO)
		tape_log(context, room, words);
}

static bool
play_event(struct bench *bench, const struct tape_event *event)
{
	if (strcmp(event->name, "turn") != 0)
		return rsp_play(&bench->server, &bench->loop, event);
	debugger_take_turn(bench->debugger);
	return true;
}

/* What `bench` has of it when it went to its end: the log. */
static void
play_events(struct bench *bench, struct tape *tape)
{
	struct tape_event *event = malloc(sizeof(*event));

	assert_non_null(event);
	while (tape_next(tape, event))
		if (!play_event(bench, event))
			tape_refuse(tape, event);
	free(event);
}

/* The reason why it went to no end; CAUSE_NONE: it did. */
static struct reason
play(const struct taped *recording, bool *has_ended)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct reason why = REASON_INIT;
	FILE *file = fmemopen(recording->bytes, recording->size, "r");
	struct tape *tape = tape_play(file);
	struct probe *probe = NULL;

	assert_non_null(bench);
	log_set("info");
	log_set_sink(keep_log, bench);
	log_also(compare_line, tape);
	if (replay_open_on(tape, &probe, &why) == CAUSE_NONE) {
		begin(bench, probe, tape);
		play_events(bench, tape);
		why = (struct reason)REASON_INIT;
		if (tape_off(tape) != NULL && !tape_is_cut(tape))
			why = *tape_off(tape);
		*has_ended = tape_has_ended(tape);
		end(bench);
	}
	log_also(NULL, NULL);
	log_set_sink(NULL, NULL);
	tape_free(tape);
	fclose(file);
	free(bench);
	return why;
}

/* --- tests ------------------------------------------------------------------------------- */

static void
a_session_is_answered_again_as_it_was(void **state)
{
	struct taped recording = { .size = 0 };
	bool has_ended = false;
	struct reason why;

	(void)state;
	record(&recording);
	why = play(&recording, &has_ended);
	if (why.cause != CAUSE_NONE)
		fail_msg("%s", reason_root(&why));
	assert_true(has_ended);
	free(recording.bytes);
}

static char *
line_of(const struct taped *recording, const char *head)
{
	char *line = strstr(recording->bytes, head);

	assert_non_null(line);
	return line;
}

static void
an_answer_that_is_another_is_shown_with_both_sides(void **state)
{
	struct taped recording = { .size = 0 };
	bool has_ended = false;
	struct reason why;
	char *line, *sum;

	(void)state;
	record(&recording);
	/* Behind the line for people. */
	line = strstr(line_of(&recording, " vCont;") + 1, " vCont;");
	assert_non_null(line);
	while (*line != '%')
		line--;
	sum = strchr(strchr(strchr(line, ' ') + 1, ' ') + 1, ' ') + 1;
	*sum = *sum == '0' ? '1' : '0';
	why = play(&recording, &has_ended);
	assert_int_equal(why.cause, CAUSE_MISMATCH);
	assert_non_null(strstr(reason_root(&why), "client 0 was answered \"vCont;"));
	assert_non_null(strstr(reason_root(&why), "then, and \"vCont;"));
	free(recording.bytes);
}

static void
a_log_that_is_another_is_shown_with_both_sides(void **state)
{
	struct taped recording = { .size = 0 };
	bool has_ended = false;
	struct reason why;

	(void)state;
	record(&recording);
	*line_of(&recording, "connects to cm4") = 'C';
	why = play(&recording, &has_ended);
	assert_int_equal(why.cause, CAUSE_MISMATCH);
	assert_non_null(strstr(reason_root(&why), "Connects to cm4\" then, and "));
	assert_non_null(strstr(reason_root(&why), "connects to cm4\" now"));
	free(recording.bytes);
}

static void
a_packet_that_is_another_leads_elsewhere(void **state)
{
	struct taped recording = { .size = 0 };
	bool has_ended = false;
	struct reason why;

	(void)state;
	record(&recording);
	/* The packet "$g#67". */
	memcpy(line_of(&recording, "%b 246723"), "%b 246b", strlen("%b 246b"));
	why = play(&recording, &has_ended);
	assert_int_equal(why.cause, CAUSE_MISMATCH);
	free(recording.bytes);
}

/* Wherever that is, in the middle of a line as well: nothing in it is another. */
static void
a_recording_that_is_cut_off_has_not_ended_and_does_not_differ(void **state)
{
	enum { LEAST = 2000, CUTS = 60 };

	struct taped recording = { .size = 0 };
	size_t step, size;
	bool has_ended = false;

	(void)state;
	record(&recording);
	size = (size_t)(line_of(&recording, "%do ended") - recording.bytes);
	step = (size - LEAST) / CUTS + 1;
	for (; size > LEAST; size -= step) {
		struct reason why;

		recording.size = size;
		why = play(&recording, &has_ended);
		if (why.cause != CAUSE_NONE)
			fail_msg("cut at %zu: %s", size, reason_root(&why));
		assert_false(has_ended);
	}
	free(recording.bytes);
}

/* As in replay_test. */
static void
spoil(struct taped *recording, uint32_t *seed)
{
	static const char letters[] = "0123456789abcdef08f7% @\n-z\x80";

	*seed = *seed * 1664525u + 1013904223u;
	for (unsigned n = 1 + (*seed >> 8) % SPOILS_MAX; n > 0; n--) {
		size_t at;

		*seed = *seed * 1664525u + 1013904223u;
		at = (*seed >> 4) % recording->size;
		recording->bytes[at] = letters[(*seed >> 24) % (sizeof(letters) - 1)];
	}
}

/* The sanitizers watch. REPLAY_FUZZ: how many rounds, make fuzz-recordings. */
static void
a_spoiled_recording_does_no_harm(void **state)
{
	const char *rounds = getenv("REPLAY_FUZZ");
	long left = rounds != NULL ? atol(rounds) : 200;
	struct taped whole = { .size = 0 }, spoiled;
	uint32_t seed = 1;
	bool has_ended;

	(void)state;
	record(&whole);
	spoiled = whole;
	spoiled.bytes = malloc(whole.size);
	assert_non_null(spoiled.bytes);
	for (; left > 0; left--) {
		memcpy(spoiled.bytes, whole.bytes, whole.size);
		spoil(&spoiled, &seed);
		(void)play(&spoiled, &has_ended);
	}
	free(spoiled.bytes);
	free(whole.bytes);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_is_answered_again_as_it_was),
		cmocka_unit_test(an_answer_that_is_another_is_shown_with_both_sides),
		cmocka_unit_test(a_log_that_is_another_is_shown_with_both_sides),
		cmocka_unit_test(a_packet_that_is_another_leads_elsewhere),
		cmocka_unit_test(
			a_recording_that_is_cut_off_has_not_ended_and_does_not_differ),
		cmocka_unit_test(a_spoiled_recording_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
