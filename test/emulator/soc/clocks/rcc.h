/* SPDX-License-Identifier: MIT */
/*
 * rcc.h - what the RCCs of several families have in common: oscillators that take
 * their time to start, the switch of the core's clock, clock gates, and the flags
 * that tell who reset the chip. A family is data and the formula of its PLL.
 */
#ifndef TEST_EMULATOR_SOC_CLOCKS_RCC_H
#define TEST_EMULATOR_SOC_CLOCKS_RCC_H

#include "test/emulator/soc/peripheral.h"

enum { RCC_SYSTEM_CLOCKS = 8, RCC_MAX_OSCILLATORS = 8 };

/* What becomes ready some time after it was switched on. */
struct oscillator {
	uint16_t at;
	uint8_t on_bit, ready_bit;
	uint64_t start_ns;
};

/* One choice of CFGR.SW; all 0: reserved. The bits are those of RCC_CR, or of the register at
 * `at`. */
struct system_clock {
	uint32_t on, ready;
	uint32_t hz; /* 0: what pll_hz says (MSI, PLL) */
	uint16_t at;
};

struct rcc_family {
	struct reg_rules rules;
	const struct oscillator *oscillators;
	unsigned oscillators_len;
	struct system_clock clocks[RCC_SYSTEM_CLOCKS]; /* by CFGR.SW */
	unsigned hsi;                                  /* index of .clocks */
	uint32_t (*pll_hz)(const uint32_t *values);
	/* Registers. */
	uint16_t cfgr, bdcr, csr, first_rstr, last_rstr;
	/* Where SW, SWS and HPRE are in CFGR; all 0: 1:0, 3:2 and 7:4. */
	uint8_t sw_bits, sws_shift, hpre_shift;
	uint16_t cfgr2;       /* where HPRE is in bits 3:0; 0: in CFGR's bits 7:4 */
	uint16_t enr_of_rstr; /* from a reset register to the enable register of its bits */
	/* CSR */
	uint32_t rmvf;
	uint32_t reset_flags[RESET_SOURCES];
};

/* `width` bits of `word` from `shift` on. */
static inline uint32_t
rcc_field(uint32_t word, unsigned shift, unsigned width)
{
	return word >> shift & ((UINT32_C(1) << width) - 1);
}

#endif /* TEST_EMULATOR_SOC_CLOCKS_RCC_H */
