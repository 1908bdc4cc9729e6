/* SPDX-License-Identifier: MIT */
#include "server/cli/doctor.h"

#include "server/cli/doctor_report.h"
#include "server/cli/json.h"
#include "server/cli/record.h"
#include "targets/connect/connect.h"

#include <inttypes.h>

/* Resets only where that was asked for, or where connecting came to it by itself. */
static enum side_effect
permission(const struct options *options)
{
	if (options->tests_nrst)
		return SIDE_RESET;
	return options->board.connect == CONNECT_ATTACH ? SIDE_NONE : SIDE_HALT;
}

/* A failure that no row explains has the finding that who failed suspects: of a probe that cannot
 * be opened, of a request that cannot be. */
static void
take_suspicion(struct diagnosis *diagnosis)
{
	enum finding finding = reason_finding(&diagnosis->why);

	if (diagnosis->len > 0 || finding == FINDING_NONE)
		return;
	diagnosis->verdicts[0] = (struct verdict){
		finding, finding_row(finding)->weight == WEIGHT_CERTAIN ? CERTAIN : LIKELY,
		NULL
	};
	diagnosis->len = 1;
}

/* What an experiment cannot do is part of what is found. */
static void
connect_and_examine(struct diagnosis *diagnosis, const struct options *options,
		    struct reason *why)
{
	struct workbench *bench = &diagnosis->bench;

	if (permission(options) != SIDE_NONE &&
	    workbench_claim(bench, "tether doctor", why) != CAUSE_NONE)
		return;
	probe_limit(board_probe(bench->board), VERDICT_MS);
	if (workbench_run(bench, board_connect(bench->board), &diagnosis->why) ==
	    CAUSE_NONE)
		/* What was got round on the way is no failure. */
		diagnosis->why = (struct reason)REASON_INIT;
	probe_lift_limit(board_probe(bench->board));
	if (!workbench_is_interrupted())
		(void)workbench_run(bench,
				    board_examine(bench->board, permission(options),
						  options->tests_nrst),
				    why);
}

/* What was thought when the connection failed the experiments may have refuted since. */
static void
conclude_anew(struct diagnosis *diagnosis)
{
	struct reason *why = &diagnosis->why;
	const struct facts *facts = board_facts(diagnosis->bench.board);

	diagnosis->len = verdicts_of(facts, diagnosis->verdicts);
	if (why->cause == CAUSE_GONE || why->cause == CAUSE_TIMEOUT ||
	    (why->cause != CAUSE_NONE && probe_is_link_suspect(why)))
		verdict_conclude(facts, why);
}

enum cause
doctor_examine(struct diagnosis *diagnosis, const struct options *options,
	       struct reason *why)
{
	struct board *board = diagnosis->bench.board;

	if (board != NULL)
		connect_and_examine(diagnosis, options, why);
	if (workbench_is_interrupted())
		return reason_begin(why, CAUSE_REQUEST, "the examination was interrupted");
	if (board != NULL)
		conclude_anew(diagnosis);
	take_suspicion(diagnosis);
	return CAUSE_NONE;
}

/* --- text ------------------------------------------------------------------------- */

static void
print_row(FILE *file, const char *head, const char *words)
{
	fprintf(file, "%-9s %s\n", head, words);
}

static void
print_answer_time(FILE *file, const struct facts *facts)
{
	char buffer[DIAGNOSIS_WORDS_MAX];
	struct text words;
	uint32_t us;

	text_init(&words, buffer, sizeof(buffer));
	if (facts_get(facts, FACT_ANSWER_TIME, &us)) {
		text_add(&words, "; %s ", fact_words(FACT_ANSWER_TIME));
		evidence_add_value(FACT_ANSWER_TIME, us, &words);
	}
	fprintf(file, "%s\n", buffer);
}

static void
print_bench(FILE *file, struct board *board)
{
	const struct probe_identity *probe = &board_probe(board)->identity;

	fprintf(file, "%-9s %s %s at %s, firmware %s", "probe", probe->kind, probe->serial,
		probe->where, probe->firmware);
	print_answer_time(file, board_facts(board));
	print_row(file, "target",
		  board_describe(board)[0] != '\0' ? board_describe(board) : "not reached");
}

