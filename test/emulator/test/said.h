/* SPDX-License-Identifier: MIT */
/*
 * said.h - what a function printed on stderr, for tests in which the words count.
 */
#ifndef TEST_EMULATOR_TEST_SAID_H
#define TEST_EMULATOR_TEST_SAID_H

#include <stdio.h>
#include <unistd.h>

struct said {
	char text[2048];
	FILE *file;
	int kept;
};

static inline void
said_begin(struct said *said)
{
	fflush(stderr);
	said->kept = dup(STDERR_FILENO);
	said->file = tmpfile();
	dup2(fileno(said->file), STDERR_FILENO);
}

/* What was said since said_begin(), as long as the struct lives. */
static inline const char *
said_end(struct said *said)
{
	size_t len;

	fflush(stderr);
	dup2(said->kept, STDERR_FILENO);
	close(said->kept);
	rewind(said->file);
	len = fread(said->text, 1, sizeof(said->text) - 1, said->file);
	said->text[len] = '\0';
	fclose(said->file);
	return said->text;
}

#endif /* TEST_EMULATOR_TEST_SAID_H */
