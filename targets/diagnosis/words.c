/* SPDX-License-Identifier: MIT */
/*
 * words.c - what each experiment saw, for people: what is as it should be in as few words as
 * possible, figures with their units. Values, for JSON, are the facts'.
 */
#include "targets/diagnosis/examine_internal.h"

#include "transport/base/bytes.h"

enum { STEADY_MV = 100 };

static void
add_value(const struct facts *facts, enum fact fact, struct text *words)
{
	uint32_t value = 0;

	facts_get(facts, fact, &value);
	evidence_add_value(fact, value, words);
}

/* Those that are so, by their names, each behind `comma`. */
static void
add_those_that_are(const struct facts *facts, const enum fact *of, size_t len,
		   struct text *words)
{
	for (size_t i = 0; i < len; i++)
		if (facts_is(facts, of[i], 1))
			text_add(words, "%s%s", words->used > 0 ? ", " : "",
				 fact_words(of[i]));
}

void
say_supply(const struct board *board, struct text *words)
{
	const struct facts *facts = &board->facts;
	uint32_t least = 0, most = 0, median;

	if (!facts_get(facts, FACT_TARGET_VOLTAGE, &median)) {
		text_add(words, "this probe cannot measure it");
		return;
	}
	add_value(facts, FACT_TARGET_VOLTAGE, words);
	facts_get(facts, FACT_TARGET_VOLTAGE_LEAST, &least);
	facts_get(facts, FACT_TARGET_VOLTAGE_MOST, &most);
	if (most - least <= STEADY_MV) {
		text_add(words, ", steady");
	} else {
		text_add(words, ", between ");
		add_value(facts, FACT_TARGET_VOLTAGE_LEAST, words);
		text_add(words, " and ");
		add_value(facts, FACT_TARGET_VOLTAGE_MOST, words);
	}
	if (facts_is(facts, FACT_VAPP_FLOATS, 1))
		text_add(words, ", as a pin measures that is wired to nothing");
	if (facts_is(facts, FACT_VOLTAGE_DIPS, 1))
		text_add(words, ": it drops now and then");
	if (facts_is(facts, FACT_PROBE_IS_CLONE, 1))
		text_add(words, ", which is the probe's own: it is a clone");
}

void
say_pins(const struct board *board, struct text *words)
{
	const struct facts *facts = &board->facts;

	if (!facts->of[FACT_SWDIO].is_known) {
		text_add(words, "this probe cannot read the levels of its pins");
		return;
	}
	text_add(words, "SWDIO ");
	add_value(facts, FACT_SWDIO, words);
	text_add(words, ", SWCLK ");
	add_value(facts, FACT_SWCLK, words);
	text_add(words, ", NRST ");
	add_value(facts, FACT_NRST_LEVEL, words);
}

static void
say_clock(const struct clock_reading *reading, struct text *words)
{
	unsigned reads = reading->good + reading->damaged + reading->lost;

	text_add(words, "%s%u kHz: ", words->used > 0 ? "; " : "",
		 (unsigned)(reading->hz / HZ_PER_KHZ));
	if (reading->good == reads)
		text_add(words, "all %u reads right", reads);
	else if (reading->good == 0 && reading->damaged == 0)
		text_add(words, "no answer");
	else if (reading->good == 0)
		text_add(words, "no read right, answers damaged");
	else
		text_add(words, "%u of %u reads right", reading->good, reads);
}

/* Facts have what the readings of each clock come to. */
void
say_link(const struct board *board, struct text *words)
{
	for (unsigned i = 0; i < board->readings.clocks_len; i++)
		say_clock(&board->readings.clocks[i], words);
	if (facts_is(&board->facts, FACT_LINK_BREAKS, 1))
		text_add(words, "; the link breaks off and comes back");
}

void
say_held(const struct board *board, struct text *words)
{
	if (facts_is(&board->facts, FACT_NRST_STUCK, 1))
		text_add(words, "the chip stays in reset (S_RESET_ST) although the probe "
				"lets NRST go");
	else
		text_add(words, "no reset that lasts");
}

