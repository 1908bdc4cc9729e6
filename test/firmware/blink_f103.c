/* SPDX-License-Identifier: MIT */
/*
 * blink_f103.c - the LED of a Blue Pill (PC13), spelling a word in Morse: something to load
 * into and to step through on a Cortex-M3. Its clock is the HSI. There is no FPU: what
 * startup.c writes to CPACR is ignored (DDI 0403E.e, B3.2.20).
 */
#include <stdint.h>

#include "test/firmware/m4.h"

/* RM0008 Rev 21, 7.3.7 and 9.2. */
#define RCC_APB2ENR      REGISTER(0x40021018)
#define RCC_APB2ENR_IOPC (1u << 4)
#define GPIOC_CRH        REGISTER(0x40011004)
#define GPIOC_BSRR       REGISTER(0x40011010)
#define GPIOC_BRR        REGISTER(0x40011014)

enum {
	CORE_HZ = 8000000,
	TICKS_PER_SECOND = 1000,
	DOT_MS = 1, /* quick, for tests do not wait for people */
	LED_PIN = 13,
	CRH_OUTPUT_2_MHZ = 2,
	CRH_LED_SHIFT = 4 * (LED_PIN - 8)
};

volatile uint32_t uptime_ms;
volatile uint32_t letters;
volatile uint32_t words;

static const char *const morse[] = { "-", ".", "-", "....", ".", ".-." };
enum { LETTERS = sizeof(morse) / sizeof(morse[0]) };

void systick_handler(void);

void
systick_handler(void)
{
	uptime_ms++;
}

static void
wait_ms(uint32_t ms)
{
	uint32_t start = uptime_ms;
	while (uptime_ms - start < ms) {
	}
}

static void
led_show(uint32_t ms)
{
	GPIOC_BRR = 1u << LED_PIN; /* the LED hangs on the supply */
	wait_ms(ms);
	GPIOC_BSRR = 1u << LED_PIN;
	wait_ms(DOT_MS);
}

static void
letter_show(const char *signs)
{
	for (; *signs; signs++) {
		led_show(*signs == '-' ? 3 * DOT_MS : DOT_MS);
	}
	letters++;
}

static void
word_show(void)
{
	for (unsigned i = 0; i < LETTERS; i++) {
		letter_show(morse[i]);
	}
	words++;
}

int
main(void)
{
	SYST_RVR = CORE_HZ / TICKS_PER_SECOND - 1;
	SYST_CVR = 0;
	SYST_CSR = SYST_CSR_CLKSOURCE | SYST_CSR_TICKINT | SYST_CSR_ENABLE;
	RCC_APB2ENR |= RCC_APB2ENR_IOPC;
	GPIOC_CRH = (GPIOC_CRH & ~(0xfu << CRH_LED_SHIFT)) | CRH_OUTPUT_2_MHZ
								     << CRH_LED_SHIFT;
	for (;;) {
		word_show();
	}
}
