/* SPDX-License-Identifier: MIT */
/*
 * code_cache.h - lines of flash around where gdb looks, for a few reads.
 *
 * gdb reads a function's instructions one by one, and the same ones several times, to find out where
 * it is: some 40 reads of two or four bytes when it connects or stops (gdb 13.1 and 16.3). Each is
 * up to three commands of a probe, and a line of 64 bytes costs no more.
 *
 * A line is fetched on the second read in it - on the first by a probe whose packet has room for
 * one, which costs as much as a packet with a word - is good for 100 ms, only while the core is
 * halted and nothing else has the board, and goes when this server writes, resumes or resets. What
 * cannot be read as a line (an ECC error, a protected page) is read as it was asked for.
 */
#ifndef SERVER_DEBUG_CODE_CACHE_H
#define SERVER_DEBUG_CODE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

enum { CODE_LINES = 8, CODE_LINE_MAX = 64 };

struct code_cache {
	struct code_line {
		uint32_t at;
		uint64_t used_us; /* 0: free */
		uint64_t read_us; /* 0: it was asked for once, and not fetched */
		uint8_t bytes[CODE_LINE_MAX];
	} lines[CODE_LINES];
};

struct debugger;

/* False: to be read from the target. */
bool code_cache_read(struct debugger *debugger, unsigned core, uint32_t at, void *bytes,
		     uint32_t size);
void code_cache_forget(struct debugger *debugger);

#endif /* SERVER_DEBUG_CODE_CACHE_H */
