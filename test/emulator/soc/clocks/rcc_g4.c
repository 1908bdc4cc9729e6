/* SPDX-License-Identifier: MIT */
/*
 * RCC of the STM32G4 (RM0440 Rev 8, 7.4).
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
	AHB1RSTR = 0x28,
	APB2RSTR = 0x40,
	AHB1ENR = 0x48,
	BDCR = 0x90,
	CSR = 0x94,
	CRRCR = 0x98
};

enum { SW_HSI16 = 1, SW_HSE = 2, SW_PLL = 3 };

#define CR_HSION  (UINT32_C(1) << 8)
#define CR_HSIRDY (UINT32_C(1) << 10)
#define CR_HSEON  (UINT32_C(1) << 16)
#define CR_HSERDY (UINT32_C(1) << 17)
#define CR_PLLON  (UINT32_C(1) << 24)
#define CR_PLLRDY (UINT32_C(1) << 25)

#define PLLCFGR_PLLREN (UINT32_C(1) << 24)
enum { PLLSRC_HSI16 = 2, PLLSRC_HSE = 3 };

#define CSR_RMVF UINT32_C(0x00800000)
#define OBLRSTF  (UINT32_C(1) << 25)
#define PINRSTF  (UINT32_C(1) << 26)
#define BORRSTF  (UINT32_C(1) << 27)
#define SFTRSTF  (UINT32_C(1) << 28)
#define IWDGRSTF (UINT32_C(1) << 29)
#define LPWRRSTF (UINT32_C(1) << 31)

/* RM0440 Rev 8, 7.4: reset values and writable bits where they are not 0 and all. */
static const struct reg_rule rules[] = {
	{ CR, 0x00000500, 0x010D0300 },      { CFGR, 0x00000005, 0x7F003FF3 },
	{ ICSCR, 0x40000000, 0x7F000000 }, /* HSITRIM; HSICAL, the factory's, is 0 here */
	{ PLLCFGR, 0x00001000, 0xFF737FF3 }, { AHB1ENR, 0x00000100, 0xFFFFFFFF },
	{ 0x68, 0x0000130F, 0xFFFFFFFF }, /* AHB1SMENR */
	{ 0x6C, 0x050F667F, 0xFFFFFFFF }, /* AHB2SMENR */
	{ 0x70, 0x00000101, 0xFFFFFFFF }, /* AHB3SMENR */
	{ 0x78, 0xD2FECD3F, 0xFFFFFFFF }, /* APB1SMENR1 */
	{ 0x7C, 0x00000103, 0xFFFFFFFF }, /* APB1SMENR2 */
	{ 0x80, 0x0437F801, 0xFFFFFFFF }, /* APB2SMENR */
	{ BDCR, 0x00000000, 0x0301833D },    { CSR, 0x00000000, 0x00800001 },
	{ CRRCR, 0x00000000, 0x00000001 },
};

static const struct oscillator oscillators[] = {
	{ CR, 8, 10, G4_HSI16_START_NS }, { CR, 16, 17, G4_HSE_START_NS },
	{ CR, 24, 25, G4_PLL_LOCK_NS },   { BDCR, 0, 1, G4_LSE_START_NS },
	{ CSR, 0, 1, G4_LSI_START_NS },   { CRRCR, 0, 1, G4_HSI48_START_NS },
};

/* RM0440 Rev 8, 7.4.4: PLLSRC 1:0, PLLM 7:4, PLLN 14:8, PLLR 26:25; the PLL's clock is
 * source / (M + 1) * N / (2 * (R + 1)). */
static uint32_t
pll_hz(const uint32_t *values)
{
	uint32_t pllcfgr = values[PLLCFGR / 4], choice = rcc_field(pllcfgr, 0, 2);
	uint32_t source = choice == PLLSRC_HSE     ? G4_HSE_HZ
			  : choice == PLLSRC_HSI16 ? G4_HSI16_HZ
						   : 0;

	if (!(pllcfgr & PLLCFGR_PLLREN))
		return 0;
	return source / (rcc_field(pllcfgr, 4, 4) + 1) * rcc_field(pllcfgr, 8, 7) /
	       (2 * (rcc_field(pllcfgr, 25, 2) + 1));
}

const struct rcc_family rcc_g4 = {
	.rules = { rules, LEN(rules) },
	.oscillators = oscillators,
	.oscillators_len = LEN(oscillators),
	.clocks = { [SW_HSI16] = { CR_HSION, CR_HSIRDY, G4_HSI16_HZ, 0 },
		    [SW_HSE] = { CR_HSEON, CR_HSERDY, G4_HSE_HZ, 0 },
		    [SW_PLL] = { CR_PLLON, CR_PLLRDY, 0, 0 } },
	.hsi = SW_HSI16,
	.pll_hz = pll_hz,
	.cfgr = CFGR,
	.bdcr = BDCR,
	.csr = CSR,
	.first_rstr = AHB1RSTR,
	.last_rstr = APB2RSTR,
	.enr_of_rstr = 0x20,
	.rmvf = CSR_RMVF,
	/* An internal reset pulls NRST low, and the pin's flag is set with its own: the
	 * reset value of RCC_CSR after power-on is 0x0C000000 (RM0440 Rev 8, 7.4.28). */
	.reset_flags = { [RESET_BY_POWER] = BORRSTF | PINRSTF,
			 [RESET_BY_NRST] = PINRSTF,
			 [RESET_BY_SYSTEM] = SFTRSTF | PINRSTF,
			 [RESET_BY_WATCHDOG] = IWDGRSTF | PINRSTF,
			 [RESET_BY_LOW_POWER] = LPWRRSTF | PINRSTF,
			 [RESET_BY_OPTION_BYTES] = OBLRSTF | PINRSTF },
};
