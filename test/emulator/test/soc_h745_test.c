/* SPDX-License-Identifier: MIT */
/*
 * Both cores of an STM32H745: what each sees, how they wake, release and halt one another.
 * The programs are test/firmware/h745_cm7.c and h745_cm4.c, made as ST's dual-core examples
 * are.
 */
#include "test/emulator/image.h"
#include "test/emulator/test/lab.h"

enum { CM7 = 0, CM4 = 1, PORT_DEBUG = 2, PORT_CM4 = 3 };
static const unsigned port_of[2] = { [CM7] = 0, [CM4] = PORT_CM4 };

static const uint32_t rcc = 0x58024400;
static const uint32_t hsem = 0x58026400;
static const uint32_t cti = 0xE0043000;
static const uint32_t dhcsr = 0xE000EDF0, dfsr = 0xE000ED30;
static const uint32_t port_dbgmcu = 0xE00E1000;
static const uint32_t mailbox = 0x38000000; /* rounds of CM7 and CM4, what CM4 heard */
enum { RCC_CR = 0x00, RCC_RSR = 0xD0, RCC_GCR = 0xA0, RCC_AHB4ENR = 0xE0 };
enum { CTICONTROL = 0x00, CTIINTACK = 0x10, CTIAPPPULSE = 0x1C };
enum { CTIINEN0 = 0x20, CTIOUTEN0 = 0xA0, CTITRIGOUTSTATUS = 0x134, CTIGATE = 0x140 };
#define D2CKRDY UINT32_C(0x8000)

static struct lab *
open_lab(const char *board, bool runs)
{
	struct wiring wiring = lab_wiring(board);
	struct lab *lab = lab_open_wired(board, &wiring);

	if (runs) {
		assert_true(image_preload(lab->soc, "test/firmware/h745_cm7.elf"));
		assert_true(image_preload(lab->soc, "test/firmware/h745_cm4.elf"));
	}
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	return lab;
}

/* DBGMCU_CR: as OpenOCD's stm32h7x.cfg does, so that a core in WFE can be looked at. */
enum { DBGSLEEP_D1 = 1 << 0, DBGSLEEP_D2 = 1 << 3, DBGSTOP_D2 = 1 << 4 };

static void
keep_clocks(struct lab *lab)
{
	uint32_t cr = DBGSLEEP_D1 | DBGSLEEP_D2;

	assert_int_equal(soc_access(lab->soc, PORT_DEBUG, port_dbgmcu + 4, 4, true, &cr),
			 BUS_OK);
}

static int
set_up(void **state)
{
	struct lab *lab = open_lab("nucleo-h745zi-q", true);

	keep_clocks(lab);
	*state = lab;
	return 0;
}

