/* SPDX-License-Identifier: MIT */
/*
 * probe.h - the debug probes the lab owns. A kind is an entry of the table in
 * probe_table.c: USB ids, firmware version, features; the command set they
 * share is stlink.c (later cmsis_dap.c).
 */
#ifndef TEST_EMULATOR_PROBE_PROBE_H
#define TEST_EMULATOR_PROBE_PROBE_H

#include "test/emulator/probe/usb_function.h"
#include "test/emulator/stats.h"
#include "test/emulator/wire/wire.h"

struct probe_kind;

const struct probe_kind *probe_kind_find(const char *name); /* NULL: no such */
const char *probe_kind_name(const struct probe_kind *kind);
/* Entry `index` of the table, NULL past its end. */
const struct probe_kind *probe_kind_at(unsigned index);

/* A probe of that kind on that wire; `serial` NULL gives the kind's own. */
struct usb_function *probe_new(const struct probe_kind *kind, struct wire *wire,
			       const char *serial, struct stats *stats);

/* Bytes that arrived at the probe's SWO pin; lost unless the client records them. */
void probe_swo(struct usb_function *probe, const uint8_t *bytes, unsigned size);

#endif /* TEST_EMULATOR_PROBE_PROBE_H */
