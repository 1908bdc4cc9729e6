/* SPDX-License-Identifier: MIT */
/*
 * model.h - which CMSIS-DAP probes differ from the specification, and
 * how. All of it is data.
 */
#ifndef TRANSPORT_PROBE_CMSIS_DAP_MODEL_H
#define TRANSPORT_PROBE_CMSIS_DAP_MODEL_H

#include "transport/link/usb.h"

#include <stdbool.h>
#include <stdint.h>

/* What a CMSIS-DAP probe has in its product's or interface's name (CMSIS-DAP 2.1, "USB
 * peripheral"). */
#define CMSIS_DAP_WORD "CMSIS-DAP"

struct cmsis_dap_model {
	struct usb_id id; /* zeros: any */
	const char *name; /* for where its strings cannot be read */
	uint16_t report_size;
	uint8_t packet_count_max;
	/* Other HID interfaces of it are none of CMSIS-DAP. */
	bool has_foreign_hid;
	/* Forgets its clock at each sequence, and must be disconnected to be connected. */
	bool forgets_clock;
};

/* Those known by their ids; the last one is what any other is taken for. */
extern const struct cmsis_dap_model cmsis_dap_models[];
extern const size_t cmsis_dap_models_len;

/* Never NULL. */
const struct cmsis_dap_model *cmsis_dap_model_find(struct usb_id id);

#endif /* TRANSPORT_PROBE_CMSIS_DAP_MODEL_H */
