/* SPDX-License-Identifier: MIT */
#include "targets/board/board_internal.h"
#include "targets/chip/vitals.h"
#include "transport/base/log.h"

#include <string.h>

/* DBGMCU_IDCODE, the same in every STM32: RM0440 Rev 8, debug support. */
#define IDCODE(F)                          \
	F(IDCODE, DEV_ID, 0, 12, "device") \
	F(IDCODE, REV_ID, 16, 16, "revision")
REG_CONSTANTS(IDCODE);

/* IHI 0031G B2.2.5, B2.2.11: bank 2 of a debug port of version 2. */
enum { DPIDR_VERSION_LSB = 12, DPIDR_VERSION_MAX = 15, DP_TARGETID = 0x24 };

#define UNPROGRAMMED_SIZE 0xffffu /* of the flash size word */

/* What the chip says it is. */
struct identity {
	const struct device *device; /* NULL: not in the table */
	uint32_t word;
	uint16_t dev_id;
};

enum cause
board_port(struct board *board, uint32_t ap, struct mem_ap **mem, struct reason *why)
{
	enum cause cause;

	for (unsigned i = 0; i < board->cores_len; i++) {
		*mem = &board->cores[i].mem;
		if ((*mem)->ap == ap && !core_is_held(&board->cores[i]))
			return CAUSE_NONE;
	}
	*mem = &board->port;
	if (board->is_port_open && board->port.ap == ap)
		return CAUSE_NONE;
	cause = mem_ap_open(&board->port, &board->dap, ap, why);
	board->is_port_open = cause == CAUSE_NONE;
	return cause;
}

static void
swap_cores(struct board *board)
{
	struct core first = board->cores[0];

	board->cores[0] = board->cores[1];
	board->cores[1] = first;
}

static bool
has_only(const struct board *board)
{
	return board->options.has_only_port || board->options.only_core != NULL;
}

static bool
is_only(const struct board *board, const char *name, uint32_t port)
{
	const struct board_options *options = &board->options;

	return options->has_only_port ? port == options->only_port
				      : strcmp(name, options->only_core) == 0;
}

/* The chip is identified by its first core, whichever is wanted. */
static void
keep_only_core(struct board *board)
{
	if (!has_only(board))
		return;
	if (board->cores_len == 2) {
		swap_cores(board);
		board->is_second_first = true;
		board->main_core = 0;
		board->cores_len = 1;
	}
	board->cores[0].is_ours_alone =
		is_only(board, board->cores[0].name, board->cores[0].mem.ap);
}

/* For identifying the chip anew: what keep_only_core() did is undone. */
static void
bring_cores_back(struct board *board)
{
	if (!board->is_second_first)
		return;
	swap_cores(board);
	board->is_second_first = false;
	board->cores_len = 2;
}

/* A core that was here before keeps its breakpoints, which core_claim() puts back; those
 * in RAM may be gone with what was in it. */
static struct core *
first_core(struct board *board)
{
	struct core *core;

	bring_cores_back(board);
	if (board->cores_len == 0)
		board->main_core = 0;
	core = board_main_core(board);
	if (board->cores_len == 0)
		core_init(core, NULL, &board->map, board->options.halt_timeout_ms);
	core->planted_len = 0;
	core_left_halt(core);
	return core;
}

static bool
is_refused(enum cause cause)
{
	return cause == CAUSE_FAULT || cause == CAUSE_UNSUPPORTED;
}

/* The chip refused, so what was looked for may be at another place; unless what arrived there was
 * damaged on the wires. */
static bool
may_be_elsewhere(enum cause cause, const struct reason *why)
{
	return is_refused(cause) && !probe_is_link_suspect(why);
}

static void look_at_closed_chip(struct board *board, struct reason *why);

/* The main core waits to be started since the last connection, by an option byte: the other one is the
 * main core now. */
static enum cause
try_port(struct board *board, struct core *core, uint32_t ap, struct reason *why)
{
	unsigned other = 1 - board->main_core;
	bool is_other = board->cores_len == 2 && board->cores[other].mem.ap == ap;
	enum cause cause =
		board_open_core(board, is_other ? &board->cores[other] : core, ap, why);

	if (is_other && cause == CAUSE_NONE)
		board->main_core = other;
	return cause;
}

