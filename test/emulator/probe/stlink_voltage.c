/* SPDX-License-Identifier: MIT */
/*
 * stlink_voltage.c - command F7: what the probe's ADC sees of the target's supply.
 *
 * VAPP comes through a divider by two and is measured against the probe's own 3.3 V, as
 * is the reference of its STM32F103 (DS5319, table 10: VREFINT 1.20 V); 12 bits.
 */
#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/stlink.h"

static const double supply_volts = 3.3, reference_volts = 1.2;
enum { ADC_MAX = 4095, VAPP_DIVIDER = 2 };

static uint32_t
adc_reading(double volts)
{
	double reading = volts / supply_volts * ADC_MAX + 0.5;
	return reading < 0 ? 0 : reading > ADC_MAX ? ADC_MAX : (uint32_t)reading;
}

/* xorshift64: Marsaglia 2003, the triple 13, 7, 17. */
static uint32_t
random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 32);
}

/* Readings of a floating pin as people published them: 1.45 to 1.6 V, and in between
 * drops to some millivolts (0.003, 1.556, 0.0016). One in four is a drop: assumption. */
static double
floating_volts(struct stlink *link)
{
	uint32_t random = random_next(&link->random);
	double part = (random >> 8) / (double)(UINT32_MAX >> 8);
	return random % 4 ? 1.45 + 0.15 * part : 0.004 * part;
}

static double
vapp_volts(struct stlink *link)
{
	if (link->kind.vapp == STLINK_VAPP_OWN_RAIL)
		return supply_volts;
	if (link->kind.vapp == STLINK_VAPP_FLOATS && wire_vapp_is_open(link->swd.wire))
		return floating_volts(link);
	return wire_vapp(link->swd.wire);
}

/* In DFU mode nothing is measured: both readings are 0. */
void
stlink_get_voltage(struct stlink *link, const uint8_t *command)
{
	uint8_t *reply = stlink_reply(link, 8);
	(void)command;
	if (link->mode == STLINK_MODE_DFU)
		return;
	le32_put(reply, adc_reading(reference_volts));
	le32_put(reply + 4, adc_reading(vapp_volts(link) / VAPP_DIVIDER));
}
