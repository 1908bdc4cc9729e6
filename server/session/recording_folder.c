/* SPDX-License-Identifier: MIT */
#include "server/session/recording_folder.h"

#include "transport/base/bytes.h"
#include "transport/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* "session-20260131-235959.120-4711.tether": by name they are in the order in which they were made. */
static const char begins[] = "session-", ends[] = ".tether";

enum { NAME_SIZE = 64, NS_PER_MS = 1000000 };

static bool
is_absolute(const char *path)
{
	return path != NULL && path[0] == '/';
}

static bool
make_folder(const char *path)
{
	enum { MODE = 0700 };

	return mkdir(path, MODE) == 0 || errno == EEXIST;
}

static bool
find_folder(struct text *folder)
{
	static const char *const below_home[] = { "/.local", "/state" };
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	bool is_there = true;

	if (is_absolute(state)) {
		text_add(folder, "%s", state);
		is_there = make_folder(folder->chars);
	} else if (is_absolute(home)) {
		text_add(folder, "%s", home);
		for (unsigned i = 0; i < array_len(below_home) && is_there; i++) {
			text_add(folder, "%s", below_home[i]);
			is_there = make_folder(folder->chars);
		}
	} else {
		text_add(folder, "the home folder");
		errno = ENOENT;
		return false;
	}
	text_add(folder, "/tether");
	if (!folder->is_cut)
		return is_there && make_folder(folder->chars);
	errno = ENAMETOOLONG;
	return false;
}

static bool
is_ours(const char *name)
{
	size_t len = strlen(name);

	return len < NAME_SIZE && len > strlen(begins) + strlen(ends) &&
	       strncmp(name, begins, strlen(begins)) == 0 &&
	       strcmp(name + len - strlen(ends), ends) == 0;
}

/* Counts them, and finds the oldest. */
static unsigned
count(DIR *folder, char oldest[NAME_SIZE])
{
	const struct dirent *entry;
	unsigned found = 0;

	oldest[0] = '\0';
	while ((entry = readdir(folder)) != NULL) {
		if (!is_ours(entry->d_name))
			continue;
		found++;
		if (oldest[0] == '\0' || strcmp(entry->d_name, oldest) < 0)
			text_copy(oldest, NAME_SIZE, entry->d_name);
	}
	return found;
}

static bool
remove_from(const char *folder, const char *name)
{
	char path[512 + NAME_SIZE];
	struct text text;

	text_init(&text, path, sizeof(path));
	text_add(&text, "%s/%s", folder, name);
	return !text.is_cut && unlink(path) == 0;
}

/* What cannot be removed is left. */
static bool
make_room(const char *path, unsigned keep)
{
	char oldest[NAME_SIZE];
	DIR *folder = opendir(path);
	bool goes_on = true;

	if (folder == NULL)
		return false;
	while (goes_on) {
		rewinddir(folder);
		goes_on = count(folder, oldest) >= keep && oldest[0] != '\0' &&
			  remove_from(path, oldest);
	}
	closedir(folder);
	return true;
}

bool
recording_folder_next(unsigned keep, char *path, size_t size)
{
	struct timespec now;
	struct tm tm;
	char day[NAME_SIZE] = "";
	struct text text;

	text_init(&text, path, size);
	if (!find_folder(&text) || !make_room(path, keep))
		return false;
	clock_gettime(CLOCK_REALTIME, &now);
	if (localtime_r(&now.tv_sec, &tm) != NULL)
		strftime(day, sizeof(day), "%Y%m%d-%H%M%S", &tm);
	text_add(&text, "/%s%s.%03u-%ld%s", begins, day,
		 (unsigned)(now.tv_nsec / NS_PER_MS), (long)getpid(), ends);
	if (text.is_cut)
		errno = ENAMETOOLONG;
	return !text.is_cut;
}
