/* SPDX-License-Identifier: MIT */
/* Watchpoints and the cycle counter: DDI 0403E C1.8; v8-M's form: DDI 0553 B14, D1.2. */
#include "test/emulator/cpu/cpu_internal.h"

#define CTRL_CYCCNTENA  (1u << 0)
#define CTRL_CYCTAP     (1u << 9)
#define CTRL_PCSAMPLENA (1u << 12)
#define CTRL_EXCTRCENA  (1u << 16)
enum { CTRL_POSTPRESET = 1, POSTPRESET_MASK = 15, TAP_SHORT = 64, TAP_LONG = 1024 };
#define CTRL_WRITABLE 0x007f1fffu
#define CTRL_NUMCOMP  28

#define FUNCTION_MATCHED (1u << 24)
/* ARMv7-M: FUNCTION[3:0], bits for data value matching (not modelled) read as written. */
#define FUNCTION_V7_WRITABLE 0x000ffdafu
#define FUNCTION_V6_WRITABLE 0x0000000fu /* DDI 0419E C1.8.6 */
/* v8-M: MATCH[3:0], ACTION[5:4], DATAVSIZE[11:10]; ID[31:27] says what it can do. */
#define FUNCTION_V8_WRITABLE 0x00000c3fu
enum { FUNCTION_V8_ID_SHIFT = 27 };

/* Cortex-M3 and M4 ignore up to 15 address bits (DDI 0439B 8.3: "a mask of up to 32 KiB").
 */
enum { MASK_MAX = 15 };

enum { ACTION_DEBUG_EVENT = 1 };

/* What a comparator looks for, by its FUNCTION (v7-M, table C1-14) or MATCH (v8-M). */
struct kind {
	bool on_fetch, on_read, on_write;
};
static const struct kind v7_kinds[16] = {
	[4] = { .on_fetch = true },
	[5] = { .on_read = true },
	[6] = { .on_write = true },
	[7] = { .on_read = true, .on_write = true },
};
static const struct kind v8_kinds[16] = {
	[2] = { .on_fetch = true },
	[4] = { .on_read = true, .on_write = true },
	[5] = { .on_write = true },
	[6] = { .on_read = true },
};
enum { V8_FETCH_LIMIT = 3, V8_DATA_LIMIT = 7 };

/* Cortex-M33 TRM (100230), "DWT programmers' model": the reset values of DWT_FUNCTION0 to
 * 3 are 0x58000000, 0xF0000000, 0x50000000 and 0xF0000000. DDI 0553 D1.2.71: 0x0B counts
 * cycles too, 0x1E limits the range of the one before and compares values (these are not
 * modelled). */
static const uint8_t v8_ids[4] = { 0x0b, 0x1e, 0x0a, 0x1e };

static bool
is_v8(const struct cpu *cpu)
{
	return cpu->model.kind == CPU_CORTEX_M33;
}

static bool
has_cyccnt(const struct cpu *cpu)
{
	return !is_v6m(cpu);
}

static bool
is_limit(const struct cpu *cpu, unsigned comparator)
{
	uint32_t match = cpu->dwt.function[comparator] & 15;

	return is_v8(cpu) && (match == V8_FETCH_LIMIT || match == V8_DATA_LIMIT);
}

static void
make_rule(struct cpu *cpu, unsigned i)
{
	uint32_t function = cpu->dwt.function[i], size;
	const struct kind *kind =
		is_v8(cpu) ? &v8_kinds[function & 15] : &v7_kinds[function & 15];
	struct dwt_rule *rule = &cpu->dwt.rule[cpu->dwt.rules];

	if (!kind->on_fetch && !kind->on_read && !kind->on_write)
		return;
	size = is_v8(cpu) ? 1u << (function >> 10 & 3) : 1u << cpu->dwt.mask[i];
	*rule = (struct dwt_rule){ .first = cpu->dwt.comp[i] & ~(size - 1),
				   .on_fetch = kind->on_fetch,
				   .on_read = kind->on_read,
				   .on_write = kind->on_write,
				   .comparator = (uint8_t)i };
	rule->is_event = !is_v8(cpu) || (function >> 4 & 3) == ACTION_DEBUG_EVENT;
	rule->last = rule->first + size - 1;
	if (i + 1 < cpu->model.dwt_comparators && is_limit(cpu, i + 1))
		rule->last = cpu->dwt.comp[i + 1];
	cpu->dwt.rules++;
	cpu->dwt.watches_fetches |= kind->on_fetch;
}

