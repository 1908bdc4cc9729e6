/* SPDX-License-Identifier: MIT */
/*
 * faults.h - what can be wrong on the bench, by name: `--fault NAME[=VALUE]` and the
 * control lines `fault` and `heal`.
 *
 * A fault changes figures: how the board is wired, in what state the probe came, what
 * USB does to transfers. None names an outcome; what a client then sees follows from the
 * models of wire/, soc/ and probe/. The ids are those of the catalogue of failure modes.
 */
#ifndef TEST_EMULATOR_FAULTS_H
#define TEST_EMULATOR_FAULTS_H

#include <stdbool.h>
#include <stdio.h>

#include "test/emulator/probe/probe.h"
#include "test/emulator/probe/usb_faulty.h"
#include "test/emulator/wire/wire.h"

enum { FAULTS_MOST = 24, FAULT_TEXT_SIZE = 24 };

/* All that a fault may change. */
struct figures {
	struct wiring wiring;
	bool boot0_is_high;
	struct probe_setup probe;
	bool probe_is_held;  /* another program has claimed it */
	bool node_is_closed; /* no udev rule opens its device node */
	struct usb_faults usb;
	struct soc_lies lies;
};

struct fault;

struct faults {
	struct {
		const struct fault *fault;
		double number;
		char text[FAULT_TEXT_SIZE];
	} list[FAULTS_MOST];
	unsigned len;
};

/* Adds "NAME" or "NAME=VALUE"; one of that name which is there already gets the new value.
 * False after telling on stderr what is wrong with it. */
bool faults_add(struct faults *faults, const char *spec);
/* Takes it away. False after telling on stderr that it is not there. */
bool faults_heal(struct faults *faults, const char *name);
/* Can it come and go while the board runs, or is it how the probe came to the bench?
 * True for a name that is unknown: others tell about that. */
bool fault_is_live(const char *spec);

/* Changes what they change, in the order in which they were added. The texts of
 * `faults` must live as long as the figures. */
void faults_apply(const struct faults *faults, struct figures *figures);

/* A line for each fault: name, value, what it does. */
void faults_help(FILE *file);

#endif /* TEST_EMULATOR_FAULTS_H */
