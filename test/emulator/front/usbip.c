/* SPDX-License-Identifier: MIT */
/*
 * All numbers are in network byte order, each message starts with a header of 48 bytes,
 * and statuses are Linux's negative errors.
 */
#include "test/emulator/front/usbip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum {
	USBIP_CMD_SUBMIT = 1,
	USBIP_CMD_UNLINK = 2,
	USBIP_RET_SUBMIT = 3,
	USBIP_RET_UNLINK = 4
};
enum { USBIP_DIR_OUT = 0, USBIP_DIR_IN = 1 };
/* Linux, include/linux/usb.h: a transfer that ends early is an error. */
enum { URB_SHORT_NOT_OK = 0x0001 };
enum { SETUP_SIZE = 8, BYTES_MAX = 1 << 20, PEER_LIMIT_S = 5 };

struct header {
	uint32_t command, seqnum, devid, direction, ep;
	union {
		struct {
			uint32_t flags, length, start_frame, packets, interval;
			uint8_t setup[SETUP_SIZE];
		} submit;
		struct {
			uint32_t status, length, start_frame, packets, errors;
			uint8_t padding[8];
		} submitted;
		struct {
			uint32_t seqnum;
			uint8_t padding[24];
		} unlink;
		struct {
			uint32_t status;
			uint8_t padding[24];
		} unlinked;
	} of;
};
_Static_assert(sizeof(struct header) == 48, "as on the wire");

struct transfer {
	struct transfer *next;
	uint32_t seqnum, flags;
	uint8_t ep; /* without direction */
	bool is_in;
	uint8_t setup[SETUP_SIZE];
	uint8_t *bytes;
	int size;
};

struct usbip {
	struct usb_function *function;
	int fd;
	struct transfer *waiting; /* in the order in which they came */
};

static bool
receive_all(const struct usbip *usbip, void *bytes, size_t size)
{
	return size == 0 || recv(usbip->fd, bytes, size, MSG_WAITALL) == (ssize_t)size;
}

static void
send_all(struct usbip *usbip, const void *bytes, size_t size)
{
	if (size && send(usbip->fd, bytes, size, MSG_NOSIGNAL) != (ssize_t)size)
		usbip_unplug(usbip);
}

static void
free_transfer(struct transfer *transfer)
{
	if (transfer)
		free(transfer->bytes);
	free(transfer);
}

static int
status_of(const struct transfer *transfer, int result)
{
	if (result == USB_STALL)
		return -EPIPE;
	bool is_short = transfer->is_in && result < transfer->size;
	return is_short && transfer->flags & URB_SHORT_NOT_OK ? -EREMOTEIO : 0;
}

/* `result` is a length or USB_STALL. The transfer is over. */
static void
end_transfer(struct usbip *usbip, struct transfer *transfer, int result)
{
	uint32_t length = result < 0 ? 0 : (uint32_t)result;
	struct header header = { .command = htonl(USBIP_RET_SUBMIT),
				 .seqnum = htonl(transfer->seqnum) };
	header.of.submitted.status = htonl((uint32_t)status_of(transfer, result));
	header.of.submitted.length = htonl(length);
	send_all(usbip, &header, sizeof(header));
	if (transfer->is_in && usbip->fd >= 0)
		send_all(usbip, transfer->bytes, length);
	free_transfer(transfer);
}

/*
 * USB/IP has no message for a reset of the port: the kernel's own half of the bus does it,
 * and SET_ADDRESS as well. What gives it away is that Linux asks for 64 bytes of the device
 * descriptor, which has 18, right after a reset and never else (drivers/usb/core/hub.c,
 * GET_DESCRIPTOR_BUFSIZE in hub_port_init()).
 */
static bool
follows_port_reset(const uint8_t setup[SETUP_SIZE])
{
	static const uint8_t first_request[SETUP_SIZE] = { 0x80, 6, 0, 1, 0, 0, 64, 0 };
	return memcmp(setup, first_request, sizeof(first_request)) == 0;
}

static void
run_control(struct usbip *usbip, struct transfer *transfer)
{
	struct usb_function *function = usbip->function;
	if (follows_port_reset(transfer->setup))
		function->ops->reset(function);
	int result = usb_function_control(function, transfer->setup, transfer->bytes,
					  transfer->size);
	end_transfer(usbip, transfer,
		     result >= 0 && !transfer->is_in ? transfer->size : result);
}

/* A length, USB_NAK or USB_STALL. */
static int
run_transfer(struct usbip *usbip, const struct transfer *transfer)
{
	struct usb_function *function = usbip->function;
	uint8_t direction = transfer->is_in ? USB_DIRECTION_IN : 0;
	if (usb_function_interface_of(function, transfer->ep | direction) < 0)
		return USB_STALL;
	if (transfer->is_in)
		return function->ops->in(function, transfer->ep, transfer->bytes,
					 transfer->size);
	int result =
		function->ops->out(function, transfer->ep, transfer->bytes, transfer->size);
	return result < 0 ? result : transfer->size;
}

