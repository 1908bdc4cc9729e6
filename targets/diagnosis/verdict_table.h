/* SPDX-License-Identifier: MIT */
/*
 * verdict_table.h - facts that mean a finding. A row of VERDICT_TABLE is
 * V(FINDING, CERTAINTY, "what would distinguish it", conditions...).
 *
 * The order is that of domination: without power nothing else can be true, a link that loses
 * bits makes any other fact doubtful, a chip in reset shows nothing of its program. Where two
 * rows of a finding differ in what is known, the certain one comes first.
 *
 * The signatures were gathered from the issue trackers of openocd, pyOCD, probe-rs, stlink
 * and Black Magic Debug and from ST's forum; statuses of a V2 and a V3 for one state of the
 * target differ (probe-rs issue 2910: asleep is 0x14 to a V2, 0x05 to a V3).
 */
#ifndef TARGETS_DIAGNOSIS_VERDICT_TABLE_H
#define TARGETS_DIAGNOSIS_VERDICT_TABLE_H

#define TELL_POWER_CYCLE                                                                   \
	"hold the reset button (or let the probe hold NRST) through a power cycle, which " \
	"tether recover does: a chip whose firmware chose the wrong supply answers then"
#define TELL_RUNNING_SUPPLY                                                       \
	"measure the supply while the program runs: it falls with the program's " \
	"load, or stays as it is"
#define TELL_BUTTON                                                                  \
	"hold the reset button by hand while connecting: where the probe's NRST is " \
	"not wired, a chip whose firmware turns SWD off answers then"
#define TELL_WIRES                                                                  \
	"a CMSIS-DAP probe shows the levels of SWDIO and SWCLK; a continuity test " \
	"of the wires shows the rest"

/* STM32F030 needs 2.4 V (DS9773), STM32F1 and F3 2.0 V (DS5319, DS9118), most others 1.71 V. */
#define TELL_LEAST_SUPPLY                                                                \
	"measure the supply at the chip and see its data sheet: the least is 1.7 V for " \
	"most STM32, 2.0 V for STM32F1 and F3, 2.4 V for STM32F030"

/* Of a chip without supply the protection diodes hold each pin near ground. */
#define TELL_LOW_PINS                                                                  \
	"measure the supply at the chip: without it SWDIO and NRST are low, too, and " \
	"nothing else holds them"
#define TELL_LEVELS                                                                        \
	"use a probe whose levels follow the target's voltage, or lower the clock: wires " \
	"that lose bits lose fewer then"
#define TELL_DIPS                                                                    \
	"look at the supply with an oscilloscope: it dips, or a wire has no steady " \
	"contact"

/* A supply that dips ends transfers as wires do that lose bits. */
#define TELL_SUPPLY                                                                  \
	"measure the supply at the chip, or use a probe that measures it: where it " \
	"dips transfers fail, too"

/* No program runs in reset: what is lost there is lost on the wires, or with the supply. */
#define TELL_IN_RESET                                                                   \
	"tether doctor counts the errors at each clock; an oscilloscope shows whether " \
	"the supply dips"

#define TELL_STARTED                                                                    \
	"let it run (continue): a program that turns SWD off or sleeps is lost again, " \
	"a board that was off is not"

/* Swapped wires answer as open ones do: no port sees a clock in either case. */
#define TELL_SWAP "exchange SWDIO and SWCLK at one end, which harms neither probe nor chip"

/* clang-format off */
/* Some families let a reset by software end although NRST stays high, so that tells nothing. */
#define TELL_NRST \
	"measure NRST at the chip while tether doctor --nrst pulls it, or use a CMSIS-DAP "  \
	"probe, which reads it"
/* Where a reset of its own waits for NRST to be low (RM0440 Rev 8, 7.1.2, IRHEN), a chip whose NRST
 * is driven high stays in it, and looks to an ST-LINK like one whose NRST is held low. */
