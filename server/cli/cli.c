/* SPDX-License-Identifier: MIT */
#include "server/cli/cli.h"

#include "transport/base/log.h"
#include "transport/base/nearest.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

const char tether_version[] = "0.1";

enum { MAX_PORT = 65535, MAX_SPEED_KHZ = 24000, MAX_WAIT_MS = 60000, KHZ = 1000 };

static const struct command_entry {
	const char *name;
	enum cli_command command;
	const char *help;
} commands[] = {
	{ "serve", CLI_SERVE,
	  "wait for gdb and serve it (what happens without a command)" },
	{ "probes", CLI_PROBES, "list the debug probes on USB, and who holds them" },
	{ "help", CLI_HELP, "this text" },
	{ "version", CLI_VERSION, "the version" },
};

static const struct {
	const char *name;
	enum connect_mode mode;
} connect_modes[] = {
	{ "auto", CONNECT_AUTO },
	{ "attach", CONNECT_ATTACH },
	{ "halt", CONNECT_HALT },
	{ "under-reset", CONNECT_UNDER_RESET },
};

typedef enum cause
option_setter(struct options *options, const char *value, struct reason *why);

static enum cause
parse_number(const char *value, unsigned long max, uint32_t *number, struct reason *why)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(value, &end, 0);
	if (errno != 0 || end == value || *end != '\0' || value[0] == '-' || n > max)
		return reason_begin(why, CAUSE_REQUEST,
				    "\"%s\" is not a number from 0 to %lu", value, max);
	*number = (uint32_t)n;
	return CAUSE_NONE;
}

static enum cause
set_probe(struct options *options, const char *value, struct reason *why)
{
	options->probe = value;
	return probe_check_spec(value, why);
}

static enum cause
set_target(struct options *options, const char *value, struct reason *why)
{
	(void)why;
	options->board.target = value;
	return CAUSE_NONE;
}

static enum cause
set_core(struct options *options, const char *value, struct reason *why)
{
	(void)why;
	options->core = value;
	return CAUSE_NONE;
}

static enum cause
set_bind(struct options *options, const char *value, struct reason *why)
{
	(void)why;
	options->bind = value;
	return CAUSE_NONE;
}

static enum cause
set_connect(struct options *options, const char *value, struct reason *why)
{
	for (size_t i = 0; i < array_len(connect_modes); i++)
		if (strcmp(value, connect_modes[i].name) == 0) {
			options->board.connect = connect_modes[i].mode;
			return CAUSE_NONE;
		}
	return reason_begin(
		why, CAUSE_REQUEST,
		"\"%s\" is not a way to connect: auto, attach, halt or under-reset", value);
}

static enum cause
set_speed(struct options *options, const char *value, struct reason *why)
{
	uint32_t khz = 0;
	enum cause cause = parse_number(value, MAX_SPEED_KHZ, &khz, why);

	if (cause == CAUSE_NONE)
		options->board.speed_hz = khz * KHZ;
	return cause;
}

static enum cause
set_nrst_hold(struct options *options, const char *value, struct reason *why)
{
	return parse_number(value, MAX_WAIT_MS, &options->board.nrst_hold_ms, why);
}

static enum cause
set_nrst_settle(struct options *options, const char *value, struct reason *why)
{
	if (strcmp(value, "auto") == 0)
		value = "0";
	return parse_number(value, MAX_WAIT_MS, &options->board.nrst_settle_ms, why);
}

static enum cause
set_halt_timeout(struct options *options, const char *value, struct reason *why)
{
	return parse_number(value, MAX_WAIT_MS, &options->board.halt_timeout_ms, why);
}

static enum cause
set_port(struct options *options, const char *value, struct reason *why)
{
	return parse_number(value, MAX_PORT, &options->port, why);
}

static enum cause
set_record(struct options *options, const char *value, struct reason *why)
{
	(void)why;
	options->record = value;
	return CAUSE_NONE;
}

static enum cause
set_share(struct options *options, const char *value, struct reason *why)
{
	options->is_shared = true;
	return value == NULL ? CAUSE_NONE
			     : parse_number(value, MAX_PORT, &options->share_port, why);
}

