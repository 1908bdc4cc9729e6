/* SPDX-License-Identifier: MIT */
/* probe.c - the SWD clock, the cores, and the debug port as STM32CubeIDE asks for it. */
#include "server/monitor/rows.h"

#include "transport/base/bytes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KHZ = 24000 };

static enum cause
set_speed(struct client *client, const char *word, struct reason *why)
{
	uint32_t khz;

	if (monitor_number(word, "a clock from 1 to 24000 kHz", MAX_KHZ, &khz, why) !=
	    CAUSE_NONE)
		return why->cause;
	if (khz == 0)
		return reason_begin(why, CAUSE_REQUEST, "a clock of 0 kHz moves nothing");
	return board_choose_clock(client_board(client), khz * HZ_PER_KHZ, why);
}

/* J-Link's "auto" and "adaptive": the clock stays what it is. */
enum cause
monitor_speed(struct client *client, const struct monitor_row *row, const char *rest,
	      struct reason *why)
{
	const struct probe *probe = board_probe(client_board(client));
	bool is_kept = rest[0] == '\0' || strcmp(rest, "auto") == 0 ||
		       strcmp(rest, "adaptive") == 0;
	enum cause cause = is_kept ? CAUSE_NONE : set_speed(client, rest, why);

	(void)row;
	if (cause == CAUSE_NONE)
		client_print(client, "SWD at %u kHz",
			     (unsigned)(probe->clock_hz / HZ_PER_KHZ));
	return cause;
}

enum cause
monitor_targets(struct client *client, const struct monitor_row *row, const char *rest,
		struct reason *why)
{
	const struct core_entry *held = board_held_core(client_board(client));
	const struct view *view = &client->view;

	(void)row;
	(void)rest;
	(void)why;
	client_print(client, "%s", board_describe(client_board(client)));
	for (unsigned i = 0; i < view_cores(view); i++) {
		char buffer[128];
		struct text words;

		text_init(&words, buffer, sizeof(buffer));
		view_describe(view, i, &words);
		client_print(client, "%c %u %s: %s", i == view->general ? '*' : ' ', i,
			     view_core_name(view, i), buffer);
	}
	if (held != NULL && view_cores(view) == 1)
		client_print(client, "  - %s: waits, %s holds it", held->name,
			     held->gate.name);
	return CAUSE_NONE;
}

/* What connecting and resetting have seen of it by the way. */
static enum cause
monitor_nrst(struct client *client, const struct monitor_row *row, const char *rest,
	     struct reason *why)
{
	static const enum fact shown[] = { FACT_NRST_RESETS,      FACT_NRST_FALL,
					   FACT_NRST_RISE,        FACT_NRST_RISE_MOST,
					   FACT_NRST_CAPACITANCE, FACT_NRST_STUCK };
	const struct facts *facts = board_facts(client_board(client));
	unsigned printed = 0;

	(void)row;
	(void)rest;
	(void)why;
	for (size_t i = 0; i < array_len(shown); i++) {
		char buffer[64];
		struct text value;

		if (!facts->of[shown[i]].is_known)
			continue;
		text_init(&value, buffer, sizeof(buffer));
		evidence_add_value(shown[i], facts->of[shown[i]].value, &value);
		client_print(client, "%s: %s", fact_words(shown[i]), buffer);
		printed++;
	}
	if (printed == 0)
		client_print(client, "nothing in this session has used NRST; tether doctor "
				     "--nrst tests it");
	return CAUSE_NONE;
}

/* "WriteDP 0x2 0xF0": register 2 is SELECT (IHI 0031G, B2.2); that alone is wanted, to be
 * used by ReadAP, and is only remembered here. */
static enum cause
monitor_write_dp(struct client *client, const struct monitor_row *row, const char *rest,
		 struct reason *why)
{
	enum { DP_SELECT = 2 };
	char *end;
	unsigned long reg = strtoul(rest, &end, 0);
	unsigned long value = strtoul(end, &end, 0);

	(void)row;
	if (reg != DP_SELECT || *end != '\0')
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "WriteDP is known for SELECT only: WriteDP 0x2 VALUE");
	client->dp_select = (uint32_t)value;
	client_print(client, "O.K.");
	return CAUSE_NONE;
}

static enum cause
monitor_read_ap(struct client *client, const struct monitor_row *row, const char *rest,
		struct reason *why)
{
	enum { AP_REGISTERS_IN_BANK = 4, APSEL_LSB = 24, APBANKSEL_MASK = 0xf0 };
	char *end;
	unsigned long reg = strtoul(rest, &end, 0);
	uint32_t select = client->dp_select, value;
	enum cause cause;

	(void)row;
	if (reg >= AP_REGISTERS_IN_BANK || *end != '\0')
		return reason_begin(why, CAUSE_REQUEST,
				    "ReadAP takes one of the registers 0 to 3 of the bank "
				    "that WriteDP selected");
	cause = dap_ap_read(board_dap(client_board(client)), (uint8_t)(select >> APSEL_LSB),
			    (uint8_t)((select & APBANKSEL_MASK) | reg * 4), &value, why);
	if (cause == CAUSE_NONE)
		client_print(client, "O.K.:0x%08" PRIX32, value);
	return cause;
}

const struct monitor_row monitor_probe_rows[] = {
	{ "speed", "[KHZ]", TOPIC_PROBE, "print the SWD clock, or set it",
	  "The probe takes its nearest clock that is not faster. After a loss it is again "
	  "that of --speed.",
	  ALL, NEEDS_TARGET, monitor_speed },
	{ "nrst", "", TOPIC_PROBE, "print what is known of NRST: wired, how slow, stuck",
	  "Resets and connections measure it by the way; nothing is reset for it.", 0,
	  NEEDS_TARGET, monitor_nrst },
	{ "targets", "", TOPIC_PROBE, "list the cores and what they do", NULL, 0,
	  NEEDS_TARGET, monitor_targets },
	/* STM32CubeIDE looks for the chip's identity with these two. */
	{ "WriteDP", "2 VALUE", TOPIC_PROBE, NULL, NULL, CORE, NEEDS_TARGET,
	  monitor_write_dp },
	{ "ReadAP", "REGISTER", TOPIC_PROBE, NULL, NULL, CORE, NEEDS_TARGET,
	  monitor_read_ap },
	{ 0 },
};
