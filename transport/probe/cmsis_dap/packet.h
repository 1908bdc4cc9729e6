/* SPDX-License-Identifier: MIT */
/*
 * packet.h - transfers put into one DAP_Transfer or DAP_TransferBlock
 * request, and what its response says of them.
 *
 * Pure: no bytes move here. The driver picks the banks of the debug port and of
 * access ports, so a transfer may take a write of SELECT before it.
 */
#ifndef TRANSPORT_PROBE_CMSIS_DAP_PACKET_H
#define TRANSPORT_PROBE_CMSIS_DAP_PACKET_H

#include "transport/probe/cmsis_dap/wire.h"
#include "transport/probe/probe.h"

enum {
	CMSIS_DAP_STEPS_MAX = 255,  /* DAP_Transfer counts in a byte */
	CMSIS_DAP_RESPONSE_HEAD = 3 /* of DAP_Transfer: command, count, response */
};

/* SELECT of the debug port as we believe it to be. */
struct cmsis_dap_select {
	bool is_known;
	uint32_t value;
};

/* What the wire is to do: a transfer of the batch, or the write of SELECT before it. */
struct cmsis_dap_step {
	bool is_select;
	uint32_t select;
	size_t transfer; /* index in the batch; of a SELECT: the one it is for */
};

struct cmsis_dap_packet {
	struct cmsis_dap_request request;
	bool is_block;
	size_t first, len; /* the transfers of the batch in it */
	size_t steps_len;  /* 0 with a block: its transfers are its steps */
	struct cmsis_dap_step steps[CMSIS_DAP_STEPS_MAX];
};

/* Puts as many transfers from `first` on into `packet` as fit, and moves `select` to what it
 * is after them. */
void cmsis_dap_packet_fill(struct cmsis_dap_packet *packet, const struct transfer *batch,
			   size_t len, size_t first, size_t packet_size,
			   struct cmsis_dap_select *select);

/* Takes values out of the response into `batch`. outcome->finished counts the packet's own
 * transfers: all of them with CAUSE_NONE, fewer with any other cause. `select` is that of
 * before the packet when called; it is corrected when they are not all done. */
enum cause cmsis_dap_packet_take(const struct cmsis_dap_packet *packet,
				 struct transfer *batch,
				 const struct cmsis_dap_response *response,
				 struct cmsis_dap_select *select, struct outcome *outcome,
				 struct reason *why);

/* Does this response say that everything was acknowledged, and that the last write of an
 * access port still goes on? It must then not be written again, but waited for. */
bool cmsis_dap_packet_leaves_write(const struct cmsis_dap_packet *packet,
				   const struct transfer *batch,
				   const struct cmsis_dap_response *response);

#endif /* TRANSPORT_PROBE_CMSIS_DAP_PACKET_H */
