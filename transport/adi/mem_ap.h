/* SPDX-License-Identifier: MIT */
/*
 * mem_ap.h - the target's memory through one MEM-AP.
 *
 * Any address, any size: the widest accesses that fit are used, a block of
 * aligned words goes through the probe's own block commands where it has them,
 * and through CSW/TAR/DRW transfers where it has not. The reason of a failed
 * access names the address that failed.
 */
#ifndef TRANSPORT_ADI_MEM_AP_H
#define TRANSPORT_ADI_MEM_AP_H

#include "transport/adi/dap.h"

struct mem_ap {
	struct dap *dap;
	uint32_t ap;        /* as in struct transfer */
	uint32_t idr, base; /* of the port */
	uint32_t csw;       /* our idea of CSW's protection bits; 0: not read yet */
	/* Why nothing is to be accessed through it, until it is opened anew: each access fails
	 * with that; NULL: nothing keeps it from any. */
	const struct reason *shut;
};

/* Reads IDR, CSW and BASE of access port `ap`. CAUSE_UNSUPPORTED: there is no MEM-AP. */
enum cause
mem_ap_open(struct mem_ap *mem, struct dap *dap, uint32_t ap, struct reason *why);

/* CAUSE_FAULT: the target refused, the reason names the address and what lies there if that
 * is known; nothing of the output may be used. Blocks 20 ms per 4 KiB on a healthy link. */
enum cause
mem_read(struct mem_ap *mem, uint32_t at, void *bytes, uint32_t size, struct reason *why);
enum cause mem_write(struct mem_ap *mem, uint32_t at, const void *bytes, uint32_t size,
		     struct reason *why);

/* A word at an aligned address: fails as mem_read() does, and takes one round trip. */
enum cause mem_read32(struct mem_ap *mem, uint32_t at, uint32_t *value, struct reason *why);
enum cause mem_write32(struct mem_ap *mem, uint32_t at, uint32_t value, struct reason *why);

/* Single accesses of exactly that width, for registers: 1, 2 or 4 bytes. */
enum cause mem_read_width(struct mem_ap *mem, unsigned width, uint32_t at, uint32_t *value,
			  struct reason *why);
enum cause mem_write_width(struct mem_ap *mem, unsigned width, uint32_t at, uint32_t value,
			   struct reason *why);

/* Aligned word accesses in order, as one batch: as few round trips as the probe allows. Fails as
 * mem_read() does; then it is not known how many were made, and no value may be used. */
struct mem_word {
	uint32_t at;
	uint32_t value;
	bool is_write;
};
enum cause
mem_batch(struct mem_ap *mem, struct mem_word *words, size_t len, struct reason *why);

/* Words from `before` on are accessed only if the word at `at`, read once before them, has
 * `value` in the bits of `mask`. */
struct mem_gate {
	size_t before;
	uint32_t at, mask, value;
};
enum { MEM_GATES_MAX = 3 };
struct mem_gates {
	size_t len;
	struct mem_gate at[MEM_GATES_MAX]; /* `before` does not go down */
};
/* Can this port have gates? */
bool mem_has_gates(const struct mem_ap *mem);
/* As mem_batch(), for at most 128 words, with gates. *reached: how many of the words were
 * accessed, all before the gate that stayed shut with CAUSE_NONE; what comes behind them is
 * as it was. Those before that are good also when it fails. */
enum cause mem_batch_gated(struct mem_ap *mem, struct mem_word *words, size_t len,
			   const struct mem_gates *gates, size_t *reached,
			   struct reason *why);
/* How many bytes of an aligned read come in the round trip that a single word takes; 4 where
 * a probe has commands of their own for blocks. */
uint32_t mem_bytes_at_once(const struct mem_ap *mem);

/* The registers of the core behind this port, which must be halted, at their DCRSR selectors.
 * CAUSE_UNSUPPORTED, without a reason, when the probe has no command for it. */
enum cause mem_read_core(struct mem_ap *mem, uint32_t registers[PROBE_CORE_REGISTERS],
			 struct reason *why);

#endif /* TRANSPORT_ADI_MEM_AP_H */
