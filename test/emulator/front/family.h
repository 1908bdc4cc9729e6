/* SPDX-License-Identifier: MIT */
/*
 * family.h - the processes that the command of --usb leaves behind: they come to us
 * when their parent ends, so that none outlives the bus it was looking at.
 */
#ifndef TEST_EMULATOR_FRONT_FAMILY_H
#define TEST_EMULATOR_FRONT_FAMILY_H

/* From now on orphans among our descendants become our children. */
void family_adopt(void);
/* Kills all that are left, and waits until they are gone. */
void family_end(void);

#endif /* TEST_EMULATOR_FRONT_FAMILY_H */
