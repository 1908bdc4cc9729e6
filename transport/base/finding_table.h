/* SPDX-License-Identifier: MIT */
/*
 * finding_table.h - every finding: what may be wrong, and what to do about it.
 *
 * A row is F(ID, name, weight, sentence, remedy) and makes FINDING_ID. Ids of a
 * letter and a number are failure modes, in groups: A host and probe,
 * B electrical, C what the firmware does, D protection, security and several
 * cores, E flash, F network, gdb and sessions. The others begin with a word for
 * where the fault is: REQUEST_ (what was asked for), HOST_ (this computer),
 * PROBE_, LINK_ (the wires), TARGET_.
 *
 * The sentence says what is so, the remedy what to do. Both are clauses without
 * a capital or a full stop. A remedy stands here and nowhere else; "{}" in it is
 * replaced by the value given to reason_suspect_with(). Every --option, "tether
 * COMMAND" and "monitor COMMAND" it names has to exist (scripts/check-remedies).
 *
 * The weight says how sure code can be that names the row, and which of two
 * findings stays: GENERAL (one of several that fit), SPECIFIC (what was seen
 * speaks for it), CERTAIN (what was seen is it; the reason says so already).
 */
#ifndef TRANSPORT_BASE_FINDING_TABLE_H
#define TRANSPORT_BASE_FINDING_TABLE_H

/* clang-format off */
#define FINDINGS(F) \
	FINDINGS_OF_PROBES(F) FINDINGS_OF_WIRES(F) FINDINGS_OF_FIRMWARE(F) \
	FINDINGS_OF_CHIPS(F) FINDINGS_OF_FLASH(F) FINDINGS_OF_SESSIONS(F) \
	FINDINGS_OF_REQUESTS(F) FINDINGS_OF_HOSTS(F)

#define FINDINGS_OF_PROBES(F) \
F(PROBE_JLINK, "jlink", CERTAIN, \
  "J-Links speak a protocol of their own, which tether does not know", \
  "use an ST-LINK or a CMSIS-DAP probe; an ST-LINK on a board that was turned into a J-Link " \
  "becomes one again by SEGGER's STLinkReflash") \
F(A1, "no-probe", CERTAIN, \
  "no debug probe is visible on USB", \
  "plug a probe in, with a data cable, directly at the computer: a board's power LED is " \
  "lit by a charge-only cable as well") \
F(A2, "no-permission", CERTAIN, \
  "this user may not open the probe", \
  "put this line into /etc/udev/rules.d/60-tether.rules, run udevadm control -R and re-plug " \
  "the probe: {}") \
F(A3, "probe-in-use", CERTAIN, \
  "another program uses the probe", \
  "end the other program's session{}") \
F(A4, "probe-in-loader", CERTAIN, \
  "the ST-LINK is in its firmware-update loader", \
  "re-plug the ST-LINK, or finish the update with ST's STSW-LINK007") \
F(A5, "stm8-only-probe", CERTAIN, \
  "the ST-LINK has firmware for STM8 only", \
  "load its STM32 firmware with ST's STSW-LINK007") \
F(A6, "out-of-step", CERTAIN, \
  "the probe answers an earlier command, as after a program was killed in the middle of one", \
  "end other programs that use the probe, then re-plug it") \
F(A7, "probe-stuck", CERTAIN, \
  "the probe itself stopped answering, not the target", \
  "re-plug the probe") \
F(A8, "probe-firmware-old", CERTAIN, \
  "the ST-LINK's firmware is too old for this", \
  "update it with ST's STSW-LINK007") \
F(A9, "probe-restarts", SPECIFIC, \
  "the probe restarted by itself, as when its USB supply drops", \
  "use a powered hub, or supply the target separately") \
F(A10, "several-probes", CERTAIN, \
  "more than one probe could be meant", \
  "choose one by the beginning of its serial: --probe {}; or by its id (0483:374b) or its " \
  "place (1-4.2) instead of the serial") \
F(PROBE_NOT_THERE, "probe-not-there", CERTAIN, \
  "the probe that was named is not plugged in", \
  "plug it in, or name the one that is there: --probe {}") \
F(PROBE_SLOW, "probe-slow", CERTAIN, \
  "each answer of the probe takes long, as through a slow hub, usbip or the USB of a virtual " \
  "machine", \
  "plug the probe into this computer without a hub; where it is passed through (usbip, a virtual " \
  "machine) run the server at the computer that has it, and let gdb connect to that (--bind)") \
