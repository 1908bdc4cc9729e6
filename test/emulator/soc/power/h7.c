/* SPDX-License-Identifier: MIT */
/*
 * PWR of the STM32H7 (RM0433 Rev 8, chapter 6; RM0399 Rev 4, chapter 6; RM0468
 * Rev 3, chapter 6): the supply of the cores, which software chooses once per
 * power-on and which must be the one the board is wired for; voltage scaling;
 * what the domains lose in deep sleep.
 */
#include "test/emulator/soc/power/types.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum {
	CR1 = 0x00,
	CSR1 = 0x04,
	CR2 = 0x08,
	CR3 = 0x0C,
	CPUCR = 0x10,
	CPU2CR = 0x14,
	D3CR = 0x18,
	WKUPCR = 0x20,
	WKUPFR = 0x24,
	WORDS = 256
};

#define CR3_BYPASS UINT32_C(0x01)
#define CR3_LDOEN  UINT32_C(0x02)
#define CR3_SMPSEN UINT32_C(0x04) /* parts without SMPS: SCUEN */
#define CR3_SUPPLY UINT32_C(0x3F) /* with SMPSEXTHP and SMPSLEVEL */
#define CR3_OTHERS UINT32_C(0x03000300)
#define CR3_RESET  (CR3_LDOEN | CR3_SMPSEN)

#define CSR1_ACTVOSRDY UINT32_C(0x00002000)
#define D3CR_VOSRDY    UINT32_C(0x00002000)
#define VOS            UINT32_C(0x0000C000) /* of D3CR; ACTVOS of CSR1 */
#define VOS_SCALE3     UINT32_C(0x00004000)

#define CPUCR_PDDS_D1  UINT32_C(0x1)
#define CPUCR_PDDS_D2  UINT32_C(0x2)
#define CPUCR_STOPF    UINT32_C(0x020)
#define CPUCR_SBF      UINT32_C(0x040)
#define CPUCR_CSSF     UINT32_C(0x200)
#define CPUCR_WRITABLE UINT32_C(0x00000C07)

static const struct reg_rule rules[] = {
	{ CR1, 0xF000C000, 0x0007C3F1 },    { CSR1, VOS_SCALE3, 0 },
	{ CR2, 0x00000000, 0x00000011 },    { CPUCR, 0, CPUCR_WRITABLE },
	{ CPU2CR, 0, CPUCR_WRITABLE },      { D3CR, VOS_SCALE3, VOS },
	{ WKUPFR, 0x00000000, 0x00000000 },
};
static const struct reg_rules pwr_rules = { rules, LEN(rules) };

struct pwr {
	struct peripheral base;
	uint32_t values[WORDS];
	uint32_t cr3;
	bool supply_is_chosen; /* since power came */
	uint64_t lost_ns;      /* when VCORE will be gone, or NEVER */
	uint64_t ready_ns;     /* when VOS will be reached, or NEVER */
};

static struct pwr *
pwr_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct pwr, base);
}

static const struct pwr *
const_pwr_of(const struct peripheral *peripheral)
{
	return CONST_CONTAINER_OF(peripheral, struct pwr, base);
}

static bool
has_smps(const struct pwr *pwr)
{
	const struct pwr_h7_kind *kind = pwr->base.place->parameters;

	return kind->has_smps;
}

/* --- the supply of the cores --------------------------------------------------- */

/*
 * RM0399 Rev 4, table "Supply configuration control" (RM0468 has the same): which of
 * them feeds VCORE on a board wired one way or the other. Until the choice is made both
 * regulators are on, which runs on any board. An SMPS that feeds the LDO needs a board
 * wired for that, and BYPASS an external supply: no board here has either.
 */
static bool
feeds_vcore(const struct pwr *pwr)
{
	uint32_t choice = pwr->cr3 & CR3_SUPPLY;

	if (!has_smps(pwr))
		return choice & CR3_LDOEN;
	if (choice == CR3_RESET)
		return true;
	if (pwr->base.soc->supply_wired == CORE_SUPPLY_SMPS)
		return choice == CR3_SMPSEN;
	return choice == CR3_LDOEN;
}

static void
due_find(struct pwr *pwr)
{
	pwr->base.due_ns = pwr->lost_ns < pwr->ready_ns ? pwr->lost_ns : pwr->ready_ns;
	soc_wake(pwr->base.soc);
}

/* "Write once": the first write after power-on counts, whatever it says (RM0399 Rev 4,
 * 6.8.4; SCUEN of RM0433 Rev 8, 6.8.4, is then cleared). */