#define TELL_LEVEL "measure NRST at the chip: it is high where something drives it high"
/* A pull of the probe's own discharges a capacitor: what stays low then may be rising. */
#define TELL_RISE "measure NRST at the chip: what is held stays low, a capacitor lets it rise"
#define VERDICT_TABLE(V) \
	VERDICTS_OF_SUPPLY(V) VERDICTS_OF_LINK(V) VERDICTS_OF_NRST(V) \
	VERDICTS_OF_PROTECTION(V) VERDICTS_OF_FIRMWARE(V) VERDICTS_OF_SILENCE(V) \
	VERDICTS_OF_LESSER_THINGS(V)

#define VERDICTS_OF_SUPPLY(V) \
V(TARGET_WAS_OFF, CERTAIN, NULL, { FACT_SUPPLY_RETURNED, IS, 1 }) \
V(B2, CERTAIN, NULL, { FACT_VOLTAGE_DIPS, IS, 1 }) \
V(B2, CERTAIN, NULL, { FACT_SUPPLY_SAGS, IS, 1 }) \
V(B1, LIKELY, "measure the supply at the chip", \
  { FACT_TARGET_VOLTAGE, BELOW, 201 }, { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS_NOT, 1 }) \
V(B2, LIKELY, "measure the supply at the chip", \
  { FACT_TARGET_VOLTAGE, BELOW, 1650 }, { FACT_TARGET_VOLTAGE, ABOVE, 200 }, \
  { FACT_VAPP_FLOATS, IS_NOT, 1 }, { FACT_ATTACHED, IS, 0 }, \
  { FACT_ANSWERS_IN_RESET, IS_NOT, 1 }) \
V(B3, LIKELY, "measure the supply at the chip: a wire to nothing reads about 1.5 V", \
  { FACT_VAPP_FLOATS, IS, 1 }, { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS_NOT, 1 }) \
V(B2, LIKELY, "measure the supply at the chip: a wire to nothing reads about 1.5 V", \
  { FACT_VAPP_FLOATS, IS, 1 }, { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS_NOT, 1 }) \
V(B17, LIKELY, "look at the probe's case: an ST-LINK/V2-ISOL names itself there, not on USB", \
  { FACT_PROBE_MAY_BE_ISOLATED, IS, 1 }, { FACT_VAPP_FLOATS, IS, 1 }, \
  { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS_NOT, 1 })

#define VERDICTS_OF_LINK(V) \
V(B8, CERTAIN, NULL, \
  { FACT_SWDIO, IS, 0 }, { FACT_DPIDR, UNKNOWN, 0 }, { FACT_ATTACHED, IS, 0 }, \
  { FACT_ANSWERS_IN_RESET, IS_NOT, 1 }, { FACT_NRST_LEVEL, IS, 1 }) \
V(B8, LIKELY, TELL_LOW_PINS, \
  { FACT_SWDIO, IS, 0 }, { FACT_DPIDR, UNKNOWN, 0 }, { FACT_ATTACHED, IS, 0 }, \
  { FACT_ANSWERS_IN_RESET, IS_NOT, 1 }) \
V(B10, CERTAIN, NULL, { FACT_SLOW_CLOCK_HELPS, IS, 1 }, { FACT_CLOCK_UNANSWERED, IS_NOT, 1 }, \
  { FACT_TARGET_VOLTAGE, ABOVE, 2699 }, { FACT_LINK_FAILURES, NOT_BELOW, 3 }) \
V(B10, LIKELY, TELL_DIPS, { FACT_SLOW_CLOCK_HELPS, IS, 1 }, { FACT_CLOCK_UNANSWERED, IS_NOT, 1 }, \
  { FACT_TARGET_VOLTAGE, ABOVE, 2699 }, { FACT_LINK_FAILURES, BELOW, 3 }) \
V(B2, LIKELY, TELL_DIPS, { FACT_SLOW_CLOCK_HELPS, IS, 1 }, { FACT_CLOCK_UNANSWERED, IS_NOT, 1 }, \
  { FACT_TARGET_VOLTAGE, ABOVE, 2699 }, { FACT_LINK_FAILURES, BELOW, 3 }) \