static void
print_tries(FILE *file, const struct board *board)
{
	const struct board_try *tries;
	size_t len = board_tries(board, &tries);

	for (size_t i = 0; i < len; i++)
		fprintf(file, "%-9s %s: %s\n", i == 0 ? "tried" : "", tries[i].name,
			tries[i].outcome);
}

static void
print_experiments(FILE *file, const struct diagnosis *diagnosis)
{
	const char *head = "seen";
	const struct experiment *experiment;

	for (size_t i = 0; (experiment = experiment_at(i)) != NULL; i++) {
		char words[DIAGNOSIS_WORDS_MAX];

		if (!diagnosis_words(diagnosis, i, words))
			continue;
		fprintf(file, "%-9s %-7s %s\n", head, experiment->label, words);
		head = "";
	}
}

static void
print_lacking(FILE *file, const struct diagnosis *diagnosis)
{
	const char *head = "not made";
	const struct experiment *experiment;

	for (size_t i = 0; (experiment = experiment_at(i)) != NULL; i++) {
		if (!diagnosis_lacks(diagnosis, i))
			continue;
		fprintf(file, "%-9s %-7s the time for a verdict was over\n", head,
			experiment->label);
		head = "";
	}
}

/* The verdicts have what may be the cause, and the remedies. */
static void
print_failure(FILE *file, const struct diagnosis *diagnosis)
{
	const struct reason *why = &diagnosis->why;
	char words[REASON_SPACE + REASON_LINE_MAX];

	if (why->cause == CAUSE_NONE)
		return;
	if (diagnosis->len == 0) {
		reason_text(why, words, sizeof(words));
		fprintf(file, "\n%s", words);
		return;
	}
	fprintf(file, "\n%s\n", reason_outermost(why));
	for (unsigned i = reason_lines(why) - 1; i-- > 0;)
		fprintf(file, "  because %s\n", reason_line_at(why, i));
}

/* A chip that is fresh from the factory is no fault, and locks up all the same. */
static const char *
no_finding(const struct diagnosis *diagnosis)
{
	if (diagnosis->why.cause != CAUSE_NONE)
		return "not known";
	if (diagnosis->bench.board != NULL &&
	    facts_is(board_facts(diagnosis->bench.board), FACT_FLASH_EMPTY, 1))
		return "nothing wrong was found; the flash is empty: load a program";
	return "nothing wrong was found";
}

static const char *
verdict_head(const struct diagnosis *diagnosis, size_t index)
{
	if (index == 0)
		return "verdict";
	if (diagnosis->verdicts[index].certainty == CERTAIN)
		return "also";
	return diagnosis->verdicts[0].certainty == CERTAIN ? "perhaps" : "or";
}

static bool
is_nrst_untested(const struct diagnosis *diagnosis)
{
	struct board *board = diagnosis->bench.board;
	uint32_t value;

	return board != NULL && diagnosis->why.cause == CAUSE_NONE &&
	       !facts_get(board_facts(board), FACT_NRST_RESETS, &value) &&
	       !facts_get(board_facts(board), FACT_NRST_RISE, &value);
}

static void
print_no_finding(FILE *file, const struct diagnosis *diagnosis)
{
	print_row(file, "verdict", no_finding(diagnosis));
	if (is_nrst_untested(diagnosis))
		print_row(file, "  try",
			  "tether doctor --nrst, which tests NRST as well and resets the "
			  "chip");
}

static void
print_verdict(FILE *file, const struct diagnosis *diagnosis, size_t index)
{
	const struct verdict *verdict = &diagnosis->verdicts[index];
	const struct finding_row *row = finding_row(verdict->finding);
	char remedy[REASON_LINE_MAX];

	bool is_one_of_several = index > 0 && verdict->certainty == LIKELY;

	diagnosis_remedy(diagnosis, index, remedy, sizeof(remedy));
	fprintf(file, "%-9s %s (%s %s%s%s)\n", verdict_head(diagnosis, index),
		diagnosis_sentence(diagnosis, index), row->id, row->name,
		is_one_of_several ? "" : ", ",
		is_one_of_several ? "" : diagnosis_certainty(verdict));
	print_row(file, "  try", remedy);
}

/* The first is the best supported, and has an experiment that tells it from those behind it. */
static void
print_verdicts(FILE *file, const struct diagnosis *diagnosis)
{
	const char *apart = NULL;

	if (diagnosis->len == 0)
		print_no_finding(file, diagnosis);
	for (size_t i = 0; i < diagnosis->len; i++) {
		if (apart == NULL)
			apart = diagnosis->verdicts[i].apart;
		print_verdict(file, diagnosis, i);
	}
	if (apart != NULL)
		print_row(file, "to tell", apart);
}

