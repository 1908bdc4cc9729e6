/* SPDX-License-Identifier: MIT */
/*
 * RCC of the STM32H562, H563 and H573 (RM0481, chapter 11: the registers as ST's SVD file has
 * them; ES0565 was not at hand).
 */
#include "test/emulator/soc/clocks/rcc.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/timing.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum {
	CR = 0x00,
	CFGR1 = 0x1C,
	CFGR2 = 0x20,
	PLL1CFGR = 0x28,
	PLL1DIVR = 0x34,
	AHB1RSTR = 0x60,
	APB3RSTR = 0x80,
	AHB1ENR = 0x88,
	AHB2ENR = 0x8C,
	BDCR = 0xF0,
	RSR = 0xF4
};

enum { SW_HSI = 0, SW_CSI = 1, SW_HSE = 2, SW_PLL1 = 3, SWS_SHIFT = 3 };

#define CR_HSION         (UINT32_C(1) << 0)
#define CR_HSIRDY        (UINT32_C(1) << 1)
#define CR_CSION         (UINT32_C(1) << 8)
#define CR_CSIRDY        (UINT32_C(1) << 9)
#define CR_HSEON         (UINT32_C(1) << 16)
#define CR_HSERDY        (UINT32_C(1) << 17)
#define CR_PLL1ON        (UINT32_C(1) << 24)
#define CR_PLL1RDY       (UINT32_C(1) << 25)
#define PLL1CFGR_PLL1PEN (UINT32_C(1) << 16)
enum { PLL1SRC_HSI = 1, PLL1SRC_CSI = 2, PLL1SRC_HSE = 3, HSIDIV_SHIFT = 3 };

#define RSR_RMVF UINT32_C(0x00800000)
#define PINRSTF  (UINT32_C(1) << 26)
#define BORRSTF  (UINT32_C(1) << 27)
#define SFTRSTF  (UINT32_C(1) << 28)
#define IWDGRSTF (UINT32_C(1) << 29)
#define LPWRRSTF (UINT32_C(1) << 31)

/* Reset values and writable bits where they are not 0 and all. HSIDIVF is as it is once a divider
 * has come in, which takes no time here; SW takes the four codes that are not reserved. */
static const struct reg_rule rules[] = {
	{ CR, 0x00000023, 0x151D151D },       { 0x10, 0x00400000, 0x007F0000 },
	{ 0x18, 0x00200000, 0x003F0000 },     { CFGR1, 0x00000000, 0xFFFCBFC3 },
	{ CFGR2, 0x00000000, 0x007B777F },    { PLL1CFGR, 0x00000000, 0x00073F3F },
	{ PLL1DIVR, 0x01010280, 0x7F7FFFFF }, { 0x3C, 0x01010280, 0x7F7FFFFF },
	{ 0x44, 0x01010280, 0x7F7FFFFF },     { AHB1ENR, 0xD0000100, 0xFFFFFFFF },
	{ AHB2ENR, 0xC0000000, 0xFFFFFFFF },  { BDCR, 0x00000000, 0x1D01937D },
	{ RSR, 0x00000000, RSR_RMVF },
};

static const struct oscillator oscillators[] = {
	{ CR, 0, 1, H5_HSI_START_NS },     { CR, 8, 9, H5_CSI_START_NS },
	{ CR, 12, 13, H5_HSI48_START_NS }, { CR, 16, 17, H5_HSE_START_NS },
	{ CR, 24, 25, H5_PLL_LOCK_NS },    { CR, 26, 27, H5_PLL_LOCK_NS },
	{ BDCR, 0, 1, H5_LSE_START_NS },   { BDCR, 26, 27, H5_LSI_START_NS },
};

static uint32_t
hsi_hz(const uint32_t *values)
{
	return H5_HSI_HZ >> rcc_field(values[CR / 4], HSIDIV_SHIFT, 2);
}

/* PLL1SRC 1:0 and DIVM1 13:8 of PLL1CFGR, PLL1N 8:0 and PLL1P 15:9 of PLL1DIVR; the clock is
 * source / DIVM1 * (N + 1) / (P + 1). */
static uint32_t
pll_hz(const uint32_t *values)
{
	uint32_t cfgr = values[PLL1CFGR / 4], divr = values[PLL1DIVR / 4];
	uint32_t choice = rcc_field(cfgr, 0, 2), divm = rcc_field(cfgr, 8, 6);
	uint32_t source = choice == PLL1SRC_HSE   ? H5_HSE_HZ
			  : choice == PLL1SRC_HSI ? hsi_hz(values)
			  : choice == PLL1SRC_CSI ? H5_CSI_HZ
						  : 0;

	if (!(cfgr & PLL1CFGR_PLL1PEN) || !divm)
		return 0;
	return source / divm * (rcc_field(divr, 0, 9) + 1) / (rcc_field(divr, 9, 7) + 1);
}

/* The two clocks without a frequency of their own. */
static uint32_t
variable_hz(const uint32_t *values)
{
	if (rcc_field(values[CFGR1 / 4], SWS_SHIFT, 2) == SW_HSI)
		return hsi_hz(values);
	return pll_hz(values);
}

const struct rcc_family rcc_h5 = {
	.rules = { rules, LEN(rules) },
	.oscillators = oscillators,
	.oscillators_len = LEN(oscillators),
	.clocks = { [SW_HSI] = { CR_HSION, CR_HSIRDY, 0, 0 },
		    [SW_CSI] = { CR_CSION, CR_CSIRDY, H5_CSI_HZ, 0 },
		    [SW_HSE] = { CR_HSEON, CR_HSERDY, H5_HSE_HZ, 0 },
		    [SW_PLL1] = { CR_PLL1ON, CR_PLL1RDY, 0, 0 } },
	.hsi = SW_HSI,
	.sws_shift = SWS_SHIFT,
	.pll_hz = variable_hz,
	.cfgr = CFGR1,
	.cfgr2 = CFGR2,
	.bdcr = BDCR,
	.csr = RSR,
	.first_rstr = AHB1RSTR,
	.last_rstr = APB3RSTR,
	.enr_of_rstr = 0x28,
	.rmvf = RSR_RMVF,
	/* There is no flag of the option bytes: they are loaded by every reset. */
	.reset_flags = { [RESET_BY_POWER] = BORRSTF | PINRSTF,
			 [RESET_BY_NRST] = PINRSTF,
			 [RESET_BY_SYSTEM] = SFTRSTF | PINRSTF,
			 [RESET_BY_WATCHDOG] = IWDGRSTF | PINRSTF,
			 [RESET_BY_LOW_POWER] = LPWRRSTF | PINRSTF },
};