void
say_flags(const struct board *board, struct text *words)
{
	static const struct {
		enum fact fact;
		const char *words;
	} causes[] = {
		{ FACT_WATCHDOG_FLAG, "by a watchdog" },
		{ FACT_SOFTWARE_FLAG, "by software" },
		{ FACT_POWER_FLAG, "by the supply, as at power-up" },
		{ FACT_LOW_POWER_FLAG, "by a low-power mode" },
	};
	bool is_any_known = false;

	for (size_t i = 0; i < array_len(causes); i++) {
		is_any_known = is_any_known || board->facts.of[causes[i].fact].is_known;
		if (facts_is(&board->facts, causes[i].fact, 1))
			text_add(words, "%s %s", words->used > 0 ? "," : "reset",
				 causes[i].words);
	}
	if (words->used == 0)
		text_add(words, is_any_known ? "no reset is noted" : "they cannot be read");
	if (facts_is(&board->facts, FACT_STANDBY_FLAG, 1))
		text_add(words, "; it was in Standby");
}

static const char *
state_of_core(const struct board *board)
{
	const struct facts *facts = &board->facts;

	if (facts_is(facts, FACT_CORE_NONSENSE, 1))
		return "its registers read what no core answers";
	if (facts_is(facts, FACT_CAUGHT_AT_RESET, 1))
		return "halted at its reset vector";
	if (facts_is(facts, FACT_LOCKED_UP, 1))
		return "locked up";
	if (facts_is(facts, FACT_SLEEPS, 1))
		return "asleep";
	return board->is_connected && board->cores[board->main_core].is_halted ? "halted"
									       : "runs";
}

void
say_core(const struct board *board, struct text *words)
{
	uint32_t resets = 0;

	text_add(words, "%s", state_of_core(board));
	if (facts_is(&board->facts, FACT_WAS_HALTED, 1))
		text_add(words, ", and was when tether came");
	facts_get(&board->facts, FACT_RESETS_SEEN, &resets);
	if (resets == 0)
		return;
	text_add(words, "; %u reset%s that nobody asked for", (unsigned)resets,
		 text_s(resets));
	if (!board->facts.of[FACT_RESET_PERIOD].is_known)
		return;
	text_add(words, ", one every ");
	add_value(&board->facts, FACT_RESET_PERIOD, words);
}

void
say_ports(const struct board *board, struct text *words)
{
	static const enum fact more[] = { FACT_SECOND_CORE_HELD, FACT_SECOND_CORE_ASLEEP };
	const struct facts *facts = &board->facts;

	if (facts->of[FACT_DEV_ID].is_known) {
		text_add(words, "DEV_ID ");
		add_value(facts, FACT_DEV_ID, words);
	}
	if (facts_is(facts, FACT_IS_IN_TABLE, 0))
		text_add(words, "%sin no table", words->used > 0 ? ", " : "");
	if (facts->of[FACT_IS_FROM_ST].is_known)
		text_add(words, "%s%smade by ST", words->used > 0 ? ", " : "",
			 facts_is(facts, FACT_IS_FROM_ST, 1) ? "" : "not ");
	add_those_that_are(facts, more, array_len(more), words);
	if (words->used == 0)
		text_add(words, "nothing says which chip it is");
}

static const char *
state_of_flash(const struct facts *facts)
{
	if (facts_is(facts, FACT_FLASH_READS, 0))
		return "flash cannot be read";
	if (facts_is(facts, FACT_FLASH_EMPTY, 1))
		return "flash is empty";
	return facts_is(facts, FACT_FLASH_EMPTY, 0) ? "flash holds a program" : NULL;
}

