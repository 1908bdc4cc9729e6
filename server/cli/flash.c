/* SPDX-License-Identifier: MIT */
#include "server/cli/flash.h"

#include "flash/load/geometry.h"
#include "flash/load/load.h"
#include "flash/load/otp.h"
#include "server/cli/images.h"
#include "server/cli/workbench.h"
#include "targets/reset/reset.h"
#include "transport/base/log.h"

#include <inttypes.h>
#include <string.h>

struct flashing {
	const struct options *options;
	struct workbench bench;
	struct image image;
	struct load_request request;
	struct load_result result;
	struct image otp; /* with --program-otp */
	uint32_t otp_programmed;
	unsigned skipped; /* runs of the image that are not for flash */
	uint64_t skipped_bytes;
};

/* CAUSE_NONE: it is for flash. */
static enum cause
check_run(const struct flashing *flashing, const struct geometry *geometry,
	  const struct image_run *run, struct reason *why)
{
	const struct board *board = flashing->bench.board;

	if (flashing->options->programs_otp && geometry_otp_at(board, run->at, 1) != NULL)
		return reason_begin(why, CAUSE_REQUEST,
				    "OTP memory ends before the last of them");
	return geometry_check(geometry, board, run->at, run->size, why);
}

/* A linker script has nothing to do with a file that was given its address. */
static void
blame_place(const struct flashing *flashing, struct reason *why)
{
	char words[REASON_LINE_MAX];

	if (!flashing->image.is_placed || flashing->options->words_len > 0 ||
	    (reason_finding(why) != FINDING_E9 &&
	     reason_finding(why) != FINDING_REQUEST_LOAD_TO_RAM))
		return;
	text_copy(words, sizeof(words), reason_root(why));
	*why = (struct reason)REASON_INIT;
	reason_begin(why, CAUSE_REQUEST, "%s", words);
	reason_suspect(why, FINDING_REQUEST_PLACE);
}

