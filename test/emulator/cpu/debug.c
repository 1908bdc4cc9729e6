/* SPDX-License-Identifier: MIT */
/* Halting debug: DDI 0403E C1.4 to C1.6. */
#include "test/emulator/cpu/cpu_internal.h"

#define DHCSR_DBGKEY   0xa05f0000u
#define DHCSR_S_REGRDY (1u << 16)
#define DHCSR_S_HALT   (1u << 17)
#define DHCSR_S_SLEEP  (1u << 18)
#define DHCSR_S_LOCKUP (1u << 19)
#define DHCSR_S_RETIRE (1u << 24)
#define DHCSR_S_RESET  (1u << 25)
#define DHCSR_CONTROLS (DHCSR_C_DEBUGEN | DHCSR_C_HALT | DHCSR_C_STEP | DHCSR_C_MASKINTS)
#define DCRSR_REGWNR   (1u << 16)
#define DCRSR_REGSEL   0x7fu
#define DEMCR_VC_ALL                                                                \
	(DEMCR_VC_CORERESET | DEMCR_VC_MMERR | DEMCR_VC_NOCPERR | DEMCR_VC_CHKERR | \
	 DEMCR_VC_STATERR | DEMCR_VC_BUSERR | DEMCR_VC_INTERR | DEMCR_VC_HARDERR)
/* DDI 0419E C1.6.5; its DWTENA is TRCENA by another name. */
#define DEMCR_V6M      (DEMCR_VC_CORERESET | DEMCR_VC_HARDERR | DEMCR_TRCENA)
#define DEMCR_MON_PEND (1u << 17)
#define DEMCR_MON_ALL  0x000f0000u
#define DFSR_ALL       0x1fu

/* A power-on reset clears it all; another one the monitor's bits alone (C1.6.1, C1.6.5). */
void
debug_reset(struct cpu *cpu, bool power_on)
{
	if (power_on)
		cpu->debug = (struct debug){ .regrdy = true,
					     .requested = cpu->debug.requested,
					     .halts = cpu->debug.halts };
	cpu->debug.demcr &= ~DEMCR_MON_ALL;
	cpu->debug.was_reset = true;
	cpu->debug.retired = false;
	cpu->halted = false;
}

static uint32_t
read_dhcsr(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	struct debug *debug = &cpu->debug;
	uint32_t value = debug->control;

	(void)index;
	value |= debug->regrdy ? DHCSR_S_REGRDY : 0;
	value |= cpu->halted ? DHCSR_S_HALT : 0;
	value |= cpu->sleeping ? DHCSR_S_SLEEP : 0;
	value |= debug->retired ? DHCSR_S_RETIRE : 0;
	value |= debug->was_reset ? DHCSR_S_RESET : 0;
	if (view != VIEW_DEBUGGER)
		return value;
	value |= cpu->locked_up && !cpu->halted ? DHCSR_S_LOCKUP : 0;
	debug->retired = false;
	debug->was_reset = cpu->held;
	return value;
}

/* Code may not turn halting debug on or off, nor touch the rest while it is off. */
static uint32_t
accepted_control(struct cpu *cpu, uint32_t value, enum ppb_view view)
{
	uint32_t control = value & DHCSR_CONTROLS;

	if (view == VIEW_CODE)
		control = (control & ~DHCSR_C_DEBUGEN) |
			  (cpu->debug.control & DHCSR_C_DEBUGEN);
	return control & DHCSR_C_DEBUGEN ? control : 0;
}

static void
write_dhcsr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	uint32_t control;

	(void)index;
	if ((value & 0xffff0000u) != DHCSR_DBGKEY)
		return;
	control = accepted_control(cpu, value, view);
	cpu->debug.control = control;
	if (view == VIEW_CODE || cpu->held || cpu->is_stalled) {
		cpu->stop = true; /* takes effect at the next boundary, or with the reset's
				     end */
		return;
	}
	if (!(control & DHCSR_C_HALT))
		cpu->halted = false;
	else if (!cpu->halted)
		debug_halt(cpu, DFSR_HALTED);
}

/* A transfer needs debug state; without it S_REGRDY never comes. */
static void
write_dcrsr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	unsigned regsel = value & DCRSR_REGSEL;

	(void)index;
	if (view == VIEW_CODE)
		return;
	cpu->debug.regrdy = cpu->halted;
	if (!cpu->halted)
		return;
	if (value & DCRSR_REGWNR)
		register_set(cpu, regsel, cpu->debug.dcrdr);
	else
		register_get(cpu, regsel, &cpu->debug.dcrdr);
}

static void
write_demcr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	uint32_t writable =
		is_v6m(cpu) ? DEMCR_V6M : DEMCR_VC_ALL | DEMCR_MON_ALL | DEMCR_TRCENA;

	(void)index;
	(void)view;
	value &= writable;
	if (value & DEMCR_MON_PEND && value & DEMCR_MON_EN)
		nvic_pend(cpu, EXC_DEBUGMONITOR, true);
	cpu->debug.demcr = value;
	dwt_settle(cpu);
}

static void
clear_dfsr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)view;
	cpu->debug.dfsr &= ~(value & DFSR_ALL);
}

static const struct ppb_register registers[] = {
	{ .at = 0xe000ed30,
	  .words = 1,
	  .store = PPB_STORE(debug.dfsr),
	  .write = clear_dfsr },
	{ .at = 0xe000edf0, .words = 1, .read = read_dhcsr, .write = write_dhcsr },
	{ .at = 0xe000edf4, .words = 1, .write = write_dcrsr },
	{ .at = 0xe000edf8,
	  .words = 1,
	  .merge = true,
	  .store = PPB_STORE(debug.dcrdr),
	  .writable = UINT32_MAX },
	{ .at = 0xe000edfc,
	  .words = 1,
	  .merge = true,
	  .store = PPB_STORE(debug.demcr),
	  .write = write_demcr },
};
const struct ppb_table debug_registers = PPB_TABLE(registers);
