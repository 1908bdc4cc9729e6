/* SPDX-License-Identifier: MIT */
/*
 * compat.c - what other servers call it.
 *
 * IDEs and scripts send these, some of them unasked, and abort their session when one is
 * refused. Each is done, or answered with OK and a truthful word on what is not. Names and
 * meanings: OpenOCD's manual ("General Commands", "Flash Commands"), stlink's README, Black
 * Magic Debug's user guide, SEGGER's UM08001, "monitor help" of ST-LINK_gdbserver.
 */
#include "server/monitor/rows.h"

#include "flash/load/geometry.h"

#include "transport/base/bytes.h"

#include <stdio.h>
#include <string.h>

enum { LINE_MAX_LEN = 256 };

/* Says what the row's text says; nothing is done. */
static enum cause
note(struct client *client, const struct monitor_row *row, const char *rest,
     struct reason *why)
{
	(void)rest;
	(void)why;
	client_print(client, "note: %s", row->text);
	return CAUSE_NONE;
}

static enum cause
reset_and_halt(struct client *client, const struct monitor_row *row, const char *rest,
	       struct reason *why)
{
	(void)rest;
	return monitor_reset(client, row, "halt", why);
}

static enum cause
erase_all(struct client *client, const struct monitor_row *row, const char *rest,
	  struct reason *why)
{
	(void)row;
	(void)rest;
	return monitor_erase_all(client, why);
}

static enum cause
read_sector(const struct geometry *geometry, const struct flash_bank *bank,
	    const char *word, struct sector *sector, struct reason *why)
{
	uint32_t number = 0;
	enum cause cause;

	if (strcmp(word, "last") == 0 &&
	    geometry_sector_at(geometry, bank->base + bank->size - 1, sector))
		return CAUSE_NONE;
	cause = monitor_number(word, "a sector", UINT32_MAX, &number, why);
	if (cause != CAUSE_NONE || geometry_sector_of(geometry, bank, number, sector))
		return cause;
	return reason_begin(why, CAUSE_REQUEST, "%s has no sector %s", bank->entry->name,
			    word);
}

/* "erase_sector BANK FIRST LAST", LAST a number or "last". */
static enum cause
erase_sectors(struct client *client, const struct monitor_row *row, const char *rest,
	      struct reason *why)
{
	struct geometry geometry;
	struct monitor_words words;
	struct sector first = { 0 }, last = { 0 };
	uint32_t bank = 0;
	enum cause cause = geometry_read(client_board(client), &geometry, why);

	monitor_split(rest, &words);
	if (cause == CAUSE_NONE && words.len != 3)
		return monitor_usage(row, why);
	if (cause == CAUSE_NONE)
		cause = monitor_number(words.at[0], "a bank of this chip",
				       geometry.banks_len - 1, &bank, why);
	if (cause == CAUSE_NONE)
		cause = read_sector(&geometry, &geometry.banks[bank], words.at[1], &first,
				    why);
	if (cause == CAUSE_NONE)
		cause = read_sector(&geometry, &geometry.banks[bank], words.at[2], &last,
				    why);
	if (cause != CAUSE_NONE)
		return cause;
	if (first.at > last.at)
		return reason_begin(why, CAUSE_REQUEST, "sector %s is behind sector %s",
				    words.at[1], words.at[2]);
	return monitor_erase(client, first.at, last.at + last.size - first.at, why);
}

/* "erase_address [pad] [unlock] ADDRESS SIZE": what is write-protected stays so. */
static enum cause
erase_address(struct client *client, const struct monitor_row *row, const char *rest,
	      struct reason *why)
{
	static const char *const passed_over[] = { "pad ", "unlock " };

	for (size_t i = 0; i < array_len(passed_over); i++)
		if (strncmp(rest, passed_over[i], strlen(passed_over[i])) == 0)
			rest += strlen(passed_over[i]);
	return monitor_flash_erase(client, row, rest, why);
}

