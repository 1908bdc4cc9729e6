/* SPDX-License-Identifier: MIT */
/*
 * timing.h - every figure of device time and frequency that the chips use.
 *
 * Each has its source or the word "assumption". Typical values were taken where
 * a data sheet gives a range.
 */
#ifndef TEST_EMULATOR_SOC_TIMING_H
#define TEST_EMULATOR_SOC_TIMING_H

#include <stdint.h>

#define NS_PER_S UINT64_C(1000000000)

/* One instruction is one cycle (cpu.h): assumption. */

/* DS12712, "Supply current characteristics": 170 uA/MHz and less from flash in run mode, 3.5 mA
 * to program or erase flash. That of a chip in reset, and that one figure serves for all
 * chips: assumptions. */
#define SOC_AMPS_PER_HZ 170e-12
#define SOC_FLASH_AMPS  3.5e-3
#define SOC_RESET_AMPS  0.3e-3

/* STM32G473 data sheet DS12712, "Flash memory characteristics", typical. */
#define G4_FLASH_PROGRAM_NS     UINT64_C(81700)    /* tprog, one double word */
#define G4_FLASH_PROGRAM_ROW_NS UINT64_C(1910000)  /* tprog_row, fast programming */
#define G4_FLASH_ERASE_PAGE_NS  UINT64_C(22020000) /* tERASE */
#define G4_FLASH_ERASE_MASS_NS  UINT64_C(22130000) /* tME, one bank or both */
/* An option page is erased and its eleven double words are programmed: assumption. */
#define G4_OPTION_WORDS     UINT64_C(11)
#define G4_FLASH_OPTIONS_NS (G4_FLASH_ERASE_PAGE_NS + G4_OPTION_WORDS * G4_FLASH_PROGRAM_NS)

/* STM32L476xx data sheet DS10198, "Flash memory characteristics", typical; of
 * tprog_row the fast one. */
#define L4_FLASH_PROGRAM_NS     UINT64_C(81690)
#define L4_FLASH_PROGRAM_ROW_NS UINT64_C(1910000)
#define L4_FLASH_ERASE_PAGE_NS  UINT64_C(22020000)
#define L4_FLASH_ERASE_MASS_NS  UINT64_C(22130000)
/* Two option pages are erased, their nine double words are programmed: assumption. */
#define L4_OPTION_WORDS     UINT64_C(9)
#define L4_FLASH_OPTIONS_NS (L4_FLASH_ERASE_PAGE_NS + L4_OPTION_WORDS * L4_FLASH_PROGRAM_NS)

/* DS10198, "Internal/External clock source characteristics", typical start-up; MSI at
 * 4 MHz. What is not said there is as in G4: assumption. */
#define L4_MSI_START_NS   UINT64_C(3000)
#define L4_HSI16_HZ       UINT32_C(16000000)
#define L4_HSI16_START_NS UINT64_C(800)
#define L4_HSE_HZ         UINT32_C(8000000) /* crystal of the board: assumption */
#define L4_HSE_START_NS   UINT64_C(2000000)
#define L4_PLL_LOCK_NS    UINT64_C(15000)
#define L4_LSI_HZ         UINT32_C(32000)
#define L4_LSI_START_NS   UINT64_C(80000)
#define L4_LSE_START_NS   UINT64_C(2000000000)

/* DS10198, "Embedded reset and power control block": tRSTTEMPO, typical. */
#define L4_POWER_ON_RESET_NS UINT64_C(250000)

/* STM32U575xx data sheet DS13737, "Internal/External clock source characteristics",
 * typical start-up; where that is not at hand, as in L4: assumption. */
#define U5_MSI_START_NS   UINT64_C(5000)
#define U5_HSI16_HZ       UINT32_C(16000000)
#define U5_HSI16_START_NS UINT64_C(2500)
#define U5_HSI48_START_NS UINT64_C(4000)
#define U5_HSE_HZ         UINT32_C(16000000) /* crystal of the Nucleo, X3: MB1549 */
#define U5_HSE_START_NS   UINT64_C(2000000)
#define U5_PLL_LOCK_NS    UINT64_C(50000)
#define U5_LSI_HZ         UINT32_C(32000)
#define U5_LSI_START_NS   UINT64_C(230000)
#define U5_LSE_START_NS   UINT64_C(2000000000)

/* DS13737, "Embedded reset and power control block": tRSTTEMPO: assumption. */
#define U5_POWER_ON_RESET_NS UINT64_C(900000)

