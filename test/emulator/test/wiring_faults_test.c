/* SPDX-License-Identifier: MIT */
/* Boards with an electrical fault, as an ST-LINK and as a CMSIS-DAP probe see them: what the
 * voltage is, how connecting ends, what the pins read. */
#include "test/emulator/faults.h"
#include "test/emulator/test/probe_client.h"

/* Statuses of ST-LINKs (OpenOCD, stlink_usb.c). */
enum { ST_OK = 0x80, ST_IDCODE = 0x09, ST_DP_WAIT = 0x14 };
enum { PIN_SWCLK = 1, PIN_SWDIO = 2, PIN_NRESET = 0x80 };
/* `faults` by name, separated by spaces, or "". */
static struct wiring
wiring_with(const char *board, const char *faults)
{
	struct figures figures = { .wiring = lab_wiring(board) };
	struct faults list = { .len = 0 };
	char text[128], *rest = text;

	strcpy(text, faults);
	for (char *name; (name = strtok_r(rest, " ", &rest));)
		assert_true(faults_add(&list, name));
	faults_apply(&list, &figures);
	return figures.wiring;
}

static void
bench_open(struct bench *bench, const char *board, const char *kind, const char *faults)
{
	struct wiring wiring = wiring_with(board, faults);

	bench_open_wired(bench, board, kind, &wiring);
}

/* --- an ST-LINK -------------------------------------------------------------------- */

static unsigned
stlink_enter(struct bench *bench)
{
	bench_send(bench, BYTES(0xF3, 0x07)); /* out of the loader's mode */
	bench_send(bench, BYTES(0xF4, 0x01)); /* ... and of SWIM */
	stlink_ask(bench, BYTES(0xF2, 0x43, 0x01, 0x00));
	return stlink_ask(bench, BYTES(0xF2, 0x30, 0xA3));
}

static unsigned
stlink_millivolts(struct bench *bench)
{
	uint32_t reading[2];

	stlink_ask(bench, BYTES(0xF7));
	memcpy(reading, bench->reply, sizeof(reading));
	return reading[0] ? 2 * reading[1] * 1200 / reading[0] : 0;
}

static unsigned
stlink_read_debug(struct bench *bench, uint32_t at, uint32_t *value)
{
	unsigned status =
		stlink_ask(bench, BYTES(0xF2, 0x36, (uint8_t)at, (uint8_t)(at >> 8),
					(uint8_t)(at >> 16), (uint8_t)(at >> 24)));

	memcpy(value, bench->reply + 4, sizeof(*value));
	return status;
}

/* --- a CMSIS-DAP probe ------------------------------------------------------------- */

/* The acknowledge of a read of DPIDR after JTAG-to-SWD; with bit 3 a protocol error. */
static unsigned
dap_enter(struct bench *bench)
{
	dap_ask(bench, BYTES(0x02, 0x01));
	dap_ask(bench, BYTES(0x12, 136, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x9E,
			     0xE7, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00));
	return dap_ask(bench, BYTES(0x05, 0, 1, 0x02))[2];
}

/* Sets SWCLK and SWDIO and reads all pins. */
static unsigned
dap_pins(struct bench *bench, uint8_t value)
{
	return dap_ask(bench, BYTES(0x10, value, PIN_SWCLK | PIN_SWDIO, 0, 0, 0, 0))[1];
}

/* --- what each looks like ---------------------------------------------------------- */

