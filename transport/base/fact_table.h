/* SPDX-License-Identifier: MIT */
/*
 * fact_table.h - every fact that may be seen of probe, wires, chip and program.
 *
 * A row is F(ID, key, words, UNIT) and makes FACT_ID. The key is the name in JSON and
 * ends with the unit, the words stand before the value in messages. Those that an
 * experiment has to look for are unknown until then (struct facts).
 */
#ifndef TRANSPORT_BASE_FACT_TABLE_H
#define TRANSPORT_BASE_FACT_TABLE_H

/* clang-format off */
#define FACT_TABLE(F) \
	FACTS_OF_WIRES(F) FACTS_OF_NRST(F) FACTS_OF_CORES(F) FACTS_OF_CHIPS(F) \
	FACTS_OF_PROBES(F)

#define FACTS_OF_WIRES(F) \
F(TARGET_VOLTAGE, "target_mv", "target voltage", MILLIVOLTS) /* the median of several */ \
F(TARGET_VOLTAGE_LEAST, "target_least_mv", "lowest reading", MILLIVOLTS) \
F(TARGET_VOLTAGE_MOST, "target_most_mv", "highest reading", MILLIVOLTS) \
F(VOLTAGE_DIPS, "voltage_dips", "the supply drops now and then", YES) \
F(VAPP_FLOATS, "vapp_floats", "the probe's VAPP pin floats", YES) \
F(CLOCK, "clock_hz", "SWD clock", HERTZ) \
F(FIRST_ANSWER, "first_answer", "answer to the first contact", ANSWER) \
F(DPIDR, "dpidr", "DPIDR", HEX) \
F(LINK_READS, "link_reads", "reads of DPIDR", COUNT) \
F(LINK_LOST, "link_lost", "of these lost", COUNT) \
F(LINK_DAMAGED, "link_damaged", "of these damaged", COUNT) \
F(LINK_FAILURES, "link_failures", "failures after whole reads at the clock wanted", COUNT) \
F(LINK_BREAKS, "link_breaks", "the link breaks off and comes back", YES) \
F(DATA_DAMAGED, "data_damaged", "data arrived damaged", YES) /* while connecting */ \
F(CLEAN_CLOCK, "clean_clock_hz", "fastest clock without an error", HERTZ) \
F(SLOW_CLOCK_HELPS, "slow_clock_helps", "a slower clock helps", YES) \
F(CLOCK_UNANSWERED, "clock_unanswered", "the clock wanted gets no answer at all", YES) \
F(SWDIO, "swdio", "SWDIO", LEVEL) /* while the probe releases it */ \
F(SWCLK, "swclk", "SWCLK", LEVEL) \
F(ATTACHED, "attached", "attached without a reset", YES) \
F(CAUGHT, "caught", "caught in a tight loop", YES) \
F(ANSWERS_IN_RESET, "answers_in_reset", "answers in reset", YES) \
F(LOST_IN_RESET, "lost_in_reset", "answers break off in reset", YES) \
F(POWER_CYCLE_HELPS, "power_cycle_helps", "reached by holding NRST through a power cycle", YES) \
F(CAUGHT_AT_START, "caught_at_start", "caught as it started", YES) \
F(SUPPLY_RETURNED, "supply_returned", "the supply was away", YES) \
F(CAUGHT_AT_RESET, "caught_at_reset", "halted at its reset vector", YES)

#define FACTS_OF_NRST(F) \
F(NRST_RESETS, "nrst_resets", "NRST pulled low resets the chip", YES) \
F(NRST_FALL, "nrst_fall_us", "NRST falls in", MICROSECONDS) \
F(NRST_RISE, "nrst_rise_us", "NRST rises in", MICROSECONDS) \
F(NRST_RISE_MOST, "nrst_rise_most_us", "at most in", MICROSECONDS) \
F(NRST_CAPACITANCE, "nrst_nf", "capacitance on NRST", NANOFARADS) \
F(NRST_STUCK, "nrst_stuck", "in reset although NRST is released", YES) \
F(NRST_WAS_PULLED, "nrst_was_pulled", "the probe had pulled NRST before", YES) \
F(RESET_REQUESTED, "reset_requested", "tether had set AIRCR.SYSRESETREQ before", YES) \
F(NRST_LEVEL, "nrst", "NRST released", LEVEL) \
F(NRST_LEVEL_PULLED, "nrst_pulled", "NRST pulled low", LEVEL) \
F(SOFT_RESET, "soft_reset", "AIRCR.SYSRESETREQ resets the chip", YES) \
F(SOFT_RESET_ENDS, "soft_reset_ends", "that reset ends", YES)

