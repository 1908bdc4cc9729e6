/* SPDX-License-Identifier: MIT */
/*
 * program.h - what the cores compute in cpu_newlib_test.c, and where they leave it.
 */
#ifndef TEST_EMULATOR_TEST_CODE_NEWLIB_PROGRAM_H
#define TEST_EMULATOR_TEST_CODE_NEWLIB_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

enum { PROGRAM_TEXT_SIZE = 1000 };

/* At the start of RAM. */
struct program_result {
	uint32_t len;   /* of the text */
	uint32_t ticks; /* SysTick interrupts that came meanwhile */
	uint32_t mixed; /* what they computed */
	char text[PROGRAM_TEXT_SIZE];
};

/* Writes at most `size` bytes with the end; returns the length of the text. */
size_t program(char *at, size_t size);

#endif /* TEST_EMULATOR_TEST_CODE_NEWLIB_PROGRAM_H */
