/* SPDX-License-Identifier: MIT */
/*
 * read_protection.h - where each kind of chip says that debuggers may not read its flash, and what
 * the values mean: the doctor reads the byte, a loader the flag, and the option bytes are written
 * by the same codes.
 */
#ifndef TARGETS_CHIP_READ_PROTECTION_H
#define TARGETS_CHIP_READ_PROTECTION_H

#include <stdbool.h>
#include <stddef.h>
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
enum { RDP_LSB_F4 = 8, RDP_LSB_H7 = 8, PRODUCT_STATE_LSB = 8 };

/* Chips with the same registers share one: G0, G4, L4, C0 and U0; L5, U3, U5 and WBA; F0 and
 * F3; F2, F4 and F7; WB and WL. */
extern const struct read_protection read_protection_f1, read_protection_f3,
	read_protection_f4, read_protection_g4, read_protection_u5, read_protection_h7,
	read_protection_l0, read_protection_l1, read_protection_wb;

/* In place of RDP a chip may have a state of its life, which a field of the option bytes names. The
 * first of them is open. */
enum { PRODUCT_STATES_MAX = 8 };

struct product_state {
	const char *source;
	const char *field; /* "PRODUCT_STATE", as in the option bytes */
	const char *name;  /* its register */
	uint32_t at;       /* of the word that has it, */
	unsigned lsb;      /* in eight bits */
	struct {
		uint8_t code;
		const char *name;    /* NULL ends the list */
		const char *means;   /* what it closes */
		bool starts_nothing; /* but its own boot loader */
	} states[PRODUCT_STATES_MAX];
};

/* H5. */
extern const struct product_state product_state_h5;

/* The name of a code; NULL: it has none. */
const char *product_state_name(const struct product_state *states, uint32_t code);
bool product_state_starts_nothing(const struct product_state *states, uint32_t code);

/* Does the register say that debuggers may not read? */
bool read_flag_is_set(const struct read_flag *flag, uint32_t value);
/* 0, 1 or 2. */
unsigned read_protection_level(const struct read_protection *protection, uint32_t code);

#endif /* TARGETS_CHIP_READ_PROTECTION_H */
