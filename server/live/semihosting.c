/* SPDX-License-Identifier: MIT */
#include "server/live/semihosting.h"

#include "transport/base/bytes.h"

#include <errno.h>
#include <string.h>

enum { NAME_SIZE = 256, WORDS_MAX = 4 };
#define FAILED UINT32_MAX

/* SYS_EXIT's reasons (chapter 6, "Exit reasons"). */
enum { APPLICATION_EXIT = 0x20026 };

/* ":semihosting-features" (chapter 5): SYS_EXIT_EXTENDED, and :tt for stderr. */
static const char features[] = { 'S', 'H', 'F', 'B', 0x03 };

/* What one operation gets: its words have been read. */
struct asked {
	struct semihosting *program;
	struct semihosting_call *call;
	uint32_t words[WORDS_MAX];
	struct reason *why;
};

static enum cause
fail(struct asked *asked, int error)
{
	asked->program->error = error;
	asked->call->result = FAILED;
	return CAUSE_NONE;
}

/* An address that is none is the program's fault, and no reason to stop it. */
static enum cause
settle(struct asked *asked, enum cause cause)
{
	if (cause != CAUSE_FAULT && cause != CAUSE_REQUEST && cause != CAUSE_PROTECTED)
		return cause;
	*asked->why = (struct reason)REASON_INIT;
	return fail(asked, EFAULT);
}

static enum cause
read_memory(struct asked *asked, uint32_t at, void *bytes, uint32_t size)
{
	const struct semihosting_world *world = &asked->program->world;

	return world->read(world->context, at, bytes, size, asked->why);
}

static enum cause
write_memory(struct asked *asked, uint32_t at, const void *bytes, uint32_t size)
{
	const struct semihosting_world *world = &asked->program->world;

	return world->write(world->context, at, bytes, size, asked->why);
}

/* --- files -------------------------------------------------------------------------------- */

/* A handle of the program's is a place's number plus 1: 0 is none. */
static unsigned
place_of(const struct asked *asked, uint32_t handle)
{
	return handle == 0 || handle > SEMIHOSTING_FILES ||
			       asked->program->files[handle - 1].kind == FILE_FREE
		       ? SEMIHOSTING_FILES
		       : handle - 1;
}

/* `name` of `len` bytes, terminated; one that is too long is none. */
static enum cause
read_name(struct asked *asked, uint32_t at, uint32_t len, char name[NAME_SIZE])
{
	memset(name, 0, NAME_SIZE);
	if (len == 0 || len >= NAME_SIZE)
		return reason_begin(asked->why, CAUSE_REQUEST, "the name has %u bytes",
				    (unsigned)len);
	return read_memory(asked, at, name, len);
}

/* ":tt" is the console: for reading, writing or, by "a", for errors. */
static enum semihosting_file
kind_of(const char *name, uint32_t mode)
{
	if (strcmp(name, ":tt") == 0)
		return mode < 4 ? FILE_CONSOLE_IN : FILE_CONSOLE_OUT;
	return strcmp(name, ":semihosting-features") == 0 ? FILE_FEATURES : FILE_HOST;
}

static enum cause
serve_open(struct asked *asked)
{
	struct semihosting *program = asked->program;
	char name[NAME_SIZE];
	unsigned place = 0;
	int host = -1;
	enum cause cause =
		settle(asked, read_name(asked, asked->words[0], asked->words[2], name));

	if (cause != CAUSE_NONE || name[0] == '\0')
		return cause;
	while (place < SEMIHOSTING_FILES && program->files[place].kind != FILE_FREE)
		place++;
	if (place == SEMIHOSTING_FILES)
		return fail(asked, EMFILE);
	if (kind_of(name, asked->words[1]) == FILE_HOST) {
		host = host_files_open(program->folder, name, asked->words[1]);
		asked->call->lacks_folder = !program->folder->is_there;
		if (host < 0)
			return fail(asked, errno);
	}
	program->files[place].kind = kind_of(name, asked->words[1]);
	program->files[place].host = host;
	program->files[place].at = 0;
	asked->call->result = place + 1;
	return CAUSE_NONE;
}

static enum cause
serve_close(struct asked *asked)
{
	unsigned place = place_of(asked, asked->words[0]);

	if (place == SEMIHOSTING_FILES)
		return fail(asked, EBADF);
	if (asked->program->files[place].kind == FILE_HOST)
		host_files_close(asked->program->folder, asked->program->files[place].host);
	asked->program->files[place].kind = FILE_FREE;
	asked->call->result = 0;
	return CAUSE_NONE;
}

