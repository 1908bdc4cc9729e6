/* SPDX-License-Identifier: MIT */
/*
 * stlink_setup.c - an ST-LINK as a user finds it: with older firmware, in its loader,
 * left by a program that was killed, or hung.
 */
#include <string.h>

#include "test/emulator/probe/stlink.h"
#include "test/emulator/probe/timing.h"

static uint32_t
first_hz(const struct stlink_kind *kind)
{
	bool has_clocks = kind->version.generation >= 3 ||
			  kind->version.jtag >= STLINK_V2_FIRST_WITH_CLOCKS;
	return has_clocks ? kind->hardware->first_hz : STLINK_V2_FIXED_HZ;
}

/* Its firmware begins anew. */
void
stlink_start(struct stlink *link)
{
	link->mode = link->kind.first_mode;
	link->memory_status = STLINK_OK;
	link->is_tracing = false;
	link->misc_len = 0;
	link->fault_follows_wait = false;
	memset(link->ap_is_open, 0, sizeof(link->ap_is_open));
	swd_master_set_clock(&link->swd, first_hz(&link->kind));
	link->jtag_hz = link->kind.hardware->jtag_clocks->hz;
}

static void
set_firmware(struct stlink *link, const char *firmware)
{
	struct stlink_version version;
	if (firmware && stlink_parse_version(firmware, &version))
		link->kind.version = version;
}

/* V2 and V2-1 have the mode "DFU" within one USB device, whose serial an old loader sends
 * raw; V3's loader is a USB device of its own and has the debug interface only. */
static void
set_dfu(struct stlink *link)
{
	struct stlink_kind *kind = &link->kind;
	kind->first_mode = STLINK_MODE_DFU;
	if (!kind->loader_id)
		return;
	kind->product_id = kind->loader_id;
	kind->has_mass_storage = false;
	kind->has_bridge = false;
	kind->serial_ports = 0;
}

/* The program that was killed had entered SWD and just asked F5; its answer waits in the
 * endpoint. Six bytes of which two come, 02 00, read as V0J8S0, 0000:0000. */
static void
leave_stale(struct stlink *link)
{
	link->mode = STLINK_MODE_DEBUG;
	link->ap_is_open[0] = true;
	stlink_reply(link, 2)[0] = STLINK_MODE_DEBUG;
}

static void
set_board(struct stlink *link, const char *id)
{
	size_t len = strlen(id);
	memcpy(link->board_id, id, len < STLINK_BOARD_ID_SIZE ? len : STLINK_BOARD_ID_SIZE);
}

void
stlink_set_up(struct stlink *link, const struct probe_setup *setup)
{
	struct usb_function *function = &link->function;
	set_firmware(link, setup->firmware);
	if (setup->is_in_dfu)
		set_dfu(link);
	link->is_loader = link->kind.version.generation >= 3 &&
			  link->kind.first_mode == STLINK_MODE_DFU;
	set_board(link, setup->board_id ? setup->board_id : "");
	link->random = setup->seed | 1; /* never 0 */
	link->is_wedged = setup->is_wedged;
	link->needs_replug = setup->needs_replug;
	stlink_describe(&link->kind, setup->serial, function);
	if (setup->is_in_dfu && !link->is_loader)
		stlink_describe_serial(function, true);
	stlink_start(link);
	if (setup->is_stale)
		leave_stale(link);
}