void
doctor_write_verdicts(FILE *file, const struct diagnosis *diagnosis)
{
	print_verdicts(file, diagnosis);
	print_failure(file, diagnosis);
}

static void
print_text(FILE *file, const struct diagnosis *diagnosis)
{
	struct board *board = diagnosis->bench.board;

	if (board != NULL) {
		print_bench(file, board);
		print_tries(file, board);
		print_experiments(file, diagnosis);
		print_lacking(file, diagnosis);
	}
	doctor_write_verdicts(file, diagnosis);
}

/* --- JSON ------------------------------------------------------------------------- */

static void
print_member(FILE *file, const char *name, const char *words, const char *end)
{
	fprintf(file, "\"%s\": ", name);
	if (words == NULL || words[0] == '\0')
		fputs("null", file);
	else
		json_print_string(file, words);
	fputs(end, file);
}

static void
print_json_verdict(FILE *file, const struct diagnosis *diagnosis, size_t index)
{
	const struct verdict *verdict = &diagnosis->verdicts[index];
	const struct finding_row *row = finding_row(verdict->finding);
	char remedy[REASON_LINE_MAX];

	diagnosis_remedy(diagnosis, index, remedy, sizeof(remedy));
	fputs("{", file);
	print_member(file, "id", row->id, ", ");
	print_member(file, "name", row->name, ", ");
	print_member(file, "certainty", diagnosis_certainty(verdict), ", ");
	print_member(file, "text", diagnosis_sentence(diagnosis, index), ", ");
	print_member(file, "remedy", remedy, ", ");
	print_member(file, "to_tell_apart", verdict->apart, "}");
}

static void
print_json_facts(FILE *file, const struct facts *facts, const struct experiment *experiment)
{
	const char *comma = "";

	for (size_t i = 0; i < EXPERIMENT_MAX_YIELDS && experiment->yields[i] != FACTS;
	     i++) {
		enum fact fact = experiment->yields[i];
		uint32_t value;

		if (!facts_get(facts, fact, &value))
			continue;
		fprintf(file, "%s\"%s\": ", comma, fact_key(fact));
		if (fact_unit(fact) == UNIT_YES)
			fputs(value != 0 ? "true" : "false", file);
		else
			fprintf(file, "%" PRIu32, value);
		comma = ", ";
	}
}

static void
print_json_experiments(FILE *file, const struct diagnosis *diagnosis)
{
	const char *comma = "\n  ";
	const struct experiment *experiment;

	for (size_t i = 0; (experiment = experiment_at(i)) != NULL; i++) {
		char words[DIAGNOSIS_WORDS_MAX];

		if (!diagnosis_words(diagnosis, i, words))
			continue;
		fprintf(file, "%s{", comma);
		print_member(file, "experiment", experiment->name, ", ");
		print_member(file, "did", experiment->did, ", ");
		print_member(file, "saw", words, ", \"facts\": {");
		print_json_facts(file, board_facts(diagnosis->bench.board), experiment);
		fputs("}}", file);
		comma = ",\n  ";
	}
}

/* For want of time. */
static void
print_json_lacking(FILE *file, const struct diagnosis *diagnosis)
{
	const char *comma = "";
	const struct experiment *experiment;

	for (size_t i = 0; (experiment = experiment_at(i)) != NULL; i++) {
		if (!diagnosis_lacks(diagnosis, i))
			continue;
		fputs(comma, file);
		json_print_string(file, experiment->name);
		comma = ", ";
	}
}

static void
print_json_tries(FILE *file, const struct board *board)
{
	const struct board_try *tries;
	size_t len = board_tries(board, &tries);

	for (size_t i = 0; i < len; i++) {
		fputs(i == 0 ? "\n  {" : ",\n  {", file);
		print_member(file, "did", tries[i].name, ", ");
		print_member(file, "outcome", tries[i].outcome, "}");
	}
}

