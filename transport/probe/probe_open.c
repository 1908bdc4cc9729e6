/* SPDX-License-Identifier: MIT */
/*
 * What --probe takes: a kind and, after colons, where and which.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/nearest.h"
#include "transport/base/text.h"
#include "transport/probe/cmsis_dap/cmsis_dap.h"
#include "transport/probe/faulty.h"
#include "transport/probe/probe.h"
#include "transport/probe/probe_list.h"
#include "transport/probe/stlink/stlink.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Before the words of any other probe: "faulty:SEED[:RATE]:". */
#define FAULTY_WORD "faulty:"
#define FAULTY_FORM FAULTY_WORD "SEED[:RATE]:PROBE"

enum { PARTS_MAX = 4, PART_MAX = 256, TYPO_MAX = 2 /* letters */ };

struct kind;

/* "stlink-tcp:127.0.0.1:7184:0671" cut at its colons; parts that are not there are "". */
struct spec {
	size_t len;
	char parts[PARTS_MAX][PART_MAX];
	const char *which;       /* of those on USB: all behind the kind, or all there is */
	const struct kind *kind; /* NULL: whatever has `which` */
};

struct kind {
	const char *name;
	const char *form; /* for people */
	size_t parts_min, parts_max;
	enum cause (*open)(const struct spec *spec, struct clock *clock,
			   struct probe **probe, struct reason *why);
};

static enum cause
open_stlink(const struct spec *spec, struct clock *clock, struct probe **probe,
	    struct reason *why)
{
	return stlink_usb_open(spec->which, clock, probe, why);
}

static enum cause
open_stlink_tcp(const struct spec *spec, struct clock *clock, struct probe **probe,
		struct reason *why)
{
	return stlink_tcp_open(spec->parts[1], spec->parts[2], spec->parts[3], clock, probe,
			       why);
}

static enum cause
open_cmsis_dap(const struct spec *spec, struct clock *clock, struct probe **probe,
	       struct reason *why)
{
	return cmsis_dap_usb_open(spec->which, clock, probe, why);
}

static enum cause
open_cmsis_dap_tcp(const struct spec *spec, struct clock *clock, struct probe **probe,
		   struct reason *why)
{
	return cmsis_dap_tcp_open(spec->parts[1], spec->parts[2], clock, probe, why);
}

static const struct kind kinds[] = {
	{ "stlink", "stlink[:WHICH]", 1, 3, open_stlink },
	{ "stlink-tcp", "stlink-tcp:HOST:PORT[:SERIAL]", 3, 4, open_stlink_tcp },
	{ "cmsis-dap", "cmsis-dap[:WHICH]", 1, 3, open_cmsis_dap },
	{ "cmsis-dap-tcp", "cmsis-dap-tcp:HOST:PORT", 3, 3, open_cmsis_dap_tcp },
};

/* False when there are too many parts, or one is too long. */
static bool
split_spec(const char *words, struct spec *spec)
{
	*spec = (struct spec){ 0 };
	for (;;) {
		size_t len = strcspn(words, ":");

		if (spec->len == PARTS_MAX || len >= PART_MAX)
			return false;
		memcpy(spec->parts[spec->len++], words, len);
		if (words[len] == '\0')
			return true;
		words += len + 1;
	}
}

static const struct kind *
nearest_kind(const char *word, unsigned *distance)
{
	const struct kind *nearest = NULL;

	*distance = UINT_MAX;
	for (size_t i = 0; i < array_len(kinds); i++) {
		unsigned here = edit_distance(word, kinds[i].name);

		if (here < *distance) {
			nearest = &kinds[i];
			*distance = here;
		}
	}
	return nearest;
}

static enum cause
refuse_spec(const char *words, struct reason *why)
{
	char buffer[REASON_LINE_MAX], word[PART_MAX];
	unsigned distance;
	const struct kind *nearest;
	struct text forms, first;

	text_init(&first, word, sizeof(word));
	text_add(&first, "%.*s", (int)strcspn(words, ":"), words);
	nearest = nearest_kind(word, &distance);
	text_init(&forms, buffer, sizeof(buffer));
	for (size_t i = 0; i < array_len(kinds); i++)
		text_add(&forms, "%s or ", kinds[i].form);
	text_add(&forms, FAULTY_FORM);
	reason_begin(why, CAUSE_REQUEST, "\"%s\" names no probe%s%s", words,
		     distance <= TYPO_MAX && distance > 0 ? "; the nearest kind is " : "",
		     distance <= TYPO_MAX && distance > 0 ? nearest->name : "");
	reason_suspect_with(why, FINDING_REQUEST_PROBE_NAME, "%s", buffer);
	return CAUSE_REQUEST;
}

/* A word that is no kind may be a serial, which has digits, unless it looks like a kind
 * that was misspelled. */
static bool
is_serial(const char *word)
{
	unsigned distance;

	nearest_kind(word, &distance);
	if (distance <= TYPO_MAX || strpbrk(word, "0123456789") == NULL)
		return false;
	for (; *word != '\0'; word++)
		if (!isalnum((unsigned char)*word))
			return false;
	return true;
}

