/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/flash/u5_internal.h"

#include "test/emulator/soc/flash/cells.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

/* The secure registers (SECKEYR, SECSR, SECCR) read 0 and take nothing without
 * TrustZone. */
enum {
	ACR = 0x00,
	NSKEYR = 0x08,
	OPTKEYR = 0x10,
	PDKEY1R = 0x18,
	PDKEY2R = 0x1C,
	NSSR = 0x20,
	NSCR = 0x28,
	ECCR = 0x30,
	OPSR = 0x34
};

/* 7.4.2 and 7.3.11: the two keys of the other locks. */
static const uint32_t power_down_keys[FLASH_BANKS][2] = { { 0x04152637, 0xFAFBFCFD },
							  { 0x40516273, 0xAFBFCFDF } };

#define ACR_RESET    UINT32_C(0x00000000)
#define ACR_WRITABLE UINT32_C(0x0000490F)
#define NSCR_RESET   (FLASH_NSCR_LOCK | FLASH_NSCR_OPTLOCK)
/* Bits that hold what is written; the others start something or are locks. */
#define NSCR_PLAIN                                                                        \
	(FLASH_NSCR_PG | FLASH_NSCR_PER | FLASH_NSCR_MER1 | FLASH_NSCR_BKER |             \
	 FLASH_NSCR_BWR | FLASH_NSCR_MER2 | FLASH_NSCR_PNB_MASK << FLASH_NSCR_PNB_SHIFT | \
	 FLASH_NSCR_EOPIE | FLASH_NSCR_ERRIE)
enum { CODE_OP_SHIFT = 29 };

static struct flash_u5 *
flash_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct flash_u5, base);
}

static const struct flash_u5 *
const_flash_of(const struct peripheral *peripheral)
{
	return CONST_CONTAINER_OF(peripheral, struct flash_u5, base);
}

/* The cells exist before the peripherals; the first reset makes the chip as it leaves
 * the factory. */
static void
cells_find(struct flash_u5 *flash)
{
	const struct soc *soc = flash->base.soc;

	if (flash->cells)
		return;
	flash->cells = soc->memories[soc->chip->flash_memory];
	flash->size = soc->chip->memories[soc->chip->flash_memory].size;
	flash->information = soc->memories[soc->chip->information_memory];
	flash_u5_factory(flash);
	flash_u5_options_load(&flash->base);
}

/* 7.9.12: OPSR tells after a system reset what it cut short. */
static void
flash_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct flash_u5 *flash = flash_of(peripheral);

	cells_find(flash);
	if (depth == RESET_ALL)
		flash->opsr = 0;
	flash->acr = ACR_RESET;
	flash->cr = NSCR_RESET;
	flash->sr = flash->eccr = 0;
	flash->locks = (struct flash_locks){ LOCK_CLOSED, LOCK_CLOSED };
	flash->words_size = 0;
	flash->free_ns = 0;
	for (unsigned i = 0; i < FLASH_BANKS; i++) {
		flash->power_down_locks[i] = LOCK_CLOSED;
		flash->is_down[i] = false;
	}
	for (unsigned i = 0; i < U5_OPTIONS; i++)
		flash->option[i] = flash->loaded[i];
}

/* --- operations ------------------------------------------------------------------------ */

static void
flash_over(struct flash_u5 *flash)
{
	flash->free_ns = flash->base.due_ns;
	flash->operation = U5_IDLE;
	flash->busy_banks = 0;
	flash->cr &= ~(FLASH_NSCR_STRT | FLASH_NSCR_OPTSTRT);
	flash->base.due_ns = NEVER;
}

/* 7.9.7: EOP only with its interrupt enabled. */
static void
flash_due(struct peripheral *peripheral)
{
	struct flash_u5 *flash = flash_of(peripheral);

	if (flash->operation == U5_CHANGE_OPTIONS)
		flash_u5_options_finish(flash);
	else
		flash_u5_array_finish(flash, CELLS_WHOLE);
	flash_over(flash);
	if (flash->cr & FLASH_NSCR_EOPIE)
		flash->sr |= FLASH_NSSR_EOP;
	flash_u5_interrupt_line(flash);
}

static void
interruption_note(struct flash_u5 *flash)
{
	uint32_t bank_size = banks_bank_size(flash_u5_banks(flash));

	flash->opsr = (uint32_t)flash->operation << CODE_OP_SHIFT;
	if (flash->operation > U5_ERASE_PAGE)
		return;
	flash->opsr |= flash->operation_at % bank_size & FLASH_ECCR_ADDR;
	if (flash->operation_at >= bank_size)
		flash->opsr |= FLASH_ECCR_BK;
}

