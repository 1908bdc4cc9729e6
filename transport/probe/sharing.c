/* SPDX-License-Identifier: MIT */
#include "transport/probe/sharing.h"

#include "transport/base/log.h"
#include "transport/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { US_PER_MS = 1000, DEED_LASTS_MS = 500 };

/* 0: nobody has a wish. */
static uint32_t
slowest_wish(const struct sharing *sharing)
{
	uint32_t slowest = 0;

	for (unsigned i = SHARING_OWNER + 1; i < SHARING_USERS; i++) {
		uint32_t hz = sharing->users[i] == NULL ? 0 : sharing->users[i]->hz;

		if (hz != 0 && (slowest == 0 || hz < slowest))
			slowest = hz;
	}
	return slowest;
}

/* The clock by what clients wish now. Its changes are logged: they slow the owner down. */
static enum cause
follow_wishes(const struct sharing *sharing, struct reason *why)
{
	struct probe *probe = sharing->probe;
	uint32_t before = sharing->ops->clock_hz(probe), hz;
	enum cause cause = sharing->ops->limit_clock(probe, slowest_wish(sharing), why);

	hz = sharing->ops->clock_hz(probe);
	if (cause == CAUSE_NONE && hz != before)
		log_info("share",
			 "the clock is %u kHz, by the wish of who shares the probe",
			 (unsigned)hz / HZ_PER_KHZ);
	return cause;
}

