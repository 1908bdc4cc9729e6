/* SPDX-License-Identifier: MIT */
/*
 * CMSIS-DAP probes on this computer's USB: which there are, and by which of its
 * interfaces one is used. A probe may have both; bulk endpoints are faster.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/cmsis_dap/carriers.h"
#include "transport/probe/cmsis_dap/cmsis_dap.h"

#include <stdlib.h>
#include <string.h>

enum { VENDOR_USAGE_PAGE = 0xff00 /* of the HID interface that is CMSIS-DAP */ };

struct listing {
	size_t bulk_len, hid_len;
	struct usb_found found[PROBE_CANDIDATES_MAX];
	struct usb_bulk bulks[PROBE_CANDIDATES_MAX];
	struct hid_found hids[PROBE_CANDIDATES_MAX];
};

/* The ids of those that are known by them; the last of the models is none. */
static size_t
known_ids(struct usb_id *ids, size_t max)
{
	size_t len = 0;

	for (size_t i = 0; i + 1 < cmsis_dap_models_len && len < max; i++)
		ids[len++] = cmsis_dap_models[i].id;
	return len;
}

static bool
has_bulk_twin(const struct listing *listing, const struct hid_found *hid)
{
	for (size_t i = 0; i < listing->bulk_len; i++)
		if (listing->found[i].id.vendor == hid->id.vendor &&
		    listing->found[i].id.product == hid->id.product &&
		    strcmp(listing->found[i].serial, hid->serial) == 0)
			return true;
	return false;
}

/* hidapi's libusb back end does not tell the usage page: 0. */
static bool
is_foreign(const struct hid_found *hid)
{
	return cmsis_dap_model_find(hid->id)->has_foreign_hid && hid->usage_page != 0 &&
	       hid->usage_page != VENDOR_USAGE_PAGE;
}

static void
drop_hids(struct listing *listing)
{
	size_t kept = 0;

	for (size_t i = 0; i < listing->hid_len; i++)
		if (!has_bulk_twin(listing, &listing->hids[i]) &&
		    !is_foreign(&listing->hids[i]))
			listing->hids[kept++] = listing->hids[i];
	listing->hid_len = kept;
}

static enum cause
list(struct usb *usb, struct listing *listing, struct reason *why)
{
	struct usb_id ids[64];
	size_t ids_len = known_ids(ids, array_len(ids));
	const struct usb_names names = { CMSIS_DAP_WORD, ids, ids_len };
	enum cause cause = usb_list_bulk(usb, &names, listing->found, listing->bulks,
					 PROBE_CANDIDATES_MAX, &listing->bulk_len, why);

	if (cause == CAUSE_NONE)
		cause = hid_list(CMSIS_DAP_WORD, ids, ids_len, listing->hids,
				 PROBE_CANDIDATES_MAX, &listing->hid_len, why);
	if (cause == CAUSE_NONE)
		drop_hids(listing);
	return cause;
}

static void
make_candidate(struct probe_candidate *candidate, const char *product, struct usb_id id,
	       const char *serial, const char *where)
{
	struct text text;

	*candidate = (struct probe_candidate){ .vendor = id.vendor, .product = id.product };
	text_copy(candidate->kind, sizeof(candidate->kind),
		  product[0] != '\0' ? product : cmsis_dap_model_find(id)->name);
	text_copy(candidate->serial, sizeof(candidate->serial), serial);
	text_init(&text, candidate->where, sizeof(candidate->where));
	text_add(&text, "%s%s", where[0] == '/' ? "" : "USB ", where);
}

static void
make_bulk_candidate(struct probe_candidate *candidate, const struct usb_found *found)
{
	make_candidate(candidate, found->product, found->id, found->serial, found->path);
	candidate->is_forbidden = !found->is_openable;
	memcpy(candidate->path, found->path, sizeof(candidate->path));
	usb_spell_node(found, candidate->node, sizeof(candidate->node));
}

/* By hidraw it is reached through a node, by libusb its path has its place and the interface. */
static void
make_hid_candidate(struct probe_candidate *candidate, const struct hid_found *found)
{
	struct text text;

	make_candidate(candidate, found->product, found->id, found->serial, found->path);
	if (found->path[0] == '/') {
		text_copy(candidate->node, sizeof(candidate->node), found->path);
		candidate->is_forbidden = !hid_is_openable(found);
	} else {
		text_init(&text, candidate->path, sizeof(candidate->path));
		text_add(&text, "%.*s", (int)strcspn(found->path, ":"), found->path);
	}
}

/* Bulk ones first; those that do not fit any more are left out. */
static size_t
make_candidates(const struct listing *listing, struct probe_candidate *candidates,
		size_t max)
{
	size_t len = 0;

	for (size_t i = 0; i < listing->bulk_len && len < max; i++, len++)
		make_bulk_candidate(&candidates[len], &listing->found[i]);
	for (size_t i = 0; i < listing->hid_len && len < max; i++, len++)
		make_hid_candidate(&candidates[len], &listing->hids[i]);
	return len;
}

