/* SPDX-License-Identifier: MIT */
/*
 * preload_client.h - a program with umockdev's preload library, played by a child process
 * that speaks its protocol: system calls on a node go out, and the program that serves them may
 * read and write our memory. For the tests of nodes; each has one of them.
 */
#ifndef TEST_EMULATOR_TEST_PRELOAD_CLIENT_H
#define TEST_EMULATOR_TEST_PRELOAD_CLIENT_H

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/emulator/front/node.h"

static char preload_folder[] = "/tmp/node-test-XXXXXX";
static char preload_address[sizeof(preload_folder) + 8];
static char preload_fifo[sizeof(preload_address)];
static int preload_fifo_fd; /* the program's */

/* --- the child's side --- */

/* The child has no part in cmocka's way to leave a test. */
static inline void
expect_at(bool is_true, const char *text, int line)
{
	if (is_true)
		return;
	fprintf(stderr, "line %d: not true: %s\n", line, text);
	_exit(1);
}
#define expect(condition) expect_at(condition, #condition, __LINE__)

static inline int
open_node(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	strcpy(name.sun_path, preload_address);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	expect(connect(fd, (struct sockaddr *)&name, sizeof(name)) == 0);
	return fd;
}

static inline void
take(int fd, void *bytes, size_t size)
{
	expect(recv(fd, bytes, size, MSG_WAITALL) == (ssize_t)size);
}

/* As a system call, with the errno as a negative number. */
static inline int
remote_call(int fd, uint64_t code, uint64_t first, uint64_t second)
{
	uint64_t message[3] = { code, first, second };
	expect(write(fd, message, sizeof(message)) == sizeof(message));
	for (;;) {
		take(fd, message, sizeof(message));
		void *at;
		memcpy(&at, &message[1], sizeof(at));
		if (message[0] == MESSAGE_FETCH)
			expect(write(fd, at, message[2]) == (ssize_t)message[2]);
		else if (message[0] == MESSAGE_PUT)
			take(fd, at, message[2]);
		else
			return message[1] == UINT64_MAX ? -(int)message[2]
							: (int)message[1];
	}
}

static inline bool
node_is_ready(short events)
{
	struct pollfd node = { .fd = preload_fifo_fd, .events = events };
	return poll(&node, 1, 0) == 1;
}

/* --- the test's side --- */

static volatile sig_atomic_t wants_unplug;

static inline void
on_unplug(int number)
{
	(void)number;
	wants_unplug = 1;
}

/* The device under test. */
struct preload_server {
	unsigned (*poll_fds)(struct pollfd *fds);
	void (*ready)(const struct pollfd *fds, unsigned len);
	void (*unplug)(void); /* when the child sends SIGUSR1 */
};

/* Serves until the child has ended; how it ended. */
static inline int
serve_child_by(const struct preload_server *server, void (*act)(void))
{
	struct pollfd fds[NODE_MAX_CLIENTS + 1];
	int status;
	pid_t child = fork();
	if (child == 0) {
		act();
		_exit(0);
	}
	while (waitpid(child, &status, WNOHANG) == 0) {
		unsigned len = server->poll_fds(fds);
		if (poll(fds, len, 5) > 0)
			server->ready(fds, len);
		if (wants_unplug) {
			wants_unplug = 0;
			server->unplug();
		}
	}
	return status;
}

/* Makes socket and FIFO; the listening socket. */
static inline int
preload_make_node(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	strcpy(strrchr(preload_folder, '-'), "-XXXXXX");
	assert_non_null(mkdtemp(preload_folder));
	snprintf(preload_address, sizeof(preload_address), "%s/sock", preload_folder);
	snprintf(preload_fifo, sizeof(preload_fifo), "%s/node", preload_folder);
	strcpy(name.sun_path, preload_address);
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(listen(listener, 4), 0);
	assert_int_equal(mkfifo(preload_fifo, 0600), 0);
	preload_fifo_fd = open(preload_fifo, O_RDWR | O_NONBLOCK);
	signal(SIGUSR1, on_unplug);
	return listener;
}

static inline void
preload_remove_node(void)
{
	close(preload_fifo_fd);
	unlink(preload_fifo);
	unlink(preload_address);
	rmdir(preload_folder);
}

#endif /* TEST_EMULATOR_TEST_PRELOAD_CLIENT_H */
