/* SPDX-License-Identifier: MIT */
/*
 * server_protocol.h - what ST's stlink-server and its clients say to each other: tether is a client
 * (tcp.c) and with --share a server (server/share).
 *
 * Little-endian; a request begins with its number, most answers with a status word. Layout: openocd
 * abbbc2e05 stlink_usb.c, stlink_tcp_open(), stlink_tcp_xfer_noerrcheck() and STLINK_TCP_SS_*.
 */
#ifndef TRANSPORT_PROBE_STLINK_SERVER_PROTOCOL_H
#define TRANSPORT_PROBE_STLINK_SERVER_PROTOCOL_H

enum server_request {
	REQUEST_REFRESH = 0,
	REQUEST_COUNT = 1,
	REQUEST_DEVICE = 2,
	REQUEST_OPEN = 3,
	REQUEST_CLOSE = 4,
	REQUEST_COMMAND = 5,
	REQUEST_VERSION = 6,
	REQUESTS
};

enum server_direction { DIRECTION_WRITE = 0, DIRECTION_READ = 1, DIRECTION_TRACE = 3 };

enum server_status {
	STATUS_OK = 1,
	STATUS_OUT_OF_MEMORY = 0x1000,
	STATUS_TIMED_OUT = 0x1001,
	STATUS_BAD_PARAMETER = 0x1002,
	STATUS_CANNOT_OPEN = 0x1003,
	STATUS_CUT_SHORT = 0x1052,
	STATUS_UNKNOWN_COMMAND = 0x1053,
	STATUS_CONNECTION_FAILED = 0x2001,
	STATUS_CANNOT_CONNECT = 0x2002,
	STATUS_CANNOT_CLOSE = 0x2003,
	STATUS_BUSY = 0x2004,
	STATUS_NOT_REACHED = 0x10000
};

/* Sizes in bytes. */
enum {
	SERVER_STATUS_SIZE = 4,
	SERVER_SMALL_SIZE = 8, /* of a request that is about a device or a connection */
	SERVER_HEAD_SIZE = 32, /* of a command, before its data */
	SERVER_SERIAL_SIZE = 32,
	SERVER_DEVICE_STRUCT_SIZE = 41,
	SERVER_DEVICE_SIZE = SERVER_STATUS_SIZE + SERVER_DEVICE_STRUCT_SIZE,
	SERVER_VERSION_SIZE = 16
};

/* Where things are: in a request, */
enum {
	SERVER_WHICH_AT = 4,       /* u32: the device, or the connection */
	SERVER_STRUCT_SIZE_AT = 4, /* u32, of REQUEST_DEVICE: SERVER_DEVICE_STRUCT_SIZE */
	SERVER_COMMAND_AT = 8,
	SERVER_DIRECTION_AT = 24,
	SERVER_LENGTH_AT = 28 /* u32: of the data */
};
/* and in the answer about a device. */
enum {
	SERVER_ID_AT = 4, /* u32 */
	SERVER_SERIAL_AT = 8,
	SERVER_VENDOR_AT = 40,  /* u16 */
	SERVER_PRODUCT_AT = 42, /* u16 */
	SERVER_USED_AT = 44
};

#endif /* TRANSPORT_PROBE_STLINK_SERVER_PROTOCOL_H */
