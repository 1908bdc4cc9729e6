/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/flash/l4g4.h"

#include "test/emulator/soc/flash/cells.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

enum {
	ACR = 0x00,
	PDKEYR = 0x04,
	KEYR = 0x08,
	OPTKEYR = 0x0C,
	SR = 0x10,
	CR = 0x14,
	ECCR = 0x18,
};

/* 3.4.2 and 3.7.2: the two keys of the other locks. */
static const uint32_t power_down_keys[] = { 0x04152637, 0xFAFBFCFD };

#define CR_RESET (FLASH_CR_LOCK | FLASH_CR_OPTLOCK)
/* Bits that hold what is written; the others start something or are locks. */
#define CR_PLAIN                                                                      \
	(FLASH_CR_PG | FLASH_CR_PER | FLASH_CR_MER1 | FLASH_CR_BKER | FLASH_CR_MER2 | \
	 FLASH_CR_PNB_MASK << FLASH_CR_PNB_SHIFT | FLASH_CR_FSTPG | FLASH_CR_EOPIE |  \
	 FLASH_CR_ERRIE | FLASH_CR_RDERRIE)

static struct flash_l4g4 *
flash_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct flash_l4g4, base);
}

static const struct flash_l4g4 *
const_flash_of(const struct peripheral *peripheral)
{
	return CONST_CONTAINER_OF(peripheral, struct flash_l4g4, base);
}

/* The cells exist before the peripherals; the first reset makes the chip as it leaves
 * the factory. */
static void
cells_find(struct flash_l4g4 *flash)
{
	const struct soc *soc = flash->base.soc;

	if (flash->cells)
		return;
	flash->cells = soc->memories[soc->chip->flash_memory];
	flash->size = soc->chip->memories[soc->chip->flash_memory].size;
	flash_l4g4_factory(flash);
}

/* RM0444 3.7.1: EMPTY is the option loader's and software's. 3.5.5: with BOOT_LOCK and read
 * protection DBG_SWEN is 0 after reset, until the program sets it. */
static uint32_t
acr_after_reset(const struct flash_l4g4 *flash)
{
	const struct flash_l4g4_kind *kind = flash_l4g4_kind(flash);
	uint32_t acr = kind->acr_reset | (flash->acr & kind->acr_empty);

	if (kind->locks_debug && flash->loaded[OPTION_SEC1R] & FLASH_SEC1R_BOOT_LOCK &&
	    (flash->loaded[OPTION_OPTR] & FLASH_OPTR_RDP) != RDP_LEVEL_0)
		acr &= ~kind->acr_debug;
	return acr;
}

static void
flash_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct flash_l4g4 *flash = flash_of(peripheral);

	(void)depth;
	cells_find(flash);
	flash->acr = acr_after_reset(flash);
	flash->cr = CR_RESET;
	flash->sr = flash->options_mismatch ? FLASH_SR_OPTVERR : 0;
	flash->eccr = 0;
	flash->locks = (struct flash_locks){ LOCK_CLOSED, LOCK_CLOSED };
	flash->power_down_lock = LOCK_CLOSED;
	flash->words_len = flash->stray = 0;
	for (unsigned i = 0; i < OPTIONS; i++)
		flash->option[i] = flash->loaded[i];
}

/* --- operations -------------------------------------------------------------- */

static void
flash_over(struct flash_l4g4 *flash)
{
	flash->operation = OPERATION_NONE;
	flash->busy_banks = 0;
	flash->sr &= ~FLASH_SR_BSY;
	flash_l4g4_settle(flash);
	flash->cr &= ~(FLASH_CR_STRT | FLASH_CR_OPTSTRT);
	flash->base.due_ns = NEVER;
}

static void
flash_due(struct peripheral *peripheral)
{
	struct flash_l4g4 *flash = flash_of(peripheral);

	if (flash->operation == OPERATION_OPTIONS)
		flash_l4g4_options_finish(flash);
	else
		flash_l4g4_array_finish(flash, CELLS_WHOLE);
	flash_over(flash);
	if (flash->cr & FLASH_CR_EOPIE)
		flash->sr |= FLASH_SR_EOP;
	flash_l4g4_interrupt(flash);
}

