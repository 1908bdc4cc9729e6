/* SPDX-License-Identifier: MIT */
/*
 * clients.h - all clients, with what they share.
 */
#ifndef SERVER_RSP_CLIENTS_H
#define SERVER_RSP_CLIENTS_H

#include "server/rsp/client.h"
#include "server/rsp/describe.h"
#include "server/rsp/equal_reads.h"
#include "server/session/recording.h"

enum {
	/* Silent, refused, and ended ones that wait for the FIN among them: the oldest of
	 * those make room for new ones. */
	CLIENTS_MAX = DEBUGGER_MAX_VIEWS + 64,
	CLIENTS_SILENCE_MS = 10000
};

struct command;

/* SEGGER's RTT, for its monitor command: server/live has it (rtt.h). */
struct rtt_control {
	enum cause (*start)(void *context, uint32_t from, uint32_t size,
			    struct reason *why);
	void (*stop)(void *context);
	enum cause (*serve)(void *context, unsigned channel, unsigned port,
			    struct reason *why);
	void (*describe)(void *context, struct text *lines);
	void *context;
};

struct clients {
	struct debugger *debugger;
	const struct command *monitor; /* rows of the room above */
	struct recording *recording;   /* NULL: none */
	const struct rtt_control *rtt; /* NULL: there is none */
	void (*opened)(void *context); /* a client has sent its first packet */
	void (*ended)(void *context);  /* a client that had sent a packet has ended */
	void (*end)(void *context); /* a client asks the server to end; NULL: it may not */
	void *context;
	bool was_extended;   /* a client has asked for extended mode */
	bool has_processes;  /* several cores are served: gdb may have them as processes */
	unsigned silence_ms; /* without a packet, then a connection is ended */
	struct turns turns;
	uint32_t accepted; /* connections, so far */
	struct equal_reads reads;
	struct client *each[CLIENTS_MAX]; /* NULL: free */
	char document[DESCRIBE_MAX];      /* of the reply that is being made */
};

/* Keeps it. */
void clients_add(struct clients *clients, struct client *client);
void clients_remove(struct clients *clients, const struct client *client);
/* Of those that have a view and debug nothing - they never attached, or no longer are, or sent one
 * packet in all - ends the one that was silent for longest. False: there is none. */
bool clients_end_idle(struct clients *clients);
/* Those that have sent a packet and not ended. */
unsigned clients_served(const struct clients *clients);
/* A note for all that are attached. */
void clients_note(struct clients *clients, const char *words);

#endif /* SERVER_RSP_CLIENTS_H */
