/* SPDX-License-Identifier: MIT */
/*
 * probe_choose.h - which of the probes that were found is meant.
 */
#ifndef TRANSPORT_PROBE_PROBE_CHOOSE_H
#define TRANSPORT_PROBE_PROBE_CHOOSE_H

#include "transport/base/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROBE_CANDIDATES_MAX = 32 };

struct probe_candidate {
	char kind[64];   /* "ST-LINK/V2-1" */
	char serial[64]; /* "" when it is not known */
	char where[128];
	uint16_t vendor, product;
	char path[64];        /* "1-4.2"; "" when it has none */
	char node[96];        /* what programs that hold it have open; "" when not known */
	bool is_forbidden;    /* this user may not open it */
	const char *refusal;  /* why it cannot be used; NULL: it can */
	enum finding finding; /* what is the matter, if it has a refusal */
};

/* What is looked for, in words. */
struct probe_choice {
	const char *name; /* "ST-LINK" */
	const char *spec; /* "stlink:SERIAL": how one of several is named */
};

extern const struct probe_choice probe_choice_stlink, probe_choice_cmsis_dap,
	probe_choice_any;

/* Picks the one that `which` means: by its serial or the beginning of that, "" being the
 * beginning of all; by its id, "0483:374b"; or by its path, "1-4.2". `place` is where was
 * looked: "on USB". CAUSE_GONE: there is none; CAUSE_REQUEST: there are several;
 * CAUSE_UNSUPPORTED: it cannot be used. The reason lists what there is, and who holds
 * it. */
enum cause probe_choose(const struct probe_choice *choice,
			const struct probe_candidate *candidates, size_t len,
			const char *which, const char *place, size_t *chosen,
			struct reason *why);

/* What names this candidate alone: its place on USB where that is known, else its serial,
 * which need not be its own. */
const char *probe_candidate_name(const struct probe_candidate *candidate);

/* "0483:374b", four digits each. */
bool probe_choose_is_id(const char *which);
/* "1-4.2". */
bool probe_choose_is_path(const char *which);

#endif /* TRANSPORT_PROBE_PROBE_CHOOSE_H */
