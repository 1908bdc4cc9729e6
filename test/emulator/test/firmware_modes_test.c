/* SPDX-License-Identifier: MIT */
/*
 * What a debugger sees of firmware that misbehaves: the programs of test/firmware/modes run
 * on the emulator, and an SWD master looks.
 */
#include <stdio.h>

#include "test/emulator/image.h"
#include "test/emulator/test/lab.h"

static const uint32_t dhcsr = 0xE000EDF0;
static const uint32_t aircr = 0xE000ED0C;
static const uint32_t ram = 0x20000000;
#define DHCSR_HALT  UINT32_C(0xA05F0003)
#define S_HALT      (UINT32_C(1) << 17)
#define S_SLEEP     (UINT32_C(1) << 18)
#define S_LOCKUP    (UINT32_C(1) << 19)
#define SYSRESETREQ UINT32_C(0x05FA0004)
#define SFTRSTF     (UINT32_C(1) << 28)
#define IWDGRSTF    (UINT32_C(1) << 29)

struct chip_facts {
	const char *board, *suffix;
	uint32_t rcc_csr;
	uint32_t hfsr; /* after a fault that became a HardFault */
};
static const struct chip_facts g473 = { "g473-custom", "g473", 0x40021094, 1 << 30 };
static const struct chip_facts f103 = { "bluepill-f103", "f103", 0x40021024, 1 << 30 };
static const struct chip_facts g071 = { "nucleo-g071rb", "g071", 0x40021060, 0 };

/* The board with that program in flash, 20 ms after power. */
static struct lab *
board_with(const struct chip_facts *facts, const char *mode)
{
	struct wiring wiring = lab_wiring(facts->board);
	struct lab *lab = lab_open_wired(facts->board, &wiring);
	char path[64];

	snprintf(path, sizeof(path), "test/firmware/modes/%s_%s.elf", mode, facts->suffix);
	assert_true(image_preload(lab->soc, path));
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	return lab;
}

static void
reset_pulse(struct lab *lab)
{
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 10 * MS);
}

static enum swd_ack
dpidr_ack(struct lab *lab)
{
	uint32_t value;

	lab_jtag_to_swd(lab);
	return lab_read(lab, false, DPIDR, &value);
}

/* One read of memory over the wire: posts it, then asks for the result. */
static enum swd_ack
memory_ack(struct lab *lab, uint32_t at)
{
	uint32_t value;

	assert_int_equal(lab_write(lab, true, AP_TAR, at), SWD_OK);
	assert_int_equal(lab_read(lab, true, AP_DRW, &value), SWD_OK);
	return lab_read(lab, false, RDBUFF, &value);
}

static void
swd_is_there_for_50_ms_and_again_after_reset(const struct chip_facts *facts)
{
	struct lab *lab = board_with(facts, "swd_off");

	assert_int_equal(dpidr_ack(lab), SWD_OK);
	wire_advance(lab->wire, 100 * MS);
	assert_int_equal(dpidr_ack(lab), SWD_NO_ACK);
	reset_pulse(lab);
	assert_int_equal(dpidr_ack(lab), SWD_OK);
	lab_close(lab);
}

static void
firmware_that_takes_the_pins_silences_swd(void **state)
{
	(void)state;
	swd_is_there_for_50_ms_and_again_after_reset(&g473);
	swd_is_there_for_50_ms_and_again_after_reset(&f103);
	swd_is_there_for_50_ms_and_again_after_reset(&g071);
}

enum { LOOKS = 4000 }; /* in two seconds */
static const uint32_t dbgmcu_cr = 0xE0042004;
#define DBG_SLEEP UINT32_C(1)

/* What is found of one read of DHCSR: it waits, and an abort ends that. */
static enum swd_ack
dhcsr_ack(struct lab *lab)
{
	enum swd_ack ack = memory_ack(lab, dhcsr);

	if (ack != SWD_OK)
		assert_int_equal(lab_write(lab, false, ABORT, ABORT_ALL | 1), SWD_OK);
	return ack;
}

/* A debugger that asks all the time comes through when the core wakes. */
static void
catch_it_awake(struct lab *lab)
{
	unsigned waits = 0;

	while (dhcsr_ack(lab) == SWD_WAIT) {
		wire_advance(lab->wire, MS / 2);
		assert_true(++waits < LOOKS);
	}
	assert_true(waits > 10);
	lab_poke(lab, dbgmcu_cr, DBG_SLEEP);
}

