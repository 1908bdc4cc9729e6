/* SPDX-License-Identifier: MIT */
#include "test/emulator/also.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/emulator/probe/probe.h"
#include "test/emulator/wire/wire.h"

enum { KIND_NAME_MAX = 64 };

struct also {
	struct stats stats;
	struct soc *soc;
	struct wire *wire;
	struct usb_function *probe;
};

/* As long as nothing pulls NRST up it is low. The resistor and the capacitor are the
 * chip's and its board's, which are not there: any will do. */
static const struct wiring bare = {
	.vapp_open = true,
	.swd_open = true,
	.nrst_open = true,
	.nrst_pull_up_ohm = 40e3,
	.nrst_capacitor_farad = 100e-9,
	.nrst_driver_ohm = 50,
};

static const struct probe_kind *
find_kind(const char *spec, size_t len)
{
	char name[KIND_NAME_MAX];
	snprintf(name, sizeof(name), "%.*s", (int)len, spec);
	const struct probe_kind *kind = probe_kind_find(name);
	if (!kind)
		fprintf(stderr, "emulator: there is no probe named %s\n", name);
	return kind;
}

struct also *
also_new(const char *spec, const struct chip *chip, uint64_t seed)
{
	size_t len = strcspn(spec, ":");
	const struct probe_kind *kind = find_kind(spec, len);
	struct also *also = kind ? calloc(1, sizeof(*also)) : NULL;
	const struct probe_setup setup = { .serial = spec[len] ? spec + len + 1 : NULL,
					   .seed = seed };
	if (!kind)
		return NULL;
	if (!also)
		abort();
	also->soc = soc_new(chip, &also->stats);
	also->wire = wire_new(also->soc, &bare, &also->stats);
	also->probe = probe_new(kind, also->wire, &setup, &also->stats);
	return also;
}

void
also_free(struct also *also)
{
	if (!also)
		return;
	also->probe->ops->free(also->probe);
	wire_free(also->wire);
	soc_free(also->soc);
	free(also);
}

struct usb_function *
also_probe(struct also *also)
{
	return also->probe;
}
