/* SPDX-License-Identifier: MIT */
/*
 * core_choice.h - the core that --core names, on the chip that is connected.
 */
#ifndef SERVER_CLI_CORE_CHOICE_H
#define SERVER_CLI_CORE_CHOICE_H

#include "server/cli/options.h"

/* The one that is named; NULL without a name: the first. CAUSE_REQUEST: the chip has none of that name, or
 * it was not started (D9). Asks the board alone, touches no target. */
enum cause
core_choose(struct board *board, const char *name, struct core **core, struct reason *why);
/* Says why there is none of that name. CAUSE_REQUEST. */
enum cause core_choice_refuse(struct board *board, const char *name, struct reason *why);
/* The same of the core behind that access port. */
enum cause core_choice_refuse_port(struct board *board, uint32_t port, struct reason *why);
/* The core that chips of this line have behind that access port, started or not; NULL: none. */
const struct core_entry *core_choice_at(struct board *board, uint32_t port);

#endif /* SERVER_CLI_CORE_CHOICE_H */
