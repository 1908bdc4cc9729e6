/* SPDX-License-Identifier: MIT */
#include "targets/chip/flash_interface.h"

#include "targets/chip/hidden.h"

#include <stddef.h>

/* FLASH_KEYR, the same in every STM32 that has it: PM0075 Rev 2, 2.3.1; RM0440 Rev 8, 3.3.5. */
#define KEYR(at_)                                                         \
	{                                                                 \
		.at = (at_), .first = 0x45670123u, .second = 0xcdef89abu, \
	}

/* The family of L4: PG 0, PER 1, PNB from 3, STRT 16, LOCK 31 in CR; and with the registers for
 * non-secure accesses, from L5 on. What else they have, and SR, is each row's. */
#define REGISTERS_OF_L4_AT(cr_, sr_)                                               \
	.keys = { KEYR(0x08) }, .cr = (cr_), .sr = (sr_), .clear = (sr_),          \
	.lock = 1u << 31, .program = 1u << 0, .erase = 1u << 1, .start = 1u << 16, \
	.number_lsb = 3
#define REGISTERS_OF_L4 REGISTERS_OF_L4_AT(0x14, 0x10)
#define REGISTERS_OF_L5 REGISTERS_OF_L4_AT(0x28, 0x20)

/* Half-words only. FLASH_CR: LOCK 7, STRT 6, PER 1, PG 0. FLASH_SR: WRPRTERR 4, PGERR 2,
 * BSY 0. The registers of bank 2 of the XL density lie 0x40 above, in the same order. */
const struct flash_interface flash_interface_f1 = {
	.name = "F1",
	.source = "PM0075 Rev 2, 3; PM0068 Rev 2 (XL density); PM0063 Rev 2 (value line)",
	.driver = FLASH_DRIVER_F1,
	.erased_value = 0xff,
	.granule = 2,
	.registers = {
		.keys = { KEYR(0x04) },
		.cr = 0x10,
		.sr = 0x0c,
		.clear = 0x0c,
		.ar = 0x14,
		.lock = 1u << 7,
		.program = 1u << 0,
		.erase = 1u << 1,
		.start = 1u << 6,
		.erase_bank = { 1u << 2, 1u << 2 },
		.busy = 1u << 0,
		.errors = 0x14,
	},
};

/* Double words. FLASH_CR: LOCK 31, STRT 16, BKER 11, PNB from 3, PER 1, PG 0. FLASH_SR: BSY
 * 16, and the errors that RM0440 Rev 8, 3.7.5 lists. */
const struct flash_interface flash_interface_g4 = {
	.name = "G4",
	.source = "RM0440 Rev 8, 3.7",
	.driver = FLASH_DRIVER_G4,
	.hidden = &hidden_areas_g4,
	.erased_value = 0xff,
	.granule = 8,
	.registers = {
		REGISTERS_OF_L4,
		.erase_bank = { 1u << 2, 1u << 15 },
		.bank_select = 1u << 11,
		.busy = 1u << 16,
		.errors = 0xc3fa,
		.caches = 3u << 9,
	},
};

/* F0 and F3 have the registers of F1. The bits of RDP differ, and option bytes are loaded by
 * FLASH_CR.OBL_LAUNCH. */
const struct flash_interface flash_interface_f3 = {
	.name = "F0F3",
	.source = "ST's stm32f303xc.h; RM0316 Rev 8, 4",
	.driver = FLASH_DRIVER_F3,
	.erased_value = 0xff,
	.granule = 2,
	.registers = {
		.keys = { KEYR(0x04) },
		.cr = 0x10,
		.sr = 0x0c,
		.clear = 0x0c,
		.ar = 0x14,
		.lock = 1u << 7,
		.program = 1u << 0,
		.erase = 1u << 1,
		.start = 1u << 6,
		.erase_bank = { 1u << 2, 1u << 2 },
		.busy = 1u << 0,
		.errors = 0x14,
	},
};

