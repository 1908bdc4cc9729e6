/* SPDX-License-Identifier: MIT */
/*
 * h7_places.h - where the STM32H7's simple peripherals are, and what clocks
 * them: stm32h743xx.h, stm32h745xx.h, stm32h755xx.h, stm32h735xx.h (ST's CMSIS device
 * headers). Enable registers at their common offsets of the RCC.
 */
#ifndef TEST_EMULATOR_SOC_CHIPS_H7_PLACES_H
#define TEST_EMULATOR_SOC_CHIPS_H7_PLACES_H

enum {
	ALWAYS = 0,
	AHB3ENR = 0xD4,
	AHB1ENR = 0xD8,
	AHB2ENR = 0xDC,
	AHB4ENR = 0xE0,
	APB3ENR = 0xE4,
	APB1LENR = 0xE8,
	APB1HENR = 0xEC,
	APB2ENR = 0xF0,
	APB4ENR = 0xF4
};

#define FILE_AT(name, at, size, enr, bit)                                   \
	{                                                                   \
		&register_file_type, name, at, size, { enr, bit }, -1, NULL \
	}
#define USART_AT(name, at, enr, bit)                                           \
	{                                                                      \
		&register_file_type, name, at, 0x400, { enr, bit }, -1, &usart \
	}

/* In all of them. */
#define H7_PLACES                                                        \
	FILE_AT("TIM2", 0x40000000, 0x400, APB1LENR, 0),                 \
		FILE_AT("TIM3", 0x40000400, 0x400, APB1LENR, 1),         \
		FILE_AT("TIM4", 0x40000800, 0x400, APB1LENR, 2),         \
		FILE_AT("TIM5", 0x40000C00, 0x400, APB1LENR, 3),         \
		FILE_AT("TIM6", 0x40001000, 0x400, APB1LENR, 4),         \
		FILE_AT("TIM7", 0x40001400, 0x400, APB1LENR, 5),         \
		FILE_AT("TIM12", 0x40001800, 0x400, APB1LENR, 6),        \
		FILE_AT("TIM13", 0x40001C00, 0x400, APB1LENR, 7),        \
		FILE_AT("TIM14", 0x40002000, 0x400, APB1LENR, 8),        \
		FILE_AT("LPTIM1", 0x40002400, 0x400, APB1LENR, 9),       \
		FILE_AT("SPI2", 0x40003800, 0x400, APB1LENR, 14),        \
		FILE_AT("SPI3", 0x40003C00, 0x400, APB1LENR, 15),        \
		FILE_AT("SPDIFRX", 0x40004000, 0x400, APB1LENR, 16),     \
		USART_AT("USART2", 0x40004400, APB1LENR, 17),            \
		USART_AT("USART3", 0x40004800, APB1LENR, 18),            \
		USART_AT("UART4", 0x40004C00, APB1LENR, 19),             \
		USART_AT("UART5", 0x40005000, APB1LENR, 20),             \
		FILE_AT("I2C1", 0x40005400, 0x400, APB1LENR, 21),        \
		FILE_AT("I2C2", 0x40005800, 0x400, APB1LENR, 22),        \
		FILE_AT("I2C3", 0x40005C00, 0x400, APB1LENR, 23),        \
		FILE_AT("CEC", 0x40006C00, 0x400, APB1LENR, 27),         \
		FILE_AT("DAC1", 0x40007400, 0x400, APB1LENR, 29),        \
		USART_AT("UART7", 0x40007800, APB1LENR, 30),             \
		USART_AT("UART8", 0x40007C00, APB1LENR, 31),             \
		FILE_AT("CRS", 0x40008400, 0x400, APB1HENR, 1),          \
		FILE_AT("SWPMI1", 0x40008800, 0x400, APB1HENR, 2),       \
		FILE_AT("OPAMP", 0x40009000, 0x400, APB1HENR, 4),        \
		FILE_AT("MDIOS", 0x40009400, 0x400, APB1HENR, 5),        \
		FILE_AT("FDCAN1", 0x4000A000, 0x400, APB1HENR, 8),       \
		FILE_AT("FDCAN2", 0x4000A400, 0x400, APB1HENR, 8),       \
		FILE_AT("FDCAN CCU", 0x4000A800, 0x400, APB1HENR, 8),    \
		FILE_AT("FDCAN SRAM", 0x4000AC00, 0x2800, APB1HENR, 8),  \
		FILE_AT("TIM1", 0x40010000, 0x400, APB2ENR, 0),          \
		FILE_AT("TIM8", 0x40010400, 0x400, APB2ENR, 1),          \
		USART_AT("USART1", 0x40011000, APB2ENR, 4),              \
		USART_AT("USART6", 0x40011400, APB2ENR, 5),              \
		FILE_AT("SPI1", 0x40013000, 0x400, APB2ENR, 12),         \
		FILE_AT("SPI4", 0x40013400, 0x400, APB2ENR, 13),         \
		FILE_AT("TIM15", 0x40014000, 0x400, APB2ENR, 16),        \
		FILE_AT("TIM16", 0x40014400, 0x400, APB2ENR, 17),        \
		FILE_AT("TIM17", 0x40014800, 0x400, APB2ENR, 18),        \
		FILE_AT("SPI5", 0x40015000, 0x400, APB2ENR, 20),         \
		FILE_AT("SAI1", 0x40015800, 0x400, APB2ENR, 22),         \
		FILE_AT("DMA1", 0x40020000, 0x400, AHB1ENR, 0),          \
		FILE_AT("DMA2", 0x40020400, 0x400, AHB1ENR, 1),          \
		FILE_AT("DMAMUX1", 0x40020800, 0x400, AHB1ENR, 0),       \
		FILE_AT("ADC1", 0x40022000, 0x100, AHB1ENR, 5),          \
		FILE_AT("ADC2", 0x40022100, 0x100, AHB1ENR, 5),          \
		FILE_AT("ADC1/2 common", 0x40022300, 0x100, AHB1ENR, 5), \
		FILE_AT("ETH", 0x40028000, 0x1400, AHB1ENR, 15),         \
		FILE_AT("OTG_HS", 0x40040000, 0x40000, AHB1ENR, 25),     \
		FILE_AT("RNG", 0x48021800, 0x400, AHB2ENR, 6),           \
		FILE_AT("SDMMC2", 0x48022400, 0x400, AHB2ENR, 9),        \
		FILE_AT("DLYB SDMMC2", 0x48022800, 0x400, AHB2ENR, 9),   \
		FILE_AT("RAMECC2", 0x48023000, 0x400, ALWAYS, 0),        \
		WWDG_AT("WWDG1", 0x50003000, APB3ENR, 6),                \
		FILE_AT("MDMA", 0x52000000, 0x1000, AHB3ENR, 0),         \
		FILE_AT("DMA2D", 0x52001000, 0x1000, AHB3ENR, 4),        \
		FILE_AT("SDMMC1", 0x52007000, 0x400, AHB3ENR, 16),       \
		FILE_AT("DLYB SDMMC1", 0x52008000, 0x400, AHB3ENR, 16),  \
		FILE_AT("RAMECC1", 0x52009000, 0x400, ALWAYS, 0),        \
		FILE_AT("EXTI", 0x58000000, 0x400, ALWAYS, 0),           \
		USART_AT("LPUART1", 0x58000C00, APB4ENR, 3),             \
		FILE_AT("SPI6", 0x58001400, 0x400, APB4ENR, 5),          \
		FILE_AT("I2C4", 0x58001C00, 0x400, APB4ENR, 7),          \
		FILE_AT("LPTIM2", 0x58002400, 0x400, APB4ENR, 9),        \
		FILE_AT("LPTIM3", 0x58002800, 0x400, APB4ENR, 10),       \
		FILE_AT("LPTIM4", 0x58002C00, 0x400, APB4ENR, 11),       \
		FILE_AT("LPTIM5", 0x58003000, 0x400, APB4ENR, 12),       \
		FILE_AT("COMP", 0x58003800, 0x400, APB4ENR, 14),         \
		FILE_AT("VREFBUF", 0x58003C00, 0x400, APB4ENR, 15),      \
		FILE_AT("RTC", 0x58004000, 0x400, APB4ENR, 16),          \
		FILE_AT("SAI4", 0x58005400, 0x400, APB4ENR, 21),         \
		FILE_AT("CRC", 0x58024C00, 0x400, AHB4ENR, 19),          \
		FILE_AT("BDMA", 0x58025400, 0x400, AHB4ENR, 21),         \
		FILE_AT("DMAMUX2", 0x58025800, 0x400, AHB4ENR, 21),      \
		FILE_AT("ADC3", 0x58026000, 0x300, AHB4ENR, 24),         \
		FILE_AT("ADC3 common", 0x58026300, 0x100, AHB4ENR, 24),  \
		FILE_AT("RAMECC3", 0x58027000, 0x400, ALWAYS, 0)

