/* SPDX-License-Identifier: MIT */
/*
 * A bad cable before a probe: what stalls, what is cut short, what comes late.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/emulator/probe/usb_faulty.h"
#include "test/emulator/test/fake_function.h"

static uint64_t
now_of(void *of)
{
	return *(const uint64_t *)of;
}

static int
talk(struct usb_function *probe, struct fake_function *fake, uint8_t *answer)
{
	static const uint8_t command[16] = { 0xf1 };
	fake->next_size = 6;
	int result = probe->ops->out(probe, 1, command, sizeof(command));
	return result < 0 ? result : probe->ops->in(probe, 1, answer, 64);
}

static void
without_faults_all_passes(void **state)
{
	struct fake_function fake;
	uint64_t now = 0;
	uint8_t answer[64];
	(void)state;
	fake_function_init(&fake);
	struct usb_function *probe =
		usb_faulty_new(&fake.function, &(struct usb_faults){ 0 },
			       (struct usb_clock){ now_of, &now });
	assert_string_equal(probe->serial, fake.function.serial);
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(talk(probe, &fake, answer), 6);
	probe->ops->free(probe);
}

static int
answer_control(struct usb_function *function, const uint8_t setup[8], uint8_t *data,
	       int size)
{
	(void)function;
	(void)size;
	data[0] = setup[3];
	return 1;
}

/* A HID's report descriptor, without which a kernel does not take it. */
static void
requests_of_the_probes_own_reach_it(void **state)
{
	static const uint8_t report[8] = { 0x81, 6, 0, 0x22, 0, 0, 33 };
	struct fake_function fake;
	uint64_t now = 0;
	uint8_t data[64];
	(void)state;
	fake_function_init(&fake);
	struct usb_function_ops ops = *fake.function.ops;
	fake.function.ops = &ops;
	struct usb_function *probe =
		usb_faulty_new(&fake.function, &(struct usb_faults){ 0 },
			       (struct usb_clock){ now_of, &now });
	assert_int_equal(usb_function_control(probe, report, data, 64), USB_STALL);
	ops.control = answer_control;
	assert_int_equal(usb_function_control(probe, report, data, 64), 1);
	assert_int_equal(data[0], 0x22);
	probe->ops->free(probe);
}

static void
a_stalled_endpoint_stays_so_until_its_halt_is_cleared(void **state)
{
	struct fake_function fake;
	uint64_t now = 0;
	uint8_t answer[64];
	(void)state;
	fake_function_init(&fake);
	struct usb_function *probe =
		usb_faulty_new(&fake.function, &(struct usb_faults){ .stall_every = 4 },
			       (struct usb_clock){ now_of, &now });
	assert_int_equal(talk(probe, &fake, answer), 6);
	assert_int_equal(talk(probe, &fake, answer), USB_STALL);
	assert_int_equal(probe->ops->in(probe, 1, answer, 64), USB_STALL);
	probe->ops->clear_halt(probe, 0x81);
	assert_int_equal(fake.halts_cleared, 1);
	assert_int_equal(talk(probe, &fake, answer), 6);
	probe->ops->free(probe);
}

static void
every_third_answer_loses_its_second_half(void **state)
{
	struct fake_function fake;
	uint64_t now = 0;
	uint8_t answer[64];
	(void)state;
	fake_function_init(&fake);
	struct usb_function *probe =
		usb_faulty_new(&fake.function, &(struct usb_faults){ .short_every = 3 },
			       (struct usb_clock){ now_of, &now });
	for (unsigned i = 1; i <= 9; i++)
		assert_int_equal(talk(probe, &fake, answer), i % 3 ? 6 : 3);
	probe->ops->free(probe);
}

static void
an_answer_comes_when_the_devices_clock_is_there(void **state)
{
	struct fake_function fake;
	uint64_t now = 5;
	uint8_t answer[64];
	(void)state;
	fake_function_init(&fake);
	struct usb_function *probe =
		usb_faulty_new(&fake.function, &(struct usb_faults){ .delay_ms = 2 },
			       (struct usb_clock){ now_of, &now });
	assert_int_equal(talk(probe, &fake, answer), USB_NAK);
	now += 1999999;
	assert_int_equal(probe->ops->in(probe, 1, answer, 64), USB_NAK);
	now += 1;
	assert_int_equal(probe->ops->in(probe, 1, answer, 64), 6);
	probe->ops->free(probe);
}

static void
a_silent_device_takes_all_and_answers_when_it_is_healed(void **state)
{
	struct fake_function fake;
	uint64_t now = 5;
	uint8_t answer[64];
	(void)state;
	fake_function_init(&fake);
	struct usb_function *probe =
		usb_faulty_new(&fake.function, &(struct usb_faults){ 0 },
			       (struct usb_clock){ now_of, &now });
	usb_faulty_set(probe, &(struct usb_faults){ .is_silent = true });
	assert_int_equal(talk(probe, &fake, answer), USB_NAK);
	now += UINT64_C(60000000000);
	assert_int_equal(probe->ops->in(probe, 1, answer, 64), USB_NAK);
	usb_faulty_set(probe, &(struct usb_faults){ 0 });
	assert_int_equal(probe->ops->in(probe, 1, answer, 64), 6);
	probe->ops->free(probe);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_faults_all_passes),
		cmocka_unit_test(requests_of_the_probes_own_reach_it),
		cmocka_unit_test(a_stalled_endpoint_stays_so_until_its_halt_is_cleared),
		cmocka_unit_test(every_third_answer_loses_its_second_half),
		cmocka_unit_test(an_answer_comes_when_the_devices_clock_is_there),
		cmocka_unit_test(a_silent_device_takes_all_and_answers_when_it_is_healed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
