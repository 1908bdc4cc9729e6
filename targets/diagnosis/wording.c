/* SPDX-License-Identifier: MIT */
#include "targets/diagnosis/wording.h"

#include "targets/diagnosis/condition.h"
#include "targets/diagnosis/wording_table.h"
#include "transport/base/bytes.h"
#include "transport/probe/vtarget.h"

#include <string.h>

static const struct wording {
	enum finding finding;
	struct condition conditions[CONDITIONS_MAX];
	const char *sentence, *remedy; /* NULL: the finding's */
} wordings[] = {
#define WORDING_ROW(finding, where, sentence, remedy) \
	{ FINDING_##finding, where, sentence, remedy },
	WORDINGS(WORDING_ROW)
#undef WORDING_ROW
};

static const struct way {
	const char *said;
	struct condition conditions[CONDITIONS_MAX];
	const char *instead;
} ways[] = {
#define WAY_ROW(said, where, instead) { said, where, instead },
	WAYS(WAY_ROW)
#undef WAY_ROW
};

/* NULL: the finding's own words are right. */
static const struct wording *
wording_of(const struct facts *facts, enum finding finding)
{
	for (size_t i = 0; i < array_len(wordings); i++)
		if (wordings[i].finding == finding &&
		    all_conditions_hold(facts, wordings[i].conditions))
			return &wordings[i];
	return NULL;
}

/* What is no way, at the beginning of these words; NULL: nothing is. */
static const struct way *
no_way(const struct facts *facts, const char *words)
{
	for (size_t i = 0; i < array_len(ways); i++)
		if (text_begins(words, ways[i].said) &&
		    all_conditions_hold(facts, ways[i].conditions))
			return &ways[i];
	return NULL;
}

const char *
wording_sentence(const struct facts *facts, enum finding finding)
{
	const struct wording *wording = wording_of(facts, finding);

	return wording != NULL && wording->sentence != NULL
		       ? wording->sentence
		       : finding_row(finding)->sentence;
}

void
wording_add_remedy(const struct facts *facts, enum finding finding, const char *value,
		   struct text *words)
{
	const struct wording *wording = wording_of(facts, finding);
	const char *remedy = wording != NULL && wording->remedy != NULL
				     ? wording->remedy
				     : finding_row(finding)->remedy;
	const struct way *way = no_way(facts, remedy);

	if (way != NULL)
		text_add(words, "%s%s", way->instead, remedy + strlen(way->said));
	else if (remedy != finding_row(finding)->remedy)
		text_add(words, "%s", remedy);
	else
		finding_add_remedy(finding, value, words);
}

const char *
wording_apart(const struct facts *facts, const char *apart)
{
	const struct way *way = apart == NULL ? NULL : no_way(facts, apart);

	return way == NULL ? apart : way->instead;
}

const char *
wording_said(enum finding finding, const char *words)
{
	for (size_t i = 0; i < array_len(wordings); i++)
		if (wordings[i].finding == finding && wordings[i].sentence != NULL &&
		    strstr(words, wordings[i].sentence) != NULL)
			return wordings[i].sentence;
	return finding_row(finding)->sentence;
}

static bool
is_by_a_way(const char *words, const char *remedy)
{
	for (size_t i = 0; i < array_len(ways); i++)
		if (text_begins(remedy, ways[i].said) &&
		    text_begins(words, ways[i].instead) &&
		    text_begins(words + strlen(ways[i].instead),
				remedy + strlen(ways[i].said)))
			return true;
	return false;
}

bool
wording_is_remedy(enum finding finding, const char *words)
{
	for (size_t i = 0; i < array_len(wordings); i++) {
		const char *remedy = wordings[i].remedy;

		if (wordings[i].finding == finding && remedy != NULL &&
		    (text_begins(words, remedy) || is_by_a_way(words, remedy)))
			return true;
	}
	return is_by_a_way(words, finding_row(finding)->remedy);
}
