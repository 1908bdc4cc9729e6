/* SPDX-License-Identifier: MIT */
/*
 * registers.h - the debug port's and the MEM-AP's registers (IHI 0031G).
 *
 * For the files of this folder. Addresses as probe.h takes them: a DP register's
 * bank in bits 7:4.
 */
#ifndef TRANSPORT_ADI_REGISTERS_H
#define TRANSPORT_ADI_REGISTERS_H

#include "transport/base/reg.h"

/* B2.2, DP register descriptions */
enum dp_register {
	DP_ABORT = 0x00, /* when written */
	DP_DPIDR = 0x00, /* when read */
	DP_CTRL_STAT = 0x04,
	DP_SELECT = 0x08,
	DP_RDBUFF = 0x0c
};

/* B2.2, ABORT */
#define ABORT(F)                                               \
	F(ABORT, DAPABORT, 0, 1, "abort the access under way") \
	F(ABORT, STKCMPCLR, 1, 1, "clear STICKYCMP")           \
	F(ABORT, STKERRCLR, 2, 1, "clear STICKYERR")           \
	F(ABORT, WDERRCLR, 3, 1, "clear WDATAERR")             \
	F(ABORT, ORUNERRCLR, 4, 1, "clear STICKYORUN")
REG_CONSTANTS(ABORT);

/* B2.2, CTRL/STAT */
#define CTRL_STAT(F)                                                                  \
	F(CTRL_STAT, ORUNDETECT, 0, 1, "overruns are looked for")                     \
	F(CTRL_STAT, STICKYORUN, 1, 1, "an access came before the last one was over") \
	F(CTRL_STAT, STICKYCMP, 4, 1, "a pushed comparison matched")                  \
	F(CTRL_STAT, STICKYERR, 5, 1, "an access through an access port was refused") \
	F(CTRL_STAT, READOK, 6, 1, "the last read of an access port was good")        \
	F(CTRL_STAT, WDATAERR, 7, 1, "data written arrived damaged or was not taken") \
	F(CTRL_STAT, CDBGRSTREQ, 26, 1, "a reset of the debug domain is asked for")   \
	F(CTRL_STAT, CDBGRSTACK, 27, 1, "the debug domain was reset")                 \
	F(CTRL_STAT, CDBGPWRUPREQ, 28, 1, "debug power is asked for")                 \
	F(CTRL_STAT, CDBGPWRUPACK, 29, 1, "debug power is there")                     \
	F(CTRL_STAT, CSYSPWRUPREQ, 30, 1, "system power is asked for")                \
	F(CTRL_STAT, CSYSPWRUPACK, 31, 1, "system power is there")
REG_CONSTANTS(CTRL_STAT);

/* C2.6, MEM-AP register descriptions */
enum ap_register {
	AP_CSW = 0x00,
	AP_TAR = 0x04,
	AP_DRW = 0x0c,
	AP_BD0 = 0x10, /* to BD3: the words from TAR[31:4] on */
	AP_BASE = 0xf8,
	AP_IDR = 0xfc
};

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
