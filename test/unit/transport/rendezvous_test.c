/* SPDX-License-Identifier: MIT */
/* The folder in which programs of one user find each other's sockets. */
#include "transport/link/rendezvous.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static char runtime[] = "/tmp/rendezvous.XXXXXX";
static char path[RENDEZVOUS_PATH], found[RENDEZVOUS_PATH];

static int
set_up(void **state)
{
	(void)state;
	strcpy(runtime + strlen(runtime) - 6, "XXXXXX");
	assert_non_null(mkdtemp(runtime));
	setenv("XDG_RUNTIME_DIR", runtime, 1);
	return 0;
}

static int
tear_down(void **state)
{
	char folder[RENDEZVOUS_PATH], file[RENDEZVOUS_PATH + 256];
	const struct dirent *entry;
	DIR *files;

	(void)state;
	snprintf(folder, sizeof(folder), "%s/tether", runtime);
	files = opendir(folder);
	assert_non_null(files);
	while ((entry = readdir(files)) != NULL) {
		snprintf(file, sizeof(file), "%s/%s", folder, entry->d_name);
		unlink(file);
	}
	closedir(files);
	return rmdir(folder) + rmdir(runtime);
}

static void
make(const char *name)
{
	struct reason why = REASON_INIT;
	FILE *file;

	assert_int_equal(rendezvous_path(name, path, &why), CAUSE_NONE);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
}

static void
one_is_found_by_the_beginning_of_its_name(void **state)
{
	(void)state;
	assert_false(rendezvous_find("stlink-", found));
	make("stlink-0673FF");
	assert_true(rendezvous_find("stlink-", found));
	assert_string_equal(found, path);
	assert_true(rendezvous_find("stlink-0673", found));
	assert_false(rendezvous_find("stlink-0674", found));
}

static void
of_two_that_fit_none_is_taken(void **state)
{
	(void)state;
	make("stlink-0673FF");
	make("stlink-0673EE");
	assert_false(rendezvous_find("stlink-06", found));
	assert_true(rendezvous_find("stlink-0673E", found));
	rendezvous_clear(path);
	assert_true(rendezvous_find("stlink-06", found));
}

/* One that was killed leaves its socket. */
static void
of_two_that_fit_the_one_that_a_server_listens_at_is_taken(void **state)
{
	struct sockaddr_un where = { .sun_family = AF_UNIX };
	struct reason why = REASON_INIT;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	make("stlink-0673EE");
	assert_int_equal(rendezvous_path("stlink-0673FF", path, &why), CAUSE_NONE);
	strcpy(where.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&where, sizeof(where)), 0);
	assert_false(rendezvous_find("stlink-06", found));
	assert_int_equal(listen(fd, 1), 0);
	assert_true(rendezvous_find("stlink-06", found));
	assert_string_equal(found, path);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(rendezvous_owner(path), getpid());
	assert_int_equal(listen(fd, 0), 0);
	assert_int_equal(rendezvous_owner(path), RENDEZVOUS_BUSY);
	close(fd);
	assert_int_equal(rendezvous_owner(path), 0);
}

static void
what_is_no_letter_or_digit_cannot_leave_the_folder(void **state)
{
	(void)state;
	make("../../x");
	assert_string_equal(strrchr(path, '/'), "/______x");
	assert_true(rendezvous_find("../../x", found));
}

static void
a_folder_that_is_open_to_others_is_not_used(void **state)
{
	struct reason why = REASON_INIT;

	(void)state;
	assert_int_equal(rendezvous_check(&why), CAUSE_NONE);
	make("stlink-1");
	assert_int_equal(rendezvous_check(&why), CAUSE_NONE);
	*strrchr(path, '/') = '\0';
	assert_int_equal(chmod(path, 0777), 0);
	assert_false(rendezvous_find("stlink-1", found));
	assert_int_equal(rendezvous_path("stlink-1", path, &why), CAUSE_HOST);
	assert_non_null(strstr(reason_root(&why), "is open to other users"));
	why = (struct reason)REASON_INIT;
	assert_int_equal(rendezvous_check(&why), CAUSE_HOST);
	assert_non_null(strstr(reason_root(&why), "is open to other users"));
	assert_non_null(strstr(reason_remedy(&why), "chmod 700 /"));
}

static void
a_socket_is_closed_to_others(void **state)
{
	struct reason why = REASON_INIT;
	struct stat status;

	(void)state;
	make("stlink-1");
	assert_int_equal(rendezvous_guard(path, &why), CAUSE_NONE);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	rendezvous_clear(path);
	assert_int_equal(rendezvous_guard(path, &why), CAUSE_HOST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_is_found_by_the_beginning_of_its_name,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(of_two_that_fit_none_is_taken, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(
			of_two_that_fit_the_one_that_a_server_listens_at_is_taken, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_no_letter_or_digit_cannot_leave_the_folder, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(a_folder_that_is_open_to_others_is_not_used,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_socket_is_closed_to_others, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
