/* SPDX-License-Identifier: MIT */
/*
 * AFIO of the STM32F1 (RM0008 Rev 21, 9.4): here it is AFIO_MAPR and not the port
 * that takes the debug pins away. Remapping itself is left out.
 */
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/pins/types.h"

enum { MAPR = 0x04, WORDS = 256 };

/* 9.4.2, SWJ_CFG: can be written only; read it is undefined, 0 here. */
enum { SWJ_CFG_SHIFT = 24 };
#define SWJ_CFG (UINT32_C(7) << SWJ_CFG_SHIFT)
enum { SWJ_FULL = 0, SWJ_NO_NJTRST = 1, SWJ_SWD_ALONE = 2, SWJ_OFF = 4 };

struct afio {
	struct peripheral base;
	uint32_t values[WORDS];
	uint32_t swj_cfg;
};

static struct afio *
afio_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct afio, base);
}

static enum bus_result
afio_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = afio_of(peripheral)->values[at / 4 % WORDS];
	return BUS_OK;
}

/* Values other than the four of the table have no effect. */
static void
swj_choose(struct afio *afio, uint32_t choice)
{
	if (choice == SWJ_FULL || choice == SWJ_NO_NJTRST || choice == SWJ_SWD_ALONE ||
	    choice == SWJ_OFF)
		afio->swj_cfg = choice;
}

static enum bus_result
afio_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct afio *afio = afio_of(peripheral);
	uint32_t *word = &afio->values[at / 4 % WORDS];

	if (at == MAPR && lanes & SWJ_CFG)
		swj_choose(afio, (value & SWJ_CFG) >> SWJ_CFG_SHIFT);
	*word = reg_merge(*word, value, at == MAPR ? lanes & ~SWJ_CFG : lanes);
	return BUS_OK;
}

static void
afio_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct afio *afio = afio_of(peripheral);

	(void)depth;
	reg_rules_reset(NULL, afio->values, WORDS);
	afio->swj_cfg = SWJ_FULL;
}

static bool
has_swd(const struct peripheral *peripheral)
{
	(void)peripheral;
	return true;
}

static bool
are_debug(const struct peripheral *peripheral)
{
	return CONST_CONTAINER_OF(peripheral, struct afio, base)->swj_cfg != SWJ_OFF;
}

static const struct pins_role afio_role = { has_swd, are_debug };

const struct peripheral_type afio_f1_type = {
	.name = "AFIO (F1)",
	.size = sizeof(struct afio),
	.read = afio_read,
	.write = afio_write,
	.is_steady = true,
	.reset = afio_reset,
	.pins = &afio_role,
};
