/* SPDX-License-Identifier: MIT */
/*
 * tape_lines.h - the lines of a tape, for those who write and read what a probe says.
 */
#ifndef TRANSPORT_PROBE_TAPE_LINES_H
#define TRANSPORT_PROBE_TAPE_LINES_H

#include "transport/probe/recording.h"
#include "transport/probe/tape.h"

enum { TAPE_NOTES = 64, TAPE_NOTE_MAX = 16 * 1024, TAPE_SHOWN = 160 };

/* A line of the log, as it was recorded. */
struct tape_note {
	uint64_t sum;
	char time[TAPE_TIME_MAX]; /* of day, as it is written */
	char shown[TAPE_SHOWN];   /* its beginning */
};

struct tape {
	struct clock clock;
	struct clock *inner; /* while it is written; NULL: it is played */
	struct reel *reel;   /* while it is written */
	struct reel own;     /* of tape_record_file() */
	FILE *file;          /* while it is played */
	uint64_t now_us;     /* what the clock said last; 0: nothing yet */
	uint64_t ticks[RECORDING_TICKS];
	size_t ticks_len;

	/* Played. */
	size_t next_tick;
	bool has_line; /* is looked at and not yet taken */
	char line[RECORDING_LINE_MAX];
	bool compares_log;
	char time[TAPE_TIME_MAX]; /* of the note that was compared last */
	size_t notes_len;
	struct tape_note notes[TAPE_NOTES]; /* passed over, and not yet compared */
	char note[TAPE_NOTE_MAX];           /* the one that is read */
	bool is_off;    /* nothing is played any more, for the reason `off` */
	bool is_over;   /* and that is no difference: it was played */
	bool is_cut;    /* it ends where more was to come */
	bool has_ended; /* and has the program's end */
	struct reason off;
};

uint64_t tape_sum(const char *bytes, size_t len);
/* The beginning, made printable. */
void tape_show(char shown[TAPE_SHOWN], const char *bytes, size_t len);
bool tape_is_compared(const char *room, size_t len);
void tape_make_note(struct tape_note *note, const char *words);

/* --- written --- */

/* Where the next line goes: what the clock said before it is written. */
FILE *tape_write_line(struct tape *tape);
void tape_write_bytes(FILE *file, const uint8_t *bytes, size_t len);

/* --- played --- */

/* A line, without its end: the next that begins with "%" or "@". False: there is none, or it is
 * longer than a recording has. `size` is at least RECORDING_LINE_MAX. */
bool tape_read_line(FILE *file, char *line, size_t size);
/* The next line; it stays until tape_take_line(). "" at the end. */
const char *tape_look(struct tape *tape);
void tape_take_line(struct tape *tape);
/* The rest of the next line if it begins with that word. */
const char *tape_take(struct tape *tape, const char *word);
/* Numbers with blanks between, as many as there are, at most `max`. False: others, or none. */
bool tape_read_terms(const char *words, int base, uint64_t *terms, size_t max, size_t *len);
/* `len` bytes in lines "%b". */
bool tape_read_bytes(struct tape *tape, uint8_t *bytes, size_t len);
/* Has all been looked at that the clock said up to here? */
bool tape_is_clock_even(const struct tape *tape);
/* The recording has not what is asked for, or ends before that; only the first time says where.
 * CAUSE_MISMATCH. */
enum cause tape_go_off(struct tape *tape, const char *asked);

#endif /* TRANSPORT_PROBE_TAPE_LINES_H */
