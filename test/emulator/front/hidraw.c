/* SPDX-License-Identifier: MIT */
#include "test/emulator/front/hidraw.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/hidraw.h>
#include <linux/input.h>

/* drivers/hid/hidraw.h: so many reports wait for a reader, later ones are lost. */
enum { QUEUE_LEN = 64, REPORT_MAX = 1024 };
/* Of what is written: the number of the report, here always 0, and at least one byte. */
enum { WRITE_LEAST = 2 };
enum { HID_REPORT_TYPE = 0x22, GET_DESCRIPTOR = 6, SETUP_SIZE = 8 };

struct report {
	int size;
	uint8_t bytes[REPORT_MAX];
};

struct hidraw_client {
	struct node_client node;
	bool is_gone; /* its device was */
	struct report queue[QUEUE_LEN];
	unsigned first, len;
	/* A read() that waits for a report. */
	bool is_reading;
	uint64_t address, room;
};

struct hidraw {
	struct node node;
	struct usb_function *function;
	uint8_t in_ep, out_ep;
	unsigned descriptor_size;
	uint8_t descriptor[HIDRAW_REPORT_DESCRIPTOR_MAX];
};

static struct hidraw *
hidraw_of(struct node *node)
{
	return (struct hidraw *)node; /* the first member */
}

static struct hidraw_client *
client_of(struct node_client *client)
{
	return (struct hidraw_client *)client; /* the first member */
}

/* --- reports ---------------------------------------------------------------------- */

/* A byte in the FIFO while anybody has something to read. */
static void
show_by_fifo(struct hidraw *hidraw)
{
	bool has_any = false;
	for (unsigned i = 0; i < hidraw->node.clients_len; i++)
		if (client_of(hidraw->node.clients[i])->len)
			has_any = true;
	node_show(&hidraw->node, has_any);
}

/* The FIFO first: the client polls right after the answer. */
static bool
give_report(struct hidraw *hidraw, struct hidraw_client *client)
{
	const struct report *report = &client->queue[client->first];
	size_t size = (size_t)report->size;
	if (size > client->room)
		size = client->room;
	client->is_reading = false;
	client->first = (client->first + 1) % QUEUE_LEN;
	client->len--;
	show_by_fifo(hidraw);
	return node_put(&client->node, client->address, report->bytes, size, (int)size);
}

/* True unless the client has died. */
static bool
answer_read(struct hidraw *hidraw, struct hidraw_client *client)
{
	if (!client->is_reading)
		return true;
	if (client->len)
		return give_report(hidraw, client);
	if (!client->is_gone)
		return true;
	client->is_reading = false;
	return node_answer(&client->node, -EIO);
}

static void
keep_report(struct hidraw_client *client, const struct report *report)
{
	if (client->is_gone || client->len == QUEUE_LEN)
		return;
	client->queue[(client->first + client->len++) % QUEUE_LEN] = *report;
}

static bool
is_open(const struct hidraw *hidraw)
{
	for (unsigned i = 0; i < hidraw->node.clients_len; i++)
		if (!client_of(hidraw->node.clients[i])->is_gone)
			return hidraw->node.listener >= 0;
	return false;
}

/* As usbhid does while the node is open: asks for one after the other, for all. A client
 * that dies of an answer is noticed when it is polled. */
static void
pump(struct hidraw *hidraw)
{
	struct usb_function *function = hidraw->function;
	struct report report;
	bool has_new = false;
	while (is_open(hidraw) &&
	       (report.size = function->ops->in(function, hidraw->in_ep, report.bytes,
						REPORT_MAX)) >= 0) {
		for (unsigned i = 0; i < hidraw->node.clients_len; i++)
			keep_report(client_of(hidraw->node.clients[i]), &report);
		has_new = true;
	}
	if (has_new)
		show_by_fifo(hidraw);
	for (unsigned i = 0; has_new && i < hidraw->node.clients_len; i++)
		answer_read(hidraw, client_of(hidraw->node.clients[i]));
}

/* --- what a program does with the node --------------------------------------------- */

