/* SPDX-License-Identifier: MIT */
#include "test/emulator/probe/usb_paced.h"

#include <stdlib.h>

struct usb_paced {
	struct usb_function function;
	struct usb_function *real;
	struct usb_pacer pacer;
};

static struct usb_paced *
paced_of(struct usb_function *function)
{
	return (struct usb_paced *)function; /* the first member */
}

/* The strings may change with the probe's mode: the serial does. */
static void
show_as(struct usb_paced *paced)
{
	const struct usb_function_ops *own = paced->function.ops;
	paced->function = *paced->real;
	paced->function.ops = own;
}

/* A NAK moves nothing and costs no time. */
static int
finish(struct usb_paced *paced, int result)
{
	if (result != USB_NAK && paced->pacer.after_transfer)
		paced->pacer.after_transfer(paced->pacer.of);
	show_as(paced);
	return result;
}

static int
paced_out(struct usb_function *function, uint8_t ep, const uint8_t *bytes, int size)
{
	struct usb_paced *paced = paced_of(function);
	if (paced->pacer.before_request)
		paced->pacer.before_request(paced->pacer.of);
	return finish(paced, paced->real->ops->out(paced->real, ep, bytes, size));
}

static int
paced_in(struct usb_function *function, uint8_t ep, uint8_t *bytes, int max)
{
	struct usb_paced *paced = paced_of(function);
	return finish(paced, paced->real->ops->in(paced->real, ep, bytes, max));
}

static int
paced_control(struct usb_function *function, const uint8_t setup[8], uint8_t *data,
	      int size)
{
	struct usb_paced *paced = paced_of(function);
	if (!paced->real->ops->control)
		return USB_STALL;
	return finish(paced, paced->real->ops->control(paced->real, setup, data, size));
}

static void
paced_reset(struct usb_function *function)
{
	struct usb_paced *paced = paced_of(function);
	paced->real->ops->reset(paced->real);
	show_as(paced);
}

static void
paced_power(struct usb_function *function, bool on)
{
	struct usb_paced *paced = paced_of(function);
	paced->real->ops->power(paced->real, on);
	show_as(paced);
}

static void
paced_clear_halt(struct usb_function *function, uint8_t ep)
{
	struct usb_paced *paced = paced_of(function);
	paced->real->ops->clear_halt(paced->real, ep);
}

static void
paced_swo(struct usb_function *function, uint32_t baud, const uint8_t *bytes, unsigned size)
{
	struct usb_function *real = paced_of(function)->real;
	if (real->ops->swo)
		real->ops->swo(real, baud, bytes, size);
}

static void
paced_free(struct usb_function *function)
{
	struct usb_paced *paced = paced_of(function);
	paced->real->ops->free(paced->real);
	free(paced);
}

static const struct usb_function_ops paced_ops = {
	.out = paced_out,
	.in = paced_in,
	.control = paced_control,
	.reset = paced_reset,
	.power = paced_power,
	.clear_halt = paced_clear_halt,
	.swo = paced_swo,
	.free = paced_free,
};

struct usb_function *
usb_paced_new(struct usb_function *real, struct usb_pacer pacer)
{
	struct usb_paced *paced = calloc(1, sizeof(*paced));
	if (!paced)
		abort();
	paced->real = real;
	paced->pacer = pacer;
	paced->function.ops = &paced_ops;
	show_as(paced);
	return &paced->function;
}
