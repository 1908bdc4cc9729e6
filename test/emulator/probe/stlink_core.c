/* SPDX-License-Identifier: MIT */
/*
 * stlink_core.c - group F2: the core's state and registers, through DHCSR, DCRSR
 * and DCRDR of the Cortex-M behind AP 0. DDI 0403E, C1.6.
 */
#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/stlink.h"

#define AIRCR             0xE000ED0Cu
#define DHCSR             0xE000EDF0u
#define DCRSR             0xE000EDF4u
#define DCRDR             0xE000EDF8u
#define AIRCR_VECTKEY     0x05FA0000u
#define AIRCR_SYSRESETREQ (1u << 2)
#define DHCSR_DBGKEY      0xA05F0000u
#define DHCSR_C_DEBUGEN   (1u << 0)
#define DHCSR_C_HALT      (1u << 1)
#define DHCSR_C_STEP      (1u << 2)
#define DHCSR_S_REGRDY    (1u << 16)
#define DHCSR_S_HALT      (1u << 17)
#define DCRSR_REGWNR      (1u << 16)

enum { REGISTERS_OF_READ_ALL = 21 }; /* DCRSR numbers 0 to 20 */
enum { REGRDY_TRIES = 20 };          /* assumption */
enum { REGISTER_MASK = 0x7f };       /* DCRSR.REGSEL */

static enum stlink_status
access_word(struct stlink *link, uint32_t at, uint32_t *value, bool is_write)
{
	const struct memory_access access = {
		.at = at, .size = 4, .bytes = 4, .is_write = is_write
	};
	uint8_t bytes[4];
	if (at % sizeof(bytes))
		return STLINK_ALIGNMENT_ERROR;
	le32_put(bytes, *value);
	enum stlink_status status = swd_memory(&link->swd, &access, bytes, &link->fault_at);
	*value = le32_get(bytes);
	return status;
}

enum stlink_status
stlink_read_word(struct stlink *link, uint32_t at, uint32_t *value)
{
	*value = 0;
	return access_word(link, at, value, false);
}

enum stlink_status
stlink_write_word(struct stlink *link, uint32_t at, uint32_t value)
{
	return access_word(link, at, &value, true);
}

void
stlink_get_status(struct stlink *link, const uint8_t *command)
{
	uint32_t dhcsr;
	(void)command;
	uint8_t answer = (uint8_t)stlink_read_word(link, DHCSR, &dhcsr);
	if (answer == STLINK_OK)
		answer = dhcsr & DHCSR_S_HALT ? STLINK_CORE_HALTED : STLINK_CORE_RUNNING;
	stlink_reply(link, 2)[0] = answer;
}

static void
write_dhcsr(struct stlink *link, uint32_t bits)
{
	stlink_reply_status(
		link, stlink_write_word(link, DHCSR, DHCSR_DBGKEY | DHCSR_C_DEBUGEN | bits),
		2);
}

void
stlink_force_debug(struct stlink *link, const uint8_t *command)
{
	(void)command;
	write_dhcsr(link, DHCSR_C_HALT);
}

void
stlink_run_core(struct stlink *link, const uint8_t *command)
{
	(void)command;
	write_dhcsr(link, 0);
}

void
stlink_step_core(struct stlink *link, const uint8_t *command)
{
	(void)command;
	write_dhcsr(link, DHCSR_C_STEP);
}

void
stlink_reset_system(struct stlink *link, const uint8_t *command)
{
	(void)command;
	stlink_reply_status(
		link, stlink_write_word(link, AIRCR, AIRCR_VECTKEY | AIRCR_SYSRESETREQ), 2);
}

/* A core that is not halted never sets S_REGRDY. */
static enum stlink_status
wait_register(struct stlink *link)
{
	uint32_t dhcsr = 0;
	enum stlink_status status = STLINK_OK;
	for (int i = 0; i < REGRDY_TRIES && status == STLINK_OK; i++) {
		status = stlink_read_word(link, DHCSR, &dhcsr);
		if (status == STLINK_OK && dhcsr & DHCSR_S_REGRDY)
			return STLINK_OK;
	}
	return status == STLINK_OK ? STLINK_FAULT : status;
}

static enum stlink_status
read_register(struct stlink *link, uint8_t number, uint32_t *value)
{
	*value = 0;
	enum stlink_status status = stlink_write_word(link, DCRSR, number & REGISTER_MASK);
	if (status == STLINK_OK)
		status = wait_register(link);
	return status == STLINK_OK ? stlink_read_word(link, DCRDR, value) : status;
}

static enum stlink_status
write_register(struct stlink *link, uint8_t number, uint32_t value)
{
	enum stlink_status status = stlink_write_word(link, DCRDR, value);
	if (status == STLINK_OK)
		status = stlink_write_word(link, DCRSR,
					   DCRSR_REGWNR | (number & REGISTER_MASK));
	return status == STLINK_OK ? wait_register(link) : status;
}

/* The numbers are DCRSR's: 0x21 is FPSCR, 0x40 to 0x5F are S0 to S31. */
void
stlink_read_register(struct stlink *link, const uint8_t *command)
{
	uint32_t value;
	enum stlink_status status = read_register(link, command[2], &value);
	le32_put(stlink_reply_status(link, status, 8) + 4, value);
}

void
stlink_read_register_v1(struct stlink *link, const uint8_t *command)
{
	uint32_t value;
	read_register(link, command[2], &value);
	le32_put(stlink_reply(link, 4), value);
}

void
stlink_write_register(struct stlink *link, const uint8_t *command)
{
	stlink_reply_status(link, write_register(link, command[2], le32_get(command + 3)),
			    2);
}

static enum stlink_status
read_all(struct stlink *link, uint8_t *bytes)
{
	enum stlink_status status = STLINK_OK;
	for (uint8_t i = 0; i < REGISTERS_OF_READ_ALL && status == STLINK_OK; i++) {
		uint32_t value;
		status = read_register(link, i, &value);
		le32_put(bytes + 4 * i, value);
	}
	return status;
}

void
stlink_read_all(struct stlink *link, const uint8_t *command)
{
	uint8_t *reply = stlink_reply(link, 4 + 4 * REGISTERS_OF_READ_ALL);
	(void)command;
	reply[0] = (uint8_t)read_all(link, reply + 4);
}

void
stlink_read_all_v1(struct stlink *link, const uint8_t *command)
{
	(void)command;
	read_all(link, stlink_reply(link, 4 * REGISTERS_OF_READ_ALL));
}

void
stlink_read_debug_word(struct stlink *link, const uint8_t *command)
{
	uint32_t value;
	enum stlink_status status = stlink_read_word(link, le32_get(command + 2), &value);
	uint8_t *reply = stlink_reply_status(link, status, 8);
	if (status == STLINK_OK)
		le32_put(reply + 4, value);
}

void
stlink_write_debug_word(struct stlink *link, const uint8_t *command)
{
	stlink_reply_status(
		link, stlink_write_word(link, le32_get(command + 2), le32_get(command + 6)),
		2);
}
