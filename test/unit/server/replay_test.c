/* SPDX-License-Identifier: MIT */
/*
 * An examination of a made-up board is recorded, and made again by the recording alone: whole, cut
 * off, of another question, and spoiled.
 */
#include "server/cli/doctor.h"
#include "test/unit/fake_board.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/recorder.h"
#include "transport/probe/replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SPOILS_MAX = 5 };

/* What came out of an examination. */
struct outcome_of_it {
	size_t len;
	struct verdict verdicts[VERDICTS_MAX];
	char line[REASON_SPACE + REASON_LINE_MAX]; /* why there is no connection; "" */
};

struct tape {
	char *bytes;
	size_t size;
	struct outcome_of_it found;
};

/* Of each fake the boards differ in what they answer. */
static const struct scene {
	const char *name;
	enum fake_flavour flavour;
	bool has_no_target, is_noisy;
	unsigned millivolts;
	enum connect_mode connect;
} scenes[] = {
	{ "healthy", FAKE_WITH_MEMORY, false, false, 3300, CONNECT_AUTO },
	{ "by transfers", FAKE_TRANSFERS_ONLY, false, false, 3300, CONNECT_ATTACH },
	{ "silent", FAKE_WITH_MEMORY, true, false, 3300, CONNECT_AUTO },
	{ "without power", FAKE_WITH_MEMORY, true, false, 0, CONNECT_AUTO },
	{ "noisy", FAKE_TRANSFERS_ONLY, false, true, 3300, CONNECT_AUTO },
};

static struct options
options_for(const struct scene *scene)
{
	struct options options;

	options_init(&options);
	options.board.connect = scene->connect;
	return options;
}

static void
set_scene(struct fake_board *fake, const struct scene *scene)
{
	fake_board_new_on(fake, scene->flavour);
	fake->probe->has_no_target = scene->has_no_target;
	fake->probe->millivolts = scene->millivolts;
	fake->probe->clean_hz = scene->is_noisy ? 1000000 : 0;
}

static void
keep(struct outcome_of_it *found, const struct diagnosis *diagnosis)
{
	memset(found, 0, sizeof(*found));
	found->len = diagnosis->len;
	memcpy(found->verdicts, diagnosis->verdicts, sizeof(found->verdicts));
	if (diagnosis->why.cause != CAUSE_NONE)
		reason_line(&diagnosis->why, found->line, sizeof(found->line));
}

static void
record(struct tape *tape, const struct scene *scene)
{
	struct options options = options_for(scene);
	struct diagnosis diagnosis = { .why = REASON_INIT };
	struct reason why = REASON_INIT;
	struct probe *wrapped = NULL;
	struct fake_board fake;
	FILE *file = open_memstream(&tape->bytes, &tape->size);

	assert_non_null(file);
	set_scene(&fake, scene);
	(void)log_set("error");
	assert_int_equal(recorder_wrap(&fake.probe->probe, file, NULL, &wrapped, &why),
			 CAUSE_NONE);
	diagnosis.bench.clock = wrapped->clock;
	assert_int_equal(board_new(wrapped, &options.board, &diagnosis.bench.board, &why),
			 CAUSE_NONE);
	fake.board = diagnosis.bench.board;
	assert_int_equal(doctor_examine(&diagnosis, &options, &why), CAUSE_NONE);
	keep(&tape->found, &diagnosis);
	fake_board_free(&fake);
	assert_int_equal(fclose(file), 0);
}

/* The reason why it did not go to its end; CAUSE_NONE: it did. */
static struct reason
play(const struct tape *tape, const struct scene *scene, struct outcome_of_it *found)
{
	struct options options = options_for(scene);
	struct diagnosis diagnosis = { .why = REASON_INIT };
	struct reason why = REASON_INIT, end = REASON_INIT;

	diagnosis.tape.replay = fmemopen(tape->bytes, tape->size, "r");
	assert_non_null(diagnosis.tape.replay);
	(void)workbench_begin_taped(&diagnosis.bench, &options, &diagnosis.tape,
				    &diagnosis.why);
	assert_int_equal(doctor_examine(&diagnosis, &options, &why), CAUSE_NONE);
	keep(found, &diagnosis);
	if (diagnosis.bench.board == NULL)
		end = diagnosis.why;
	else if (replay_off(board_probe(diagnosis.bench.board)) != NULL)
		end = *replay_off(board_probe(diagnosis.bench.board));
	workbench_end(&diagnosis.bench);
	fclose(diagnosis.tape.replay);
	return end;
}

