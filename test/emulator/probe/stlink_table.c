/* SPDX-License-Identifier: MIT */
#include "test/emulator/probe/stlink_table.h"

#include "test/emulator/probe/probe_family.h"
#include "test/emulator/probe/timing.h"

/* Divisors and the clocks they give: OpenOCD, stlink_usb.c, speed map for SWD. */
#define STLINK_V2_CLOCKS                                                               \
	{                                                                              \
		{ 0, 4000000 }, { 1, 1800000 }, { 2, 1200000 }, { 3, 950000 },         \
			{ 7, 480000 }, { 15, 240000 }, { 31, 125000 }, { 40, 100000 }, \
			{ 79, 50000 }, { 158, 25000 }, { 265, 15000 }, { 798, 5000 },  \
	}
/* As STLINK-V3E and V3SET list them (F2 62) in published OpenOCD logs. */
#define STLINK_V3_CLOCKS                                                         \
	{                                                                        \
		{ 0, 24000000 }, { 0, 8000000 }, { 0, 3300000 }, { 0, 1000000 }, \
			{ 0, 200000 }, { 0, 50000 }, { 0, 5000 },                \
	}

static const struct stlink_kind kinds[] = {
	{
		.probe = { .name = "stlink-v2-1",
			   .source = "descriptors: lsusb in edge-node-manager issue 91; "
				     "limits: OpenOCD "
				     "stlink_usb.c; MaxPower: assumption" },
		.product = "STM32 STLink",
		.serial = "0673FF505353667267080635",
		.product_id = 0x374B,
		.max_power_ma = 300,
		.speed = USB_FULL_SPEED,
		.out_ep = 1,
		.in_ep = 1,
		.trace_ep = 2,
		.has_mass_storage = true,
		.has_serial_port = true,
		.generation = 2,
		.jtag = 37,
		.msd = 26,
		.first_mode = STLINK_MODE_MASS,
		.max_bytes_8bit = 64,
		.max_misc_items = 64,
		.clocks = STLINK_V2_CLOCKS,
		.first_hz = 1800000,
		.command_ns = STLINK_V2_COMMAND_NS,
		.transaction_ns = STLINK_V2_TRANSACTION_NS,
	},
	{
		.probe = { .name = "stlink-v2",
			   .source =
				   "descriptors: lsusb in stlink issue 7; limits: OpenOCD "
				   "stlink_usb.c" },
		.product = "STM32 STLink",
		.serial = "53FF6B064966545321450167",
		.product_id = 0x3748,
		.max_power_ma = 100,
		.speed = USB_FULL_SPEED,
		.out_ep = 2,
		.in_ep = 1,
		.trace_ep = 3,
		.generation = 2,
		.jtag = 37,
		.swim = 7,
		.first_mode = STLINK_MODE_DFU,
		.max_bytes_8bit = 64,
		.max_misc_items = 64,
		.clocks = STLINK_V2_CLOCKS,
		.first_hz = 1800000,
		.command_ns = STLINK_V2_COMMAND_NS,
		.transaction_ns = STLINK_V2_TRANSACTION_NS,
	},
	{
		.probe = { .name = "stlink-v3e",
			   .source =
				   "descriptors: lsusb in pyusb issue 395; limits: OpenOCD "
				   "stlink_usb.c" },
		.product = "STLINK-V3",
		.serial = "003800184741500720383733",
		.product_id = 0x374E,
		.max_power_ma = 500,
		.speed = USB_HIGH_SPEED,
		.out_ep = 1,
		.in_ep = 1,
		.trace_ep = 2,
		.has_mass_storage = true,
		.has_serial_port = true,
		.generation = 3,
		.jtag = 7,
		.msd = 3,
		.first_mode = STLINK_MODE_MASS,
		.max_bytes_8bit = 512,
		.max_misc_items = 1227,
		.clocks = STLINK_V3_CLOCKS,
		.first_hz = 1000000,
		.command_ns = STLINK_V3_COMMAND_NS,
		.transaction_ns = STLINK_V3_TRANSACTION_NS,
	},
};

static const struct probe_kind *
kind_at(unsigned index)
{
	return index < sizeof(kinds) / sizeof(kinds[0]) ? &kinds[index].probe : NULL;
}

const struct probe_family stlink_family = { .at = kind_at, .create = stlink_new };

const struct stlink_kind *
stlink_kind_of(const struct probe_kind *kind)
{
	return (const struct stlink_kind *)kind; /* the first member */
}
