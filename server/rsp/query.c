/* SPDX-License-Identifier: MIT */
/* query.c - what client and server announce, and documents about the target. */
#include "server/rsp/clients.h"
#include "server/rsp/commands.h"
#include "server/rsp/reply.h"
#include "transport/base/bytes.h"

#include <string.h>

enum { XFER_MAX = PACKET_SIZE / 2, STATE_MAX = 128 + REASON_LINE_MAX, THREAD_MAX = 16 };

static const char our_features[] =
	"qXfer:features:read+;qXfer:memory-map:read+;qXfer:threads:read+;"
	"QStartNoAckMode+;vContSupported+;error-message+;binary-upload+;"
	"ConditionalBreakpoints+;QThreadEvents+;QNonStop+;qXfer:osdata:read+";

/* To a client that names processes, on a chip with several cores. */
static const char process_features[] = ";multiprocess+";

static bool
takes_feature(const struct argument *list, const char *feature)
{
	const char *at = list->bytes, *end = list->bytes + list->len;
	size_t len = strlen(feature);

	while (at < end) {
		const char *semicolon = memchr(at, ';', (size_t)(end - at));
		const char *stop = semicolon == NULL ? end : semicolon;

		if ((size_t)(stop - at) == len && memcmp(at, feature, len) == 0)
			return true;
		at = semicolon == NULL ? end : stop + 1;
	}
	return false;
}

/* lldb asks for multiprocess ids as well, attaches no second process, and its thread suffix names
 * none (lldb 19.1); gdb alone announces hwbreak+ (GDB manual, "General Query Packets"). */
static bool
wants_processes(const struct argument *list)
{
	return takes_feature(list, "multiprocess+") && takes_feature(list, "hwbreak+");
}

static enum cause
query_supported(struct client *client, const struct request *request, struct text *reply,
		struct reason *why)
{
	(void)why;
	if (request->len > 0) {
		const struct argument *features = &request->at[0];

		client->agreed.errors.takes_words =
			takes_feature(features, "error-message+");
		client->agreed.dialect.swbreak = takes_feature(features, "swbreak+");
		client->agreed.dialect.hwbreak = takes_feature(features, "hwbreak+");
		client->processes.are_named =
			client->clients->has_processes && wants_processes(features);
	}
	text_add(reply, "PacketSize=%x;%s%s%s%s", PACKET_SIZE, our_features,
		 client->agreed.dialect.swbreak ? ";swbreak+" : "",
		 client->agreed.dialect.hwbreak ? ";hwbreak+" : "",
		 client->processes.are_named ? process_features : "");
	return CAUSE_NONE;
}

/* The packet that every version of gdb sends early and that refuses a connection with
 * words when it is answered by an error: so the core is looked for here. */
static enum cause
query_must_reply_empty(struct client *client, const struct request *request,
		       struct text *reply, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	(void)request;
	(void)reply;
	if (!debugger_is_lost(client_debugger(client)))
		cause = command_attach(client, why);
	if (cause != CAUSE_GONE && !debugger_is_lost(client_debugger(client)))
		return cause;
	cause = view_recover(&client->view, why);
	if (cause == CAUSE_NONE)
		client_wait(client, WAIT_TARGET);
	return cause;
}

static enum cause
query_start_no_ack(struct client *client, const struct request *request, struct text *reply,
		   struct reason *why)
{
	(void)request;
	(void)why;
	text_add(reply, "OK");
	client->connection.no_ack = true;
	return CAUSE_NONE;
}

/* With 0 gdb would kill rather than detach when it ends. */
static enum cause
query_attached(struct client *client, const struct request *request, struct text *reply,
	       struct reason *why)
{
	(void)client;
	(void)request;
	(void)why;
	text_add(reply, "1");
	return CAUSE_NONE;
}

static enum cause
answer_ok(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)client;
	(void)request;
	(void)why;
	text_add(reply, "OK");
	return CAUSE_NONE;
}

/* Threads come and go with their chip: there is never an event. */
static enum cause
set_thread_events(struct client *client, const struct request *request, struct text *reply,
		  struct reason *why)
{
	if (request->at[0].number > 1)
		return reason_begin(why, CAUSE_REQUEST,
				    "thread events are on (1) or off (0)");
	return answer_ok(client, request, reply, why);
}

static enum cause
find_thread(const struct client *client, const struct request *request, unsigned *core,
	    struct reason *why)
{
	const struct argument *id = &request->at[0];
	unsigned found = *core;

	if (processes_find(&client->processes, &client->view, id, &found)) {
		*core = found;
		return CAUSE_NONE;
	}
	return reason_begin(why, CAUSE_REQUEST, "there is no thread p%d.%d", id->process,
			    id->thread);
}