/* How many bytes were; -1: none, as errno says. */
static int64_t
write_some(const struct asked *asked, unsigned place, const char *bytes, uint32_t size)
{
	const struct semihosting_world *world = &asked->program->world;

	switch (asked->program->files[place].kind) {
	case FILE_CONSOLE_OUT:
		world->print(world->context, bytes, size);
		return size;
	case FILE_HOST:
		return host_files_write(asked->program->folder,
					asked->program->files[place].host, bytes, size);
	default:
		errno = EBADF;
		return -1;
	}
}

/* At most a piece; the result is how many bytes were not written. */
static enum cause
serve_write(struct asked *asked)
{
	unsigned place = place_of(asked, asked->words[0]);
	uint32_t size = asked->words[2];
	char bytes[SEMIHOSTING_PIECE];
	int64_t written;
	enum cause cause;

	asked->call->result = size;
	if (place == SEMIHOSTING_FILES) {
		asked->program->error = EBADF;
		return CAUSE_NONE;
	}
	size = size < sizeof(bytes) ? size : sizeof(bytes);
	cause = read_memory(asked, asked->words[1], bytes, size);
	if (cause != CAUSE_NONE) {
		cause = settle(asked, cause);
		asked->call->result = asked->words[2];
		return cause;
	}
	written = write_some(asked, place, bytes, size);
	if (written < 0)
		asked->program->error = errno;
	else
		asked->call->result -= (uint32_t)written;
	return CAUSE_NONE;
}

static int64_t
read_features(uint32_t *at, char *bytes, uint32_t size)
{
	uint32_t left = *at < sizeof(features) ? (uint32_t)sizeof(features) - *at : 0;

	size = size < left ? size : left;
	memcpy(bytes, features + *at, size);
	*at += size;
	return size;
}

/* At most a piece; the result is how many bytes were not read: all of them at the end. */
static enum cause
serve_read(struct asked *asked)
{
	unsigned place = place_of(asked, asked->words[0]);
	uint32_t size = asked->words[2];
	char bytes[SEMIHOSTING_PIECE];
	int64_t got = 0;

	if (place == SEMIHOSTING_FILES)
		return fail(asked, EBADF);
	asked->call->result = size;
	size = size < sizeof(bytes) ? size : sizeof(bytes);
	if (asked->program->files[place].kind == FILE_FEATURES)
		got = read_features(&asked->program->files[place].at, bytes, size);
	else if (asked->program->files[place].kind == FILE_HOST)
		got = host_files_read(asked->program->folder,
				      asked->program->files[place].host, bytes, size);
	if (got < 0)
		return fail(asked, errno);
	asked->call->result -= (uint32_t)got;
	return got == 0 ? CAUSE_NONE
			: settle(asked, write_memory(asked, asked->words[1], bytes,
						     (uint32_t)got));
}

static enum cause
serve_is_tty(struct asked *asked)
{
	unsigned place = place_of(asked, asked->words[0]);
	enum semihosting_file kind;

	if (place == SEMIHOSTING_FILES)
		return fail(asked, EBADF);
	kind = asked->program->files[place].kind;
	asked->call->result = kind == FILE_CONSOLE_IN || kind == FILE_CONSOLE_OUT;
	return CAUSE_NONE;
}

static enum cause
serve_seek(struct asked *asked)
{
	unsigned place = place_of(asked, asked->words[0]);

	if (place == SEMIHOSTING_FILES)
		return fail(asked, EBADF);
	asked->call->result = 0;
	if (asked->program->files[place].kind == FILE_FEATURES)
		asked->program->files[place].at = asked->words[1];
	else if (asked->program->files[place].kind != FILE_HOST)
		return fail(asked, ESPIPE);
	else if (host_files_seek(asked->program->folder, asked->program->files[place].host,
				 asked->words[1]) < 0)
		return fail(asked, errno);
	return CAUSE_NONE;
}

static enum cause
serve_len(struct asked *asked)
{
	unsigned place = place_of(asked, asked->words[0]);
	int64_t len = 0;

	if (place == SEMIHOSTING_FILES)
		return fail(asked, EBADF);
	if (asked->program->files[place].kind == FILE_FEATURES)
		len = sizeof(features);
	else if (asked->program->files[place].kind == FILE_HOST)
		len = host_files_size(asked->program->folder,
				      asked->program->files[place].host);
	if (len < 0)
		return fail(asked, EFBIG);
	asked->call->result = (uint32_t)len;
	return CAUSE_NONE;
}

