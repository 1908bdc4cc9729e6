/* SPDX-License-Identifier: MIT */
/*
 * The power goes at fifty moments of an erase, and of programming, on one board for each flash
 * interface. What is left depends on the moment; what was not worked on is as it was; cells
 * that were about to turn read differently twice; an erase makes all well again.
 */
#include "test/emulator/test/flash_lab.h"

enum { MOMENTS = 50, WORDS_LOOKED_AT = 64 };

/* A write to a register of the controller, or to an address of its own. */
struct step {
	uint32_t at, value;
};

/* The manuals' sequences, with the first sector of the second half of the flash; and the time
 * of an erase and of programming a granule by the data sheets. */
struct interface {
	const char *board;
	uint32_t registers, busy_at, busy;
	uint32_t target, granule; /* in bytes */
	unsigned store;           /* the width of a store */
	struct step unlock[2], erase[3], program, end;
	uint64_t erase_ns, program_ns;
	bool refuses; /* a word whose ECC does not fit is a bus error */
};

#define KEYS(offset)                       \
	{                                  \
		{ offset, FLASH_KEY1 },    \
		{                          \
			offset, FLASH_KEY2 \
		}                          \
	}

static struct interface interfaces[] = {
	{ "bluepill-f103",
	  0x40022000,
	  0x0C,
	  1,
	  0x08010000,
	  2,
	  2,
	  KEYS(0x04),
	  { { 0x10, 2 }, { 0x14, 0x08010000 }, { 0x10, 0x42 } },
	  { 0x10, 1 },
	  { 0x10, 0 },
	  30 * MS,
	  52500,
	  false },
	{ "steval-esc001v1",
	  0x40022000,
	  0x0C,
	  1,
	  0x08010000,
	  2,
	  2,
	  KEYS(0x04),
	  { { 0x10, 2 }, { 0x14, 0x08010000 }, { 0x10, 0x42 } },
	  { 0x10, 1 },
	  { 0x10, 0 },
	  30 * MS,
	  53500,
	  false },
	{ "f410-custom",
	  0x40023C00,
	  0x0C,
	  1 << 16,
	  0x08004000,
	  4,
	  4,
	  KEYS(0x04),
	  { { 0x10, 0x20A }, { 0x10, 0x1020A } },
	  { 0x10, 0x201 },
	  { 0x10, 0 },
	  250 * MS,
	  16000,
	  false },
	{ "l476rg-custom",
	  0x40022000,
	  0x10,
	  1 << 16,
	  0x08080000,
	  8,
	  4,
	  KEYS(0x08),
	  { { 0x14, 0x802 }, { 0x14, 0x10802 } },
	  { 0x14, 1 },
	  { 0x14, 0 },
	  22 * MS,
	  81690,
	  false },
	{ "g473-custom-512k",
	  0x40022000,
	  0x10,
	  1 << 16,
	  0x08040000,
	  8,
	  4,
	  KEYS(0x08),
	  { { 0x14, 0x802 }, { 0x14, 0x10802 } },
	  { 0x14, 1 },
	  { 0x14, 0 },
	  22 * MS,
	  81690,
	  false },
	{ "nucleo-u575zi-q",
	  0x40022000,
	  0x20,
	  1 << 16,
	  0x08100000,
	  16,
	  4,
	  KEYS(0x08),
	  { { 0x28, 0x802 }, { 0x28, 0x10802 } },
	  { 0x28, 1 },
	  { 0x28, 0 },
	  1500 * US,
	  118000,
	  false },
	{ "nucleo-h743zi2",
	  0x52002000,
	  0x110,
	  4,
	  0x08100000,
	  32,
	  4,
	  KEYS(0x104),
	  { { 0x10C, 0x34 }, { 0x10C, 0xB4 } },
	  { 0x10C, 0x32 },
	  { 0x10C, 0x30 },
	  1000 * MS,
	  100000,
	  true },
};

static void
steps_do(struct lab *lab, const struct interface *flash, const struct step *steps,
	 unsigned len)
{
	for (unsigned i = 0; i < len && steps[i].at; i++)
		lab_poke(lab, flash->registers + steps[i].at, steps[i].value);
}

static void
wait_idle(struct lab *lab, const struct interface *flash)
{
	while (lab_peek(lab, flash->registers + flash->busy_at) & flash->busy)
		wire_advance(lab->wire, flash->program_ns);
}

/* Zeros but for a few ones, so that most cells have to turn. */
static void
granule_store(struct lab *lab, const struct interface *flash, uint32_t at)
{
	for (uint32_t i = 0; i < flash->granule; i += flash->store) {
		uint32_t value = 0x00010010u << (at + i) % 3;

		assert_int_equal(lab_access(lab, at + i, flash->store, true, &value),
				 BUS_OK);
	}
}

static void
granule_program(struct lab *lab, const struct interface *flash, uint32_t at)
{
	steps_do(lab, flash, &flash->program, 1);
	granule_store(lab, flash, at);
	wait_idle(lab, flash);
	lab_poke(lab, flash->registers + flash->end.at, flash->end.value);
}

static void
erase_begin(struct lab *lab, const struct interface *flash)
{
	steps_do(lab, flash, flash->erase, 3);
}

static void
power_cut(struct lab *lab, const struct interface *flash)
{
	lab_power_cycle(lab);
	lab_halt(lab);
	steps_do(lab, flash, flash->unlock, 2);
}

/* --- looking ------------------------------------------------------------------------------ */

