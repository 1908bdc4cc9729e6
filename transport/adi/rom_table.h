/* SPDX-License-Identifier: MIT */
/*
 * rom_table.h - the CoreSight ROM table: which debug components an access port
 * reaches, and who designed the part (IHI 0031G chapter D, IHI 0029).
 */
#ifndef TRANSPORT_ADI_ROM_TABLE_H
#define TRANSPORT_ADI_ROM_TABLE_H

#include "transport/adi/mem_ap.h"

enum { ROM_MAX_COMPONENTS = 64, ROM_MAX_DEPTH = 4, JEP106_ST = 0x20, JEP106_ARM = 0x23b };

struct rom_component {
	uint32_t at;
	/* CIDR1[7:4]: 1 ROM table, 9 CoreSight, 0xe generic IP... */
	uint8_t component_class;
	uint16_t designer; /* JEP106: continuation code in 10:7, identity in 6:0 */
	uint16_t part;     /* PIDR part number */
	uint16_t archid;   /* DEVARCH.ARCHID, 0 when not CoreSight */
	uint8_t depth;
};

struct rom_table {
	uint16_t designer, part; /* of the outermost table: the chip's own */
	size_t len;
	struct rom_component components[ROM_MAX_COMPONENTS];
};

/* Walks the table at mem->base. An entry that cannot be read is left out and logged at
 * debug; CAUSE_UNSUPPORTED when there is no table, CAUSE_FAULT when it cannot be read. */
enum cause rom_table_read(struct mem_ap *mem, struct rom_table *table, struct reason *why);

/* The same, of the outermost table alone: who made the chip. */
enum cause rom_table_read_designer(struct mem_ap *mem, uint16_t *designer, uint16_t *part,
				   struct reason *why);

/* The first component of that part number by that designer, or NULL. */
const struct rom_component *
rom_table_find(const struct rom_table *table, uint16_t designer, uint16_t part);

#endif /* TRANSPORT_ADI_ROM_TABLE_H */
