/* SPDX-License-Identifier: MIT */
#include "transport/link/lookup.h"

#include "transport/base/text.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

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
lookup_fd(const struct lookup *lookup)
{
	return lookup->wake[0];
}

int
lookup_take(struct lookup *lookup, const struct addrinfo **addresses)
{
	*addresses = lookup->addresses;
	return lookup->error;
}

void
lookup_end(struct lookup *lookup)
{
	if (lookup != NULL)
		let_go(lookup);
}
