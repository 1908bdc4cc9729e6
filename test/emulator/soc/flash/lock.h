/* SPDX-License-Identifier: MIT */
/*
 * lock.h - the lock of a flash register that two keys in a row open, as all
 * families have it.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_LOCK_H
#define TEST_EMULATOR_SOC_FLASH_LOCK_H

#include <stdint.h>

#include "test/emulator/soc/soc.h"

enum flash_lock { LOCK_CLOSED, LOCK_FIRST_KEY, LOCK_OPEN, LOCK_UNTIL_RESET };

/* RM0440 Rev 8, 3.3.5; PM0075 Rev 2, 2.3.1: FLASH_KEYR takes the same everywhere. */
extern const uint32_t flash_control_keys[2];

/* A wrong key locks until the next reset and is a bus error; so is a key sent to an open
 * lock. */
enum bus_result
flash_key_take(enum flash_lock *lock, const uint32_t keys[2], uint32_t value);

#endif /* TEST_EMULATOR_SOC_FLASH_LOCK_H */
