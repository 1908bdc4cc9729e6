/* SPDX-License-Identifier: MIT */
/*
 * wire.h - requests and responses of a CMSIS-DAP probe, in step.
 *
 * Three carriers bring packets to a probe: HID reports (v1), bulk endpoints
 * (v2) and a TCP connection. All of them keep order: responses come in the
 * order of requests, each begins with the byte its request began with. That is
 * how a response that comes too late is distinguished from the one that is waited for.
 * Source: Arm, CMSIS-DAP 2.1, "CMSIS-DAP Commands".
 */
#ifndef TRANSPORT_PROBE_CMSIS_DAP_WIRE_H
#define TRANSPORT_PROBE_CMSIS_DAP_WIRE_H

#include "transport/base/clock.h"
#include "transport/base/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CMSIS_DAP_PACKET_MIN = 64,   /* a full speed endpoint's */
	CMSIS_DAP_PACKET_MAX = 1024, /* of any probe known, and of openocd's TCP framing */
	CMSIS_DAP_IN_FLIGHT_MAX = 8,
	/* Commands take milliseconds; openocd and pyOCD wait as long. */
	CMSIS_DAP_TIMEOUT_MS = 1000,
	/* A response that comes later than that is late, not lost; from then on so long. */
	CMSIS_DAP_LATE_MS = 2000,
	/* Of a wait for that: as long as the loop may be kept from others. */
	CMSIS_DAP_PART_MS = 15
};

/* First byte of a request, and of its response (DAP.h, ID_DAP_*). */
enum cmsis_dap_command {
	DAP_INFO = 0x00,
	DAP_HOST_STATUS = 0x01,
	DAP_CONNECT = 0x02,
	DAP_DISCONNECT = 0x03,
	DAP_TRANSFER_CONFIGURE = 0x04,
	DAP_TRANSFER = 0x05,
	DAP_TRANSFER_BLOCK = 0x06,
	DAP_TRANSFER_ABORT = 0x07, /* has no response */
	DAP_WRITE_ABORT = 0x08,
	DAP_SWJ_PINS = 0x10,
	DAP_SWJ_CLOCK = 0x11,
	DAP_SWJ_SEQUENCE = 0x12,
	DAP_SWD_CONFIGURE = 0x13,
	DAP_SWO_TRANSPORT = 0x17,
	DAP_SWO_MODE = 0x18,
	DAP_SWO_BAUDRATE = 0x19,
	DAP_SWO_CONTROL = 0x1a,
	DAP_SWO_DATA = 0x1c,
	DAP_CLAIM =
		0x9e, /* one of the vendors' (0x80 to 0x9f): between tethers (share.h) */
	DAP_INVALID = 0xff /* only in a response: the request is not known */
};

/* Second byte of DAP_INFO. */
enum cmsis_dap_info {
	DAP_INFO_SERIAL = 0x03,
	DAP_INFO_FIRMWARE = 0x04,      /* the protocol's version */
	DAP_INFO_TARGET_VENDOR = 0x05, /* 0x05 to 0x08: CMSIS-DAP 2.1, DAP_Info */
	DAP_INFO_TARGET = 0x06,
	DAP_INFO_BOARD_VENDOR = 0x07,
	DAP_INFO_BOARD = 0x08,
	DAP_INFO_PRODUCT_FIRMWARE = 0x09,
	DAP_INFO_CAPABILITIES = 0xf0,
	DAP_INFO_PACKET_COUNT = 0xfe,
	DAP_INFO_PACKET_SIZE = 0xff
};

struct cmsis_dap_carrier;

struct cmsis_dap_carrier_ops {
	void (*close)(struct cmsis_dap_carrier *carrier);
	/* Hands one request over, without waiting for a response. CAUSE_GONE when the probe
	 * is; CAUSE_TIMEOUT when it does not take it in time. */
	enum cause (*send)(struct cmsis_dap_carrier *carrier, const uint8_t *request,
			   size_t size, uint32_t timeout_ms, struct reason *why);
	/* The next response, of at most CMSIS_DAP_PACKET_MAX bytes. CAUSE_TIMEOUT when there
	 * is none in time; it may still come later. */
	enum cause (*receive)(struct cmsis_dap_carrier *carrier, uint8_t *response,
			      size_t *size, uint32_t timeout_ms, struct reason *why);
	/* Optional: forgets what was sent and not answered, after it was waited for. */
	void (*forget)(struct cmsis_dap_carrier *carrier);
};

struct cmsis_dap_carrier {
	const struct cmsis_dap_carrier_ops *ops;
	size_t packet_max;      /* what it carries at once, at most CMSIS_DAP_PACKET_MAX */
	unsigned in_flight_max; /* requests it takes before the first is answered */
	const char *server;     /* at which the probe is, "127.0.0.1:4441"; NULL: on USB */
	bool has_others;        /* it is another tether, which uses the probe, too */
};

struct cmsis_dap_wire {
	struct cmsis_dap_carrier *carrier;
	struct clock *clock;
	size_t packet_size;
	unsigned packet_count;
	unsigned in_flight;    /* sent and not yet answered */
	bool is_out_of_step;   /* a response may come that nobody waits for any more */
	unsigned long packets; /* sent so far: what round trips are counted by */
};

/* A request to be put together: at most CMSIS_DAP_PACKET_MAX bytes. */
struct cmsis_dap_request {
	const char *name; /* for people: "DAP_SWJ_Clock" */
	size_t size;
	uint8_t bytes[CMSIS_DAP_PACKET_MAX];
};

struct cmsis_dap_response {
	size_t size;
	uint8_t bytes[CMSIS_DAP_PACKET_MAX];
};

/* A search for the step, in parts. Zeros at the start. */
struct cmsis_dap_search {
	bool is_quiet, is_marked;
	unsigned dropped, others, parts;
};

/* Part of finding the step with the probe: drops the responses that come late, asks a question,
 * and waits for its response. *done is false before the call, and set at the end; until then
 * nothing else is sent. Blocks for CMSIS_DAP_PART_MS at most. CAUSE_GONE: the probe does not
 * answer within CMSIS_DAP_TIMEOUT_MS. */
enum cause cmsis_dap_find_step(struct cmsis_dap_wire *wire, struct cmsis_dap_search *search,
			       bool *done, struct reason *why);

/* Sends; at most packet_count may be in flight. When an earlier response was missed, finds
 * the step again first. */
enum cause cmsis_dap_send(struct cmsis_dap_wire *wire,
			  const struct cmsis_dap_request *request, struct reason *why);

/* The response to the oldest request in flight, which is `request`, of at least `least`
 * bytes. CAUSE_TIMEOUT: none came, though the probe was then asked to end what it
 * does and waited for a second time; CAUSE_UNSUPPORTED: it does not know the command; CAUSE_GONE: another response came. After
 * a failure nothing is in flight any more. */
enum cause cmsis_dap_receive(struct cmsis_dap_wire *wire,
			     const struct cmsis_dap_request *request, size_t least,
			     struct cmsis_dap_response *response, struct reason *why);

/* Both. */
enum cause cmsis_dap_ask(struct cmsis_dap_wire *wire,
			 const struct cmsis_dap_request *request, size_t least,
			 struct cmsis_dap_response *response, struct reason *why);

/* A command whose response is a status byte: DAP_OK, or CAUSE_UNSUPPORTED. */
enum cause cmsis_dap_tell(struct cmsis_dap_wire *wire,
			  const struct cmsis_dap_request *request, struct reason *why);

#endif /* TRANSPORT_PROBE_CMSIS_DAP_WIRE_H */
