/* SPDX-License-Identifier: MIT */
/*
 * usbfs_internal.h - what usbfs.c (clients, ioctls) and urb.c (transfers) share.
 */
#ifndef TEST_EMULATOR_FRONT_USBFS_INTERNAL_H
#define TEST_EMULATOR_FRONT_USBFS_INTERNAL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include <linux/usbdevice_fs.h>

#include "test/emulator/front/usbfs.h"

struct urb {
	struct urb *next;
	uint64_t address; /* of the struct usbdevfs_urb, in the client */
	uint8_t type, endpoint;
	uint64_t buffer; /* in the client */
	int size;
	uint8_t *bytes;
	int status, actual;
};

struct usbfs_client {
	struct node_client node;
	bool is_gone;     /* the device it opened was unplugged */
	uint32_t claimed; /* interfaces, by bit */
	struct urb *waiting, *done;
};

struct usbfs {
	struct node node;
	struct usb_function *function;
	bool is_plugged, fifo_is_full;
	bool is_detached; /* the kernel's driver was taken off the HID */
	usbfs_driver_changed *driver_changed;
	void *driver_changed_of;
};

static inline struct usbfs_client *
usbfs_client_at(const struct usbfs *usbfs, unsigned index)
{
	return (struct usbfs_client *)usbfs->node.clients[index]; /* the first member */
}

/* 0, or the errno that a claim meets (EBUSY when another client has the interface). */
int usbfs_claim(struct usbfs *usbfs, struct usbfs_client *client, uint32_t interface);

/* The ioctls about URBs. False when the client has died. */
bool urb_capabilities(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address);
bool urb_submit(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address);
bool urb_reap(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address);
bool urb_discard(struct usbfs *usbfs, struct usbfs_client *client, uint64_t address);

/* Completes transfers for which the probe has data or room, and shows by the FIFO whether
 * anybody has something to reap. */
void urb_pump(struct usbfs *usbfs);
/* Completes all with `status`. */
void urb_end_all(struct usbfs_client *client, int status);
void urb_free_all(struct usbfs_client *client);

#endif /* TEST_EMULATOR_FRONT_USBFS_INTERNAL_H */