V(B10, LIKELY, TELL_LEVELS, { FACT_SLOW_CLOCK_HELPS, IS, 1 }, { FACT_TARGET_VOLTAGE, BELOW, 2700 }) \
V(B10, LIKELY, TELL_SUPPLY, { FACT_SLOW_CLOCK_HELPS, IS, 1 }, { FACT_CLOCK_UNANSWERED, IS_NOT, 1 }, \
  { FACT_TARGET_VOLTAGE, UNKNOWN, 0 }) \
V(B2, LIKELY, TELL_SUPPLY, { FACT_SLOW_CLOCK_HELPS, IS, 1 }, { FACT_CLOCK_UNANSWERED, IS_NOT, 1 }, \
  { FACT_TARGET_VOLTAGE, UNKNOWN, 0 }) \
V(B5, LIKELY, TELL_LEVELS, { FACT_SLOW_CLOCK_HELPS, IS, 1 }, { FACT_TARGET_VOLTAGE, BELOW, 2700 }, \
  { FACT_TARGET_VOLTAGE, ABOVE, 1649 }) \
V(B17, LIKELY, "look at the probe's case: an ST-LINK/V2-ISOL names itself there, not on USB", \
  { FACT_SLOW_CLOCK_HELPS, IS, 1 }, { FACT_CLOCK_UNANSWERED, IS, 1 }) \
V(B10, LIKELY, "look at the probe's case: an ST-LINK/V2-ISOL names itself there, not on USB", \
  { FACT_SLOW_CLOCK_HELPS, IS, 1 }, { FACT_CLOCK_UNANSWERED, IS, 1 }) \
V(LINK_NO_CLOCK_HELPS, LIKELY, TELL_WIRES, { FACT_SLOW_CLOCK_HELPS, IS, 0 }) \
V(B9, LIKELY, TELL_WIRES, { FACT_SLOW_CLOCK_HELPS, IS, 0 }) \
V(LINK_NO_CLOCK_HELPS, LIKELY, TELL_WIRES, \
  { FACT_LINK_DAMAGED, ABOVE, 0 }, { FACT_CLOCK, BELOW, 25001 }) \
V(B9, LIKELY, TELL_WIRES, { FACT_LINK_DAMAGED, ABOVE, 0 }, { FACT_CLOCK, BELOW, 25001 }) \
V(B10, LIKELY, "tether doctor counts the errors at each clock", \
  { FACT_LINK_DAMAGED, ABOVE, 0 }, { FACT_CLOCK, NOT_BELOW, 25001 }, \
  { FACT_SLOW_CLOCK_HELPS, IS_NOT, 0 }) \
V(LINK_NO_CLOCK_HELPS, LIKELY, TELL_WIRES, \
  { FACT_DATA_DAMAGED, IS, 1 }, { FACT_CLOCK, BELOW, 25001 }) \
V(B9, LIKELY, TELL_WIRES, { FACT_DATA_DAMAGED, IS, 1 }, { FACT_CLOCK, BELOW, 25001 }) \
V(B10, LIKELY, "tether doctor counts the errors at each clock", \
  { FACT_DATA_DAMAGED, IS, 1 }, { FACT_CLOCK, ABOVE, 25000 }, \
  { FACT_FIRST_ANSWER, IS_NOT, ANSWER_DAMAGED }, { FACT_SLOW_CLOCK_HELPS, IS_NOT, 0 }) \
V(B10, LIKELY, TELL_IN_RESET, { FACT_LOST_IN_RESET, IS, 1 }, { FACT_SLOW_CLOCK_HELPS, IS_NOT, 0 }) \
V(B2, LIKELY, TELL_IN_RESET, { FACT_LOST_IN_RESET, IS, 1 }, { FACT_SLOW_CLOCK_HELPS, IS_NOT, 1 }) \
V(B5, LIKELY, TELL_LEVELS, { FACT_LINK_DAMAGED, ABOVE, 0 }, \
  { FACT_TARGET_VOLTAGE, BELOW, 2700 }, { FACT_TARGET_VOLTAGE, ABOVE, 1649 }) \
V(B5, LIKELY, TELL_LEVELS, { FACT_DATA_DAMAGED, IS, 1 }, \
  { FACT_TARGET_VOLTAGE, BELOW, 2700 }, { FACT_TARGET_VOLTAGE, ABOVE, 1649 }) \
