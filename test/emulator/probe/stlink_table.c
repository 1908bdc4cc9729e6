/* SPDX-License-Identifier: MIT */
#include "test/emulator/probe/stlink_table.h"

#include <stdlib.h>
#include <string.h>

#include "test/emulator/probe/timing.h"

/* Divisors and the clocks they give: OpenOCD, stlink_usb.c, speed maps. */
static const struct probe_clock v2_swd_clocks[] = {
	{ 0, 4000000 }, { 1, 1800000 }, { 2, 1200000 }, { 3, 950000 }, { 7, 480000 },
	{ 15, 240000 }, { 31, 125000 }, { 40, 100000 }, { 79, 50000 }, { 158, 25000 },
	{ 265, 15000 }, { 798, 5000 },  { 0, 0 }
};
static const struct probe_clock v2_jtag_clocks[] = { { 4, 9000000 },  { 8, 4500000 },
						     { 16, 2250000 }, { 32, 1125000 },
						     { 64, 562000 },  { 128, 281000 },
						     { 256, 140000 }, { 0, 0 } };
/* As STLINK-V3E and V3SET list them (F2 62) in published OpenOCD logs; of JTAG only the
 * fastest is published (pyOCD pull request 1283), the rest is an assumption. */
static const struct probe_clock v3_swd_clocks[] = { { 0, 24000000 }, { 0, 8000000 },
						    { 0, 3300000 },  { 0, 1000000 },
						    { 0, 200000 },   { 0, 50000 },
						    { 0, 5000 },     { 0, 0 } };
static const struct probe_clock v3_jtag_clocks[] = { { 0, 21333000 }, { 0, 16000000 },
						     { 0, 12000000 }, { 0, 8000000 },
						     { 0, 1777000 },  { 0, 750000 },
						     { 0, 0 } };

/* An STM32F103 at 72 MHz. OpenOCD: STLINK_TRACE_MAX_HZ. */
static const struct stlink_hardware v2_hardware = {
	.speed = USB_FULL_SPEED,
	.swd_clocks = v2_swd_clocks,
	.jtag_clocks = v2_jtag_clocks,
	.first_hz = 1800000,
	.max_misc_items = 64,
	.trace_max_hz = 2250000,
	.command_ns = STLINK_V2_COMMAND_NS,
	.transaction_ns = STLINK_V2_TRANSACTION_NS,
};

/* An STM32F723 at 216 MHz. OpenOCD: STLINK_V3_TRACE_MAX_HZ. */
static const struct stlink_hardware v3_hardware = {
	.speed = USB_HIGH_SPEED,
	.swd_clocks = v3_swd_clocks,
	.jtag_clocks = v3_jtag_clocks,
	.first_hz = 1000000,
	.max_misc_items = 1227,
	.trace_max_hz = 24000000,
	.command_ns = STLINK_V3_COMMAND_NS,
	.transaction_ns = STLINK_V3_TRANSACTION_NS,
};

/* OpenOCD STLINK_V3_USBLOADER_PID, STLINK_V3P_USBLOADER_PID. */
enum { V3_LOADER_ID = 0x374D, V3PWR_LOADER_ID = 0x3755 };

/* A probe in a case: debug interface only. It starts in its loader's mode. */
#define V2_DONGLE                                                                     \
	.hardware = &v2_hardware, .product = "STM32 STLink", .out_ep = 2, .in_ep = 1, \
	.trace_ep = 3, .product_id = 0x3748, .max_power_ma = 100,                     \
	.first_mode = STLINK_MODE_DFU
/* On Nucleo and Discovery boards. */
#define V2_1_ON_BOARD                                                                 \
	.hardware = &v2_hardware, .product = "STM32 STLink", .out_ep = 1, .in_ep = 1, \
	.trace_ep = 2, .max_power_ma = 300, .serial_ports = 1,                        \
	.first_mode = STLINK_MODE_MASS, .vapp = STLINK_VAPP_PULLED_DOWN
#define V3_ANY                                                                     \
	.hardware = &v3_hardware, .product = "STLINK-V3", .out_ep = 1, .in_ep = 1, \
	.trace_ep = 2, .max_power_ma = 500, .first_mode = STLINK_MODE_MASS,        \
	.vapp = STLINK_VAPP_PULLED_DOWN
