/* SPDX-License-Identifier: MIT */
#include "targets/core/frame.h"

#include "targets/core/core_internal.h"

/* DDI 0403E.e B1.5.6: R0 to R3, R12, LR, the return address, xPSR, from the frame's address
 * up. */
enum { FRAME_LR = 5, FRAME_PC, FRAME_XPSR, FRAME_WORDS };
enum { STACK_WORDS = 64, PIECE_WORDS = 8 };

/* The main stack from MSP up, as far as it can be read. */
struct stack {
	uint32_t at;
	unsigned len;
	uint32_t words[STACK_WORDS];
};

static void
read_stack(struct core *core, uint32_t at, struct stack *stack)
{
	/* That it ends is no failure. */
	struct reason end = REASON_INIT;
	uint8_t bytes[4 * PIECE_WORDS];

	*stack = (struct stack){ .at = at };
	while (stack->len < STACK_WORDS &&
	       core_memory_read(core, at + 4 * stack->len, bytes, sizeof(bytes), &end) ==
		       CAUSE_NONE)
		for (unsigned i = 0; i < PIECE_WORDS; i++)
			stack->words[stack->len++] = le32_get(bytes + 4 * i);
}

static bool
is_exc_return(uint32_t value)
{
	return REG_GET(value, EXC_RETURN_PREFIX) == EXC_RETURN_PREFIX_ALL &&
	       REG_GET(value, EXC_RETURN_RES0) == 0;
}

static struct core_frame
frame_of(uint32_t at, const uint32_t *words)
{
	return (struct core_frame){ .at = at,
				    .lr = words[FRAME_LR],
				    .pc = words[FRAME_PC],
				    .xpsr = words[FRAME_XPSR] };
}

/* Is it a frame and not what a handler has pushed? Return addresses in LR are odd, that of the
 * frame is even; xPSR has the Thumb bit, and nothing in its reserved bits (B1.4.2). */
static bool
is_likely(const struct core_frame *frame)
{
	return (frame->lr & 1) != 0 && (frame->pc & 1) == 0 &&
	       (frame->xpsr & (XPSR_RESERVED | XPSR_THUMB)) == XPSR_THUMB;
}

/* On the main stack, from its word `from` on: below it lies what the handler has pushed. */
static bool
find_on_main(const struct stack *stack, unsigned from, struct core_frame *frame)
{
	for (unsigned i = from; i + FRAME_WORDS <= stack->len; i++) {
		*frame = frame_of(stack->at + 4 * i, &stack->words[i]);
		if (is_likely(frame))
			return true;
	}
	return false;
}

static bool
find_on_process(struct core *core, uint32_t psp, struct core_frame *frame)
{
	struct reason unread = REASON_INIT;
	uint32_t words[FRAME_WORDS];
	uint8_t bytes[sizeof(words)];

	if (core_memory_read(core, psp, bytes, sizeof(bytes), &unread) != CAUSE_NONE)
		return false;
	for (unsigned i = 0; i < FRAME_WORDS; i++)
		words[i] = le32_get(bytes + 4 * i);
	*frame = frame_of(psp, words);
	return true;
}

/* In LR until the handler calls something, and then pushed. *above: the word behind it. */
static bool
find_exc_return(const struct stack *stack, uint32_t lr, uint32_t *value, unsigned *above)
{
	*value = lr;
	*above = 0;
	if (is_exc_return(lr))
		return true;
	for (unsigned i = 0; i < stack->len; i++) {
		*value = stack->words[i];
		*above = i + 1;
		if (is_exc_return(*value))
			return true;
	}
	return false;
}

bool
core_frame_find(struct core *core, struct core_frame *frame)
{
	static const unsigned wanted[] = { REGISTER_XPSR, REGISTER_LR, REGISTER_MSP,
					   REGISTER_PSP };
	enum { XPSR, LR, MSP, PSP, WANTED };
	uint64_t values[WANTED];
	struct reason unread = REASON_INIT;
	struct stack stack;
	uint32_t exc_return;
	unsigned above;

	for (size_t i = 0; i < WANTED; i++)
		if (core_register_read(core, &core_register_table[wanted[i]], &values[i],
				       &unread) != CAUSE_NONE)
			return false;
	if ((values[XPSR] & XPSR_EXCEPTION) == 0)
		return false;
	read_stack(core, (uint32_t)values[MSP], &stack);
	if (!find_exc_return(&stack, (uint32_t)values[LR], &exc_return, &above))
		return false;
	return REG_GET(exc_return, EXC_RETURN_SPSEL) != 0
		       ? find_on_process(core, (uint32_t)values[PSP], frame)
		       : find_on_main(&stack, above, frame);
}
