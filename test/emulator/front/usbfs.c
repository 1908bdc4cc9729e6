/* SPDX-License-Identifier: MIT */
/*
 * usbfs.c - who has the device open, and the ioctls that are not about transfers.
 * What the kernel answers: drivers/usb/core/devio.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "test/emulator/front/usbfs_internal.h"

enum { CLIENT_LIMIT_S = 5, INTERFACES_MAX = 32 };

struct message {
	uint64_t code, first, second;
};

static bool
send_all(int fd, const void *bytes, size_t size)
{
	return send(fd, bytes, size, MSG_NOSIGNAL) == (ssize_t)size;
}

static bool
receive_all(int fd, void *bytes, size_t size)
{
	return recv(fd, bytes, size, MSG_WAITALL) == (ssize_t)size;
}

bool
usbfs_fetch(const struct usbfs_client *client, uint64_t address, void *bytes, size_t size)
{
	const struct message message = { MESSAGE_FETCH, address, size };
	return send_all(client->fd, &message, sizeof(message)) &&
	       receive_all(client->fd, bytes, size);
}

/* As the system call would: a result, or -1 and errno for a negative one. */
bool
usbfs_answer(const struct usbfs_client *client, int result)
{
	const struct message message = { MESSAGE_DONE,
					 result < 0 ? UINT64_MAX : (uint64_t)result,
					 result < 0 ? (uint64_t)-result : 0 };
	return send_all(client->fd, &message, sizeof(message));
}

/* 0 when the kernel's driver for HIDs has the interface. */
static int
find_driver(const struct usbfs *usbfs, int interface)
{
	bool is_bound = usbfs->function->is_hid && interface == 0 && !usbfs->is_detached;
	return is_bound ? 0 : ENODATA;
}

int
usbfs_claim(struct usbfs *usbfs, struct usbfs_client *client, uint32_t interface)
{
	if (interface >= usbfs->function->configuration[4] || interface >= INTERFACES_MAX)
		return ENOENT;
	if (find_driver(usbfs, (int)interface) == 0)
		return EBUSY;
	for (unsigned i = 0; i < usbfs->clients_len; i++)
		if (usbfs->clients[i] != client &&
		    usbfs->clients[i]->claimed & 1u << interface)
			return EBUSY;
	client->claimed |= 1u << interface;
	return 0;
}

static bool
fetch_word(const struct usbfs_client *client, uint64_t address, uint32_t *word)
{
	return usbfs_fetch(client, address, word, sizeof(*word));
}

static bool
claim_interface(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	uint32_t interface;
	return fetch_word(client, address, &interface) &&
	       usbfs_answer(client, -usbfs_claim(usbfs, client, interface));
}

static bool
release_interface(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	uint32_t interface;
	(void)usbfs;
	if (!fetch_word(client, address, &interface))
		return false;
	bool is_own = interface < INTERFACES_MAX && client->claimed & 1u << interface;
	if (is_own)
		client->claimed &= ~(1u << interface);
	return usbfs_answer(client, is_own ? 0 : -EINVAL);
}

static bool
disconnect_and_claim(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	struct usbdevfs_disconnect_claim claim;
	if (!usbfs_fetch(client, address, &claim, sizeof(claim)))
		return false;
	if (find_driver(usbfs, (int)claim.interface) == 0)
		usbfs->is_detached = true;
	return usbfs_answer(client, -usbfs_claim(usbfs, client, claim.interface));
}

static bool
clear_halt(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	uint32_t ep;
	if (!fetch_word(client, address, &ep))
		return false;
	bool is_there = usb_function_interface_of(usbfs->function, (uint8_t)ep) >= 0;
	if (is_there)
		usbfs->function->ops->clear_halt(usbfs->function, (uint8_t)ep);
	return usbfs_answer(client, is_there ? 0 : -ENOENT);
}

