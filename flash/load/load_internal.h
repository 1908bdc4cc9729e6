/* SPDX-License-Identifier: MIT */
/*
 * load_internal.h - what the files behind load.h share: a load under way, and its phases.
 */
#ifndef FLASH_LOAD_LOAD_INTERNAL_H
#define FLASH_LOAD_LOAD_INTERNAL_H

#include "flash/algorithms/examine.h"
#include "flash/algorithms/mailbox.h"
#include "flash/interfaces/driver.h"
#include "flash/load/load.h"
#include "flash/load/packer.h"
#include "flash/load/plan.h"
#include "flash/runner/calls.h"

/* Between two looks at a call that runs: at least, from when it should have ended; at most. */
enum { LOAD_POLL_US = 1000, LOAD_MAX_WAIT_US = 50000 };

/* About how long that takes, by a Cortex-M0 at 8 MHz as after a reset: 1472 instructions. */
enum { EXAMINE_COST_US_PER_KIB = 200 };

/* Ranges that are examined by one call: their list fits into the smallest page buffer, 1 KiB, and it
 * takes fractions of a second. */
enum { EXAMINE_MAX_RANGES = 32, EXAMINE_MAX_BYTES = 512 * 1024 };
/* Sectors side by side are one range first: a few words say that all of them are what they shall
 * be. Those of a range that is not are examined one by one. */
enum { EXAMINE_RANGE_SECTORS = 16, EXAMINE_RANGE_BYTES = 128 * 1024 };

/* A page in its buffer. */
struct page {
	struct image_piece piece;
	unsigned buffer; /* of one that is not packed */
	uint32_t ram;    /* where it is */
	bool is_second;  /* the call of the page before it programs it as well */
	struct runner_packed packed; /* size 0: it is there as it shall be */
	uint32_t sent;               /* of what was packed, or not: bytes in RAM */
};

/* What packing would bring, of the pages that are to be programmed. */
struct weighing {
	bool is_decided;
	uint64_t from, bytes;     /* what is before `from` has been looked at; all pages */
	uint64_t sampled, packed; /* bytes of those that were tried, and what they became */
	unsigned pages;           /* looked at so far */
};

/* Pages that travel compressed. */
struct packing {
	struct weighing weighing;
	bool is_plain_for_good;  /* packed ones have arrived damaged */
	bool is_damaged;         /* the call that failed says so */
	struct packer *packer;   /* NULL: pages travel as they are */
	struct packed_page page; /* the next one, */
	bool has_page;           /* when this is set */
	uint32_t run_at;         /* of the pages that are packed one after the other */
	uint64_t run_end;
};

/* Banks that are worked in one after the other; two lanes, of a bank each, are worked in side by
 * side, where each bank has a controller of its own. */
struct load_lane {
	uint64_t from, end; /* addresses: what is before `from` has been put into buffers */
	/* Of the plan: what is before `next_erase` is erased, or a call for it is posted. */
	size_t next_erase, end_erase;
};
enum { LOAD_MAX_LANES = 2 };

/* What a call erases: from this sector of the plan on, in each lane. */
struct erasing {
	size_t first[LOAD_MAX_LANES];
	bool is_used[LOAD_MAX_LANES];
};

/* Rings: of the calls that are posted. `first` and `next` count: the oldest of these; the next. */
struct erase_calls {
	struct erasing ring[MAILBOX_CALLS];
	unsigned first, next;
};
struct page_calls {
	struct page ring[MAILBOX_CALLS];
	unsigned first, next;
	unsigned unposted; /* pages in buffers whose call is not posted */
};

/* What one call examines, */
struct examining {
	struct examined list[EXAMINE_MAX_RANGES];
	uint32_t wanted[EXAMINE_MAX_RANGES][2]; /* and the hashes that these shall have */
	unsigned len;
};

