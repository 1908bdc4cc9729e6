/* SPDX-License-Identifier: MIT */
/*
 * lock.h - the lock of a flash register that two keys in a row open, as all
 * families have it.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_LOCK_H
#define TEST_EMULATOR_SOC_FLASH_LOCK_H

#include <stdint.h>

#include "test/emulator/soc/peripheral.h"

enum flash_lock { LOCK_CLOSED, LOCK_FIRST_KEY, LOCK_OPEN, LOCK_UNTIL_RESET };

/* RM0440 Rev 8, 3.3.5; PM0075 Rev 2, 2.3.1: FLASH_KEYR takes the same everywhere. */
extern const uint32_t flash_control_keys[2];

/* A wrong key locks until the next reset and is a bus error; so is a key sent to an open
 * lock. */
enum bus_result
flash_key_take(enum flash_lock *lock, const uint32_t keys[2], uint32_t value);

/* LOCK and OPTLOCK as bits of one control register `cr`, as of L4, G4 and G0 (RM0440 Rev 8, 3.3.5
 * and 3.4.2) and U5 (RM0456 7.9.9): the options open only behind the open control register, and are
 * closed with it. */
#define FLASH_LOCKS_LOCK    BIT(31)
#define FLASH_LOCKS_OPTLOCK BIT(30)
struct flash_locks {
	enum flash_lock control, options;
};
/* What is written to KEYR, to OPTKEYR, and to the control register. */
enum bus_result
flash_locks_control_key(struct flash_locks *locks, uint32_t value, uint32_t *cr);
enum bus_result
flash_locks_option_key(struct flash_locks *locks, uint32_t value, uint32_t *cr);
void flash_locks_close(struct flash_locks *locks, uint32_t value, uint32_t *cr);

#endif /* TEST_EMULATOR_SOC_FLASH_LOCK_H */
