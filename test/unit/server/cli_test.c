/* SPDX-License-Identifier: MIT */
#include "server/cli/cli.h"
#include "transport/base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_WORDS = 16 };

/* Splits at spaces: the words of a command line without quoting. */
static const struct command_entry commands[] = {
	{ "serve", NULL, FOR_TARGET | FOR_CORE | FOR_CLIENTS,
	  "wait for gdb and serve it (the default)", NULL },
	{ "targets", NULL, FOR_LISTS, "list", NULL },
	{ "flash", NULL, FOR_FLASH | FOR_PLACE | TAKES_FILE | TAKES_WORDS, "program",
	  "FILE..." },
	{ "doctor", NULL, FOR_TARGET, "examine", NULL },
	{ "help", NULL, TAKES_TOPIC, "print this text", NULL },
	{ NULL, NULL, 0, NULL, NULL },
};
static const struct command_entry *command;

static enum cause
parse(const char *line, struct options *options, char *words, size_t size)
{
	static char copy[256];
	char *argv[MAX_WORDS + 2] = { copy };
	int argc = 1;
	struct reason why = REASON_INIT;
	enum cause cause;

	strcpy(copy, "tether ");
	strcat(copy, line);
	for (char *c = copy; *c != '\0'; c++)
		if (*c == ' ') {
			*c = '\0';
			if (c[1] != '\0')
				argv[argc++] = c + 1;
		}
	argv[argc] = NULL;
	(void)argc;
	cause = cli_parse(argv + 1, commands, options, &command, &why);
	words[0] = '\0';
	if (cause != CAUSE_NONE)
		reason_line(&why, words, size);
	return cause;
}

static void
no_words_serve_on_loopback_at_the_usual_port(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("", &o, words, sizeof(words)), CAUSE_NONE);
	assert_string_equal(command->name, "serve");
	assert_int_equal(o.port, 61234);
	assert_string_equal(o.bind, "127.0.0.1");
	assert_null(o.probe);
}

static void
options_are_taken_with_a_space_or_an_equals_sign(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("serve --probe stlink:066D --port=0 --speed 950 --connect "
			       "under-reset --once",
			       &o, words, sizeof(words)),
			 CAUSE_NONE);
	assert_string_equal(o.probe, "stlink:066D");
	assert_int_equal(o.port, 0);
	assert_int_equal(o.board.speed_hz, 950000);
	assert_int_equal(o.board.connect, CONNECT_UNDER_RESET);
	assert_true(o.once);
}

