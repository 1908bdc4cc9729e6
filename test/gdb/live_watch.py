#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""live_watch.py PORT SECONDS SYMBOLS - one client debugs the demo, another reads memory a
hundred times a second meanwhile, as the live watch of an IDE does. SYMBOLS is JSON: the
addresses "rounds" and "station_update", and what flash begins with, "vectors" in hexadecimal.

The first client goes from breakpoint to breakpoint, one a round of the program, steps, resets,
loads and goes on. Prints JSON: hits, missed (rounds between two hits), steps, resets, loads,
reads, refused (reads answered with an error), wrong (what was read cannot be), and in
milliseconds from the resume until the stop is reported: the median alone and with the second
client, and the slowest with it.
"""
import json
import socket
import statistics
import sys
import threading
import time

READ_EVERY_S = 0.01
SPARE_AT, SECTOR, PIECE = 0x08010000, 2048, 512


class Client:
    """gdb's remote protocol, as far as this needs it."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(30)
        self.bytes = b""
        self.ask("qSupported:swbreak+;hwbreak+;vContSupported+")
        self.socket.sendall(frame("QStartNoAckMode"))
        self.reply()
        self.socket.sendall(b"+")
        self.acks = False

    acks = True

    def reply(self):
        while True:
            start = self.bytes.find(b"$")
            end = self.bytes.find(b"#", start)
            if start >= 0 and 0 <= end <= len(self.bytes) - 3:
                body = self.bytes[start + 1 : end]
                self.bytes = self.bytes[end + 3 :]
                if self.acks:
                    self.socket.sendall(b"+")
                if body[:1] == b"O" and body != b"OK":
                    continue
                return body.decode()
            piece = self.socket.recv(65536)
            if not piece:
                raise EOFError("the server closed the connection")
            self.bytes += piece

    def ask(self, body):
        self.socket.sendall(frame(body))
        return self.reply()

    def word(self, at):
        """None: the read was refused."""
        text = self.ask("m%x,4" % at)
        return None if text.startswith("E") else int.from_bytes(bytes.fromhex(text), "little")

    def monitor(self, command):
        return self.ask("qRcmd," + command.encode().hex())


def frame(body):
    data = body.encode()
    return b"$" + data + b"#%02x" % (sum(data) & 0xFF)


class Watcher(threading.Thread):
    """Reads the vectors and the count of rounds, in turn."""

    def __init__(self, port, symbols):
        super().__init__(daemon=True)
        self.client = Client(port)
        self.client.ask("?")
        self.symbols = symbols
        self.is_over = threading.Event()
        self.reads = self.refused = 0
        self.wrong = []
        self.resets = 0  # of the first client; odd while it resets
        self.rounds, self.read_after = 0, 0  # as read last, and after which reset
        self.failure = None

    def run(self):
        try:
            while not self.is_over.wait(READ_EVERY_S):
                self.read_vectors()
                self.read_rounds()
        except (OSError, EOFError, ValueError) as failure:
            self.failure = str(failure)

    def read_vectors(self):
        self.reads += 1
        text = self.client.ask("m8000000,40")
        if text.startswith("E"):
            self.refused += 1
        elif text != self.symbols["vectors"]:
            self.wrong.append("vectors " + text)

    def read_rounds(self):
        """They only grow, unless the first client has reset the program between two reads."""
        resets = self.resets
        rounds = self.client.word(self.symbols["rounds"])
        self.reads += 1
        if rounds is None:
            self.refused += 1
        elif resets == self.resets and resets % 2 == 0:
            if resets == self.read_after and rounds < self.rounds:
                self.wrong.append("rounds %d after %d" % (rounds, self.rounds))
            self.rounds, self.read_after = rounds, resets


class Debugger:
    """The first client."""

    def __init__(self, port, symbols):
        self.client = Client(port)
        self.client.ask("?")
        self.symbols = symbols
        self.hits = self.missed = self.steps = self.resets = self.loads = 0
        self.expected = None
        self.took_ms = []

    def expect(self, body, begin):
        reply = self.client.ask(body)
        if not reply.startswith(begin):
            raise ValueError("%s was answered with %s" % (body, reply))
        return reply

    def insert(self):
        self.expect("Z1,%x,2" % self.symbols["station_update"], "OK")

    def go_on(self):
        """To the next round; R1 is its number, by the procedure call standard."""
        begun = time.monotonic()
        self.expect("vCont;c", "T05")
        self.took_ms.append((time.monotonic() - begun) * 1e3)
        text = self.expect("p1", "")
        round_number = int.from_bytes(bytes.fromhex(text), "little")
        self.hits += 1
        if self.expected is not None:
            self.missed += abs(round_number - self.expected)
        self.expected = round_number + 1

    def step(self):
        self.expect("vCont;s", "T05")
        self.steps += 1

    def load(self):
        """A sector beyond the program, with other bytes each time; it ends with a reset."""
        data = bytes((self.loads * 37 + i) & 0x3F | 0x40 for i in range(SECTOR))
        self.expect("vFlashErase:%x,%x" % (SPARE_AT, SECTOR), "OK")
        for at in range(0, SECTOR, PIECE):
            self.expect(
                "vFlashWrite:%x:%s" % (SPARE_AT + at, data[at : at + PIECE].decode()), "OK"
            )
        self.expect("vFlashDone", "OK")
        self.loads += 1
        self.expected = 0

    def reset(self):
        self.client.monitor("reset halt")
        self.resets += 1
        self.expected = 0

    def rounds_of_work(self, rounds):
        for _ in range(rounds):
            self.go_on()
            self.step()
            self.step()


def main():
    port, seconds, symbols = int(sys.argv[1]), float(sys.argv[2]), json.loads(sys.argv[3])
    debugger = Debugger(port, symbols)
    debugger.reset()
    debugger.insert()
    debugger.rounds_of_work(40)
    alone, debugger.took_ms = debugger.took_ms, []
    watcher = Watcher(port, symbols)
    watcher.start()
    end = time.monotonic() + seconds
    while time.monotonic() < end and watcher.failure is None:
        debugger.rounds_of_work(20)
        watcher.resets += 1
        if debugger.resets % 4 == 0:
            debugger.load()
        debugger.reset()
        debugger.go_on()  # RAM keeps what it had until start-up code clears it
        watcher.resets += 1
    watcher.is_over.set()
    watcher.join()
    if watcher.failure is not None:
        raise EOFError(watcher.failure)
    print(
        json.dumps(
            {
                "hits": debugger.hits,
                "missed": debugger.missed,
                "steps": debugger.steps,
                "resets": debugger.resets,
                "loads": debugger.loads,
                "reads": watcher.reads,
                "refused": watcher.refused,
                "wrong": len(watcher.wrong),
                "first wrong": (watcher.wrong + [""])[0],
                "alone_ms": round(statistics.median(alone), 2),
                "watched_ms": round(statistics.median(debugger.took_ms), 2),
                "slowest_ms": round(max(debugger.took_ms), 2),
            },
            indent=1,
        )
    )


main()
