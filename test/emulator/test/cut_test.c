/* SPDX-License-Identifier: MIT */
/*
 * The power goes at fifty random moments of an erase, and of programming, on one board for each
 * flash interface. What is left depends on the moment; what was not worked on is as it was; cells
 * that were about to turn read differently twice; where the controller has ECC, words that are
 * neither old nor new have an error; all that outlives the emulator by --state; an erase makes
 * all well again.
 *
 * CUT_SEEDS=N does it N times, with other moments and other cells (make test-lab).
 */
#include "test/emulator/test/flash_lab.h"

#include <stdio.h>
#include <unistd.h>

#include "test/emulator/base/chance.h"
#include "test/emulator/state.h"

enum { MOMENTS = 50, WORDS_LOOKED_AT = 64, STATE_EVERY = 10 };

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
	/* An error that ECC cannot mend: a flag of this register that a 1 clears (RM0351 3.7.7,
	 * RM0440 3.7.7, RM0456 7.9.11), or `refuses`: a bus error (RM0433 4.7.7). */
	uint32_t ecc_at, ecc_error;
	bool refuses;
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
	  0,
	  0,
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
	  0,
	  0,
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
	  0,
	  0,
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
	  0x18,
	  UINT32_C(1) << 31,
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
	  0x18,
	  UINT32_C(1) << 31,
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
	  0x30,
	  UINT32_C(1) << 31,
	  false },
	{ "nucleo-h563zi",
	  0x40022000,
	  0x20,
	  1,
	  0x08100000,
	  16,
	  4,
	  KEYS(0x04),
	  { { 0x28, 0x80000004 }, { 0x28, 0x80000024 } },
	  { 0x28, 2 },
	  { 0x28, 0 },
	  2000 * US,
	  100000,
	  0x104,
	  UINT32_C(1) << 31,
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
	  0,
	  0,
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
	uint64_t ns = flash->program_ns;

	for (; lab_peek(lab, flash->registers + flash->busy_at) & flash->busy; ns *= 2)
		wire_advance(lab->wire, ns);
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

/* --- moments ------------------------------------------------------------------------------ */

/* One run of fifty cuts: a seed for its moments and its chip. */
struct run {
	const struct interface *flash;
	struct lab *lab;
	struct chance chance;
	unsigned seed;
	unsigned ecc_errors; /* granules that had one */
	char state_path[48];
};

static unsigned
seeds_wanted(void)
{
	const char *wanted = getenv("CUT_SEEDS");
	int number = wanted ? atoi(wanted) : 1;

	return number > 0 ? (unsigned)number : 1;
}

/* By chance in the `i`th fiftieth of the time: random, and spread over all of it. */
static uint64_t
moment(struct run *run, unsigned i, uint64_t ns)
{
	enum { PARTS = 1000 };

	return ns * (i * PARTS + chance_next(&run->chance) % PARTS) / (MOMENTS * PARTS);
}

static void
run_begin(struct run *run, const struct interface *flash, unsigned seed)
{
	struct wiring wiring = lab_wiring(flash->board);

	*run = (struct run){ .flash = flash, .seed = seed };
	chance_seed(&run->chance, seed, "moments");
	snprintf(run->state_path, sizeof(run->state_path), "/tmp/cut-test.%ld",
		 (long)getpid());
	run->lab = lab_open_wired(flash->board, &wiring);
	soc_seed(run->lab->soc, seed);
	lab_power_up(run->lab);
	lab_halt(run->lab);
	steps_do(run->lab, flash, flash->unlock, 2);
}

static void
run_end(struct run *run)
{
	bool has_ecc = run->flash->ecc_at || run->flash->refuses;

	/* Half the moments and more are in the midst of it. */
	assert_in_range(run->ecc_errors, has_ecc ? MOMENTS / 2 : 0,
			has_ecc ? MOMENTS * WORDS_LOOKED_AT : 0);
	remove(run->state_path);
	lab_close(run->lab);
}

/* --- cells -------------------------------------------------------------------------------- */

/* The main flash, which is the last of those that keep their contents. */
static struct soc_kept
cells_of(struct lab *lab)
{
	struct soc_kept kept = { 0 };

	for (unsigned i = 0; soc_kept(lab->soc, i, &kept); i++)
		;
	assert_non_null(kept.bytes);
	return kept;
}

static bool
is_weak(struct lab *lab, uint32_t offset, uint32_t size)
{
	struct soc_kept weak;

	if (!soc_weak(lab->soc, false, &weak))
		return false;
	for (uint32_t i = 0; i < size; i++)
		if (weak.bytes[offset + i])
			return true;
	return false;
}

static uint32_t
offset_of(uint32_t at)
{
	return at - 0x08000000;
}

/* Does a read of that granule report an error that ECC cannot mend? */
static bool
has_ecc_error(struct lab *lab, const struct interface *flash, uint32_t at)
{
	uint32_t word;
	bool refused, flagged;

	if (!flash->ecc_at)
		return lab_access(lab, at, 4, false, &word) != BUS_OK;
	lab_poke(lab, flash->registers + flash->ecc_at, flash->ecc_error);
	refused = lab_access(lab, at, 4, false, &word) != BUS_OK;
	flagged = lab_peek(lab, flash->registers + flash->ecc_at) & flash->ecc_error;
	lab_poke(lab, flash->registers + flash->ecc_at, flash->ecc_error);
	assert_false(refused);
	return flagged;
}

/* Neither as it was nor as it should be, or not certain to stay. */
static bool
is_in_between(struct lab *lab, const struct interface *flash, uint32_t at,
	      const uint8_t *old, const uint8_t *wanted)
{
	const uint8_t *now = cells_of(lab).bytes + offset_of(at);

	return is_weak(lab, offset_of(at), flash->granule) ||
	       (memcmp(now, old, flash->granule) && memcmp(now, wanted, flash->granule));
}

static void
assert_ecc_tells(struct run *run, uint32_t at, const uint8_t *old, const uint8_t *wanted)
{
	const struct interface *flash = run->flash;
	bool has_ecc = flash->ecc_at || flash->refuses;
	/* Before a reading: that brings what weak cells like. */
	bool is_between = is_in_between(run->lab, flash, at, old, wanted);

	assert_int_equal(has_ecc_error(run->lab, flash, at), has_ecc && is_between);
	run->ecc_errors += has_ecc && is_between;
}

/* --- state ---------------------------------------------------------------------------------- */

static uint32_t
differing(const struct soc_kept *one, const struct soc_kept *other, const uint8_t *weak)
{
	uint32_t differ = 0;

	assert_int_equal(one->size, other->size);
	if (!weak && !memcmp(one->bytes, other->bytes, one->size))
		return 0;
	for (uint32_t i = 0; i < one->size; i++)
		differ += (one->bytes[i] ^ other->bytes[i]) & (weak ? ~weak[i] : 0xFF);
	return differ;
}

/* The chip in another emulator: what is certain is the same, what is weak is weak, and the
 * ECC, which lies in the information block, tells the same. */
static void
assert_state_survives(struct run *run, unsigned i)
{
	struct wiring wiring = lab_wiring(run->flash->board);
	struct lab *other;
	struct soc_kept kept, kept_there, weak, weak_there;
	bool has_weak;

	if ((i + run->seed) % STATE_EVERY)
		return;
	assert_true(state_save(run->lab->soc, run->state_path));
	other = lab_open_wired(run->flash->board, &wiring);
	assert_true(state_load(other->soc, run->state_path));
	lab_power_up(other);
	has_weak = soc_weak(run->lab->soc, false, &weak);
	assert_int_equal(soc_weak(other->soc, false, &weak_there), has_weak);
	if (has_weak)
		assert_int_equal(differing(&weak, &weak_there, NULL), 0);
	for (unsigned memory = 0; soc_kept(run->lab->soc, memory, &kept); memory++) {
		assert_true(soc_kept(other->soc, memory, &kept_there));
		assert_int_equal(
			differing(&kept, &kept_there,
				  has_weak && kept.size == weak.size ? weak.bytes : NULL),
			0);
	}
	lab_close(other);
}

/* --- the tests ---------------------------------------------------------------------------- */

static void
erase_whole(struct lab *lab, const struct interface *flash)
{
	erase_begin(lab, flash);
	wait_idle(lab, flash);
	lab_poke(lab, flash->registers + flash->end.at, flash->end.value);
}

struct count {
	unsigned unchanged, between, done, differed;
};

static unsigned
ones_in(const uint8_t *bytes, uint32_t size)
{
	unsigned ones = 0;

	for (uint32_t i = 0; i < size * 8; i++)
		ones += bytes[i / 8] >> i % 8 & 1;
	return ones;
}

static void
look_at_an_erase(struct run *run, const struct look *before, const uint8_t *old,
		 struct count *count)
{
	static uint8_t blank[4 * WORDS_LOOKED_AT];
	struct look after, again;

	memset(blank, 0xFF, sizeof(blank));
	for (uint32_t at = 0; at < sizeof(blank); at += run->flash->granule)
		assert_ecc_tells(run, run->flash->target + at, old + at, blank + at);
	look_at(run->lab, run->flash->target, &after);
	look_at(run->lab, run->flash->target, &again);
	if (!memcmp(before, &after, sizeof(after)))
		count->unchanged++;
	else if (is_blank(&after))
		count->done++;
	else
		count->between++;
	if (memcmp(&after, &again, sizeof(after)))
		count->differed++;
}

/* Erases, cuts that short, looks and erases in whole; the number of cells that are 1 then. */
static unsigned
erase_and_cut(struct run *run, unsigned i, struct count *count)
{
	const struct interface *flash = run->flash;
	struct lab *lab = run->lab;
	uint8_t old[4 * WORDS_LOOKED_AT], next[4];
	const uint8_t *cells = cells_of(lab).bytes + offset_of(flash->target);
	struct look before;
	unsigned ones;

	for (uint32_t at = 0; at < sizeof(old); at += flash->granule)
		granule_program(lab, flash, flash->target + at);
	memcpy(old, cells, sizeof(old));
	memcpy(next, cells - sizeof(next), sizeof(next));
	look_at(lab, flash->target, &before);
	erase_begin(lab, flash);
	wire_advance(lab->wire, moment(run, i, flash->erase_ns));
	power_cut(lab, flash);
	ones = ones_in(cells, sizeof(old));
	for (unsigned at = 0; at < sizeof(old); at++)
		assert_int_equal(old[at] & ~cells[at], 0); /* a 1 stays one */
	look_at_an_erase(run, &before, old, count);
	assert_memory_equal(next, cells - sizeof(next), sizeof(next));
	assert_state_survives(run, i);
	erase_whole(lab, flash);
	look_at(lab, flash->target, &before);
	assert_true(is_blank(&before));
	return ones;
}

static void
an_erase_cut_short_leaves_what_its_moment_says(void **state)
{
	/* Of 2048 cells that many are weak at one moment, by CELLS_MARGIN, and by far. */
	enum { WEAK_AT_MOST = 250 };

	for (unsigned seed = 1; seed <= seeds_wanted(); seed++) {
		struct count count = { 0 };
		struct run run;
		unsigned ones = 0;

		run_begin(&run, *state, seed);
		for (unsigned i = 0; i < MOMENTS; i++) {
			unsigned now = erase_and_cut(&run, i, &count);

			assert_true(now + WEAK_AT_MOST >= ones); /* later is further */
			ones = now;
		}
		/* The first fifth changes nothing, the last tenth finishes the work. */
		assert_in_range(count.unchanged, 7, 12);
		assert_in_range(count.done, 3, 7);
		if (!run.flash->refuses)
			assert_in_range(count.differed, 20, MOMENTS);
		run_end(&run);
	}
}

/* Programs a granule behind one that stays, and cuts that short. True: it is as it was. */
static bool
program_and_cut(struct run *run, unsigned i)
{
	const struct interface *flash = run->flash;
	struct lab *lab = run->lab;
	uint32_t at = flash->target + 32;
	uint8_t wanted[32], blank[32];
	const uint8_t *cells = cells_of(lab).bytes + offset_of(at);
	uint32_t neighbour;
	struct look after;
	bool is_unchanged;

	granule_program(lab, flash, at);
	memcpy(wanted, cells, sizeof(wanted)); /* what it would be */
	memset(blank, 0xFF, sizeof(blank));
	erase_whole(lab, flash);
	granule_program(lab, flash, flash->target);
	neighbour = lab_peek(lab, flash->target);
	steps_do(lab, flash, &flash->program, 1);
	granule_store(lab, flash, at);
	wire_advance(lab->wire, moment(run, i, flash->program_ns));
	power_cut(lab, flash);
	is_unchanged = !memcmp(cells, blank, sizeof(blank));
	for (unsigned byte = 0; byte < sizeof(wanted); byte++)
		assert_int_equal(wanted[byte] & ~cells[byte], 0); /* a 1 to be stays one */
	assert_ecc_tells(run, at, blank, wanted);
	assert_int_equal(lab_peek(lab, flash->target), neighbour);
	look_at(lab, flash->target + 64, &after);
	assert_true(is_blank(&after));
	assert_state_survives(run, i);
	erase_whole(lab, flash);
	return is_unchanged;
}

static void
programming_cut_short_touches_its_granule_alone(void **state)
{
	for (unsigned seed = 1; seed <= seeds_wanted(); seed++) {
		unsigned unchanged = 0;
		struct run run;

		run_begin(&run, *state, seed);
		for (unsigned i = 0; i < MOMENTS; i++)
			unchanged += program_and_cut(&run, i);
		assert_in_range(unchanged, 6, 25); /* of 15 cells the first may turn late */
		run_end(&run);
	}
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