F(PROBE_STAYS_IN_MODE, "probe-stays-in-mode", CERTAIN, \
  "the ST-LINK does not leave its mode", \
  "re-plug the ST-LINK; if it comes back like this, update its firmware with ST's " \
  "STSW-LINK007") \
F(PROBE_LOADER_ON_USB, "loader-on-usb", CERTAIN, \
  "a boot loader is on USB", \
  "if the loader is the ST-LINK's, re-plug it or load its firmware with ST's STSW-LINK007; " \
  "if it is the board's, start the board with BOOT0 low") \
F(PROBE_MISCOUNTS, "probe-miscounts", CERTAIN, \
  "the probe does not count its accesses as it should", \
  "re-plug the probe; if it goes on, update its firmware") \
F(PROBE_NOT_IN_SWD, "probe-not-in-swd", CERTAIN, \
  "the probe did not enter SWD", \
  "re-plug the probe; if that does not help, it supports JTAG only: use another") \
F(PROBE_FIRST_GENERATION, "first-generation", CERTAIN, \
  "an ST-LINK of the first generation has another protocol", \
  "use an ST-LINK/V2 or newer") \
F(PROBE_JTAG_ONLY, "probe-jtag-only", CERTAIN, \
  "the probe supports JTAG only", \
  "use a probe that supports SWD")

#define FINDINGS_OF_WIRES(F) \
F(B1, "no-power", SPECIFIC, \
  "the target has no power, or the probe's VAPP (target voltage) pin is not wired", \
  "give the board power; if it has, wire the probe's VAPP (target voltage) pin to its " \
  "supply") \
F(B2, "supply-low", SPECIFIC, \
  "the target's supply is lower than the chip needs, or drops again and again or while the " \
  "program runs", \
  "check the board's regulator and its load, VDDA and, of a chip that has them, the VCAP pins") \
F(B3, "vapp-floating", SPECIFIC, \
  "the probe's VAPP (target voltage) pin is wired to nothing", \
  "wire the probe's VAPP (target voltage) pin to the target's supply") \
F(B4, "clone-measures-itself", SPECIFIC, \
  "this ST-LINK is a clone, which measures its own supply and not the target's", \
  "measure the target's supply with a meter") \
F(B5, "level-mismatch", SPECIFIC, \
  "the target's I/O voltage is not the probe's", \
  "use a probe or an adapter for the target's voltage, such as B-STLINK-VOLT") \
F(B6, "swd-open", SPECIFIC, \
  "SWDIO, SWCLK or GND is not connected", \
  "check SWDIO, SWCLK, GND and NRST from the probe to the chip") \
F(B7, "swd-swapped", GENERAL, \
  "SWDIO and SWCLK are swapped", \
  "exchange SWDIO and SWCLK") \
F(B8, "swdio-held", SPECIFIC, \
  "something else drives SWDIO", \
  "remove the second probe, or the jumpers to the board's own ST-LINK") \
F(B9, "no-common-ground", SPECIFIC, \
  "probe and target have no common ground", \
  "wire GND of the probe to GND of the target") \
F(B10, "bits-lost", SPECIFIC, \
  "the SWD link loses bits", \
  "lower the clock (--speed) or shorten the wires, and check that GND is wired from the " \
  "probe to the board") \
F(B11, "swclk-too-fast", SPECIFIC, \
  "SWCLK is too fast for the clock of the core", \
  "lower the clock: --speed 480") \
F(B12, "nrst-held-low", SPECIFIC, \
  "NRST is held low, although the probe releases it", \
  "check the reset button, the capacitor at NRST and what else drives NRST") \
F(B13, "nrst-not-wired", SPECIFIC, \
  "NRST is not wired to the probe, or something drives it high", \
  "wire NRST to the probe and let nothing drive it high; else switch the board off and " \
  "on") \
F(B14, "nrst-slow", SPECIFIC, \
  "NRST rises slowly, as with a large capacitor", \
  "use 100 nF at NRST; until then every reset takes as long as NRST") \
F(B15, "nrst-driven-high", SPECIFIC, \
  "something drives NRST high against the probe", \
  "drive NRST by an open drain with a pull-up of about 10 kOhm only") \
F(B16, "clone-swim-reset", SPECIFIC, \
  "the RST pin of this ST-LINK clone is the one for STM8, which SWD does not drive", \
  "use a probe with an NRST pin, or hold the reset button while connecting") \