static enum cause
serve_remove(struct asked *asked)
{
	char name[NAME_SIZE];
	enum cause cause =
		settle(asked, read_name(asked, asked->words[0], asked->words[1], name));

	if (cause != CAUSE_NONE || name[0] == '\0')
		return cause;
	if (host_files_remove(asked->program->folder, name) != 0)
		return fail(asked, errno);
	asked->call->result = 0;
	return CAUSE_NONE;
}

static enum cause
serve_rename(struct asked *asked)
{
	char from[NAME_SIZE], to[NAME_SIZE];
	enum cause cause = read_name(asked, asked->words[0], asked->words[1], from);

	if (cause == CAUSE_NONE)
		cause = read_name(asked, asked->words[2], asked->words[3], to);
	if (cause != CAUSE_NONE)
		return settle(asked, cause);
	if (host_files_rename(asked->program->folder, from, to) != 0)
		return fail(asked, errno);
	asked->call->result = 0;
	return CAUSE_NONE;
}

/* --- the console -------------------------------------------------------------------------- */

static enum cause
serve_write_char(struct asked *asked)
{
	const struct semihosting_world *world = &asked->program->world;
	char c;
	enum cause cause = read_memory(asked, asked->call->parameter, &c, 1);

	if (cause == CAUSE_NONE)
		world->print(world->context, &c, 1);
	return settle(asked, cause);
}

/* Ends at a zero; one that has none for a long time is cut short. */
static enum cause
serve_write_text(struct asked *asked)
{
	const struct semihosting_world *world = &asked->program->world;
	enum { STRETCH = 64 };
	char text[SEMIHOSTING_PIECE];
	size_t len = 0, used = 0;
	enum cause cause = CAUSE_NONE;

	while (cause == CAUSE_NONE && len == used && used < sizeof(text)) {
		/* Not across a multiple of a stretch: behind it may be nothing. */
		uint32_t at = asked->call->parameter + (uint32_t)used;
		size_t size = STRETCH - at % STRETCH;

		size = size < sizeof(text) - used ? size : sizeof(text) - used;
		cause = read_memory(asked, at, text + used, (uint32_t)size);
		if (cause == CAUSE_NONE) {
			const char *end = memchr(text + used, '\0', size);

			len += end != NULL ? (size_t)(end - text) - used : size;
			used += size;
		}
	}
	world->print(world->context, text, len);
	return settle(asked, cause);
}

/* --- the rest ------------------------------------------------------------------------------ */

static enum cause
serve_nothing(struct asked *asked)
{
	return fail(asked, ENOSYS);
}

static enum cause
serve_is_error(struct asked *asked)
{
	asked->call->result = (int32_t)asked->words[0] < 0;
	return CAUSE_NONE;
}

static enum cause
serve_errno(struct asked *asked)
{
	asked->call->result = (uint32_t)asked->program->error;
	return CAUSE_NONE;
}

static uint64_t
elapsed_us(const struct asked *asked)
{
	const struct semihosting_world *world = &asked->program->world;

	return world->now_us(world->context) - asked->program->begun_us;
}

static enum cause
serve_clock(struct asked *asked)
{
	enum { US_A_CENTISECOND = 10000 };

	asked->call->result = (uint32_t)(elapsed_us(asked) / US_A_CENTISECOND);
	return CAUSE_NONE;
}

static enum cause
serve_time(struct asked *asked)
{
	asked->call->result = host_files_time(asked->program->folder);
	return CAUSE_NONE;
}

static enum cause
serve_elapsed(struct asked *asked)
{
	uint8_t ticks[8];

	le32_put(ticks, (uint32_t)elapsed_us(asked));
	le32_put(ticks + 4, (uint32_t)(elapsed_us(asked) >> 32));
	asked->call->result = 0;
	return settle(asked,
		      write_memory(asked, asked->call->parameter, ticks, sizeof(ticks)));
}

static enum cause
serve_tick_frequency(struct asked *asked)
{
	asked->call->result = 1000000;
	return CAUSE_NONE;
}

/* No arguments: an empty, terminated text. */
static enum cause
serve_command_line(struct asked *asked)
{
	static const uint8_t none[4];
	enum cause cause;

	if (asked->words[1] == 0)
		return fail(asked, ENOSPC);
	asked->call->result = 0;
	cause = write_memory(asked, asked->words[0], none, 1);
	if (cause == CAUSE_NONE) /* its length */
		cause = write_memory(asked, asked->call->parameter + 4, none, 4);
	return settle(asked, cause);
}