static void
make_rules(struct cpu *cpu)
{
	cpu->dwt.rules = 0;
	cpu->dwt.watches_fetches = false;
	cpu->stop = true;
	if (!(cpu->debug.demcr & DEMCR_TRCENA))
		return;
	for (unsigned i = 0; i < cpu->model.dwt_comparators; i++)
		make_rule(cpu, i);
}

static void
matched(struct cpu *cpu, const struct dwt_rule *rule)
{
	cpu->dwt.function[rule->comparator] |= FUNCTION_MATCHED;
	if (rule->is_event && debug_is_enabled(cpu))
		cpu->dwt.hit = true;
}

/* DWT_AddressCompare(), C1.8.1: any byte in common will do. */
bool
dwt_access(struct cpu *cpu, uint32_t at, unsigned size, bool is_write)
{
	for (unsigned i = 0; i < cpu->dwt.rules; i++) {
		const struct dwt_rule *rule = &cpu->dwt.rule[i];

		if ((is_write ? rule->on_write : rule->on_read) && at <= rule->last &&
		    at + size - 1 >= rule->first)
			matched(cpu, rule);
	}
	return cpu->dwt.hit;
}

bool
dwt_fetch(struct cpu *cpu, uint32_t pc)
{
	for (unsigned i = 0; i < cpu->dwt.rules; i++) {
		const struct dwt_rule *rule = &cpu->dwt.rule[i];

		if (rule->on_fetch && pc <= rule->last && pc + 1 >= rule->first)
			matched(cpu, rule);
	}
	return cpu->dwt.hit;
}

/* ---- the cycle counter ---- */

static uint32_t
cyccnt(struct cpu *cpu)
{
	return cpu->dwt.counts ? (uint32_t)(engine_now(cpu) - cpu->dwt.cyccnt_base)
			       : cpu->dwt.cyccnt_held;
}

static void
set_cyccnt(struct cpu *cpu, uint32_t value)
{
	cpu->dwt.cyccnt_held = value;
	cpu->dwt.cyccnt_base = engine_now(cpu) - value;
}

/* C1.8.7: POSTCNT counts from POSTPRESET down to 0 at every 64th cycle, or 1024th. */
static uint64_t
sample_period(const struct cpu *cpu)
{
	uint32_t ctrl = cpu->dwt.ctrl;

	return ((ctrl >> CTRL_POSTPRESET & POSTPRESET_MASK) + UINT64_C(1)) *
	       (ctrl & CTRL_CYCTAP ? TAP_LONG : TAP_SHORT);
}

uint64_t
dwt_due(const struct cpu *cpu)
{
	if (cpu->dwt.next_sample == UINT64_MAX)
		return UINT64_MAX;
	return cpu->dwt.next_sample > cpu->now ? cpu->dwt.next_sample - cpu->now : 1;
}

void
dwt_sample(struct cpu *cpu)
{
	if (cpu->now < cpu->dwt.next_sample)
		return;
	itm_pc_sample(cpu);
	cpu->dwt.next_sample += sample_period(cpu);
}

bool
dwt_traces_exceptions(const struct cpu *cpu)
{
	return cpu->dwt.ctrl & CTRL_EXCTRCENA;
}

void
dwt_settle(struct cpu *cpu)
{
	set_cyccnt(cpu, cyccnt(cpu));
	cpu->dwt.counts = cpu->dwt.ctrl & CTRL_CYCCNTENA && has_cyccnt(cpu) &&
			  cpu->debug.demcr & DEMCR_TRCENA;
	cpu->dwt.next_sample = cpu->dwt.counts && cpu->dwt.ctrl & CTRL_PCSAMPLENA
				       ? engine_now(cpu) + sample_period(cpu)
				       : UINT64_MAX;
	make_rules(cpu);
}

