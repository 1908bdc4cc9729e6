/* SPDX-License-Identifier: MIT */
/*
 * RCC of the STM32G0 (RM0444 Rev 5, 5.4). Section numbers and reset values are from memory; the
 * bits are those of stm32g071xx.h (ST's CMSIS device header). The clock security system and the
 * registers of clocks in Sleep are left out.
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
	IOPRSTR = 0x24,
	APBRSTR2 = 0x30,
	AHBENR = 0x38,
	BDCR = 0x5C,
	CSR = 0x60
};

enum { SW_HSISYS = 0, SW_HSE = 1, SW_PLL = 2, SW_LSI = 3, SW_LSE = 4 };
enum { SW_BITS = 3, SWS_SHIFT = 3, HPRE_SHIFT = 8 };

#define CR_HSION  (UINT32_C(1) << 8)
#define CR_HSIRDY (UINT32_C(1) << 10)
#define CR_HSEON  (UINT32_C(1) << 16)
#define CR_HSERDY (UINT32_C(1) << 17)
#define CR_PLLON  (UINT32_C(1) << 24)
#define CR_PLLRDY (UINT32_C(1) << 25)
#define LOW_ON    (UINT32_C(1) << 0) /* LSION, LSEON */
#define LOW_RDY   (UINT32_C(1) << 1)
enum { CR_HSIDIV_SHIFT = 11, CR_HSIDIV_BITS = 3 };

#define PLLCFGR_PLLREN (UINT32_C(1) << 28)
enum { PLLSRC_HSI16 = 2, PLLSRC_HSE = 3 };

#define CSR_RMVF UINT32_C(0x00800000)
#define OBLRSTF  (UINT32_C(1) << 25)
#define PINRSTF  (UINT32_C(1) << 26)
#define PWRRSTF  (UINT32_C(1) << 27)
#define SFTRSTF  (UINT32_C(1) << 28)
#define IWDGRSTF (UINT32_C(1) << 29)
#define LPWRRSTF (UINT32_C(1) << 31)

static const struct reg_rule rules[] = {
	{ CR, 0x00000500, 0x010D3B00 },      { CFGR, 0x00000000, 0x77007F07 },
	{ ICSCR, 0x00004000, 0x00007F00 }, /* HSITRIM; HSICAL, the factory's, is 0 here */
	{ PLLCFGR, 0x00001000, 0xFF3F7F73 }, { AHBENR, 0x00000100, 0x00001101 },
	{ BDCR, 0x00000000, 0x0301833D },    { CSR, 0x00000000, 0x00800001 },
};

static const struct oscillator oscillators[] = {
	{ CR, 8, 10, G0_HSI16_START_NS }, { CR, 16, 17, G0_HSE_START_NS },
	{ CR, 24, 25, G0_PLL_LOCK_NS },   { BDCR, 0, 1, G0_LSE_START_NS },
	{ CSR, 0, 1, G0_LSI_START_NS },
};

/* 5.4.4: PLLSRC 1:0, PLLM 6:4, PLLN 14:8, PLLR 31:29; the PLL's clock is
 * source / (M + 1) * N / (R + 1). */
static uint32_t
pll_hz(const uint32_t *values)
{
	uint32_t pllcfgr = values[PLLCFGR / 4], choice = rcc_field(pllcfgr, 0, 2);
	uint32_t source = choice == PLLSRC_HSE     ? G0_HSE_HZ
			  : choice == PLLSRC_HSI16 ? G0_HSI16_HZ
						   : 0;

	if (!(pllcfgr & PLLCFGR_PLLREN))
		return 0;
	return source / (rcc_field(pllcfgr, 4, 3) + 1) * rcc_field(pllcfgr, 8, 7) /
	       (rcc_field(pllcfgr, 29, 3) + 1);
}

/* HSISYS is HSI16 by 2 to the HSIDIV (5.4.1). */
static uint32_t
variable_hz(const uint32_t *values)
{
	if (rcc_field(values[CFGR / 4], SWS_SHIFT, SW_BITS) == SW_HSISYS)
		return G0_HSI16_HZ >>
		       rcc_field(values[CR / 4], CR_HSIDIV_SHIFT, CR_HSIDIV_BITS);
	return pll_hz(values);
}

const struct rcc_family rcc_g0 = {
	.rules = { rules, LEN(rules) },
	.oscillators = oscillators,
	.oscillators_len = LEN(oscillators),
	.clocks = { [SW_HSISYS] = { CR_HSION, CR_HSIRDY, 0, CR },
		    [SW_HSE] = { CR_HSEON, CR_HSERDY, G0_HSE_HZ, CR },
		    [SW_PLL] = { CR_PLLON, CR_PLLRDY, 0, CR },
		    [SW_LSI] = { LOW_ON, LOW_RDY, G0_LSI_HZ, CSR },
		    [SW_LSE] = { LOW_ON, LOW_RDY, G0_LSE_HZ, BDCR } },
	.hsi = SW_HSISYS,
	.pll_hz = variable_hz,
	.cfgr = CFGR,
	.bdcr = BDCR,
	.csr = CSR,
	.first_rstr = IOPRSTR,
	.last_rstr = APBRSTR2,
	.sw_bits = SW_BITS,
	.sws_shift = SWS_SHIFT,
	.hpre_shift = HPRE_SHIFT,
	.enr_of_rstr = 0x10,
	.rmvf = CSR_RMVF,
	/* As in G4: an internal reset pulls the pin, whose flag is set with its own. */
	.reset_flags = { [RESET_BY_POWER] = PWRRSTF | PINRSTF,
			 [RESET_BY_NRST] = PINRSTF,
			 [RESET_BY_SYSTEM] = SFTRSTF | PINRSTF,
			 [RESET_BY_WATCHDOG] = IWDGRSTF | PINRSTF,
			 [RESET_BY_LOW_POWER] = LPWRRSTF | PINRSTF,
			 [RESET_BY_OPTION_BYTES] = OBLRSTF | PINRSTF },
};
