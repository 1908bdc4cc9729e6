/* SPDX-License-Identifier: MIT */
#include "transport/base/reg.h"

void
reg_explain(const struct reg_field *fields, uint32_t value, struct text *words)
{
	const char *separator = "";

	for (const struct reg_field *f = fields; f->name != NULL; f++) {
		uint32_t v = (value >> f->lsb) & (UINT32_MAX >> (32 - f->width));

		if (v == 0)
			continue;
		text_add(words, "%s%s", separator, f->name);
		if (f->width > 1)
			text_add(words, "=%u", (unsigned)v);
		text_add(words, ": %s", f->meaning);
		separator = ", ";
	}
	if (separator[0] == '\0')
		text_add(words, "no bit set");
}
