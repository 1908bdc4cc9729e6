/* SPDX-License-Identifier: MIT */
/*
 * listen.h - a TCP socket on the loopback interface, for the front ends that have one.
 */
#ifndef TEST_EMULATOR_FRONT_LISTEN_H
#define TEST_EMULATOR_FRONT_LISTEN_H

/* The listening descriptor, which does not block; 0 takes a free port. The line "listening
 * on 127.0.0.1:PORT" on stdout tells it. -1 after telling on stderr why not. */
int listen_on(unsigned port, int backlog);

#endif /* TEST_EMULATOR_FRONT_LISTEN_H */
