/* SPDX-License-Identifier: MIT */
/*
 * f4_family.h - what the drivers of F4 and F7 have alike: FLASH_SR (RM0090 Rev 19, 3.9.4; ST's
 * stm32f767xx.h). RDERR: parts with PCROP (RM0401 Rev 3, 3.8.4).
 */
#ifndef FLASH_INTERFACES_F4_FAMILY_H
#define FLASH_INTERFACES_F4_FAMILY_H

/* `sequence`: the name of bit 7. */
#define FLASH_SR_OF_F4(F, sequence)                                         \
	F(FLASH_SR, EOP, 0, 1, "an operation was finished")                 \
	F(FLASH_SR, OPERR, 1, 1, "an operation was not finished")           \
	F(FLASH_SR, WRPERR, 4, 1, "the sector is write-protected")          \
	F(FLASH_SR, PGAERR, 5, 1, "the data cross a row of 128 bits")       \
	F(FLASH_SR, PGPERR, 6, 1, "an access is not as wide as PSIZE says") \
	F(FLASH_SR, sequence, 7, 1,                                         \
	  "a store came while FLASH_CR did not allow to program")           \
	F(FLASH_SR, RDERR, 8, 1, "a place that PCROP protects was read")    \
	F(FLASH_SR, BSY, 16, 1, "an operation is still running")

#endif /* FLASH_INTERFACES_F4_FAMILY_H */
