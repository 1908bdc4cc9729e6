/* SPDX-License-Identifier: MIT */
/*
 * RCC of the STM32H7 (RM0433 Rev 8, chapter 8; RM0399 Rev 4, chapter 9;
 * RM0468 Rev 3, chapter 8). Enable registers and reset flags are there once per
 * core: at C1 and C2, and at their common offsets for the core that asks.
 */
#include "test/emulator/soc/clocks/oscillators.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum {
	CR = 0x00,
	CFGR = 0x10,
	D1CFGR = 0x18,
	PLLCKSELR = 0x28,
	PLLCFGR = 0x2C,
	PLL1DIVR = 0x30,
	PLL1FRACR = 0x34,
	PLL2DIVR = 0x38,
	PLL3DIVR = 0x40,
	BDCR = 0x70,
	CSR = 0x74,
	AHB3RSTR = 0x7C,
	APB4RSTR = 0x9C,
	GCR = 0xA0,
	OWN = 0xD0, /* RSR, the enable and low-power enable registers of who asks */
	OWN_END = 0x120,
	AHB3ENR = 0xD4,
	AHB1ENR = 0xD8,
	AHB2ENR = 0xDC,
	APB1LENR = 0xE8,
	APB1HENR = 0xEC,
	APB2ENR = 0xF0,
	C1 = 0x130,
	C2 = 0x190,
	WORDS = 256
};
enum { ENR_OF_RSTR = AHB3ENR - AHB3RSTR };

#define CR_HSION   (UINT32_C(1) << 0)
#define CR_HSIRDY  (UINT32_C(1) << 2)
#define CR_HSIDIVF (UINT32_C(1) << 5)
#define CR_CSION   (UINT32_C(1) << 7)
#define CR_CSIRDY  (UINT32_C(1) << 8)
#define CR_D1CKRDY (UINT32_C(1) << 14)
#define CR_D2CKRDY (UINT32_C(1) << 15)
#define CR_HSEON   (UINT32_C(1) << 16)
#define CR_HSERDY  (UINT32_C(1) << 17)
#define CR_PLL1ON  (UINT32_C(1) << 24)
#define CR_PLL1RDY (UINT32_C(1) << 25)

#define CFGR_SW  UINT32_C(0x7)
#define CFGR_SWS (UINT32_C(0x7) << SWS_SHIFT)
enum { SWS_SHIFT = 3 };
enum { SW_HSI, SW_CSI, SW_HSE, SW_PLL1, SW_CLOCKS };

enum { PLLSRC_HSI, PLLSRC_CSI, PLLSRC_HSE };
#define PLLCFGR_PLL1FRACEN UINT32_C(1)
enum { FRACN_STEPS = 8192 };

#define BDCR_BDRST (UINT32_C(1) << 16)

#define GCR_BOOT_C1 (UINT32_C(1) << 2)
#define GCR_BOOT_C2 (UINT32_C(1) << 3)
#define GCR_BOOT    (GCR_BOOT_C1 | GCR_BOOT_C2)

/* RM0399 Rev 4, 9.7.39. */
#define RSR_RMVF     (UINT32_C(1) << 16)
#define RSR_C1RSTF   (UINT32_C(1) << 17) /* CPURSTF of the single parts */
#define RSR_C2RSTF   (UINT32_C(1) << 18)
#define RSR_D1RSTF   (UINT32_C(1) << 19)
#define RSR_D2RSTF   (UINT32_C(1) << 20)
#define RSR_BORRSTF  (UINT32_C(1) << 21)
#define RSR_PINRSTF  (UINT32_C(1) << 22)
#define RSR_PORRSTF  (UINT32_C(1) << 23)
#define RSR_SFT1RSTF (UINT32_C(1) << 24) /* and SFT2RSTF in the next bit */
#define RSR_IWDG1    (UINT32_C(1) << 26)
#define RSR_LPWR1    (UINT32_C(1) << 30)

