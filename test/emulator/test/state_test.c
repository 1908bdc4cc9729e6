/* SPDX-License-Identifier: MIT */
/* What a chip has in it before power comes: the file of --state, and option bytes. */
#include "test/emulator/test/lab.h"

#include <sys/stat.h>

#include "test/emulator/soc/chip.h"
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/state.h"
#include "test/emulator/test/said.h"

static const uint32_t flash_at = 0x08000000;

struct file {
	char folder[32], path[48];
};

static int
set_up(void **state)
{
	struct file *file = calloc(1, sizeof(*file));

	*state = file; /* tear_down() frees it */
	strcpy(file->folder, "/tmp/state-test.XXXXXX");
	if (!mkdtemp(file->folder))
		return -1;
	snprintf(file->path, sizeof(file->path), "%s/state", file->folder);
	return 0;
}

static int
tear_down(void **state)
{
	struct file *file = *state;

	remove(file->path);
	remove(file->folder);
	free(file);
	return 0;
}

static struct lab *
open_unpowered(const char *board)
{
	struct wiring wiring = lab_wiring(board);

	return lab_open_wired(board, &wiring);
}

static void
power(struct lab *lab)
{
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
}

static void
flash_survives_from_one_run_to_the_next(void **state)
{
	static const uint8_t bytes[] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 };
	const char *path = ((struct file *)*state)->path;
	struct lab *lab = open_unpowered("g473-custom");

	assert_true(soc_preload(lab->soc, flash_at + 0x1000, bytes, sizeof(bytes)));
	assert_true(state_save(lab->soc, path));
	lab_close(lab);
	lab = open_unpowered("g473-custom");
	assert_true(state_load(lab->soc, path));
	power(lab);
	assert_int_equal(lab_peek(lab, flash_at + 0x1000), 0x44332211);
	assert_int_equal(lab_peek(lab, flash_at + 0x1004), 0x88776655);
	assert_int_equal(lab_peek(lab, flash_at), 0xFFFFFFFF);
	lab_close(lab);
}

static void
the_flash_beside_the_chip_survives_block_by_block(void **state)
{
	const char *path = ((struct file *)*state)->path;
	struct lab *lab = open_unpowered("stm32h735g-dk");
	struct soc_kept kept;
	struct stat file;
	uint32_t at;

	assert_false(soc_beside_used(lab->soc, 0, &kept, &at));
	assert_false(soc_beside_block(lab->soc, 0x1000, &kept));
	assert_true(soc_beside_block(lab->soc, 0x3FF0000, &kept));
	memset(kept.bytes, 0x5A, kept.size);
	assert_true(state_save(lab->soc, path));
	lab_close(lab);
	assert_int_equal(stat(path, &file), 0);
	assert_in_range(file.st_size, 1 << 20, 2 << 20); /* the chip's flash, and a block */
	lab = open_unpowered("stm32h735g-dk");
	assert_true(state_load(lab->soc, path));
	assert_true(soc_beside_used(lab->soc, 0, &kept, &at));
	assert_int_equal(at, 0x3FF0000);
	assert_int_equal(kept.bytes[0], 0x5A);
	assert_int_equal(kept.bytes[kept.size - 1], 0x5A);
	assert_false(soc_beside_used(lab->soc, 1, &kept, &at));
	lab_close(lab);
}

/* RM0440 Rev 8, 3.4.2 and 3.7: FLASH_OPTR.DBANK is bit 22. */
enum {
	KEYR = 0x40022008,
	OPTKEYR = 0x4002200C,
	CR = 0x40022014,
	OPTR = 0x40022020,
	DBANK = 1 << 22,
	OPTSTRT = 1 << 17,
	OBL_LAUNCH = 1 << 27
};

static void
make_single_bank(struct lab *lab)
{
	lab_poke(lab, 0x40021048, 0x00000100); /* RCC_AHB1ENR.FLASHEN */
	lab_poke(lab, KEYR, 0x45670123);
	lab_poke(lab, KEYR, 0xCDEF89AB);
	lab_poke(lab, OPTKEYR, 0x08192A3B);
	lab_poke(lab, OPTKEYR, 0x4C5D6E7F);
	lab_poke(lab, OPTR, lab_peek(lab, OPTR) & ~(uint32_t)DBANK);
	lab_poke(lab, CR, OPTSTRT);
	wire_advance(lab->wire, 1000 * MS);
	lab_poke(lab, CR, OBL_LAUNCH);
	wire_advance(lab->wire, 20 * MS);
}

/* With one bank instead of two the controller has its cells in another order. */
static void
option_bytes_survive_with_the_flash_as_they_showed_it(void **state)
{
	const char *path = ((struct file *)*state)->path;
	struct lab *lab = open_unpowered("g473-custom-512k");
	uint8_t bytes[256];
	uint32_t shown[64];

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	assert_true(soc_preload(lab->soc, flash_at, bytes, sizeof(bytes)));
	power(lab);
	make_single_bank(lab);
	for (unsigned i = 0; i < 64; i++)
		shown[i] = lab_peek(lab, flash_at + 4 * i);
	assert_int_not_equal(shown[2], 0x0B0A0908); /* the order did change */
	assert_true(state_save(lab->soc, path));
	lab_close(lab);
	lab = open_unpowered("g473-custom-512k");
	assert_true(state_load(lab->soc, path));
	power(lab);
	lab_poke(lab, 0x40021048, 0x00000100);
	assert_int_equal(lab_peek(lab, OPTR) & DBANK, 0);
	for (unsigned i = 0; i < 64; i++)
		assert_int_equal(lab_peek(lab, flash_at + 4 * i), shown[i]);
	lab_close(lab);
}

