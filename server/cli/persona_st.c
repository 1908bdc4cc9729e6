/* SPDX-License-Identifier: MIT */
/*
 * persona_st.c - ST-LINK_gdbserver, as STM32CubeIDE, Cortex-Debug ("stlink") and west start it.
 *
 * Options: its help (7.10 to 7.14). Output: everything on stdout; the line that is waited for
 * ("Waiting for debugger connection...") is printed again after each client that came. Exit
 * statuses and the words before them: published logs of failures.
 */
#include "server/cli/persona.h"

#include "server/monitor/version.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ST_PORT = 61234, MAX_ACCESS_PORT = 255, MAX_LOG_LEVEL = 31 };

/* How its own version is called that these options are of. */
#define ST_VERSION "7.14.0"

/* A set of bits; with all of them it logs each packet. */
static enum cause
set_log_level(const struct option *option, struct options *options, const char *value,
	      struct reason *why)
{
	struct option number = *option;
	enum cause cause = option_set_number(&number, options, value, why);

	if (cause == CAUSE_NONE && options->persona_log_level == MAX_LOG_LEVEL)
		log_set("debug");
	return cause;
}

/* A file of options: words, and lines that begin with "#". */
static enum cause set_config(const struct option *option, struct options *options,
			     const char *value, struct reason *why);

