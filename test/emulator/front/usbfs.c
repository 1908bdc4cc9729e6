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

#include "test/emulator/front/usbfs_internal.h"

enum { INTERFACES_MAX = 32 };

/* 0 when the kernel's driver for HIDs has the interface. */
static int
find_driver(const struct usbfs *usbfs, int interface)
{
	bool is_bound = usbfs->function->is_hid && interface == 0 && !usbfs->is_detached;
	return is_bound ? 0 : ENODATA;
}

static void
bind_driver(struct usbfs *usbfs, bool is_bound)
{
	if (!usbfs->function->is_hid || usbfs->is_detached != is_bound)
		return;
	usbfs->is_detached = !is_bound;
	if (usbfs->driver_changed)
		usbfs->driver_changed(usbfs->driver_changed_of, is_bound);
}

int
usbfs_claim(struct usbfs *usbfs, struct usbfs_client *client, uint32_t interface)
{
	if (interface >= usbfs->function->configuration[4] || interface >= INTERFACES_MAX)
		return ENOENT;
	if (find_driver(usbfs, (int)interface) == 0)
		return EBUSY;
	for (unsigned i = 0; i < usbfs->node.clients_len; i++)
		if (usbfs_client_at(usbfs, i) != client &&
		    usbfs_client_at(usbfs, i)->claimed & 1u << interface)
			return EBUSY;
	client->claimed |= 1u << interface;
	return 0;
}

static bool
fetch_word(const struct usbfs_client *client, uint64_t address, uint32_t *word)
{
	return node_fetch(&client->node, address, word, sizeof(*word));
}

static bool
claim_interface(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	uint32_t interface;
	return fetch_word(client, address, &interface) &&
	       node_answer(&client->node, -usbfs_claim(usbfs, client, interface));
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
	return node_answer(&client->node, is_own ? 0 : -EINVAL);
}

static bool
disconnect_and_claim(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	struct usbdevfs_disconnect_claim claim;
	if (!node_fetch(&client->node, address, &claim, sizeof(claim)))
		return false;
	if (find_driver(usbfs, (int)claim.interface) == 0)
		bind_driver(usbfs, false);
	return node_answer(&client->node, -usbfs_claim(usbfs, client, claim.interface));
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
	return node_answer(&client->node, is_there ? 0 : -ENOENT);
}

static bool
reset_device(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	(void)address;
	usbfs->function->ops->reset(usbfs->function);
	return node_answer(&client->node, 0);
}

/* Refused while anybody has an interface, as in the kernel. */
static bool
set_configuration(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	uint32_t configuration;
	if (!fetch_word(client, address, &configuration))
		return false;
	for (unsigned i = 0; i < usbfs->node.clients_len; i++)
		if (usbfs_client_at(usbfs, i)->claimed)
			return node_answer(&client->node, -EBUSY);
	return node_answer(&client->node, configuration <= 1 ? 0 : -EINVAL);
}

static bool
set_interface(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	struct usbdevfs_setinterface setting;
	if (!node_fetch(&client->node, address, &setting, sizeof(setting)))
		return false;
	int error = usbfs_claim(usbfs, client, setting.interface);
	return node_answer(&client->node, error                ? -error
					  : setting.altsetting ? -EINVAL
							       : 0);
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
		return node_answer(&client->node, -error);
	snprintf(driver.driver, sizeof(driver.driver), "%s", "usbhid");
	return node_put(&client->node, address, &driver, sizeof(driver), 0);
}

/* Takes the kernel's driver off an interface, or lets it come back; only HIDs have one. */
static bool
pass_ioctl(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address)
{
	struct usbdevfs_ioctl inner;
	if (!usbfs->function->is_hid)
		return node_answer(&client->node, -ENODATA);
	if (!node_fetch(&client->node, address, &inner, sizeof(inner)))
		return false;
	int error = find_driver(usbfs, inner.ifno);
	if ((uint32_t)inner.ioctl_code == USBDEVFS_DISCONNECT) {
		if (!error)
			bind_driver(usbfs, false);
		return node_answer(&client->node, -error);
	}
	if ((uint32_t)inner.ioctl_code != USBDEVFS_CONNECT)
		return node_answer(&client->node, -ENOTTY);
	bind_driver(usbfs, true);
	return node_answer(&client->node, 1);
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
			return node_answer(&client->node, -ENODEV);
		return rows[i].run(usbfs, client, address);
	}
	return node_answer(&client->node, -ENOTTY);
}

static struct usbfs *
usbfs_of(struct node *node)
{
	return (struct usbfs *)node; /* the first member */
}

/* Reading and writing the node itself is nothing that libusb does. */
static bool
serve_client(struct node *node, struct node_client *client,
	     const struct node_message *message)
{
	if (message->code != MESSAGE_IOCTL)
		return node_answer(client, -EINVAL);
	return run_ioctl(usbfs_of(node), (struct usbfs_client *)client,
			 (uint32_t)message->first, message->second);
}

/* The FIFO is empty if he is the only one. */
static void
greet_client(struct node *node, struct node_client *client)
{
	(void)client;
	usbfs_of(node)->fifo_is_full = false;
	urb_pump(usbfs_of(node));
}

/* All it had submitted goes with it, and its claims. */
static void
forget_client(struct node *node, struct node_client *client)
{
	urb_free_all((struct usbfs_client *)client);
	urb_pump(usbfs_of(node));
}

static const struct node_ops ops = {
	.client_size = sizeof(struct usbfs_client),
	.opened = greet_client,
	.serve = serve_client,
	.closed = forget_client,
};

unsigned
usbfs_poll_fds(struct usbfs *usbfs, struct pollfd *fds)
{
	urb_pump(usbfs);
	return node_poll_fds(&usbfs->node, fds);
}

void
usbfs_ready(struct usbfs *usbfs, const struct pollfd *fds, unsigned len)
{
	node_ready(&usbfs->node, fds, len);
}

struct usbfs *
usbfs_new(struct usb_function *function)
{
	struct usbfs *usbfs = calloc(1, sizeof(*usbfs));
	if (!usbfs)
		abort();
	usbfs->function = function;
	usbfs->node.ops = &ops;
	usbfs->node.listener = -1;
	return usbfs;
}

void
usbfs_watch_driver(struct usbfs *usbfs, usbfs_driver_changed *changed, void *of)
{
	usbfs->driver_changed = changed;
	usbfs->driver_changed_of = of;
}

void
usbfs_plug(struct usbfs *usbfs, int listener, const char *fifo)
{
	node_plug(&usbfs->node, listener, fifo);
	usbfs->fifo_is_full = false;
	usbfs->is_plugged = true;
	usbfs->is_detached = false;
}

/* The FIFO is drained first, so that all who wait on it wake up and find ENODEV. */
void
usbfs_unplug(struct usbfs *usbfs)
{
	if (!usbfs->is_plugged)
		return;
	usbfs->is_plugged = false;
	for (unsigned i = 0; i < usbfs->node.clients_len; i++) {
		struct usbfs_client *client = usbfs_client_at(usbfs, i);
		client->is_gone = true;
		client->claimed = 0;
		urb_end_all(client, -ESHUTDOWN);
	}
	urb_pump(usbfs);
	node_unplug(&usbfs->node);
}

void
usbfs_free(struct usbfs *usbfs)
{
	usbfs_unplug(usbfs);
	node_drop_all(&usbfs->node);
	free(usbfs);
}
