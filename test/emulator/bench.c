/* SPDX-License-Identifier: MIT */
#include "test/emulator/bench.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "test/emulator/also.h"
#include "test/emulator/board.h"
#include "test/emulator/cpu/cpu.h"
#include "test/emulator/image.h"
#include "test/emulator/pc_log.h"
#include "test/emulator/probe/probe.h"
#include "test/emulator/probe/usb_paced.h"
#include "test/emulator/state.h"

/* The board has been on for a while when the client comes: NRST has risen through its
 * capacitor (5 ms with 100 nF, 48 s with 1 mF; a short keeps it low), and the program is past
 * its first instructions. */
enum { SETTLE_NS = 20000000, MOST_SETTLES = 5000 };
enum { NS_PER_US = 1000 };
enum { MAX_PATH_LEN = 4096, SWO_CHUNK = 256 };

static bool
complain(const char *text, const char *about)
{
	fprintf(stderr, "emulator: %s%s\n", text, about);
	return false;
}

static void
figures_look(struct bench *bench)
{
	bench->figures = (struct figures){
		.wiring = bench->board->wiring,
		.probe = { .serial = bench->options->serial,
			   .board_id = bench->board->board_id,
			   .seed = bench->options->seed },
	};
	faults_apply(&bench->faults, &bench->figures);
}

void
bench_refigure(struct bench *bench)
{
	figures_look(bench);
	wire_rewire(bench->wire, &bench->figures.wiring);
	usb_faulty_set(bench->cable, &bench->figures.usb);
	soc_boot0(bench->soc, bench->figures.boot0_is_high);
	soc_lie(bench->soc, &bench->figures.lies);
}

static uint64_t
device_time(void *of)
{
	return soc_now_ns(of);
}

/* --thinking US */
static void
client_thinks(void *of)
{
	struct bench *bench = of;
	bench_idle(bench, (uint64_t)bench->options->thinking_us * NS_PER_US);
}

static void
client_waits(void *of)
{
	struct bench *bench = of;
	pace_waste((uint64_t)bench->options->slow_us * NS_PER_US);
	pace_hold(&bench->pace, soc_now_ns(bench->soc));
}

static void
pace_probe(struct bench *bench)
{
	const struct options *options = bench->options;
	const struct usb_pacer pacer = {
		.before_request = options->thinking_us ? client_thinks : NULL,
		.after_transfer =
			options->is_paced || options->slow_us ? client_waits : NULL,
		.of = bench,
	};
	if (pacer.before_request || pacer.after_transfer)
		bench->probe = usb_paced_new(bench->probe, pacer);
}

/* The probe, behind its cable. */
static void
open_probe(struct bench *bench, const struct probe_kind *kind)
{
	const struct figures *figures = &bench->figures;
	const struct usb_clock clock = { device_time, bench->soc };
	bench->probe = bench->cable =
		usb_faulty_new(probe_new(kind, bench->wire, &figures->probe, &bench->stats),
			       &figures->usb, clock);
	pace_probe(bench);
}

/* The one soldered to the board. */
static const char *
chip_name_of(const struct bench *bench, const struct board_entry *board)
{
	return bench->options->chip ? bench->options->chip : board->chip;
}

static bool
open_board(struct bench *bench, const struct board_entry *board)
{
	const struct options *options = bench->options;
	const struct chip *chip = chip_find(chip_name_of(bench, board));
	const char *kind_name = options->probe ? options->probe : board->probe;
	const struct probe_kind *kind = probe_kind_find(kind_name);
	if (!chip)
		return complain("there is no chip named ", chip_name_of(bench, board));
	if (!kind)
		return complain("there is no probe named ", kind_name);
	figures_look(bench);
	const char *firmware = bench->figures.probe.firmware;
	bench->soc = soc_new(chip, &bench->stats);
	if (firmware && !probe_takes_firmware(kind, firmware))
		return complain("this probe cannot have the firmware ", firmware);
	if (bench->figures.usb.delay_ms && options->thinking_is_fixed)
		return complain("--fault usb-delay is time between transfers and needs "
				"--thinking real",
				"");
	soc_seed(bench->soc, options->seed);
	soc_boot0(bench->soc, bench->figures.boot0_is_high);
	soc_lie(bench->soc, &bench->figures.lies);
	bench->wire = wire_new(bench->soc, &bench->figures.wiring, &bench->stats);
	wire_seed(bench->wire, options->seed);
	open_probe(bench, kind);
	return true;
}

