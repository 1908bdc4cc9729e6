/* SPDX-License-Identifier: MIT */
/*
 * probe_choose.h - which of the probes that were found is meant.
 */
#ifndef TRANSPORT_PROBE_PROBE_CHOOSE_H
#define TRANSPORT_PROBE_PROBE_CHOOSE_H

#include "transport/base/reason.h"

#include <stddef.h>

enum { PROBE_CANDIDATES_MAX = 32 };

struct probe_candidate {
	char kind[64];   /* "ST-LINK/V2-1" */
	char serial[64]; /* "" when it is not known */
	char where[128];
	const char *refusal; /* why it cannot be used; NULL: it can */
	const char *remedy;
};

/* What is looked for, in words. */
struct probe_choice {
	const char *name; /* "ST-LINK" */
	const char *spec; /* "stlink:SERIAL": how one of several is named */
};

extern const struct probe_choice probe_choice_stlink, probe_choice_cmsis_dap,
	probe_choice_any;

/* Picks the one whose serial is or begins with `serial`, "" being the beginning of all.
 * `place` is where was looked: "on USB". CAUSE_GONE: there is none; CAUSE_REQUEST: there
 * are several; CAUSE_UNSUPPORTED: it is of no use to us. The story lists what there is. */
enum cause probe_choose(const struct probe_choice *choice,
			const struct probe_candidate *candidates, size_t len,
			const char *serial, const char *place, size_t *chosen,
			struct reason *why);

#endif /* TRANSPORT_PROBE_PROBE_CHOOSE_H */