static void
print_json_bench(FILE *file, struct board *board)
{
	const struct probe_identity *probe = &board_probe(board)->identity;
	uint32_t us;

	fputs("\"probe\": {", file);
	print_member(file, "kind", probe->kind, ", ");
	print_member(file, "serial", probe->serial, ", ");
	print_member(file, "firmware", probe->firmware, ", ");
	print_member(file, "where", probe->where, "");
	if (facts_get(board_facts(board), FACT_ANSWER_TIME, &us))
		fprintf(file, ", \"%s\": %" PRIu32, fact_key(FACT_ANSWER_TIME), us);
	fputs("},\n \"target\": ", file);
	if (board_describe(board)[0] == '\0') {
		fputs("null", file);
		return;
	}
	fputs("{", file);
	print_member(file, "description", board_describe(board), ", ");
	fprintf(file, "\"idcode\": %" PRIu32 ", \"flash_kib\": %" PRIu32 "}",
		board_idcode(board), board_flash_kib(board));
}

static void
print_json_findings(FILE *file, const struct diagnosis *diagnosis)
{
	fputs("{\"finding\": ", file);
	if (diagnosis->len == 0)
		fputs("null", file);
	else
		print_json_verdict(file, diagnosis, 0);
	fputs(",\n \"also\": [", file);
	for (size_t i = 1; i < diagnosis->len; i++) {
		fputs(i == 1 ? "\n  " : ",\n  ", file);
		print_json_verdict(file, diagnosis, i);
	}
	fputs("],\n ", file);
}

static void
print_json(FILE *file, const struct diagnosis *diagnosis)
{
	struct board *board = diagnosis->bench.board;
	char words[REASON_SPACE + REASON_LINE_MAX] = "";

	print_json_findings(file, diagnosis);
	fputs("\"evidence\": [", file);
	if (board != NULL)
		print_json_experiments(file, diagnosis);
	fputs("],\n \"not_made\": [", file);
	if (board != NULL)
		print_json_lacking(file, diagnosis);
	fputs("],\n \"tried\": [", file);
	if (board != NULL)
		print_json_tries(file, board);
	fputs("],\n ", file);
	if (diagnosis->why.cause != CAUSE_NONE)
		reason_line(&diagnosis->why, words, sizeof(words));
	print_member(file, "failure", words, ",\n ");
	if (board != NULL)
		print_json_bench(file, board);
	else
		fputs("\"probe\": null,\n \"target\": null", file);
	fputs("}\n", file);
}

void
doctor_write(FILE *file, const struct options *options, const struct diagnosis *diagnosis)
{
	if (options->json)
		print_json(file, diagnosis);
	else
		print_text(file, diagnosis);
}

bool
doctor_is_healthy(const struct diagnosis *diagnosis)
{
	return diagnosis->len == 0 && diagnosis->why.cause == CAUSE_NONE;
}

static enum cause
print_recorded(FILE *file, const struct options *options, struct record *record,
	       bool *is_healthy, struct reason *why)
{
	struct diagnosis diagnosis = { .why = REASON_INIT,
				       .tape.record = record_file(record),
				       .is_private = options->is_private };
	enum cause cause = doctor_report_begin(&diagnosis, options->report, why);

	*is_healthy = false;
	if (cause != CAUSE_NONE)
		return cause;
	record_question(record_file(record), options);
	/* A probe that cannot be opened is a finding. */
	(void)workbench_begin_taped(&diagnosis.bench, options, &diagnosis.tape,
				    &diagnosis.why);
	cause = doctor_examine(&diagnosis, options, why);
	*is_healthy = cause == CAUSE_NONE && doctor_is_healthy(&diagnosis);
	if (cause == CAUSE_NONE) {
		record_verdicts(record_file(record), &diagnosis);
		doctor_write(file, options, &diagnosis);
		cause = doctor_report_write(&diagnosis, options->report, why);
	}
	doctor_report_end(&diagnosis, options->report);
	workbench_end(&diagnosis.bench);
	return cause;
}

enum cause
doctor_print(FILE *file, const struct options *options, bool *is_healthy,
	     struct reason *why)
{
	struct reason unwritten = REASON_INIT;
	struct record *record;
	enum cause cause = record_begin(&record, options, why);

	*is_healthy = false;
	if (cause != CAUSE_NONE)
		return cause;
	cause = print_recorded(file, options, record, is_healthy, why);
	if (record_end(record, &unwritten) != CAUSE_NONE && cause == CAUSE_NONE) {
		*why = unwritten;
		cause = unwritten.cause;
	}
	return cause;
}
