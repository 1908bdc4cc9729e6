/* SPDX-License-Identifier: MIT */
/* report_charts.c - charts of the doctor's page. All have the same frame, in units of the SVG. */
#include "server/cli/report_html.h"

enum {
	WIDTH = 320,
	HEIGHT = 150,
	LEFT = 44,
	RIGHT = 308,
	TOP = 14,
	BOTTOM = 118,
	MV_PER_VOLT = 1000,
	LEAST_MV = 1650, /* below any STM32's supply */
	US_PER_MS = 1000,
	SECONDS_FROM_US = 100000 /* what is written in seconds */
};

static void
begin_figure(FILE *file, const char *title, const char *words)
{
	fprintf(file,
		"<figure><figcaption>%s</figcaption>\n"
		"<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
		title, WIDTH, HEIGHT, words);
}

/* `words` below the chart. */
static void
end_figure(FILE *file, const char *words)
{
	fputs("</svg>\n", file);
	html_element(file, "p", words);
	fputs("</figure>\n", file);
}

static void
no_figure(FILE *file, const char *title, const char *words)
{
	fprintf(file, "<figure><figcaption>%s</figcaption>\n", title);
	html_element(file, "p class=none", words);
	fputs("</figure>\n", file);
}

static void
draw_level(FILE *file, double y, const char *class, const char *label)
{
	fprintf(file,
		"<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
		"<text class=\"y\" x=\"%d\" y=\"%.1f\">%s</text>\n",
		class, LEFT, RIGHT, y, y, LEFT - 5, y + 3.5, label);
}

static void
draw_x(FILE *file, double x, const char *label)
{
	fprintf(file, "<text class=\"x\" x=\"%.1f\" y=\"%d\">%s</text>\n", x, BOTTOM + 15,
		label);
}

static double
y_of(double value, double most)
{
	return BOTTOM - (BOTTOM - TOP) * value / most;
}

/* --- supply ------------------------------------------------------------------------ */

static unsigned
most_of(const struct bench_readings *readings)
{
	unsigned most = 3600;

	for (unsigned i = 0; i < readings->supply_len; i++)
		if (readings->supply[i].most > most)
			most = readings->supply[i].most;
	return most;
}

static double
supply_x(const struct bench_readings *readings, unsigned i)
{
	const struct supply_reading *all = readings->supply;
	uint64_t span_us = all[readings->supply_len - 1].at_us - all[0].at_us;
	double along = span_us == 0
			       ? 0.5
			       : (double)(all[i].at_us - all[0].at_us) / (double)span_us;

	return LEFT + 10 + (RIGHT - LEFT - 20) * along;
}

static void
draw_readings(FILE *file, const struct bench_readings *readings, unsigned most)
{
	for (unsigned i = 0; i < readings->supply_len; i++) {
		const struct supply_reading *reading = &readings->supply[i];
		double x = supply_x(readings, i);

		fprintf(file,
			"<line class=\"range\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" "
			"y2=\"%.1f\"/>"
			"<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n",
			x, x, y_of(reading->least, most), y_of(reading->most, most), x,
			y_of(reading->median, most));
	}
	fputs("<polyline class=\"curve\" points=\"", file);
	for (unsigned i = 0; i < readings->supply_len; i++)
		fprintf(file, "%.1f,%.1f ", supply_x(readings, i),
			y_of(readings->supply[i].median, most));
	fputs("\"/>\n", file);
}

void
html_chart_supply(FILE *file, const struct bench_readings *readings)
{
	static const char title[] = "Target supply";
	unsigned most = most_of(readings);
	char label[48];

	if (readings->supply_len == 0) {
		no_figure(file, title, "This probe does not measure the target's supply.");
		return;
	}
	begin_figure(file, title, "target voltage over time");
	for (unsigned mv = 0; mv <= most; mv += MV_PER_VOLT) {
		snprintf(label, sizeof(label), "%u V", mv / MV_PER_VOLT);
		draw_level(file, y_of(mv, most), mv == 0 ? "axis" : "grid", label);
	}
	fprintf(file,
		"<line class=\"limit\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
		LEFT, RIGHT, y_of(LEAST_MV, most), y_of(LEAST_MV, most));
	draw_readings(file, readings, most);
	draw_x(file, supply_x(readings, 0), "0");
	snprintf(label, sizeof(label), "%u ms",
		 (unsigned)((readings->supply[readings->supply_len - 1].at_us -
			     readings->supply[0].at_us) /
			    US_PER_MS));
	if (readings->supply_len > 1)
		draw_x(file, supply_x(readings, readings->supply_len - 1), label);
	end_figure(file,
		   "A dot is the median of five readings, the bar their range. Dashed: "
		   "1.65 V, below which no STM32 works.");
}

