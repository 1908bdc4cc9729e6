/* SPDX-License-Identifier: MIT */
/*
 * JEP106 codes: JEDEC JEP106BH. The signatures: Black Magic Debug (its target support for GD32F1,
 * GD32F4, CH32F1, STM32F1 and AT32F4, and its table of designers), OpenOCD (the stm32f1x and artery
 * flash drivers, target files gd32e23x and at32), and the issues that rows name.
 */
#include "targets/chip/clone.h"

#include "transport/adi/rom_table.h"
#include "transport/base/text.h"

#include <string.h>

enum {
	JEP106_GIGADEVICE = 0x3d1, /* 0x51 behind seven continuations */
	JEP106_ARM_CHINA = 0x575,  /* 0x75 behind ten */
	JEP106_U = 0x055,          /* a legacy code, without its JEP106 bit */
	JEP106_CS = 0x2d5          /* 0x55 behind five, as Black Magic Debug has it */
};

/* CPUID: all of it, or the part number alone. */
#define CORE(cpuid_)                 \
	{                            \
		0xffffffff, (cpuid_) \
	}
#define KIND(kind_)                                \
	{                                          \
		0x0000fff0, (uint32_t)(kind_) << 4 \
	}
#define M3_R2P1 CORE(0x412fc231)
enum { CORTEX_M23 = 0xd20 };

/* SW-DP of Cortex-M3 r2p1 and M4: ST's F1 is an r1p1 with 0x1ba01477. */
#define DP_M3_R2                       \
	{                              \
		0xffffffff, 0x2ba01477 \
	}
#define DP_M0P                         \
	{                              \
		0xffffffff, 0x0bc11477 \
	}
#define DP_F1                          \
	{                              \
		0xffffffff, 0x1ba01477 \
	}

#define REVISION(rev_)                             \
	{                                          \
		0xffff0000, (uint32_t)(rev_) << 16 \
	}
#define SERIES(word_)                               \
	{                                           \
		0xffff0000, (uint32_t)(word_) << 16 \
	}

#define GIGADEVICE(name_, kind_, ...)                                              \
	{                                                                          \
		.name = (name_), .source = "Black Magic Debug, GD32F1 and GD32F4", \
		.cpuid = KIND(kind_), .designer = JEP106_GIGADEVICE, __VA_ARGS__   \
	}
/* GD32F10x User Manual Rev 2.6, 2.3.1, GD32F30x 2.3.1: from 512 KiB on the pages have 4 KiB. */
#define PAGES_OF_GD32 .has_ram_kib = true, .pages_until_kib = 512, .copies = "STM32F1"

#define ARTERY(name_, series_)                                                             \
	{                                                                                  \
		.name = (name_),                                                           \
		.source = "OpenOCD, AT32 targets and flash driver artery", .dpidr = DP_F1, \
		.cpuid = KIND(CORTEX_M4), .idcode = SERIES(series_),                       \
		.designer = JEP106_ARM, .part = 0x4c4                                      \
	}

