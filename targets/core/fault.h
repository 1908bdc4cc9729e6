/* SPDX-License-Identifier: MIT */
/*
 * fault.h - the fault status registers of a core, and their words.
 */
#ifndef TARGETS_CORE_FAULT_H
#define TARGETS_CORE_FAULT_H

#include "targets/core/core.h"
#include "transport/base/text.h"

struct core_fault {
	uint32_t cfsr, hfsr, mmfar, bfar;
	uint32_t sfsr, sfar; /* ARMv8-M; 0 elsewhere, and without the Security Extension */
};

/* ARMv6-M has a HardFault and no register that says why (DDI 0419E, B3.2.2). */
bool core_has_fault_registers(const struct core *core);
/* Reads them; the core may run. Only when core_has_fault_registers(). */
enum cause core_fault_read(struct core *core, struct core_fault *fault, struct reason *why);
/* "PRECISERR: an access to an address that does not answer, at BFAR": the bits of CFSR, of
 * HFSR; "no bit set". */
void core_fault_add_cfsr(const struct core_fault *fault, struct text *words);
void core_fault_add_hfsr(const struct core_fault *fault, struct text *words);
/* "AUVIOL: ...; SFAR is 0x...": of a SecureFault. */
void core_fault_add_sfsr(const struct core_fault *fault, struct text *words);
/* "; MMFAR is 0x...; BFAR is 0x...", as far as CFSR says that they are valid. */
void core_fault_add_addresses(const struct core_fault *fault, struct text *words);

#endif /* TARGETS_CORE_FAULT_H */
