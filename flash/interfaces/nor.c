/* SPDX-License-Identifier: MIT */
#include "flash/interfaces/nor.h"

#include "flash/interfaces/nor_port.h"
#include "targets/core/cortex_m.h"
#include "transport/base/log.h"

#include "flash/algorithms/nor_algorithm.h"

#include <assert.h>
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

/* GPIO, the same in all chips that have such a controller: RM0351 Rev 9, 8.4. */
enum gpio_word { MODER, OTYPER, OSPEEDR, PUPDR, AFRL, AFRH, GPIO_WORDS = NOR_PORT_WORDS };
static const uint8_t gpio_offsets[GPIO_WORDS] = { 0x00, 0x04, 0x08, 0x0c, 0x20, 0x24 };
enum { GPIO_STRIDE = 0x400, MODE_ALTERNATE = 2, SPEED_HIGH = 2, PINS_PER_AFR = 8 };

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

/* --- registers of the chip, which can be put back --------------------------------------- */

static void
keep(struct nor *nor, struct nor_kept kept)
{
	assert(nor->kept_len < NOR_MAX_KEPT);
	nor->kept[nor->kept_len++] = kept;
}

/* The bits of `mask` become those of `value`. */
static enum cause
change(struct nor *nor, uint32_t at, uint32_t mask, uint32_t value, struct reason *why)
{
	uint32_t old = 0, new;
	enum cause cause = mem_read32(core_memory(nor->core), at, &old, why);

	if (cause != CAUSE_NONE || (old & mask) == value)
		return cause;
	new = (old & ~mask) | value;
	keep(nor, (struct nor_kept){ at, old, new, true });
	return mem_write32(core_memory(nor->core), at, new, why);
}

static uint32_t
port_at(const struct nor_controller *controller, char port)
{
	return controller->ports_at + (uint32_t)(port - 'A') * GPIO_STRIDE;
}

static enum cause
read_port(struct nor *nor, char port, uint32_t words[GPIO_WORDS], struct reason *why)
{
	struct mem_word reads[GPIO_WORDS];
	enum cause cause;

	for (unsigned i = 0; i < GPIO_WORDS; i++)
		reads[i] = (struct mem_word){ .at = port_at(nor->pins.controller, port) +
						    gpio_offsets[i] };
	cause = mem_batch(core_memory(nor->core), reads, GPIO_WORDS, why);
	for (unsigned i = 0; i < GPIO_WORDS; i++)
		words[i] = reads[i].value;
	return cause;
}

static void
field_set(uint32_t *word, unsigned lsb, unsigned bits, uint32_t value)
{
	*word = (*word & ~(((1u << bits) - 1) << lsb)) | value << lsb;
}

/* An output of its function, push-pull, without a pull. */
static void
pin_set(uint32_t words[GPIO_WORDS], const struct nor_pin *pin)
{
	unsigned number = pin->number;

	field_set(&words[MODER], 2 * number, 2, MODE_ALTERNATE);
	field_set(&words[OTYPER], number, 1, 0);
	field_set(&words[OSPEEDR], 2 * number, 2, SPEED_HIGH);
	field_set(&words[PUPDR], 2 * number, 2, 0);
	field_set(&words[number < PINS_PER_AFR ? AFRL : AFRH], 4 * (number % PINS_PER_AFR),
		  4, pin->function);
}

/* The function before the mode, so that no pin is another function's for a moment. */
static enum cause
write_port(struct nor *nor, char port, const uint32_t old[GPIO_WORDS],
	   const uint32_t words[GPIO_WORDS], struct reason *why)
{
	struct mem_word writes[GPIO_WORDS];

	for (unsigned i = 0; i < GPIO_WORDS; i++) {
		unsigned word = GPIO_WORDS - 1 - i;
		uint32_t at = port_at(nor->pins.controller, port) + gpio_offsets[word];

		keep(nor, (struct nor_kept){ at, old[word], words[word], true });
		writes[i] = (struct mem_word){ .at = at,
					       .value = words[word],
					       .is_write = true };
	}
	return mem_batch(core_memory(nor->core), writes, GPIO_WORDS, why);
}

