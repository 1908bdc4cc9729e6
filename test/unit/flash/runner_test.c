/* SPDX-License-Identifier: MIT */
#include "test/unit/flash/flash_bench.h"

/* A chip whose calls end no more once the image is being programmed. */
static uint32_t
stuck_call(struct fake_chip *chip, uint32_t function, const uint32_t *r)
{
	uint32_t result = g4_call(chip, function, r);

	if (function - 1 - code_at(chip) == G4_EraseSector)
		chip->call = NULL;
	return result;
}

static void
stop_in_loader(struct bench *bench)
{
	struct core *core = &bench->chip.core;

	bench->chip.call = stuck_call;
	core->registers[REGISTER_LR] = 0x20000155;
	add_pattern(bench, CHIP_FLASH_AT, 8, 1);
}

static void
step_until_stuck(struct bench *bench)
{
	bool done = false;

	assert_int_equal(make_job(bench, NULL, 0), CAUSE_NONE);
	while (bench->chip.call != NULL && !done)
		assert_int_equal(job_step(bench->job, &done, &bench->why), CAUSE_NONE);
	assert_false(done);
	assert_int_equal(job_step(bench->job, &done, &bench->why), CAUSE_NONE);
	bench->chip.core.registers[REGISTER_PC] = code_at(&bench->chip) + 0x40;
	assert_ram_is_named(bench->job, MAILBOX_CALLS);
}

static void
a_loader_that_does_not_come_back_is_reported_with_its_place(void **state)
{
	struct bench *bench = bench_of(state);
	char wanted[1024];

	stop_in_loader(bench);
	step_until_stuck(bench);
	le32_put(bench->chip.controller + 0x10, BSY);
	snprintf(wanted, sizeof(wanted),
		 "finishing the erase\n"
		 "  because FLASH_SR is 0x00010000: BSY: an operation is still running\n"
		 "  because the loader STM32G4 still runs after 5025 ms: PC was 0x%08x "
		 "(offset "
		 "0x40 of the loader), LR 0x20000155, xPSR 0x01000000 (exception 0); HFSR "
		 "0x00000000, CFSR 0x00000000\n"
		 "  probably the flash stays busy, as without its clock (HSI) or with a "
		 "weak "
		 "supply\n"
		 "try: monitor reset halt, then load again\n",
		 (unsigned)code_at(&bench->chip) + 0x40);
	assert_int_equal(job_run(bench->job, bench->chip.fake->probe.clock, &bench->why),
			 CAUSE_TIMEOUT);
	assert_reason(bench, wanted);
	bench->registers[REGISTER_LR] = 0x20000155;
	assert_all_put_back(bench);
}

static void
a_loader_that_crashes_is_reported_with_its_fault(void **state)
{
	struct bench *bench = bench_of(state);

	stop_in_loader(bench);
	step_until_stuck(bench);
	bench->chip.core.state = CORE_HALTED;
	bench->chip.core.halt.reason = HALT_VECTOR_CATCH;
	/* In the handler; where it was is on the stack. */
	bench->chip.core.registers[REGISTER_LR] = 0xfffffff9;
	bench->chip.core.registers[REGISTER_XPSR] = 0x01000003;
	bench->chip.core.registers[17] = CHIP_RAM_AT + 0x80; /* msp */
	le32_put(bench->chip.ram + 0x80 + 5 * 4, 0x20000177);
	le32_put(bench->chip.ram + 0x80 + 6 * 4, code_at(&bench->chip) + 0x88);
	le32_put(bench->chip.ppb + 0x28, 0x8200);
	le32_put(bench->chip.ppb + 0x2c, 0x40000000);
	le32_put(bench->chip.ppb + 0x38, 0x40022010);
	assert_int_equal(job_run(bench->job, bench->chip.fake->probe.clock, &bench->why),
			 CAUSE_FAULT);
	assert_non_null(strstr(reason_root(&bench->why),
			       "the loader STM32G4 crashed with a HardFault: PC was 0x"));
	assert_non_null(
		strstr(reason_root(&bench->why),
		       " (offset 0x88 of the loader), LR 0x20000177, xPSR 0x01000003 "
		       "(exception 3); HFSR"));
	assert_non_null(
		strstr(reason_root(&bench->why),
		       "; HFSR 0x40000000, CFSR 0x00008200 (PRECISERR: an access to an "
		       "address that does not answer, at BFAR; BFAR is 0x40022010)"));
}

