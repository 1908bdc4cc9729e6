/* SPDX-License-Identifier: MIT */
#include "test/unit/listener.h"
#include "transport/base/bytes.h"
#include "transport/probe/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { BYTES_MAX = 512 };

/* One step of a server: what it must be asked, what it then answers, both hexadecimal.
 * NULL: it hangs up; with a "~" before it: 3.5 s later. */
struct step {
	const char *asked, *answered;
};

#define VERSION(api)                                                   \
	{                                                              \
		"06 01 00 00", api "000000 02000000 01000000 01000000" \
	}
#define REFRESH                     \
	{                           \
		"00 00", "01000000" \
	}
#define COUNT(n)                 \
	{                        \
		"01", n "000000" \
	}
#define DEVICE(index, id, serial8, product, used)                          \
	{                                                                  \
		"02" index "0000 29000000",                                \
			"01000000" id "000000" serial8                     \
			"000000000000000000000000000000000000000000000000" \
			"8304" product used                                \
	}
#define OPEN(id, connection)                                           \
	{                                                              \
		"03000000" id "000000", "01000000" connection "000000" \
	}
#define CLOSE(connection)                                  \
	{                                                  \
		"04000000" connection "000000", "01000000" \
	}
#define COMMAND_15 "000000000000000000000000000000"
/* A command of one byte, reading; `size` as one byte. */
#define ASK(connection, opcode, size, answer)                                              \
	{                                                                                  \
		"05000000" connection "000000" opcode COMMAND_15 "01000000" size "000000", \
			"01000000" answer                                                  \
	}

/* The same, answered only after the client has waited in vain, with other data. */
#define LATE(connection, opcode, size)                                                     \
	{                                                                                  \
		"05000000" connection "000000" opcode COMMAND_15 "01000000" size "000000", \
			"~"                                                                \
			"01000000"                                                         \
			"1111111111111111"                                                 \
	}

#define SERIAL_AB "4142434431323334" /* "ABCD1234" */
#define SERIAL_AC "4143434431323334"
#define V2_1      "4b37"
#define OPENED(connection)                                                                \
	ASK(connection, "f1", "06", "295a83044b37"), ASK(connection, "f5", "02", "0100"), \
		ASK(connection, "f5", "02", "0100")

static size_t
parse(const char *words, uint8_t *bytes)
{
	size_t len = 0;

	while (*words != '\0') {
		if (*words == ' ') {
			words++;
			continue;
		}
		if (len == BYTES_MAX || !hex_decode(&bytes[len++], words, 1))
			abort();
		words += 2;
	}
	return len;
}

/* Returns whether the step went as written. */
static bool
play_step(int fd, const struct step *step)
{
	const struct timespec late = { .tv_sec = 3, .tv_nsec = 500000000 };
	uint8_t expected[BYTES_MAX], got[BYTES_MAX];
	size_t size = parse(step->asked, expected);
	bool is_late;

	if (recv(fd, got, size, MSG_WAITALL) != (ssize_t)size ||
	    memcmp(got, expected, size) != 0) {
		fprintf(stderr, "not asked as expected: %s\n", step->asked);
		return false;
	}
	if (step->answered == NULL)
		return true;
	is_late = step->answered[0] == '~';
	size = parse(step->answered + is_late, expected);
	if (is_late)
		nanosleep(&late, NULL);
	return send(fd, expected, size, MSG_NOSIGNAL) == (ssize_t)size;
}

static bool
play(struct listener *listener, const struct step *steps, size_t len)
{
	int fd = listener_accept(listener);
	uint8_t more;

	for (size_t i = 0; i < len; i++) {
		if (!play_step(fd, &steps[i]))
			return false;
		if (steps[i].answered == NULL)
			return true;
	}
	return recv(fd, &more, 1, 0) == 0;
}

static struct reason why;
static struct listener listener;
static pid_t server;
static struct probe *probe;

/* Another process that serves one client as written, and ends with 0 when all went so. */
static void
serve(const struct step *steps, size_t len)
{
	listener_open(&listener);
	why = (struct reason)REASON_INIT;
	server = fork();
	assert_true(server >= 0);
	if (server == 0)
		_exit(play(&listener, steps, len) ? 0 : 1);
	listener_close(&listener);
}

#define SERVE(...)                                  \
	serve((const struct step[]){ __VA_ARGS__ }, \
	      sizeof((const struct step[]){ __VA_ARGS__ }) / sizeof(struct step))