enum cause
sharing_take(struct sharing *sharing, const struct sharing_ops *ops, struct probe *probe,
	     size_t owner_size, struct reason *why)
{
	struct sharing_user **owner = &sharing->users[SHARING_OWNER];
	struct reason clock = REASON_INIT;

	if (*owner == NULL)
		*owner = calloc(1, owner_size);
	if (*owner == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for sharing the probe");
	sharing->ops = ops;
	sharing->probe = probe;
	probe->sharing = sharing;
	/* A probe that does not take the wishes of the clients goes on at the owner's. */
	if (follow_wishes(sharing, &clock) != CAUSE_NONE)
		log_warning("share", "the clock: %s", reason_root(&clock));
	return CAUSE_NONE;
}

void
sharing_end(struct sharing *sharing)
{
	if (sharing->probe != NULL)
		sharing->probe->sharing = NULL;
	sharing->probe = NULL;
	free(sharing->users[SHARING_OWNER]);
	sharing->users[SHARING_OWNER] = NULL;
}

bool
sharing_join(struct sharing *sharing, size_t size, unsigned *number)
{
	for (unsigned i = SHARING_OWNER + 1; i < SHARING_USERS; i++) {
		if (sharing->users[i] != NULL)
			continue;
		sharing->users[i] = calloc(1, size);
		*number = i;
		return sharing->users[i] != NULL;
	}
	return false;
}

static void
let_all_go(struct sharing *sharing, const struct sharing_user *user)
{
	struct reason nrst = REASON_INIT, clock = REASON_INIT, mode = REASON_INIT;
	struct probe *probe = sharing->probe;

	/* Nobody waits for an answer any more: what fails is logged. */
	if (user->pulls_nrst && !sharing_others_pull_nrst(sharing, user) &&
	    sharing->ops->move_nrst(probe, false, &nrst) != CAUSE_NONE)
		log_warning("share", "letting NRST go for a client that left: %s",
			    reason_root(&nrst));
	if (follow_wishes(sharing, &clock) != CAUSE_NONE)
		log_warning("share", "the clock, after a client left: %s",
			    reason_root(&clock));
	if (user->has_entered && !sharing_has_others_in(sharing, user) &&
	    sharing->ops->leave(probe, &mode) != CAUSE_NONE)
		log_debug("share", "leaving debug mode: %s", reason_root(&mode));
}

void
sharing_leave(struct sharing *sharing, unsigned number)
{
	struct sharing_user *user = sharing->users[number];

	sharing->users[number] = NULL;
	if (user->claim.what[0] != '\0')
		log_warning("share", "%s by pid %u ended with its connection, %u %% done",
			    user->claim.what, (unsigned)user->claim.process,
			    user->claim.done_permille / 10u);
	if (sharing->probe != NULL)
		let_all_go(sharing, user);
	free(user);
}

void
sharing_hear(struct sharing *sharing, unsigned number)
{
	sharing->users[number]->heard_us = clock_now_us(sharing->probe->clock);
}

void
sharing_name(struct sharing *sharing, unsigned number, const char *name)
{
	struct sharing_user *user = sharing->users[number];

	text_copy(user->name, sizeof(user->name), name);
}

static void
tell_others(struct sharing *sharing, const struct sharing_user *user,
	    const struct probe_claim *by)
{
	for (unsigned i = 0; i < SHARING_USERS; i++) {
		struct sharing_user *other = sharing->users[i];

		if (other == NULL || other == user)
			continue;
		other->has_news = true;
		other->reset_by = *by;
	}
}

/* Tethers keep off what another has claimed, and say themselves what they have reset. */
void
sharing_note_deed(struct sharing *sharing, const struct sharing_user *user,
		  const char *command)
{
	struct text what;

	if (user->is_tether)
		return;
	text_init(&what, sharing->deed, sizeof(sharing->deed));
	text_add(&what, "%s, by %s", user->name, command);
	sharing->deed_us = clock_now_us(sharing->probe->clock);
}

void
sharing_note_reset(struct sharing *sharing, const struct sharing_user *user,
		   const char *command)
{
	struct probe_claim by = { .process = 0 };

	sharing_note_deed(sharing, user, command);
	text_copy(by.what, sizeof(by.what), sharing->deed);
	if (!user->is_tether)
		tell_others(sharing, user, &by);
}

bool
sharing_has_news(const struct sharing *sharing)
{
	const struct sharing_user *owner = sharing->users[SHARING_OWNER];

	return owner != NULL && owner->has_news;
}

bool
sharing_has_others_in(const struct sharing *sharing, const struct sharing_user *user)
{
	for (unsigned i = SHARING_OWNER + 1; i < SHARING_USERS; i++) {
		const struct sharing_user *other = sharing->users[i];

		if (other != NULL && other != user && other->has_entered)
			return true;
	}
	return sharing->is_owner_there;
}

bool
sharing_others_pull_nrst(const struct sharing *sharing, const struct sharing_user *user)
{
	for (unsigned i = SHARING_OWNER + 1; i < SHARING_USERS; i++) {
		const struct sharing_user *other = sharing->users[i];

		if (other != NULL && other != user && other->pulls_nrst)
			return true;
	}
	return sharing->ops->owner_pulls_nrst(sharing->probe);
}

enum cause
sharing_wish_clock(struct sharing *sharing, struct sharing_user *user, uint32_t hz,
		   struct reason *why)
{
	uint32_t before = user->hz;
	enum cause cause;

	user->hz = hz;
	cause = follow_wishes(sharing, why);
	if (cause != CAUSE_NONE)
		user->hz = before;
	return cause;
}

/* The owner asks by calls, and is there as long as anybody hears of this. */
static bool
is_silent(const struct sharing *sharing, unsigned number)
{
	const struct sharing_user *user = sharing->users[number];

	return number != SHARING_OWNER &&
	       clock_now_us(sharing->probe->clock) - user->heard_us >
		       (uint64_t)PROBE_CLAIM_SILENT_MS * US_PER_MS;
}

static struct probe_claim *
find_other(struct sharing *sharing, unsigned number)
{
	for (unsigned i = 0; i < SHARING_USERS; i++) {
		struct sharing_user *user = sharing->users[i];

		if (i == number || user == NULL || user->claim.what[0] == '\0')
			continue;
		if (!is_silent(sharing, i))
			return &user->claim;
		log_warning("share",
			    "%s by pid %u counts as given up: it has asked the probe for "
			    "nothing for %u s",
			    user->claim.what, (unsigned)user->claim.process,
			    (unsigned)PROBE_CLAIM_SILENT_MS / 1000);
		user->claim.what[0] = '\0';
	}
	return NULL;
}

static enum probe_claim_verdict
take_claim(struct sharing *sharing, unsigned number, enum probe_claim_wish wish,
	   struct probe_claim *claim)
{
	const struct probe_claim *other = find_other(sharing, number);

	if (other != NULL) {
		*claim = *other;
		return PROBE_CLAIM_HELD;
	}
	if (wish != PROBE_CLAIM_TAKE)
		return PROBE_CLAIM_GRANTED;
	if (sharing->users[number]->claim.what[0] == '\0')
		sharing->users[number]->claimed_us = clock_now_us(sharing->probe->clock);
	sharing->users[number]->claim = *claim;
	return PROBE_CLAIM_GRANTED;
}

/* What another is about still is news when that is over: who looks at the target before disturbs it. */
static enum probe_claim_verdict
take_news(struct sharing *sharing, unsigned number, struct probe_claim *claim)
{
	struct sharing_user *user = sharing->users[number];
	const struct probe_claim *other = find_other(sharing, number);

	if (other == NULL && !user->has_news)
		return PROBE_CLAIM_GRANTED;
	*claim = other != NULL ? *other : user->reset_by;
	user->has_news = user->has_news && other != NULL;
	return other != NULL ? PROBE_CLAIM_HELD : PROBE_CLAIM_NEWS;
}

/* A reset that began shortly before a claim lasts into it. */
static enum probe_claim_verdict
find_deed(const struct sharing *sharing, unsigned number, struct probe_claim *claim)
{
	const struct sharing_user *user = sharing->users[number];

	if (sharing->deed[0] == '\0' || user->claim.what[0] == '\0' ||
	    sharing->deed_us + (uint64_t)DEED_LASTS_MS * US_PER_MS < user->claimed_us)
		return PROBE_CLAIM_GRANTED;
	*claim = (struct probe_claim){ .process = 0 };
	text_copy(claim->what, sizeof(claim->what), sharing->deed);
	return PROBE_CLAIM_NEWS;
}

enum probe_claim_verdict
sharing_claim(struct sharing *sharing, unsigned number, enum probe_claim_wish wish,
	      struct probe_claim *claim)
{
	struct probe_claim *own = &sharing->users[number]->claim;

	if (wish == PROBE_CLAIM_LOOK || wish == PROBE_CLAIM_TAKE)
		return take_claim(sharing, number, wish, claim);
	if (wish == PROBE_CLAIM_ASK_NEWS)
		return take_news(sharing, number, claim);
	if (wish == PROBE_CLAIM_ASK_DEEDS)
		return find_deed(sharing, number, claim);
	if (wish == PROBE_CLAIM_HAS_RESET)
		tell_others(sharing, sharing->users[number], claim);
	else if (wish == PROBE_CLAIM_DROP)
		own->what[0] = '\0';
	else if (own->what[0] == '\0')
		return PROBE_CLAIM_LOST;
	else
		own->done_permille = claim->done_permille;
	return PROBE_CLAIM_GRANTED;
}

enum cause
sharing_claim_bytes(struct sharing *sharing, unsigned number, uint8_t *bytes,
		    struct reason *why)
{
	struct probe_claim claim;
	unsigned wish = probe_claim_wish_of(bytes), verdict;

	if (wish >= PROBE_CLAIM_WISHES)
		return reason_begin(why, CAUSE_REQUEST, "%u is no wish for a claim", wish);
	probe_claim_unpack(bytes, &claim);
	sharing->users[number]->is_tether = true;
	verdict = sharing_claim(sharing, number, (enum probe_claim_wish)wish, &claim);
	probe_claim_pack(verdict, &claim, bytes);
	return CAUSE_NONE;
}
