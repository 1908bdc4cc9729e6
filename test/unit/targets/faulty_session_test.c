/* SPDX-License-Identifier: MIT */
/*
 * Sessions on probes that fail at random (transport/probe/faulty.h), each with a seed of its
 * own: what is reported as done was done, what was read is what is there, and what fails says
 * why. 10,000 sessions, or 100,000 with STRESS=full; SEED=n runs that one alone and tells of it.
 */
#include "test/unit/fake_board.h"
#include "test/unit/fake_dap.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/faulty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
	SHARE = 10000,
	ALL = 100000,
	RAM_AT = 0x20000000,
	FLASH_AT = 0x08000000,
	BLOCK_AT = 0x103, /* in RAM; neither it nor the size is a multiple of a word */
	BLOCK_SIZE = 2049,
	BREAKPOINT_AT = 0x08000210,
	CALLER_REGISTERS = 16,
	SLOW_US = 60000000, /* more than any session may take */
	ACTS_MAX = 12
};

/* The probes that take different ways through transport/adi and targets/. */
enum kind { KIND_MEMORY, KIND_TRANSFERS, KIND_DAP_V2, KIND_DAP_V1, KINDS };

struct session {
	unsigned seed;
	enum kind kind;
	struct fake_board fake;
	struct fake_dap firmware;
	struct probe *probe;
	uint8_t block[BLOCK_SIZE];
	const char *act;
	bool has_failed;
};

struct tally {
	unsigned whole, ended, repeated;
};

static bool is_verbose;

/* What the log said: when the chip refuses to give its IDCODE or size (a FAULT), what
 * is taken for them is no lie if the log says so. */
static struct {
	bool size_assumed, is_unknown;
} logged;

static void
listen_to_log(enum log_level level, const char *room, const char *text, void *context)
{
	(void)level;
	(void)room;
	(void)context;
	if (strstr(text, "cannot be read; 512 KiB are assumed") != NULL)
		logged.size_assumed = true;
	if (strstr(text, "is not in the device table") != NULL)
		logged.is_unknown = true;
}

/* --- one probe, one board --- */

static struct probe *
make_inner(struct session *session)
{
	struct fake_probe *fake = session->fake.probe;

	if (session->kind < KIND_DAP_V2)
		return &fake->probe;
	return fake_dap_open(&session->firmware, fake,
			     session->kind == KIND_DAP_V2 ? 512 : 64, 4);
}

static void
open_session(struct session *session, unsigned seed)
{
	static const uint32_t rates[] = { 8, 30, 100, 400 };
	struct board_options options = { .connect = seed % 5 == 0 ? CONNECT_ATTACH
								  : CONNECT_AUTO };
	struct reason why = REASON_INIT;

	memset(session, 0, sizeof(*session));
	session->seed = seed;
	session->kind = (enum kind)(seed % KINDS);
	fake_board_new_on(&session->fake, session->kind == KIND_MEMORY
						  ? FAKE_WITH_MEMORY
						  : FAKE_TRANSFERS_ONLY);
	session->fake.core->refuses_itm = seed % 3 == 0; /* all the time */
	logged.size_assumed = logged.is_unknown = false;
	log_set_sink(listen_to_log, NULL);
	assert_int_equal(faulty_wrap(make_inner(session), seed,
				     rates[seed / KINDS % array_len(rates)],
				     &session->probe, &why),
			 CAUSE_NONE);
	assert_int_equal(board_new(session->probe, &options, &session->fake.board, &why),
			 CAUSE_NONE);
	for (uint32_t i = 0; i < CALLER_REGISTERS; i++)
		session->fake.core->r[i] = i == 15 ? 0x08000200 : 0x1000 * i + 4 * seed;
	for (size_t i = 0; i < BLOCK_SIZE; i++)
		session->block[i] = (uint8_t)(seed + 7 * i);
}

static void
close_session(struct session *session)
{
	struct fake_probe *target =
		session->kind < KIND_DAP_V2 ? NULL : session->fake.probe;

	fake_board_free(&session->fake);
	fake_probe_free(target);
}

/* --- what a session does, one act after the other --- */

static bool
is_size_true(uint32_t kib)
{
	return kib == 128 || (kib == 512 && logged.size_assumed) ||
	       (kib == 0 && logged.is_unknown);
}

