/* SPDX-License-Identifier: MIT */
/* looking.c - memory and registers by monitor commands, in openocd's spelling. */
#include "server/monitor/rows.h"

#include "server/debug/fault.h"
#include "transport/base/bytes.h"

#include <inttypes.h>
#include <string.h>

enum { BYTES_MAX = 4096, LINE_BYTES = 32, WORD_BYTES = 4 };

/* Of mdw and mww: the last letter. */
static unsigned
width_of(const struct monitor_row *row)
{
	switch (row->name[strlen(row->name) - 1]) {
	case 'b':
		return 1;
	case 'h':
		return 2;
	default:
		return WORD_BYTES;
	}
}

/* Of `count` elements at *at; CAUSE_REQUEST when they are too many, or not aligned. */
static enum cause
read_place(const struct monitor_words *words, unsigned count_at, unsigned width,
	   uint32_t *at, uint32_t *count, struct reason *why)
{
	enum cause cause = monitor_number(words->at[0], "an address", UINT32_MAX, at, why);

	*count = 1;
	if (cause == CAUSE_NONE && words->len > count_at)
		cause = monitor_number(words->at[count_at],
				       "a count that comes to 4096 bytes at most",
				       BYTES_MAX / width, count, why);
	if (cause == CAUSE_NONE && *at % width != 0)
		return reason_begin(why, CAUSE_REQUEST, "0x%08x is no multiple of %u",
				    (unsigned)*at, width);
	return cause;
}

static uint32_t
element_at(const uint8_t *bytes, unsigned width)
{
	uint32_t value = 0;

	for (unsigned i = width; i-- > 0;)
		value = value << 8 | bytes[i];
	return value;
}

static void
print_line(struct client *client, uint32_t at, const uint8_t *bytes, uint32_t size,
	   unsigned width)
{
	char buffer[16 + LINE_BYTES * 3];
	struct text line;

	text_init(&line, buffer, sizeof(buffer));
	text_add(&line, "0x%08x:", (unsigned)at);
	for (uint32_t i = 0; i < size; i += width)
		text_add(&line, " %0*x", (int)(2 * width),
			 (unsigned)element_at(bytes + i, width));
	client_print(client, "%s", buffer);
}

enum cause
monitor_read(struct client *client, const struct monitor_row *row, const char *rest,
	     struct reason *why)
{
	unsigned width = width_of(row);
	struct monitor_words words;
	uint8_t bytes[BYTES_MAX];
	uint32_t at, count, size;
	enum cause cause;

	monitor_split(rest, &words);
	if (words.len < 1 || words.len > 2)
		return monitor_usage(row, why);
	cause = read_place(&words, 1, width, &at, &count, why);
	if (cause != CAUSE_NONE)
		return cause;
	size = count * width;
	cause = board_check_ram(client_board(client), at, size, why);
	if (cause == CAUSE_NONE && size > 0)
		cause = view_memory_read(&client->view, at, bytes, size, why);
	for (uint32_t i = 0; cause == CAUSE_NONE && i < size; i += LINE_BYTES)
		print_line(client, at + i, bytes + i,
			   size - i < LINE_BYTES ? size - i : LINE_BYTES, width);
	return cause;
}

enum cause
monitor_write(struct client *client, const struct monitor_row *row, const char *rest,
	      struct reason *why)
{
	unsigned width = width_of(row);
	struct monitor_words words;
	uint8_t bytes[BYTES_MAX];
	uint32_t at, count, value;
	enum cause cause;

	monitor_split(rest, &words);
	if (words.len < 2 || words.len > 3)
		return monitor_usage(row, why);
	cause = read_place(&words, 2, width, &at, &count, why);
	if (cause == CAUSE_NONE)
		cause = monitor_number(words.at[1], "a value of that size",
				       UINT32_MAX >> (32 - 8 * width), &value, why);
	if (cause != CAUSE_NONE || count == 0)
		return cause;
	for (uint32_t i = 0; i < count * width; i++)
		bytes[i] = (uint8_t)(value >> 8 * (i % width));
	return view_memory_write(&client->view, at, bytes, count * width, why);
}

