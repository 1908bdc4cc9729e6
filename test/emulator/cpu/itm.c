/* SPDX-License-Identifier: MIT */
/* Instrumentation trace: DDI 0403E C1.7, packets: appendix D4. */
#include <string.h>

#include "test/emulator/cpu/cpu_internal.h"

#define TCR_ITMENA      (1u << 0)
#define TCR_WRITABLE    0x007f0f1fu
#define LAR_KEY         0xc5acce55u
#define LSR_IMPLEMENTED (1u << 0)
#define LSR_LOCKED      (1u << 1)
enum { PORTS = 32, PACKET_MAX = 5 };

void
itm_reset(struct cpu *cpu)
{
	cpu->itm.ter = 0;
	cpu->itm.tpr = 0;
	cpu->itm.tcr = 0;
	cpu->itm.unlocked = false;
	cpu->itm.len = 0;
}

static bool
has_itm(const struct cpu *cpu)
{
	return cpu->model.kind != CPU_CORTEX_M0PLUS;
}

static bool
is_on(const struct cpu *cpu, unsigned port)
{
	return has_itm(cpu) && cpu->debug.demcr & DEMCR_TRCENA &&
	       cpu->itm.tcr & TCR_ITMENA && cpu->itm.ter >> port & 1;
}

/* A stimulus port reads as "room in the FIFO": nothing here fills up but our buffer. */
static uint32_t
read_port(struct cpu *cpu, unsigned port, enum ppb_view view)
{
	(void)view;
	return is_on(cpu, port) && cpu->itm.len + PACKET_MAX <= TRACE_MAX;
}

/* Header: port in bits 7:3, size code 1, 2, 3 for 1, 2, 4 bytes (D4.2.8). */
static void
write_port(struct cpu *cpu, unsigned port, uint32_t value, enum ppb_view view)
{
	unsigned size = cpu->access_size;

	(void)view;
	if (!is_on(cpu, port) || cpu->itm.len + PACKET_MAX > TRACE_MAX)
		return;
	cpu->itm.bytes[cpu->itm.len++] = (uint8_t)(port << 3 | (size == 4 ? 3 : size));
	for (unsigned i = 0; i < size; i++)
		cpu->itm.bytes[cpu->itm.len++] = (uint8_t)(value >> (8 * i));
}

unsigned
cpu_trace(struct cpu *cpu, uint8_t *bytes, unsigned max)
{
	unsigned len = cpu->itm.len < max ? cpu->itm.len : max;

	memcpy(bytes, cpu->itm.bytes, len);
	memmove(cpu->itm.bytes, cpu->itm.bytes + len, cpu->itm.len - len);
	cpu->itm.len -= len;
	return len;
}

/* The lock is for code; a debugger is never locked out (CoreSight, IHI 0029, B2.3.10). */
static bool
may_write(const struct cpu *cpu, enum ppb_view view)
{
	return has_itm(cpu) && (view == VIEW_DEBUGGER || cpu->itm.unlocked);
}

static void
write_ter(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	if (may_write(cpu, view))
		cpu->itm.ter = value;
}

static void
write_tpr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	if (may_write(cpu, view))
		cpu->itm.tpr = value & 15;
}

static void
write_tcr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	if (may_write(cpu, view))
		cpu->itm.tcr = value & TCR_WRITABLE;
}

static void
write_lar(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	if (view == VIEW_CODE)
		cpu->itm.unlocked = value == LAR_KEY;
}

static uint32_t
read_lsr(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)index;
	if (view == VIEW_DEBUGGER || !has_itm(cpu))
		return 0;
	return LSR_IMPLEMENTED | (cpu->itm.unlocked ? 0 : LSR_LOCKED);
}

static const struct ppb_register registers[] = {
	{ .at = 0xe0000000, .words = PORTS, .read = read_port, .write = write_port },
	{ .at = 0xe0000e00, .words = 1, .store = PPB_STORE(itm.ter), .write = write_ter },
	{ .at = 0xe0000e40, .words = 1, .store = PPB_STORE(itm.tpr), .write = write_tpr },
	{ .at = 0xe0000e80, .words = 1, .store = PPB_STORE(itm.tcr), .write = write_tcr },
	{ .at = 0xe0000fb0, .words = 1, .write = write_lar },
	{ .at = 0xe0000fb4, .words = 1, .read = read_lsr },
};
const struct ppb_table itm_registers = PPB_TABLE(registers);
