/* SPDX-License-Identifier: MIT */
#include "transport/base/finding.h"

#include <assert.h>
#include <string.h>

static const struct finding_row rows[FINDINGS_END] = {
#define FINDING_ROW(id, name, weight, sentence, remedy) \
	[FINDING_##id] = { #id, name, WEIGHT_##weight, sentence, remedy },
	FINDINGS(FINDING_ROW)
#undef FINDING_ROW
};

const struct finding_row *
finding_row(enum finding finding)
{
	assert(finding > FINDING_NONE && finding < FINDINGS_END);
	return &rows[finding];
}

enum finding
finding_by_id(const char *id)
{
	enum finding finding = FINDING_NONE + 1;

	while (finding < FINDINGS_END && strcmp(rows[finding].id, id) != 0)
		finding++;
	return finding < FINDINGS_END ? finding : FINDING_NONE;
}

void
finding_add_remedy(enum finding finding, const char *value, struct text *words)
{
	const char *remedy = finding_row(finding)->remedy;
	const char *hole = strstr(remedy, "{}");

	if (hole == NULL)
		text_add(words, "%s", remedy);
	else
		text_add(words, "%.*s%s%s", (int)(hole - remedy), remedy, value, hole + 2);
}
