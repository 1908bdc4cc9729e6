/* SPDX-License-Identifier: MIT */
#include "targets/diagnosis/condition.h"

static bool
holds(const struct facts *facts, const struct condition *condition)
{
	uint32_t value;

	if (!facts_get(facts, condition->fact, &value))
		return condition->test >= UNKNOWN;
	switch (condition->test) {
	case IS:
		return value == condition->value;
	case IS_NOT:
		return value != condition->value;
	case BELOW:
		return value < condition->value;
	case ABOVE:
		return value > condition->value;
	case NOT_BELOW:
		return value >= condition->value;
	case NO_TEST:
	case UNKNOWN:
		break;
	}
	return false;
}

bool
all_conditions_hold(const struct facts *facts,
		    const struct condition conditions[CONDITIONS_MAX])
{
	for (size_t i = 0; i < CONDITIONS_MAX; i++)
		if (conditions[i].test != NO_TEST && !holds(facts, &conditions[i]))
			return false;
	return true;
}
