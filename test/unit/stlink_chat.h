/* SPDX-License-Identifier: MIT */
/*
 * stlink_chat.h - a conversation with an ST-LINK, written down beforehand.
 *
 * A chat is a list of lines: what we must say, byte for byte, and what is then
 * answered. Anything else we say, or anything left unsaid, fails the test.
 *
 *   CHAT_GO_ON(&chat, SAY("f5", "01 00"),                            command, answer
 *              SEND("f2 08 00 00 00 20 04 00", "01 02 03 04"),       command, data
 *              FAIL("f5", CAUSE_GONE));
 */
#ifndef TEST_UNIT_STLINK_CHAT_H
#define TEST_UNIT_STLINK_CHAT_H

#include "transport/probe/stlink/stlink.h"

struct chat_line {
	const char *command; /* hexadecimal; zeros fill it up to 16 bytes */
	const char *answer;  /* what comes in; NULL and "": nothing */
	const char *out;     /* what must follow the command; NULL: nothing */
	enum cause fails;    /* instead of an answer */
};

#define SAY(command, answer)                          \
	{                                             \
		(command), (answer), NULL, CAUSE_NONE \
	}
#define SEND(command, out)                         \
	{                                          \
		(command), NULL, (out), CAUSE_NONE \
	}
#define FAIL(command, fails)                   \
	{                                      \
		(command), NULL, NULL, (fails) \
	}

struct chat {
	struct stlink_carrier carrier;
	const struct chat_line *lines;
	size_t len, next;
	const char *trace; /* what comes from the trace endpoint next */
	unsigned drains, resets, reopens;
	bool is_closed;
};

/* A carrier that plays these lines. */
void chat_init(struct chat *chat, const struct chat_line *lines, size_t len);
/* Goes on with other lines; asserts that all so far were said. */
void chat_go_on(struct chat *chat, const struct chat_line *lines, size_t len);
/* The same for a probe that can be reset over its link. */
void chat_init_resettable(struct chat *chat, const struct chat_line *lines, size_t len);
void chat_assert_over(const struct chat *chat);

#define CHAT_GO_ON(chat, ...)                                          \
	chat_go_on((chat), (const struct chat_line[]){ __VA_ARGS__ },  \
		   sizeof((const struct chat_line[]){ __VA_ARGS__ }) / \
			   sizeof(struct chat_line))

/* Plays the opening of a healthy ST-LINK/V2-1 of firmware V2JnM26 in mass storage mode. */
struct probe *chat_open(struct chat *chat, unsigned jtag, struct clock *clock);
/* Says goodbye as a probe in mass storage mode, and asserts that it did. */
void chat_close(struct chat *chat, struct probe *probe);

#endif /* TEST_UNIT_STLINK_CHAT_H */