/* A loader has no debug commands, whatever comes after it. */
#define V3_LOADER                                                                    \
	.hardware = &v3_hardware, .product = "ST-LINK DFU", .out_ep = 1, .in_ep = 1, \
	.trace_ep = 2, .max_power_ma = 100, .first_mode = STLINK_MODE_DFU,           \
	.version = { .generation = 3 }, .vapp = STLINK_VAPP_PULLED_DOWN

/* Product ids by kind: OpenOCD 60-openocd.rules and stlink_usb.c, stlink-org usb.h. */
static const struct stlink_kind kinds[] = {
	{
		V2_1_ON_BOARD,
		.probe = { .name = "stlink-v2-1",
			   .source = "lsusb in edge-node-manager issue 91; OpenOCD "
				     "stlink_usb.c; MaxPower: assumption" },
		.serial = "0673FF505353667267080635",
		.product_id = 0x374B,
		.has_mass_storage = true,
		.version = { .generation = 2, .jtag = 37, .msd = 26 },
	},
	{
		V2_1_ON_BOARD,
		.probe = { .name = "stlink-v2-1-no-msd",
			   .source = "OpenOCD STLINK_V2_1_NO_MSD_PID; version: "
				     "assumption" },
		.serial = "066CFF525257725187044823",
		.product_id = 0x3752,
		.version = { .generation = 2, .jtag = 40, .msd = 27 },
	},
	{
		V2_1_ON_BOARD,
		.probe = { .name = "stlink-v2-1-audio",
			   .source = "stlink-org STLINK_USB_PID_STLINK_32L_AUDIO; "
				     "version: assumption" },
		.serial = "066EFF485457725187052924",
		.product_id = 0x374A,
		.has_mass_storage = true,
		.version = { .generation = 2, .jtag = 24, .msd = 11 },
	},
	{
		V2_DONGLE,
		.probe = { .name = "stlink-v2",
			   .source = "lsusb in stlink issue 7; OpenOCD stlink_usb.c" },
		.serial = "53FF6B064966545321450167",
		.io = PROBE_IO_BY_VAPP, /* UM1075: TVCC supplies the level shifters */
		.version = { .generation = 2, .jtag = 37, .swim = 7 },
	},
	{
		V2_DONGLE,
		.probe = { .name = "stlink-v2-isol",
			   .source = "UM1075, section on ST-LINK/V2-ISOL: 1000 Vrms "
				     "isolation, target side fed by VAPP; delay: "
				     "assumption" },
		.serial = "50FF72066687575532141067",
		.version = { .generation = 2, .jtag = 37, .swim = 7 },
		.is_isolated = true,
	},
	{
		V2_DONGLE,
		.probe = { .name = "stlink-v2-clone",
			   .source = "serial 303030303030303030303031: failure-modes A8; "
				     "V2J29S7: stlink pull request 1348; own rail and "
				     "SWIM_RST: failure-modes 0.3 and B16" },
		.serial = "303030303030303030303031",
		.has_raw_serial = true,
		.version = { .generation = 2, .jtag = 29, .swim = 7 },
		.vapp = STLINK_VAPP_OWN_RAIL,
		.io = PROBE_IO_OWN_RAIL, /* it has no level shifters */
		.reset_pin = STLINK_PIN_SWIM_RST,
	},
	{
		V3_ANY,
		.probe = { .name = "stlink-v3e",
			   .source = "lsusb in pyusb issue 395; OpenOCD stlink_usb.c" },
		.serial = "003800184741500720383733",
		.product_id = 0x374E,
		.loader_id = V3_LOADER_ID,
		.has_mass_storage = true,
		.serial_ports = 1,
		.version = { .generation = 3, .jtag = 7, .msd = 3 },
	},
	{
		V3_ANY,
		.probe = { .name = "stlink-v3e-no-msd",
			   .source = "stlink pull request 1185" },
		.serial = "004000343137510939383538",
		.product_id = 0x3754,
		.loader_id = V3_LOADER_ID,
		.serial_ports = 1,
		.version = { .generation = 3, .jtag = 9, .msd = 3 },
	},
	{
		V3_ANY,
		.probe = { .name = "stlink-v3mini",
			   .source = "V3MINI beside V3SET as V3S (374F) in OpenOCD; "
				     "version: assumption" },
		.serial = "001F00254741500120383733",
		.io = PROBE_IO_OWN_RAIL,  /* UM2502: targets of 3.0 to 3.6 V */
		.swclk_rests_high = true, /* stlink issue 1367, of the V3MINIE */
		.product_id = 0x374F,
		.loader_id = V3_LOADER_ID,
		.has_mass_storage = true,
		.serial_ports = 1,
		.version = { .generation = 3, .jtag = 7, .msd = 3 },
	},
	{
		V3_ANY,
		.probe = { .name = "stlink-v3set",
			   .source = "stlink issues 820 and 1138: 374F, V3J7S1; bridge as "
				     "in 3753's firmware" },
		.serial = "002C00493038510334333900",
		.io = PROBE_IO_OWN_RAIL, /* UM2448: 3.0 to 3.6 V without B-STLINK-VOLT */
		.product_id = 0x374F,
		.loader_id = V3_LOADER_ID,
		.has_mass_storage = true,
		.has_bridge = true,
		.serial_ports = 1,
		.version = { .generation = 3, .jtag = 7, .msd = 3, .swim = 1, .bridge = 5 },
	},
	{
		V3_ANY,
		.probe = { .name = "stlink-v3-2vcp",
			   .source = "mutable-dev-environment pull request 12: 3753, "
				     "V3J7M3B5S1" },
		.serial = "0030003B3038510634333935",
		.product_id = 0x3753,
		.loader_id = V3_LOADER_ID,
		.has_bridge = true,
		.serial_ports = 2,
		.version = { .generation = 3, .jtag = 7, .msd = 3, .swim = 1, .bridge = 5 },
	},
	{
		V3_ANY,
		.probe = { .name = "stlink-v3pwr",
			   .source = "pyOCD pull request 1851 and issue 1781: 3757, "
				     "hardware version 4; version: assumption" },
		.product_id = 0x3757,
		.serial = "004F00283234510E33353533",
		.loader_id = V3PWR_LOADER_ID,
		.serial_ports = 2,
		.has_bridge = true,
		.version = { .generation = 4, .jtag = 3, .msd = 1, .swim = 1, .bridge = 1 },
	},
	{
		V3_LOADER,
		.probe = { .name = "stlink-v3-loader",
			   .source = "OpenOCD STLINK_V3_USBLOADER_PID; answers: "
				     "assumption" },
		.serial = "003800184741500720383733",
		.product_id = V3_LOADER_ID,
	},
};