/* An endpoint's transfers are served in their order. */
static bool
is_behind_another(const struct usbip *usbip, const struct transfer *transfer)
{
	for (const struct transfer *other = usbip->waiting; other != transfer;
	     other = other->next)
		if (other->ep == transfer->ep && other->is_in == transfer->is_in)
			return true;
	return false;
}

/* True when it was over and taken off the list. */
static bool
try_transfer(struct usbip *usbip, struct transfer **place)
{
	struct transfer *transfer = *place;
	int result = is_behind_another(usbip, transfer) ? USB_NAK
							: run_transfer(usbip, transfer);
	if (result == USB_NAK)
		return false;
	*place = transfer->next;
	end_transfer(usbip, transfer, result);
	return true;
}

/* Begins anew after each that ended: it may have made room for an earlier one. */
void
usbip_pump(struct usbip *usbip)
{
	struct transfer **place = &usbip->waiting;
	while (*place)
		place = try_transfer(usbip, place) ? &usbip->waiting : &(*place)->next;
}

static struct transfer *
new_transfer(const struct header *header, uint32_t length)
{
	struct transfer *transfer = calloc(1, sizeof(*transfer));
	if (!transfer || !(transfer->bytes = calloc(1, length + 1u)))
		abort();
	transfer->seqnum = ntohl(header->seqnum);
	transfer->flags = ntohl(header->of.submit.flags);
	transfer->ep = (uint8_t)(ntohl(header->ep) & USB_ENDPOINT_NUMBER);
	transfer->is_in = ntohl(header->direction) == USBIP_DIR_IN;
	transfer->size = (int)length;
	memcpy(transfer->setup, header->of.submit.setup, SETUP_SIZE);
	return transfer;
}

static void
append(struct usbip *usbip, struct transfer *transfer)
{
	struct transfer **place = &usbip->waiting;
	while (*place)
		place = &(*place)->next;
	*place = transfer;
}

static bool
serve_submit(struct usbip *usbip, const struct header *header)
{
	uint32_t length = ntohl(header->of.submit.length);
	if (length > BYTES_MAX)
		return false;
	struct transfer *transfer = new_transfer(header, length);
	if (!transfer->is_in && !receive_all(usbip, transfer->bytes, length)) {
		free_transfer(transfer);
		return false;
	}
	if (transfer->ep == 0) {
		run_control(usbip, transfer);
	} else {
		append(usbip, transfer);
		usbip_pump(usbip);
	}
	return true;
}

/* Status -ECONNRESET: there will be no RET_SUBMIT any more; 0: it has been sent already. */
static bool
serve_unlink(struct usbip *usbip, const struct header *header)
{
	struct header answer = { .command = htonl(USBIP_RET_UNLINK),
				 .seqnum = header->seqnum };
	struct transfer **place = &usbip->waiting;
	while (*place && (*place)->seqnum != ntohl(header->of.unlink.seqnum))
		place = &(*place)->next;
	if (*place) {
		struct transfer *transfer = *place;
		*place = transfer->next;
		free_transfer(transfer);
		answer.of.unlinked.status = htonl((uint32_t)-ECONNRESET);
	}
	send_all(usbip, &answer, sizeof(answer));
	return true;
}

static bool
serve_message(struct usbip *usbip)
{
	struct header header;
	if (!receive_all(usbip, &header, sizeof(header)))
		return false;
	switch (ntohl(header.command)) {
	case USBIP_CMD_SUBMIT:
		return serve_submit(usbip, &header);
	case USBIP_CMD_UNLINK:
		return serve_unlink(usbip, &header);
	default:
		fprintf(stderr, "emulator: USB/IP has no command %u\n",
			(unsigned)ntohl(header.command));
		return false;
	}
}

void
usbip_serve(struct usbip *usbip)
{
	if (!serve_message(usbip))
		usbip_unplug(usbip);
}

struct usbip *
usbip_new(struct usb_function *function)
{
	struct usbip *usbip = calloc(1, sizeof(*usbip));
	if (!usbip)
		abort();
	usbip->function = function;
	usbip->fd = -1;
	return usbip;
}

void
usbip_plug(struct usbip *usbip, int socket)
{
	const struct timeval limit = { .tv_sec = PEER_LIMIT_S };
	setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	usbip->fd = socket;
}

/* Called also while a transfer on the list is being answered, which has left it. */
void
usbip_unplug(struct usbip *usbip)
{
	if (usbip->fd >= 0)
		close(usbip->fd);
	usbip->fd = -1;
	while (usbip->waiting) {
		struct transfer *transfer = usbip->waiting;
		usbip->waiting = transfer->next;
		free_transfer(transfer);
	}
}

int
usbip_fd(const struct usbip *usbip)
{
	return usbip->fd;
}

void
usbip_free(struct usbip *usbip)
{
	if (usbip)
		usbip_unplug(usbip);
	free(usbip);
}
