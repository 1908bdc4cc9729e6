/* SPDX-License-Identifier: MIT */
#include "transport/adi/rom_table.h"

#include "transport/adi/registers.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

/* IHI 0029E B2, Component and Peripheral ID registers; IHI 0031G chapter D, ROM tables. */
enum {
	ENTRIES_SIZE = 0xf00, /* of a table's 4 KiB: the rest is its ID registers */
	ENTRIES_AT_ONCE = 16,
	DEVARCH = 0xfbc,
	PIDR4 = 0xfd0, /* PIDR4 to 7, PIDR0 to 3, CIDR0 to 3: one after another */
	IDS = 12,
	CLASS_ROM = 1,
	CLASS_CORESIGHT = 9,
	ARCHID_ROM = 0x0af7, /* DEVARCH.ARCHID of a class 9 table */
	ENTRY_PRESENT = 1,   /* class 1: bit 0 */
	ENTRY_PRESENT_9 = 3  /* class 9: bits 1:0 */
};

#define ENTRY_OFFSET  0xfffff000u /* signed; from the table's base */
#define CIDR_PREAMBLE 0xb105000du /* what CIDR0 to 3 read, but for the class */
#define CIDR_CLASS    0x0000f000u

/* By index into what is read from PIDR4 on. */
enum { ID_PIDR4 = 0, ID_PIDR0 = 4, ID_PIDR1, ID_PIDR2, ID_CIDR0 = 8 };

struct walk {
	struct mem_ap *mem;
	struct rom_table *table;
};

static enum cause
read_words(struct mem_ap *mem, uint32_t at, uint32_t *words, size_t len, struct reason *why)
{
	struct mem_word batch[ENTRIES_AT_ONCE];
	enum cause cause;

	for (size_t i = 0; i < len; i++)
		batch[i] = (struct mem_word){ .at = at + 4 * (uint32_t)i };
	cause = mem_batch(mem, batch, len, why);
	for (size_t i = 0; i < len && cause == CAUSE_NONE; i++)
		words[i] = batch[i].value;
	return cause;
}

/* Each ID register holds 8 bits of the whole. */
static uint32_t
join_bytes(const uint32_t *ids)
{
	return (ids[0] & 0xff) | (ids[1] & 0xff) << 8 | (ids[2] & 0xff) << 16 |
	       (ids[3] & 0xff) << 24;
}

static void
parse_ids(const uint32_t *ids, struct rom_component *component)
{
	uint32_t identity = ((ids[ID_PIDR1] >> 4) & 0xf) | (ids[ID_PIDR2] & 7) << 4;
	uint32_t continuation = ids[ID_PIDR4] & 0xf;

	component->component_class = (ids[ID_CIDR0 + 1] >> 4) & 0xf;
	component->designer = (uint16_t)(continuation << 7 | identity);
	component->part = (uint16_t)((ids[ID_PIDR0] & 0xff) | (ids[ID_PIDR1] & 0xf) << 8);
}

static enum cause
read_component(struct mem_ap *mem, uint32_t at, struct rom_component *component,
	       struct reason *why)
{
	uint32_t ids[IDS], devarch = 0;
	enum cause cause = read_words(mem, at + PIDR4, ids, IDS, why);

	if (cause == CAUSE_NONE &&
	    (join_bytes(ids + ID_CIDR0) & ~CIDR_CLASS) != CIDR_PREAMBLE)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "there is no debug component at 0x%08x: CIDR reads "
				    "0x%08x",
				    (unsigned)at, (unsigned)join_bytes(ids + ID_CIDR0));
	if (cause != CAUSE_NONE)
		return cause;
	component->at = at;
	parse_ids(ids, component);
	if (component->component_class == CLASS_CORESIGHT)
		cause = mem_read32(mem, at + DEVARCH, &devarch, why);
	component->archid = (uint16_t)devarch;
	return cause;
}

static bool
is_table(const struct rom_component *component)
{
	return component->component_class == CLASS_ROM ||
	       (component->component_class == CLASS_CORESIGHT &&
		component->archid == ARCHID_ROM);
}

static bool
is_present(const struct rom_component *table, uint32_t entry)
{
	return table->component_class == CLASS_ROM
		       ? (entry & ENTRY_PRESENT) != 0
		       : (entry & ENTRY_PRESENT_9) == ENTRY_PRESENT_9;
}

/* Adds what an entry points at; not when it is no use, or no more fits. */
static void
add_component(struct walk *walk, uint32_t at, uint8_t depth)
{
	struct rom_component component = { .depth = depth };
	struct reason why = REASON_INIT;

	/* A part that is not powered does not answer, and the others are still there. */
	if (read_component(walk->mem, at, &component, &why) != CAUSE_NONE) {
		log_debug("adi", "ROM table: 0x%08x is left out: %s", (unsigned)at,
			  reason_root(&why));
		return;
	}
	if (walk->table->len < ROM_MAX_COMPONENTS)
		walk->table->components[walk->table->len++] = component;
	else
		log_debug("adi", "ROM table: no room for 0x%08x", (unsigned)at);
}

