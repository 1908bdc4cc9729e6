/* SPDX-License-Identifier: MIT */
#include "transport/probe/replay.h"

#include "transport/base/bytes.h"
#include "transport/probe/recording.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Nobody waits as long; a clock that stands still would let who waits wait for ever. */
#define TICK_MAX_US UINT64_C(1000000000000)

enum { OFF_TICK_US = 1000, TERMS_MAX = 8 };

struct replay {
	struct probe probe;
	struct probe_ops ops; /* without what the recorded one could not */
	struct probe_memory_ops memory_ops;
	struct clock clock;
	FILE *file;
	bool has_line; /* is looked at and not yet taken */
	char line[RECORDING_LINE_MAX];
	uint64_t now_us, ticks[RECORDING_TICKS];
	size_t ticks_len, next_tick;
	bool is_off;
	struct reason off;
};

static struct replay *
replay_of(struct probe *probe)
{
	return container_of(probe, struct replay, probe);
}

const struct reason *
replay_off(struct probe *probe)
{
	return replay_of(probe)->is_off ? &replay_of(probe)->off : NULL;
}

/* The rest of a line. */
static bool
pass_line(FILE *file)
{
	int c = fgetc(file);

	while (c != '\n' && c != EOF)
		c = fgetc(file);
	return c != EOF;
}

/* What is shown on a terminal must not steer it. */
static void
take_printable(char *line)
{
	for (; *line != '\0'; line++)
		if (!isprint((unsigned char)*line))
			*line = '?';
}

bool
replay_line(FILE *file, char *line, size_t size)
{
	size_t len = 0;
	int c;

	while ((c = fgetc(file)) != '%' && c != '@')
		if (c == EOF || (c != '\n' && !pass_line(file)))
			return false;
	for (; c != '\n' && c != EOF; c = fgetc(file)) {
		if (len + 1 == size)
			return false;
		line[len++] = c == '\0' ? '?' : (char)c;
	}
	line[len] = '\0';
	take_printable(line);
	return c == '\n';
}

/* What was found in the end is nothing that a probe says. */
static bool
is_for_others(const char *line)
{
	static const char word[] = "%verdict ";

	return strncmp(line, word, strlen(word)) == 0;
}

/* The next line; it stays until take_line(). "" at the end. */
static const char *
look(struct replay *replay)
{
	while (!replay->has_line) {
		if (!replay_line(replay->file, replay->line, sizeof(replay->line)))
			replay->line[0] = '\0';
		replay->has_line = !is_for_others(replay->line);
	}
	return replay->line;
}

static void
take_line(struct replay *replay)
{
	replay->has_line = replay->line[0] == '\0';
}

/* The rest of the next line if it begins with that word. */
static const char *
take(struct replay *replay, const char *word)
{
	const char *line = look(replay);
	size_t len = strlen(word);

	if (strncmp(line, word, len) != 0 || (line[len] != ' ' && line[len] != '\0'))
		return NULL;
	take_line(replay);
	return line[len] == ' ' ? line + len + 1 : "";
}

/* Only the first time says where. */
static enum cause
go_off(struct replay *replay, const char *asked)
{
	const char *line = look(replay);

	if (replay->is_off)
		return CAUSE_MISMATCH;
	replay->is_off = true;
	if (line[0] == '\0')
		return reason_begin(&replay->off, CAUSE_MISMATCH,
				    "the recording ends where it should go on with: %s",
				    asked);
	return reason_begin(&replay->off, CAUSE_MISMATCH,
			    "the recording goes on with \"%.80s\", not with: %s", line,
			    asked);
}

static enum cause
fail_off(const struct replay *replay, struct reason *why)
{
	return reason_begin(why, CAUSE_GONE, "the probe is only a recording: %s",
			    reason_root(&replay->off));
}

/* Numbers with blanks between, as many as there are, at most `max`. */
static bool
read_terms(const char *words, int base, uint64_t *terms, size_t max, size_t *len)
{
	for (*len = 0; *words != '\0'; words += strspn(words, " ")) {
		char *end;

		if (*len == max || !isxdigit((unsigned char)*words))
			return false;
		errno = 0;
		terms[(*len)++] = strtoull(words, &end, base);
		if (errno != 0 || end == words || (*end != ' ' && *end != '\0'))
			return false;
		words = end;
	}
	return *len > 0;
}

static bool
read_words(const char *words, uint32_t *numbers, size_t max, size_t *len)
{
	uint64_t terms[RECORDING_NUMBERS];

	if (!read_terms(words, 16, terms, max < RECORDING_NUMBERS ? max : RECORDING_NUMBERS,
			len))
		return false;
	for (size_t i = 0; i < *len; i++) {
		if (terms[i] > UINT32_MAX)
			return false;
		numbers[i] = (uint32_t)terms[i];
	}
	return true;
}

/* --- the clock --- */

static bool
read_ticks(struct replay *replay)
{
	const char *words = take(replay, "@");

	replay->next_tick = replay->ticks_len = 0;
	return words != NULL &&
	       read_terms(words, 10, replay->ticks, RECORDING_TICKS, &replay->ticks_len);
}