static enum cause
set_port_up(struct nor *nor, char port, struct reason *why)
{
	uint32_t old[GPIO_WORDS], words[GPIO_WORDS];
	unsigned used = 0;
	enum cause cause;

	for (unsigned i = 0; i < NOR_LINES; i++)
		used += nor->pins.pins[i].is_used && nor->pins.pins[i].port == port;
	if (used == 0)
		return CAUSE_NONE;
	cause = change(nor, nor->pins.controller->ports_enable_at, 1u << (port - 'A'),
		       1u << (port - 'A'), why);
	if (cause == CAUSE_NONE)
		cause = read_port(nor, port, old, why);
	if (cause != CAUSE_NONE)
		return cause;
	memcpy(words, old, sizeof(words));
	for (unsigned i = 0; i < NOR_LINES; i++)
		if (nor->pins.pins[i].is_used && nor->pins.pins[i].port == port)
			pin_set(words, &nor->pins.pins[i]);
	if (memcmp(words, old, sizeof(words)) == 0)
		return CAUSE_NONE;
	return write_port(nor, port, old, words, why);
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
		keep(nor, (struct nor_kept){ .at = at, .value = value });
	}
	return cause;
}

static uint32_t
kept_value(const struct nor *nor, uint32_t at)
{
	for (size_t i = 0; i < nor->kept_len; i++)
		if (nor->kept[i].at == at)
			return nor->kept[i].value;
	return 0;
}

static enum cause
set_controller_up(struct nor *nor, unsigned size_log2, struct reason *why)
{
	const struct nor_controller *controller = nor->pins.controller;
	enum cause cause = change(nor, controller->enable_at, controller->enable_bit,
				  controller->enable_bit, why);

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

	*done = step >= NOR_PORTS;
	cause = *done ? set_controller_up(nor, size_log2, why)
		      : set_port_up(nor, (char)('A' + step), why);
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
	struct mem_word words[1 + NOR_MAX_KEPT];
	struct reason second = REASON_INIT;
	enum cause cause, written;

	if (nor->kept_len == 0)
		return CAUSE_NONE;
	words[0] = (struct mem_word){ nor->pins.controller->registers_at, 0, true };
	for (size_t i = 0; i < nor->kept_len; i++) {
		const struct nor_kept *kept = &nor->kept[nor->kept_len - 1 - i];

		words[1 + i] = (struct mem_word){ kept->at, kept->value, true };
	}
	/* One that does not end what it does ends it without its clock. */
	cause = nor_abort(nor->pins.controller, nor->core, why);
	written = mem_batch(mem, words, 1 + nor->kept_len,
			    cause == CAUSE_NONE ? why : &second);
	if (written != CAUSE_GONE)
		nor->kept_len = 0;
	cause = cause == CAUSE_NONE ? written : cause;
	return cause == CAUSE_NONE ? cause
				   : reason_while(why, "putting the registers of %s back",
						  nor->pins.controller->name);
}

static bool
is_written_later(const struct nor *nor, size_t index)
{
	for (size_t i = index + 1; i < nor->kept_len; i++)
		if (nor->kept[i].at == nor->kept[index].at)
			return true;
	return false;
}

/* A chip that was reset meanwhile, or whose program has written there, does not hold what was set. */
static enum cause
is_as_set(struct nor *nor, bool *is_as_set, struct reason *why)
{
	struct mem_word words[NOR_MAX_KEPT];
	enum cause cause;

	for (size_t i = 0; i < nor->kept_len; i++)
		words[i] = (struct mem_word){ .at = nor->kept[i].at };
	cause = mem_batch(core_memory(nor->core), words, nor->kept_len, why);
	*is_as_set = cause == CAUSE_NONE;
	for (size_t i = 0; i < nor->kept_len; i++)
		if (nor->kept[i].is_set && !is_written_later(nor, i) &&
		    words[i].value != nor->kept[i].set)
			*is_as_set = false;
	return cause;
}

