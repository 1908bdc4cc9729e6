/* SPDX-License-Identifier: MIT */
/*
 * Standard C as an application uses it: what it prints is what any machine prints that
 * computes with IEEE 754 numbers, so the same file compiled for the host (cpu_newlib_test.c)
 * tells what is right. Only functions whose result is exact or rounded correctly have all
 * their digits printed; the others as many as every libm agrees on.
 */
#include "test/emulator/test/code/newlib/program.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 24 };

struct text {
	char *at;
	size_t size, len;
};

__attribute__((format(printf, 2, 3))) static void
say(struct text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text->len += (size_t)vsnprintf(text->at + text->len, text->size - text->len, format,
				       arguments);
	va_end(arguments);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 4;
}

static int
by_size(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static void
sorting(struct text *text)
{
	uint32_t number[NUMBERS], seed = 1;

	for (int i = 0; i < NUMBERS; i++)
		number[i] = next_random(&seed);
	qsort(number, NUMBERS, sizeof(number[0]), by_size);
	for (int i = 0; i < NUMBERS; i += 5)
		say(text, "%08lx ", (unsigned long)number[i]);
	say(text, "%d\n",
	    bsearch(&number[7], number, NUMBERS, sizeof(number[0]), by_size) ==
		    (void *)&number[7]);
}

static void
long_integers(struct text *text)
{
	uint64_t product = 1;
	int64_t rest = -1000000007;

	for (uint32_t i = 1; i <= 20; i++)
		product *= i;
	say(text, "%llu %llu %llu\n", (unsigned long long)product,
	    (unsigned long long)(product / 1000000007u),
	    (unsigned long long)(product % 1000000007u));
	for (int i = 3; i < 9; i++)
		rest = rest * 61 / i - rest % (i * 1000);
	say(text, "%lld %lld\n", (long long)rest, (long long)(rest >> 7));
}

/* Addition to square root are rounded correctly everywhere (IEEE 754, 5.4.1). */
static void
exact_numbers(struct text *text)
{
	volatile float f = 1.0f;
	volatile double d = 1.0;
	uint64_t bits;

	for (int i = 1; i < 30; i++) {
		f = sqrtf(f * 1.25f + 1.0f / (float)i);
		d = sqrt(d * 1.25 + 1.0 / i) - (i & 3 ? 0 : d / 7);
	}
	memcpy(&bits, &(double){ d }, sizeof(bits));
	say(text, "%.9g %.17g %llx\n", (double)f, d, (unsigned long long)bits);
	say(text, "%.17g %.17g %.3f\n", floor(-d * 1e6), fmod(d * 1e9, 97.0), (double)f);
	say(text, "%d %ld %u\n", (int)(d * -1000.0), lround(d * 1e4), (unsigned)(f * 1e6f));
}

static void
libm(struct text *text)
{
	double x = 0.0;

	for (int i = 1; i < 6; i++)
		x += sin(i * 0.7) * exp(-i / 3.0) - log(i + 0.5);
	say(text, "%.10f %.5f\n", x, (double)(cosf(0.5f) + expf(1.5f)));
}

/* Out of the depth of a recursion at once, unless there is no `result` to bring. */
static void
descend(jmp_buf way_out, int depth, int result)
{
	if (depth > 0)
		descend(way_out, depth - 1, result);
	else if (result)
		longjmp(way_out, result);
}

static void
jumps(struct text *text)
{
	jmp_buf way_out;
	volatile int tries = 0;
	int result = setjmp(way_out);

	tries++;
	if (tries < 4)
		descend(way_out, 4 * tries, 10 + tries);
	descend(way_out, 5, 0);
	say(text, "%d tries, the last after %d\n", tries, result);
}

static void
strings(struct text *text)
{
	char words[] = "the quick brown fox", *rest = words, *word, turned[32] = "";

	for (word = strtok_r(rest, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		memmove(turned + strlen(word) + 1, turned, strlen(turned) + 1);
		memcpy(turned, word, strlen(word)); /* NOLINT: a word of the text */
		turned[strlen(word)] = '.';
	}
	say(text, "%s %ld %.4f %-6s|%+05d\n", turned, strtol("-0x7fff", NULL, 16),
	    strtod("6.02214e3", NULL), "left", 42);
}

size_t
program(char *at, size_t size)
{
	struct text text = { at, size, 0 };

	sorting(&text);
	long_integers(&text);
	exact_numbers(&text);
	libm(&text);
	jumps(&text);
	strings(&text);
	return text.len;
}
