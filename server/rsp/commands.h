/* SPDX-License-Identifier: MIT */
/*
 * commands.h - the packets that are known, as rows: what they are called, what arguments
 * they take, what they need, and how their failures are told.
 *
 * The rows stand beside their functions: query.c, registers.c, memory.c, run.c,
 * breakpoint_commands.c, load.c, monitor.c.
 */
#ifndef SERVER_RSP_COMMANDS_H
#define SERVER_RSP_COMMANDS_H

#include "server/rsp/request.h"
#include "server/session/server.h"

enum command_flag {
	NEEDS_TARGET = 1,  /* refused while the board is lost */
	NEEDS_QUIET = 2,   /* refused while a job is under way */
	IS_EXACT = 4,      /* nothing may follow the name */
	IS_SILENT = 8,     /* has no reply in the protocol */
	ASKS_THREADS = 16, /* what gdb sends after an exit, before it reports that */
	IS_LOAD_PART = 32, /* its failure stays with the load until vFlashDone */
	ENDS_LOAD = 64,    /* nothing of the load is left when it fails */
	FOR_REFUSED = 128  /* answered though there is no place for this client */
};

/* Adds its reply, or makes the session wait, or ends it. A cause is told as the row says.
 */
typedef enum cause command_function(struct session *session, const struct request *request,
				    struct text *reply, struct reason *why);

struct command {
	const char *name; /* NULL ends a table */
	const char *schema;
	unsigned flags;
	enum delivery failure;
	command_function *run;
};

extern const struct command query_commands[];
extern const struct command register_commands[];
extern const struct command memory_commands[];
extern const struct command run_commands[];
extern const struct command breakpoint_commands[];
extern const struct command load_commands[];
extern const struct command monitor_commands[];

/* Runs the packet and sees to it that it is answered; an unknown one with an empty reply,
 * as the protocol asks. */
void command_dispatch(struct session *session, const char *packet, size_t len);

/* Adds `size` bytes as hexadecimal digits. */
void reply_add_hex(struct text *reply, const uint8_t *bytes, size_t size);

#endif /* SERVER_RSP_COMMANDS_H */