static void
cr3_write(struct pwr *pwr, uint32_t value, uint32_t lanes)
{
	uint64_t now = soc_time(pwr->base.soc);

	pwr->cr3 = reg_merge(pwr->cr3, value, lanes & CR3_OTHERS);
	if (pwr->supply_is_chosen || !(lanes & CR3_SUPPLY))
		return;
	pwr->supply_is_chosen = true;
	pwr->cr3 = reg_merge(pwr->cr3, value, lanes & CR3_SUPPLY);
	if (!has_smps(pwr))
		pwr->cr3 &= ~CR3_SMPSEN;
	if (feeds_vcore(pwr))
		pwr->ready_ns = now + H7_VOS_READY_NS;
	else
		pwr->lost_ns = now + H7_VCORE_DECAY_NS;
	due_find(pwr);
}

/* A new level of VOS; ACTVOS follows. */
static void
vos_write(struct pwr *pwr, uint32_t old)
{
	if ((old ^ pwr->values[D3CR / 4]) & VOS) {
		pwr->ready_ns = soc_time(pwr->base.soc) + H7_VOS_READY_NS;
		due_find(pwr);
	}
}

static void
pwr_due(struct peripheral *peripheral)
{
	struct pwr *pwr = pwr_of(peripheral);
	uint64_t now = soc_time(peripheral->soc);
	bool is_lost = pwr->lost_ns <= now;

	if (pwr->ready_ns <= now)
		pwr->ready_ns = NEVER;
	if (is_lost)
		pwr->lost_ns = NEVER;
	due_find(pwr);
	if (is_lost)
		soc_lose_core_supply(peripheral->soc);
}

/* --- registers --------------------------------------------------------------- */

/* The levels are valid once the supply is chosen and the change is over. */
static uint32_t
ready_flag(const struct pwr *pwr, uint32_t flag)
{
	return pwr->supply_is_chosen && pwr->ready_ns == NEVER ? flag : 0;
}

static enum bus_result
pwr_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	const struct pwr *pwr = pwr_of(peripheral);

	*value = pwr->values[at / 4 % WORDS];
	if (at == CR3)
		*value = pwr->cr3;
	else if (at == CSR1)
		*value = (pwr->values[D3CR / 4] & VOS) | ready_flag(pwr, CSR1_ACTVOSRDY);
	else if (at == D3CR)
		*value |= ready_flag(pwr, D3CR_VOSRDY);
	return BUS_OK;
}

static enum bus_result
pwr_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct pwr *pwr = pwr_of(peripheral);
	uint32_t *word = &pwr->values[at / 4 % WORDS], old = *word;

	if (at == CR3) {
		cr3_write(pwr, value, lanes);
		return BUS_OK;
	}
	if (at == WKUPCR) {
		pwr->values[WKUPFR / 4] &= ~(value & lanes);
		return BUS_OK;
	}
	*word = reg_merge(old, value, lanes & reg_rules_writable(&pwr_rules, at));
	if ((at == CPUCR || at == CPU2CR) && value & lanes & CPUCR_CSSF)
		*word &= ~(CPUCR_STOPF | CPUCR_SBF);
	if (at == D3CR)
		vos_write(pwr, old);
	return BUS_OK;
}

/* CR3 remembers until the power goes (RM0399 Rev 4, 6.8.4). */
static void
pwr_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct pwr *pwr = pwr_of(peripheral);

	reg_rules_reset(&pwr_rules, pwr->values, WORDS);
	pwr->ready_ns = NEVER;
	if (depth == RESET_ALL) {
		pwr->cr3 = CR3_RESET;
		pwr->supply_is_chosen = false;
		pwr->lost_ns = NEVER;
	}
	due_find(pwr);
}

/* --- role -------------------------------------------------------------------- */

/* PDDS_D1 and PDDS_D2: that domain goes to DStandby when its core is in CStop; in a dual
 * part both cores must allow it (RM0399 Rev 4, 6.7). */
static bool
loses_core(const struct peripheral *peripheral, unsigned core)
{
	const uint32_t *values = const_pwr_of(peripheral)->values;
	uint32_t allowed = values[CPUCR / 4];

	if (peripheral->soc->chip->cores_len > 1)
		allowed &= values[CPU2CR / 4];
	return allowed & (core == H7_CM4 ? CPUCR_PDDS_D2 : CPUCR_PDDS_D1);
}

static const struct power_role pwr_role = { .loses_core = loses_core };

const struct peripheral_type pwr_h7_type = {
	.name = "PWR (H7)",
	.size = sizeof(struct pwr),
	.read = pwr_read,
	.write = pwr_write,
	.is_steady = true,
	.reset = pwr_reset,
	.due = pwr_due,
	.power = &pwr_role,
};