/* With the bit set it is asleep as ever, and debugged. */
static void
sleeps_nearly_always(struct lab *lab)
{
	uint64_t before, ran;
	unsigned asleep = 0;

	for (unsigned i = 0; i < LOOKS; i++) {
		wire_advance(lab->wire, MS / 2);
		asleep += lab_peek(lab, dhcsr) & S_SLEEP ? 1 : 0;
	}
	assert_in_range(asleep, LOOKS - LOOKS / 100, LOOKS - 2);
	before = cpu_instructions(soc_core(lab->soc, 0));
	wire_advance(lab->wire, 1000 * MS);
	ran = cpu_instructions(soc_core(lab->soc, 0)) - before;
	assert_in_range(ran, 1000, 40000); /* and not millions */
}

static void
waits_in_wfi_until_dbg_sleep_is_set(const struct chip_facts *facts)
{
	struct lab *lab = board_with(facts, "wfi_loop");

	lab_connect(lab);
	assert_int_equal(lab_dp(lab, CTRL_STAT) >> 28, 0xF); /* powered, all the same */
	assert_int_equal(dhcsr_ack(lab), SWD_WAIT);
	catch_it_awake(lab);
	sleeps_nearly_always(lab);
	reset_pulse(lab); /* which DBGMCU_CR survives */
	lab_connect(lab);
	wire_advance(lab->wire, 100 * MS);
	assert_int_equal(dhcsr_ack(lab), SWD_OK);
	lab_close(lab);
}

static void
firmware_in_wfi_makes_the_access_port_wait_until_dbg_sleep_is_set(void **state)
{
	(void)state;
	waits_in_wfi_until_dbg_sleep_is_set(&g473);
	waits_in_wfi_until_dbg_sleep_is_set(&f103);
}

/* An STM32G0 has no DBG_SLEEP and needs none. */
static void
where_there_is_no_dbg_sleep_firmware_in_wfi_is_within_reach(void **state)
{
	struct lab *lab = board_with(&g071, "wfi_loop");

	(void)state;
	lab_connect(lab);
	wire_advance(lab->wire, 100 * MS);
	assert_int_equal(lab_peek(lab, dhcsr) & S_SLEEP, S_SLEEP);
	assert_int_equal(memory_ack(lab, ram), SWD_OK);
	lab_halt(lab);
	lab_close(lab);
}

static void
memory_is_not_reached_in_stop(const struct chip_facts *facts)
{
	struct lab *lab = board_with(facts, "stop");

	lab_connect(lab);
	assert_int_equal(memory_ack(lab, ram), SWD_OK);
	wire_advance(lab->wire, 100 * MS);
	assert_int_equal(dpidr_ack(lab), SWD_OK);
	assert_int_not_equal(lab_write(lab, true, AP_TAR, ram), SWD_OK);
	reset_pulse(lab);
	lab_connect(lab);
	assert_int_equal(memory_ack(lab, ram), SWD_OK);
	lab_close(lab);
}

static void
firmware_in_stop_leaves_the_debug_port_and_takes_the_access_port(void **state)
{
	(void)state;
	memory_is_not_reached_in_stop(&g473);
	memory_is_not_reached_in_stop(&f103);
	memory_is_not_reached_in_stop(&g071);
}

static void
nothing_answers_in_standby(const struct chip_facts *facts)
{
	struct lab *lab = board_with(facts, "standby");

	assert_int_equal(dpidr_ack(lab), SWD_OK);
	wire_advance(lab->wire, 100 * MS);
	assert_int_equal(dpidr_ack(lab), SWD_NO_ACK);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(dpidr_ack(lab), SWD_NO_ACK);
	reset_pulse(lab);
	assert_int_equal(dpidr_ack(lab), SWD_OK);
	lab_close(lab);
}

static void
firmware_in_standby_takes_the_debug_port_as_well(void **state)
{
	(void)state;
	nothing_answers_in_standby(&g473);
	nothing_answers_in_standby(&f103);
	nothing_answers_in_standby(&g071);
}

static void
without_a_system_clock_the_access_port_waits_for_ever(void **state)
{
	struct lab *lab = board_with(&g473, "bad_clock");

	(void)state;
	lab_connect(lab);
	assert_int_equal(memory_ack(lab, ram), SWD_OK);
	wire_advance(lab->wire, 100 * MS);
	assert_int_equal(dpidr_ack(lab), SWD_OK);
	assert_int_equal(lab_write(lab, true, AP_TAR, dhcsr), SWD_WAIT);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(lab_write(lab, true, AP_TAR, dhcsr), SWD_WAIT);
	reset_pulse(lab);
	lab_halt(lab);
	lab_close(lab);
}

