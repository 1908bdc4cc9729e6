/* SPDX-License-Identifier: MIT */
#include "transport/probe/stlink/share.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/stlink/misc.h"
#include "transport/probe/stlink/stlink.h"

#include <assert.h>
#include <string.h>

/* Statuses given for the probe. */
enum {
	STATUS_OK = 0x80,
	STATUS_OTHER_MODE = 0x0e,
	STATUS_NO_SWO = 0x20,
	STATUS_NO_CLOCK = 0x41,
	STATUS_UNKNOWN = 0x42,
	STATUS_SWIM_BAD_STATE = 0x05
};

enum {
	NO_SECOND = 0x100, /* the first byte says it all */
	NO_FEATURE = -1,
	LENGTH_AT = 6, /* u16, of a memory command */
	MEMORY_PORT_AT = 8,
	MISC_ITEMS_MAX = STLINK_EXCHANGE_MAX / 8, /* before sizes are computed of it */
	REGISTER_PORT_AT = 2,                     /* u16; 0xffff: the debug port */
	NRST_PULSE = 2
};

/* What is done with a command. */
enum rule {
	RULE_PASS,
	RULE_PASS_WRITE, /* it changes the target */
	RULE_PASS_RESET, /* it resets the target */
	RULE_PASS_PORT,  /* through the access port it names, which is opened if need be */
	RULE_SILENT,     /* kept from the probe; it would answer nothing */
	RULE_OK,         /* kept from the probe, answered OK */
	RULE_NO_SWO,
	RULE_NO_BYTES, /* zeros: of trace there is nothing */
	RULE_EXIT,
	RULE_ENTER,
	RULE_READ,
	RULE_WRITE,
	RULE_STATUS,
	RULE_MISC_OUT,
	RULE_MISC_IN,
	RULE_OPEN_PORT,
	RULE_NRST,
	RULE_CLOCK_COUNT,
	RULE_CLOCK_KHZ,
	RULE_CLAIM_OUT,
	RULE_CLAIM_IN,
	RULES
};

struct row {
	uint8_t group;
	uint16_t second; /* NO_SECOND */
	const char *name;
	enum rule rule;
	uint8_t size; /* of the answer, where it is fixed */
	int feature;  /* which the firmware must have, or NO_FEATURE */
};

#define DEBUG(second, name, rule, size, feature)                               \
	{                                                                      \
		STLINK_DEBUG_COMMAND, second, name, RULE_##rule, size, feature \
	}

