/* SPDX-License-Identifier: MIT */
/*
 * What the flash controller tells SYSCFG: the options that SYSCFG_UR0 to UR18 show (RM0433
 * Rev 8, 12.3; RM0399 Rev 4, 13.3). Fields and their places: the SYSCFG_URn_ masks of ST's
 * CMSIS headers; that BKS is 1 without a swap and the resets are 1 without a reset: ST's LL
 * driver (LL_SYSCFG_IsFLashBankAddressesSwaped); UR17.TCM_AXI_CFG and UR18: the header of the STM32H735.
 *
 * They read 0 where sources differ or are silent: UR11.IWDG1M and UR12.IWDG2M (1 is
 * "hardware" in ST's LL driver, "software" elsewhere) and UR16.PKP (a private key).
 */
#include "test/emulator/soc/flash/h7_internal.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* `len` bits from bit `from` of an option are at bit `at` of SYSCFG_UR`n`. */
struct user_field {
	uint8_t n, at;
	enum flash_h7_option option;
	uint8_t from, len;
};

static const struct user_field fields[] = {
	{ 0, 16, H7_OPTSR, 8, 8 },   /* RDP */
	{ 2, 0, H7_OPTSR, 2, 2 },    /* BORH: BOR_LEV */
	{ 2, 16, H7_BOOT7, 0, 16 },  /* BOOT_ADD0 */
	{ 3, 0, H7_BOOT7, 16, 16 },  /* BOOT_ADD1 */
	{ 3, 16, H7_BOOT4, 0, 16 },  /* BCM4_ADD0 */
	{ 4, 0, H7_BOOT4, 16, 16 },  /* BCM4_ADD1 */
	{ 4, 16, H7_PRAR1, 31, 1 },  /* MEPAD_1: DMEP */
	{ 5, 0, H7_SCAR1, 31, 1 },   /* MESAD_1: DMES */
	{ 5, 16, H7_WPSN1, 0, 8 },   /* WRPN_1 */
	{ 6, 0, H7_PRAR1, 0, 12 },   /* PA_BEG_1 */
	{ 6, 16, H7_PRAR1, 16, 12 }, /* PA_END_1 */
	{ 7, 0, H7_SCAR1, 0, 12 },   /* SA_BEG_1 */
	{ 7, 16, H7_SCAR1, 16, 12 }, /* SA_END_1 */
	{ 8, 0, H7_PRAR2, 31, 1 },   /* MEPAD_2 */
	{ 8, 16, H7_SCAR2, 31, 1 },  /* MESAD_2 */
	{ 9, 0, H7_WPSN2, 0, 8 },    /* WRPN_2 */
	{ 9, 16, H7_PRAR2, 0, 12 },  /* PA_BEG_2 */
	{ 10, 0, H7_PRAR2, 16, 12 }, /* PA_END_2 */
	{ 10, 16, H7_SCAR2, 0, 12 }, /* SA_BEG_2 */
	{ 11, 0, H7_SCAR2, 16, 12 }, /* SA_END_2 */
	{ 12, 16, H7_OPTSR, 21, 1 }, /* SECURE: SECURITY */
	{ 13, 0, H7_OPTSR, 19, 2 },  /* SDRS: ST_RAM_SIZE */
	{ 13, 16, H7_OPTSR, 7, 1 },  /* D1SBRST */
	{ 14, 0, H7_OPTSR, 6, 1 },   /* D1STPRST */
	{ 15, 16, H7_OPTSR, 18, 1 }, /* FZIWDGSTB */
	{ 16, 0, H7_OPTSR, 17, 1 },  /* FZIWDGSTP */
	{ 17, 0, H7_OPTSR, 29, 1 },  /* IO_HSLV */
	{ 17, 16, H7_OPTSR2, 0, 2 }, /* TCM_AXI_CFG */
	{ 18, 0, H7_OPTSR2, 2, 1 },  /* CPU_FREQ_BOOST */
};

static const struct user_field core_2_fields[] = {
	{ 1, 0, H7_OPTSR, 22, 1 },   /* BCM4 */
	{ 1, 16, H7_OPTSR, 23, 1 },  /* BCM7 */
	{ 14, 16, H7_OPTSR, 25, 1 }, /* D2SBRST */
	{ 15, 0, H7_OPTSR, 24, 1 },  /* D2STPRST */
};

static uint32_t
fields_of(const struct flash_h7 *flash, unsigned n, const struct user_field *of,
	  unsigned len)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < len; i++)
		if (of[i].n == n && flash_h7_has_option(flash, of[i].option))
			value |= (flash->loaded[of[i].option] >> of[i].from &
				  ((UINT32_C(1) << of[i].len) - 1))
				 << of[i].at;
	return value;
}

uint32_t
flash_h7_user_register(const struct peripheral *peripheral, unsigned n)
{
	const struct flash_h7 *flash =
		CONST_CONTAINER_OF(peripheral, struct flash_h7, base);
	uint32_t value = fields_of(flash, n, fields, LEN(fields));

	if (flash->layout->has_core_2)
		value |= fields_of(flash, n, core_2_fields, LEN(core_2_fields));
	if (n == 0 && flash_h7_banks(flash) == FLASH_H7_BANKS && !flash->is_swapped)
		value |= 1; /* BKS */
	return value;
}
