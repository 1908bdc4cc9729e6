/* SPDX-License-Identifier: MIT */
/*
 * server_bench.h - a server on a made-up board, in this process, and clients that talk to
 * it through real sockets while its loop is turned by hand.
 */
#ifndef TEST_UNIT_SERVER_SERVER_BENCH_H
#define TEST_UNIT_SERVER_SERVER_BENCH_H

#include "server/rsp/accept.h"
#include "server/session/listener.h"
#include "test/unit/fake_board.h"

enum { BENCH_CLIENTS = 40, BENCH_TEXT = 40000 };

struct bench_client {
	int fd; /* -1: none */
	bool is_no_ack;
	bool is_closed; /* the server has sent its FIN */
	bool is_reset;
	struct packet_reader reader;
	size_t at, len;
	uint8_t bytes[4096];
	unsigned keepalives, naks;
	char console[BENCH_TEXT]; /* O texts since bench_ask() began */
	char reply[BENCH_TEXT];
	size_t reply_len;
};

struct bench {
	struct fake_board fake;
	uv_loop_t loop;
	struct debugger_options options;
	struct debugger *debugger;
	struct clients server;
	struct listener listener;
	uint64_t seen_us; /* by this computer's clock */
	unsigned ended;   /* clients that had sent a packet */
	bool is_debugger_ended;
	struct bench_client clients[BENCH_CLIENTS];
	char log[BENCH_TEXT]; /* what the server logged */
};

/* For cmocka: *state is the bench; the board is connected and its core runs. */
int bench_set_up(void **state);
int bench_tear_down(void **state);

void bench_connect(struct bench *bench, unsigned client);
/* As gdb 13 connects, up to and with `?`. Returns the stop reply. */
const char *bench_greet(struct bench *bench, unsigned client);

void bench_send_raw(struct bench *bench, unsigned client, const char *bytes, size_t size);
void bench_send(struct bench *bench, unsigned client, const char *packet);
/* Turns the loop until a reply is there; "(closed)", "(reset)", "(silence)" (after 3 s). */
const char *bench_await(struct bench *bench, unsigned client);
const char *bench_ask(struct bench *bench, unsigned client, const char *packet);
/* "monitor WORDS"; what it says is in the client's console. */
const char *bench_monitor(struct bench *bench, unsigned client, const char *words);
void bench_close(struct bench *bench, unsigned client);
/* Turns the loop until nothing more happens at once. */
void bench_turn(struct bench *bench);
/* The only client that is served. */
struct client *bench_client(struct bench *bench);
/* Turns it until the log has `words`; false after 3 s. */
bool bench_logs(struct bench *bench, const char *words);

/* A test of cmocka's on a bench of its own; its file includes cmocka's header. */
#define BENCH_TEST(name) \
	cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

#define assert_has(text, words)                                               \
	do {                                                                  \
		if (strstr((text), (words)) == NULL)                          \
			fail_msg("\"%s\" does not hold \"%s\"", text, words); \
	} while (0)

#endif /* TEST_UNIT_SERVER_SERVER_BENCH_H */
