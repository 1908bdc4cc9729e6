/* SPDX-License-Identifier: MIT */
/*
 * A CMSIS-DAP probe shared by its owner and a client: both are the real driver, the client's packets
 * go through the sharing, and before each of them the owner may come between.
 */
#include "test/unit/fake_dap.h"
#include "transport/adi/mem_ap.h"
#include "transport/base/bytes.h"
#include "transport/probe/cmsis_dap/share.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
	RAM = 0x20000000,
	RAM_SIZE = 8192,
	OWNERS = RAM + 7000, /* a word that the owner alone reads and writes */
	NOTHING = 0x60000000,
	HOSTILE_ROUNDS = 100000
};

static struct fake_dap firmware;
static struct fake_probe *target;
static struct probe *probe;
static struct dap dap;
static struct mem_ap mem;
static struct cmsis_dap_share share;
static uint8_t *ram;
static struct reason why;

/* What a client has instead of a socket. */
struct through {
	struct cmsis_dap_carrier carrier;
	unsigned number;
	bool is_ended;
	size_t waiting;
	struct cmsis_dap_response responses[FAKE_DAP_QUEUE];
	struct probe *probe;
	struct dap dap;
	struct mem_ap mem;
};
static struct through one, two;
static void (*intrude)(void); /* before each packet of a client; NULL: nobody does */

static enum cause
through_send(struct cmsis_dap_carrier *carrier, const uint8_t *request, size_t size,
	     uint32_t timeout_ms, struct reason *problem)
{
	struct through *client = container_of(carrier, struct through, carrier);
	struct cmsis_dap_response *response = &client->responses[client->waiting];
	void (*now)(void) = intrude;

	(void)timeout_ms;
	intrude = NULL;
	if (now != NULL)
		now();
	intrude = now;
	if (cmsis_dap_share_exchange(&share, client->number, request, size, response,
				     problem) != CAUSE_NONE)
		return reason_becomes(problem, CAUSE_GONE);
	client->waiting += response->size > 0;
	return CAUSE_NONE;
}

static enum cause
through_receive(struct cmsis_dap_carrier *carrier, uint8_t *response, size_t *size,
		uint32_t timeout_ms, struct reason *problem)
{
	struct through *client = container_of(carrier, struct through, carrier);

	if (client->waiting == 0)
		return reason_begin(problem, CAUSE_TIMEOUT, "nothing within %u ms",
				    (unsigned)timeout_ms);
	*size = client->responses[0].size;
	memcpy(response, client->responses[0].bytes, *size);
	client->waiting--;
	memmove(client->responses, client->responses + 1,
		client->waiting * sizeof(client->responses[0]));
	return CAUSE_NONE;
}

static void
through_close(struct cmsis_dap_carrier *carrier)
{
	struct through *client = container_of(carrier, struct through, carrier);

	cmsis_dap_share_leave(&share, client->number);
}

static const struct cmsis_dap_carrier_ops through_ops = {
	.close = through_close,
	.send = through_send,
	.receive = through_receive,
};

static void
join(struct through *client, uint32_t port)
{
	const struct cmsis_dap_label label = {
		cmsis_dap_model_find((struct usb_id){ 0, 0 }), "", "", "there"
	};

	*client = (struct through){ .carrier = { .ops = &through_ops,
						 .packet_max = CMSIS_DAP_PACKET_MAX,
						 .in_flight_max = FAKE_DAP_QUEUE,
						 .server = "a socket" } };
	assert_true(cmsis_dap_share_join(&share, &client->number));
	assert_int_equal(cmsis_dap_open(&client->carrier, &label, &target->clock,
					&client->probe, &why),
			 CAUSE_NONE);
	dap_init(&client->dap, client->probe);
	assert_int_equal(dap_connect(&client->dap, &why), CAUSE_NONE);
	assert_int_equal(mem_ap_open(&client->mem, &client->dap, port, &why), CAUSE_NONE);
}

