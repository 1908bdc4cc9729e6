/* SPDX-License-Identifier: MIT */
#include "transport/probe/tape.h"

#include "transport/base/bytes.h"
#include "transport/base/text.h"
#include "transport/probe/tape_lines.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Nobody waits as long; a clock that stands still would let who waits wait for ever. */
#define TICK_MAX_US UINT64_C(1000000000000)

enum { OFF_TICK_US = 1000 };

bool
tape_is_played(const struct tape *tape)
{
	return tape != NULL && tape->inner == NULL;
}

const struct reason *
tape_off(const struct tape *tape)
{
	return tape != NULL && tape->is_off && !tape->is_over ? &tape->off : NULL;
}

bool
tape_is_cut(const struct tape *tape)
{
	return tape != NULL && tape->is_cut;
}

struct clock *
tape_clock(struct tape *tape)
{
	return &tape->clock;
}

/* --- the clock --- */

static void
write_ticks(struct tape *tape)
{
	FILE *file;

	if (tape->ticks_len == 0)
		return;
	file = reel_line(tape->reel);
	fputc('@', file);
	for (size_t i = 0; i < tape->ticks_len; i++)
		fprintf(file, " %" PRIu64, tape->ticks[i]);
	fputc('\n', file);
	tape->ticks_len = 0;
}

static uint64_t
write_look(struct tape *tape)
{
	uint64_t now_us = clock_now_us(tape->inner);

	if (tape->ticks_len == RECORDING_TICKS)
		write_ticks(tape);
	tape->ticks[tape->ticks_len++] = now_us - tape->now_us;
	return tape->now_us = now_us;
}

static bool
read_ticks(struct tape *tape)
{
	const char *words = tape_take(tape, "@");

	tape->next_tick = tape->ticks_len = 0;
	return words != NULL &&
	       tape_read_terms(words, 10, tape->ticks, RECORDING_TICKS, &tape->ticks_len);
}

static uint64_t
play_look(struct tape *tape)
{
	if (!tape->is_off && tape->next_tick == tape->ticks_len && !read_ticks(tape)) {
		tape->ticks_len = 0;
		(void)tape_go_off(tape, "a look at the clock");
	}
	if (tape->is_off)
		return tape->now_us += OFF_TICK_US;
	tape->now_us += tape->ticks[tape->next_tick] < TICK_MAX_US
				? tape->ticks[tape->next_tick]
				: TICK_MAX_US;
	tape->next_tick++;
	return tape->now_us;
}

static uint64_t
tape_now_us(struct clock *clock)
{
	struct tape *tape = container_of(clock, struct tape, clock);

	return tape_is_played(tape) ? play_look(tape) : write_look(tape);
}

/* How long it was shows at the next look at the clock. */
static void
tape_sleep_us(struct clock *clock, uint64_t us)
{
	struct tape *tape = container_of(clock, struct tape, clock);

	if (!tape_is_played(tape))
		clock_sleep_us(tape->inner, us);
	else if (tape->is_off)
		tape->now_us += us;
}

bool
tape_is_clock_even(const struct tape *tape)
{
	return tape->next_tick == tape->ticks_len;
}

static struct tape *
make(struct clock *inner)
{
	struct tape *tape = calloc(1, sizeof(*tape));

	if (tape == NULL)
		return NULL;
	tape->inner = inner;
	tape->clock = (struct clock){ tape_now_us, tape_sleep_us };
	return tape;
}

struct tape *
tape_record(struct reel *reel, struct clock *clock)
{
	struct tape *tape = make(clock);

	if (tape != NULL)
		tape->reel = reel;
	return tape;
}

struct tape *
tape_record_file(FILE *file, struct clock *clock)
{
	struct tape *tape = make(clock);

	if (tape == NULL)
		return NULL;
	tape->own.file = file;
	tape->reel = &tape->own;
	return tape;
}

struct tape *
tape_play(FILE *file)
{
	struct tape *tape = make(NULL);

	if (tape != NULL)
		tape->file = file;
	return tape;
}

