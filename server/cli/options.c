/* SPDX-License-Identifier: MIT */
#include "server/cli/options.h"

#include "flash/interfaces/nor.h"
#include "server/cli/targets.h"
#include "server/monitor/rows.h"
#include "server/session/listener.h"
#include "targets/chip/device.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/nearest.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	enum connect_mode mode;
} connect_modes[] = {
	{ "auto", CONNECT_AUTO },
	{ "attach", CONNECT_ATTACH },
	{ "halt", CONNECT_HALT },
	{ "under-reset", CONNECT_UNDER_RESET },
};

/* Those that the calls of log.h name: scripts/check-log compares. */
/* clang-format off */
#define LOG_ROOMS "adi, board, flash, job, live, log, probe, reader, record, rsp, server, session, share, usb"
/* clang-format on */

static void *
member_of(struct options *options, const struct option *option)
{
	return (char *)options + option->at;
}

enum cause
option_set_flag(const struct option *option, struct options *options, const char *value,
		struct reason *why)
{
	(void)value;
	(void)why;
	*(bool *)member_of(options, option) = true;
	return CAUSE_NONE;
}

enum cause
option_set_text(const struct option *option, struct options *options, const char *value,
		struct reason *why)
{
	(void)why;
	*(const char **)member_of(options, option) = value;
	return CAUSE_NONE;
}

enum cause
option_set_number(const struct option *option, struct options *options, const char *value,
		  struct reason *why)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(value, &end, 0);
	if (errno != 0 || end == value || *end != '\0' || value[0] == '-' ||
	    n < option->min || n > option->max || monitor_lacks_prefix(value)) {
		reason_begin(why, CAUSE_REQUEST, "\"%s\" is not a number from %u to %u",
			     value, (unsigned)option->min, (unsigned)option->max);
		if (monitor_lacks_prefix(value))
			reason_suspect_with(why, FINDING_REQUEST_NUMBER, "0x%s", value);
		return why->cause;
	}
	*(uint32_t *)member_of(options, option) = (uint32_t)n;
	return CAUSE_NONE;
}

enum cause
option_set_probe(const struct option *option, struct options *options, const char *value,
		 struct reason *why)
{
	(void)option;
	options->probe = value;
	return probe_check_spec(value, why);
}

static enum cause
set_pins(const struct option *option, struct options *options, const char *value,
	 struct reason *why)
{
	(void)option;
	options->pins = value;
	return nor_check(value, why);
}

static enum cause
set_bind(const struct option *option, struct options *options, const char *value,
	 struct reason *why)
{
	(void)option;
	options->bind = value;
	return listener_check_address(value, why);
}

static enum cause
set_connect(const struct option *option, struct options *options, const char *value,
	    struct reason *why)
{
	(void)option;
	for (size_t i = 0; i < array_len(connect_modes); i++)
		if (strcmp(value, connect_modes[i].name) == 0) {
			options->board.connect = connect_modes[i].mode;
			return CAUSE_NONE;
		}
	return reason_begin(
		why, CAUSE_REQUEST,
		"\"%s\" is not a way to connect: auto, attach, halt or under-reset", value);
}

enum cause
option_set_speed(const struct option *option, struct options *options, const char *value,
		 struct reason *why)
{
	enum cause cause;

	options->board.speed_hz = 0;
	if (strcmp(value, "auto") == 0)
		return CAUSE_NONE;
	cause = option_set_number(option, options, value, why);
	if (cause == CAUSE_NONE)
		options->board.speed_hz *= HZ_PER_KHZ;
	return cause;
}

static enum cause
set_settle(const struct option *option, struct options *options, const char *value,
	   struct reason *why)
{
	return option_set_number(option, options, strcmp(value, "auto") == 0 ? "0" : value,
				 why);
}

static enum cause
set_at(const struct option *option, struct options *options, const char *value,
       struct reason *why)
{
	options->has_at = true;
	return option_set_number(option, options, value, why);
}

enum cause
option_set_swo_port(const struct option *option, struct options *options, const char *value,
		    struct reason *why)
{
	options->swo.has_port = true;
	return option_set_number(option, options, value, why);
}

static enum cause
set_rtt_port(const struct option *option, struct options *options, const char *value,
	     struct reason *why)
{
	options->rtt.has_port = true;
	return option_set_number(option, options, value, why);
}