static void
an_unknown_option_names_the_nearest(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("--prot 5", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(strstr(words, "tether knows no \"--prot\" (try: "));
	assert_non_null(strstr(words, "did you mean --port?"));
	assert_int_equal(parse("serv", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(strstr(words, "did you mean serve?"));
}

static void
a_word_of_another_program_names_ours(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("program x.elf", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(strstr(words, "did you mean flash?"));
}

static void
an_option_of_another_program_names_ours(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("--serial 0671FF", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(strstr(words, "tether knows no \"--serial\" (try: did you mean "
				      "--probe?"));
	assert_int_equal(parse("--serial=0671FF", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(strstr(words, "did you mean --probe?"));
	assert_int_equal(parse("doctor --connect-under-reset", &o, words, sizeof(words)),
			 CAUSE_REQUEST);
	assert_non_null(strstr(words, "did you mean --connect under-reset?"));
	assert_int_equal(parse("--dev STM32G473", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(strstr(words, "did you mean --target?"));
}

static void
an_option_that_has_nothing_like_it_is_explained(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("-f interface/stlink.cfg -f target/stm32g4x.cfg", &o, words,
			       sizeof(words)),
			 CAUSE_REQUEST);
	assert_non_null(strstr(words,
			       "tether knows no \"-f\" (try: leave openocd's -f FILE "
			       "out"));
	assert_int_equal(parse("flash -c port=SWD fw.elf", &o, words, sizeof(words)),
			 CAUSE_REQUEST);
	assert_non_null(strstr(words, "-c port=SWD mode=UR is --connect under-reset"));
}

static void
a_second_word_of_another_program_is_no_file(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("flash write fw.bin", &o, words, sizeof(words)),
			 CAUSE_REQUEST);
	assert_non_null(strstr(words, "there is no file \"write\" to program (try: did you "
				      "mean tether flash FILE?"));
	assert_int_equal(parse("flash erase", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(strstr(words, "did you mean tether erase?"));
	assert_int_equal(parse("flash fw.elf write", &o, words, sizeof(words)), CAUSE_NONE);
	assert_string_equal(o.words[0], "write");
}

static void
a_monitor_command_typed_here_is_shown_the_way_to_gdb(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("reset", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(strstr(words, "tether knows no \"reset\" on the command line"));
	assert_non_null(
		strstr(words, "type it in gdb while tether serve runs: monitor reset"));
	assert_int_equal(parse("monitor reset", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(
		strstr(words, "type it in gdb while tether serve runs: monitor help"));
}

static void
a_wrong_value_says_what_is_right(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("--port 70000", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_string_equal(
		words, "reading the option --port: \"70000\" is not a number from 0 to "
		       "65535");
	assert_int_equal(parse("--port -1", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_int_equal(parse("--port 12x", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_int_equal(parse("--connect hot", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(strstr(words, "auto, attach, halt or under-reset"));
	assert_int_equal(parse("--probe", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_string_equal(words, "--probe needs a value: --probe PROBE");
	assert_int_equal(parse("--once=1", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_string_equal(words, "--once takes no value");
}

static void
a_hexadecimal_number_without_its_0x_is_no_other_number(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("flash fw.bin --at 08000000", &o, words, sizeof(words)),
			 CAUSE_REQUEST);
	assert_non_null(strstr(words, "did you mean 0x08000000?"));
	assert_int_equal(parse("flash fw.bin --at 010000000", &o, words, sizeof(words)),
			 CAUSE_REQUEST);
	assert_non_null(strstr(words, "did you mean 0x010000000?"));
	assert_int_equal(parse("flash fw.bin --at 0x8000000", &o, words, sizeof(words)),
			 CAUSE_NONE);
	assert_int_equal(o.at, 0x08000000);
	assert_int_equal(parse("--port 0", &o, words, sizeof(words)), CAUSE_NONE);
}

static void
short_options_are_taken(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("-p 1234 -v -h -V", &o, words, sizeof(words)), CAUSE_NONE);
	assert_int_equal(o.port, 1234);
	assert_true(o.wants_help);
	assert_true(o.wants_version);
	assert_int_equal(parse("--verbose -p=4", &o, words, sizeof(words)), CAUSE_NONE);
	assert_int_equal(o.port, 4);
	log_set("info");
}

static void
a_clock_of_0_is_refused_with_the_range(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("--speed 0", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(strstr(words, "\"0\" is not a number from 1 to 24000"));
}

/* Neither an option nor a heading of the help. */
static void
an_unknown_command_names_the_nearest_command(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("target", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(strstr(words, "did you mean targets?"));
	assert_int_equal(parse("telling", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_null(strstr(words, "Telling is"));
	assert_int_equal(parse("outputs", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_null(strstr(words, "Output is"));
	assert_int_equal(parse("-version", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(strstr(words, "did you mean --version?"));
}

static void
a_word_like_no_other_gets_no_suggestion(void **state)
{
	static const char *const lines[] = { "targets foo", "-x", "--frobnicate" };
	struct options o;
	char words[512];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_int_equal(parse(lines[i], &o, words, sizeof(words)), CAUSE_REQUEST);
		assert_non_null(strstr(words, "; tether help lists the commands"));
		assert_null(strstr(words, "try:"));
	}
}

static void
a_part_that_is_not_known_is_refused_at_once(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("--target STM32Z9", &o, words, sizeof(words)),
			 CAUSE_REQUEST);
	assert_non_null(strstr(words, "\"STM32Z9\" is not the name of one part (try: "));
	assert_int_equal(parse("--target STM32F103", &o, words, sizeof(words)),
			 CAUSE_REQUEST);
	assert_non_null(strstr(words,
			       "parts have names that begin with \"STM32F103\": tether "
			       "targets STM32F103 lists them"));
	assert_int_equal(parse("--target STM32G473", &o, words, sizeof(words)), CAUSE_NONE);
	assert_string_equal(o.board.target, "STM32G473");
}

static void
the_log_knows_its_rooms(void **state)
{
	static const char *const wrong[] = { "probee=debug", "prob=debug",       "=debug",
					     "probe,=debug", "probe, rsp=debug", "loud",
					     "probe=loud" };
	struct options o;
	char line[64], words[512];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(line, sizeof(line), "--log=%s", wrong[i]);
		assert_int_equal(parse(line, &o, words, sizeof(words)), CAUSE_REQUEST);
	}
	parse("--log probee=debug", &o, words, sizeof(words));
	assert_non_null(strstr(words, "\"probee=debug\" names no room of the log: adi, "));
	assert_int_equal(parse("--log adi=info", &o, words, sizeof(words)), CAUSE_NONE);
	assert_int_equal(parse("--log usb=info", &o, words, sizeof(words)), CAUSE_NONE);
}

static void
the_help_fits_a_terminal_and_has_every_option(void **state)
{
	static char text[16384];
	FILE *file = fmemopen(text, sizeof(text), "w");
	size_t column = 0;

	(void)state;
	cli_print_help(file, commands, NULL);
	fclose(file);
	for (const char *c = text; *c != '\0'; c++) {
		column = *c == '\n' ? 0 : column + 1;
		assert_true(column <= 80);
	}
	for (const struct option *row = tether_options; row->name != NULL; row++)
		assert_non_null(strstr(text, row->name));
	assert_non_null(strstr(text, "\n  -p, --port PORT "));
}

static void
a_core_that_no_part_has_is_refused_at_once(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("--core cm4f", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_string_equal(words, "no known part has a core \"cm4f\" (try: take a core of "
				   "this chip: --core cm4)");
	assert_int_equal(parse("--core cm7 --target STM32G473", &o, words, sizeof(words)),
			 CAUSE_REQUEST);
	assert_non_null(strstr(words, "the part of --target lacks a core \"cm7\""));
	assert_int_equal(parse("--core cm4 --target STM32H755", &o, words, sizeof(words)),
			 CAUSE_NONE);
	assert_string_equal(o.core, "cm4");
}

static void
an_address_that_is_none_is_refused_at_once(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("--bind foo", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_non_null(
		strstr(words, "reading the option --bind: \"foo\" is no IP address"));
	assert_int_equal(parse("--bind ::1", &o, words, sizeof(words)), CAUSE_NONE);
}

static void
an_empty_value_is_no_value(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("--probe=", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_string_equal(words, "--probe needs a value: --probe PROBE");
	assert_int_equal(parse("--core=", &o, words, sizeof(words)), CAUSE_REQUEST);
}

static void
a_command_refuses_the_options_of_others_and_a_second_command(void **state)
{
	struct options o;
	char words[512];

	(void)state;
	assert_int_equal(parse("targets --port 5", &o, words, sizeof(words)),
			 CAUSE_REQUEST);
	assert_string_equal(words,
			    "tether targets takes no --port; see tether help targets");
	assert_int_equal(parse("--core cm4 targets", &o, words, sizeof(words)),
			 CAUSE_REQUEST);
	assert_int_equal(parse("--json", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_int_equal(parse("targets --json --log info", &o, words, sizeof(words)),
			 CAUSE_NONE);
	assert_int_equal(parse("serve serve", &o, words, sizeof(words)), CAUSE_REQUEST);
	assert_string_equal(words,
			    "tether runs one command at a time: \"serve\" is one too many");
	assert_int_equal(parse("help targets serve", &o, words, sizeof(words)),
			 CAUSE_REQUEST);
}

static void
help_explains_the_command_that_is_named(void **state)
{
	static const char *const lines[] = { "help targets", "targets --help",
					     "-h targets" };
	static char text[16384];
	struct options o;
	char words[512];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		FILE *file;

		assert_int_equal(parse(lines[i], &o, words, sizeof(words)), CAUSE_NONE);
		assert_string_equal(o.topic, "targets");
		file = fmemopen(text, sizeof(text), "w");
		cli_print_help(file, commands, o.topic);
		fclose(file);
		assert_ptr_equal(
			strstr(text, "tether targets: list\n\nusage: tether targets"),
			text);
		assert_non_null(strstr(text, "\n  --json "));
		assert_non_null(strstr(text, "\n  -v, --verbose "));
		assert_null(strstr(text, "--port"));
		assert_null(strstr(text, "Serving gdb"));
	}
	assert_int_equal(parse("help", &o, words, sizeof(words)), CAUSE_NONE);
	assert_null(o.topic);
	assert_int_equal(parse("help port", &o, words, sizeof(words)), CAUSE_REQUEST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_words_serve_on_loopback_at_the_usual_port),
		cmocka_unit_test(options_are_taken_with_a_space_or_an_equals_sign),
		cmocka_unit_test(an_unknown_option_names_the_nearest),
		cmocka_unit_test(a_word_of_another_program_names_ours),
		cmocka_unit_test(an_option_of_another_program_names_ours),
		cmocka_unit_test(an_option_that_has_nothing_like_it_is_explained),
		cmocka_unit_test(a_second_word_of_another_program_is_no_file),
		cmocka_unit_test(a_monitor_command_typed_here_is_shown_the_way_to_gdb),
		cmocka_unit_test(a_wrong_value_says_what_is_right),
		cmocka_unit_test(a_hexadecimal_number_without_its_0x_is_no_other_number),
		cmocka_unit_test(short_options_are_taken),
		cmocka_unit_test(a_clock_of_0_is_refused_with_the_range),
		cmocka_unit_test(an_unknown_command_names_the_nearest_command),
		cmocka_unit_test(a_word_like_no_other_gets_no_suggestion),
		cmocka_unit_test(a_part_that_is_not_known_is_refused_at_once),
		cmocka_unit_test(the_log_knows_its_rooms),
		cmocka_unit_test(a_core_that_no_part_has_is_refused_at_once),
		cmocka_unit_test(an_address_that_is_none_is_refused_at_once),
		cmocka_unit_test(an_empty_value_is_no_value),
		cmocka_unit_test(
			a_command_refuses_the_options_of_others_and_a_second_command),
		cmocka_unit_test(help_explains_the_command_that_is_named),
		cmocka_unit_test(the_help_fits_a_terminal_and_has_every_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
