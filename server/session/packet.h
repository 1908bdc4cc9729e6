/* SPDX-License-Identifier: MIT */
/*
 * packet.h - GDB remote serial protocol framing: bytes to packets and back.
 *
 * Knows `$data#cs`, acks, escapes, run-length coding and the break byte; knows
 * no sockets and no meaning. (GDB manual, "Remote Protocol", Overview and
 * "Packet Acknowledgment", "Interrupts".)
 */
#ifndef SERVER_SESSION_PACKET_H
#define SERVER_SESSION_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What qSupported announces; a packet's data between `$` and `#`, escapes included. */
enum { PACKET_SIZE = 0x8000 };

enum packet_event {
	PACKET_NOTHING,      /* all bytes were taken, nothing is complete */
	PACKET_COMPLETE,     /* reader->data holds it, unescaped, reader->len bytes */
	PACKET_ACK,          /* + */
	PACKET_NAK,          /* - */
	PACKET_BREAK,        /* 0x03 where it is no data: the user's Ctrl-C */
	PACKET_BAD_CHECKSUM, /* complete but wrong: `computed` and `received` tell */
	PACKET_TOO_LONG,     /* more than PACKET_SIZE: skipped up to the next `#xx` */
	PACKET_CUT_ESCAPE,   /* the `}` at its end has no byte behind it */
	PACKET_JUNK          /* bytes that belong to no packet: counted, dropped */
};

struct packet_reader {
	enum { READ_IDLE, READ_DATA, READ_ESCAPE, READ_CHECK_HIGH, READ_CHECK_LOW } state;
	bool is_too_long, is_cut_escape;
	uint8_t sum, computed, received;
	char check[2];
	size_t len;
	uint64_t junk;              /* bytes outside packets since packet_reader_init() */
	char data[PACKET_SIZE + 1]; /* terminated, but may hold zeros */
};

void packet_reader_init(struct packet_reader *reader);
/* May packets that begin with that byte hold any other, 0x03 among them? X, vFlashWrite, qXfer's
 * write. In all others 0x03 is Ctrl-C behind a packet that was cut short: the rest is dropped.
 * gdb sends each packet whole, and Ctrl-C between two. */
bool packet_may_be_binary(uint8_t first);
/* Takes bytes from `bytes` until an event or the end; *taken tells how many. */
enum packet_event
packet_read(struct packet_reader *reader, const uint8_t *bytes, size_t size, size_t *taken);

/* `$data#cs` with `# $ } *` escaped. Returns the length, or 0 when `max` is too small
 * (2 * len + 4 always suffices). Run-length coding is never used: gdb does not need it and
 * other clients get it wrong. */
size_t packet_write(uint8_t *out, size_t max, const char *data, size_t len);
/* `%data#cs`: a notification. */
size_t packet_write_notification(uint8_t *out, size_t max, const char *data, size_t len);

#endif /* SERVER_SESSION_PACKET_H */
