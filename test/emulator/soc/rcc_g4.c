/* SPDX-License-Identifier: MIT */
/*
 * RCC of the STM32G4 (RM0440 Rev 8, 7.4): oscillators that take their time to
 * start, the core's clock, clock gates, and the flags that tell who reset the
 * chip.
 */
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

enum {
	CR = 0x00,
	CFGR = 0x08,
	PLLCFGR = 0x0C,
	FIRST_RSTR = 0x28,
	LAST_RSTR = 0x40,
	AHB1ENR = 0x48,
	BDCR = 0x90,
	CSR = 0x94,
	CRRCR = 0x98,
	WORDS = 0x400 / 4,
	ENR_OF_RSTR = 0x20 /* from a reset register to the enable register of its bits */
};

#define CFGR_SW   UINT32_C(0x3)
#define CFGR_SWS  (UINT32_C(0x3) << CFGR_SWS_SHIFT)
#define CFGR_HPRE UINT32_C(0xF0)
enum { CFGR_SWS_SHIFT = 2, CFGR_HPRE_SHIFT = 4 };
enum system_clock { SW_HSI16 = 1, SW_HSE = 2, SW_PLL = 3 };

#define CR_HSION  (UINT32_C(1) << 8)
#define CR_HSIRDY (UINT32_C(1) << 10)
#define CR_HSERDY (UINT32_C(1) << 17)
#define CR_PLLRDY (UINT32_C(1) << 25)

#define PLLCFGR_PLLREN (UINT32_C(1) << 24)
enum { PLLSRC_HSI16 = 2, PLLSRC_HSE = 3 };

#define CSR_RMVF   (UINT32_C(1) << 23)
#define BDCR_BDRST (UINT32_C(1) << 16)
#define CSR_FLAGS  UINT32_C(0xFE000000)
#define OBLRSTF    (UINT32_C(1) << 25)
#define PINRSTF    (UINT32_C(1) << 26)
#define BORRSTF    (UINT32_C(1) << 27)
#define SFTRSTF    (UINT32_C(1) << 28)
#define IWDGRSTF   (UINT32_C(1) << 29)
#define LPWRRSTF   (UINT32_C(1) << 31)

/* An internal reset pulls NRST low, and the pin's flag is set with its own: the reset
 * value of RCC_CSR after power-on is 0x0C000000 (RM0440 Rev 8, 7.4.28). */
static const uint32_t reset_flags[RESET_SOURCES] = {
	[RESET_BY_POWER] = BORRSTF | PINRSTF,
	[RESET_BY_NRST] = PINRSTF,
	[RESET_BY_SYSTEM] = SFTRSTF | PINRSTF,
	[RESET_BY_WATCHDOG] = IWDGRSTF | PINRSTF,
	[RESET_BY_LOW_POWER] = LPWRRSTF | PINRSTF,
	[RESET_BY_OPTION_BYTES] = OBLRSTF | PINRSTF,
};

/* RM0440 Rev 8, 7.4: reset values and writable bits where they are not 0 and all. */
static const struct reg_rule rules[] = {
	{ CR, 0x00000500, 0x010D0300 },      { CFGR, 0x00000005, 0x7F003FF3 },
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
static const struct reg_rules rcc_rules = { rules, sizeof(rules) / sizeof(rules[0]) };

/* What becomes ready some time after it was switched on. */
static const struct oscillator {
	uint16_t at;
	uint8_t on_bit, ready_bit;
	uint64_t start_ns;
} oscillators[] = {
	{ CR, 8, 10, G4_HSI16_START_NS }, { CR, 16, 17, G4_HSE_START_NS },
	{ CR, 24, 25, G4_PLL_LOCK_NS },   { BDCR, 0, 1, G4_LSE_START_NS },
	{ CSR, 0, 1, G4_LSI_START_NS },   { CRRCR, 0, 1, G4_HSI48_START_NS },
};
enum { OSCILLATORS = sizeof(oscillators) / sizeof(oscillators[0]) };

struct rcc {
	struct peripheral base;
	uint32_t values[WORDS];
	uint64_t ready_ns[OSCILLATORS]; /* NEVER: not starting */
	uint32_t hz;                    /* of the core */
};

static struct rcc *
rcc_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct rcc, base);
}

