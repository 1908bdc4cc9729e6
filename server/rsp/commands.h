/* SPDX-License-Identifier: MIT */
/*
 * commands.h - the packets that are known, as rows: what they are called, what arguments
 * they take, what they need, and how their failures are reported.
 *
 * The rows stand beside their functions: query.c, lldb.c, registers.c, memory.c, write.c, run.c,
 * non_stop.c, attach.c, breakpoints.c, load.c, search.c, server/monitor/monitor.c.
 */
#ifndef SERVER_RSP_COMMANDS_H
#define SERVER_RSP_COMMANDS_H

#include "server/rsp/client.h"
#include "server/rsp/request.h"

enum command_flag {
	NEEDS_TARGET = 1,  /* refused while the board is lost */
	IS_EXACT = 2,      /* nothing may follow the name */
	IS_SILENT = 4,     /* has no reply in the protocol */
	ASKS_THREADS = 8,  /* what gdb sends after an exit, before it reports that */
	IS_LOAD_PART = 16, /* its failure stays with the load until vFlashDone */
	ENDS_LOAD = 32,    /* nothing of the load is left when it fails */
	FOR_REFUSED = 64,  /* answered though there is no view for this client */
	IS_WORK = 128,     /* gdb sends none before it has taken the registers */
	NEEDS_CORE = 256   /* refused while the board was never there: no core is known */
};

/* What a command works on, beside the claims of the board: refused while another job has
 * one of them. */
enum { CORE = VIEW_CLAIM_CORE, CORES = VIEW_CLAIM_CORES, ALL = CLAIM_EVERYTHING };

/* Adds its reply, or makes the client wait, or ends it. A cause is reported as the row says.
 */
typedef enum cause command_function(struct client *client, const struct request *request,
				    struct text *reply, struct reason *why);

struct command {
	const char *name; /* NULL ends a table */
	const char *schema;
	unsigned claims; /* 0: nothing that a job may have */
	unsigned flags;
	enum delivery failure;
	command_function *run;
};

extern const struct command query_commands[];
extern const struct command lldb_commands[];
extern const struct command register_commands[];
extern const struct command memory_commands[];
extern const struct command write_commands[];
extern const struct command run_commands[];
extern const struct command non_stop_commands[];
extern const struct command attach_commands[];
extern const struct command breakpoint_commands[];
extern const struct command load_commands[];
extern const struct command search_commands[];

/* Runs the packet and ensures that it is answered; an unknown one with an empty reply,
 * as the protocol asks. */
void command_dispatch(struct client *client, const char *packet, size_t len);
/* Answers the packet that came while the probe was being taken over, if there is one. */
void command_unpark(struct client *client);

/* The length of a register packet without the thread that lldb names behind it, which is
 * selected (lldb.c). */
size_t command_take_thread(struct client *client, const char *packet, size_t len);

/* Attaches to the selected core, whose process the client then has. */
enum cause command_attach(struct client *client, struct reason *why);

#endif /* SERVER_RSP_COMMANDS_H */
