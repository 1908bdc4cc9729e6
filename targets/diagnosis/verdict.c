/* SPDX-License-Identifier: MIT */
#include "targets/diagnosis/verdict.h"

#include "targets/diagnosis/condition.h"
#include "targets/diagnosis/verdict_table.h"
#include "targets/diagnosis/wording.h"
#include "transport/base/bytes.h"

static const struct row {
	struct verdict verdict;
	struct condition conditions[CONDITIONS_MAX];
} rows[] = {
#define VERDICT_ROW(finding, certainty, apart, ...) \
	{ { FINDING_##finding, certainty, apart }, { __VA_ARGS__ } },
	VERDICT_TABLE(VERDICT_ROW)
#undef VERDICT_ROW
};

static bool
fits(const struct facts *facts, const struct row *row)
{
	return all_conditions_hold(facts, row->conditions);
}

/* Proof is none where what would speak against it was not looked for. */
static enum certainty
certainty_of(const struct facts *facts, const struct row *row)
{
	for (size_t i = 0; i < CONDITIONS_MAX; i++)
		if (row->conditions[i].test >= UNKNOWN &&
		    facts->of[row->conditions[i].fact].is_skipped)
			return LIKELY;
	return row->verdict.certainty;
}

static bool
is_among(const struct verdict *verdicts, size_t len, enum finding finding)
{
	for (size_t i = 0; i < len; i++)
		if (verdicts[i].finding == finding)
			return true;
	return false;
}

/* Where the certain ones begin; array_len(rows): there is none. */
static size_t
first_certain(const struct facts *facts)
{
	size_t i = 0;

	while (i < array_len(rows) &&
	       (certainty_of(facts, &rows[i]) != CERTAIN || !fits(facts, &rows[i])))
		i++;
	return i;
}

/* Of the first `end` rows those of that certainty, behind the `len` there are. */
static size_t
add_rows(const struct facts *facts, enum certainty certainty, size_t end,
	 struct verdict *verdicts, size_t len)
{
	for (size_t i = 0; i < end && len < VERDICTS_MAX; i++) {
		struct verdict verdict = rows[i].verdict;

		verdict.certainty = certainty_of(facts, &rows[i]);
		verdict.apart = wording_apart(facts, verdict.apart);
		if (verdict.certainty == certainty && fits(facts, &rows[i]) &&
		    !is_among(verdicts, len, verdict.finding))
			verdicts[len++] = verdict;
	}
	return len;
}

/* Beside what is proven what merely fits is news only where it would dominate: wires that lose bits
 * are worth a word beside a read protection, and not the other way round. */
size_t
verdicts_of(const struct facts *facts, struct verdict verdicts[VERDICTS_MAX])
{
	size_t len = add_rows(facts, CERTAIN, array_len(rows), verdicts, 0);

	return add_rows(facts, LIKELY, first_certain(facts), verdicts, len);
}

static void
add_evidence(const struct facts *facts, enum finding finding, struct reason *why)
{
	for (size_t i = 0; i < array_len(rows); i++) {
		if (rows[i].verdict.finding != finding || !fits(facts, &rows[i]))
			continue;
		for (size_t k = 0; k < CONDITIONS_MAX; k++) {
			const struct condition *condition = &rows[i].conditions[k];
			uint32_t value;

			if (condition->test != NO_TEST &&
			    facts_get(facts, condition->fact, &value))
				reason_saw(why, condition->fact, value);
		}
		return;
	}
}

static void
conclude(const struct facts *facts, const struct verdict *verdict, struct reason *why)
{
	char buffer[REASON_LINE_MAX];
	struct text remedy;

	text_init(&remedy, buffer, sizeof(buffer));
	wording_add_remedy(facts, verdict->finding, "", &remedy);
	reason_conclude(why, verdict->finding, verdict->certainty == CERTAIN);
	reason_reword(why, wording_sentence(facts, verdict->finding), buffer);
}

void
verdict_conclude(const struct facts *facts, struct reason *why)
{
	struct verdict verdicts[VERDICTS_MAX];
	size_t len = verdicts_of(facts, verdicts);
	uint32_t millivolts;

	if (facts_get(facts, FACT_TARGET_VOLTAGE, &millivolts))
		reason_saw(why, FACT_TARGET_VOLTAGE, millivolts);
	if (len == 0)
		return;
	add_evidence(facts, verdicts[0].finding, why);
	conclude(facts, &verdicts[0], why);
	for (size_t i = 1; i < len && verdicts[i].certainty == verdicts[0].certainty; i++)
		reason_also(why, wording_sentence(facts, verdicts[i].finding));
}
