/* SPDX-License-Identifier: MIT */
/* Sections: RM0468 Rev 3 for OCTOSPI; RM0351 Rev 9 for QUADSPI. */
#include "flash/interfaces/nor_port.h"

#include "targets/core/batch.h"
#include "transport/base/bytes.h"

/* 25.7.1; 17.5.1 */
#define CR_EN          (1u << 0)
#define CR_ABORT       (1u << 1)
#define CR_FTHRES_4    (3u << 8) /* FTF is set when four bytes fit */
#define CR_FMODE_LSB   28        /* OCTOSPI */
#define CR_DIVIDER_LSB 24        /* QUADSPI: PRESCALER */
/* 25.7.2; 17.5.2 */
#define DCR1_STANDARD   (2u << 24) /* MTYP */
#define DCR1_NO_DELAY   (1u << 3)  /* DLYBYP */
#define DCR_SIZE_LSB    16
#define DCR_SELECT_LONG (3u << 8) /* CSHT: chip select is high for four cycles at least */
/* 25.7.6; 17.5.3 */
#define SR_TCF  (1u << 1)
#define SR_BUSY (1u << 5)
#define FCR_ALL 0x1bu
/* 25.7.17: CCR */
#define OCTO_IMODE_LSB  0
#define OCTO_IMODE_MASK 7u
#define OCTO_ISIZE_LSB  4
#define OCTO_ISIZE_MASK 3u
#define OCTO_PHASE_MASK 0x3fu /* IMODE, IDTR, ISIZE */
#define OCTO_ADMODE_LSB 8
#define OCTO_ADSIZE_LSB 12
#define OCTO_DMODE_LSB  24
/* 17.5.6: CCR */
#define QUAD_IMODE_LSB  8
#define QUAD_IMODE_MASK 3u
#define QUAD_ADMODE_LSB 10
#define QUAD_ADSIZE_LSB 12
#define QUAD_DCYC_LSB   18
#define QUAD_DMODE_LSB  24
#define QUAD_FMODE_LSB  26

enum lines { LINES_ONE = 1, LINES_FOUR = 3 };
enum { CODE_RESET_ENABLE = 0x66, CODE_RESET = 0x99, ABORT_TRIES = 64, CR_AT = 0 };

static const struct nor_offsets octo = { .dcr = 0x008,
					 .sr = 0x020,
					 .dlr = 0x040,
					 .ar = 0x048,
					 .dr = 0x050,
					 .ccr = 0x100,
					 .tcr = 0x108,
					 .ir = 0x110 };
static const struct nor_offsets quad = {
	.dcr = 0x04, .sr = 0x08, .dlr = 0x10, .ccr = 0x14, .ar = 0x18, .dr = 0x20
};
enum { OCTO_DCR2 = 0x00c, OCTO_DCR3 = 0x010, OCTO_DCR4 = 0x014 };

const struct nor_offsets *
nor_offsets_of(const struct nor_controller *controller)
{
	return controller->is_octo ? &octo : &quad;
}

bool
nor_is_enabled(uint32_t cr)
{
	return (cr & CR_EN) != 0;
}

struct nor_words
nor_words_of(const struct nor_controller *controller, struct nor_command_shape shape,
	     enum nor_function function)
{
	uint32_t address_bits = shape.address_bytes > 0 ? shape.address_bytes - 1u : 0;
	uint32_t has_address = shape.address_bytes > 0, has_data = shape.has_data;

	if (controller->is_octo)
		return (struct nor_words){
			.cr = CR_EN | CR_FTHRES_4 | (uint32_t)function << CR_FMODE_LSB,
			.ccr = LINES_ONE << OCTO_IMODE_LSB |
			       has_address << OCTO_ADMODE_LSB |
			       address_bits << OCTO_ADSIZE_LSB | has_data << OCTO_DMODE_LSB,
			.tcr = shape.dummy_cycles,
			.ir = shape.code,
		};
	return (struct nor_words){
		.cr = CR_EN | CR_FTHRES_4 | (controller->divider - 1u) << CR_DIVIDER_LSB,
		.ccr = shape.code | LINES_ONE << QUAD_IMODE_LSB |
		       has_address << QUAD_ADMODE_LSB | address_bits << QUAD_ADSIZE_LSB |
		       (uint32_t)shape.dummy_cycles << QUAD_DCYC_LSB |
		       has_data << QUAD_DMODE_LSB | (uint32_t)function << QUAD_FMODE_LSB,
	};
}

/* --- accesses, put together --------------------------------------------------------------- */

struct accesses {
	const struct nor_controller *controller;
	struct batch batch;
};

static void
add_write(struct accesses *accesses, uint32_t offset, uint32_t value)
{
	batch_write(&accesses->batch, accesses->controller->registers_at + offset, value);
}

static size_t
add_read(struct accesses *accesses, uint32_t offset)
{
	return batch_read(&accesses->batch, accesses->controller->registers_at + offset);
}

static void
add_command(struct accesses *accesses, const struct nor_words *words)
{
	const struct nor_offsets *offsets = nor_offsets_of(accesses->controller);

	add_write(accesses, CR_AT, words->cr);
	if (offsets->tcr != 0)
		add_write(accesses, offsets->tcr, words->tcr);
	add_write(accesses, offsets->ccr, words->ccr);
	if (offsets->ir != 0)
		add_write(accesses, offsets->ir, words->ir);
}

static enum cause
make(struct accesses *accesses, struct core *core, struct reason *why)
{
	return batch_run(&accesses->batch, core_memory(core), why);
}

/* --- what is done with them ------------------------------------------------------------------ */