/* Bytes to double words, as FLASH_CR.PSIZE says, which goes by the supply (RM0090 Rev 19, 3.6.2).
 * SNB from 3: sectors of bank 2 count from 16. */
const struct flash_interface flash_interface_f4 = {
	.name = "F2F4",
	.source = "ST's stm32f429xx.h; RM0090 Rev 19, 3.9",
	.driver = FLASH_DRIVER_F4,
	.hidden = &hidden_areas_f4,
	.erased_value = 0xff,
	.granule = 4,
	.registers = {
		.keys = { KEYR(0x04) },
		.cr = 0x10,
		.sr = 0x0c,
		.clear = 0x0c,
		.lock = 1u << 31,
		.program = 1u << 0,
		.erase = 1u << 1,
		.start = 1u << 16,
		.erase_bank = { 1u << 2, 1u << 15 },
		.number_lsb = 3,
		.busy = 1u << 16,
		.errors = 0xf2,
		.caches = 3u << 9,
		.widths = { { 2700, 4, 2u << 8 },
			    { 2100, 2, 1u << 8 },
			    { 1700, 1, 0 } },
	},
};

/* As F4; SR bit 7 is ERSERR, and the ART accelerator's bits (ARTEN 9, ARTRST 11) are those of a
 * cache. MER1 alone erases all of a flash that has no bank 2. */
#define F7_INTERFACE(name_, source_, hidden_, mer_1_, mer_2_, errors_)         \
	{                                                                      \
		.name = (name_), .source = source_ "; as RM0090 Rev 19, 3.9",  \
		.driver = FLASH_DRIVER_F7, .erased_value = 0xff, .granule = 4, \
		.hidden = (hidden_), .registers = {                            \
			.keys = { KEYR(0x04) },                                \
			.cr = 0x10,                                            \
			.sr = 0x0c,                                            \
			.clear = 0x0c,                                         \
			.lock = 1u << 31,                                      \
			.program = 1u << 0,                                    \
			.erase = 1u << 1,                                      \
			.start = 1u << 16,                                     \
			.erase_bank = { (mer_1_), (mer_2_) },                  \
			.number_lsb = 3,                                       \
			.busy = 1u << 16,                                      \
			.errors = (errors_),                                   \
			.caches = 1u << 9,                                     \
			.widths = { { 2700, 4, 2u << 8 },                      \
				    { 2100, 2, 1u << 8 },                      \
				    { 1700, 1, 0 } },                          \
		}                                                              \
	}
enum { F7_MER_1 = 1 << 2, F7_MER_2 = 1 << 15 };
const struct flash_interface flash_interface_f7 = F7_INTERFACE(
	"F7", "ST's stm32f746xx.h and HAL (FLASH_CR_MER)", NULL, F7_MER_1, 0, 0xf2);
/* PCROP: RDERR (SR 8). */
const struct flash_interface flash_interface_f72 = F7_INTERFACE(
	"F72", "ST's stm32f722xx.h and HAL", &hidden_areas_f72, F7_MER_1, 0, 0x1f2);
/* With nDBANK=0 banks of their own, whose sectors count from 0 and from 16; with nDBANK=1 one, which
 * ST's HAL erases with both bits (FLASH_BANK_BOTH). A bit of nWRP is for two sectors, or for one. */
const struct flash_interface flash_interface_f76_dual = F7_INTERFACE(
	"F76, nDBANK=0", "ST's stm32f767xx.h and HAL", NULL, F7_MER_1, F7_MER_2, 0xf2);
const struct flash_interface flash_interface_f76 = F7_INTERFACE(
	"F76", "ST's stm32f767xx.h and HAL", NULL, F7_MER_1 | F7_MER_2, 0, 0xf2);