/* The port where the core was before comes first; then those where STM32s have theirs. Of
 * several failures the first is reported: most chips have their core there. */
enum cause
board_find_core(struct board *board, struct reason *why)
{
	struct core *core = first_core(board);
	uint32_t before = board->cores_len > 0 ? core->mem.ap : core_ports[0];
	enum cause cause = board_open_core(board, core, before, why);

	board->is_port_open = false;
	for (size_t i = 0; i < CORE_PORTS && may_be_elsewhere(cause, why); i++) {
		struct reason further = REASON_INIT;
		enum cause next = CAUSE_NONE;

		if (core_ports[i] != before)
			next = try_port(board, core, core_ports[i], &further);
		if (core_ports[i] == before || may_be_elsewhere(next, &further))
			continue;
		if (next != CAUSE_NONE)
			*why = further;
		cause = next;
	}
	if (cause != CAUSE_NONE || board_main_core(board) != core)
		core->mem.ap = before;
	if (cause != CAUSE_NONE) {
		if (cause == CAUSE_UNSUPPORTED && reason_finding(why) == FINDING_NONE)
			reason_suspect(why, FINDING_TARGET_NONSENSE);
		if (may_be_elsewhere(cause, why))
			look_at_closed_chip(board, why);
		return reason_while(why, "looking for a Cortex-M core");
	}
	board->cores_len = board->cores_len == 0 ? 1 : board->cores_len;
	return CAUSE_NONE;
}

/* Only debug ports of version 2 have TARGETID. */
static enum cause
read_targetid(struct board *board, uint32_t *word, struct reason *why)
{
	uint32_t version = board->dap.dpidr >> DPIDR_VERSION_LSB & DPIDR_VERSION_MAX;

	if (version < 2)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "a debug port of version %u has no TARGETID",
				    (unsigned)version);
	return dap_dp_read(&board->dap, DP_TARGETID, word, why);
}

static enum cause
read_rom_part(struct mem_ap *mem, uint32_t *word, struct reason *why)
{
	struct rom_table table = { 0 };
	enum cause cause = rom_table_read(mem, &table, why);

	if (cause == CAUSE_NONE && table.designer == JEP106_ST)
		*word = table.part;
	return cause;
}

static enum cause
read_id_word(struct board *board, enum id_place place, uint32_t *word, struct reason *why)
{
	const struct id_place_entry *entry = id_place_entry(place);
	struct mem_ap *mem;
	enum cause cause;

	*word = 0;
	if (entry->kind == ID_IN_TARGETID)
		return read_targetid(board, word, why);
	cause = board_port(board, entry->ap, &mem, why);
	if (cause != CAUSE_NONE)
		return cause;
	return entry->kind == ID_IN_DBGMCU ? mem_read32(mem, entry->at, word, why)
					   : read_rom_part(mem, word, why);
}

/* The port of a closed core refuses each access. What the probe's firmware cannot reach the chip need not
 * have closed, and what answers now was not closed: its answer was damaged on the wires. */
static bool
is_closed(struct board *board, uint32_t ap, struct reason *why)
{
	struct reason again = REASON_INIT;
	struct mem_ap *mem;
	uint32_t cpuid = 0;
	enum cause cause = board_port(board, ap, &mem, &again);

	if (cause == CAUSE_NONE)
		cause = mem_read32(mem, CPUID_AT, &cpuid, &again);
	if (cause == CAUSE_NONE && cpuid != 0) {
		facts_know(&board->facts, FACT_DATA_DAMAGED, 1);
		reason_suspect(why, FINDING_B10);
		return false;
	}
	if (reason_finding(&again) == FINDING_A8 || probe_is_link_suspect(&again)) {
		*why = again;
		return false;
	}
	return true;
}

/* A chip whose DBGMCU is behind a port of its own says which it is there, whatever its core does: where
 * the port of that is closed, it is the chip that closes it. */
