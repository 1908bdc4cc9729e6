/* SPDX-License-Identifier: MIT */
/*
 * RCC of the STM32F410 (RM0401 Rev 3, 5.3). The interrupts of CIR and the clock
 * security system are left out.
 */
#include "test/emulator/soc/clocks/rcc.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/timing.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum {
	CR = 0x00,
	PLLCFGR = 0x04,
	CFGR = 0x08,
	CIR = 0x0C,
	AHB1RSTR = 0x10,
	APB2RSTR = 0x24,
	AHB1ENR = 0x30,
	APB1ENR = 0x40,
	APB2ENR = 0x44,
	AHB1LPENR = 0x50,
	APB1LPENR = 0x60,
	APB2LPENR = 0x64,
	BDCR = 0x70,
	CSR = 0x74,
	SSCGR = 0x80,
	DCKCFGR = 0x8C,
	DCKCFGR2 = 0x94
};

enum { SW_HSI = 0, SW_HSE = 1, SW_PLL = 2 };

#define CR_HSION  (UINT32_C(1) << 0)
#define CR_HSIRDY (UINT32_C(1) << 1)
#define CR_HSEON  (UINT32_C(1) << 16)
#define CR_HSERDY (UINT32_C(1) << 17)
#define CR_PLLON  (UINT32_C(1) << 24)
#define CR_PLLRDY (UINT32_C(1) << 25)

#define PLLCFGR_PLLSRC (UINT32_C(1) << 22) /* HSE */

#define CSR_RMVF UINT32_C(0x01000000)
#define BORRSTF  (UINT32_C(1) << 25)
#define PINRSTF  (UINT32_C(1) << 26)
#define PORRSTF  (UINT32_C(1) << 27)
#define SFTRSTF  (UINT32_C(1) << 28)
#define IWDGRSTF (UINT32_C(1) << 29)
#define LPWRRSTF (UINT32_C(1) << 31)

/* 5.3 and STM32F410.svd: reset values and writable bits. HSICAL reads 0 here. */
static const struct reg_rule rules[] = {
	{ CR, 0x00000083, 0x010D00F9 },        { PLLCFGR, 0x7F003010, 0x7F437FFF },
	{ CFGR, 0x00000000, 0xFF7FFFF3 },      { CIR, 0x00000000, 0x00003F00 },
	{ AHB1ENR, 0x00100000, 0x80601087 },   { APB1ENR, 0x00000000, 0x31624E18 },
	{ APB2ENR, 0x00000000, 0x0015D131 },   { AHB1LPENR, 0x7E6791FF, 0x80619087 },
	{ APB1LPENR, 0x36FEC9FF, 0x31624E18 }, { APB2LPENR, 0x00075F33, 0x0005D931 },
	{ BDCR, 0x00000000, 0x0001830D },      { CSR, 0x00000000, 0x01000001 },
	{ SSCGR, 0x00000000, 0xCFFFFFFF },     { DCKCFGR, 0x00000000, 0x07000000 },
	{ DCKCFGR2, 0x00000000, 0xC0C00000 },
};

static const struct oscillator oscillators[] = {
	{ CR, 0, 1, F4_HSI_START_NS },  { CR, 16, 17, F4_HSE_START_NS },
	{ CR, 24, 25, F4_PLL_LOCK_NS }, { BDCR, 0, 1, F4_LSE_START_NS },
	{ CSR, 0, 1, F4_LSI_START_NS },
};

/* 5.3.2: PLLM 5:0, PLLN 14:6, PLLP 17:16; source / M * N / (2 * (P + 1)). M below 2 is
 * "wrong configuration": no clock comes out. */
static uint32_t
pll_hz(const uint32_t *values)
{
	uint32_t pllcfgr = values[PLLCFGR / 4], m = rcc_field(pllcfgr, 0, 6);
	uint32_t source = pllcfgr & PLLCFGR_PLLSRC ? F4_HSE_HZ : F4_HSI_HZ;

	if (m < 2)
		return 0;
	return source / m * rcc_field(pllcfgr, 6, 9) /
	       (2 * (rcc_field(pllcfgr, 16, 2) + 1));
}

const struct rcc_family rcc_f4 = {
	.rules = { rules, LEN(rules) },
	.oscillators = oscillators,
	.oscillators_len = LEN(oscillators),
	.clocks = { [SW_HSI] = { CR_HSION, CR_HSIRDY, F4_HSI_HZ, 0 },
		    [SW_HSE] = { CR_HSEON, CR_HSERDY, F4_HSE_HZ, 0 },
		    [SW_PLL] = { CR_PLLON, CR_PLLRDY, 0, 0 } },
	.hsi = SW_HSI,
	.pll_hz = pll_hz,
	.cfgr = CFGR,
	.bdcr = BDCR,
	.csr = CSR,
	.first_rstr = AHB1RSTR,
	.last_rstr = APB2RSTR,
	.enr_of_rstr = 0x20,
	.rmvf = CSR_RMVF,
	/* 5.1.1 and 5.3.19: every source pulls the pin; after power-on CSR is 0x0E000000. */
	.reset_flags = { [RESET_BY_POWER] = PORRSTF | BORRSTF | PINRSTF,
			 [RESET_BY_NRST] = PINRSTF,
			 [RESET_BY_SYSTEM] = SFTRSTF | PINRSTF,
			 [RESET_BY_WATCHDOG] = IWDGRSTF | PINRSTF,
			 [RESET_BY_LOW_POWER] = LPWRRSTF | PINRSTF },
};