V(LINK_NO_CLOCK_HELPS, LIKELY, TELL_WIRES, \
  { FACT_FIRST_ANSWER, IS, ANSWER_DAMAGED }, { FACT_ANSWERS_IN_RESET, IS_NOT, 1 }) \
V(B9, LIKELY, TELL_WIRES, \
  { FACT_FIRST_ANSWER, IS, ANSWER_DAMAGED }, { FACT_ANSWERS_IN_RESET, IS_NOT, 1 })

/* What such a core seems to say of reset, sleep and halt is no evidence. */
#define VERDICTS_OF_NRST(V) \
V(TARGET_NONSENSE, CERTAIN, NULL, { FACT_CORE_NONSENSE, IS, 1 }) \
V(B15, CERTAIN, NULL, { FACT_SOFT_RESET_ENDS, IS, 0 }) \
V(B15, CERTAIN, NULL, { FACT_NRST_LEVEL_PULLED, IS, 1 }, { FACT_SOFT_RESET, IS, 1 }) \
V(B12, CERTAIN, NULL, { FACT_NRST_STUCK, IS, 1 }, { FACT_NRST_LEVEL, IS, 0 }, \
  { FACT_NRST_WAS_PULLED, IS, 0 }) \
V(B15, LIKELY, TELL_LEVEL, { FACT_NRST_STUCK, IS, 1 }, { FACT_RESET_REQUESTED, IS, 1 }, \
  { FACT_NRST_LEVEL, IS_NOT, 0 }) \
V(B15, LIKELY, TELL_LEVEL, { FACT_NRST_STUCK, IS, 1 }, { FACT_NRST_LEVEL, IS, 1 }) \
V(B14, LIKELY, TELL_RISE, { FACT_NRST_STUCK, IS, 1 }, { FACT_NRST_WAS_PULLED, IS, 1 }, \
  { FACT_ATTACHED, IS, 1 }) \
V(B12, LIKELY, TELL_RISE, { FACT_NRST_STUCK, IS, 1 }) \
V(B14, LIKELY, TELL_RISE, { FACT_NRST_STUCK, IS, 1 }, { FACT_NRST_WAS_PULLED, IS, 1 }) \
V(B15, LIKELY, TELL_LEVEL, { FACT_NRST_STUCK, IS, 1 }, { FACT_NRST_WAS_PULLED, IS, 0 }, \
  { FACT_NRST_LEVEL, UNKNOWN, 0 }) \
V(B16, LIKELY, TELL_NRST, \
  { FACT_NRST_RESETS, IS, 0 }, { FACT_SOFT_RESET_ENDS, IS, 1 }, { FACT_PROBE_IS_CLONE, IS, 1 }) \
V(B13, CERTAIN, NULL, { FACT_NRST_RESETS, IS, 0 }, { FACT_SOFT_RESET_ENDS, IS, 1 }, \
  { FACT_NRST_LEVEL_PULLED, IS, 0 }) \
V(B13, LIKELY, TELL_NRST, { FACT_NRST_RESETS, IS, 0 }, { FACT_SOFT_RESET_ENDS, IS, 1 }) \
V(B15, LIKELY, TELL_NRST, { FACT_NRST_RESETS, IS, 0 }, { FACT_SOFT_RESET_ENDS, IS, 1 }, \
  { FACT_NRST_LEVEL_PULLED, UNKNOWN, 0 }) \
V(B14, CERTAIN, NULL, { FACT_NRST_RISE, ABOVE, 50000 })

#define VERDICTS_OF_PROTECTION(V) \
V(D7, LIKELY, "ask the chip by debug authentication's discovery, which has its product state", \
  { FACT_CORE_PORT_CLOSED, IS, 1 }) \
V(D6, CERTAIN, NULL, { FACT_RDP, IS, 0x55 }, { FACT_TRUSTZONE, IS, 1 }) \
V(D6, CERTAIN, NULL, { FACT_SECURE_DEBUG, IS, 0 }) \
V(D2, CERTAIN, NULL, { FACT_RDP_LEVEL, IS, 1 }, { FACT_BOOT_LOCK, IS, 1 }) \
V(D1, CERTAIN, NULL, { FACT_RDP_LEVEL, IS, 1 })