static void
each_recording_comes_to_the_same_verdict_and_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_len(scenes); i++) {
		struct tape tape = { .size = 0 };
		struct outcome_of_it found;
		struct reason end;

		record(&tape, &scenes[i]);
		end = play(&tape, &scenes[i], &found);
		if (end.cause != CAUSE_NONE)
			fail_msg("%s: %s", scenes[i].name, reason_root(&end));
		assert_int_equal(found.len, tape.found.len);
		for (size_t v = 0; v < found.len; v++) {
			assert_int_equal(found.verdicts[v].finding,
					 tape.found.verdicts[v].finding);
			assert_int_equal(found.verdicts[v].certainty,
					 tape.found.verdicts[v].certainty);
		}
		assert_string_equal(found.line, tape.found.line);
		assert_int_equal(found.line[0] != '\0', scenes[i].has_no_target);
		free(tape.bytes);
	}
}

static void
a_recording_that_is_cut_off_says_what_is_missing(void **state)
{
	struct tape tape = { .size = 0 };
	struct outcome_of_it found;

	(void)state;
	record(&tape, &scenes[0]);
	for (size_t size = tape.size * 9 / 10; size > 200; size /= 2) {
		struct reason end;

		tape.size = size;
		end = play(&tape, &scenes[0], &found);
		assert_int_equal(end.cause, CAUSE_MISMATCH);
		assert_non_null(strstr(reason_root(&end), "the recording is cut off: "));
		assert_int_equal(reason_finding(&end), FINDING_REQUEST_RECORDING_CUT);
	}
	free(tape.bytes);
}

static void
a_recording_of_another_question_says_where_they_part(void **state)
{
	struct tape tape = { .size = 0 };
	struct outcome_of_it found;
	struct reason end;

	(void)state;
	record(&tape, &scenes[0]);
	end = play(&tape, &scenes[1], &found);
	assert_int_equal(end.cause, CAUSE_MISMATCH);
	assert_non_null(strstr(reason_root(&end), "goes on with"));
	free(tape.bytes);
}

/* Of the bytes of some lines; the checksums of what is asked are left alone, so that more than the
 * first spoiled line is read. */
static void
spoil(struct tape *tape, uint32_t *seed)
{
	static const char letters[] = "0123456789abcdef08f7% @\n-z\x80";

	*seed = *seed * 1664525u + 1013904223u;
	for (unsigned n = 1 + (*seed >> 8) % SPOILS_MAX; n > 0; n--) {
		size_t at;

		*seed = *seed * 1664525u + 1013904223u;
		at = (*seed >> 4) % tape->size;
		tape->bytes[at] = letters[(*seed >> 24) % (sizeof(letters) - 1)];
	}
}

/* What is refused and what is taken does not matter here, but that nothing beyond it is touched, no
 * assertion fails, and all comes to an end: the sanitizers watch. REPLAY_FUZZ: how many rounds,
 * make fuzz-recordings. */
static void
a_spoiled_recording_does_no_harm(void **state)
{
	const char *rounds = getenv("REPLAY_FUZZ");
	long left = rounds != NULL ? atol(rounds) : 200;
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; left > 0; i = (i + 1) % array_len(scenes)) {
		struct tape whole = { .size = 0 }, tape;
		struct outcome_of_it found;

		record(&whole, &scenes[i]);
		tape = whole;
		tape.bytes = malloc(whole.size);
		for (long n = 0; n < 40 && left > 0; n++, left--) {
			memcpy(tape.bytes, whole.bytes, whole.size);
			spoil(&tape, &seed);
			(void)play(&tape, &scenes[i], &found);
		}
		free(tape.bytes);
		free(whole.bytes);
	}
}

static void
what_is_no_recording_is_refused(void **state)
{
	char bytes[] = "\x7f"
		       "ELF\n%ask open 0\n%say none 99999999999999999999 0 0\n";
	struct tape tape = { .bytes = bytes, .size = sizeof(bytes) - 1 };
	struct outcome_of_it found;
	struct reason end;

	(void)state;
	end = play(&tape, &scenes[0], &found);
	assert_int_equal(end.cause, CAUSE_MISMATCH);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_recording_comes_to_the_same_verdict_and_reason),
		cmocka_unit_test(a_recording_that_is_cut_off_says_what_is_missing),
		cmocka_unit_test(a_recording_of_another_question_says_where_they_part),
		cmocka_unit_test(what_is_no_recording_is_refused),
		cmocka_unit_test(a_spoiled_recording_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
