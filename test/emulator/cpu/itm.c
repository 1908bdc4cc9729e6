/* SPDX-License-Identifier: MIT */
/* Instrumentation trace: DDI 0403E C1.7, packets: appendix D4. */
#include <string.h>

#include "test/emulator/cpu/cpu_internal.h"

#define TCR_ITMENA      (1u << 0)
#define TCR_TXENA       (1u << 3) /* DWT packets too */
#define TCR_WRITABLE    0x007f0f1fu
#define LAR_KEY         0xc5acce55u
#define LSR_IMPLEMENTED (1u << 0)
#define LSR_LOCKED      (1u << 1)
enum { PORTS = 32, PACKET_MAX = 5 };

/* D4.2: source packets have their size in the header's low bits, 1, 2 or 3 for 1, 2 or 4
 * bytes; bit 2 tells hardware's from software's. D4.2.2: the overflow packet. */
enum { FROM_DWT = 1 << 2, OVERFLOW_PACKET = 0x70 };
/* D4.3: discriminators of hardware source packets, and what an exception packet tells. */
enum { DWT_EXCEPTION = 1, DWT_PC_SAMPLE = 2, EXCEPTION_FUNCTION = 12 };

void
itm_reset(struct cpu *cpu)
{
	cpu->itm.ter = 0;
	cpu->itm.tpr = 0;
	cpu->itm.tcr = 0;
	cpu->itm.unlocked = false;
	cpu->itm.len = 0;
	cpu->itm.overflows = false;
}

static bool
has_itm(const struct cpu *cpu)
{
	return !is_v6m(cpu);
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
	return is_on(cpu, port) && cpu->itm.len + 1 + PACKET_MAX <= TRACE_MAX;
}

/* What finds no room is lost; an overflow packet says so as soon as there is room again. */
static void
put_packet(struct cpu *cpu, unsigned header, uint32_t value, unsigned size)
{
	struct itm *itm = &cpu->itm;

	if (itm->len + 1 + PACKET_MAX > TRACE_MAX) {
		itm->overflows = true;
		return;
	}
	if (itm->overflows)
		itm->bytes[itm->len++] = OVERFLOW_PACKET;
	itm->overflows = false;
	itm->bytes[itm->len++] = (uint8_t)(header | (size == 4 ? 3 : size));
	for (unsigned i = 0; i < size; i++)
		itm->bytes[itm->len++] = (uint8_t)(value >> (8 * i));
}

static void
put_from_dwt(struct cpu *cpu, unsigned discriminator, uint32_t value, unsigned size)
{
	if (has_itm(cpu) && cpu->debug.demcr & DEMCR_TRCENA && cpu->itm.tcr & TCR_ITMENA &&
	    cpu->itm.tcr & TCR_TXENA)
		put_packet(cpu, discriminator << 3 | FROM_DWT, value, size);
}

void
itm_exception(struct cpu *cpu, int exception, enum exception_step what)
{
	put_from_dwt(cpu, DWT_EXCEPTION, (uint32_t)exception | what << EXCEPTION_FUNCTION,
		     2);
}

/* One byte of 0 while the core sleeps (D4.3.3). */
void
itm_pc_sample(struct cpu *cpu)
{
	if (cpu->sleeping)
		put_from_dwt(cpu, DWT_PC_SAMPLE, 0, 1);
	else
		put_from_dwt(cpu, DWT_PC_SAMPLE, engine_get(cpu, UC_ARM_REG_PC), 4);
}

/* Header: port in bits 7:3 (D4.2.8). */
static void
write_port(struct cpu *cpu, unsigned port, uint32_t value, enum ppb_view view)
{
	(void)view;
	if (is_on(cpu, port))
		put_packet(cpu, port << 3, value, cpu->access_size);
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

/* TraceBusID, bits 22:16. */
uint8_t
cpu_trace_source(const struct cpu *cpu)
{
	return (uint8_t)(cpu->itm.tcr >> 16 & 0x7f);
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