F(B17, "isolated-probe", GENERAL, \
  "an ST-LINK/V2-ISOL needs the target's supply and a slow clock", \
  "wire VAPP (pins 1 and 2) and NRST and lower the clock (--speed), to 950 kHz at most") \
F(B18, "swclk-is-boot0", SPECIFIC, \
  "SWCLK is BOOT0 on this chip, and the probe's idle level starts the boot loader", \
  "set the option byte nBOOT_SEL, so that BOOT0 is not taken from the pin") \
F(LINK_SILENT, "link-silent", GENERAL, \
  "SWDIO, SWCLK or GND is not connected, or the target has no power", \
  "look at the wires of SWDIO, SWCLK and GND and at the target's power") \
F(LINK_NO_CLOCK_HELPS, "no-clock-helps", SPECIFIC, \
  "the SWD link loses bits at every clock", \
  "shorten the wires, and check SWDIO, SWCLK and GND and the target's power") \
F(LINK_ONLY_SLOWEST, "only-slowest-clock", SPECIFIC, \
  "the SWD link loses bits at every clock but the slowest", \
  "shorten the wires, and check SWDIO, SWCLK and GND; an ST-LINK/V2-ISOL needs the target's " \
  "supply at VAPP (pins 1 and 2)") \
F(LINK_VOLTAGE_DIVIDED, "voltage-divided", SPECIFIC, \
  "the supply is fed in behind the probe's divider, as on pin 1 of a Nucleo's CN3, and is " \
  "half of what was measured", \
  "do not feed the supply into a pin that the board divides already")

#define FINDINGS_OF_FIRMWARE(F) \
F(C1, "firmware-disabled-swd", SPECIFIC, \
  "the firmware turns the SWD pins off", \
  "connect under reset (--connect under-reset) and load firmware that leaves PA13 and PA14 " \
  "alone (CubeMX: SYS, Debug, Serial Wire)") \
F(C2, "core-asleep", SPECIFIC, \
  "the core sleeps (WFI or WFE), and its debug clock sleeps with it", \
  "connect under reset (--connect under-reset); to stay reachable call " \
  "HAL_DBGMCU_EnableDBGSleepMode(), or, on a part without it, HAL_DBGMCU_EnableDBGStopMode()") \
F(C3, "low-power-mode", SPECIFIC, \
  "the chip is in Stop or Standby, where the debug clock stands still", \
  "connect under reset (--connect under-reset); to stay reachable set DBG_STOP and " \
  "DBG_STANDBY in DBGMCU_CR") \
F(C4, "clock-misconfigured", SPECIFIC, \
  "the firmware's clock or voltage settings stop the chip", \
  "connect under reset (--connect under-reset) and correct PLL, flash wait states and " \
  "voltage range") \
F(C5, "supply-lockup", SPECIFIC, \
  "the firmware chose a core supply (LDO or SMPS) that is not the board's, which only a " \
  "power cycle resets", \
  "hold the reset button through a power cycle, or have it held low (tether recover, or " \
  "monitor recover in gdb), connect, and load firmware with the board's supply setting") \
F(C6, "watchdog", SPECIFIC, \
  "a watchdog resets the chip", \
  "connect under reset (--connect under-reset) and load firmware that feeds the watchdog in " \
  "time; for it to stand still while the core is halted set its freeze bit in DBGMCU " \
  "(__HAL_DBGMCU_FREEZE_IWDG())") \
F(C7, "locked-up", SPECIFIC, \
  "the core is locked up after a fault in a fault, or its flash is empty", \
  "load a program and monitor reset halt") \
F(C8, "resets-itself", SPECIFIC, \
  "its program (AIRCR.SYSRESETREQ), a watchdog that the option bytes start, a supply that drops " \
  "or something that drives NRST resets the chip", \
  "connect under reset (--connect under-reset) and look for the source in the reset flags " \
  "of RCC") \
F(C9, "boot-loader-runs", SPECIFIC, \
  "the chip runs its boot loader and not the program", \
  "set BOOT0 low and switch the board off and on; where BOOT0 shares its pin with SWCLK " \
  "(small G0 and C0), set the option byte nBOOT_SEL") \
