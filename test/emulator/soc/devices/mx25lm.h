/* SPDX-License-Identifier: MIT */
/*
 * mx25lm.h - the octal flash MX25LM51245G (Macronix, 512 Mbit): what it makes of the commands
 * that come over one or eight lines, and how long it is busy then. Command codes, status bits
 * and identification: its data sheet, as OpenOCD's list of SPI flashes and board/stm32h735g-disco.cfg and
 * ST's component driver mx25lm51245g use them.
 *
 * SFDP: the tables that mbed-os puts in the place of those of older parts, which read as erased
 * on ST's STM32L4R9I-DISCO (COMPONENT_OSPIF, MX25LM51245G_config). That newer parts have these
 * bytes: assumption.
 *
 * Left out: the vendor's SFDP table, block protection (BP bits), security registers, the number
 * of dummy cycles (any will do).
 */
#ifndef TEST_EMULATOR_SOC_DEVICES_MX25LM_H
#define TEST_EMULATOR_SOC_DEVICES_MX25LM_H

#include <stdbool.h>
#include <stdint.h>

#define MX25LM_SIZE  (UINT32_C(64) << 20)
#define MX25LM_BLOCK UINT32_C(65536)
enum { MX25LM_BLOCKS = 1024 };

/* How the host sends: on one line, or on eight with each command followed by its complement,
 * with one or both edges of the clock. */
enum mx25lm_mode { MX25LM_SPI, MX25LM_OPI, MX25LM_OPI_DTR };

struct mx25lm {
	uint8_t *
		inverted; /* the cells' complement, so that new ones are blank; NULL: all are */
	bool is_used[MX25LM_BLOCKS]; /* blocks that may not be blank */
	enum mx25lm_mode mode;
	bool write_enabled, reset_enabled;
	uint64_t busy_until_ns;
	/* The command that is going on, between chip select low and high. */
	bool samples_twice;
	uint8_t address_left; /* bytes of it that are still to come */
	uint8_t command;
	uint32_t at, count;
	uint8_t page[256];
};

void mx25lm_power_up(struct mx25lm *memory);
void mx25lm_free(struct mx25lm *memory);
/* Is the operation inside over? */
bool mx25lm_is_ready(const struct mx25lm *memory, uint64_t now_ns);
/* Chip select goes low; false: it does not understand what comes in that mode. `twice`: the
 * host takes data at both edges of the clock. A host that sends the address as data instead
 * has `address_size` 0; else these are its bytes. */
bool mx25lm_begin(struct mx25lm *memory, enum mx25lm_mode mode, uint16_t instruction,
		  uint32_t at, unsigned address_size, bool twice);
uint8_t mx25lm_read(struct mx25lm *memory, uint64_t now_ns);
void mx25lm_write(struct mx25lm *memory, uint8_t byte);
/* Chip select goes high: what was asked for begins. */
void mx25lm_end(struct mx25lm *memory, uint64_t now_ns);
/* The cells' complement of a block, which may be changed. */
uint8_t *mx25lm_block(struct mx25lm *memory, unsigned block);

#endif /* TEST_EMULATOR_SOC_DEVICES_MX25LM_H */
