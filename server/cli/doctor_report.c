/* SPDX-License-Identifier: MIT */
#include "server/cli/doctor_report.h"

#include "server/cli/output_file.h"
#include "server/cli/report_html.h"
#include "server/monitor/version.h"
#include "transport/base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* A page that loads nothing: the policy says so to the browser as well. */
static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	"style-src 'unsafe-inline'\">\n<title>tether doctor</title>\n<style>\n";

static const char style[] =
	":root{--ink:#1d2430;--soft:#5b6675;--line:#d9dee5;--back:#f6f7f9;--blue:#2563a8}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0;background:var(--back);color:var(--ink);"
	"font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Liberation "
	"Sans',sans-serif}\n"
	"main{max-width:66rem;margin:0 auto;padding:1.6rem 1.6rem 3rem}\n"
	"header{display:flex;justify-content:space-between;align-items:baseline;"
	"color:var(--soft);font-size:.87rem;margin-bottom:1rem;gap:1rem;flex-wrap:wrap}\n"
	"header b{color:var(--ink);font-size:1rem;letter-spacing:.02em}\n"
	"section{background:#fff;border:1px solid var(--line);border-radius:6px;"
	"padding:1.1rem 1.4rem;margin:0 0 1rem}\n"
	"h1{font-size:1.5rem;line-height:1.3;margin:.35rem 0 .7rem;font-weight:600}\n"
	".also b{display:inline-block}.also b:first-letter,.also p:first-letter,"
	"h1:first-letter,dd:first-letter{text-transform:uppercase}\n"
	"h2{font-size:.8rem;margin:0 0 .6rem;color:var(--soft);font-weight:600;"
	"text-transform:uppercase;letter-spacing:.06em}\n"
	".verdict{border-left:6px solid var(--tone)}\n"
	".certain{--tone:#b3261e}.likely{--tone:#b06f00}.healthy{--tone:#1f7a3d}\n"
	".badge{display:inline-block;border-radius:1rem;padding:.1rem .7rem;color:#fff;"
	"background:var(--tone);font-size:.8rem;font-weight:600}\n"
	".id{color:var(--soft);margin-left:.6rem;font-size:.87rem}\n"
	"dl{display:grid;grid-template-columns:8rem 1fr;gap:.35rem 1rem;margin:0}\n"
	"dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}\n"
	".also p{margin:.1rem 0 .7rem}.also p:last-child{margin-bottom:0}\n"
	".charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:"
	"1.2rem}\n"
	"figure{margin:0}figcaption{font-weight:600;margin-bottom:.3rem}\n"
	"figure p{color:var(--soft);font-size:.8rem;margin:.2rem 0 0}\n"
	"figure p.none{border:1px dashed var(--line);border-radius:4px;padding:1rem;"
	"font-size:.9rem;white-space:pre-line}\n"
	"svg{width:100%;height:auto;display:block}\n"
	"svg "
	"text{font-size:10.5px;fill:var(--soft)}.y{text-anchor:end}.x{text-anchor:middle}\n"
	".grid{stroke:#e6e9ee}.axis{stroke:#9aa4b1}"
	".limit{stroke:#b3261e;stroke-dasharray:4 3}\n"
	".curve{fill:none;stroke:var(--blue);stroke-width:1.8}.dot{fill:var(--blue)}"
	".range{stroke:var(--blue);stroke-width:5;stroke-opacity:.25}\n"
	".good{fill:#1f7a3d}.bad{fill:#b3261e}\n"
	"table{border-collapse:collapse;width:100%;font-size:.9rem}\n"
	"th,td{text-align:left;vertical-align:top;padding:.4rem .7rem .4rem 0;"
	"border-bottom:1px solid var(--line);overflow-wrap:anywhere}\n"
	"th{color:var(--soft);font-weight:600}tr:last-child td{border-bottom:0}\n"
	"td:first-child{white-space:nowrap;color:var(--soft)}"
	".experiments td:nth-child(2){width:30%}.tries td:first-child{width:12rem}\n"
	"pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;"
	"font:12.5px/1.5 ui-monospace,'Liberation Mono',monospace}\n"
	"footer{color:var(--soft);font-size:.8rem}\n"
	"@media print{body{background:#fff}main{max-width:none;padding:0}"
	"section{break-inside:avoid}"
	"*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}\n"
	"</style>\n</head>\n<body>\n<main>\n";

/* --- the log ------------------------------------------------------------------------ */

static void
keep_line(enum log_level level, const char *room, const char *text, void *context)
{
	struct diagnosis *diagnosis = context;
	char *line = diagnosis->log[diagnosis->log_len++ % DIAGNOSIS_LOG_LINES];

	snprintf(line, DIAGNOSIS_LOG_MAX, "%s: %s: %s", log_level_name(level), room, text);
}

