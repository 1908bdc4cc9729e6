/* SPDX-License-Identifier: MIT */
/*
 * images.h - the files that a command is given, as one image.
 */
#ifndef SERVER_CLI_IMAGES_H
#define SERVER_CLI_IMAGES_H

#include "flash/load/image.h"
#include "server/cli/options.h"

struct board;

/* Each as PATH, or as PATH@ADDRESS when it names no addresses itself; --at is for those without.
 * Fails as file_read(); CAUSE_REQUEST as well where two give the same byte two values. */
enum cause
images_read(const struct options *options, struct image *image, struct reason *why);
/* CAUSE_REQUEST: they are not for the chip that is there. */
enum cause
images_check_chip(const struct image *image, struct board *board, struct reason *why);

#endif /* SERVER_CLI_IMAGES_H */
