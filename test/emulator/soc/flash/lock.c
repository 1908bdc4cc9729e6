/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/flash/lock.h"

const uint32_t flash_control_keys[2] = { 0x45670123, 0xCDEF89AB };
static const uint32_t option_keys[] = { 0x08192A3B, 0x4C5D6E7F };

enum bus_result
flash_key_take(enum flash_lock *lock, const uint32_t keys[2], uint32_t value)
{
	if (*lock == LOCK_CLOSED && value == keys[0]) {
		*lock = LOCK_FIRST_KEY;
		return BUS_OK;
	}
	if (*lock == LOCK_FIRST_KEY && value == keys[1]) {
		*lock = LOCK_OPEN;
		return BUS_OK;
	}
	*lock = LOCK_UNTIL_RESET;
	return BUS_FAULT;
}

static void
show(enum flash_lock lock, uint32_t bit, uint32_t *cr)
{
	*cr = lock == LOCK_OPEN ? *cr & ~bit : *cr | bit;
}

enum bus_result
flash_locks_control_key(struct flash_locks *locks, uint32_t value, uint32_t *cr)
{
	enum bus_result result = flash_key_take(&locks->control, flash_control_keys, value);

	show(locks->control, FLASH_LOCKS_LOCK, cr);
	return result;
}

enum bus_result
flash_locks_option_key(struct flash_locks *locks, uint32_t value, uint32_t *cr)
{
	enum bus_result result;

	if (*cr & FLASH_LOCKS_LOCK)
		return BUS_FAULT;
	result = flash_key_take(&locks->options, option_keys, value);
	show(locks->options, FLASH_LOCKS_OPTLOCK, cr);
	return result;
}

void
flash_locks_close(struct flash_locks *locks, uint32_t value, uint32_t *cr)
{
	if (value & (FLASH_LOCKS_OPTLOCK | FLASH_LOCKS_LOCK)) {
		*cr |= FLASH_LOCKS_OPTLOCK;
		locks->options = LOCK_CLOSED;
	}
	if (value & FLASH_LOCKS_LOCK) {
		*cr |= FLASH_LOCKS_LOCK;
		locks->control = LOCK_CLOSED;
	}
}
