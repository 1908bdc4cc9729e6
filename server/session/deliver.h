/* SPDX-License-Identifier: MIT */
/*
 * deliver.h - how a reason becomes a reply: the one place that knows which words reach
 * the person in front of gdb by which packet, as measured with gdb 13.1 and 16.3.
 *
 * gdb throws most error texts away, and some of them do harm: what a packet cannot carry
 * is kept by the client, sent as console text with the next packet that can carry it, and
 * repeated by "monitor why". An error is exactly "Enn" or "E.words": anything else counts as success
 * somewhere. lldb 19 takes words in place of a register's value for a value: it gets codes.
 */
#ifndef SERVER_SESSION_DELIVER_H
#define SERVER_SESSION_DELIVER_H

#include "transport/base/reason.h"
#include "transport/base/text.h"

#include <stdbool.h>

enum delivery {
	DELIVER_CODE,       /* m M X x Z0 z: gdb shows its own words, or takes ours for
			       memory: "Enn" */
	DELIVER_LOAD,       /* vFlash*: the same */
	DELIVER_WORDS,      /* g G p P vCont vMustReplyEmpty: "E.words", shown by all */
	DELIVER_BREAKPOINT, /* Z1: "E..words", since gdb 13 drops all up to a dot */
	DELIVER_IF_ASKED,   /* D vRun vAttach: "E.words" if the client announced
			       error-message+, else "Enn" */
	DELIVER_CONSOLE     /* qRcmd: the text was sent before, as console output: "Enn" */
};

/* What the client has shown or announced about errors. */
struct error_dialect {
	bool takes_words; /* gdb's error-message+ */
	bool is_lldb;     /* it sent a packet that lldb alone sends */
	bool takes_strings; /* lldb's QEnableErrorStrings: "Enn;" and the words in hexadecimal */
};

/* Adds the reply to `reply`. Returns whether the words are in it for its user to see: lldb 19
 * shows its error strings nowhere. */
bool deliver_failure(enum delivery how, const struct error_dialect *client,
		     const struct reason *why, struct text *reply);

/* Adds "O" and `words` in hexadecimal, without what a terminal would act upon. */
void deliver_console(const char *words, struct text *packet);

#endif /* SERVER_SESSION_DELIVER_H */
