/* SPDX-License-Identifier: MIT */
/*
 * reg.h - a register described once, for the code and for the words.
 *
 * A register is an X-macro that lists its fields in the manual's order:
 *
 *   #define FLASH_SR(F) \
 *           F(FLASH_SR, PROGERR, 3, 1, "the place to program was not erased") \
 *           F(FLASH_SR, WRPERR,  4, 1, "the sector is write-protected")
 *   REG_CONSTANTS(FLASH_SR);
 *   static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);
 *
 * REG_CONSTANTS gives enumerators, so a field listed twice does not compile, and
 * checks that each fits into 32 bits; REG_FIELDS gives a table by which a value
 * can be put into words.
 */
#ifndef TRANSPORT_BASE_REG_H
#define TRANSPORT_BASE_REG_H

#include "transport/base/text.h"

#include <stdint.h>

struct reg_field {
	const char *name; /* NULL ends a table */
	uint8_t lsb, width;
	const char *meaning; /* what it means that the field is not 0 */
};

#define REG_CONSTANT_(reg, field, lsb, width, meaning) \
	reg##_##field##_LSB = (lsb), reg##_##field##_WIDTH = (width),
#define REG_FIT_(reg, field, lsb, width, meaning) \
	_Static_assert((width) > 0 && (lsb) + (width) <= 32, #reg "." #field);
#define REG_CONSTANTS(reg)           \
	enum { reg(REG_CONSTANT_) }; \
	reg(REG_FIT_) _Static_assert(1, "")

#define REG_ROW_(reg, field, lsb, width, meaning) { #field, (lsb), (width), (meaning) },
#define REG_FIELDS(reg)       \
	{                     \
		reg(REG_ROW_) \
		{             \
			0     \
		}             \
	}

/* REG_MASK(FLASH_SR_WRPERR), REG_GET(sr, FLASH_SR_WRPERR), REG_PUT(1, FLASH_CR_PG) */
#define REG_MASK(field)       ((UINT32_MAX >> (32 - field##_WIDTH)) << field##_LSB)
#define REG_GET(value, field) (((uint32_t)(value)&REG_MASK(field)) >> field##_LSB)
#define REG_PUT(value, field) (((uint32_t)(value) << field##_LSB) & REG_MASK(field))

/* Adds "WRPERR: the sector is write-protected, PGSERR: ..." for the fields of `value` that
 * are not 0; a field wider than one bit shows its value: "SIZE=2: ...". Adds "no bit set"
 * when none is. */
void reg_explain(const struct reg_field *fields, uint32_t value, struct text *words);

#endif /* TRANSPORT_BASE_REG_H */
