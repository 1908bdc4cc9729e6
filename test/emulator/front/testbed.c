/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "test/emulator/front/testbed.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "test/emulator/front/testbed_internal.h"
#include "test/emulator/front/uevent.h"

enum {
	NUMBERS_MAX_LEN = 32,
	PLACE_MAX_LEN = 96,
	NAME_MAX_LEN = TESTBED_NAME_MAX,
	TEXT_MAX_LEN = 512,
	FTW_FDS = 8,
	BACKLOG = 8
};
/* Character devices of usbfs: major 189, minor counts devices of bus 1 from 0. */
enum { USB_MAJOR = 189 };
/* USB 2.0, 9.4.6: addresses have 7 bits; 1 is the root hub's. */
enum { FIRST_DEVICE = 2, LAST_DEVICE = TESTBED_NUMBERS - 1 };

/* --- files ------------------------------------------------------------------------ */

__attribute__((format(printf, 3, 4))) static void
name_in(const struct testbed *testbed, char name[NAME_MAX_LEN], const char *format, ...)
{
	va_list arguments;
	int len = snprintf(name, NAME_MAX_LEN, "%s", testbed->path);
	va_start(arguments, format);
	vsnprintf(name + len, (size_t)(NAME_MAX_LEN - len), format, arguments);
	va_end(arguments);
}

