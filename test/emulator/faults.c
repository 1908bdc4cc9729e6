/* SPDX-License-Identifier: MIT */
#include "test/emulator/faults.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum value_kind { NO_VALUE, NUMBER, TEXT, NUMBER_IF_ANY };

struct fault {
	const char *name;
	const char *value; /* what it is called in the help; NULL: there is none */
	enum value_kind kind;
	double least, most, otherwise;
	void (*apply)(struct figures *figures, double number, const char *text);
	bool is_live;
	const char *source; /* ids of the failure modes that it brings about */
	const char *what;
};

static const double hz_per_khz = 1e3, farad_per_microfarad = 1e-6, ns_per_ms = 1e6,
		    metres_per_cm = 1e-2;

/* --- supply ---------------------------------------------------------------------- */

static void
vtarget_off(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->wiring.vdd_volts = 0;
	figures->wiring.vapp_volts = 0;
}

static void
vtarget(struct figures *figures, double volts, const char *text)
{
	(void)text;
	figures->wiring.vdd_volts = volts;
	figures->wiring.vapp_volts = volts;
}

static void
vapp_open(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->wiring.vapp_open = true;
}

static void
supply_ohm(struct figures *figures, double ohm, const char *text)
{
	(void)text;
	figures->wiring.supply_ohm = ohm;
}

static void
brown_out(struct figures *figures, double ms, const char *text)
{
	(void)text;
	figures->wiring.brown_out_every_ns = (uint64_t)(ms * ns_per_ms);
}

/* --- SWDIO and SWCLK ------------------------------------------------------------- */

static void
swd_open(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->wiring.swd_open = true;
}

static void
swd_swapped(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->wiring.swd_swapped = true;
}

static void
swdio_low(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->wiring.swdio_low = true;
}

static void
swdio_high(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->wiring.swdio_high = true;
}

static void
swclk_low(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->wiring.swclk_low = true;
}

static void
swd_shorted(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->wiring.swd_shorted = true;
}

static void
swd_noise(struct figures *figures, double khz, const char *text)
{
	(void)text;
	figures->wiring.swd_clean_hz = khz * hz_per_khz;
}

static void
swd_length(struct figures *figures, double cm, const char *text)
{
	(void)text;
	figures->wiring.swd_metres = cm * metres_per_cm;
}

static void
ground_open(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->wiring.ground_open = true;
}

/* --- NRST and BOOT0 -------------------------------------------------------------- */

static void
nrst_low(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->wiring.nrst_shorted_to_ground = true;
}

static void
nrst_open(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->wiring.nrst_open = true;
}

static void
nrst_capacitor(struct figures *figures, double microfarad, const char *text)
{
	(void)text;
	figures->wiring.nrst_capacitor_farad = microfarad * farad_per_microfarad;
}

static void
nrst_high(struct figures *figures, double ohm, const char *text)
{
	(void)text;
	figures->wiring.nrst_high_ohm = ohm;
}

static void
clone_reset_pin(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->wiring.nrst_at_swim = true;
}

static void
boot0_swclk(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->wiring.boot0_at_swclk = true;
}

static void
boot0_high(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->boot0_is_high = true;
}

/* --- a hostile chip --------------------------------------------------------------- */

static void
rom_loops(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->lies.rom_loops = true;
}

/* "ADDRESS:WORD", both in hex; what is not of that form is a lie about address 0. */
static void
word_lies(struct figures *figures, double number, const char *text)
{
	char *end;
	(void)number;
	figures->lies.has_word = true;
	figures->lies.at = (uint32_t)strtoul(text, &end, 16);
	figures->lies.word = *end == ':' ? (uint32_t)strtoul(end + 1, NULL, 16) : 0;
}

static void
flash_worn(struct figures *figures, double number, const char *text)
{
	(void)number;
	figures->lies.has_worn = true;
	figures->lies.worn_at = (uint32_t)strtoul(text, NULL, 16);
}

/* --- the probe ------------------------------------------------------------------- */

static void
probe_dfu(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->probe.is_in_dfu = true;
}

static void
probe_stale(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->probe.is_stale = true;
}

static void
probe_wedged(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->probe.is_wedged = true;
}

static void
probe_hung(struct figures *figures, double number, const char *text)
{
	probe_wedged(figures, number, text);
	figures->probe.needs_replug = true;
}

static void
probe_busy(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->probe_is_held = true;
}

static void
node_closed(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->node_is_closed = true;
}

static void
probe_firmware(struct figures *figures, double number, const char *text)
{
	(void)number;
	figures->probe.firmware = text;
}

/* --- USB -------------------------------------------------------------------------- */

static void
usb_stall(struct figures *figures, double every, const char *text)
{
	(void)text;
	figures->usb.stall_every = (unsigned)every;
}

static void
usb_short(struct figures *figures, double every, const char *text)
{
	(void)text;
	figures->usb.short_every = (unsigned)every;
}

