/* SPDX-License-Identifier: MIT */
/* inside.c - experiments with a chip that answers: its core, its flags, its memory. */
#include "targets/diagnosis/examine_internal.h"

#include "targets/chip/vitals.h"
#include "transport/adi/registers.h"
#include "transport/probe/vtarget.h"

enum {
	WATCH_US = 300000, /* of a core that nothing speaks against */
	WATCH_LONG_US =
		1600000, /* of one that a watchdog or its program has reset before */
	WATCH_EVERY_US = 4000,
	RUN_US = 1500000,
	RUN_EVERY_US = 2000,
	STALLED_LOOKS = 8,
	SAMPLES = 16
};

/* DDI 0403E.e C1.8.8, Program Counter Sample Register; all ones while it is halted. */
#define DWT_PCSR_AT 0xe000101cu
/* DDI 0553B D1.2.36, Debug Authentication Status Register. */
#define DAUTHSTATUS_AT 0xe000efb8u
/* Every STM32 has RAM here, at the begin of the architecture's SRAM region (DDI 0403E.e B3.1). */
#define RAM_AT   0x20000000u
#define FLASH_AT 0x08000000u

static struct core *
core_of(struct examination *x)
{
	return &x->nrst.board->cores[0];
}

static bool
read_word(struct board *board, uint32_t at, uint32_t *value)
{
	struct reason unread = REASON_INIT;

	return mem_read32(&board->cores[0].mem, at, value, &unread) == CAUSE_NONE;
}

static void
know_bit(struct facts *facts, enum fact fact, uint32_t word, uint32_t bits)
{
	facts_know(facts, fact, (word & bits) != 0);
}

/* PWR has no clock after a reset: it is given one for the moment, of a core that is halted at its
 * reset vector. Else a register without a clock reads as zero, which says nothing. */
static void
look_at_standby(struct board *board, const struct vitals *vitals)
{
	const struct register_bits *clock = &vitals->power_clock;
	bool may_write = facts_is(&board->facts, FACT_CAUGHT_AT_RESET, 1);
	struct mem_ap *mem = &board->cores[0].mem;
	struct reason why = REASON_INIT;
	uint32_t enabled = 0, word = 0;

	if (vitals->standby.mask == 0 ||
	    (clock->bits != 0 && !read_word(board, clock->at, &enabled)))
		return;
	if (clock->bits != 0 && (enabled & clock->bits) == 0) {
		if (!may_write ||
		    mem_write32(mem, clock->at, enabled | clock->bits, &why) != CAUSE_NONE)
			return;
	}
	if (read_word(board, vitals->standby.at, &word))
		facts_know(&board->facts, FACT_STANDBY_FLAG,
			   (word & vitals->standby.mask) == vitals->standby.value);
	if (clock->bits != 0 && (enabled & clock->bits) == 0)
		/* In vain it stays on, until the reset that the program starts from. */
		(void)mem_write32(mem, clock->at, enabled, &why);
}

void
board_look_at_flags(struct board *board)
{
	const struct vitals *vitals = vitals_of(board->table, board->chip.device);
	struct facts *facts = &board->facts;
	uint32_t flags;

	if (vitals == NULL)
		return;
	facts_know(facts, FACT_IS_H7, vitals->is_supply_chosen_once);
	if (!read_word(board, vitals->flags_at, &flags))
		return;
	know_bit(facts, FACT_WATCHDOG_FLAG, flags, vitals->watchdog);
	know_bit(facts, FACT_SOFTWARE_FLAG, flags, vitals->software);
	know_bit(facts, FACT_POWER_FLAG, flags, vitals->power);
	know_bit(facts, FACT_LOW_POWER_FLAG, flags, vitals->low_power);
	look_at_standby(board, vitals);
}

bool
examine_flags(struct examination *x)
{
	board_look_at_flags(x->nrst.board);
	return true;
}

static void
count_reset(struct examination *x)
{
	uint64_t now_us = examine_age_us(x);

	x->seen++;
	if (x->last_us != 0)
		facts_know(facts_of(x), FACT_RESET_PERIOD, (uint32_t)(now_us - x->last_us));
	x->last_us = now_us;
}

