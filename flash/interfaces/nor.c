/* SPDX-License-Identifier: MIT */
#include "flash/interfaces/nor.h"

#include "flash/interfaces/nor_port.h"
#include "transport/base/log.h"

#include "flash/algorithms/nor_algorithm.h"

#include <stdio.h>
#include <string.h>

enum {
	WORDS_MAX = 192,
	RESET_MS = 50, /* a flash that is reset in the middle of an erase takes that long */
	SIZE_LOG2_UNKNOWN = 24, /* what addresses of SFDP reach */
	PAGE_BYTES = 4096,      /* that one call programs */
	STACK_BYTES = 256,
	/* Of a flash that does not say: of 64 KiB, of a page. */
	ERASE_TYPICAL_MS = 400,
	ERASE_MAX_MS = 10000,
	PROGRAM_TYPICAL_US = 500,
	PROGRAM_MAX_US = 10000
};

static const struct nor_command_shape sfdp_shape = { SFDP_CODE, 3, 8, true };
static const struct nor_command_shape id_shape = { 0x9f, 0, 0, true };

static struct nor *
nor_of_finder(struct board_finder *finder)
{
	return container_of(finder, struct nor, finder);
}

static const struct nor *
nor_of_driver(const struct flash_driver *driver)
{
	return (const struct nor *)(const void *)((const char *)driver -
						  offsetof(struct nor, loader.driver));
}

/* CR last: what is put back first is what it lets begin. */
static enum cause
keep_controller(struct nor *nor, struct reason *why)
{
	const struct nor_controller *controller = nor->pins.controller;
	const struct nor_offsets *offsets = nor_offsets_of(controller);
	const uint16_t all[] = { 0,
				 offsets->dcr,
				 offsets->dcr + 4u,
				 offsets->dlr,
				 offsets->tcr,
				 offsets->ccr,
				 offsets->ir };
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; cause == CAUSE_NONE && i < array_len(all); i++) {
		uint32_t at = controller->registers_at + all[i], value = 0;

		if ((i > 0 && all[i] == 0) || all[i] == offsets->sr)
			continue;
		cause = mem_read32(core_memory(nor->core), at, &value, why);
		kept_registers_add(&nor->kept,
				   (struct kept_register){ .at = at, .value = value });
	}
	return cause;
}

static enum cause
set_controller_up(struct nor *nor, unsigned size_log2, struct reason *why)
{
	const struct nor_controller *controller = nor->pins.controller;
	struct register_change enable = { controller->enable_at, controller->enable_bit,
					  controller->enable_bit };
	enum cause cause = kept_registers_change(&nor->kept, nor->core, &enable, why);

	if (cause == CAUSE_NONE)
		cause = keep_controller(nor, why);
	if (cause == CAUSE_NONE)
		cause = nor_abort(controller, nor->core, why);
	if (cause == CAUSE_NONE)
		cause = nor_set_up(controller, nor->core, size_log2, why);
	return cause;
}

/* In steps from 0 on: the pins of a port each, then the controller. */
static enum cause
set_up(struct nor *nor, unsigned step, unsigned size_log2, bool *done, struct reason *why)
{
	enum cause cause;

	*done = step >= NOR_GPIO_PORTS;
	cause = *done ? set_controller_up(nor, size_log2, why)
		      : nor_gpio_set_up(&nor->pins, nor->core, (char)('A' + step),
					&nor->kept, why);
	return cause == CAUSE_NONE ? cause
				   : reason_while(why, "setting %s and its pins up",
						  nor->pins.controller->name);
}

/* The last first. What the controller was doing begins anew when it is enabled. What is lost before
 * that is put back when it is met again. */