/* Four zeros: the program then takes what its own linker script says. */
static enum cause
serve_heap(struct asked *asked)
{
	static const uint8_t unknown[16];

	asked->call->result = 0;
	return settle(asked,
		      write_memory(asked, asked->words[0], unknown, sizeof(unknown)));
}

static enum cause
end_program(struct asked *asked, uint32_t reason, uint32_t code)
{
	asked->call->end = SEMIHOSTING_ENDED;
	asked->call->exit_code = reason == APPLICATION_EXIT ? code : 1;
	asked->call->result = 0;
	return CAUSE_NONE;
}

static enum cause
serve_exit(struct asked *asked)
{
	return end_program(asked, asked->call->parameter, 0);
}

static enum cause
serve_exit_extended(struct asked *asked)
{
	return end_program(asked, asked->words[0], asked->words[1]);
}

/* The operations (chapter 6), and how many words their blocks have; of 0 R1 is the parameter. */
static const struct operation {
	uint32_t number;
	unsigned words;
	enum cause (*serve)(struct asked *asked);
} operations[] = {
	{ 0x01, 3, serve_open },           /* SYS_OPEN */
	{ 0x02, 1, serve_close },          /* SYS_CLOSE */
	{ 0x03, 0, serve_write_char },     /* SYS_WRITEC */
	{ 0x04, 0, serve_write_text },     /* SYS_WRITE0 */
	{ 0x05, 3, serve_write },          /* SYS_WRITE */
	{ 0x06, 3, serve_read },           /* SYS_READ */
	{ 0x07, 0, serve_nothing },        /* SYS_READC */
	{ 0x08, 1, serve_is_error },       /* SYS_ISERROR */
	{ 0x09, 1, serve_is_tty },         /* SYS_ISTTY */
	{ 0x0a, 2, serve_seek },           /* SYS_SEEK */
	{ 0x0c, 1, serve_len },            /* SYS_FLEN */
	{ 0x0d, 0, serve_nothing },        /* SYS_TMPNAM */
	{ 0x0e, 2, serve_remove },         /* SYS_REMOVE */
	{ 0x0f, 4, serve_rename },         /* SYS_RENAME */
	{ 0x10, 0, serve_clock },          /* SYS_CLOCK */
	{ 0x11, 0, serve_time },           /* SYS_TIME */
	{ 0x12, 0, serve_nothing },        /* SYS_SYSTEM: no program of the host is run */
	{ 0x13, 0, serve_errno },          /* SYS_ERRNO */
	{ 0x15, 2, serve_command_line },   /* SYS_GET_CMDLINE */
	{ 0x16, 1, serve_heap },           /* SYS_HEAPINFO */
	{ 0x18, 0, serve_exit },           /* SYS_EXIT */
	{ 0x20, 2, serve_exit_extended },  /* SYS_EXIT_EXTENDED */
	{ 0x30, 0, serve_elapsed },        /* SYS_ELAPSED */
	{ 0x31, 0, serve_tick_frequency }, /* SYS_TICKFREQ */
};

static enum cause
serve(struct asked *asked, const struct operation *operation)
{
	uint8_t block[WORDS_MAX * 4];
	enum cause cause = operation->words == 0
				   ? CAUSE_NONE
				   : read_memory(asked, asked->call->parameter, block,
						 operation->words * 4);

	if (cause != CAUSE_NONE)
		return settle(asked, cause);
	for (unsigned i = 0; i < operation->words; i++)
		asked->words[i] = le32_get(block + i * 4);
	return operation->serve(asked);
}

enum cause
semihosting_serve(struct semihosting *program, struct semihosting_call *call,
		  struct reason *why)
{
	struct asked asked = { .program = program, .call = call, .why = why };

	call->end = SEMIHOSTING_GOES_ON;
	call->result = FAILED;
	for (size_t i = 0; i < array_len(operations); i++)
		if (operations[i].number == call->operation)
			return serve(&asked, &operations[i]);
	call->end = SEMIHOSTING_UNKNOWN;
	return CAUSE_NONE;
}

void
semihosting_init(struct semihosting *program, const struct semihosting_world *world,
		 const struct host_folder *folder)
{
	*program = (struct semihosting){ .world = *world, .folder = folder };
	program->begun_us = world->now_us(world->context);
}

void
semihosting_forget(struct semihosting *program)
{
	for (unsigned i = 0; i < SEMIHOSTING_FILES; i++) {
		if (program->files[i].kind == FILE_HOST)
			host_files_close(program->folder, program->files[i].host);
		program->files[i].kind = FILE_FREE;
	}
	program->begun_us = program->world.now_us(program->world.context);
}
