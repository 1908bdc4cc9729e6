/* SPDX-License-Identifier: MIT */
#include "test/unit/chat_file.h"

#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ASKING_US = 1 };

static uint64_t
chat_now_us(struct clock *clock)
{
	return container_of(clock, struct chat_file, clock)->now_us += ASKING_US;
}

static void
chat_sleep_us(struct clock *clock, uint64_t us)
{
	container_of(clock, struct chat_file, clock)->now_us += us;
}

/* The next line that is not for people; "" at the end. */
static const char *
next_line(struct chat_file *chat)
{
	do {
		if (fgets(chat->line, sizeof(chat->line), chat->file) == NULL)
			return chat->line[0] = '\0', chat->line;
		chat->number++;
		chat->line[strcspn(chat->line, "\n")] = '\0';
		if (chat->line[0] == '#')
			snprintf(chat->name, sizeof(chat->name), "%.60s", chat->line + 1);
	} while (chat->line[0] == '#' || chat->line[0] == '\0');
	return chat->line;
}

static void
expect_sent(struct chat_file *chat, const uint8_t *bytes, size_t size)
{
	static char said[CHAT_LINE_MAX];
	const char *line = next_line(chat);

	memcpy(said, "> ", 2);
	hex_encode(said + 2, bytes, size);
	if (strcmp(said, line) != 0)
		fail_msg("%s:%u (%s):\n  recorded  %s\n  said      %s", chat->path,
			 chat->number, chat->name, line, said);
}

static enum cause
cause_from_name(const char *name)
{
	enum cause cause = CAUSE_NONE;

	while (cause < CAUSE_BUG && strcmp(cause_name(cause), name) != 0)
		cause++;
	return cause;
}

/* What comes from the probe next, at most `max` bytes. */
static enum cause
take_answer(struct chat_file *chat, uint8_t *bytes, size_t max, size_t *size,
	    struct reason *why)
{
	const char *line = next_line(chat);
	size_t digits = strlen(line) - 2;

	*size = 0;
	if (line[0] == '!')
		return reason_begin(why, cause_from_name(line + 2), "the chat says %s",
				    line + 2);
	if (line[0] != '<' || digits > 2 * max || !hex_decode(bytes, line + 2, digits / 2))
		fail_msg(
			"%s:%u (%s): an answer of at most %zu bytes is waited for, not: %s",
			chat->path, chat->number, chat->name, max, line);
	*size = digits / 2;
	return CAUSE_NONE;
}

static enum cause
play_exchange(struct stlink_carrier *carrier, const struct stlink_command *command,
	      uint32_t *received, struct reason *why)
{
	struct chat_file *chat = container_of(carrier, struct chat_file, stlink);
	enum cause cause = CAUSE_NONE;
	size_t size = 0;

	expect_sent(chat, command->bytes, STLINK_COMMAND_SIZE);
	if (command->out != NULL)
		expect_sent(chat, command->out, command->size);
	if (command->in != NULL)
		cause = take_answer(chat, command->in, command->size, &size, why);
	*received = (uint32_t)size;
	return cause;
}

static void
close_stlink(struct stlink_carrier *carrier)
{
	(void)carrier;
}

static enum cause
play_send(struct cmsis_dap_carrier *carrier, const uint8_t *request, size_t size,
	  uint32_t timeout_ms, struct reason *why)
{
	(void)timeout_ms;
	(void)why;
	expect_sent(container_of(carrier, struct chat_file, dap), request, size);
	return CAUSE_NONE;
}

static enum cause
play_receive(struct cmsis_dap_carrier *carrier, uint8_t *response, size_t *size,
	     uint32_t timeout_ms, struct reason *why)
{
	struct chat_file *chat = container_of(carrier, struct chat_file, dap);
	enum cause cause = take_answer(chat, response, CMSIS_DAP_PACKET_MAX, size, why);

	if (cause == CAUSE_TIMEOUT)
		chat->now_us += (uint64_t)timeout_ms * 1000;
	return cause;
}

static void
close_dap(struct cmsis_dap_carrier *carrier)
{
	(void)carrier;
}

static const struct stlink_carrier_ops stlink_ops = {
	.close = close_stlink,
	.exchange = play_exchange,
};

static const struct cmsis_dap_carrier_ops dap_ops = {
	.close = close_dap,
	.send = play_send,
	.receive = play_receive,
};

static void
open_file(struct chat_file *chat, const char *path)
{
	memset(chat, 0, sizeof(*chat));
	chat->path = path;
	chat->file = fopen(path, "r");
	if (chat->file == NULL)
		fail_msg("%s cannot be read", path);
	chat->clock.now_us = chat_now_us;
	chat->clock.sleep_us = chat_sleep_us;
	chat->stlink =
		(struct stlink_carrier){ .ops = &stlink_ops, .data_max = STLINK_DATA_MAX };
	chat->dap = (struct cmsis_dap_carrier){
		.ops = &dap_ops,
		.packet_max = CMSIS_DAP_PACKET_MAX,
		.in_flight_max = CMSIS_DAP_IN_FLIGHT_MAX,
	};
}

struct probe *
chat_file_open_stlink(struct chat_file *chat, const char *path, uint16_t product)
{
	const struct stlink_model *model = stlink_model_find(STLINK_VENDOR, product);
	struct reason why = REASON_INIT;
	struct probe *probe = NULL;

	open_file(chat, path);
	assert_int_equal(
		stlink_open(&chat->stlink, model, "", path, &chat->clock, &probe, &why),
		CAUSE_NONE);
	return probe;
}

struct probe *
chat_file_open_dap(struct chat_file *chat, const char *path, const char *serial)
{
	struct cmsis_dap_label label = {
		.model = cmsis_dap_model_find((struct usb_id){ 0, 0 }),
		.kind = "",
		.serial = serial,
		.where = path,
	};
	struct reason why = REASON_INIT;
	struct probe *probe = NULL;

	open_file(chat, path);
	assert_int_equal(cmsis_dap_open(&chat->dap, &label, &chat->clock, &probe, &why),
			 CAUSE_NONE);
	return probe;
}

void
chat_file_end(struct chat_file *chat)
{
	if (next_line(chat)[0] != '\0')
		fail_msg("%s:%u: this was not said any more: %s", chat->path, chat->number,
			 chat->line);
	fclose(chat->file);
}
