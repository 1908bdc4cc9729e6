/* SPDX-License-Identifier: MIT */
#include "server/cli/ports.h"

#include "server/cli/core_choice.h"
#include "server/rsp/accept.h"
#include "targets/board/board.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/vtarget.h"

#include <string.h>

enum { PORT_STRIDE = 2 };

static void
announce_board(struct ports *ports)
{
	struct board *board = ports->board;
	struct vtarget vtarget;
	char words[256];
	struct text text;
	/* Some probes cannot measure it. */
	struct reason why = REASON_INIT;

	text_init(&text, words, sizeof(words));
	if (board_probe(board)->clock_hz > 0)
		text_add(&text, ", SWD at %u kHz",
			 (unsigned)(board_probe(board)->clock_hz / HZ_PER_KHZ));
	if (vtarget_measure(board_probe(board), &vtarget, &why) == CAUSE_NONE) {
		text_add(&text, ", ");
		vtarget_add_words(&vtarget, &text);
	}
	log_print("%s%s", board_describe(board), words);
}

static void
announce_port(const struct ports *ports, unsigned index, bool is_open)
{
	struct board *board = ports->board;
	const struct device *device = board_device(board);
	const struct probe_identity *probe = &board_probe(board)->identity;
	const struct core *core = board_core(board, ports->core_of[index]);
	char held[96] = "";
	struct text text;

	text_init(&text, held, sizeof(held));
	if (board_is_asleep(board, ports->core_of[index]))
		text_add(&text, "; %s sleeps, and is served when it wakes",
			 core_name(core));
	else if (core_is_held(core))
		text_add(&text, "; %s waits: %s holds it", core_name(core),
			 board_held_core(board)->gate.name);
	log_print("%s port %u for gdb: %s of %s, probe %s %s%s",
		  is_open ? "The target is there. Serving on" : "Listening on",
		  ports->listeners[index].port, core_name(core),
		  device == NULL ? "an unknown chip" : device->name, probe->kind,
		  probe->serial, held);
}

static bool
is_behind(struct board *board, unsigned index, uint32_t port)
{
	return core_memory(board_core(board, index))->ap == port;
}

/* Failure mode D8: the chip has no core behind the port that was asked for, so it is the first that
 * is meant. A second core that was not started is not served by the first. */
static bool
is_port_wrong(const struct ports *ports)
{
	struct board *board = ports->board;
	uint32_t port = ports->options->core_port;

	return core_choice_at(board, port) == NULL || board_lacks_port(board, port);
}

static bool
is_wanted(const struct ports *ports, unsigned index)
{
	const char *wanted = ports->options->core;
	struct board *board = ports->board;

	if (ports->options->has_core_port)
		return is_behind(board, index, ports->options->core_port) ||
		       (index == 0 && is_port_wrong(ports));
	return wanted == NULL || strcmp(wanted, core_name(board_core(board, index))) == 0;
}

static void
note_other_port(const struct ports *ports)
{
	struct board *board = ports->board;
	char others[64] = "";
	struct text text;

	if (!ports->options->has_core_port || !is_port_wrong(ports))
		return;
	text_init(&text, others, sizeof(others));
	for (unsigned i = 1; i < board_cores(board); i++)
		text_add(&text, "; %s is behind access port %u",
			 core_name(board_core(board, i)),
			 (unsigned)core_memory(board_core(board, i))->ap);
	log_warning("server",
		    "this chip has no core behind access port %u: serving %s (%s), behind "
		    "access port %u%s",
		    (unsigned)ports->options->core_port, core_name(board_core(board, 0)),
		    core_identity(board_core(board, 0))->name,
		    (unsigned)core_memory(board_core(board, 0))->ap, others);
}

static enum cause
refuse_core(const struct ports *ports, struct reason *why)
{
	if (ports->options->has_core_port)
		return core_choice_refuse_port(ports->board, ports->options->core_port,
					       why);
	return core_choice_refuse(ports->board, ports->options->core, why);
}

static void
accept_client(struct listener *listener, uv_stream_t *stream)
{
	struct ports *ports = listener->context;

	rsp_accept(ports->clients, ports->core_of[listener - ports->listeners], stream);
}

/* The port between two is SWO's. */
static enum cause
begin_listening(struct ports *ports, unsigned index, struct reason *why)
{
	struct listener *listener = &ports->listeners[index];
	unsigned port = ports->options->port;
	enum cause cause = CAUSE_NONE;

	*listener = (struct listener){ .option = "--port",
				       .take = accept_client,
				       .context = ports };
	if (!tape_is_played(ports->tape))
		cause = listener_begin(listener, ports->loop, ports->options->bind,
				       port == 0 ? 0 : port + index * PORT_STRIDE, why);
	listener->port = tape_number(ports->tape, "port", listener->port);
	return cause;
}

static enum cause
listen_for(struct ports *ports, unsigned index, unsigned core, struct reason *why)
{
	bool is_open = index == 0 && ports->is_early;
	enum cause cause = CAUSE_NONE;

	ports->core_of[index] = core;
	if (is_open)
		rsp_set_home(ports->clients, core);
	else
		cause = begin_listening(ports, index, why);
	if (cause == CAUSE_NONE)
		announce_port(ports, index, is_open);
	return cause;
}

unsigned
ports_first(const struct ports *ports)
{
	/* Of one that is played none is open. */
	for (size_t i = 0; i < array_len(ports->listeners); i++)
		if (ports->listeners[i].is_open || tape_is_played(ports->tape))
			return ports->listeners[i].port;
	return 0;
}

/* A core that is held counts: gdb gets the reason why it cannot attach to it. */
static bool
waits_for_core(const struct ports *ports)
{
	return ports->options->core == NULL && !ports->options->has_core_port &&
	       board_held_core(ports->board) != NULL;
}

enum cause
ports_open(struct ports *ports, struct reason *why)
{
	unsigned listening = 0, len = board_cores(ports->board);

	for (unsigned i = 0; i < len; i++) {
		enum cause cause;

		if (!is_wanted(ports, i))
			continue;
		if (listening == 0) {
			announce_board(ports);
			note_other_port(ports);
		}
		cause = listen_for(ports, listening++, i, why);
		if (cause != CAUSE_NONE)
			return cause;
	}
	ports->clients->has_processes = listening > 1 || waits_for_core(ports);
	return listening > 0 ? CAUSE_NONE : refuse_core(ports, why);
}

enum cause
ports_open_early(struct ports *ports, struct reason *why)
{
	enum cause cause = begin_listening(ports, 0, why);

	if (cause != CAUSE_NONE)
		return cause;
	ports->is_early = true;
	log_print("Listening on port %u for gdb: no target yet, tether looks for it",
		  ports->listeners[0].port);
	return CAUSE_NONE;
}

unsigned
ports_first_core(const struct ports *ports)
{
	return ports->core_of[0];
}

void
ports_end(struct ports *ports)
{
	for (size_t i = 0; i < array_len(ports->listeners); i++)
		listener_end(&ports->listeners[i]);
}