/* Reset values and writable bits where they are not 0 and all. */
static const struct reg_rule rules[] = {
	{ CR, CR_HSION | CR_HSIRDY | CR_HSIDIVF, 0x151D129B },
	{ 0x04, 0x40000000, 0xFF000000 }, /* HSICFGR */
	{ 0x0C, 0x20000000, 0xFF000000 }, /* CSICFGR */
	{ CFGR, 0x00000000, 0xFFFFFFC7 },
	{ PLLCKSELR, 0x02020200, 0x03F3F3F3 },
	{ PLLCFGR, 0x01FF0000, 0x01FF0FFF },
	{ PLL1DIVR, 0x01010280, 0x7F7FFFFF },
	{ PLL2DIVR, 0x01010280, 0x7F7FFFFF },
	{ PLL3DIVR, 0x01010280, 0x7F7FFFFF },
	{ BDCR, 0x00000000, 0x0001837D },
	{ CSR, 0x00000000, 0x00000001 },
	{ C1, 0x00000000, RSR_RMVF },
	{ C2, 0x00000000, RSR_RMVF },
};
static const struct reg_rules rcc_rules = { rules, LEN(rules) };

static const struct oscillator oscillators[] = {
	{ CR, 0, 2, H7_HSI_START_NS },     { CR, 7, 8, H7_CSI_START_NS },
	{ CR, 12, 13, H7_HSI48_START_NS }, { CR, 16, 17, H7_HSE_START_NS },
	{ CR, 24, 25, H7_PLL_LOCK_NS },    { CR, 26, 27, H7_PLL_LOCK_NS },
	{ CR, 28, 29, H7_PLL_LOCK_NS },    { BDCR, 0, 1, H7_LSE_START_NS },
	{ CSR, 0, 1, H7_LSI_START_NS },
};

static const struct {
	uint32_t on, ready;
} clocks[SW_CLOCKS] = {
	[SW_HSI] = { CR_HSION, CR_HSIRDY },
	[SW_CSI] = { CR_CSION, CR_CSIRDY },
	[SW_HSE] = { CR_HSEON, CR_HSERDY },
	[SW_PLL1] = { CR_PLL1ON, CR_PLL1RDY },
};

struct rcc {
	struct peripheral base;
	uint32_t values[WORDS];
	uint64_t ready_ns[LEN(oscillators)];
	uint32_t system_hz;
};

static struct rcc *
rcc_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct rcc, base);
}

static const struct rcc *
const_rcc_of(const struct peripheral *peripheral)
{
	return CONST_CONTAINER_OF(peripheral, struct rcc, base);
}

static bool
is_dual(const struct peripheral *peripheral)
{
	return peripheral->soc->chip->cores_len > 1;
}

/* --- frequencies ------------------------------------------------------------- */

static uint32_t
hse_hz(const struct rcc *rcc)
{
	const struct rcc_h7_kind *kind = rcc->base.place->parameters;

	return kind->hse_hz;
}

static uint32_t
hsi_hz(const struct rcc *rcc)
{
	return H7_HSI_HZ >> rcc_field(rcc->values[CR / 4], 3, 2); /* HSIDIV */
}

static uint32_t
pll_source_hz(const struct rcc *rcc)
{
	switch (rcc_field(rcc->values[PLLCKSELR / 4], 0, 2)) {
	case PLLSRC_HSI:
		return hsi_hz(rcc);
	case PLLSRC_CSI:
		return H7_CSI_HZ;
	case PLLSRC_HSE:
		return hse_hz(rcc);
	default:
		return 0;
	}
}

/* RM0433 Rev 8, 8.5.6: source / DIVM1 * (DIVN1 + FRACN1 / 8192) / DIVP1. */
static uint32_t
pll1_p_hz(const struct rcc *rcc)
{
	uint32_t m = rcc_field(rcc->values[PLLCKSELR / 4], 4, 6);
	uint32_t divr = rcc->values[PLL1DIVR / 4];
	uint32_t fraction = rcc_field(rcc->values[PLL1FRACR / 4], 3, 13);
	uint64_t n = (uint64_t)(rcc_field(divr, 0, 9) + 1) * FRACN_STEPS;

	if (!m)
		return 0;
	if (rcc->values[PLLCFGR / 4] & PLLCFGR_PLL1FRACEN)
		n += fraction;
	return (uint32_t)(pll_source_hz(rcc) * n / FRACN_STEPS / m /
			  (rcc_field(divr, 9, 7) + 1));
}

static uint32_t
clock_hz(const struct rcc *rcc, uint32_t choice)
{
	switch (choice) {
	case SW_HSI:
		return hsi_hz(rcc);
	case SW_CSI:
		return H7_CSI_HZ;
	case SW_HSE:
		return hse_hz(rcc);
	default:
		return pll1_p_hz(rcc);
	}
}

static uint32_t
clock_in_use(const struct rcc *rcc)
{
	return (rcc->values[CFGR / 4] & CFGR_SWS) >> SWS_SHIFT;
}

