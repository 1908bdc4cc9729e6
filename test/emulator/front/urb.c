/* SPDX-License-Identifier: MIT */
/*
 * urb.c - transfers: control ones are over when they are submitted, the others when
 * the probe has room for what goes out or something to say.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/emulator/front/usbfs_internal.h"

enum { SETUP_SIZE = 8, URB_BYTES_MAX = 1 << 20 };

static void
append(struct urb **list, struct urb *urb)
{
	while (*list)
		list = &(*list)->next;
	urb->next = NULL;
	*list = urb;
}

static void
free_urb(struct urb *urb)
{
	free(urb->bytes);
	free(urb);
}

static void
free_list(struct urb **list)
{
	while (*list) {
		struct urb *urb = *list;
		*list = urb->next;
		free_urb(urb);
	}
}

void
urb_free_all(struct usbfs_client *client)
{
	free_list(&client->waiting);
	free_list(&client->done);
}

static bool
is_control(const struct urb *urb)
{
	return urb->type == USBDEVFS_URB_TYPE_CONTROL;
}

static bool
is_in(const struct urb *urb)
{
	uint8_t direction = is_control(urb) ? urb->bytes[0] : urb->endpoint;
	return direction & USB_DIRECTION_IN;
}

static void
end_urb(struct usbfs_client *client, struct urb *urb, int result)
{
	urb->status = result == USB_STALL ? -EPIPE : result < 0 ? result : 0;
	urb->actual = result < 0 ? 0 : result;
	append(&client->done, urb);
}

void
urb_end_all(struct usbfs_client *client, int status)
{
	while (client->waiting) {
		struct urb *urb = client->waiting;
		client->waiting = urb->next;
		urb->status = status;
		urb->actual = 0;
		append(&client->done, urb);
	}
}

static int
run_in(struct usbfs *usbfs, const struct urb *urb)
{
	return usbfs->function->ops->in(usbfs->function,
					urb->endpoint & USB_ENDPOINT_NUMBER, urb->bytes,
					urb->size);
}

static int
run_out(struct usbfs *usbfs, const struct urb *urb)
{
	int size = urb->size;
	int result =
		usbfs->function->ops->out(usbfs->function, urb->endpoint, urb->bytes, size);
	return result < 0 ? result : size;
}

/* True when the transfer was completed and taken off the list. */
static bool
try_transfer(struct usbfs *usbfs, struct usbfs_client *client, struct urb **place)
{
	struct urb *urb = *place;
	int result = is_in(urb) ? run_in(usbfs, urb) : run_out(usbfs, urb);
	if (result == USB_NAK)
		return false;
	*place = urb->next;
	end_urb(client, urb, result);
	return true;
}

/* Begins anew after each that ended: it may have made room for an earlier one. */
static void
pump_client(struct usbfs *usbfs, struct usbfs_client *client)
{
	struct urb **place = &client->waiting;
	while (*place)
		place = try_transfer(usbfs, client, place) ? &client->waiting
							   : &(*place)->next;
}

/* A byte in the FIFO while nobody has anything to reap: then POLLOUT sleeps. */
static void
show_by_fifo(struct usbfs *usbfs)
{
	bool wants_full = usbfs->is_plugged;
	for (unsigned i = 0; i < usbfs->node.clients_len; i++)
		if (!usbfs_client_at(usbfs, i)->is_gone && usbfs_client_at(usbfs, i)->done)
			wants_full = false;
	if (wants_full == usbfs->fifo_is_full)
		return;
	node_show(&usbfs->node, wants_full);
	usbfs->fifo_is_full = wants_full;
}

void
urb_pump(struct usbfs *usbfs)
{
	for (unsigned i = 0; usbfs->is_plugged && i < usbfs->node.clients_len; i++)
		if (!usbfs_client_at(usbfs, i)->is_gone)
			pump_client(usbfs, usbfs_client_at(usbfs, i));
	show_by_fifo(usbfs);
}

/* 0, or the errno of a submission that the kernel would refuse. */
static int
check_urb(struct usbfs *usbfs, struct usbfs_client *client, const struct urb *urb)
{
	if (urb->size < (is_control(urb) ? SETUP_SIZE : 0) ||
	    urb->type == USBDEVFS_URB_TYPE_ISO)
		return EINVAL;
	if (urb->size > URB_BYTES_MAX)
		return ENOMEM;
	if (is_control(urb))
		return 0;
	int interface = usb_function_interface_of(usbfs->function, urb->endpoint);
	return interface < 0 ? ENOENT : usbfs_claim(usbfs, client, (uint32_t)interface);
}

static int
run_control(struct usbfs *usbfs, struct urb *urb)
{
	return usb_function_control(usbfs->function, urb->bytes, urb->bytes + SETUP_SIZE,
				    urb->size - SETUP_SIZE);
}

static void
start_urb(struct usbfs *usbfs, struct usbfs_client *client, struct urb *urb)
{
	if (is_control(urb))
		end_urb(client, urb, run_control(usbfs, urb));
	else
		append(&client->waiting, urb);
}