F(C10, "bus-hangs", GENERAL, \
  "the core is stalled by a memory access that never ends, as to an external memory " \
  "without a clock", \
  "reset the chip (monitor reset halt), or connect under reset: --connect under-reset") \
F(C11, "dma-runs", GENERAL, \
  "DMA that the program left running has written over the RAM that the loader uses", \
  "monitor reset halt, then load again; if bytes differ elsewhere each time, see what the " \
  "link loses: tether doctor") \
F(C12, "left-halted", SPECIFIC, \
  "an earlier session left the core halted", \
  "let it run from gdb (continue), or reset it: monitor reset run") \
F(C13, "debug-bits-cleared", SPECIFIC, \
  "an earlier session cleared the bits that keep debugging alive in sleep", \
  "connect under reset: --connect under-reset") \
F(TARGET_SILENT, "target-silent", GENERAL, \
  "the program sleeps or has turned the SWD pins off", \
  "connect under reset: --connect under-reset") \
F(TARGET_BUSY, "target-busy", GENERAL, \
  "the core sleeps, or the bus it accesses has no clock", \
  "connect under reset: --connect under-reset") \
F(TARGET_WAS_OFF, "was-off", SPECIFIC, \
  "the target was without its supply, and is back", \
  "go on (continue, or load); if nobody switched the board off, look at its plug, its " \
  "regulator and its load") \
F(TARGET_DROPPED, "target-dropped", GENERAL, \
  "the target was reset, fell asleep or lost its supply", \
  "connect again") \
F(TARGET_NEEDS_RESET, "needs-reset", SPECIFIC, \
  "the core sleeps or is locked up", \
  "reset the chip (monitor reset halt), or connect under reset: --connect under-reset")

#define FINDINGS_OF_CHIPS(F) \
F(D1, "rdp-level-1", CERTAIN, \
  "the flash is read-protected (RDP level 1)", \
  "tether recover, or monitor recover in gdb, sets RDP back to level 0, with consent; that " \
  "erases the whole flash") \
F(D2, "boot-lock", GENERAL, \
  "the chip is read-protected and its option bytes (BOOT_LOCK, nSWBOOT0) or its firmware " \
  "close the debug port", \
  "try the chip's boot loader: BOOT0 high, then switch the board off and on") \
F(D3, "rdp-level-2", GENERAL, \
  "the chip may have been set to RDP level 2, which closes the debug port permanently", \
  "use another chip") \
F(D4, "write-protected", CERTAIN, \
  "sectors are write-protected by the option bytes", \
  "remove the write protection in the option bytes (tether options set WRP=none) and load again{}") \
F(D5, "code-protected", SPECIFIC, \
  "part of the flash may be executed but not read (PCROP, HDP or secure user memory)", \
  "read and set breakpoints outside that part; PCROP goes with all of the flash, by tether " \
  "options set RDP=1 and tether recover") \
F(D6, "trustzone", SPECIFIC, \
  "TrustZone is on, and only the non-secure state may be debugged", \
  "connect without a reset (--connect attach) when the secure program has started the " \
  "non-secure one") \
F(D7, "debug-authentication", SPECIFIC, \
  "the chip's product state closes its core to debugging", \
  "open it by debug authentication (password or certificate), or by a full regression") \
F(D8, "wrong-access-port", SPECIFIC, \
  "the core is behind another access port", \
  "name the core: --core {}") \
F(TARGET_NONSENSE, "core-nonsense", SPECIFIC, \
  "the core's debug registers read what no Cortex-M answers", \
  "look at the chip's supply, its ground and the wires, and if it stays so, try another chip " \
  "of the kind") \
F(D9, "core-held", SPECIFIC, \
  "a core was not started, or its clock is off", \
  "have the other core or the option bytes (BCM4, BCM7, C2BOOT) start it") \
F(D10, "reset-by-session", CERTAIN, \
  "another client reset the chip", \
  "reset from one client only; for two cores that is the one that debugs the first") \
F(D11, "no-device-id", SPECIFIC, \
  "the chip's device id cannot be read", \
  "connect under reset (--connect under-reset), or name the part: --target NAME") \
F(D12, "not-from-st", CERTAIN, \
  "the chip is not made by ST", \
  "where the size of flash or RAM is not right, name the STM32 that it copies: --target NAME") \
