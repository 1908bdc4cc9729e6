/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/devices/mx25lm.h"

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
static const uint8_t id[] = { 0xC2, 0x85, 0x3A };

/* JESD216B: the header and those of three tables, the basic one, the vendor's (not here, so it
 * reads as blank) and the one of commands with addresses of four bytes. Values: mbed-os, as
 * above. */
enum { SFDP_BASIC_AT = 0x30, SFDP_4_BYTE_AT = 0xC0 };
static const uint8_t sfdp_headers[] = {
	'S',  'F',  'D',  'P',  0x06, 0x01, 0x02, 0xFF, /* revision 1.6, three tables */
	0x00, 0x06, 0x01, 0x10, 0x30, 0x00, 0x00, 0xFF, /* basic: 16 words at 0x30 */
	0xC2, 0x00, 0x01, 0x04, 0x10, 0x01, 0x00, 0xFF, /* Macronix: 4 words at 0x110 */
	0x84, 0x00, 0x01, 0x02, 0xC0, 0x00, 0x00, 0xFF, /* 4-byte: 2 words at 0xC0 */
};
static const uint8_t
	sfdp_basic[] = {
		0x30, 0xFF, 0xFB, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F, /* 512 Mbit */
		0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01,
		0x14, 0xEC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
		0x0C, 0x20, 0x10, 0xDC, /* erases */
		0x00, 0xFF, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0xFF,
		0xFF, 0xFF, /* 256 bytes */
		0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
		0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x50, 0xF9, 0x80,
	};
static const uint8_t sfdp_4_byte[] = { 0x7F, 0xEF, 0xFF, 0xFF, 0x21, 0x5C, 0xDC, 0x14 };

void
mx25lm_power_up(struct mx25lm *memory)
{
	memory->mode = MX25LM_SPI;
	memory->write_enabled = memory->reset_enabled = false;
	memory->busy_until_ns = 0;
	memory->command = NONE;
}

void
mx25lm_free(struct mx25lm *memory)
{
	free(memory->inverted);
	memory->inverted = NULL;
}

bool
mx25lm_is_ready(const struct mx25lm *memory, uint64_t now_ns)
{
	return now_ns >= memory->busy_until_ns;
}

static uint8_t *
cells(struct mx25lm *memory)
{
	if (!memory->inverted)
		memory->inverted = calloc(MX25LM_SIZE, 1);
	if (!memory->inverted)
		abort();
	return memory->inverted;
}

uint8_t *
mx25lm_block(struct mx25lm *memory, unsigned block)
{
	memory->is_used[block] = true;
	return cells(memory) + block * MX25LM_BLOCK;
}

