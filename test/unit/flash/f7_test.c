/* SPDX-License-Identifier: MIT */
/*
 * The algorithm of STM32F7 at work, on a model of its controller and of a Cortex-M7's data cache, and
 * its option bytes by what is written: ST's stm32f746xx.h, stm32f767xx.h, stm32f722xx.h and HAL; RM0090
 * Rev 19, 3.6 to 3.9 for what is as on F4; DDI 0403E.e B2.2.7. The rows are those of the device table.
 */
#define FLASH_ALGORITHMS_WORDS_H
#include "flash/algorithms/parameters.h"
#include "flash/algorithms/status.h"

#include <stdint.h>

/* In place of words.h: each access to the chip begins with one of these. */
static volatile uint32_t *word_at(uint32_t at);
static volatile uint16_t *half_word_at(uint32_t at);
static volatile uint8_t *byte_at(uint32_t at);
static void pipeline_flush(void);
static void watchdog_feed(const struct parameters *chip);

/* NOLINTNEXTLINE(bugprone-suspicious-include): the code itself is what is tested */
#include "flash/algorithms/f7.c"

#include "flash/interfaces/driver.h"
#include "flash/load/load.h"
#include "flash/options/options.h"
#include "test/unit/flash/fake_chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flash/algorithms/f7_algorithm.h"

enum {
	FLASH_AT = 0x40023c00,
	REGISTERS = 0x24,
	ACR = 0x00,
	KEYR = 0x04,
	SR = 0x0c,
	CR = 0x10,
	OPTCR = 0x14,
	OPTCR1 = 0x18,
	OPTCR2 = 0x1c,
	MAX_WRITES = 16,
	LARGE = 32768,
	PATTERN = 0x20010000
};
/* As ST ships them: RDP 0xaa, nWRP 0xff, no watchdog, the boot addresses. */
#define OPTCR_NEW  0xc0ffaafdu
#define OPTCR1_NEW 0x00400080u

enum {
	CR_PG = 1 << 0,
	CR_SER = 1 << 1,
	CR_SNB_LSB = 3,
	CR_PSIZE_LSB = 8,
	CR_STRT = 1 << 16
};
enum { SR_PGPERR = 1 << 6, SR_ERSERR = 1 << 7, ARTEN = 1 << 9, ARTRST = 1 << 11 };
enum { LINE = 32, LINES = CHIP_FLASH_SIZE / LINE };
#define CR_LOCK    0x80000000u
#define CTR_AT     0xe000ed7cu
#define ICIALLU_AT 0xe000ef50u
#define DCIMVAC_AT 0xe000ef5cu
/* What no test writes. */
#define UNWRITTEN 0x5ce11ed5u

/* --- the model ------------------------------------------------------------------------------ */

static struct {
	struct fake_chip *chip;
	uint32_t acr, cr, sr, key, supply_bytes;
	bool is_busy; /* nobody has looked at FLASH_SR since the last operation */
	/* Of the data cache: which lines it holds, and what is in them. */
	bool is_cached[LINES];
	uint8_t cache[CHIP_FLASH_SIZE];
	unsigned art_resets, flushes, stores, widths[5];
	/* Handed out, to be looked at when the next access comes. */
	uint32_t at, before;
	unsigned width;
	volatile uint32_t window[4];
} model;

static void
model_reset(struct fake_chip *chip)
{
	memset(&model, 0, sizeof(model));
	model.chip = chip;
	model.acr = ARTEN | 7;
	model.cr = CR_LOCK;
}

static bool
is_flash(uint32_t at)
{
	return at >= CHIP_FLASH_AT && at < CHIP_FLASH_AT + CHIP_FLASH_SIZE;
}

/* As the core reads: a line that it has is not fetched again. */
static uint32_t
read_flash(uint32_t at)
{
	uint32_t offset = at - CHIP_FLASH_AT, line = offset / LINE;

	if (!model.is_cached[line])
		memcpy(model.cache + line * LINE, model.chip->flash + line * LINE, LINE);
	model.is_cached[line] = true;
	return le32_get(model.cache + offset);
}

