/* SPDX-License-Identifier: MIT */
#include "transport/link/usb_holder.h"

#ifdef __linux__

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SPACE = 64, NAME_SPACE = 64 };

static bool
is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool
has_open(long pid, const struct stat *wanted)
{
	char path[PATH_SPACE + NAME_SPACE];
	bool found = false;
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%ld/fd", pid);
	folder = opendir(path);
	if (folder == NULL)
		return false;
	while (!found && (entry = readdir(folder)) != NULL) {
		struct stat file;

		snprintf(path, sizeof(path), "/proc/%ld/fd/%.32s", pid, entry->d_name);
		found = stat(path, &file) == 0 && is_same_file(&file, wanted);
	}
	closedir(folder);
	return found;
}

static void
read_name(long pid, char *name, size_t size)
{
	char path[PATH_SPACE];
	FILE *comm;

	snprintf(name, size, "a process");
	snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
	comm = fopen(path, "r");
	if (comm == NULL)
		return;
	if (fgets(name, (int)size, comm) != NULL)
		name[strcspn(name, "\n")] = '\0';
	fclose(comm);
}

static void
add_holder(long pid, bool is_first, struct text *words)
{
	char name[NAME_SPACE];

	read_name(pid, name, sizeof(name));
	text_add(words, "%s%s (pid %ld)", is_first ? "" : " and ", name, pid);
}

bool
usb_holder_find(const char *node, struct text *words)
{
	struct dirent *entry;
	bool found = false;
	struct stat file;
	DIR *processes;

	if (stat(node, &file) != 0)
		return false;
	processes = opendir("/proc");
	if (processes == NULL)
		return false;
	while ((entry = readdir(processes)) != NULL) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid <= 0 || pid == (long)getpid() || !has_open(pid, &file))
			continue;
		add_holder(pid, !found, words);
		found = true;
	}
	closedir(processes);
	return found;
}

/* A small number in a file of the device that the interface "1-4.2:1.0" belongs to. */
static bool
read_attribute(const char *interface, const char *name, unsigned *value)
{
	char path[PATH_SPACE + NAME_SPACE];
	bool is_read;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/bus/usb/devices/%.*s/%s",
		 (int)strcspn(interface, ":"), interface, name);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	is_read = fscanf(file, "%3u", value) == 1;
	fclose(file);
	return is_read;
}

bool
usb_holder_find_hid(const char *path, struct text *words)
{
	char node[PATH_SPACE];
	unsigned bus, address;

	if (path[0] == '/')
		return usb_holder_find(path, words);
	if (!read_attribute(path, "busnum", &bus) ||
	    !read_attribute(path, "devnum", &address))
		return false;
	snprintf(node, sizeof(node), "/dev/bus/usb/%03u/%03u", bus, address);
	return usb_holder_find(node, words);
}

#else

bool
usb_holder_find(const char *node, struct text *words)
{
	(void)node, (void)words;
	return false;
}

bool
usb_holder_find_hid(const char *path, struct text *words)
{
	(void)path, (void)words;
	return false;
}

#endif
