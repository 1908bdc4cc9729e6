/* SPDX-License-Identifier: MIT */
#include "server/live/swo.h"

#include "transport/base/log.h"
#include "transport/base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
	PIECE = 4096, /* an ST-LINK's buffer (wire.h); 20 ms at 2 MHz */
	/* An ST-LINK/V2's buffer is full after 20 ms; a turn fetches for as long. */
	POLL_MS = 2,
	TURN_US = 4000,
	LOOK_US = 500000,
	DEFAULT_BAUD = 2000000,
	TEXT_PORTS = 0x1 /* on when no program reads raw trace: port 0, where text goes */
};

/* --- text ------------------------------------------------------------------------------------ */

/* Port 0 is what printf() goes to, and has no name. */
static void
print_line(struct swo *swo, unsigned port)
{
	char words[LIVE_LINE_MAX + 16];
	struct text text;

	text_init(&text, words, sizeof(words));
	if (port != 0)
		text_add(&text, "[%u] ", port);
	text_add(&text, "%s", swo->lines[port].chars);
	log_info("live", "SWO: %s", words);
	text_add(&text, "\n");
	debugger_print(swo->debugger, swo->core, words);
}

static void
take_written(void *context, unsigned port, const uint8_t *bytes, unsigned len)
{
	struct swo *swo = context;

	for (unsigned i = 0; swo->options->text && i < len; i++)
		if (live_line_add(&swo->lines[port], (char)bytes[i]))
			print_line(swo, port);
}

static uint64_t
now_us(const struct swo *swo)
{
	return clock_now_us(debugger_clock(swo->debugger));
}

/* --- target and probe ------------------------------------------------------------------------ */

static void
report_once(struct swo *swo, const struct reason *why)
{
	char line[REASON_LINE_MAX];

	reason_line(why, line, sizeof(line));
	if (strcmp(line, swo->failed) == 0)
		return;
	text_copy(swo->failed, sizeof(swo->failed), line);
	log_warning("live", "no SWO: %s", line);
}

/* *baud: what arrives. */
static enum cause
set_up(struct swo *swo, uint32_t *baud, struct reason *why)
{
	const struct swo_options *options = swo->options;
	bool wrote;
	enum cause cause;

	*baud = options->baud != 0 ? options->baud : DEFAULT_BAUD;
	if (options->divider != 0) {
		*baud = options->core_hz / options->divider;
		return CAUSE_NONE;
	}
	cause = trace_plan(&swo->trace, debugger_board(swo->debugger), swo->core,
			   options->core_hz, baud,
			   options->has_port ? UINT32_MAX : TEXT_PORTS, why);
	return cause == CAUSE_NONE ? trace_apply(&swo->trace, &wrote, why) : cause;
}

static void
start(struct swo *swo)
{
	struct probe *probe = board_probe(debugger_board(swo->debugger));
	struct reason why = REASON_INIT;
	uint32_t baud, sent;
	enum cause cause = set_up(swo, &sent, &why);

	baud = sent;
	if (cause == CAUSE_NONE)
		cause = probe_swo_start(probe, &baud, &why);
	if (cause != CAUSE_NONE) {
		report_once(swo, &why);
		return;
	}
	swo->failed[0] = '\0';
	swo->is_capturing = true;
	swo->probe = probe;
	itm_restart(&swo->itm);
	swo->losses = swo->losses_reported = probe->swo_losses;
	swo->silent_us = now_us(swo);
	log_info("live", "SWO: the target sends at %u baud, the probe listens at %u",
		 (unsigned)sent, (unsigned)baud);
}

/* A reset, or the program itself, may have taken the set-up away. */
static void
look_again(struct swo *swo)
{
	struct reason why = REASON_INIT;
	bool wrote = false;

	swo->is_check_due = false;
	if (swo->options->divider != 0)
		return;
	if (trace_apply(&swo->trace, &wrote, &why) != CAUSE_NONE)
		report_once(swo, &why);
	else if (wrote)
		log_debug("live",
			  "SWO: the target had lost its set-up, which was written again");
}

static void
report_losses(struct swo *swo)
{
	if (swo->itm.overflows != swo->overflows_reported)
		log_warning(
			"live",
			"SWO: the program writes faster than the pin can carry: %llu times "
			"the ITM has thrown packets away",
			(unsigned long long)swo->itm.overflows);
	if (swo->itm.strange != swo->strange_reported)
		log_warning("live",
			    "SWO: %llu bytes begin no packet of the ITM: bytes were lost, "
			    "or the core does not run at the %u Hz of --cpu-clock",
			    (unsigned long long)swo->itm.strange,
			    (unsigned)swo->options->core_hz);
	if (swo->losses != swo->losses_reported)
		log_warning("live",
			    "SWO: the probe lost trace %llu times: it was sent faster than "
			    "it was fetched (try a lower --swo-baud)",
			    (unsigned long long)(swo->losses - swo->losses_reported));
	swo->losses_reported = swo->losses;
	swo->overflows_reported = swo->itm.overflows;
	swo->strange_reported = swo->itm.strange;
}

static void
hand_out(struct swo *swo, const uint8_t *bytes, size_t len)
{
	itm_feed(&swo->itm, bytes, len);
	outlet_send(&swo->outlet, bytes, len);
}

/* A core that runs sends a synchronization packet each 2^24 cycles: three that do not come are no
 * chance. Said once for each capture. */