/* --- errors at each clock ----------------------------------------------------------- */

/* Above 100 %, for what is written there. */
static const double room = 1.15;

static void
draw_clock(FILE *file, const struct clock_reading *reading, double x, double width)
{
	unsigned all = reading->good + reading->damaged + reading->lost;
	unsigned bad = reading->damaged + reading->lost;
	double top = all == 0 ? BOTTOM : y_of(bad, room * all);
	char label[32];

	fprintf(file,
		"<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>"
		"<text class=\"x\" x=\"%.1f\" y=\"%.1f\">%u of %u</text>\n",
		bad == 0 ? "good" : "bad", x, bad == 0 ? BOTTOM - 2 : top, width,
		bad == 0 ? 2 : BOTTOM - top, x + width / 2, bad == 0 ? BOTTOM - 7 : top - 4,
		bad, all);
	snprintf(label, sizeof(label), "%u kHz", (unsigned)reading->hz / 1000);
	draw_x(file, x + width / 2, label);
}

void
html_chart_clocks(FILE *file, const struct bench_readings *readings)
{
	static const char title[] = "SWD errors by clock";
	double slot = (double)(RIGHT - LEFT) / READINGS_OF_CLOCKS;

	if (readings->clocks_len == 0) {
		no_figure(file, title, "The link was not tested.");
		return;
	}
	begin_figure(file, title, "share of reads that failed at each SWD clock");
	draw_level(file, y_of(1, room), "grid", "100 %");
	draw_level(file, y_of(0.5, room), "grid", "50 %");
	draw_level(file, BOTTOM, "axis", "0");
	for (unsigned i = 0; i < readings->clocks_len; i++)
		draw_clock(file, &readings->clocks[i], LEFT + slot * i + slot * 0.15,
			   slot * 0.7);
	end_figure(file,
		   "Reads of DPIDR that were lost or damaged, from the clock wanted down "
		   "to the first without an error.");
}

/* --- NRST after its release --------------------------------------------------------- */

/* What an RC network does that comes to 0.7 VDD, where an input reads high, after `rise_us`. */
static void
draw_rise(FILE *file, uint32_t rise_us)
{
	enum { STEPS = 60 };

	/* 0.3 to the power of span / STEPS: what is left to VDD after a step. */
	static const double high = 0.7, span = 1.6, per_step = 0.968404;
	double across = (RIGHT - LEFT - 30) / (span * rise_us);
	double left = 1;

	fprintf(file, "<polyline class=\"curve\" points=\"%d,%d %d,%d", LEFT, BOTTOM,
		LEFT + 30, BOTTOM);
	for (unsigned i = 1; i <= STEPS; i++) {
		left *= per_step;
		fprintf(file, " %.1f,%.1f", LEFT + 30 + across * span * rise_us * i / STEPS,
			y_of(1 - left, 1));
	}
	fprintf(file, "\"/>\n<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>\n",
		LEFT + 30 + across * rise_us, y_of(high, 1));
	draw_x(file, LEFT + 30, "released");
}

static void
draw_nrst(FILE *file, uint32_t rise_us)
{
	char label[32];

	begin_figure(file, "NRST after its release", "level of NRST over time");
	draw_level(file, TOP, "grid", "VDD");
	draw_level(file, y_of(0.7, 1), "limit", "VIH");
	draw_level(file, BOTTOM, "axis", "0");
	draw_rise(file, rise_us);
	if (rise_us >= SECONDS_FROM_US)
		snprintf(label, sizeof(label), "%.1f s", rise_us / 1e6);
	else
		snprintf(label, sizeof(label), "%.1f ms", rise_us / 1e3);
	draw_x(file, LEFT + 30 + (RIGHT - LEFT - 30) / 1.6, label);
	end_figure(file,
		   "The dot is measured: the chip leaves reset. The curve through it is "
		   "that of a resistor and a capacitor.");
}

void
html_chart_nrst(FILE *file, const struct facts *facts)
{
	static const char title[] = "NRST after its release";
	uint32_t rise_us = 0;

	if (facts_is(facts, FACT_NRST_STUCK, 1))
		no_figure(file, title,
			  "The chip stays in reset: NRST is low although the "
			  "probe releases it.");
	else if (facts_is(facts, FACT_NRST_RESETS, 0))
		no_figure(file, title, "NRST was pulled low and the chip was not reset.");
	else if (facts_get(facts, FACT_NRST_RISE, &rise_us) && rise_us > 0)
		draw_nrst(file, rise_us);
	else
		no_figure(file, title, "Not tested.\nUse --nrst, which resets the chip.");
}
