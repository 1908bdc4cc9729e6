/* SPDX-License-Identifier: MIT */
#include "targets/chip/device.h"

#include <ctype.h>
#include <string.h>

const struct device *
device_by_id(uint32_t idcode_at, uint16_t dev_id)
{
	for (size_t i = 0; i < device_table_len; i++)
		if (device_table[i]->idcode_at == idcode_at &&
		    device_table[i]->dev_id == dev_id)
			return device_table[i];
	return NULL;
}

/* Does `name` as typed begin like `part`? An x in either stands for any character, and
 * what follows the part's own name (package, temperature) says nothing about the chip. */
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
static bool
fits_device(const struct device *device, const char *name)
{
	const char *piece = device->name;
	size_t first_len = strcspn(piece, "/ ");
	char part[32];

	for (;;) {
		size_t len = strcspn(piece, "/ ");

		if (len > first_len || first_len >= sizeof(part))
			return false;
		memcpy(part, device->name, first_len - len);
		memcpy(part + first_len - len, piece, len);
		if (fits_part(part, first_len, name))
			return true;
		if (piece[len] != '/')
			return false;
		piece += len + 1;
	}
}

const struct device *
device_by_name(const char *name)
{
	const struct device *found = NULL;

	for (size_t i = 0; i < device_table_len; i++) {
		if (strcmp(device_table[i]->name, name) == 0)
			return device_table[i];
		if (!fits_device(device_table[i], name))
			continue;
		if (found != NULL)
			return NULL;
		found = device_table[i];
	}
	return found;
}

uint32_t
device_bank_size(const struct bank_entry *bank, uint32_t flash_kib)
{
	uint32_t drawn = 0;
	uint32_t size = bank->share == 0 ? 0 : KIB(flash_kib / bank->share);

	for (size_t i = 0; i < BANK_MAX_RUNS && bank->runs[i].count > 0; i++)
		drawn += bank->runs[i].count * bank->runs[i].size;
	return size < drawn ? size : drawn;
}
