/* SPDX-License-Identifier: MIT */
/*
 * What --probe takes: a kind and, after colons, where and which.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/cmsis_dap.h"
#include "transport/probe/faulty.h"
#include "transport/probe/probe.h"
#include "transport/probe/stlink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Before the words of any other probe: "faulty:SEED[:RATE]:". */
#define FAULTY_WORD "faulty:"
#define FAULTY_FORM FAULTY_WORD "SEED[:RATE]:PROBE"

enum { PARTS_MAX = 4, PART_MAX = 256 };

/* "stlink-tcp:127.0.0.1:7184:0671" cut at its colons; parts that are not there are "". */
struct spec {
	size_t len;
	char parts[PARTS_MAX][PART_MAX];
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
	return stlink_usb_open(spec->parts[1], clock, probe, why);
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
	return cmsis_dap_usb_open(spec->parts[1], clock, probe, why);
}

static enum cause
open_cmsis_dap_tcp(const struct spec *spec, struct clock *clock, struct probe **probe,
		   struct reason *why)
{
	return cmsis_dap_tcp_open(spec->parts[1], spec->parts[2], clock, probe, why);
}

static const struct kind kinds[] = {
	{ "stlink", "stlink[:SERIAL]", 1, 2, open_stlink },
	{ "stlink-tcp", "stlink-tcp:HOST:PORT[:SERIAL]", 3, 4, open_stlink_tcp },
	{ "cmsis-dap", "cmsis-dap[:SERIAL]", 1, 2, open_cmsis_dap },
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

static enum cause
refuse_spec(const char *words, struct reason *why)
{
	char buffer[REASON_LINE_MAX];
	struct text forms;

	text_init(&forms, buffer, sizeof(buffer));
	for (size_t i = 0; i < array_len(kinds); i++)
		text_add(&forms, "%s or ", kinds[i].form);
	text_add(&forms, FAULTY_FORM);
	reason_begin(why, CAUSE_REQUEST, "\"%s\" names no probe", words);
	reason_hint(why, "name it as %s", buffer);
	return CAUSE_REQUEST;
}

/* The only one on USB, of whatever kind. */
static enum cause
open_any(struct clock *clock, struct probe **probe, struct reason *why)
{
	struct probe_candidate candidates[2 * PROBE_CANDIDATES_MAX];
	struct reason second = REASON_INIT;
	size_t stlinks, others = 0, chosen;
	enum cause cause = stlink_usb_list(candidates, PROBE_CANDIDATES_MAX, &stlinks, why);

	if (cause != CAUSE_NONE)
		return cause;
	/* An ST-LINK can be used all the same. */
	if (cmsis_dap_usb_list(candidates + stlinks, PROBE_CANDIDATES_MAX, &others,
			       &second) != CAUSE_NONE)
		log_debug("probe", "looking for CMSIS-DAP: %s", reason_root(&second));
	cause = probe_choose(&probe_choice_any, candidates, stlinks + others, "", "on USB",
			     &chosen, why);
	if (cause != CAUSE_NONE)
		return cause;
	return chosen < stlinks
		       ? stlink_usb_open(candidates[chosen].serial, clock, probe, why)
		       : cmsis_dap_usb_open(candidates[chosen].serial, clock, probe, why);
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

static enum cause
open_faulty(const char *words, struct clock *clock, struct probe **probe,
	    struct reason *why)
{
	const char *rest = words + strlen(FAULTY_WORD);
	unsigned long seed = 0, rate = FAULTY_RATE;
	struct probe *inner = NULL;
	enum cause cause;

	if (!take_number(&rest, &seed))
		return refuse_spec(words, why);
	(void)take_number(&rest, &rate);
	/* One wrapper is all that can be asked for: words cannot nest without end. */
	if (rate > UINT32_MAX || strncmp(rest, FAULTY_WORD, strlen(FAULTY_WORD)) == 0)
		return refuse_spec(words, why);
	cause = probe_open(rest, clock, &inner, why);
	if (cause != CAUSE_NONE)
		return cause;
	return faulty_wrap(inner, seed, (uint32_t)rate, probe, why);
}

enum cause
probe_open(const char *words, struct clock *clock, struct probe **probe, struct reason *why)
{
	struct spec spec;

	if (words == NULL || words[0] == '\0')
		return open_any(clock, probe, why);
	if (strncmp(words, FAULTY_WORD, strlen(FAULTY_WORD)) == 0)
		return open_faulty(words, clock, probe, why);
	if (!split_spec(words, &spec))
		return refuse_spec(words, why);
	for (size_t i = 0; i < array_len(kinds); i++)
		if (strcmp(spec.parts[0], kinds[i].name) == 0 &&
		    spec.len >= kinds[i].parts_min && spec.len <= kinds[i].parts_max)
			return kinds[i].open(&spec, clock, probe, why);
	return refuse_spec(words, why);
}
