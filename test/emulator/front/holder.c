/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "test/emulator/front/holder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <linux/usbdevice_fs.h>

#include "test/emulator/front/preload.h"

enum { NODE_MAX_LEN = 64, EXIT_WORLD = 1 };
static const char name[] = "probe-holder";

/* Its standard output is the pipe. It dies with the thread that made it: the bench. */
static void
become(const char *testbed_path, unsigned number, const int ends[2])
{
	char own_name[sizeof(name)], node[NODE_MAX_LEN];
	char *const arguments[] = { own_name, node, NULL };
	strcpy(own_name, name);
	snprintf(node, sizeof(node), "/dev/bus/usb/001/%03u", number);
	preload_enter(testbed_path);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(ends[1], STDOUT_FILENO);
	execv("/proc/self/exe", arguments);
	perror("emulator: probe-holder");
	_exit(EXIT_WORLD);
}

int
holder_start(const char *testbed_path, unsigned number)
{
	int ends[2] = { -1, -1 };
	pid_t child = pipe2(ends, O_CLOEXEC) < 0 ? -1 : fork();
	if (child == 0)
		become(testbed_path, number, ends);
	if (ends[1] >= 0)
		close(ends[1]);
	if (child > 0)
		return ends[0];
	fprintf(stderr, "emulator: cannot start a holder of the probe: %s\n",
		strerror(errno));
	if (ends[0] >= 0)
		close(ends[0]);
	return -1;
}

bool
holder_is_meant(char *const *argv)
{
	return argv[0] && strcmp(argv[0], name) == 0 && argv[1] && !argv[2];
}

/* What libusb does for a program that lets it detach the kernel's driver. */
static bool
claim(int node)
{
	struct usbdevfs_disconnect_claim first = { .interface = 0 };
	return ioctl(node, USBDEVFS_DISCONNECT_CLAIM, &first) == 0;
}

int
holder_main(char *const *argv)
{
	int node = open(argv[1], O_RDWR | O_CLOEXEC);
	prctl(PR_SET_NAME, name); /* in /proc/PID/comm */
	if (node < 0 || !claim(node)) {
		fprintf(stderr, "%s: %s: %s\n", name, argv[1], strerror(errno));
		return EXIT_WORLD;
	}
	if (write(STDOUT_FILENO, "", 1) != 1)
		return EXIT_WORLD;
	for (;;)
		pause();
}