/* 7.3.5: a reset in the middle leaves what was worked on in an unknown state. */
static void
flash_interrupt(struct peripheral *peripheral)
{
	struct flash_u5 *flash = flash_of(peripheral);

	flash->opsr = 0;
	if (flash->operation == U5_IDLE)
		return;
	interruption_note(flash);
	if (flash->operation != U5_CHANGE_OPTIONS)
		flash_u5_array_finish(flash,
				      cells_progress(flash->began_ns, peripheral->due_ns,
						     soc_time(peripheral->soc)));
	flash_over(flash);
}

/* 7.9.1: the request is cleared and locked again when the bank sleeps, which takes no time
 * here: assumption. */
static enum bus_result
access_write(struct flash_u5 *flash, uint32_t value, uint32_t lanes)
{
	static const uint32_t requests[FLASH_BANKS] = { FLASH_ACR_PDREQ1,
							FLASH_ACR_PDREQ2 };

	flash->acr = reg_merge(flash->acr, value, lanes & ACR_WRITABLE);
	soc_wake(flash->base.soc); /* the clock may outrun the flash now */
	for (unsigned i = 0; i < FLASH_BANKS; i++) {
		if (!(value & lanes & requests[i]) ||
		    flash->power_down_locks[i] != LOCK_OPEN || flash->busy_banks >> i & 1)
			continue;
		flash->is_down[i] = true;
		flash->power_down_locks[i] = LOCK_CLOSED;
	}
	return BUS_OK;
}

/* --- registers ------------------------------------------------------------------------------ */

static void
control_start(struct flash_u5 *flash, uint32_t value)
{
	if (value & FLASH_NSCR_STRT)
		flash_u5_erase_start(flash);
	if (flash->cr & FLASH_NSCR_OPTLOCK)
		return;
	if (value & FLASH_NSCR_OPTSTRT)
		flash_u5_options_start(flash);
	if (value & FLASH_NSCR_OBL_LAUNCH)
		soc_ask_reset(flash->base.soc, RESET_BY_OPTION_BYTES);
}

/* 7.9.9: while LOCK is set only reading goes; while BSY is set a write stalls. */
static enum bus_result
control_write(struct flash_u5 *flash, uint32_t value, uint32_t lanes)
{
	uint32_t sent = value & lanes;

	if (flash->operation != U5_IDLE)
		return BUS_WAIT;
	if (flash->cr & FLASH_NSCR_LOCK)
		return BUS_OK;
	if ((flash->cr ^ reg_merge(flash->cr, value, lanes)) &
	    (FLASH_NSCR_PG | FLASH_NSCR_BWR))
		flash->words_size = 0;
	flash->cr = reg_merge(flash->cr, value, lanes & NSCR_PLAIN);
	control_start(flash, sent);
	flash_locks_close(&flash->locks, sent, &flash->cr);
	flash_u5_interrupt_line(flash);
	return BUS_OK;
}

static enum bus_result
option_write(struct flash_u5 *flash, uint32_t at, uint32_t value, uint32_t lanes)
{
	enum flash_u5_option option = flash_u5_option_of(at);

	if (option == U5_OPTIONS || flash->cr & FLASH_NSCR_OPTLOCK)
		return BUS_OK;
	if (flash->operation != U5_IDLE)
		return BUS_WAIT;
	lanes &= flash_u5_option_writable(option);
	flash->option[option] = reg_merge(flash->option[option], value, lanes);
	return BUS_OK;
}

/* 7.9.11: flags go by writing one; only ECCIE holds what is written. */
static enum bus_result
ecc_write(struct flash_u5 *flash, uint32_t value, uint32_t lanes)
{
	flash->eccr &= ~(value & lanes & (FLASH_ECCR_ECCC | FLASH_ECCR_ECCD));
	flash->eccr = reg_merge(flash->eccr, value, lanes & FLASH_ECCR_ECCIE);
	return BUS_OK;
}

