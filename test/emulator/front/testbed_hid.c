/* SPDX-License-Identifier: MIT */
/*
 * testbed_hid.c - what Linux makes of a HID: below its usb_device an usb_interface, below
 * that the hid with its report descriptor, below that hidraw/hidrawN. Attributes and
 * names: drivers/hid/hid-core.c, drivers/hid/usbhid/hid-core.c (usbhid_probe).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "test/emulator/front/testbed_internal.h"
#include "test/emulator/front/uevent.h"

/* The kernel takes any free major for hidraw. */
enum { HIDRAW_MAJOR = 240, PLACE_MAX_LEN = 128, TEXT_MAX_LEN = 128 };

/* Folders, each below the one before. */
struct places {
	char interface[PLACE_MAX_LEN], hid[PLACE_MAX_LEN], hidraw[PLACE_MAX_LEN];
	char node[PLACE_MAX_LEN]; /* in /dev */
	unsigned minor;
};

static void
find_places(const struct testbed_device *device, const struct usb_function *function,
	    struct places *places)
{
	int len;
	places->minor = device->hid - 1;
	snprintf(places->interface, PLACE_MAX_LEN, TESTBED_HUB "/1-%u/1-%u:1.0",
		 device->port, device->port);
	len = snprintf(places->hid, PLACE_MAX_LEN, "%.64s/0003:%04X:%04X.%04X",
		       places->interface, usb_function_vendor(function),
		       usb_function_product_id(function), device->number);
	snprintf(places->hidraw, PLACE_MAX_LEN, "%.*s/hidraw/hidraw%u", len, places->hid,
		 places->minor);
	snprintf(places->node, PLACE_MAX_LEN, "/dev/hidraw%u", places->minor);
}

static bool
print_in(const struct testbed *testbed, const char *folder, const char *attribute,
	 const char *text)
{
	char place[TESTBED_NAME_MAX];
	snprintf(place, sizeof(place), "%s/%s", folder, attribute);
	return testbed_print(testbed, place, "%s", text);
}

static bool
link_in(const struct testbed *testbed, const char *folder, const char *link,
	const char *target)
{
	char place[TESTBED_NAME_MAX];
	snprintf(place, sizeof(place), "%s/%s", folder, link);
	return testbed_link(testbed, place, target);
}

/* The interface was there before, when the kernel's driver comes back to it. */
static bool
describe_interface(const struct testbed *testbed, const struct usb_function *function,
		   const char *folder)
{
	static const char uevent[] = "DEVTYPE=usb_interface\nDRIVER=usbhid\n"
				     "INTERFACE=3/0/0\n";
	const char *name = function->interface_names[0];
	char named[TEXT_MAX_LEN];
	snprintf(named, sizeof(named), "%s\n", name ? name : "");
	testbed_remove(testbed, "%s/subsystem", folder);
	return print_in(testbed, folder, "uevent", uevent) &&
	       print_in(testbed, folder, "bInterfaceNumber", "00\n") &&
	       print_in(testbed, folder, "bInterfaceClass", "03\n") &&
	       (!name || print_in(testbed, folder, "interface", named)) &&
	       link_in(testbed, folder, "subsystem", "../../../../bus/usb");
}

static bool
describe_hid(const struct testbed_device *device, const struct usb_function *function,
	     const char *folder)
{
	char place[TESTBED_NAME_MAX];
	snprintf(place, sizeof(place), "%s/uevent", folder);
	return testbed_print(device->testbed, place,
			     "DRIVER=hid-generic\nHID_ID=0003:%08X:%08X\n"
			     "HID_NAME=%s %s\nHID_PHYS=usb-0000:00:14.0-%u/input0\n"
			     "HID_UNIQ=%s\n",
			     usb_function_vendor(function),
			     usb_function_product_id(function), function->manufacturer,
			     function->product, device->port, function->serial) &&
	       link_in(device->testbed, folder, "subsystem", "../../../../../bus/hid");
}

