/* SPDX-License-Identifier: MIT */
/*
 * also.h - a further probe on the bench: plugged into the host, wired to no board. VAPP,
 * SWDIO, SWCLK and NRST end in the air, and it counts for itself.
 */
#ifndef TEST_EMULATOR_ALSO_H
#define TEST_EMULATOR_ALSO_H

#include <stdint.h>

#include "test/emulator/probe/usb_function.h"
#include "test/emulator/soc/soc.h"

struct also;

/* `spec` is KIND or KIND:SERIAL; without one the kind's own. The wires need some chip to
 * end at, which is without supply: `chip`. NULL after telling on stderr why not. */
struct also *also_new(const char *spec, const struct chip *chip, uint64_t seed);
void also_free(struct also *also);
struct usb_function *also_probe(struct also *also);

#endif /* TEST_EMULATOR_ALSO_H */