static enum cause
set_once(struct options *options, const char *value, struct reason *why)
{
	(void)value;
	(void)why;
	options->once = true;
	return CAUSE_NONE;
}

static enum cause
set_wait(struct options *options, const char *value, struct reason *why)
{
	(void)value;
	(void)why;
	options->wait = true;
	return CAUSE_NONE;
}

static enum cause
set_log(struct options *options, const char *value, struct reason *why)
{
	(void)options;
	if (!log_set(value))
		return reason_begin(
			why, CAUSE_REQUEST,
			"\"%s\" is not a log setting such as debug or probe=wire", value);
	return CAUSE_NONE;
}

static enum cause
set_verbose(struct options *options, const char *value, struct reason *why)
{
	(void)value;
	return set_log(options, "debug", why);
}

static enum cause
set_json(struct options *options, const char *value, struct reason *why)
{
	(void)value;
	(void)why;
	options->json = true;
	return CAUSE_NONE;
}

static enum cause
set_help(struct options *options, const char *value, struct reason *why)
{
	(void)value;
	(void)why;
	options->command = CLI_HELP;
	return CAUSE_NONE;
}

static enum cause
set_version(struct options *options, const char *value, struct reason *why)
{
	(void)value;
	(void)why;
	options->command = CLI_VERSION;
	return CAUSE_NONE;
}

/* A row without a setter is a heading of the help. */
static const struct option_entry {
	const char *name;
	const char *value; /* what it is called in the help; NULL: takes none; "[X]": may */
	option_setter *set;
	const char *help;
} option_table[] = {
	{ "Reaching the target", NULL, NULL, NULL },
	{ "--probe", "PROBE", set_probe,
	  "on USB by the beginning of its serial, its id (0483:374b) or its place (1-4.2), "
	  "or stlink[:WHICH] or cmsis-dap[:WHICH]; stlink-tcp:HOST:PORT[:SERIAL] or "
	  "cmsis-dap-tcp:HOST:PORT (default: the only one on USB, see tether probes); "
	  "faulty:SEED[:RATE]:PROBE is PROBE with one call in RATE going wrong, to see "
	  "what happens then" },
	{ "--wait", NULL, set_wait,
	  "wait for a probe that is not there yet or is in use (default: say so and end)" },
	{ "--connect", "HOW", set_connect,
	  "auto, attach, halt or under-reset (default: auto)" },
	{ "--speed", "KHZ", set_speed, "SWD clock (default: 4000)" },
	{ "--nrst-hold", "MS", set_nrst_hold, "how long NRST is held low (default: 20)" },
	{ "--nrst-settle", "MS", set_nrst_settle,
	  "how long NRST may take to rise; auto: up to 5000 (default: auto)" },
	{ "--halt-timeout", "MS", set_halt_timeout,
	  "how long the core may take to halt (default: 100)" },
	{ "--target", "NAME", set_target,
	  "take it for this part whatever it says it is (default: as identified)" },
	{ "--core", "NAME", set_core, "serve this core only (default: all)" },
	{ "Serving gdb", NULL, NULL, NULL },
	{ "--port", "PORT", set_port,
	  "of the first core; 0 takes a free one (default: 61234)" },
	{ "--bind", "ADDRESS", set_bind, "where to listen (default: 127.0.0.1)" },
	{ "--share", "[PORT]", set_share,
	  "let other programs (openocd, another tether) use the ST-LINK beside this one, "
	  "as "
	  "ST's stlink-server does (default port: 7184)" },
	{ "--once", NULL, set_once, "end when the last session has ended" },
	{ "Telling", NULL, NULL, NULL },
	{ "--json", NULL, set_json, "tether probes: in JSON" },
	{ "-v", NULL, set_verbose, "tell more: the same as --log debug" },
	{ "--log", "SETTING", set_log,
	  "error, warning, info, debug or wire, or for one room: probe=wire (default: "
	  "info)" },
	{ "--record", "FILE", set_record,
	  "write down all that goes to the probe and comes from it" },
	{ "--help", NULL, set_help, "this text" },
	{ "--version", NULL, set_version, "the version" },
};