/* STM32H74x and H75x. */
#define H74_PLACES                                                                    \
	FILE_AT("SAI2", 0x40015C00, 0x400, APB2ENR, 23),                              \
		FILE_AT("SAI3", 0x40016000, 0x400, APB2ENR, 24),                      \
		FILE_AT("DFSDM1", 0x40017000, 0x400, APB2ENR, 28),                    \
		FILE_AT("HRTIM1", 0x40017400, 0x400, APB2ENR, 29),                    \
		FILE_AT("OTG_FS", 0x40080000, 0x40000, AHB1ENR, 27),                  \
		FILE_AT("DCMI", 0x48020000, 0x400, AHB2ENR, 0),                       \
		FILE_AT("JPGDEC", 0x52003000, 0x1000, AHB3ENR, 5), { &octospi_type,   \
								     "QUADSPI",       \
								     0x52005000,      \
								     0x400,           \
								     { AHB3ENR, 14 }, \
								     -1,              \
								     &quadspi },      \
		{ &octospi_memory_type, "QUADSPI window", 0x90000000,                 \
		  UINT32_C(256) << 20,  { ALWAYS, 0 },    -1,                         \
		  &quadspi_memory },                                                  \
		FILE_AT("DLYB QUADSPI", 0x52006000, 0x400, AHB3ENR, 14)

