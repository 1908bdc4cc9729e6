/* SPDX-License-Identifier: MIT */
/*
 * mem_ap_internal.h - what mem_ap.c and mem_batch.c share.
 */
#ifndef TRANSPORT_ADI_MEM_AP_INTERNAL_H
#define TRANSPORT_ADI_MEM_AP_INTERNAL_H

#include "transport/adi/mem_ap.h"

/* CSW for accesses of that width, one after another, with the protection that was found. */
uint32_t mem_make_csw(const struct mem_ap *mem, unsigned width);
/* The write of a register of the port. */
struct transfer mem_register_write(const struct mem_ap *mem, uint8_t reg, uint32_t value);
/* Fails with the reason why the port is shut, if it is. */
enum cause mem_check_open(const struct mem_ap *mem, struct reason *why);
/* Adds which address it was to the reason of an access that failed; returns `cause`. */
enum cause mem_tell_address(const struct mem_ap *mem, uint32_t at, enum cause cause,
			    struct reason *why);

#endif /* TRANSPORT_ADI_MEM_AP_INTERNAL_H */
