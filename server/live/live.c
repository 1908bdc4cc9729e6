/* SPDX-License-Identifier: MIT */
#include "server/live/live.h"

#include "transport/base/host.h"
#include "transport/base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct core *
core_of(const struct live_core *of)
{
	return board_core(debugger_board(of->live->debugger), of->core);
}

static enum cause
read_memory(void *context, uint32_t at, void *bytes, uint32_t size, struct reason *why)
{
	return core_memory_read(core_of(context), at, bytes, size, why);
}

static enum cause
write_memory(void *context, uint32_t at, const void *bytes, uint32_t size,
	     struct reason *why)
{
	return core_memory_write(core_of(context), at, bytes, size, why);
}

static uint64_t
now_us(void *context)
{
	const struct live_core *of = context;

	return clock_now_us(of->live->clock);
}

static void
log_text(struct live_core *of, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (live_line_add(&of->line, text[i]))
			log_info("live", "%s prints: %s", core_name(core_of(of)),
				 of->line.chars);
}

static void
print(void *context, const char *text, size_t len)
{
	struct live_core *of = context;
	char terminated[SEMIHOSTING_PIECE + 1];

	memcpy(terminated, text, len);
	terminated[len] = '\0';
	debugger_print(of->live->debugger, of->core, terminated);
	log_text(of, text, len);
}

static void
say_end(const struct live_core *of, const struct semihosting_call *done,
	struct host_call *call)
{
	if (done->end == SEMIHOSTING_ENDED)
		snprintf(call->words, sizeof(call->words),
			 "the program of %s has ended with exit code %u; it is halted "
			 "where it said so",
			 core_name(core_of(of)), (unsigned)done->exit_code);
	else
		snprintf(
			call->words, sizeof(call->words),
			"the program asks for semihosting operation 0x%02x, which does not "
			"exist; continue goes past it",
			(unsigned)done->operation);
	log_info("live", "%s", call->words);
}

/* The program learns no more than EACCES. */
static void
say_no_folder(struct live_core *of)
{
	char words[160];

	if (of->is_folder_missed)
		return;
	of->is_folder_missed = true;
	snprintf(words, sizeof(words),
		 "note: the program of %s was refused a file: tether serve "
		 "--semihosting-dir DIR lets it open those below DIR",
		 core_name(core_of(of)));
	log_info("live", "%s", words);
	debugger_print(of->live->debugger, of->core, words);
	debugger_print(of->live->debugger, of->core, "\n");
}

static bool
serve(void *context, struct host_call *call)
{
	struct live *live = context;
	struct live_core *of = &live->cores[call->core];
	struct semihosting_call asked = { .operation = call->operation,
					  .parameter = call->parameter };
	struct reason why = REASON_INIT;

	if (semihosting_serve(&of->program, &asked, &why) != CAUSE_NONE) {
		reason_line(&why, call->words, sizeof(call->words));
		return false;
	}
	if (asked.lacks_folder)
		say_no_folder(of);
	call->result = asked.result;
	if (asked.end == SEMIHOSTING_GOES_ON)
		return true;
	say_end(of, &asked, call);
	return false;
}

static void
restart(void *context, unsigned core)
{
	struct live *live = context;

	semihosting_forget(&live->cores[core].program);
	live->cores[core].line.len = 0;
	live->cores[core].is_folder_missed = false;
	swo_restarted(&live->swo);
}

static const struct host_calls calls = { serve, restart };

enum cause
live_begin(struct live *live, struct clock *clock, struct tape *tape, const char *folder,
	   struct reason *why)
{
	*live = (struct live){ .clock = clock };
	if (!host_folder_begin(&live->folder, tape, folder))
		return reason_begin(why, CAUSE_HOST, "cannot open the folder %s: %s",
				    folder, strerror(errno));
	for (unsigned i = 0; i < DEVICE_MAX_CORES; i++) {
		struct live_core *of = &live->cores[i];
		const struct semihosting_world world = { of, read_memory, write_memory,
							 print, now_us };

		of->live = live;
		of->core = i;
		semihosting_init(&of->program, &world, &live->folder);
	}
	live->is_open = true;
	return CAUSE_NONE;
}

void
live_serve(struct live *live, struct debugger *debugger)
{
	live->debugger = debugger;
	debugger_on_host_call(debugger, &calls, live);
}

void
live_end(struct live *live)
{
	if (!live->is_open)
		return;
	for (unsigned i = 0; i < DEVICE_MAX_CORES; i++)
		semihosting_forget(&live->cores[i].program);
	host_folder_end(&live->folder);
	live->is_open = false;
}
