/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/devices/spi_flash.h"

#include <stdlib.h>
#include <string.h>

#include "test/emulator/soc/timing.h"

/* By their codes on one line; on eight lines the same, but for those of opi_codes[]. */
enum {
	NONE = 0x00,
	WRITE_STATUS = 0x01,
	READ_3 = 0x03,
	WRITE_DISABLE = 0x04,
	READ_STATUS = 0x05,
	WRITE_ENABLE = 0x06,
	FAST_READ_3 = 0x0B,
	FAST_READ_4 = 0x0C,
	PROGRAM_3 = 0x02,
	PROGRAM_4 = 0x12,
	READ_4 = 0x13,
	READ_CONFIGURATION = 0x15,
	ERASE_4K_3 = 0x20,
	ERASE_4K_4 = 0x21,
	READ_SFDP = 0x5A,
	RESET_ENABLE = 0x66,
	READ_CONFIGURATION_2 = 0x71,
	WRITE_CONFIGURATION_2 = 0x72,
	RESET = 0x99,
	READ_ID = 0x9F,
	ERASE_CHIP = 0xC7,
	ERASE_CHIP_2 = 0x60,
	ERASE_64K_3 = 0xD8,
	ERASE_64K_4 = 0xDC
};

static const struct {
	uint8_t code, same_as;
} opi_codes[] = { { 0xEC, READ_4 }, { 0xEE, READ_4 } };

enum { WIP = 1, WEL = 2 };   /* status register */
enum { SOPI = 1, DOPI = 2 }; /* configuration register 2, at 0 */
enum { PAGE_SIZE = 256, BLANK = 0xFF };
/* JESD216B: the header and those of three tables, the basic one, the vendor's (not here, so it
 * reads as blank) and the one of commands with addresses of four bytes. */
static const uint8_t mx25lm_headers[] = {
	'S',  'F',  'D',  'P',  0x06, 0x01, 0x02, 0xFF, /* revision 1.6, three tables */
	0x00, 0x06, 0x01, 0x10, 0x30, 0x00, 0x00, 0xFF, /* basic: 16 words at 0x30 */
	0xC2, 0x00, 0x01, 0x04, 0x10, 0x01, 0x00, 0xFF, /* Macronix: 4 words at 0x110 */
	0x84, 0x00, 0x01, 0x02, 0xC0, 0x00, 0x00, 0xFF, /* 4-byte: 2 words at 0xC0 */
};
static const uint8_t
	mx25lm_basic[] = {
		0x30, 0xFF, 0xFB, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F, /* 512 Mbit */
		0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01,
		0x14, 0xEC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
		0x0C, 0x20, 0x10, 0xDC, /* erases */
		0x00, 0xFF, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0xFF,
		0xFF, 0xFF, /* 256 bytes */
		0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
		0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x50, 0xF9, 0x80,
	};
static const uint8_t mx25lm_4_byte[] = { 0x7F, 0xEF, 0xFF, 0xFF, 0x21, 0x5C, 0xDC, 0x14 };

/* The header and those of two tables, of which the vendor's, at 0x80, is not here. */
static const uint8_t sk25lp_headers[] = {
	'S',  'F',  'D',  'P',  0x06, 0x01, 0x01, 0xFF, /* revision 1.6, two tables */
	0x00, 0x06, 0x01, 0x10, 0x30, 0x00, 0x00, 0xFF, /* basic: 16 words at 0x30 */
	0x9D, 0x05, 0x01, 0x03, 0x80, 0x00, 0x00, 0x02,
};
static const uint8_t sk25lp_basic[] = {
	0xE5, 0x20, 0xF9, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, /* 128 Mbit */
	0x44, 0xEB, 0x08, 0x6B, 0x08, 0x3B, 0x80, 0xBB, 0xFE, 0xFF, 0xFF,
	0xFF, 0xFF, 0xFF, 0x00, 0xFF, 0xFF, 0xFF, 0x44, 0xEB, /* no fast read on four lines */
	0x0C, 0x20, 0x0F, 0x52, 0x10, 0xD8, 0x00, 0xFF,       /* erases */
	0x23, 0x4A, 0xC9, 0x00, 0x82, 0xD8, 0x11, 0xC7, /* their times; a page and its */
	0xCC, 0xCD, 0x68, 0x46, 0x7A, 0x75, 0x7A, 0x75, 0xF7, 0xA2, 0xD5,
	0x5C, 0x4A, 0x42, 0x2C, 0xFF, 0xF0, 0x30, 0xC0, 0x80,
};

