/* SPDX-License-Identifier: MIT */
#include "test/emulator/wire/mem_ap.h"

#include "test/emulator/wire/timing.h"

/* C2.6 */
enum {
	CSW = 0x00,
	TAR = 0x04,
	DRW = 0x0C,
	BD0 = 0x10,
	BD3 = 0x1C,
	CFG = 0xF4,
	BASE = 0xF8,
	IDR = 0xFC
};

/* The AHB-AP of the Cortex-M4 (DDI 0439, 8.3.1): these bits of CSW can be written. */
#define CSW_SIZE       UINT32_C(0x7)
#define CSW_ADDRINC    UINT32_C(0x30)
#define CSW_INC_SINGLE UINT32_C(0x10)
#define CSW_INC_PACKED UINT32_C(0x20)
#define CSW_HPROT1     (UINT32_C(1) << 25)
#define CSW_MASTERTYPE (UINT32_C(1) << 29)
#define CSW_WRITABLE   (CSW_SIZE | CSW_ADDRINC | CSW_HPROT1 | CSW_MASTERTYPE)
/* DDI 0480 (CoreSight SoC-400), AHB-AP, CSW.DbgStatus: low while the port's enable is; its
 * registers answer then, and no transfer is carried out. */
#define CSW_DEVICE_EN (UINT32_C(1) << 6)
enum { CSW_SIZE_WORD = 2 };

/* C2.2.2: the increment carries over 10 bits on all implementations; over 12 on those of the
 * Cortex-M3 and M4 (OpenOCD cortex_m.c, CORTEX_M_F_TAR_AUTOINCR_BLOCK_4K, relies on it).
 * Whose port it is tells IDR, without its revision. */
#define TAR_WRAP         UINT32_C(0x3FF)
#define TAR_WRAP_M3_M4   UINT32_C(0xFFF)
#define IDR_REVISION     UINT32_C(0xF0000000)
#define IDR_AHB_AP_M3_M4 UINT32_C(0x04770011)

void
mem_aps_reset(struct mem_aps *aps, struct soc *soc)
{
	*aps = (struct mem_aps){ .soc = soc };
	for (unsigned i = 0; i < MEM_AP_PORTS; i++)
		aps->ports[i].csw = CSW_SIZE_WORD | CSW_HPROT1;
}

/* A size that is not there falls back to words; "packed" makes no sense for these and
 * falls back to single (C2.2.3). */
static uint32_t
csw_legal(uint32_t csw)
{
	if ((csw & CSW_SIZE) > CSW_SIZE_WORD)
		csw = (csw & ~CSW_SIZE) | CSW_SIZE_WORD;
	if ((csw & CSW_SIZE) == CSW_SIZE_WORD && (csw & CSW_ADDRINC) == CSW_INC_PACKED)
		csw = (csw & ~CSW_ADDRINC) | CSW_INC_SINGLE;
	if ((csw & CSW_ADDRINC) == CSW_ADDRINC) /* reserved */
		csw &= ~CSW_ADDRINC;
	return csw;
}

static uint32_t
wrapped(const struct mem_aps *aps, uint32_t tar, uint32_t step)
{
	uint32_t idr = soc_access_port(aps->soc, aps->port)->idr & ~IDR_REVISION;
	uint32_t wrap = idr == IDR_AHB_AP_M3_M4 ? TAR_WRAP_M3_M4 : TAR_WRAP;

	return (tar & ~wrap) | ((tar + step) & wrap);
}

static void
tar_step(struct mem_aps *aps)
{
	struct mem_ap *ap = &aps->ports[aps->port];

	if (!aps->is_banked && ap->csw & CSW_ADDRINC)
		ap->tar = wrapped(aps, ap->tar, aps->size);
}

