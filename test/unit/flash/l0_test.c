/* SPDX-License-Identifier: MIT */
/*
 * The algorithm of STM32L0 and L1 at work, on a model of FLASH_PECR made from ST's HAL
 * (stm32l0xx_hal_flash*, stm32l1xx_hal_flash*) and RM0367 Rev 8, 3.3; and their option bytes by what is
 * written. The rows are those of the device table.
 */
#define FLASH_ALGORITHMS_WORDS_H
#include "flash/algorithms/parameters.h"
#include "flash/algorithms/status.h"

#include <stdint.h>

/* In place of words.h: each access to the chip begins with one of these. */
static volatile uint32_t *word_at(uint32_t at);
static volatile uint16_t *half_word_at(uint32_t at);
static volatile uint8_t *byte_at(uint32_t at);
static void watchdog_feed(const struct parameters *chip);

/* NOLINTNEXTLINE(bugprone-suspicious-include): the code itself is what is tested */
#include "flash/algorithms/l0.c"

#include "flash/interfaces/driver.h"
#include "flash/load/load.h"
#include "flash/options/options.h"
#include "test/unit/flash/fake_chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "flash/algorithms/l0_algorithm.h"

enum {
	PECR = 0x04,
	PEKEYR = 0x0c,
	PRGKEYR = 0x10,
	OPTKEYR = 0x14,
	SR = 0x18,
	OPTR = 0x1c,
	WRPR = 0x20,
	WRPR2 = 0x80,
	REGISTERS = 0x90
};
enum { PELOCK = 1 << 0, PRGLOCK = 1 << 1, OPTLOCK = 1 << 2, PROG = 1 << 3 };
enum { ERASE = 1 << 9, FPRG = 1 << 10, LOCKS = PELOCK | PRGLOCK | OPTLOCK };
enum { WRPERR = 1 << 8, PGAERR = 1 << 9, NOTZEROERR = 1 << 16 };
enum { PAGE_MAX = 256, WINDOW_WORDS = PAGE_MAX / 4, OPTIONS_AT = 0x1ff80000 };
/* What no test writes. */
#define UNWRITTEN 0x5ce11ed5u

/* --- the model ------------------------------------------------------------------------------ */

/* What was done to flash: a page erased, half a page or a word programmed. */
struct operation {
	char what; /* 'e', 'h', 'w' */
	uint32_t at;
};

static struct {
	struct fake_chip *chip;
	uint32_t base, page, half_page;
	uint32_t pecr, sr;
	uint32_t keys[2]; /* that came last to PEKEYR and PRGKEYR */
	bool is_shut;     /* for a wrong key, until the next reset */
	bool is_busy;     /* nobody has looked at FLASH_SR since the last operation */
	/* Handed out, to be looked at when the next access comes. */
	uint32_t at, before;
	volatile uint32_t window[WINDOW_WORDS];
	struct operation log[600];
	unsigned log_len;
} model;

static void
note(char what, uint32_t at)
{
	assert_true(model.log_len < array_len(model.log));
	model.log[model.log_len++] = (struct operation){ what, at };
}

static void
model_reset(struct fake_chip *chip, uint32_t base, uint32_t page)
{
	memset(&model, 0, sizeof(model));
	model.chip = chip;
	model.base = base;
	model.page = page;
	model.half_page = page / 2;
	model.pecr = LOCKS;
}

/* The two keys of a register, in their order, and once; anything else shuts it. */
static void
take_key(unsigned which, uint32_t first, uint32_t second, uint32_t lock, uint32_t key)
{
	bool is_second = model.keys[which] == first;

	if ((model.pecr & lock) == 0 || (lock != PELOCK && (model.pecr & PELOCK) != 0) ||
	    key != (is_second ? second : first))
		model.is_shut = true;
	model.keys[which] = key;
	if (is_second && !model.is_shut)
		model.pecr &= ~lock;
}

static void
write_pecr(uint32_t value)
{
	if ((model.pecr & PELOCK) != 0)
		fail_msg("FLASH_PECR is written while PELOCK is set");
	if ((value & PELOCK) != 0)
		value = LOCKS;
	/* A lock that is set stays so. */
	model.pecr = value | (model.pecr & LOCKS);
}

static uint8_t *
flash_at(uint32_t at)
{
	return model.chip->flash + (at - CHIP_FLASH_AT);
}