static void
open_both(unsigned packet_size, unsigned packet_count)
{
	why = (struct reason)REASON_INIT;
	intrude = NULL;
	target = fake_probe_new(FAKE_TRANSFERS_ONLY);
	target->ports[1] = target->ports[3] = target->ports[0];
	ram = fake_probe_memory(target, RAM, RAM_SIZE);
	probe = fake_dap_open(&firmware, target, packet_size, packet_count);
	dap_init(&dap, probe);
	assert_int_equal(dap_connect(&dap, &why), CAUSE_NONE);
	assert_int_equal(mem_ap_open(&mem, &dap, 0, &why), CAUSE_NONE);
	share = (struct cmsis_dap_share){ .common = { .is_owner_there = true } };
	assert_int_equal(cmsis_dap_share_take(&share, probe, &why), CAUSE_NONE);
	join(&one, 0);
}

static int
open_v1(void **state)
{
	(void)state;
	open_both(64, 4);
	return 0;
}

static int
open_v2(void **state)
{
	(void)state;
	open_both(512, 4);
	return 0;
}

static int
close_both(void **state)
{
	(void)state;
	intrude = NULL;
	if (one.probe != NULL)
		probe_close(one.probe);
	cmsis_dap_share_end(&share);
	probe_close(probe);
	fake_probe_free(target);
	return 0;
}

static unsigned intrusions;

static void
write_and_read(void)
{
	uint32_t value = 0;

	intrusions++;
	assert_int_equal(mem_write32(&mem, OWNERS, intrusions, &why), CAUSE_NONE);
	assert_int_equal(mem_read32(&mem, OWNERS, &value, &why), CAUSE_NONE);
	assert_int_equal(value, intrusions);
}

static void
write_and_read_narrow_and_elsewhere(void)
{
	uint32_t value = 0;

	write_and_read();
	assert_int_equal(mem_write_width(&mem, 1, OWNERS + 5, 0x5a, &why), CAUSE_NONE);
	assert_int_equal(mem_read_width(&mem, 1, OWNERS + 5, &value, &why), CAUSE_NONE);
	assert_int_equal(value, 0x5a);
}

static void
read_nothing(void)
{
	struct reason refused = REASON_INIT;
	uint32_t value;

	assert_int_equal(mem_read32(&mem, NOTHING, &value, &refused), CAUSE_FAULT);
	write_and_read();
}

static void
move_through(struct through *client)
{
	static uint8_t sent[3001], got[3001];

	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (uint8_t)(i * 7 + i / 256 + client->number);
	assert_int_equal(mem_write(&client->mem, RAM + 3, sent, sizeof(sent), &why),
			 CAUSE_NONE);
	assert_memory_equal(ram + 3, sent, sizeof(sent));
	assert_int_equal(ram[2], FAKE_CANARY);
	assert_int_equal(ram[3 + sizeof(sent)], FAKE_CANARY);
	assert_int_equal(mem_read(&client->mem, RAM + 3, got, sizeof(got), &why),
			 CAUSE_NONE);
	assert_memory_equal(got, sent, sizeof(sent));
}

static void
a_client_moves_memory_while_others_use_its_port(void **state)
{
	(void)state;
	intrusions = 0;
	move_through(&one);
	intrude = write_and_read_narrow_and_elsewhere;
	move_through(&one);
	assert_true(intrusions > 10);
}

static void
an_access_of_the_owner_that_is_refused_refuses_no_client(void **state)
{
	(void)state;
	intrude = read_nothing;
	move_through(&one);
}

