/* SPDX-License-Identifier: MIT */
/*
 * listener.h - a TCP socket that listens on loopback, for tests of clients.
 */
#ifndef TEST_UNIT_LISTENER_H
#define TEST_UNIT_LISTENER_H

struct listener {
	int fd;
	char port[8]; /* chosen by the system */
};

/* Any mistake ends the program by assert. */
void listener_open(struct listener *listener);
void listener_close(struct listener *listener);
/* Blocks until a client connects; returns the socket. */
int listener_accept(struct listener *listener);

#endif /* TEST_UNIT_LISTENER_H */
