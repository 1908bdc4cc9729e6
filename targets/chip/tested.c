/* SPDX-License-Identifier: MIT */
#include "targets/chip/tested.h"

static const struct {
	uint16_t dev_id;
	const char *boards[TESTED_MAX_BOARDS + 1];
} tested[] = {
	{ 0x410, { "bluepill-f103" } },
	{ 0x415, { "l476rg-custom" } },
	{ 0x422, { "steval-esc001v1" } },
	{ 0x450, { "nucleo-h743zi2", "nucleo-h745zi-q", "nucleo-h755zi-q" } },
	{ 0x458, { "f410-custom" } },
	{ 0x460, { "nucleo-g071rb" } },
	{ 0x469, { "g473-custom", "g473-custom-512k" } },
	{ 0x482, { "nucleo-u575zi-q" } },
	{ 0x483, { "stm32h735g-dk" } },
	{ 0x484, { "nucleo-h563zi" } },
};

const char *const *
device_tested_on(const struct device *device)
{
	static const char *const none[] = { NULL };

	for (size_t i = 0; i < array_len(tested); i++)
		if (tested[i].dev_id == device->dev_id)
			return tested[i].boards;
	return none;
}