/* DS12712, "Internal/External clock source characteristics", typical start-up. */
#define G4_HSI16_HZ       UINT32_C(16000000)
#define G4_HSI16_START_NS UINT64_C(800)
#define G4_HSE_HZ         UINT32_C(8000000) /* crystal of the board: assumption */
#define G4_HSE_START_NS   UINT64_C(2000000)
#define G4_PLL_LOCK_NS    UINT64_C(15000)
#define G4_LSI_HZ         UINT32_C(32000)
#define G4_LSI_START_NS   UINT64_C(80000)
#define G4_LSE_START_NS   UINT64_C(2000000000)
#define G4_HSI48_START_NS UINT64_C(2500)

/* DS12712, "Embedded reset and power control block": tRSTTEMPO, typical. */
#define G4_POWER_ON_RESET_NS UINT64_C(250000)

/* STM32G071x8/xB data sheet DS12232, "Flash memory characteristics", typical: tprog of a double
 * word 85 us and tERASE 22 ms as in that of the STM32G030; the rest is from memory, so an
 * assumption. */
#define G0_FLASH_PROGRAM_NS     UINT64_C(85000)
#define G0_FLASH_PROGRAM_ROW_NS UINT64_C(1700000)
#define G0_FLASH_ERASE_PAGE_NS  UINT64_C(22000000)
#define G0_FLASH_ERASE_MASS_NS  UINT64_C(22100000)
/* The option page is erased and its eight double words are programmed: assumption. */
#define G0_OPTION_WORDS     UINT64_C(8)
#define G0_FLASH_OPTIONS_NS (G0_FLASH_ERASE_PAGE_NS + G0_OPTION_WORDS * G0_FLASH_PROGRAM_NS)

/* DS12232, "Internal/External clock source characteristics", typical start-up: as in G4, whose
 * oscillators these are by assumption; so is tRSTTEMPO. NUCLEO-G071RB comes without a crystal for
 * HSE (MB1360): 8 MHz is an assumption. */
#define G0_HSI16_HZ          UINT32_C(16000000)
#define G0_HSI16_START_NS    UINT64_C(800)
#define G0_HSE_HZ            UINT32_C(8000000)
#define G0_HSE_START_NS      UINT64_C(2000000)
#define G0_PLL_LOCK_NS       UINT64_C(15000)
#define G0_LSI_HZ            UINT32_C(32000)
#define G0_LSI_START_NS      UINT64_C(80000)
#define G0_LSE_HZ            UINT32_C(32768)
#define G0_LSE_START_NS      UINT64_C(2000000000)
#define G0_POWER_ON_RESET_NS UINT64_C(250000)

/* STM32F103x8/xB data sheet DS5319, "Flash memory characteristics": tprog typical; of
 * tERASE and tME only 20 to 40 ms are given, this is the middle. */
#define F1_FLASH_PROGRAM_NS    UINT64_C(52500)
#define F1_FLASH_ERASE_PAGE_NS UINT64_C(30000000)
#define F1_FLASH_ERASE_MASS_NS UINT64_C(30000000)

/* DS5319, "External/Internal clock source characteristics", "PLL characteristics": typical
 * start-up; of the PLL's lock time the maximum, which is all there is. */
#define F1_HSI_HZ       UINT32_C(8000000)
#define F1_HSI_START_NS UINT64_C(1000)
#define F1_HSE_HZ       UINT32_C(8000000) /* crystal of the board */
#define F1_HSE_START_NS UINT64_C(2000000)
#define F1_PLL_LOCK_NS  UINT64_C(200000)
#define F1_LSI_HZ       UINT32_C(40000)
#define F1_LSI_START_NS UINT64_C(85000)
#define F1_LSE_START_NS UINT64_C(3000000000)

/* STM32F410 data sheet DS11144, "Flash memory programming", typical; those of mass erase are
 * of DS10086, the STM32F401xB/xC with the same cells: assumption. */
#define F4_FLASH_PROGRAM_NS  UINT64_C(16000)
#define F4_ERASE_16K_X8_NS   UINT64_C(400000000)
#define F4_ERASE_16K_X16_NS  UINT64_C(300000000)
#define F4_ERASE_16K_X32_NS  UINT64_C(250000000)
#define F4_ERASE_64K_X8_NS   UINT64_C(1200000000)
#define F4_ERASE_64K_X16_NS  UINT64_C(700000000)
#define F4_ERASE_64K_X32_NS  UINT64_C(550000000)
#define F4_ERASE_MASS_X8_NS  UINT64_C(2000000000)
#define F4_ERASE_MASS_X16_NS UINT64_C(1300000000)
#define F4_ERASE_MASS_X32_NS UINT64_C(1000000000)
/* Option bytes are in a sector of their own, taken for a small one: assumption. */
#define F4_FLASH_OPTIONS_NS F4_ERASE_16K_X8_NS

/* DS11144, clock source characteristics: typical, of the PLL's lock time the maximum for
 * 100 MHz. The crystal: assumption. */
