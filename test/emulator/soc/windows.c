/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "test/emulator/base/chance.h"
#include "test/emulator/soc/soc_internal.h"

enum { ERASED = 0xFF, OTP_PAGE = 4096 };

static void
window_map(struct soc *soc, const struct window *window, bool open)
{
	for (unsigned core = 0; core < soc->chip->cores_len; core++) {
		struct cpu *cpu = soc->cores[core].cpu;

		if (!(window->views >> core & 1))
			continue;
		if (open)
			cpu_map(cpu, window->at, window->size, window->host, window->kind);
		else
			cpu_unmap(cpu, window->at, window->size);
	}
}

/* Each access of a core to the page of OTP goes over the bus as long as level 1 closes that
 * area: the flash controller refuses it there as it does a debugger's. */
static void
otp_page_map(struct soc *soc, const struct window *window, bool open)
{
	uint32_t at = soc->chip->otp_page_at;
	const struct window *home = windows_find(soc, at);
	struct window page = *window;
	uintptr_t offset;

	if (!at || !home)
		return;
	offset = (uintptr_t)home->host + (at - home->at) - (uintptr_t)window->host;
	if (offset >= window->size)
		return;
	page.at += (uint32_t)offset;
	page.host += offset;
	page.size = OTP_PAGE;
	window_map(soc, &page, open);
}

static void
window_add(struct soc *soc, const struct window *window)
{
	if (soc->windows_len == SOC_MAX_WINDOWS)
		abort();
	soc->windows[soc->windows_len++] = *window;
	window_map(soc, window,
		   !intrusion_closes(soc, window->host) &&
			   !outrun_closes(soc, window->host));
	if (soc->is_closed)
		otp_page_map(soc, window, false);
}

void
windows_close(struct soc *soc, bool closed)
{
	for (unsigned i = 0; i < soc->windows_len; i++)
		if (outrun_closes(soc, soc->windows[i].host))
			continue;
		else if (intrusion_closes(soc, soc->windows[i].host))
			window_map(soc, &soc->windows[i], !closed);
		else
			otp_page_map(soc, &soc->windows[i], !closed);
}

void
windows_outrun(struct soc *soc, bool closed)
{
	for (unsigned i = 0; i < soc->windows_len; i++) {
		const struct window *window = &soc->windows[i];

		if (outrun_closes(soc, window->host) &&
		    !intrusion_closes(soc, window->host))
			window_map(soc, window, !closed);
	}
}

static void
windows_add(struct soc *soc, const struct chip_window *windows, unsigned len, uint8_t views)
{
	for (unsigned i = 0; i < len; i++) {
		uint8_t memory = windows[i].memory;
		bool flash = soc->chip->memories[memory].keeps_contents;

		window_add(soc, &(struct window){
					.at = windows[i].at,
					.size = windows[i].size,
					.host = soc->memories[memory] + windows[i].offset,
					.kind = flash ? CPU_FLASH : CPU_RAM,
					.views = views,
				});
	}
}

void
windows_create(struct soc *soc)
{
	const struct chip *chip = soc->chip;

	for (unsigned i = 0; i < chip->memories_len; i++) {
		soc->memories[i] = malloc(chip->memories[i].size);
		if (!soc->memories[i])
			abort();
		memset(soc->memories[i], ERASED, chip->memories[i].size);
	}
	windows_add(soc, chip->windows, chip->windows_len, ALL_VIEWS);
	for (unsigned i = 0; i < chip->cores_len; i++)
		windows_add(soc, chip->own[i].windows, chip->own[i].windows_len,
			    (uint8_t)(1u << i));
}

void
windows_free(struct soc *soc)
{
	for (unsigned i = 0; i < soc->chip->memories_len; i++)
		free(soc->memories[i]);
}

void
windows_hide(struct soc *soc, uint32_t at)
{
	for (unsigned i = 0; i < soc->windows_len; i++) {
		if (soc->windows[i].at != at || soc->windows[i].views != ALL_VIEWS)
			continue;
		for (unsigned core = 0; core < soc->chip->cores_len; core++)
			cpu_unmap(soc->cores[core].cpu, at, soc->windows[i].size);
		soc->windows[i] = soc->windows[--soc->windows_len];
		return;
	}
}

void
windows_show(struct soc *soc, uint32_t at, uint32_t size, uint8_t *host,
	     enum cpu_memory kind)
{
	for (unsigned i = 0; i < soc->windows_len; i++) {
		const struct window *old = &soc->windows[i];

		if (old->at == at && old->size == size && old->host == host)
			return;
	}
	windows_hide(soc, at);
	window_add(soc, &(struct window){ at, size, host, kind, ALL_VIEWS });
}

void
windows_show_at_zero(struct soc *soc, uint32_t target)
{
	const struct window *window = windows_find(soc, target);

	if (!window) {
		windows_hide(soc, 0);
		return;
	}
	windows_show(soc, 0, window->size, window->host, window->kind);
}

const struct window *
windows_find_in(const struct soc *soc, unsigned view, uint32_t at)
{
	for (unsigned i = 0; i < soc->windows_len; i++)
		if (at - soc->windows[i].at < soc->windows[i].size &&
		    soc->windows[i].views >> view & 1)
			return &soc->windows[i];
	return NULL;
}

const struct window *
windows_find(const struct soc *soc, uint32_t at)
{
	return windows_find_in(soc, 0, at);
}

static void
scramble(struct chance *chance, uint8_t *bytes, uint32_t size)
{
	for (uint32_t at = 0; at < size; at += sizeof(uint64_t)) {
		uint64_t garbage = chance_next(chance);

		memcpy(bytes + at, &garbage, sizeof(garbage));
	}
}

/* The same garbage each time, as cells that lean to one side have it, so that runs can be
 * repeated, and no zeros for firmware to rely on. */
void
windows_scramble(struct soc *soc)
{
	struct chance chance;

	chance_seed(&chance, soc->seed, "RAM");
	for (unsigned i = 0; i < soc->chip->memories_len; i++) {
		if (soc->chip->memories[i].keeps_contents)
			continue;
		scramble(&chance, soc->memories[i], soc->chip->memories[i].size);
		windows_changed(soc, soc->memories[i], soc->chip->memories[i].size);
	}
}

uint32_t
windows_home(const struct soc *soc, const struct window *window, uint32_t at)
{
	if (window->at != 0)
		return at;
	for (unsigned i = 0; i < soc->windows_len; i++)
		if (&soc->windows[i] != window && soc->windows[i].host == window->host)
			return soc->windows[i].at + at;
	return at;
}

/* Every window that shows any of those cells. */
void
windows_changed(struct soc *soc, const uint8_t *host, uint32_t size)
{
	for (unsigned i = 0; i < soc->windows_len; i++) {
		const struct window *window = &soc->windows[i];
		uintptr_t first = (uintptr_t)host, start = (uintptr_t)window->host;

		if (first + size <= start || first >= start + window->size)
			continue;
		uintptr_t from = first > start ? first - start : 0;
		uintptr_t to = first + size - start;
		if (to > window->size)
			to = window->size;
		for (unsigned core = 0; core < soc->chip->cores_len; core++)
			if (window->views >> core & 1)
				cpu_code_changed(soc->cores[core].cpu,
						 window->at + (uint32_t)from,
						 (uint32_t)(to - from));
	}
}
