/* SPDX-License-Identifier: MIT */
/*
 * share.h - a CMSIS-DAP probe used by others besides its owner: what of their commands reaches the
 * probe, and what is answered for it.
 *
 * As with an ST-LINK (transport/probe/stlink/share.h) each believes to be alone: leaving debug mode
 * reaches the probe only when nobody else is in, the clock is the slowest that a client wishes, NRST
 * is low as long as anybody pulls it, and trace (SWO) stays the owner's.
 *
 * More is to be kept apart here, since a CMSIS-DAP client does by accesses what an ST-LINK does by
 * itself (IHI 0031G):
 *
 *  - SELECT, and what was last written to TRANSFER_AP_MASK: each client's is set before its
 *    packet when it is not what the probe has.
 *  - CSW and TAR of an access port: when it changes hands they are read and kept for who used it
 *    before, and those of who uses it now are written. Who has a port to himself, as each of
 *    two tethers has that of its core, pays nothing for that.
 *  - The error flags of CTRL/STAT: after a FAULT they are read and cleared at once, so that
 *    nobody else is refused for them; to the client they stand, and refuse its accesses, until
 *    it clears them by ABORT.
 *  - Claims (claims.h), a vendor's command between tethers: the owner's account, never passed.
 *  - A line reset, and the power requests of CTRL/STAT: the owner's hold.
 *
 * What a probe does not answer in its time ends the client's connection: a packet has no way to
 * say so.
 */
#ifndef TRANSPORT_PROBE_CMSIS_DAP_SHARE_H
#define TRANSPORT_PROBE_CMSIS_DAP_SHARE_H

#include "transport/base/bytes.h"
#include "transport/probe/cmsis_dap/cmsis_dap.h"
#include "transport/probe/sharing.h"

/* What an offered probe says behind its firmware's version (DAP_Info): by that another tether knows
 * that it is not alone. */
#define CMSIS_DAP_SHARED_MARK " by tether"

enum { CMSIS_DAP_SHARE_PORTS = 256 };

/* What a user believes that an access port has. */
struct cmsis_dap_port_state {
	bool is_known;
	uint32_t csw, tar;
};

struct cmsis_dap_user {
	struct sharing_user user;
	struct cmsis_dap_port_state ports[CMSIS_DAP_SHARE_PORTS];
	/* Of a client alone. */
	uint32_t select; /* as it wrote it, and as a line reset leaves it */
	uint32_t mask;
	/* Of CTRL/STAT, set by an access of its own; it has not cleared them. */
	uint32_t flags;
};

struct cmsis_dap_share {
	struct sharing common;                  /* its users are struct cmsis_dap_user */
	uint8_t last_at[CMSIS_DAP_SHARE_PORTS]; /* who used the port last */
	unsigned last_mask;                     /* whose the probe has */
};

/* The owner has this probe now: at first, another one, or the same anew. CAUSE_UNSUPPORTED: it is no
 * CMSIS-DAP probe; CAUSE_HOST: no memory. */
enum cause cmsis_dap_share_take(struct cmsis_dap_share *share, struct probe *probe,
				struct reason *why);
bool cmsis_dap_share_serves(struct probe *probe);
/* Is it one that this program itself has opened, and that is at no server already? */
bool cmsis_dap_share_can(struct probe *probe);
/* A place for one more: false when there is none, or no memory. */
bool cmsis_dap_share_join(struct cmsis_dap_share *share, unsigned *client);
/* What the client holds is let go. */
void cmsis_dap_share_leave(struct cmsis_dap_share *share, unsigned client);
/* Nobody else uses the probe any more: all is let go. */
void cmsis_dap_share_end(struct cmsis_dap_share *share);

/* One request for a client. response->size 0: it has no response. CAUSE_REQUEST: it is none of the
 * protocol's. Else of the probe. Blocks as long as what is passed takes. */
enum cause cmsis_dap_share_exchange(struct cmsis_dap_share *share, unsigned client,
				    const uint8_t *bytes, size_t size,
				    struct cmsis_dap_response *response,
				    struct reason *why);

/* For the driver's own files. */

/* NULL: there is none of that number. */
static inline struct cmsis_dap_user *
cmsis_dap_share_user(const struct cmsis_dap_share *share, unsigned number)
{
	struct sharing_user *user = share->common.users[number];

	return user == NULL ? NULL : container_of(user, struct cmsis_dap_user, user);
}

struct cmsis_dap_turn {
	struct cmsis_dap_share *share;
	struct cmsis_dap *dap;
	struct cmsis_dap_user *user;
	unsigned number; /* of the user */
	const uint8_t *bytes;
	size_t size;
	struct cmsis_dap_response *response;
};

/* share_transfer.c: DAP_Transfer, DAP_TransferBlock and DAP_WriteABORT. */
enum cause cmsis_dap_share_transfer(const struct cmsis_dap_turn *turn, struct reason *why);
enum cause cmsis_dap_share_block(const struct cmsis_dap_turn *turn, struct reason *why);
enum cause cmsis_dap_share_abort(const struct cmsis_dap_turn *turn, struct reason *why);

/* share_ports.c: before the owner's accesses of `batch`. outcome->ack says how that failed. */
enum cause cmsis_dap_share_before(struct cmsis_dap *dap, const struct transfer *batch,
				  size_t len, struct outcome *outcome, struct reason *why);
/* Before user `number` uses the port. */
enum cause cmsis_dap_share_use_port(struct cmsis_dap_share *share, struct cmsis_dap *dap,
				    unsigned number, uint8_t port, struct outcome *outcome,
				    struct reason *why);
/* Do CSW and TAR matter to an access of this register of an access port? */
bool cmsis_dap_share_is_stateful(uint32_t address);

#endif /* TRANSPORT_PROBE_CMSIS_DAP_SHARE_H */