static void
a_refused_access_of_a_client_is_named_and_refuses_nobody_else(void **state)
{
	uint8_t bytes[1024];
	uint32_t value;

	(void)state;
	(void)fake_probe_memory(target, 0x30000000, 1000);
	intrude = write_and_read;
	assert_int_equal(mem_read(&one.mem, 0x30000000, bytes, sizeof(bytes), &why),
			 CAUSE_FAULT);
	assert_string_equal(reason_outermost(&why), "the access at 0x300003e8 was refused");
	why = (struct reason)REASON_INIT;
	assert_int_equal(mem_read32(&one.mem, RAM, &value, &why), CAUSE_NONE);
	assert_int_equal(value, 0xcdcdcdcd);
}

/* A client that does not clear its flags is refused, as by a port of its own. */
static void
flags_that_a_client_leaves_stand_for_it_alone(void **state)
{
	struct transfer bad[] = { { TRANSFER_AP_WRITE, 0, 0x04, NOTHING },
				  { TRANSFER_AP_READ, 0, 0x0c, 0 } };
	struct transfer good = { TRANSFER_AP_READ, 0, 0x04, 0 };
	struct transfer flags = { TRANSFER_DP_READ, 0, 0x04, 0 };
	struct transfer clear = { TRANSFER_DP_WRITE, 0, 0x00, 0x1e };
	struct outcome outcome;

	(void)state;
	assert_int_equal(probe_transfer(one.probe, bad, 2, &outcome, &why), CAUSE_FAULT);
	write_and_read();
	assert_int_equal(probe_transfer(one.probe, &good, 1, &outcome, &why), CAUSE_FAULT);
	assert_int_equal(outcome.finished, 0);
	assert_int_equal(probe_transfer(one.probe, &flags, 1, &outcome, &why), CAUSE_NONE);
	assert_int_equal(flags.value & 0xb2, 0x20);
	assert_int_equal(target->ctrl_stat & 0xb2, 0);
	assert_int_equal(probe_transfer(one.probe, &clear, 1, &outcome, &why), CAUSE_NONE);
	assert_int_equal(probe_transfer(one.probe, &good, 1, &outcome, &why), CAUSE_NONE);
	assert_int_equal(good.value, NOTHING);
	assert_int_equal(probe_transfer(one.probe, &flags, 1, &outcome, &why), CAUSE_NONE);
	assert_int_equal(flags.value & 0xb2, 0);
}

static void
each_waits_for_the_bits_of_his_own_mask(void **state)
{
	struct transfer mask = { TRANSFER_AP_MASK, 0, 0, 0xff00 };
	struct transfer owners[] = { { TRANSFER_AP_MASK, 0, 0, 0xff },
				     { TRANSFER_AP_WRITE, 0, 0x04, RAM },
				     { TRANSFER_AP_MATCH, 0, 0x0c, 0x34 } };
	struct transfer match[] = { { TRANSFER_AP_WRITE, 0, 0x04, RAM },
				    { TRANSFER_AP_MATCH, 0, 0x0c, 0x1200 } };
	struct outcome outcome;

	(void)state;
	assert_int_equal(mem_write32(&mem, RAM, 0x1234, &why), CAUSE_NONE);
	assert_int_equal(probe_transfer(one.probe, &mask, 1, &outcome, &why), CAUSE_NONE);
	assert_int_equal(probe_transfer(probe, owners, 3, &outcome, &why), CAUSE_NONE);
	assert_int_equal(probe_transfer(one.probe, match, 2, &outcome, &why), CAUSE_NONE);
}

/* As of two tethers, each of which has the core of an access port. */
static void
who_has_a_port_alone_pays_one_packet_at_most(void **state)
{
	unsigned before;
	uint32_t value;

	(void)state;
	join(&two, 3);
	assert_int_equal(mem_read32(&two.mem, RAM, &value, &why), CAUSE_NONE);
	assert_int_equal(mem_read32(&mem, RAM, &value, &why), CAUSE_NONE);
	before = firmware.packets;
	assert_int_equal(mem_read32(&two.mem, RAM, &value, &why), CAUSE_NONE);
	assert_int_equal(firmware.packets - before, 2); /* SELECT, and its own */
	assert_int_equal(mem_read32(&two.mem, RAM, &value, &why), CAUSE_NONE);
	assert_int_equal(firmware.packets - before, 3);
	assert_int_equal(mem_read32(&mem, RAM, &value, &why), CAUSE_NONE);
	assert_int_equal(firmware.packets - before, 4);
	probe_close(two.probe);
}

