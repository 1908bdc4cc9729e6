/* SPDX-License-Identifier: MIT */
/* The system control block and its neighbours: DDI 0403E B3.2. */
#include "test/emulator/cpu/cpu_internal.h"

#define ICSR_NMIPENDSET  (1u << 31)
#define ICSR_PENDSVSET   (1u << 28)
#define ICSR_PENDSVCLR   (1u << 27)
#define ICSR_PENDSTSET   (1u << 26)
#define ICSR_PENDSTCLR   (1u << 25)
#define ICSR_ISRPENDING  (1u << 22)
#define ICSR_RETTOBASE   (1u << 11)
#define ICSR_VECTPENDING 12

#define AIRCR_VECTKEY       0x05fa0000u
#define AIRCR_VECTKEYSTAT   0xfa050000u
#define AIRCR_PRIGROUP      8
#define AIRCR_VECTRESET     (1u << 0)
#define AIRCR_VECTCLRACTIVE (1u << 1)
#define AIRCR_SYSRESETREQ   (1u << 2)

#define SHCSR_ENABLES 0x00070000u
/* All that Armv6-M has of it, and for a debugger alone (DDI 0419E B3.2.12). */
#define SHCSR_SVCALLPENDED (1u << 15)
#define CCR_WRITABLE       0x0007031bu
/* TBLOFF: DDI 0403E B3.2.5; of the Cortex-M0+: DDI 0484C, VTOR. */
#define VTOR_V7M  0xffffff80u
#define VTOR_V6M  0xffffff00u
#define CPACR_FPU 0x00f00000u /* CP11 and CP10, always written alike */

/* FPCCR: ASPEN, LSPEN; what a frame was made under is not distinguished (B3.2.21). */
#define FPCCR_WRITABLE (FPCCR_ASPEN | FPCCR_LSPEN | FPCCR_LSPACT)

void
scs_reset(struct cpu *cpu)
{
	cpu->scs = (struct scs){ .vtor = cpu->reset_vtor };
	cpu->scs.ccr = CCR_STKALIGN; /* DDI 0439B 4.1: 0x00000200 after reset */
	if (is_v6m(cpu)) /* both read as one and cannot be written: DDI 0419E B3.2.8 */
		cpu->scs.ccr |= CCR_UNALIGN_TRP;
	if (cpu->model.fpu != CPU_FPU_NONE)
		cpu->scs.fpccr = FPCCR_ASPEN | FPCCR_LSPEN;
}

bool
scs_fp_is_denied(struct cpu *cpu)
{
	uint32_t cp10 = cpu->scs.cpacr >> 20 & 3; /* 0 none, 1 privileged only, 3 all */

	if (cpu->model.fpu == CPU_FPU_NONE)
		return true;
	return cp10 == 0 || (cp10 == 1 && !register_is_privileged(cpu));
}

static uint32_t
read_cpuid(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)index;
	(void)view;
	return cpu->model.cpuid;
}

static uint32_t
read_icsr(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	uint32_t pending = cpu->nvic.system_pending;
	uint32_t value = register_xpsr(cpu) & XPSR_EXCEPTION;

	(void)index;
	(void)view;
	value |= (uint32_t)nvic_best(cpu) << ICSR_VECTPENDING;
	if (pending >> EXC_SYSTICK & 1)
		value |= ICSR_PENDSTSET;
	if (pending >> EXC_PENDSV & 1)
		value |= ICSR_PENDSVSET;
	if (pending >> EXC_NMI & 1)
		value |= ICSR_NMIPENDSET;
	for (unsigned word = 0; word < 8; word++)
		if (cpu->nvic.pending[word])
			value |= ICSR_ISRPENDING;
	if (!is_v6m(cpu) && nvic_active_count(cpu) <= 1)
		value |= ICSR_RETTOBASE;
	return value;
}

static void
write_icsr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)view;
	if (value & ICSR_NMIPENDSET)
		nvic_pend(cpu, EXC_NMI, true);
	if (value & (ICSR_PENDSVSET | ICSR_PENDSVCLR))
		nvic_pend(cpu, EXC_PENDSV, value & ICSR_PENDSVSET);
	if (value & (ICSR_PENDSTSET | ICSR_PENDSTCLR))
		nvic_pend(cpu, EXC_SYSTICK, value & ICSR_PENDSTSET);
}

