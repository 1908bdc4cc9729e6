/* SPDX-License-Identifier: MIT */
#include "server/monitor/where.h"

#include "server/monitor/rows.h"

#include <stdio.h>
#include <string.h>

enum { RANGE_WORD_MAX = 32 };

/* "3" or "3-5" */
static enum cause
read_sectors(const char *word, struct where *where, struct reason *why)
{
	char first[RANGE_WORD_MAX];
	const char *dash = strchr(word, '-');
	enum cause cause;

	where->has_sectors = true;
	snprintf(first, sizeof(first), "%.*s", (int)strcspn(word, "-"), word);
	cause = monitor_number(first, "the number of a sector", UINT32_MAX, &where->first,
			       why);
	where->last = where->first;
	if (cause == CAUSE_NONE && dash != NULL)
		cause = monitor_number(dash + 1, "the number of a sector", UINT32_MAX,
				       &where->last, why);
	if (cause == CAUSE_NONE && where->last < where->first)
		return reason_begin(why, CAUSE_REQUEST, "sector %u is behind sector %u",
				    (unsigned)where->first, (unsigned)where->last);
	return cause;
}

static enum cause
read_pair(const char *name, const char *word, struct where *where, struct reason *why)
{
	if (strcmp(name, "bank") == 0 && !where->has_bank) {
		where->has_bank = true;
		return monitor_number(word, "the number of a bank", UINT32_MAX,
				      &where->bank, why);
	}
	if (strcmp(name, "sector") == 0 && !where->has_sectors)
		return read_sectors(word, where, why);
	return reason_begin(why, CAUSE_REQUEST, "\"%s %s\" is no part of the flash", name,
			    word);
}

static enum cause
read_range(const char *const *words, struct where *where, struct reason *why)
{
	enum cause cause =
		monitor_number(words[0], "an address", UINT32_MAX, &where->at, why);

	return cause == CAUSE_NONE ? monitor_number(words[1], "a size in bytes", UINT32_MAX,
						    &where->size, why)
				   : cause;
}

static bool
begins_with_a_digit(const char *word)
{
	return word[0] >= '0' && word[0] <= '9';
}

enum cause
where_read(const char *const *words, unsigned len, struct where *where, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	*where = (struct where){ 0 };
	where->is_chip =
		len == 1 && (strcmp(words[0], "chip") == 0 || strcmp(words[0], "all") == 0);
	if (where->is_chip)
		return CAUSE_NONE;
	if (len == 0 || len % 2 != 0)
		return reason_begin(why, CAUSE_REQUEST,
				    "which part of the flash? " WHERE_ARGUMENTS);
	if (len == 2 && begins_with_a_digit(words[0]))
		return read_range(words, where, why);
	for (unsigned i = 0; cause == CAUSE_NONE && i < len; i += 2)
		cause = read_pair(words[i], words[i + 1], where, why);
	return cause;
}

static enum cause
erase_sectors(const struct where *where, const struct geometry *geometry,
	      const struct flash_bank *bank, struct board *board,
	      struct load_request *request, struct reason *why)
{
	struct sector first, last;

	if (!geometry_sector_of(geometry, bank, where->first, &first) ||
	    !geometry_sector_of(geometry, bank, where->last, &last))
		return reason_begin(why, CAUSE_REQUEST, "%s has no sector %u",
				    bank->entry->name, (unsigned)where->last);
	return load_request_erase(request, board, first.at, last.at + last.size - first.at,
				  why);
}

static enum cause
erase_bank(const struct where *where, const struct geometry *geometry, struct board *board,
	   struct load_request *request, struct reason *why)
{
	const struct flash_bank *bank = &geometry->banks[0];

	if (where->has_bank && (where->bank == 0 || where->bank > geometry->banks_len))
		return reason_begin(why, CAUSE_REQUEST,
				    "this chip has no bank %u: it has %u, from 1 on",
				    (unsigned)where->bank, geometry->banks_len);
	if (where->has_bank)
		bank = &geometry->banks[where->bank - 1];
	if (where->has_sectors)
		return erase_sectors(where, geometry, bank, board, request, why);
	return load_request_erase(request, board, bank->base, bank->size, why);
}

/* What a loader would say of it - look into the linker script - is not meant for who erases. */
static enum cause
explain_outside(enum cause cause, struct reason *why)
{
	enum finding finding = reason_finding(why);
	char root[REASON_LINE_MAX];

	if (cause == CAUSE_NONE || (finding != FINDING_REQUEST_LOAD_TO_RAM &&
				    finding != FINDING_E9 && finding != FINDING_E11))
		return cause;
	text_copy(root, sizeof(root), reason_root(why));
	reason_begin(why, cause, "%s", root);
	reason_suspect(why, FINDING_REQUEST_NOT_FLASH);
	return cause;
}

enum cause
where_erase(const struct where *where, struct board *board, struct load_request *request,
	    struct reason *why)
{
	struct geometry geometry;
	enum cause cause = geometry_read(board, &geometry, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (where->has_bank || where->has_sectors)
		return erase_bank(where, &geometry, board, request, why);
	if (!where->is_chip)
		return explain_outside(
			load_request_erase(request, board, where->at, where->size, why),
			why);
	/* What is beside the chip may be much, and is erased by its addresses. */
	for (unsigned i = 0; i < geometry.banks_len && cause == CAUSE_NONE; i++)
		if (geometry.banks[i].entry->interface->driver != FLASH_DRIVER_EXTERNAL)
			cause = load_request_erase(request, board, geometry.banks[i].base,
						   geometry.banks[i].size, why);
	return cause;
}
