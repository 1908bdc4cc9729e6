/* SPDX-License-Identifier: MIT */
#include "transport/link/usb_holder.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char path[64];
static int node;

static int
make_node(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/tmp/usb_holder_test.XXXXXX");
	node = mkstemp(path);
	return node < 0;
}

static int
remove_node(void **state)
{
	(void)state;
	close(node);
	return unlink(path);
}

/* A process that has the node open as we have, until it is killed. */
static pid_t
fork_holder(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	assert_true(pid > 0);
	return pid;
}

static void
end_holder(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
our_own_process_is_no_holder(void **state)
{
	char buffer[128];
	struct text words;

	(void)state;
	text_init(&words, buffer, sizeof(buffer));
	assert_false(usb_holder_find(path, &words));
	assert_string_equal(buffer, "");
}

static void
another_process_is_named_with_its_pid(void **state)
{
	char buffer[128], expected[64];
	struct text words;
	pid_t pid = fork_holder();
	bool found;

	(void)state;
	text_init(&words, buffer, sizeof(buffer));
	found = usb_holder_find(path, &words);
	end_holder(pid);
	snprintf(expected, sizeof(expected), "usb_holder_test (pid %ld)", (long)pid);
	assert_true(found);
	assert_string_equal(buffer, expected);
}

static void
several_are_all_named(void **state)
{
	char buffer[128];
	struct text words;
	pid_t first = fork_holder(), second = fork_holder();

	(void)state;
	text_init(&words, buffer, sizeof(buffer));
	assert_true(usb_holder_find(path, &words));
	end_holder(first);
	end_holder(second);
	assert_non_null(strstr(buffer, ") and usb_holder_test (pid "));
}

static void
a_node_that_is_not_there_has_no_holder(void **state)
{
	char buffer[128];
	struct text words;

	(void)state;
	text_init(&words, buffer, sizeof(buffer));
	assert_false(usb_holder_find("/dev/bus/usb/255/255", &words));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_own_process_is_no_holder),
		cmocka_unit_test(another_process_is_named_with_its_pid),
		cmocka_unit_test(several_are_all_named),
		cmocka_unit_test(a_node_that_is_not_there_has_no_holder),
	};

	return cmocka_run_group_tests(tests, make_node, remove_node);
}
