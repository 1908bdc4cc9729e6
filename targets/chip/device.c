/* SPDX-License-Identifier: MIT */
#include "targets/chip/device.h"

#include <ctype.h>
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

/* An x in either stands for any character, and what follows the part's own name (package,
 * temperature) says nothing about the chip. */
static bool
fits_part(const char *part, size_t part_len, const char *name)
{
	for (size_t i = 0; i < part_len; i++) {
		int wanted = tolower((unsigned char)part[i]);
		int typed = tolower((unsigned char)name[i]);

		if (typed == '\0' || (wanted != typed && wanted != 'x' && typed != 'x'))
			return false;
	}
	return true;
}

/* A name such as "STM32G471/473/474" is several: each piece replaces the end of the
 * first. */
bool
device_name_fits(const char *names, const char *name)
{
	const char *piece = names;
	size_t first_len = strcspn(piece, "/ ");
	char part[32];

	for (;;) {
		size_t len = strcspn(piece, "/ ");

		if (len > first_len || first_len >= sizeof(part))
			return false;
		memcpy(part, names, first_len - len);
		memcpy(part + first_len - len, piece, len);
		if (fits_part(part, first_len, name))
			return true;
		if (piece[len] != '/')
			return false;
		piece += len + 1;
	}
}

const struct device *
device_by_name(const struct device_table *table, const char *name)
{
	const struct device *found = NULL;
	const struct device *device;

	for (size_t i = 0; (device = device_at(table, i)) != NULL; i++) {
		if (strcmp(device->name, name) == 0)
			return device;
		if (!device_name_fits(device->name, name))
			continue;
		if (found != NULL)
			return NULL;
		found = device;
	}
	return found;
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
