/* SPDX-License-Identifier: MIT */
/*
 * host_files.h - files of this computer that a target's program may open: those below one
 * folder, by names that cannot lead out of it. No call blocks for longer than the disk does.
 */
#ifndef SERVER_LIVE_HOST_FILES_H
#define SERVER_LIVE_HOST_FILES_H

#include "transport/probe/tape.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* With a tape each outcome is on it; of one that is played no file is touched. */
struct host_folder {
	struct tape *tape; /* NULL: none */
	bool is_there;
	int number; /* of the open folder; -1: none */
};

/* `path` NULL: there is no folder. False: it cannot be opened, as errno says. */
bool host_folder_begin(struct host_folder *folder, struct tape *tape, const char *path);
void host_folder_end(struct host_folder *folder);

/* A program may not fill the disk: no file becomes longer by writing to it. */
enum { HOST_FILE_MAX = 64 * 1024 * 1024 };

/* Each returns -1, with the reason as errno has it, when it fails. A name is made of parts
 * between slashes, of which none is empty, "." or "..", and none a symbolic link: EACCES or
 * ELOOP. What is no ordinary file is refused (EACCES). Where there is no folder: EACCES. */

/* `mode` as fopen() numbers them in semihosting: 0 "r", 1 "rb", 2 "r+" ... 11 "a+b". */
int host_files_open(const struct host_folder *folder, const char *name, unsigned mode);
void host_files_close(const struct host_folder *folder, int file);
int host_files_remove(const struct host_folder *folder, const char *name);
int host_files_rename(const struct host_folder *folder, const char *from, const char *to);
/* EFBIG beyond HOST_FILE_MAX. */
int64_t host_files_write(const struct host_folder *folder, int file, const void *bytes,
			 size_t size);
int64_t
host_files_read(const struct host_folder *folder, int file, void *bytes, size_t size);
int host_files_seek(const struct host_folder *folder, int file, uint32_t at);
/* EFBIG beyond INT32_MAX. */
int64_t host_files_size(const struct host_folder *folder, int file);
/* Seconds since 1970. */
uint32_t host_files_time(const struct host_folder *folder);

#endif /* SERVER_LIVE_HOST_FILES_H */
