/* SPDX-License-Identifier: MIT */
/* The monitor commands, as a client of gdb's protocol sends them. */
#include "server/monitor/manual.h"
#include "server/monitor/rows.h"
#include "test/unit/server/server_bench.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS_MAX = 256 };
/* Those that a test of this file has run by say() or refused(). */
static const struct monitor_row *tried[ROWS_MAX];
static size_t tried_len;

static bool
is_tried(const struct monitor_row *row)
{
	for (size_t i = 0; i < tried_len; i++)
		if (tried[i] == row)
			return true;
	return false;
}

static void
note_trial(const char *line)
{
	const char *rest;
	const struct monitor_row *row = monitor_find(line, &rest);

	if (row == NULL || is_tried(row))
		return;
	assert_true(tried_len < ROWS_MAX);
	tried[tried_len++] = row;
}

/* What the first client reads; the reply must be OK. */
static const char *
say(struct bench *bench, const char *line)
{
	note_trial(line);
	if (strcmp(bench_monitor(bench, 0, line), "OK") != 0)
		fail_msg("monitor %s: %s: %s", line, bench->clients[0].reply,
			 bench->clients[0].console);
	return bench->clients[0].console;
}

/* The same when it fails, with the code of that. */
static const char *
failed(struct bench *bench, const char *line, const char *code)
{
	note_trial(line);
	assert_string_equal(bench_monitor(bench, 0, line), code);
	return bench->clients[0].console;
}

static const char *
refused(struct bench *bench, const char *line)
{
	return failed(bench, line, "E16");
}

static void
an_unknown_command_names_the_nearest_and_breaks_no_launch(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_has(say(bench, "rest halt"),
		   "there is no monitor command \"rest\"; the nearest is reset\n"
		   "try: see monitor help");
	assert_has(say(bench, "frobnicate"),
		   "there is no monitor command \"frobnicate\"\n");
	assert_has(say(bench, "why"), "no monitor command \"frobnicate\"");
	assert_int_equal(bench->fake.core->resets, 0);
}

static void
help_lists_by_topic_and_explains_one(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_has(say(bench, ""), "Reset, halt and run (monitor help running)\n");
	assert_has(say(bench, "help"), "\n  reset [halt|run]");
	assert_null(strstr(bench->clients[0].console, "adapter speed"));
	assert_has(say(bench, "help memory"), "mdw ADDRESS [COUNT]");
	assert_null(strstr(bench->clients[0].console, "reset"));
	assert_has(say(bench, "help others"), "adapter speed");
	assert_has(say(bench, "help reset"),
		   "usage: monitor reset [halt|run]\nreset the chip");
	assert_has(bench->clients[0].console, "maintenance flush register-cache");
	assert_has(
		refused(bench, "help nothing"),
		"\"nothing\" is neither a monitor command nor a topic: monitor help lists "
		"both");
}

static void
each_topic_that_help_names_is_listed_by_it(void **state)
{
	static const char *const topics[] = { "session", "running", "memory",
					      "flash",   "probe",   "others" };
	struct bench *bench = *state;
	char line[32], title[32];

	bench_greet(bench, 0);
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
		snprintf(line, sizeof(line), "help %s", topics[i]);
		snprintf(title, sizeof(title), "(monitor help %s)\n", topics[i]);
		assert_has(say(bench, line), title);
	}
	assert_has(say(bench, "help flash"), "\n  flash info ");
	assert_has(say(bench, "help flash info"), "usage: monitor flash info");
}

static void
every_command_answers_in_words_or_with_ok(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	for (size_t i = 0; monitor_tables[i] != NULL; i++)
		for (const struct monitor_row *row = monitor_tables[i]; row->name != NULL;
		     row++) {
			if ((row->claims & CLAIM_FLASH) != 0 && row->claims != ALL)
				continue; /* the loader does not run on this chip */
			bench_monitor(bench, 0, row->name);
			if (strcmp(bench->clients[0].reply, "OK") != 0)
				assert_int_not_equal(strlen(bench->clients[0].console), 0);
			assert_non_null(row->arguments);
			assert_true(row->help != NULL || row->text != NULL ||
				    row->topic == TOPIC_PROBE);
		}
}