static const struct option st_options[] = {
	{ .name = "--port-number",
	  .letter = "-p",
	  .value = "PORT",
	  .set = option_set_number,
	  OPTION_NUMBER(port, 0, OPTION_MAX_PORT),
	  .help = "--port" },
	{ .name = "--initialize-reset",
	  .letter = "-k",
	  .set = option_connects_under_reset,
	  .help = "--connect under-reset" },
	{ .name = "--attach",
	  .letter = "-g",
	  .set = option_attaches,
	  .help = "--connect attach; without this and -k the chip is reset at the start" },
	{ .name = "--serial-number",
	  .letter = "-i",
	  .value = "SERIAL",
	  .set = option_set_probe,
	  .help = "--probe" },
	{ .name = "--apid",
	  .letter = "-m",
	  .value = "PORT",
	  .set = option_set_core_port,
	  OPTION_NUMBER(core_port, 0, MAX_ACCESS_PORT),
	  .help = "serve the core behind this access port (default: all cores)" },
	{ .name = "--frequency",
	  .value = "KHZ",
	  .set = option_set_speed,
	  OPTION_NUMBER(board.speed_hz, 1, OPTION_MAX_SPEED_KHZ),
	  .help = "--speed" },
	{ .name = "--persistent",
	  .letter = "-e",
	  .set = option_stays,
	  .help = "go on after the last session; without it tether ends, as with --once" },
	{ .name = "--verbose",
	  .letter = "-v",
	  .set = option_set_verbose,
	  .help = "--log debug" },
	{ .name = "--log-level",
	  .letter = "-l",
	  .value = "LEVEL",
	  .set = set_log_level,
	  OPTION_NUMBER(persona_log_level, 0, MAX_LOG_LEVEL),
	  .help = "31: --log debug" },
	{ .name = "--config-file",
	  .letter = "-c",
	  .value = "FILE",
	  .set = set_config,
	  .help = "read more of these options from FILE" },
	{ .name = "--debuggers",
	  .letter = "-q",
	  .set = option_set_flag,
	  OPTION_AT(wants_probes),
	  .help = "list the probes and end, as tether probes" },
	{ .name = "--swd", .letter = "-d", .set = option_is_so, .help = "always on" },
	{ .name = "--verify", .letter = "-s", .set = option_is_so, .help = "always on" },
	{ .name = "--incremental",
	  .set = option_is_so,
	  .help = "always on: what the flash holds already is left alone" },
	{ .name = "--halt", .set = option_is_so, .help = "always on: monitor reset halts" },
	{ .name = "--stm32cubeprogrammer-path",
	  .letter = "-cp",
	  .value = "FOLDER",
	  .set = option_is_so,
	  .help = "not needed: tether programs by itself" },
	{ .name = "--ext-memory-loaders",
	  .set = option_means_nothing,
	  .help = "no meaning: see --extload" },
	{ .name = "--extload",
	  .letter = "-el",
	  .value = "FILE",
	  .set = option_add_algorithm,
	  .help = "--algorithm" },
	{ .name = "--extload_init",
	  .letter = "-ei",
	  .value = "FILE",
	  .set = option_add_algorithm,
	  .help = "the same; its Init runs when it programs, not after each reset" },
	{ .name = "--external-init",
	  .set = option_means_nothing,
	  .help = "no meaning: a loader's Init runs when it programs" },
	{ .name = "--shared",
	  .letter = "-t",
	  .set = option_set_flag,
	  OPTION_AT(is_joint),
	  .help = "share the probe with others that are started so, each for the core of "
		  "its -m; whichever ends, the rest goes on" },
	{ .name = "--swo-port",
	  .letter = "-z",
	  .value = "PORT",
	  .set = option_set_swo_port,
	  OPTION_NUMBER(swo.port, 0, UINT16_MAX),
	  .help = "--swo-port" },
	{ .name = "--cpu-clock",
	  .letter = "-a",
	  .value = "HZ",
	  .set = option_set_number,
	  OPTION_NUMBER(swo.core_hz, 1, OPTION_MAX_CPU_HZ),
	  .help = "--cpu-clock" },
	{ .name = "--swo-clock-div",
	  .letter = "-b",
	  .value = "DIVIDER",
	  .set = option_set_number,
	  OPTION_NUMBER(swo.divider, 1, UINT16_MAX),
	  .help = "the client sets the target up for SWO, with this divider" },
	{ .name = "--semihosting",
	  .value = "LEVEL",
	  .set = option_means_nothing,
	  .help = "no meaning: semihosting is always served" },
	{ .name = "--semihost-console-port",
	  .value = "PORT",
	  .set = option_means_nothing,
	  .help = "no meaning: a program's text goes to gdb's console" },
	{ .name = "--erase-all",
	  .set = option_means_nothing,
	  .help = "no meaning: only what is programmed is erased; see monitor flash "
		  "erase" },
	{ .name = "--memory-map",
	  .value = "ID",
	  .set = option_means_nothing,
	  .help = "no meaning: the chip is identified" },
	{ .name = "--refresh-delay",
	  .letter = "-r",
	  .value = "SECONDS",
	  .set = option_means_nothing,
	  .help = "no meaning" },
	{ .name = "--log-file",
	  .letter = "-f",
	  .value = "FILE",
	  .set = option_set_text,
	  OPTION_AT(log_json),
	  .help = "--log-json" },
	{ .name = "--pend-halt-timeout",
	  .value = "MS",
	  .set = option_set_number,
	  OPTION_NUMBER(board.halt_timeout_ms, 0, OPTION_MAX_WAIT_MS),
	  .help = "--halt-timeout" },
	{ .name = "--target-sel",
	  .value = "ID",
	  .set = option_means_nothing,
	  .help = "no meaning: SWD multidrop is not used" },
	{ .name = "--pcm-pm-force", .set = option_means_nothing, .help = "no meaning" },
	{ .name = "--temp-path",
	  .value = "FOLDER",
	  .set = option_means_nothing,
	  .help = "no meaning: no file is needed between" },
	{ .name = "--preserve-temps",
	  .set = option_means_nothing,
	  .help = "no meaning: no file is needed between" },
	{ .name = "--licenses",
	  .set = option_set_flag,
	  OPTION_AT(wants_version),
	  .help = "as --version" },
	{ .name = "--version",
	  .set = option_set_flag,
	  OPTION_AT(wants_version),
	  .help = "print the version" },
	{ .name = "--help",
	  .letter = "-h",
	  .set = option_set_flag,
	  OPTION_AT(wants_help),
	  .help = "print this text" },
	{ .name = NULL },
};

enum { CONFIG_SPACE = 4096, CONFIG_WORDS = 128 };

/* Cuts the next piece off `*text` and terminates it. NULL: there is none. */
static char *
cut_off(char **text, const char *separators)
{
	char *piece = *text + strspn(*text, separators);
	size_t len = strcspn(piece, separators);

	if (len == 0)
		return NULL;
	*text = piece + len + (piece[len] != '\0');
	piece[len] = '\0';
	return piece;
}

/* Cuts `text` into words without comments; of more than fit the rest is left out. */
static void
split_config(char *text, char **words)
{
	unsigned len = 0;
	char *line, *word;

	while ((line = cut_off(&text, "\r\n")) != NULL) {
		line += strspn(line, " \t");
		if (line[0] == '#')
			continue;
		while (len < CONFIG_WORDS && (word = cut_off(&line, " \t")) != NULL)
			words[len++] = word;
	}
	words[len] = NULL;
}

static enum cause
set_config(const struct option *option, struct options *options, const char *value,
	   struct reason *why)
{
	/* The options point into it, as those of the command line into its words. */
	static char text[CONFIG_SPACE];
	static char *words[CONFIG_WORDS + 1];
	FILE *file;
	size_t size;

