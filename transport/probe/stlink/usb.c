/* SPDX-License-Identifier: MIT */
/*
 * An ST-LINK on this computer's USB.
 */
#include "transport/link/usb.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/stlink/stlink.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	DEBUG_INTERFACE = 0,
	ENDPOINT_IN = 0x81,
	DRAIN_MS = 10,   /* an answer that is there comes within one USB frame of 1 ms */
	DRAIN_MAX = 8,   /* stale answers; more than one was never reported */
	RAW_SERIAL = 12, /* bytes: a 96 bit unique id */
	PACKET = 64,     /* of a full speed endpoint; a V3's 512 are a multiple */
	PACKET_MAX = 512
};

struct cable {
	struct stlink_carrier carrier;
	struct usb *usb;
	struct usb_device *device; /* NULL while it is reopened */
	struct usb_found found;
	uint8_t endpoint_out;
};

static struct cable *
cable_of(struct stlink_carrier *carrier)
{
	return container_of(carrier, struct cable, carrier);
}

/* Asks for whole packets, so that a longer answer than expected, an older command's, is
 * seen for what it is and does not overflow. */
static enum cause
receive(struct cable *cable, const struct stlink_command *command, uint32_t timeout_ms,
	uint32_t *received, struct reason *why)
{
	uint8_t packets[STLINK_EXCHANGE_MAX];
	size_t size = 0;
	enum cause cause = usb_bulk_in(cable->device, ENDPOINT_IN, packets,
				       align_down(command->size + PACKET - 1, PACKET),
				       &size, timeout_ms, why);

	*received = (uint32_t)size;
	memcpy(command->in, packets, size < command->size ? size : command->size);
	return cause;
}

/* A stall is a fault of the probe, not of the target. */
static enum cause
of_probe(enum cause cause, struct reason *why)
{
	return cause == CAUSE_FAULT ? reason_becomes(why, CAUSE_GONE) : cause;
}

static enum cause
send_command(struct cable *cable, const struct stlink_command *command, uint32_t timeout_ms,
	     struct reason *why)
{
	if (cable->device == NULL)
		return reason_begin(why, CAUSE_GONE, "the ST-LINK %s left USB",
				    cable->found.serial);
	return usb_bulk_out(cable->device, cable->endpoint_out, command->bytes,
			    STLINK_COMMAND_SIZE, timeout_ms, why);
}

static enum cause
cable_exchange(struct stlink_carrier *carrier, const struct stlink_command *command,
	       uint32_t *received, struct reason *why)
{
	struct cable *cable = cable_of(carrier);
	enum cause cause = send_command(cable, command, STLINK_TIMEOUT_MS, why);

	if (cause == CAUSE_NONE && command->out != NULL)
		cause = usb_bulk_out(cable->device, cable->endpoint_out, command->out,
				     command->size, STLINK_TIMEOUT_MS, why);
	if (cause == CAUSE_NONE && command->in != NULL)
		cause = receive(cable, command, stlink_patience_ms(carrier), received, why);
	return of_probe(cause, why);
}

static enum cause
cable_begin(struct stlink_carrier *carrier, const struct stlink_command *command,
	    struct reason *why)
{
	return of_probe(send_command(cable_of(carrier), command, STLINK_PART_MS, why), why);
}

static enum cause
cable_poll(struct stlink_carrier *carrier, const struct stlink_command *command,
	   uint32_t *received, struct reason *why)
{
	return of_probe(receive(cable_of(carrier), command, STLINK_PART_MS, received, why),
			why);
}

/* The V2 has its trace at 0x83, the later ones at 0x82: one above that for commands. */
static enum cause
cable_read_trace(struct stlink_carrier *carrier, uint8_t *bytes, uint32_t size,
		 uint32_t *received, struct reason *why)
{
	enum { INPUT = 0x80 };

	struct cable *cable = cable_of(carrier);
	uint8_t endpoint = (uint8_t)(INPUT | (cable->endpoint_out + 1));
	size_t got = 0;
	enum cause cause = usb_bulk_in(cable->device, endpoint, bytes,
				       align_down(size + PACKET - 1, PACKET), &got,
				       STLINK_TIMEOUT_MS, why);

	*received = (uint32_t)got;
	return cause;
}

static void
cable_drain(struct stlink_carrier *carrier)
{
	struct cable *cable = cable_of(carrier);
	const uint8_t endpoints[] = { ENDPOINT_IN, cable->endpoint_out };
	struct reason why = REASON_INIT;
	uint8_t packet[PACKET_MAX];
	size_t size;

	/* Ends with a timeout when nothing is left; whatever else it ends with, the command
	 * that follows will meet and tell. */
	for (unsigned i = 0; i < DRAIN_MAX; i++)
		if (usb_bulk_in(cable->device, ENDPOINT_IN, packet, sizeof(packet), &size,
				DRAIN_MS, &why) != CAUSE_NONE)
			break;
	for (size_t i = 0; i < array_len(endpoints); i++)
		if (usb_clear_halt(cable->device, endpoints[i], &why) != CAUSE_NONE)
			log_debug("probe", "draining: %s", reason_root(&why));
}

