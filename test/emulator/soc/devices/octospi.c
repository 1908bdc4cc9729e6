/* SPDX-License-Identifier: MIT */
/*
 * OCTOSPI1 of the STM32H72x/73x (RM0468 Rev 3, chapter 25; registers: stm32h735xx.h) with the
 * octal flash of the STM32H735G-DK (UM2679; mx25lm.h): indirect and memory-mapped mode, status
 * polling. The device answers only over pins that are set up: chip select, clock and as many
 * data lines as the command uses.
 *
 * Left out: the time that transfers take, DMA, interrupts, HyperBus, the I/O manager (its reset
 * value already gives port 1 to OCTOSPI1), writes and fetches in memory-mapped mode.
 */
#include "test/emulator/soc/devices/external_ram.h"
#include "test/emulator/soc/devices/mx25lm.h"
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/soc_internal.h"

enum {
	CR = 0x000,
	DCR1 = 0x008,
	SR = 0x020,
	FCR = 0x024,
	DLR = 0x040,
	AR = 0x048,
	DR = 0x050,
	PSMKR = 0x080,
	PSMAR = 0x088,
	CCR = 0x100,
	IR = 0x110
};

#define CR_EN    (UINT32_C(1) << 0)
#define CR_ABORT (UINT32_C(1) << 1)
#define CR_APMS  (UINT32_C(1) << 22)
enum { CR_FTHRES_SHIFT = 8, CR_FTHRES_MASK = 0x1F, CR_FMODE_SHIFT = 28 };
enum fmode { INDIRECT_WRITE, INDIRECT_READ, POLLING, MAPPED };

#define SR_TCF  (UINT32_C(1) << 1)
#define SR_FTF  (UINT32_C(1) << 2)
#define SR_SMF  (UINT32_C(1) << 3)
#define SR_BUSY (UINT32_C(1) << 5)
enum { SR_FLEVEL_SHIFT = 8, FIFO_SIZE = 32 };

/* CCR: the lines of instruction, address and data, 0: it is not sent; both edges. */
enum {
	IMODE_SHIFT = 0,
	ADMODE_SHIFT = 8,
	ADSIZE_SHIFT = 12, /* bytes of the address less one */
	ADSIZE_MASK = 3,
	DMODE_SHIFT = 24,
	LINES_MASK = 7,
	ONE = 1,
	EIGHT = 4
};
#define CCR_IDTR (UINT32_C(1) << 3)
#define CCR_DDTR (UINT32_C(1) << 27)

#define CLEARABLE (SR_TCF | SR_SMF)

struct octospi {
	struct peripheral base;
	uint32_t values[REGISTER_FILE_WORDS];
	uint32_t flags;
	bool is_active; /* chip select is low */
	uint32_t left;  /* bytes of the command to come */
	struct mx25lm memory;
};

static struct octospi *
octospi_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct octospi, base);
}

static uint32_t
value(const struct octospi *octospi, uint32_t at)
{
	return octospi->values[at / sizeof(uint32_t)];
}

static enum fmode
fmode(const struct octospi *octospi)
{
	return (enum fmode)(value(octospi, CR) >> CR_FMODE_SHIFT & 3);
}

static unsigned
lines(const struct octospi *octospi, unsigned shift)
{
	return value(octospi, CCR) >> shift & LINES_MASK;
}

/* --- pins ------------------------------------------------------------------------------------ */

/* DS13312, table of alternate functions; UM2679, the schematics of the board. */
static const struct {
	struct external_pin pin;
	bool for_eight;
} pins[] = {
	{ { 0x58021800, 6, 10 }, false }, /* NCS */
	{ { 0x58021400, 10, 9 }, false }, /* CLK */
	{ { 0x58020C00, 11, 9 }, false }, /* IO0 */
	{ { 0x58020C00, 12, 9 }, false }, /* IO1 */
	{ { 0x58021000, 2, 9 }, true },   /* IO2 */
	{ { 0x58020C00, 13, 9 }, true },  /* IO3 */
	{ { 0x58020C00, 4, 10 }, true },  /* IO4 */
	{ { 0x58020C00, 5, 10 }, true },  /* IO5 */
	{ { 0x58021800, 9, 9 }, true },   /* IO6 */
	{ { 0x58020C00, 7, 10 }, true },  /* IO7 */
};

static bool
pins_are_set(struct soc *soc, bool for_eight)
{
	for (unsigned i = 0; i < sizeof(pins) / sizeof(pins[0]); i++)
		if ((for_eight || !pins[i].for_eight) &&
		    !external_pin_is_set(soc, &pins[i].pin))
			return false;
	return true;
}

/* --- commands ---------------------------------------------------------------------------------- */

static uint64_t
now(const struct octospi *octospi)
{
	return soc_time(octospi->base.soc);
}

static void
command_end(struct octospi *octospi)
{
	if (octospi->is_active)
		mx25lm_end(&octospi->memory, now(octospi));
	octospi->is_active = false;
}

