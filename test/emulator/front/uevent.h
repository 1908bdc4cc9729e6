/* SPDX-License-Identifier: MIT */
/*
 * uevent.h - hotplug events, as udev's daemon sends them to those who monitor it.
 * umockdev's preload library gives each monitor a socket named "event" and its
 * number in the testbed's folder; they go to who listens there. The number is that of
 * the monitor's descriptor: of two programs with the same one the later listens.
 */
#ifndef TEST_EMULATOR_FRONT_UEVENT_H
#define TEST_EMULATOR_FRONT_UEVENT_H

struct uevent {
	const char *action;      /* "add", "remove" */
	const char *device_path; /* below /sys */
	const char *subsystem;
	const char *devtype;    /* NULL: it has none */
	const char *properties; /* the others, "NAME=VALUE" and a newline each */
	unsigned long long number;
};

/* Tells all who listen; those who went away are forgotten. */
void uevent_send(const char *testbed_path, const struct uevent *event);

#endif /* TEST_EMULATOR_FRONT_UEVENT_H */
