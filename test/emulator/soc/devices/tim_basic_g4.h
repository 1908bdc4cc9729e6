/* SPDX-License-Identifier: MIT */
/*
 * tim_basic_g4.h - what the places of TIM6 and TIM7 want to know.
 */
#ifndef TEST_EMULATOR_SOC_DEVICES_TIM_BASIC_G4_H
#define TEST_EMULATOR_SOC_DEVICES_TIM_BASIC_G4_H

#include <stdint.h>

struct tim_basic_g4_kind {
	uint8_t dma_line; /* of its update request at the DMAMUX */
	uint8_t stop_bit; /* in DBGMCU_APB1FZR1 */
};

#endif /* TEST_EMULATOR_SOC_DEVICES_TIM_BASIC_G4_H */
