/* SPDX-License-Identifier: MIT */
/*
 * dap_transfer.c - reads and writes of DP and AP registers.
 *
 * AP reads are posted (IHI 0031G, B2.2.7): each transaction brings the value of the one
 * before, and RDBUFF that of the last. Writes are checked by a read of RDBUFF at the end.
 * CMSIS-DAP 2.1.1, DAP_Transfer, DAP_TransferBlock.
 */
#include <stddef.h>

#include "test/emulator/probe/dap.h"

/* Bits of a transfer request. */
enum {
	REQUEST_AP = 1 << 0,
	REQUEST_READ = 1 << 1,
	REQUEST_ADDRESS = 3 << 2, /* A[3:2] where they are in the address */
	REQUEST_MATCH_VALUE = 1 << 4,
	REQUEST_MATCH_MASK = 1 << 5,
	REQUEST_TIMESTAMP = 1 << 7
};
enum { READ_RDBUFF = REQUEST_READ | 0xC, WRITE_ABORT = 0x0 };
/* Beyond the acknowledge bits of a transfer response. */
enum { RESPONSE_PROTOCOL_ERROR = 1 << 3, RESPONSE_MISMATCH = 1 << 4 };
enum { IDLE_BYTES = 32, NS_PER_US = 1000 };

static void
idle(struct dap *dap)
{
	static const uint8_t zeros[IDLE_BYTES];
	if (dap->idle_cycles)
		wire_sequence(dap->wire, zeros, dap->idle_cycles);
}

/* One transaction on the wire: the response byte. */
static uint8_t
transact(struct dap *dap, uint8_t request, uint32_t *value)
{
	bool is_read = request & REQUEST_READ, parity_ok;
	dap_pass(dap, dap->kind->transaction_ns);
	enum swd_ack ack = wire_transfer(dap->wire, request & REQUEST_AP, is_read,
					 request & REQUEST_ADDRESS, value, &parity_ok);
	if (ack == SWD_OK)
		idle(dap);
	if (ack == SWD_OK && is_read && !parity_ok)
		return RESPONSE_PROTOCOL_ERROR;
	return (uint8_t)ack;
}

/* WAIT is repeated as often as was configured. */
static uint8_t
transact_patiently(struct dap *dap, uint8_t request, uint32_t *value)
{
	unsigned retries = dap->wait_retries;
	uint8_t response = transact(dap, request, value);
	while (response == SWD_WAIT && retries--)
		response = transact(dap, request, value);
	return response;
}

/* One DAP_Transfer command under way. */
struct run {
	struct dap *dap;
	struct dap_reader *in;
	struct dap_writer *out;
	uint8_t count, response;
	bool is_posted;  /* the value of an AP read is still to be fetched */
	bool is_checked; /* the last transfer was no write */
};

static bool
is_ok(struct run *run, uint8_t response)
{
	run->response = response;
	return response == SWD_OK;
}

static void
put_time(struct run *run, uint8_t request)
{
	if (request & REQUEST_TIMESTAMP)
		dap_put32(run->out, (uint32_t)(run->dap->now_ns / NS_PER_US));
}

/* The value of the posted read, by another AP read or by RDBUFF. */
static bool
fetch_posted(struct run *run, uint8_t request)
{
	uint32_t value;
	run->is_posted = request & REQUEST_AP;
	if (!is_ok(run, transact_patiently(run->dap, request, &value)))
		return false;
	dap_put32(run->out, value);
	if (run->is_posted)
		put_time(run, request);
	return true;
}

static bool
read_until_match(struct run *run, uint8_t request)
{
	uint32_t wanted = dap_get32(run->in), mask = run->dap->match_mask, value;
	unsigned retries = run->dap->match_retries;
	bool matches;
	if (request & REQUEST_AP &&
	    !is_ok(run, transact_patiently(run->dap, request, &value)))
		return false;
	do {
		if (!is_ok(run, transact_patiently(run->dap, request, &value)))
			return false;
		matches = (value & mask) == wanted;
	} while (!matches && retries--);
	if (!matches)
		run->response |= RESPONSE_MISMATCH;
	return matches;
}

static bool
read_register(struct run *run, uint8_t request)
{
	uint32_t value;
	bool is_ap = request & REQUEST_AP;
	if (!is_ok(run, transact_patiently(run->dap, request, &value)))
		return false;
	put_time(run, request);
	if (!is_ap)
		dap_put32(run->out, value);
	run->is_posted = is_ap;
	return true;
}

static bool
run_read(struct run *run, uint8_t request)
{
	bool matches_value = request & REQUEST_MATCH_VALUE;
	bool goes_on = request & REQUEST_AP && !matches_value;
	run->is_checked = true;
	if (run->is_posted) {
		if (!fetch_posted(run, goes_on ? request : READ_RDBUFF))
			return false;
		if (goes_on)
			return true;
	}
	return matches_value ? read_until_match(run, request) : read_register(run, request);
}

