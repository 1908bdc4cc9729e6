/* SPDX-License-Identifier: MIT */
#include "transport/link/rendezvous.h"

#include "transport/base/text.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
put_folder(char path[RENDEZVOUS_PATH])
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	struct text text;

	text_init(&text, path, RENDEZVOUS_PATH);
	if (runtime != NULL && runtime[0] == '/')
		text_add(&text, "%s/tether", runtime);
	else
		text_add(&text, "/tmp/tether-%u", (unsigned)getuid());
}

/* In /tmp another user may have made a folder of that name before. */
static bool
is_ours_alone(const char *folder)
{
	struct stat status;

	return lstat(folder, &status) == 0 && S_ISDIR(status.st_mode) &&
	       status.st_uid == getuid() && (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
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

enum cause
rendezvous_path(const char *name, char path[RENDEZVOUS_PATH], struct reason *why)
{
	put_folder(path);
	if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST)
		return reason_begin(why, CAUSE_HOST, "the folder %s cannot be made: %s",
				    path, strerror(errno));
	if (!is_ours_alone(path))
		return reason_begin(why, CAUSE_HOST,
				    "the folder %s is open to other users, or not a folder",
				    path);
	if (strlen(path) + 1 + strlen(name) >= RENDEZVOUS_PATH)
		return reason_begin(why, CAUSE_HOST,
				    "the path of a socket in %s would be too long", path);
	add_name(path, name);
	return CAUSE_NONE;
}

enum cause
rendezvous_guard(const char *path, struct reason *why)
{
	if (chmod(path, S_IRUSR | S_IWUSR) == 0)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_HOST, "%s cannot be closed to other users: %s", path,
			    strerror(errno));
}

void
rendezvous_clear(const char *path)
{
	unlink(path);
}

static bool
fits(const char *name, const char *prefix)
{
	for (; *prefix != '\0'; prefix++, name++)
		if (*name != (isalnum((unsigned char)*prefix) ? *prefix : '_'))
			return false;
	return name[0] != '.';
}

bool
rendezvous_find(const char *prefix, char path[RENDEZVOUS_PATH])
{
	char name[RENDEZVOUS_PATH] = "";
	unsigned count = 0;
	const struct dirent *entry;
	DIR *folder;

	put_folder(path);
	folder = is_ours_alone(path) ? opendir(path) : NULL;
	if (folder == NULL)
		return false;
	while ((entry = readdir(folder)) != NULL)
		if (fits(entry->d_name, prefix) &&
		    strlen(path) + 1 + strlen(entry->d_name) < RENDEZVOUS_PATH) {
			text_copy(name, sizeof(name), entry->d_name);
			count++;
		}
	closedir(folder);
	if (count == 1)
		add_name(path, name);
	return count == 1;
}