static void
look_at_closed_chip(struct board *board, struct reason *why)
{
	for (enum id_place place = ID_NOWHERE + 1; place < ID_PLACES; place++) {
		const struct id_place_entry *entry = id_place_entry(place);
		const struct vitals *vitals;
		const struct device *device;
		struct reason unread = REASON_INIT;
		uint32_t word = 0;

		if (entry->kind != ID_IN_DBGMCU ||
		    read_id_word(board, place, &word, &unread) != CAUSE_NONE)
			continue;
		device = device_by_id(board->table, place, id_place_dev_id(place, word));
		vitals = vitals_of(board->table, device);
		if (vitals == NULL || vitals->product_state == NULL ||
		    device->cores[0].ap == entry->ap)
			continue;
		if (is_closed(board, device->cores[0].ap, why)) {
			facts_know(&board->facts, FACT_CORE_PORT_CLOSED, 1);
			reason_suspect(why, FINDING_D7);
		}
		reason_while(why,
			     "access port %u says that this is an %s, whose core is "
			     "behind access port %u",
			     (unsigned)entry->ap, device->name,
			     (unsigned)device->cores[0].ap);
		return;
	}
}

/* A word that is in no table counts as the IDCODE of an STM32 when it has a revision: some
 * other register may lie there. A part number of a ROM table may be Arm's. */
static bool
is_identity(enum id_place place, const struct identity *identity)
{
	if (identity->device != NULL)
		return true;
	switch (id_place_entry(place)->kind) {
	case ID_IN_DBGMCU:
		return REG_GET(identity->word, IDCODE_REV_ID) != 0;
	case ID_IN_TARGETID:
		return identity->dev_id != 0;
	case ID_IN_ROM_TABLE:
		break;
	}
	return false;
}

/* Shown to the user where nothing better is found. */
static bool
is_odd_id(enum id_place place, const struct identity *identity)
{
	return id_place_entry(place)->kind == ID_IN_DBGMCU && identity->word != 0;
}

/* Looks in one place after the other. What refuses to be read is not a chip of that line;
 * what a failing probe says is not about the chip. A place that one of another line answers with
 * something else does not hide the one where it says what it is. */
static enum cause
look_for_identity(struct board *board, struct identity *found, struct reason *why)
{
	uint32_t cpuid = board_main_core(board)->identity.cpuid;
	uint16_t core = (uint16_t)REG_GET(cpuid, CPUID_PARTNO);

	board->odd_id = 0;
	for (enum id_place place = ID_NOWHERE + 1; place < ID_PLACES; place++) {
		struct identity seen = { NULL, 0, 0 };
		enum cause cause;

		if (!id_place_suits(place, core))
			continue;
		cause = read_id_word(board, place, &seen.word, why);
		if (is_refused(cause))
			continue;
		if (cause != CAUSE_NONE)
			return reason_while(why, "identifying the chip");
		seen.dev_id = id_place_dev_id(place, seen.word);
		seen.device = device_by_id(board->table, place, seen.dev_id);
		if (is_identity(place, &seen) && found->word == 0)
			*found = seen;
		if (is_odd_id(place, &seen))
			board->odd_id = seen.word;
		if (seen.device == NULL)
			continue;
		*found = seen;
		return CAUSE_NONE;
	}
	return CAUSE_NONE;
}

/* In reset the chip answers with zeros: what says nothing then is asked again. */
static enum cause
find_identity(struct board *board, struct identity *found, struct reason *why)
{
	enum { TRIES = 3 };

	bool was_reset = false;
	enum cause cause = look_for_identity(board, found, why);

	for (unsigned i = 1; i < TRIES && cause == CAUSE_NONE && found->device == NULL;
	     i++) {
		cause = core_check_reset(board_main_core(board), &was_reset, why);
		if (cause != CAUSE_NONE)
			return reason_while(why, "identifying the chip");
		if (!was_reset)
			return CAUSE_NONE;
		*found = (struct identity){ NULL, 0, 0 };
		cause = look_for_identity(board, found, why);
	}
	return cause;
}

/* In reset the chip answers with zeros. */
static enum cause
read_size_word(struct board *board, const struct device *device, uint32_t *word,
	       struct reason *why)
{
	unsigned width = device->size_word.kind == SIZE_LAST_WORD ? 4 : 2;
	struct core *core = board_main_core(board);
	bool was_reset = false;
	enum cause cause;

