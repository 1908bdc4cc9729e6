/* SPDX-License-Identifier: MIT */
#include "test/emulator/probe/usb_faulty.h"

#include <stdlib.h>
#include <string.h>

enum { NS_PER_MS = 1000000, ENDPOINTS = 16 };

struct usb_faulty {
	struct usb_function function;
	struct usb_function *real;
	struct usb_faults faults;
	struct usb_clock clock;
	unsigned transfers, ins;        /* up to now */
	uint16_t halted_out, halted_in; /* a bit for each endpoint number */
	uint64_t ready_ns;              /* the device answers from this time on */
};

static struct usb_faulty *
faulty_of(struct usb_function *function)
{
	return (struct usb_faulty *)function; /* the first member */
}

static uint16_t
bit_of(uint8_t ep)
{
	return (uint16_t)(1u << (ep & USB_ENDPOINT_NUMBER));
}

static bool
is_due(unsigned every, unsigned *count)
{
	return every && ++*count % every == 0;
}

/* The strings may change with the probe's mode: the serial does. */
static void
show_as(struct usb_faulty *faulty)
{
	const struct usb_function_ops *own = faulty->function.ops;
	faulty->function = *faulty->real;
	faulty->function.ops = own;
}

static int
faulty_out(struct usb_function *function, uint8_t ep, const uint8_t *bytes, int size)
{
	struct usb_faulty *faulty = faulty_of(function);
	if (faulty->halted_out & bit_of(ep))
		return USB_STALL;
	if (is_due(faulty->faults.stall_every, &faulty->transfers)) {
		faulty->halted_out |= bit_of(ep);
		return USB_STALL;
	}
	int result = faulty->real->ops->out(faulty->real, ep, bytes, size);
	faulty->ready_ns = faulty->clock.now_ns(faulty->clock.of) +
			   (uint64_t)faulty->faults.delay_ms * NS_PER_MS;
	show_as(faulty);
	return result;
}

/* What is lost is lost: the probe has sent it. */
static int
cut_short(struct usb_faulty *faulty, int size)
{
	if (size > 1 && is_due(faulty->faults.short_every, &faulty->ins))
		return size / 2;
	return size;
}

static int
faulty_in(struct usb_function *function, uint8_t ep, uint8_t *bytes, int max)
{
	struct usb_faulty *faulty = faulty_of(function);
	if (faulty->halted_in & bit_of(ep))
		return USB_STALL;
	if (faulty->faults.is_silent)
		return USB_NAK;
	if (faulty->clock.now_ns(faulty->clock.of) < faulty->ready_ns)
		return USB_NAK;
	int size = faulty->real->ops->in(faulty->real, ep, bytes, max);
	if (size < 0)
		return size;
	if (is_due(faulty->faults.stall_every, &faulty->transfers)) {
		faulty->halted_in |= bit_of(ep);
		return USB_STALL;
	}
	return cut_short(faulty, size);
}

static void
faulty_clear_halt(struct usb_function *function, uint8_t ep)
{
	struct usb_faulty *faulty = faulty_of(function);
	uint16_t *halted = ep & USB_DIRECTION_IN ? &faulty->halted_in : &faulty->halted_out;
	*halted &= (uint16_t)~bit_of(ep);
	faulty->real->ops->clear_halt(faulty->real, ep);
}

static void
start_anew(struct usb_faulty *faulty)
{
	faulty->halted_in = 0;
	faulty->halted_out = 0;
	faulty->ready_ns = 0;
}

static void
faulty_reset(struct usb_function *function)
{
	struct usb_faulty *faulty = faulty_of(function);
	start_anew(faulty);
	faulty->real->ops->reset(faulty->real);
	show_as(faulty);
}

static void
faulty_power(struct usb_function *function, bool on)
{
	struct usb_faulty *faulty = faulty_of(function);
	start_anew(faulty);
	faulty->real->ops->power(faulty->real, on);
	show_as(faulty);
}

/* Endpoint 0 has no faults. */
static int
faulty_control(struct usb_function *function, const uint8_t setup[8], uint8_t *data,
	       int size)
{
	struct usb_function *real = faulty_of(function)->real;
	return real->ops->control ? real->ops->control(real, setup, data, size) : USB_STALL;
}

static void
faulty_swo(struct usb_function *function, uint32_t baud, const uint8_t *bytes,
	   unsigned size)
{
	struct usb_function *real = faulty_of(function)->real;
	if (real->ops->swo)
		real->ops->swo(real, baud, bytes, size);
}

static void
faulty_free(struct usb_function *function)
{
	struct usb_faulty *faulty = faulty_of(function);
	faulty->real->ops->free(faulty->real);
	free(faulty);
}

static const struct usb_function_ops faulty_ops = {
	.out = faulty_out,
	.in = faulty_in,
	.reset = faulty_reset,
	.power = faulty_power,
	.clear_halt = faulty_clear_halt,
	.control = faulty_control,
	.swo = faulty_swo,
	.free = faulty_free,
};

void
usb_faulty_set(struct usb_function *function, const struct usb_faults *faults)
{
	faulty_of(function)->faults = *faults;
}

struct usb_function *
usb_faulty_new(struct usb_function *real, const struct usb_faults *faults,
	       struct usb_clock clock)
{
	struct usb_faulty *faulty = calloc(1, sizeof(*faulty));
	if (!faulty)
		abort();
	faulty->real = real;
	faulty->faults = *faults;
	faulty->clock = clock;
	faulty->function.ops = &faulty_ops;
	show_as(faulty);
	return &faulty->function;
}
