/* SPDX-License-Identifier: MIT */
#include "targets/chip/device.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const struct device *
device_at(const struct device_table *table, size_t index)
{
	for (size_t i = 0; i < table->len; i++) {
		if (index < table->families[i]->len)
			return &table->families[i]->devices[index];
		index -= table->families[i]->len;
	}
	return NULL;
}

static bool
has_id_at(const struct device *device, enum id_place place)
{
	for (size_t i = 0; i < DEVICE_MAX_ID_PLACES && device->ids[i] != ID_NOWHERE; i++)
		if (device->ids[i] == place)
			return true;
	return false;
}

const struct device *
device_by_id(const struct device_table *table, enum id_place place, uint16_t dev_id)
{
	const struct device *device;

	for (size_t i = 0; (device = device_at(table, i)) != NULL; i++)
		if (device->dev_id == dev_id && has_id_at(device, place))
			return device;
	return NULL;
}

static bool
has_device(const struct device_family *family, const struct device *device)
{
	for (size_t i = 0; i < family->len; i++)
		if (&family->devices[i] == device)
			return true;
	return false;
}

const struct device_family *
device_family_of(const struct device_table *table, const struct device *device)
{
	for (size_t i = 0; i < table->len; i++)
		if (has_device(table->families[i], device))
			return table->families[i];
	return NULL;
}

enum { PART_NAME_MAX = 32 };

/* How many characters of `part` the name as typed begins with; 0 when they differ. An x in
 * either stands for any character and counts for less, and what follows the part's own name
 * (package, temperature) says nothing about the chip. */
static size_t
fit_of_part(const char *part, size_t part_len, const char *name)
{
	size_t same = 0;

	for (size_t i = 0; i < part_len; i++) {
		int wanted = tolower((unsigned char)part[i]);
		int typed = tolower((unsigned char)name[i]);

		if (typed == '\0' || (wanted != typed && wanted != 'x' && typed != 'x'))
			return 0;
		same += wanted == typed;
	}
	return same;
}

/* What the pieces of "STM32G471/473/474" have in front: "STM32" and the letters of the
 * family. */
static size_t
stem_len(const char *names)
{
	size_t len = strlen("STM32");

	if (strncmp(names, "STM32", len) != 0)
		return 0;
	while (isalpha((unsigned char)names[len]))
		len++;
	return len;
}

/* As above, of a name that may end before the part's. */
static size_t
beginning_of_part(const char *part, size_t part_len, const char *name)
{
	size_t len = strlen(name);

	return fit_of_part(part, len < part_len ? len : part_len, name);
}

/* The best of the pieces. */
static size_t
fit_of_names(const char *names, const char *name,
	     size_t (*fit_of)(const char *part, size_t part_len, const char *name))
{
	const char *piece = names;
	size_t stem = stem_len(names), best = 0;
	char part[PART_NAME_MAX];

	for (;;) {
		size_t len = strcspn(piece, "/ ");
		size_t before = piece == names ? 0 : stem;
		size_t fit;

		if (before + len >= sizeof(part))
			return best;
		memcpy(part, names, before);
		memcpy(part + before, piece, len);
		fit = fit_of(part, before + len, name);
		if (fit > best)
			best = fit;
		if (piece[len] != '/')
			return best;
		piece += len + 1;
	}
}

bool
device_name_fits(const char *names, const char *name)
{
	return fit_of_names(names, name, fit_of_part) > 0;
}

bool
device_name_begins(const char *names, const char *name)
{
	static const char all[] = "STM32";
	char whole[PART_NAME_MAX + sizeof(all)];

	if (fit_of_names(names, name, beginning_of_part) > 0)
		return true;
	snprintf(whole, sizeof(whole), "%s%s", all, name);
	return fit_of_names(names, whole, beginning_of_part) > 0;
}

/* "STM32L151CBT6A" fits "STM32L151xB" and "STM32L151xBxxA": more that is the same wins. */
const struct device *
device_by_name(const struct device_table *table, const char *name)
{
	const struct device *found = NULL;
	const struct device *device;
	bool is_only = false;
	size_t best = 0;

	for (size_t i = 0; (device = device_at(table, i)) != NULL; i++) {
		size_t fit = fit_of_names(device->name, name, fit_of_part);

		if (strcmp(device->name, name) == 0)
			return device;
		if (fit == 0 || fit < best)
			continue;
		is_only = fit > best;
		best = fit;
		found = device;
	}
	return is_only ? found : NULL;
}

uint32_t
memory_entry_size(const struct memory_entry *memory)
{
	uint32_t size = 0;

	if (memory->size != 0)
		return memory->size;
	for (size_t i = 0; i < MEMORY_MAX_RUNS && memory->runs[i].count > 0; i++)
		size += memory->runs[i].count * memory->runs[i].size;
	return size;
}

uint32_t
memory_entry_size_at(const struct memory_entry *memory, uint32_t flash_kib)
{
	uint32_t drawn = memory_entry_size(memory);
	uint32_t share;

	if (memory->share == 0)
		return drawn;
	share = KIB(flash_kib / memory->share);
	return share < drawn ? share : drawn;
}

uint32_t
device_flash_kib(const struct device *device, uint32_t word)
{
	const struct size_word *size = &device->size_word;
	uint32_t kib = 0;

	if (size->mask != 0)
		word &= size->mask;
	switch (size->kind) {
	case SIZE_FIXED:
		kib = device->max_flash_kib;
		break;
	case SIZE_IN_KIB:
		kib = word;
		break;
	case SIZE_IN_CODES:
		kib = word < SIZE_MAX_CODES ? size->codes[word] : 0;
		break;
	case SIZE_LAST_WORD:
		kib = (word + 1) / (KIB(1) / sizeof(uint32_t));
		break;
	}
	return kib <= device->max_flash_kib ? kib : 0;
}

/* Every size in ST's product tables, of any STM32 (the size code of the part number and data
 * sheets; 24, 96, 192, 320, 384 and 640 are sizes of L01, L1, L07, WB, F1 and WB parts). */
static bool
is_stm32_size(uint32_t kib)
{
	static const uint16_t sizes[] = { 8,   16,   24,   32,   48,  64,  96,
					  128, 192,  256,  320,  384, 512, 640,
					  768, 1024, 1536, 2048, 4096 };

	for (size_t i = 0; i < array_len(sizes); i++)
		if (sizes[i] == kib)
			return true;
	return false;
}

/* Where a row distinguishes its parts by their size, there is no other. */
bool
device_has_flash_kib(const struct device *device, uint32_t kib)
{
	bool is_sized = false;

	for (size_t i = 0; device->variants != NULL && device->variants[i].name != NULL;
	     i++) {
		const struct selector *when = &device->variants[i].when;

		if (when->kib_min == 0 || when->kib_min != when->kib_max)
			continue;
		if (when->kib_min == kib)
			return true;
		is_sized = true;
	}
	return !is_sized && kib <= device->max_flash_kib && is_stm32_size(kib);
}

const char *
device_family_name(const struct device_table *table, const struct device *device)
{
	const struct device_family *family = device_family_of(table, device);

	return family != NULL ? family->name : NULL;
}