static const struct row rows[] = {
	{ STLINK_GET_VERSION, NO_SECOND, "GET_VERSION", RULE_PASS, 6, NO_FEATURE },
	{ STLINK_GET_VERSION_EX, NO_SECOND, "GET_VERSION_EX", RULE_PASS, 12,
	  STLINK_HAS_COM_CLOCK },
	{ STLINK_GET_CURRENT_MODE, NO_SECOND, "GET_CURRENT_MODE", RULE_PASS, 2,
	  NO_FEATURE },
	{ STLINK_GET_TARGET_VOLTAGE, NO_SECOND, "GET_TARGET_VOLTAGE", RULE_PASS, 8,
	  NO_FEATURE },
	{ STLINK_DFU_COMMAND, STLINK_DFU_EXIT, "DFU_EXIT", RULE_SILENT, 0, NO_FEATURE },
	{ STLINK_SWIM_COMMAND, STLINK_SWIM_EXIT, "SWIM_EXIT", RULE_SILENT, 0, NO_FEATURE },
	{ STLINK_CLAIM_COMMAND, STLINK_CLAIM_OUT, "CLAIM_OUT", RULE_CLAIM_OUT, 0,
	  NO_FEATURE },
	{ STLINK_CLAIM_COMMAND, STLINK_CLAIM_IN, "CLAIM_IN", RULE_CLAIM_IN,
	  PROBE_CLAIM_SIZE, NO_FEATURE },
	DEBUG(STLINK_DEBUG_EXIT, "DEBUG_EXIT", EXIT, 0, NO_FEATURE),
	DEBUG(STLINK_ENTER, "ENTER", ENTER, 2, NO_FEATURE),
	DEBUG(0x01, "GETSTATUS", PASS, 2, NO_FEATURE),
	DEBUG(0x22, "READCOREID", PASS, 4, NO_FEATURE),
	DEBUG(0x31, "READ_IDCODES", PASS, 12, NO_FEATURE),
	DEBUG(0x32, "RESETSYS", PASS_RESET, 2, NO_FEATURE),
	DEBUG(0x33, "READREG", PASS, 8, NO_FEATURE),
	DEBUG(0x34, "WRITEREG", PASS_WRITE, 2, NO_FEATURE),
	DEBUG(STLINK_WRITEDEBUGREG, "WRITEDEBUGREG", PASS_WRITE, 2, NO_FEATURE),
	DEBUG(STLINK_READDEBUGREG, "READDEBUGREG", PASS, 8, NO_FEATURE),
	DEBUG(STLINK_READALLREGS, "READALLREGS", PASS, 88, NO_FEATURE),
	DEBUG(0x3b, "GETLASTRWSTATUS", STATUS, 2, NO_FEATURE),
	DEBUG(STLINK_GETLASTRWSTATUS2, "GETLASTRWSTATUS2", STATUS, STLINK_SHARE_STATUS_SIZE,
	      NO_FEATURE),
	DEBUG(STLINK_DRIVE_NRST, "DRIVE_NRST", NRST, 2, NO_FEATURE),
	DEBUG(0x40, "START_TRACE_RX", NO_SWO, 2, NO_FEATURE),
	DEBUG(0x41, "STOP_TRACE_RX", OK, 2, NO_FEATURE),
	DEBUG(0x42, "GET_TRACE_NB", NO_BYTES, 2, NO_FEATURE),
	DEBUG(STLINK_SWD_SET_FREQ, "SWD_SET_FREQ", CLOCK_COUNT, 2, NO_FEATURE),
	DEBUG(STLINK_SET_COM_FREQ, "SET_COM_FREQ", CLOCK_KHZ, 8, STLINK_HAS_COM_CLOCK),
	DEBUG(STLINK_GET_COM_FREQ, "GET_COM_FREQ", PASS, 52, STLINK_HAS_COM_CLOCK),
	DEBUG(STLINK_READ_DAP_REG, "READ_DAP_REG", PASS_PORT, 8, NO_FEATURE),
	DEBUG(STLINK_WRITE_DAP_REG, "WRITE_DAP_REG", PASS_PORT, 2, NO_FEATURE),
	DEBUG(STLINK_INIT_AP, "INIT_AP", OPEN_PORT, 2, STLINK_HAS_INIT_AP),
	DEBUG(0x4c, "CLOSE_AP", OK, 2, STLINK_HAS_INIT_AP),
	DEBUG(STLINK_READMEM_32BIT, "READMEM_32BIT", READ, 0, NO_FEATURE),
	DEBUG(STLINK_READMEM_16BIT, "READMEM_16BIT", READ, 0, STLINK_HAS_MEMORY_16),
	DEBUG(STLINK_READMEM_8BIT, "READMEM_8BIT", READ, 0, NO_FEATURE),
	DEBUG(0x54, "READMEM_32BIT_NO_ADDR_INC", READ, 0, STLINK_HAS_RW_MISC),
	DEBUG(STLINK_WRITEMEM_32BIT, "WRITEMEM_32BIT", WRITE, 0, NO_FEATURE),
	DEBUG(STLINK_WRITEMEM_16BIT, "WRITEMEM_16BIT", WRITE, 0, STLINK_HAS_MEMORY_16),
	DEBUG(STLINK_WRITEMEM_8BIT, "WRITEMEM_8BIT", WRITE, 0, NO_FEATURE),
	DEBUG(0x50, "WRITEMEM_32BIT_NO_ADDR_INC", WRITE, 0, STLINK_HAS_MEMORY_16),
	DEBUG(STLINK_RW_MISC_OUT, "RW_MISC_OUT", MISC_OUT, 0, STLINK_HAS_RW_MISC),
	DEBUG(STLINK_RW_MISC_IN, "RW_MISC_IN", MISC_IN, 0, STLINK_HAS_RW_MISC),
};

/* One exchange under way. */
struct turn {
	struct stlink_share *share;
	struct stlink *link;
	struct stlink_share_client *client;
	unsigned number; /* of the client */
	const struct stlink_share_request *request;
	const struct row *row;
};

static const struct row *
find_row(const uint8_t *command)
{
	for (size_t i = 0; i < array_len(rows); i++)
		if (rows[i].group == command[0] &&
		    (rows[i].second == NO_SECOND || rows[i].second == command[1]))
			return &rows[i];
	return NULL;
}

