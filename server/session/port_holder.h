/* SPDX-License-Identifier: MIT */
/*
 * port_holder.h - which process of this computer listens on a TCP port.
 */
#ifndef SERVER_SESSION_PORT_HOLDER_H
#define SERVER_SESSION_PORT_HOLDER_H

#include "transport/base/text.h"

#include <stdbool.h>

/* Adds "openocd (pid 4711)", or that there is only a connection of it, or one in TIME-WAIT,
 * and returns true. False where that cannot be known: on systems other than Linux, or when
 * the process belongs to another user. */
bool port_holder(unsigned port, struct text *words);

#endif /* SERVER_SESSION_PORT_HOLDER_H */
