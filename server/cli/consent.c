/* SPDX-License-Identifier: MIT */
#include "server/cli/consent.h"

#include "transport/base/host.h"

#include <stdio.h>

static bool
agrees(const struct options *options, const char *question)
{
	char answer[8] = "";

	if (options->is_agreed)
		return true;
	if (!host_is_terminal(HOST_STDIN))
		return false;
	printf("%s [y/N] ", question);
	fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) != NULL &&
	       (answer[0] == 'y' || answer[0] == 'Y');
}

enum cause
consent_ask(const struct options *options, const char *question, const char *undone,
	    struct reason *why)
{
	if (agrees(options, question))
		return CAUSE_NONE;
	reason_begin(why, CAUSE_REQUEST, "%s: that needs consent", undone);
	reason_suspect(why, FINDING_REQUEST_CONSENT);
	return CAUSE_REQUEST;
}
