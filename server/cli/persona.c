/* SPDX-License-Identifier: MIT */
#include "server/cli/persona.h"

#include "server/cli/cli.h"
#include "server/monitor/version.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/probe_shared.h"

#include <stdio.h>
#include <string.h>

static const struct persona *const personas[] = { &persona_st, &persona_st_util };

static const struct persona *
named(const char *name, size_t len)
{
	for (size_t i = 0; i < array_len(personas); i++)
		if (strlen(personas[i]->name) == len &&
		    strncmp(personas[i]->name, name, len) == 0)
			return personas[i];
	return NULL;
}

const struct persona *
persona_by_name(const char *name)
{
	return named(name, strlen(name));
}

/* "/opt/st/bin/ST-LINK_gdbserver", "st-util.exe". */
static const struct persona *
called(const char *program)
{
	static const char suffix[] = ".exe";
	const char *slash = program == NULL ? NULL : strrchr(program, '/');
	const char *name = slash == NULL ? program : slash + 1;
	size_t len = name == NULL ? 0 : strlen(name), cut = sizeof(suffix) - 1;

	if (len > cut && strcmp(name + len - cut, suffix) == 0)
		len -= cut;
	return len == 0 ? NULL : named(name, len);
}

static enum cause
find_by_option(const char *name, const struct persona **persona, struct reason *why)
{
	*persona = name == NULL ? NULL : persona_by_name(name);
	if (*persona != NULL)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_REQUEST, "--as takes %s or %s", personas[0]->name,
			    personas[1]->name);
}

enum cause
persona_find(char *const *words, const struct persona **persona, char *const **rest,
	     struct reason *why)
{
	static const char as[] = "--as", as_with[] = "--as=";
	const char *first = words[0] == NULL ? NULL : words[1];

	*persona = called(words[0]);
	*rest = words[0] == NULL ? words : words + 1;
	if (*persona != NULL || first == NULL)
		return CAUSE_NONE;
	if (strcmp(first, as) == 0) {
		*rest = words + (words[2] == NULL ? 2 : 3);
		return find_by_option(words[2], persona, why);
	}
	if (!text_begins(first, as_with))
		return CAUSE_NONE;
	*rest = words + 2;
	return find_by_option(first + strlen(as_with), persona, why);
}

enum cause
option_is_so(const struct option *option, struct options *options, const char *value,
	     struct reason *why)
{
	(void)option;
	(void)options;
	(void)value;
	(void)why;
	return CAUSE_NONE;
}

enum cause
option_means_nothing(const struct option *option, struct options *options,
		     const char *value, struct reason *why)
{
	char *list = options->meaningless;
	size_t used = strlen(list);

	(void)value;
	(void)why;
	if (strstr(list, option->name) == NULL)
		snprintf(list + used, sizeof(options->meaningless) - used, "%s%s",
			 used > 0 ? ", " : "", option->name);
	return CAUSE_NONE;
}

enum cause
option_stays(const struct option *option, struct options *options, const char *value,
	     struct reason *why)
{
	(void)option;
	(void)value;
	(void)why;
	options->once = false;
	return CAUSE_NONE;
}

enum cause
option_attaches(const struct option *option, struct options *options, const char *value,
		struct reason *why)
{
	(void)option;
	(void)value;
	(void)why;
	options->board.connect = CONNECT_ATTACH;
	options->resets = false;
	return CAUSE_NONE;
}

enum cause
option_connects_under_reset(const struct option *option, struct options *options,
			    const char *value, struct reason *why)
{
	(void)option;
	(void)value;
	(void)why;
	options->board.connect = CONNECT_UNDER_RESET;
	options->resets = false;
	return CAUSE_NONE;
}

/* As the programs themselves: they end with their client. */
static void
init(struct options *options, const struct persona *persona)
{
	options_init(options);
	options->persona = persona;
	options->port = persona->port;
	options->once = true;
	options->persona_log_level = 1;
	options->extended_stays = persona->extended_stays;
	options->board.connect = CONNECT_HALT;
	options->resets = true;
}

/* The probe of the option for its serial, or the only one. */
static void
name_joint_probe(struct options *options)
{
	const char *serial = options->probe == NULL ? "" : options->probe;
	struct text text;

	if (!options->is_joint || strchr(serial, ':') != NULL)
		return;
	text_init(&text, options->joint_probe, sizeof(options->joint_probe));
	text_add(&text, PROBE_SHARED_NAME "%s%s", serial[0] == '\0' ? "" : ":", serial);
	options->probe = options->joint_probe;
}

enum cause
persona_parse(const struct persona *persona, char *const *words, struct options *options,
	      struct reason *why)
{
	enum cause cause;

	init(options, persona);
	cause = persona_parse_more(options, words, why);
	name_joint_probe(options);
	return cause;
}

enum cause
persona_parse_more(struct options *options, char *const *words, struct reason *why)
{
	return cli_parse_options(words, options->persona->options, options, why);
}

void
persona_print_help(const struct persona *persona)
{
	printf("tether %s in the place of %s\n\nusage: %s [OPTION...]\n\nOptions, and what "
	       "they mean here\n",
	       tether_version, persona->name, persona->name);
	cli_print_options(stdout, persona->options);
}

void
persona_begin(const struct options *options)
{
	if (options->persona == NULL)
		return;
	options->persona->begin(options);
	if (options->meaningless[0] != '\0')
		log_info("server", "these options of %s have no meaning here: %s",
			 options->persona->name, options->meaningless);
}

void
persona_listening(const struct options *options, unsigned port)
{
	if (options->persona != NULL)
		options->persona->listening(port);
}

void
persona_connected(const struct options *options)
{
	if (options->persona != NULL && options->persona->connected != NULL)
		options->persona->connected();
}

void
persona_ending(const struct options *options)
{
	if (options->persona != NULL && options->persona->ending != NULL)
		options->persona->ending();
}
