/* SPDX-License-Identifier: MIT */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/status.h"
#include "flash/interfaces/loader.h"

#include <assert.h>
#include <string.h>

enum { WORDS_MAX = 256 };

/* A new kind needs a row here; the unit test of this file looks for holes. */
static const struct flash_driver *const drivers[] = {
	[FLASH_DRIVER_NONE] = NULL,           [FLASH_DRIVER_F1] = &flash_driver_f1,
	[FLASH_DRIVER_F3] = &flash_driver_f3, [FLASH_DRIVER_F4] = &flash_driver_f4,
	[FLASH_DRIVER_F7] = &flash_driver_f7, [FLASH_DRIVER_C0] = &flash_driver_c0,
	[FLASH_DRIVER_G0] = &flash_driver_g0, [FLASH_DRIVER_G0B] = &flash_driver_g0b,
	[FLASH_DRIVER_G4] = &flash_driver_g4, [FLASH_DRIVER_H5] = &flash_driver_h5,
	[FLASH_DRIVER_H7] = &flash_driver_h7, [FLASH_DRIVER_L0] = &flash_driver_l0,
	[FLASH_DRIVER_L1] = &flash_driver_l1, [FLASH_DRIVER_L4] = &flash_driver_l4,
	[FLASH_DRIVER_L5] = &flash_driver_l5, [FLASH_DRIVER_U3] = &flash_driver_u3,
	[FLASH_DRIVER_U5] = &flash_driver_u5, [FLASH_DRIVER_U0] = &flash_driver_u0,
	[FLASH_DRIVER_WB] = &flash_driver_wb, [FLASH_DRIVER_WBA2] = &flash_driver_wba2,
	[FLASH_DRIVER_EXTERNAL] = NULL,
};
_Static_assert(array_len(drivers) == FLASH_DRIVERS, "a row for every kind");

/* What an algorithm says of itself; algorithms/status.h. */
struct own_status {
	uint32_t bit;
	enum cause cause;
	const char *words;
	enum finding finding; /* or FINDING_NONE */
};

static const struct own_status own_statuses[] = {
	{ ALGORITHM_DAMAGED, CAUSE_MISMATCH, "what was sent compressed has arrived damaged",
	  FINDING_B10 },
	{ ALGORITHM_STAYS_LOCKED, CAUSE_PROTECTED,
	  "the flash controller stays locked although it was given its keys", FINDING_E10 },
	{ ALGORITHM_NOT_BLANK, CAUSE_MISMATCH,
	  "the sector was erased without an error and is not blank", FINDING_E4 },
	{ ALGORITHM_NOT_ENABLED, CAUSE_FAULT,
	  "the flash does not take the command Write Enable (06h)", FINDING_REQUEST_PINS },
	{ ALGORITHM_MISALIGNED, CAUSE_BUG,
	  "address or size are not those of whole programming units", FINDING_NONE },
};

/* Errors of FLASH_SR by the names that all the manuals give them; the first that is set counts. A
 * store into what was not erased (PROGERR) goes before the flags that it brings along. */
static const struct {
	const char *field;
	enum finding finding;
} error_findings[] = {
	{ "PROGERR", FINDING_E4 },    { "PGERR", FINDING_E4 },   { "DBECCERR", FINDING_E5 },
	{ "NOTZEROERR", FINDING_E4 }, { "PGAERR", FINDING_E3 },  { "SIZERR", FINDING_E3 },
	{ "PGPERR", FINDING_E3 },     { "STRBERR", FINDING_E3 }, { "INCERR", FINDING_E3 },
	{ "PGSERR", FINDING_E2 },     { "ERSERR", FINDING_E2 },  { "BSY", FINDING_E6 },
};

const struct flash_driver *
flash_driver_of(enum flash_driver_kind kind)
{
	assert((unsigned)kind < FLASH_DRIVERS);
	return drivers[kind];
}

const struct flash_driver *
flash_driver_for(const struct flash_interface *interface)
{
	if (interface->driver == FLASH_DRIVER_EXTERNAL)
		return &loader_of(interface)->driver;
	return flash_driver_of(interface->driver);
}

/* Of the rows of an interface the widest that the supply allows; of none, one as the granule. */
static struct flash_width
width_of(const struct flash_interface *interface, unsigned supply_mv)
{
	const struct flash_width *widths = interface->registers.widths;
	unsigned mv = supply_mv != 0 ? supply_mv : DRIVER_UNKNOWN_SUPPLY_MV, i = 0;

	if (widths[0].bytes == 0)
		return (struct flash_width){ .bytes = (uint8_t)interface->granule };
	while (i + 1 < FLASH_MAX_WIDTHS && widths[i + 1].bytes != 0 &&
	       mv < widths[i].from_mv)
		i++;
	return widths[i];
}

