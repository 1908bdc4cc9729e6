/* SPDX-License-Identifier: MIT */
#include "flash/load/crc.h"

#include "flash/interfaces/driver.h"
#include "flash/load/geometry.h"
#include "flash/load/load_internal.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <stdlib.h>

#include "flash/algorithms/crc_algorithm.h"

/* Below LEAST_ON_CHIP reading takes less time than loading the code. */
enum {
	LEAST_ON_CHIP = 16384,
	AT_ONCE = 4096,
	STACK = 256,
	MS_PER_KIB = 10,
	US_PER_KIB = 300
};
enum { WORD = 4, ROWS = 256, TABLES_SIZE = 4 * ROWS * WORD /* algorithms/crc.c */ };

#define CRC_POLYNOMIAL 0x04c11db7u
#define CRC_FIRST      0xffffffffu

static const struct algorithm algorithm = {
	.name = "the checksum",
	.code = crc_code,
	.code_size = sizeof(crc_code),
	.page_size = TABLES_SIZE,
	.stack_size = STACK,
};

struct crc {
	struct staged_job staged;
	struct core *core;
	struct board *board;
	uint32_t at, size, done;
	uint32_t *result;
	struct parameters parameters;
	struct runner_banks banks;
	struct runner *runner; /* NULL: the core is as it was found */
	bool is_posted;
};

static struct crc *
crc_of(struct staged_job *staged)
{
	return container_of(staged, struct crc, staged);
}

static uint32_t
row_of(uint32_t i)
{
	uint32_t row = i << 24;

	for (unsigned bit = 0; bit < 8; bit++)
		row = row << 1 ^ ((row & 0x80000000u) != 0 ? CRC_POLYNOMIAL : 0);
	return row;
}

uint32_t
crc_add(uint32_t crc, const uint8_t *bytes, uint32_t size)
{
	uint32_t table[ROWS];

	for (uint32_t i = 0; i < ROWS; i++)
		table[i] = row_of(i);
	for (uint32_t i = 0; i < size; i++)
		crc = crc << 8 ^ table[crc >> 24 ^ bytes[i]];
	return crc;
}

/* --- on the chip --------------------------------------------------------------------------- */

static uint32_t
on_chip(const struct crc *crc)
{
	return crc->size / WORD * WORD;
}

/* Flash of the chip, which can be read at any time. */
static bool
is_in_chip(const struct crc *crc, const struct geometry *geometry)
{
	struct geometry chip;

	geometry_part(geometry, 0, &chip);
	return geometry_contains(&chip, crc->at, crc->size) &&
	       flash_driver_of(geometry_interface(&chip)->driver) != NULL;
}

/* What a debugger cannot read, code in RAM cannot either: reading says why. */
static bool
begins_on_chip(const struct crc *crc, bool is_halted)
{
	struct reason unknown = REASON_INIT;
	struct geometry geometry;
	bool is_hidden = false;

	return is_halted && crc->size >= LEAST_ON_CHIP && crc->at % WORD == 0 &&
	       geometry_read(crc->board, &geometry, &unknown) == CAUSE_NONE &&
	       is_in_chip(crc, &geometry) &&
	       core_is_hidden(crc->core, crc->at, crc->size, &is_hidden, &unknown) ==
		       CAUSE_NONE &&
	       !is_hidden;
}

/* The same as a load has: an ECC error that the flash notes is an NMI, which is forgotten. */
static enum cause
make_banks(struct crc *crc, struct reason *why)
{
	struct geometry geometry;
	enum cause cause = geometry_read(crc->board, &geometry, why);
	const struct flash_driver *driver;

	if (cause != CAUSE_NONE)
		return cause;
	driver = flash_driver_of(geometry_interface(&geometry)->driver);
	crc->parameters.watchdog = load_watchdog_at(crc->board, crc->core);
	crc->banks = (struct runner_banks){ .parameters = &crc->parameters, .len = 1 };
	flash_driver_forget_ecc(driver, geometry.banks[0].entry->registers, &crc->banks);
	return CAUSE_NONE;
}

static enum cause
open(struct staged_job *staged, bool *done, struct reason *why)
{
	struct crc *crc = crc_of(staged);
	enum cause cause = make_banks(crc, why);

	*done = true;
	if (cause == CAUSE_NONE)
		cause = runner_open(crc->core, crc->board, &algorithm, &crc->banks,
				    &crc->runner, why);
	if (cause == CAUSE_NONE)
		cause = runner_equip(crc->runner, why);
	if (cause != CAUSE_NONE)
		return cause;
	staged->job.ram_at = runner_ram_at(crc->runner);
	staged->job.ram_size = runner_ram_size(crc->runner);
	return CAUSE_NONE;
}

