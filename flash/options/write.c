/* SPDX-License-Identifier: MIT */
/*
 * write.c - the job that programs option bytes. A write that is cut short leaves F0, F1, F3, F4, L4, G4
 * and U5 read-protected, so it goes on to its end: nothing is given up between the start and BSY=0.
 */
#include "flash/options/options.h"

#include "targets/core/cortex_m.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <stdlib.h>

/* F1's bits of CR: PM0075 3.5; HSION: RM0008 7.3.1. */
enum { CR_OPTPG = 1 << 4, CR_OPTER = 1 << 5, CR_STRT = 1 << 6, CR_OPTWRE = 1 << 9 };
enum { RCC_CR_HSION = 1 << 0, CELLS = 8, POLL_US = 1000 };
/* RDP from level 1 to 0 erases all of the flash: H7, 26 s (DS12110 Rev 10). */
enum { PATIENCE_MS = 60000, ANSWER_MS = 500 };

struct writing {
	struct staged_job staged;
	const struct option_set *set;
	struct core *core;
	struct board *board;
	struct option_values before, after;
	bool is_started; /* what is waited for */
	bool is_erasing; /* the cells, which then are to be programmed */
	bool closes;     /* the chip is silent when it is done: options_close() */
	bool is_silent;  /* it is so already */
	struct deadline deadline;
	unsigned cell; /* the next to be programmed; of words as well */
};

static struct writing *
writing_of(struct staged_job *staged)
{
	return container_of(staged, struct writing, staged);
}

static const struct option_control *
control_of(const struct writing *writing)
{
	return writing->set->control;
}

static struct mem_ap *
memory_of(struct writing *writing)
{
	return core_memory(writing->core);
}

static uint16_t
dev_id_of(struct writing *writing)
{
	return board_chip(writing->board)->device->dev_id;
}

static enum cause
put(struct writing *writing, uint16_t offset, uint32_t value, struct reason *why)
{
	return mem_write32(memory_of(writing), writing->set->base + offset, value, why);
}

static enum cause
get(struct writing *writing, uint16_t offset, uint32_t *value, struct reason *why)
{
	return mem_read32(memory_of(writing), writing->set->base + offset, value, why);
}

/* The program is out of the way, and its watchdog stands still as long as the core does. */
static enum cause
halt(struct staged_job *staged, bool *done, struct reason *why)
{
	struct writing *writing = writing_of(staged);
	uint32_t clock_at = control_of(writing)->clock_at, value = 0;
	enum cause cause = core_halt(writing->core, why);

	*done = true;
	if (cause != CAUSE_NONE || clock_at == 0)
		return cause;
	cause = mem_read32(memory_of(writing), clock_at, &value, why);
	return cause == CAUSE_NONE ? mem_write32(memory_of(writing), clock_at,
						 value | RCC_CR_HSION, why)
				   : cause;
}

static enum cause
put_keys(struct writing *writing, uint16_t offset, const uint32_t keys[2],
	 struct reason *why)
{
	enum cause cause = put(writing, offset, keys[0], why);

	return cause == CAUSE_NONE ? put(writing, offset, keys[1], why) : cause;
}

static enum cause
unlock(struct staged_job *staged, bool *done, struct reason *why)
{
	struct writing *writing = writing_of(staged);
	const struct option_control *control = control_of(writing);
	uint32_t cr = 0;
	enum cause cause = get(writing, control->cr, &cr, why);

	*done = true;
	if (cause == CAUSE_NONE)
		cause = options_refuse_leftovers(writing->set, writing->core,
						 dev_id_of(writing), &writing->before, why);
	if (cause == CAUSE_NONE && (cr & control->keyr_lock) != 0)
		cause = put_keys(writing, control->keyr, control->keys, why);
	if (cause == CAUSE_NONE && options_are_locked(control, cr))
		cause = put_keys(writing, control->optkeyr, control->option_keys, why);
	if (cause == CAUSE_NONE)
		cause = get(writing, control->cr, &cr, why);
	if (cause == CAUSE_NONE && options_are_locked(control, cr))
		return reason_begin(why, CAUSE_PROTECTED,
				    "the option bytes stay locked although they were given "
				    "their keys (0x%08x)",
				    (unsigned)cr);
	return cause == CAUSE_NONE ? put(writing, control->clear, control->errors, why)
				   : cause;
}

