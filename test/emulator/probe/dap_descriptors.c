/* SPDX-License-Identifier: MIT */
/*
 * dap_descriptors.c - what a CMSIS-DAP probe tells of itself on the bus.
 */
#include <stdio.h>
#include <string.h>

#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/dap_table.h"
#include "test/emulator/probe/timing.h"

/* USB 2.0, tables 9-8 to 9-13; HID 1.11, 7.1; BOS: USB 3.2, 9.6.2. */
enum {
	DEVICE = 1,
	CONFIGURATION = 2,
	INTERFACE = 4,
	ENDPOINT = 5,
	BOS = 15,
	DEVICE_CAPABILITY = 16,
	HID = 0x21,
	HID_REPORT = 0x22
};
enum { BULK = 2, INTERRUPT = 3, CLASS_HID = 3, CLASS_VENDOR = 255 };
enum { USB_2_0 = 0x0200, USB_2_1 = 0x0210, HID_1_11 = 0x0111, MAX_POWER_MA = 500 };
enum { REPORT_SIZE = 64, INTERVAL_FULL_SPEED = 1, INTERVAL_HIGH_SPEED = 4 };
enum {
	GET_DESCRIPTOR = 6,
	HID_SET_IDLE = 0x0A,
	TO_HOST_DEVICE = 0x80,
	TO_HOST_INTERFACE = 0x81,
	CLASS_TO_INTERFACE = 0x21,
	VENDOR_TO_HOST = 0xC0
};
/* "Microsoft OS 2.0 Descriptors Specification", tables 1, 4 and 10 to 15. */
enum { MS_VENDOR_CODE = 0x20, MS_DESCRIPTOR_INDEX = 7, MS_SET_SIZE = 162 };

/* HID 1.11, 6.2.2: vendor page FF00, one report in, one out, 64 bytes each. */
static const uint8_t report_descriptor[] = {
	0x06, 0x00,        0xFF,                    /* usage page FF00 */
	0x09, 0x01,        0xA1, 0x01,              /* usage 1, application collection */
	0x15, 0x00,        0x26, 0xFF,        0x00, /* logical 0 to 255 */
	0x75, 0x08,        0x95, REPORT_SIZE, 0x09, 0x01, 0x81, 0x02, /* input */
	0x95, REPORT_SIZE, 0x09, 0x01,        0x91, 0x02,             /* output */
	0xC0
};

/* One platform capability, D8DD60DF-4589-4CC7-9CD2-659D9E648A9F: Windows 8.1 and later. */
static const uint8_t bos[] = { 5,
			       BOS,
			       33,
			       0,
			       1,
			       28,
			       DEVICE_CAPABILITY,
			       5,
			       0,
			       0xDF,
			       0x60,
			       0xDD,
			       0xD8,
			       0x89,
			       0x45,
			       0xC7,
			       0x4C,
			       0x9C,
			       0xD2,
			       0x65,
			       0x9D,
			       0x9E,
			       0x64,
			       0x8A,
			       0x9F,
			       0x00,
			       0x00,
			       0x03,
			       0x06,
			       MS_SET_SIZE,
			       0x00,
			       MS_VENDOR_CODE,
			       0x00 };

/* The set: header, compatible ID WINUSB, and the property DeviceInterfaceGUIDs. */
static void
describe_to_windows(uint8_t set[MS_SET_SIZE])
{
	static const uint8_t head[] = { 10,  0, 0, 0, 0,   0,   3,   6,   MS_SET_SIZE, 0,
					20,  0, 3, 0, 'W', 'I', 'N', 'U', 'S',         'B',
					0,   0, 0, 0, 0,   0,   0,   0,   0,           0,
					132, 0, 4, 0, 7,   0,   42,  0 };
	static const char name[] = "DeviceInterfaceGUIDs";
	static const char guid[] = "{CDB3B5AD-293B-4663-AA36-1AAE46463776}";
	enum { NAME_AT = sizeof(head), SIZE_AT = NAME_AT + 42, GUID_AT = SIZE_AT + 2 };
	memset(set, 0, MS_SET_SIZE);
	memcpy(set, head, sizeof(head));
	for (unsigned i = 0; i < sizeof(name); i++)
		set[NAME_AT + 2 * i] = (uint8_t)name[i];
	le16_put(set + SIZE_AT, 80);
	for (unsigned i = 0; i < sizeof(guid); i++)
		set[GUID_AT + 2 * i] = (uint8_t)guid[i];
}

static void
add(struct usb_function *function, const uint8_t *descriptor)
{
	memcpy(function->configuration + function->configuration_size, descriptor,
	       descriptor[0]);
	function->configuration_size =
		(uint16_t)(function->configuration_size + descriptor[0]);
}

static void
add_endpoint(const struct dap_kind *kind, struct usb_function *function, uint8_t address)
{
	bool is_high = kind->speed == USB_HIGH_SPEED;
	uint8_t descriptor[7] = { 7, ENDPOINT, address, kind->is_hid ? INTERRUPT : BULK };
	le16_put(descriptor + 4, kind->is_hid ? REPORT_SIZE
				 : is_high    ? USB_HIGH_SPEED_PACKET_SIZE
					      : USB_FULL_SPEED_PACKET_SIZE);
	if (kind->is_hid)
		descriptor[6] = is_high ? INTERVAL_HIGH_SPEED : INTERVAL_FULL_SPEED;
	add(function, descriptor);
}