F(TARGET_SECOND_CORE_ASLEEP, "second-core-asleep", SPECIFIC, \
  "a core was started and sleeps, and the clock of its domain stands still with it", \
  "connect while it runs; for it to stay reachable have a program set DBGSLEEP_D2 and " \
  "DBGSTOP_D2 in DBGMCU_CR (HAL_EnableDomain2DBGStopMode()), or the same of D1 for a Cortex-M7") \
F(TARGET_WAS_EMPTY, "was-empty", SPECIFIC, \
  "the flash was empty when the chip was switched on, and until it is switched on again, or " \
  "loaded by tether, the chip runs its boot loader", \
  "load a program, which clears FLASH_ACR.EMPTY; one that another tool has loaded starts when the " \
  "board is switched off and on") \
F(TARGET_STARTS_NOTHING, "starts-nothing", SPECIFIC, \
  "the chip's product state is one in which it starts no program", \
  "finish its provisioning, or bring it back to Open by a full regression (debug authentication, " \
  "as STM32CubeProgrammer does it)") \
F(TARGET_NOT_IN_TABLE, "not-in-table", CERTAIN, \
  "the chip is not in the table of devices", \
  "look in tether targets for a part that it resembles, and name it: --target NAME") \
F(TARGET_SIZE_ODD, "size-word-odd", SPECIFIC, \
  "the flash size word is no size of this line of chips, as in a clone", \
  "name the part, which has a size: --target NAME") \
F(TARGET_PORT_CLOSED, "port-closed", SPECIFIC, \
  "the chip is protected, or that part of it is not powered", \
  "look at the chip's protection (RDP, product state), and at what powers that part of it")

#define FINDINGS_OF_FLASH(F) \
F(E1, "wrperr", CERTAIN, \
  "the sector is write-protected", \
  "look for the write protection in the option bytes (monitor options), remove it, and load " \
  "again") \
F(E2, "stale-flags", SPECIFIC, \
  "the flash controller still held an error of the firmware's", \
  "monitor reset halt, then load again") \
F(E3, "misaligned", SPECIFIC, \
  "what was programmed is not a whole unit of the flash, or too wide for its supply", \
  "align sections to the programming unit, and check the supply") \
F(E4, "not-erased", CERTAIN, \
  "the place to program was not erased", \
  "load again; if it stays so, the flash is worn out there, or its supply too low to erase " \
  "it: link the program elsewhere, or take another chip") \
F(E5, "ecc-error", SPECIFIC, \
  "a write that was interrupted left an ECC error in the flash", \
  "erase the sector and load again") \
F(E6, "flash-busy", SPECIFIC, \
  "the flash stays busy, as without its clock (HSI) or with a weak supply", \
  "monitor reset halt, then load again") \
F(E7, "verify-mismatch", SPECIFIC, \
  "what was programmed does not read back", \
  "load again; if bytes differ elsewhere each time, see what the link loses: tether doctor") \
F(E8, "banks-swapped", SPECIFIC, \
  "the flash banks are swapped by the option bytes", \
  "set the option byte that swaps the banks as the program expects it") \
F(E9, "outside-flash", CERTAIN, \
  "the program has contents for addresses that are not flash", \
  "check that the program is linked for this chip: in the linker script, mark NOLOAD what " \
  "is not to be loaded, and give the rest a load address in flash") \
F(E10, "loader-does-not-run", GENERAL, \
  "the program left the chip in a state in which flash cannot be programmed, as the " \
  "lock-out after a wrong key, which lasts until a reset", \
  "reset the chip (monitor reset halt) and load again") \
F(E11, "no-loader", CERTAIN, \
  "there is no loader for this memory", \
  "external memory needs a loader made for the board it is on: give it by --algorithm, a " \
  "CMSIS .FLM or an .stldr of ST; a serial flash behind OCTOSPI or QUADSPI only its pins: " \
  "--pins; or leave that part out of the load") \
F(REQUEST_BEYOND_FLASH, "beyond-external-flash", CERTAIN, \
  "the external flash ends before that address", \
  "place all of it before that end, in the linker script or by --at; --skip-unmapped leaves it " \
  "out of tether flash") \
F(REQUEST_PINS_MAP, "flash-pins-map", CERTAIN, \
  "the pins of the serial flash are not written as tether reads them", \
  "name clk, ncs, io0 and io1, as in --pins clk=PB10,ncs=PB11,io0=PB1,io1=PB0, and io2 and io3 if " \
  "they are wired; or --pins program") \
