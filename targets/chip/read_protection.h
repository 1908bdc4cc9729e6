/* SPDX-License-Identifier: MIT */
/*
 * read_protection.h - where each kind of chip says that debuggers may not read its flash, and what
 * the values mean: the doctor reads the byte, a loader the flag, and the option bytes are written
 * by the same codes.
 */
#ifndef TARGETS_CHIP_READ_PROTECTION_H
#define TARGETS_CHIP_READ_PROTECTION_H

#include <stdbool.h>
#include <stdint.h>

enum { RDP_LEVELS = 3 };

/* The register that a loader asks, whose `mask` bits are `none` at level 0. */
struct read_flag {
	const char *name, *note; /* and what its bits mean otherwise */
	uint32_t at, mask, none;
	uint32_t unless; /* while one of these is set, it does not say so */
};

struct read_protection {
	const char *source;
	uint32_t at; /* of the word that has the byte of RDP, */
	unsigned lsb;
	uint8_t codes[RDP_LEVELS]; /* what is written for each; that of level 2 is 0 where
				    * there is none, and what is not here means level 1 */
	uint8_t half; /* of level 0.5, of chips with TrustZone; 0: there is no such level */
	struct read_flag flag;
};

/* The bit of RDP in its word, for tables of fields; 0 where it is not here. */
enum { RDP_LSB_F4 = 8, RDP_LSB_H7 = 8 };

/* Chips with the same registers share one: G0, G4, L4, C0 and U0; L5, U3, U5 and WBA; F0 and
 * F3; F2, F4 and F7; WB and WL. */
extern const struct read_protection read_protection_f1, read_protection_f3,
	read_protection_f4, read_protection_g4, read_protection_u5, read_protection_h7,
	read_protection_l0, read_protection_l1, read_protection_wb;

/* Does the register say that debuggers may not read? */
bool read_flag_is_set(const struct read_flag *flag, uint32_t value);
/* 0, 1 or 2. */
unsigned read_protection_level(const struct read_protection *protection, uint32_t code);

#endif /* TARGETS_CHIP_READ_PROTECTION_H */