static bool
run_write(struct run *run, uint8_t request)
{
	if (run->is_posted && !fetch_posted(run, READ_RDBUFF))
		return false;
	uint32_t value = dap_get32(run->in);
	if (request & REQUEST_MATCH_MASK) {
		run->dap->match_mask = value;
		run->response = SWD_OK;
		return true;
	}
	if (!is_ok(run, transact_patiently(run->dap, request, &value)))
		return false;
	put_time(run, request);
	run->is_checked = false;
	return true;
}

static bool
has_data(uint8_t request)
{
	return !(request & REQUEST_READ) || request & REQUEST_MATCH_VALUE;
}

/* What the commands after this one in the same packet begin with. */
static void
skip_rest(struct run *run, unsigned left)
{
	while (left--)
		if (has_data(dap_get8(run->in)))
			dap_get32(run->in);
}

static void
finish(struct run *run)
{
	uint32_t unused;
	if (run->response != SWD_OK)
		return;
	if (run->is_posted)
		fetch_posted(run, READ_RDBUFF);
	else if (!run->is_checked)
		is_ok(run, transact_patiently(run->dap, READ_RDBUFF, &unused));
}

void
dap_transfer(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	struct run run = { .dap = dap, .in = in, .out = out, .is_checked = true };
	dap_get8(in); /* index of a JTAG device */
	unsigned left = dap_get8(in), head = out->size;
	bool goes_on = dap->port == DAP_PORT_SWD;
	dap_put8(out, 0);
	dap_put8(out, 0);
	while (left && goes_on) {
		uint8_t request = dap_get8(in);
		left--;
		goes_on = request & REQUEST_READ ? run_read(&run, request)
						 : run_write(&run, request);
		run.count += goes_on;
	}
	skip_rest(&run, left);
	finish(&run);
	dap_change8(out, head, run.count);
	dap_change8(out, head + 1, run.response);
}

/* How many words came; with AP reads the value of each arrives with the next. */
static unsigned
read_block(struct dap *dap, uint8_t request, unsigned len, struct dap_writer *out,
	   uint8_t *response)
{
	uint32_t value;
	bool is_ap = request & REQUEST_AP;
	if (is_ap) {
		*response = transact_patiently(dap, request, &value);
		if (*response != SWD_OK)
			return 0;
	}
	for (unsigned i = 0; i < len; i++) {
		bool is_last = i + 1 == len;
		*response = transact_patiently(
			dap, is_ap && is_last ? READ_RDBUFF : request, &value);
		if (*response != SWD_OK)
			return i;
		dap_put32(out, value);
	}
	return len;
}

static unsigned
write_block(struct dap *dap, uint8_t request, unsigned len, struct dap_reader *in,
	    uint8_t *response)
{
	uint32_t value;
	for (unsigned i = 0; i < len; i++) {
		value = dap_get32(in);
		*response = transact_patiently(dap, request, &value);
		if (*response != SWD_OK)
			return i;
	}
	*response = transact_patiently(dap, READ_RDBUFF, &value);
	return len;
}

/* More words than a response has room for are not asked for by a sane client; what does not
 * fit is not read. */
static unsigned
limit_block(const struct dap_reader *in, const struct dap_writer *out, bool is_read,
	    unsigned len)
{
	unsigned room =
		is_read ? (out->room - out->size) / 4 : (unsigned)(in->end - in->at) / 4;
	return len < room ? len : room;
}

void
dap_transfer_block(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	uint8_t response = 0;
	unsigned done = 0, head = out->size;
	dap_get8(in); /* index of a JTAG device */
	unsigned len = dap_get16(in);
	uint8_t request = dap_get8(in);
	dap_put16(out, 0);
	dap_put8(out, 0);
	len = limit_block(in, out, request & REQUEST_READ, len);
	if (len && dap->port == DAP_PORT_SWD)
		done = request & REQUEST_READ
			       ? read_block(dap, request, len, out, &response)
			       : write_block(dap, request, len, in, &response);
	dap_change8(out, head, (uint8_t)done);
	dap_change8(out, head + 1, (uint8_t)(done >> 8));
	dap_change8(out, head + 2, response);
}

void
dap_transfer_configure(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	dap->idle_cycles = dap_get8(in);
	dap->wait_retries = dap_get16(in);
	dap->match_retries = dap_get16(in);
	dap_put8(out, DAP_DONE);
}

/* One write, never repeated, whatever is acknowledged. */
void
dap_write_abort(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	dap_get8(in); /* index of a JTAG device */
	uint32_t value = dap_get32(in);
	if (dap->port == DAP_PORT_SWD)
		transact(dap, WRITE_ABORT, &value);
	dap_put8(out, dap->port == DAP_PORT_SWD ? DAP_DONE : DAP_ERROR);
}
