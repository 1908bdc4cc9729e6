/* SPDX-License-Identifier: MIT */
/*
 * swd_master.h - the SWD side of an ST-LINK's firmware: connecting, DP and AP
 * registers, memory through a MEM-AP. All of it is transactions on the wire;
 * nothing is known here that the wire did not tell. IHI 0031G, chapters B2, B4, C2.
 */
#ifndef TEST_EMULATOR_PROBE_SWD_MASTER_H
#define TEST_EMULATOR_PROBE_SWD_MASTER_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/probe/stlink_status.h"
#include "test/emulator/wire/wire.h"

struct swd_master {
	struct wire *wire;
	uint32_t transaction_ns; /* firmware's cost of each transaction */
	uint32_t select;         /* what DP SELECT was last written with */
	bool select_known;
	uint32_t hz;
	bool is_isolated; /* see swd_master_has_supply() */
};

void swd_master_set_clock(struct swd_master *swd, uint32_t hz);
/* The target's side of an isolated probe lives on VAPP: without it the probe neither
 * hears nor drives anything there. True of any other probe. */
bool swd_master_has_supply(const struct swd_master *swd);

/* Offsets of DP registers as the commands name them: bank in bits 7:4. */
enum {
	DP_DPIDR = 0x0,
	DP_ABORT = 0x0,
	DP_CTRL_STAT = 0x4,
	DP_SELECT = 0x8,
	DP_RDBUFF = 0xC
};
enum { AP_CSW = 0x00, AP_TAR = 0x04, AP_DRW = 0x0C, AP_IDR = 0xFC };

/* Line reset, JTAG-to-SWD, DPIDR, power-up requests and their acknowledges. */
enum stlink_status swd_master_connect(struct swd_master *swd, uint32_t *dpidr);
/* SWD-to-JTAG, so that a chip with JTAG pins listens there. */
void swd_master_select_jtag(struct swd_master *swd);

enum stlink_status swd_dp_read(struct swd_master *swd, uint8_t reg, uint32_t *value);
enum stlink_status swd_dp_write(struct swd_master *swd, uint8_t reg, uint32_t value);
enum stlink_status
swd_ap_read(struct swd_master *swd, uint8_t ap, uint8_t reg, uint32_t *value);
/* Starts a read; *value is what the read before it brought (B2.2.7). */
enum stlink_status
swd_ap_post_read(struct swd_master *swd, uint8_t ap, uint8_t reg, uint32_t *value);
/* Does not wait for the access to end: RDBUFF does (B2.2.6). */
enum stlink_status
swd_ap_write(struct swd_master *swd, uint8_t ap, uint8_t reg, uint32_t value);

/* Clears the sticky flags of CTRL/STAT by ABORT (B2.2.1). */
void swd_clear_sticky(struct swd_master *swd);
/* The same, and DAPABORT: an access that waits is given up. */
void swd_abort(struct swd_master *swd);

/* Which memory, and how. */
struct memory_access {
	uint8_t ap;
	uint32_t csw; /* bits 31:8 for CSW; 0: the firmware's own */
	uint32_t at;
	uint8_t size; /* bytes of one access: 1, 2 or 4 */
	bool fixed;   /* the same address again and again */
	bool is_write;
	uint32_t bytes;
};

/* Moves `bytes`, which are a multiple of size as the address is. A fault is cleared in the
 * DP and *fault_at tells the address it was for; what was read before it is in the buffer.
 */
enum stlink_status swd_memory(struct swd_master *swd, const struct memory_access *access,
			      uint8_t *buffer, uint32_t *fault_at);

#endif /* TEST_EMULATOR_PROBE_SWD_MASTER_H */