static unsigned
address_size(const struct octospi *octospi)
{
	return lines(octospi, ADMODE_SHIFT)
		       ? (value(octospi, CCR) >> ADSIZE_SHIFT & ADSIZE_MASK) + 1
		       : 0;
}

/* Chip select goes low, instruction and address go out. */
static void
command_begin(struct octospi *octospi, uint32_t at)
{
	bool is_eight = lines(octospi, IMODE_SHIFT) == EIGHT;
	enum mx25lm_mode mode = !is_eight                        ? MX25LM_SPI
				: value(octospi, CCR) & CCR_IDTR ? MX25LM_OPI_DTR
								 : MX25LM_OPI;
	bool is_heard =
		value(octospi, CR) & CR_EN && pins_are_set(octospi->base.soc, is_eight);

	command_end(octospi);
	octospi->is_active = true;
	mx25lm_begin(&octospi->memory, mode, is_heard ? (uint16_t)value(octospi, IR) : 0,
		     at, address_size(octospi), value(octospi, CCR) & CCR_DDTR);
}

/* 25.4.8: what is written last of what the command needs starts it. */
static void
command_start_if_whole(struct octospi *octospi, uint32_t written)
{
	bool has_address = lines(octospi, ADMODE_SHIFT),
	     has_data = lines(octospi, DMODE_SHIFT);
	bool writes = fmode(octospi) == INDIRECT_WRITE;

	if (fmode(octospi) == MAPPED || !(value(octospi, CR) & CR_EN) ||
	    written != (uint32_t)(has_address ? AR : IR) || (writes && has_data))
		return;
	command_begin(octospi, has_address ? value(octospi, AR) : 0);
	octospi->left = has_data ? value(octospi, DLR) + 1 : 0;
	if (has_data)
		return;
	command_end(octospi);
	octospi->flags |= SR_TCF;
}

static unsigned
bytes_of(uint32_t lanes)
{
	unsigned bytes = 0;

	for (; lanes; lanes >>= 8)
		bytes += lanes & 1;
	return bytes;
}

static void
command_count(struct octospi *octospi)
{
	if (--octospi->left > 0)
		return;
	command_end(octospi);
	octospi->flags |= SR_TCF;
}

static void
data_write(struct octospi *octospi, uint32_t word, uint32_t lanes)
{
	if (fmode(octospi) != INDIRECT_WRITE)
		return;
	if (!octospi->is_active) {
		octospi->left = value(octospi, DLR) + 1;
		command_begin(octospi,
			      lines(octospi, ADMODE_SHIFT) ? value(octospi, AR) : 0);
	}
	for (unsigned i = 0; i < bytes_of(lanes) && octospi->left; i++) {
		mx25lm_write(&octospi->memory, (uint8_t)(word >> 8 * i));
		command_count(octospi);
	}
}

static uint32_t
data_read(struct octospi *octospi, uint32_t lanes)
{
	uint32_t word = 0;

	for (unsigned i = 0; i < bytes_of(lanes) && octospi->is_active; i++) {
		word |= (uint32_t)mx25lm_read(&octospi->memory, now(octospi)) << 8 * i;
		command_count(octospi);
	}
	return word;
}

/* 25.4.10: the status is read again and again until it matches. */
static void
status_poll(struct octospi *octospi)
{
	uint32_t mask = value(octospi, PSMKR);

	if (fmode(octospi) != POLLING || !octospi->is_active)
		return;
	if ((mx25lm_read(&octospi->memory, now(octospi)) & mask) !=
	    (value(octospi, PSMAR) & mask))
		return;
	octospi->flags |= SR_SMF;
	if (value(octospi, CR) & CR_APMS)
		command_end(octospi);
}

/* Those that hold what is written to them. */
static const uint16_t plain[] = { CR,    DCR1,  0x00C, 0x010, 0x014, DLR,   AR,    PSMKR,
				  PSMAR, 0x090, CCR,   0x108, IR,    0x120, 0x130, 0x140,
				  0x148, 0x150, 0x160, 0x180, 0x188, 0x190, 0x1A0, 0x200 };
enum { SIDR = 0x3FC };
#define SIDR_VALUE \
	UINT32_C(0xA3C5DD01) /* "size identification": OpenOCD's stmqspi driver */

