/* SPDX-License-Identifier: MIT */
#include "server/cli/record.h"

#include "server/cli/output_file.h"
#include "server/monitor/version.h"
#include "transport/base/log.h"

#include <errno.h>
#include <stdlib.h>

struct record {
	const char *path;
	FILE *file;
};

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
	(*record)->file = output_file_open(path);
	if ((*record)->file == NULL) {
		free(*record);
		*record = NULL;
		return output_file_failed(path, errno, why);
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
		output_file_failed(record->path, error, why);
		cause = reason_while(why, "the record of the probe is not complete");
	}
	free(record);
	return cause;
}
