/* SPDX-License-Identifier: MIT */
/*
 * rsp.c - a client of a gdb server that sends exactly what it is given, right or wrong.
 *
 *   rsp PORT ITEM...
 *
 * connects to 127.0.0.1:PORT and goes through the items:
 *
 *   BODY        sends the packet $BODY#checksum and waits for its reply; \xHH is a byte in hex
 *   raw:BYTES   sends the bytes as they are, \xHH as above; nothing is awaited
 *   fill:COUNT  sends COUNT times the letter A
 *   recv        waits for a reply
 *   notification  waits for one but keepalive, or takes one that has come, and prints it: "< %BODY"
 *   end         waits until the server closes the connection
 *   half-close  sends a FIN and goes on reading
 *   reset       ends the connection with a RST, and itself
 *   pause:MS    is silent for so long
 *   nagle       sends from here on as a client without TCP_NODELAY
 *
 * and prints what comes, a line each: "< BODY" for a packet, "O text" for console output
 * (after which it goes on waiting), "(nak)" for a request to send again, "(closed)",
 * "(reset)", and "(silence)" after $RSP_SILENCE_S seconds, or 30. A reply with a wrong checksum is "(bad checksum)".
 * Ends with 1 when it could not connect or send, with 2 for wrong usage, else with 0.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SILENCE_S = 30, BODY_MAX = 1 << 17, NOTIFICATIONS_MAX = 8 };

/* What read_byte() answers when there is no byte. */
enum { END_CLOSED = -1, END_RESET = -2, END_SILENCE = -3 };

struct client {
	int fd;
	bool no_ack; /* the server has agreed to QStartNoAckMode */
	size_t unread_at, unread_len;
	unsigned char unread[4096];
	size_t body_len;
	unsigned char body[BODY_MAX];
	size_t notifications_len; /* that came and were not printed yet */
	char *notifications[NOTIFICATIONS_MAX];
};

static bool
send_all(struct client *client, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	while (len) {
		ssize_t sent = send(client->fd, at, len, MSG_NOSIGNAL);
		if (sent < 0) {
			printf("(cannot send: %s)\n", strerror(errno));
			return false;
		}
		at += sent;
		len -= (size_t)sent;
	}
	return true;
}

/* As long as the other programs of a test are waited for: see test/lib.sh. */
static int
silence_ms(void)
{
	const char *seconds = getenv("RSP_SILENCE_S");
	int wanted = seconds ? atoi(seconds) : 0;
	return (wanted > 0 ? wanted : SILENCE_S) * 1000;
}

static int
read_byte(struct client *client)
{
	if (client->unread_at == client->unread_len) {
		struct pollfd readable = { .fd = client->fd, .events = POLLIN };
		if (poll(&readable, 1, silence_ms()) == 0) {
			return END_SILENCE;
		}
		ssize_t len = recv(client->fd, client->unread, sizeof(client->unread), 0);
		if (len <= 0) {
			return len ? END_RESET : END_CLOSED;
		}
		client->unread_at = 0;
		client->unread_len = (size_t)len;
	}
	return client->unread[client->unread_at++];
}

static void
print_end(int end)
{
	puts(end == END_CLOSED ? "(closed)" : end == END_RESET ? "(reset)" : "(silence)");
}

static int
hex_digit(int letter)
{
	if (letter >= '0' && letter <= '9') {
		return letter - '0';
	}
	if (letter >= 'a' && letter <= 'f') {
		return letter - 'a' + 10;
	}
	return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : -1;
}

static void
body_append(struct client *client, int byte, unsigned times)
{
	for (; times && client->body_len < BODY_MAX; times--) {
		client->body[client->body_len++] = (unsigned char)byte;
	}
}

/* Reads up to and with the checksum of a packet whose first letter has gone by; run-length
 * coding is undone ("Overview" in "Remote Protocol" of GDB's manual). 0 or an END_. */
