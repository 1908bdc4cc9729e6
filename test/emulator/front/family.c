/* SPDX-License-Identifier: MIT */
#include "test/emulator/front/family.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_MAX_LEN = 64 };

void
family_adopt(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* True when there were any. Killing one may bring us its children. */
static bool
end_children(FILE *children)
{
	int pid;
	bool found = false;
	while (fscanf(children, "%d", &pid) == 1) {
		found = true;
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return found;
}

void
family_end(void)
{
	char path[PATH_MAX_LEN];
	bool found = true;
	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	while (found) {
		FILE *children = fopen(path, "r");
		found = children && end_children(children);
		if (children)
			fclose(children);
	}
}