/* SWS follows SW as soon as that clock is ready. */
static void
clock_switch(struct rcc *rcc)
{
	uint32_t *cfgr = &rcc->values[CFGR / 4], wanted = *cfgr & CFGR_SW;

	if (wanted < SW_CLOCKS && rcc->values[CR / 4] & clocks[wanted].ready)
		*cfgr = (*cfgr & ~CFGR_SWS) | wanted << SWS_SHIFT;
	rcc->system_hz = clock_hz(rcc, clock_in_use(rcc));
}

/* D1CPRE and HPRE: below 8 undivided, then 2, 4, 8, 16, 64, 128, 256, 512. */
static unsigned
divider_shift(uint32_t field)
{
	if (field < 8)
		return 0;
	return field < 12 ? field - 7 : field - 6;
}

static uint32_t
rcc_core_hz(const struct peripheral *peripheral, unsigned core)
{
	const struct rcc *rcc = const_rcc_of(peripheral);
	uint32_t d1cfgr = rcc->values[D1CFGR / 4];
	uint32_t hz = rcc->system_hz >> divider_shift(rcc_field(d1cfgr, 8, 4));

	if (core == H7_CM4)
		hz >>= divider_shift(rcc_field(d1cfgr, 0, 4));
	return hz ? hz : CLOCK_STANDS_STILL_HZ;
}

/* --- domains ----------------------------------------------------------------- */

static bool
is_awake(const struct peripheral *peripheral, unsigned core)
{
	const struct soc *soc = peripheral->soc;

	return core < soc->chip->cores_len && !core_is_gated(soc, core) &&
	       !cpu_is_deep_asleep(soc->cores[core].cpu);
}

bool
rcc_h7_d2_is_used(const struct peripheral *peripheral)
{
	static const uint16_t d2_enable[] = { AHB1ENR, AHB2ENR, APB1LENR, APB1HENR,
					      APB2ENR };
	uint32_t used = 0;

	for (unsigned i = 0; i < LEN(d2_enable); i++)
		used |= const_rcc_of(peripheral)->values[(d2_enable[i] - OWN + C1) / 4];
	return used;
}

/* A domain has its clock while its core is awake or the other uses its peripherals
 * (RM0399 Rev 4, 9.5.9). */
static uint32_t
domain_flags(const struct peripheral *peripheral)
{
	bool d1 = is_awake(peripheral, H7_CM7);
	bool d2 = is_awake(peripheral, H7_CM4) || (d1 && rcc_h7_d2_is_used(peripheral));

	return (d1 ? CR_D1CKRDY : 0) | (d2 ? CR_D2CKRDY : 0);
}

static bool
rcc_has_domain_clock(const struct peripheral *peripheral, unsigned core)
{
	return domain_flags(peripheral) & (core == H7_CM4 ? CR_D2CKRDY : CR_D1CKRDY);
}

bool
rcc_h7_lets_go(const struct peripheral *peripheral, unsigned core)
{
	uint32_t gcr = const_rcc_of(peripheral)->values[GCR / 4];

	return gcr & (core == H7_CM4 ? GCR_BOOT_C2 : GCR_BOOT_C1);
}

/* --- registers --------------------------------------------------------------- */

/* The C1 or C2 register that stands for a common offset. */
static uint32_t
owner_offset(const struct peripheral *peripheral, uint32_t at)
{
	if (at < OWN || at >= OWN_END)
		return at;
	return at - OWN + (peripheral->soc->master == H7_CM4 ? C2 : C1);
}

static enum bus_result
rcc_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = rcc_of(peripheral)->values[owner_offset(peripheral, at) / 4 % WORDS];
	if (at == CR)
		*value |= domain_flags(peripheral);
	return BUS_OK;
}

static void
look(struct rcc *rcc)
{
	uint64_t now = soc_time(rcc->base.soc);

	/* The clock in use cannot be switched off. */
	rcc->values[CR / 4] |= clocks[clock_in_use(rcc)].on;
	rcc->base.due_ns = oscillators_look(oscillators, LEN(oscillators), rcc->values,
					    rcc->ready_ns, now);
	clock_switch(rcc);
	soc_wake(rcc->base.soc);
}

/* BOOT_C1 and BOOT_C2 cannot be taken back but by reset (9.7.37). The core itself is let
 * go when the store is over. */
