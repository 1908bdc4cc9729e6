/* SPDX-License-Identifier: MIT */
/*
 * What --probe takes - a kind and, after colons, where and which - and how that is opened.
 */
#include "transport/base/bytes.h"
#include "transport/base/host.h"
#include "transport/base/log.h"
#include "transport/base/nearest.h"
#include "transport/base/text.h"
#include "transport/probe/probe_kind.h"
#include "transport/probe/probe_list.h"
#include "transport/probe/probe_shared.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	TYPO_MAX = 2, /* letters */
	/* Words that are cut to this are too long in any case. */
	WORDS_MAX = PROBE_SPEC_PARTS * (PROBE_SPEC_PART_MAX + 1) + 64,
	CANDIDATES_MAX = 2 * PROBE_CANDIDATES_MAX,
	PORT_PART = 2, /* of KIND:HOST:PORT */
	PORT_MAX = 65535
};

/* Words that were understood. */
struct parsed {
	const struct probe_kind *wrapper; /* NULL: none */
	const struct probe_kind *kind;    /* NULL: whichever has `spec.which` */
	struct probe_spec spec;
};

/* False when there are too many parts, or one is too long. */
static bool
split_spec(const char *words, struct probe_spec *spec)
{
	*spec = (struct probe_spec){ 0 };
	for (;;) {
		size_t len = strcspn(words, ":");

		if (spec->len == PROBE_SPEC_PARTS || len >= PROBE_SPEC_PART_MAX)
			return false;
		memcpy(spec->parts[spec->len++], words, len);
		if (words[len] == '\0')
			return true;
		words += len + 1;
	}
}

static const struct probe_kind *
nearest_kind(const char *word, unsigned *distance)
{
	const struct probe_kind *nearest = NULL;

	*distance = UINT_MAX;
	for (size_t i = 0; i < probe_kinds_len; i++) {
		unsigned here = edit_distance(word, probe_kinds[i]->name);

		if (here < *distance) {
			nearest = probe_kinds[i];
			*distance = here;
		}
	}
	return nearest;
}

/* "jlink", "J-Link:123" */
static bool
names_jlink(const char *words)
{
	size_t len = strcspn(words, ":");

	return (len == 5 && text_begins_like(words, "jlink")) ||
	       (len == 6 && text_begins_like(words, "j-link"));
}

static enum cause
refuse_spec(const char *words, struct reason *why)
{
	char buffer[REASON_LINE_MAX], word[PROBE_SPEC_PART_MAX];
	unsigned distance;
	const struct probe_kind *nearest;
	struct text forms, first;

	if (names_jlink(words)) {
		reason_begin(why, CAUSE_REQUEST, "a J-Link is not supported");
		reason_suspect(why, FINDING_PROBE_JLINK);
		return CAUSE_REQUEST;
	}
	text_init(&first, word, sizeof(word));
	text_add(&first, "%.*s", (int)strcspn(words, ":"), words);
	nearest = nearest_kind(word, &distance);
	text_init(&forms, buffer, sizeof(buffer));
	for (size_t i = 0; i < probe_kinds_len; i++)
		text_add(&forms, "%s%s", i > 0 ? " or " : "", probe_kinds[i]->form);
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

/* The kind whose name these words begin with. */
static const struct probe_kind *
find_kind(const char *words)
{
	size_t len = strcspn(words, ":");

	for (size_t i = 0; i < probe_kinds_len; i++)
		if (strlen(probe_kinds[i]->name) == len &&
		    strncmp(words, probe_kinds[i]->name, len) == 0)
			return probe_kinds[i];
	return NULL;
}

/* Of a kind that wraps nothing, or of no kind. False: they name no probe. */
static bool
parse_plain(const char *words, struct parsed *parsed)
{
	const struct probe_kind *kind = parsed->kind = find_kind(words);
	struct probe_spec *spec = &parsed->spec;

	if (!split_spec(words, spec) || (kind != NULL && kind->wrap != NULL))
		return false;
	spec->which = kind == NULL    ? words
		      : spec->len > 1 ? words + strlen(kind->name) + 1
				      : "";
	if (kind == NULL)
		return words[0] == '\0' || is_which(words);
	/* Of what is on USB only an id has a colon. */
	return spec->len >= kind->parts_min && spec->len <= kind->parts_max &&
	       (kind->list == NULL || strchr(spec->which, ':') == NULL ||
		probe_choose_is_id(spec->which));
}

static bool
is_port(const char *word)
{
	char *end;
	unsigned long port = strtoul(word, &end, 10);

	return isdigit((unsigned char)word[0]) && *end == '\0' && port > 0 &&
	       port <= PORT_MAX;
}

/* Of a kind that is reached by TCP. */
static enum cause
check_port(const struct parsed *parsed, struct reason *why)
{
	const char *port = parsed->spec.parts[PORT_PART];

	if (parsed->kind == NULL || parsed->kind->parts_max <= PORT_PART ||
	    parsed->kind->list != NULL || is_port(port))
		return CAUSE_NONE;
	reason_begin(why, CAUSE_REQUEST, "\"%s\" is not a port from 1 to %d", port,
		     PORT_MAX);
	reason_suspect_with(why, FINDING_REQUEST_PROBE_NAME, "%s", parsed->kind->form);
	return CAUSE_REQUEST;
}

static enum cause
parse(const char *words, struct parsed *parsed, struct reason *why)
{
	const struct probe_kind *kind = find_kind(words);
	const char *inside = words;

	parsed->wrapper = kind != NULL && kind->wrap != NULL ? kind : NULL;
	if (parsed->wrapper != NULL)
		inside = kind->inside(words);
	if (inside == NULL || !parse_plain(inside, parsed))
		return refuse_spec(words, why);
	return check_port(parsed, why);
}

enum cause
probe_check_spec(const char *words, struct reason *why)
{
	struct parsed parsed;

	return parse(words, &parsed, why);
}

struct opening {
	struct staged_job staged;
	struct clock *clock;
	char words[WORDS_MAX];
	struct parsed parsed;
	bool is_shared; /* with other tethers */
	/* By one of them, of this kind; NULL: it is not. */
	const struct probe_kind *offered;
	char path[RENDEZVOUS_PATH]; /* its socket */
	struct reason folder;       /* why nobody is found in the folder of the sockets */
	struct job *driver;         /* of the kind */
	struct probe *opened, **probe;
	/* While the kind is sought. */
	size_t next_kind, len;
	struct probe_candidate candidates[CANDIDATES_MAX];
	const struct probe_kind *kinds[CANDIDATES_MAX]; /* of each of them */
};

static struct opening *
opening_of(struct staged_job *staged)
{
	return container_of(staged, struct opening, staged);
}

static enum cause
run_parse(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);

	struct parsed *parsed = &opening->parsed;
	enum cause cause = parse(opening->words, parsed, why);

	*done = true;
	opening->is_shared = cause == CAUSE_NONE && parsed->kind == &probe_shared_kind;
	if (opening->is_shared)
		parsed->kind = NULL;
	return cause;
}

