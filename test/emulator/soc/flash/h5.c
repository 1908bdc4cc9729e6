/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/flash/h5_internal.h"

#include "test/emulator/soc/flash/cells.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/soc_internal.h"

enum {
	ACR = 0x00,
	NSKEYR = 0x04,
	OPTKEYR = 0x0C,
	OPSR = 0x18,
	OPTCR = 0x1C,
	NSSR = 0x20,
	NSCR = 0x28,
	NSCCR = 0x30,
	ECCDETR = 0x104,
	ECCDR = 0x108,
	NEXT_IS_PRG = 4
};

static const uint32_t option_keys[] = { 0x08192A3B, 0x4C5D6E7F };

/* FLASH_ACR: PRFTEN, WRHIGHFREQ, LATENCY. */
#define ACR_RESET    UINT32_C(0x00000013)
#define ACR_WRITABLE UINT32_C(0x0000013F)
/* Bits that hold what is written; the others start something or are the lock. */
#define CR_PLAIN                                                                     \
	(FLASH_CR_PG | FLASH_CR_SER | FLASH_CR_BER | FLASH_CR_MER | FLASH_CR_BKSEL | \
	 FLASH_CR_SNB_MASK << FLASH_CR_SNB_SHIFT | FLASH_SR_FLAGS)
enum { CODE_OP_SHIFT = 29 };

static struct flash_h5 *
flash_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct flash_h5, base);
}

static const struct flash_h5 *
const_flash_of(const struct peripheral *peripheral)
{
	return CONST_CONTAINER_OF(peripheral, struct flash_h5, base);
}

/* The cells exist before the peripherals; the first reset makes the chip as it leaves the
 * factory. */
static void
cells_find(struct flash_h5 *flash)
{
	const struct soc *soc = flash->base.soc;

	if (flash->cells)
		return;
	flash->cells = soc->memories[soc->chip->flash_memory];
	flash->size = soc->chip->memories[soc->chip->flash_memory].size;
	flash->information = soc->memories[soc->chip->information_memory];
	flash_h5_factory(flash);
	flash_h5_options_load(&flash->base);
}

/* FLASH_OPSR tells after a system reset what it cut short. */
static void
flash_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct flash_h5 *flash = flash_of(peripheral);

	cells_find(flash);
	if (depth == RESET_ALL)
		flash->opsr = 0;
	flash->acr = ACR_RESET;
	flash->cr = FLASH_CR_LOCK;
	flash->sr = flash->eccdetr = flash->eccdr = 0;
	flash->lock = flash->option_lock = LOCK_CLOSED;
	flash->words_filled = 0;
	flash->free_ns = 0;
	flash_h5_options_take(flash);
	for (unsigned i = 0; i < H5_OPTIONS; i++)
		flash->wanted[i] = flash->current[i];
}

/* --- operations ----------------------------------------------------------------------------- */

static void
flash_over(struct flash_h5 *flash)
{
	flash->free_ns = flash->base.due_ns;
	flash->operation = H5_IDLE;
	flash->busy_banks = 0;
	flash->cr &= ~(FLASH_CR_STRT | FLASH_CR_FW);
	flash->optcr &= ~FLASH_OPTCR_OPTSTRT;
	flash->base.due_ns = NEVER;
}

static void
flash_due(struct peripheral *peripheral)
{
	struct flash_h5 *flash = flash_of(peripheral);

	if (flash->operation == H5_CHANGE_OPTIONS)
		flash_h5_options_finish(flash);
	else
		flash_h5_array_finish(flash, CELLS_WHOLE);
	flash_over(flash);
	flash_h5_flag(flash, FLASH_SR_EOP);
}

static void
interruption_note(struct flash_h5 *flash)
{
	uint32_t bank_size = banks_bank_size(flash_h5_banks(flash));

	flash->opsr = (uint32_t)flash->operation << CODE_OP_SHIFT;
	if (flash->operation != H5_PROGRAM && flash->operation != H5_ERASE_SECTOR)
		return;
	flash->opsr |= flash->operation_at % bank_size;
	if (flash->operation_at >= bank_size)
		flash->opsr |= FLASH_OPSR_BK;
}

