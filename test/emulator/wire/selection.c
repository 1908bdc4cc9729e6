/* SPDX-License-Identifier: MIT */
#include "test/emulator/wire/selection.h"

enum { WORD_BITS = 64, LINE_RESET_BITS = 50, TEST_LOGIC_RESET_BITS = 5 };

/* Least significant bit first, after so many ones: B5.2.2, B5.2.3, B5.3.2, B5.3.3. */
static const struct {
	uint64_t sequence;
	unsigned bits, ones_before;
	enum selection_event event;
} sequences[] = {
	{ 0xE79E, 16, LINE_RESET_BITS, SELECTION_JTAG_TO_SWD },
	{ 0xE73C, 16, LINE_RESET_BITS, SELECTION_SWD_TO_JTAG },
	{ 0xE3BC, 16, LINE_RESET_BITS, SELECTION_SWD_TO_DORMANT },
	{ 0x33BBBBBA, 31, TEST_LOGIC_RESET_BITS, SELECTION_JTAG_TO_DORMANT },
};

/* B5.3.4: the selection alert, then four zeros and an activation code. */
static const uint64_t alert_last = UINT64_C(0x19BC0EA2E3DDAFE9);
static const uint64_t alert_before = UINT64_C(0x86852D956209F392);
enum { ACTIVATION_BITS = 4 + 8, ACTIVATE_SW_DP = 0x1A << 4, ACTIVATE_JTAG_DP = 0x0A << 4 };

static uint64_t
newest(uint64_t bits, unsigned count)
{
	return bits >> (WORD_BITS - count);
}

static bool
are_ones(uint64_t bits, unsigned count)
{
	return newest(bits, count) == newest(UINT64_MAX, count);
}

static enum selection_event
activation_bit(struct selection *selection)
{
	if (--selection->activation)
		return SELECTION_NOTHING;
	switch (newest(selection->last, ACTIVATION_BITS)) {
	case ACTIVATE_SW_DP:
		return SELECTION_DORMANT_TO_SWD;
	case ACTIVATE_JTAG_DP:
		return SELECTION_DORMANT_TO_JTAG;
	default:
		return SELECTION_NOTHING;
	}
}

static enum selection_event
sequence_ended(const struct selection *selection)
{
	for (unsigned i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		unsigned bits = sequences[i].bits;
		uint64_t earlier =
			selection->last << bits | selection->before >> (WORD_BITS - bits);

		if (newest(selection->last, bits) == sequences[i].sequence &&
		    are_ones(earlier, sequences[i].ones_before))
			return sequences[i].event;
	}
	return SELECTION_NOTHING;
}

enum selection_event
selection_bit(struct selection *selection, bool bit)
{
	selection->before = selection->before >> 1 | (selection->last & 1)
							     << (WORD_BITS - 1);
	selection->last = selection->last >> 1 | (uint64_t)bit << (WORD_BITS - 1);
	if (selection->activation)
		return activation_bit(selection);
	if (selection->last == alert_last && selection->before == alert_before) {
		selection->activation = ACTIVATION_BITS;
		return SELECTION_NOTHING;
	}
	if (are_ones(selection->last, LINE_RESET_BITS))
		return SELECTION_LINE_RESET;
	return sequence_ended(selection);
}

void
selection_forget(struct selection *selection)
{
	*selection = (struct selection){ 0 };
}
