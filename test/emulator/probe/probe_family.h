/* SPDX-License-Identifier: MIT */
/*
 * probe_family.h - the families of probes: each is a command set with a table of the
 * kinds that speak it. A new family is one entry of the list in probe.c.
 */
#ifndef TEST_EMULATOR_PROBE_PROBE_FAMILY_H
#define TEST_EMULATOR_PROBE_PROBE_FAMILY_H

#include "test/emulator/probe/probe.h"

struct probe_family {
	/* Entry `index` of its table, NULL past the end. */
	const struct probe_kind *(*at)(unsigned index);
	/* As probe_new(), for a kind of this family. */
	struct usb_function *(*create)(const struct probe_kind *kind, struct wire *wire,
				       const struct probe_setup *setup,
				       struct stats *stats);
	/* As probe_takes_firmware(). NULL: any text. */
	bool (*takes_firmware)(const struct probe_kind *kind, const char *firmware);
};

extern const struct probe_family stlink_family;

extern const struct probe_family dap_family;

#endif /* TEST_EMULATOR_PROBE_PROBE_FAMILY_H */
