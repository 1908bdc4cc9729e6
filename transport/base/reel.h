/* SPDX-License-Identifier: MIT */
/*
 * reel.h - where the lines of a recording go: a file, or memory that keeps the last of them.
 *
 * Memory is used in two halves: when one is full the other is emptied and filled, so that between
 * one and two halves are kept, whole lines each.
 */
#ifndef TRANSPORT_BASE_REEL_H
#define TRANSPORT_BASE_REEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct reel {
	FILE *file;    /* the one in use; NULL: none */
	size_t max;    /* bytes of a half; 0: it is a file, which is the caller's */
	bool has_lost; /* its beginning is no longer kept */
	unsigned half; /* the one that is filled */
	struct reel_half {
		FILE *file; /* NULL: empty */
		char *bytes;
		size_t size;
	} halves[2];
};

/* Keeps up to twice `max` bytes in memory, from nothing on. False: no memory. */
bool reel_keep(struct reel *reel, size_t max);
/* Into that file from now on; what was in memory is gone. */
void reel_set_file(struct reel *reel, FILE *file);
/* Where the next line goes. Never NULL once it was set up. */
FILE *reel_line(struct reel *reel);
/* Writes what is in memory to `to`, oldest first. False: it could not all be written. */
bool reel_copy(struct reel *reel, FILE *to);
/* Frees memory. */
void reel_end(struct reel *reel);

#endif /* TRANSPORT_BASE_REEL_H */