F(REQUEST_PINS, "flash-pins", SPECIFIC, \
  "these are not the pins that the flash is wired to, or it has no power", \
  "compare the pins with the schematic of the board, and name them by --pins clk=PB10," \
  "ncs=PB11,io0=PB1,io1=PB0; --pins program takes those that the running program has set up") \
F(REQUEST_PINS_LATER, "flash-pins-later", SPECIFIC, \
  "the program sets the serial flash up later, or never", \
  "let the program run until it has used the flash, and start tether then; or name the pins of the " \
  "schematic by --pins clk=PB10,ncs=PB11,io0=PB1,io1=PB0") \
F(TARGET_NO_SFDP, "flash-without-sfdp", CERTAIN, \
  "the flash answers, and does not describe itself as this driver needs it", \
  "give a loader for it by --algorithm") \
F(TARGET_LOADER_FAILED, "foreign-loader-failed", GENERAL, \
  "the loader is for another board, or the memory is not powered or clocked as it expects", \
  "check that the file given by --algorithm was made for this board: pins, memory chip, " \
  "and the clock that it sets up") \
F(REQUEST_FOREIGN_PROGRAM, "foreign-program", CERTAIN, \
  "the program is for another kind of processor", \
  "take the file that arm-none-eabi-gcc, or the IDE for this chip, has linked") \
F(REQUEST_NOT_FLASH, "not-flash", CERTAIN, \
  "there is no flash at this address", \
  "give an address in the flash, which begins at 0x08000000; monitor flash info, in gdb, lists " \
  "its banks") \
F(REQUEST_LOAD_TO_RAM, "load-to-ram", CERTAIN, \
  "the program has contents for RAM", \
  "in the linker script, give the section a load address in flash (> RAM AT> FLASH), or " \
  "mark it NOLOAD") \
F(REQUEST_PLACE, "place-of-file", CERTAIN, \
  "a file without addresses of its own was given one that is not in flash, or is longer than the flash", \
  "give an address in flash, in hexadecimal, as in x.bin@0x08000000, from which on there is room for " \
  "all of the file; monitor flash info, in gdb, lists where flash is") \
F(REQUEST_OPTION_BYTES, "option-bytes", CERTAIN, \
  "option bytes are not loaded like flash", \
  "set them by name, tether options set NAME=VALUE (tether options lists them), and in the linker " \
  "script mark their section NOLOAD; --skip-unmapped leaves it out of tether flash") \
F(REQUEST_OPTIONS_LEFT, "options-left", CERTAIN, \
  "a program, or a debugger that was cut short, has written to the registers of the option bytes", \
  "switch the board off and on, which loads them again, see what tether options shows then, and " \
  "repeat the command") \
F(REQUEST_DATA_SECTORS, "data-sectors", CERTAIN, \
  "the last sectors of a bank are set aside for high-cycle data (EDATA)", \
  "link the program to end before these sectors, or give the data up with EDATA1_EN=0 or " \
  "EDATA2_EN=0 in the option bytes (tether options set)") \
F(REQUEST_OTP, "otp-memory", CERTAIN, \
  "OTP memory is programmed once, and never erased", \
  "tether flash --program-otp programs it, for good; nothing erases it")

#define FINDINGS_OF_SESSIONS(F) \
F(F1, "port-in-use", CERTAIN, \
  "another program listens at this port", \
  "end that program or connection, or use another port: {}") \
F(F2, "not-a-debugger", CERTAIN, \
  "the client does not speak gdb's protocol", \
  "connect with gdb: target remote") \
F(F3, "client-gone", CERTAIN, \
  "the client ended the connection", \
  "start gdb again and connect") \
F(F4, "power-lost", SPECIFIC, \
  "the target lost its supply during the session", \
  "give the board power; a session whose core was halted goes on then, another ends: connect " \
  "again") \
F(F5, "probe-unplugged", CERTAIN, \
  "the probe was unplugged during the session", \
  "plug it in again; a session whose core was halted goes on then, another ends: connect " \
  "again") \
F(F6, "gdb-timed-out", SPECIFIC, \
  "gdb did not wait long enough for an answer", \
  "in gdb: set remotetimeout 20") \
F(F7, "registers-do-not-fit", SPECIFIC, \
  "this gdb did not take the description of the registers", \
  "use gdb-multiarch or arm-none-eabi-gdb with XML support") \
