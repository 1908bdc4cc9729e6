/* SPDX-License-Identifier: MIT */
#include "transport/probe/replay.h"

#include "transport/base/bytes.h"
#include "transport/base/text.h"
#include "transport/probe/tape_lines.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TERMS_MAX = 8 };

struct replay {
	struct probe probe;
	struct probe_ops ops; /* without what the recorded one could not */
	struct probe_memory_ops memory_ops;
	struct probe_swo_ops swo_ops;
	struct tape *tape;
	bool owns_tape;
};

static struct replay *
replay_of(struct probe *probe)
{
	return container_of(probe, struct replay, probe);
}

const struct reason *
replay_off(struct probe *probe)
{
	return tape_off(replay_of(probe)->tape);
}

static enum cause
fail_off(const struct tape *tape, struct reason *why)
{
	return reason_begin(why, CAUSE_GONE, "the probe is only a recording: %s",
			    reason_root(&tape->off));
}

static bool
read_words(const char *words, uint32_t *numbers, size_t max, size_t *len)
{
	uint64_t terms[RECORDING_NUMBERS];

	if (!tape_read_terms(words, 16, terms,
			     max < RECORDING_NUMBERS ? max : RECORDING_NUMBERS, len))
		return false;
	for (size_t i = 0; i < *len; i++) {
		if (terms[i] > UINT32_MAX)
			return false;
		numbers[i] = (uint32_t)terms[i];
	}
	return true;
}

/* --- calls --- */

/* What is waited for, and what came. */
struct answer {
	uint32_t *numbers;
	size_t numbers_max, numbers_len;
	uint8_t *bytes;
	size_t bytes_max, bytes_len;
};

struct said {
	enum cause cause;
	size_t numbers, bytes, lines;
};

static bool
read_said(const char *words, struct said *said)
{
	char name[16];
	size_t len = words == NULL ? 0 : strcspn(words, " ");
	uint64_t terms[TERMS_MAX];
	size_t terms_len;

	if (len == 0 || len >= sizeof(name))
		return false;
	memcpy(name, words, len);
	name[len] = '\0';
	said->cause = cause_by_name(name);
	if (!tape_read_terms(words + len + strspn(words + len, " "), 10, terms, TERMS_MAX,
			     &terms_len) ||
	    terms_len != 3 || terms[2] > REASON_LINES)
		return false;
	said->numbers = (size_t)terms[0];
	said->bytes = (size_t)terms[1];
	said->lines = (size_t)terms[2];
	return (said->cause == CAUSE_NONE) == (said->lines == 0);
}

static bool
read_numbers(struct replay *replay, size_t len, struct answer *answer)
{
	answer->numbers_len = 0;
	if (len > answer->numbers_max)
		return false;
	while (answer->numbers_len < len) {
		const char *words = tape_take(replay->tape, "%n");
		size_t some = 0;

		if (words == NULL ||
		    !read_words(words, answer->numbers + answer->numbers_len,
				len - answer->numbers_len, &some))
			return false;
		answer->numbers_len += some;
	}
	return true;
}

static bool
read_bytes(struct replay *replay, size_t len, struct answer *answer)
{
	answer->bytes_len = len;
	return len <= answer->bytes_max &&
	       tape_read_bytes(replay->tape, answer->bytes, len);
}

static bool
read_finding(struct replay *replay, struct reason *why)
{
	const char *words = tape_take(replay->tape, "%finding");
	char id[64];
	size_t len = words == NULL ? 0 : strcspn(words, " ");
	enum finding finding;

	if (len == 0 || len >= sizeof(id))
		return false;
	memcpy(id, words, len);
	id[len] = '\0';
	finding = finding_by_id(id);
	if (finding != FINDING_NONE)
		reason_suspect_as_said(why, finding,
				       words[len] == ' ' ? words + len + 1 : "");
	return finding != FINDING_NONE || strcmp(id, "-") == 0;
}

static bool
read_reason(struct replay *replay, const struct said *said, struct reason *why)
{
	for (size_t i = 0; i < said->lines; i++) {
		const char *words = tape_take(replay->tape, "%why");

		if (words == NULL)
			return false;
		if (i == 0)
			reason_begin(why, said->cause, "%s", words);
		else
			reason_while(why, "%s", words);
	}
	return said->cause == CAUSE_NONE || read_finding(replay, why);
}

static void
read_remark(struct replay *replay)
{
	const char *words = tape_take(replay->tape, "%remark");

	if (words != NULL)
		text_copy(replay->probe.remark, sizeof(replay->probe.remark), words);
}