#define FACTS_OF_CORES(F) \
F(CORE_NONSENSE, "core_nonsense", "the core's registers read what no core answers", YES) \
F(SLEEPS, "core_sleeps", "the core sleeps", YES) \
F(SLEEPS_DEEPLY, "core_sleeps_deeply", "SCR.SLEEPDEEP is set", YES) \
F(LOCKED_UP, "core_locked_up", "the core is locked up", YES) \
F(WAS_HALTED, "core_was_halted", "the core was halted", YES) \
F(HALTS, "core_halts", "the core halts on request", YES) \
F(RESETS_SEEN, "resets_seen", "resets nobody asked for", COUNT) \
F(RESET_PERIOD, "reset_period_us", "a reset every", MICROSECONDS) \
F(BUS_HANGS, "bus_hangs", "memory accesses end in WAIT", YES) \
F(PC, "pc", "PC", HEX) \
F(IN_BOOT_LOADER, "in_boot_loader", "PC is in the boot loader", YES) \
F(BOOT0_IS_SWCLK, "boot0_is_swclk", "BOOT0 is taken from the pin of SWCLK", YES) \
F(RUN_END, "after_run", "let run from reset", END) \
F(RUN_TIME, "after_run_us", "after", MICROSECONDS) \
F(RUN_VOLTAGE, "run_mv", "target voltage then", MILLIVOLTS) \
F(SUPPLY_SAGS, "supply_sags", "the supply falls while the program runs", YES) \
F(RAM_WORKS, "ram_works", "RAM keeps what is written", YES)

#define FACTS_OF_CHIPS(F) \
F(DEV_ID, "dev_id", "DEV_ID", HEX) \
F(DESIGNER, "designer", "designer in the ROM table", HEX) \
F(IS_FROM_ST, "is_from_st", "made by ST, as its ids say", YES) \
F(IS_H7, "is_h7", "an STM32H7", YES) \
F(CORE_PORT, "core_port", "access port of the core", COUNT) \
F(PORTS_WITHOUT_CORE, "ports_without_core", "access ports without a core", COUNT) \
F(SECOND_CORE_HELD, "second_core_held", "the other core is held", YES) \
F(SECOND_CORE_ASLEEP, "second_core_asleep", "it was started, and does not answer", YES) \
F(WATCHDOG_FLAG, "watchdog_flag", "reset flag of a watchdog", YES) \
F(SOFTWARE_FLAG, "software_flag", "reset flag of software", YES) \
F(POWER_FLAG, "power_flag", "reset flag of the supply", YES) \
F(LOW_POWER_FLAG, "low_power_flag", "reset flag of a low-power mode", YES) \
F(STANDBY_FLAG, "standby_flag", "standby flag", YES) \
F(RDP, "rdp", "read protection (RDP) byte", HEX) \
F(RDP_LEVEL, "rdp_level", "read protection (RDP) level", COUNT) \
F(FLASH_READS, "flash_reads", "flash can be read", YES) \
F(FLASH_EMPTY, "flash_empty", "flash is empty", YES) \
F(FLASH_WORD, "flash_word", "flash size word", HEX) \
F(FLASH_WORD_FITS, "flash_word_fits", "which is a size of this line", YES) \
F(EXECUTE_ONLY, "execute_only", "part of the flash may only be executed", YES) \
F(BANKS_SWAP, "banks_swap", "the banks are swapped", YES) \
F(BOOT_LOCK, "boot_lock", "BOOT_LOCK is set", YES) \
F(TRUSTZONE, "trustzone", "TrustZone is on", YES) \
F(SECURE_DEBUG, "secure_debug", "secure code may be debugged", YES) \
F(EMPTY_FLAG, "empty_flag", "flash was empty when the option bytes were loaded", YES) \
F(PRODUCT_STATE, "product_state", "product state", HEX) \
F(IWDG_SW_IS_0, "iwdg_sw_is_0", "IWDG_SW=0 starts a watchdog", YES) \
F(WDG_SW_IS_0, "wdg_sw_is_0", "WDG_SW=0 starts a watchdog", YES) \
F(IWDG1_SW_IS_0, "iwdg1_sw_is_0", "IWDG1_SW=0 starts a watchdog", YES) \
F(STARTS_NO_PROGRAM, "starts_no_program", "in which no program is started", YES) \
F(HSI_OFF, "hsi_off", "the internal oscillator (HSI) is off", YES) \
F(IS_IN_TABLE, "is_in_table", "the device table has it", YES) \
F(CORE_PORT_CLOSED, "core_port_closed", \
  "the chip says which it is, and the access port of its core is closed", YES)

#define FACTS_OF_PROBES(F) \
F(PROBE_IS_CLONE, "probe_is_clone", "the probe is a clone", YES) \
F(PROBE_MAY_BE_ISOLATED, "probe_may_be_isolated", "the probe may be an ST-LINK/V2-ISOL", YES) \
F(PROBE_SEES_PINS, "probe_sees_pins", "the probe reads its pins", YES) \
F(ANSWER_TIME, "answer_us", "each answer of the probe takes", MICROSECONDS) /* of one that is slow */
/* clang-format on */

#endif /* TRANSPORT_BASE_FACT_TABLE_H */
