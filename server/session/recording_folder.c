/* SPDX-License-Identifier: MIT */
#include "server/session/recording_folder.h"

#include "transport/base/bytes.h"
#include "transport/base/host.h"
#include "transport/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "session-20260131-235959.120-4711.tether": by name they are in the order in which they were made. */
static const char begins[] = "session-", ends[] = ".tether";

enum { NAME_SIZE = 64 };

static bool
is_absolute(const char *path)
{
	return path != NULL && path[0] == '/';
}

static bool
find_folder(struct text *folder)
{
	static const char *const below_home[] = { "/.local", "/state" };
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	bool is_there = true;

	if (is_absolute(state)) {
		text_add(folder, "%s", state);
		is_there = host_folder_make(folder->chars);
	} else if (is_absolute(home)) {
		text_add(folder, "%s", home);
		for (unsigned i = 0; i < array_len(below_home) && is_there; i++) {
			text_add(folder, "%s", below_home[i]);
			is_there = host_folder_make(folder->chars);
		}
	} else {
		text_add(folder, "the home folder");
		errno = ENOENT;
		return false;
	}
	text_add(folder, "/tether");
	if (!folder->is_cut)
		return is_there && host_folder_make(folder->chars);
	errno = ENAMETOOLONG;
	return false;
}

static bool
is_ours(const char *name)
{
	size_t len = strlen(name);

	return len < NAME_SIZE && len > strlen(begins) + strlen(ends) &&
	       text_begins(name, begins) && strcmp(name + len - strlen(ends), ends) == 0;
}

struct kept {
	unsigned count;
	char oldest[NAME_SIZE];
};

static bool
count(void *context, const char *name)
{
	struct kept *kept = context;

	if (!is_ours(name))
		return true;
	kept->count++;
	if (kept->oldest[0] == '\0' || strcmp(name, kept->oldest) < 0)
		text_copy(kept->oldest, sizeof(kept->oldest), name);
	return true;
}

static bool
remove_from(const char *folder, const char *name)
{
	char path[512 + NAME_SIZE];
	struct text text;

	text_init(&text, path, sizeof(path));
	text_add(&text, "%s/%s", folder, name);
	return !text.is_cut && remove(path) == 0;
}

/* What cannot be removed is left. */
static bool
make_room(const char *path, unsigned keep)
{
	struct kept kept;

	do {
		kept = (struct kept){ .count = 0 };
		if (!host_folder_list(path, count, &kept))
			return false;
	} while (kept.count >= keep && kept.oldest[0] != '\0' &&
		 remove_from(path, kept.oldest));
	return true;
}

bool
recording_folder_next(unsigned keep, char *path, size_t size)
{
	struct host_time now;
	struct tm tm;
	char day[NAME_SIZE] = "";
	struct text text;

	text_init(&text, path, size);
	if (!find_folder(&text) || !make_room(path, keep))
		return false;
	now = host_time_of_day();
	if (host_local_time(now.seconds, &tm))
		strftime(day, sizeof(day), "%Y%m%d-%H%M%S", &tm);
	text_add(&text, "/%s%s.%03u-%ld%s", begins, day, now.ms, host_process(), ends);
	if (text.is_cut)
		errno = ENAMETOOLONG;
	return !text.is_cut;
}