static void
two_clients_of_one_port_are_kept_apart(void **state)
{
	(void)state;
	join(&two, 0);
	intrude = write_and_read;
	move_through(&one);
	move_through(&two);
	probe_close(two.probe);
	move_through(&one);
}

static void
leaving_ends_debug_mode_for_nobody_else(void **state)
{
	(void)state;
	probe_close(one.probe);
	one.probe = NULL;
	assert_true(firmware.is_connected);
	write_and_read();
	assert_int_equal(target->enters, 0);
}

static void
power_stays_on_whatever_a_client_asks_for(void **state)
{
	struct transfer off = { TRANSFER_DP_WRITE, 0, 0x04, 0 };
	struct outcome outcome;

	(void)state;
	assert_int_equal(probe_transfer(one.probe, &off, 1, &outcome, &why), CAUSE_NONE);
	assert_int_equal(target->ctrl_stat & 0x50000000, 0x50000000);
}

static void
nrst_is_low_as_long_as_anybody_pulls_it(void **state)
{
	(void)state;
	join(&two, 0);
	assert_false(sharing_has_news(&share.common));
	assert_int_equal(probe_drive_nrst(one.probe, true, &why), CAUSE_NONE);
	assert_true(target->is_nrst_low);
	assert_true(sharing_has_news(&share.common));
	assert_int_equal(probe_drive_nrst(two.probe, true, &why), CAUSE_NONE);
	assert_int_equal(probe_drive_nrst(one.probe, false, &why), CAUSE_NONE);
	assert_true(target->is_nrst_low);
	probe_close(two.probe);
	assert_false(target->is_nrst_low);
	assert_int_equal(probe_drive_nrst(probe, true, &why), CAUSE_NONE);
	assert_int_equal(probe_drive_nrst(one.probe, false, &why), CAUSE_NONE);
	assert_true(target->is_nrst_low);
	assert_int_equal(probe_drive_nrst(probe, false, &why), CAUSE_NONE);
	assert_false(target->is_nrst_low);
}

static uint32_t
set_clock(struct probe *of, uint32_t hz)
{
	assert_int_equal(probe_set_clock(of, &hz, &why), CAUSE_NONE);
	return hz;
}

static void
the_clock_is_the_slowest_that_a_client_wishes(void **state)
{
	(void)state;
	assert_int_equal(set_clock(one.probe, 480000), 480000);
	assert_int_equal(set_clock(probe, 4000000), 480000);
	probe_close(one.probe);
	one.probe = NULL;
	assert_int_equal(cmsis_dap_of(probe)->hz, 4000000);
}

static void
a_client_knows_that_it_is_not_alone_and_has_no_trace(void **state)
{
	(void)state;
	assert_true(one.probe->has_other_debugger);
	assert_false(probe->has_other_debugger);
	assert_string_equal(one.probe->identity.serial, probe->identity.serial);
	assert_false(probe_has_swo(one.probe));
	assert_true(cmsis_dap_share_can(probe));
	assert_false(cmsis_dap_share_can(one.probe));
}

static void
a_command_that_is_not_shared_is_none_the_probe_knows(void **state)
{
	static const uint8_t swo[] = { DAP_SWO_CONTROL, 1 };
	struct cmsis_dap_response response;

	(void)state;
	assert_int_equal(cmsis_dap_share_exchange(&share, one.number, swo, sizeof(swo),
						  &response, &why),
			 CAUSE_NONE);
	assert_int_equal(response.size, 1);
	assert_int_equal(response.bytes[0], 0xff);
}

