/* SPDX-License-Identifier: MIT */
/*
 * search.c - qSearch:memory (GDB manual, "General Query Packets"). A job, since what is searched
 * may be the whole flash: each step reads a piece, and pieces overlap by the pattern.
 */
#include "server/rsp/commands.h"
#include "transport/base/bytes.h"

#include <stdlib.h>
#include <string.h>

/* As much as an ST-LINK reads at once, in 20 ms at most. */
enum { PIECE = 6144, PATTERN_MAX = 1024 };

struct search {
	struct job job;
	struct client *client;
	uint32_t at;   /* where the next piece begins */
	uint64_t left; /* bytes from there on */
	uint32_t len;  /* of the pattern */
	uint8_t pattern[PATTERN_MAX];
};

static bool
find_in(const struct search *search, const uint8_t *bytes, uint32_t size, uint32_t *at)
{
	for (uint32_t i = 0; i + search->len <= size; i++)
		if (memcmp(bytes + i, search->pattern, search->len) == 0) {
			*at = i;
			return true;
		}
	return false;
}

static enum cause
step_search(struct job *job, bool *done, struct reason *why)
{
	struct search *search = container_of(job, struct search, job);
	uint32_t size = search->left < PIECE ? (uint32_t)search->left : PIECE, found = 0;
	uint8_t bytes[PIECE];
	enum cause cause;

	*done = search->left < search->len;
	if (*done)
		return CAUSE_NONE;
	cause = view_memory_read(&search->client->view, search->at, bytes, size, why);
	if (cause != CAUSE_NONE)
		return cause;
	*done = find_in(search, bytes, size, &found);
	if (*done) {
		search->client->has_found = true;
		search->client->found_at = search->at + found;
		return CAUSE_NONE;
	}
	found = size - (search->len - 1);
	search->at += found;
	search->left -= found;
	return CAUSE_NONE;
}

/* It changes nothing. */
static enum cause
cancel_search(struct job *job, struct reason *why)
{
	(void)job;
	(void)why;
	return CAUSE_NONE;
}

static void
free_search(struct job *job)
{
	free(container_of(job, struct search, job));
}

static void
has_searched(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);
	char buffer[sizeof("1,ffffffff")];
	struct text reply;

	if (cause != CAUSE_NONE) {
		client_fail(client, DELIVER_CODE, why);
		return;
	}
	text_init(&reply, buffer, sizeof(buffer));
	if (client->has_found)
		text_add(&reply, "1,%x", (unsigned)client->found_at);
	else
		text_add(&reply, "0");
	client_reply(client, reply.chars, reply.used);
}

static enum cause
check_search(const struct client *client, const struct request *request, struct reason *why)
{
	uint64_t at = request->at[0].number, size = request->at[1].number;
	size_t len = request->at[2].len;

	if (len == 0 || len > PATTERN_MAX)
		return reason_begin(why, CAUSE_REQUEST,
				    "a pattern has 1 to %d bytes, not %zu", PATTERN_MAX,
				    len);
	if (size > (UINT64_C(1) << 32) - at)
		return reason_begin(why, CAUSE_REQUEST,
				    "the search goes beyond the end of memory");
	return board_check_ram(client_board(client), (uint32_t)at, (uint32_t)size, why);
}

static enum cause
command_search(struct client *client, const struct request *request, struct text *reply,
	       struct reason *why)
{
	static const struct job_ops ops = { .step = step_search,
					    .cancel = cancel_search,
					    .free = free_search };
	const struct argument *pattern = &request->at[2];
	struct search *search;
	enum cause cause = check_search(client, request, why);

	(void)reply;
	if (cause != CAUSE_NONE)
		return cause;
	search = calloc(1, sizeof(*search));
	if (search == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory to search");
	search->job = (struct job){ .ops = &ops, .name = "searching memory" };
	search->client = client;
	search->at = (uint32_t)request->at[0].number;
	search->left = request->at[1].number;
	search->len = (uint32_t)pattern->len;
	memcpy(search->pattern, pattern->bytes, pattern->len);
	client->has_found = false;
	cause = view_begin(&client->view, &search->job, 0, has_searched, why);
	if (cause == CAUSE_NONE)
		client_wait(client, WAIT_WORK);
	return cause;
}

const struct command search_commands[] = {
	{ "qSearch:memory:", "a;n;b", 0, NEEDS_TARGET | IS_WORK, DELIVER_CODE,
	  command_search },
	{ 0 },
};
