/* SPDX-License-Identifier: MIT */
/*
 * usb_internal.h - what usb.c and usb_stream.c share.
 */
#ifndef TRANSPORT_LINK_USB_INTERNAL_H
#define TRANSPORT_LINK_USB_INTERNAL_H

#include "transport/link/usb.h"

#include <libusb.h>

struct usb_device {
	libusb_context *context;
	libusb_device_handle *handle;
	int interface;
	char name[96]; /* "0483:374b at USB 1-4.2" */
};

/* The reason for one of libusb's error codes. */
enum cause usb_explain(int code, const char *name, const char *doing, struct reason *why);

#endif /* TRANSPORT_LINK_USB_INTERNAL_H */