/* The registers of G4. */
const struct flash_interface flash_interface_l4 = {
	.name = "L4",
	.source = "ST's stm32l476xx.h, stm32l4r5xx.h; RM0351 Rev 9, 3.7",
	.driver = FLASH_DRIVER_L4,
	.hidden = &hidden_areas_l4,
	.erased_value = 0xff,
	.granule = 8,
	.registers = {
		REGISTERS_OF_L4,
		.erase_bank = { 1u << 2, 1u << 15 },
		.bank_select = 1u << 11,
		.busy = 1u << 16,
		.errors = 0xc3fa,
		.caches = 3u << 9,
	},
};

/* As G4 but for CFGBSY (SR 18), which is set from the first word of a double word to its end, and
 * from STRT on; of parts with one bank. A core without a data cache. EMPTY (ACR 16) is changed by the
 * option byte loader and by software alone (RM0490 Rev 5, 4.7.1). */
const struct flash_interface flash_interface_g0 = {
	.name = "G0",
	.source = "ST's stm32g071xx.h; RM0444 Rev 5, 3.7",
	.driver = FLASH_DRIVER_G0,
	.hidden = &hidden_areas_g0,
	.erased_value = 0xff,
	.granule = 8,
	.registers = {
		REGISTERS_OF_L4,
		.erase_bank = { 1u << 2 },
		.busy = 0x50000,
		.errors = 0xc3fa,
		.caches = 1u << 9,
		.empty = 1u << 16,
	},
};

/* G0B0, G0B1, G0C1: BSY2 (SR 17) beside, and BKER is bit 13. RM0444 Rev 5 counts the pages of bank 2
 * from 256; ST's HAL counts those of each bank from 0, and the controller erases by either number
 * (qa-community.st.com 138555): BKER alone tells the bank. */
const struct flash_interface flash_interface_g0b = {
	.name = "G0B",
	.source = "ST's stm32g0b1xx.h; RM0444 Rev 5, 3.7",
	.driver = FLASH_DRIVER_G0B,
	.hidden = &hidden_areas_g0b,
	.erased_value = 0xff,
	.granule = 8,
	.registers = {
		REGISTERS_OF_L4,
		.erase_bank = { 1u << 2, 1u << 15 },
		.bank_select = 1u << 13,
		.busy = 0x70000,
		.errors = 0xc3fa,
		.caches = 1u << 9,
		.empty = 1u << 16,
	},
};

/* As G0, without ECC. */
const struct flash_interface flash_interface_c0 = {
	.name = "C0",
	.source = "ST's stm32c031xx.h; RM0490 Rev 5, 4.7",
	.driver = FLASH_DRIVER_C0,
	.hidden = &hidden_areas_g0,
	.erased_value = 0xff,
	.granule = 8,
	.registers = {
		REGISTERS_OF_L4,
		.erase_bank = { 1u << 2 },
		.busy = 0x50000,
		.errors = 0xc3fa,
		.caches = 1u << 9,
		.empty = 1u << 16,
	},
};

/* As G0; SR 11 and 12 are of the hide protection and the keys, and there is no RDERR. */
const struct flash_interface flash_interface_u0 = {
	.name = "U0",
	.source = "ST's stm32u083xx.h; what is as on C0: RM0490 Rev 5, 4.7",
	.driver = FLASH_DRIVER_U0,
	.erased_value = 0xff,
	.granule = 8,
	.registers = {
		REGISTERS_OF_L4,
		.erase_bank = { 1u << 2 },
		.busy = 0x50000,
		.errors = 0x9bfa,
		.caches = 1u << 9,
		.empty = 1u << 16,
	},
};

/* WB and WL: CFGBSY as G0, the caches of G4, and PESD (SR 19) while either core holds operations back
 * (PES). OPTVERR is no error of an operation: it is set after each power-up (ES0394, 2.2.9). */