/* What is in the chip before power comes. */
static bool
fill_chip(struct bench *bench)
{
	const struct options *options = bench->options;
	const char *unwired =
		options->beside ? soc_wire_beside(bench->soc, options->beside) : NULL;
	if (unwired)
		return complain("--spi-flash: ", unwired);
	if (options->state && !state_load(bench->soc, options->state))
		return false;
	for (unsigned i = 0; i < options->images_len; i++)
		if (!image_preload(bench->soc, options->images[i]))
			return false;
	for (unsigned i = 0; i < options->presets_len; i++) {
		const char *wrong = soc_preset_option(bench->soc, options->presets[i]);
		if (wrong) {
			fprintf(stderr, "emulator: --option %s: %s\n", options->presets[i],
				wrong);
			return false;
		}
	}
	return true;
}

static bool
open_also(struct bench *bench)
{
	const struct options *options = bench->options;
	const struct chip *chip = chip_find(chip_name_of(bench, bench->board));
	for (unsigned i = 0; i < options->also_len; i++) {
		bench->also[i] = also_new(options->also[i], chip, options->seed + i + 1);
		if (!bench->also[i])
			return false;
	}
	return true;
}

static bool
open_front(struct bench *bench)
{
	const struct options *options = bench->options;
	struct front_probes probes = { .list = { bench->probe },
				       .len = 1,
				       .first_is_held = bench->figures.probe_is_held,
				       .node_mode = bench->figures.node_is_closed
							    ? 0
							    : FRONT_NODE_MODE };
	while (probes.len <= options->also_len) {
		probes.list[probes.len] = also_probe(bench->also[probes.len - 1]);
		probes.len++;
	}
	if (options->command)
		bench->front = options->is_on_kernels_bus
				       ? front_vhci(&probes, options->command)
				       : front_usb(&probes, options->command);
	else
		bench->front = options->listens_dap
				       ? front_dap_tcp(&probes, options->port)
				       : front_stlink_tcp(&probes, options->port);
	return bench->front != NULL;
}

static void
settle(struct bench *bench)
{
	bool is_shorted = bench->figures.wiring.nrst_shorted_to_ground;
	for (unsigned i = 0; i < MOST_SETTLES; i++) {
		bench_idle(bench, SETTLE_NS);
		if (is_shorted || wire_nrst_is_high(bench->wire))
			return;
	}
}

bool
bench_open(struct bench *bench, const struct options *options)
{
	const struct board_entry *board = board_find(options->board);
	memset(bench, 0, sizeof(*bench));
	bench->options = options;
	if (!board)
		return complain("there is no board named (--list tells them) ",
				options->board);
	bench->board = board;
	bench->faults = options->faults;
	if (!open_board(bench, board) || !fill_chip(bench) || !open_also(bench))
		return false;
	if (options->trace_pc) {
		bench->pc_log = pc_log_open(options->trace_pc, bench->soc);
		if (!bench->pc_log)
			return false;
	}
	wire_power(bench->wire, true);
	settle(bench);
	pace_start(&bench->pace, soc_now_ns(bench->soc), options->is_paced);
	return open_front(bench);
}

bool
bench_save(struct bench *bench)
{
	const char *path = bench->options->state;
	return !path || state_save(bench->soc, path);
}

void
bench_close(struct bench *bench)
{
	pc_log_close(bench->pc_log);
	if (bench->front)
		bench->front->ops->free(bench->front);
	for (unsigned i = 0; i < OPTIONS_MAX_ALSO; i++)
		also_free(bench->also[i]);
	if (bench->probe)
		bench->probe->ops->free(bench->probe);
	if (bench->wire)
		wire_free(bench->wire);
	soc_free(bench->soc);
}

/* The trace pin of the board is wired to the probe. */
static void
pass_swo(struct bench *bench)
{
	uint8_t bytes[SWO_CHUNK];
	uint32_t baud;
	unsigned size = soc_swo(bench->soc, bytes, sizeof(bytes), &baud);
	if (size)
		probe_swo(bench->probe, baud, bytes, size);
}

void
bench_idle(struct bench *bench, uint64_t ns)
{
	wire_advance(bench->wire, ns);
	pass_swo(bench);
}

/* A reader of the file sees the old figures or the new ones, never half of them. */
static bool
write_stats_file(struct bench *bench, const char *path)
{
	char draft[MAX_PATH_LEN];
	int len = snprintf(draft, sizeof(draft), "%s.new", path);
	FILE *file = len < (int)sizeof(draft) ? fopen(draft, "w") : NULL;
	if (!file)
		return false;
	stats_write(&bench->stats, file);
	bool is_written = !ferror(file);
	is_written = fclose(file) == 0 && is_written;
	return is_written && rename(draft, path) == 0;
}

bool
bench_write_stats(struct bench *bench)
{
	const char *path = bench->options->stats;
	if (bench->pc_log)
		pc_log_flush(bench->pc_log);
	if (!path) {
		stats_write(&bench->stats, stdout);
		return fflush(stdout) == 0;
	}
	if (write_stats_file(bench, path))
		return true;
	fprintf(stderr, "emulator: cannot write %s: %s\n", path, strerror(errno));
	return false;
}
