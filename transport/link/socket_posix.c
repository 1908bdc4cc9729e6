/* SPDX-License-Identifier: MIT */
#include "transport/link/socket.h"

#include "transport/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* poll(2): the constant is there only for those who ask for GNU's extensions. */
#if defined(POLLRDHUP)
static const short hung_up = POLLRDHUP;
#elif defined(__linux__) && !defined(__sparc__)
static const short hung_up = 0x2000;
#else
static const short hung_up = 0;
#endif

/* unix(7), SO_PEERCRED: the same. */
#if defined(SO_PEERCRED)
static const int peer_credentials = SO_PEERCRED;
#elif defined(__linux__) && (defined(__x86_64__) || defined(__i386__) || \
			     defined(__aarch64__) || defined(__arm__) || defined(__riscv))
static const int peer_credentials = 17;
#else
static const int peer_credentials = -1;
#endif

/* --- the addresses of a host's name ------------------------------------------------------- */

struct lookup {
	char host[256], port[32];
	int wake[2]; /* a pipe: its other end is closed when the lookup is done */
	int error;
	struct addrinfo *addresses;
	atomic_int owners; /* the caller, and the thread while it runs */
};

static void
let_go(struct lookup *lookup)
{
	if (atomic_fetch_sub(&lookup->owners, 1) > 1)
		return;
	if (lookup->addresses != NULL)
		freeaddrinfo(lookup->addresses);
	close(lookup->wake[0]);
	free(lookup);
}

static void
look(struct lookup *lookup, int flags)
{
	const struct addrinfo wanted = { .ai_flags = flags,
					 .ai_family = AF_UNSPEC,
					 .ai_socktype = SOCK_STREAM };

	lookup->error =
		getaddrinfo(lookup->host, lookup->port, &wanted, &lookup->addresses);
	if (lookup->error != 0)
		lookup->addresses = NULL;
}

static void *
run(void *context)
{
	struct lookup *lookup = context;

	look(lookup, 0);
	close(lookup->wake[1]);
	let_go(lookup);
	return NULL;
}

/* Signals are for the thread that has the event loop. */
static bool
start_thread(struct lookup *lookup)
{
	sigset_t all, before;
	pthread_t thread;
	bool is_started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	is_started = pthread_create(&thread, NULL, run, lookup) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (is_started)
		pthread_detach(thread);
	return is_started;
}

static struct lookup *
make_lookup(const char *host, const char *port)
{
	struct lookup *lookup = calloc(1, sizeof(*lookup));

	if (lookup == NULL || pipe(lookup->wake) != 0) {
		free(lookup);
		return NULL;
	}
	for (unsigned i = 0; i < 2; i++)
		fcntl(lookup->wake[i], F_SETFD, FD_CLOEXEC);
	text_copy(lookup->host, sizeof(lookup->host), host);
	text_copy(lookup->port, sizeof(lookup->port), port);
	atomic_init(&lookup->owners, 1);
	return lookup;
}

/* The thread's share is counted before it runs. */
static bool
look_aside(struct lookup *lookup)
{
	atomic_store(&lookup->owners, 2);
	if (start_thread(lookup))
		return true;
	atomic_store(&lookup->owners, 1);
	return false;
}

struct lookup *
lookup_begin(const char *host, const char *port)
{
	struct lookup *lookup = make_lookup(host, port);

	if (lookup == NULL)
		return NULL;
	look(lookup, AI_NUMERICHOST);
	if (lookup->error == EAI_NONAME && look_aside(lookup))
		return lookup;
	close(lookup->wake[1]);
	if (lookup->error != EAI_NONAME)
		return lookup;
	let_go(lookup);
	return NULL;
}

int
lookup_socket(const struct lookup *lookup)
{
	return lookup->wake[0];
}

const struct addrinfo *
lookup_take(struct lookup *lookup, const char **why)
{
	if (lookup->error != 0)
		*why = gai_strerror(lookup->error);
	return lookup->addresses;
}

void
lookup_end(struct lookup *lookup)
{
	if (lookup != NULL)
		let_go(lookup);
}

const struct addrinfo *
lookup_next(const struct addrinfo *address)
{
	return address->ai_next;
}

/* --- a connection ------------------------------------------------------------------------- */

static int
make_socket(int family, int type, int protocol)
{
	int fd = socket(family, type, protocol);
	int on = 1;

	if (fd < 0)
		return -1;
	/* Commands are small and each waits for its answer: no delay to gather more. */
	if (family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0) {
		socket_close(fd);
		return -1;
	}
	return fd;
}

static int
begin(int fd, const struct sockaddr *where, socklen_t size)
{
	if (fd < 0 || connect(fd, where, size) == 0 || errno == EINPROGRESS ||
	    errno == EINTR)
		return fd;
	socket_close(fd);
	return -1;
}

int
socket_connect(const struct addrinfo *address)
{
	return begin(
		make_socket(address->ai_family, address->ai_socktype, address->ai_protocol),
		address->ai_addr, address->ai_addrlen);
}

int
socket_connect_local(const char *path)
{
	struct sockaddr_un where = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(where.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	text_copy(where.sun_path, sizeof(where.sun_path), path);
	return begin(make_socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&where,
		     sizeof(where));
}

void
socket_close(int fd)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
}

int
socket_error(int fd)
{
	int error = 0;
	socklen_t size = sizeof(error);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? errno : error;
}

int
socket_wait(int fd, enum socket_event event, uint32_t ms)
{
	struct pollfd waiting = { .fd = fd,
				  .events = event == SOCKET_READABLE ? POLLIN : POLLOUT };
	int ready = poll(&waiting, 1, (int)ms);

	return ready < 0 && errno == EINTR ? 0 : ready;
}

int64_t
socket_send(int fd, const void *bytes, size_t size)
{
	return send(fd, bytes, size, MSG_NOSIGNAL);
}

int64_t
socket_receive(int fd, void *bytes, size_t size)
{
	return recv(fd, bytes, size, 0);
}

/* --- the other end ------------------------------------------------------------------------ */

bool
socket_has_hung_up(int fd)
{
	struct pollfd polled = { .fd = fd, .events = hung_up };
	uint8_t byte;
	ssize_t size;

	if (hung_up != 0 && poll(&polled, 1, 0) > 0)
		return true;
	/* libuv's sockets do not block. */
	size = recv(fd, &byte, sizeof(byte), MSG_PEEK);
	return size == 0 || (size < 0 && errno == ECONNRESET);
}

/* unix(7), struct ucred: it is there only for those who ask for GNU's extensions. */
struct credentials {
	pid_t process;
	uid_t user;
	gid_t group;
};

long
socket_peer_process(int fd)
{
	struct credentials peer = { .process = 0 };
	socklen_t size = sizeof(peer);

	if (peer_credentials < 0 ||
	    getsockopt(fd, SOL_SOCKET, peer_credentials, &peer, &size) != 0)
		return 0;
	return peer.process;
}

void
socket_acknowledge(int fd)
{
#if defined(TCP_QUICKACK)
	static const int at_once = 1;

	/* What cannot be acknowledged now is so in time: nothing depends on it but speed. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &at_once, sizeof(at_once));
#else
	(void)fd;
#endif
}