const struct probe_kind *
stlink_kind_at(unsigned index)
{
	return index < sizeof(kinds) / sizeof(kinds[0]) ? &kinds[index].probe : NULL;
}

/* Of another generation than the hardware's there is none. */
bool
stlink_takes_firmware(const struct probe_kind *kind, const char *firmware)
{
	struct stlink_version version;
	return stlink_parse_version(firmware, &version) &&
	       version.generation == stlink_kind_of(kind)->version.generation;
}

const struct stlink_kind *
stlink_kind_of(const struct probe_kind *kind)
{
	return (const struct stlink_kind *)kind; /* the first member */
}

static uint8_t *
version_part(struct stlink_version *version, char letter)
{
	switch (letter) {
	case 'V':
		return &version->generation;
	case 'J':
		return &version->jtag;
	case 'M':
		return &version->msd;
	case 'S':
		return &version->swim;
	case 'B':
		return &version->bridge;
	default:
		return NULL;
	}
}

bool
stlink_parse_version(const char *text, struct stlink_version *version)
{
	enum { MOST = 63 }; /* six bits in GET_VERSION */
	struct stlink_version parsed = { 0 };
	while (*text) {
		uint8_t *part = version_part(&parsed, *text);
		char *end;
		if (!part || !strchr("0123456789", text[1]) || !text[1])
			return false;
		unsigned long number = strtoul(text + 1, &end, 10);
		if (number > MOST)
			return false;
		*part = (uint8_t)number;
		text = end;
	}
	*version = parsed;
	return parsed.generation != 0;
}
