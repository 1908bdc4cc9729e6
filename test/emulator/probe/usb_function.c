/* SPDX-License-Identifier: MIT */
#include "test/emulator/probe/usb_function.h"

#include <string.h>

#include "test/emulator/probe/bytes.h"

/* USB 2.0, tables 9-2 to 9-6. */
enum {
	REQUEST_GET_STATUS = 0,
	REQUEST_CLEAR_FEATURE = 1,
	REQUEST_GET_DESCRIPTOR = 6,
	REQUEST_GET_CONFIGURATION = 8,
	REQUEST_SET_CONFIGURATION = 9,
	REQUEST_GET_INTERFACE = 10,
	REQUEST_SET_INTERFACE = 11
};
enum { RECIPIENT_DEVICE = 0, RECIPIENT_INTERFACE = 1, RECIPIENT_ENDPOINT = 2 };
enum {
	DESCRIPTOR_DEVICE = 1,
	DESCRIPTOR_CONFIGURATION = 2,
	DESCRIPTOR_STRING = 3,
	DESCRIPTOR_INTERFACE = 4,
	DESCRIPTOR_ENDPOINT = 5
};
enum { FEATURE_ENDPOINT_HALT = 0 };
enum { TYPE_STANDARD = 0, TYPE_MASK = 0x60, RECIPIENT_MASK = 0x1f };
enum { LANGUAGE_ENGLISH_US = 0x0409 };
enum { STRING_DESCRIPTOR_MAX = 255 };

struct request {
	uint8_t type, code;
	uint16_t value, index, length;
};

static int
answer_bytes(const uint8_t *bytes, int len, uint8_t *data, int size)
{
	int answered = len < size ? len : size;
	memcpy(data, bytes, (size_t)answered);
	return answered;
}

/* The bytes of the low halves of a string's UTF-16 units. */
struct units {
	const uint8_t *bytes;
	size_t len;
};

static struct units
units_of(const char *text)
{
	return (struct units){ (const uint8_t *)text, text ? strlen(text) : 0 };
}

static struct units
serial_of(const struct usb_function *function)
{
	if (function->raw_serial_size)
		return (struct units){ function->raw_serial, function->raw_serial_size };
	return units_of(function->serial);
}

static struct units
string_at(const struct usb_function *function, unsigned index)
{
	unsigned names =
		sizeof(function->interface_names) / sizeof(function->interface_names[0]);
	switch (index) {
	case USB_STRING_MANUFACTURER:
		return units_of(function->manufacturer);
	case USB_STRING_PRODUCT:
		return units_of(function->product);
	case USB_STRING_SERIAL:
		return serial_of(function);
	default:
		return units_of(
			index >= USB_STRING_FIRST_INTERFACE &&
					index < USB_STRING_FIRST_INTERFACE + names
				? function->interface_names[index -
							    USB_STRING_FIRST_INTERFACE]
				: NULL);
	}
}

/* USB 2.0, 9.6.7: UTF-16LE without a terminating zero. */
static int
answer_string(const struct usb_function *function, unsigned index, uint8_t *data, int size)
{
	uint8_t descriptor[STRING_DESCRIPTOR_MAX] = { 4, DESCRIPTOR_STRING };
	if (index == 0) {
		le16_put(descriptor + 2, LANGUAGE_ENGLISH_US);
		return answer_bytes(descriptor, descriptor[0], data, size);
	}
	struct units units = string_at(function, index);
	if (!units.bytes)
		return USB_STALL;
	unsigned len = 2;
	for (size_t i = 0; i < units.len && len + 2 <= sizeof(descriptor); i++, len += 2)
		le16_put(descriptor + len, units.bytes[i]);
	descriptor[0] = (uint8_t)len;
	return answer_bytes(descriptor, (int)len, data, size);
}

static int
answer_descriptor(const struct usb_function *function, uint16_t which, uint8_t *data,
		  int size)
{
	switch (which >> 8) {
	case DESCRIPTOR_DEVICE:
		return answer_bytes(function->device_descriptor,
				    sizeof(function->device_descriptor), data, size);
	case DESCRIPTOR_CONFIGURATION:
		return answer_bytes(function->configuration, function->configuration_size,
				    data, size);
	case DESCRIPTOR_STRING:
		return answer_string(function, which & 0xff, data, size);
	default:
		return USB_STALL;
	}
}

