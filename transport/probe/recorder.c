/* SPDX-License-Identifier: MIT */
#include "transport/probe/recorder.h"

#include "transport/base/bytes.h"
#include "transport/probe/redactor.h"
#include "transport/probe/tape_lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct recorder {
	struct probe probe;
	struct probe_ops ops; /* without what the inner one cannot */
	struct probe_memory_ops memory_ops;
	struct probe_swo_ops swo_ops;
	struct probe *inner;
	struct tape *tape;
	bool owns_tape;
	struct redactor redactor;
};

static struct recorder *
recorder_of(struct probe *probe)
{
	return container_of(probe, struct recorder, probe);
}

static void
write_ask(struct recorder *recorder, const struct recording_ask *ask)
{
	fprintf(tape_write_line(recorder->tape), "%%ask %s\n", ask->words);
}

/* What came back. */
struct answer {
	const uint32_t *numbers;
	size_t numbers_len;
	const uint8_t *bytes;
	size_t bytes_len;
};

static void
write_numbers(FILE *file, const uint32_t *numbers, size_t len)
{
	for (size_t i = 0; i < len; i++)
		fprintf(file, "%s%" PRIx32 "%s", i % RECORDING_NUMBERS == 0 ? "%n " : " ",
			numbers[i],
			i + 1 == len || (i + 1) % RECORDING_NUMBERS == 0 ? "\n" : "");
}

static void
write_words(FILE *file, const char *head, const struct redaction *redaction,
	    const char *words)
{
	char line[REASON_SPACE];

	text_copy(line, sizeof(line), words);
	if (redaction != NULL)
		redaction_words(redaction, line);
	fprintf(file, "%s %s\n", head, line);
}

static void
write_reason(FILE *file, const struct redaction *redaction, const struct reason *why)
{
	enum finding finding = reason_finding(why);
	char head[64];

	for (unsigned i = 0; i < reason_lines(why); i++)
		write_words(file, "%why", redaction, reason_line_at(why, i));
	snprintf(head, sizeof(head), "%%finding %s",
		 finding == FINDING_NONE ? "-" : finding_row(finding)->id);
	write_words(file, head, redaction, reason_remedy(why));
}

static enum cause
write_say(FILE *file, enum cause cause, const struct answer *answer,
	  const struct redaction *redaction, const struct reason *why)
{
	fprintf(file, "%%say %s %zu %zu %u\n", cause_name(cause), answer->numbers_len,
		answer->bytes_len, cause == CAUSE_NONE ? 0 : reason_lines(why));
	write_numbers(file, answer->numbers, answer->numbers_len);
	tape_write_bytes(file, answer->bytes, answer->bytes_len);
	if (cause != CAUSE_NONE)
		write_reason(file, redaction, why);
	return cause;
}

/* What the driver remarked stands before the answer. */
static enum cause
say(struct recorder *recorder, enum cause cause, const struct answer *answer,
    const struct reason *why)
{
	struct probe *probe = &recorder->probe;

	if (probe_take_remark(recorder->inner, probe->remark, sizeof(probe->remark)))
		write_words(recorder->tape->reel->file, "%remark",
			    recorder->redactor.redaction, probe->remark);
	return write_say(recorder->tape->reel->file, cause, answer,
			 recorder->redactor.redaction, why);
}

static enum cause
say_numbers(struct recorder *recorder, enum cause cause, const uint32_t *numbers,
	    size_t len, const struct reason *why)
{
	const struct answer answer = { .numbers = numbers, .numbers_len = len };

	return say(recorder, cause, &answer, why);
}

static enum cause
record_enter_swd(struct probe *probe, struct reason *why)
{
	struct recorder *recorder = recorder_of(probe);
	struct recording_ask ask = recording_ask("enter_swd", 0);

	write_ask(recorder, &ask);
	return say_numbers(recorder, probe_enter_swd(recorder->inner, why), NULL, 0, why);
}

static enum cause
record_leave(struct probe *probe, struct reason *why)
{
	struct recorder *recorder = recorder_of(probe);
	struct recording_ask ask = recording_ask("leave", 0);

	write_ask(recorder, &ask);
	return say_numbers(recorder, probe_leave(recorder->inner, why), NULL, 0, why);
}

static enum cause
record_set_clock(struct probe *probe, uint32_t *hz, struct reason *why)
{
	struct recorder *recorder = recorder_of(probe);
	struct recording_ask ask = recording_ask("set_clock", *hz);
	enum cause cause;

	write_ask(recorder, &ask);
	cause = probe_set_clock(recorder->inner, hz, why);
	return say_numbers(recorder, cause, hz, 1, why);
}

