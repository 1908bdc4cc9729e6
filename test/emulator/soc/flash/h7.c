/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/flash/h7_internal.h"

#include "test/emulator/soc/flash/cells.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

/* A set of registers: the first at 0, that of the second bank at 0x100. What both banks
 * share is in both. */
enum {
	ACR = 0x00,
	KEYR = 0x04,
	OPTKEYR = 0x08,
	CR = 0x0C,
	SR = 0x10,
	CCR = 0x14,
	OPTCR = 0x18,
	OPTSR_CUR = 0x1C,
	OPTCCR = 0x24,
	ECC_FA = 0x60,
	SET_SIZE = 0x100
};

/* 4.5.1 */
static const uint32_t option_keys[] = { 0x08192A3B, 0x4C5D6E7F };

#define ACR_RESET    UINT32_C(0x37)
#define ACR_WRITABLE UINT32_C(0x3F)
#define CR_RESET     (FLASH_CR_LOCK | FLASH_CR_PSIZE_MASK << FLASH_CR_PSIZE_SHIFT)
/* Bits that hold what is written; the others start something or are locks. */
#define CR_PLAIN                                       \
	(FLASH_CR_PG | FLASH_CR_SER | FLASH_CR_BER |   \
	 FLASH_CR_PSIZE_MASK << FLASH_CR_PSIZE_SHIFT | \
	 FLASH_CR_SNB_MASK << FLASH_CR_SNB_SHIFT | FLASH_CR_CRC_EN | FLASH_SR_FLAGS)

static struct flash_h7 *
flash_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct flash_h7, base);
}

static const struct flash_h7 *
const_flash_of(const struct peripheral *peripheral)
{
	return CONST_CONTAINER_OF(peripheral, struct flash_h7, base);
}

/* The cells exist before the peripherals; the first reset makes the chip as it leaves
 * the factory. */
static void
cells_find(struct flash_h7 *flash)
{
	const struct soc *soc = flash->base.soc;

	if (flash->information)
		return;
	flash->layout = flash->base.place->parameters;
	flash->information = soc->memories[soc->chip->information_memory];
	for (unsigned i = 0; i < flash_h7_banks(flash); i++)
		flash->banks[i].cells = soc->memories[soc->chip->flash_memory] +
					(size_t)i * flash->layout->bank_size;
	flash->options_due_ns = NEVER;
	flash_h7_factory(flash);
	flash_h7_options_load(&flash->base);
}

static void
bank_reset(struct flash_h7_bank *bank)
{
	bank->cr = CR_RESET;
	bank->sr = bank->ecc_fa = 0;
	bank->lock = LOCK_CLOSED;
	bank->operation = H7_IDLE;
	bank->due_ns = NEVER;
	bank->stalls = false;
	bank->free_ns = 0;
	flash_h7_buffer_drop(bank);
}

/* 4.9.7, SWAP_BANK: taken from the option after a reset only. */
static void
flash_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct flash_h7 *flash = flash_of(peripheral);

	cells_find(flash);
	(void)depth;
	flash->acr = ACR_RESET;
	flash->optcr = FLASH_OPTCR_OPTLOCK;
	flash->option_lock = LOCK_CLOSED;
	flash->option_change_failed = false;
	flash->is_swapped = flash->layout->banks == FLASH_H7_BANKS &&
			    flash->loaded[H7_OPTSR] & FLASH_OPTSR_SWAP_BANK_OPT;
	for (unsigned i = 0; i < FLASH_H7_BANKS; i++)
		bank_reset(&flash->banks[i]);
	for (unsigned i = 0; i < H7_OPTIONS; i++)
		flash->program[i] = flash->loaded[i];
	flash_h7_show(flash);
	flash_h7_due_set(flash);
}

/* --- operations ----------------------------------------------------------------------- */

static void
bank_over(struct flash_h7_bank *bank)
{
	bank->operation = H7_IDLE;
	bank->due_ns = NEVER;
	bank->stalls = bank->removes_protection = false;
}

/* True also before time, when a core's access waits for the end (bus.c): then the banks
 * that it does not wait for go on. */
static bool
is_over(const struct flash_h7 *flash, uint64_t due_ns, bool stalls)
{
	uint64_t now = soc_time(flash->base.soc);
	bool is_early = flash->base.due_ns > now;

	return due_ns != NEVER && (due_ns <= now || (is_early && stalls));
}