static const struct spi_flash_model mx25lm51245g = {
	.name = "MX25LM51245G",
	.size = UINT32_C(64) << 20,
	.id = { 0xC2, 0x85, 0x3A },
	.is_octal = true,
	.has_4_bytes = true,
	.sfdp = { { 0, mx25lm_headers, sizeof(mx25lm_headers) },
		  { 0x30, mx25lm_basic, sizeof(mx25lm_basic) },
		  { 0xC0, mx25lm_4_byte, sizeof(mx25lm_4_byte) } },
	.program_ns = MX25LM_PROGRAM_NS,
	.erase_4k_ns = MX25LM_ERASE_4K_NS,
	.erase_64k_ns = MX25LM_ERASE_64K_NS,
	.erase_chip_ns = MX25LM_ERASE_CHIP_NS,
};
static const struct spi_flash_model sk25lp128 = {
	.name = "SK25LP128",
	.size = UINT32_C(16) << 20,
	.id = { 0x25, 0x70, 0x18 },
	.sfdp = { { 0, sk25lp_headers, sizeof(sk25lp_headers) },
		  { 0x30, sk25lp_basic, sizeof(sk25lp_basic) } },
	.program_ns = SK25LP_PROGRAM_NS,
	.erase_4k_ns = SK25LP_ERASE_4K_NS,
	.erase_64k_ns = SK25LP_ERASE_64K_NS,
	.erase_chip_ns = SK25LP_ERASE_CHIP_NS,
};
const struct spi_flash_model *const spi_flash_models[] = { &mx25lm51245g, &sk25lp128,
							   NULL };

void
spi_flash_power_up(struct spi_flash *memory)
{
	memory->mode = SPI_FLASH_SPI;
	memory->write_enabled = memory->reset_enabled = false;
	memory->busy_until_ns = 0;
	memory->command = NONE;
}

void
spi_flash_free(struct spi_flash *memory)
{
	free(memory->inverted);
	memory->inverted = NULL;
}

bool
spi_flash_is_ready(const struct spi_flash *memory, uint64_t now_ns)
{
	return now_ns >= memory->busy_until_ns;
}

static uint8_t *
cells(struct spi_flash *memory)
{
	if (!memory->inverted)
		memory->inverted = calloc(memory->model->size, 1);
	if (!memory->inverted)
		abort();
	return memory->inverted;
}

uint8_t *
spi_flash_block(struct spi_flash *memory, unsigned block)
{
	memory->is_used[block] = true;
	return cells(memory) + block * SPI_FLASH_BLOCK;
}

/* On eight lines the complement of the code comes behind it. */
static uint8_t
command_of(enum spi_flash_mode mode, uint16_t instruction)
{
	uint8_t code = (uint8_t)(instruction >> 8);

	if (mode == SPI_FLASH_SPI)
		return (uint8_t)instruction;
	if ((code ^ (instruction & 0xFF)) != 0xFF)
		return NONE;
	for (unsigned i = 0; i < sizeof(opi_codes) / sizeof(opi_codes[0]); i++)
		if (opi_codes[i].code == code)
			return opi_codes[i].same_as;
	return code;
}

/* Of what a host may send as data: on one line these are the only ones with data. */
static uint8_t
address_bytes(uint8_t command)
{
	return command == PROGRAM_3                                       ? 3
	       : command == PROGRAM_4 || command == WRITE_CONFIGURATION_2 ? 4
									  : 0;
}

static bool
has_long_address(uint8_t command)
{
	return command == READ_4 || command == FAST_READ_4 || command == PROGRAM_4 ||
	       command == ERASE_4K_4 || command == ERASE_64K_4 ||
	       command == READ_CONFIGURATION_2 || command == WRITE_CONFIGURATION_2;
}

/* On one line the data come eight cycles behind the address of these; a fourth byte of the address
 * falls into them. */
static bool
is_late(const struct spi_flash_request *request, uint8_t command)
{
	enum { DUMMY_CYCLES = 8, BITS = 8, ADDRESS_3 = 3, ADDRESS_4 = 4 };
	unsigned bytes = command == FAST_READ_4 ? ADDRESS_4 : ADDRESS_3;
	unsigned cycles = request->address_size * BITS + request->dummy_cycles;

	if (request->mode != SPI_FLASH_SPI || request->address_size == 0)
		return false;
	if (command == READ_3 || command == READ_4)
		return request->dummy_cycles != 0;
	if (command != READ_SFDP && command != FAST_READ_3 && command != FAST_READ_4)
		return false;
	return cycles != bytes * BITS + DUMMY_CYCLES;
}

bool
spi_flash_begin(struct spi_flash *memory, const struct spi_flash_request *request)
{
	enum { SFDP_ADDRESS_SIZE = 3 };
	bool is_known = memory->model && request->mode == memory->mode;

	memory->samples_twice = request->twice;
	memory->count = 0;
	memory->at = request->at;
	memory->command = is_known ? command_of(request->mode, request->instruction) : NONE;
	if (memory->command != NONE && !memory->model->has_4_bytes &&
	    has_long_address(memory->command))
		memory->command = NONE;
	memory->is_late = is_late(request, memory->command);
	memory->address_left = request->address_size ? 0 : address_bytes(memory->command);
	if (memory->command == READ_SFDP && request->mode == SPI_FLASH_SPI &&
	    request->address_size > SFDP_ADDRESS_SIZE)
		memory->at >>= 8;
	memset(memory->page, BLANK, sizeof(memory->page));
	return memory->command != NONE;
}