/* Of a driver that knows more than its interface's registers say. */
static struct parameters
own_parameters(const struct flash_driver *driver, const struct memory_entry *bank,
	       const struct flash_surroundings *around)
{
	struct parameters parameters = { .registers = bank->registers,
					 .watchdog = around->watchdog_at,
					 .erased = bank->interface->erased_value *
						   0x01010101u };

	driver->add_parameters(driver, &parameters);
	return parameters;
}

/* Where CR selects the bank it is the physical one, whatever is seen where (RM0481 Rev 3, 7.11.11:
 * BKSEL). Where each bank has registers of its own these are swapped as well. */
unsigned
flash_driver_bank_number(const struct memory_entry *bank, bool are_banks_swapped)
{
	enum { BANK_1_AND_2 = 3 };

	if (!are_banks_swapped || bank->interface->registers.bank_select == 0)
		return bank->number;
	return BANK_1_AND_2 - bank->number;
}

struct parameters
flash_driver_parameters(const struct flash_driver *driver, const struct memory_entry *bank,
			const struct flash_surroundings *around)
{
	const struct flash_interface *interface = bank->interface;
	const struct flash_registers *registers = &interface->registers;
	const struct flash_key *key = &registers->keys[0], *second = &registers->keys[1];
	struct flash_width width = width_of(interface, around->supply_mv);
	uint32_t base = bank->registers;
	bool is_second = flash_driver_bank_number(bank, around->are_banks_swapped) == 2;
	uint32_t bank_bits = is_second ? registers->bank_select : 0;

	if (driver->add_parameters != NULL)
		return own_parameters(driver, bank, around);
	return (struct parameters){
		.registers = base,
		.keyr = base + key->at,
		.sr = base + registers->sr,
		.cr = base + registers->cr,
		.clear = base + registers->clear,
		.ar = registers->ar == 0 ? 0 : base + registers->ar,
		.clock = driver->clock_at,
		.watchdog = around->watchdog_at,
		.busy = registers->busy,
		.errors = registers->errors,
		.keys = { key->first, key->second },
		.lock = registers->lock,
		.program = registers->program | width.bits,
		.erase = registers->erase | bank_bits | width.bits,
		.erase_bank = registers->erase_bank[is_second] | width.bits,
		.start = registers->start,
		.number_lsb = registers->number_lsb,
		.granule = width.bytes,
		.burst = registers->burst.bytes,
		.burst_bits = registers->burst.bits,
		.caches = registers->caches,
		.second_keyr = second->lock != 0 ? base + second->at : 0,
		.second_keys = { second->first, second->second },
		.second_lock = second->lock,
		.erased = interface->erased_value * 0x01010101u,
	};
}

void
flash_driver_forget_ecc(const struct flash_driver *driver, uint32_t registers,
			struct runner_banks *banks)
{
	if (driver->ecc_forget == 0)
		return;
	banks->first_at = registers + driver->ecc_offset;
	banks->first_value = driver->ecc_forget;
	if (driver->ecc_2_offset != 0)
		banks->first_also_at = registers + driver->ecc_2_offset;
}

static void
add_status(const struct flash_driver *driver, uint32_t status, struct text *words)
{
	text_add(words, "FLASH_SR is 0x%08x: ", (unsigned)status);
	reg_explain(driver->status_fields, status, words);
}