/* Most of a program's misbehaviour is seen from how it is lost after it was caught. */
#define VERDICTS_OF_FIRMWARE(V) \
V(C3, CERTAIN, NULL, { FACT_STANDBY_FLAG, IS, 1 }, { FACT_ATTACHED, IS, 0 }) \
V(C2, CERTAIN, NULL, \
  { FACT_RUN_END, IS, RUN_SLEEPS }, { FACT_ATTACHED, IS, 0 }, \
  { FACT_FIRST_ANSWER, IS_NOT, ANSWER_NO_POWER_UP }, { FACT_STANDBY_FLAG, IS_NOT, 1 }, \
  { FACT_SLEEPS_DEEPLY, IS_NOT, 1 }) \
V(C3, CERTAIN, NULL, { FACT_RUN_END, IS, RUN_SLEEPS }, \
  { FACT_FIRST_ANSWER, IS, ANSWER_NO_POWER_UP }) \
V(C3, CERTAIN, NULL, { FACT_RUN_END, IS, RUN_SLEEPS }, { FACT_ATTACHED, IS, 0 }, \
  { FACT_SLEEPS_DEEPLY, IS, 1 }) \
V(C1, CERTAIN, NULL, \
  { FACT_RUN_END, IS, RUN_SILENT }, { FACT_FIRST_ANSWER, IS, ANSWER_NONE }, \
  { FACT_STANDBY_FLAG, IS, 0 }, { FACT_SUPPLY_SAGS, IS, 0 }, { FACT_DATA_DAMAGED, IS_NOT, 1 }) \
V(C1, LIKELY, TELL_RUNNING_SUPPLY, \
  { FACT_RUN_END, IS, RUN_SILENT }, { FACT_FIRST_ANSWER, IS, ANSWER_NONE }, \
  { FACT_STANDBY_FLAG, IS_NOT, 1 }) \
V(B2, LIKELY, TELL_RUNNING_SUPPLY, \
  { FACT_RUN_END, IS, RUN_SILENT }, { FACT_FIRST_ANSWER, IS, ANSWER_NONE }, \
  { FACT_STANDBY_FLAG, IS_NOT, 1 }, { FACT_SUPPLY_SAGS, UNKNOWN, 0 }) \
V(C3, LIKELY, "look at the standby flag of PWR while connected under reset", \
  { FACT_RUN_END, IS, RUN_SILENT }, { FACT_FIRST_ANSWER, IS, ANSWER_NONE }, \
  { FACT_STANDBY_FLAG, UNKNOWN, 0 }) \
V(C4, CERTAIN, NULL, \
  { FACT_RUN_END, IS, RUN_STALLS }, { FACT_FIRST_ANSWER, IS, ANSWER_NO_POWER_UP }) \
V(C10, CERTAIN, NULL, { FACT_BUS_HANGS, IS, 1 }, { FACT_SLEEPS, IS_NOT, 1 }, { FACT_HALTS, IS, 0 }) \
V(C10, CERTAIN, NULL, { FACT_BUS_HANGS, IS, 1 }, { FACT_RUN_END, IS, RUN_STALLS }, \
  { FACT_FIRST_ANSWER, IS, ANSWER_WAIT }) \
V(C10, LIKELY, "connect under reset, let the program run and look where it stops", \
  { FACT_BUS_HANGS, IS, 1 }, { FACT_SLEEPS, IS_NOT, 1 }, { FACT_ATTACHED, IS, 0 }) \
V(C6, CERTAIN, NULL, { FACT_WATCHDOG_FLAG, IS, 1 }, { FACT_RESETS_SEEN, ABOVE, 0 }) \
V(C6, CERTAIN, NULL, { FACT_WATCHDOG_FLAG, IS, 1 }, { FACT_RUN_END, IS, RUN_RESETS }) \
V(C8, CERTAIN, NULL, { FACT_SOFTWARE_FLAG, IS, 1 }, { FACT_RESETS_SEEN, ABOVE, 0 }) \
V(C8, LIKELY, "look at NRST and at the supply with an oscilloscope", \
  { FACT_RESETS_SEEN, ABOVE, 0 }) \
