/* SPDX-License-Identifier: MIT */
/*
 * armv7m.h - names of exceptions and of the register bits that several files of
 * this folder use. Sections are of DDI 0403E.
 */
#ifndef TEST_EMULATOR_CPU_ARMV7M_H
#define TEST_EMULATOR_CPU_ARMV7M_H

/* Exception numbers, DDI 0403E B1.5.2. */
enum {
	EXC_NONE = 0,
	EXC_NMI = 2,
	EXC_HARDFAULT = 3,
	EXC_MEMMANAGE = 4,
	EXC_BUSFAULT = 5,
	EXC_USAGEFAULT = 6,
	EXC_SVCALL = 11,
	EXC_DEBUGMONITOR = 12,
	EXC_PENDSV = 14,
	EXC_SYSTICK = 15,
	EXC_IRQ0 = 16,
	CPU_MAX_IRQS = 240
};

/* CFSR and HFSR, DDI 0403E B3.2.15 and B3.2.16. */
#define CFSR_IACCVIOL    (1u << 0)
#define CFSR_IBUSERR     (1u << 8)
#define CFSR_PRECISERR   (1u << 9)
#define CFSR_IMPRECISERR (1u << 10)
#define CFSR_UNSTKERR    (1u << 11)
#define CFSR_STKERR      (1u << 12)
#define CFSR_LSPERR      (1u << 13)
#define CFSR_BFARVALID   (1u << 15)
#define CFSR_UNDEFINSTR  (1u << 16)
#define CFSR_INVSTATE    (1u << 17)
#define CFSR_INVPC       (1u << 18)
#define CFSR_NOCP        (1u << 19)
#define CFSR_UNALIGNED   (1u << 24)
#define CFSR_DIVBYZERO   (1u << 25)
#define HFSR_VECTTBL     (1u << 1)
#define HFSR_FORCED      (1u << 30)
#define HFSR_DEBUGEVT    (1u << 31)

/* CCR, SCR, FPCCR: B3.2.8, B3.2.7, B3.2.21. */
#define CCR_NONBASETHRDENA (1u << 0)
#define CCR_UNALIGN_TRP    (1u << 3)
#define CCR_DIV_0_TRP      (1u << 4)
#define CCR_STKALIGN       (1u << 9)
#define SCR_SLEEPONEXIT    (1u << 1)
#define SCR_SLEEPDEEP      (1u << 2)
#define SCR_SEVONPEND      (1u << 4)
#define FPCCR_LSPACT       (1u << 0)
#define FPCCR_LSPEN        (1u << 30)
#define FPCCR_ASPEN        (1u << 31)

/* DHCSR, DFSR, DEMCR: C1.6.2, B3.2.17 (DFSR), C1.6.5. */
#define DHCSR_C_DEBUGEN    (1u << 0)
#define DHCSR_C_HALT       (1u << 1)
#define DHCSR_C_STEP       (1u << 2)
#define DHCSR_C_MASKINTS   (1u << 3)
#define DFSR_HALTED        (1u << 0)
#define DFSR_BKPT          (1u << 1)
#define DFSR_DWTTRAP       (1u << 2)
#define DFSR_VCATCH        (1u << 3)
#define DFSR_EXTERNAL      (1u << 4)
#define DEMCR_VC_CORERESET (1u << 0)
#define DEMCR_VC_MMERR     (1u << 4)
#define DEMCR_VC_NOCPERR   (1u << 5)
#define DEMCR_VC_CHKERR    (1u << 6)
#define DEMCR_VC_STATERR   (1u << 7)
#define DEMCR_VC_BUSERR    (1u << 8)
#define DEMCR_VC_INTERR    (1u << 9)
#define DEMCR_VC_HARDERR   (1u << 10)
#define DEMCR_MON_EN       (1u << 16)
#define DEMCR_TRCENA       (1u << 24)

/* xPSR (B1.4.2) and CONTROL (B1.4.4). */
#define XPSR_EXCEPTION  0x1ffu
#define XPSR_STKALIGNED (1u << 9)
#define XPSR_IT         0x0600fc00u
#define XPSR_T          (1u << 24)
#define CONTROL_NPRIV   (1u << 0)
#define CONTROL_SPSEL   (1u << 1)
#define CONTROL_FPCA    (1u << 2)

/* Where a core that is locked up seems to fetch from: B1.5.15; v8-M: DDI 0553 B3.33. */
#define LOCKUP_PC    0xfffffffeu
#define LOCKUP_PC_V8 0xeffffffeu
/* Branches at or above this are exception returns, in handler mode: B1.5.8. */
#define EXC_RETURN_FIRST 0xfffffff0u

#endif /* TEST_EMULATOR_CPU_ARMV7M_H */
