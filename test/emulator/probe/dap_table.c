/* SPDX-License-Identifier: MIT */
#include "test/emulator/probe/dap_table.h"

#include "test/emulator/probe/timing.h"

enum { VENDOR_KEIL = 0xC251, VENDOR_ARM = 0x0D28, VENDOR_FREE = 0x1209 };
enum { PRODUCT_CMSIS_DAP = 0xF001, PRODUCT_DAPLINK = 0x0204, PRODUCT_ODD = 0xDA42 };
/* Usual sizes: the largest packet of the endpoint (assumption). */
enum { FULL_SPEED_SIZE = 64, HIGH_SPEED_SIZE = 512 };
/* As of DAPLink on an LPC4322 (assumption). */
#define DAP_MAX_HZ UINT32_C(10000000)

static const struct dap_kind kinds[] = {
	{
		.probe = { "cmsis-dap-v1",
			   "DAPLink's ids; names, serial, sizes: assumption; "
			   "CMSIS-DAP 1.3" },
		.names = { VENDOR_ARM, PRODUCT_DAPLINK, "Arm", "DAPLink CMSIS-DAP",
			   "CMSIS-DAP v1",
			   "0240000034544e45001a00018aa900292011000097969900" },
		.speed = USB_FULL_SPEED,
		.is_hid = true,
		.protocol = "1.3.0",
		.firmware = "0257",
		.packet_size = FULL_SPEED_SIZE,
		.packets = 4,
		.packets_promised = 4,
		.has_swo = true,
		.max_hz = DAP_MAX_HZ,
		.command_ns = DAP_COMMAND_NS,
		.transaction_ns = DAP_TRANSACTION_NS,
	},
	{
		.probe = { "cmsis-dap-v2", "Keil's ids; names, serial, sizes: assumption" },
		.names = { VENDOR_KEIL, PRODUCT_CMSIS_DAP, "Keil - Tools By ARM",
			   "LPC-Link-II CMSIS-DAP", "LPC-Link-II CMSIS-DAP v2",
			   "LU_2022_8888" },
		.speed = USB_HIGH_SPEED,
		.protocol = "2.1.1",
		.firmware = "V5.460",
		.packet_size = HIGH_SPEED_SIZE,
		.packets = 8,
		.packets_promised = 8,
		.has_swo = true,
		.has_swo_endpoint = true,
		.max_hz = DAP_MAX_HZ,
		.command_ns = DAP_COMMAND_NS,
		.transaction_ns = DAP_TRANSACTION_NS,
	},
	{
		.probe = { "cmsis-dap-v2-full-speed", "as on an STM32F103: assumption" },
		.names = { VENDOR_KEIL, PRODUCT_CMSIS_DAP, "open", "CMSIS-DAP",
			   "CMSIS-DAP v2", "0001A0000000" },
		.speed = USB_FULL_SPEED,
		.protocol = "2.0.0",
		.firmware = "1.0",
		.packet_size = FULL_SPEED_SIZE,
		.packets = 1,
		.packets_promised = 1,
		.max_hz = DAP_MAX_HZ,
		.command_ns = DAP_COMMAND_NS,
		.transaction_ns = DAP_TRANSACTION_NS,
	},
	{
		/* Assumption: no single product does all of this, each does some. OpenOCD
		 * (0.12 and master, cmsis_dap_usb_open) takes no interface whose first
		 * endpoint is not bulk OUT, as CMSIS-DAP 2.1 demands ("USB Interface", endpoints
		 * in this order), whatever its name. So this kind is for clients that look
		 * endpoints up by their direction. */
		.probe = { "cmsis-dap-v2-odd",
			   "no serial, name in the interface alone, endpoints in the wrong "
			   "order, fewer packets than promised" },
		.names = { VENDOR_FREE, PRODUCT_ODD, "", "Debug Probe",
			   "CMSIS-DAP v2 Interface", NULL },
		.speed = USB_FULL_SPEED,
		.in_comes_first = true,
		.protocol = "2.0.0",
		.firmware = "0",
		.packet_size = FULL_SPEED_SIZE,
		.packets = 2,
		.packets_promised = 64,
		.max_hz = DAP_MAX_HZ,
		.command_ns = DAP_COMMAND_NS,
		.transaction_ns = DAP_TRANSACTION_NS,
	},
};

const struct dap_kind *
dap_kind_of(const struct probe_kind *kind)
{
	return (const struct dap_kind *)kind; /* the first member */
}

const struct probe_kind *
dap_kind_at(unsigned index)
{
	return index < sizeof(kinds) / sizeof(kinds[0]) ? &kinds[index].probe : NULL;
}