static enum cause
put_back(struct nor *nor, struct reason *why)
{
	struct mem_ap *mem = core_memory(nor->core);
	struct mem_word words[1 + KEPT_REGISTERS_MAX];
	struct reason second = REASON_INIT;
	enum cause cause, written;

	if (nor->kept.len == 0)
		return CAUSE_NONE;
	words[0] = (struct mem_word){ nor->pins.controller->registers_at, 0, true };
	for (size_t i = 0; i < nor->kept.len; i++) {
		const struct kept_register *kept = &nor->kept.each[nor->kept.len - 1 - i];

		words[1 + i] = (struct mem_word){ kept->at, kept->value, true };
	}
	/* One that does not end what it does ends it without its clock. */
	cause = nor_abort(nor->pins.controller, nor->core, why);
	written = mem_batch(mem, words, 1 + nor->kept.len,
			    cause == CAUSE_NONE ? why : &second);
	if (written != CAUSE_GONE)
		nor->kept.len = 0;
	cause = cause == CAUSE_NONE ? written : cause;
	return cause == CAUSE_NONE ? cause
				   : reason_while(why, "putting the registers of %s back",
						  nor->pins.controller->name);
}

/* What the loss of the target kept from being put back. */
static enum cause
put_back_late(struct nor *nor, struct reason *why)
{
	bool is_due = false;
	enum cause cause;

	if (nor->kept.len == 0)
		return CAUSE_NONE;
	cause = kept_registers_check(&nor->kept, nor->core, &is_due, why);
	if (cause == CAUSE_NONE && is_due)
		cause = put_back(nor, why);
	if (cause != CAUSE_GONE)
		nor->kept.len = 0;
	return cause;
}

static unsigned
log2_of(uint32_t size)
{
	unsigned log2 = 0;

	while (log2 < 31 && (uint32_t)1 << log2 < size)
		log2++;
	return log2;
}

static struct nor_command_shape
read_shape(const struct nor *nor)
{
	return (struct nor_command_shape){ nor->sfdp.read_code, nor->sfdp.address_bytes, 0,
					   true };
}

static enum cause
set_up_for_load(const struct flash_driver *driver, struct core *core, unsigned step,
		bool *done, struct reason *why)
{
	/* What a load sets up stays: a copy keeps what would be put back. */
	struct nor nor = *nor_of_driver(driver);
	enum cause cause;

	nor.core = core;
	nor.kept.len = 0;
	cause = set_up(&nor, step, log2_of(nor.sfdp.bytes), done, why);
	return cause == CAUSE_NONE && *done
		       ? nor_show(nor.pins.controller, core, read_shape(&nor), why)
		       : cause;
}

static struct nor_command
command_of(const struct nor *nor, struct nor_command_shape shape,
	   enum nor_function function)
{
	struct nor_words words = nor_words_of(nor->pins.controller, shape, function);

	return (struct nor_command){ words.ccr, words.ir };
}

static void
add_parameters(const struct flash_driver *driver, struct parameters *parameters)
{
	const struct nor *nor = nor_of_driver(driver);
	const struct nor_controller *controller = nor->pins.controller;
	const struct nor_offsets *offsets = nor_offsets_of(controller);
	const struct nor_command_shape none = { 0 };
	uint32_t base = controller->registers_at;
	uint8_t bytes = nor->sfdp.address_bytes;

	parameters->nor = (struct nor_parameters){
		.window = controller->window_at,
		.sr = base + offsets->sr,
		.dlr = base + offsets->dlr,
		.ccr = base + offsets->ccr,
		.ar = base + offsets->ar,
		.ir = offsets->ir != 0 ? base + offsets->ir : 0,
		.write = nor_words_of(controller, none, NOR_WRITE).cr,
		.read = nor_words_of(controller, none, NOR_READ).cr,
		.map = nor_words_of(controller, none, NOR_MAP).cr,
		/* WREN and RDSR of every serial flash. */
		.enable = command_of(nor, (struct nor_command_shape){ .code = 0x06 },
				     NOR_WRITE),
		.status = command_of(
			nor, (struct nor_command_shape){ .code = 0x05, .has_data = true },
			NOR_READ),
		.erase = command_of(
			nor,
			(struct nor_command_shape){ nor->sfdp.erase.code, bytes, 0, false },
			NOR_WRITE),
		.program = command_of(nor,
				      (struct nor_command_shape){ nor->sfdp.program_code,
								  bytes, 0, true },
				      NOR_WRITE),
		.show = command_of(nor, read_shape(nor), NOR_MAP),
		.page = nor->sfdp.page_size,
	};
}

