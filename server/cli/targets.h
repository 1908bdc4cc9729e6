/* SPDX-License-Identifier: MIT */
/*
 * targets.h - "tether targets": the rows of the device table, for people and in JSON.
 * scripts/make-parts makes the list of README.md from it.
 */
#ifndef SERVER_CLI_TARGETS_H
#define SERVER_CLI_TARGETS_H

#include "targets/chip/device.h"

#include <stdio.h>

/* Which rows: those that begin like one of these words; all when there are none. */
struct targets_wanted {
	const char *const *words;
	unsigned len;
};

/* How many rows there are of those. */
unsigned
targets_count(const struct device_table *table, const struct targets_wanted *wanted);
/* A line each, with a heading. */
void targets_print_text(FILE *file, const struct device_table *table,
			const struct targets_wanted *wanted);
/* {"targets": [{...}...]}: sizes in bytes but for flash_kib, the largest part's. */
void targets_print_json(FILE *file, const struct device_table *table,
			const struct targets_wanted *wanted);

#endif /* SERVER_CLI_TARGETS_H */
