/* SPDX-License-Identifier: MIT */
#include "server/live/host_files.h"

#include "transport/base/host.h"

#include <errno.h>
#include <string.h>

enum { PART_MAX = 128, MODES = 12 };

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

int
host_files_open(int folder, const char *name, unsigned mode)
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

int
host_files_remove(int folder, const char *name)
{
	char part[PART_MAX];
	int parent = open_parent(folder, name, part);
	bool is_removed = parent >= 0 && host_file_remove(parent, part);

	host_close(parent);
	return is_removed ? 0 : -1;
}

int
host_files_rename(int folder, const char *from, const char *to)
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

int64_t
host_files_write(int file, const void *bytes, size_t size)
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
