/* SPDX-License-Identifier: MIT */
/*
 * bench.h - one board on the bench with its probe and its front end: what main
 * builds, runs and takes down, and what the control FIFO acts upon.
 */
#ifndef TEST_EMULATOR_BENCH_H
#define TEST_EMULATOR_BENCH_H

#include <stdbool.h>

#include "test/emulator/base/stats.h"
#include "test/emulator/faults.h"
#include "test/emulator/front/front.h"
#include "test/emulator/options.h"
#include "test/emulator/pace.h"
#include "test/emulator/probe/usb_function.h"
#include "test/emulator/soc/soc.h"
#include "test/emulator/wire/wire.h"

struct board_entry;
struct also;
struct pc_log;

struct bench {
	const struct options *options;
	const struct board_entry *board;
	struct faults faults; /* those of the options, then as the control lines say */
	struct figures figures;
	struct stats stats;
	struct pace pace;
	struct soc *soc;
	struct wire *wire;
	struct usb_function *probe; /* as the front sees it: `cable`, perhaps slowed down */
	struct usb_function *cable; /* with the probe behind it; its faults come and go */
	struct also *also[OPTIONS_MAX_ALSO];
	struct front *front;
	struct pc_log *pc_log; /* NULL: none */
	bool is_over;
	int exit_status;
};

/* Builds board, chip, probe and front end and switches the power on. False after telling
 * on stderr what is wrong; bench_close() is needed all the same. */
bool bench_open(struct bench *bench, const struct options *options);
void bench_close(struct bench *bench);

/* What the faults change takes effect. */
void bench_refigure(struct bench *bench);

/* Writes what the chip keeps to the file of --state. False after telling why not; true
 * also without such a file. */
bool bench_save(struct bench *bench);

/* Lets `ns` of device time pass in which no client asks for anything. */
void bench_idle(struct bench *bench, uint64_t ns);

/* Writes the figures to the file of --stats, or to stdout; false when that fails. */
bool bench_write_stats(struct bench *bench);

#endif /* TEST_EMULATOR_BENCH_H */
