/* SPDX-License-Identifier: MIT */
/*
 * The basic timers of the STM32G4, TIM6 and TIM7 (RM0440 Rev 8, chapter 31): they count up,
 * and the update event asks for an interrupt or a DMA transfer. TRGO and the dithering mode
 * are not there.
 */
#include "test/emulator/soc/devices/tim_basic_g4.h"

#include "test/emulator/soc/devices/dma_g4.h"
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

/* 31.4 */
enum {
	CR1 = 0x00,
	CR2 = 0x04,
	DIER = 0x0C,
	SR = 0x10,
	EGR = 0x14,
	CNT = 0x24,
	PSC = 0x28,
	ARR = 0x2C
};

enum { CR1_CEN = 1, CR1_UDIS = 2, CR1_URS = 4, CR1_OPM = 8, CR1_ARPE = 0x80 };
enum { CR1_WRITABLE = 0x88F, CR2_WRITABLE = 0x70 };
#define DIER_UIE     (UINT32_C(1) << 0)
#define DIER_UDE     (UINT32_C(1) << 8)
#define SR_UIF       UINT32_C(1)
#define EGR_UG       UINT32_C(1)
#define COUNTER_MASK UINT32_C(0xFFFF)

/* RCC_CFGR.PPRE1 (7.4.3): below 4 undivided, then 2, 4, 8, 16. Divided at all, the timers
 * get twice the clock of the bus (7.2, "Timer clock"). */
enum { RCC_CFGR = 0x08, PPRE1_SHIFT = 8, PPRE1_MASK = 7, PPRE1_BY_2 = 4 };
enum { DBGMCU_APB1FZR1 = 0x08 }; /* 47.16 */

/* Nobody tells a timer that its clock was stopped or comes back: how often it looks is an
 * assumption. */
#define LOOK_NS UINT64_C(1000000)

struct tim_basic {
	struct peripheral base;
	uint32_t cr1, cr2, dier, sr, psc, arr; /* as written */
	uint32_t psc_used, arr_used;           /* shadows (31.3) */
	uint64_t cycles;                       /* of its clock since CNT was 0 */
	uint64_t cycle_rest;                   /* of one, in ns * Hz */
	uint64_t looked_ns;
};

static struct tim_basic *
tim_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct tim_basic, base);
}

static const struct tim_basic_g4_kind *
kind_of(const struct tim_basic *tim)
{
	return tim->base.place->parameters;
}

static uint32_t
other_register(struct peripheral *other, uint32_t at)
{
	uint32_t value = 0;

	if (other)
		other->type->read(other, at, &value);
	return value;
}

static uint64_t
clock_hz(const struct tim_basic *tim)
{
	const struct soc *soc = tim->base.soc;
	uint32_t ppre1 = other_register(soc->clock, RCC_CFGR) >> PPRE1_SHIFT & PPRE1_MASK;
	uint32_t hz = soc_core_hz(soc, 0) >> (ppre1 > PPRE1_BY_2 ? ppre1 - PPRE1_BY_2 : 0);

	return hz ? hz : CLOCK_STANDS_STILL_HZ;
}

/* No clock by RCC, none in STOP, or stopped for the debugger. */
static bool
is_stopped(const struct tim_basic *tim)
{
	const struct soc *soc = tim->base.soc;
	bool stops =
		other_register(soc->debug, DBGMCU_APB1FZR1) >> kind_of(tim)->stop_bit & 1;

	return !bus_is_clocked(soc, &tim->base) || !port_is_clocked(soc, 0) ||
	       (stops && soc_core_is_halted(soc));
}

/* An ARR of 0 blocks the counter (31.3). */
static bool
counts(const struct tim_basic *tim)
{
	return tim->cr1 & CR1_CEN && tim->arr_used;
}

static uint64_t
period(const struct tim_basic *tim)
{
	return (uint64_t)(tim->psc_used + 1) * (tim->arr_used + 1);
}

static void
irq_follow(const struct tim_basic *tim)
{
	soc_irq(tim->base.soc, tim->base.place->irq,
		tim->sr & SR_UIF && tim->dier & DIER_UIE);
}

/* 31.3: with UDIS there is no update event, though the counter begins anew. `tells`: with
 * flag and request. */
static void
update(struct tim_basic *tim, bool tells)
{
	if (tim->cr1 & CR1_UDIS)
		return;
	tim->psc_used = tim->psc;
	tim->arr_used = tim->arr;
	if (!tells)
		return;
	tim->sr |= SR_UIF;
	irq_follow(tim);
	if (tim->dier & DIER_UDE)
		dma_g4_request(tim->base.soc, kind_of(tim)->dma_line);
}

/* Counts the time since the last look. Several updates at once tell no more than one, and
 * come only when no interrupt is enabled. */
