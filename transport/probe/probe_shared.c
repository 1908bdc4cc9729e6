/* SPDX-License-Identifier: MIT */
/*
 * A probe that several tethers use at once, one for each core, as STM32CubeIDE starts them: the
 * first opens it on USB and offers it at a local socket (server/share), the others are its clients
 * there. When the first ends, the next to open it on USB takes its place.
 */
#include "transport/probe/probe_shared.h"

#include "transport/base/text.h"
#include "transport/probe/probe_kind.h"

#include <string.h>

bool
probe_is_shared_spec(const char *words)
{
	size_t len = strlen(PROBE_SHARED_NAME);

	return words != NULL && strncmp(words, PROBE_SHARED_NAME, len) == 0 &&
	       (words[len] == '\0' || words[len] == ':');
}

static void
name_socket(const char *kind, const char *serial, char name[RENDEZVOUS_PATH])
{
	struct text text;

	text_init(&text, name, RENDEZVOUS_PATH);
	text_add(&text, "%s-%s", kind, serial);
}

enum cause
probe_shared_path(const char *kind, const char *serial, char path[RENDEZVOUS_PATH],
		  struct reason *why)
{
	char name[RENDEZVOUS_PATH];

	name_socket(kind, serial, name);
	return rendezvous_path(name, path, why);
}

/* How many kinds have one that fits; *found and `path` are the last's. */
static unsigned
count_found(const char *which, bool is_among_attended, const struct probe_kind **found,
	    char path[RENDEZVOUS_PATH])
{
	unsigned count = 0;

	for (size_t i = 0; i < probe_kinds_len; i++) {
		char prefix[RENDEZVOUS_PATH], here[RENDEZVOUS_PATH];

		if (probe_kinds[i]->open_local == NULL)
			continue;
		name_socket(probe_kinds[i]->name, which, prefix);
		if (!rendezvous_find(prefix, here) ||
		    (is_among_attended && !rendezvous_is_attended(here)))
			continue;
		count++;
		*found = probe_kinds[i];
		memcpy(path, here, sizeof(here));
	}
	return count;
}

/* Of several that fit none is meant, unless one alone has its tether still: which it is USB then
 * tells, or nobody. */
const struct probe_kind *
probe_shared_find(const char *which, char path[RENDEZVOUS_PATH])
{
	const struct probe_kind *found = NULL;
	unsigned count = count_found(which, false, &found, path);

	if (count > 1)
		count = count_found(which, true, &found, path);
	return count == 1 ? found : NULL;
}

const struct probe_kind probe_shared_kind = {
	.name = PROBE_SHARED_NAME,
	.form = PROBE_SHARED_NAME "[:SERIAL]",
	.parts_min = 1,
	.parts_max = 2,
};