/* "memU32 ADDRESS", "memU32 ADDRESS = VALUE": the rows that do it have a letter for the width. */
static enum cause
access_memory(struct client *client, const struct monitor_row *row, const char *rest,
	      struct reason *why)
{
	static const char *const names[] = { "memU8", "memU16", "memU32" };
	static const char *const own[] = { "mdb", "mdh", "mdw" };
	const char *equals = strchr(rest, '=');
	struct monitor_row as = *row;
	char line[LINE_MAX_LEN];

	for (size_t i = 0; i < array_len(names); i++)
		if (strcmp(row->name, names[i]) == 0)
			as.name = own[i];
	if (equals == NULL)
		return monitor_read(client, &as, rest, why);
	snprintf(line, sizeof(line), "%.*s %s", (int)(equals - rest), rest, equals + 1);
	return monitor_write(client, &as, line, why);
}

/* Says it, as in a script that shows how far it is. */
static enum cause
echo(struct client *client, const struct monitor_row *row, const char *rest,
     struct reason *why)
{
	(void)row;
	(void)why;
	client_print(client, "%s", rest);
	return CAUSE_NONE;
}

static enum cause
flash_banks(struct client *client, const struct monitor_row *row, const char *rest,
	    struct reason *why)
{
	struct geometry geometry;
	enum cause cause = geometry_read(client_board(client), &geometry, why);

	(void)row;
	(void)rest;
	for (unsigned i = 0; cause == CAUSE_NONE && i < geometry.banks_len; i++)
		client_print(client, "#%u : %s at 0x%08x, size 0x%08x", i,
			     geometry.banks[i].entry->name,
			     (unsigned)geometry.banks[i].base,
			     (unsigned)geometry.banks[i].size);
	return cause;
}

/* openocd's table of targets, as far as one core goes, is that of monitor targets. */
static enum cause
scan(struct client *client, const struct monitor_row *row, const char *rest,
     struct reason *why)
{
	enum cause cause = monitor_targets(client, row, rest, why);

	client_print(client, "note: tether is attached already; attach is not needed");
	return cause;
}

/* The name, and why it is not done. */
#define NOTE(name, arguments, text)                                   \
	{                                                             \
		name, arguments, TOPIC_OTHERS, NULL, text, 0, 0, note \
	}
/* The core's clock, without which SWO cannot be set up, is an option as well. */
#define CHOOSE_SWO "SWO is chosen by --swo-port or --swo-text; nothing was done"
#define SEMIHOSTING_IS                                                           \
	"a program asks by BKPT 0xAB, and its text goes to gdb and to the log; " \
	"nothing was done"
#define LOADS                                                                           \
	"nothing was programmed: in gdb \"load\" does it, outside of gdb tether flash " \
	"FILE"
#define COMPARES                                                                     \
	"nothing was compared: in gdb \"compare-sections\" does it, outside of gdb " \
	"tether verify FILE"
#define READS                                                                            \
	"nothing was read: in gdb \"dump binary memory FILE FROM TO\" does it, outside " \
	"of gdb tether read ADDRESS LENGTH FILE"
#define BREAKS "gdb sets breakpoints (break, hbreak, watch); nothing was done"
#define WAITS  "gdb itself waits for the core to halt"
#define RESETS                                                                             \
	"how tether resets is chosen when it starts: --connect under-reset, --nrst-hold; " \
	"monitor nrst prints what is known of the pin. Nothing was done"
#define PROTECTS                                                                   \
	"write protection is an option byte: monitor options lists them, monitor " \
	"options set WRP=none takes it back; nothing was done"
#define SERVES          "tether serves gdb alone, at --port; nothing was done"
#define SUPPLY          "tether does not switch the target's supply; nothing was done"
#define NOTHING_LIKE_IT "tether has nothing like it, and nothing was done"
#define ALIAS(name, arguments, help, claims, run)                                    \
	{                                                                            \
		name, arguments, TOPIC_OTHERS, help, NULL, claims, NEEDS_TARGET, run \
	}

