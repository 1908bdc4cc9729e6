/* SPDX-License-Identifier: MIT */
/*
 * probe_shared.h - where tethers find the probe that one of them has on USB.
 */
#ifndef TRANSPORT_PROBE_PROBE_SHARED_H
#define TRANSPORT_PROBE_PROBE_SHARED_H

#include "transport/base/reason.h"
#include "transport/link/rendezvous.h"

#include <stdbool.h>

/* What `--probe` of such tethers begins with. */
#define PROBE_SHARED_NAME "shared"

/* Do these words, of --probe, name a probe that several tethers use at once? */
bool probe_is_shared_spec(const char *words);

/* Which one is offered, by the start of its serial: its kind, and the socket. NULL: none is; or that
 * is not clear, of several. */
struct probe_kind;
const struct probe_kind *probe_shared_find(const char *which, char path[RENDEZVOUS_PATH]);
/* The local socket of the probe of that serial. `kind`: the name of a struct probe_kind that has
 * open_local. CAUSE_HOST: as rendezvous_path(). */
enum cause probe_shared_path(const char *kind, const char *serial,
			     char path[RENDEZVOUS_PATH], struct reason *why);

#endif /* TRANSPORT_PROBE_PROBE_SHARED_H */
