/* SPDX-License-Identifier: MIT */
/*
 * What Black Magic's hosted program and an OpenOCD newer than 0.12 send to a probe by their public
 * sources (multi-drop scan, selection, direct writes through an ST-LINK), packet by packet, and
 * the answers that silicon gives: published words, not the lab's own tables.
 */
#include "test/emulator/test/probe_client.h"

struct target {
	const char *board;
	uint32_t dpidr, targetid, ap0_idr, ap0_base, idcode_at, idcode;
	uint8_t idcode_ap;
};

/* DPIDR, IDR and BASE of a U585 and an H745 (pyOCD's logs; issues 1148 and 1499), TARGETID of
 * an H747 (probe-rs issue 3088), those of U5, H5 and H73x by its rule; IDCODEs of openocd's logs; the
 * H563's ports of Black Magic Debug issue 1440. */
static const struct target targets[] = {
	{ "nucleo-u575zi-q", 0x0BE12477, 0x04820041, 0x14770015, 0xE00FE003, 0xE0044000,
	  0x20016482, 0 },
	{ "nucleo-h563zi", 0x6BA02477, 0x04840041, 0x54770002, 0xE00E0003, 0xE0044000,
	  0x10076484, 0 },
	{ "nucleo-h743zi2", 0x6BA02477, 0x04500041, 0x84770001, 0xE00FE003, 0xE00E1000,
	  0x20036450, 2 },
	{ "stm32h735g-dk", 0x6BA02477, 0x04830041, 0x84770001, 0xE00FE003, 0xE00E1000,
	  0x10016483, 2 },
	{ "nucleo-h745zi-q", 0x6BA02477, 0x04500041, 0x84770001, 0xE00FE003, 0xE00E1000,
	  0x20036450, 2 },
};
static const char *const dap_kinds[] = { "cmsis-dap-v1", "cmsis-dap-v2" };

static bool
is_odd(uint32_t value)
{
	return __builtin_popcount(value) & 1;
}