V(C6, LIKELY, "clear the reset flags (RMVF) and look at them again", \
  { FACT_WATCHDOG_FLAG, IS, 1 }) \
V(C7, CERTAIN, NULL, { FACT_LOCKED_UP, IS, 1 }, { FACT_FLASH_EMPTY, IS, 0 }, \
  { FACT_RDP_LEVEL, IS_NOT, 1 }) \
V(C7, LIKELY, "read the first two words of flash: with an empty flash a core locks up, too", \
  { FACT_LOCKED_UP, IS, 1 }, { FACT_FLASH_EMPTY, UNKNOWN, 0 }, \
  { FACT_RDP_LEVEL, IS_NOT, 1 }) \
V(C2, CERTAIN, NULL, { FACT_CAUGHT, IS, 1 }, { FACT_SLEEPS, IS, 1 }) \
V(C2, LIKELY, "let the program run from reset with the debug clock kept on, which tether " \
  "doctor does", { FACT_FIRST_ANSWER, IS, ANSWER_WAIT }, { FACT_BUS_HANGS, IS_NOT, 1 }, \
  { FACT_ATTACHED, IS, 0 }) \
V(C2, LIKELY, "let the program run from reset with the debug clock kept on, which tether " \
  "doctor does", { FACT_FIRST_ANSWER, IS, ANSWER_NONE_OR_ASLEEP }, { FACT_ATTACHED, IS, 0 }, \
  { FACT_ANSWERS_IN_RESET, IS, 1 }) \
V(C3, LIKELY, "let the program run from reset with the debug clock kept on, which tether " \
  "doctor does", { FACT_FIRST_ANSWER, IS, ANSWER_NO_POWER_UP }, { FACT_ATTACHED, IS, 0 }) \
V(C4, LIKELY, "let the program run from reset with the debug clock kept on, which tether " \
  "doctor does", { FACT_FIRST_ANSWER, IS, ANSWER_NO_POWER_UP }, { FACT_ATTACHED, IS, 0 }, \
  { FACT_RUN_END, UNKNOWN, 0 }) \
V(C1, LIKELY, "let the program run from reset and look how it is lost, which tether doctor " \
  "does", { FACT_FIRST_ANSWER, IS, ANSWER_NONE }, { FACT_ATTACHED, IS, 0 }, \
  { FACT_ANSWERS_IN_RESET, IS, 1 }, { FACT_NRST_STUCK, IS_NOT, 1 }) \
V(C3, LIKELY, TELL_STARTED, { FACT_CAUGHT_AT_START, IS, 1 }, { FACT_FIRST_ANSWER, IS, ANSWER_NONE }, \
  { FACT_ATTACHED, IS, 0 }, { FACT_STANDBY_FLAG, IS_NOT, 0 }) \
V(TARGET_WAS_OFF, LIKELY, TELL_STARTED, { FACT_CAUGHT_AT_START, IS, 1 }, \
  { FACT_FIRST_ANSWER, IS, ANSWER_NONE }, { FACT_TARGET_VOLTAGE, UNKNOWN, 0 }) \
V(B18, LIKELY, "unplug the probe and switch the board off and on: the program runs then, where it " \
  "was the probe's level on SWCLK", \
  { FACT_IN_BOOT_LOADER, IS, 1 }, { FACT_BOOT0_IS_SWCLK, IS, 1 }) \
V(TARGET_STARTS_NOTHING, CERTAIN, NULL, { FACT_STARTS_NO_PROGRAM, IS, 1 }) \
V(C9, CERTAIN, NULL, { FACT_IN_BOOT_LOADER, IS, 1 }, { FACT_STARTS_NO_PROGRAM, IS_NOT, 1 }, \
  { FACT_EMPTY_FLAG, IS_NOT, 1 }) \
V(TARGET_WAS_EMPTY, CERTAIN, NULL, { FACT_IN_BOOT_LOADER, IS, 1 }, { FACT_EMPTY_FLAG, IS, 1 }, \
  { FACT_FLASH_EMPTY, IS, 0 })

