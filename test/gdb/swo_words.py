#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""swo_words.py PORT SECONDS - reads SWO from a TCP port and counts the words that were written to
port 1 of the ITM, each one more than the one before. Prints "connected", and at the end "words N, gaps N, others N, bytes N":
gaps are places where a number does not follow, others bytes that belong to no such packet.
"""
import socket
import sys
import time

PORT_1_WORD = 0x0B  # DDI 0403E.e, D4.2.8
SYNC = b"\x00" * 5 + b"\x80"


def main():
    reader = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    reader.settimeout(0.5)
    print("connected", flush=True)
    end = time.monotonic() + float(sys.argv[2])
    data = b""
    while time.monotonic() < end:
        try:
            piece = reader.recv(65536)
        except socket.timeout:
            continue
        if not piece:
            break
        data += piece
    words = gaps = others = at = 0
    last = None
    while at + 5 <= len(data):
        if data[at] == PORT_1_WORD:
            number = int.from_bytes(data[at + 1 : at + 5], "little")
            words += 1
            gaps += last is not None and number != last + 1
            last = number
            at += 5
        elif data[at : at + 6] == SYNC:
            at += 6
        else:
            others += 1
            at += 1
    print("words %d, gaps %d, others %d, bytes %d" % (words, gaps, others, len(data)))


main()
