/* SPDX-License-Identifier: MIT */
/*
 * cortex_m.h - the debug registers of a Cortex-M, each described once.
 *
 * ARMv7-M ARM (DDI 0403E.e): system control B3.2, debug C1. What ARMv8-M does
 * otherwise is from DDI 0553B. ARMv6-M (DDI 0419E) is a subset with the same
 * addresses and bits. Fields that have no meaning in words stand for settings.
 */
#ifndef TARGETS_CORE_CORTEX_M_H
#define TARGETS_CORE_CORTEX_M_H

#include "transport/base/reg.h"

/* Addresses, the same on every core: B3.2.2, C1.6.1, C1.8.6, C1.11.2. */
#define ITM_TCR_AT         0xe0000e80u
#define DWT_CTRL_AT        0xe0001000u
#define DWT_CYCCNT_AT      0xe0001004u
#define DWT_COMP_AT(n)     (0xe0001020u + 16u * (uint32_t)(n))
#define DWT_MASK_AT(n)     (0xe0001024u + 16u * (uint32_t)(n))
#define DWT_FUNCTION_AT(n) (0xe0001028u + 16u * (uint32_t)(n))
#define FP_CTRL_AT         0xe0002000u
#define FP_COMP_AT(n)      (0xe0002008u + 4u * (uint32_t)(n))
#define CPUID_AT           0xe000ed00u
#define AIRCR_AT           0xe000ed0cu
#define DFSR_AT            0xe000ed30u
#define DHCSR_AT           0xe000edf0u
#define DCRSR_AT           0xe000edf4u
#define DCRDR_AT           0xe000edf8u
#define DEMCR_AT           0xe000edfcu
#define MVFR0_AT           0xe000ef40u
#define MVFR1_AT           0xe000ef44u
#define ICIALLU_AT         0xe000ef50u /* B3.2.24, cores with caches */
#define DAUTHSTATUS_AT     0xe000efb8u /* DDI 0553B, ARMv8-M */

/* DDI 0403E.e B3.2.3 CPUID Base Register. */
#define CPUID(F)                                      \
	F(CPUID, REVISION, 0, 4, "revision")          \
	F(CPUID, PARTNO, 4, 12, "part")               \
	F(CPUID, ARCHITECTURE, 16, 4, "architecture") \
	F(CPUID, VARIANT, 20, 4, "variant")           \
	F(CPUID, IMPLEMENTER, 24, 8, "implementer")
REG_CONSTANTS(CPUID);

/* DDI 0403E.e B3.2.6 Application Interrupt and Reset Control Register. */
#define AIRCR(F)                                            \
	F(AIRCR, SYSRESETREQ, 2, 1, "a reset is requested") \
	F(AIRCR, VECTKEY, 16, 16, "key")
REG_CONSTANTS(AIRCR);
enum { AIRCR_KEY = 0x05fa };

/* DDI 0403E.e C1.6.1 Debug Fault Status Register; bits are cleared by writing 1. */
#define DFSR(F)                                                 \
	F(DFSR, HALTED, 0, 1, "halted on request or by a step") \
	F(DFSR, BKPT, 1, 1, "a breakpoint was hit")             \
	F(DFSR, DWTTRAP, 2, 1, "a watchpoint was hit")          \
	F(DFSR, VCATCH, 3, 1, "an exception was caught")        \
	F(DFSR, EXTERNAL, 4, 1, "an external debug request")
REG_CONSTANTS(DFSR);
#define DFSR_ALL                                                                \
	(REG_MASK(DFSR_HALTED) | REG_MASK(DFSR_BKPT) | REG_MASK(DFSR_DWTTRAP) | \
	 REG_MASK(DFSR_VCATCH) | REG_MASK(DFSR_EXTERNAL))

/* DDI 0403E.e C1.6.2 Debug Halting Control and Status Register. The key is written where
 * the status bits are read. S_RESET_ST and S_RETIRE_ST are cleared by reading. */
#define DHCSR_CONTROL(F)                                      \
	F(DHCSR, C_DEBUGEN, 0, 1, "halting debug is enabled") \
	F(DHCSR, C_HALT, 1, 1, "a halt is requested")         \
	F(DHCSR, C_STEP, 2, 1, "a step is requested")         \
	F(DHCSR, C_MASKINTS, 3, 1, "interrupts are masked")
