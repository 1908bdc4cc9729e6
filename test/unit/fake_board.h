/* SPDX-License-Identifier: MIT */
/*
 * fake_board.h - an STM32G473VB (128 KiB, two banks) as far as connecting to it
 * goes, on a fake probe with a fake core, and the board that sees it.
 */
#ifndef TEST_UNIT_FAKE_BOARD_H
#define TEST_UNIT_FAKE_BOARD_H

#include "targets/connect/connect.h"
#include "test/unit/fake_core.h"

struct fake_board {
	struct fake_probe *probe; /* belongs to `board` once that is made */
	struct fake_core *core;
	uint8_t *ram, *flash, *dbgmcu, *size_word, *options;
	struct board *board; /* NULL until fake_board_open() */
	struct core *cm4;    /* NULL until fake_board_connect() */
};

/* The chip alone, on a probe with memory commands, or on another. */
void fake_board_new(struct fake_board *fake);
void fake_board_new_on(struct fake_board *fake, enum fake_flavour flavour);
/* A board with those options. */
void fake_board_open(struct fake_board *fake, const struct board_options *options);
/* Opens with defaults and `mode`, connects, and asserts that this works. */
void fake_board_connect(struct fake_board *fake, enum connect_mode mode);
enum cause fake_board_run(struct fake_board *fake, struct job *job, struct reason *why);
void fake_board_free(struct fake_board *fake);

/* The register of that name, which exists. */
const struct core_register *fake_register(const struct core *core, const char *name);

#endif /* TEST_UNIT_FAKE_BOARD_H */
