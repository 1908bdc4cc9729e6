/* SPDX-License-Identifier: MIT */
#include "transport/probe/probe_list.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/link/usb.h"
#include "transport/link/usb_holder.h"
#include "transport/probe/probe_kind.h"

/* The boot loader in an STM32's ROM, which is also what an ST-LINK without firmware is:
 * AN2606, "DFU"; failure mode A4. */
static const struct usb_id dfu_id = { 0x0483, 0xdf11 };

/* The ids of J-Links as libjaylink lists them. Some of those with more than one interface
 * are CMSIS-DAP probes as well; those are found as such. */
enum { SEGGER = 0x1366 };
static const struct usb_id jlink_ids[] = {
	{ SEGGER, 0x0101 }, { SEGGER, 0x0102 }, { SEGGER, 0x0103 }, { SEGGER, 0x0104 },
	{ SEGGER, 0x0105 }, { SEGGER, 0x0107 }, { SEGGER, 0x0108 }, { SEGGER, 0x1010 },
	{ SEGGER, 0x1011 }, { SEGGER, 0x1012 }, { SEGGER, 0x1013 }, { SEGGER, 0x1014 },
	{ SEGGER, 0x1015 }, { SEGGER, 0x1016 }, { SEGGER, 0x1017 }, { SEGGER, 0x1018 },
	{ SEGGER, 0x1020 }, { SEGGER, 0x1051 }, { SEGGER, 0x1055 }, { SEGGER, 0x1061 },
};

/* The words of a reason, as far as a list has room for them. */
static void
set_trouble(struct probe_listed *listed, const struct reason *why)
{
	text_copy(listed->trouble, sizeof(listed->trouble), reason_root(why));
	text_copy(listed->remedy, sizeof(listed->remedy), reason_remedy(why));
}

static void
set_finding(struct probe_listed *listed, const char *trouble, enum finding finding)
{
	struct reason why = REASON_INIT;

	reason_begin(&why, CAUSE_HOST, "%s", trouble);
	reason_suspect(&why, finding);
	set_trouble(listed, &why);
}

/* What the probe itself says. */
static enum cause
ask(struct probe_listed *listed, const struct probe_kind *kind, struct clock *clock,
    struct reason *why)
{
	struct probe_facts facts = { .millivolts = 0 };
	enum cause cause = kind->ask(&listed->candidate, clock, &facts, why);

	text_copy(listed->firmware, sizeof(listed->firmware), facts.firmware);
	text_copy(listed->board, sizeof(listed->board), facts.board);
	listed->has_vtarget = facts.has_vtarget;
	listed->millivolts = facts.millivolts;
	return cause;
}

/* Not for those that hidraw reaches: the kernel lets any number of programs open them, and
 * a program that asks then takes the answers of the others. */
static bool
is_exclusive(const struct probe_candidate *candidate)
{
	return candidate->path[0] != '\0';
}

/* A claim that fails disturbs nobody. A node that is open and not claimed, as by what only
 * lists devices, is no hold. */
static void
look_at(struct probe_listed *listed, const struct probe_kind *kind, struct clock *clock)
{
	const struct probe_candidate *candidate = &listed->candidate;
	struct reason why = REASON_INIT;
	enum cause cause = CAUSE_HOST;
	struct text holder;

	text_init(&holder, listed->held_by, sizeof(listed->held_by));
	if (candidate->refusal != NULL) {
		set_finding(listed, candidate->refusal, candidate->finding);
		return;
	}
	if (is_exclusive(candidate) || !usb_holder_find(candidate->node, &holder))
		cause = ask(listed, kind, clock, &why);
	if (cause == CAUSE_NONE)
		return;
	if (holder.used == 0 && cause == CAUSE_HOST && !candidate->is_forbidden &&
	    candidate->node[0] != '\0')
		usb_holder_find(candidate->node, &holder);
	if (holder.used > 0) {
		why = (struct reason)REASON_INIT;
		reason_begin(&why, CAUSE_HOST, "it is in use");
		usb_holder_suspect(listed->held_by, &why);
	}
	set_trouble(listed, &why);
}

/* What is on USB instead of a probe that can be used. */
static const struct {
	const struct usb_id *ids;
	size_t len;
	const char *what;
	enum finding finding;
} others[] = {
	{ &dfu_id, 1, "a device in its boot loader (0483:df11), which knows no debugging",
	  FINDING_PROBE_LOADER_ON_USB },
	{ jlink_ids, array_len(jlink_ids), "a J-Link, which is not supported",
	  FINDING_PROBE_JLINK },
};

enum cause
probe_tell_none(struct reason *why)
{
	struct reason looking = REASON_INIT;
	struct usb_found found;
	struct usb *usb = NULL;
	size_t len = 0, i = 0;
	enum cause cause = usb_open(&usb, &looking);

	for (; cause == CAUSE_NONE && i < array_len(others); i++) {
		cause = usb_list(usb, others[i].ids, others[i].len, &found, 1, &len,
				 &looking);
		if (len > 0)
			break;
	}
	if (cause != CAUSE_NONE)
		log_debug("probe", "looking for other devices: %s", reason_root(&looking));
	usb_close(usb);
	if (len > 0) {
		reason_begin(why, CAUSE_GONE,
			     "there is no debug probe on USB, but at USB %s %s", found.path,
			     others[i].what);
		reason_suspect(why, others[i].finding);
		return CAUSE_GONE;
	}
	reason_begin(why, CAUSE_GONE, "there is no debug probe on USB");
	reason_suspect(why, FINDING_A1);
	return CAUSE_GONE;
}

static enum cause
list_kind(const struct probe_kind *kind, struct probe_listed *listed, size_t max,
	  size_t *len, struct clock *clock, struct reason *why)
{
	struct probe_candidate candidates[PROBE_CANDIDATES_MAX];
	size_t found = 0;
	enum cause cause = kind->list(candidates, PROBE_CANDIDATES_MAX, &found, why);

	for (size_t i = 0; i < found && *len < max; i++) {
		struct probe_listed *next = &listed[(*len)++];

		*next = (struct probe_listed){ .candidate = candidates[i] };
		look_at(next, kind, clock);
	}
	return cause;
}

enum cause
probe_list(struct probe_listed *listed, size_t max, size_t *len, struct clock *clock,
	   struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	*len = 0;
	for (size_t i = 0; i < probe_kinds_len && cause == CAUSE_NONE; i++)
		if (probe_kinds[i]->list != NULL)
			cause = list_kind(probe_kinds[i], listed, max, len, clock, why);
	if (cause != CAUSE_NONE)
		return cause;
	return *len > 0 ? CAUSE_NONE : probe_tell_none(why);
}