static void
names_do_not_hide_each_other(void **state)
{
	const char *rest;

	(void)state;
	for (size_t i = 0; monitor_tables[i] != NULL; i++)
		for (const struct monitor_row *row = monitor_tables[i]; row->name != NULL;
		     row++)
			assert_ptr_equal(monitor_find(row->name, &rest), row);
	assert_string_equal(monitor_find("FLASH  erase", &rest)->name, "flash");
	assert_string_equal(monitor_find("flash erase  all", &rest)->name, "flash erase");
	assert_string_equal(rest, "all");
	assert_null(monitor_find("resets", &rest));
}

static void
memory_is_read_and_written_in_three_widths(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	say(bench, "mww 0x20000010 0x12345678 2");
	say(bench, "mwh 0x20000018 0xabcd");
	say(bench, "mwb 0x2000001a 0xef");
	say(bench, "mwb 0x2000001b 1");
	assert_string_equal(say(bench, "mdw 0x20000010 3"),
			    "0x20000010: 12345678 12345678 01efabcd\n");
	assert_string_equal(say(bench, "mdh 0x20000018 2"), "0x20000018: abcd 01ef\n");
	assert_string_equal(say(bench, "mdb 0x20000018"), "0x20000018: cd\n");
	assert_has(say(bench, "mdw 0x20000000 9"), "\n0x20000020: ");
}

static void
a_wrong_place_or_count_is_refused_in_words(void **state)
{
	static const struct {
		const char *line, *words;
	} wrong[] = {
		{ "mdw", "usage: monitor mdw ADDRESS [COUNT]" },
		{ "mdw 0x20000001", "0x20000001 is no multiple of 4" },
		{ "mdw main", "\"main\" is not an address" },
		{ "mdw 08000000", "\"08000000\" is not an address" },
		{ "mdw 1fff7800", "did you mean 0x1fff7800?" },
		{ "mdw 020000000", "did you mean 0x020000000?" },
		{ "mdw 0x20000000 1025", "\"1025\" is not a count" },
		{ "mdb 0x20000000 1 1", "usage: monitor mdb" },
		{ "mww 0x20000000", "usage: monitor mww ADDRESS VALUE [COUNT]" },
		{ "mwb 0x20000000 256", "\"256\" is not a value of that size" },
		{ "mww 0x20000000 -1", "\"-1\" is not a value of that size" },
		{ "group together", "usage: monitor group [on|off]" },
		{ "group on",
		  "no second core that can be debugged: there is none for cm4" },
		{ "release", "no core of this chip waits to be started" },
		{ "release cm4", "usage: monitor release" },
		{ "sleep", "usage: monitor sleep MS" },
		{ "sleep 60001", "\"60001\" is not a time in ms, up to 60000" },
		{ "speed 24001", "\"24001\" is not a clock from 1 to 24000 kHz" },
		{ "speed 0", "a clock of 0 kHz moves nothing" },
		{ "reg r99", "cm4 has no register \"r99\"" },
		{ "vector_catch enable soft",
		  "\"soft\" is no exception that can be caught" },
		{ "flash erase 0x08000000", "which part of the flash? chip|[bank N]" },
		{ "flash erase 0x20000000 4", "0x20000000 is not in flash" },
		{ "erase", "usage: monitor erase chip|[bank N] [sector N[-M]]|ADDRESS" },
		{ "erase bank 3", "this chip has no bank 3: it has 2, from 1 on" },
		{ "erase bank 0", "this chip has no bank 0" },
		{ "erase sector 5-4", "sector 5 is behind sector 4" },
		{ "erase bank 2 sector 1-400", "flash bank 2 has no sector 400" },
		{ "erase page 4", "\"page 4\" is no part of the flash" },
		{ "erase bank two", "\"two\" is not the number of a bank" },
		{ "flash erase_sector 0 1", "usage: monitor flash erase_sector" },
		{ "flash erase_sector 2 0 0", "\"2\" is not a bank of this chip" },
		{ "flash erase_sector 0 0 4000", "has no sector 4000" },
		{ "flash erase_sector 0 1 0", "sector 1 is behind sector 0" },
	};
	struct bench *bench = *state;

	bench_greet(bench, 0);
	for (size_t i = 0; i < array_len(wrong); i++)
		assert_has(refused(bench, wrong[i].line), wrong[i].words);
}

