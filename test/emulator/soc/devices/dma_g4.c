/* SPDX-License-Identifier: MIT */
/*
 * DMA and DMAMUX of the STM32G4 (RM0440 Rev 8, chapters 12 and 13). They are bus masters of
 * their own: a halted core, or one without code, is nothing to them. A datum takes no time
 * here. Not there, since no case asks for them: memory to memory, which needs no request;
 * priorities; the DMAMUX's synchronisation and request generators.
 */
#include "test/emulator/soc/devices/dma_g4.h"

#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/soc_internal.h"

/* 12.6: registers, and those of a channel from CCR1 on. */
enum { ISR = 0x00, IFCR = 0x04, CCR1 = 0x08, CHANNEL_SIZE = 0x14 };
enum { CCR = 0x00, CNDTR = 0x04, CPAR = 0x08, CMAR = 0x0C };

/* 12.6.3; sizes are powers of two. */
#define CCR_EN       (UINT32_C(1) << 0)
#define CCR_DIR      (UINT32_C(1) << 4) /* DMA_CCR_DIR of stm32g473xx.h */
#define CCR_CIRC     (UINT32_C(1) << 5)
#define CCR_PINC     (UINT32_C(1) << 6)
#define CCR_MINC     (UINT32_C(1) << 7)
#define CCR_MEM2MEM  (UINT32_C(1) << 14)
#define CCR_WRITABLE UINT32_C(0x7FFF)
enum { CCR_PSIZE_SHIFT = 8, CCR_MSIZE_SHIFT = 10, CCR_SIZE_MASK = 3, SIZE_SHIFT_MAX = 2 };

/* 12.6.1: four flags a channel. CCR enables their interrupts by bits in the same places,
 * where GIF has EN. */
enum { GIF = 1, TCIF = 2, HTIF = 4, TEIF = 8, FLAGS = GIF | TCIF | HTIF | TEIF };
enum { FLAGS_WIDTH = 4 };

#define CNDTR_MASK UINT32_C(0xFFFF)

/* 13.6.1: DMAMUX_CxCR. 16 outputs on parts of category 3 (13.3). */
enum { MUX_OUTPUTS = 16 };
#define CXCR_DMAREQ_ID UINT32_C(0x7F)
#define CXCR_WRITABLE  UINT32_C(0x1FFF037F)

struct channel {
	uint32_t ccr, cndtr, cpar, cmar;
	uint32_t reload, peripheral_at,
		memory_at; /* what it was enabled with, where it is */
	uint8_t flags;
};

struct dma_g4 {
	struct peripheral base;
	struct channel channels[DMA_G4_CHANNELS];
};

static struct dma_g4 *
dma_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct dma_g4, base);
}

static const struct dma_g4_kind *
kind_of(const struct dma_g4 *dma)
{
	return dma->base.place->parameters;
}

/* --- flags ------------------------------------------------------------------------------ */

static void
flags_set(struct dma_g4 *dma, unsigned index, unsigned flags)
{
	struct channel *channel = &dma->channels[index];

	channel->flags = (uint8_t)flags;
	soc_irq(dma->base.soc, kind_of(dma)->irqs[index],
		flags & channel->ccr & (TCIF | HTIF | TEIF));
}

static uint32_t
isr(const struct dma_g4 *dma)
{
	uint32_t word = 0;

	for (unsigned i = 0; i < DMA_G4_CHANNELS; i++)
		word |= (uint32_t)dma->channels[i].flags << (FLAGS_WIDTH * i);
	return word;
}

/* 12.6.2: CGIF clears all four of the channel. */
static void
flags_clear(struct dma_g4 *dma, uint32_t ifcr)
{
	for (unsigned i = 0; i < DMA_G4_CHANNELS; i++) {
		unsigned clear = ifcr >> (FLAGS_WIDTH * i) & FLAGS;
		unsigned left = dma->channels[i].flags & (TCIF | HTIF | TEIF) & ~clear;

		flags_set(dma, i, !left || clear & GIF ? 0 : left | GIF);
	}
}