/* CMSIS-DAP 2.1: OUT, IN, and the one for SWO, in this order. */
static void
add_endpoints(const struct dap_kind *kind, struct usb_function *function)
{
	const uint8_t in = DAP_IN_EP | USB_DIRECTION_IN;
	add_endpoint(kind, function, kind->in_comes_first ? in : DAP_OUT_EP);
	add_endpoint(kind, function, kind->in_comes_first ? DAP_OUT_EP : in);
	if (kind->has_swo_endpoint)
		add_endpoint(kind, function, DAP_SWO_EP | USB_DIRECTION_IN);
}

static void
add_hid(struct usb_function *function)
{
	uint8_t descriptor[9] = { 9, HID, 0, 0, 0, 1, HID_REPORT };
	le16_put(descriptor + 2, HID_1_11);
	le16_put(descriptor + 7, sizeof(report_descriptor));
	add(function, descriptor);
}

static void
describe_configuration(const struct dap_kind *kind, struct usb_function *function)
{
	const uint8_t head[] = { 9, CONFIGURATION, 0, 0, 1, 1, 0, 0x80, MAX_POWER_MA / 2 };
	const uint8_t interface[] = { 9,
				      INTERFACE,
				      0,
				      0,
				      kind->has_swo_endpoint ? 3 : 2,
				      kind->is_hid ? CLASS_HID : CLASS_VENDOR,
				      0,
				      0,
				      USB_STRING_FIRST_INTERFACE };
	add(function, head);
	add(function, interface);
	if (kind->is_hid)
		add_hid(function);
	add_endpoints(kind, function);
	le16_put(function->configuration + 2, function->configuration_size);
	function->interface_names[0] = kind->names.interface;
}

static void
describe_device(const struct dap_kind *kind, struct usb_function *function)
{
	uint8_t *descriptor = function->device_descriptor;
	descriptor[0] = sizeof(function->device_descriptor);
	descriptor[1] = DEVICE;
	le16_put(descriptor + 2, kind->is_hid ? USB_2_0 : USB_2_1);
	descriptor[7] = USB_FULL_SPEED_PACKET_SIZE;
	le16_put(descriptor + 8, kind->names.vendor_id);
	le16_put(descriptor + 10, kind->names.product_id);
	le16_put(descriptor + 12, 0x0100); /* bcdDevice */
	descriptor[14] = USB_STRING_MANUFACTURER;
	descriptor[15] = USB_STRING_PRODUCT;
	descriptor[16] = function->serial[0] ? USB_STRING_SERIAL : 0;
	descriptor[17] = 1;
	function->is_hid = kind->is_hid;
}

void
dap_describe(const struct dap_kind *kind, const char *serial, struct usb_function *function)
{
	const char *own = kind->names.serial ? kind->names.serial : "";
	function->speed = kind->speed;
	snprintf(function->manufacturer, sizeof(function->manufacturer), "%s",
		 kind->names.manufacturer);
	snprintf(function->product, sizeof(function->product), "%s", kind->names.product);
	snprintf(function->serial, sizeof(function->serial), "%s", serial ? serial : own);
	describe_device(kind, function);
	describe_configuration(kind, function);
}

static int
answer_bytes(const uint8_t *bytes, unsigned len, uint8_t *data, int size)
{
	unsigned answered = len < (unsigned)size ? len : (unsigned)size;
	memcpy(data, bytes, answered);
	return (int)answered;
}

static int
control_hid(const uint8_t setup[8], uint8_t *data, int size)
{
	if (setup[0] == CLASS_TO_INTERFACE && setup[1] == HID_SET_IDLE)
		return 0;
	if (setup[0] == TO_HOST_INTERFACE && setup[1] == GET_DESCRIPTOR &&
	    setup[3] == HID_REPORT)
		return answer_bytes(report_descriptor, sizeof(report_descriptor), data,
				    size);
	return USB_STALL;
}

static int
control_bulk(const uint8_t setup[8], uint8_t *data, int size)
{
	uint8_t set[MS_SET_SIZE];
	if (setup[0] == TO_HOST_DEVICE && setup[1] == GET_DESCRIPTOR && setup[3] == BOS)
		return answer_bytes(bos, sizeof(bos), data, size);
	if (setup[0] != VENDOR_TO_HOST || setup[1] != MS_VENDOR_CODE ||
	    le16_get(setup + 4) != MS_DESCRIPTOR_INDEX)
		return USB_STALL;
	describe_to_windows(set);
	return answer_bytes(set, sizeof(set), data, size);
}

int
dap_control(struct usb_function *function, const uint8_t setup[8], uint8_t *data, int size)
{
	return function->is_hid ? control_hid(setup, data, size)
				: control_bulk(setup, data, size);
}
