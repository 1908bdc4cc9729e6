/* SPDX-License-Identifier: MIT */
#include "test/emulator/probe/probe.h"

#include <string.h>

#include "test/emulator/probe/probe_family.h"

static const struct probe_family *const families[] = { &stlink_family, &dap_family };
enum { FAMILIES = sizeof(families) / sizeof(families[0]) };

static const struct probe_family *
family_at(unsigned index, const struct probe_kind **kind)
{
	for (unsigned family = 0; family < FAMILIES; family++)
		for (unsigned i = 0; (*kind = families[family]->at(i)); i++)
			if (index-- == 0)
				return families[family];
	return NULL;
}

const struct probe_kind *
probe_kind_at(unsigned index)
{
	const struct probe_kind *kind;
	return family_at(index, &kind) ? kind : NULL;
}

const struct probe_kind *
probe_kind_find(const char *name)
{
	const struct probe_kind *kind;
	for (unsigned i = 0; (kind = probe_kind_at(i)); i++)
		if (strcmp(kind->name, name) == 0)
			return kind;
	return NULL;
}

static const struct probe_family *
family_of(const struct probe_kind *kind)
{
	const struct probe_family *family;
	const struct probe_kind *each;
	unsigned index = 0;
	do
		family = family_at(index++, &each);
	while (each != kind);
	return family;
}

bool
probe_takes_firmware(const struct probe_kind *kind, const char *firmware)
{
	const struct probe_family *family = family_of(kind);
	return !family->takes_firmware || family->takes_firmware(kind, firmware);
}

struct usb_function *
probe_new(const struct probe_kind *kind, struct wire *wire, const struct probe_setup *setup,
	  struct stats *stats)
{
	static const struct probe_setup as_bought = { 0 };
	return family_of(kind)->create(kind, wire, setup ? setup : &as_bought, stats);
}

void
probe_swo(struct usb_function *probe, uint32_t baud, const uint8_t *bytes, unsigned size)
{
	if (probe->ops->swo)
		probe->ops->swo(probe, baud, bytes, size);
}