static bool
is_which(const char *words)
{
	return probe_choose_is_id(words) || probe_choose_is_path(words) || is_serial(words);
}

static const struct kind *
find_kind(const char *name)
{
	for (size_t i = 0; i < array_len(kinds); i++)
		if (strcmp(name, kinds[i].name) == 0)
			return &kinds[i];
	return NULL;
}

static enum cause
parse_spec(const char *words, struct spec *spec, struct reason *why)
{
	const struct kind *kind;

	if (!split_spec(words, spec))
		return refuse_spec(words, why);
	kind = spec->kind = find_kind(spec->parts[0]);
	if (kind == NULL) {
		spec->which = words;
		return is_which(words) ? CAUSE_NONE : refuse_spec(words, why);
	}
	if (spec->len < kind->parts_min || spec->len > kind->parts_max)
		return refuse_spec(words, why);
	spec->which = spec->len > 1 ? words + strlen(kind->name) + 1 : "";
	/* Of what is on USB only an id has a colon. */
	if (kind->parts_min == 1 && strchr(spec->which, ':') != NULL &&
	    !probe_choose_is_id(spec->which))
		return refuse_spec(words, why);
	return CAUSE_NONE;
}

/* One on USB, of whatever kind. */
static enum cause
open_any(const char *which, struct clock *clock, struct probe **probe, struct reason *why)
{
	struct probe_candidate candidates[2 * PROBE_CANDIDATES_MAX];
	struct reason second = REASON_INIT;
	size_t stlinks, others = 0, chosen;
	const char *exactly;
	enum cause cause = stlink_usb_list(candidates, PROBE_CANDIDATES_MAX, &stlinks, why);

	if (cause != CAUSE_NONE)
		return cause;
	/* An ST-LINK can be used all the same. */
	if (cmsis_dap_usb_list(candidates + stlinks, PROBE_CANDIDATES_MAX, &others,
			       &second) != CAUSE_NONE)
		log_debug("probe", "looking for CMSIS-DAP: %s", reason_root(&second));
	if (stlinks + others == 0)
		return probe_tell_none(why);
	cause = probe_choose(&probe_choice_any, candidates, stlinks + others, which,
			     "on USB", &chosen, why);
	if (cause != CAUSE_NONE)
		return cause;
	exactly = candidates[chosen].path[0] != '\0' ? candidates[chosen].path
						     : candidates[chosen].serial;
	return chosen < stlinks ? stlink_usb_open(exactly, clock, probe, why)
				: cmsis_dap_usb_open(exactly, clock, probe, why);
}

/* A decimal number with a colon behind it; goes on behind that. */
static bool
take_number(const char **words, unsigned long *number)
{
	char *end;

	if (**words < '0' || **words > '9')
		return false;
	errno = 0;
	*number = strtoul(*words, &end, 10);
	if (errno != 0 || *end != ':')
		return false;
	*words = end + 1;
	return true;
}

/* What is behind "faulty:SEED[:RATE]:"; NULL when that is not well said. */
static const char *
take_faults(const char *words, unsigned long *seed, unsigned long *rate)
{
	const char *rest = words + strlen(FAULTY_WORD);

	*rate = FAULTY_RATE;
	if (!take_number(&rest, seed))
		return NULL;
	(void)take_number(&rest, rate);
	/* One wrapper is all that can be asked for: words cannot nest without end. */
	return *rate > UINT32_MAX || strncmp(rest, FAULTY_WORD, strlen(FAULTY_WORD)) == 0
		       ? NULL
		       : rest;
}

static bool
is_faulty(const char *words)
{
	return strncmp(words, FAULTY_WORD, strlen(FAULTY_WORD)) == 0;
}

static enum cause
open_faulty(const char *words, struct clock *clock, struct probe **probe,
	    struct reason *why)
{
	unsigned long seed = 0, rate;
	const char *rest = take_faults(words, &seed, &rate);
	struct probe *inner = NULL;
	enum cause cause;

	if (rest == NULL)
		return refuse_spec(words, why);
	cause = probe_open(rest, clock, &inner, why);
	if (cause != CAUSE_NONE)
		return cause;
	return faulty_wrap(inner, seed, (uint32_t)rate, probe, why);
}

enum cause
probe_check_spec(const char *words, struct reason *why)
{
	const char *rest = words;
	unsigned long seed, rate;
	struct spec spec;

	if (is_faulty(words))
		rest = take_faults(words, &seed, &rate);
	if (rest == NULL)
		return refuse_spec(words, why);
	return rest[0] == '\0' ? CAUSE_NONE : parse_spec(rest, &spec, why);
}

enum cause
probe_open(const char *words, struct clock *clock, struct probe **probe, struct reason *why)
{
	struct spec spec;
	enum cause cause;

	if (words == NULL || words[0] == '\0')
		return open_any("", clock, probe, why);
	if (is_faulty(words))
		return open_faulty(words, clock, probe, why);
	cause = parse_spec(words, &spec, why);
	if (cause != CAUSE_NONE)
		return cause;
	return spec.kind != NULL ? spec.kind->open(&spec, clock, probe, why)
				 : open_any(spec.which, clock, probe, why);
}
