/* SPDX-License-Identifier: MIT */
/* The sequences by which a debugger chooses JTAG, SWD or dormant (IHI 0031G, B5). */
#include "test/emulator/test/lab.h"

#include "test/emulator/soc/chip.h"

static const uint8_t ones[] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
/* B5.3.4, B5.3.3, B5.3.2: least significant bit first. */
static const uint8_t alert[] = { 0x92, 0xF3, 0x09, 0x62, 0x95, 0x2D, 0x85, 0x86,
				 0xE9, 0xAF, 0xDD, 0xE3, 0xA2, 0x0E, 0xBC, 0x19 };
static const uint8_t swd_to_dormant[] = { 0xBC, 0xE3 };
static const uint8_t jtag_to_dormant[] = { 0xBA, 0xBB, 0xBB, 0x33 };
static const uint8_t activate_swd[] = { 0xA0, 0x01 };  /* four zeros, then 0x1A */
static const uint8_t activate_jtag[] = { 0xA0, 0x00 }; /* ... 0x0A */

static struct chip second_version;

/* The G473's port is of the first version; with this DPIDR (that of the STM32H7, RM0433
 * Rev 8, 60.5) it is of the second. */
static struct lab *
open_second_version(void)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab = calloc(1, sizeof(*lab));

	assert_non_null(lab);
	second_version = *chip_find("STM32G473VB");
	second_version.dpidr = 0x6BA02477;
	second_version.targetid = 0x04500041;
	lab->soc = soc_new(&second_version, &lab->stats);
	lab->wire = wire_new(lab->soc, &wiring, &lab->stats);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	return lab;
}

static void
send(struct lab *lab, const uint8_t *bits, unsigned count)
{
	wire_sequence(lab->wire, bits, count);
}

static bool
answers(struct lab *lab)
{
	uint32_t value;

	lab_line_reset(lab);
	return lab_read(lab, false, DPIDR, &value) == SWD_OK;
}

static void
go_dormant(struct lab *lab)
{
	lab_jtag_to_swd(lab);
	lab_dp(lab, DPIDR);
	send(lab, ones, 56);
	send(lab, swd_to_dormant, 16);
}

static void
wake(struct lab *lab, const uint8_t *activation)
{
	send(lab, ones, 8);
	send(lab, alert, 128);
	send(lab, activation, 12);
}

static void
a_dormant_port_is_silent_until_alert_and_activation_code(void **state)
{
	struct lab *lab = open_second_version();

	(void)state;
	go_dormant(lab);
	assert_false(answers(lab));
	lab_jtag_to_swd(lab); /* means nothing there */
	assert_false(answers(lab));
	wake(lab, activate_swd);
	assert_true(answers(lab));
	lab_close(lab);
}

static void
after_activation_a_line_reset_is_needed(void **state)
{
	struct lab *lab = open_second_version();
	uint32_t value;

	(void)state;
	go_dormant(lab);
	wake(lab, activate_swd);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
	lab_close(lab);
}

static void
the_other_activation_code_makes_it_jtag(void **state)
{
	struct lab *lab = open_second_version();

	(void)state;
	go_dormant(lab);
	wake(lab, activate_jtag);
	assert_false(answers(lab));
	lab_jtag_to_swd(lab);
	assert_true(answers(lab));
	lab_close(lab);
}

static void
from_jtag_it_goes_dormant_too(void **state)
{
	struct lab *lab = open_second_version();

	(void)state;
	send(lab, ones, 8);
	send(lab, jtag_to_dormant, 31);
	lab_jtag_to_swd(lab);
	assert_false(answers(lab));
	wake(lab, activate_swd);
	assert_true(answers(lab));
	lab_close(lab);
}

static void
an_alert_with_a_wrong_bit_does_not_wake_it(void **state)
{
	struct lab *lab = open_second_version();
	uint8_t wrong[sizeof(alert)];

	(void)state;
	go_dormant(lab);
	memcpy(wrong, alert, sizeof(alert));
	wrong[7] ^= 0x10;
	send(lab, ones, 8);
	send(lab, wrong, 128);
	send(lab, activate_swd, 12);
	assert_false(answers(lab));
	lab_close(lab);
}

static void
a_port_of_the_first_version_knows_no_dormant_state(void **state)
{
	struct lab *lab = lab_open("g473-custom");

	(void)state;
	go_dormant(lab);
	assert_true(answers(lab));
	lab_close(lab);
}

/* --- transactions that are sent as sequences -------------------------------------------- */

/* A request, then what the probe does not drive: turnaround and acknowledge. */
static unsigned
request_as_bits(struct lab *lab, uint8_t request, unsigned clocks)
{
	wire_sequence(lab->wire, &request, 8);
	return (unsigned)wire_sample(lab->wire, clocks) >> 1 & 7;
}

static void
data_as_bits(struct lab *lab, uint32_t value)
{
	uint8_t bytes[5] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
			     (uint8_t)(value >> 24),
			     (uint8_t)(__builtin_popcount(value) & 1) };

	wire_sequence(lab->wire, bytes, 33);
}

