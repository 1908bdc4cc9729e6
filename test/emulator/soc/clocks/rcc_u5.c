/* SPDX-License-Identifier: MIT */
/*
 * RCC of the STM32U575 and U585 (RM0456 Rev 4, 11.8).
 */
#include "test/emulator/soc/clocks/rcc.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/timing.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum {
	CR = 0x00,
	ICSCR1 = 0x08,
	CFGR1 = 0x1C,
	CFGR2 = 0x20,
	PLL1CFGR = 0x28,
	PLL1DIVR = 0x34,
	AHB1RSTR = 0x60,
	APB3RSTR = 0x80,
	AHB1ENR = 0x88,
	AHB2ENR1 = 0x8C,
	AHB3ENR = 0x94,
	BDCR = 0xF0,
	CSR = 0xF4
};

enum { SW_MSIS = 0, SW_HSI16 = 1, SW_HSE = 2, SW_PLL = 3 };

#define CR_MSISON       (UINT32_C(1) << 0)
#define CR_MSISRDY      (UINT32_C(1) << 2)
#define CR_HSION        (UINT32_C(1) << 8)
#define CR_HSIRDY       (UINT32_C(1) << 10)
#define CR_HSEON        (UINT32_C(1) << 16)
#define CR_HSERDY       (UINT32_C(1) << 17)
#define CR_PLL1ON       (UINT32_C(1) << 24)
#define CR_PLL1RDY      (UINT32_C(1) << 25)
#define ICSCR1_MSIRGSEL (UINT32_C(1) << 23)
enum { ICSCR1_MSISRANGE_SHIFT = 28, CSR_MSISSRANGE_SHIFT = 12, MSIRANGE_WIDTH = 4 };

enum { CFGR1_SWS_SHIFT = 2, CFGR1_SWS_WIDTH = 2 };

#define PLL1CFGR_PLL1REN (UINT32_C(1) << 18)
enum { PLL1SRC_MSIS = 1, PLL1SRC_HSI16 = 2, PLL1SRC_HSE = 3 };

#define CSR_RMVF UINT32_C(0x00800000)
#define OBLRSTF  (UINT32_C(1) << 25)
#define PINRSTF  (UINT32_C(1) << 26)
#define BORRSTF  (UINT32_C(1) << 27)
#define SFTRSTF  (UINT32_C(1) << 28)
#define IWDGRSTF (UINT32_C(1) << 29)
#define LPWRRSTF (UINT32_C(1) << 31)

/* RM0456 Rev 4, 11.8: reset values and writable bits where they are not 0 and all. */
static const struct reg_rule rules[] = {
	{ CR, 0x00000035, 0x151DD3DB },       { ICSCR1, 0x44000000, 0xFFC00000 },
	{ CFGR1, 0x00000000, 0x7F000033 },    { CFGR2, 0x00000000, 0x001F077F },
	{ PLL1CFGR, 0x00000000, 0x0007FF1F }, { PLL1DIVR, 0x01010280, 0x7F7FFFFF },
	{ 0x3C, 0x01010280, 0x7F7FFFFF }, /* PLL2DIVR */
	{ 0x44, 0x01010280, 0x7F7FFFFF }, /* PLL3DIVR */
	{ AHB1ENR, 0xD0200100, 0xFFFFFFFF },  { AHB2ENR1, 0xC0000000, 0xFFFFFFFF },
	{ AHB3ENR, 0x80000000, 0xFFFFFFFF },  { BDCR, 0x00000000, 0x1701937D },
	{ CSR, 0x00004400, 0x0080FF00 },
};

static const struct oscillator oscillators[] = {
	{ CR, 0, 2, U5_MSI_START_NS },    { CR, 4, 5, U5_MSI_START_NS },
	{ CR, 8, 10, U5_HSI16_START_NS }, { CR, 12, 13, U5_HSI48_START_NS },
	{ CR, 16, 17, U5_HSE_START_NS },  { CR, 24, 25, U5_PLL_LOCK_NS },
	{ BDCR, 0, 1, U5_LSE_START_NS },  { BDCR, 26, 27, U5_LSI_START_NS },
};