/* It comes and goes at each clock, and what comes is whole; or nothing answers, in reset or out of
 * it. */
#define VERDICTS_OF_SILENCE(V) \
V(B2, LIKELY, TELL_DIPS, { FACT_LINK_BREAKS, IS, 1 }, { FACT_TARGET_VOLTAGE, UNKNOWN, 0 }) \
V(B2, LIKELY, TELL_DIPS, { FACT_LINK_BREAKS, IS, 1 }, { FACT_TARGET_VOLTAGE, BELOW, 2400 }) \
V(B6, LIKELY, TELL_DIPS, { FACT_LINK_BREAKS, IS, 1 }, { FACT_ATTACHED, IS, 0 }) \
V(C5, CERTAIN, NULL, { FACT_POWER_CYCLE_HELPS, IS, 1 }) \
V(C5, LIKELY, TELL_POWER_CYCLE, \
  { FACT_IS_H7, IS, 1 }, { FACT_TARGET_VOLTAGE, NOT_BELOW, 1650 }, { FACT_ANSWERS_IN_RESET, IS, 0 }) \
V(B5, LIKELY, "use a probe for the target's voltage", \
  { FACT_TARGET_VOLTAGE, ABOVE, 1649 }, { FACT_TARGET_VOLTAGE, BELOW, 2700 }, \
  { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 0 }) \
V(B2, LIKELY, TELL_LEAST_SUPPLY, \
  { FACT_TARGET_VOLTAGE, ABOVE, 1649 }, { FACT_TARGET_VOLTAGE, BELOW, 2400 }, \
  { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 0 }) \
V(B6, LIKELY, TELL_WIRES, { FACT_TARGET_VOLTAGE, NOT_BELOW, 1300 }, { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 0 }) \
V(B7, LIKELY, TELL_SWAP, { FACT_TARGET_VOLTAGE, NOT_BELOW, 1300 }, { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 0 }) \
V(B8, LIKELY, TELL_WIRES, \
  { FACT_TARGET_VOLTAGE, NOT_BELOW, 1300 }, { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 0 }, { FACT_SWDIO, IS_NOT, 0 }) \
V(C1, LIKELY, TELL_BUTTON, \
  { FACT_FIRST_ANSWER, IS, ANSWER_NONE }, { FACT_TARGET_VOLTAGE, NOT_BELOW, 1300 }, \
  { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 0 }) \
V(C2, LIKELY, TELL_BUTTON, \
  { FACT_FIRST_ANSWER, IS, ANSWER_NONE_OR_ASLEEP }, { FACT_TARGET_VOLTAGE, NOT_BELOW, 1300 }, \
  { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 0 }) \
V(C3, LIKELY, TELL_BUTTON, \
  { FACT_FIRST_ANSWER, IS, ANSWER_NONE }, { FACT_TARGET_VOLTAGE, NOT_BELOW, 1300 }, \
  { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 0 }) \
V(C5, LIKELY, TELL_POWER_CYCLE, \
  { FACT_IS_H7, UNKNOWN, 0 }, { FACT_TARGET_VOLTAGE, NOT_BELOW, 1650 }, { FACT_ANSWERS_IN_RESET, IS, 0 }) \
V(B1, LIKELY, "measure the supply at the chip", \
  { FACT_TARGET_VOLTAGE, UNKNOWN, 0 }, { FACT_ATTACHED, IS, 0 }, \
  { FACT_ANSWERS_IN_RESET, IS, 0 }) \
V(B1, LIKELY, "measure the supply at the chip: this probe measures its own", \
  { FACT_PROBE_IS_CLONE, IS, 1 }, { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 0 }) \
V(B12, LIKELY, TELL_LOW_PINS, \
  { FACT_NRST_LEVEL, IS, 0 }, { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 0 }) \
V(D3, LIKELY, "nothing shows it from outside", \
  { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 0 }, { FACT_TARGET_VOLTAGE, NOT_BELOW, 1650 }) \
V(D2, LIKELY, "nothing shows it from outside", \
  { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 0 }, { FACT_TARGET_VOLTAGE, NOT_BELOW, 1650 }) \
