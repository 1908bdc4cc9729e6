/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/stlink_table.h"
#include "test/emulator/probe/timing.h"

enum { VENDOR_ST = 0x0483 };
/* USB 2.0, tables 9-8 to 9-13; interface association: USB 2.0 ECN IAD. */
enum {
	DEVICE = 1,
	CONFIGURATION = 2,
	INTERFACE = 4,
	ENDPOINT = 5,
	INTERFACE_ASSOCIATION = 11,
	CLASS_SPECIFIC_INTERFACE = 0x24
};
enum { BULK = 2, INTERRUPT = 3 };
enum {
	CLASS_BY_INTERFACE = 0,
	CLASS_CDC = 2,
	CLASS_MASS_STORAGE = 8,
	CLASS_CDC_DATA = 10,
	CLASS_MISCELLANEOUS = 239,
	CLASS_VENDOR = 255
};
enum { SUBCLASS_SCSI = 6, PROTOCOL_BULK_ONLY = 80, SUBCLASS_ACM = 2, PROTOCOL_AT = 1 };
/* Endpoints of the parts that nobody serves here; the numbers are an assumption. */
enum { MASS_STORAGE_EP = 3, SERIAL_NOTIFY_EP = 4, SERIAL_DATA_EP = 5, BRIDGE_EP = 8 };
enum { SERIAL_NOTIFY_SIZE = 10, SERIAL_NOTIFY_INTERVAL = 255, MA_PER_UNIT = 2 };

struct writer {
	struct usb_function *function;
	uint8_t interfaces;
};

static void
add(struct writer *to, const uint8_t *descriptor)
{
	struct usb_function *function = to->function;
	assert(function->configuration_size + descriptor[0] <=
	       (int)sizeof(function->configuration));
	memcpy(function->configuration + function->configuration_size, descriptor,
	       descriptor[0]);
	function->configuration_size =
		(uint16_t)(function->configuration_size + descriptor[0]);
}

static void
add_interface(struct writer *to, uint8_t endpoints, const uint8_t class_triple[3],
	      const char *name)
{
	uint8_t number = to->interfaces++;
	const uint8_t descriptor[] = { 9,
				       INTERFACE,
				       number,
				       0,
				       endpoints,
				       class_triple[0],
				       class_triple[1],
				       class_triple[2],
				       (uint8_t)(USB_STRING_FIRST_INTERFACE + number) };
	to->function->interface_names[number] = name;
	add(to, descriptor);
}

static void
add_endpoint(struct writer *to, uint8_t address, uint8_t kind, uint16_t size,
	     uint8_t interval)
{
	uint8_t descriptor[7] = { 7, ENDPOINT, address, kind };
	le16_put(descriptor + 4, size);
	descriptor[6] = interval;
	add(to, descriptor);
}

static void
add_bulk(struct writer *to, uint8_t address)
{
	bool is_high = to->function->speed == USB_HIGH_SPEED;
	add_endpoint(to, address, BULK,
		     is_high ? USB_HIGH_SPEED_PACKET_SIZE : USB_FULL_SPEED_PACKET_SIZE, 0);
}

static void
add_debug(struct writer *to, const struct stlink_kind *kind)
{
	static const uint8_t class_triple[3] = { CLASS_VENDOR, CLASS_VENDOR, CLASS_VENDOR };
	add_interface(to, 3, class_triple, "ST-Link Debug");
	add_bulk(to, kind->in_ep | USB_DIRECTION_IN);
	add_bulk(to, kind->out_ep);
	add_bulk(to, kind->trace_ep | USB_DIRECTION_IN);
}

static void
add_mass_storage(struct writer *to)
{
	static const uint8_t class_triple[3] = { CLASS_MASS_STORAGE, SUBCLASS_SCSI,
						 PROTOCOL_BULK_ONLY };
	add_interface(to, 2, class_triple, "ST-Link Mass Storage");
	add_bulk(to, MASS_STORAGE_EP | USB_DIRECTION_IN);
	add_bulk(to, MASS_STORAGE_EP);
}

/* USB CDC 1.2, 5.2.3 and PSTN 1.2, 5.3: header, call management, ACM, union. */
static void
add_serial_functional(struct writer *to, uint8_t control)
{
	const uint8_t data = (uint8_t)(control + 1);
	const uint8_t header[] = { 5, CLASS_SPECIFIC_INTERFACE, 0, 0x10, 0x01 };
	const uint8_t calls[] = { 5, CLASS_SPECIFIC_INTERFACE, 1, 0, data };
	const uint8_t acm[] = { 4, CLASS_SPECIFIC_INTERFACE, 2, 2 };
	const uint8_t unite[] = { 5, CLASS_SPECIFIC_INTERFACE, 6, control, data };
	add(to, header);
	add(to, calls);
	add(to, acm);
	add(to, unite);
}

