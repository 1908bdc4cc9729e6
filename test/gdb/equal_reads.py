#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""equal_reads.py PORT PID CLIENTS READS - so many clients ask for reads of the demo's RAM while the
server stands still (SIGSTOP), so that all have asked when it goes on; READS times. "equal": all for
the same; "apart": each for its own. Prints what they were answered, a line for each kind."""
import os
import signal
import socket
import sys

AT, SIZE = 0x20000000, 64


def frame(body):
    return f"${body}#{sum(body.encode()) % 256:02x}".encode()


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.settimeout(60)
        self.bytes = b""
        self.ask("?")

    def send(self, body):
        self.socket.sendall(frame(body))

    def reply(self):
        while True:
            start = self.bytes.find(b"$")
            end = self.bytes.find(b"#", start)
            if 0 <= start < end <= len(self.bytes) - 3:
                body, self.bytes = self.bytes[start + 1 : end], self.bytes[end + 3 :]
                self.socket.sendall(b"+")
                if body[:1] != b"O" or body == b"OK":
                    return body.decode()
                continue
            piece = self.socket.recv(65536)
            if not piece:
                raise EOFError("the server closed the connection")
            self.bytes += piece

    def ask(self, body):
        self.send(body)
        return self.reply()


def read(clients, pid, step):
    os.kill(pid, signal.SIGSTOP)
    for i, client in enumerate(clients):
        client.send(f"m{AT + i * step:x},{SIZE:x}")
    os.kill(pid, signal.SIGCONT)
    return [client.reply() for client in clients]


def main():
    port, pid, count, reads = map(int, sys.argv[1:])
    clients = [Client(port) for _ in range(count)]
    alone = [clients[0].ask(f"m{AT + i * SIZE:x},{SIZE:x}") for i in range(count)]
    for name, step in (("equal", 0), ("apart", SIZE)):
        wanted = alone if step else alone[:1] * count
        print(name, "begins", flush=True)
        sys.stdin.readline()
        right = sum(read(clients, pid, step) == wanted for _ in range(reads))
        print(name, right, flush=True)
        sys.stdin.readline()


main()
