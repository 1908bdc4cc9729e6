/* SPDX-License-Identifier: MIT */
/*
 * command.h - the command that --usb and --vhci run: started, waited for through a
 * descriptor, and ended with all that it left behind when the emulator ends first.
 */
#ifndef TEST_EMULATOR_FRONT_COMMAND_H
#define TEST_EMULATOR_FRONT_COMMAND_H

#include <stdbool.h>
#include <sys/types.h>

struct command {
	pid_t child; /* 0: not started, or ended */
	int fd;      /* readable when it has ended; -1 without a child */
	int status;  /* exit status, or 128 + signal as a shell has it */
};

/* Starts `arguments`, which end with NULL; `prepare`, if any, runs in the new process
 * before. False after telling on stderr why not. Orphans of the command become our children. */
bool command_start(struct command *command, char *const *arguments,
		   void (*prepare)(const void *of), const void *of);
/* Notes the end, when `fd` is readable. */
void command_note_end(struct command *command);
/* Ends it, should it still run (waits for 2 s at most before it is killed), and all of its
 * descendants. */
void command_stop(struct command *command);

#endif /* TEST_EMULATOR_FRONT_COMMAND_H */