/* CAUSE_MISMATCH: the recording has nothing of the kind. */
static enum cause
read_answer(struct replay *replay, struct answer *answer, struct reason *why)
{
	struct said said = { .cause = CAUSE_NONE };

	read_remark(replay);
	if (!read_said(tape_take(replay->tape, "%say"), &said) ||
	    !read_numbers(replay, said.numbers, answer) ||
	    !read_bytes(replay, said.bytes, answer) || !read_reason(replay, &said, why))
		return tape_go_off(replay->tape, "an answer");
	return said.cause;
}

/* Only when the recording asks the same now: looks at the clock come in their place, too. */
static bool
is_asked(struct replay *replay, const struct recording_ask *ask)
{
	const char *words = tape_is_clock_even(replay->tape) ? tape_look(replay->tape) : "";
	const char *word = "%ask ";

	if (!text_begins(words, word) || strcmp(words + strlen(word), ask->words) != 0)
		return false;
	tape_take_line(replay->tape);
	return true;
}

/* `most` numbers and no others are waited for, unless fewer are as good. */
static enum cause
play(struct replay *replay, const struct recording_ask *ask, struct answer *answer,
     struct reason *why)
{
	enum cause cause;

	if (!replay->tape->is_off && !is_asked(replay, ask))
		(void)tape_go_off(replay->tape, ask->words);
	if (replay->tape->is_off)
		return fail_off(replay->tape, why);
	cause = read_answer(replay, answer, why);
	return replay->tape->is_off ? fail_off(replay->tape, why) : cause;
}

/* A call whose answer has exactly `len` numbers. */
static enum cause
play_numbers(struct replay *replay, const struct recording_ask *ask, uint32_t *numbers,
	     size_t len, struct reason *why)
{
	struct answer answer = { .numbers = numbers, .numbers_max = len };
	enum cause cause = play(replay, ask, &answer, why);

	if (replay->tape->is_off || answer.numbers_len == len)
		return cause;
	(void)tape_go_off(replay->tape, "more numbers");
	return fail_off(replay->tape, why);
}

static enum cause
play_enter_swd(struct probe *probe, struct reason *why)
{
	struct recording_ask ask = recording_ask("enter_swd", 0);

	return play_numbers(replay_of(probe), &ask, NULL, 0, why);
}

static enum cause
play_leave(struct probe *probe, struct reason *why)
{
	struct recording_ask ask = recording_ask("leave", 0);

	return play_numbers(replay_of(probe), &ask, NULL, 0, why);
}

static enum cause
play_set_clock(struct probe *probe, uint32_t *hz, struct reason *why)
{
	struct recording_ask ask = recording_ask("set_clock", *hz);

	return play_numbers(replay_of(probe), &ask, hz, 1, why);
}

static enum cause
play_drive_nrst(struct probe *probe, bool low, struct reason *why)
{
	struct recording_ask ask = recording_ask("drive_nrst", low);

	return play_numbers(replay_of(probe), &ask, NULL, 0, why);
}

static enum cause
play_measure_vtarget(struct probe *probe, unsigned *millivolts, struct reason *why)
{
	struct recording_ask ask = recording_ask("measure_vtarget", 0);
	uint32_t measured = 0;
	enum cause cause = play_numbers(replay_of(probe), &ask, &measured, 1, why);

	*millivolts = measured;
	return cause;
}

static enum cause
play_read_pins(struct probe *probe, struct probe_pins *pins, struct reason *why)
{
	struct recording_ask ask = recording_ask("read_pins", 0);
	uint32_t levels[3] = { 0 };
	enum cause cause =
		play_numbers(replay_of(probe), &ask, levels, array_len(levels), why);

	*pins = (struct probe_pins){ levels[0] != 0, levels[1] != 0, levels[2] != 0 };
	return cause;
}

/* What an outcome may be after that cause, of `units` that were to be done. */
static bool
take_outcome(const uint32_t *numbers, enum cause cause, size_t units,
	     struct outcome *outcome)
{
	if (numbers[1] > ACK_MISMATCH || numbers[2] > 1 ||
	    (cause == CAUSE_NONE ? numbers[0] != units : numbers[0] >= units))
		return false;
	*outcome = (struct outcome){ .finished = numbers[0],
				     .ack = (enum swd_ack)numbers[1],
				     .has_fault_address = numbers[2] != 0,
				     .fault_address = numbers[3] };
	return true;
}

static enum cause
end_call(struct replay *replay, bool is_right, enum cause cause, struct outcome *outcome,
	 struct reason *why)
{
	if (!replay->tape->is_off && is_right)
		return cause;
	(void)tape_go_off(replay->tape, "an outcome");
	*outcome = (struct outcome){ .ack = ACK_UNKNOWN };
	return fail_off(replay->tape, why);
}

