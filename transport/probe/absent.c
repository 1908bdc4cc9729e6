/* SPDX-License-Identifier: MIT */
#include "transport/probe/absent.h"

#include <stdlib.h>

static enum cause
tell(const struct probe *probe, struct reason *why)
{
	return reason_begin(why, CAUSE_GONE, "the %s %s is not there", probe->identity.kind,
			    probe->identity.serial);
}

static void
absent_close(struct probe *probe)
{
	free(probe);
}

static enum cause
absent_enter(struct probe *probe, struct reason *why)
{
	return tell(probe, why);
}

static enum cause
absent_set_clock(struct probe *probe, uint32_t *hz, struct reason *why)
{
	(void)hz;
	return tell(probe, why);
}

static enum cause
absent_transfer(struct probe *probe, struct transfer *batch, size_t len,
		struct outcome *outcome, struct reason *why)
{
	(void)batch, (void)len;
	*outcome = (struct outcome){ .ack = ACK_UNKNOWN };
	return tell(probe, why);
}

static enum cause
absent_drive_nrst(struct probe *probe, bool low, struct reason *why)
{
	(void)low;
	return tell(probe, why);
}

static enum cause
absent_measure(struct probe *probe, unsigned *millivolts, struct reason *why)
{
	(void)millivolts;
	return tell(probe, why);
}

static const struct probe_ops ops = {
	.close = absent_close,
	.port_max = UINT32_MAX,
	.enter_swd = absent_enter,
	.leave = absent_enter,
	.set_clock = absent_set_clock,
	.transfer = absent_transfer,
	.drive_nrst = absent_drive_nrst,
	.measure_vtarget = absent_measure,
};

struct probe *
absent_new(const struct probe *lost)
{
	struct probe *probe = malloc(sizeof(*probe));

	if (probe != NULL)
		*probe = (struct probe){ .ops = &ops,
					 .clock = lost->clock,
					 .identity = lost->identity };
	return probe;
}

bool
probe_is_absent(const struct probe *probe)
{
	return probe->ops == &ops;
}
