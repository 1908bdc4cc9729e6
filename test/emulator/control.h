/* SPDX-License-Identifier: MIT */
/*
 * control.h - the FIFO through which a test turns the bench's knobs at run time.
 */
#ifndef TEST_EMULATOR_CONTROL_H
#define TEST_EMULATOR_CONTROL_H

#include <stdbool.h>

#include "test/emulator/bench.h"

struct control;

/* Opens the FIFO, making it when there is none. NULL after telling why not. */
struct control *control_open(const char *path);
/* Takes away a FIFO that was made here. */
void control_close(struct control *control);
int control_fd(const struct control *control);

/* Obeys the lines that have arrived; never blocks. */
void control_ready(struct control *control, struct bench *bench);
/* One line without its end. False, and a word on stderr, when it means nothing. */
bool control_obey(struct bench *bench, const char *line);

#endif /* TEST_EMULATOR_CONTROL_H */
