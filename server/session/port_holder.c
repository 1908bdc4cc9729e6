/* SPDX-License-Identifier: MIT */
#include "server/session/port_holder.h"

#if defined(__linux__)

#include "transport/base/host.h"

#include <stdio.h>
#include <string.h>

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
	FILE *file = fopen(table, "r");
	char line[512];

	if (file == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL)
		read_line(line, port, holder);
	fclose(file);
}

/* Of the process in whose /proc/PID/fd is a link to `wanted`, "socket:[INODE]". */
struct search {
	char wanted[64];
	const char *pid; /* of the process that is looked at */
	bool found;
	struct text *words;
};

static bool
look_at_descriptor(void *context, const char *name)
{
	struct search *search = context;
	char path[64], link[64];

	snprintf(path, sizeof(path), "/proc/%.20s/fd/%.20s", search->pid, name);
	search->found = host_link_read(path, link, sizeof(link)) &&
			strcmp(link, search->wanted) == 0;
	return !search->found;
}

static void
add_process(const char *pid, struct text *words)
{
	char path[64], name[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	file = fopen(path, "r");
	if (file != NULL) {
		if (fgets(name, sizeof(name), file) != NULL)
			name[strcspn(name, "\n")] = '\0';
		fclose(file);
	}
	text_add(words, "%s (pid %s)", name[0] != '\0' ? name : "a process", pid);
}

static bool
look_at_process(void *context, const char *name)
{
	struct search *search = context;
	char path[64];

	if (name[0] < '1' || name[0] > '9')
		return true;
	search->pid = name;
	snprintf(path, sizeof(path), "/proc/%.20s/fd", name);
	(void)host_folder_list(path, look_at_descriptor, search);
	if (search->found)
		add_process(name, search->words);
	return !search->found;
}

static bool
add_process_with(unsigned long inode, struct text *words)
{
	struct search search = { .words = words };

	snprintf(search.wanted, sizeof(search.wanted), "socket:[%lu]", inode);
	return host_folder_list("/proc", look_at_process, &search) && search.found;
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
