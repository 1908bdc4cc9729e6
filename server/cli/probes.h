/* SPDX-License-Identifier: MIT */
/*
 * probes.h - "tether probes": what is plugged in, for people and in JSON.
 */
#ifndef SERVER_CLI_PROBES_H
#define SERVER_CLI_PROBES_H

#include "transport/probe/probe_list.h"

#include <stdio.h>

/* Looks and prints. CAUSE_GONE: there is none, of which JSON tells as well, as an empty
 * list. */
enum cause probes_print(FILE *file, struct clock *clock, bool is_json, struct reason *why);

/* One that was found. */
void probes_print_text(FILE *file, const struct probe_listed *probe);
void probes_print_json(FILE *file, const struct probe_listed *probes, size_t len);

#endif /* SERVER_CLI_PROBES_H */
