/* SPDX-License-Identifier: MIT */
/*
 * probe_kind.h - one driver as opening, listing and naming see it.
 *
 * Each driver has one row for each way to reach its probes. The rows stand in
 * probe_kinds.c, the only file that names drivers: a new one is added there.
 */
#ifndef TRANSPORT_PROBE_PROBE_KIND_H
#define TRANSPORT_PROBE_PROBE_KIND_H

#include "transport/base/job.h"
#include "transport/link/usb.h"
#include "transport/probe/probe.h"
#include "transport/probe/probe_choose.h"

enum { PROBE_SPEC_PARTS = 4, PROBE_SPEC_PART_MAX = 256 };

/* "stlink-tcp:127.0.0.1:7184:0671" cut at its colons. */
struct probe_spec {
	size_t len;
	char parts[PROBE_SPEC_PARTS][PROBE_SPEC_PART_MAX]; /* "" where there is none */
	const char *which; /* of those on USB: all behind the kind's name; may be "" */
};

/* What a probe says of itself: strings are "" where it does not. */
struct probe_facts {
	char firmware[32];
	char board[96];
	bool has_vtarget;
	unsigned millivolts; /* of target supply */
};

struct probe_kind {
	const char *name; /* the first word of what --probe takes: "stlink" */
	const char *form; /* for people: "stlink[:WHICH]" */
	uint8_t parts_min, parts_max;

	/*
	 * A group, for a kind on this computer's USB, else all NULL.
	 */
	/* Those that are there, usable or not, at most `max`. CAUSE_HOST: USB cannot be
	 * looked at. Takes some milliseconds a device. */
	enum cause (*list)(struct probe_candidate *candidates, size_t max, size_t *len,
			   struct reason *why);
	/* Opens it, asks, and closes it in the mode it was in. Fails as opening does; a
	 * probe that does not answer takes 1 s. */
	enum cause (*ask)(const struct probe_candidate *candidate, struct clock *clock,
			  struct probe_facts *facts, struct reason *why);
	/* The ids by which it finds them, at most `max`; how many. */
	size_t (*ids)(struct usb_id *ids, size_t max);

	/* A job that opens what `spec` names and puts it into *probe at its end. `spec` stays
	 * as long as the job. NULL: no memory. NULL of a kind that wraps, and of those that are
	 * shared. */
	struct job *(*open)(const struct probe_spec *spec, struct clock *clock,
			    struct probe **probe);

	/* For a kind on USB that several tethers can use at once (probe_shared.c), else NULL: a job
	 * that opens the one that another tether offers at a local socket, `which` by the start
	 * of its serial. Both words stay as long as the job. NULL: no memory. */
	struct job *(*open_local)(const char *path, const char *which, struct clock *clock,
				  struct probe **probe);

	/*
	 * A group, for a kind that is a wrapper around another probe, else all NULL.
	 */
	/* The words of the probe inside, behind its own; NULL: its own are wrong. */
	const char *(*inside)(const char *words);
	/* Takes `inner` over, also when it fails: with CAUSE_HOST, no memory. */
	enum cause (*wrap)(struct probe *inner, const char *words, struct probe **probe,
			   struct reason *why);
};

/* One that several tethers use at once, one of those that have open_local (probe_shared.h): where
 * another tether offers it it is opened there, else on USB. */
extern const struct probe_kind probe_shared_kind;

extern const struct probe_kind *const probe_kinds[];
extern const size_t probe_kinds_len;

/* For jobs that are made of others: steps `inner` as a stage of `outer`. */
enum cause probe_step_inner(struct staged_job *outer, struct job *inner, bool *done,
			    struct reason *why);

#endif /* TRANSPORT_PROBE_PROBE_KIND_H */