/* A reset in the middle leaves what was worked on in an unknown state. */
static void
flash_interrupt(struct peripheral *peripheral)
{
	struct flash_h5 *flash = flash_of(peripheral);

	flash->opsr = 0;
	if (flash->operation == H5_IDLE)
		return;
	interruption_note(flash);
	if (flash->operation != H5_CHANGE_OPTIONS)
		flash_h5_array_finish(flash,
				      cells_progress(flash->began_ns, peripheral->due_ns,
						     soc_time(peripheral->soc)));
	flash_over(flash);
}

/* --- locks ---------------------------------------------------------------------------------- */

static enum bus_result
control_key(struct flash_h5 *flash, uint32_t value)
{
	enum bus_result result = flash_key_take(&flash->lock, flash_control_keys, value);

	flash->cr = flash->lock == LOCK_OPEN ? flash->cr & ~FLASH_CR_LOCK
					     : flash->cr | FLASH_CR_LOCK;
	return result;
}

static enum bus_result
option_key(struct flash_h5 *flash, uint32_t value)
{
	return flash_key_take(&flash->option_lock, option_keys, value);
}

static void
lock_close(enum flash_lock *lock)
{
	if (*lock != LOCK_UNTIL_RESET)
		*lock = LOCK_CLOSED;
}

/* --- registers ------------------------------------------------------------------------------ */

/* While LOCK is set only reading goes; while BSY is set a write stalls: assumption, as on the U5. */
static enum bus_result
control_write(struct flash_h5 *flash, uint32_t value, uint32_t lanes)
{
	uint32_t sent = value & lanes;

	if (flash->operation != H5_IDLE)
		return BUS_WAIT;
	if (flash->cr & FLASH_CR_LOCK)
		return BUS_OK;
	flash->cr = reg_merge(flash->cr, value, lanes & CR_PLAIN);
	if (sent & FLASH_CR_FW)
		flash_h5_force_write(flash);
	if (sent & FLASH_CR_STRT && flash->operation == H5_IDLE)
		flash_h5_erase_start(flash);
	if (sent & FLASH_CR_LOCK) {
		flash->cr |= FLASH_CR_LOCK;
		lock_close(&flash->lock);
	}
	flash_h5_interrupt_line(flash);
	return BUS_OK;
}

/* "OPTSTRT cannot be set while OPTCHANGEERR is set". */
static enum bus_result
option_control_write(struct flash_h5 *flash, uint32_t sent)
{
	if (flash->option_lock != LOCK_OPEN)
		return BUS_OK;
	if (flash->operation != H5_IDLE)
		return BUS_WAIT;
	if (sent & FLASH_OPTCR_OPTSTRT && !(flash->sr & FLASH_SR_OPTCHANGEERR))
		flash_h5_options_start(flash);
	if (sent & FLASH_OPTCR_OPTLOCK)
		lock_close(&flash->option_lock);
	return BUS_OK;
}

/* "Locked until the option byte change operation has been executed". */
static enum bus_result
wanted_write(struct flash_h5 *flash, uint32_t at, uint32_t value, uint32_t lanes)
{
	enum flash_h5_option option = flash_h5_option_of(at - NEXT_IS_PRG);

	if (option == H5_OPTIONS || flash->option_lock != LOCK_OPEN)
		return BUS_OK;
	if (flash->operation != H5_IDLE)
		return BUS_WAIT;
	lanes &= flash_h5_option_writable(option);
	flash->wanted[option] = reg_merge(flash->wanted[option], value, lanes);
	return BUS_OK;
}

static enum bus_result
flash_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct flash_h5 *flash = flash_of(peripheral);

	switch (at) {
	case ACR:
		flash->acr = reg_merge(flash->acr, value, lanes & ACR_WRITABLE);
		soc_wake(peripheral->soc); /* the clock may outrun the flash now */
		return BUS_OK;
	case NSKEYR:
		return control_key(flash, value);
	case OPTKEYR:
		return option_key(flash, value);
	case OPTCR:
		return option_control_write(flash, value & lanes);
	case NSCR:
		return control_write(flash, value, lanes);
	case NSCCR:
		flash->sr &= ~(value & lanes & FLASH_SR_FLAGS);
		flash_h5_interrupt_line(flash);
		return BUS_OK;
	case ECCDETR:
		if (value & lanes & FLASH_ECC_ECCD)
			flash->eccdetr = 0;
		return BUS_OK;
	default:
		return wanted_write(flash, at, value, lanes);
	}
}

