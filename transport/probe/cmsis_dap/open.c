/* SPDX-License-Identifier: MIT */
/*
 * What a CMSIS-DAP probe says of itself, and how it is opened: in steps, so that one that does
 * not answer keeps nobody waiting.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/cmsis_dap/share.h"

#include <stdlib.h>
#include <string.h>

enum { HAS_SWD = 1 << 0 /* DAP.h: capabilities (DAP_Info 0xf0) */ };

/* The answer's bytes and their number; none when the probe does not know. */
static enum cause
ask_info(struct cmsis_dap *dap, enum cmsis_dap_info id, struct cmsis_dap_response *response,
	 const uint8_t **bytes, size_t *size, struct reason *why)
{
	uint8_t argument = (uint8_t)id;
	struct cmsis_dap_request request =
		cmsis_dap_request("DAP_Info", DAP_INFO, &argument, 1);
	enum cause cause = cmsis_dap_ask(&dap->wire, &request, 2, response, why);

	*bytes = response->bytes + 2;
	*size = 0;
	if (cause == CAUSE_NONE && response->bytes[1] <= response->size - 2)
		*size = response->bytes[1];
	return cause;
}

static enum cause
ask_number(struct cmsis_dap *dap, enum cmsis_dap_info id, uint32_t *number,
	   struct reason *why)
{
	struct cmsis_dap_response response;
	const uint8_t *bytes;
	size_t size;
	enum cause cause = ask_info(dap, id, &response, &bytes, &size, why);

	*number = cause != CAUSE_NONE || size == 0 ? 0
		  : size == 1                      ? bytes[0]
						   : le16_get(bytes);
	return cause;
}

/* Appends the string to `text`; nothing when there is none. */
static enum cause
ask_string(struct cmsis_dap *dap, enum cmsis_dap_info id, struct text *text,
	   struct reason *why)
{
	struct cmsis_dap_response response;
	const uint8_t *bytes;
	size_t size;
	enum cause cause = ask_info(dap, id, &response, &bytes, &size, why);

	for (size_t i = 0; cause == CAUSE_NONE && i < size && bytes[i] != '\0'; i++)
		text_add(text, "%c", bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : '?');
	return cause;
}

static uint32_t
clamp(uint32_t value, uint32_t least, uint32_t most)
{
	return value < least ? least : value > most ? most : value;
}

/* How large packets are and how many may be in flight. What a probe says is taken as far as
 * its carrier and its model let it be true; one that says nothing gets the least. */
static enum cause
size_packets(struct cmsis_dap *dap, struct reason *why)
{
	const struct cmsis_dap_carrier *carrier = dap->wire.carrier;
	uint32_t size, count = 0;
	uint32_t most = carrier->in_flight_max < dap->model->packet_count_max
				? carrier->in_flight_max
				: dap->model->packet_count_max;
	enum cause cause = ask_number(dap, DAP_INFO_PACKET_SIZE, &size, why);

	if (cause == CAUSE_NONE)
		cause = ask_number(dap, DAP_INFO_PACKET_COUNT, &count, why);
	if (cause != CAUSE_NONE)
		return cause;
	dap->wire.packet_size =
		clamp(size, CMSIS_DAP_PACKET_MIN, (uint32_t)carrier->packet_max);
	dap->probe.reads_at_once =
		(unsigned)(dap->wire.packet_size - CMSIS_DAP_RESPONSE_HEAD) / 4;
	dap->wire.packet_count = clamp(
		count, 1, most < CMSIS_DAP_IN_FLIGHT_MAX ? most : CMSIS_DAP_IN_FLIGHT_MAX);
	log_debug("probe", "packets of %u bytes, %u at once; used: %zu, %u", (unsigned)size,
		  (unsigned)count, dap->wire.packet_size, dap->wire.packet_count);
	return CAUSE_NONE;
}

static enum cause
check_capabilities(struct cmsis_dap *dap, struct reason *why)
{
	uint32_t capabilities;
	enum cause cause = ask_number(dap, DAP_INFO_CAPABILITIES, &capabilities, why);

	if (cause != CAUSE_NONE)
		return cause;
	dap->capabilities = (uint8_t)capabilities;
	if ((capabilities & HAS_SWD) != 0)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_UNSUPPORTED,
		     "the probe does not support SWD (capabilities 0x%02x, DAP_Info 0xf0)",
		     dap->capabilities);
	reason_suspect(why, FINDING_PROBE_JTAG_ONLY);
	return CAUSE_UNSUPPORTED;
}

/* The USB strings are to be had from there; over TCP there are none. */
static enum cause
identify(struct cmsis_dap *dap, const struct cmsis_dap_label *label, struct reason *why)
{
	struct probe_identity *identity = &dap->probe.identity;
	struct text kind, serial, firmware, where;
	enum cause cause = CAUSE_NONE;

	text_init(&kind, identity->kind, sizeof(identity->kind));
	text_init(&serial, identity->serial, sizeof(identity->serial));
	text_init(&firmware, identity->firmware, sizeof(identity->firmware));
	text_init(&where, identity->where, sizeof(identity->where));
	text_add(&kind, "%s", label->kind[0] != '\0' ? label->kind : label->model->name);
	text_add(&serial, "%s", label->serial);
	text_add(&where, "%s", label->where);
	if (serial.used == 0)
		cause = ask_string(dap, DAP_INFO_SERIAL, &serial, why);
	if (cause == CAUSE_NONE)
		cause = ask_string(dap, DAP_INFO_FIRMWARE, &firmware, why);
	if (dap->wire.carrier->server != NULL &&
	    strstr(identity->firmware, CMSIS_DAP_SHARED_MARK) != NULL)
		dap->wire.carrier->has_others = true;
	return cause;
}