static enum cause
refuse_size(const struct turn *turn, struct reason *why)
{
	return reason_begin(why, CAUSE_REQUEST, "%s with %u bytes %s", turn->row->name,
			    (unsigned)turn->request->size,
			    turn->request->out == NULL ? "to be answered" : "of data");
}

/* As much as the client asks for of an answer, which has to be no more than that is. */
static enum cause
give(const struct turn *turn, const uint8_t *reply, uint32_t size, struct reason *why)
{
	const struct stlink_share_request *request = turn->request;

	if (request->out != NULL || request->size > size)
		return refuse_size(turn, why);
	memcpy(request->in, reply, request->size);
	return CAUSE_NONE;
}

/* In the probe's place. */
static enum cause
give_status(const struct turn *turn, uint8_t status, struct reason *why)
{
	uint8_t reply[UINT8_MAX] = { status };

	return give(turn, reply, turn->row->size, why);
}

static struct stlink_command
command_of(const struct turn *turn)
{
	struct stlink_command command = { .name = turn->row->name };

	memcpy(command.bytes, turn->request->command, STLINK_COMMAND_SIZE);
	return command;
}

/* The client may ask for less than the probe answers, but the answer is taken in full. */
static enum cause
pass(const struct turn *turn, struct reason *why)
{
	struct stlink_command command = command_of(turn);
	uint8_t reply[UINT8_MAX];
	enum cause cause;

	if (turn->request->out != NULL || turn->request->size > turn->row->size)
		return refuse_size(turn, why);
	command.in = reply;
	command.size = turn->row->size;
	cause = stlink_exchange(turn->link->carrier, &command, why);
	return cause == CAUSE_NONE ? give(turn, reply, command.size, why) : cause;
}

static enum cause
pass_write(const struct turn *turn, struct reason *why)
{
	enum cause cause = pass(turn, why);

	if (cause == CAUSE_NONE)
		sharing_note_deed(&turn->share->common, &turn->client->user,
				  turn->row->name);
	return cause;
}

static enum cause
pass_reset(const struct turn *turn, struct reason *why)
{
	enum cause cause = pass(turn, why);

	if (cause == CAUSE_NONE)
		sharing_note_reset(&turn->share->common, &turn->client->user,
				   turn->row->name);
	return cause;
}

/* The owner may have left debug mode and entered it again, which closes the ports that
 * this client has opened. What keeps one from being opened the command itself will meet
 * and answer. */
static void
reopen_port(const struct turn *turn, unsigned port)
{
	struct reason why = REASON_INIT;
	enum swd_ack ack;

	if (port >= STLINK_SHARE_PORTS ||
	    (turn->client->ports[port / 8] & 1 << port % 8) == 0)
		return;
	if (stlink_open_port(turn->link, (uint8_t)port, &ack, &why) != CAUSE_NONE)
		log_debug("share", "opening access port %u: %s", port, reason_root(&why));
}

static enum cause
pass_port(const struct turn *turn, struct reason *why)
{
	reopen_port(turn, le16_get(turn->request->command + REGISTER_PORT_AT));
	return pass(turn, why);
}

static enum cause
keep_silent(const struct turn *turn, struct reason *why)
{
	return turn->request->size == 0 ? CAUSE_NONE : refuse_size(turn, why);
}

static enum cause
say_ok(const struct turn *turn, struct reason *why)
{
	return give_status(turn, STATUS_OK, why);
}

static enum cause
say_no_swo(const struct turn *turn, struct reason *why)
{
	return give_status(turn, STATUS_NO_SWO, why);
}

static enum cause
say_no_bytes(const struct turn *turn, struct reason *why)
{
	return give_status(turn, 0, why);
}

static bool
has_others_in(const struct turn *turn)
{
	return sharing_has_others_in(&turn->share->common, &turn->client->user);
}

static enum cause
exit_mode(const struct turn *turn, struct reason *why)
{
	turn->client->user.has_entered = false;
	if (turn->request->size != 0)
		return refuse_size(turn, why);
	return has_others_in(turn) || !turn->link->is_open
		       ? CAUSE_NONE
		       : stlink_leave_debug(turn->link, why);
}