/* *is_end when an entry of 0 ended the table. */
static enum cause
read_entries(struct walk *walk, const struct rom_component *table, uint32_t offset,
	     bool *is_end, struct reason *why)
{
	uint32_t entries[ENTRIES_AT_ONCE];
	enum cause cause =
		read_words(walk->mem, table->at + offset, entries, ENTRIES_AT_ONCE, why);

	for (size_t i = 0; cause == CAUSE_NONE && i < ENTRIES_AT_ONCE && !*is_end; i++) {
		*is_end = entries[i] == 0;
		if (is_present(table, entries[i]))
			add_component(walk, table->at + (entries[i] & ENTRY_OFFSET),
				      (uint8_t)(table->depth + 1));
	}
	return cause;
}

static enum cause
read_table(struct walk *walk, const struct rom_component *table, struct reason *why)
{
	enum cause cause = CAUSE_NONE;
	bool is_end = false;

	for (uint32_t offset = 0; cause == CAUSE_NONE && !is_end && offset < ENTRIES_SIZE &&
				  walk->table->len < ROM_MAX_COMPONENTS;
	     offset += 4 * ENTRIES_AT_ONCE)
		cause = read_entries(walk, table, offset, &is_end, why);
	return cause;
}

/* The tables in the table are found in the list as it grows: breadth first. One that points
 * back at itself ends at the depth or at the end of the list. */
static void
read_inner_tables(struct walk *walk)
{
	for (size_t i = 0; i < walk->table->len; i++) {
		struct rom_component inner = walk->table->components[i];
		struct reason why = REASON_INIT;

		if (!is_table(&inner) || inner.depth >= ROM_MAX_DEPTH)
			continue;
		if (read_table(walk, &inner, &why) != CAUSE_NONE)
			log_debug("adi", "ROM table at 0x%08x is left out: %s",
				  (unsigned)inner.at, reason_root(&why));
	}
}

static bool
has_table(const struct mem_ap *mem)
{
	return mem->base != BASE_NONE && REG_GET(mem->base, BASE_P) != 0;
}

static enum cause
read_outermost(struct mem_ap *mem, struct rom_component *outermost, struct reason *why)
{
	enum cause cause;

	if (!has_table(mem))
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "access port %s has no ROM table: BASE is 0x%08x",
				    probe_name_port(mem->ap).words, (unsigned)mem->base);
	cause = read_component(mem, mem->base & REG_MASK(BASE_BASEADDR), outermost, why);
	if (cause == CAUSE_NONE && !is_table(outermost))
		return reason_begin(
			why, CAUSE_UNSUPPORTED,
			"what access port %s points at (0x%08x) is no ROM table "
			"but of class %u",
			probe_name_port(mem->ap).words, (unsigned)outermost->at,
			outermost->component_class);
	return cause;
}

static enum cause
while_reading(const struct mem_ap *mem, struct reason *why)
{
	return reason_while(why, "reading the ROM table at 0x%08x",
			    (unsigned)(mem->base & REG_MASK(BASE_BASEADDR)));
}

enum cause
rom_table_read_designer(struct mem_ap *mem, uint16_t *designer, uint16_t *part,
			struct reason *why)
{
	struct rom_component outermost = { 0 };
	enum cause cause = read_outermost(mem, &outermost, why);

	if (cause != CAUSE_NONE)
		return while_reading(mem, why);
	*designer = outermost.designer;
	*part = outermost.part;
	return CAUSE_NONE;
}

enum cause
rom_table_read(struct mem_ap *mem, struct rom_table *table, struct reason *why)
{
	struct walk walk = { mem, table };
	struct rom_component outermost = { 0 };
	enum cause cause;

	*table = (struct rom_table){ 0 };
	cause = read_outermost(mem, &outermost, why);
	if (cause == CAUSE_NONE)
		cause = read_table(&walk, &outermost, why);
	if (cause != CAUSE_NONE)
		return while_reading(mem, why);
	table->designer = outermost.designer;
	table->part = outermost.part;
	read_inner_tables(&walk);
	return CAUSE_NONE;
}

const struct rom_component *
rom_table_find(const struct rom_table *table, uint16_t designer, uint16_t part)
{
	for (size_t i = 0; i < table->len; i++)
		if (table->components[i].designer == designer &&
		    table->components[i].part == part)
			return &table->components[i];
	return NULL;
}