/* PM0075, chapter 2. Unlocks, and asks for one page. */
static void
without_the_hsi_flash_stays_busy(void **state)
{
	enum {
		KEYR = 0x04,
		SR = 0x0C,
		CR = 0x10,
		AR = 0x14,
		PER = 2,
		STRT = 0x40,
		BSY = 1
	};
	static const uint32_t flash = 0x40022000;
	struct lab *lab = board_with(&f103, "bad_clock");

	(void)state;
	wire_advance(lab->wire, 100 * MS);
	lab_halt(lab);
	lab_poke(lab, flash + KEYR, 0x45670123);
	lab_poke(lab, flash + KEYR, 0xCDEF89AB);
	lab_poke(lab, flash + CR, PER);
	lab_poke(lab, flash + AR, 0x0801FC00);
	lab_poke(lab, flash + CR, PER | STRT);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(lab_peek(lab, flash + SR) & BSY, BSY);
	lab_poke(lab, 0x40021000, 0x00010083); /* HSION */
	wire_advance(lab->wire, 100 * MS);
	assert_int_equal(lab_peek(lab, flash + SR) & BSY, 0);
	lab_close(lab);
}

static void
the_watchdog_bites_after_a_second(const struct chip_facts *facts)
{
	struct lab *lab = board_with(facts, "iwdg");

	wire_advance(lab->wire, 900 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 0);
	wire_advance(lab->wire, 600 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 1);
	assert_int_equal(lab_peek(lab, facts->rcc_csr) & IWDGRSTF, IWDGRSTF);
	lab_halt(lab);
	wire_advance(lab->wire, 1000 * MS); /* a halted core does not feed it either */
	assert_true(lab->stats.resets[RESET_BY_WATCHDOG] >= 2);
	lab_close(lab);
}

static void
firmware_that_forgets_its_watchdog_is_reset(void **state)
{
	(void)state;
	the_watchdog_bites_after_a_second(&g473);
	the_watchdog_bites_after_a_second(&f103);
	the_watchdog_bites_after_a_second(&g071);
}

static void
locks_up(const struct chip_facts *facts)
{
	struct lab *lab = board_with(facts, "lockup");

	assert_int_equal(lab_peek(lab, dhcsr) & S_LOCKUP, 0);
	wire_advance(lab->wire, 100 * MS);
	assert_int_equal(lab_peek(lab, dhcsr) & S_LOCKUP, S_LOCKUP);
	assert_int_equal(lab_peek(lab, 0xE000ED2C) & 1 << 30, facts->hfsr); /* FORCED */
	lab_close(lab);
}

static void
a_fault_in_the_fault_handler_locks_the_core_up(void **state)
{
	(void)state;
	locks_up(&g473);
	locks_up(&f103);
	locks_up(&g071);
}

static void
resets_itself(const struct chip_facts *facts)
{
	struct lab *lab = board_with(facts, "self_reset");

	wire_advance(lab->wire, 1000 * MS);
	assert_in_range(lab->stats.resets[RESET_BY_SYSTEM], 15, 20);
	assert_int_equal(lab_peek(lab, facts->rcc_csr) & (SFTRSTF | IWDGRSTF), SFTRSTF);
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 0);
	lab_close(lab);
}

static void
firmware_that_resets_itself_is_flagged_by_rcc(void **state)
{
	(void)state;
	resets_itself(&g473);
	resets_itself(&f103);
	resets_itself(&g071);
}

static void
an_access_that_never_ends_keeps_the_core_from_halting(void **state)
{
	struct lab *lab = board_with(&g473, "bus_hang");

	(void)state;
	lab_connect(lab);
	assert_int_equal(memory_ack(lab, ram), SWD_OK);
	wire_advance(lab->wire, 100 * MS);
	lab_poke(lab, dhcsr, DHCSR_HALT);
	wire_advance(lab->wire, 100 * MS);
	assert_int_equal(lab_peek(lab, dhcsr) & (S_HALT | S_SLEEP | S_LOCKUP), 0);
	assert_int_equal(memory_ack(lab, ram), SWD_WAIT);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(lab_read(lab, false, RDBUFF, &(uint32_t){ 0 }), SWD_WAIT);
	lab_close(lab);
}