static enum bus_result
flash_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct flash_u5 *flash = flash_of(peripheral);

	switch (at) {
	case ACR:
		return access_write(flash, value, lanes);
	case NSKEYR:
		return flash_locks_control_key(&flash->locks, value, &flash->cr);
	case OPTKEYR:
		return flash_locks_option_key(&flash->locks, value, &flash->cr);
	case PDKEY1R:
		return flash_key_take(&flash->power_down_locks[0], power_down_keys[0],
				      value);
	case PDKEY2R:
		return flash_key_take(&flash->power_down_locks[1], power_down_keys[1],
				      value);
	case NSSR:
		flash->sr &= ~(value & lanes & FLASH_NSSR_WRITE_1_CLEARS);
		flash_u5_interrupt_line(flash);
		return BUS_OK;
	case NSCR:
		return control_write(flash, value, lanes);
	case ECCR:
		return ecc_write(flash, value, lanes);
	default:
		return option_write(flash, at, value, lanes);
	}
}

/* 7.9.7, WDW: from the first word in the buffer until it is written to the cells. */
static uint32_t
status(const struct flash_u5 *flash)
{
	bool programs = flash->operation == U5_PROGRAM || flash->operation == U5_BURST;
	uint32_t sr = flash->sr;

	if (flash->operation != U5_IDLE)
		sr |= FLASH_NSSR_BSY;
	if (flash->words_size || programs)
		sr |= FLASH_NSSR_WDW;
	for (unsigned i = 0; i < FLASH_BANKS; i++)
		if (flash->is_down[i])
			sr |= FLASH_NSSR_PD1 << i;
	return sr;
}

/* Key registers read 0. */
static enum bus_result
flash_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	const struct flash_u5 *flash = flash_of(peripheral);
	enum flash_u5_option option = flash_u5_option_of(at);

	*value = at == ACR              ? flash->acr
		 : at == NSSR           ? status(flash)
		 : at == NSCR           ? flash->cr
		 : at == ECCR           ? flash->eccr
		 : at == OPSR           ? flash->opsr
		 : option != U5_OPTIONS ? flash->option[option]
					: 0;
	return BUS_OK;
}

/* --- role ------------------------------------------------------------------------------------ */

uint32_t
flash_u5_optr(const struct peripheral *flash)
{
	return const_flash_of(flash)->loaded[U5_OPTR];
}

uint32_t
flash_u5_nsbootadd0(const struct peripheral *flash)
{
	return const_flash_of(flash)->loaded[U5_NSBOOTADD0];
}

uint32_t
flash_u5_nsbootadd1(const struct peripheral *flash)
{
	return const_flash_of(flash)->loaded[U5_NSBOOTADD1];
}

/* 7.3.3: a bank that is busy holds up its own reads only. */
static uint64_t
flash_held_until(const struct peripheral *peripheral, uint32_t at)
{
	const struct flash_u5 *flash = const_flash_of(peripheral);
	uint32_t cell;

	if (flash->operation == U5_IDLE || !banks_cell_at(flash_u5_banks(flash), at, &cell))
		return 0;
	return flash->busy_banks >> banks_bank_of(flash_u5_banks(flash), cell) & 1
		       ? peripheral->due_ns
		       : 0;
}

/* RM0456 Rev 6, "Level 1: readout protection"; level 0.5 needs TrustZone. */
static bool
flash_is_level_1(const struct peripheral *peripheral)
{
	uint32_t rdp = flash_u5_optr(peripheral) & FLASH_OPTR_RDP;

	return rdp != RDP_LEVEL_0 && rdp != RDP_LEVEL_2;
}

static bool
flash_debug_is_closed(const struct peripheral *peripheral)
{
	return (flash_u5_optr(peripheral) & FLASH_OPTR_RDP) == RDP_LEVEL_2;
}

static bool
flash_starts_watchdog(const struct peripheral *peripheral)
{
	return !(flash_u5_optr(peripheral) & FLASH_U5_OPTR_IWDG_SW);
}

/* ACR.LATENCY */
static unsigned
flash_wait_states(const struct peripheral *peripheral)
{
	return const_flash_of(peripheral)->acr & FLASH_ACR_LATENCY;
}

static const struct flash_role flash_role = {
	.wait_states = flash_wait_states,
	.store = flash_u5_store,
	.held_until = flash_held_until,
	.is_level_1 = flash_is_level_1,
	.was_read = flash_u5_was_read,
	.load_options = flash_u5_options_load,
	.interrupt = flash_interrupt,
	.debug_is_closed = flash_debug_is_closed,
	.starts_watchdog = flash_starts_watchdog,
	.preset = flash_u5_preset,
};

const struct peripheral_type flash_u5_type = {
	.name = "FLASH (U5)",
	.size = sizeof(struct flash_u5),
	.read = flash_read,
	.write = flash_write,
	.is_steady = true,
	.reset = flash_reset,
	.due = flash_due,
	.flash = &flash_role,
};
