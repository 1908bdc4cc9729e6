/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/clocks/rcc.h"

#include "test/emulator/soc/clocks/oscillators.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/soc_internal.h"

enum { CR = 0x00, WORDS = 0x400 / 4 };

/* As in most families: RM0440 Rev 8, 7.4.3; RM0008 Rev 21, 7.3.2. */
enum { CFGR_SW_BITS = 2, CFGR_SWS_SHIFT = 2, CFGR_HPRE_SHIFT = 4, CFGR_HPRE_BITS = 4 };

#define BDCR_BDRST (UINT32_C(1) << 16)
#define CSR_FLAGS  UINT32_C(0xFE000000)

struct rcc {
	struct peripheral base;
	uint32_t values[WORDS];
	uint64_t ready_ns[RCC_MAX_OSCILLATORS]; /* NEVER: not starting */
	uint32_t hz;                            /* of the core */
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

static const struct rcc_family *
family_of(const struct rcc *rcc)
{
	return rcc->base.place->parameters;
}

/* --- frequencies ------------------------------------------------------------- */

/* HPRE: below 8 undivided, then 2, 4, 8, 16, 64, 128, 256, 512. */
static unsigned
hpre_shift(const struct rcc *rcc)
{
	const struct rcc_family *family = family_of(rcc);
	unsigned shift = family->hpre_shift ? family->hpre_shift : CFGR_HPRE_SHIFT;
	unsigned hpre =
		family->cfgr2
			? rcc_field(rcc->values[family->cfgr2 / 4], 0, CFGR_HPRE_BITS)
			: rcc_field(rcc->values[family->cfgr / 4], shift, CFGR_HPRE_BITS);

	if (hpre < 8)
		return 0;
	return hpre < 12 ? hpre - 7 : hpre - 6;
}

static unsigned
sw_bits(const struct rcc_family *family)
{
	return family->sw_bits ? family->sw_bits : CFGR_SW_BITS;
}

static unsigned
sws_shift(const struct rcc_family *family)
{
	return family->sws_shift ? family->sws_shift : CFGR_SWS_SHIFT;
}

static uint32_t
system_hz(const struct rcc *rcc, const struct system_clock *clock)
{
	if (clock->hz || !clock->on)
		return clock->hz;
	return family_of(rcc)->pll_hz(rcc->values);
}

static const struct system_clock *
clock_in_use(const struct rcc *rcc)
{
	const struct rcc_family *family = family_of(rcc);

	return &family->clocks[rcc_field(rcc->values[family->cfgr / 4], sws_shift(family),
					 sw_bits(family))];
}

/* SWS follows SW as soon as that clock is ready. */
static void
clock_switch(struct rcc *rcc)
{
	const struct rcc_family *family = family_of(rcc);
	uint32_t *cfgr = &rcc->values[family->cfgr / 4];
	uint32_t wanted = rcc_field(*cfgr, 0, sw_bits(family));
	const struct system_clock *clock = &family->clocks[wanted];
	uint32_t sws = ((UINT32_C(1) << sw_bits(family)) - 1) << sws_shift(family);

	if (rcc->values[clock->at / 4] & clock->ready)
		*cfgr = reg_merge(*cfgr, wanted << sws_shift(family), sws);
	rcc->hz = system_hz(rcc, clock_in_use(rcc)) >> hpre_shift(rcc);
	if (!rcc->hz)
		rcc->hz = CLOCK_STANDS_STILL_HZ;
}

/* --- oscillators ------------------------------------------------------------- */

static void
oscillators_start(struct rcc *rcc)
{
	const struct rcc_family *family = family_of(rcc);

	rcc->base.due_ns =
		oscillators_look(family->oscillators, family->oscillators_len, rcc->values,
				 rcc->ready_ns, soc_time(rcc->base.soc));
	soc_wake(rcc->base.soc);
}

static void
rcc_due(struct peripheral *peripheral)
{
	struct rcc *rcc = rcc_of(peripheral);
	const struct rcc_family *family = family_of(rcc);

	rcc->base.due_ns =
		oscillators_due(family->oscillators, family->oscillators_len, rcc->values,
				rcc->ready_ns, soc_time(peripheral->soc));
	clock_switch(rcc);
}

/* --- registers --------------------------------------------------------------- */

static enum bus_result
rcc_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = rcc_of(peripheral)->values[at / 4 % WORDS];
	return BUS_OK;
}

static enum bus_result
rcc_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct rcc *rcc = rcc_of(peripheral);
	const struct rcc_family *family = family_of(rcc);
	uint32_t *word = &rcc->values[at / 4 % WORDS];
	uint32_t old = *word;

	*word = reg_merge(old, value, lanes & reg_rules_writable(&family->rules, at));
	if (at == family->csr && *word & family->rmvf)
		*word &= ~(CSR_FLAGS | family->rmvf);
	if (at == family->bdcr && *word & BDCR_BDRST)
		*word = BDCR_BDRST;
	if (at >= family->first_rstr && at <= family->last_rstr)
		soc_reset_gated(peripheral->soc, (uint16_t)(at + family->enr_of_rstr),
				*word & ~old);
	/* The clock in use cannot be switched off (CR.HSION and the like). */
	rcc->values[clock_in_use(rcc)->at / 4] |= clock_in_use(rcc)->on;
	oscillators_start(rcc);
	clock_switch(rcc);
	return BUS_OK;
}

/* BDCR belongs to the backup domain, CSR's flags and LSI survive system resets. */
static void
rcc_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct rcc *rcc = rcc_of(peripheral);
	const struct rcc_family *family = family_of(rcc);
	uint32_t bdcr = rcc->values[family->bdcr / 4], csr = rcc->values[family->csr / 4];

	reg_rules_reset(&family->rules, rcc->values, WORDS);
	if (depth == RESET_SYSTEM) {
		rcc->values[family->bdcr / 4] = bdcr;
		rcc->values[family->csr / 4] = csr;
	}
	oscillators_stop(rcc->ready_ns, family->oscillators_len);
	oscillators_start(rcc);
	clock_switch(rcc);
}

/* --- role -------------------------------------------------------------------- */

static uint32_t
rcc_core_hz(const struct peripheral *peripheral, unsigned core)
{
	(void)core;
	return const_rcc_of(peripheral)->hz;
}

static bool
rcc_hsi_is_ready(const struct peripheral *peripheral)
{
	const struct rcc *rcc = const_rcc_of(peripheral);
	const struct rcc_family *family = family_of(rcc);

	return rcc->values[CR / 4] & family->clocks[family->hsi].ready;
}

static bool
rcc_is_enabled(const struct peripheral *peripheral, struct clock_gate gate)
{
	return const_rcc_of(peripheral)->values[gate.enr / 4] >> gate.bit & 1;
}

static void
rcc_reset_by(struct peripheral *peripheral, enum reset_source source)
{
	struct rcc *rcc = rcc_of(peripheral);

	rcc->values[family_of(rcc)->csr / 4] |= family_of(rcc)->reset_flags[source];
}

static const struct clock_role rcc_role = { rcc_core_hz, rcc_hsi_is_ready, rcc_is_enabled,
					    rcc_reset_by, NULL };

const struct peripheral_type rcc_type = {
	.name = "RCC",
	.size = sizeof(struct rcc),
	.read = rcc_read,
	.write = rcc_write,
	.is_steady = true,
	.reset = rcc_reset,
	.due = rcc_due,
	.clock = &rcc_role,
};
