/* SPDX-License-Identifier: MIT */
#include "transport/base/reason.h"

#include "transport/base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

static const char *const cause_names[] = {
	[CAUSE_NONE] = "none",
	[CAUSE_REQUEST] = "request",
	[CAUSE_UNSUPPORTED] = "unsupported",
	[CAUSE_TIMEOUT] = "timeout",
	[CAUSE_GONE] = "gone",
	[CAUSE_FAULT] = "fault",
	[CAUSE_PROTECTED] = "protected",
	[CAUSE_MISMATCH] = "mismatch",
	[CAUSE_HOST] = "host",
	[CAUSE_BUG] = "bug",
};

const char *
cause_name(enum cause cause)
{
	assert((size_t)cause < sizeof(cause_names) / sizeof(cause_names[0]));
	return cause_names[cause];
}

enum cause
cause_by_name(const char *name)
{
	enum cause cause = CAUSE_NONE;

	while (cause < CAUSE_BUG && strcmp(cause_names[cause], name) != 0)
		cause++;
	return cause;
}

static const char *
line_at(const struct reason *why, unsigned index)
{
	return why->text + why->at[index];
}

/* Room for one more outer line is made by dropping the outermost one so far; the root,
 * being one line, leaves enough space for another by the two sizes below. */
_Static_assert(REASON_SPACE >= 3 * (REASON_LINE_MAX + 1), "root, outermost and a new line");

FORMAT_PRINTF(2, 0)
static void
add_line(struct reason *why, const char *fmt, va_list args)
{
	struct text line;

	while (why->lines > 1 && (why->lines == REASON_LINES ||
				  why->used + REASON_LINE_MAX + 1 > REASON_SPACE)) {
		why->lines--;
		why->used = why->at[why->lines];
		why->dropped++;
	}
	text_init(&line, why->text + why->used, REASON_LINE_MAX);
	text_vadd(&line, fmt, args);
	why->at[why->lines++] = (unsigned short)why->used;
	why->used += line.used + 1;
}

enum cause
reason_begin(struct reason *why, enum cause cause, const char *fmt, ...)
{
	va_list args;

	assert(cause != CAUSE_NONE);
	why->cause = cause;
	why->lines = why->dropped = 0;
	why->used = 0;
	why->remedy[0] = why->also[0] = '\0';
	why->finding = FINDING_NONE;
	why->is_concluded = why->is_certain = false;
	why->sentence = NULL;
	why->evidence.len = 0;
	va_start(args, fmt);
	add_line(why, fmt, args);
	va_end(args);
	return cause;
}

enum cause
reason_while(struct reason *why, const char *fmt, ...)
{
	va_list args;

	assert(why->lines > 0 && "reason_while() without reason_begin()");
	va_start(args, fmt);
	add_line(why, fmt, args);
	va_end(args);
	return why->cause;
}

FORMAT_PRINTF(3, 0)
static void
suspect(struct reason *why, enum finding finding, const char *fmt, va_list args)
{
	char buffer[REASON_LINE_MAX];
	struct text value, remedy;

	assert(why->lines > 0 && "reason_suspect() without reason_begin()");
	if (why->is_concluded)
		return;
	if (why->finding != FINDING_NONE &&
	    finding_row(why->finding)->weight > finding_row(finding)->weight)
		return;
	why->finding = finding;
	why->sentence = NULL;
	text_init(&value, buffer, sizeof(buffer));
	text_vadd(&value, fmt, args);
	text_init(&remedy, why->remedy, sizeof(why->remedy));
	finding_add_remedy(finding, buffer, &remedy);
}

void
reason_suspect_with(struct reason *why, enum finding finding, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	suspect(why, finding, fmt, args);
	va_end(args);
}

void
reason_suspect(struct reason *why, enum finding finding)
{
	reason_suspect_with(why, finding, "%s", "");
}

unsigned
reason_lines(const struct reason *why)
{
	return why->lines;
}

const char *
reason_line_at(const struct reason *why, unsigned index)
{
	assert(index < why->lines);
	return line_at(why, index);
}

void
reason_suspect_as_said(struct reason *why, enum finding finding, const char *remedy)
{
	reason_suspect(why, finding);
	text_copy(why->remedy, sizeof(why->remedy), remedy);
}

void
reason_conclude(struct reason *why, enum finding finding, bool is_certain)
{
	why->finding = FINDING_NONE;
	why->is_concluded = false;
	why->also[0] = '\0';
	reason_suspect(why, finding);
	why->is_concluded = true;
	why->is_certain = is_certain;
}