static bool
is_plain(uint32_t at)
{
	for (unsigned i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (plain[i] == at)
			return true;
	return false;
}

/* --- registers ----------------------------------------------------------------------------------- */

static uint32_t
status(struct octospi *octospi)
{
	uint32_t level = 0, flags,
		 threshold = value(octospi, CR) >> CR_FTHRES_SHIFT & CR_FTHRES_MASK;
	bool reads = fmode(octospi) == INDIRECT_READ && octospi->is_active;

	status_poll(octospi);
	if (reads)
		level = octospi->left < FIFO_SIZE ? octospi->left : FIFO_SIZE;
	flags = octospi->flags | level << SR_FLEVEL_SHIFT;
	if (octospi->is_active)
		flags |= SR_BUSY;
	if (reads && octospi->left <= FIFO_SIZE)
		flags |= SR_TCF;
	if (fmode(octospi) == INDIRECT_WRITE || level > threshold || (reads && level))
		flags |= SR_FTF;
	return flags;
}

static enum bus_result
octospi_read(struct peripheral *peripheral, uint32_t at, uint32_t *word)
{
	struct octospi *octospi = octospi_of(peripheral);

	*word = at == SR     ? status(octospi)
		: at == SIDR ? SIDR_VALUE
		: at == DR   ? data_read(octospi, peripheral->soc->read_lanes)
			     : value(octospi, at);
	return BUS_OK;
}

static enum bus_result
octospi_write(struct peripheral *peripheral, uint32_t at, uint32_t word, uint32_t lanes)
{
	struct octospi *octospi = octospi_of(peripheral);
	uint32_t *stored = &octospi->values[at / sizeof(uint32_t)];

	if (at == FCR)
		octospi->flags &= ~(word & lanes & CLEARABLE);
	else if (at == DR)
		data_write(octospi, word, lanes);
	if (!is_plain(at))
		return BUS_OK;
	*stored = reg_merge(*stored, word, lanes);
	if (at == CR && *stored & CR_ABORT) {
		command_end(octospi);
		octospi->flags |= SR_TCF;
		*stored &= ~CR_ABORT;
	}
	if (at == AR || at == IR)
		command_start_if_whole(octospi, at);
	return BUS_OK;
}

/* The memory has no reset pin on this board but with NRST: its mode is lost with it. */
static void
octospi_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct octospi *octospi = octospi_of(peripheral);

	(void)depth;
	for (unsigned i = 0; i < REGISTER_FILE_WORDS; i++)
		octospi->values[i] = 0;
	octospi->flags = 0;
	octospi->is_active = false;
	mx25lm_power_up(&octospi->memory);
}

static void
octospi_free(struct peripheral *peripheral)
{
	mx25lm_free(&octospi_of(peripheral)->memory);
}

/* --- what outlives the emulator ------------------------------------------------------------------------ */

static bool
block_of(struct peripheral *peripheral, uint32_t at, struct soc_kept *kept)
{
	if (at % MX25LM_BLOCK || at >= MX25LM_SIZE)
		return false;
	*kept = (struct soc_kept){ "external flash, inverted",
				   mx25lm_block(&octospi_of(peripheral)->memory,
						at / MX25LM_BLOCK),
				   MX25LM_BLOCK };
	return true;
}

static bool
block_used(struct peripheral *peripheral, unsigned index, struct soc_kept *kept,
	   uint32_t *at)
{
	const struct mx25lm *memory = &octospi_of(peripheral)->memory;

	for (unsigned block = 0; block < MX25LM_BLOCKS; block++) {
		if (!memory->is_used[block] || index-- > 0)
			continue;
		*at = block * MX25LM_BLOCK;
		return block_of(peripheral, *at, kept);
	}
	return false;
}

static const struct store_role store = { .used = block_used, .block = block_of };

const struct peripheral_type octospi_type = {
	.name = "OCTOSPI",
	.store = &store,
	.size = sizeof(struct octospi),
	.read = octospi_read,
	.write = octospi_write,
	.reset = octospi_reset,
	.free = octospi_free,
};

/* --- memory-mapped ---------------------------------------------------------------------------------- */

static enum bus_result
mapped_read(struct peripheral *peripheral, uint32_t at, uint32_t *word)
{
	const struct octospi_memory *parameters = peripheral->place->parameters;
	struct peripheral *registers =
		bus_find(peripheral->soc, NO_CORE, parameters->registers_at);
	struct octospi *octospi = octospi_of(registers);

	if (!bus_is_clocked(peripheral->soc, registers) || !(value(octospi, CR) & CR_EN) ||
	    fmode(octospi) != MAPPED)
		return BUS_FAULT;
	command_begin(octospi, at);
	*word = 0;
	for (unsigned i = 0; i < sizeof(*word); i++)
		*word |= (uint32_t)mx25lm_read(&octospi->memory, now(octospi)) << 8 * i;
	command_end(octospi);
	return BUS_OK;
}

static enum bus_result
mapped_write(struct peripheral *peripheral, uint32_t at, uint32_t word, uint32_t lanes)
{
	(void)peripheral, (void)at, (void)word, (void)lanes;
	return BUS_FAULT;
}

static void
mapped_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)peripheral, (void)depth;
}

const struct peripheral_type octospi_memory_type = {
	.name = "memory of OCTOSPI",
	.size = sizeof(struct peripheral),
	.read = mapped_read,
	.write = mapped_write,
	.reset = mapped_reset,
};