void
tape_flush(struct tape *tape)
{
	if (tape != NULL && !tape_is_played(tape))
		write_ticks(tape);
}

void
tape_free(struct tape *tape)
{
	tape_flush(tape);
	free(tape);
}

/* --- events ------------------------------------------------------------------------- */

FILE *
tape_write_line(struct tape *tape)
{
	write_ticks(tape);
	return reel_line(tape->reel);
}

static bool
is_written(const struct tape *tape)
{
	return tape != NULL && !tape_is_played(tape);
}

void
tape_do(struct tape *tape, const char *name, uint32_t who, const char *words)
{
	if (is_written(tape))
		fprintf(tape_write_line(tape), "%%do %s %" PRIu32 " %s\n", name, who,
			words);
}

void
tape_do_bytes(struct tape *tape, const char *name, uint32_t who, const uint8_t *bytes,
	      size_t len)
{
	if (!is_written(tape))
		return;
	fprintf(tape_write_line(tape), "%%do %s %" PRIu32 " +%zu\n", name, who, len);
	tape_write_bytes(tape->reel->file, bytes, len);
}

/* "NAME WHO WORDS" or "NAME WHO +LEN". */
static bool
cut_event(const char *words, struct tape_event *event)
{
	size_t len = strcspn(words, " ");
	char *end;
	unsigned long long number;

	if (len == 0 || len >= sizeof(event->name) || words[len] == '\0' ||
	    !isdigit((unsigned char)words[len + 1]))
		return false;
	memcpy(event->name, words, len);
	event->name[len] = '\0';
	number = strtoull(words + len + 1, &end, 10);
	if (number > UINT32_MAX || *end != ' ')
		return false;
	event->who = (uint32_t)number;
	text_copy(event->words, sizeof(event->words), end + 1);
	return true;
}

static bool
read_event(struct tape *tape, struct tape_event *event)
{
	const char *words = tape_take(tape, "%do");
	uint64_t len;
	size_t terms;

	event->len = 0;
	if (words == NULL || !cut_event(words, event))
		return false;
	if (event->words[0] != '+')
		return true;
	if (!tape_read_terms(event->words + 1, 10, &len, 1, &terms) || len > TAPE_BYTES_MAX)
		return false;
	event->words[0] = '\0';
	event->len = (size_t)len;
	return tape_read_bytes(tape, event->bytes, event->len);
}

static void
miss_note(struct tape *tape)
{
	if (tape->is_off)
		return;
	tape->is_off = true;
	reason_begin(&tape->off, CAUSE_MISMATCH, "the log of the recording has \"%s\"%s",
		     tape->notes[0].shown, ", which was not said now");
}

static bool
is_end(const char *line)
{
	static const char words[] = "%do ended ";

	return text_begins(line, words);
}

/* The clock of who is still there goes on. */
static void
stop(struct tape *tape, bool has_ended)
{
	tape->is_off = tape->is_over = true;
	tape->has_ended = has_ended;
	reason_begin(&tape->off, CAUSE_GONE, "the recording is over");
}

void
tape_end(struct tape *tape)
{
	tape_do(tape, "ended", 0, "");
	if (!tape_is_played(tape) || tape->is_off)
		return;
	if (is_end(tape_look(tape)))
		stop(tape, true);
	else
		(void)tape_go_off(tape, "the end");
}

bool
tape_is_playing(const struct tape *tape)
{
	return !tape->is_off;
}

bool
tape_has_ended(const struct tape *tape)
{
	return tape->has_ended;
}

/* Nothing is left of what the event before had to do. */
bool
tape_next(struct tape *tape, struct tape_event *event)
{
	const char *line = tape->is_off ? "" : tape_look(tape);

	if (tape->is_off)
		return false;
	if (is_end(line))
		stop(tape, true);
	else if (tape->compares_log && tape->notes_len > 0)
		miss_note(tape);
	else if (!tape_is_clock_even(tape))
		(void)tape_go_off(tape, "the next event, with looks at the clock left");
	else if (line[0] == '\0')
		stop(tape, false);
	else if (!read_event(tape, event))
		(void)tape_go_off(tape, "the next event");
	return !tape->is_off;
}

