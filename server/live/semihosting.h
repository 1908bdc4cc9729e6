/* SPDX-License-Identifier: MIT */
/*
 * semihosting.h - what a program asks its debugger for: to print, to open files, what time it
 * is, and that it has ended (Arm, "Semihosting for AArch32 and AArch64", Release 2.0, chapters
 * 4 to 6). newlib's rdimon, picolibc and Arm's own libraries use it.
 *
 * A Cortex-M calls by BKPT 0xAB with the operation in R0 and its parameter in R1, as a rule the
 * address of a block of words; the result goes to R0. Nobody types here: what is read from the
 * console is at its end.
 *
 * A program that is wrong, or wants to do harm, gets -1. Of a long write or read a part is done at
 * a time, which the program's C library then continues.
 */
#ifndef SERVER_LIVE_SEMIHOSTING_H
#define SERVER_LIVE_SEMIHOSTING_H

#include "server/live/host_files.h"
#include "transport/base/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SEMIHOSTING_FILES = 16, SEMIHOSTING_PIECE = 1024 };

/* The target and the host, as far as a call needs them. The two of memory may block as the
 * probe does, for at most SEMIHOSTING_PIECE bytes a call. */
struct semihosting_world {
	void *context;
	enum cause (*read)(void *context, uint32_t at, void *bytes, uint32_t size,
			   struct reason *why);
	enum cause (*write)(void *context, uint32_t at, const void *bytes, uint32_t size,
			    struct reason *why);
	/* Text of the program, not terminated, in pieces as they come. */
	void (*print)(void *context, const char *text, size_t len);
	uint64_t (*now_us)(void *context);
};

enum semihosting_file {
	FILE_FREE,
	FILE_CONSOLE_IN,
	FILE_CONSOLE_OUT,
	FILE_FEATURES, /* ":semihosting-features" */
	FILE_HOST
};

/* Of one core's program. */
struct semihosting {
	struct semihosting_world world;
	const struct host_folder *folder; /* where its files are */
	uint64_t begun_us;
	int error; /* of the last call that failed, for SYS_ERRNO */
	struct {
		enum semihosting_file kind;
		int host;    /* of FILE_HOST */
		uint32_t at; /* of FILE_FEATURES */
	} files[SEMIHOSTING_FILES];
};

enum semihosting_end {
	SEMIHOSTING_GOES_ON,
	SEMIHOSTING_ENDED,  /* with exit_code */
	SEMIHOSTING_UNKNOWN /* there is no such operation */
};

struct semihosting_call {
	uint32_t operation, parameter; /* R0 and R1 */
	uint32_t result;               /* for R0 */
	enum semihosting_end end;
	uint32_t exit_code;
	bool lacks_folder; /* it asked for a file, and there is nowhere to have one */
};

void semihosting_init(struct semihosting *program, const struct semihosting_world *world,
		      const struct host_folder *folder);
/* Does what the program asks. Fails as the world's memory does where that is not the program's
 * fault (CAUSE_GONE: the target is lost); an address that cannot be read is, and gives -1. */
enum cause semihosting_serve(struct semihosting *program, struct semihosting_call *call,
			     struct reason *why);
/* The program begins anew, or nobody serves it any more: closes its files. */
void semihosting_forget(struct semihosting *program);

#endif /* SERVER_LIVE_SEMIHOSTING_H */
