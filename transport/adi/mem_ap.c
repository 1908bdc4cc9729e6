/* SPDX-License-Identifier: MIT */
#include "transport/adi/mem_ap_internal.h"

#include "transport/adi/registers.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <assert.h>
#include <string.h>

enum {
	WORD = 4,
	BLOCK_WORDS = TAR_RANGE / WORD /* of a block through DRW at once */
};

static enum cause
no_mem_ap(const struct mem_ap *mem, struct reason *why)
{
	return reason_begin(why, CAUSE_UNSUPPORTED,
			    "access port %s is no way to memory: its IDR reads 0x%08x%s",
			    probe_name_port(mem->ap).words, (unsigned)mem->idr,
			    mem->idr == 0 ? ", so there is no such port" : "");
}

enum cause
mem_ap_open(struct mem_ap *mem, struct dap *dap, uint32_t ap, struct reason *why)
{
	enum cause cause;

	*mem = (struct mem_ap){ .dap = dap, .ap = ap };
	cause = dap_ap_read(dap, ap, AP_IDR, &mem->idr, why);
	if (cause == CAUSE_NONE && REG_GET(mem->idr, IDR_CLASS) != IDR_CLASS_MEM_AP)
		return no_mem_ap(mem, why);
	if (cause == CAUSE_NONE)
		cause = dap_ap_read(dap, ap, AP_CSW, &mem->csw, why);
	if (cause == CAUSE_NONE)
		cause = dap_ap_read(dap, ap, AP_BASE, &mem->base, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "opening access port %s",
				    probe_name_port(ap).words);
	log_debug("adi", "access port %s: IDR 0x%08x, CSW 0x%08x, BASE 0x%08x",
		  probe_name_port(ap).words, (unsigned)mem->idr, (unsigned)mem->csw,
		  (unsigned)mem->base);
	return CAUSE_NONE;
}

uint32_t
mem_make_csw(const struct mem_ap *mem, unsigned width)
{
	uint32_t size = width == 1   ? CSW_SIZE_BYTE
			: width == 2 ? CSW_SIZE_HALFWORD
				     : CSW_SIZE_WORD;
	uint32_t kept = mem->csw & ~(REG_MASK(CSW_Size) | REG_MASK(CSW_AddrInc));

	return kept | REG_PUT(size, CSW_Size) | REG_PUT(CSW_ADDRINC_SINGLE, CSW_AddrInc);
}

enum cause
mem_tell_address(const struct mem_ap *mem, uint32_t at, enum cause cause,
		 struct reason *why)
{
	if (cause != CAUSE_FAULT && cause != CAUSE_TIMEOUT)
		return cause;
	if (REG_GET(mem->csw, CSW_DeviceEn) == 0) {
		reason_while(why,
			     "access port %s was switched off when it was opened "
			     "(CSW.DeviceEn was 0)",
			     probe_name_port(mem->ap).words);
		reason_suspect(why, FINDING_TARGET_PORT_CLOSED);
	}
	reason_while(why, "the access at 0x%08x %s", (unsigned)at,
		     cause == CAUSE_FAULT ? "was refused" : "did not end");
	return cause;
}

static uint32_t
get_value(const uint8_t *bytes, unsigned width)
{
	uint8_t word[WORD] = { 0 };

	memcpy(word, bytes, width);
	return le32_get(word);
}

static void
put_value(uint8_t *bytes, unsigned width, uint32_t value)
{
	uint8_t word[WORD];

	le32_put(word, value);
	memcpy(bytes, word, width);
}

/* What these are for is the driver of a block through CSW, TAR, DRW. */
struct transfer
mem_register_write(const struct mem_ap *mem, uint8_t reg, uint32_t value)
{
	return (struct transfer){ TRANSFER_AP_WRITE, mem->ap, reg, value };
}

/* Narrow values travel in the byte lanes of their address (C2.2, MEM-AP data transfers). */
static unsigned
lane_shift(uint32_t at)
{
	return 8 * (at & (WORD - 1));
}

static size_t
make_drw_batch(const struct mem_ap *mem, const struct probe_block *piece,
	       struct transfer *batch)
{
	size_t len = 0;

	batch[len++] = mem_register_write(mem, AP_CSW, mem_make_csw(mem, piece->width));
	batch[len++] = mem_register_write(mem, AP_TAR, piece->at);
	for (uint32_t done = 0; done < piece->size; done += piece->width) {
		uint32_t value =
			piece->out == NULL ? 0 : get_value(piece->out + done, piece->width);

		batch[len++] = (struct transfer){ piece->out == NULL ? TRANSFER_AP_READ
								     : TRANSFER_AP_WRITE,
						  mem->ap, AP_DRW,
						  value << lane_shift(piece->at + done) };
	}
	return len;
}

