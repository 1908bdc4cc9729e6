/* SPDX-License-Identifier: MIT */
#include "test/unit/dap_chat.h"

#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct dap_chat *
chat_of(struct cmsis_dap_carrier *carrier)
{
	return container_of(carrier, struct dap_chat, carrier);
}

/* Digits with blanks between bytes. */
static size_t
parse(const char *digits, uint8_t *bytes)
{
	size_t size = 0;

	while (*digits != '\0') {
		if (*digits == ' ') {
			digits++;
			continue;
		}
		assert_true(hex_decode(bytes + size++, digits, 1));
		digits += 2;
	}
	return size;
}

static enum cause
chat_send(struct cmsis_dap_carrier *carrier, const uint8_t *request, size_t size,
	  uint32_t timeout_ms, struct reason *why)
{
	struct dap_chat *chat = chat_of(carrier);
	const struct dap_line *line = &chat->lines[chat->next];
	uint8_t expected[CMSIS_DAP_PACKET_MAX];
	char said[2 * CMSIS_DAP_PACKET_MAX + 1], wanted[2 * CMSIS_DAP_PACKET_MAX + 1];

	(void)timeout_ms;
	hex_encode(said, request, size);
	if (chat->next == chat->len)
		fail_msg("nothing more was to be said, but \"%s\" was", said);
	hex_encode(wanted, expected, parse(line->request, expected));
	assert_string_equal(said, wanted);
	chat->next++;
	if (line->breaks != CAUSE_NONE)
		return reason_begin(why, line->breaks, "the line of the chat breaks");
	if (line->response != NULL)
		dap_chat_push(chat, line->response);
	if (chat->queued > chat->most_under_way)
		chat->most_under_way = (unsigned)chat->queued;
	return CAUSE_NONE;
}

static enum cause
chat_receive(struct cmsis_dap_carrier *carrier, uint8_t *response, size_t *size,
	     uint32_t timeout_ms, struct reason *why)
{
	struct dap_chat *chat = chat_of(carrier);

	if (chat->queued == 0)
		return reason_begin(why, CAUSE_TIMEOUT, "nothing came within %u ms",
				    (unsigned)timeout_ms);
	*size = parse(chat->queue[0], response);
	chat->queued--;
	memmove(chat->queue, chat->queue + 1, chat->queued * sizeof(chat->queue[0]));
	return CAUSE_NONE;
}

static void
chat_forget(struct cmsis_dap_carrier *carrier)
{
	chat_of(carrier)->forgets++;
}

static void
chat_close(struct cmsis_dap_carrier *carrier)
{
	chat_of(carrier)->is_closed = true;
}

static const struct cmsis_dap_carrier_ops chat_ops = {
	.close = chat_close,
	.send = chat_send,
	.receive = chat_receive,
	.forget = chat_forget,
};

void
dap_chat_init(struct dap_chat *chat, size_t packet_max, const struct dap_line *lines,
	      size_t len)
{
	*chat = (struct dap_chat){ .lines = lines, .len = len };
	chat->carrier = (struct cmsis_dap_carrier){
		.ops = &chat_ops,
		.packet_max = packet_max,
		.in_flight_max = CMSIS_DAP_IN_FLIGHT_MAX,
	};
}

void
dap_chat_push(struct dap_chat *chat, const char *response)
{
	assert_true(chat->queued < DAP_CHAT_QUEUE);
	chat->queue[chat->queued++] = response;
}

void
dap_chat_assert_over(const struct dap_chat *chat)
{
	if (chat->next != chat->len)
		fail_msg("\"%s\" was still to be said", chat->lines[chat->next].request);
	assert_int_equal(chat->queued, 0);
}

void
dap_chat_go_on(struct dap_chat *chat, const struct dap_line *lines, size_t len)
{
	dap_chat_assert_over(chat);
	chat->lines = lines;
	chat->len = len;
	chat->next = 0;
	chat->most_under_way = 0;
}

struct probe *
dap_chat_open(struct dap_chat *chat, unsigned packet_size, unsigned packet_count,
	      struct clock *clock)
{
	const struct cmsis_dap_label label = {
		.model = cmsis_dap_model_find((struct usb_id){ 0, 0 }),
		.kind = "Tester CMSIS-DAP",
		.serial = "",
		.where = "a chat",
	};
	struct reason why = REASON_INIT;
	struct probe *probe = NULL;
	char size[32], count[16];

	snprintf(size, sizeof(size), "00 02 %02x %02x", packet_size & 0xff,
		 packet_size >> 8);
	snprintf(count, sizeof(count), "00 01 %02x", packet_count);

	const struct dap_line lines[] = {
		ASK("00 fe", count), /* finds the step */
		ASK("00 ff", size),
		ASK("00 fe", count),
		ASK("00 f0", "00 01 05"),                /* SWD, SWO as UART */
		ASK("00 03", "00 04 34 37 31 00"),       /* "471" */
		ASK("00 04", "00 06 32 2e 31 2e 30 00"), /* "2.1.0" */
	};

	dap_chat_init(chat, CMSIS_DAP_PACKET_MAX, lines, array_len(lines));
	assert_int_equal(cmsis_dap_open(&chat->carrier, &label, clock, &probe, &why),
			 CAUSE_NONE);
	dap_chat_assert_over(chat);
	chat->next = chat->len = 0;
	return probe;
}

void
dap_chat_enter(struct dap_chat *chat, struct probe *probe)
{
	struct reason why = REASON_INIT;

	DAP_CHAT_GO_ON(chat, ASK("02 01", "02 01"), ASK("10 80 80 00 00 00 00", "10 83"),
		       ASK("11 40 42 0f 00", "11 00"), /* 1 MHz */
		       ASK("04 00 2b 00 00 00", "04 00"), ASK("13 00", "13 00"),
		       ASK("01 00 01", "01 00"), ASK(CHAT_FROM_JTAG, "12 00"),
		       ASK(CHAT_DPIDR, "05 01 01 77 14 a0 2b"));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_NONE);
	dap_chat_assert_over(chat);
}

void
dap_chat_close(struct dap_chat *chat, struct probe *probe, bool is_connected)
{
	static const struct dap_line goodbye[] = { ASK("01 00 00", "01 00"),
						   ASK("03", "03 00") };

	dap_chat_go_on(chat, goodbye, is_connected ? array_len(goodbye) : 0);
	probe_close(probe);
	dap_chat_assert_over(chat);
	assert_true(chat->is_closed);
}