static enum cause
enter_mode(const struct turn *turn, struct reason *why)
{
	enum cause cause;

	if (turn->request->command[2] != STLINK_ENTER_SWD_NO_RESET)
		return give_status(turn, STATUS_OTHER_MODE, why);
	if (turn->link->is_open && turn->share->common.is_owner_there) {
		turn->client->user.has_entered = true;
		return say_ok(turn, why);
	}
	cause = pass(turn, why);
	if (cause == CAUSE_NONE && turn->request->size > 0 &&
	    turn->request->in[0] == STATUS_OK) {
		turn->client->user.has_entered = true;
		turn->link->is_open = true;
		memset(turn->link->opened_ports, 0, sizeof(turn->link->opened_ports));
	}
	return cause;
}

static enum cause
fetch_status(const struct turn *turn, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(GETLASTRWSTATUS2);

	command.in = turn->client->status;
	command.size = sizeof(turn->client->status);
	return stlink_exchange(turn->link->carrier, &command, why);
}

/* An answer to a request for one byte has two. */
static uint32_t
memory_size(const struct turn *turn)
{
	uint32_t length = le16_get(turn->request->command + LENGTH_AT);

	return length == 1 && turn->row->rule == RULE_READ ? 2 : length;
}

static enum cause
move_memory(const struct turn *turn, struct reason *why)
{
	const struct stlink_share_request *request = turn->request;
	struct stlink_command command = command_of(turn);
	bool is_write = turn->row->rule == RULE_WRITE;
	enum cause cause;

	if (request->size == 0 || request->size != memory_size(turn) ||
	    request->size > stlink_exchange_max(turn->link->carrier) ||
	    is_write != (request->out != NULL))
		return refuse_size(turn, why);
	if (stlink_version_has(&turn->link->version, STLINK_HAS_AP_IN_MEMORY))
		reopen_port(turn, request->command[MEMORY_PORT_AT]);
	command.out = request->out;
	command.in = is_write ? NULL : request->in;
	command.size = request->size;
	cause = stlink_exchange(turn->link->carrier, &command, why);
	if (cause == CAUSE_NONE && is_write)
		sharing_note_deed(&turn->share->common, &turn->client->user,
				  turn->row->name);
	return cause == CAUSE_NONE ? fetch_status(turn, why) : cause;
}

static enum cause
tell_status(const struct turn *turn, struct reason *why)
{
	return give(turn, turn->client->status, turn->row->size, why);
}

static enum cause
fetch_misc(const struct turn *turn, uint32_t size, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(RW_MISC_IN);
	enum cause cause;

	command.in = turn->client->misc;
	command.size = size;
	cause = stlink_exchange(turn->link->carrier, &command, why);
	if (cause == CAUSE_NONE)
		turn->client->misc_size = size;
	return cause;
}

static enum cause
send_misc(const struct turn *turn, struct reason *why)
{
	const struct stlink_share_request *request = turn->request;
	uint32_t items = le32_get(request->command + 2);
	struct stlink_command command = command_of(turn);
	enum cause cause;

	turn->client->misc_size = 0;
	if (request->out == NULL || items == 0 || items > MISC_ITEMS_MAX ||
	    request->size != stlink_misc_out_size(items) ||
	    stlink_misc_in_size(items) > stlink_exchange_max(turn->link->carrier))
		return refuse_size(turn, why);
	for (unsigned port = 0; port < STLINK_SHARE_PORTS; port++)
		reopen_port(turn, port);
	command.out = request->out;
	command.size = request->size;
	cause = stlink_exchange(turn->link->carrier, &command, why);
	return cause == CAUSE_NONE ? fetch_misc(turn, stlink_misc_in_size(items), why)
				   : cause;
}

static enum cause
tell_misc(const struct turn *turn, struct reason *why)
{
	if (turn->client->misc_size == 0)
		return reason_begin(why, CAUSE_REQUEST,
				    "RW_MISC_IN without an RW_MISC_OUT before it");
	return give(turn, turn->client->misc, turn->client->misc_size, why);
}

static enum cause
open_port(const struct turn *turn, struct reason *why)
{
	uint8_t port = turn->request->command[2];
	uint8_t bit = (uint8_t)(1 << port % 8);
	enum cause cause;

	turn->client->ports[port / 8] |= bit;
	if ((turn->link->opened_ports[port / 8] & bit) != 0)
		return say_ok(turn, why);
	cause = pass(turn, why);
	if (cause == CAUSE_NONE && turn->request->size > 0 &&
	    turn->request->in[0] == STATUS_OK)
		turn->link->opened_ports[port / 8] |= bit;
	else
		turn->client->ports[port / 8] &= (uint8_t)~bit;
	return cause;
}