static void
write_log(FILE *file, const struct diagnosis *diagnosis)
{
	size_t kept = diagnosis->log_len < DIAGNOSIS_LOG_LINES ? diagnosis->log_len
							       : DIAGNOSIS_LOG_LINES;

	if (kept == 0)
		return;
	fputs("<section><h2>Log</h2><pre>", file);
	for (size_t i = diagnosis->log_len - kept; i < diagnosis->log_len; i++) {
		html_text(file, diagnosis->log[i % DIAGNOSIS_LOG_LINES]);
		fputc('\n', file);
	}
	fputs("</pre></section>\n", file);
}

/* --- sections ----------------------------------------------------------------------- */

static void
write_header(FILE *file)
{
	char day[sizeof("2026-11-29 22:03:04 UTC")] = "";
	time_t now = time(NULL);
	struct tm tm;

	if (host_utc(now, &tm))
		strftime(day, sizeof(day), "%Y-%m-%d %H:%M:%S UTC", &tm);
	fputs("<header><b>tether doctor</b><span>", file);
	fprintf(file, "tether %s, %s</span></header>\n", tether_version, day);
}

static void
write_entry(FILE *file, const char *name, const char *words)
{
	if (words == NULL || words[0] == '\0')
		return;
	html_element(file, "dt", name);
	html_element(file, "dd", words);
}

static void
write_no_verdict(FILE *file, const struct diagnosis *diagnosis)
{
	bool is_healthy = diagnosis->why.cause == CAUSE_NONE;

	fprintf(file,
		"<section class=\"verdict %s\"><span class=\"badge\">%s</span>\n<h1>%s</h1>"
		"</section>\n",
		is_healthy ? "healthy" : "likely", is_healthy ? "healthy" : "unknown",
		is_healthy ? "Nothing wrong was found"
			   : "The cause of the failure is not known");
}

static void
write_verdict(FILE *file, const struct diagnosis *diagnosis)
{
	const struct verdict *verdict = &diagnosis->verdicts[0];
	const struct finding_row *row;
	char remedy[REASON_LINE_MAX];

	if (diagnosis->len == 0) {
		write_no_verdict(file, diagnosis);
		return;
	}
	row = finding_row(verdict->finding);
	diagnosis_remedy(diagnosis, 0, remedy, sizeof(remedy));
	fprintf(file,
		"<section class=\"verdict %s\"><span class=\"badge\">%s</span>"
		"<span class=\"id\">%s %s</span>\n",
		diagnosis_certainty(verdict), diagnosis_certainty(verdict), row->id,
		row->name);
	html_element(file, "h1", diagnosis_sentence(diagnosis, 0));
	fputs("<dl>", file);
	write_entry(file, "What to do", remedy);
	write_entry(file, "To be sure", verdict->apart);
	fputs("</dl></section>\n", file);
}

static void
write_also(FILE *file, const struct diagnosis *diagnosis)
{
	if (diagnosis->len < 2)
		return;
	fprintf(file, "<section class=\"also\"><h2>%s</h2>\n",
		diagnosis->verdicts[0].certainty == CERTAIN ? "Also found"
							    : "What fits as well");
	for (size_t i = 1; i < diagnosis->len; i++) {
		const struct verdict *verdict = &diagnosis->verdicts[i];
		const struct finding_row *row = finding_row(verdict->finding);
		char remedy[REASON_LINE_MAX];

		diagnosis_remedy(diagnosis, i, remedy, sizeof(remedy));
		html_element(file, "b", diagnosis_sentence(diagnosis, i));
		fprintf(file, "<span class=\"id\">%s %s, %s</span>\n", row->id, row->name,
			diagnosis_certainty(verdict));
		html_element(file, "p", remedy);
	}
	fputs("</section>\n", file);
}

static void
write_serial(FILE *file, const struct diagnosis *diagnosis, const char *serial)
{
	enum { SHOWN = 4 };
	char words[64];

	if (!diagnosis->is_private || strlen(serial) <= SHOWN) {
		write_entry(file, "Serial", serial);
		return;
	}
	snprintf(words, sizeof(words), "%.*s...", SHOWN, serial);
	write_entry(file, "Serial", words);
}

static void
write_bench(FILE *file, const struct diagnosis *diagnosis)
{
	struct board *board = diagnosis->bench.board;
	const struct probe_identity *probe = &board_probe(board)->identity;
	const char *target = board_describe(board);

	fputs("<section><h2>Bench</h2><dl>", file);
	write_entry(file, "Target", target[0] != '\0' ? target : "not reached");
	write_entry(file, "Probe", probe->kind);
	write_entry(file, "Firmware", probe->firmware);
	write_serial(file, diagnosis, probe->serial);
	write_entry(file, "At", probe->where);
	fputs("</dl></section>\n", file);
}