enum cause
cmsis_dap_read_board(struct probe *probe, struct text *words, struct reason *why)
{
	static const struct {
		enum cmsis_dap_info id;
		const char *before;
	} parts[] = {
		{ DAP_INFO_BOARD_VENDOR, "" },
		{ DAP_INFO_BOARD, " " },
		{ DAP_INFO_TARGET_VENDOR, ", " },
		{ DAP_INFO_TARGET, " " },
	};
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; i < array_len(parts) && cause == CAUSE_NONE; i++) {
		char buffer[256];
		struct text part;

		text_init(&part, buffer, sizeof(buffer));
		cause = ask_string(cmsis_dap_of(probe), parts[i].id, &part, why);
		if (cause == CAUSE_NONE && part.used > 0)
			text_add(words, "%s%s", words->used > 0 ? parts[i].before : "",
				 buffer);
	}
	return cause;
}

struct opening {
	struct staged_job staged;
	struct cmsis_dap *dap; /* NULL when it was handed over */
	struct probe **probe;
	const struct cmsis_dap_model *model;
	char kind[64], serial[64], where[128];
	struct cmsis_dap_search search;
};

static struct opening *
opening_of(struct staged_job *staged)
{
	return container_of(staged, struct opening, staged);
}

/* A program that was killed may have left responses behind. */
static enum cause
run_find_step(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);

	return cmsis_dap_find_step(&opening->dap->wire, &opening->search, done, why);
}

static enum cause
run_size_packets(struct staged_job *staged, bool *done, struct reason *why)
{
	*done = true;
	return size_packets(opening_of(staged)->dap, why);
}

static enum cause
run_check(struct staged_job *staged, bool *done, struct reason *why)
{
	*done = true;
	return check_capabilities(opening_of(staged)->dap, why);
}

static enum cause
run_identify(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	struct cmsis_dap_label label = { opening->model, opening->kind, opening->serial,
					 opening->where };

	*done = true;
	return identify(opening->dap, &label, why);
}

/* The probe is the caller's from now on. */
static enum cause
run_hand_over(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);

	(void)why;
	cmsis_dap_dress(opening->dap);
	*opening->probe = &opening->dap->probe;
	opening->dap = NULL;
	*done = true;
	return CAUSE_NONE;
}

static enum cause
opening_failed(struct staged_job *staged, enum cause cause, struct reason *why)
{
	const struct opening *opening = opening_of(staged);

	(void)cause;
	return reason_while(why, "opening the %s at %s",
			    opening->kind[0] != '\0' ? opening->kind : opening->model->name,
			    opening->where);
}

static void
free_opening(struct staged_job *staged)
{
	struct opening *opening = opening_of(staged);

	if (opening->dap != NULL) {
		struct cmsis_dap_carrier *carrier = opening->dap->wire.carrier;

		carrier->ops->close(carrier);
		free(opening->dap);
	}
	free(opening);
}

static struct cmsis_dap *
make_dap(struct cmsis_dap_carrier *carrier, const struct cmsis_dap_model *model,
	 struct clock *clock)
{
	struct cmsis_dap *dap = calloc(1, sizeof(*dap));

	if (dap == NULL)
		return NULL;
	dap->model = model;
	dap->hz = dap->hz_wanted = CMSIS_DAP_CLOCK_HZ;
	dap->probe.clock = clock;
	dap->wire = (struct cmsis_dap_wire){ .carrier = carrier,
					     .clock = clock,
					     .packet_size = CMSIS_DAP_PACKET_MIN,
					     .packet_count = 1,
					     .is_out_of_step = true };
	return dap;
}

struct job *
cmsis_dap_open_job(struct cmsis_dap_carrier *carrier, const struct cmsis_dap_label *label,
		   struct clock *clock, struct probe **probe)
{
	static const struct job_stage stages[] = {
		{ "find the step with it", run_find_step, NULL },
		{ "ask for its packets' size", run_size_packets, NULL },
		{ "ask for its capabilities", run_check, NULL },
		{ "ask who it is", run_identify, NULL },
		{ "hand it over", run_hand_over, NULL },
		{ NULL, NULL, NULL },
	};
	static const struct staged_ops ops = { .failed = opening_failed,
					       .free = free_opening };
	struct opening *opening = calloc(1, sizeof(*opening));
	struct cmsis_dap *dap = make_dap(carrier, label->model, clock);

	if (opening == NULL || dap == NULL) {
		carrier->ops->close(carrier);
		free(opening);
		free(dap);
		return NULL;
	}
	staged_job_init(&opening->staged, "opening the CMSIS-DAP probe", stages, &ops);
	opening->dap = dap;
	opening->probe = probe;
	opening->model = label->model;
	text_copy(opening->kind, sizeof(opening->kind), label->kind);
	text_copy(opening->serial, sizeof(opening->serial), label->serial);
	text_copy(opening->where, sizeof(opening->where), label->where);
	return &opening->staged.job;
}

enum cause
cmsis_dap_open(struct cmsis_dap_carrier *carrier, const struct cmsis_dap_label *label,
	       struct clock *clock, struct probe **probe, struct reason *why)
{
	struct job *job = cmsis_dap_open_job(carrier, label, clock, probe);
	enum cause cause = job == NULL
				   ? reason_begin(why, CAUSE_HOST, "no memory for a probe")
				   : job_run(job, clock, why);

	job_free(job);
	return cause;
}
