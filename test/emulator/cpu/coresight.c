/* SPDX-License-Identifier: MIT */
/*
 * Identification registers of the core's own components. Values: Cortex-M3 TRM
 * (DDI 0337), M4 (DDI 0439B 4.3), M7 (DDI 0489), M0+ (DDI 0484), M33 (100230),
 * each "CoreSight ROM table / component identification".
 */
#include "test/emulator/cpu/cpu_internal.h"

enum { OFFSET_DEVARCH = 0xfbc, OFFSET_DEVTYPE = 0xfcc, OFFSET_PIDR4 = 0xfd0 };
enum {
	ARM_JEP106 = 0xbb,
	JEP106_CONTINUATION = 4,
	CLASS_GENERIC = 0xe,
	CLASS_CORESIGHT = 9
};

struct component {
	enum cpu_kind kind;
	uint32_t page; /* (address >> 12) & 0xf: 0 ITM, 1 DWT, 2 FPB, 0xe SCS */
	uint16_t part;
	uint8_t revision;
	uint32_t devarch; /* 0: CID class generic, no DEVARCH */
	uint8_t devtype;
};

static const struct component components[] = {
	{ CPU_CORTEX_M0PLUS, 0x1, 0x00a, 0, 0, 0 },
	{ CPU_CORTEX_M0PLUS, 0x2, 0x00b, 0, 0, 0 },
	{ CPU_CORTEX_M0PLUS, 0xe, 0x008, 0, 0, 0 },
	{ CPU_CORTEX_M3, 0x0, 0x001, 1, 0,
	  0 }, /* r1p1: SCS and FPB as silicon has them, the others by assumption */
	{ CPU_CORTEX_M3, 0x1, 0x002, 1, 0, 0 },
	{ CPU_CORTEX_M3, 0x2, 0x003, 0, 0, 0 },
	{ CPU_CORTEX_M3, 0xe, 0x000, 1, 0, 0 },
	{ CPU_CORTEX_M4, 0x0, 0x001, 3, 0, 0 },
	{ CPU_CORTEX_M4, 0x1, 0x002, 3, 0, 0 },
	{ CPU_CORTEX_M4, 0x2, 0x003, 2, 0, 0 },
	{ CPU_CORTEX_M4, 0xe, 0x00c, 0, 0, 0 },
	{ CPU_CORTEX_M7, 0x0, 0x001, 3, 0, 0 },
	{ CPU_CORTEX_M7, 0x1, 0x002, 3, 0, 0 },
	{ CPU_CORTEX_M7, 0x2, 0x00e, 0, 0, 0 },
	{ CPU_CORTEX_M7, 0xe, 0x00c, 0, 0, 0 },
	{ CPU_CORTEX_M33, 0x0, 0xd21, 0, 0x47701a01, 0x43 },
	{ CPU_CORTEX_M33, 0x1, 0xd21, 0, 0x47701a02, 0x00 },
	{ CPU_CORTEX_M33, 0x2, 0xd21, 0, 0x47701a03, 0x00 },
	{ CPU_CORTEX_M33, 0xe, 0xd21, 0, 0x47702a04, 0x00 },
};

static const struct component *
component_at(const struct cpu *cpu, uint32_t at)
{
	for (unsigned i = 0; i < sizeof(components) / sizeof(components[0]); i++)
		if (components[i].kind == cpu->model.kind &&
		    components[i].page == (at >> 12 & 0xf))
			return &components[i];
	return NULL;
}

/* PIDR4-7, PIDR0-3, CIDR0-3 in the order of their addresses (IHI 0029, B2.2). */
static uint32_t
identification(const struct component *component, unsigned index)
{
	const uint32_t part = component->part;
	const uint32_t class = component->devarch ? CLASS_CORESIGHT : CLASS_GENERIC;
	const uint32_t words[12] = {
		JEP106_CONTINUATION,
		0,
		0,
		0,
		part & 0xff,
		(ARM_JEP106 & 0xf) << 4 | part >> 8,
		(uint32_t)component->revision << 4 | ARM_JEP106 >> 4,
		0,
		0x0d,
		class << 4,
		0x05,
		0xb1,
	};

	return words[index];
}

uint32_t
coresight_id(const struct cpu *cpu, uint32_t at)
{
	const struct component *component = component_at(cpu, at);
	uint32_t offset = at & 0xfff;

	if (!component)
		return 0;
	if (offset == OFFSET_DEVARCH)
		return component->devarch;
	if (offset == OFFSET_DEVTYPE)
		return component->devtype;
	return offset >= OFFSET_PIDR4
		       ? identification(component, (offset - OFFSET_PIDR4) / 4)
		       : 0;
}
