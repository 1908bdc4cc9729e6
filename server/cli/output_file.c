/* SPDX-License-Identifier: MIT */
#include "server/cli/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

FILE *
output_file_open(const char *path)
{
	enum { MODE = 0666 }; /* less the umask, as fopen() has it */

	int fd =
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		     MODE);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd >= 0 && file == NULL)
		close(fd);
	return file;
}

enum cause
output_file_failed(const char *path, int error, struct reason *why)
{
	if (error == ENXIO || error == EAGAIN)
		return reason_begin(why, CAUSE_HOST,
				    "%s is a FIFO that nobody reads, or not fast enough",
				    path);
	return reason_begin(why, CAUSE_HOST, "%s cannot be written: %s", path,
			    strerror(error));
}