static bool
is_set(const struct reg_field *fields, const char *name, uint32_t status)
{
	for (const struct reg_field *f = fields; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return (status >> f->lsb & 1) != 0;
	return false;
}

/* BSY1, CFGBSY: of G0 and its like. */
static bool
is_busy(const struct reg_field *fields, uint32_t status)
{
	static const char *const names[] = { "BSY", "BSY1", "BSY2", "CFGBSY", "PESD" };

	for (size_t i = 0; i < array_len(names); i++)
		if (is_set(fields, names[i], status))
			return true;
	return false;
}

static enum finding
finding_of(const struct flash_driver *driver, uint32_t status)
{
	for (size_t i = 0; i < array_len(error_findings); i++)
		if (is_set(driver->status_fields, error_findings[i].field, status))
			return error_findings[i].finding;
	return FINDING_NONE;
}

static void
suspect_error(const struct flash_driver *driver, uint32_t status, struct reason *why)
{
	enum finding finding = finding_of(driver, status);

	if (finding != FINDING_NONE)
		reason_suspect(why, finding);
}

static bool
protects_any(const struct protection_register *protection, uint32_t value)
{
	uint32_t first = value & protection->pages;
	uint32_t last = value >> 16 & protection->pages;

	if (protection->pages == 0)
		return (value & protection->mask) != protection->none;
	return first <= last;
}

void
flash_driver_add_protection(const struct protection_register *protection, uint32_t value,
			    struct text *words)
{
	text_add(words, "%s is 0x%08x", protection->name, (unsigned)value);
	if (protection->pages != 0)
		text_add(words, " (%s %u to %u)",
			 protection->note != NULL ? protection->note : "pages",
			 (unsigned)(value & protection->pages),
			 (unsigned)(value >> 16 & protection->pages));
	else
		text_add(words, " (%s)", protection->note);
}

uint32_t
flash_driver_sectors(const struct memory_entry *bank)
{
	uint32_t sectors = 0;

	for (unsigned i = 0; i < MEMORY_MAX_RUNS; i++)
		sectors += bank->runs[i].count;
	return sectors;
}

struct protection_register
flash_driver_narrowed(const struct protection_register *protection, uint32_t pages)
{
	struct protection_register narrowed = *protection;

	narrowed.sectors = pages;
	while (pages > 1 && narrowed.pages >> 1 >= pages - 1)
		narrowed.pages >>= 1;
	/* Bits of groups that the bank does not have. */
	if (narrowed.per_bit > 0 && pages > 0 &&
	    pages / narrowed.per_bit + narrowed.lsb < 32) {
		narrowed.mask &= ((UINT32_C(1) << pages / narrowed.per_bit) - 1)
				 << narrowed.lsb;
		narrowed.none &= narrowed.mask;
	}
	return narrowed;
}

enum { BLOCK_SIZE = 4096, BLOCKS_LAST = 31 };

static bool
is_clear(uint32_t value, uint32_t bit)
{
	return bit < 32 && (value >> bit & 1) == 0;
}

/* 32 or more: the register says nothing of that sector. */
static uint32_t
bit_of(const struct protection_register *protection, uint32_t index)
{
	if (index < protection->first)
		return UINT32_MAX;
	index -= protection->first;
	return protection->lsb +
	       (protection->per_bit > 0 ? index / protection->per_bit : index);
}

static bool
is_last(const struct protection_register *protection, uint32_t value, uint32_t index)
{
	return protection->sectors > 0 &&
	       index + (value & protection->last) + 1 >= protection->sectors;
}

bool
flash_driver_protects(const struct protection_register *protection, uint32_t value,
		      unsigned bank, uint32_t index, uint32_t offset)
{
	uint32_t block = offset / BLOCK_SIZE, bit = bit_of(protection, index);

	if (!protects_any(protection, value) || (value & protection->unless) != 0)
		return false;
	switch (protection->scope) {
	case SCOPE_PAGES:
		return bank == protection->bank && index >= (value & protection->pages) &&
		       index <= (value >> 16 & protection->pages);
	case SCOPE_BLOCKS:
		return is_clear(value, block < BLOCKS_LAST ? block : BLOCKS_LAST);
	case SCOPE_NUMBERS:
		return bank == protection->bank && bit < 32 &&
		       (((value ^ protection->none) & protection->mask) >> bit & 1) != 0;
	case SCOPE_PARTS:
		bit = block - protection->first;
		return bit < 32 &&
		       (((value ^ protection->none) & protection->mask) >> bit & 1) != 0;
	case SCOPE_LAST:
		return bank == protection->bank && is_last(protection, value, index);
	default:
		return false;
	}
}

bool
flash_driver_has(const struct protection_register *protection,
		 const struct flash_interface *interface)
{
	for (unsigned i = 0; i < DRIVER_MAX_ONLY && protection->only[i] != NULL; i++)
		if (protection->only[i] == interface)
			return true;
	return protection->only[0] == NULL;
}

bool
flash_driver_read_protection(const struct protection_register *protection,
			     struct core *core, uint32_t registers, uint32_t *value)
{
	const struct register_test *when = &protection->when;
	struct reason unread = REASON_INIT;
	uint32_t word = 0;

	if (when->mask != 0 && (mem_read32(core_memory(core), registers + when->at, &word,
					   &unread) != CAUSE_NONE ||
				(word & when->mask) != when->value))
		return false;
	return mem_read32(core_memory(core), registers + protection->offset, value,
			  &unread) == CAUSE_NONE;
}

static bool
reads_protected(const struct read_flag *flag, struct core *core, uint32_t *value)
{
	struct reason unread = REASON_INIT;

	return mem_read32(core_memory(core), flag->at, value, &unread) == CAUSE_NONE &&
	       (*value & flag->mask) != flag->none;
}

static void
add_flag(const struct read_flag *flag, uint32_t value, struct text *words)
{
	text_add(words, "%s is 0x%08x (%s)", flag->name, (unsigned)value, flag->note);
}

bool
flash_driver_is_readout_off(const struct flash_driver *driver, struct core *core,
			    struct text *words)
{
	uint32_t value = 0;

	if (driver->readout == NULL ||
	    !reads_protected(&driver->readout->flag, core, &value) ||
	    !read_flag_is_set(&driver->readout->flag, value))
		return false;
	add_flag(&driver->readout->flag, value, words);
	return true;
}

/* Of all banks: where there is only one, the registers of the second protect it as well
 * (RM0440 Rev 8, 3.5.3). */
static void
add_protections(const struct flash_driver *driver, struct core *core,
		const struct memory_entry *bank, struct text *words)
{
	const char *separator = "";
	uint32_t value = 0;

	for (const struct protection_register *p = driver->protections; p->name != NULL;
	     p++) {
		struct protection_register row = flash_driver_narrowed(
			p, p->per_bit > 0 ? flash_driver_sectors(bank) : 0);

		/* What cannot be read is left out. */
		if (!flash_driver_has(p, bank->interface) ||
		    !flash_driver_read_protection(&row, core, bank->registers, &value) ||
		    !protects_any(&row, value))
			continue;
		text_add(words, "%s", separator);
		flash_driver_add_protection(&row, value, words);
		separator = ", ";
	}
	if (driver->readout == NULL ||
	    !reads_protected(&driver->readout->flag, core, &value))
		return;
	text_add(words, "%s", separator);
	add_flag(&driver->readout->flag, value, words);
}

static void
suspect_protection(const struct flash_driver *driver, struct core *core,
		   const struct memory_entry *bank, struct reason *why)
{
	char buffer[WORDS_MAX];
	struct text words;

	text_init(&words, buffer, sizeof(buffer));
	add_protections(driver, core, bank, &words);
	if (words.used == 0)
		reason_suspect(why, FINDING_E1);
	else
		reason_suspect_with(why, FINDING_D4, "; they say: %s", buffer);
}

static enum cause
explain_own(uint32_t status, struct reason *why)
{
	for (size_t i = 0; i < array_len(own_statuses); i++) {
		const struct own_status *own = &own_statuses[i];

		if ((status & own->bit) == 0)
			continue;
		reason_begin(why, own->cause, "%s", own->words);
		if (own->finding != FINDING_NONE)
			reason_suspect(why, own->finding);
		return own->cause;
	}
	return CAUSE_NONE;
}

/* What its number means is known to nobody but who wrote it. */
static enum cause
explain_foreign(const struct algorithm *algorithm, uint32_t status, struct reason *why)
{
	reason_begin(
		why, CAUSE_FAULT,
		"the loader %s says that it failed: it returned %d where %d is success",
		algorithm->name, (int)(status ^ algorithm->success),
		(int)algorithm->success);
	reason_suspect(why, FINDING_TARGET_LOADER_FAILED);
	return CAUSE_FAULT;
}

enum cause
flash_driver_explain(const struct flash_driver *driver, struct core *core,
		     const struct memory_entry *bank, uint32_t status, struct reason *why)
{
	char buffer[WORDS_MAX];
	struct text words;
	enum cause cause;

	if (driver->algorithm->is_foreign)
		return explain_foreign(driver->algorithm, status, why);
	cause = explain_own(status, why);
	if (cause != CAUSE_NONE)
		return cause;
	text_init(&words, buffer, sizeof(buffer));
	add_status(driver, status, &words);
	if ((status & driver->protection_errors) == 0) {
		reason_begin(why, CAUSE_FAULT, "%s", buffer);
		suspect_error(driver, status, why);
		return CAUSE_FAULT;
	}
	reason_begin(why, CAUSE_PROTECTED, "%s", buffer);
	suspect_protection(driver, core, bank, why);
	return CAUSE_PROTECTED;
}

void
flash_driver_add_cut(const struct flash_driver *driver, struct core *core,
		     const struct memory_entry *bank, struct text *words)
{
	enum { CODE_LSB = 29 };

	struct reason unread = REASON_INIT;
	uint32_t value = 0;

	if (driver->operation_offset == 0 ||
	    mem_read32(core_memory(core), bank->registers + driver->operation_offset,
		       &value, &unread) != CAUSE_NONE ||
	    value >> CODE_LSB == 0)
		return;
	text_add(words, "FLASH_OPSR is 0x%08x: %s", (unsigned)value,
		 driver->operations[value >> CODE_LSB]);
}

void
flash_driver_add_status(const struct flash_driver *driver, struct core *core,
			const struct memory_entry *bank, struct reason *why)
{
	uint32_t at = bank->registers + bank->interface->registers.sr;
	struct reason unread = REASON_INIT;
	char buffer[WORDS_MAX];
	struct text words;
	uint32_t status = 0;

	/* Without it the reason is still true, and a register that says nothing is left out. */
	if (driver->status_fields == NULL ||
	    mem_read32(core_memory(core), at, &status, &unread) != CAUSE_NONE ||
	    status == 0)
		return;
	text_init(&words, buffer, sizeof(buffer));
	add_status(driver, status, &words);
	reason_while(why, "%s", buffer);
	if (is_busy(driver->status_fields, status))
		reason_suspect(why, FINDING_E6);
}
