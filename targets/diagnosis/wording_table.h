/* SPDX-License-Identifier: MIT */
/*
 * wording_table.h - what facts change of the words of a finding.
 *
 * WORDINGS: W(FINDING, conditions, "sentence", "remedy"), instead of those in finding_table.h; NULL
 * keeps the one that is there. The first whose conditions hold counts.
 *
 * WAYS: S("what is advised", conditions, "what is advised instead"): a way that was tried and failed,
 * or is what the user has already, is no advice. It is looked for at the beginning of a remedy, and
 * of what tells findings apart.
 */
#ifndef TARGETS_DIAGNOSIS_WORDING_TABLE_H
#define TARGETS_DIAGNOSIS_WORDING_TABLE_H

/* clang-format off */
#define WHERE(...) { __VA_ARGS__ }

#define CATCH \
  "start tether serve, connect gdb, press the reset button or switch the board off and on to have " \
  "the core caught"
#define UNDER_RESET "connect under reset (--connect under-reset)"
#define PINS "a CMSIS-DAP probe shows the levels of SWDIO and SWCLK; a continuity test of the wires " \
  "shows the rest"

#define WAYS(S) \
S(UNDER_RESET, WHERE({ FACT_ANSWERS_IN_RESET, IS, 0 }), CATCH) \
S(UNDER_RESET, WHERE({ FACT_NRST_RESETS, IS, 0 }, { FACT_ATTACHED, IS, 0 }), CATCH) \
S(PINS, WHERE({ FACT_PROBE_SEES_PINS, IS, 1 }), "a continuity test of the wires shows it")

#define WORDINGS(W) \
W(B6, WHERE({ FACT_ANSWERS_IN_RESET, IS, 0 }, { FACT_FIRST_ANSWER, IS, ANSWER_NONE }, \
            { FACT_TARGET_VOLTAGE, NOT_BELOW, VTARGET_RUNS_FROM_MV }), NULL, \
  "check SWDIO, SWCLK, GND and NRST from the probe to the chip; if these are wired, " CATCH) \
WATCHDOG_OF(W, IWDG_SW) WATCHDOG_OF(W, WDG_SW) WATCHDOG_OF(W, IWDG1_SW) \
W(C7, WHERE({ FACT_FLASH_EMPTY, IS, 0 }), \
  "the core is locked up after a fault in a fault", \
  "connect gdb, where monitor fault says which fault came first; then load a program without it") \
W(C8, WHERE({ FACT_SOFTWARE_FLAG, IS, 1 }, { FACT_WATCHDOG_FLAG, IS_NOT, 1 }), \
  "software resets the chip again and again (AIRCR.SYSRESETREQ)", \
  UNDER_RESET " and look for what calls NVIC_SystemReset(): a breakpoint on it, or on an error " \
  "handler, stops before it") \
W(C8, WHERE({ FACT_SOFTWARE_FLAG, IS, 0 }, { FACT_WATCHDOG_FLAG, IS, 0 }, { FACT_POWER_FLAG, IS, 1 }), \
  "a supply that drops, or something that drives NRST, resets the chip", \
  "look at the supply and at NRST with an oscilloscope")

#define WATCHDOG_OF(W, name) \
W(C6, WHERE({ FACT_##name##_IS_0, IS, 1 }), \
  "a watchdog that the option bytes start (" #name "=0) resets the chip", \
  "tether options set " #name "=1, for it to start only where a program starts it; or load a " \
  "program that feeds it")
/* clang-format on */

#endif /* TARGETS_DIAGNOSIS_WORDING_TABLE_H */
