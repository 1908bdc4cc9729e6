/* SPDX-License-Identifier: MIT */
#include "server/session/notes.h"

#include "transport/base/text.h"

#include <string.h>

static void
drop_at(struct notes *notes, unsigned index)
{
	size_t at = notes->each[index].at, size = strlen(notes->text + at) + 1;

	memmove(notes->text + at, notes->text + at + size, notes->used - at - size);
	notes->used -= size;
	notes->len--;
	for (unsigned i = index; i < notes->len; i++) {
		notes->each[i] = notes->each[i + 1];
		notes->each[i].at -= size;
	}
}

/* A note repeats a line of the console that says the same. */
static const char *
skip_label(const char *lines)
{
	static const char label[] = "note: ";
	size_t len = sizeof(label) - 1;

	return strncmp(lines, label, len) == 0 ? lines + len : lines;
}

bool
notes_pass(struct notes *notes, const char *lines)
{
	if (strcmp(skip_label(lines), notes->last) == 0)
		return false;
	text_copy(notes->last, sizeof(notes->last), skip_label(lines));
	return true;
}

bool
notes_keep(struct notes *notes, enum note_topic topic, const char *lines)
{
	size_t size = strlen(lines) + 1;

	if (size > sizeof(notes->text) || !notes_pass(notes, lines))
		return false;
	while (notes->len == NOTES_MAX || notes->used + size > sizeof(notes->text))
		drop_at(notes, 0);
	notes->each[notes->len].topic = topic;
	notes->each[notes->len++].at = notes->used;
	memcpy(notes->text + notes->used, lines, size);
	notes->used += size;
	return true;
}

bool
notes_drop(struct notes *notes, unsigned topics)
{
	unsigned before = notes->len;

	for (unsigned i = notes->len; i-- > 0;)
		if (((unsigned)notes->each[i].topic & topics) != 0)
			drop_at(notes, i);
	return notes->len < before;
}

void
notes_take(struct notes *notes, char *lines, size_t size)
{
	struct text text;

	text_init(&text, lines, size);
	for (unsigned i = 0; i < notes->len; i++)
		text_add(&text, "%s", notes->text + notes->each[i].at);
	notes->len = 0;
	notes->used = 0;
}

void
notes_allow_repeat(struct notes *notes)
{
	notes->last[0] = '\0';
}