static enum cause
play_transfer(struct probe *probe, struct transfer *batch, size_t len,
	      struct outcome *outcome, struct reason *why)
{
	struct replay *replay = replay_of(probe);
	struct recording_ask ask = recording_ask_transfer(batch, len);
	uint32_t *numbers = calloc(RECORDING_OUTCOME + len, sizeof(*numbers));
	struct answer answer = { .numbers = numbers,
				 .numbers_max = RECORDING_OUTCOME + len };
	enum cause cause;
	bool is_right;

	if (numbers == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a replay");
	cause = play(replay, &ask, &answer, why);
	is_right = take_outcome(numbers, cause, len, outcome) &&
		   answer.numbers_len == RECORDING_OUTCOME + outcome->finished;
	for (size_t i = 0; is_right && !replay->tape->is_off && i < outcome->finished; i++)
		if (recording_is_read(&batch[i]))
			batch[i].value = numbers[RECORDING_OUTCOME + i];
	free(numbers);
	return end_call(replay, is_right, cause, outcome, why);
}

static enum cause
play_move(struct probe *probe, const struct probe_block *block, struct outcome *outcome,
	  struct reason *why)
{
	struct replay *replay = replay_of(probe);
	struct recording_ask ask = recording_ask_block(block);
	uint32_t numbers[RECORDING_OUTCOME] = { 0 };
	struct answer answer = { .numbers = numbers,
				 .numbers_max = RECORDING_OUTCOME,
				 .bytes = block->in,
				 .bytes_max = block->in != NULL ? block->size : 0 };
	enum cause cause = play(replay, &ask, &answer, why);
	bool is_right = answer.numbers_len == RECORDING_OUTCOME &&
			take_outcome(numbers, cause, block->size, outcome) &&
			outcome->finished % block->width == 0 &&
			(block->in == NULL || answer.bytes_len == outcome->finished);

	return end_call(replay, is_right, cause, outcome, why);
}

static enum cause
play_read_core(struct probe *probe, uint32_t ap, uint32_t registers[PROBE_CORE_REGISTERS],
	       struct outcome *outcome, struct reason *why)
{
	struct replay *replay = replay_of(probe);
	struct recording_ask ask = recording_ask("read_core", ap);
	uint32_t numbers[RECORDING_OUTCOME + PROBE_CORE_REGISTERS] = { 0 };
	enum cause cause = play_numbers(replay, &ask, numbers, array_len(numbers), why);
	bool is_right = numbers[1] <= ACK_MISMATCH;

	*outcome = (struct outcome){ .finished = numbers[0],
				     .ack = is_right ? (enum swd_ack)numbers[1] : ACK_OK };
	if (cause == CAUSE_NONE)
		memcpy(registers, numbers + RECORDING_OUTCOME,
		       PROBE_CORE_REGISTERS * sizeof(numbers[0]));
	return end_call(replay, is_right, cause, outcome, why);
}

/* --- trace ----------------------------------------------------------------------------- */

static enum cause
play_swo_start(struct probe *probe, uint32_t *baud, struct reason *why)
{
	struct recording_ask ask = recording_ask("swo_start", *baud);

	return play_numbers(replay_of(probe), &ask, baud, 1, why);
}

static enum cause
play_swo_read(struct probe *probe, uint8_t *bytes, size_t max, size_t *got,
	      struct reason *why)
{
	struct replay *replay = replay_of(probe);
	struct recording_ask ask = recording_ask("swo_read", (uint32_t)max);
	uint32_t losses = 0;
	struct answer answer = {
		.numbers = &losses, .numbers_max = 1, .bytes = bytes, .bytes_max = max
	};
	enum cause cause = play(replay, &ask, &answer, why);