const struct flash_interface flash_interface_wb = {
	.name = "WB",
	.source = "ST's stm32wb55xx.h, stm32wl55xx.h; RM0434 Rev 10, 3; RM0453 Rev 5, 4",
	.driver = FLASH_DRIVER_WB,
	.hidden = &hidden_areas_wb,
	.erased_value = 0xff,
	.granule = 8,
	.registers = {
		REGISTERS_OF_L4,
		.erase_bank = { 1u << 2 },
		.busy = 0xd0000,
		.errors = 0x43fa,
		.caches = 3u << 9,
		.empty = 1u << 16,
	},
};

/* The registers for non-secure accesses. MER1 erases all of the flash of a part with one bank or half of
 * it: the manual says neither, and sectors are erased one by one. */
const struct flash_interface flash_interface_l5 = {
	.name = "L5",
	.source = "RM0438 Rev 7, 6.9; ST's stm32l562xx.h",
	.driver = FLASH_DRIVER_L5,
	.erased_value = 0xff,
	.granule = 8,
	.registers = {
		REGISTERS_OF_L5,
		.bank_select = 1u << 11,
		.busy = 1u << 16,
		.errors = 0x20fa,
	},
};

/* As L5, with quad words, bursts of eight of them (BWR 14) and WDW (SR 17). WBA has it too. */
const struct flash_interface flash_interface_u5 = {
	.name = "U5",
	.source = "ST's stm32u575xx.h, stm32wba55xx.h; RM0456 Rev 6, 7.9",
	.driver = FLASH_DRIVER_U5,
	.erased_value = 0xff,
	.granule = 16,
	.registers = {
		REGISTERS_OF_L5,
		.erase_bank = { 1u << 2, 1u << 15 },
		.bank_select = 1u << 11,
		.busy = 0x30000,
		.errors = 0x20fa,
		.burst = { 128, 1u << 14 },
	},
};

/* As U5, with double words. */
#define DOUBLE_WORDS_AS_U5(name_, source_, driver_)                        \
	{                                                                  \
		.name = (name_), .source = (source_), .driver = (driver_), \
		.erased_value = 0xff, .granule = 8, .registers = {         \
			REGISTERS_OF_L5,                                   \
			.erase_bank = { 1u << 2, 1u << 15 },               \
			.bank_select = 1u << 11,                           \
			.busy = 0x30000,                                   \
			.errors = 0x20fa,                                  \
			.burst = { 128, 1u << 14 },                        \
		}                                                          \
	}
const struct flash_interface flash_interface_u3 =
	DOUBLE_WORDS_AS_U5("U3", "RM0487 Rev 2, 7.9; ST's stm32u385xx.h", FLASH_DRIVER_U3);
/* Where the ECC and what a reset cut short are as on U5. */
const struct flash_interface flash_interface_wba2 = DOUBLE_WORDS_AS_U5(
	"WBA2", "RM0493 Rev 3, 7.9 (WBA5); ST's stm32wba25xx.h", FLASH_DRIVER_WBA2);

/* Non-secure registers. PG 1, SER 2, FW 4, STRT 5, SNB from 6, BKSEL 31; BSY 0, WBNE 1, DBNE 3; errors
 * are cleared in NSCCR. A quad word that the program left half written stays in the write buffer, which
 * erases and other writes run into: WBNE (7.11.9). A bank erase (BER) takes the bank's high-cycle data as
 * well, so sectors are erased one by one. */
#define H5_REGISTERS                                                                       \
	{                                                                                  \
		.keys = { KEYR(0x04) }, .cr = 0x28, .sr = 0x20, .clear = 0x30,             \
		.lock = 1u << 0, .program = 1u << 1, .erase = 1u << 2, .start = 1u << 5,   \
		.number_lsb = 6, .bank_select = 1u << 31, .busy = 0x9, .errors = 0xfe0000, \
		.half = 1u << 1, .force = 1u << 4,                                         \
	}
#define H5_INTERFACE(name_, source_, granule_)                                         \
	{                                                                              \
		.name = (name_), .source = (source_), .driver = FLASH_DRIVER_H5,       \
		.erased_value = 0xff, .granule = (granule_), .registers = H5_REGISTERS \
	}