static void
usb_delay(struct figures *figures, double ms, const char *text)
{
	(void)text;
	figures->usb.delay_ms = (unsigned)ms;
}

static void
usb_silent(struct figures *figures, double number, const char *text)
{
	(void)number, (void)text;
	figures->usb.is_silent = true;
}

#define SWITCH(name, apply, live, source, what)                          \
	{                                                                \
		name, NULL, NO_VALUE, 0, 0, 0, apply, live, source, what \
	}

static const struct fault table[] = {
	SWITCH("vtarget-off", vtarget_off, true, "B1", "the board has no supply"),
	{ "vtarget", "VOLTS", NUMBER, 0, 5.5, 0, vtarget, true, "B2 B5",
	  "the supply is so many volts" },
	SWITCH("vapp-open", vapp_open, true, "B3 B4",
	       "the probe's VAPP pin is not connected"),
	{ "brown-out", "MS", NUMBER, 1, 1e6, 0, brown_out, true, "B2 C8",
	  "the supply dips to 1 V for 3 ms, so often" },
	{ "supply-ohm", "OHM", NUMBER, 1, 1e5, 0, supply_ohm, true, "B2",
	  "so much is between the regulator and the chip" },
	SWITCH("swd-open", swd_open, true, "B6", "SWDIO and SWCLK are not connected"),
	SWITCH("swd-swapped", swd_swapped, true, "B7", "SWDIO and SWCLK are exchanged"),
	SWITCH("swdio-low", swdio_low, true, "B8", "SWDIO is shorted to ground"),
	SWITCH("swdio-high", swdio_high, true, "B8", "SWDIO is shorted to the supply"),
	SWITCH("swclk-low", swclk_low, true, "B8", "SWCLK is shorted to ground"),
	SWITCH("swd-shorted", swd_shorted, true, "B8", "SWDIO is shorted to SWCLK"),
	{ "swd-noise", "KHZ", NUMBER, 1, 1e5, 0, swd_noise, true, "B10",
	  "above this SWD clock the cable loses more and more bits" },
	{ "swd-length", "CM", NUMBER, 1, 1000, 0, swd_length, true, "B10",
	  "SWDIO and SWCLK are flying wires of this length" },
	SWITCH("ground-open", ground_open, true, "B9",
	       "probe and board have no common ground but the host's"),
	SWITCH("nrst-low", nrst_low, true, "B12", "NRST is shorted to ground"),
	SWITCH("nrst-open", nrst_open, true, "B13", "NRST is not wired to the probe"),
	{ "nrst-capacitor", "MICROFARAD", NUMBER, 1e-4, 1e3, 0, nrst_capacitor, true, "B14",
	  "so much is on NRST (100 nF is usual)" },
	{ "nrst-high", "OHM", NUMBER_IF_ANY, 0.1, 1e5, 10, nrst_high, true, "B15",
	  "something pushes NRST to the supply (through 10 ohm)" },
	SWITCH("clone-reset-pin", clone_reset_pin, true, "B16",
	       "the probe's reset pin is its SWIM_RST"),
	SWITCH("boot0-high", boot0_high, true, "C9", "BOOT0 is high when resets end"),
	SWITCH("boot0-swclk", boot0_swclk, true, "B18", "BOOT0 is wired to SWCLK"),
	SWITCH("rom-loops", rom_loops, true, "-",
	       "each entry of a ROM table is the table itself"),
	{ "word-lies", "ADDRESS:WORD", TEXT, 0, 0, 0, word_lies, true, "-",
	  "a debugger that reads this word gets that one (hex)" },
	{ "flash-worn", "OFFSET", TEXT, 0, 0, 0, flash_worn, true, "E4",
	  "the word at this offset of the flash (hex) can be programmed, not erased" },
	SWITCH("probe-dfu", probe_dfu, false, "A4", "the probe is in its loader's mode"),
	SWITCH("probe-stale", probe_stale, false, "A6",
	       "a killed program left it in debug mode, a reply unread"),
	SWITCH("probe-wedged", probe_wedged, false, "A7",
	       "it answers nothing until the bus resets it"),
	SWITCH("probe-hung", probe_hung, false, "A7",
	       "it answers nothing until it is plugged in anew"),
	SWITCH("probe-busy", probe_busy, false, "A3",
	       "another program, named probe-holder, has claimed it"),
	SWITCH("node-closed", node_closed, false, "A2",
	       "its device node has mode 0000, as one that no udev rule opens"),
	{ "usb-stall", "N", NUMBER, 2, 1e6, 0, usb_stall, true, "A7",
	  "every Nth transfer stalls its endpoint" },
	{ "usb-short", "N", NUMBER, 2, 1e6, 0, usb_short, true, "A6",
	  "of every Nth answer the second half is lost" },
	{ "usb-delay", "MS", NUMBER, 1, 1e4, 0, usb_delay, true, "A9",
	  "answers come so late" },
	SWITCH("usb-silent", usb_silent, true, "A7",
	       "it takes what is sent and answers nothing"),
	{ "probe-firmware", "VERSION", TEXT, 0, 0, 0, probe_firmware, false, "A8",
	  "it runs this firmware, e.g. V2J17" },
};
enum { TABLE_LEN = sizeof(table) / sizeof(table[0]) };

