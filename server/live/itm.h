/* SPDX-License-Identifier: MIT */
/*
 * itm.h - packets of the ITM and the DWT as they come by SWO, taken apart (DDI 0403E.e, appendix
 * D4): what a program writes to a stimulus port, and whether something was lost.
 */
#ifndef SERVER_LIVE_ITM_H
#define SERVER_LIVE_ITM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct itm {
	/* A write of 1, 2 or 4 bytes to a port. */
	void (*take)(void *context, unsigned port, const uint8_t *bytes, unsigned len);
	void *context;
	/* The core had more than the pin can carry, and threw it away. */
	uint64_t overflows;
	/* Bytes that begin no packet: the clock is wrong, or some were lost. */
	uint64_t strange;

	uint8_t header; /* of the packet that has begun; 0: none has */
	uint8_t payload[4];
	unsigned len, wanted;
	unsigned zeros; /* in a row: five and an 0x80 are a synchronization packet */
	bool is_blind;  /* until the next synchronization packet */
	bool goes_on;   /* a packet whose bytes say in bit 7 whether another follows */
};

void
itm_init(struct itm *itm,
	 void (*take)(void *context, unsigned port, const uint8_t *bytes, unsigned len),
	 void *context);
void itm_feed(struct itm *itm, const uint8_t *bytes, size_t len);
/* Trace begins anew. */
void itm_restart(struct itm *itm);
/* Bytes are missing here: where packets begin shows the next synchronization packet. */
void itm_lose(struct itm *itm);

#endif /* SERVER_LIVE_ITM_H */
