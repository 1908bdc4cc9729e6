/* SPDX-License-Identifier: MIT */
/*
 * driver.h - a flash programming interface as the server sees it: the algorithm
 * that knows how to use it, and what its error bits mean.
 */
#ifndef FLASH_INTERFACES_DRIVER_H
#define FLASH_INTERFACES_DRIVER_H

#include "flash/runner/runner.h"
#include "targets/chip/read_protection.h"
#include "transport/base/reg.h"

enum { DRIVER_MAX_PROTECTIONS = 17, DRIVER_MAX_ONLY = 2 };

/* Which sectors a register is about, so that they are named before anything is erased. */
enum protection_scope {
	SCOPE_UNKNOWN, /* only the operation that is refused tells */
	SCOPE_PAGES,   /* those of `pages`, of one bank */
	SCOPE_BLOCKS, /* a bit that is 0 protects 4 KiB of all banks, bit 31 all the rest */
	SCOPE_NUMBERS, /* a bit that is not as in `none` protects `per_bit` sectors of one bank */
	SCOPE_PARTS, /* a bit that is not as in `none` protects 4 KiB of all banks; bit 0 those
			* with the number `first` */
	SCOPE_LAST /* the last sectors of one bank: as many as the bits of `last`, and one */
};

/* A register that says which sectors are write-protected. */
struct protection_register {
	const char *name; /* NULL ends the list */
	uint32_t offset;  /* from the base of the first bank's registers */
	uint32_t pages;   /* mask of a page's number: the first page that is protected is in
			   * bits 15:0, the last in 31:16; 0: as the following say */
	uint32_t mask;    /* of the bits that protect, */
	uint32_t none;    /* what they are when they protect nothing, */
	const char *note; /* and what they mean when they do; of pages what these are */
	enum protection_scope scope;
	unsigned bank;           /* of all but SCOPE_BLOCKS: 1 or 2; */
	unsigned lsb;            /* SCOPE_NUMBERS: the bit of sector `first` */
	unsigned first, per_bit; /* per_bit 0: one sector */
	uint32_t last;           /* SCOPE_LAST: those bits */
	uint32_t sectors; /* of that bank, as flash_driver_narrowed() knows; 0: not known */
	uint32_t unless;  /* the scope is not known while one of these bits is set */
	/* It counts only while that holds, `at` from the base as `offset`; mask 0: always. */
	struct register_test when;
	/* What such a sector is, and what to do about it; NULL: write-protected, FINDING_D4. */
	const char *what;
	enum finding finding;
	/* Of what a driver serves; none: of all. */
	const struct flash_interface *only[DRIVER_MAX_ONLY];
};

struct flash_driver;

struct flash_driver {
	const struct algorithm *algorithm;
	/* RCC_CR, where it must switch on the clock of the controller; 0: no. */
	uint32_t clock_at;

	const struct reg_field *status_fields; /* of FLASH_SR; NULL: a loader from a file */
	uint32_t protection_errors;            /* and those that are about protection */
	/* Where an ECC error of the flash is an NMI for as long as it is noted: where, and what
	 * written there forgets it. 0: nowhere. */
	uint32_t ecc_offset, ecc_forget;
	uint32_t ecc_2_offset; /* the register of bank 2, where it has its own; 0: none */
	bool programs_once;    /* a granule that is not erased is never programmed again */
	/* FLASH_OPSR, whose bits 31 to 29 say what a reset cut short, as these words do; 0: it has
	 * none. */
	uint32_t operation_offset;
	const char *const *operations;
	struct protection_register protections[DRIVER_MAX_PROTECTIONS + 1];
	const struct read_protection *readout; /* NULL: not known */

	/* Of memory beside the chip that answers only once its controller is set up; NULL: it
	 * always does. Does that, with the core halted, for the host to read it as for code on
	 * the chip: step by step from 0 on, until *done. */
	enum cause (*set_up)(const struct flash_driver *driver, struct core *core,
			     unsigned step, bool *done, struct reason *why);
	/* What the algorithm gets; NULL: what the interface says. */
	void (*add_parameters)(const struct flash_driver *driver,
			       struct parameters *parameters);
};