static void
flash_due(struct peripheral *peripheral)
{
	struct flash_h7 *flash = flash_of(peripheral);

	for (unsigned i = 0; i < flash_h7_banks(flash); i++) {
		struct flash_h7_bank *bank = &flash->banks[i];

		if (!is_over(flash, bank->due_ns, bank->stalls))
			continue;
		flash_h7_operation_finish(flash, bank, CELLS_WHOLE);
		if (bank->removes_protection)
			flash_h7_options_take(flash);
		bank->free_ns = bank->due_ns;
		bank_over(bank);
		flash_h7_flag(flash, bank, FLASH_SR_EOP);
	}
	if (is_over(flash, flash->options_due_ns, flash->options_stall)) {
		flash->options_due_ns = NEVER;
		flash->options_stall = false;
		flash_h7_options_finish(flash);
		flash_h7_show(flash);
	} else if (flash->show_is_due) {
		flash_h7_show(flash);
	}
	flash_h7_due_set(flash);
}

/* 4.3.9 and 4.3.10: a reset in the middle leaves what was worked on unreliable; 4.4.3: the
 * options stay as they were. */
static void
flash_interrupt(struct peripheral *peripheral)
{
	struct flash_h7 *flash = flash_of(peripheral);

	for (unsigned i = 0; i < flash_h7_banks(flash); i++) {
		struct flash_h7_bank *bank = &flash->banks[i];

		if (bank->operation != H7_IDLE)
			flash_h7_operation_finish(
				flash, bank,
				cells_progress(bank->began_ns, bank->due_ns,
					       soc_time(peripheral->soc)));
		bank_over(bank);
	}
	flash->options_due_ns = NEVER;
	flash->options_stall = false;
	flash_h7_due_set(flash);
}

/* --- locks ------------------------------------------------------------------------------- */

/* 4.9.4, LOCK1: a wrong sequence, or keys for an open lock, lock until the next reset.
 * That they are also a bus error, as in other families: assumption. */
static enum bus_result
control_key(struct flash_h7_bank *bank, uint32_t value)
{
	enum bus_result result = flash_key_take(&bank->lock, flash_control_keys, value);

	if (bank->lock == LOCK_OPEN)
		bank->cr &= ~FLASH_CR_LOCK;
	else
		bank->cr |= FLASH_CR_LOCK;
	return result;
}

static enum bus_result
option_key(struct flash_h7 *flash, uint32_t value)
{
	enum bus_result result = flash_key_take(&flash->option_lock, option_keys, value);

	if (flash->option_lock == LOCK_OPEN)
		flash->optcr &= ~FLASH_OPTCR_OPTLOCK;
	else
		flash->optcr |= FLASH_OPTCR_OPTLOCK;
	return result;
}

/* --- registers ------------------------------------------------------------------------------ */

/* 4.9.4, PG1: without it the buffer is off, and what it held is lost. START and FW read as
 * 0 again at once, for the operation is then accepted. One operation runs and one waits in
 * the buffer; an erase has no such place and stalls the write until it can begin:
 * assumption (4.3.8 tells of a queue and not of its length). */
static enum bus_result
control_write(struct flash_h7 *flash, struct flash_h7_bank *bank, uint32_t value,
	      uint32_t lanes)
{
	uint32_t sent = value & lanes;

	if (bank->cr & FLASH_CR_LOCK)
		return BUS_OK;
	if (sent & (FLASH_CR_START | FLASH_CR_FW) && bank->operation != H7_IDLE) {
		bank->stalls = true;
		return BUS_WAIT;
	}
	bank->cr = reg_merge(bank->cr, value, lanes & CR_PLAIN);
	if (sent & FLASH_CR_FW)
		flash_h7_buffer_force(flash, bank);
	if (!(bank->cr & FLASH_CR_PG))
		flash_h7_buffer_drop(bank);
	if (sent & FLASH_CR_START)
		flash_h7_erase_start(flash, bank);
	if (sent & FLASH_CR_LOCK) {
		bank->cr |= FLASH_CR_LOCK;
		bank->lock = LOCK_CLOSED;
	}
	flash_h7_interrupt_line(flash);
	return BUS_OK;
}

/* 4.3.10, mass erase: MER sets BER and START of both banks, which have to be open. */
static void
mass_erase(struct flash_h7 *flash)
{
	flash->is_mass_erase = true;
	for (unsigned i = 0; i < flash_h7_banks(flash); i++) {
		struct flash_h7_bank *bank = &flash->banks[i];

		if (bank->cr & FLASH_CR_LOCK || bank->operation != H7_IDLE)
			continue;
		bank->cr |= FLASH_CR_BER;
		flash_h7_erase_start(flash, bank);
	}
	flash->is_mass_erase = false;
}

