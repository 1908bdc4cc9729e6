/* SPDX-License-Identifier: MIT */
#include "transport/link/usb.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/patience.h"
#include "transport/base/text.h"
#include "transport/link/usb_holder.h"
#include "transport/link/usb_internal.h"

#include <ctype.h>
#include <libusb.h>
#include <stdlib.h>
#include <string.h>

enum { PORTS_MAX = 7 /* USB 2.0, 4.1.1 */, DESCRIPTOR_MAX = 255 };

struct usb {
	libusb_context *context;
};

static const struct {
	int code;
	enum cause cause;
	const char *words;
} failures[] = {
	{ LIBUSB_ERROR_IO, CAUSE_GONE, "input/output error" },
	{ LIBUSB_ERROR_ACCESS, CAUSE_HOST, "this user may not open it" },
	{ LIBUSB_ERROR_NO_DEVICE, CAUSE_GONE, "it was unplugged" },
	{ LIBUSB_ERROR_NOT_FOUND, CAUSE_GONE, "it is no longer there" },
	{ LIBUSB_ERROR_BUSY, CAUSE_HOST, "it is in use" },
	{ LIBUSB_ERROR_TIMEOUT, CAUSE_TIMEOUT, "it did not answer in time" },
	{ LIBUSB_ERROR_OVERFLOW, CAUSE_FAULT, "it sent more than was asked for" },
	{ LIBUSB_ERROR_PIPE, CAUSE_FAULT, "the endpoint stalled" },
	{ LIBUSB_ERROR_NO_MEM, CAUSE_HOST, "no memory" },
	{ LIBUSB_ERROR_NOT_SUPPORTED, CAUSE_HOST, "this system has no driver for it" },
	{ USB_CUT, CAUSE_GONE, "it did not answer, and tether is shutting down" },
};

enum cause
usb_explain(int code, const char *name, const char *doing, struct reason *why)
{
	for (size_t i = 0; i < array_len(failures); i++) {
		if (failures[i].code != code)
			continue;
		reason_begin(why, failures[i].cause, "USB device %s, %s: %s", name, doing,
			     failures[i].words);
		if (code == LIBUSB_ERROR_NO_DEVICE)
			reason_suspect(why, FINDING_F5);
		return failures[i].cause;
	}
	return reason_begin(why, CAUSE_HOST, "USB device %s, %s: %s", name, doing,
			    libusb_error_name(code));
}

