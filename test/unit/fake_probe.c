/* SPDX-License-Identifier: MIT */
#include "test/unit/fake_probe.h"

#include "transport/base/bytes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* IHI 0031G: B2.2 CTRL/STAT and ABORT, C2.6 MEM-AP registers. Written apart from
 * transport/adi on purpose: a wrong number there must not be wrong here. */
enum {
	DP_DPIDR = 0x0,
	DP_CTRL_STAT = 0x4,
	DP_SELECT = 0x8,
	DP_RDBUFF = 0xc,
	AP_CSW = 0x00,
	AP_TAR = 0x04,
	AP_DRW = 0x0c,
	AP_BD0 = 0x10,
	AP_BD3 = 0x1c,
	AP_BASE = 0xf8,
	AP_IDR = 0xfc,
	CSW_SIZE = 7,
	CSW_ADDRINC = 3 << 4,
	CSW_DEVICE_EN = 1 << 6,
	STICKYORUN = 1 << 1,
	STICKYCMP = 1 << 4,
	STICKYERR = 1 << 5,
	WDATAERR = 1 << 7,
	INCREMENT_WRAP = 1024
};

static struct fake_probe *
fake_of(struct probe *probe)
{
	return container_of(probe, struct fake_probe, probe);
}

static uint64_t
fake_now_us(struct clock *clock)
{
	const struct fake_probe *fake = container_of(clock, struct fake_probe, clock);

	return fake->now_us + (fake->follows_host ? clock_now_us(clock_host()) : 0);
}

static void
fake_sleep_us(struct clock *clock, uint64_t us)
{
	container_of(clock, struct fake_probe, clock)->now_us += us;
}

/* What a script or a missing target makes of this access; ACK_OK: do it. */
static enum swd_ack
next_ack(struct fake_probe *fake, bool is_always_done)
{
	unsigned index = fake->accesses++;
	size_t i = fake->scripts_len;

	fake->now_us += fake->access_us;
	if (fake->has_no_target ||
	    (fake->dip_every_us != 0 && fake->now_us % fake->dip_every_us < fake->dip_us))
		return ACK_NONE;
	if (fake->clean_hz != 0 && fake->hz > fake->clean_hz)
		return ACK_PARITY;
	while (i-- > 0)
		if (index >= fake->scripts[i].from && index < fake->scripts[i].until) {
			enum swd_ack ack = fake->scripts[i].ack;

			return is_always_done && (ack == ACK_WAIT || ack == ACK_FAULT)
				       ? ACK_OK
				       : ack;
		}
	return ACK_OK;
}

static void
set_sticky(struct fake_probe *fake)
{
	fake->ctrl_stat |= STICKYERR | fake->sticky_extra;
}

static bool
has_sticky(const struct fake_probe *fake)
{
	return (fake->ctrl_stat & (STICKYORUN | STICKYCMP | STICKYERR | WDATAERR)) != 0;
}

static uint8_t *
bytes_at(struct fake_probe *fake, uint32_t at, unsigned width)
{
	for (size_t i = 0; i < fake->regions_len; i++)
		if (range_contains(fake->regions[i].at, fake->regions[i].size, at, width))
			return fake->regions[i].bytes + (at - fake->regions[i].at);
	return NULL;
}

static enum swd_ack
access_bytes(struct fake_probe *fake, struct fake_access *access)
{
	uint8_t *bytes = bytes_at(fake, access->at, access->width);
	uint8_t word[4];

	if (bytes == NULL)
		return ACK_FAULT;
	if (access->is_write) {
		le32_put(word, access->value);
		memcpy(bytes, word, access->width);
	} else {
		memset(word, 0, sizeof(word));
		memcpy(word, bytes, access->width);
		access->value = le32_get(word);
	}
	return ACK_OK;
}

static enum swd_ack
access_memory(struct fake_probe *fake, struct fake_access *access)
{
	enum swd_ack ack = ACK_FAULT;
	size_t i = fake->hooks_len;

	assert(access->at % access->width == 0);
	while (i-- > 0)
		if (range_contains(fake->hooks[i].at, fake->hooks[i].size, access->at, 1))
			break;
	ack = i < fake->hooks_len ? fake->hooks[i].hook(fake->hooks[i].context, access)
				  : access_bytes(fake, access);
	if (ack == ACK_FAULT)
		set_sticky(fake);
	return ack;
}