/* What goes out is in the client's memory, and a control transfer's setup too. */
static bool
fetch_bytes(const struct usbfs_client *client, struct urb *urb)
{
	size_t size = (size_t)urb->size;
	bool has_bytes = is_control(urb) || !(urb->endpoint & USB_DIRECTION_IN);
	urb->bytes = calloc(1, size + 1);
	if (!urb->bytes)
		abort();
	return !has_bytes || size == 0 ||
	       node_fetch(&client->node, urb->buffer, urb->bytes, size);
}

static bool
fetch_urb(const struct usbfs_client *client, uint64_t address, struct urb *urb)
{
	struct usbdevfs_urb theirs;
	if (!node_fetch(&client->node, address, &theirs, sizeof(theirs)))
		return false;
	urb->address = address;
	urb->type = theirs.type;
	urb->endpoint = theirs.endpoint;
	urb->buffer = (uintptr_t)theirs.buffer;
	urb->size = theirs.buffer_length;
	return true;
}

bool
urb_submit(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	struct urb *urb = calloc(1, sizeof(*urb));
	if (!urb)
		abort();
	bool is_alive = fetch_urb(client, address, urb);
	int error = is_alive ? check_urb(usbfs, client, urb) : 0;
	if (is_alive && !error)
		is_alive = fetch_bytes(client, urb);
	if (!is_alive || error) {
		free_urb(urb);
		return is_alive && node_answer(&client->node, -error);
	}
	start_urb(usbfs, client, urb);
	urb_pump(usbfs); /* before the answer: the client polls right after it */
	return node_answer(&client->node, 0);
}

/* Several messages in one go: the client takes them one after the other. */
struct parcel {
	uint8_t *bytes;
	size_t size;
};

static void
pack_word(struct parcel *parcel, uint64_t word)
{
	memcpy(parcel->bytes + parcel->size, &word, sizeof(word));
	parcel->size += sizeof(word);
}

static void
pack_put(struct parcel *parcel, uint64_t address, const void *bytes, size_t size)
{
	pack_word(parcel, MESSAGE_PUT);
	pack_word(parcel, address);
	pack_word(parcel, size);
	memcpy(parcel->bytes + parcel->size, bytes, size);
	parcel->size += size;
}

static bool
send_parcel(const struct usbfs_client *client, struct parcel *parcel)
{
	pack_word(parcel, MESSAGE_DONE);
	pack_word(parcel, 0);
	pack_word(parcel, 0);
	ssize_t sent = send(client->node.fd, parcel->bytes, parcel->size, MSG_NOSIGNAL);
	bool is_sent = sent == (ssize_t)parcel->size;
	free(parcel->bytes);
	return is_sent;
}

static struct parcel
new_parcel(size_t payload)
{
	enum { MESSAGES = 5, WORDS = 3 * MESSAGES, SMALL_PARTS = 64 };
	struct parcel parcel = { malloc(payload + WORDS * sizeof(uint64_t) + SMALL_PARTS),
				 0 };
	if (!parcel.bytes)
		abort();
	return parcel;
}

/* The data, status and length into the client's URB, and the URB's address to where
 * the ioctl wants it. */
static bool
send_done(const struct usbfs_client *client, const struct urb *urb, uint64_t address)
{
	size_t size = is_in(urb) ? (size_t)urb->actual : 0;
	size_t head = is_control(urb) ? SETUP_SIZE : 0;
	struct parcel parcel = new_parcel(size);
	if (size)
		pack_put(&parcel, urb->buffer + head, urb->bytes + head, size);
	pack_put(&parcel, urb->address + offsetof(struct usbdevfs_urb, status),
		 &urb->status, sizeof(urb->status));
	pack_put(&parcel, urb->address + offsetof(struct usbdevfs_urb, actual_length),
		 &urb->actual, sizeof(urb->actual));
	pack_put(&parcel, address, &urb->address, sizeof(urb->address));
	return send_parcel(client, &parcel);
}

/* Never waits, not even for REAPURB: the client holds a lock meanwhile. */
bool
urb_reap(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	struct urb *urb = client->done;
	if (!urb)
		return node_answer(&client->node, client->is_gone ? -ENODEV : -EAGAIN);
	client->done = urb->next;
	show_by_fifo(usbfs);
	bool is_alive = send_done(client, urb, address);
	free_urb(urb);
	return is_alive;
}

/* The URB is then reaped with -ENOENT. */
bool
urb_discard(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	for (struct urb **place = &client->waiting; *place; place = &(*place)->next) {
		struct urb *urb = *place;
		if (urb->address != address)
			continue;
		*place = urb->next;
		urb->status = -ENOENT;
		urb->actual = 0;
		append(&client->done, urb);
		show_by_fifo(usbfs);
		return node_answer(&client->node, 0);
	}
	return node_answer(&client->node, -EINVAL);
}

/* All of a transfer in one URB, whatever its size. */
bool
urb_capabilities(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	uint32_t capabilities = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_CONTINUATION |
				USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
				USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
	(void)usbfs;
	return node_put(&client->node, address, &capabilities, sizeof(capabilities), 0);
}