static void
assert_served(void)
{
	int status;

	assert_int_equal(waitpid(server, &status, 0), server);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static enum cause
open_probe(const char *serial)
{
	char spec[64];

	snprintf(spec, sizeof(spec), "stlink-tcp:127.0.0.1:%s%s", listener.port, serial);
	return probe_open(spec, clock_host(), &probe, &why);
}

/* It takes connections, as any listener does, and says nothing. */
static void
waiting_for_a_silent_server_is_steps_that_can_be_cancelled(void **state)
{
	char spec[64];
	struct job *job;
	struct deadline deadline;
	bool done;

	(void)state;
	listener_open(&listener);
	snprintf(spec, sizeof(spec), "stlink-tcp:127.0.0.1:%s", listener.port);
	job = probe_open_job(spec, clock_host(), &probe);
	deadline = deadline_in_ms(clock_host(), 1500);
	for (unsigned steps = 0; steps < 10; steps++) {
		assert_int_equal(job_step(job, &done, &why), CAUSE_NONE);
		assert_false(done);
	}
	assert_int_equal(job_cancel(job, &why), CAUSE_NONE);
	job_free(job);
	assert_false(deadline_is_over(&deadline));
	assert_null(probe);
	listener_close(&listener);
}

static void
the_only_probe_of_a_server_is_opened_and_closed(void **state)
{
	char where[32];

	(void)state;
	SERVE(VERSION("03"), REFRESH, COUNT("01"),
	      DEVICE("00", "07", SERIAL_AB, V2_1, "00"), OPEN("07", "09"), OPENED("09"),
	      ASK("09", "f5", "02", "0100"), CLOSE("09"));
	assert_int_equal(open_probe(""), CAUSE_NONE);
	snprintf(where, sizeof(where), "127.0.0.1:%s", listener.port);
	assert_string_equal(probe->identity.kind, "ST-LINK/V2-1");
	assert_string_equal(probe->identity.serial, "ABCD1234");
	assert_string_equal(probe->identity.where, where);
	probe_close(probe);
	assert_served();
}

/* The answer to the first question comes when the second was asked. */
static void
an_answer_that_is_late_is_not_taken_for_the_next(void **state)
{
	unsigned millivolts;

	(void)state;
	SERVE(VERSION("03"), REFRESH, COUNT("01"),
	      DEVICE("00", "07", SERIAL_AB, V2_1, "00"), OPEN("07", "09"), OPENED("09"),
	      LATE("09", "f7", "08"), ASK("09", "f7", "08", "0006000000080000"),
	      ASK("09", "f5", "02", "0100"), CLOSE("09"));
	assert_int_equal(open_probe(""), CAUSE_NONE);
	assert_int_equal(probe_measure_vtarget(probe, &millivolts, &why), CAUSE_TIMEOUT);
	assert_int_equal(probe_measure_vtarget(probe, &millivolts, &why), CAUSE_NONE);
	assert_int_equal(millivolts, 3200);
	probe_close(probe);
	assert_served();
}

static void
one_of_several_is_chosen_by_its_serial(void **state)
{
	(void)state;
	SERVE(VERSION("03"), REFRESH, COUNT("02"),
	      DEVICE("00", "07", SERIAL_AB, V2_1, "00"),
	      DEVICE("01", "08", SERIAL_AC, V2_1, "00"), OPEN("08", "09"), OPENED("09"),
	      ASK("09", "f5", "02", "0100"), CLOSE("09"));
	assert_int_equal(open_probe(":AC"), CAUSE_NONE);
	assert_string_equal(probe->identity.serial, "ACCD1234");
	probe_close(probe);
	assert_served();
}

static void
several_without_a_choice_are_listed(void **state)
{
	(void)state;
	SERVE(VERSION("03"), REFRESH, COUNT("02"),
	      DEVICE("00", "07", SERIAL_AB, V2_1, "00"),
	      DEVICE("01", "08", SERIAL_AC, V2_1, "00"));
	assert_int_equal(open_probe(""), CAUSE_REQUEST);
	assert_non_null(strstr(reason_root(&why), "ABCD1234"));
	assert_non_null(strstr(reason_root(&why), "ACCD1234"));
	assert_served();
}

static void
a_server_without_probes_says_so(void **state)
{
	(void)state;
	SERVE(VERSION("03"), REFRESH, COUNT("00"));
	assert_int_equal(open_probe(""), CAUSE_GONE);
	assert_non_null(strstr(reason_root(&why), "there is no ST-LINK at stlink-server "
						  "127.0.0.1:"));
	assert_served();
}

static void
a_probe_that_another_program_keeps_is_this_computers_matter(void **state)
{
	(void)state;
	SERVE(VERSION("03"), REFRESH, COUNT("01"),
	      DEVICE("00", "07", SERIAL_AB, V2_1, "01"));
	assert_int_equal(open_probe(""), CAUSE_HOST);
	assert_non_null(strstr(reason_root(&why), "another program uses the ST-LINK "
						  "ABCD1234"));
	assert_served();
}

static void
what_a_server_refuses_is_reported_with_its_status(void **state)
{
	(void)state;
	SERVE(VERSION("03"), REFRESH, COUNT("01"),
	      DEVICE("00", "07", SERIAL_AB, V2_1, "00"),
	      { "03000000 07000000", "03100000 00000000" });
	assert_int_equal(open_probe(""), CAUSE_HOST);
	assert_string_equal(reason_root(&why),
			    "stlink-server answered 0x1003: it cannot open the ST-LINK");
	assert_served();
}

static void
a_server_that_hangs_up_is_gone(void **state)
{
	(void)state;
	SERVE(VERSION("03"), { "00 00", NULL });
	assert_int_equal(open_probe(""), CAUSE_GONE);
	assert_non_null(
		strstr(reason_outermost(&why), "asking stlink-server at 127.0.0.1"));
	assert_served();
}

static void
a_probe_that_times_out_behind_the_server_times_out(void **state)
{
	uint32_t hz = 4000000;

	(void)state;
	/* What data there would be follows the bad status: two bytes. */
	SERVE(VERSION("03"), REFRESH, COUNT("01"),
	      DEVICE("00", "07", SERIAL_AB, V2_1, "00"), OPEN("07", "09"), OPENED("09"),
	      { "05000000 09000000 f2430000 00000000 00000000 00000000 01000000 02000000",
		"01100000 0000" },
	      ASK("09", "f5", "02", "0100"), CLOSE("09"));
	assert_int_equal(open_probe(""), CAUSE_NONE);
	assert_int_equal(probe_set_clock(probe, &hz, &why), CAUSE_TIMEOUT);
	assert_string_equal(reason_root(&why), "stlink-server answered 0x1001: the ST-LINK "
					       "did not answer it in time");
	probe_close(probe);
	assert_served();
}

static void
data_to_the_probe_follows_the_request(void **state)
{
	struct outcome outcome;

	(void)state;
	SERVE(VERSION("03"), REFRESH, COUNT("01"),
	      DEVICE("00", "07", SERIAL_AB, V2_1, "00"), OPEN("07", "09"), OPENED("09"),
	      { "05000000 09000000 f24b0000 00000000 00000000 00000000 01000000 02000000",
		"01000000 8000" },
	      { "05000000 09000000 f2080000 00200400 00000000 00000000 00000000 04000000"
		"01020304",
		"01000000" },
	      { "05000000 09000000 f23e0000 00000000 00000000 00000000 01000000 0c000000",
		"01000000 80000000 00000000 00000000" },
	      ASK("09", "f5", "02", "0100"), CLOSE("09"));
	assert_int_equal(open_probe(""), CAUSE_NONE);
	assert_int_equal(probe_move_block(probe,
					  &(struct probe_block){
						  .width = 4,
						  .at = 0x20000000,
						  .size = 4,
						  .out = (const uint8_t *)"\1\2\3\4" },
					  &outcome, &why),
			 CAUSE_NONE);
	probe_close(probe);
	assert_served();
}

static void
an_older_server_is_shared_between_commands(void **state)
{
	struct transfer words[] = { { TRANSFER_MEM_READ, 0, 0x20000000, 0 },
				    { TRANSFER_MEM_READ, 0, 0x20000004, 0 } };
	struct outcome outcome;

	(void)state;
	/* No RW_MISC: each word by itself. */
	SERVE(VERSION("02"), REFRESH, COUNT("01"),
	      DEVICE("00", "07", SERIAL_AB, V2_1, "00"), OPEN("07", "09"), OPENED("09"),
	      { "05000000 09000000 f24b0000 00000000 00000000 00000000 01000000 02000000",
		"01000000 8000" },
	      { "05000000 09000000 f2360000 00200000 00000000 00000000 01000000 08000000",
		"01000000 80000000 07000000" },
	      { "05000000 09000000 f2360400 00200000 00000000 00000000 01000000 08000000",
		"01000000 80000000 08000000" },
	      ASK("09", "f5", "02", "0100"), CLOSE("09"));
	assert_int_equal(open_probe(""), CAUSE_NONE);
	assert_int_equal(probe_transfer(probe, words, 2, &outcome, &why), CAUSE_NONE);
	assert_int_equal(words[1].value, 8);
	probe_close(probe);
	assert_served();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_that_is_late_is_not_taken_for_the_next),
		cmocka_unit_test(
			waiting_for_a_silent_server_is_steps_that_can_be_cancelled),
		cmocka_unit_test(the_only_probe_of_a_server_is_opened_and_closed),
		cmocka_unit_test(one_of_several_is_chosen_by_its_serial),
		cmocka_unit_test(several_without_a_choice_are_listed),
		cmocka_unit_test(a_server_without_probes_says_so),
		cmocka_unit_test(
			a_probe_that_another_program_keeps_is_this_computers_matter),
		cmocka_unit_test(what_a_server_refuses_is_reported_with_its_status),
		cmocka_unit_test(a_server_that_hangs_up_is_gone),
		cmocka_unit_test(a_probe_that_times_out_behind_the_server_times_out),
		cmocka_unit_test(data_to_the_probe_follows_the_request),
		cmocka_unit_test(an_older_server_is_shared_between_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
