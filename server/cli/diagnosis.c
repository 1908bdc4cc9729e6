/* SPDX-License-Identifier: MIT */
#include "server/cli/diagnosis.h"

#include "targets/diagnosis/wording.h"

/* Without a board nothing is known of one. */
static const struct facts *
known(const struct diagnosis *diagnosis)
{
	static const struct facts nothing;

	return diagnosis->bench.board == NULL ? &nothing
					      : board_facts(diagnosis->bench.board);
}

const char *
diagnosis_sentence(const struct diagnosis *diagnosis, size_t index)
{
	return wording_sentence(known(diagnosis), diagnosis->verdicts[index].finding);
}

void
diagnosis_remedy(const struct diagnosis *diagnosis, size_t index, char *words, size_t size)
{
	struct text text;

	text_init(&text, words, size);
	/* The reason knows what to put in the place of "{}". */
	if (reason_finding(&diagnosis->why) == diagnosis->verdicts[index].finding)
		text_add(&text, "%s", reason_remedy(&diagnosis->why));
	else
		wording_add_remedy(known(diagnosis), diagnosis->verdicts[index].finding,
				   "NAME", &text);
}

bool
diagnosis_lacks(const struct diagnosis *diagnosis, size_t experiment)
{
	return !experiment_was_run(diagnosis->bench.board, experiment) &&
	       experiment_was_short(diagnosis->bench.board, experiment);
}

const char *
diagnosis_certainty(const struct verdict *verdict)
{
	return verdict->certainty == CERTAIN ? "certain" : "likely";
}

bool
diagnosis_words(const struct diagnosis *diagnosis, size_t experiment,
		char words[DIAGNOSIS_WORDS_MAX])
{
	struct text text;

	if (!experiment_was_run(diagnosis->bench.board, experiment))
		return false;
	text_init(&text, words, DIAGNOSIS_WORDS_MAX);
	experiment_add_words(diagnosis->bench.board, experiment, &text);
	if (experiment_was_short(diagnosis->bench.board, experiment))
		text_add(&text, " (cut short: the time for a verdict was over)");
	return true;
}