/* --- registers --------------------------------------------------------------------------- */

static enum cause
fill(struct staged_job *staged, bool *done, struct reason *why)
{
	struct writing *writing = writing_of(staged);
	const struct option_control *control = control_of(writing);
	const struct option_register *at = writing->set->registers;
	enum cause cause = CAUSE_NONE;

	*done = true;
	for (unsigned i = 0; cause == CAUSE_NONE && at[i].name != NULL; i++) {
		uint32_t value = writing->after.words[i];

		if (!options_has_register(&at[i], dev_id_of(writing)) ||
		    (!control->writes_all && value == writing->before.words[i]))
			continue;
		/* F4: OPTLOCK and OPTSTRT are bits of the same register. */
		if (at[i].program == control->cr)
			value &= ~(control->lock | control->start);
		cause = put(writing, at[i].program, value, why);
	}
	return cause;
}

static void
expect_silence(struct writing *writing)
{
	dap_forget_loss(board_dap(writing->board));
	writing->deadline = deadline_in_ms(board_probe(writing->board)->clock, ANSWER_MS);
}

/* A chip may fall silent as soon as it has programmed them, before any reset. */
static bool
has_closed(struct writing *writing, enum cause cause)
{
	if (!writing->closes || (cause != CAUSE_GONE && cause != CAUSE_FAULT))
		return false;
	expect_silence(writing);
	writing->is_silent = true;
	return true;
}

/* Until BSY is 0, however long that takes: *is_over. */
static enum cause
await(struct writing *writing, bool *is_over, struct reason *why)
{
	uint32_t sr = 0;
	enum cause cause = get(writing, control_of(writing)->sr, &sr, why);

	*is_over = has_closed(writing, cause) ||
		   (cause == CAUSE_NONE && (sr & control_of(writing)->busy) == 0);
	if (*is_over)
		return CAUSE_NONE;
	if (cause != CAUSE_NONE)
		return cause;
	if (deadline_is_over(&writing->deadline))
		return reason_begin(why, CAUSE_TIMEOUT,
				    "the controller is still busy after %d s (0x%08x)",
				    PATIENCE_MS / 1000, (unsigned)sr);
	writing->staged.job.wait_us = POLL_US;
	return CAUSE_NONE;
}

static void
begin_waiting(struct writing *writing)
{
	writing->is_started = true;
	writing->deadline = deadline_in_ms(board_probe(writing->board)->clock, PATIENCE_MS);
}

static enum cause
start(struct staged_job *staged, bool *done, struct reason *why)
{
	struct writing *writing = writing_of(staged);
	const struct option_control *control = control_of(writing);
	uint32_t cr = 0;
	enum cause cause;

	if (writing->is_started)
		return await(writing, done, why);
	cause = get(writing, control->cr, &cr, why);
	begin_waiting(writing);
	return cause == CAUSE_NONE ? put(writing, control->cr, cr | control->start, why)
				   : cause;
}

/* --- cells -------------------------------------------------------------------------------- */

/* Erased, they are those of a protected chip: RDP is the first to be programmed. */
static enum cause
erase_cells(struct staged_job *staged, bool *done, struct reason *why)
{
	struct writing *writing = writing_of(staged);
	uint16_t cr = control_of(writing)->cr;
	enum cause cause;

	if (writing->is_started) {
		cause = await(writing, done, why);
		writing->is_started = cause == CAUSE_NONE && !*done;
		return cause;
	}
	begin_waiting(writing);
	writing->is_erasing = true;
	cause = put(writing, cr, CR_OPTER | CR_OPTWRE, why);
	return cause == CAUSE_NONE ? put(writing, cr, CR_OPTER | CR_OPTWRE | CR_STRT, why)
				   : cause;
}

