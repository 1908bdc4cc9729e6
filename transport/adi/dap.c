/* SPDX-License-Identifier: MIT */
#include "transport/adi/dap.h"

#include "transport/adi/link_clock.h"
#include "transport/adi/registers.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"

enum { POWER_UP_MS = 200, DPIDR_RAO = 1 /* B2.2, DPIDR: bit 0 reads as one */ };

static const struct reg_field ctrl_stat_fields[] = REG_FIELDS(CTRL_STAT);

static const uint32_t sticky_flags =
	REG_MASK(CTRL_STAT_STICKYORUN) | REG_MASK(CTRL_STAT_STICKYCMP) |
	REG_MASK(CTRL_STAT_STICKYERR) | REG_MASK(CTRL_STAT_WDATAERR);
static const uint32_t sticky_clears = REG_MASK(ABORT_STKCMPCLR) |
				      REG_MASK(ABORT_STKERRCLR) | REG_MASK(ABORT_WDERRCLR) |
				      REG_MASK(ABORT_ORUNERRCLR);
static const uint32_t power_requests =
	REG_MASK(CTRL_STAT_CDBGPWRUPREQ) | REG_MASK(CTRL_STAT_CSYSPWRUPREQ);
static const uint32_t power_acks =
	REG_MASK(CTRL_STAT_CDBGPWRUPACK) | REG_MASK(CTRL_STAT_CSYSPWRUPACK);

void
dap_init(struct dap *dap, struct probe *probe)
{
	*dap = (struct dap){ .probe = probe, .wait_ms = DAP_WAIT_MS };
}

bool
dap_is_lost(const struct dap *dap)
{
	return probe_is_lost(dap->probe) || dap->is_lost;
}

const struct reason *
dap_lost_why(const struct dap *dap)
{
	return probe_is_lost(dap->probe) ? probe_lost_why(dap->probe) : &dap->lost;
}

static void
forget_loss_of_target(struct dap *dap)
{
	dap->is_lost = false;
	dap->lost = (struct reason)REASON_INIT;
}

void
dap_forget_loss(struct dap *dap)
{
	forget_loss_of_target(dap);
	probe_forget_loss(dap->probe);
}

enum cause
dap_keep_loss(struct dap *dap, enum cause cause, const struct reason *why)
{
	if (cause == CAUSE_GONE && !dap_is_lost(dap)) {
		dap->is_lost = true;
		dap->lost = *why;
	}
	return cause;
}

static const char *
dp_name(uint32_t reg, bool is_write)
{
	switch (reg) {
	case DP_DPIDR:
		return is_write ? "ABORT" : "DPIDR";
	case DP_CTRL_STAT:
		return "CTRL/STAT";
	case DP_SELECT:
		return "SELECT";
	case DP_RDBUFF:
		return "RDBUFF";
	default:
		return NULL;
	}
}

static const char *
ap_name(uint32_t reg)
{
	switch (reg) {
	case AP_CSW:
		return "CSW";
	case AP_TAR:
		return "TAR";
	case AP_DRW:
		return "DRW";
	case AP_BASE:
		return "BASE";
	case AP_IDR:
		return "IDR";
	default:
		return NULL;
	}
}

/* "reading AP 0 CSW", "writing 0x0000001e to DP ABORT" */
static void
describe(const struct transfer *t, struct text *words)
{
	bool is_write = t->kind == TRANSFER_DP_WRITE || t->kind == TRANSFER_AP_WRITE;
	bool is_dp = t->kind == TRANSFER_DP_READ || t->kind == TRANSFER_DP_WRITE;
	const char *name = is_dp ? dp_name(t->address, is_write) : ap_name(t->address);

	if (is_write)
		text_add(words, "writing 0x%08x to ", (unsigned)t->value);
	else
		text_add(words, "reading ");
	if (is_dp)
		text_add(words, "DP ");
	else
		text_add(words, "AP %s ", probe_name_port(t->ap).words);
	if (name != NULL)
		text_add(words, "%s", name);
	else
		text_add(words, "register 0x%02x", (unsigned)t->address);
}

/* One access to the debug port, without recovering: for use while recovering. */
static enum cause
dp_once(struct dap *dap, enum transfer_kind kind, uint8_t reg, uint32_t *value,
	struct reason *why)
{
	struct transfer t = { .kind = kind, .address = reg, .value = *value };
	struct outcome outcome;
	enum cause cause = probe_transfer(dap->probe, &t, 1, &outcome, why);

	if (cause == CAUSE_NONE)
		*value = t.value;
	return cause;
}

static enum cause
write_abort(struct dap *dap, uint32_t value, struct reason *why)
{
	return dp_once(dap, TRANSFER_DP_WRITE, DP_ABORT, &value, why);
}

/* The target's state does not explain itself any more when this fails too. CTRL/STAT and ABORT are
 * never refused (IHI 0031G B4): what seemed to be FAULT was another acknowledge. */
