/* SPDX-License-Identifier: MIT */
#include "targets/core/core_internal.h"

/* DDI 0480G (CoreSight SoC-400), 3.10: CTI registers. The triggers are those of DDI 0489F
 * (Cortex-M7), 10.2, and DDI 0439 (Cortex-M4): input 0 is a pulse when the processor halts; output 0
 * asks it to halt until CTIINTACK is written; output 7 restarts it. */
enum {
	CTICONTROL = 0x000,
	CTIINTACK = 0x010,
	CTIAPPPULSE = 0x01c,
	CTIINEN0 = 0x020,
	CTIOUTEN0 = 0x0a0,
	CTIOUTEN7 = 0x0bc,
	CTIGATE = 0x140,
	CTIDEVTYPE = 0xfcc
};
enum { CTICONTROL_GLBEN = 1, CTIINTACK_HALT = 1 << 0 };
/* DDI 0480G, 3.10.25: debug control, trigger matrix. */
enum { DEVTYPE_CTI = 0x14 };

/* CTICONTROL is the last to be given back. */
static const uint32_t saved[CROSS_SAVED] = { CTIINEN0, CTIOUTEN0, CTIOUTEN7, CTIGATE,
					     CTICONTROL };

static enum cause
write_one(struct core *core, uint32_t offset, uint32_t value, const char *what,
	  struct reason *why)
{
	enum cause cause = mem_write32(&core->mem, core->cross.at + offset, value, why);

	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "%s by the cross trigger interface of %s", what,
			    core->name);
}

static uint32_t
control(const struct cross *cross)
{
	return cross->is_muted ? 0 : CTICONTROL_GLBEN;
}

/* The counter of cycles runs with it: by that the cores are compared. */
static enum cause
arm(struct core *core, struct reason *why)
{
	const struct cross *cross = &core->cross;
	struct batch batch = { 0 };
	uint32_t gate = 0, ctrl = 0;
	enum cause cause = mem_read32(&core->mem, cross->at + CTIGATE, &gate, why);

	if (cause == CAUSE_NONE)
		cause = mem_read32(&core->mem, DWT_CTRL_AT, &ctrl, why);
	if (cause != CAUSE_NONE)
		return cause;
	batch_write(&batch, DWT_CTRL_AT, ctrl | REG_MASK(DWT_CTRL_CYCCNTENA));
	batch_write(&batch, cross->at + CTIGATE, gate | cross->channels);
	batch_write(&batch, cross->at + CTIINEN0, cross->tells);
	batch_write(&batch, cross->at + CTIOUTEN0, cross->hears);
	batch_write(&batch, cross->at + CTIOUTEN7, cross->restarts);
	batch_write(&batch, cross->at + CTICONTROL, control(cross));
	cross_batch_acknowledge(core, &batch);
	return batch_run(&batch, &core->mem, why);
}

static enum cause
check_there(struct core *core, uint32_t at, struct reason *why)
{
	uint32_t devtype = 0;
	enum cause cause = mem_read32(&core->mem, at + CTIDEVTYPE, &devtype, why);

	if (cause != CAUSE_NONE || devtype == DEVTYPE_CTI)
		return cause;
	return reason_begin(why, CAUSE_UNSUPPORTED,
			    "%s has no cross trigger interface at 0x%08x: its DEVTYPE "
			    "reads 0x%08x, not 0x%02x",
			    core->name, (unsigned)at, (unsigned)devtype, DEVTYPE_CTI);
}

static enum cause
save(struct core *core, struct cross *cross, struct reason *why)
{
	struct batch batch = { 0 };
	size_t first = batch_read(&batch, DWT_CTRL_AT);
	enum cause cause;

	for (size_t i = 0; i < CROSS_SAVED; i++)
		batch_read(&batch, cross->at + saved[i]);
	cause = batch_run(&batch, &core->mem, why);
	if (cause != CAUSE_NONE)
		return cause;
	cross->counted_before =
		REG_GET(batch_value(&batch, first), DWT_CTRL_CYCCNTENA) != 0;
	for (size_t i = 0; i < CROSS_SAVED; i++)
		cross->before[i] = batch_value(&batch, first + 1 + i);
	return CAUSE_NONE;
}