static void
add_serial_port(struct writer *to, uint8_t port)
{
	static const uint8_t control_class[3] = { CLASS_CDC, SUBCLASS_ACM, PROTOCOL_AT };
	static const uint8_t data_class[3] = { CLASS_CDC_DATA, 0, 0 };
	uint8_t control = to->interfaces;
	uint8_t notify = (uint8_t)(SERIAL_NOTIFY_EP + 2 * port);
	uint8_t data = (uint8_t)(SERIAL_DATA_EP + 2 * port);
	const uint8_t association[] = { 8,         INTERFACE_ASSOCIATION, control,     2,
					CLASS_CDC, SUBCLASS_ACM,          PROTOCOL_AT, 0 };
	add(to, association);
	add_interface(to, 1, control_class, "ST-Link VCP Ctrl");
	add_serial_functional(to, control);
	add_endpoint(to, notify | USB_DIRECTION_IN, INTERRUPT, SERIAL_NOTIFY_SIZE,
		     SERIAL_NOTIFY_INTERVAL);
	add_interface(to, 2, data_class, "ST-Link VCP Data");
	add_bulk(to, data);
	add_bulk(to, data | USB_DIRECTION_IN);
}

/* SPI, I2C, CAN and GPIO of a V3SET: nobody serves it here. */
static void
add_bridge(struct writer *to)
{
	static const uint8_t class_triple[3] = { CLASS_VENDOR, CLASS_VENDOR, CLASS_VENDOR };
	add_interface(to, 2, class_triple, "ST-Link Bridge");
	add_bulk(to, BRIDGE_EP | USB_DIRECTION_IN);
	add_bulk(to, BRIDGE_EP);
}

static void
describe_device(const struct stlink_kind *kind, struct usb_function *function)
{
	bool is_composite =
		kind->has_mass_storage || kind->has_bridge || kind->serial_ports;
	uint8_t descriptor[18] = { 18, DEVICE, 0x00, 0x02, CLASS_BY_INTERFACE, 0, 0, 64 };
	if (is_composite) { /* interface association: 239, 2, 1 */
		descriptor[4] = CLASS_MISCELLANEOUS;
		descriptor[5] = 2;
		descriptor[6] = 1;
	}
	le16_put(descriptor + 8, VENDOR_ST);
	le16_put(descriptor + 10, kind->product_id);
	le16_put(descriptor + 12, 0x0100); /* bcdDevice */
	descriptor[14] = USB_STRING_MANUFACTURER;
	descriptor[15] = USB_STRING_PRODUCT;
	descriptor[16] = USB_STRING_SERIAL;
	descriptor[17] = 1;
	memcpy(function->device_descriptor, descriptor, sizeof(descriptor));
}

static void
describe_configuration(const struct stlink_kind *kind, struct usb_function *function)
{
	struct writer to = { .function = function };
	const uint8_t head[] = { 9,
				 CONFIGURATION,
				 0,
				 0,
				 0,
				 1,
				 0,
				 0x80,
				 (uint8_t)(kind->max_power_ma / MA_PER_UNIT) };
	add(&to, head);
	add_debug(&to, kind);
	if (kind->has_mass_storage)
		add_mass_storage(&to);
	if (kind->has_bridge)
		add_bridge(&to);
	for (uint8_t port = 0; port < kind->serial_ports; port++)
		add_serial_port(&to, port);
	le16_put(function->configuration + 2, function->configuration_size);
	function->configuration[4] = to.interfaces;
}

/* A serial that is not made of hex digits stays as it is. */
static uint8_t
to_raw(const char *serial, uint8_t *raw)
{
	uint8_t len = 0;
	for (; serial[0] && serial[1]; serial += 2) {
		const char digits[3] = { serial[0], serial[1], 0 };
		char *end;
		raw[len++] = (uint8_t)strtoul(digits, &end, 16);
		if (*end)
			return 0;
	}
	return serial[0] ? 0 : len;
}

void
stlink_describe_serial(struct usb_function *function, bool is_raw)
{
	function->raw_serial_size =
		is_raw ? to_raw(function->serial, function->raw_serial) : 0;
}

void
stlink_describe(const struct stlink_kind *kind, const char *serial,
		struct usb_function *function)
{
	function->speed = kind->hardware->speed;
	snprintf(function->manufacturer, sizeof(function->manufacturer), "%s",
		 "STMicroelectronics");
	snprintf(function->product, sizeof(function->product), "%s", kind->product);
	snprintf(function->serial, sizeof(function->serial), "%s",
		 serial ? serial : kind->serial);
	stlink_describe_serial(function, kind->has_raw_serial);
	describe_device(kind, function);
	describe_configuration(kind, function);
}