enum cause
usb_open(struct usb **usb, struct reason *why)
{
	int code;

	*usb = calloc(1, sizeof(**usb));
	if (*usb == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for USB");
	code = libusb_init(&(*usb)->context);
	if (code == LIBUSB_SUCCESS)
		return CAUSE_NONE;
	free(*usb);
	*usb = NULL;
	return reason_begin(why, CAUSE_HOST, "this computer's USB cannot be used: %s",
			    libusb_error_name(code));
}

void
usb_close(struct usb *usb)
{
	if (usb == NULL)
		return;
	libusb_exit(usb->context);
	free(usb);
}

static void
spell_path(libusb_device *device, struct usb_found *found)
{
	uint8_t ports[PORTS_MAX];
	int len = libusb_get_port_numbers(device, ports, PORTS_MAX);
	struct text path;

	text_init(&path, found->path, sizeof(found->path));
	text_add(&path, "%u", found->bus);
	for (int i = 0; i < len; i++)
		text_add(&path, "%c%u", i == 0 ? '-' : '.', ports[i]);
}

/* A string descriptor as text; one that is no text - some loaders give their serial as raw
 * bytes - as hexadecimal digits. "" when it cannot be read; false when the device does not
 * answer at all. */
static bool
read_string(struct usb *usb, libusb_device_handle *handle, uint8_t index, char *out,
	    size_t size)
{
	enum { HEADER = 2, UNIT = 2 };

	unsigned char raw[DESCRIPTOR_MAX];
	bool is_text = true;
	struct text text;
	int got;

	text_init(&text, out, size);
	if (index == 0 || handle == NULL)
		return true;
	got = usb_get_string(usb->context, handle, 0, 0, raw, sizeof(raw));
	if (got >= HEADER + UNIT)
		got = usb_get_string(usb->context, handle, index, le16_get(raw + HEADER),
				     raw, sizeof(raw));
	for (int i = HEADER; i + UNIT <= got; i += UNIT)
		is_text = is_text && raw[i + 1] == 0 && raw[i] < 0x80 && isprint(raw[i]);
	for (int i = HEADER; i + UNIT <= got; i += UNIT)
		text_add(&text, is_text ? "%c" : "%02X", raw[i]);
	return got != LIBUSB_ERROR_TIMEOUT;
}

static void
read_strings(struct usb *usb, libusb_device *device,
	     const struct libusb_device_descriptor *descriptor, struct usb_found *found)
{
	libusb_device_handle *handle;

	found->is_openable = libusb_open(device, &handle) == LIBUSB_SUCCESS;
	if (!found->is_openable)
		return;
	if (read_string(usb, handle, descriptor->iSerialNumber, found->serial,
			sizeof(found->serial)))
		read_string(usb, handle, descriptor->iProduct, found->product,
			    sizeof(found->product));
	libusb_close(handle);
}

static bool
is_wanted(const struct libusb_device_descriptor *descriptor, const struct usb_id *ids,
	  size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (ids[i].vendor == descriptor->idVendor &&
		    ids[i].product == descriptor->idProduct)
			return true;
	return false;
}

static void
take(struct usb *usb, libusb_device *device,
     const struct libusb_device_descriptor *descriptor, struct usb_found *found)
{
	*found = (struct usb_found){
		.id = { descriptor->idVendor, descriptor->idProduct },
		.bus = libusb_get_bus_number(device),
		.address = libusb_get_device_address(device),
	};
	spell_path(device, found);
	read_strings(usb, device, descriptor, found);
}

static enum cause
cannot_list(int code, struct reason *why)
{
	return reason_begin(why, CAUSE_HOST, "the USB devices cannot be listed: %s",
			    libusb_error_name(code));
}

enum cause
usb_list(struct usb *usb, const struct usb_id *ids, size_t ids_len, struct usb_found *found,
	 size_t max, size_t *len, struct reason *why)
{
	libusb_device **devices;
	ssize_t count = libusb_get_device_list(usb->context, &devices);

	*len = 0;
	if (count < 0)
		return cannot_list((int)count, why);
	for (ssize_t i = 0; i < count && *len < max; i++) {
		struct libusb_device_descriptor descriptor;
		struct usb_found *next = &found[*len];

		if (libusb_get_device_descriptor(devices[i], &descriptor) < 0 ||
		    !is_wanted(&descriptor, ids, ids_len))
			continue;
		take(usb, devices[i], &descriptor, next);
		++*len;
	}
	libusb_free_device_list(devices, 1);
	return CAUSE_NONE;
}

static bool
find_endpoints(const struct libusb_interface_descriptor *interface, struct usb_bulk *bulk)
{
	*bulk = (struct usb_bulk){ .interface = interface->bInterfaceNumber };
	for (unsigned i = 0; i < interface->bNumEndpoints; i++) {
		const struct libusb_endpoint_descriptor *endpoint = &interface->endpoint[i];
		bool is_in = (endpoint->bEndpointAddress & LIBUSB_ENDPOINT_IN) != 0;

		if ((endpoint->bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) !=
		    LIBUSB_TRANSFER_TYPE_BULK)
			continue;
		/* Of several that come in the first is the one for responses. */
		if (is_in && bulk->endpoint_in == 0)
			bulk->endpoint_in = endpoint->bEndpointAddress;
		if (!is_in && bulk->endpoint_out == 0) {
			bulk->endpoint_out = endpoint->bEndpointAddress;
			bulk->packet_max = endpoint->wMaxPacketSize;
		}
	}
	return bulk->endpoint_in != 0 && bulk->endpoint_out != 0;
}

/* `is_named`: the device is, so that an interface of the vendor's class will do. */
static bool
choose_bulk(struct usb *usb, libusb_device_handle *handle,
	    const struct libusb_config_descriptor *config, const char *word, bool is_named,
	    struct usb_bulk *chosen)
{
	bool has_choice = false;

	for (unsigned i = 0; i < config->bNumInterfaces; i++) {
		const struct libusb_interface_descriptor *interface =
			config->interface[i].altsetting;
		struct usb_bulk bulk;
		char name[DESCRIPTOR_MAX];

		if (config->interface[i].num_altsetting < 1 ||
		    !find_endpoints(interface, &bulk))
			continue;
		read_string(usb, handle, interface->iInterface, name, sizeof(name));
		if (strstr(name, word) != NULL) {
			*chosen = bulk;
			return true;
		}
		if (is_named && !has_choice &&
		    interface->bInterfaceClass == LIBUSB_CLASS_VENDOR_SPEC) {
			*chosen = bulk;
			has_choice = true;
		}
	}
	return has_choice;
}

static bool
find_bulk(struct usb *usb, libusb_device *device, const char *word, bool is_named,
	  struct usb_bulk *bulk)
{
	struct libusb_config_descriptor *config;
	libusb_device_handle *handle;
	bool is_found;

	if (libusb_get_active_config_descriptor(device, &config) != LIBUSB_SUCCESS)
		return false;
	/* Without its strings the class and the id must do. */
	if (libusb_open(device, &handle) != LIBUSB_SUCCESS)
		handle = NULL;
	is_found = choose_bulk(usb, handle, config, word, is_named, bulk);
	if (handle != NULL)
		libusb_close(handle);
	libusb_free_config_descriptor(config);
	return is_found;
}

enum cause
usb_list_bulk(struct usb *usb, const struct usb_names *names, struct usb_found *found,
	      struct usb_bulk *bulks, size_t max, size_t *len, struct reason *why)
{
	libusb_device **devices;
	ssize_t count = libusb_get_device_list(usb->context, &devices);

	*len = 0;
	if (count < 0)
		return cannot_list((int)count, why);
	for (ssize_t i = 0; i < count && *len < max; i++) {
		struct libusb_device_descriptor descriptor;
		struct usb_found *next = &found[*len];
		bool is_named;

		if (libusb_get_device_descriptor(devices[i], &descriptor) < 0 ||
		    descriptor.bDeviceClass == LIBUSB_CLASS_HUB)
			continue;
		take(usb, devices[i], &descriptor, next);
		is_named = strstr(next->product, names->word) != NULL ||
			   is_wanted(&descriptor, names->ids, names->ids_len);
		if (find_bulk(usb, devices[i], names->word, is_named, &bulks[*len]))
			++*len;
	}
	libusb_free_device_list(devices, 1);
	return CAUSE_NONE;
}

static enum cause
explain_open(int code, const struct usb_found *found, const char *name, struct reason *why)
{
	enum cause cause = usb_explain(code, name, "opening it", why);

	/* Failure mode A2. */
	if (code == LIBUSB_ERROR_ACCESS)
		reason_suspect_with(
			why, FINDING_A2,
			"SUBSYSTEM==\"usb\", ATTR{idVendor}==\"%04x\", "
			"ATTR{idProduct}==\"%04x\", MODE=\"0660\", TAG+=\"uaccess\"",
			found->id.vendor, found->id.product);
	return cause;
}

void
usb_spell_node(const struct usb_found *found, char *node, size_t size)
{
	struct text text;

	text_init(&text, node, size);
	text_add(&text, "/dev/bus/usb/%03u/%03u", found->bus, found->address);
}

/* Failure mode A3. */
static enum cause
explain_busy(const struct usb_found *found, const char *name, struct reason *why)
{
	char buffer[REASON_LINE_MAX], path[sizeof("/dev/bus/usb/255/255")];
	struct text holder;

	text_init(&holder, buffer, sizeof(buffer));
	usb_spell_node(found, path, sizeof(path));
	buffer[0] = '\0';
	if (usb_holder_find(path, &holder))
		reason_begin(why, CAUSE_HOST, "USB device %s is held by %s", name, buffer);
	else
		reason_begin(why, CAUSE_HOST,
			     "USB device %s is held by another program, which only root "
			     "can name",
			     name);
	usb_holder_suspect(buffer, why);
	return CAUSE_HOST;
}

static libusb_device *
find_device(struct usb *usb, const struct usb_found *found)
{
	libusb_device **devices;
	libusb_device *match = NULL;
	ssize_t count = libusb_get_device_list(usb->context, &devices);

	if (count < 0)
		return NULL;
	for (ssize_t i = 0; i < count && match == NULL; i++)
		if (libusb_get_bus_number(devices[i]) == found->bus &&
		    libusb_get_device_address(devices[i]) == found->address)
			match = libusb_ref_device(devices[i]);
	libusb_free_device_list(devices, 1);
	return match;
}

/* Opens and claims; on failure device->handle may be open. */
static enum cause
open_and_claim(struct usb *usb, const struct usb_found *found, struct usb_device *device,
	       struct reason *why)
{
	libusb_device *match = find_device(usb, found);
	int code = LIBUSB_ERROR_NO_DEVICE;

	if (match != NULL) {
		code = libusb_open(match, &device->handle);
		libusb_unref_device(match);
	}
	if (code != LIBUSB_SUCCESS)
		return explain_open(code, found, device->name, why);
	code = libusb_claim_interface(device->handle, device->interface);
	if (code == LIBUSB_ERROR_BUSY)
		return explain_busy(found, device->name, why);
	if (code != LIBUSB_SUCCESS)
		return usb_explain(code, device->name, "claiming its interface", why);
	return CAUSE_NONE;
}

enum cause
usb_device_open(struct usb *usb, const struct usb_found *found, int interface,
		struct usb_device **device, struct reason *why)
{
	struct usb_device *opened = calloc(1, sizeof(*opened));
	struct text name;
	enum cause cause;

	if (opened == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a USB device");
	opened->interface = interface;
	opened->context = usb->context;
	text_init(&name, opened->name, sizeof(opened->name));
	text_add(&name, "%04x:%04x at USB %s", found->id.vendor, found->id.product,
		 found->path);
	cause = open_and_claim(usb, found, opened, why);
	if (cause != CAUSE_NONE) {
		if (opened->handle != NULL)
			libusb_close(opened->handle);
		free(opened);
		return cause;
	}
	*device = opened;
	return CAUSE_NONE;
}

void
usb_device_close(struct usb_device *device)
{
	if (device == NULL)
		return;
	libusb_release_interface(device->handle, device->interface);
	libusb_close(device->handle);
	free(device);
}

enum cause
usb_clear_halt(struct usb_device *device, uint8_t endpoint, struct reason *why)
{
	int code = patience_is_ending() ? USB_CUT
					: libusb_clear_halt(device->handle, endpoint);

	return code == LIBUSB_SUCCESS
		       ? CAUSE_NONE
		       : usb_explain(code, device->name, "ending a stall", why);
}

enum cause
usb_reset(struct usb_device *device, struct reason *why)
{
	int code = patience_is_ending() ? USB_CUT : libusb_reset_device(device->handle);

	return code == LIBUSB_SUCCESS
		       ? CAUSE_NONE
		       : usb_explain(code, device->name, "resetting it", why);
}
