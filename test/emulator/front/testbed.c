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

#include "test/emulator/front/uevent.h"

enum {
	NUMBERS_MAX_LEN = 32,
	TARGET_MAX_LEN = 48,
	NAME_MAX_LEN = 192,
	TEXT_MAX_LEN = 512,
	FTW_FDS = 8,
	FIFO_SIZE = 4096,
	BACKLOG = 8
};
/* Character devices of usbfs: major 189, minor counts devices of bus 1 from 0. */
enum { USB_MAJOR = 189 };
/* USB 2.0, 9.4.6: addresses have 7 bits; 1 is the root hub's. Linux goes up and then begins
 * anew (drivers/usb/core/hub.c, choose_devnum). */
enum { FIRST_DEVICE = 2, LAST_DEVICE = 127 };
/* The root hub's folder. */
#define HUB_FOLDER "/sys/devices/usb1"

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

static bool
write_file(const struct testbed_device *device, const char *attribute, const void *bytes,
	   size_t size)
{
	char name[NAME_MAX_LEN];
	name_in(device->testbed, name, HUB_FOLDER "/1-%u/%s", device->port, attribute);
	FILE *file = make_parents(name) ? fopen(name, "w") : NULL;
	if (!file)
		return false;
	bool is_written = fwrite(bytes, 1, size, file) == size;
	return fclose(file) == 0 && is_written;
}

__attribute__((format(printf, 3, 4))) static bool
write_text(const struct testbed_device *device, const char *attribute, const char *format,
	   ...)
{
	char text[TEXT_MAX_LEN];
	va_list arguments;
	va_start(arguments, format);
	int len = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return write_file(device, attribute, text, (size_t)len);
}

static bool
make_link(const struct testbed *testbed, const char *link, const char *target)
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

static int
remove_entry(const char *name, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(name);
}

static void
remove_tree(const struct testbed *testbed, const char *folder)
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
	remove_tree(testbed, "");
}

static void
node_of(const struct testbed_device *device, char name[NAME_MAX_LEN], const char *root)
{
	name_in(device->testbed, name, "%s/dev/bus/usb/001/%03u", root, device->number);
}

/* The path has to be there before the description: the preload library looks for it
 * whenever a client opens the node. */
static int
make_listener(const struct testbed_device *device)
{
	char name[NAME_MAX_LEN];
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	node_of(device, name, "/ioctl");
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

/* One page: a single byte in it takes the page, and the pipe is full. */
static int
make_fifo(const struct testbed_device *device)
{
	char name[NAME_MAX_LEN];
	node_of(device, name, "");
	if (!make_parents(name) || mkfifo(name, 0666) < 0)
		return -1;
	int fd = open(name, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 && fcntl(fd, F_SETPIPE_SZ, FIFO_SIZE) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool
describe_uevent(const struct testbed_device *device)
{
	return write_text(device, "uevent",
			  "SUBSYSTEM=usb\nDRIVER=usb\nDEVTYPE=usb_device\nBUSNUM=001\n"
			  "DEVNUM=%03u\nDEVNAME=bus/usb/001/%03u\nMAJOR=%d\nMINOR=%u\n",
			  device->number, device->number, USB_MAJOR, device->number - 1);
}

static bool
describe_links(const struct testbed_device *device)
{
	char link[NAME_MAX_LEN], target[TARGET_MAX_LEN];
	snprintf(link, sizeof(link), "/dev/.node/bus_usb_001_%03u", device->number);
	snprintf(target, sizeof(target), "%d:%u", USB_MAJOR, device->number - 1);
	if (!make_link(device->testbed, link, target))
		return false;
	snprintf(link, sizeof(link), "/sys/dev/char/%s", target);
	snprintf(target, sizeof(target), "../../devices/usb1/1-%u", device->port);
	if (!make_link(device->testbed, link, target))
		return false;
	snprintf(link, sizeof(link), "/sys/bus/usb/devices/1-%u", device->port);
	snprintf(target, sizeof(target), "../../../devices/usb1/1-%u", device->port);
	return make_link(device->testbed, link, target);
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
	memcpy(bytes, function->device_descriptor, head);
	memcpy(bytes + head, function->configuration, function->configuration_size);
	return write_file(device, "descriptors", bytes,
			  head + function->configuration_size);
}

static bool
describe(const struct testbed_device *device, const struct usb_function *function)
{
	char link[NAME_MAX_LEN];
	snprintf(link, sizeof(link), HUB_FOLDER "/1-%u/subsystem", device->port);
	return describe_uevent(device) &&
	       make_link(device->testbed, link, "../../../bus/usb") &&
	       describe_strings(device, function) && describe_place(device, function) &&
	       describe_descriptors(device, function) && describe_links(device);
}

static void
tell_event(const struct testbed_device *device, const char *action)
{
	char path[NUMBERS_MAX_LEN];
	struct uevent event = { .action = action,
				.device_path = path,
				.device = device->number,
				.major = USB_MAJOR,
				.number = ++device->testbed->events };
	snprintf(path, sizeof(path), "/devices/usb1/1-%u", device->port);
	uevent_send(device->testbed->path, &event);
}

bool
testbed_plug(struct testbed_device *device, const struct usb_function *function,
	     int *listener, int *fifo)
{
	/* As on a bus: the root hub is device 1, and a number is not used again soon. */
	struct testbed *testbed = device->testbed;
	testbed->last_number =
		testbed->last_number < FIRST_DEVICE || testbed->last_number == LAST_DEVICE
			? FIRST_DEVICE
			: testbed->last_number + 1;
	device->number = testbed->last_number;
	*listener = make_listener(device);
	*fifo = *listener < 0 ? -1 : make_fifo(device);
	if (*fifo < 0 || !describe(device, function)) {
		fprintf(stderr, "emulator: cannot plug the probe into %s: %s\n",
			testbed->path, strerror(errno));
		return false;
	}
	tell_event(device, "add");
	return true;
}

__attribute__((format(printf, 2, 3))) static void
remove_name(const struct testbed *testbed, const char *format, ...)
{
	char place[NAME_MAX_LEN], name[NAME_MAX_LEN];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(place, sizeof(place), format, arguments);
	va_end(arguments);
	name_in(testbed, name, "%s", place);
	remove(name);
}

void
testbed_unplug(struct testbed_device *device)
{
	const struct testbed *testbed = device->testbed;
	char name[NAME_MAX_LEN];
	tell_event(device, "remove");
	remove_name(testbed, "/sys/bus/usb/devices/1-%u", device->port);
	remove_name(testbed, "/sys/dev/char/%d:%u", USB_MAJOR, device->number - 1);
	remove_name(testbed, "/dev/.node/bus_usb_001_%03u", device->number);
	node_of(device, name, "");
	remove(name);
	node_of(device, name, "/ioctl");
	remove(name);
	snprintf(name, sizeof(name), HUB_FOLDER "/1-%u", device->port);
	remove_tree(testbed, name);
}
