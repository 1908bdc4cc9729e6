/* SPDX-License-Identifier: MIT */
/*
 * stlink_commands.c - the table of command group F2. The versions are the ones from
 * which OpenOCD's stlink_usb.c (feature flags) relies on a command.
 */
#include "test/emulator/probe/stlink.h"

static const struct stlink_command rows[] = {
	/* API v1, still answered */
	{ 0x01, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_get_status },
	{ 0x02, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_force_debug },
	{ 0x03, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_reset_system },
	{ 0x04, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_read_all_v1 },
	{ 0x05, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_read_register_v1 },
	{ 0x06, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_write_register },
	{ 0x09, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_run_core },
	{ 0x0A, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_step_core },
	{ 0x0F, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_write_debug_word },
	{ 0x20, 0, 0, STLINK_OUT_OF_DFU, STLINK_NO_DATA, stlink_enter_v1 },
	{ 0x22, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_read_core_id },
	/* modes and pins */
	{ 0x21, 0, 0, STLINK_OUT_OF_DFU, STLINK_NO_DATA, stlink_exit },
	{ 0x30, 0, 0, STLINK_OUT_OF_DFU, STLINK_NO_DATA, stlink_enter },
	{ 0x31, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_read_idcodes },
	{ 0x3C, 0, 0, STLINK_OUT_OF_DFU, STLINK_NO_DATA, stlink_drive_nrst },
	{ 0x43, 22, STLINK_NEVER, STLINK_OUT_OF_DFU, STLINK_NO_DATA,
	  stlink_set_swd_divisor },
	{ 0x44, 24, STLINK_NEVER, STLINK_OUT_OF_DFU, STLINK_NO_DATA,
	  stlink_set_jtag_divisor },
	{ 0x61, STLINK_NEVER, 0, STLINK_OUT_OF_DFU, STLINK_NO_DATA, stlink_set_frequency },
	{ 0x62, STLINK_NEVER, 0, STLINK_OUT_OF_DFU, STLINK_NO_DATA,
	  stlink_get_frequencies },
	{ 0x56, 36, 6, STLINK_OUT_OF_DFU, STLINK_NO_DATA, stlink_get_board },
	/* the core */
	{ 0x32, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_reset_system },
	{ 0x33, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_read_register },
	{ 0x34, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_write_register },
	{ 0x35, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_write_debug_word },
	{ 0x36, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_read_debug_word },
	{ 0x3A, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_read_all },
	/* memory: 8, 16 and 32 bits, and 32 bits at one address */
	{ 0x07, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_read_memory },
	{ 0x08, 0, 0, STLINK_IN_DEBUG, STLINK_DATA_LENGTH, stlink_write_memory },
	{ 0x0C, 0, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_read_memory },
	{ 0x0D, 0, 0, STLINK_IN_DEBUG, STLINK_DATA_LENGTH, stlink_write_memory },
	{ 0x47, 26, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_read_memory },
	{ 0x48, 26, 0, STLINK_IN_DEBUG, STLINK_DATA_LENGTH, stlink_write_memory },
	{ 0x50, 26, 0, STLINK_IN_DEBUG, STLINK_DATA_LENGTH, stlink_write_memory },
	{ 0x54, 32, 2, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_read_memory },
	{ 0x3B, 0, 0, STLINK_OUT_OF_DFU, STLINK_NO_DATA, stlink_last_status },
	{ 0x3E, 15, 0, STLINK_OUT_OF_DFU, STLINK_NO_DATA, stlink_last_status_address },
	{ 0x51, 32, 2, STLINK_IN_DEBUG, STLINK_DATA_MISC, stlink_misc_out },
	{ 0x52, 32, 2, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_misc_in },
	/* debug and access ports */
	{ 0x45, 24, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_read_dap },
	{ 0x46, 24, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_write_dap },
	{ 0x4B, 28, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_init_ap },
	{ 0x4C, 28, 0, STLINK_IN_DEBUG, STLINK_NO_DATA, stlink_close_ap },
	/* SWO */
	{ 0x40, 13, 0, STLINK_OUT_OF_DFU, STLINK_NO_DATA, stlink_start_trace },
	{ 0x41, 13, 0, STLINK_OUT_OF_DFU, STLINK_NO_DATA, stlink_stop_trace },
	{ 0x42, 13, 0, STLINK_OUT_OF_DFU, STLINK_NO_DATA, stlink_count_trace },
};
const struct stlink_commands stlink_debug_commands = { rows,
						       sizeof(rows) / sizeof(rows[0]) };