static uint32_t
word_of(const uint8_t *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

#define WORD(value)                                                          \
	(uint8_t)(value), (uint8_t)((value) >> 8), (uint8_t)((value) >> 16), \
		(uint8_t)((value) >> 24)

/* --- Black Magic: all is DAP_SWD_Sequence -------------------------------------------- */

static void
seq_out(struct bench *bench, uint32_t bits, uint8_t cycles)
{
	dap_ask(bench, BYTES(0x1D, 1, cycles, WORD(bits)));
	assert_int_equal(bench->reply[1], 0);
}

static void
bmd_line_reset(struct bench *bench, bool idles)
{
	seq_out(bench, 0xFFFFFFFF, 32);
	seq_out(bench, 0x0FFFFFFF, idles ? 32 : 28);
}

static void
bmd_dormant_to_swd(struct bench *bench)
{
	bmd_line_reset(bench, false);
	seq_out(bench, 0x1F, 5);
	seq_out(bench, 0x33BBBBBA, 31);
	seq_out(bench, 0xFF, 8);
	seq_out(bench, 0x6209F392, 32);
	seq_out(bench, 0x86852D95, 32);
	seq_out(bench, 0xE3DDAFE9, 32);
	seq_out(bench, 0x19BC0EA2, 32);
	seq_out(bench, 0x1A << 4, 12);
	bmd_line_reset(bench, true);
}

/* Request; turnaround and acknowledge; data, parity and turnaround; idle cycles. */
static uint32_t
bmd_read(struct bench *bench, uint8_t request)
{
	const uint8_t *reply = dap_ask(bench, BYTES(0x1D, 4, 8, request, 0x84, 0xA2, 8, 0));
	unsigned ack = reply[2] >> 1 & 7;
	uint32_t value = word_of(reply + 3);

	assert_int_equal(reply[1], 0);
	if (ack != SWD_OK)
		return 0;
	assert_int_equal(reply[7] & 1, is_odd(value));
	return value;
}

/* Request; turnaround, acknowledge, turnaround; data and parity; idle cycles. */
static unsigned
bmd_write(struct bench *bench, uint8_t request, uint32_t value)
{
	const uint8_t *reply = dap_ask(bench, BYTES(0x1D, 4, 8, request, 0x85, 33,
						    WORD(value), is_odd(value), 8, 0));

	assert_int_equal(reply[1], 0);
	return reply[2] >> 1 & 7;
}

enum {
	READ_DPIDR = 0xA5,
	READ_CTRL = 0x8D,
	READ_RDBUFF = 0xBD,
	WRITE_ABORT = 0x81,
	WRITE_CTRL = 0xA9,
	WRITE_SELECT = 0xB1,
	WRITE_TARGETSEL = 0x99,
	READ_AP_C = 0x9F,
	READ_AP_8 = 0xB7,
	WRITE_AP_TAR = 0x8B
};

static uint32_t
bmd_ap(struct bench *bench, uint8_t ap, uint8_t bank, uint8_t request)
{
	assert_int_equal(bmd_write(bench, WRITE_SELECT, (uint32_t)ap << 24 | bank), SWD_OK);
	bmd_read(bench, request);
	return bmd_read(bench, READ_RDBUFF);
}

static uint32_t
bmd_memory(struct bench *bench, uint8_t ap, uint32_t at)
{
	assert_int_equal(bmd_write(bench, WRITE_SELECT, (uint32_t)ap << 24), SWD_OK);
	assert_int_equal(bmd_write(bench, 0xA3, 0x23000052 | (ap == 2 ? 1u << 31 : 0)),
			 SWD_OK);
	assert_int_equal(bmd_write(bench, WRITE_AP_TAR, at), SWD_OK);
	bmd_read(bench, READ_AP_C);
	return bmd_read(bench, READ_RDBUFF);
}

static void
black_magic_scans_the_port(struct bench *bench, const struct target *target)
{
	uint32_t targetid;

	dap_ask(bench, BYTES(0x02, 1));
	dap_ask(bench, BYTES(0x11, WORD(2000000)));
	bmd_dormant_to_swd(bench);
	assert_int_equal(bmd_read(bench, READ_DPIDR), target->dpidr);
	assert_int_equal(bmd_write(bench, WRITE_SELECT, 2), SWD_OK);
	targetid = bmd_read(bench, READ_CTRL);
	assert_int_equal(targetid, target->targetid);
	assert_int_equal(bmd_write(bench, WRITE_SELECT, 0), SWD_OK);
	for (uint32_t instance = 16; instance-- > 0;) {
		uint32_t wanted = instance << 28 | (targetid & 0x0FFFFFFE) | 1;

		bmd_line_reset(bench, true);
		assert_int_equal(bmd_write(bench, WRITE_TARGETSEL, wanted), SWD_NO_ACK);
		assert_int_equal(bmd_read(bench, READ_DPIDR), instance ? 0 : target->dpidr);
	}
}

/* Another chip's id deselects, and a line reset alone selects again. */
static void
a_foreign_target_id_silences_the_port(struct bench *bench, const struct target *target)
{
	bmd_line_reset(bench, true);
	bmd_write(bench, WRITE_TARGETSEL, target->targetid ^ 1u << 16);
	assert_int_equal(bmd_read(bench, READ_DPIDR), 0);
	bmd_line_reset(bench, true);
	assert_int_equal(bmd_read(bench, READ_DPIDR), target->dpidr);
}

static void
black_magic_powers_up_and_asks_the_ports(struct bench *bench, const struct target *target)
{
	uint32_t table = target->ap0_base & ~UINT32_C(0xFFF);

	assert_int_equal(bmd_write(bench, WRITE_ABORT, 0x1E), SWD_OK);
	assert_int_equal(bmd_write(bench, WRITE_CTRL, 0x50000000), SWD_OK);
	assert_int_equal(bmd_read(bench, READ_CTRL) >> 28, 0xF);
	assert_int_equal(bmd_ap(bench, 0, 0xF0, READ_AP_C), target->ap0_idr);
	assert_int_equal(bmd_ap(bench, 0, 0xF0, READ_AP_8), target->ap0_base);
	assert_int_equal(bmd_ap(bench, 7, 0xF0, READ_AP_C), 0);
	assert_int_equal(bmd_memory(bench, target->idcode_ap, target->idcode_at),
			 target->idcode);
	/* The table's designer, JEP106 0x20 without continuation, and part. */
	assert_int_equal(bmd_memory(bench, 0, table + 0xFE4) & 0xFF,
			 target->targetid >> 24);
	assert_int_equal(bmd_memory(bench, 0, table + 0xFE0) & 0xFF,
			 target->targetid >> 16 & 0xFF);
	assert_int_equal(bmd_memory(bench, 0, table + 0xFD0) & 0xFF, 0);
}

static void
black_magic_finds_each_chip_by_both_kinds_of_cmsis_dap(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2 * sizeof(targets) / sizeof(targets[0]); i++) {
		const struct target *target = &targets[i / 2];
		struct wiring wiring = lab_wiring(target->board);
		struct bench bench;

		print_message("# %s by %s\n", target->board, dap_kinds[i % 2]);
		bench_open_wired(&bench, target->board, dap_kinds[i % 2], &wiring);
		black_magic_scans_the_port(&bench, target);
		a_foreign_target_id_silences_the_port(&bench, target);
		black_magic_powers_up_and_asks_the_ports(&bench, target);
		bench_close(&bench);
	}
}

