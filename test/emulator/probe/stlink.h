/* SPDX-License-Identifier: MIT */
/*
 * stlink.h - an ST-LINK from the inside, for the files that make it up.
 *
 * A command is 16 bytes on the OUT endpoint, some are followed by data there,
 * most leave a reply for the IN endpoint. stlink.c takes them apart and runs the
 * row of the command table; the rows' functions are in stlink_*.c, and use stlink_reply.c.
 * Layouts: OpenOCD stlink_usb.c, stlink-org usb.c, pyOCD probe/stlink/stlink.py.
 */
#ifndef TEST_EMULATOR_PROBE_STLINK_H
#define TEST_EMULATOR_PROBE_STLINK_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/base/stats.h"
#include "test/emulator/probe/stlink_table.h"
#include "test/emulator/probe/swd_master.h"
#include "test/emulator/probe/usb_function.h"

enum {
	STLINK_COMMAND_SIZE = 16,
	STLINK_MEMORY_MAX = 6144, /* bytes of one 16- or 32-bit memory command */
	/* ... that writes: st-flash 1.7 sends its buffer of 32 KiB in one (its
	 * flash_loader.c), and real probes take it. */
	STLINK_WRITE_MAX = 32768,
	STLINK_BUFFER_SIZE = 10240,
	STLINK_TRACE_SIZE = 4096,
	STLINK_REPLIES = 2, /* one in the endpoint, one waiting behind it */
	STLINK_APS = 256,
	STLINK_BOARD_ID_SIZE = 4
};

struct stlink;

/* Bytes that follow a command on the OUT endpoint. */
enum stlink_data { STLINK_NO_DATA, STLINK_DATA_LENGTH, STLINK_DATA_MISC };
/* When a command is accepted. */
enum stlink_when { STLINK_ALWAYS, STLINK_OUT_OF_DFU, STLINK_IN_DEBUG, STLINK_IN_SWIM };
/* First byte of a command whose second names it; others are named by the first. */
enum { STLINK_GROUP_DEBUG = 0xF2, STLINK_GROUP_SWIM = 0xF4 };
enum { STLINK_NEVER = 0xff };

struct stlink_command {
	uint8_t code;
	uint8_t since_v2, since_v3; /* J number, or STLINK_NEVER */
	enum stlink_when when;
	enum stlink_data data;
	void (*run)(struct stlink *link, const uint8_t *command);
};

struct stlink_commands {
	const struct stlink_command *rows;
	unsigned len;
};

struct stlink_reply {
	unsigned size, sent;
	uint8_t bytes[STLINK_BUFFER_SIZE];
};

/* What came at the SWO pin and was not fetched. */
struct stlink_trace {
	uint8_t bytes[STLINK_TRACE_SIZE];
	unsigned len, size; /* size as the client asked for */
	uint32_t baud;
};

struct stlink {
	struct usb_function function;
	struct stlink_kind kind; /* a copy: the setup may have changed it */
	struct stats *stats;
	struct swd_master swd;
	enum stlink_mode mode;
	bool ap_is_open[STLINK_APS];
	uint32_t jtag_hz;
	uint8_t swim_status;
	uint64_t random; /* state of the generator behind an open VAPP */
	char board_id[STLINK_BOARD_ID_SIZE];
	bool is_loader;               /* the program that loads firmware, nothing else */
	bool is_wedged, needs_replug; /* answers nothing; a bus reset does not help */
	bool fault_follows_wait;      /* V3: see stlink_dap.c */

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
	struct stlink_trace trace;
};

/* Applies what the probe comes with to a link that has kind, wire and statistics. */
void stlink_set_up(struct stlink *link, const struct probe_setup *setup);
/* The firmware begins as after power-on. */
void stlink_start(struct stlink *link);

/* Room for a reply of `size` bytes, all zero; valid until the next command. */
uint8_t *stlink_reply(struct stlink *link, unsigned size);
/* A reply of `size` bytes with the status in the first. */
uint8_t *stlink_reply_status(struct stlink *link, enum stlink_status status, unsigned size);

void stlink_answer_unknown(struct stlink *link);

/* Drives the pin, whatever it is wired to. */
void stlink_pull_reset(struct stlink *link, enum stlink_reset_pin pin, bool low);
/* Closes all access ports for the host. */
void stlink_close_ports(struct stlink *link);

/* Bytes at the SWO pin; and up to `max` of them to the host, or USB_NAK. */
void stlink_take_trace(struct stlink *link, const uint8_t *bytes, unsigned size);
int stlink_send_trace(struct stlink *link, uint8_t *bytes, unsigned max);

/* Is the AP open for the host? STLINK_OK, or what the generation answers if not. */
enum stlink_status stlink_check_ap(const struct stlink *link, uint8_t ap);

/* One word by AP 0, as the firmware itself reads and writes registers of the core. */
enum stlink_status stlink_read_word(struct stlink *link, uint32_t at, uint32_t *value);
enum stlink_status stlink_write_word(struct stlink *link, uint32_t at, uint32_t value);

extern const struct stlink_commands stlink_mode_commands;  /* F1, F3, F5, F7, FB */
extern const struct stlink_commands stlink_debug_commands; /* F2 */
extern const struct stlink_commands stlink_swim_commands;  /* F4 */

void stlink_get_voltage(struct stlink *link, const uint8_t *command); /* F7 */

/* Rows of F2, by file. */
void stlink_enter(struct stlink *link, const uint8_t *command);
void stlink_enter_v1(struct stlink *link, const uint8_t *command);
void stlink_exit(struct stlink *link, const uint8_t *command);
void stlink_read_core_id(struct stlink *link, const uint8_t *command);
void stlink_read_idcodes(struct stlink *link, const uint8_t *command);
void stlink_drive_nrst(struct stlink *link, const uint8_t *command);
void stlink_get_board(struct stlink *link, const uint8_t *command);
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