static void
option_control_write(struct flash_h7 *flash, uint32_t value, uint32_t lanes)
{
	uint32_t sent = value & lanes;

	if (flash->optcr & FLASH_OPTCR_OPTLOCK)
		return;
	flash->optcr = reg_merge(flash->optcr, value, lanes & FLASH_OPTCR_OPTCHANGEERRIE);
	if (sent & FLASH_OPTCR_MER && flash->layout->banks == FLASH_H7_BANKS)
		mass_erase(flash);
	if (sent & FLASH_OPTCR_OPTSTART)
		flash_h7_options_start(flash);
	if (sent & FLASH_OPTCR_OPTLOCK) {
		flash->optcr |= FLASH_OPTCR_OPTLOCK;
		flash->option_lock = LOCK_CLOSED;
	}
	flash_h7_interrupt_line(flash);
}

static void
option_write(struct flash_h7 *flash, uint32_t offset, unsigned bank, uint32_t value,
	     uint32_t lanes)
{
	enum flash_h7_option option = flash_h7_option_of(flash, offset, bank);

	if (option == H7_OPTIONS || !flash_h7_option_is_program(offset))
		return;
	if (flash->optcr & FLASH_OPTCR_OPTLOCK)
		return;
	flash->program[option] = reg_merge(flash->program[option], value,
					   lanes & flash_h7_option_writable(flash, option));
}

/* 4.9.6: FLASH_ECC_FA is cleared together with the flag of its error. */
static void
flags_clear(struct flash_h7 *flash, struct flash_h7_bank *bank, uint32_t sent)
{
	bank->sr &= ~(sent & FLASH_SR_FLAGS);
	if (!(bank->sr & (FLASH_SR_SNECCERR | FLASH_SR_DBECCERR)))
		bank->ecc_fa = 0;
	flash_h7_interrupt_line(flash);
}

static enum bus_result
bank_write(struct flash_h7 *flash, uint32_t offset, unsigned place, uint32_t value,
	   uint32_t lanes)
{
	struct flash_h7_bank *bank = flash_h7_bank_shown(flash, place);

	if (!bank)
		return BUS_OK;
	switch (offset) {
	case KEYR:
		return control_key(bank, value);
	case CR:
		return control_write(flash, bank, value, lanes);
	case CCR:
		flags_clear(flash, bank, value & lanes);
		return BUS_OK;
	default:
		option_write(flash, offset, (unsigned)(bank - flash->banks), value, lanes);
		return BUS_OK;
	}
}

/* 4.9.19, START_CRC: "all write accesses to embedded flash memory registers are put on hold
 * until the option byte change operation has completed". */
static enum bus_result
flash_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct flash_h7 *flash = flash_of(peripheral);
	uint32_t offset = at % SET_SIZE;

	if (flash->options_due_ns != NEVER) {
		flash->options_stall = true;
		return BUS_WAIT;
	}
	switch (offset) {
	case ACR:
		flash->acr = reg_merge(flash->acr, value, lanes & ACR_WRITABLE);
		return BUS_OK;
	case OPTKEYR:
		return option_key(flash, value);
	case OPTCR:
		option_control_write(flash, value, lanes);
		return BUS_OK;
	case OPTCCR:
		if (value & lanes & FLASH_OPTSR_OPTCHANGEERR)
			flash->option_change_failed = false;
		flash_h7_interrupt_line(flash);
		return BUS_OK;
	default:
		return bank_write(flash, offset, at / SET_SIZE, value, lanes);
	}
}

/* 4.9.5, BSY1: a change of the option bytes is an operation of bank 1. */
static uint32_t
status(const struct flash_h7 *flash, const struct flash_h7_bank *bank)
{
	bool changes = flash->options_due_ns != NEVER && bank == &flash->banks[0];
	bool is_busy = changes || bank->operation != H7_IDLE;

	return bank->sr | (is_busy ? FLASH_SR_BSY | FLASH_SR_QW : 0) |
	       (bank->buffer_bytes ? FLASH_SR_WBNE : 0);
}