static bool
serve_read(struct hidraw *hidraw, struct hidraw_client *client,
	   const struct node_message *message)
{
	client->is_reading = true;
	client->address = message->first;
	client->room = message->second;
	return answer_read(hidraw, client);
}

/* A device that takes nothing: the kernel gives up after 5 s, here there is no waiting. */
static int
send_report(struct hidraw *hidraw, const uint8_t *bytes, int size)
{
	int skipped = bytes[0] == 0; /* number 0: reports have none */
	int result = hidraw->function->ops->out(hidraw->function, hidraw->out_ep,
						bytes + skipped, size - skipped);
	return result == USB_NAK ? -ETIMEDOUT : result < 0 ? -EPIPE : size;
}

static bool
serve_write(struct hidraw *hidraw, struct hidraw_client *client,
	    const struct node_message *message)
{
	uint8_t bytes[REPORT_MAX];
	if (client->is_gone)
		return node_answer(&client->node, -ENODEV);
	if (message->second < WRITE_LEAST || message->second > sizeof(bytes))
		return node_answer(&client->node, -EINVAL);
	if (!node_fetch(&client->node, message->first, bytes, message->second))
		return false;
	int result = send_report(hidraw, bytes, (int)message->second);
	pump(hidraw); /* before the answer: the client polls right after it */
	return node_answer(&client->node, result);
}

static bool
tell_descriptor_size(struct hidraw *hidraw, struct hidraw_client *client, uint64_t address)
{
	int size = (int)hidraw->descriptor_size;
	return node_put(&client->node, address, &size, sizeof(size), 0);
}

/* The program says how much it wants in front of where that goes. */
static bool
tell_descriptor(struct hidraw *hidraw, struct hidraw_client *client, uint64_t address)
{
	uint32_t size;
	if (!node_fetch(&client->node, address, &size, sizeof(size)))
		return false;
	if (size > HID_MAX_DESCRIPTOR_SIZE - 1)
		return node_answer(&client->node, -EINVAL);
	if (size > hidraw->descriptor_size)
		size = hidraw->descriptor_size;
	return node_put(&client->node, address + sizeof(size), hidraw->descriptor, size, 0);
}

static bool
tell_raw(struct hidraw *hidraw, struct hidraw_client *client, uint64_t address)
{
	struct hidraw_devinfo device = {
		.bustype = BUS_USB,
		.vendor = (short)usb_function_vendor(hidraw->function),
		.product = (short)usb_function_product_id(hidraw->function),
	};
	return node_put(&client->node, address, &device, sizeof(device), 0);
}

/* Requests whose number of bytes is in the request: cut at that, with the zero if it fits. */
static bool
tell_text(struct hidraw_client *client, uint64_t address, uint32_t request,
	  const char *text)
{
	size_t size = strlen(text) + 1;
	if (size > _IOC_SIZE(request))
		size = _IOC_SIZE(request);
	return node_put(&client->node, address, text, size, (int)size);
}

static bool
tell_name(struct hidraw *hidraw, struct hidraw_client *client, uint64_t address,
	  uint32_t request)
{
	char name[sizeof(hidraw->function->manufacturer) +
		  sizeof(hidraw->function->product)];
	snprintf(name, sizeof(name), "%s %s", hidraw->function->manufacturer,
		 hidraw->function->product);
	return tell_text(client, address, request, name);
}

/* There are no feature reports: the device stalls the request for one. */
static bool
serve_sized(struct hidraw *hidraw, struct hidraw_client *client, uint32_t request,
	    uint64_t address)
{
	switch (_IOC_NR(request)) {
	case _IOC_NR(HIDIOCGRAWNAME(0)):
		return tell_name(hidraw, client, address, request);
	case _IOC_NR(HIDIOCGRAWUNIQ(0)):
		return tell_text(client, address, request, hidraw->function->serial);
	case _IOC_NR(HIDIOCSFEATURE(0)):
	case _IOC_NR(HIDIOCGFEATURE(0)):
		return node_answer(&client->node, -EPIPE);
	default:
		return node_answer(&client->node, -ENOTTY);
	}
}