static bool
describe_hidraw(const struct testbed *testbed, const struct places *places)
{
	char text[TEXT_MAX_LEN];
	snprintf(text, sizeof(text), "MAJOR=%d\nMINOR=%u\nDEVNAME=hidraw%u\n", HIDRAW_MAJOR,
		 places->minor, places->minor);
	if (!print_in(testbed, places->hidraw, "uevent", text))
		return false;
	snprintf(text, sizeof(text), "%d:%u\n", HIDRAW_MAJOR, places->minor);
	return print_in(testbed, places->hidraw, "dev", text) &&
	       link_in(testbed, places->hidraw, "device", "../..") &&
	       link_in(testbed, places->hidraw, "subsystem",
		       "../../../../../../../class/hidraw");
}

static void
name_links(const struct places *places, char in_class[TEXT_MAX_LEN],
	   char by_number[TEXT_MAX_LEN])
{
	snprintf(in_class, TEXT_MAX_LEN, "/sys/class/hidraw/hidraw%u", places->minor);
	snprintf(by_number, TEXT_MAX_LEN, "/sys/dev/char/%d:%u", HIDRAW_MAJOR,
		 places->minor);
}

static bool
describe_links(const struct testbed *testbed, const struct places *places)
{
	char in_class[TEXT_MAX_LEN], by_number[TEXT_MAX_LEN], target[TESTBED_NAME_MAX];
	name_links(places, in_class, by_number);
	snprintf(target, sizeof(target), "../..%s", places->hidraw + strlen("/sys"));
	return testbed_link(testbed, in_class, target) &&
	       testbed_link(testbed, by_number, target) &&
	       testbed_number_node(testbed, places->node, HIDRAW_MAJOR, places->minor);
}

static bool
describe(const struct testbed_device *device, const struct usb_function *function,
	 const struct places *places, const void *report, size_t report_size)
{
	char place[TESTBED_NAME_MAX];
	snprintf(place, sizeof(place), "%s/report_descriptor", places->hid);
	return describe_interface(device->testbed, function, places->interface) &&
	       describe_hid(device, function, places->hid) &&
	       testbed_write(device->testbed, place, report, report_size) &&
	       describe_hidraw(device->testbed, places) &&
	       describe_links(device->testbed, places);
}

static void
tell_event(const struct testbed_device *device, const struct places *places,
	   const char *action)
{
	char properties[TEXT_MAX_LEN];
	struct uevent event = { .action = action,
				.device_path = places->hidraw + strlen("/sys"),
				.subsystem = "hidraw",
				.properties = properties,
				.number = ++device->testbed->events };
	snprintf(properties, sizeof(properties), "DEVNAME=%.32s\nMAJOR=%d\nMINOR=%u\n",
		 places->node, HIDRAW_MAJOR, places->minor);
	uevent_send(device->testbed->path, &event);
}

bool
testbed_bind_hid(struct testbed_device *device, const struct usb_function *function,
		 const void *report, size_t report_size, int *listener,
		 char fifo[TESTBED_NAME_MAX])
{
	struct places places;
	device->hid = device->port;
	find_places(device, function, &places);
	if (!testbed_make_node(device->testbed, places.node, listener, fifo) ||
	    !describe(device, function, &places, report, report_size)) {
		fprintf(stderr, "emulator: cannot make %s in %s: %s\n", places.node,
			device->testbed->path, strerror(errno));
		return false;
	}
	tell_event(device, &places, "add");
	return true;
}

void
testbed_unbind_hid(struct testbed_device *device, const struct usb_function *function)
{
	char in_class[TEXT_MAX_LEN], by_number[TEXT_MAX_LEN];
	struct places places;
	if (!device->hid)
		return;
	find_places(device, function, &places);
	tell_event(device, &places, "remove");
	name_links(&places, in_class, by_number);
	testbed_remove(device->testbed, "%s", in_class);
	testbed_remove(device->testbed, "%s", by_number);
	testbed_remove_node(device->testbed, places.node);
	testbed_remove_tree(device->testbed, places.hid);
	device->hid = 0;
}
