/* SPDX-License-Identifier: MIT */
/*
 * sharing.h - a probe that other programs use through this one, whatever its driver: what the
 * drivers' own parts (stlink/share.h, cmsis_dap/share.h) have in common.
 */
#ifndef TRANSPORT_PROBE_SHARING_H
#define TRANSPORT_PROBE_SHARING_H

#include "transport/probe/probe.h"

enum { SHARING_CLIENTS = 16 };

struct sharing {
	struct probe *probe; /* NULL: the owner's cannot be shared */
	bool is_owner_there; /* the owner uses the target; false: it has lost it */
	bool has_reset; /* set when a client has reset the target; never cleared here */
};

#endif /* TRANSPORT_PROBE_SHARING_H */