struct look {
	uint32_t words[WORDS_LOOKED_AT];
	unsigned refused, zeros, ones; /* words; bits */
};

static void
look_at(struct lab *lab, uint32_t at, struct look *look)
{
	memset(look, 0, sizeof(*look));
	for (unsigned i = 0; i < WORDS_LOOKED_AT; i++) {
		uint32_t word = 0;

		if (lab_access(lab, at + 4 * i, 4, false, &word) != BUS_OK) {
			look->refused++;
			continue;
		}
		look->words[i] = word;
		for (unsigned bit = 0; bit < 32; bit++)
			*(word >> bit & 1 ? &look->ones : &look->zeros) += 1;
	}
}

static bool
is_blank(const struct look *look)
{
	return !look->refused && !look->zeros;
}

static uint64_t
moment(unsigned i, uint64_t ns)
{
	return ns * (i * 2 + 1) / (2 * MOMENTS);
}

static void
erase_whole(struct lab *lab, const struct interface *flash)
{
	erase_begin(lab, flash);
	wait_idle(lab, flash);
	lab_poke(lab, flash->registers + flash->end.at, flash->end.value);
}

static void
an_erase_cut_short_leaves_what_its_moment_says(void **state)
{
	const struct interface *flash = *state;
	struct lab *lab = lab_open(flash->board);
	unsigned unchanged = 0, erased = 0, between = 0, differed = 0;
	struct look before, after, again;

	lab_halt(lab);
	steps_do(lab, flash, flash->unlock, 2);
	for (unsigned i = 0; i < MOMENTS; i++) {
		for (uint32_t at = 0; at < 4 * WORDS_LOOKED_AT; at += flash->granule)
			granule_program(lab, flash, flash->target + at);
		look_at(lab, flash->target, &before);
		erase_begin(lab, flash);
		wire_advance(lab->wire, moment(i, flash->erase_ns));
		power_cut(lab, flash);
		look_at(lab, flash->target, &after);
		look_at(lab, flash->target, &again);
		if (!memcmp(&before, &after, sizeof(before)))
			unchanged++;
		else if (is_blank(&after))
			erased++;
		else
			between++;
		if (memcmp(&after, &again, sizeof(after)))
			differed++;
		erase_whole(lab, flash);
		look_at(lab, flash->target, &after);
		assert_true(is_blank(&after));
	}
	/* The first fifth changes nothing, the last tenth finishes the work. */
	assert_in_range(unchanged, 7, 12);
	assert_in_range(erased, 3, 7);
	assert_int_equal(unchanged + erased + between, MOMENTS);
	if (!flash->refuses)
		assert_in_range(differed, 20, MOMENTS);
	lab_close(lab);
}

static void
programming_cut_short_touches_its_granule_alone(void **state)
{
	const struct interface *flash = *state;
	struct lab *lab = lab_open(flash->board);
	unsigned unchanged = 0, changed = 0;
	struct look before, after;

	lab_halt(lab);
	steps_do(lab, flash, flash->unlock, 2);
	for (unsigned i = 0; i < MOMENTS; i++) {
		granule_program(lab, flash, flash->target);
		look_at(lab, flash->target + 64, &before);
		assert_true(is_blank(&before));
		steps_do(lab, flash, &flash->program, 1);
		granule_store(lab, flash, flash->target + 32);
		wire_advance(lab->wire, moment(i, flash->program_ns));
		power_cut(lab, flash);
		look_at(lab, flash->target, &before);
		assert_int_equal(before.words[0], lab_peek(lab, flash->target));
		look_at(lab, flash->target + 64, &after);
		assert_true(is_blank(&after));
		*(before.refused || before.words[8] != UINT32_MAX ? &changed
								  : &unchanged) += 1;
		erase_whole(lab, flash);
	}
	assert_in_range(unchanged, 6, 20);
	assert_int_equal(unchanged + changed, MOMENTS);
	lab_close(lab);
}

static void
what_was_done_in_vain_is_counted_by_bank(void **state)
{
	const struct interface *flash = *state;
	struct lab *lab = lab_open(flash->board);
	bool has_banks = flash->target >= 0x08040000;
	struct stats *stats = &lab->stats;

	lab_halt(lab);
	steps_do(lab, flash, flash->unlock, 2);
	granule_program(lab, flash, flash->target);
	erase_whole(lab, flash);
	assert_int_equal(stats->flash_blank_erases[has_banks], 0);
	assert_int_equal(stats->flash_repeated_erases[has_banks], 0);
	erase_whole(lab, flash);
	assert_int_equal(stats->flash_blank_erases[has_banks], 1);
	assert_int_equal(stats->flash_repeated_erases[has_banks], 1);
	assert_int_equal(stats->flash_repeated_programs[has_banks], 0);
	assert_int_equal(stats->flash_blank_erases[!has_banks], 0);
	lab_close(lab);
}

#define ON(test, family, i)                                             \
	{                                                               \
#test " (" family ")", test, NULL, NULL, &interfaces[i] \
	}
#define ON_EACH(test)                                                               \
	ON(test, "F1", 0), ON(test, "F3", 1), ON(test, "F4", 2), ON(test, "L4", 3), \
		ON(test, "G4", 4), ON(test, "U5", 5), ON(test, "H7", 6)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_EACH(an_erase_cut_short_leaves_what_its_moment_says),
		ON_EACH(programming_cut_short_touches_its_granule_alone),
		ON_EACH(what_was_done_in_vain_is_counted_by_bank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
