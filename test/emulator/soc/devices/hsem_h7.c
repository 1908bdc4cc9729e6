/* SPDX-License-Identifier: MIT */
/*
 * Hardware semaphores (RM0399 Rev 4, chapter 11; RM0433 Rev 8, chapter 10). Who takes
 * one is recognised by its bus master: each core has its COREID.
 */
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/soc_internal.h"

enum {
	R0 = 0x000,
	RLR0 = 0x080,
	C1IER = 0x100, /* IER, ICR, ISR, MISR; then those of C2 */
	BANK_SIZE = 0x10,
	CR = 0x140,
	KEYR = 0x144,
	SEMAPHORES = 32,
	CORES = 2
};
enum { IER = 0x0, ICR = 0x4, ISR = 0x8, MISR = 0xC };

#define LOCK         (UINT32_C(1) << 31)
#define COREID       UINT32_C(0x00000F00)
#define PROCID       UINT32_C(0x000000FF)
#define CR_KEY       UINT32_C(0xFFFF0000)
#define COREID_SHIFT 8

/* 11.3.9 "COREID": that of CPU1 and of CPU2. A debugger is the core whose port it uses. */
static const uint32_t core_ids[CORES] = { [H7_CM7] = 3, [H7_CM4] = 1 };
/* stm32h745xx.h: HSEM1_IRQn and HSEM2_IRQn. */
static const uint8_t interrupts[CORES] = { [H7_CM7] = 125, [H7_CM4] = 126 };

struct hsem {
	struct peripheral base;
	uint32_t semaphores[SEMAPHORES];
	uint32_t enabled[CORES], status[CORES];
	uint32_t key;
};

static struct hsem *
hsem_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct hsem, base);
}

static uint32_t
master_id(const struct hsem *hsem)
{
	unsigned master = hsem->base.soc->master;

	return core_ids[master < CORES ? master : H7_CM7] << COREID_SHIFT;
}

/* --- interrupts ------------------------------------------------------------------ */

/*
 * The lines follow the masked status. Each is also a direct line of EXTI (77 and 78) that
 * wakes its core from CStop, and an event to it: ST's dual-core examples sleep in WFE with
 * the interrupt disabled in the NVIC. That the event needs no EXTI mask: assumption.
 */
static void
lines_set(struct hsem *hsem)
{
	struct soc *soc = hsem->base.soc;

	for (unsigned core = 0; core < CORES; core++) {
		bool level = hsem->status[core] & hsem->enabled[core];

		if (core == soc->chip->cores_len)
			return;
		cpu_irq(soc->cores[core].cpu, interrupts[core], level);
		if (level)
			cpu_event(soc->cores[core].cpu);
	}
}

static void
hsem_due(struct peripheral *peripheral)
{
	peripheral->due_ns = NEVER;
	lines_set(hsem_of(peripheral));
}

static void
lines_look(struct hsem *hsem)
{
	hsem->base.due_ns = soc_time(hsem->base.soc);
	soc_wake(hsem->base.soc);
}

static void
released(struct hsem *hsem, unsigned index)
{
	hsem->semaphores[index] = 0;
	for (unsigned core = 0; core < CORES; core++)
		hsem->status[core] |= UINT32_C(1) << index;
	lines_look(hsem);
}

/* --- semaphores ------------------------------------------------------------------ */

/* 11.3.4 and 11.3.6: with LOCK it is taken if free, and by its own core ID only; without,
 * it is freed by the very core and process that hold it. */
static void
semaphore_write(struct hsem *hsem, unsigned index, uint32_t value)
{
	uint32_t *semaphore = &hsem->semaphores[index];
	uint32_t mine = master_id(hsem);

	if ((value & COREID) != mine)
		return;
	if (value & LOCK && !(*semaphore & LOCK))
		*semaphore = LOCK | mine | (value & PROCID);
	else if (!(value & LOCK) && *semaphore == (LOCK | (value & (COREID | PROCID))))
		released(hsem, index);
}

/* 11.3.5: a read of RLR takes it, for process 0. */
static uint32_t
semaphore_lock_by_read(struct hsem *hsem, unsigned index)
{
	if (!(hsem->semaphores[index] & LOCK))
		hsem->semaphores[index] = LOCK | master_id(hsem);
	return hsem->semaphores[index];
}

/* 11.3.7: with the key, all semaphores of one core are freed. */
static void
clear_all(struct hsem *hsem, uint32_t value)
{
	if ((value & CR_KEY) != hsem->key)
		return;
	for (unsigned i = 0; i < SEMAPHORES; i++)
		if (hsem->semaphores[i] & LOCK &&
		    (hsem->semaphores[i] & COREID) == (value & COREID))
			released(hsem, i);
}

/* --- registers ------------------------------------------------------------------- */

static enum bus_result
hsem_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	struct hsem *hsem = hsem_of(peripheral);
	unsigned bank = (at - C1IER) / BANK_SIZE, which = (at - C1IER) % BANK_SIZE;

	*value = 0;
	if (at < RLR0)
		*value = hsem->semaphores[at / 4];
	else if (at < C1IER)
		*value = semaphore_lock_by_read(hsem, (at - RLR0) / 4);
	else if (at == KEYR)
		*value = hsem->key;
	else if (bank < CORES && which == IER)
		*value = hsem->enabled[bank];
	else if (bank < CORES && which == ISR)
		*value = hsem->status[bank];
	else if (bank < CORES && which == MISR)
		*value = hsem->status[bank] & hsem->enabled[bank];
	return BUS_OK;
}

static enum bus_result
hsem_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct hsem *hsem = hsem_of(peripheral);
	unsigned bank = (at - C1IER) / BANK_SIZE, which = (at - C1IER) % BANK_SIZE;

	value &= lanes;
	if (at < RLR0)
		semaphore_write(hsem, at / 4, value);
	else if (at == CR)
		clear_all(hsem, value);
	else if (at == KEYR)
		hsem->key = value & CR_KEY;
	else if (bank < CORES && which == IER)
		hsem->enabled[bank] = value;
	else if (bank < CORES && which == ICR)
		hsem->status[bank] &= ~value;
	lines_look(hsem);
	return BUS_OK;
}

static void
hsem_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct hsem *hsem = hsem_of(peripheral);

	(void)depth;
	*hsem = (struct hsem){ .base = hsem->base };
	hsem->base.due_ns = NEVER;
}

const struct peripheral_type hsem_h7_type = {
	.name = "HSEM",
	.size = sizeof(struct hsem),
	.read = hsem_read,
	.write = hsem_write,
	.reset = hsem_reset,
	.due = hsem_due,
};