/* On eight lines the complement of the code comes behind it. */
static uint8_t
command_of(enum mx25lm_mode mode, uint16_t instruction)
{
	uint8_t code = (uint8_t)(instruction >> 8);

	if (mode == MX25LM_SPI)
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

bool
mx25lm_begin(struct mx25lm *memory, enum mx25lm_mode mode, uint16_t instruction,
	     uint32_t at, unsigned address_size, bool twice)
{
	enum { SFDP_ADDRESS_SIZE = 3 };

	memory->samples_twice = twice;
	memory->count = 0;
	memory->at = at;
	memory->command = mode == memory->mode ? command_of(mode, instruction) : NONE;
	memory->address_left = address_size ? 0 : address_bytes(memory->command);
	/* On one line a fourth byte falls into the dummy cycles. */
	if (memory->command == READ_SFDP && mode == MX25LM_SPI &&
	    address_size > SFDP_ADDRESS_SIZE)
		memory->at >>= 8;
	memset(memory->page, BLANK, sizeof(memory->page));
	return memory->command != NONE;
}

static uint8_t
cell_read(const struct mx25lm *memory, uint32_t at)
{
	return memory->inverted ? (uint8_t)~memory->inverted[at % MX25LM_SIZE] : BLANK;
}

static uint8_t
sfdp_read(uint32_t at)
{
	if (at < sizeof(sfdp_headers))
		return sfdp_headers[at];
	if (at - SFDP_BASIC_AT < sizeof(sfdp_basic))
		return sfdp_basic[at - SFDP_BASIC_AT];
	if (at - SFDP_4_BYTE_AT < sizeof(sfdp_4_byte))
		return sfdp_4_byte[at - SFDP_4_BYTE_AT];
	return BLANK;
}

static uint8_t
configuration_2(const struct mx25lm *memory)
{
	if (memory->at != 0)
		return 0;
	return memory->mode == MX25LM_OPI_DTR ? DOPI
	       : memory->mode == MX25LM_OPI   ? SOPI
					      : 0;
}

/* A register's byte stays for a whole clock, so that who looks at both edges gets it twice. While it is busy only the
 * status can be read. */
uint8_t
mx25lm_read(struct mx25lm *memory, uint64_t now_ns)
{
	bool is_ready = mx25lm_is_ready(memory, now_ns);
	uint32_t place = memory->count++;

	if (memory->command == READ_STATUS)
		return (uint8_t)((is_ready ? 0 : WIP) | (memory->write_enabled ? WEL : 0));
	if (!is_ready)
		return BLANK;
	switch (memory->command) {
	case READ_ID:
		return id[place / (memory->samples_twice ? 2 : 1) % sizeof(id)];
	case READ_SFDP:
		return sfdp_read(memory->at + place);
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
mx25lm_write(struct mx25lm *memory, uint8_t byte)
{
	if (memory->address_left) {
		memory->at = memory->at << 8 | byte;
		memory->address_left--;
		return;
	}
	memory->page[(memory->at + memory->count++) % PAGE_SIZE] = byte;
}

static void
page_program(struct mx25lm *memory)
{
	uint32_t page = memory->at % MX25LM_SIZE / PAGE_SIZE * PAGE_SIZE;

	memory->is_used[page / MX25LM_BLOCK] = true;
	for (unsigned i = 0; i < PAGE_SIZE; i++)
		cells(memory)[page + i] |= (uint8_t)~memory->page[i];
}

static void
area_erase(struct mx25lm *memory, uint32_t size)
{
	if (memory->inverted)
		memset(memory->inverted + memory->at % MX25LM_SIZE / size * size, 0, size);
}

static void
mode_set(struct mx25lm *memory)
{
	uint8_t value = memory->page[memory->at % PAGE_SIZE];

	if (memory->at == 0)
		memory->mode = value & DOPI   ? MX25LM_OPI_DTR
			       : value & SOPI ? MX25LM_OPI
					      : MX25LM_SPI;
}

/* What takes time and needs WREN; how long. */
static uint64_t
operation_do(struct mx25lm *memory)
{
	switch (memory->command) {
	case PROGRAM_3:
	case PROGRAM_4:
		page_program(memory);
		return MX25LM_PROGRAM_NS;
	case ERASE_4K_3:
	case ERASE_4K_4:
		area_erase(memory, UINT32_C(4) << 10);
		return MX25LM_ERASE_4K_NS;
	case ERASE_64K_3:
	case ERASE_64K_4:
		area_erase(memory, UINT32_C(64) << 10);
		return MX25LM_ERASE_64K_NS;
	case ERASE_CHIP:
	case ERASE_CHIP_2:
		area_erase(memory, MX25LM_SIZE);
		return MX25LM_ERASE_CHIP_NS;
	case WRITE_CONFIGURATION_2:
		mode_set(memory);
		return 1;
	case WRITE_STATUS:
		return MX25LM_WRITE_STATUS_NS;
	default:
		return 0;
	}
}

void
mx25lm_end(struct mx25lm *memory, uint64_t now_ns)
{
	uint8_t command = memory->command;
	bool may_reset = memory->reset_enabled;
	uint64_t ns;

	memory->command = NONE;
	if (command == NONE || !mx25lm_is_ready(memory, now_ns))
		return;
	memory->command = command;
	memory->reset_enabled = command == RESET_ENABLE;
	if (command == WRITE_ENABLE || command == WRITE_DISABLE)
		memory->write_enabled = command == WRITE_ENABLE;
	if (command == RESET && may_reset)
		mx25lm_power_up(memory);
	ns = memory->write_enabled ? operation_do(memory) : 0;
	if (ns) {
		memory->write_enabled = false;
		memory->busy_until_ns = now_ns + ns;
	}
	memory->command = NONE;
}