static int
read_body(struct client *client, bool *is_sound)
{
	unsigned sum = 0;
	int byte;
	client->body_len = 0;
	while ((byte = read_byte(client)) >= 0 && byte != '#') {
		sum += (unsigned)byte;
		if (byte != '*' || !client->body_len) {
			body_append(client, byte, 1);
			continue;
		}
		int count = read_byte(client);
		if (count < 0) {
			return count;
		}
		sum += (unsigned)count;
		body_append(client, client->body[client->body_len - 1],
			    (unsigned)count - 29);
	}
	if (byte < 0) {
		return byte;
	}
	int high = read_byte(client);
	int low = high < 0 ? high : read_byte(client);
	*is_sound = (unsigned)(hex_digit(high) * 16 + hex_digit(low)) == (sum & 0xff);
	return low < 0 ? low : 0;
}

static void
print_body(const struct client *client)
{
	printf("< ");
	for (size_t i = 0; i < client->body_len; i++) {
		int byte = client->body[i];
		printf(byte >= ' ' && byte < 0x7f ? "%c" : "\\x%02x", byte);
	}
	putchar('\n');
}

/* "O" and an even number of hex digits is console output; "OK" is not. */
static bool
is_console(const struct client *client)
{
	return client->body_len > 1 && client->body_len % 2 && client->body[0] == 'O' &&
	       hex_digit(client->body[1]) >= 0;
}

static void
print_console(const struct client *client)
{
	printf("O ");
	for (size_t i = 1; i + 1 < client->body_len; i += 2) {
		putchar(hex_digit(client->body[i]) * 16 + hex_digit(client->body[i + 1]));
	}
	if (client->body_len < 3 || memcmp(&client->body[client->body_len - 2], "0a", 2)) {
		putchar('\n');
	}
}

static void
keep_notification(struct client *client)
{
	static const char keepalive[] = "keepalive";
	if (client->body_len == sizeof(keepalive) - 1 &&
	    !memcmp(client->body, keepalive, client->body_len)) {
		return;
	}
	if (client->notifications_len == NOTIFICATIONS_MAX) {
		puts("(too many notifications)");
		return;
	}
	client->notifications[client->notifications_len++] =
		strndup((const char *)client->body, client->body_len);
}

/* Deals with one packet or notification; true when it was the reply waited for. */
static bool
take_packet(struct client *client, int kind, int *end)
{
	bool is_sound = false;
	*end = read_body(client, &is_sound);
	if (*end) {
		return false;
	}
	if (kind == '%') {
		keep_notification(client);
		return false;
	}
	if (!client->no_ack) {
		send_all(client, is_sound ? "+" : "-", 1);
	}
	if (!is_sound) {
		puts("(bad checksum)");
		return true;
	}
	if (is_console(client)) {
		print_console(client);
		return false;
	}
	print_body(client);
	return true;
}

static void
await_reply(struct client *client)
{
	int end = 0;
	while (!end) {
		int byte = read_byte(client);
		if (byte < 0) {
			end = byte;
		} else if (byte == '-') {
			puts("(nak)");
			return;
		} else if ((byte == '$' || byte == '%') &&
			   take_packet(client, byte, &end)) {
			return;
		}
	}
	print_end(end);
}

static void
await_notification(struct client *client)
{
	int end = 0;
	while (!end && !client->notifications_len) {
		int byte = read_byte(client);
		if (byte < 0) {
			end = byte;
		} else if (byte == '$' || byte == '%') {
			take_packet(client, byte, &end);
		}
	}
	if (end) {
		print_end(end);
		return;
	}
	printf("< %%%s\n", client->notifications[0]);
	free(client->notifications[0]);
	memmove(&client->notifications[0], &client->notifications[1],
		--client->notifications_len * sizeof(client->notifications[0]));
}

static void
await_close(struct client *client)
{
	int byte;
	do {
		byte = read_byte(client);
	} while (byte >= 0);
	print_end(byte);
}

/* SO_LINGER with 0 s: close() drops what is unsent and sends a RST (POSIX.1-2017, 2.10.10). */
_Noreturn static void
reset_and_end(struct client *client)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(client->fd);
	fflush(stdout);
	_exit(0);
}