enum cause
nor_abort(const struct nor_controller *controller, struct core *core, struct reason *why)
{
	const struct nor_offsets *offsets = nor_offsets_of(controller);
	uint32_t at = controller->registers_at, cr = 0, sr = 0;
	enum cause cause = mem_read32(core_memory(core), at, &cr, why);

	if (cause != CAUSE_NONE || !nor_is_enabled(cr))
		return cause;
	cause = mem_write32(core_memory(core), at, cr | CR_ABORT, why);
	for (unsigned i = 0; cause == CAUSE_NONE && i < ABORT_TRIES; i++) {
		struct accesses look = { .controller = controller };
		size_t cr_index = add_read(&look, CR_AT);
		size_t sr_index = add_read(&look, offsets->sr);

		cause = make(&look, core, why);
		cr = batch_value(&look.batch, cr_index);
		sr = batch_value(&look.batch, sr_index);
		if (cause == CAUSE_NONE && (cr & CR_ABORT) == 0 && (sr & SR_BUSY) == 0)
			return CAUSE_NONE;
	}
	if (cause != CAUSE_NONE)
		return cause;
	return reason_begin(why, CAUSE_TIMEOUT,
			    "%s does not end what it does: CR is 0x%08x, SR 0x%08x",
			    controller->name, (unsigned)cr, (unsigned)sr);
}

enum cause
nor_set_up(const struct nor_controller *controller, struct core *core, unsigned size_log2,
	   struct reason *why)
{
	const struct nor_offsets *offsets = nor_offsets_of(controller);
	struct nor_command_shape none = { 0 };
	uint32_t dcr = (size_log2 - 1) << DCR_SIZE_LSB | DCR_SELECT_LONG;
	struct accesses accesses = { .controller = controller };

	add_write(&accesses, CR_AT, nor_words_of(controller, none, NOR_WRITE).cr);
	if (controller->is_octo) {
		add_write(&accesses, OCTO_DCR2, controller->divider - 1u);
		add_write(&accesses, OCTO_DCR3, 0);
		add_write(&accesses, OCTO_DCR4, 0);
		dcr |= DCR1_STANDARD | DCR1_NO_DELAY;
	}
	add_write(&accesses, offsets->dcr, dcr);
	add_write(&accesses, offsets->sr + 4u, FCR_ALL);
	return make(&accesses, core, why);
}

enum cause
nor_read(const struct nor_controller *controller, struct core *core,
	 struct nor_command_shape shape, uint32_t at, uint8_t *bytes, uint32_t size,
	 struct reason *why)
{
	const struct nor_offsets *offsets = nor_offsets_of(controller);
	struct nor_words words = nor_words_of(controller, shape, NOR_READ);
	struct accesses accesses = { .controller = controller };
	enum cause cause;
	size_t first = 0;

	add_write(&accesses, offsets->dlr, size - 1);
	add_command(&accesses, &words);
	if (shape.address_bytes > 0)
		add_write(&accesses, offsets->ar, at);
	for (uint32_t i = 0; i < size; i += sizeof(uint32_t)) {
		size_t index = add_read(&accesses, offsets->dr);

		if (i == 0)
			first = index;
	}
	add_write(&accesses, offsets->sr + 4u, FCR_ALL);
	cause = make(&accesses, core, why);
	for (uint32_t i = 0; cause == CAUSE_NONE && i < size; i += sizeof(uint32_t))
		le32_put(bytes + i,
			 batch_value(&accesses.batch, first + i / sizeof(uint32_t)));
	return cause;
}

/* On as many lines as `words` says, of which the instruction is one byte or two. */
static enum cause
send_reset(const struct nor_controller *controller, struct core *core,
	   struct nor_words words, bool is_twice, struct reason *why)
{
	static const uint8_t codes[] = { CODE_RESET_ENABLE, CODE_RESET };
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; cause == CAUSE_NONE && i < array_len(codes); i++) {
		struct accesses accesses = { .controller = controller };
		struct nor_words one = words;
		uint32_t code = codes[i];

		/* An octal flash has the complement behind the code. */
		if (is_twice)
			code = code << 8 | (~code & 0xff);
		if (controller->is_octo)
			one.ir = code;
		else
			one.ccr |= code;
		add_command(&accesses, &one);
		add_write(&accesses, nor_offsets_of(controller)->sr + 4u, FCR_ALL);
		cause = make(&accesses, core, why);
	}
	return cause;
}

enum cause
nor_reset(const struct nor_controller *controller, struct core *core, uint32_t program_ccr,
	  struct reason *why)
{
	struct nor_command_shape none = { 0 };
	struct nor_words one = nor_words_of(controller, none, NOR_WRITE), other = one;
	enum cause cause = CAUSE_NONE;

	if (controller->is_octo) {
		other.ccr = program_ccr & OCTO_PHASE_MASK;
		if ((other.ccr >> OCTO_IMODE_LSB & OCTO_IMODE_MASK) > LINES_ONE)
			cause = send_reset(
				controller, core, other,
				(other.ccr >> OCTO_ISIZE_LSB & OCTO_ISIZE_MASK) == 1, why);
		other.ccr = LINES_FOUR << OCTO_IMODE_LSB;
	} else {
		other.ccr = LINES_FOUR << QUAD_IMODE_LSB;
	}
	if (cause == CAUSE_NONE)
		cause = send_reset(controller, core, other, false, why);
	return cause == CAUSE_NONE ? send_reset(controller, core, one, false, why) : cause;
}

enum cause
nor_show(const struct nor_controller *controller, struct core *core,
	 struct nor_command_shape shape, struct reason *why)
{
	struct nor_words words = nor_words_of(controller, shape, NOR_MAP);
	struct accesses accesses = { .controller = controller };

	add_command(&accesses, &words);
	return make(&accesses, core, why);
}
