/* SPDX-License-Identifier: MIT */
#include "server/cli/log_json.h"

#include "server/cli/json.h"
#include "server/cli/output_file.h"
#include "transport/base/log.h"

#include <errno.h>

/* One for the process, as the log is. */
static struct {
	const char *path;
	FILE *file;
	int error; /* errno of the first line that failed; what follows is not written */
} json;

static void
print_time(FILE *file)
{
	char words[sizeof("2026-11-29T22:03:04")] = "";
	struct host_time now = host_time_of_day();
	struct tm tm;

	if (host_utc(now.seconds, &tm))
		strftime(words, sizeof(words), "%Y-%m-%dT%H:%M:%S", &tm);
	fprintf(file, "{\"time\": \"%s.%03uZ\"", words, now.ms);
}

static void
write_line(enum log_level level, const char *room, const char *text, void *context)
{
	(void)context;
	if (json.error != 0)
		return;
	print_time(json.file);
	fprintf(json.file,
		", \"level\": \"%s\", \"room\": \"%s\", \"text\": ", log_level_name(level),
		room);
	json_print_string(json.file, text);
	fputs("}\n", json.file);
	if (fflush(json.file) != 0)
		json.error = errno;
}

enum cause
log_json_begin(const char *path, struct reason *why)
{
	if (path == NULL)
		return CAUSE_NONE;
	json.path = path;
	json.file = host_file_replace(path);
	if (json.file == NULL)
		return output_file_failed(path, errno, why);
	log_also(write_line, NULL);
	return CAUSE_NONE;
}

enum cause
log_json_end(struct reason *why)
{
	if (json.file == NULL)
		return CAUSE_NONE;
	log_also(NULL, NULL);
	if (fclose(json.file) != 0 && json.error == 0)
		json.error = errno;
	json.file = NULL;
	if (json.error == 0)
		return CAUSE_NONE;
	output_file_failed(json.path, json.error, why);
	return reason_while(why, "the log in JSON is not complete");
}
