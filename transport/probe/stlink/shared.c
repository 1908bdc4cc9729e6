/* SPDX-License-Identifier: MIT */
/*
 * An ST-LINK that several tethers use at once, one for each core, as STM32CubeIDE starts them: the
 * first opens it on USB and offers it at a local socket (server/share), the others are its clients
 * there. When the first ends, the next to open it on USB takes its place.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/link/rendezvous.h"
#include "transport/probe/stlink/share.h"
#include "transport/probe/stlink/stlink.h"

#include <stdlib.h>
#include <string.h>

struct opening {
	struct staged_job staged;
	const struct probe_spec *spec;
	struct clock *clock;
	struct probe **probe;
	char path[RENDEZVOUS_PATH]; /* "": nobody offers it */
	struct job *inner;
	bool is_open;
};

static struct opening *
opening_of(struct staged_job *staged)
{
	return container_of(staged, struct opening, staged);
}

enum cause
stlink_shared_path(const char *serial, char *path, struct reason *why)
{
	char name[RENDEZVOUS_PATH];
	struct text text;

	text_init(&text, name, sizeof(name));
	text_add(&text, STLINK_SHARED_NAME "%s", serial);
	return rendezvous_path(name, path, why);
}

static enum cause
run_find(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	char prefix[RENDEZVOUS_PATH];
	struct text text;

	(void)why;
	*done = true;
	text_init(&text, prefix, sizeof(prefix));
	text_add(&text, STLINK_SHARED_NAME "%s", opening->spec->which);
	if (!rendezvous_find(prefix, opening->path))
		opening->path[0] = '\0';
	return CAUSE_NONE;
}

static bool
when_offered(struct staged_job *staged)
{
	return opening_of(staged)->path[0] != '\0';
}

static enum cause
step_inner(struct opening *opening, bool *done, struct reason *why)
{
	if (opening->inner == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a probe");
	return probe_step_inner(&opening->staged, opening->inner, done, why);
}

/* One that was killed has left its socket, and one that ends answers no more: then it is free. */
static enum cause
run_join(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	struct reason refused = REASON_INIT;

	(void)why;
	if (opening->inner == NULL)
		opening->inner = stlink_open_local(opening->path, opening->spec->which,
						   opening->clock, opening->probe);
	if (step_inner(opening, done, &refused) == CAUSE_NONE) {
		opening->is_open = *done;
		return CAUSE_NONE;
	}
	log_debug("probe", "%s: %s", opening->path, reason_root(&refused));
	job_free(opening->inner);
	opening->inner = NULL;
	*done = true;
	return CAUSE_NONE;
}

static bool
when_not_open(struct staged_job *staged)
{
	return !opening_of(staged)->is_open;
}

static enum cause
run_own(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);

	if (opening->inner == NULL)
		opening->inner =
			stlink_kind.open(opening->spec, opening->clock, opening->probe);
	return step_inner(opening, done, why);
}

/* By its serial it is opened again, here or there. */
static enum cause
run_name(struct staged_job *staged, bool *done, struct reason *why)
{
	(void)why;
	probe_name_spec(*opening_of(staged)->probe, stlink_shared_kind.name);
	*done = true;
	return CAUSE_NONE;
}

static void
free_opening(struct staged_job *staged)
{
	struct opening *opening = opening_of(staged);

	job_free(opening->inner);
	free(opening);
}

static struct job *
open_shared(const struct probe_spec *spec, struct clock *clock, struct probe **probe)
{
	static const struct job_stage stages[] = {
		{ "look for who offers it", run_find, NULL },
		{ "open it there", run_join, when_offered },
		{ "open it on USB", run_own, when_not_open },
		{ "name it", run_name, NULL },
		{ NULL, NULL, NULL },
	};
	static const struct staged_ops ops = { .free = free_opening };
	struct opening *opening = calloc(1, sizeof(*opening));

	if (opening == NULL)
		return NULL;
	staged_job_init(&opening->staged, "opening an ST-LINK that is shared", stages,
			&ops);
	opening->spec = spec;
	opening->clock = clock;
	opening->probe = probe;
	return &opening->staged.job;
}

const struct probe_kind stlink_shared_kind = {
	.name = "stlink-shared",
	.form = "stlink-shared[:SERIAL]",
	.parts_min = 1,
	.parts_max = 2,
	.open = open_shared,
};