static enum swd_ack
access_drw(struct fake_probe *fake, uint32_t ap, bool is_write, uint32_t *value)
{
	struct fake_port *port = &fake->ports[ap];
	struct fake_access access = { ap, port->tar, 1u << (port->csw & CSW_SIZE), is_write,
				      0 };
	unsigned lane = 8 * (port->tar & 3);
	enum swd_ack ack;

	assert(access.width <= 4);
	if (is_write)
		access.value = (*value >> lane) & (UINT32_MAX >> (32 - 8 * access.width));
	ack = access_memory(fake, &access);
	if (ack != ACK_OK)
		return ack;
	if (!is_write)
		*value = access.value << lane;
	/* Auto-increment is only sure within 1 KiB (C2.2): here it wraps, to be noticed.
	 */
	if ((port->csw & CSW_ADDRINC) != 0)
		port->tar = align_down(port->tar, INCREMENT_WRAP) |
			    ((port->tar + access.width) & (INCREMENT_WRAP - 1));
	return ACK_OK;
}

static enum swd_ack
access_banked(struct fake_probe *fake, uint32_t ap, uint8_t reg, bool is_write,
	      uint32_t *value)
{
	struct fake_access access = { ap, align_down(fake->ports[ap].tar, 16) | (reg & 0xc),
				      4, is_write, *value };
	enum swd_ack ack = access_memory(fake, &access);

	if (ack == ACK_OK && !is_write)
		*value = access.value;
	return ack;
}

/* One that keeps what is written and gives it back. */
static enum swd_ack
access_kept(uint32_t *kept, bool is_write, uint32_t *value)
{
	if (is_write)
		*kept = *value;
	else
		*value = *kept;
	return ACK_OK;
}

static enum swd_ack
access_ap(struct fake_probe *fake, uint32_t ap, uint32_t reg, bool is_write,
	  uint32_t *value)
{
	struct fake_port *port = &fake->ports[ap];
	uint32_t constant = reg == AP_IDR ? port->idr : reg == AP_BASE ? port->base : 0;

	assert(reg < 0x100 && reg % 4 == 0);
	if (has_sticky(fake))
		return ACK_FAULT;
	if (!port->is_there)
		return access_kept(&(uint32_t){ 0 }, is_write, value);
	if (reg == AP_CSW && is_write)
		*value |= CSW_DEVICE_EN;
	if (reg == AP_CSW || reg == AP_TAR)
		return access_kept(reg == AP_CSW ? &port->csw : &port->tar, is_write,
				   value);
	if (reg == AP_DRW)
		return access_drw(fake, ap, is_write, value);
	if (reg >= AP_BD0 && reg <= AP_BD3)
		return access_banked(fake, ap, (uint8_t)reg, is_write, value);
	return access_kept(&constant, is_write, value);
}

static void
write_abort(struct fake_probe *fake, uint32_t value)
{
	/* ABORT's clear bits 1 to 4 and the flags they clear (B2.2, ABORT). */
	static const uint32_t clears[][2] = {
		{ 1 << 1, STICKYCMP },
		{ 1 << 2, STICKYERR },
		{ 1 << 3, WDATAERR },
		{ 1 << 4, STICKYORUN },
	};

	fake->aborts++;
	fake->last_abort = value;
	for (size_t i = 0; i < array_len(clears); i++)
		if ((value & clears[i][0]) != 0)
			fake->ctrl_stat &= ~clears[i][1];
}

static void
write_ctrl_stat(struct fake_probe *fake, uint32_t value)
{
	uint32_t requests = value & (1u << 28 | 1u << 30); /* CDBG-, CSYSPWRUPREQ */

	fake->ctrl_stat &= STICKYORUN | STICKYCMP | STICKYERR | WDATAERR;
	fake->ctrl_stat |= requests | (fake->powers_up ? requests << 1 : 0);
}

static enum swd_ack
access_dp(struct fake_probe *fake, uint32_t reg, bool is_write, uint32_t *value)
{
	uint32_t constant = reg == DP_DPIDR ? fake->dpidr : 0;

	assert(reg % 4 == 0 && reg < 0x100);
	if (is_write && reg == DP_DPIDR) /* ABORT when written */
		write_abort(fake, *value);
	else if (is_write && reg == DP_CTRL_STAT)
		write_ctrl_stat(fake, *value);
	else if (!is_write)
		*value = reg == DP_CTRL_STAT ? fake->ctrl_stat : constant;
	return ACK_OK;
}

