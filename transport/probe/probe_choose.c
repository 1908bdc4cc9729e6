/* SPDX-License-Identifier: MIT */
#include "transport/probe/probe_choose.h"

#include "transport/base/text.h"

#include <stdbool.h>
#include <string.h>

const struct probe_choice probe_choice_stlink = { "ST-LINK", "stlink:SERIAL" };
const struct probe_choice probe_choice_cmsis_dap = { "CMSIS-DAP probe",
						     "cmsis-dap:SERIAL" };
const struct probe_choice probe_choice_any = { "debug probe",
					       "stlink:SERIAL or cmsis-dap:SERIAL" };

static bool
is_match(const struct probe_candidate *candidate, const char *serial)
{
	return strncmp(candidate->serial, serial, strlen(serial)) == 0;
}

static size_t
count_matches(const struct probe_candidate *candidates, size_t len, const char *serial,
	      bool is_usable, size_t *last)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		if (is_match(&candidates[i], serial) &&
		    (candidates[i].refusal == NULL) == is_usable) {
			count++;
			*last = i;
		}
	return count;
}

static size_t
count_exact(const struct probe_candidate *candidates, size_t len, const char *serial,
	    size_t *last)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		if (strcmp(candidates[i].serial, serial) == 0) {
			count++;
			*last = i;
		}
	return count;
}

static void
list(const struct probe_candidate *candidates, size_t len, struct text *words)
{
	for (size_t i = 0; i < len; i++)
		text_add(words, "%s%s %s (%s)", i > 0 ? ", " : "", candidates[i].kind,
			 candidates[i].serial[0] != '\0' ? candidates[i].serial
							 : "of unknown serial",
			 candidates[i].where);
}

static enum cause
refuse_none(const struct probe_choice *choice, const struct probe_candidate *candidates,
	    size_t len, const char *serial, const char *place, struct reason *why)
{
	char buffer[REASON_LINE_MAX];
	struct text found;

	if (len > 0) {
		text_init(&found, buffer, sizeof(buffer));
		list(candidates, len, &found);
		reason_begin(why, CAUSE_GONE,
			     "no %s %s has a serial that begins with \"%s\"; there is: %s",
			     choice->name, place, serial, buffer);
		return CAUSE_GONE;
	}
	reason_begin(why, CAUSE_GONE, "there is no %s %s", choice->name, place);
	/* Failure mode A1. */
	reason_hint(why, "plug one in, with a data cable, directly at the computer: with a "
			 "charge-only cable a board's lamp is lit just the same");
	return CAUSE_GONE;
}

static enum cause
refuse_several(const struct probe_choice *choice, const struct probe_candidate *candidates,
	       size_t len, const char *place, struct reason *why)
{
	char buffer[REASON_LINE_MAX];
	struct text found;

	text_init(&found, buffer, sizeof(buffer));
	list(candidates, len, &found);
	reason_begin(why, CAUSE_REQUEST, "several %ss %s could be meant: %s", choice->name,
		     place, buffer);
	reason_hint(why, "say which by its serial or its beginning: --probe %s",
		    choice->spec);
	return CAUSE_REQUEST;
}

static enum cause
refuse_model(const struct probe_candidate *candidate, struct reason *why)
{
	reason_begin(why, CAUSE_UNSUPPORTED, "the %s (%s) cannot be used: %s",
		     candidate->kind, candidate->where, candidate->refusal);
	reason_hint(why, "%s", candidate->remedy);
	return CAUSE_UNSUPPORTED;
}

enum cause
probe_choose(const struct probe_choice *choice, const struct probe_candidate *candidates,
	     size_t len, const char *serial, const char *place, size_t *chosen,
	     struct reason *why)
{
	size_t usable = count_matches(candidates, len, serial, true, chosen);
	size_t refused;

	if (usable == 1)
		return CAUSE_NONE;
	/* A whole serial may be the beginning of another. */
	if (usable > 1 && serial[0] != '\0' &&
	    count_exact(candidates, len, serial, chosen) == 1)
		return CAUSE_NONE;
	if (usable > 1)
		return refuse_several(choice, candidates, len, place, why);
	refused = count_matches(candidates, len, serial, false, chosen);
	if (refused > 0)
		return refuse_model(&candidates[*chosen], why);
	return refuse_none(choice, candidates, len, serial, place, why);
}