/* What openocd's swd_multidrop_select() sends by DAP_SWD_Sequence. */
static void
select_as_bits(struct lab *lab, uint32_t id)
{
	lab_line_reset(lab);
	assert_int_equal(request_as_bits(lab, 0x99, 5), 7); /* TARGETSEL: nobody answers */
	data_as_bits(lab, id);
}

static unsigned
read_as_bits(struct lab *lab, uint8_t request, uint32_t *value)
{
	static const uint8_t idle[1] = { 0 };
	unsigned ack = request_as_bits(lab, request, 4);
	uint64_t bits = ack == 1 ? wire_sample(lab->wire, 34) : 0;

	*value = (uint32_t)bits;
	assert_int_equal(bits >> 32 & 1, __builtin_popcount(*value) & 1);
	wire_sequence(lab->wire, idle, 8);
	return ack;
}

static void
write_as_bits(struct lab *lab, uint8_t request, uint32_t value)
{
	assert_int_equal(request_as_bits(lab, request, 5), 1);
	data_as_bits(lab, value);
}

enum { READ_DPIDR = 0xA5, READ_DP_4 = 0x8D, WRITE_SELECT = 0xB1 };

static void
targetsel_selects_the_chip_that_it_names(void **state)
{
	struct lab *lab = open_second_version();
	uint32_t value;

	(void)state;
	lab_jtag_to_swd(lab);
	select_as_bits(lab, 0x04500041);
	assert_int_equal(read_as_bits(lab, READ_DPIDR, &value), 1);
	assert_int_equal(value, 0x6BA02477);
	write_as_bits(lab, WRITE_SELECT, 2);
	assert_int_equal(read_as_bits(lab, READ_DP_4, &value), 1);
	assert_int_equal(value, 0x04500041); /* TARGETID */
	write_as_bits(lab, WRITE_SELECT, 3);
	assert_int_equal(read_as_bits(lab, READ_DP_4, &value), 1);
	assert_int_equal(value, 0x00000001); /* DLPIDR */
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_OK);
	lab_close(lab);
}

static void
another_part_or_instance_deselects_it_until_a_line_reset(void **state)
{
	static const uint32_t others[] = { 0x14500041, 0x04820041, 0x04500043, 0x12345679 };
	struct lab *lab = open_second_version();
	uint32_t value;

	(void)state;
	lab_jtag_to_swd(lab);
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		select_as_bits(lab, others[i]);
		assert_int_equal(request_as_bits(lab, READ_DPIDR, 4), 7);
		assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
		lab_line_reset(lab);
		assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_OK);
	}
	lab_close(lab);
}

/* Memory by nothing but sequences, the sticky error included. */
static void
all_transactions_may_come_as_bits(void **state)
{
	struct lab *lab = lab_open("g473-custom");
	uint32_t value;

	(void)state;
	lab_jtag_to_swd(lab);
	assert_int_equal(read_as_bits(lab, READ_DPIDR, &value), 1);
	write_as_bits(lab, WRITE_SELECT, 0);
	write_as_bits(lab, 0xA9, POWER_REQUESTS);
	write_as_bits(lab, 0xA3, CSW_WORD | CSW_SINGLE);
	write_as_bits(lab, 0x8B, 0xE0042000);
	assert_int_equal(read_as_bits(lab, 0x9F, &value), 1);
	assert_int_equal(read_as_bits(lab, 0xBD, &value), 1);
	assert_int_equal(value, 0x20016469);
	write_as_bits(lab, 0x8B, 0x70000000);
	assert_int_equal(read_as_bits(lab, 0x9F, &value), 1);
	assert_int_equal(read_as_bits(lab, 0xBD, &value), 4);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0x20, 0x20);
	lab_close(lab);
}

static void
to_a_port_of_the_first_version_it_is_a_protocol_error(void **state)
{
	struct lab *lab = lab_open("g473-custom");
	uint32_t value;

	(void)state;
	lab_jtag_to_swd(lab);
	assert_int_equal(lab_write(lab, false, RDBUFF, 0x12345679), SWD_NO_ACK);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
	lab_close(lab);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dormant_port_is_silent_until_alert_and_activation_code),
		cmocka_unit_test(after_activation_a_line_reset_is_needed),
		cmocka_unit_test(the_other_activation_code_makes_it_jtag),
		cmocka_unit_test(from_jtag_it_goes_dormant_too),
		cmocka_unit_test(an_alert_with_a_wrong_bit_does_not_wake_it),
		cmocka_unit_test(a_port_of_the_first_version_knows_no_dormant_state),
		cmocka_unit_test(targetsel_selects_the_chip_that_it_names),
		cmocka_unit_test(another_part_or_instance_deselects_it_until_a_line_reset),
		cmocka_unit_test(all_transactions_may_come_as_bits),
		cmocka_unit_test(to_a_port_of_the_first_version_it_is_a_protocol_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