static enum cause
unknown_word(const char *word, struct reason *why)
{
	const char *nearest = "--help";
	unsigned nearest_distance = UINT_MAX;

	for (size_t i = 0; i < array_len(option_table) + array_len(commands); i++) {
		const char *name = i < array_len(option_table)
					   ? option_table[i].name
					   : commands[i - array_len(option_table)].name;
		unsigned distance = edit_distance(word, name);

		if (distance < nearest_distance) {
			nearest = name;
			nearest_distance = distance;
		}
	}
	reason_begin(why, CAUSE_REQUEST, "tether knows no \"%s\"", word);
	reason_suspect_with(why, FINDING_REQUEST_UNKNOWN_WORD, "%s", nearest);
	return why->cause;
}

static const struct option_entry *
find_option(const char *name, size_t len)
{
	for (size_t i = 0; i < array_len(option_table); i++)
		if (option_table[i].set != NULL && strlen(option_table[i].name) == len &&
		    strncmp(option_table[i].name, name, len) == 0)
			return &option_table[i];
	return NULL;
}

/* May take one: what follows belongs to it when that begins with a digit. */
static bool
takes_number(const struct option_entry *option)
{
	return option->value != NULL && option->value[0] == '[';
}

/* "--port 5", "--port=5", "-v"; *used tells how many words it took. */
static enum cause
parse_option(char *const *words, struct options *options, int *used, struct reason *why)
{
	const char *equals = strchr(words[0], '=');
	size_t len = equals != NULL ? (size_t)(equals - words[0]) : strlen(words[0]);
	const struct option_entry *option = find_option(words[0], len);
	const char *value = equals != NULL ? equals + 1 : words[1];

	if (option == NULL)
		return unknown_word(words[0], why);
	if (option->value == NULL && equals != NULL)
		return reason_begin(why, CAUSE_REQUEST, "%s takes no value", option->name);
	if (takes_number(option) && equals == NULL && (value == NULL || !isdigit(value[0])))
		return option->set(options, NULL, why);
	if (option->value != NULL && value == NULL)
		return reason_begin(why, CAUSE_REQUEST, "%s wants a value: %s %s",
				    option->name, option->name, option->value);
	*used = option->value != NULL && equals == NULL ? 2 : 1;
	if (option->set(options, value, why) != CAUSE_NONE)
		return reason_while(why, "reading the option %s", option->name);
	return CAUSE_NONE;
}

static enum cause
parse_command(const char *word, struct options *options, struct reason *why)
{
	for (size_t i = 0; i < array_len(commands); i++)
		if (strcmp(word, commands[i].name) == 0) {
			options->command = commands[i].command;
			return CAUSE_NONE;
		}
	return unknown_word(word, why);
}

enum cause
cli_parse(int argc, char *const *argv, struct options *options, struct reason *why)
{
	int i = 1;

	*options = (struct options){ .command = CLI_SERVE,
				     .bind = "127.0.0.1",
				     .port = CLI_DEFAULT_PORT,
				     .share_port = SHARE_DEFAULT_PORT };
	while (i < argc) {
		int used = 1;
		enum cause cause = argv[i][0] == '-'
					   ? parse_option(argv + i, options, &used, why)
					   : parse_command(argv[i], options, why);

		if (cause != CAUSE_NONE)
			return cause;
		i += used;
	}
	return CAUSE_NONE;
}

void
cli_print_help(FILE *file)
{
	fprintf(file,
		"tether: a GDB server for STM32 boards that says why a connection fails\n\n"
		"usage: tether [COMMAND] [OPTION...]\n\nCommands\n");
	for (size_t i = 0; i < array_len(commands); i++)
		fprintf(file, "  %-22s %s\n", commands[i].name, commands[i].help);
	for (size_t i = 0; i < array_len(option_table); i++) {
		const struct option_entry *o = &option_table[i];
		int pad = 22 - (int)strlen(o->name) - 1;

		if (o->set == NULL)
			fprintf(file, "\n%s\n", o->name);
		else
			fprintf(file, "  %s %-*s %s\n", o->name, pad,
				o->value != NULL ? o->value : "", o->help);
	}
	fprintf(file,
		"\nExit status: 0 done, 1 the world said no (and why), 2 wrong usage.\n");
}