#define F4_HSI_HZ       UINT32_C(16000000)
#define F4_HSI_START_NS UINT64_C(2200)
#define F4_HSE_HZ       UINT32_C(8000000)
#define F4_HSE_START_NS UINT64_C(2000000)
#define F4_PLL_LOCK_NS  UINT64_C(200000)
#define F4_LSI_HZ       UINT32_C(32000)
#define F4_LSI_START_NS UINT64_C(15000)
#define F4_LSE_START_NS UINT64_C(2000000000)

/* DS11144, "Embedded reset and power control block": tRSTTEMPO, typical. */
#define F4_POWER_ON_RESET_NS UINT64_C(1500000)

/* DS5319, "Embedded reset and power control block": tRSTTEMPO, typical. */
#define F1_POWER_ON_RESET_NS UINT64_C(2500000)

/* STM32H743, H745 and H735 data sheets DS12110, DS12930, DS13312, "Flash memory
 * programming": typical, for a program and erase parallelism of 8, 16, 32 and 64 bits. Looked
 * up elsewhere: a sector in 1.1 s by 32 bits (ST's answer in its community, 734674), below 1 s
 * by 64 and below 2 s by 8 bits (Chromium EC's flash-stm32h7.c); the rest is from memory, so
 * an assumption. */
#define H7_FLASH_PROGRAM_NS                                                            \
	{                                                                              \
		UINT64_C(290000), UINT64_C(180000), UINT64_C(130000), UINT64_C(100000) \
	}
#define H7_FLASH_ERASE_SECTOR_NS                                                  \
	{                                                                         \
		UINT64_C(2000000000), UINT64_C(1800000000), UINT64_C(1100000000), \
			UINT64_C(1000000000)                                      \
	}
#define H7_FLASH_ERASE_MASS_NS                                                     \
	{                                                                          \
		UINT64_C(13000000000), UINT64_C(8000000000), UINT64_C(6000000000), \
			UINT64_C(5000000000)                                       \
	}
/* Not in the data sheets; measured as about this by Chromium EC's flash-stm32h7.c. */
#define H7_FLASH_OPTIONS_NS UINT64_C(300000000)

/* STM32H743xI data sheet DS12110, "Internal/External clock source characteristics", "PLL
 * characteristics": typical; the crystal's start-up and the PLL's lock time as there. */
#define H7_HSI_HZ         UINT32_C(64000000)
#define H7_HSI_START_NS   UINT64_C(1400)
#define H7_CSI_HZ         UINT32_C(4000000)
#define H7_CSI_START_NS   UINT64_C(1000)
#define H7_HSI48_START_NS UINT64_C(2100)
#define H7_HSE_START_NS   UINT64_C(2000000)
#define H7_PLL_LOCK_NS    UINT64_C(50000)
#define H7_LSI_HZ         UINT32_C(32000)
#define H7_LSI_START_NS   UINT64_C(80000)
#define H7_LSE_START_NS   UINT64_C(2000000000)
/* DS12110, "Embedded reset and power control block": tRSTTEMPO, typical. */
#define H7_POWER_ON_RESET_NS UINT64_C(377000)
/* VOS reaches a new level, and the regulator its voltage after PWR_CR3 was written:
 * assumption. */
#define H7_VOS_READY_NS UINT64_C(50000)
/* VCORE's capacitors (4.7 uF in all, AN4938) empty through the running chip: assumption. */
#define H7_VCORE_DECAY_NS UINT64_C(100000)

/* STM32U575xx data sheet DS13737, "Flash memory characteristics", typical: one quad-word, a
 * burst of eight, an 8 KiB page, the mass erase of one bank and of both. From memory, so an
 * assumption. */
#define U5_FLASH_PROGRAM_NS       UINT64_C(118000)
#define U5_FLASH_PROGRAM_BURST_NS (8 * UINT64_C(48000))
#define U5_FLASH_ERASE_PAGE_NS    UINT64_C(1500000)
#define U5_FLASH_ERASE_BANK_NS    UINT64_C(195000000)
#define U5_FLASH_ERASE_BOTH_NS    (2 * U5_FLASH_ERASE_BANK_NS)
/* An option page is erased and its twelve quad-words are programmed: assumption. */
#define U5_FLASH_OPTIONS_NS (U5_FLASH_ERASE_PAGE_NS + 12 * U5_FLASH_PROGRAM_NS)

/* STM32H562xx and H563xx data sheet DS14258, "Flash memory characteristics": a quad-word, typical,
 * 100 us: from memory; a sector "5 ms at most" (zephyr's stm32h5.dtsi)
 * and typically 2 ms, a bank and both: from memory, so assumptions. */
