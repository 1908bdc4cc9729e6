/* SPDX-License-Identifier: MIT */
#include "transport/probe/redactor.h"

#include "transport/base/bytes.h"

/* IHI 0031G C2.6: the registers of a MEM-AP, by which memory is reached. */
enum {
	MEM_AP_CSW = 0x00,
	MEM_AP_TAR = 0x04,
	MEM_AP_DRW = 0x0c,
	MEM_AP_BD0 = 0x10,
	MEM_AP_BD3 = 0x1c,
	CSW_SIZE_BITS = 0x7,
	CSW_ADDRINC_BITS = 0x30,
	BD_WINDOW_SIZE = 16
};

/* DDI 0403E.e C1.6.3, C1.6.4: R0 to R12 and S0 to S31 are the program's data; the others say where
 * it is. */
#define DCRSR_AT UINT32_C(0xe000edf4)
#define DCRDR_AT UINT32_C(0xe000edf8)
enum { SELECTOR_BITS = 0x7f, LAST_GENERAL = 12, FIRST_FLOAT = 64, LAST_FLOAT = 95 };

static bool
is_data(uint32_t selector)
{
	return selector <= LAST_GENERAL ||
	       (selector >= FIRST_FLOAT && selector <= LAST_FLOAT);
}

static uint32_t
replace(const struct redactor *redactor, uint32_t at, uint32_t value)
{
	bool is_covered = at == DCRDR_AT ? is_data(redactor->selector)
					 : redaction_covers(redactor->redaction, at);

	return is_covered ? redaction_word(redactor->redaction, at, value) : value;
}

static void
note_write(struct redactor *redactor, uint32_t at, uint32_t value)
{
	if (at == DCRSR_AT)
		redactor->selector = value & SELECTOR_BITS;
}

/* Of one whose TAR was never written what is read counts as memory. */
static size_t
find_port(struct redactor *redactor, uint32_t ap)
{
	size_t i = 0;

	while (i < redactor->ports_len && redactor->ports[i].ap != ap)
		i++;
	if (i < redactor->ports_len)
		return i;
	i = redactor->ports_len < REDACTOR_PORTS ? redactor->ports_len++ : 0;
	redactor->ports[i].ap = ap;
	redactor->ports[i].csw = redactor->ports[i].tar = 0;
	return i;
}

static bool
is_window(uint32_t reg)
{
	return reg >= MEM_AP_BD0 && reg <= MEM_AP_BD3;
}

/* Where an access through that register goes; DRW's moves TAR on. */
static uint32_t
take_address(struct redactor *redactor, size_t port, uint32_t reg)
{
	uint32_t at = redactor->ports[port].tar, csw = redactor->ports[port].csw;

	if (is_window(reg))
		return align_down(at, BD_WINDOW_SIZE) + (reg - MEM_AP_BD0);
	if ((csw & CSW_ADDRINC_BITS) != 0)
		redactor->ports[port].tar += UINT32_C(1) << (csw & CSW_SIZE_BITS);
	return at;
}

static void
take_port_write(struct redactor *redactor, const struct transfer *t)
{
	size_t port = find_port(redactor, t->ap);

	if (t->address == MEM_AP_CSW)
		redactor->ports[port].csw = t->value;
	else if (t->address == MEM_AP_TAR)
		redactor->ports[port].tar = t->value;
	else if (t->address == MEM_AP_DRW || is_window(t->address))
		note_write(redactor, take_address(redactor, port, t->address), t->value);
}

static uint32_t
take_port_read(struct redactor *redactor, const struct transfer *t, uint32_t value)
{
	if (t->address != MEM_AP_DRW && !is_window(t->address))
		return value;
	return replace(redactor,
		       take_address(redactor, find_port(redactor, t->ap), t->address),
		       value);
}

void
redactor_values(struct redactor *redactor, const struct transfer *batch, size_t len,
		uint32_t *values)
{
	if (redactor->redaction == NULL)
		return;
	for (size_t i = 0; i < len; i++) {
		const struct transfer *t = &batch[i];

		if (t->kind == TRANSFER_AP_WRITE)
			take_port_write(redactor, t);
		else if (t->kind == TRANSFER_AP_READ)
			values[i] = take_port_read(redactor, t, values[i]);
		else if (t->kind == TRANSFER_MEM_WRITE)
			note_write(redactor, t->address, t->value);
		else if (t->kind == TRANSFER_MEM_READ)
			values[i] = replace(redactor, t->address, values[i]);
	}
}

void
redactor_core(const struct redactor *redactor, uint32_t registers[PROBE_CORE_REGISTERS])
{
	if (redactor->redaction == NULL)
		return;
	for (uint32_t i = 0; i < PROBE_CORE_REGISTERS; i++)
		if (is_data(i))
			registers[i] =
				redaction_word(redactor->redaction, DCRDR_AT, registers[i]);
}

void
redactor_bytes(const struct redactor *redactor, uint32_t at, uint8_t *bytes, size_t len)
{
	if (redactor->redaction != NULL && redaction_covers(redactor->redaction, at))
		redaction_replace(redactor->redaction, at, bytes, len);
}
