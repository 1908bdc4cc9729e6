/* SPDX-License-Identifier: MIT */
#include "test/emulator/cpu/cpu_internal.h"

/*
 * Unicorn gives MSP, PSP and the masks only to privileged code. In unprivileged
 * thread mode the core is taken for a handler while they are looked at.
 */
struct privilege {
	uint32_t xpsr;
	bool was_lent;
};

static struct privilege
privilege_lend(struct cpu *cpu)
{
	struct privilege privilege = { engine_get(cpu, UC_ARM_REG_XPSR), false };

	if (!(privilege.xpsr & XPSR_EXCEPTION) &&
	    engine_get(cpu, UC_ARM_REG_CONTROL) & CONTROL_NPRIV) {
		engine_set(cpu, UC_ARM_REG_XPSR_NZCVQG, privilege.xpsr | EXC_HARDFAULT);
		privilege.was_lent = true;
	}
	return privilege;
}

static void
privilege_return(struct cpu *cpu, struct privilege privilege)
{
	if (privilege.was_lent)
		engine_set(cpu, UC_ARM_REG_XPSR_NZCVQG, privilege.xpsr);
}

bool
register_is_privileged(struct cpu *cpu)
{
	return engine_get(cpu, UC_ARM_REG_XPSR) & XPSR_EXCEPTION ||
	       !(engine_get(cpu, UC_ARM_REG_CONTROL) & CONTROL_NPRIV);
}

uint32_t
register_xpsr(struct cpu *cpu)
{
	return engine_get(cpu, UC_ARM_REG_XPSR) | XPSR_T;
}

void
register_set_xpsr(struct cpu *cpu, uint32_t xpsr)
{
	engine_set(cpu, UC_ARM_REG_XPSR_NZCVQG, xpsr | XPSR_T);
	/* Only this write makes Unicorn look at mode and flags anew. */
	engine_set(cpu, UC_ARM_REG_APSR_NZCV, xpsr & 0xf0000000u);
}

static uint32_t
get_privileged(struct cpu *cpu, int reg)
{
	struct privilege privilege = privilege_lend(cpu);
	uint32_t value = engine_get(cpu, reg);

	privilege_return(cpu, privilege);
	return value;
}

static void
set_privileged(struct cpu *cpu, int reg, uint32_t value)
{
	struct privilege privilege = privilege_lend(cpu);

	engine_set(cpu, reg, value);
	privilege_return(cpu, privilege);
}

uint32_t
register_special(struct cpu *cpu)
{
	struct privilege privilege = privilege_lend(cpu);
	uint32_t value = engine_get(cpu, UC_ARM_REG_CONTROL) << 24 |
			 engine_get(cpu, UC_ARM_REG_FAULTMASK) << 16 |
			 engine_get(cpu, UC_ARM_REG_BASEPRI) << 8 |
			 engine_get(cpu, UC_ARM_REG_PRIMASK);

	privilege_return(cpu, privilege);
	return value;
}

/* Armv6-M has neither BASEPRI nor FAULTMASK (DDI 0419E C1.6.3). */
static uint32_t
basepri_mask(const struct cpu *cpu)
{
	return is_v6m(cpu) ? 0 : 0xffu & ~(0xffu >> cpu->model.priority_bits);
}

static void
set_special(struct cpu *cpu, uint32_t value)
{
	struct privilege privilege = privilege_lend(cpu);
	uint32_t control = value >> 24 & (CONTROL_NPRIV | CONTROL_SPSEL);

	if (cpu->model.fpu != CPU_FPU_NONE)
		control |= value >> 24 & CONTROL_FPCA;
	engine_set(cpu, UC_ARM_REG_PRIMASK, value & 1);
	engine_set(cpu, UC_ARM_REG_BASEPRI, value >> 8 & basepri_mask(cpu));
	engine_set(cpu, UC_ARM_REG_FAULTMASK, is_v6m(cpu) ? 0 : value >> 16 & 1);
	if (privilege.was_lent) /* still nPRIV below: SPSEL needs it dropped first */
		engine_set(cpu, UC_ARM_REG_CONTROL,
			   engine_get(cpu, UC_ARM_REG_CONTROL) & ~CONTROL_NPRIV);
	privilege_return(cpu, privilege);
	engine_set(cpu, UC_ARM_REG_CONTROL, control);
	register_set_xpsr(cpu, privilege.xpsr);
}

uint32_t
register_lockup_pc(const struct cpu *cpu)
{
	return cpu->model.kind == CPU_CORTEX_M33 ? LOCKUP_PC_V8 : LOCKUP_PC;
}

