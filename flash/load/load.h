/* SPDX-License-Identifier: MIT */
/*
 * load.h - erases, programs and verifies a board's flash by algorithms that run on the chip.
 *
 * A load makes every sector that a range or the image of its request touches hold the image, and be
 * erased where the image has nothing. First code on the chip hashes these sectors: what is as
 * it shall be is left alone, what is blank is not erased, and a bank is erased at once where that
 * is faster and loses nothing. Afterwards what was changed is hashed again, and read back where that
 * is not as it shall be. The core is left halted; its registers and the RAM under the loader are
 * put back.
 */
#ifndef FLASH_LOAD_LOAD_H
#define FLASH_LOAD_LOAD_H

#include "flash/load/geometry.h"
#include "flash/load/request.h"
#include "transport/base/job.h"

struct load_result {
	uint32_t sectors_erased, sectors_unchanged;
	uint32_t bytes_programmed, bytes_verified;
	uint32_t device_ms; /* of erasing and programming, by our clock */
};

/*
 * Takes the request, which is empty afterwards however this ends, and makes the job that
 * carries it out by `core`. Touches no target. Fails with the first failure of a part
 * (request.h); CAUSE_REQUEST: something is not in flash; CAUSE_UNSUPPORTED: the flash of this
 * chip is not known, or there is no loader for it; CAUSE_HOST. *job is NULL then.
 *
 * It is to be begun with CLAIM_FLASH and the claim of `core`; the RAM it uses is in the job, for
 * board_check_ram(). The job fails with CAUSE_PROTECTED or CAUSE_FAULT (the controller's error bits in words),
 * CAUSE_MISMATCH (verify: address, wanted and found; or erased and not blank), CAUSE_TIMEOUT
 * or CAUSE_FAULT (the loader did not return: its PC and the fault registers),
 * CAUSE_UNSUPPORTED (too little RAM), CAUSE_GONE. Its steps keep to
 * the 20 ms of job.h. A failure and job_end() put RAM and registers back in steps, too, after
 * an operation that runs has had its time (50 ms at most); job_cancel() does that at once.
 */
enum cause load_begin(struct core *core, struct board *board, struct load_request *request,
		      struct job **job, struct reason *why);

/* Adds to the request, for load_begin(), the first sector of each bank of the chip: where it starts
 * its program is all that has to go for a debugger to be let in. Without vectors a core gets no
 * further, and what lies behind them is not lost. Fails as geometry_read(). */
enum cause load_request_erase_starts(struct load_request *request, struct board *board,
				     struct reason *why);

/* How far the job of load_begin() has come; valid until it is freed. */
const struct load_result *load_result(struct job *job);

#endif /* FLASH_LOAD_LOAD_H */
