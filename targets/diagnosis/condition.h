/* SPDX-License-Identifier: MIT */
/*
 * condition.h - what facts a row of a table of the doctor's asks for.
 */
#ifndef TARGETS_DIAGNOSIS_CONDITION_H
#define TARGETS_DIAGNOSIS_CONDITION_H

#include "transport/base/evidence.h"

/* Those from UNKNOWN on hold for what is not known, too: they are asked of what would
 * speak against the row. */
enum test { NO_TEST, IS, BELOW, ABOVE, UNKNOWN, IS_NOT, NOT_BELOW };

enum { CONDITIONS_MAX = 5 };

struct condition {
	enum fact fact;
	enum test test; /* NO_TEST ends the list */
	uint32_t value;
};

/* All of them. */
bool all_conditions_hold(const struct facts *facts,
			 const struct condition conditions[CONDITIONS_MAX]);

#endif /* TARGETS_DIAGNOSIS_CONDITION_H */
