/* SPDX-License-Identifier: MIT */
#include "test/emulator/base/stats.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>

static const struct {
	const char *name;
	size_t offset;
} counters[] = {
	{ "usb_transfers_out", offsetof(struct stats, usb_transfers_out) },
	{ "usb_transfers_in", offsetof(struct stats, usb_transfers_in) },
	{ "usb_bytes_out", offsetof(struct stats, usb_bytes_out) },
	{ "usb_bytes_in", offsetof(struct stats, usb_bytes_in) },
	{ "probe_commands", offsetof(struct stats, probe_commands) },
	{ "swd_transactions", offsetof(struct stats, swd_transactions) },
	{ "swd_waits", offsetof(struct stats, swd_waits) },
	{ "swd_faults", offsetof(struct stats, swd_faults) },
	{ "swd_no_acks", offsetof(struct stats, swd_no_acks) },
	{ "swd_bits", offsetof(struct stats, swd_bits) },
	{ "swd_parity_errors", offsetof(struct stats, swd_parity_errors) },
	{ "noise_bits", offsetof(struct stats, noise_bits) },
	{ "instructions", offsetof(struct stats, instructions) },
	{ "instructions_core0", offsetof(struct stats, core_instructions[0]) },
	{ "instructions_core1", offsetof(struct stats, core_instructions[1]) },
	{ "flash_programs", offsetof(struct stats, flash_programs) },
	{ "flash_words_programmed", offsetof(struct stats, flash_words_programmed) },
	{ "flash_blank_erases_bank1", offsetof(struct stats, flash_blank_erases[0]) },
	{ "flash_blank_erases_bank2", offsetof(struct stats, flash_blank_erases[1]) },
	{ "flash_repeated_erases_bank1", offsetof(struct stats, flash_repeated_erases[0]) },
	{ "flash_repeated_erases_bank2", offsetof(struct stats, flash_repeated_erases[1]) },
	{ "flash_repeated_programs_bank1",
	  offsetof(struct stats, flash_repeated_programs[0]) },
	{ "flash_repeated_programs_bank2",
	  offsetof(struct stats, flash_repeated_programs[1]) },
};

static const char *const reset_names[RESET_SOURCES] = {
	[RESET_BY_POWER] = "power",
	[RESET_BY_NRST] = "nrst",
	[RESET_BY_SYSTEM] = "system",
	[RESET_BY_CORE] = "core",
	[RESET_BY_WATCHDOG] = "watchdog",
	[RESET_BY_LOW_POWER] = "low_power",
	[RESET_BY_OPTION_BYTES] = "option_bytes",
};

enum { NS_PER_US = 1000 };

unsigned
stats_erased(struct stats *stats, uint32_t at, uint32_t size)
{
	unsigned i = 0;

	while (i < stats->erased_len && stats->erased[i].at != at)
		i++;
	if (i == STATS_MAX_SECTORS)
		abort();
	if (i == stats->erased_len) {
		stats->erased_len++;
		stats->erased[i].at = at;
		stats->erased[i].count = 0;
	}
	stats->erased[i].size = size;
	return ++stats->erased[i].count;
}

void
stats_debugger_wrote(struct stats *stats, uint32_t at)
{
	uint32_t word = at & ~UINT32_C(3);
	unsigned i = 0;

	while (i < stats->debugger_writes_len && stats->debugger_writes[i].at != word)
		i++;
	if (i == STATS_MAX_WRITTEN) {
		stats->debugger_writes_elsewhere++;
		return;
	}
	if (i == stats->debugger_writes_len) {
		stats->debugger_writes_len++;
		stats->debugger_writes[i].at = word;
		stats->debugger_writes[i].count = 0;
	}
	stats->debugger_writes[i].count++;
}

static void
write_counters(const struct stats *stats, FILE *file)
{
	for (unsigned i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		const char *at = (const char *)stats + counters[i].offset;

		fprintf(file, "  \"%s\": %" PRIu64 ",\n", counters[i].name,
			*(const uint64_t *)(const void *)at);
	}
}

static void
write_resets(const struct stats *stats, FILE *file)
{
	fprintf(file, "  \"resets\": {");
	for (unsigned i = 0; i < RESET_SOURCES; i++)
		fprintf(file, "%s\"%s\": %" PRIu64, i ? ", " : " ", reset_names[i],
			stats->resets[i]);
	fprintf(file, " },\n");
}

static void
write_debugger_writes(const struct stats *stats, FILE *file)
{
	unsigned len = stats->debugger_writes_len;

	fprintf(file, "  \"debugger_writes\": [");
	for (unsigned i = 0; i < len; i++)
		fprintf(file,
			"%s\n    { \"word\": \"0x%08" PRIx32 "\", \"count\": %" PRIu64 " }",
			i ? "," : "", stats->debugger_writes[i].at,
			stats->debugger_writes[i].count);
	fprintf(file, "%s],\n  \"debugger_writes_elsewhere\": %" PRIu64 ",\n",
		len ? "\n  " : "", stats->debugger_writes_elsewhere);
}

static void
write_erased(const struct stats *stats, FILE *file)
{
	fprintf(file, "  \"erased\": [");
	for (unsigned i = 0; i < stats->erased_len; i++)
		fprintf(file,
			"%s\n    { \"at\": \"0x%08" PRIx32 "\", \"size\": %" PRIu32
			", \"count\": %" PRIu32 " }",
			i ? "," : "", stats->erased[i].at, stats->erased[i].size,
			stats->erased[i].count);
	fprintf(file, "%s]\n", stats->erased_len ? "\n  " : "");
}

void
stats_write(const struct stats *stats, FILE *file)
{
	fprintf(file, "{\n");
	fprintf(file, "  \"device_us\": %" PRIu64 ",\n", stats->device_ns / NS_PER_US);
	fprintf(file, "  \"busy_us\": %" PRIu64 ",\n", stats->busy_ns / NS_PER_US);
	fprintf(file, "  \"thinking_us\": %" PRIu64 ",\n",
		(stats->device_ns - stats->busy_ns) / NS_PER_US);
	fprintf(file, "  \"nrst_rise_us\": %" PRIu64 ",\n",
		stats->nrst_rise_ns / NS_PER_US);
	fprintf(file, "  \"nrst_last_rise_us\": %" PRIu64 ",\n",
		stats->nrst_last_rise_ns / NS_PER_US);
	write_counters(stats, file);
	write_resets(stats, file);
	write_debugger_writes(stats, file);
	write_erased(stats, file);
	fprintf(file, "}\n");
	fflush(file);
}
