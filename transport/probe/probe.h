/* SPDX-License-Identifier: MIT */
/*
 * probe.h - a debug probe: something that puts SWD transfers on the wire in
 * batches, drives NRST and measures the target's supply.
 *
 * Callers use the functions; only probe.c and the drivers see `ops`. Drivers
 * embed `struct probe`. The probe retries nothing of the wire: WAIT and FAULT
 * acknowledges come back in the outcome and are dealt with in transport/adi,
 * but for probes whose firmware retries by itself.
 */
#ifndef TRANSPORT_PROBE_PROBE_H
#define TRANSPORT_PROBE_PROBE_H

#include "transport/base/clock.h"
#include "transport/base/job.h"
#include "transport/base/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum transfer_kind {
	/* `address`: DP register 0x0, 0x4, 0x8, 0xc, with the bank in 7:4 */
	TRANSFER_DP_READ,
	TRANSFER_DP_WRITE,
	/* `ap` and `address`: AP register, 0x00 to 0xfc */
	TRANSFER_AP_READ,
	TRANSFER_AP_WRITE,
	/* a 32-bit word at `address`, by access port `ap` */
	TRANSFER_MEM_READ,
	TRANSFER_MEM_WRITE,
	/* Only where probe_can_match(): `value` is which bits TRANSFER_AP_MATCH looks at; moves
	 * nothing on the wire. */
	TRANSFER_AP_MASK,
	/* Reads AP register `address` of `ap`; the batch goes on only when those bits are as
	 * in `value`, which is left as it is. */
	TRANSFER_AP_MATCH
};

struct transfer {
	enum transfer_kind kind;
	uint32_t ap; /* ADIv5: its number, 0 to 255; ADIv6: the address of its registers */
	uint32_t address;
	uint32_t value; /* to be written, or as read; untouched when not reached */
};

/* What the wire answered to the transfer that ended a batch. */
enum swd_ack {
	ACK_OK,
	ACK_WAIT,
	ACK_FAULT,
	ACK_NONE,
	ACK_PARITY,
	ACK_POWER,
	ACK_UNKNOWN,
	ACK_MISMATCH
};

struct outcome {
	/* Transfers (or bytes) that are sure to have happened: all with CAUSE_NONE, fewer than
	 * all with any other cause. */
	size_t finished;
	enum swd_ack ack;
	bool has_fault_address;
	uint32_t fault_address; /* of the memory access, when the probe can tell */
};

/* Who it is, for people. */
struct probe_identity {
	char kind[32]; /* "ST-LINK/V2-1" */
	char serial[64];
	char firmware[32]; /* "V2J37M26" */
	char where[96];    /* "USB 1-4.2" or "127.0.0.1:7184" */
	char spec[96];     /* for probe_open(), when that names just this one; or "" */
};

/* Levels on the wires, as the probe sees them. */
struct probe_pins {
	bool swclk, swdio, nrst;
};

struct probe;
struct sharing;

/* Trace on SWO, as UART with 8 data bits, no parity, 1 stop bit. */
struct probe_swo_ops {
	/* Throws away what is still there and captures from now on. *baud: the nearest rate
	 * that the probe can is returned. CAUSE_UNSUPPORTED: none is near. */
	enum cause (*start)(struct probe *probe, uint32_t *baud, struct reason *why);
	/* What has come since, at most `max` bytes and maybe less than there is; none is no
	 * failure, and a loss is counted in probe->swo_losses. Does not wait. */
	enum cause (*read)(struct probe *probe, uint8_t *bytes, size_t max, size_t *got,
			   struct reason *why);
	enum cause (*stop)(struct probe *probe, struct reason *why);
};

enum { PROBE_CORE_REGISTERS = 21 };

/* A block of memory, read or written through an access port in accesses of one width. */
struct probe_block {
	uint32_t ap;
	unsigned width;     /* 1, 2 or 4 bytes; `at` and `size` are multiples of it */
	uint32_t at, size;  /* bytes */
	uint8_t *in;        /* a read: where the bytes go */
	const uint8_t *out; /* a write: the bytes; `in` is then NULL */
};

/* Blocks of memory through an access port, by probes whose firmware can. */
struct probe_memory_ops {
	/* As probe_move_block(). */
	enum cause (*move)(struct probe *probe, const struct probe_block *block,
			   struct outcome *outcome, struct reason *why);
	/* Optional: the registers of the halted core behind the port in one command, at
	 * their DCRSR selectors (DDI 0403E C1.6.3). Whether it is halted is not checked. */
	enum cause (*read_core)(struct probe *probe, uint32_t ap,
				uint32_t registers[PROBE_CORE_REGISTERS],
				struct outcome *outcome, struct reason *why);
	uint32_t read_core_ports; /* ports below this number can be asked */
};

struct probe_ops {
	/* Leaves debug mode as far as the link allows, lets NRST go, closes, frees. */
	void (*close)(struct probe *probe);