#define H5_FLASH_PROGRAM_NS      UINT64_C(100000)
#define H5_FLASH_ERASE_SECTOR_NS UINT64_C(2000000)
#define H5_FLASH_ERASE_BANK_NS   UINT64_C(100000000)
#define H5_FLASH_ERASE_BOTH_NS   (2 * H5_FLASH_ERASE_BANK_NS)
/* An option sector is erased and its fifteen quad-words are programmed: assumption. */
#define H5_FLASH_OPTIONS_NS (H5_FLASH_ERASE_SECTOR_NS + 15 * H5_FLASH_PROGRAM_NS)

/* DS14258, "Internal/External clock source characteristics", typical start-up; where that is not
 * at hand, as in H7: assumption. */
#define H5_HSI_HZ         UINT32_C(64000000)
#define H5_HSI_START_NS   UINT64_C(1400)
#define H5_CSI_HZ         UINT32_C(4000000)
#define H5_CSI_START_NS   UINT64_C(1000)
#define H5_HSI48_START_NS UINT64_C(2100)
#define H5_HSE_HZ         UINT32_C(8000000) /* the ST-LINK's MCO, NUCLEO-H563ZI: UM3115 */
#define H5_HSE_START_NS   UINT64_C(2000000)
#define H5_PLL_LOCK_NS    UINT64_C(50000)
#define H5_LSI_HZ         UINT32_C(32000)
#define H5_LSI_START_NS   UINT64_C(80000)
#define H5_LSE_START_NS   UINT64_C(2000000000)
/* DS14258, "Embedded reset and power control block": tRSTTEMPO: as in H7, assumption. */
#define H5_POWER_ON_RESET_NS UINT64_C(377000)

/* STM32F303xB/C data sheet DS9118, "Flash memory characteristics": tprog typical; of tERASE
 * and tME only 20 to 40 ms are given, this is the middle. Clock sources, typical start-up. */
#define F3_FLASH_PROGRAM_NS    UINT64_C(53500)
#define F3_FLASH_ERASE_PAGE_NS UINT64_C(30000000)
#define F3_FLASH_ERASE_MASS_NS UINT64_C(30000000)
#define F3_HSI_HZ              UINT32_C(8000000)
#define F3_HSI_START_NS        UINT64_C(1000)
#define F3_HSE_HZ              UINT32_C(8000000) /* crystal of the board: assumption */
#define F3_HSE_START_NS        UINT64_C(2000000)
#define F3_PLL_LOCK_NS         UINT64_C(200000)
#define F3_LSI_HZ              UINT32_C(40000)
#define F3_LSI_START_NS        UINT64_C(85000)
#define F3_LSE_START_NS        UINT64_C(2000000000)
#define F3_POWER_ON_RESET_NS   UINT64_C(2500000)

/* MX25LM51245G, typical: a page, 4 KiB, 64 KiB, the chip, the status register. From memory of its
 * data sheet, so an assumption. */
#define MX25LM_PROGRAM_NS    UINT64_C(150000)
#define MX25LM_ERASE_4K_NS   UINT64_C(25000000)
#define MX25LM_ERASE_64K_NS  UINT64_C(220000000)
#define MX25LM_ERASE_CHIP_NS UINT64_C(150000000000)
/* SK25LP128, as its SFDP has it (JESD216B, words 10 and 11); the chip: assumption. */
#define SK25LP_PROGRAM_NS         UINT64_C(200000)
#define SK25LP_ERASE_4K_NS        UINT64_C(48000000)
#define SK25LP_ERASE_64K_NS       UINT64_C(304000000)
#define SK25LP_ERASE_CHIP_NS      UINT64_C(60000000000)
#define SPI_FLASH_WRITE_STATUS_NS UINT64_C(5000000)

/* RM0440 Rev 8, 7.1.2; RM0008 Rev 21, 7.1.1: the pulse generator pulls NRST for at least 20 us. */
#define INTERNAL_RESET_NS UINT64_C(20000)
/* Option bytes are read anew after power-on and OBL_LAUNCH: assumption. */
#define OPTION_LOAD_NS UINT64_C(100000)

/* How far a core that is not stalled runs while the flash is busy before it is asked
 * where it is: it might have entered the busy bank. Assumption. */
#define BUSY_FLASH_SLICE_CYCLES UINT64_C(256)
/* Cores of one chip take turns of this length: assumption. */
#define CORES_TURN_NS UINT64_C(5000)
/* While a halt of one is to halt the others. The interfaces are synchronisers and a matrix of a few
 * cycles each (DDI 0480, 3.10), so that a core is halted well within a microsecond: assumption. */
#define CROSS_TURN_NS UINT64_C(250)
/* No slice is longer, so that products of time and frequency fit 64 bits. */
#define LONGEST_SLICE_NS NS_PER_S

#endif /* TEST_EMULATOR_SOC_TIMING_H */
