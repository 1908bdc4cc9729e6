/* SPDX-License-Identifier: MIT */
/*
 * options.h - a chip's option bytes by the names of its manual: where each field is, what its
 * values mean, which values lock you out, and how they are written.
 *
 * Everything is data (sets.h), a set for each family: a further one is a table. Registers are
 * given by offsets from the base of the flash controller, on STM32F0, F1 and F3 by those of the
 * cells in the information block, which hold a byte and its complement. On STM32L0 and L1 a word
 * there holds 16 bits and their complement, and half a register what was loaded of it.
 */
#ifndef FLASH_OPTIONS_OPTIONS_H
#define FLASH_OPTIONS_OPTIONS_H

#include "targets/board/board.h"
#include "targets/chip/read_protection.h"

enum { OPTIONS_MAX_REGISTERS = 24, OPTIONS_MAX_ONLY = 5 };

struct option_register {
	const char *name;                /* NULL ends the list */
	uint16_t loaded, program;        /* where it is read, and where it is written */
	uint16_t only[OPTIONS_MAX_ONLY]; /* DEV_IDs that have it; 0: all */
};

enum option_kind {
	OPTION_PLAIN,
	OPTION_RDP, /* the byte of read protection (targets/chip/read_protection.h) */
	OPTION_WRP, /* of write protection: `none` protects nothing */
	OPTION_BOR  /* the brown-out level: chips reset below volts[] */
};

struct option_field {
	const char *name; /* as in the manual; NULL ends the list */
	uint8_t at;       /* its register among those of the set */
	uint8_t lsb, width;
	enum option_kind kind;
	uint32_t none;
	const char *what;   /* in a few words */
	const char *values; /* "0=from power-on;1=by software"; NULL: a number */
	uint16_t only[OPTIONS_MAX_ONLY];
};

enum option_danger {
	OPTION_WARNS,    /* awkward: said, and done */
	OPTION_ASKS,     /* the way back costs something: done with consent */
	OPTION_IS_FINAL, /* there is no way back: refused but by the long option for it */
	OPTION_REFUSES   /* there may be none, or nobody wants it: not done at all */
};

enum option_test {
	OPTION_EQUALS,
	OPTION_DIFFERS,     /* from `value` */
	OPTION_IS_AREA,     /* from this field to `with`: begins before it ends */
	OPTION_IS_ONE_UNIT, /* from this field to `with`: begins where it ends */
	OPTION_IS_UNKNOWN   /* has words for none of its values like this one */
};

/* What is said of a field that has, or is about to have, a value. */
struct option_rule {
	const char *field; /* NULL ends the list */
	enum option_test test;
	uint32_t value;
	const char *with; /* another field, which must be with_value; NULL: none */
	uint32_t with_value;
	enum option_danger danger;
	const char *sentence;
};

/* How the option bytes of a family are written. */
struct option_control {
	uint16_t keyr, optkeyr; /* keyr 0: the controller itself need not be unlocked */
	uint32_t keys[2], option_keys[2];
	uint32_t
		keyr_lock; /* the bit of CR that keyr opens; it hides the lock of the options */
	uint16_t cr;
	uint32_t lock,
		lock_value;     /* bits of CR, and what they are while options are locked */
	uint32_t start, launch; /* launch 0: a reset loads them */
	uint16_t sr;
	uint32_t busy;
	uint16_t error_at;
	uint32_t errors;
	uint16_t clear; /* where errors are written to clear them */
	bool has_cells; /* in the information block at cells_at, erased and programmed */
	uint32_t
		words_at; /* where they are programmed as words with a complement; 0: they are not */
	bool writes_all; /* also registers that do not change: what was refused before stays */
	uint32_t cells_at, clock_at; /* RCC_CR, where it must switch on HSI; 0: no */
};

/* A part of the flash that only executes: from field `first` to `last`, and none while it ends before it
 * begins; or without `last` what the bits of `first` say. It goes with RDP from level 1 to 0 alone. */
struct option_area {
	const char *first, *last; /* first NULL ends the list */
	const char *mode;         /* it counts while that field is 1; NULL: always */
	const char *erased_by; /* 1 for it to go; NULL: rdp_needs, already loaded, if any */
};
enum { OPTIONS_MAX_AREAS = 4 };

