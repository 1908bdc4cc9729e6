/* SPDX-License-Identifier: MIT */
#include "server/cli/option_bytes.h"

#include "flash/options/options.h"
#include "server/cli/consent.h"
#include "server/cli/json.h"
#include "server/cli/workbench.h"
#include "targets/reset/reset.h"
#include "transport/base/log.h"
#include "transport/probe/vtarget.h"

#include <string.h>

enum { WORDS_MAX = 4096, LINE_MAX_LEN = 256 };

struct setting {
	const struct options *options;
	struct workbench bench;
	const struct option_set *set;
	uint16_t dev_id;
	struct option_values before, after;
};

enum cause
option_bytes_check(const struct options *options, struct reason *why)
{
	if (options->words_len == 0 ||
	    (options->words_len > 1 && strcmp(options->words[0], "set") == 0))
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_REQUEST,
			    "usage: tether options, or tether options set NAME=VALUE...");
}

/* Connects and reads. */
static enum cause
look(struct setting *setting, struct option_values *values, struct reason *why)
{
	struct workbench *bench = &setting->bench;
	enum cause cause = workbench_connect(bench, setting->options, why);

	if (cause != CAUSE_NONE)
		return cause;
	setting->set = options_of(board_chip(bench->board));
	if (setting->set == NULL)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "the option bytes of this chip are not known: %s",
				    board_describe(bench->board));
	setting->dev_id = board_chip(bench->board)->device->dev_id;
	return options_read(setting->set, bench->core, setting->dev_id, values, why);
}

static void
print_json(FILE *file, const struct setting *setting, const struct option_field *field,
	   uint32_t value)
{
	char buffer[LINE_MAX_LEN];
	struct text meaning;

	text_init(&meaning, buffer, sizeof(buffer));
	options_add_meaning(setting->set, field, value, &meaning);
	fprintf(file, "{\"name\": \"%s\", \"value\": %u, \"what\": ", field->name,
		(unsigned)value);
	json_print_string(file, field->what);
	fprintf(file, ", \"meaning\": ");
	json_print_string(file, meaning.used > 0 ? buffer : "");
	fprintf(file, "}");
}

static void
print_field(FILE *file, const struct setting *setting, const struct option_field *field,
	    const struct option_values *values)
{
	uint32_t value = options_get(field, values);
	char buffer[LINE_MAX_LEN];
	struct text line;

	if (setting->options->json) {
		print_json(file, setting, field, value);
		return;
	}
	text_init(&line, buffer, sizeof(buffer));
	options_add_line(setting->set, field, value, &line);
	fprintf(file, "  %s\n", buffer);
}

static void
print_all(FILE *file, const struct setting *setting, const struct option_values *values)
{
	const struct option_set *set = setting->set;
	const char *separator = "";

	fprintf(file,
		setting->options->json ? "{\"family\": \"%s\", \"source\": \"%s\", "
					 "\"options\": [\n"
				       : "%s (%s)\n",
		set->name, set->source);
	for (const struct option_field *field = set->fields; field->name != NULL; field++) {
		if (!options_has_field(field, setting->dev_id))
			continue;
		if (setting->options->json)
			fputs(separator, file);
		separator = ",\n";
		print_field(file, setting, field, values);
	}
	if (setting->options->json)
		fprintf(file, "\n]}\n");
}

/* Of RDP a field depends that the user may not have thought of (RM0440, 3.5.2). */
static void
assign_what_rdp_needs(struct setting *setting)
{
	const struct option_field *rdp =
		options_field(setting->set, setting->dev_id, "RDP");
	const char *name = setting->set->rdp_needs;
	const struct option_field *needed =
		name != NULL ? options_field(setting->set, setting->dev_id, name) : NULL;

	if (rdp == NULL || needed == NULL ||
	    options_get(rdp, &setting->before) == options_get(rdp, &setting->after) ||
	    options_get(needed, &setting->after) == 1)
		return;
	log_print("%s=1 goes with RDP, for a regression to erase all of the flash", name);
	options_put(needed, 1, &setting->after);
}

static enum cause
assign(struct setting *setting, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	setting->after = setting->before;
	for (unsigned i = 1; cause == CAUSE_NONE && i < setting->options->words_len; i++)
		cause = options_assign(setting->set, setting->dev_id,
				       setting->options->words[i], &setting->after, why);
	if (cause == CAUSE_NONE)
		assign_what_rdp_needs(setting);
	return cause;
}

