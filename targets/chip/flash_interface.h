/* SPDX-License-Identifier: MIT */
/*
 * flash_interface.h - the programming interfaces ST has built, as data: what the
 * flash behind one is like, and where the registers and bits of its controller are.
 *
 * A device says which interface a memory has; flash/ has the code that drives it.
 * Several interfaces may share a driver and differ in this data alone. Addresses
 * are offsets from the controller's base, which is in the device entry.
 */
#ifndef TARGETS_CHIP_FLASH_INTERFACE_H
#define TARGETS_CHIP_FLASH_INTERFACE_H

#include <stdint.h>

/* The code in flash/ that knows the sequence of register accesses. */
enum flash_driver_kind {
	FLASH_DRIVER_NONE, /* there is none yet: the memory is read, and not programmed */
	FLASH_DRIVER_C0,
	FLASH_DRIVER_F1,
	FLASH_DRIVER_F3,
	FLASH_DRIVER_F4,
	FLASH_DRIVER_F7,
	FLASH_DRIVER_G0,
	FLASH_DRIVER_G0B,
	FLASH_DRIVER_G4,
	FLASH_DRIVER_H5,
	FLASH_DRIVER_H7,
	FLASH_DRIVER_L0,
	FLASH_DRIVER_L1,
	FLASH_DRIVER_L4,
	FLASH_DRIVER_L5,
	FLASH_DRIVER_U0,
	FLASH_DRIVER_U3,
	FLASH_DRIVER_U5,
	FLASH_DRIVER_WB,
	FLASH_DRIVER_WBA2,
	FLASH_DRIVER_EXTERNAL, /* a loader from a file drives it */
	FLASH_DRIVERS
};

/* Two words that a key register takes one after the other. */
struct flash_key {
	uint16_t at;
	uint32_t first, second; /* both 0 end the list */
	uint32_t lock;          /* the bit of CR that it opens; 0: all of `lock` */
};

/* How much is programmed, and how fast it is erased, by the supply. */
struct flash_width {
	uint16_t from_mv;
	uint8_t bytes; /* that one store programs; 0 ends the list */
	uint32_t bits; /* of CR */
};

/* So many bytes at a multiple of so many may be programmed at once, which is faster. */
struct flash_burst {
	uint16_t bytes; /* 0: there is none */
	uint32_t bits;  /* of CR */
};

enum { FLASH_MAX_KEYS = 2, FLASH_MAX_WIDTHS = 3 };

/* Names as in ST's manuals; masks of 0 stand for bits that the controller does not have. */
struct flash_registers {
	struct flash_key keys[FLASH_MAX_KEYS]; /* in the order in which they unlock */
	uint16_t cr, sr;
	/* Takes the error bits that are to be cleared; `sr` itself as a rule. */
	uint16_t clear;
	uint16_t ar; /* takes the address of what is erased; 0: it goes by number */
	uint32_t lock, program, erase, start; /* bits of CR */
	uint8_t number_lsb;                   /* of the sector's number in CR */
	uint32_t bank_select;                 /* bit of CR: bank 2 is meant */
	uint32_t erase_bank[2]; /* bits of CR: all of bank 1, all of bank 2; 0: not known */
	uint32_t busy;          /* bits of SR, all of which are 0 at rest */
	uint32_t errors;        /* bits of SR */
	uint32_t
		caches; /* bits of ACR, the first register, that enable caches; what empties each
			  * is two bits above; 0: there are none, or the algorithm knows */
	uint32_t
		empty; /* bit of ACR: flash was erased when the option bytes were loaded, and a
			  * reset starts the ROM loader; 0: there is none */
	/* Where a granule that was begun waits in a buffer for its rest, whatever else is done: bits
	 * of SR that say so, and of CR that program it as it is; 0: it does not. */
	uint32_t half, force;
	struct flash_burst burst;
	struct flash_width widths[FLASH_MAX_WIDTHS]; /* the widest first; none: the supply
						      * does not matter */
};

struct hidden_areas;

struct flash_interface {
	const char *name;   /* "G4" */
	const char *source; /* manual, revision and chapter */
	enum flash_driver_kind driver;
	uint8_t erased_value; /* of a byte: 0xff; 0x00 on L0 and L1 */
	uint16_t granule;     /* bytes that are programmed at once */
	struct flash_registers registers;
	const struct hidden_areas *hidden; /* hidden.h; NULL: none, or not known */
};

extern const struct flash_interface flash_interface_c0, flash_interface_f1,
	flash_interface_f3, flash_interface_f4, flash_interface_f7, flash_interface_f72,
	flash_interface_f76, flash_interface_f76_dual, flash_interface_g0,
	flash_interface_g0b, flash_interface_g4, flash_interface_h5, flash_interface_h503,
	flash_interface_h5e, flash_interface_h5_otp, flash_interface_h7,
	flash_interface_h7ab, flash_interface_l0, flash_interface_l1, flash_interface_l4,
	flash_interface_l5, flash_interface_u0, flash_interface_u3, flash_interface_u5,
	flash_interface_wb, flash_interface_wba2;
/* FLASH_DRIVER_NONE. */
extern const struct flash_interface flash_interface_c5, flash_interface_h7rs,
	flash_interface_wb0;

/* All of them; NULL ends the list. */
extern const struct flash_interface *const flash_interfaces[];

#endif /* TARGETS_CHIP_FLASH_INTERFACE_H */
