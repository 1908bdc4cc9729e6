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

struct record;

struct recorded_question {
	char version[32];  /* of tether */
	bool is_session;   /* of the server; else an examination */
	char unplayed[96]; /* why it cannot be played; "" */
	char target[64], core[16];
	struct options options;
};

struct recorded_verdict {
	enum finding finding;
	enum certainty certainty;
};

/* Begins to write; *record is NULL when `path` is. CAUSE_HOST: the file cannot be written. */
enum cause record_begin(struct record **record, const char *path, const char *probe,
			struct reason *why);
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
/* What was found then: the next of the verdicts. False: there are no more. */
bool record_read_verdict(FILE *file, struct recorded_verdict *verdict);
/* Takes NULL. CAUSE_HOST: not all of it is in the file (a full disk). */
enum cause record_end(struct record *record, struct reason *why);

#endif /* SERVER_CLI_RECORD_H */
