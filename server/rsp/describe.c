/* SPDX-License-Identifier: MIT */
#include "server/rsp/describe.h"

#include <string.h>

/* Attribute values come from our own tables and from text made of hardware state; the five
 * characters that XML reserves are written as entities all the same. */
static void
add_escaped(struct text *xml, const char *words)
{
	static const struct {
		char c;
		const char *entity;
	} entities[] = { { '&', "&amp;" },
			 { '<', "&lt;" },
			 { '>', "&gt;" },
			 { '"', "&quot;" },
			 { '\'', "&apos;" } };

	for (; *words != '\0'; words++) {
		const char *entity = NULL;

		for (size_t i = 0; i < array_len(entities); i++)
			if (*words == entities[i].c)
				entity = entities[i].entity;
		if (entity != NULL)
			text_add(xml, "%s", entity);
		else
			text_add(xml, "%c", *words);
	}
}

static void
add_values(const struct register_field *field, struct text *xml)
{
	text_add(xml, "    <enum id=\"%s\" size=\"4\">\n", field->values_name);
	for (size_t i = 0; i < field->values_len; i++)
		text_add(xml, "      <evalue name=\"%s\" value=\"%u\"/>\n",
			 field->values[i].name, field->values[i].value);
	text_add(xml, "    </enum>\n");
}

/* gdb 13.1 and 16.3 take a field of several bits for a number when it names no type. */
static void
add_field(const struct register_field *field, struct text *xml)
{
	text_add(xml, "      <field name=\"%s\" start=\"%u\" end=\"%u\"", field->name,
		 field->first, field->last);
	if (field->values != NULL)
		text_add(xml, " type=\"%s\"", field->values_name);
	text_add(xml, "/>\n");
}

/* The type with the fields that the core has. A type is known in its feature from there on. */
static void
add_type(const struct register_type *type, uint8_t features, struct text *xml)
{
	for (size_t i = 0; i < type->fields_len; i++)
		if (type->fields[i].values != NULL)
			add_values(&type->fields[i], xml);
	text_add(xml, "    <flags id=\"%s\" size=\"%u\">\n", type->name, type->bits / 8u);
	for (size_t i = 0; i < type->fields_len; i++)
		if ((type->fields[i].needs & ~features) == 0)
			add_field(&type->fields[i], xml);
	text_add(xml, "    </flags>\n");
}

/* Is it the first register that the core has of that type? */
static bool
begins_type(uint8_t features, unsigned number)
{
	const char *type = core_register_at(features, number)->type;

	while (number-- > 0)
		if (strcmp(core_register_at(features, number)->type, type) == 0)
			return false;
	return true;
}

static void
add_register(const struct core_register *reg, unsigned number, struct text *xml)
{
	text_add(xml, "    <reg name=\"%s\" bitsize=\"%u\" type=\"%s\" regnum=\"%u\"",
		 reg->name, reg->bits, reg->type, number);
	if (reg->group != NULL)
		text_add(xml, " group=\"%s\"", reg->group);
	text_add(xml, "/>\n");
}

void
describe_target(const struct core_identity *core, struct text *xml)
{
	const char *feature = "";
	unsigned len = core_register_count(core->features);

	text_add(xml, "<?xml version=\"1.0\"?>\n"
		      "<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
		      "<target version=\"1.0\">\n"
		      "  <architecture>arm</architecture>\n");
	for (unsigned number = 0; number < len; number++) {
		const struct core_register *reg = core_register_at(core->features, number);
		const struct register_type *type = register_type_find(reg->type);

		if (strcmp(reg->feature, feature) != 0) {
			text_add(xml, "%s  <feature name=\"%s\">\n",
				 feature[0] != '\0' ? "  </feature>\n" : "", reg->feature);
			feature = reg->feature;
		}
		if (type != NULL && begins_type(core->features, number))
			add_type(type, core->features, xml);
		add_register(reg, number, xml);
	}
	text_add(xml, "  </feature>\n</target>\n");
}