	*word = 0;
	if (device->size_word.kind == SIZE_FIXED)
		return CAUSE_NONE;
	cause = mem_read_width(&core->mem, width, device->size_word.at, word, why);
	if (cause == CAUSE_NONE && *word == 0)
		cause = core_check_reset(core, &was_reset, why);
	return cause == CAUSE_NONE && was_reset
		       ? mem_read_width(&core->mem, width, device->size_word.at, word, why)
		       : cause;
}

/* The size word may be unprogrammed on early silicon, or refused (RDP level 1 on F1): then
 * the largest part of the line is assumed, as ST's own tools do. A probe or a wire that fails
 * says nothing about the part. */
static enum cause
read_flash_kib(struct board *board, const struct device *device, uint32_t *kib,
	       struct reason *why)
{
	char seen[32];
	struct text text;
	uint32_t word;
	enum cause cause = read_size_word(board, device, &word, why);

	if (cause != CAUSE_NONE && cause != CAUSE_FAULT)
		return reason_while(why, "reading the size of the flash");
	*kib = cause == CAUSE_NONE ? device_flash_kib(device, word) : 0;
	if (*kib != 0 || device->max_flash_kib == 0)
		return CAUSE_NONE;
	*kib = device->max_flash_kib;
	if (cause == CAUSE_NONE && word == UNPROGRAMMED_SIZE)
		return CAUSE_NONE;
	text_init(&text, seen, sizeof(seen));
	if (cause == CAUSE_NONE)
		text_add(&text, "reads %u KiB", (unsigned)word);
	else
		text_add(&text, "cannot be read");
	log_warning("board", "the flash size word at 0x%08x %s; %u KiB are assumed",
		    (unsigned)device->size_word.at, seen, (unsigned)*kib);
	return CAUSE_NONE;
}

static enum cause
read_for_chip(void *context, uint32_t at, uint32_t *value, struct reason *why)
{
	struct board *board = context;

	return mem_read32(&board_main_core(board)->mem, at, value, why);
}

/* A loader for what the chip has itself is not needed, and does no harm. */
static void
add_external(struct board *board)
{
	const struct memory_entry *const *entry = board->options.external;
	char words[REASON_SPACE];

	for (; *entry != NULL; entry++) {
		struct reason refused = REASON_INIT;

		if (chip_add_external(&board->chip, *entry, &refused) == CAUSE_NONE)
			continue;
		reason_line(&refused, words, sizeof(words));
		log_warning("board", "%s", words);
	}
}

/* A layout that is guessed would erase the wrong sectors, so an option register that
 * is refused leaves none. */
static enum cause
resolve(struct board *board, const struct device *device, struct reason *why)
{
	char words[512];
	uint32_t kib = 0;
	enum cause cause = read_flash_kib(board, device, &kib, why);

	if (cause == CAUSE_NONE)
		cause = chip_resolve(&board->chip, device, kib, board->options.target,
				     read_for_chip, board, why);
	if (cause == CAUSE_NONE)
		add_external(board);
	if (cause != CAUSE_NONE || board->chip.is_flash_known)
		return cause;
	reason_line(&board->chip.flash_why, words, sizeof(words));
	log_warning("board", "%s", words);
	return CAUSE_NONE;
}

/* Who made a chip that is in no table: many that pass for an STM32 are not from ST. */
static void
describe_designer(const struct board *board, struct text *text)
{
	if (board->rom_designer != 0)
		text_add(text, ", %s (JEP106 0x%03x, part 0x%03x)",
			 board->rom_designer == JEP106_ST ? "by ST" : "not by ST",
			 board->rom_designer, board->rom_part);
}

static void
describe_known(const struct chip *chip, struct text *text)
{
	text_add(text, "%s, revision 0x%04x, %u KiB of flash",
		 chip->variant != NULL ? chip->variant->name : chip->device->name,
		 (unsigned)REG_GET(chip->idcode, IDCODE_REV_ID), (unsigned)chip->flash_kib);
}

