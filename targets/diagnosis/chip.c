/* SPDX-License-Identifier: MIT */
/* chip.c - what a chip that answers says of itself: its ids, cores, option bytes and flash. */
#include "targets/diagnosis/examine_internal.h"

#include "targets/chip/vitals.h"
#include "transport/adi/registers.h"
#include "transport/base/bytes.h"

/* DDI 0553B D1.2.36, Debug Authentication Status Register. */
#define DAUTHSTATUS_AT 0xe000efb8u
#define FLASH_AT       0x08000000u

/* Since the last look; or it does not tell. */
static bool
was_reset(struct board *board)
{
	struct reason unread = REASON_INIT;
	uint32_t dhcsr = 0;

	return core_dhcsr_read(board_main_core(board), &dhcsr, &unread) != CAUSE_NONE ||
	       REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0;
}

/* A register that is read in reset is zero. */
static bool
read_out_of_reset(struct board *board, uint32_t at, uint32_t *value)
{
	(void)was_reset(board);
	return examine_read(board, at, value) && !was_reset(board);
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
lacks_other_core(const struct board *board, const struct core_entry *entry)
{
	const struct core *core = &board->cores[1 - board->main_core];
	const struct mem_ap *port = &core->mem;

	return ((board->cores_len == 1 && !board->is_second_first) || core_is_held(core)) &&
	       entry != NULL && entry->gate.name != NULL && port->idr != 0 &&
	       REG_GET(port->csw, CSW_DeviceEn) != 0;
}

/* One that was started sleeps: where its program has not set DBGSLEEP_Dn and DBGSTOP_Dn, the clock
 * of its domain stands still with it (RM0399 Rev 4, 60.5.8, DBGMCU_CR). */
static void
look_at_silent_core(struct board *board, const struct core_gate *gate)
{
	bool is_started = false;

	for (size_t i = 0; i < array_len(gate->opened_by); i++) {
		const struct register_test *test = &gate->opened_by[i];
		bool holds = false;

		if (test->mask != 0 && !read_test(board, test, &holds))
			return;
		is_started = is_started || holds;
	}
	facts_know(&board->facts, FACT_SECOND_CORE_HELD, !is_started);
	facts_know(&board->facts, FACT_SECOND_CORE_ASLEEP, is_started);
}

/* S_RESET_ST is read away, and comes back only of a core that is in reset still. */
static void
look_at_other_core(struct board *board)
{
	unsigned other = 1 - board->main_core;
	const struct core_entry *entry = board_entry(board, other);
	struct core *core = &board->cores[other];
	struct reason unread = REASON_INIT;
	uint32_t dhcsr = 0;

	if (lacks_other_core(board, entry))
		look_at_silent_core(board, &entry->gate);
	if (board->cores_len < 2 || core_is_held(core) ||
	    core_dhcsr_read(core, &dhcsr, &unread) != CAUSE_NONE ||
	    core_dhcsr_read(core, &dhcsr, &unread) != CAUSE_NONE)
		return;
	examine_know_bit(&board->facts, FACT_SECOND_CORE_HELD, dhcsr,
			 REG_MASK(DHCSR_S_RESET_ST));
}

/* A table of Arm's says nothing about who made the chip. */
bool
examine_ports(struct examination *x)
{
	struct reason unread = REASON_INIT;
	struct rom_table rom = { 0 };

	facts_know(facts_of(x), FACT_CORE_PORT, examined_core(x)->mem.ap);
	look_up_device(x->nrst.board);
	look_at_other_core(x->nrst.board);
	if (x->nrst.board->clone != NULL)
		facts_know(facts_of(x), FACT_IS_FROM_ST, 0);
	if (rom_table_read(&examined_core(x)->mem, &rom, &unread) != CAUSE_NONE)
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

/* False: where the chip has such parts is not known, or cannot be read. */
static bool
read_hidden(struct board *board, bool *is_any)
{
	struct reason unread = REASON_INIT;
	struct hidden_ranges ranges;

	*is_any = false;
	(void)was_reset(board);
	if (!hidden_is_known(&board->chip) ||
	    board_read_hidden(board, board_main_core(board), &ranges, &unread) !=
		    CAUSE_NONE ||
	    was_reset(board))
		return false;
	for (size_t i = 0; i < ranges.len; i++)
		*is_any |= ranges.list[i].how != NULL;
	return true;
}

/* DAUTHSTATUS.SID: 2 is a chip with secure debugging that is disabled. */
static void
look_at_trustzone(struct board *board, const struct vitals *vitals)
{
	enum { SID_LSB = 4, SID_MASK = 3, SID_DISABLED = 2 };
	uint32_t word;

	know_test(board, FACT_TRUSTZONE, &vitals->trustzone);
	if (facts_is(&board->facts, FACT_TRUSTZONE, 1) &&
	    examine_read(board, DAUTHSTATUS_AT, &word) && (word >> SID_LSB & SID_MASK) != 0)
		facts_know(&board->facts, FACT_SECURE_DEBUG,
			   (word >> SID_LSB & SID_MASK) != SID_DISABLED);
}

static void
look_at_product_state(struct board *board, const struct product_state *states)
{
	uint32_t word, code;

	if (states == NULL || !read_out_of_reset(board, states->at, &word))
		return;
	code = word >> states->lsb & 0xff;
	for (size_t i = 0; i < PRODUCT_STATES_MAX && states->states[i].name != NULL; i++) {
		if (states->states[i].code != code)
			continue;
		facts_know(&board->facts, FACT_PRODUCT_STATE, code);
		facts_know(&board->facts, FACT_STARTS_NO_PROGRAM,
			   states->states[i].starts_nothing);
	}
}

/* What the option bytes close or move beside RDP. */
static void
look_at_options(struct board *board)
{
	const struct vitals *vitals = vitals_of(board->table, board->chip.device);
	bool is_any;

	if (vitals == NULL)
		return;
	know_test(board, FACT_EXECUTE_ONLY, &vitals->execute_only);
	if (read_hidden(board, &is_any) && (is_any || vitals->execute_only.mask == 0))
		facts_know(&board->facts, FACT_EXECUTE_ONLY, is_any);
	know_test(board, FACT_BANKS_SWAP, &vitals->banks_swap);
	know_test(board, FACT_BOOT_LOCK, &vitals->boot_lock);
	know_test(board, FACT_BOOT0_IS_SWCLK, &vitals->boot0_is_swclk);
	know_test(board, FACT_HSI_OFF, &vitals->hsi_off);
	know_test(board, vitals->watchdog_option, &vitals->hardware_watchdog);
	look_at_product_state(board, vitals->product_state);
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

	if (device == NULL || device->size_word.kind != SIZE_IN_KIB)
		return;
	(void)was_reset(board);
	if (mem_read_width(&board_main_core(board)->mem, sizeof(uint16_t),
			   device->size_word.at, &word, &unread) != CAUSE_NONE ||
	    was_reset(board))
		return;
	facts_know(&board->facts, FACT_FLASH_WORD, word);
	if (device->size_word.mask != 0)
		word &= device->size_word.mask;
	if (word != UINT16_MAX)
		facts_know(&board->facts, FACT_FLASH_WORD_FITS,
			   device_has_flash_kib(device, word));
}

/* A chip that looks whether it has a program does so when it loads its option bytes: one that was
 * loaded since is not started by a reset. */
static void
look_at_empty_flag(struct board *board)
{
	bool was_empty;

	(void)was_reset(board);
	if (board_read_empty_flag(board, &was_empty) && !was_reset(board))
		facts_know(&board->facts, FACT_EMPTY_FLAG, was_empty);
}

/* The first two words of flash: initial stack pointer and reset vector. Also of a chip that is in
 * no table: every STM32 with flash has it there. */
static void
look_at_flash(struct board *board)
{
	const struct memory *flash = chip_flash(&board->chip);
	uint32_t at = flash != NULL ? flash->base : FLASH_AT;
	struct reason why = REASON_INIT;
	uint32_t words[2] = { 0, 0 }, erased = chip_erased_word(&board->chip);
	enum cause cause;

	if (flash == NULL && board->chip.device != NULL)
		return;
	look_at_empty_flag(board);
	(void)was_reset(board);
	cause = mem_read(&board_main_core(board)->mem, at, words, sizeof(words), &why);
	if (cause == CAUSE_NONE && was_reset(board))
		return; /* with zeros */
	facts_know(&board->facts, FACT_FLASH_READS, cause == CAUSE_NONE);
	if (cause == CAUSE_TIMEOUT)
		facts_know(&board->facts, FACT_BUS_HANGS, 1);
	/* With an empty flash the core locks up, and that is as it should be. */
	if (cause == CAUSE_NONE)
		facts_know(&board->facts, FACT_FLASH_EMPTY,
			   words[0] == erased && words[1] == erased);
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