/* gdb asks for one block size per region, so each run of equal sectors is a region. */
static uint32_t
add_flash_bank(const struct flash_bank *bank, struct text *xml)
{
	uint32_t at = bank->base;

	for (unsigned i = 0; i < MEMORY_MAX_RUNS && at < bank->base + bank->size; i++) {
		const struct sector_run *run = &bank->entry->runs[i];
		uint32_t left = bank->base + bank->size - at;
		uint32_t size =
			run->count * run->size < left ? run->count * run->size : left;

		text_add(xml,
			 "  <memory type=\"flash\" start=\"0x%08x\" length=\"0x%x\">\n"
			 "    <property name=\"blocksize\">0x%x</property>\n"
			 "  </memory>\n",
			 (unsigned)at, (unsigned)size, (unsigned)run->size);
		at += size;
	}
	return at;
}

static void
add_ram(uint64_t from, uint64_t to, struct text *xml)
{
	if (to > from)
		text_add(xml,
			 "  <memory type=\"ram\" start=\"0x%08llx\" length=\"0x%llx\"/>\n",
			 (unsigned long long)from, (unsigned long long)(to - from));
}

void
describe_memory_map(const struct geometry *geometry, struct text *xml)
{
	const uint64_t end = UINT64_C(1) << 32;
	uint64_t at = 0;

	text_add(xml, "<?xml version=\"1.0\"?>\n"
		      "<!DOCTYPE memory-map PUBLIC \"+//IDN gnu.org//DTD GDB Memory Map "
		      "V1.0//EN\" "
		      "\"http://sourceware.org/gdb/gdb-memory-map.dtd\">\n"
		      "<memory-map>\n");
	/* Banks are in ascending order (geometry.h); what lies between is not flash. */
	for (unsigned i = 0; geometry != NULL && i < geometry->banks_len; i++) {
		add_ram(at, geometry->banks[i].base, xml);
		at = add_flash_bank(&geometry->banks[i], xml);
	}
	add_ram(at, end, xml);
	text_add(xml, "</memory-map>\n");
}

void
describe_threads_begin(struct text *xml)
{
	text_add(xml, "<?xml version=\"1.0\"?>\n<threads>\n");
}

void
describe_thread(const char *thread, const char *name, const char *state, struct text *xml)
{
	text_add(xml, "  <thread id=\"%s\" name=\"", thread);
	add_escaped(xml, name);
	text_add(xml, "\">");
	add_escaped(xml, state);
	text_add(xml, "</thread>\n");
}

void
describe_threads_end(struct text *xml)
{
	text_add(xml, "</threads>\n");
}

static void
begin_osdata(const char *type, struct text *xml)
{
	text_add(xml,
		 "<?xml version=\"1.0\"?>\n"
		 "<!DOCTYPE osdata SYSTEM \"osdata.dtd\">\n"
		 "<osdata type=\"%s\">\n",
		 type);
}

void
describe_processes_begin(struct text *xml)
{
	begin_osdata("processes", xml);
}

static void
add_column(const char *name, const char *words, struct text *xml)
{
	text_add(xml, "<column name=\"%s\">", name);
	add_escaped(xml, words);
	text_add(xml, "</column>");
}

void
describe_process(unsigned pid, const char *name, const char *state, struct text *xml)
{
	text_add(xml, "  <item><column name=\"pid\">%u</column>", pid);
	add_column("user", "-", xml);
	add_column("command", name, xml);
	text_add(xml, "<column name=\"cores\">%u</column>", pid - 1);
	add_column("state", state, xml);
	text_add(xml, "</item>\n");
}

void
describe_processes_end(struct text *xml)
{
	text_add(xml, "</osdata>\n");
}

void
describe_osdata_types(struct text *xml)
{
	begin_osdata("types", xml);
	text_add(xml, "  <item>");
	add_column("Type", "processes", xml);
	add_column("Description", "the cores, and what each does", xml);
	add_column("Title", "Processes", xml);
	text_add(xml, "</item>\n</osdata>\n");
}