static void
describe(struct board *board)
{
	const struct core *core = board_main_core(board);
	const struct chip *chip = &board->chip;
	struct text text;

	text_init(&text, board->description, sizeof(board->description));
	if (board->clone != NULL)
		text_add(&text, "%s, ", board->clone->name);
	if (chip->device != NULL) {
		if (board->clone != NULL)
			text_add(&text, "served as ");
		describe_known(chip, &text);
		text_add(&text, ", %s", core->identity.name);
		return;
	}
	if (chip->idcode == 0 && board->odd_id != 0)
		text_add(&text,
			 "unknown chip (DBGMCU_IDCODE reads 0x%08x, with no revision)",
			 (unsigned)board->odd_id);
	else
		text_add(&text, "unknown chip (DEV_ID 0x%03x, IDCODE 0x%08x)", chip->dev_id,
			 (unsigned)chip->idcode);
	text_add(&text, ", %s", core->identity.name);
	describe_designer(board, &text);
}

/* --target overrides what the chip says. */
static enum cause
apply_target(struct board *board, struct identity *identity, struct reason *why)
{
	const char *name = board->options.target;
	const struct device *named;
	enum cause cause;

	if (name == NULL)
		return CAUSE_NONE;
	named = device_by_name(board->table, name);
	if (named == NULL) {
		cause = reason_begin(why, CAUSE_REQUEST,
				     "no single device in the table is called \"%s\"",
				     name);
		reason_suspect(why, FINDING_REQUEST_NO_SUCH_PART);
		return cause;
	}
	if (identity->device != NULL && named != identity->device)
		log_warning("board", "taken for %s as asked; it says it is %s", named->name,
			    identity->device->name);
	identity->device = named;
	return CAUSE_NONE;
}

/* What was saved of one chip is not to be written into another. */
static void
take_identity(struct board *board, const struct identity *identity)
{
	struct chip *chip = &board->chip;

	if (identity->device != chip->device || identity->word != chip->idcode)
		board->has_saved_bits = false;
	chip->idcode = identity->word;
	chip->dev_id = identity->dev_id;
}

/* Of a chip that is in no table. */
static enum cause
look_around(struct board *board, struct reason *why)
{
	enum cause cause;

	chip_is_unknown(&board->chip);
	cause = board_look_for_ram(board, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "looking for RAM");
	add_external(board);
	return CAUSE_NONE;
}

enum cause
board_identify(struct board *board, struct reason *why)
{
	struct identity identity = { NULL, 0, 0 };
	enum cause cause = find_identity(board, &identity, why);

	if (cause == CAUSE_NONE)
		cause = apply_target(board, &identity, why);
	if (cause != CAUSE_NONE)
		return cause;
	take_identity(board, &identity);
	cause = identity.device != NULL ? resolve(board, identity.device, why)
					: look_around(board, why);
	if (cause == CAUSE_NONE)
		cause = board_find_maker(board, why);
	if (cause == CAUSE_NONE)
		cause = board_take_copy(board, why);
	if (cause != CAUSE_NONE)
		return cause;
	describe(board);
	board_log_protection(board);
	if (identity.device == NULL)
		log_warning("board",
			    "%s is not in the device table: it can be debugged, but its "
			    "flash cannot be programmed",
			    board->description);
	return CAUSE_NONE;
}

/* Does this part say that it has no such core? */
static bool
lacks_core(struct board *board, const struct core_entry *entry)
{
	const struct register_test *test = &entry->absent_if;
	struct reason unread = REASON_INIT;
	uint32_t value = 0;

	return test->mask != 0 &&
	       mem_read32(&board_main_core(board)->mem, test->at, &value, &unread) ==
		       CAUSE_NONE &&
	       (value & test->mask) == test->value;
}

/* Nothing holds it, its port is there, and nobody takes it for halted. Where it is not known what the
 * core is before it answers it cannot be served. */
static bool
may_sleep(const struct board *board, unsigned core, const struct core_entry *entry)
{
	return entry->gate.core.cpuid != 0 && !board->holds_other_core &&
	       board->cores[core].mem.idr != 0 && !has_only(board) &&
	       !board->runs[core].stays_halted;
}

static bool
may_wait(const struct board *board, unsigned core, const struct core_entry *entry)
{
	return board->holds_other_core && entry->gate.boot_at != 0 &&
	       board->cores[core].mem.idr != 0 && !has_only(board);
}