/* --- OpenOCD with -dp-id and -instance-id --------------------------------------------- */

static const uint8_t jtag_to_dormant[] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
					   0xFF, 0xBA, 0xBB, 0xBB, 0x33, 0xFF };
static const uint8_t dormant_to_swd[] = { 0xFF, 0x92, 0xF3, 0x09, 0x62, 0x95, 0x2D, 0x85,
					  0x86, 0xE9, 0xAF, 0xDD, 0xE3, 0xA2, 0x0E, 0xBC,
					  0x19, 0xA0, 0xF1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
					  0xFF, 0xFF, 0xFF, 0x3F, 0x00 };
static const uint8_t line_reset[] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00 };

static void
swj_sequence(struct bench *bench, const uint8_t *bits, uint8_t count)
{
	uint8_t packet[64] = { 0x12, count };

	memcpy(packet + 2, bits, (count + 7u) / 8);
	dap_ask(bench, packet, 2 + (count + 7u) / 8);
	assert_int_equal(bench->reply[1], 0);
}

/* DPIDR's acknowledge after TARGETSEL; DPIDR and DLPIDR by DAP_Transfer. */
static unsigned
openocd_select(struct bench *bench, uint32_t targetsel, uint32_t *dpidr, uint32_t *dlpidr)
{
	const uint8_t *reply;
	unsigned ack;

	swj_sequence(bench, line_reset, 64);
	dap_ask(bench, BYTES(0x1D, 3, 8, WRITE_TARGETSEL, 0x85, 33, WORD(targetsel),
			     is_odd(targetsel)));
	reply = dap_ask(bench, BYTES(0x05, 0, 1, 0x02));
	ack = reply[2];
	*dpidr = word_of(reply + 3);
	*dlpidr = 0;
	if (ack != SWD_OK)
		return ack;
	reply = dap_ask(bench, BYTES(0x05, 0, 3, 0x08, WORD(3), 0x06, 0x08, WORD(0)));
	assert_int_equal(reply[2], SWD_OK);
	*dlpidr = word_of(reply + 3);
	return ack;
}

static void
openocd_chooses_by_target_id_and_instance(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2 * sizeof(targets) / sizeof(targets[0]); i++) {
		const struct target *target = &targets[i / 2];
		struct wiring wiring = lab_wiring(target->board);
		struct bench bench;
		uint32_t dpidr, dlpidr;

		bench_open_wired(&bench, target->board, dap_kinds[i % 2], &wiring);
		dap_ask(&bench, BYTES(0x02, 1));
		swj_sequence(&bench, jtag_to_dormant, 96);
		swj_sequence(&bench, dormant_to_swd, 224);
		assert_int_equal(openocd_select(&bench, target->targetid, &dpidr, &dlpidr),
				 SWD_OK);
		assert_int_equal(dpidr, target->dpidr);
		assert_int_equal(dlpidr, 0x00000001); /* instance 0, protocol version 2 */
		assert_int_equal(openocd_select(&bench, 1u << 28 | target->targetid, &dpidr,
						&dlpidr) &
					 7,
				 SWD_NO_ACK);
		assert_int_equal(openocd_select(&bench, target->targetid, &dpidr, &dlpidr),
				 SWD_OK);
		bench_close(&bench);
	}
}

/* --- an ST-LINK/V3: registers of the port, and flash written directly ------------------ */

static void
stlink_write32(struct bench *bench, uint32_t at, uint32_t value)
{
	stlink_ask(bench, BYTES(0xF2, 0x35, WORD(at), WORD(value)));
	assert_int_equal(bench->reply[0], 0x80);
}

static uint32_t
stlink_read32(struct bench *bench, uint32_t at)
{
	stlink_ask(bench, BYTES(0xF2, 0x36, WORD(at)));
	assert_int_equal(bench->reply[0], 0x80);
	return word_of(bench->reply + 4);
}

