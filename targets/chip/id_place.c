/* SPDX-License-Identifier: MIT */
#include "targets/chip/id_place.h"

#include "transport/base/bytes.h"

#include <assert.h>

/* AP0 nearly everywhere; AP1 on H5, H7RS, N6, WBA and C5, whose AP0 has no core; AP3 is the
 * Cortex-M4 of an H745, AP2 that of an MP15, AP8 the Cortex-M33 of an MP25. */
const uint32_t core_ports[CORE_PORTS] = { 0, 1, 3, 2, 8 };

/* A register that is none of DBGMCU's may lie there on a family not thought of: the cores
 * keep the addresses of one family from the others. */
static const struct id_place_entry places[ID_PLACES] = {
	[ID_AP0_E0042000] = { ID_IN_DBGMCU,
			      0,
			      0xe0042000,
			      { CORTEX_M3, CORTEX_M4, CORTEX_M7 },
			      "RM0008 Rev 21, 31.6.1; RM0440 Rev 8, 47.6.1" },
	[ID_AP0_40015800] = { ID_IN_DBGMCU,
			      0,
			      0x40015800,
			      { CORTEX_M0, CORTEX_M0P },
			      "RM0091 Rev 9, 32.4.1; ST's stm32g071xx.h, DBG_BASE" },
	[ID_AP0_E0044000] = { ID_IN_DBGMCU,
			      0,
			      0xe0044000,
			      { CORTEX_M33 },
			      "RM0456 Rev 6, DBGMCU; RM0438, DBGMCU" },
	[ID_AP1_44024000] = { ID_IN_DBGMCU,
			      1,
			      0x44024000,
			      { CORTEX_M33 },
			      "ST's stm32h563xx.h, DBGMCU_BASE" },
	[ID_AP1_E0044000] = { ID_IN_DBGMCU,
			      1,
			      0xe0044000,
			      { CORTEX_M33 },
			      "ST's stm32wba55xx.h, DBGMCU_BASE" },
	[ID_AP0_E00E4000] = { ID_IN_DBGMCU,
			      0,
			      0xe00e4000,
			      { CORTEX_M33 },
			      "openocd, stm32c5x.cfg of ST's fork" },
	/* Answers in reset too, and while the core's bus has no clock. */
	[ID_AP2_E00E1000] = { ID_IN_DBGMCU,
			      2,
			      0xe00e1000,
			      { CORTEX_M7, CORTEX_M4 },
			      "RM0399 Rev 3, 63.5.8" },
	[ID_AP0_5C001000] = { ID_IN_DBGMCU,
			      0,
			      0x5c001000,
			      { CORTEX_M7 },
			      "RM0399 Rev 3, 63.5.8" },
	[ID_AP1_5C001000] = { ID_IN_DBGMCU,
			      1,
			      0x5c001000,
			      { CORTEX_M7 },
			      "ST's stm32h7s7xx.h, DBGMCU_BASE" },
	[ID_AP0_44001000] = { ID_IN_DBGMCU,
			      0,
			      0x44001000,
			      { CORTEX_M55 },
			      "openocd, stm32n6x.cfg" },
	[ID_AP1_E0081000] = { ID_IN_DBGMCU,
			      1,
			      0xe0081000,
			      { CORTEX_M4 },
			      "openocd, stm32mp15x.cfg" },
	[ID_TARGETID] = { ID_IN_TARGETID, 0, 0, { 0 }, "IHI 0031G B2.2.11" },
	/* A WB0 has no DBGMCU. */
	[ID_AP0_ROM_TABLE] = { ID_IN_ROM_TABLE,
			       0,
			       0,
			       { CORTEX_M0P },
			       "IHI 0031G D3, PIDR" },
};

const struct id_place_entry *
id_place_entry(enum id_place place)
{
	assert(place > ID_NOWHERE && place < ID_PLACES);
	return &places[place];
}

bool
id_place_suits(enum id_place place, uint16_t core)
{
	const struct id_place_entry *entry = id_place_entry(place);

	for (size_t i = 0; i < ID_PLACE_MAX_CORES && entry->cores[i] != 0; i++)
		if (entry->cores[i] == core)
			return true;
	return entry->cores[0] == 0;
}

/* TDESIGNER is ST's (0x020 with the RAO bit), TPARTNO 27:12 is DEV_ID times 16 on every part
 * that was seen; RM0438 has an L5's without the shift. */
static uint16_t
targetid_dev_id(uint32_t word)
{
	enum { DESIGNER = 0xfff, DESIGNER_ST = 0x041 };
	uint32_t part = word >> 12 & 0xffff;

	if ((word & DESIGNER) != DESIGNER_ST)
		return 0;
	return (uint16_t)((part & 0xf) == 0 ? part >> 4 : part & 0xfff);
}

/* Bits 15:12 of DBGMCU_IDCODE are reserved and read as 6 on many parts. */
uint16_t
id_place_dev_id(enum id_place place, uint32_t word)
{
	switch (id_place_entry(place)->kind) {
	case ID_IN_TARGETID:
		return targetid_dev_id(word);
	case ID_IN_DBGMCU:
	case ID_IN_ROM_TABLE:
		return (uint16_t)(word & 0xfff);
	}
	return 0;
}
