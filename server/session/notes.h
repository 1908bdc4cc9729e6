/* SPDX-License-Identifier: MIT */
/*
 * notes.h - lines for the user that no packet can carry now: kept until one can, unless
 * what they are about is over by then.
 */
#ifndef SERVER_SESSION_NOTES_H
#define SERVER_SESSION_NOTES_H

#include <stdbool.h>
#include <stddef.h>

enum { NOTES_MAX = 16, NOTES_SPACE = 4096 };

/* What a note is about, which is when it is out of date. */
enum note_topic {
	NOTE_EVENT = 1,   /* what has happened: stays true */
	NOTE_STATE = 2,   /* the state of a core (locked up, in a fault): until it is reset,
			     loaded or let run */
	NOTE_FAILURE = 4, /* a packet failed, and gdb drops its words: the same */
	NOTE_LOAD = 8,    /* a load failed: until one succeeds */
	NOTE_BLIND = 16   /* the state of a core cannot be read: until it can */
};

struct notes {
	unsigned len;
	struct {
		enum note_topic topic;
		size_t at;
	} each[NOTES_MAX];
	size_t used;
	char text[NOTES_SPACE]; /* of each note, terminated, one behind the other */
	char last[NOTES_SPACE]; /* what was kept or said last */
};

/* Keeps `lines`, which end with a newline. False, and nothing is kept, when they repeat
 * what was kept or said last. When there is no more space the oldest go. */
bool notes_keep(struct notes *notes, enum note_topic topic, const char *lines);
/* They are being said without being kept. False: they repeat what was kept or said last. */
bool notes_pass(struct notes *notes, const char *lines);
/* Drops those about one of `topics`, a set. False: there was none. */
bool notes_drop(struct notes *notes, unsigned topics);
/* All that are kept, in order; they are no longer kept then. */
void notes_take(struct notes *notes, char *lines, size_t size);
/* The next note may repeat the last one: something else has happened since. */
void notes_allow_repeat(struct notes *notes);

#endif /* SERVER_SESSION_NOTES_H */
