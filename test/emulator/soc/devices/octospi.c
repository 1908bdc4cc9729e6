/* SPDX-License-Identifier: MIT */
/*
 * OCTOSPI of the STM32H72x/73x and U5 (RM0468 Rev 3, chapter 25; RM0456 Rev 4, chapter 28;
 * registers: stm32h735xx.h), and QUADSPI of the STM32L4 and H74x/75x (RM0351 Rev 9, chapter 17;
 * RM0433 Rev 8, chapter 23), with a serial flash behind it: indirect and memory-mapped mode, status
 * polling. The memory answers only over pins that are set up: chip select, clock and as many data
 * lines as the command uses.
 *
 * Left out: the time that transfers take, DMA, interrupts, HyperBus, the I/O manager (its reset
 * value already gives port n to OCTOSPIn), dual-flash mode, writes and fetches in memory-mapped
 * mode.
 */
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/soc_internal.h"

#include <stdlib.h>

/* Where the registers are, and the fields that are not at the same place in both. */
struct spi_registers {
	uint16_t cr, dcr, sr, fcr, dlr, ar, dr, psmkr, psmar, ccr;
	uint16_t ir, tcr;    /* 0: the instruction, the dummy cycles are in CCR */
	uint16_t fmode_at;   /* the register with FMODE, */
	uint8_t fmode, dcyc; /* its place there; that of DCYC */
	uint8_t imode, admode, adsize, dmode; /* in CCR */
	uint8_t lines_mask;
	uint16_t plain[24]; /* those that hold what is written to them; behind 0 */
	uint16_t plain_len;
};

const struct spi_registers octospi_registers = {
	.cr = 0x000,
	.dcr = 0x008,
	.sr = 0x020,
	.fcr = 0x024,
	.dlr = 0x040,
	.ar = 0x048,
	.dr = 0x050,
	.psmkr = 0x080,
	.psmar = 0x088,
	.ccr = 0x100,
	.ir = 0x110,
	.tcr = 0x108,
	.fmode_at = 0x000,
	.fmode = 28,
	.dcyc = 0,
	.imode = 0,
	.admode = 8,
	.adsize = 12,
	.dmode = 24,
	.lines_mask = 7,
	.plain = { 0x000, 0x008, 0x00C, 0x010, 0x014, 0x040, 0x048, 0x080,
		   0x088, 0x090, 0x100, 0x108, 0x110, 0x120, 0x130, 0x140,
		   0x148, 0x150, 0x160, 0x180, 0x188, 0x190, 0x1A0, 0x200 },
	.plain_len = 24,
};

const struct spi_registers quadspi_registers = {
	.cr = 0x00,
	.dcr = 0x04,
	.sr = 0x08,
	.fcr = 0x0C,
	.dlr = 0x10,
	.ccr = 0x14,
	.ar = 0x18,
	.dr = 0x20,
	.psmkr = 0x24,
	.psmar = 0x28,
	.fmode_at = 0x14,
	.fmode = 26,
	.dcyc = 18,
	.imode = 8,
	.admode = 10,
	.adsize = 12,
	.dmode = 24,
	.lines_mask = 3,
	.plain = { 0x00, 0x04, 0x10, 0x14, 0x18, 0x1C, 0x24, 0x28, 0x2C, 0x30 },
	.plain_len = 10,
};

#define CR_EN    (UINT32_C(1) << 0)
#define CR_ABORT (UINT32_C(1) << 1)
#define CR_APMS  (UINT32_C(1) << 22)
enum { CR_FTHRES_SHIFT = 8, CR_FTHRES_MASK = 0x1F };
enum fmode { INDIRECT_WRITE, INDIRECT_READ, POLLING, MAPPED };

#define SR_TCF  (UINT32_C(1) << 1)
#define SR_FTF  (UINT32_C(1) << 2)
#define SR_SMF  (UINT32_C(1) << 3)
#define SR_BUSY (UINT32_C(1) << 5)
enum { SR_FLEVEL_SHIFT = 8, FIFO_SIZE = 32 };
enum { DCR_FSIZE_SHIFT = 16, DCR_FSIZE_MASK = 0x1F, DCYC_MASK = 0x1F };

