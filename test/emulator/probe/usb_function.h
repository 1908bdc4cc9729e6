/* SPDX-License-Identifier: MIT */
/*
 * usb_function.h - a probe as seen from its USB cable: descriptors and
 * endpoints. Front ends (umockdev, TCP, USB/IP) call it; it knows none of them.
 */
#ifndef TEST_EMULATOR_PROBE_USB_FUNCTION_H
#define TEST_EMULATOR_PROBE_USB_FUNCTION_H

#include <stdbool.h>
#include <stdint.h>

enum { USB_NAK = -1, USB_STALL = -2 }; /* instead of a length */
enum usb_speed { USB_FULL_SPEED = 12, USB_HIGH_SPEED = 480 };
/* Parts of an endpoint's address. */
enum { USB_DIRECTION_IN = 0x80, USB_ENDPOINT_NUMBER = 0xf };

struct usb_function;

struct usb_function_ops {
	/* Data for endpoint `ep` (without direction bit). 0, USB_NAK when the probe has no
	 * room for it now, or USB_STALL. */
	int (*out)(struct usb_function *function, uint8_t ep, const uint8_t *bytes,
		   int size);
	/* Up to `max` bytes from `ep`: the length, USB_NAK when there is nothing to
	 * send now, USB_STALL. A transfer ends as on the bus: short packet or max. */
	int (*in)(struct usb_function *function, uint8_t ep, uint8_t *bytes, int max);
	/* A control request that usb_function_control() does not serve by itself, as that.
	 * NULL: there are none. */
	int (*control)(struct usb_function *function, const uint8_t setup[8], uint8_t *data,
		       int size);
	/* The bus was reset, or an endpoint's halt cleared (ep with direction bit). */
	void (*reset)(struct usb_function *function);
	/* The cable was plugged in, and the probe starts anew; or pulled out, and its
	 * pins float. A new function has power. */
	void (*power)(struct usb_function *function, bool on);
	void (*clear_halt)(struct usb_function *function, uint8_t ep);
	/* Bytes at the probe's SWO pin, at that many bits per second. NULL: it has none. */
	void (*swo)(struct usb_function *function, uint32_t baud, const uint8_t *bytes,
		    unsigned size);
	void (*free)(struct usb_function *function);
};

struct usb_function {
	const struct usb_function_ops *ops;
	enum usb_speed speed;
	uint8_t device_descriptor[18];
	uint8_t configuration[256]; /* configuration, interfaces, endpoints */
	uint16_t configuration_size;
	char manufacturer[64], product[64], serial[64];
	/* Not 0: the serial's descriptor has these bytes instead, one in each unit. */
	uint8_t raw_serial_size, raw_serial[32];
	bool is_hid; /* interface 0 is a HID's, which the kernel's driver takes */
	const char *interface_names[8]; /* strings of iInterface, by interface number */
};

/* String descriptors: the first three by the device descriptor, then one for
 * each interface name, in order. */
enum {
	USB_STRING_MANUFACTURER = 1,
	USB_STRING_PRODUCT,
	USB_STRING_SERIAL,
	USB_STRING_FIRST_INTERFACE
};

/* Answers a control request: standard descriptors and strings are served from
 * the struct. Returns the length of the data stage, or USB_STALL. */
int usb_function_control(struct usb_function *function, const uint8_t setup[8],
			 uint8_t *data, int size);

/* The interface that has the endpoint (address with direction bit), or -1. */
int usb_function_interface_of(const struct usb_function *function, uint8_t ep);
/* The address of the `index`th endpoint of an interface that goes in the direction
 * `direction` (0 or USB_DIRECTION_IN); 0 when there is none. */
uint8_t usb_function_endpoint(const struct usb_function *function, int interface,
			      uint8_t direction, unsigned index);

uint16_t usb_function_vendor(const struct usb_function *function);
uint16_t usb_function_product_id(const struct usb_function *function);

#endif /* TEST_EMULATOR_PROBE_USB_FUNCTION_H */