/* Dual parts. */
#define H745_PLACES                                 \
	WWDG_AT("WWDG2", 0x40002C00, APB1LENR, 11), \
		FILE_AT("ART", 0x40024400, 0x400, AHB1ENR, 14)

/* Parts with crypto. */
#define CRYPTO_PLACES                                   \
	FILE_AT("CRYP", 0x48021000, 0x400, AHB2ENR, 4), \
		FILE_AT("HASH", 0x48021400, 0x400, AHB2ENR, 5)

/* STM32H72x and H73x. */
#define H735_PLACES                                                       \
	FILE_AT("I2C5", 0x40006400, 0x400, APB1LENR, 25),                 \
		FILE_AT("FDCAN3", 0x4000D400, 0x400, APB1HENR, 8),        \
		FILE_AT("TIM23", 0x4000E000, 0x400, APB1HENR, 24),        \
		FILE_AT("TIM24", 0x4000E400, 0x400, APB1HENR, 25),        \
		USART_AT("UART9", 0x40011800, APB2ENR, 6),                \
		USART_AT("USART10", 0x40011C00, APB2ENR, 7),              \
		FILE_AT("DFSDM1", 0x40017800, 0x400, APB2ENR, 30),        \
		FILE_AT("DCMI", 0x48020000, 0x400, AHB2ENR, 0),           \
		FILE_AT("PSSI", 0x48020400, 0x400, AHB2ENR, 0),           \
		FILE_AT("FMAC", 0x48024000, 0x400, AHB2ENR, 16),          \
		FILE_AT("CORDIC", 0x48024400, 0x400, AHB2ENR, 17),        \
		FILE_AT("DLYB OCTOSPI1", 0x52006000, 0x400, AHB3ENR, 14), \
		FILE_AT("OCTOSPI2", 0x5200A000, 0x400, AHB3ENR, 19),      \
		FILE_AT("DLYB OCTOSPI2", 0x5200B000, 0x400, AHB3ENR, 19), \
		FILE_AT("OCTOSPIM", 0x5200B400, 0x400, AHB3ENR, 21),      \
		FILE_AT("OTFDEC1", 0x5200B800, 0x400, AHB3ENR, 22),       \
		FILE_AT("OTFDEC2", 0x5200BC00, 0x400, AHB3ENR, 23),       \
		FILE_AT("DTS", 0x58006800, 0x400, APB4ENR, 26)

#endif /* TEST_EMULATOR_SOC_CHIPS_H7_PLACES_H */
