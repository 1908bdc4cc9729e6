/* SPDX-License-Identifier: MIT */
/*
 * unpacker.h - the code in the chip's RAM that unpacks pages (algorithms/unpack.h), and its model.
 */
#ifndef FLASH_RUNNER_UNPACKER_H
#define FLASH_RUNNER_UNPACKER_H

#include "targets/core/core.h"

struct unpacker {
	uint32_t at;         /* 0: there is no room for it */
	uint8_t *ram;        /* what was there: */
	uint32_t kept, back; /* so many bytes from the beginning; so many are back */
};

/* Of RAM. */
uint32_t unpacker_size(void);
/* Bytes that cross the wire for it, until it is gone again. */
uint32_t unpacker_traffic(void);
/* Of the function that unpacks and programs, to be called. */
uint32_t unpacker_entry(const struct unpacker *unpacker);

/* Of its struct unpacking. */
uint32_t unpacker_model_at(const struct unpacker *unpacker);

struct unpacking;

/* Keeps what is there and puts the code there, a KiB a call, until *done, with what `given`
 * says for the server to write. */
enum cause unpacker_put(struct unpacker *unpacker, struct core *core,
			const struct unpacking *given, bool *done, struct reason *why);
/* What was there is written back, a KiB a call, until *done. */
enum cause unpacker_put_back(struct unpacker *unpacker, struct core *core, bool *done,
			     struct reason *why);
void unpacker_free(struct unpacker *unpacker);

#endif /* FLASH_RUNNER_UNPACKER_H */
