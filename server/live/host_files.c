/* SPDX-License-Identifier: MIT */
#include "server/live/host_files.h"

#include "transport/base/host.h"

#include <errno.h>
#include <string.h>
#include <time.h>

enum { PART_MAX = 128, MODES = 12 };
/* In the number of an outcome, beside errno. */
#define FAILED (UINT32_C(1) << 31)

/* Arm, "Semihosting for AArch32 and AArch64", SYS_OPEN: r, r+, w, w+, a, a+, each with b. */
static const unsigned flags_of[MODES / 2] = {
	HOST_READ,
	HOST_READ | HOST_WRITE,
	HOST_WRITE | HOST_CREATE | HOST_EMPTY,
	HOST_READ | HOST_WRITE | HOST_CREATE | HOST_EMPTY,
	HOST_WRITE | HOST_CREATE | HOST_APPEND,
	HOST_READ | HOST_WRITE | HOST_CREATE | HOST_APPEND,
};

/* The next part of `*name` into `part`; *name is then behind its slash. */
static bool
take_part(const char **name, char part[PART_MAX])
{
	size_t len = strcspn(*name, "/");

	if (len == 0 || len >= PART_MAX)
		return false;
	memcpy(part, *name, len);
	part[len] = '\0';
	*name += len + ((*name)[len] == '/');
	return strcmp(part, ".") != 0 && strcmp(part, "..") != 0;
}

/* Opens the folder in which `name` is, whose last part is then in `part`. */
static int
open_parent(int folder, const char *name, char part[PART_MAX])
{
	int parent = folder < 0 ? -1 : host_folder_again(folder);

	while (parent >= 0 && take_part(&name, part)) {
		int child;

		if (*name == '\0')
			return parent;
		child = host_folder_enter(parent, part);
		host_close(parent);
		if (child < 0)
			return -1;
		parent = child;
	}
	host_close(parent);
	errno = EACCES;
	return -1;
}

static int
open_below(int folder, const char *name, unsigned mode)
{
	char part[PART_MAX];
	int parent, file;

	if (mode >= MODES) {
		errno = EINVAL;
		return -1;
	}
	parent = open_parent(folder, name, part);
	if (parent < 0)
		return -1;
	file = host_file_open(parent, part, flags_of[mode / 2]);
	host_close(parent);
	return file;
}

static int
remove_below(int folder, const char *name)
{
	char part[PART_MAX];
	int parent = open_parent(folder, name, part);
	bool is_removed = parent >= 0 && host_file_remove(parent, part);

	host_close(parent);
	return is_removed ? 0 : -1;
}

static int
rename_below(int folder, const char *from, const char *to)
{
	char old[PART_MAX], new[PART_MAX];
	int old_parent = open_parent(folder, from, old);
	int new_parent = old_parent < 0 ? -1 : open_parent(folder, to, new);
	bool is_renamed =
		new_parent >= 0 && host_file_rename(old_parent, old, new_parent, new);

	host_close(old_parent);
	host_close(new_parent);
	return is_renamed ? 0 : -1;
}

static int64_t
write_some(int file, const void *bytes, size_t size)
{
	int64_t at = host_place(file);

	if (at < 0)
		return -1;
	if (at + (int64_t)size > HOST_FILE_MAX ||
	    host_size(file) + (int64_t)size > HOST_FILE_MAX) {
		errno = EFBIG;
		return -1;
	}
	return host_write(file, bytes, size);
}

/* --- on the tape ---------------------------------------------------------------------------- */

static bool
is_played(const struct host_folder *folder)
{
	return tape_is_played(folder->tape);
}

/* What a call came to, or has come to then. Where the tape ends it has failed. */
static int64_t
outcome(const struct host_folder *folder, const char *call, int64_t result)
{
	uint32_t number = result < 0 ? FAILED | (uint32_t)errno : (uint32_t)result;

	number = tape_number(folder->tape, call, is_played(folder) ? FAILED | EIO : number);
	if ((number & FAILED) == 0)
		return number;
	errno = (int)(number & ~FAILED);
	return -1;
}

bool
host_folder_begin(struct host_folder *folder, struct tape *tape, const char *path)
{
	*folder = (struct host_folder){ .tape = tape,
					.is_there = path != NULL,
					.number = -1 };
	if (path != NULL && !is_played(folder))
		folder->number = host_folder_open(path);
	return path == NULL || is_played(folder) || folder->number >= 0;
}

void
host_folder_end(struct host_folder *folder)
{
	host_close(folder->number);
	folder->number = -1;
}

int
host_files_open(const struct host_folder *folder, const char *name, unsigned mode)
{
	int file = is_played(folder) ? 0 : open_below(folder->number, name, mode);

	return outcome(folder, "file_open", file < 0 ? -1 : 0) < 0 ? -1 : file;
}

void
host_files_close(const struct host_folder *folder, int file)
{
	if (!is_played(folder))
		host_close(file);
}

int
host_files_remove(const struct host_folder *folder, const char *name)
{
	int result = is_played(folder) ? 0 : remove_below(folder->number, name);

	return (int)outcome(folder, "file_remove", result);
}

int
host_files_rename(const struct host_folder *folder, const char *from, const char *to)
{
	int result = is_played(folder) ? 0 : rename_below(folder->number, from, to);

	return (int)outcome(folder, "file_rename", result);
}

int64_t
host_files_write(const struct host_folder *folder, int file, const void *bytes, size_t size)
{
	int64_t written = is_played(folder) ? 0 : write_some(file, bytes, size);

	written = outcome(folder, "file_write", written);
	return written > (int64_t)size ? (int64_t)size : written;
}

int64_t
host_files_read(const struct host_folder *folder, int file, void *bytes, size_t size)
{
	int64_t got = is_played(folder) ? 0 : host_read(file, bytes, size);

	got = outcome(folder, "file_read", got);
	if (got > (int64_t)size)
		got = (int64_t)size;
	if (got > 0)
		tape_bytes(folder->tape, bytes, (size_t)got);
	return got;
}

int
host_files_seek(const struct host_folder *folder, int file, uint32_t at)
{
	int64_t place = is_played(folder) ? 0 : host_seek(file, at);

	return (int)outcome(folder, "file_seek", place < 0 ? -1 : 0);
}

int64_t
host_files_size(const struct host_folder *folder, int file)
{
	int64_t size = is_played(folder) ? 0 : host_size(file);

	if (size > INT32_MAX) {
		errno = EFBIG;
		size = -1;
	}
	return outcome(folder, "file_size", size);
}

uint32_t
host_files_time(const struct host_folder *folder)
{
	return tape_number(folder->tape, "time", (uint32_t)time(NULL));
}
