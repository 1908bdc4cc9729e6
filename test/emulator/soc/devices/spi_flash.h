/* SPDX-License-Identifier: MIT */
/*
 * spi_flash.h - serial NOR flashes beside the chip: what they make of the commands that come over
 * one or eight lines, and how long they are busy then.
 *
 * MX25LM51245G (Macronix, 512 Mbit, octal): command codes, status bits and identification as
 * OpenOCD's list of SPI flashes and board/stm32h735g-disco.cfg and ST's component driver
 * mx25lm51245g use them. SFDP: the tables that mbed-os puts in the place of those of older parts,
 * which read as erased on ST's STM32L4R9I-DISCO (COMPONENT_OSPIF, MX25LM51245G_config). That newer
 * parts have these bytes: assumption.
 *
 * SK25LP128 (128 Mbit, addresses of three bytes): identification and SFDP as read of the part on a
 * PinePhone Pro (linux-mtd, "mtd: spi-nor: add siliconkaiser sk25lp128", the dump in its message).
 *
 * Left out: vendors' SFDP tables, block protection (BP bits), security registers, dual and quad
 * commands, the number of dummy cycles of octal commands (any will do).
 */
#ifndef TEST_EMULATOR_SOC_DEVICES_SPI_FLASH_H
#define TEST_EMULATOR_SOC_DEVICES_SPI_FLASH_H

#include <stdbool.h>
#include <stdint.h>

#define SPI_FLASH_BLOCK UINT32_C(65536)
enum { SPI_FLASH_BLOCKS = 1024 }; /* of the largest */

/* A part of its SFDP space; the rest reads as erased. */
struct spi_flash_table {
	uint32_t at;
	const uint8_t *bytes;
	unsigned len;
};

enum { SPI_FLASH_TABLES = 3 };
struct spi_flash_model {
	const char *name;
	uint32_t size;
	uint8_t id[3];
	bool is_octal,
		has_4_bytes; /* the modes on eight lines; commands with longer addresses */
	struct spi_flash_table sfdp[SPI_FLASH_TABLES]; /* len 0 ends the list */
	uint64_t program_ns, erase_4k_ns, erase_64k_ns, erase_chip_ns;
};
extern const struct spi_flash_model *const spi_flash_models[]; /* NULL ends the list */

/* How the host sends: on one line, or on eight with each command followed by its complement,
 * with one or both edges of the clock. */
enum spi_flash_mode { SPI_FLASH_SPI, SPI_FLASH_OPI, SPI_FLASH_OPI_DTR };

struct spi_flash {
	const struct spi_flash_model *model; /* NULL: there is none */
	/* The cells' complement, so that new ones are blank; NULL: all are. */
	uint8_t *inverted;
	bool is_used[SPI_FLASH_BLOCKS]; /* blocks that may not be blank */
	enum spi_flash_mode mode;
	bool write_enabled, reset_enabled;
	uint64_t busy_until_ns;
	/* The command that is going on, between chip select low and high. */
	bool samples_twice;
	bool is_late;         /* the host left other dummy cycles than the command has */
	uint8_t address_left; /* bytes of it that are still to come */
	uint8_t command;
	uint32_t at, count;
	uint8_t page[256];
};

void spi_flash_power_up(struct spi_flash *memory);
void spi_flash_free(struct spi_flash *memory);
/* Is the operation inside over? */
bool spi_flash_is_ready(const struct spi_flash *memory, uint64_t now_ns);
/* What a host sends with chip select low before the data. */
struct spi_flash_request {
	enum spi_flash_mode mode;
	uint16_t instruction;
	uint32_t at;
	unsigned address_size; /* bytes; 0: the host sends the address as data instead */
	unsigned dummy_cycles;
	bool twice; /* it takes data at both edges of the clock */
};
/* Chip select goes low; false: it does not understand what comes in that mode. */
bool spi_flash_begin(struct spi_flash *memory, const struct spi_flash_request *request);
uint8_t spi_flash_read(struct spi_flash *memory, uint64_t now_ns);
void spi_flash_write(struct spi_flash *memory, uint8_t byte);
/* Chip select goes high: what was asked for begins. */
void spi_flash_end(struct spi_flash *memory, uint64_t now_ns);
/* The cells' complement of a block, which may be changed. */
uint8_t *spi_flash_block(struct spi_flash *memory, unsigned block);

#endif /* TEST_EMULATOR_SOC_DEVICES_SPI_FLASH_H */
