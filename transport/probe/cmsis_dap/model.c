/* SPDX-License-Identifier: MIT */
#include "transport/probe/cmsis_dap/model.h"

#include "transport/probe/cmsis_dap/wire.h"

enum { FULL_SPEED_REPORT = 64, ATMEL_REPORT = 512, AS_REPORTED = CMSIS_DAP_IN_FLIGHT_MAX };

/* Reports of 512 bytes: openocd abbbc2e05 cmsis_dap_usb_hid.c, after Microchip's pyedbglib;
 * that they lose the clock at a sequence, want to be disconnected before they are connected,
 * and are safe with one packet at a time: its cmsis_dap.c, "quirk". Foreign HID interfaces and
 * the other ids: pyOCD 4ce849c93 pydapaccess/interface/common.py. */
#define ATMEL(product, name)                                                \
	{                                                                   \
		{ 0x03eb, (product) }, (name), ATMEL_REPORT, 1, false, true \
	}
#define PLAIN(vendor, product, name)                                                    \
	{                                                                               \
		{ (vendor), (product) }, (name), FULL_SPEED_REPORT, AS_REPORTED, false, \
			false                                                           \
	}
#define NXP(product, name)                                                                 \
	{                                                                                  \
		{ 0x1fc9, (product) }, (name), FULL_SPEED_REPORT, AS_REPORTED, true, false \
	}

const struct cmsis_dap_model cmsis_dap_models[] = {
	ATMEL(0x2111, "Atmel EDBG"),
	ATMEL(0x2140, "Atmel JTAGICE3"),
	ATMEL(0x2141, "Atmel-ICE"),
	ATMEL(0x2144, "Atmel Power Debugger"),
	ATMEL(0x2157, "Atmel Zero"),
	ATMEL(0x2169, "Atmel EDBG"),
	ATMEL(0x216a, "Atmel EDBG"),
	ATMEL(0x2170, "Atmel Kraken"),
	PLAIN(0x04b4, 0xf138, "Cypress KitProg"),
	PLAIN(0x04b4, 0xf151, "Cypress MiniProg4"),
	PLAIN(0x04b4, 0xf152, "Cypress MiniProg4"),
	PLAIN(0x04b4, 0xf154, "Cypress KitProg3"),
	PLAIN(0x04b4, 0xf155, "Cypress KitProg3"),
	PLAIN(0x04b4, 0xf166, "Cypress KitProg3"),
	PLAIN(0x0d28, 0x0204, "DAPLink"),
	NXP(0x0090, "NXP LPC-Link2"),
	NXP(0x0143, "NXP MCU-Link"),
	PLAIN(0xc251, 0x2722, "Keil ULINK2"),
	PLAIN(0xc251, 0x2750, "Keil ULINKplus"),
	PLAIN(0xc251, 0xf001, "LPC-Link-II CMSIS-DAP"),
	PLAIN(0xc251, 0xf002, "OpenSDA CMSIS-DAP"),
	PLAIN(0, 0, CMSIS_DAP_WORD),
};

const size_t cmsis_dap_models_len = sizeof(cmsis_dap_models) / sizeof(cmsis_dap_models[0]);

const struct cmsis_dap_model *
cmsis_dap_model_find(struct usb_id id)
{
	size_t last = cmsis_dap_models_len - 1;

	for (size_t i = 0; i < last; i++)
		if (cmsis_dap_models[i].id.vendor == id.vendor &&
		    cmsis_dap_models[i].id.product == id.product)
			return &cmsis_dap_models[i];
	return &cmsis_dap_models[last];
}
