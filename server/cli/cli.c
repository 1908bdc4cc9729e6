/* SPDX-License-Identifier: MIT */
#include "server/cli/cli.h"

#include "server/monitor/rows.h"
#include "transport/base/bytes.h"
#include "transport/base/host.h"
#include "transport/base/nearest.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

/* A misspelt word has at most one wrong letter in LETTERS_A_SLIP. */
enum { COLUMNS = 80, HELP_COLUMN = 26, LETTERS_A_SLIP = 3 };

struct nearest {
	const char *name;
	unsigned distance;
};

static void
consider(struct nearest *nearest, const char *word, const char *name)
{
	unsigned distance = name == NULL ? UINT_MAX : edit_distance(word, name);

	if (distance < nearest->distance)
		*nearest = (struct nearest){ name, distance };
}

/* "-p61234": a letter with its value. */
static bool
has_attached_value(const char *word)
{
	return word[0] == '-' && word[1] != '-' && word[1] != '\0' && word[2] != '\0' &&
	       word[2] != '=';
}

static enum cause
refuse_word(const char *word, const struct nearest *nearest, struct reason *why)
{
	if (nearest->distance > strlen(word) / LETTERS_A_SLIP)
		return reason_begin(
			why, CAUSE_REQUEST,
			"tether knows no \"%s\"; tether help lists the commands "
			"and options",
			word);
	reason_begin(why, CAUSE_REQUEST, "tether knows no \"%s\"", word);
	reason_suspect_with(why, FINDING_REQUEST_UNKNOWN_WORD, "%s", nearest->name);
	return why->cause;
}

/* What st-util, openocd, pyocd, probe-rs and STM32_Programmer_CLI call an option that tether has. */
static const struct {
	const char *word, *option;
} options_elsewhere[] = {
	{ "--serial", "--probe" },
	{ "--serial-number", "--probe" },
	{ "--sn", "--probe" },
	{ "--uid", "--probe" },
	{ "--chip", "--target" },
	{ "--dev", "--target" },
	{ "-device", "--target" },
	{ "-t", "--target" },
	{ "-u", "--probe" },
	{ "-w", "tether flash FILE" },
	{ "--device", "--target" },
	{ "--mcu", "--target" },
	{ "--freq", "--speed" },
	{ "--frequency", "--speed" },
	{ "--khz", "--speed" },
	{ "--addr", "--at" },
	{ "--address", "--at" },
	{ "--base-address", "--at" },
	{ "--gdb-port", "--port" },
	{ "--listen_port", "--port" },
	{ "--connect-under-reset", "--connect under-reset" },
	{ "--hotplug", "--connect attach" },
	{ "--hot-plug", "--connect attach" },
	{ "--semihosting", "--semihosting-dir" },
};

/* And those that it has nothing for, or that mean several things. */
static const struct {
	const char *word, *instead;
} options_without_like[] = {
	{ "-f", "leave openocd's -f FILE out, since tether finds probe and chip by itself; "
		"pyocd's -f HZ is --speed KHZ" },
	{ "-c",
	  "openocd's -c COMMAND is a command of tether, or one for gdb's monitor (tether "
	  "monitor lists those); STM32_Programmer_CLI's -c port=SWD mode=UR is "
	  "--connect under-reset" },
};

static enum cause
refuse_without_like(const char *word, const char *instead, struct reason *why)
{
	reason_begin(why, CAUSE_REQUEST, "tether knows no \"%s\"", word);
	reason_suspect_with(why, FINDING_REQUEST_FOREIGN_OPTION, "%s", instead);
	return why->cause;
}

static const char *
option_meant(const char *word)
{
	size_t len = strcspn(word, "=");

	for (size_t i = 0; i < array_len(options_elsewhere); i++)
		if (strlen(options_elsewhere[i].word) == len &&
		    strncmp(word, options_elsewhere[i].word, len) == 0)
			return options_elsewhere[i].option;
	return NULL;
}

static enum cause
refuse_option(const struct option *table, const char *word, struct reason *why)
{
	struct nearest nearest = { option_meant(word), 0 };

	for (size_t i = 0; table == tether_options && i < array_len(options_without_like);
	     i++)
		if (strcmp(word, options_without_like[i].word) == 0)
			return refuse_without_like(word, options_without_like[i].instead,
						   why);
	if (table == tether_options && nearest.name != NULL)
		return refuse_word(word, &nearest, why);
	nearest = (struct nearest){ NULL, UINT_MAX };
	for (const struct option *row = table; row->name != NULL; row++) {
		if (row->set == NULL)
			continue;
		consider(&nearest, word, row->name);
		consider(&nearest, word, row->letter);
	}
	return refuse_word(word, &nearest, why);
}

