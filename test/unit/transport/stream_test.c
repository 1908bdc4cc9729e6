/* SPDX-License-Identifier: MIT */
#include "transport/base/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { OURS = 9, MANY = 5000, ALL = 1 << 20 };

static struct stream stream;
static int reader;
static char heard[ALL];

/* The writing end becomes the stream's; the other one never waits. */
static void
begin(int ends[2])
{
	assert_true(dup2(ends[1], OURS) == OURS);
	close(ends[1]);
	reader = ends[0];
	assert_int_equal(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
	stream = (struct stream){ .number = OURS };
}

static void
begin_pipe(void)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	begin(ends);
}

static void
end(void)
{
	if (stream.output.fd != OURS)
		close(stream.output.fd);
	close(OURS);
	close(reader);
}

static bool
write_line(const char *line)
{
	return stream_write(&stream, line, strlen(line), 0);
}

static unsigned
write_many(void)
{
	char line[200];
	unsigned written = 0;

	for (int i = 0; i < MANY; i++) {
		snprintf(line, sizeof(line), "%05d %0150d\n", i, 0);
		written += write_line(line);
	}
	return written;
}

static size_t
hear(void)
{
	size_t used = 0;
	ssize_t got;

	while ((got = read(reader, heard + used, sizeof(heard) - 1 - used)) > 0)
		used += (size_t)got;
	heard[used] = '\0';
	return used;
}

static unsigned
count_lines(void)
{
	unsigned lines = 0;

	for (const char *c = heard; *c != '\0'; c++)
		lines += *c == '\n';
	return lines;
}

/* That it returns at all is what is tested; the test's limit ends it otherwise. */
static void
assert_drops_and_counts(void)
{
	char count[64];
	unsigned written = write_many();

	assert_true(written > 10 && written < MANY);
	hear();
	assert_true(count_lines() == written);
	assert_true(write_line("after\n"));
	hear();
	snprintf(count, sizeof(count),
		 "%u lines were dropped because nobody reads stdout\n", MANY - written);
	assert_non_null(strstr(heard, count));
	assert_non_null(strstr(heard, "\nafter\n"));
	assert_true(write_line("and so on\n"));
	hear();
	assert_string_equal(heard, "and so on\n");
}

static void
a_pipe_that_nobody_reads_drops_lines_and_says_how_many(void **state)
{
	(void)state;
	begin_pipe();
	assert_drops_and_counts();
	end();
}

static void
a_socket_that_nobody_reads_drops_lines_and_says_how_many(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	begin(ends);
	assert_drops_and_counts();
	assert_true(stream.output.is_polled);
	end();
}

/* It is open in other processes, too. */
static void
the_flags_of_the_file_stay_as_they_were(void **state)
{
	(void)state;
	begin_pipe();
	assert_true(write_line("a line\n"));
	assert_int_equal(fcntl(OURS, F_GETFL) & O_NONBLOCK, 0);
	end();
}

static void
lines_longer_than_a_pipe_takes_at_once_arrive_whole(void **state)
{
	static char line[STREAM_LINE_MAX];

	(void)state;
	begin_pipe();
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	for (int i = 0; i < 40; i++)
		stream_write(&stream, line, sizeof(line), 0);
	assert_true(hear() > 3 * sizeof(line));
	assert_true(write_line("end\n"));
	hear();
	assert_non_null(strstr(heard, "\nend\n"));
	assert_int_equal(stream.dropped, 0);
	end();
}

static void
what_a_full_disk_does_not_take_is_dropped_with_its_reason(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	close(ends[1]);
	ends[1] = open("/dev/full", O_WRONLY);
	begin(ends);
	assert_false(write_line("a line\n"));
	assert_false(write_line("a line\n"));
	assert_int_equal(stream.dropped, 2);
	assert_int_equal(stream.error, ENOSPC);
	end();
}

static void
last_words_wait_for_a_reader_but_not_for_ever(void **state)
{
	(void)state;
	begin_pipe();
	write_many();
	assert_false(stream_write(&stream, "last\n", 5, 50));
	end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_that_nobody_reads_drops_lines_and_says_how_many),
		cmocka_unit_test(a_socket_that_nobody_reads_drops_lines_and_says_how_many),
		cmocka_unit_test(the_flags_of_the_file_stay_as_they_were),
		cmocka_unit_test(lines_longer_than_a_pipe_takes_at_once_arrive_whole),
		cmocka_unit_test(what_a_full_disk_does_not_take_is_dropped_with_its_reason),
		cmocka_unit_test(last_words_wait_for_a_reader_but_not_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