const struct clone clones[] = {
	GIGADEVICE("GD32F103 (GigaDevice)", CORTEX_M3, .idcode = REVISION(0x1303),
		   PAGES_OF_GD32),
	GIGADEVICE("GD32F1 (GigaDevice)", CORTEX_M3, PAGES_OF_GD32),
	GIGADEVICE("GD32F30x (GigaDevice)", CORTEX_M4, PAGES_OF_GD32),
	GIGADEVICE("GD32F450 (GigaDevice)", CORTEX_M4, .part = 0x2b3),
	GIGADEVICE("GD32F470 (GigaDevice)", CORTEX_M4, .part = 0xa2e),
	GIGADEVICE("GD32F405 (GigaDevice)", CORTEX_M4, .part = 0xfa4),
	GIGADEVICE("GD32E50x (GigaDevice)", CORTEX_M33,
		   .flash_differs = "its pages have 8 KiB"),
	{ .name = "GD32 (GigaDevice)",
	  .source = "JEP106BH",
	  .designer = JEP106_GIGADEVICE },
	/* Its ROM table is Arm's. */
	{ .name = "GD32E23x (GigaDevice)",
	  .source = "OpenOCD, target gd32e23x; Black Magic Debug, GD32F1",
	  .dpidr = { 0xffffffff, 0x0bf11477 },
	  .cpuid = KIND(CORTEX_M23),
	  .designer = JEP106_ARM,
	  .part = 0x4cb },
	{ .name = "CH32F103 (WCH)",
	  .source = "Black Magic Debug, CH32F1",
	  .dpidr = DP_M3_R2,
	  .cpuid = KIND(CORTEX_M3),
	  .idcode = { 0xffff0fff, 0x20000410 },
	  .designer = JEP106_ARM,
	  .part = 0x4c3,
	  .copies = "STM32F1" },
	/* What tells these apart is which bits of RCC_AHBENR can be set, and a server does not try. */
	{ .name = "copy of an STM32F1 (APM32F103, CKS32F103 or CS32F103)",
	  .source = "stlink issue 756; Black Magic Debug issue 1200 and STM32F1",
	  .dpidr = DP_M3_R2,
	  .cpuid = M3_R2P1,
	  .designer = JEP106_ARM,
	  .part = 0x4c3,
	  .copies = "STM32F1" },
	{ .name = "copy of an STM32F1 (CKS32F103 or CS32F103)",
	  .source = "Black Magic Debug, STM32F1",
	  .designer = JEP106_CS,
	  .copies = "STM32F1" },
	{ .name = "copy of an STM32F1 (HK32F103 or CS32F103)",
	  .source = "a posted log of an HK32F103 (blaatschaap.be); Black Magic Debug, "
		    "table of designers",
	  .designer = JEP106_U,
	  .copies = "STM32F1" },
	{ .name = "copy of an STM32F1 (its core is not ST's r1p1)",
	  .source = "Black Magic Debug, STM32F1; RM0008 31.1",
	  .dpidr = DP_M3_R2,
	  .copies = "STM32F1" },
	ARTERY("AT32F403A or AT32F407 (Artery)", 0x7005),
	ARTERY("AT32F413 or AT32F415 (Artery)", 0x7003),
	ARTERY("AT32F421 (Artery)", 0x5001),
	ARTERY("AT32F421 (Artery)", 0x5002),
	ARTERY("AT32F425 (Artery)", 0x5009),
	ARTERY("AT32F435 or AT32F437 (Artery)", 0x7008),
	ARTERY("AT32F423 (Artery)", 0x700a),
	{ .name = "PY32F0 (Puya)",
	  .source = "Black Magic Debug, Puya",
	  .cpuid = CORE(0x410cc601),
	  .idcode = { 0xffffffff, 0x60001000 },
	  .designer = JEP106_ARM,
	  .part = 0x4c0 },
	{ .name = "PY32F0 (Puya)",
	  .source = "Black Magic Debug, Puya",
	  .cpuid = CORE(0x410cc601),
	  .idcode = { 0xffffffff, 0x06188061 },
	  .designer = JEP106_ARM,
	  .part = 0x4c0 },
	/* ST's F0 is a Cortex-M0 (RM0091 32.1). */
	{ .name = "copy of an STM32F0 (as APM32F0) with a Cortex-M0+",
	  .source = "Black Magic Debug issue 2020; RM0091 Rev 9, 32",
	  .dpidr = DP_M0P,
	  .cpuid = KIND(CORTEX_M0P),
	  .copies = "STM32F0" },
	{ .name = "MM32 (MindMotion)",
	  .source = "Black Magic Debug, MM32",
	  .designer = JEP106_ARM_CHINA },
	{ 0 },
};

/* Of a maker that no row has. */
static const struct clone by_another = { .name = "chip of another maker",
					 .source = "IHI 0029E B2.2, PIDR1, PIDR2, PIDR4" };

static bool
word_fits(const struct word_test *test, uint32_t word)
{
	return (word & test->mask) == test->value;
}

static bool
copies(const struct clone *clone, const struct device *device)
{
	return clone->copies == NULL ||
	       (device != NULL && text_begins(device->name, clone->copies));
}

static bool
fits(const struct clone *clone, const struct clone_evidence *seen)
{
	return word_fits(&clone->dpidr, seen->dpidr) &&
	       word_fits(&clone->cpuid, seen->cpuid) &&
	       word_fits(&clone->idcode, seen->idcode) &&
	       (clone->designer == 0 || clone->designer == seen->designer) &&
	       (clone->part == 0 || clone->part == seen->part) &&
	       copies(clone, seen->device);
}

/* ST signs its ROM tables; Arm's say nothing about who made the chip. */
const struct clone *
clone_find(const struct clone_evidence *seen)
{
	if (seen->designer == JEP106_ST)
		return NULL;
	for (const struct clone *clone = clones; clone->name != NULL; clone++)
		if (fits(clone, seen))
			return clone;
	return seen->designer != JEP106_ARM && seen->designer != 0 ? &by_another : NULL;
}
