/* SPDX-License-Identifier: MIT */
#include "transport/probe/claims.h"

#include "transport/base/bytes.h"
#include "transport/base/host.h"
#include "transport/base/text.h"
#include "transport/probe/probe.h"
#include "transport/probe/sharing.h"

#include <string.h>

/* Where things are in the bytes; 0: the wish, or the verdict; LATER_AT: a wish behind the first four. */
enum { LATER_AT = 1, PERMILLE_AT = 2, PROCESS_AT = 4, WHAT_AT = 8 };
enum { PERMILLE_MAX = 1000 };

void
probe_claim_pack(unsigned first, const struct probe_claim *claim, uint8_t *bytes)
{
	memset(bytes, 0, PROBE_CLAIM_SIZE);
	bytes[0] = (uint8_t)first;
	le16_put(bytes + PERMILLE_AT, claim->done_permille);
	le32_put(bytes + PROCESS_AT, claim->process);
	text_copy((char *)bytes + WHAT_AT, PROBE_CLAIM_WORDS, claim->what);
}

/* They come from another program: the words are cut and hold nothing that a terminal obeys. */
unsigned
probe_claim_unpack(const uint8_t *bytes, struct probe_claim *claim)
{
	claim->done_permille = le16_get(bytes + PERMILLE_AT) % (PERMILLE_MAX + 1u);
	claim->process = le32_get(bytes + PROCESS_AT);
	memcpy(claim->what, bytes + WHAT_AT, PROBE_CLAIM_WORDS);
	claim->what[PROBE_CLAIM_WORDS - 1] = '\0';
	for (char *at = claim->what; *at != '\0'; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	return bytes[0];
}

unsigned
probe_claim_wish_of(const uint8_t *bytes)
{
	return bytes[LATER_AT] != 0 ? bytes[LATER_AT] : bytes[0];
}

static void
pack_wish(enum probe_claim_wish wish, const struct probe_claim *claim, uint8_t *bytes)
{
	bool is_later = wish >= PROBE_CLAIM_HAS_RESET;

	probe_claim_pack(is_later ? PROBE_CLAIM_LOOK : wish, claim, bytes);
	bytes[LATER_AT] = (uint8_t)(is_later ? wish : 0);
}

void
probe_claim_describe(const struct probe_claim *claim, struct text *words)
{
	if (claim->process == 0)
		text_add(words, "another program that shares the probe (%s)", claim->what);
	else
		text_add(words, "another tether (pid %u%s%s)", (unsigned)claim->process,
			 claim->what[0] == '\0' ? "" : ", ", claim->what);
}

static enum cause
explain(unsigned verdict, const struct probe_claim *holder, const char *what,
	struct reason *why)
{
	if (verdict == PROBE_CLAIM_GRANTED)
		return CAUSE_NONE;
	if (verdict == PROBE_CLAIM_HELD)
		reason_begin(why, CAUSE_REQUEST,
			     "%s is under way in another tether, pid %u (%u %% done)",
			     holder->what, (unsigned)holder->process,
			     holder->done_permille / 10u);
	else
		reason_begin(why, CAUSE_REQUEST,
			     "this tether asked the probe for nothing for more than %u s "
			     "while %s was under way, and another program has reset or "
			     "programmed the chip since",
			     (unsigned)PROBE_CLAIM_SILENT_MS / 1000, what);
	reason_suspect(why, verdict == PROBE_CLAIM_HELD ? FINDING_REQUEST_BUSY
							: FINDING_REQUEST_CLAIM_LOST);
	return CAUSE_REQUEST;
}

bool
probe_has_claims(const struct probe *probe)
{
	return probe->sharing != NULL || probe->is_claimed_elsewhere;
}

/* *claim: the wisher's, and then that of the one whom the verdict names. */
static enum cause
ask(struct probe *probe, enum probe_claim_wish wish, struct probe_claim *claim,
    enum probe_claim_verdict *verdict, struct reason *why)
{
	uint8_t bytes[PROBE_CLAIM_SIZE];
	enum cause cause;

	*verdict = PROBE_CLAIM_GRANTED;
	claim->process = (uint32_t)host_process();
	if (probe->sharing != NULL)
		*verdict = sharing_claim(probe->sharing, SHARING_OWNER, wish, claim);
	if (probe->sharing != NULL || !probe->is_claimed_elsewhere)
		return CAUSE_NONE;
	pack_wish(wish, claim, bytes);
	cause = probe_wish_claim(probe, bytes, why);
	if (cause == CAUSE_NONE)
		*verdict = (enum probe_claim_verdict)probe_claim_unpack(bytes, claim);
	if (cause != CAUSE_UNSUPPORTED)
		return cause;
	/* An older tether: nobody keeps an account. */
	probe->is_claimed_elsewhere = false;
	*why = (struct reason)REASON_INIT;
	return CAUSE_NONE;
}

enum cause
probe_claim(struct probe *probe, enum probe_claim_wish wish, const char *what,
	    unsigned done_permille, struct reason *why)
{
	struct probe_claim claim = { .done_permille = (uint16_t)done_permille };
	enum probe_claim_verdict verdict;
	enum cause cause;

	text_copy(claim.what, sizeof(claim.what), what);
	cause = ask(probe, wish, &claim, &verdict, why);
	return cause == CAUSE_NONE ? explain(verdict, &claim, what, why) : cause;
}

enum cause
probe_claim_news(struct probe *probe, enum probe_claim_verdict *verdict,
		 struct probe_claim *by, struct reason *why)
{
	*by = (struct probe_claim){ .what = "" };
	return ask(probe, PROBE_CLAIM_ASK_NEWS, by, verdict, why);
}

bool
probe_claim_deeds(struct probe *probe, struct probe_claim *by)
{
	enum probe_claim_verdict verdict;
	struct reason unasked = REASON_INIT;

	*by = (struct probe_claim){ .what = "" };
	return ask(probe, PROBE_CLAIM_ASK_DEEDS, by, &verdict, &unasked) == CAUSE_NONE &&
	       verdict == PROBE_CLAIM_NEWS;
}
