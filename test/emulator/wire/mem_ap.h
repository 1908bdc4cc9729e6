/* SPDX-License-Identifier: MIT */
/*
 * mem_ap.h - the access ports of one chip: their registers and the one bus access
 * each may have under way (IHI 0031G, chapter C2).
 *
 * An access is posted: it is tried at once, and when the bus answers "wait" it
 * stays pending until mem_ap_settle() finds it done.
 */
#ifndef TEST_EMULATOR_WIRE_MEM_AP_H
#define TEST_EMULATOR_WIRE_MEM_AP_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/soc/soc.h"

enum { MEM_AP_PORTS = 4 };

struct mem_ap {
	uint32_t csw, tar;
};

struct mem_aps {
	struct soc *soc;
	struct mem_ap ports[MEM_AP_PORTS];
	/* The access under way. */
	bool is_pending;
	unsigned port, size;
	bool is_write;
	unsigned parts;     /* of a packed transfer, still to come */
	bool is_banked;     /* BD0-BD3: no address increment */
	uint32_t at;        /* of the next part */
	uint32_t value;     /* to write, or what was read so far */
	uint64_t answer_ns; /* the bus does not answer before this time */
};

void mem_aps_reset(struct mem_aps *aps, struct soc *soc);

/* Reads or writes the register at `reg` (APBANKSEL in bits 7:4). A read's value comes
 * into *value when the result is BUS_OK; with BUS_WAIT from mem_ap_settle(). */
enum bus_result
mem_ap_access(struct mem_aps *aps, unsigned port, uint8_t reg, bool write, uint32_t *value);

/* Tries a pending access again; BUS_OK also when there is none. */
enum bus_result mem_ap_settle(struct mem_aps *aps, uint32_t *value);

/* Has the bus, with its own clock, not had the time to answer the last access? */
bool mem_ap_is_busy(const struct mem_aps *aps);

/* ABORT.DAPABORT: forgets what is pending. */
void mem_ap_abort(struct mem_aps *aps);

#endif /* TEST_EMULATOR_WIRE_MEM_AP_H */
