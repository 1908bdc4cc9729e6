/* SPDX-License-Identifier: MIT */
/*
 * consent.h - whether the user agrees to what cannot be taken back.
 */
#ifndef SERVER_CLI_CONSENT_H
#define SERVER_CLI_CONSENT_H

#include "server/cli/options.h"

/* By --yes; or the question is asked, on a terminal. CAUSE_REQUEST, with what `undone` says ("nothing was
 * erased"): the user did not agree, or there is nobody to be asked. Waits for the answer. */
enum cause consent_ask(const struct options *options, const char *question,
		       const char *undone, struct reason *why);

#endif /* SERVER_CLI_CONSENT_H */