/* Of the bytes that are stored only those bits that are 0 are programmed. */
static void
program(uint32_t at, uint32_t value, unsigned width)
{
	uint8_t *flash = model.chip->flash + (at - CHIP_FLASH_AT);

	assert_false(model.is_busy);
	model.is_busy = true;
	model.stores++;
	model.widths[width]++;
	if ((model.cr & CR_LOCK) != 0 || (model.cr & CR_PG) == 0)
		model.sr |= SR_ERSERR;
	else if (width != 1u << (model.cr >> CR_PSIZE_LSB & 3))
		model.sr |= SR_PGPERR;
	else
		for (unsigned i = 0; i < width; i++)
			flash[i] &= (uint8_t)(value >> 8 * i);
}

/* 4 sectors of 32 KiB are all of the fake's flash. */
static void
start(void)
{
	uint32_t number = model.cr >> CR_SNB_LSB & 0x1f;

	assert_true((model.cr & CR_SER) != 0 && (model.cr & CR_PG) == 0);
	assert_true(number < CHIP_FLASH_SIZE / LARGE);
	memset(model.chip->flash + number * LARGE, 0xff, LARGE);
	model.is_busy = true;
}

static void
write_cr(uint32_t value)
{
	assert_true((model.cr & CR_LOCK) == 0);
	model.cr = value & ~(uint32_t)CR_STRT;
	if ((value & CR_STRT) != 0)
		start();
}

/* The cache of ART is reset while it is off. */
static void
write_acr(uint32_t value)
{
	if ((value & ARTRST) != 0) {
		assert_true(((value | model.acr) & ARTEN) == 0);
		model.art_resets++;
	}
	model.acr = value;
}

static void
write_key(uint32_t value)
{
	if (model.key == 0x45670123 && value == 0xcdef89ab)
		model.cr &= ~CR_LOCK;
	else
		assert_int_equal(value, 0x45670123);
	model.key = value;
}

static void
write_word(uint32_t at, uint32_t value)
{
	switch (at) {
	case FLASH_AT + ACR:
		write_acr(value);
		break;
	case FLASH_AT + KEYR:
		write_key(value);
		break;
	case FLASH_AT + SR:
		model.sr &= ~value;
		break;
	case FLASH_AT + CR:
		write_cr(value);
		break;
	case DCIMVAC_AT:
		model.is_cached[(value - CHIP_FLASH_AT) / LINE] = false;
		break;
	default:
		break;
	}
}

/* What became of the word that was handed out last. */
static void
finish_access(void)
{
	uint32_t value = model.window[0];

	if (model.at == 0 || (value == model.before && model.width == 4))
		return;
	if (is_flash(model.at))
		program(model.at, value, model.width);
	else
		write_word(model.at, value);
}

static uint32_t
register_at(uint32_t at)
{
	switch (at) {
	case FLASH_AT + ACR:
		return model.acr;
	case FLASH_AT + SR:
		model.is_busy = false;
		return model.sr;
	case FLASH_AT + CR:
		return model.cr;
	case CTR_AT:
		return 0x8303c003; /* lines of 8 words */
	default:
		return UNWRITTEN;
	}
}

/* Flash is read while it is locked, and only written while it is not. */
static volatile uint32_t *
hand_out(uint32_t at, unsigned width)
{
	bool is_read = is_flash(at) && (model.cr & CR_LOCK) != 0;

	finish_access();
	model.at = at;
	model.width = width;
	for (unsigned i = 0; i < 4; i++)
		model.window[i] = is_read ? read_flash(at + 4 * i) : UNWRITTEN;
	if (!is_flash(at))
		model.window[0] = register_at(at);
	model.before = model.window[0];
	return model.window;
}

static volatile uint32_t *
word_at(uint32_t at)
{
	return hand_out(at, 4);
}

static volatile uint16_t *
half_word_at(uint32_t at)
{
	return (volatile uint16_t *)hand_out(at, 2);
}

static volatile uint8_t *
byte_at(uint32_t at)
{
	return (volatile uint8_t *)hand_out(at, 1);
}

static void
pipeline_flush(void)
{
	model.flushes++;
}

static void
watchdog_feed(const struct parameters *chip)
{
	*word_at(chip->watchdog) = WATCHDOG_RELOAD;
}

/* --- a load --------------------------------------------------------------------------------- */

struct bench {
	struct fake_chip chip;
	struct load_request request;
	struct job *job;
	struct reason why;
	uint8_t *registers;
	struct parameters parameters; /* of the last call */
	uint32_t optcr;
	struct {
		uint32_t offset, value;
	} writes[MAX_WRITES];
	unsigned writes_len;
	struct {
		uint32_t at, size, number;
	} erased[4];
	unsigned erased_len;
};
static struct bench *bench_now;

