/* SPDX-License-Identifier: MIT */
/*
 * drivers.c - the commands of openocd's flash drivers, which tutorials type as "stm32l4x unlock 0":
 * what tether has by another name is done, the rest is answered with that name. The names of the
 * drivers and their words: OpenOCD's manual, "Flash Driver List"; some are those of older ones.
 */
#include "server/monitor/option_bytes.h"

#include "transport/base/bytes.h"

#include <string.h>

#define BY_NAME                                                                           \
	"monitor options set NAME=VALUE... sets option bytes, by the names that monitor " \
	"options lists; nothing was done"

static enum cause
erase_all(struct client *client, const struct monitor_row *row, const char *rest,
	  struct reason *why)
{
	(void)row;
	(void)rest;
	return monitor_erase_all(client, why);
}

static enum cause
list_options(struct client *client, const struct monitor_row *row, const char *rest,
	     struct reason *why)
{
	(void)rest;
	return monitor_options(client, row, "", why);
}

static const struct {
	const char *word;
	monitor_function *run; /* NULL: nothing is done, but said: */
	const char *note;
} driver_words[] = {
	{ "mass_erase", erase_all, NULL },
	{ "option_read", list_options, NULL },
	{ "options_read", list_options, NULL },
	{ "unlock", NULL,
	  "read protection is an option byte: monitor options set RDP=0 --yes takes it "
	  "back, which erases all of the flash; nothing was done" },
	{ "lock", NULL,
	  "read protection is an option byte: monitor options set RDP=1 --yes sets it, "
	  "and the way back erases all of the flash; nothing was done" },
	{ "option_write", NULL, BY_NAME },
	{ "options_write", NULL, BY_NAME },
	{ "trustzone", NULL, BY_NAME },
	{ "option_load", NULL, "monitor options set has the chip load them by itself" },
	{ "options_load", NULL, "monitor options set has the chip load them by itself" },
};

static enum cause
run_driver(struct client *client, const struct monitor_row *row, const char *rest,
	   struct reason *why)
{
	size_t len = strcspn(rest, " \t");

	for (size_t i = 0; i < array_len(driver_words); i++) {
		if (strlen(driver_words[i].word) != len ||
		    strncmp(driver_words[i].word, rest, len) != 0)
			continue;
		if (driver_words[i].run != NULL)
			return driver_words[i].run(client, row, rest, why);
		client_print(client, "note: %s", driver_words[i].note);
		return CAUSE_NONE;
	}
	client_print(client,
		     "note: of openocd's %s tether knows mass_erase and option_read; flash "
		     "and option bytes have commands of their own (monitor help flash)",
		     row->name);
	return CAUSE_NONE;
}

#define DRIVER(name, help)                                                              \
	{                                                                               \
		name, "mass_erase|option_read 0", TOPIC_OTHERS, help,                   \
			"Other words of it are answered with the command that does it " \
			"here.",                                                        \
			0, NEEDS_TARGET, run_driver                                     \
	}

const struct monitor_row monitor_driver_rows[] = {
	DRIVER("stm32l4x", "OpenOCD: as flash erase chip, as options; so for other "
			   "families"),
	DRIVER("stm32f1x", NULL),
	DRIVER("stm32f2x", NULL),
	DRIVER("stm32f3x", NULL),
	DRIVER("stm32f4x", NULL),
	DRIVER("stm32f7x", NULL),
	DRIVER("stm32g0x", NULL),
	DRIVER("stm32g4x", NULL),
	DRIVER("stm32h7x", NULL),
	DRIVER("stm32lx", NULL),
	DRIVER("stm32l0", NULL),
	DRIVER("stm32l1", NULL),
	DRIVER("stm32u5x", NULL),
	DRIVER("stm32wbx", NULL),
	{ 0 },
};
