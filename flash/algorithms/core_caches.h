/* SPDX-License-Identifier: MIT */
/*
 * core_caches.h - the caches of a Cortex-M7, in which flash may be held as it was before.
 */
#ifndef FLASH_ALGORITHMS_CORE_CACHES_H
#define FLASH_ALGORITHMS_CORE_CACHES_H

#include "flash/algorithms/words.h"

#include <stdint.h>

/* DDI 0403E.e B4.8.2, B2.2.7: of a Cortex-M7; a Cortex-M4 reads CTR as 0 and has no caches. */
#define CTR                word_at(0xe000ed7cu)
#define CTR_DMINLINE_SHIFT 16
#define CTR_DMINLINE_MASK  0xfu
#define ICIALLU            word_at(0xe000ef50u)
#define DCIMVAC            word_at(0xe000ef5cu)

/* Lines of flash hold nothing that memory has not, so they are thrown away. A debugger reads by the
 * core's data cache as well. */
static inline void
core_caches_forget(uint32_t at, uint32_t size)
{
	uint32_t ctr = *CTR;
	uint32_t line = (uint32_t)sizeof(uint32_t)
			<< (ctr >> CTR_DMINLINE_SHIFT & CTR_DMINLINE_MASK);

	if (ctr == 0)
		return;
	__sync_synchronize();
	for (uint32_t i = 0; i < size; i += line)
		*DCIMVAC = at + i;
	*ICIALLU = 0;
	pipeline_flush();
}

#endif /* FLASH_ALGORITHMS_CORE_CACHES_H */