/* --- transfers -------------------------------------------------------------------------- */

static unsigned
size_of(uint32_t ccr, unsigned shift)
{
	unsigned size = ccr >> shift & CCR_SIZE_MASK;

	return 1u << (size < SIZE_SHIFT_MAX ? size : SIZE_SHIFT_MAX);
}

/* 12.4: what is narrower is extended with zeros, what is wider cut off. */
static enum bus_result
datum_move(struct soc *soc, uint32_t from, unsigned from_size, uint32_t to,
	   unsigned to_size)
{
	uint32_t word = 0;
	enum bus_result result = bus_master_access(soc, from, from_size, false, &word);

	if (result != BUS_OK)
		return result;
	word = (word & bus_lanes(from, from_size)) >> (8 * (from & 3)) << (8 * (to & 3));
	return bus_master_access(soc, to, to_size, true, &word);
}

/* From where it was enabled, or once more in a circle (12.4). */
static void
block_begin(struct channel *channel)
{
	channel->cndtr = channel->reload;
	channel->peripheral_at = channel->cpar;
	channel->memory_at = channel->cmar;
}

static void
datum_count(struct dma_g4 *dma, unsigned index, unsigned peripheral_size,
	    unsigned memory_size)
{
	struct channel *channel = &dma->channels[index];
	unsigned flags = channel->flags;

	channel->peripheral_at += channel->ccr & CCR_PINC ? peripheral_size : 0;
	channel->memory_at += channel->ccr & CCR_MINC ? memory_size : 0;
	channel->cndtr--;
	if (channel->cndtr == channel->reload / 2)
		flags |= GIF | HTIF;
	if (!channel->cndtr)
		flags |= GIF | TCIF;
	if (!channel->cndtr && channel->ccr & CCR_CIRC)
		block_begin(channel);
	flags_set(dma, index, flags);
}

/* 12.4: a bus error ends the channel. A slave that makes it wait has it miss this
 * request: assumption. Addresses are cut to the size (12.6.5, 12.6.6). */
static void
channel_serve(struct dma_g4 *dma, unsigned index)
{
	struct channel *channel = &dma->channels[index];
	unsigned peripheral_size = size_of(channel->ccr, CCR_PSIZE_SHIFT);
	unsigned memory_size = size_of(channel->ccr, CCR_MSIZE_SHIFT);
	uint32_t peripheral_at = channel->peripheral_at & ~(peripheral_size - 1);
	uint32_t memory_at = channel->memory_at & ~(memory_size - 1);
	enum bus_result result;

	if ((channel->ccr & (CCR_EN | CCR_MEM2MEM)) != CCR_EN || !channel->cndtr)
		return;
	if (channel->ccr & CCR_DIR)
		result = datum_move(dma->base.soc, memory_at, memory_size, peripheral_at,
				    peripheral_size);
	else
		result = datum_move(dma->base.soc, peripheral_at, peripheral_size,
				    memory_at, memory_size);
	if (result == BUS_OK) {
		datum_count(dma, index, peripheral_size, memory_size);
	} else if (result == BUS_FAULT) {
		channel->ccr &= ~CCR_EN;
		flags_set(dma, index, channel->flags | GIF | TEIF);
	}
}

/* --- registers of the DMA --------------------------------------------------------------- */

static void
ccr_write(struct dma_g4 *dma, unsigned index, uint32_t value, uint32_t lanes)
{
	struct channel *channel = &dma->channels[index];
	bool was_enabled = channel->ccr & CCR_EN;

	channel->ccr = reg_merge(channel->ccr, value, lanes & CCR_WRITABLE);
	if (channel->ccr & CCR_EN && !was_enabled) {
		channel->reload = channel->cndtr;
		block_begin(channel);
	}
	flags_set(dma, index, channel->flags); /* their interrupts may be enabled now */
}