static enum cause
tell_repair_failed(const struct dap *dap, struct reason *why, const struct reason *second,
		   const char *doing)
{
	reason_while(why, "%s after that: %s", doing, reason_root(second));
	if (second->cause == CAUSE_FAULT)
		probe_suspect_link(dap->probe, why);
	else if (reason_finding(second) != FINDING_NONE)
		reason_suspect(why, reason_finding(second));
	return reason_becomes(why, second->cause);
}

/* Says nothing when there is nothing to say: some probes clear the flags by themselves. */
static void
tell_flags(uint32_t ctrl_stat, struct reason *why)
{
	const char *missing = REG_GET(ctrl_stat, CTRL_STAT_CDBGPWRUPACK) == 0
				      ? "CDBGPWRUPACK"
				      : "CSYSPWRUPACK";
	char buffer[REASON_LINE_MAX];
	struct text words;

	text_init(&words, buffer, sizeof(buffer));
	if ((ctrl_stat & sticky_flags) != 0) {
		reg_explain(ctrl_stat_fields, ctrl_stat & sticky_flags, &words);
		reason_while(why, "CTRL/STAT is 0x%08x: %s", (unsigned)ctrl_stat, buffer);
	}
	if ((ctrl_stat & power_acks) != power_acks) {
		reason_while(why,
			     "the debug port has lost its power: %s is 0 in CTRL/STAT "
			     "(0x%08x)",
			     missing, (unsigned)ctrl_stat);
		reason_suspect(why, FINDING_TARGET_DROPPED);
	}
}

static enum cause
explain_fault(struct dap *dap, struct reason *why)
{
	struct reason second = REASON_INIT;
	uint32_t ctrl_stat = 0;

	if (dp_once(dap, TRANSFER_DP_READ, DP_CTRL_STAT, &ctrl_stat, &second) != CAUSE_NONE)
		return tell_repair_failed(dap, why, &second, "reading CTRL/STAT");
	tell_flags(ctrl_stat, why);
	if (REG_GET(ctrl_stat, CTRL_STAT_WDATAERR) != 0)
		reason_suspect(why, FINDING_B10);
	if (write_abort(dap, sticky_clears, &second) != CAUSE_NONE)
		return tell_repair_failed(dap, why, &second, "clearing the error flags");
	return CAUSE_FAULT;
}

/* B2.2, ABORT: DAPABORT is for when WAITs do not end; without it no later access could. */
static enum cause
give_up_waiting(struct dap *dap, struct reason *why)
{
	struct reason second = REASON_INIT;

	reason_while(why, "it went on for %u ms", (unsigned)dap->wait_ms);
	if (write_abort(dap, sticky_clears | REG_MASK(ABORT_DAPABORT), &second) !=
	    CAUSE_NONE)
		return tell_repair_failed(dap, why, &second, "aborting the access");
	reason_suspect(why, FINDING_TARGET_BUSY);
	return CAUSE_TIMEOUT;
}

enum cause
dap_recover(struct dap *dap, enum cause cause, const struct outcome *outcome, bool is_last,
	    struct reason *why)
{
	if (outcome->ack == ACK_FAULT)
		cause = explain_fault(dap, why);
	if (link_clock_may_fall_back(dap, cause, why))
		return link_clock_fall_back(dap, cause, why);
	if (outcome->ack != ACK_WAIT)
		return cause;
	return is_last ? give_up_waiting(dap, why) : CAUSE_NONE;
}

/* mem_ap.c adds the address of a memory access, since it knows what it was part of. */
static enum cause
tell_transfer(const struct transfer *t, struct reason *why)
{
	char buffer[REASON_LINE_MAX];
	struct text words;

	if (t->kind == TRANSFER_MEM_READ || t->kind == TRANSFER_MEM_WRITE)
		return why->cause;
	text_init(&words, buffer, sizeof(buffer));
	describe(t, &words);
	return reason_while(why, "%s", buffer);
}

/* Where to go on after a WAIT. DRW moves TAR on, and whether the access that was answered so
 * has moved it - or one behind it, with a probe that had more under way - is not known: a
 * run of DRW begins anew from its TAR. */
static size_t
resume_at(const struct transfer *batch, size_t failed)
{
	size_t i = failed;

	if ((batch[failed].kind != TRANSFER_AP_READ &&
	     batch[failed].kind != TRANSFER_AP_WRITE) ||
	    batch[failed].address != AP_DRW)
		return failed;
	while (i-- > 0)
		if (batch[i].kind == TRANSFER_AP_WRITE && batch[i].address == AP_TAR &&
		    batch[i].ap == batch[failed].ap)
			return i;
	return failed;
}

enum cause
dap_transfer(struct dap *dap, struct transfer *batch, size_t len, size_t *finished,
	     struct reason *why)
{
	struct deadline deadline = deadline_in_ms(dap->probe->clock, dap->wait_ms);
	enum cause cause = CAUSE_NONE;
	size_t ignored, from = 0, furthest = 0;

