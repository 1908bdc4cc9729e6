/* SPDX-License-Identifier: MIT */
/*
 * load_internal.h - what the files behind load.h share: a load under way, and its phases.
 */
#ifndef FLASH_LOAD_LOAD_INTERNAL_H
#define FLASH_LOAD_LOAD_INTERNAL_H

#include "flash/interfaces/driver.h"
#include "flash/load/load.h"
#include "flash/load/plan.h"

enum { LOAD_POLL_US = 1000 }; /* between two looks at a call that runs */

/* About how long each takes, for the progress that is shown. */
enum {
	ERASE_COST_US = 25000,
	PROGRAM_COST_US_PER_KIB = 11000,
	VERIFY_COST_US_PER_KIB = 5000
};

/* A page on its way: in one buffer while another may be being programmed. */
struct page {
	struct image_piece piece;
	unsigned buffer;
};

struct load {
	struct staged_job staged;
	struct core *core;
	struct board *board;
	struct clock *clock;
	struct load_request request; /* taken over */
	struct geometry geometry;
	const struct flash_driver *driver;
	struct parameters parameters[GEOMETRY_MAX_BANKS]; /* as geometry.banks */
	struct runner_banks banks;
	struct plan plan;
	struct load_result result;

	struct runner *runner; /* NULL: the core is as it was found */
	bool is_calling;
	bool is_cut_short;            /* a call is given until: */
	struct deadline cut_deadline; /* how long */
	size_t sector;                /* of the plan: being erased, or next */
	bool has_next;                /* a page is in its buffer and waits */
	struct page page;             /* being programmed */
	struct page next;             /* while has_next */
	uint64_t from;     /* what is before it has been put into buffers, or verified */
	uint64_t began_us; /* erasing and programming */
	uint64_t cost_us, cost_done_us;
};

static inline const struct algorithm *
algorithm_of(const struct load *load)
{
	return load->driver->algorithm;
}

static inline struct load *
load_of(struct staged_job *staged)
{
	return container_of(staged, struct load, staged);
}

static inline uint64_t
cost_of(uint64_t size, uint32_t us_per_kib)
{
	return size * us_per_kib / 1024;
}

/* load.c */
void load_add_progress(struct load *load, uint64_t cost_us);

/* parameters.c */
/* What the algorithm is given for each bank. Measures the supply where it matters. */
void load_make_parameters(struct load *load);

/* calls.c */
enum cause
load_start_call(struct load *load, const struct runner_call *call, struct reason *why);
/* The place of a bank among those of the geometry, which is that of its parameters. */
unsigned load_bank_index(const struct load *load, const struct flash_bank *bank);
/* Looks after the call that runs, which works in `bank`. load->is_calling tells whether it
 * still does. An error that it returned is explained. */
enum cause
load_await_call(struct load *load, const struct flash_bank *bank, struct reason *why);

/* The stages of a load. */
typedef enum cause load_stage(struct staged_job *staged, bool *done, struct reason *why);
load_stage load_open, load_init_erase, load_uninit_erase, load_init_program,
	load_uninit_program, load_cut_short, load_close; /* calls.c */
load_stage load_erase;                                   /* erase.c */
load_stage load_program, load_verify;                    /* program.c */

#endif /* FLASH_LOAD_LOAD_INTERNAL_H */