V(TARGET_SILENT, LIKELY, "connect under reset: --connect under-reset", \
  { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, UNKNOWN, 0 }, \
  { FACT_SLOW_CLOCK_HELPS, IS_NOT, 0 }, \
  { FACT_FIRST_ANSWER, IS_NOT, ANSWER_REFUSED }, { FACT_NRST_STUCK, IS_NOT, 1 })

#define VERDICTS_OF_LESSER_THINGS(V) \
V(PROBE_SLOW, CERTAIN, NULL, { FACT_ANSWER_TIME, ABOVE, 0 }) \
V(B3, CERTAIN, NULL, { FACT_VAPP_FLOATS, IS, 1 }, { FACT_ATTACHED, IS, 1 }) \
V(B3, CERTAIN, NULL, { FACT_TARGET_VOLTAGE, BELOW, 201 }, { FACT_ATTACHED, IS, 1 }) \
V(B3, LIKELY, "measure the supply at the chip", \
  { FACT_TARGET_VOLTAGE, BELOW, 201 }, { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 1 }) \
V(B3, LIKELY, "measure the supply at the chip: a wire to nothing reads about 1.5 V", \
  { FACT_VAPP_FLOATS, IS, 1 }, { FACT_ATTACHED, IS, 0 }, { FACT_ANSWERS_IN_RESET, IS, 1 }) \
V(LINK_VOLTAGE_DIVIDED, LIKELY, "measure the supply at the chip", \
  { FACT_TARGET_VOLTAGE, ABOVE, 4000 }) \
V(C12, LIKELY, NULL, { FACT_WAS_HALTED, IS, 1 }) \
V(D12, CERTAIN, NULL, { FACT_IS_FROM_ST, IS, 0 }) \
/* In reset it reads as 0, too. */ \
V(D11, CERTAIN, NULL, { FACT_IS_IN_TABLE, IS, 0 }, { FACT_DEV_ID, IS, 0 }, \
  { FACT_DATA_DAMAGED, IS_NOT, 1 }, { FACT_RESETS_SEEN, BELOW, 1 }) \
V(D11, LIKELY, NULL, { FACT_IS_IN_TABLE, IS, 0 }, { FACT_DEV_ID, IS, 0 }, \
  { FACT_DATA_DAMAGED, IS_NOT, 1 }, { FACT_RESETS_SEEN, UNKNOWN, 0 }) \
V(TARGET_NOT_IN_TABLE, CERTAIN, NULL, { FACT_IS_IN_TABLE, IS, 0 }, { FACT_DEV_ID, ABOVE, 0 }, \
  { FACT_DATA_DAMAGED, IS_NOT, 1 }) \
V(TARGET_SIZE_ODD, CERTAIN, NULL, { FACT_FLASH_WORD_FITS, IS, 0 }) \
V(D9, CERTAIN, NULL, { FACT_SECOND_CORE_HELD, IS, 1 }) \
V(TARGET_SECOND_CORE_ASLEEP, LIKELY, \
  "connect again right after a reset: a core that slept answers then", \
  { FACT_SECOND_CORE_ASLEEP, IS, 1 }) \
V(D5, CERTAIN, NULL, { FACT_EXECUTE_ONLY, IS, 1 }) \
V(E8, LIKELY, "look at the vector table of the other bank", \
  { FACT_BANKS_SWAP, IS, 1 }, { FACT_FLASH_EMPTY, IS, 1 }) \
V(E5, LIKELY, "read the flash word by word: an ECC error is one unit wide", \
  { FACT_FLASH_READS, IS, 0 }, { FACT_RDP_LEVEL, IS, 0 }, { FACT_BUS_HANGS, IS_NOT, 1 }) \
V(D5, LIKELY, "look at the option bytes for PCROP and secure areas", \
  { FACT_FLASH_READS, IS, 0 }, { FACT_RDP_LEVEL, IS, 0 }, { FACT_BUS_HANGS, IS_NOT, 1 })
/* clang-format on */

#endif /* TARGETS_DIAGNOSIS_VERDICT_TABLE_H */