/* Of CCR: the lines of instruction, address and data, 0: it is not sent; both edges. */
enum { ADSIZE_MASK = 3 /* bytes of the address less one */, EIGHT = 4 };
#define CCR_IDTR (UINT32_C(1) << 3) /* of OCTOSPI alone */
#define CCR_DDTR (UINT32_C(1) << 27)

#define CLEARABLE (SR_TCF | SR_SMF)

struct octospi {
	struct peripheral base;
	uint32_t values[REGISTER_FILE_WORDS];
	uint32_t flags;
	bool is_active; /* chip select is low */
	uint32_t left;  /* bytes of the command to come */
	struct spi_wiring wiring;
	struct spi_flash memory;
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

static const struct spi_registers *
registers_of(const struct octospi *octospi)
{
	const struct spi_controller *controller = octospi->base.place->parameters;

	return controller->registers;
}

static uint32_t
control(const struct octospi *octospi)
{
	return value(octospi, registers_of(octospi)->cr);
}

static enum fmode
fmode(const struct octospi *octospi)
{
	const struct spi_registers *registers = registers_of(octospi);

	return (enum fmode)(value(octospi, registers->fmode_at) >> registers->fmode & 3);
}

static uint32_t
ccr(const struct octospi *octospi)
{
	return value(octospi, registers_of(octospi)->ccr);
}

static unsigned
lines(const struct octospi *octospi, unsigned shift)
{
	return ccr(octospi) >> shift & registers_of(octospi)->lines_mask;
}

static bool
has_address(const struct octospi *octospi)
{
	return lines(octospi, registers_of(octospi)->admode) != 0;
}

static bool
has_data(const struct octospi *octospi)
{
	return lines(octospi, registers_of(octospi)->dmode) != 0;
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
		spi_flash_end(&octospi->memory, now(octospi));
	octospi->is_active = false;
}

static unsigned
address_size(const struct octospi *octospi)
{
	if (!has_address(octospi))
		return 0;
	return (ccr(octospi) >> registers_of(octospi)->adsize & ADSIZE_MASK) + 1;
}

static enum spi_flash_mode
mode_of(const struct octospi *octospi, bool is_eight)
{
	if (!is_eight)
		return SPI_FLASH_SPI;
	return ccr(octospi) & CCR_IDTR ? SPI_FLASH_OPI_DTR : SPI_FLASH_OPI;
}

static uint16_t
instruction_of(const struct octospi *octospi)
{
	enum { INSTRUCTION_MASK = 0xFF };
	const struct spi_registers *registers = registers_of(octospi);

	if (registers->ir)
		return (uint16_t)value(octospi, registers->ir);
	return ccr(octospi) & INSTRUCTION_MASK;
}

static unsigned
dummy_cycles(const struct octospi *octospi)
{
	const struct spi_registers *registers = registers_of(octospi);

	return value(octospi, registers->tcr ? registers->tcr : registers->ccr) >>
		       registers->dcyc &
	       DCYC_MASK;
}

/* Chip select goes low, instruction and address go out. What the pins do not bring is no command. */
static void
command_begin(struct octospi *octospi, uint32_t at)
{
	bool is_octo = registers_of(octospi)->ir != 0;
	bool is_eight = is_octo && lines(octospi, registers_of(octospi)->imode) == EIGHT;
	struct spi_flash_request request = {
		.mode = mode_of(octospi, is_eight),
		.at = at,
		.address_size = address_size(octospi),
		.dummy_cycles = dummy_cycles(octospi),
		.twice = is_octo && ccr(octospi) & CCR_DDTR,
	};

	if (control(octospi) & CR_EN &&
	    spi_wiring_is_set_up(&octospi->wiring, octospi->base.soc, is_eight))
		request.instruction = instruction_of(octospi);
	command_end(octospi);
	octospi->is_active = true;
	spi_flash_begin(&octospi->memory, &request);
}

/* RM0468 25.4.8, RM0351 17.3.5: what is written last of what the command needs starts it. */
static void
command_start_if_whole(struct octospi *octospi, uint32_t written)
{
	const struct spi_registers *registers = registers_of(octospi);
	uint32_t last = has_address(octospi) ? registers->ar
			: registers->ir      ? registers->ir
					     : registers->ccr;

	if (fmode(octospi) == MAPPED || !(control(octospi) & CR_EN) || written != last ||
	    (fmode(octospi) == INDIRECT_WRITE && has_data(octospi)))
		return;
	command_begin(octospi, has_address(octospi) ? value(octospi, registers->ar) : 0);
	octospi->left = has_data(octospi) ? value(octospi, registers->dlr) + 1 : 0;
	if (has_data(octospi))
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
		octospi->left = value(octospi, registers_of(octospi)->dlr) + 1;
		command_begin(octospi, has_address(octospi)
					       ? value(octospi, registers_of(octospi)->ar)
					       : 0);
	}
	for (unsigned i = 0; i < bytes_of(lanes) && octospi->left; i++) {
		spi_flash_write(&octospi->memory, (uint8_t)(word >> 8 * i));
		command_count(octospi);
	}
}

