/* SPDX-License-Identifier: MIT */
/*
 * The message is a header in host and network byte order and properties as strings,
 * each with its zero: systemd, src/libsystemd/sd-device/device-monitor.c.
 */
#define _GNU_SOURCE
#include "test/emulator/front/uevent.h"

#include <arpa/inet.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define MURMUR_M 0x5bd1e995u
enum { PROPERTIES_MAX = 1024, PATTERN_MAX = 128 };
static const uint32_t monitor_magic = 0xfeedcafe;

struct monitor_header {
	char prefix[8];
	uint32_t magic;
	uint32_t header_size, properties_at, properties_size;
	uint32_t subsystem_hash, devtype_hash; /* for the receivers' socket filters */
	uint32_t tag_bloom[2];
};

static uint32_t
mix(uint32_t word)
{
	word *= MURMUR_M;
	word ^= word >> 24;
	return word * MURMUR_M;
}

/* MurmurHash2 by Austin Appleby (public domain), seed 0, as systemd uses it. */
static uint32_t
hash(const char *text)
{
	size_t len = strlen(text), i = 0;
	uint32_t h = (uint32_t)len;
	for (; i + 4 <= len; i += 4) {
		uint32_t word;
		memcpy(&word, text + i, sizeof(word));
		h = h * MURMUR_M ^ mix(word);
	}
	if (i < len) {
		for (size_t j = len; j-- > i;)
			h ^= (uint32_t)(uint8_t)text[j] << 8 * (j - i);
		h *= MURMUR_M;
	}
	h ^= h >> 13;
	h *= MURMUR_M;
	return h ^ h >> 15;
}

/* Lines become strings with their zeros. */
static uint32_t
properties_of(const struct uevent *event, char text[PROPERTIES_MAX])
{
	int len = snprintf(text, PROPERTIES_MAX,
			   "ACTION=%s\nDEVPATH=%s\nSUBSYSTEM=%s\nSEQNUM=%llu\n%s%s%s%s",
			   event->action, event->device_path, event->subsystem,
			   event->number, event->devtype ? "DEVTYPE=" : "",
			   event->devtype ? event->devtype : "", event->devtype ? "\n" : "",
			   event->properties);
	for (int i = 0; i < len; i++)
		if (text[i] == '\n')
			text[i] = '\0';
	return (uint32_t)len;
}

static void
send_one(const char *path, struct iovec *parts, size_t len)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct msghdr message = { .msg_name = &address,
				  .msg_namelen = sizeof(address),
				  .msg_iov = parts,
				  .msg_iovlen = len };
	if (strlen(path) >= sizeof(address.sun_path))
		return;
	strcpy(address.sun_path, path);
	int fd = socket(AF_UNIX, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return;
	if (sendmsg(fd, &message, MSG_NOSIGNAL) < 0)
		unlink(path); /* the listener has gone */
	close(fd);
}

void
uevent_send(const char *testbed_path, const struct uevent *event)
{
	char properties[PROPERTIES_MAX], pattern[PATTERN_MAX];
	glob_t found;
	struct monitor_header header = {
		.prefix = "libudev",
		.magic = htonl(monitor_magic),
		.header_size = sizeof(header),
		.properties_at = sizeof(header),
		.properties_size = properties_of(event, properties),
		.subsystem_hash = htonl(hash(event->subsystem)),
		.devtype_hash = event->devtype ? htonl(hash(event->devtype)) : 0,
	};
	struct iovec parts[] = { { &header, sizeof(header) },
				 { properties, header.properties_size } };
	snprintf(pattern, sizeof(pattern), "%s/event[0-9]*", testbed_path);
	if (glob(pattern, GLOB_NOSORT, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		send_one(found.gl_pathv[i], parts, 2);
	globfree(&found);
}
