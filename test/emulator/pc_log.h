/* SPDX-License-Identifier: MIT */
/*
 * pc_log.h - the file of --trace-pc: what each core has executed, a line each.
 */
#ifndef TEST_EMULATOR_PC_LOG_H
#define TEST_EMULATOR_PC_LOG_H

#include <stdbool.h>

#include "test/emulator/soc/soc.h"

struct pc_log;

/* Begins to log all cores of the chip, which must outlive it. NULL after telling on stderr
 * why the file cannot be written. */
struct pc_log *pc_log_open(const char *path, struct soc *soc);
/* What was logged so far is in the file when this returns. */
void pc_log_flush(struct pc_log *log);
/* False after telling why not all of it was written. NULL is fine. */
bool pc_log_close(struct pc_log *log);

#endif /* TEST_EMULATOR_PC_LOG_H */
