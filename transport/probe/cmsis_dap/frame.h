/* SPDX-License-Identifier: MIT */
/*
 * frame.h - a packet of CMSIS-DAP in a stream of bytes, as openocd frames it (cmsis_dap_tcp.c of
 * abbbc2e05): 8 bytes before each packet, little-endian: "DAP" and a zero, u16 length, u8 kind, u8
 * reserved. tether is a client (tcp.c) and with --share a server (server/share).
 */
#ifndef TRANSPORT_PROBE_CMSIS_DAP_FRAME_H
#define TRANSPORT_PROBE_CMSIS_DAP_FRAME_H

#include "transport/base/bytes.h"
#include "transport/probe/cmsis_dap/wire.h"

enum {
	FRAME_SIGNATURE = 0x00504144,
	FRAME_SIZE_AT = 4, /* u16 */
	FRAME_KIND_AT = 6,
	FRAME_HEAD = 8,
	FRAME_REQUEST = 1,
	FRAME_RESPONSE = 2,
	FRAME_MAX = FRAME_HEAD + CMSIS_DAP_PACKET_MAX
};

static inline void
frame_put_head(uint8_t *frame, size_t size, uint8_t kind)
{
	le32_put(frame, FRAME_SIGNATURE);
	le16_put(frame + FRAME_SIZE_AT, (uint16_t)size);
	frame[FRAME_KIND_AT] = kind;
	frame[FRAME_HEAD - 1] = 0;
}

/* *size: of the packet behind. False: it is no head of that kind. */
static inline bool
frame_take_head(const uint8_t *frame, uint8_t kind, size_t *size)
{
	*size = le16_get(frame + FRAME_SIZE_AT);
	return le32_get(frame) == FRAME_SIGNATURE && frame[FRAME_KIND_AT] == kind &&
	       *size <= CMSIS_DAP_PACKET_MAX;
}

#endif /* TRANSPORT_PROBE_CMSIS_DAP_FRAME_H */