/* Banks that are blank but for what the plan erases. */
struct survey {
	unsigned bank; /* that is looked at */
	uint64_t at;   /* what is before it is blank, or in the plan */
	bool is_bank_erased[GEOMETRY_MAX_BANKS]; /* all of it, instead of its sectors */
};

/* What shares a sector with the image. */
struct preserving {
	bool is_kept;   /* it is part of the image */
	uint32_t bytes; /* of that sector have been read, to be kept */
	uint32_t size;  /* so many are read next: fewer where some cannot be */
};

/* What one loader programs: the chip's own flash, or what a loader from a file is for. */
struct load_part {
	struct geometry geometry;
	const struct flash_driver *driver;
	struct plan plan;
};
enum { LOAD_MAX_PARTS = 1 + BOARD_MAX_EXTERNAL };

struct load {
	struct staged_job staged;
	const struct job_stage *stages; /* from the beginning */
	unsigned parts_len;
	struct load_part parts[LOAD_MAX_PARTS];
	struct load_part *part;    /* that is under way */
	struct load_result before; /* of the parts before it */

	struct core *core;
	struct board *board;
	struct clock *clock;
	struct load_request request;                      /* taken over */
	struct parameters parameters[GEOMETRY_MAX_BANKS]; /* as geometry.banks */
	struct runner_banks banks;
	struct load_result result;

	struct runner *runner; /* NULL: the core is as it was found */
	/* Of the chip's other cores, a bit each: halted for the load; halting debug was off. */
	unsigned parked, parked_free;
	bool are_banks_swapped;        /* by the option bytes */
	bool is_half_forced;           /* what the program left half written */
	struct deadline idle_deadline; /* of an operation that was begun before the load */
	bool is_calling;
	bool is_cut_short;            /* a call is given until: */
	struct deadline cut_deadline; /* how long */
	unsigned set_up_step;         /* of the driver */
	size_t sector;                /* of the plan: being examined, or next */
	struct load_lane lanes[LOAD_MAX_LANES];
	unsigned lanes_len;
	struct erase_calls erases;
	struct page_calls pages;
	struct preserving preserving;
	struct examining examining;
	struct survey survey;
	bool is_second_failed; /* of the call that failed: what it did in the second lane */
	bool is_one_by_one;    /* of the plan: no ranges of several sectors any more */
	bool is_unreadable; /* examining it failed: all of the plan is erased and programmed */
	bool is_protected; /* a sector of the plan is, whether or not it is changed */
	bool is_comparing; /* the loader compares the pages that it has programmed */
	bool is_fast;      /* the SWD clock was raised */
	bool is_for_good; /* OTP: what a buffer holds is read back before it is programmed */
	struct memory_entry otp; /* then: the memory, as one sector */
	bool is_mismatch;        /* a sector's hash is not what it shall be */
	bool has_asked;          /* whether a call has ended, between two pages */
	struct packing packing;
	uint64_t from;     /* what is before it has been verified */
	uint64_t began_us; /* erasing and programming */
	uint64_t cost_us, cost_done_us;
};

static inline const struct algorithm *
algorithm_of(const struct load *load)
{
	return load->part->driver->algorithm;
}

static inline struct load *
load_of(struct staged_job *staged)
{
	return container_of(staged, struct load, staged);
}

static inline uint64_t
cost_of(struct algorithm_cost cost, uint64_t size)
{
	return cost.us + size * cost.us_per_kib / 1024;
}

/* load.c: a job without parts so far, which begins with the stage `first`; NULL: no memory. */
struct load *load_new(struct core *core, struct board *board, const struct job_stage *first,
		      struct reason *why);
bool load_has_parked(struct staged_job *staged);
bool load_is_open(struct staged_job *staged);

/* again.c: the part that is under way from its beginning, but for what is kept. */
void load_begin_again(struct load *load);
void load_forget_progress(struct load *load);
/* With is_unreadable; the reason goes to the log. */
void load_start_anew(struct load *load, struct reason *why);
/* When what was packed has arrived damaged: as it is. */
bool load_is_sent_plain(struct load *load, struct reason *why);

