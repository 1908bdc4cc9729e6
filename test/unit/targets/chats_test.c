/* SPDX-License-Identifier: MIT */
/*
 * A short session on each kind of probe, played from what was recorded of it
 * (test/chats/NAME.chat), byte for byte. `chats_test FILE PROBE HZ` records: the script
 * test/chats/record calls it so.
 */
#include "targets/board/board.h"
#include "targets/connect/connect.h"
#include "test/unit/chat_file.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CHATS "test/chats/"

enum {
	FLASH_AT = 0x08000000,
	RAM_AT = 0x20010000,
	BLOCK_SIZE = 1024,
	POLLS_MAX = 1000,
	REGISTERS = 17, /* r0 to xPSR */
	RESET_VECTOR = 4,
	ISOLATED_HZ = 1000000,
	FAST_HZ = 4000000,
	THUMB = 1
};

/* USB products of ST-LINKs: stlink/version.c; 0: a CMSIS-DAP probe. What comes back through an
 * isolator is late, so its clock is slower. */
static const struct recorded {
	const char *name;
	uint16_t product;
	uint32_t hz;        /* 0: as without --speed */
	const char *serial; /* "": it was not on USB */
} recorded[] = {
	{ "stlink-v2", 0x3748, FAST_HZ, "" }, { "stlink-v2-clone", 0x3748, FAST_HZ, "" },
	{ "stlink-v2-1", 0x374b, 0, "" },     { "stlink-v2-isol", 0x3748, ISOLATED_HZ, "" },
	{ "stlink-v3e", 0x374e, 0, "" },      { "stlink-v3mini", 0x374f, 0, "" },
	{ "stlink-v3set", 0x374f, 0, "" },    { "stlink-v3pwr", 0x3757, 0, "" },
	{ "cmsis-dap-v1", 0, 0, "" },         { "cmsis-dap-v2", 0, 0, "1" },
};

/* --- the session --- */

/* A step that has to work; ends the program with its reason. */
static void
must(enum cause cause, const struct reason *why, const char *what)
{
	char line[REASON_SPACE];

	if (cause == CAUSE_NONE)
		return;
	reason_line(why, line, sizeof(line));
	fprintf(stderr, "%s: %s\n", what, line);
	abort();
}

static struct core *
connect_core(struct board *board, struct clock *clock, struct reason *why)
{
	struct job *job = board_connect(board);

	assert(job != NULL);
	must(job_run(job, clock, why), why, "connect");
	job_free(job);
	return board_core(board, 0);
}

static void
read_registers(struct core *core, struct reason *why)
{
	uint64_t value;

	for (size_t i = 0; i < REGISTERS; i++)
		must(core_register_read(core, &core_register_table[i], &value, why), why,
		     "read a register");
}

static void
move_memory(struct core *core, struct reason *why)
{
	uint8_t program[BLOCK_SIZE], copy[BLOCK_SIZE];

	must(core_memory_read(core, FLASH_AT, program, BLOCK_SIZE, why), why, "read flash");
	must(core_memory_write(core, RAM_AT, program, BLOCK_SIZE, why), why, "write RAM");
	must(core_memory_read(core, RAM_AT, copy, BLOCK_SIZE, why), why, "read RAM");
	assert(memcmp(program, copy, BLOCK_SIZE) == 0);
}

static uint64_t
pc_of(struct core *core, struct reason *why)
{
	uint64_t pc;

	must(core_register_read(core, &core_register_table[REGISTER_PC], &pc, why), why,
	     "read PC");
	return pc;
}

static void
begin_at(struct core *core, uint32_t at, struct reason *why)
{
	must(core_register_write(core, &core_register_table[REGISTER_PC], at, why), why,
	     "write PC");
}

/* To the second instruction of the reset handler, by a breakpoint, and a step from there. */
static void
run_and_step(struct core *core, struct clock *clock, struct reason *why)
{
	enum core_state state = CORE_RUNNING;
	struct halt halt;
	uint8_t vector[4];
	uint32_t handler, second;

	must(core_memory_read(core, FLASH_AT + RESET_VECTOR, vector, 4, why), why, "read");
	handler = le32_get(vector) & ~(uint32_t)THUMB;
	begin_at(core, handler, why);
	must(core_step(core, why), why, "step");
	second = (uint32_t)pc_of(core, why);
	begin_at(core, handler, why);
	must(core_breakpoint_insert(core, second, true, why), why, "insert a breakpoint");
	must(core_resume(core, why), why, "run");
	for (unsigned i = 0; state != CORE_HALTED && i < POLLS_MAX; i++) {
		clock_sleep_us(clock, 1000);
		must(core_poll(core, &state, NULL, why), why, "poll");
	}
	assert(state == CORE_HALTED);
	must(core_halt_why(core, &halt, why), why, "why");
	assert(halt.reason == HALT_BREAKPOINT && halt.pc == second);
	must(core_breakpoint_remove(core, second, true, why), why, "remove a breakpoint");
	must(core_step(core, why), why, "step");
	assert(pc_of(core, why) != second);
}

/* Closes the probe as well. */
static void
have_session(struct probe *probe, uint32_t hz)
{
	struct board_options options = { .connect = CONNECT_ATTACH, .speed_hz = hz };
	struct clock *clock = probe->clock;
	struct reason why = REASON_INIT;
	struct board *board = NULL;
	struct core *core;

	must(board_new(probe, &options, &board, &why), &why, "board");
	core = connect_core(board, clock, &why);
	must(core_halt(core, &why), &why, "halt");
	read_registers(core, &why);
	move_memory(core, &why);
	run_and_step(core, clock, &why);
	must(board_detach(board, &why), &why, "detach");
	board_free(board);
}

/* --- played --- */

static void
play(void **state)
{
	const struct recorded *about = *state;
	static struct chat_file chat;
	char path[64];

	(void)log_set("warning");
	snprintf(path, sizeof(path), CHATS "%s.chat", about->name);
	have_session(about->product != 0
			     ? chat_file_open_stlink(&chat, path, about->product)
			     : chat_file_open_dap(&chat, path, about->serial),
		     about->hz);
	chat_file_end(&chat);
}

static int
record(const char *path, const char *words, const char *hz)
{
	struct reason why = REASON_INIT;
	struct probe *probe = NULL;
	FILE *file = fopen(path, "a");

	if (file == NULL) {
		perror(path);
		return 1;
	}
	log_record("probe", file);
	must(probe_open(words, clock_host(), &probe, &why), &why, "open");
	have_session(probe, (uint32_t)strtoul(hz, NULL, 10));
	log_record("probe", NULL);
	return fclose(file) == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct CMUnitTest tests[array_len(recorded)];
	static char names[array_len(recorded)][64];

	if (argc == 4)
		return record(argv[1], argv[2], argv[3]);
	for (size_t i = 0; i < array_len(recorded); i++) {
		snprintf(names[i], sizeof(names[i]),
			 "a_session_on_%s_is_as_it_was_recorded", recorded[i].name);
		union {
			const struct recorded *from;
			void *state;
		} initial = { .from = &recorded[i] };

		tests[i] = (struct CMUnitTest){ .name = names[i],
						.test_func = play,
						.initial_state = initial.state };
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