	/* Enters SWD: line reset, switch sequence, DPIDR; does not reset the target.
	 * CAUSE_GONE when no debug port answers, CAUSE_TIMEOUT when one answers but does
	 * not power up. NRST is afterwards as drive_nrst last said. 100 ms at most. */
	enum cause (*enter_swd)(struct probe *probe, struct reason *why);
	/* Leaves debug mode; the target runs on. */
	enum cause (*leave)(struct probe *probe, struct reason *why);

	/* Nearest clock not above *hz; *hz tells the one set. */
	enum cause (*set_clock)(struct probe *probe, uint32_t *hz, struct reason *why);

	/* As probe_transfer(). */
	enum cause (*transfer)(struct probe *probe, struct transfer *batch, size_t len,
			       struct outcome *outcome, struct reason *why);

	/* NRST as open drain: low, or let go. */
	enum cause (*drive_nrst)(struct probe *probe, bool low, struct reason *why);

	/* Optional: NULL when the probe cannot. */
	enum cause (*measure_vtarget)(struct probe *probe, unsigned *millivolts,
				      struct reason *why);
	/* Takes TRANSFER_AP_MASK and TRANSFER_AP_MATCH. */
	bool can_match;
	/* The largest `ap` it can address: probe.c refuses others. */
	uint32_t port_max;
	/* Optional. The levels now, of NRST too, also when something else drives it. */
	enum cause (*read_pins)(struct probe *probe, struct probe_pins *pins,
				struct reason *why);
	/* With is_claimed_elsewhere: has the owner answer a wish, both in `bytes` (claims.h).
	 * CAUSE_UNSUPPORTED: he does not know that. */
	enum cause (*claim)(struct probe *probe, uint8_t *bytes, struct reason *why);
	/* Optional group. */
	const struct probe_swo_ops *swo;
	/* Optional group. A probe that has it also takes TRANSFER_MEM_READ and _WRITE, and
	 * keeps CSW and TAR of the ports it uses to itself. */
	const struct probe_memory_ops *memory;
};

enum { HZ_PER_KHZ = 1000 };
/* The slowest clock that is ever tried: what fails at it, no clock helps. */
enum { PROBE_SLOWEST_HZ = 25000 };
/* The next slower SWD clock to try, where `hz` is too fast: long wires and isolators swallow fast
 * clocks. 0: there is none. */
uint32_t probe_slower_clock(uint32_t hz);

struct probe {
	const struct probe_ops *ops;
	struct clock *clock;
	struct probe_identity identity;
	uint32_t usual_hz; /* what every probe of this kind carries; 0: any clock */
	/* Values that one round trip brings; 0: each access is one. */
	unsigned reads_at_once;
	uint32_t clock_hz; /* in use, as set last by probe_set_clock(); 0: not set yet */
	/* Another program debugs the target through the same probe, and began before us: what it
	 * has set in the target is left as it is. */
	bool has_other_debugger;
	/* Claims (claims.h) of one that others use through this program: the account of it; NULL. */
	struct sharing *sharing;
	bool is_claimed_elsewhere; /* another tether has it, and keeps that account */
	/* How often trace came that the probe could not keep, or not make out. */
	uint64_t swo_losses;
	/* What the driver met and set right and the user should know; "" when nothing. */
	char remark[160];
	/* For probe_is_lost(): set by probe.c alone. */
	bool is_lost;
	struct reason lost;
	/* For probe_answer_us(), and probe_limit(). */
	struct probe_answers {
		unsigned counted;
		uint32_t least_us;
		bool is_said; /* for the connection, which says so once */
		bool is_off;  /* a probe around this one times them */
	} answers;
	struct deadline limit; /* no clock: there is none */
};

/* Of USB a round trip takes a millisecond. */
enum { PROBE_SLOW_US = 50000 };
/* What each answer of a probe takes that is as slow as that at least; 0: it is not, as far as is known. The
 * first answers are timed, of which a busy computer delays some. */
uint32_t probe_answer_us(const struct probe *probe);
/* From now on such a probe is asked for so long; then everything fails with CAUSE_HOST but what lets the
 * target go. Lifted by probe_lift_limit(). */
void probe_limit(struct probe *probe, uint32_t ms);
void probe_lift_limit(struct probe *probe);

/*
 * Loss is a latch. The first call that failed with CAUSE_GONE since the probe itself no
 * longer answers sets it, and keeps its reason until probe_forget_loss(), whatever the
 * caller does with the cause. A target that does not answer does not set it (ACK_NONE,
 * ACK_PARITY, ACK_POWER: see dap_is_lost()), nor does probe_enter_swd(), of which a target
 * that is not there is an ordinary outcome. None of these block.
 */
bool probe_is_lost(const struct probe *probe);
/* Names the finding of an answer of which bits were lost: a slower clock is a remedy when there is
 * one. */
void probe_suspect_link(const struct probe *probe, struct reason *why);
/* Is that what was found? */
bool probe_is_link_suspect(const struct reason *why);
/* The reason as the driver gave it; only when probe_is_lost(). */
const struct reason *probe_lost_why(const struct probe *probe);
/* dap_connect() does this first. */
void probe_forget_loss(struct probe *probe);

