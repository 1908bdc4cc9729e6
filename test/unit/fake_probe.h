/* SPDX-License-Identifier: MIT */
/*
 * fake_probe.h - a probe, a debug port, MEM-APs and memory, all made up, for
 * tests of what stands above transport/probe.
 *
 * Memory is there only where a test put it: regions filled with a canary, and
 * hooks for registers. Everything else answers FAULT and sets STICKYERR, which
 * stays until ABORT clears it, as on a real port. Any access can be scripted to
 * be answered with WAIT, FAULT or nothing. Time passes only by accesses and
 * sleeps. A mistake of the test ends the program by assert.
 *
 *   struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);
 *   uint8_t *ram = fake_probe_memory(fake, 0x20000000, 4096);
 *   ... dap_init(&dap, &fake->probe); ...
 *   fake_probe_free(fake);
 */
#ifndef TEST_UNIT_FAKE_PROBE_H
#define TEST_UNIT_FAKE_PROBE_H

#include "transport/probe/probe.h"

enum {
	FAKE_CANARY = 0xcd, /* fresh memory is full of it */
	FAKE_MAX_REGIONS = 16,
	FAKE_MAX_HOOKS = 64,
	FAKE_MAX_SCRIPTS = 16,
	FAKE_PORTS = 256,
	FAKE_ACCESS_US = 10,
	FAKE_FOREVER = 0x7fffffff
};

enum fake_flavour { FAKE_WITH_MEMORY, FAKE_TRANSFERS_ONLY };

struct fake_access {
	uint32_t ap;
	uint32_t at;
	unsigned width; /* 1, 2 or 4 */
	bool is_write;
	uint32_t value; /* written, or for the hook to fill in; in the low bits */
};

/* Does one access. ACK_OK, or what the wire is to answer (ACK_FAULT sets STICKYERR). */
typedef enum swd_ack fake_hook(void *context, struct fake_access *access);
typedef void fake_nrst_hook(void *context, bool low);

struct fake_port {
	bool is_there;
	uint32_t idr, base, csw, tar;
};

struct fake_region {
	uint32_t at, size;
	uint8_t *bytes;
};

struct fake_hooked {
	uint32_t at, size;
	fake_hook *hook;
	void *context;
};

struct fake_script {
	unsigned from, until; /* [from, until) of the accesses */
	enum swd_ack ack;
};

struct fake_probe {
	struct probe probe; /* hand out &fake->probe; identity may be changed */

	/* To be set by the test. */
	uint32_t dpidr;      /* 0x2ba01477 */
	bool powers_up;      /* true: CTRL/STAT acknowledges power-up requests */
	bool has_no_target;  /* true: nothing answers any more: ACK_NONE */
	unsigned millivolts; /* 3300 */
	uint32_t clean_hz; /* above it each access comes with wrong parity; 0: none does */
	unsigned
		dip_every_us; /* nothing answers for the first dip_us of each; 0: it always does */
	unsigned dip_us;
	unsigned access_us;    /* FAKE_ACCESS_US: what each access adds to the clock */
	unsigned sticky_extra; /* further sticky bits of CTRL/STAT that a FAULT sets */
	bool follows_host; /* its clock goes on with this computer's, too: for real loops */
	fake_nrst_hook *on_nrst;
	void *nrst_context;
	struct fake_port ports[FAKE_PORTS]; /* [0] is an AHB-AP with a BASE of 0xe00ff003 */

	/* To be looked at. */
	uint64_t now_us;
	unsigned accesses;   /* single transfers and elements of blocks so far */
	unsigned calls;      /* of transfer, memory read and memory write */
	unsigned enters;     /* of enter_swd */
	unsigned aborts;     /* writes to ABORT */
	uint32_t ctrl_stat;  /* CTRL/STAT as it would be read */
	uint32_t last_abort; /* the value last written to ABORT */
	uint32_t hz;         /* last set clock */
	bool is_nrst_low;

	/* Its own. */
	struct clock clock;
	struct fake_region regions[FAKE_MAX_REGIONS];
	size_t regions_len;
	struct fake_hooked hooks[FAKE_MAX_HOOKS];
	size_t hooks_len;
	struct fake_script scripts[FAKE_MAX_SCRIPTS];
	size_t scripts_len;
};

struct fake_probe *fake_probe_new(enum fake_flavour flavour);
/* Frees it with its memory; takes NULL. probe_close() does the same. */
void fake_probe_free(struct fake_probe *fake);

/* Memory at [at, at + size), full of FAKE_CANARY; the test may look and poke. */
uint8_t *fake_probe_memory(struct fake_probe *fake, uint32_t at, uint32_t size);

/* Every access that begins in [at, at + size) goes to `hook` and to no memory. Of several
 * the last one made counts. */
void fake_probe_hook(struct fake_probe *fake, uint32_t at, uint32_t size, fake_hook *hook,
		     void *context);

/* Of the accesses to come, the nth (1: the next) and the count - 1 after it are not done
 * but answered with `ack`; but for reading DPIDR and CTRL/STAT and writing ABORT, which a
 * port that answers at all always does (IHI 0031G B4). The last script for an access
 * counts. */
void
fake_probe_answer(struct fake_probe *fake, unsigned nth, unsigned count, enum swd_ack ack);

#endif /* TEST_UNIT_FAKE_PROBE_H */