static uint32_t
option_read(const struct flash_h7 *flash, uint32_t offset, unsigned bank)
{
	enum flash_h7_option option = flash_h7_option_of(flash, offset, bank);
	uint32_t value;

	if (option == H7_OPTIONS)
		return 0;
	if (flash_h7_option_is_program(offset))
		return flash->program[option];
	value = flash->loaded[option];
	if (offset == OPTSR_CUR && flash->options_due_ns != NEVER)
		value |= FLASH_OPTSR_OPT_BUSY;
	if (offset == OPTSR_CUR && flash->option_change_failed)
		value |= FLASH_OPTSR_OPTCHANGEERR;
	return value;
}

static uint32_t
bank_read(struct flash_h7 *flash, uint32_t offset, unsigned place)
{
	const struct flash_h7_bank *bank = flash_h7_bank_shown(flash, place);

	if (!bank)
		return 0;
	return offset == CR   ? bank->cr
	       : offset == SR ? status(flash, bank)
	       : offset == ECC_FA
		       ? bank->ecc_fa
		       : option_read(flash, offset, (unsigned)(bank - flash->banks));
}

/* Key and clear registers read 0. */
static enum bus_result
flash_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	struct flash_h7 *flash = flash_of(peripheral);
	uint32_t offset = at % SET_SIZE;

	*value = offset == ACR ? flash->acr
		 : offset == OPTCR
			 ? flash->optcr | (flash->is_swapped ? FLASH_OPTCR_SWAP_BANK : 0)
			 : bank_read(flash, offset, at / SET_SIZE);
	return BUS_OK;
}

/* --- role --------------------------------------------------------------------------------- */

uint32_t
flash_h7_optsr(const struct peripheral *flash)
{
	return const_flash_of(flash)->loaded[H7_OPTSR];
}

uint32_t
flash_h7_optsr2(const struct peripheral *peripheral)
{
	const struct flash_h7 *flash = const_flash_of(peripheral);

	return flash->layout->has_optsr2 ? flash->loaded[H7_OPTSR2] : 0;
}

/* 4.3.7: a bank that is busy holds up its own reads only. */
static uint64_t
flash_held_until(const struct peripheral *peripheral, uint32_t at)
{
	const struct flash_h7 *flash = const_flash_of(peripheral);
	const uint32_t shown_at[] = { FLASH_H7_BANK_1_AT, FLASH_H7_BANK_2_AT };

	for (unsigned i = 0; i < flash_h7_banks(flash); i++) {
		const struct flash_h7_bank *bank =
			&flash->banks[flash->is_swapped ? !i : i];

		if (at - shown_at[i] < flash->layout->bank_size)
			return bank->operation == H7_IDLE ? 0 : bank->due_ns;
	}
	return 0;
}

/* 4.5.3. So found an owner of an STM32H742 who set level 1 under a debugger: the core hung,
 * NRST did not help, a power cycle did (ST's community, "STM32H7 CPU stall after RDP level
 * change", 127568). */
static bool
flash_is_level_1(const struct peripheral *peripheral)
{
	unsigned rdp = flash_h7_rdp(const_flash_of(peripheral));

	return rdp != RDP_LEVEL_0 && rdp != RDP_LEVEL_2;
}

static bool
flash_debug_is_closed(const struct peripheral *peripheral)
{
	return flash_h7_rdp(const_flash_of(peripheral)) == RDP_LEVEL_2;
}

static bool
flash_starts_watchdog(const struct peripheral *peripheral)
{
	return !(flash_h7_optsr(peripheral) & FLASH_OPTSR_IWDG1_SW);
}

static const struct flash_role flash_role = {
	.store = flash_h7_store,
	.held_until = flash_held_until,
	.load = flash_h7_load,
	.was_read = flash_h7_was_read,
	.is_level_1 = flash_is_level_1,
	.load_options = flash_h7_options_load,
	.interrupt = flash_interrupt,
	.debug_is_closed = flash_debug_is_closed,
	.starts_watchdog = flash_starts_watchdog,
	.preset = flash_h7_preset,
};

const struct flash_h7_times flash_h7_times = {
	.program_ns = H7_FLASH_PROGRAM_NS,
	.erase_sector_ns = H7_FLASH_ERASE_SECTOR_NS,
	.erase_mass_ns = H7_FLASH_ERASE_MASS_NS,
	.options_ns = H7_FLASH_OPTIONS_NS,
};

const struct peripheral_type flash_h7_type = {
	.name = "FLASH (H7)",
	.size = sizeof(struct flash_h7),
	.read = flash_read,
	.write = flash_write,
	.is_steady = true,
	.reset = flash_reset,
	.due = flash_due,
	.flash = &flash_role,
};