static void
registers_are_printed_and_set(void **state)
{
	struct bench *bench = *state;

	bench->fake.core->r[3] = 0xcafe;
	bench_greet(bench, 0);
	assert_has(say(bench, "reg"), "r3: 0x0000cafe\n");
	assert_has(bench->clients[0].console, "\nxpsr: 0x");
	assert_string_equal(say(bench, "reg r3"), "r3: 0x0000cafe\n");
	assert_has(say(bench, "reg r3 0x10"), "r3: 0x00000010\n");
	assert_string_equal(bench_ask(bench, 0, "p3"), "10000000");
}

static void
a_sleep_holds_its_client_and_no_other(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_greet(bench, 1);
	bench_send(bench, 0, "qRcmd,736c65657020353030"); /* sleep 500 */
	bench_turn(bench);
	assert_int_equal(strlen(bench_ask(bench, 1, "m20000000,4")), 8);
	assert_string_equal(bench_await(bench, 0), "OK");
	bench_send(bench, 0, "qRcmd,736c656570203630303030"); /* sleep 60000 */
	bench_turn(bench);
	bench_send_raw(bench, 0, "\x03", 1);
	assert_string_equal(bench_await(bench, 0), "E16");
	assert_has(bench->clients[0].console, "waiting was interrupted");
}

static void
exceptions_that_halt_the_core_are_chosen(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	say(bench, "vector_catch none");
	assert_string_equal(say(bench, "vector_catch"), "no exception halts the core\n");
	assert_string_equal(say(bench, "vector_catch enable hard bus"),
			    "bus    halts at BusFaults\nhard   halts at HardFaults\n");
	assert_string_equal(say(bench, "vector_catch disable bus"),
			    "hard   halts at HardFaults\n");
	assert_string_equal(say(bench, "cortex_m vector_catch state_err nocp_err"),
			    "nocp   halts at UsageFaults: no such coprocessor\n"
			    "stat   halts at UsageFaults: wrong state\n");
}

static void
a_core_that_is_resumed_runs_and_is_halted(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_has(say(bench, "resume"), "cm4 runs; gdb goes on showing it halted");
	bench_turn(bench);
	assert_false(bench->fake.core->is_halted);
	say(bench, "go");
	assert_has(say(bench, "targets"), "* 0 cm4: running");
	assert_has(say(bench, "halt"), "cm4 is halted at 0x");
	assert_has(say(bench, "jtag_reset"), "the target was reset; cm4 is halted");
}

static void
flash_is_listed_with_its_sectors(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_has(say(bench, "flash info"), " KiB at 0x08000000, sectors: ");
	assert_has(say(bench, "flash probe 0"), "#0 : ");
	assert_has(say(bench, "flash write_image erase x.elf"), "nothing was programmed");
}

/* This chip has neither a core that would run the loader nor all option bytes. */
static void
erasing_and_option_bytes_begin_with_the_chip(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_has(failed(bench, "erase_mass", "E0e"), "loading STM32G4 into the RAM");
	assert_has(failed(bench, "flash mass_erase", "E0e"),
		   "loading STM32G4 into the RAM");
	assert_has(failed(bench, "options", "E0e"), "reading the option bytes");
	assert_has(refused(bench, "recover all"), "usage: monitor recover [--yes]");
	assert_has(refused(bench, "recover"), "nothing was erased: that needs consent");
	assert_int_equal(bench->fake.core->resets, 0);
	assert_has(refused(bench, "options set"), "usage: monitor options set NAME=VALUE");
	assert_has(failed(bench, "options set WRP=none", "E0e"),
		   "reading the option bytes");
}

static void
what_is_there_is_said(void **state)
{
	static const struct {
		const char *line, *words;
	} rows[] = {
		{ "version", "cm4 of STM32G471/473/474/483/484, revision 0x2003" },
		{ "fault", "cm4 is halted on request" },
		{ "nrst", "nothing in this session has used NRST" },
		{ "flash banks", "#1 : flash bank 2 at 0x08040000, size 0x00010000" },
		{ "flash list", "#0 : flash bank 1 at 0x08000000" },
		{ "swd_scan", "attach is not needed" },
		{ "jtag_scan", "* 0 cm4: halted" },
	};
	struct bench *bench = *state;

	bench_greet(bench, 0);
	for (size_t i = 0; i < array_len(rows); i++)
		assert_has(say(bench, rows[i].line), rows[i].words);
}