static uint32_t
or_else(uint32_t value, uint32_t fallback)
{
	return value != 0 ? value : fallback;
}

static void
make_algorithm(struct nor *nor)
{
	const struct sfdp *sfdp = &nor->sfdp;
	uint32_t pages = PAGE_BYTES / sfdp->page_size;
	uint32_t page_us = or_else(sfdp->program_typical_us, PROGRAM_TYPICAL_US);

	nor->loader.algorithm = (struct algorithm){
		.name = nor->name,
		.code = nor_code,
		.code_size = sizeof(nor_code),
		.init = NOR_Init,
		.uninit = NOR_UnInit,
		.erase_sector = NOR_EraseSector,
		.erase_bank = ALGORITHM_NONE,
		.program_page = NOR_ProgramPage,
		.page_size = PAGE_BYTES,
		.stack_size = STACK_BYTES,
		.erase_ms = or_else(sfdp->erase.max_ms, ERASE_MAX_MS),
		.program_ms =
			or_else(sfdp->program_max_us, PROGRAM_MAX_US) * pages / 1000 + 1,
		.erase_cost = { or_else(sfdp->erase.typical_ms, ERASE_TYPICAL_MS) * 1000,
				0 },
		.program_cost = { 0, page_us * 1024 / sfdp->page_size },
	};
}

static enum cause
add_memory(struct nor *nor, struct board *board, struct reason *why)
{
	const struct nor_controller *controller = nor->pins.controller;
	const struct sfdp *sfdp = &nor->sfdp;
	struct loader *loader = &nor->loader;

	snprintf(nor->name, sizeof(nor->name), "serial flash behind %s", controller->name);
	make_algorithm(nor);
	loader->interface =
		(struct flash_interface){ .name = "SFDP",
					  .source = "JESD216B",
					  .driver = FLASH_DRIVER_EXTERNAL,
					  .erased_value = 0xff,
					  .granule = (uint16_t)sfdp->page_size };
	loader->driver = (struct flash_driver){ .algorithm = &loader->algorithm,
						.set_up = set_up_for_load,
						.add_parameters = add_parameters };
	loader->entry = (struct memory_entry){
		.name = nor->name,
		.kind = MEMORY_FLASH,
		.base = controller->window_at,
		.size = sfdp->bytes,
		.interface = &loader->interface,
		.registers = controller->registers_at,
		.number = 1,
		.runs = { { sfdp->bytes / sfdp->erase.size, sfdp->erase.size } },
	};
	return board_add_external(board, &loader->entry, why);
}

static void
tell(const struct nor *nor)
{
	char buffer[WORDS_MAX];
	struct text pins;

	text_init(&pins, buffer, sizeof(buffer));
	nor_pins_describe(&nor->pins, &pins);
	log_info("flash", "%s: %u KiB at 0x%08x, sectors of %u KiB (SFDP), on --pins %s",
		 nor->name, (unsigned)(nor->sfdp.bytes / KIB(1)),
		 (unsigned)nor->loader.entry.base,
		 (unsigned)(nor->sfdp.erase.size / KIB(1)), buffer);
	if (nor->sfdp.bytes_inside > nor->sfdp.bytes)
		log_warning("flash",
			    "the flash has %llu KiB, of which the first %u are reached",
			    (unsigned long long)(nor->sfdp.bytes_inside / KIB(1)),
			    (unsigned)(nor->sfdp.bytes / KIB(1)));
	if (nor->was_reset && nor->was_enabled)
		log_warning(
			"flash",
			"the flash was reset, to have it on one line: reset the program "
			"before it uses the flash again");
}

static enum cause
look_at_program(struct nor *nor, struct reason *why)
{
	nor->pins = (struct nor_pins){ .controller = nor->controllers };
	nor->stage = NOR_READ_PORTS;
	return nor_program_begin(&nor->program, nor->controllers, nor->core, why);
}

static enum cause
read_program_ports(struct nor *nor, struct reason *why)
{
	bool done = false;
	enum cause cause = nor_program_read(&nor->program, &done, why);

	if (cause != CAUSE_NONE || !done)
		return cause;
	nor->stage = NOR_SET_UP;
	nor->step = 0;
	return nor_program_choose(&nor->program, &nor->pins, why);
}

