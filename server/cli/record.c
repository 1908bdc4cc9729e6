/* SPDX-License-Identifier: MIT */
#include "server/cli/record.h"

#include "server/monitor/version.h"
#include "transport/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct record {
	const char *path;
	FILE *file;
};

static enum cause
cannot_write(const char *path, int error, struct reason *why)
{
	if (error == ENXIO || error == EAGAIN)
		return reason_begin(why, CAUSE_HOST,
				    "%s is a FIFO that nobody reads, or not fast enough",
				    path);
	return reason_begin(why, CAUSE_HOST, "%s cannot be written: %s", path,
			    strerror(error));
}

/* Never waits, neither for who reads a FIFO nor for room in it. */
static FILE *
open_file(const char *path)
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
record_begin(struct record **record, const char *path, const char *probe,
	     struct reason *why)
{
	*record = NULL;
	if (path == NULL)
		return CAUSE_NONE;
	*record = calloc(1, sizeof(**record));
	if (*record == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a record");
	(*record)->path = path;
	(*record)->file = open_file(path);
	if ((*record)->file == NULL) {
		free(*record);
		*record = NULL;
		return cannot_write(path, errno, why);
	}
	/* Line by line, so that nothing is missing after a crash. */
	setvbuf((*record)->file, NULL, _IOLBF, 0);
	fprintf((*record)->file, "# tether %s --probe %s\n", tether_version,
		probe != NULL ? probe : "\"\"");
	log_record("probe", (*record)->file);
	return CAUSE_NONE;
}

enum cause
record_end(struct record *record, struct reason *why)
{
	enum cause cause = CAUSE_NONE;
	int error;

	if (record == NULL)
		return CAUSE_NONE;
	error = log_record_error();
	log_record("probe", NULL);
	if (fclose(record->file) != 0 && error == 0)
		error = errno;
	if (error != 0) {
		cannot_write(record->path, error, why);
		cause = reason_while(why, "the record of the probe is not complete");
	}
	free(record);
	return cause;
}