static void
a_file_that_is_not_there_is_a_chip_as_bought(void **state)
{
	struct lab *lab = open_unpowered("g473-custom");

	assert_true(state_load(lab->soc, ((struct file *)*state)->path));
	power(lab);
	assert_int_equal(lab_peek(lab, flash_at), 0xFFFFFFFF);
	lab_close(lab);
}

static void
assert_refused(struct lab *lab, const char *path, const char *words)
{
	struct said said;

	said_begin(&said);
	assert_false(state_load(lab->soc, path));
	assert_non_null(strstr(said_end(&said), words));
}

static void
the_file_of_another_chip_is_refused(void **state)
{
	const char *path = ((struct file *)*state)->path;
	struct lab *lab = open_unpowered("g473-custom");

	assert_true(state_save(lab->soc, path));
	lab_close(lab);
	lab = open_unpowered("bluepill-f103");
	assert_refused(lab, path, "it is not of this chip");
	lab_close(lab);
}

static void
a_file_that_was_cut_or_grew_is_refused(void **state)
{
	const char *path = ((struct file *)*state)->path;
	struct lab *lab = open_unpowered("g473-custom");
	struct stat whole;
	FILE *file;

	assert_true(state_save(lab->soc, path));
	assert_int_equal(stat(path, &whole), 0);
	file = fopen(path, "ab");
	fputc('x', file);
	fclose(file);
	assert_refused(lab, path, "it is longer than it should be");
	assert_int_equal(truncate(path, whole.st_size - 1), 0);
	assert_refused(lab, path, "it is cut short");
	lab_close(lab);
}

static void
a_file_that_cannot_be_written_is_reported(void **state)
{
	struct lab *lab = open_unpowered("g473-custom");
	struct said said;

	(void)state;
	said_begin(&said);
	assert_false(state_save(lab->soc, "/no/such/folder/state"));
	assert_non_null(strstr(said_end(&said), "/no/such/folder/state: it cannot be "
						"written: No such file or directory"));
	lab_close(lab);
}

/* --- option bytes ----------------------------------------------------------------- */

/* A flash controller that only notes what it is asked to set. */
struct notebook {
	struct peripheral base;
	char name[16];
	uint32_t first, last;
};

static bool
note(struct peripheral *flash, const char *name, uint32_t first, uint32_t last)
{
	struct notebook *notebook = CONTAINER_OF(flash, struct notebook, base);

	if (strcmp(name, "WRP1A") != 0)
		return false;
	strcpy(notebook->name, name);
	notebook->first = first;
	notebook->last = last;
	return true;
}

static void
ignore(struct peripheral *flash)
{
	(void)flash;
}

static void
ignore_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)peripheral;
	(void)depth;
}

static const struct flash_role notebook_role = { .load_options = ignore, .preset = note };
static const struct peripheral_type notebook_type = { .name = "notebook",
						      .size = sizeof(struct notebook),
						      .reset = ignore_reset,
						      .flash = &notebook_role };
static const struct chip_place notebook_place = { .type = &notebook_type, .size = 4 };

static struct soc *
soc_with_notebook(struct stats *stats)
{
	static struct chip chip;

	chip = *chip_find("STM32G473VB");
	chip.places = &notebook_place;
	chip.places_len = 1;
	return soc_new(&chip, stats);
}

static void
an_option_is_set_to_a_number_or_a_range(void **state)
{
	struct stats stats = { 0 };
	struct soc *soc = soc_with_notebook(&stats);
	struct notebook *notebook = CONTAINER_OF(soc->flash, struct notebook, base);

	(void)state;
	assert_null(soc_preset_option(soc, "WRP1A=0x2-7"));
	assert_string_equal(notebook->name, "WRP1A");
	assert_int_equal(notebook->first, 2);
	assert_int_equal(notebook->last, 7);
	assert_null(soc_preset_option(soc, "WRP1A=5"));
	assert_int_equal(notebook->first, 5);
	assert_int_equal(notebook->last, 5);
	soc_free(soc);
}

static void
an_impossible_option_is_refused(void **state)
{
	static const struct {
		const char *option, *words;
	} cases[] = {
		{ "RPD=1", "this chip has no such option, or the option no such value" },
		{ "WRP1A", "NAME=VALUE is wanted" },
		{ "=1", "NAME=VALUE is wanted" },
		{ "WRP1A=x", "the value is a number, or a range as 0-3" },
		{ "WRP1A=3-1", "the value is a number, or a range as 0-3" },
		{ "WRP1A=1-2-3", "the value is a number, or a range as 0-3" },
		{ "WRP1A=-1", "the value is a number, or a range as 0-3" },
		{ "WRP1A=0x100000000", "the value is a number, or a range as 0-3" },
	};
	struct stats stats = { 0 };
	struct soc *soc = soc_with_notebook(&stats);

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(soc_preset_option(soc, cases[i].option),
				    cases[i].words);
	soc_free(soc);
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FILE(flash_survives_from_one_run_to_the_next),
		WITH_FILE(the_flash_beside_the_chip_survives_block_by_block),
		WITH_FILE(option_bytes_survive_with_the_flash_as_they_showed_it),
		WITH_FILE(a_file_that_is_not_there_is_a_chip_as_bought),
		WITH_FILE(the_file_of_another_chip_is_refused),
		WITH_FILE(a_file_that_was_cut_or_grew_is_refused),
		cmocka_unit_test(a_file_that_cannot_be_written_is_reported),
		cmocka_unit_test(an_option_is_set_to_a_number_or_a_range),
		cmocka_unit_test(an_impossible_option_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
