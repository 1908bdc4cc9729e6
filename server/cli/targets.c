/* SPDX-License-Identifier: MIT */
#include "server/cli/targets.h"

#include "server/cli/json.h"
#include "targets/chip/tested.h"
#include "transport/base/text.h"

#include <inttypes.h>

/* Two blanks or more between columns: scripts/make-parts takes the line apart there. */
#define ROW "%-48s  %-6s  %-8s  %-25s  %s\n"

static const char *
kind_name(enum memory_kind kind)
{
	switch (kind) {
	case MEMORY_FLASH:
		return "flash";
	case MEMORY_RAM:
		return "ram";
	case MEMORY_EEPROM:
		return "eeprom";
	case MEMORY_OTP:
		return "otp";
	case MEMORY_OPTION_BYTES:
		return "option bytes";
	case MEMORY_SYSTEM_ROM:
		return "system rom";
	case MEMORY_EXTERNAL:
		return "external";
	}
	return "";
}

/* The interface of its flash; NULL: it has none. */
static const struct flash_interface *
interface_of(const struct device *device)
{
	const struct memory_entry *memory = device->memories;

	for (; memory != NULL && memory->name != NULL; memory++)
		if (memory->kind == MEMORY_FLASH)
			return memory->interface;
	if (device->layouts == NULL)
		return NULL;
	for (memory = device->layouts->memories; memory->name != NULL; memory++)
		if (memory->kind == MEMORY_FLASH)
			return memory->interface;
	return NULL;
}

static bool
is_programmable(const struct device *device)
{
	const struct flash_interface *interface = interface_of(device);

	return interface != NULL && interface->driver != FLASH_DRIVER_NONE;
}

static void
add_cores(const struct device *device, struct text *text)
{
	for (size_t i = 0; i < DEVICE_MAX_CORES && device->cores[i].name != NULL; i++)
		text_add(text, "%s%s", i > 0 ? "," : "", device->cores[i].name);
}

static void
add_boards(const struct device *device, struct text *text)
{
	const char *const *board = device_tested_on(device);

	if (*board == NULL)
		text_add(text, "-");
	for (const char *separator = ""; *board != NULL; board++, separator = ", ")
		text_add(text, "%s%s", separator, *board);
}

static void
print_row(FILE *file, const struct device *device)
{
	char id[8], cores[32], flash[48], boards[128];
	struct text text;

	snprintf(id, sizeof(id), "0x%03x", device->dev_id);
	text_init(&text, cores, sizeof(cores));
	add_cores(device, &text);
	text_init(&text, flash, sizeof(flash));
	if (device->max_flash_kib == 0)
		text_add(&text, "none");
	else
		text_add(&text, "%" PRIu32 " KiB%s", device->max_flash_kib,
			 is_programmable(device) ? "" : " (not programmed)");
	text_init(&text, boards, sizeof(boards));
	add_boards(device, &text);
	fprintf(file, ROW, device->name, id, cores, flash, boards);
}

static bool
is_wanted(const struct device *device, const struct targets_wanted *wanted)
{
	for (unsigned i = 0; i < wanted->len; i++)
		if (device_name_begins(device->name, wanted->words[i]))
			return true;
	return wanted->len == 0;
}

unsigned
targets_count(const struct device_table *table, const struct targets_wanted *wanted)
{
	const struct device *device;
	unsigned count = 0;

	for (size_t i = 0; (device = device_at(table, i)) != NULL; i++)
		count += is_wanted(device, wanted);
	return count;
}

void
targets_print_text(FILE *file, const struct device_table *table,
		   const struct targets_wanted *wanted)
{
	const struct device *device;

	fprintf(file, ROW, "Parts", "DEV_ID", "cores", "flash up to", "tested on");
	for (size_t i = 0; (device = device_at(table, i)) != NULL; i++)
		if (is_wanted(device, wanted))
			print_row(file, device);
}

static void
print_string(FILE *file, const char *name, const char *words)
{
	fprintf(file, "\"%s\": ", name);
	json_print_string(file, words);
}

