/* SPDX-License-Identifier: MIT */
/*
 * verdict.h - what facts mean: the rows of verdict_table.h, walked from the top.
 *
 * A row names a finding and the facts that speak for it. One whose facts are proof is
 * certain; one whose facts merely fit is likely, and says what would tell it from the others
 * that fit as well. A fact that is not known fulfils no condition but FACT_UNKNOWN's.
 */
#ifndef TARGETS_DIAGNOSIS_VERDICT_H
#define TARGETS_DIAGNOSIS_VERDICT_H

#include "transport/base/reason.h"

enum certainty { LIKELY, CERTAIN };

struct verdict {
	enum finding finding;
	enum certainty certainty;
	/* The experiment that would tell it from what else fits; or NULL. */
	const char *apart;
};

enum { VERDICTS_MAX = 10 };

/* The first is the one that dominates; the others are also so (CERTAIN), or fit as well
 * (LIKELY; where the first is CERTAIN, those that would dominate it). Each finding once. How
 * many. */
size_t verdicts_of(const struct facts *facts, struct verdict verdicts[VERDICTS_MAX]);

/* Concludes `why` by the first verdict, and adds what else fits; does nothing without one.
 * Evidence that speaks for it is added as well. */
void verdict_conclude(const struct facts *facts, struct reason *why);

#endif /* TARGETS_DIAGNOSIS_VERDICT_H */
