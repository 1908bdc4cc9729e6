/* SPDX-License-Identifier: MIT */
/*
 * rtt.c - SEGGER's RTT by monitor commands: tether's own, and openocd's spellings of them
 * (OpenOCD's manual, "Real Time Transfer"), which Cortex-Debug sends.
 */
#include "server/monitor/rows.h"

#include "server/rsp/clients.h"
#include "transport/base/bytes.h"

#include <string.h>

enum { LINES_MAX = 1500, PORT_MAX = 65535, CHANNEL_MAX = 15 };

static void
describe(struct client *client, const struct rtt_control *rtt)
{
	char buffer[LINES_MAX];
	struct text lines;

	text_init(&lines, buffer, sizeof(buffer) - 1);
	rtt->describe(rtt->context, &lines);
	client_print(client, "%s", buffer);
}

/* "start", or "start ADDRESS SIZE". */
static enum cause
start(struct client *client, const struct rtt_control *rtt,
      const struct monitor_words *words, struct reason *why)
{
	uint32_t from = 0, size = 0;
	enum cause cause = CAUSE_NONE;

	if (words->len > 2) {
		cause = monitor_number(words->at[1], "an address", UINT32_MAX, &from, why);
		if (cause == CAUSE_NONE)
			cause = monitor_number(words->at[2], "a size", UINT32_MAX, &size,
					       why);
	}
	if (cause == CAUSE_NONE)
		cause = rtt->start(rtt->context, from, size, why);
	if (cause == CAUSE_NONE)
		client_print(client, "RTT is on: the program's channel 0 is shown here "
				     "while it runs");
	return cause;
}

/* "server start PORT CHANNEL" */
static enum cause
serve(const struct rtt_control *rtt, const struct monitor_words *words, struct reason *why)
{
	uint32_t port = 0, channel = 0;
	enum cause cause = monitor_number(words->at[2], "a port", PORT_MAX, &port, why);

	if (cause == CAUSE_NONE)
		cause = monitor_number(words->at[3], "a channel", CHANNEL_MAX, &channel,
				       why);
	if (cause == CAUSE_NONE)
		cause = rtt->serve(rtt->context, channel, port, why);
	/* Not the option of the command line, which is for channel 0 and a new server. */
	if (cause != CAUSE_NONE && reason_finding(why) == FINDING_F1)
		reason_suspect_with(
			why, FINDING_F1,
			"monitor rtt server start 0 %u takes any free one, which the log "
			"names",
			(unsigned)channel);
	return cause;
}

static bool
is_word(const struct monitor_words *words, unsigned index, const char *word)
{
	return index < words->len && strcmp(words->at[index], word) == 0;
}

/* What openocd needs to know, and tether finds out by itself. */
static bool
is_idle(const struct monitor_words *words)
{
	return is_word(words, 0, "setup") || is_word(words, 0, "polling_interval") ||
	       (is_word(words, 0, "server") && is_word(words, 1, "stop"));
}

static enum cause
monitor_rtt(struct client *client, const struct monitor_row *row, const char *rest,
	    struct reason *why)
{
	const struct rtt_control *rtt = client->clients->rtt;
	struct monitor_words words;

	monitor_split(rest, &words);
	if (rtt == NULL || is_idle(&words)) {
		client_print(client,
			     rtt == NULL ? "note: RTT is not served here"
					 : "note: nothing was done: tether looks in all "
					   "RAM, every 10 ms, and keeps its ports");
		return CAUSE_NONE;
	}
	if (words.len == 0 || is_word(&words, 0, "channels"))
		describe(client, rtt);
	else if (is_word(&words, 0, "start") && (words.len == 1 || words.len == 3))
		return start(client, rtt, &words, why);
	else if (is_word(&words, 0, "stop") && words.len == 1)
		rtt->stop(rtt->context);
	else if (is_word(&words, 0, "server") && is_word(&words, 1, "start") &&
		 words.len == 4)
		return serve(rtt, &words, why);
	else
		return monitor_usage(row, why);
	return CAUSE_NONE;
}

const struct monitor_row monitor_rtt_rows[] = {
	{ "rtt", "[start [ADDRESS SIZE]|stop|server start PORT CHANNEL]", TOPIC_RUNNING,
	  "show what the program writes to SEGGER's RTT",
	  "\"start\" looks for the control block in the chip's RAM, or in that range of "
	  "it; channel 0 is shown in gdb while the program runs, and in the log. \"server "
	  "start\" gives a channel a TCP port, which its down channel is fed from. Without "
	  "arguments it prints what was found.",
	  0, 0, monitor_rtt },
	{ 0 },
};