/* Makes the folders above a name. */
static bool
make_parents(char *name)
{
	for (char *slash = strchr(name + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		bool is_there = mkdir(name, 0755) == 0 || errno == EEXIST;
		*slash = '/';
		if (!is_there)
			return false;
	}
	return true;
}

bool
testbed_write(const struct testbed *testbed, const char *place, const void *bytes,
	      size_t size)
{
	char name[NAME_MAX_LEN];
	name_in(testbed, name, "%s", place);
	FILE *file = make_parents(name) ? fopen(name, "w") : NULL;
	if (!file)
		return false;
	bool is_written = fwrite(bytes, 1, size, file) == size;
	return fclose(file) == 0 && is_written;
}

__attribute__((format(printf, 3, 0))) static bool
print_at(const struct testbed *testbed, const char *place, const char *format,
	 va_list arguments)
{
	char text[TEXT_MAX_LEN];
	int len = vsnprintf(text, sizeof(text), format, arguments);
	return testbed_write(testbed, place, text, (size_t)len);
}

bool
testbed_print(const struct testbed *testbed, const char *place, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	bool is_written = print_at(testbed, place, format, arguments);
	va_end(arguments);
	return is_written;
}

bool
testbed_link(const struct testbed *testbed, const char *link, const char *target)
{
	char name[NAME_MAX_LEN];
	name_in(testbed, name, "%s", link);
	return make_parents(name) && symlink(target, name) == 0;
}

static bool
make_folder(const struct testbed *testbed, const char *folder)
{
	char name[NAME_MAX_LEN];
	name_in(testbed, name, "%s/", folder);
	return make_parents(name);
}

void
testbed_remove(const struct testbed *testbed, const char *format, ...)
{
	char place[PLACE_MAX_LEN], name[NAME_MAX_LEN];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(place, sizeof(place), format, arguments);
	va_end(arguments);
	name_in(testbed, name, "%s", place);
	remove(name);
}

static int
remove_entry(const char *name, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(name);
}

void
testbed_remove_tree(const struct testbed *testbed, const char *folder)
{
	char name[NAME_MAX_LEN];
	name_in(testbed, name, "%s", folder);
	nftw(name, remove_entry, FTW_FDS, FTW_DEPTH | FTW_PHYS);
}

bool
testbed_open(struct testbed *testbed)
{
	static const char pattern[] = "/tmp/emulator-XXXXXX";
	memset(testbed, 0, sizeof(*testbed));
	strcpy(testbed->path, pattern);
	if (mkdtemp(testbed->path) && make_folder(testbed, "/dev/.node") &&
	    make_folder(testbed, "/sys/bus/usb/devices") &&
	    make_folder(testbed, "/sys/class") && make_folder(testbed, "/sys/dev/char"))
		return true;
	fprintf(stderr, "emulator: cannot lay out a USB bus in %s: %s\n", testbed->path,
		strerror(errno));
	return false;
}

void
testbed_close(struct testbed *testbed)
{
	testbed_remove_tree(testbed, "");
}

/* --- nodes ------------------------------------------------------------------------ */

/* The path has to be there before the description: the preload library looks for it
 * whenever a client opens the node. */
static int
make_listener(const struct testbed *testbed, const char *node)
{
	char name[NAME_MAX_LEN];
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	name_in(testbed, name, "/ioctl%s", node);
	if (strlen(name) >= sizeof(address.sun_path) || !make_parents(name))
		return -1;
	strcpy(address.sun_path, name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
			listen(fd, BACKLOG) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

bool
testbed_make_node(const struct testbed *testbed, const char *node, int *listener,
		  char fifo[TESTBED_NAME_MAX])
{
	*listener = make_listener(testbed, node);
	name_in(testbed, fifo, "%s", node);
	return *listener >= 0 && make_parents(fifo) &&
	       mkfifo(fifo, testbed->node_mode) == 0;
}

/* What the library calls a node's file below /dev/.node: its name with underscores. */
static void
flatten(const char *node, char name[PLACE_MAX_LEN])
{
	int len = snprintf(name, PLACE_MAX_LEN, "/dev/.node/");
	snprintf(name + len, (size_t)(PLACE_MAX_LEN - len), "%s", node + strlen("/dev/"));
	for (char *slash = name + len; (slash = strchr(slash, '/'));)
		*slash = '_';
}

bool
testbed_number_node(const struct testbed *testbed, const char *node, unsigned major,
		    unsigned minor)
{
	char name[PLACE_MAX_LEN], numbers[NUMBERS_MAX_LEN];
	flatten(node, name);
	snprintf(numbers, sizeof(numbers), "%u:%u", major, minor);
	return testbed_link(testbed, name, numbers);
}

void
testbed_remove_node(const struct testbed *testbed, const char *node)
{
	char name[PLACE_MAX_LEN];
	flatten(node, name);
	testbed_remove(testbed, "%s", name);
	testbed_remove(testbed, "%s", node);
	testbed_remove(testbed, "/ioctl%s", node);
}

/* --- the USB device --------------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static bool
write_text(const struct testbed_device *device, const char *attribute, const char *format,
	   ...)
{
	char place[PLACE_MAX_LEN];
	va_list arguments;
	snprintf(place, sizeof(place), TESTBED_HUB "/1-%u/%s", device->port, attribute);
	va_start(arguments, format);
	bool is_written = print_at(device->testbed, place, format, arguments);
	va_end(arguments);
	return is_written;
}

static void
node_of(const struct testbed_device *device, char node[PLACE_MAX_LEN])
{
	snprintf(node, PLACE_MAX_LEN, "/dev/bus/usb/001/%03u", device->number);
}

static void
properties_of(const struct testbed_device *device, const char *dev, char text[TEXT_MAX_LEN])
{
	snprintf(text, TEXT_MAX_LEN,
		 "DRIVER=usb\nBUSNUM=001\nDEVNUM=%03u\nDEVNAME=%sbus/usb/001/%03u\n"
		 "MAJOR=%d\nMINOR=%u\n",
		 device->number, dev, device->number, USB_MAJOR, device->number - 1);
}

static bool
describe_uevent(const struct testbed_device *device)
{
	char properties[TEXT_MAX_LEN];
	properties_of(device, "", properties);
	return write_text(device, "uevent", "SUBSYSTEM=usb\nDEVTYPE=usb_device\n%s",
			  properties);
}

static bool
describe_links(const struct testbed_device *device)
{
	char link[PLACE_MAX_LEN], target[PLACE_MAX_LEN];
	node_of(device, link);
	if (!testbed_number_node(device->testbed, link, USB_MAJOR, device->number - 1))
		return false;
	snprintf(link, sizeof(link), "/sys/dev/char/%d:%u", USB_MAJOR, device->number - 1);
	snprintf(target, sizeof(target), "../../devices/usb1/1-%u", device->port);
	if (!testbed_link(device->testbed, link, target))
		return false;
	snprintf(link, sizeof(link), "/sys/bus/usb/devices/1-%u", device->port);
	snprintf(target, sizeof(target), "../../../devices/usb1/1-%u", device->port);
	if (!testbed_link(device->testbed, link, target))
		return false;
	snprintf(link, sizeof(link), TESTBED_HUB "/1-%u/subsystem", device->port);
	return testbed_link(device->testbed, link, "../../../bus/usb");
}

static bool
describe_strings(const struct testbed_device *device, const struct usb_function *function)
{
	return write_text(device, "manufacturer", "%s\n", function->manufacturer) &&
	       write_text(device, "product", "%s\n", function->product) &&
	       write_text(device, "serial", "%s\n", function->serial) &&
	       write_text(device, "idVendor", "%04x\n", usb_function_vendor(function)) &&
	       write_text(device, "idProduct", "%04x\n", usb_function_product_id(function));
}

static bool
describe_place(const struct testbed_device *device, const struct usb_function *function)
{
	return write_text(device, "busnum", "1\n") &&
	       write_text(device, "devnum", "%u\n", device->number) &&
	       write_text(device, "devpath", "%u\n", device->port) &&
	       write_text(device, "dev", "%d:%u\n", USB_MAJOR, device->number - 1) &&
	       write_text(device, "speed", "%d\n", (int)function->speed) &&
	       write_text(device, "bNumConfigurations", "1\n") &&
	       write_text(device, "bConfigurationValue", "1\n");
}

static bool
describe_descriptors(const struct testbed_device *device,
		     const struct usb_function *function)
{
	uint8_t bytes[sizeof(function->device_descriptor) +
		      sizeof(function->configuration)];
	size_t head = sizeof(function->device_descriptor);
	char place[PLACE_MAX_LEN];
	memcpy(bytes, function->device_descriptor, head);
	memcpy(bytes + head, function->configuration, function->configuration_size);
	snprintf(place, sizeof(place), TESTBED_HUB "/1-%u/descriptors", device->port);
	return testbed_write(device->testbed, place, bytes,
			     head + function->configuration_size);
}

static bool
describe(const struct testbed_device *device, const struct usb_function *function)
{
	return describe_uevent(device) && describe_strings(device, function) &&
	       describe_place(device, function) && describe_descriptors(device, function) &&
	       describe_links(device);
}

static void
tell_event(const struct testbed_device *device, const char *action)
{
	char path[PLACE_MAX_LEN], properties[TEXT_MAX_LEN];
	struct uevent event = { .action = action,
				.device_path = path,
				.subsystem = "usb",
				.devtype = "usb_device",
				.properties = properties,
				.number = ++device->testbed->events };
	snprintf(path, sizeof(path), "/devices/usb1/1-%u", device->port);
	properties_of(device, "/dev/", properties);
	uevent_send(device->testbed->path, &event);
}

/* Linux goes up and then begins anew, past those in use (drivers/usb/core/hub.c,
 * choose_devnum). */
static unsigned
take_number(struct testbed *testbed)
{
	unsigned number = testbed->last_number;
	do
		number = number < FIRST_DEVICE || number == LAST_DEVICE ? FIRST_DEVICE
									: number + 1;
	while (testbed->is_taken[number]);
	testbed->is_taken[number] = true;
	testbed->last_number = number;
	return number;
}

bool
testbed_plug(struct testbed_device *device, const struct usb_function *function,
	     int *listener, char fifo[TESTBED_NAME_MAX])
{
	struct testbed *testbed = device->testbed;
	char node[PLACE_MAX_LEN];
	device->number = take_number(testbed);
	node_of(device, node);
	if (!testbed_make_node(testbed, node, listener, fifo) ||
	    !describe(device, function)) {
		fprintf(stderr, "emulator: cannot plug the probe into %s: %s\n",
			testbed->path, strerror(errno));
		return false;
	}
	tell_event(device, "add");
	return true;
}

void
testbed_unplug(struct testbed_device *device)
{
	struct testbed *testbed = device->testbed;
	char place[PLACE_MAX_LEN];
	tell_event(device, "remove");
	testbed->is_taken[device->number] = false;
	testbed_remove(testbed, "/sys/bus/usb/devices/1-%u", device->port);
	testbed_remove(testbed, "/sys/dev/char/%d:%u", USB_MAJOR, device->number - 1);
	node_of(device, place);
	testbed_remove_node(testbed, place);
	snprintf(place, sizeof(place), TESTBED_HUB "/1-%u", device->port);
	testbed_remove_tree(testbed, place);
}
