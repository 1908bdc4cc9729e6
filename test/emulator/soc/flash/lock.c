/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/flash/lock.h"

const uint32_t flash_control_keys[2] = { 0x45670123, 0xCDEF89AB };

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
