/* SPDX-License-Identifier: MIT */
#include "server/cli/readout.h"

#include "flash/load/file.h"
#include "flash/load/readback.h"
#include "server/cli/images.h"
#include "server/cli/json.h"
#include "server/cli/workbench.h"
#include "server/monitor/rows.h"

#include <inttypes.h>
#include <stdlib.h>

enum cause
readout_parse(const struct options *options, struct readout *readout, struct reason *why)
{
	enum cause cause;

	if (options->words_len != 3)
		return reason_begin(why, CAUSE_REQUEST,
				    "usage: tether read ADDRESS LENGTH FILE");
	readout->path = options->words[2];
	cause = monitor_number(options->words[0], "an address", UINT32_MAX, &readout->at,
			       why);
	if (cause == CAUSE_NONE)
		cause = monitor_number(options->words[1], "a length in bytes", UINT32_MAX,
				       &readout->size, why);
	if (cause == CAUSE_NONE && readout->size == 0)
		return reason_begin(why, CAUSE_REQUEST,
				    "LENGTH is 0: there is nothing to be read");
	if (cause == CAUSE_NONE &&
	    ((uint64_t)readout->at + readout->size > UINT64_C(1) << 32))
		return reason_begin(why, CAUSE_REQUEST,
				    "%s bytes from %s on are not in the address space",
				    options->words[1], options->words[0]);
	return cause;
}

/* *bytes: to be freed, whatever comes back. */
static enum cause
read_memory(struct workbench *bench, uint32_t at, uint32_t size, uint8_t **bytes,
	    struct reason *why)
{
	struct job *job;

	*bytes = malloc(size);
	job = *bytes == NULL ? NULL : readback_begin(bench->core, at, size, *bytes);
	if (job == NULL)
		return reason_begin(why, CAUSE_HOST,
				    "this computer has no memory for %" PRIu32 " bytes",
				    size);
	return workbench_run(bench, job, why);
}

static void
print_readout(FILE *file, const struct options *options, const struct readout *readout)
{
	if (!options->json) {
		fprintf(file, "%" PRIu32 " byte%s from 0x%08" PRIx32 " on are in %s\n",
			readout->size, text_s(readout->size), readout->at, readout->path);
		return;
	}
	fprintf(file, "{\"read\": %" PRIu32 ", \"at\": \"0x%08" PRIx32 "\", \"file\": ",
		readout->size, readout->at);
	json_print_string(file, readout->path);
	fprintf(file, "}\n");
}

enum cause
readout_print(FILE *file, const struct options *options, const struct readout *readout,
	      struct reason *why)
{
	struct workbench bench = { .board = NULL };
	uint8_t *bytes = NULL;
	enum cause cause = workbench_connect(&bench, options, NULL, why);

	if (cause == CAUSE_NONE)
		cause = read_memory(&bench, readout->at, readout->size, &bytes, why);
	workbench_end(&bench);
	if (cause == CAUSE_NONE)
		cause = file_write(readout->path, readout->at, bytes, readout->size, why);
	free(bytes);
	if (cause == CAUSE_NONE)
		print_readout(file, options, readout);
	return cause;
}

struct comparison {
	uint64_t compared, different;
	uint32_t first; /* that differs */
	uint8_t wanted, found;
};

static void
compare(struct comparison *comparison, const struct image_run *run, const uint8_t *found)
{
	comparison->compared += run->size;
	for (uint32_t i = 0; i < run->size; i++) {
		if (run->bytes[i] == found[i])
			continue;
		if (comparison->different++ > 0)
			continue;
		comparison->first = run->at + i;
		comparison->wanted = run->bytes[i];
		comparison->found = found[i];
	}
}

static enum cause
compare_all(struct workbench *bench, const struct options *options,
	    const struct image *image, struct comparison *comparison, struct reason *why)
{
	enum cause cause = workbench_connect(bench, options, NULL, why);

	if (cause == CAUSE_NONE)
		cause = images_check_chip(image, bench->board, why);
	for (size_t i = 0; cause == CAUSE_NONE && i < image->len; i++) {
		const struct image_run *run = &image->runs[i];
		uint8_t *found = NULL;

		cause = read_memory(bench, run->at, run->size, &found, why);
		if (cause == CAUSE_NONE)
			compare(comparison, run, found);
		free(found);
	}
	return cause;
}

static void
print(FILE *file, const struct options *options, const struct comparison *comparison)
{
	if (!options->json) {
		if (comparison->different == 0)
			fprintf(file, "%" PRIu64 " byte%s are as in %s\n",
				comparison->compared, text_s(comparison->compared),
				options->file);
		return;
	}
	fprintf(file, "{\"compared\": %" PRIu64 ", \"different\": %" PRIu64,
		comparison->compared, comparison->different);
	if (comparison->different > 0)
		fprintf(file, ", \"first\": \"0x%08" PRIx32 "\"", comparison->first);
	fprintf(file, "}\n");
}

enum cause
verify_print(FILE *file, const struct options *options, struct reason *why)
{
	struct workbench bench = { .board = NULL };
	struct comparison comparison = { 0 };
	struct image image;
	enum cause cause;

	image_init(&image);
	cause = images_read(options, &image, why);
	if (cause == CAUSE_NONE)
		cause = compare_all(&bench, options, &image, &comparison, why);
	workbench_end(&bench);
	image_clear(&image);
	if (cause != CAUSE_NONE)
		return cause;
	print(file, options, &comparison);
	if (comparison.different == 0)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_MISMATCH,
			    "at 0x%08" PRIx32
			    " the memory holds 0x%02x where %s has 0x%02x; %" PRIu64
			    " of %" PRIu64 " bytes differ",
			    comparison.first, comparison.found, options->file,
			    comparison.wanted, comparison.different, comparison.compared);
}