static bool
when_shared(struct staged_job *staged)
{
	return opening_of(staged)->is_shared;
}

static enum cause
run_find(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);

	(void)why;
	*done = true;
	opening->folder = (struct reason)REASON_INIT;
	rendezvous_check(&opening->folder);
	opening->offered = probe_shared_find(opening->parsed.spec.which, opening->path);
	return CAUSE_NONE;
}

static bool
when_offered(struct staged_job *staged)
{
	return opening_of(staged)->offered != NULL;
}

static void
name_shared(struct opening *opening)
{
	if (opening->is_shared)
		probe_name_spec(opening->opened, PROBE_SHARED_NAME);
}

static enum cause
no_memory(struct reason *why)
{
	return reason_begin(why, CAUSE_HOST, "no memory for a probe");
}

/* It has the probe, and the probe cannot be opened on USB: waiting does not help, nor does looking there. */
static enum cause
explain_silent_owner(const struct opening *opening, long owner, struct reason *why)
{
	rendezvous_silent(owner, CAUSE_TIMEOUT, why);
	return reason_while(why, "asking it at %s", opening->path);
}

/* One that was killed has left its socket, and one that ends closes it: then the probe is free. */
static enum cause
explain_refusal(const struct opening *opening, const struct reason *refused,
		struct reason *why)
{
	enum finding finding = reason_finding(refused);
	long owner = rendezvous_owner(opening->path);

	log_debug("probe", "%s: %s", opening->path, reason_root(refused));
	if (owner == RENDEZVOUS_BUSY ||
	    (owner > 0 && (finding == FINDING_HOST_SERVER_SILENT ||
			   finding == FINDING_HOST_NOT_A_PROBE_SERVER)))
		return explain_silent_owner(opening, owner, why);
	return CAUSE_NONE;
}

static enum cause
run_join(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	struct reason refused = REASON_INIT;

	if (opening->driver == NULL)
		opening->driver = opening->offered->open_local(
			opening->path, opening->parsed.spec.which, opening->clock,
			&opening->opened);
	if (opening->driver == NULL)
		return no_memory(why);
	if (probe_step_inner(staged, opening->driver, done, &refused) == CAUSE_NONE) {
		if (*done)
			name_shared(opening);
		return CAUSE_NONE;
	}
	job_free(opening->driver);
	opening->driver = NULL;
	*done = true;
	return explain_refusal(opening, &refused, why);
}

static bool
when_not_open(struct staged_job *staged)
{
	return opening_of(staged)->opened == NULL;
}