static enum cause
list_candidates(struct probe_candidate *candidates, size_t max, size_t *len,
		struct reason *why)
{
	struct listing *listing = calloc(1, sizeof(*listing));
	struct usb *usb = NULL;
	enum cause cause = listing == NULL
				   ? reason_begin(why, CAUSE_HOST, "no memory for a list")
				   : usb_open(&usb, why);

	*len = 0;
	if (cause == CAUSE_NONE)
		cause = list(usb, listing, why);
	if (cause == CAUSE_NONE)
		*len = make_candidates(listing, candidates, max);
	usb_close(usb);
	free(listing);
	return cause;
}

/* Takes `usb` over. */
static enum cause
open_chosen(struct usb *usb, const struct listing *listing, size_t chosen,
	    struct cmsis_dap_carrier **carrier, const struct cmsis_dap_model **model,
	    struct reason *why)
{
	const struct hid_found *hid;

	if (chosen < listing->bulk_len) {
		*model = cmsis_dap_model_find(listing->found[chosen].id);
		return cmsis_dap_bulk_carrier(usb, &listing->found[chosen],
					      &listing->bulks[chosen], carrier, why);
	}
	usb_close(usb);
	hid = &listing->hids[chosen - listing->bulk_len];
	*model = cmsis_dap_model_find(hid->id);
	return cmsis_dap_hid_carrier(hid, *model, carrier, why);
}

struct opening {
	struct staged_job staged;
	const struct probe_spec *spec;
	struct usb *usb; /* NULL from when a carrier has it */
	struct listing listing;
	struct probe_candidate candidates[PROBE_CANDIDATES_MAX];
	size_t chosen;
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
	size_t len;
	enum cause cause = usb_open(&opening->usb, why);

	if (cause == CAUSE_NONE)
		cause = list(opening->usb, &opening->listing, why);
	if (cause != CAUSE_NONE)
		return cause;
	len = make_candidates(&opening->listing, opening->candidates, PROBE_CANDIDATES_MAX);
	*done = true;
	return probe_choose(&probe_choice_cmsis_dap, opening->candidates, len,
			    opening->spec->which, "on USB", &opening->chosen, why);
}

static enum cause
run_open(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	const struct probe_candidate *candidate = &opening->candidates[opening->chosen];
	struct cmsis_dap_label label = { NULL, candidate->kind, candidate->serial,
					 candidate->where };
	struct cmsis_dap_carrier *carrier;
	struct usb *usb = opening->usb;
	enum cause cause;

	opening->usb = NULL;
	cause = open_chosen(usb, &opening->listing, opening->chosen, &carrier, &label.model,
			    why);
	if (cause != CAUSE_NONE)
		return cause;
	opening->inner =
		cmsis_dap_open_job(carrier, &label, opening->clock, opening->probe);
	*done = true;
	return opening->inner == NULL
		       ? reason_begin(why, CAUSE_HOST, "no memory for a probe")
		       : CAUSE_NONE;
}

static enum cause
run_prepare(struct staged_job *staged, bool *done, struct reason *why)
{
	return probe_step_inner(staged, opening_of(staged)->inner, done, why);
}

static void
free_opening(struct staged_job *staged)
{
	struct opening *opening = opening_of(staged);

	job_free(opening->inner);
	usb_close(opening->usb);
	free(opening);
}

static struct job *
open_by_usb(const struct probe_spec *spec, struct clock *clock, struct probe **probe)
{
	static const struct job_stage stages[] = {
		{ "look for it", run_find, NULL },
		{ "open its device", run_open, NULL },
		{ "prepare it", run_prepare, NULL },
		{ NULL, NULL, NULL },
	};
	static const struct staged_ops ops = { .free = free_opening };
	struct opening *opening = calloc(1, sizeof(*opening));

	if (opening == NULL)
		return NULL;
	staged_job_init(&opening->staged, "opening a CMSIS-DAP probe on USB", stages, &ops);
	opening->spec = spec;
	opening->clock = clock;
	opening->probe = probe;
	return &opening->staged.job;
}

/* Opening and closing asks it for what it is and does not drive a pin (cmsis_dap.c). */
static enum cause
ask(const struct probe_candidate *candidate, struct clock *clock, struct probe_facts *facts,
    struct reason *why)
{
	struct probe_spec spec = { .which = probe_candidate_name(candidate) };
	struct probe *probe = NULL;
	struct job *job = open_by_usb(&spec, clock, &probe);
	struct text board;
	enum cause cause = job == NULL
				   ? reason_begin(why, CAUSE_HOST, "no memory for a probe")
				   : job_run(job, clock, why);

	job_free(job);
	if (cause != CAUSE_NONE)
		return cause;
	text_copy(facts->firmware, sizeof(facts->firmware), probe->identity.firmware);
	text_init(&board, facts->board, sizeof(facts->board));
	cause = cmsis_dap_read_board(probe, &board, why);
	probe_close(probe);
	return cause;
}

const struct probe_kind cmsis_dap_kind = {
	.name = "cmsis-dap",
	.form = "cmsis-dap[:WHICH]",
	.parts_min = 1,
	.parts_max = 3,
	.list = list_candidates,
	.ask = ask,
	.ids = known_ids,
	.open = open_by_usb,
	.open_local = cmsis_dap_open_local,
};