static uint32_t
data_read(struct octospi *octospi, uint32_t lanes)
{
	uint32_t word = 0;

	for (unsigned i = 0; i < bytes_of(lanes) && octospi->is_active; i++) {
		word |= (uint32_t)spi_flash_read(&octospi->memory, now(octospi)) << 8 * i;
		command_count(octospi);
	}
	return word;
}

/* 25.4.10: the status is read again and again until it matches. */
static void
status_poll(struct octospi *octospi)
{
	const struct spi_registers *registers = registers_of(octospi);
	uint32_t mask = value(octospi, registers->psmkr);

	if (fmode(octospi) != POLLING || !octospi->is_active)
		return;
	if ((spi_flash_read(&octospi->memory, now(octospi)) & mask) !=
	    (value(octospi, registers->psmar) & mask))
		return;
	octospi->flags |= SR_SMF;
	if (control(octospi) & CR_APMS)
		command_end(octospi);
}

enum { SIDR = 0x3FC };
#define SIDR_VALUE \
	UINT32_C(0xA3C5DD01) /* "size identification": OpenOCD's stmqspi driver */

static bool
is_plain(const struct spi_registers *registers, uint32_t at)
{
	for (unsigned i = 0; i < registers->plain_len; i++)
		if (registers->plain[i] == at)
			return true;
	return false;
}

/* --- registers ----------------------------------------------------------------------------------- */

static uint32_t
status(struct octospi *octospi)
{
	uint32_t level = 0, flags,
		 threshold = control(octospi) >> CR_FTHRES_SHIFT & CR_FTHRES_MASK;
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

	const struct spi_registers *registers = registers_of(octospi);

	*word = at == registers->sr   ? status(octospi)
		: at == SIDR          ? SIDR_VALUE
		: at == registers->dr ? data_read(octospi, peripheral->soc->read_lanes)
				      : value(octospi, at);
	return BUS_OK;
}

static enum bus_result
octospi_write(struct peripheral *peripheral, uint32_t at, uint32_t word, uint32_t lanes)
{
	struct octospi *octospi = octospi_of(peripheral);
	const struct spi_registers *registers = registers_of(octospi);
	uint32_t *stored = &octospi->values[at / sizeof(uint32_t)];

	if (at == registers->fcr)
		octospi->flags &= ~(word & lanes & CLEARABLE);
	else if (at == registers->dr)
		data_write(octospi, word, lanes);
	if (!is_plain(registers, at))
		return BUS_OK;
	*stored = reg_merge(*stored, word, lanes);
	if (at == registers->cr && *stored & CR_ABORT) {
		command_end(octospi);
		octospi->flags |= SR_TCF;
		*stored &= ~CR_ABORT;
	}
	command_start_if_whole(octospi, at);
	return BUS_OK;
}

