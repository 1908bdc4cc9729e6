/* SPDX-License-Identifier: MIT */
/*
 * lldb.c - the packets that lldb adds to gdb's protocol (LLDB, "GDB Remote Protocol
 * Extensions", lldb/docs/resources/lldbgdbremote.md). gdb sends none of them: they show who
 * the client is. Measured with lldb 19.1.
 */
#include "server/rsp/commands.h"
#include "server/rsp/reply.h"
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

/* What may lie where no memory of the chip does (DDI 0403E B3.1, the system address map). lldb
 * does not unwind through what cannot be executed. */
static const struct {
	uint32_t last;
	const char *permitted;
} address_map[] = {
	{ 0x1fffffff, "rx" },  /* code: aliases, the ROM */
	{ 0x3fffffff, "rwx" }, /* RAM that is in no table */
	{ 0x5fffffff, "rw" },  /* peripherals */
	{ 0x9fffffff, "rwx" }, /* external RAM */
	{ 0xffffffff, "rw" },  /* devices, the core's own registers */
};

static const char *const permissions[] = {
	[MEMORY_FLASH] = "rx",     [MEMORY_RAM] = "rwx",        [MEMORY_EEPROM] = "r",
	[MEMORY_OTP] = "r",        [MEMORY_OPTION_BYTES] = "r", [MEMORY_SYSTEM_ROM] = "rx",
	[MEMORY_EXTERNAL] = "rwx",
};

/* Around `at`: between what is known. */
static void
add_gap(const struct chip *chip, uint32_t at, struct text *reply)
{
	uint64_t from = 0, end = UINT64_C(1) << 32;
	size_t i = 0;

	while (at > address_map[i].last)
		from = (uint64_t)address_map[i++].last + 1;
	end = (uint64_t)address_map[i].last + 1;
	for (size_t k = 0; k < chip->memories_len; k++) {
		const struct memory *memory = &chip->memories[k];
		uint64_t behind = (uint64_t)memory->base + memory->size;

		if (behind <= at && behind > from)
			from = behind;
		if (memory->base > at && memory->base < end)
			end = memory->base;
	}
	text_add(reply, "start:%x;size:%llx;permissions:%s;", (unsigned)from,
		 (unsigned long long)(end - from), address_map[i].permitted);
}

static void
add_memory(const struct memory *memory, struct text *reply)
{
	const char *name = memory->entry->name;

	text_add(reply, "start:%x;size:%x;permissions:%s;name:", (unsigned)memory->base,
		 (unsigned)memory->size, permissions[memory->entry->kind]);
	reply_add_hex(reply, (const uint8_t *)name, strlen(name));
	text_add(reply, ";");
}

static enum cause
query_region(struct client *client, const struct request *request, struct text *reply,
	     struct reason *why)
{
	const struct chip *chip = board_chip(client_board(client));
	uint64_t at = request->at[0].number;

	(void)why;
	recognise(client);
	/* Of an unknown chip nothing is known: as if there were no such packet. */
	if (chip->memories_len == 0)
		return CAUSE_NONE;
	if (at > UINT32_MAX) {
		text_add(reply, "start:100000000;size:ffffffff00000000;");
		return CAUSE_NONE;
	}
	for (size_t i = 0; i < chip->memories_len; i++)
		if (at - chip->memories[i].base < chip->memories[i].size) {
			add_memory(&chip->memories[i], reply);
			return CAUSE_NONE;
		}
	add_gap(chip, (uint32_t)at, reply);
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
	{ "qMemoryRegionInfo:", "n", 0, 0, DELIVER_CODE, query_region },
	{ "jThreadsInfo", "", 0, IS_EXACT | NEEDS_CORE, DELIVER_CODE, query_threads },
	{ 0 },
};