static enum cause
act_connect(struct session *session, struct reason *why)
{
	struct fake_board *fake = &session->fake;
	enum cause cause = fake_board_run(fake, board_connect(fake->board), why);

	if (cause == CAUSE_NONE) {
		fake->cm4 = board_core(fake->board, 0);
		assert_non_null(fake->cm4);
		assert_true(is_size_true(board_flash_kib(fake->board)));
	}
	return cause;
}

static enum cause
act_halt(struct session *session, struct reason *why)
{
	enum cause cause = core_halt(session->fake.cm4, why);

	if (cause == CAUSE_NONE)
		assert_true(session->fake.core->is_halted);
	return cause;
}

static enum cause
act_registers(struct session *session, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; cause == CAUSE_NONE && i < CALLER_REGISTERS; i++) {
		uint64_t value = 0;

		cause = core_register_read(session->fake.cm4, &core_register_table[i],
					   &value, why);
		if (cause == CAUSE_NONE)
			assert_int_equal(value, session->fake.core->r[i]);
	}
	return cause;
}

static enum cause
act_set_register(struct session *session, struct reason *why)
{
	uint32_t wanted = 0xabc00000 + session->seed;
	enum cause cause = core_register_write(session->fake.cm4, &core_register_table[5],
					       wanted, why);
	uint64_t value = 0;

	if (cause == CAUSE_NONE)
		cause = core_register_read(session->fake.cm4, &core_register_table[5],
					   &value, why);
	if (cause != CAUSE_NONE)
		return cause;
	assert_int_equal(value, wanted);
	assert_int_equal(session->fake.core->r[5], wanted);
	return CAUSE_NONE;
}

static enum cause
act_write(struct session *session, struct reason *why)
{
	enum cause cause = core_memory_write(session->fake.cm4, RAM_AT + BLOCK_AT,
					     session->block, BLOCK_SIZE, why);
	const uint8_t *ram = session->fake.ram;

	if (cause == CAUSE_NONE)
		assert_memory_equal(ram + BLOCK_AT, session->block, BLOCK_SIZE);
	assert_int_equal(ram[BLOCK_AT - 1], FAKE_CANARY);
	assert_int_equal(ram[BLOCK_AT + BLOCK_SIZE], FAKE_CANARY);
	return cause;
}

static enum cause
act_read(struct session *session, struct reason *why)
{
	uint8_t bytes[BLOCK_SIZE];
	enum cause cause = core_memory_read(session->fake.cm4, RAM_AT + BLOCK_AT, bytes,
					    BLOCK_SIZE, why);

	if (cause == CAUSE_NONE)
		assert_memory_equal(bytes, session->fake.ram + BLOCK_AT, BLOCK_SIZE);
	return cause;
}

static enum cause
act_read_flash(struct session *session, struct reason *why)
{
	uint8_t bytes[1024];
	enum cause cause =
		core_memory_read(session->fake.cm4, FLASH_AT, bytes, sizeof(bytes), why);

	if (cause == CAUSE_NONE)
		assert_memory_equal(bytes, session->fake.flash, sizeof(bytes));
	return cause;
}

static enum cause
act_breakpoint(struct session *session, struct reason *why)
{
	return core_breakpoint_insert(session->fake.cm4, BREAKPOINT_AT, true, why);
}

static enum cause
act_run(struct session *session, struct reason *why)
{
	struct fake_core *core = session->fake.core;
	enum cause cause = core_resume(session->fake.cm4, why);

	if (cause == CAUSE_NONE)
		assert_false(core->is_halted);
	if (!core->is_halted)
		fake_core_arrives(core, BREAKPOINT_AT);
	return cause;
}

/* Reported as a breakpoint only when it was there. */
static enum cause
act_stop(struct session *session, struct reason *why)
{
	struct core *cm4 = session->fake.cm4;
	enum core_state state = CORE_RUNNING;
	struct halt halt = { 0 };
	enum cause cause = core_poll(cm4, &state, NULL, why);

	if (cause == CAUSE_NONE)
		assert_int_equal(state == CORE_HALTED, session->fake.core->is_halted);
	if (cause != CAUSE_NONE || state != CORE_HALTED)
		return cause;
	cause = core_halt_why(cm4, &halt, why);
	if (cause == CAUSE_NONE)
		assert_int_equal(halt.pc, session->fake.core->r[REGISTER_PC]);
	return cause;
}

