/* SPDX-License-Identifier: MIT */
#include "server/cli/output_file.h"

#include <errno.h>
#include <string.h>

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

enum cause
output_file_is_there(const char *path, struct reason *why)
{
	reason_begin(why, CAUSE_REQUEST,
		     "%s is there already, and nothing is written over it", path);
	reason_suspect_with(why, FINDING_REQUEST_FILE_IS_THERE,
			    ", or have this one written over: --force");
	return why->cause;
}
