/* SPDX-License-Identifier: MIT */
/*
 * The independent watchdog (RM0440 Rev 8, chapter 42; RM0008 Rev 21,
 * chapter 19, without a window). It counts LSI / prescaler
 * down and resets the chip at 0, whatever the core does.
 */
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

enum { KR = 0x00, PR = 0x04, RLR = 0x08, SR = 0x0C, WINR = 0x10 };

/* 42.4.1: what KR takes. */
enum { KEY_START = 0xCCCC, KEY_RELOAD = 0xAAAA, KEY_ACCESS = 0x5555, KEY_MASK = 0xFFFF };

enum { COUNTER_MASK = 0xFFF, PRESCALER_MASK = 0x7, PRESCALER_MAX = 6 };

/* A halted core stops the count when DBGMCU says so; how often that is looked at:
 * assumption. */
#define LOOK_NS UINT64_C(1000000)

struct iwdg {
	struct peripheral base;
	bool is_running, is_open;
	uint32_t pr, rlr, winr;
	uint64_t left_ns, looked_ns;
};

static struct iwdg *
iwdg_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct iwdg, base);
}

static const struct iwdg_kind *
kind_of(const struct iwdg *iwdg)
{
	return iwdg->base.place->parameters;
}

static uint64_t
tick_ns(const struct iwdg *iwdg)
{
	uint32_t shift = iwdg->pr < PRESCALER_MAX ? iwdg->pr : PRESCALER_MAX;

	return (UINT64_C(4) << shift) * NS_PER_S / kind_of(iwdg)->lsi_hz;
}

static bool
is_frozen(const struct iwdg *iwdg)
{
	const struct soc *soc = iwdg->base.soc;
	const struct debug_role *role = soc->debug ? soc->debug->type->debug : NULL;

	if (!role)
		return false;
	if (role->freezes)
		return role->freezes(soc->debug, iwdg->base.place);
	return soc_core_is_halted(soc) && role->stops_watchdog(soc->debug);
}

/* Takes the time since the last look off the count, and says when to look again. */
static void
look(struct iwdg *iwdg)
{
	uint64_t now = soc_time(iwdg->base.soc);
	/* Within a turn of the core, time may be a cycle ahead of where the turn ends. */
	uint64_t passed = now > iwdg->looked_ns ? now - iwdg->looked_ns : 0;

	iwdg->looked_ns = now;
	if (!is_frozen(iwdg))
		iwdg->left_ns -= passed < iwdg->left_ns ? passed : iwdg->left_ns;
	iwdg->base.due_ns = now + (iwdg->left_ns < LOOK_NS ? iwdg->left_ns : LOOK_NS);
}

static void
iwdg_due(struct peripheral *peripheral)
{
	struct iwdg *iwdg = iwdg_of(peripheral);

	look(iwdg);
	if (iwdg->left_ns)
		return;
	iwdg->base.due_ns = NEVER;
	soc_ask_reset(peripheral->soc, RESET_BY_WATCHDOG);
}

static void
reload(struct iwdg *iwdg)
{
	iwdg->left_ns = (iwdg->rlr + 1) * tick_ns(iwdg);
	iwdg->looked_ns = soc_time(iwdg->base.soc);
	iwdg->base.due_ns = iwdg->looked_ns;
	soc_wake(iwdg->base.soc);
}

/* 42.3.2: a reload while the count is above the window is a reset. */
static void
reload_in_window(struct iwdg *iwdg)
{
	if (!iwdg->is_running)
		return;
	look(iwdg);
	if (iwdg->left_ns / tick_ns(iwdg) > iwdg->winr && iwdg->winr < COUNTER_MASK)
		soc_ask_reset(iwdg->base.soc, RESET_BY_WATCHDOG);
	else
		reload(iwdg);
}

static void
key_write(struct iwdg *iwdg, uint32_t key)
{
	iwdg->is_open = key == KEY_ACCESS;
	if (key == KEY_RELOAD)
		reload_in_window(iwdg);
	if (key != KEY_START || iwdg->is_running)
		return;
	iwdg->is_running = true;
	reload(iwdg);
}

static enum bus_result
iwdg_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct iwdg *iwdg = iwdg_of(peripheral);

	if (at == KR)
		key_write(iwdg, value & lanes & KEY_MASK);
	else if (iwdg->is_open && at == PR)
		iwdg->pr = value & lanes & PRESCALER_MASK;
	else if (iwdg->is_open && at == RLR)
		iwdg->rlr = value & lanes & COUNTER_MASK;
	else if (iwdg->is_open && at == WINR && kind_of(iwdg)->has_window) {
		iwdg->winr = value & lanes & COUNTER_MASK;
		if (iwdg->is_running)
			reload(iwdg); /* 42.4.5: writing WINR reloads too */
	}
	return BUS_OK;
}

/* Updates reach the LSI's domain at once here; so SR is always 0. */
static enum bus_result
iwdg_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	const struct iwdg *iwdg = iwdg_of(peripheral);
	uint32_t winr = kind_of(iwdg)->has_window ? iwdg->winr : 0;

	*value = at == PR ? iwdg->pr : at == RLR ? iwdg->rlr : at == WINR ? winr : 0;
	return BUS_OK;
}

/* An option bit starts it with every reset (RM0440 3.4.1, IWDG_SW). */
static void
iwdg_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct iwdg *iwdg = iwdg_of(peripheral);
	const struct soc *soc = peripheral->soc;

	(void)depth;
	iwdg->is_open = iwdg->is_running = false;
	iwdg->pr = 0;
	iwdg->rlr = iwdg->winr = COUNTER_MASK;
	iwdg->base.due_ns = NEVER;
	if (soc->flash && soc->flash->type->flash->starts_watchdog(soc->flash)) {
		iwdg->is_running = true;
		reload(iwdg);
	}
}

const struct peripheral_type iwdg_type = {
	.name = "IWDG",
	.size = sizeof(struct iwdg),
	.read = iwdg_read,
	.write = iwdg_write,
	.reset = iwdg_reset,
	.due = iwdg_due,
};