/* What the loss of the target kept from being put back. */
static enum cause
put_back_late(struct nor *nor, struct reason *why)
{
	bool is_due = false;
	enum cause cause;

	if (nor->kept_len == 0)
		return CAUSE_NONE;
	cause = is_as_set(nor, &is_due, why);
	if (cause == CAUSE_NONE && is_due)
		cause = put_back(nor, why);
	if (cause != CAUSE_GONE)
		nor->kept_len = 0;
	return cause;
}

/* --- the cores stand still meanwhile ------------------------------------------------------ */

/* One that is halted was so by a look that the target was lost in, or is nothing of ours. */
static enum cause
halt(struct nor *nor, struct core *core, unsigned bit, struct reason *why)
{
	struct reason unseen = REASON_INIT;
	enum core_state state = CORE_IN_RESET;
	uint32_t dhcsr = 0;

	/* A core that does not answer is not started, and cannot disturb. */
	if (mem_read32(core_memory(core), DHCSR_AT, &dhcsr, &unseen) != CAUSE_NONE ||
	    core_poll(core, &state, NULL, &unseen) != CAUSE_NONE)
		state = CORE_IN_RESET;
	if (state == CORE_HALTED)
		return CAUSE_NONE;
	nor->halted &= ~bit;
	nor->halted_free &= ~bit;
	if (state != CORE_RUNNING && state != CORE_SLEEPING)
		return CAUSE_NONE;
	nor->halted |= bit;
	if (REG_GET(dhcsr, DHCSR_C_DEBUGEN) == 0)
		nor->halted_free |= bit;
	return core_halt(core, why);
}

static enum cause
halt_all(struct nor *nor, struct board *board, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; cause == CAUSE_NONE && i < board_cores(board); i++)
		cause = halt(nor, board_core(board, i), 1u << i, why);
	return cause;
}

/* Goes on after a failure and reports the first. */
static enum cause
let_all_run(struct nor *nor, struct board *board, struct reason *why)
{
	enum cause first = CAUSE_NONE;

	for (unsigned i = 0; i < board_cores(board); i++) {
		struct reason further = REASON_INIT,
			      *to = first == CAUSE_NONE ? why : &further;
		struct core *core = board_core(board, i);
		enum cause cause = CAUSE_NONE;

		if ((nor->halted >> i & 1) != 0)
			cause = (nor->halted_free >> i & 1) != 0 ? core_release(core, to)
								 : core_resume(core, to);
		if (first == CAUSE_NONE)
			first = cause;
	}
	if (first != CAUSE_GONE)
		nor->halted = nor->halted_free = 0;
	return first;
}

/* --- pins of the running program ------------------------------------------------------------ */

static bool
has_function(const uint32_t words[GPIO_WORDS], const struct nor_pin *pin)
{
	uint32_t afr = words[pin->number < PINS_PER_AFR ? AFRL : AFRH];

	return (words[MODER] >> 2 * pin->number & 3) == MODE_ALTERNATE &&
	       (afr >> 4 * (pin->number % PINS_PER_AFR) & 0xf) == pin->function;
}

static bool
is_clocked(const struct nor *nor, char port)
{
	return (nor->ports_on >> (port - 'A') & 1) != 0;
}

/* The first pin that is set up as that line. */
static void
find_line(struct nor *nor, enum nor_line line)
{
	struct nor_pin pin;

	for (unsigned i = 0; nor_controller_pin(nor->pins.controller, line, i, &pin); i++)
		if (is_clocked(nor, pin.port) &&
		    has_function(nor->ports[pin.port - 'A'], &pin)) {
			nor->pins.pins[line] = pin;
			return;
		}
}

/* Has the program set up all lines that are needed? Adds to `words` what is missing. */
static bool
find_pins(struct nor *nor, struct text *words)
{
	static const char *const names[NOR_LINES_NEEDED] = { "clk", "ncs", "io0", "io1" };
	const char *controller = nor->pins.controller->name;
	bool has_all = true;

	for (unsigned i = 0; i < NOR_LINES; i++)
		find_line(nor, (enum nor_line)i);
	for (unsigned i = 0; i < NOR_LINES_NEEDED; i++)
		if (!nor->pins.pins[i].is_used) {
			has_all = false;
			text_add(words, "%sno pin is set up as %s of %s",
				 words->used > 0 ? ", " : "", names[i], controller);
		}
	return has_all;
}