/* --- names and values ------------------------------------------------------------ */

static const struct fault *
fault_find(const char *spec)
{
	size_t len = strcspn(spec, "=");

	for (unsigned i = 0; i < TABLE_LEN; i++)
		if (strlen(table[i].name) == len && !strncmp(table[i].name, spec, len))
			return &table[i];
	return NULL;
}

static bool
tell_known(const char *name)
{
	fprintf(stderr, "emulator: there is no fault named %.*s; known are:",
		(int)strcspn(name, "="), name);
	for (unsigned i = 0; i < TABLE_LEN; i++)
		fprintf(stderr, " %s", table[i].name);
	fputc('\n', stderr);
	return false;
}

static bool
tell_wanted(const struct fault *fault)
{
	fprintf(stderr, "emulator: --fault %s", fault->name);
	switch (fault->kind) {
	case NO_VALUE:
		fputs(" takes no value\n", stderr);
		break;
	case TEXT:
		fprintf(stderr, "=%s wants 1 to %d characters\n", fault->value,
			FAULT_TEXT_SIZE - 1);
		break;
	case NUMBER:
	case NUMBER_IF_ANY:
		fprintf(stderr, "=%s wants a number from %g to %g\n", fault->value,
			fault->least, fault->most);
	}
	return false;
}

static bool
number_parse(const struct fault *fault, const char *text, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end != text && !*end && isfinite(*number) && *number >= fault->least &&
	       *number <= fault->most;
}

/* `text` is what follows the '=', or NULL. */
static bool
value_parse(const struct fault *fault, const char *text, double *number)
{
	*number = fault->otherwise;
	if (!text)
		return fault->kind == NO_VALUE || fault->kind == NUMBER_IF_ANY;
	if (fault->kind == NO_VALUE)
		return false;
	if (fault->kind == TEXT)
		return *text && strlen(text) < FAULT_TEXT_SIZE;
	return number_parse(fault, text, number);
}

static unsigned
place_of(const struct faults *faults, const struct fault *fault)
{
	unsigned i = 0;

	while (i < faults->len && faults->list[i].fault != fault)
		i++;
	return i;
}

bool
faults_add(struct faults *faults, const char *spec)
{
	const struct fault *fault = fault_find(spec);
	const char *text = strchr(spec, '=');
	double number;
	unsigned place;

	if (!fault)
		return tell_known(spec);
	if (!value_parse(fault, text ? text + 1 : NULL, &number))
		return tell_wanted(fault);
	place = place_of(faults, fault);
	if (place == FAULTS_MOST) {
		fprintf(stderr, "emulator: more than %d faults at once\n", FAULTS_MOST);
		return false;
	}
	if (place == faults->len)
		faults->len++;
	faults->list[place].fault = fault;
	faults->list[place].number = number;
	faults->list[place].text[0] = '\0';
	if (text && fault->kind == TEXT)
		strcpy(faults->list[place].text, text + 1);
	return true;
}

bool
faults_heal(struct faults *faults, const char *name)
{
	const struct fault *fault = fault_find(name);
	unsigned place;

	if (!fault)
		return tell_known(name);
	place = place_of(faults, fault);
	if (place == faults->len) {
		fprintf(stderr, "emulator: %s is not at fault now\n", fault->name);
		return false;
	}
	faults->len--;
	memmove(&faults->list[place], &faults->list[place + 1],
		(faults->len - place) * sizeof(faults->list[0]));
	return true;
}

bool
fault_is_live(const char *spec)
{
	const struct fault *fault = fault_find(spec);

	return !fault || fault->is_live;
}

void
faults_apply(const struct faults *faults, struct figures *figures)
{
	for (unsigned i = 0; i < faults->len; i++)
		faults->list[i].fault->apply(figures, faults->list[i].number,
					     faults->list[i].text);
}

void
faults_help(FILE *file)
{
	for (unsigned i = 0; i < TABLE_LEN; i++) {
		const struct fault *fault = &table[i];
		char name[48];

		snprintf(name, sizeof(name), "%s%s%s%s", fault->name,
			 fault->kind == NUMBER_IF_ANY ? "[" : "", fault->value ? "=" : "",
			 fault->value ? fault->value : "");
		if (fault->kind == NUMBER_IF_ANY)
			strcat(name, "]");
		fprintf(file, "  %-26s %s (%s)\n", name, fault->what, fault->source);
	}
}