/* 3.3.6: a reset in the middle leaves what was worked on in an unknown state. */
static void
flash_interrupt(struct peripheral *peripheral)
{
	struct flash_l4g4 *flash = flash_of(peripheral);

	if (flash->operation == OPERATION_NONE)
		return;
	if (flash->operation == OPERATION_OPTIONS)
		flash_l4g4_options_cut(flash);
	else
		flash_l4g4_array_finish(flash,
					cells_progress(flash->began_ns, peripheral->due_ns,
						       soc_time(peripheral->soc)));
	flash_over(flash);
}

/* --- registers --------------------------------------------------------------- */

static void
control_start(struct flash_l4g4 *flash, uint32_t value)
{
	if (value & FLASH_CR_STRT)
		flash_l4g4_erase_start(flash);
	if (flash->cr & FLASH_CR_OPTLOCK)
		return;
	if (value & FLASH_CR_OPTSTRT)
		flash_l4g4_options_start(flash);
	if (value & FLASH_CR_OBL_LAUNCH)
		soc_ask_reset(flash->base.soc, RESET_BY_OPTION_BYTES);
}

/* 3.7.6: while LOCK is set only reading goes; while BSY is set a write stalls. RM0444 3.7.4: while
 * CFGBSY is set it "causes HardFault". */
static enum bus_result
control_write(struct flash_l4g4 *flash, uint32_t value, uint32_t lanes)
{
	const struct flash_l4g4_kind *kind = flash_l4g4_kind(flash);
	uint32_t sent = value & lanes & ~kind->cr_absent;

	if (flash->sr & FLASH_SR_CFGBSY)
		return BUS_FAULT;
	if (flash->sr & FLASH_SR_BSY)
		return BUS_WAIT;
	if (flash->cr & FLASH_CR_LOCK)
		return BUS_OK;
	if ((flash->cr ^ reg_merge(flash->cr, value, lanes)) &
	    (FLASH_CR_PG | FLASH_CR_FSTPG))
		flash->words_len = 0;
	flash->cr = reg_merge(flash->cr, value,
			      lanes & (CR_PLAIN | kind->cr_secure) & ~kind->cr_absent) |
		    (flash->cr & kind->cr_secure);
	control_start(flash, sent);
	flash_locks_close(&flash->locks, sent, &flash->cr);
	flash_l4g4_interrupt(flash);
	return BUS_OK;
}

static enum bus_result
status_write(struct flash_l4g4 *flash, uint32_t sent)
{
	flash->sr &= ~(sent & FLASH_SR_WRITE_1_CLEARS);
	flash_l4g4_interrupt(flash);
	return BUS_OK;
}

static enum bus_result
option_write(struct flash_l4g4 *flash, uint32_t at, uint32_t value, uint32_t lanes)
{
	enum flash_option option = flash_l4g4_option_of(flash, at);

	if (option == OPTIONS || flash->cr & FLASH_CR_OPTLOCK)
		return BUS_OK;
	if (flash->sr & FLASH_SR_BSY)
		return BUS_WAIT;
	lanes &= flash_l4g4_options_writable(flash, option);
	flash->option[option] = reg_merge(flash->option[option], value, lanes);
	return BUS_OK;
}

/* 3.7.7: flags go by writing one; only ECCIE holds what is written. */
static enum bus_result
ecc_write(struct flash_l4g4 *flash, uint32_t value, uint32_t lanes)
{
	flash->eccr &= ~(value & lanes & (FLASH_ECCR_ECCC | FLASH_ECCR_ECCD));
	flash->eccr = reg_merge(flash->eccr, value, lanes & FLASH_ECCR_ECCIE);
	return BUS_OK;
}

static enum bus_result
flash_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct flash_l4g4 *flash = flash_of(peripheral);

	switch (at) {
	case ACR:
		flash->acr = reg_merge(flash->acr, value,
				       lanes & flash_l4g4_kind(flash)->acr_writable);
		soc_wake(peripheral->soc); /* the clock may outrun the flash now */
		return BUS_OK;
	case PDKEYR:
		return flash_key_take(&flash->power_down_lock, power_down_keys, value);
	case KEYR:
		return flash_locks_control_key(&flash->locks, value, &flash->cr);
	case OPTKEYR:
		return flash_locks_option_key(&flash->locks, value, &flash->cr);
	case SR:
		return status_write(flash, value & lanes);
	case CR:
		return control_write(flash, value, lanes);
	case ECCR:
		return ecc_write(flash, value, lanes);
	default:
		return option_write(flash, at, value, lanes);
	}
}