void
reason_reword(struct reason *why, const char *sentence, const char *remedy)
{
	assert(why->is_concluded);
	why->sentence = sentence;
	text_copy(why->remedy, sizeof(why->remedy), remedy);
}

void
reason_also(struct reason *why, const char *sentence)
{
	size_t used = strlen(why->also);
	const char *before = used > 0 ? "; " : why->is_certain ? "also, " : "or perhaps ";
	struct text also;

	assert(why->is_concluded);
	if (used + strlen(before) + strlen(sentence) >= sizeof(why->also))
		return; /* half a sentence says nothing */
	text_init(&also, why->also + used, sizeof(why->also) - used);
	text_add(&also, "%s%s", before, sentence);
}

enum finding
reason_finding(const struct reason *why)
{
	return why->lines > 0 ? why->finding : FINDING_NONE;
}

void
reason_saw(struct reason *why, enum fact fact, uint32_t value)
{
	assert(why->lines > 0 && "reason_saw() without reason_begin()");
	evidence_add(&why->evidence, fact, value, true);
}

void
reason_could_not_see(struct reason *why, enum fact fact)
{
	assert(why->lines > 0 && "reason_could_not_see() without reason_begin()");
	evidence_add(&why->evidence, fact, 0, false);
}

const struct evidence *
reason_evidence(const struct reason *why)
{
	return &why->evidence;
}

enum cause
reason_becomes(struct reason *why, enum cause cause)
{
	assert(why->lines > 0 && cause != CAUSE_NONE);
	why->cause = cause;
	return cause;
}

const char *
reason_outermost(const struct reason *why)
{
	return why->lines > 0 ? line_at(why, why->lines - 1) : "";
}

const char *
reason_root(const struct reason *why)
{
	return why->lines > 0 ? line_at(why, 0) : "";
}

const char *
reason_remedy(const struct reason *why)
{
	return why->lines > 0 ? why->remedy : "";
}

/* "probably ", "perhaps ", or of a diagnosis that is proven "the reason: "; NULL: the finding has nothing to add to the lines. */
static const char *
likelihood(const struct reason *why)
{
	static const char *const words[] = { [WEIGHT_GENERAL] = "perhaps ",
					     [WEIGHT_SPECIFIC] = "probably ",
					     [WEIGHT_CERTAIN] = NULL };
	enum finding finding = reason_finding(why);

	if (finding != FINDING_NONE && why->is_concluded)
		return why->is_certain ? "the reason: " : "probably ";
	return finding == FINDING_NONE ? NULL : words[finding_row(finding)->weight];
}

static const char *
sentence_of(const struct reason *why)
{
	return why->sentence != NULL ? why->sentence : finding_row(why->finding)->sentence;
}

static bool
has_evidence(const struct reason *why)
{
	return why->lines > 0 && why->evidence.len > 0;
}

size_t
reason_line(const struct reason *why, char *out, size_t size)
{
	const char *likely = likelihood(why);
	struct text text;

	text_init(&text, out, size);
	for (unsigned i = why->lines; i-- > 0;)
		text_add(&text, "%s%s", line_at(why, i), i > 0 ? ": " : "");
	if (has_evidence(why)) {
		text_add(&text, " [");
		evidence_add_words(&why->evidence, &text);
		text_add(&text, "]");
	}
	if (reason_remedy(why)[0] != '\0')
		text_add(&text, " (%s%s%s%s%stry: %s)", likely == NULL ? "" : likely,
			 likely == NULL ? "" : sentence_of(why),
			 likely == NULL || why->also[0] == '\0' ? "" : ", ",
			 likely == NULL ? "" : why->also, likely == NULL ? "" : "; ",
			 why->remedy);
	return text.used;
}

size_t
reason_text(const struct reason *why, char *out, size_t size)
{
	const char *likely = likelihood(why);
	struct text text;

	text_init(&text, out, size);
	for (unsigned i = why->lines; i-- > 0;)
		text_add(&text, "%s%s\n", i == why->lines - 1 ? "" : "  because ",
			 line_at(why, i));
	if (has_evidence(why)) {
		text_add(&text, "  seen: ");
		evidence_add_words(&why->evidence, &text);
		text_add(&text, "\n");
	}
	if (likely != NULL)
		text_add(&text, "  %s%s\n", likely, sentence_of(why));
	if (likely != NULL && why->also[0] != '\0')
		text_add(&text, "  %s\n", why->also);
	if (reason_remedy(why)[0] != '\0')
		text_add(&text, "try: %s\n", why->remedy);
	return text.used;
}
