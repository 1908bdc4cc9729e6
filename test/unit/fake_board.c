/* SPDX-License-Identifier: MIT */
#include "test/unit/fake_board.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <assert.h>
#include <string.h>

void
fake_board_new(struct fake_board *fake)
{
	fake_board_new_on(fake, FAKE_WITH_MEMORY);
}

void
fake_board_new_on(struct fake_board *fake, enum fake_flavour flavour)
{
	bool is_set = log_set("warning");

	assert(is_set);
	memset(fake, 0, sizeof(*fake));
	fake->probe = fake_probe_new(flavour);
	fake->core = fake_core_new(fake->probe);
	fake->ram = fake_probe_memory(fake->probe, 0x20000000, 80 * 1024);
	fake->flash = fake_probe_memory(fake->probe, 0x08000000, 64 * 1024);
	fake->dbgmcu = fake_probe_memory(fake->probe, 0xe0042000, 16);
	fake->size_word = fake_probe_memory(fake->probe, 0x1fff75e0, 4);
	fake->options = fake_probe_memory(fake->probe, 0x40022020, 4);
	memset(fake->dbgmcu, 0, 16);
	le32_put(fake->dbgmcu, 0x20036469);
	le32_put(fake->size_word, 0xffff0080);
	le32_put(fake->options, 0xffeff8aa);
}

void
fake_board_open(struct fake_board *fake, const struct board_options *options)
{
	struct reason why = REASON_INIT;
	enum cause cause = board_new(&fake->probe->probe, options, &fake->board, &why);

	assert(cause == CAUSE_NONE);
}

enum cause
fake_board_run(struct fake_board *fake, struct job *job, struct reason *why)
{
	enum cause cause = job_run(job, &fake->probe->clock, why);

	job_free(job);
	return cause;
}

void
fake_board_connect(struct fake_board *fake, enum connect_mode mode)
{
	struct board_options options = { .connect = mode };
	struct reason why = REASON_INIT;
	enum cause cause;

	fake_board_open(fake, &options);
	cause = fake_board_run(fake, board_connect(fake->board), &why);
	assert(cause == CAUSE_NONE);
	fake->cm4 = board_core(fake->board, 0);
}

void
fake_board_free(struct fake_board *fake)
{
	if (fake->board != NULL)
		board_free(fake->board);
	else
		fake_probe_free(fake->probe);
	fake_core_free(fake->core);
}

const struct core_register *
fake_register(const struct core *core, const char *name)
{
	uint8_t features = core_identity(core)->features;
	unsigned number = 0;

	while (core_register_at(features, number) != NULL &&
	       strcmp(core_register_at(features, number)->name, name) != 0)
		number++;
	assert(core_register_at(features, number) != NULL);
	return core_register_at(features, number);
}
