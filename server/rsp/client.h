/* SPDX-License-Identifier: MIT */
/*
 * client.h - one client of gdb's protocol: its connection, its view of the cores, what it
 * was promised, what it waits for, and the notes held for it.
 *
 * A packet that cannot be answered at once leaves the client waiting; packets behind it are
 * held until the reply has gone.
 */
#ifndef SERVER_RSP_CLIENT_H
#define SERVER_RSP_CLIENT_H

#include "flash/load/load.h"
#include "flash/options/change.h"
#include "server/debug/view.h"
#include "server/rsp/non_stop.h"
#include "server/rsp/processes.h"
#include "server/session/connection.h"
#include "server/session/deliver.h"
#include "server/session/notes.h"
#include "transport/base/progress.h"

struct clients;

struct option_setting {
	struct option_change change;
	unsigned step;               /* which of the jobs behind the write runs */
	const struct layout *layout; /* of the flash before, as gdb knows it */
};

enum client_phase {
	CLIENT_SILENT,   /* no packet has come: it has no view yet */
	CLIENT_REFUSED,  /* there was no view for it */
	CLIENT_NEW,      /* has not attached */
	CLIENT_ATTACHED, /* from `?` to D */
	CLIENT_PARTED,   /* after D or vKill, or its program is gone with the target */
	CLIENT_LEAVING,  /* tether is shutting down; gdb may still ask for threads */
	CLIENT_OVER
};

/* A Ctrl-C that has not been answered by a stop, from the one that gdb's user surely means to stop what
 * gdb goes on with by itself to the one that an IDE sends to what stands. */
enum client_interrupt {
	INTERRUPT_LOST_TO_STOP, /* the core ran, and stopped for a reason of its own */
	INTERRUPT_CROSSED_STOP, /* the client has just heard of a stop, which it may pass over */
	INTERRUPT_AT_PROMPT /* it knew that its core is halted */
};

enum client_wait {
	WAIT_NOTHING,
	WAIT_STOP,     /* for a core to halt */
	WAIT_WORK,     /* for its own job */
	WAIT_SILENTLY, /* the same, and there is no reply */
	WAIT_TARGET,   /* for a lost board to be connected again */
	WAIT_HANDOVER, /* for a probe that is taken over: `parked` is answered then */
	WAIT_MONITOR   /* for its own job, begun by a monitor command */
};

/* What client and server have agreed upon, by qSupported and `!`. */
struct agreement {
	bool is_extended;
	bool has_thread_suffix; /* lldb's registers packets end with ";thread:1;" */
	struct error_dialect errors;
	struct stop_dialect dialect;
};

struct client {
	struct clients *clients;
	struct connection connection;
	struct view view; /* from CLIENT_NEW on */
	enum client_phase phase;
	unsigned home;       /* the core of the port it came by */
	enum ender ended_by; /* D or k came before the end, or the board was lost */
	char fate[128];      /* what became of the core */
	struct agreement agreed;
	struct processes processes; /* that gdb has */
	struct non_stop non_stop;

	enum client_wait waits_for;
	struct progress progress; /* of the job that it waits for */
	bool has_description;     /* it was sent the description of the registers */
	unsigned described;       /* set of cores: of these */
	bool has_worked;          /* it has sent a packet of commands.h's IS_WORK */
	bool has_replied;         /* to the packet that is being answered */
	bool was_interrupted;     /* Ctrl-C came while it waited */
	bool is_at_prompt;        /* its last stop was the answer to one, or long ago */
	bool has_interrupt;       /* one came that no stop has answered yet */
	uint64_t interrupt_us;
	enum client_interrupt interrupt;
	uint64_t spoke_us;  /* the last packet */
	uint64_t talked_us; /* that, or the last reply; 0: there was none */
	unsigned selected;  /* the core selected by Hg, while a monitor command runs */

	char *parked; /* a packet that is to be answered; NULL: none */
	/* What is being done must not be done twice: it is not parked once it has begun. */
	bool acts_once;
	size_t parked_len;

	bool has_found; /* qSearch:memory, at found_at */
	uint32_t found_at;

