/* SPDX-License-Identifier: MIT */
/*
 * h7.h - the flash controller of the STM32H74x/75x (RM0433 Rev 8 and, with a second
 * core, RM0399 Rev 4, chapter 4) and of the STM32H72x/73x (RM0468 Rev 3, chapter 5; one
 * bank): registers and locks (flash/h7.c), the array (flash/h7_array.c), option bytes
 * (flash/h7_options.c), their names (flash/h7_preset.c) and what SYSCFG shows of them
 * (flash/h7_user.c). Section numbers are those of RM0433.
 *
 * What the chip gives: the main flash as the memory `flash_memory`, bank 1 first, each
 * bank of layout.bank_size; the controller shows them at 0x08000000 and 0x08100000 itself.
 * And the memory `information_memory` of FLASH_H7_INFORMATION_SIZE bytes, which is all that
 * has to be kept besides the flash for the controller to be the same again:
 *
 *   0x00000  system memory of bank 1, for a window at 0x1FF00000 (ids at 0x1FF1E800)
 *   0x20000  system memory of bank 2, for a window at 0x1FF40000
 *   0x40000  option cells: per enum flash_h7_option its word, then the complement; a pair
 *            that does not match (so also erased cells) counts as the factory's value
 *   0x40400  a bit per flash word (32 bytes), 0: its ECC does not fit its contents
 *
 * The option cells and the ECC bits are behind no window: nothing on the bus shows them.
 *
 * Left out: that PCROP and secure areas also refuse the loads of a core, that a core meets
 * an ECC error (its reads go straight to the cells), and the CRC unit.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_H7_H
#define TEST_EMULATOR_SOC_FLASH_H7_H

#include "test/emulator/soc/flash/lock.h"
#include "test/emulator/soc/peripheral.h"

#define FLASH_H7_BANK_1_AT        UINT32_C(0x08000000)
#define FLASH_H7_BANK_2_AT        UINT32_C(0x08100000)
#define FLASH_H7_INFORMATION_SIZE KIB(288)

enum { FLASH_H7_BANKS = 2, FLASH_H7_WORD = 32 /* bytes: what is programmed at once */ };

/* Typical device times by parallelism, FLASH_CR.PSIZE: 8, 16, 32, 64 bits. */
struct flash_h7_times {
	uint64_t program_ns[4], erase_sector_ns[4], erase_mass_ns[4];
	uint64_t options_ns;
};

/* chip_place.parameters of a place of flash_h7_type. */
struct flash_h7_layout {
	unsigned banks;     /* 1 or 2 */
	uint32_t bank_size; /* in bytes, a multiple of the sector of 128 KiB */
	bool has_core_2;    /* BCM4, BCM7, IWDG2_SW, FLASH_BOOT4 */
	bool has_optsr2;    /* STM32H72x/73x */
	const struct flash_h7_times *times;
};

/* The data sheets' times, see timing.h. */
extern const struct flash_h7_times flash_h7_times;

/* 4.9.8 FLASH_OPTSR_CUR */
#define FLASH_OPTSR_OPT_BUSY      (UINT32_C(1) << 0)
#define FLASH_OPTSR_IWDG1_SW      (UINT32_C(1) << 4)
#define FLASH_OPTSR_IWDG2_SW      (UINT32_C(1) << 5)
#define FLASH_OPTSR_nRST_STOP_D1  (UINT32_C(1) << 6)
#define FLASH_OPTSR_nRST_STBY_D1  (UINT32_C(1) << 7)
#define FLASH_OPTSR_RDP           (UINT32_C(0xFF) << 8)
#define FLASH_OPTSR_FZ_IWDG_STOP  (UINT32_C(1) << 17)
#define FLASH_OPTSR_FZ_IWDG_SDBY  (UINT32_C(1) << 18)
#define FLASH_OPTSR_SECURITY      (UINT32_C(1) << 21)
#define FLASH_OPTSR_BCM4          (UINT32_C(1) << 22)
#define FLASH_OPTSR_BCM7          (UINT32_C(1) << 23)
#define FLASH_OPTSR_nRST_STOP_D2  (UINT32_C(1) << 24)
#define FLASH_OPTSR_nRST_STBY_D2  (UINT32_C(1) << 25)
#define FLASH_OPTSR_OPTCHANGEERR  (UINT32_C(1) << 30)
#define FLASH_OPTSR_SWAP_BANK_OPT (UINT32_C(1) << 31)

/* The options in force, for the boot logic and for PWR: FLASH_OPTSR_CUR, FLASH_OPTSR2_CUR
 * (0 where there is none). `flash`: a peripheral of flash_h7_type. */
uint32_t flash_h7_optsr(const struct peripheral *flash);
uint32_t flash_h7_optsr2(const struct peripheral *flash);
/* What SYSCFG_UR`n` shows of them, n from 0 to 18. */
uint32_t flash_h7_user_register(const struct peripheral *flash, unsigned n);

#endif /* TEST_EMULATOR_SOC_FLASH_H7_H */