static int
answer_device(struct usb_function *function, const struct request *request, uint8_t *data,
	      int size)
{
	static const uint8_t bus_powered[2] = { 0 };
	uint8_t configured = function->configuration[5]; /* bConfigurationValue */
	switch (request->code) {
	case REQUEST_GET_DESCRIPTOR:
		return answer_descriptor(function, request->value, data, size);
	case REQUEST_GET_STATUS:
		return answer_bytes(bus_powered, sizeof(bus_powered), data, size);
	case REQUEST_GET_CONFIGURATION:
		return answer_bytes(&configured, 1, data, size);
	case REQUEST_SET_CONFIGURATION:
		return (request->value & 0xff) <= configured ? 0 : USB_STALL;
	default:
		return USB_STALL;
	}
}

static int
answer_interface(const struct request *request, uint8_t *data, int size)
{
	static const uint8_t zeros[2] = { 0 };
	switch (request->code) {
	case REQUEST_GET_STATUS:
		return answer_bytes(zeros, sizeof(zeros), data, size);
	case REQUEST_GET_INTERFACE:
		return answer_bytes(zeros, 1, data, size);
	case REQUEST_SET_INTERFACE:
		return request->value == 0 ? 0 : USB_STALL; /* no alternate settings */
	default:
		return USB_STALL;
	}
}

static int
answer_endpoint(struct usb_function *function, const struct request *request, uint8_t *data,
		int size)
{
	static const uint8_t not_halted[2] = { 0 };
	uint8_t ep = (uint8_t)request->index;
	if (usb_function_interface_of(function, ep) < 0)
		return USB_STALL;
	switch (request->code) {
	case REQUEST_GET_STATUS:
		return answer_bytes(not_halted, sizeof(not_halted), data, size);
	case REQUEST_CLEAR_FEATURE:
		if (request->value != FEATURE_ENDPOINT_HALT)
			return USB_STALL;
		function->ops->clear_halt(function, ep);
		return 0;
	default:
		return USB_STALL;
	}
}

static int
answer_standard(struct usb_function *function, const struct request *request, uint8_t *data,
		int size)
{
	if ((request->type & TYPE_MASK) != TYPE_STANDARD)
		return USB_STALL;
	switch (request->type & RECIPIENT_MASK) {
	case RECIPIENT_DEVICE:
		return answer_device(function, request, data, size);
	case RECIPIENT_INTERFACE:
		return answer_interface(request, data, size);
	case RECIPIENT_ENDPOINT:
		return answer_endpoint(function, request, data, size);
	default:
		return USB_STALL;
	}
}

int
usb_function_control(struct usb_function *function, const uint8_t setup[8], uint8_t *data,
		     int size)
{
	struct request request = { setup[0], setup[1], le16_get(setup + 2),
				   le16_get(setup + 4), le16_get(setup + 6) };
	if (size > request.length)
		size = request.length;
	int result = answer_standard(function, &request, data, size);
	if (result == USB_STALL && function->ops->control)
		result = function->ops->control(function, setup, data, size);
	return result;
}

/* Either the endpoint of that address, or the index-th of an interface and direction. */
struct endpoint_search {
	int interface;   /* -1: any */
	uint8_t address; /* 0: by direction and index */
	uint8_t direction;
	unsigned index;
	int found_in;
};

static bool
endpoint_matches(struct endpoint_search *search, uint8_t address, int interface)
{
	if (search->address)
		return search->address == address;
	if (interface != search->interface ||
	    (address & USB_DIRECTION_IN) != search->direction)
		return false;
	return search->index-- == 0;
}

/* Walks the descriptors; the address of the endpoint looked for, or 0. */
static uint8_t
endpoint_find(const struct usb_function *function, struct endpoint_search *search)
{
	int interface = -1;
	const uint8_t *at = function->configuration;
	const uint8_t *end = at + function->configuration_size;
	for (; at + 2 < end && at[0] >= 3; at += at[0]) {
		if (at[1] == DESCRIPTOR_INTERFACE)
			interface = at[2];
		if (at[1] != DESCRIPTOR_ENDPOINT ||
		    !endpoint_matches(search, at[2], interface))
			continue;
		search->found_in = interface;
		return at[2];
	}
	return 0;
}

int
usb_function_interface_of(const struct usb_function *function, uint8_t ep)
{
	struct endpoint_search search = { .address = ep, .interface = -1 };
	return ep && endpoint_find(function, &search) ? search.found_in : -1;
}

uint8_t
usb_function_endpoint(const struct usb_function *function, int interface, uint8_t direction,
		      unsigned index)
{
	struct endpoint_search search = { .interface = interface,
					  .direction = direction,
					  .index = index };
	return endpoint_find(function, &search);
}

uint16_t
usb_function_vendor(const struct usb_function *function)
{
	return le16_get(function->device_descriptor + 8);
}

uint16_t
usb_function_product_id(const struct usb_function *function)
{
	return le16_get(function->device_descriptor + 10);
}
