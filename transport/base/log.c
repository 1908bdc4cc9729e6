/* SPDX-License-Identifier: MIT */
#include "transport/base/log.h"

#include "transport/base/bytes.h"
#include "transport/base/host.h"
#include "transport/base/stream.h"
#include "transport/base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	LOG_LINE_MAX = 12544 /* 6 KiB of data in digits fit */,
	LOG_MAX_ROOMS = 16,
	LOG_ROOM_MAX = 16,
	LAST_WORDS_MS = 1000
};

static const char *const level_names[] = {
	[LOG_ERROR] = "error", [LOG_WARNING] = "warning", [LOG_INFO] = "info",
	[LOG_DEBUG] = "debug", [LOG_WIRE] = "wire",
};

static struct {
	enum log_level level;
	struct {
		char name[LOG_ROOM_MAX];
		enum log_level level;
	} rooms[LOG_MAX_ROOMS];
	size_t rooms_len;
	log_sink *sink, *also;
	void *context, *also_context;
	enum { COLOUR_UNKNOWN, COLOUR_OFF, COLOUR_ON } colour;
	bool has_status;      /* a line of log_status() stands below the others */
	const char *recorded; /* a room */
	const char *noted;    /* another one; NULL: the record has nothing beside */
	struct reel *record;  /* NULL: none */
	struct reel file;     /* that of log_record() */
	int record_error;     /* errno of the first write that failed */
	int print_error;      /* errno of the last line for stdout that failed */
	struct stream out, err;
} settings = { .level = LOG_INFO,
	       .out = { .number = HOST_STDOUT },
	       .err = { .number = HOST_STDERR } };

static bool
level_from_name(const char *name, enum log_level *level)
{
	for (size_t i = 0; i < array_len(level_names); i++)
		if (strcmp(name, level_names[i]) == 0) {
			*level = (enum log_level)i;
			return true;
		}
	return false;
}

/* Where the setting of that room is; where it would be when it has none. */
static size_t
room_find(const char *name, size_t len)
{
	size_t i = 0;

	while (i < settings.rooms_len && (strlen(settings.rooms[i].name) != len ||
					  memcmp(settings.rooms[i].name, name, len) != 0))
		i++;
	return i;
}

static bool
room_set(const char *name, size_t len, enum log_level level)
{
	size_t i = room_find(name, len);

	if (len == 0 || len >= LOG_ROOM_MAX || i == LOG_MAX_ROOMS)
		return false;
	if (i == settings.rooms_len)
		settings.rooms_len++;
	memcpy(settings.rooms[i].name, name, len);
	settings.rooms[i].name[len] = '\0';
	settings.rooms[i].level = level;
	return true;
}

bool
log_set(const char *setting)
{
	const char *equals = strchr(setting, '=');
	enum log_level level;

	if (equals == NULL)
		return level_from_name(setting, &settings.level);
	return level_from_name(equals + 1, &level) &&
	       room_set(setting, (size_t)(equals - setting), level);
}

static bool
is_shown(enum log_level level, const char *room)
{
	size_t i = room_find(room, strlen(room));

	return level <= (i < settings.rooms_len ? settings.rooms[i].level : settings.level);
}

static bool
is_recorded(enum log_level level, const char *room)
{
	return level == LOG_WIRE && settings.record != NULL && settings.recorded != NULL &&
	       strcmp(room, settings.recorded) == 0;
}

static bool
is_noted(enum log_level level, const char *room)
{
	return settings.record != NULL && settings.noted != NULL &&
	       (level <= LOG_INFO ||
		(level == LOG_WIRE && strcmp(room, settings.noted) == 0));
}

void
log_also(log_sink *sink, void *context)
{
	settings.also = sink;
	settings.also_context = context;
}

const char *
log_level_name(enum log_level level)
{
	return level_names[level];
}

bool
log_wants(enum log_level level, const char *room)
{
	return is_shown(level, room) || is_recorded(level, room) || is_noted(level, room);
}

void
log_record_on(const char *room, struct reel *reel)
{
	settings.recorded = room;
	settings.record = reel;
	settings.noted = NULL;
	settings.record_error = 0;
}

void
log_record(const char *room, FILE *file)
{
	settings.file = (struct reel){ .file = file };
	log_record_on(room, file == NULL ? NULL : &settings.file);
}

void
log_note(const char *room)
{
	settings.noted = room;
}

int
log_record_error(void)
{
	return settings.record_error;
}

void
log_set_sink(log_sink *sink, void *context)
{
	settings.sink = sink;
	settings.context = context;
}

/* What is missing in a record makes the rest worthless: it ends there. */
static void
record_line(const char *line)
{
	if (fprintf(reel_line(settings.record), "%s\n", line) >= 0)
		return;
	settings.record_error = errno;
	settings.record = NULL;
	log_error("log", "the record ends here: %s", strerror(settings.record_error));
}

/* One that knows control sequences. */
static bool
is_terminal(void)
{
	const char *terminal = getenv("TERM");

	return host_is_terminal(HOST_STDERR) && terminal != NULL &&
	       strcmp(terminal, "dumb") != 0;
}

static bool
is_coloured(void)
{
	if (settings.colour == COLOUR_UNKNOWN) {
		const char *no_colour = getenv("NO_COLOR");

		settings.colour =
			is_terminal() && (no_colour == NULL || no_colour[0] == '\0')
				? COLOUR_ON
				: COLOUR_OFF;
	}
	return settings.colour == COLOUR_ON;
}

/* To the beginning of the line, which is erased from there on (ECMA-48 8.3.41, EL). */
#define WIPE "\r\033[K"

static void
wipe_status(void)
{
	if (settings.has_status)
		stream_write(&settings.err, WIPE, strlen(WIPE), 0);
	settings.has_status = false;
}

