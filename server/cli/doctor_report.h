/* SPDX-License-Identifier: MIT */
/*
 * doctor_report.h - "tether doctor --report FILE": the diagnosis as one HTML page that stands
 * alone: no script, nothing that is loaded from elsewhere. For a ticket, a forum, a printer.
 */
#ifndef SERVER_CLI_DOCTOR_REPORT_H
#define SERVER_CLI_DOCTOR_REPORT_H

#include "server/cli/diagnosis.h"

/* With a NULL `path` none of these does anything. Begins the page, so that a folder or a disk that takes
 * none is known before the examination, and keeps the log's last lines in `diagnosis` until
 * doctor_report_end(). CAUSE_HOST: the file cannot be written. */
enum cause
doctor_report_begin(struct diagnosis *diagnosis, const char *path, struct reason *why);
/* All the rest of it. CAUSE_HOST: the same. */
enum cause
doctor_report_write(struct diagnosis *diagnosis, const char *path, struct reason *why);
/* Of an examination that came to no end the page says that. */
void doctor_report_end(struct diagnosis *diagnosis, const char *path);

#endif /* SERVER_CLI_DOCTOR_REPORT_H */
