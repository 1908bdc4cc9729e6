/* SPDX-License-Identifier: MIT */
/*
 * wording.h - how a finding is said where facts tell more than it does, or have ruled out what it
 * advises: the rows of wording_table.h. Without such facts its words are those of finding_table.h.
 */
#ifndef TARGETS_DIAGNOSIS_WORDING_H
#define TARGETS_DIAGNOSIS_WORDING_H

#include "transport/base/evidence.h"
#include "transport/base/finding.h"

const char *wording_sentence(const struct facts *facts, enum finding finding);
/* With `value` in the place of its "{}". */
void wording_add_remedy(const struct facts *facts, enum finding finding, const char *value,
			struct text *words);
/* What tells a finding from others; takes NULL, and returns it. */
const char *wording_apart(const struct facts *facts, const char *apart);
/* Of words that were said: the sentence of the finding that is in them, by default its own; do
 * they begin with a remedy of it that is not its own? */
const char *wording_said(enum finding finding, const char *words);
bool wording_is_remedy(enum finding finding, const char *words);

#endif /* TARGETS_DIAGNOSIS_WORDING_H */