static bool
reset_device(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	(void)address;
	usbfs->function->ops->reset(usbfs->function);
	return usbfs_answer(client, 0);
}

/* Refused while anybody has an interface, as in the kernel. */
static bool
set_configuration(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	uint32_t configuration;
	if (!fetch_word(client, address, &configuration))
		return false;
	for (unsigned i = 0; i < usbfs->clients_len; i++)
		if (usbfs->clients[i]->claimed)
			return usbfs_answer(client, -EBUSY);
	return usbfs_answer(client, configuration <= 1 ? 0 : -EINVAL);
}

static bool
set_interface(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	struct usbdevfs_setinterface setting;
	if (!usbfs_fetch(client, address, &setting, sizeof(setting)))
		return false;
	int error = usbfs_claim(usbfs, client, setting.interface);
	return usbfs_answer(client, error ? -error : setting.altsetting ? -EINVAL : 0);
}

/* Its name stands behind the number of the interface. */
static bool
get_driver(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	struct usbdevfs_getdriver driver;
	if (!fetch_word(client, address, &driver.interface))
		return false;
	int error = find_driver(usbfs, (int)driver.interface);
	if (error)
		return usbfs_answer(client, -error);
	snprintf(driver.driver, sizeof(driver.driver), "%s", "usbhid");
	return usbfs_put(client, address, &driver, sizeof(driver));
}

/* Takes the kernel's driver off an interface, or lets it come back; only HIDs have one. */
static bool
pass_ioctl(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	struct usbdevfs_ioctl inner;
	if (!usbfs->function->is_hid)
		return usbfs_answer(client, -ENODATA);
	if (!usbfs_fetch(client, address, &inner, sizeof(inner)))
		return false;
	int error = find_driver(usbfs, inner.ifno);
	if ((uint32_t)inner.ioctl_code == USBDEVFS_DISCONNECT) {
		if (!error)
			usbfs->is_detached = true;
		return usbfs_answer(client, -error);
	}
	if ((uint32_t)inner.ioctl_code != USBDEVFS_CONNECT)
		return usbfs_answer(client, -ENOTTY);
	usbfs->is_detached = false;
	return usbfs_answer(client, 1);
}

static const struct ioctl_row {
	uint32_t request;
	bool works_without_device;
	bool (*run)(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address);
} rows[] = {
	{ USBDEVFS_SUBMITURB, false, urb_submit },
	{ USBDEVFS_REAPURBNDELAY, true, urb_reap },
	{ USBDEVFS_REAPURB, true, urb_reap },
	{ USBDEVFS_DISCARDURB, true, urb_discard },
	{ USBDEVFS_GET_CAPABILITIES, false, urb_capabilities },
	{ USBDEVFS_CLAIMINTERFACE, false, claim_interface },
	{ USBDEVFS_RELEASEINTERFACE, false, release_interface },
	{ USBDEVFS_DISCONNECT_CLAIM, false, disconnect_and_claim },
	{ USBDEVFS_CLEAR_HALT, false, clear_halt },
	{ USBDEVFS_RESET, false, reset_device },
	{ USBDEVFS_SETCONFIGURATION, false, set_configuration },
	{ USBDEVFS_SETINTERFACE, false, set_interface },
	{ USBDEVFS_GETDRIVER, false, get_driver },
	{ USBDEVFS_IOCTL, false, pass_ioctl },
};

static bool
run_ioctl(struct usbfs *usbfs, struct usbfs_client *client, uint32_t request,
	  uint64_t address)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].request != request)
			continue;
		if (client->is_gone && !rows[i].works_without_device)
			return usbfs_answer(client, -ENODEV);
		return rows[i].run(usbfs, client, address);
	}
	return usbfs_answer(client, -ENOTTY);
}

