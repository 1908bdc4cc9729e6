/* SPDX-License-Identifier: MIT */
/*
 * recover.h - losing probe or target, and taking them up again: failure modes F4 and F5.
 *
 * While the board is lost it is looked for twice a second, the probe by its serial. Nobody
 * asked for that, so it never resets the target; a client that connects meanwhile does ask.
 */
#ifndef SERVER_DEBUG_RECOVER_H
#define SERVER_DEBUG_RECOVER_H

#include "targets/board/board.h"

struct server;

void recover_init(struct server *server);
void recover_close(struct server *server);

/* For the board's listener. */
void recover_lost(struct server *server, const struct reason *why);
void recover_back(struct server *server);

#endif /* SERVER_DEBUG_RECOVER_H */