static void
a_loader_whose_code_was_written_over_says_so(void **state)
{
	struct bench *bench = bench_of(state);
	char text[4096];

	stop_in_loader(bench);
	step_until_stuck(bench);
	bench->chip.core.state = CORE_HALTED;
	bench->chip.core.halt.reason = HALT_VECTOR_CATCH;
	bench->chip.ram[code_at(&bench->chip) + 0x20 - CHIP_RAM_AT] ^= 0xff;
	assert_int_equal(job_run(bench->job, bench->chip.fake->probe.clock, &bench->why),
			 CAUSE_FAULT);
	assert_int_equal(reason_finding(&bench->why), FINDING_C11);
	reason_text(&bench->why, text, sizeof(text));
	assert_non_null(strstr(text, "the loader's code has been written over: 0x"));
}

static void
a_reset_under_the_loader_is_reported_as_such(void **state)
{
	struct bench *bench = bench_of(state);

	stop_in_loader(bench);
	step_until_stuck(bench);
	bench->chip.core.was_reset = true;
	assert_int_equal(job_run(bench->job, bench->chip.fake->probe.clock, &bench->why),
			 CAUSE_TIMEOUT);
	assert_string_equal(reason_root(&bench->why),
			    "the chip was reset while the loader STM32G4 ran");
	assert_int_equal(reason_finding(&bench->why), FINDING_C8);
}

/* Zeros would be a call that went well. */
static void
ram_that_reads_as_zeros_is_not_taken_for_success(void **state)
{
	struct bench *bench = bench_of(state);
	struct core *core = &bench->chip.core;

	stop_in_loader(bench);
	step_until_stuck(bench);
	bench->chip.ram_reads_zero = core->was_reset = true;
	assert_int_equal(run(bench), CAUSE_TIMEOUT);
	assert_string_equal(reason_root(&bench->why),
			    "the chip was reset while the loader STM32G4 ran");
	job_free(bench->job);
	bench->job = NULL;
	memset(&seen, 0, sizeof(seen));
	bench->chip.ram_reads_zero = core->was_reset = false;
	memset(bench->chip.flash, FAKE_CANARY, CHIP_FLASH_SIZE); /* not blank */
	bench->chip.call = stuck_call;
	step_until_stuck(bench);
	bench->chip.ram_reads_zero = true;
	assert_int_equal(run(bench), CAUSE_FAULT);
	assert_string_equal(reason_root(&bench->why),
			    "RAM that the loader STM32G4 uses has been written over: "
			    "0x20000124 holds 0x00000000, which is no count of its calls");
	assert_non_null(strstr(reason_remedy(&bench->why), "monitor reset halt"));
}

/* Of the program's state the core keeps nothing: DDI 0403E.e B1.4. */
static uint32_t
undisturbed_call(struct fake_chip *chip, uint32_t function, const uint32_t *r)
{
	enum { MSP = 17, T = 1 << 24 };
	const uint64_t *registers = chip->core.registers;

	for (size_t i = 0; i < core_register_table_len; i++) {
		if (strcmp(core_register_table[i].name, "primask") == 0)
			assert_int_equal(registers[i], 1);
		if (strcmp(core_register_table[i].name, "faultmask") == 0)
			assert_int_equal(registers[i], 0);
		if (strcmp(core_register_table[i].name, "control") == 0)
			assert_int_equal(registers[i] & 3, 0);
	}
	assert_int_equal(registers[REGISTER_XPSR], T);
	assert_int_equal(registers[MSP], CHIP_VECTORS_AT);
	assert_int_equal(le32_get(chip->ppb + 0x94), 0);
	return g4_call(chip, function, r);
}

