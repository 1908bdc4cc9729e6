/* SPDX-License-Identifier: MIT */
#include "server/session/port_holder.h"

#if defined(__linux__)

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* proc(5): the state column of /proc/net/tcp; TCP_LISTEN of the kernel's tcp_states.h */
enum { STATE_LISTEN = 0x0a };

/* The inode of the socket that listens on `port` in one of /proc/net/tcp and tcp6. */
static bool
find_listening_inode(const char *table, unsigned port, unsigned long *inode)
{
	FILE *file = fopen(table, "re");
	char line[512];
	bool found = false;

	if (file == NULL)
		return false;
	while (!found && fgets(line, sizeof(line), file) != NULL) {
		unsigned local, state;

		found = sscanf(line,
			       " %*u: %*[0-9A-Fa-f]:%x %*s %x %*s %*s %*s %*s %*s %lu",
			       &local, &state, inode) == 3 &&
			local == port && state == STATE_LISTEN;
	}
	fclose(file);
	return found;
}

/* Does /proc/PID/fd have a link to "socket:[INODE]"? */
static bool
process_has_socket(const char *pid, unsigned long inode)
{
	char path[PATH_MAX], wanted[64], link[64];
	struct dirent *entry;
	bool found = false;
	DIR *fds;

	snprintf(wanted, sizeof(wanted), "socket:[%lu]", inode);
	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	fds = opendir(path);
	if (fds == NULL)
		return false;
	while (!found && (entry = readdir(fds)) != NULL) {
		ssize_t len;

		snprintf(path, sizeof(path), "/proc/%.20s/fd/%.20s", pid, entry->d_name);
		len = readlink(path, link, sizeof(link) - 1);
		if (len > 0) {
			link[len] = '\0';
			found = strcmp(link, wanted) == 0;
		}
	}
	closedir(fds);
	return found;
}

static void
add_process(const char *pid, struct text *words)
{
	char path[64], name[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	file = fopen(path, "re");
	if (file != NULL) {
		if (fgets(name, sizeof(name), file) != NULL)
			name[strcspn(name, "\n")] = '\0';
		fclose(file);
	}
	text_add(words, "%s (pid %s)", name[0] != '\0' ? name : "a process", pid);
}

bool
port_holder(unsigned port, struct text *words)
{
	unsigned long inode;
	struct dirent *entry;
	bool found = false;
	DIR *processes;

	if (!find_listening_inode("/proc/net/tcp", port, &inode) &&
	    !find_listening_inode("/proc/net/tcp6", port, &inode))
		return false;
	processes = opendir("/proc");
	if (processes == NULL)
		return false;
	while (!found && (entry = readdir(processes)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    process_has_socket(entry->d_name, inode)) {
			add_process(entry->d_name, words);
			found = true;
		}
	closedir(processes);
	return found;
}

#else

bool
port_holder(unsigned port, struct text *words)
{
	(void)port;
	(void)words;
	return false;
}

#endif