static void
look(struct tim_basic *tim)
{
	uint64_t now = soc_time(tim->base.soc), passed, product;

	/* A core's own time, rounded up, may be a cycle ahead of what its turn ends with. */
	if (now < tim->looked_ns)
		return;
	passed = now - tim->looked_ns;
	tim->looked_ns = now;
	if (!counts(tim) || is_stopped(tim))
		return;
	product = passed * clock_hz(tim) + tim->cycle_rest;
	tim->cycles += product / NS_PER_S;
	tim->cycle_rest = product % NS_PER_S;
	if (tim->cycles < period(tim))
		return;
	tim->cycles %= period(tim);
	if (tim->cr1 & CR1_OPM) {
		tim->cr1 &= ~(uint32_t)CR1_CEN;
		tim->cycles = 0;
	}
	update(tim, true);
}

/* Does anything but CNT come of the next update? */
static bool
update_matters(const struct tim_basic *tim)
{
	return tim->dier & DIER_UDE || !(tim->sr & SR_UIF) || tim->cr1 & CR1_OPM ||
	       tim->psc != tim->psc_used || tim->arr != tim->arr_used;
}

static void
plan(struct tim_basic *tim)
{
	uint64_t hz, left;

	tim->base.due_ns = NEVER;
	if (!counts(tim) || !update_matters(tim))
		return;
	tim->base.due_ns = tim->looked_ns + LOOK_NS;
	if (is_stopped(tim))
		return;
	hz = clock_hz(tim);
	left = ((period(tim) - tim->cycles) * NS_PER_S - tim->cycle_rest + hz - 1) / hz;
	if (left < LOOK_NS)
		tim->base.due_ns = tim->looked_ns + left;
}

static void
tim_due(struct peripheral *peripheral)
{
	look(tim_of(peripheral));
	plan(tim_of(peripheral));
}

/* --- registers -------------------------------------------------------------------------- */

static void
generate(struct tim_basic *tim)
{
	tim->cycles = 0;
	tim->cycle_rest = 0;
	update(tim, !(tim->cr1 & CR1_URS));
}

static void
arr_write(struct tim_basic *tim, uint32_t value, uint32_t lanes)
{
	tim->arr = reg_merge(tim->arr, value, lanes & COUNTER_MASK);
	if (!(tim->cr1 & CR1_ARPE))
		tim->arr_used = tim->arr;
}

static void
register_write(struct tim_basic *tim, uint32_t at, uint32_t value, uint32_t lanes)
{
	if (at == CR1)
		tim->cr1 = reg_merge(tim->cr1, value, lanes & CR1_WRITABLE);
	else if (at == CR2)
		tim->cr2 = reg_merge(tim->cr2, value, lanes & CR2_WRITABLE);
	else if (at == DIER)
		tim->dier = reg_merge(tim->dier, value, lanes & (DIER_UIE | DIER_UDE));
	else if (at == SR)
		tim->sr &= value | ~lanes; /* cleared by a 0 */
	else if (at == EGR && value & lanes & EGR_UG)
		generate(tim);
	else if (at == CNT)
		tim->cycles =
			(uint64_t)(value & lanes & COUNTER_MASK) * (tim->psc_used + 1);
	else if (at == PSC)
		tim->psc = reg_merge(tim->psc, value, lanes & COUNTER_MASK);
	else if (at == ARR)
		arr_write(tim, value, lanes);
}

static enum bus_result
tim_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct tim_basic *tim = tim_of(peripheral);

	look(tim);
	register_write(tim, at, value, lanes);
	irq_follow(tim);
	look(tim); /* a counter beyond a new ARR begins anew: assumption */
	plan(tim);
	soc_wake(peripheral->soc);
	return BUS_OK;
}

static enum bus_result
tim_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	struct tim_basic *tim = tim_of(peripheral);

	look(tim);
	*value = at == CR1    ? tim->cr1
		 : at == CR2  ? tim->cr2
		 : at == DIER ? tim->dier
		 : at == SR   ? tim->sr
		 : at == CNT  ? (uint32_t)(tim->cycles / (tim->psc_used + 1))
		 : at == PSC  ? tim->psc
		 : at == ARR  ? tim->arr
			      : 0;
	return BUS_OK;
}

static void
tim_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct tim_basic *tim = tim_of(peripheral);

	(void)depth;
	*tim = (struct tim_basic){
		.base = tim->base,
		.arr = COUNTER_MASK,
		.arr_used = COUNTER_MASK,
		.looked_ns = soc_time(peripheral->soc),
	};
	tim->base.due_ns = NEVER;
	irq_follow(tim);
}

const struct peripheral_type tim_basic_g4_type = {
	.name = "basic timer",
	.size = sizeof(struct tim_basic),
	.read = tim_read,
	.write = tim_write,
	.reset = tim_reset,
	.due = tim_due,
};