static void
the_loader_runs_privileged_with_interrupts_masked_and_the_mpu_off(void **state)
{
	struct bench *bench = bench_of(state);

	bench->chip.call = undisturbed_call;
	le32_put(bench->chip.ppb + 0x94, 5); /* MPU_CTRL: ENABLE, PRIVDEFENA */
	add_pattern(bench, CHIP_FLASH_AT, 8, 1);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(le32_get(bench->chip.ppb + 0x94), 5);
	assert_memory_equal(bench->chip.core.registers, bench->registers,
			    sizeof(bench->registers));
}

/* As after a load that NRST cut short: the core is in the handler of an NMI. Code of ours would lock
 * up there with its first fault. DDI 0403E.e B3.2.6: AIRCR.VECTCLRACTIVE. */
static void
the_loader_runs_in_thread_mode_also_where_the_program_was_in_a_handler(void **state)
{
	enum { KEY_PRIGROUP_VECTCLRACTIVE = 0x05fa0302 };
	struct bench *bench = bench_of(state);

	bench->chip.call = undisturbed_call;
	bench->chip.core.registers[REGISTER_XPSR] = 0x21000002;
	bench->registers[REGISTER_XPSR] = 0x21000000;
	le32_put(bench->chip.ppb + 0x0c, 0xfa050300);
	add_pattern(bench, CHIP_FLASH_AT, 8, 1);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(le32_get(bench->chip.ppb + 0x0c), KEY_PRIGROUP_VECTCLRACTIVE);
	assert_all_put_back(bench);
}

/* RM0440 Rev 8, 3.7.6: FLASH_CR.BKER. Each bank counts its pages from 0. */
static uint32_t
two_bank_call(struct fake_chip *chip, uint32_t function, const uint32_t *r)
{
	uint32_t half = CHIP_FLASH_AT + CHIP_FLASH_SIZE / 2;
	uint32_t at = r[3] + (uint32_t)offsetof(struct parameters, erase);
	uint32_t erase = le32_get(chip->ram + (at - CHIP_RAM_AT));
	bool is_second = (r[0] >= half) != chip->board.are_banks_swapped;

	switch (function - 1 - code_at(chip)) {
	case G4_EraseSector:
		assert_int_equal(erase, is_second ? 0x802 : 0x002);
		assert_int_equal(r[2],
				 (r[0] - (r[0] < half ? CHIP_FLASH_AT : half)) / PAGE);
		memset(chip->flash + (r[0] - CHIP_FLASH_AT), 0xff, r[1]);
		return 0;
	case G4_ProgramPage:
		assert_int_equal(erase, is_second ? 0x802 : 0x002);
		return program_page(chip, r[0], r[1], r[2]);
	default:
		return 0;
	}
}

static void
cut_in_two_banks(struct bench *bench)
{
	static struct memory_entry second;
	struct chip *chip = &bench->chip.board.chip;
	struct memory *flash = &chip->memories[1];

	bench->chip.call = two_bank_call;
	flash->size /= 2;
	second = *flash->entry;
	second.number = 2;
	chip->memories[chip->memories_len++] = (struct memory){
		.entry = &second, .base = flash->base + flash->size, .size = flash->size
	};
	add_pattern(bench, CHIP_FLASH_AT + CHIP_FLASH_SIZE / 2 - PAGE, 2 * PAGE, 1);
}

static void
each_bank_has_parameters_of_its_own(void **state)
{
	struct bench *bench = bench_of(state);

	cut_in_two_banks(bench);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(bench->result.sectors_erased, 2);
	assert_flash_holds_image(bench, CHIP_FLASH_AT + CHIP_FLASH_SIZE / 2 - PAGE,
				 2 * PAGE);
}

