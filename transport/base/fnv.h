/* SPDX-License-Identifier: MIT */
/*
 * fnv.h - FNV-1a (draft-eastlake-fnv-17.3, section 2): tells byte strings apart, and need not keep
 * anybody from making two alike.
 */
#ifndef TRANSPORT_BASE_FNV_H
#define TRANSPORT_BASE_FNV_H

#include <stdint.h>

#define FNV_BASIS UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

/* Of the bytes before and this one; FNV_BASIS: there were none. */
static inline uint64_t
fnv_add(uint64_t sum, uint8_t byte)
{
	return (sum ^ byte) * FNV_PRIME;
}

#endif /* TRANSPORT_BASE_FNV_H */
