/* SPDX-License-Identifier: MIT */
#include "test/unit/stlink_chat.h"

#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { BYTES_MAX = STLINK_DATA_MAX + 64, DIGITS_MAX = 2 * BYTES_MAX + 1 };

/* "f1 02" to bytes; how many. */
static size_t
parse(const char *words, uint8_t *bytes)
{
	size_t len = 0;

	if (words == NULL)
		return 0;
	while (*words != '\0') {
		if (*words == ' ') {
			words++;
			continue;
		}
		assert_true(len < BYTES_MAX && hex_decode(&bytes[len++], words, 1));
		words += 2;
	}
	return len;
}

static void
assert_said(const uint8_t *said, size_t said_size, const uint8_t *expected, size_t size)
{
	static char said_digits[DIGITS_MAX], expected_digits[DIGITS_MAX];

	hex_encode(said_digits, said, said_size);
	hex_encode(expected_digits, expected, size);
	assert_string_equal(said_digits, expected_digits);
}

static enum cause
chat_exchange(struct stlink_carrier *carrier, const struct stlink_command *command,
	      uint32_t *received, struct reason *why)
{
	struct chat *chat = container_of(carrier, struct chat, carrier);
	uint8_t expected[BYTES_MAX] = { 0 };
	const struct chat_line *line;
	size_t size;

	if (chat->next == chat->len)
		fail_msg("%s was sent after the chat was over", command->name);
	line = &chat->lines[chat->next++];
	parse(line->command, expected);
	assert_said(command->bytes, STLINK_COMMAND_SIZE, expected, STLINK_COMMAND_SIZE);
	size = parse(line->out, expected);
	assert_said(command->out, command->out == NULL ? 0 : command->size, expected, size);
	*received = 0;
	if (line->fails != CAUSE_NONE)
		return reason_begin(why, line->fails, "the chat says %s",
				    cause_name(line->fails));
	size = parse(line->answer, expected);
	*received = (uint32_t)size;
	if (command->in != NULL)
		memcpy(command->in, expected, size < command->size ? size : command->size);
	return CAUSE_NONE;
}

static void
chat_drain(struct stlink_carrier *carrier)
{
	container_of(carrier, struct chat, carrier)->drains++;
}

static void
chat_closed(struct stlink_carrier *carrier)
{
	container_of(carrier, struct chat, carrier)->is_closed = true;
}

static enum cause
chat_read_trace(struct stlink_carrier *carrier, uint8_t *bytes, uint32_t size,
		uint32_t *received, struct reason *why)
{
	(void)why;
	*received =
		(uint32_t)parse(container_of(carrier, struct chat, carrier)->trace, bytes);
	assert_int_equal(*received, size);
	return CAUSE_NONE;
}

static const struct stlink_carrier_ops chat_ops = {
	.close = chat_closed,
	.exchange = chat_exchange,
	.drain = chat_drain,
	.read_trace = chat_read_trace,
};

static enum cause
chat_reset(struct stlink_carrier *carrier, struct reason *why)
{
	(void)why;
	container_of(carrier, struct chat, carrier)->resets++;
	return CAUSE_NONE;
}

static enum cause
chat_reopen(struct stlink_carrier *carrier, struct reason *why)
{
	(void)why;
	container_of(carrier, struct chat, carrier)->reopens++;
	return CAUSE_NONE;
}

static const struct stlink_carrier_ops resettable_ops = {
	.close = chat_closed,
	.exchange = chat_exchange,
	.drain = chat_drain,
	.reset = chat_reset,
	.reopen = chat_reopen,
};

void
chat_init_resettable(struct chat *chat, const struct chat_line *lines, size_t len)
{
	chat_init(chat, lines, len);
	chat->carrier.ops = &resettable_ops;
}

void
chat_init(struct chat *chat, const struct chat_line *lines, size_t len)
{
	*chat = (struct chat){ .carrier = { .ops = &chat_ops, .data_max = STLINK_DATA_MAX },
			       .lines = lines,
			       .len = len };
}

void
chat_assert_over(const struct chat *chat)
{
	if (chat->next < chat->len)
		fail_msg("%s was never sent", chat->lines[chat->next].command);
}

void
chat_go_on(struct chat *chat, const struct chat_line *lines, size_t len)
{
	chat_assert_over(chat);
	chat->lines = lines;
	chat->len = len;
	chat->next = 0;
}

struct probe *
chat_open(struct chat *chat, unsigned jtag, struct clock *clock)
{
	const struct stlink_model *v21 = stlink_model_find(STLINK_VENDOR, 0x374b);
	struct reason why = REASON_INIT;
	unsigned numbers = 2u << 12 | jtag << 6 | 26;
	struct probe *probe;
	char version[32];

	snprintf(version, sizeof(version), "%02x %02x 83 04 4b 37", numbers >> 8,
		 numbers & 0xff);

	const struct chat_line lines[] = { SAY("f1", version), SAY("f5", "01 00"),
					   SAY("f5", "01 00") };

	chat_init(chat, lines, array_len(lines));
	assert_int_equal(
		stlink_open(&chat->carrier, v21, "0671FF", "a chat", clock, &probe, &why),
		CAUSE_NONE);
	chat_go_on(chat, NULL, 0);
	return probe;
}

void
chat_close(struct chat *chat, struct probe *probe)
{
	static const struct chat_line lines[] = { SAY("f5", "01 00") };

	chat_go_on(chat, lines, array_len(lines));
	probe_close(probe);
	chat_assert_over(chat);
	assert_true(chat->is_closed);
}