bool
log_status(const char *words)
{
	char buffer[STREAM_LINE_MAX];
	struct text line;

	if (!is_terminal())
		return false;
	if (words == NULL) {
		wipe_status();
		return true;
	}
	text_init(&line, buffer, sizeof(buffer));
	text_add(&line, WIPE "%s", words);
	settings.has_status = stream_write(&settings.err, buffer, line.used, 0);
	return true;
}

/* The level, red or yellow where that is wanted (ECMA-48 8.3.117, SGR). */
static void
add_level(enum log_level level, struct text *line)
{
	const char *name = level_names[level];

	if (level > LOG_WARNING || !is_coloured())
		text_add(line, "%s", name);
	else
		text_add(line, "\033[%dm%s\033[0m", level == LOG_ERROR ? 31 : 33, name);
}

/* "19:52:03.123 ": the computer's time of day, as that of the client's own log; read once for each
 * line, which has the same wherever it goes. */
static void
add_time(const struct host_time *now, struct text *line)
{
	struct tm tm;
	char clock[sizeof("23:59:60")] = "";

	if (host_local_time(now->seconds, &tm))
		strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	text_add(line, "%s.%03u ", clock, now->ms);
}

/* "19:52:03.123 info: probe: " */
static void
add_head(const struct host_time *now, enum log_level level, const char *room,
	 struct text *line)
{
	add_time(now, line);
	add_level(level, line);
	text_add(line, ": %s: ", room);
}

/* Words may come from the target or from a client: none of them steers the terminal. */
static void
hide_controls(char *words, const char *shown)
{
	enum { DELETE = 0x7f };

	for (char *c = words; *c != '\0'; c++)
		if (((unsigned char)*c < ' ' || *c == DELETE) && strchr(shown, *c) == NULL)
			*c = '?';
}

static void
show_line(const struct host_time *now, enum log_level level, const char *room,
	  const char *words)
{
	char buffer[STREAM_LINE_MAX];
	struct text line;
	size_t head;

	text_init(&line, buffer, sizeof(buffer));
	add_head(now, level, room, &line);
	head = line.used;
	text_add(&line, "%s\n", words);
	hide_controls(buffer + head, "\t\n");
	wipe_status();
	stream_write(&settings.err, buffer, line.used, 0);
}

/* A packet may have any bytes; none of them begins a line of the record. */
static void
note_line(const struct host_time *now, const char *kind, const char *room,
	  const char *words)
{
	char buffer[LOG_LINE_MAX + STREAM_LINE_MAX];
	struct text line;

	text_init(&line, buffer, sizeof(buffer));
	text_add(&line, "#");
	add_time(now, &line);
	text_add(&line, "%s: %s: %s", kind, room, words);
	hide_controls(buffer, "");
	record_line(buffer);
}

FORMAT_PRINTF(3, 0)
static void
write_line(enum log_level level, const char *room, const char *fmt, va_list args)
{
	char buffer[LOG_LINE_MAX];
	struct host_time now;
	struct text line;

	if (!log_wants(level, room))
		return;
	now = host_time_of_day();
	text_init(&line, buffer, sizeof(buffer));
	text_vadd(&line, fmt, args);
	if (is_recorded(level, room))
		record_line(buffer);
	else if (is_noted(level, room))
		note_line(&now, level_names[level], room, buffer);
	if (!is_shown(level, room))
		return;
	if (settings.also != NULL)
		settings.also(level, room, buffer, settings.also_context);
	if (settings.sink != NULL)
		settings.sink(level, room, buffer, settings.context);
	else
		show_line(&now, level, room, buffer);
}

#define LOG_FUNCTION(name, level)                         \
	void name(const char *room, const char *fmt, ...) \
	{                                                 \
		va_list args;                             \
                                                          \
		va_start(args, fmt);                      \
		write_line(level, room, fmt, args);       \
		va_end(args);                             \
	}

LOG_FUNCTION(log_error, LOG_ERROR)
LOG_FUNCTION(log_warning, LOG_WARNING)
LOG_FUNCTION(log_info, LOG_INFO)
LOG_FUNCTION(log_debug, LOG_DEBUG)
LOG_FUNCTION(log_wire, LOG_WIRE)

/* Who closed stdout, or its reading end, or does not read it now, wants it so. */
static bool
is_out_broken(void)
{
	int error = settings.out.error;

	return error != EAGAIN && error != EPIPE && error != EBADF;
}

void
log_print(const char *fmt, ...)
{
	char buffer[STREAM_LINE_MAX];
	struct host_time now = host_time_of_day();
	struct text line;
	va_list args;

	text_init(&line, buffer, sizeof(buffer) - 1);
	va_start(args, fmt);
	text_vadd(&line, fmt, args);
	va_end(args);
	if (settings.also != NULL)
		settings.also(LOG_INFO, "server", buffer, settings.also_context);
	if (is_noted(LOG_INFO, "server"))
		note_line(&now, level_names[LOG_INFO], "server", buffer);
	buffer[line.used] = '\n';
	wipe_status();
	if (stream_write(&settings.out, buffer, line.used + 1, 0) || !is_out_broken())
		return;
	settings.print_error = settings.out.error;
	buffer[line.used] = '\0';
	log_warning("log", "stdout cannot be written (%s): %s",
		    strerror(settings.print_error), buffer);
}

int
log_print_error(void)
{
	return settings.print_error;
}

void
log_last_words(const char *words)
{
	size_t size = strlen(words);

	wipe_status();
	if (size > 0)
		stream_write(&settings.err, words,
			     size < STREAM_LINE_MAX ? size : STREAM_LINE_MAX,
			     LAST_WORDS_MS);
}