enum cause
core_cross_begin(struct core *core, const struct cross *cross, struct reason *why)
{
	struct cross joined = *cross;
	enum cause cause = check_there(core, joined.at, why);

	if (cause == CAUSE_NONE)
		cause = save(core, &joined, why);
	if (cause == CAUSE_NONE) {
		joined.is_on = true;
		core->cross = joined;
		cause = arm(core, why);
	}
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "joining %s with the other core", core->name);
}

static enum cause
stop_counting(struct core *core, struct reason *why)
{
	uint32_t ctrl = 0;
	enum cause cause = CAUSE_NONE;

	if (core->cross.counted_before)
		return CAUSE_NONE;
	cause = mem_read32(&core->mem, DWT_CTRL_AT, &ctrl, why);
	if (cause != CAUSE_NONE)
		return cause;
	return mem_write32(&core->mem, DWT_CTRL_AT, ctrl & ~REG_MASK(DWT_CTRL_CYCCNTENA),
			   why);
}

enum cause
core_cross_end(struct core *core, struct reason *why)
{
	struct cross *cross = &core->cross;
	struct batch batch = { 0 };
	enum cause cause;

	if (!cross->is_on)
		return CAUSE_NONE;
	for (size_t i = 0; i < CROSS_SAVED; i++)
		batch_write(&batch, cross->at + saved[i], cross->before[i]);
	cross_batch_acknowledge(core, &batch);
	cross->is_on = false;
	cause = batch_run(&batch, &core->mem, why);
	if (cause == CAUSE_NONE)
		cause = stop_counting(core, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "parting %s from the other core", core->name);
}

static bool
is_as_armed(const struct cross *cross)
{
	const uint32_t *found = cross->before;

	return found[0] == cross->tells && found[1] == cross->hears &&
	       found[2] == cross->restarts;
}

enum cause
core_cross_clear(struct core *core, const struct cross *cross, bool *was_left,
		 struct reason *why)
{
	struct cross left = *cross;
	struct batch batch = { 0 };
	enum cause cause = save(core, &left, why);

	*was_left = cause == CAUSE_NONE && is_as_armed(&left);
	if (!*was_left)
		return cause;
	batch_write(&batch, left.at + CTICONTROL, 0);
	batch_write(&batch, left.at + CTIINEN0, 0);
	batch_write(&batch, left.at + CTIOUTEN0, 0);
	batch_write(&batch, left.at + CTIOUTEN7, 0);
	batch_write(&batch, left.at + CTIINTACK, CTIINTACK_HALT);
	return batch_run(&batch, &core->mem, why);
}

enum cause
core_cross_mute(struct core *core, bool is_muted, struct reason *why)
{
	struct cross *cross = &core->cross;

	if (!cross->is_on || cross->is_muted == is_muted)
		return CAUSE_NONE;
	cross->is_muted = is_muted;
	if (core_is_held(core))
		return CAUSE_NONE;
	return write_one(core, CTICONTROL, control(cross), "muting halts", why);
}

enum cause
core_cross_hush(struct core *core, bool is_hushed, struct reason *why)
{
	if (!core->cross.is_on)
		return CAUSE_NONE;
	return write_one(core, CTIINEN0, is_hushed ? 0 : core->cross.tells,
			 "hushing a step", why);
}

enum cause
core_cross_tell(struct core *core, struct reason *why)
{
	if (!core->cross.is_on)
		return CAUSE_NONE;
	return write_one(core, CTIAPPPULSE, core->cross.tells, "halting the other core",
			 why);
}

enum cause
core_cross_restart(struct core *core, struct reason *why)
{
	return write_one(core, CTIAPPPULSE, core->cross.restarts, "letting both cores go",
			 why);
}

void
cross_batch_acknowledge(const struct core *core, struct batch *batch)
{
	if (core->cross.is_on)
		batch_write(batch, core->cross.at + CTIINTACK, CTIINTACK_HALT);
}

enum cause
cross_rearm(struct core *core, struct reason *why)
{
	return core->cross.is_on ? arm(core, why) : CAUSE_NONE;
}