/* The first reading has what happened before. */
static void
take_dhcsr(struct examination *x, uint32_t dhcsr)
{
	if (x->count++ > 0 && REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0)
		count_reset(x);
	if (REG_GET(dhcsr, DHCSR_S_SLEEP) != 0)
		x->asleep++;
	if (REG_GET(dhcsr, DHCSR_C_DEBUGEN) == 0)
		x->undebugged++;
	if (REG_GET(dhcsr, DHCSR_S_LOCKUP) != 0)
		facts_know(facts_of(x), FACT_LOCKED_UP, 1);
}

static bool
has_reset_before(struct examination *x)
{
	return facts_is(facts_of(x), FACT_WATCHDOG_FLAG, 1) ||
	       facts_is(facts_of(x), FACT_SOFTWARE_FLAG, 1);
}

/* A core that is claimed has C_DEBUGEN set, until its supply goes: it is set once more. */
static bool
has_no_debug(struct core *core)
{
	struct reason why = REASON_INIT;
	uint32_t dhcsr = 0;

	return core_enable_debug(core, 0, &why) == CAUSE_NONE &&
	       core_dhcsr_read(core, &dhcsr, &why) == CAUSE_NONE &&
	       REG_GET(dhcsr, DHCSR_C_DEBUGEN) == 0;
}

/* Both units' control registers have bits that read as zero (DDI 0403E.e C1.8.7, C1.11.3). */
static void
look_for_nonsense(struct examination *x)
{
	uint32_t dwt = 0, fpb = 0;
	bool is_nonsense = x->count > 0 && x->undebugged == x->count &&
			   !core_of(x)->is_released && has_no_debug(core_of(x));

	if (read_word(x->nrst.board, DWT_CTRL_AT, &dwt) &&
	    read_word(x->nrst.board, FP_CTRL_AT, &fpb))
		is_nonsense = is_nonsense || dwt == UINT32_MAX || fpb == UINT32_MAX;
	facts_know(facts_of(x), FACT_CORE_NONSENSE, is_nonsense);
}

bool
examine_core(struct examination *x)
{
	uint64_t limit_us = has_reset_before(x) ? WATCH_LONG_US : WATCH_US;
	struct reason unread = REASON_INIT;
	uint32_t dhcsr = 0;
	bool is_read = core_dhcsr_read(core_of(x), &dhcsr, &unread) == CAUSE_NONE;
	bool is_over = examine_age_us(x) > limit_us || x->seen > 1;

	if (is_read)
		take_dhcsr(x, dhcsr);
	dap_forget_loss(&x->nrst.board->dap);
	examine_wait_us(x, WATCH_EVERY_US);
	if (!is_over && !(is_read && core_of(x)->is_halted))
		return false;
	look_for_nonsense(x);
	facts_know(facts_of(x), FACT_RESETS_SEEN, x->seen);
	facts_know(facts_of(x), FACT_SLEEPS, x->asleep > x->count / 2);
	if (!facts_of(x)->of[FACT_LOCKED_UP].is_known)
		facts_know(facts_of(x), FACT_LOCKED_UP, 0);
	return true;
}

/* A register that is read in reset is zero. */
static bool
read_out_of_reset(struct board *board, uint32_t at, uint32_t *value)
{
	struct core *core = &board->cores[0];
	struct reason unread = REASON_INIT;
	uint32_t before = 0, after = 0;

	return core_dhcsr_read(core, &before, &unread) == CAUSE_NONE &&
	       read_word(board, at, value) &&
	       core_dhcsr_read(core, &after, &unread) == CAUSE_NONE &&
	       REG_GET(after, DHCSR_S_RESET_ST) == 0;
}

/* False: it cannot be read, or there is no such register. */
static bool
read_test(struct board *board, const struct register_test *test, bool *holds)
{
	uint32_t word;

	if (test->mask == 0 || !read_out_of_reset(board, test->at, &word))
		return false;
	*holds = (word & test->mask) == test->value;
	return true;
}

/* Of a chip in no table: the id that it has, or 0. */
static void
look_up_device(struct board *board)
{
	bool is_there = board->chip.device != NULL;

	facts_know(&board->facts, FACT_IS_IN_TABLE, is_there);
	facts_know(&board->facts, FACT_DEV_ID,
		   is_there || board->chip.idcode != 0 ? board->chip.dev_id : 0);
}