struct dap *
board_dap(struct board *board)
{
	(void)board;
	return &chip_now->dap;
}

void
board_expect_reset(struct board *board)
{
	(void)board;
}

static void
note_parameters(struct bench *bench, uint32_t at)
{
	uint32_t *words = (uint32_t *)&bench->parameters;

	for (size_t i = 0; i < sizeof(bench->parameters) / sizeof(*words); i++)
		words[i] = le32_get(bench->chip.ram + (at - CHIP_RAM_AT) + 4 * i);
}

/* All that the cache holds is what the flash holds. */
static void
assert_nothing_is_stale(void)
{
	for (uint32_t line = 0; line < LINES; line++)
		if (model.is_cached[line])
			assert_memory_equal(model.cache + line * LINE,
					    model.chip->flash + line * LINE, LINE);
}

/* The controller is locked behind each call, and no cache has what was before. */
static uint32_t
leave(uint32_t status)
{
	(void)word_at(FLASH_AT + SR);
	assert_int_equal(model.cr & CR_LOCK, CR_LOCK);
	assert_int_equal(model.acr, ARTEN | 7);
	assert_nothing_is_stale();
	return status;
}

static uint32_t
erase_sector(struct bench *bench, uint32_t at, uint32_t size, uint32_t number)
{
	assert_true(bench->erased_len < array_len(bench->erased));
	bench->erased[bench->erased_len].at = at;
	bench->erased[bench->erased_len].size = size;
	bench->erased[bench->erased_len++].number = number;
	return leave(EraseSector(at, size, number, &bench->parameters));
}

static uint32_t
f7_call(struct fake_chip *chip, uint32_t function, const uint32_t *r)
{
	uint32_t code_at = chip_code_at(chip, f7_code, sizeof(f7_code));

	note_parameters(bench_now, r[3]);
	switch (function - 1 - code_at) {
	case F7_EraseSector:
		return erase_sector(bench_now, r[0], r[1], r[2]);
	case F7_ProgramPage:
		return leave(ProgramPage(r[0], r[1], chip->ram + (r[2] - CHIP_RAM_AT),
					 &bench_now->parameters));
	case F7_Init:
		return Init(r[0], r[1], r[2], &bench_now->parameters);
	default:
		return UnInit(r[0]);
	}
}

static int
set_up_part(void **state, const char *part, uint32_t kib)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	chip_open(&bench->chip, device_by_name(&device_table, part), kib);
	bench->chip.call = f7_call;
	bench->registers = fake_probe_memory(bench->chip.fake, FLASH_AT, REGISTERS);
	memset(bench->registers, 0, REGISTERS);
	le32_put(bench->registers + OPTCR, OPTCR_NEW);
	le32_put(bench->registers + OPTCR1, OPTCR1_NEW);
	bench->optcr = OPTCR_NEW;
	model_reset(&bench->chip);
	bench_now = *state = bench;
	return 0;
}

static int
set_up(void **state)
{
	return set_up_part(state, "STM32F746ZG", 1024);
}

static int
set_up_f72(void **state)
{
	return set_up_part(state, "STM32F722ZE", 512);
}

static int
tear_down(void **state)
{
	struct bench *bench = *state;

	job_free(bench->job);
	load_request_clear(&bench->request);
	chip_close(&bench->chip);
	free(bench);
	return 0;
}

static enum cause
begin_load(struct bench *bench, uint32_t at)
{
	uint8_t bytes[256];

	for (unsigned i = 0; i < sizeof(bytes); i += 4)
		le32_put(bytes + i, PATTERN + i);
	assert_int_equal(
		image_add(&bench->request.image, at, bytes, sizeof(bytes), &bench->why),
		CAUSE_NONE);
	return load_begin(&bench->chip.core, &bench->chip.board, &bench->request,
			  &bench->job, &bench->why);
}

static enum cause
load_at(struct bench *bench, uint32_t at)
{
	assert_int_equal(begin_load(bench, at), CAUSE_NONE);
	return job_run(bench->job, bench->chip.fake->probe.clock, &bench->why);
}