static bool
when_no_kind(struct staged_job *staged)
{
	return when_not_open(staged) && opening_of(staged)->parsed.kind == NULL;
}

static enum cause
list_one(struct opening *opening, const struct probe_kind *kind, struct reason *why)
{
	size_t room = CANDIDATES_MAX - opening->len, found = 0;
	enum cause cause = kind->list(
		opening->candidates + opening->len,
		room < PROBE_CANDIDATES_MAX ? room : PROBE_CANDIDATES_MAX, &found, why);

	for (size_t i = 0; i < found; i++)
		opening->kinds[opening->len++] = kind;
	return cause;
}

/* One kind a step. When the first can be listed, the others are of no consequence: what was
 * found can be used all the same. */
static enum cause
run_list(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	const struct probe_kind *kind = probe_kinds[opening->next_kind];
	bool is_first = opening->next_kind == 0;
	enum cause cause = kind->list == NULL ? CAUSE_NONE : list_one(opening, kind, why);

	*done = ++opening->next_kind == probe_kinds_len;
	if (cause == CAUSE_NONE || is_first)
		return cause;
	log_debug("probe", "looking for probes (%s): %s", kind->name, reason_root(why));
	return CAUSE_NONE;
}

static enum cause
run_choose(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	struct parsed *parsed = &opening->parsed;
	size_t chosen;
	enum cause cause;

	if (opening->len == 0)
		return probe_tell_none(why);
	cause = probe_choose(&probe_choice_any, opening->candidates, opening->len,
			     parsed->spec.which, "on USB", &chosen, why);
	if (cause != CAUSE_NONE)
		return cause;
	parsed->kind = opening->kinds[chosen];
	parsed->spec.which = probe_candidate_name(&opening->candidates[chosen]);
	*done = true;
	return CAUSE_NONE;
}

/* Another tether may have the probe, and cannot be asked for it. */
static enum cause
explain_folder(const struct opening *opening, enum cause cause, struct reason *why)
{
	struct reason held = *why;

	if (cause != CAUSE_HOST || !opening->is_shared ||
	    opening->folder.cause == CAUSE_NONE)
		return cause;
	*why = opening->folder;
	reason_while(why, "looking there for the tether that shares the probe, since %s",
		     reason_root(&held));
	return reason_becomes(why, CAUSE_REQUEST);
}

static enum cause
run_open(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	const struct parsed *parsed = &opening->parsed;
	enum cause cause;

	if (opening->driver == NULL)
		opening->driver =
			parsed->kind->open(&parsed->spec, opening->clock, &opening->opened);
	if (opening->driver == NULL)
		return no_memory(why);
	cause = probe_step_inner(staged, opening->driver, done, why);
	if (*done && parsed->kind->list != NULL)
		probe_name_spec(opening->opened, parsed->kind->name);
	if (*done)
		name_shared(opening);
	return explain_folder(opening, cause, why);
}

/* It is wrapped, if that was asked for, and is the caller's from now on. */
static enum cause
run_hand_over(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	const struct probe_kind *wrapper = opening->parsed.wrapper;
	struct probe *probe = opening->opened;
	enum cause cause = CAUSE_NONE;

	opening->opened = NULL;
	if (wrapper != NULL)
		cause = wrapper->wrap(probe, opening->words, &probe, why);
	if (cause == CAUSE_NONE)
		*opening->probe = probe;
	*done = true;
	return cause;
}

static void
free_opening(struct staged_job *staged)
{
	struct opening *opening = opening_of(staged);

	job_free(opening->driver);
	probe_close(opening->opened);
	free(opening);
}

struct job *
probe_open_job(const char *words, struct clock *clock, struct probe **probe)
{
	static const struct job_stage stages[] = {
		{ "read the words", run_parse, NULL },
		{ "look for who offers it", run_find, when_shared },
		{ "open it there", run_join, when_offered },
		{ "list the probes", run_list, when_no_kind },
		{ "choose one", run_choose, when_no_kind },
		{ "open it", run_open, when_not_open },
		{ "hand it over", run_hand_over, NULL },
		{ NULL, NULL, NULL },
	};
	static const struct staged_ops ops = { .free = free_opening };
	struct opening *opening = calloc(1, sizeof(*opening));

	*probe = NULL;
	if (opening == NULL)
		return NULL;
	staged_job_init(&opening->staged, "opening the probe", stages, &ops);
	opening->clock = clock;
	opening->probe = probe;
	text_copy(opening->words, sizeof(opening->words), words == NULL ? "" : words);
	return &opening->staged.job;
}

enum cause
probe_open(const char *words, struct clock *clock, struct probe **probe, struct reason *why)
{
	struct job *job = probe_open_job(words, clock, probe);
	enum cause cause = job == NULL ? no_memory(why) : job_run(job, clock, why);

	job_free(job);
	return cause;
}
