/* SPDX-License-Identifier: MIT */
/*
 * status.h - the status byte of ST-LINK replies, and what it means.
 */
#ifndef TRANSPORT_PROBE_STLINK_STATUS_H
#define TRANSPORT_PROBE_STLINK_STATUS_H

#include "transport/probe/probe.h"

/* Explains the status byte that came in answer to `command`. Good ones give CAUSE_NONE and
 * ACK_OK; others what the wire is to have answered (ACK_UNKNOWN when the status is not
 * about the wire), and a reason that names the command, the byte and its meaning. */
enum cause stlink_status_explain(const char *command, uint8_t status, enum swd_ack *ack,
				 struct reason *why);

#endif /* TRANSPORT_PROBE_STLINK_STATUS_H */