static uint32_t
status(const struct flash_h5 *flash)
{
	return flash->sr | (flash->operation != H5_IDLE ? FLASH_SR_BSY : 0) |
	       (flash->words_filled ? FLASH_SR_WBNE : 0);
}

static uint32_t
option_control(const struct flash_h5 *flash)
{
	return flash->optcr | (flash->optsr & FLASH_OPTCR_SWAP_BANK) |
	       (flash->option_lock != LOCK_OPEN ? FLASH_OPTCR_OPTLOCK : 0);
}

static uint32_t
option_read(const struct flash_h5 *flash, uint32_t at)
{
	enum flash_h5_option current = flash_h5_option_of(at);
	enum flash_h5_option wanted = flash_h5_option_of(at - NEXT_IS_PRG);

	return current != H5_OPTIONS  ? flash->current[current]
	       : wanted != H5_OPTIONS ? flash->wanted[wanted]
				      : 0;
}

/* Key registers and NSCCR read 0. */
static enum bus_result
flash_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	const struct flash_h5 *flash = flash_of(peripheral);

	*value = at == ACR       ? flash->acr
		 : at == OPSR    ? flash->opsr
		 : at == OPTCR   ? option_control(flash)
		 : at == NSSR    ? status(flash)
		 : at == NSCR    ? flash->cr
		 : at == ECCDETR ? flash->eccdetr
		 : at == ECCDR   ? flash->eccdr
				 : option_read(flash, at);
	return BUS_OK;
}

/* --- role ----------------------------------------------------------------------------------- */

enum flash_h5_state
flash_h5_state(const struct peripheral *flash)
{
	return (enum flash_h5_state)((const_flash_of(flash)->optsr & FLASH_OPTSR_STATE) >>
				     FLASH_OPTSR_STATE_SHIFT);
}

/* FLASH_NSBOOTR: bits 31:8 are an address. */
uint32_t
flash_h5_nsbootadd(const struct peripheral *flash)
{
	return const_flash_of(flash)->nsbootr & UINT32_C(0xFFFFFF00);
}

/* A bank that is busy holds up its own reads only. */
static uint64_t
flash_held_until(const struct peripheral *peripheral, uint32_t at)
{
	const struct flash_h5 *flash = const_flash_of(peripheral);
	uint32_t cell;

	if (flash->operation == H5_IDLE || !banks_cell_at(flash_h5_banks(flash), at, &cell))
		return 0;
	return flash->busy_banks >> banks_bank_of(flash_h5_banks(flash), cell) & 1
		       ? peripheral->due_ns
		       : 0;
}

/* The debug port and port 0 answer in every state, for the debug authentication. */
static bool
flash_debug_is_closed(const struct peripheral *peripheral)
{
	(void)peripheral;
	return false;
}

/* 7.6.11, and a table of the product states in ST's wiki ("Product state for STM32H5"): the core is
 * debugged in Open and Provisioning. TZ-Closed leaves the non-secure side of a chip with TrustZone
 * open, which is left out. */
static bool
flash_core_port_is_closed(const struct peripheral *peripheral)
{
	enum flash_h5_state state = flash_h5_state(peripheral);

	return state != H5_OPEN && state != H5_PROVISIONING;
}

static bool
flash_starts_watchdog(const struct peripheral *peripheral)
{
	return !(const_flash_of(peripheral)->optsr & FLASH_OPTSR_IWDG_SW);
}

static unsigned
flash_wait_states(const struct peripheral *peripheral)
{
	return const_flash_of(peripheral)->acr & FLASH_ACR_LATENCY;
}

static const struct flash_role flash_role = {
	.wait_states = flash_wait_states,
	.store = flash_h5_store,
	.held_until = flash_held_until,
	.was_read = flash_h5_was_read,
	.load_options = flash_h5_options_load,
	.interrupt = flash_interrupt,
	.debug_is_closed = flash_debug_is_closed,
	.core_port_is_closed = flash_core_port_is_closed,
	.starts_watchdog = flash_starts_watchdog,
	.preset = flash_h5_preset,
};

const struct peripheral_type flash_h5_type = {
	.name = "FLASH (H5)",
	.size = sizeof(struct flash_h5),
	.read = flash_read,
	.write = flash_write,
	.is_steady = true,
	.reset = flash_reset,
	.due = flash_due,
	.flash = &flash_role,
};