/* --- frequencies ------------------------------------------------------------- */

static uint32_t
field(uint32_t word, unsigned shift, unsigned width)
{
	return word >> shift & ((UINT32_C(1) << width) - 1);
}

/* RM0440 Rev 8, 7.4.4: PLLSRC 1:0, PLLM 7:4, PLLN 14:8, PLLR 26:25; the PLL's clock is
 * source / (M + 1) * N / (2 * (R + 1)). */
static uint32_t
pll_hz(uint32_t pllcfgr)
{
	uint32_t choice = field(pllcfgr, 0, 2);
	uint32_t source = choice == PLLSRC_HSE     ? G4_HSE_HZ
			  : choice == PLLSRC_HSI16 ? G4_HSI16_HZ
						   : 0;

	if (!(pllcfgr & PLLCFGR_PLLREN))
		return 0;
	return source / (field(pllcfgr, 4, 4) + 1) * field(pllcfgr, 8, 7) /
	       (2 * (field(pllcfgr, 25, 2) + 1));
}

/* HPRE: below 8 undivided, then 2, 4, 8, 16, 64, 128, 256, 512 (7.4.3). */
static unsigned
hpre_shift(uint32_t cfgr)
{
	unsigned hpre = (cfgr & CFGR_HPRE) >> CFGR_HPRE_SHIFT;

	if (hpre < 8)
		return 0;
	return hpre < 12 ? hpre - 7 : hpre - 6;
}

static bool
is_ready(const struct rcc *rcc, enum system_clock clock)
{
	static const uint32_t ready[] = {
		[SW_HSI16] = CR_HSIRDY, [SW_HSE] = CR_HSERDY, [SW_PLL] = CR_PLLRDY
	};

	return clock && rcc->values[CR / 4] & ready[clock];
}

/* SWS follows SW as soon as that clock is ready. */
static void
clock_switch(struct rcc *rcc)
{
	uint32_t *cfgr = &rcc->values[CFGR / 4];
	enum system_clock wanted = (enum system_clock)(*cfgr & CFGR_SW);
	static const uint32_t fixed_hz[] = { 0, G4_HSI16_HZ, G4_HSE_HZ, 0 };
	enum system_clock now;

	if (is_ready(rcc, wanted))
		*cfgr = (*cfgr & ~CFGR_SWS) | (uint32_t)wanted << CFGR_SWS_SHIFT;
	now = (enum system_clock)((*cfgr & CFGR_SWS) >> CFGR_SWS_SHIFT);
	rcc->hz = now == SW_PLL ? pll_hz(rcc->values[PLLCFGR / 4]) : fixed_hz[now];
	rcc->hz >>= hpre_shift(*cfgr);
	if (!rcc->hz)
		rcc->hz = 1; /* a clock that stands still: as slow as can be told */
}

/* --- oscillators ------------------------------------------------------------- */

static void
due_find(struct rcc *rcc)
{
	rcc->base.due_ns = NEVER;
	for (unsigned i = 0; i < OSCILLATORS; i++)
		if (rcc->ready_ns[i] < rcc->base.due_ns)
			rcc->base.due_ns = rcc->ready_ns[i];
}

static void
oscillators_look(struct rcc *rcc)
{
	uint64_t now = soc_time(rcc->base.soc);

	for (unsigned i = 0; i < OSCILLATORS; i++) {
		const struct oscillator *oscillator = &oscillators[i];
		uint32_t *word = &rcc->values[oscillator->at / 4];
		uint32_t ready = UINT32_C(1) << oscillator->ready_bit;
		bool on = *word >> oscillator->on_bit & 1;

		if (!on) {
			*word &= ~ready;
			rcc->ready_ns[i] = NEVER;
		} else if (!(*word & ready) && rcc->ready_ns[i] == NEVER) {
			rcc->ready_ns[i] = now + oscillator->start_ns;
		}
	}
	due_find(rcc);
	soc_wake(rcc->base.soc);
}

