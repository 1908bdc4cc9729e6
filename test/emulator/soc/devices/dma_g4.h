/* SPDX-License-Identifier: MIT */
/*
 * dma_g4.h - DMA1, DMA2 and the DMAMUX in front of them, as the STM32G4 has them (RM0440
 * Rev 8, chapters 12 and 13): what the places of the types below want to know, and how a
 * peripheral asks for a transfer.
 */
#ifndef TEST_EMULATOR_SOC_DEVICES_DMA_G4_H
#define TEST_EMULATOR_SOC_DEVICES_DMA_G4_H

#include "test/emulator/soc/peripheral.h"

enum { DMA_G4_CHANNELS = 8 };

/* The outputs of the DMAMUX that this controller's channels hang on, from the first one on,
 * and the channels' interrupt lines. */
struct dma_g4_kind {
	uint8_t first_output;
	uint8_t irqs[DMA_G4_CHANNELS];
};

/* A peripheral pulls its request line, by the line's number at the DMAMUX: each channel that
 * listens to it moves one datum, at once. A request to which no channel listens is lost:
 * assumption. */
void dma_g4_request(struct soc *soc, uint32_t line);

#endif /* TEST_EMULATOR_SOC_DEVICES_DMA_G4_H */