/* The buffer takes the tables; filling it keeps what is there. */
static enum cause
post(struct crc *crc, struct reason *why)
{
	const uint8_t nothing[WORD] = { 0 };
	struct runner_call call = { .entry = CRC_Crc,
				    .r0 = crc->at,
				    .r1 = on_chip(crc),
				    .r2 = runner_buffer_at(crc->runner, 0),
				    .timeout_ms = on_chip(crc) / 1024 * MS_PER_KIB,
				    .typical_us = on_chip(crc) / 1024 * US_PER_KIB };
	enum cause cause = runner_fill(crc->runner, 0, nothing, sizeof(nothing), why);

	if (cause == CAUSE_NONE)
		cause = runner_start(crc->runner, &call, why);
	crc->is_posted = cause == CAUSE_NONE;
	return cause;
}

static enum cause
take(struct crc *crc, struct reason *why)
{
	uint8_t word[WORD];
	enum cause cause = runner_read(crc->runner, 0, word, sizeof(word), why);

	if (cause == CAUSE_NONE) {
		*crc->result = le32_get(word);
		crc->done = on_chip(crc);
	}
	return cause;
}

static enum cause
compute(struct staged_job *staged, bool *done, struct reason *why)
{
	struct crc *crc = crc_of(staged);
	uint32_t status = 0, wait_us;
	unsigned finished = 0;
	enum cause cause;

	if (!crc->is_posted)
		return post(crc, why);
	cause = runner_poll(crc->runner, &finished, &status, why);
	if (cause != CAUSE_NONE)
		return cause;
	*done = finished > 0;
	if (*done)
		return take(crc, why);
	wait_us = runner_wait_us(crc->runner);
	staged->job.wait_us = wait_us < LOAD_POLL_US       ? LOAD_POLL_US
			      : wait_us > LOAD_MAX_WAIT_US ? LOAD_MAX_WAIT_US
							   : wait_us;
	return CAUSE_NONE;
}

static enum cause
close_runner(struct crc *crc, bool *done, struct reason *why)
{
	enum cause cause = runner_put_back(crc->runner, done, why);

	if (cause != CAUSE_NONE || *done) {
		runner_free(crc->runner);
		crc->runner = NULL;
		crc->staged.job.ram_size = 0;
	}
	return cause;
}

static enum cause
close_open(struct staged_job *staged, bool *done, struct reason *why)
{
	return close_runner(crc_of(staged), done, why);
}

static enum cause
clean_up(struct staged_job *staged, enum cause after, struct reason *why)
{
	struct crc *crc = crc_of(staged);
	enum cause cause = CAUSE_NONE;
	bool done = false;

	(void)after;
	while (crc->runner != NULL && cause == CAUSE_NONE)
		cause = close_runner(crc, &done, why);
	return cause;
}

/* --- by reading ---------------------------------------------------------------------------- */

static enum cause
read_some(struct staged_job *staged, bool *done, struct reason *why)
{
	struct crc *crc = crc_of(staged);
	uint32_t left = crc->size - crc->done;
	uint32_t piece = left < AT_ONCE ? left : AT_ONCE;
	uint8_t bytes[AT_ONCE];
	enum cause cause = CAUSE_NONE;

	if (piece > 0)
		cause = core_memory_read(crc->core, crc->at + crc->done, bytes, piece, why);
	if (cause != CAUSE_NONE)
		return cause;
	*crc->result = crc_add(*crc->result, bytes, piece);
	crc->done += piece;
	*done = crc->done == crc->size;
	return CAUSE_NONE;
}

static const struct job_stage reading[] = {
	{ "read the memory", read_some, NULL },
	{ 0 },
};

static const struct job_stage running[] = {
	{ "put the code into RAM", open, NULL },
	{ "compute the checksum", compute, NULL },
	{ "put RAM and registers back", close_open, NULL },
	{ "read what is left", read_some, NULL },
	{ 0 },
};

/* What cannot be computed on the chip is read. */
static enum cause
failed(struct staged_job *staged, enum cause cause, struct reason *why)
{
	struct crc *crc = crc_of(staged);
	char line[REASON_SPACE];

	if (staged->stages == reading || cause == CAUSE_GONE)
		return reason_while(why, "computing the checksum of %u byte%s at 0x%08x",
				    (unsigned)crc->size, text_s(crc->size),
				    (unsigned)crc->at);
	reason_line(why, line, sizeof(line));
	log_info("flash", "the checksum is made of what is read: %s", line);
	*why = (struct reason)REASON_INIT;
	*crc->result = CRC_FIRST;
	crc->done = 0;
	staged_job_go(staged, reading);
	return CAUSE_NONE;
}

static const struct staged_ops crc_ops = { .clean_up = clean_up, .failed = failed };

struct job *
crc_begin(struct core *core, struct board *board, uint32_t at, uint32_t size,
	  bool is_halted, uint32_t *result)
{
	struct crc *crc = calloc(1, sizeof(*crc));

	if (crc == NULL)
		return NULL;
	crc->core = core;
	crc->board = board;
	crc->at = at;
	crc->size = size;
	crc->result = result;
	*result = CRC_FIRST;
	staged_job_init(&crc->staged, "computing a checksum",
			begins_on_chip(crc, is_halted) ? running : reading, &crc_ops);
	return &crc->staged.job;
}