extern const struct flash_driver flash_driver_f1, flash_driver_f3, flash_driver_f4,
	flash_driver_f7, flash_driver_c0, flash_driver_g0, flash_driver_g0b,
	flash_driver_g4, flash_driver_h5, flash_driver_h7, flash_driver_l0, flash_driver_l1,
	flash_driver_l4, flash_driver_l5, flash_driver_u0, flash_driver_u3, flash_driver_u5,
	flash_driver_wb, flash_driver_wba2;

/* NULL for FLASH_DRIVER_NONE, and for FLASH_DRIVER_EXTERNAL, which each file has its own of. */
const struct flash_driver *flash_driver_of(enum flash_driver_kind kind);
/* The same of a memory's interface; of an external one that of its loader. */
const struct flash_driver *flash_driver_for(const struct flash_interface *interface);

/* What an algorithm knows beside the bank's entry and its interface. */
struct flash_surroundings {
	uint32_t watchdog_at;   /* IWDG_KR of the core that runs it; 0: it has none */
	unsigned supply_mv;     /* 0: not known, and taken for DRIVER_UNKNOWN_SUPPLY_MV */
	bool are_banks_swapped; /* bank 2 is seen where the entry has bank 1 */
};
/* Less than what nearly every board has, so that flash is not programmed weakly. */
enum { DRIVER_UNKNOWN_SUPPLY_MV = 2100 };
/* Of the runner, what forgets ECC errors; `registers`: of the first bank. */
void flash_driver_forget_ecc(const struct flash_driver *driver, uint32_t registers,
			     struct runner_banks *banks);
struct parameters flash_driver_parameters(const struct flash_driver *driver,
					  const struct memory_entry *bank,
					  const struct flash_surroundings *around);

/* The number by which the controller knows what is seen at the place of `bank`. */
unsigned flash_driver_bank_number(const struct memory_entry *bank, bool are_banks_swapped);

/* How many sectors a bank can have. */
uint32_t flash_driver_sectors(const struct memory_entry *bank);

/* The same register of a chip whose bank has so many pages (0: not known). The bits above the number
 * of its last page are reserved, and read as they like: of an STM32U575, with 128 pages in a
 * bank, bit 7 of eight (RM0456 Rev 6, 7.9.19). The copy knows the number of sectors. */
struct protection_register
flash_driver_narrowed(const struct protection_register *protection, uint32_t pages);

/* Is that register one of this interface's? */
bool flash_driver_has(const struct protection_register *protection,
		      const struct flash_interface *interface);
/* Reads it. False: it cannot be read, or does not count now; then it protects nothing. */
bool flash_driver_read_protection(const struct protection_register *protection,
				  struct core *core, uint32_t registers, uint32_t *value);

/* Of a register that protects: is `sector` of that bank among what it protects, as far as its scope
 * says? `offset`: of the sector in all of the flash. */
bool flash_driver_protects(const struct protection_register *protection, uint32_t value,
			   unsigned bank, uint32_t index, uint32_t offset);

/* "FLASH_WRP1AR is 0xff07ff84 (pages 4 to 7)" */
void flash_driver_add_protection(const struct protection_register *protection,
				 uint32_t value, struct text *words);

/* Does the chip read as protected? Adds the register's name, value and meaning to `words`. What
 * cannot be read says nothing. */
bool flash_driver_is_readout_off(const struct flash_driver *driver, struct core *core,
				 struct text *words);

/* Begins the reason of a call that returned `status`, which is not 0: FLASH_SR in words, and
 * the registers of the option bytes that say more. `bank`: the first.
 * CAUSE_PROTECTED, CAUSE_MISMATCH (erased, and not blank) or CAUSE_FAULT. */
enum cause flash_driver_explain(const struct flash_driver *driver, struct core *core,
				const struct memory_entry *bank, uint32_t status,
				struct reason *why);

/* Adds what FLASH_OPSR says that a reset cut short: "FLASH_OPSR is 0x60400004: a sector was being
 * erased". Nothing where nothing was, or it cannot be read. */
void flash_driver_add_cut(const struct flash_driver *driver, struct core *core,
			  const struct memory_entry *bank, struct text *words);

/* Adds FLASH_SR of a bank as it reads now to the reason of a call that did not return. One read,
 * which adds nothing when it fails or finds no bit set. */
void flash_driver_add_status(const struct flash_driver *driver, struct core *core,
			     const struct memory_entry *bank, struct reason *why);

#endif /* FLASH_INTERFACES_DRIVER_H */