static void
an_answer_that_fits_no_packet_is_not_asked_for(void **state)
{
	static const uint8_t block[] = { DAP_TRANSFER_BLOCK, 0, 128, 0, 0x0f };
	struct cmsis_dap_response response;

	(void)state;
	assert_int_equal(cmsis_dap_share_exchange(&share, one.number, block, sizeof(block),
						  &response, &why),
			 CAUSE_REQUEST);
}

static void
a_packet_that_is_cut_is_refused_in_words(void **state)
{
	static const uint8_t cut[] = { DAP_TRANSFER, 0, 2, 0x08, 0, 0, 0 };
	static const uint8_t block[] = { DAP_TRANSFER_BLOCK, 0, 2, 0, 0x0d, 1, 2, 3, 4 };
	struct cmsis_dap_response response;

	(void)state;
	assert_int_equal(cmsis_dap_share_exchange(&share, one.number, cut, sizeof(cut),
						  &response, &why),
			 CAUSE_REQUEST);
	assert_string_equal(reason_root(&why), "a DAP_Transfer that is not as long as it "
					       "says, or whose answer is too long");
	assert_int_equal(cmsis_dap_share_exchange(&share, one.number, block, sizeof(block),
						  &response, &why),
			 CAUSE_REQUEST);
}

/* Nothing that a client sends takes the probe from the owner. */
static void
whatever_a_client_sends_the_owner_goes_on(void **state)
{
	static const uint8_t heads[] = { DAP_TRANSFER,    DAP_TRANSFER, DAP_TRANSFER_BLOCK,
					 DAP_WRITE_ABORT, DAP_INFO,     DAP_SWJ_CLOCK };

	(void)state;
	srand(1);
	for (unsigned i = 0; i < HOSTILE_ROUNDS; i++) {
		struct cmsis_dap_response response = { .size = 0 };
		struct reason refused = REASON_INIT;
		uint8_t bytes[64];
		size_t size = 1 + (size_t)rand() % sizeof(bytes);

		for (size_t at = 0; at < size; at++)
			bytes[at] = (uint8_t)rand();
		bytes[0] = heads[(size_t)rand() % sizeof(heads)];
		if (bytes[0] == DAP_TRANSFER && size > 2)
			bytes[2] %= 13;
		cmsis_dap_share_exchange(&share, one.number, bytes, size, &response,
					 &refused);
		if (i % 16 == 0)
			write_and_read();
	}
}

#define of_v1(test) cmocka_unit_test_setup_teardown(test, open_v1, close_both)
#define of_v2(test) cmocka_unit_test_setup_teardown(test, open_v2, close_both)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		of_v1(a_client_moves_memory_while_others_use_its_port),
		of_v2(a_client_moves_memory_while_others_use_its_port),
		of_v2(an_access_of_the_owner_that_is_refused_refuses_no_client),
		of_v1(a_refused_access_of_a_client_is_named_and_refuses_nobody_else),
		of_v2(a_refused_access_of_a_client_is_named_and_refuses_nobody_else),
		of_v2(flags_that_a_client_leaves_stand_for_it_alone),
		of_v2(each_waits_for_the_bits_of_his_own_mask),
		of_v2(who_has_a_port_alone_pays_one_packet_at_most),
		of_v1(two_clients_of_one_port_are_kept_apart),
		of_v2(leaving_ends_debug_mode_for_nobody_else),
		of_v2(power_stays_on_whatever_a_client_asks_for),
		of_v2(nrst_is_low_as_long_as_anybody_pulls_it),
		of_v2(the_clock_is_the_slowest_that_a_client_wishes),
		of_v2(a_client_knows_that_it_is_not_alone_and_has_no_trace),
		of_v2(a_command_that_is_not_shared_is_none_the_probe_knows),
		of_v2(a_packet_that_is_cut_is_refused_in_words),
		of_v2(an_answer_that_fits_no_packet_is_not_asked_for),
		of_v1(whatever_a_client_sends_the_owner_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
