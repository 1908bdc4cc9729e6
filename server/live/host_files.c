/* SPDX-License-Identifier: MIT */
#include "server/live/host_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PART_MAX = 128, MODES = 12, PERMISSIONS = 0666 };

/* Arm, "Semihosting for AArch32 and AArch64", SYS_OPEN: r, r+, w, w+, a, a+, each with b. */
static const int flags_of[MODES / 2] = {
	O_RDONLY,
	O_RDWR,
	O_WRONLY | O_CREAT | O_TRUNC,
	O_RDWR | O_CREAT | O_TRUNC,
	O_WRONLY | O_CREAT | O_APPEND,
	O_RDWR | O_CREAT | O_APPEND,
};

/* errno stays that of the call before. */
static void
close_quietly(int file)
{
	int error = errno;

	if (file >= 0)
		close(file);
	errno = error;
}

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
	int parent = folder < 0 ? -1 : fcntl(folder, F_DUPFD_CLOEXEC, 0);

	while (parent >= 0 && take_part(&name, part)) {
		int child;

		if (*name == '\0')
			return parent;
		child = openat(parent, part,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(parent);
		if (child < 0)
			return -1;
		parent = child;
	}
	if (parent >= 0)
		close(parent);
	errno = EACCES;
	return -1;
}

int
host_file_open(int folder, const char *name, unsigned mode)
{
	char part[PART_MAX];
	struct stat about;
	int parent, file;

	if (mode >= MODES) {
		errno = EINVAL;
		return -1;
	}
	parent = open_parent(folder, name, part);
	if (parent < 0)
		return -1;
	/* Not blocking: a FIFO would wait for its other end. */
	file = openat(parent, part,
		      flags_of[mode / 2] | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		      PERMISSIONS);
	close_quietly(parent);
	if (file < 0 || (fstat(file, &about) == 0 && S_ISREG(about.st_mode)))
		return file;
	close(file);
	errno = EACCES;
	return -1;
}

int
host_file_remove(int folder, const char *name)
{
	char part[PART_MAX];
	int parent = open_parent(folder, name, part);
	int result;

	if (parent < 0)
		return -1;
	result = unlinkat(parent, part, 0);
	close_quietly(parent);
	return result;
}

int
host_file_rename(int folder, const char *from, const char *to)
{
	char old[PART_MAX], new[PART_MAX];
	int old_parent = open_parent(folder, from, old);
	int new_parent = old_parent < 0 ? -1 : open_parent(folder, to, new);
	int result = -1;

	if (new_parent >= 0)
		result = renameat(old_parent, old, new_parent, new);
	close_quietly(old_parent);
	close_quietly(new_parent);
	return result;
}

int64_t
host_file_len(int file)
{
	struct stat about;

	return fstat(file, &about) == 0 ? (int64_t)about.st_size : -1;
}

int64_t
host_file_write(int file, const void *bytes, size_t size)
{
	int64_t at = lseek(file, 0, SEEK_CUR);

	if (at < 0)
		return -1;
	if (at + (int64_t)size > HOST_FILE_MAX ||
	    host_file_len(file) + (int64_t)size > HOST_FILE_MAX) {
		errno = EFBIG;
		return -1;
	}
	return write(file, bytes, size);
}
