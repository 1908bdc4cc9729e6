/* SPDX-License-Identifier: MIT */
/*
 * Single words here and there, in as few round trips as the probe allows.
 */
#include "transport/adi/mem_ap_internal.h"
#include "transport/adi/registers.h"
#include "transport/base/bytes.h"

#include <assert.h>

enum {
	WORD = 4,
	BATCH_WORDS = 128, /* at once */
	BD_WINDOW = 16,    /* bytes that BD0 to BD3 show */
	BD_WORTH_IT = 3,
	RUN_WORTH_IT = 3,
	GATE_STEPS = 3 /* mask, TAR, match */
};

/* What is put together of words, and which of its transfers each word is. */
struct word_batch {
	bool has_window; /* TAR is at `window`, since only BD0 to BD3 were used with it */
	uint32_t window;
	size_t len;
	struct transfer transfers[1 + GATE_STEPS * MEM_GATES_MAX + 2 * BATCH_WORDS];
	size_t place[BATCH_WORDS];
};

static void
add_access(struct word_batch *batch, const struct mem_ap *mem, uint32_t reg,
	   const struct mem_word *word, size_t index)
{
	batch->place[index] = batch->len;
	batch->transfers[batch->len++] =
		(struct transfer){ word->is_write ? TRANSFER_AP_WRITE : TRANSFER_AP_READ,
				   mem->ap, reg, word->value };
}

/* How many words from the first on lie in the 16 bytes that BD0 to BD3 show. */
static size_t
count_window(const struct mem_word *words, size_t len)
{
	uint32_t window = align_down(words[0].at, BD_WINDOW);
	size_t count = 1;

	while (count < len && align_down(words[count].at, BD_WINDOW) == window)
		count++;
	return count;
}

/* How many reads of one word behind the other begin with the first; TAR moves on by itself
 * within TAR_RANGE. */
static size_t
count_run(const struct mem_word *words, size_t len)
{
	size_t count = 0;

	while (count < len && !words[count].is_write &&
	       words[count].at == words[0].at + WORD * (uint32_t)count &&
	       align_down(words[count].at, TAR_RANGE) == align_down(words[0].at, TAR_RANGE))
		count++;
	return count;
}

static void
open_window(struct word_batch *batch, const struct mem_ap *mem, uint32_t at)
{
	uint32_t window = align_down(at, BD_WINDOW);

	if (batch->has_window && batch->window == window)
		return;
	batch->transfers[batch->len++] = mem_register_write(mem, AP_TAR, window);
	batch->has_window = true;
	batch->window = window;
}

/* C2.6, BD0 to BD3: with TAR once, any words of its window can be accessed in any order; the
 * debug registers of a core, DHCSR to DEMCR, are such a window. For a few words it is not
 * worth picking the bank that they are in. */
static size_t
add_window(struct word_batch *batch, const struct mem_ap *mem, const struct mem_word *words,
	   size_t first, size_t count)
{
	open_window(batch, mem, words[first].at);
	for (size_t i = first; i < first + count; i++)
		add_access(batch, mem, AP_BD0 + words[i].at % BD_WINDOW, &words[i], i);
	return count;
}

static size_t
add_run(struct word_batch *batch, const struct mem_ap *mem, const struct mem_word *words,
	size_t first, size_t count)
{
	batch->transfers[batch->len++] = mem_register_write(mem, AP_TAR, words[first].at);
	batch->has_window = false;
	for (size_t i = first; i < first + count; i++)
		add_access(batch, mem, AP_DRW, &words[i], i);
	return count;
}

/* Adds some of the words from `first` on, and returns how many. */
static size_t
add_next(struct word_batch *batch, const struct mem_ap *mem, const struct mem_word *words,
	 size_t first, size_t len)
{
	size_t run = count_run(words + first, len - first);
	size_t window = count_window(words + first, len - first);
	bool is_open = batch->has_window &&
		       batch->window == align_down(words[first].at, BD_WINDOW);

	if (run >= RUN_WORTH_IT && run >= window)
		return add_run(batch, mem, words, first, run);
	if (window >= BD_WORTH_IT || is_open)
		return add_window(batch, mem, words, first, window);
	return add_run(batch, mem, words, first, 1);
}

static void
add_words(struct word_batch *batch, const struct mem_ap *mem, const struct mem_word *words,
	  size_t first, size_t len)
{
	for (size_t i = first; i < len;)
		i += add_next(batch, mem, words, i, len);
}

