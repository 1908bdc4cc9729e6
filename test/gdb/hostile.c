/* SPDX-License-Identifier: MIT */
/*
 * hostile.c - many clients that mean no good, and how long a good one waits meanwhile.
 *
 *   hostile PORT CLIENTS SECONDS SEED [PID...]
 *
 * CLIENTS connections to 127.0.0.1:PORT do by turns what no gdb does: malformed and mutated
 * packets, floods that are not read, silence, half packets, a reset at any moment, HTTP in
 * all methods, TLS and SSH. Each is replaced when it is closed. One more client reads a word
 * of RAM every 10 ms. Prints, in milliseconds:
 *
 *   asked N, slowest N, alone N, waited N
 *
 * where "alone" is the slowest reply in two seconds before the others come. A reply counts
 * without the time in which this program or one of the PIDs (the server, the board) could run
 * but had no processor: a machine that is busy is no fault of the server's. The kernel has
 * that time for each of them (Documentation/scheduler/sched-stats.rst), and the time in which
 * another machine had this one's processors (steal, proc(5)). "waited" is what counted so for the
 * reply that had most of it. Two that waited at the same time count twice: on a busy machine the
 * slowest may have been slower; on an idle one nothing is taken off. Ends with 1 when the good
 * client was refused, closed or got no reply within 10 s.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	MAX_CLIENTS = 256,
	WIRE_MAX = 40000,
	TICK_MS = 2,
	ASK_EVERY_MS = 10,
	GIVE_UP_MS = 10000,
	ALONE_MS = 2000,
	MAX_PIDS = 4
};

static uint32_t seed;
static struct sockaddr_in server;
static long pids[MAX_PIDS]; /* 0: no more */

static unsigned
chance(unsigned below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static double
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* For how long it could run and had no processor, so far. */
static double
queued_ms(long pid)
{
	unsigned long long ran_ns, queued_ns = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/schedstat", pid);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	if (fscanf(file, "%llu %llu", &ran_ns, &queued_ns) != 2)
		queued_ns = 0;
	fclose(file);
	return (double)queued_ns / 1e6;
}

static double
stolen_ms(void)
{
	unsigned long long ticks = 0;
	FILE *file = fopen("/proc/stat", "r");

	if (file == NULL)
		return 0;
	if (fscanf(file, "cpu %*u %*u %*u %*u %*u %*u %*u %llu", &ticks) != 1)
		ticks = 0;
	fclose(file);
	return (double)ticks * 1e3 / (double)sysconf(_SC_CLK_TCK);
}

static double
waited_ms(void)
{
	double sum = queued_ms((long)getpid()) + stolen_ms();

	for (unsigned i = 0; i < MAX_PIDS && pids[i] != 0; i++)
		sum += queued_ms(pids[i]);
	return sum;
}

static int
open_client(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int on = 1;

	if (fd < 0)
		return fd;
	/* A server that is slow to accept keeps only this one. */
	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (connect(fd, (struct sockaddr *)&server, sizeof(server)) != 0 &&
	    errno != EINPROGRESS) {
		close(fd);
		return -1;
	}
	/* As gdb does: a packet after a "+" else waits up to 40 ms for the server's ACK. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

static size_t
frame(char *wire, const char *body, size_t len)
{
	unsigned sum = 0;

	wire[0] = '$';
	memcpy(wire + 1, body, len);
	for (size_t i = 0; i < len; i++)
		sum += (unsigned char)body[i];
	return 1 + len + (size_t)sprintf(wire + 1 + len, "#%02x", sum & 0xff);
}

static void
send_packet(int fd, const char *body)
{
	static char wire[WIRE_MAX];

	send(fd, wire, frame(wire, body, strlen(body)), MSG_NOSIGNAL);
}

/* What a hostile client does with its turn. True: it is done with this connection. */

static bool
send_mutated(int fd)
{
	static const char *const seeds[] = {
		"qSupported:multiprocess+;swbreak+",
		"?",
		"g",
		"m20000000,40",
		"vCont;c",
		"Z1,8000100,2",
		"z1,8000100,2",
		"qXfer:features:read:target.xml:0,ffb",
		"qRcmd,7265736574",
		"vFlashErase:8000000,800",
		"vFlashWrite:8000000:abcd",
		"vFlashDone",
		"P0=00000000",
		"Hgp1.1",
		"T1",
		"vCont;r8000000,8000010:1",
		"D",
		"X20000000,4:abcd",
		"R00",
		"!",
		"vRun;",
		"qC",
		"k",
		"vMustReplyEmpty",
	};
	const char *body = seeds[chance(sizeof(seeds) / sizeof(seeds[0]))];
	char mutated[128], wire[160];
	size_t len = strlen(body);

	memcpy(mutated, body, len);
	for (unsigned i = chance(4); i > 0; i--)
		mutated[chance((unsigned)len)] = (char)chance(256);
	if (chance(4) == 0)
		len -= chance((unsigned)len + 1);
	len = frame(wire, mutated, len);
	if (chance(8) == 0)
		wire[len - 1] ^= 1;
	send(fd, wire, len, MSG_NOSIGNAL);
	return chance(20) == 0;
}

static bool
flood(int fd)
{
	for (unsigned i = 0; i < 200; i++)
		send_packet(fd, "m20000000,4000");
	return chance(50) == 0;
}

static bool
send_other_protocol(int fd)
{
	static const char *const starts[] = { "GET /",        "POST /",    "PUT /",
					      "DELETE /",     "PATCH /",   "get /",
					      "HEAD /",       "OPTIONS *", "+ /",
					      "- /",          "$ /",       "SSH-2.0-x",
					      "\x16\x03\x01", "TRACE /" };
	const char *start = starts[chance(sizeof(starts) / sizeof(starts[0]))];

	send(fd, start, strlen(start), MSG_NOSIGNAL);
	send(fd, " HTTP/1.1\r\n\r\n", 13, MSG_NOSIGNAL);
	send_packet(fd, "M20000ff0,4:deadbeef");
	return true;
}

static bool
say_half(int fd)
{
	send(fd, "$m2000", 6, MSG_NOSIGNAL);
	return chance(30) == 0;
}

static bool
say_nothing(int fd)
{
	(void)fd;
	return chance(100) == 0;
}

static bool
send_garbage(int fd)
{
	unsigned char bytes[512];

	send_packet(fd, "qC");
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)chance(256);
	send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL);
	return chance(10) == 0;
}

