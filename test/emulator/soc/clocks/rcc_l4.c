/* SPDX-License-Identifier: MIT */
/*
 * RCC of the STM32L47x and L48x (RM0351 Rev 9, 6.4).
 */
#include "test/emulator/soc/clocks/rcc.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/timing.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum {
	CR = 0x00,
	ICSCR = 0x04,
	CFGR = 0x08,
	PLLCFGR = 0x0C,
	PLLSAI1CFGR = 0x10,
	PLLSAI2CFGR = 0x14,
	AHB1RSTR = 0x28,
	APB2RSTR = 0x40,
	AHB1ENR = 0x48,
	BDCR = 0x90,
	CSR = 0x94
};

enum { SW_MSI = 0, SW_HSI16 = 1, SW_HSE = 2, SW_PLL = 3 };

#define CR_MSION    (UINT32_C(1) << 0)
#define CR_MSIRDY   (UINT32_C(1) << 1)
#define CR_MSIRGSEL (UINT32_C(1) << 3)
#define CR_HSION    (UINT32_C(1) << 8)
#define CR_HSIRDY   (UINT32_C(1) << 10)
#define CR_HSEON    (UINT32_C(1) << 16)
#define CR_HSERDY   (UINT32_C(1) << 17)
#define CR_PLLON    (UINT32_C(1) << 24)
#define CR_PLLRDY   (UINT32_C(1) << 25)
enum { CR_MSIRANGE_SHIFT = 4, CSR_MSISRANGE_SHIFT = 8, MSIRANGE_WIDTH = 4 };

enum { CFGR_SWS_SHIFT = 2, CFGR_SWS_WIDTH = 2 };

#define PLLCFGR_PLLREN (UINT32_C(1) << 24)
enum { PLLSRC_MSI = 1, PLLSRC_HSI16 = 2, PLLSRC_HSE = 3 };

#define CSR_RMVF UINT32_C(0x00800000)
#define OBLRSTF  (UINT32_C(1) << 25)
#define PINRSTF  (UINT32_C(1) << 26)
#define BORRSTF  (UINT32_C(1) << 27)
#define SFTRSTF  (UINT32_C(1) << 28)
#define IWDGRSTF (UINT32_C(1) << 29)
#define LPWRRSTF (UINT32_C(1) << 31)

/* RM0351 Rev 9, 6.4: reset values and writable bits where they are not 0 and all. */
static const struct reg_rule rules[] = {
	{ CR, 0x00000063, 0x150D0BFD },
	{ ICSCR, 0x10000000, 0x1F00FF00 },
	{ CFGR, 0x00000000, 0x7700BFF3 },
	{ PLLCFGR, 0x00001000, 0x07737F73 },
	{ PLLSAI1CFGR, 0x00001000, 0x07737F00 },
	{ PLLSAI2CFGR, 0x00001000, 0x07037F00 },
	{ AHB1ENR, 0x00000100, 0xFFFFFFFF },
	{ 0x68, 0x00011303, 0xFFFFFFFF }, /* SMENR */
	{ 0x6C, 0x000532FF, 0xFFFFFFFF },
	{ 0x70, 0x00000101, 0xFFFFFFFF },
	{ 0x78, 0xF2FECA3F, 0xFFFFFFFF },
	{ 0x7C, 0x00000025, 0xFFFFFFFF },
	{ 0x80, 0x01677C01, 0xFFFFFFFF },
	{ BDCR, 0x00000000, 0x0301833D },
	{ CSR, 0x00000600, 0x00800F01 },
};

static const struct oscillator oscillators[] = {
	{ CR, 0, 1, L4_MSI_START_NS },   { CR, 8, 10, L4_HSI16_START_NS },
	{ CR, 16, 17, L4_HSE_START_NS }, { CR, 24, 25, L4_PLL_LOCK_NS },
	{ CR, 26, 27, L4_PLL_LOCK_NS },  { CR, 28, 29, L4_PLL_LOCK_NS },
	{ BDCR, 0, 1, L4_LSE_START_NS }, { CSR, 0, 1, L4_LSI_START_NS },
};

/* 6.4.1: the range in CR counts once MSIRGSEL is set; before, the one in CSR. */
static uint32_t
msi_hz(const uint32_t *values)
{
	static const uint32_t ranges[] = { 100000,   200000,   400000,   800000,
					   1000000,  2000000,  4000000,  8000000,
					   16000000, 24000000, 32000000, 48000000 };
	uint32_t range =
		values[CR / 4] & CR_MSIRGSEL
			? rcc_field(values[CR / 4], CR_MSIRANGE_SHIFT, MSIRANGE_WIDTH)
			: rcc_field(values[CSR / 4], CSR_MSISRANGE_SHIFT, MSIRANGE_WIDTH);

	return range < LEN(ranges) ? ranges[range] : 0;
}

/* 6.4.4: PLLSRC 1:0, PLLM 6:4, PLLN 14:8, PLLR 26:25; the PLL's clock is
 * source / (M + 1) * N / (2 * (R + 1)). */
static uint32_t
pll_hz(const uint32_t *values)
{
	uint32_t pllcfgr = values[PLLCFGR / 4], choice = rcc_field(pllcfgr, 0, 2);
	uint32_t source = choice == PLLSRC_HSE     ? L4_HSE_HZ
			  : choice == PLLSRC_HSI16 ? L4_HSI16_HZ
			  : choice == PLLSRC_MSI   ? msi_hz(values)
						   : 0;

	if (!(pllcfgr & PLLCFGR_PLLREN))
		return 0;
	return source / (rcc_field(pllcfgr, 4, 3) + 1) * rcc_field(pllcfgr, 8, 7) /
	       (2 * (rcc_field(pllcfgr, 25, 2) + 1));
}

/* The two clocks without a frequency of their own. */
static uint32_t
variable_hz(const uint32_t *values)
{
	if (rcc_field(values[CFGR / 4], CFGR_SWS_SHIFT, CFGR_SWS_WIDTH) == SW_MSI)
		return msi_hz(values);
	return pll_hz(values);
}

const struct rcc_family rcc_l4 = {
	.rules = { rules, LEN(rules) },
	.oscillators = oscillators,
	.oscillators_len = LEN(oscillators),
	.clocks = { [SW_MSI] = { CR_MSION, CR_MSIRDY, 0, 0 },
		    [SW_HSI16] = { CR_HSION, CR_HSIRDY, L4_HSI16_HZ, 0 },
		    [SW_HSE] = { CR_HSEON, CR_HSERDY, L4_HSE_HZ, 0 },
		    [SW_PLL] = { CR_PLLON, CR_PLLRDY, 0, 0 } },
	.hsi = SW_HSI16,
	.pll_hz = variable_hz,
	.cfgr = CFGR,
	.bdcr = BDCR,
	.csr = CSR,
	.first_rstr = AHB1RSTR,
	.last_rstr = APB2RSTR,
	.enr_of_rstr = 0x20,
	.rmvf = CSR_RMVF,
	/* The reset value of CSR after power-on is 0x0C000600 (6.4.29): as in G4. */
	.reset_flags = { [RESET_BY_POWER] = BORRSTF | PINRSTF,
			 [RESET_BY_NRST] = PINRSTF,
			 [RESET_BY_SYSTEM] = SFTRSTF | PINRSTF,
			 [RESET_BY_WATCHDOG] = IWDGRSTF | PINRSTF,
			 [RESET_BY_LOW_POWER] = LPWRRSTF | PINRSTF,
			 [RESET_BY_OPTION_BYTES] = OBLRSTF | PINRSTF },
};
