/* SPDX-License-Identifier: MIT */
/*
 * m4.h - the core registers that the demo programs write, by their names in the
 * ARMv7-M Architecture Reference Manual (DDI 0403E.e).
 */
#ifndef TEST_FIRMWARE_M4_H
#define TEST_FIRMWARE_M4_H

#include <stdint.h>

#define REGISTER(at) (*(volatile uint32_t *)(at))

/* B3.3: the system timer. */
#define SYST_CSR           REGISTER(0xe000e010)
#define SYST_CSR_ENABLE    (1u << 0)
#define SYST_CSR_TICKINT   (1u << 1)
#define SYST_CSR_CLKSOURCE (1u << 2) /* the processor's clock */
#define SYST_RVR           REGISTER(0xe000e014)
#define SYST_CVR           REGISTER(0xe000e018)

/* B3.2.20: CP10 and CP11, both bits of each. In Armv6-M the place is reserved (DDI 0419E B3.2). */
#define CPACR                 REGISTER(0xe000ed88)
#define CPACR_FPU_FULL_ACCESS (0xfu << 20)

/* Of the second by the third operand; Armv6-M cannot divide. */
#ifdef __ARM_ARCH_6M__
#define UDIV ""
#else
#define UDIV "udiv %0, %1, %2"
#endif

#endif /* TEST_FIRMWARE_M4_H */