/* By BD0 to BD3, since DRW would move TAR on. */
static void
add_gate(struct word_batch *batch, const struct mem_ap *mem, const struct mem_gate *gate)
{
	batch->transfers[batch->len++] =
		(struct transfer){ TRANSFER_AP_MASK, mem->ap, 0, gate->mask };
	open_window(batch, mem, gate->at);
	batch->transfers[batch->len++] =
		(struct transfer){ TRANSFER_AP_MATCH, mem->ap,
				   AP_BD0 + gate->at % BD_WINDOW, gate->value };
}

static void
add_drw_words(struct word_batch *batch, const struct mem_ap *mem,
	      const struct mem_word *words, size_t len, const struct mem_gates *gates)
{
	size_t from = 0;

	batch->transfers[batch->len++] =
		mem_register_write(mem, AP_CSW, mem_make_csw(mem, WORD));
	for (size_t i = 0; gates != NULL && i < gates->len; i++) {
		add_words(batch, mem, words, from, gates->at[i].before);
		add_gate(batch, mem, &gates->at[i]);
		from = gates->at[i].before;
	}
	add_words(batch, mem, words, from, len);
}

/* As the probe's own memory transfers. */
static void
add_direct_words(struct word_batch *batch, const struct mem_ap *mem,
		 const struct mem_word *words, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		batch->place[i] = batch->len;
		batch->transfers[batch->len++] =
			(struct transfer){ words[i].is_write ? TRANSFER_MEM_WRITE
							     : TRANSFER_MEM_READ,
					   mem->ap, words[i].at, words[i].value };
	}
}

/* Of those that were reached; tells the first that was not. */
static size_t
take_words(const struct word_batch *batch, struct mem_word *words, size_t len,
	   size_t finished)
{
	size_t i = 0;

	for (; i < len && batch->place[i] < finished; i++)
		if (!words[i].is_write)
			words[i].value = batch->transfers[batch->place[i]].value;
	return i;
}

/* Which access it was that failed: of a word, or of a gate before it. */
static uint32_t
failed_at(const struct word_batch *batch, size_t finished, uint32_t word_at,
	  const struct mem_gates *gates)
{
	size_t gate = 0;

	for (size_t i = 0; i < finished; i++)
		gate += batch->transfers[i].kind == TRANSFER_AP_MATCH;
	return batch->transfers[finished].kind == TRANSFER_AP_MATCH ? gates->at[gate].at
								    : word_at;
}

/* *reached: the words that were accessed. */
static enum cause
batch_some(struct mem_ap *mem, struct mem_word *words, size_t len,
	   const struct mem_gates *gates, size_t *reached, struct reason *why)
{
	bool is_direct = probe_has_memory(mem->dap->probe);
	struct word_batch batch = { .len = 0 };
	size_t finished;
	enum cause cause = mem_check_open(mem, why);

	*reached = 0;
	if (cause != CAUSE_NONE)
		return cause;
	for (size_t i = 0; i < len; i++)
		assert(words[i].at % WORD == 0);
	if (is_direct)
		add_direct_words(&batch, mem, words, len);
	else
		add_drw_words(&batch, mem, words, len, gates);
	cause = dap_transfer(mem->dap, batch.transfers, batch.len, &finished, why);
	*reached = take_words(&batch, words, len, finished);
	if (cause != CAUSE_NONE && (is_direct || finished > 0) && *reached < len)
		return mem_tell_address(
			mem, failed_at(&batch, finished, words[*reached].at, gates), cause,
			why);
	return cause;
}

enum cause
mem_batch(struct mem_ap *mem, struct mem_word *words, size_t len, struct reason *why)
{
	enum cause cause = CAUSE_NONE;
	size_t ignored;

	for (size_t done = 0; cause == CAUSE_NONE && done < len; done += BATCH_WORDS) {
		size_t some = len - done < BATCH_WORDS ? len - done : BATCH_WORDS;

		cause = batch_some(mem, words + done, some, NULL, &ignored, why);
	}
	return cause;
}

bool
mem_has_gates(const struct mem_ap *mem)
{
	return !probe_has_memory(mem->dap->probe) && probe_can_match(mem->dap->probe);
}

uint32_t
mem_bytes_at_once(const struct mem_ap *mem)
{
	uint32_t words = mem->dap->probe->reads_at_once;

	return probe_has_memory(mem->dap->probe) || words == 0 ? WORD : WORD * words;
}

enum cause
mem_batch_gated(struct mem_ap *mem, struct mem_word *words, size_t len,
		const struct mem_gates *gates, size_t *reached, struct reason *why)
{
	enum cause cause;

	assert(mem_has_gates(mem) && gates->len <= MEM_GATES_MAX && len <= BATCH_WORDS);
	for (size_t i = 0; i < gates->len; i++)
		assert(gates->at[i].before <= len);
	cause = batch_some(mem, words, len, gates, reached, why);
	return cause == CAUSE_MISMATCH ? CAUSE_NONE : cause;
}