void
dwt_reset(struct cpu *cpu)
{
	cpu->dwt = (struct dwt){ 0 };
	dwt_settle(cpu);
}

/* ---- registers ---- */

static uint32_t
read_ctrl(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	uint32_t value = (uint32_t)cpu->model.dwt_comparators << CTRL_NUMCOMP;

	(void)index;
	(void)view;
	return value | cpu->dwt.ctrl; /* of Armv6-M NUMCOMP is all (DDI 0419E C1.8.3) */
}

static void
write_ctrl(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)view;
	cpu->dwt.ctrl = has_cyccnt(cpu) ? value & CTRL_WRITABLE : 0;
	dwt_settle(cpu);
}

static uint32_t
read_cyccnt(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)index;
	(void)view;
	return cyccnt(cpu);
}

static void
write_cyccnt(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)view;
	set_cyccnt(cpu, value);
}

/* PC sample register (C1.8.15): all ones while halted or without TRCENA. */
static uint32_t
read_pcsr(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)index;
	(void)view;
	if (cpu->halted || cpu->held || !(cpu->debug.demcr & DEMCR_TRCENA))
		return UINT32_MAX;
	return cpu->locked_up ? register_lockup_pc(cpu) : engine_get(cpu, UC_ARM_REG_PC);
}

static uint32_t
read_comp(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)view;
	return cpu->dwt.comp[index];
}

static void
write_comp(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)view;
	if (index >= cpu->model.dwt_comparators)
		return;
	cpu->dwt.comp[index] = value;
	make_rules(cpu);
}

static uint32_t
read_mask(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)view;
	return cpu->dwt.mask[index];
}

static void
write_mask(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)view;
	if (index >= cpu->model.dwt_comparators || is_v8(cpu))
		return;
	cpu->dwt.mask[index] = (value & 31) > MASK_MAX ? MASK_MAX : value & 31;
	make_rules(cpu);
}

/* MATCHED is cleared by being read. */
static uint32_t
read_function(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	uint32_t value = cpu->dwt.function[index];

	(void)view;
	cpu->dwt.function[index] &= ~FUNCTION_MATCHED;
	if (is_v8(cpu) && index < cpu->model.dwt_comparators)
		value |= (uint32_t)v8_ids[index % 4] << FUNCTION_V8_ID_SHIFT;
	return value;
}

static void
write_function(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)view;
	if (index >= cpu->model.dwt_comparators)
		return;
	cpu->dwt.function[index] = value & (is_v8(cpu)    ? FUNCTION_V8_WRITABLE
					    : is_v6m(cpu) ? FUNCTION_V6_WRITABLE
							  : FUNCTION_V7_WRITABLE);
	make_rules(cpu);
}

enum { COMPARATOR_STRIDE = 16, COMPARATORS_IN_4K = DWT_MAX };

static const struct ppb_register registers[] = {
	{ .at = 0xe0001000,
	  .words = 1,
	  .merge = true,
	  .read = read_ctrl,
	  .write = write_ctrl },
	{ .at = 0xe0001004, .words = 1, .read = read_cyccnt, .write = write_cyccnt },
	{ .at = 0xe000101c, .words = 1, .read = read_pcsr },
	{ .at = 0xe0001020,
	  .words = COMPARATORS_IN_4K,
	  .stride = COMPARATOR_STRIDE,
	  .read = read_comp,
	  .write = write_comp },
	{ .at = 0xe0001024,
	  .words = COMPARATORS_IN_4K,
	  .stride = COMPARATOR_STRIDE,
	  .read = read_mask,
	  .write = write_mask },
	{ .at = 0xe0001028,
	  .words = COMPARATORS_IN_4K,
	  .stride = COMPARATOR_STRIDE,
	  .read = read_function,
	  .write = write_function },
};
const struct ppb_table dwt_registers = PPB_TABLE(registers);