static enum cause
drive_nrst(const struct turn *turn, struct reason *why)
{
	uint8_t level = turn->request->command[2];
	enum cause cause;

	if (level > NRST_PULSE)
		return give_status(turn, STATUS_UNKNOWN, why);
	/* A pulse ends high, too. */
	if (level != STLINK_NRST_LOW &&
	    sharing_others_pull_nrst(&turn->share->common, &turn->client->user)) {
		turn->client->user.pulls_nrst = false;
		return say_ok(turn, why);
	}
	cause = pass(turn, why);
	if (cause != CAUSE_NONE)
		return cause;
	turn->client->user.pulls_nrst = level == STLINK_NRST_LOW;
	if (level != STLINK_NRST_HIGH)
		sharing_note_reset(&turn->share->common, &turn->client->user,
				   turn->row->name);
	return CAUSE_NONE;
}

/* A clock slower than the probe has any is refused; it then stays what it was. */
static enum cause
wish_clock(const struct turn *turn, uint32_t hz, bool *is_refused, struct reason *why)
{
	enum cause cause =
		sharing_wish_clock(&turn->share->common, &turn->client->user, hz, why);

	*is_refused = cause == CAUSE_UNSUPPORTED;
	return *is_refused ? CAUSE_NONE : cause;
}

static enum cause
set_clock_by_count(const struct turn *turn, struct reason *why)
{
	uint32_t hz = stlink_clock_of_count(le16_get(turn->request->command + 2));
	bool is_refused = true;
	enum cause cause = hz == 0 ? CAUSE_NONE : wish_clock(turn, hz, &is_refused, why);

	if (cause != CAUSE_NONE)
		return cause;
	return give_status(turn, is_refused ? STATUS_NO_CLOCK : STATUS_OK, why);
}

/* Answer: u32 status, u32 the clock that is set. */
static enum cause
set_clock_by_khz(const struct turn *turn, struct reason *why)
{
	enum { COM_SWD = 0 };

	uint32_t khz = le32_get(turn->request->command + 4);
	uint8_t reply[8] = { STATUS_NO_CLOCK };
	bool is_refused = true;
	enum cause cause = CAUSE_NONE;

	if (turn->request->command[2] == COM_SWD && khz != 0)
		cause = wish_clock(
			turn, khz < UINT32_MAX / HZ_PER_KHZ ? khz * HZ_PER_KHZ : UINT32_MAX,
			&is_refused, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (!is_refused) {
		reply[0] = STATUS_OK;
		le32_put(reply + 4, turn->link->hz / HZ_PER_KHZ);
	}
	return give(turn, reply, sizeof(reply), why);
}

static enum cause
take_claim(const struct turn *turn, struct reason *why)
{
	const struct stlink_share_request *request = turn->request;

	if (request->out == NULL || request->size != PROBE_CLAIM_SIZE)
		return refuse_size(turn, why);
	memcpy(turn->client->claim, request->out, PROBE_CLAIM_SIZE);
	return sharing_claim_bytes(&turn->share->common, turn->number, turn->client->claim,
				   why);
}

static enum cause
tell_claim(const struct turn *turn, struct reason *why)
{
	return give(turn, turn->client->claim, turn->row->size, why);
}

static enum cause (*const play[RULES])(const struct turn *turn, struct reason *why) = {
	[RULE_PASS] = pass,
	[RULE_PASS_WRITE] = pass_write,
	[RULE_PASS_RESET] = pass_reset,
	[RULE_PASS_PORT] = pass_port,
	[RULE_SILENT] = keep_silent,
	[RULE_OK] = say_ok,
	[RULE_NO_SWO] = say_no_swo,
	[RULE_NO_BYTES] = say_no_bytes,
	[RULE_EXIT] = exit_mode,
	[RULE_ENTER] = enter_mode,
	[RULE_READ] = move_memory,
	[RULE_WRITE] = move_memory,
	[RULE_STATUS] = tell_status,
	[RULE_MISC_OUT] = send_misc,
	[RULE_MISC_IN] = tell_misc,
	[RULE_OPEN_PORT] = open_port,
	[RULE_NRST] = drive_nrst,
	[RULE_CLOCK_COUNT] = set_clock_by_count,
	[RULE_CLOCK_KHZ] = set_clock_by_khz,
	[RULE_CLAIM_OUT] = take_claim,
	[RULE_CLAIM_IN] = tell_claim,
};

/* A status where the command's kind has one; nothing can be said to what sends data. */
static enum cause
answer_unknown(const struct stlink_share_request *request, struct reason *why)
{
	uint8_t group = request->command[0];

	if (request->out != NULL || request->size == 0 ||
	    (group != STLINK_DEBUG_COMMAND && group != STLINK_SWIM_COMMAND))
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "the command 0x%02x 0x%02x cannot be shared", group,
				    request->command[1]);
	memset(request->in, 0, request->size);
	request->in[0] =
		group == STLINK_SWIM_COMMAND ? STATUS_SWIM_BAD_STATE : STATUS_UNKNOWN;
	return CAUSE_NONE;
}