/*
 * Does the transfers in order and stops at the first that is not acknowledged
 * with OK. CAUSE_NONE when all are done; CAUSE_TIMEOUT with ACK_WAIT,
 * CAUSE_FAULT with ACK_FAULT, CAUSE_GONE with ACK_NONE, ACK_PARITY or ACK_POWER,
 * CAUSE_MISMATCH with ACK_MISMATCH when a TRANSFER_AP_MATCH found other bits.
 * CAUSE_GONE or CAUSE_TIMEOUT with ACK_UNKNOWN: the probe itself is lost, or does
 * not answer; CAUSE_UNSUPPORTED with ACK_UNKNOWN: it cannot, or has no such port. Reads are
 * posted where the probe can; values are in place on return. Blocks for at most 20 ms per
 * 100 transfers on a healthy link.
 */
enum cause probe_transfer(struct probe *probe, struct transfer *batch, size_t len,
			  struct outcome *outcome, struct reason *why);

bool probe_can_match(const struct probe *probe);
enum cause probe_enter_swd(struct probe *probe, struct reason *why);
enum cause probe_leave(struct probe *probe, struct reason *why);
enum cause probe_set_clock(struct probe *probe, uint32_t *hz, struct reason *why);
enum cause probe_drive_nrst(struct probe *probe, bool low, struct reason *why);
enum cause
probe_measure_vtarget(struct probe *probe, unsigned *millivolts, struct reason *why);
enum cause
probe_read_pins(struct probe *probe, struct probe_pins *pins, struct reason *why);
/* For claims.h, whose words are probe_claim()'s. */
enum cause probe_wish_claim(struct probe *probe, uint8_t *bytes, struct reason *why);
bool probe_has_swo(const struct probe *probe);
enum cause probe_swo_start(struct probe *probe, uint32_t *baud, struct reason *why);
enum cause probe_swo_read(struct probe *probe, uint8_t *bytes, size_t max, size_t *got,
			  struct reason *why);
enum cause probe_swo_stop(struct probe *probe, struct reason *why);
bool probe_has_memory(const struct probe *probe);
bool probe_has_read_core(const struct probe *probe, uint32_t ap);
/* Only when probe_has_read_core(). */
enum cause probe_read_core(struct probe *probe, uint32_t ap,
			   uint32_t registers[PROBE_CORE_REGISTERS],
			   struct outcome *outcome, struct reason *why);
/* Only when probe_has_memory(). Moves the block, from its beginning on; outcome->finished
 * counts bytes. Fails as probe_transfer() does. Blocks for 20 ms per 4 KiB on a healthy
 * link. */
enum cause probe_move_block(struct probe *probe, const struct probe_block *block,
			    struct outcome *outcome, struct reason *why);

/* How an access port is named to people: "3", or as an address "0x00002000". */
struct probe_port_name {
	char words[16];
};
struct probe_port_name probe_name_port(uint32_t ap);
/* Takes what the driver remarked: false when that is nothing. */
bool probe_take_remark(struct probe *probe, char *remark, size_t size);
void probe_close(struct probe *probe); /* takes NULL */
/* For probe_open.c: makes identity.spec of `kind` and the serial. */
void probe_name_spec(struct probe *probe, const char *kind);

/*
 * A job that opens the probe that `spec` names and puts it into *probe when it is done, NULL
 * until then. `spec`: "stlink[:WHICH]", "stlink-tcp:HOST:PORT[:SERIAL]", "cmsis-dap[:WHICH]",
 * "cmsis-dap-tcp:HOST:PORT", or WHICH alone, of whatever kind: a serial, an id "0483:374b", a
 * place "1-4.2"; a serial may be a prefix. NULL or "" takes the only one on USB.
 * "faulty:SEED[:RATE]:" before any of these wraps it (faulty.h).
 *
 * The job lists, opens, and sets right a probe that was left in disorder: what it answers too
 * late is dropped, its mode is left, at last it is reset over USB, which with one that does
 * not answer takes up to 5 s. A step takes 20 ms at most; but listing USB takes some
 * milliseconds a device, a reset over USB blocks for as long as the system needs (some
 * 100 ms), and a host is looked up by its name at once. Cancelling closes what is open.
 *
 * Fails with CAUSE_REQUEST when the words are wrong or fit several (the reason lists them),
 * CAUSE_GONE when there is none, CAUSE_HOST when another program holds it or this user may
 * not open it, CAUSE_UNSUPPORTED when it is of no use, CAUSE_TIMEOUT when it does not answer.
 * NULL: no memory.
 */
struct job *probe_open_job(const char *spec, struct clock *clock, struct probe **probe);
/* The same at once, for programs without a loop. */
enum cause
probe_open(const char *spec, struct clock *clock, struct probe **probe, struct reason *why);
/* Are these words that probe_open() understands? CAUSE_REQUEST: no; the reason names the
 * nearest kind. */
enum cause probe_check_spec(const char *spec, struct reason *why);

#endif /* TRANSPORT_PROBE_PROBE_H */
