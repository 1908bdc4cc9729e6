/* SPDX-License-Identifier: MIT */
#include "server/cli/images.h"

#include "flash/load/file.h"
#include "flash/load/uf2.h"
#include "server/monitor/rows.h"
#include "targets/board/board.h"
#include "transport/base/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_MAX_LEN = 4096 };

/* "PATH@0x08010000"; a file that is called so is meant first. */
static bool
split_place(const char *word, char *path, struct file_place *place)
{
	const char *mark = strrchr(word, '@');
	unsigned long at;
	char *end;

	if (mark == NULL || host_file_exists(word) || mark - word >= PATH_MAX_LEN)
		return false;
	errno = 0;
	at = strtoul(mark + 1, &end, 0);
	if (end == mark + 1 || *end != '\0' || errno != 0 || at > UINT32_MAX)
		return false;
	memcpy(path, word, (size_t)(mark - word));
	path[mark - word] = '\0';
	*place = (struct file_place){ .is_given = true, .at = (uint32_t)at };
	return true;
}

/* "PATH@08010000" */
static bool
lacks_prefix(const char *word)
{
	const char *mark = strrchr(word, '@');

	return mark != NULL && monitor_lacks_prefix(mark + 1) && !host_file_exists(word);
}

/* "PATH@word", where PATH is a file, and all of it is none. */
static bool
has_no_address(const char *word)
{
	const char *mark = strrchr(word, '@');
	struct file_place place;
	char path[PATH_MAX_LEN];

	if (mark == NULL || host_file_exists(word) || mark - word >= PATH_MAX_LEN ||
	    split_place(word, path, &place))
		return false;
	memcpy(path, word, (size_t)(mark - word));
	path[mark - word] = '\0';
	return host_file_exists(path);
}

static enum cause
read_one(const struct options *options, const char *word, struct image *image,
	 struct reason *why)
{
	struct file_place place = { .is_given = options->has_at, .at = options->at };
	char path[PATH_MAX_LEN];

	if (lacks_prefix(word)) {
		reason_begin(why, CAUSE_REQUEST, "%s: its address is not a number", word);
		reason_suspect_with(why, FINDING_REQUEST_NUMBER, "0x%s",
				    strrchr(word, '@') + 1);
		return why->cause;
	}
	if (has_no_address(word))
		return reason_begin(why, CAUSE_REQUEST,
				    "%s: \"%s\" is not an address, as in FILE@0x08000000",
				    word, strrchr(word, '@') + 1);
	if (split_place(word, path, &place))
		return file_read(path, &place, image, why);
	return file_read(word, &place, image, why);
}

enum cause
images_read(const struct options *options, struct image *image, struct reason *why)
{
	enum cause cause = read_one(options, options->file, image, why);

	for (unsigned i = 0; cause == CAUSE_NONE && i < options->words_len; i++)
		cause = read_one(options, options->words[i], image, why);
	return cause;
}

enum cause
images_check_chip(const struct image *image, struct board *board, struct reason *why)
{
	return uf2_check_device(image, &device_table, board_device(board), why);
}