static uint32_t
read_aircr(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)index;
	(void)view;
	return AIRCR_VECTKEYSTAT | cpu->scs.prigroup << AIRCR_PRIGROUP;
}

/* Neither Armv6-M (DDI 0419E B3.2.6) nor v8-M. */
static bool
has_vectreset(const struct cpu *cpu)
{
	return !is_v6m(cpu) && cpu->model.kind != CPU_CORTEX_M33;
}

/* VECTRESET and VECTCLRACTIVE are for a halted core only (B3.2.6). */
static void
write_aircr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)view;
	if ((value & 0xffff0000u) != AIRCR_VECTKEY)
		return;
	if (!is_v6m(cpu))
		cpu->scs.prigroup = value >> AIRCR_PRIGROUP & 7;
	cpu->scs.reset_request |= value & AIRCR_SYSRESETREQ;
	if (cpu->halted && has_vectreset(cpu))
		cpu->scs.reset_request |= value & AIRCR_VECTRESET;
	if (cpu->halted && value & AIRCR_VECTCLRACTIVE)
		nvic_reset(cpu);
	if (cpu->scs.reset_request)
		cpu->broken = true;
}

uint32_t
cpu_reset_request(struct cpu *cpu)
{
	uint32_t request = cpu->scs.reset_request;

	cpu->scs.reset_request = 0;
	return request;
}

/* SHCSR (B3.2.13): active and pending bits by exception. */
static const struct {
	uint8_t bit, exception;
	bool pending;
} shcsr_bits[] = {
	{ 0, EXC_MEMMANAGE, false },    { 1, EXC_BUSFAULT, false },
	{ 3, EXC_USAGEFAULT, false },   { 7, EXC_SVCALL, false },
	{ 8, EXC_DEBUGMONITOR, false }, { 10, EXC_PENDSV, false },
	{ 11, EXC_SYSTICK, false },     { 12, EXC_USAGEFAULT, true },
	{ 13, EXC_MEMMANAGE, true },    { 14, EXC_BUSFAULT, true },
	{ 15, EXC_SVCALL, true },
};

static uint32_t
read_shcsr(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	uint32_t value = cpu->scs.shcsr;

	(void)index;
	for (unsigned i = 0; i < sizeof(shcsr_bits) / sizeof(shcsr_bits[0]); i++) {
		uint32_t set = shcsr_bits[i].pending ? cpu->nvic.system_pending
						     : cpu->nvic.system_active;

		value |= (set >> shcsr_bits[i].exception & 1) << shcsr_bits[i].bit;
	}
	if (is_v6m(cpu))
		value &= view == VIEW_DEBUGGER ? SHCSR_SVCALLPENDED : 0;
	return value;
}

static void
write_shcsr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	if (is_v6m(cpu)) {
		if (view == VIEW_DEBUGGER)
			nvic_pend(cpu, EXC_SVCALL, value & SHCSR_SVCALLPENDED);
		return;
	}
	cpu->scs.shcsr = value & SHCSR_ENABLES;
	for (unsigned i = 0; i < sizeof(shcsr_bits) / sizeof(shcsr_bits[0]); i++) {
		uint32_t *set = shcsr_bits[i].pending ? &cpu->nvic.system_pending
						      : &cpu->nvic.system_active;
		uint32_t mask = 1u << shcsr_bits[i].exception;

		*set = value >> shcsr_bits[i].bit & 1 ? *set | mask : *set & ~mask;
	}
}

static void
write_ccr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)view;
	if (!is_v6m(cpu))
		cpu->scs.ccr = (cpu->scs.ccr & ~CCR_WRITABLE) | (value & CCR_WRITABLE);
}

static void
write_vtor(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)view;
	cpu->scs.vtor = value & (is_v6m(cpu) ? VTOR_V6M : VTOR_V7M);
}

static void
clear_cfsr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)view;
	cpu->scs.cfsr &= ~value;
}

