/* SPDX-License-Identifier: MIT */
#include "server/session/port_holder.h"

#if defined(__linux__)

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* proc(5): the state column of /proc/net/tcp, by the kernel's tcp_states.h */
enum { STATE_TIME_WAIT = 0x06, STATE_LISTEN = 0x0a };

struct holder {
	bool is_listener;
	bool is_time_wait;
	unsigned long inode; /* 0 in TIME-WAIT */
};

/* What one line says about `port`: a listener counts more than a connection. */
static void
read_line(const char *line, unsigned port, struct holder *holder)
{
	unsigned local, state;
	unsigned long inode;

	if (sscanf(line, " %*u: %*[0-9A-Fa-f]:%x %*s %x %*s %*s %*s %*s %*s %lu", &local,
		   &state, &inode) != 3 ||
	    local != port || holder->is_listener)
		return;
	*holder = (struct holder){ .is_listener = state == STATE_LISTEN,
				   .is_time_wait = state == STATE_TIME_WAIT,
				   .inode = inode };
}

/* Reads one of /proc/net/tcp and tcp6. */
static void
read_table(const char *table, unsigned port, struct holder *holder)
{
	FILE *file = fopen(table, "re");
	char line[512];

	if (file == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL)
		read_line(line, port, holder);
	fclose(file);
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

static bool
add_process_with(unsigned long inode, struct text *words)
{
	struct dirent *entry;
	bool found = false;
	DIR *processes = opendir("/proc");

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

bool
port_holder(unsigned port, struct text *words)
{
	struct holder holder = { .is_listener = false };

	read_table("/proc/net/tcp", port, &holder);
	read_table("/proc/net/tcp6", port, &holder);
	if (holder.is_time_wait) {
		text_add(words, "a connection that has ended (TIME-WAIT): the port is free "
				"again within a minute");
		return true;
	}
	if (holder.inode == 0)
		return false;
	if (!holder.is_listener)
		text_add(words, "a connection of ");
	if (add_process_with(holder.inode, words))
		return true;
	if (!holder.is_listener)
		text_add(words, "another program");
	return !holder.is_listener;
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