enum cause
option_add_algorithm(const struct option *option, struct options *options,
		     const char *value, struct reason *why)
{
	(void)option;
	if (options->algorithms_len == BOARD_MAX_EXTERNAL)
		return reason_begin(why, CAUSE_REQUEST, "there are more than %d loaders",
				    BOARD_MAX_EXTERNAL);
	options->algorithms[options->algorithms_len++] = value;
	return CAUSE_NONE;
}

static enum cause
set_share(const struct option *option, struct options *options, const char *value,
	  struct reason *why)
{
	options->is_shared = true;
	return value == NULL ? CAUSE_NONE : option_set_number(option, options, value, why);
}

enum cause
option_set_core_port(const struct option *option, struct options *options,
		     const char *value, struct reason *why)
{
	options->has_core_port = true;
	return option_set_number(option, options, value, why);
}

static enum cause
set_target(const struct option *option, struct options *options, const char *value,
	   struct reason *why)
{
	const struct targets_wanted wanted = { &value, 1 };
	unsigned count;

	(void)option;
	options->board.target = value;
	if (device_by_name(&device_table, value) != NULL)
		return CAUSE_NONE;
	count = targets_count(&device_table, &wanted);
	if (count > 1)
		reason_begin(why, CAUSE_REQUEST,
			     "%u parts have names that begin with \"%s\": tether targets "
			     "%s lists them",
			     count, value, value);
	else
		reason_begin(why, CAUSE_REQUEST, "\"%s\" is not the name of one part",
			     value);
	reason_suspect(why, FINDING_REQUEST_NO_SUCH_PART);
	return why->cause;
}

/* "probe=wire" names one of LOG_ROOMS, "wire" none. */
static bool
names_log_room(const char *setting)
{
	const char *room = LOG_ROOMS;
	size_t len = strcspn(setting, "=");

	while (strncmp(room, setting, len) != 0 || strcspn(room, ",") != len) {
		room += strcspn(room, ",");
		if (*room == '\0')
			return false;
		room += strlen(", ");
	}
	return true;
}

static enum cause
set_log(const struct option *option, struct options *options, const char *value,
	struct reason *why)
{
	(void)option;
	(void)options;
	if (strchr(value, '=') != NULL && !names_log_room(value))
		return reason_begin(why, CAUSE_REQUEST,
				    "\"%s\" names no room of the log: " LOG_ROOMS, value);
	if (!log_set(value))
		return reason_begin(
			why, CAUSE_REQUEST,
			"\"%s\" is not a log setting such as debug or probe=wire", value);
	return CAUSE_NONE;
}

enum cause
option_set_verbose(const struct option *option, struct options *options, const char *value,
		   struct reason *why)
{
	(void)value;
	return set_log(option, options, "debug", why);
}

/* The options before it were read as tether's. */
static enum cause
refuse_late_name(const struct option *option, struct options *options, const char *value,
		 struct reason *why)
{
	(void)options;
	(void)value;
	return reason_begin(why, CAUSE_REQUEST, "%s has to be the first option",
			    option->name);
}

