/* SPDX-License-Identifier: MIT */
/*
 * rtt.c - a program that talks through RTT: a control block in RAM that a debugger finds by
 * its first 16 bytes, and rings that both write without stopping the core. Layout: SEGGER's
 * knowledge base, "RTT"; OpenOCD src/target/rtt.c.
 *
 * Up channel 0, "log", has numbered lines, with as much as there is room for; up channel 1,
 * "counter", words; what comes down channel 0, "keys", is sent back on channel 0, in capitals.
 */
#include <stdint.h>

enum { LOG_SIZE = 256, COUNTER_SIZE = 64, KEYS_SIZE = 16, ROUND_CYCLES = 2000 };

struct ring {
	const char *name;
	uint8_t *bytes;
	uint32_t size;
	volatile uint32_t write, read; /* offsets; equal: empty */
	uint32_t flags;                /* 0: what finds no room is left out */
};

struct control_block {
	char id[16];
	int32_t ups, downs;
	struct ring up[2], down[1];
};

static uint8_t log_bytes[LOG_SIZE], counter_bytes[COUNTER_SIZE], keys_bytes[KEYS_SIZE];
struct control_block _SEGGER_RTT;
volatile uint32_t lines;

int main(void);

static uint32_t
room(const struct ring *ring)
{
	return (ring->read + ring->size - ring->write - 1) % ring->size;
}

static void
put(struct ring *ring, const void *from, uint32_t size)
{
	const uint8_t *bytes = from;
	uint32_t at = ring->write;
	if (room(ring) < size) {
		return;
	}
	for (uint32_t i = 0; i < size; i++) {
		ring->bytes[at] = bytes[i];
		at = (at + 1) % ring->size;
	}
	__asm__ volatile("dmb" ::: "memory");
	ring->write = at; /* a debugger sees the bytes before it sees that they are there */
}

static void
put_line(struct ring *ring, uint32_t number)
{
	char text[] = "line 0000\n";
	for (int i = 8; i > 4; i--) {
		text[i] = (char)('0' + number % 10);
		number /= 10;
	}
	put(ring, text, sizeof(text) - 1);
}

static void
answer_keys(struct ring *keys, struct ring *log)
{
	while (keys->read != keys->write) {
		uint8_t key = keys->bytes[keys->read];
		keys->read = (keys->read + 1) % keys->size;
		key = key >= 'a' && key <= 'z' ? (uint8_t)(key - 'a' + 'A') : key;
		put(log, &key, 1);
	}
}

/* The id last and piece by piece, so that no copy of it lies in flash or on the stack. */
static void
rtt_start(void)
{
	static const char reversed[] = "TTR REGGES";
	struct control_block *block = &_SEGGER_RTT;
	block->ups = 2;
	block->downs = 1;
	block->up[0] = (struct ring){ "log", log_bytes, LOG_SIZE, 0, 0, 0 };
	block->up[1] = (struct ring){ "counter", counter_bytes, COUNTER_SIZE, 0, 0, 0 };
	block->down[0] = (struct ring){ "keys", keys_bytes, KEYS_SIZE, 0, 0, 0 };
	for (unsigned i = 0; i < sizeof(reversed) - 1; i++) {
		block->id[i] = reversed[sizeof(reversed) - 2 - i];
	}
}

int
main(void)
{
	struct ring *log = &_SEGGER_RTT.up[0];
	rtt_start();
	for (;;) {
		uint32_t number = lines + 1;
		if (room(log) >= 32) {
			put_line(log, number);
			lines = number;
		}
		put(&_SEGGER_RTT.up[1], &number, sizeof(number));
		answer_keys(&_SEGGER_RTT.down[0], log);
		for (volatile int i = 0; i < ROUND_CYCLES / 8; i++) {
		}
	}
}
