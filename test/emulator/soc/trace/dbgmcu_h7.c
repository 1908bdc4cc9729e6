/* SPDX-License-Identifier: MIT */
/*
 * DBGMCU of the STM32H7 (RM0433 Rev 8, 60.5.8; RM0399 Rev 4, 63.5.8): on the
 * debug bus, where cores see it at 0x5C001000 and access port 2 at 0xE00E1000.
 * Only the power resets it. Of the freeze registers the ones whose name ends in
 * 1 count while CPU1 is halted, those in 2 while CPU2 is.
 */
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/trace/types.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum { IDCODE = 0x00, CR = 0x04, APB4FZ1 = 0x54, APB4FZ2 = 0x58, END = 0x5C };

/* Per domain three bits: sleep, stop, standby; D1's are 2:0, D2's 5:3. */
enum { CR_DOMAIN_BITS = 3, CR_SLEEP = 0, CR_STOP = 1, CR_STANDBY = 2 };
#define CR_WRITABLE UINT32_C(0x107001BF)

/* Watchdogs by their address; bits of APB4FZ1 and APB4FZ2. */
static const struct {
	uint32_t at;
	uint8_t bit;
} watchdogs[] = { { 0x58004800, 18 }, { 0x58004C00, 19 } };

struct dbgmcu {
	struct peripheral base;
	uint32_t values[END / 4];
};

static struct dbgmcu *
dbgmcu_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct dbgmcu, base);
}

static const struct dbgmcu *
const_dbgmcu_of(const struct peripheral *peripheral)
{
	return CONST_CONTAINER_OF(peripheral, struct dbgmcu, base);
}

static enum bus_result
dbgmcu_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = at < END ? dbgmcu_of(peripheral)->values[at / 4] : 0;
	return BUS_OK;
}

static enum bus_result
dbgmcu_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	uint32_t *values = dbgmcu_of(peripheral)->values;

	if (at == IDCODE || at >= END)
		return BUS_OK;
	if (at == CR)
		lanes &= CR_WRITABLE;
	values[at / 4] = reg_merge(values[at / 4], value, lanes);
	return BUS_OK;
}

static void
dbgmcu_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	const struct chip *chip = peripheral->soc->chip;
	uint32_t *values = dbgmcu_of(peripheral)->values;

	if (depth != RESET_ALL)
		return;
	reg_rules_reset(NULL, values, END / 4);
	values[IDCODE / 4] = (uint32_t)chip->rev_id << 16 | chip->dev_id;
}

static bool
cr_bit(const struct peripheral *peripheral, unsigned bit)
{
	return const_dbgmcu_of(peripheral)->values[CR / 4] >> bit & 1;
}

static bool
is_clocked_in_sleep(const struct peripheral *peripheral, unsigned core)
{
	return cr_bit(peripheral, core * CR_DOMAIN_BITS + CR_SLEEP);
}

static bool
is_clocked_in_stop(const struct peripheral *peripheral, unsigned core)
{
	unsigned domain = core * CR_DOMAIN_BITS;

	return cr_bit(peripheral, domain + CR_STOP) ||
	       cr_bit(peripheral, domain + CR_STANDBY);
}

static bool
is_powered_in_standby(const struct peripheral *peripheral, unsigned core)
{
	return cr_bit(peripheral, core * CR_DOMAIN_BITS + CR_STANDBY);
}

static bool
freezes(const struct peripheral *peripheral, const struct chip_place *watchdog)
{
	const struct soc *soc = peripheral->soc;
	const uint32_t *values = const_dbgmcu_of(peripheral)->values;

	for (unsigned i = 0; i < LEN(watchdogs); i++) {
		if (watchdogs[i].at != watchdog->at)
			continue;
		for (unsigned core = 0; core < soc->chip->cores_len; core++)
			if (soc_core_halted(soc, core) &&
			    values[APB4FZ1 / 4 + core] >> watchdogs[i].bit & 1)
				return true;
	}
	return false;
}

enum { CR_TRACECLKEN = 20 };

static bool
puts_out_trace(const struct peripheral *peripheral)
{
	return cr_bit(peripheral, CR_TRACECLKEN);
}

static const struct debug_role dbgmcu_role = {
	.puts_out_trace = puts_out_trace,
	.is_clocked_in_sleep = is_clocked_in_sleep,
	.is_clocked_in_stop = is_clocked_in_stop,
	.is_powered_in_standby = is_powered_in_standby,
	.freezes = freezes,
	.has_clock = cr_bit,
};

const struct peripheral_type dbgmcu_h7_type = {
	.name = "DBGMCU (H7)",
	.size = sizeof(struct dbgmcu),
	.read = dbgmcu_read,
	.write = dbgmcu_write,
	.reset = dbgmcu_reset,
	.debug = &dbgmcu_role,
};
