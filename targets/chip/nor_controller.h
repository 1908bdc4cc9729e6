/* SPDX-License-Identifier: MIT */
/*
 * nor_controller.h - the controllers of a chip for serial flash (OCTOSPI, QUADSPI): their registers,
 * what clocks them, and the pins that each of their lines can have.
 *
 * Registers: the manuals' memory maps and RCC chapters. Pins: the data sheets' tables of alternate
 * functions, by ST's pin data for CubeMX (github.com/STMicroelectronics/STM32_open_pin_data,
 * STM32CubeMX-DB.6.0.90, mcu/IP/GPIO-*_gpio_v1_0_Modes.xml); of QUADSPI those of bank 1, of the
 * OCTOSPI I/O manager port n, which OCTOSPIn has after reset.
 */
#ifndef TARGETS_CHIP_NOR_CONTROLLER_H
#define TARGETS_CHIP_NOR_CONTROLLER_H

#include <stdbool.h>
#include <stdint.h>

/* Lines. One line of data suffices: io0 to the flash, io1 back; io2 and io3 are its inputs WP# and
 * HOLD# meanwhile, which the controller keeps inactive. */
enum nor_line { NOR_CLK, NOR_NCS, NOR_IO0, NOR_IO1, NOR_IO2, NOR_IO3, NOR_LINES };
enum { NOR_LINES_NEEDED = NOR_IO1 + 1 };

struct nor_controller {
	const char *name;   /* NULL ends the list */
	const char *source; /* the manual of its registers, the data sheet of its pins */
	bool is_octo;
	uint32_t registers_at, window_at;
	uint32_t enable_at, enable_bit; /* of RCC: its clock */
	uint32_t ports_enable_at;       /* of RCC: bit n is the clock of GPIO port n */
	uint32_t ports_at;              /* GPIOA; each further port is 0x400 behind */
	uint8_t divider;                /* of the fastest bus clock, for 50 MHz at most */
	const char *pins[NOR_LINES];    /* "PB10/10 PE10/10": pin and alternate function */
};

/* In the row of a device. */
#define NOR_CONTROLLERS(...)              \
	((const struct nor_controller[]){ \
		__VA_ARGS__,              \
		{ .name = 0 },            \
	})

/* Of L4 and G4: RCC_AHB3ENR bit 8, GPIO ports by RCC_AHB2ENR. */
#define QUADSPI_L4(source_, divider_, ...)                                               \
	{                                                                                \
		.name = "QUADSPI", .source = (source_), .registers_at = 0xa0001000,      \
		.window_at = 0x90000000, .enable_at = 0x40021050, .enable_bit = 1u << 8, \
		.ports_enable_at = 0x4002104c, .ports_at = 0x48000000,                   \
		.divider = (divider_), .pins = {                                         \
			__VA_ARGS__                                                      \
		}                                                                        \
	}

/* Of F4 and F7: RCC_AHB3ENR bit 1, GPIO ports by RCC_AHB1ENR. */
#define QUADSPI_F4(source_, divider_, ...)                                               \
	{                                                                                \
		.name = "QUADSPI", .source = (source_), .registers_at = 0xa0001000,      \
		.window_at = 0x90000000, .enable_at = 0x40023838, .enable_bit = 1u << 1, \
		.ports_enable_at = 0x40023830, .ports_at = 0x40020000,                   \
		.divider = (divider_), .pins = {                                         \
			__VA_ARGS__                                                      \
		}                                                                        \
	}

/* Of H7: RCC_AHB3ENR, GPIO ports by RCC_AHB4ENR. */
#define NOR_H7(name_, source_, is_octo_, at_, window_, bit_, divider_, ...)             \
	{                                                                               \
		.name = (name_), .source = (source_), .is_octo = (is_octo_),            \
		.registers_at = (at_), .window_at = (window_), .enable_at = 0x580244d4, \
		.enable_bit = 1u << (bit_), .ports_enable_at = 0x580244e0,              \
		.ports_at = 0x58020000, .divider = (divider_), .pins = {                \
			__VA_ARGS__                                                     \
		}                                                                       \
	}

/* Of U5: RCC_AHB2ENR2, GPIO ports by RCC_AHB2ENR1. */
#define OCTOSPI_U5(name_, source_, at_, window_, bit_, divider_, ...)                   \
	{                                                                               \
		.name = (name_), .source = (source_), .is_octo = true,                  \
		.registers_at = (at_), .window_at = (window_), .enable_at = 0x46020c90, \
		.enable_bit = 1u << (bit_), .ports_enable_at = 0x46020c8c,              \
		.ports_at = 0x42020000, .divider = (divider_), .pins = {                \
			__VA_ARGS__                                                     \
		}                                                                       \
	}

#endif /* TARGETS_CHIP_NOR_CONTROLLER_H */
