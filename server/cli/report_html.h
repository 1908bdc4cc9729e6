/* SPDX-License-Identifier: MIT */
/*
 * report_html.h - pieces of the doctor's page: text, and charts as inline SVG.
 */
#ifndef SERVER_CLI_REPORT_HTML_H
#define SERVER_CLI_REPORT_HTML_H

#include "server/cli/diagnosis.h"

#include <stdio.h>

/* Escaped; control characters and bytes that are no ASCII are left out but for tabs. */
void html_text(FILE *file, const char *words);
/* Between <tag class> and </tag>, escaped; "p class=remedy" is a tag, too. */
void html_element(FILE *file, const char *tag, const char *words);

/* Each a <figure>, with a sentence in place of what was not measured. */
void html_chart_supply(FILE *file, const struct bench_readings *readings);
void html_chart_clocks(FILE *file, const struct bench_readings *readings);
void html_chart_nrst(FILE *file, const struct facts *facts);

#endif /* SERVER_CLI_REPORT_HTML_H */