/* Its port answers and is switched on, but behind it no core says what it is. */
static bool
has_no_second_core(const struct board *board)
{
	const struct mem_ap *port = &board->cores[1].mem;

	return board->cores_len == 1 && board->chip.device != NULL &&
	       board->chip.device->cores[1].gate.name != NULL && port->idr != 0 &&
	       REG_GET(port->csw, CSW_DeviceEn) != 0;
}

/* S_RESET_ST is read away, and comes back only of a core that is in reset still. */
static void
look_at_second_core(struct board *board)
{
	struct reason unread = REASON_INIT;
	uint32_t dhcsr = 0;

	if (has_no_second_core(board))
		facts_know(&board->facts, FACT_SECOND_CORE_HELD, 1);
	if (board->cores_len < 2 ||
	    core_dhcsr_read(&board->cores[1], &dhcsr, &unread) != CAUSE_NONE ||
	    core_dhcsr_read(&board->cores[1], &dhcsr, &unread) != CAUSE_NONE)
		return;
	know_bit(&board->facts, FACT_SECOND_CORE_HELD, dhcsr, REG_MASK(DHCSR_S_RESET_ST));
}

/* A table of Arm's says nothing about who made the chip. */
bool
examine_ports(struct examination *x)
{
	struct reason unread = REASON_INIT;
	struct rom_table rom = { 0 };

	facts_know(facts_of(x), FACT_CORE_PORT, core_of(x)->mem.ap);
	look_up_device(x->nrst.board);
	look_at_second_core(x->nrst.board);
	if (x->nrst.board->clone != NULL)
		facts_know(facts_of(x), FACT_IS_FROM_ST, 0);
	if (rom_table_read(&core_of(x)->mem, &rom, &unread) != CAUSE_NONE)
		return true;
	facts_know(facts_of(x), FACT_DESIGNER, rom.designer);
	if (rom.designer != JEP106_ARM && rom.designer != 0)
		facts_know(facts_of(x), FACT_IS_FROM_ST, rom.designer == JEP106_ST);
	return true;
}

static void
know_test(struct board *board, enum fact fact, const struct register_test *test)
{
	bool holds = false;

	if (read_test(board, test, &holds))
		facts_know(&board->facts, fact, holds);
}

static bool
has_area(struct board *board, const struct area_test *area)
{
	uint32_t from, to;

	if (area->mask == 0 || !read_out_of_reset(board, area->from_at, &from) ||
	    !read_out_of_reset(board, area->to_at, &to))
		return false;
	from &= area->mask;
	to = to >> area->to_lsb & area->mask;
	return from <= to && to != 0;
}

/* DAUTHSTATUS.SID: 2 is a chip with secure debugging that is disabled. */
static void
look_at_trustzone(struct board *board, const struct vitals *vitals)
{
	enum { SID_LSB = 4, SID_MASK = 3, SID_DISABLED = 2 };
	uint32_t word;

	know_test(board, FACT_TRUSTZONE, &vitals->trustzone);
	if (facts_is(&board->facts, FACT_TRUSTZONE, 1) &&
	    read_word(board, DAUTHSTATUS_AT, &word) && (word >> SID_LSB & SID_MASK) != 0)
		facts_know(&board->facts, FACT_SECURE_DEBUG,
			   (word >> SID_LSB & SID_MASK) != SID_DISABLED);
}

/* What the option bytes close or move beside RDP. */
static void
look_at_options(struct board *board)
{
	const struct vitals *vitals = vitals_of(board->table, board->chip.device);
	bool is_area;

	if (vitals == NULL)
		return;
	is_area = has_area(board, &vitals->execute_area);
	know_test(board, FACT_EXECUTE_ONLY, &vitals->execute_only);
	if (is_area || (vitals->execute_area.mask != 0 && vitals->execute_only.mask == 0))
		facts_know(&board->facts, FACT_EXECUTE_ONLY, is_area);
	know_test(board, FACT_BANKS_SWAP, &vitals->banks_swap);
	know_test(board, FACT_BOOT_LOCK, &vitals->boot_lock);
	know_test(board, FACT_HSI_OFF, &vitals->hsi_off);
	look_at_trustzone(board, vitals);
}