static void
program_word(uint32_t at, uint32_t value)
{
	uint32_t old = le32_get(flash_at(at));

	if (old != 0)
		model.sr |= NOTZEROERR;
	le32_put(flash_at(at), old | value);
}

static void
store_words(uint32_t at, const uint32_t *words, unsigned len)
{
	uint32_t bits = model.pecr & (ERASE | FPRG | PROG);

	assert_false(model.is_busy);
	model.is_busy = true;
	if ((model.pecr & (PELOCK | PRGLOCK)) != 0) {
		model.sr |= WRPERR;
	} else if (bits == (ERASE | PROG)) {
		assert_int_equal(at % model.page, 0);
		assert_int_equal(len, 1);
		memset(flash_at(at), 0, model.page);
		note('e', at);
	} else if (bits == (FPRG | PROG)) {
		if (at % model.half_page != 0 || len * 4 != model.half_page)
			model.sr |= PGAERR;
		for (unsigned i = 0; i < len; i++)
			program_word(at + 4 * i, words[i]);
		note('h', at);
	} else {
		assert_int_equal(bits, 0);
		assert_int_equal(len, 1);
		program_word(at, words[0]);
		note('w', at);
	}
}

static void
look_at_window(void)
{
	uint32_t words[WINDOW_WORDS];
	unsigned len = 0;

	while (len < WINDOW_WORDS && model.window[len] != UNWRITTEN) {
		words[len] = model.window[len];
		len++;
	}
	if (len > 0)
		store_words(model.at, words, len);
}

/* What became of the word that was handed out last. */
static void
finish_access(void)
{
	uint32_t value = model.window[0], offset = model.at - model.base;

	if (model.at == 0)
		return;
	if (model.at >= CHIP_FLASH_AT && model.at < CHIP_FLASH_AT + CHIP_FLASH_SIZE) {
		if ((model.pecr & PRGLOCK) == 0)
			look_at_window();
	} else if (value == model.before) {
		return;
	} else if (offset == PEKEYR) {
		take_key(0, 0x89abcdef, 0x02030405, PELOCK, value);
	} else if (offset == PRGKEYR) {
		take_key(1, 0x8c9daebf, 0x13141516, PRGLOCK, value);
	} else if (offset == PECR) {
		write_pecr(value);
	} else if (offset == SR) {
		model.sr &= ~value;
	} else if (offset < REGISTERS) {
		fail_msg("0x%08x is written", (unsigned)model.at);
	}
}

static uint32_t
register_at(uint32_t offset)
{
	if (offset == SR)
		model.is_busy = false;
	return offset == SR ? model.sr : offset == PECR ? model.pecr : UNWRITTEN;
}

/* Flash is read while it is locked, and only written while it is not. */
static volatile uint32_t *
word_at(uint32_t at)
{
	bool is_flash = at >= CHIP_FLASH_AT && at < CHIP_FLASH_AT + CHIP_FLASH_SIZE;

	finish_access();
	model.at = at;
	for (unsigned i = 0; i < WINDOW_WORDS; i++)
		model.window[i] = UNWRITTEN;
	if (!is_flash)
		model.window[0] = register_at(at - model.base);
	else if ((model.pecr & PRGLOCK) != 0)
		for (unsigned i = 0; i < BLOCK_BYTES / 4; i++)
			model.window[i] = le32_get(flash_at(at + 4 * i));
	model.before = model.window[0];
	return model.window;
}

static volatile uint16_t *
half_word_at(uint32_t at)
{
	fail_msg("a half-word at 0x%08x", (unsigned)at);
	return NULL;
}

static volatile uint8_t *
byte_at(uint32_t at)
{
	fail_msg("a byte at 0x%08x", (unsigned)at);
	return NULL;
}

static void
watchdog_feed(const struct parameters *chip)
{
	*word_at(chip->watchdog) = WATCHDOG_RELOAD;
}

static uint32_t
call(struct fake_chip *chip, uint32_t function, const uint32_t *r)
{
	uint32_t code_at = chip_code_at(chip, l0_code, sizeof(l0_code)), status = 0;
	struct parameters parameters;
	uint32_t *words = (uint32_t *)&parameters;

	for (size_t i = 0; i < sizeof(parameters) / sizeof(*words); i++)
		words[i] = le32_get(chip->ram + (r[3] - CHIP_RAM_AT) + 4 * i);
	switch (function - 1 - code_at) {
	case L0_Init:
		return Init(r[0], r[1], r[2], &parameters);
	case L0_EraseSector:
		status = EraseSector(r[0], r[1], r[2], &parameters);
		break;
	case L0_ProgramPage:
		status = ProgramPage(r[0], r[1], chip->ram + (r[2] - CHIP_RAM_AT),
				     &parameters);
		break;
	default:
		return UnInit(r[0]);
	}
	(void)word_at(model.base);
	assert_int_equal(model.pecr, LOCKS);
	return status;
}

