/* SPDX-License-Identifier: MIT */
/*
 * chat_file.h - plays a recorded conversation with a probe, a file of `--record`.
 *
 * Lines: "> hex" went to the probe, "< hex" came from it, "! cause" is how sending or waiting
 * ended instead, "# words" are for people. What is sent must be what was recorded, byte for
 * byte and in its order; anything else fails the test and shows the line.
 */
#ifndef TEST_UNIT_CHAT_FILE_H
#define TEST_UNIT_CHAT_FILE_H

#include "transport/probe/cmsis_dap/cmsis_dap.h"
#include "transport/probe/stlink/stlink.h"

#include <stdio.h>

enum { CHAT_LINE_MAX = 2 * STLINK_DATA_MAX + 64 };

struct chat_file {
	struct stlink_carrier stlink;
	struct cmsis_dap_carrier dap;
	struct clock clock; /* passes only in a sleep */
	uint64_t now_us;
	const char *path;
	FILE *file;
	unsigned number; /* of the line */
	char line[CHAT_LINE_MAX];
	char name[64]; /* of the command, as recorded */
};

/* Opens the ST-LINK with that USB product, or the CMSIS-DAP probe, that the file is about. */
struct probe *
chat_file_open_stlink(struct chat_file *chat, const char *path, uint16_t product);
/* `serial`: what USB tells of it; "": nothing, so it is asked. */
struct probe *
chat_file_open_dap(struct chat_file *chat, const char *path, const char *serial);
/* To be called when the probe is closed: asserts that all was said. */
void chat_file_end(struct chat_file *chat);

#endif /* TEST_UNIT_CHAT_FILE_H */