/* 4 sectors of 32 KiB, one of 128, then of 256; at 3.3 V four bytes at once. */
static void
a_sector_is_erased_by_its_number_and_programmed_as_wide_as_psize_says(void **state)
{
	struct bench *bench = *state;
	const struct parameters *chip = &bench->parameters;

	assert_int_equal(load_at(bench, CHIP_FLASH_AT + 2 * LARGE), CAUSE_NONE);
	assert_int_equal(le32_get(bench->chip.flash + 2 * LARGE), PATTERN);
	assert_int_equal(bench->erased_len, 1);
	assert_int_equal(bench->erased[0].at, 0x08010000);
	assert_int_equal(bench->erased[0].size, LARGE);
	assert_int_equal(bench->erased[0].number, 2);
	assert_int_equal(chip->registers, 0x40023c00);
	assert_int_equal(chip->keyr, 0x40023c04);
	assert_int_equal(chip->sr, 0x40023c0c);
	assert_int_equal(chip->clear, 0x40023c0c);
	assert_int_equal(chip->cr, 0x40023c10);
	assert_int_equal(chip->lock, 0x80000000);
	assert_int_equal(chip->busy, 0x00010000);
	assert_int_equal(chip->errors, 0x000000f2);
	assert_int_equal(chip->granule, 4);
	assert_int_equal(chip->program, 0x00000201);
	assert_int_equal(chip->erase, 0x00000202);
	assert_int_equal(chip->erase_bank, 0x00000204);
	assert_int_equal(chip->number_lsb, 3);
	assert_int_equal(chip->start, 0x00010000);
	assert_int_equal(chip->caches, 0x00000200); /* ARTEN */
}

/* The blank check reads by the data cache, in which the program had what was there before. */
static void
no_cache_holds_what_was_before(void **state)
{
	struct bench *bench = *state;

	for (uint32_t at = 0; at < LARGE; at += LINE)
		(void)read_flash(CHIP_FLASH_AT + at);
	assert_int_equal(load_at(bench, CHIP_FLASH_AT), CAUSE_NONE);
	assert_int_equal(bench->erased_len, 1);
	assert_int_equal(model.widths[4], 64);
	assert_int_equal(model.art_resets, 2);
	assert_int_equal(model.flushes, 2);
}

static void
program_with(struct bench *bench, unsigned supply_mv, const uint8_t *bytes, uint32_t size)
{
	const struct memory_entry *flash = bench->chip.board.chip.memories[0].entry;
	struct flash_surroundings around = { .watchdog_at = 0x40003000,
					     .supply_mv = supply_mv };
	struct parameters parameters;

	for (size_t i = 1; flash->kind != MEMORY_FLASH; i++)
		flash = bench->chip.board.chip.memories[i].entry;
	parameters = flash_driver_parameters(&flash_driver_f7, flash, &around);
	memset(bench->chip.flash, 0xff, 64);
	assert_int_equal(leave(ProgramPage(CHIP_FLASH_AT, size, bytes, &parameters)), 0);
	assert_memory_equal(bench->chip.flash, bytes, size);
}

/* RM0090 Rev 19, 3.6.2. What is erased already is not stored. */
static void
each_store_is_as_wide_as_the_supply_allows(void **state)
{
	_Alignas(4) static const uint8_t bytes[16] = { 1,    2, 3, 4,    0xff, 0xff, 0xff,
						       0xff, 5, 6, 0xff, 0xff, 0xff, 7 };
	struct bench *bench = *state;

	program_with(bench, 3300, bytes, sizeof(bytes));
	assert_int_equal(model.widths[4], 3);
	program_with(bench, 2400, bytes, sizeof(bytes));
	assert_int_equal(model.widths[2], 5);
	program_with(bench, 1800, bytes, sizeof(bytes));
	assert_int_equal(model.widths[1], 9);
	assert_int_equal(model.stores, 17);
}

static const struct memory_entry *
flash_of(const struct memory_entry *memories, unsigned number)
{
	while (memories->kind != MEMORY_FLASH || memories->number != number)
		memories++;
	return memories;
}

static struct parameters
parameters_for(const struct memory_entry *bank)
{
	struct flash_surroundings around = { .supply_mv = 3300 };

	return flash_driver_parameters(flash_driver_for(bank->interface), bank, &around);
}