static void
clear_hfsr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)view;
	cpu->scs.hfsr &= ~value;
}

static void
write_cpacr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)view;
	cpu->scs.cpacr = cpu->model.fpu == CPU_FPU_NONE ? 0 : value & CPACR_FPU;
}

static uint32_t
read_mpu_type(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)index;
	(void)view;
	return cpu->model.kind == CPU_CORTEX_M7 ? 0x1000 : 0x0800; /* DREGION, B3.5.4 */
}

/* MVFR0-2 of the FPUs: DDI 0439B 7.2 (FPv4-SP), DDI 0489 (FPv5). */
static uint32_t
read_mvfr(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	static const uint32_t v4_single[3] = { 0x10110021, 0x11000011, 0 };
	static const uint32_t v5_single[3] = { 0x10110021, 0x11000011, 0x40 };
	static const uint32_t v5_double[3] = { 0x10110221, 0x12000011, 0x40 };

	(void)view;
	if (cpu->model.fpu == CPU_FPU_NONE)
		return 0;
	if (cpu->model.fpu == CPU_FPU_DOUBLE)
		return v5_double[index];
	return cpu->model.kind == CPU_CORTEX_M4 ? v4_single[index] : v5_single[index];
}

#define PLAIN(address, member, mask)                                                    \
	{                                                                               \
		.at = (address), .words = 1, .merge = true, .store = PPB_STORE(member), \
		.writable = (mask)                                                      \
	}
#define CALLS(address, reader, writer)                                           \
	{                                                                        \
		.at = (address), .words = 1, .read = (reader), .write = (writer) \
	}

static const struct ppb_register registers[] = {
	PLAIN(0xe000e008, scs.actlr, UINT32_MAX),
	CALLS(0xe000ed00, read_cpuid, NULL),
	CALLS(0xe000ed04, read_icsr, write_icsr),
	{ .at = 0xe000ed08,
	  .words = 1,
	  .merge = true,
	  .store = PPB_STORE(scs.vtor),
	  .write = write_vtor },
	CALLS(0xe000ed0c, read_aircr, write_aircr),
	PLAIN(0xe000ed10, scs.scr, SCR_SLEEPONEXIT | SCR_SLEEPDEEP | SCR_SEVONPEND),
	{ .at = 0xe000ed14,
	  .words = 1,
	  .merge = true,
	  .store = PPB_STORE(scs.ccr),
	  .write = write_ccr },
	{ .at = 0xe000ed24,
	  .words = 1,
	  .merge = true,
	  .read = read_shcsr,
	  .write = write_shcsr },
	{ .at = 0xe000ed28, .words = 1, .store = PPB_STORE(scs.cfsr), .write = clear_cfsr },
	{ .at = 0xe000ed2c, .words = 1, .store = PPB_STORE(scs.hfsr), .write = clear_hfsr },
	PLAIN(0xe000ed34, scs.mmfar, UINT32_MAX),
	PLAIN(0xe000ed38, scs.bfar, UINT32_MAX),
	PLAIN(0xe000ed3c, scs.afsr, UINT32_MAX),
	{ .at = 0xe000ed88,
	  .words = 1,
	  .merge = true,
	  .store = PPB_STORE(scs.cpacr),
	  .write = write_cpacr },
	CALLS(0xe000ed90, read_mpu_type, NULL),
	PLAIN(0xe000ed94, scs.mpu_ctrl, 7), /* kept, not enforced: no MPU here */
	PLAIN(0xe000ed98, scs.mpu_rnr, 0xff),
	PLAIN(0xe000ed9c, scs.mpu_rbar, UINT32_MAX),
	PLAIN(0xe000eda0, scs.mpu_rasr, UINT32_MAX),
	PLAIN(0xe000ef34, scs.fpccr, FPCCR_WRITABLE),
	PLAIN(0xe000ef38, scs.fpcar, 0xfffffff8),
	PLAIN(0xe000ef3c, scs.fpdscr, 0x07c00000),
	{ .at = 0xe000ef40, .words = 3, .read = read_mvfr },
};
const struct ppb_table scs_registers = PPB_TABLE(registers);
