/* SPDX-License-Identifier: MIT */
/*
 * h5.h - the flash controller of the STM32H562, H563 and H573 (RM0481, chapter 7) without TrustZone,
 * in files of their own: registers and locks (flash/h5.c), the array (flash/h5_array.c), ECC and
 * OTP (flash/h5_reading.c), flags (flash/h5_status.c), option bytes and the product state
 * (flash/h5_options.c).
 *
 * What the chip gives: the main flash as the memory `flash_memory`, bank 1 first, which the
 * controller shows at 0x08000000 itself, bank 2 right behind bank 1. And the memory
 * `information_memory` of FLASH_H5_INFORMATION_SIZE bytes:
 *
 *   0x00000  what a window at 0x0BF80000 of 64 KiB shows: system memory
 *   0x10000  what a window at 0x08FFF000 of 4 KiB shows: 2 KiB of OTP, then what ST wrote (unique
 *            id, flash size, package)
 *   0x11000  option cells: per enum flash_h5_option its word, then the complement; a pair that does
 *            not match (so also erased cells) counts as the factory's value
 *   0x11400  a bit per quad-word (16 bytes) of the main flash, 0: its ECC does not fit
 *   0x15400  a bit per half-word of OTP, 1: it is virgin, so that no ECC was ever written to it
 *
 * Left out: TrustZone (TZEN can be set and changes nothing; the secure registers read 0 and take
 * nothing), privilege, OBK, the hide protection, the flash high-cycle data (EDATA can be set and
 * shows nothing at 0x09000000), the regression by debug authentication.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_H5_H
#define TEST_EMULATOR_SOC_FLASH_H5_H

#include "test/emulator/soc/flash/lock.h"
#include "test/emulator/soc/peripheral.h"

#define FLASH_H5_MAIN_AT          UINT32_C(0x08000000)
#define FLASH_H5_SYSTEM_AT        UINT32_C(0x0BF80000)
#define FLASH_H5_SYSTEM_SIZE      KIB(64)
#define FLASH_H5_OTP_AT           UINT32_C(0x08FFF000)
#define FLASH_H5_OTP_SHOWN        KIB(4)
#define FLASH_H5_OTP_PLACE        KIB(64)
#define FLASH_H5_INFORMATION_SIZE KIB(86)

/* 7.6.11, "Product state transitions": the codes of FLASH_OPTSR.PRODUCT_STATE. */
enum flash_h5_state {
	H5_OPEN = 0xED,
	H5_PROVISIONING = 0x17,
	H5_IROT_PROVISIONED = 0x2E,
	H5_TZ_CLOSED = 0xC6,
	H5_CLOSED = 0x72,
	H5_LOCKED = 0x5C
};

/* The state that the last reset found, and FLASH_NSBOOTR.NSBOOTADD then. `flash`: a peripheral of
 * flash_h5_type. */
enum flash_h5_state flash_h5_state(const struct peripheral *flash);
uint32_t flash_h5_nsbootadd(const struct peripheral *flash);

#endif /* TEST_EMULATOR_SOC_FLASH_H5_H */