const struct option tether_options[] = {
	{ .name = "Reaching the target" },
	{ .use = FOR_TARGET,
	  .name = "--probe",
	  .value = "PROBE",
	  .set = option_set_probe,
	  .help = "on USB: by the beginning of its serial, its id (0483:374b) or its place "
		  "(1-4.2), or stlink[:WHICH] or cmsis-dap[:WHICH]; on TCP: "
		  "stlink-tcp:HOST:PORT[:SERIAL] or cmsis-dap-tcp:HOST:PORT; "
		  "shared[:SERIAL] with other tethers, one for each --core (default: the "
		  "only one on USB, see tether probes). faulty:SEED[:RATE]:PROBE makes one "
		  "call of PROBE in RATE fail, to see what happens then" },
	{ .use = FOR_CLIENTS,
	  .name = "--wait",
	  .set = option_set_flag,
	  OPTION_AT(wait),
	  .help = "listen when probe and target are there, however long that takes "
		  "(default: listen at once, and show in gdb what is missing)" },
	{ .use = FOR_TARGET,
	  .name = "--connect",
	  .value = "HOW",
	  .set = set_connect,
	  .help = "auto, attach, halt or under-reset (default: auto)" },
	{ .use = FOR_TARGET,
	  .name = "--speed",
	  .value = "KHZ",
	  .set = option_set_speed,
	  OPTION_NUMBER(board.speed_hz, 1, OPTION_MAX_SPEED_KHZ),
	  .help = "SWD clock; auto: 4000, of an ST-LINK/V2 1800, a slower one where the "
		  "wires damage something, and while a program is loaded the fastest that "
		  "reads memory without errors (default: auto)" },
	{ .use = FOR_TARGET,
	  .name = "--nrst-hold",
	  .value = "MS",
	  .set = option_set_number,
	  OPTION_NUMBER(board.nrst_hold_ms, 0, OPTION_MAX_WAIT_MS),
	  .help = "how long NRST is held low (default: 20)" },
	{ .use = FOR_TARGET,
	  .name = "--nrst-settle",
	  .value = "MS",
	  .set = set_settle,
	  OPTION_NUMBER(board.nrst_settle_ms, 0, OPTION_MAX_WAIT_MS),
	  .help = "how long NRST may take to rise; auto: up to 5000 (default: auto)" },
	{ .use = FOR_TARGET,
	  .name = "--halt-timeout",
	  .value = "MS",
	  .set = option_set_number,
	  OPTION_NUMBER(board.halt_timeout_ms, 0, OPTION_MAX_WAIT_MS),
	  .help = "how long the core may take to halt (default: 100)" },
	{ .use = FOR_TARGET,
	  .name = "--target",
	  .value = "NAME",
	  .set = set_target,
	  .help = "use this part's memories and flash instead of those of the part that "
		  "was identified (default: as identified)" },
	{ .use = FOR_CORE,
	  .name = "--core",
	  .value = "NAME",
	  .set = option_set_text,
	  OPTION_AT(core),
	  .help = "this core alone (default: serve all, flash and read by the first)" },
	{ .name = "Serving gdb" },
	{ .use = FOR_CLIENTS,
	  .name = "--port",
	  .letter = "-p",
	  .value = "PORT",
	  .set = option_set_number,
	  OPTION_NUMBER(port, 0, OPTION_MAX_PORT),
	  .help = "TCP port of the first core; 0: any free port (default: 61234)" },
	{ .use = FOR_CLIENTS,
	  .name = "--bind",
	  .value = "ADDRESS",
	  .set = set_bind,
	  .help = "where to listen; other computers can reach any but 127.0.0.1 and ::1 "
		  "(default: 127.0.0.1)" },
	{ .use = FOR_CLIENTS,
	  .name = "--share",
	  .value = "[PORT]",
	  .set = set_share,
	  OPTION_NUMBER(share_port, 0, OPTION_MAX_PORT),
	  .help = "let other programs (openocd, another tether) use the probe beside this "
		  "one: an ST-LINK as ST's stlink-server does, CMSIS-DAP in openocd's TCP "
		  "framing (default port: 7184)" },
	{ .use = FOR_CLIENTS,
	  .name = "--once",
	  .set = option_set_flag,
	  OPTION_AT(once),
	  .help = "end when the last session has ended, or without one when probe or "
		  "target are missing" },
	{ .use = FOR_CLIENTS,
	  .name = "--as",
	  .value = "NAME",
	  .set = refuse_late_name,
	  .help = "take the options of ST-LINK_gdbserver or st-util and print what those "
		  "print, for an IDE that starts them; as the first option, or by a link "
		  "of that name" },
	{ .use = FOR_CLIENTS,
	  .name = "--any-client",
	  .set = option_set_flag,
	  OPTION_AT(any_client),
	  .help = "let every client continue and step a core, not only the first "
		  "that did" },
	{ .use = FOR_CLIENTS,
	  .name = "--semihosting-dir",
	  .value = "DIR",
	  .set = option_set_text,
	  OPTION_AT(folder),
	  .help = "where a program may open files by semihosting (default: nowhere; its "
		  "text goes to gdb and to the log)" },
	{ .use = FOR_CLIENTS,
	  .name = "--swo-port",
	  .value = "PORT",
	  .set = option_set_swo_port,
	  OPTION_NUMBER(swo.port, 0, UINT16_MAX),
	  .help = "trace of the SWO pin, as it comes, on this TCP port; 0: any free one" },
	{ .use = FOR_CLIENTS,
	  .name = "--swo-text",
	  .set = option_set_flag,
	  OPTION_AT(swo.text),
	  .help = "what the program writes to the ITM's ports, as text in gdb's console "
		  "and in the log" },
	{ .use = FOR_CLIENTS,
	  .name = "--cpu-clock",
	  .value = "HZ",
	  .set = option_set_number,
	  OPTION_NUMBER(swo.core_hz, 1, OPTION_MAX_CPU_HZ),
	  .help = "the clock at which the core will run, for SWO" },
	{ .use = FOR_CLIENTS,
	  .name = "--swo-baud",
	  .value = "BAUD",
	  .set = option_set_number,
	  OPTION_NUMBER(swo.baud, 1000, 100000000),
	  .help = "how fast SWO is sent (default: 2000000)" },
	{ .use = FOR_CLIENTS,
	  .name = "--rtt-text",
	  .set = option_set_flag,
	  OPTION_AT(rtt.text),
	  .help = "what the program writes to channel 0 of SEGGER's RTT, as text in gdb's "
		  "console and in the log; its control block is sought in RAM" },
	{ .use = FOR_CLIENTS,
	  .name = "--rtt-port",
	  .value = "PORT",
	  .set = set_rtt_port,
	  OPTION_NUMBER(rtt.port, 0, UINT16_MAX),
	  .help = "the same, as it comes, on this TCP port, from which the down channel is "
		  "fed; 0: any free one" },
	{ .name = "Flash" },
	{ .use = FOR_PLACE,
	  .name = "--at",
	  .value = "ADDRESS",
	  .set = set_at,
	  OPTION_NUMBER(at, 0, UINT32_MAX),
	  .help = "where the bytes of a file without addresses begin" },
	{ .use = FOR_LOADERS,
	  .name = "--algorithm",
	  .value = "FILE",
	  .set = option_add_algorithm,
	  .help = "a loader for external flash, made for this board: a CMSIS .FLM, or an "
		  ".stldr of ST; up to two" },
	{ .use = FOR_LOADERS,
	  .name = "--pins",
	  .value = "MAP",
	  .set = set_pins,
	  .help = "program a serial flash with SFDP behind OCTOSPI or QUADSPI, without a "
		  "loader: clk=PB10,ncs=PB11,io0=PB1,io1=PB0[,io2=PA7,io3=PA6], or "
		  "program: as the running program has set its pins up. The cores are "
		  "halted for some milliseconds when tether connects" },
	{ .use = FOR_FLASH,
	  .name = "--full",
	  .set = option_set_flag,
	  OPTION_AT(is_full),
	  .help = "erase and program also what the flash holds already" },
	{ .use = FOR_FLASH,
	  .name = "--no-compression",
	  .set = option_set_flag,
	  OPTION_AT(is_plain),
	  .help = "send the image as it is also where it would load faster compressed" },
	{ .use = FOR_FLASH,
	  .name = "--program-otp",
	  .set = option_set_flag,
	  OPTION_AT(programs_otp),
	  .help = "program also what the image has for OTP memory, for good: no erase "
		  "brings it back (default: such an image is refused)" },
	{ .use = FOR_FLASH,
	  .name = "--no-preserve",
	  .set = option_set_flag,
	  OPTION_AT(discards),
	  .help = "erase what shares a sector with the image, instead of keeping it" },
	{ .use = FOR_FLASH,
	  .name = "--skip-unmapped",
	  .set = option_set_flag,
	  OPTION_AT(skips_unmapped),
	  .help = "leave out what is not for flash, instead of refusing the file" },
	{ .use = FOR_ERASE,
	  .name = "--sector",
	  .value = "N[-M]",
	  .set = option_set_text,
	  OPTION_AT(sectors),
	  .help = "erase these sectors, counted from 0 in their bank" },
	{ .use = FOR_CONSENT,
	  .name = "--yes",
	  .set = option_set_flag,
	  OPTION_AT(is_agreed),
	  .help = "do what cannot be taken back without asking: recover erases the first "
		  "sector of each flash bank, erase chip all of the flash, options set "
		  "what its warnings say" },
	{ .use = FOR_OPTIONS,
	  .name = "--lock-this-chip-for-ever",
	  .set = option_set_flag,
	  OPTION_AT(is_final),
	  .help = "with options set RDP=2 or PRODUCT_STATE: allow what nobody, ST "
		  "included, "
		  "can undo" },
	{ .name = "Output" },
	{ .use = FOR_DOCTOR,
	  .name = "--nrst",
	  .set = option_set_flag,
	  OPTION_AT(tests_nrst),
	  .help = "test NRST as well: is it wired, how fast does it rise; this resets the "
		  "chip" },
	{ .use = FOR_PAGE,
	  .name = "--report",
	  .value = "FILE",
	  .set = option_set_text,
	  OPTION_AT(report),
	  .help = "write what was found to FILE as well, as an HTML page that stands "
		  "alone" },
	{ .use = FOR_PAGE,
	  .name = "--short-serials",
	  .set = option_set_flag,
	  OPTION_AT(is_private),
	  .help = "show the beginning of a probe's serial only, in that page" },
	{ .use = FOR_LISTS,
	  .name = "--json",
	  .set = option_set_flag,
	  OPTION_AT(json),
	  .help = "print in JSON (tether probes, targets, doctor, replay, flash, erase, "
		  "read, verify, options)" },
	{ .name = "--verbose",
	  .letter = "-v",
	  .set = option_set_verbose,
	  .help = "log more: the same as --log debug" },
	{ .name = "--log",
	  .value = "SETTING",
	  .set = set_log,
	  .help = "error, warning, info, debug or wire (default: info), or for one room: "
		  "probe=wire; rooms: " LOG_ROOMS },
	{ .use = FOR_CLIENTS,
	  .name = "--log-json",
	  .value = "FILE",
	  .set = option_set_text,
	  OPTION_AT(log_json),
	  .help = "write the log to FILE as well, a JSON object a line" },
	{ .use = FOR_RECORD,
	  .name = "--record",
	  .value = "FILE",
	  .set = option_set_text,
	  OPTION_AT(record),
	  .help = "write what is said to the probe, to gdb and by them to FILE, memory and "
		  "serials included; for tether explain and tether replay; tether redact "
		  "makes one for others" },
	{ .use = FOR_RECORD,
	  .name = "--redact",
	  .set = option_set_flag,
	  OPTION_AT(redacts),
	  .help = "leave out of the file of --record what tether redact leaves out; it is "
		  "made when tether ends, and until then all is in FILE.unredacted" },
	{ .use = FOR_NEW,
	  .name = "--force",
	  .set = option_set_flag,
	  OPTION_AT(is_forced),
	  .help = "write over the file of --record, or NEW of redact, when it is there "
		  "already" },
	{ .use = FOR_CLIENTS,
	  .name = "--keep-recordings",
	  .value = "N",
	  .set = option_set_number,
	  OPTION_NUMBER(keep, 0, OPTION_MAX_KEPT),
	  .help = "of sessions that ended as they should not, keep the last N recordings "
		  "in $XDG_STATE_HOME/tether or ~/.local/state/tether (10; 0: none)" },
	{ .name = "--help",
	  .letter = "-h",
	  .set = option_set_flag,
	  OPTION_AT(wants_help),
	  .help = "print this text" },
	{ .name = "--version",
	  .letter = "-V",
	  .set = option_set_flag,
	  OPTION_AT(wants_version),
	  .help = "print the version" },
	{ .name = NULL },
};