static int
set_up_without_programs(void **state)
{
	*state = open_lab("nucleo-h745zi-q", false);
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

/* --- each core by its port ------------------------------------------------------------ */

static uint32_t
peek(struct lab *lab, unsigned port, uint32_t at)
{
	uint32_t value = 0;

	assert_int_equal(soc_access(lab->soc, port, at, 4, false, &value), BUS_OK);
	return value;
}

static void
poke(struct lab *lab, unsigned port, uint32_t at, uint32_t value)
{
	assert_int_equal(soc_access(lab->soc, port, at, 4, true, &value), BUS_OK);
}

static bool
faults(struct lab *lab, unsigned port, uint32_t at)
{
	uint32_t value = 0;

	return soc_access(lab->soc, port, at, 4, false, &value) == BUS_FAULT;
}

static enum cpu_state
state_of(struct lab *lab, unsigned core)
{
	return cpu_state(soc_core(lab->soc, core));
}

static void
enable_debug(struct lab *lab, unsigned core)
{
	poke(lab, port_of[core], dhcsr, 0xA05F0001);
}

static void
halt(struct lab *lab, unsigned core)
{
	poke(lab, port_of[core], dhcsr, 0xA05F0003);
	wire_advance(lab->wire, 10 * US);
}

static void
resume(struct lab *lab, unsigned core)
{
	poke(lab, port_of[core], dhcsr, 0xA05F0001);
	wire_advance(lab->wire, 10 * US);
}

/* Has the word grown within a millisecond? */
static bool
grows(struct lab *lab, uint32_t at)
{
	uint32_t before = peek(lab, PORT_CM4, at);

	wire_advance(lab->wire, 1 * MS);
	return peek(lab, PORT_CM4, at) != before;
}

static void
each_port_leads_to_its_core(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(soc_access_port(lab->soc, PORT_CM4)->idr, 0x24770011);
	assert_int_equal(peek(lab, port_of[CM7], 0xE000ED00), 0x411FC271);
	assert_int_equal(peek(lab, port_of[CM4], 0xE000ED00), 0x410FC241);
	assert_int_equal(peek(lab, port_of[CM4], 0xE0002000), 0x260); /* FPB: v1, 6 + 2 */
}

static void
each_core_has_its_own_view_of_the_memories(void **state)
{
	struct lab *lab = *state;

	poke(lab, port_of[CM7], 0x30000100, 0xCAFE0001);
	assert_int_equal(peek(lab, port_of[CM4], 0x30000100), 0xCAFE0001);
	assert_int_equal(peek(lab, port_of[CM4], 0x10000100), 0xCAFE0001);
	assert_true(faults(lab, port_of[CM7], 0x10000100));
	assert_false(faults(lab, port_of[CM7], 0x20000000));
	assert_true(faults(lab, port_of[CM4], 0x20000000)); /* DTCM */
	assert_true(faults(lab, port_of[CM4], 0x00000000)); /* ITCM */
	assert_int_equal(peek(lab, port_of[CM4], 0x08000000),
			 peek(lab, port_of[CM7], 0x08000000));
}

static void
code_that_one_core_writes_the_other_executes(void **state)
{
	struct lab *lab = *state;

	halt(lab, CM4);
	poke(lab, port_of[CM4], 0x10001000, 0xE7FEE7FE); /* b . */
	poke(lab, port_of[CM4], 0xE000EDF8, 0x10001000);
	poke(lab, port_of[CM4], 0xE000EDF4, 1 << 16 | REGISTER_PC);
	resume(lab, CM4);
	assert_int_equal(cpu_pc(soc_core(lab->soc, CM4)), 0x10001000);
	poke(lab, port_of[CM7], 0x30001000, 0xE7FEBF00); /* nop; b . */
	wire_advance(lab->wire, 100 * US);
	assert_int_equal(cpu_pc(soc_core(lab->soc, CM4)), 0x10001002);
}

/* --- both run -------------------------------------------------------------------------- */

static void
cm7_wakes_cm4_by_a_semaphore_and_then_by_events(void **state)
{
	struct lab *lab = *state;

	assert_true(grows(lab, mailbox));
	assert_true(grows(lab, mailbox + 4));
	assert_true(grows(lab, mailbox + 8));
	assert_int_equal(peek(lab, PORT_CM4, rcc + RCC_CR) & D2CKRDY, D2CKRDY);
}

static void
cm7_runs_at_400_and_cm4_at_200_mhz(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(peek(lab, port_of[CM7], rcc + 0x10) >> 3 & 7, 3); /* PLL1 */
	halt(lab, CM4);
	poke(lab, port_of[CM4], 0x10001000, 0xE7FEE7FE);
	poke(lab, port_of[CM4], 0xE000EDF8, 0x10001000);
	poke(lab, port_of[CM4], 0xE000EDF4, 1 << 16 | REGISTER_PC);
	resume(lab, CM4);
	uint64_t before[2] = { cpu_instructions(soc_core(lab->soc, CM7)),
			       cpu_instructions(soc_core(lab->soc, CM4)) };
	wire_advance(lab->wire, 1 * MS);
	assert_in_range(cpu_instructions(soc_core(lab->soc, CM7)) - before[CM7], 399000,
			401000);
	assert_in_range(cpu_instructions(soc_core(lab->soc, CM4)) - before[CM4], 199000,
			201000);
}

static void
one_core_goes_on_while_the_other_is_halted(void **state)
{
	struct lab *lab = *state;

	halt(lab, CM4);
	assert_true(grows(lab, mailbox));
	assert_false(grows(lab, mailbox + 4));
	resume(lab, CM4);
	halt(lab, CM7);
	assert_false(grows(lab, mailbox));
	assert_int_equal(state_of(lab, CM4), CPU_SLEEPING); /* it waits for events */
}

/* --- semaphores ------------------------------------------------------------------------ */

static void
a_semaphore_belongs_to_the_core_that_took_it(void **state)
{
	struct lab *lab = *state;
	const uint32_t r1 = hsem + 4, rlr1 = hsem + 0x84;

	poke(lab, port_of[CM7], rcc + RCC_AHB4ENR, 1 << 25);
	assert_int_equal(peek(lab, port_of[CM7], rlr1), 0x80000300);
	assert_int_equal(peek(lab, port_of[CM4], rlr1), 0x80000300); /* taken */
	poke(lab, port_of[CM4], r1, 0x00000100);
	poke(lab, port_of[CM4], r1, 0x00000300); /* another's COREID */
	assert_int_equal(peek(lab, port_of[CM4], r1), 0x80000300);
	poke(lab, port_of[CM7], r1, 0x00000300);
	assert_int_equal(peek(lab, port_of[CM4], r1), 0);
	poke(lab, port_of[CM4], r1, 0x80000142); /* with a process */
	assert_int_equal(peek(lab, port_of[CM7], r1), 0x80000142);
	assert_int_equal(peek(lab, port_of[CM7], hsem + 0x108), 1 << 1); /* C1ISR */
	poke(lab, port_of[CM7], hsem + 0x104, 1 << 1);
	assert_int_equal(peek(lab, port_of[CM7], hsem + 0x108), 0);
}

/* --- cross triggers --------------------------------------------------------------------- */

static void
cross_triggers_join(struct lab *lab)
{
	for (unsigned core = CM7; core <= CM4; core++) {
		enable_debug(lab, core);
		poke(lab, port_of[core], cti + CTIINEN0, 1);
		poke(lab, port_of[core], cti + CTIOUTEN0, 1);
		poke(lab, port_of[core], cti + CTICONTROL, 1);
	}
}

static void
acknowledge(struct lab *lab)
{
	for (unsigned core = CM7; core <= CM4; core++)
		poke(lab, port_of[core], cti + CTIINTACK, 1);
}

static void
a_halt_of_one_core_halts_the_other(void **state)
{
	struct lab *lab = *state;

	cross_triggers_join(lab);
	halt(lab, CM7);
	assert_int_equal(state_of(lab, CM4), CPU_HALTED);
	assert_int_equal(peek(lab, port_of[CM4], dfsr), 1 << 4); /* EXTERNAL */
	assert_int_equal(peek(lab, port_of[CM4], cti + CTITRIGOUTSTATUS), 1);
	resume(lab, CM4);
	assert_int_equal(state_of(lab, CM4), CPU_HALTED); /* the request stands */
	acknowledge(lab);
	resume(lab, CM4);
	assert_int_equal(state_of(lab, CM7), CPU_HALTED);
	assert_int_not_equal(state_of(lab, CM4), CPU_HALTED);
}

static void
a_breakpoint_of_one_core_halts_the_other(void **state)
{
	struct lab *lab = *state;

	cross_triggers_join(lab);
	halt(lab, CM4);
	acknowledge(lab);
	uint32_t pc = cpu_pc(soc_core(lab->soc, CM7));
	poke(lab, port_of[CM7], 0xE0002008, pc | 1);
	poke(lab, port_of[CM7], 0xE0002000, 3);
	poke(lab, port_of[CM7], dfsr, 0x1F);
	resume(lab, CM4);
	resume(lab, CM7);
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(cpu_pc(soc_core(lab->soc, CM7)), pc);
	assert_int_equal(state_of(lab, CM4), CPU_HALTED);
	assert_int_equal(peek(lab, port_of[CM7], dfsr) & 2, 2); /* BKPT */
}

static void
a_closed_gate_or_a_disabled_interface_halts_nobody(void **state)
{
	struct lab *lab = *state;

	cross_triggers_join(lab);
	poke(lab, port_of[CM7], cti + CTIGATE, 0);
	halt(lab, CM7);
	assert_int_not_equal(state_of(lab, CM4), CPU_HALTED);
	acknowledge(lab);
	resume(lab, CM7);
	poke(lab, port_of[CM7], cti + CTIGATE, 0xF);
	poke(lab, port_of[CM4], cti + CTICONTROL, 0);
	halt(lab, CM7);
	assert_int_not_equal(state_of(lab, CM4), CPU_HALTED);
}

static void
a_pulse_restarts_both_cores(void **state)
{
	struct lab *lab = *state;

	cross_triggers_join(lab);
	halt(lab, CM7);
	acknowledge(lab);
	for (unsigned core = CM7; core <= CM4; core++)
		poke(lab, port_of[core], cti + CTIOUTEN0 + 4 * 7, 2); /* channel 1 */
	poke(lab, port_of[CM7], cti + CTIAPPPULSE, 2);
	wire_advance(lab->wire, 10 * US);
	assert_int_not_equal(state_of(lab, CM7), CPU_HALTED);
	assert_int_not_equal(state_of(lab, CM4), CPU_HALTED);
	assert_true(grows(lab, mailbox + 4));
}

/* Channel 0 carries the halts of CM7, channel 1 those of CM4, 2 the restart of both. */
static void
cross_triggers_join_by_a_channel_each(struct lab *lab)
{
	static const uint32_t tells[] = { [CM7] = 1, [CM4] = 2 };

	for (unsigned core = CM7; core <= CM4; core++) {
		enable_debug(lab, core);
		poke(lab, port_of[core], cti + CTIINEN0, tells[core]);
		poke(lab, port_of[core], cti + CTIOUTEN0, tells[1 - core]);
		poke(lab, port_of[core], cti + CTIOUTEN0 + 4 * 7, 4);
		poke(lab, port_of[core], cti + CTICONTROL, 1);
	}
}

static void
a_core_that_is_halted_on_a_channel_of_its_own_asks_itself_for_nothing(void **state)
{
	struct lab *lab = *state;

	cross_triggers_join_by_a_channel_each(lab);
	poke(lab, port_of[CM4], cti + CTIINEN0, 0); /* tells nobody of its halt */
	halt(lab, CM7);
	assert_int_equal(state_of(lab, CM4), CPU_HALTED);
	assert_int_equal(peek(lab, port_of[CM7], cti + CTITRIGOUTSTATUS), 0);
	assert_int_equal(peek(lab, port_of[CM7], dfsr), 1 << 0); /* HALTED */
	resume(lab, CM7);
	assert_int_not_equal(state_of(lab, CM7), CPU_HALTED);
}

/* DDI 0489F, 10.2: the request stays until CTIINTACK is written, and so comes before a restart. */
static void
a_restart_without_an_acknowledge_ends_in_another_halt(void **state)
{
	struct lab *lab = *state;

	cross_triggers_join_by_a_channel_each(lab);
	halt(lab, CM7);
	poke(lab, port_of[CM4], dfsr, 0x1F);
	poke(lab, port_of[CM7], cti + CTIINTACK, 1); /* that of CM4 alone is left */
	poke(lab, port_of[CM7], cti + CTIAPPPULSE, 4);
	wire_advance(lab->wire, 10 * US);
	assert_int_equal(state_of(lab, CM4), CPU_HALTED);
	assert_int_equal(peek(lab, port_of[CM4], dfsr), 1 << 4); /* EXTERNAL */
}

static void
cycles_clear(struct lab *lab)
{
	for (unsigned core = CM7; core <= CM4; core++) {
		poke(lab, port_of[core], 0xE000EDFC, 1 << 24); /* DEMCR.TRCENA */
		poke(lab, port_of[core], 0xE0001000, 1);       /* DWT_CTRL.CYCCNTENA */
		poke(lab, port_of[core], 0xE0001004, 0);
	}
}

/* CM7 counts two cycles for each one of CM4 (400 and 200 MHz). */
static void
cores_that_start_and_halt_together_count_the_same_cycles(void **state)
{
	struct lab *lab = *state;
	uint32_t pc;
	int32_t apart;

	cross_triggers_join_by_a_channel_each(lab);
	halt(lab, CM7);
	pc = cpu_pc(soc_core(lab->soc, CM4));
	acknowledge(lab);
	cycles_clear(lab);
	poke(lab, port_of[CM7], cti + CTIAPPPULSE, 4);
	wire_advance(lab->wire, 3 * MS);
	assert_int_not_equal(state_of(lab, CM7), CPU_HALTED);
	poke(lab, port_of[CM4], 0xE0002008, (pc & ~2u) | (pc & 2 ? 2u : 1u) << 30 | 1);
	poke(lab, port_of[CM4], 0xE0002000, 3); /* FP_CTRL */
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(cpu_pc(soc_core(lab->soc, CM4)), pc);
	assert_int_equal(state_of(lab, CM7), CPU_HALTED);
	assert_in_range(peek(lab, port_of[CM7], 0xE0001004), 1000000, 1700000);
	apart = (int32_t)(2 * peek(lab, port_of[CM4], 0xE0001004) -
			  peek(lab, port_of[CM7], 0xE0001004));
	assert_in_range(apart + 400, 0, 800); /* a microsecond of CM7 */
}

static void
the_systems_interface_halts_both(void **state)
{
	struct lab *lab = *state;

	cross_triggers_join(lab);
	poke(lab, PORT_DEBUG, port_dbgmcu + 4, 3 << 21);
	poke(lab, PORT_DEBUG, 0xE00F1000 + CTICONTROL, 1);
	poke(lab, PORT_DEBUG, 0xE00F1000 + CTIAPPPULSE, 1);
	assert_int_equal(state_of(lab, CM7), CPU_HALTED);
	assert_int_equal(state_of(lab, CM4), CPU_HALTED);
}

/* --- resets and boot --------------------------------------------------------------------- */

static void
a_reset_by_cm4_resets_both_and_is_flagged_as_its(void **state)
{
	struct lab *lab = *state;

	poke(lab, port_of[CM7], rcc + RCC_RSR, 1 << 16);
	poke(lab, port_of[CM4], rcc + RCC_RSR, 1 << 16);
	assert_int_equal(peek(lab, port_of[CM4], dhcsr) >> 25 & 1, 1);
	assert_int_equal(peek(lab, port_of[CM4], dhcsr) >> 25 & 1, 0);
	peek(lab, port_of[CM7], dhcsr);
	poke(lab, port_of[CM4], 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 20 * MS);
	for (unsigned core = CM7; core <= CM4; core++) {
		assert_int_equal(peek(lab, port_of[core], dhcsr) >> 25 & 1, 1);
		assert_int_equal(peek(lab, port_of[core], rcc + RCC_RSR), 0x02460000);
	}
	poke(lab, port_of[CM7], rcc + RCC_RSR, 1 << 16);
	assert_int_equal(peek(lab, port_of[CM7], rcc + RCC_RSR), 0);
	assert_int_equal(peek(lab, port_of[CM4], rcc + RCC_RSR), 0x02460000);
}

static struct lab *
lab_with_option(const char *option)
{
	struct wiring wiring = lab_wiring("nucleo-h745zi-q");
	struct lab *lab = lab_open_wired("nucleo-h745zi-q", &wiring);

	assert_null(soc_preset_option(lab->soc, option));
	assert_true(image_preload(lab->soc, "test/firmware/h745_cm7.elf"));
	assert_true(image_preload(lab->soc, "test/firmware/h745_cm4.elf"));
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	return lab;
}

/* RM0399 Rev 4, 13.3: both cores' boot options and addresses. */
static void
user_registers_show_the_options_of_both_cores(void **state)
{
	struct lab *lab = lab_with_option("BCM4=0");

	(void)state;
	assert_int_equal(peek(lab, port_of[CM7], 0x58000704), 0);
	poke(lab, port_of[CM7], rcc + 0xF4, 2); /* RCC_APB4ENR.SYSCFGEN */
	assert_int_equal(peek(lab, port_of[CM7], 0x58000704), 0x00010000);
	assert_int_equal(peek(lab, port_of[CM7], 0x58000708), 0x08000000);
	assert_int_equal(peek(lab, port_of[CM7], 0x5800070C), 0x08101FF0);
	assert_int_equal(peek(lab, port_of[CM7], 0x58000710), 0x00001000);
	lab_close(lab);
}

static void
a_core_that_must_not_boot_answers_with_zeros(void **state)
{
	struct lab *lab = lab_with_option("BCM4=0");

	(void)state;
	assert_true(soc_port_is_open(lab->soc, PORT_CM4));
	assert_int_equal(peek(lab, PORT_CM4, 0xE000ED00), 0);
	assert_int_equal(peek(lab, port_of[CM7], 0xE000ED00), 0x411FC271);
	assert_int_equal(peek(lab, port_of[CM7], rcc + RCC_CR) & D2CKRDY, 0);
	assert_int_equal(state_of(lab, CM7), CPU_RUNNING); /* waits for D2CKRDY */
	lab_close(lab);
}

static void
the_other_core_lets_it_go_by_rcc_gcr(void **state)
{
	struct lab *lab = lab_with_option("BCM4=0");

	(void)state;
	poke(lab, PORT_DEBUG, port_dbgmcu + 4, DBGSLEEP_D1 | DBGSLEEP_D2 | DBGSTOP_D2);
	poke(lab, port_of[CM7], rcc + RCC_GCR, 1 << 3); /* BOOT_C2 */
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(peek(lab, PORT_CM4, 0xE000ED00), 0x410FC241);
	assert_int_equal(peek(lab, PORT_CM4, 0x081000DC), peek(lab, 0, 0x081000DC));
	assert_int_not_equal(state_of(lab, CM4), CPU_IN_RESET);
	poke(lab, port_of[CM7], rcc + RCC_GCR, 0); /* cannot be taken back */
	assert_int_equal(peek(lab, port_of[CM7], rcc + RCC_GCR), 1 << 3);
	lab_close(lab);
}

/*
 * RM0399 Rev 4, "Boot order": with BCM4 = 0 the clock of CPU2 is gated until CPU1 sets
 * RCC_GCR.BOOT_C2. Nothing of it can be written until then; but what was armed while it ran
 * outlives a system reset (DDI 0403E.e, C1.3.1: DEMCR and C_DEBUGEN are reset by power alone),
 * and the gate with it is closed again. So a debugger that releases the core once, arms it and
 * resets the chip has it from its first instruction.
 */
static const uint32_t demcr = 0xE000EDFC, aircr = 0xE000ED0C;
enum { VC_CORERESET = 1 << 0, BOOT_C2 = 1 << 3 };

static void
what_is_written_to_a_held_core_is_lost(void **state)
{
	struct lab *lab = lab_with_option("BCM4=0");

	(void)state;
	poke(lab, PORT_DEBUG, port_dbgmcu + 4, DBGSLEEP_D1 | DBGSLEEP_D2 | DBGSTOP_D2);
	poke(lab, PORT_CM4, dhcsr, 0xA05F0003);
	poke(lab, PORT_CM4, demcr, VC_CORERESET);
	assert_int_equal(peek(lab, PORT_CM4, demcr), 0);
	poke(lab, port_of[CM7], rcc + RCC_GCR, BOOT_C2);
	wire_advance(lab->wire, 1 * MS);
	assert_int_not_equal(state_of(lab, CM4), CPU_HALTED);
	assert_int_equal(peek(lab, PORT_CM4, demcr) & VC_CORERESET, 0);
	lab_close(lab);
}

static void
a_core_that_was_armed_before_the_reset_halts_when_it_is_let_go(void **state)
{
	struct lab *lab = lab_with_option("BCM4=0");
	uint32_t start;

	(void)state;
	poke(lab, PORT_DEBUG, port_dbgmcu + 4, DBGSLEEP_D1 | DBGSLEEP_D2 | DBGSTOP_D2);
	poke(lab, port_of[CM7], dhcsr, 0xA05F0001);
	poke(lab, port_of[CM7], demcr, VC_CORERESET);
	poke(lab, port_of[CM7], rcc + RCC_GCR, BOOT_C2);
	wire_advance(lab->wire, 1 * MS);
	poke(lab, PORT_CM4, dhcsr, 0xA05F0001);
	poke(lab, PORT_CM4, demcr, VC_CORERESET);
	poke(lab, port_of[CM7], aircr, 0x05FA0004);
	wire_advance(lab->wire, 50 * MS);
	assert_int_equal(state_of(lab, CM7), CPU_HALTED);
	assert_int_equal(peek(lab, PORT_CM4, 0xE000ED00), 0); /* held again */
	assert_int_equal(peek(lab, port_of[CM7], rcc + RCC_GCR), 0);
	poke(lab, port_of[CM7], rcc + RCC_GCR, BOOT_C2);
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(state_of(lab, CM4), CPU_HALTED);
	start = peek(lab, 0, 0x08100004);
	assert_int_equal(cpu_pc(soc_core(lab->soc, CM4)), start & ~UINT32_C(1));
	lab_close(lab);
}

/* The same the other way round (RM0399 Rev 4, "Boot order"; ST's template BootCM4_CM7Gated): the port
 * of the Cortex-M7 reads zeros, by which tools that ask it alone find no chip. */
enum { BOOT_C1 = 1 << 2, PORT_CM7 = 0 };

static void
a_cortex_m7_that_must_not_boot_is_let_go_by_the_cortex_m4(void **state)
{
	struct lab *lab = lab_with_option("BCM7=0");

	(void)state;
	poke(lab, PORT_DEBUG, port_dbgmcu + 4, DBGSLEEP_D1 | DBGSLEEP_D2 | DBGSTOP_D2);
	assert_int_equal(peek(lab, PORT_CM7, 0xE000ED00), 0);
	assert_int_equal(peek(lab, PORT_CM4, 0xE000ED00), 0x410FC241);
	poke(lab, PORT_CM4, rcc + RCC_GCR, BOOT_C1);
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(peek(lab, PORT_CM7, 0xE000ED00), 0x411FC271);
	poke(lab, PORT_CM4, aircr, 0x05FA0004);
	wire_advance(lab->wire, 50 * MS);
	assert_int_equal(peek(lab, PORT_CM7, 0xE000ED00), 0);
	lab_close(lab);
}

/* Where SYSCFG_UR2 says so; a vector that cannot be read locks it up. */
static void
a_cortex_m7_begins_where_software_says(void **state)
{
	struct lab *lab = lab_with_option("BCM7=0");

	(void)state;
	keep_clocks(lab);
	poke(lab, PORT_CM4, rcc + 0xF4, 2); /* RCC_APB4ENR.SYSCFGEN */
	assert_int_equal(peek(lab, PORT_CM4, 0x58000708), 0x08000000);
	poke(lab, PORT_CM4, 0x58000708, 0x11000000);
	poke(lab, PORT_CM4, rcc + RCC_GCR, BOOT_C1);
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(state_of(lab, CM7), CPU_LOCKED_UP);
	lab_close(lab);
}

/* "Boot order": with both options off the Cortex-M7 boots all the same. */
static void
with_neither_option_the_cortex_m7_boots(void **state)
{
	struct wiring wiring = lab_wiring("nucleo-h745zi-q");
	struct lab *lab = lab_open_wired("nucleo-h745zi-q", &wiring);

	(void)state;
	assert_null(soc_preset_option(lab->soc, "BCM4=0"));
	assert_null(soc_preset_option(lab->soc, "BCM7=0"));
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(peek(lab, PORT_CM7, 0xE000ED00), 0x411FC271);
	assert_int_equal(peek(lab, PORT_CM4, 0xE000ED00), 0);
	lab_close(lab);
}

/*
 * RM0399 Rev 4, 13.3, SYSCFG_UR3: BCM4_ADD0 may be written, and a core that is let go later begins
 * there, as programs have it that boot the CM4 from RAM; a reset loads the option byte again.
 */
static const uint32_t ur3 = 0x5800070C;

static struct lab *
lab_with_start_at(uint32_t start)
{
	struct lab *lab = lab_with_option("BCM4=0");

	keep_clocks(lab);
	poke(lab, port_of[CM7], dhcsr, 0xA05F0003);
	poke(lab, port_of[CM7], rcc + 0xF4, 2); /* RCC_APB4ENR.SYSCFGEN */
	poke(lab, port_of[CM7], ur3, start | 0x1FF0);
	return lab;
}

static void
a_core_begins_where_software_says_until_a_reset(void **state)
{
	struct lab *lab = lab_with_start_at(0x38000000);
	const uint32_t sram4 = 0x38000000, loop = 0x38000100;

	(void)state;
	poke(lab, port_of[CM7], sram4, 0x38001000);
	poke(lab, port_of[CM7], sram4 + 4, loop | 1);
	poke(lab, port_of[CM7], loop, 0xE7FEE7FE); /* b . */
	poke(lab, port_of[CM7], rcc + RCC_GCR, BOOT_C2);
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(state_of(lab, CM4), CPU_RUNNING);
	assert_int_equal(cpu_pc(soc_core(lab->soc, CM4)), loop);
	poke(lab, port_of[CM7], aircr, 0x05FA0004);
	wire_advance(lab->wire, 50 * MS);
	poke(lab, port_of[CM7], rcc + 0xF4, 2);
	assert_int_equal(peek(lab, port_of[CM7], ur3), 0x08101FF0);
	lab_close(lab);
}

/* DDI 0403E.e, B1.5.15: a vector that cannot be read at a reset locks the core up; a debugger halts
 * it. */
static void
a_core_that_begins_where_there_is_nothing_locks_up(void **state)
{
	struct lab *lab = lab_with_start_at(0x11000000);

	(void)state;
	poke(lab, port_of[CM7], rcc + RCC_GCR, BOOT_C2);
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(state_of(lab, CM4), CPU_LOCKED_UP);
	poke(lab, PORT_CM4, dhcsr, 0xA05F0003);
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(state_of(lab, CM4), CPU_HALTED);
	lab_close(lab);
}

/* --- supply ------------------------------------------------------------------------------ */

static void
firmware_that_chooses_the_ldo_on_this_board_is_its_last(void **state)
{
	struct wiring wiring = lab_wiring("nucleo-h745zi-q");
	struct lab *lab = lab_open_wired("nucleo-h745zi-q", &wiring);
	uint32_t value;

	(void)state;
	assert_true(image_preload(lab->soc, "test/firmware/h745_cm7_ldo.elf"));
	assert_true(image_preload(lab->soc, "test/firmware/h745_cm4.elf"));
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 50 * MS);
	lab_jtag_to_swd(lab);
	assert_int_not_equal(lab_read(lab, false, DPIDR, &value), SWD_OK);
	assert_false(soc_port_is_open(lab->soc, PORT_CM4));
	lab_close(lab);
	wiring.core_supply = CORE_SUPPLY_LDO;
	lab = lab_open_wired("nucleo-h745zi-q", &wiring);
	assert_true(image_preload(lab->soc, "test/firmware/h745_cm7_ldo.elf"));
	assert_true(image_preload(lab->soc, "test/firmware/h745_cm4.elf"));
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 50 * MS);
	keep_clocks(lab);
	assert_true(grows(lab, mailbox));
	lab_close(lab);
}

