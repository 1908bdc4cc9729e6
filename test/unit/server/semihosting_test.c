/* SPDX-License-Identifier: MIT */
/* semihosting_test.c - what programs may ask this computer for, and what they get. */
#include "server/live/host_files.h"
#include "server/live/semihosting.h"
#include "transport/base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { RAM = 0x20000000, RAM_SIZE = 4096, BLOCK = RAM, TEXT = RAM + 256, NONE = -1 };

enum {
	SYS_OPEN = 1,
	SYS_CLOSE,
	SYS_WRITEC,
	SYS_WRITE0,
	SYS_WRITE,
	SYS_READ,
	SYS_READC,
	SYS_ISERROR,
	SYS_ISTTY,
	SYS_SEEK,
	SYS_FLEN = 0x0c,
	SYS_TMPNAM,
	SYS_REMOVE,
	SYS_RENAME,
	SYS_CLOCK,
	SYS_TIME,
	SYS_SYSTEM,
	SYS_ERRNO,
	SYS_GET_CMDLINE = 0x15,
	SYS_HEAPINFO,
	SYS_EXIT = 0x18,
	SYS_EXIT_EXTENDED = 0x20,
	SYS_ELAPSED = 0x30,
	SYS_TICKFREQ
};

static struct {
	uint8_t ram[RAM_SIZE];
	char printed[8192];
	size_t used;
	uint64_t now_us;
	enum cause failure; /* of every access */
	char folder[64];
	struct host_folder files;
	struct semihosting program;
} bench;

static enum cause
check(uint32_t at, uint32_t size, struct reason *why)
{
	if (bench.failure != CAUSE_NONE)
		return reason_begin(why, bench.failure, "the probe is lost");
	if (at < RAM || size > RAM_SIZE || at - RAM > RAM_SIZE - size)
		return reason_begin(why, CAUSE_FAULT, "nothing is at 0x%08x", (unsigned)at);
	return CAUSE_NONE;
}

static enum cause
read_ram(void *context, uint32_t at, void *bytes, uint32_t size, struct reason *why)
{
	enum cause cause = check(at, size, why);

	(void)context;
	assert_true(size <= SEMIHOSTING_PIECE);
	if (cause == CAUSE_NONE)
		memcpy(bytes, bench.ram + (at - RAM), size);
	return cause;
}

static enum cause
write_ram(void *context, uint32_t at, const void *bytes, uint32_t size, struct reason *why)
{
	enum cause cause = check(at, size, why);

	(void)context;
	if (cause == CAUSE_NONE)
		memcpy(bench.ram + (at - RAM), bytes, size);
	return cause;
}

static void
print(void *context, const char *text, size_t len)
{
	(void)context;
	assert_true(bench.used + len < sizeof(bench.printed));
	memcpy(bench.printed + bench.used, text, len);
	bench.used += len;
}

static uint64_t
now_us(void *context)
{
	(void)context;
	return bench.now_us;
}

static int
set_up(void **state)
{
	static const struct semihosting_world world = { NULL, read_ram, write_ram, print,
							now_us };

	(void)state;
	memset(&bench, 0, sizeof(bench));
	strcpy(bench.folder, "/tmp/tether-semihosting-XXXXXX");
	if (mkdtemp(bench.folder) == NULL)
		return -1;
	if (!host_folder_begin(&bench.files, NULL, bench.folder))
		return -1;
	semihosting_init(&bench.program, &world, &bench.files);
	return 0;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	semihosting_forget(&bench.program);
	host_folder_end(&bench.files);
	snprintf(command, sizeof(command), "rm -rf '%s'", bench.folder);
	return system(command);
}

/* --- what a program does ------------------------------------------------------------------ */

static struct semihosting_call
ask(uint32_t operation, uint32_t parameter)
{
	struct semihosting_call call = { .operation = operation, .parameter = parameter };
	struct reason why = REASON_INIT;

	assert_int_equal(semihosting_serve(&bench.program, &call, &why), CAUSE_NONE);
	return call;
}

static int32_t
call(uint32_t operation, uint32_t first, uint32_t second, uint32_t third, uint32_t fourth)
{
	const uint32_t words[] = { first, second, third, fourth };

	for (size_t i = 0; i < array_len(words); i++)
		le32_put(bench.ram + i * 4, words[i]);
	return (int32_t)ask(operation, BLOCK).result;
}

