/* SPDX-License-Identifier: MIT */
/*
 * dap.h - the debug port and its access ports (ADIv5.2, IHI 0031G).
 *
 * The only place that deals with acknowledges: a WAIT is retried to a deadline,
 * a FAULT makes it read CTRL/STAT, say which sticky flag was set, and clear it
 * by ABORT. Above here a failed access is one cause and one reason.
 */
#ifndef TRANSPORT_ADI_DAP_H
#define TRANSPORT_ADI_DAP_H

#include "transport/probe/probe.h"

enum { DAP_WAIT_MS = 200 };

/* The SWD clock, while a faster one is in use than that of the connection (link_clock.h). */
struct dap_raised {
	uint32_t from_hz;   /* what it was; 0: it is not raised */
	uint32_t before_hz; /* the step below the one in use, which carried the link */
	/* A faster one damaged something: this is the fastest that is left; 0: none did. */
	uint32_t limit_hz;
	bool is_trying; /* whether the clock in use carries the link is being found out */
	bool may_slow;  /* nobody asked for the connection's: a slower one may be taken */
	bool has_given_way; /* and was, since the wires damaged something */
};

struct dap {
	struct probe *probe;
	uint32_t dpidr;
	uint32_t wait_ms; /* how long WAITs are retried; DAP_WAIT_MS at the start */
	/* For dap_is_lost(): set by dap_connect() and dap_keep_loss() alone. */
	bool is_lost;
	struct reason lost;
	struct dap_raised raised;
};

/* Takes a probe that is open. */
void dap_init(struct dap *dap, struct probe *probe);

/*
 * Loss is a latch: the first access since dap_connect() that failed with CAUSE_GONE sets it,
 * or the probe's (probe_is_lost()). It is kept until dap_connect() begins, or
 * dap_forget_loss(), whatever the caller does with the cause. That nothing answers while
 * connecting is only the failure of that: it does not set it.
 */
bool dap_is_lost(const struct dap *dap);
/* The reason of the probe's loss if it is lost, else of the debug port's; only when
 * dap_is_lost(). */
const struct reason *dap_lost_why(const struct dap *dap);
/* Forgets both: for who knows that the debug port did not answer for a moment, as in a
 * reset, and that it does again. */
void dap_forget_loss(struct dap *dap);

/* Forgets a loss, enters SWD, reads DPIDR, clears sticky flags, powers debug and system up (CDBGPWRUPREQ,
 * CSYSPWRUPREQ) and waits for both acknowledges, 200 ms at most. CAUSE_GONE: no debug port
 * answers. CAUSE_TIMEOUT: it answers but does not power up (the reason names which). */
enum cause dap_connect(struct dap *dap, struct reason *why);

/* A batch as probe_transfer() does it, with WAIT and FAULT dealt with. *finished may be
 * NULL. */
enum cause dap_transfer(struct dap *dap, struct transfer *batch, size_t len,
			size_t *finished, struct reason *why);

/* One transfer, as dap_transfer(). */
enum cause dap_dp_read(struct dap *dap, uint8_t reg, uint32_t *value, struct reason *why);
enum cause dap_dp_write(struct dap *dap, uint8_t reg, uint32_t value, struct reason *why);
enum cause
dap_ap_read(struct dap *dap, uint32_t ap, uint8_t reg, uint32_t *value, struct reason *why);
enum cause
dap_ap_write(struct dap *dap, uint32_t ap, uint8_t reg, uint32_t value, struct reason *why);

/* Explains the outcome of a call to the probe that ended with `cause`, repairs what can
 * be repaired (sticky flags; a link whose clock was raised too far), and returns CAUSE_NONE when
 * the rest may be tried again; else the cause, with the reason in `why`. `is_last`: that call
 * began when the time for WAITs was over. One that began before it and ended after it says only
 * that the host or the probe was slow. For mem_ap.c. */
enum cause dap_recover(struct dap *dap, enum cause cause, const struct outcome *outcome,
		       bool is_last, struct reason *why);

/* Sets the latch if `cause` is CAUSE_GONE and neither it nor the probe's is set; returns
 * `cause`. For mem_ap.c. */
enum cause dap_keep_loss(struct dap *dap, enum cause cause, const struct reason *why);

#endif /* TRANSPORT_ADI_DAP_H */
