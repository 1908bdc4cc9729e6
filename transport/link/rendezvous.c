/* SPDX-License-Identifier: MIT */
#include "transport/link/rendezvous.h"

#include "transport/base/host.h"
#include "transport/base/text.h"
#include "transport/link/socket.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
put_folder(char path[RENDEZVOUS_PATH])
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	struct text text;

	text_init(&text, path, RENDEZVOUS_PATH);
	if (runtime != NULL && runtime[0] == '/')
		text_add(&text, "%s/tether", runtime);
	else
		text_add(&text, "/tmp/tether-%lu", host_user());
}

static void
add_name(char path[RENDEZVOUS_PATH], const char *name)
{
	size_t used = strlen(path);
	struct text text;

	text_init(&text, path + used, RENDEZVOUS_PATH - used);
	text_add(&text, "/");
	for (; *name != '\0'; name++)
		text_add(&text, "%c", isalnum((unsigned char)*name) ? *name : '_');
}

/* In /tmp another user may have made a folder of that name before. */
static enum cause
check_folder(const char *path, struct reason *why)
{
	if (host_folder_is_private(path))
		return CAUSE_NONE;
	reason_begin(why, CAUSE_HOST,
		     "the folder %s is open to other users, or another user's, or not a "
		     "folder",
		     path);
	reason_suspect_with(why, FINDING_HOST_RUNTIME_FOLDER, "%s", path);
	return CAUSE_HOST;
}

enum cause
rendezvous_check(struct reason *why)
{
	char path[RENDEZVOUS_PATH];

	put_folder(path);
	return host_file_exists(path) ? check_folder(path, why) : CAUSE_NONE;
}

enum cause
rendezvous_path(const char *name, char path[RENDEZVOUS_PATH], struct reason *why)
{
	put_folder(path);
	if (!host_folder_make(path))
		return reason_begin(why, CAUSE_HOST, "the folder %s cannot be made: %s",
				    path, strerror(errno));
	if (check_folder(path, why) != CAUSE_NONE)
		return why->cause;
	if (strlen(path) + 1 + strlen(name) >= RENDEZVOUS_PATH)
		return reason_begin(why, CAUSE_HOST,
				    "the path of a socket in %s would be too long", path);
	add_name(path, name);
	return CAUSE_NONE;
}

enum cause
rendezvous_guard(const char *path, struct reason *why)
{
	if (host_file_protect(path))
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_HOST, "%s cannot be closed to other users: %s", path,
			    strerror(errno));
}

void
rendezvous_clear(const char *path)
{
	remove(path);
}

static bool
fits(const char *name, const char *prefix)
{
	for (; *prefix != '\0'; prefix++, name++)
		if (*name != (isalnum((unsigned char)*prefix) ? *prefix : '_'))
			return false;
	return name[0] != '.';
}

struct search {
	const char *prefix;
	const char *folder;
	bool is_among_attended;
	size_t space; /* for a name */
	char name[RENDEZVOUS_PATH];
	unsigned count;
};

/* Whose queue is full has others who wait, too: one whose socket nobody has refuses. */
bool
rendezvous_is_attended(const char *path)
{
	int fd = socket_connect_local(path);
	bool is_attended = fd >= 0 || errno == EAGAIN;

	socket_close(fd);
	return is_attended;
}

long
rendezvous_owner(const char *path)
{
	int fd = socket_connect_local(path);
	long owner;

	if (fd < 0)
		return errno == EAGAIN ? RENDEZVOUS_BUSY : 0;
	owner = socket_peer_process(fd);
	socket_close(fd);
	return owner;
}

enum cause
rendezvous_silent(long owner, enum cause cause, struct reason *why)
{
	*why = (struct reason)REASON_INIT;
	if (owner > 0) {
		reason_begin(why, cause, "the tether with pid %ld has the probe and %s",
			     owner,
			     host_process_is_stopped(owner)
				     ? "is stopped, as by Ctrl-Z or SIGSTOP"
				     : "does not answer");
		reason_suspect_with(why, FINDING_HOST_OWNER_SILENT, "%ld", owner);
		return cause;
	}
	reason_begin(why, cause, "another tether has the probe and takes no connection");
	reason_suspect_as_said(why, FINDING_HOST_OWNER_SILENT,
			       "look for it (ps -C tether), and let it go on "
			       "(kill -CONT) or end it (kill -KILL)");
	return cause;
}

static bool
is_sought(const struct search *search, const char *name)
{
	char path[RENDEZVOUS_PATH];

	if (!fits(name, search->prefix) || strlen(name) >= search->space)
		return false;
	if (!search->is_among_attended)
		return true;
	text_copy(path, sizeof(path), search->folder);
	add_name(path, name);
	return rendezvous_is_attended(path);
}

static bool
take_name(void *context, const char *name)
{
	struct search *search = context;

	if (is_sought(search, name)) {
		text_copy(search->name, sizeof(search->name), name);
		search->count++;
	}
	return true;
}

bool
rendezvous_find(const char *prefix, char path[RENDEZVOUS_PATH])
{
	struct search search = { .prefix = prefix, .folder = path };

	put_folder(path);
	search.space = RENDEZVOUS_PATH - 1 - strlen(path);
	if (!host_folder_is_private(path) || !host_folder_list(path, take_name, &search))
		return false;
	if (search.count > 1) {
		search.is_among_attended = true;
		search.count = 0;
		host_folder_list(path, take_name, &search);
	}
	if (search.count == 1)
		add_name(path, search.name);
	return search.count == 1;
}
