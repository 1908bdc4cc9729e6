/* SPDX-License-Identifier: MIT */
/*
 * targets.h - "tether targets": the rows of the device table, for people and in JSON.
 * scripts/make-parts makes the list of README.md from it.
 */
#ifndef SERVER_CLI_TARGETS_H
#define SERVER_CLI_TARGETS_H

#include "targets/chip/device.h"

#include <stdio.h>

/* A line each, with a heading. */
void targets_print_text(FILE *file, const struct device_table *table);
/* {"targets": [{...}...]}: sizes in bytes but for flash_kib, the largest part's. */
void targets_print_json(FILE *file, const struct device_table *table);

#endif /* SERVER_CLI_TARGETS_H */
