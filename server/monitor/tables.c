/* SPDX-License-Identifier: MIT */
/* tables.c - all rows, and which of them a line means. */
#include "server/monitor/rows.h"

#include "transport/base/nearest.h"
#include "transport/base/text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

const struct monitor_row *const monitor_tables[] = {
	monitor_help_rows,    monitor_session_rows,
	monitor_running_rows, monitor_looking_rows,
	monitor_flash_rows,   monitor_probe_rows,
	monitor_rtt_rows,     monitor_driver_rows,
	monitor_compat_rows,  NULL,
};

/* How much of the line the name is; 0: it does not begin with it. J-Link's scripts write a "=" with
 * and without blanks. */
static size_t
fit(const char *name, const char *line)
{
	size_t len = strlen(name);

	return text_begins_like(line, name) && strchr(" \t=", line[len]) != NULL ? len : 0;
}

const struct monitor_row *
monitor_find(const char *line, const char **rest)
{
	const struct monitor_row *found = NULL;
	size_t best = 0;

	for (size_t i = 0; monitor_tables[i] != NULL; i++)
		for (const struct monitor_row *row = monitor_tables[i]; row->name != NULL;
		     row++) {
			size_t len = fit(row->name, line);

			if (len > best) {
				best = len;
				found = row;
			}
		}
	*rest = line + best + strspn(line + best, " \t");
	return found;
}

const char *
monitor_nearest(const char *line)
{
	char word[NEAREST_WORD_MAX + 2];
	const char *nearest = NULL;
	unsigned least = UINT_MAX;
	size_t len = strcspn(line, " \t");

	snprintf(word, sizeof(word), "%.*s", (int)len, line);
	for (size_t i = 0; monitor_tables[i] != NULL; i++)
		for (const struct monitor_row *row = monitor_tables[i]; row->name != NULL;
		     row++) {
			unsigned distance = edit_distance(word, row->name);

			if (distance < least) {
				least = distance;
				nearest = row->name;
			}
		}
	return least <= len / NEAREST_LETTERS_A_SLIP ? nearest : NULL;
}