static void
every_wire_fault_has_its_signature_by_either_probe(void **state)
{
	static const struct {
		const char *faults;
		unsigned least_mv, most_mv, status; /* the ST-LINK's */
		unsigned ack;                       /* the CMSIS-DAP probe's */
		unsigned swdio_low, swdio_high;     /* SWDIO as read, when driven so */
		bool nreset;
	} cases[] = {
		{ "", 3250, 3350, ST_OK, 1, 0, 1, true },
		{ "vtarget-off", 0, 10, ST_IDCODE, 7, 0, 1, false },
		{ "vtarget=1.0", 950, 1050, ST_IDCODE, 7, 0, 1, true },
		{ "vapp-open", 0, 10, ST_OK, 1, 0, 1, true },
		{ "swd-open", 3250, 3350, ST_IDCODE, 7, 0, 1, true },
		{ "swd-swapped", 3250, 3350, ST_IDCODE, 7, 0, 1, true },
		{ "swdio-low", 3250, 3350, ST_IDCODE, 0, 0, 0, true },
		{ "swdio-high", 3250, 3350, ST_IDCODE, 7, 1, 1, true },
		{ "swclk-low", 3250, 3350, ST_IDCODE, 7, 0, 1, true },
		{ "swd-shorted", 3250, 3350, ST_IDCODE, 0, 0, 1, true },
		{ "nrst-low", 3250, 3350, ST_OK, 1, 0, 1, false },
		{ "nrst-open", 3250, 3350, ST_OK, 1, 0, 1, true },
		{ "boot0-high", 3250, 3350, ST_OK, 1, 0, 1, true },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench;
		unsigned pins;

		print_message("# %s\n", cases[i].faults);
		bench_open(&bench, "g473-custom", "stlink-v2-1", cases[i].faults);
		assert_int_equal(stlink_enter(&bench), cases[i].status);
		assert_in_range(stlink_millivolts(&bench), cases[i].least_mv,
				cases[i].most_mv);
		bench_close(&bench);

		bench_open(&bench, "g473-custom", "cmsis-dap-v2", cases[i].faults);
		assert_int_equal(dap_enter(&bench) & 7, cases[i].ack);
		pins = dap_pins(&bench, PIN_SWCLK);
		assert_int_equal(pins & PIN_SWDIO ? 1 : 0, cases[i].swdio_low);
		pins = dap_pins(&bench, PIN_SWCLK | PIN_SWDIO);
		assert_int_equal(pins & PIN_SWDIO ? 1 : 0, cases[i].swdio_high);
		assert_int_equal(pins & PIN_NRESET ? 1 : 0, cases[i].nreset);
		bench_close(&bench);
	}
}

/* A short to ground pulls SWDIO down whatever SWCLK does; one between both does not. */
static void
the_pins_tell_a_short_between_both_from_one_to_ground(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "g473-custom", "cmsis-dap-v2", "swd-shorted");
	dap_enter(&bench);
	assert_int_equal(dap_pins(&bench, PIN_SWDIO | PIN_SWCLK) & PIN_SWDIO, PIN_SWDIO);
	assert_int_equal(dap_pins(&bench, PIN_SWDIO) & PIN_SWDIO, 0);
	bench_close(&bench);
}

/* Request, turnaround, acknowledge, data and parity of a read of DPIDR, clocked by
 * DAP_SWJ_Pins, which clocks the wires as a sequence does. */
static void
a_read_clocked_pin_by_pin_brings_what_the_port_drives(void **state)
{
	enum { READ_DPIDR = 0xA5 };
	struct bench bench;
	unsigned ack = 0;

	(void)state;
	bench_open(&bench, "g473-custom", "cmsis-dap-v2", "");
	dap_enter(&bench);
	dap_ask(&bench, BYTES(0x12, 64, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00));
	for (unsigned i = 0; i < 12; i++) {
		uint8_t swdio = i >= 8 || READ_DPIDR >> i & 1 ? PIN_SWDIO : 0;

		dap_pins(&bench, swdio);
		if (dap_pins(&bench, PIN_SWCLK | swdio) & PIN_SWDIO && i >= 9)
			ack |= 1u << (i - 9);
	}
	assert_int_equal(ack, SWD_OK);
	bench_close(&bench);
}

/* --- levels (B3, B4, B5) ------------------------------------------------------------ */

static void
a_probe_of_three_volts_does_not_hear_a_target_of_1_8(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "l476rg-custom", "stlink-v3set", "vtarget=1.8");
	assert_int_not_equal(stlink_enter(&bench), ST_OK);
	assert_in_range(stlink_millivolts(&bench), 1750, 1850);
	bench_close(&bench);
	bench_open(&bench, "l476rg-custom", "stlink-v3e", "vtarget=1.8");
	assert_int_equal(stlink_enter(&bench), ST_OK);
	bench_close(&bench);
}

/* Attaching takes few transactions, erase and download many. */
static void
a_v2_without_vapp_attaches_and_loses_long_transfers(void **state)
{
	struct bench bench;
	uint32_t cpuid = 0;
	unsigned read = 0;

	(void)state;
	bench_open(&bench, "bluepill-f103", "stlink-v2", "vapp-open");
	assert_int_equal(stlink_enter(&bench), ST_OK);
	assert_in_range(stlink_millivolts(&bench), 0, 1650);
	while (read < 100000 && stlink_read_debug(&bench, 0xE000ED00, &cpuid) == ST_OK)
		read++;
	print_message("# the first of %u reads fails\n", read);
	assert_in_range(read, 50, 50000);
	bench_close(&bench);
}

static void
a_clone_tells_3_3_volts_of_nothing(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "bluepill-f103", "stlink-v2-clone", "vtarget-off swd-open");
	assert_int_equal(stlink_enter(&bench), ST_IDCODE);
	assert_in_range(stlink_millivolts(&bench), 3250, 3350);
	bench_close(&bench);
}

