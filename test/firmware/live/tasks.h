/* SPDX-License-Identifier: MIT */
/*
 * tasks.h - what runs on the kernels of this folder: "blink" waits and counts; "mean" and "sine"
 * compute on the FPU for ever and are switched by the tick. Each of these checks that S16 is
 * still its own, and counts in `mixed_up` when it is not.
 */
#ifndef TEST_FIRMWARE_LIVE_TASKS_H
#define TEST_FIRMWARE_LIVE_TASKS_H

#include <stdint.h>

extern volatile uint32_t blinks, means, sines, mixed_up;

void blink_task(void);
void mean_task(void);
void sine_task(void);
void idle_task(void);

/* The kernel's: the task that calls it waits for so many ticks. */
void delay(uint32_t ticks);

#endif /* TEST_FIRMWARE_LIVE_TASKS_H */
