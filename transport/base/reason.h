/* SPDX-License-Identifier: MIT */
/*
 * reason.h - why something failed: the root cause first, then each caller's context.
 *
 * A function that can fail takes a `struct reason *why` as its last parameter
 * and returns an `enum cause`. The first to see the trouble begins the reason;
 * each caller with something to add puts one line around it; code that knows or
 * suspects a finding names it, and so its remedy. The last caller prints the
 * reason (reason_text, reason_line) or drops it on purpose and says why in a
 * comment.
 *
 * The storage is a fixed buffer in the caller, so that giving a reason can
 * neither fail nor allocate. When it is full, lines in the middle go: the root and the
 * outermost line are always kept.
 */
#ifndef TRANSPORT_BASE_REASON_H
#define TRANSPORT_BASE_REASON_H

#include "transport/base/evidence.h"
#include "transport/base/finding.h"
#include "transport/base/format.h"

#include <stdbool.h>
#include <stddef.h>

/* What a caller may act upon. Anything finer belongs in the words. */
enum cause {
	CAUSE_NONE = 0,
	CAUSE_REQUEST,     /* the caller asked for something that cannot be */
	CAUSE_UNSUPPORTED, /* this probe, chip or server does not offer it */
	CAUSE_TIMEOUT,     /* no answer in time; trying again may help */
	CAUSE_GONE,        /* probe or target is no longer there */
	CAUSE_FAULT,       /* the target refused one access; the link is well */
	CAUSE_PROTECTED,   /* read or write protection is in the way */
	CAUSE_MISMATCH,    /* what was read back is not what was expected */
	CAUSE_HOST,        /* memory, files, sockets, permissions of this computer */
	CAUSE_BUG          /* internal error in tether */
};

enum {
	REASON_SPACE = 2048,
	REASON_LINES = 12,
	REASON_LINE_MAX = 400,
	REASON_ALSO_MAX = 900
};

/* Its members are private to reason.c; zero it before first use, or use
 * REASON_INIT. A reason is only there when a function returned a cause. */
struct reason {
	enum cause cause;
	unsigned lines; /* [0] is the root */
	unsigned dropped;
	size_t used;
	unsigned short at[REASON_LINES];
	enum finding finding;
	bool is_concluded, is_certain; /* reason_conclude() */
	const char *sentence;          /* reason_reword(); NULL: the finding's */
	struct evidence evidence;
	char also[REASON_ALSO_MAX]; /* sentences of further findings, each whole */
	char remedy[REASON_LINE_MAX];
	char text[REASON_SPACE];
};

#define REASON_INIT                 \
	{                           \
		.cause = CAUSE_NONE \
	}

/* Starts a new reason, forgetting an older one. Returns `cause`, never CAUSE_NONE, so that
 * it can be returned at once. */
enum cause reason_begin(struct reason *why, enum cause cause, const char *fmt, ...)
	FORMAT_PRINTF(3, 4);

/* Adds what we were doing ("reading 4 bytes at 0x20000000"). Returns the reason's cause. */
enum cause reason_while(struct reason *why, const char *fmt, ...) FORMAT_PRINTF(2, 3);

/* Names what may be wrong: a row of finding_table.h, which has the remedy, too. Of two
 * suspicions the heavier one stays; of two of the same weight the later, since the caller
 * knows more. The second form gives the value for the "{}" of the remedy. */
void reason_suspect(struct reason *why, enum finding finding);
void reason_suspect_with(struct reason *why, enum finding finding, const char *fmt, ...)
	FORMAT_PRINTF(3, 4);
/* Names what a diagnosis found, instead of all that was suspected; later suspicions count for
 * nothing. `is_certain`: it is proven, and the words say so without a "probably". */
void reason_conclude(struct reason *why, enum finding finding, bool is_certain);
/* Says what was concluded in other words than the finding's; the sentence outlives the reason. */
void reason_reword(struct reason *why, const char *sentence, const char *remedy);
/* Beside what was concluded: this fits as well, or when that is certain, is so as well. */
void reason_also(struct reason *why, const char *sentence);
/* FINDING_NONE when nothing is suspected. */
enum finding reason_finding(const struct reason *why);

/* Adds what was seen; the unit is the fact's. The second form: it could not be had. */
void reason_saw(struct reason *why, enum fact fact, uint32_t value);
void reason_could_not_see(struct reason *why, enum fact fact);
const struct evidence *reason_evidence(const struct reason *why);

/* Keeps the words and changes what a caller may act upon. Returns `cause`. */
enum cause reason_becomes(struct reason *why, enum cause cause);

/* Short name of a cause for logs and tests: "timeout". */
const char *cause_name(enum cause cause);
/* CAUSE_BUG: it is the name of none. */
enum cause cause_by_name(const char *name);

/* What a recording keeps of a reason, from the root outwards, and how it is made again: the
 * remedy in its words, with what stood for its "{}". */
unsigned reason_lines(const struct reason *why);
const char *reason_line_at(const struct reason *why, unsigned index);
void reason_suspect_as_said(struct reason *why, enum finding finding, const char *remedy);

/* The outermost and the root line by themselves, and the remedy; "" when there is none. */
const char *reason_outermost(const struct reason *why);
const char *reason_root(const struct reason *why);
const char *reason_remedy(const struct reason *why);

/* The reason on one line: "outer: inner: root [target voltage 0.00 V] (probably SENTENCE; try:
 * REMEDY)". Always terminated; returns the length written. */
size_t reason_line(const struct reason *why, char *out, size_t size);

/* The reason as indented lines, each ended by a newline:
 *   outer
 *     because inner
 *     because root
 *     seen: target voltage 0.00 V
 *     probably SENTENCE
 *   try: REMEDY
 * The sentence is that of the finding; "perhaps" when it is a general one. One that is
 * certain is left out: the lines above say it. That of a diagnosis stands alone when it is
 * proven: "  the reason: SENTENCE". What reason_also() added follows: "  or perhaps SENTENCE".
 */
size_t reason_text(const struct reason *why, char *out, size_t size);

#endif /* TRANSPORT_BASE_REASON_H */