struct listing {
	size_t len;
	struct usb_found found[PROBE_CANDIDATES_MAX];
	struct probe_candidate candidates[PROBE_CANDIDATES_MAX];
};

static const struct stlink_model *
model_of(const struct usb_found *found)
{
	return stlink_model_find(found->id.vendor, found->id.product);
}

/* In DFU mode the serial is sent as its 12 raw bytes, not as their 24 digits (openocd
 * abbbc2e05 stlink_usb_get_alternate_serial()). Where they are no text usb.c has spelled
 * them; when they happen to be letters it could not know. */
static void
spell_serial(char *serial)
{
	uint8_t raw[RAW_SERIAL];

	if (strlen(serial) != RAW_SERIAL)
		return;
	memcpy(raw, serial, RAW_SERIAL);
	hex_encode(serial, raw, RAW_SERIAL);
	for (char *digit = serial; *digit != '\0'; digit++)
		*digit = (char)toupper((unsigned char)*digit);
}

static struct probe_candidate
make_candidate(const struct usb_found *found)
{
	struct probe_candidate candidate;
	char where[96];
	struct text text;

	text_init(&text, where, sizeof(where));
	text_add(&text, "USB %s", found->path);
	candidate = stlink_candidate(model_of(found), found->serial, where);
	candidate.is_forbidden = !found->is_openable;
	memcpy(candidate.path, found->path, sizeof(candidate.path));
	usb_spell_node(found, candidate.node, sizeof(candidate.node));
	return candidate;
}

static size_t
model_ids(struct usb_id *ids, size_t max)
{
	size_t len = 0;

	for (; len < stlink_models_len && len < max; len++)
		ids[len] = (struct usb_id){ STLINK_VENDOR, stlink_models[len].product };
	return len;
}

static enum cause
list_cables(struct usb *usb, struct listing *listing, struct reason *why)
{
	struct usb_id ids[PROBE_CANDIDATES_MAX];
	size_t len = model_ids(ids, array_len(ids));
	enum cause cause;

	cause = usb_list(usb, ids, len, listing->found, PROBE_CANDIDATES_MAX, &listing->len,
			 why);
	for (size_t i = 0; cause == CAUSE_NONE && i < listing->len; i++) {
		spell_serial(listing->found[i].serial);
		listing->candidates[i] = make_candidate(&listing->found[i]);
	}
	return cause;
}

/* Is this the one that was open? Its place tells when the serial cannot be read. */
static bool
is_same(const struct usb_found *a, const struct usb_found *b)
{
	if (a->id.product != b->id.product)
		return false;
	return a->serial[0] != '\0' ? strcmp(a->serial, b->serial) == 0
				    : strcmp(a->path, b->path) == 0;
}

static const struct usb_found *
find_again(struct cable *cable, struct listing *listing, struct reason *why)
{
	if (list_cables(cable->usb, listing, why) != CAUSE_NONE)
		return NULL;
	for (size_t i = 0; i < listing->len; i++)
		if (is_same(&cable->found, &listing->found[i]))
			return &listing->found[i];
	reason_begin(why, CAUSE_GONE, "the ST-LINK %s (%s) did not come back to USB",
		     cable->found.serial, cable->found.path);
	reason_suspect(why, FINDING_A7);
	return NULL;
}

/* Just enumerated, it may not be open to this user yet: udev sees to that. */
static enum cause
cable_reopen(struct stlink_carrier *carrier, struct reason *why)
{
	struct cable *cable = cable_of(carrier);
	struct listing listing = { 0 };
	const struct usb_found *found;

	usb_device_close(cable->device);
	cable->device = NULL;
	found = find_again(cable, &listing, why);
	return found == NULL ? why->cause
			     : usb_device_open(cable->usb, found, DEBUG_INTERFACE,
					       &cable->device, why);
}

static enum cause
cable_reset(struct stlink_carrier *carrier, struct reason *why)
{
	return usb_reset(cable_of(carrier)->device, why);
}

static void
cable_close(struct stlink_carrier *carrier)
{
	struct cable *cable = cable_of(carrier);

	usb_device_close(cable->device);
	usb_close(cable->usb);
	free(cable);
}

static const struct stlink_carrier_ops cable_ops = {
	.close = cable_close,
	.exchange = cable_exchange,
	.begin = cable_begin,
	.poll = cable_poll,
	.drain = cable_drain,
	.read_trace = cable_read_trace,
	.reset = cable_reset,
	.reopen = cable_reopen,
};

