/* SPDX-License-Identifier: MIT */
/*
 * start.c - from reset to main() on an STM32G473, for the programs of this folder: as
 * startup.c one floor up, with vectors for SVC and PendSV, which a kernel has.
 */
#include <stdint.h>

#include "test/firmware/m4.h"

/* From the linker script. */
extern uint32_t stack_top[], data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_image[];

int main(void);
void reset_handler(void);
void unexpected_handler(void);
__attribute__((weak, alias("unexpected_handler"))) void svc_handler(void);
__attribute__((weak, alias("unexpected_handler"))) void pendsv_handler(void);
__attribute__((weak, alias("unexpected_handler"))) void systick_handler(void);

union vector {
	const void *stack;
	void (*handler)(void);
};

/* ARMv7-M ARM (DDI 0403E.e), B1.5.2 and B1.5.3: initial stack, then exceptions 1 to 15. */
__attribute__((section(".vectors"), used)) static const union vector vectors[16] = {
	[0] = { .stack = stack_top },
	[1] = { .handler = reset_handler },
	[2] = { .handler = unexpected_handler },
	[3] = { .handler = unexpected_handler },
	[4] = { .handler = unexpected_handler },
	[5] = { .handler = unexpected_handler },
	[6] = { .handler = unexpected_handler },
	[11] = { .handler = svc_handler },
	[12] = { .handler = unexpected_handler },
	[14] = { .handler = pendsv_handler },
	[15] = { .handler = systick_handler },
};

void
reset_handler(void)
{
	/* Before the first function that might save a floating point register. */
	CPACR |= CPACR_FPU_FULL_ACCESS;
	__asm__ volatile("dsb\n\tisb" ::: "memory");

	const uint32_t *from = data_image;
	for (uint32_t *to = data_start; to < data_end; to++) {
		*to = *from++;
	}
	for (uint32_t *to = bss_start; to < bss_end; to++) {
		*to = 0;
	}
	main();
	unexpected_handler();
}

void
unexpected_handler(void)
{
	for (;;) {
	}
}