static enum cause
record_drive_nrst(struct probe *probe, bool low, struct reason *why)
{
	struct recorder *recorder = recorder_of(probe);
	struct recording_ask ask = recording_ask("drive_nrst", low);

	write_ask(recorder, &ask);
	return say_numbers(recorder, probe_drive_nrst(recorder->inner, low, why), NULL, 0,
			   why);
}

static enum cause
record_measure_vtarget(struct probe *probe, unsigned *millivolts, struct reason *why)
{
	struct recorder *recorder = recorder_of(probe);
	struct recording_ask ask = recording_ask("measure_vtarget", 0);
	uint32_t measured = 0;
	enum cause cause;

	write_ask(recorder, &ask);
	cause = probe_measure_vtarget(recorder->inner, millivolts, why);
	if (cause == CAUSE_NONE)
		measured = *millivolts;
	return say_numbers(recorder, cause, &measured, 1, why);
}

static enum cause
record_read_pins(struct probe *probe, struct probe_pins *pins, struct reason *why)
{
	struct recorder *recorder = recorder_of(probe);
	struct recording_ask ask = recording_ask("read_pins", 0);
	uint32_t levels[3] = { 0 };
	enum cause cause;

	write_ask(recorder, &ask);
	cause = probe_read_pins(recorder->inner, pins, why);
	if (cause == CAUSE_NONE) {
		levels[0] = pins->swclk;
		levels[1] = pins->swdio;
		levels[2] = pins->nrst;
	}
	return say_numbers(recorder, cause, levels, array_len(levels), why);
}

static void
put_outcome(const struct outcome *outcome, uint32_t numbers[RECORDING_OUTCOME])
{
	numbers[0] = (uint32_t)outcome->finished;
	numbers[1] = (uint32_t)outcome->ack;
	numbers[2] = outcome->has_fault_address;
	numbers[3] = outcome->has_fault_address ? outcome->fault_address : 0;
}

/* Values behind the transfers that are sure to have happened are nobody's. */
static enum cause
record_transfer(struct probe *probe, struct transfer *batch, size_t len,
		struct outcome *outcome, struct reason *why)
{
	struct recorder *recorder = recorder_of(probe);
	struct recording_ask ask = recording_ask_transfer(batch, len);
	uint32_t *numbers = calloc(RECORDING_OUTCOME + len, sizeof(*numbers));
	enum cause cause;

	if (numbers == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a recording");
	write_ask(recorder, &ask);
	cause = probe_transfer(recorder->inner, batch, len, outcome, why);
	put_outcome(outcome, numbers);
	for (size_t i = 0; i < outcome->finished; i++)
		if (recording_is_read(&batch[i]))
			numbers[RECORDING_OUTCOME + i] = batch[i].value;
	redactor_values(&recorder->redactor, batch, outcome->finished,
			numbers + RECORDING_OUTCOME);
	say_numbers(recorder, cause, numbers, RECORDING_OUTCOME + outcome->finished, why);
	free(numbers);
	return cause;
}

/* Of a copy: the caller gets what the probe has said. */
static enum cause
say_block(struct recorder *recorder, enum cause cause, const struct probe_block *block,
	  struct answer *answer, const struct reason *why)
{
	uint8_t *bytes;

	answer->bytes = block->in;
	if (recorder->redactor.redaction == NULL || answer->bytes_len == 0)
		return say(recorder, cause, answer, why);
	bytes = malloc(answer->bytes_len);
	/* Where there is no memory for it, a replay ends here. */
	if (bytes == NULL)
		return say(recorder, cause, &(struct answer){ .numbers_len = 0 }, why);
	memcpy(bytes, block->in, answer->bytes_len);
	redactor_bytes(&recorder->redactor, block->at, bytes, answer->bytes_len);
	answer->bytes = bytes;
	say(recorder, cause, answer, why);
	free(bytes);
	return cause;
}

static enum cause
record_move(struct probe *probe, const struct probe_block *block, struct outcome *outcome,
	    struct reason *why)
{
	struct recorder *recorder = recorder_of(probe);
	struct recording_ask ask = recording_ask_block(block);
	uint32_t numbers[RECORDING_OUTCOME];
	struct answer answer = { .numbers = numbers, .numbers_len = RECORDING_OUTCOME };
	enum cause cause;