	if (finished == NULL)
		finished = &ignored;
	*finished = 0;
	while (cause == CAUSE_NONE && *finished < len) {
		bool is_last = deadline_is_over(&deadline);
		struct outcome outcome;

		cause = probe_transfer(dap->probe, batch + from, len - from, &outcome, why);
		*finished = from + outcome.finished;
		/* Each access has the whole time to itself. */
		if (*finished > furthest) {
			deadline = deadline_in_ms(dap->probe->clock, dap->wait_ms);
			is_last = false;
		}
		furthest = *finished > furthest ? *finished : furthest;
		if (cause != CAUSE_NONE)
			cause = dap_recover(dap, cause, &outcome, is_last, why);
		if (*finished < len)
			from = resume_at(batch, *finished);
	}
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	/* A run that began anew did not get as far as before; all until there was done. */
	if (cause == CAUSE_TIMEOUT)
		*finished = furthest;
	return dap_keep_loss(dap, tell_transfer(&batch[*finished], why), why);
}

static enum cause
read_one(struct dap *dap, struct transfer t, uint32_t *value, struct reason *why)
{
	enum cause cause = dap_transfer(dap, &t, 1, NULL, why);

	if (cause == CAUSE_NONE)
		*value = t.value;
	return cause;
}

enum cause
dap_dp_read(struct dap *dap, uint8_t reg, uint32_t *value, struct reason *why)
{
	return read_one(dap, (struct transfer){ TRANSFER_DP_READ, 0, reg, 0 }, value, why);
}

enum cause
dap_dp_write(struct dap *dap, uint8_t reg, uint32_t value, struct reason *why)
{
	struct transfer t = { TRANSFER_DP_WRITE, 0, reg, value };

	return dap_transfer(dap, &t, 1, NULL, why);
}

enum cause
dap_ap_read(struct dap *dap, uint32_t ap, uint8_t reg, uint32_t *value, struct reason *why)
{
	return read_one(dap, (struct transfer){ TRANSFER_AP_READ, ap, reg, 0 }, value, why);
}

enum cause
dap_ap_write(struct dap *dap, uint32_t ap, uint8_t reg, uint32_t value, struct reason *why)
{
	struct transfer t = { TRANSFER_AP_WRITE, ap, reg, value };

	return dap_transfer(dap, &t, 1, NULL, why);
}

static enum cause
read_dpidr(struct dap *dap, struct reason *why)
{
	enum cause cause = dap_dp_read(dap, DP_DPIDR, &dap->dpidr, why);

	if (cause != CAUSE_NONE)
		return cause;
	if ((dap->dpidr & DPIDR_RAO) == 0 || dap->dpidr == UINT32_MAX) {
		reason_begin(why, CAUSE_GONE,
			     "DPIDR reads 0x%08x, which no debug port answers",
			     (unsigned)dap->dpidr);
		reason_suspect(why, FINDING_LINK_SILENT);
		return CAUSE_GONE;
	}
	log_debug("adi", "DPIDR is 0x%08x", (unsigned)dap->dpidr);
	return CAUSE_NONE;
}

static enum cause
explain_power(uint32_t ctrl_stat, struct reason *why)
{
	bool has_debug = REG_GET(ctrl_stat, CTRL_STAT_CDBGPWRUPACK) != 0;
	bool has_system = REG_GET(ctrl_stat, CTRL_STAT_CSYSPWRUPACK) != 0;

	reason_begin(why, CAUSE_TIMEOUT,
		     "the debug port answers but does not power up: %s within %u ms "
		     "(CTRL/STAT is 0x%08x)",
		     has_debug    ? "CSYSPWRUPACK did not come"
		     : has_system ? "CDBGPWRUPACK did not come"
				  : "neither CDBGPWRUPACK nor CSYSPWRUPACK came",
		     POWER_UP_MS, (unsigned)ctrl_stat);
	reason_suspect(why, FINDING_C3);
	return CAUSE_TIMEOUT;
}

static enum cause
power_up(struct dap *dap, struct reason *why)
{
	struct deadline deadline = deadline_in_ms(dap->probe->clock, POWER_UP_MS);
	enum cause cause = dap_dp_write(dap, DP_CTRL_STAT, power_requests, why);
	uint32_t ctrl_stat = 0;
	bool is_last = false;

	/* The flags are read once more after the deadline, which a slow host may have let
	 * pass without looking. */
	while (cause == CAUSE_NONE) {
		cause = dap_dp_read(dap, DP_CTRL_STAT, &ctrl_stat, why);
		if (cause != CAUSE_NONE || (ctrl_stat & power_acks) == power_acks)
			return cause;
		if (is_last)
			return explain_power(ctrl_stat, why);
		is_last = deadline_is_over(&deadline);
	}
	return cause;
}

enum cause
dap_connect(struct dap *dap, struct reason *why)
{
	enum cause cause;

	dap_forget_loss(dap);
	cause = probe_enter_swd(dap->probe, why);
	/* Flags first: while one is set, most else is answered with FAULT. */
	if (cause == CAUSE_NONE)
		cause = dap_dp_write(dap, DP_ABORT, sticky_clears, why);
	if (cause == CAUSE_NONE)
		cause = read_dpidr(dap, why);
	if (cause == CAUSE_NONE)
		cause = power_up(dap, why);
	if (cause != CAUSE_NONE)
		forget_loss_of_target(dap);
	return cause;
}
