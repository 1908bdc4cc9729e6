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

/* A job that programs what otp_compare() left, and reads it back; load_result() has the figures. It
 * takes the image over. To be begun as load_begin(). */
enum cause otp_begin(struct core *core, struct board *board, struct image *image,
		     struct job **job, struct reason *why);

#endif /* FLASH_LOAD_OTP_H */
