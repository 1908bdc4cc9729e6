/* SPDX-License-Identifier: MIT */
/*
 * otp.h - programs OTP memory, which cannot be erased: each programming unit once, for good.
 */
#ifndef FLASH_LOAD_OTP_H
#define FLASH_LOAD_OTP_H

#include "flash/load/image.h"
#include "targets/board/board.h"

/* Reads what OTP holds, and leaves in `image`, which lies in it, whole units that are to be
 * programmed: what it holds already is left out. CAUSE_REQUEST: a unit holds something else, and
 * could not be changed; nothing has been touched. The core need not be halted. */
enum cause otp_compare(struct core *core, struct board *board, struct image *image,
		       struct reason *why);

/* A byte of the image that locks a block for good. */
struct otp_lock {
	uint32_t next; /* the block to look at; begins with 0 */
	uint32_t at;   /* 0: there is no more */
	uint8_t value;
	uint32_t block_at, size;
};
/* The next of those in `image`, as otp_compare() left it. CAUSE_REQUEST: one is neither locked nor
 * blank. */
enum cause otp_find_lock(struct core *core, const struct board *board,
			 const struct image *image, struct otp_lock *lock,
			 struct reason *why);

/* A job that programs what otp_compare() left, and reads it back; load_result() has the figures. It
 * takes the image over. To be begun as load_begin(). */
enum cause otp_begin(struct core *core, struct board *board, struct image *image,
		     struct job **job, struct reason *why);

#endif /* FLASH_LOAD_OTP_H */
