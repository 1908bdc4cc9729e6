/* SPDX-License-Identifier: MIT */
/*
 * dap_chat.h - a conversation with a CMSIS-DAP probe, written down beforehand.
 *
 * A chat is a list of lines: what we must send, byte for byte, and what is then
 * answered. Anything else we send, or anything left unsent, fails the test.
 * Responses are queued as a probe queues them, so several requests may be under
 * way before the first answer is taken.
 *
 *   DAP_CHAT_GO_ON(&chat, ASK("00 fe", "00 01 04"),   request, response
 *                  SILENCE("05 00 01 02"),            request that stays unanswered
 *                  BREAK("02 01", CAUSE_GONE));       request that cannot be sent
 */
#ifndef TEST_UNIT_DAP_CHAT_H
#define TEST_UNIT_DAP_CHAT_H

#include "transport/probe/cmsis_dap/cmsis_dap.h"

struct dap_line {
	const char *request;  /* hexadecimal */
	const char *response; /* NULL: none comes */
	enum cause breaks;
};

#define ASK(request, response)                    \
	{                                         \
		(request), (response), CAUSE_NONE \
	}
#define SILENCE(request)                    \
	{                                   \
		(request), NULL, CAUSE_NONE \
	}
#define BREAK(request, cause)            \
	{                                \
		(request), NULL, (cause) \
	}

enum { DAP_CHAT_QUEUE = 16 };

struct dap_chat {
	struct cmsis_dap_carrier carrier;
	const struct dap_line *lines;
	size_t len, next;
	const char *queue[DAP_CHAT_QUEUE]; /* responses on their way */
	size_t queued;
	unsigned most_under_way; /* requests sent before the first was answered */
	unsigned forgets;
	bool is_closed;
};

void dap_chat_init(struct dap_chat *chat, size_t packet_max, const struct dap_line *lines,
		   size_t len);
/* Goes on with other lines; asserts that all so far were said, and all answers taken. */
void dap_chat_go_on(struct dap_chat *chat, const struct dap_line *lines, size_t len);
void dap_chat_assert_over(const struct dap_chat *chat);
/* A response that nobody asked for comes before those to come. */
void dap_chat_push(struct dap_chat *chat, const char *response);

#define DAP_CHAT_GO_ON(chat, ...)                                         \
	dap_chat_go_on((chat), (const struct dap_line[]){ __VA_ARGS__ },  \
		       sizeof((const struct dap_line[]){ __VA_ARGS__ }) / \
			       sizeof(struct dap_line))

/* Plays the opening of a healthy probe whose packets have `packet_size` bytes, of which
 * `packet_count` may be under way, with UART trace. */
struct probe *dap_chat_open(struct dap_chat *chat, unsigned packet_size,
			    unsigned packet_count, struct clock *clock);
/* Plays the entering of SWD at 1 MHz. */
void dap_chat_enter(struct dap_chat *chat, struct probe *probe);
/* Says goodbye to a probe that is connected or not, and asserts that all was said. */
void dap_chat_close(struct dap_chat *chat, struct probe *probe, bool is_connected);

/* The two sequences that wake a debug port, as the specification spells them. */
#define CHAT_FROM_JTAG "12 88 ff ff ff ff ff ff ff 9e e7 ff ff ff ff ff ff ff 00"
#define CHAT_FROM_DORMANT                                                      \
	"12 d8 ff 92 f3 09 62 95 2d 85 86 e9 af dd e3 a2 0e bc 19 a0 f1 ff ff" \
	" ff ff ff ff ff 00"
#define CHAT_DPIDR "05 00 01 02"

#endif /* TEST_UNIT_DAP_CHAT_H */
