/* SPDX-License-Identifier: MIT */
#include "targets/chip/flash_interface.h"

#include <stddef.h>

/* FLASH_KEYR, the same in every STM32 that has it: PM0075 Rev 2, 2.3.1; RM0440 Rev 8, 3.3.5. */
#define KEYR(at_)                                                         \
	{                                                                 \
		.at = (at_), .first = 0x45670123u, .second = 0xcdef89abu, \
	}

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
	.erased_value = 0xff,
	.granule = 8,
	.registers = {
		.keys = { KEYR(0x08) },
		.cr = 0x14,
		.sr = 0x10,
		.clear = 0x10,
		.lock = 1u << 31,
		.program = 1u << 0,
		.erase = 1u << 1,
		.start = 1u << 16,
		.number_lsb = 3,
		.bank_select = 1u << 11,
		.busy = 1u << 16,
		.errors = 0xc3fa,
	},
};

const struct flash_interface *const flash_interfaces[] = {
	&flash_interface_f1,
	&flash_interface_g4,
	NULL,
};