	write_ask(recorder, &ask);
	cause = probe_move_block(recorder->inner, block, outcome, why);
	put_outcome(outcome, numbers);
	if (block->in != NULL)
		answer.bytes_len = outcome->finished;
	return say_block(recorder, cause, block, &answer, why);
}

static enum cause
record_read_core(struct probe *probe, uint32_t ap, uint32_t registers[PROBE_CORE_REGISTERS],
		 struct outcome *outcome, struct reason *why)
{
	struct recorder *recorder = recorder_of(probe);
	struct recording_ask ask = recording_ask("read_core", ap);
	uint32_t numbers[RECORDING_OUTCOME + PROBE_CORE_REGISTERS] = { 0 };
	enum cause cause;

	write_ask(recorder, &ask);
	cause = probe_read_core(recorder->inner, ap, registers, outcome, why);
	put_outcome(outcome, numbers);
	if (cause == CAUSE_NONE)
		memcpy(numbers + RECORDING_OUTCOME, registers,
		       PROBE_CORE_REGISTERS * sizeof(numbers[0]));
	redactor_core(&recorder->redactor, numbers + RECORDING_OUTCOME);
	return say_numbers(recorder, cause, numbers, array_len(numbers), why);
}

/* --- trace ----------------------------------------------------------------------------- */

static enum cause
record_swo_start(struct probe *probe, uint32_t *baud, struct reason *why)
{
	struct recorder *recorder = recorder_of(probe);
	struct recording_ask ask = recording_ask("swo_start", *baud);
	enum cause cause;

	write_ask(recorder, &ask);
	cause = probe_swo_start(recorder->inner, baud, why);
	return say_numbers(recorder, cause, baud, 1, why);
}

/* Losses are counted from the first one on, in 32 bits. */
static enum cause
record_swo_read(struct probe *probe, uint8_t *bytes, size_t max, size_t *got,
		struct reason *why)
{
	struct recorder *recorder = recorder_of(probe);
	struct recording_ask ask = recording_ask("swo_read", (uint32_t)max);
	uint32_t losses;
	struct answer answer = { .numbers = &losses, .numbers_len = 1 };
	enum cause cause;

	write_ask(recorder, &ask);
	cause = probe_swo_read(recorder->inner, bytes, max, got, why);
	probe->swo_losses = recorder->inner->swo_losses;
	losses = (uint32_t)probe->swo_losses;
	answer.bytes = bytes;
	answer.bytes_len = cause == CAUSE_NONE ? *got : 0;
	return say(recorder, cause, &answer, why);
}

static enum cause
record_swo_stop(struct probe *probe, struct reason *why)
{
	struct recorder *recorder = recorder_of(probe);
	struct recording_ask ask = recording_ask("swo_stop", 0);

	write_ask(recorder, &ask);
	return say_numbers(recorder, probe_swo_stop(recorder->inner, why), NULL, 0, why);
}

static void
record_close(struct probe *probe)
{
	struct recorder *recorder = recorder_of(probe);

	if (recorder->owns_tape)
		tape_free(recorder->tape);
	probe_close(recorder->inner);
	free(recorder);
}

/* What other programs have claimed is not on the tape: a session that shares its probe is not replayed. */
static enum cause
pass_claim(struct probe *probe, uint8_t *bytes, struct reason *why)
{
	return probe_wish_claim(recorder_of(probe)->inner, bytes, why);
}

static const struct probe_ops all_ops = {
	.close = record_close,
	.enter_swd = record_enter_swd,
	.leave = record_leave,
	.set_clock = record_set_clock,
	.transfer = record_transfer,
	.drive_nrst = record_drive_nrst,
	.measure_vtarget = record_measure_vtarget,
	.read_pins = record_read_pins,
	.claim = pass_claim,
};

/* What the inner probe can, so that callers take the same ways. Says which, as in the
 * recording. */
static unsigned
take_abilities(struct recorder *recorder)
{
	const struct probe_ops *inner = recorder->inner->ops;
	unsigned can = (inner->can_match ? RECORDING_MATCHES : 0) |
		       (inner->measure_vtarget != NULL ? RECORDING_MEASURES : 0) |
		       (inner->read_pins != NULL ? RECORDING_SEES_PINS : 0) |
		       (inner->memory != NULL ? RECORDING_HAS_MEMORY : 0) |
		       (inner->swo != NULL ? RECORDING_HAS_SWO : 0) |
		       (recorder->inner->has_other_debugger ? RECORDING_HAS_OTHERS : 0);

	recorder->ops = all_ops;
	recorder->ops.can_match = inner->can_match;
	recorder->ops.port_max = inner->port_max;
	if (inner->measure_vtarget == NULL)
		recorder->ops.measure_vtarget = NULL;
	if (inner->read_pins == NULL)
		recorder->ops.read_pins = NULL;
	recorder->swo_ops = (struct probe_swo_ops){ record_swo_start, record_swo_read,
						    record_swo_stop };
	if (inner->swo != NULL)
		recorder->ops.swo = &recorder->swo_ops;
	if (inner->memory == NULL)
		return can;
	recorder->memory_ops = (struct probe_memory_ops){ .move = record_move };
	recorder->ops.memory = &recorder->memory_ops;
	if (inner->memory->read_core == NULL)
		return can;
	recorder->memory_ops.read_core = record_read_core;
	recorder->memory_ops.read_core_ports = inner->memory->read_core_ports;
	return can | RECORDING_READS_CORES;
}

static void
write_probe(const struct recorder *recorder, unsigned abilities)
{
	const struct probe *probe = &recorder->probe;
	const struct probe_identity *identity = &probe->identity;

	fprintf(recorder->tape->reel->file,
		"%%probe %" PRIx32 " %" PRIx32 " %" PRIx32 " %x %" PRIx32 " %x\n",
		recorder->ops.port_max, probe->usual_hz, probe->clock_hz, abilities,
		recorder->memory_ops.read_core_ports, probe->reads_at_once);
	fprintf(recorder->tape->reel->file, "%%kind %s\n", identity->kind);
	write_words(recorder->tape->reel->file, "%serial", recorder->redactor.redaction,
		    identity->serial);
	fprintf(recorder->tape->reel->file, "%%firmware %s\n", identity->firmware);
	write_words(recorder->tape->reel->file, "%where", recorder->redactor.redaction,
		    identity->where);
}

static void
write_opening(FILE *file, enum cause cause, const struct redaction *redaction,
	      const struct reason *why)
{
	const struct answer nothing = { .numbers_len = 0 };

	fputs("%ask open 0\n", file);
	write_say(file, cause, &nothing, redaction, why);
}

void
recorder_write_failure(FILE *file, const struct redaction *redaction,
		       const struct reason *why)
{
	write_opening(file, why->cause, redaction, why);
}

static enum cause
wrap(struct probe *inner, struct tape *tape, const struct redaction *redaction,
     struct probe **wrapped, struct reason *why)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	unsigned abilities;

