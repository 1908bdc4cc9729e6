/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "test/emulator/front/command.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/emulator/front/family.h"

enum { NOT_RUN = 127, SIGNAL_STATUS = 128, KILL_AFTER_MS = 2000 };

static void
run(char *const *arguments, void (*prepare)(const void *of), const void *of)
{
	if (prepare)
		prepare(of);
	execvp(arguments[0], arguments);
	fprintf(stderr, "emulator: cannot run %s: %s\n", arguments[0], strerror(errno));
	_exit(NOT_RUN);
}

bool
command_start(struct command *command, char *const *arguments,
	      void (*prepare)(const void *of), const void *of)
{
	fflush(NULL);
	family_adopt();
	command->child = fork();
	if (command->child == 0)
		run(arguments, prepare, of);
	if (command->child > 0)
		command->fd = (int)syscall(SYS_pidfd_open, command->child, 0);
	if (command->fd >= 0)
		return true;
	fprintf(stderr, "emulator: cannot start %s: %s\n", arguments[0], strerror(errno));
	return false;
}

void
command_note_end(struct command *command)
{
	int status;
	if (waitpid(command->child, &status, WNOHANG) != command->child)
		return;
	command->status =
		WIFEXITED(status) ? WEXITSTATUS(status) : SIGNAL_STATUS + WTERMSIG(status);
	close(command->fd);
	command->fd = -1;
	command->child = 0;
}

static void
end_child(struct command *command)
{
	struct pollfd ended = { .fd = command->fd, .events = POLLIN };
	kill(command->child, SIGTERM);
	if (poll(&ended, 1, KILL_AFTER_MS) <= 0)
		kill(command->child, SIGKILL);
	waitpid(command->child, NULL, 0);
	close(command->fd);
}

void
command_stop(struct command *command)
{
	if (command->child > 0)
		end_child(command);
	family_end();
}