static void
wire_usual(struct octospi *octospi)
{
	const struct spi_controller *controller = octospi->base.place->parameters;

	if (!octospi->wiring.model && controller->usual &&
	    spi_wiring_parse(&octospi->wiring, &controller->functions, controller->usual))
		abort();
	octospi->memory.model = octospi->wiring.model;
}

/* The memory has no reset pin but with NRST: its mode is lost with it. */
static void
octospi_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct octospi *octospi = octospi_of(peripheral);

	(void)depth;
	wire_usual(octospi);
	for (unsigned i = 0; i < REGISTER_FILE_WORDS; i++)
		octospi->values[i] = 0;
	octospi->flags = 0;
	octospi->is_active = false;
	spi_flash_power_up(&octospi->memory);
}

static void
octospi_free(struct peripheral *peripheral)
{
	spi_flash_free(&octospi_of(peripheral)->memory);
}

/* --- what outlives the emulator ------------------------------------------------------------------------ */

static bool
is_there(const struct peripheral *peripheral)
{
	return CONST_CONTAINER_OF(peripheral, struct octospi, base)->memory.model != NULL;
}

static bool
block_of(struct peripheral *peripheral, uint32_t at, struct soc_kept *kept)
{
	const struct spi_flash_model *model = octospi_of(peripheral)->memory.model;

	if (!model || at % SPI_FLASH_BLOCK || at >= model->size)
		return false;
	*kept = (struct soc_kept){ "external flash, inverted",
				   spi_flash_block(&octospi_of(peripheral)->memory,
						   at / SPI_FLASH_BLOCK),
				   SPI_FLASH_BLOCK };
	return true;
}

static bool
block_used(struct peripheral *peripheral, unsigned index, struct soc_kept *kept,
	   uint32_t *at)
{
	const struct spi_flash *memory = &octospi_of(peripheral)->memory;

	for (unsigned block = 0; block < SPI_FLASH_BLOCKS; block++) {
		if (!memory->is_used[block] || index-- > 0)
			continue;
		*at = block * SPI_FLASH_BLOCK;
		return block_of(peripheral, *at, kept);
	}
	return false;
}

static const char *
wire_it(struct peripheral *peripheral, const char *text)
{
	const struct spi_controller *controller = peripheral->place->parameters;
	struct octospi *octospi = octospi_of(peripheral);
	const char *wrong =
		spi_wiring_parse(&octospi->wiring, &controller->functions, text);

	octospi->memory.model = octospi->wiring.model;
	return wrong;
}

static const struct store_role store = {
	.is_there = is_there, .used = block_used, .block = block_of, .wire = wire_it
};

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

/* 25.4.12, 17.3.8: what lies behind the size that DCR has is an error. */
static bool
is_within(const struct octospi *octospi, uint32_t at)
{
	uint32_t dcr = value(octospi, registers_of(octospi)->dcr);
	uint32_t bits = (dcr >> DCR_FSIZE_SHIFT & DCR_FSIZE_MASK) + 1;

	return bits >= 32 || at >> bits == 0;
}

static enum bus_result
mapped_read(struct peripheral *peripheral, uint32_t at, uint32_t *word)
{
	const struct octospi_memory *parameters = peripheral->place->parameters;
	struct peripheral *registers =
		bus_find(peripheral->soc, NO_CORE, parameters->registers_at);
	struct octospi *octospi = octospi_of(registers);

	if (!bus_is_clocked(peripheral->soc, registers) || !(control(octospi) & CR_EN) ||
	    fmode(octospi) != MAPPED || !is_within(octospi, at))
		return BUS_FAULT;
	command_begin(octospi, at);
	*word = 0;
	for (unsigned i = 0; i < sizeof(*word); i++)
		*word |= (uint32_t)spi_flash_read(&octospi->memory, now(octospi)) << 8 * i;
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