static enum cause
print_register(struct client *client, unsigned number, const struct core_register *reg,
	       struct reason *why)
{
	uint64_t value;
	enum cause cause = view_register_read(&client->view, number, &value, why);

	if (cause == CAUSE_NONE)
		client_print(client, "%s: 0x%0*" PRIx64, reg->name, reg->bits / 4, value);
	return cause;
}

/* Sets it when a value is given. */
static enum cause
take_register(struct client *client, unsigned number, const struct core_register *reg,
	      const struct monitor_words *words, struct reason *why)
{
	uint32_t value;
	enum cause cause;

	if (words->len < 2)
		return print_register(client, number, reg, why);
	cause = monitor_number(words->at[1], "a value of 32 bits", UINT32_MAX, &value, why);
	if (cause == CAUSE_NONE)
		cause = view_register_write(&client->view, number, value, why);
	if (cause == CAUSE_NONE)
		cause = print_register(client, number, reg, why);
	if (cause == CAUSE_NONE)
		client_print(client,
			     "gdb shows what it has read before, until: maintenance "
			     "flush register-cache");
	return cause;
}

enum cause
monitor_registers(struct client *client, const struct monitor_row *row, const char *rest,
		  struct reason *why)
{
	uint8_t features = view_identity(&client->view, client->view.general)->features;
	const struct core_register *reg;
	struct monitor_words words;
	enum cause cause = CAUSE_NONE;

	monitor_split(rest, &words);
	if (words.len > 2)
		return monitor_usage(row, why);
	for (unsigned i = 0; (reg = core_register_at(features, i)) != NULL; i++) {
		if (words.len > 0 && strcmp(words.at[0], reg->name) == 0)
			return take_register(client, i, reg, &words, why);
		if (words.len == 0 && cause == CAUSE_NONE)
			cause = print_register(client, i, reg, why);
	}
	return words.len == 0
		       ? cause
		       : reason_begin(why, CAUSE_REQUEST, "%s has no register \"%s\"",
				      view_core_name(&client->view, client->view.general),
				      words.at[0]);
}

static enum cause
monitor_fault(struct client *client, const struct monitor_row *row, const char *rest,
	      struct reason *why)
{
	char words[FAULT_WORDS_MAX];

	if (rest[0] != '\0')
		return monitor_usage(row, why);
	fault_describe_now(client_board(client), client->view.general, words,
			   sizeof(words));
	client_print(client, "%s", words);
	return CAUSE_NONE;
}

#define READ(name, what)                                                                  \
	{                                                                                 \
		name, "ADDRESS [COUNT]", TOPIC_LOOKING, "print " what " of memory", NULL, \
			0, NEEDS_TARGET, monitor_read                                     \
	}
#define WRITE(name, what)                                                                 \
	{                                                                                 \
		name, "ADDRESS VALUE [COUNT]", TOPIC_LOOKING, "write " what " of memory", \
			NULL, CORE, NEEDS_TARGET, monitor_write                           \
	}

const struct monitor_row monitor_looking_rows[] = {
	{ "reg", "[NAME [VALUE]]", TOPIC_LOOKING, "print registers, or set one",
	  "Of a core that runs they are those of its last halt.", 0, NEEDS_TARGET,
	  monitor_registers },
	{ "fault", "", TOPIC_LOOKING, "print the fault registers in words",
	  "CFSR, HFSR, BFAR and MMFAR, and in a fault handler the frame with the PC at "
	  "which the fault came. The registers keep a fault until the program or a reset "
	  "clears it.",
	  CORE, NEEDS_TARGET, monitor_fault },
	READ("mdw", "words"),
	READ("mdh", "half-words"),
	READ("mdb", "bytes"),
	WRITE("mww", "words"),
	WRITE("mwh", "half-words"),
	WRITE("mwb", "bytes"),
	{ 0 },
};
