/* SPDX-License-Identifier: MIT */
/*
 * stlink_modes.c - the commands that every mode answers: versions, the mode itself and
 * its end, the target's voltage; and group F4, SWIM, as far as a board without an STM8
 * has an answer.
 */
#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/stlink.h"

enum { DFU_EXIT = 0x07 };
/* OpenOCD: STLINK_SWIM_ERR_*; stlink-org has the further ones. */
enum { SWIM_OK = 0x00, SWIM_NO_RESPONSE = 0x04 };
enum { SWIM_CAPABILITIES_SIZE = 8, SWIM_STATUS_SIZE = 4 };

/* Four bits of generation, six of J, six of M (V2-1) or S, most significant byte first; of firmware
 * for STM8 only, M and S (OpenOCD, stlink_usb_version()). From V3 on J and the rest are 0 and FB must
 * be asked. */
static void
get_version(struct stlink *link, const uint8_t *command)
{
	const struct stlink_version *own = &link->kind.version;
	bool is_old = own->generation < 3;
	unsigned first = own->jtag ? own->jtag : own->msd;
	unsigned last = own->jtag && own->msd ? own->msd : own->swim;
	unsigned version =
		(unsigned)own->generation << 12 | (is_old ? first << 6 | last : 0);
	uint8_t *reply = stlink_reply(link, 6);
	(void)command;
	reply[0] = (uint8_t)(version >> 8);
	reply[1] = (uint8_t)version;
	le16_put(reply + 2, usb_function_vendor(&link->function));
	le16_put(reply + 4, usb_function_product_id(&link->function));
}

static void
get_version_ex(struct stlink *link, const uint8_t *command)
{
	const struct stlink_version *own = &link->kind.version;
	uint8_t *reply = stlink_reply(link, 12);
	(void)command;
	reply[0] = own->generation;
	reply[1] = own->swim;
	reply[2] = own->jtag;
	reply[3] = own->msd;
	reply[4] = own->bridge;
	le16_put(reply + 8, usb_function_vendor(&link->function));
	le16_put(reply + 10, usb_function_product_id(&link->function));
}

static void
get_mode(struct stlink *link, const uint8_t *command)
{
	(void)command;
	stlink_reply(link, 2)[0] = (uint8_t)link->mode;
}

/* No reply. The loader of a V3 is another program: only a new start of the probe with
 * its firmware intact ends it. */
static void
dfu(struct stlink *link, const uint8_t *command)
{
	if (command[1] != DFU_EXIT)
		stlink_answer_unknown(link);
	else if (link->mode == STLINK_MODE_DFU && !link->is_loader) {
		link->mode = STLINK_MODE_MASS;
		stlink_describe_serial(&link->function, link->kind.has_raw_serial);
	}
}

static const struct stlink_command mode_rows[] = {
	{ 0xF1, 0, 0, STLINK_ALWAYS, STLINK_NO_DATA, get_version },
	{ 0xF3, 0, 0, STLINK_ALWAYS, STLINK_NO_DATA, dfu },
	{ 0xF5, 0, 0, STLINK_ALWAYS, STLINK_NO_DATA, get_mode },
	{ 0xF7, 13, 0, STLINK_ALWAYS, STLINK_NO_DATA, stlink_get_voltage },
	{ 0xFB, STLINK_NEVER, 0, STLINK_ALWAYS, STLINK_NO_DATA, get_version_ex },
};
const struct stlink_commands stlink_mode_commands = {
	mode_rows, sizeof(mode_rows) / sizeof(mode_rows[0])
};

/* No reply. A debug session that is open ends. */
static void
swim_enter(struct stlink *link, const uint8_t *command)
{
	(void)command;
	stlink_close_ports(link);
	link->mode = STLINK_MODE_SWIM;
}

static void
swim_exit(struct stlink *link, const uint8_t *command)
{
	(void)command;
	stlink_pull_reset(link, STLINK_PIN_SWIM_RST, false);
	if (link->mode == STLINK_MODE_SWIM)
		link->mode = STLINK_MODE_MASS;
}

/* One byte says that high speed is there (OpenOCD: STLINK_SWIM_READ_CAP). */
static void
swim_capabilities(struct stlink *link, const uint8_t *command)
{
	(void)command;
	stlink_reply(link, SWIM_CAPABILITIES_SIZE)[0] = 1;
}

static void
swim_assert(struct stlink *link, const uint8_t *command)
{
	(void)command;
	link->swim_status = SWIM_OK;
	stlink_pull_reset(link, STLINK_PIN_SWIM_RST, true);
}

static void
swim_release(struct stlink *link, const uint8_t *command)
{
	(void)command;
	link->swim_status = SWIM_OK;
	stlink_pull_reset(link, STLINK_PIN_SWIM_RST, false);
}

/* What needs an STM8 to answer. Without a reply: READSTATUS has the outcome. */
static void
swim_ask_target(struct stlink *link, const uint8_t *command)
{
	(void)command;
	link->swim_status = SWIM_NO_RESPONSE;
}

static void
swim_status(struct stlink *link, const uint8_t *command)
{
	(void)command;
	stlink_reply(link, SWIM_STATUS_SIZE)[0] = link->swim_status;
}

/* ENTER, EXIT, READ_CAP, SPEED, ENTER_SEQ, GEN_RST, RESET, ASSERT, DEASSERT, STATUS. */
static const struct stlink_command swim_rows[] = {
	{ 0x00, 0, 0, STLINK_OUT_OF_DFU, STLINK_NO_DATA, swim_enter },
	{ 0x01, 0, 0, STLINK_OUT_OF_DFU, STLINK_NO_DATA, swim_exit },
	{ 0x02, 0, 0, STLINK_IN_SWIM, STLINK_NO_DATA, swim_capabilities },
	{ 0x03, 0, 0, STLINK_IN_SWIM, STLINK_NO_DATA, swim_ask_target },
	{ 0x04, 0, 0, STLINK_IN_SWIM, STLINK_NO_DATA, swim_ask_target },
	{ 0x05, 0, 0, STLINK_IN_SWIM, STLINK_NO_DATA, swim_ask_target },
	{ 0x06, 0, 0, STLINK_IN_SWIM, STLINK_NO_DATA, swim_ask_target },
	{ 0x07, 0, 0, STLINK_IN_SWIM, STLINK_NO_DATA, swim_assert },
	{ 0x08, 0, 0, STLINK_IN_SWIM, STLINK_NO_DATA, swim_release },
	{ 0x09, 0, 0, STLINK_IN_SWIM, STLINK_NO_DATA, swim_status },
};
const struct stlink_commands stlink_swim_commands = {
	swim_rows, sizeof(swim_rows) / sizeof(swim_rows[0])
};
