/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/emulator/cpu/cpu_internal.h"

/*
 * A window is unmapped page by page (Unicorn flushes its TLB for each), so where memories
 * come and go none is larger than the first figure: remapping the memory at 0 must not cost
 * half a second. Each map call goes through all that is mapped, so elsewhere - peripherals,
 * external memories, the PPB (DDI 0403E B3.1, table B3-1) - they are as large as the second.
 */
#define WINDOW_SIZE   ((uint64_t)1 << 24)
#define WIDE_SIZE     ((uint64_t)1 << 26)
#define WIDE_FROM     UINT64_C(0x40000000)
#define ADDRESS_SPACE ((uint64_t)1 << 32)

static void
check(uc_err error, const char *what, uint64_t at)
{
	if (error == UC_ERR_OK)
		return;
	fprintf(stderr, "emulator: %s at 0x%08llx: %s\n", what, (unsigned long long)at,
		uc_strerror(error));
	abort();
}

static uint64_t
region_end(const struct region *region)
{
	return region->at + region->size;
}

static void
region_attach(struct cpu *cpu, struct region *region)
{
	uint32_t rights = UC_PROT_READ | UC_PROT_EXEC;

	if (!region->host) {
		check(uc_mmio_map(cpu->uc, region->at, region->size, cpu->window.read,
				  region, cpu->window.write, region),
		      "opening a window to the bus", region->at);
		return;
	}
	if (region->memory == CPU_RAM)
		rights |= UC_PROT_WRITE;
	check(uc_mem_map_ptr(cpu->uc, region->at, region->size, rights, region->host),
	      "mapping memory", region->at);
}

static struct region *
region_insert(struct cpu *cpu, uint32_t at, uint64_t size, uint8_t *host,
	      enum cpu_memory memory)
{
	struct region **link = &cpu->regions;
	struct region *region = calloc(1, sizeof(*region));

	if (!region)
		abort();
	while (*link && (*link)->at < at)
		link = &(*link)->next;
	*region = (struct region){ *link, host ? cpu->memories : NULL, cpu, at, size, host,
				   memory };
	*link = region;
	if (host)
		cpu->memories = region;
	region_attach(cpu, region);
	return region;
}

static void
region_remove(struct cpu *cpu, struct region **link)
{
	struct region *region = *link, **memory = &cpu->memories;

	check(uc_mem_unmap(cpu->uc, region->at, region->size), "unmapping", region->at);
	while (region->host && *memory != region)
		memory = &(*memory)->next_memory;
	if (region->host)
		*memory = region->next_memory;
	*link = region->next;
	free(region);
}

/* Removes [at, end) from what is mapped; what sticks out on either side stays. */
static void
carve(struct cpu *cpu, uint32_t at, uint64_t end)
{
	struct region **link = &cpu->regions;

	cpu->fetched = NULL;
	cpu->windows_stale = true;
	while (*link) {
		struct region old = **link;

		if (region_end(&old) <= at || old.at >= end) {
			link = &(*link)->next;
			continue;
		}
		region_remove(cpu, link);
		if (!old.host)
			continue;
		if (old.at < at)
			region_insert(cpu, old.at, at - old.at, old.host, old.memory);
		if (region_end(&old) > end)
			region_insert(cpu, (uint32_t)end, region_end(&old) - end,
				      old.host + (end - old.at), old.memory);
		link = &cpu->regions;
	}
}

void
cpu_map(struct cpu *cpu, uint32_t at, uint32_t size, void *host, enum cpu_memory memory)
{
	carve(cpu, at, (uint64_t)at + size);
	region_insert(cpu, at, size, host, memory);
	memory_forget(cpu, at, size);
}

void
cpu_unmap(struct cpu *cpu, uint32_t at, uint32_t size)
{
	memory_forget(cpu, at, size);
	carve(cpu, at, (uint64_t)at + size);
}