static enum cause
program_cell(struct writing *writing, struct reason *why)
{
	const struct option_control *control = control_of(writing);
	unsigned cell = writing->cell;
	uint32_t at = control->cells_at + writing->set->registers[cell].program;
	enum cause cause = put(writing, control->cr, CR_OPTPG | CR_OPTWRE, why);

	begin_waiting(writing);
	/* The controller adds the complement. */
	return cause == CAUSE_NONE ? mem_write_width(memory_of(writing), 2, at,
						     writing->after.words[cell] & 0xff, why)
				   : cause;
}

static enum cause
program_cells(struct staged_job *staged, bool *done, struct reason *why)
{
	struct writing *writing = writing_of(staged);
	bool is_over = false;
	enum cause cause;

	if (!writing->is_started)
		return program_cell(writing, why);
	cause = await(writing, &is_over, why);
	if (cause == CAUSE_NONE && is_over) {
		writing->is_started = false;
		*done = ++writing->cell == CELLS;
	}
	return cause;
}

/* --- words -------------------------------------------------------------------------------- */

/* A store programs it, erased first by the controller itself (FLASH_PECR.FIX, ERASE and DATA are what the
 * program had; 0 leaves the locks as they are). One that does not change is not written: of RDP at level
 * 0 an erratum forbids it (ST's HAL for the L1, FLASH_OB_RDPConfig()). */
static enum cause
program_word(struct writing *writing, struct reason *why)
{
	const struct option_control *control = control_of(writing);
	uint32_t at = control->words_at + writing->set->registers[writing->cell].program;
	uint32_t value = writing->after.words[writing->cell];
	enum cause cause = put(writing, control->cr, 0, why);

	begin_waiting(writing);
	return cause == CAUSE_NONE
		       ? mem_write32(memory_of(writing), at, value | ~value << 16, why)
		       : cause;
}

static bool
is_word_to_write(struct writing *writing)
{
	unsigned i = writing->cell;

	return options_has_register(&writing->set->registers[i], dev_id_of(writing)) &&
	       writing->after.words[i] != writing->before.words[i];
}

static enum cause
program_words(struct staged_job *staged, bool *done, struct reason *why)
{
	struct writing *writing = writing_of(staged);
	bool is_over = false;
	enum cause cause;

	*done = writing->set->registers[writing->cell].name == NULL;
	if (*done)
		return CAUSE_NONE;
	if (!writing->is_started && is_word_to_write(writing))
		return program_word(writing, why);
	cause = writing->is_started ? await(writing, &is_over, why) : CAUSE_NONE;
	if (cause != CAUSE_NONE || (writing->is_started && !is_over))
		return cause;
	writing->is_started = false;
	writing->cell++;
	return CAUSE_NONE;
}

/* --- the end ------------------------------------------------------------------------------ */

static enum cause
check(struct staged_job *staged, bool *done, struct reason *why)
{
	struct writing *writing = writing_of(staged);
	const struct option_control *control = control_of(writing);
	uint32_t errors = 0;
	enum cause cause = get(writing, control->error_at, &errors, why);

	*done = true;
	if (cause != CAUSE_NONE || (errors & control->errors) == 0)
		return cause;
	return reason_begin(
		why, CAUSE_PROTECTED,
		"the controller refused the option bytes: its status is 0x%08x, "
		"of which 0x%08x are errors (%s)",
		(unsigned)errors, (unsigned)(errors & control->errors),
		writing->set->source);
}

/* The store that resets the chip may fail for that, and what it has closed is silent. */
static enum cause
reset_by(struct writing *writing, uint32_t at, uint32_t value)
{
	struct reason reset = REASON_INIT;

	board_expect_reset(writing->board);
	(void)mem_write32(memory_of(writing), at, value, &reset);
	expect_silence(writing);
	return CAUSE_NONE;
}

