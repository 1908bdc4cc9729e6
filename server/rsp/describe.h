/* SPDX-License-Identifier: MIT */
/*
 * describe.h - the target for gdb, in XML: registers, memory map,
 * threads. Made from the tables of targets/ and flash/, at each request.
 * (GDB manual, "Target Descriptions", "Memory Map Format", "Thread List Format".)
 */
#ifndef SERVER_RSP_DESCRIBE_H
#define SERVER_RSP_DESCRIBE_H

#include "flash/load/geometry.h"
#include "targets/core/core.h"
#include "transport/base/text.h"

/* Enough for each of the documents below. */
enum { DESCRIBE_MAX = 32 * 1024 };

/* Exactly the registers that the core has. */
void describe_target(const struct core_identity *core, struct text *xml);

/* Flash with its sectors, RAM, and all else as RAM, so that gdb lets the user look at
 * peripherals and at memory we do not know. `geometry` NULL: no flash is known. */
void describe_memory_map(const struct geometry *geometry, struct text *xml);

/* One thread per core; `state` is a few words for people ("halted: breakpoint",
 * "locked up: HardFault"). */
void
describe_thread(const char *thread, const char *name, const char *state, struct text *xml);
void describe_threads_begin(struct text *xml);
void describe_threads_end(struct text *xml);

/* The cores as processes, for "info os processes" and MI's -list-thread-groups --available (GDB
 * manual, "Operating System Information"). */
void describe_process(unsigned pid, const char *name, const char *state, struct text *xml);
void describe_processes_begin(struct text *xml);
void describe_processes_end(struct text *xml);
/* That there are processes to ask for, "info os". */
void describe_osdata_types(struct text *xml);

#endif /* SERVER_RSP_DESCRIBE_H */
