/* SPDX-License-Identifier: MIT */
#include "server/cli/probes.h"

#include "server/cli/json.h"

#include <stdlib.h>

enum { MV_PER_V = 1000, MV_PER_CENTIVOLT = 10 };

static void
print_line(FILE *file, const char *name, const char *words)
{
	if (words[0] != '\0')
		fprintf(file, "  %-10s %s\n", name, words);
}

void
probes_print_text(FILE *file, const struct probe_listed *probe)
{
	const struct probe_candidate *c = &probe->candidate;

	fprintf(file, "%s %s\n", c->kind,
		c->serial[0] != '\0' ? c->serial : "of unknown serial");
	fprintf(file, "  %-10s %s, %04x:%04x\n", "at", c->where, c->vendor, c->product);
	print_line(file, "firmware", probe->firmware);
	if (probe->has_vtarget)
		fprintf(file, "  %-10s %u.%02u V\n", "target", probe->millivolts / MV_PER_V,
			probe->millivolts % MV_PER_V / MV_PER_CENTIVOLT);
	print_line(file, "board", probe->board);
	print_line(file, "held by", probe->held_by);
	print_line(file, "unusable", probe->trouble);
	print_line(file, "try", probe->remedy);
}

/* What is not known is null. */
static void
print_member(FILE *file, const char *name, const char *words)
{
	fprintf(file, ", \"%s\": ", name);
	if (words[0] == '\0')
		fputs("null", file);
	else
		json_print_string(file, words);
}

static void
print_object(FILE *file, const struct probe_listed *probe)
{
	const struct probe_candidate *c = &probe->candidate;

	fputs("{\"kind\": ", file);
	json_print_string(file, c->kind);
	print_member(file, "serial", c->serial);
	fprintf(file, ", \"id\": \"%04x:%04x\"", c->vendor, c->product);
	print_member(file, "where", c->where);
	print_member(file, "path", c->path);
	print_member(file, "firmware", probe->firmware);
	if (probe->has_vtarget)
		fprintf(file, ", \"target_millivolts\": %u", probe->millivolts);
	else
		fputs(", \"target_millivolts\": null", file);
	print_member(file, "board", probe->board);
	print_member(file, "held_by", probe->held_by);
	fprintf(file, ", \"may_open\": %s", c->is_forbidden ? "false" : "true");
	fprintf(file, ", \"usable\": %s", probe->trouble[0] == '\0' ? "true" : "false");
	print_member(file, "trouble", probe->trouble);
	print_member(file, "remedy", probe->remedy);
	fputc('}', file);
}

void
probes_print_json(FILE *file, const struct probe_listed *probes, size_t len)
{
	fputs("{\"probes\": [", file);
	for (size_t i = 0; i < len; i++) {
		fputs(i > 0 ? ",\n  " : "\n  ", file);
		print_object(file, &probes[i]);
	}
	fputs(len > 0 ? "\n]}\n" : "]}\n", file);
}

enum cause
probes_print(FILE *file, struct clock *clock, bool is_json, struct reason *why)
{
	struct probe_listed *probes = calloc(PROBE_CANDIDATES_MAX, sizeof(*probes));
	size_t len = 0;
	enum cause cause;

	if (probes == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a list");
	cause = probe_list(probes, PROBE_CANDIDATES_MAX, &len, clock, why);
	if (is_json)
		probes_print_json(file, probes, len);
	else
		for (size_t i = 0; i < len; i++)
			probes_print_text(file, &probes[i]);
	free(probes);
	return cause;
}