/* --- the supply sags (B2) ----------------------------------------------------------- */

/* With 1 kOhm the chip's reset current costs 0.3 V and its run current what is left. */
static void
a_weak_supply_holds_under_reset_and_falls_when_the_core_runs(void **state)
{
	/* SP, the reset vector, B . */
	static const uint8_t loop[] = { 0, 0x10, 0, 0x20, 9, 0, 0, 8, 0xFE, 0xE7 };
	struct bench bench;
	uint64_t before;

	(void)state;
	bench_open(&bench, "g473-custom", "stlink-v2-1", "supply-ohm=1000");
	wire_drive_nrst(bench.lab->wire, true);
	wire_advance(bench.lab->wire, 200 * MS);
	assert_int_equal(stlink_enter(&bench), ST_OK);
	assert_in_range(stlink_millivolts(&bench), 2900, 3100);
	assert_true(soc_preload(bench.lab->soc, 0x08000000, loop, sizeof(loop)));
	before = bench.lab->stats.resets[RESET_BY_POWER];
	wire_drive_nrst(bench.lab->wire, false);
	wire_advance(bench.lab->wire, 500 * MS);
	assert_true(bench.lab->stats.resets[RESET_BY_POWER] > before + 1);
	bench_close(&bench);
}

/* --- BOOT0 (B18) -------------------------------------------------------------------- */

static uint32_t
vtor_or_pc(struct bench *bench)
{
	return cpu_pc(soc_core(bench->lab->soc, 0));
}

static void
where_boot0_is_swclk_a_probe_that_rests_it_high_boots_the_rom(void **state)
{
	static const struct {
		const char *probe;
		bool rom;
	} cases[] = { { "stlink-v3mini", true }, { "stlink-v2-1", false } };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct bench bench;

		bench_open(&bench, "g473-custom", cases[i].probe, "boot0-swclk");
		assert_int_equal(vtor_or_pc(&bench) >> 16 == 0x1FFF, cases[i].rom);
		bench_close(&bench);
	}
}

/* --- a core clock that is too slow (B11) --------------------------------------------- */

/* HCLK is MSI / 512, 7.8 kHz: an access takes longer than the probe repeats it. */
static void
a_slow_core_clock_is_a_wait_at_a_fast_swclk_and_none_at_a_slow_one(void **state)
{
	struct bench bench;
	uint32_t value;

	(void)state;
	bench_open(&bench, "l476rg-custom", "stlink-v2", "");
	lab_poke(bench.lab, 0x40021008, 0xF << 4); /* RCC_CFGR.HPRE */
	assert_int_equal(stlink_enter(&bench), ST_DP_WAIT);
	stlink_ask(&bench, BYTES(0xF2, 0x43, 0x1E, 0x03)); /* 5 kHz */
	assert_int_equal(stlink_ask(&bench, BYTES(0xF2, 0x30, 0xA3)), ST_OK);
	assert_int_equal(stlink_read_debug(&bench, 0xE000ED00, &value), ST_OK);
	assert_int_equal(value, 0x410FC241);
	bench_close(&bench);

	bench_open(&bench, "l476rg-custom", "cmsis-dap-v2", "");
	lab_poke(bench.lab, 0x40021008, 0xF << 4);
	assert_int_equal(dap_enter(&bench) & 7, SWD_OK);
	dap_ask(&bench, BYTES(0x11, 0x80, 0x96, 0x98, 0x00)); /* 10 MHz */
	dap_ask(&bench, BYTES(0x05, 0, 4, 0x04, 0, 0, 0, 0x50, 0x01, 0x12, 0, 0, 0x23, 0x05,
			      0, 0xED, 0, 0xE0, 0x0F));
	assert_int_equal(bench.reply[2], SWD_WAIT);
	bench_close(&bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_wire_fault_has_its_signature_by_either_probe),
		cmocka_unit_test(the_pins_tell_a_short_between_both_from_one_to_ground),
		cmocka_unit_test(a_read_clocked_pin_by_pin_brings_what_the_port_drives),
		cmocka_unit_test(a_probe_of_three_volts_does_not_hear_a_target_of_1_8),
		cmocka_unit_test(a_v2_without_vapp_attaches_and_loses_long_transfers),
		cmocka_unit_test(a_clone_tells_3_3_volts_of_nothing),
		cmocka_unit_test(
			a_weak_supply_holds_under_reset_and_falls_when_the_core_runs),
		cmocka_unit_test(
			where_boot0_is_swclk_a_probe_that_rests_it_high_boots_the_rom),
		cmocka_unit_test(
			a_slow_core_clock_is_a_wait_at_a_fast_swclk_and_none_at_a_slow_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