const struct flash_interface flash_interface_h5 =
	H5_INTERFACE("H5", "RM0481 Rev 3, 7.11; ST's stm32h563xx.h", 16);
/* WRP by the sector, and neither TrustZone nor high-cycle data. */
const struct flash_interface flash_interface_h503 =
	H5_INTERFACE("H503", "RM0492 Rev 2, 7; ST's stm32h503xx.h", 16);
/* Twice the registers of WRP. */
const struct flash_interface flash_interface_h5e =
	H5_INTERFACE("H5E", "RM0481 Rev 3, 7.11; ST's stm32h5f5xx.h", 16);
/* 7.3.5: half-words, with an ECC for each. */
const struct flash_interface flash_interface_h5_otp =
	H5_INTERFACE("H5OTP", "RM0481 Rev 3, 7.3.5, 7.3.9", 2);

/* As H5, with fewer errors. */
const struct flash_interface flash_interface_c5 = {
	.name = "C5",
	.source = "ST's C5 HAL; stlink's C5 chip files",
	.erased_value = 0xff,
	.granule = 16,
	.registers = {
		.keys = { KEYR(0x04) },
		.cr = 0x28,
		.sr = 0x20,
		.clear = 0x30,
		.lock = 1u << 0,
		.program = 1u << 1,
		.erase = 1u << 2,
		.start = 1u << 5,
		.number_lsb = 6,
		.bank_select = 1u << 31,
		.busy = 0xb,
		.errors = 0x9e0000,
	},
};

/* A register set for each bank, 0x100 apart. SER 2, PSIZE 5:4 with 3 for 64 bits, which holds from
 * 1.8 V on (DS12110 Rev 10, "Flash memory programming"), SNB from 8; BSY 0, QW 2; errors are cleared
 * in CCR. WBNE (SR 1) stays set where the program left a flash word half written, until PG is
 * cleared (RM0399 Rev 4, 4.6.2), so nothing waits for it. */
const struct flash_interface flash_interface_h7 = {
	.name = "H7",
	.source = "ST's stm32h743xx.h; RM0433 Rev 8, 4.9",
	.driver = FLASH_DRIVER_H7,
	.hidden = &hidden_areas_h7,
	.erased_value = 0xff,
	.granule = 32,
	.registers = {
		.keys = { KEYR(0x04) },
		.cr = 0x0c,
		.sr = 0x10,
		.clear = 0x14,
		.lock = 1u << 0,
		.program = 1u << 1 | 3u << 4,
		.erase = 1u << 2 | 3u << 4,
		.start = 1u << 7,
		.erase_bank = { 1u << 3 | 3u << 4, 1u << 3 | 3u << 4 },
		.number_lsb = 8,
		.busy = 5,
		.errors = 0x7ee0000,
	},
};

/* As H7, with START in bit 5, SSN from 6, and no PSIZE. */
const struct flash_interface flash_interface_h7ab = {
	.name = "H7AB",
	.source = "ST's stm32h7a3xx.h; RM0455 Rev 9, 4.9",
	.driver = FLASH_DRIVER_H7,
	.hidden = &hidden_areas_h7,
	.erased_value = 0xff,
	.granule = 16,
	.registers = {
		.keys = { KEYR(0x04) },
		.cr = 0x0c,
		.sr = 0x10,
		.clear = 0x14,
		.lock = 1u << 0,
		.program = 1u << 1,
		.erase = 1u << 2,
		.start = 1u << 5,
		.erase_bank = { 1u << 3, 1u << 3 },
		.number_lsb = 6,
		.busy = 5,
		.errors = 0x7ae0000,
	},
};