static void
open_windows(struct cpu *cpu, uint64_t at, uint64_t end)
{
	while (at < end) {
		uint64_t size = at < WIDE_FROM ? WINDOW_SIZE : WIDE_SIZE;
		uint64_t stop = (at / size + 1) * size;

		if (stop > end)
			stop = end;
		region_insert(cpu, (uint32_t)at, stop - at, NULL, CPU_RAM);
		at = stop;
	}
}

void
memory_settle(struct cpu *cpu)
{
	uint64_t at = 0;

	if (!cpu->windows_stale)
		return;
	for (struct region *region = cpu->regions; region; region = region->next) {
		open_windows(cpu, at, region->at);
		at = region_end(region);
	}
	open_windows(cpu, at, ADDRESS_SPACE);
	cpu->windows_stale = false;
}

void
memory_free(struct cpu *cpu)
{
	while (cpu->regions) {
		struct region *next = cpu->regions->next;

		free(cpu->regions);
		cpu->regions = next;
	}
}

struct region *
memory_find(struct cpu *cpu, uint32_t at)
{
	struct region *region = cpu->fetched;

	if (region && at - region->at < region->size)
		return region;
	for (region = cpu->memories; region; region = region->next_memory)
		if (at >= region->at && at - region->at < region->size) {
			cpu->fetched = region;
			return region;
		}
	return NULL;
}

uint16_t
memory_opcode(struct cpu *cpu, uint32_t at)
{
	struct region *region = memory_find(cpu, at);
	uint16_t opcode = 0;

	if (region)
		memcpy(&opcode, region->host + (at - region->at), sizeof(opcode));
	return opcode;
}

/* ---- code that changed ---- */

/*
 * What is dropped stays in Unicorn's code buffer: about 1 KiB for a breakpoint set
 * or cleared. It is not emptied from here, since that touches all of its 1 GiB
 * (seconds, and as much resident memory); Unicorn does so itself when it is full.
 */
void
memory_forget(struct cpu *cpu, uint32_t at, uint32_t size)
{
	uc_ctl_remove_cache(cpu->uc, (uint64_t)at, (uint64_t)at + size);
}

/* The same host memory may be seen at several addresses, and be executed at each. */
static void
forget_aliases(struct cpu *cpu, const uint8_t *host, uint32_t size)
{
	for (struct region *region = cpu->memories; region; region = region->next_memory) {
		const uint8_t *first = host, *end = host + size;

		if (host + size <= region->host || host >= region->host + region->size)
			continue;
		if (first < region->host)
			first = region->host;
		if (end > region->host + region->size)
			end = region->host + region->size;
		memory_forget(cpu, region->at + (uint32_t)(first - region->host),
			      (uint32_t)(end - first));
	}
}

static void
forget_range(struct cpu *cpu, uint32_t at, uint32_t size)
{
	struct region *region;

	for (region = cpu->memories; region; region = region->next_memory) {
		uint64_t first = at > region->at ? at : region->at;
		uint64_t end = (uint64_t)at + size;

		if (end > region_end(region))
			end = region_end(region);
		if (first < end)
			forget_aliases(cpu, region->host + (first - region->at),
				       (uint32_t)(end - first));
	}
}

void
cpu_code_changed(struct cpu *cpu, uint32_t at, uint32_t size)
{
	if (!cpu->in_engine) {
		forget_range(cpu, at, size);
		return;
	}
	cpu->stop = true;
	if (cpu->changes == CHANGES_MAX) { /* too many to keep apart: everything */
		cpu->changed[0].at = 0;
		cpu->changed[0].size = UINT32_MAX;
		cpu->changes = 1;
		return;
	}
	cpu->changed[cpu->changes].at = at;
	cpu->changed[cpu->changes++].size = size;
}

void
memory_flush_changes(struct cpu *cpu)
{
	for (unsigned i = 0; i < cpu->changes; i++)
		forget_range(cpu, cpu->changed[i].at, cpu->changed[i].size);
	cpu->changes = 0;
}
