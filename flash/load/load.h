/* SPDX-License-Identifier: MIT */
/*
 * load.h - erase, program and verify a board's flash by algorithms that run on
 * the chip.
 *
 * A load erases every sector in `erase` and every sector the image touches,
 * programs the image, and reads it back. What an image does not cover of a
 * sector it touches is erased, not kept. The core is left halted; its registers
 * and the RAM under the loader are put back.
 */
#ifndef FLASH_LOAD_LOAD_H
#define FLASH_LOAD_LOAD_H

#include "flash/load/geometry.h"
#include "flash/load/image.h"
#include "transport/base/job.h"

struct flash_result {
	uint32_t sectors_erased;
	uint32_t bytes_programmed, bytes_verified;
	uint32_t device_ms; /* of erasing and programming, by our clock */
};

enum { FLASH_MAX_RANGES = 64 };
struct flash_range {
	uint32_t at, size;
};

/* Checks that image and ranges lie in flash (CAUSE_REQUEST names the first address that
 * does not, and what is there), that there is a driver, and makes the job. The image must
 * outlive it; `result` (may be NULL) is filled in as it goes. The job fails with
 * CAUSE_PROTECTED or CAUSE_FAULT (the controller's error bits in words), CAUSE_MISMATCH
 * (verify: address, wanted and found; or erased and not blank), CAUSE_TIMEOUT or
 * CAUSE_FAULT (the loader did not come back: its PC and the fault registers),
 * CAUSE_UNSUPPORTED (too little RAM). Its first and its last step on the core take as long
 * as 5 KiB of RAM travel. Cancelling gives a running operation its time, 50 ms at most. */
enum cause flash_load(struct core *core, struct board *board, const struct image *image,
		      const struct flash_range *erase, size_t erase_len,
		      struct flash_result *result, struct job **job, struct reason *why);

#endif /* FLASH_LOAD_LOAD_H */