/* Else what is erased is the other bank, where the program that is to be kept may be. */
static void
banks_that_are_swapped_are_erased_by_the_number_they_have_in_the_chip(void **state)
{
	struct bench *bench = bench_of(state);

	cut_in_two_banks(bench);
	bench->chip.board.are_banks_swapped = true;
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(bench->result.sectors_erased, 2);
	assert_flash_holds_image(bench, CHIP_FLASH_AT + CHIP_FLASH_SIZE / 2 - PAGE,
				 2 * PAGE);
}

static void
protection_of_banks_that_are_swapped_is_that_of_what_is_seen_there(void **state)
{
	struct bench *bench = bench_of(state);

	cut_in_two_banks(bench);
	bench->chip.board.are_banks_swapped = true;
	le32_put(bench->chip.controller + 0x4c, 0x001f001f); /* FLASH_WRP2AR */
	assert_int_equal(load(bench), CAUSE_PROTECTED);
	assert_reason(
		bench,
		"nothing was erased: the sector of 2048 bytes at 0x0800f800 (number 31 of "
		"bank 2) is write-protected\n"
		"  because FLASH_WRP2AR is 0x001f001f (pages 31 to 31)\n"
		"try: remove the write protection in the option bytes (tether options set "
		"WRP=none) and load again\n");
}

static void
a_cancelled_load_leaves_the_core_halted_and_all_put_back(void **state)
{
	struct bench *bench = bench_of(state);

	add_pattern(bench, CHIP_FLASH_AT, 4 * PAGE, 1);
	/* The first step halts nothing yet. */
	for (unsigned steps = 2; steps < 40; steps++) {
		bool done = false;

		memset(&seen, 0, sizeof(seen));
		assert_int_equal(make_job(bench, NULL, 0), CAUSE_NONE);
		for (unsigned i = 0; i < steps && !done; i++)
			assert_int_equal(job_step(bench->job, &done, &bench->why),
					 CAUSE_NONE);
		assert_int_equal(job_cancel(bench->job, &bench->why), CAUSE_NONE);
		assert_all_put_back(bench);
		job_free(bench->job);
		bench->job = NULL;
	}
}

/* Takes the steps that are left. Each keeps to the limit of job.h; an access of the fake takes
 * about what it takes at 4 MHz. */
static enum cause
step_to_the_end(struct bench *bench)
{
	struct fake_probe *fake = bench->chip.fake;
	enum cause cause = CAUSE_NONE;
	bool done = false;

	while (!done && cause == CAUSE_NONE) {
		uint64_t before = fake->now_us;

		cause = job_step(bench->job, &done, &bench->why);
		assert_true(fake->now_us - before <= 20000);
		clock_sleep_us(&fake->clock, bench->job->wait_us);
	}
	return cause;
}

static void
a_load_that_is_ended_early_puts_all_back_in_steps(void **state)
{
	struct bench *bench = bench_of(state);

	add_pattern(bench, CHIP_FLASH_AT, 4 * PAGE, 1);
	for (unsigned steps = 0; steps < 40; steps++) {
		bool done = false;

		memset(&seen, 0, sizeof(seen));
		bench->chip.core.is_running = steps > 1;
		assert_int_equal(make_job(bench, NULL, 0), CAUSE_NONE);
		for (unsigned i = 0; i < steps && !done; i++)
			assert_int_equal(job_step(bench->job, &done, &bench->why),
					 CAUSE_NONE);
		assert_true(job_end(bench->job));
		assert_int_equal(step_to_the_end(bench), CAUSE_NONE);
		assert_all_put_back(bench);
		job_free(bench->job);
		bench->job = NULL;
	}
}

/* What is posted behind a call that fails is not done, and neither is what is posted behind one
 * during which the load is ended. */
