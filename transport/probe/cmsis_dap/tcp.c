/* SPDX-License-Identifier: MIT */
/*
 * A CMSIS-DAP probe behind a TCP connection, or a local socket, in openocd's framing (frame.h).
 */
#include "transport/link/tcp.h"
#include "transport/base/bytes.h"
#include "transport/base/text.h"
#include "transport/link/rendezvous.h"
#include "transport/probe/cmsis_dap/cmsis_dap.h"
#include "transport/probe/cmsis_dap/frame.h"

#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 2000 };

struct pipe {
	struct cmsis_dap_carrier carrier;
	struct tcp *tcp;
	char place[128]; /* "127.0.0.1:4441", or the path of a local socket */
	bool is_local;   /* the latter: of another tether */
	size_t have;     /* of a frame that is not complete yet */
	uint8_t frame[FRAME_MAX];
};

static struct pipe *
pipe_of(struct cmsis_dap_carrier *carrier)
{
	return container_of(carrier, struct pipe, carrier);
}

static enum cause
pipe_send(struct cmsis_dap_carrier *carrier, const uint8_t *request, size_t size,
	  uint32_t timeout_ms, struct reason *why)
{
	uint8_t frame[FRAME_MAX];

	frame_put_head(frame, size, FRAME_REQUEST);
	memcpy(frame + FRAME_HEAD, request, size);
	return tcp_send(pipe_of(carrier)->tcp, frame, FRAME_HEAD + size, timeout_ms, why);
}

static enum cause
check_head(const struct pipe *pipe, size_t *size, struct reason *why)
{
	char digits[2 * FRAME_HEAD + 1];

	if (frame_take_head(pipe->frame, FRAME_RESPONSE, size))
		return CAUSE_NONE;
	hex_encode(digits, pipe->frame, FRAME_HEAD);
	reason_begin(why, CAUSE_GONE,
		     "what came is no CMSIS-DAP response: it begins with %s", digits);
	reason_suspect(why, FINDING_HOST_NOT_A_PROBE_SERVER);
	return CAUSE_GONE;
}

static enum cause
pipe_receive(struct cmsis_dap_carrier *carrier, uint8_t *response, size_t *size,
	     uint32_t timeout_ms, struct reason *why)
{
	struct pipe *pipe = pipe_of(carrier);
	struct patience patience = patience_for_ms(timeout_ms);
	/* What has come stays when time runs out, so that the rest can still be waited for. */
	enum cause cause = tcp_receive(pipe->tcp, pipe->frame, FRAME_HEAD, &pipe->have,
				       &patience, why);

	if (cause == CAUSE_NONE)
		cause = check_head(pipe, size, why);
	if (cause == CAUSE_NONE)
		cause = tcp_receive(pipe->tcp, pipe->frame, FRAME_HEAD + *size, &pipe->have,
				    &patience, why);
	/* Not of a part of a wait. Who waits for it connects to it anew. */
	if (cause == CAUSE_TIMEOUT && pipe->is_local && timeout_ms >= CMSIS_DAP_TIMEOUT_MS)
		return rendezvous_silent(tcp_peer_process(pipe->tcp), CAUSE_GONE, why);
	if (cause != CAUSE_NONE)
		return cause;
	memcpy(response, pipe->frame + FRAME_HEAD, *size);
	pipe->have = 0;
	return CAUSE_NONE;
}

static void
pipe_close(struct cmsis_dap_carrier *carrier)
{
	struct pipe *pipe = pipe_of(carrier);

	tcp_close(pipe->tcp);
	free(pipe);
}

static const struct cmsis_dap_carrier_ops pipe_ops = {
	.close = pipe_close,
	.send = pipe_send,
	.receive = pipe_receive,
};

struct opening {
	struct staged_job staged;
	const char *host, *port; /* NULL: it is at a local socket, pipe->place */
	struct pipe *pipe;       /* NULL from when the inner job has it */
	struct job *inner;
	struct clock *clock;
	struct probe **probe;
};

