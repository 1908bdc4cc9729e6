/* SPDX-License-Identifier: MIT */
/*
 * swd_memory.c - blocks of memory through a MEM-AP: CSW and TAR once per block
 * and per 1 KiB, then DRW again and again. Reads are posted: each answers with
 * the one before, RDBUFF has the last (IHI 0031G, B2.2.7 and C2.2.3).
 */
#include "test/emulator/probe/swd_master.h"

#include <assert.h>

/* IHI 0031G, C2.6.4 CSW. */
enum { CSW_SIZE_8 = 0, CSW_SIZE_16 = 1, CSW_SIZE_32 = 2, CSW_ADDRINC_SINGLE = 1 << 4 };
/* AHB-AP: HPROT privileged data access, MasterType debug (DDI 0337, table 11-8). */
#define CSW_OF_FIRMWARE 0x23000000u
#define CSW_HIGH_BITS   0xffffff00u
/* C2.2.2: bits 9:0 of TAR are sure to count, those above need not. */
enum { TAR_WRAP = 1024 };

static uint32_t
csw_of(const struct memory_access *access)
{
	uint32_t size = access->size == 1   ? CSW_SIZE_8
			: access->size == 2 ? CSW_SIZE_16
					    : CSW_SIZE_32;
	uint32_t high = access->csw & CSW_HIGH_BITS;
	return (high ? high : CSW_OF_FIRMWARE) | size |
	       (access->fixed ? 0 : CSW_ADDRINC_SINGLE);
}

/* DRW carries a byte in the lane of its address (C2.2.6). */
static void
lane_get(const struct memory_access *access, uint32_t at, uint32_t word, uint8_t *bytes)
{
	for (unsigned i = 0; i < access->size; i++)
		bytes[i] = (uint8_t)(word >> 8 * ((at + i) & 3));
}

static uint32_t
lane_put(const struct memory_access *access, uint32_t at, const uint8_t *bytes)
{
	uint32_t word = 0;
	for (unsigned i = 0; i < access->size; i++)
		word |= (uint32_t)bytes[i] << 8 * ((at + i) & 3);
	return word;
}

struct run {
	uint32_t at, bytes; /* within one TAR range */
	uint8_t *buffer;
	uint32_t failed_at;
};

static uint32_t
address_of(const struct memory_access *access, const struct run *run, uint32_t offset)
{
	return access->fixed ? run->at : run->at + offset;
}

/* The first read only starts an access; each further one brings the one before. */
static enum stlink_status
read_run(struct swd_master *swd, const struct memory_access *access, struct run *run)
{
	uint32_t word = 0;
	enum stlink_status status = STLINK_OK;
	for (uint32_t got = 0; got <= run->bytes; got += access->size) {
		bool is_first = got == 0, is_last = got == run->bytes;
		uint32_t offset = is_first ? 0 : got - access->size;
		run->failed_at = address_of(access, run, offset);
		status = is_last ? swd_dp_read(swd, DP_RDBUFF, &word)
				 : swd_ap_post_read(swd, access->ap, AP_DRW, &word);
		if (status != STLINK_OK)
			return status;
		if (!is_first)
			lane_get(access, run->failed_at, word, run->buffer + offset);
	}
	return status;
}

static enum stlink_status
write_run(struct swd_master *swd, const struct memory_access *access, struct run *run)
{
	uint32_t ignored;
	for (uint32_t put = 0; put < run->bytes; put += access->size) {
		uint32_t at = address_of(access, run, put);
		uint32_t word = lane_put(access, at, run->buffer + put);
		run->failed_at = put ? address_of(access, run, put - access->size) : at;
		enum stlink_status status = swd_ap_write(swd, access->ap, AP_DRW, word);
		if (status != STLINK_OK)
			return status;
	}
	run->failed_at = address_of(access, run, run->bytes - access->size);
	return swd_dp_read(swd, DP_RDBUFF, &ignored);
}

static enum stlink_status
start_run(struct swd_master *swd, const struct memory_access *access, uint32_t at)
{
	enum stlink_status status = swd_ap_write(swd, access->ap, AP_CSW, csw_of(access));
	return status == STLINK_OK ? swd_ap_write(swd, access->ap, AP_TAR, at) : status;
}

static uint32_t
run_size(const struct memory_access *access, uint32_t offset)
{
	uint32_t left = access->bytes - offset;
	uint32_t to_wrap = TAR_WRAP - ((access->at + offset) & (TAR_WRAP - 1));
	return access->fixed || left < to_wrap ? left : to_wrap;
}

/* B2.2.2 CTRL/STAT. */
#define CTRL_STICKYORUN (1u << 1)
#define CTRL_WDATAERR   (1u << 7)

/* What the host hears of a fault on the bus, whichever transaction showed it, is the
 * AP's (OpenOCD logs SWD_AP_FAULT for a single word outside RAM); CTRL/STAT tells it from
 * data that came with a wrong parity, and from an overrun. */
static enum stlink_status
end_fault(struct swd_master *swd, enum stlink_status status)
{
	uint32_t flags = 0;
	if (status != STLINK_AP_FAULT && status != STLINK_DP_FAULT)
		return status;
	if (swd_dp_read(swd, DP_CTRL_STAT, &flags) != STLINK_OK)
		flags = 0;
	swd_clear_sticky(swd);
	return flags & CTRL_WDATAERR     ? STLINK_AP_WDATA_ERROR
	       : flags & CTRL_STICKYORUN ? STLINK_AP_STICKY_OVERRUN
					 : STLINK_AP_FAULT;
}

enum stlink_status
swd_memory(struct swd_master *swd, const struct memory_access *access, uint8_t *buffer,
	   uint32_t *fault_at)
{
	enum stlink_status status = STLINK_OK;
	struct run run = { .at = access->at };
	assert(access->at % access->size == 0 && access->bytes % access->size == 0);
	for (uint32_t offset = 0; status == STLINK_OK && offset < access->bytes;
	     offset += run.bytes) {
		run = (struct run){ access->fixed ? access->at : access->at + offset,
				    run_size(access, offset), buffer + offset, 0 };
		run.failed_at = run.at;
		status = start_run(swd, access, run.at);
		if (status == STLINK_OK)
			status = access->is_write ? write_run(swd, access, &run)
						  : read_run(swd, access, &run);
	}
	if (status != STLINK_OK)
		*fault_at = run.failed_at;
	return end_fault(swd, status);
}
