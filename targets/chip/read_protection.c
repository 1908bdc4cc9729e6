/* SPDX-License-Identifier: MIT */
#include "targets/chip/read_protection.h"

#define LEVEL_0 0xaau
#define LEVEL_1 0xbbu
#define LEVEL_2 0xccu
#define CODES                             \
	{                                 \
		LEVEL_0, LEVEL_1, LEVEL_2 \
	}
#define NOTE(bits_)                                                                     \
	bits_ ": read protection, which keeps a debugger from writing too; lifting it " \
	      "erases the flash"
/* The loader's register is the one that has the byte. */
#define IN_WORD(register_, at_, lsb_, unless_)               \
	.at = (at_), .lsb = (lsb_), .codes = CODES,          \
	.flag = { (register_),     NOTE("RDP"),       (at_), \
		  0xffu << (lsb_), LEVEL_0 << (lsb_), (unless_) }
/* RDP is a cell of its own; FLASH_OBR has a bit or two of it. */
/* NOLINTBEGIN(bugprone-macro-parentheses): an initializer takes none */
#define IN_CELL(codes_, flags_)            \
	.at = 0x1ffff800, .codes = codes_, \
	.flag = { "FLASH_OBR", NOTE("RDPRT"), 0x4002201c, (flags_), 0, 0 }
/* NOLINTEND(bugprone-macro-parentheses) */
/* One level only; another byte than 0xa5 protects. */
#define F1_CODES              \
	{                     \
		0xa5, LEVEL_1 \
	}
#define OPTR_TZEN (1u << 31)

const struct read_protection read_protection_f1 = {
	.source = "PM0075 Rev 2, 3.7",
	IN_CELL(F1_CODES, 1u << 1),
};

const struct read_protection read_protection_f3 = {
	.source = "RM0316 Rev 8, 3.3.1; RM0364 Rev 4, 3.5.7",
	IN_CELL(CODES, 3u << 1),
};

const struct read_protection read_protection_f4 = {
	.source = "RM0090 Rev 19, 3.9.10",
	IN_WORD("FLASH_OPTCR", 0x40023c14, RDP_LSB_F4, 0),
};

const struct read_protection read_protection_g4 = {
	.source = "RM0440 Rev 8, 3.7.8; RM0351 Rev 9, 3.7.8",
	IN_WORD("FLASH_OPTR", 0x40022020, 0, 0),
};

/* With TrustZone there is level 0.5, which leaves non-secure flash open. */
const struct read_protection read_protection_u5 = {
	.source = "RM0456 Rev 6, 7.9.13; RM0438",
	IN_WORD("FLASH_OPTR", 0x40022040, 0, OPTR_TZEN),
	.half = 0x55,
};

const struct read_protection read_protection_h7 = {
	.source = "RM0433 Rev 8, 4.9.8",
	IN_WORD("FLASH_OPTSR_CUR", 0x5200201c, RDP_LSB_H7, 0),
};

const struct read_protection read_protection_l0 = {
	.source = "RM0376",
	IN_WORD("FLASH_OPTR", 0x4002201c, 0, 0),
};

const struct read_protection read_protection_l1 = {
	.source = "RM0038",
	IN_WORD("FLASH_OBR", 0x40023c1c, 0, 0),
};

const struct read_protection read_protection_wb = {
	.source = "ST's stm32wb55xx.h and stm32wl55xx.h",
	IN_WORD("FLASH_OPTR", 0x58004020, 0, 0),
};

/* Code by Hamming distance: what is none of these reads as closed. */
const struct product_state product_state_h5 = {
	.source = "RM0481 Rev 3, 7.6.11, 7.11.19",
	.field = "PRODUCT_STATE",
	.name = "FLASH_OPTSR_CUR",
	.at = 0x40022050,
	.lsb = PRODUCT_STATE_LSB,
	.states = {
		{ 0xed, "Open", "everything may be debugged", false },
		{ 0x17, "Provisioning",
		  "the chip waits for its keys, and starts no program", true },
		{ 0x2e, "iROT-Provisioned", "the code of the first boot stage is closed", false },
		{ 0xc6, "TZ-Closed", "secure code and memory are closed", false },
		{ 0x72, "Closed", "the core is closed", false },
		{ 0x5c, "Locked", "the core is closed for good", false },
		{ 0x9a, "Regression", "the chip erases itself on the way to Open", false },
		{ 0xa3, "NS-Regression",
		  "the chip erases what is not secure on the way to TZ-Closed", false },
	},
};

const char *
product_state_name(const struct product_state *states, uint32_t code)
{
	for (size_t i = 0; i < PRODUCT_STATES_MAX && states->states[i].name != NULL; i++)
		if (states->states[i].code == code)
			return states->states[i].name;
	return NULL;
}

bool
product_state_starts_nothing(const struct product_state *states, uint32_t code)
{
	for (size_t i = 0; i < PRODUCT_STATES_MAX && states->states[i].name != NULL; i++)
		if (states->states[i].code == code)
			return states->states[i].starts_nothing;
	return false;
}

bool
read_flag_is_set(const struct read_flag *flag, uint32_t value)
{
	return (value & flag->mask) != flag->none && (value & flag->unless) == 0;
}

unsigned
read_protection_level(const struct read_protection *protection, uint32_t code)
{
	if (code == protection->codes[0])
		return 0;
	return protection->codes[2] != 0 && code == protection->codes[2] ? 2 : 1;
}