/* So that scripts for other servers go on. */
static void
what_tether_does_not_have_is_said_and_is_no_error(void **state)
{
	static const struct {
		const char *line, *words;
	} rows[] = {
		{ "arm core_state arm", "nothing like it" },
		{ "tpiu config disable", "--swo-port or --swo-text" },
		{ "itm ports on", "--swo-port or --swo-text" },
		{ "swv start", "--swo-port or --swo-text" },
		{ "semihosting IOClient 2", "goes to gdb and to the log" },
		{ "semihosting ThumbSWI 0xAB", "BKPT 0xAB" },
		{ "semihosting ARMSWI 0x123456", "BKPT 0xAB" },
		{ "semihosting breakOnError 1", "nothing was done" },
		{ "adapter driver stlink", "tether knows adapter speed" },
		{ "cortex_m maskisr on", "tether knows cortex_m vector_catch" },
		{ "set WORKAREASIZE 0x8000", "no variables" },
		{ "connect_rst enable", "use --connect under-reset" },
		{ "interface SWD", "uses SWD" },
		{ "endian little", "little-endian" },
		{ "device STM32G473VB", "the part is identified" },
		{ "flash set_parallelism_mode 2", "the width by the supply" },
		{ "led 1", "does not blink" },
	};
	struct bench *bench = *state;

	bench_greet(bench, 0);
	for (size_t i = 0; i < array_len(rows); i++)
		assert_has(say(bench, rows[i].line), rows[i].words);
	assert_int_equal(bench->fake.core->resets, 0);
}

static unsigned asked;

static void
count_end(void *context)
{
	(void)context;
	asked++;
}

static void
a_client_ends_the_server_only_where_it_may(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_has(failed(bench, "exit", "E5f"), "this server is not ended by a client");
	asked = 0;
	bench->server.end = count_end;
	say(bench, "shutdown");
	assert_int_equal(asked, 1);
	assert_true(bench_logs(bench, "asked for it (monitor shutdown)"));
}

/* In the order of each client; none may be refused. */
static void
launches_of_ides_are_answered_with_ok(void **state)
{
	static const char *const lines[] = {
		/* PlatformIO, Zephyr's runners, scripts for openocd */
		"init",
		"reset halt",
		"halt",
		"reset init",
		"reset",
		"targets",
		"poll",
		"adapter speed 4000",
		"arm semihosting enable",
		"arm semihosting disable",
		"mwb 0x20000000 0 16",
		"rtt setup 0x20000000 16 {SEGGER RTT}",
		"rtt polling_interval 10",
		"rtt server start 19021 0",
		"rtt start",
		"CDSWOConfigure 170000000 2000000 :50001",
		"gdb_sync",
		"gdb_breakpoint_override hard",
		"cortex_m vector_catch hard_err",
		/* STM32CubeIDE */
		"WriteDP 0x2 0xF0",
		"ReadAP 0x2",
		"reset hardware",
		"reset core",
		/* J-Link scripts */
		"clrbp",
		"speed auto",
		"speed 4000",
		"go",
		"halt",
		"flash device STM32G473VB",
		"flash breakpoints 1",
		"exec SetRTTAddr 0x20000000",
		"SWO EnableTarget 0 2000000 1 0",
		"regs",
		"reg r0 0x0",
		"semihosting enable",
		/* Black Magic */
		"swdp_scan",
		"auto_scan",
		"attach 1",
		"tpwr enable",
		"vector_catch enable hard",
	};
	struct bench *bench = *state;

	bench_greet(bench, 0);
	for (size_t i = 0; i < array_len(lines); i++)
		say(bench, lines[i]);
	assert_has(say(bench, "arm semihosting disable"), "semihosting is off");
}