static bool
is_always_done(const struct transfer *t)
{
	return (t->kind == TRANSFER_DP_READ &&
		(t->address == DP_DPIDR || t->address == DP_CTRL_STAT)) ||
	       (t->kind == TRANSFER_DP_WRITE && t->address == DP_DPIDR);
}

static enum swd_ack
access_one(struct fake_probe *fake, struct transfer *t)
{
	bool is_write = t->kind == TRANSFER_DP_WRITE || t->kind == TRANSFER_AP_WRITE ||
			t->kind == TRANSFER_MEM_WRITE;
	enum swd_ack ack = next_ack(fake, is_always_done(t));

	if (ack == ACK_FAULT)
		set_sticky(fake);
	if (ack != ACK_OK)
		return ack;
	switch (t->kind) {
	case TRANSFER_DP_READ:
	case TRANSFER_DP_WRITE:
		return access_dp(fake, t->address, is_write, &t->value);
	case TRANSFER_AP_READ:
	case TRANSFER_AP_WRITE:
		return access_ap(fake, t->ap, t->address, is_write, &t->value);
	case TRANSFER_MEM_READ:
	case TRANSFER_MEM_WRITE:
		break;
	case TRANSFER_AP_MASK:
	case TRANSFER_AP_MATCH:
		assert(!"a match, of a probe that cannot");
	}
	assert(fake->probe.ops->memory != NULL && "memory transfers without memory ops");
	if (has_sticky(fake))
		return ACK_FAULT;

	struct fake_access access = { t->ap, t->address, 4, is_write, t->value };

	ack = fake->ports[t->ap].is_there ? access_memory(fake, &access) : ACK_FAULT;
	if (ack == ACK_OK)
		t->value = access.value;
	return ack;
}

static enum cause
cause_of(enum swd_ack ack, struct reason *why)
{
	switch (ack) {
	case ACK_OK:
		return CAUSE_NONE;
	case ACK_WAIT:
		return reason_begin(why, CAUSE_TIMEOUT, "the target answered WAIT");
	case ACK_FAULT:
		return reason_begin(why, CAUSE_FAULT, "the target answered FAULT");
	case ACK_PARITY:
		reason_begin(why, CAUSE_GONE, "the target's answer was damaged");
		reason_suspect(why, FINDING_B10);
		return CAUSE_GONE;
	default:
		return reason_begin(why, CAUSE_GONE, "the target did not answer");
	}
}

static enum cause
fake_transfer(struct probe *probe, struct transfer *batch, size_t len,
	      struct outcome *outcome, struct reason *why)
{
	struct fake_probe *fake = fake_of(probe);

	fake->calls++;
	*outcome = (struct outcome){ 0 };
	while (outcome->finished < len && outcome->ack == ACK_OK) {
		outcome->ack = access_one(fake, &batch[outcome->finished]);
		if (outcome->ack == ACK_OK)
			outcome->finished++;
	}
	return cause_of(outcome->ack, why);
}

static enum swd_ack
access_element(struct fake_probe *fake, struct fake_access *access, struct outcome *outcome)
{
	enum swd_ack ack = next_ack(fake, false);

	if (ack == ACK_OK)
		ack = has_sticky(fake) ? ACK_FAULT : access_memory(fake, access);
	if (ack == ACK_FAULT) {
		set_sticky(fake);
		outcome->has_fault_address = true;
		outcome->fault_address = access->at;
	}
	return ack;
}

static enum cause
fake_move_block(struct probe *probe, const struct probe_block *block,
		struct outcome *outcome, struct reason *why)
{
	struct fake_probe *fake = fake_of(probe);
	struct fake_access access = { block->ap, block->at, block->width,
				      block->out != NULL, 0 };
	uint8_t word[4] = { 0 };

	assert(block->at % block->width == 0 && block->size % block->width == 0);
	fake->calls++;
	*outcome = (struct outcome){ 0 };
	for (uint32_t i = 0; i < block->size;
	     i += block->width, access.at += block->width) {
		if (block->out != NULL)
			memcpy(word, block->out + i, block->width);
		access.value = le32_get(word);
		outcome->ack = access_element(fake, &access, outcome);
		if (outcome->ack != ACK_OK)
			return cause_of(outcome->ack, why);
		le32_put(word, access.value);
		if (block->in != NULL)
			memcpy(block->in + i, word, block->width);
		outcome->finished = i + block->width;
	}
	return CAUSE_NONE;
}

