/* SPDX-License-Identifier: MIT */
#include "server/cli/playing.h"

#include "server/cli/doctor.h"
#include "server/cli/recorded_file.h"
#include "server/monitor/version.h"
#include "transport/probe/replay.h"

#include <string.h>

enum cause
playing_begin(struct playing *playing, const char *path, struct reason *why)
{
	enum cause cause;

	memset(playing, 0, sizeof(*playing));
	cause = recorded_file_open(&playing->file, path, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (record_read_question(playing->file, &playing->question, why) != CAUSE_NONE)
		return reason_while(why, "reading the recording %s", path);
	playing->diagnosis.tape.replay = playing->file;
	return CAUSE_NONE;
}

void
playing_end(struct playing *playing)
{
	workbench_end(&playing->diagnosis.bench);
	record_free_question(&playing->question);
	if (playing->file != NULL)
		fclose(playing->file);
	playing->file = NULL;
}

enum cause
playing_refuse_end(const struct playing *playing, struct reason *why)
{
	reason_while(
		why,
		"this recording of tether %s cannot be replayed to its end by tether %s",
		playing->question.version, tether_version);
	if (reason_finding(why) == FINDING_NONE)
		reason_suspect(why, FINDING_REQUEST_RECORDING);
	return CAUSE_MISMATCH;
}

/* Of a probe that could not be opened the reason says it. */
static enum cause
check_played(const struct playing *playing, struct reason *why)
{
	const struct diagnosis *diagnosis = &playing->diagnosis;
	const struct reason *off = NULL;

	if (diagnosis->bench.played != NULL)
		off = replay_off(diagnosis->bench.played);
	else if (diagnosis->why.cause == CAUSE_MISMATCH)
		off = &diagnosis->why;
	if (off == NULL)
		return CAUSE_NONE;
	*why = *off;
	return playing_refuse_end(playing, why);
}

enum cause
playing_examine(struct playing *playing, struct reason *why)
{
	struct diagnosis *diagnosis = &playing->diagnosis;
	const struct options *options = &playing->question.options;
	enum cause cause;

	(void)workbench_begin_taped(&diagnosis->bench, options, &diagnosis->tape,
				    &diagnosis->why);
	cause = doctor_examine(diagnosis, options, why);
	return cause == CAUSE_NONE ? check_played(playing, why) : cause;
}