/* What tutorials for other servers type: what tether does under another name names that. */
static void
a_command_of_another_server_that_is_not_done_names_tethers_own(void **state)
{
	static const struct {
		const char *line, *words;
	} said[] = {
		{ "stm32l4x unlock 0", "monitor options set RDP=0 --yes takes it back" },
		{ "stm32f1x lock 0", "monitor options set RDP=1 --yes sets it" },
		{ "stm32f2x unlock 0", "RDP=0 --yes" },
		{ "stm32f3x unlock 0", "RDP=0 --yes" },
		{ "stm32f4x options_write 0 0x20", "monitor options set NAME=VALUE" },
		{ "stm32f7x unlock 0", "RDP=0 --yes" },
		{ "stm32g0x unlock 0", "RDP=0 --yes" },
		{ "stm32g4x trustzone 0 enable", "monitor options set NAME=VALUE" },
		{ "stm32h7x option_write 0 0x20 1", "monitor options set NAME=VALUE" },
		{ "stm32lx unlock 0", "RDP=0 --yes" },
		{ "stm32l0 unlock 0", "RDP=0 --yes" },
		{ "stm32l1 unlock 0", "RDP=0 --yes" },
		{ "stm32u5x option_load 0", "has the chip load them by itself" },
		{ "stm32wbx wrp_info 0", "tether knows mass_erase and option_read" },
		{ "flash write_image erase x.elf", "in gdb \"load\" does it" },
		{ "flash write_bank 0 x.bin", "tether flash FILE" },
		{ "flash verify_image x.elf", "\"compare-sections\"" },
		{ "flash verify_bank 0 x.bin", "tether verify FILE" },
		{ "flash read_bank 0 x.bin", "\"dump binary memory FILE FROM TO\"" },
		{ "flash protect 0 0 last off", "monitor options set WRP=none" },
		{ "program x.elf verify reset exit", "in gdb \"load\" does it" },
		{ "load_image x.elf", "in gdb \"load\" does it" },
		{ "verify_image x.elf", "\"compare-sections\"" },
		{ "dump_image x.bin 0x08000000 16", "tether read ADDRESS LENGTH FILE" },
		{ "loadfile x.hex", "in gdb \"load\" does it" },
		{ "reset_config srst_only", "--connect under-reset" },
		{ "connect_srst enable", "--connect under-reset" },
		{ "transport select swd", "tether uses SWD" },
		{ "source [find target/stm32f4x.cfg]", "the chip is identified" },
		{ "dap info", "tether doctor shows" },
		{ "debug_level 3", "--log" },
		{ "log_output x.log", "--log-json" },
		{ "gdb_port 3333", "--port" },
		{ "telnet_port 4444", "--port" },
		{ "tcl_port 6666", "--port" },
		{ "gdb_memory_map enable", "gdb has the memory map" },
		{ "gdb_flash_program enable", "gdb's load programs flash" },
		{ "bp 0x08000000 2 hw", "gdb sets breakpoints" },
		{ "rbp 0x08000000", "gdb sets breakpoints" },
		{ "wp 0x20000000 4 w", "gdb sets breakpoints" },
		{ "rwp 0x20000000", "gdb sets breakpoints" },
		{ "setbp 0x08000000", "gdb sets breakpoints" },
		{ "step", "stepi" },
		{ "wait_halt 1000", "gdb itself waits" },
		{ "waithalt 1000", "gdb itself waits" },
		{ "flash device=STM32G473VB", "--target names another" },
		{ "flash device = STM32G473VB", "--target names another" },
		{ "flash download = 1", "gdb's load programs flash" },
		{ "flash breakpoints = 1", "take the core's units" },
		{ "DisableChecks", "nothing was done" },
		{ "EnableChecks", "nothing was done" },
		{ "power on", "does not switch the target's supply" },
		{ "option erase", "RDP=0 --yes" },
		{ "unlock", "monitor recover --yes" },
		{ "frequency 4M", "monitor speed KHZ" },
		{ "freq 4M", "monitor speed KHZ" },
		{ "flash fillw 0 0 4", "tether knows info" },
		{ "halt_timeout 100", "--halt-timeout MS" },
		{ "heapinfo", "nothing was done" },
		{ "morse", "monitor why" },
		{ "traceswo", "--swo-port" },
		{ "swo create", "--swo-port" },
		{ "show fault", "fault" },
	};
	struct bench *bench = *state;

	bench_greet(bench, 0);
	for (size_t i = 0; i < array_len(said); i++)
		assert_has(say(bench, said[i].line), said[i].words);
}

