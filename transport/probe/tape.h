/* SPDX-License-Identifier: MIT */
/*
 * tape.h - what a program takes from outside, in the order in which it does: written down, or
 * played in place of the outside.
 *
 * One thread that asks the same, looks at the clock as often and gets the same answers, does the
 * same again. Beside the probe (recorder.h, replay.h) and the clock that is what wakes the
 * program: a turn of its own, bytes of a client. Each of these is a line "%do" (recording.h), at
 * the place where it came; and what the program says, to clients and in the log, is there to be
 * compared.
 *
 * All but tape_free() and tape_clock() take NULL: nothing is written, and what is asked for is
 * what was given.
 */
#ifndef TRANSPORT_PROBE_TAPE_H
#define TRANSPORT_PROBE_TAPE_H

#include "transport/base/clock.h"
#include "transport/base/reason.h"
#include "transport/base/reel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	TAPE_TIME_MAX = 16,
	TAPE_NAME_MAX = 16,
	TAPE_WORDS_MAX = 96,
	TAPE_BYTES_MAX = 64 * 1024
};

struct tape;

/* What came from outside. */
struct tape_event {
	char name[TAPE_NAME_MAX];
	uint32_t who;               /* a client, or 0 */
	char words[TAPE_WORDS_MAX]; /* "" when it has bytes */
	size_t len;
	uint8_t bytes[TAPE_BYTES_MAX];
};

/* Writes to the reel, which outlives it; `clock` is the one that passes. NULL: no memory. */
struct tape *tape_record(struct reel *reel, struct clock *clock);
/* The same into a file, which stays the caller's. */
struct tape *tape_record_file(FILE *file, struct clock *clock);
/* Plays what `file` has from here on. NULL: no memory. */
struct tape *tape_play(FILE *file);
void tape_free(struct tape *tape); /* takes NULL */
/* Each look at it is on the tape; the same one for as long as there is the tape. */
struct clock *tape_clock(struct tape *tape);
bool tape_is_played(const struct tape *tape);

/* Of a tape that is written; one that is played has it already. `words` of less than
 * TAPE_WORDS_MAX, `len` at most TAPE_BYTES_MAX. */
void tape_do(struct tape *tape, const char *name, uint32_t who, const char *words);
void tape_do_bytes(struct tape *tape, const char *name, uint32_t who, const uint8_t *bytes,
		   size_t len);
/* What the program reads of its surroundings: `number`, or what it was then. */
uint32_t tape_number(struct tape *tape, const char *name, uint32_t number);
/* Bytes that it reads so: `len` of them in `bytes`, or those of then. */
void tape_bytes(struct tape *tape, uint8_t *bytes, size_t len);
/* What it answers to a client: written, or compared. */
void tape_say(struct tape *tape, uint32_t who, const char *packet, size_t len);

/* Of a tape that is played: the next event. False: there is none (tape_has_ended()), or what was said
 * since the one before was not the same (tape_off()). */
bool tape_next(struct tape *tape, struct tape_event *event);
/* False from where it went off, or from its end on. */
bool tape_is_playing(const struct tape *tape);
/* What the program says in its log, to be compared from the first call on. */
void tape_log(struct tape *tape, const char *room, const char *words);
/* The time of day at which the last line was said that was compared. */
const char *tape_time(const struct tape *tape);
/* Writes what has not gone to the reel yet. */
void tape_flush(struct tape *tape);
/* What comes from here on is not played: the program ends. */
void tape_end(struct tape *tape);
/* Was that what the recording ended with? Else it was cut off there. */
bool tape_has_ended(const struct tape *tape);
/* Does the file end in the middle of what was to come, as that of a process that was killed? */
bool tape_is_cut(const struct tape *tape);
/* Why it no longer plays, which is also that it was cut; NULL: it does, or it has ended. From then on
 * time passes, and nothing is compared. */
const struct reason *tape_off(const struct tape *tape);
/* Something came that the program cannot take now. */
void tape_refuse(struct tape *tape, const struct tape_event *event);

#endif /* TRANSPORT_PROBE_TAPE_H */