/* --- domains ----------------------------------------------------------------------------- */

static void
deep_sleep_of_cm4_closes_its_port_alone(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	halt(lab, CM7); /* no more events */
	halt(lab, CM4);
	poke(lab, port_of[CM4], 0xE000ED10, 4); /* SLEEPDEEP */
	resume(lab, CM4);
	wire_advance(lab->wire, 1 * MS);
	assert_false(soc_port_is_open(lab->soc, PORT_CM4));
	assert_true(soc_port_is_open(lab->soc, 0));
	assert_int_equal(soc_access(lab->soc, PORT_CM4, dhcsr, 4, false, &value), BUS_WAIT);
	poke(lab, PORT_DEBUG, port_dbgmcu + 4, DBGSTOP_D2);
	assert_true(soc_port_is_open(lab->soc, PORT_CM4));
	assert_int_equal(peek(lab, PORT_CM4, 0xE000ED00), 0x410FC241);
}

static void
plain_sleep_of_cm4_makes_its_port_alone_wait(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	halt(lab, CM7);
	poke(lab, PORT_DEBUG, port_dbgmcu + 4, 0);
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(state_of(lab, CM4), CPU_SLEEPING);
	assert_true(soc_port_is_open(lab->soc, PORT_CM4));
	assert_int_equal(soc_access(lab->soc, PORT_CM4, dhcsr, 4, false, &value), BUS_WAIT);
	assert_int_equal(peek(lab, port_of[CM7], 0xE000ED00), 0x411FC271);
	poke(lab, PORT_DEBUG, port_dbgmcu + 4, DBGSLEEP_D2);
	assert_int_equal(peek(lab, PORT_CM4, 0xE000ED00), 0x410FC241);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define WITHOUT(test) \
	cmocka_unit_test_setup_teardown(test, set_up_without_programs, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_port_leads_to_its_core),
		TEST(each_core_has_its_own_view_of_the_memories),
		TEST(code_that_one_core_writes_the_other_executes),
		TEST(cm7_wakes_cm4_by_a_semaphore_and_then_by_events),
		TEST(cm7_runs_at_400_and_cm4_at_200_mhz),
		TEST(one_core_goes_on_while_the_other_is_halted),
		WITHOUT(a_semaphore_belongs_to_the_core_that_took_it),
		TEST(a_halt_of_one_core_halts_the_other),
		TEST(a_breakpoint_of_one_core_halts_the_other),
		TEST(a_closed_gate_or_a_disabled_interface_halts_nobody),
		TEST(a_pulse_restarts_both_cores),
		TEST(a_core_that_is_halted_on_a_channel_of_its_own_asks_itself_for_nothing),
		TEST(a_restart_without_an_acknowledge_ends_in_another_halt),
		TEST(cores_that_start_and_halt_together_count_the_same_cycles),
		TEST(the_systems_interface_halts_both),
		TEST(a_reset_by_cm4_resets_both_and_is_flagged_as_its),
		cmocka_unit_test(user_registers_show_the_options_of_both_cores),
		cmocka_unit_test(a_core_that_must_not_boot_answers_with_zeros),
		cmocka_unit_test(the_other_core_lets_it_go_by_rcc_gcr),
		cmocka_unit_test(what_is_written_to_a_held_core_is_lost),
		cmocka_unit_test(a_cortex_m7_that_must_not_boot_is_let_go_by_the_cortex_m4),
		cmocka_unit_test(a_cortex_m7_begins_where_software_says),
		cmocka_unit_test(with_neither_option_the_cortex_m7_boots),
		cmocka_unit_test(a_core_begins_where_software_says_until_a_reset),
		cmocka_unit_test(a_core_that_begins_where_there_is_nothing_locks_up),
		cmocka_unit_test(
			a_core_that_was_armed_before_the_reset_halts_when_it_is_let_go),
		cmocka_unit_test(firmware_that_chooses_the_ldo_on_this_board_is_its_last),
		TEST(deep_sleep_of_cm4_closes_its_port_alone),
		TEST(plain_sleep_of_cm4_makes_its_port_alone_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