enum bus_result
mem_ap_settle(struct mem_aps *aps, uint32_t *value)
{
	while (aps->is_pending) {
		uint32_t word = aps->value;
		enum bus_result result = soc_access(aps->soc, aps->port, aps->at, aps->size,
						    aps->is_write, &word);

		if (result == BUS_WAIT)
			return result;
		if (result == BUS_FAULT) {
			aps->is_pending = false;
			return result;
		}
		if (!aps->is_write)
			aps->value = (aps->value & ~bus_lanes(aps->at, aps->size)) |
				     (word & bus_lanes(aps->at, aps->size));
		tar_step(aps);
		aps->at = wrapped(aps, aps->at, aps->size);
		aps->is_pending = --aps->parts != 0;
		if (!aps->is_pending && !aps->is_write)
			*value = aps->value;
	}
	return BUS_OK;
}

static const uint64_t ns_per_s = 1000000000;

static uint64_t
answer_time(const struct mem_aps *aps, unsigned port)
{
	uint32_t hz = soc_port_hz(aps->soc, port);

	return hz ? soc_now_ns(aps->soc) + MEM_AP_BUS_CLOCKS * ns_per_s / hz : 0;
}

bool
mem_ap_is_busy(const struct mem_aps *aps)
{
	return aps->answer_ns > soc_now_ns(aps->soc);
}

/* Bits of TAR below the size are not driven on the bus: the access is aligned. */
static enum bus_result
data_access(struct mem_aps *aps, unsigned port, bool banked, uint32_t at, bool write,
	    uint32_t *value)
{
	uint32_t csw = aps->ports[port].csw;
	unsigned size = banked ? 4 : 1U << (csw & CSW_SIZE);
	bool packed = !banked && (csw & CSW_ADDRINC) == CSW_INC_PACKED;

	aps->is_pending = true;
	aps->answer_ns = answer_time(aps, port);
	aps->port = port;
	aps->size = size;
	aps->is_write = write;
	aps->is_banked = banked;
	aps->parts = packed ? 4 / size : 1;
	aps->at = at & ~(uint32_t)(size - 1);
	aps->value = write ? *value : 0;
	return mem_ap_settle(aps, value);
}

static uint32_t
register_read(const struct mem_aps *aps, unsigned port, uint8_t reg)
{
	const struct access_port *fixed = soc_access_port(aps->soc, port);
	const struct mem_ap *ap = &aps->ports[port];

	switch (reg) {
	case CSW:
		return (ap->csw | fixed->csw_fixed) &
		       ~(soc_port_is_locked(aps->soc, port) ? CSW_DEVICE_EN : 0);
	case TAR:
		return ap->tar;
	case CFG:
		return fixed->cfg;
	case BASE:
		return fixed->base;
	case IDR:
		return fixed->idr;
	default:
		return 0;
	}
}

static void
register_write(struct mem_ap *ap, uint8_t reg, uint32_t value)
{
	if (reg == CSW)
		ap->csw = csw_legal(value & CSW_WRITABLE);
	else if (reg == TAR)
		ap->tar = value;
}

/* A port that is not there reads 0 and takes writes (IHI 0031G, C1.2). */
enum bus_result
mem_ap_access(struct mem_aps *aps, unsigned port, uint8_t reg, bool write, uint32_t *value)
{
	if (port >= MEM_AP_PORTS || !soc_access_port(aps->soc, port)->idr) {
		if (!write)
			*value = 0;
		return BUS_OK;
	}
	if (reg == DRW)
		return data_access(aps, port, false, aps->ports[port].tar, write, value);
	if (reg >= BD0 && reg <= BD3)
		return data_access(aps, port, true,
				   (aps->ports[port].tar & ~UINT32_C(0xF)) | (reg & 0xC),
				   write, value);
	if (write)
		register_write(&aps->ports[port], reg, *value);
	else
		*value = register_read(aps, port, reg);
	return BUS_OK;
}

void
mem_ap_abort(struct mem_aps *aps)
{
	aps->is_pending = false;
	aps->answer_ns = 0;
}