static void
a_system_reset_through_the_ppb_ends_that_access(void **state)
{
	struct lab *lab = board_with(&g473, "bus_hang");

	(void)state;
	wire_advance(lab->wire, 100 * MS);
	lab_poke(lab, aircr, SYSRESETREQ);
	wire_advance(lab->wire, 10 * MS);
	lab_connect(lab);
	lab_halt(lab);
	assert_int_equal(memory_ack(lab, ram), SWD_OK);
	lab_close(lab);
}

/* --- DMA beside a halted core ----------------------------------------------------------- */

/* test/firmware/modes/dma_ram.c */
static const uint32_t ring = 0x20000400, ring_end = 0x20004000;
static const uint32_t gpioa_idr = 0x48000010;
#define RING_TURN_NS (80 * MS) /* 3840 readings, one in 20 us: 76.8 ms */
static const uint32_t own = 0x600DDA7A;

static void
ring_fill(struct lab *lab)
{
	for (uint32_t at = ring; at < ring_end; at += 4)
		lab_poke(lab, at, own);
}

static unsigned
ring_changed(struct lab *lab)
{
	unsigned changed = 0;

	for (uint32_t at = ring; at < ring_end; at += 4)
		changed += lab_peek(lab, at) != own;
	return changed;
}

static void
dma_writes_to_ram_while_the_core_is_halted(void **state)
{
	struct lab *lab = board_with(&g473, "dma_ram");
	const unsigned words = (ring_end - ring) / 4;

	(void)state;
	wire_advance(lab->wire, 100 * MS);
	lab_halt(lab);
	ring_fill(lab);
	lab_poke(lab, ring - 4, own);
	lab_poke(lab, ring_end, own);
	wire_advance(lab->wire, 10 * MS);
	assert_in_range(ring_changed(lab), 499, 501);
	wire_advance(lab->wire, RING_TURN_NS);
	assert_int_equal(ring_changed(lab), words);
	assert_int_not_equal(lab_peek(lab, gpioa_idr), 0);
	assert_int_equal(lab_peek(lab, ring), lab_peek(lab, gpioa_idr));
	assert_int_equal(lab_peek(lab, ring - 4), own);
	assert_int_equal(lab_peek(lab, ring_end), own);
	lab_close(lab);
}

/* The reset vector is as far as the core comes, so nobody sets it up again. */
static void
a_reset_ends_the_dma(void **state)
{
	static const uint32_t demcr = 0xE000EDFC;
	static const uint32_t vc_corereset = 1;
	struct lab *lab = board_with(&g473, "dma_ram");

	(void)state;
	wire_advance(lab->wire, 100 * MS);
	lab_halt(lab);
	ring_fill(lab);
	wire_advance(lab->wire, 10 * MS);
	assert_int_not_equal(ring_changed(lab), 0);
	lab_poke(lab, demcr, vc_corereset);
	lab_poke(lab, aircr, SYSRESETREQ);
	wire_advance(lab->wire, 10 * MS);
	assert_int_equal(lab_peek(lab, dhcsr) & S_HALT, S_HALT);
	ring_fill(lab);
	wire_advance(lab->wire, RING_TURN_NS);
	assert_int_equal(ring_changed(lab), 0);
	lab_close(lab);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(firmware_that_takes_the_pins_silences_swd),
		cmocka_unit_test(
			firmware_in_wfi_makes_the_access_port_wait_until_dbg_sleep_is_set),
		cmocka_unit_test(
			where_there_is_no_dbg_sleep_firmware_in_wfi_is_within_reach),
		cmocka_unit_test(
			firmware_in_stop_leaves_the_debug_port_and_takes_the_access_port),
		cmocka_unit_test(firmware_in_standby_takes_the_debug_port_as_well),
		cmocka_unit_test(without_a_system_clock_the_access_port_waits_for_ever),
		cmocka_unit_test(without_the_hsi_flash_stays_busy),
		cmocka_unit_test(firmware_that_forgets_its_watchdog_is_reset),
		cmocka_unit_test(a_fault_in_the_fault_handler_locks_the_core_up),
		cmocka_unit_test(firmware_that_resets_itself_is_flagged_by_rcc),
		cmocka_unit_test(an_access_that_never_ends_keeps_the_core_from_halting),
		cmocka_unit_test(a_system_reset_through_the_ppb_ends_that_access),
		cmocka_unit_test(dma_writes_to_ram_while_the_core_is_halted),
		cmocka_unit_test(a_reset_ends_the_dma),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
