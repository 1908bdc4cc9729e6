/* SPDX-License-Identifier: MIT */
/*
 * record.h - "--record FILE": what is said to the probe and by it, to gdb and by it, and to
 * people, in a file that a test can play (test/unit/chat_file.h). Beside that, what
 * "tether replay" needs to make an examination or a session again without the board (recorder.h,
 * tape.h).
 */
#ifndef SERVER_CLI_RECORD_H
#define SERVER_CLI_RECORD_H

#include "server/cli/diagnosis.h"
#include "server/cli/options.h"
#include "server/session/recording.h"

#include <stdio.h>

enum { RECORD_PATH_MAX = 512, RECORD_FILE_MAX = 4200 };

struct record;

/* Of the line "%serve". */
enum session_flag {
	SESSION_ONCE = 1 << 0,
	SESSION_WAITS = 1 << 1,
	SESSION_ANY_CLIENT = 1 << 2,
	SESSION_HAS_PORT = 1 << 3,
	SESSION_RECORDS = 1 << 4, /* all, by its option */
	SESSION_RESETS = 1 << 5,
	SESSION_EXTENDED_STAYS = 1 << 6,
	SESSION_RTT_PORT = 1 << 7,
	SESSION_RTT_TEXT = 1 << 8,
	SESSION_SWO_PORT = 1 << 9,
	SESSION_SWO_TEXT = 1 << 10,
	/* Lines with these words follow. */
	SESSION_HAS_PERSONA = 1 << 11,
	SESSION_HAS_SWO = 1 << 12,
	SESSION_HAS_PINS = 1 << 13,
	SESSION_HAS_FOLDER = 1 << 14 /* for files of programs; its name is not in it */
};

struct recorded_question {
	char version[32];  /* of tether */
	bool is_session;   /* of the server; else an examination */
	unsigned flags;    /* of it, enum session_flag */
	char unplayed[96]; /* why it cannot be played; "" */
	char target[64], core[16], pins[128];
	char paths[BOARD_MAX_EXTERNAL][RECORD_PATH_MAX];
	uint8_t *loaders[BOARD_MAX_EXTERNAL]; /* what these files had in them */
	struct options options;
};

struct recorded_verdict {
	enum finding finding;
	enum certainty certainty;
};

/* Where --record writes: with --redact beside the file that is made of it in the end (redact.h).
 * False: the name is too long. */
bool record_path(const struct options *options, char path[RECORD_FILE_MAX]);
/* Begins to write there; *record is NULL without --record. CAUSE_HOST: it cannot be written;
 * CAUSE_REQUEST: with --redact, what is to be made is there already. */
enum cause
record_begin(struct record **record, const struct options *options, struct reason *why);
/* For the lines of recorder.h; NULL when `record` is. */
FILE *record_file(struct record *record);
/* What was asked of the doctor, before it begins; what it found, in the end. Both take NULL. */
void record_question(FILE *file, const struct options *options);
void record_verdicts(FILE *file, const struct diagnosis *diagnosis);
/* The question of a session that is explained and not replayed: `words` say why. */
void record_unplayed(FILE *file, const char *version, const char *words);
/* What a recording of the server begins with: what the server was asked. What heads have is the
 * caller's to free. False: no memory. */
bool record_heads(const struct options *options, struct recording_heads *heads);
/* Can a session with these options be replayed? It is explained in any case. */
bool record_is_played(const struct options *options);
/* Either question out of a recording, and which tether was asked. CAUSE_REQUEST: the file is no
 * recording. */
enum cause
record_read_question(FILE *file, struct recorded_question *question, struct reason *why);
/* What it has of memory. */
void record_free_question(struct recorded_question *question);
/* What was found then: the next of the verdicts. False: there are no more. */
bool record_read_verdict(FILE *file, struct recorded_verdict *verdict);
/* Takes NULL. CAUSE_HOST: not all of it is in the file (a full disk). */
enum cause record_end(struct record *record, struct reason *why);

#endif /* SERVER_CLI_RECORD_H */
