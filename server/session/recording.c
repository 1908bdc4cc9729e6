/* SPDX-License-Identifier: MIT */
#include "server/session/recording.h"

#include "server/session/recording_folder.h"
#include "transport/base/host.h"
#include "transport/base/log.h"
#include "transport/base/patience.h"
#include "transport/base/text.h"

#include <errno.h>
#include <string.h>

enum { SOON_MS = 500, PAUSE_US = 60 * 1000 * 1000 };

/* Beside what a tape has: packets, and what is said to people. The bytes on the wire are only for
 * those who ask. */
static void
listen_in(struct recording *recording, const char *room)
{
	log_record_on(room, recording->reel);
	log_note("rsp");
}

static bool
keep_in_memory(struct recording *recording)
{
	if (!reel_keep(recording->reel, RECORDING_HALF))
		return false;
	listen_in(recording, NULL);
	return true;
}

static void on_soon(uv_timer_t *timer);

bool
recording_begin(struct recording *recording, uv_loop_t *loop, struct reel *reel)
{
	recording->reel = reel;
	uv_timer_init(loop, &recording->timer);
	recording->timer.data = recording;
	recording->has_timer = true;
	return recording->is_by_option || keep_in_memory(recording);
}

static bool
write_kept(struct recording *recording, FILE *file)
{
	const struct recording_heads *heads = &recording->heads;

	tape_flush(recording->tape);
	return fputs(recording->reel->has_lost ? heads->cut : heads->whole, file) >= 0 &&
	       reel_copy(recording->reel, file) && fflush(file) == 0;
}

/* --- by a client ------------------------------------------------------------------------- */

/* 0, or errno. */
static int
begin_file(struct recording *recording, const char *path)
{
	/* Never over what is there: who may connect may not write where they like. For this user
	 * alone: it may have what a target's memory had. */
	FILE *file = host_file_create(path);
	int error;

	if (file == NULL)
		return errno;
	setvbuf(file, NULL, _IOLBF, 0); /* nothing is missing after a crash */
	errno = EIO;
	if (!write_kept(recording, file)) {
		error = errno;
		fclose(file);
		return error;
	}
	recording->file = file;
	reel_set_file(recording->reel, file);
	listen_in(recording, "probe");
	return 0;
}

enum cause
recording_to(struct recording *recording, const char *path, struct reason *why)
{
	int error = 0;

	if (recording->is_by_option)
		return reason_begin(why, CAUSE_REQUEST,
				    "all is recorded already, since tether was started "
				    "with --record");
	if (recording->path[0] != '\0')
		return reason_begin(why, CAUSE_REQUEST,
				    "it is recorded already, to %s: monitor record off "
				    "ends that",
				    recording->path);
	if (strlen(path) >= sizeof(recording->path))
		return reason_begin(why, CAUSE_REQUEST, "the name of the file is too long");
	if (recording->reel != NULL)
		error = begin_file(recording, path);
	error = (int)tape_number(recording->tape, "record", (uint32_t)error);
	if (error == EEXIST) {
		reason_begin(why, CAUSE_REQUEST,
			     "%s is there already, and nothing is written over it", path);
		reason_suspect(why, FINDING_REQUEST_FILE_IS_THERE);
		return why->cause;
	}
	if (error != 0)
		return reason_begin(why, CAUSE_HOST, "%s cannot be made: %s", path,
				    strerror(error));
	text_copy(recording->path, sizeof(recording->path), path);
	return CAUSE_NONE;
}

/* 0, or errno. */
static int
end_file(struct recording *recording)
{
	int error = log_record_error();

	if (error == 0 && ferror(recording->file))
		error = EIO;
	if (!keep_in_memory(recording))
		log_record_on(NULL, NULL);
	recording->reel->has_lost = true;
	if (fclose(recording->file) != 0 && error == 0)
		error = errno;
	recording->file = NULL;
	return error;
}

enum cause
recording_off(struct recording *recording, struct reason *why)
{
	char path[RECORDING_PATH_MAX];
	int error = 0;

	if (recording->path[0] == '\0')
		return reason_begin(why, CAUSE_REQUEST, "nothing is recorded to a file");
	/* That is how far it can be replayed. */
	tape_end(recording->tape);
	if (recording->file != NULL)
		error = end_file(recording);
	text_copy(path, sizeof(path), recording->path);
	recording->path[0] = '\0';
	if (error == 0)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_HOST, "%s is not complete: %s", path,
			    strerror(error));
}

/* --- by itself --------------------------------------------------------------------------- */

static void
keep_now(struct recording *recording)
{
	char path[RECORDING_PATH_MAX];
	FILE *file = NULL;
	bool is_whole;

	errno = 0;
	if (recording_folder_next(recording->keep, path, sizeof(path)))
		file = host_file_create(path);
	if (file == NULL) {
		log_info("record", "what was said could not be kept in %s: %s", path,
			 strerror(errno));
		return;
	}
	is_whole = write_kept(recording, file);
	if (fclose(file) != 0 || !is_whole)
		log_info("record", "%s is not complete: %s", path, strerror(errno));
	else
		log_warning("record",
			    "the session is kept in %s: tether explain %s says what "
			    "happened; a report can have with it what tether redact makes "
			    "of that file, without what memory held",
			    path, path);
}

static void
on_soon(uv_timer_t *timer)
{
	keep_now(timer->data);
}

void
recording_keep(struct recording *recording)
{
	uint64_t now_us = clock_now_us(clock_host());

	/* What breaks while tether ends on a signal is no failure: a terminal's Ctrl-C ends others, too. */
	if (patience_is_ending())
		return;
	if (recording == NULL || recording->keep == 0 || recording->reel == NULL ||
	    recording->is_by_option || recording->file != NULL ||
	    uv_is_active((uv_handle_t *)&recording->timer) ||
	    (recording->kept_us > 0 && now_us - recording->kept_us < PAUSE_US))
		return;
	recording->kept_us = now_us;
	uv_timer_start(&recording->timer, on_soon, SOON_MS, 0);
	uv_unref((uv_handle_t *)&recording->timer);
}

void
recording_close(struct recording *recording)
{
	struct reason why = REASON_INIT;

	if (!recording->has_timer)
		return;
	if (uv_is_active((uv_handle_t *)&recording->timer))
		keep_now(recording);
	if (recording->file != NULL && recording_off(recording, &why) != CAUSE_NONE)
		log_warning("record", "%s", reason_root(&why));
	uv_close((uv_handle_t *)&recording->timer, NULL);
	if (!recording->is_by_option)
		log_record_on(NULL, NULL);
}
