/* SPDX-License-Identifier: MIT */
/*
 * Transfers that are waited for. libusb's own blocking calls wait for as long as their time
 * limit is; these look between slices whether the program is to end.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/link/usb_internal.h"

#include <string.h>

enum { STRING_MS = 500, US_PER_MS = 1000 };

static const struct {
	enum libusb_transfer_status status;
	int code;
} codes[] = {
	{ LIBUSB_TRANSFER_COMPLETED, LIBUSB_SUCCESS },
	{ LIBUSB_TRANSFER_ERROR, LIBUSB_ERROR_IO },
	{ LIBUSB_TRANSFER_TIMED_OUT, LIBUSB_ERROR_TIMEOUT },
	{ LIBUSB_TRANSFER_CANCELLED, LIBUSB_ERROR_TIMEOUT },
	{ LIBUSB_TRANSFER_STALL, LIBUSB_ERROR_PIPE },
	{ LIBUSB_TRANSFER_NO_DEVICE, LIBUSB_ERROR_NO_DEVICE },
	{ LIBUSB_TRANSFER_OVERFLOW, LIBUSB_ERROR_OVERFLOW },
};

int
usb_code_of(enum libusb_transfer_status status)
{
	for (size_t i = 0; i < array_len(codes); i++)
		if (codes[i].status == status)
			return codes[i].code;
	return LIBUSB_ERROR_OTHER;
}

static void
handle_events(libusb_context *context, int *is_over, uint32_t ms)
{
	struct timeval slice = { .tv_usec = (long)ms * US_PER_MS };
	int code = libusb_handle_events_timeout_completed(context, &slice, is_over);

	if (code < 0 && code != LIBUSB_ERROR_INTERRUPTED)
		log_debug("usb", "waiting: %s", libusb_error_name(code));
}

enum patience_state
usb_await(libusb_context *context, int *is_over, const struct patience *patience)
{
	enum patience_state state = PATIENCE_LEFT;

	while (!*is_over && state == PATIENCE_LEFT) {
		handle_events(context, is_over, patience_slice_ms(patience));
		if (!*is_over)
			state = patience_look(patience);
	}
	return *is_over ? PATIENCE_LEFT : state;
}

/* No time limit: the memory is the kernel's until the transfer is over. */
void
usb_cancel(libusb_context *context, struct libusb_transfer *transfer, int *is_over)
{
	libusb_cancel_transfer(transfer);
	while (!*is_over)
		handle_events(context, is_over, PATIENCE_SLICE_MS);
}

static void LIBUSB_CALL
note_end(struct libusb_transfer *transfer)
{
	int *is_over = transfer->user_data;

	*is_over = 1;
}

/* Submits and waits. What was moved before it failed is in transfer->actual_length. */
static int
run(libusb_context *context, struct libusb_transfer *transfer, int *is_over,
    uint32_t timeout_ms)
{
	struct patience patience = patience_for_ms(timeout_ms);
	enum patience_state state;
	int code = libusb_submit_transfer(transfer);

	if (code != LIBUSB_SUCCESS)
		return code;
	state = usb_await(context, is_over, &patience);
	if (state == PATIENCE_LEFT)
		return usb_code_of(transfer->status);
	usb_cancel(context, transfer, is_over);
	/* It may have ended just before. */
	code = usb_code_of(transfer->status);
	return state == PATIENCE_CUT && code == LIBUSB_ERROR_TIMEOUT ? USB_CUT : code;
}

static int
move(struct usb_device *device, uint8_t endpoint, unsigned char *bytes, size_t size,
     size_t *moved, uint32_t timeout_ms)
{
	struct libusb_transfer *transfer = libusb_alloc_transfer(0);
	int is_over = 0, code;

	*moved = 0;
	if (transfer == NULL)
		return LIBUSB_ERROR_NO_MEM;
	libusb_fill_bulk_transfer(transfer, device->handle, endpoint, bytes, (int)size,
				  note_end, &is_over, 0);
	code = run(device->context, transfer, &is_over, timeout_ms);
	*moved = (size_t)transfer->actual_length;
	libusb_free_transfer(transfer);
	return code;
}

enum cause
usb_bulk_out(struct usb_device *device, uint8_t endpoint, const uint8_t *bytes, size_t size,
	     uint32_t timeout_ms, struct reason *why)
{
	/* libusb takes no const, but writes only what comes in. */
	union {
		const uint8_t *from;
		unsigned char *to;
	} data = { .from = bytes };
	size_t sent = 0;
	int code = patience_is_spent()
			   ? USB_CUT
			   : move(device, endpoint, data.to, size, &sent, timeout_ms);

	if (code != LIBUSB_SUCCESS)
		return usb_explain(code, device->name, "sending to it", why);
	if (sent != size)
		return reason_begin(why, CAUSE_TIMEOUT,
				    "USB device %s took %zu of %zu bytes within %u ms",
				    device->name, sent, size, (unsigned)timeout_ms);
	return CAUSE_NONE;
}

enum cause
usb_bulk_in(struct usb_device *device, uint8_t endpoint, uint8_t *bytes, size_t max,
	    size_t *size, uint32_t timeout_ms, struct reason *why)
{
	int code = move(device, endpoint, bytes, max, size, timeout_ms);

	if (code != LIBUSB_SUCCESS)
		return usb_explain(code, device->name, "receiving from it", why);
	return CAUSE_NONE;
}

int
usb_get_string(libusb_context *context, libusb_device_handle *handle, uint8_t index,
	       uint16_t language, unsigned char *bytes, size_t max)
{
	unsigned char buffer[LIBUSB_CONTROL_SETUP_SIZE + UINT8_MAX];
	struct libusb_transfer *transfer = libusb_alloc_transfer(0);
	int is_over = 0, code;

	if (transfer == NULL)
		return LIBUSB_ERROR_NO_MEM;
	if (max > UINT8_MAX)
		max = UINT8_MAX;
	libusb_fill_control_setup(buffer, LIBUSB_ENDPOINT_IN, LIBUSB_REQUEST_GET_DESCRIPTOR,
				  (uint16_t)(LIBUSB_DT_STRING << 8 | index), language,
				  (uint16_t)max);
	libusb_fill_control_transfer(transfer, handle, buffer, note_end, &is_over, 0);
	code = run(context, transfer, &is_over, STRING_MS);
	if (code == LIBUSB_SUCCESS) {
		code = transfer->actual_length;
		memcpy(bytes, libusb_control_transfer_get_data(transfer), (size_t)code);
	}
	libusb_free_transfer(transfer);
	return code;
}