/* F2 45: of the port (0xFFFF) or of an access port; the bank is in bits 7:4. */
static uint32_t
stlink_register(struct bench *bench, uint16_t port, uint16_t reg)
{
	stlink_ask(bench, BYTES(0xF2, 0x45, (uint8_t)port, (uint8_t)(port >> 8),
				(uint8_t)reg, (uint8_t)(reg >> 8)));
	assert_int_equal(bench->reply[0], 0x80);
	return word_of(bench->reply + 4);
}

static void
stlink_memory_write(struct bench *bench, uint8_t command, uint32_t at, const uint8_t *bytes,
		    uint8_t size)
{
	bench_send(bench, BYTES(0xF2, command, WORD(at), size, 0));
	assert_true(bench->probe->ops->out(bench->probe, bench->out_ep, bytes, size) >= 0);
	stlink_ask(bench, BYTES(0xF2, 0x3E));
}

/* Keys, then what starts programming; flash 0x40 bytes in, which is erased. */
static const struct direct {
	const char *board;
	uint32_t dpidr, targetid, ap0_idr;
	uint32_t keyr, cr, cr_value, sr, errors;
	uint8_t command; /* 32 or 16 bits at a time */
} directs[] = {
	{ "g473-custom", 0x2BA01477, 0, 0x24770011, 0x40022008, 0x40022014, 1, 0x40022010,
	  0xC3FA, 0x08 },
	{ "l476rg-custom", 0x2BA01477, 0, 0x24770011, 0x40022008, 0x40022014, 1, 0x40022010,
	  0xC3FA, 0x08 },
	{ "bluepill-f103", 0x1BA01477, 0, 0x14770011, 0x40022004, 0x40022010, 1, 0x4002200C,
	  0x14, 0x48 },
	{ "nucleo-u575zi-q", 0x0BE12477, 0x04820041, 0x14770015, 0x40022008, 0x40022028, 1,
	  0x40022020, 0x20FA, 0x08 },
};

static void
stlink_attaches(struct bench *bench, const struct direct *direct)
{
	bench_send(bench, BYTES(0xF4, 0x01));
	stlink_ask(bench, BYTES(0xF2, 0x61, 0, 0, WORD(8000)));
	stlink_ask(bench, BYTES(0xF2, 0x30, 0xA3));
	assert_int_equal(bench->reply[0], 0x80);
	stlink_ask(bench, BYTES(0xF2, 0x4B, 0));
	assert_int_equal(stlink_register(bench, 0xFFFF, 0x00), direct->dpidr);
	if (direct->targetid)
		assert_int_equal(stlink_register(bench, 0xFFFF, 0x24), direct->targetid);
	assert_int_equal(stlink_register(bench, 0, 0xFC), direct->ap0_idr);
}

static void
a_v3_writes_flash_directly(void **state)
{
	enum { AT = 0x08000040, SIZE = 64 };

	(void)state;
	for (unsigned i = 0; i < sizeof(directs) / sizeof(directs[0]); i++) {
		const struct direct *direct = &directs[i];
		struct wiring wiring = lab_wiring(direct->board);
		struct bench bench;
		uint8_t bytes[SIZE];

		print_message("# %s\n", direct->board);
		bench_open_wired(&bench, direct->board, "stlink-v3e", &wiring);
		stlink_attaches(&bench, direct);
		stlink_write32(&bench, 0xE000EDF0, 0xA05F0003);
		stlink_write32(&bench, direct->keyr, 0x45670123);
		stlink_write32(&bench, direct->keyr, 0xCDEF89AB);
		stlink_write32(&bench, direct->cr, direct->cr_value);
		for (unsigned at = 0; at < SIZE; at++)
			bytes[at] = (uint8_t)(0x35 + 7 * at);
		stlink_memory_write(&bench, direct->command, AT, bytes, SIZE);
		assert_int_equal(bench.reply[0], 0x80);
		assert_int_equal(stlink_read32(&bench, direct->sr) & direct->errors, 0);
		stlink_write32(&bench, direct->cr, 0);
		for (uint32_t at = 0; at < SIZE; at += 4)
			assert_int_equal(stlink_read32(&bench, AT + at),
					 word_of(bytes + at));
		bench_close(&bench);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(black_magic_finds_each_chip_by_both_kinds_of_cmsis_dap),
		cmocka_unit_test(openocd_chooses_by_target_id_and_instance),
		cmocka_unit_test(a_v3_writes_flash_directly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