/* --- a load --------------------------------------------------------------------------------- */

struct bench {
	struct fake_chip chip;
	struct load_request request;
	struct job *job;
	struct reason why;
	uint8_t *registers, *options;
	struct {
		uint32_t at, value;
	} writes[32];
	unsigned writes_len;
};

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

struct part {
	const char *name;
	uint32_t kib, base, page;
	uint8_t features;
};

/* Flash that reads 0 is erased: a chip of these has nothing else at first. */
static int
set_up_part(void **state, const struct part *part)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	chip_open(&bench->chip, device_by_name(&device_table, part->name), part->kib);
	bench->chip.call = call;
	bench->chip.core.identity.features = part->features;
	bench->chip.core.registers[REGISTER_XPSR] = 0x01000000;
	bench->registers =
		part->base == CHIP_CONTROLLER_AT
			? bench->chip.controller
			: fake_probe_memory(bench->chip.fake, part->base, REGISTERS);
	memset(bench->registers, 0, REGISTERS);
	le32_put(bench->registers + OPTR, 0x807000aa);
	memset(bench->chip.flash, 0, CHIP_FLASH_SIZE);
	model_reset(&bench->chip, part->base, part->page);
	*state = bench;
	return 0;
}

static int
set_up(void **state)
{
	static const struct part part = { "STM32L053R8", 64, 0x40022000, 128, 0 };

	return set_up_part(state, &part);
}

static int
set_up_small(void **state)
{
	static const struct part part = { "STM32L011K4", 16, 0x40022000, 128, 0 };

	return set_up_part(state, &part);
}