static enum cause
act_step(struct session *session, struct reason *why)
{
	struct core *cm4 = session->fake.cm4;
	unsigned before = session->fake.core->steps;
	uint64_t pc = 0;
	enum cause cause;

	if (!session->fake.core->is_halted)
		return CAUSE_NONE;
	cause = core_step(cm4, why);
	if (cause == CAUSE_NONE) {
		assert_int_equal(session->fake.core->steps, before + 1);
		cause = core_register_read(cm4, &core_register_table[REGISTER_PC], &pc,
					   why);
	}
	if (cause == CAUSE_NONE)
		assert_int_equal(pc, session->fake.core->r[REGISTER_PC]);
	return cause;
}

static enum cause
act_detach(struct session *session, struct reason *why)
{
	return board_detach(session->fake.board, why);
}

static const struct act {
	const char *name;
	enum cause (*run)(struct session *session, struct reason *why);
} acts[] = {
	{ "connect", act_connect },
	{ "halt", act_halt },
	{ "read registers", act_registers },
	{ "write a register", act_set_register },
	{ "write memory", act_write },
	{ "read memory", act_read },
	{ "read flash", act_read_flash },
	{ "insert a breakpoint", act_breakpoint },
	{ "run", act_run },
	{ "see the stop", act_stop },
	{ "step", act_step },
	{ "detach", act_detach },
};
_Static_assert(sizeof(acts) / sizeof(acts[0]) == ACTS_MAX, "ACTS_MAX");

/* --- the sessions --- */

/* A reason has the cause that was returned and says something. That a core has to be halted
 * first is true when it was not seen to halt. */
static void
check_reason(const struct session *session, enum cause cause, const struct reason *why)
{
	char line[REASON_SPACE + REASON_LINE_MAX];

	reason_line(why, line, sizeof(line));
	if (is_verbose)
		printf("# %u: %s: %s: %s\n", session->seed, session->act, cause_name(cause),
		       line);
	if (cause != why->cause || cause == CAUSE_BUG ||
	    (cause == CAUSE_REQUEST && !session->has_failed) ||
	    cause == CAUSE_UNSUPPORTED || strlen(reason_root(why)) < 10)
		fail_msg("seed %u, %s: %s, \"%s\"", session->seed, session->act,
			 cause_name(cause), line);
}

/* Some sessions go on after a failure that is not the loss of probe or target, as a user
 * would who tries again. */
static bool
goes_on(const struct session *session, enum cause cause)
{
	return cause != CAUSE_GONE && session->fake.cm4 != NULL && session->seed % 2 == 0;
}

static void
run_session(unsigned seed, struct tally *tally)
{
	struct session session;
	enum cause cause = CAUSE_NONE;

	open_session(&session, seed);
	if (is_verbose)
		printf("# %u\n", seed);
	for (size_t i = 0; i < array_len(acts); i++) {
		struct reason why = REASON_INIT;

		session.act = acts[i].name;
		cause = acts[i].run(&session, &why);
		if (cause == CAUSE_NONE)
			continue;
		check_reason(&session, cause, &why);
		session.has_failed = true;
		if (!goes_on(&session, cause))
			break;
		tally->repeated++;
	}
	if (session.fake.probe->now_us > SLOW_US)
		fail_msg("seed %u took %u ms of its clock", seed,
			 (unsigned)(session.fake.probe->now_us / 1000));
	tally->whole += !session.has_failed;
	tally->ended += session.has_failed;
	close_session(&session);
}

static void
sessions_end_well_or_say_why(void **state)
{
	const char *stress = getenv("STRESS"), *one = getenv("SEED");
	unsigned count = stress != NULL && strcmp(stress, "full") == 0 ? ALL : SHARE;
	struct tally tally = { 0 };

	(void)state;
	setvbuf(stdout, NULL, _IOLBF, 0);
	is_verbose = one != NULL || getenv("TELL") != NULL;
	if (one != NULL) {
		run_session((unsigned)strtoul(one, NULL, 10), &tally);
		return;
	}
	for (unsigned seed = 0; seed < count; seed++)
		run_session(seed, &tally);
	printf("# %u sessions: %u without a failure, %u with one (%u went on after one)\n",
	       count, tally.whole, tally.ended, tally.repeated);
	/* Neither of them by the way: the faults are not so many, nor so few. */
	assert_true(tally.whole > count / 10 && tally.ended > count / 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sessions_end_well_or_say_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
