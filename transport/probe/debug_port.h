/* SPDX-License-Identifier: MIT */
/*
 * debug_port.h - the debug port's registers and the numbers of the MEM-AP's (IHI 0031G), for drivers
 * that access them by themselves (cmsis_dap) and for who accesses them through a driver (transport/adi).
 *
 * Addresses as probe.h takes them: a DP register's bank in bits 7:4.
 */
#ifndef TRANSPORT_PROBE_DEBUG_PORT_H
#define TRANSPORT_PROBE_DEBUG_PORT_H

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

/* B2.2, SELECT of ADIv5 */
enum { SELECT_DPBANKSEL = 0x0f, SELECT_APBANKSEL = 0xf0, SELECT_APSEL_LSB = 24 };

/* C2.6, MEM-AP register descriptions */
enum ap_register {
	AP_CSW = 0x00,
	AP_TAR = 0x04,
	AP_DRW = 0x0c,
	AP_BD0 = 0x10, /* to BD3: the words from TAR[31:4] on */
	AP_BASE = 0xf8,
	AP_IDR = 0xfc
};

#endif /* TRANSPORT_PROBE_DEBUG_PORT_H */
