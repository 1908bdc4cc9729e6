/* SPDX-License-Identifier: MIT */
/*
 * f4.h - the flash controller of the STM32F410 (RM0401 Rev 3, chapter 3), in three
 * files: registers and roles (flash/f4.c), programming and erasing (flash/f4_array.c),
 * option bytes (flash/f4_options.c).
 */
#ifndef TEST_EMULATOR_SOC_FLASH_F4_H
#define TEST_EMULATOR_SOC_FLASH_F4_H

#include "test/emulator/soc/flash/lock.h"
#include "test/emulator/soc/peripheral.h"

/* 3.8.4 FLASH_SR */
#define FLASH_SR_EOP    BIT(0)
#define FLASH_SR_OPERR  BIT(1)
#define FLASH_SR_WRPERR BIT(4)
#define FLASH_SR_PGAERR BIT(5)
#define FLASH_SR_PGPERR BIT(6)
#define FLASH_SR_PGSERR BIT(7)
#define FLASH_SR_RDERR  BIT(8)
#define FLASH_SR_BSY    BIT(16)
#define FLASH_SR_ERRORS                                                          \
	(FLASH_SR_WRPERR | FLASH_SR_PGAERR | FLASH_SR_PGPERR | FLASH_SR_PGSERR | \
	 FLASH_SR_RDERR)

/* 3.8.5 FLASH_CR */
#define FLASH_CR_PG    BIT(0)
#define FLASH_CR_SER   BIT(1)
#define FLASH_CR_MER   BIT(2)
#define FLASH_CR_SNB   UINT32_C(0x78)
#define FLASH_CR_PSIZE UINT32_C(0x300)
#define FLASH_CR_STRT  BIT(16)
#define FLASH_CR_EOPIE BIT(24)
#define FLASH_CR_ERRIE BIT(25)
#define FLASH_CR_LOCK  BIT(31)
enum { FLASH_CR_SNB_SHIFT = 3, FLASH_CR_PSIZE_SHIFT = 8 };

/* 3.8.6 FLASH_OPTCR */
#define FLASH_OPTCR_OPTLOCK BIT(0)
#define FLASH_OPTCR_OPTSTRT BIT(1)
#define FLASH_OPTCR_WDG_SW  BIT(5)
#define FLASH_OPTCR_RDP     UINT32_C(0xFF00)
#define FLASH_OPTCR_nWRP    UINT32_C(0x001F0000)
#define FLASH_OPTCR_SPRMOD  BIT(31)
enum { FLASH_OPTCR_RDP_SHIFT = 8, FLASH_OPTCR_nWRP_SHIFT = 16 };

#define FLASH_MAIN_AT        UINT32_C(0x08000000)
#define FLASH_INFORMATION_AT UINT32_C(0x1FFF0000)

/* FLASH_CR.PSIZE (3.5.2, table "Program/erase parallelism"). */
enum { FLASH_PSIZES = 4 };

enum flash_f4_operation {
	OPERATION_NONE,
	OPERATION_PROGRAM,
	OPERATION_SECTOR,
	OPERATION_MASS,
	OPERATION_OPTIONS
};

struct flash_f4 {
	struct peripheral base;
	uint8_t *cells;
	uint32_t size;
	uint32_t acr, sr, cr;
	uint32_t optcr;    /* as it reads, but for lock and start */
	uint32_t in_force; /* as it was at the last reset */
	enum flash_lock lock, option_lock;
	/* What is going on. */
	enum flash_f4_operation operation;
	uint64_t began_ns;
	uint32_t operation_at, operation_size, value;
	bool is_weak; /* too little supply for PSIZE */
};

static inline struct flash_f4 *
flash_f4_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct flash_f4, base);
}

static inline const struct flash_f4 *
const_flash_f4_of(const struct peripheral *peripheral)
{
	return CONST_CONTAINER_OF(peripheral, struct flash_f4, base);
}

/* --- flash/f4.c ---------------------------------------------------------------- */

void flash_f4_start(struct flash_f4 *flash, enum flash_f4_operation operation, uint64_t ns);
void flash_f4_error(struct flash_f4 *flash, uint32_t flag);

/* --- flash/f4_array.c ------------------------------------------------------------ */

enum bus_result
flash_f4_store(struct peripheral *peripheral, uint32_t at, unsigned size, uint32_t value);
/* FLASH_CR.STRT was set. */
void flash_f4_erase_start(struct flash_f4 *flash);
/* The operation is over, or was cut off after `done` thousandths of it. */
void flash_f4_array_finish(struct flash_f4 *flash, unsigned done);
void flash_f4_erase_all(struct flash_f4 *flash);
/* Of the one-time programmable bytes or their lock bytes? */
bool flash_f4_is_otp(uint32_t at);
/* The number of the sector at an offset of the main memory. */
unsigned flash_f4_sector(uint32_t offset);

/* --- flash/f4_options.c ------------------------------------------------------------ */

enum flash_level { LEVEL_0, LEVEL_1, LEVEL_2 };
enum flash_level flash_f4_level(const struct flash_f4 *flash);
bool flash_f4_is_write_protected(const struct flash_f4 *flash, unsigned sector);
bool flash_f4_is_read_protected(const struct flash_f4 *flash, unsigned sector); /* PCROP */
void flash_f4_optcr_write(struct flash_f4 *flash, uint32_t value, uint32_t lanes);
uint32_t flash_f4_optcr_read(const struct flash_f4 *flash);
void flash_f4_options_finish(struct flash_f4 *flash);
void flash_f4_options_load(struct peripheral *peripheral);
/* A change was cut short: the sector is erased and not yet programmed. */
void flash_f4_options_cut(struct flash_f4 *flash);
bool flash_f4_preset(struct peripheral *peripheral, const char *name, uint32_t first,
		     uint32_t last);
/* Fresh from the factory: option bytes, ids, boot loader. */
void flash_f4_factory(struct flash_f4 *flash);

#endif /* TEST_EMULATOR_SOC_FLASH_F4_H */