static struct opening *
opening_of(struct staged_job *staged)
{
	return container_of(staged, struct opening, staged);
}

static enum cause
run_connect(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	struct pipe *pipe = opening->pipe;

	if (pipe->tcp == NULL && opening->host == NULL)
		return tcp_begin_local(pipe->place, CONNECT_MS, &pipe->tcp, why);
	if (pipe->tcp == NULL)
		return tcp_begin(opening->host, opening->port, CONNECT_MS, &pipe->tcp, why);
	return tcp_finish(pipe->tcp, CMSIS_DAP_PART_MS, done, why);
}

static enum cause
run_prepare(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	struct pipe *pipe = opening->pipe;

	if (pipe != NULL) {
		const struct cmsis_dap_label label = {
			cmsis_dap_model_find((struct usb_id){ 0, 0 }), "", "", pipe->place
		};

		opening->pipe = NULL;
		opening->inner = cmsis_dap_open_job(&pipe->carrier, &label, opening->clock,
						    opening->probe);
		if (opening->inner == NULL)
			return reason_begin(why, CAUSE_HOST, "no memory for a probe");
	}
	return probe_step_inner(staged, opening->inner, done, why);
}

static void
free_opening(struct staged_job *staged)
{
	struct opening *opening = opening_of(staged);

	job_free(opening->inner);
	if (opening->pipe != NULL)
		pipe_close(&opening->pipe->carrier);
	free(opening);
}

static struct pipe *
make_pipe(void)
{
	struct pipe *pipe = calloc(1, sizeof(*pipe));

	if (pipe != NULL)
		pipe->carrier = (struct cmsis_dap_carrier){
			.ops = &pipe_ops,
			.packet_max = CMSIS_DAP_PACKET_MAX,
			.in_flight_max = CMSIS_DAP_IN_FLIGHT_MAX,
			.server = pipe->place,
		};
	return pipe;
}

/* NULL: no memory. */
static struct opening *
make_opening(struct clock *clock, struct probe **probe)
{
	static const struct job_stage stages[] = {
		{ "connect to it", run_connect, NULL },
		{ "prepare it", run_prepare, NULL },
		{ NULL, NULL, NULL },
	};
	static const struct staged_ops ops = { .free = free_opening };
	struct opening *opening = calloc(1, sizeof(*opening));
	struct pipe *pipe = make_pipe();

	if (opening == NULL || pipe == NULL) {
		free(opening);
		free(pipe);
		return NULL;
	}
	staged_job_init(&opening->staged, "opening a CMSIS-DAP probe by TCP", stages, &ops);
	opening->pipe = pipe;
	opening->clock = clock;
	opening->probe = probe;
	return opening;
}

static struct job *
open_by_tcp(const struct probe_spec *spec, struct clock *clock, struct probe **probe)
{
	struct opening *opening = make_opening(clock, probe);
	struct text place;

	if (opening == NULL)
		return NULL;
	opening->host = spec->parts[1];
	opening->port = spec->parts[2];
	text_init(&place, opening->pipe->place, sizeof(opening->pipe->place));
	text_add(&place, "%s:%s", spec->parts[1], spec->parts[2]);
	return &opening->staged.job;
}

/* The socket's name has its serial. */
struct job *
cmsis_dap_open_local(const char *path, const char *which, struct clock *clock,
		     struct probe **probe)
{
	struct opening *opening = make_opening(clock, probe);

	(void)which;
	if (opening == NULL)
		return NULL;
	opening->pipe->carrier.has_others = opening->pipe->is_local = true;
	text_copy(opening->pipe->place, sizeof(opening->pipe->place), path);
	return &opening->staged.job;
}

const struct probe_kind cmsis_dap_tcp_kind = {
	.name = "cmsis-dap-tcp",
	.form = "cmsis-dap-tcp:HOST:PORT",
	.parts_min = 3,
	.parts_max = 3,
	.open = open_by_tcp,
};