/* Key registers read 0. */
static enum bus_result
flash_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	const struct flash_l4g4 *flash = flash_of(peripheral);
	enum flash_option option = flash_l4g4_option_of(flash, at);

	*value = at == ACR           ? flash->acr
		 : at == SR          ? flash->sr
		 : at == CR          ? flash->cr
		 : at == ECCR        ? flash->eccr
		 : option != OPTIONS ? flash->option[option]
				     : 0;
	return BUS_OK;
}

/* --- role -------------------------------------------------------------------- */

uint32_t
flash_l4g4_optr(const struct peripheral *peripheral)
{
	return const_flash_of(peripheral)->loaded[OPTION_OPTR];
}

bool
flash_l4g4_is_empty(const struct peripheral *peripheral)
{
	const struct flash_l4g4 *flash = const_flash_of(peripheral);

	return flash->acr & flash_l4g4_kind(flash)->acr_empty;
}

bool
flash_l4g4_locks_boot(const struct peripheral *peripheral)
{
	return const_flash_of(peripheral)->loaded[OPTION_SEC1R] & FLASH_SEC1R_BOOT_LOCK;
}

bool
flash_l4g4_has_nswboot0(const struct peripheral *peripheral)
{
	return flash_l4g4_kind(const_flash_of(peripheral))->has_nswboot0;
}

void
flash_l4g4_swap(struct peripheral *peripheral, bool second_is_first)
{
	struct flash_l4g4 *flash = flash_of(peripheral);

	flash->is_swapped = second_is_first;
	flash_l4g4_show(flash);
}

static uint64_t
flash_held_until(const struct peripheral *peripheral, uint32_t at)
{
	const struct flash_l4g4 *flash = const_flash_of(peripheral);

	if (flash->operation == OPERATION_NONE)
		return 0;
	return flash->busy_banks & flash_l4g4_banks_at(flash, at) ? peripheral->due_ns : 0;
}

static uint32_t
rdp(const struct peripheral *peripheral)
{
	return flash_l4g4_optr(peripheral) & FLASH_OPTR_RDP;
}

static bool
flash_is_level_1(const struct peripheral *peripheral)
{
	return rdp(peripheral) != RDP_LEVEL_0 && rdp(peripheral) != RDP_LEVEL_2;
}

/* 3.5.1, table 13: OTP is closed with the main memory. */
static bool
flash_is_readable(const struct peripheral *peripheral, uint32_t at)
{
	return !soc_is_intruded(peripheral->soc) || !flash_l4g4_is_otp(at);
}

/* RM0440 3.7.1: software may shut the debugger out, until a reset lets it in again. */
static bool
flash_debug_is_closed(const struct peripheral *peripheral)
{
	const struct flash_l4g4 *flash = const_flash_of(peripheral);
	uint32_t enabled = flash_l4g4_kind(flash)->acr_debug;

	return rdp(peripheral) == RDP_LEVEL_2 || (flash->acr & enabled) != enabled;
}

static bool
flash_starts_watchdog(const struct peripheral *peripheral)
{
	return !(flash_l4g4_optr(peripheral) & FLASH_OPTR_IWDG_SW);
}

static bool
flash_holds_resets(const struct peripheral *peripheral)
{
	return flash_l4g4_optr(peripheral) &
	       flash_l4g4_kind(const_flash_of(peripheral))->reset_holder;
}

/* ACR.LATENCY */
static unsigned
flash_wait_states(const struct peripheral *peripheral)
{
	return const_flash_of(peripheral)->acr & FLASH_ACR_LATENCY;
}

static const struct flash_role flash_role = {
	.wait_states = flash_wait_states,
	.store = flash_l4g4_store,
	.held_until = flash_held_until,
	.is_readable = flash_is_readable,
	.is_level_1 = flash_is_level_1,
	.was_read = flash_l4g4_was_read,
	.load_options = flash_l4g4_options_load,
	.interrupt = flash_interrupt,
	.debug_is_closed = flash_debug_is_closed,
	.starts_watchdog = flash_starts_watchdog,
	.holds_resets = flash_holds_resets,
	.preset = flash_l4g4_preset,
};

const struct peripheral_type flash_l4g4_type = {
	.name = "FLASH (L4, G4, G0)",
	.size = sizeof(struct flash_l4g4),
	.read = flash_read,
	.write = flash_write,
	.is_steady = true,
	.reset = flash_reset,
	.due = flash_due,
	.flash = &flash_role,
};
