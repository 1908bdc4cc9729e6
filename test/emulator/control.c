/* SPDX-License-Identifier: MIT */
#include "test/emulator/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_LINE = 128 };
static const double max_volts = 5.5, max_dip_ms = 1e6, ns_per_ms = 1e6;

struct control {
	int fd;
	bool is_ours;
	char *path;
	char line[MAX_LINE];
	unsigned len;
};

static void
power_off(struct bench *bench)
{
	wire_power(bench->wire, false);
}

static void
power_on(struct bench *bench)
{
	wire_power(bench->wire, true);
}

static void
unplug(struct bench *bench)
{
	bench->front->ops->plug(bench->front, 0, false);
}

static void
plug(struct bench *bench)
{
	bench->front->ops->plug(bench->front, 0, true);
}

static void
press_reset(struct bench *bench)
{
	wire_press_reset(bench->wire, true);
}

static void
release_reset(struct bench *bench)
{
	wire_press_reset(bench->wire, false);
}

static void
boot0_high(struct bench *bench)
{
	if (faults_add(&bench->faults, "boot0-high"))
		bench_refigure(bench);
}

static void
boot0_low(struct bench *bench)
{
	if (faults_heal(&bench->faults, "boot0-high"))
		bench_refigure(bench);
}

static void
tell_stats(struct bench *bench)
{
	bench_write_stats(bench);
}

static void
save(struct bench *bench)
{
	bench_save(bench);
}

static void
quit(struct bench *bench)
{
	bench->is_over = true;
}

static const struct word {
	const char *line;
	void (*obey)(struct bench *bench);
} words[] = {
	{ "power off", power_off },
	{ "power on", power_on },
	{ "unplug", unplug },
	{ "plug", plug },
	{ "press reset", press_reset },
	{ "release reset", release_reset },
	{ "stats", tell_stats },
	{ "save", save },
	{ "boot0 high", boot0_high },
	{ "boot0 low", boot0_low },
	{ "quit", quit },
};

static bool
number_parse(const char *text, double max, double *number)
{
	char *end;
	*number = strtod(text, &end);
	return end != text && !*end && *number >= 0 && *number <= max;
}

static bool
obey_vtarget(struct bench *bench, const char *volts_text)
{
	double volts;
	if (!number_parse(volts_text, max_volts, &volts))
		return false;
	wire_set_volts(bench->wire, volts);
	return true;
}

/* One dip of so many milliseconds. */
static bool
obey_brown_out(struct bench *bench, const char *ms_text)
{
	double ms;
	if (!number_parse(ms_text, max_dip_ms, &ms))
		return false;
	wire_brown_out(bench->wire, (uint64_t)(ms * ns_per_ms));
	return true;
}

/* N: the Nth of --also. */
static bool
plug_also(struct bench *bench, const char *text, bool plugged)
{
	double number;
	if (!number_parse(text, bench->options->also_len, &number) || number < 1 ||
	    number != (unsigned)number)
		return false;
	bench->front->ops->plug(bench->front, (unsigned)number, plugged);
	return true;
}

static bool
obey_unplug(struct bench *bench, const char *text)
{
	return plug_also(bench, text, false);
}

static bool
obey_plug(struct bench *bench, const char *text)
{
	return plug_also(bench, text, true);
}

static bool
is_live(const char *fault)
{
	if (fault_is_live(fault))
		return true;
	fprintf(stderr, "emulator: %s is how the probe came; say it with --fault\n", fault);
	return false;
}

static bool
obey_fault(struct bench *bench, const char *fault)
{
	if (!is_live(fault) || !faults_add(&bench->faults, fault))
		return false;
	bench_refigure(bench);
	return true;
}

static bool
obey_heal(struct bench *bench, const char *fault)
{
	if (!is_live(fault) || !faults_heal(&bench->faults, fault))
		return false;
	bench_refigure(bench);
	return true;
}

static const struct verb {
	const char *verb;
	bool (*obey)(struct bench *bench, const char *rest);
} verbs[] = {
	{ "unplug ", obey_unplug },   { "plug ", obey_plug },
	{ "vtarget ", obey_vtarget }, { "brown-out ", obey_brown_out },
	{ "fault ", obey_fault },     { "heal ", obey_heal },
};

static bool
obey_verb(struct bench *bench, const char *line)
{
	for (unsigned i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strncmp(verbs[i].verb, line, strlen(verbs[i].verb)) == 0)
			return verbs[i].obey(bench, line + strlen(verbs[i].verb));
	return false;
}

bool
control_obey(struct bench *bench, const char *line)
{
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].line, line) != 0)
			continue;
		words[i].obey(bench);
		return true;
	}
	if (obey_verb(bench, line))
		return true;
	fprintf(stderr, "emulator: the control line \"%s\" means nothing here\n", line);
	return false;
}

/* A line that is too long is cut, and then means nothing. */
static void
take_byte(struct control *control, struct bench *bench, char byte)
{
	if (byte != '\n') {
		if (control->len < MAX_LINE - 1)
			control->line[control->len++] = byte;
		return;
	}
	control->line[control->len] = '\0';
	control->len = 0;
	control_obey(bench, control->line);
}

void
control_ready(struct control *control, struct bench *bench)
{
	char bytes[256];
	ssize_t got;
	while ((got = read(control->fd, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < got && !bench->is_over; i++)
			take_byte(control, bench, bytes[i]);
}

int
control_fd(const struct control *control)
{
	return control->fd;
}

/* Opened for writing too, so that it does not end when a writer closes it. */
static bool
open_fifo(struct control *control)
{
	struct stat found;
	control->is_ours = mkfifo(control->path, 0600) == 0;
	if (!control->is_ours && errno != EEXIST)
		return false;
	control->fd = open(control->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (control->fd < 0)
		return false;
	if (fstat(control->fd, &found) < 0 || S_ISFIFO(found.st_mode))
		return true;
	errno = EINVAL;
	return false;
}

struct control *
control_open(const char *path)
{
	struct control *control = calloc(1, sizeof(*control));
	if (!control || !(control->path = strdup(path)))
		abort();
	control->fd = -1;
	if (open_fifo(control))
		return control;
	fprintf(stderr, "emulator: cannot take control lines from %s as a FIFO: %s\n", path,
		strerror(errno));
	control_close(control);
	return NULL;
}

void
control_close(struct control *control)
{
	if (!control)
		return;
	if (control->fd >= 0)
		close(control->fd);
	if (control->is_ours)
		unlink(control->path);
	free(control->path);
	free(control);
}