F(F8, "wrong-gdb-or-program", SPECIFIC, \
  "the gdb or the program is for another architecture", \
  "use gdb-multiarch or arm-none-eabi-gdb and a program for this core") \
F(F9, "ide-misconfigured", SPECIFIC, \
  "the IDE's settings do not fit the board", \
  "check access port, interface (SWD), frequency and port in the IDE's debug settings") \
F(F10, "stale-breakpoints", SPECIFIC, \
  "an earlier session left breakpoints in the chip", \
  "connect again, which clears them") \
F(F11, "programmer-failed", SPECIFIC, \
  "the IDE's programmer failed, not the server", \
  "load by gdb instead")

#define FINDINGS_OF_REQUESTS(F) \
F(REQUEST_CORE_RUNS, "core-runs", CERTAIN, \
  "the core runs", \
  "halt it first") \
F(REQUEST_OTHER_CORE, "other-core", CERTAIN, \
  "another core of the chip has that memory for itself", \
  "take the core that it belongs to: {}, or the gdb at its port") \
F(REQUEST_BUSY, "busy", CERTAIN, \
  "other work on the target is not finished", \
  "wait until it is finished") \
F(REQUEST_CLAIM_LOST, "claim-lost", CERTAIN, \
  "tether stood still while it programmed or reset the chip, and another program did so " \
  "meanwhile", \
  "load again, or reset again") \
F(REQUEST_MEDDLED, "meddled-with", CERTAIN, \
  "another program that shares the probe changed the target while it was programmed or reset", \
  "end that program, or let it wait, and load again") \
F(REQUEST_TOO_MANY_CLIENTS, "too-many-clients", CERTAIN, \
  "this server takes no more clients", \
  "end a debug session or a live watch that is no longer needed") \
F(REQUEST_RUN_CONTROL, "run-control", CERTAIN, \
  "another client has the run control of this core", \
  "continue from that client or end it, or start tether with --any-client") \
F(REQUEST_NO_SUCH_CORE, "no-such-core", CERTAIN, \
  "the chip has no core of that name", \
  "take a core of this chip: --core {}") \
F(REQUEST_NO_SUCH_PART, "no-such-part", CERTAIN, \
  "the table of devices has no single part of that name", \
  "take a name from tether targets, or leave --target out") \
F(REQUEST_UNKNOWN_WORD, "unknown-word", CERTAIN, \
  "the command line has a word that is not known", \
  "did you mean {}? tether help lists all") \
F(REQUEST_FOREIGN_OPTION, "foreign-option", CERTAIN, \
  "the command line has an option of another program, and tether has none like it", \
  "{}; tether help lists all") \
F(REQUEST_NUMBER, "number-without-0x", CERTAIN, \
  "a hexadecimal number begins with 0x", \
  "did you mean {}?") \
F(REQUEST_MONITOR_WORD, "monitor-word", CERTAIN, \
  "this is a command for gdb's monitor, not for the command line", \
  "type it in gdb while tether serve runs: monitor {}") \
F(REQUEST_UNKNOWN_MONITOR, "unknown-monitor-command", CERTAIN, \
  "there is no such monitor command", \
  "see monitor help") \
F(REQUEST_BIND, "bad-address", CERTAIN, \
  "this is not an address of this computer", \
  "--bind takes an address of this computer such as 127.0.0.1, or 0.0.0.0 for all of them") \
F(REQUEST_LEFT_OPEN, "left-open", CERTAIN, \
  "it is not known whether a request has reached the target", \
  "look at what it was to change, and ask again if it has not") \
F(REQUEST_PROBE_NAME, "bad-probe-name", CERTAIN, \
  "this does not name a probe", \
  "name it as {}; or by WHICH alone: the beginning of its serial, its id (0483:374b) or " \
  "its place (1-4.2)") \
F(REQUEST_RECORDING, "other-recording", CERTAIN, \
  "the recording was made by another tether", \
  "tether explain has the verdict of the tether that made it, if that came so far") \
F(REQUEST_RECORDING_CUT, "recording-cut", CERTAIN, \
  "the recording is not whole", \
  "get the whole file: its end is missing, as of a copy that was broken off") \
F(REQUEST_FILE_IS_THERE, "file-is-there", CERTAIN, \
  "the file is there already, and nothing is written over it", \
  "name another file{}") \
F(REQUEST_SHARE, "cannot-share", CERTAIN, \
  "this probe cannot be shared with other programs", \
  "leave --share out, or name the probe itself (--probe); several gdb may connect to this " \
  "server in any case") \