/* What openocd, st-flash, pyocd, probe-rs and STM32_Programmer_CLI call a thing that tether has. */
static const struct {
	const char *word, *command;
} elsewhere[] = {
	{ "load", "flash" },      { "program", "flash" },
	{ "write", "flash" },     { "download", "flash" },
	{ "gdbserver", "serve" }, { "server", "serve" },
	{ "gdb", "serve" },       { "debug", "serve" },
	{ "list", "probes" },     { "info", "doctor" },
	{ "status", "doctor" },   { "diagnose", "doctor" },
	{ "dump", "read" },       { "compare", "verify" },
	{ "unlock", "recover" },  { "option-bytes", "options" },
};

static enum cause
refuse_monitor_word(const char *word, struct reason *why)
{
	bool is_named = strcmp(word, "monitor") != 0;

	reason_begin(why, CAUSE_REQUEST, "tether knows no \"%s\" on the command line",
		     word);
	reason_suspect_with(why, FINDING_REQUEST_MONITOR_WORD, "%s",
			    is_named ? word : "help");
	return why->cause;
}

static enum cause
refuse_command(const char *word, const struct command_entry *commands, struct reason *why)
{
	struct nearest nearest = { NULL, UINT_MAX };
	const char *rest;

	for (size_t i = 0; i < array_len(elsewhere); i++)
		if (strcmp(word, elsewhere[i].word) == 0)
			return refuse_word(
				word, &(struct nearest){ elsewhere[i].command, 0 }, why);
	if (strcmp(word, "monitor") == 0 || monitor_find(word, &rest) != NULL)
		return refuse_monitor_word(word, why);
	for (const struct command_entry *row = commands; row->name != NULL; row++)
		consider(&nearest, word, row->name);
	return refuse_word(word, &nearest, why);
}

static bool
is_called(const char *name, const char *word, size_t len)
{
	return name != NULL && strlen(name) == len && strncmp(name, word, len) == 0;
}

static const struct option *
find_option(const struct option *table, const char *word, size_t len)
{
	for (const struct option *row = table; row->name != NULL; row++)
		if (row->set != NULL &&
		    (is_called(row->name, word, len) || is_called(row->letter, word, len)))
			return row;
	return NULL;
}

/* Takes a value only if it begins with a digit. */
static bool
may_take_number(const struct option *option)
{
	return option->value != NULL && option->value[0] == '[';
}

/* What has been read of a command line. */
struct parsing {
	const struct option *table;
	const struct command_entry *commands, *command;
	bool is_command_named;
	struct options *options;
	/* The first option of each bit of enum option_use. */
	const struct option *seen[OPTION_USES];
};

static void
remember_use(struct parsing *parsing, const struct option *option)
{
	for (unsigned i = 0; i < OPTION_USES; i++)
		if ((option->use & 1u << i) != 0 && parsing->seen[i] == NULL)
			parsing->seen[i] = option;
}

static enum cause
needs_value(const struct option *option, struct reason *why)
{
	return reason_begin(why, CAUSE_REQUEST, "%s needs a value: %s %s", option->name,
			    option->name, option->value);
}

/* A word cut into the name of an option and its value. */
struct spelling {
	const struct option *option; /* NULL: there is none of that name */
	const char *value;           /* what the word has behind the name; NULL: nothing */
};

static struct spelling
read_spelling(const struct option *table, const char *word)
{
	enum { LETTER = 2 };

	const char *equals = strchr(word, '=');
	size_t len = equals != NULL ? (size_t)(equals - word) : strlen(word);
	struct spelling spelling = { find_option(table, word, len),
				     equals != NULL ? equals + 1 : NULL };

	if (spelling.option != NULL || !has_attached_value(word))
		return spelling;
	spelling = (struct spelling){ find_option(table, word, LETTER), word + LETTER };
	if (spelling.option != NULL && spelling.option->value == NULL)
		spelling.option = NULL;
	return spelling;
}