static void
take_drw_batch(const struct probe_block *piece, const struct transfer *drw)
{
	for (uint32_t done = 0; done < piece->size; done += piece->width, drw++)
		put_value(piece->in + done, piece->width,
			  drw->value >> lane_shift(piece->at + done));
}

/* For probes without memory commands: one piece that crosses no TAR_RANGE, and has at most
 * BLOCK_WORDS accesses. */
static enum cause
move_by_drw(struct mem_ap *mem, const struct probe_block *piece, struct reason *why)
{
	enum { SET_UP = 2 };

	struct transfer batch[SET_UP + BLOCK_WORDS];
	size_t len = make_drw_batch(mem, piece, batch);
	size_t finished;
	enum cause cause = dap_transfer(mem->dap, batch, len, &finished, why);

	if (cause != CAUSE_NONE && finished >= SET_UP)
		return mem_tell_address(
			mem, piece->at + (uint32_t)(finished - SET_UP) * piece->width,
			cause, why);
	if (cause == CAUSE_NONE && piece->in != NULL)
		take_drw_batch(piece, batch + SET_UP);
	return cause;
}

static struct probe_block
cut(const struct probe_block *piece, uint32_t done, uint32_t size)
{
	return (struct probe_block){ piece->ap,
				     piece->width,
				     piece->at + done,
				     size,
				     piece->in == NULL ? NULL : piece->in + done,
				     piece->out == NULL ? NULL : piece->out + done };
}

static enum cause
move_by_drws(struct mem_ap *mem, const struct probe_block *piece, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (uint32_t done = 0; cause == CAUSE_NONE && done < piece->size;) {
		uint32_t range = TAR_RANGE - (piece->at + done) % TAR_RANGE;
		uint32_t size = piece->size - done;
		struct probe_block next;

		size = size > range ? range : size;
		if (size > BLOCK_WORDS * piece->width)
			size = BLOCK_WORDS * piece->width;
		next = cut(piece, done, size);
		cause = move_by_drw(mem, &next, why);
		done += size;
	}
	return cause;
}

/* What the probe says, if it can be; else where it had got to. */
static uint32_t
failed_address(const struct probe_block *rest, const struct outcome *outcome)
{
	if (outcome->has_fault_address &&
	    range_contains(rest->at, rest->size, outcome->fault_address, 1))
		return outcome->fault_address;
	return rest->at;
}

static enum cause
move_by_probe(struct mem_ap *mem, const struct probe_block *piece, struct reason *why)
{
	struct clock *clock = mem->dap->probe->clock;
	struct deadline deadline = deadline_in_ms(clock, mem->dap->wait_ms);
	uint32_t done = 0;
	enum cause cause = CAUSE_NONE;

	while (cause == CAUSE_NONE && done < piece->size) {
		struct probe_block rest = cut(piece, done, piece->size - done);
		bool is_last = deadline_is_over(&deadline);
		struct outcome outcome;

		cause = probe_move_block(mem->dap->probe, &rest, &outcome, why);
		assert(outcome.finished <= rest.size);
		rest = cut(&rest, (uint32_t)outcome.finished,
			   rest.size - (uint32_t)outcome.finished);
		done += (uint32_t)outcome.finished;
		if (outcome.finished > 0) {
			deadline = deadline_in_ms(clock, mem->dap->wait_ms);
			is_last = false;
		}
		if (cause != CAUSE_NONE)
			cause = dap_recover(mem->dap, cause, &outcome, is_last, why);
		if (cause != CAUSE_NONE) {
			dap_keep_loss(mem->dap, cause, why);
			return mem_tell_address(mem, failed_address(&rest, &outcome), cause,
						why);
		}
	}
	return cause;
}

/* A word by itself: a transfer takes a probe fewer commands than a block does. */
static enum cause
move_word(struct mem_ap *mem, const struct probe_block *piece, struct reason *why)
{
	bool is_read = piece->in != NULL;

	assert(is_read || piece->out != NULL);

	struct transfer t = { is_read ? TRANSFER_MEM_READ : TRANSFER_MEM_WRITE, mem->ap,
			      piece->at, is_read ? 0 : le32_get(piece->out) };
	enum cause cause = dap_transfer(mem->dap, &t, 1, NULL, why);

	if (cause != CAUSE_NONE)
		return mem_tell_address(mem, piece->at, cause, why);
	if (is_read)
		le32_put(piece->in, t.value);
	return CAUSE_NONE;
}

