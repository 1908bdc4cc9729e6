/* SPDX-License-Identifier: MIT */
/*
 * registers.h - what is in the MEM-AP's registers (IHI 0031G); the debug port's, and the numbers of
 * both, are in transport/probe/debug_port.h.
 */
#ifndef TRANSPORT_ADI_REGISTERS_H
#define TRANSPORT_ADI_REGISTERS_H

#include "transport/base/reg.h"
#include "transport/probe/debug_port.h"

/* C2.6, CSW */
#define CSW(F)                                                         \
	F(CSW, Size, 0, 3, "accesses of 2^n bytes")                    \
	F(CSW, AddrInc, 4, 2, "the address goes up with each access")  \
	F(CSW, DeviceEn, 6, 1, "the port may access memory")           \
	F(CSW, TrInProg, 7, 1, "an access is under way")               \
	F(CSW, SPIDEN, 23, 1, "secure accesses are allowed")           \
	F(CSW, Prot, 24, 7, "protection and kind of the bus accesses") \
	F(CSW, DbgSwEnable, 31, 1, "software may use the debug components too")
REG_CONSTANTS(CSW);
enum {
	CSW_SIZE_BYTE = 0,
	CSW_SIZE_HALFWORD = 1,
	CSW_SIZE_WORD = 2,
	CSW_ADDRINC_SINGLE = 1
};

/* C2.6, BASE */
#define BASE(F)                                         \
	F(BASE, P, 0, 1, "there are debug components")  \
	F(BASE, Format, 1, 1, "in the format of ADIv5") \
	F(BASE, BASEADDR, 12, 20, "where the ROM table is")
REG_CONSTANTS(BASE);
#define BASE_NONE UINT32_MAX /* the older way to say that there is nothing */

/* IDR, Identification Register */
#define IDR(F)                                       \
	F(IDR, TYPE, 0, 4, "the bus")                \
	F(IDR, VARIANT, 4, 4, "variant")             \
	F(IDR, CLASS, 13, 4, "kind of access port")  \
	F(IDR, DESIGNER, 17, 11, "designer, JEP106") \
	F(IDR, REVISION, 28, 4, "revision")
REG_CONSTANTS(IDR);
enum { IDR_CLASS_MEM_AP = 8 };

/* C2.2, auto-increment: TAR is sure to go up only within ranges of this size. */
enum { TAR_RANGE = 1024 };

#endif /* TRANSPORT_ADI_REGISTERS_H */