static enum cause
begin(struct nor *nor, struct board *board, struct reason *why)
{
	const struct device *device = board_device(board);
	enum cause cause;

	nor->core = board_main_core(board);
	nor->controllers = device != NULL ? device->nor_controllers : NULL;
	nor->was_enabled = nor->was_reset = false;
	nor->stage = NOR_SET_UP;
	nor->step = 0;
	if (nor->controllers == NULL)
		return nor_controller_none(why);
	cause = put_back_late(nor, why);
	if (cause == CAUSE_NONE)
		cause = standstill_begin(&nor->still, board, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (strcmp(nor->map, NOR_PINS_OF_PROGRAM) == 0)
		return look_at_program(nor, why);
	return nor_pins_parse(nor->map, nor->controllers, &nor->pins, why);
}

static enum cause
set_up_to_look(struct nor *nor, struct reason *why)
{
	bool done = false;
	enum cause cause = set_up(nor, nor->step++, SIZE_LOG2_UNKNOWN, &done, why);

	if (cause != CAUSE_NONE || !done)
		return cause;
	nor->was_enabled = nor_is_enabled(
		kept_registers_value(&nor->kept, nor->pins.controller->registers_at));
	sfdp_begin(&nor->sfdp);
	nor->stage = NOR_SIGNATURE;
	return CAUSE_NONE;
}

/* For the debugger to read it. */
static enum cause
leave_shown(struct nor *nor, struct reason *why)
{
	const struct nor_controller *controller = nor->pins.controller;
	enum cause cause = nor_set_up(controller, nor->core, log2_of(nor->sfdp.bytes), why);

	return cause == CAUSE_NONE ? nor_show(controller, nor->core, read_shape(nor), why)
				   : cause;
}

/* It answers nothing that makes sense, also after a reset. */
static enum cause
explain_silence(struct nor *nor, const struct reason *seen, struct reason *why)
{
	uint8_t id[sizeof(uint32_t)];
	char buffer[WORDS_MAX];
	struct text pins;
	enum cause cause =
		nor_read(nor->pins.controller, nor->core, id_shape, 0, id, sizeof(id), why);
	uint32_t all = le32_get(id) & 0xffffffu;

	if (cause != CAUSE_NONE)
		return cause;
	text_init(&pins, buffer, sizeof(buffer));
	nor_pins_describe(&nor->pins, &pins);
	if (all == 0 || all == 0xffffffu) {
		reason_begin(why, CAUSE_REQUEST,
			     "%s; its identification (9Fh) reads %02x %02x %02x",
			     reason_root(seen), id[0], id[1], id[2]);
		reason_suspect(why, FINDING_REQUEST_PINS);
		return reason_while(why, "no serial flash answers at %s on %s",
				    nor->pins.controller->name, buffer);
	}
	reason_begin(why, CAUSE_UNSUPPORTED, "%s", reason_root(seen));
	reason_suspect(why, FINDING_TARGET_NO_SFDP);
	return reason_while(why,
			    "the flash at %s on %s, with the identification (9Fh) %02x "
			    "%02x %02x, cannot be used",
			    nor->pins.controller->name, buffer, id[0], id[1], id[2]);
}

static enum cause
read_piece(struct nor *nor, bool *done, struct reason *why)
{
	uint8_t bytes[SFDP_PIECE_MAX];
	enum cause cause = nor_read(nor->pins.controller, nor->core, sfdp_shape,
				    nor->sfdp.at, bytes, nor->sfdp.size, why);

	return cause == CAUSE_NONE ? sfdp_take(&nor->sfdp, bytes, done, why) : cause;
}

/* A program may have the flash on four or eight lines. */
static enum cause
look_for_signature(struct nor *nor, struct reason *why)
{
	const struct nor_controller *controller = nor->pins.controller;
	struct reason seen = REASON_INIT;
	bool done = false;
	enum cause cause = read_piece(nor, &done, &seen);

	if (cause == CAUSE_NONE) {
		nor->stage = NOR_TABLES;
		return CAUSE_NONE;
	}
	if (cause == CAUSE_MISMATCH && !nor->was_reset) {
		nor->was_reset = true;
		nor->deadline =
			deadline_in_ms(core_memory(nor->core)->dap->probe->clock, RESET_MS);
		return nor_reset(
			controller, nor->core,
			kept_registers_value(&nor->kept,
					     controller->registers_at +
						     nor_offsets_of(controller)->ccr),
			why);
	}
	if (cause == CAUSE_MISMATCH)
		return deadline_is_over(&nor->deadline) ? explain_silence(nor, &seen, why)
							: CAUSE_NONE;
	*why = seen;
	return cause;
}

static enum cause
look_at_tables(struct nor *nor, struct board *board, bool *done, struct reason *why)
{
	struct reason seen = REASON_INIT;
	enum cause cause = read_piece(nor, done, &seen);

	if (cause == CAUSE_UNSUPPORTED)
		return explain_silence(nor, &seen, why);
	if (cause != CAUSE_NONE) {
		*why = seen;
		return cause;
	}
	return *done ? add_memory(nor, board, why) : CAUSE_NONE;
}

/* Registers as they were, or the flash left to be read; then the cores run. Goes on after a failure
 * and reports the first. */
static enum cause
finish(struct nor *nor, struct board *board, bool is_left_shown, struct reason *why)
{
	struct reason second = REASON_INIT;
	enum cause cause, run;

	nor->stage = NOR_BEGIN;
	if (is_left_shown)
		nor->kept.len = 0;
	cause = is_left_shown ? leave_shown(nor, why) : put_back(nor, why);
	run = standstill_end(&nor->still, board, cause == CAUSE_NONE ? why : &second);
	return cause == CAUSE_NONE ? run : cause;
}

/* Whatever came of it. A program that used the controller finds it as it was; else the flash is
 * there to be read. One that was reset does not hear the commands of that program any more: what
 * reads its window by them reads ones. */
static enum cause
end(struct nor *nor, struct board *board, enum cause cause, struct reason *why)
{
	bool is_left_shown = cause == CAUSE_NONE && (!nor->was_enabled || nor->was_reset);
	struct reason further = REASON_INIT;
	enum cause ended;

	if (cause == CAUSE_NONE)
		tell(nor);
	ended = finish(nor, board, is_left_shown, &further);
	if (cause == CAUSE_NONE && ended != CAUSE_NONE)
		*why = further;
	return cause != CAUSE_NONE ? cause : ended;
}

static enum cause
give_up(struct board_finder *finder, struct board *board, struct reason *why)
{
	struct nor *nor = nor_of_finder(finder);

	return nor->stage == NOR_BEGIN ? CAUSE_NONE : finish(nor, board, false, why);
}

static enum cause
look(struct board_finder *finder, struct board *board, bool *done, struct reason *why)
{
	struct nor *nor = nor_of_finder(finder);
	enum cause cause;

	*done = false;
	/* One that was broken off is begun anew. */
	if (!finder->is_looking)
		nor->stage = NOR_BEGIN;
	finder->is_looking = true;
	switch (nor->stage) {
	case NOR_BEGIN:
		cause = begin(nor, board, why);
		break;
	case NOR_READ_PORTS:
		cause = read_program_ports(nor, why);
		break;
	case NOR_SET_UP:
		cause = set_up_to_look(nor, why);
		break;
	case NOR_SIGNATURE:
		cause = look_for_signature(nor, why);
		break;
	default:
		cause = look_at_tables(nor, board, done, why);
	}
	if (cause == CAUSE_NONE && !*done)
		return CAUSE_NONE;
	return end(nor, board, cause, why);
}

enum cause
nor_check(const char *map, struct reason *why)
{
	if (strcmp(map, NOR_PINS_OF_PROGRAM) == 0)
		return CAUSE_NONE;
	return nor_pins_check(map, why);
}

void
nor_init(struct nor *nor, const char *map)
{
	*nor = (struct nor){ .finder = { .look = look, .give_up = give_up }, .map = map };
}