/* 0: it is not known. */
static unsigned
measure(struct workbench *bench)
{
	struct reason unknown = REASON_INIT;
	struct vtarget vtarget;

	if (vtarget_measure(board_probe(bench->board), &vtarget, &unknown) != CAUSE_NONE ||
	    vtarget.class != VTARGET_STABLE)
		return 0;
	return vtarget.millivolts;
}

/* All the sentences are printed; each has a line. */
static void
print_sentences(const char *words)
{
	while (*words != '\0') {
		size_t len = strcspn(words, "\n");

		if (len > 0)
			log_print("%.*s", (int)len, words);
		words += len + (words[len] == '\n');
	}
}

/* The sentences are the reasons, the first of them the root. */
static enum cause
refuse(const char *words, struct reason *why)
{
	const char *rest = words + strcspn(words, "\n");

	print_sentences(rest);
	reason_begin(why, CAUSE_REQUEST, "%.*s", (int)(rest - words), words);
	return reason_while(why, "refused, and nothing was written");
}

static enum cause
agree(struct setting *setting, struct reason *why)
{
	char buffer[WORDS_MAX];
	struct text words;
	enum option_danger danger;

	text_init(&words, buffer, sizeof(buffer));
	buffer[0] = '\0';
	danger = options_classify(setting->set, setting->dev_id, &setting->before,
				  &setting->after, measure(&setting->bench), &words);
	if (danger == OPTION_REFUSES ||
	    (danger == OPTION_IS_FINAL && !setting->options->is_final))
		return refuse(buffer, why);
	print_sentences(buffer);
	if (danger == OPTION_WARNS)
		return CAUSE_NONE;
	return consent_ask(setting->options, "Write these option bytes?",
			   "nothing was written", why);
}

static enum cause
write_all(struct setting *setting, struct reason *why)
{
	struct workbench *bench = &setting->bench;
	struct job *job = options_write(setting->set, bench->board, &setting->before,
					&setting->after);
	enum cause cause;

	if (job == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	log_print("Writing: do not unplug or reset the board now");
	cause = workbench_run(bench, job, why);
	if (cause != CAUSE_NONE || setting->set->control->launch != 0)
		return cause;
	return workbench_run(bench, board_reset(bench->board, false, NULL), why);
}

/* What was to change, as it is now. */
static enum cause
compare(FILE *file, const struct setting *setting, const struct option_values *now,
	struct reason *why)
{
	const struct option_field *field = setting->set->fields, *wrong = NULL;

	for (; field->name != NULL; field++) {
		uint32_t wanted = options_get(field, &setting->after);

		if (!options_has_field(field, setting->dev_id) ||
		    wanted == options_get(field, &setting->before))
			continue;
		print_field(file, setting, field, now);
		if (wrong == NULL && options_get(field, now) != wanted)
			wrong = field;
	}
	if (wrong == NULL)
		return CAUSE_NONE;
	return reason_begin(
		why, CAUSE_MISMATCH,
		"after loading the option bytes %s reads 0x%x, and 0x%x was written",
		wrong->name, (unsigned)options_get(wrong, now),
		(unsigned)options_get(wrong, &setting->after));
}

static enum cause
set_some(FILE *file, struct setting *setting, struct reason *why)
{
	struct option_values now;
	enum cause cause = assign(setting, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (memcmp(&setting->before, &setting->after, sizeof(setting->before)) == 0) {
		log_print("The option bytes are so already: nothing was written");
		return CAUSE_NONE;
	}
	cause = agree(setting, why);
	if (cause == CAUSE_NONE)
		cause = write_all(setting, why);
	if (cause != CAUSE_NONE)
		return cause;
	/* The chip has been reset, by which the connection may have gone. */
	workbench_end(&setting->bench);
	cause = look(setting, &now, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "the option bytes are written; reading them back");
	return compare(file, setting, &now, why);
}

enum cause
option_bytes_print(FILE *file, const struct options *options, struct reason *why)
{
	struct setting setting = { .options = options };
	enum cause cause = look(&setting, &setting.before, why);

	if (cause == CAUSE_NONE && options->words_len == 0)
		print_all(file, &setting, &setting.before);
	else if (cause == CAUSE_NONE)
		cause = set_some(file, &setting, why);
	workbench_end(&setting.bench);
	return cause;
}