#define DHCSR_STATUS(F)                                                         \
	F(DHCSR, S_HALT, 17, 1, "the core is halted")                           \
	F(DHCSR, S_SLEEP, 18, 1, "the core sleeps")                             \
	F(DHCSR, S_LOCKUP, 19, 1, "the core is locked up after a double fault") \
	F(DHCSR, S_RETIRE_ST, 24, 1, "instructions were executed")              \
	F(DHCSR, S_RESET_ST, 25, 1, "the core is or was in reset")
#define DHCSR(F)         \
	DHCSR_CONTROL(F) \
	F(DHCSR, S_REGRDY, 16, 1, "a register transfer is complete") DHCSR_STATUS(F)
REG_CONSTANTS(DHCSR);
#define DHCSR_KEY 0xa05f0000u

/* DDI 0403E.e C1.6.3 Debug Core Register Selector Register. */
#define DCRSR(F)                           \
	F(DCRSR, REGSEL, 0, 7, "register") \
	F(DCRSR, REGWNR, 16, 1, "write")
REG_CONSTANTS(DCRSR);

/* DDI 0403E.e C1.6.5 Debug Exception and Monitor Control Register. */
#define DEMCR(F)                                                        \
	F(DEMCR, VC_CORERESET, 0, 1, "reset")                           \
	F(DEMCR, VC_MMERR, 4, 1, "MemManage fault")                     \
	F(DEMCR, VC_NOCPERR, 5, 1, "UsageFault: no such coprocessor")   \
	F(DEMCR, VC_CHKERR, 6, 1, "UsageFault: checking error")         \
	F(DEMCR, VC_STATERR, 7, 1, "UsageFault: state error")           \
	F(DEMCR, VC_BUSERR, 8, 1, "BusFault")                           \
	F(DEMCR, VC_INTERR, 9, 1, "fault on exception entry or return") \
	F(DEMCR, VC_HARDERR, 10, 1, "HardFault")                        \
	F(DEMCR, TRCENA, 24, 1, "DWT and ITM are on")
REG_CONSTANTS(DEMCR);
#define DEMCR_VC_ALL                                               \
	(REG_MASK(DEMCR_VC_CORERESET) | REG_MASK(DEMCR_VC_MMERR) | \
	 REG_MASK(DEMCR_VC_NOCPERR) | REG_MASK(DEMCR_VC_CHKERR) |  \
	 REG_MASK(DEMCR_VC_STATERR) | REG_MASK(DEMCR_VC_BUSERR) |  \
	 REG_MASK(DEMCR_VC_INTERR) | REG_MASK(DEMCR_VC_HARDERR))

/* DDI 0403E.e C1.11.3 FlashPatch Control Register. The number of comparators lies in two
 * pieces. REV 0 is version 1, REV 1 is version 2 (DDI 0553B, FP_CTRL). */
#define FP_CTRL(F)                                            \
	F(FP_CTRL, ENABLE, 0, 1, "enabled")                   \
	F(FP_CTRL, KEY, 1, 1, "key")                          \
	F(FP_CTRL, NUM_CODE, 4, 4, "comparators, low")        \
	F(FP_CTRL, NUM_CODE_HIGH, 12, 3, "comparators, high") \
	F(FP_CTRL, REV, 28, 4, "version")
REG_CONSTANTS(FP_CTRL);

/* DDI 0403E.e C1.11.5 FlashPatch Comparator register, version 1. */
#define FP_COMP(F)                              \
	F(FP_COMP, ENABLE, 0, 1, "enabled")     \
	F(FP_COMP, COMP, 2, 27, "word address") \
	F(FP_COMP, REPLACE, 30, 2, "1: breakpoint on the lower halfword, 2: upper, 3: both")
REG_CONSTANTS(FP_COMP);
#define FP_V1_END    0x20000000u /* C1.11.1: comparators see the Code region only */
#define FP_V2_ENABLE 1u          /* DDI 0553B, FP_COMPn.BE */