static uint32_t
put_text(const char *text)
{
	strcpy((char *)bench.ram + (TEXT - RAM), text);
	return (uint32_t)strlen(text);
}

static int32_t
open_file(const char *name, unsigned mode)
{
	return call(SYS_OPEN, TEXT, mode, put_text(name), 0);
}

static int32_t
write_text(int32_t handle, const char *text)
{
	return call(SYS_WRITE, (uint32_t)handle, TEXT, put_text(text), 0);
}

static void
assert_file(const char *name, const char *expected)
{
	char path[128], text[128] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", bench.folder, name);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) < sizeof(text));
	fclose(file);
	assert_string_equal(text, expected);
}

static void
assert_fails(int32_t result, int error)
{
	assert_int_equal(result, NONE);
	assert_int_equal(ask(SYS_ERRNO, 0).result, error);
}

/* --- tests -------------------------------------------------------------------------------- */

static void
text_is_printed_by_each_operation(void **state)
{
	int32_t out = open_file(":tt", 4), err = open_file(":tt", 8);

	(void)state;
	put_text("*");
	ask(SYS_WRITEC, TEXT);
	put_text("zero ends it");
	ask(SYS_WRITE0, TEXT);
	assert_int_equal(write_text(out, ", out"), 0);
	assert_int_equal(write_text(err, ", err"), 0);
	assert_string_equal(bench.printed, "*zero ends it, out, err");
	assert_int_equal(call(SYS_ISTTY, (uint32_t)out, 0, 0, 0), 1);
}

static void
a_text_that_ends_where_memory_ends_is_printed(void **state)
{
	(void)state;
	memcpy(bench.ram + RAM_SIZE - 4, "end", 4);
	ask(SYS_WRITE0, RAM + RAM_SIZE - 4);
	assert_string_equal(bench.printed, "end");
}

static void
a_text_without_an_end_is_cut_short(void **state)
{
	(void)state;
	memset(bench.ram, 'x', sizeof(bench.ram));
	ask(SYS_WRITE0, RAM + 1);
	assert_int_equal(bench.used, SEMIHOSTING_PIECE);
}

static void
of_a_long_write_a_piece_is_done_at_a_time(void **state)
{
	int32_t out = open_file(":tt", 4);

	(void)state;
	memset(bench.ram + 16, 'x', sizeof(bench.ram) - 16);
	assert_int_equal(call(SYS_WRITE, (uint32_t)out, TEXT, 3000, 0),
			 3000 - SEMIHOSTING_PIECE);
	assert_int_equal(call(SYS_WRITE, (uint32_t)out, TEXT, 0xffffffff, 0),
			 (int32_t)(0xffffffff - SEMIHOSTING_PIECE));
	assert_int_equal(bench.used, 2 * SEMIHOSTING_PIECE);
}

static void
a_file_is_written_read_back_and_removed(void **state)
{
	int32_t file = open_file("log.txt", 4);

	(void)state;
	assert_true(file > 0);
	assert_int_equal(write_text(file, "99 bottles"), 0);
	assert_int_equal(call(SYS_FLEN, (uint32_t)file, 0, 0, 0), 10);
	assert_int_equal(call(SYS_ISTTY, (uint32_t)file, 0, 0, 0), 0);
	assert_int_equal(call(SYS_CLOSE, (uint32_t)file, 0, 0, 0), 0);
	assert_file("log.txt", "99 bottles");
	file = open_file("log.txt", 0);
	assert_int_equal(call(SYS_SEEK, (uint32_t)file, 3, 0, 0), 0);
	assert_int_equal(call(SYS_READ, (uint32_t)file, TEXT, 100, 0), 93);
	assert_memory_equal(bench.ram + 256, "bottles", 7);
	assert_int_equal(call(SYS_READ, (uint32_t)file, TEXT, 100, 0), 100);
	assert_int_equal(call(SYS_REMOVE, TEXT, put_text("log.txt"), 0, 0), 0);
	assert_fails(open_file("log.txt", 0), ENOENT);
}

static void
a_file_gets_another_name(void **state)
{
	(void)state;
	write_text(open_file("old", 4), "x");
	memcpy(bench.ram + 1024, "new", 3);
	assert_int_equal(call(SYS_RENAME, TEXT, put_text("old"), RAM + 1024, 3), 0);
	assert_file("new", "x");
}