/* Programmed by stores after FLASH_PECR is unlocked by two pairs of keys, PEKEYR and PRGKEYR: a word, or
 * with FPRG (10) and PROG half a page; a page is erased by ERASE, PROG and a store of 0 into it. Erased
 * is 0. FLASH_PECR: PELOCK 0, PRGLOCK 1, PROG 3, ERASE 9. OPTVERR is no error of an operation: it says
 * what the option bytes were when they were loaded, and on the first STM32L031 not even that (HAL). */
#define L0_REGISTERS(errors_, half_page_)                                         \
	{                                                                         \
		.keys = { { 0x0c, 0x89abcdefu, 0x02030405u, 1u << 0 },            \
			  { 0x10, 0x8c9daebfu, 0x13141516u, 1u << 1 } },          \
		.cr = 0x04, .sr = 0x18, .clear = 0x18, .lock = 1u << 0 | 1u << 1, \
		.erase = 1u << 9 | 1u << 3, .busy = 1u << 0, .errors = (errors_), \
		.burst = { (half_page_), 1u << 10 | 1u << 3 },                    \
	}
const struct flash_interface flash_interface_l0 = {
	.name = "L0",
	.source = "RM0367 Rev 8, 3.3; ST's stm32l073xx.h and HAL",
	.driver = FLASH_DRIVER_L0,
	.erased_value = 0x00,
	.granule = 4,
	.registers = L0_REGISTERS(0x32700, 64),
};

const struct flash_interface flash_interface_l1 = {
	.name = "L1",
	.driver = FLASH_DRIVER_L1,
	.source = "ST's stm32l152xe.h and HAL; what is as on L0: RM0367 Rev 8, 3.3",
	.erased_value = 0x00,
	.granule = 4,
	.registers = L0_REGISTERS(0x2700, 128),
	.hidden = &hidden_areas_l1,
};

/* Errors are in FLASH_ISR and cleared in FLASH_ICR. */
const struct flash_interface flash_interface_h7rs = {
	.name = "H7RS",
	.source = "ST's stm32h7s7xx.h",
	.erased_value = 0xff,
	.granule = 16,
	.registers = {
		.keys = { KEYR(0x04) },
		.cr = 0x10,
		.sr = 0x14,
		.clear = 0x28,
		.lock = 1u << 0,
		.program = 1u << 1,
		.erase = 1u << 2,
		.start = 1u << 5,
		.number_lsb = 6,
		.busy = 7,
		.errors = 0x73e0000,
	},
};

/* Commands in FLASH_COMMAND (0x11 erases a page, 0x33 writes a word) with word addresses in
 * FLASH_ADDRESS; no keys. IRQRAW.CMDDONE (bit 0) becomes 1 at the end, which the fields of
 * struct flash_registers do not say. */
const struct flash_interface flash_interface_wb0 = {
	.name = "WB0",
	.source = "ST's stm32wb09.h; RM0530",
	.erased_value = 0xff,
	.granule = 4,
	.registers = { .cr = 0x00, .sr = 0x10, .clear = 0x10, .errors = 0xc },
};

const struct flash_interface *const flash_interfaces[] = {
	&flash_interface_f1,
	&flash_interface_g4,
	&flash_interface_f3,
	&flash_interface_f4,
	&flash_interface_f7,
	&flash_interface_f72,
	&flash_interface_f76,
	&flash_interface_f76_dual,
	&flash_interface_l4,
	&flash_interface_g0,
	&flash_interface_g0b,
	&flash_interface_c0,
	&flash_interface_u0,
	&flash_interface_wb,
	&flash_interface_l5,
	&flash_interface_u5,
	&flash_interface_u3,
	&flash_interface_h5,
	&flash_interface_h503,
	&flash_interface_h5e,
	&flash_interface_h5_otp,
	&flash_interface_c5,
	&flash_interface_h7,
	&flash_interface_h7ab,
	&flash_interface_l0,
	&flash_interface_l1,
	&flash_interface_h7rs,
	&flash_interface_wb0,
	NULL,
};