/* DDI 0403E.e C1.8.7 DWT Control register. */
#define DWT_CTRL(F)                                            \
	F(DWT_CTRL, CYCCNTENA, 0, 1, "cycles are counted")     \
	F(DWT_CTRL, PCSAMPLENA, 12, 1, "PC is sampled")        \
	F(DWT_CTRL, EVENTS, 16, 7, "events are traced")        \
	F(DWT_CTRL, NOCYCCNT, 25, 1, "cycles are not counted") \
	F(DWT_CTRL, NUMCOMP, 28, 4, "comparators")
REG_CONSTANTS(DWT_CTRL);

/* DDI 0403E.e C1.7.6 ITM Trace Control Register. */
#define ITM_TCR(F) F(ITM_TCR, ITMENA, 0, 1, "the ITM is on")
REG_CONSTANTS(ITM_TCR);

/* DDI 0403E.e C1.8.17 DWT Function registers, version 7; MATCHED is cleared by reading. */
#define DWT_FUNCTION(F)                                        \
	F(DWT_FUNCTION, FUNCTION, 0, 4, "what it watches for") \
	F(DWT_FUNCTION, MATCHED, 24, 1, "it matched since it was last read")
REG_CONSTANTS(DWT_FUNCTION);

/* DDI 0553B, DWT_FUNCTIONn of ARMv8-M; MATCHED is where it was. */
#define DWT_V8_FUNCTION(F)                                     \
	F(DWT_V8_FUNCTION, MATCH, 0, 4, "what it watches for") \
	F(DWT_V8_FUNCTION, ACTION, 4, 2, "1: a debug event")   \
	F(DWT_V8_FUNCTION, DATAVSIZE, 10, 2, "log2 of the size")
REG_CONSTANTS(DWT_V8_FUNCTION);

/* DDI 0403E.e A7.7.17: BKPT #0; the mask leaves the number out. */
enum { BKPT_OPCODE = 0xbe00, BKPT_MASK = 0xff00, BKPT_SIZE = 2 };
/* DDI 0403E.e B1.4.2: IPSR in xPSR. */
enum { XPSR_EXCEPTION = 0x1ff, XPSR_THUMB = 1 << 24, XPSR_RESERVED = 0xf << 20 };

/* DDI 0403E.e B1.5.8 EXC_RETURN; DDI 0553B has more of the low bits and the same prefix, bit 1
 * is 0 in both. */
#define EXC_RETURN(F)                                     \
	F(EXC_RETURN, RES0, 1, 1, "reserved")             \
	F(EXC_RETURN, SPSEL, 2, 1, "the frame is at PSP") \
	F(EXC_RETURN, PREFIX, 7, 25, "all ones: no address")
REG_CONSTANTS(EXC_RETURN);
enum { EXC_RETURN_PREFIX_ALL = 0x1ffffff };

/* DDI 0403E.e B1.5.5: what a reset sets; bit 24 is EPSR.T. */
#define XPSR_RESET 0x01000000u
#define LR_RESET   0xffffffffu

/* DDI 0403E.e C1.6.3, REGSEL values; DDI 0553B, DCRSR for the banks, the stack limits and VPR.
 * SP, MSP, PSP and SPECIAL are of the Security state that the core is in. */
enum core_selector {
	SELECTOR_R7 = 7,
	SELECTOR_SP = 13,
	SELECTOR_LR = 14,
	SELECTOR_PC = 15,
	SELECTOR_XPSR = 16,
	SELECTOR_MSP = 17,
	SELECTOR_PSP = 18,
	SELECTOR_SPECIAL = 20, /* CONTROL, FAULTMASK, BASEPRI, PRIMASK, from the top down */
	SELECTOR_MSP_NS = 0x18,
	SELECTOR_PSP_NS = 0x19,
	SELECTOR_MSP_S = 0x1a,
	SELECTOR_PSP_S = 0x1b,
	SELECTOR_MSPLIM_S = 0x1c,
	SELECTOR_PSPLIM_S = 0x1d,
	SELECTOR_MSPLIM = 0x1e, /* Non-secure, or the only one */
	SELECTOR_PSPLIM = 0x1f,
	SELECTOR_FPSCR = 0x21,
	SELECTOR_SPECIAL_S = 0x22,
	SELECTOR_SPECIAL_NS = 0x23,
	SELECTOR_VPR = 0x24,
	SELECTOR_S0 = 0x40,
	SELECTORS = 0x60
};

#endif /* TARGETS_CORE_CORTEX_M_H */
