/* SPDX-License-Identifier: MIT */
/*
 * json.h - what the commands print in JSON.
 */
#ifndef SERVER_CLI_JSON_H
#define SERVER_CLI_JSON_H

#include <stdio.h>

/* A string with its quotes; what has to be escaped is (RFC 8259, 7), and bytes
 * that are no UTF-8 become U+FFFD. */
void json_print_string(FILE *file, const char *words);

#endif /* SERVER_CLI_JSON_H */