enum cause
mem_check_open(const struct mem_ap *mem, struct reason *why)
{
	if (mem->shut == NULL)
		return CAUSE_NONE;
	*why = *mem->shut;
	return why->cause;
}

static enum cause
move_piece(struct mem_ap *mem, const struct probe_block *piece, struct reason *why)
{
	enum cause cause = mem_check_open(mem, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (!probe_has_memory(mem->dap->probe))
		return move_by_drws(mem, piece, why);
	if (piece->width == WORD && piece->size == WORD)
		return move_word(mem, piece, why);
	return move_by_probe(mem, piece, why);
}

/* The widest accesses that `at` and `left` allow, and how far they go. */
static struct probe_block
next_piece(const struct mem_ap *mem, uint32_t at, uint32_t left)
{
	unsigned width = at % 4 == 0 && left >= 4 ? 4 : at % 2 == 0 && left >= 2 ? 2 : 1;
	uint32_t size = width == 4 ? align_down(left, 4) : width;

	return (struct probe_block){ mem->ap, width, at, size, NULL, NULL };
}

/* `in` or `out`. */
static enum cause
move(struct mem_ap *mem, uint32_t at, uint8_t *in, const uint8_t *out, uint32_t size,
     struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if ((uint64_t)at + size > (uint64_t)UINT32_MAX + 1)
		return reason_begin(why, CAUSE_REQUEST,
				    "%u byte%s at 0x%08x reach past the last address",
				    (unsigned)size, text_s(size), (unsigned)at);
	for (uint32_t done = 0; cause == CAUSE_NONE && done < size;) {
		struct probe_block piece = next_piece(mem, at + done, size - done);

		piece.in = in == NULL ? NULL : in + done;
		piece.out = out == NULL ? NULL : out + done;
		cause = move_piece(mem, &piece, why);
		done += piece.size;
	}
	return cause;
}

enum cause
mem_read(struct mem_ap *mem, uint32_t at, void *bytes, uint32_t size, struct reason *why)
{
	return move(mem, at, bytes, NULL, size, why);
}

enum cause
mem_write(struct mem_ap *mem, uint32_t at, const void *bytes, uint32_t size,
	  struct reason *why)
{
	return move(mem, at, NULL, bytes, size, why);
}

enum cause
mem_read_width(struct mem_ap *mem, unsigned width, uint32_t at, uint32_t *value,
	       struct reason *why)
{
	uint8_t bytes[WORD];
	struct probe_block piece = { mem->ap, width, at, width, bytes, NULL };
	enum cause cause;

	assert((width == 1 || width == 2 || width == 4) && at % width == 0);
	cause = move_piece(mem, &piece, why);
	if (cause == CAUSE_NONE)
		*value = get_value(bytes, width);
	return cause;
}

enum cause
mem_write_width(struct mem_ap *mem, unsigned width, uint32_t at, uint32_t value,
		struct reason *why)
{
	uint8_t bytes[WORD];
	struct probe_block piece = { mem->ap, width, at, width, NULL, bytes };

	assert((width == 1 || width == 2 || width == 4) && at % width == 0);
	le32_put(bytes, value);
	return move_piece(mem, &piece, why);
}

enum cause
mem_read32(struct mem_ap *mem, uint32_t at, uint32_t *value, struct reason *why)
{
	return mem_read_width(mem, WORD, at, value, why);
}

enum cause
mem_write32(struct mem_ap *mem, uint32_t at, uint32_t value, struct reason *why)
{
	return mem_write_width(mem, WORD, at, value, why);
}

enum cause
mem_read_core(struct mem_ap *mem, uint32_t registers[PROBE_CORE_REGISTERS],
	      struct reason *why)
{
	struct probe *probe = mem->dap->probe;
	struct deadline deadline = deadline_in_ms(probe->clock, mem->dap->wait_ms);
	struct outcome outcome = { 0 };
	enum cause cause = mem_check_open(mem, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (!probe_has_read_core(probe, mem->ap))
		return CAUSE_UNSUPPORTED;
	do {
		bool is_last = deadline_is_over(&deadline);

		cause = probe_read_core(probe, mem->ap, registers, &outcome, why);
		if (cause == CAUSE_NONE)
			return CAUSE_NONE;
		cause = dap_recover(mem->dap, cause, &outcome, is_last, why);
	} while (cause == CAUSE_NONE);
	return dap_keep_loss(mem->dap, cause, why);
}