/* "--port 5", "--port=5", "-p5", "-v". *used: how many words it took. */
static enum cause
parse_option(char *const *words, struct parsing *parsing, unsigned *used,
	     struct reason *why)
{
	struct spelling spelling = read_spelling(parsing->table, words[0]);
	const struct option *option = spelling.option;
	bool is_apart = spelling.value == NULL;
	const char *value = is_apart ? words[1] : spelling.value;

	if (option == NULL)
		return refuse_option(parsing->table, words[0], why);
	remember_use(parsing, option);
	if (option->value == NULL && !is_apart)
		return reason_begin(why, CAUSE_REQUEST, "%s takes no value", option->name);
	if (may_take_number(option) && is_apart &&
	    (value == NULL || !isdigit((unsigned char)value[0])))
		return option->set(option, parsing->options, NULL, why);
	if (option->value != NULL && (value == NULL || value[0] == '\0'))
		return needs_value(option, why);
	*used = option->value != NULL && is_apart ? 2 : 1;
	if (option->set(option, parsing->options, value, why) != CAUSE_NONE)
		return reason_while(why, "reading the option %s", option->name);
	return CAUSE_NONE;
}

/* What other programs have as a second word where tether takes files. */
static const struct {
	const char *word, *meant;
} second_words[] = {
	{ "write", "tether flash FILE" },
	{ "write_image", "tether flash FILE" },
	{ "program", "tether flash FILE" },
	{ "load", "tether flash FILE" },
	{ "download", "tether flash FILE" },
	{ "write_bank", "tether flash FILE@ADDRESS" },
	{ "erase", "tether erase" },
	{ "erase_sector", "tether erase --sector N" },
	{ "verify", "tether verify FILE" },
	{ "verify_image", "tether verify FILE" },
	{ "read", "tether read ADDRESS LENGTH FILE" },
	{ "read_bank", "tether read ADDRESS LENGTH FILE" },
	{ "info", "tether doctor" },
	{ "banks", "tether targets" },
	{ "protect", "tether options" },
};

/* A file of that name is meant first. NULL: it is no such word. */
static const char *
second_word_meant(const char *word, const struct parsing *parsing)
{
	if (!parsing->is_command_named || (parsing->command->takes & FOR_FLASH) == 0 ||
	    parsing->options->file != NULL || host_file_exists(word))
		return NULL;
	for (size_t i = 0; i < array_len(second_words); i++)
		if (strcmp(word, second_words[i].word) == 0)
			return second_words[i].meant;
	return NULL;
}

static const struct command_entry *
find_command(const struct command_entry *row, const char *word)
{
	while (row->name != NULL && strcmp(word, row->name) != 0)
		row++;
	return row->name != NULL ? row : NULL;
}

/* A word after a command that takes one, or more. */
static bool
take_word(const char *word, struct parsing *parsing)
{
	struct options *options = parsing->options;
	unsigned takes = parsing->is_command_named ? parsing->command->takes : 0;

	if ((takes & TAKES_FILE) != 0 && options->file == NULL)
		options->file = word;
	else if ((takes & TAKES_WORDS) != 0 && options->words_len < OPTIONS_WORDS)
		options->words[options->words_len++] = word;
	else
		return false;
	return true;
}

static enum cause
parse_command(const char *word, struct parsing *parsing, struct reason *why)
{
	const struct command_entry *row = find_command(parsing->commands, word);
	const char *meant = second_word_meant(word, parsing);
	bool takes_topic = (parsing->command->takes & TAKES_TOPIC) != 0;

	if (meant != NULL) {
		reason_begin(why, CAUSE_REQUEST, "there is no file \"%s\" to program",
			     word);
		reason_suspect_with(why, FINDING_REQUEST_UNKNOWN_WORD, "%s", meant);
		return why->cause;
	}
	if (take_word(word, parsing))
		return CAUSE_NONE;
	if (row == NULL)
		return refuse_command(word, parsing->commands, why);
	if (parsing->is_command_named && (!takes_topic || parsing->options->topic != NULL))
		return reason_begin(
			why, CAUSE_REQUEST,
			"tether runs one command at a time: \"%s\" is one too many", word);
	if (!parsing->is_command_named)
		parsing->command = row;
	if (parsing->is_command_named || (row->takes & TAKES_TOPIC) == 0)
		parsing->options->topic = row->name;
	parsing->is_command_named = true;
	return CAUSE_NONE;
}

