/* SPDX-License-Identifier: MIT */
#include "test/emulator/board.h"

#include <string.h>

/* A board as the data sheet's figure "Recommended NRST pin protection" has it: 100 nF,
 * the internal 40 kOhm and nothing else. The driver is an ST-LINK's open-drain output
 * through its series resistor: assumption. */
#define CUSTOM_WIRING                                                          \
	{                                                                      \
		.vdd_volts = 3.3, .vapp_volts = 3.3, .nrst_pull_up_ohm = 40e3, \
		.nrst_capacitor_farad = 100e-9, .nrst_driver_ohm = 100         \
	}

/* Blue Pill as its schematic is published (stm32-base.org): NRST has 10 kOhm beside the
 * internal 40 kOhm, and 100 nF. Its header has no NRST: to connect under reset a wire goes
 * to the R pin, as here. */
#define BLUEPILL_WIRING                                                       \
	{                                                                     \
		.vdd_volts = 3.3, .vapp_volts = 3.3, .nrst_pull_up_ohm = 8e3, \
		.nrst_capacitor_farad = 100e-9, .nrst_driver_ohm = 100        \
	}

/* NUCLEO-H743ZI2, NUCLEO-H745ZI-Q and -H755ZI-Q, STM32H735G-DK as their schematics (MB1364,
 * MB1363, MB1520) have it: 100 nF at NRST, and what feeds the cores. */
#define H7_WIRING(supply)                                                      \
	{                                                                      \
		.vdd_volts = 3.3, .vapp_volts = 3.3, .nrst_pull_up_ohm = 40e3, \
		.nrst_capacitor_farad = 100e-9, .nrst_driver_ohm = 100,        \
		.core_supply = (supply)                                        \
	}

const struct board_entry board_table[] = {
	{
		.name = "g473-custom",
		.chip = "STM32G473VB",
		.probe = "stlink-v2-1",
		.wiring = CUSTOM_WIRING,
		.source = "report: STM32G473VBT6 on a board of its owner's, ST-LINK/V2-1 "
			  "V2J37M26; wiring by DS12712",
	},
	{
		.name = "g473-custom-512k",
		.chip = "STM32G473VE",
		.probe = "stlink-v2-1",
		.wiring = CUSTOM_WIRING,
		.source = "g473-custom with the larger part: assumption",
	},
	{
		.name = "l476rg-custom",
		.chip = "STM32L476RG",
		.probe = "stlink-v3mini",
		.wiring = CUSTOM_WIRING,
		.source = "report: STM32L476RG on a board of its owner's, STLINK-V3MINI; "
			  "wiring by DS10198",
	},
	{
		.name = "nucleo-u575zi-q",
		.chip = "STM32U575ZI",
		.probe = "stlink-v3e",
		.wiring = CUSTOM_WIRING,
		.source = "NUCLEO-U575ZI-Q, MB1549; NRST with 100 nF as in the data sheet: "
			  "assumption",
	},
	{
		.name = "nucleo-h563zi",
		.chip = "STM32H563ZI",
		.probe = "stlink-v3e",
		.wiring = CUSTOM_WIRING,
		.source = "NUCLEO-H563ZI, MB1404 (UM3115); its STLINK-V3EC as a V3E, NRST "
			  "with "
			  "100 nF as in the data sheet: assumptions",
	},
	{
		.name = "bluepill-f103",
		.chip = "STM32F103CB",
		.probe = "stlink-v2",
		.wiring = BLUEPILL_WIRING,
		.source = "Blue Pill schematic; series resistance of the probe: assumption",
	},
	{
		.name = "f410-custom",
		.chip = "STM32F410RB",
		.probe = "stlink-v2",
		.wiring = CUSTOM_WIRING,
		.source =
			"report: STM32F410RB on a board of its owner's, ST-LINK/V2; wiring "
			"by DS11144",
	},
	{
		.name = "steval-esc001v1",
		.chip = "STM32F303CB",
		.probe = "stlink-v2-isol",
		.wiring = CUSTOM_WIRING,
		.source =
			"report: STEVAL-ESC001V1 on an ST-LINK/V2-ISOL; wiring by DS9118: "
			"assumption",
	},
	{
		.name = "nucleo-h743zi2",
		.chip = "STM32H743ZI",
		.probe = "stlink-v3e",
		.wiring = H7_WIRING(CORE_SUPPLY_LDO),
		.source = "MB1364 schematic; series resistance of the probe: assumption",
	},
	{
		.name = "nucleo-h745zi-q",
		.chip = "STM32H745ZI",
		.probe = "stlink-v3e",
		.wiring = H7_WIRING(CORE_SUPPLY_SMPS),
		.source = "MB1363 schematic; series resistance of the probe: assumption",
	},
	{
		.name = "nucleo-h755zi-q",
		.chip = "STM32H755ZI",
		.probe = "stlink-v3e",
		.wiring = H7_WIRING(CORE_SUPPLY_SMPS),
		.source = "MB1363 schematic; series resistance of the probe: assumption",
	},
	{
		.name = "stm32h735g-dk",
		.chip = "STM32H735IG",
		.probe = "stlink-v3e",
		.wiring = H7_WIRING(CORE_SUPPLY_SMPS),
		.source = "MB1520 schematic; series resistance of the probe: assumption",
	},
	{
		.name = "nucleo-g071rb",
		.chip = "STM32G071RB",
		.probe = "stlink-v2-1",
		.wiring = CUSTOM_WIRING,
		.source = "NUCLEO-G071RB, MB1360; NRST with 100 nF as in the data sheet: "
			  "assumption",
	},
};
const unsigned board_table_len = sizeof(board_table) / sizeof(board_table[0]);

const struct board_entry *
board_find(const char *name)
{
	for (unsigned i = 0; i < board_table_len; i++)
		if (!strcmp(board_table[i].name, name))
			return &board_table[i];
	return NULL;
}