	if (!replay->tape->is_off && answer.numbers_len == 1) {
		probe->swo_losses = losses;
		*got = answer.bytes_len;
		return cause;
	}
	(void)tape_go_off(replay->tape, "what came by SWO");
	return fail_off(replay->tape, why);
}

static enum cause
play_swo_stop(struct probe *probe, struct reason *why)
{
	struct recording_ask ask = recording_ask("swo_stop", 0);

	return play_numbers(replay_of(probe), &ask, NULL, 0, why);
}

static void
replay_close(struct probe *probe)
{
	struct replay *replay = replay_of(probe);

	if (replay->owns_tape)
		tape_free(replay->tape);
	free(replay);
}

static const struct probe_ops all_ops = {
	.close = replay_close,
	.enter_swd = play_enter_swd,
	.leave = play_leave,
	.set_clock = play_set_clock,
	.transfer = play_transfer,
	.drive_nrst = play_drive_nrst,
	.measure_vtarget = play_measure_vtarget,
	.read_pins = play_read_pins,
};

/* --- opening --- */

static void
take_abilities(struct replay *replay, const uint32_t *numbers)
{
	struct probe *probe = &replay->probe;
	unsigned can = numbers[3];

	replay->ops = all_ops;
	replay->ops.port_max = numbers[0];
	probe->usual_hz = numbers[1];
	probe->clock_hz = numbers[2];
	probe->has_other_debugger = (can & RECORDING_HAS_OTHERS) != 0;
	replay->ops.can_match = (can & RECORDING_MATCHES) != 0;
	if ((can & RECORDING_MEASURES) == 0)
		replay->ops.measure_vtarget = NULL;
	if ((can & RECORDING_SEES_PINS) == 0)
		replay->ops.read_pins = NULL;
	replay->swo_ops =
		(struct probe_swo_ops){ play_swo_start, play_swo_read, play_swo_stop };
	if ((can & RECORDING_HAS_SWO) != 0)
		replay->ops.swo = &replay->swo_ops;
	if ((can & RECORDING_HAS_MEMORY) == 0)
		return;
	replay->memory_ops.move = play_move;
	replay->ops.memory = &replay->memory_ops;
	if ((can & RECORDING_READS_CORES) == 0)
		return;
	replay->memory_ops.read_core = play_read_core;
	replay->memory_ops.read_core_ports = numbers[4];
}

static bool
take_name(struct replay *replay, const char *word, char *name, size_t size)
{
	const char *words = tape_take(replay->tape, word);

	if (words != NULL)
		text_copy(name, size, words);
	return words != NULL;
}

static bool
read_probe(struct replay *replay)
{
	enum { NUMBERS = 6, LEAST = NUMBERS - 1 }; /* without the last at first */

	struct probe_identity *identity = &replay->probe.identity;
	const char *words = tape_take(replay->tape, "%probe");
	uint32_t numbers[NUMBERS] = { 0 };
	size_t len = 0;

	if (words == NULL || !read_words(words, numbers, NUMBERS, &len) || len < LEAST)
		return false;
	replay->probe.reads_at_once = numbers[LEAST];
	take_abilities(replay, numbers);
	return take_name(replay, "%kind", identity->kind, sizeof(identity->kind)) &&
	       take_name(replay, "%serial", identity->serial, sizeof(identity->serial)) &&
	       take_name(replay, "%firmware", identity->firmware,
			 sizeof(identity->firmware)) &&
	       take_name(replay, "%where", identity->where, sizeof(identity->where));
}

static enum cause
open_recorded(struct replay *replay, struct reason *why)
{
	struct recording_ask ask = recording_ask("open", 0);
	struct answer nothing = { .numbers_max = 0 };
	enum cause cause = play(replay, &ask, &nothing, why);

	if (!replay->tape->is_off && cause != CAUSE_NONE)
		return cause;
	if (!replay->tape->is_off && !read_probe(replay))
		(void)tape_go_off(replay->tape, "what probe it is");
	if (!replay->tape->is_off)
		return CAUSE_NONE;
	*why = replay->tape->off;
	return why->cause;
}

static struct replay *
make(struct tape *tape)
{
	struct replay *replay = calloc(1, sizeof(*replay));

	if (replay == NULL)
		return NULL;
	replay->tape = tape;
	replay->probe.ops = &replay->ops;
	replay->probe.clock = tape_clock(tape);
	return replay;
}

enum cause
replay_open(FILE *file, struct probe **probe, struct reason *why)
{
	struct tape *tape = tape_play(file);
	struct replay *replay = tape == NULL ? NULL : make(tape);
	enum cause cause;

	*probe = NULL;
	if (replay == NULL) {
		tape_free(tape);
		return reason_begin(why, CAUSE_HOST, "no memory for a replay");
	}
	replay->owns_tape = true;
	cause = open_recorded(replay, why);
	if (cause == CAUSE_NONE)
		*probe = &replay->probe;
	else
		replay_close(&replay->probe);
	return cause;
}

enum cause
replay_open_on(struct tape *tape, struct probe **probe, struct reason *why)
{
	struct replay *replay = make(tape);

	*probe = NULL;
	if (replay == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a replay");
	if (!read_probe(replay)) {
		(void)tape_go_off(tape, "what probe it is");
		free(replay);
		return fail_off(tape, why);
	}
	*probe = &replay->probe;
	return CAUSE_NONE;
}

enum cause
replay_step(struct tape *tape, uint64_t *wait_us, bool *done, struct reason *why)
{
	enum { NUMBERS = 2 };

	struct replay none = { .tape = tape };
	struct recording_ask ask = recording_ask("open_step", 0);
	uint32_t numbers[NUMBERS] = { 0 };
	enum cause cause = play_numbers(&none, &ask, numbers, NUMBERS, why);

	*done = cause == CAUSE_NONE && numbers[0] != 0;
	*wait_us = numbers[1];
	return cause;
}
