/* SPDX-License-Identifier: MIT */
/*
 * board_fixture.h - one board of fakes with the log it wrote, for tests of connecting and resetting; one
 * file of a program includes this.
 */
#ifndef TEST_UNIT_TARGETS_BOARD_FIXTURE_H
#define TEST_UNIT_TARGETS_BOARD_FIXTURE_H

#include "test/unit/fake_board.h"
#include "transport/base/log.h"

#include <stdio.h>
#include <string.h>

enum { DBGMCU_CR = 4, PC = 15 };

static struct fake_board fake;
static struct reason why;
static char logged[4096];

static inline void
keep_log(enum log_level level, const char *room, const char *text, void *context)
{
	size_t used = strlen(logged);

	(void)level, (void)room, (void)context;
	snprintf(logged + used, sizeof(logged) - used, "%s\n", text);
}

static inline int
set_up(void **state)
{
	(void)state;
	logged[0] = '\0';
	log_set_sink(keep_log, NULL);
	memset(&why, 0, sizeof(why));
	fake_board_new(&fake);
	return 0;
}

static inline int
tear_down(void **state)
{
	(void)state;
	fake_board_free(&fake);
	log_set_sink(NULL, NULL);
	return 0;
}

static inline enum cause
try_to_connect(enum connect_mode mode)
{
	struct board_options options = { .connect = mode };

	fake_board_open(&fake, &options);
	return fake_board_run(&fake, board_connect(fake.board), &why);
}

/* On a board of its own. */
#define BOARD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif /* TEST_UNIT_TARGETS_BOARD_FIXTURE_H */