static int
set_up_l1(void **state)
{
	static const struct part part = { "STM32L152RB", 128, 0x40023c00, 256,
					  FEATURE_MAINLINE };

	return set_up_part(state, &part);
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

static void
add(struct bench *bench, uint32_t at, const void *bytes, uint32_t size)
{
	assert_int_equal(image_add(&bench->request.image, at, bytes, size, &bench->why),
			 CAUSE_NONE);
}

static void
add_pattern(struct bench *bench, uint32_t at, uint32_t size)
{
	uint8_t bytes[4096];

	for (uint32_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(1 + i % 251);
	add(bench, at, bytes, size);
}

static enum cause
load(struct bench *bench)
{
	assert_int_equal(load_begin(&bench->chip.core, &bench->chip.board, &bench->request,
				    &bench->job, &bench->why),
			 CAUSE_NONE);
	return job_run(bench->job, bench->chip.fake->probe.clock, &bench->why);
}

static void
assert_log(const struct operation *wanted, unsigned len)
{
	assert_int_equal(model.log_len, len);
	for (unsigned i = 0; i < len; i++) {
		assert_int_equal(model.log[i].what, wanted[i].what);
		assert_int_equal(model.log[i].at, wanted[i].at);
	}
}

static void
a_page_is_erased_by_a_store_and_programmed_by_halves(void **state)
{
	static const struct operation wanted[] = {
		{ 'e', 0x08000080 },
		{ 'h', 0x08000080 },
		{ 'h', 0x080000c0 },
	};
	struct bench *bench = *state;

	memset(bench->chip.flash + 0x80, 0x11, 0x80);
	add_pattern(bench, CHIP_FLASH_AT + 0x80, 128);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_log(wanted, array_len(wanted));
	assert_int_equal(bench->chip.flash[0x80], 1);
	assert_int_equal(bench->chip.flash[0xff], 128);
	assert_int_equal(load_result(bench->job)->sectors_erased, 1);
	assert_int_equal(load_result(bench->job)->bytes_verified, 128);
}

/* From the third word of a half page on. */
static void
what_is_no_whole_half_page_is_programmed_by_words(void **state)
{
	static const struct operation wanted[] = {
		{ 'w', 0x08000038 }, { 'w', 0x0800003c }, { 'h', 0x08000040 },
		{ 'w', 0x08000080 }, { 'w', 0x08000084 },
	};
	struct bench *bench = *state;

	add_pattern(bench, CHIP_FLASH_AT + 0x38, 0x4e);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_log(wanted, array_len(wanted));
	assert_int_equal(bench->chip.flash[0x85], 0x4e);
	assert_int_equal(bench->chip.flash[0x86], 0); /* padding */
}

/* RM0367, 3.3.1. */
static void
a_page_of_zeros_is_blank_and_zeros_are_not_programmed(void **state)
{
	static const struct operation wanted[] = { { 'h', 0x080000c0 } };
	uint8_t bytes[128] = { [64] = 0xff };
	struct bench *bench = *state;

	add(bench, CHIP_FLASH_AT + 0x80, bytes, sizeof(bytes));
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_log(wanted, array_len(wanted));
	assert_int_equal(load_result(bench->job)->sectors_erased, 0);
}

static void
a_page_of_ones_is_not_blank_and_ones_are_programmed(void **state)
{
	static const struct operation wanted[] = {
		{ 'e', 0x08000000 },
		{ 'e', 0x08000080 },
		{ 'h', 0x08000080 },
		{ 'h', 0x080000c0 },
	};
	const struct load_range range = { CHIP_FLASH_AT, 128 };
	uint8_t bytes[128];
	struct bench *bench = *state;

	memset(bytes, 0xff, sizeof(bytes));
	memset(bench->chip.flash, 0xff, 128);
	bench->chip.flash[0x80] = 1;
	bench->request.ranges[bench->request.ranges_len++] = range;
	add(bench, CHIP_FLASH_AT + 0x80, bytes, sizeof(bytes));
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_log(wanted, array_len(wanted));
	assert_int_equal(bench->chip.flash[0], 0);
	assert_int_equal(bench->chip.flash[0xff], 0xff);
}

/* All of it: the whole is 512 pages, each erased and programmed by itself. */
static void
what_shares_a_page_with_the_image_is_kept(void **state)
{
	struct bench *bench = *state;

	bench->chip.flash[0x85] = 0x77;
	bench->chip.flash[0xfc] = 0x99;
	bench->request.preserves = true;
	add_pattern(bench, CHIP_FLASH_AT + 0x84, 8);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(bench->chip.flash[0x84], 1);
	assert_int_equal(bench->chip.flash[0x8c], 0);
	assert_int_equal(bench->chip.flash[0xfc], 0x99);
}

/* SRAM of 2 KiB has all that a load needs. */
static void
the_smallest_part_has_room_for_the_loader(void **state)
{
	struct bench *bench = *state;

	add_pattern(bench, CHIP_FLASH_AT, 4096);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(model.log_len, 64);
	assert_int_equal(bench->chip.flash[4095], 1 + 4095 % 251);
}

/* Pages of 256 bytes, halves of 32 words. */
static void
an_l1_has_larger_pages_and_another_base(void **state)
{
	static const struct operation wanted[] = {
		{ 'e', 0x08000100 }, { 'h', 0x08000100 }, { 'h', 0x08000180 },
		{ 'h', 0x08000200 }, { 'w', 0x08000280 },
	};
	struct bench *bench = *state;

	memset(bench->chip.flash + 0x100, 0x11, 0x100);
	add_pattern(bench, CHIP_FLASH_AT + 0x100, 0x184);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_log(wanted, array_len(wanted));
	assert_int_equal(bench->chip.flash[0x283], 1 + 0x183 % 251);
}

static void
a_controller_that_was_shut_by_a_wrong_key_is_named(void **state)
{
	struct bench *bench = *state;

	model.is_shut = true;
	add_pattern(bench, CHIP_FLASH_AT, 4);
	assert_int_equal(load(bench), CAUSE_PROTECTED);
	assert_string_equal(
		reason_root(&bench->why),
		"the flash controller stays locked although it was given its keys");
	assert_int_equal(reason_finding(&bench->why), FINDING_E10);
}

/* Of what the program left open only the rest is given keys. */
static void
a_controller_that_the_program_left_open_is_opened_further(void **state)
{
	struct bench *bench = *state;

	model.pecr = PRGLOCK | OPTLOCK;
	add_pattern(bench, CHIP_FLASH_AT, 64);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_false(model.is_shut);
}

/* The first looks find what the program has begun: an operation on the data EEPROM, which may take two
 * times 3.94 ms. */
static enum swd_ack
busy_hook(void *context, struct fake_access *access)
{
	unsigned *looks = context;

	if (!access->is_write)
		access->value = (*looks)-- > 1 ? 1 : 0;
	if (*looks == 0)
		*looks = 1;
	return ACK_OK;
}

static void
an_operation_that_the_program_has_begun_is_waited_for(void **state)
{
	struct bench *bench = *state;
	unsigned looks = 4;

	fake_probe_hook(bench->chip.fake, model.base + SR, 4, busy_hook, &looks);
	add_pattern(bench, CHIP_FLASH_AT, 64);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(looks, 1);
}

/* --- protection ------------------------------------------------------------------------------ */

static void
a_write_protected_page_is_named_before_anything_is_erased(void **state)
{
	struct bench *bench = *state;
	char line[REASON_SPACE];

	le32_put(bench->registers + WRPR, 0x00000002);
	add_pattern(bench, CHIP_FLASH_AT + 0x1080, 64);
	assert_int_equal(load(bench), CAUSE_PROTECTED);
	reason_line(&bench->why, line, sizeof(line));
	assert_non_null(strstr(line,
			       "nothing was erased: the sector of 128 bytes at "
			       "0x08001080 (number 33 of bank 1) is write-protected"));
	assert_non_null(strstr(line, "FLASH_WRPR is 0x00000002 (a bit that is 1 protects "
				     "4 KiB, from 0x08000000 on)"));
	assert_int_equal(reason_finding(&bench->why), FINDING_D4);
	assert_int_equal(model.log_len, 0);
}

static void
pages_before_and_behind_those_of_a_bit_are_loaded(void **state)
{
	struct bench *bench = *state;

	le32_put(bench->registers + WRPR, 0x00000002);
	add_pattern(bench, CHIP_FLASH_AT + 0xfc0, 64);
	add_pattern(bench, CHIP_FLASH_AT + 0x2000, 64);
	assert_int_equal(load(bench), CAUSE_NONE);
}

/* FLASH_WRPR2 goes on at 128 KiB. */
static void
the_second_register_protects_from_128_kib_on(void **state)
{
	const struct protection_register *rows =
		flash_driver_of(FLASH_DRIVER_L0)->protections;

	(void)state;
	assert_string_equal(rows[2].name, "FLASH_WRPR2");
	assert_true(flash_driver_protects(&rows[2], 0x0001, 2, 0, 0x20000));
	assert_false(flash_driver_protects(&rows[2], 0x0001, 1, 0, 0));
	assert_false(flash_driver_protects(&rows[2], 0x0001, 2, 0, 0x21000));
	assert_true(flash_driver_protects(&rows[0], 0x80000000, 2, 0, 0x1ff80));
	assert_false(flash_driver_protects(&rows[0], 0x80000000, 2, 0, 0x3f000));
}

/* With WPRMOD the bits of WRPR are about reading. */
static void
pcrop_is_named_when_an_operation_was_refused(void **state)
{
	static const struct memory_entry bank = { .registers = CHIP_CONTROLLER_AT,
						  .interface = &flash_interface_l0 };
	struct bench *bench = *state;
	char line[REASON_SPACE];

	le32_put(bench->registers + OPTR, 0x807001aa);
	le32_put(bench->registers + WRPR, 0x00000002);
	assert_int_equal(flash_driver_explain(flash_driver_of(FLASH_DRIVER_L0),
					      &bench->chip.core, &bank, WRPERR,
					      &bench->why),
			 CAUSE_PROTECTED);
	reason_line(&bench->why, line, sizeof(line));
	assert_non_null(strstr(line, "WRPERR: the sector is write-protected"));
	assert_non_null(strstr(line, "FLASH_WRPR is 0x00000002 (PCROP, while "
				     "FLASH_OPTR.WPRMOD is 1"));
}

/* 16 pages; four registers for 512 KiB. HAL: FLASH_OB_WRPConfig, FLASH_OB_PCROPConfig. */
static void
an_l1_has_four_registers_and_pcrop_by_zeros_of_two(void **state)
{
	const struct protection_register *rows =
		flash_driver_of(FLASH_DRIVER_L1)->protections;
	struct bench *bench = *state;
	char line[REASON_SPACE];

	assert_true(flash_driver_protects(&rows[3], 0x80000000, 2, 1023, 0x7ff00));
	assert_false(flash_driver_protects(&rows[3], 0x80000000, 1, 0, 0x3ff00));
	le32_put(bench->registers + OPTR, 0x00f801aa);
	le32_put(bench->registers + WRPR, 0xfffffffd);
	add_pattern(bench, CHIP_FLASH_AT + 0x1f00, 256);
	assert_int_equal(load(bench), CAUSE_PROTECTED);
	reason_line(&bench->why, line, sizeof(line));
	assert_non_null(strstr(line, "the sector of 256 bytes at 0x08001f00 (number 31 of "
				     "bank 1) is protected by PCROP"));
	assert_int_equal(reason_finding(&bench->why), FINDING_D5);
	assert_int_equal(model.log_len, 0);
}

static void
a_read_protected_chip_is_not_touched(void **state)
{
	struct bench *bench = *state;

	le32_put(bench->registers + OPTR, 0x807000bb);
	add_pattern(bench, CHIP_FLASH_AT, 64);
	assert_int_equal(load(bench), CAUSE_PROTECTED);
	assert_int_equal(reason_finding(&bench->why), FINDING_D1);
	assert_int_equal(model.log_len, 0);
}

/* --- option bytes ---------------------------------------------------------------------------- */

static void
note_write(struct bench *bench, uint32_t at, uint32_t value)
{
	assert_true(bench->writes_len < array_len(bench->writes));
	bench->writes[bench->writes_len].at = at;
	bench->writes[bench->writes_len++].value = value;
}

static enum swd_ack
control_hook(void *context, struct fake_access *access)
{
	struct bench *bench = context;
	uint32_t offset = access->at - model.base;

	if (!access->is_write) {
		access->value = offset == PECR ? model.pecr : 0;
		return ACK_OK;
	}
	note_write(bench, access->at, access->value);
	if (offset == PEKEYR && access->value == 0x02030405)
		model.pecr &= ~(uint32_t)PELOCK;
	if (offset == OPTKEYR && access->value == 0x24252627)
		model.pecr &= ~(uint32_t)OPTLOCK;
	if (offset == PECR)
		model.pecr = access->value | (model.pecr & LOCKS);
	return ACK_OK;
}

static enum swd_ack
word_hook(void *context, struct fake_access *access)
{
	if (access->is_write)
		note_write(context, access->at, access->value);
	else
		access->value = 0;
	return ACK_OK;
}

static void
set_options(struct bench *bench, const char *const *changes, size_t len)
{
	uint16_t dev_id = bench->chip.board.chip.device->dev_id;
	const struct option_set *set = options_of(&bench->chip.board.chip);
	struct option_values before, after;

	fake_probe_hook(bench->chip.fake, model.base + PECR, 0x18, control_hook, bench);
	fake_probe_hook(bench->chip.fake, OPTIONS_AT, 0x20, word_hook, bench);
	assert_int_equal(options_read(set, &bench->chip.core, dev_id, &before, &bench->why),
			 CAUSE_NONE);
	after = before;
	for (size_t i = 0; i < len; i++)
		assert_int_equal(
			options_assign(set, dev_id, changes[i], &after, &bench->why),
			CAUSE_NONE);
	bench->job = options_write(set, &bench->chip.board, &before, &after);
	assert_int_equal(job_run(bench->job, bench->chip.fake->probe.clock, &bench->why),
			 CAUSE_NONE);
}

/* FLASH_OPTR 0x807000aa: USER is 0x8070. Only what changes is stored, with its complement. */
static void
option_words_are_stored_with_their_complements_and_loaded(void **state)
{
	static const char *const changes[] = { "BOR_LEV=8", "WRP01=3" };
	static const struct {
		uint32_t at, value;
	} wanted[] = {
		{ 0x4002200c, 0x89abcdef }, { 0x4002200c, 0x02030405 },
		{ 0x40022014, 0xfbead9c8 }, { 0x40022014, 0x24252627 },
		{ 0x40022018, 0x00020700 }, /* errors of before */
		{ 0x40022004, 0x00000000 }, { 0x1ff80004, 0x7f878078 },
		{ 0x40022004, 0x00000000 }, { 0x1ff80008, 0xfffc0003 },
		{ 0x40022004, 0x00040002 }, /* OBL_LAUNCH; PRGLOCK */
	};
	struct bench *bench = *state;

	set_options(bench, changes, array_len(changes));
	assert_int_equal(bench->writes_len, array_len(wanted));
	for (size_t i = 0; i < array_len(wanted); i++) {
		assert_int_equal(bench->writes[i].at, wanted[i].at);
		assert_int_equal(bench->writes[i].value, wanted[i].value);
	}
}

static void
rdp_is_programmed_behind_all_others(void **state)
{
	static const char *const changes[] = { "RDP=1", "nBOOT1=0" };
	struct bench *bench = *state;

	set_options(bench, changes, array_len(changes));
	assert_int_equal(bench->writes[6].at, 0x1ff80004);
	assert_int_equal(bench->writes[6].value, 0xff8f0070);
	assert_int_equal(bench->writes[8].at, 0x1ff80000);
	assert_int_equal(bench->writes[8].value, 0xff4400bb);
}

/* WRP23 is the upper half of FLASH_WRPR1. */
static void
options_of_an_l1_are_words_of_their_own(void **state)
{
	static const char *const changes[] = { "IWDG_SW=0", "WRP23=0x8000" };
	struct bench *bench = *state;

	le32_put(bench->registers + OPTR, 0x00f800aa);
	le32_put(bench->registers + WRPR, 0x00010000);
	set_options(bench, changes, array_len(changes));
	assert_int_equal(bench->writes[0].at, 0x40023c0c);
	assert_int_equal(bench->writes[6].at, 0x1ff80004);
	assert_int_equal(bench->writes[6].value, 0xff1700e8);
	assert_int_equal(bench->writes[8].at, 0x1ff8000c);
	assert_int_equal(bench->writes[8].value, 0x7fff8000);
	assert_int_equal(bench->writes[9].value, 0x00040002);
	assert_int_equal(bench->writes_len, 10);
}

static void
option_bytes_are_read_as_they_were_loaded(void **state)
{
	struct bench *bench = *state;
	const struct option_set *set = options_of(&bench->chip.board.chip);
	const struct option_field *bor = options_field(set, 0x416, "BOR_LEV");
	struct option_values values;

	fake_probe_hook(bench->chip.fake, OPTIONS_AT, 0x20, word_hook, bench);
	le32_put(bench->registers + OPTR, 0x00f800aa);
	le32_put(bench->registers + WRPR, 0x00010002);
	assert_int_equal(options_read(set, &bench->chip.core, 0x416, &values, &bench->why),
			 CAUSE_NONE);
	assert_int_equal(options_get(bor, &values), 8);
	assert_int_equal(options_get(options_field(set, 0x416, "WRP01"), &values), 2);
	assert_int_equal(options_get(options_field(set, 0x416, "WRP23"), &values), 1);
}

int
main(void)
{
#define L1_TEST(name_) cmocka_unit_test_setup_teardown(name_, set_up_l1, tear_down)

#define TEST(name_)       cmocka_unit_test_setup_teardown(name_, set_up, tear_down)
#define SMALL_TEST(name_) cmocka_unit_test_setup_teardown(name_, set_up_small, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_page_is_erased_by_a_store_and_programmed_by_halves),
		TEST(what_is_no_whole_half_page_is_programmed_by_words),
		TEST(a_page_of_zeros_is_blank_and_zeros_are_not_programmed),
		TEST(a_page_of_ones_is_not_blank_and_ones_are_programmed),
		TEST(what_shares_a_page_with_the_image_is_kept),
		SMALL_TEST(the_smallest_part_has_room_for_the_loader),
		L1_TEST(an_l1_has_larger_pages_and_another_base),
		TEST(a_controller_that_was_shut_by_a_wrong_key_is_named),
		TEST(a_controller_that_the_program_left_open_is_opened_further),
		TEST(an_operation_that_the_program_has_begun_is_waited_for),
		TEST(a_write_protected_page_is_named_before_anything_is_erased),
		TEST(pages_before_and_behind_those_of_a_bit_are_loaded),
		cmocka_unit_test(the_second_register_protects_from_128_kib_on),
		TEST(pcrop_is_named_when_an_operation_was_refused),
		L1_TEST(an_l1_has_four_registers_and_pcrop_by_zeros_of_two),
		TEST(a_read_protected_chip_is_not_touched),
		L1_TEST(options_of_an_l1_are_words_of_their_own),
		L1_TEST(option_bytes_are_read_as_they_were_loaded),
		TEST(option_words_are_stored_with_their_complements_and_loaded),
		TEST(rdp_is_programmed_behind_all_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
