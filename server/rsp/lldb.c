/* SPDX-License-Identifier: MIT */
/*
 * lldb.c - the packets that lldb adds to gdb's protocol (LLDB, "GDB Remote Protocol
 * Extensions", lldb/docs/resources/lldbgdbremote.md). gdb sends none of them: they show who
 * the client is. Measured with lldb 19.1.
 */
#include "server/rsp/commands.h"
#include "transport/base/bytes.h"

#include <string.h>

/* The word of the register packets' suffix. */
static const char thread_word[] = ";thread:";

static void
recognise(struct client *client)
{
	client->agreed.errors.is_lldb = true;
	client->agreed.dialect.takes_reasons = true;
}

static enum cause
enable_thread_suffix(struct client *client, const struct request *request,
		     struct text *reply, struct reason *why)
{
	(void)request;
	(void)why;
	recognise(client);
	client->agreed.has_thread_suffix = true;
	text_add(reply, "OK");
	return CAUSE_NONE;
}

static enum cause
enable_thread_list(struct client *client, const struct request *request, struct text *reply,
		   struct reason *why)
{
	(void)request;
	(void)why;
	recognise(client);
	client->agreed.dialect.lists_threads = true;
	text_add(reply, "OK");
	return CAUSE_NONE;
}

static enum cause
enable_error_strings(struct client *client, const struct request *request,
		     struct text *reply, struct reason *why)
{
	(void)request;
	(void)why;
	recognise(client);
	client->agreed.errors.takes_strings = true;
	text_add(reply, "OK");
	return CAUSE_NONE;
}

/* Without a triple: that of the ELF is right, and lldb 19 hangs or cannot disassemble with most
 * others. A watchpoint of the DWT is reported after the access. */
static enum cause
query_host(struct client *client, const struct request *request, struct text *reply,
	   struct reason *why)
{
	(void)request;
	(void)why;
	recognise(client);
	text_add(reply, "endian:little;ptrsize:4;watchpoint_exceptions_received:after;");
	return CAUSE_NONE;
}

static enum cause
query_watchpoints(struct client *client, const struct request *request, struct text *reply,
		  struct reason *why)
{
	(void)request;
	(void)why;
	text_add(reply, "num:%u;",
		 view_identity(&client->view, client->view.general)->watchpoints);
	return CAUSE_NONE;
}

/* JSON: our own names and words have nothing in them that it would escape but what
 * connection_send() does. */
static enum cause
query_threads(struct client *client, const struct request *request, struct text *reply,
	      struct reason *why)
{
	(void)request;
	(void)why;
	if (client_has_no_program(client)) {
		text_add(reply, "[]");
		return CAUSE_NONE;
	}
	text_add(reply, "[{\"tid\":1,\"name\":\"%s\"}]",
		 view_core_name(&client->view, client->view.general));
	return CAUSE_NONE;
}

static bool
ends_with_thread(const char *packet, size_t len, size_t *at)
{
	size_t word_len = strlen(thread_word);

	for (size_t i = 1; i + word_len < len; i++)
		if (memcmp(packet + i, thread_word, word_len) == 0) {
			*at = i;
			return packet[len - 1] == ';';
		}
	return false;
}

size_t
command_take_thread(struct client *client, const char *packet, size_t len)
{
	size_t at;

	if (!client->agreed.has_thread_suffix || len == 0 ||
	    strchr("gGpP", packet[0]) == NULL || !ends_with_thread(packet, len, &at))
		return len;
	/* Each port has one thread. */
	client->view.general = client->home;
	return at;
}

const struct command lldb_commands[] = {
	{ "QThreadSuffixSupported", "", 0, IS_EXACT, DELIVER_CODE, enable_thread_suffix },
	{ "QListThreadsInStopReply", "", 0, IS_EXACT, DELIVER_CODE, enable_thread_list },
	{ "QEnableErrorStrings", "", 0, IS_EXACT, DELIVER_CODE, enable_error_strings },
	{ "qHostInfo", "", 0, IS_EXACT, DELIVER_CODE, query_host },
	{ "qWatchpointSupportInfo", "?:b", 0, NEEDS_TARGET, DELIVER_CODE,
	  query_watchpoints },
	{ "jThreadsInfo", "", 0, IS_EXACT | NEEDS_CORE, DELIVER_CODE, query_threads },
	{ 0 },
};