static enum cause
list_candidates(struct probe_candidate *candidates, size_t max, size_t *len,
		struct reason *why)
{
	struct listing listing = { 0 };
	struct usb *usb = NULL;
	enum cause cause = usb_open(&usb, why);

	*len = 0;
	if (cause == CAUSE_NONE)
		cause = list_cables(usb, &listing, why);
	for (size_t i = 0; cause == CAUSE_NONE && i < listing.len && i < max; i++)
		candidates[(*len)++] = listing.candidates[i];
	usb_close(usb);
	return cause;
}

/* Finds the one that `which` means, without opening it. */
static enum cause
find_cable(struct cable *cable, const char *which, struct probe_candidate *candidate,
	   struct reason *why)
{
	struct listing listing = { 0 };
	size_t chosen;
	enum cause cause = usb_open(&cable->usb, why);

	if (cause == CAUSE_NONE)
		cause = list_cables(cable->usb, &listing, why);
	if (cause == CAUSE_NONE)
		cause = probe_choose(&probe_choice_stlink, listing.candidates, listing.len,
				     which, "on USB", &chosen, why);
	if (cause != CAUSE_NONE)
		return cause;
	*candidate = listing.candidates[chosen];
	cable->found = listing.found[chosen];
	cable->endpoint_out = model_of(&cable->found)->endpoint_out;
	return CAUSE_NONE;
}

static enum cause
open_cable(struct cable *cable, struct reason *why)
{
	return usb_device_open(cable->usb, &cable->found, DEBUG_INTERFACE, &cable->device,
			       why);
}

static struct cable *
make_cable(void)
{
	struct cable *cable = calloc(1, sizeof(*cable));

	if (cable == NULL)
		return NULL;
	cable->carrier = (struct stlink_carrier){ .ops = &cable_ops,
						  .data_max = STLINK_DATA_MAX,
						  .exchange_max = STLINK_EXCHANGE_MAX };
	return cable;
}

static enum cause
ask_cable(const struct probe_candidate *candidate, struct clock *clock,
	  struct probe_facts *facts, struct reason *why)
{
	struct cable *cable = make_cable();
	struct probe_candidate found;
	enum cause cause;

	(void)clock;
	if (cable == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a probe");
	cause = find_cable(cable, probe_candidate_name(candidate), &found, why);
	if (cause == CAUSE_NONE)
		cause = open_cable(cable, why);
	if (cause == CAUSE_NONE)
		cause = stlink_read_facts(&cable->carrier, model_of(&cable->found), facts,
					  why);
	cable_close(&cable->carrier);
	return cause;
}

struct opening {
	struct staged_job staged;
	struct cable *cable; /* NULL from when the inner job has it */
	const struct probe_spec *spec;
	struct probe_candidate candidate;
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
run_find(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);

	*done = true;
	return find_cable(opening->cable, opening->spec->which, &opening->candidate, why);
}

static enum cause
run_open(struct staged_job *staged, bool *done, struct reason *why)
{
	*done = true;
	return open_cable(opening_of(staged)->cable, why);
}

static enum cause
run_prepare(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	struct cable *cable = opening->cable;

	if (cable != NULL) {
		opening->cable = NULL;
		opening->inner = stlink_open_job(
			&cable->carrier, model_of(&cable->found), opening->candidate.serial,
			opening->candidate.where, opening->clock, opening->probe);
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
	if (opening->cable != NULL)
		cable_close(&opening->cable->carrier);
	free(opening);
}

static struct job *
open_by_usb(const struct probe_spec *spec, struct clock *clock, struct probe **probe)
{
	static const struct job_stage stages[] = {
		{ "look for it", run_find, NULL },
		{ "open its USB device", run_open, NULL },
		{ "prepare it", run_prepare, NULL },
		{ NULL, NULL, NULL },
	};
	static const struct staged_ops ops = { .free = free_opening };
	struct opening *opening = calloc(1, sizeof(*opening));
	struct cable *cable = make_cable();

	if (opening == NULL || cable == NULL) {
		free(opening);
		free(cable);
		return NULL;
	}
	staged_job_init(&opening->staged, "opening an ST-LINK on USB", stages, &ops);
	opening->cable = cable;
	opening->spec = spec;
	opening->clock = clock;
	opening->probe = probe;
	return &opening->staged.job;
}

const struct probe_kind stlink_kind = {
	.name = "stlink",
	.form = "stlink[:WHICH]",
	.parts_min = 1,
	.parts_max = 3,
	.list = list_candidates,
	.ask = ask_cable,
	.ids = model_ids,
	.open = open_by_usb,
	.open_local = stlink_open_local,
};