void
tape_refuse(struct tape *tape, const struct tape_event *event)
{
	if (tape->is_off)
		return;
	tape->is_off = true;
	reason_begin(&tape->off, CAUSE_MISMATCH,
		     "the recording goes on with \"%s\" of %" PRIu32
		     ", which cannot be now",
		     event->name, event->who);
}

const char *
tape_time(const struct tape *tape)
{
	return tape->time;
}

/* --- what is read and said ------------------------------------------------------------- */

uint32_t
tape_number(struct tape *tape, const char *name, uint32_t number)
{
	const char *words;
	size_t len = strlen(name), terms;
	uint64_t played;

	if (is_written(tape))
		fprintf(tape_write_line(tape), "%%in %s %" PRIu32 "\n", name, number);
	if (!tape_is_played(tape) || tape->is_off)
		return number;
	words = tape_is_clock_even(tape) ? tape_take(tape, "%in") : NULL;
	if (words != NULL && strncmp(words, name, len) == 0 && words[len] == ' ' &&
	    tape_read_terms(words + len + 1, 10, &played, 1, &terms) &&
	    played <= UINT32_MAX)
		return (uint32_t)played;
	(void)tape_go_off(tape, name);
	return number;
}

void
tape_bytes(struct tape *tape, uint8_t *bytes, size_t len)
{
	if (is_written(tape))
		tape_write_bytes(tape_write_line(tape), bytes, len);
	if (!tape_is_played(tape))
		return;
	memset(bytes, 0, len);
	if (!tape->is_off && !tape_read_bytes(tape, bytes, len))
		(void)tape_go_off(tape, "bytes that were read");
}

/* Where both sides are shown. */
static void
differ(struct tape *tape, uint32_t who, const char *recorded, const char *said)
{
	tape->is_off = true;
	reason_begin(&tape->off, CAUSE_MISMATCH,
		     "client %" PRIu32 " was answered \"%s\" then, and \"%s\" now", who,
		     recorded, said);
}

void
tape_say(struct tape *tape, uint32_t who, const char *packet, size_t len)
{
	char shown[TAPE_SHOWN], head[64];
	uint64_t sum = tape == NULL || tape->is_off ? 0 : tape_sum(packet, len);
	const char *words;
	size_t head_len;

	tape_show(shown, packet, len);
	snprintf(head, sizeof(head), "%" PRIu32 " %zu %016" PRIx64 " ", who, len, sum);
	if (is_written(tape))
		fprintf(tape_write_line(tape), "%%out %s%s\n", head, shown);
	if (!tape_is_played(tape) || tape->is_off)
		return;
	words = tape_is_clock_even(tape) ? tape_take(tape, "%out") : NULL;
	head_len = strlen(head);
	if (words == NULL)
		(void)tape_go_off(tape, shown);
	else if (strncmp(words, head, head_len) != 0)
		differ(tape, who, strlen(words) > head_len ? words + head_len : words,
		       shown);
}

void
tape_log(struct tape *tape, const char *room, const char *words)
{
	struct tape_note said;

	if (!tape_is_played(tape) || tape->is_off || !tape_is_compared(room, strlen(room)))
		return;
	tape_make_note(&said, words);
	tape->compares_log = true;
	if (tape->notes_len == 0)
		(void)tape_look(tape);
	if (tape->notes_len > 0 && tape->notes[0].sum == said.sum) {
		text_copy(tape->time, sizeof(tape->time), tape->notes[0].time);
		memmove(&tape->notes[0], &tape->notes[1],
			--tape->notes_len * sizeof(tape->notes[0]));
		return;
	}
	if (tape->notes_len == 0 && tape_look(tape)[0] == '\0') {
		(void)tape_go_off(tape, said.shown);
		return;
	}
	tape->is_off = true;
	reason_begin(&tape->off, CAUSE_MISMATCH, "the log said \"%s\" then, and \"%s\" now",
		     tape->notes_len > 0 ? tape->notes[0].shown : "", said.shown);
}
