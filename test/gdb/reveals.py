#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""reveals.py RECORDING SERIAL IMAGE... - does a recording have eight bytes in a row of an ELF image,
or the beginning of a serial, in any of the ways in which recordings have bytes?
reveals.py --words RECORDING WORD... - does it have one of these words, of letters, so?

Prints what was found and ends with 1; ends with 2 when there is nothing to look for. Bytes that
occur in every memory, 0x00 and 0xff, do not count: of eight, five have to be others.
"""
import re
import struct
import sys

LEN, OTHERS, SERIAL = 8, 5, 8


def segments(path):
    with open(path, "rb") as file:
        elf = file.read()
    at, = struct.unpack_from("<I", elf, 28)
    size, count = struct.unpack_from("<HH", elf, 42)
    for i in range(count):
        kind, offset, _, _, length = struct.unpack_from("<IIIII", elf, at + i * size)
        if kind == 1:
            yield elf[offset:offset + length]


def windows(data):
    for i in range(len(data) - LEN + 1):
        window = data[i:i + LEN]
        if sum(byte not in (0, 0xFF) for byte in window) >= OTHERS:
            yield window


def words(tokens):
    """Numbers in hexadecimal, as bytes: in the order of digits, and as a little-endian word."""
    digits = [t if len(t) % 2 == 0 else "0" + t for t in tokens]
    yield b"".join(bytes.fromhex(d) for d in digits)
    yield b"".join(bytes.fromhex(d)[::-1].ljust(4 if len(d) > 4 else 0, b"\0") for d in digits)
    # Of "%n", which leaves leading zeros out.
    yield b"".join(int(d, 16).to_bytes(4, "little") for d in digits if len(d) <= 8)


def digits_of(line):
    for run in re.findall(r"[0-9a-fA-F]{16,}", line):
        for skipped in (0, 1):
            part = run[skipped:]
            yield bytes.fromhex(part[:len(part) // 2 * 2])


def readings(raw):
    """All that the file could mean, as bytes."""
    yield raw
    yield re.sub(rb"}(.)", lambda m: bytes([m[1][0] ^ 0x20]), raw, flags=re.S)
    lines = raw.decode("latin-1").split("\n")
    for kind in ("%b ", "%n "):
        block = []
        for line in lines + [""]:
            if line.startswith(kind):
                block.append(line[len(kind):])
                continue
            if block and kind == "%b ":
                yield bytes.fromhex("".join(block))
            elif block:
                yield from words(" ".join(block).split())
            block = []
    for line in lines:
        for decoded in digits_of(line):
            yield decoded
            text = decoded.decode("latin-1")
            yield from words(re.findall(r"\b(?:0x)?([0-9a-fA-F]{2,8})\b", text))
        yield from words(re.findall(r"\b(?:0x)?([0-9a-fA-F]{2,8})\b", line))


def find_words(path, sought):
    with open(path, "rb") as file:
        raw = file.read()
    found = set()
    for data in readings(raw):
        letters = re.sub(rb"[^a-z]", b"", data.lower())
        backwards = b"".join(data[i:i + 4][::-1] for i in range(0, len(data), 4)).lower()
        found.update(w for w in sought if w.encode() in letters or w.encode() in backwards)
    for word in sorted(found):
        print(f"{path} has {word}")
    sys.exit(1 if found else 0)


def main():
    if sys.argv[1] == "--words":
        find_words(sys.argv[2], sys.argv[3:])
    with open(sys.argv[1], "rb") as file:
        raw = file.read()
    serial = sys.argv[2][:SERIAL].lower().encode()
    sought = {w for path in sys.argv[3:] for s in segments(path) for w in windows(s)}
    if not sought or len(serial) < SERIAL:
        sys.exit(2)
    found = set()
    for data in readings(raw):
        found.update(w.hex() for w in windows(data) if w in sought)
        if serial in data.lower():
            found.add(serial.decode())
    for what in sorted(found)[:5]:
        print(f"{sys.argv[1]} has {what}")
    sys.exit(1 if found else 0)


main()