F(REQUEST_SWO_RATE, "swo-too-fast", CERTAIN, \
  "the probe cannot receive SWO at this rate", \
  "have the target send at {} baud or less") \
F(REQUEST_SWO_BAUD, "swo-rate-not-made", CERTAIN, \
  "the core's clock cannot be divided to this rate of SWO", \
  "ask for another by --swo-baud: {} is the nearest") \
F(REQUEST_CPU_CLOCK, "cpu-clock-needed", CERTAIN, \
  "SWO's divider is made from the core's clock", \
  "give it by --cpu-clock HZ, as the program's SystemCoreClock has it") \
F(REQUEST_NO_WATCHPOINT_LEFT, "no-watchpoint-left", CERTAIN, \
  "all watchpoints of the core are in use", \
  "delete a watchpoint that is no longer needed (in gdb: info watchpoints, delete N)") \
F(REQUEST_NO_BREAKPOINT_LEFT, "no-breakpoint-left", CERTAIN, \
  "all breakpoints of the core are in use", \
  "delete a breakpoint that is no longer needed (in gdb: info breakpoints, delete N); " \
  "stepping over a line takes one, too") \
F(REQUEST_SOFT_BREAKPOINT, "needs-software-breakpoint", CERTAIN, \
  "the core cannot compare with this address", \
  "use a software breakpoint (in gdb: break instead of hbreak)") \
F(REQUEST_HARD_BREAKPOINT, "needs-hardware-breakpoint", CERTAIN, \
  "this memory does not take a breakpoint instruction", \
  "use a hardware breakpoint (in gdb: hbreak instead of break)") \
F(REQUEST_EXTERNAL_MEMORY, "external-memory", SPECIFIC, \
  "external memory answers only after its controller has been set up, as by the program", \
  "if this is a load: name a loader for that memory (--algorithm FILE) or the pins of a " \
  "serial flash (--pins), or in the " \
  "linker script mark the section NOLOAD or give it a load address in flash") \
F(REQUEST_NO_MEMORY, "no-memory-there", SPECIFIC, \
  "this chip has no memory there that takes a write", \
  "if this is a load: check that the program is linked for this chip; in the linker script, give " \
  "the section a load address in flash (> RAM AT> FLASH), or mark it NOLOAD") \
F(REQUEST_NO_CLOCK, "no-clock-there", SPECIFIC, \
  "what is there has no clock, and forgets what is written", \
  "turn its clock on in RCC first; if this is a load: in the linker script, give the section a " \
  "load address in flash (> RAM AT> FLASH), or mark it NOLOAD") \
F(REQUEST_CONSENT, "needs-consent", CERTAIN, \
  "what is asked for loses something that does not come back by itself", \
  "repeat the command with --yes") \
F(REQUEST_FLASH_WRITE, "flash-write", CERTAIN, \
  "flash is not written like RAM", \
  "program it with load")

#define FINDINGS_OF_HOSTS(F) \
F(HOST_RESTART, "restart", CERTAIN, \
  "another chip is there than before", \
  "end this server and start it again") \
F(HOST_FEW_FILES, "few-files", CERTAIN, \
  "this process may open too few files", \
  "raise the limit before starting: ulimit -n 256") \
F(HOST_NO_SERVER, "no-probe-server", CERTAIN, \
  "no program listens at this address", \
  "start the probe server, or check its address and port") \
F(HOST_NOT_A_PROBE_SERVER, "not-a-probe-server", CERTAIN, \
  "what listens at this address is not a probe server", \
  "check that a probe server listens at this address and port") \
F(HOST_RUNTIME_FOLDER, "runtime-folder", CERTAIN, \
  "tethers find each other in a folder that is not this user's alone", \
  "take it from other users (chmod 700 {}), or set XDG_RUNTIME_DIR to another folder") \
F(HOST_OWNER_SILENT, "probe-owner-silent", CERTAIN, \
  "the tether that has the probe does not answer", \
  "let that process go on (kill -CONT {}) or end it (kill -KILL): this tether then has the " \
  "probe") \
F(HOST_SERVER_SILENT, "probe-server-silent", CERTAIN, \
  "the probe server does not answer", \
  "look at the probe server at {}, and start it again if it does not go on")
/* clang-format on */

#endif /* TRANSPORT_BASE_FINDING_TABLE_H */
