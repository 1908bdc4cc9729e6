/* SPDX-License-Identifier: MIT */
/*
 * front.h - how a client reaches the probe: ST's stlink-server protocol on TCP,
 * or an emulated USB bus for one command. Each front end owns file descriptors
 * and is called by the main loop (main.c) when they are ready.
 */
#ifndef TEST_EMULATOR_FRONT_FRONT_H
#define TEST_EMULATOR_FRONT_FRONT_H

#include <poll.h>
#include <stdbool.h>

#include "test/emulator/probe/usb_function.h"

enum { FRONT_MAX_FDS = 384, FRONT_MAX_PROBES = 7 };

struct front;

struct front_ops {
	/* Fills in what to poll for; returns how many (at most FRONT_MAX_FDS). */
	unsigned (*poll_fds)(struct front *front, struct pollfd *fds);
	/* Deals with what is ready. Runs to completion, never waits for the client
	 * in the middle of a request for longer than the request's bytes take. */
	void (*ready)(struct front *front, const struct pollfd *fds, unsigned len);
	/* Takes the `which`th probe off the bus, or plugs it in again. */
	void (*plug)(struct front *front, unsigned which, bool plugged);
	/* True when there is no more to serve (the command of --usb or --vhci ended);
	 * *status is then the exit status of the emulator. */
	bool (*is_over)(struct front *front, int *status);
	void (*free)(struct front *front);
};

struct front {
	const struct front_ops *ops;
};

/* What is plugged in: the board's probe first. */
/* As a udev rule sets it for everybody. */
enum { FRONT_NODE_MODE = 0666 };

struct front_probes {
	struct usb_function *list[FRONT_MAX_PROBES];
	unsigned len;
	bool first_is_held; /* another program has claimed it */
	unsigned node_mode; /* of the probes' device nodes */
};

/* All print what is wrong to stderr and return NULL when they cannot start. Port 0
 * takes a free one; the line "listening on 127.0.0.1:PORT" on stdout tells it. */
struct front *front_stlink_tcp(const struct front_probes *probes, unsigned port);
/* CMSIS-DAP over TCP, as OpenOCD frames it; the first probe alone. */
struct front *front_dap_tcp(const struct front_probes *probes, unsigned port);
/* A held probe is claimed by a process of its own, "probe-holder", before the command
 * starts. */
struct front *front_usb(const struct front_probes *probes, char *const *command);
/* On a bus of this machine's kernel. Waits until it has taken each probe in, 20 s at most.
 * Refuses a held probe. */
struct front *front_vhci(const struct front_probes *probes, char *const *command);

#endif /* TEST_EMULATOR_FRONT_FRONT_H */
