/* SPDX-License-Identifier: MIT */
#include "server/session/port_holder.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static void
the_process_that_listens_is_named_with_its_pid(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	char buffer[128], pid[32];
	struct text words;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	text_init(&words, buffer, sizeof(buffer));
	assert_false(port_holder(ntohs(address.sin_port), &words));

	assert_int_equal(listen(fd, 1), 0);
	assert_true(port_holder(ntohs(address.sin_port), &words));
	snprintf(pid, sizeof(pid), "(pid %d)", (int)getpid());
	assert_non_null(strstr(buffer, pid));
	assert_non_null(strstr(buffer, "port_holder"));
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_process_that_listens_is_named_with_its_pid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