/* 11.8.2: the range in ICSCR1 counts once MSIRGSEL is set; before, the one in CSR. */
static uint32_t
msis_hz(const uint32_t *values)
{
	static const uint32_t ranges[] = { 48000000, 24000000, 16000000, 12000000,
					   4000000,  2000000,  1330000,  1000000,
					   3072000,  1536000,  1024000,  768000,
					   400000,   200000,   133000,   100000 };
	bool own = values[ICSCR1 / 4] & ICSCR1_MSIRGSEL;

	return ranges[own ? rcc_field(values[ICSCR1 / 4], ICSCR1_MSISRANGE_SHIFT,
				      MSIRANGE_WIDTH)
			  : rcc_field(values[CSR / 4], CSR_MSISSRANGE_SHIFT,
				      MSIRANGE_WIDTH)];
}

/* 11.8.10 and 11.8.13: PLL1SRC 1:0, PLL1M 11:8 of PLL1CFGR, PLL1N 8:0 and PLL1R 30:24
 * of PLL1DIVR; the clock is source / (M + 1) * (N + 1) / (R + 1). */
static uint32_t
pll_hz(const uint32_t *values)
{
	uint32_t cfgr = values[PLL1CFGR / 4], divr = values[PLL1DIVR / 4];
	uint32_t choice = rcc_field(cfgr, 0, 2);
	uint32_t source = choice == PLL1SRC_HSE     ? U5_HSE_HZ
			  : choice == PLL1SRC_HSI16 ? U5_HSI16_HZ
			  : choice == PLL1SRC_MSIS  ? msis_hz(values)
						    : 0;

	if (!(cfgr & PLL1CFGR_PLL1REN))
		return 0;
	return source / (rcc_field(cfgr, 8, 4) + 1) * (rcc_field(divr, 0, 9) + 1) /
	       (rcc_field(divr, 24, 7) + 1);
}

/* The two clocks without a frequency of their own. */
static uint32_t
variable_hz(const uint32_t *values)
{
	if (rcc_field(values[CFGR1 / 4], CFGR1_SWS_SHIFT, CFGR1_SWS_WIDTH) == SW_MSIS)
		return msis_hz(values);
	return pll_hz(values);
}

const struct rcc_family rcc_u5 = {
	.rules = { rules, LEN(rules) },
	.oscillators = oscillators,
	.oscillators_len = LEN(oscillators),
	.clocks = { [SW_MSIS] = { CR_MSISON, CR_MSISRDY, 0, 0 },
		    [SW_HSI16] = { CR_HSION, CR_HSIRDY, U5_HSI16_HZ, 0 },
		    [SW_HSE] = { CR_HSEON, CR_HSERDY, U5_HSE_HZ, 0 },
		    [SW_PLL] = { CR_PLL1ON, CR_PLL1RDY, 0, 0 } },
	.hsi = SW_HSI16,
	.pll_hz = variable_hz,
	.cfgr = CFGR1,
	.cfgr2 = CFGR2,
	.bdcr = BDCR,
	.csr = CSR,
	.first_rstr = AHB1RSTR,
	.last_rstr = APB3RSTR,
	.enr_of_rstr = 0x28,
	.rmvf = CSR_RMVF,
	/* The reset value of CSR after power-on is 0x0C004400 (11.8.52). */
	.reset_flags = { [RESET_BY_POWER] = BORRSTF | PINRSTF,
			 [RESET_BY_NRST] = PINRSTF,
			 [RESET_BY_SYSTEM] = SFTRSTF | PINRSTF,
			 [RESET_BY_WATCHDOG] = IWDGRSTF | PINRSTF,
			 [RESET_BY_LOW_POWER] = LPWRRSTF | PINRSTF,
			 [RESET_BY_OPTION_BYTES] = OBLRSTF | PINRSTF },
};
