/* SPDX-License-Identifier: MIT */
/*
 * u5.h - the flash controller of the STM32U575 and U585 (RM0456 Rev 4, chapter 7)
 * without TrustZone, in four files: registers and locks (flash/u5.c), the array
 * (flash/u5_array.c), ECC and who may read (flash/u5_reading.c), option bytes
 * (flash/u5_options.c).
 *
 * What the chip gives: the main flash as the memory `flash_memory`, bank 1 first, which the
 * controller shows at 0x08000000 itself, bank 2 right behind bank 1 (so no window for it in
 * the chip's table). And the memory `information_memory` of FLASH_U5_INFORMATION_SIZE bytes,
 * which is all that has to be kept besides the flash:
 *
 *   0x00000  what a window at 0x0BF90000 of FLASH_U5_INFORMATION_SHOWN bytes shows: system
 *            memory, and at 0x0BFA0000 OTP
 *   0x11000  option cells: per enum flash_u5_option its word, then the complement; a pair
 *            that does not match (so also erased cells) counts as the factory's value
 *   0x11400  a bit per quad-word (16 bytes), 0: its ECC does not fit its contents
 *
 * Left out: TrustZone (TZEN can be set and changes nothing; the secure registers read 0),
 * OEM keys and privilege.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_U5_H
#define TEST_EMULATOR_SOC_FLASH_U5_H

#include "test/emulator/soc/flash/lock.h"
#include "test/emulator/soc/peripheral.h"

#define FLASH_U5_MAIN_AT           UINT32_C(0x08000000)
#define FLASH_U5_INFORMATION_AT    UINT32_C(0x0BF90000)
#define FLASH_U5_INFORMATION_SHOWN KIB(65)
#define FLASH_U5_INFORMATION_SIZE  KIB(86)

/* 7.9.13 FLASH_OPTR */
#define FLASH_U5_OPTR_IWDG_SW  (UINT32_C(1) << 16)
#define FLASH_U5_OPTR_nSWBOOT0 (UINT32_C(1) << 26)
#define FLASH_U5_OPTR_nBOOT0   (UINT32_C(1) << 27)

/* The options in force: FLASH_OPTR, FLASH_NSBOOTADD0R and FLASH_NSBOOTADD1R. `flash`: a
 * peripheral of flash_u5_type. */
uint32_t flash_u5_optr(const struct peripheral *flash);
uint32_t flash_u5_nsbootadd0(const struct peripheral *flash);
uint32_t flash_u5_nsbootadd1(const struct peripheral *flash);

#endif /* TEST_EMULATOR_SOC_FLASH_U5_H */