/* Names that lead out of the folder, and what is no ordinary file. */
static void
no_name_leads_out_of_the_folder(void **state)
{
	static const struct {
		const char *name;
		int error;
	} names[] = {
		{ "/etc/passwd", EACCES },   { "../x", EACCES },   { "a/../../x", ENOENT },
		{ "there/../../x", EACCES }, { ".", EACCES },      { "a//b", ENOENT },
		{ "link/passwd", ENOTDIR },  { "fifo", EACCES },   { "there", EISDIR },
		{ "passwd", ELOOP },         { "there/", EISDIR }, { "/", EACCES },
	};
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/link", bench.folder);
	assert_int_equal(symlink("/etc", path), 0);
	snprintf(path, sizeof(path), "%s/passwd", bench.folder);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	snprintf(path, sizeof(path), "%s/fifo", bench.folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	snprintf(path, sizeof(path), "%s/there", bench.folder);
	assert_int_equal(mkdir(path, 0700), 0);
	for (size_t i = 0; i < array_len(names); i++)
		assert_fails(open_file(names[i].name, 2), names[i].error);
	assert_true(open_file("there/inside", 4) > 0);
}

static void
without_a_folder_there_are_no_files(void **state)
{
	static const struct host_folder none = { .number = -1 };

	(void)state;
	bench.program.folder = &none;
	assert_fails(open_file("x", 4), EACCES);
	assert_fails(call(SYS_REMOVE, TEXT, put_text("x"), 0, 0), EACCES);
	bench.program.folder = &bench.files;
}

static void
no_file_fills_the_disk(void **state)
{
	int32_t file = open_file("big", 4);

	(void)state;
	assert_int_equal(call(SYS_SEEK, (uint32_t)file, HOST_FILE_MAX - 1, 0, 0), 0);
	assert_int_equal(write_text(file, "ab"), 2);
	assert_int_equal(ask(SYS_ERRNO, 0).result, EFBIG);
	assert_int_equal(call(SYS_FLEN, (uint32_t)file, 0, 0, 0), 0);
}

static void
handles_that_are_none_are_refused(void **state)
{
	static const uint32_t operations[] = { SYS_CLOSE, SYS_READ, SYS_ISTTY, SYS_SEEK,
					       SYS_FLEN };
	static const uint32_t handles[] = { 0, 1, SEMIHOSTING_FILES + 1, 0xffffffff };

	(void)state;
	for (size_t i = 0; i < array_len(operations); i++)
		for (size_t k = 0; k < array_len(handles); k++)
			assert_fails(call(operations[i], handles[k], TEXT, 4, 0), EBADF);
	assert_int_equal(call(SYS_WRITE, 1, TEXT, 4, 0), 4);
}

static void
a_program_may_open_so_many_files_and_gets_them_back_when_it_begins_anew(void **state)
{
	(void)state;
	for (int i = 0; i < SEMIHOSTING_FILES; i++)
		assert_int_equal(open_file(":tt", 4), i + 1);
	assert_fails(open_file(":tt", 4), EMFILE);
	semihosting_forget(&bench.program);
	assert_int_equal(open_file(":tt", 4), 1);
}

static void
the_features_are_those_that_newlib_looks_for(void **state)
{
	int32_t file = open_file(":semihosting-features", 0);

	(void)state;
	assert_int_equal(call(SYS_FLEN, (uint32_t)file, 0, 0, 0), 5);
	assert_int_equal(call(SYS_READ, (uint32_t)file, TEXT, 4, 0), 0);
	assert_memory_equal(bench.ram + 256, "SHFB", 4);
	assert_int_equal(call(SYS_READ, (uint32_t)file, TEXT, 1, 0), 0);
	assert_int_equal(bench.ram[256], 3);
	assert_int_equal(call(SYS_READ, (uint32_t)file, TEXT, 1, 0), 1);
}

static void
the_console_is_at_its_end(void **state)
{
	int32_t in = open_file(":tt", 0);

	(void)state;
	assert_int_equal(call(SYS_READ, (uint32_t)in, TEXT, 80, 0), 80);
	assert_fails((int32_t)ask(SYS_READC, 0).result, ENOSYS);
}

static void
time_goes_by(void **state)
{
	(void)state;
	bench.now_us = 12345678901;
	assert_int_equal(ask(SYS_CLOCK, 0).result, 1234567);
	assert_int_equal(ask(SYS_TICKFREQ, 0).result, 1000000);
	assert_int_equal(ask(SYS_ELAPSED, BLOCK).result, 0);
	assert_int_equal(le32_get(bench.ram), (uint32_t)12345678901);
	assert_int_equal(le32_get(bench.ram + 4), 2);
	assert_true(ask(SYS_TIME, 0).result > 1700000000);
}

static void
there_are_no_arguments_and_the_heap_is_the_programs(void **state)
{
	(void)state;
	memset(bench.ram + 256, 0xff, 64);
	assert_int_equal(call(SYS_GET_CMDLINE, TEXT, 80, 0, 0), 0);
	assert_int_equal(bench.ram[256], 0);
	assert_int_equal(le32_get(bench.ram + 4), 0);
	assert_fails(call(SYS_GET_CMDLINE, TEXT, 0, 0, 0), ENOSPC);
	assert_int_equal(call(SYS_HEAPINFO, TEXT, 0, 0, 0), 0);
	assert_int_equal(le32_get(bench.ram + 256 + 12), 0);
}

static void
a_program_ends_with_its_exit_code(void **state)
{
	static const struct {
		uint32_t operation, reason, code, expected;
	} ends[] = {
		{ SYS_EXIT_EXTENDED, 0x20026, 3, 3 }, { SYS_EXIT_EXTENDED, 0x20026, 0, 0 },
		{ SYS_EXIT_EXTENDED, 0x20023, 0, 1 }, { SYS_EXIT, 0x20026, 0, 0 },
		{ SYS_EXIT, 0x20023, 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < array_len(ends); i++) {
		struct semihosting_call done;

		le32_put(bench.ram, ends[i].reason);
		le32_put(bench.ram + 4, ends[i].code);
		done = ask(ends[i].operation,
			   ends[i].operation == SYS_EXIT ? ends[i].reason : BLOCK);
		assert_int_equal(done.end, SEMIHOSTING_ENDED);
		assert_int_equal(done.exit_code, ends[i].expected);
	}
}

static void
no_program_of_this_computer_is_run(void **state)
{
	(void)state;
	assert_fails(call(SYS_SYSTEM, TEXT, put_text("touch /tmp/x"), 0, 0), ENOSYS);
}

static void
an_unknown_operation_is_named_as_such(void **state)
{
	(void)state;
	assert_int_equal(ask(0x42, 0).end, SEMIHOSTING_UNKNOWN);
	assert_int_equal(ask(0x100, 0).end, SEMIHOSTING_UNKNOWN);
}

/* Every operation, with parameters that lead nowhere. */
static void
wild_addresses_are_the_programs_fault(void **state)
{
	static const uint32_t wild[] = { 0, 1, RAM - 1, RAM + RAM_SIZE - 1, 0xfffffffe };

	(void)state;
	for (uint32_t operation = 0; operation < 0x40; operation++)
		for (size_t i = 0; i < array_len(wild); i++)
			ask(operation, wild[i]);
	for (uint32_t operation = 0; operation < 0x40; operation++)
		for (size_t i = 0; i < array_len(wild); i++)
			call(operation, wild[i], wild[i], wild[i], wild[i]);
}

static void
a_lost_target_is_not_the_programs_fault(void **state)
{
	struct semihosting_call asked = { .operation = SYS_WRITE0, .parameter = TEXT };
	struct reason why = REASON_INIT;

	(void)state;
	bench.failure = CAUSE_GONE;
	assert_int_equal(semihosting_serve(&bench.program, &asked, &why), CAUSE_GONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(text_is_printed_by_each_operation),
		TEST(a_text_that_ends_where_memory_ends_is_printed),
		TEST(a_text_without_an_end_is_cut_short),
		TEST(of_a_long_write_a_piece_is_done_at_a_time),
		TEST(a_file_is_written_read_back_and_removed),
		TEST(a_file_gets_another_name),
		TEST(no_name_leads_out_of_the_folder),
		TEST(without_a_folder_there_are_no_files),
		TEST(no_file_fills_the_disk),
		TEST(handles_that_are_none_are_refused),
		TEST(a_program_may_open_so_many_files_and_gets_them_back_when_it_begins_anew),
		TEST(the_features_are_those_that_newlib_looks_for),
		TEST(the_console_is_at_its_end),
		TEST(time_goes_by),
		TEST(there_are_no_arguments_and_the_heap_is_the_programs),
		TEST(a_program_ends_with_its_exit_code),
		TEST(no_program_of_this_computer_is_run),
		TEST(an_unknown_operation_is_named_as_such),
		TEST(wild_addresses_are_the_programs_fault),
		TEST(a_lost_target_is_not_the_programs_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