/* Reading and writing the node itself is nothing that libusb does. */
static bool
serve_client(struct usbfs *usbfs, struct usbfs_client *client)
{
	struct message message;
	if (!receive_all(client->fd, &message, sizeof(message)))
		return false;
	if (message.code != MESSAGE_IOCTL)
		return usbfs_answer(client, -EINVAL);
	return run_ioctl(usbfs, client, (uint32_t)message.first, message.second);
}

/* All it had submitted goes with it, and its claims. */
static void
drop_client(struct usbfs *usbfs, unsigned index)
{
	struct usbfs_client *client = usbfs->clients[index];
	usbfs->clients[index] = usbfs->clients[--usbfs->clients_len];
	urb_free_all(client);
	close(client->fd);
	free(client);
	urb_pump(usbfs);
}

/* A client that stops in the middle of a message must not stop the bench for good. */
static void
accept_client(struct usbfs *usbfs)
{
	const struct timeval limit = { .tv_sec = CLIENT_LIMIT_S };
	int fd = accept4(usbfs->listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return;
	struct usbfs_client *client =
		usbfs->clients_len < USBFS_MAX_CLIENTS ? calloc(1, sizeof(*client)) : NULL;
	if (!client) {
		fprintf(stderr, "emulator: too many have the probe open\n");
		close(fd);
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	client->fd = fd;
	usbfs->clients[usbfs->clients_len++] = client;
}

static void
serve_fd(struct usbfs *usbfs, int fd)
{
	for (unsigned i = 0; i < usbfs->clients_len; i++) {
		if (usbfs->clients[i]->fd != fd)
			continue;
		if (!serve_client(usbfs, usbfs->clients[i]))
			drop_client(usbfs, i);
		return;
	}
}

unsigned
usbfs_poll_fds(struct usbfs *usbfs, struct pollfd *fds)
{
	urb_pump(usbfs);
	fds[0] = (struct pollfd){ .fd = usbfs->listener, .events = POLLIN };
	for (unsigned i = 0; i < usbfs->clients_len; i++)
		fds[1 + i] =
			(struct pollfd){ .fd = usbfs->clients[i]->fd, .events = POLLIN };
	return 1 + usbfs->clients_len;
}

void
usbfs_ready(struct usbfs *usbfs, const struct pollfd *fds, unsigned len)
{
	for (unsigned i = 0; i < len; i++) {
		if (!fds[i].revents)
			continue;
		if (fds[i].fd == usbfs->listener)
			accept_client(usbfs);
		else
			serve_fd(usbfs, fds[i].fd);
	}
}

struct usbfs *
usbfs_new(struct usb_function *function)
{
	struct usbfs *usbfs = calloc(1, sizeof(*usbfs));
	if (!usbfs)
		abort();
	usbfs->function = function;
	usbfs->listener = usbfs->fifo = -1;
	return usbfs;
}

void
usbfs_plug(struct usbfs *usbfs, int listener, int fifo)
{
	usbfs->listener = listener;
	usbfs->fifo = fifo;
	usbfs->fifo_is_full = false;
	usbfs->is_plugged = true;
	usbfs->is_detached = false;
	urb_pump(usbfs);
}

/* The FIFO is drained first, so that all who wait on it wake up and find ENODEV. */
void
usbfs_unplug(struct usbfs *usbfs)
{
	if (!usbfs->is_plugged)
		return;
	usbfs->is_plugged = false;
	for (unsigned i = 0; i < usbfs->clients_len; i++) {
		usbfs->clients[i]->is_gone = true;
		usbfs->clients[i]->claimed = 0;
		urb_end_all(usbfs->clients[i], -ESHUTDOWN);
	}
	urb_pump(usbfs);
	close(usbfs->fifo);
	close(usbfs->listener);
	usbfs->listener = usbfs->fifo = -1;
}

void
usbfs_free(struct usbfs *usbfs)
{
	usbfs_unplug(usbfs);
	while (usbfs->clients_len)
		drop_client(usbfs, usbfs->clients_len - 1);
	free(usbfs);
}