static enum cause
select_general(struct client *client, const struct request *request, struct text *reply,
	       struct reason *why)
{
	text_add(reply, "OK");
	return find_thread(client, request, &client->view.general, why);
}

static enum cause
select_control(struct client *client, const struct request *request, struct text *reply,
	       struct reason *why)
{
	text_add(reply, "OK");
	return find_thread(client, request, &client->view.control, why);
}

static enum cause
query_thread_alive(struct client *client, const struct request *request, struct text *reply,
		   struct reason *why)
{
	unsigned core = client->view.general;

	text_add(reply, "OK");
	return find_thread(client, request, &core, why);
}

static enum cause
query_current_thread(struct client *client, const struct request *request,
		     struct text *reply, struct reason *why)
{
	(void)request;
	(void)why;
	text_add(reply, "QC");
	processes_add_thread(&client->processes, client->view.general, reply);
	return CAUSE_NONE;
}

static enum cause
query_offsets(struct client *client, const struct request *request, struct text *reply,
	      struct reason *why)
{
	(void)client;
	(void)request;
	(void)why;
	text_add(reply, "Text=0;Data=0;Bss=0");
	return CAUSE_NONE;
}

/* The set of cores that are threads for this client. */
static unsigned
cores_listed(const struct client *client)
{
	if (client_has_no_program(client))
		return 0;
	return client->processes.are_named ? client->processes.held
					   : 1u << client->view.general;
}

static enum cause
query_first_threads(struct client *client, const struct request *request,
		    struct text *reply, struct reason *why)
{
	unsigned threads = cores_listed(client);
	char separator = 'm';

	(void)request;
	(void)why;
	for (unsigned i = 0; i < DEVICE_MAX_CORES; i++) {
		if ((threads & 1u << i) == 0)
			continue;
		text_add(reply, "%c", separator);
		processes_add_thread(&client->processes, i, reply);
		separator = ',';
	}
	if (threads == 0)
		text_add(reply, "l");
	return CAUSE_NONE;
}

static enum cause
query_more_threads(struct client *client, const struct request *request, struct text *reply,
		   struct reason *why)
{
	(void)client;
	(void)request;
	(void)why;
	text_add(reply, "l");
	return CAUSE_NONE;
}

/* What the core does; and why the last load failed, since no reply to it can say so. */
static void
describe_state(const struct client *client, unsigned core, struct text *words)
{
	view_describe(&client->view, core, words);
	if (client->load_why.cause != CAUSE_NONE)
		text_add(words, "; %s: %s", reason_outermost(&client->load_why),
			 reason_root(&client->load_why));
}

static enum cause
query_thread_words(struct client *client, const struct request *request, struct text *reply,
		   struct reason *why)
{
	unsigned core = client->view.general;
	char buffer[STATE_MAX];
	struct text words;

	(void)why;
	/* One that is not there is described as the selected one is. */
	processes_find(&client->processes, &client->view, &request->at[0], &core);
	text_init(&words, buffer, sizeof(buffer));
	describe_state(client, core, &words);
	reply_add_hex(reply, (const uint8_t *)buffer, words.used);
	return CAUSE_NONE;
}

/* A piece of a document: `l` with the last one (GDB manual, "General Query Packets",
 * qXfer). */
static enum cause
add_piece(const struct text *document, const struct argument *range, struct text *reply,
	  struct reason *why)
{
	uint64_t offset = range[0].number, len = range[1].number, left;

	if (offset > document->used)
		return reason_begin(why, CAUSE_REQUEST,
				    "offset %llu is beyond the document (%zu bytes)",
				    (unsigned long long)offset, document->used);
	left = document->used - offset;
	if (len > XFER_MAX)
		len = XFER_MAX;
	if (len > left)
		len = left;
	text_add(reply, "%s%.*s", len == left ? "l" : "m", (int)len,
		 document->chars + offset);
	return CAUSE_NONE;
}

static void
begin_document(struct client *client, struct text *document)
{
	text_init(document, client->clients->document, sizeof(client->clients->document));
}

static enum cause
xfer_features(struct client *client, const struct request *request, struct text *reply,
	      struct reason *why)
{
	struct text document;

	if (!argument_is(&request->at[0], "target.xml"))
		return reason_begin(why, CAUSE_REQUEST,
				    "there is no such part of the target description; "
				    "target.xml is all of it");
	client->has_description = true;
	client->described |= 1u << client->view.general;
	begin_document(client, &document);
	describe_target(view_identity(&client->view, client->view.general), &document);
	return add_piece(&document, &request->at[1], reply, why);
}

static enum cause
xfer_memory_map(struct client *client, const struct request *request, struct text *reply,
		struct reason *why)
{
	/* An unknown device has no known flash; the start of the log reports it. */
	struct reason unknown = REASON_INIT;
	struct geometry geometry;
	struct text document;
	enum cause cause = geometry_read(client_board(client), &geometry, &unknown);

