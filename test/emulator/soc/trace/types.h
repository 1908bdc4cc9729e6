/* SPDX-License-Identifier: MIT */
/*
 * types.h - DBGMCU and the CoreSight components: what a chip's table names, and the parameters of its
 * places.
 */
#ifndef TEST_EMULATOR_SOC_TRACE_TYPES_H
#define TEST_EMULATOR_SOC_TRACE_TYPES_H

#include "test/emulator/soc/peripheral.h"

extern const struct peripheral_type dbgmcu_type; /* struct dbgmcu_layout */
extern const struct peripheral_type dbgmcu_h7_type;
extern const struct peripheral_type rom_table_type; /* struct coresight_ids */
extern const struct peripheral_type coresight_type; /* struct coresight_ids */
extern const struct peripheral_type swo_type;       /* struct coresight_ids */
extern const struct peripheral_type funnel_type;    /* struct coresight_ids */
extern const struct peripheral_type cti_type;       /* struct cti_kind */

/* DBGMCU: how large its registers are (DBGMCU_SR at 0xFC, where they reach so far), where the watchdog's stop bit is, and whether there
 * is a DBG_SLEEP bit without which plain sleep stops HCLK for the debugger as well. */
struct coresight_ids;
struct dbgmcu_layout {
	uint16_t size;
	uint16_t iwdg_stop_at;
	uint8_t iwdg_stop_bit;
	bool has_dbg_sleep;
	uint32_t trace_enables;          /* bits of CR that give the pin to the trace */
	const struct coresight_ids *ids; /* at its end; NULL: it has none */
	struct clock_gate gate;          /* of all but IDCODE; all 0: none */
};

/* The identification registers of a CoreSight component, and for a ROM table its
 * entries (IHI 0029E, B2). */
struct coresight_ids {
	uint64_t pid;            /* PIDR4..0 as one number */
	uint8_t component_class; /* 1: ROM table, 9: CoreSight, 14: generic */
	uint32_t devtype;        /* class 9 */
	uint32_t devid;
	uint32_t devarch;   /* class 9; 0: none */
	bool has_formatter; /* a TPIU */
	const uint32_t *entries;
	unsigned entries_len;
};
/* Which inputs a trace funnel passes on (DDI 0480 CoreSight SoC-400, 3.5: Funnel Control, EnS0 to
 * EnS7). */
uint32_t funnel_inputs(struct peripheral *peripheral);
/* The word at one of the offsets 0xFC8 to 0xFFC. */
uint32_t coresight_ids_read(const struct coresight_ids *ids, uint32_t at);

/* A CoreSight cross trigger interface, of a core or of the system. */
struct cti_kind {
	uint8_t core; /* NO_CORE: the system's */
	struct coresight_ids ids;
};

#endif /* TEST_EMULATOR_SOC_TRACE_TYPES_H */
