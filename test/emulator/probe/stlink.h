/* SPDX-License-Identifier: MIT */
/*
 * stlink.h - an ST-LINK from the inside, for the files that make it up.
 *
 * A command is 16 bytes on the OUT endpoint, some are followed by data there,
 * most leave a reply for the IN endpoint. stlink.c takes them apart and runs the
 * row of the command table; the rows' functions are in stlink_*.c. Layouts:
 * OpenOCD stlink_usb.c, stlink-org usb.c, pyOCD probe/stlink/stlink.py.
 */
#ifndef TEST_EMULATOR_PROBE_STLINK_H
#define TEST_EMULATOR_PROBE_STLINK_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/probe/stlink_table.h"
#include "test/emulator/probe/swd_master.h"
#include "test/emulator/probe/usb_function.h"
#include "test/emulator/stats.h"

enum {
	STLINK_COMMAND_SIZE = 16,
	STLINK_MEMORY_MAX = 6144, /* bytes of one 16- or 32-bit memory command */
	/* ... that writes: st-flash 1.7 sends its buffer of 32 KiB in one (its
	 * flash_loader.c), and real probes take it. */
	STLINK_WRITE_MAX = 32768,
	STLINK_BUFFER_SIZE = 10240,
	STLINK_TRACE_SIZE = 4096,
	STLINK_REPLIES = 2, /* one in the endpoint, one waiting behind it */
	STLINK_APS = 256
};

struct stlink;

/* Bytes that follow a command on the OUT endpoint. */
enum stlink_data { STLINK_NO_DATA, STLINK_DATA_LENGTH, STLINK_DATA_MISC };
/* When a command is accepted. */
enum stlink_when { STLINK_ALWAYS, STLINK_IN_DEBUG };
enum { STLINK_NEVER = 0xff };

struct stlink_command {
	uint8_t code;
	uint8_t since_v2, since_v3; /* J number, or STLINK_NEVER */
	enum stlink_when when;
	enum stlink_data data;
	void (*run)(struct stlink *link, const uint8_t *command);
};

struct stlink_reply {
	unsigned size, sent;
	uint8_t bytes[STLINK_BUFFER_SIZE];
};

struct stlink {
	struct usb_function function;
	const struct stlink_kind *kind;
	struct stats *stats;
	struct swd_master swd;
	enum stlink_mode mode;
	uint32_t clock_hz;
	bool ap_is_open[STLINK_APS];

	/* The command whose data is still arriving. */
	const struct stlink_command *pending;
	uint8_t command[STLINK_COMMAND_SIZE];
	uint8_t data[STLINK_WRITE_MAX];
	uint32_t data_size, data_received;

	/* Oldest first. A reply nobody read stays in the way of the next. */
	struct stlink_reply replies[STLINK_REPLIES];
	unsigned replies_len;

	/* What commands 3B and 3E tell of the last memory command. */
	enum stlink_status memory_status;
	uint32_t fault_at;

	uint32_t misc_values[STLINK_BUFFER_SIZE / 8], misc_statuses[STLINK_BUFFER_SIZE / 8];
	uint32_t misc_len;

	bool is_tracing;
	uint8_t trace[STLINK_TRACE_SIZE];
	unsigned trace_len;
};

/* Room for a reply of `size` bytes, all zero; valid until the next command. */
uint8_t *stlink_reply(struct stlink *link, unsigned size);
/* A reply of `size` bytes with the status in the first. */
uint8_t *stlink_reply_status(struct stlink *link, enum stlink_status status, unsigned size);

/* Is the AP open for the host? STLINK_OK, or what the generation answers if not. */
enum stlink_status stlink_check_ap(const struct stlink *link, uint8_t ap);

/* One word by AP 0, as the firmware itself reads and writes registers of the core. */
enum stlink_status stlink_read_word(struct stlink *link, uint32_t at, uint32_t *value);
enum stlink_status stlink_write_word(struct stlink *link, uint32_t at, uint32_t value);

/* The rows of command group F2. */
extern const struct stlink_command stlink_debug_commands[];
extern const unsigned stlink_debug_commands_len;

/* Rows of F2, by file. */
void stlink_enter(struct stlink *link, const uint8_t *command);
void stlink_enter_v1(struct stlink *link, const uint8_t *command);
void stlink_exit(struct stlink *link, const uint8_t *command);
void stlink_read_core_id(struct stlink *link, const uint8_t *command);
void stlink_read_idcodes(struct stlink *link, const uint8_t *command);
void stlink_drive_nrst(struct stlink *link, const uint8_t *command);
void stlink_set_swd_divisor(struct stlink *link, const uint8_t *command);
void stlink_set_jtag_divisor(struct stlink *link, const uint8_t *command);
void stlink_set_frequency(struct stlink *link, const uint8_t *command);
void stlink_get_frequencies(struct stlink *link, const uint8_t *command);
void stlink_read_dap(struct stlink *link, const uint8_t *command);
void stlink_write_dap(struct stlink *link, const uint8_t *command);
void stlink_init_ap(struct stlink *link, const uint8_t *command);
void stlink_close_ap(struct stlink *link, const uint8_t *command);
void stlink_start_trace(struct stlink *link, const uint8_t *command);
void stlink_stop_trace(struct stlink *link, const uint8_t *command);
void stlink_count_trace(struct stlink *link, const uint8_t *command);

void stlink_get_status(struct stlink *link, const uint8_t *command);
void stlink_force_debug(struct stlink *link, const uint8_t *command);
void stlink_reset_system(struct stlink *link, const uint8_t *command);
void stlink_run_core(struct stlink *link, const uint8_t *command);
void stlink_step_core(struct stlink *link, const uint8_t *command);
void stlink_read_all_v1(struct stlink *link, const uint8_t *command);
void stlink_read_all(struct stlink *link, const uint8_t *command);
void stlink_read_register_v1(struct stlink *link, const uint8_t *command);
void stlink_read_register(struct stlink *link, const uint8_t *command);
void stlink_write_register(struct stlink *link, const uint8_t *command);
void stlink_read_debug_word(struct stlink *link, const uint8_t *command);
void stlink_write_debug_word(struct stlink *link, const uint8_t *command);

void stlink_read_memory(struct stlink *link, const uint8_t *command);
void stlink_write_memory(struct stlink *link, const uint8_t *command);
void stlink_last_status(struct stlink *link, const uint8_t *command);
void stlink_last_status_address(struct stlink *link, const uint8_t *command);
void stlink_misc_out(struct stlink *link, const uint8_t *command);
void stlink_misc_in(struct stlink *link, const uint8_t *command);
uint32_t stlink_misc_size(uint32_t items);

#endif /* TEST_EMULATOR_PROBE_STLINK_H */
