/* SPDX-License-Identifier: MIT */
/*
 * id_place.h - where an STM32 says what it is: a table of the places ST has used.
 *
 * Which of them may be looked at goes by the core that was found, so that no
 * address is read that means something else on that family. A chip that is in no
 * table is identified by them as well: its DEV_ID is what a person needs to know.
 */
#ifndef TARGETS_CHIP_ID_PLACE_H
#define TARGETS_CHIP_ID_PLACE_H

#include <stdbool.h>
#include <stdint.h>

/* CPUID.PARTNO: Arm, "Cortex-M0 Technical Reference Manual" and its like, chapter 4. */
enum core_kind {
	CORTEX_M0 = 0xc20,
	CORTEX_M3 = 0xc23,
	CORTEX_M4 = 0xc24,
	CORTEX_M7 = 0xc27,
	CORTEX_M0P = 0xc60,
	CORTEX_M33 = 0xd21,
	CORTEX_M55 = 0xd22
};

enum id_kind {
	ID_IN_DBGMCU,   /* DBGMCU_IDCODE: DEV_ID 11:0, REV_ID 31:16 */
	ID_IN_TARGETID, /* TARGETID of a debug port of version 2 (IHI 0031G B2.2.11) */
	ID_IN_ROM_TABLE /* the part number of the port's ROM table, where ST names the chip */
};

/* In the order in which they are looked at. */
enum id_place {
	ID_NOWHERE, /* ends a list */
	ID_AP0_E0042000,
	ID_AP0_40015800,
	ID_AP0_E0044000,
	ID_AP1_44024000,
	ID_AP1_E0044000,
	ID_AP0_E00E4000,
	ID_AP2_E00E1000,
	ID_AP0_5C001000,
	ID_AP1_5C001000,
	ID_AP0_44001000,
	ID_AP1_E0081000,
	ID_TARGETID,
	ID_AP0_ROM_TABLE,
	ID_PLACES
};

enum { ID_PLACE_MAX_CORES = 4 };

struct id_place_entry {
	enum id_kind kind;
	uint32_t ap, at;                    /* of the word; ID_IN_DBGMCU */
	uint16_t cores[ID_PLACE_MAX_CORES]; /* enum core_kind; none: whichever */
	const char *source;
};

const struct id_place_entry *id_place_entry(enum id_place place);
/* Is it a place to look at on a chip with that core (CPUID.PARTNO)? */
bool id_place_suits(enum id_place place, uint16_t core);
/* DEV_ID of the word that was read there; 0 when it cannot be one of an STM32. */
uint16_t id_place_dev_id(enum id_place place, uint32_t word);

/* Ports that cores of STM32s are behind, in the order in which they are tried. */
enum { CORE_PORTS = 5 };
extern const uint32_t core_ports[CORE_PORTS];

#endif /* TARGETS_CHIP_ID_PLACE_H */
