/* SPDX-License-Identifier: MIT */
/*
 * host_files.h - files of this computer that a target's program may open: those below one
 * folder, by names that cannot lead out of it. No call blocks for longer than the disk does.
 */
#ifndef SERVER_LIVE_HOST_FILES_H
#define SERVER_LIVE_HOST_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A program may not fill the disk: no file becomes longer by writing to it. */
enum { HOST_FILE_MAX = 64 * 1024 * 1024 };

/* Each returns -1, with the reason as errno has it, when it fails. A name is made of parts
 * between slashes, of which none is empty, "." or "..", and none a symbolic link: EACCES or
 * ELOOP. What is no ordinary file is refused (EACCES). `folder` -1: there is none (EACCES). */

/* `mode` as fopen() numbers them in semihosting: 0 "r", 1 "rb", 2 "r+" ... 11 "a+b". */
int host_files_open(int folder, const char *name, unsigned mode);
int host_files_remove(int folder, const char *name);
int host_files_rename(int folder, const char *from, const char *to);
/* EFBIG beyond HOST_FILE_MAX. */
int64_t host_files_write(int file, const void *bytes, size_t size);

#endif /* SERVER_LIVE_HOST_FILES_H */
