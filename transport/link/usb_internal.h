/* SPDX-License-Identifier: MIT */
/*
 * usb_internal.h - what usb.c, usb_transfer.c and usb_stream.c share.
 */
#ifndef TRANSPORT_LINK_USB_INTERNAL_H
#define TRANSPORT_LINK_USB_INTERNAL_H

#include "transport/base/patience.h"
#include "transport/link/usb.h"

#include <libusb.h>

/* Beside libusb's codes: the wait was cut short because the program ends (patience.h). */
enum { USB_CUT = -1000 };

struct usb_device {
	libusb_context *context;
	libusb_device_handle *handle;
	int interface;
	char name[96]; /* "0483:374b at USB 1-4.2" */
};

/* The reason for one of libusb's error codes. */
enum cause usb_explain(int code, const char *name, const char *doing, struct reason *why);

/* Lets libusb work until *is_over, which a callback sets, or until the wait is over. */
enum patience_state
usb_await(libusb_context *context, int *is_over, const struct patience *patience);
/* Ends a transfer that is under way and waits until it is over: the next pass of libusb's
 * loop. */
void usb_cancel(libusb_context *context, struct libusb_transfer *transfer, int *is_over);
/* libusb's code for how a transfer ended. */
int usb_code_of(enum libusb_transfer_status status);

/* A string descriptor as it is: its size, or libusb's code. Waits for as long as USB lets a
 * device take for it (USB 2.0, 9.2.6.4: 500 ms). */
int usb_get_string(libusb_context *context, libusb_device_handle *handle, uint8_t index,
		   uint16_t language, unsigned char *bytes, size_t max);

#endif /* TRANSPORT_LINK_USB_INTERNAL_H */