/* Where a reset loads them it is the caller's, who expects the chip to answer behind it. */
static enum cause
launch(struct staged_job *staged, bool *done, struct reason *why)
{
	struct writing *writing = writing_of(staged);
	const struct option_control *control = control_of(writing);
	uint32_t cr = 0;
	enum cause cause = get(writing, control->cr, &cr, why);

	*done = true;
	if (cause == CAUSE_NONE && control->launch != 0)
		return reset_by(writing, writing->set->base + control->cr,
				cr | control->launch);
	if (cause == CAUSE_NONE)
		cause = put(writing, control->cr,
			    (cr & ~control->lock) | control->lock_value, why);
	if (cause != CAUSE_NONE || !writing->closes)
		return cause;
	return reset_by(writing, AIRCR_AT,
			REG_PUT(AIRCR_KEY, AIRCR_VECTKEY) | REG_MASK(AIRCR_SYSRESETREQ));
}

/* The reset takes the debug port with it for a moment. One that stays silent (RDP at level 2) is
 * for who connects next to explain. */
static enum cause
await_answer(struct staged_job *staged, bool *done, struct reason *why)
{
	struct writing *writing = writing_of(staged);
	struct reason silent = REASON_INIT;

	(void)why;
	*done = dap_connect(board_dap(writing->board), &silent) == CAUSE_NONE ||
		deadline_is_over(&writing->deadline);
	writing->staged.job.wait_us = *done ? 0 : POLL_US;
	return CAUSE_NONE;
}

static bool
is_reset(struct staged_job *staged)
{
	const struct writing *writing = writing_of(staged);

	return control_of(writing)->launch != 0 || writing->closes;
}

static bool
is_heard(struct staged_job *staged)
{
	return !writing_of(staged)->is_silent;
}

static bool
has_cells(struct staged_job *staged)
{
	return control_of(writing_of(staged))->has_cells;
}

static bool
has_words(struct staged_job *staged)
{
	return control_of(writing_of(staged))->words_at != 0;
}

static bool
has_registers(struct staged_job *staged)
{
	return !has_cells(staged) && !has_words(staged);
}

static const struct job_stage stages[] = {
	{ "halt the core", halt, NULL },
	{ "unlock the option bytes", unlock, NULL },
	{ "write the registers", fill, has_registers },
	{ "program the option bytes", start, has_registers },
	{ "erase the option bytes", erase_cells, has_cells },
	{ "program them", program_cells, has_cells },
	{ "program the option words", program_words, has_words },
	{ "look for errors", check, is_heard },
	{ "load the option bytes", launch, is_heard },
	{ "wait for the debug port", await_answer, is_reset },
	{ 0 },
};

/* Erased cells are those of a protected chip: an end that comes early waits for them. */
static bool
is_erasing(struct staged_job *staged)
{
	const struct writing *writing = writing_of(staged);

	return writing->is_erasing && writing->is_started && writing->cell == 0;
}

static bool
lacks_cells(struct staged_job *staged)
{
	const struct writing *writing = writing_of(staged);

	return writing->is_erasing && writing->cell < CELLS;
}

static const struct job_stage ending[] = {
	{ "wait for the cells", erase_cells, is_erasing },
	{ "program those that are left", program_cells, lacks_cells },
	{ 0 },
};

static enum cause
failed(struct staged_job *staged, enum cause cause, struct reason *why)
{
	(void)cause;
	return reason_while(why, "writing the option bytes of %s",
			    writing_of(staged)->set->name);
}

static const struct staged_ops writing_ops = { .failed = failed, .ending = ending };

struct job *
options_write(const struct option_set *set, struct board *board,
	      const struct option_values *before, const struct option_values *after)
{
	struct writing *writing = calloc(1, sizeof(*writing));

	if (writing == NULL)
		return NULL;
	staged_job_init(&writing->staged, "writing option bytes", stages, &writing_ops);
	writing->staged.clock = board_probe(board)->clock;
	writing->set = set;
	writing->core = board_main_core(board);
	writing->board = board;
	writing->before = *before;
	writing->after = *after;
	writing->closes = options_close(set, dev_id_of(writing), before, after);
	return &writing->staged.job;
}
