/* SPDX-License-Identifier: MIT */
/*
 * Back into debug mode, which another client of the same stlink-server has left: that
 * ends it for all (failure mode A3).
 */
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/stlink/stlink.h"

#include <string.h>

/* CMD_ERROR, or an answer cut short to its status: what a command gets in the wrong mode. */
static bool
is_suspicious(enum cause cause, enum swd_ack ack)
{
	return (cause == CAUSE_UNSUPPORTED || cause == CAUSE_GONE) && ack == ACK_UNKNOWN;
}

static bool
was_left(struct stlink *link)
{
	struct reason why = REASON_INIT;
	enum stlink_mode mode;

	return stlink_read_mode(link->carrier, &mode, &why) == CAUSE_NONE &&
	       (mode == STLINK_MODE_MASS || mode == STLINK_MODE_SWIM);
}

bool
stlink_come_back(struct stlink *link, enum cause cause, enum swd_ack ack)
{
	/* The failure that led here is the one to report when this one fails as well. */
	struct reason why = REASON_INIT;

	if (!link->carrier->has_others || !link->is_open || !is_suspicious(cause, ack) ||
	    !was_left(link))
		return false;
	memset(link->opened_ports, 0, sizeof(link->opened_ports));
	link->is_of_others = link->probe.has_other_debugger = false;
	if (stlink_enter(link, &why) != CAUSE_NONE) {
		log_warning("probe", "entering SWD again: %s", reason_root(&why));
		return false;
	}
	text_copy(link->probe.remark, sizeof(link->probe.remark),
		  "another program that uses the ST-LINK through the same server left "
		  "debug mode; it was entered again");
	log_warning("probe", "%s", link->probe.remark);
	return true;
}