/* The others cannot be written while the channel is enabled (12.6.4 to 12.6.6). */
static void
channel_write(struct dma_g4 *dma, unsigned index, uint32_t at, uint32_t value,
	      uint32_t lanes)
{
	struct channel *channel = &dma->channels[index];

	if (at == CCR)
		ccr_write(dma, index, value, lanes);
	else if (channel->ccr & CCR_EN)
		return;
	else if (at == CNDTR)
		channel->cndtr = reg_merge(channel->cndtr, value, lanes & CNDTR_MASK);
	else if (at == CPAR)
		channel->cpar = reg_merge(channel->cpar, value, lanes);
	else if (at == CMAR)
		channel->cmar = reg_merge(channel->cmar, value, lanes);
}

static uint32_t
channel_read(const struct channel *channel, uint32_t at)
{
	return at == CCR     ? channel->ccr
	       : at == CNDTR ? channel->cndtr
	       : at == CPAR  ? channel->cpar
	       : at == CMAR  ? channel->cmar
			     : 0;
}

static enum bus_result
dma_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct dma_g4 *dma = dma_of(peripheral);
	uint32_t index = at >= CCR1 ? (at - CCR1) / CHANNEL_SIZE : DMA_G4_CHANNELS;

	if (at == IFCR)
		flags_clear(dma, value & lanes);
	else if (index < DMA_G4_CHANNELS)
		channel_write(dma, index, (at - CCR1) % CHANNEL_SIZE, value, lanes);
	return BUS_OK;
}

static enum bus_result
dma_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	const struct dma_g4 *dma = dma_of(peripheral);
	uint32_t index = at >= CCR1 ? (at - CCR1) / CHANNEL_SIZE : DMA_G4_CHANNELS;

	*value = 0;
	if (at == ISR)
		*value = isr(dma);
	else if (index < DMA_G4_CHANNELS)
		*value = channel_read(&dma->channels[index], (at - CCR1) % CHANNEL_SIZE);
	return BUS_OK;
}

static void
dma_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct dma_g4 *dma = dma_of(peripheral);

	(void)depth;
	for (unsigned i = 0; i < DMA_G4_CHANNELS; i++) {
		dma->channels[i] = (struct channel){ 0 };
		flags_set(dma, i, 0);
	}
}

const struct peripheral_type dma_g4_type = {
	.name = "DMA",
	.size = sizeof(struct dma_g4),
	.read = dma_read,
	.write = dma_write,
	.reset = dma_reset,
};

/* --- DMAMUX ----------------------------------------------------------------------------- */

static enum bus_result
mux_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	uint32_t writable = at / 4 < MUX_OUTPUTS ? CXCR_WRITABLE : UINT32_MAX;

	register_file_merge(peripheral, NULL, at, value, lanes & writable);
	return BUS_OK;
}

static void
mux_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)depth;
	reg_rules_reset(NULL, register_file_values(peripheral), REGISTER_FILE_WORDS);
}

const struct peripheral_type dmamux_g4_type = {
	.name = "DMAMUX",
	.size = sizeof(struct register_file),
	.read = register_file_read,
	.write = mux_write,
	.reset = mux_reset,
};

/* An output of the DMAMUX is a channel's request (13.3). */
static void
output_raise(struct soc *soc, unsigned output)
{
	for (unsigned i = 0; i < soc->peripherals_len; i++) {
		struct peripheral *peripheral = soc->peripherals[i];
		unsigned index;

		if (peripheral->type != &dma_g4_type || !bus_is_clocked(soc, peripheral))
			continue;
		index = output - kind_of(dma_of(peripheral))->first_output;
		if (index < DMA_G4_CHANNELS)
			channel_serve(dma_of(peripheral), index);
	}
}

void
dma_g4_request(struct soc *soc, uint32_t line)
{
	for (unsigned i = 0; i < soc->peripherals_len; i++) {
		const struct peripheral *mux = soc->peripherals[i];

		if (mux->type != &dmamux_g4_type || !bus_is_clocked(soc, mux))
			continue;
		for (unsigned output = 0; output < MUX_OUTPUTS; output++)
			if ((register_file_value(mux, 4 * output) & CXCR_DMAREQ_ID) == line)
				output_raise(soc, output);
	}
}
