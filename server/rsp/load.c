/* SPDX-License-Identifier: MIT */
/*
 * load.c - vFlashErase, vFlashWrite, vFlashDone: the first two collect, the last programs,
 * all at once. gdb says nothing of why a load failed: it is told with the next packet that
 * can carry words.
 */
#include "server/rsp/commands.h"
#include "transport/base/log.h"

static enum cause
check_in_flash(struct session *session, uint32_t at, uint64_t size, struct reason *why)
{
	struct board *board = session->server->board;
	struct geometry geometry;
	enum cause cause = geometry_read(board, &geometry, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (size <= UINT32_MAX && geometry_contains(&geometry, at, (uint32_t)size))
		return CAUSE_NONE;
	reason_begin(why, CAUSE_REQUEST,
		     "%llu bytes at 0x%08x are not all in flash: there is %s",
		     (unsigned long long)size, (unsigned)at, board_region_name(board, at));
	reason_hint(why, "is the program linked for this chip?");
	return why->cause;
}

/* gdb erases sector run by sector run, in order. */
static enum cause
add_range(struct session_load *load, uint32_t at, uint32_t size, struct reason *why)
{
	struct flash_range *last =
		load->erase_len == 0 ? NULL : &load->erase[load->erase_len - 1];

	if (last != NULL && last->at + last->size == at) {
		last->size += size;
		return CAUSE_NONE;
	}
	if (load->erase_len == FLASH_MAX_RANGES)
		return reason_begin(why, CAUSE_REQUEST,
				    "more than %d separate ranges are to be erased",
				    FLASH_MAX_RANGES);
	load->erase[load->erase_len++] = (struct flash_range){ at, size };
	return CAUSE_NONE;
}

/* A load that failed in the middle leaves nothing to be programmed by the next one. */
static enum cause
collected(struct session *session, enum cause cause, struct text *reply, struct reason *why)
{
	if (cause == CAUSE_NONE) {
		text_add(reply, "OK");
		return CAUSE_NONE;
	}
	session_reset_load(session);
	return reason_while(why, "the last load failed");
}

static enum cause
command_erase(struct session *session, const struct request *request, struct text *reply,
	      struct reason *why)
{
	uint32_t at = (uint32_t)request->at[0].number;
	uint64_t size = request->at[1].number;
	enum cause cause = check_in_flash(session, at, size, why);

	if (cause == CAUSE_NONE)
		cause = add_range(&session->load, at, (uint32_t)size, why);
	return collected(session, cause, reply, why);
}

static enum cause
command_write(struct session *session, const struct request *request, struct text *reply,
	      struct reason *why)
{
	uint32_t at = (uint32_t)request->at[0].number;
	const struct argument *rest = &request->at[1];
	enum cause cause = check_in_flash(session, at, rest->len, why);

	if (cause == CAUSE_NONE)
		cause = image_add(&session->load.image, at, (const uint8_t *)rest->bytes,
				  (uint32_t)rest->len, why);
	return collected(session, cause, reply, why);
}

static void
log_result(const struct session *session)
{
	const struct flash_result *result = &session->load.result;

	log_info("flash", "%u bytes programmed, %u verified, %u sectors erased in %u ms",
		 (unsigned)result->bytes_programmed, (unsigned)result->bytes_verified,
		 (unsigned)result->sectors_erased, (unsigned)result->device_ms);
}

static void
loaded(struct server *server, struct session *session, enum cause cause,
       const struct reason *why)
{
	struct reason story = *why, looking = REASON_INIT;

	session_reset_load(session);
	server_judge(server, cause, why);
	/* Flash is done well though the core cannot be seen: the next packet tells that. */
	server_judge(server, server_look_after_reset(server, &looking), &looking);
	if (cause == CAUSE_NONE) {
		log_result(session);
		session_reply(session, "OK", 2);
		return;
	}
	reason_while(&story, "the last load failed");
	session_fail(session, DELIVER_CODE, &story);
}

static enum cause
command_done(struct session *session, const struct request *request, struct text *reply,
	     struct reason *why)
{
	struct session_load *load = &session->load;
	struct server *server = session->server;
	struct job *job = NULL;
	enum cause cause;

	(void)request;
	if (load->image.len == 0 && load->erase_len == 0) {
		text_add(reply, "OK");
		return CAUSE_NONE;
	}
	for (unsigned i = 0; i < server->debuggees_len; i++)
		debuggee_remember(&server->debuggees[i]);
	cause = flash_load(debuggee_core(session->debuggee), server->board, &load->image,
			   load->erase, load->erase_len, &load->result, &job, why);
	if (cause != CAUSE_NONE)
		return collected(session, cause, reply, why);
	session_wait(session, WAIT_WORK);
	work_begin(&server->work, job, session, loaded);
	return CAUSE_NONE;
}

const struct command load_commands[] = {
	{ "vFlashErase", ":a,n", NEEDS_TARGET, DELIVER_CODE, command_erase },
	{ "vFlashWrite", ":a:b", NEEDS_TARGET, DELIVER_CODE, command_write },
	{ "vFlashDone", "", IS_EXACT | NEEDS_TARGET | NEEDS_QUIET, DELIVER_CODE,
	  command_done },
	{ 0 },
};
