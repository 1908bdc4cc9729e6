/* SPDX-License-Identifier: MIT */
/*
 * Registers whose reset value is not 0, though the emulator only keeps what is written to them:
 * what a debugger or a program reads before it writes.
 */
#include "test/emulator/test/lab.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* `clock_at`: the enable register of RCC with the bits that the register needs; 0: none. */
struct reset_value {
	const char *board;
	uint32_t clock_at, clock_bits, at, value;
};

static void
registers_read_as_after_reset(const struct reset_value *of, unsigned len)
{
	for (unsigned i = 0; i < len; i++) {
		struct lab *lab = lab_open(of[i].board);

		if (of[i].clock_at)
			lab_poke(lab, of[i].clock_at,
				 lab_peek(lab, of[i].clock_at) | of[i].clock_bits);
		if (lab_peek(lab, of[i].at) != of[i].value)
			fail_msg("%s: 0x%08x is 0x%08x", of[i].board, of[i].at,
				 lab_peek(lab, of[i].at));
		lab_close(lab);
	}
}

/* WWDG_CR and WWDG_CFR are 0x7F in each reference manual. */
static void
the_window_watchdog_has_counted_nothing(void **state)
{
	enum { WWDG = 1 << 11, WWDG1 = 1 << 6 };
	static const struct reset_value values[] = {
		{ "bluepill-f103", 0x4002101C, WWDG, 0x40002C00, 0x7F },
		{ "bluepill-f103", 0x4002101C, WWDG, 0x40002C04, 0x7F },
		{ "steval-esc001v1", 0x4002101C, WWDG, 0x40002C00, 0x7F },
		{ "f410-custom", 0x40023840, WWDG, 0x40002C00, 0x7F },
		{ "f410-custom", 0x40023840, WWDG, 0x40002C04, 0x7F },
		{ "l476rg-custom", 0x40021058, WWDG, 0x40002C00, 0x7F },
		{ "l476rg-custom", 0x40021058, WWDG, 0x40002C04, 0x7F },
		{ "g473-custom", 0x40021058, WWDG, 0x40002C00, 0x7F },
		{ "nucleo-u575zi-q", 0x46020C9C, WWDG, 0x40002C00, 0x7F },
		{ "nucleo-g071rb", 0x4002103C, WWDG, 0x40002C00, 0x7F },
		{ "nucleo-h743zi2", 0x580244E4, WWDG1, 0x50003000, 0x7F },
		{ "stm32h735g-dk", 0x580244E4, WWDG1, 0x50003004, 0x7F },
		{ "nucleo-h745zi-q", 0x580244E8, WWDG, 0x40002C04, 0x7F },
	};

	(void)state;
	registers_read_as_after_reset(values, LEN(values));
}

/* RM0433 Rev 8, 22.7.6 and 22.9.5; RM0440 Rev 8, 19.7.6. */
static void
the_external_memory_controller_is_slow(void **state)
{
	enum { FMC_H7 = 1 << 12, FMC_G4 = 1 << 0 };
	static const struct reset_value values[] = {
		{ "nucleo-h743zi2", 0x580244D4, FMC_H7, 0x52004000, 0x000030DB },
		{ "nucleo-h743zi2", 0x580244D4, FMC_H7, 0x52004004, 0x0FFFFFFF },
		{ "nucleo-h743zi2", 0x580244D4, FMC_H7, 0x52004008, 0x000030D2 },
		{ "nucleo-h743zi2", 0x580244D4, FMC_H7, 0x52004104, 0x0FFFFFFF },
		{ "nucleo-h743zi2", 0x580244D4, FMC_H7, 0x52004140, 0x000002D0 },
		{ "nucleo-h743zi2", 0x580244D4, FMC_H7, 0x52004148, 0x0FFFFFFF },
		{ "g473-custom", 0x40021050, FMC_G4, 0xA0000004, 0x0FFFFFFF },
		{ "g473-custom", 0x40021050, FMC_G4, 0xA0000104, 0x0FFFFFFF },
	};

	(void)state;
	registers_read_as_after_reset(values, LEN(values));
}

/* RM0440 Rev 8, 7.4.2: HSITRIM is 0x40. */
static void
the_oscillator_of_a_g4_is_trimmed_to_the_middle(void **state)
{
	static const struct reset_value values[] = {
		{ "g473-custom", 0, 0, 0x40021004, 0x40000000 },
	};

	(void)state;
	registers_read_as_after_reset(values, LEN(values));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_window_watchdog_has_counted_nothing),
		cmocka_unit_test(the_external_memory_controller_is_slow),
		cmocka_unit_test(the_oscillator_of_a_g4_is_trimmed_to_the_middle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