static void
look_at_protection(struct board *board)
{
	const struct vitals *vitals = vitals_of(board->table, board->chip.device);
	const struct read_protection *protection = vitals != NULL ? vitals->rdp : NULL;
	uint32_t word;
	uint8_t rdp;

	if (protection == NULL || !read_out_of_reset(board, protection->at, &word))
		return;
	rdp = (uint8_t)(word >> protection->lsb);
	facts_know(&board->facts, FACT_RDP, rdp);
	if (rdp != protection->half || rdp == 0)
		facts_know(&board->facts, FACT_RDP_LEVEL,
			   read_protection_level(protection, rdp));
}

/* An unprogrammed word is one of early silicon. */
static void
look_at_size(struct board *board)
{
	const struct device *device = board->chip.device;
	struct reason unread = REASON_INIT;
	uint32_t word = 0;

	if (device == NULL || device->size_word.kind != SIZE_IN_KIB ||
	    mem_read_width(&board->cores[0].mem, sizeof(uint16_t), device->size_word.at,
			   &word, &unread) != CAUSE_NONE)
		return;
	facts_know(&board->facts, FACT_FLASH_WORD, word);
	if (device->size_word.mask != 0)
		word &= device->size_word.mask;
	if (word != UINT16_MAX)
		facts_know(&board->facts, FACT_FLASH_WORD_FITS,
			   device_has_flash_kib(device, word));
}

static const struct memory *
first_memory(const struct board *board, enum memory_kind kind)
{
	for (size_t i = 0; i < board->chip.memories_len; i++)
		if (board->chip.memories[i].entry->kind == kind)
			return &board->chip.memories[i];
	return NULL;
}

/* The first two words of flash: initial stack pointer and reset vector. Also of a chip that is in
 * no table: every STM32 with flash has it there. */
static void
look_at_flash(struct board *board)
{
	const struct memory *flash = first_memory(board, MEMORY_FLASH);
	uint32_t at = flash != NULL ? flash->base : FLASH_AT;
	struct reason why = REASON_INIT;
	uint32_t words[2] = { 0, 0 };
	enum cause cause;

	if (flash == NULL && board->chip.device != NULL)
		return;
	cause = mem_read(&board->cores[0].mem, at, words, sizeof(words), &why);
	facts_know(&board->facts, FACT_FLASH_READS, cause == CAUSE_NONE);
	if (cause == CAUSE_TIMEOUT)
		facts_know(&board->facts, FACT_BUS_HANGS, 1);
	/* With an empty flash the core locks up, and that is as it should be. */
	if (cause == CAUSE_NONE)
		facts_know(&board->facts, FACT_FLASH_EMPTY,
			   words[0] == UINT32_MAX && words[1] == UINT32_MAX);
}

bool
examine_memory(struct examination *x)
{
	look_at_protection(x->nrst.board);
	look_at_options(x->nrst.board);
	look_at_size(x->nrst.board);
	look_at_flash(x->nrst.board);
	return true;
}

static bool
is_boot_loader(const struct board *board, uint32_t pc)
{
	for (size_t i = 0; i < board->chip.memories_len; i++) {
		const struct memory *memory = &board->chip.memories[i];

		if (memory->entry->kind == MEMORY_SYSTEM_ROM &&
		    pc - memory->base < memory->size_max)
			return true;
	}
	return false;
}

static bool
sample_pc(struct examination *x, uint32_t *pc)
{
	struct reason unread = REASON_INIT;

	if (core_of(x)->is_halted)
		return core_pc_read(core_of(x), pc, &unread) == CAUSE_NONE;
	return read_word(x->nrst.board, DWT_PCSR_AT, pc) && *pc != UINT32_MAX && *pc != 0;
}

/* Once in the boot loader is enough: a program goes there only to stay. */
bool
examine_program(struct examination *x)
{
	uint32_t pc = 0;
	bool is_loader;

	if (!sample_pc(x, &pc))
		return ++x->count == SAMPLES;
	is_loader = is_boot_loader(x->nrst.board, pc);
	facts_know(facts_of(x), FACT_PC, pc);
	facts_know(facts_of(x), FACT_IN_BOOT_LOADER, is_loader);
	return is_loader || core_of(x)->is_halted || ++x->count >= SAMPLES;
}