/* The next byte of a text in which \xHH stands for one; *at goes behind it. */
static unsigned char
next_byte(const char **at)
{
	const char *text = *at;
	if (text[0] == '\\' && text[1] == 'x' && hex_digit(text[2]) >= 0 &&
	    hex_digit(text[3]) >= 0) {
		*at += 4;
		return (unsigned char)(hex_digit(text[2]) * 16 + hex_digit(text[3]));
	}
	*at += 1;
	return (unsigned char)text[0];
}

static bool
send_packet(struct client *client, const char *body)
{
	unsigned char *bytes = malloc(strlen(body) + 1);
	size_t len = 0;
	unsigned sum = 0;
	char checksum[4];
	bool is_sent;
	if (!bytes) {
		return false;
	}
	while (*body) {
		bytes[len] = next_byte(&body);
		sum += bytes[len++];
	}
	snprintf(checksum, sizeof(checksum), "#%02x", sum & 0xff);
	is_sent = send_all(client, "$", 1) && send_all(client, bytes, len) &&
		  send_all(client, checksum, 3);
	free(bytes);
	return is_sent;
}

static bool
send_raw(struct client *client, const char *text)
{
	bool is_sent = true;
	while (*text && is_sent) {
		unsigned char byte = next_byte(&text);
		is_sent = send_all(client, &byte, 1);
	}
	return is_sent;
}

static bool
send_fill(struct client *client, unsigned long count)
{
	static const char letters[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	const size_t most = sizeof(letters) - 1;
	bool is_sent = true;
	while (count && is_sent) {
		size_t len = count < most ? count : most;
		is_sent = send_all(client, letters, len);
		count -= len;
	}
	return is_sent;
}

static void
set_nodelay(int fd, int is_on)
{
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &is_on, sizeof(is_on));
}

static bool
exchange(struct client *client, const char *body)
{
	if (!send_packet(client, body)) {
		return false;
	}
	await_reply(client);
	if (!strcmp(body, "QStartNoAckMode") && client->body_len == 2) {
		client->no_ack = true;
	}
	return true;
}

static bool
run_item(struct client *client, const char *item)
{
	if (!strncmp(item, "raw:", 4)) {
		return send_raw(client, item + 4);
	}
	if (!strncmp(item, "fill:", 5)) {
		return send_fill(client, strtoul(item + 5, NULL, 10));
	}
	if (!strncmp(item, "pause:", 6)) {
		poll(NULL, 0, atoi(item + 6));
	} else if (!strcmp(item, "recv")) {
		await_reply(client);
	} else if (!strcmp(item, "notification")) {
		await_notification(client);
	} else if (!strcmp(item, "end")) {
		await_close(client);
	} else if (!strcmp(item, "half-close")) {
		shutdown(client->fd, SHUT_WR);
	} else if (!strcmp(item, "reset")) {
		reset_and_end(client);
	} else if (!strcmp(item, "nagle")) {
		set_nodelay(client->fd, 0);
	} else {
		return exchange(client, item);
	}
	return true;
}

static int
connect_to(const char *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&at, sizeof(at))) {
		close(fd);
		fd = -1;
	}
	/* A packet is sent in pieces, which must not wait for the server's acknowledge. */
	set_nodelay(fd, 1);
	return fd;
}

int
main(int argc, char **argv)
{
	static struct client client;
	if (argc < 2) {
		fputs("usage: rsp PORT ITEM...\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	client.fd = connect_to(argv[1]);
	if (client.fd < 0) {
		printf("(cannot connect: %s)\n", strerror(errno));
		return 1;
	}
	bool is_sent = true;
	for (int i = 2; i < argc && is_sent; i++) {
		is_sent = run_item(&client, argv[i]);
	}
	for (size_t i = 0; i < client.notifications_len; i++) {
		printf("(not asked for: %%%s)\n", client.notifications[i]);
		free(client.notifications[i]);
	}
	close(client.fd);
	return is_sent ? 0 : 1;
}
