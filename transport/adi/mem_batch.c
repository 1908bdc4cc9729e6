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
	GATE_STEPS = 3 /* mask, TAR, match */
};

/* What is put together of words, and which of its transfers each word is. */
struct word_batch {
	size_t len;
	struct transfer transfers[1 + GATE_STEPS + 2 * BATCH_WORDS];
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

/* C2.6, BD0 to BD3: with TAR once, any words of its window can be accessed in any order; the
 * debug registers of a core, DHCSR to DEMCR, are such a window. For a few words it is not
 * worth picking the bank that they are in. */
static size_t
add_window(struct word_batch *batch, const struct mem_ap *mem, const struct mem_word *words,
	   size_t first, size_t len)
{
	size_t count = count_window(words + first, len - first);

	if (count < BD_WORTH_IT) {
		batch->transfers[batch->len++] =
			mem_register_write(mem, AP_TAR, words[first].at);
		add_access(batch, mem, AP_DRW, &words[first], first);
		return 1;
	}
	batch->transfers[batch->len++] =
		mem_register_write(mem, AP_TAR, align_down(words[first].at, BD_WINDOW));
	for (size_t i = first; i < first + count; i++)
		add_access(batch, mem, AP_BD0 + words[i].at % BD_WINDOW, &words[i], i);
	return count;
}

static void
add_words(struct word_batch *batch, const struct mem_ap *mem, const struct mem_word *words,
	  size_t first, size_t len)
{
	for (size_t i = first; i < len;)
		i += add_window(batch, mem, words, i, len);
}

/* By BD0 to BD3, since DRW would move TAR on. */
static void
add_gate(struct word_batch *batch, const struct mem_ap *mem, const struct mem_gate *gate)
{
	struct transfer *next = batch->transfers + batch->len;

	next[0] = (struct transfer){ TRANSFER_AP_MASK, mem->ap, 0, gate->mask };
	next[1] = mem_register_write(mem, AP_TAR, align_down(gate->at, BD_WINDOW));
	next[2] = (struct transfer){ TRANSFER_AP_MATCH, mem->ap,
				     AP_BD0 + gate->at % BD_WINDOW, gate->value };
	batch->len += GATE_STEPS;
}

static void
add_drw_words(struct word_batch *batch, const struct mem_ap *mem,
	      const struct mem_word *words, size_t len, const struct mem_gate *gate)
{
	size_t before = gate == NULL ? len : gate->before;

	batch->transfers[batch->len++] =
		mem_register_write(mem, AP_CSW, mem_make_csw(mem, WORD));
	add_words(batch, mem, words, 0, before);
	if (gate != NULL)
		add_gate(batch, mem, gate);
	add_words(batch, mem, words, before, len);
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

static enum cause
batch_some(struct mem_ap *mem, struct mem_word *words, size_t len,
	   const struct mem_gate *gate, struct reason *why)
{
	bool is_direct = probe_has_memory(mem->dap->probe);
	struct word_batch batch = { .len = 0 };
	size_t finished, reached;
	enum cause cause;

	for (size_t i = 0; i < len; i++)
		assert(words[i].at % WORD == 0);
	if (is_direct)
		add_direct_words(&batch, mem, words, len);
	else
		add_drw_words(&batch, mem, words, len, gate);
	cause = dap_transfer(mem->dap, batch.transfers, batch.len, &finished, why);
	reached = take_words(&batch, words, len, finished);
	if (cause != CAUSE_NONE && (is_direct || finished > 0) && reached < len)
		return mem_tell_address(mem, words[reached].at, cause, why);
	return cause;
}

enum cause
mem_batch(struct mem_ap *mem, struct mem_word *words, size_t len, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (size_t done = 0; cause == CAUSE_NONE && done < len; done += BATCH_WORDS) {
		size_t some = len - done < BATCH_WORDS ? len - done : BATCH_WORDS;

		cause = batch_some(mem, words + done, some, NULL, why);
	}
	return cause;
}

bool
mem_has_gates(const struct mem_ap *mem)
{
	return !probe_has_memory(mem->dap->probe) && probe_can_match(mem->dap->probe);
}

enum cause
mem_batch_gated(struct mem_ap *mem, struct mem_word *words, size_t len,
		const struct mem_gate *gate, bool *is_open, struct reason *why)
{
	enum cause cause;

	assert(mem_has_gates(mem) && gate->before <= len && len <= BATCH_WORDS);
	cause = batch_some(mem, words, len, gate, why);
	*is_open = cause == CAUSE_NONE;
	return cause == CAUSE_MISMATCH ? CAUSE_NONE : cause;
}
