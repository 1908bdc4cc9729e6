/* SPDX-License-Identifier: MIT */
/*
 * stlink_choose.h - which of the ST-LINKs that were found is meant.
 */
#ifndef TRANSPORT_PROBE_STLINK_CHOOSE_H
#define TRANSPORT_PROBE_STLINK_CHOOSE_H

#include "transport/probe/stlink_version.h"

enum { STLINK_CANDIDATES_MAX = 32 };

struct stlink_candidate {
	const struct stlink_model *model;
	char serial[64]; /* "" when it is not known */
	char where[96];
};

/* Picks the one whose serial is or begins with `serial`, "" being the beginning of all.
 * `place` is where was looked: "on USB". CAUSE_GONE: there is none; CAUSE_REQUEST: there
 * are several; CAUSE_UNSUPPORTED: it is of no use to us. The story lists what there is. */
enum cause stlink_choose(const struct stlink_candidate *candidates, size_t len,
			 const char *serial, const char *place, size_t *chosen,
			 struct reason *why);

#endif /* TRANSPORT_PROBE_STLINK_CHOOSE_H */
