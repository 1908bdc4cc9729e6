/* SPDX-License-Identifier: MIT */
/* Control requests as USB 2.0, chapter 9, wants them answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/emulator/probe/bytes.h"
#include "test/emulator/test/fake_function.h"

static struct fake_function fake;
static uint8_t data[300];

static int
plug(void **state)
{
	(void)state;
	fake_function_init(&fake);
	memset(data, 0xee, sizeof(data));
	return 0;
}

static int
request(uint8_t type, uint8_t code, uint16_t value, uint16_t index, uint16_t length)
{
	uint8_t setup[8] = { type, code };
	le16_put(setup + 2, value);
	le16_put(setup + 4, index);
	le16_put(setup + 6, length);
	return usb_function_control(&fake.function, setup, data, sizeof(data));
}

static void
the_device_descriptor_names_an_st_link_v2_1(void **state)
{
	(void)state;
	assert_int_equal(request(0x80, 6, 0x0100, 0, 64), 18);
	assert_int_equal(le16_get(data + 8), 0x0483);
	assert_int_equal(le16_get(data + 10), 0x374b);
}

static void
a_descriptor_is_cut_to_what_the_host_asks_for(void **state)
{
	(void)state;
	assert_int_equal(request(0x80, 6, 0x0200, 0, 9), 9);
	assert_int_equal(data[9], 0xee);
}

static void
the_composite_configuration_has_128_bytes_and_four_interfaces(void **state)
{
	(void)state;
	assert_int_equal(request(0x80, 6, 0x0200, 0, 255), 128);
	assert_int_equal(le16_get(data + 2), 128);
	assert_int_equal(data[4], 4);
	unsigned at = 0, interfaces = 0, endpoints = 0;
	for (; at < 128; at += data[at]) {
		interfaces += data[at + 1] == 4;
		endpoints += data[at + 1] == 5;
	}
	assert_int_equal(at, 128);
	assert_int_equal(interfaces, 4);
	assert_int_equal(endpoints, 8);
}

static void
the_plain_st_link_v2_has_39_bytes_and_one_interface(void **state)
{
	(void)state;
	struct usb_function v2 = { .ops = NULL };
	stlink_describe(stlink_kind_of(probe_kind_find("stlink-v2")), "abc", &v2);
	assert_int_equal(v2.configuration_size, 39);
	assert_int_equal(v2.configuration[4], 1);
	assert_string_equal(v2.serial, "abc");
	assert_int_equal(usb_function_endpoint(&v2, 0, 0, 0), 0x02);
	assert_int_equal(usb_function_endpoint(&v2, 0, USB_DIRECTION_IN, 1), 0x83);
}

static void
strings_are_utf_16_and_languages_come_first(void **state)
{
	(void)state;
	assert_int_equal(request(0x80, 6, 0x0300, 0, 255), 4);
	assert_int_equal(le16_get(data + 2), 0x0409);
	assert_int_equal(request(0x80, 6, 0x0303, 0x0409, 255), 50);
	assert_int_equal(data[0], 50);
	assert_int_equal(data[2], '0');
	assert_int_equal(data[3], 0);
	assert_int_equal(request(0x80, 6, 0x0304, 0x0409, 255), 2 + 2 * 13);
	assert_int_equal(data[2], 'S');
}

static void
what_is_not_there_is_stalled(void **state)
{
	(void)state;
	assert_int_equal(request(0x80, 6, 0x0310, 0x0409, 255), USB_STALL);
	assert_int_equal(request(0x80, 6, 0x0600, 0, 10), USB_STALL);
	assert_int_equal(request(0xc0, 1, 0, 0, 10), USB_STALL);
	assert_int_equal(request(0x00, 9, 2, 0, 0), USB_STALL);
	assert_int_equal(request(0x01, 11, 1, 0, 0), USB_STALL);
	assert_int_equal(request(0x82, 0, 0, 0x8f, 2), USB_STALL);
}

static void
configuration_and_halt_requests_are_served(void **state)
{
	(void)state;
	assert_int_equal(request(0x80, 8, 0, 0, 1), 1);
	assert_int_equal(data[0], 1);
	assert_int_equal(request(0x00, 9, 1, 0, 0), 0);
	assert_int_equal(request(0x02, 1, 0, 0x81, 0), 0);
	assert_int_equal(fake.halts_cleared, 1);
}

static void
endpoints_are_found_by_interface_and_direction(void **state)
{
	(void)state;
	assert_int_equal(usb_function_endpoint(&fake.function, 0, 0, 0), 0x01);
	assert_int_equal(usb_function_endpoint(&fake.function, 0, USB_DIRECTION_IN, 0),
			 0x81);
	assert_int_equal(usb_function_endpoint(&fake.function, 0, USB_DIRECTION_IN, 1),
			 0x82);
	assert_int_equal(usb_function_endpoint(&fake.function, 0, 0, 1), 0);
	assert_int_equal(usb_function_interface_of(&fake.function, 0x82), 0);
	assert_int_equal(usb_function_interface_of(&fake.function, 0x83), 1);
	assert_int_equal(usb_function_interface_of(&fake.function, 0x99), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_device_descriptor_names_an_st_link_v2_1, plug),
		cmocka_unit_test_setup(a_descriptor_is_cut_to_what_the_host_asks_for, plug),
		cmocka_unit_test_setup(
			the_composite_configuration_has_128_bytes_and_four_interfaces,
			plug),
		cmocka_unit_test_setup(the_plain_st_link_v2_has_39_bytes_and_one_interface,
				       plug),
		cmocka_unit_test_setup(strings_are_utf_16_and_languages_come_first, plug),
		cmocka_unit_test_setup(what_is_not_there_is_stalled, plug),
		cmocka_unit_test_setup(configuration_and_halt_requests_are_served, plug),
		cmocka_unit_test_setup(endpoints_are_found_by_interface_and_direction,
				       plug),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
