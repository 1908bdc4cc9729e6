/* SPDX-License-Identifier: MIT */
/*
 * doctor_report.h - "tether doctor --report FILE": the diagnosis as one HTML page that stands
 * alone: no script, nothing that is loaded from elsewhere. For a ticket, a forum, a printer.
 */
#ifndef SERVER_CLI_DOCTOR_REPORT_H
#define SERVER_CLI_DOCTOR_REPORT_H

#include "server/cli/diagnosis.h"

/* Keeps the log's last lines in `diagnosis` until doctor_report_end(). With a NULL `path` none of
 * these does anything. */
void doctor_report_begin(struct diagnosis *diagnosis, const char *path);
void doctor_report_end(const char *path);
/* CAUSE_HOST: the file cannot be written. */
enum cause doctor_report_write(const struct diagnosis *diagnosis, const char *path,
			       struct reason *why);

#endif /* SERVER_CLI_DOCTOR_REPORT_H */
