/* SPDX-License-Identifier: MIT */
#include "transport/link/usb_holder.h"

#include <string.h>

#ifdef __linux__

#include "transport/base/host.h"

#include <stdio.h>
#include <stdlib.h>

enum { PATH_SPACE = 64, NAME_SPACE = 64 };

/* Which process it is that has `file` open, one after the other. */
struct search {
	struct host_file_id file;
	long pid; /* that is looked at */
	bool has_open;
	bool found; /* one of them */
	struct text *words;
};

static bool
look_at_descriptor(void *context, const char *name)
{
	struct search *search = context;
	char path[PATH_SPACE + NAME_SPACE];
	struct host_file_id file;

	snprintf(path, sizeof(path), "/proc/%ld/fd/%.32s", search->pid, name);
	search->has_open = host_file_identify(path, &file) &&
			   file.device == search->file.device &&
			   file.number == search->file.number;
	return !search->has_open;
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

static bool
look_at_process(void *context, const char *name)
{
	struct search *search = context;
	char path[PATH_SPACE];

	search->pid = strtol(name, NULL, 10);
	if (search->pid <= 0 || search->pid == host_process())
		return true;
	search->has_open = false;
	snprintf(path, sizeof(path), "/proc/%ld/fd", search->pid);
	(void)host_folder_list(path, look_at_descriptor, search);
	if (search->has_open) {
		add_holder(search->pid, !search->found, search->words);
		search->found = true;
	}
	return true;
}

bool
usb_holder_find(const char *node, struct text *words)
{
	struct search search = { .words = words };

	return host_file_identify(node, &search.file) &&
	       host_folder_list("/proc", look_at_process, &search) && search.found;
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

void
usb_holder_suspect(const char *holder, struct reason *why)
{
	bool is_tether = strstr(holder, "tether (pid ") != NULL;

	reason_suspect_with(why, FINDING_A3, "%s",
			    is_tether ? ", or use its probe beside it: with --probe shared "
					"where it was started so, too, with --probe "
					"stlink-tcp:127.0.0.1:PORT (cmsis-dap-tcp for a "
					"CMSIS-DAP probe) where it has --share PORT"
				      : "");
}