static void
a_command_of_another_server_that_tether_has_is_done(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_has(say(bench, "memU32 0x20000000 = 0x11223344"), "");
	assert_has(say(bench, "memU32 0x20000000"), "0x20000000: 11223344");
	assert_has(say(bench, "memU16 0x20000000=0x5566"), "");
	assert_has(say(bench, "memU16 0x20000000"), "0x20000000: 5566");
	assert_has(say(bench, "memU8 0x20000003 = 0"), "");
	assert_has(say(bench, "mdw 0x20000000"), "0x20000000: 00225566");
	assert_has(say(bench, "echo half way there"), "half way there");
	assert_has(say(bench, "adapter_khz 1000"), "SWD at 1");
	assert_has(say(bench, "status"), "cm4");
	assert_has(say(bench, "soft_reset_halt"), "cm4 is halted at");
	assert_has(say(bench, "hard_srst"), "cm4 is halted at");
	assert_has(refused(bench, "flash erase_address pad 0x20000000 16"),
		   "is not in flash");
}

static void
what_is_recorded_is_said_and_begun_in_a_file_that_is_new(void **state)
{
	struct bench *bench = *state;
	struct recording recording = { .is_by_option = true };

	bench_greet(bench, 0);
	assert_has(failed(bench, "record", "E5f"), "this server does not record");
	bench->server.recording = &recording;
	assert_has(say(bench, "record"), "recording to the file of --record");
	assert_has(refused(bench, "record /tmp/x"),
		   "since tether was started with --record");
	recording.is_by_option = false;
	assert_has(say(bench, "record"), "not recording to a file");
	assert_has(refused(bench, "record off"), "nothing is recorded to a file");
	bench->server.recording = NULL;
}

static void
the_manual_has_every_command_that_help_shows(void **state)
{
	static char text[32768];
	FILE *file = fmemopen(text, sizeof(text), "w");
	size_t column = 0;

	(void)state;
	manual_print(file);
	fclose(file);
	for (size_t i = 0; monitor_tables[i] != NULL; i++)
		for (const struct monitor_row *row = monitor_tables[i]; row->name != NULL;
		     row++)
			if (row->help != NULL)
				assert_has(text, row->name);
	for (const char *c = text; *c != '\0'; c++) {
		column = *c == '\n' ? 0 : column + 1;
		assert_true(column <= 80);
	}
}

/* The last of the list. */
static void
every_command_has_a_test_of_its_own_in_this_file(void **state)
{
	char missing[1024];
	struct text names;

	(void)state;
	text_init(&names, missing, sizeof(missing));
	for (size_t i = 0; monitor_tables[i] != NULL; i++)
		for (const struct monitor_row *row = monitor_tables[i]; row->name != NULL;
		     row++)
			if (!is_tried(row))
				text_add(&names, " \"%s\"", row->name);
	if (names.used > 0)
		fail_msg("no test here says%s", missing);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(an_unknown_command_names_the_nearest_and_breaks_no_launch),
		BENCH_TEST(help_lists_by_topic_and_explains_one),
		BENCH_TEST(each_topic_that_help_names_is_listed_by_it),
		BENCH_TEST(every_command_answers_in_words_or_with_ok),
		cmocka_unit_test(names_do_not_hide_each_other),
		BENCH_TEST(memory_is_read_and_written_in_three_widths),
		BENCH_TEST(a_wrong_place_or_count_is_refused_in_words),
		BENCH_TEST(registers_are_printed_and_set),
		BENCH_TEST(a_sleep_holds_its_client_and_no_other),
		BENCH_TEST(exceptions_that_halt_the_core_are_chosen),
		BENCH_TEST(a_core_that_is_resumed_runs_and_is_halted),
		BENCH_TEST(flash_is_listed_with_its_sectors),
		BENCH_TEST(erasing_and_option_bytes_begin_with_the_chip),
		BENCH_TEST(what_is_there_is_said),
		BENCH_TEST(what_tether_does_not_have_is_said_and_is_no_error),
		BENCH_TEST(a_client_ends_the_server_only_where_it_may),
		BENCH_TEST(launches_of_ides_are_answered_with_ok),
		BENCH_TEST(a_command_of_another_server_that_is_not_done_names_tethers_own),
		BENCH_TEST(a_command_of_another_server_that_tether_has_is_done),
		BENCH_TEST(what_is_recorded_is_said_and_begun_in_a_file_that_is_new),
		cmocka_unit_test(the_manual_has_every_command_that_help_shows),
		cmocka_unit_test(every_command_has_a_test_of_its_own_in_this_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
