/* SPDX-License-Identifier: MIT */
#include "transport/probe/probe_list.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/link/usb.h"
#include "transport/link/usb_holder.h"
#include "transport/probe/cmsis_dap/cmsis_dap.h"
#include "transport/probe/stlink/stlink.h"

#include <stdlib.h>

/* The boot loader in an STM32's ROM, which is also what an ST-LINK without firmware is:
 * AN2606, "DFU"; failure mode A4. */
static const struct usb_id dfu_id = { STLINK_VENDOR, 0xdf11 };

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

/* Its path is its own where it has one; a serial need not be. */
static const char *
name_of(const struct probe_candidate *candidate)
{
	return candidate->path[0] != '\0' ? candidate->path : candidate->serial;
}

static enum cause
ask_stlink(struct probe_listed *listed, struct clock *clock, struct reason *why)
{
	struct stlink_facts facts;
	enum cause cause = stlink_usb_ask(name_of(&listed->candidate), &facts, why);
	struct text board;

	(void)clock;
	if (cause != CAUSE_NONE)
		return cause;
	text_copy(listed->firmware, sizeof(listed->firmware), facts.firmware);
	listed->has_vtarget = facts.has_vtarget;
	listed->millivolts = facts.millivolts;
	text_init(&board, listed->board, sizeof(listed->board));
	if (facts.board[0] != '\0')
		text_add(&board, "ST's number %s", facts.board);
	return CAUSE_NONE;
}

/* Opening and closing asks it for what it is and does not drive a pin (cmsis_dap.c). */
static enum cause
ask_cmsis_dap(struct probe_listed *listed, struct clock *clock, struct reason *why)
{
	struct probe *probe = NULL;
	struct text board;
	enum cause cause =
		cmsis_dap_usb_open(name_of(&listed->candidate), clock, &probe, why);

	if (cause != CAUSE_NONE)
		return cause;
	text_copy(listed->firmware, sizeof(listed->firmware), probe->identity.firmware);
	text_init(&board, listed->board, sizeof(listed->board));
	cause = cmsis_dap_read_board(probe, &board, why);
	probe_close(probe);
	return cause;
}

typedef enum cause
asker(struct probe_listed *listed, struct clock *clock, struct reason *why);

/* Not for those that hidraw reaches: the kernel lets any number of programs open them, and
 * whoever asks then takes the answers of the others. */
static bool
is_exclusive(const struct probe_candidate *candidate)
{
	return candidate->path[0] != '\0';
}

/* A claim that fails disturbs nobody. A node that is open and not claimed, as by what only
 * lists devices, is no hold. */
static void
look_at(struct probe_listed *listed, asker *ask, struct clock *clock)
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
		cause = ask(listed, clock, &why);
	if (cause == CAUSE_NONE)
		return;
	if (holder.used == 0 && cause == CAUSE_HOST && !candidate->is_forbidden &&
	    candidate->node[0] != '\0')
		usb_holder_find(candidate->node, &holder);
	if (holder.used > 0)
		set_finding(listed, "it is in use", FINDING_A3);
	else
		set_trouble(listed, &why);
}

typedef enum cause
lister(struct probe_candidate *candidates, size_t max, size_t *len, struct reason *why);

static const struct {
	lister *list;
	asker *ask;
} kinds[] = {
	{ stlink_usb_list, ask_stlink },
	{ cmsis_dap_usb_list, ask_cmsis_dap },
};

enum cause
probe_tell_none(struct reason *why)
{
	struct reason looking = REASON_INIT;
	struct usb_found found;
	struct usb *usb = NULL;
	size_t dfu = 0;

	if (usb_open(&usb, &looking) != CAUSE_NONE ||
	    usb_list(usb, &dfu_id, 1, &found, 1, &dfu, &looking) != CAUSE_NONE)
		log_debug("probe", "looking for a loader: %s", reason_root(&looking));
	usb_close(usb);
	if (dfu > 0) {
		reason_begin(why, CAUSE_GONE,
			     "there is no debug probe on USB, but at USB %s a device in "
			     "its boot loader (0483:df11), which knows no debugging",
			     found.path);
		reason_suspect(why, FINDING_PROBE_LOADER_ON_USB);
		return CAUSE_GONE;
	}
	reason_begin(why, CAUSE_GONE, "there is no debug probe on USB");
	reason_suspect(why, FINDING_A1);
	return CAUSE_GONE;
}

enum cause
probe_list(struct probe_listed *listed, size_t max, size_t *len, struct clock *clock,
	   struct reason *why)
{
	struct probe_candidate candidates[PROBE_CANDIDATES_MAX];

	*len = 0;
	for (size_t k = 0; k < array_len(kinds); k++) {
		size_t found = 0;
		enum cause cause =
			kinds[k].list(candidates, PROBE_CANDIDATES_MAX, &found, why);

		if (cause != CAUSE_NONE)
			return cause;
		for (size_t i = 0; i < found && *len < max; i++) {
			struct probe_listed *next = &listed[(*len)++];

			*next = (struct probe_listed){ .candidate = candidates[i] };
			look_at(next, kinds[k].ask, clock);
		}
	}
	return *len > 0 ? CAUSE_NONE : probe_tell_none(why);
}
