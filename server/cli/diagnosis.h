/* SPDX-License-Identifier: MIT */
/*
 * diagnosis.h - what the doctor found out, for the forms in which it is printed.
 */
#ifndef SERVER_CLI_DIAGNOSIS_H
#define SERVER_CLI_DIAGNOSIS_H

#include "server/cli/workbench.h"
#include "targets/diagnosis/examine.h"
#include "targets/diagnosis/verdict.h"

enum { DIAGNOSIS_WORDS_MAX = 1024, DIAGNOSIS_LOG_LINES = 40, DIAGNOSIS_LOG_MAX = 480 };

struct diagnosis {
	struct workbench bench;
	struct workbench_tape tape;
	struct reason why; /* why there is no connection; CAUSE_NONE: there is */
	size_t len;
	struct verdict verdicts[VERDICTS_MAX];
	bool is_private; /* serials are shortened */
	FILE *page;      /* of doctor_report.h, while it is written */
	size_t log_len;  /* all lines; the last of them are kept */
	char log[DIAGNOSIS_LOG_LINES][DIAGNOSIS_LOG_MAX];
};

/* That verdict, and what to do about it. */
const char *diagnosis_sentence(const struct diagnosis *diagnosis, size_t index);
void
diagnosis_remedy(const struct diagnosis *diagnosis, size_t index, char *words, size_t size);
/* What the experiment saw; false: it was not run. */
bool diagnosis_words(const struct diagnosis *diagnosis, size_t experiment,
		     char words[DIAGNOSIS_WORDS_MAX]);
/* Was it not made, for want of time? */
bool diagnosis_lacks(const struct diagnosis *diagnosis, size_t experiment);
/* "certain" or "likely" */
const char *diagnosis_certainty(const struct verdict *verdict);

#endif /* SERVER_CLI_DIAGNOSIS_H */
