/* SPDX-License-Identifier: MIT */
/*
 * RCC of the STM32F303xB/C (RM0316 Rev 8, 9.4). The interrupts of CIR and the clock security
 * system are left out, and AHBRSTR resets nothing here.
 */
#include "test/emulator/soc/clocks/rcc.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/timing.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum {
	CR = 0x00,
	CFGR = 0x04,
	CIR = 0x08,
	APB2RSTR = 0x0C,
	APB1RSTR = 0x10,
	AHBENR = 0x14,
	APB2ENR = 0x18,
	APB1ENR = 0x1C,
	BDCR = 0x20,
	CSR = 0x24,
	CFGR2 = 0x2C,
	CFGR3 = 0x30
};

enum { SW_HSI = 0, SW_HSE = 1, SW_PLL = 2 };

#define CR_HSION  (UINT32_C(1) << 0)
#define CR_HSIRDY (UINT32_C(1) << 1)
#define CR_HSEON  (UINT32_C(1) << 16)
#define CR_HSERDY (UINT32_C(1) << 17)
#define CR_PLLON  (UINT32_C(1) << 24)
#define CR_PLLRDY (UINT32_C(1) << 25)

#define CFGR_PLLSRC (UINT32_C(1) << 16) /* HSE by PREDIV */
enum { PLLMUL_SHIFT = 18, PLLMUL_WIDTH = 4, PLLMUL_FIRST = 2, PLLMUL_MAX = 16 };

#define CSR_RMVF UINT32_C(0x01000000)
#define OBLRSTF  (UINT32_C(1) << 25)
#define PINRSTF  (UINT32_C(1) << 26)
#define PORRSTF  (UINT32_C(1) << 27)
#define SFTRSTF  (UINT32_C(1) << 28)
#define IWDGRSTF (UINT32_C(1) << 29)
#define LPWRRSTF (UINT32_C(1) << 31)

/* 9.4 and STM32F303.svd: reset values and writable bits. HSICAL reads 0 here. */
static const struct reg_rule rules[] = {
	{ CR, 0x00000083, 0x010D00F9 },      { CFGR, 0x00000000, 0x07FFBFF3 },
	{ CIR, 0x00000000, 0x00001F00 },     { AHBENR, 0x00000014, 0x31FF0077 },
	{ APB2ENR, 0x00000000, 0x00077801 }, { APB1ENR, 0x00000000, 0x76FEC837 },
	{ BDCR, 0x00000000, 0x0001831D },    { CSR, 0x00000000, 0x01000001 },
	{ CFGR2, 0x00000000, 0x00003FFF },   { CFGR3, 0x00000000, 0x00FF0373 },
};

static const struct oscillator oscillators[] = {
	{ CR, 0, 1, F3_HSI_START_NS },  { CR, 16, 17, F3_HSE_START_NS },
	{ CR, 24, 25, F3_PLL_LOCK_NS }, { BDCR, 0, 1, F3_LSE_START_NS },
	{ CSR, 0, 1, F3_LSI_START_NS },
};

/* 9.4.2: HSI / 2, or HSE / (CFGR2.PREDIV + 1), times PLLMUL: 0 is x2, 14 and 15 are x16. */
static uint32_t
pll_hz(const uint32_t *values)
{
	uint32_t cfgr = values[CFGR / 4];
	uint32_t times = rcc_field(cfgr, PLLMUL_SHIFT, PLLMUL_WIDTH) + PLLMUL_FIRST;
	uint32_t hse = F3_HSE_HZ / (rcc_field(values[CFGR2 / 4], 0, 4) + 1);

	if (times > PLLMUL_MAX)
		times = PLLMUL_MAX;
	return (cfgr & CFGR_PLLSRC ? hse : F3_HSI_HZ / 2) * times;
}

const struct rcc_family rcc_f3 = {
	.rules = { rules, LEN(rules) },
	.oscillators = oscillators,
	.oscillators_len = LEN(oscillators),
	.clocks = { [SW_HSI] = { CR_HSION, CR_HSIRDY, F3_HSI_HZ, 0 },
		    [SW_HSE] = { CR_HSEON, CR_HSERDY, F3_HSE_HZ, 0 },
		    [SW_PLL] = { CR_PLLON, CR_PLLRDY, 0, 0 } },
	.hsi = SW_HSI,
	.pll_hz = pll_hz,
	.cfgr = CFGR,
	.bdcr = BDCR,
	.csr = CSR,
	.first_rstr = APB2RSTR,
	.last_rstr = APB1RSTR,
	.enr_of_rstr = 0x0C,
	.rmvf = CSR_RMVF,
	/* 9.1.1 and 9.4.10: every source pulls the pin; after power-on CSR is 0x0C000000. */
	.reset_flags = { [RESET_BY_POWER] = PORRSTF | PINRSTF,
			 [RESET_BY_NRST] = PINRSTF,
			 [RESET_BY_SYSTEM] = SFTRSTF | PINRSTF,
			 [RESET_BY_WATCHDOG] = IWDGRSTF | PINRSTF,
			 [RESET_BY_LOW_POWER] = LPWRRSTF | PINRSTF,
			 [RESET_BY_OPTION_BYTES] = OBLRSTF | PINRSTF },
};