/* progress.c */
void load_estimate(struct load *load);
void load_add_progress(struct load *load, uint64_t cost_us);

/* parameters.c */
/* What the algorithm is given for each bank, as for a supply that is not known; */
void load_make_parameters(struct load *load);
/* and, before it programs, for the supply where it matters. */
void load_measure_supply(struct load *load);
/* Of the core that runs the algorithm; 0: it has none. */
uint32_t load_watchdog_at(struct board *board, struct core *core);

/* lanes.c */
/* Once more from the start. */
void load_begin_lanes(struct load *load);
/* The lane that an address of the plan belongs to. */
unsigned load_lane_of(const struct load *load, uint32_t at);

/* calls.c */
enum cause
load_start_call(struct load *load, const struct runner_call *call, struct reason *why);
/* The place of a bank among those of the geometry, which is that of its parameters. */
unsigned load_bank_index(const struct load *load, const struct flash_bank *bank);
/* Looks after the calls that are posted, the oldest of which works in `bank`: *finished of them
 * have ended well, whether or not the next has failed, which is explained. load->is_calling
 * tells whether there are more. */
enum cause load_await_calls(struct load *load, const struct flash_bank *bank,
			    unsigned *finished, struct reason *why);

/* The stages of a load. */
typedef enum cause load_stage(struct staged_job *staged, bool *done, struct reason *why);
load_stage load_open, load_equip, load_cut_short, load_close; /* calls.c */
load_stage load_prepare_erase, load_finish_erase, load_prepare_program;
load_stage load_finish_program, load_prepare_read, load_finish_read;
load_stage load_examine, load_check;                                    /* examine.c */
load_stage load_preserve;                                               /* preserve.c */
load_stage load_park, load_await_idle, load_look_at_banks, load_unpark; /* park.c */
load_stage load_survey;                                                 /* survey.c */
load_stage load_check_readout, load_check_protection;                   /* protection.c */
load_stage load_erase;                                                  /* erase.c */
load_stage load_program, load_begin_comparing, load_verify;             /* program.c */
load_stage load_weigh;                                                  /* weigh.c */
load_stage load_clear_empty;                                            /* empty.c */

/* program.c: a page of what will be programmed travels while the chip erases. Is there one, and room
 * for it? */
bool load_can_fill_ahead(struct load *load);
enum cause load_fill_ahead(struct load *load, struct reason *why);

/* weigh.c: may pages travel compressed at all, for this algorithm and in this try? */
bool load_may_pack(const struct load *load);

/* packed.c: packs the next page, or posts the call for it where it has room: *is_posted; else
 * a call has to end first. */
enum cause load_post_packed(struct load *load, bool *is_posted, struct reason *why);

/* pages.c */
/* [at, at + size) as it is to be in flash: what the image does not hold is erased. */
void load_compose(const struct load *load, uint32_t at, uint8_t *bytes, uint32_t size);
/* Of the image, whole granules from `from` on, within `max` bytes. */
bool load_next_piece(const struct load *load, uint64_t from, uint32_t max,
		     struct image_piece *piece);
/* The next page from *from on that is to be programmed; *from is set to it. */
bool load_next_page(const struct load *load, uint64_t *from, uint64_t end,
		    struct image_piece *piece);

/* program.c: posts the call for the oldest page that waits in RAM or, of two banks, for two. */
enum cause load_start_pages(struct load *load, struct reason *why);

static inline struct page *
load_page_of(struct load *load, unsigned count)
{
	return &load->pages.ring[count % MAILBOX_CALLS];
}

/* examine.c: has what is in load->examining.list examined, or looks after that: *done. */
enum cause load_examine_list(struct load *load, bool *done, struct reason *why);
/* examine.c: is what was examined as erased flash? */
bool load_is_blank(const struct load *load, const struct examined *examined);

#endif /* FLASH_LOAD_LOAD_INTERNAL_H */