void
options_init(struct options *options)
{
	*options = (struct options){ .bind = "127.0.0.1",
				     .port = CLI_DEFAULT_PORT,
				     .share_port = SHARE_DEFAULT_PORT,
				     .keep = OPTION_USUALLY_KEPT };
}

struct core_search {
	const char *wanted, *nearest;
	unsigned distance;
};

static void
search_cores(struct core_search *search, const struct device *device)
{
	for (size_t i = 0; i < DEVICE_MAX_CORES && device->cores[i].name != NULL; i++) {
		unsigned distance = edit_distance(search->wanted, device->cores[i].name);

		if (distance >= search->distance)
			continue;
		search->nearest = device->cores[i].name;
		search->distance = distance;
	}
}

static enum cause
check_core(const char *core, const char *target, struct reason *why)
{
	struct core_search search = { .wanted = core, .distance = UINT_MAX };
	const struct device *device;

	if (target != NULL)
		search_cores(&search, device_by_name(&device_table, target));
	for (size_t i = 0; target == NULL && (device = device_at(&device_table, i)) != NULL;
	     i++)
		search_cores(&search, device);
	if (search.distance == 0)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_REQUEST, "%s a core \"%s\"",
		     target != NULL ? "the part of --target lacks" : "no known part has",
		     core);
	reason_suspect_with(why, FINDING_REQUEST_NO_SUCH_CORE, "%s", search.nearest);
	return why->cause;
}

enum cause
options_check(const struct options *options, struct reason *why)
{
	if (options->redacts && options->record == NULL)
		return reason_begin(why, CAUSE_REQUEST,
				    "--redact says how --record FILE records, and that is "
				    "not there");
	if (options->core == NULL)
		return CAUSE_NONE;
	return check_core(options->core, options->board.target, why);
}