static void
gcr_write(struct rcc *rcc, uint32_t value)
{
	rcc->values[GCR / 4] = value | (rcc->values[GCR / 4] & GCR_BOOT);
	rcc->base.due_ns = soc_time(rcc->base.soc);
	soc_wake(rcc->base.soc);
}

static enum bus_result
rcc_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct rcc *rcc = rcc_of(peripheral);
	uint32_t *word, old;

	at = owner_offset(peripheral, at);
	word = &rcc->values[at / 4 % WORDS];
	old = *word;
	*word = reg_merge(old, value, lanes & reg_rules_writable(&rcc_rules, at));
	if ((at == C1 || at == C2) && *word & RSR_RMVF)
		*word = 0;
	if (at == BDCR && *word & BDCR_BDRST)
		*word = BDCR_BDRST;
	if (at >= AHB3RSTR && at <= APB4RSTR)
		soc_reset_gated(peripheral->soc, (uint16_t)(at + ENR_OF_RSTR),
				*word & ~old);
	look(rcc);
	if (at == GCR)
		gcr_write(rcc, *word | old);
	return BUS_OK;
}

static void
rcc_due(struct peripheral *peripheral)
{
	struct rcc *rcc = rcc_of(peripheral);
	uint64_t now = soc_time(peripheral->soc);

	rcc->base.due_ns = oscillators_due(oscillators, LEN(oscillators), rcc->values,
					   rcc->ready_ns, now);
	clock_switch(rcc);
	cores_release(peripheral->soc);
}

/* BDCR belongs to the backup domain; LSI and the reset flags survive system resets. */
static void
rcc_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct rcc *rcc = rcc_of(peripheral);
	uint32_t bdcr = rcc->values[BDCR / 4], csr = rcc->values[CSR / 4];
	uint32_t rsr1 = rcc->values[C1 / 4], rsr2 = rcc->values[C2 / 4];

	reg_rules_reset(&rcc_rules, rcc->values, WORDS);
	if (depth == RESET_SYSTEM) {
		rcc->values[BDCR / 4] = bdcr;
		rcc->values[CSR / 4] = csr;
		rcc->values[C1 / 4] = rsr1;
		rcc->values[C2 / 4] = rsr2;
	}
	oscillators_stop(rcc->ready_ns, LEN(oscillators));
	look(rcc);
}

/* --- role -------------------------------------------------------------------- */

static bool
rcc_hsi_is_ready(const struct peripheral *peripheral)
{
	return const_rcc_of(peripheral)->values[CR / 4] & CR_HSIRDY;
}

/* Either core's enable bit clocks a peripheral. */
static bool
rcc_is_enabled(const struct peripheral *peripheral, struct clock_gate gate)
{
	const uint32_t *values = const_rcc_of(peripheral)->values;
	uint32_t offset = gate.enr - OWN;

	return (values[(C1 + offset) / 4] | values[(C2 + offset) / 4]) >> gate.bit & 1;
}

/* RM0399 Rev 4, table "Reset source identification (RCC_RSR)". */
static const uint32_t source_flags[RESET_SOURCES] = {
	[RESET_BY_POWER] = RSR_PORRSTF | RSR_BORRSTF | RSR_D1RSTF | RSR_D2RSTF,
	[RESET_BY_SYSTEM] = RSR_SFT1RSTF,
	[RESET_BY_WATCHDOG] = RSR_IWDG1,
	[RESET_BY_LOW_POWER] = RSR_LPWR1,
};

static void
rcc_reset_by(struct peripheral *peripheral, enum reset_source source)
{
	uint32_t flags = source_flags[source] | RSR_PINRSTF | RSR_C1RSTF;
	struct rcc *rcc = rcc_of(peripheral);

	if (is_dual(peripheral))
		flags |= RSR_C2RSTF;
	if (source == RESET_BY_SYSTEM && peripheral->soc->reset_core == H7_CM4)
		flags = (flags & ~RSR_SFT1RSTF) | RSR_SFT1RSTF << 1;
	rcc->values[C1 / 4] |= flags;
	rcc->values[C2 / 4] |= flags;
}

static const struct clock_role rcc_role = { rcc_core_hz, rcc_hsi_is_ready, rcc_is_enabled,
					    rcc_reset_by, rcc_has_domain_clock };

const struct peripheral_type rcc_h7_type = {
	.name = "RCC (H7)",
	.size = sizeof(struct rcc),
	.read = rcc_read,
	.write = rcc_write,
	.is_steady = true,
	.reset = rcc_reset,
	.due = rcc_due,
	.clock = &rcc_role,
};
