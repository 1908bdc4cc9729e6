/* SPDX-License-Identifier: MIT */
/*
 * dap_table.h - what makes one CMSIS-DAP probe differ from another, as data.
 */
#ifndef TEST_EMULATOR_PROBE_DAP_TABLE_H
#define TEST_EMULATOR_PROBE_DAP_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/probe/probe.h"
#include "test/emulator/probe/usb_function.h"

/* What USB calls it. */
struct dap_names {
	uint16_t vendor_id, product_id;
	const char *manufacturer, *product, *interface;
	const char *serial; /* NULL: it has none */
};

struct dap_kind {
	struct probe_kind probe;
	struct dap_names names;
	enum usb_speed speed;
	bool is_hid;          /* version 1: reports; else version 2: bulk endpoints */
	bool in_comes_first;  /* the IN endpoint's descriptor, against the specification */
	const char *protocol; /* DAP_Info 04 */
	const char *firmware; /* DAP_Info 09 */
	uint16_t packet_size; /* of a command and of a response */
	uint8_t packets;      /* responses it holds before it takes no more commands */
	uint8_t packets_promised; /* what DAP_Info FE says */
	bool has_swo, has_swo_endpoint;
	uint32_t max_hz;
	uint32_t command_ns, transaction_ns; /* what the firmware costs, see timing.h */
};

/* The entry that has `kind` as its first member. */
const struct dap_kind *dap_kind_of(const struct probe_kind *kind);
/* Entry `index`, NULL past the end. */
const struct probe_kind *dap_kind_at(unsigned index);

/* Endpoint numbers, without direction. */
enum { DAP_OUT_EP = 1, DAP_IN_EP = 1, DAP_SWO_EP = 2 };

/* Fills in the descriptors and strings; `serial` NULL: the kind's own. */
void dap_describe(const struct dap_kind *kind, const char *serial,
		  struct usb_function *function);
/* Control requests that are not standard ones of every device: usb_function_ops.control. */
int
dap_control(struct usb_function *function, const uint8_t setup[8], uint8_t *data, int size);

#endif /* TEST_EMULATOR_PROBE_DAP_TABLE_H */