static void
rcc_due(struct peripheral *peripheral)
{
	struct rcc *rcc = rcc_of(peripheral);
	uint64_t now = soc_time(peripheral->soc);

	for (unsigned i = 0; i < OSCILLATORS; i++) {
		if (rcc->ready_ns[i] > now)
			continue;
		rcc->values[oscillators[i].at / 4] |= UINT32_C(1)
						      << oscillators[i].ready_bit;
		rcc->ready_ns[i] = NEVER;
	}
	clock_switch(rcc);
	due_find(rcc);
}

/* --- registers --------------------------------------------------------------- */

static enum bus_result
rcc_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = rcc_of(peripheral)->values[at / 4 % WORDS];
	return BUS_OK;
}

/* The clock in use cannot be switched off (7.4.1). */
static void
used_clock_keep(struct rcc *rcc)
{
	static const uint32_t on[] = { 0, CR_HSION, UINT32_C(1) << 16, UINT32_C(1) << 24 };

	rcc->values[CR / 4] |= on[(rcc->values[CFGR / 4] & CFGR_SWS) >> CFGR_SWS_SHIFT];
}

static enum bus_result
rcc_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct rcc *rcc = rcc_of(peripheral);
	uint32_t *word = &rcc->values[at / 4 % WORDS];
	uint32_t old = *word;

	*word = reg_merge(old, value, lanes & reg_rules_writable(&rcc_rules, at));
	if (at == CSR && *word & CSR_RMVF)
		*word &= ~(CSR_FLAGS | CSR_RMVF);
	if (at == BDCR && *word & BDCR_BDRST)
		*word = BDCR_BDRST;
	if (at >= FIRST_RSTR && at <= LAST_RSTR)
		soc_reset_gated(peripheral->soc, (uint16_t)(at + ENR_OF_RSTR),
				*word & ~old);
	used_clock_keep(rcc);
	oscillators_look(rcc);
	clock_switch(rcc);
	return BUS_OK;
}

/* BDCR belongs to the backup domain, CSR's flags and LSI survive system resets. */
static void
rcc_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct rcc *rcc = rcc_of(peripheral);
	uint32_t bdcr = rcc->values[BDCR / 4], csr = rcc->values[CSR / 4];

	reg_rules_reset(&rcc_rules, rcc->values, WORDS);
	if (depth == RESET_SYSTEM) {
		rcc->values[BDCR / 4] = bdcr;
		rcc->values[CSR / 4] = csr;
	}
	for (unsigned i = 0; i < OSCILLATORS; i++)
		rcc->ready_ns[i] = NEVER;
	oscillators_look(rcc);
	clock_switch(rcc);
}

/* --- role -------------------------------------------------------------------- */

static const struct rcc *
const_rcc_of(const struct peripheral *peripheral)
{
	return CONST_CONTAINER_OF(peripheral, struct rcc, base);
}

static uint32_t
rcc_core_hz(const struct peripheral *peripheral, unsigned core)
{
	(void)core;
	return const_rcc_of(peripheral)->hz;
}

static bool
rcc_is_enabled(const struct peripheral *peripheral, struct clock_gate gate)
{
	return const_rcc_of(peripheral)->values[gate.enr / 4] >> gate.bit & 1;
}

static void
rcc_reset_by(struct peripheral *peripheral, enum reset_source source)
{
	rcc_of(peripheral)->values[CSR / 4] |= reset_flags[source];
}

static const struct clock_role rcc_role = { rcc_core_hz, rcc_is_enabled, rcc_reset_by };

const struct peripheral_type rcc_g4_type = {
	.name = "RCC (G4)",
	.size = sizeof(struct rcc),
	.read = rcc_read,
	.write = rcc_write,
	.reset = rcc_reset,
	.due = rcc_due,
	.clock = &rcc_role,
};
