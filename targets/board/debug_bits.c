/* SPDX-License-Identifier: MIT */
#include "targets/board/board_internal.h"
#include "transport/base/log.h"

static enum cause
set_one(struct board *board, size_t index, struct reason *why)
{
	const struct register_bits *bits = &board->chip.device->debug_bits[index];
	struct mem_ap *mem = NULL;
	uint32_t value = 0;
	enum cause cause = board_port(board, bits->ap, &mem, why);

	if (cause == CAUSE_NONE)
		cause = mem_read32(mem, bits->at, &value, why);
	/* Saved once: what is read at a later connection may be our own bits. */
	if (cause == CAUSE_NONE && !board->has_saved_bits)
		board->saved_bits[index] = value;
	/* They outlast a reset of the chip. */
	if (cause == CAUSE_NONE && (value & bits->bits) != bits->bits)
		cause = mem_write32(mem, bits->at, value | bits->bits, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "setting %s (DBGMCU, 0x%08x)", bits->meaning,
				    (unsigned)bits->at);
	return CAUSE_NONE;
}

enum cause
debug_bits_set(struct board *board, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (board->chip.device == NULL)
		return CAUSE_NONE;
	for (size_t i = 0; i < DEVICE_MAX_DEBUG_BITS && cause == CAUSE_NONE; i++)
		if (board->chip.device->debug_bits[i].bits != 0)
			cause = set_one(board, i, why);
	if (cause == CAUSE_NONE)
		board->has_saved_bits = true;
	return cause;
}

/* A reset of the chip leaves what stands in DBGMCU and takes its clock away, where RCC has one: the
 * bits would be out of reach, and who resets its program would find them gone. */
enum cause
debug_bits_after_reset(struct board *board, struct reason *why)
{
	const struct device *device = board->chip.device;

	if (device == NULL || !device->has_debug_clock || !board->has_saved_bits)
		return CAUSE_NONE;
	return debug_bits_set(board, why);
}

/* Only the bits that are ours: the program may have changed the others since. */
static enum cause
restore_one(struct board *board, size_t index, bool *has_written, struct reason *why)
{
	const struct register_bits *bits = &board->chip.device->debug_bits[index];
	struct mem_ap *mem = NULL;
	uint32_t value = 0, before;
	enum cause cause = board_port(board, bits->ap, &mem, why);

	if (cause == CAUSE_NONE)
		cause = mem_read32(mem, bits->at, &value, why);
	before = (value & ~bits->bits) | (board->saved_bits[index] & bits->bits);
	if (cause != CAUSE_NONE || before == value)
		return cause;
	cause = mem_write32(mem, bits->at, before, why);
	*has_written = cause == CAUSE_NONE;
	return cause;
}

/* Where the program sleeps deeply, taking back the bits that kept it within reach stops the clocks at
 * once, and RCC is out of reach, too: that is what was wanted. What stays is the clock of DBGMCU, up to
 * the next reset, which clears the registers of RCC (RM0444 Rev 5, 5.4). */
static bool
is_asleep_again(struct board *board, size_t index, bool has_written, enum cause cause)
{
	if (index != 0 || !board->chip.device->has_debug_clock || !has_written ||
	    (cause != CAUSE_TIMEOUT && cause != CAUSE_GONE))
		return false;
	dap_forget_loss(&board->dap);
	log_debug("board", "the target sleeps again, and the clock of DBGMCU stays on");
	return true;
}

/* From the last to the first: the freeze bits, then those that keep a core that sleeps within
 * reach, after which there may be no more access; the clock of what all are in goes last. One
 * that fails keeps none of the others; the first reason is reported. */
enum cause
debug_bits_restore(struct board *board, struct reason *why)
{
	const struct device *device = board->chip.device;
	enum cause first = CAUSE_NONE;
	bool has_written = false;

	if (device == NULL || !board->has_saved_bits)
		return CAUSE_NONE;
	for (size_t i = DEVICE_MAX_DEBUG_BITS; i-- > 0;) {
		struct reason echo = REASON_INIT;
		enum cause cause = CAUSE_NONE;

		if (device->debug_bits[i].bits != 0)
			cause = restore_one(board, i, &has_written,
					    first == CAUSE_NONE ? why : &echo);
		if (first == CAUSE_NONE && !is_asleep_again(board, i, has_written, cause))
			first = cause;
	}
	board->has_saved_bits = first != CAUSE_NONE;
	return first;
}