	begin_document(client, &document);
	describe_memory_map(cause == CAUSE_NONE ? &geometry : NULL, &document);
	return add_piece(&document, request->at, reply, why);
}

static void
add_thread(const struct client *client, unsigned core, struct text *document)
{
	char state[STATE_MAX], id[THREAD_MAX];
	struct text words, thread;

	text_init(&words, state, sizeof(state));
	describe_state(client, core, &words);
	text_init(&thread, id, sizeof(id));
	processes_add_thread(&client->processes, core, &thread);
	describe_thread(id, view_core_name(&client->view, core), state, document);
}

static enum cause
xfer_threads(struct client *client, const struct request *request, struct text *reply,
	     struct reason *why)
{
	struct text document;

	begin_document(client, &document);
	describe_threads_begin(&document);
	for (unsigned i = 0; i < DEVICE_MAX_CORES; i++)
		if ((cores_listed(client) & 1u << i) != 0)
			add_thread(client, i, &document);
	describe_threads_end(&document);
	return add_piece(&document, request->at, reply, why);
}

/* One that is held, and that is none of the cores, is shown, for what it waits. */
static void
add_held_process(const struct client *client, struct text *document)
{
	const struct core_entry *held = board_held_core(client_board(client));
	char state[STATE_MAX];
	struct text words;

	if (held == NULL || view_cores(&client->view) > 1)
		return;
	text_init(&words, state, sizeof(state));
	text_add(&words, "waits: %s holds it", held->gate.name);
	describe_process(view_cores(&client->view) + 1, held->name, state, document);
}

/* "info os": what may be asked for. */
static enum cause
xfer_osdata_types(struct client *client, const struct request *request, struct text *reply,
		  struct reason *why)
{
	struct text document;

	begin_document(client, &document);
	describe_osdata_types(&document);
	return add_piece(&document, request->at, reply, why);
}

/* The cores, "info os processes": with multiprocess ids gdb may attach to each of them. */
static enum cause
xfer_processes(struct client *client, const struct request *request, struct text *reply,
	       struct reason *why)
{
	struct text document;

	begin_document(client, &document);
	describe_processes_begin(&document);
	for (unsigned i = 0; i < view_cores(&client->view); i++) {
		char state[STATE_MAX];
		struct text words;

		text_init(&words, state, sizeof(state));
		view_describe(&client->view, i, &words);
		describe_process(i + 1, view_core_name(&client->view, i), state, &document);
	}
	add_held_process(client, &document);
	describe_processes_end(&document);
	return add_piece(&document, request->at, reply, why);
}

const struct command query_commands[] = {
	{ "qSupported", "?:b", 0, FOR_REFUSED, DELIVER_WORDS, query_supported },
	{ "vMustReplyEmpty", "", 0, IS_EXACT, DELIVER_WORDS, query_must_reply_empty },
	{ "QStartNoAckMode", "", 0, IS_EXACT | FOR_REFUSED, DELIVER_CODE,
	  query_start_no_ack },
	{ "qXfer:features:read:", "w:n,n", 0, NEEDS_CORE, DELIVER_CODE, xfer_features },
	{ "qXfer:memory-map:read::", "n,n", 0, NEEDS_CORE, DELIVER_CODE, xfer_memory_map },
	{ "qXfer:threads:read::", "n,n", 0, ASKS_THREADS | NEEDS_CORE, DELIVER_CODE,
	  xfer_threads },
	{ "qXfer:osdata:read:processes:", "n,n", 0, NEEDS_CORE, DELIVER_CODE,
	  xfer_processes },
	{ "qXfer:osdata:read::", "n,n", 0, 0, DELIVER_CODE, xfer_osdata_types },
	{ "qAttached", "?:b", 0, 0, DELIVER_CODE, query_attached },
	{ "qC", "", 0, IS_EXACT, DELIVER_CODE, query_current_thread },
	{ "qOffsets", "", 0, IS_EXACT, DELIVER_WORDS, query_offsets },
	{ "qSymbol:", "b", 0, 0, DELIVER_CODE, answer_ok },
	{ "qfThreadInfo", "", 0, IS_EXACT | ASKS_THREADS, DELIVER_CODE,
	  query_first_threads },
	{ "qsThreadInfo", "", 0, IS_EXACT, DELIVER_CODE, query_more_threads },
	{ "qThreadExtraInfo", ",t", 0, 0, DELIVER_CODE, query_thread_words },
	{ "QThreadEvents", ":n", 0, 0, DELIVER_CODE, set_thread_events },
	{ "Hg", "t", 0, 0, DELIVER_CODE, select_general },
	{ "Hc", "t", 0, 0, DELIVER_CODE, select_control },
	{ "T", "t", 0, 0, DELIVER_CODE, query_thread_alive },
	{ 0 },
};