static void
no_call_is_made_behind_one_that_fails_or_is_the_last(void **state)
{
	struct bench *bench = bench_of(state);
	bool done = false;

	seen.fails_at = CHIP_FLASH_AT + PAGE;
	seen.status = WRPERR;
	add_pattern(bench, CHIP_FLASH_AT, 6 * PAGE, 1);
	assert_int_equal(load(bench), CAUSE_PROTECTED);
	assert_int_equal(bench->result.sectors_erased, 1);
	assert_int_equal(seen.erased[2], 0);
	job_free(bench->job);
	memset(&seen, 0, sizeof(seen));
	assert_int_equal(make_job(bench, NULL, 0), CAUSE_NONE);
	while (seen.erased[1] == 0 && !done)
		assert_int_equal(job_step(bench->job, &done, &bench->why), CAUSE_NONE);
	assert_true(job_end(bench->job));
	assert_int_equal(step_to_the_end(bench), CAUSE_NONE);
	assert_int_equal(seen.erased[2], 1);
	assert_int_equal(seen.erased[3], 0);
	assert_all_put_back(bench);
}

/* A sector's erase at its longest, 25 ms; then nobody waits any longer. */
static void
an_early_end_gives_the_call_its_time_and_no_more(void **state)
{
	struct bench *bench = bench_of(state);
	struct fake_probe *fake = bench->chip.fake;
	uint64_t before;

	stop_in_loader(bench);
	step_until_stuck(bench);
	before = fake->now_us;
	assert_true(job_end(bench->job));
	assert_int_equal(step_to_the_end(bench), CAUSE_NONE);
	assert_in_range(fake->now_us - before, 24000, 36000);
	bench->registers[REGISTER_LR] = 0x20000155;
	bench->registers[REGISTER_PC] = REGISTER_PC * 0x11;
	assert_all_put_back(bench);
}

static void
after_a_failure_all_is_put_back_in_steps(void **state)
{
	struct bench *bench = bench_of(state);
	bool done = false;

	seen.fails_at = CHIP_FLASH_AT + PAGE;
	seen.status = WRPERR;
	add_pattern(bench, CHIP_FLASH_AT, 2 * PAGE, 1);
	assert_int_equal(make_job(bench, NULL, 0), CAUSE_NONE);
	/* The failing step puts nothing back: that would be more than one step may do. */
	while (strcmp(staged_job_at(staged_job_of(bench->job)),
		      "put RAM and registers back") != 0)
		assert_int_equal(job_step(bench->job, &done, &bench->why), CAUSE_NONE);
	assert_true(bench->chip.core.is_running);
	assert_int_equal(step_to_the_end(bench), CAUSE_PROTECTED);
	assert_all_put_back(bench);
}

/* The probe is unplugged: nothing hangs, and nothing is leaked. */
int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH(a_loader_that_does_not_come_back_is_reported_with_its_place),
		BENCH(a_loader_that_crashes_is_reported_with_its_fault),
		BENCH(a_loader_whose_code_was_written_over_says_so),
		BENCH(a_reset_under_the_loader_is_reported_as_such),
		BENCH(ram_that_reads_as_zeros_is_not_taken_for_success),
		BENCH(the_loader_runs_privileged_with_interrupts_masked_and_the_mpu_off),
		BENCH(the_loader_runs_in_thread_mode_also_where_the_program_was_in_a_handler),
		BENCH(each_bank_has_parameters_of_its_own),
		BENCH(banks_that_are_swapped_are_erased_by_the_number_they_have_in_the_chip),
		BENCH(protection_of_banks_that_are_swapped_is_that_of_what_is_seen_there),
		BENCH(a_cancelled_load_leaves_the_core_halted_and_all_put_back),
		BENCH(a_load_that_is_ended_early_puts_all_back_in_steps),
		BENCH(no_call_is_made_behind_one_that_fails_or_is_the_last),
		BENCH(an_early_end_gives_the_call_its_time_and_no_more),
		BENCH(after_a_failure_all_is_put_back_in_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
