/* SPDX-License-Identifier: MIT */
/*
 * claims.h - who programs or resets the chip, among the programs that share a probe, and who has
 * reset it.
 *
 * The one that has the probe on USB keeps the account (sharing.h); another tether asks it by a command
 * of its driver: between tethers only, since no other program and no probe knows it. A claim ends with
 * its program's connection, or when the program has asked the probe for nothing for
 * PROBE_CLAIM_SILENT_MS and another one wants it.
 *
 * DHCSR.S_RESET_ST is cleared by who reads it first (DDI 0403E C1.6.2): of two programs that debug one
 * core the other does not see the reset. So each says that it has reset the target, and asks
 * whether another has.
 */
#ifndef TRANSPORT_PROBE_CLAIMS_H
#define TRANSPORT_PROBE_CLAIMS_H

#include "transport/base/reason.h"
#include "transport/base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct probe;

enum {
	PROBE_CLAIM_SILENT_MS = 5000,
	PROBE_CLAIM_WORDS = 40,
	PROBE_CLAIM_SIZE = 8 + PROBE_CLAIM_WORDS /* bytes, of a wish and of its answer */
};

/* Someone's; with `what` "" there is none. */
struct probe_claim {
	uint32_t process;
	uint16_t done_permille;
	char what[PROBE_CLAIM_WORDS]; /* "programming flash" */
};

enum probe_claim_wish {
	PROBE_CLAIM_LOOK, /* would it be granted? */
	PROBE_CLAIM_TAKE,
	PROBE_CLAIM_KEEP, /* it goes on, and is done so far */
	PROBE_CLAIM_DROP,
	/* Of no claim. A tether that knows the four above alone takes these for PROBE_CLAIM_LOOK. */
	PROBE_CLAIM_HAS_RESET, /* the wisher has reset the target */
	PROBE_CLAIM_ASK_NEWS,  /* has another, since this was asked last? */
	/* Has a program that is no tether changed the target since the wisher's claim began? */
	PROBE_CLAIM_ASK_DEEDS,
	PROBE_CLAIM_WISHES
};

enum probe_claim_verdict {
	PROBE_CLAIM_GRANTED,
	PROBE_CLAIM_HELD, /* by the one that the answer names */
	PROBE_CLAIM_LOST, /* nothing to keep: it was given up meanwhile */
	PROBE_CLAIM_NEWS  /* the one that the answer names has done what was asked for */
};

/* The wish with the wisher's own claim, and the verdict with the holder's: PROBE_CLAIM_SIZE bytes
 * each. */
void probe_claim_pack(unsigned first, const struct probe_claim *claim, uint8_t *bytes);
unsigned probe_claim_unpack(const uint8_t *bytes, struct probe_claim *claim);
/* Which wish these bytes are; PROBE_CLAIM_WISHES or more: none. */
unsigned probe_claim_wish_of(const uint8_t *bytes);

/* "another tether (pid 4711, resetting for 127.0.0.1:40112)"; of a program that is no tether
 * `process` is 0, and `what` names it. */
void probe_claim_describe(const struct probe_claim *claim, struct text *words);

/* Are there programs that could claim anything? */
bool probe_has_claims(const struct probe *probe);
/*
 * Asks the one that keeps the account. CAUSE_NONE: granted, or nobody shares the probe. CAUSE_REQUEST:
 * another program has it, and the reason says which, or PROBE_CLAIM_LOST; else as the exchange
 * with the probe's owner. `what`: the work's name.
 */
enum cause probe_claim(struct probe *probe, enum probe_claim_wish wish, const char *what,
		       unsigned done_permille, struct reason *why);
/* Has another program reset the target? PROBE_CLAIM_NEWS: *by has. PROBE_CLAIM_HELD: *by may be about
 * to, and says so when its claim has ended. PROBE_CLAIM_GRANTED: none has. */
enum cause probe_claim_news(struct probe *probe, enum probe_claim_verdict *verdict,
			    struct probe_claim *by, struct reason *why);
/* Has a program that is no tether changed the target since our claim began? *by: which, and by what
 * command the last time. False: none has, or the owner does not answer. */
bool probe_claim_deeds(struct probe *probe, struct probe_claim *by);

#endif /* TRANSPORT_PROBE_CLAIMS_H */
