/* SPDX-License-Identifier: MIT */
#include "transport/probe/probe_choose.h"

#include "transport/base/text.h"
#include "transport/link/usb_holder.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define DECIMAL "0123456789"

const struct probe_choice probe_choice_stlink = { "ST-LINK", "stlink:SERIAL" };
const struct probe_choice probe_choice_cmsis_dap = { "CMSIS-DAP probe",
						     "cmsis-dap:SERIAL" };
const struct probe_choice probe_choice_any = { "debug probe",
					       "stlink:SERIAL or cmsis-dap:SERIAL" };

const char *
probe_candidate_name(const struct probe_candidate *candidate)
{
	return candidate->path[0] != '\0' ? candidate->path : candidate->serial;
}

bool
probe_choose_is_id(const char *which)
{
	enum { DIGITS = 4, ID_LEN = 2 * DIGITS + 1 };

	if (strlen(which) != ID_LEN)
		return false;
	for (size_t i = 0; i < ID_LEN; i++)
		if (i == DIGITS ? which[i] != ':' : !isxdigit((unsigned char)which[i]))
			return false;
	return true;
}

bool
probe_choose_is_path(const char *which)
{
	size_t bus = strspn(which, DECIMAL);

	return bus > 0 && which[bus] == '-' && isdigit((unsigned char)which[bus + 1]) &&
	       strspn(which + bus + 1, DECIMAL ".") == strlen(which + bus + 1);
}

static bool
is_match(const struct probe_candidate *candidate, const char *which)
{
	if (probe_choose_is_id(which))
		return strtoul(which, NULL, 16) == candidate->vendor &&
		       strtoul(strchr(which, ':') + 1, NULL, 16) == candidate->product;
	if (probe_choose_is_path(which))
		return strcmp(candidate->path, which) == 0;
	return text_begins(candidate->serial, which);
}

static size_t
count_matches(const struct probe_candidate *candidates, size_t len, const char *which,
	      bool is_usable, size_t *last)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		if (is_match(&candidates[i], which) &&
		    (candidates[i].refusal == NULL) == is_usable) {
			count++;
			*last = i;
		}
	return count;
}

static size_t
count_exact(const struct probe_candidate *candidates, size_t len, const char *which,
	    size_t *last)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		if (strcmp(candidates[i].serial, which) == 0) {
			count++;
			*last = i;
		}
	return count;
}

static void
add_holder(const struct probe_candidate *candidate, struct text *words)
{
	char buffer[160];
	struct text holder;

	text_init(&holder, buffer, sizeof(buffer));
	if (candidate->node[0] != '\0' && usb_holder_find(candidate->node, &holder))
		text_add(words, ", held by %s", buffer);
}

static void
list(const struct probe_candidate *candidates, size_t len, struct text *words)
{
	for (size_t i = 0; i < len; i++) {
		text_add(words, "%s%s %s (%s", i > 0 ? ", " : "", candidates[i].kind,
			 candidates[i].serial[0] != '\0' ? candidates[i].serial
							 : "of unknown serial",
			 candidates[i].where);
		add_holder(&candidates[i], words);
		text_add(words, ")");
	}
}

static enum cause
refuse_others(const struct probe_choice *choice, const struct probe_candidate *candidates,
	      size_t len, const char *which, const char *place, struct reason *why)
{
	bool is_by_serial = candidates[0].serial[0] != '\0';
	char buffer[REASON_LINE_MAX];
	struct text found;

	text_init(&found, buffer, sizeof(buffer));
	list(candidates, len, &found);
	reason_begin(why, CAUSE_GONE, "no %s %s %s \"%s\"; there is: %s", choice->name,
		     place,
		     probe_choose_is_id(which)     ? "has the id"
		     : probe_choose_is_path(which) ? "is plugged in at"
						   : "has a serial that begins with",
		     which, buffer);
	reason_suspect_with(why, FINDING_PROBE_NOT_THERE, "%s",
			    is_by_serial ? candidates[0].serial : candidates[0].path);
	return CAUSE_GONE;
}

static enum cause
refuse_none(const struct probe_choice *choice, const struct probe_candidate *candidates,
	    size_t len, const char *which, const char *place, struct reason *why)
{
	if (len > 0)
		return refuse_others(choice, candidates, len, which, place, why);
	reason_begin(why, CAUSE_GONE, "there is no %s %s", choice->name, place);
	reason_suspect(why, FINDING_A1);
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
	reason_suspect_with(why, FINDING_A10, "%s", choice->spec);
	return CAUSE_REQUEST;
}

static enum cause
refuse_model(const struct probe_candidate *candidate, struct reason *why)
{
	reason_begin(why, CAUSE_UNSUPPORTED, "the %s (%s) cannot be used: %s",
		     candidate->kind, candidate->where, candidate->refusal);
	reason_suspect(why, candidate->finding);
	return CAUSE_UNSUPPORTED;
}

enum cause
probe_choose(const struct probe_choice *choice, const struct probe_candidate *candidates,
	     size_t len, const char *which, const char *place, size_t *chosen,
	     struct reason *why)
{
	size_t usable = count_matches(candidates, len, which, true, chosen);
	size_t refused;

	if (usable == 1)
		return CAUSE_NONE;
	/* A whole serial may be the beginning of another. */
	if (usable > 1 && which[0] != '\0' &&
	    count_exact(candidates, len, which, chosen) == 1)
		return CAUSE_NONE;
	if (usable > 1)
		return refuse_several(choice, candidates, len, place, why);
	refused = count_matches(candidates, len, which, false, chosen);
	if (refused > 0)
		return refuse_model(&candidates[*chosen], why);
	return refuse_none(choice, candidates, len, which, place, why);
}
