/* SPDX-License-Identifier: MIT */
/*
 * algorithm.h - a flash algorithm: code with the entry points of CMSIS-Pack, and how long its calls
 * take.
 */
#ifndef FLASH_RUNNER_ALGORITHM_H
#define FLASH_RUNNER_ALGORITHM_H

#include <stdbool.h>
#include <stdint.h>

#define ALGORITHM_NONE UINT32_MAX

struct algorithm {
	const char *name;    /* "STM32G4" */
	const uint8_t *code; /* committed, generated from flash/algorithms/NAME.c */
	uint32_t code_size;
	/* Offsets of its functions; ALGORITHM_NONE: it does not have that one. */
	uint32_t init, uninit, erase_sector, erase_bank, program_page;
	/* As CMSIS-Pack's: returns the address behind what it compared; 0: none. */
	uint32_t verify;
	uint32_t success; /* what the others return when all went well */
	/* It works in two banks at once where each has a controller of its own (algorithms/pair.h): */
	bool has_pairs;
	uint32_t erase_pair, program_pair;
	bool is_foreign; /* from a file: it may have variables, and takes no parameters of ours */
	bool is_fixed; /* the code is linked for fixed_at, and runs nowhere else */
	uint32_t fixed_at;
	bool takes_end; /* EraseSector's second parameter is the last address that it erases */
	uint32_t data_offset; /* static base (r9), relative to the code */
	uint32_t page_size;   /* ProgramPage takes at most this many bytes */
	uint32_t stack_size;
	/* The longest a call may take, from the data sheet, */
	uint32_t erase_ms, erase_bank_ms, program_ms;
	/* and how long each takes as a rule: once, and for each KiB. */
	struct algorithm_cost {
		uint32_t us, us_per_kib;
	} erase_cost, erase_bank_cost, program_cost;
};

#endif /* FLASH_RUNNER_ALGORITHM_H */
