/* SPDX-License-Identifier: MIT */
/*
 * persona_st_util.c - stlink's st-util, as Cortex-Debug ("stutil") starts it. It says all it
 * says on stderr. Options and their meaning: stlink 1.8.0, src/st-util/gdb-server.c.
 */
#include "server/cli/persona.h"

#include "server/cli/cli.h"
#include "server/monitor/version.h"
#include "transport/base/log.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ST_UTIL_PORT = 4242, MAX_LOG_LEVEL = 99 };

/* "1800", "1800k", "4M" */
static enum cause
set_frequency(const struct option *option, struct options *options, const char *value,
	      struct reason *why)
{
	enum { DIGITS = 6 };

	char khz[DIGITS + sizeof("000")];
	size_t len = strspn(value, "0123456789");
	bool is_mhz = toupper((unsigned char)value[len]) == 'M';

	if (len == 0 || len > DIGITS || (value[len] != '\0' && value[len + 1] != '\0') ||
	    strchr("kKmM", value[len]) == NULL)
		return reason_begin(why, CAUSE_REQUEST,
				    "\"%s\" is not a frequency such as 1800k or 4M", value);
	snprintf(khz, sizeof(khz), "%.*s%s", (int)len, value, is_mhz ? "000" : "");
	return option_set_speed(option, options, khz, why);
}

/* st-util logs more from 50 on. */
static enum cause
set_verbosity(const struct option *option, struct options *options, const char *value,
	      struct reason *why)
{
	enum { MUCH = 50 };

	if (value != NULL && atoi(value) < MUCH)
		return CAUSE_NONE;
	return option_set_verbose(option, options, value, why);
}

static const struct option st_util_options[] = {
	{ .name = "--listen_port",
	  .letter = "-p",
	  .value = "PORT",
	  .set = option_set_number,
	  OPTION_NUMBER(port, 0, OPTION_MAX_PORT),
	  .help = "--port" },
	{ .name = "--no-reset",
	  .letter = "-n",
	  .set = option_attaches,
	  .help = "--connect attach; without this and -u the chip is reset at the start" },
	{ .name = "--hot-plug", .set = option_attaches, .help = "the same" },
	{ .name = "--connect-under-reset",
	  .letter = "-u",
	  .set = option_connects_under_reset,
	  .help = "--connect under-reset" },
	{ .name = "--multi",
	  .letter = "-m",
	  .set = option_stays,
	  .help = "go on after the last session, as after one of target "
		  "extended-remote" },
	{ .name = "--freq",
	  .letter = "-F",
	  .value = "FREQUENCY",
	  .set = set_frequency,
	  OPTION_NUMBER(board.speed_hz, 1, OPTION_MAX_SPEED_KHZ),
	  .help = "--speed: 1800k, 4M" },
	{ .name = "--serial",
	  .value = "SERIAL",
	  .set = option_set_probe,
	  .help = "--probe" },
	{ .name = "--verbose",
	  .letter = "-v",
	  .value = "[LEVEL]",
	  .set = set_verbosity,
	  OPTION_NUMBER(persona_log_level, 0, MAX_LOG_LEVEL),
	  .help = "--log debug, below 50: nothing" },
	{ .name = "--semihosting",
	  .set = option_means_nothing,
	  .help = "no meaning: semihosting is always served" },
	{ .name = "--stlink_version",
	  .letter = "-s",
	  .value = "VERSION",
	  .set = option_means_nothing,
	  .help = "no meaning: the probe is recognised" },
	{ .name = "--stlinkv1",
	  .letter = "-1",
	  .set = option_means_nothing,
	  .help = "no meaning: an ST-LINK/V1 is not supported" },
	{ .name = "--version",
	  .letter = "-V",
	  .set = option_set_flag,
	  OPTION_AT(wants_version),
	  .help = "print the version" },
	{ .name = "--help",
	  .letter = "-h",
	  .set = option_set_flag,
	  OPTION_AT(wants_help),
	  .help = "print this text" },
	{ .name = NULL },
};

static void
begin(const struct options *options)
{
	(void)options;
	log_info("server", "tether %s in the place of st-util", tether_version);
	if (getenv("STLINK_DEVICE") != NULL)
		log_warning("server",
			    "STLINK_DEVICE is not read: choose the probe by --serial");
}

static void
listening(unsigned port)
{
	log_info("server", "Listening at *:%u...", port);
}

static int
failed(const struct options *options, const struct reason *why)
{
	(void)options;
	(void)why;
	return EXIT_WORLD;
}

static void
version(void)
{
	printf("v1.8.0 (tether %s)\n", tether_version);
}

const struct persona persona_st_util = {
	.name = "st-util",
	.options = st_util_options,
	.port = ST_UTIL_PORT,
	.extended_stays = true,
	.begin = begin,
	.listening = listening,
	.failed = failed,
	.version = version,
};