static uint32_t
clock_hz(struct probe *probe)
{
	return stlink_of_probe(probe)->hz;
}

static enum cause
limit_clock(struct probe *probe, uint32_t hz, struct reason *why)
{
	return stlink_limit_clock(stlink_of_probe(probe), hz, why);
}

static bool
owner_pulls_nrst(struct probe *probe)
{
	return stlink_of_probe(probe)->is_nrst_low;
}

static enum cause
move_nrst(struct probe *probe, bool low, struct reason *why)
{
	return stlink_move_nrst(stlink_of_probe(probe), low, why);
}

static enum cause
leave_debug(struct probe *probe, struct reason *why)
{
	struct stlink *link = stlink_of_probe(probe);

	return link->is_open ? stlink_leave_debug(link, why) : CAUSE_NONE;
}

static const struct sharing_ops ops = {
	.clock_hz = clock_hz,
	.limit_clock = limit_clock,
	.owner_pulls_nrst = owner_pulls_nrst,
	.move_nrst = move_nrst,
	.leave = leave_debug,
};

enum cause
stlink_share_take(struct stlink_share *share, struct probe *probe, struct reason *why)
{
	share->common.probe = NULL;
	if (stlink_of_probe(probe) == NULL)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "the %s is no ST-LINK, which its clients speak to",
				    probe->identity.kind);
	return sharing_take(&share->common, &ops, probe, sizeof(struct sharing_user), why);
}

void
stlink_share_end(struct stlink_share *share)
{
	sharing_end(&share->common);
}

bool
stlink_share_serves(struct probe *probe)
{
	return stlink_of_probe(probe) != NULL;
}

bool
stlink_share_can(struct probe *probe)
{
	struct stlink *link = stlink_of_probe(probe);

	return link != NULL && !link->carrier->has_others;
}

uint16_t
stlink_share_product(const struct stlink_share *share)
{
	return stlink_of_probe(share->common.probe)->version.product;
}

static struct stlink_share_client *
client_of(const struct stlink_share *share, unsigned client)
{
	return container_of(share->common.users[client], struct stlink_share_client, user);
}

bool
stlink_share_join(struct stlink_share *share, unsigned *client)
{
	if (!sharing_join(&share->common, sizeof(struct stlink_share_client), client))
		return false;
	/* Before any memory command there is no failure to report. */
	client_of(share, *client)->status[0] = STATUS_OK;
	return true;
}

void
stlink_share_leave(struct stlink_share *share, unsigned client)
{
	sharing_leave(&share->common, client);
}

enum cause
stlink_share_exchange(struct stlink_share *share, unsigned client,
		      const struct stlink_share_request *request, struct reason *why)
{
	struct turn turn = { .share = share,
			     .link = stlink_of_probe(share->common.probe),
			     .client = client_of(share, client),
			     .number = client,
			     .request = request,
			     .row = find_row(request->command) };

	assert(request->size <= STLINK_EXCHANGE_MAX);
	sharing_hear(&share->common, client);
	if (turn.row == NULL ||
	    (turn.row->feature != NO_FEATURE &&
	     !stlink_version_has(&turn.link->version,
				 (enum stlink_feature)turn.row->feature)))
		return answer_unknown(request, why);
	return play[turn.row->rule](&turn, why);
}