static void
print_cores(FILE *file, const struct device *device)
{
	fputs(",\n   \"cores\": [", file);
	for (size_t i = 0; i < DEVICE_MAX_CORES && device->cores[i].name != NULL; i++) {
		const struct core_entry *core = &device->cores[i];

		fputs(i > 0 ? ", {" : "{", file);
		print_string(file, "name", core->name);
		fprintf(file, ", \"port\": %" PRIu32 "}", core->ap);
	}
	fputc(']', file);
}

static void
print_parts(FILE *file, const struct device *device)
{
	const struct variant *variant = device->variants;

	fputs(",\n   \"parts\": [", file);
	for (; variant != NULL && variant->name != NULL; variant++) {
		fputs(variant != device->variants ? ", " : "", file);
		json_print_string(file, variant->name);
	}
	fputc(']', file);
}

static void
print_boards(FILE *file, const struct device *device)
{
	const char *const *board = device_tested_on(device);

	fputs(",\n   \"tested_on\": [", file);
	for (const char *separator = ""; *board != NULL; board++, separator = ", ") {
		fputs(separator, file);
		json_print_string(file, *board);
	}
	fputc(']', file);
}

/* One list of the entry; `of` says which part or layout has it, NULL when all do. */
static void
print_memories(FILE *file, const struct memory_entry *memories, const char *of,
	       bool *is_first)
{
	for (; memories != NULL && memories->name != NULL; memories++) {
		fputs(*is_first ? "\n    {" : ",\n    {", file);
		*is_first = false;
		print_string(file, "name", memories->name);
		fputs(", ", file);
		print_string(file, "kind", kind_name(memories->kind));
		fprintf(file, ", \"base\": %" PRIu32 ", \"size\": %" PRIu32, memories->base,
			memory_entry_size(memories));
		if (memories->alias_of != NULL) {
			fputs(", ", file);
			print_string(file, "alias_of", memories->alias_of);
		}
		if (of != NULL) {
			fputs(", ", file);
			print_string(file, "of", of);
		}
		fputc('}', file);
	}
}

static void
print_all_memories(FILE *file, const struct device *device)
{
	const struct variant *variant = device->variants;
	const struct layout *layout = device->layouts;
	bool is_first = true;

	fputs(",\n   \"memories\": [", file);
	print_memories(file, device->memories, NULL, &is_first);
	for (; variant != NULL && variant->name != NULL; variant++)
		print_memories(file, variant->memories, variant->name, &is_first);
	for (; layout != NULL && layout->name != NULL; layout++)
		print_memories(file, layout->memories, layout->name, &is_first);
	fputc(']', file);
}

static void
print_object(FILE *file, const struct device_family *family, const struct device *device)
{
	const struct flash_interface *interface = interface_of(device);

	fputs("  {", file);
	print_string(file, "name", device->name);
	fputs(", ", file);
	print_string(file, "family", family->name);
	fputs(", ", file);
	print_string(file, "source", device->source);
	fprintf(file, ",\n   \"dev_id\": %u, \"flash_kib\": %" PRIu32, device->dev_id,
		device->max_flash_kib);
	fputs(", ", file);
	if (interface != NULL)
		print_string(file, "flash_interface", interface->name);
	else
		fputs("\"flash_interface\": null", file);
	fprintf(file, ", \"programmable\": %s", is_programmable(device) ? "true" : "false");
	print_cores(file, device);
	print_parts(file, device);
	print_boards(file, device);
	print_all_memories(file, device);
	fputc('}', file);
}

void
targets_print_json(FILE *file, const struct device_table *table,
		   const struct targets_wanted *wanted)
{
	const char *separator = "\n";

	fputs("{\"targets\": [", file);
	for (size_t f = 0; f < table->len; f++)
		for (size_t d = 0; d < table->families[f]->len; d++) {
			const struct device *device = &table->families[f]->devices[d];

			if (!is_wanted(device, wanted))
				continue;
			fputs(separator, file);
			print_object(file, table->families[f], device);
			separator = ",\n";
		}
	fputs("\n]}\n", file);
}