	if (recorder == NULL) {
		probe_close(inner);
		return reason_begin(why, CAUSE_HOST, "no memory for a recording");
	}
	recorder->inner = inner;
	inner->answers.is_off = true;
	recorder->tape = tape;
	recorder->redactor.redaction = redaction;
	abilities = take_abilities(recorder);
	recorder->probe =
		(struct probe){ .ops = &recorder->ops,
				.clock = tape_clock(tape),
				.identity = inner->identity,
				.usual_hz = inner->usual_hz,
				.reads_at_once = inner->reads_at_once,
				.clock_hz = inner->clock_hz,
				.has_other_debugger = inner->has_other_debugger,
				.is_claimed_elsewhere = inner->is_claimed_elsewhere };
	write_probe(recorder, abilities);
	*wrapped = &recorder->probe;
	return CAUSE_NONE;
}

enum cause
recorder_wrap_on(struct probe *inner, struct tape *tape, struct probe **wrapped,
		 struct reason *why)
{
	return wrap(inner, tape, NULL, wrapped, why);
}

enum cause
recorder_wrap(struct probe *inner, FILE *file, const struct redaction *redaction,
	      struct probe **wrapped, struct reason *why)
{
	struct tape *tape = tape_record_file(file, inner->clock);
	enum cause cause;

	if (tape == NULL) {
		probe_close(inner);
		return reason_begin(why, CAUSE_HOST, "no memory for a recording");
	}
	write_opening(file, CAUSE_NONE, redaction, NULL);
	cause = wrap(inner, tape, redaction, wrapped, why);
	if (cause != CAUSE_NONE)
		tape_free(tape);
	else
		container_of(*wrapped, struct recorder, probe)->owns_tape = true;
	return cause;
}

/* --- the job that opens a probe ---------------------------------------------------------- */

/* A step: is it done, and how long is to be waited. */
enum { STEP_NUMBERS = 2 };

enum cause
recorder_step(struct tape *tape, struct job *job, bool *done, struct reason *why)
{
	struct recording_ask ask = recording_ask("open_step", 0);
	uint32_t numbers[STEP_NUMBERS];
	struct answer answer = { .numbers = numbers, .numbers_len = STEP_NUMBERS };
	enum cause cause;

	fprintf(tape_write_line(tape), "%%ask %s\n", ask.words);
	cause = job_step(job, done, why);
	numbers[0] = *done;
	numbers[1] = job->wait_us < UINT32_MAX ? (uint32_t)job->wait_us : UINT32_MAX;
	return write_say(tape->reel->file, cause, &answer, NULL, why);
}