/* It is not one of the cores. */
static void
log_absence(const struct board *board, const struct core *core,
	    const struct core_entry *entry, const struct reason *seen)
{
	char words[512];

	reason_line(seen, words, sizeof(words));
	if (board->holds_other_core)
		log_info("board", "%s is not there: %s%s holds it", entry->name,
			 core->mem.idr == 0 ? "the part has none, or " : "",
			 entry->gate.name);
	else if (board->lacks_second_core && entry->absent_if.mask != 0)
		log_debug("board", "%s is not there: this part has none: %s", entry->name,
			  words);
	else
		log_warning("board", "%s is not there: %s", entry->name, words);
}

static enum cause
absent_core(struct board *board, unsigned core, const struct core_entry *entry,
	    const struct reason *seen, struct reason *why)
{
	struct core *absent = &board->cores[core];

	board->lacks_second_core = seen->cause == CAUSE_UNSUPPORTED && absent->mem.idr == 0;
	board->holds_other_core =
		entry->gate.name != NULL && !held_is_gate_open(board, core, &entry->gate);
	if (may_wait(board, core, entry)) {
		board->cores_len = 2;
		/* The power may have been off, which a vector catch does not outlast. */
		absent->start_catch = 0;
		held_begin(board, core, false);
		board->has_catch_left = false;
		return CAUSE_NONE;
	}
	if (may_sleep(board, core, entry)) {
		board->cores_len = 2;
		held_begin_asleep(board, core);
		return CAUSE_NONE;
	}
	if (board->cores_len > 1) {
		*why = *seen;
		return reason_while(why, "opening core %s", entry->name);
	}
	log_absence(board, absent, entry, seen);
	return CAUSE_NONE;
}

/* A core beside the main one, which may be held in reset, without a clock, or closed for good:
 * the chip is connected without it. One that sessions have been given must be there. */
static enum cause
open_further_core(struct board *board, const struct core_entry *entry, struct reason *why)
{
	unsigned place = 1 - board->main_core;
	struct core *core = &board->cores[place];
	struct reason seen = REASON_INIT;
	enum cause cause;

	if (board->cores_len <= 1)
		core_init(core, entry->name, &board->map, board->options.halt_timeout_ms);
	cause = board_open_core(board, core, entry->ap, &seen);
	if (cause == CAUSE_NONE) {
		board->cores_len = 2;
		board->runs[place].is_held = core->is_asleep = false;
		return CAUSE_NONE;
	}
	if (cause == CAUSE_FAULT || cause == CAUSE_UNSUPPORTED || cause == CAUSE_TIMEOUT)
		return absent_core(board, place, entry, &seen, why);
	*why = seen;
	return reason_while(why, "opening core %s", entry->name);
}

/* Each core has the number that its entry has, whichever was found first. */
static void
put_in_order(struct board *board)
{
	const struct device *device = board->chip.device;
	struct board_run first = board->runs[0];

	if (board->cores_len != 2 || board_entry(board, 0) != &device->cores[1])
		return;
	swap_cores(board);
	board->runs[0] = board->runs[1];
	board->runs[1] = first;
	board->main_core = 1 - board->main_core;
}

enum cause
board_open_cores(struct board *board, struct reason *why)
{
	const struct device *device = board->chip.device;
	enum cause cause = CAUSE_NONE;

	board->lacks_second_core = board->holds_other_core = false;
	_Static_assert(DEVICE_MAX_CORES == 2, "one core beside the first");
	for (unsigned i = 0; device != NULL && i < DEVICE_MAX_CORES && cause == CAUSE_NONE;
	     i++) {
		const struct core_entry *entry = &device->cores[i];

		if (entry->name == NULL)
			break;
		if (entry->ap == board_main_core(board)->mem.ap)
			board_main_core(board)->name = entry->name;
		else if (lacks_core(board, entry))
			board->lacks_second_core = true;
		else if (!has_only(board) || is_only(board, entry->name, entry->ap))
			cause = open_further_core(board, entry, why);
	}
	put_in_order(board);
	if (cause == CAUSE_NONE && device != NULL && device->cores[1].name != NULL)
		keep_only_core(board);
	return cause;
}
