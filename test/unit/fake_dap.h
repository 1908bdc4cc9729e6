/* SPDX-License-Identifier: MIT */
/*
 * fake_dap.h - the firmware of a made-up CMSIS-DAP probe in front of a fake
 * probe's target, so that what stands above is tested through real packets.
 *
 * It does what Arm's reference firmware does (DAP.c of CMSIS-DAP 2.1): reads of
 * an access port are posted, what a write did is seen at the next access, and
 * each packet is answered in its turn. Requests wait until an answer is taken.
 */
#ifndef TEST_UNIT_FAKE_DAP_H
#define TEST_UNIT_FAKE_DAP_H

#include "test/unit/fake_probe.h"
#include "transport/probe/cmsis_dap/cmsis_dap.h"

enum { FAKE_DAP_QUEUE = 8 };

struct fake_dap {
	struct cmsis_dap_carrier carrier;
	struct fake_probe *target; /* FAKE_TRANSFERS_ONLY */
	unsigned packet_size, packet_count;

	/* To be looked at. */
	unsigned packets; /* requests so far */
	unsigned most_waiting;
	bool is_connected;

	/* Its own. */
	uint32_t select, mask;
	size_t waiting;
	struct cmsis_dap_response requests[FAKE_DAP_QUEUE];
};

/* Opens it; probe_close() closes it, the target stays. */
struct probe *fake_dap_open(struct fake_dap *dap, struct fake_probe *target,
			    unsigned packet_size, unsigned packet_count);

#endif /* TEST_UNIT_FAKE_DAP_H */
