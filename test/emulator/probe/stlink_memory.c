/* SPDX-License-Identifier: MIT */
/*
 * stlink_memory.c - group F2: blocks of memory, and RW_MISC, a list of single words.
 */
#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/stlink.h"

/* RW_MISC: one byte per item says what the word of the item means. */
enum { MISC_ADDRESS = 1, MISC_WRITE = 2, MISC_READ = 3, MISC_AP = 5 };
/* CSW and AP travel in memory commands from V2J32 and V3J2. */
enum { FIRST_V2_WITH_CSW = 32, FIRST_V3_WITH_CSW = 2 };

static const struct memory_form {
	uint8_t code, size;
	bool is_fixed, is_write;
} forms[] = {
	{ 0x07, 4, false, false }, { 0x08, 4, false, true },  { 0x0C, 1, false, false },
	{ 0x0D, 1, false, true },  { 0x47, 2, false, false }, { 0x48, 2, false, true },
	{ 0x50, 4, true, true },   { 0x54, 4, true, false },
};

static const struct memory_form *
form_of(uint8_t code)
{
	unsigned i = 0;
	while (forms[i].code != code)
		i++; /* the command table has no other codes */
	return &forms[i];
}

static bool
has_csw(const struct stlink_kind *kind)
{
	return kind->version.jtag >=
	       (kind->version.generation < 3 ? FIRST_V2_WITH_CSW : FIRST_V3_WITH_CSW);
}

/* 512 from V3J6 on (OpenOCD: STLINK_F_HAS_RW8_512BYTES). */
static uint32_t
max_bytes_8bit(const struct stlink_kind *kind)
{
	enum { FIRST_V3_WITH_512 = 6 };
	const struct stlink_version *version = &kind->version;
	bool is_long = version->generation > 3 ||
		       (version->generation == 3 && version->jtag >= FIRST_V3_WITH_512);
	return is_long ? 512 : 64;
}

/* Address at 2, length at 6, access port at 8, CSW without its lowest byte at 9. */
static struct memory_access
access_of(const struct stlink *link, const uint8_t *command)
{
	const struct memory_form *form = form_of(command[1]);
	struct memory_access access = {
		.at = le32_get(command + 2),
		.size = form->size,
		.fixed = form->is_fixed,
		.is_write = form->is_write,
		.bytes = le16_get(command + 6),
	};
	if (has_csw(&link->kind)) {
		access.ap = command[8];
		access.csw = le24_get(command + 9) << 8;
	}
	return access;
}

static enum stlink_status
check_access(const struct stlink *link, const struct memory_access *access)
{
	uint32_t most = access->size == 1  ? max_bytes_8bit(&link->kind)
			: access->is_write ? (uint32_t)STLINK_WRITE_MAX
					   : (uint32_t)STLINK_MEMORY_MAX;
	if (access->bytes > most || access->at % access->size ||
	    access->bytes % access->size)
		return STLINK_ALIGNMENT_ERROR;
	return stlink_check_ap(link, access->ap);
}

static void
run_access(struct stlink *link, const struct memory_access *access, uint8_t *bytes)
{
	link->fault_at = 0;
	link->memory_status = check_access(link, access);
	if (link->memory_status == STLINK_OK)
		link->memory_status =
			swd_memory(&link->swd, access, bytes, &link->fault_at);
}

/* The reply has the length that was asked for whatever happened; 3B and 3E tell. A
 * single byte comes with a second one (OpenOCD: stlink_usb_read_mem8). */
void
stlink_read_memory(struct stlink *link, const uint8_t *command)
{
	struct memory_access access = access_of(link, command);
	uint32_t size = access.bytes < STLINK_MEMORY_MAX ? access.bytes : STLINK_MEMORY_MAX;
	uint8_t *reply = stlink_reply(link, size == 1 ? 2 : size);
	run_access(link, &access, reply);
}

void
stlink_write_memory(struct stlink *link, const uint8_t *command)
{
	struct memory_access access = access_of(link, command);
	run_access(link, &access, link->data);
}

void
stlink_last_status(struct stlink *link, const uint8_t *command)
{
	(void)command;
	stlink_reply_status(link, link->memory_status, 2);
}

/* Status at 0, address of the fault at 4 (pyOCD reads it there). */
void
stlink_last_status_address(struct stlink *link, const uint8_t *command)
{
	(void)command;
	le32_put(stlink_reply_status(link, link->memory_status, 12) + 4, link->fault_at);
}

static uint32_t
misc_codes_size(uint32_t items)
{
	return (items + 3) & ~3u;
}

/* More items than any firmware takes count as none: there is no such packet. */
uint32_t
stlink_misc_size(uint32_t items)
{
	return items > STLINK_BUFFER_SIZE / 8 ? 0 : misc_codes_size(items) + 4 * items;
}

struct misc {
	uint8_t ap;
	uint32_t at;
};

static enum stlink_status
misc_access(struct stlink *link, const struct misc *misc, uint32_t at, bool is_write,
	    uint32_t *value)
{
	const struct memory_access access = {
		.ap = misc->ap, .at = at, .size = 4, .bytes = 4, .is_write = is_write
	};
	uint8_t bytes[4];
	le32_put(bytes, *value);
	run_access(link, &access, bytes);
	*value = le32_get(bytes);
	return link->memory_status;
}

static enum stlink_status
misc_item(struct stlink *link, struct misc *misc, uint8_t code, uint32_t word,
	  uint32_t *result)
{
	switch (code) {
	case MISC_ADDRESS:
		misc->at = word;
		return STLINK_OK;
	case MISC_WRITE:
		return misc_access(link, misc, misc->at, true, &word);
	case MISC_READ:
		return misc_access(link, misc, word, false, result);
	case MISC_AP:
		misc->ap = (uint8_t)word;
		return word < STLINK_APS ? stlink_check_ap(link, misc->ap) : STLINK_BAD_AP;
	default:
		return STLINK_UNKNOWN_COMMAND;
	}
}

/* The first item that fails ends the list: the others are not run and have its status
 * (assumption; OpenOCD, the only published client, stops reading at the first). */
static void
misc_run(struct stlink *link, const uint8_t *codes, const uint8_t *words)
{
	struct misc misc = { 0 };
	enum stlink_status status = STLINK_OK;
	for (uint32_t i = 0; i < link->misc_len; i++) {
		link->misc_values[i] = 0;
		if (status == STLINK_OK)
			status = misc_item(link, &misc, codes[i], le32_get(words + 4 * i),
					   &link->misc_values[i]);
		link->misc_statuses[i] = status;
	}
}

/* The codes of all items, padded to words, then their words. */
void
stlink_misc_out(struct stlink *link, const uint8_t *command)
{
	uint32_t items = le32_get(command + 2);
	link->misc_len = items <= link->kind.hardware->max_misc_items ? items : 0;
	misc_run(link, link->data, link->data + misc_codes_size(link->misc_len));
}

/* The values of all items, then their statuses, a word each. */
void
stlink_misc_in(struct stlink *link, const uint8_t *command)
{
	uint8_t *reply = stlink_reply(link, 8 * link->misc_len);
	(void)command;
	for (uint32_t i = 0; i < link->misc_len; i++) {
		le32_put(reply + 4 * i, link->misc_values[i]);
		le32_put(reply + 4 * (link->misc_len + i), link->misc_statuses[i]);
	}
}
