/* SPDX-License-Identifier: MIT */
/*
 * probe_client.h - a board, its wires and a probe on the table, and the client's side of what
 * goes over USB.
 */
#ifndef TEST_EMULATOR_TEST_PROBE_CLIENT_H
#define TEST_EMULATOR_TEST_PROBE_CLIENT_H

#include "test/emulator/probe/probe.h"
#include "test/emulator/test/lab.h"

#define BYTES(...) \
	(const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })

struct bench {
	struct lab *lab;
	struct usb_function *probe;
	uint8_t out_ep, in_ep;
	uint8_t reply[1024];
};

/* The board has been on for 20 ms. */
static inline void
bench_open_wired(struct bench *bench, const char *board, const char *kind,
		 const struct wiring *wiring)
{
	bool is_v2 =
		!strncmp(kind, "stlink-v2", 9) && strncmp(kind, "stlink-v2-1", 11) != 0;

	*bench = (struct bench){ .lab = lab_open_wired(board, wiring),
				 .out_ep = is_v2 ? 2 : 1,
				 .in_ep = 1 };
	bench->probe = probe_new(probe_kind_find(kind), bench->lab->wire, NULL,
				 &bench->lab->stats);
	wire_seed(bench->lab->wire, 1);
	wire_power(bench->lab->wire, true);
	wire_advance(bench->lab->wire, 20 * MS);
}

static inline void
bench_close(struct bench *bench)
{
	bench->probe->ops->free(bench->probe);
	lab_close(bench->lab);
}

/* Commands have 16 bytes. */
static inline void
bench_send(struct bench *bench, const uint8_t *bytes, unsigned size)
{
	uint8_t command[16] = { 0 };

	memcpy(command, bytes, size);
	assert_true(bench->probe->ops->out(bench->probe, bench->out_ep, command,
					   sizeof(command)) >= 0);
}

/* --- an ST-LINK -------------------------------------------------------------------- */

static inline unsigned
stlink_ask(struct bench *bench, const uint8_t *bytes, unsigned size)
{
	int got;

	bench_send(bench, bytes, size);
	got = bench->probe->ops->in(bench->probe, bench->in_ep, bench->reply,
				    sizeof(bench->reply));
	assert_true(got > 0);
	return bench->reply[0];
}

/* --- a CMSIS-DAP probe ------------------------------------------------------------- */

static inline const uint8_t *
dap_ask(struct bench *bench, const uint8_t *bytes, unsigned size)
{
	assert_true(bench->probe->ops->out(bench->probe, 1, bytes, (int)size) >= 0);
	assert_true(bench->probe->ops->in(bench->probe, 1, bench->reply,
					  sizeof(bench->reply)) > 0);
	return bench->reply;
}

#endif /* TEST_EMULATOR_TEST_PROBE_CLIENT_H */