struct option_set {
	const char *name, *source;
	uint32_t base;
	const struct option_control *control;
	const struct option_register *registers;
	const struct option_field *fields;
	const struct option_rule *rules;
	/* By BOR_LEV: below it the chip stays in reset; 0: there is no such level. */
	uint16_t bor_mv[16];
	const struct read_protection *rdp;         /* NULL: it has no RDP, but: */
	const struct product_state *product_state; /* or NULL */
	const char *erases;    /* what the way from level 1 to 0 erases */
	const char *rdp_needs; /* set to 1 whenever RDP changes; NULL: nothing */
	struct option_area areas[OPTIONS_MAX_AREAS + 1];
};

/* NULL: nothing is known of this chip's. */
const struct option_set *options_of(const struct chip *chip);
/* By name, in any case of its letters; NULL: this chip has none. */
const struct option_field *
options_field(const struct option_set *set, uint16_t dev_id, const char *name);
bool options_has_register(const struct option_register *at, uint16_t dev_id);
bool options_has_field(const struct option_field *field, uint16_t dev_id);

/* The registers, at the places of set->registers. */
struct option_values {
	uint32_t words[OPTIONS_MAX_REGISTERS];
};

/* Of CR: is the lock of the option bytes shut? */
bool options_are_locked(const struct option_control *control, uint32_t cr);
/* CAUSE_REQUEST: the registers, from which `values` were read, may hold what a program or a debugger
 * that was cut short has left there, and the chip has not loaded; else as reading memory. */
enum cause options_refuse_leftovers(const struct option_set *set, struct core *core,
				    uint16_t dev_id, const struct option_values *values,
				    struct reason *why);
/* Reads what is loaded. Fails as reading memory does: at level 1 they can be read, too. */
enum cause options_read(const struct option_set *set, struct core *core, uint16_t dev_id,
			struct option_values *values, struct reason *why);
uint32_t options_get(const struct option_field *field, const struct option_values *values);
void
options_put(const struct option_field *field, uint32_t value, struct option_values *values);

/* Has the value words in the field's list? A field without a list has words for none. */
bool options_has_words(const struct option_field *field, uint32_t value);
/* "level 0", "by software", or nothing. */
void options_add_meaning(const struct option_set *set, const struct option_field *field,
			 uint32_t value, struct text *words);

/* "RDP                  0xaa     read protection: level 0" */
void options_add_line(const struct option_set *set, const struct option_field *field,
		      uint32_t value, struct text *words);

/* "NAME=VALUE": a number, of RDP the level, of WRP "none". Changes `values`. CAUSE_REQUEST: there is no
 * such field, the nearest is named; or no such value. */
enum cause options_assign(const struct option_set *set, uint16_t dev_id,
			  const char *assignment, struct option_values *values,
			  struct reason *why);

/* What speaks against it: of the rules that the change from `before` to `after` comes to, and
 * of read protection and the supply, the worst of `danger`; a sentence for each, a line each, those
 * of the worst first.
 * OPTION_WARNS with no words: nothing does. millivolts 0: not known. */
enum option_danger options_classify(const struct option_set *set, uint16_t dev_id,
				    const struct option_values *before,
				    const struct option_values *after, unsigned millivolts,
				    struct text *words);

/* Does the change close the chip to debuggers: to RDP level 2, or out of the open product state? */
bool options_close(const struct option_set *set, uint16_t dev_id,
		   const struct option_values *before, const struct option_values *after);

/* The job that writes them, by `core`, which it halts: unlocks, programs, waits, and has the
 * chip load them, which resets it: the connection is to be made anew afterwards. It fails with CAUSE_PROTECTED
 * (an error bit, in words), CAUSE_TIMEOUT, or as the memory does; that a chip falls silent once it
 * is being closed (options_close()) is no failure. NULL: no memory. */
struct job *options_write(const struct option_set *set, struct board *board,
			  const struct option_values *before,
			  const struct option_values *after);

#endif /* FLASH_OPTIONS_OPTIONS_H */