/* FLASH_CR: MER1 2, MER2 15, PSIZE 9:8; sectors 12 to 23 are 16 to 27 in SNB. */
static void
banks_of_an_f76_are_erased_by_bits_of_their_own_and_one_bank_by_both(void **state)
{
	const struct device *device = device_by_name(&device_table, "STM32F767ZI");
	const struct memory_entry *second = flash_of(device->layouts[0].memories, 2);
	const struct memory_entry *half = flash_of(device->layouts[1].memories, 2);
	const struct memory_entry *one = flash_of(device->layouts[2].memories, 1);

	(void)state;
	assert_int_equal(second->base, 0x08100000);
	assert_int_equal(second->first_sector, 16);
	assert_int_equal(second->runs[0].size, 16384);
	assert_int_equal(half->base, 0x08080000);
	assert_int_equal(half->first_sector, 16);
	assert_int_equal(one->runs[2].size, 262144);
	assert_int_equal(
		parameters_for(flash_of(device->layouts[0].memories, 1)).erase_bank,
		0x00000204);
	assert_int_equal(parameters_for(second).erase_bank, 0x00008200);
	assert_int_equal(parameters_for(second).program, 0x00000201);
	assert_int_equal(parameters_for(one).erase_bank, 0x00008204);
}

static const struct protection_register *
protection_of(const struct flash_interface *interface, unsigned bank)
{
	const struct protection_register *row = flash_driver_for(interface)->protections;

	while (row->bank != bank || !flash_driver_has(row, interface))
		row++;
	return row;
}

static bool
protects(const struct flash_interface *interface, uint32_t optcr, unsigned bank,
	 uint32_t index, uint32_t sectors)
{
	struct protection_register row =
		flash_driver_narrowed(protection_of(interface, bank), sectors);

	return flash_driver_protects(&row, optcr, bank, index, 0);
}

/* HAL: OB_WRP_SECTOR_11, OB_WRP_DB_SECTOR_2 to _23. */
static void
a_bit_of_nwrp_is_for_one_sector_of_one_bank_and_for_two_of_two(void **state)
{
	const struct flash_interface *dual = &flash_interface_f76_dual;

	(void)state;
	assert_true(protects(&flash_interface_f76, 0xf7ffaafd, 1, 11, 12));
	assert_false(protects(&flash_interface_f76, 0xf7ffaafd, 1, 10, 12));
	assert_true(protects(dual, 0xdffdaafd, 1, 2, 12));
	assert_true(protects(dual, 0xdffdaafd, 1, 3, 12));
	assert_false(protects(dual, 0xdffdaafd, 1, 4, 12));
	assert_false(protects(dual, 0xdffdaafd, 2, 18, 12));
	assert_true(protects(dual, 0xdfbfaafd, 2, 17, 12)); /* sector 13 */
	assert_false(protects(dual, 0xdfbfaafd, 2, 18, 12));
	assert_false(protects(dual, 0xdfbfaafd, 1, 11, 12));
	assert_true(protects(dual, 0xd7ffaafd, 2, 27, 12)); /* sector 23 */
	assert_false(protects(dual, 0xd7ffaafd, 2, 27, 8)); /* 1 MiB has none */
	/* Of F74x bits 27 to 24 are reserved, and read as they like. */
	assert_false(protects(&flash_interface_f7, 0xc0ffaafd, 1, 8, 8));
}

static void
a_write_protected_sector_is_named_before_anything_is_erased(void **state)
{
	struct bench *bench = *state;
	char line[REASON_SPACE];

	le32_put(bench->registers + OPTCR, 0xc0fbaafd);
	assert_int_equal(load_at(bench, CHIP_FLASH_AT + 2 * LARGE), CAUSE_PROTECTED);
	reason_line(&bench->why, line, sizeof(line));
	assert_non_null(strstr(line, "nothing was erased: the sector of 32768 bytes at "
				     "0x08010000 (number 2 of bank 1) is write-protected"));
	assert_int_equal(reason_finding(&bench->why), FINDING_D4);
	assert_int_equal(bench->erased_len, 0);
}

/* FLASH_OPTCR2.PCROPi. */
static void
a_sector_that_pcrop_protects_is_named_before_anything_is_erased(void **state)
{
	struct bench *bench = *state;
	char line[REASON_SPACE];

	le32_put(bench->registers + OPTCR2, 0x80000002);
	assert_int_equal(load_at(bench, CHIP_FLASH_AT + 16384), CAUSE_PROTECTED);
	reason_line(&bench->why, line, sizeof(line));
	assert_non_null(strstr(line, "(number 1 of bank 1) is protected by PCROP"));
	assert_non_null(strstr(line, "PCROP of FLASH_OPTCR2: 0x08004000 to 0x08007fff"));
	assert_int_equal(reason_finding(&bench->why), FINDING_D5);
}