	(void)option;
	file = fopen(value, "r");
	if (file == NULL)
		return reason_begin(why, CAUSE_REQUEST, "the file %s cannot be read: %s",
				    value, strerror(errno));
	size = fread(text, 1, sizeof(text) - 1, file);
	text[size] = '\0';
	fclose(file);
	split_config(text, words);
	for (char **word = words; *word != NULL; word++)
		if (strcmp(*word, "-c") == 0 || strcmp(*word, "--config-file") == 0)
			return reason_begin(why, CAUSE_REQUEST,
					    "the file %s names another one with %s", value,
					    *word);
	return persona_parse_more(options, words, why);
}

static void
begin(const struct options *options)
{
	const char *mode = options->board.connect == CONNECT_UNDER_RESET
				   ? "\n        InitWhile                  : Enabled"
				   : "";

	log_print(
		"\n\ntether %s in the place of the STMicroelectronics ST-LINK GDB server. "
		"Version " ST_VERSION "\n\n"
		"Starting server with the following options:\n"
		"        Persistent Mode            : %s\n"
		"        Logging Level              : %u\n"
		"        Listen Port Number         : %u\n"
		"        Status Refresh Delay       : 15s\n"
		"        Verbose Mode               : %s\n"
		"        SWD Debug                  : Enabled%s\n",
		tether_version, options->once ? "Disabled" : "Enabled",
		(unsigned)options->persona_log_level, (unsigned)options->port,
		log_wants(LOG_DEBUG, "server") ? "Enabled" : "Disabled", mode);
}

static void
listening(unsigned port)
{
	log_print("Waiting for connection on port %u...", port);
	log_print("Waiting for debugger connection...");
}

static void
connected(void)
{
	log_print("Debugger connected");
	log_print("Waiting for debugger connection...");
}

static void
ending(void)
{
	log_print("Shutting down...\nExit.");
}

/* The last row is for what no other names. */
static const struct {
	enum finding finding;
	int status;
	const char *before, *words;
} failures[] = {
	{ FINDING_A1, 20, "", "No ST-LINK found. Please check ST-LINK USB cable." },
	{ FINDING_A2, 1, "Device connect error\n",
	  "Failed to connect to device. Please check power and cabling to target." },
	{ FINDING_A3, 1, "Device connect error\n",
	  "Failed to connect to device. Please check power and cabling to target." },
	{ FINDING_A8, 6, "",
	  "ST-LINK firmware upgrade required. Please upgrade the ST-LINK firmware." },
	{ FINDING_A7, 13, "Target USB comms error\n",
	  "Unknown. Please check power and cabling to target." },
	{ FINDING_B1, 4, "Target no device found\n", "No device found on target." },
	{ FINDING_B6, 4, "Target no device found\n", "No device found on target." },
	{ FINDING_TARGET_SILENT, 4, "Target no device found\n",
	  "No device found on target." },
	{ FINDING_LINK_SILENT, 4, "Target no device found\n",
	  "No device found on target." },
	{ FINDING_TARGET_NONSENSE, 5, "Target unknown MCU target\n",
	  "Unknown MCU found on target." },
	{ FINDING_NONE, 13, "Target unknown error 19\n",
	  "Unknown. Please check power and cabling to target." },
};

static int
failed(const struct options *options, const struct reason *why)
{
	size_t i = 0;

	if (options->probe != NULL && reason_finding(why) == FINDING_PROBE_NOT_THERE) {
		log_print("\nError in initializing ST-LINK device.\n"
			  "Reason: (17) ST-LINK: %s not found.",
			  strrchr(options->probe, ':') == NULL
				  ? options->probe
				  : strrchr(options->probe, ':') + 1);
		return 17;
	}
	while (failures[i].finding != FINDING_NONE &&
	       failures[i].finding != reason_finding(why))
		i++;
	log_print("%s\nError in initializing ST-LINK device.\nReason: (%d) %s",
		  failures[i].before, failures[i].status, failures[i].words);
	return failures[i].status;
}

static void
version(void)
{
	printf("\nST-LINK_gdbserver  version: " ST_VERSION " (tether %s)\n\n",
	       tether_version);
}

const struct persona persona_st = {
	.name = "ST-LINK_gdbserver",
	.options = st_options,
	.port = ST_PORT,
	.begin = begin,
	.listening = listening,
	.connected = connected,
	.ending = ending,
	.failed = failed,
	.version = version,
};