static void
note_silence(struct swo *swo, bool is_silent)
{
	uint64_t patience_us = 1000000 + (UINT64_C(3000000) << 24) / swo->options->core_hz;
	uint64_t looked_us = now_us(swo);

	if (!is_silent || swo->options->divider != 0 ||
	    board_is_halted(debugger_board(swo->debugger), swo->core)) {
		/* Once something came the wiring and the clock are right. */
		swo->silent_us =
			is_silent && swo->silent_us != UINT64_MAX ? looked_us : UINT64_MAX;
		return;
	}
	if (swo->silent_us == UINT64_MAX || looked_us - swo->silent_us < patience_us)
		return;
	swo->silent_us = UINT64_MAX;
	log_warning(
		"live",
		"SWO: nothing arrives, not even the synchronization packets of a core that "
		"runs: it does not run at the %u Hz of --cpu-clock, or the probe's SWO is "
		"not wired to the chip's",
		(unsigned)swo->options->core_hz);
}

/* As much as there is: a CMSIS-DAP probe gives a packet at a time. */
static void
fetch(struct swo *swo)
{
	struct probe *probe = board_probe(debugger_board(swo->debugger));
	uint64_t end_us = now_us(swo) + TURN_US;
	struct reason why = REASON_INIT;
	uint8_t bytes[PIECE];
	size_t got = 0;
	bool is_silent = true;

	do {
		if (probe_swo_read(probe, bytes, sizeof(bytes), &got, &why) != CAUSE_NONE) {
			/* Begun anew at the next turn: what was captured is gone. */
			report_once(swo, &why);
			swo->is_capturing = false;
			return;
		}
		is_silent = is_silent && got == 0;
		if (got > 0)
			hand_out(swo, bytes, got);
		if (probe->swo_losses != swo->losses)
			itm_lose(&swo->itm);
		swo->losses = probe->swo_losses;
	} while (got > 0 && now_us(swo) < end_us);
	note_silence(swo, is_silent);
}

static void
turn(uv_timer_t *timer)
{
	struct swo *swo = timer->data;
	struct board *board = debugger_board(swo->debugger);
	uint64_t looked_us;
	bool is_look_due;

	tape_do(debugger_tape(swo->debugger), "swo", 0, "");
	looked_us = now_us(swo);
	is_look_due = looked_us - swo->looked_us >= LOOK_US || swo->is_check_due;
	if (debugger_is_lost(swo->debugger)) {
		swo->is_capturing = false;
		swo->trace.was_applied = false;
		return;
	}
	if (swo->probe != board_probe(board))
		swo->is_capturing = false;
	/* While a job has the core, its memory is not ours. */
	if (is_look_due && board_claimant(board, board_core_claim(swo->core)) == NULL) {
		swo->looked_us = looked_us;
		if (swo->is_capturing)
			look_again(swo);
		else
			start(swo);
		report_losses(swo);
	}
	if (swo->is_capturing)
		fetch(swo);
}

static enum cause
check_clock(const struct swo_options *options, struct reason *why)
{
	if ((!options->has_port && !options->text) || options->core_hz != 0)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_REQUEST, "SWO needs the clock at which the core will run");
	reason_suspect(why, FINDING_REQUEST_CPU_CLOCK);
	return CAUSE_REQUEST;
}

enum cause
swo_check(const struct swo_options *options, const char *address, struct reason *why)
{
	enum cause cause = check_clock(options, why);

	if (cause != CAUSE_NONE)
		return cause;
	return options->has_port ? listener_check("--swo-port", address, options->port, why)
				 : CAUSE_NONE;
}

enum cause
swo_begin(struct swo *swo, const struct swo_options *options, uv_loop_t *loop,
	  struct debugger *debugger, const char *address, struct reason *why)
{
	enum cause cause;

	*swo = (struct swo){ .options = options, .debugger = debugger, .loop = loop };
	if (tape_is_played(debugger_tape(debugger)))
		cause = check_clock(options, why);
	else
		cause = swo_check(options, address, why);
	if (cause != CAUSE_NONE || (!options->has_port && !options->text))
		return cause;
	itm_init(&swo->itm, take_written, swo);
	swo->outlet.what = "SWO";
	swo->outlet.tape = debugger_tape(debugger);
	if (options->has_port)
		cause = outlet_begin(&swo->outlet, loop, "--swo-port", address,
				     options->port, why);
	if (cause != CAUSE_NONE)
		return cause;
	uv_timer_init(loop, &swo->timer);
	swo->timer.data = swo;
	swo->is_open = true;
	uv_timer_start(&swo->timer, turn, 0, POLL_MS);
	return CAUSE_NONE;
}

bool
swo_play(struct swo *swo)
{
	if (swo->is_open)
		turn(&swo->timer);
	return swo->is_open;
}

void
swo_choose_core(struct swo *swo, unsigned core)
{
	swo->core = core;
}

void
swo_restarted(struct swo *swo)
{
	swo->is_check_due = true;
}

/* Only what can be reached is given back. */
static void
give_back(struct swo *swo)
{
	struct board *board = debugger_board(swo->debugger);
	struct reason why = REASON_INIT;
	enum cause cause = CAUSE_NONE;

	if (debugger_is_lost(swo->debugger))
		return;
	if (swo->is_capturing)
		cause = probe_swo_stop(board_probe(board), &why);
	if (cause == CAUSE_NONE)
		cause = trace_end(&swo->trace, &why);
	if (cause != CAUSE_NONE)
		report_once(swo, &why);
}

void
swo_end(struct swo *swo)
{
	if (!swo->is_open)
		return;
	swo->is_open = false;
	give_back(swo);
	report_losses(swo);
	outlet_end(&swo->outlet);
	uv_close((uv_handle_t *)&swo->timer, NULL);
}
