/* SPDX-License-Identifier: MIT */
/*
 * carriers.h - a CMSIS-DAP probe on USB, as HID device or on bulk
 * endpoints, made a carrier. For cmsis_dap_usb.c.
 */
#ifndef TRANSPORT_PROBE_CMSIS_DAP_CARRIERS_H
#define TRANSPORT_PROBE_CMSIS_DAP_CARRIERS_H

#include "transport/link/hid.h"
#include "transport/probe/cmsis_dap/model.h"
#include "transport/probe/cmsis_dap/wire.h"

/* Fail as hid_open_found() and usb_device_open() do. */
enum cause cmsis_dap_hid_carrier(const struct hid_found *found,
				 const struct cmsis_dap_model *model,
				 struct cmsis_dap_carrier **carrier, struct reason *why);
/* `usb` belongs to the carrier from now on, or is closed on failure. */
enum cause cmsis_dap_bulk_carrier(struct usb *usb, const struct usb_found *found,
				  const struct usb_bulk *bulk,
				  struct cmsis_dap_carrier **carrier, struct reason *why);

#endif /* TRANSPORT_PROBE_CMSIS_DAP_CARRIERS_H */
