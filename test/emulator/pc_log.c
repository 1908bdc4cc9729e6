/* SPDX-License-Identifier: MIT */
#include "test/emulator/pc_log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/emulator/cpu/cpu.h"
#include "test/emulator/soc/chip.h"

struct logged_core {
	struct pc_log *log;
	unsigned index;
};

struct pc_log {
	const char *path;
	FILE *file;
	struct soc *soc;
	struct logged_core cores[CHIP_MAX_CORES];
};

/* CORE TIME EXCEPTION PC ACCESS... */
static void
take(void *context, const struct cpu_logged *instruction)
{
	const struct logged_core *core = context;
	FILE *file = core->log->file;
	fprintf(file, "%u %" PRIu64 " %u %08" PRIx32, core->index,
		soc_now_ns(core->log->soc), instruction->exception, instruction->pc);
	for (unsigned i = 0; i < instruction->accesses_len; i++) {
		const struct cpu_access *access = &instruction->accesses[i];
		fprintf(file, " %c%08" PRIx32 "/%u", access->is_write ? 'w' : 'r',
			access->at, access->size);
	}
	putc('\n', file);
}

static bool
complain(const char *path)
{
	fprintf(stderr, "emulator: cannot write %s: %s\n", path, strerror(errno));
	return false;
}

struct pc_log *
pc_log_open(const char *path, struct soc *soc)
{
	struct pc_log *log = calloc(1, sizeof(*log));
	struct cpu *cpu;
	if (!log)
		abort();
	log->path = path;
	log->soc = soc;
	log->file = fopen(path, "w");
	if (!log->file) {
		complain(path);
		free(log);
		return NULL;
	}
	for (unsigned i = 0; i < CHIP_MAX_CORES && (cpu = soc_core(soc, i)); i++) {
		log->cores[i] = (struct logged_core){ log, i };
		cpu_log(cpu, take, &log->cores[i]);
	}
	return log;
}

void
pc_log_flush(struct pc_log *log)
{
	fflush(log->file);
}

bool
pc_log_close(struct pc_log *log)
{
	bool is_written;
	if (!log)
		return true;
	for (unsigned i = 0; i < CHIP_MAX_CORES && soc_core(log->soc, i); i++)
		cpu_log(soc_core(log->soc, i), NULL, NULL);
	is_written = !ferror(log->file);
	is_written = fclose(log->file) == 0 && is_written;
	if (!is_written)
		complain(log->path);
	free(log);
	return is_written;
}
