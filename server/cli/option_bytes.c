/* SPDX-License-Identifier: MIT */
#include "server/cli/option_bytes.h"

#include "flash/options/change.h"
#include "server/cli/consent.h"
#include "server/cli/core_choice.h"
#include "server/cli/json.h"
#include "server/cli/workbench.h"
#include "targets/connect/connect.h"
#include "targets/reset/reset.h"
#include "transport/base/log.h"

#include <string.h>

enum { WORDS_MAX = 4096, LINE_MAX_LEN = 256 };

struct setting {
	const struct options *options;
	struct workbench bench;
	struct option_change change;
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
look(struct setting *setting, struct option_change *change, struct reason *why)
{
	struct workbench *bench = &setting->bench;
	enum cause cause = workbench_connect(
		bench, setting->options,
		setting->options->words_len > 1 ? "tether options set" : NULL, why);

	return cause == CAUSE_NONE
		       ? option_change_begin(change, bench->board, bench->core, why)
		       : cause;
}

static void
print_json(FILE *file, const struct setting *setting, const struct option_field *field,
	   uint32_t value)
{
	char buffer[LINE_MAX_LEN];
	struct text meaning;

	text_init(&meaning, buffer, sizeof(buffer));
	options_add_meaning(setting->change.set, field, value, &meaning);
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
	options_add_line(setting->change.set, field, value, &line);
	fprintf(file, "  %s\n", buffer);
}

static void
print_all(FILE *file, const struct setting *setting, const struct option_values *values)
{
	const struct option_set *set = setting->change.set;
	const char *separator = "";

	fprintf(file,
		setting->options->json ? "{\"family\": \"%s\", \"source\": \"%s\", "
					 "\"options\": [\n"
				       : "%s (%s)\n",
		set->name, set->source);
	for (const struct option_field *field = set->fields; field->name != NULL; field++) {
		if (!options_has_field(field, setting->change.dev_id))
			continue;
		if (setting->options->json)
			fputs(separator, file);
		separator = ",\n";
		print_field(file, setting, field, values);
	}
	if (setting->options->json)
		fprintf(file, "\n]}\n");
}

static enum cause
assign(struct setting *setting, struct reason *why)
{
	char buffer[LINE_MAX_LEN];
	struct text words;
	enum cause cause;

	text_init(&words, buffer, sizeof(buffer));
	cause = option_change_assign(&setting->change, setting->options->words + 1,
				     setting->options->words_len - 1, &words, why);
	if (words.used > 0)
		log_print("%s", buffer);
	return cause;
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
	danger = option_change_classify(&setting->change, setting->bench.board, &words);
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
	struct job *job = options_write(setting->change.set, bench->board,
					&setting->change.before, &setting->change.after);
	enum cause cause;

	if (job == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	log_print("Writing: do not unplug or reset the board now");
	cause = workbench_run(bench, job, why);
	if (cause != CAUSE_NONE || setting->change.set->control->launch != 0 ||
	    option_change_closes(&setting->change))
		return cause;
	return workbench_run(bench, board_reset(bench->board, false, NULL), why);
}

/* What was to change, as it is now. */
static enum cause
compare(FILE *file, const struct setting *setting, const struct option_values *now,
	struct reason *why)
{
	const struct option_field *field = NULL;

	while ((field = option_change_next(&setting->change, field)) != NULL)
		print_field(file, setting, field, now);
	return option_change_compare(&setting->change, now, why);
}

/* What is not to be read any more. */
static void
print_closed(FILE *file, const struct setting *setting, const char *words)
{
	if (!setting->options->json) {
		fprintf(file, "%s\n", words);
		return;
	}
	fprintf(file, "{\"closed\": true, \"words\": ");
	json_print_string(file, words);
	fprintf(file, "}\n");
}

/* After a change that closes the chip nothing should answer: on the same board, which is given up
 * when it is so, since there is nothing to detach from. */
static enum cause
look_at_closed(FILE *file, struct setting *setting, struct reason *why)
{
	struct workbench *bench = &setting->bench;
	char buffer[WORDS_MAX];
	struct option_change now;
	struct text words;
	enum cause cause = workbench_run(bench, board_connect(bench->board), why);

	if (cause == CAUSE_NONE)
		cause = core_choose(bench->board, setting->options->core, &bench->core,
				    why);
	if (cause == CAUSE_NONE)
		cause = option_change_begin(&now, bench->board, bench->core, why);
	if (cause == CAUSE_NONE) {
		cause = compare(file, setting, &now.before, why);
		return cause == CAUSE_NONE ? cause
					   : reason_while(why, "the chip is not closed");
	}
	text_init(&words, buffer, sizeof(buffer));
	cause = option_change_explain_closed(&setting->change, bench->board, &words, why);
	board_give_up(bench->board, why);
	if (cause == CAUSE_NONE)
		print_closed(file, setting, buffer);
	return cause;
}

static enum cause
set_some(FILE *file, struct setting *setting, struct reason *why)
{
	struct option_change now;
	enum cause cause = assign(setting, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (option_change_is_empty(&setting->change)) {
		log_print(
			"The option bytes hold these values already: nothing was written");
		return CAUSE_NONE;
	}
	cause = agree(setting, why);
	if (cause == CAUSE_NONE)
		cause = write_all(setting, why);
	if (cause == CAUSE_NONE && option_change_closes(&setting->change))
		return look_at_closed(file, setting, why);
	if (cause != CAUSE_NONE)
		return cause;
	/* The chip has been reset, by which the connection may have gone. */
	workbench_end(&setting->bench);
	cause = look(setting, &now, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "the option bytes are written; reading them back");
	return compare(file, setting, &now.before, why);
}

enum cause
option_bytes_print(FILE *file, const struct options *options, struct reason *why)
{
	struct setting setting = { .options = options };
	enum cause cause = look(&setting, &setting.change, why);

	if (cause == CAUSE_NONE && options->words_len == 0)
		print_all(file, &setting, &setting.change.before);
	else if (cause == CAUSE_NONE)
		cause = set_some(file, &setting, why);
	workbench_end(&setting.bench);
	return cause;
}