	/* vFlashErase and vFlashWrite collect, vFlashDone programs. */
	struct load_request load;
	bool borrows_main; /* the load halts the main core, which ran, for one that waits */
	bool has_vectors;  /* what is loaded has a vector table where the chip starts */
	uint32_t initial_sp;           /* its first word */
	uint32_t dp_select;            /* WriteDP of the monitor */
	uint32_t crc;                  /* of qCRC, while its job runs */
	struct option_setting options; /* of monitor options set, while its jobs run */

	struct reason why;      /* the last failure; cause NONE: there was none */
	bool is_refusal;        /* ... and it is that of a monitor command */
	struct reason load_why; /* of the last load; cause NONE: it has not failed */
	struct notes notes;
	unsigned blind;      /* set of cores whose state cannot be read, as it was noted */
	bool has_fault_note; /* a failure is about an address that cannot be read */
	char noted_root[REASON_LINE_MAX]; /* the root of the last of the failures */

	char reply[CONNECTION_REPLY]; /* under construction */
};

struct debugger *client_debugger(const struct client *client);
struct board *client_board(const struct client *client);
bool client_is_over(const struct client *client);
bool client_has_view(const struct client *client);
/* gdb knows that its program is gone. */
bool client_has_no_program(const struct client *client);
const char *client_core_name(const struct client *client);

/* Sends the reply to what the client asked, which then no longer waits. */
void client_reply(struct client *client, const char *bytes, size_t len);
/* Reports a failure as the packet allows, and keeps it (deliver.h). */
void client_fail(struct client *client, enum delivery how, const struct reason *why);
/* Keeps a failure for "monitor why". */
void client_keep(struct client *client, const struct reason *why);
/* The same of a monitor command that cannot be as it was typed, which its user has read: it does not
 * take the place of what has failed. */
void client_keep_refusal(struct client *client, const struct reason *why);

/* Output of a monitor command, or a line while the client waits for a stop; lost when it
 * waits for neither. The newline is added. */
void client_print(struct client *client, const char *fmt, ...) FORMAT_PRINTF(2, 3);
void client_print_lines(struct client *client, const char *lines);

/* Something that the user should know: at once when the client takes console text now, else
 * with the next packet that can carry it, if it is still true then. The newline is added.
 * The same text twice in a row is said once. */
void client_note(struct client *client, enum note_topic topic, const char *fmt, ...)
	FORMAT_PRINTF(3, 4);
/* Drops those about failures alone: monitor why reports them in full. */
void client_drop_failures(struct client *client);
/* The core goes on: what was said last may be said again, but for that it is locked up when
 * it is so already. */
void client_allow_repeats(struct client *client);
/* What was held about the state before a reset or a load is out of date. */
void client_outdate_notes(struct client *client);
/* Sends what was held back. */
void client_send_notes(struct client *client);

/* Makes it wait: packets are held until client_reply(). */
void client_wait(struct client *client, enum client_wait what);
/* It need wait no longer, and gets no reply. */
void client_wait_over(struct client *client);

/* Keeps a Ctrl-C that no stop has answered, for the next resume. */
void client_keep_interrupt(struct client *client, enum client_interrupt kind);
/* Which kind one is that comes while nothing runs. */
enum client_interrupt client_interrupt_while_halted(const struct client *client);
void client_forget_interrupt(struct client *client);
/* A packet comes: a Ctrl-C that is too old for its kind, or behind a long pause, is forgotten. */
void client_age_interrupt(struct client *client);
/* Takes it: true when one was kept. */
bool client_take_interrupt(struct client *client);

/* Gives up its cores (D, k): the obituary has what became of them. */
void client_part(struct client *client, enum ender ended_by);
/* Gives up the process of that core: the only one, as above; of several that one alone. */
void client_part_from(struct client *client, unsigned core, enum ender ended_by);
/* Ends it: obituary, view closed, FIN, drain. Twice is harmless. */
void client_end(struct client *client, enum ender ender);

/* For connection_ops.ended: gives up its view and writes the obituary. */
void client_close(struct client *client, enum ender ender);

#endif /* SERVER_RSP_CLIENT_H */