static void
a_sector_beside_one_that_pcrop_protects_is_loaded(void **state)
{
	struct bench *bench = *state;

	le32_put(bench->registers + OPTCR2, 0x80000002);
	assert_int_equal(load_at(bench, CHIP_FLASH_AT), CAUSE_NONE);
	assert_int_equal(bench->erased[0].size, 16384);
}

static void
a_load_to_where_the_itcm_shows_flash_names_its_address_on_the_axi_bus(void **state)
{
	struct bench *bench = *state;
	char line[REASON_SPACE];

	assert_int_equal(begin_load(bench, 0x00200100), CAUSE_REQUEST);
	reason_line(&bench->why, line, sizeof(line));
	assert_non_null(strstr(line, "0x00200100 is in flash (ITCM), which is read there: "
				     "it is programmed at 0x08000100"));
}

/* FLASH_OPTKEYR and FLASH_OPTCR: OPTLOCK is opened by the second key. */
static enum swd_ack
options_hook(void *context, struct fake_access *access)
{
	struct bench *bench = context;
	uint32_t offset = access->at - FLASH_AT;

	if (!access->is_write) {
		access->value = offset == OPTCR    ? bench->optcr
				: offset == OPTCR1 ? OPTCR1_NEW
						   : 0;
		return ACK_OK;
	}
	assert_true(bench->writes_len < MAX_WRITES);
	bench->writes[bench->writes_len].offset = offset;
	bench->writes[bench->writes_len++].value = access->value;
	if (offset == 0x08 && access->value == 0x4c5d6e7f)
		bench->optcr &= ~1u;
	if (offset == OPTCR)
		bench->optcr = access->value & ~2u;
	return ACK_OK;
}

/* OPTCR is written last, and then with OPTSTRT; FLASH_KEYR is not touched. */
static void
option_bytes_are_unlocked_written_and_started(void **state)
{
	static const struct {
		uint32_t offset, value;
	} wanted[] = {
		{ 0x08, 0x08192a3b },   { 0x08, 0x4c5d6e7f },  { 0x0c, 0x00000012 },
		{ OPTCR1, 0x00402000 }, { OPTCR, 0xc0feaafc }, { OPTCR, 0xc0feaafe },
		{ OPTCR, 0xc0feaafd },
	};
	static const char *const changes[] = { "BOOT_ADD0=0x2000", "nWRP=0xfe" };
	struct bench *bench = *state;
	const struct option_set *set = options_of(&bench->chip.board.chip);
	struct option_values before, after;

	fake_probe_hook(bench->chip.fake, FLASH_AT, REGISTERS, options_hook, bench);
	assert_int_equal(options_read(set, &bench->chip.core, 0x449, &before, &bench->why),
			 CAUSE_NONE);
	after = before;
	for (size_t i = 0; i < array_len(changes); i++)
		assert_int_equal(
			options_assign(set, 0x449, changes[i], &after, &bench->why),
			CAUSE_NONE);
	bench->job = options_write(set, &bench->chip.board, &before, &after);
	assert_int_equal(job_run(bench->job, bench->chip.fake->probe.clock, &bench->why),
			 CAUSE_NONE);
	assert_int_equal(bench->writes_len, array_len(wanted));
	for (size_t i = 0; i < array_len(wanted); i++) {
		assert_int_equal(bench->writes[i].offset, wanted[i].offset);
		assert_int_equal(bench->writes[i].value, wanted[i].value);
	}
}

int
main(void)
{
#define TEST(name_)     cmocka_unit_test_setup_teardown(name_, set_up, tear_down)
#define F72_TEST(name_) cmocka_unit_test_setup_teardown(name_, set_up_f72, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_sector_is_erased_by_its_number_and_programmed_as_wide_as_psize_says),
		TEST(no_cache_holds_what_was_before),
		TEST(each_store_is_as_wide_as_the_supply_allows),
		cmocka_unit_test(
			banks_of_an_f76_are_erased_by_bits_of_their_own_and_one_bank_by_both),
		cmocka_unit_test(
			a_bit_of_nwrp_is_for_one_sector_of_one_bank_and_for_two_of_two),
		TEST(a_write_protected_sector_is_named_before_anything_is_erased),
		F72_TEST(a_sector_that_pcrop_protects_is_named_before_anything_is_erased),
		F72_TEST(a_sector_beside_one_that_pcrop_protects_is_loaded),
		TEST(a_load_to_where_the_itcm_shows_flash_names_its_address_on_the_axi_bus),
		TEST(option_bytes_are_unlocked_written_and_started),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