static enum cause
fake_enter_swd(struct probe *probe, struct reason *why)
{
	struct fake_probe *fake = fake_of(probe);

	fake->enters++;
	return cause_of(fake->has_no_target ? ACK_NONE : ACK_OK, why);
}

static enum cause
fake_leave(struct probe *probe, struct reason *why)
{
	(void)probe, (void)why;
	return CAUSE_NONE;
}

static enum cause
fake_set_clock(struct probe *probe, uint32_t *hz, struct reason *why)
{
	(void)why;
	fake_of(probe)->hz = *hz;
	return CAUSE_NONE;
}

static enum cause
fake_drive_nrst(struct probe *probe, bool low, struct reason *why)
{
	struct fake_probe *fake = fake_of(probe);

	(void)why;
	fake->is_nrst_low = low;
	if (fake->on_nrst != NULL)
		fake->on_nrst(fake->nrst_context, low);
	return CAUSE_NONE;
}

static enum cause
fake_measure_vtarget(struct probe *probe, unsigned *millivolts, struct reason *why)
{
	(void)why;
	fake_of(probe)->now_us += fake_of(probe)->access_us;
	*millivolts = fake_of(probe)->millivolts;
	return CAUSE_NONE;
}

static void
fake_close(struct probe *probe)
{
	fake_probe_free(fake_of(probe));
}

static const struct probe_memory_ops memory_ops = { .move = fake_move_block };

#define FAKE_OPS(memory_group)                                                          \
	{                                                                               \
		.close = fake_close, .enter_swd = fake_enter_swd, .leave = fake_leave,  \
		.set_clock = fake_set_clock, .transfer = fake_transfer,                 \
		.drive_nrst = fake_drive_nrst, .measure_vtarget = fake_measure_vtarget, \
		.port_max = FAKE_PORTS - 1, .memory = (memory_group)                    \
	}

static const struct probe_ops flavours[] = {
	[FAKE_WITH_MEMORY] = FAKE_OPS(&memory_ops),
	[FAKE_TRANSFERS_ONLY] = FAKE_OPS(NULL),
};

struct fake_probe *
fake_probe_new(enum fake_flavour flavour)
{
	struct fake_probe *fake = calloc(1, sizeof(*fake));

	assert(fake != NULL);
	fake->access_us = FAKE_ACCESS_US;
	fake->clock = (struct clock){ fake_now_us, fake_sleep_us };
	fake->probe = (struct probe){
		.ops = &flavours[flavour],
		.clock = &fake->clock,
		.identity = { "fake probe", "FAKE0001", "F1", "a test" },
	};
	fake->dpidr = 0x2ba01477;
	fake->powers_up = true;
	fake->millivolts = 3300;
	fake->ports[0] = (struct fake_port){ true, 0x24770011, 0xe00ff003, 0x23000042, 0 };
	return fake;
}

void
fake_probe_free(struct fake_probe *fake)
{
	if (fake == NULL)
		return;
	for (size_t i = 0; i < fake->regions_len; i++)
		free(fake->regions[i].bytes);
	free(fake);
}

uint8_t *
fake_probe_memory(struct fake_probe *fake, uint32_t at, uint32_t size)
{
	struct fake_region *region = &fake->regions[fake->regions_len];

	assert(fake->regions_len < FAKE_MAX_REGIONS);
	fake->regions_len++;
	*region = (struct fake_region){ at, size, malloc(size) };
	assert(region->bytes != NULL);
	memset(region->bytes, FAKE_CANARY, size);
	return region->bytes;
}

void
fake_probe_hook(struct fake_probe *fake, uint32_t at, uint32_t size, fake_hook *hook,
		void *context)
{
	assert(fake->hooks_len < FAKE_MAX_HOOKS);
	fake->hooks[fake->hooks_len++] = (struct fake_hooked){ at, size, hook, context };
}

void
fake_probe_answer(struct fake_probe *fake, unsigned nth, unsigned count, enum swd_ack ack)
{
	unsigned from = fake->accesses + nth - 1;

	assert(nth > 0 && fake->scripts_len < FAKE_MAX_SCRIPTS);
	fake->scripts[fake->scripts_len++] =
		(struct fake_script){ from, from + count, ack };
}