static bool
write_ahead(int fd)
{
	send_packet(fd, "vCont;c");
	for (unsigned i = 0; i < 500; i++)
		send_packet(fd, "m20000000,4");
	send(fd, "\x03", 1, MSG_NOSIGNAL);
	return true;
}

typedef bool behaviour(int fd);
static behaviour *const behaviours[] = { send_mutated, flood,       send_other_protocol,
					 say_half,     say_nothing, send_garbage,
					 write_ahead };
enum { BEHAVIOURS = sizeof(behaviours) / sizeof(behaviours[0]), SLOW_READERS = 3 };

/* Half of the ends are resets. */
static void
end_client(int fd)
{
	struct linger linger = { .l_onoff = 1 };

	if (chance(2) == 0)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(fd);
}

static void
act(int *fd, unsigned index)
{
	char waste[4096];
	ssize_t size = 1;

	if (*fd < 0) {
		*fd = open_client();
		return;
	}
	if (index % SLOW_READERS != 0)
		size = recv(*fd, waste, sizeof(waste), 0);
	if (size == 0 || (size < 0 && errno != EAGAIN) ||
	    behaviours[index % BEHAVIOURS](*fd)) {
		end_client(*fd);
		*fd = -1;
	}
}

struct good {
	int fd;
	bool is_waiting;
	double asked_at, waited_before;
	double slowest, waited;
	unsigned asked;
};

static void
count_reply(struct good *good)
{
	double took = now_ms() - good->asked_at;
	double waited = waited_ms() - good->waited_before;

	if (took - waited > good->slowest)
		good->slowest = took - waited;
	if (waited > good->waited)
		good->waited = waited;
}

static bool
take_reply(struct good *good)
{
	char bytes[512];
	ssize_t size = recv(good->fd, bytes, sizeof(bytes), 0);

	if (size == 0 || (size < 0 && errno != EAGAIN))
		return false;
	if (size <= 0 || memchr(bytes, '#', (size_t)size) == NULL)
		return now_ms() - good->asked_at < GIVE_UP_MS;
	count_reply(good);
	send(good->fd, "+", 1, MSG_NOSIGNAL);
	good->is_waiting = false;
	return true;
}

static bool
attend(struct good *good)
{
	if (good->is_waiting)
		return take_reply(good);
	if (now_ms() - good->asked_at < ASK_EVERY_MS)
		return true;
	good->waited_before = waited_ms();
	good->asked_at = now_ms();
	good->is_waiting = true;
	good->asked++;
	send_packet(good->fd, "m20000000,4");
	return true;
}

/* Asks and waits for `ms`, and lets `count` clients act meanwhile. */
static bool
spend(struct good *good, double ms, unsigned count)
{
	static int clients[MAX_CLIENTS];
	double end = now_ms() + ms;

	memset(clients, -1, sizeof(clients));
	while (now_ms() < end) {
		struct pollfd polled = { .fd = good->fd, .events = POLLIN };
		unsigned index;

		if (!attend(good))
			return false;
		if (count > 0) {
			index = chance(count);
			act(&clients[index], index);
		}
		poll(&polled, 1, TICK_MS);
	}
	return true;
}

static unsigned
read_count(const char *word)
{
	unsigned count = (unsigned)atoi(word);

	return count < MAX_CLIENTS ? count : MAX_CLIENTS;
}

int
main(int argc, char **argv)
{
	struct good good = { .fd = -1 };
	double alone;

	if (argc < 5 || argc > 5 + MAX_PIDS) {
		fputs("usage: hostile PORT CLIENTS SECONDS SEED [PID...]\n", stderr);
		return 2;
	}
	server = (struct sockaddr_in){ .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)atoi(argv[1])),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	seed = (uint32_t)strtoul(argv[4], NULL, 10);
	for (int i = 5; i < argc; i++)
		pids[i - 5] = atol(argv[i]);
	good.fd = open_client();
	spend(&good, ALONE_MS, 0);
	alone = good.slowest;
	good.slowest = good.waited = 0;
	if (!spend(&good, atof(argv[3]) * 1e3, read_count(argv[2]))) {
		puts("the good client was closed, or got no reply");
		return 1;
	}
	printf("asked %u, slowest %.0f, alone %.0f, waited %.0f\n", good.asked,
	       good.slowest, alone, good.waited);
	return 0;
}