/* A program that draws more than the supply has falls silent, too. A pin that measured nothing
 * before says nothing now. */
static void
measure_run(struct examination *x)
{
	enum { LEAST_MV = 1650, FALL_MV = 300 };
	struct reason unmeasured = REASON_INIT;
	struct vtarget v;
	uint32_t before = 0;

	if (facts_get(facts_of(x), FACT_TARGET_VOLTAGE, &before) && before >= LEAST_MV &&
	    !facts_is(facts_of(x), FACT_VAPP_FLOATS, 1) &&
	    !facts_is(facts_of(x), FACT_PROBE_IS_CLONE, 1) &&
	    vtarget_measure(x->nrst.board->probe, &v, &unmeasured) == CAUSE_NONE) {
		facts_know(facts_of(x), FACT_RUN_VOLTAGE, v.millivolts);
		facts_know(facts_of(x), FACT_SUPPLY_SAGS,
			   v.millivolts < LEAST_MV || v.millivolts + FALL_MV < before);
	}
}

static bool
end_run(struct examination *x, enum run_end end)
{
	struct reason why = REASON_INIT;
	uint32_t word;

	facts_know(facts_of(x), FACT_RUN_END, end);
	facts_know(facts_of(x), FACT_RUN_TIME, (uint32_t)examine_age_us(x));
	if (end == RUN_SILENT)
		measure_run(x);
	if (end != RUN_SILENT &&
	    mem_read32(&core_of(x)->mem, RAM_AT, &word, &why) == CAUSE_TIMEOUT)
		facts_know(facts_of(x), FACT_BUS_HANGS, 1);
	dap_forget_loss(&x->nrst.board->dap);
	return true;
}

/* A core that neither sleeps nor executes anything waits for a memory access; ARMv6-M has no
 * S_RETIRE_ST and always reads zero there, so it has to have been seen set once. */
static void
count_stall(struct examination *x, uint32_t dhcsr)
{
	bool is_idle = REG_GET(dhcsr, DHCSR_S_RETIRE_ST) == 0 &&
		       REG_GET(dhcsr, DHCSR_S_SLEEP) == 0;

	if (REG_GET(dhcsr, DHCSR_S_RETIRE_ST) != 0)
		x->last_us = 1;
	x->step = is_idle && x->last_us != 0 ? x->step + 1 : 0;
	x->asleep += REG_GET(dhcsr, DHCSR_S_SLEEP) != 0 ? 1 : 0;
	x->count++;
}

static bool
take_run(struct examination *x, uint32_t dhcsr)
{
	count_stall(x, dhcsr);
	if (REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0)
		return end_run(x, RUN_RESETS);
	if (REG_GET(dhcsr, DHCSR_S_LOCKUP) != 0)
		return end_run(x, RUN_LOCKS_UP);
	if (x->step >= STALLED_LOOKS)
		return end_run(x, RUN_STALLS);
	if (examine_age_us(x) > RUN_US)
		return end_run(x, x->asleep > x->count / 2 ? RUN_SLEEPS : RUN_GOES_ON);
	examine_wait_us(x, RUN_EVERY_US);
	return false;
}

/* From its reset vector, with the debug clock kept on in sleep: what becomes of it tells what
 * the program does that made it unreachable. */
bool
examine_run(struct examination *x)
{
	struct reason why = REASON_INIT;
	uint32_t dhcsr = 0;
	enum cause cause = CAUSE_NONE;

	if (core_of(x)->is_halted && x->count == 0) {
		cause = core_let_run(core_of(x), &why);
		core_left_halt(core_of(x));
		examine_wait_us(x, RUN_EVERY_US);
		return cause != CAUSE_NONE;
	}
	cause = core_dhcsr_read(core_of(x), &dhcsr, &why);
	if (cause == CAUSE_GONE)
		return end_run(x, reason_finding(&why) == FINDING_C3 ? RUN_STALLS
								     : RUN_SILENT);
	return cause == CAUSE_NONE ? take_run(x, dhcsr) : end_run(x, RUN_STALLS);
}
