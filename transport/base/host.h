/* SPDX-License-Identifier: MIT */
/*
 * host.h - what tether needs of this computer and ISO C does not have: time, the standard
 * streams, signals, files that fopen() cannot open as they must be, folders, other processes.
 *
 * All other files of the product keep to C11 and to its libraries, but for sockets
 * (transport/link/socket.h): scripts/check-portable. host_posix.c is written for POSIX.1-2008;
 * a port to another system writes these functions for that. What fails here says why by errno,
 * unless it takes a reason.
 */
#ifndef TRANSPORT_BASE_HOST_H
#define TRANSPORT_BASE_HOST_H

#include "transport/base/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* --- this process ------------------------------------------------------------------------- */

/* The first call of the program. stdin, stdout and stderr are open from here on, and a client
 * that closes early is a failed write and not the end. CAUSE_HOST: too few files may be open. */
enum cause host_begin(struct reason *why);
long host_process(void); /* its number */
unsigned long host_user(void);
/* Has a signal or a debugger stopped that process? False also where the system does not say. */
bool host_process_is_stopped(long process);
/* Bytes that nobody can foretell. False: errno says why there are none. */
bool host_random(void *bytes, size_t size);
/* `caught` runs as a signal handler for each of the signals by which a user or the system ends
 * a program. Calls that one interrupts go on, or fail with EINTR. */
void host_catch_ending(void (*caught)(int number), bool calls_go_on);

/* --- time --------------------------------------------------------------------------------- */

uint64_t host_now_us(void); /* monotonic; a signal handler may call it */
void host_sleep_us(uint64_t us);

struct host_time {
	time_t seconds; /* as time() has them */
	unsigned ms;
};

struct host_time host_time_of_day(void);
/* As localtime() and gmtime(), each into its caller's own. False: no such year. */
bool host_local_time(time_t seconds, struct tm *tm);
bool host_utc(time_t seconds, struct tm *tm);

/* --- standard streams --------------------------------------------------------------------- */

enum { HOST_STDIN, HOST_STDOUT, HOST_STDERR };

bool host_is_terminal(int number);

/* A standard stream, to be written without waiting for who reads it. */
struct host_output {
	int fd;         /* what is written to */
	bool is_polled; /* it may block: asked before each write */
};

void host_output_open(struct host_output *output, int number);
/* How many bytes went at once; -1 when none did, with EAGAIN when nobody reads. */
long host_output_write(const struct host_output *output, const char *bytes, size_t size);
/* False: there is no room within `wait_ms`. */
bool host_output_wait(const struct host_output *output, int wait_ms);

/* --- files -------------------------------------------------------------------------------- */

/* A new file that only this user can read, never over what is there. NULL. */
FILE *host_file_create(const char *path);
/* Empty, and never waits, neither for the reader of a FIFO nor for room in it: EAGAIN, ENXIO. */
FILE *host_file_replace(const char *path);
/* To read, a file alone: never waits, and what gives other bytes each time is none. NULL, with EISDIR of a
 * folder, and ENODEV of a device, a FIFO or a socket. */
FILE *host_file_look(const char *path);
/* In memory. After fflush() or fclose() *bytes, to be freed, has *size of them. NULL. */
FILE *host_memory_file(char **bytes, size_t *size);
/* The next line, of any length, terminated: *line, made as long as it must be, is to be freed in
 * the end. How long it is, its newline among it; -1: there is none, or no memory. */
long host_line_read(FILE *file, char **line, size_t *size);
bool host_file_exists(const char *path);
/* Is it a file, and no device or FIFO, that something was written to? */
bool host_file_is_filled(const char *path);
/* Can nothing new have that name? Also of a link that leads nowhere. */
bool host_name_is_taken(const char *path);
/* May this user read and write it? */
bool host_file_is_open_to_us(const char *path);
/* No other user may read or write it from now on. */
bool host_file_protect(const char *path);

/* What tells files apart, by whatever path. */
struct host_file_id {
	uint64_t device, number;
};

/* Of what a link leads to. False: there is no such file. */
bool host_file_identify(const char *path, struct host_file_id *id);
/* What the symbolic link says, terminated and cut. */
bool host_link_read(const char *path, char *text, size_t size);

/* --- folders ------------------------------------------------------------------------------ */

/* Makes a folder of this user alone, or finds one there of whatever kind. */
bool host_folder_make(const char *path);
/* A folder, no link to one, of this user, that no other can look into. */
bool host_folder_is_private(const char *path);
/* Calls `take` with each name in it, until that is false. False: it cannot be read. */
bool host_folder_list(const char *path, bool (*take)(void *context, const char *name),
		      void *context);

/* --- files below a folder ----------------------------------------------------------------- */

/* Numbers of open folders and files; -1: it failed. A name is one part of a path. What it names
 * may be no symbolic link (ELOOP), a file no device, FIFO or folder (EACCES). */

enum host_open {
	HOST_READ = 1,
	HOST_WRITE = 2,
	HOST_CREATE = 4, /* unless it is there */
	HOST_EMPTY = 8,
	HOST_APPEND = 16 /* each write goes to its end */
};

int host_folder_open(const char *path);
int host_folder_enter(int folder, const char *name);
int host_folder_again(int folder); /* the same, opened once more */
int host_file_open(int folder, const char *name, unsigned how);
bool host_file_remove(int folder, const char *name);
bool host_file_rename(int folder, const char *name, int to_folder, const char *to_name);

void host_close(int file); /* takes -1, and leaves errno as it was */
int64_t host_read(int file, void *bytes, size_t size);
int64_t host_write(int file, const void *bytes, size_t size);
int64_t host_seek(int file, int64_t at); /* from its beginning */
int64_t host_place(int file);
int64_t host_size(int file);

#endif /* TRANSPORT_BASE_HOST_H */
