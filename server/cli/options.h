/* SPDX-License-Identifier: MIT */
/*
 * options.h - what the command line asks for, and the options that ask for it, as a table
 * from which the help is printed as well.
 */
#ifndef SERVER_CLI_OPTIONS_H
#define SERVER_CLI_OPTIONS_H

#include "server/live/rtt.h"
#include "server/live/swo.h"
#include "targets/board/board.h"

#include <stddef.h>

enum {
	CLI_DEFAULT_PORT = 61234,
	SHARE_DEFAULT_PORT = 7184,
	OPTIONS_WORDS = 16,
	OPTIONS_LIST_MAX = 256
};

struct persona;

struct options {
	const char *probe;    /* NULL: the only one there is */
	const char *core;     /* NULL: all */
	const char *bind;     /* "127.0.0.1" */
	uint32_t port;        /* 0: a free one */
	const char *record;   /* file; NULL: none */
	bool redacts;         /* what is not for others is left out of it */
	bool is_forced;       /* a recording that is there already is written over */
	const char *log_json; /* file; NULL: none */
	bool once;            /* end with the last session */
	bool wait;            /* for a probe that is not there yet */
	const char *folder;   /* where programs may open files; NULL: nowhere */
	struct swo_options swo;
	struct rtt_options rtt;
	bool any_client; /* may let a core run that another one lets run */
	bool is_joint;   /* one of several tethers, of which each serves a core */
	char joint_probe[OPTIONS_LIST_MAX]; /* the probe's name then, made of `probe` */
	bool is_shared;                     /* offer the probe to other programs */
	uint32_t share_port;                /* 0: a free one */
	bool json;                          /* print lists in JSON */
	bool is_agreed;                     /* to what cannot be taken back */
	bool is_final;                      /* options: RDP may be set to level 2 */
	bool tests_nrst;                    /* doctor: pulls NRST, which resets the chip */
	uint32_t keep;      /* recordings of sessions that ended badly; 0: none */
	const char *report; /* file for the doctor's page; NULL: none */
	bool is_private;    /* in which serials are shortened */
	bool wants_help, wants_version;
	const char *file; /* to be flashed */
	bool has_at;
	uint32_t at; /* of a file without addresses */
	bool is_full, is_plain, discards, skips_unmapped;
	bool programs_otp;                /* for good */
	const char *sectors;              /* to be erased, "3" or "3-5"; NULL */
	const char *words[OPTIONS_WORDS]; /* what else the command was given */
	unsigned words_len;
	bool has_core_port;
	uint32_t core_port; /* serve the core behind this access port */
	bool resets; /* when it connects, however it does so; the cores stay halted */
	const struct persona *persona; /* the program that it stands in for; NULL: none */
	uint32_t persona_log_level;
	bool wants_probes;   /* listed, and nothing else */
	bool extended_stays; /* `once` does not hold after a session in extended mode */
	char meaningless
		[OPTIONS_LIST_MAX]; /* options of the persona that do nothing here */
	const char *topic; /* the command that was named, of help the one after it; NULL */
	unsigned algorithms_len;
	const char *algorithms[BOARD_MAX_EXTERNAL]; /* files with loaders */
	struct {
		const uint8_t *bytes; /* NULL: they are read */
		size_t size;
	} contents[BOARD_MAX_EXTERNAL]; /* of these files, as a recording has them */
	const char *pins;               /* of a serial flash, as nor_check(); NULL: none */
	struct board_options board;
};

struct option;

/* Takes `value`, NULL when none was given, into `options` or the log's settings. */
typedef enum cause option_setter(const struct option *option, struct options *options,
				 const char *value, struct reason *why);

/* What an option is about: a command takes some of these (struct command_entry). */
/* What options of all programs take at most. */
enum {
	OPTION_MAX_PORT = 65535,
	OPTION_MAX_SPEED_KHZ = 24000,
	OPTION_MAX_WAIT_MS = 60000,
	OPTION_MAX_CPU_HZ = 1000000000,
	OPTION_MAX_KEPT = 1000,
	OPTION_USUALLY_KEPT = 10
};

enum option_use {
	FOR_ANY = 0,
	FOR_TARGET = 1 << 0,  /* reaching the target */
	FOR_CLIENTS = 1 << 1, /* serving them */
	FOR_LISTS = 1 << 2,   /* printing lists */
	FOR_DOCTOR = 1 << 3,  /* finding out what is wrong */
	FOR_CONSENT = 1 << 4, /* doing what cannot be taken back */
	FOR_FLASH = 1 << 5,   /* programming it */
	FOR_PLACE = 1 << 6,   /* a file without addresses */
	FOR_ERASE = 1 << 7,   /* erasing it */
	FOR_OPTIONS = 1 << 8, /* option bytes */
	FOR_LOADERS = 1 << 9, /* loaders from files */
	FOR_PAGE = 1 << 10,   /* what was found as a page */
	FOR_RECORD = 1 << 11, /* recording what happens */
	FOR_CORE = 1 << 12,   /* choosing one of the cores */
	FOR_NEW = 1 << 13,    /* making a recording */
	OPTION_USES = 14      /* bits there are */
};

struct option {
	enum option_use use;
	const char *name;   /* "--port"; the heading of a group when `set` is NULL */
	const char *letter; /* "-p"; NULL: none */
	const char *value;  /* what the help calls it; NULL: takes none; "[X]": may */
	option_setter *set;
	size_t at;         /* the member of struct options that it sets */
	uint32_t min, max; /* of a number */
	const char *help;  /* with the default */
};

/* For rows: the member of struct options, and the range of a number. */
#define OPTION_AT(member)               .at = offsetof(struct options, member)
#define OPTION_NUMBER(member, from, to) OPTION_AT(member), .min = (from), .max = (to)

/* Ends with a row without name. */
extern const struct option tether_options[];

/* Setters for the tables of other programs (persona.h) as well. */
option_setter option_set_flag, option_set_text, option_set_number, option_set_probe,
	option_add_algorithm, option_set_speed, option_set_verbose, option_set_core_port,
	option_set_swo_port;

void options_init(struct options *options);

/* What no option can say alone: does the part have that core? CAUSE_REQUEST. */
enum cause options_check(const struct options *options, struct reason *why);

#endif /* SERVER_CLI_OPTIONS_H */