const struct monitor_row monitor_compat_rows[] = {
	/* OpenOCD */
	NOTE("init", "", "probe and target are connected already"),
	NOTE("gdb_sync", "", "nothing is needed to keep gdb in step with the target"),
	NOTE("poll", "", "the target is looked at by itself"),
	ALIAS("adapter speed", "[KHZ]", "OpenOCD: as speed", ALL, monitor_speed),
	ALIAS("cortex_m vector_catch", "[all|none|NAME...]", "OpenOCD: as vector_catch",
	      CORE, monitor_vector_catch),
	ALIAS("flash banks", "", "OpenOCD: list the banks by number", 0, flash_banks),
	ALIAS("flash list", "", "OpenOCD: the same", 0, flash_banks),
	ALIAS("flash probe", "BANK", "OpenOCD: list the banks", 0, flash_banks),
	ALIAS("flash erase_sector", "BANK FIRST LAST", "OpenOCD: erase sectors by number",
	      CLAIM_FLASH | CORES, erase_sectors),
	ALIAS("flash erase_address", "[pad] [unlock] ADDRESS SIZE",
	      "OpenOCD: as flash erase", CLAIM_FLASH | CORES, erase_address),
	NOTE("flash write_image", "", LOADS),
	NOTE("flash write_bank", "", LOADS),
	NOTE("flash verify_image", "", COMPARES),
	NOTE("flash verify_bank", "", COMPARES),
	NOTE("flash read_bank", "", READS),
	NOTE("flash protect", "", PROTECTS),
	NOTE("program", "", LOADS),
	NOTE("load_image", "", LOADS),
	NOTE("verify_image", "", COMPARES),
	NOTE("dump_image", "", READS),
	NOTE("reset_config", "", RESETS),
	NOTE("transport", "", "tether uses SWD"),
	ALIAS("adapter_khz", "[KHZ]", "OpenOCD: as speed", ALL, monitor_speed),
	ALIAS("soft_reset_halt", "", "OpenOCD: as reset halt", ALL, reset_and_halt),
	NOTE("wait_halt", "", WAITS),
	NOTE("step", "", "gdb steps by stepi; nothing was done"),
	NOTE("bp", "", BREAKS),
	NOTE("rbp", "", BREAKS),
	NOTE("wp", "", BREAKS),
	NOTE("rwp", "", BREAKS),
	{ "echo", "TEXT", TOPIC_OTHERS, "OpenOCD: print a text", NULL, 0, 0, echo },
	NOTE("debug_level", "", "what is logged is chosen by --log, or -v"),
	NOTE("log_output", "", "the log goes to stderr, and by --log-json to a file"),
	NOTE("source", "", "the chip is identified: no file of settings is needed"),
	NOTE("dap", "",
	     "tether doctor shows debug port and access ports; nothing was done"),
	NOTE("gdb_memory_map", "", "gdb has the memory map; nothing was done"),
	NOTE("gdb_flash_program", "", "gdb's load programs flash; nothing was done"),
	NOTE("gdb_port", "", SERVES),
	NOTE("telnet_port", "", SERVES),
	NOTE("tcl_port", "", SERVES),
	NOTE("flash", "",
	     "tether knows info, erase, probe, banks, erase_sector and "
	     "mass_erase; gdb's load programs. Nothing was done"),
	{ "shutdown", "", TOPIC_OTHERS, "OpenOCD: as exit", NULL, 0, 0, monitor_exit },
	{ "arm semihosting", "enable|disable", TOPIC_OTHERS, "OpenOCD: semihosting", NULL,
	  0, 0, monitor_semihosting },
	NOTE("arm", "", NOTHING_LIKE_IT),
	NOTE("CDSWOConfigure", "", CHOOSE_SWO),
	NOTE("tpiu", "", CHOOSE_SWO),
	NOTE("itm", "", CHOOSE_SWO),
	NOTE("gdb_breakpoint_override", "",
	     "tether takes breakpoints as gdb asks for them"),
	NOTE("adapter", "", "tether knows adapter speed; nothing was done"),
	NOTE("cortex_m", "", "tether knows cortex_m vector_catch; nothing was done"),
	NOTE("set", "", "tether has no variables, and nothing was done"),
	/* st-util */
	ALIAS("jtag_reset", "", "st-util: as reset halt", ALL, reset_and_halt),
	/* Black Magic Debug */
	ALIAS("swdp_scan", "", "Black Magic: as targets", 0, scan),
	ALIAS("swd_scan", "", "Black Magic: as targets", 0, scan),
	ALIAS("auto_scan", "", "Black Magic: as targets", 0, scan),
	ALIAS("jtag_scan", "", "Black Magic: as targets, by SWD", 0, scan),
	NOTE("attach", "", "tether is attached already"),
	ALIAS("erase_mass", "", "Black Magic: as flash erase chip", CLAIM_FLASH | CORES,
	      erase_all),
	NOTE("connect_rst", "", "use --connect under-reset; nothing was done"),
	NOTE("connect_srst", "", "use --connect under-reset; nothing was done"),
	ALIAS("hard_srst", "", "Black Magic: as reset halt", ALL, reset_and_halt),
	NOTE("option", "",
	     "monitor options lists the option bytes, monitor options set NAME=VALUE... "
	     "sets them, and RDP=0 --yes among them takes read protection back and erases "
	     "all of the flash; nothing was done"),
	NOTE("tpwr", "", SUPPLY),
	NOTE("traceswo", "", CHOOSE_SWO),
	NOTE("frequency", "", "monitor speed KHZ sets the SWD clock; nothing was done"),
	NOTE("freq", "", "monitor speed KHZ sets the SWD clock; nothing was done"),
	NOTE("halt_timeout", "", "--halt-timeout MS sets it when tether starts"),
	NOTE("heapinfo", "", NOTHING_LIKE_IT),
	NOTE("morse", "", "monitor why prints the last failure"),
	/* pyOCD */
	ALIAS("status", "", "pyOCD: as targets", 0, monitor_targets),
	NOTE("unlock", "",
	     "monitor recover --yes gets a protected board back, and erases what it has "
	     "to; nothing was done"),
	NOTE("show", "",
	     "monitor help lists what there is to print, fault and reg among it"),
	/* J-Link */
	ALIAS("go", "", "J-Link: as resume", CORE, monitor_resume),
	ALIAS("regs", "", "J-Link: as reg", 0, monitor_registers),
	ALIAS("memU8", "ADDRESS [= VALUE]", "J-Link: as mdb, mwb", CORE, access_memory),
	ALIAS("memU16", "ADDRESS [= VALUE]", "J-Link: as mdh, mwh", CORE, access_memory),
	ALIAS("memU32", "ADDRESS [= VALUE]", "J-Link: as mdw, mww", CORE, access_memory),
	NOTE("loadfile", "", LOADS),
	NOTE("setbp", "", BREAKS),
	NOTE("waithalt", "", WAITS),
	NOTE("power", "", SUPPLY),
	NOTE("DisableChecks", "", NOTHING_LIKE_IT),
	NOTE("EnableChecks", "", NOTHING_LIKE_IT),
	NOTE("flash device", "", "the part is identified; --target names another"),
	NOTE("flash download", "", "gdb's load programs flash; nothing was done"),
	NOTE("flash breakpoints", "",
	     "breakpoints in flash take the core's units, of which monitor why names the "
	     "number when there are too few; nothing was done"),
	NOTE("clrbp", "", "breakpoints are gdb's, and it removes them"),
	NOTE("exec", "", NOTHING_LIKE_IT),
	NOTE("SWO", "", CHOOSE_SWO),
	NOTE("semihosting IOClient", "", SEMIHOSTING_IS),
	NOTE("semihosting ThumbSWI", "", SEMIHOSTING_IS),
	NOTE("semihosting ARMSWI", "", SEMIHOSTING_IS),
	NOTE("semihosting breakOnError", "", SEMIHOSTING_IS),
	NOTE("interface", "", "tether uses SWD"),
	NOTE("endian", "", "an STM32 is little-endian"),
	NOTE("device", "", "the part is identified; --target names another"),
	/* ST-LINK_gdbserver */
	ALIAS("flash mass_erase", "", "ST: as flash erase chip", CLAIM_FLASH | CORES,
	      erase_all),
	NOTE("flash set_parallelism_mode", "", "tether chooses the width by the supply"),
	NOTE("led", "", "tether does not blink the probe's LED"),
	NOTE("swv", "", CHOOSE_SWO),
	{ 0 },
};