/* The first option that the command has no use for. */
static enum cause
check_uses(const struct parsing *parsing, struct reason *why)
{
	const struct options *options = parsing->options;
	unsigned takes = parsing->command->takes;

	if (options->wants_help || options->wants_version)
		return CAUSE_NONE;
	for (unsigned i = 0; i < OPTION_USES; i++)
		if (parsing->seen[i] != NULL && (takes & 1u << i) == 0)
			return reason_begin(why, CAUSE_REQUEST,
					    "tether %s takes no %s; see tether help %s",
					    parsing->command->name, parsing->seen[i]->name,
					    parsing->command->name);
	return options_check(options, why);
}

enum cause
cli_parse(char *const *words, const struct command_entry *commands, struct options *options,
	  const struct command_entry **command, struct reason *why)
{
	struct parsing parsing = { .table = tether_options,
				   .commands = commands,
				   .command = commands,
				   .options = options };

	options_init(options);
	while (*words != NULL) {
		unsigned used = 1;
		enum cause cause = words[0][0] == '-'
					   ? parse_option(words, &parsing, &used, why)
					   : parse_command(*words, &parsing, why);

		if (cause != CAUSE_NONE)
			return cause;
		words += used;
	}
	*command = parsing.command;
	return check_uses(&parsing, why);
}

enum cause
cli_parse_options(char *const *words, const struct option *table, struct options *options,
		  struct reason *why)
{
	struct parsing parsing = { .table = table, .options = options };

	while (*words != NULL && strcmp(*words, "--") != 0) {
		unsigned used = 1;
		enum cause cause = words[0][0] == '-'
					   ? parse_option(words, &parsing, &used, why)
					   : CAUSE_NONE;

		if (cause != CAUSE_NONE)
			return cause;
		words += used;
	}
	return CAUSE_NONE;
}

/* The words of `help` in their column, in lines that end before the last one. */
static void
print_wrapped(FILE *file, const char *help)
{
	unsigned column = HELP_COLUMN;

	while (*help != '\0') {
		unsigned len = (unsigned)strcspn(help, " ");

		if (column + 1 + len >= COLUMNS) {
			fprintf(file, "\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		}
		fprintf(file, " %.*s", (int)len, help);
		column += 1 + len;
		help += len;
		help += strspn(help, " ");
	}
	fputc('\n', file);
}

static void
print_row(FILE *file, const char *letter, const char *name, const char *value,
	  const char *help)
{
	int used = fprintf(file, "  %s%s%s%s%s", letter != NULL ? letter : "",
			   letter != NULL ? ", " : "", name, value != NULL ? " " : "",
			   value != NULL ? value : "");

	fprintf(file, "%*s", used < HELP_COLUMN ? HELP_COLUMN - used : 0, "");
	print_wrapped(file, help);
}

/* `command` NULL: the options of all commands. */
static void
print_options(FILE *file, const struct option *table, const struct command_entry *command)
{
	const char *heading = NULL;

	for (const struct option *row = table; row->name != NULL; row++) {
		if (row->set == NULL)
			heading = row->name;
		if (row->set == NULL || (command != NULL && row->use != FOR_ANY &&
					 (command->takes & (unsigned)row->use) == 0))
			continue;
		if (heading != NULL)
			fprintf(file, "\n%s\n", heading);
		heading = NULL;
		print_row(file, row->letter, row->name, row->value, row->help);
	}
}

void
cli_print_help(FILE *file, const struct command_entry *commands, const char *topic)
{
	const struct command_entry *command =
		topic == NULL ? NULL : find_command(commands, topic);

	if (command != NULL) {
		fprintf(file, "tether %s: %s\n\nusage: tether %s%s%s [OPTION...]\n", topic,
			command->help, topic, command->arguments != NULL ? " " : "",
			command->arguments != NULL ? command->arguments : "");
	} else {
		fprintf(file, "tether: a GDB server for STM32 boards that says why a "
			      "connection fails\n\n"
			      "usage: tether [COMMAND] [OPTION...]\n\nCommands\n");
		for (const struct command_entry *row = commands; row->name != NULL; row++)
			print_row(file, NULL, row->name, NULL, row->help);
	}
	print_options(file, tether_options, command);
	fprintf(file, "\nExit status: 0 done (a server: ended as asked, by a signal too),\n"
		      "1 it failed (and why), 2 wrong usage.\n");
}

void
cli_print_options(FILE *file, const struct option *table)
{
	print_options(file, table, NULL);
}
