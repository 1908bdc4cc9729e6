/* SPDX-License-Identifier: MIT */
/*
 * redactor.h - of what a probe answers, what is replaced in a recording (redaction.h): it follows
 * which address each word came from.
 */
#ifndef TRANSPORT_PROBE_REDACTOR_H
#define TRANSPORT_PROBE_REDACTOR_H

#include "transport/probe/probe.h"
#include "transport/probe/redaction.h"

enum { REDACTOR_PORTS = 8 };

struct redactor {
	const struct redaction *redaction; /* NULL: nothing is replaced */
	size_t ports_len;
	struct {
		uint32_t ap, csw, tar;
	} ports[REDACTOR_PORTS];
	uint32_t selector; /* of the core register in DCRDR */
};

/* `values` are those that the first `len` transfers of the batch brought back. */
void redactor_values(struct redactor *redactor, const struct transfer *batch, size_t len,
		     uint32_t *values);
/* At their DCRSR selectors. */
void
redactor_core(const struct redactor *redactor, uint32_t registers[PROBE_CORE_REGISTERS]);
void
redactor_bytes(const struct redactor *redactor, uint32_t at, uint8_t *bytes, size_t len);

#endif /* TRANSPORT_PROBE_REDACTOR_H */