/* Of what was read of the ports. */
static enum cause
choose_program_pins(struct nor *nor, struct reason *why)
{
	char buffer[WORDS_MAX];
	struct text words;
	unsigned bit = 1;

	text_init(&words, buffer, sizeof(buffer));
	for (const struct nor_controller *one = nor->controllers; one->name != NULL;
	     one++, bit <<= 1) {
		nor->pins = (struct nor_pins){ .controller = one };
		if ((nor->clocked & bit) == 0)
			text_add(&words, "%s%s has no clock", words.used > 0 ? ", " : "",
				 one->name);
		else if (find_pins(nor, &words))
			return CAUSE_NONE;
	}
	reason_begin(why, CAUSE_REQUEST,
		     "the program has set up no serial flash so far: %s", buffer);
	reason_suspect(why, FINDING_REQUEST_PINS_LATER);
	return CAUSE_REQUEST;
}

static enum cause
begin_with_program(struct nor *nor, struct reason *why)
{
	unsigned bit = 1;
	enum cause cause =
		mem_read32(core_memory(nor->core), nor->controllers->ports_enable_at,
			   &nor->ports_on, why);

	nor->clocked = 0;
	nor->pins = (struct nor_pins){ .controller = nor->controllers };
	for (const struct nor_controller *one = nor->controllers;
	     cause == CAUSE_NONE && one->name != NULL; one++, bit <<= 1) {
		uint32_t enabled = 0;

		cause = mem_read32(core_memory(nor->core), one->enable_at, &enabled, why);
		if ((enabled & one->enable_bit) != 0)
			nor->clocked |= bit;
	}
	nor->stage = NOR_READ_PORTS;
	nor->step = nor->clocked != 0 ? 0 : NOR_PORTS;
	return cause;
}

/* A port each time, then what they say. */
static enum cause
read_program_ports(struct nor *nor, struct reason *why)
{
	unsigned port;

	while (nor->step < NOR_PORTS && !is_clocked(nor, (char)('A' + nor->step)))
		nor->step++;
	if (nor->step < NOR_PORTS) {
		port = nor->step++;
		return read_port(nor, (char)('A' + port), nor->ports[port], why);
	}
	nor->stage = NOR_SET_UP;
	nor->step = 0;
	return choose_program_pins(nor, why);
}

/* --- the flash as a memory that is programmed ----------------------------------------------- */

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
	nor.kept_len = 0;
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

/* --- looking for it ------------------------------------------------------------------------- */

static enum cause
begin(struct nor *nor, struct board *board, struct reason *why)
{
	const struct device *device = board_device(board);
	enum cause cause;

	nor->core = board_core(board, 0);
	nor->controllers = device != NULL ? device->nor_controllers : NULL;
	nor->was_enabled = nor->was_reset = false;
	nor->stage = NOR_SET_UP;
	nor->step = 0;
	if (nor->controllers == NULL)
		return nor_controller_none(why);
	cause = put_back_late(nor, why);
	if (cause == CAUSE_NONE)
		cause = halt_all(nor, board, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (strcmp(nor->map, NOR_PINS_OF_PROGRAM) == 0)
		return begin_with_program(nor, why);
	return nor_pins_parse(nor->map, nor->controllers, &nor->pins, why);
}

static enum cause
set_up_to_look(struct nor *nor, struct reason *why)
{
	bool done = false;
	enum cause cause = set_up(nor, nor->step++, SIZE_LOG2_UNKNOWN, &done, why);

	if (cause != CAUSE_NONE || !done)
		return cause;
	nor->was_enabled =
		nor_is_enabled(kept_value(nor, nor->pins.controller->registers_at));
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
		return nor_reset(controller, nor->core,
				 kept_value(nor, controller->registers_at +
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
		nor->kept_len = 0;
	cause = is_left_shown ? leave_shown(nor, why) : put_back(nor, why);
	run = let_all_run(nor, board, cause == CAUSE_NONE ? why : &second);
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
