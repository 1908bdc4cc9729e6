/* SPDX-License-Identifier: MIT */
/*
 * finding.h - what may be wrong, by name: the rows of finding_table.h.
 *
 * Code that knows or suspects why something failed names the finding with
 * reason_suspect(); it does not word a remedy. So each remedy is written once,
 * is checked, and reads the same on a terminal, in gdb and in JSON.
 */
#ifndef TRANSPORT_BASE_FINDING_H
#define TRANSPORT_BASE_FINDING_H

#include "transport/base/finding_table.h"
#include "transport/base/text.h"

enum finding {
	FINDING_NONE,
#define FINDING_ID(id, ...) FINDING_##id,
	FINDINGS(FINDING_ID)
#undef FINDING_ID
		FINDINGS_END
};

/* How sure code can be that names it; ordered. */
enum finding_weight { WEIGHT_GENERAL, WEIGHT_SPECIFIC, WEIGHT_CERTAIN };

struct finding_row {
	const char *id;   /* "A2", "REQUEST_BUSY" */
	const char *name; /* "no-permission" */
	enum finding_weight weight;
	const char *sentence, *remedy;
};

/* By the id of its row; FINDING_NONE: there is no such finding. */
enum finding finding_by_id(const char *id);
/* Takes no FINDING_NONE. */
const struct finding_row *finding_row(enum finding finding);
/* The remedy, with `value` in the place of its "{}". */
void finding_add_remedy(enum finding finding, const char *value, struct text *words);

#endif /* TRANSPORT_BASE_FINDING_H */
