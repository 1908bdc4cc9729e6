/* SPDX-License-Identifier: MIT */
/*
 * recording.h - what was asked of a probe, what it answered, and when, as lines of text.
 *
 * "%" begins a line of a recording, "@" one of its clock; all others are for people, or are the
 * wire's (test/unit/chat_file.h), and a replay passes over them:
 *
 *   %ask NAME ...                     a call, with a checksum of all that was to be sent
 *   %say CAUSE NUMBERS BYTES LINES    how it ended, and how many lines of each kind follow:
 *   %n HEX...                         numbers that came back, some a line
 *   %b HEX                            bytes
 *   %why WORDS                        lines of its reason, the root first
 *   %finding ID WORDS                 what was suspected, with its remedy; "-": nothing
 *   %remark WORDS                     what the driver set right
 *   %verdict ID CERTAINTY             what the examination found; nothing that a probe says
 *   @ MICROSECONDS...                 what each look at the clock said, since the one before
 *
 * and of the server, beside that (tape.h):
 *
 *   %do NAME WHO WORDS                what wakes it: a turn of its own, one for trace (swo) or RTT
 *                                     (rtt), or what client WHO does; +BYTES and lines %b are what
 *                                     that client sends, or who reads channel WHO of RTT
 *   %in NAME NUMBER                   what it reads of its surroundings; lines %b, when it is a file
 *   %out WHO BYTES CHECKSUM WORDS     an answer to a client, by its beginning
 *
 * A caller that asks the same in the same order, and looks at the clock as often, gets the same
 * answers: a diagnosis, or a session, comes to the same end. recorder.h writes such lines, replay.h
 * reads them.
 */
#ifndef TRANSPORT_PROBE_RECORDING_H
#define TRANSPORT_PROBE_RECORDING_H

#include "transport/base/text.h"
#include "transport/probe/probe.h"

enum {
	RECORDING_FORMAT = 1,
	RECORDING_LINE_MAX = 1024,
	RECORDING_NUMBERS = 16, /* a line */
	RECORDING_BYTES = 64,
	RECORDING_ASK_MAX = 128,
	RECORDING_TICKS = 32 /* looks at the clock, a line */
};

/* What a probe can, in the line that tells it. */
enum recording_ability {
	RECORDING_MATCHES = 1 << 0,
	RECORDING_MEASURES = 1 << 1,
	RECORDING_SEES_PINS = 1 << 2,
	RECORDING_HAS_MEMORY = 1 << 3,
	RECORDING_READS_CORES = 1 << 4,
	RECORDING_HAS_OTHERS = 1 << 5,
	RECORDING_HAS_SWO = 1 << 6
};

/* The words of a call: the same for the same request. */
struct recording_ask {
	char words[RECORDING_ASK_MAX];
};

struct recording_ask recording_ask(const char *name, uint32_t argument);
struct recording_ask recording_ask_transfer(const struct transfer *batch, size_t len);
struct recording_ask recording_ask_block(const struct probe_block *block);

/* Does that transfer bring a value back? */
bool recording_is_read(const struct transfer *t);
/* How many numbers an answer has: those of its outcome, and before that of a batch its values. */
enum { RECORDING_OUTCOME = 4 };

#endif /* TRANSPORT_PROBE_RECORDING_H */