static uint32_t
get_pc(struct cpu *cpu)
{
	return cpu->locked_up ? register_lockup_pc(cpu) : engine_get(cpu, UC_ARM_REG_PC);
}

static void
set_pc(struct cpu *cpu, uint32_t value)
{
	engine_set(cpu, UC_ARM_REG_PC,
		   value | 1); /* without it Unicorn turns to Arm code */
	cpu->locked_up = false;
}

static void
set_debug_xpsr(struct cpu *cpu, uint32_t value)
{
	cpu->not_thumb = !(value & XPSR_T);
	register_set_xpsr(cpu, value & ~XPSR_STKALIGNED);
}

bool
register_get(struct cpu *cpu, unsigned regsel, uint32_t *value)
{
	*value = 0;
	if (regsel <= 12)
		*value = engine_get(cpu, UC_ARM_REG_R0 + (int)regsel);
	else if (regsel == REG_SP)
		*value = engine_get(cpu, UC_ARM_REG_SP);
	else if (regsel == REG_LR)
		*value = engine_get(cpu, UC_ARM_REG_LR);
	else if (regsel == REG_PC)
		*value = get_pc(cpu);
	else if (regsel == REG_XPSR)
		*value = register_xpsr(cpu) & ~(cpu->not_thumb ? XPSR_T : 0);
	else if (regsel == REG_MSP)
		*value = get_privileged(cpu, UC_ARM_REG_MSP);
	else if (regsel == REG_PSP)
		*value = get_privileged(cpu, UC_ARM_REG_PSP);
	else if (regsel == REG_SPECIAL)
		*value = register_special(cpu);
	else if (regsel == REG_FPSCR && cpu->model.fpu != CPU_FPU_NONE)
		*value = engine_get(cpu, UC_ARM_REG_FPSCR);
	else if (regsel >= REG_S0 && regsel < REG_S0 + 32 && cpu->model.fpu != CPU_FPU_NONE)
		*value = engine_get(cpu, UC_ARM_REG_S0 + (int)(regsel - REG_S0));
	else
		return false;
	return true;
}

bool
register_set(struct cpu *cpu, unsigned regsel, uint32_t value)
{
	if (regsel <= 12)
		engine_set(cpu, UC_ARM_REG_R0 + (int)regsel, value);
	else if (regsel == REG_SP)
		engine_set(cpu, UC_ARM_REG_SP, value & ~3u);
	else if (regsel == REG_LR)
		engine_set(cpu, UC_ARM_REG_LR, value);
	else if (regsel == REG_PC)
		set_pc(cpu, value);
	else if (regsel == REG_XPSR)
		set_debug_xpsr(cpu, value);
	else if (regsel == REG_MSP)
		set_privileged(cpu, UC_ARM_REG_MSP, value & ~3u);
	else if (regsel == REG_PSP)
		set_privileged(cpu, UC_ARM_REG_PSP, value & ~3u);
	else if (regsel == REG_SPECIAL)
		set_special(cpu, value);
	else if (regsel == REG_FPSCR && cpu->model.fpu != CPU_FPU_NONE)
		engine_set(cpu, UC_ARM_REG_FPSCR, value);
	else if (regsel >= REG_S0 && regsel < REG_S0 + 32 && cpu->model.fpu != CPU_FPU_NONE)
		engine_set(cpu, UC_ARM_REG_S0 + (int)(regsel - REG_S0), value);
	else
		return false;
	return true;
}

/* B1.5.5: what a reset defines; R0-R12 and PSP keep what they held. */
void
registers_reset(struct cpu *cpu)
{
	register_set_xpsr(cpu, EXC_HARDFAULT); /* privileged, whatever it was before */
	engine_set(cpu, UC_ARM_REG_CONTROL,
		   engine_get(cpu, UC_ARM_REG_CONTROL) & ~(CONTROL_NPRIV | CONTROL_FPCA));
	engine_set(cpu, UC_ARM_REG_PRIMASK, 0);
	engine_set(cpu, UC_ARM_REG_BASEPRI, 0);
	engine_set(cpu, UC_ARM_REG_FAULTMASK, 0);
	register_set_xpsr(cpu, 0);
	engine_set(cpu, UC_ARM_REG_CONTROL, 0);
	engine_set(cpu, UC_ARM_REG_LR, 0xffffffffu);
	if (cpu->model.fpu != CPU_FPU_NONE)
		engine_set(cpu, UC_ARM_REG_FPSCR, 0);
	cpu->not_thumb = false;
}