void
say_memory(const struct board *board, struct text *words)
{
	static const enum fact more[] = {
		FACT_BUS_HANGS,         FACT_EXECUTE_ONLY,  FACT_BANKS_SWAP,
		FACT_BOOT_LOCK,         FACT_TRUSTZONE,     FACT_EMPTY_FLAG,
		FACT_STARTS_NO_PROGRAM, FACT_HSI_OFF,       FACT_IWDG_SW_IS_0,
		FACT_WDG_SW_IS_0,       FACT_IWDG1_SW_IS_0,
	};
	const struct facts *facts = &board->facts;
	const char *flash = state_of_flash(facts);

	if (facts->of[FACT_RDP_LEVEL].is_known) {
		text_add(words, "read protection (RDP) level ");
		add_value(facts, FACT_RDP_LEVEL, words);
	}
	if (facts->of[FACT_PRODUCT_STATE].is_known) {
		text_add(words, "%sproduct state ", words->used > 0 ? ", " : "");
		add_value(facts, FACT_PRODUCT_STATE, words);
	}
	if (flash != NULL)
		text_add(words, "%s%s", words->used > 0 ? ", " : "", flash);
	if (facts_is(facts, FACT_FLASH_WORD_FITS, 0)) {
		text_add(words, ", flash size word ");
		add_value(facts, FACT_FLASH_WORD, words);
		text_add(words, " is no size of this line");
	}
	add_those_that_are(facts, more, array_len(more), words);
	if (words->used == 0)
		text_add(words, "nothing that can be read");
}

void
say_carry(const struct board *board, struct text *words)
{
	uint32_t is_damaged;

	if (!facts_get(&board->facts, FACT_DATA_DAMAGED, &is_damaged))
		text_add(words, "of flash cannot be read");
	else
		text_add(words, is_damaged != 0 ? "of flash: data arrived damaged"
						: "of flash arrived whole");
}

void
say_program(const struct board *board, struct text *words)
{
	if (!board->facts.of[FACT_PC].is_known) {
		text_add(words, "it could not be sampled while the core runs");
		return;
	}
	add_value(&board->facts, FACT_PC, words);
	text_add(words, facts_is(&board->facts, FACT_IN_BOOT_LOADER, 1)
				? ", in the boot loader"
				: ", not in the boot loader");
}

void
say_run(const struct board *board, struct text *words)
{
	const struct facts *facts = &board->facts;

	if (!facts->of[FACT_RUN_END].is_known) {
		text_add(words, "it could not be let run");
		return;
	}
	add_value(facts, FACT_RUN_END, words);
	text_add(words, ", after ");
	add_value(facts, FACT_RUN_TIME, words);
	if (!facts->of[FACT_RUN_VOLTAGE].is_known)
		return;
	text_add(words, "; the supply is then at least ");
	add_value(facts, FACT_RUN_VOLTAGE, words);
}

static void
say_rise(const struct facts *facts, struct text *words)
{
	if (!facts->of[FACT_NRST_RISE_MOST].is_known)
		return;
	text_add(words, ", released it rises in ");
	add_value(facts, FACT_NRST_RISE_MOST, words);
	if (!facts->of[FACT_NRST_CAPACITANCE].is_known)
		return;
	text_add(words, " (");
	add_value(facts, FACT_NRST_CAPACITANCE, words);
	text_add(words, ")");
}

void
say_nrst(const struct board *board, struct text *words)
{
	const struct facts *facts = &board->facts;
	uint32_t resets;

	if (!facts_get(facts, FACT_NRST_RESETS, &resets)) {
		text_add(words, "the chip did not answer meanwhile");
		return;
	}
	text_add(words, resets != 0 ? "pulled low it resets the chip"
				    : "pulled low it does not reset the chip");
	if (facts_is(facts, FACT_NRST_LEVEL_PULLED, 1))
		text_add(words, ", and reads high");
	say_rise(facts, words);
	if (facts->of[FACT_SOFT_RESET].is_known)
		text_add(words, "; AIRCR.SYSRESETREQ does%s%s",
			 facts_is(facts, FACT_SOFT_RESET, 1) ? "" : " not either",
			 facts_is(facts, FACT_SOFT_RESET_ENDS, 0)
				 ? ", and that reset does not end"
				 : "");
}
