/* SPDX-License-Identifier: MIT */
#include "server/cli/erase.h"

#include "flash/load/load.h"
#include "server/cli/consent.h"
#include "server/cli/workbench.h"
#include "targets/reset/reset.h"

#include <inttypes.h>

enum cause
erase_read(const struct options *options, struct where *where, struct reason *why)
{
	const char *words[OPTIONS_WORDS + 2];
	unsigned len = 0;

	for (; len < options->words_len; len++)
		words[len] = options->words[len];
	if (options->sectors != NULL) {
		words[len++] = "sector";
		words[len++] = options->sectors;
	}
	return where_read(words, len, where, why);
}

static enum cause
erase(struct workbench *bench, const struct where *where, struct load_result *result,
      struct reason *why)
{
	struct board *board = bench->board;
	struct load_request request;
	struct job *job = NULL;
	enum cause cause;

	load_request_init(&request);
	request.is_quiet = true;
	cause = where_erase(where, board, &request, why);
	if (cause == CAUSE_NONE)
		cause = load_begin(bench->core, board, &request, &job, why);
	if (cause == CAUSE_NONE) {
		cause = workbench_run_kept(bench, job, why);
		*result = *load_result(job);
		job_free(job);
	}
	load_request_clear(&request);
	return cause;
}

static void
print(FILE *file, bool json, const struct load_result *result)
{
	fprintf(file,
		json ? "{\"sectors_erased\": %" PRIu32 ", \"sectors_blank\": %" PRIu32
		       ", \"milliseconds\": %" PRIu32 "}\n"
		     : "sectors erased: %" PRIu32 ", blank before: %" PRIu32 ", in %" PRIu32
		       " ms\n",
		result->sectors_erased, result->sectors_unchanged, result->device_ms);
}

static enum cause
erase_on(FILE *file, const struct options *options, const struct where *where,
	 struct workbench *bench, struct reason *why)
{
	struct load_result result = { 0 };
	enum cause cause = workbench_connect(bench, options, "tether erase", why);

	if (cause == CAUSE_NONE)
		cause = erase(bench, where, &result, why);
	if (cause == CAUSE_NONE)
		cause = workbench_run(bench, board_reset(bench->board, false, NULL), why);
	if (cause == CAUSE_NONE)
		print(file, options->json, &result);
	return cause;
}

enum cause
erase_print(FILE *file, const struct options *options, const struct where *where,
	    struct reason *why)
{
	struct workbench bench = { .board = NULL };
	enum cause cause = CAUSE_NONE;

	if (where->is_chip)
		cause = consent_ask(options, "Erase all of the chip's flash?",
				    "nothing was erased", why);
	if (cause != CAUSE_NONE)
		return cause;
	cause = erase_on(file, options, where, &bench, why);
	workbench_end(&bench);
	return cause;
}
