/* SPDX-License-Identifier: MIT */
/*
 * share.h - an ST-LINK used by others besides its owner: what of their
 * commands reaches the probe, and what is answered for it.
 *
 * The owner's driver goes on as if it were alone; each client believes so too. What would
 * break that is kept from the probe:
 *
 *  - Leaving debug mode (DEBUG_EXIT) ends it for all, so it is answered with nothing, as
 *    the probe does, and reaches it only when nobody else is in. The exits of DFU and SWIM
 *    and CLOSE_AP are never passed: the owner has left those modes, and a port that one
 *    closes another may use. ENTER is answered OK while SWD is entered; it is passed when
 *    the owner has lost the target, since it may bring it back.
 *  - Another mode (JTAG, SWIM) is refused as a probe refuses it that is in SWD:
 *    ALREADY_OPENED_IN_OTHER_MODE, SWIM_ERR_BAD_STATE.
 *  - The clock is the slowest that anybody wishes: a wire that bears 480 kHz for one bears
 *    no more for another. A faster wish is answered OK, and where the answer has room for
 *    it (SET_COM_FREQ) with the clock that is really set.
 *  - NRST is low as long as anybody pulls it, as on the wire. One that goes away lets go.
 *  - Pairs of commands are done at once, since others' commands may come between: after
 *    RW_MISC_OUT at once RW_MISC_IN, after a memory command at once GETLASTRWSTATUS2;
 *    the answers are kept for when the client asks for them.
 *  - Claims (claims.h) are the owner's account and never reach the probe: CLAIM_OUT with the
 *    wish, then CLAIM_IN for the verdict, of a group of commands that no ST-LINK has.
 *  - Only commands whose answer's size is known are passed, and only when the client's
 *    sizes agree with theirs: a byte too many or too few would put the probe out of step
 *    for everybody. Others are answered UNKNOWN_CMD. Trace (SWO) stays the owner's.
 *
 * What is not kept apart is the access port itself: who writes TAR with WRITE_DAP_REG and
 * DRW with another command may find TAR changed in between. Clients that move memory by
 * commands, as openocd and tether do, are safe from that.
 *
 * Sources: openocd abbbc2e05 stlink_usb.c for sizes and status codes.
 */
#ifndef TRANSPORT_PROBE_STLINK_SHARE_H
#define TRANSPORT_PROBE_STLINK_SHARE_H

#include "transport/probe/sharing.h"
#include "transport/probe/stlink/wire.h"

enum {
	STLINK_SHARE_STATUS_SIZE = 12, /* GETLASTRWSTATUS2's answer */
	STLINK_SHARE_PORTS = 256
};

struct stlink_share_client {
	struct sharing_user user;
	uint8_t ports[STLINK_SHARE_PORTS / 8];    /* that it opened, bitwise */
	uint8_t status[STLINK_SHARE_STATUS_SIZE]; /* of its last memory command */
	uint32_t misc_size;                       /* of what is kept for RW_MISC_IN */
	uint8_t misc[STLINK_EXCHANGE_MAX];
	uint8_t claim[PROBE_CLAIM_SIZE]; /* the verdict on its last wish */
};

struct stlink_share {
	struct sharing common; /* its clients are struct stlink_share_client */
};

/* A command of a client. */
struct stlink_share_request {
	uint8_t command[STLINK_COMMAND_SIZE];
	const uint8_t *out; /* NULL: it wants an answer */
	uint8_t *in;        /* `size` bytes of room when `out` is NULL */
	uint32_t size;      /* at most STLINK_EXCHANGE_MAX */
};

/* The owner has this probe now: at first, another one, or the same anew. CAUSE_UNSUPPORTED: it is no
 * ST-LINK, so there is nothing to be shared; CAUSE_HOST: no memory. */
enum cause
stlink_share_take(struct stlink_share *share, struct probe *probe, struct reason *why);
/* Nobody uses it any more: clients have left. */
void stlink_share_end(struct stlink_share *share);

bool stlink_share_serves(struct probe *probe);
/* Is it an ST-LINK that this program itself has opened, so that it can be shared? Not one that is at
 * a server already. */
bool stlink_share_can(struct probe *probe);

/* What the others need to know of the probe. Only of one that serves. */
uint16_t stlink_share_product(const struct stlink_share *share);

/* A place for one more: false when there is none, or no memory. */
bool stlink_share_join(struct stlink_share *share, unsigned *client);
/* What the client holds is let go. */
void stlink_share_leave(struct stlink_share *share, unsigned client);

/* One exchange for a client; `in` is filled when CAUSE_NONE, and untouched else.
 * CAUSE_REQUEST: sizes that do not go together. CAUSE_UNSUPPORTED: no command that can be
 * shared and has a way to say so. CAUSE_TIMEOUT, CAUSE_GONE: of the probe. Blocks as long
 * as the commands that are passed take. */
enum cause stlink_share_exchange(struct stlink_share *share, unsigned client,
				 const struct stlink_share_request *request,
				 struct reason *why);

#endif /* TRANSPORT_PROBE_STLINK_SHARE_H */