static uint8_t
cell_read(const struct spi_flash *memory, uint32_t at)
{
	return memory->inverted ? (uint8_t)~memory->inverted[at % memory->model->size]
				: BLANK;
}

static uint8_t
sfdp_read(const struct spi_flash *memory, uint32_t at)
{
	for (unsigned i = 0; i < SPI_FLASH_TABLES; i++) {
		const struct spi_flash_table *table = &memory->model->sfdp[i];

		if (at - table->at < table->len)
			return table->bytes[at - table->at];
	}
	return BLANK;
}

static uint8_t
configuration_2(const struct spi_flash *memory)
{
	if (memory->at != 0)
		return 0;
	return memory->mode == SPI_FLASH_OPI_DTR ? DOPI
	       : memory->mode == SPI_FLASH_OPI   ? SOPI
						 : 0;
}

/* A register's byte stays for a whole clock, so that who looks at both edges gets it twice. While it is busy only the
 * status can be read. */
uint8_t
spi_flash_read(struct spi_flash *memory, uint64_t now_ns)
{
	bool is_ready = spi_flash_is_ready(memory, now_ns);
	uint32_t place = memory->count++;

	if (memory->command == READ_STATUS)
		return (uint8_t)((is_ready ? 0 : WIP) | (memory->write_enabled ? WEL : 0));
	if (!is_ready || memory->is_late)
		return BLANK;
	switch (memory->command) {
	case READ_ID:
		return memory->model->id[place / (memory->samples_twice ? 2 : 1) %
					 sizeof(memory->model->id)];
	case READ_SFDP:
		return sfdp_read(memory, memory->at + place);
	case READ_CONFIGURATION:
		return 0;
	case READ_CONFIGURATION_2:
		return configuration_2(memory);
	case READ_3:
	case READ_4:
	case FAST_READ_3:
	case FAST_READ_4:
		return cell_read(memory, memory->at + place);
	default:
		return BLANK;
	}
}

/* Page program goes round in its page of 256 bytes. */
void
spi_flash_write(struct spi_flash *memory, uint8_t byte)
{
	if (memory->address_left) {
		memory->at = memory->at << 8 | byte;
		memory->address_left--;
		return;
	}
	memory->page[(memory->at + memory->count++) % PAGE_SIZE] = byte;
}

static void
page_program(struct spi_flash *memory)
{
	uint32_t page = memory->at % memory->model->size / PAGE_SIZE * PAGE_SIZE;

	memory->is_used[page / SPI_FLASH_BLOCK] = true;
	for (unsigned i = 0; i < PAGE_SIZE; i++)
		cells(memory)[page + i] |= (uint8_t)~memory->page[i];
}

static void
area_erase(struct spi_flash *memory, uint32_t size)
{
	if (memory->inverted)
		memset(memory->inverted + memory->at % memory->model->size / size * size, 0,
		       size);
}

static void
mode_set(struct spi_flash *memory)
{
	uint8_t value = memory->page[memory->at % PAGE_SIZE];

	if (memory->at == 0 && memory->model->is_octal)
		memory->mode = value & DOPI   ? SPI_FLASH_OPI_DTR
			       : value & SOPI ? SPI_FLASH_OPI
					      : SPI_FLASH_SPI;
}

/* What takes time and needs WREN; how long. */
static uint64_t
operation_do(struct spi_flash *memory)
{
	switch (memory->command) {
	case PROGRAM_3:
	case PROGRAM_4:
		page_program(memory);
		return memory->model->program_ns;
	case ERASE_4K_3:
	case ERASE_4K_4:
		area_erase(memory, UINT32_C(4) << 10);
		return memory->model->erase_4k_ns;
	case ERASE_64K_3:
	case ERASE_64K_4:
		area_erase(memory, UINT32_C(64) << 10);
		return memory->model->erase_64k_ns;
	case ERASE_CHIP:
	case ERASE_CHIP_2:
		area_erase(memory, memory->model->size);
		return memory->model->erase_chip_ns;
	case WRITE_CONFIGURATION_2:
		mode_set(memory);
		return 1;
	case WRITE_STATUS:
		return SPI_FLASH_WRITE_STATUS_NS;
	default:
		return 0;
	}
}

void
spi_flash_end(struct spi_flash *memory, uint64_t now_ns)
{
	uint8_t command = memory->command;
	bool may_reset = memory->reset_enabled;
	uint64_t ns;

	memory->command = NONE;
	if (command == NONE || !spi_flash_is_ready(memory, now_ns))
		return;
	memory->command = command;
	memory->reset_enabled = command == RESET_ENABLE;
	if (command == WRITE_ENABLE || command == WRITE_DISABLE)
		memory->write_enabled = command == WRITE_ENABLE;
	if (command == RESET && may_reset)
		spi_flash_power_up(memory);
	ns = memory->write_enabled ? operation_do(memory) : 0;
	if (ns) {
		memory->write_enabled = false;
		memory->busy_until_ns = now_ns + ns;
	}
	memory->command = NONE;
}