static bool
serve_ioctl(struct hidraw *hidraw, struct hidraw_client *client, uint32_t request,
	    uint64_t address)
{
	if (client->is_gone)
		return node_answer(&client->node, -ENODEV);
	if (_IOC_TYPE(request) != 'H')
		return node_answer(&client->node, -EINVAL);
	switch (request) {
	case HIDIOCGRDESCSIZE:
		return tell_descriptor_size(hidraw, client, address);
	case HIDIOCGRDESC:
		return tell_descriptor(hidraw, client, address);
	case HIDIOCGRAWINFO:
		return tell_raw(hidraw, client, address);
	default:
		return serve_sized(hidraw, client, request, address);
	}
}

static bool
serve_client(struct node *node, struct node_client *who, const struct node_message *message)
{
	struct hidraw *hidraw = hidraw_of(node);
	struct hidraw_client *client = client_of(who);
	switch (message->code) {
	case MESSAGE_READ:
		return serve_read(hidraw, client, message);
	case MESSAGE_WRITE:
		return serve_write(hidraw, client, message);
	case MESSAGE_IOCTL:
		return serve_ioctl(hidraw, client, (uint32_t)message->first,
				   message->second);
	default:
		return node_answer(who, -EINVAL);
	}
}

/* One who went may have left reports that he did not read. */
static void
note_client(struct node *node, struct node_client *client)
{
	(void)client;
	if (node->listener >= 0)
		show_by_fifo(hidraw_of(node));
}

static const struct node_ops ops = {
	.client_size = sizeof(struct hidraw_client),
	.opened = note_client,
	.serve = serve_client,
	.closed = note_client,
};

/* --- the device --------------------------------------------------------------------- */

static void
read_descriptor(struct hidraw *hidraw)
{
	static const uint8_t setup[SETUP_SIZE] = {
		0x81, GET_DESCRIPTOR, 0, HID_REPORT_TYPE, 0, 0, 0xFF, 0x0F
	};
	int size = usb_function_control(hidraw->function, setup, hidraw->descriptor,
					HIDRAW_REPORT_DESCRIPTOR_MAX);
	hidraw->descriptor_size = size > 0 ? (unsigned)size : 0;
}

struct hidraw *
hidraw_new(struct usb_function *function)
{
	struct hidraw *hidraw = calloc(1, sizeof(*hidraw));
	if (!hidraw)
		abort();
	hidraw->function = function;
	hidraw->node.ops = &ops;
	hidraw->node.listener = -1;
	hidraw->in_ep = usb_function_endpoint(function, 0, USB_DIRECTION_IN, 0) &
			USB_ENDPOINT_NUMBER;
	hidraw->out_ep = usb_function_endpoint(function, 0, 0, 0);
	read_descriptor(hidraw);
	return hidraw;
}

void
hidraw_free(struct hidraw *hidraw)
{
	if (!hidraw)
		return;
	hidraw_unplug(hidraw);
	node_drop_all(&hidraw->node);
	free(hidraw);
}

const uint8_t *
hidraw_report_descriptor(const struct hidraw *hidraw, unsigned *size)
{
	*size = hidraw->descriptor_size;
	return hidraw->descriptor;
}

void
hidraw_plug(struct hidraw *hidraw, int listener, const char *fifo)
{
	node_plug(&hidraw->node, listener, fifo);
}

/* The byte stays in the FIFO for good: who polls wakes up, reads and finds EIO. */
void
hidraw_unplug(struct hidraw *hidraw)
{
	if (hidraw->node.listener < 0)
		return;
	node_show(&hidraw->node, true);
	node_unplug(&hidraw->node);
	for (unsigned i = 0; i < hidraw->node.clients_len; i++) {
		struct hidraw_client *client = client_of(hidraw->node.clients[i]);
		client->is_gone = true;
		client->len = 0;
		answer_read(hidraw, client);
	}
}

unsigned
hidraw_poll_fds(struct hidraw *hidraw, struct pollfd *fds)
{
	pump(hidraw);
	return node_poll_fds(&hidraw->node, fds);
}

void
hidraw_ready(struct hidraw *hidraw, const struct pollfd *fds, unsigned len)
{
	node_ready(&hidraw->node, fds, len);
}
