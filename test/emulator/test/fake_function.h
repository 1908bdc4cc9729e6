/* SPDX-License-Identifier: MIT */
/*
 * fake_function.h - a USB device for the tests of the front ends, with the descriptors
 * of an ST-LINK/V2-1: it keeps what was sent to it last and says what the test wants.
 */
#ifndef TEST_EMULATOR_TEST_FAKE_FUNCTION_H
#define TEST_EMULATOR_TEST_FAKE_FUNCTION_H

#include <stdint.h>
#include <string.h>

#include "test/emulator/probe/probe.h"
#include "test/emulator/probe/stlink_table.h"

struct fake_function {
	struct usb_function function;
	uint8_t sent[2][12000]; /* the last two transfers, the last one first */
	int sent_size[2];
	unsigned outs, resets, power_ons, halts_cleared;
	bool stalls;
	uint8_t next[64]; /* the answer to the next IN transfer */
	int next_size;    /* USB_NAK: none */
};

static inline int
fake_out(struct usb_function *function, uint8_t ep, const uint8_t *bytes, int size)
{
	struct fake_function *fake = (struct fake_function *)function;
	memcpy(fake->sent[1], fake->sent[0], sizeof(fake->sent[0]));
	fake->sent_size[1] = fake->sent_size[0];
	memcpy(fake->sent[0], bytes, (size_t)size);
	fake->sent_size[0] = size;
	fake->outs++;
	return ep != 1 || fake->stalls ? USB_STALL : 0;
}

static inline int
fake_in(struct usb_function *function, uint8_t ep, uint8_t *bytes, int max)
{
	struct fake_function *fake = (struct fake_function *)function;
	int size = fake->next_size < max ? fake->next_size : max;
	if (ep != 1 || fake->next_size < 0)
		return USB_NAK;
	memcpy(bytes, fake->next, (size_t)size);
	fake->next_size = USB_NAK;
	return size;
}

static inline void
fake_reset(struct usb_function *function)
{
	((struct fake_function *)function)->resets++;
}

static inline void
fake_power(struct usb_function *function, bool on)
{
	((struct fake_function *)function)->power_ons += on;
}

static inline void
fake_clear_halt(struct usb_function *function, uint8_t ep)
{
	(void)ep;
	((struct fake_function *)function)->halts_cleared++;
}

static inline void
fake_free(struct usb_function *function)
{
	(void)function;
}

static inline void
fake_function_init(struct fake_function *fake)
{
	static const struct usb_function_ops ops = {
		.out = fake_out,
		.in = fake_in,
		.reset = fake_reset,
		.power = fake_power,
		.clear_halt = fake_clear_halt,
		.free = fake_free,
	};
	memset(fake, 0, sizeof(*fake));
	stlink_describe(stlink_kind_of(probe_kind_find("stlink-v2-1")), NULL,
			&fake->function);
	fake->function.ops = &ops;
	fake->next_size = USB_NAK;
}

#endif /* TEST_EMULATOR_TEST_FAKE_FUNCTION_H */