/* Each run that is not for flash is named; the first is the reason, where it is one. */
static enum cause
take_run(struct flashing *flashing, const struct image_run *run, struct reason *why)
{
	struct board *board = flashing->bench.board;
	struct geometry geometry;
	struct reason outside = REASON_INIT;
	enum cause cause = geometry_read(board, &geometry, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (flashing->options->programs_otp &&
	    geometry_otp_at(board, run->at, run->size) != NULL)
		return image_add(&flashing->otp, run->at, run->bytes, run->size, why);
	cause = check_run(flashing, &geometry, run, &outside);
	if (cause == CAUSE_NONE)
		return load_request_write(&flashing->request, board, run->at, run->bytes,
					  run->size, why);
	flashing->skipped++;
	flashing->skipped_bytes += run->size;
	if (flashing->options->skips_unmapped || why->cause != CAUSE_NONE) {
		log_info("flash", "%u byte%s at 0x%08x are not for flash: there is %s",
			 (unsigned)run->size, text_s(run->size), (unsigned)run->at,
			 board_region_name(board, run->at));
		return CAUSE_NONE;
	}
	*why = outside;
	blame_place(flashing, why);
	reason_while(why, "%u byte%s at 0x%08x cannot be programmed", (unsigned)run->size,
		     text_s(run->size), (unsigned)run->at);
	return CAUSE_NONE;
}

/* Before anything is erased. */
static enum cause
make_request(struct flashing *flashing, struct reason *why)
{
	struct reason refused = REASON_INIT;

	for (size_t i = 0; i < flashing->image.len; i++) {
		enum cause cause = take_run(flashing, &flashing->image.runs[i], &refused);

		if (cause != CAUSE_NONE) {
			*why = refused;
			return cause;
		}
	}
	if (refused.cause != CAUSE_NONE) {
		*why = refused;
		return reason_while(why,
				    "nothing was erased (--skip-unmapped leaves out what "
				    "is not for flash)");
	}
	flashing->request.is_full = flashing->options->is_full;
	flashing->request.is_plain = flashing->options->is_plain;
	flashing->request.is_quiet = true;
	flashing->request.preserves = !flashing->options->discards;
	return CAUSE_NONE;
}

/* As what gdb loads has it: stacks grow down, and one that is not in RAM locks the core up. */
static void
warn_of_stack(const struct flashing *flashing)
{
	struct board *board = flashing->bench.board;
	uint32_t sp;

	if (load_initial_sp(board, &flashing->image, &sp) && !board_is_ram(board, sp - 4))
		log_warning(
			"flash",
			"the program's initial stack pointer is 0x%08x, which is not in "
			"this chip's RAM: check the size of RAM in the linker script",
			(unsigned)sp);
}

static enum cause
announce_locks(const struct flashing *flashing, struct reason *why)
{
	const struct workbench *bench = &flashing->bench;
	struct otp_lock lock = { .next = 0 };
	enum cause cause;

	do {
		cause = otp_find_lock(bench->core, bench->board, &flashing->otp, &lock,
				      why);
		if (cause == CAUSE_NONE && lock.at != 0)
			log_warning("flash",
				    "the byte at 0x%08x locks the %u bytes of OTP memory "
				    "at 0x%08x for good: nothing more can be programmed "
				    "there",
				    (unsigned)lock.at, (unsigned)lock.size,
				    (unsigned)lock.block_at);
	} while (cause == CAUSE_NONE && lock.at != 0);
	return cause;
}

/* Before anything is erased: whether OTP can take it, and what that is, for good. */
static enum cause
check_otp(struct flashing *flashing, struct reason *why)
{
	struct image *otp = &flashing->otp;
	enum cause cause;

	if (otp->len == 0)
		return CAUSE_NONE;
	cause = otp_compare(flashing->bench.core, flashing->bench.board, otp, why);
	if (cause == CAUSE_NONE)
		cause = announce_locks(flashing, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "nothing was erased or programmed");
	for (size_t i = 0; i < otp->len; i++)
		log_warning("flash",
			    "%u byte%s of OTP memory at 0x%08x are programmed for good: "
			    "no erase, and no change of read protection, brings them back",
			    (unsigned)otp->runs[i].size, text_s(otp->runs[i].size),
			    (unsigned)otp->runs[i].at);
	return CAUSE_NONE;
}

static enum cause
program_otp(struct flashing *flashing, struct reason *why)
{
	struct workbench *bench = &flashing->bench;
	struct job *job = NULL;
	enum cause cause;

	if (flashing->otp.len == 0)
		return CAUSE_NONE;
	cause = otp_begin(bench->core, bench->board, &flashing->otp, &job, why);
	if (cause != CAUSE_NONE)
		return cause;
	cause = workbench_run_kept(bench, job, why);
	flashing->otp_programmed = load_result(job)->bytes_programmed;
	job_free(job);
	return cause;
}

static enum cause
program(struct flashing *flashing, struct reason *why)
{
	struct workbench *bench = &flashing->bench;
	struct job *job = NULL;
	enum cause cause =
		load_begin(bench->core, bench->board, &flashing->request, &job, why);

	if (cause != CAUSE_NONE)
		return cause;
	cause = workbench_run_kept(bench, job, why);
	flashing->result = *load_result(job);
	job_free(job);
	return cause;
}

static enum cause
flash(struct flashing *flashing, struct reason *why)
{
	const struct options *options = flashing->options;
	enum cause cause = images_read(options, &flashing->image, why);

	if (cause == CAUSE_NONE)
		cause = workbench_connect(&flashing->bench, flashing->options,
					  "tether flash", why);
	if (cause == CAUSE_NONE)
		cause = images_check_chip(&flashing->image, flashing->bench.board, why);
	if (cause == CAUSE_NONE)
		cause = make_request(flashing, why);
	if (cause == CAUSE_NONE) {
		warn_of_stack(flashing);
		cause = check_otp(flashing, why);
	}
	if (cause == CAUSE_NONE)
		cause = program(flashing, why);
	if (cause == CAUSE_NONE)
		cause = program_otp(flashing, why);
	if (cause == CAUSE_NONE)
		cause = workbench_run(&flashing->bench,
				      board_reset(flashing->bench.board, false, NULL), why);
	return cause;
}

static void
print_json(FILE *file, const struct flashing *flashing)
{
	const struct load_result *result = &flashing->result;

	fprintf(file,
		"{\"programmed\": %" PRIu32 ", \"verified\": %" PRIu32
		", \"sectors_erased\": %" PRIu32 ", \"sectors_unchanged\": %" PRIu32
		", \"milliseconds\": %" PRIu32
		", \"skipped\": %u, \"skipped_bytes\": %" PRIu64
		", \"otp_programmed\": %" PRIu32 "}\n",
		result->bytes_programmed, result->bytes_verified, result->sectors_erased,
		result->sectors_unchanged, result->device_ms, flashing->skipped,
		flashing->skipped_bytes, flashing->otp_programmed);
}

static void
print_text(FILE *file, const struct flashing *flashing)
{
	const struct load_result *result = &flashing->result;

	fprintf(file,
		"%" PRIu32 " byte%s programmed, %" PRIu32 " verified, %" PRIu32
		" sector%s erased, %" PRIu32 " unchanged, in %" PRIu32 " ms\n",
		result->bytes_programmed, text_s(result->bytes_programmed),
		result->bytes_verified, result->sectors_erased,
		text_s(result->sectors_erased), result->sectors_unchanged,
		result->device_ms);
	if (flashing->options->programs_otp)
		fprintf(file, "%" PRIu32 " byte%s of OTP memory programmed, for good\n",
			flashing->otp_programmed, text_s(flashing->otp_programmed));
	if (flashing->skipped > 0)
		fprintf(file, "left out: %" PRIu64 " byte%s in %u part%s\n",
			flashing->skipped_bytes, text_s(flashing->skipped_bytes),
			flashing->skipped, text_s(flashing->skipped));
}

enum cause
flash_print(FILE *file, const struct options *options, struct reason *why)
{
	struct flashing flashing = { .options = options };
	enum cause cause;

	image_init(&flashing.image);
	image_init(&flashing.otp);
	load_request_init(&flashing.request);
	cause = flash(&flashing, why);
	if (cause == CAUSE_NONE)
		(options->json ? print_json : print_text)(file, &flashing);
	load_request_clear(&flashing.request);
	image_clear(&flashing.image);
	image_clear(&flashing.otp);
	workbench_end(&flashing.bench);
	return cause;
}