static uint64_t
replay_now_us(struct clock *clock)
{
	struct replay *replay = container_of(clock, struct replay, clock);

	if (!replay->is_off && replay->next_tick == replay->ticks_len &&
	    !read_ticks(replay)) {
		replay->ticks_len = 0;
		(void)go_off(replay, "a look at the clock");
	}
	if (replay->is_off)
		return replay->now_us += OFF_TICK_US;
	replay->now_us += replay->ticks[replay->next_tick] < TICK_MAX_US
				  ? replay->ticks[replay->next_tick]
				  : TICK_MAX_US;
	replay->next_tick++;
	return replay->now_us;
}

/* How long it was is in the next look at the clock. */
static void
replay_sleep_us(struct clock *clock, uint64_t us)
{
	struct replay *replay = container_of(clock, struct replay, clock);

	if (replay->is_off)
		replay->now_us += us;
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
	if (!read_terms(words + len + strspn(words + len, " "), 10, terms, TERMS_MAX,
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
		const char *words = take(replay, "%n");
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
	answer->bytes_len = 0;
	if (len > answer->bytes_max)
		return false;
	while (answer->bytes_len < len) {
		const char *digits = take(replay, "%b");
		size_t some = digits == NULL ? 0 : strlen(digits) / 2;

		if (some == 0 || some > len - answer->bytes_len ||
		    !hex_decode(answer->bytes + answer->bytes_len, digits, some))
			return false;
		answer->bytes_len += some;
	}
	return true;
}

static bool
read_finding(struct replay *replay, struct reason *why)
{
	const char *words = take(replay, "%finding");
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
		const char *words = take(replay, "%why");

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
	const char *words = take(replay, "%remark");

	if (words != NULL)
		text_copy(replay->probe.remark, sizeof(replay->probe.remark), words);
}

/* CAUSE_MISMATCH: the recording has nothing of the kind. */
static enum cause
read_answer(struct replay *replay, struct answer *answer, struct reason *why)
{
	struct said said = { .cause = CAUSE_NONE };

	read_remark(replay);
	if (!read_said(take(replay, "%say"), &said) ||
	    !read_numbers(replay, said.numbers, answer) ||
	    !read_bytes(replay, said.bytes, answer) || !read_reason(replay, &said, why))
		return go_off(replay, "an answer");
	return said.cause;
}

/* Only when the recording asks the same now: looks at the clock come in their place, too. */
static bool
is_asked(struct replay *replay, const struct recording_ask *ask)
{
	const char *words = replay->next_tick == replay->ticks_len ? look(replay) : "";
	const char *word = "%ask ";

	if (strncmp(words, word, strlen(word)) != 0 ||
	    strcmp(words + strlen(word), ask->words) != 0)
		return false;
	take_line(replay);
	return true;
}

/* `most` numbers and no others are waited for, unless fewer are as good. */
static enum cause
play(struct replay *replay, const struct recording_ask *ask, struct answer *answer,
     struct reason *why)
{
	enum cause cause;

	if (!replay->is_off && !is_asked(replay, ask))
		(void)go_off(replay, ask->words);
	if (replay->is_off)
		return fail_off(replay, why);
	cause = read_answer(replay, answer, why);
	return replay->is_off ? fail_off(replay, why) : cause;
}

/* A call whose answer has exactly `len` numbers. */
static enum cause
play_numbers(struct replay *replay, const struct recording_ask *ask, uint32_t *numbers,
	     size_t len, struct reason *why)
{
	struct answer answer = { .numbers = numbers, .numbers_max = len };
	enum cause cause = play(replay, ask, &answer, why);

	if (replay->is_off || answer.numbers_len == len)
		return cause;
	(void)go_off(replay, "more numbers");
	return fail_off(replay, why);
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
	if (!replay->is_off && is_right)
		return cause;
	(void)go_off(replay, "an outcome");
	*outcome = (struct outcome){ .ack = ACK_UNKNOWN };
	return fail_off(replay, why);
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
	for (size_t i = 0; is_right && !replay->is_off && i < outcome->finished; i++)
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

static void
replay_close(struct probe *probe)
{
	free(replay_of(probe));
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
	const char *words = take(replay, word);

	if (words != NULL)
		text_copy(name, size, words);
	return words != NULL;
}

static bool
read_probe(struct replay *replay)
{
	enum { NUMBERS = 5 };

	struct probe_identity *identity = &replay->probe.identity;
	const char *words = take(replay, "%probe");
	uint32_t numbers[NUMBERS];
	size_t len = 0;

	if (words == NULL || !read_words(words, numbers, NUMBERS, &len) || len != NUMBERS)
		return false;
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

	if (!replay->is_off && cause != CAUSE_NONE)
		return cause;
	if (!replay->is_off && !read_probe(replay))
		(void)go_off(replay, "what probe it is");
	if (!replay->is_off)
		return CAUSE_NONE;
	*why = replay->off;
	return why->cause;
}

enum cause
replay_open(FILE *file, struct probe **probe, struct reason *why)
{
	struct replay *replay = calloc(1, sizeof(*replay));
	enum cause cause;

	*probe = NULL;
	if (replay == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a replay");
	replay->file = file;
	replay->clock = (struct clock){ replay_now_us, replay_sleep_us };
	replay->probe.ops = &replay->ops;
	replay->probe.clock = &replay->clock;
	cause = open_recorded(replay, why);
	if (cause == CAUSE_NONE)
		*probe = &replay->probe;
	else
		free(replay);
	return cause;
}
