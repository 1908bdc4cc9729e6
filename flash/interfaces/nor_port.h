/* SPDX-License-Identifier: MIT */
/*
 * nor_port.h - the registers of OCTOSPI (RM0468 Rev 3, chapter 25) and QUADSPI (RM0351 Rev 9,
 * chapter 17) as the host uses them, on one line, while no code on the chip does.
 */
#ifndef FLASH_INTERFACES_NOR_PORT_H
#define FLASH_INTERFACES_NOR_PORT_H

#include "flash/interfaces/nor_pins.h"
#include "targets/core/core.h"

/* What is sent before the data. */
struct nor_command_shape {
	uint8_t code, address_bytes, dummy_cycles;
	bool has_data;
};
enum nor_function { NOR_WRITE, NOR_READ, NOR_MAP = 3 }; /* FMODE */

/* The registers that such a command takes; `tcr` of OCTOSPI alone. */
struct nor_words {
	uint32_t cr, ccr, tcr, ir;
};
struct nor_words nor_words_of(const struct nor_controller *controller,
			      struct nor_command_shape shape, enum nor_function function);

/* Offsets that both have, by different numbers. IR and TCR are 0 where CCR has them. */
struct nor_offsets {
	uint16_t dcr, sr, dlr, ccr, ar, dr, ir, tcr;
};
const struct nor_offsets *nor_offsets_of(const struct nor_controller *controller);

bool nor_is_enabled(uint32_t cr);
/* Ends what the controller does; its clock is on. */
enum cause
nor_abort(const struct nor_controller *controller, struct core *core, struct reason *why);
/* For a flash of up to 2^size_log2 bytes. The controller is idle. */
enum cause nor_set_up(const struct nor_controller *controller, struct core *core,
		      unsigned size_log2, struct reason *why);
/* Up to 64 bytes, whole words; the controller is idle before and after. */
enum cause nor_read(const struct nor_controller *controller, struct core *core,
		    struct nor_command_shape shape, uint32_t at, uint8_t *bytes,
		    uint32_t size, struct reason *why);
/* Software reset (66h, 99h: JESD216B 6.4.19) with as many lines as the program's CCR says, which may
 * be 0, then on four and on one. */
enum cause nor_reset(const struct nor_controller *controller, struct core *core,
		     uint32_t program_ccr, struct reason *why);
/* Shows the flash in the window. */
enum cause nor_show(const struct nor_controller *controller, struct core *core,
		    struct nor_command_shape shape, struct reason *why);

#endif /* FLASH_INTERFACES_NOR_PORT_H */