static void
write_charts(FILE *file, struct board *board)
{
	fputs("<section><h2>Measured</h2><div class=\"charts\">\n", file);
	html_chart_supply(file, board_readings(board));
	html_chart_clocks(file, board_readings(board));
	html_chart_nrst(file, board_facts(board));
	fputs("</div></section>\n", file);
}

static void
write_row(FILE *file, const char *first, const char *second, const char *third)
{
	fputs("<tr>", file);
	html_element(file, "td", first);
	html_element(file, "td", second);
	if (third != NULL)
		html_element(file, "td", third);
	fputs("</tr>\n", file);
}

static void
write_tries(FILE *file, const struct board *board)
{
	const struct board_try *tries;
	size_t len = board_tries(board, &tries);

	if (len == 0)
		return;
	fputs("<section><h2>What was tried</h2><table class=\"tries\">\n", file);
	for (size_t i = 0; i < len; i++)
		write_row(file, tries[i].name, tries[i].outcome, NULL);
	fputs("</table></section>\n", file);
}

static void
write_experiments(FILE *file, const struct diagnosis *diagnosis)
{
	const struct experiment *experiment;

	fputs("<section><h2>Experiments</h2><table class=\"experiments\">\n"
	      "<tr><th></th><th>Done</th><th>Seen</th></tr>\n",
	      file);
	for (size_t i = 0; (experiment = experiment_at(i)) != NULL; i++) {
		char words[DIAGNOSIS_WORDS_MAX];

		if (diagnosis_words(diagnosis, i, words))
			write_row(file, experiment->name, experiment->did, words);
		else if (diagnosis_lacks(diagnosis, i))
			write_row(file, experiment->name, "not made",
				  "the time for a verdict was over");
	}
	fputs("</table></section>\n", file);
}

static void
write_failure(FILE *file, const struct reason *why)
{
	char words[REASON_SPACE + REASON_LINE_MAX];

	if (why->cause == CAUSE_NONE)
		return;
	reason_text(why, words, sizeof(words));
	fputs("<section><h2>Failure, as it was met</h2>", file);
	html_element(file, "pre", words);
	fputs("</section>\n", file);
}

static const char foot[] =
	"<footer>Written by tether doctor. This page has no script and loads nothing."
	"</footer>\n</main>\n</body>\n</html>\n";

static void
write_page(FILE *file, const struct diagnosis *diagnosis)
{
	write_header(file);
	write_verdict(file, diagnosis);
	write_also(file, diagnosis);
	if (diagnosis->bench.board != NULL) {
		write_charts(file, diagnosis->bench.board);
		write_bench(file, diagnosis);
		write_tries(file, diagnosis->bench.board);
		write_experiments(file, diagnosis);
	}
	write_failure(file, &diagnosis->why);
	write_log(file, diagnosis);
	fputs(foot, file);
}

static enum cause
close_page(struct diagnosis *diagnosis, const char *path, struct reason *why)
{
	FILE *file = diagnosis->page;
	int error = 0;

	diagnosis->page = NULL;
	if (ferror(file) != 0)
		error = errno != 0 ? errno : EIO;
	if (fclose(file) != 0 && error == 0)
		error = errno;
	return error == 0 ? CAUSE_NONE : output_file_failed(path, error, why);
}

enum cause
doctor_report_begin(struct diagnosis *diagnosis, const char *path, struct reason *why)
{
	if (path == NULL)
		return CAUSE_NONE;
	diagnosis->page = host_file_replace(path);
	if (diagnosis->page == NULL)
		return output_file_failed(path, errno, why);
	fputs(head, diagnosis->page);
	fputs(style, diagnosis->page);
	if (fflush(diagnosis->page) != 0)
		return close_page(diagnosis, path, why);
	log_also(keep_line, diagnosis);
	return CAUSE_NONE;
}

enum cause
doctor_report_write(struct diagnosis *diagnosis, const char *path, struct reason *why)
{
	if (path == NULL)
		return CAUSE_NONE;
	errno = 0;
	write_page(diagnosis->page, diagnosis);
	return close_page(diagnosis, path, why);
}

void
doctor_report_end(struct diagnosis *diagnosis, const char *path)
{
	if (path == NULL)
		return;
	log_also(NULL, NULL);
	if (diagnosis->page == NULL)
		return;
	fputs("<section><h1>The examination came to no end</h1></section>\n",
	      diagnosis->page);
	fputs(foot, diagnosis->page);
	fclose(diagnosis->page);
	diagnosis->page = NULL;
}
